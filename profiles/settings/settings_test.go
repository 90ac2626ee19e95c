package settings

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
)

func TestParse(t *testing.T) {
	s, err := Parse(File, []byte("# mine\nruntime: slim\nport: 9000\nversion: 1.20\nstart: [node, server.js]\nenv: {A: b}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if s.Runtime != plan.Slim || s.Port != 9000 || s.Version != "1.20" || len(s.Start) != 2 || s.Env["A"] != "b" {
		t.Errorf("got %+v", s)
	}
	if got, want := s.Pos("port"), fact.At(File, 3); got != want {
		t.Errorf("port stands at %v, want %v", got, want)
	}
}

// TestTargets takes a list, and one word for a list of it.
func TestTargets(t *testing.T) {
	for text, want := range map[string][]string{
		"targets: [./cmd/a, ./cmd/b]\n": {"./cmd/a", "./cmd/b"},
		"targets: all\n":                {"all"},
		"targets: []\n":                 {},
	} {
		s, err := Parse(File, []byte(text))
		if err != nil || !slices.Equal(s.Targets, want) {
			t.Errorf("%q: got %q, %v", text, s.Targets, err)
		}
	}
	if _, err := Parse(File, []byte("port: 1\ntargets: {a: b}\n")); err == nil || !strings.HasPrefix(err.Error(), "dockgen.yaml:2: ") {
		t.Errorf("got %v", err)
	}
	s, err := Settings{}.Set("targets=all")
	if err != nil || !slices.Equal(s.Targets, []string{"all"}) {
		t.Errorf("got %q, %v", s.Targets, err)
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"runtme: slim\n":                   `dockgen.yaml:1: unknown key "runtme"`,
		"port: 80\nruntime: tiny\n":        `dockgen.yaml:2: runtime: "tiny" is not one of`,
		"port: many\n":                     "dockgen.yaml:1: port: want a number, not many",
		"port: 70000\n":                    "dockgen.yaml:1: port: 70000 is not a port, which is a number from 1 to 65535",
		"- a\n":                            "dockgen.yaml:1: want keys and values",
		"a: [\n":                           "dockgen.yaml:1: is not valid YAML: ",
		"env: {\"A B\": x}\n":              "dockgen.yaml:1: env: variable name",
		"env: {A: \"x\\ny\"}\n":            "dockgen.yaml:1: env: value",
		"packages: [\"curl; rm -rf /\"]\n": "dockgen.yaml:1: packages: word",
		"reloader: air\n":                  `dockgen.yaml:1: reloader: "air" is not none`,
		"startup: snapshot\n":              `dockgen.yaml:1: startup: "snapshot" is not one of cache, native`,
		"jlink: [\"java base\"]\n":         `dockgen.yaml:1: jlink: "java base" is no name of a module`,
		"debug: 2345\n":                    "dockgen.yaml:1: debug: want true or false, not 2345",
		"start: {a: b}\n":                  "dockgen.yaml:1: start: want a list, not keys and values",
		"main: [a]\n":                      "dockgen.yaml:1: main: want one value, not a list",
		"healthcheck: health\n":            "dockgen.yaml:1: healthcheck: want a path",
		"port: 1\nport: 2\n":               `dockgen.yaml:2: the key "port" is in line 1 already`,
	} {
		_, err := Parse(File, []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
	if _, err := Parse(File, nil); err != nil {
		t.Errorf("an empty file: %v", err)
	}
}

func TestSetAndPrecedence(t *testing.T) {
	s, err := Parse(File, []byte("runtime: slim\nport: 9000\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []string{"port=1234", "version=1.20", "start=[a, b c]"} {
		if s, err = s.Set(a); err != nil {
			t.Fatal(err)
		}
	}
	if s.Port != 1234 || s.Version != "1.20" || s.Runtime != plan.Slim || s.Start[1] != "b c" {
		t.Errorf("got %+v", s)
	}
	if got := s.Pos("port").File; got != "--set" {
		t.Errorf("port comes from %q", got)
	}
	if s, err = s.Set("port="); err != nil || s.Port != 0 || !s.Pos("port").IsZero() {
		t.Errorf("--set port=: %+v, %v", s, err)
	}
	for _, a := range []string{"port", "prt=", "prt=1", "port=x", "runtime=[a]"} {
		if _, err := s.Set(a); err == nil {
			t.Errorf("--set %s was taken", a)
		}
	}
}

// TestOver: values and lists are replaced, maps are merged by name.
func TestOver(t *testing.T) {
	parse := func(text string) Settings {
		t.Helper()
		s, err := Parse(File, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, tt := range []struct{ under, top, want string }{
		{"env: {TZ: UTC}", "env: {FOO: bar}", "env:\n  FOO: bar\n  TZ: UTC\n"},
		{"env: {TZ: UTC, A: b}", "env: {TZ: CET}", "env:\n  A: b\n  TZ: CET\n"},
		{"env: {TZ: UTC}", "env: {}", "env:\n  TZ: UTC\n"},
		{"packages: [curl, git]", "packages: [jq]", "packages:\n  - jq\n"},
		{"packages: [curl]", "packages: []", "packages: []\n"},
		{"start: [a, b]", "start: [c]", "start:\n  - c\n"},
		{"port: 1", "runtime: slim", "runtime: slim\nport: 1\n"},
		{"port: 1", "port: ~", "port: 1\n"},
		{"syntax: true", "syntax: false", "syntax: false\n"},
	} {
		under := parse(tt.under)
		var got strings.Builder
		if err := under.Override(parse(tt.top)).Write(&got); err != nil {
			t.Fatal(err)
		}
		if got.String() != tt.want {
			t.Errorf("%s over %s: got %s, want %s", tt.top, tt.under, got.String(), tt.want)
		}
		if err := under.Write(&got); err != nil || strings.TrimPrefix(got.String(), tt.want) == "" {
			t.Errorf("%s is not what it was", tt.under)
		}
	}
}

// TestLess: a later edit of the file outranks a remembered flag.
func TestLess(t *testing.T) {
	for _, tt := range []struct{ name, remembered, earlier, later, want string }{
		{"the file never had it", "runtime: alpine", "", "", "runtime: alpine\n"},
		{"the file has it now", "runtime: alpine", "", "runtime: slim", "{}\n"},
		{"the file has it now, the same", "runtime: alpine", "", "runtime: alpine", "{}\n"},
		{"the file had it all along", "runtime: alpine", "runtime: slim", "runtime: slim", "runtime: alpine\n"},
		{"the file has another now", "runtime: alpine\nport: 1", "runtime: slim", "runtime: scratch", "port: 1\n"},
		{"the file has it no more", "runtime: alpine", "runtime: slim", "", "runtime: alpine\n"},
		{"another key", "runtime: alpine", "", "port: 1", "runtime: alpine\n"},
		{"a list", "packages: [a]", "packages: [b]", "packages: [b, c]", "{}\n"},
		{"a name of a map", "env: {A: x, B: y}", "env: {A: a}", "env: {A: b}", "env:\n  B: \"y\"\n"},
		{"another name of a map", "env: {B: z}", "env: {A: a}", "env: {A: b}", "env:\n  B: z\n"},
		{"every name of a map", "env: {A: x}", "", "env: {A: b}", "{}\n"},
	} {
		var s [3]Settings
		for i, text := range []string{tt.remembered, tt.earlier, tt.later} {
			var err error
			if s[i], err = Parse(File, []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		var got strings.Builder
		if err := s[0].Less(s[1], s[2]).Write(&got); err != nil || got.String() != tt.want {
			t.Errorf("%s: got %s, want %s, %v", tt.name, got.String(), tt.want, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("runtime: slim\nenv: {A: b}\nstart: [x]\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("? {a: b}\n: c\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := Parse(File, text); err != nil && !strings.HasPrefix(err.Error(), File) {
			t.Errorf("%q: the error names no file: %v", text, err)
		}
	})
}

// TestDocs: each key has an example that can be given, and a text.
func TestDocs(t *testing.T) {
	t.Parallel()
	docs := Docs()
	if len(docs) != len(Keys()) {
		t.Fatalf("%d of %d keys", len(docs), len(Keys()))
	}
	for _, d := range docs {
		if _, err := (Settings{}).Set(d.Key + "=" + strings.Trim(d.Example, "'\"")); err != nil || d.Text == "" || len(d.Text) > 110 {
			t.Errorf("%+v: %v", d, err)
		}
		for _, v := range d.Values {
			if s, err := (Settings{}).Set(d.Key + "=" + v); err != nil {
				t.Errorf("%s=%s: %v", d.Key, v, err)
			} else if v != "false" && !s.isSet(d.Key) {
				t.Errorf("%s=%s sets nothing", d.Key, v)
			}
		}
	}
}
