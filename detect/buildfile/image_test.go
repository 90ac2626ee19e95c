package buildfile

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/detect/tree/treetest"
)

// facts prints facts: LINE VALUE.
func facts[T any](list []fact.Fact[T]) []string {
	var out []string
	for _, f := range list {
		out = append(out, strings.ReplaceAll(fmt.Sprintf("%d %v", f.Pos.Line, f.Value), Unknown, "?"))
	}
	return out
}

const image = `# syntax=docker/dockerfile:1
ARG VERSION=22
FROM node:${VERSION} AS Base
ENV A=1 B="x $A"
ENV API_TOKEN=abc
EXPOSE 9000
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg=7:1.0 \
    libpq5 $EXTRA && rm -rf /var/lib/apt/lists/*
FROM base AS dev
RUN apk add --no-cache --virtual .build gcc && apk add tini~0.19
FROM golang AS go
COPY . /go/src
FROM base AS prod
ARG PORT
ARG PLACE=/srv
ENV C=${PORT:-8080} D=$HOME/x
WORKDIR $PLACE
WORKDIR app
COPY --chown=1000 --from=go /go/bin/tool package.json /usr/bin/
COPY src ./src
EXPOSE ${PORT:-8080}/tcp 53/udp
VOLUME ["/data", "logs"]
USER 1000:1000
HEALTHCHECK --interval=5s CMD curl -f http://localhost:8080/health
LABEL org.opencontainers.image.title="My app"
ENTRYPOINT ["tini", "--"]
CMD node server.js $A
`

func TestImage(t *testing.T) {
	f := readText("Dockerfile", image)
	if f.Image == nil {
		t.Fatal("no image")
	}
	i := f.Image
	var stages, copies []string
	for _, s := range i.Stages {
		stages = append(stages, fmt.Sprintf("%d %s %s", s.Pos.Line, s.Base, s.Name))
	}
	for _, c := range i.Copies {
		copies = append(copies, fmt.Sprintf("%d %s:%s %s", c.Pos.Line, c.From, c.Path, c.To))
	}
	for what, x := range map[string]struct{ got, want []string }{
		"stages":     {stages, []string{"3 node:22 base", "9 base dev", "11 golang go", "13 base prod"}},
		"arguments":  {facts(i.Args), []string{"2 {VERSION 22 false}", "14 {PORT  false}", "15 {PLACE /srv false}"}},
		"variables":  {facts(i.Env), []string{"4 {A 1 false}", "4 {B x ? false}", "5 {API_TOKEN  true}", "16 {C 8080 false}", "16 {D ?/x false}"}},
		"ports":      {facts(i.Ports), []string{"6 {9000 0 false}", "21 {8080 0 false}", "21 {53 0 true}"}},
		"folder":     {facts([]fact.Fact[string]{i.Workdir}), []string{"18 /srv/app"}},
		"user":       {facts([]fact.Fact[string]{i.User}), []string{"23 1000:1000"}},
		"volumes":    {facts(i.Volumes), []string{"22 /data", "22 /srv/app/logs"}},
		"health":     {facts([]fact.Fact[Start]{i.Health}), []string{"24 {[] curl -f http://localhost:8080/health}"}},
		"entrypoint": {facts([]fact.Fact[Start]{i.Entrypoint}), []string{"26 {[tini --] }"}},
		"command":    {facts([]fact.Fact[Start]{i.Cmd}), []string{"27 {[] node server.js $A}"}},
		"labels":     {facts(i.Labels), []string{"25 {org.opencontainers.image.title My app false}"}},
		"packages":   {facts(i.Packages), []string{"7 {apt ffmpeg}", "7 {apt libpq5}"}},
		"copies":     {copies, []string{"19 go:/go/bin/tool /usr/bin", "19 go:package.json /usr/bin", "20 :src /srv/app/src"}},
	} {
		if diff := cmp.Diff(x.want, x.got); diff != "" {
			t.Errorf("%s: want -, got +:\n%s", what, diff)
		}
	}
}

// TestVolumes: a list with single quotes is no JSON, and means the folders all the same.
func TestVolumes(t *testing.T) {
	for text, want := range map[string]string{
		`["/data", "logs"]`:        "/data /srv/logs",
		`['/app/data', '/logs']`:   "/app/data /logs",
		`/data /logs`:              "/data /logs",
		`['/data','/logs']`:        "/data /logs",
		`[ ]`:                      "",
		`['/data', '/app','/id' ]`: "/data /app /id",
	} {
		f := readText("Dockerfile", "FROM a\nWORKDIR /srv\nVOLUME "+text+"\n")
		var got []string
		for _, v := range f.Image.Volumes {
			got = append(got, v.Value)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// TestOwnDockerfile tells every Dockerfile that dockgen writes from a user's,
// whatever its stages are called.
func TestOwnDockerfile(t *testing.T) {
	n := 0
	err := fs.WalkDir(os.DirFS("../../testdata"), ".", func(name string, _ fs.DirEntry, err error) error {
		if err == nil && path.Base(name) == "Dockerfile" && strings.Contains(name, "/want/") {
			text, err := os.ReadFile("../../testdata/" + name)
			if f := readText("Dockerfile", string(text)); f.Image != nil {
				t.Errorf("%s is not told, %v", name, err)
			}
			n++
		}
		return err
	})
	if err != nil || n < 50 {
		t.Errorf("%d Dockerfiles, %v", n, err)
	}
	for _, text := range []string{
		"FROM x AS base\nFROM base AS dev\nFROM base AS test\nFROM base AS prod\nEXPOSE 9999\n",
		"# test: docker build --target test .\nFROM x AS base\nFROM base AS test\nFROM base AS dev\nFROM base AS prod\nEXPOSE 9999\n",
	} {
		if f := readText("Dockerfile", text); f.Image == nil || len(f.Image.Ports) != 1 {
			t.Errorf("a user's file is taken for dockgen's:\n%s", text)
		}
	}
}

func describe(c Container) []string {
	out := []string{fmt.Sprintf("%d %s image=%s own=%v user=%s", c.Pos.Line, c.Name, c.Image, c.Own, c.User)}
	if len(c.Entrypoint)+len(c.Args) > 0 {
		out = append(out, fmt.Sprintf("%q %q", c.Entrypoint, c.Args))
	}
	if c.Build.Context != "" {
		out = append(out, "build "+strings.Join([]string{c.Build.Context, c.Build.Dockerfile, c.Build.Target}, " "))
	}
	for what, list := range map[string][]string{"arg ": facts(c.Build.Args)} {
		for _, s := range list {
			out = append(out, what+s)
		}
	}
	for _, list := range []struct {
		what string
		list []string
	}{{"port ", facts(c.Ports)}, {"env ", facts(c.Env)}, {"file ", c.EnvFiles}, {"mount ", facts(c.Mounts)}} {
		for _, s := range list.list {
			out = append(out, list.what+s)
		}
	}
	if c.Health.Found() {
		h := c.Health.Value
		out = append(out, strings.TrimSpace(fmt.Sprintf("health %d {%s %s %t %v} %s", c.Health.Pos.Line, h.Path, h.Port, h.TLS, h.Command, strings.Join(h.Timing.Options(), " "))))
	}
	for i, s := range out {
		out[i] = strings.ReplaceAll(s, Unknown, "?")
	}
	return out
}

func TestContainers(t *testing.T) {
	for name, tt := range map[string]struct {
		file, text string
		want       []string
	}{
		"compose": {
			"compose.yaml", "x-env: &env\n  A: 1\nservices:\n  web:\n    build: {context: ., dockerfile: docker/Dockerfile, target: prod, args: {REVISION: abc}}\n    command: ['serve', '--port', '80']\n    ports: ['127.0.0.1:${P:-8080}:80', '53:53/udp', {target: 9, published: 10}]\n    environment:\n      <<: *env\n      DB_PASSWORD: hunter2\n    env_file: .env\n    volumes:\n      - data:/data\n      - {type: bind, source: ./conf, target: /conf}\n    healthcheck: {test: [CMD, /app, health]}\n    user: app\n  db:\n    image: postgres\n    environment: [POSTGRES_DB=x, TZ]\n",
			[]string{
				"4 web image= own=true user=app", `[] ["serve" "--port" "80"]`, "build . docker/Dockerfile prod", "arg 5 {REVISION abc false}",
				"port 7 {80 8080 false}", "port 7 {53 53 true}", "port 7 {9 10 false}", "env 10 {DB_PASSWORD  true}", "env 2 {A 1 false}", "file .env",
				"mount 13 {data /data false}", "mount 14 {./conf /conf false}", "health 15 {  false [/app health]}",
				"17 db image=postgres own=false user=", "env 19 {POSTGRES_DB x false}", "env 19 {TZ  false}",
			},
		},
		"docker run in the README": {
			"README.md", "# App\n```sh\ndocker build -t acme/app .\n$ docker run -d --rm -p 8080:80/tcp \\\n    -v $PWD/data:/data -e API_KEY=secret --env MODE=prod --name app acme/app serve --x $Y z\ndocker run postgres:16\n```\nOr `docker run -p127.0.0.1:9000:9000 --mount type=volume,source=v,target=/v ghcr.io/acme/app`, then docker run it.\n",
			[]string{
				"4 app image=acme/app own=true user=", `[] ["serve"]`, "port 4 {80 8080 false}", "env 4 {API_KEY  true}", "env 4 {MODE prod false}", "mount 4 {./data /data false}",
				"6  image=postgres:16 own=false user=",
				"8  image=ghcr.io/acme/app own=false user=", "port 8 {9000 9000 false}", "mount 8 {v /v false}",
			},
		},
		"docker run in a Makefile": {"Makefile", "I = app\nrun: image\n\tdocker run -it -p 80:80 $(I)\nimage:\n\tdocker build . --tag=$(I)\n", []string{"3  image=app own=true user=", "port 3 {80 80 false}"}},
		"a manifest": {
			"deploy/app.yaml", "kind: Service\nspec: {ports: [{port: 80}]}\n---\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          image: acme/app:1\n          args: [serve, -v]\n          ports: [{name: http, containerPort: 8080}]\n          env:\n            - {name: MODE, value: prod}\n            - name: X\n              valueFrom: {secretKeyRef: {name: a, key: b}}\n          volumeMounts: [{name: data, mountPath: /data}]\n          readinessProbe: {httpGet: {path: /ready, port: http}}\n",
			[]string{
				"9 app image=acme/app:1 own=false user=", `[] ["serve" "-v"]`, "port 12 {8080 0 false}", "env 14 {MODE prod false}", "env 15 {X  true}", "mount 17 {data /data false}",
				"health 18 {/ready 8080 false []}",
			},
		},
		"another tool's YAML": {"deploy/values.yaml", "kind: Deployment-ish\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range readText(tt.file, tt.text).Containers {
				got = append(got, describe(c)...)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

// scan makes a tree of files.
func scan(t *testing.T, files map[string]string) *tree.Tree {
	t.Helper()
	return treetest.Of(t, files)
}

func TestReader(t *testing.T) {
	tr := scan(t, map[string]string{
		"a/Procfile":                        "web: x\n",
		"a/fly.toml":                        "[processes]\nworker = 'y'\n",
		"a/app.yaml":                        "runtime: python312\nentrypoint: z\n",
		"a/Dockerfile.dev":                  "FROM dev\n",
		"a/docker/Dockerfile":               "FROM x\nEXPOSE 1\n",
		"a/.env.example":                    "# c\nexport PORT=9000 # why\nDB_PASS='x'\nAUTH_ADDR=\":1\"\nA = b\n",
		"a/chart/values.yaml":               "port: 8080\nimage: {name: app}\n",
		"a/chart/templates/deployment.yaml": "kind: Deployment\nspec:\n  template:\n    spec:\n      {{- if .Values.x }}\n      containers:\n        - name: {{ .Chart.Name }}\n          image: \"{{ .Values.image.name }}:{{ .Values.tag | default \"1\" }}\"\n          ports: [{containerPort: {{ .Values.port }}}]\n      {{- end }}\n",
		"a/run.sh":                          "#!/usr/bin/env bash\n",
	})
	r := Of(tr, "a")
	if r != Of(tr, "./a/") || r == Of(tr, ".") {
		t.Error("a folder has not one reader")
	}
	var processes []string
	for _, p := range r.Processes() {
		processes = append(processes, p.Name+" "+p.Text+" "+p.Pos.String())
	}
	if diff := cmp.Diff([]string{"web x a/Procfile:1", "entrypoint z a/app.yaml:2", "worker y a/fly.toml:2"}, processes); diff != "" {
		t.Error(diff)
	}
	if f := r.Image(); f == nil || f.Name != "a/docker/Dockerfile" || len(f.Image.Ports) != 1 {
		t.Errorf("image: %+v", f)
	}
	if f := r.File("app.yaml"); f == nil || f.Runtime != fact.New("python312", "a/app.yaml", 1) {
		t.Errorf("app.yaml: %+v", f)
	}
	env := r.Dotenvs(".")
	if diff := cmp.Diff([]string{"2 {PORT 9000 false}", "3 {DB_PASS  true}", "4 {AUTH_ADDR :1 false}", "5 {A b false}"}, facts(env[0].Env)); diff != "" || !env[0].Example {
		t.Error(diff)
	}
	var containers []string
	for _, c := range r.Containers() {
		containers = append(containers, describe(c)...)
	}
	if diff := cmp.Diff([]string{"7 ? image=app:1 own=false user=", "port 9 {8080 0 false}"}, containers); diff != "" {
		t.Error(diff)
	}
	if r.Shebang("run.sh") != "bash" || r.Shebang("x.sh") != "" {
		t.Error("shebang")
	}
	var none *Reader
	if none.Image() != nil || none.File("x") != nil || none.Shebang("x") != "" || len(none.Containers()) > 0 {
		t.Error("a nil reader has files")
	}
}

// TestManaged leaves dockgen's own Dockerfile out where dockgen.lock says that it
// is.
func TestManaged(t *testing.T) {
	files := map[string]string{"Dockerfile": "FROM x\nEXPOSE 1\n"}
	if Of(scan(t, files), ".").Image() == nil {
		t.Error("a user's Dockerfile is not read")
	}
	files["dockgen.lock"] = "version: 1\n"
	if Of(scan(t, files), ".").Image() != nil {
		t.Error("dockgen's own Dockerfile is read")
	}
}

func TestPlatforms(t *testing.T) {
	rows, err := platforms()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range rows {
		if p.File == "" || !strings.HasPrefix(p.Source, "https://") || len(p.Starts)+len(p.Commands)+len(p.Packages)+len(p.Installs) == 0 || p.Kind != "" && p.Kind != "reloader" {
			t.Errorf("%+v", p)
		}
	}
}

// TestBuilds wants a row of kinds that says builds to be enough for its files to
// be listed, those of the build's home first.
func TestBuilds(t *testing.T) {
	ci := "steps: [{command: go build ./cmd/x}]\n"
	r := Of(scan(t, map[string]string{
		"svc/Makefile":                      "build:\n\tgo build .\n",
		"Makefile":                          "build:\n\tgo build .\n",
		"scripts/Build.SH":                  "go build .\n",
		"justfile":                          "build:\n  go build .\n",
		".ko.yaml":                          "builds: [{main: ./cmd/x}]\n",
		".github/workflows/ci.yml":          "jobs: {a: {steps: [{run: go build .}]}}\n",
		".github/workflows/README.md":       "go build .\n",
		".buildkite/pipeline.yml":           ci,
		".forgejo/workflows/ci.yaml":        "jobs: {a: {steps: [{run: go build .}]}}\n",
		"azure-pipelines.yml":               "steps: [{script: go build .}]\n",
		"fly.toml":                          "[processes]\nweb = 'x'\n",
		"compose.yaml":                      "services: {a: {build: .}}\n",
		"docs/Makefile":                     "html:\n\tgo build .\n",
		"deploy/Dockerfile.release":         "FROM golang\nRUN go build .\n",
		"unrelated/.github/workflows/a.yml": "jobs: {}\n",
	}), ".")
	var got []string
	for _, f := range r.Builds("svc") {
		got = append(got, f.Name)
	}
	want := []string{
		"svc/Makefile", ".ko.yaml", "Makefile", "azure-pipelines.yml", "justfile", "scripts/Build.SH", "deploy/Dockerfile.release",
		".github/workflows/ci.yml", ".buildkite/pipeline.yml", ".forgejo/workflows/ci.yaml",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestImageOfApp: of several Dockerfiles in folders, the app's takes files of the repository; and what lays another image over all of
// the app's is a variant.
func TestImageOfApp(t *testing.T) {
	const service = "FROM sshd\nRUN adduser x\nEXPOSE 22\n"
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string // the file and what it starts
	}{
		{"a service beside", map[string]string{"containers/a/Dockerfile": service, "containers/b/Dockerfile": "FROM node\nCOPY . .\nCMD [\"x\"]\n"}, "containers/b/Dockerfile x"},
		{"a mount", map[string]string{"docker/a/Dockerfile": service, "docker/b/Dockerfile": "FROM node\nRUN --mount=type=bind,target=. make\nCMD [\"x\"]\n"}, "docker/b/Dockerfile x"},
		{"by way of a stage", map[string]string{"docker/a/Dockerfile": service, "docker/b/Dockerfile": "FROM node AS b\nCOPY . .\nFROM node\nCOPY --from=b /x /x\nCMD [\"x\"]\n"}, "docker/b/Dockerfile x"},
		{"a service alone", map[string]string{"docker/a/Dockerfile": service + "CMD [\"y\"]\n"}, "docker/a/Dockerfile y"},
		{"the one that docker build takes", map[string]string{"Dockerfile": service + "CMD [\"y\"]\n", "docker/b/Dockerfile": "FROM node\nCOPY . .\nCMD [\"x\"]\n"}, "Dockerfile y"},
		{"a variant", map[string]string{"Dockerfile": "FROM node AS app\nCOPY . .\nCMD [\"x\"]\nFROM acme/tool AS tool\nFROM app\nCOPY --from=tool / /\nCMD [\"x\", \"--tool\"]\n"}, "Dockerfile x"},
		{"all of a stage that builds", map[string]string{"Dockerfile": "FROM node AS app\nCOPY . .\nCMD [\"x\"]\nFROM node AS tool\nRUN make\nFROM app\nCOPY --from=tool / /\nCMD [\"x\", \"--tool\"]\n"}, "Dockerfile x --tool"},
		{"a stage with a file more", map[string]string{"Dockerfile": "FROM node AS app\nCOPY . .\nCMD [\"x\"]\nFROM app\nCOPY --from=acme/tool /tool /tool\nCMD [\"x\", \"--tool\"]\n"}, "Dockerfile x --tool"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := readerOf(t, tt.files).Image()
			if f == nil {
				t.Fatal("none")
			}
			if got := f.Name + " " + strings.Join(f.Image.Cmd.Value.Words, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
