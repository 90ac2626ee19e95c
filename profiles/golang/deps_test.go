package golang_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/record"
)

// TestVendor holds vendor/ to when the go command takes it.
func TestVendor(t *testing.T) {
	const (
		uses      = "-- x.go --\npackage main\nimport _ \"github.com/x/y\"\n"
		require   = "require github.com/x/y v1.0.0"
		module    = "-- vendor/modules.txt --\n# github.com/x/y v1.0.0\n## explicit\ngithub.com/x/y\n"
		workspace = "-- vendor/modules.txt --\n## workspace\n# github.com/x/y v1.0.0\n"
		flag      = "ENV GOFLAGS=-mod=vendor\n"
		download  = "go mod download"
	)
	work := func(line string) string {
		return "-- go.work --\n" + line + "\nuse .\nuse ./b\n-- b/go.mod --\nmodule example.com/b\n" + mod("go 1.21\n"+require) + hello + uses
	}
	for name, tt := range map[string]struct {
		archive  string
		flag, dl bool
	}{
		"module":                     {mod("go 1.26\n"+require) + hello + uses + module, false, false},
		"older than vendoring":       {mod("go 1.13\n"+require) + hello + uses + module, true, false},
		"no go line":                 {mod(require) + hello + uses + module, true, false},
		"workspace":                  {work("go 1.22") + workspace, false, false},
		"workspace, older":           {work("go 1.21") + workspace, false, true},
		"workspace, a module's":      {work("go 1.22") + module, false, true},
		"replaced by what is absent": {mod("go 1.26\n"+require+"\nreplace github.com/x/y => ../y\nreplace github.com/x/z => ./z") + hello + uses + module, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.archive)
			if err != nil {
				t.Fatal(err)
			}
			got := dockerfile(t, p)
			if strings.Contains(got, flag) != tt.flag || strings.Contains(got, download) != tt.dl {
				t.Errorf("flag %v, download %v in:\n%s", tt.flag, tt.dl, got)
			}
		})
	}
}

func TestWorkReplaced(t *testing.T) {
	_, err := decide(t, "-- go.work --\nuse ./a\nreplace example.com/x => ./x\n"+in("a", "", hello))
	var unsupported *record.UnsupportedError
	if !errors.As(err, &unsupported) || !strings.HasPrefix(err.Error(), "go.work:2: the module example.com/x is replaced by ./x, which has no go.mod") {
		t.Errorf("got %v", err)
	}
}

// TestLibraryFolder takes the program of a workspace whose other main package
// is in a folder that is named like a library's.
func TestLibraryFolder(t *testing.T) {
	p, err := decide(t, "-- go.work --\nuse ./api\nuse ./shared\n"+in("api", "", hello)+in("shared", "", hello))
	if err != nil || chosen(p, "go.main") != "./api" {
		t.Errorf("got %v, %v", p, err)
	}
	if p, err = decide(t, mod("")+"-- lib/main.go --\npackage main\nfunc main() {}\n"); err != nil || chosen(p, "go.main") != "./lib" {
		t.Errorf("got %v, %v, want the only program there is", p, err)
	}
}
