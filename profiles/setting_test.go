package profiles_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// servers is one small server in each language, by how it listens. What the
// text CALL stands for is the line that differs.
func servers(language, variant string) map[string]string {
	var files map[string]string
	var call map[string]string
	switch language {
	case "go":
		files = map[string]string{"go.mod": "module example.com/app\n\ngo 1.25\n", "main.go": `package main

import (
	"net/http"
	"os"
)

var _ = os.Getenv

func load() string { b, _ := os.ReadFile("/etc/app.conf"); return string(b) }

func main() {
	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) {})
	CALL
}
`}
		call = map[string]string{
			"fixed":    `http.ListenAndServe(":8080", nil)`,
			"env":      `port := os.Getenv("PORT"); if port == "" { port = "8080" }; http.ListenAndServe(":"+port, nil)`,
			"unset":    `http.ListenAndServe(":"+os.Getenv("PORT"), nil)`,
			"unknown":  `http.ListenAndServe(load(), nil)`,
			"loopback": `http.ListenAndServe("127.0.0.1:8080", nil)`,
			"host":     `host := os.Getenv("HOST"); if host == "" { host = "127.0.0.1" }; http.ListenAndServe(host+":8080", nil)`,
			"low":      `port := os.Getenv("PORT"); if port == "" { port = "80" }; http.ListenAndServe(":"+port, nil)`,
		}
	case "node":
		files = map[string]string{
			"package.json":      `{"name": "app", "version": "1.0.0", "scripts": {"start": "node server.js"}, "dependencies": {"express": "5.1.0"}}`,
			"package-lock.json": `{"name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {"": {"name": "app", "version": "1.0.0", "dependencies": {"express": "5.1.0"}}, "node_modules/express": {"version": "5.1.0"}}}`,
			"server.js":         "const fs = require('fs')\nconst app = require('express')()\napp.get('/healthz', (req, res) => res.send('ok'))\nCALL\n",
		}
		call = map[string]string{
			"fixed":    `app.listen(8080)`,
			"env":      `app.listen(process.env.PORT || 8080)`,
			"unset":    `app.listen(process.env.PORT)`,
			"unknown":  `app.listen(JSON.parse(fs.readFileSync('/etc/app.json')).port)`,
			"loopback": `app.listen(8080, '127.0.0.1')`,
			"host":     `app.listen(8080, process.env.HOST || '127.0.0.1')`,
			"low":      `app.listen(process.env.PORT || 80)`,
		}
	case "python":
		files = map[string]string{"requirements.txt": "", "main.py": `import json, os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    pass

def load():
    return json.load(open("/etc/app.json"))["port"]

if __name__ == "__main__":
    CALL
`}
		call = map[string]string{
			"fixed":    `HTTPServer(("", 8080), Handler).serve_forever()`,
			"env":      `HTTPServer(("", int(os.environ.get("PORT", "8080"))), Handler).serve_forever()`,
			"unset":    `HTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()`,
			"unknown":  `HTTPServer(("", load()), Handler).serve_forever()`,
			"loopback": `HTTPServer(("127.0.0.1", 8080), Handler).serve_forever()`,
			"host":     `HTTPServer((os.environ.get("HOST", "127.0.0.1"), 8080), Handler).serve_forever()`,
			"low":      `HTTPServer(("", int(os.environ.get("PORT", "80"))), Handler).serve_forever()`,
		}
	case "java":
		files = map[string]string{
			"pom.xml": "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>app</artifactId><version>1</version>\n<properties><maven.compiler.release>21</maven.compiler.release></properties>\n" +
				"<build><plugins><plugin><artifactId>maven-jar-plugin</artifactId><configuration><archive><manifest><mainClass>g.App</mainClass></manifest></archive></configuration></plugin></plugins></build></project>\n",
			"src/main/java/g/App.java": `package g;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.file.*;

public class App {
    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(CALL, 0);
        server.start();
    }
}
`,
		}
		call = map[string]string{
			"fixed":    `new InetSocketAddress(8080)`,
			"env":      `new InetSocketAddress(Integer.parseInt(System.getenv().getOrDefault("PORT", "8080")))`,
			"unset":    `new InetSocketAddress(Integer.parseInt(System.getenv("PORT")))`,
			"unknown":  `new InetSocketAddress(Integer.parseInt(Files.readString(Path.of("/etc/app.conf"))))`,
			"loopback": `new InetSocketAddress("127.0.0.1", 8080)`,
			"host":     `new InetSocketAddress(System.getenv().getOrDefault("HOST", "127.0.0.1"), 8080)`,
			"low":      `new InetSocketAddress(Integer.parseInt(System.getenv().getOrDefault("PORT", "80")))`,
		}
	}
	for name, text := range files {
		files[name] = strings.ReplaceAll(text, "CALL", call[variant])
	}
	return files
}

// setting is one row of the table: what a setting does to a server that listens
// in one of the ways, in every language.
type setting struct {
	name    string
	variant string
	set     []string
	want    []string          // regular expressions of lines of the Dockerfile
	not     []string          // of lines that it does not have
	choices map[string]string // regular expressions of their values
	note    string            // part of a note
	same    string            // the stage that is the same without the settings
	err     string            // a regular expression of the error, with its place
	met     []string          // the languages that meet it, nil for all; of the others unmet is said, as a note or an error
	unmet   string
	dev     []string // lines of the stage dev
}

// place is where the server listens, in any of the languages.
const place = `(main\.go|server\.js|main\.py|src/main/java/g/App\.java):[0-9]+`

// table has the policy: each row holds in every language.
func table() []setting {
	alpine := "runtime=alpine"
	return []setting{
		{name: "the code says the port", variant: "fixed", want: []string{"EXPOSE 8080"}, not: []string{"ENV PORT=.*"}, choices: map[string]string{"port": "8080"}},
		{name: "a variable's default", variant: "env", want: []string{"EXPOSE 8080"}, choices: map[string]string{"port": "8080"}},
		{name: "a variable without a default", variant: "unset", want: []string{"EXPOSE (3000|8000|8080)", "ENV PORT=(3000|8000|8080)"}},
		{name: "the port is not known", variant: "unknown", not: []string{"EXPOSE .*", "ENV PORT=.*"}, note: "port", choices: map[string]string{"port": "none"}},
		{name: "the loopback", variant: "loopback", err: place + ": listens on 127.0.0.1 only"},
		{name: "the loopback, which a variable moves", variant: "host", want: []string{"EXPOSE 8080", "ENV HOST=0.0.0.0"}, choices: map[string]string{"address": "0.0.0.0"}},
		{name: "a port below 1024, which a variable moves", variant: "low", want: []string{"EXPOSE 8080", "ENV PORT=8080"}, choices: map[string]string{"port": "8080"}},

		{name: "port: fixed in the code", variant: "fixed", set: []string{"port=9000"}, err: `--set: port: the app always listens on 8080 \(` + place + `\)`},
		{name: "port: as the code has it", variant: "fixed", set: []string{"port=8080"}, want: []string{"EXPOSE 8080"}},
		{name: "port: a variable moves it", variant: "env", set: []string{"port=9000"}, want: []string{"EXPOSE 9000", "ENV PORT=9000"}, choices: map[string]string{"port": "9000"}},
		{name: "port: a variable without a default", variant: "unset", set: []string{"port=9000"}, want: []string{"EXPOSE 9000", "ENV PORT=9000"}, choices: map[string]string{"port": "9000"}},
		{name: "port: not known", variant: "unknown", set: []string{"port=9000"}, want: []string{"EXPOSE 9000"}, not: []string{"ENV PORT=.*"}, choices: map[string]string{"port": "9000"}},
		{name: "port: on the loopback", variant: "loopback", set: []string{"port=9000"}, err: place + ": listens on 127.0.0.1 only"},

		{name: "start: the rest stays", variant: "env", set: []string{`start=["program", "--flag"]`}, want: []string{"EXPOSE 8080", `(CMD|ENTRYPOINT) \[.*"program", "--flag"\]`}, same: "dev", choices: map[string]string{"port": "8080", "start": "program --flag"}},
		{name: "start: and a port", variant: "env", set: []string{`start=["program"]`, "port=9000"}, want: []string{"EXPOSE 9000", "ENV PORT=9000"}},
		{name: "start: a shell's", variant: "env", set: []string{`start=[/bin/sh, -c, "exec program"]`}, choices: map[string]string{"runtime": "slim", "init": "tini"}},
		{name: "start: a shell's, on distroless", variant: "env", set: []string{"start=[sh, program]", "runtime=distroless"}, err: "distroless cannot run this app"},
		{name: "start: and a health check", variant: "env", set: []string{`start=["program"]`, "healthcheck=/ready", alpine}, want: []string{"HEALTHCHECK .*", `.*PORT.*/ready.*`}, choices: map[string]string{"healthcheck": "GET /ready"}},
		{name: "start: a shell", variant: "env", set: []string{`start=["sh", "-c", "program"]`, alpine}, want: []string{`ENTRYPOINT \["tini", "--".*\]`}, choices: map[string]string{"init": "tini"}},

		{name: "healthcheck: the port is fixed", variant: "fixed", set: []string{"healthcheck=/ready", alpine}, want: []string{"HEALTHCHECK .*", `.*127\.0\.0\.1:8080/ready.*`}, choices: map[string]string{"healthcheck": "GET /ready"}},
		{name: "healthcheck: it follows the variable", variant: "env", set: []string{"healthcheck=/ready", alpine}, want: []string{"HEALTHCHECK .*", `.*PORT.*8080.*/ready.*`}, choices: map[string]string{"healthcheck": "GET /ready"}},
		{name: "healthcheck: none", variant: "env", set: []string{"healthcheck=none", alpine}, not: []string{"HEALTHCHECK .*"}, choices: map[string]string{"healthcheck": "none"}},
		{name: "healthcheck: not asked for", variant: "env", set: []string{alpine}, choices: map[string]string{"healthcheck": "GET /healthz|none"}},
		{name: "healthcheck: the port is not known", variant: "unknown", set: []string{"healthcheck=/ready", alpine}, err: "--set: healthcheck: it is not known on which port the app listens"},

		{name: "packages: Debian", variant: "env", set: []string{"packages=[graphviz]", "runtime=slim"}, want: []string{`.*apt-get install .*graphviz.*`}, not: []string{".*asked for in.*", ".*--set.*"}, choices: map[string]string{"packages": "(.* )?graphviz( .*)?"}},
		{name: "packages: Alpine", variant: "env", set: []string{"packages=[graphviz]", alpine}, want: []string{`.*apk add .*graphviz.*`}, choices: map[string]string{"packages": "(.* )?graphviz( .*)?"}},
		{name: "packages: the runtime can have them", variant: "env", set: []string{"packages=[graphviz]"}, choices: map[string]string{"runtime": "alpine|slim"}},
		{name: "packages: a runtime that cannot", variant: "env", set: []string{"packages=[graphviz]", "runtime=distroless"}, err: "distroless cannot run this app: .*"},

		{name: "env: of prod", variant: "env", set: []string{"env={FOO: \"a b\"}"}, want: []string{`ENV FOO="a b"`, "EXPOSE 8080"}},
		{name: "env: the port", variant: "env", set: []string{"env={PORT: \"9000\"}"}, want: []string{"ENV PORT=9000", "EXPOSE 9000"}, choices: map[string]string{"port": "9000"}},
		{name: "env: no port", variant: "env", set: []string{"env={PORT: auto}"}, err: "--set: env: PORT sets where the app listens"},
		{name: "env: at odds with port", variant: "env", set: []string{"env={PORT: \"9000\"}", "port=9001"}, err: "--set: port: env sets PORT to 9000"},

		{name: "syntax: an older frontend", variant: "env", set: []string{"syntax=false", "healthcheck=/ready", alpine}, want: []string{`HEALTHCHECK --interval=\S+ --timeout=\S+ --start-period=\S+`, ".*COPY --link .*"}, not: []string{`HEALTHCHECK .*start-interval.*`}},
		{name: "link: left out", variant: "env", set: []string{"link=false", "healthcheck=/ready", alpine}, want: []string{`HEALTHCHECK .*start-interval.*`}, not: []string{`.*--link.*`}},
		{name: "runtime: alpine", variant: "env", set: []string{alpine}, want: []string{`FROM .*alpine.*`}, choices: map[string]string{"runtime": "alpine"}},
		{name: "runtime: slim", variant: "env", set: []string{"runtime=slim"}, choices: map[string]string{"runtime": "slim"}},
		{name: "runtime: distroless", variant: "env", set: []string{"runtime=distroless"}, want: []string{`FROM gcr\.io/distroless/.*`}, choices: map[string]string{"runtime": "distroless"}},

		{
			name: "debug", variant: "env", set: []string{"debug=true"}, met: []string{"go", "java"}, unmet: "debug is for Go and Java programs alone",
			dev: []string{`# .* -p 8080:8080 -p 127\.0\.0\.1:(2345:2345|5005:5005) app:dev`, "# .*publish it on 127.0.0.1 only.", "EXPOSE 8080", "EXPOSE (2345|5005)"}, choices: map[string]string{"debugger": "delve .*|JDWP on 5005"},
		},
		{
			name: "startup: cache", variant: "env", set: []string{"startup=cache"}, met: []string{"java"}, unmet: "startup is for Java programs alone",
			want: []string{"COPY --link --from=cache /app/app.jsa ./", "EXPOSE 8080"}, choices: map[string]string{"startup": "class data sharing", "runtime": "slim"},
		},
		{name: "startup: native, which the build does not make", variant: "env", set: []string{"startup=native"}, met: []string{"java"}, unmet: "startup is for Java programs alone", err: "--set: startup: the build has no plugin that makes a native program"},
		{
			name: "jlink", variant: "env", set: []string{"jlink=true", "runtime=distroless"}, met: []string{"java"}, unmet: "jlink is for Java programs alone",
			want: []string{`FROM gcr\.io/distroless/java-base-debian13:nonroot AS prod`, "COPY --link --from=jre /opt/jre/ /opt/jre/", `ENTRYPOINT \["java", .*`}, choices: map[string]string{"java.jlink": "Java 21"},
		},
		{name: "jlink: false", variant: "env", set: []string{"jlink=false"}, want: []string{"EXPOSE 8080"}, same: "prod"},
		{name: "debug: false", variant: "env", set: []string{"debug=false"}, want: []string{"EXPOSE 8080"}, same: "dev"},

		{name: "version: nobody published it", variant: "env", set: []string{"version=0.1"}, err: "0.1"},
		{name: "main: there is no such", variant: "env", set: []string{"main=nothing/here"}, err: "--set: .*nothing/here.*"},
	}
}

// TestSettings: a setting has the same effect in every language, or is the same
// error.
func TestSettings(t *testing.T) {
	for _, l := range profiles.Languages() {
		language := l.Name
		if language == "html" {
			continue // a web server alone, which TestSettings of profiles/html has
		}
		for _, row := range table() {
			t.Run(language+"/"+row.name, func(t *testing.T) {
				if faults := row.check(t, language); len(faults) > 0 {
					t.Error(strings.Join(faults, "\n"))
				}
			})
		}
	}
}

// check lists where the row does not hold.
func (row setting) check(t *testing.T, language string) (faults []string) {
	t.Helper()
	app, text, err := write(t, servers(language, row.variant), row.set)
	fault := func(s string) { faults = append(faults, s) }
	if row.met != nil && !slices.Contains(row.met, language) {
		switch {
		case err != nil && strings.HasSuffix(err.Error(), ": "+row.unmet), app != nil && slices.ContainsFunc(app.Notes, func(n plan.Note) bool { return n.Text == row.unmet }):
			return nil
		}
		return []string{fmt.Sprintf("got %v, and it is not said that %s", err, row.unmet)}
	}
	if row.err != "" {
		var own *fact.Error
		var refused *record.UnsupportedError
		var impossible *record.ImpossibleError
		switch {
		case err == nil:
			fault("no error")
		case !errors.As(err, &own) && !errors.As(err, &refused) && !errors.As(err, &impossible):
			fault("an error of nobody's: " + err.Error())
		case !regexp.MustCompile(row.err).MatchString(err.Error()):
			fault("error " + err.Error() + ", want " + row.err)
		}
		return faults
	}
	if err != nil {
		return []string{err.Error()}
	}
	has := func(pattern string) bool {
		re := regexp.MustCompile("^(?:" + pattern + ")$")
		return slices.ContainsFunc(strings.Split(stage(text, "prod"), "\n"), func(l string) bool { return re.MatchString(strings.TrimSuffix(strings.TrimSpace(l), ` \`)) })
	}
	for _, w := range row.want {
		if !has(w) && !(strings.HasPrefix(w, "ENV ") && has(".*"+strings.TrimPrefix(w, "ENV "))) {
			fault("no line " + w + " in\n" + stage(text, "prod"))
		}
	}
	for _, n := range row.not {
		if has(n) {
			fault("a line " + n + " in\n" + stage(text, "prod"))
		}
	}
	for _, w := range row.dev {
		if !regexp.MustCompile("(?m)^(?:" + w + ")$").MatchString(text) {
			fault("no line " + w + " in\n" + text)
		}
	}
	keys := map[string]bool{}
	for _, c := range app.Choices {
		if keys[c.Key] {
			fault("choice " + c.Key + " is recorded twice")
		}
		keys[c.Key] = true
	}
	for key, pattern := range row.choices {
		i := slices.IndexFunc(app.Choices, func(c plan.Choice) bool { return c.Key == key })
		switch {
		case i < 0:
			fault("no choice " + key)
		case !regexp.MustCompile("^(?:" + pattern + ")$").MatchString(app.Choices[i].Value):
			fault("choice " + key + " is " + app.Choices[i].Value + ", want " + pattern)
		}
	}
	if row.note != "" && !slices.ContainsFunc(app.Notes, func(n plan.Note) bool { return strings.Contains(n.Text, row.note) }) {
		fault("no note on " + row.note)
	}
	if row.same != "" {
		_, without, err := write(t, servers(language, row.variant), nil)
		if err != nil {
			return append(faults, err.Error())
		}
		if a, b := stage(text, row.same), stage(without, row.same); a != b {
			fault(row.same + " is\n" + a + "\nand without the settings\n" + b)
		}
	}
	return faults
}

// write decides on the files and writes the Dockerfile.
func write(t *testing.T, files map[string]string, set []string) (*plan.App, string, error) {
	t.Helper()
	app, err := decide(t, files, set, nil)
	if err != nil {
		return nil, "", err
	}
	out, err := templates.Render(app)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range out {
		if f.Name == templates.Dockerfile {
			return app, string(f.Data), nil
		}
	}
	t.Fatal("no Dockerfile")
	return nil, "", nil
}

// decide decides on the files, with what a lock has.
func decide(t *testing.T, files map[string]string, set []string, lock map[string]record.Locked) (*plan.App, error) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	repo, err := detect.Scan(t.Context(), fsys, profiles.Languages())
	if err != nil {
		t.Fatal(err)
	}
	var s settings.Settings
	for _, kv := range set {
		if s, err = s.Set(kv); err != nil {
			t.Fatal(err)
		}
	}
	p, err := profiles.Decide(repo, profiles.Request{Name: "app", Settings: s, Locked: lock})
	if err != nil {
		return nil, err
	}
	return p.Apps[0], nil
}

// stage is the text of a stage, with that of the stages of the file that it
// starts from.
func stage(text, name string) string {
	for s := range strings.SplitSeq(text, "\nFROM ") {
		first, rest, _ := strings.Cut(s, "\n")
		words := strings.Fields(first)
		if len(words) < 3 || words[len(words)-1] != name {
			continue
		}
		// What stands above the next FROM is the next stage's comment.
		lines := strings.Split(rest, "\n")
		for len(lines) > 0 && (strings.HasPrefix(lines[len(lines)-1], "#") || lines[len(lines)-1] == "") {
			lines = lines[:len(lines)-1]
		}
		out := "FROM " + first + "\n" + strings.Join(lines, "\n")
		if base := words[len(words)-3]; base != name && !strings.ContainsAny(base, ":/") {
			out = stage(text, base) + "\n" + out
		}
		return out
	}
	return ""
}

// TestOwnDockerfile: an app whose source does not say its port opens what the
// repository's own Dockerfile exposes, in every language, also once dockgen's has come into
// its place.
func TestOwnDockerfile(t *testing.T) {
	for _, language := range []string{"go", "node", "python", "java"} {
		for name, c := range map[string]struct{ variant, own, port string }{
			"the source does not say": {"unknown", "EXPOSE 7000", "7000"},
			"it exposes nothing":      {"unknown", "USER 1", "none"},
			"the source says":         {"fixed", "EXPOSE 7000", "8080"},
		} {
			files := servers(language, c.variant)
			files["Dockerfile"] = "FROM scratch\n" + c.own + "\n"
			lock := map[string]record.Locked{}
			for _, again := range []bool{false, true} {
				app, err := decide(t, files, nil, lock)
				if err != nil {
					t.Fatalf("%s, %s: %v", language, name, err)
				}
				for _, choice := range app.Choices {
					lock[choice.Key] = record.Locked{Value: choice.Value, Evidence: choice.Evidence}
				}
				if got := lock["port"].Value; got != c.port {
					t.Errorf("%s, %s, dockgen's in its place %v: got port %q, want %q", language, name, again, got, c.port)
				}
				delete(files, "Dockerfile")
			}
		}
	}
}
