package example_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// safeTypes are the types that quote or refuse what they hold when a template
// prints them.
func safeTypes() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[plan.Token](), reflect.TypeFor[plan.Path](), reflect.TypeFor[plan.Copy](),
		reflect.TypeFor[plan.Exec](), reflect.TypeFor[plan.Shell](), reflect.TypeFor[plan.Text](),
		reflect.TypeFor[plan.Env](), reflect.TypeFor[plan.Comment](), reflect.TypeFor[plan.Pattern](),
		reflect.TypeFor[plan.Port](), reflect.TypeFor[plan.User](), reflect.TypeFor[plan.StageName](), reflect.TypeFor[plan.Ref](),
		reflect.TypeFor[plan.From](), reflect.TypeFor[plan.Line](), reflect.TypeFor[plan.Artifact](), reflect.TypeFor[plan.Mount](), reflect.TypeFor[plan.Volumes](),
	}
}

// TestSafeTypes wants every field and method of every language's plan that a
// template can reach to be of a type that cannot add an instruction: one of
// safeTypes, a bool, a number, or an enumeration (a string with Valid() bool).
func TestSafeTypes(t *testing.T) {
	stacks := map[reflect.Type]bool{}
	for _, e := range examples(t) {
		p, _, err := generate(t.Context(), e, "")
		if err != nil {
			t.Fatalf("%v: %v", e, err)
		}
		for _, s := range p.Image.Stages {
			stacks[reflect.TypeOf(s.Data)] = true
		}
	}
	for s := range stacks {
		t.Run(s.String(), func(t *testing.T) {
			reachable(t, s, s.String(), map[reflect.Type]bool{})
		})
	}
}

// reachable walks what a template can reach from a value of type typ.
func reachable(t *testing.T, typ reflect.Type, at string, seen map[reflect.Type]bool) {
	t.Helper()
	if seen[typ] || slices.Contains(safeTypes(), typ) {
		return
	}
	seen[typ] = true
	switch typ.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
	case reflect.Pointer, reflect.Slice, reflect.Array:
		reachable(t, typ.Elem(), at, seen)
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(typ) {
			if f.IsExported() && !f.Anonymous {
				reachable(t, f.Type, at+"."+f.Name, seen)
			}
		}
		for _, x := range []reflect.Type{typ, reflect.PointerTo(typ)} {
			for m := range x.Methods() {
				if m.Name != "Template" && m.Name != "Stage" && m.Type.NumOut() > 0 {
					reachable(t, m.Type.Out(0), at+"."+m.Name+"()", seen)
				}
			}
		}
	case reflect.String:
		valid, ok := typ.MethodByName("Valid")
		if !ok || valid.Type.NumOut() != 1 || valid.Type.Out(0).Kind() != reflect.Bool {
			t.Errorf("%s is a %s: a template could print what a repository holds; use a type of profiles/plan, or give an enumeration Valid() bool", at, typ)
		}
		delete(seen, typ) // say it for each field
	default:
		t.Errorf("%s is a %s, which no test can vouch for", at, typ)
	}
}
