package node

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/node/nodetest"
	"github.com/dockgen/dockgen/profiles/plan"
)

// TestWholeApp holds the prod stage of an app that ships all of its folder to
// what the server writes there.
func TestWholeApp(t *testing.T) {
	dockerfile, _, _ := render(t, map[string]string{
		"package.json": nodetest.Manifest("next react", "build: next build", "start: next start"), "next.config.mjs": "import './env.mjs'; export default {}", "env.mjs": "",
	})
	for _, want := range []string{
		"COPY --link --from=build --exclude=.next /app/ ./\n",
		"COPY --link --chown=65532:65532 --from=build /app/.next/ .next/\n",
	} {
		if !strings.Contains(dockerfile, want) {
			t.Errorf("want %q in\n%s", want, dockerfile)
		}
	}
	if strings.Contains(dockerfile, "node_modules/ node_modules/") {
		t.Errorf("node_modules is copied twice:\n%s", dockerfile)
	}
}

func TestUnchecked(t *testing.T) {
	files := map[string]string{"package.json": nodetest.Manifest("next", "build: next build"), "src/env.js": "export const env = createEnv({skipValidation: !!process.env.SKIP_ENV_VALIDATION})"}
	with, _, _ := render(t, files)
	const want = "# build does not check the variables that the app needs at run time.\nFROM deps AS build\nENV SKIP_ENV_VALIDATION=1\n"
	if !strings.Contains(with, want) || strings.Count(with, "SKIP_ENV_VALIDATION") != 2 {
		t.Errorf("want %q, and the build that test runs alike, in\n%s", want, with)
	}
	files["src/env.js"] = "export const env = createEnv({})"
	if without, _, _ := render(t, files); strings.Contains(without, "SKIP_ENV_VALIDATION") {
		t.Errorf("got\n%s", without)
	}
}

func TestBuildRows(t *testing.T) {
	rows, err := buildRows()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows.Unchecked {
		if _, err := plan.NewEnv(r.Variable, r.Value); err != nil || !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("unchecked: %+v is not whole: %v", r, err)
		}
	}
	for _, r := range rows.MD4 {
		if !strings.HasPrefix(r.Source, "https://") || r.Package == "" || r.Below == 0 {
			t.Errorf("md4: %+v is not whole", r)
		}
	}
}

func TestSiteRuntimes(t *testing.T) {
	files := map[string]string{"package.json": nodetest.Manifest("vite", "build: vite build"), "index.html": ""}
	for r, want := range map[plan.Runtime]bool{plan.Scratch: false, plan.Distroless: false, plan.Alpine: true, plan.Slim: true} {
		if _, _, err := decide(t, files, "runtime="+string(r)); (err == nil) != want {
			t.Errorf("%s: got %v, want %v", r, err, want)
		}
	}
}
