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
		"port: many\n":                     "dockgen.yaml:1: cannot unmarshal",
		"port: 70000\n":                    "dockgen.yaml:1: port: 70000 is not a port",
		"- a\n":                            "dockgen.yaml:1: want keys and values",
		"a: [\n":                           "dockgen.yaml:",
		"env: {\"A B\": x}\n":              "dockgen.yaml:1: env: variable name",
		"env: {A: \"x\\ny\"}\n":            "dockgen.yaml:1: env: value",
		"packages: [\"curl; rm -rf /\"]\n": "dockgen.yaml:1: packages: word",
		"reloader: air\n":                  `dockgen.yaml:1: reloader: "air" is not none`,
		"debug: 2345\n":                    "dockgen.yaml:1: cannot unmarshal",
		"healthcheck: health\n":            "dockgen.yaml:1: healthcheck: want a path",
		"port: 1\nport: 2\n":               "dockgen.yaml:2: mapping key",
		"language: cobol\n":                "dockgen.yaml:1: language:",
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
	for _, a := range []string{"port", "prt=1", "port=x", "runtime=[a]"} {
		if _, err := s.Set(a); err == nil {
			t.Errorf("--set %s was taken", a)
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
