package golang

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
)

// LinkVar is a variable that a build may set with the linker's -X: a string of
// a package, declared with a constant or with nothing
// (https://pkg.go.dev/cmd/link).
type LinkVar struct {
	Package string // as -X names it: "main", or an import path
	Name    string
	Known   bool   // its declaration was read; that of another module is not
	Value   string // what it is declared with
	Written bool   // the program sets it too
	// Set is what the repository's own builds give it, as written there.
	Set []fact.Fact[string]
}

// stamps lists the variables that the repository's builds set, and those of
// main and of packages that are named for it that only a build can set.
func (p *program) stamps(m *Main, pkgs []*pkg) {
	links := p.src.links()
	var addressed map[types.Object]bool
	for i, k := range pkgs {
		name := k.path
		if i == 0 {
			name = "main"
		}
		for _, v := range p.strings(k) {
			s := LinkVar{Package: name, Name: v.obj.Name(), Known: true, Value: v.value}
			for _, l := range links {
				if l.Sets(s.Package, s.Name) && (l.Module == "" || p.alone(l, pkgs)) {
					s.Set = append(s.Set, fact.Fact[string]{Value: l.Value, Pos: l.Pos})
				}
			}
			if len(s.Set) == 0 && name != "main" && !slices.Contains(informers, path.Base(k.dir)) {
				continue
			}
			if addressed == nil {
				addressed = p.addressed(pkgs)
			}
			s.Written = addressed[v.obj] || len(p.defs[v.obj]) > v.inits
			m.LinkVars = append(m.LinkVars, fact.Fact[LinkVar]{Value: s, Pos: p.src.pos(v.obj.Pos())})
		}
	}
	p.foreign(m, links)
}

// informers are packages that by their name say what is running.
var informers = []string{"version", "buildinfo"} //nolint:gochecknoglobals // a constant table

// foreign adds the variables of other modules' packages that the repository's
// builds set.
func (p *program) foreign(m *Main, links []buildfile.Link) {
	for _, l := range links {
		reached := slices.ContainsFunc(m.Imports, func(x fact.Fact[string]) bool { return l.Sets(x.Value, l.Name) })
		if l.Module != "" || !reached {
			continue
		}
		i := slices.IndexFunc(m.LinkVars, func(s fact.Fact[LinkVar]) bool { return s.Value.Package == l.Package && s.Value.Name == l.Name })
		if i < 0 {
			i = len(m.LinkVars)
			m.LinkVars = append(m.LinkVars, fact.Fact[LinkVar]{Value: LinkVar{Package: l.Package, Name: l.Name}, Pos: l.Pos})
		}
		m.LinkVars[i].Value.Set = append(m.LinkVars[i].Value.Set, fact.Fact[string]{Value: l.Value, Pos: l.Pos})
	}
}

// alone reports whether one variable only fits a link whose package is named
// by a variable that could not be followed.
func (p *program) alone(l buildfile.Link, pkgs []*pkg) bool {
	n := 0
	for i, k := range pkgs {
		name := k.path
		if i == 0 {
			name = "main"
		}
		for _, v := range p.strings(k) {
			if l.Sets(name, v.obj.Name()) {
				n++
			}
		}
	}
	return n == 1
}

// variable is one that -X can set.
type variable struct {
	obj   types.Object
	value string
	inits int // 1 where it is declared with a value
}

// strings lists the package variables of type string that are declared with a
// constant or with nothing; one that go:embed fills has its value from there.
func (p *program) strings(k *pkg) []variable {
	var out []variable
	for _, f := range k.files {
		for _, d := range f.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR || embeds(gen.Doc) {
				continue
			}
			for _, s := range gen.Specs {
				if spec, ok := s.(*ast.ValueSpec); ok && !embeds(spec.Doc) {
					out = append(out, p.declared(spec)...)
				}
			}
		}
	}
	return out
}

// embeds reports whether a comment has a go:embed directive for the variable
// below it (https://pkg.go.dev/embed#hdr-Directives).
func embeds(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

func (p *program) declared(spec *ast.ValueSpec) []variable {
	var out []variable
	for i, id := range spec.Names {
		obj := p.info.Defs[id]
		if obj == nil || obj.Type() != types.Typ[types.String] {
			continue
		}
		t := variable{obj: obj}
		if len(spec.Values) > 0 {
			if len(spec.Values) != len(spec.Names) {
				continue
			}
			c := p.info.Types[spec.Values[i]].Value
			if c == nil || c.Kind() != constant.String {
				continue
			}
			t.value, t.inits = constant.StringVal(c), 1
		}
		out = append(out, t)
	}
	return out
}

// addressed are the variables whose address is taken, as flags do that set
// them.
func (p *program) addressed(pkgs []*pkg) map[types.Object]bool {
	out := map[types.Object]bool{}
	for _, k := range pkgs {
		for _, f := range k.files {
			ast.Inspect(f, func(n ast.Node) bool {
				if e, ok := n.(*ast.UnaryExpr); ok && e.Op == token.AND {
					if obj := p.target(e.X); obj != nil {
						out[obj] = true
					}
				}
				return true
			})
		}
	}
	return out
}

// links are the -X flags of the repository's own builds.
func (s *source) links() []buildfile.Link {
	var out []buildfile.Link
	for _, f := range s.r.recipes.Builds(s.r.home) {
		out = append(out, f.Links...)
	}
	return out
}
