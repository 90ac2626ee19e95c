package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"deps.dev/util/semver"
	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/profiles/knowledge"
)

// pins is what the registries say of the programs that dockgen pins.
type pins struct {
	Tools []pin `yaml:"tools"`
	// Lines are the newest releases of the major versions of what npm's registry has.
	Lines []npmLines `yaml:"lines"`
}

// pin is what a registry says of one tool.
type pin struct {
	Tool   string    `yaml:"tool"`
	Newest tooling   `yaml:"newest"`
	Rows   []tooling `yaml:"rows,omitempty"`  // the newest for each version of the language, as far as ours lets them go
	Older  []string  `yaml:"older,omitempty"` // the last release of each line before the newest
}

// tooling is a release of a tool, and the oldest version of the language that it runs on.
type tooling struct {
	Version string `yaml:"version"`
	Needs   string `yaml:"needs,omitempty"`
}

type npmLines struct {
	Package  string       `yaml:"package"`
	Versions []npmVersion `yaml:"versions"`
}

// npmVersion is a version of a package, and the Node that it runs on.
type npmVersion struct {
	Version string `yaml:"version"`
	Node    string `yaml:"node,omitempty"`
}

// tools is what is ours of the programs that dockgen pins.
type tools struct {
	Tools []tool `yaml:"tools"`
	// NPM are packages of npm's registry of which the newest releases are asked for, with those that are pinned.
	NPM []struct {
		Package string `yaml:"package"`
		Table   string `yaml:"table"` // where their versions stand, from the root of the repository
	} `yaml:"npm"`
}

// tool is one of them: of PyPI, with rows made of what it says, or of Go's proxy, whose rows are ours.
type tool struct {
	Tool string `yaml:"tool"`
	PyPI string `yaml:"pypi,omitempty"`
	Go   string `yaml:"go,omitempty"` // the module
	// Below is the first version that is not taken yet, and Because why.
	Below   string `yaml:"below,omitempty"`
	Because string `yaml:"because,omitempty"`
	// Alone says that it is a program of its own, which needs no Python.
	Alone bool `yaml:"alone,omitempty"`
	// Older says that the last release of each line is listed, from this line on: "0.4".
	Older string `yaml:"older,omitempty"`
	// With are packages that are installed beside a version.
	With map[string][]string `yaml:"with,omitempty"`
	// Also are versions for projects that ask for one so old, or whose lock has it, on whatever version of the language.
	Also []string         `yaml:"also,omitempty"`
	Rows []knowledge.Tool `yaml:"rows,omitempty"`
}

const (
	pinsFile    = "from/pins.yaml"  // made
	ourTools    = "from/tools.yaml" // ours
	toolsFile   = "tools.yaml"      // made of the two
	pypiProject = "https://pypi.org/project/"
)

// readPins reads what registries answered: DIR/pypi/NAME.json of https://pypi.org/pypi/NAME/json, DIR/npm/NAME.json (with + for /) of
// https://registry.npmjs.org/NAME, DIR/go/MODULE/list of https://proxy.golang.org/MODULE/@v/list.
func (d data) readPins(dir string) error {
	own, err := load[tools](d, ourTools)
	if err != nil {
		return err
	}
	images, err := load[knowledge.Published](d, imagesFile)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(images.Images, func(i knowledge.Image) bool { return i.Name == "python" })
	if i < 0 {
		return errors.New(imagesFile + " has no python")
	}
	var out pins
	for _, t := range own.Tools {
		var p pin
		if t.PyPI != "" {
			p, err = t.fromPyPI(dir, images.Images[i])
		} else {
			p, err = t.fromProxy(dir)
		}
		if err != nil {
			return err
		}
		if p.Newest.Version != p.pinned(t) {
			fmt.Fprintf(d.out, "%s: %s is newest (it needs %s), %s is pinned: %s\n", t.Tool, p.Newest.Version, cmp.Or(p.Newest.Needs, "nothing new"), p.pinned(t), cmp.Or(t.Because, "no row of ours has it"))
		}
		out.Tools = append(out.Tools, p)
	}
	for _, n := range own.NPM {
		pinned, err := d.pinnedNPM(n.Table, n.Package)
		if err != nil {
			return err
		}
		lines, err := fromNPM(dir, n.Package, slices.Collect(maps.Keys(pinned)))
		if err != nil {
			return err
		}
		for _, v := range lines.Versions {
			if _, ok := pinned[v.Version]; !ok {
				fmt.Fprintf(d.out, "%s: %s is newest of its line (it needs Node %s), and %s has it not\n", n.Package, v.Version, cmp.Or(v.Node, "of any version"), n.Table)
			}
		}
		out.Lines = append(out.Lines, lines)
	}
	return d.write(pinsFile, out.text())
}

// pinned is the newest version of the rows.
func (p pin) pinned(t tool) string {
	if len(p.Rows) > 0 {
		return p.Rows[0].Version
	}
	return t.Rows[0].Version
}

// answer is what a registry answered.
func answer(name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w: README.md says where it comes from", err)
	}
	return text, err
}

func readJSON(into any, name string) error {
	text, err := answer(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// released matches the version of a release that is no early one.
var released = regexp.MustCompile(`^v?\d+(\.\d+)+$`)

// fromPyPI is what PyPI says of a tool: https://docs.pypi.org/api/json/
func (t tool) fromPyPI(dir string, python knowledge.Image) (p pin, err error) {
	var doc struct {
		Releases map[string][]struct {
			Requires string `json:"requires_python"`
			Yanked   bool   `json:"yanked"`
		} `json:"releases"`
	}
	if err := readJSON(&doc, filepath.Join(dir, "pypi", t.PyPI+".json")); err != nil {
		return p, err
	}
	requires := map[string]string{}
	var versions []string
	for v, files := range doc.Releases {
		for _, f := range files {
			if released.MatchString(v) && !f.Yanked {
				versions = append(versions, v)
				requires[v] = f.Requires
				break
			}
		}
	}
	slices.SortFunc(versions, func(a, b string) int { return -compare(a, b) })
	// The oldest Python of the table that a version runs on, "" for none.
	oldest := func(v string) string {
		c, err := semver.PyPI.ParseConstraint(cmp.Or(requires[v], ">=0"))
		for _, r := range slices.Backward(python.Releases) {
			if err == nil && c.Match(r.Version+".99") {
				return r.Version
			}
		}
		return ""
	}
	if len(versions) == 0 {
		return p, fmt.Errorf("%s.json has no release", t.PyPI)
	}
	p = pin{Tool: t.Tool, Newest: tooling{versions[0], oldest(versions[0])}}
	below := python.Releases[0].Version + ".1" // of which Python the next row may be
	for _, v := range versions {
		if needs := oldest(v); needs != "" && compare(needs, below) < 0 && (t.Below == "" || compare(v, t.Below) < 0) {
			p.Rows, below = append(p.Rows, tooling{v, needs}), needs
		}
	}
	if len(p.Rows) == 0 {
		return p, fmt.Errorf("%s has no release below %s that runs on any Python of %s", t.PyPI, t.Below, imagesFile)
	}
	if t.Older != "" {
		seen := map[string]bool{lineOf(p.Rows[0].Version): true}
		for _, v := range versions {
			if l := lineOf(v); !seen[l] && compare(v, p.Rows[0].Version) < 0 && compare(l, t.Older) >= 0 {
				seen[l] = true
				p.Older = append(p.Older, v)
			}
		}
	}
	return p, nil
}

// lineOf is the first two numbers of a version.
func lineOf(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// fromProxy is the newest version of a module.
func (t tool) fromProxy(dir string) (pin, error) {
	name := filepath.Join(dir, "go", filepath.FromSlash(t.Go), "list")
	text, err := answer(name)
	if err != nil {
		return pin{}, err
	}
	newest := ""
	for v := range strings.FieldsSeq(string(text)) {
		if released.MatchString(v) && (newest == "" || compare(strings.TrimPrefix(v, "v"), strings.TrimPrefix(newest, "v")) > 0) {
			newest = v
		}
	}
	if newest == "" {
		return pin{}, fmt.Errorf("%s lists no release", name)
	}
	return pin{Tool: t.Tool, Newest: tooling{Version: newest}}, nil
}

// pinnedNPM are the versions of a package that a table of package managers pins, each with the Node that it says.
func (d data) pinnedNPM(name, of string) (map[string]string, error) {
	var doc struct {
		Managers []npmLines `yaml:"managers"`
	}
	text, err := os.ReadFile(filepath.Join(d.dir, "../..", filepath.FromSlash(name)))
	if err == nil {
		err = yaml.Unmarshal(text, &doc)
	}
	out := map[string]string{}
	for _, m := range doc.Managers {
		for _, v := range m.Versions {
			if m.Package == of {
				out[v.Version] = v.Node
			}
		}
	}
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("%s pins no %s", name, of)
	}
	return out, err
}

// fromNPM are those versions of a package, and the newest release of each major version from the oldest of them on, with the Node that they run on.
func fromNPM(dir, name string, pinned []string) (out npmLines, err error) {
	var doc struct {
		Versions map[string]struct {
			Engines any `json:"engines"` // old releases have a list
		} `json:"versions"`
	}
	if err := readJSON(&doc, filepath.Join(dir, "npm", strings.ReplaceAll(name, "/", "+")+".json")); err != nil {
		return out, err
	}
	out.Package = name
	var list []string
	newest := map[string]string{}
	for v := range doc.Versions {
		if m := major(v); released.MatchString(v) && (newest[m] == "" || compare(v, newest[m]) > 0) {
			newest[m] = v
		}
	}
	oldest := slices.MinFunc(pinned, compare)
	for _, v := range pinned {
		if _, ok := doc.Versions[v]; !ok {
			return out, fmt.Errorf("npm's registry has no %s %s", name, v)
		}
		list = append(list, v)
	}
	for _, v := range newest {
		if compare(v, oldest) >= 0 {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b string) int { return -compare(a, b) })
	for _, v := range slices.Compact(list) {
		engines, _ := doc.Versions[v].Engines.(map[string]any)
		node, _ := engines["node"].(string)
		out.Versions = append(out.Versions, npmVersion{v, node})
	}
	return out, nil
}

func (p pins) text() string {
	var b strings.Builder
	b.WriteString("# Made by `go run ./internal/knowledge/refresh pins DIR`: what the registries say of the programs that dockgen pins. Do not edit it.\ntools:\n")
	release := func(t tooling) string {
		if t.Needs == "" {
			return fmt.Sprintf("{version: %q}", t.Version)
		}
		return fmt.Sprintf("{version: %q, needs: %q}", t.Version, t.Needs)
	}
	for _, t := range p.Tools {
		fmt.Fprintf(&b, "- {tool: %s, newest: %s", t.Tool, release(t.Newest))
		if len(t.Rows) > 0 {
			var rows []string
			for _, r := range t.Rows {
				rows = append(rows, release(r))
			}
			fmt.Fprintf(&b, ", rows: [%s]", strings.Join(rows, ", "))
		}
		if len(t.Older) > 0 {
			fmt.Fprintf(&b, ", older: [%s]", `"`+strings.Join(t.Older, `", "`)+`"`)
		}
		b.WriteString("}\n")
	}
	b.WriteString("lines:\n")
	for _, n := range p.Lines {
		fmt.Fprintf(&b, "- package: %q\n  versions:\n", n.Package)
		for _, v := range n.Versions {
			fmt.Fprintf(&b, "  - {version: %q, node: %q}\n", v.Version, v.Node)
		}
	}
	return b.String()
}

// toolRows are the rows of tools.yaml.
func toolRows(own tools, facts pins) (out []knowledge.Tool, err error) {
	for _, t := range own.Tools {
		i := slices.IndexFunc(facts.Tools, func(p pin) bool { return p.Tool == t.Tool })
		if i < 0 {
			return nil, fmt.Errorf("%s: %s has nothing of %s: run refresh pins", ourTools, pinsFile, t.Tool)
		}
		for v := range t.With {
			if !slices.Contains(t.Also, v) && !slices.ContainsFunc(facts.Tools[i].Rows, func(r tooling) bool { return r.Version == v }) {
				return nil, fmt.Errorf("%s: %s: with is for %s, which no row has", ourTools, t.Tool, v)
			}
		}
		out = append(out, t.Rows...)
		for n, r := range facts.Tools[i].Rows {
			row := knowledge.Tool{Name: t.Tool, Version: r.Version, Needs: r.Needs, With: t.With[r.Version], Source: pypiProject + t.PyPI + "/" + r.Version + "/"}
			if n == 0 {
				row.Older = facts.Tools[i].Older
			}
			if t.Alone {
				row.Needs = ""
			}
			out = append(out, row)
		}
		for _, v := range t.Also {
			out = append(out, knowledge.Tool{Name: t.Tool, Version: v, With: t.With[v], Source: pypiProject + t.PyPI + "/" + v + "/"})
		}
	}
	return out, nil
}

func toolsText(rows []knowledge.Tool) string {
	var b strings.Builder
	b.WriteString("# Programs that dockgen itself puts into an image, pinned. Made by `go run ./internal/knowledge/refresh make` of from/pins.yaml and from/tools.yaml: edit that.\n" +
		"# Of several versions the first counts that the language's version is new enough for. older are the last releases of the lines before it, for a\n" +
		"# project that asks for one of these.\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "- {%s, source: %q}\n", toolText(r), r.Source)
	}
	return b.String()
}

// toolText is a row without its source.
func toolText(t knowledge.Tool) string {
	f := []string{"tool: " + t.Name, fmt.Sprintf("version: %q", t.Version)}
	if t.Needs != "" {
		f = append(f, fmt.Sprintf("needs: %q", t.Needs))
	}
	if len(t.With) > 0 {
		f = append(f, "with: ["+strings.Join(t.With, ", ")+"]")
	}
	if len(t.Older) > 0 {
		f = append(f, `older: ["`+strings.Join(t.Older, `", "`)+`"]`)
	}
	return strings.Join(f, ", ")
}

// toolChanges says which rows are other ones.
func toolChanges(before, after []knowledge.Tool) (out []string) {
	list := func(rows []knowledge.Tool) (out []string) {
		for _, t := range rows {
			out = append(out, toolText(t))
		}
		return out
	}
	was, is := list(before), list(after)
	for _, r := range was {
		if !slices.Contains(is, r) {
			out = append(out, r+" is gone")
		}
	}
	for _, r := range is {
		if !slices.Contains(was, r) {
			out = append(out, r+" is new")
		}
	}
	return out
}
