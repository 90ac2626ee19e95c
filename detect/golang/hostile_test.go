package golang

import (
	"fmt"
	"strings"
	"testing"
)

// TestExhausted says nothing of a program whose values take more steps to follow
// than any that somebody wrote, rather than half of it, and ends.
func TestExhausted(t *testing.T) {
	many := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i) + "\n")
		}
		return b.String()
	}
	for name, tt := range map[string]struct{ imports, body, rest string }{
		"one variable": {"net/http", "", `var a string
func init() {` + many(10000, func(i int) string { return fmt.Sprintf(`a = b() + ":%d"; http.ListenAndServe(a, nil)`, i) }) + "}\nfunc b() string { return a }"},
		"results": {
			"os", many(20000, func(i int) string { return fmt.Sprintf(`get("A%d", "x")`, i) }),
			`func get(a, b string) string { ` + many(500, func(int) string { return `if v := os.Getenv(a); v != "" { return v }` }) + ` return b }`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() {
				t.Skip("takes seconds")
			}
			if f := facts(t, mainModule(tt.imports, tt.body, tt.rest)); !f.Large {
				t.Error("want the bound to be met")
			}
		})
	}
	f := facts(t, mainModule("net/http", many(2000, func(i int) string {
		return fmt.Sprintf(`a%d := ":%d"; if x() { a%d = ":1" }; func() { http.ListenAndServe(a%d, nil) }()`, i, i+1, i, i)
	}), "func x() bool { return true }"))
	if f.Large || len(f.Mains[0].Listens) != 2000 {
		t.Errorf("large %v, %d listens", f.Large, len(f.Mains[0].Listens))
	}
}
