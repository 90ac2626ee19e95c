package image

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/tree/treetest"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// beside is input for a language beside files of the repository, with what an earlier run has
// written down.
func beside(t *testing.T, language string, files map[string]string, old []plan.Choice) record.Input {
	t.Helper()
	tr := treetest.Of(t, files)
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	in := input(t, "")
	in.Tree, in.Builds, in.Know, in.Name = tr, buildfile.Of(tr, "."), know, "notes"
	in.Log.Locked = map[string]record.Locked{}
	for _, c := range old {
		in.Log.Locked[c.Key] = record.Locked{Value: c.Value, Evidence: c.Evidence}
	}
	in.Log.Choose(plan.Choice{Key: "language", Value: language})
	return in
}

// replaced is what a later run sees once dockgen's Dockerfile has taken the place of the own one: that one is kept under another
// name, in the repository or in the lock.
func replaced(files map[string]string) {
	if text, ok := files["Dockerfile"]; ok {
		files["Dockerfile.bak"] = text
		delete(files, "Dockerfile")
	}
}

// bases are the first lines of a Dockerfile of each language.
var bases = map[string]string{ //nolint:gochecknoglobals // a constant table
	"go": "FROM golang:1.26 AS build\nFROM alpine\n", "node": "FROM node:24\n", "python": "FROM python:3.13-slim\n", "java": "FROM maven:3 AS build\nFROM eclipse-temurin:21-jre\n",
}

// TestSettingsFolder: a folder of the app's own below /etc that people mount is the user's, and no other one there.
func TestSettingsFolder(t *testing.T) {
	for mount, want := range map[string]string{
		"c:/etc/notes": "/etc/notes", "$PWD/config:/etc/notes/": "/etc/notes", "c:/etc/ssl": "", "c:/etc/nginx": "", "c:/etc/other": "", "c:/etc": "", "c:/etc/notes:ro": "", "c:/etc/notes/a": "", "c:/etc/placed": "",
	} {
		files := map[string]string{
			"Dockerfile": bases["python"] + "COPY conf /etc/placed/\n", "conf/a.ini": "", "pyproject.toml": "[project]\nname = \"notes-placed-server\"\n",
			"README.md": "docker run -v " + mount + " acme/notes-placed-server\n",
		}
		in := beside(t, "python", files, nil)
		got, err := Writes(in, WritesRequest{Workdir: "/app", Maker: plan.FromStage(plan.MustStageName("base"))}, plan.Slim)
		if err != nil {
			t.Fatal(err)
		}
		if data := chosen(t, in, "data"); data != want || want != "" && !slices.Contains(got.Dirs, plan.MustPath(want)) {
			t.Errorf("%s: got %q, %v", mount, data, got.Dirs)
		}
	}
}

// TestDocumentedFolders: the folders that the repository's people mount are made and belong to the user, in
// every language alike.
func TestDocumentedFolders(t *testing.T) {
	chart := "kind: StatefulSet\nspec:\n  template:\n    spec:\n      containers:\n        - name: notes\n          image: acme/notes\n          volumeMounts: [{name: d, mountPath: /data}, {name: c, mountPath: /cfg}]\n      volumes: [{name: c, configMap: {name: x}}]\n"
	for _, tt := range []struct {
		name   string
		files  map[string]string // in a Dockerfile, BASE is that of the language
		writes []Write
		env    string // the variables of prod
		data   string // the choice
		rule   string // part of it
		note   string // part of the only note
	}{
		{name: "nothing"},
		{name: "README", files: map[string]string{"README.md": "docker run -v notes:/data -v \"$PWD/cfg\":/config acme/notes"}, data: "/data /config", rule: "README.md mounts"},
		{name: "compose", files: map[string]string{"compose.yaml": "services: {a: {build: ., volumes: ['d:/var/lib/notes']}, db: {image: postgres, volumes: ['p:/var/lib/postgresql/data']}}"}, data: "/var/lib/notes", rule: "compose.yaml mounts"},
		{name: "chart", files: map[string]string{"deploy/k8s.yaml": chart}, data: "/data", rule: "deploy/k8s.yaml mounts"},
		{name: "a folder in memory", files: map[string]string{"README.md": "docker run --tmpfs /run/notes:mode=755 --tmpfs /tmp --tmpfs=/run/secrets/x acme/notes", "compose.yaml": "services: {a: {build: ., tmpfs: [/var/run/notes, '/scratch:size=1m']}}"}, data: "/run/notes /var/run/notes /scratch", rule: "README.md mounts"},
		{name: "VOLUME", files: map[string]string{"Dockerfile": "BASEVOLUME [\"/data\", \"/cfg\"]\n"}, data: "/data /cfg", rule: "former Dockerfile declares"},
		{name: "chown", files: map[string]string{"Dockerfile": "BASEWORKDIR /app\nCOPY run.sh /run.sh\nRUN mkdir -p /var/cache/x /var/data && chown -R 1000 /app /store /run.sh\n"}, data: "/var/data /store", rule: "former Dockerfile makes"},
		{name: "files, sockets and what is read", files: map[string]string{"README.md": "docker run -v x.yml:/x.yml -v /var/run/docker.sock:/var/run/docker.sock -v /etc/localtime:/etc/localtime:ro -v c:/c:ro -v t:/tmp/x acme/notes"}},
		{name: "the source, its modules, and a folder of the repository", files: map[string]string{"conf/a.yml": "a: 1", "data/.gitkeep": "", "compose.yaml": "services: {a: {build: ., volumes: ['./conf:/conf', '/app/node_modules', './data:/data']}}"}, data: "/data"},
		{name: "for development", files: map[string]string{"compose.dev.yaml": "services: {a: {build: ., volumes: ['d:/data']}}", "compose.yaml": "services: {a: {build: ., volumes: ['.:/app', 'd:/cache']}}"}},
		{name: "below root's home", files: map[string]string{"README.md": "docker run -v ~/.notes:/root/.notes acme/notes"}, data: NonRootHome + "/.notes", note: "mounts /root/.notes, which is /home/nonroot/.notes in this image"},
		{
			name: "below another working directory, where the code finds it from its own", files: map[string]string{"Dockerfile": "BASEWORKDIR /usr/src/app\nVOLUME /usr/src/app/data\nVOLUME /usr/src/app\n"},
			writes: []Write{{Dir: "data", Pos: line}}, data: "/app/data",
		},
		{
			name: "below another working directory, which the code writes to", files: map[string]string{"Dockerfile": "BASEWORKDIR /srv/x\nVOLUME /srv/x/data\n"},
			writes: []Write{{Dir: ".", Quiet: true, Pos: line}}, data: "/app/data",
		},
		{name: "below another working directory", files: map[string]string{"Dockerfile": "BASEWORKDIR /srv/x\nVOLUME /srv/x/data\n"}, data: "/srv/x/data"},
		{name: "a variable names it", files: map[string]string{"README.md": "docker run -v a:/config acme/notes", "Dockerfile": "BASEENV CONFIG_PATH=/config DB=/config/x.db HOME=/config LOGS=/var/log/x API_TOKEN=/config N=1\n"}, data: "/config", env: "CONFIG_PATH=/config DB=/config/x.db"},
		{
			name: "a variable names it, below another working directory", files: map[string]string{"Dockerfile": "BASEWORKDIR /usr/src/app\nENV DATA_DIR=/usr/src/app/data/sub/\nVOLUME /usr/src/app/data\n"}, env: "DATA_DIR=/app/data/sub",
			writes: []Write{{Dir: "data", Pos: line}}, data: "/app/data",
		},
		{name: "a variable that is hostile", files: map[string]string{"Dockerfile": "BASEENV A=\"/data/x y\" B=/data/$(id) C=/data/../etc D='/data/\\nUSER root'\nVOLUME /data\n"}, data: "/data"},
		{name: "a place that is not known, beside one that is documented", files: map[string]string{"README.md": "docker run -v a:/data acme/notes"}, writes: []Write{{Dir: "logs", Unplaced: true, Pos: line}}, data: "/data"},
		{name: "what is not known", files: map[string]string{"README.md": "docker run -v a:$DIR -v b:/x/$Y acme/notes"}},
		{name: "hostile", files: map[string]string{"Dockerfile": "BASEVOLUME [\"/a b\", \"/$(id)\", \"/x\\nUSER root\", \"/..\", \"/\", \"/proc/x\", \"/ok\"]\n"}, data: "/ok"},
	} {
		for language, base := range bases {
			t.Run(tt.name+"/"+language, func(t *testing.T) {
				files := map[string]string{}
				for name, text := range tt.files {
					files[name] = strings.ReplaceAll(text, "BASE", base)
				}
				in := beside(t, language, files, nil)
				r := WritesRequest{Workdir: "/app", Writes: tt.writes, Maker: plan.FromStage(plan.MustStageName("base"))}
				got, err := Writes(in, r, plan.Slim)
				if err != nil {
					t.Fatal(err)
				}
				if data := chosen(t, in, "data"); data != tt.data {
					t.Errorf("got %q, want %q", data, tt.data)
				}
				if env := variables(got.Env); env != tt.env {
					t.Errorf("got variables %q, want %q", env, tt.env)
				}
				if len(got.Dirs) > len(strings.Fields(tt.data)) {
					t.Errorf("got %v", got.Dirs)
				}
				for dir := range strings.FieldsSeq(tt.data) {
					if !slices.Contains(got.Dirs, plan.MustPath(dir)) && !slices.Contains(got.Dirs, plan.MustPath(NonRootHome)) {
						t.Errorf("%s is not the user's: %v", dir, got.Dirs)
					}
				}
				for _, c := range in.Log.Choices() {
					if c.Key == "data" && !strings.Contains(c.Rule, tt.rule) {
						t.Errorf("got rule %q", c.Rule)
					}
				}
				var notes []string
				for _, n := range in.Log.Notes() {
					if n.Pos != line {
						notes = append(notes, n.Text)
					}
				}
				if len(notes) > 1 || !strings.Contains(strings.Join(notes, ""), tt.note) || tt.note == "" && len(notes) > 0 {
					t.Errorf("got notes %q, want %q", notes, tt.note)
				}
				// What the own Dockerfile says stays when dockgen's takes its place.
				_, readme := files["README.md"]
				if _, own := files["Dockerfile"]; own && !readme {
					again := beside(t, language, nil, in.Log.Choices())
					got, err := Writes(again, r, plan.Slim)
					if err != nil || chosen(t, again, "data") != tt.data || variables(got.Env) != tt.env {
						t.Errorf("then %q, %s, %v", chosen(t, again, "data"), variables(got.Env), err)
					}
				}
			})
		}
	}
}

// variables are those of prod but HOME.
func variables(list []plan.Env) string {
	var out []string
	for _, e := range list {
		if e.Name.String() != "HOME" {
			out = append(out, e.Name.String()+"="+e.Value.Raw())
		}
	}
	return strings.Join(out, " ")
}

// TestPromisedNeeds: a check that is made with the language's own program needs no package of the system,
// and a shell all the same.
func TestPromisedNeeds(t *testing.T) {
	for _, tt := range []struct{ language, test, needs string }{
		{"node", `["CMD", "node", "health.js"]`, ""},
		{"node", `["CMD-SHELL", "node health.js || exit 1"]`, ""},
		{"python", `["CMD", "python3", "health.py"]`, ""},
		{"go", `["CMD-SHELL", "node health.js"]`, "node"},
		{"node", `["CMD", "curl", "-f", "http://localhost/"]`, "curl"},
	} {
		in := beside(t, tt.language, map[string]string{"compose.yaml": "services:\n  a:\n    build: .\n    healthcheck:\n      test: " + tt.test + "\n"}, nil)
		var needs []string
		for _, n := range promisedNeeds(in) {
			needs = append(needs, n.Name)
		}
		if got := strings.Join(needs, " "); got != tt.needs {
			t.Errorf("%s, %s: got %q, want %q", tt.language, tt.test, got, tt.needs)
		}
		if got := promisedShell(in); (got == "") != (tt.needs != "" && !strings.Contains(tt.test, "SHELL")) {
			t.Errorf("%s, %s: got %q", tt.language, tt.test, got)
		}
	}
}

// TestBuiltFor: the contract of a Dockerfile counts for the language that its images are of.
func TestBuiltFor(t *testing.T) {
	for _, tt := range []struct {
		language, bases string
		want            bool
	}{
		{"node", "node:24", true},
		{"node", "acme/app:builder-go acme/app:base2", true},
		{"node", "acme/base:node-20 acme/x:python", true},
		{"node", "golang:1.26 alpine:3", false},
		{"node", "registry:5000/golang alpine", false},
		{"go", "acme/app:builder-go acme/app:base2", true},
		{"go", "debian:13", true},
		{"python", "node@sha256:0", false},
	} {
		var text strings.Builder
		for base := range strings.FieldsSeq(tt.bases) {
			text.WriteString("FROM " + base + "\n")
		}
		in := beside(t, tt.language, map[string]string{"Dockerfile": text.String() + "VOLUME /data\n"}, nil)
		if got := contractOf(in).Own != nil; got != tt.want {
			t.Errorf("%s, %s: got %t", tt.language, tt.bases, got)
		}
	}
}

// TestBuiltWith: a Dockerfile that starts from another language's image and a system counts for Python where it installs what the repository lists.
func TestBuiltWith(t *testing.T) {
	for _, tt := range []struct {
		language, run string
		want          bool
	}{
		{"python", "pip3 install --break-system-packages -r requirements.txt", true},
		{"python", "python3 -m pip install .", true},
		{"python", "pip3 install yt-dlp", false},
		{"go", "pip3 install -r requirements.txt", false},
	} {
		in := beside(t, tt.language, map[string]string{"Dockerfile": "FROM node:24 AS front\nRUN yarn build\nFROM alpine:3.23\nRUN apk add python3 py3-pip && " + tt.run + "\nVOLUME /data\n"}, nil)
		if got := contractOf(in).Own != nil; got != tt.want {
			t.Errorf("%s, %s: got %t", tt.language, tt.run, got)
		}
	}
}

// TestDocumentedVariables: the variables with which the own Dockerfile has the app keep its data in the folders that the image
// has are set, in every language alike.
func TestDocumentedVariables(t *testing.T) {
	for _, tt := range []struct{ name, own, want string }{
		{"none", "VOLUME /data\nENV MODE=full", ""},
		{"the folder", "ENV NOTES_DIR=/data\nVOLUME /data", "NOTES_DIR=/data"},
		{"a file below it, without an end slash", "ENV DB=/data/notes.db OTHER=/database/x\nVOLUME /data/", "DB=/data/notes.db"},
		{"an address", "ENV DATABASE_URL=sqlite:////data/notes.db?mode=rwc JDBC=jdbc:h2:file:/data/x\nVOLUME /data", "DATABASE_URL=\"sqlite:////data/notes.db?mode=rwc\" JDBC=jdbc:h2:file:/data/x"},
		{"of an argument in small letters", "ARG config_dir=/config\nENV CONFIG=$config_dir\nVOLUME $config_dir", "CONFIG=/config"},
		{"of an argument that stays one", "ARG CONFIG_DIR=/config\nENV CONFIG=$CONFIG_DIR\nVOLUME /config", ""},
		{"below another working directory", "WORKDIR /srv/x\nENV UP=/srv/x/uploads/a\nVOLUME /srv/x/uploads", "UP=/app/uploads/a"},
		{"the system's own", "ENV HOME=/data PATH=/data/bin PYTHONPATH=/data\nVOLUME /data", ""},
		{"the cache of a tool", "ENV POETRY_CACHE_DIR=/var/cache/pypoetry\nVOLUME /var/cache/pypoetry", ""},
		{"the folder of another image", "ENV NOTES_DIR=/data", ""},
		{"set by the user", "ENV ASKED=/data\nVOLUME /data", ""},
		{"hostile", "ENV A=\"/data/x\\nUSER root\" B='/data/$(id)' C=\"/data/a b\" D=/data/../etc E=/data/../data/ok F=postgres://u:p@h/data G=redis://data/0 API_TOKEN=/data/x\nVOLUME /data", "E=/data/ok"},
	} {
		for language, base := range bases {
			in := beside(t, language, map[string]string{"Dockerfile": base + tt.own + "\n"}, nil)
			in.Settings.Env = map[string]string{"ASKED": "/elsewhere"}
			r := WritesRequest{Workdir: "/app", Writes: []Write{{Dir: "uploads", Pos: line}}, Maker: plan.FromStage(plan.MustStageName("base"))}
			env := func(in record.Input) string {
				got, err := Writes(in, r, plan.Slim)
				if err != nil {
					t.Fatal(err)
				}
				var out []string
				for _, e := range got.Env {
					out = append(out, e.String())
				}
				return strings.Join(out, " ")
			}
			if got := env(in); got != tt.want {
				t.Errorf("%s, %s: got %q, want %q", tt.name, language, got, tt.want)
			}
			// What the own Dockerfile says stays when dockgen's takes its place.
			again := beside(t, language, nil, in.Log.Choices())
			again.Settings.Env = in.Settings.Env
			if got := env(again); got != tt.want {
				t.Errorf("%s, %s: then %q", tt.name, language, got)
			}
		}
	}
}

// TestPromisedPort: the port that the repository's people publish stays.
func TestPromisedPort(t *testing.T) {
	env := Address{Port: 3000, Pos: line, Rule: "the default of PORT", Move: port}
	low := Address{Port: 80, Pos: line, Rule: "the default of PORT", Move: port}
	fixed := Address{Port: 7000, Pos: line, Rule: "the code"}
	own := Address{Port: 8000, Rule: "the usual port", Move: Move{Free: true}}
	run := map[string]string{"README.md": "docker run -p 8080:80 acme/notes"}
	for _, tt := range []struct {
		name  string
		files map[string]string
		list  []Address
		ports string
		env   string
	}{
		{name: "no word of it", list: []Address{low}, ports: "8080", env: "PORT=8080"},
		{name: "the code's own below 1024", files: run, list: []Address{low}, ports: "80"},
		{name: "moved by the variable", files: run, list: []Address{env}, ports: "80", env: "PORT=80"},
		{name: "moved by a flag of dockgen's command", files: run, list: []Address{own}, ports: "80"},
		{name: "a port that cannot be moved", files: run, list: []Address{fixed}, ports: "7000"},
		{name: "a variable without a default", files: run, list: []Address{{Pos: line, Move: port}}, ports: "80", env: "PORT=80"},
		{name: "nothing is known", files: run, list: nil, ports: "80"},
		{name: "several where nothing is known", files: map[string]string{"README.md": "docker run -p 8080:80 -p 8443:443 acme/notes"}, list: nil, ports: "80 443"},
		{name: "SSH behind the rest", files: map[string]string{"README.md": "docker run -p 10022:2222 -p 80:3000 acme/notes"}, list: nil, ports: "3000 2222"},
		{name: "several, and the code says one", files: map[string]string{"README.md": "docker run -p 8080:80 -p 8443:443 acme/notes"}, list: []Address{env}, ports: "80", env: "PORT=80"},
		{name: "another listener's", files: map[string]string{"README.md": "docker run -p 9090:9090 acme/notes"}, list: []Address{env, {Port: 9090, Pos: line, Rule: "metrics", Also: true}}, ports: "3000 9090"},
		{name: "compose", files: map[string]string{"compose.yaml": "services: {db: {image: postgres, ports: ['5432:5432']}, a: {build: ., ports: ['80:5000']}}"}, list: []Address{env}, ports: "5000", env: "PORT=5000"},
		{name: "a chart", files: map[string]string{"k8s/a.yaml": "kind: Deployment\nspec: {template: {spec: {containers: [{name: a, image: acme/notes, ports: [{containerPort: 9000}]}]}}}\n"}, list: []Address{env}, ports: "9000", env: "PORT=9000"},
		{name: "EXPOSE keeps a low port", files: map[string]string{"Dockerfile": "BASEEXPOSE 80\n"}, list: []Address{low}, ports: "80"},
		{name: "EXPOSE moves no code", files: map[string]string{"Dockerfile": "BASEEXPOSE 80\n"}, list: []Address{env}, ports: "3000"},
		{name: "EXPOSE moves what dockgen starts", files: map[string]string{"Dockerfile": "BASEEXPOSE 80\n"}, list: []Address{own}, ports: "80"},
		{name: "the own image's variable", files: map[string]string{"Dockerfile": "BASEENV PORT=4000\nEXPOSE 3000\n"}, list: []Address{env}, ports: "4000", env: "PORT=4000"},
		{name: "a debugger's, and a file for development", files: map[string]string{"compose.yaml": "services: {a: {build: ., volumes: ['.:/app'], ports: ['9229:9229']}}", "compose.dev.yaml": "services: {a: {build: ., ports: ['1:1']}}"}, list: []Address{env}, ports: "3000"},
	} {
		for language, base := range bases {
			files := map[string]string{}
			for name, text := range tt.files {
				files[name] = strings.ReplaceAll(text, "BASE", base)
			}
			in := beside(t, language, files, nil)
			got, err := Port(in, PortRequest{Addresses: tt.list, Default: 8080})
			if err != nil {
				t.Fatal(err)
			}
			var env []string
			for _, e := range got.Env {
				env = append(env, e.Name.String()+"="+e.Value.Raw())
			}
			if ports := chosen(t, in, "port"); ports != tt.ports || strings.Join(env, " ") != tt.env {
				t.Errorf("%s, %s: got %q %q, want %q %q", tt.name, language, ports, env, tt.ports, tt.env)
			}
			again := beside(t, language, files, in.Log.Choices())
			if _, err := Port(again, PortRequest{Addresses: tt.list, Default: 8080}); err != nil || chosen(t, again, "port") != tt.ports {
				t.Errorf("%s, %s: then %q", tt.name, language, chosen(t, again, "port"))
			}
		}
	}
}

// TestPromisedRoute: the check that the repository's people make is the image's.
func TestPromisedRoute(t *testing.T) {
	compose := func(test string) map[string]string {
		return map[string]string{"compose.yaml": "services:\n  a:\n    build: .\n    healthcheck:\n      test: " + test + "\n"}
	}
	for _, tt := range []struct {
		name  string
		files map[string]string
		check string // the choice
		cmd   string // part of it
	}{
		{name: "none", check: "GET /framework"},
		{name: "HEALTHCHECK", files: map[string]string{"Dockerfile": "BASEHEALTHCHECK --interval=3s CMD curl -f http://localhost:8080/api/health || exit 1\n"}, check: "GET /api/health"},
		{name: "without a port", files: map[string]string{"Dockerfile": "BASEHEALTHCHECK CMD [\"wget\", \"--spider\", \"http://127.0.0.1/up\"]\n"}, check: "GET /up"},
		{name: "with a variable", files: map[string]string{"Dockerfile": "BASEHEALTHCHECK CMD wget -qO- http://localhost:${PORT:-1}/up\n"}, check: "GET /up"},
		{name: "compose", files: compose(`["CMD", "curl", "-f", "http://localhost:8080/health"]`), check: "GET /health"},
		{name: "compose, a shell's", files: compose("curl -fsS http://0.0.0.0:8080 || exit 1"), check: "GET /"},
		{name: "a language's own client", files: compose(`["CMD", "node", "-e", "require('http').get('http://localhost:8080/ping')"]`), check: "GET /ping"},
		{name: "a probe", files: map[string]string{"k8s/a.yaml": "kind: Deployment\nspec: {template: {spec: {containers: [{name: a, image: acme/notes, ports: [{name: h, containerPort: 8080}], livenessProbe: {httpGet: {path: /live, port: h}}}]}}}\n"}, check: "GET /live"},
		{name: "of another port", files: compose("curl -f http://localhost:9090/metrics"), check: "GET /framework"},
		{name: "of another host", files: compose("curl -f http://db:8080/x"), check: "GET /framework"},
		{name: "over TLS", files: compose("curl -kf https://localhost:8080/x"), check: "GET /framework"},
		{name: "more than a GET", files: compose("curl -f -H 'X: y' http://localhost:8080/x"), check: "GET /framework"},
		{name: "not known", files: compose("curl -f http://localhost:8080/$X"), check: "GET /framework"},
		{name: "the program itself", files: map[string]string{"Dockerfile": "BASEENTRYPOINT [\"/srv/box\"]\nHEALTHCHECK CMD [\"/srv/box\", \"health\", \"--quick\"]\n"}, check: "notes health --quick", cmd: `["notes", "health", "--quick"]`},
		{name: "hostile", files: map[string]string{"Dockerfile": "BASEHEALTHCHECK CMD curl -f \"http://localhost:8080/a'b`id`\"\n"}, check: "GET /framework"},
	} {
		for language, base := range bases {
			files := map[string]string{}
			for name, text := range tt.files {
				files[name] = strings.ReplaceAll(text, "BASE", base)
			}
			in := beside(t, language, files, nil)
			got, err := Probe(in, ProbeRequest{
				Ports: Ports{List: []plan.Port{8080}}, Runtime: plan.Slim, Ask: func(plan.Runtime) Asker { return AskCurl() }, Program: "notes",
				Framework: HealthRoute{Path: "/framework", Rule: "the framework's"},
			})
			if err != nil {
				t.Fatal(err)
			}
			if check := chosen(t, in, "healthcheck"); check != tt.check || !strings.Contains(got.Cmd.String(), tt.cmd) {
				t.Errorf("%s, %s: got %q %s, want %q", tt.name, language, check, got.Cmd, tt.check)
			}
		}
	}
}

// TestEntry: the own entry point's script is the image's, if all that it runs is there.
func TestEntry(t *testing.T) {
	const copies = "COPY docker-entrypoint.sh /usr/local/bin/\nENTRYPOINT [\"docker-entrypoint.sh\"]\n"
	const root = "if [ \"$(id -u)\" = 0 ]; then\n  chown -R x /data\n  exec gosu x \"$0\" \"$@\"\nfi\n"
	for _, tt := range []struct {
		name, language string
		own            string // the Dockerfile after its FROM
		script         string
		files          map[string]string
		asked          plan.Runtime
		entry          string // the choice
		needs          string
		note           string // part of the only note
	}{
		{name: "none", language: "node", own: "CMD [\"node\", \"a.js\"]\n"},
		{name: "migrates", language: "node", own: copies, script: "#!/bin/sh\nset -e\nnode migrate.js\nexec \"$@\"\n", entry: "docker-entrypoint.sh"},
		{name: "waits with a program of the system", language: "python", own: copies, script: "#!/bin/bash\nuntil psql -c 1; do sleep 1; done\npython manage.py migrate --noinput\nexec \"$@\"\n", entry: "docker-entrypoint.sh", needs: "bash psql"},
		{name: "the library's own program", language: "python", own: copies, script: "#!/bin/sh\nalembic upgrade head\nexec \"$@\"\n", files: map[string]string{"requirements.txt": "alembic==1.13\n"}, entry: "docker-entrypoint.sh"},
		{name: "a branch for root", language: "java", own: copies, script: "#!/bin/sh\n" + root + "exec \"$@\"\n", entry: "docker-entrypoint.sh"},
		{name: "by way of tini and a shell", language: "java", own: "COPY docker-entrypoint.sh /srv/run.sh\nENTRYPOINT [\"tini\", \"--\", \"sh\", \"/srv/run.sh\"]\n", script: "#!/bin/sh\nexec \"$@\"\n", entry: "docker-entrypoint.sh"},
		{name: "npx of a dependency", language: "node", own: copies, script: "#!/bin/sh\nnpx prisma migrate deploy\nexec \"$@\"\n", files: map[string]string{"package.json": "{\"dependencies\": {\"prisma\": \"6\"}}"}, entry: "docker-entrypoint.sh"},
		{name: "npx of what prod lacks", language: "node", own: copies, script: "#!/bin/sh\nnpx prisma migrate deploy\nexec \"$@\"\n", files: map[string]string{"package.json": "{\"dependencies\": {\"x\": \"1\"}, \"devDependencies\": {\"prisma\": \"6\"}}"}, note: "it runs npx, which this image does not have"},
		{name: "reads a virtual environment of its own", language: "python", own: copies, script: "#!/bin/sh\nsource venv/bin/activate\nexec \"$@\"\n", note: "it reads venv/bin/activate, which this image may not have"},
		{name: "for root", language: "node", own: copies, script: "#!/bin/sh\nset -e\nchown -R x /data\nexec \"$@\"\n", note: "it runs chown, which is for root"},
		{name: "for root, and it goes on without", language: "node", own: copies, script: "#!/bin/sh\nchown -R x /data\nexec \"$@\"\n", entry: "docker-entrypoint.sh"},
		{name: "for root, tried", language: "java", own: copies, script: "#!/bin/sh -e\nchown x /data || true\nif ! chown y /z; then echo no; fi\nexec \"$@\"\n", entry: "docker-entrypoint.sh"},
		{name: "for root, if a variable asks", language: "python", own: copies, script: "#!/bin/sh\nset -e\nif [ \"$AS_ROOT\" = true ]; then su-exec x \"$@\"; fi\nexec \"$@\"\n", entry: "docker-entrypoint.sh"},
		{name: "for root, as the image asks", language: "python", own: "ENV AS_ROOT=true\n" + copies, script: "#!/bin/sh\nset -e\nif [ \"$AS_ROOT\" = true ]; then su-exec x \"$@\"; fi\nexec \"$@\"\n", note: "it runs su-exec, which is for root"},
		{name: "another user's branch first", language: "python", own: copies, script: "#!/bin/sh\nset -e\nif [ \"$(id -u)\" -ne 0 ]; then\n  exec \"$@\"\nfi\nusermod -u 1 x\nexec gosu x \"$@\"\n", entry: "docker-entrypoint.sh"},
		{name: "by way of another stage", language: "node", own: "COPY --from=build --chmod=755 /src/docker-entrypoint.sh /usr/local/bin/run.sh\nENTRYPOINT [\"/usr/local/bin/run.sh\"]\n", script: "#!/usr/bin/env sh\nexec \"$@\"\n", entry: "docker-entrypoint.sh"},
		{name: "starts the app's server itself, on a port that is not known", language: "python", own: copies, script: "#!/bin/sh\npython manage.py migrate\nexec gunicorn x.wsgi -b :$PORT\n", files: map[string]string{"requirements.txt": "gunicorn\n"}, note: "it starts gunicorn"},
		{name: "for this machine alone", language: "python", own: copies, script: "#!/bin/sh\nexec gunicorn x.wsgi -b 127.0.0.1:8000\n", files: map[string]string{"requirements.txt": "gunicorn\n"}, note: "it starts gunicorn"},
		{name: "without a host", language: "python", own: copies, script: "#!/bin/sh\nexec uvicorn x:app --port 8000\n", files: map[string]string{"requirements.txt": "uvicorn\n"}, note: "it starts uvicorn"},
		{name: "a server that is not there", language: "python", own: copies, script: "#!/bin/sh\nexec gunicorn x.wsgi -b :8000\n", note: "gunicorn"},
		{name: "another language's server", language: "node", own: copies, script: "#!/bin/sh\nexec gunicorn x.wsgi -b :8000\n", files: map[string]string{"requirements.txt": "gunicorn\n"}, note: "gunicorn"},
		{name: "what nobody knows", language: "node", own: copies, script: "#!/bin/sh\n$TOOL x\nexec \"$@\"\n", note: "not known before it runs"},
		{name: "of another folder", language: "node", own: "WORKDIR /srv/x\n" + copies, script: "#!/bin/sh\ncd /srv/x\nexec \"$@\"\n", note: "it names /srv/x"},
		{name: "no shell", language: "node", own: copies, script: "#!/bin/sh\nexec \"$@\"\n", asked: plan.Distroless, note: "distroless is asked for"},
		{name: "no script of the repository", language: "node", own: "ENTRYPOINT [\"/bin/other\"]\n"},
		{name: "Python's", language: "node", own: copies, script: "#!/usr/bin/env python3\nprint()\n"},
		{name: "hostile", language: "node", own: "COPY docker-entrypoint.sh [\"/x\\nUSER root\"]\nENTRYPOINT [\"/x\\nUSER root\"]\n", script: "#!/bin/sh\nexec \"$@\"\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"Dockerfile": bases[tt.language] + tt.own}
			if tt.script != "" {
				files["docker-entrypoint.sh"] = tt.script
			}
			maps.Copy(files, tt.files)
			in := beside(t, tt.language, files, nil)
			in.Log.Asked = tt.asked
			decideEntry(in, tt.language)
			if got := chosen(t, in, "entrypoint"); got != tt.entry {
				t.Errorf("got %q, want %q", got, tt.entry)
			}
			var needs []string
			for _, n := range promisedNeeds(in) {
				needs = append(needs, n.Name)
			}
			if got := strings.Join(needs, " "); got != tt.needs {
				t.Errorf("got needs %q, want %q", got, tt.needs)
			}
			notes := in.Log.Notes()
			if len(notes) > 1 || (tt.note == "") != (len(notes) == 0) || len(notes) == 1 && !strings.Contains(notes[0].Text, tt.note) {
				t.Errorf("got notes %+v", notes)
			}
			if tt.entry == "" {
				return
			}
			app := &plan.App{Language: tt.language, Run: &plan.Run{Runtime: plan.Slim, Entry: plan.Exec{"tini", "--", "a"}, Init: true, Cmd: plan.Exec{"b"}}, Image: plan.Image{Stages: []plan.Stage{{Block: "prod", Data: &plan.Run{Head: plan.Head{Name: plan.MustStageName("prod")}}}}}}
			if err := Fulfil(in, app); err != nil {
				t.Fatal(err)
			}
			if got := app.Run.Entry.String() + app.Run.Cmd.String(); !strings.HasPrefix(got, `["tini", "--", "`) || !strings.HasSuffix(got, `["a", "b"]`) || len(app.Run.Copies) != 1 {
				t.Errorf("got %s %v", got, app.Run.Copies)
			}
			// The script stays when dockgen's Dockerfile takes the place of the own one.
			delete(files, "Dockerfile")
			again := beside(t, tt.language, files, in.Log.Choices())
			if decideEntry(again, tt.language); chosen(t, again, "entrypoint") != tt.entry {
				t.Errorf("then %q", chosen(t, again, "entrypoint"))
			}
		})
	}
}

// TestFulfil: names that builds use, labels and the signal are kept or said, in every language alike.
func TestFulfil(t *testing.T) {
	const own = "BASEFROM x AS runner\nARG REVISION\nARG MODE=full\nARG API_TOKEN=abc\nENV REV=$REVISION MODE=$MODE PATH=$MODE\nLABEL maintainer=\"A B\" org.x.rev=$REVISION org.x.tok=$API_TOKEN \"Bad Key\"=x\nSTOPSIGNAL SIGQUIT\n"
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string // signal, given, labels and aliases
		note  string
	}{
		{name: "nothing"},
		{name: "a Dockerfile", files: map[string]string{"Dockerfile": own}, want: "SIGQUIT REVISION=\"\" ENV REV=REVISION MODE=full ENV MODE=MODE LABEL org.x.rev=REVISION maintainer=\"A B\""},
		{name: "targets", files: map[string]string{"Dockerfile": own, "compose.yaml": "services: {a: {build: {context: ., target: runner}}}\n", "docker-bake.hcl": "target \"x\" {\n  target = \"development\"\n}\n", "Makefile": "a:\n\tdocker build --target odd .\n\tdocker build --target prod .\n"}, want: "SIGQUIT REVISION=\"\" ENV REV=REVISION MODE=full ENV MODE=MODE LABEL org.x.rev=REVISION maintainer=\"A B\" prod=runner", note: "builds the target odd"},
		{name: "targets for tests", files: map[string]string{"Dockerfile": "BASE", "Makefile": "a:\n\tdocker build --target unit-test .\n"}},
		{name: "UDP", files: map[string]string{"Dockerfile": "BASEEXPOSE 53/tcp 53/udp 1900/UDP 5353/udp 5353/udp 0/udp\n"}, want: "53/udp 1900/udp 5353/udp"},
		{name: "hostile", files: map[string]string{"Dockerfile": "BASELABEL a=\"x\\nUSER root\" b=$(id)\nSTOPSIGNAL \"SIG TERM\"\nARG X=`id`\nENV Y=$X\n"}, want: "X=\"`id`\" ENV Y=X a=\"x\\\\nUSER root\""},
	} {
		for language, base := range bases {
			files := map[string]string{}
			for name, text := range tt.files {
				files[name] = strings.ReplaceAll(text, "BASE", base)
			}
			in := beside(t, language, files, nil)
			var stages []plan.Stage
			for _, s := range []string{"dev", "test", "prod"} {
				stages = append(stages, plan.Stage{Block: "prod", Data: &plan.Run{Head: plan.Head{Name: plan.MustStageName(s)}}})
			}
			app := &plan.App{Language: language, Run: &plan.Run{}, Image: plan.Image{Stages: stages}}
			if err := Fulfil(in, app); err != nil {
				t.Fatal(err)
			}
			got := fulfilled(app.Run)
			for _, a := range app.Image.Aliases {
				got = append(got, a.From.String()+"="+a.Name.String())
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("%s, %s: got %q, want %q", tt.name, language, strings.Join(got, " "), tt.want)
			}
			// What the own Dockerfile says stays when dockgen's takes its place.
			then := &plan.App{Language: language, Run: &plan.Run{}, Image: plan.Image{Stages: stages}}
			replaced(files)
			if err := Fulfil(beside(t, language, files, in.Log.Choices()), then); err != nil || !slices.Equal(fulfilled(then.Run), fulfilled(app.Run)) {
				t.Errorf("%s, %s: then %q, %v", tt.name, language, fulfilled(then.Run), err)
			}
			if notes := in.Log.Notes(); tt.note != "" && (len(notes) == 0 || !strings.Contains(notes[0].Text, tt.note)) {
				t.Errorf("%s, %s: got notes %v", tt.name, language, notes)
			}
		}
	}
}

// TestOwnStart: a script that starts the app by itself is the entry point, and its port is the image's, also by
// what a lock of an earlier release has of it.
func TestOwnStart(t *testing.T) {
	const all = "WORKDIR /code\nCOPY . .\n"
	for _, tt := range []struct{ copies, end, port string }{
		{all, "exec gunicorn x.wsgi -b :9001", "9001"},
		{all, "exec gunicorn --workers 3 --bind=0.0.0.0:9001 x.wsgi:application", "9001"},
		{all, "gunicorn -b :9001 x.wsgi", "9001"},
		{all, "exec gunicorn -b :${PORT:-9001} --workers $N x.wsgi \"$@\"", "9001"},
		{all, "if true; then gunicorn -b :9001 x.wsgi; fi", "8000"},
		{all, "exec /opt/own/bin/gunicorn -b :9001 x.wsgi", "8000"},
		{all, "exec uvicorn x:app --host 0.0.0.0 --port 9001", "9001"},
		{all, "exec daphne -b 0.0.0.0 -p 9001 x.asgi:application", "9001"},
		{all, "exec gunicorn x.wsgi", "8000"},
		{all, "exec gunicorn x.wsgi -b :99999", "8000"},
		{all, "exec gunicorn x.wsgi -b", "8000"},
		{"WORKDIR /code\nCOPY src/ .\n", "exec gunicorn x.wsgi -b :9001", "8000"},
		{all, "exec gunicorn x.wsgi -b :9001 -n '\\nUSER root'", "9001"},
	} {
		files := map[string]string{
			"requirements.txt": "gunicorn\nuvicorn\ndaphne\n", "Dockerfile": bases["python"] + tt.copies + "COPY run.sh /run.sh\nENTRYPOINT [\"/run.sh\"]\n",
			"run.sh": "#!/bin/sh\npython manage.py migrate\n" + tt.end + "\n",
		}
		var old []plan.Choice
		for range 2 {
			in := beside(t, "python", files, old)
			if _, err := Port(in, PortRequest{Addresses: []Address{{Port: 8000, Rule: "the usual port", Move: Move{Free: true}}}, Default: 8080}); err != nil {
				t.Fatal(err)
			}
			decideEntry(in, "python")
			app := &plan.App{Language: "python", Run: &plan.Run{Runtime: plan.Slim, Cmd: plan.Exec{"gunicorn"}}}
			if err := Fulfil(in, app); err != nil {
				t.Fatal(err)
			}
			taken := tt.port != "8000"
			if chosen(t, in, "port") != tt.port || (chosen(t, in, "entrypoint") == "run.sh") != taken || (app.Run.Cmd == nil) != taken {
				t.Errorf("%s: got port %q, entry point %q, %s %s", tt.end, chosen(t, in, "port"), chosen(t, in, "entrypoint"), app.Run.Entry, app.Run.Cmd)
			}
			delete(files, "Dockerfile")
			old = []plan.Choice{{Key: "entrypoint", Value: chosen(t, in, "entrypoint"), Evidence: ownDockerfile + " starts /run.sh"}}
		}
	}
}

// fulfilled are the lines that Fulfil adds to prod.
func fulfilled(run *plan.Run) []string {
	var got []string
	if s := run.Stop.String(); s != "" {
		got = append(got, s)
	}
	for _, p := range run.UDP {
		got = append(got, p.String()+"/udp")
	}
	for _, g := range run.Given {
		if name := g.Arg.Name.String(); name != "" {
			got = append(got, g.Arg.String())
		}
		kind := "ENV "
		if g.Label {
			kind = "LABEL "
		}
		got = append(got, kind+g.Name.String()+"="+g.From.String())
	}
	for _, l := range run.Labels {
		got = append(got, l.Name.String()+"="+l.Value.String())
	}
	return got
}
