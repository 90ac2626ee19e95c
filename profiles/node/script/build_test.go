package script

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/buildfile"
)

func TestBuild(t *testing.T) {
	for _, c := range []struct {
		scripts []string
		want    string
	}{
		{[]string{"build", "tsc"}, "build"},
		{[]string{"heroku-postbuild", "x", "gcp-build", "y"}, "heroku-postbuild"},
		{[]string{"prestart", "npm run compile", "compile", "tsc"}, "compile"},
		{[]string{"start", "yarn build:ts && node a.js", "build:ts", "tsc"}, "build:ts"},
		{[]string{"start", "yarn build:ts --watch && node a.js", "build:ts", "tsc"}, ""},
		{[]string{"prestart", "npm run rebuild-all", "rebuild-all", "x"}, ""},
		{nil, ""},
	} {
		name, script, ok := Build(facts(c.scripts...))
		if name != c.want || ok != (c.want != "") || ok && script.Value == "" {
			t.Errorf("%q: got %q, %v", c.scripts, name, ok)
		}
	}
}

func TestBuildCommand(t *testing.T) {
	for _, c := range []struct {
		scripts    []string
		name, argv string
	}{
		{[]string{"build", "tsc && vite build --base /x"}, "build", "vite build --base /x"},
		{[]string{"build", "run-p type-check \"build-only {@}\" --", "build-only", "vite build"}, "build-only", "vite build"},
		{[]string{"build", "run-p build:*", "build:client", "vite build", "build:other", "vite build"}, "build:client", "vite build"},
		{[]string{"build", "tsup", "docs:build", "vite build docs"}, "", ""},
		{[]string{"docs:build", "vite build docs"}, "docs:build", "vite build docs"},
		{[]string{"generate", "vite build"}, "generate", "vite build"},
		{[]string{"dev", "vite"}, "", ""},
	} {
		name, words, ok := BuildCommand(facts(c.scripts...), []string{"vite build"})
		if name != c.name || strings.Join(words, " ") != c.argv || ok != (c.name != "") {
			t.Errorf("%q: got %q, %q, %v", c.scripts, name, words, ok)
		}
	}
}

func TestProduction(t *testing.T) {
	for _, c := range []struct {
		procfile string
		scripts  []string
		want     string
	}{
		{"node p.js", []string{"start", "node a.js"}, "node p.js"},
		{"", []string{"start", "node a.js"}, "node a.js"},
		{"", []string{"serve", "NODE_ENV=production node a.js"}, "NODE_ENV=production node a.js"},
		{"", []string{"serve", "node a.js"}, ""},
		{"", []string{"serve", "NODE_ENV=production serve -s dist"}, ""},
		{"", []string{"prod", "cross-env NODE_ENV=production node a.js"}, "cross-env NODE_ENV=production node a.js"},
		{"", []string{"start:server", "node a.js"}, "node a.js"},
		{"", []string{"start", "node b.js", "prod", "node a.js"}, "node b.js"},
		{"", []string{"prod", "npm run production", "production", "mix --production"}, ""},
		{"", []string{"prod", "webpack --mode production"}, ""},
		{"", []string{"prod", "node node_modules/webpack/bin/webpack.js"}, ""},
		{"", []string{"start:server", "node --watch a.js"}, ""},
		{"", nil, ""},
	} {
		f := facts(c.scripts...)
		if c.procfile != "" {
			f.Procfile = []buildfile.Process{{Name: "worker", Text: "x"}, {Name: "web", Text: c.procfile}}
		}
		if got, ok := Production(f); got.Value != c.want || ok != (c.want != "") {
			t.Errorf("%q, %q: got %q, %v", c.procfile, c.scripts, got.Value, ok)
		}
	}
}
