package golang

import (
	"slices"
	"strings"
	"testing"
)

// TestRequired finds the variables without which a program surely ends, and no others.
func TestRequired(t *testing.T) {
	for name, tt := range map[string]struct{ imports, body, rest, want string }{
		"assigned":            {"os log", `k := os.Getenv("KEY"); if k == "" { log.Fatal("no key") }`, "", "KEY"},
		"by its length":       {"os", `k := os.Getenv("KEY"); if len(k) == 0 { panic("no key") }`, "", "KEY"},
		"looked up":           {"os", `k, ok := os.LookupEnv("KEY"); if !ok { os.Exit(1) }; println(k)`, "", "KEY"},
		"in the condition":    {"os log", `if os.Getenv("KEY") == "" { log.Fatalf("no key") }`, "", "KEY"},
		"in the if":           {"os log", `if k := os.Getenv("KEY"); k == "" { log.Fatalln("no key") }`, "", "KEY"},
		"a helper":            {"os log", `println(must("A"), must("B"))`, `func must(k string) string { v := os.Getenv(k); if v == "" { log.Fatal(k) }; return v }`, "A B"},
		"a helper's caller":   {"os log", `c := load(); println(c.k)`, `type conf struct{ k string }; func load() conf { return conf{k: must("A")} }; func must(k string) string { if v, ok := os.LookupEnv(k); !ok { log.Fatal(v) }; return os.Getenv(k) }`, "A"},
		"a default":           {"os", `k := os.Getenv("KEY"); if k == "" { k = "x" }; println(k)`, "", ""},
		"within a condition":  {"os log", `if len(os.Args) > 1 { k := os.Getenv("KEY"); if k == "" { log.Fatal("no key") } }`, "", ""},
		"only called perhaps": {"os log", `if len(os.Args) > 1 { check() }`, `func check() { if os.Getenv("KEY") == "" { log.Fatal("") } }`, ""},
		"after an and":        {"os log", `println(len(os.Args) > 1 && check())`, `func check() bool { if os.Getenv("KEY") == "" { log.Fatal("") }; return true }`, ""},
		"another variable":    {"os log", `a := os.Getenv("A"); b := "x"; if b == "" { log.Fatal(a) }`, "", ""},
		"a tag":               {"github.com/caarlos0/env/v11", `var c conf; env.Parse(&c)`, "type conf struct { K string `env:\"KEY,notEmpty\"` }", "KEY"},
		"recursive":           {"os log", `a()`, `func a() { b() }; func b() { a(); if os.Getenv("KEY") == "" { log.Fatal("") } }`, "KEY"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, e := range facts(t, mainModule(tt.imports, tt.body, tt.rest)).Mains[0].Env {
				if e.Required {
					got = append(got, e.Name)
				}
			}
			slices.Sort(got)
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %v, want %q", got, tt.want)
			}
		})
	}
}
