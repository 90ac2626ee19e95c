package golang

import (
	"fmt"
	"strings"
	"testing"
)

// listens is the first address of the only main of a module.
func listens(t *testing.T, f *Facts) string {
	t.Helper()
	if len(f.Mains) != 1 {
		t.Fatalf("%d mains", len(f.Mains))
	}
	if len(f.Mains[0].Listens) == 0 {
		return ""
	}
	return addr(f.Mains[0].Listens[0].Addr)
}

// A constant that grows with each line is not computed; others are.
func TestConstantsBounded(t *testing.T) {
	doubled := func(n int, decl, last string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, decl+"\n", i, i+1, i+1)
		}
		return b.String() + fmt.Sprintf(last+"\n", n)
	}
	const use = `http.ListenAndServe(a0, nil)`
	tests := map[string]struct{ body, rest, want string }{
		"joined":           {use, "const a0 = \":\" + port\nconst port = \"80\" + \"80\"", ":8080"},
		"repeated":         {use, "const (\n_ = \":\" + \"8080\"\na0\n)", ":8080"},
		"doubled a little": {use, "const a0 = \":\" + a1\n" + strings.ReplaceAll(doubled(2, "const a%d = a%d + a%d", "const a%d = \"80\""), "const a0 = a1 + a1\n", ""), ":8080"},
		"doubled":          {use, doubled(60, "const a%d = a%d + a%d", "const a%d = \":80\""), "?"},
		"in brackets":      {use, doubled(60, "const a%d = (a%d + (a%d))", "const a%d = \":80\""), "?"},
		"converted":        {use, "type text string\n" + doubled(60, "const a%d = string(text(a%d) + text(a%d))", "const a%d = \":80\""), "?"},
		"in a group":       {use, "const (\n" + doubled(60, "a%d = a%d + a%d", "a%d = \":80\"") + ")", "?"},
		"in a function":    {"const a60 = \":80\"\n" + reversed(doubled(60, "const a%d = a%d + a%d", "// a%d")) + use, "", "?"},
		"one name":         {"const a0 = \":80\"\n" + strings.Repeat("{ const a0 = a0 + a0\n", 60) + use + strings.Repeat("}", 60), "", "?"},
		"in an argument":   {"http.ListenAndServe(a1 + a1, nil)", doubled(60, "const a%d = a%d + a%d", "const a%d = \":80\""), "?"},
		"its length":       {"http.ListenAndServe(\":8080\", nil)\n_ = len(a0)", doubled(60, "const a%d = a%d + a%d", "const a%d = \":80\""), ":8080"},
		"used often": {
			"http.ListenAndServe(\":8080\", nil)", "const b = \"" + strings.Repeat("x", 1<<19) + "\"\nconst c = b + \"y\"\n" +
				strings.Repeat("var _ = len(c + \"z\")\n", 10_000), ":8080",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := listens(t, facts(t, mainModule("net/http", tt.body, tt.rest))); got != tt.want {
				t.Errorf("listens at %q, want %q", got, tt.want)
			}
		})
	}
}

// reversed has the lines in the other order.
func reversed(text string) string {
	var out string
	for line := range strings.Lines(text) {
		out = line + out
	}
	return out
}

// A file that nests deeper than people write is not read, and the others are.
func TestDepthBounded(t *testing.T) {
	const deep = 100_000
	for name, code := range map[string]string{
		"blocks":        "func f() {" + strings.Repeat("{", deep) + strings.Repeat("}", deep) + "}",
		"blocks, open":  "func f() {" + strings.Repeat("{", deep),
		"brackets":      "var x = " + strings.Repeat("(", deep) + "1" + strings.Repeat(")", deep),
		"calls":         "var x = " + strings.Repeat("f(", deep) + "1" + strings.Repeat(")", deep),
		"else":          "func f() {" + strings.Repeat("if x {} else ", deep) + "{}}",
		"else and if":   "func f() {" + strings.Repeat("if x {\n} else if y {\n} else {\n", deep) + strings.Repeat("}\n", deep) + "}",
		"types":         "var x " + strings.Repeat("map[int]struct{x ", deep) + "int" + strings.Repeat("}", deep),
		"literals":      "var x = " + strings.Repeat("[]any{", deep) + strings.Repeat("}", deep),
		"function type": "var x " + strings.Repeat("func(", deep) + strings.Repeat(")", deep),
	} {
		t.Run(name, func(t *testing.T) {
			f := facts(t, mainModule("net/http", "http.ListenAndServe(\":8080\", nil)", "")+"-- deep.go --\npackage main\n"+code+"\n")
			if len(f.Unread) != 1 || f.Unread[0].Pos.File != "deep.go" || f.Unread[0].Pos.Line < 2 {
				t.Errorf("unread: %v", f.Unread)
			}
			if got := listens(t, f); got != ":8080" {
				t.Errorf("listens at %q", got)
			}
		})
	}
	f := facts(t, mainModule("net/http", strings.Repeat("if x {\n} else if y {\n}\n", 1000)+"http.ListenAndServe(\":8080\", nil)", ""))
	if len(f.Unread) != 0 || listens(t, f) != ":8080" {
		t.Errorf("unread: %v, listens at %q", f.Unread, listens(t, f))
	}
}

// Of more code than is analysed, the imports are known, and no effects.
func TestCodeBounded(t *testing.T) {
	var b strings.Builder
	for i := range 6 { // 450,000 tokens each
		fmt.Fprintf(&b, "-- big%d.go --\npackage main\n%s", i, strings.Repeat("var _ = f(1, 2, 3, 4, 5, 6, 7, 8, 9)\n", 18_000))
	}
	big := b.String()
	f := facts(t, mainModule("net/http github.com/x/y", "http.ListenAndServe(\":8080\", nil)", "")+big)
	m := f.Mains[0]
	if !f.Unanalyzed || f.Large || !m.App() || len(m.Imports) != 1 || len(m.Listens) != 0 {
		t.Errorf("unanalyzed %v, large %v, app %v, imports %v, listens %v", f.Unanalyzed, f.Large, m.App(), m.Imports, m.Listens)
	}
	f = facts(t, mainModule("net/http", "http.ListenAndServe(\":8080\", nil)", "")+"-- big.go --\npackage main\n"+strings.Repeat("var _ = f(1, 2, 3, 4, 5, 6, 7, 8, 9)\n", 30_000))
	if len(f.Unread) != 1 || f.Unanalyzed || listens(t, f) != ":8080" {
		t.Errorf("unread %v, listens at %q", f.Unread, listens(t, f))
	}
	f = facts(t, mainModule("net/http", "http.ListenAndServe(\":8080\", nil)", "")+"-- big.go --\npackage main\n// "+strings.Repeat("x", 4<<20)+"\n")
	if len(f.Unread) != 1 || f.Unanalyzed || listens(t, f) != ":8080" {
		t.Errorf("unread %v, listens at %q", f.Unread, listens(t, f))
	}
}
