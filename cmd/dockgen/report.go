package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/internal/project"
	"github.com/dockgen/dockgen/profiles/plan"
)

// The JSON below is described in README.md. Fields are added to it; none is
// renamed, removed or given another meaning.

// reportJSON is the result of init, update and check.
type reportJSON struct {
	Name      string         `json:"name"`     // of the image
	Language  string         `json:"language"` // "go", "node", "python", "java"
	Changed   bool           `json:"changed"`  // whether any file is, or would be, written
	Files     []fileJSON     `json:"files"`
	Reasons   []reasonJSON   `json:"reasons,omitempty"`
	Conflicts []conflictJSON `json:"conflicts,omitempty"`
	Choices   []plan.Choice  `json:"choices"`
	Notes     []noteJSON     `json:"notes,omitempty"`
	Next      []string       `json:"next,omitempty"` // commands
}

type fileJSON struct {
	Path   string `json:"path"`
	Action string `json:"action"` // "create", "change", "keep"
	Backup string `json:"backup,omitempty"`
	Diff   string `json:"diff,omitempty"`
}

type reasonJSON struct {
	Choice string    `json:"choice,omitempty"`
	Before string    `json:"before,omitempty"`
	After  string    `json:"after,omitempty"`
	Source *fact.Pos `json:"source,omitempty"`
	Text   string    `json:"text"`
}

type conflictJSON struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Yours   string `json:"yours"`   // what the file has
	Dockgen string `json:"dockgen"` // what it would have
	Why     string `json:"why"`
}

type noteJSON struct {
	Source *fact.Pos `json:"source,omitempty"`
	Text   string    `json:"text"`
	Hint   string    `json:"hint,omitempty"`
}

func notesJSON(notes []plan.Note) []noteJSON {
	var out []noteJSON
	for _, n := range notes {
		j := noteJSON{Text: n.Text, Hint: n.Hint}
		if !n.Pos.IsZero() {
			j.Source = &n.Pos
		}
		out = append(out, j)
	}
	return out
}

// report prints what init, update or check did, or would do.
func (u *ui) report(folder *project.Folder, c *project.Change, o outputOptions, first bool) error {
	if o.json {
		return u.json(reportOf(folder, c, first))
	}
	app := c.Apps[0]
	if first {
		u.found(app.Plan)
	}
	if o.dryRun {
		for _, e := range c.Shown() {
			u.diff(e.Diff())
		}
	}
	if !first {
		u.reasons(c)
	}
	for _, x := range c.Conflicts {
		u.conflict(x)
	}
	// What init said of the repository need not be said each time.
	if first || c.Moved() {
		u.notes(app.Plan.Notes)
	}
	u.notes(app.Notes)
	switch {
	case !c.Moved():
		u.say("same", "nothing to change")
	case !o.dryRun:
		u.wrote(c.Edits)
	}
	if first && !o.dryRun {
		for _, line := range next(folder, app.Plan) {
			u.say("next", "%s", line)
		}
	}
	return nil
}

// found says in a line each what stands in the repository, and what was chosen
// without that, or in the place of that; explain has the rest.
func (u *ui) found(p *plan.App) {
	var wide int
	for _, c := range p.Choices {
		wide = max(wide, len(c.Key))
	}
	for _, c := range p.Choices {
		if c.Pos != nil && !replaced(c) {
			u.say("found", "%-*s  %s (%s)", wide, c.Key, short(c.Value), c.Pos)
		}
	}
	for _, c := range p.Choices {
		switch {
		case c.Pos == nil:
			u.say("chose", "%-*s  %s (%s)", wide, c.Key, short(c.Value), c.Rule)
		case replaced(c):
			u.say("chose", "%-*s  %s (%s, %s)", wide, c.Key, short(c.Value), c.Pos, c.Rule)
		}
	}
}

// replaced reports whether another value than the chosen one stands at the
// choice's place, which it has.
func replaced(c plan.Choice) bool {
	return slices.ContainsFunc(c.Rejected, func(l plan.Rejected) bool { return l.Pos != nil && *l.Pos == *c.Pos })
}

func (u *ui) notes(notes []plan.Note) {
	for _, n := range notes {
		text := n.Text
		if !n.Pos.IsZero() {
			text = n.Pos.String() + ": " + text
		}
		u.note(text, n.Hint)
	}
}

// short is a value that leaves room for the rest of its line.
func short(value string) string { return plan.Printable(orNone(value), 100) }

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return value
}

func (u *ui) reasons(c *project.Change) {
	for _, r := range c.Reasons {
		u.say("moved", "%s", r)
	}
	if c.Why != "" {
		u.say("moved", "%s", c.Why)
	}
}

func (u *ui) conflict(x project.Conflict) {
	cut := func(s string) string {
		if s == "" {
			return "nothing"
		}
		return plan.Printable(s, 100)
	}
	// A conflict is a fault that the user has to see: --quiet does not hide it.
	u.line(red, "conflict:", fmt.Sprintf("%s:%d: %s; you have %s, dockgen would write %s", x.Path, x.Line, x.Why, cut(x.Ours), cut(x.Theirs)))
}

func (u *ui) wrote(edits []project.Edit) {
	for _, e := range edits {
		switch {
		case !e.Changes():
		case e.Backup != "":
			u.say("wrote", "%s; the old one is %s", e.Path, e.Backup)
		default:
			u.say("wrote", "%s", e.Path)
		}
	}
}

// next are the commands to type after init.
func next(folder *project.Folder, p *plan.App) []string {
	dir := folder.Dir()
	if strings.HasPrefix(dir, "-") {
		dir = "./" + dir
	}
	var ports strings.Builder
	for _, port := range p.Run.Ports {
		fmt.Fprintf(&ports, "-p %s:%s ", port, port)
	}
	return []string{"docker build -t " + p.Name + " " + plan.ShellQuote(dir), "docker run --rm " + ports.String() + p.Name}
}

func reportOf(folder *project.Folder, c *project.Change, first bool) reportJSON {
	p := c.Apps[0].Plan
	out := reportJSON{
		Name: p.Name, Language: p.Language, Changed: c.Moved(),
		Files: []fileJSON{}, Choices: p.Choices, Notes: notesJSON(slices.Concat(p.Notes, c.Apps[0].Notes)),
	}
	visible := c.Shown()
	for _, e := range c.Edits {
		f := fileJSON{Path: e.Path, Backup: e.Backup, Action: "keep"}
		switch {
		case !e.Exists:
			f.Action = "create"
		case e.Changes():
			f.Action = "change"
		}
		if slices.ContainsFunc(visible, func(v project.Edit) bool { return v.Path == e.Path }) || e.Path != lock.Name {
			f.Diff = e.Diff()
		}
		out.Files = append(out.Files, f)
	}
	if first {
		out.Next = next(folder, p)
		return out
	}
	for _, r := range c.Reasons {
		out.Reasons = append(out.Reasons, reasonJSON{r.Key, r.Before, r.After, r.Pos, r.String()})
	}
	if c.Why != "" {
		out.Reasons = append(out.Reasons, reasonJSON{Text: c.Why})
	}
	for _, x := range c.Conflicts {
		out.Conflicts = append(out.Conflicts, conflictJSON{x.Path, x.Line, x.Ours, x.Theirs, x.Why})
	}
	return out
}
