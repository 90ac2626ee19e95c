package golang_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// programs are main packages below cmd: those that listen with a star.
func programs(names string) string {
	var b strings.Builder
	b.WriteString(mod("go 1.26") + "-- lib.go --\npackage app\n")
	for n := range strings.FieldsSeq(names) {
		body := hello
		if strings.HasSuffix(n, "*") {
			body = server
		}
		b.WriteString("-- cmd/" + strings.TrimSuffix(n, "*") + "/" + body[len("-- "):])
	}
	return b.String()
}

func choiceOf(p *plan.App, key string) plan.Choice {
	for _, c := range p.Choices {
		if c.Key == key {
			return c
		}
	}
	return plan.Choice{}
}

func TestEvidence(t *testing.T) {
	const (
		procfile   = "-- Procfile --\nworker: bin/b\nweb: bin/a --port $PORT\n"
		dockerfile = "-- Dockerfile --\nFROM golang AS build\nCOPY . .\nRUN go build ./cmd/b\nFROM scratch\nENTRYPOINT [\"/b\"]\n"
		both       = "-- Dockerfile --\nFROM golang\nCOPY . .\nRUN go build -o /x ./cmd/a && go build -o /y ./cmd/b\nCMD [\"/y\"]\n"
		wrapped    = "-- Dockerfile --\nFROM golang\nENTRYPOINT [\"/a\"]\nCMD [\"b\", \"serve\"]\n"
		release    = "-- .goreleaser.yml --\nbuilds:\n  - main: ./cmd/b\n"
		makefile   = "-- Makefile --\nbuild:\n\tgo build ./cmd/a\nrun:\n\tgo run ./cmd/b\n"
		readme     = "-- README.md --\ngo install example.com/app/cmd/b@latest\n"
	)
	for name, tt := range map[string]struct{ archive, want, rule string }{
		"procfile":                  {programs("a* b*") + procfile, "./cmd/a", "started by the Procfile"},
		"procfile over dockerfile":  {programs("a* b*") + procfile + dockerfile, "./cmd/a", "started by the Procfile"},
		"dockerfile":                {programs("a* b*") + dockerfile, "./cmd/b", "started by the repository's own Dockerfile"},
		"dockerfile builds several": {programs("a* b*") + both, "./cmd/b", "started by the repository's own Dockerfile"},
		"an entry point before it":  {programs("a b*") + wrapped, "./cmd/b", "started by the repository's own Dockerfile"},
		"dockerfile over the name":  {programs("app* b*") + dockerfile, "./cmd/b", "started by the repository's own Dockerfile"},
		"the name over a release":   {programs("app* b*") + release, "./cmd/app", "named like its module"},
		"a release that listens":    {programs("app b*") + release, "./cmd/b", "built by the goreleaser file, and it listens"},
		"makefile":                  {programs("a* b*") + makefile, "./cmd/b", "started by the Makefile"},
		"makefile over release":     {programs("a* b* c") + makefile + strings.ReplaceAll(release, "/b", "/c"), "./cmd/b", "started by the Makefile"},
		"release":                   {programs("a b") + release, "./cmd/b", "built by the goreleaser file"},
		"the server of a project":   {programs("appd* x*"), "./cmd/appd", "named as a server"},
		"server":                    {programs("server* agent* cli"), "./cmd/server", "named as a server"},
		"readme":                    {programs("a* b*") + readme, "./cmd/b", "built by the README"},
		"the listener over readme":  {programs("a* b") + readme, "./cmd/a", "the only main package that listens"},
		"internal":                  {programs("a*") + "-- internal/gen/" + hello[len("-- "):], "./cmd/a", "the only main package"},
		"all internal":              {mod("") + "-- lib.go --\npackage app\n-- internal/cmd/a/" + hello[len("-- "):] + "-- internal/cmd/b/" + server[len("-- "):] + "-- .goreleaser.yml --\nbuilds:\n  - main: ./internal/cmd/a\n    binary: app\n  - main: ./internal/cmd/b\n    binary: app-agent\n", "./internal/cmd/a", "built by the goreleaser file"},
		"an example is the release": {mod("") + "-- lib.go --\npackage app\n-- examples/x/" + server[len("-- "):] + "-- internal/x/" + hello[len("-- "):] + "-- .goreleaser.yml --\nbuilds:\n  - main: ./examples/x\n", "./examples/x", "built by the goreleaser file, and it listens"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.archive)
			if err != nil {
				t.Fatal(err)
			}
			c := choiceOf(p, "go.main")
			if c.Value != tt.want || !strings.Contains(c.Rule, tt.rule) {
				t.Errorf("got %s (%s), want %s (%s)", c.Value, c.Rule, tt.want, tt.rule)
			}
		})
	}
}

// TestEvidenceLosers names the line that speaks for another program.
func TestEvidenceLosers(t *testing.T) {
	p, err := decide(t, programs("app* b*")+"-- Procfile --\nweb: app\n-- Makefile --\nrun:\n\tgo run ./cmd/b\n")
	if err != nil {
		t.Fatal(err)
	}
	c := choiceOf(p, "go.main")
	if c.Pos.String() != "Procfile:1" || len(c.Rejected) != 1 || c.Rejected[0].Why != "started by the Makefile (Makefile:2), which counts less than: started by the Procfile; --set main=./cmd/b takes it" {
		t.Errorf("%+v", c)
	}
}

// TestEvidenceKept keeps the app where dockgen's Dockerfile has taken the place
// of the one that named it.
func TestEvidenceKept(t *testing.T) {
	archive := programs("app* b*")
	first, err := decide(t, archive+"-- Dockerfile --\nFROM golang\nCOPY . .\nRUN go build ./cmd/b\n")
	if err != nil {
		t.Fatal(err)
	}
	again, err := decideLocked(t, archive, first)
	if err != nil {
		t.Fatal(err)
	}
	if got := chosen(again, "go.main"); got != "./cmd/b" {
		t.Errorf("got %s, want the one that was chosen before", got)
	}
	moved, err := decideLocked(t, archive+"-- Procfile --\nweb: app\n", first)
	if err != nil {
		t.Fatal(err)
	}
	if got := chosen(moved, "go.main"); got != "./cmd/app" {
		t.Errorf("got %s, want what the new Procfile says", got)
	}
}

func TestExposedByDockerfile(t *testing.T) {
	const app = "-- main.go --\npackage main\nimport (\"net/http\"; \"os\")\nfunc main() { http.ListenAndServe(os.Args[1], nil) }\n"
	const own = "-- Dockerfile --\nFROM scratch\nEXPOSE 5000 5001\n"
	first, err := decide(t, mod("")+app+own)
	if err != nil {
		t.Fatal(err)
	}
	if c := choiceOf(first, "port"); c.Value != "5000 5001" || c.Pos.String() != "Dockerfile:2" {
		t.Errorf("%+v", c)
	}
	again, err := decideLocked(t, mod("")+app, first)
	if err != nil || chosen(again, "port") != "5000 5001" {
		t.Errorf("got %q, %v, want the ports of before", chosen(again, "port"), err)
	}
	beside, err := decide(t, mod("")+strings.Replace(app, "{ http", "{ go http.ListenAndServe(\":6060\", nil); http", 1)+own)
	if c := choiceOf(beside, "port"); err != nil || c.Value != "5000 5001" || len(c.Rejected) != 1 || c.Rejected[0].Value != "6060" {
		t.Errorf("%+v, %v", c, err)
	}
	said, err := decide(t, mod("")+server+own)
	if err != nil || chosen(said, "port") != "8080" {
		t.Errorf("got %q, %v, want the port in the source", chosen(said, "port"), err)
	}
}

func TestVerb(t *testing.T) {
	const (
		head   = "-- main.go --\npackage main\nimport (\"net/http\"; \"os\")\nfunc main() {\n"
		serve  = "http.ListenAndServe(\":8080\", nil)"
		proxy  = "http.ListenAndServe(\":9090\", nil)"
		one    = head + "switch os.Args[1] {\ncase \"serve\":\n" + serve + "\ncase \"version\":\nprintln()\n}\n}\n"
		two    = head + "switch os.Args[1] {\ncase \"server\":\n" + serve + "\ncase \"proxy\":\n" + proxy + "\n}\n}\n"
		odd    = head + "switch os.Args[1] {\ncase \"east\":\n" + serve + "\ncase \"west\":\n" + proxy + "\n}\n}\n"
		none   = head + "switch os.Args[1] {\ncase \"sync\":\nprintln()\ncase \"version\":\nprintln()\n}\n}\n"
		bare   = head + "if len(os.Args) > 1 {\nswitch os.Args[1] {\ncase \"proxy\":\n" + proxy + "\n}\n}\n" + serve + "\n}\n"
		docker = "-- Dockerfile --\nFROM scratch\nENTRYPOINT [\"/anything\"]\n"
	)
	for name, tt := range map[string]struct{ archive, want string }{
		"the only one":              {one, "serve :8080"},
		"by its name":               {two, "server :8080"},
		"no telling":                {odd, " :none"},
		"by the dockerfile":         {odd + docker + "CMD [\"west\", \"--config\", \"/etc/x\"]\n", "west :9090"},
		"by the procfile":           {two + "-- Procfile --\nweb: bin/app proxy\n", "proxy :9090"},
		"by compose":                {odd + "-- compose.yaml --\nservices: {app: {build: ., command: west}}\n", "west :9090"},
		"by the makefile":           {odd + "-- Makefile --\nrun:\n\tgo run . west\n", "west :9090"},
		"another's command":         {odd + "-- Procfile --\nweb: bin/else west\n", " :none"},
		"not one that is no server": {one + docker + "CMD [\"version\"]\n", "serve :8080"},
		"a developers' one":         {strings.Replace(one, "\"serve\"", "\"dev\"", 1), " :none"},
		"a developers' one, told":   {strings.Replace(one, "\"serve\"", "\"dev\"", 1) + docker + "CMD [\"dev\"]\n", "dev :8080"},
		"beside a developers' one":  {strings.Replace(odd, "\"east\"", "\"dev\"", 1), "west :9090"},
		"a job":                     {none + docker + "CMD [\"sync\"]\n", "sync :none"},
		"a job, nothing said":       {none, " :none"},
		"without one":               {bare, " :8080"},
		"without one, but told":     {bare + docker + "CMD [\"proxy\"]\n", "proxy :8080 9090"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, mod("go 1.26")+tt.archive)
			if err != nil {
				t.Fatal(err)
			}
			if got := chosen(p, "go.command") + " :" + chosen(p, "port"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if c := chosen(p, "go.command"); c != "" && !strings.HasSuffix(dockerfile(t, p), "CMD [\""+c+"\"]\n") {
				t.Error(dockerfile(t, p))
			}
		})
	}
}

// TestVerbOwnPort takes the port that only the sub command opens.
func TestVerbOwnPort(t *testing.T) {
	p, err := decide(t, mod("")+"-- main.go --\npackage main\nimport (\"net/http\"; \"os\")\nfunc relay() { http.ListenAndServe(\":1080\", nil) }\nfunc main() {\nswitch os.Args[1] {\ncase \"server\":\nrelay()\nhttp.ListenAndServe(\":8080\", nil)\ncase \"client\":\nrelay()\n}\n}\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := chosen(p, "port"); got != "8080" {
		t.Errorf("got %q", got)
	}
}

// TestLoopback opens an address within the container where it is the app's.
func TestLoopback(t *testing.T) {
	main := func(body string) string {
		return mod("") + "-- main.go --\npackage main\nimport (\"net/http\"; \"os\"; \"flag\"; \"cmp\")\nvar _ = flag.Parse\nfunc main() {\n" + body + "\n}\nfunc env(k, d string) string { return cmp.Or(os.Getenv(k), d) }\n"
	}
	listen := func(key, addr string) string {
		return "go http.ListenAndServe(env(\"" + key + "\", \"" + addr + "\"), nil)\n"
	}
	for name, tt := range map[string]struct{ archive, port, end string }{
		"the only one":    {main(listen("LISTEN", "localhost:8080")), "8080", "ENV LISTEN=:8080"},
		"admin, alone":    {main(listen("ADMIN_LISTEN", "localhost:8080")), "8080", "ENV ADMIN_LISTEN=:8080"},
		"admin beside":    {main(listen("ADMIN_LISTEN", "localhost:2019") + listen("LISTEN", ":8080")), "8080", ""},
		"admin before":    {main(listen("ADMIN_LISTEN", "localhost:2019") + listen("LISTEN", "localhost:8080")), "8080", "ENV LISTEN=:8080"},
		"metrics outside": {main(listen("METRICS_ADDR", ":9090") + listen("LISTEN", "localhost:8080")), "8080 9090", "ENV LISTEN=:8080"},
		"a stopgap":       {main(listen("LISTEN", ":8080") + "a := os.Args[1]; if a == \"\" { a = \":80\" }\nhttp.ListenAndServe(a, nil)"), "8080", ""},
		"an unset flag":   {main("a := flag.String(\"http\", \"\", \"\"); if *a == \"\" { if len(os.Args) > 1 { *a = \":80\" } else { *a = \"127.0.0.1:8090\" } }\nhttp.ListenAndServe(*a, nil)"), "8090", "CMD [\"-http\", \":8090\"]"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.archive)
			if err != nil {
				t.Fatal(err)
			}
			got := dockerfile(t, p)
			prod := got[strings.LastIndex(got, "FROM "):]
			if c := chosen(p, "port"); c != tt.port || !strings.Contains(prod, tt.end) || tt.end == "" && strings.Contains(prod, "ENV ") {
				t.Errorf("port %s\n%s", c, prod)
			}
		})
	}
}

// TestBinaryPlace keeps a program apart from the folders that are made for prod.
func TestBinaryPlace(t *testing.T) {
	p, err := decide(t, mod("")+"-- app/main.go --\npackage main\nimport \"os\"\nfunc main() { os.MkdirAll(\"data\", 0o755) }\n")
	if err != nil {
		t.Fatal(err)
	}
	got := dockerfile(t, p)
	for _, want := range []string{"-o /out/app ./app", "mkdir -p /folders/app/data", "--from=build /out/app /usr/local/bin/app"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestBinaryName(t *testing.T) {
	for name, tt := range map[string]struct{ archive, want string }{
		"folder":      {programs("x*"), "x"},
		"released":    {programs("x*") + "-- .goreleaser.yaml --\nbuilds: [{main: ./cmd/x, binary: thing}]\n", "thing"},
		"the project": {programs("x*") + "-- Makefile --\nbuild:\n\tgo build -o bin/app ./cmd/x\n", "app"},
		"any other":   {programs("x*") + "-- Makefile --\nbuild:\n\tgo build -o bin/main ./cmd/x\n", "x"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.archive)
			if err != nil {
				t.Fatal(err)
			}
			if got := dockerfile(t, p); !strings.Contains(got, "ENTRYPOINT [\""+tt.want+"\"]") {
				t.Error(got)
			}
		})
	}
}

// TestFurtherArguments says which of the repository's own arguments are left out.
func TestFurtherArguments(t *testing.T) {
	const app = "-- main.go --\npackage main\nimport (\"flag\"; \"net/http\")\nfunc main() { a := flag.String(\"addr\", \"localhost:80\", \"\"); flag.Parse(); http.ListenAndServe(*a, nil) }\n"
	for args, want := range map[string]string{
		`"--addr=:80"`:             "",
		`"--help"`:                 "",
		`"--config", "/etc/x.yml"`: "starts it with /etc/x.yml, and the file is not in the image",
		`"--config", "$FILE"`:      "starts it with arguments that this image does not pass: --config $FILE",
	} {
		p, err := decide(t, mod("")+app+"-- Dockerfile --\nFROM golang\nENTRYPOINT [\"/app\", "+args+"]\n")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range p.Notes {
			if n.Pos.File == "Dockerfile" {
				got = append(got, n.Text)
			}
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("%s: got %q, want %q", args, got, want)
		}
	}
}

// TestArgumentsByVariable moves a server by the variable of its flag, and gives it the arguments of the own image all the same.
func TestArgumentsByVariable(t *testing.T) {
	const app = "-- main.go --\npackage main\nimport (\"net/http\"; \"github.com/urfave/cli/v2\")\n" +
		"var listen = &cli.StringFlag{Name: \"listener\", Value: \"127.0.0.1:8080\", EnvVars: []string{\"LISTENER\"}}\n" +
		"func main() { a := cli.NewApp(); a.Flags = []cli.Flag{listen}; a.Action = run; a.Run(nil) }\nfunc run(c *cli.Context) { http.ListenAndServe(c.String(\"listener\"), nil) }\n"
	for _, args := range []string{`"--listener", ":8080"`, `"--listener", ":8080", "--key", "x"`} {
		p, err := decide(t, mod("require github.com/urfave/cli/v2 v2.27.7\n")+app+"-- Dockerfile --\nFROM golang\nENTRYPOINT [\"/app\", "+args+"]\n")
		if err != nil {
			t.Fatal(err)
		}
		if got := dockerfile(t, p); !strings.Contains(got, "ENV LISTENER=:8080\n") {
			t.Error(got)
		}
		if given := strings.Contains(dockerfile(t, p), "ENTRYPOINT [\"app\", "+args+"]\n"); !given {
			t.Errorf("%s: not given", args)
		}
	}
}

// TestArgumentsOfCompose: the arguments of a compose file that the image has by a variable are not missed.
func TestArgumentsOfCompose(t *testing.T) {
	const app = "-- main.go --\npackage main\nimport (\"net/http\"; \"github.com/urfave/cli/v2\")\n" +
		"var listen = &cli.StringFlag{Name: \"listener\", Value: \"127.0.0.1:8080\", EnvVars: []string{\"LISTENER\"}}\n" +
		"func main() { a := cli.NewApp(); a.Flags = []cli.Flag{listen}; a.Action = run; a.Run(nil) }\nfunc run(c *cli.Context) { http.ListenAndServe(c.String(\"listener\"), nil) }\n"
	for args, missed := range map[string]bool{`"--listener", ":8080"`: false, `"--listener=:8080"`: false, `"--help"`: false, `"--listener", ":8080", "--key", "x"`: true, `"--listener", ":9090"`: true} {
		p, err := decide(t, mod("require github.com/urfave/cli/v2 v2.27.7\n")+app+"-- compose.yaml --\nservices: {web: {build: ., entrypoint: [/app, "+args+"]}}\n")
		if err != nil {
			t.Fatal(err)
		}
		said := slices.ContainsFunc(p.Notes, func(n plan.Note) bool { return strings.Contains(n.Text, "arguments that this image does not pass") })
		if said != missed {
			t.Errorf("%s: said: %v", args, said)
		}
	}
}

// TestPreset carries over what the repository's own Dockerfile sets, where the
// program reads it and another image may hold it.
func TestPreset(t *testing.T) {
	const app = `-- main.go --
package main
import ("net/http"; "os")
type conf struct { Mode string ` + "`env:\"APP_MODE\"`" + ` }
func main() {
	for _, k := range []string{"GREETING", "DATA_DIR", "API_TOKEN", "BROKEN"} { println(os.Getenv(k)) }
	http.ListenAndServe(":" + os.Getenv("WEB_PORT"), nil)
}
`
	const own = "-- Dockerfile --\nFROM golang AS build\nENV GREETING=no\nFROM scratch\nENV GREETING=hello UNREAD=x DATA_DIR=/data\nENV API_TOKEN=x BROKEN=$MISSING APP_MODE=container\nENV WEB_PORT=8001\n"
	first, err := decide(t, mod("")+app+own)
	if err != nil {
		t.Fatal(err)
	}
	const want = "GREETING=hello APP_MODE=container WEB_PORT=8001"
	if c := choiceOf(first, "env"); c.Value != want || c.Pos.String() != "Dockerfile:4" {
		t.Errorf("%+v", c)
	}
	prod := func(p *plan.App) string { s := dockerfile(t, p); return s[strings.LastIndex(s, "FROM "):] }
	if got := prod(first); !strings.Contains(got, "ENV WEB_PORT=8001\nENV GREETING=hello\nENV APP_MODE=container\n") || !strings.Contains(got, "EXPOSE 8001") {
		t.Error(got)
	}
	// The lock keeps the Dockerfile's text, which stands where init left the file.
	again, err := decideLocked(t, mod("")+app+strings.Replace(own, "-- Dockerfile --", "-- Dockerfile.bak --", 1), first)
	if err != nil || prod(again) != prod(first) {
		t.Errorf("%v: without the old Dockerfile:\n%s\nbefore:\n%s", err, prod(again), prod(first))
	}
	// A lock of an earlier release has the choice alone.
	earlier, err := decideLocked(t, mod("")+app, first)
	if err != nil || prod(earlier) != strings.Replace(prod(first), "ENV UNREAD=x\n", "", 1) {
		t.Errorf("%v: without the old Dockerfile and its text:\n%s\nbefore:\n%s", err, prod(earlier), prod(first))
	}
	asked, err := decide(t, mod("")+app+own, "env={GREETING: bye}")
	if err != nil || !strings.Contains(prod(asked), "ENV GREETING=bye\n") || strings.Contains(prod(asked), "GREETING=hello") {
		t.Errorf("%v:\n%s", err, prod(asked))
	}
}

// TestPresetSecrets leaves out what may be a secret, by its name or by its
// value, and what is more than a word.
func TestPresetSecrets(t *testing.T) {
	for set, want := range map[string]string{
		"LEVEL=debug":                         "LEVEL=debug",
		`LEVEL="debug"`:                       "LEVEL=debug",
		"LEVEL debug":                         "LEVEL=debug",
		"URL=https://a.example/x":             "URL=https://a.example/x",
		"URL=https://u:p@a.example/":          "",
		"DATABASE_URI=postgres://db/x":        "",
		"SALT=abc":                            "",
		"CREDS=abc":                           "",
		"MODE=0123456789abcdef0123456789abcd": "MODE=0123456789abcdef0123456789abcd",
		"MODE=0123456789abcdef0123456789abcdef0123456789abcdef": "",
		"MODE=eyJhbGciOiJub25lIn0.e30.":                         "",
		`MODE="a b"`:                                            "",
		`MODE="a\nb"`:                                           "",
		`MODE="a\"b"`:                                           "",
		"MODE=$(id)":                                            "",
		"MODE=`id`":                                             "",
		"MODE=a;id":                                             "",
		"MODE=a\x1b[31m":                                        "",
		"MODE=/data/x":                                          "",
	} {
		name, _, _ := strings.Cut(strings.ReplaceAll(set, " ", "="), "=")
		p, err := decide(t, mod("")+"-- main.go --\npackage main\nimport \"os\"\nfunc main() { println(os.Getenv(\""+name+"\")) }\n-- Dockerfile --\nFROM scratch\nENV "+set+"\n")
		if err != nil {
			t.Errorf("%s: %v", set, err)
			continue
		}
		if got := chosen(p, "env"); got != want {
			t.Errorf("%s: got %q, want %q", set, got, want)
		}
	}
}

// TestWriteNotes says of a folder once that the program writes to it.
func TestWriteNotes(t *testing.T) {
	p, err := decide(t, mod("")+"-- main.go --\npackage main\nimport \"os\"\nfunc main() { os.MkdirAll(\"data/a/b\", 0o755); os.MkdirAll(\"data\", 0o755); os.MkdirAll(\"database\", 0o755) }\n")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range p.Notes {
		if folder, ok := strings.CutPrefix(n.Text, "writes to "); ok {
			got = append(got, folder[:strings.IndexByte(folder, ':')])
		}
	}
	if strings.Join(got, " ") != "data database" {
		t.Errorf("got %q", got)
	}
}

// TestVerbArguments passes what opens the port after the sub command whose
// flag it is.
func TestVerbArguments(t *testing.T) {
	p, err := decide(t, mod("")+`-- main.go --
package main
import ("flag"; "net"; "net/http"; "os")
func main() {
	switch os.Args[1] {
	case "serve":
		fs := flag.NewFlagSet("serve", flag.ExitOnError)
		host := fs.String("host", "127.0.0.1", "")
		http.ListenAndServe(net.JoinHostPort(*host, "8080"), nil)
	case "version":
		println()
	}
}
`)
	if err != nil {
		t.Fatal(err)
	}
	if got := dockerfile(t, p); !strings.HasSuffix(got, "CMD [\"serve\", \"--host\", \"0.0.0.0\"]\n") {
		t.Error(got)
	}
}

// TestGoneDockerfile: what a Dockerfile said binds nothing once the file is gone,
// unless dockgen's took its place.
func TestGoneDockerfile(t *testing.T) {
	const app = "-- main.go --\npackage main\nimport (\"net/http\"; \"os\")\nfunc main() { println(os.Getenv(\"GREETING\")); http.ListenAndServe(os.Args[1], nil) }\n"
	own := func(name, port, greeting string) string {
		return "-- " + name + " --\nFROM golang\nCOPY . .\nRUN go build -o /app .\nENV GREETING=" + greeting + "\nEXPOSE " + port + "\nENTRYPOINT [\"/app\"]\n"
	}
	for name, tt := range map[string]struct {
		before, after string
		port, env     string // afterwards
	}{
		"in dockgen's place":           {own("Dockerfile", "5000", "a"), "", "5000", "GREETING=a"},
		"kept as a backup":             {own("Dockerfile", "5000", "a"), own("Dockerfile.bak", "5000", "a"), "5000", "GREETING=a"},
		"changed":                      {own("Dockerfile", "5000", "a"), own("Dockerfile", "6000", "b"), "6000", "GREETING=b"},
		"elsewhere":                    {own("build/Dockerfile", "5000", "a"), own("build/Dockerfile", "5000", "a"), "5000", "GREETING=a"},
		"elsewhere, gone":              {own("build/Dockerfile", "5000", "a"), "", "none", ""},
		"elsewhere, changed":           {own("build/Dockerfile", "5000", "a"), own("build/Dockerfile", "6000", "b"), "6000", "GREETING=b"},
		"with another name, then gone": {own("Dockerfile.prod", "5000", "a"), "", "none", ""},
	} {
		t.Run(name, func(t *testing.T) {
			first, err := decide(t, mod("")+app+tt.before)
			if err != nil || chosen(first, "port") != "5000" || chosen(first, "env") != "GREETING=a" {
				t.Fatalf("before: port %q, env %q, %v", chosen(first, "port"), chosen(first, "env"), err)
			}
			again, err := decideLocked(t, mod("")+app+tt.after, first)
			if err != nil {
				t.Fatal(err)
			}
			if chosen(again, "port") != tt.port || chosen(again, "env") != tt.env {
				t.Errorf("got port %q and env %q, want %q and %q", chosen(again, "port"), chosen(again, "env"), tt.port, tt.env)
			}
		})
	}
}
