package golang

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/tree"
)

// mentioned prints what the files of a repository with two programs, cmd/api
// and cmd/tool, say of them.
func mentioned(t *testing.T, archive string) []string {
	t.Helper()
	f := facts(t, "-- go.mod --\nmodule example.com/app/v2\n-- cmd/api/main.go --\npackage main\nfunc main() {}\n-- cmd/tool/main.go --\npackage main\nfunc main() {}\n"+archive)
	var out []string
	for _, m := range f.Evidence {
		s := fmt.Sprintf("%s %s>%s", m.Pos, m.Dir, m.Binary)
		if m.Rule != "" {
			s += " " + m.Rule
		}
		if m.Starts {
			s += fmt.Sprintf(" %q", m.Args)
		}
		out = append(out, s)
	}
	return out
}

func TestMentions(t *testing.T) {
	for name, tt := range map[string]struct {
		archive string
		want    []string
	}{
		"procfile": {
			"-- Procfile --\n# what runs\nweb: bin/api -port $PORT\nworker: exec ./tool\n",
			[]string{`Procfile:2 >api web []`, `Procfile:3 >tool worker []`},
		},
		"go run":      {"-- Procfile --\nweb: go run ./cmd/api serve --x\n", []string{`Procfile:1 cmd/api> web ["serve" "--x"]`}},
		"go run file": {"-- Procfile --\nweb: go run cmd/api/main.go serve\n", []string{`Procfile:1 cmd/api> web ["serve"]`}},
		"heroku":      {"-- go.mod --\nmodule example.com/app/v2\n// +heroku goVersion go1.26\n// +heroku install ./cmd/api\n", []string{"go.mod:3 cmd/api>"}},
		"app engine":  {"-- app.yaml --\nruntime: go126\nmain: ./cmd/api\nentrypoint: api -x\n", []string{`app.yaml:3 >api ["-x"]`, "app.yaml:2 cmd/api>"}},
		"render":      {"-- render.yaml --\nservices:\n  - type: web\n    buildCommand: go build -o app ./cmd/api\n    startCommand: ./app serve\n", []string{"render.yaml:3 cmd/api>app", `render.yaml:4 >app ["serve"]`}},
		"railway":     {"-- railway.toml --\n[deploy]\nstartCommand = \"./api serve\"\n", []string{`railway.toml:2 >api ["serve"]`}},
		"other yaml":  {"-- app.yaml --\n- a list\n-- render.yaml --\n{\n-- fly.toml --\n[[\n", nil},
		"dockerfile": {
			"-- Dockerfile --\nFROM golang AS build\nWORKDIR /src\nCOPY . .\nRUN go mod download && \\\n  CGO_ENABLED=0 go build -ldflags \"-X main.v=$(date)\" -o /out/app ./cmd/api\nFROM scratch\nCOPY --from=build /out/app /bin/server\nEXPOSE 8080 9090/udp\nENTRYPOINT [\"/bin/server\"]\nCMD [\"serve\"]\n",
			[]string{"Dockerfile:4 cmd/api>app", `Dockerfile:9 >app ["serve"]`, "Dockerfile:10 >serve []"},
		},
		"dockerfile, other folder": {
			"-- Dockerfile --\nFROM golang\nADD . /go/src/x\nWORKDIR /go/src/x/cmd/api\nRUN go install\nCMD api --flag\n",
			[]string{"Dockerfile:4 cmd/api>", `Dockerfile:5 >api ["--flag"]`},
		},
		"dockerfile, part of the context": {
			"-- Dockerfile --\nFROM golang\nARG WHAT=api\nCOPY cmd /x/cmd\nRUN cd /x && go build ./cmd/${WHAT}\nENTRYPOINT [\"tini\", \"--\", \"api\"]\n",
			[]string{"Dockerfile:4 cmd/api>", "Dockerfile:5 >api []"},
		},
		"dockerfile, import path": {"-- Dockerfile --\nFROM golang\nRUN go install example.com/app/cmd/tool@latest\n", []string{"Dockerfile:2 cmd/tool>"}},
		"dockerfile elsewhere":    {"-- docker/Dockerfile --\nFROM golang\nCOPY . .\nRUN go build ./cmd/tool\n", []string{"docker/Dockerfile:3 cmd/tool>"}},
		"dockgen's own":           {"-- Dockerfile --\nFROM golang AS base\nFROM base AS dev\n# test fails the build when a test fails: docker build --target test .\nFROM base AS test\nFROM base AS build\nCOPY . .\nRUN go build ./cmd/tool\nFROM scratch AS prod\n", nil},
		"dockgen's stages":        {"-- Dockerfile --\nFROM golang AS base\nFROM base AS dev\nFROM base AS test\nFROM base AS build\nCOPY . .\nRUN go build ./cmd/tool\nFROM scratch AS prod\n", []string{"Dockerfile:6 cmd/tool>"}},
		"no dockerfile":           {"-- Dockerfile --\n\x00\n-- compose.yaml --\n[\n", nil},
		"compose": {
			"-- compose.yaml --\nservices:\n  db:\n    image: x\n    command: postgres\n  app:\n    build: .\n    command: serve --x\n",
			[]string{`compose.yaml:7 >serve ["--x"]`, `compose.yaml:7 > ["serve" "--x"]`},
		},
		"compose, two services": {"-- compose.yaml --\nservices:\n  a: {build: ., command: serve}\n  b: {build: {context: .}, command: work}\n", nil},
		"goreleaser": {
			"-- .goreleaser.yaml --\nproject_name: app\nbuilds:\n  - main: ./cmd/api\n    binary: \"{{ .ProjectName }}\"\n  - id: tool\n    dir: cmd/tool\n    binary: tool-{{ .Os }}\n  - main: ./cmd/tool\n    skip: true\n",
			[]string{".goreleaser.yaml:3 cmd/api>app", ".goreleaser.yaml:5 cmd/tool>"},
		},
		"makefile": {
			"-- Makefile --\nBIN ?= bin/api\nGO := go\nall: test build\nbuild: $(BIN)\n$(BIN): cmd\n\t@$(GO) build -o $@ ./cmd/api\nrun: build ## start it\n\tPORT=1 ./$(BIN) serve \\\n\t\t--dev $(shell date)\n\techo done\ntest:\n\tgo run ./cmd/tool\n",
			[]string{
				`Makefile:6 cmd/api>api run`, `Makefile:8 >api run ["serve"]`,
				`Makefile:6 cmd/api>api build`, `Makefile:12 cmd/tool> all []`, `Makefile:6 cmd/api>api all`,
			},
		},
		"makefile, no rule": {"-- Makefile --\nlint:\n\tgo run ./cmd/tool\nrun: run\n", nil},
		"reloader":          {"-- .air.toml --\n[build]\n  cmd = \"go build -o ./tmp/main ./cmd/api\"\n", []string{".air.toml:2 cmd/api>main"}},
		"readme":            {"-- README.md --\nRun `go run ./cmd/api serve` or\n\n    go install example.com/app/v2/cmd/tool@latest\n    go run golang.org/x/tools/cmd/goimports@latest\n", []string{`README.md:1 cmd/api> ["serve"]`, "README.md:3 cmd/tool>"}},
		"not ours":          {"-- Makefile --\nrun:\n\tdocker compose up && ./scripts/x.sh && go run ./cmd/gone && go test ./...\n", nil},
		"outside":           {"-- Makefile --\nrun:\n\tgo run ../cmd/api && go build -o x /cmd/api && go run $(PKG)\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, mentioned(t, tt.archive)); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

func TestExposed(t *testing.T) {
	f := facts(t, mainModule("", "", "")+"-- Dockerfile --\nARG P=9\nFROM golang AS build\nEXPOSE 1\nFROM scratch\nARG P PORT=8000\nENV OTHER=${P}000\nEXPOSE $PORT 53/udp $OTHER ${MISSING} 70000\n")
	var got []string
	for _, x := range f.DockerfilePorts {
		got = append(got, fmt.Sprintf("%s %d", x.Pos, x.Value))
	}
	if diff := cmp.Diff([]string{"Dockerfile:7 8000", "Dockerfile:7 9000"}, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

// TestExposedElsewhere takes ports and variables from the first Dockerfile in a
// folder for them that is of the repository's own program.
func TestExposedElsewhere(t *testing.T) {
	f := facts(t, mainModule("", "", "")+
		"-- docker/db/Dockerfile --\nFROM postgres\nEXPOSE 5432\nENV A=1\n"+
		"-- packaging/docker/alpine/Dockerfile --\nFROM x\nEXPOSE 8000\nENV B=2\nCMD [\"/usr/bin/app\"]\n"+
		"-- packaging/docker/slim/Dockerfile --\nFROM x\nEXPOSE 9000\nCMD [\"/usr/bin/app\"]\n"+
		"-- docker/dev/Dockerfile --\nFROM x\nEXPOSE 7000\nCMD [\"app\"]\n-- Dockerfile.test --\nFROM x\nEXPOSE 6000\nCMD [\"app\"]\n")
	if len(f.DockerfilePorts) != 1 || f.DockerfilePorts[0].Value != 8000 || len(f.DockerfileEnv) != 1 || f.DockerfileEnv[0].Value != (Var{Name: "B", Value: "2"}) {
		t.Errorf("%v, %v", f.DockerfilePorts, f.DockerfileEnv)
	}
}

func TestVerbs(t *testing.T) {
	const (
		net   = "net/http "
		cobra = net + "github.com/spf13/cobra"
		cli   = net + "github.com/urfave/cli/v3"
		serve = "http.ListenAndServe(\":8080\", nil)"
	)
	for name, tt := range map[string]struct {
		imports, body, rest string
		want                string // the verbs that listen with !, of which "bare" is none
	}{
		"cobra": {
			cobra, `root := &cobra.Command{Use: "app"}; root.AddCommand(serve(), version); root.Execute()`,
			`var version = &cobra.Command{Use: "version", Run: func(*cobra.Command, []string) { println() }}
			func serve() *cobra.Command { c := &cobra.Command{Use: "serve [flags]", RunE: run}; return c }
			func run(*cobra.Command, []string) error { return ` + serve + ` }`,
			"serve! version",
		},
		"cobra, registered": {
			cobra, `root.Execute()`,
			`var root = &cobra.Command{Use: "app"}
			var start = &cobra.Command{Use: "start"}
			func init() { root.AddCommand(start); start.Run = func(*cobra.Command, []string) { ` + serve + ` } }`,
			"start!",
		},
		"cobra, nested": {
			cobra, `root := &cobra.Command{Use: "app"}; db := &cobra.Command{Use: "db"}; db.AddCommand(&cobra.Command{Use: "proxy", Run: run}); root.AddCommand(db); root.Execute()`,
			`func run(*cobra.Command, []string) { ` + serve + ` }`,
			"db proxy!",
		},
		"cobra, root serves": {
			cobra, `root := &cobra.Command{Use: "app", Run: func(*cobra.Command, []string) { ` + serve + ` }}; root.AddCommand(&cobra.Command{Use: "version", Run: func(*cobra.Command, []string) {}}); root.Execute()`, "",
			"bare! version",
		},
		"cobra, hidden": {
			cobra, `root := &cobra.Command{Use: "app"}; root.AddCommand(&cobra.Command{Use: "serve", Hidden: true, Run: func(*cobra.Command, []string) { ` + serve + ` }}); root.Execute()`, "",
			"(serve)!",
		},
		"one command only": {cobra, `c := &cobra.Command{Use: "app", Run: func(*cobra.Command, []string) { ` + serve + ` }}; c.Execute()`, "", ""},
		"cli": {
			cli, `app := &cli.Command{Name: "app", Commands: []*cli.Command{{Name: "web", Action: web}, &version}}; app.Run()`,
			`var version = cli.Command{Name: "version", Action: func() {}}; func web() error { return ` + serve + ` }`,
			"version web!",
		},
		"cli v1": {
			net + "github.com/urfave/cli", `app := cli.NewApp(); app.Commands = []cli.Command{{Name: "web", Action: func() { ` + serve + ` }}}; app.Run()`, "",
			"web!",
		},
		"go-flags": {
			net + "github.com/jessevdk/go-flags", `var o opts; flags.NewParser(&o, 0).Parse()`,
			"type opts struct { S serverCmd `command:\"server\"`; V versionCmd `command:\"version\"` }\ntype serverCmd struct{ Port string `long:\"port\" default:\":1\"` }; type versionCmd struct{}\nfunc (s *serverCmd) Execute([]string) error { return http.ListenAndServe(s.Port, nil) }\nfunc (versionCmd) Execute([]string) error { return nil }",
			"server! version",
		},
		"kong": {
			net + "github.com/alecthomas/kong", `kong.Parse(&c).Run()`,
			"var c struct { Serve serve `cmd:\"\"` }\ntype serve struct{}\nfunc (serve) Run() error { return " + serve + " }",
			"serve!",
		},
		"a switch": {
			net + "os flag", `flag.Parse(); args := flag.Args(); cmd := ""; if len(args) > 0 { cmd = args[0] }; switch cmd { case "server": ` + serve + `; case "client": println() }; switch os.Getenv("X") { case "y": }`, "",
			"client server!",
		},
		"os.Args":  {net + "os", `switch os.Args[1] { case "server", "s": ` + serve + ` }`, "", "server!"},
		"a map":    {net + "github.com/mitchellh/cli", `(&cli.CLI{Commands: map[string]cli.CommandFactory{"agent": func() (cli.Command, error) { return &agent{}, nil }}}).Run()`, `type agent struct{}; func (agent) Run([]string) int { ` + serve + `; return 0 }`, "agent!"},
		"own type": {net, `for _, c := range commands { c.Run() }`, `type Command struct { Name string; Run func() }; var commands = []*Command{{Name: "serve", Run: func() { ` + serve + ` }}, {Name: "help", Run: func() {}}}`, "help serve!"},
		"none":     {net + "os", `switch len(os.Args) { case 1: ` + serve + ` }`, "", ""},
		"twice":    {net + "os", serve + `; switch os.Args[1] { case "server": ` + serve + ` }`, "", "bare! server!"},
	} {
		t.Run(name, func(t *testing.T) {
			f := facts(t, mainModule(tt.imports, tt.body, tt.rest))
			m := f.Mains[0]
			var got []string
			if m.ServesByDefault {
				got = append(got, "bare!")
			}
			for _, v := range m.Commands {
				s := strings.Join(v.Words, " ")
				if v.Hidden {
					s = "(" + s + ")"
				}
				if v.Listens {
					s += "!"
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(tt.want, strings.Join(slices.Sorted(slices.Values(got)), " ")); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

// TestVerbOfListen tells the place that only a sub command reaches.
func TestVerbOfListen(t *testing.T) {
	f := facts(t, mainModule("net/http os", `http.ListenAndServe(":1", nil); switch os.Args[1] { case "a": shared(); http.ListenAndServe(":2", nil); case "b": shared() }`, `func shared() { http.ListenAndServe(":3", nil) }`))
	var got []string
	for _, l := range f.Mains[0].Listens {
		got = append(got, l.Addr.Port.Text+" "+strings.Join(l.Commands, ","))
	}
	if diff := cmp.Diff([]string{"1 ", "2 a", "3 a,b"}, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

// FuzzMentions holds what is read of files of any content against what the
// rest relies on.
func FuzzMentions(f *testing.F) {
	f.Add("FROM golang AS b\nWORKDIR /x\nCOPY . .\nRUN cd cmd && go build -o /o ./x\nENTRYPOINT [\"/o\"]\n", "B = x\nrun: $(B)\n\tgo run $(B) a \\\n b\n", "services: {a: {build: ., command: [x]}}\nbuilds: [{main: ./x}]\nmain: ./x\n", "web: env A=b sh -c 'go run . $PORT'\n")
	f.Add("ARG A=$A\nFROM x\nENV A=${A:-$B}\nEXPOSE $A\nCMD x <<E\nE\n", "A = $(A)$(A)\nall: all\n", "[1, {a: *b}]", "web: ((\n")
	f.Fuzz(func(t *testing.T, docker, mk, doc, proc string) {
		fsys := fstest.MapFS{
			"go.mod": {Data: []byte("module example.com/app\n")}, "x/main.go": {Data: []byte("package main\nfunc main() {}\n")},
			"Dockerfile": {Data: []byte(docker)}, "Makefile": {Data: []byte(mk)}, "Procfile": {Data: []byte(proc)},
			"app.yaml": {Data: []byte(doc)}, "compose.yaml": {Data: []byte(doc)}, ".goreleaser.yaml": {Data: []byte(doc)}, "railway.toml": {Data: []byte(doc)},
		}
		tr, err := tree.Scan(t.Context(), fsys, tree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		facts, err := Detect(tr, ".")
		if err != nil || facts == nil {
			return // a Makefile that another reader does not take
		}
		for _, m := range facts.Evidence {
			if m.Dir != "" && m.Dir != "x" || strings.Contains(strings.Join(m.Args, "")+m.Binary, buildfile.Unknown) || m.Pos.IsZero() {
				t.Errorf("%+v", m)
			}
		}
		for _, v := range facts.DockerfileEnv {
			if strings.Contains(v.Value.Value, buildfile.Unknown) {
				t.Errorf("%+v", v)
			}
		}
	})
}
