package buildfile

import (
	"fmt"
	"strings"
	"testing"
)

// TestHostile reads, in bounded time and memory, what no person wrote.
func TestHostile(t *testing.T) {
	long := strings.Repeat("x", maxFile-100)
	times := func(s string, n int) string { return strings.Repeat(s, min(n, maxFile/len(s))) }
	doubling := func(set, ref, use string) string {
		var b strings.Builder
		for i := range 60 {
			fmt.Fprintf(&b, set+"\n", i, strings.Repeat(fmt.Sprintf(ref, i+1), 50))
		}
		return b.String() + strings.Repeat(use, 2000)
	}
	mk := "run:\n" + times("\tgo run $(A0) $(A0)$(A0)\n", 2000)
	for name, text := range map[string]string{
		"Makefile/doubling":     doubling("A%d = %s", "$(A%d)", "") + mk,
		"Makefile/loop":         "A0 = $(A0) $(A0)\n" + mk,
		"Makefile/wide":         "A0 = " + times("y ", 50_000) + "\n" + mk,
		"Makefile/many targets": times("a ", 30_000) + ":\n" + times("\tgo build .\n", 5000),
		"Makefile/many needs":   times("run: a b c d e f\n", 1<<20),
		"Makefile/exports":      times("export\nGOOS=1\n", 1<<20),
		"Makefile/long line":    "run:\n\tgo run " + long,
		"Makefile/brackets":     "run:\n\t" + times("$(", 1<<20),
		"Makefile/subshells":    "run:\n\t" + times("(", 60_000),
		"Makefile/continued":    "run:\n\tgo run " + times("\\\n", 1<<20),
		"Makefile/links":        times("-X main.a=", 1<<20),
		"Makefile/link values":  "-X main.a=" + times("(", 1<<20),
		"x.sh/doubling":         doubling("A%d=\"%s\"", "$A%d", "go build $A0\n"),
		"x.sh/quotes":           "go build " + times(`"`, 1<<20),
		"x.sh/calls":            times("go build ", 1<<20),
		"x.sh/variables":        times("A=b ", 1<<20) + "go build .",
		"Dockerfile/doubling":   "FROM x\n" + times("ENV A=$A$A$A$A\n", 900) + "RUN go build $A\nEXPOSE $A\n",
		"Dockerfile/stages":     "FROM x AS a0\nENV A=" + times("y", 9000) + "\nEXPOSE " + times("1 ", 50_000) + "\n" + stages(900),
		"Dockerfile/heredoc":    "FROM x\nRUN <<E\n" + times("go build (\n", 1<<20) + "E\n",
		"Dockerfile/words":      "FROM x\nCOPY " + times("a ", 60_000) + ". /\nRUN " + times("cd /a && go build . && ", 2000) + "true\n",
		"app.yaml/aliases":      "a: &a [x, x]\n" + aliases(30) + "entrypoint: *z29\n",
		"app.yaml/deep":         "entrypoint: " + times("[", 1<<20),
		"render.yaml/services":  "services: [" + times("{startCommand: a}, ", 1<<20) + "]",
		"compose.yaml/aliases":  "services: &a {x: *a}\n",
		"compose.yaml/deep":     "services: " + times("{a: ", 1<<20),
		".goreleaser.yml/loop":  "builds: &a [*a, {main: *a, env: [*a]}]\n",
		".goreleaser.yml/flags": "builds: [{flags: [" + times("-a, ", 1<<20) + "]}]\n",
		".goreleaser.yml/bomb":  "a: &a [x, x]\n" + aliases(30) + "builds: [{flags: *z29, env: *z29}]\nenv: *z29\n",
		"fly.toml/many":         "[processes]\n" + numbered("a%d = 'b'\n", 20_000),
		"fly.toml/deep":         "a = " + times("[", 1<<20),
		"fly.toml/tables":       times("[a", 1) + times(".a", 1<<20) + "]\n",
		"README.md/ticks":       times("`go run x", 1<<20),
		"README.md/invalid":     times("go run \xff\xfe ./x\n", 1000),
		"README.md/docker":      times("docker run -p 1:1 a b c\n", 1<<20),
		"README.md/docker long": "docker run " + times("-p 1:1 ", 1<<20) + " a\n",
		"k8s/x.yaml/many":       "kind: Pod\nspec: {containers: [" + times("{name: a, env: [{name: b}]}, ", 1<<20) + "]}\n",
		"k8s/x.yaml/braces":     "kind: Pod\n" + times("{{ .Values.a }}", 1<<20),
		"k8s/x.yaml/documents":  "kind: Pod\n" + times("---\n", 1<<20),
		".env/many":             times("A=b\n", 1<<20),
		"Procfile/many":         times("a: b && c\n", 1<<20),
		".github/x.yml/many":    "jobs: [" + times("{run: a && b}, ", 1<<20) + "]\n",
		".github/x.yml/deep":    "jobs: " + times("[", 1<<20),
		".github/x.yml/env":     "env: {" + numbered("A%d: '${{ env.A0 }}', ", 8000) + "}\nrun: a\n",
		"Dockerfile/references": "FROM x\nENV A=" + times("y", 9000) + "\nENV B=" + times("$A", 1<<20) + "\n",
		"Dockerfile/defaults":   "FROM x\nEXPOSE " + times("${A:-", 60_000) + "\n",
		"Dockerfile/patterns":   "FROM x\nENV A=" + times("a", 16_000) + "\nENV B=${A%%" + times("*a", 4000) + "}\n",
		"Dockerfile/packages":   "FROM x\nRUN apt-get install " + times("a ", 1<<20) + "\n",
		"go.mod/heroku":         times("// +heroku install ./a\n", 1<<20),
		".circleci/x.yml/set":   times("GOOS: a\n", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := readText(name[:strings.LastIndex(name, "/")], text[:min(len(text), maxFile)])
			check(t, f)
		})
	}
}

func stages(n int) string {
	var b strings.Builder
	for i := range n / 2 {
		fmt.Fprintf(&b, "FROM a%d AS a%d\nEXPOSE 1 2 3\n", i, i+1)
	}
	return b.String()
}

func aliases(n int) string {
	b := strings.Builder{}
	b.WriteString("z0: &z0 [*a, *a]\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "z%d: &z%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*z%d, ", i-1), 9), ", "))
	}
	return b.String()
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// check holds a file against what the rest relies on.
func check(t *testing.T, f *File) {
	t.Helper()
	size := 0
	for _, c := range f.Commands {
		if len(c.Words) == 0 || c.Pos.IsZero() || c.Dir == "" {
			t.Errorf("%+v", c)
		}
		for _, w := range c.Words {
			size += len(w)
		}
	}
	if size > 64<<20 || len(f.Commands) > maxCommands {
		t.Errorf("%d commands of %d bytes", len(f.Commands), size)
	}
	if f.Image != nil {
		i := f.Image
		if n := max(len(i.Env), len(i.Ports), len(i.Copies), len(i.Packages), len(i.Args)); n > maxListed {
			t.Errorf("a list of %d", n)
		}
		for _, c := range i.Copies {
			if c.To == "" || c.Pos.Line < 1 {
				t.Errorf("%+v", c)
			}
		}
	}
	for _, c := range f.Containers {
		if c.Pos.Line < 1 {
			t.Errorf("%+v", c)
		}
	}
	for _, p := range f.Processes {
		if p.Text == "" || p.Pos.IsZero() {
			t.Errorf("%+v", p)
		}
	}
	if max(len(f.Containers), len(f.Processes), len(f.Env), len(f.Broken)) > maxListed {
		t.Errorf("%d containers, %d processes, %d variables", len(f.Containers), len(f.Processes), len(f.Env))
	}
}

func fuzz(f *testing.F, name string, seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\x00") {
			return // the tree gives no such text
		}
		check(t, readText(name, text))
	})
}

func FuzzMakefile(f *testing.F) {
	fuzz(f, "Makefile", "B = x\nrun: $(B)\n\tgo run $(B) a \\\n b\n", "A = $(A)$(A)\nall: all\n\tgo build $(A)\n",
		"export GOPRIVATE=a\nx:\n\tCGO_ENABLED=0 go build -tags 'a b' \\\n .\n", "define X\n\tgo build -ldflags '-X main.a=$(V)' .\nendef\n",
		"ifeq (a,b)\nT := a\nelse\nT := b\nendif\nrun: ; cd x && $(GO) run .\n", "a b: c\n\t@-+go build -o $@ ${A:-b} $(shell a $(B)) $$x\n")
}

func FuzzShell(f *testing.F) {
	fuzz(f, "build.sh", "A=b\nexport GOFLAGS=-tags=x\ngo build -o $A ./cmd/${A}\n", "for x in a b; do go build ./$x; done\n",
		"go build -ldflags \"-X main.v=$(git describe)\" -tags \"a b", "sh -c 'cd x && exec env A=b go run . y'\n",
		"git config url.\"git@a.example:\".insteadOf \"https://a.example/\"\ngo vet ./...\n", "go run -C x $A -o y ${B:-z} -- w\n")
}

func FuzzDockerfile(f *testing.F) {
	fuzz(f, "Dockerfile", "FROM golang AS b\nWORKDIR /x\nCOPY . .\nRUN cd cmd && go build -o /o ./x\nENTRYPOINT [\"/o\"]\n",
		"ARG A=$A\nFROM x\nENV A=${A:-$B} B='c\\'d'\nEXPOSE $A\nCMD x <<E\nE\n", "FROM a AS b\nENV A \"b\nc\"\nFROM b\nCOPY --from=b /x /y\nENTRYPOINT y\n",
		"FROM x\nRUN --mount=type=bind,target=. <<E\ngo build .\nE\n", "RUN go build\n", "# escape=`\nFROM x\nENV A=b `\n C=d\n")
}

func FuzzGoreleaser(f *testing.F) {
	fuzz(f, ".goreleaser.yaml", "builds:\n  - tags: [a]\n    main: ./x\n    flags: -tags=b\n", "env: [GOFLAGS=-tags=x]\nbuilds: [{skip: true}]\n", "builds: &a [*a]\n", "[1, {a: *b}]")
}

func FuzzCI(f *testing.F) {
	fuzz(f, ".github/workflows/x.yml", "env: {A: b}\njobs:\n  x:\n    steps:\n      - run: |\n          go build ${{ env.A }}\n        working-directory: y\n", "vars: &a {A: '{{.A}}'}\ntasks: {x: {cmds: [a, {cmd: b}]}, y: *a}\n")
}

func FuzzCompose(f *testing.F) {
	fuzz(f, "compose.yaml", "services:\n  x:\n    build: .\n    command: a $X ${Y:-z}\n    ports: ['${P:-1}:2', {target: 3}]\n    environment: [A=b]\n    volumes: [a:b:c]\n", "services: {x: {build: {}, healthcheck: {test: [CMD]}}}")
}

func FuzzManifest(f *testing.F) {
	fuzz(f, "chart/templates/x.yaml", "kind: Pod\nspec:\n  containers:\n    - {name: a, args: [b], ports: [{containerPort: 1}], env: [{name: A, value: {{ .Values.x | default \"y\" }}}]}\n", "kind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{}]}}}}}\n---\nkind: Job\n")
}

func FuzzReadme(f *testing.F) {
	fuzz(f, "README.md", "`docker run -p 1:2 -eA=b x y`\n$ docker run \\\n  --mount src=a,target=b c\n", "docker build -t a . && docker run a\n")
}

func FuzzDotenv(f *testing.F) {
	fuzz(f, ".env.example", "A=b # c\nexport B='c'\n", "A=\"b\n=c\n")
}

func FuzzProcfile(f *testing.F) {
	fuzz(f, "Procfile", "web: exec a $PORT\nx:\n", "a: b <<E\nc: (\n")
}
