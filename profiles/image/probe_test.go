package image

import (
	"errors"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
)

// on is what the images of a language ask with.
func on(by map[plan.Runtime]Asker) func(plan.Runtime) Asker {
	return func(r plan.Runtime) Asker { return by[r] }
}

// TestProbe has one case for each cell of the policy.
func TestProbe(t *testing.T) {
	get := func(paths ...string) []effect.Route {
		var out []effect.Route
		for i, p := range paths {
			out = append(out, effect.Route{Pos: fact.At("main.x", i+1), Method: "GET", Path: p})
		}
		return out
	}
	goAsk := on(map[plan.Runtime]Asker{plan.Alpine: AskWget()})
	javaAsk := on(map[plan.Runtime]Asker{plan.Alpine: AskWget(), plan.Slim: AskCurl()})
	page := HealthRoute{Path: "/", Rule: "a route that an app of Next answers"}
	fixed := Ports{List: []plan.Port{8080}}
	byEnv := Ports{List: []plan.Port{8080}, Var: "PORT"}
	whole := Ports{List: []plan.Port{8080}, Var: "LISTEN", VarHostPort: true}
	for _, tt := range []struct {
		name     string
		settings string
		r        ProbeRequest
		choice   string
		cmd      string // the last argument of the command, "" for no HEALTHCHECK
		err      string
		hint     string
	}{
		{name: "a route of the code", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Routes: get("/users", "/healthz")}, choice: "GET /healthz", cmd: "http://127.0.0.1:8080/healthz"},
		{name: "the best of them", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Routes: get("/", "/ping", "/health")}, choice: "GET /health", cmd: "http://127.0.0.1:8080/health"},
		{name: "with a slash at its end", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Routes: get("/health/")}, choice: "GET /health/", cmd: "http://127.0.0.1:8080/health/"},
		{name: "the start page", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Routes: get("/")}, choice: "GET /", cmd: "http://127.0.0.1:8080/"},
		{name: "one that no GET asks", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Routes: []effect.Route{{Method: "POST", Path: "/healthz"}}}, choice: "none"},
		{name: "no route", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Routes: get("/users")}, choice: "none"},
		{name: "the framework's before the code's", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Framework: page, Routes: get("/healthz")}, choice: "GET /", cmd: "http://127.0.0.1:8080/"},
		{name: "asked before both", settings: "healthcheck: /ready", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Framework: page, Routes: get("/healthz")}, choice: "GET /ready", cmd: "http://127.0.0.1:8080/ready"},
		{name: "asked: none", settings: "healthcheck: none", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Framework: page}, choice: "none"},
		{name: "asked: where curl asks", settings: "healthcheck: /ready", r: ProbeRequest{Ports: fixed, Runtime: plan.Slim, Ask: javaAsk}, choice: "GET /ready", cmd: "http://127.0.0.1:8080/ready"},

		{name: "below a base path", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Framework: page, Base: "/shop"}, choice: "GET /shop", cmd: "http://127.0.0.1:8080/shop"},
		{name: "below a base path with a slash", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Framework: page, Base: "/shop/"}, choice: "GET /shop/", cmd: "http://127.0.0.1:8080/shop/"},
		{name: "below a base path without one", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Framework: page, Base: "shop"}, choice: "GET /shop", cmd: "http://127.0.0.1:8080/shop"},
		{name: "below the root", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Framework: page, Base: "/"}, choice: "GET /", cmd: "http://127.0.0.1:8080/"},
		{name: "the code's route below a base path", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Routes: get("/api/health/"), Base: "/shop/"}, choice: "GET /shop/api/health/", cmd: "http://127.0.0.1:8080/shop/api/health/"},
		{name: "an asked path is the whole path", settings: "healthcheck: /shop/ok", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Base: "/shop"}, choice: "GET /shop/ok", cmd: "http://127.0.0.1:8080/shop/ok"},

		{name: "nothing in the image can ask", r: ProbeRequest{Ports: fixed, Runtime: plan.Distroless, Ask: goAsk, Routes: get("/healthz")}, choice: "none"},
		{name: "asked: nothing in the image can", settings: "healthcheck: /ready", r: ProbeRequest{Ports: fixed, Runtime: plan.Distroless, Ask: goAsk}, err: "dockgen.yaml:1: healthcheck: the image of runtime distroless has no program that can probe /ready", hint: "--runtime alpine can;"},
		{name: "asked: nothing in scratch can", settings: "healthcheck: /ready", r: ProbeRequest{Ports: fixed, Runtime: plan.Scratch, Ask: javaAsk}, err: "the image of runtime scratch has no program", hint: "--runtime alpine or --runtime slim can;"},
		{name: "asked: nothing anywhere can", settings: "healthcheck: /ready", r: ProbeRequest{Ports: fixed, Runtime: plan.Slim}, err: "the image of runtime slim has no program", hint: "leave healthcheck out, and let the orchestrator probe"},
		{name: "asked: a package that the user asks for can", settings: "healthcheck: /ready\npackages: [curl]", r: ProbeRequest{Ports: fixed, Runtime: plan.Slim, Ask: goAsk}, choice: "GET /ready", cmd: "http://127.0.0.1:8080/ready"},
		{name: "asked: and one of distroless cannot", settings: "healthcheck: /ready\npackages: [wget]", r: ProbeRequest{Ports: fixed, Runtime: plan.Distroless, Ask: goAsk}, err: "the image of runtime distroless has no program", hint: "--runtime alpine or --runtime slim can;"},
		{name: "no port is known", r: ProbeRequest{Runtime: plan.Alpine, Ask: goAsk, Routes: get("/healthz")}, choice: "none"},
		{name: "asked: no port is known", settings: "healthcheck: /ready", r: ProbeRequest{Runtime: plan.Alpine, Ask: goAsk}, err: "dockgen.yaml:1: healthcheck: it is not known on which port the app listens", hint: portHint},

		{name: "follows the variable: wget", r: ProbeRequest{Ports: byEnv, Runtime: plan.Alpine, Ask: goAsk, Routes: get("/healthz")}, choice: "GET /healthz", cmd: "exec wget -q -O /dev/null http://127.0.0.1:${PORT:-8080}/healthz"},
		{name: "follows the variable: curl", r: ProbeRequest{Ports: byEnv, Runtime: plan.Slim, Ask: javaAsk, Routes: get("/healthz")}, choice: "GET /healthz", cmd: "exec curl -fsS -o /dev/null http://127.0.0.1:${PORT:-8080}/healthz"},
		{name: "follows the variable: node", r: ProbeRequest{Ports: byEnv, Ask: on(map[plan.Runtime]Asker{"": AskNode("node", 24)}), Routes: get("/healthz")}, choice: "GET /healthz", cmd: "fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '/healthz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"},
		{name: "follows the variable: an old node", r: ProbeRequest{Ports: byEnv, Ask: on(map[plan.Runtime]Asker{"": AskNode("node", 16)}), Routes: get("/healthz")}, choice: "GET /healthz", cmd: "require('http').get('http://127.0.0.1:' + (process.env.PORT || 8080) + '/healthz', r => process.exit(r.statusCode < 400 ? 0 : 1)).on('error', () => process.exit(1))"},
		{name: "follows the variable: python", r: ProbeRequest{Ports: byEnv, Ask: on(map[plan.Runtime]Asker{"": AskPython("python")}), Routes: get("/healthz")}, choice: "GET /healthz", cmd: "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + (os.environ.get('PORT') or '8080') + '/healthz')"},
		{name: "follows the address: wget", r: ProbeRequest{Ports: whole, Runtime: plan.Alpine, Ask: goAsk, Routes: get("/healthz")}, choice: "GET /healthz", cmd: "a=${LISTEN:-:8080}; exec wget -q -O /dev/null http://127.0.0.1:${a##*:}/healthz"},
		{name: "follows the address: node", r: ProbeRequest{Ports: whole, Ask: on(map[plan.Runtime]Asker{"": AskBun()}), Routes: get("/healthz")}, choice: "GET /healthz", cmd: "fetch('http://127.0.0.1:' + (process.env.LISTEN || ':8080').split(':').pop() + '/healthz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"},
		{name: "follows the address: python", r: ProbeRequest{Ports: whole, Ask: on(map[plan.Runtime]Asker{"": AskPython("python")}), Routes: get("/healthz")}, choice: "GET /healthz", cmd: "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + (os.environ.get('LISTEN') or ':8080').split(':')[-1] + '/healthz')"},
		{name: "a fixed port: python", r: ProbeRequest{Ports: fixed, Ask: on(map[plan.Runtime]Asker{"": AskPython("python")}), Routes: get("/healthz")}, choice: "GET /healthz", cmd: "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz')"},

		{name: "TLS alone", r: ProbeRequest{Ports: fixed, Runtime: plan.Alpine, Ask: goAsk, Routes: get("/healthz"), TLS: true}, choice: "none"},
		{name: "asked: TLS alone, wget", settings: "healthcheck: /ready", r: ProbeRequest{Ports: byEnv, Runtime: plan.Alpine, Ask: goAsk, TLS: true}, choice: "GET /ready", cmd: "exec wget -q -O /dev/null --no-check-certificate https://127.0.0.1:${PORT:-8080}/ready"},
		{name: "asked: TLS alone, node", settings: "healthcheck: /ready", r: ProbeRequest{Ports: fixed, Ask: on(map[plan.Runtime]Asker{"": AskNode("node", 24)}), TLS: true}, choice: "GET /ready", cmd: "require('https').get('https://127.0.0.1:8080/ready', {rejectUnauthorized: false}, r => process.exit(r.statusCode < 400 ? 0 : 1)).on('error', () => process.exit(1))"},
		{name: "asked: TLS alone, python", settings: "healthcheck: /ready", r: ProbeRequest{Ports: fixed, Ask: on(map[plan.Runtime]Asker{"": AskPython("python")}), TLS: true}, choice: "GET /ready", cmd: "import ssl, urllib.request as u; u.urlopen('https://127.0.0.1:8080/ready', context=ssl._create_unverified_context())"},

		{name: "what a program's text could end at", settings: `healthcheck: "/a'b\"c\\d e"`, r: ProbeRequest{Ports: fixed, Ask: on(map[plan.Runtime]Asker{"": AskPython("python")})}, choice: `GET /a'b"c\d e`, cmd: "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/a%27b%22c%5Cd%20e')"},
		{name: "what a shell would run", settings: "healthcheck: /a?b=$(id);c&d", r: ProbeRequest{Ports: byEnv, Runtime: plan.Alpine, Ask: goAsk}, choice: "GET /a?b=$(id);c&d", cmd: "exec wget -q -O /dev/null http://127.0.0.1:${PORT:-8080}'/a?b=$(id);c&d'"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(t, tt.settings)
			in.Know = know(t)
			got, err := Probe(in, tt.r)
			if tt.err != "" {
				var own *fact.Error
				if !errors.As(err, &own) || !strings.Contains(err.Error(), tt.err) || !strings.HasPrefix(own.Hint, tt.hint) {
					t.Fatalf("error %v (%+v), want %q with the hint %q", err, own, tt.err, tt.hint)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if v := chosen(t, in, "healthcheck"); v != tt.choice {
				t.Errorf("healthcheck is %q, want %q", v, tt.choice)
			}
			cmd := ""
			if got != nil {
				cmd = got.Cmd[len(got.Cmd)-1]
			}
			if cmd != tt.cmd {
				t.Errorf("command %s\nwant    %s", cmd, tt.cmd)
			}
		})
	}
}

// FuzzProbe: no path of the settings or of a repository ends the program's text.
func FuzzProbe(f *testing.F) {
	for _, s := range []string{"/healthz", "/'+x+'", "/\\", "/\n", "/$(id)", "/`id`", "/é", "/%"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, path, base string) {
		in := input(t, "")
		in.Know = know(t)
		for _, a := range []Asker{AskNode("node", 24), AskPython("python"), AskWget(), AskCurl()} {
			for _, p := range []Ports{{List: []plan.Port{80}}, {List: []plan.Port{80}, Var: "PORT"}} {
				got, err := Probe(in, ProbeRequest{Ports: p, Ask: on(map[plan.Runtime]Asker{"": a}), Framework: HealthRoute{Path: path}, Base: base})
				if err != nil || got == nil {
					continue
				}
				text := strings.Join(got.Cmd, "")
				for _, r := range text {
					if r < ' ' || r > '~' {
						t.Fatalf("%q", text)
					}
				}
				if quotes := strings.Count(text, "'"); quotes%2 != 0 || strings.Contains(text, `\`) || quotes > 8 {
					t.Fatalf("%q", text)
				}
			}
		}
	})
}
