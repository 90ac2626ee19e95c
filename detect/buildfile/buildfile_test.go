package buildfile

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readText reads a file at the root of a repository.
func readText(name, text string) *File {
	f := &File{Name: name, Kind: kindOf(name), rel: name}
	f.read(text)
	return f
}

func TestRewrites(t *testing.T) {
	for line, want := range map[string]Rewrite{
		`git config --global url."git@github.com:".insteadOf "https://github.com/"`:                                    {"https://github.com/", "git@github.com:"},
		`RUN git config --global url.ssh://git@git.example:7999/acme/.insteadOf https://git.example/acme/ && go build`: {"https://git.example/acme/", "ssh://git@git.example:7999/acme/"},
		`git config --global url."https://${TOKEN}:x-oauth-basic@github.com/acme".insteadOf "https://github.com/acme"`: {"https://github.com/acme", ""},
		`git config --global url."https://oauth2:${{ secrets.T }}@gitlab.com".insteadOf https://gitlab.com`:            {},
		`git config --global url."https://oauth2:${{secrets.T}}@gitlab.com".insteadOf https://gitlab.com`:              {"https://gitlab.com", ""},
		`git config --global url."https://github.com/".insteadOf "git@github.com:"`:                                    {},
		`git config --global url."git@github.com:;evil".insteadOf "https://github.com/"`:                               {},
		`# git config --global url."git@github.com:".insteadOf "https://github.com/"`:                                  {},
		`RUN sh -c "git config --global url.\"git@github.com:acme/\".insteadOf \"https://github.com/acme/\""`:          {"https://github.com/acme/", "git@github.com:acme/"},
		`git config --global url."git@github.com:".insteadOf "https://user:secret@github.com/"`:                        {},
	} {
		var got Rewrite
		for _, x := range readText("x.sh", line+"\n").Rewrites {
			got = x.Value
			if strings.Contains(got.From+got.SSH, "secret") || x.Pos.Line != 1 {
				t.Errorf("%s: got %+v", line, x)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: want -, got +:\n%s", line, diff)
		}
	}
}

// said prints a command: LINE [RULE] DIR$ NAME=VALUE… WORDS, and of the go
// command the verb, the tags, the packages and the arguments.
func said(c Command) string {
	out := fmt.Sprint(c.Pos.Line)
	if c.Rule != "" {
		out += " " + c.Rule
	}
	out += " " + c.Dir + "$"
	for _, name := range slices.Sorted(maps.Keys(c.Env)) {
		out += " " + name + "=" + c.Env[name]
	}
	if c.Go == nil {
		return strings.ReplaceAll(fmt.Sprintf("%s %q", out, c.Words), Hole, "?")
	}
	out += fmt.Sprintf(" %s%q %q %q", c.Go.Verb, c.Go.Tags, c.Go.Packages, c.Go.Args)
	if o := c.Go.Flags["o"] + c.Binary; o != "" {
		out += " > " + o
	}
	return strings.ReplaceAll(out, Hole, "?")
}

func TestCommands(t *testing.T) {
	for name, tt := range map[string]struct {
		file, text string
		want       []string
	}{
		"make, variables in variables": {
			"Makefile", "GOBUILD = CGO_ENABLED=0 $(GO) build $(FLAGS)\nFLAGS = -tags $(TAGS)\nTAGS ?= a,b\nbuild:\n\t$(GOBUILD) -o bin/$@ ./cmd/x\n",
			[]string{`5 build .$ CGO_ENABLED=0 build["a" "b"] ["./cmd/x"] [] > bin/build`},
		},
		"make, what is not known": {
			"Makefile", "run:\n\tgo run $(FLAGS) -tags=$(T),x ./cmd/x $(shell a $(B)) y\n",
			[]string{`2 run .$ run["x"] ["./cmd/x"] ["?" "y"]`},
		},
		"make, a conditional within a recipe": {
			"Makefile", "build:\nifdef X\n\tgo build -tags a .\nelse\n\tgo build .\nendif\n",
			[]string{`3 build .$ build["a"] ["."] []`, `5 build .$ build[] ["."] []`},
		},
		"make, a define": {
			"Makefile", "define compile\n\tGOOS=linux go build -tags a -o x ./$(1)\nendef\nx:\n\t$(call compile,y)\n",
			[]string{`2 .$ GOOS=linux build["a"] ["./?"] [] > x`},
		},
		"make, a loop of the shell": {
			"Makefile", "all:\n\tfor a in x y; do echo $$a; CGO_ENABLED=0 go build -o $$a ./cmd/$$a; done\n",
			[]string{`2 all .$ CGO_ENABLED=0 build[] ["./cmd/?"] [] > ?`},
		},
		"make, no shell": {"Makefile", "x:\n\t@go build -tags a ./x && (\n", []string{`2 x .$ build["a"] ["./x"] []`}},
		"make, needed twice": {
			"Makefile", "run: x\n\t./x\nbuild: x\nx:\n\tgo build -o $@ .\nother:\n\tgo install ./y\n",
			[]string{`5 run .$ build[] ["."] [] > x`, `2 run .$ ["./x"]`, `5 build .$ build[] ["."] [] > x`, `7 other .$ install[] ["./y"] []`},
		},
		"a script": {
			"build.sh", "TAGS=\"a b\"\nT=${T:-c}\nGOOS=linux go build -tags \"$TAGS $T\" ./x\n# go build ./y\n",
			[]string{`3 .$ GOOS=linux build["a" "b"] ["./x"] []`},
		},
		"a workflow": {
			".github/workflows/x.yml", "env:\n  T: a b\nsteps:\n  - run: env CGO_ENABLED=0 go build -tags \"${{ env.X }},$T\" -o \"x\" . && ./x\n",
			[]string{`4 .$ CGO_ENABLED=0 build["a" "b"] ["."] [] > x`},
		},
		"a task": {"Taskfile.yml", "cmds:\n  - go build -ldflags '-s {{.X}}' -tags a ./x\n", []string{`2 .$ build["a"] ["./x"] []`}},
		"a Dockerfile": {
			"Dockerfile", "FROM golang AS b\nARG TAGS=a\nWORKDIR /src\nCOPY server .\nRUN export CGO_ENABLED=0 && cd api && go build -tags=$TAGS\nRUN [\"go\", \"install\", \"./x\"]\nRUN <<E\nif true; then\n go build -C y .\nfi\nE\nFROM b\nCMD sh -c 'exec api -x'\n",
			[]string{`5 server/api$ CGO_ENABLED=0 build["a"] [] []`, `6 server$ install[] ["./x"] []`, `7 server/y$ build[] ["."] []`, `13 .$ ["api" "-x"]`},
		},
		"a Dockerfile, no shell": {"Dockerfile", "FROM x\nRUN go build -tags a . && (\n", []string{`2 .$ build["a"] ["."] []`}},
		"goreleaser": {
			".goreleaser.yaml", "builds:\n  - main: cmd/x\n    dir: y\n    binary: z\n    flags: [-trimpath, \"-tags=a b\"]\n    env: [CGO_ENABLED=0, X=y]\n  - builder: rust\n  - env: {a: b}\n  - flags: -tags c -v\n",
			[]string{`2 y$ CGO_ENABLED=0 build["a" "b"] ["./cmd/x"] [] > z`, `9 .$ build["c"] ["./"] []`},
		},
		"flags": {
			"x.sh", "go -C x build --race -ldflags '-s -w' -gcflags=all=-N -p 4 -v ./a ./b\ngo run a.go b.go -x\ngo test -tags a ./...\ngo run\n",
			[]string{`1 x$ build[] ["./a" "./b"] []`, `2 .$ run[] ["a.go" "b.go"] ["-x"]`},
		},
		"the README": {"README.md", "Run `go run ./x serve` (or `go install a.example/x@v1`), not cargo run.\n", []string{`1 .$ run[] ["./x"] ["serve"]`, `1 .$ install[] ["a.example/x@v1"] []`}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range readText(tt.file, tt.text).Commands {
				got = append(got, said(c))
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
		got := [2]string{strings.ReplaceAll(newScope(vars, Hole).expand(text), Hole, "?"), newScope(vars, "").expand(text)}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	if s := newScope(vars, Hole).expand(strings.Repeat("$(L)", 100)); len(s) > 8*maxText {
		t.Errorf("%d bytes", len(s))
	}
}
