package node

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

func TestWorkspacePatterns(t *testing.T) {
	dirs := []string{".hidden/a", "apps/api", "apps/web", "libs/a", "libs/b", "libs/b/nested", "other", "packages/x/test/fixture"}
	for _, tt := range []struct {
		patterns  string
		npm, pnpm string // members; where pnpm's is empty they are the same
	}{
		{"apps/*", "apps/api apps/web", ""},
		{"{apps,libs}/*", "apps/api apps/web libs/a libs/b", ""},
		{"{apps,libs/b}/**", "apps/api apps/web libs/b libs/b/nested", ""},
		{"./apps/*/", "apps/api apps/web", ""},
		{"/other", "other", ""},
		{`apps\*`, "apps/api apps/web", ""},
		{"*", "other", ""},
		{"**", "apps/api apps/web libs/a libs/b libs/b/nested other packages/x/test/fixture", ""},
		{".hidden/*", ".hidden/a", ""},
		{"libs/**", "libs/a libs/b libs/b/nested", ""},
		{"libs/b/**", "libs/b libs/b/nested", ""},
		{"libs/[ab]", "libs/a libs/b", ""},
		{"libs/?", "libs/a libs/b", ""},
		{"apps/* !apps/web", "apps/api", ""},
		{"!apps/web apps/*", "apps/api", ""},
		{"apps/* !apps/web apps/web", "apps/api apps/web", "apps/api"},
		{"apps/* !apps/** apps/w*", "apps/api apps/web", "-"},
		{"** !**/test/** !libs/b", "apps/api apps/web libs/a libs/b/nested other", ""},
		{"!!other", "other", ""},
		{"packages/*", "-", ""},
		{"[", "-", ""},
		{"../outside other", "other", ""},
	} {
		for _, pnpm := range []bool{false, true} {
			want := tt.npm
			if pnpm && tt.pnpm != "" {
				want = tt.pnpm
			}
			fsys := fstest.MapFS{"package.json": {Data: []byte(`{"name": "root"}`)}}
			list := `"` + strings.Join(strings.Fields(strings.ReplaceAll(tt.patterns, `\`, `\\`)), `", "`) + `"`
			if pnpm {
				fsys["pnpm-workspace.yaml"] = &fstest.MapFile{Data: []byte("packages: [" + list + "]\n")}
			} else {
				fsys["package.json"] = &fstest.MapFile{Data: []byte(`{"name": "root", "workspaces": [` + list + `]}`)}
			}
			for _, d := range dirs {
				fsys[d+"/package.json"] = &fstest.MapFile{Data: []byte("{}")}
			}
			f := detected(t, fsys)
			var got []string
			for _, p := range f.Packages {
				got = append(got, p.Dir)
			}
			if strings.Join(got, " ") != strings.TrimSuffix(want, "-") {
				t.Errorf("%s, pnpm %v: got %v, want %s", tt.patterns, pnpm, got, want)
			}
		}
	}
}

// TestWorkspaceOfOneManager has both files of patterns.
func TestWorkspaceOfOneManager(t *testing.T) {
	for _, tt := range []struct{ manager, lock, want string }{
		{"", "pnpm-lock.yaml", "b"}, {"", "yarn.lock", "a"}, {"pnpm@10.0.0", "", "b"}, {"", "", "a"},
	} {
		fsys := fstest.MapFS{
			"package.json":        {Data: []byte(`{"workspaces": ["a"], "packageManager": "` + tt.manager + `"}`)},
			"pnpm-workspace.yaml": {Data: []byte("packages: [b]\n")},
			"a/package.json":      {Data: []byte("{}")}, "b/package.json": {Data: []byte("{}")},
		}
		if tt.lock != "" {
			fsys[tt.lock] = &fstest.MapFile{}
		}
		if f := detected(t, fsys); len(f.Packages) != 1 || f.Packages[0].Dir != tt.want {
			t.Errorf("%+v: got %v", tt, f.Packages)
		}
	}
}

func detected(t *testing.T, fsys fstest.MapFS) *Facts {
	t.Helper()
	tr, err := tree.Scan(t.Context(), fsys, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := Detect(tr, ".")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestWorkspacePatternsAreLinear has patterns that take exponential time where
// each wildcard is tried with all that follow, and a folder that is deep.
func TestWorkspacePatternsAreLinear(t *testing.T) {
	deep := strings.Repeat("a/", 39) + "a"
	for _, glob := range []string{
		strings.Repeat("**/", 30) + "nope", strings.Repeat("**/a/", 19) + "nope", strings.Repeat("**/*/", 19) + "nope", strings.Repeat("*a", 100) + "/nope",
		strings.Repeat("{**/,a/}", 8) + "nope", "{" + strings.Repeat("**/a/,", 250) + "}nope", strings.Repeat("{a,b}", 8),
	} {
		list := make([]fact.Fact[string], maxGlobs)
		for i := range list {
			list[i] = fact.New(fmt.Sprintf("%s%d", glob, i), "package.json", 1)
		}
		p, err := newPatterns(list, true, false)
		if err != nil {
			t.Errorf("%s: %v", glob, err)
			continue
		}
		if p.match(deep) {
			t.Errorf("%s: matches", glob)
		}
	}
	for _, list := range [][]string{
		{strings.Repeat("{a,b}", 9)},
		{"{" + strings.Repeat("a,", maxAlternatives) + "}"},
		{strings.Repeat("{a,{b,c}}", 30)},
		{strings.Repeat("{", 5000) + strings.Repeat("}", 5000)},
		{strings.Repeat("{a,", 5000)},
		strings.Fields(strings.Repeat("a* ", maxGlobs+1)),
	} {
		var facts []fact.Fact[string]
		for _, s := range list {
			facts = append(facts, fact.New(s, "package.json", 3))
		}
		if _, err := newPatterns(facts, false, false); err == nil || !strings.HasPrefix(err.Error(), "package.json:3: ") {
			t.Errorf("%.40s: got %v, want an error with its line", list[0], err)
		}
	}
}

func FuzzWorkspacePatterns(f *testing.F) {
	f.Add("{apps,libs}/* !apps/x", "apps/y")
	f.Add(strings.Repeat("**/", 12)+"nope", strings.Repeat("d/", 40)+"d")
	f.Add("a/{b,{c,d}*}/[x-z] !!e", "a/cc/x")
	f.Fuzz(func(t *testing.T, text, dir string) {
		var list []fact.Fact[string]
		for s := range strings.FieldsSeq(text) {
			list = append(list, fact.New(s, "package.json", 1))
		}
		if len(text) > 4<<10 || strings.Count(dir, "/") > 40 || len(dir) > 4<<10 {
			return
		}
		for _, pnpm := range []bool{false, true} {
			p, err := newPatterns(list, pnpm, false)
			if err != nil {
				return
			}
			p.match(dir)
			if diff := cmp.Diff(len(p.globs)+len(p.except) <= maxGlobs, true); diff != "" {
				t.Error(diff)
			}
		}
	})
}
