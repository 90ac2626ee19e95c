package example_test

import (
	"go/ast"
	"go/types"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/dockgen/dockgen/profiles"
)

// TestChoicesOnce: a choice has one key, and is recorded once. The lock keeps the
// last of two, and then says that a value moved that did not.
func TestChoicesOnce(t *testing.T) {
	for _, e := range examples(t) {
		x, err := scanned(t, input(t, e))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range x.wishes() {
			is := decide(x.repo, profiles.Request{Name: e.Name, Settings: s})
			if is.err != nil {
				continue // a runtime that cannot run it
			}
			seen := map[string]bool{}
			for _, c := range is.app.Choices {
				if seen[c.Key] {
					t.Errorf("%v on %q: choice %s is recorded twice", e, s.Runtime, c.Key)
				}
				seen[c.Key] = true
			}
		}
	}
}

// TestDecidedOnce: a choice of profiles/image or profiles/record is made there alone, so that it has
// one policy for all languages. Only what starts an app is a site's, or the language's.
func TestDecidedOnce(t *testing.T) {
	_, files := sources(t)
	shared := map[string]bool{}
	for _, dir := range []string{"profiles/image", "profiles/record"} {
		for _, key := range keys(files[dir]) {
			shared[key] = true
		}
	}
	for _, key := range []string{"port", "address", "init", "healthcheck", "packages", "runtime"} {
		if !shared[key] {
			t.Errorf("no choice %s is made for all languages", key)
		}
	}
	delete(shared, "start")
	for dir, list := range files {
		if dir == "profiles/image" || dir == "profiles/record" {
			continue
		}
		for _, key := range keys(list) {
			if shared[key] {
				t.Errorf("%s makes the choice %s, which is made for all languages", dir, key)
			}
		}
	}
}

// keys are those of the choices that the code makes, as far as they are literal.
func keys(files []*ast.File) (out []string) {
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if c, ok := n.(*ast.CompositeLit); ok && c.Type != nil && types.ExprString(c.Type) == "plan.Choice" {
				for _, e := range c.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok && types.ExprString(kv.Key) == "Key" {
						if key, err := strconv.Unquote(types.ExprString(kv.Value)); err == nil {
							out = append(out, key)
						}
					}
				}
			}
			return true
		})
	}
	return out
}

// TestOneList: profiles/language.go alone names the packages of the languages, so that a further
// language is its folders and a line there.
func TestOneList(t *testing.T) {
	fset, files := sources(t)
	folder := regexp.MustCompile(`^(?:github\.com/dockgen/dockgen/)?(?:detect|profiles)/(golang|html|java|node|python)(?:/|$)`)
	listed := map[string]bool{}
	for dir, list := range files {
		own := folder.FindStringSubmatch(dir)
		for _, f := range list {
			for _, i := range f.Imports {
				name, _ := strconv.Unquote(i.Path.Value)
				at := fset.Position(i.Pos())
				switch m := folder.FindStringSubmatch(name); {
				case m == nil || own != nil && own[1] == m[1]:
				case dir == "profiles" && filepath.Base(at.Filename) == "language.go":
					listed[m[1]] = true
				default:
					t.Errorf("%s: names the language %s", at, m[1])
				}
			}
		}
	}
	if len(listed) != len(profiles.Languages()) {
		t.Errorf("saw the languages %v in the list", listed)
	}
}
