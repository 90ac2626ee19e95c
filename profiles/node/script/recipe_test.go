package script

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
)

// TestRecipe: the scripts that the repository's own files run around the build.
func TestRecipe(t *testing.T) {
	f := facts("build", "vite build", "build-docker", "run-s a b", "generate", "codegen", "css", "sass", "test", "vitest", "lint", "eslint", "prebuild", "run-s icons", "icons", "svgr", "start", "node x", "docs:build", "vitepress build")
	without := facts("generate", "nuxt generate", "start", "nuxt start")
	for name, tt := range map[string]struct {
		f     *node.Facts
		own   bool
		lines string // of commands
		build string
		first string
		then  string
	}{
		"build alone":                          {f, true, "npm ci\nnpm run build", "build", "", ""},
		"before and after":                     {f, true, "yarn generate\nyarn lint\nyarn build --prod\nyarn css\nyarn test", "build", "generate", "css"},
		"what prebuild runs":                   {f, true, "pnpm icons\npnpm run build", "build", "", ""},
		"another build":                        {f, true, "npm run css\nnpm run build-docker", "build-docker", "css", ""},
		"the site of the documentation":        {f, true, "npm run docs:build", "build", "", ""},
		"a Makefile or CI":                     {f, false, "npm run css\nnpm run lint\nnpm run build\nnpm run generate", "build", "css", ""},
		"a Makefile that does not build":       {f, false, "npm run css", "build", "", ""},
		"no build script":                      {without, true, "npm run generate", "generate", "", ""},
		"no build script, and a Makefile says": {without, false, "npm run generate", "", "", ""},
		"with what it passes on":               {f, true, "npm run build -- --outDir=/out", "build", "", ""},
	} {
		one := *tt.f
		r := buildfile.Recipe{Own: tt.own}
		for l := range strings.Lines(tt.lines) {
			r.Commands = append(r.Commands, buildfile.Command{Words: strings.Fields(l)})
		}
		one.Recipes = []buildfile.Recipe{r}
		got, _, _ := Build(&one)
		first, then := Beside(&one, got)
		names := func(list []fact.Fact[string]) string {
			var out []string
			for _, s := range list {
				out = append(out, s.Value)
			}
			return strings.Join(out, " ")
		}
		if got != tt.build || names(first) != tt.first || names(then) != tt.then {
			t.Errorf("%s: got %q, %q before, %q after", name, got, names(first), names(then))
		}
	}
}
