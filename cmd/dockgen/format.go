package main

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/dockgen/dockgen/internal/project"
)

// formatMode is the form in which check reports.
type formatMode string

const (
	formatText   formatMode = "text"
	formatJSON   formatMode = "json"
	formatGitHub formatMode = "github"
	formatSARIF  formatMode = "sarif"
)

// results prints what became of the folders, in a form that is not text.
func (u *ui) results(results []result, several bool, format formatMode) error {
	switch format {
	case formatJSON:
		return u.jsonResults(results, several)
	case formatGitHub:
		for _, f := range findings(results) {
			if _, err := fmt.Fprintln(u.out, f.annotation()); err != nil {
				return err
			}
		}
	case formatSARIF:
		return u.json(sarifOf(findings(results)))
	case formatText:
	}
	return nil
}

func (u *ui) jsonResults(results []result, several bool) error {
	out := foldersJSON{Folders: []folderJSON{}}
	for _, r := range results {
		f := folderJSON{Dir: filepath.ToSlash(r.dir), Code: exitCode(r.err)}
		if r.change == nil {
			e := errorOf(r.err, f.Code)
			f.Error = &e
		} else {
			report := reportOf(r.folder, r.change, false)
			f.Report = &report
			out.Changed = out.Changed || report.Changed
		}
		out.Folders = append(out.Folders, f)
	}
	switch {
	case several:
		return u.json(out)
	case out.Folders[0].Report != nil:
		return u.json(out.Folders[0].Report)
	}
	return nil // the error is reported as that of any command
}

// finding is what check has to say of a line.
type finding struct {
	rule, file, text string // rule is a key of rules; file "" means none
	line             int    // 0 for the file
	warning          bool   // and no error
}

// rules are what check finds, with what it means.
func rules() [][2]string {
	return [][2]string{
		{"drift", "dockgen update would change the file"},
		{"conflict", "you and dockgen changed the same lines, or the repository speaks against an image"},
		{"refused", "dockgen writes nothing for the app"},
		{"error", "the check could not be done"},
		{"note", "something that you should know"},
	}
}

// findings are what check found in the folders, by the paths that the repository has for the files.
func findings(results []result) []finding {
	var out []finding
	for _, r := range results {
		dir := r.dir
		if r.folder != nil { // the folder above, if that has the lock
			dir = r.folder.Dir()
		}
		in := func(file string) string { return shownPath(filepath.Join(dir, filepath.FromSlash(file))) }
		if r.change == nil {
			out = append(out, finding{rule: "error"}.of(r.err, in))
			continue
		}
		out = append(out, changeFindings(r.change, in)...)
	}
	return out
}

// of is the finding with what an error says, at its place if it has one.
func (f finding) of(err error, in func(file string) string) finding {
	said := errorOf(err, 0)
	f.text = withHint(said.Error, said.Hint)
	if at := said.Source; at != nil {
		f.file, f.line = in(at.File), at.Line
	}
	return f
}

func withHint(text, hint string) string {
	if hint == "" {
		return text
	}
	return text + "\n" + hint
}

func changeFindings(c *project.Change, in func(file string) string) (out []finding) {
	var why []string
	for _, r := range c.Reasons {
		why = append(why, r.String())
	}
	if c.Why != "" {
		why = append(why, c.Why)
	}
	for _, e := range c.Shown() {
		diff := e.Diff()
		text := "dockgen update would change " + e.Path + ":\n" + strings.Join(why, "\n") + "\n" + diff
		out = append(out, finding{rule: "drift", file: in(e.Path), line: firstLine(diff), text: text})
	}
	for _, x := range c.Conflicts {
		text := fmt.Sprintf("%s\nyou have: %s\ndockgen would write: %s", x.Why, orNone(x.Ours), orNone(x.Theirs))
		if !x.Pos.IsZero() {
			text = x.Pos.String() + ": " + text
		}
		out = append(out, finding{rule: "conflict", file: in(x.Path), line: x.Line, text: withHint(text, x.Hint)})
	}
	for _, r := range c.Refused {
		out = append(out, finding{rule: "refused", file: in(r.Dir)}.of(r.Err, in))
	}
	for _, app := range c.Apps {
		for _, n := range app.Notes {
			f := finding{rule: "note", text: withHint(n.Text, n.Hint), line: n.Pos.Line, warning: true}
			if !n.Pos.IsZero() {
				f.file = in(n.Pos.File)
			}
			out = append(out, f)
		}
	}
	return out
}

// firstLine is the line of the old file at which a unified diff begins to differ, or that before it; 0 for a new file.
func firstLine(diff string) int {
	line := 0
	for l := range strings.Lines(diff) {
		switch {
		case strings.HasPrefix(l, "@@"):
			if _, err := fmt.Sscanf(l, "@@ -%d", &line); err != nil {
				return 0
			}
		case line == 0:
		case strings.HasPrefix(l, " "):
			line++
		default:
			return line
		}
	}
	return line
}

// shownPath is a file as a path from the current folder, with slashes, if it is below that.
func shownPath(file string) string {
	if here, err := os.Getwd(); err == nil && filepath.IsAbs(file) {
		if rel, err := filepath.Rel(here, file); err == nil && filepath.IsLocal(rel) {
			file = rel
		}
	}
	return path.Clean(filepath.ToSlash(file))
}

// maxAnnotation bounds the text of an annotation: GitHub shows 64 KB.
const maxAnnotation = 16 << 10

// annotation is the finding as GitHub's runner reads it:
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
// The escapes are those of https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts, so that no name and no text of the
// repository ends the command or begins another.
func (f finding) annotation() string {
	kind := "error"
	if f.warning {
		kind = "warning"
	}
	data := func(s string) string {
		return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
	}
	property := func(s string) string { return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(safe(s))) }
	var at string
	if f.file != "" {
		at = "file=" + property(f.file) + ","
		if f.line > 0 {
			at += fmt.Sprintf("line=%d,", f.line)
		}
	}
	var lines []string
	for line := range strings.SplitSeq(cutText(f.text), "\n") {
		lines = append(lines, unstyled(line))
	}
	return "::" + kind + " " + at + "title=" + property("dockgen: "+f.rule) + "::" + data(strings.Join(lines, "\n"))
}

func cutText(s string) string {
	if len(s) > maxAnnotation {
		return strings.ToValidUTF8(s[:maxAnnotation], "") + "\n…"
	}
	return s
}

// sarif is a log of SARIF: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type sarif struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool    sarifTool     `json:"tool"`
	Results []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID    string    `json:"id"`
	Short sarifText `json:"shortDescription"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	Level     string          `json:"level"` // "error", "note"
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations,omitempty"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

func sarifOf(found []finding) sarif {
	driver := sarifDriver{Name: "dockgen", Version: release().Version, InformationURI: "https://github.com/dockgen/dockgen"}
	for _, r := range rules() {
		driver.Rules = append(driver.Rules, sarifRule{r[0], sarifText{r[1]}})
	}
	run := sarifRun{Tool: sarifTool{driver}, Results: []sarifResult{}}
	for _, f := range found {
		r := sarifResult{RuleID: f.rule, Level: "error", Message: sarifText{cutText(f.text)}}
		if f.warning {
			r.Level = "note"
		}
		if f.file != "" {
			l := sarifLocation{sarifPhysical{Artifact: sarifArtifact{(&url.URL{Path: f.file}).EscapedPath()}}}
			if f.line > 0 {
				l.Physical.Region = &sarifRegion{f.line}
			}
			r.Locations = append(r.Locations, l)
		}
		run.Results = append(run.Results, r)
	}
	return sarif{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}}
}
