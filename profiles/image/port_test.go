package image

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

// input is what a language hands on, with the settings of a dockgen.yaml.
func input(t *testing.T, yaml string) record.Input {
	t.Helper()
	s, err := settings.Parse("dockgen.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return record.Input{Log: &record.Log{}, Settings: s, Dir: "."}
}

// chosen is the value of a choice, which is recorded once at most.
func chosen(t *testing.T, in record.Input, key string) string {
	t.Helper()
	value, n := "", 0
	for _, c := range in.Log.Choices() {
		if c.Key == key {
			value, n = c.Value, n+1
		}
	}
	if n > 1 {
		t.Errorf("choice %s is recorded %d times", key, n)
	}
	return value
}

var (
	line = fact.At("main.x", 7) //nolint:gochecknoglobals // a constant of the tests
	port = Move{Env: "PORT"}    //nolint:gochecknoglobals // a constant of the tests
)

// TestPort has one case for each cell of the policy.
func TestPort(t *testing.T) {
	fixed := Address{Port: 8080, Pos: line, Rule: "the address in the source"}
	byEnv := Address{Port: 8080, Pos: line, Rule: "the default of PORT", Move: port}
	for _, tt := range []struct {
		name     string
		settings string
		r        PortRequest
		ports    string // the choice; the first is the app's own
		env      string
		args     string
		address  string // the choice "address"
		note     string // part of the only note
		err      string // part of the error, with its place
	}{
		{name: "the code says it", r: PortRequest{Addresses: []Address{fixed}}, ports: "8080"},
		{name: "a variable with a default needs nothing", r: PortRequest{Addresses: []Address{byEnv}}, ports: "8080"},
		{name: "nothing listens", ports: "none"},
		{name: "a variable without a default gets one", r: PortRequest{Addresses: []Address{{Pos: line, Move: port}}, Default: 3000}, ports: "3000", env: "PORT=3000"},
		{name: "two variables without a default get two", r: PortRequest{Addresses: []Address{{Pos: line, Move: port}, {Pos: line, Move: Move{Env: "ADMIN_PORT"}, Also: true}}, Default: 3000}, ports: "3000 3001", env: "PORT=3000 ADMIN_PORT=3001"},
		{name: "a flag without a default gets one", r: PortRequest{Addresses: []Address{{Pos: line, Move: Move{Flag: "--port"}}}, Default: 8080}, ports: "8080", args: "--port 8080"},
		{name: "what another file gives the variable", r: PortRequest{Addresses: []Address{{Port: 4000, Pos: line, Rule: "PORT=4000 in .env", Move: port, NoDefault: true}}}, ports: "4000", env: "PORT=4000"},

		{name: "asked: moved by the variable", settings: "port: 9000", r: PortRequest{Addresses: []Address{byEnv}}, ports: "9000", env: "PORT=9000"},
		{name: "asked: the variable's own default", settings: "port: 8080", r: PortRequest{Addresses: []Address{byEnv}}, ports: "8080"},
		{name: "asked: moved by the flag", settings: "port: 9000", r: PortRequest{Addresses: []Address{{Port: 8080, Pos: line, Move: Move{Flag: "-port"}}}}, ports: "9000", args: "-port 9000"},
		{name: "asked: moved by a flag with its value", settings: "port: 9000", r: PortRequest{Addresses: []Address{{Port: 8080, Pos: line, Move: Move{Flag: "--port="}}}}, ports: "9000", args: "--port=9000"},
		{name: "asked: the flag of a command of the user's own", settings: "port: 9000\nstart: [app, -port, \"9000\"]", r: PortRequest{Addresses: []Address{{Port: 8080, Pos: line, Move: Move{Flag: "-port"}}}}, ports: "9000"},
		{name: "asked: moved by a variable that holds the address", settings: "port: 9000", r: PortRequest{Addresses: []Address{{Port: 8080, Host: "0.0.0.0", Pos: line, Move: Move{Env: "LISTEN", HostPort: true}}}}, ports: "9000", env: "LISTEN=0.0.0.0:9000"},
		{name: "asked: moved by a flag that holds the address", settings: "port: 9000", r: PortRequest{Addresses: []Address{{Port: 8080, Pos: line, Move: Move{Flag: "-listen", HostPort: true}}}}, ports: "9000", args: "-listen :9000"},
		{name: "asked: dockgen writes the command", settings: "port: 9000", r: PortRequest{Addresses: []Address{{Port: 8000, Move: Move{Free: true}}}}, ports: "9000"},
		{name: "asked: fixed in the code", settings: "port: 9000", r: PortRequest{Addresses: []Address{fixed}}, err: "dockgen.yaml:1: port: the app always listens on 8080 (main.x:7)"},
		{name: "asked: fixed in the code, and the same", settings: "port: 8080", r: PortRequest{Addresses: []Address{fixed}}, ports: "8080"},
		{name: "asked: the second of two", settings: "port: 9090", r: PortRequest{Addresses: []Address{fixed, {Port: 9090, Also: true}}}, ports: "9090 8080"},
		{name: "asked: nothing is known", settings: "port: 9000", ports: "9000"},
		{name: "asked: the source does not say it", settings: "port: 9000", r: PortRequest{Unknown: line}, ports: "9000"},
		{name: "asked: beside a fixed one the source does not say it", settings: "port: 9000", r: PortRequest{Unknown: line, Addresses: []Address{fixed}}, ports: "9000"},

		{name: "loopback: moved by the variable", r: PortRequest{Addresses: []Address{{Port: 8080, Host: "127.0.0.1", Pos: line, HostMove: Move{Env: "HOST"}}}}, ports: "8080", env: "HOST=0.0.0.0", address: "0.0.0.0"},
		{name: "loopback: moved by the flag", r: PortRequest{Addresses: []Address{{Port: 8080, Host: "localhost", Pos: line, HostMove: Move{Flag: "--host"}}}}, ports: "8080", args: "--host 0.0.0.0", address: "0.0.0.0"},
		{name: "loopback: moved by the address", r: PortRequest{Addresses: []Address{{Port: 8080, Host: "::1", Pos: line, Move: Move{Env: "LISTEN", HostPort: true}}}}, ports: "8080", env: "LISTEN=:8080", address: "0.0.0.0"},
		{name: "loopback: fixed", r: PortRequest{Addresses: []Address{{Port: 8080, Host: "127.0.0.1", Pos: line}}}, err: "main.x:7: listens on 127.0.0.1 only"},
		{name: "loopback: fixed, in the network of its container", r: PortRequest{Addresses: []Address{{Port: 8080, Host: "127.0.1.1", Pos: line, Move: port}}}, err: "main.x:7: listens on 127.0.1.1 only"},
		{name: "loopback: a port that is asked for does not help", settings: "port: 9000", r: PortRequest{Addresses: []Address{{Port: 8080, Host: "127.0.0.1", Pos: line, Move: port}}}, err: "main.x:7: listens on 127.0.0.1 only"},
		{name: "loopback: what would count without it is of no use", r: PortRequest{Addresses: []Address{{Port: 9999, Host: "127.0.0.1", Pos: line, Rule: "the call"}, {Port: 8080, Rule: "the framework's default"}}}, err: "main.x:7: listens on 127.0.0.1 only"},
		{name: "loopback: beside an open port", r: PortRequest{Addresses: []Address{{Port: 6060, Host: "127.0.0.1", Pos: line}, {Port: 8080, Also: true}}}, ports: "8080"},
		{name: "Docker's own HOSTNAME", r: PortRequest{Addresses: []Address{{Port: 3000, Pos: line, HostMove: Move{Env: "HOSTNAME"}}}}, ports: "3000", env: "HOSTNAME=0.0.0.0"},

		{name: "unknown", r: PortRequest{Unknown: line}, ports: "none", note: "main.x:7: listens, and the source does not say on which port"},
		{name: "unknown: said in other words", r: PortRequest{Unknown: line, UnknownText: "is a server"}, ports: "none", note: "main.x:7: is a server"},
		{name: "unknown: a variable that no Dockerfile can set", r: PortRequest{Addresses: []Address{{Pos: line, Move: Move{Env: "APP.PORT"}}}}, ports: "none", note: "main.x:7: listens"},
		{name: "unknown: beside a fixed one", r: PortRequest{Unknown: line, Addresses: []Address{fixed}}, ports: "8080", note: "main.x:7: listens"},
		{name: "unknown: beside one that a variable says", r: PortRequest{Unknown: line, Addresses: []Address{byEnv}}, ports: "8080"},
		{name: "unknown: the repository's image exposes it", r: PortRequest{Unknown: line, Addresses: []Address{fixed}, Exposed: []fact.Fact[int]{fact.New(7000, "Dockerfile", 3), fact.New(7001, "Dockerfile", 4)}, ExposedRule: "exposed"}, ports: "7000 7001"},
		{name: "loopback by a variable that no Dockerfile can set", r: PortRequest{Addresses: []Address{{Port: 8080, Host: "127.0.0.1", Pos: line, HostMove: Move{Env: "APP.HOST"}}}}, err: "main.x:7: listens on 127.0.0.1 only"},

		{name: "below 1024: moved by the variable", r: PortRequest{Addresses: []Address{{Port: 80, Pos: line, Move: port}}}, ports: "8080", env: "PORT=8080"},
		{name: "below 1024: moved by the flag", r: PortRequest{Addresses: []Address{{Port: 443, Pos: line, Move: Move{Flag: "-port"}}}}, ports: "8443", args: "-port 8443"},
		{name: "below 1024: fixed", r: PortRequest{Addresses: []Address{{Port: 80, Pos: line}}}, ports: "80", note: "main.x:7: listens on 80: on plain Linux only root may open it"},
		{name: "below 1024: asked for", settings: "port: 80", r: PortRequest{Addresses: []Address{byEnv}}, ports: "80", env: "PORT=80", note: "dockgen.yaml:1: listens on 80"},

		{name: "several ports", r: PortRequest{Addresses: []Address{{Port: 9090, Pos: line}, {Port: 9191, Also: true}, {Port: 8080, Also: true, Move: Move{Env: "ADMIN_PORT"}}}}, ports: "9090 8080 9191"},
		{name: "several ports: the first moves", settings: "port: 7000", r: PortRequest{Addresses: []Address{byEnv, {Port: 9191, Also: true}}}, ports: "7000 9191", env: "PORT=7000"},
		{name: "others that would count", r: PortRequest{Addresses: []Address{byEnv, {Port: 9191, Rule: "the framework's default"}}}, ports: "8080"},

		{name: "env names the port", settings: "env: {PORT: \"7000\"}", r: PortRequest{Addresses: []Address{byEnv}}, ports: "7000"},
		{name: "env names the address", settings: "env: {LISTEN: \":7000\"}", r: PortRequest{Addresses: []Address{{Port: 8080, Pos: line, Move: Move{Env: "LISTEN", HostPort: true}}}}, ports: "7000"},
		{name: "env and port are at odds", settings: "env: {PORT: \"7000\"}\nport: 9000", r: PortRequest{Addresses: []Address{byEnv}}, err: "dockgen.yaml:2: port: env sets PORT to 7000"},
		{name: "env names no port", settings: "env: {PORT: auto}", r: PortRequest{Addresses: []Address{byEnv}}, err: "dockgen.yaml:1: env: PORT sets where the app listens"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(t, tt.settings)
			got, err := Port(in, tt.r)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("error %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if v := chosen(t, in, "port"); v != tt.ports {
				t.Errorf("port is %q, want %q", v, tt.ports)
			}
			list := ""
			for _, p := range got.List {
				list += " " + p.String()
			}
			if list = strings.TrimSpace(list); list != strings.TrimPrefix(tt.ports, "none") {
				t.Errorf("EXPOSE %q, want %q", list, tt.ports)
			}
			if env := words(got.Env); env != tt.env {
				t.Errorf("env is %q, want %q", env, tt.env)
			}
			if args := strings.Join(got.Args, " "); args != tt.args {
				t.Errorf("args are %q, want %q", args, tt.args)
			}
			if v := chosen(t, in, "address"); v != tt.address {
				t.Errorf("address is %q, want %q", v, tt.address)
			}
			var notes []string
			for _, n := range in.Log.Notes() {
				notes = append(notes, n.Pos.String()+": "+n.Text)
			}
			if text := strings.Join(notes, "\n"); (text == "") != (tt.note == "") || !strings.Contains(text, tt.note) || len(notes) > 1 {
				t.Errorf("notes %q, want %q", text, tt.note)
			}
		})
	}
}

func words(env []plan.Env) string {
	var out []string
	for _, e := range env {
		out = append(out, e.String())
	}
	return strings.Join(out, " ")
}

// TestPortVar: the probe follows the variable from which the app takes its port.
func TestPortVar(t *testing.T) {
	for _, tt := range []struct {
		a     Address
		name  string
		whole bool
	}{
		{Address{Port: 8080}, "", false},
		{Address{Port: 8080, Move: port}, "PORT", false},
		{Address{Move: port}, "PORT", false},
		{Address{Port: 8080, Move: Move{Flag: "-port"}}, "", false},
		{Address{Port: 8080, Move: Move{Env: "LISTEN", HostPort: true}}, "LISTEN", true},
		{Address{Port: 8080, Move: Move{Env: "A.PORT"}}, "", false},
	} {
		got, err := Port(input(t, ""), PortRequest{Addresses: []Address{tt.a}, Default: 8080})
		if err != nil || got.Var != tt.name || got.VarHostPort != tt.whole {
			t.Errorf("%+v: %q %v %v", tt.a, got.Var, got.VarHostPort, err)
		}
	}
}

// TestPortLocked: what another release knew stays while the evidence does, and
// the app is moved to it.
func TestPortLocked(t *testing.T) {
	in := input(t, "")
	in.Log.Locked = map[string]record.Locked{"port": {Value: "3000", Evidence: "next"}}
	r := PortRequest{Addresses: []Address{{Port: 4000, Rule: "the default of Next", Move: port, Evidence: "next"}}}
	got, err := Port(in, r)
	if err != nil || !slices.Equal(got.List, []plan.Port{3000}) || words(got.Env) != "PORT=3000" {
		t.Errorf("%+v, %v", got, err)
	}
	in = input(t, "port: 5000")
	in.Log.Locked = map[string]record.Locked{"port": {Value: "3000", Evidence: "next"}}
	if got, err = Port(in, r); err != nil || !slices.Equal(got.List, []plan.Port{5000}) {
		t.Errorf("a lock outranks what is asked for: %+v, %v", got, err)
	}
}

func TestPortErrors(t *testing.T) {
	var own *fact.Error
	if _, err := Port(input(t, "port: 1"), PortRequest{Addresses: []Address{{Port: 8080, Pos: line}}}); !errors.As(err, &own) || own.Hint == "" {
		t.Errorf("%v is no *fact.Error with a hint", err)
	}
	var refused *record.UnsupportedError
	if _, err := Port(input(t, ""), PortRequest{Addresses: []Address{{Port: 8080, Host: "127.0.0.1", Pos: line}}}); !errors.As(err, &refused) || refused.Hint == "" {
		t.Errorf("%v is no refusal with a hint", err)
	}
}

// FuzzPort: no text of a repository makes it panic, or gives a port or a
// variable that no Dockerfile can have.
func FuzzPort(f *testing.F) {
	for _, s := range []string{"PORT", "APP.HOST", "", "A=B", "\x00", "HOSTNAME"} {
		f.Add(s, "127.0.0.1", "--port", 8080, true)
		f.Add(s, s, s, -1, false)
		f.Add("PORT", s, s, 70000, true)
	}
	f.Fuzz(func(t *testing.T, env, host, flag string, n int, whole bool) {
		in := record.Input{Log: &record.Log{}}
		got, err := Port(in, PortRequest{Addresses: []Address{{Port: n, Host: host, Rule: "r", Move: Move{Env: env, Flag: flag, HostPort: whole}, HostMove: Move{Env: env}}}, Default: 8080})
		if err != nil {
			return
		}
		for _, e := range got.Env {
			if !plan.IsEnvName(e.Name.String()) {
				t.Error(fmt.Sprint(e))
			}
		}
		if slices.Contains(got.List, 0) {
			t.Error("port 0")
		}
	})
}
