package golang

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/fact"
)

// said is what a BuildFlags says, a line for each fact with its place.
func said(c BuildFlags) []string {
	out := []string{}
	list := func(what string, facts ...fact.Fact[string]) {
		for _, f := range facts {
			if f.Found() {
				out = append(out, fmt.Sprintf("%s %s %s", what, f.Value, f.Pos))
			}
		}
	}
	list("tag", c.Tags...)
	list("some", c.PartialTags...)
	list("experiment", c.Experiments...)
	list("debug", c.Debug)
	for what, f := range map[string]fact.Fact[bool]{"nocgo": c.NoCgo, "nowork": c.NoWork, "nomodules": c.NoModules} {
		if f.Value {
			list(what, fact.Fact[string]{Value: "yes", Pos: f.Pos})
		}
	}
	slices.Sort(out)
	return out
}

func TestCustom(t *testing.T) {
	for name, tt := range map[string]struct {
		archive string
		want    []string
	}{
		"nothing":              {"-- Makefile --\nbuild:\n\tgo build ./...\n", []string{}},
		"make":                 {"-- Makefile --\nbuild:\n\tCGO_ENABLED=0 GOEXPERIMENT=jsonv2 go build -tags netgo,fts5 -o bin/x ./cmd/x\n", []string{"experiment jsonv2 Makefile:2", "nocgo yes Makefile:2", "tag fts5 Makefile:2", "tag netgo Makefile:2"}},
		"spaces and quotes":    {"-- Makefile --\nx:\n\t@go build -tags \"a b\" ./cmd/x\n", []string{"tag a Makefile:2", "tag b Makefile:2"}},
		"variables of make":    {"-- Makefile --\nGO ?= go\nTAGS := sqlite prod\nx:\n\t$(GO) build -tags=\"$(TAGS)\" .\n", []string{"tag prod Makefile:4", "tag sqlite Makefile:4"}},
		"continued":            {"-- Makefile --\nx:\n\tgo build \\\n\t  -tags prod \\\n\t  -o x .\n", []string{"tag prod Makefile:2"}},
		"a reference":          {"-- Makefile --\nx:\n\tgo build -tags $(SHELL_OUT) .\n", []string{}},
		"two disagree":         {"-- Makefile --\nx:\n\tgo build -tags prod,a .\ny:\n\tgo build -tags prod .\n", []string{"some a Makefile:2", "tag prod Makefile:2"}},
		"a tool does not":      {"-- Makefile --\nx:\n\tgo build -tags prod .\ny:\n\tgo build ./tools/gen\n\tgo install example.com/x@v1.0.0\n\tgo build -race .\n\tGOOS=windows go build .\n", []string{"tag prod Makefile:2"}},
		"runs alone":           {"-- Makefile --\nrun:\n\tgo run -tags migrate ./cmd/x\ntools:\n\tgo install -tags postgres example.com/m/cmd/m@latest\n", []string{"tag migrate Makefile:2"}},
		"a run beside a build": {"-- Makefile --\nrun:\n\tgo run -tags migrate .\nbuild:\n\tgo build .\n", []string{}},
		"runs of developers":   {"-- Makefile --\nrun:\n\tgo run -tags dev .\n", []string{}},
		"runs of a tool":       {"-- Makefile --\nrun:\n\tgo run -tags a ./tools/gen\n\tgo run -tags b example.com/x@v1\n", []string{}},
		"a test is no build":   {"-- Makefile --\nx:\n\tgo test -tags integration ./...\n", []string{}},
		"exported":             {"-- Makefile --\nexport CGO_ENABLED=0\nexport GOFLAGS := -tags=prod\nx:\n\tgo build .\n", []string{"nocgo yes Makefile:4", "tag prod Makefile:4"}},
		"exported below":       {"-- Makefile --\nGOEXPERIMENT = jsonv2\nexport GOEXPERIMENT\nx:\n\tgo build .\n", []string{"experiment jsonv2 Makefile:4"}},
		"not exported":         {"-- Makefile --\nGOEXPERIMENT = jsonv2\nx:\n\tgo build .\n", []string{}},
		"mise":                 {"-- mise.toml --\n[env]\nGOEXPERIMENT = \"jsonv2\"\nGOFLAGS = \"-tags=prod -mod=mod\"\nGODEBUG = \"netdns=go\"\n", []string{"debug netdns=go mise.toml:4", "experiment jsonv2 mise.toml:2", "tag prod mise.toml:2"}},
		"envrc":                {"-- .envrc --\nexport GOWORK=off\nexport GOEXPERIMENT=\"$X\"\n", []string{"nowork yes .envrc:1"}},
		"a comment":            {"-- .envrc --\n# export GOWORK=off\n", []string{}},
		"the release counts":   {"-- .goreleaser.yaml --\nversion: 2\nenv:\n  - GOEXPERIMENT=jsonv2\nbuilds:\n  - env: [CGO_ENABLED=0]\n    tags:\n      - prod\n    flags: [-trimpath, -tags=b]\n-- Makefile --\nx:\n\tgo build -tags dev .\n", []string{"experiment jsonv2 .goreleaser.yaml:7", "nocgo yes .goreleaser.yaml:7", "tag b .goreleaser.yaml:7", "tag prod .goreleaser.yaml:7"}},
		"two releases":         {"-- .goreleaser.yaml --\nbuilds:\n  - env: [CGO_ENABLED=0]\n    flags: -trimpath\n  - flags: -trimpath\n", []string{}},
		"a template":           {"-- .goreleaser.yaml --\nbuilds:\n  - tags: [\"{{ .Env.TAGS }}\", prod]\n", []string{"tag prod .goreleaser.yaml:2"}},
		"no YAML":              {"-- .goreleaser.yaml --\n{{ if }}\n", []string{}},
		"Dockerfile":           {"-- Dockerfile --\nFROM golang\nENV CGO_ENABLED=0 \\\n    GOFLAGS=-tags=prod\nRUN go build -o /x .\n-- Makefile --\nx:\n\tgo build -tags dev .\n", []string{"nocgo yes Dockerfile:4", "tag prod Dockerfile:4"}},
		"dockgen's Dockerfile": {"-- dockgen.lock --\n-- Dockerfile --\nFROM golang\nRUN go build -tags prod -o /x .\n", []string{}},
		"dockgen's stages":     {"-- Dockerfile --\nFROM golang AS base\nFROM base AS dev\nFROM base AS test\nFROM base AS prod\nRUN go build -tags prodtag -o /x .\n", []string{"tag prodtag Dockerfile:5"}},
		"a here-document":      {"-- scripts/build.sh --\ncat <<E\nusage: go build -tags oldstore\n  go build -tags oldstore .\nE\ngo build -tags newstore .\n", []string{"tag newstore scripts/build.sh:5"}},
		"a case":               {"-- Makefile --\nbuild:\n\tcase `uname` in Linux) go build -tags linuxprod . ;; esac\n", []string{"tag linuxprod Makefile:2"}},
		"CI":                   {"-- .github/workflows/ci.yml --\nenv:\n  CGO_ENABLED: 0\njobs:\n  x:\n    steps:\n      - run: go build -tags prod .\n", []string{"nocgo yes .github/workflows/ci.yml:6", "tag prod .github/workflows/ci.yml:6"}},
		"hostile":              {"-- Makefile --\nx:\n\tgo build -tags 'a;b,c$(d),e' .\n", []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts(t, "-- go.mod --\nmodule example.com/app\n-- main.go --\n"+quiet+tt.archive)
			if diff := cmp.Diff(tt.want, said(f.BuildFlags)); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

// TestCustomFiles finds packages as a build with the repository's own tags and
// variables does.
func TestCustomFiles(t *testing.T) {
	app := "-- go.mod --\nmodule example.com/app\n-- main.go --\n" + quiet +
		"-- prod.go --\n//go:build prod\n\npackage main\nimport \"net/http\"\nfunc init() { http.ListenAndServe(\":1\", nil) }\n" +
		"-- c.go --\npackage main\nimport \"C\"\n" +
		"-- j.go --\n//go:build goexperiment.jsonv2\n\npackage main\nimport _ \"github.com/x/y\"\n"
	f := facts(t, app)
	if m := f.Mains[0]; len(m.Listens) != 0 || len(m.Cgo) != 1 || len(m.Imports) != 0 {
		t.Errorf("without: got %+v", m)
	}
	f = facts(t, app+"-- Makefile --\nx:\n\tCGO_ENABLED=0 GOEXPERIMENT=jsonv2 go build -tags prod .\n")
	if m := f.Mains[0]; len(m.Listens) != 1 || len(m.Cgo) != 0 || len(m.Imports) != 1 {
		t.Errorf("with: got %+v", m)
	}
}

// TestNoWork passes go.work over where the repository's own builds do.
func TestNoWork(t *testing.T) {
	const work = "-- go.work --\nuse ./x\n-- x/go.mod --\nmodule x\n-- go.mod --\nmodule example.com/app\n-- main.go --\n" + quiet
	if f := facts(t, work); f.Work == nil || len(f.Mains) != 0 {
		t.Errorf("got %+v", f)
	}
	if f := facts(t, work+"-- .envrc --\nexport GOWORK=off\n"); f.Work != nil || len(f.Mains) != 1 || !f.BuildFlags.NoWork.Value {
		t.Errorf("got %+v", f)
	}
}

func TestPrivateEnv(t *testing.T) {
	for name, tt := range map[string]struct {
		archive string
		want    []string
	}{
		"envrc":         {"-- .envrc --\nexport GOPRIVATE=github.com/acme/*,git.corp.example\n", []string{"GOPRIVATE=github.com/acme/*,git.corp.example .envrc:1"}},
		"mise":          {"-- mise.toml --\n[env]\nGOPRIVATE = \"github.com/acme\"\n", []string{"GOPRIVATE=github.com/acme mise.toml:2"}},
		"make":          {"-- Makefile --\nexport GOPRIVATE ?= github.com/acme\n", []string{"GOPRIVATE=github.com/acme Makefile:1"}},
		"make, in line": {"-- Makefile --\nx:\n\tGOPRIVATE=github.com/acme go build .\n", []string{"GOPRIVATE=github.com/acme Makefile:2"}},
		"workflow":      {"-- .github/workflows/ci.yml --\nenv:\n  GOPRIVATE: \"github.com/acme/*\"\n", []string{"GOPRIVATE=github.com/acme/* .github/workflows/ci.yml:2"}},
		"go env -w":     {"-- .gitlab-ci.yml --\nx:\n  script:\n    - go env -w GOPRIVATE=git.example/acme\n", []string{"GOPRIVATE=git.example/acme .gitlab-ci.yml:3"}},
		"Dockerfile":    {"-- Dockerfile --\nFROM golang\nENV GOPRIVATE=git.example\nENV GONOSUMDB git.example\nARG GOPROXY=https://proxy.example,direct\n", []string{"GOPRIVATE=git.example Dockerfile:2", "GONOSUMDB=git.example Dockerfile:3"}},
		"a credential":  {"-- .envrc --\nexport GOPROXY=https://me:secret@proxy.example,direct\n", nil},
		"as long":       {"-- .envrc --\nexport GOPRIVATE=" + strings.Repeat("a", 500) + "\n", []string{"GOPRIVATE=" + strings.Repeat("a", 500) + " .envrc:1"}},
		"too long":      {"-- .envrc --\nexport GOPRIVATE=" + strings.Repeat("a", 501) + "\n", nil},
		"a reference":   {"-- .envrc --\nexport GOPRIVATE=github.com/$ORG\n", nil},
		"several":       {"-- .envrc --\nexport GOPRIVATE=a.example\n-- Makefile --\nexport GOPRIVATE=b.example\n", []string{"GOPRIVATE=a.example .envrc:1", "GOPRIVATE=b.example Makefile:1"}},
		"netrc":         {"-- .netrc --\nmachine a.example login x password GOPRIVATE=y\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, v := range facts(t, "-- go.mod --\nmodule example.com/app\n-- main.go --\n"+quiet+tt.archive).Env {
				got = append(got, v.Value.Name+"="+v.Value.Value+" "+v.Pos.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

// Many files are read for many modules.
func TestManyBuilds(t *testing.T) {
	var b strings.Builder
	for i := range 20 {
		fmt.Fprintf(&b, "-- scripts/s%d.sh --\n%s", i, strings.Repeat("CGO_ENABLED=0 go build -tags x -ldflags '-X main.version=$V' ./x\n", 2500))
	}
	for i := range 200 {
		fmt.Fprintf(&b, "-- m%d/go.mod --\nmodule example.com/m\n-- m%d/main.go --\npackage main\nvar version string\nfunc main() {}\n", i, i)
	}
	f := facts(t, b.String())
	if c := f.Nested[199].BuildFlags; len(f.Nested) != 200 || !c.NoCgo.Value || len(c.Tags) != 1 {
		t.Errorf("%d modules, the last %+v", len(f.Nested), c)
	}
}
