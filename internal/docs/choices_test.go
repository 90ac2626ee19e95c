package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const choicesPage = "docs/choices.md"

// entry is a heading of docs/choices.md; NAME stands for what differs.
var entry = regexp.MustCompile("(?m)^## (.+)$")

func entries(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, m := range entry.FindAllStringSubmatch(read(t, choicesPage), -1) {
		out = append(out, m[1])
	}
	return out
}

// entryOf is the anchor of the entry of a key.
func entryOf(t *testing.T, key string) string {
	t.Helper()
	list := entries(t)
	if slices.Contains(list, key) {
		return slug(key)
	}
	for _, e := range list {
		begin, family := strings.CutSuffix(e, ".NAME")
		end, every := strings.CutPrefix(e, "LANGUAGE")
		if family && strings.HasPrefix(key, begin+".") || every && strings.HasSuffix(key, end) && strings.Count(key, ".") == 1 {
			return slug(e)
		}
	}
	t.Errorf("%s has no entry for %s", choicesPage, key)
	return ""
}

// TestChoices holds the entries of docs/choices.md to the keys that the code records, which are literals.
func TestChoices(t *testing.T) {
	// The key, and where it is recorded. Here are those that are made of several words, or stand in a list.
	want := map[string]string{
		"LANGUAGE.alpine": "profiles/image/runtime.go",
		"LANGUAGE.debian": "profiles/image/runtime.go",
		"frontend.NAME":   "profiles/frontend.go",
		"go.beside.NAME":  "profiles/golang/beside.go",
		"labels.NAME":     "profiles/image/label.go",
	}
	for _, dir := range []string{"profiles", "internal/project"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(file string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go") {
				recorded(t, file, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(want) < 80 {
		t.Fatalf("only %d keys found in the code", len(want))
	}
	list := entries(t)
	delete(want, "go.beside") // the constant that go.beside.NAME begins with
	for key, at := range want {
		if !slices.Contains(list, key) {
			t.Errorf("%s: %s has no entry ## %s", at, choicesPage, key)
		}
	}
	for i, e := range list {
		if want[e] == "" {
			t.Errorf("%s has the entry %s, which the code does not record", choicesPage, e)
		}
		if slices.Contains(list[:i], e) {
			t.Errorf("%s has the entry %s twice", choicesPage, e)
		}
	}
	if !slices.IsSorted(list) {
		t.Errorf("the entries of %s are not sorted", choicesPage)
	}
}

// recorded adds the keys of a file: the field Key of a plan.Choice or an image.VersionRequest, the constants that end in Key, and the
// argument of the functions that record one. A key that ends in a value is KEY.NAME.
func recorded(t *testing.T, file string, into map[string]string) {
	t.Helper()
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	add := func(value ast.Expr) {
		family := false
		for {
			sum, ok := value.(*ast.BinaryExpr)
			if !ok {
				break
			}
			value, family = sum.X, true
		}
		text, ok := value.(*ast.BasicLit)
		if !ok || text.Kind != token.STRING {
			return
		}
		key, err := strconv.Unquote(text.Value)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(key, " ") { // another function of the name
			return
		}
		if family {
			key = strings.TrimSuffix(key, ".") + ".NAME"
		}
		into[key] = strings.TrimPrefix(files.Position(value.Pos()).String(), root+"/")
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok && id.Name == "Key" {
				add(n.Value)
			}
		case *ast.ValueSpec:
			if strings.HasSuffix(n.Names[0].Name, "Key") && len(n.Values) == 1 {
				add(n.Values[0])
			}
		case *ast.CallExpr:
			if at, ok := records[called(n)]; ok && len(n.Args) > at {
				add(n.Args[at])
			}
		}
		return true
	})
}

// records are the functions that record a choice under a key, with the index of that argument.
var records = map[string]int{"choose": 0, "take": 1, "recorded": 1, "Current": 1} //nolint:gochecknoglobals // a constant table

// called is the name of the function that is called.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// TestEveryChoiceOfTheExamples wants an entry for each choice that testdata has.
func TestEveryChoiceOfTheExamples(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(root, "testdata", "*", "*", "want", "explain.txt"))
	if err != nil || len(names) < 30 {
		t.Fatalf("%d examples, %v", len(names), err)
	}
	for _, name := range names {
		rel, err := filepath.Rel(root, filepath.Dir(filepath.Dir(name)))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range choicesOf(t, filepath.ToSlash(rel)) {
			entryOf(t, c.key)
		}
	}
}
