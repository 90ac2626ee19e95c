package golang

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/detect/tree"
)

// goFileOf reads one build file of a repository.
func goFileOf(t testing.TB, name, text string) *goFile {
	t.Helper()
	tr, err := tree.Scan(t.Context(), fstest.MapFS{name: {Data: []byte(text)}}, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{Folder: module.Folder{Tree: tr, Dir: "."}, home: ".", builds: buildfile.Of(tr, "."), goFiles: map[*buildfile.File]*goFile{}}
	for _, f := range slices.Concat(r.builds.Builds("."), r.builds.Starts()) {
		return r.goFile(f)
	}
	return &goFile{File: &buildfile.File{}}
}

func TestGoCommands(t *testing.T) {
	for name, tt := range map[string]struct {
		file, text string
		want       []string // LINE [RULE] DIR$ NAME=VALUE… VERB[TAGS] [PACKAGES] [ARGUMENTS] > OUTPUT
	}{
		"make": {
			"Makefile", "build:\n\tCGO_ENABLED=0 X=y $(GO) build -tags a,b -o bin/$@ ./cmd/x\n\tgo test ./...\n",
			[]string{`2 build .$ CGO_ENABLED=0 build["a" "b"] ["./cmd/x"] [] > bin/build`},
		},
		"make, what is not known": {
			"Makefile", "run:\n\tgo run $(FLAGS) -tags=$(T),x ./cmd/x $(shell a $(B)) y\n",
			[]string{`2 run .$ run["x"] ["./cmd/x"] ["?" "y"]`},
		},
		"make, no shell": {"Makefile", "T = a\nx:\n\t@$(GO) build -tags $(T) ./x && (\n", []string{`3 x .$ build["a"] ["./x"] []`}},
		"make, a case": {
			"Makefile", "build:\n\t@case `uname` in Linux) go build -tags linuxprod . ;; esac\n",
			[]string{`2 build .$ build["linuxprod"] ["."] []`},
		},
		"a script, a here-document": {
			"scripts/build.sh", "cat <<E\ngo build -tags old .\nE\ngo build -tags new .\n",
			[]string{`4 .$ build["new"] ["."] []`},
		},
		"a script that does not parse": {"build.sh", "T=\"a b\"\nfi\nGOOS=linux go build -tags \"$T\" ./x && y\n# go build z\n", []string{`3 .$ GOOS=linux build["a" "b"] ["./x"] []`}},
		"a workflow": {
			".github/workflows/x.yml", "env:\n  T: a b\nsteps:\n  - run: env CGO_ENABLED=0 go build -tags \"${{ env.X }},$T\" -o \"x\" . && ./x\n",
			[]string{`4 .$ CGO_ENABLED=0 build["a" "b"] ["."] [] > x`},
		},
		"a magefile":             {"magefile.go", "package main\nfunc Build() error { return sh.Run(`go build -tags a ./x`) }\n", []string{"2 .$ build[\"a\"] [\"./x`)\" \"}\"] []"}},
		"a justfile":             {"justfile", "build:\n  go build -tags {{tags}} ./x\n", []string{`2 .$ build[] ["./x"] []`}},
		"a Dockerfile, no shell": {"Dockerfile", "FROM x\nRUN go build -tags a . && (\n", []string{`2 .$ build["a"] ["."] []`}},
		"goreleaser": {
			".goreleaser.yaml", "builds:\n  - main: cmd/x\n    dir: y\n    binary: z\n    flags: [-trimpath, \"-tags=a b\"]\n    env: [CGO_ENABLED=0, X=y]\n  - tags: [\"{{ .Env.T }}\", c]\n",
			[]string{`2 y$ CGO_ENABLED=0 build["a" "b"] ["./cmd/x"] [] > z`, `7 .$ build["c"] ["./"] []`},
		},
		"flags": {
			"x.sh", "go -C x build --race -ldflags '-s -w' -gcflags=all=-N -p 4 -v ./a ./b\ngo run a.go b.go -x\ngo test -tags a ./...\ngo run\n",
			[]string{`1 x$ build[] ["./a" "./b"] []`, `2 .$ run[] ["a.go" "b.go"] ["-x"]`, `4 .$ run[] [] []`},
		},
		"the README": {"README.md", "Run `go run ./x serve` (or `go install a.example/x@v1`), not cargo run.\n", []string{`1 .$ run[] ["./x"] ["serve"]`, `1 .$ install[] ["a.example/x@v1"] []`}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range goFileOf(t, tt.file, tt.text).commands {
				if c.verb == "" {
					continue
				}
				var out strings.Builder
				fmt.Fprint(&out, c.Pos.Line)
				if c.Rule != "" {
					out.WriteString(" " + c.Rule)
				}
				out.WriteString(" " + c.Dir + "$")
				for _, name := range slices.Sorted(maps.Keys(c.set)) {
					out.WriteString(" " + name + "=" + c.set[name])
				}
				fmt.Fprintf(&out, " %s%q %q %q", c.verb, c.tags, c.packages, c.args)
				if o := c.flags["o"] + c.Binary; o != "" {
					out.WriteString(" > " + o)
				}
				got = append(got, strings.ReplaceAll(out.String(), buildfile.Unknown, "?"))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
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
		for _, x := range goFileOf(t, "x.sh", line+"\n").rewrites {
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
