package buildfile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readText reads a file at the root of a repository.
func readText(name, text string) *File {
	row := rowOf(name)
	f := &File{Name: name, Kind: row.kind, Text: text, rel: name}
	f.read(row)
	return f
}

// said prints a command: LINE [RULE] DIR$ NAME=VALUE… WORDS, with c, l and s for
// Conditional, Loop and Step.
func said(c Command) string {
	var out strings.Builder
	fmt.Fprint(&out, c.Pos.Line)
	if c.Rule != "" {
		out.WriteString(" " + c.Rule)
	}
	out.WriteString(" " + c.Dir + "$")
	for _, v := range c.Env {
		out.WriteString(" " + v.Name + "=" + v.Value)
	}
	for _, w := range c.Words {
		if strings.ContainsAny(w, " ") || w == "" {
			w = fmt.Sprintf("%q", w)
		}
		out.WriteString(" " + w)
	}
	if c.Binary != "" {
		out.WriteString(" > " + c.Binary)
	}
	for _, mark := range []struct {
		is   bool
		sign string
	}{{c.Conditional, " (c)"}, {c.Loop, " (l)"}, {c.Step, " (s)"}} {
		if mark.is {
			out.WriteString(mark.sign)
		}
	}
	return strings.ReplaceAll(out.String(), Unknown, "?")
}

func TestCommands(t *testing.T) {
	for name, tt := range map[string]struct {
		file, text string
		want       []string
	}{
		"make, variables in variables": {
			"Makefile", "GOBUILD = CGO_ENABLED=0 $(GO) build $(FLAGS)\nFLAGS = -tags $(TAGS)\nTAGS ?= a,b\nbuild:\n\t$(GOBUILD) -o bin/$@ ./cmd/x\n",
			[]string{"5 build .$ CGO_ENABLED=0 go build -tags a,b -o bin/build ./cmd/x"},
		},
		"make, what is not known": {
			"Makefile", "run:\n\tgo run $(FLAGS) -tags=$(T),x ./cmd/x $(shell a $(B)) y\n",
			[]string{"2 run .$ go run ? -tags=?,x ./cmd/x ? y"},
		},
		"make, a conditional within a recipe": {
			"Makefile", "build:\nifdef X\n\tgo build -tags a .\nelse\n\tgo build .\nendif\n",
			[]string{"3 build .$ go build -tags a .", "5 build .$ go build ."},
		},
		"make, a define": {
			"Makefile", "define compile\n\tGOOS=linux go build -tags a -o x ./$(1)\nendef\nx:\n\t$(call compile,y)\n",
			[]string{"2 .$ GOOS=linux go build -tags a -o x ./?"},
		},
		"make, a loop of the shell": {
			"Makefile", "all:\n\tfor a in x y; do CGO_ENABLED=0 go build -o $$a ./cmd/$$a; done\n",
			[]string{"2 all .$ CGO_ENABLED=0 go build -o x ./cmd/x (l)", "2 all .$ CGO_ENABLED=0 go build -o y ./cmd/y (l)"},
		},
		"make, a case": {
			"Makefile", "build:\n\t@case `uname` in \\\n\t  Linux) go build -tags linuxprod . ;; \\\n\t  *) go build . ;; \\\n\tesac\n",
			[]string{"2 build .$ go build -tags linuxprod . (c)", "2 build .$ go build . (c)"},
		},
		"make, no shell": {"Makefile", "x:\n\t@go build -tags a ./x && (\n", []string{"2 x broken: go build -tags a ./x && ("}},
		"make, needed twice": {
			"Makefile", "run: x\n\t./x\nbuild: x\nx:\n\tgo build -o $@ .\nother:\n\tgo install ./y\n",
			[]string{"5 run .$ go build -o x .", "2 run .$ ./x", "5 build .$ go build -o x .", "7 other .$ go install ./y"},
		},
		"a script": {
			"build.sh", "TAGS=\"a b\"\nT=${T:-c}\nGOOS=linux go build -tags \"$TAGS $T\" ./x\n# go build ./y\n",
			[]string{`3 .$ GOOS=linux go build -tags "a b c" ./x`},
		},
		"a script, its own folder": {
			"scripts/build.sh", "#!/bin/sh\nset -e\ncd \"$(dirname \"$0\")/../web\"\nnpm run build\ncd \"$(git rev-parse --show-toplevel)\"\ngo build -o $PWD/bin/x ./cmd/x\n",
			[]string{"4 web$ npm run build", "6 .$ go build -o ./bin/x ./cmd/x"},
		},
		"a script, a here-document": {
			"scripts/build.sh", "usage() {\ncat <<E\ngo build -tags old .\nE\n}\nusage\ncat > x <<'E'\ngo build -tags older .\nE\nbash <<E\ngo build -tags new .\nE\n",
			[]string{"2 .$ cat", "7 .$ cat", "10 .$ go build -tags new ."},
		},
		"a script, functions and case": {
			"run.sh", "build() {\n  go build -tags $1 .\n}\ncase $1 in\na) build a ;;\nb|c) build b && ./x ;;\nesac\nif ! time build d; then exit 1; fi\n",
			[]string{"2 .$ go build -tags a . (c)", "2 .$ go build -tags b . (c)", "6 .$ ./x (c)", "2 .$ go build -tags d ."},
		},
		"a workflow": {
			".github/workflows/x.yml", "env:\n  T: a b\nsteps:\n  - run: env CGO_ENABLED=0 go build -tags \"${{ env.X }},$T\" -o \"x\" . && ./x\n    working-directory: api\n  - run: |\n      make\n      cd web && npm ci\n",
			[]string{`4 api$ CGO_ENABLED=0 go build -tags "?,a b" -o x .`, "4 api$ ./x", "7 .$ make", "8 web$ npm ci"},
		},
		"a pipeline": {
			".gitlab-ci.yml", "variables: {T: x}\nbuild:\n  script:\n    - cd api\n    - go build -tags $T\n  before_script: [apt-get update]\n",
			[]string{"5 .$ go build -tags x", "6 .$ apt-get update"},
		},
		"a task": {"Taskfile.yml", "vars: {T: x}\ntasks:\n  build:\n    dir: api\n    cmds:\n      - go build -ldflags '-s {{.X}}' -tags {{.T}} ./x\n      - task: other\n      - cmd: ./x\n", []string{`6 api$ go build -ldflags "-s ?" -tags x ./x`, "8 api$ ./x"}},
		"a Dockerfile": {
			"Dockerfile", "FROM golang AS b\nARG TAGS=a\nWORKDIR /src\nCOPY server .\nRUN export CGO_ENABLED=0 && cd api && go build -tags=$TAGS\nRUN [\"go\", \"install\", \"./x\"]\nRUN <<E\nif true; then\n go build -C y .\nfi\nE\nFROM b\nCMD sh -c 'exec api -x'\n",
			[]string{"5 server/api$ CGO_ENABLED=0 go build -tags=a (s)", "6 server$ go install ./x (s)", "9 server$ go build -C y . (c) (s)", "13 .$ api -x"},
		},
		"a Dockerfile, here-documents": {
			"Dockerfile", "FROM x\nRUN python3 <<E\ngo build\nE\nRUN bash <<E\nnpm ci\nE\nRUN <<E\n#!/usr/bin/env python3\ngo build\nE\nRUN cat <<E > /x\ngo build\nE\n",
			[]string{"2 .$ python3 (s)", "5 .$ npm ci (s)", "12 .$ cat (s)"},
		},
		"a Dockerfile, no shell": {"Dockerfile", "FROM x\nRUN go build -tags a . && (\n", []string{"2  broken: go build -tags a . && ("}},
		"goreleaser": {
			".goreleaser.yaml", "builds:\n  - main: cmd/x\n    dir: y\n    binary: z\n    flags: [-trimpath, \"-tags=a b\"]\n    tags: [c]\n    env: [CGO_ENABLED=0, X=y]\n  - builder: rust\n  - env: {a: b}\n  - flags: -tags c -v\n    ldflags: [-s, -X main.v=1]\n",
			[]string{`6 y$ CGO_ENABLED=0 X=y go build -trimpath "-tags=a b,c" ./cmd/x > z`, `10 .$ go build -tags c -v "-ldflags=-s -X main.v=1" ./`},
		},
		"promu": {
			".promu.yml", "go:\n  cgo: false\nbuild:\n  binaries:\n    - name: prometheus\n      path: ./cmd/prometheus\n    - name: promtool\n      path: ./cmd/promtool\n  flags: -a -tags 'netgo x'\n  tags:\n    all: [builtinassets]\n    windows: [w]\n  ldflags: |\n    -X a.b=1\n    -X a.c={{user}}@{{host}}\n",
			[]string{`5 .$ CGO_ENABLED=0 go build -a -tags "netgo x,builtinassets" "-ldflags=-X a.b=1 -X a.c={{user}}@{{host}}" ./cmd/prometheus > prometheus`, `7 .$ CGO_ENABLED=0 go build -a -tags "netgo x,builtinassets" "-ldflags=-X a.b=1 -X a.c={{user}}@{{host}}" ./cmd/promtool > promtool`},
		},
		"promu, by default": {".promu.yml", "go: {cgo: true}\nbuild:\n  flags: -mod=vendor\n", []string{"3 .$ CGO_ENABLED=1 go build -mod=vendor ./"}},
		"promu, hostile":    {".promu.yml", "build:\n  flags: $(id); rm -rf /\n  binaries: [{name: '$(id)', path: '../..'}, 5]\n", []string{"3 .$ CGO_ENABLED=0 go build ./../..", "3 .$ CGO_ENABLED=0 go build ./"}},
		"a Procfile":        {"Procfile", "web: exec env A=1 ./x serve\nrelease: ./x migrate\nno process\n", []string{"1 web .$ A=1 ./x serve", "2 release .$ ./x migrate"}},
		"a Procfile, odd lines": {
			"Procfile", "# why\nrelease: ./migrate up\r\n\n  web:npm start -- --port=$PORT  \nsome words: x\nworker:\n#old: x\nurgent_worker-2: a # b\nnothing\n",
			[]string{"2 release .$ ./migrate up", "4 web .$ npm start -- --port=?", "8 urgent_worker-2 .$ a"},
		},
		"heroku":     {"go.mod", "module x\n// +heroku install ./cmd/...\n", []string{"2 .$ go install ./cmd/..."}},
		"App Engine": {"app.yaml", "runtime: go122\nmain: ./cmd/x\nentrypoint: bin/x -v\n", []string{"3 .$ bin/x -v", "2 .$ go build ././cmd/x"}},
		"Fly":        {"fly.toml", "app = 'x'\n[processes]\n  web = 'x serve'\n", []string{"3 .$ x serve"}},
		"air":        {".air.toml", "[build]\ncmd = \"go build -o tmp/x ./cmd/x\"\n", []string{"2 .$ go build -o tmp/x ./cmd/x"}},
		"compose":    {"compose.yaml", "services:\n  db: {image: postgres}\n  x:\n    build: .\n    command: ['-x', \"${Y:-z}\"]\n", []string{`5 .$ "" -x z`}},
		"the README": {"README.md", "Run `go run ./x serve`.\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			f := readText(tt.file, tt.text)
			for _, c := range f.Commands {
				got = append(got, said(c))
			}
			for _, b := range f.Broken {
				got = append(got, fmt.Sprintf("%d %s broken: %s", b.Pos.Line, b.Rule, b.Text))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

func TestExpand(t *testing.T) {
	vars := map[string]string{"A": "a", "B": "$(A)b", "C-D": "cd", "L": "$(L)$(L)", "E": ""}
	for text, want := range map[string][2]string{ // with holes, and with what is not known left as it is
		"$A ${A} $(A) {{.A}} {{ .A }}":  {"a a a a a", "a a a a a"},
		"$(B)$(C-D)":                    {"abcd", "abcd"},
		"${X:-d} ${E:-d} ${A-d} ${X-d}": {"d d a d", "d d a d"},
		"$(X) ${X} $X {{.X}} $(f $(A))": {"? ? ? ? ?", "$(X) ${X} $X {{.X}} $(f $(A))"},
		"$$A":                           {"$A", "$$A"},
		"$@ $<":                         {"? ?", "$@ $<"},
		"$(E)":                          {"", ""},
	} {
		got := [2]string{strings.ReplaceAll(newScope(vars, Unknown).expand(text), Unknown, "?"), newScope(vars, "").expand(text)}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	if s := newScope(vars, Unknown).expand(strings.Repeat("$(L)", 100)); len(s) > 8*maxText {
		t.Errorf("%d bytes", len(s))
	}
}
