package image

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
)

// askers are what the images of each language ask with on slim.
var askers = map[string]Asker{ //nolint:gochecknoglobals // a constant table
	"go": AskCurl(), "java": AskCurl(), "node": AskNode("node", 24), "python": AskPython("python"),
}

// TestOwnCheck: the own image's health check is this image's, by what this image asks with, with its times,
// and stays so when dockgen's Dockerfile has taken the place of the own one.
func TestOwnCheck(t *testing.T) {
	one := Ports{List: []plan.Port{8080}, Var: "PORT"}
	for _, tt := range []struct {
		name  string
		own   string // after FROM
		ports Ports
		want  map[string]string // by language; "" for all others
		note  string
	}{
		{name: "curl and its times", own: "HEALTHCHECK --interval=1m30s --timeout=3s --start-period=5s --retries=5 CMD curl --fail http://localhost:8080/health || exit 1", ports: one, want: map[string]string{
			"node":   "interval=1m30s timeout=3s start-period=5s start-interval=1s retries=5: node -e fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '/health').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))",
			"python": "interval=1m30s timeout=3s start-period=5s start-interval=1s retries=5: python -c import os, urllib.request as u; u.urlopen('http://localhost:' + (os.environ.get('PORT') or '8080') + '/health')",
			"":       "interval=1m30s timeout=3s start-period=5s start-interval=1s retries=5: sh -c exec curl -fsS -o /dev/null http://localhost:${PORT:-8080}/health",
		}},
		{name: "no times", own: "HEALTHCHECK CMD wget -qO- http://127.0.0.1:8080/up", ports: Ports{List: []plan.Port{8080}}, want: map[string]string{
			"node":   "interval=30s timeout=5s start-period=30s start-interval=1s: node -e fetch('http://127.0.0.1:8080/up').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))",
			"python": "interval=30s timeout=5s start-period=30s start-interval=1s: python -c import urllib.request as u; u.urlopen('http://127.0.0.1:8080/up')",
			"":       "interval=30s timeout=5s start-period=30s start-interval=1s: curl -fsS -o /dev/null http://127.0.0.1:8080/up",
		}},
		{name: "a path by variable", own: "ENV BASE=/app\nHEALTHCHECK --timeout=2s CMD curl -f http://localhost:\"$PORT\"\"${BASE}\"/ping || false", ports: one, want: map[string]string{
			"node":   "timeout=2s start-period=30s start-interval=1s: node -e fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '' + (process.env.BASE || '/app') + '/ping').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))",
			"python": "timeout=2s start-period=30s start-interval=1s: python -c import os, urllib.request as u; u.urlopen('http://localhost:' + (os.environ.get('PORT') or '8080') + '' + (os.environ.get('BASE') or '/app') + '/ping')",
			"":       "timeout=2s start-period=30s start-interval=1s: sh -c exec curl -fsS -o /dev/null http://localhost:${PORT:-8080}${BASE:-/app}/ping",
		}},
		{name: "over TLS", own: "HEALTHCHECK --timeout=2s CMD [\"curl\", \"-k\", \"https://localhost:8443/ok\"]", ports: Ports{List: []plan.Port{8443}}, want: map[string]string{
			"node":   "timeout=2s start-period=30s start-interval=1s: node -e require('https').get('https://127.0.0.1:8443/ok', {rejectUnauthorized: false}, r => process.exit(r.statusCode < 400 ? 0 : 1)).on('error', () => process.exit(1))",
			"python": "timeout=2s start-period=30s start-interval=1s: python -c import ssl, urllib.request as u; u.urlopen('https://localhost:8443/ok', context=ssl._create_unverified_context())",
			"":       "timeout=2s start-period=30s start-interval=1s: curl -fsS -o /dev/null -k https://localhost:8443/ok",
		}},
		{name: "another port that is open", own: "EXPOSE 8080 9000\nHEALTHCHECK --timeout=2s CMD curl -f http://127.0.0.1:9000/health", ports: Ports{List: []plan.Port{8080, 9000}, Var: "PORT"}, want: map[string]string{
			"node":   "timeout=2s start-period=30s start-interval=1s: node -e fetch('http://127.0.0.1:9000/health').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))",
			"python": "timeout=2s start-period=30s start-interval=1s: python -c import urllib.request as u; u.urlopen('http://127.0.0.1:9000/health')",
			"":       "timeout=2s start-period=30s start-interval=1s: curl -fsS -o /dev/null http://127.0.0.1:9000/health",
		}},
		{name: "the only port of the own image, which is moved here", own: "EXPOSE 3000\nHEALTHCHECK --timeout=2s CMD curl -f http://127.0.0.1:3000/health", ports: Ports{List: []plan.Port{8080}}, want: map[string]string{
			"node":   "timeout=2s start-period=30s start-interval=1s: node -e fetch('http://127.0.0.1:8080/health').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))",
			"python": "timeout=2s start-period=30s start-interval=1s: python -c import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health')",
			"":       "timeout=2s start-period=30s start-interval=1s: curl -fsS -o /dev/null http://127.0.0.1:8080/health",
		}},
		{name: "a port that is not known otherwise", own: "HEALTHCHECK --timeout=2s CMD curl -f http://127.0.0.1:9000/health", want: map[string]string{
			"node":   "timeout=2s start-period=30s start-interval=1s: node -e fetch('http://127.0.0.1:9000/health').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))",
			"python": "timeout=2s start-period=30s start-interval=1s: python -c import urllib.request as u; u.urlopen('http://127.0.0.1:9000/health')",
			"":       "timeout=2s start-period=30s start-interval=1s: curl -fsS -o /dev/null http://127.0.0.1:9000/health",
		}},
		{name: "of another listener", own: "EXPOSE 1 2\nHEALTHCHECK CMD curl -f http://127.0.0.1:9000/health", ports: one, note: "it asks port 9000, and this image listens on 8080"},
		{name: "with a header", own: "HEALTHCHECK CMD curl -H 'Host: x' http://127.0.0.1:8080/health", ports: one},
		{name: "with a header, by Python", own: `HEALTHCHECK CMD ["python", "-c", "from urllib.request import Request, urlopen; urlopen(Request('http://127.0.0.1:8080/runs', headers={'X-API-Key': key}))"]`, ports: one},
		{name: "with a header, by Node", own: `HEALTHCHECK CMD node -e "fetch('http://127.0.0.1:8080/runs', {headers: {host: 'x'}})"`, ports: one},
		{name: "none", own: "HEALTHCHECK CMD curl -f http://127.0.0.1:8080/health\nHEALTHCHECK NONE", ports: one},
		{name: "times that are none", own: "HEALTHCHECK --interval=0s --timeout=2s CMD curl -f http://127.0.0.1/health", ports: Ports{List: []plan.Port{8080}}, want: map[string]string{
			"node":   "timeout=2s start-period=30s start-interval=1s: node -e fetch('http://127.0.0.1:8080/health').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))",
			"python": "timeout=2s start-period=30s start-interval=1s: python -c import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health')",
			"":       "timeout=2s start-period=30s start-interval=1s: curl -fsS -o /dev/null http://127.0.0.1:8080/health",
		}},
		{name: "the program itself", own: "HEALTHCHECK --timeout=2s CMD [\"/srv/notes\", \"ok\", \"-q\"]", want: map[string]string{"": "timeout=2s start-period=30s start-interval=1s: notes ok -q", "node": "timeout=2s start-period=30s start-interval=1s: notes ok -q", "python": "timeout=2s start-period=30s start-interval=1s: notes ok -q"}},
		{name: "a script", own: "WORKDIR /srv\nCOPY tools/ /srv/bin/\nHEALTHCHECK --timeout=2s CMD node bin/ok.js --quick || exit 1", want: map[string]string{"node": "timeout=2s start-period=30s start-interval=1s: node tools/ok.js --quick"}, note: "prod does not have what it starts"},
		{name: "a script by its own name, and a variable", own: "ENV TOP=/srv\nWORKDIR /srv\nCOPY . .\nHEALTHCHECK --timeout=2s CMD ${TOP}/tools/ok.py", want: map[string]string{"python": "timeout=2s start-period=30s start-interval=1s: python tools/ok.py"}, note: "*"},
		{name: "a script that prod does not have", own: "HEALTHCHECK CMD node other.js", note: "*"},
		{name: "a script in a folder, beside a file that is copied there", own: "WORKDIR /srv\nCOPY tools /srv/tools\nCOPY conf.ini /srv/\nHEALTHCHECK --timeout=2s CMD python /srv/tools/ok.py", want: map[string]string{"python": "timeout=2s start-period=30s start-interval=1s: python tools/ok.py"}, note: "*"},
		{name: "Python's, with an argument behind the address", own: "HEALTHCHECK --timeout=2s CMD python -c \"import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/health', timeout=3).read()\"", ports: Ports{List: []plan.Port{8080}}, want: map[string]string{
			"node":   "timeout=2s start-period=30s start-interval=1s: node -e fetch('http://127.0.0.1:8080/health').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))",
			"python": "timeout=2s start-period=30s start-interval=1s: python -c import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health')",
			"":       "timeout=2s start-period=30s start-interval=1s: curl -fsS -o /dev/null http://127.0.0.1:8080/health",
		}},
		{name: "hostile", own: "HEALTHCHECK CMD [\"curl\", \"http://localhost:8080/a'b$(id)\\\\nUSER root\"]", ports: one},
	} {
		for language, base := range bases {
			files := map[string]string{"Dockerfile": base + tt.own + "\n", "tools/ok.js": "", "tools/ok.py": ""}
			r := ProbeRequest{
				Ports: tt.ports, Runtime: plan.Slim, Ask: func(plan.Runtime) Asker { return askers[language] }, Program: "notes",
				Script: func(file string) plan.Exec {
					if _, ok := files[file]; !ok {
						return nil
					}
					return plan.Exec{language, file}
				},
			}
			in := beside(t, language, files, nil)
			got, err := Probe(in, r)
			if err != nil {
				t.Fatal(err)
			}
			want, ok := tt.want[language]
			if !ok {
				want = tt.want[""]
			}
			if text := described(got); text != want && want != "*" {
				t.Errorf("%s, %s: got\n%s, want\n%s", tt.name, language, text, want)
			}
			if got != nil {
				again := beside(t, language, map[string]string{"tools/ok.js": "", "tools/ok.py": ""}, in.Log.Choices())
				then, err := Probe(again, r)
				if err != nil || described(then) != described(got) {
					t.Errorf("%s, %s: then\n%s, %v", tt.name, language, described(then), err)
				}
				continue
			}
			if n := in.Log.Notes(); tt.note != "" && tt.note != "*" && (len(n) != 1 || !strings.Contains(n[0].Text, tt.note)) {
				t.Errorf("%s, %s: got notes %v", tt.name, language, n)
			}
		}
	}
}

// described is a probe in a line, "" for none.
func described(p *plan.Probe) string {
	if p == nil {
		return ""
	}
	var words []string
	for _, o := range p.Options {
		words = append(words, o.String())
	}
	return strings.Join(words, " ") + ": " + strings.Join(p.Cmd, " ")
}

// TestCheckedRuntime: an image whose people check it from within is made of what can make that check.
func TestCheckedRuntime(t *testing.T) {
	const curl = "HEALTHCHECK CMD curl -f http://localhost:8080/health\n"
	preferred := []plan.Runtime{plan.Distroless, plan.Slim, plan.Alpine}
	for _, tt := range []struct {
		name, language, base, own string
		asked                     plan.Runtime
		preferred                 []plan.Runtime
		runtime, needs            string
	}{
		{name: "no check", language: "go", base: bases["go"], runtime: "distroless"},
		{name: "Alpine's wget", language: "go", base: bases["go"], own: curl, runtime: "alpine", needs: "curl"},
		{name: "where the own image is of Debian", language: "go", base: "FROM golang AS build\nFROM debian:13 AS run\nFROM run\n", own: curl, runtime: "slim", needs: "curl"},
		{name: "without Alpine", language: "go", base: bases["go"], own: curl, preferred: []plan.Runtime{plan.Distroless, plan.Slim}, runtime: "slim", needs: "curl"},
		{name: "asked", language: "go", base: bases["go"], own: curl, asked: plan.Distroless, runtime: "distroless"},
		{name: "slim is asked for", language: "go", base: bases["go"], own: curl, asked: plan.Slim, runtime: "slim", needs: "curl"},
		{name: "the program itself", language: "go", base: bases["go"], own: "ENTRYPOINT [\"/notes\"]\nHEALTHCHECK CMD [\"/notes\", \"ok\"]\n", runtime: "distroless"},
		{name: "Java's image has curl", language: "java", base: bases["java"], own: curl, runtime: "slim"},
		{name: "Node asks by itself", language: "node", base: bases["node"], own: curl, runtime: "distroless"},
		{name: "Python asks by itself", language: "python", base: bases["python"], own: curl, runtime: "distroless"},
	} {
		in := beside(t, tt.language, map[string]string{"Dockerfile": tt.base + tt.own}, nil)
		in.Log.Asked, in.Log.Profile, in.Log.Preferred = tt.asked, "default", preferred
		if tt.preferred != nil {
			in.Log.Preferred = tt.preferred
		}
		q := RuntimeRequest{Images: ImagesOf(tt.language), Release: map[string]string{"go": "1.26", "java": "21", "node": "24", "python": "3.13"}[tt.language]}
		switch tt.language {
		case "go":
			q.Ask = on(map[plan.Runtime]Asker{plan.Alpine: AskWget()})
		case "java":
			q.Ask = on(map[plan.Runtime]Asker{plan.Alpine: AskWget(), plan.Slim: AskCurl()})
		}
		got, err := Runtime(in, q)
		if err != nil {
			t.Fatal(tt.name, err)
		}
		var needs []string
		for _, n := range promisedNeeds(in) {
			needs = append(needs, n.Name)
			if len(n.Row.Alpine.Runtime) > 0 {
				t.Errorf("%s: Alpine has wget, and gets %v", tt.name, n.Row.Alpine.Runtime)
			}
		}
		if string(got) != tt.runtime || strings.Join(needs, " ") != tt.needs {
			t.Errorf("%s: got %s, needs %q", tt.name, got, needs)
		}
		in.Log.Asked = ""
	}
}

// TestSelfCheck: a program that has a command for its check needs nothing else, on each runtime.
func TestSelfCheck(t *testing.T) {
	for _, tt := range []struct {
		commands []string
		want     string
	}{
		{[]string{"serve", "healthcheck"}, "notes healthcheck"},
		{[]string{"readyz", "health"}, "notes health"},
		{[]string{"ping", "status"}, ""},
		{[]string{"livez"}, "notes livez"},
	} {
		var commands []fact.Fact[string]
		for i, c := range tt.commands {
			commands = append(commands, fact.New(c, "main.go", i+1))
		}
		in := beside(t, "go", nil, nil)
		got, err := Probe(in, ProbeRequest{Ports: Ports{List: []plan.Port{80}}, Runtime: plan.Distroless, Program: "notes", Commands: commands, Routes: []effect.Route{{Path: "/healthz"}}})
		if err != nil {
			t.Fatal(err)
		}
		var cmd []string
		if got != nil {
			cmd = slices.Clone(got.Cmd)
		}
		if strings.Join(cmd, " ") != tt.want {
			t.Errorf("%v: got %v", tt.commands, cmd)
		}
	}
}

// TestCheckBehindAFile finds the page that a script asks, or a program that the own Dockerfile compiles beside the app.
func TestCheckBehindAFile(t *testing.T) {
	const compiled = "RUN go build -ldflags '-s -w' -o ok tools/ok.go\nFROM alpine\nCOPY --from=0 /srv/ok /ok\n"
	for _, tt := range []struct{ name, own, script, program, want string }{
		{name: "without a scheme", own: "COPY ok.sh /\nHEALTHCHECK CMD [\"sh\", \"-c\", \"echo -n 'curl localhost:7777... '; (curl -sf localhost:7777 > /dev/null) && echo OK || (echo Fail && exit 2)\"]", want: "http://localhost:7777/"},
		{name: "without a scheme, by wget", own: "COPY ok.sh /\nHEALTHCHECK CMD wget -q -O - 127.0.0.1/up || exit 1", want: "http://127.0.0.1/up"},
		{name: "a word that is no address", own: "COPY ok.sh /\nHEALTHCHECK CMD pg_isready -h localhost"},
		{name: "of another host", own: "COPY ok.sh /\nHEALTHCHECK CMD curl -f example.com/up"},
		{name: "a script", own: "COPY ok.sh /\nHEALTHCHECK CMD /ok.sh", script: "#!/bin/sh\n# curl http://localhost/no\nADDRESS=${A:-localhost}\nwget -q --spider http://$ADDRESS:$PORT/health || exit 1\n", want: "http://127.0.0.1/health"},
		{name: "by a shell, with quotes", own: "COPY ok.sh /usr/bin/\nHEALTHCHECK CMD [\"sh\", \"/usr/bin/ok.sh\"]", script: "curl -f \"http://localhost:${PORT:-80}/up\"\n", want: "http://localhost/up"},
		{name: "in a shell of its own", own: "COPY ok.sh /\nHEALTHCHECK CMD [\"sh\", \"-c\", \"/ok.sh || exit 1\"]", script: "#!/bin/sh\ncurl -f http://localhost/up\n", want: "http://localhost/up"},
		{name: "another port", own: "COPY ok.sh /\nHEALTHCHECK CMD /ok.sh", script: "#!/bin/sh\ncurl -f http://localhost:9000/up\n", want: "http://localhost:9000/up"},
		{name: "two pages", own: "COPY ok.sh /\nHEALTHCHECK CMD /ok.sh", script: "#!/bin/sh\ncurl -f http://localhost/a\ncurl -f http://localhost/b\n"},
		{name: "another host", own: "COPY ok.sh /\nHEALTHCHECK CMD /ok.sh", script: "#!/bin/sh\ncurl -f http://example.com/a\n"},
		{name: "no shell's", own: "COPY ok.sh /\nHEALTHCHECK CMD /ok.sh", script: "#!/usr/bin/perl\ncurl http://localhost/a\n"},
		{name: "a program with a format", own: compiled + "HEALTHCHECK CMD [\"/ok\"]", program: "fmt.Sprintf(\"http://127.0.0.1:%s/api/health\", port)", want: "http://127.0.0.1/api/health"},
		{name: "joined", own: compiled + "HEALTHCHECK CMD [\"/ok\"]", program: "http.Get(\"http://localhost:\" + os.Getenv(\"PORT\") + \"/ping\")", want: "http://127.0.0.1/ping"},
		{name: "of a package", own: strings.Replace(compiled, "tools/ok.go", "./tools", 1) + "HEALTHCHECK CMD [\"/ok\"]", program: "http.Get(\"http://localhost:8080/ping\")", want: "http://127.0.0.1/ping"},
		{name: "that asks another host", own: compiled + "HEALTHCHECK CMD [\"/ok\"]", program: "http.Get(\"http://example.com/ping\")"},
		{name: "out of the repository", own: strings.Replace(compiled, "tools/ok.go", "../ok.go", 1) + "HEALTHCHECK CMD [\"/ok\"]", program: "http.Get(\"http://localhost/ping\")"},
	} {
		in := beside(t, "go", map[string]string{"Dockerfile": "FROM golang\nWORKDIR /srv\nCOPY . .\n" + tt.own + "\n", "ok.sh": tt.script, "tools/ok.go": "package main\nfunc main() { " + tt.program + " }\n"}, nil)
		got := ""
		for _, k := range promisedChecks(in) {
			if k.page != nil {
				got = k.page.String()
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
