package example_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	codeSpan   = regexp.MustCompile("`([^`\n]+)`")
	identifier = regexp.MustCompile(`^[A-Za-z]\w*(\.[A-Za-z]\w*)?$`)
	endToEnd   = regexp.MustCompile(`TestE2E/([a-z]+/[a-z-]+)`)
	fileName   = regexp.MustCompile(`\.(go|yaml|toml|txt|tmpl|md)$`)
)

// TestDocs wants what the documents name in code spans to exist: identifiers
// of Go, and paths; and the examples that their commands run.
func TestDocs(t *testing.T) {
	root := filepath.Join("..", "..")
	names := goNames(t, root)
	for _, doc := range []string{"docs/architecture.md", "CONTRIBUTING.md"} {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(doc)))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range endToEnd.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(testdata, filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s: %s: there is no such example", doc, m[0])
			}
		}
		for _, m := range codeSpan.FindAllStringSubmatch(string(text), -1) {
			span := m[1]
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(span))); err == nil || names[span] {
				continue
			}
			switch {
			case strings.Contains(span, "/") && !strings.ContainsAny(span, " $*") && strings.ToLower(span) == span:
				t.Errorf("%s: there is no %s", doc, span)
			case fileName.MatchString(span):
			case identifier.MatchString(span) && (strings.Contains(span, ".") || strings.ToLower(span[:1]) != span[:1]):
				t.Errorf("%s: no %s in the code", doc, span)
			}
		}
	}
}

// goNames are the identifiers that the module's packages declare: Name,
// pkg.Name, and Type.Method.
func goNames(t *testing.T, root string) map[string]bool {
	t.Helper()
	names := map[string]bool{"fs.FS": true, "os.Root": true}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case d.IsDir() || filepath.Ext(p) != ".go":
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		add := func(name string) { names[name], names[f.Name.Name+"."+name] = true, true }
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					add(d.Name.Name)
				} else if recv := receiver(d.Recv.List[0].Type); recv != "" {
					names[recv+"."+d.Name.Name] = true
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					switch s := s.(type) {
					case *ast.TypeSpec:
						add(s.Name.Name)
						if st, ok := s.Type.(*ast.StructType); ok {
							for _, field := range st.Fields.List {
								for _, n := range field.Names {
									names[n.Name] = true
								}
							}
						}
					case *ast.ValueSpec:
						for _, n := range s.Names {
							add(n.Name)
						}
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func receiver(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.StarExpr:
		return receiver(x.X)
	case *ast.Ident:
		return x.Name
	}
	return ""
}
