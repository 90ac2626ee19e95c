package backing

import (
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/fact"
)

// manifestName is the file of a folder that is a library of the same repository.
var manifestName = map[string]string{"node": "package.json", "python": "pyproject.toml", "java": "pom.xml"} //nolint:gochecknoglobals // a constant table

// maxFolders is how many folders of one repository an app's code is spread over, at most, maxManifests how many are looked at.
const (
	maxFolders   = 200
	maxManifests = 2000
)

// folders are the app's own and those of the repository's libraries that it names, and these; their libraries are kept on the way.
func (r *reader) folders(own string) []string {
	out := []string{own}
	var local map[string]string // the folders of libraries by their names
	for i := 0; i < len(out) && len(out) < maxFolders; i++ {
		libs := r.libraries(out[i])
		r.f.Libraries = append(r.f.Libraries, libs...)
		if i == 0 && r.app.Place == "" {
			all := r.t.Named(r.app.Dir, manifestName[r.app.Language])
			if len(all) < 2 {
				return out
			}
			if r.workspace(own) { // the root starts one of its members, whose code is below it
				for _, name := range all[:min(len(all), maxFolders)] {
					if dir := path.Dir(name); dir != own && aside.Folder(r.app.Language, strings.TrimPrefix(dir, own+"/")) == nil {
						r.f.Libraries = append(r.f.Libraries, r.libraries(dir)...)
					}
				}
				return out
			}
		}
		for _, lib := range libs {
			if local == nil {
				local = r.local()
			}
			if dir, ok := local[lib.Name]; ok && !slices.Contains(out, dir) {
				out = append(out, dir)
			}
		}
	}
	return out
}

// workspace reports whether a folder is the root of one.
func (r *reader) workspace(dir string) bool {
	switch r.app.Language {
	case "python":
		return r.doc(path.Join(dir, "pyproject.toml")).Get("tool", "uv", "workspace").Found()
	case "java":
		return false // the module is known
	}
	return r.doc(path.Join(dir, "package.json")).Get("workspaces").Found() || r.t.Has(path.Join(dir, "pnpm-workspace.yaml"))
}

// local are the folders of the context by the names that their manifests give them.
func (r *reader) local() map[string]string {
	out := map[string]string{}
	names := r.t.Named(r.app.Dir, manifestName[r.app.Language])
	for _, name := range names[:min(len(names), maxManifests)] {
		dir := path.Dir(name)
		var key string
		switch doc := r.doc(name); r.app.Language {
		case "node":
			key = doc.Get("name").Text
		case "python":
			if key = doc.Get("project", "name").Text; key == "" {
				key = doc.Get("tool", "poetry", "name").Text
			}
			key = pyName(key)
		case "java":
			project := doc.Get("project")
			group := project.Get("groupId").Text
			if group == "" {
				group = project.Get("parent", "groupId").Text
			}
			key = group + ":" + project.Get("artifactId").Text
		}
		if _, ok := out[key]; !ok && strings.Trim(key, ":") != "" {
			out[key] = dir
		}
	}
	return out
}

// goPackages reads the packages that a Go program is made of, as far as they are the repository's, and the modules that these import.
func (r *reader) goPackages() {
	modules := map[string]string{} // of the repository: their folders by their paths
	var require []Library
	names := r.t.Named(r.app.Dir, "go.mod")
	for _, name := range names[:min(len(names), maxFolders)] {
		text, err := r.t.ReadHead(name, maxFile)
		if err != nil {
			continue
		}
		f, err := modfile.ParseLax(name, text, nil)
		if err != nil {
			continue
		}
		if f.Module != nil {
			modules[f.Module.Mod.Path] = path.Dir(name)
		}
		for _, q := range f.Require {
			require = append(require, Library{q.Mod.Path, q.Mod.Version, fact.At(name, q.Syntax.Start.Line)})
		}
	}
	start := path.Join(r.app.Dir, r.app.Place)
	if r.app.Main != "" {
		start = path.Join(r.app.Dir, r.app.Main)
	}
	queue, seen := []string{start}, map[string]bool{start: true}
	used := map[string]bool{}
	for n := 0; n < len(queue) && n < maxFiles; n++ {
		for _, base := range r.t.Names(queue[n]) {
			if path.Ext(base) != ".go" || strings.HasSuffix(base, "_test.go") {
				continue
			}
			name := path.Join(queue[n], base)
			text, err := r.t.ReadHead(name, maxFile)
			if err != nil {
				continue
			}
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, name, text, parser.ImportsOnly)
			if f == nil || err != nil {
				continue
			}
			for _, spec := range f.Imports {
				p, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					continue
				}
				if _, ok := r.f.Imports[p]; !ok {
					r.f.Imports[p] = fact.At(name, fset.Position(spec.Pos()).Line)
				}
				for module, dir := range modules {
					if rest, ok := strings.CutPrefix(p, module); ok && (rest == "" || rest[0] == '/') {
						if at := path.Join(dir, rest); !seen[at] {
							seen[at] = true
							queue = append(queue, at)
						}
					}
				}
			}
			r.file(name, true)
		}
	}
	for _, q := range require {
		for p := range r.f.Imports {
			if !used[q.Name] && (p == q.Name || strings.HasPrefix(p, q.Name+"/")) {
				used[q.Name] = true
				r.f.Libraries = append(r.f.Libraries, q)
			}
		}
	}
}
