package golang

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/tree"
)

const (
	serves = "package main\nimport \"net/http\"\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n"
	quiet  = "package main\nfunc main() {}\n"
)

// nestedModule is a module in a folder with one main.go.
func nestedModule(dir, main string) string {
	return fmt.Sprintf("-- %s/go.mod --\nmodule example.com/%s\ngo 1.26\n-- %s/main.go --\n%s", dir, dir, dir, main)
}

func TestNested(t *testing.T) {
	lib := "-- go.mod --\nmodule example.com/lib\n-- lib.go --\npackage lib\n"
	for name, tt := range map[string]struct {
		archive string
		want    []string // home: mains, of each nested build; nil for no facts at all
	}{
		"one":                   {nestedModule("server", serves), []string{"server: server"}},
		"deep":                  {nestedModule("a/b/c", quiet), []string{"a/b/c: a/b/c"}},
		"two":                   {nestedModule("a", quiet) + nestedModule("b", serves), []string{"a: a", "b: b"}},
		"below a library":       {lib + nestedModule("server", serves), []string{"server: server"}},
		"below a tool":          {lib + "-- tools/gen/main.go --\n" + quiet + nestedModule("server", serves), []string{"server: server"}},
		"below an app":          {lib + "-- cmd/app/main.go --\n" + quiet + nestedModule("server", serves), []string{}},
		"a library":             {"-- x/go.mod --\nmodule x\n-- x/x.go --\npackage x\n", nil},
		"only an example":       {nestedModule("examples/x", serves), nil},
		"an example too":        {nestedModule("server", serves) + nestedModule("examples/x", serves), []string{"examples/x: (examples/x)", "server: server"}},
		"test data":             {nestedModule("testdata/x", serves) + nestedModule("_x", serves) + nestedModule(".x", serves), nil},
		"a workspace":           {"-- back/go.work --\nuse ./api\nuse ./lib\n" + nestedModule("back/api", serves) + "-- back/lib/go.mod --\nmodule lib\n", []string{"back: back/api"}},
		"beside a bare program": {"-- main.go --\n" + quiet + nestedModule("server", serves), []string{}},
		"under another stack":   {"-- Cargo.toml --\n" + nestedModule("server", serves), nil},
		"a root workspace":      {"-- go.work --\nuse ./lib\n-- lib/go.mod --\nmodule lib\n" + nestedModule("server", serves), []string{}},
		"replaces the root":     {lib + "-- server/go.mod --\nmodule example.com/server\nreplace example.com/lib => ../\n-- server/main.go --\n" + serves, []string{"server: server"}},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := detectText(t, tt.archive)
			if err != nil {
				t.Fatal(err)
			}
			if f == nil || tt.want == nil {
				if f != nil || tt.want != nil {
					t.Errorf("got %+v, want %q", f, tt.want)
				}
				return
			}
			got := []string{}
			for _, n := range f.Nested {
				var mains []string
				for _, m := range n.Mains {
					if m.Auxiliary {
						m.Dir = "(" + m.Dir + ")"
					}
					mains = append(mains, m.Dir)
				}
				got = append(got, n.Home+": "+strings.Join(mains, " "))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

// TestNestedFacts holds a nested build to what the same module says as a root,
// with paths that are relative to the folder all the same.
func TestNestedFacts(t *testing.T) {
	f := facts(t, nestedModule("server", serves)+"-- server/vendor/modules.txt --\n# x\n-- server/x_test.go --\npackage main\n-- server/.go-version --\n1.26.1\n"+
		"-- .go-version --\n1.26.2\n-- server/.env.example --\nPORT=1234\n-- server/go.sum --\nx\n-- Makefile --\nx:\n\tgo vet ./...\n")
	if !f.Below() || f.Bare() || len(f.Nested) != 1 {
		t.Fatalf("got %+v, want facts of a folder below", f)
	}
	n := f.Nested[0]
	var versions []string
	for _, v := range n.Version {
		versions = append(versions, v.Pos.String()+" "+v.Value.Version)
	}
	if diff := cmp.Diff([]string{"server/go.mod:2 1.26", "server/.go-version:1 1.26.1", ".go-version:1 1.26.2"}, versions); diff != "" {
		t.Error(diff)
	}
	for name, ok := range map[string]bool{
		"vendor": n.Vendor.Pos.File == "server/vendor/modules.txt",
		"tests":  len(n.Tests) == 1 && n.Tests[0].Pos.File == "server/x_test.go",
		"vet":    n.Vet.Pos.String() == "Makefile:2",
		"dotenv": len(n.Dotenv) == 1 && n.Dotenv[0].Value.Value == "1234",
		"sum":    n.Modules[0].Sum && n.Modules[0].Main && n.Modules[0].Dir == "server",
		"listen": len(n.Mains[0].Listens) == 1 && n.Mains[0].Listens[0].Pos.String() == "server/main.go:3",
	} {
		if !ok {
			t.Errorf("%s: got %+v", name, n)
		}
	}
}

func TestNestedFaulty(t *testing.T) {
	f := facts(t, nestedModule("server", serves)+"-- odd/go.mod --\nmodule (\n")
	if len(f.Nested) != 1 || len(f.Invalid) != 1 || f.Invalid[0].Pos.File != "odd/go.mod" {
		t.Errorf("got %+v", f)
	}
}

// TestNestedMany reads no program where too many modules have one.
func TestNestedMany(t *testing.T) {
	var b strings.Builder
	for i := range maxNested + 1 {
		b.WriteString(nestedModule(fmt.Sprintf("m%02d", i), serves))
	}
	f := facts(t, b.String())
	if len(f.Nested) != maxNested+1 || !f.Nested[3].Large || f.Nested[3].Mains[0].Pos.String() != "m03/main.go:1" || !f.Below() {
		t.Errorf("got %d builds, the fourth is %+v", len(f.Nested), f.Nested[3])
	}
}

// TestReplacedMains takes no main package of a module that is only replaced:
// go build does not reach it from here.
func TestReplacedMains(t *testing.T) {
	f := facts(t, "-- go.mod --\nmodule example.com/app\nreplace example.com/x => ./x\n-- main.go --\n"+quiet+
		"-- x/go.mod --\nmodule example.com/x\n-- x/cmd/y/main.go --\n"+serves+"-- x/x_test.go --\npackage x\n")
	if len(f.Mains) != 1 || f.Mains[0].Dir != "." || len(f.Tests) != 0 || len(f.Modules) != 2 {
		t.Errorf("got %+v", f)
	}
}

// TestWorkReplaces follows the replace lines of go.work.
func TestWorkReplaces(t *testing.T) {
	f := facts(t, "-- go.work --\ngo 1.26\nuse ./a\nreplace example.com/x => ./x\nreplace example.com/y => ./y\n-- a/go.mod --\nmodule example.com/a\ngo 1.25\n-- a/main.go --\npackage main\nimport \"example.com/x\"\nfunc main() { x.Serve() }\n"+
		"-- x/go.mod --\nmodule example.com/x\n-- x/x.go --\npackage x\nimport \"net/http\"\nfunc Serve() { http.ListenAndServe(\":8080\", nil) }\n-- vendor/modules.txt --\n## workspace\n")
	if len(f.Mains) != 1 || len(f.Mains[0].Listens) != 1 || len(f.Mains[0].Imports) != 0 {
		t.Errorf("got %+v", f.Mains)
	}
	reps := f.Replaces()
	if len(reps) != 2 || reps[0].Pos.String() != "go.work:3" || !reps[0].Value.Mod || reps[1].Value.Mod {
		t.Errorf("got %+v", reps)
	}
	if len(f.Modules) != 2 || !f.Modules[0].Main || f.Modules[1].Main || f.Modules[0].Go != "1.25" || f.Work.Go != "1.26" || !f.Vendor.Value {
		t.Errorf("got %+v, %+v", f.Modules, f.Work)
	}
}

// opened counts how often each file is opened.
type opened struct {
	fstest.MapFS
	times map[string]int
}

func (o opened) Open(name string) (fs.File, error) {
	o.times[name]++
	return o.MapFS.Open(name)
}

// TestOpenedOnce: a repository of many modules is looked at from its root and from each of them, by several readers; each opens what
// another has not.
func TestOpenedOnce(t *testing.T) {
	fsys := fstest.MapFS{}
	for i := range 40 {
		for _, f := range [][2]string{
			{"go.mod", "module example.com/x\ngo 1.26\n"}, {"main.go", serves}, {"lib/a.go", "package lib\n"}, {"lib/b.go", "package lib\n"},
		} {
			fsys[fmt.Sprintf("s%d/%s", i, f[0])] = &fstest.MapFile{Data: []byte(f[1])}
		}
	}
	o := opened{fsys, map[string]int{}}
	tr, err := tree.Scan(t.Context(), o, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range append(tr.Dirs("."), ".") {
		if f, err := Detect(tr, dir); err != nil || f == nil {
			t.Fatalf("%s: %v, %v", dir, f, err)
		}
	}
	for name, n := range o.times {
		if n > 1 && strings.HasSuffix(name, ".go") {
			t.Errorf("%s is opened %d times", name, n)
		}
	}
}
