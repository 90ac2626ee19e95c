package golang

import (
	"path"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/detect/toolversion"
)

// reader reads the files below one folder of the tree, for the build whose
// manifest is in home.
type reader struct {
	module.Folder
	home string // relative to the folder
	// builds reads what the files say of building and running.
	builds  *buildfile.Reader
	goFiles map[*buildfile.File]*goFile     // goFile
	own     map[*buildfile.File][]goCommand // ownBuilds
	mises   map[string]toolversion.Mise     // mise
	matches int                             // that are left for patterns of go:embed
	// marks reads what the text of the Go files says of generators, once.
	marks func() *marks
}

// goFile reads a build file once.
func (r *reader) goFile(f *buildfile.File) *goFile {
	g, ok := r.goFiles[f]
	if !ok {
		g = readGoFile(f)
		r.goFiles[f] = g
	}
	return g
}

// mise is the mise.toml of a folder.
func (r *reader) mise(dir string) (toolversion.Mise, error) {
	if m, ok := r.mises[dir]; ok {
		return m, nil
	}
	m, err := toolversion.ReadMise(r.Tree, r.At(dir))
	if err == nil {
		r.mises[dir] = m
	}
	return m, err
}

// surroundings are the variables of the go command that mise.toml and .envrc
// set for whoever works in the home of a build:
// https://mise.jdx.dev/environments/ and https://direnv.net/.
func (r *reader) surroundings() ([]fact.Fact[Var], error) {
	var out []fact.Fact[Var]
	for _, dir := range buildfile.Folders(r.home) {
		mise, err := r.mise(dir)
		if err != nil {
			return nil, err
		}
		for _, v := range mise.Env {
			if known(v.Name, v.Value) {
				out = append(out, fact.Fact[Var]{Value: Var{Name: v.Name, Value: v.Value}, Pos: v.Pos})
			}
		}
		f := &buildfile.File{Name: r.At(path.Join(dir, ".envrc")), Kind: buildfile.Script}
		if text, err := r.Tree.ReadHead(f.Name, 64<<10); err == nil {
			f.Text = string(text)
			out = append(out, settingsIn(f)...)
		}
	}
	return out, nil
}
