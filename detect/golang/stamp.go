package golang

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/fact"
)

// Stamp is a variable that a build may set with the linker's -X: a string of
// a package, declared with a constant or with nothing
// (https://pkg.go.dev/cmd/link).
type Stamp struct {
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
			s := Stamp{Package: name, Name: v.obj.Name(), Known: true, Value: v.value}
			for _, l := range links {
				if l.names(s.Package, s.Name) && (l.module == "" || p.alone(l, pkgs)) {
					s.Set = append(s.Set, fact.Fact[string]{Value: l.value, Pos: l.pos})
				}
			}
			if len(s.Set) == 0 && name != "main" && !slices.Contains(informers, path.Base(k.dir)) {
				continue
			}
			if addressed == nil {
				addressed = p.addressed(pkgs)
			}
			s.Written = addressed[v.obj] || len(p.defs[v.obj]) > v.inits
			m.Stamps = append(m.Stamps, fact.Fact[Stamp]{Value: s, Pos: p.src.pos(v.obj.Pos())})
		}
	}
	p.foreign(m, links)
}

// informers are packages that by their name say what is running.
var informers = []string{"version", "buildinfo"} //nolint:gochecknoglobals // a constant table

// foreign adds the variables of other modules' packages that the repository's
// builds set.
func (p *program) foreign(m *Main, links []link) {
	for _, l := range links {
		reached := slices.ContainsFunc(m.Imports, func(x fact.Fact[string]) bool { return l.names(x.Value, l.name) })
		if l.module != "" || !reached {
			continue
		}
		i := slices.IndexFunc(m.Stamps, func(s fact.Fact[Stamp]) bool { return s.Value.Package == l.pkg && s.Value.Name == l.name })
		if i < 0 {
			i = len(m.Stamps)
			m.Stamps = append(m.Stamps, fact.Fact[Stamp]{Value: Stamp{Package: l.pkg, Name: l.name}, Pos: l.pos})
		}
		m.Stamps[i].Value.Set = append(m.Stamps[i].Value.Set, fact.Fact[string]{Value: l.value, Pos: l.pos})
	}
}

// alone reports whether one variable only fits a link whose package is named
// by a variable that could not be followed.
func (p *program) alone(l link, pkgs []*pkg) bool {
	n := 0
	for i, k := range pkgs {
		name := k.path
		if i == 0 {
			name = "main"
		}
		for _, v := range p.strings(k) {
			if l.names(name, v.obj.Name()) {
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
// constant or with nothing.
func (p *program) strings(k *pkg) []variable {
	var out []variable
	for _, f := range k.files {
		for _, d := range f.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, s := range gen.Specs {
				if spec, ok := s.(*ast.ValueSpec); ok {
					out = append(out, p.declared(spec)...)
				}
			}
		}
	}
	return out
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

// link is one -X of the repository's own builds.
type link struct {
	pkg, name string
	module    string // the variable that pkg begins with, where it could not be followed: "$(MODULE)"
	value     string
	pos       fact.Pos
}

// names reports whether the link means a variable.
func (l link) names(pkg, name string) bool {
	if name != l.name {
		return false
	}
	if l.module == "" {
		return pkg == l.pkg
	}
	return l.pkg == "" && pkg != "main" || l.pkg != "" && strings.HasSuffix(pkg, l.pkg)
}

// links reads the -X flags of the repository's own builds, once.
func (s *source) links() []link {
	if s.linked {
		return s.found
	}
	s.linked = true
	for _, name := range s.r.recipes() {
		text, err := s.r.t.ReadHead(name, 256<<10)
		if err != nil {
			continue
		}
		found := linksIn(name, string(text))
		if strings.HasPrefix(strings.TrimPrefix(path.Base(name), "."), "goreleaser.") {
			found = append(found, goreleaserDefaults(name, text)...)
		}
		s.found = append(s.found, found...)
	}
	return s.found
}

// recipeDirs are the folders in which a repository keeps what builds it,
// beside its root.
var recipeDirs = []string{"scripts", "script", "hack", "build", "ci", ".ci", "docker", "deploy", "tools", ".github/workflows", ".circleci"} //nolint:gochecknoglobals // a constant table

var recipeName = regexp.MustCompile(`(?i)^(\.?goreleaser\.ya?ml|(gnu)?makefile|taskfile\.(dist\.)?ya?ml|\.?justfile|magefile\.go|dockerfile(\..+)?|.+\.dockerfile|earthfile|\.ko\.yaml|\.gitlab-ci\.yml|\.travis\.yml|.+\.(mk|sh|just))$`)

// recipes lists the files that say how the repository itself is built, those
// of the root first. dockgen's own Dockerfile is none of them: what dockgen
// made of the others must not speak for itself.
func (r *reader) recipes() []string {
	var out []string
	add := func(dir string, yaml bool) {
		for _, base := range r.t.Names(r.at(dir)) {
			own := base == "Dockerfile" && r.t.Managed(r.at(dir))
			if !own && (recipeName.MatchString(base) || yaml && (strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml"))) {
				out = append(out, r.at(path.Join(dir, base)))
			}
		}
	}
	for _, dir := range r.near(".") {
		add(dir, false)
	}
	for _, dir := range recipeDirs {
		add(dir, strings.HasPrefix(dir, "."))
	}
	return out
}

const reference = `\$\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\$\{[^{}\n]*\}|\$\w+|\{\{[^{}\n]*\}\}`

var (
	linkPattern    = regexp.MustCompile(`(?:^|[\s"'=(,\[])-{1,2}X(?:=|["']?,?\s+)(\\?["'])?((?:[\w./~@%-]|` + reference + `)+)=`)
	referenceStart = regexp.MustCompile(`^(?:` + reference + `)`)
	assignment     = regexp.MustCompile(`^\s*(?:export\s+|- )?([A-Za-z_]\w*)\s*(?:\?|:{1,3})?[=:]\s*['"]?([\w./~@%-]+)['"]?\s*$`)
)

// linksIn reads the -X flags of one file.
func linksIn(name, text string) []link {
	var out []link
	values := map[string]string{}
	for line := range strings.Lines(text) {
		if m := assignment.FindStringSubmatch(line); m != nil {
			values[m[1]] = m[2]
		}
	}
	n := 0
	for line := range strings.Lines(text) {
		n++
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, at := range linkPattern.FindAllStringSubmatchIndex(line, 50) {
			quote := ""
			if at[2] >= 0 {
				quote = line[at[2]:at[3]]
			}
			if l, ok := parseLink(follow(line[at[4]:at[5]], values)); ok {
				l.value, l.pos = linkValue(line[at[1]:], quote), fact.At(name, n)
				out = append(out, l)
			}
		}
	}
	return out
}

// follow puts the values of the file's own variables in the place of their
// references, a few levels deep.
func follow(s string, values map[string]string) string {
	for range 4 {
		next := regexpReference.ReplaceAllStringFunc(s, func(ref string) string {
			if v, ok := values[strings.Trim(ref, "${}(). ")]; ok {
				return v
			}
			return ref
		})
		if next == s || len(next) > 500 {
			break
		}
		s = next
	}
	return s
}

var regexpReference = regexp.MustCompile(reference)

// parseLink takes "PACKAGE.NAME" apart.
func parseLink(target string) (link, bool) {
	var l link
	if ref := referenceStart.FindString(target); ref != "" {
		l.module, target = ref, target[len(ref):]
	}
	i := strings.LastIndexByte(target, '.')
	if i < 0 || strings.ContainsAny(target, "${}()") {
		return l, false
	}
	l.pkg, l.name = target[:i], target[i+1:]
	return l, token.IsIdentifier(l.name) && (l.pkg != "" || l.module != "")
}

// linkValue is the value at the start of rest: up to the quote that closes
// it, or, outside of quotes, up to a space.
func linkValue(rest, quote string) string {
	depth, end := 0, len(rest)
	for i, c := range rest {
		switch {
		case depth == 0 && quote != "" && strings.HasPrefix(rest[i:], quote),
			depth == 0 && quote == "" && strings.ContainsRune(" \t\"'`])},", c), c == '\n':
			end = i
		case strings.ContainsRune("({", c):
			depth++
			continue
		case strings.ContainsRune(")}", c):
			depth--
			continue
		default:
			continue
		}
		break
	}
	return fact.Clip(strings.TrimSpace(strings.TrimRight(rest[:end], `\`)))
}

// goreleaserDefaults are the flags that GoReleaser gives a build which has
// none: https://goreleaser.com/customization/builds/go/.
func goreleaserDefaults(name string, text []byte) []link {
	var doc struct {
		Builds []struct {
			Ldflags yaml.Node `yaml:"ldflags"`
		} `yaml:"builds"`
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil // templates make of it YAML that is none
	}
	for _, b := range doc.Builds {
		if b.Ldflags.Kind == 0 {
			return []link{
				{pkg: "main", name: "version", value: "{{.Version}}", pos: fact.At(name, 0)},
				{pkg: "main", name: "commit", value: "{{.Commit}}", pos: fact.At(name, 0)},
				{pkg: "main", name: "date", value: "{{.Date}}", pos: fact.At(name, 0)},
			}
		}
	}
	return nil
}
