package project

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// TestChosen: an app is asked for by its folder, or by the last name of it.
func TestChosen(t *testing.T) {
	folders := []string{"a/api", "b/api", "services/web", "web"}
	for app, want := range map[string]string{
		"":               "a/api b/api services/web web",
		"web":            "web",
		"./web/":         "web",
		"services/web":   "services/web",
		"api":            "a/api b/api",
		"b/api":          "b/api",
		"a":              "",
		"../web":         "",
		"services/../..": "",
	} {
		if got := strings.Join(Request{App: app}.chosen(folders), " "); got != want {
			t.Errorf("%s: got %s, want %s", app, got, want)
		}
	}
}

// TestMeant: one is left of those that were tried, or the error says why not.
func TestMeant(t *testing.T) {
	tried := []attempt{{at: place{dir: "a/api"}}, {at: place{dir: root, one: record.Part{Main: "./b/api", Dir: "b/api"}}}, {at: place{dir: "web"}}}
	for app, want := range map[string]string{
		"":      "a/api b/api web",
		"b/api": "b/api",
		"web":   "web",
		"api":   "several apps are named api; say which, by its folder: a/api, b/api",
		"x":     "no app is named x; the apps are: a/api, b/api, web",
	} {
		got, err := Request{App: app}.meant(slices.Clone(tried))
		var folders []string
		for _, x := range got {
			folders = append(folders, x.at.folder())
		}
		text := strings.Join(folders, " ")
		if none := (*NoAppError)(nil); errors.As(err, &none) {
			text = none.Error() + "; " + none.Hint()
		}
		if text != want {
			t.Errorf("%s: got %s, want %s", app, text, want)
		}
	}
}

// TestResultOf: a refusal stops no other app, a fault of the run stops all, and of refusals that of an app is the reason.
func TestResultOf(t *testing.T) {
	app := attempt{at: place{dir: "a"}, app: &App{Plan: &plan.App{Dir: "a"}}}
	library := attempt{at: place{dir: "b"}, err: record.NoApp(record.Refuse(fact.Pos{}, "", "a library"))}
	refused := attempt{at: place{dir: "c"}, err: record.Refuse(fact.Pos{}, "", "cannot be built")}
	config := attempt{at: place{dir: "d"}, err: &configError{fact.Errorf(fact.At("d/dockgen.yaml", 1), "unknown key")}}
	for name, tt := range map[string]struct {
		tried []attempt
		want  string
	}{
		"beside an app":      {[]attempt{library, app, refused}, "1 app, 2 refused"},
		"no app":             {[]attempt{library, refused}, "cannot be built"},
		"a library alone":    {[]attempt{library}, "a library"},
		"a wrong setting":    {[]attempt{app, config}, "d/dockgen.yaml:1: unknown key"},
		"an unknown failure": {[]attempt{app, {err: errors.New("disk")}}, "disk"},
	} {
		got := "1 app, 2 refused"
		switch r, err := resultOf(tt.tried); {
		case err != nil:
			got = err.Error()
		case len(r.Apps) != 1 || len(r.Refused) != 2:
			t.Errorf("%s: got %d apps and %d refused", name, len(r.Apps), len(r.Refused))
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

// TestConcerns: of the other apps that share the context only what lies in their folders themselves is looked at.
func TestConcerns(t *testing.T) {
	files := []string{"apps/api/index.js", "apps/api/lib/a.js", "apps/web/lib/b.js", "apps/web/package.json", "lib/c.js", "package.json"}
	for place, want := range map[string]string{
		"":         "apps/api/index.js apps/api/lib/a.js apps/web/lib/b.js apps/web/package.json lib/c.js package.json",
		"apps/api": "apps/api/index.js apps/api/lib/a.js apps/web/package.json lib/c.js package.json",
		"apps/web": "apps/api/index.js apps/web/lib/b.js apps/web/package.json lib/c.js package.json",
	} {
		app := &App{Plan: &plan.App{Dir: root, Place: place}, beside: map[string]bool{"apps/api": true, "apps/web": true}}
		if got := strings.Join(app.concerns(files), " "); got != want {
			t.Errorf("%s: got %s, want %s", place, got, want)
		}
	}
}

// TestBesideOf: the profile of an app's dockgen.yaml lies below that, that of a lock below the root.
func TestBesideOf(t *testing.T) {
	for _, tt := range []struct{ file, name, want string }{
		{"dockgen.yaml", "p.yaml", "p.yaml"},
		{"web/dockgen.yaml", "./p.yaml", "web/p.yaml"},
		{"web/dockgen.yaml", "../../p.yaml", "../p.yaml"},
		{"web/dockgen.yaml", "/etc/p.yaml", "/etc/p.yaml"},
		{"dockgen.lock", "web/p.yaml", "web/p.yaml"},
	} {
		if got := besideOf(fact.At(tt.file, 1), tt.name); got != tt.want {
			t.Errorf("%s of %s: got %s, want %s", tt.name, tt.file, got, tt.want)
		}
	}
}
