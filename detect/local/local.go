// Package local finds what belongs to a machine, or to whoever runs the app there: credentials, databases, uploads. The rows
// are local.yaml; it decides nothing.
package local

import (
	_ "embed" // the table
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/table"
)

// Kind is what a file is.
type Kind string

// The kinds.
const (
	Credential Kind = "credential" // whoever has it may do what its owner may
	State      Kind = "state"      // what the app wrote when it ran there
	Venv       Kind = "venv"       // a virtual environment of Python
	Model      Kind = "model"      // what training made, or somebody downloaded
)

// row is a name, and what makes it count.
type row struct {
	Name   string   `yaml:"name"`
	Kind   Kind     `yaml:"kind"`
	Holds  string   `yaml:"holds"`
	Of     []string `yaml:"of"`
	Says   string   `yaml:"says"`
	Source string   `yaml:"source"`

	holds, says *lazy.Regexp
}

//go:embed local.table
var localCompiled string

var rows = sync.OnceValue(func() []*row { //nolint:gochecknoglobals // decoded once
	list := table.Must[[]*row]("local.yaml", localCompiled)
	for _, r := range list {
		r.holds, r.says = lazy.MustCompile(r.Holds), lazy.MustCompile(r.Says)
	}
	return list
})

// held are the rows with holds, by the extension of their name. There are many files, and few that have one of these.
var held = sync.OnceValue(func() map[string][]*row { //nolint:gochecknoglobals // made once
	out := map[string][]*row{}
	for _, r := range rows() {
		if r.Holds != "" {
			out[path.Ext(r.Name)] = append(out[path.Ext(r.Name)], r)
		}
	}
	return out
})

// head is how much of a file is looked at.
const head = 64 << 10

// names reports whether the row is of a path, or of a pattern of paths: of as many names at its end as the row has.
func (r *row) names(name string) bool {
	end := path.Base(name)
	if deep := strings.Count(r.Name, "/"); deep > 0 {
		parts := strings.Split(name, "/")
		end = strings.Join(parts[max(len(parts)-1-deep, 0):], "/")
	}
	ok, err := path.Match(r.Name, end)
	return err == nil && ok
}

// known is the row of a path, or of a pattern of paths, among some of them; nil for none.
func known(list []*row, name string) *row {
	if i := slices.IndexFunc(list, func(r *row) bool { return r.names(name) }); i >= 0 {
		return list[i]
	}
	return nil
}

// counts reports whether the row counts in the repository.
func (r *row) counts(t *tree.Tree, dir string) bool {
	return len(r.Of) == 0 || slices.ContainsFunc(r.Of, func(name string) bool {
		text, err := t.ReadHead(path.Join(dir, name), head)
		return err == nil && r.says.Match(text)
	})
}

// Holds reports whether a file of the repository holds a credential, by its name and its text.
func Holds(t *tree.Tree, name string) bool {
	r := credential(name)
	return r != nil && r.in(t, name)
}

// credential is the row of a file that may hold one; nil for none.
func credential(name string) *row { return known(held()[path.Ext(name)], name) }

// in reports whether a file that the row names has the text.
func (r *row) in(t *tree.Tree, name string) bool {
	text, err := t.ReadHead(name, head)
	return err == nil && r.holds.Match(text)
}

// maxLooked bounds the files of such names that are looked into.
const maxLooked = 200

// Credentials are the files of a folder and those below that hold one.
func Credentials(t *tree.Tree, dir string) []string {
	var out []string
	looked := 0
	for _, f := range t.Files(dir) {
		r := credential(f)
		if r == nil {
			continue
		}
		if looked++; looked > maxLooked {
			break
		}
		if r.in(t, f) {
			out = append(out, f)
		}
	}
	return out
}

// Ignored is a pattern of a .gitignore that names what is local.
type Ignored struct {
	Pattern string
	Kind    Kind
}

// IgnoredIn returns those of the .gitignore files of a folder, each once.
func IgnoredIn(t *tree.Tree, dir string) []Ignored {
	var out []Ignored
	seen := map[string]bool{}
	for _, p := range t.Ignored(dir) {
		if p.Negated || seen[p.Pattern] {
			continue
		}
		seen[p.Pattern] = true
		if r := known(rows(), strings.TrimSuffix(strings.TrimSuffix(p.Pattern, "/**"), "/*")); r != nil && r.Kind != "" && r.counts(t, dir) {
			out = append(out, Ignored{p.Pattern, r.Kind})
		}
	}
	return out
}
