package main

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/internal/project"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/templates"
)

// The JSON below is described in README.md. Fields are added to it; none is
// renamed, removed or given another meaning.

// reportJSON is the result of init, update and check.
type reportJSON struct {
	Name      string         `json:"name"`     // of the image
	Language  string         `json:"language"` // "go", "node", "python", "java", "html"
	Changed   bool           `json:"changed"`  // whether any file is, or would be, written
	Files     []fileJSON     `json:"files"`
	Reasons   []reasonJSON   `json:"reasons,omitempty"`
	Conflicts []conflictJSON `json:"conflicts,omitempty"`
	Choices   []plan.Choice  `json:"choices"`
	Notes     []noteJSON     `json:"notes,omitempty"`
	Next      []string       `json:"next,omitempty"` // commands
	// Of several apps, name, language, choices and notes are the first's, and these are all of them.
	Apps    []appJSON     `json:"apps,omitempty"`
	Refused []refusedJSON `json:"refused,omitempty"`
}

// foldersJSON is the result of update and check of several folders.
type foldersJSON struct {
	Changed bool         `json:"changed"` // whether any file of any folder is, or would be, written
	Folders []folderJSON `json:"folders"`
}

// folderJSON is the result of one of several folders: a report or an error.
type folderJSON struct {
	Dir    string      `json:"dir"`
	Code   int         `json:"code"` // the exit code of this folder alone
	Report *reportJSON `json:"report,omitempty"`
	Error  *errorJSON  `json:"error,omitempty"`
}

// appJSON is one app of several.
type appJSON struct {
	Dir      string        `json:"dir"`
	Name     string        `json:"name"`
	Language string        `json:"language"`
	Choices  []plan.Choice `json:"choices"`
	Notes    []noteJSON    `json:"notes,omitempty"`
}

// refusedJSON is an app for which nothing is written.
type refusedJSON struct {
	Dir   string `json:"dir"`
	Error string `json:"error"`
	Hint  string `json:"hint,omitempty"`
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
	// The last days of support of the two, of releases of an image that have one.
	BeforeUntil string `json:"beforeUntil,omitempty"`
	AfterUntil  string `json:"afterUntil,omitempty"`
}

type conflictJSON struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Yours   string `json:"yours"`   // what the file has
	Dockgen string `json:"dockgen"` // what it would have
	Why     string `json:"why"`
	// Of an image that the repository speaks against: the line that does, if one does, and what to do.
	Source *fact.Pos `json:"source,omitempty"`
	Hint   string    `json:"hint,omitempty"`
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
	if first {
		u.apps(c.Apps)
	}
	if o.dryRun {
		for _, e := range c.Shown() {
			e.Path = path.Join(filepath.ToSlash(o.prefix), e.Path)
			u.diff(e.Diff())
		}
	}
	if !first {
		u.reasons(c)
	}
	for _, x := range c.Conflicts {
		u.conflict(x)
	}
	if i := slices.IndexFunc(c.Conflicts, func(x project.Conflict) bool { return x.Hint == "" }); i >= 0 {
		x := c.Conflicts[i]
		at := plan.ShellQuote(fmt.Sprintf("%s:%d", x.Path, x.Line))
		if dir := asArgument(folder); dir != "." {
			at += " " + plan.ShellQuote(dir)
		}
		u.line(cyan, "hint:", "edit the line, or keep your side: dockgen update --ours "+at+", or take dockgen's: dockgen update --theirs "+at)
	}
	var notes []plan.Note
	for _, app := range c.Apps {
		// What init said of the repository need not be said each time.
		if first || c.Moved() {
			notes = append(notes, app.Plan.Notes...)
		}
		notes = slices.Concat(notes, app.Notes, ofVariables(folder, c, app, first))
	}
	u.notes(together(notes))
	for _, r := range c.Refused {
		u.line(red, "refused:", plan.Printable(r.Dir, 100)+": "+r.Err.Error())
		if hint := hintOf(r.Err); hint != "" {
			u.line(cyan, "hint:", hint)
		}
	}
	quiet := slices.ContainsFunc(c.Edits, func(e project.Edit) bool { return (e.Local || e.Settled) && e.Changes() })
	switch {
	case !c.Moved() && (o.dryRun || !quiet):
		if len(c.Conflicts) == 0 {
			u.say("same", "nothing to change")
		}
	case !o.dryRun:
		u.wrote(c.Edits)
	}
	if first && !o.dryRun {
		for _, line := range next(folder, c) {
			u.say("next", "%s", line)
		}
	}
	return nil
}

// apps says what was found and chosen of the apps: of several, each with its folder above.
func (u *ui) apps(list []*project.App) {
	for _, app := range list {
		if len(list) > 1 {
			u.say("app", "%s (%s)", plan.Printable(app.Plan.Folder(), 100), app.Plan.Language)
		}
		u.found(app.Plan)
	}
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

// maxPlaces is how many places of one note are printed.
const maxPlaces = 4

// together says what holds of several apps once, with its places.
func together(notes []plan.Note) []plan.Note {
	places := map[[2]string][]string{}
	var out []plan.Note
	for _, n := range notes {
		key := [2]string{n.Text, n.Hint}
		if at := places[key]; at != nil && (n.Pos.IsZero() || slices.Contains(at, n.Pos.String())) {
			continue
		}
		if places[key] == nil || n.Pos.IsZero() {
			out = append(out, n)
		}
		places[key] = append(places[key], n.Pos.String())
	}
	for i, n := range out {
		more := places[[2]string{n.Text, n.Hint}][1:]
		if len(more) == 0 {
			continue
		}
		rest := ""
		if n := len(more) - maxPlaces; n > 0 {
			more, rest = more[:maxPlaces], fmt.Sprintf(" and %d more", n)
		}
		out[i].Text += " (also " + strings.Join(more, ", ") + rest + ")"
	}
	return out
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
	ours, theirs := differing(x.Ours, x.Theirs)
	why := x.Why
	if !x.Pos.IsZero() {
		why = x.Pos.String() + ": " + why
	}
	// A conflict is a fault that the user has to see: --quiet does not hide it.
	u.line(red, "conflict:", fmt.Sprintf("%s:%d: %s; you have %s, dockgen would write %s", x.Path, x.Line, why, ours, theirs))
	if x.Hint != "" {
		u.line(cyan, "hint:", x.Hint)
	}
}

// Of two sides of a conflict, the words around the difference that are shown, and how long each may be.
const (
	wordsAround = 2
	maxSide     = 160
)

// differing are the two sides of a conflict where they differ, with a few words around that.
func differing(a, b string) (string, string) {
	x, y := strings.Fields(a), strings.Fields(b)
	var front, back int
	for front < min(len(x), len(y)) && x[front] == y[front] {
		front++
	}
	for back < min(len(x), len(y))-front && x[len(x)-1-back] == y[len(y)-1-back] {
		back++
	}
	cut := func(words []string) string {
		if len(words) == 0 {
			return "nothing"
		}
		from, to := max(front-wordsAround, 0), len(words)-max(back-wordsAround, 0)
		if from <= 1 { // the keyword alone is shorter than what says that it is missing
			from = 0
		}
		text := strings.Join(words[from:to], " ")
		if from > 0 {
			text = "… " + text
		}
		if to < len(words) {
			text += " …"
		}
		return plan.Printable(text, maxSide)
	}
	return cut(x), cut(y)
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

// composes reports whether compose.yaml starts the apps.
func composes(folder *project.Folder, c *project.Change) bool {
	return folder.Dir() == "." && c.Keeps(templates.Compose)
}

// asArgument is the folder as a command line names it, where no flag begins.
func asArgument(folder *project.Folder) string {
	dir := folder.Dir()
	if strings.HasPrefix(dir, "-") {
		dir = "./" + dir
	}
	return dir
}

// next are the commands to type after init.
func next(folder *project.Folder, c *project.Change) []string {
	dir := asArgument(folder)
	if composes(folder, c) {
		return []string{"docker compose up --build"}
	}
	bakes := dir == "." && c.Keeps(templates.Bake)
	var first, build, run []string
	taken := map[string]bool{}
	for _, app := range c.Apps {
		p := app.Plan
		var ports strings.Builder
		for _, port := range p.Run.Ports {
			fmt.Fprintf(&ports, "-p %s:%s ", free(taken, port.String()), port)
		}
		variables := ""
		if v := folder.Variables(app); v.File != "" {
			file := plan.ShellQuote(path.Join(dir, v.File))
			variables = "--env-file " + file + " "
			for _, e := range v.Set {
				variables += "-e " + plan.ShellQuote(e.Name.String()+"="+e.Value.Raw()) + " "
			}
			if line := "cp " + plan.ShellQuote(path.Join(dir, v.Example)) + " " + file; v.Example != "" && !slices.Contains(first, line) {
				first = append(first, line)
			}
		}
		from := " "
		if p.Place != "" {
			from += "-f " + plan.ShellQuote(path.Join(dir, p.Folder(), templates.Dockerfile)) + " "
		}
		from += plan.ShellQuote(path.Join(dir, p.Dir))
		if !bakes {
			build = append(build, "docker build -t "+p.Name+from)
		}
		if args, name, dev := app.Migration(); args != "" {
			if dev {
				run = append(run, "docker build -t "+name+" --target dev"+from)
			}
			run = append(run, "docker run --rm "+variables+args)
		}
		if p.Stdin != "" {
			ports.WriteString(p.Stdin + " ")
		}
		run = append(run, "docker run --rm "+ports.String()+variables+p.Name)
	}
	if bakes {
		build = []string{"docker buildx bake"}
		if c.BakesOnly() {
			build[0] += " -f " + templates.Bake
		}
	}
	return slices.Concat(first, build, run)
}

// ofVariables are init's notes on the file of variables that its commands give to docker run for an app.
func ofVariables(folder *project.Folder, c *project.Change, app *project.App, first bool) []plan.Note {
	if !first || composes(folder, c) {
		return nil
	}
	if v := folder.Variables(app); v.Note != nil {
		return []plan.Note{*v.Note}
	}
	return nil
}

// free is a port of the host for one of a container: the same, or else the next that no other app has.
func free(taken map[string]bool, port string) string {
	for n, err := strconv.Atoi(port); err == nil && taken[port] && n < 65535; {
		n++
		port = strconv.Itoa(n)
	}
	taken[port] = true
	return port
}

func reportOf(folder *project.Folder, c *project.Change, first bool) reportJSON {
	p := c.Apps[0].Plan
	out := reportJSON{
		Name: p.Name, Language: p.Language, Changed: c.Moved(),
		Files: []fileJSON{}, Choices: p.Choices, Notes: notesJSON(slices.Concat(p.Notes, c.Apps[0].Notes, ofVariables(folder, c, c.Apps[0], first))),
	}
	if len(c.Apps) > 1 {
		for _, app := range c.Apps {
			out.Apps = append(out.Apps, appJSON{app.Plan.Folder(), app.Plan.Name, app.Plan.Language, app.Plan.Choices, notesJSON(slices.Concat(app.Plan.Notes, app.Notes, ofVariables(folder, c, app, first)))})
		}
	}
	for _, r := range c.Refused {
		out.Refused = append(out.Refused, refusedJSON{r.Dir, r.Err.Error(), hintOf(r.Err)})
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
		out.Next = next(folder, c)
		return out
	}
	for _, r := range c.Reasons {
		out.Reasons = append(out.Reasons, reasonJSON{r.Key, r.Before, r.After, r.Pos, r.String(), r.BeforeUntil, r.AfterUntil})
	}
	if c.Why != "" {
		out.Reasons = append(out.Reasons, reasonJSON{Text: c.Why})
	}
	for _, x := range c.Conflicts {
		j := conflictJSON{File: x.Path, Line: x.Line, Yours: x.Ours, Dockgen: x.Theirs, Why: x.Why, Hint: x.Hint}
		if !x.Pos.IsZero() {
			j.Source = &x.Pos
		}
		out.Conflicts = append(out.Conflicts, j)
	}
	return out
}
