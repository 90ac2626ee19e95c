package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/node/release"
)

const registries = `
-- pypi/serve.json --
{"releases": {
  "3.0rc1": [{"requires_python": ">=3.14"}],
  "2.2.0": [{"requires_python": ">=3.10", "yanked": true}],
  "2.1.10": [{"requires_python": ">=3.10"}],
  "2.1.9": [{"requires_python": ">=3.10"}],
  "2.0": [{"requires_python": ">=3.10"}],
  "1.9.1": [{"requires_python": "<4.0,>=3.8"}],
  "1.9": [{"requires_python": ">=3.8"}],
  "1.0": [{"requires_python": null}],
  "0.9": []
}}
-- npm/@a+b.json --
{"versions": {
  "3.0.0-beta.1": {"engines": {"node": ">=30"}},
  "2.1.0": {"engines": {"node": ">=20"}},
  "2.0.0": {"engines": {"node": ">=18"}},
  "1.5.0": {"engines": ["node >= 0.8"]},
  "1.4.0": {},
  "0.9.0": {}
}}
-- go/example.com/watch/list --
v1.9.0
v1.10.0
v1.11.0-rc.1
`

const pinned = tables + `
-- profiles/knowledge/tools.yaml --
- {tool: serve, version: "1.0", needs: "3.7", source: "https://example.com"}
-- profiles/knowledge/from/tools.yaml --
tools:
- {tool: serve, pypi: serve, below: "2.1.10", because: "a test", older: "1.0", with: {"2.1.9": [beside], "0.9": [old]}, also: ["0.9"]}
- {tool: watch, go: example.com/watch, rows: [{tool: watch, version: v1.9.0, needs: "1.26", source: "https://example.com"}]}
npm:
- {package: "@a/b", table: managers.yaml}
-- managers.yaml --
managers:
- {package: "@a/b", versions: [{version: "2.0.0", node: ">=18"}, {version: "1.4.0"}], other: field}
- {package: c, versions: [{version: "0.1.0"}]}
-- profiles/knowledge/images.yaml --
decided: "2026-11-30"
images:
- image: python
  source: https://example.com
  default: "3.13"
  releases: [{version: "3.15", platforms: {}}, {version: "3.13", platforms: {}}, {version: "3.8", platforms: {}}, {version: "3.7", platforms: {}}]
-- profiles/knowledge/from/published.yaml --
sources: []
images:
- image: python
  lines: [{line: "3.14", variants: {slim-trixie: [amd64]}}]
`

// TestPins makes the rows of tools of what small registries say.
func TestPins(t *testing.T) {
	dir, root := t.TempDir(), t.TempDir()
	write(t, dir, registries)
	write(t, root, pinned)
	d := data{dir: filepath.Join(root, filepath.FromSlash(folder))}
	var out bytes.Buffer
	d.out = &out
	if err := d.readPins(dir); err != nil {
		t.Fatal(err)
	}
	if err := d.makeTools(); err != nil {
		t.Fatal(err)
	}
	want := `serve: 2.1.10 is newest (it needs 3.13), 2.1.9 is pinned: a test
watch: v1.10.0 is newest (it needs nothing new), v1.9.0 is pinned: no row of ours has it
@a/b: 2.1.0 is newest of its line (it needs Node >=20), and managers.yaml has it not
@a/b: 1.5.0 is newest of its line (it needs Node of any version), and managers.yaml has it not
tool: serve, version: "1.0", needs: "3.7" is gone
tool: serve, version: "2.1.9", needs: "3.13", with: [beside], older: ["2.0", "1.9.1", "1.0"] is new
tool: serve, version: "1.9.1", needs: "3.8" is new
tool: serve, version: "1.0", needs: "3.7" is new
tool: serve, version: "0.9", with: [old] is new
tool: watch, version: "v1.9.0", needs: "1.26" is new
`
	want = strings.Replace(strings.Replace(want, "tool: serve, version: \"1.0\", needs: \"3.7\" is gone\n", "", 1), "tool: serve, version: \"1.0\", needs: \"3.7\" is new\n", "", 1) // it stays
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
	text, err := os.ReadFile(d.path(toolsFile))
	if err != nil {
		t.Fatal(err)
	}
	if want := `- {tool: serve, version: "2.1.9", needs: "3.13", with: [beside], older: ["2.0", "1.9.1", "1.0"], source: "https://pypi.org/project/serve/2.1.9/"}`; !strings.Contains(string(text), want) {
		t.Errorf("got %s", text)
	}
	for name, archive := range map[string]string{
		"lists no release":       "-- go/example.com/watch/list --\nv2.0.0-rc.1\n",
		"README.md says":         "",
		"npm's registry has no":  "-- npm/@a+b.json --\n{}\n",
		"serve.json has no":      "-- pypi/serve.json --\n{}\n",
		"unexpected end of JSON": "-- pypi/serve.json --\n",
		"runs on any Python":     "-- pypi/serve.json --\n{\"releases\": {\"2.1.9\": [{\"requires_python\": \">=3.99\"}]}}\n",
	} {
		bad := t.TempDir()
		if archive != "" {
			write(t, bad, registries)
			write(t, bad, archive)
		}
		if err := d.readPins(bad); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %s", err, name)
		}
	}
	for _, registry := range []string{"pypi", "npm", "go"} {
		lacking := t.TempDir()
		write(t, lacking, registries)
		if err := os.RemoveAll(filepath.Join(lacking, registry)); err != nil {
			t.Fatal(err)
		}
		if err := d.readPins(lacking); err == nil || !strings.Contains(err.Error(), "README.md says") {
			t.Errorf("without %s: got %v", registry, err)
		}
	}
}

// TestPinned: each version that is pinned runs on what it is put beside.
func TestPinned(t *testing.T) {
	d := data{dir: filepath.Join("../../..", filepath.FromSlash(folder))}
	facts, err := load[pins](d, pinsFile)
	if err != nil {
		t.Fatal(err)
	}
	own, err := load[tools](d, ourTools)
	if err != nil {
		t.Fatal(err)
	}
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	node, _ := know.Image("node")
	python, _ := know.Image("python")
	for _, tool := range own.Tools {
		// Every Python of the table has a row of its own.
		last := know.Tools(tool.Tool)
		if i := slices.IndexFunc(facts.Tools, func(p pin) bool { return p.Tool == tool.Tool }); tool.PyPI != "" {
			rows := facts.Tools[i].Rows
			if oldest := python.Releases[len(python.Releases)-1].Version; !tool.Alone && rows[len(rows)-1].Needs != oldest {
				t.Errorf("%s: no version is for Python %s: %v", tool.Tool, oldest, last)
			}
		}
	}
	checked := 0
	for _, n := range own.NPM {
		pinned, err := d.pinnedNPM(n.Table, n.Package)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(facts.Lines, func(l npmLines) bool { return l.Package == n.Package })
		if i < 0 {
			t.Fatalf("pins.yaml has nothing of %s", n.Package)
		}
		engines := map[string]string{}
		for _, v := range facts.Lines[i].Versions {
			engines[v.Version] = v.Node
		}
		for version, rng := range pinned {
			said, ok := engines[version]
			if !ok {
				t.Errorf("pins.yaml has no %s %s: run refresh pins", n.Package, version)
			}
			for _, r := range node.Releases {
				checked++
				if release.Matches(rng, r.Version) && said != "" && !release.Matches(said, r.Version) {
					t.Errorf("%s %s is said to run on Node %s (%s), and its engines are %s", n.Package, version, r.Version, rng, said)
				}
			}
		}
	}
	if checked < 100 {
		t.Errorf("checked %d pairs", checked)
	}
}
