// Package refusals holds the page of what dockgen refuses to the code: each refusal
// stands in docs/refusals.md, and the page has none that the code does not make.
package refusals

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const (
	root = "../.."
	page = root + "/docs/refusals.md"
)

// calls are the functions that refuse, with the index of the argument that is the format.
var calls = map[string]int{"Refuse": 2, "RefuseLocked": 1} //nolint:gochecknoglobals // a constant table

var (
	verb    = regexp.MustCompile(`%[-+# 0]*[a-zA-Z]`)
	message = regexp.MustCompile("(?m)^### `(.*)`$")
)

// shown is a message as the page has it, with … for what it fills in.
func shown(format string) string { return verb.ReplaceAllString(format, "…") }

// TestPage reads the calls of record.Refuse and record.RefuseLocked from the source.
func TestPage(t *testing.T) {
	want := map[string]string{} // the message, and where it is made
	for _, dir := range []string{"profiles", "internal", "cmd"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
				return err
			}
			collect(t, file, want)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(want) < 50 {
		t.Fatalf("only %d refusals found in the code", len(want))
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, m := range message.FindAllStringSubmatch(string(text), -1) {
		if listed[m[1]] {
			t.Errorf("docs/refusals.md has %q twice", m[1])
		}
		listed[m[1]] = true
		if want[m[1]] == "" {
			t.Errorf("docs/refusals.md has %q, which nothing refuses with", m[1])
		}
	}
	for m, at := range want {
		if !listed[m] {
			t.Errorf("%s: docs/refusals.md lacks %q", at, m)
		}
	}
}

// collect adds the messages of a file.
func collect(t *testing.T, file string, into map[string]string) {
	t.Helper()
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		f, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		i, ok := calls[f.Sel.Name]
		if pkg, is := f.X.(*ast.Ident); !ok || !is || pkg.Name != "record" {
			return true
		}
		lit, ok := call.Args[i].(*ast.BasicLit)
		if !ok {
			t.Errorf("%s: the message of a refusal is not a literal, so the page cannot be held to it", files.Position(call.Pos()))
			return true
		}
		text, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		into[shown(text)] = strings.TrimPrefix(files.Position(call.Pos()).String(), root+"/")
		return true
	})
}

// TestEntries: each entry of the page says when, why no guess is better, and what to do.
func TestEntries(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	at := message.FindAllStringIndex(string(text), -1)
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		entry := string(text[m[0]:end])
		for _, part := range []string{"\n- Example: ", "\n- Why: ", "\n- Way out: "} {
			if strings.Count(entry, part) != 1 {
				t.Errorf("%s: want one %q", strings.SplitN(entry, "\n", 2)[0], strings.TrimSpace(part))
			}
		}
	}
}
