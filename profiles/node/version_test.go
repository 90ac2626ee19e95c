package node

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/record"
)

// TestNodeVersion: what engines asks for, beside what a package manager and a
// dependency need.
func TestNodeVersion(t *testing.T) {
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	sass6 := []node.Dep{{Name: "node-sass", Kind: node.Prod, Range: "^6.0.0", Locked: "6.0.1"}}
	for _, c := range []struct {
		asked string
		pnpm  string // its version
		deps  []node.Dep
		want  string // the release, or part of the error
	}{
		{"", "", nil, "26"},
		{"*", "", nil, "26"},
		{">=18", "", nil, "26"},
		{"^20.19.0 || >=22.12.0", "", nil, "26"},
		{"22", "", nil, "22"},
		{"v22.12.0", "", nil, "22"},
		{"~20.1", "", nil, "20"},
		{">=20 <22", "", nil, "20"},
		{"<23", "", nil, "22"},
		{"18 || 20", "", nil, "20"},
		{">24", "", nil, "26"},
		{"lts/iron", "", nil, "20"},
		{"node", "", nil, "26"},
		{"14.18.1", "", nil, "14"},
		{"nonsense here", "", nil, "26"},
		{"lts/-99", "", nil, "26"},
		{"99", "", nil, "there is no image of Node 99"},
		// Without an image, the next one that has breaks the least.
		{"8.x", "", nil, "12"},
		{"0.10", "", nil, "12"},
		{"lts/dubnium", "", nil, "12"},
		{"^13.2.0", "", nil, "14"},
		{"17", "", nil, "18"},
		{"8", "10.34.8", nil, "18"},
		{">=18", "11.28.10", nil, "26"},
		{"22.1.0", "11.28.10", nil, "22"},
		{"20", "11.28.10", nil, "pnpm 11.28.10 needs Node >=22.13, and engines.node of package.json asks for 20"},
		{"", "", sass6, "16"},
		{">=12", "", sass6, "16"},
		{"20", "", sass6, "20"},
	} {
		in := record.Input{Log: &record.Log{}, Know: know}
		f := &node.Facts{Manifest: "package.json", Deps: c.deps, Engines: map[string]fact.Fact[string]{"node": fact.New(c.asked, "package.json", 3)}}
		pm := manager.Manager{}
		if c.pnpm != "" {
			f.PackageManager = fact.New("pnpm@"+c.pnpm, "package.json", 4)
			if pm, err = manager.Decide(in, f, func(string) bool { return true }); err != nil {
				t.Fatal(err)
			}
		}
		rel, err := nodeVersion(in, f, pm)
		if got := rel.Version; got != c.want && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q, pnpm %q, %v: got %q, %v, want %q", c.asked, c.pnpm, c.deps, got, err, c.want)
		}
	}
}
