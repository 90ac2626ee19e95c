package analysis

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/load"
)

// String is a package variable that the linker's -X can set: one of type
// string, declared with a constant or with nothing
// (https://pkg.go.dev/cmd/link). One that go:embed fills has its value from
// there, and is left out.
type String struct {
	Pos     fact.Pos
	Name    string
	Value   string // what it is declared with
	Written bool   // the program sets it too
}

// stringVars lists such variables of each of some packages.
func (f *flow) stringVars(pkgs []*load.Package) [][]String {
	addressed := f.addressed(pkgs)
	out := make([][]String, len(pkgs))
	for i, k := range pkgs {
		for _, d := range f.declsOf[k] {
			gen, ok := d.node.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR || isEmbed(gen.Doc) {
				continue
			}
			for _, s := range gen.Specs {
				if spec, ok := s.(*ast.ValueSpec); ok && !isEmbed(spec.Doc) {
					out[i] = append(out[i], f.declaredStrings(spec, addressed)...)
				}
			}
		}
	}
	return out
}

// isEmbed reports whether a comment has a go:embed directive for the variable
// below it (https://pkg.go.dev/embed#hdr-Directives).
func isEmbed(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

func (f *flow) declaredStrings(spec *ast.ValueSpec, addressed map[types.Object]bool) []String {
	var out []String
	for i, id := range spec.Names {
		obj := f.info.Defs[id]
		if obj == nil || obj.Type() != types.Typ[types.String] {
			continue
		}
		s := String{Pos: f.loader.Pos(id.Pos()), Name: id.Name}
		inits := 0
		if len(spec.Values) > 0 {
			if len(spec.Values) != len(spec.Names) {
				continue
			}
			c := f.info.Types[spec.Values[i]].Value
			if c == nil || c.Kind() != constant.String {
				continue
			}
			s.Value, inits = constant.StringVal(c), 1
		}
		s.Written = addressed[obj] || len(f.defs[obj]) > inits
		out = append(out, s)
	}
	return out
}

// addressed are the variables whose address is taken, as flags do that set
// them.
func (f *flow) addressed(pkgs []*load.Package) map[types.Object]bool {
	out := map[types.Object]bool{}
	for _, k := range pkgs {
		for _, d := range f.declsOf[k] {
			for _, n := range d.nodes {
				if e, ok := n.(*ast.UnaryExpr); ok && e.Op == token.AND {
					if obj := f.target(e.X); obj != nil {
						out[obj] = true
					}
				}
			}
		}
	}
	return out
}
