package java

import (
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/kind"
	"github.com/dockgen/dockgen/profiles/record"
)

// addPlugins adds the plugins of Gradle that a module applies, as kinds.yaml names them.
func addPlugins(deps map[string]fact.Pos, p *java.Project) {
	if p.Gradle == nil {
		return
	}
	for _, x := range p.Gradle.Plugins() {
		deps["plugin "+x.ID] = x.Pos
	}
}

// ofAnotherKind refuses a module that a plugin of Gradle makes for another program, a phone or a screen, whatever its code does.
func ofAnotherKind(in record.Input, p *java.Project) error {
	req := kind.Request{Tree: in.Tree, Dir: path.Join(in.Dir, p.Dir), Language: "java", Deps: map[string]fact.Pos{}, Listens: true}
	addPlugins(req.Deps, p)
	return kind.Check(req)
}

// lone is the module that is the whole project: the only one, or of Gradle's the one with such a plugin where no module is built to a jar; nil for none.
func lone(in record.Input, f *java.Facts) *java.Project {
	if len(f.Projects) == 1 {
		return f.Projects[0]
	}
	var found *java.Project
	for _, p := range f.Projects {
		switch {
		case p.Gradle == nil, p.Packaging().Value != "pom":
			return nil
		case found == nil && ofAnotherKind(in, p) != nil:
			found = p
		}
	}
	return found
}

// checkKind refuses a module that another program loads or calls, where no code of it
// listens. What the user says of the start counts more.
func checkKind(in record.Input, f *java.Facts) error {
	p := lone(in, f)
	if len(in.Settings.Start) > 0 || in.Settings.Main != "" || p == nil {
		return nil
	}
	rows, err := frameworks()
	if err != nil {
		return err
	}
	req := kind.Request{Tree: in.Tree, Dir: in.Dir, Language: "java", At: p.Pos(), Deps: map[string]fact.Pos{}, Listens: len(p.Sources.Listens) > 0}
	for _, d := range p.Dependencies() {
		req.Listens = req.Listens || slices.ContainsFunc(rows, func(fw framework) bool { return fw.Port != 0 && fw.comesWith(d) })
		name := d.Name()
		if d.Scope == "provided" { // by what runs the jar
			name = "provided " + name
		}
		if _, ok := req.Deps[name]; !ok {
			req.Deps[name] = d.Pos
		}
	}
	addPlugins(req.Deps, p)
	req.Field = func(name string) (string, fact.Pos, bool) {
		if name != "packaging" {
			return "", fact.Pos{}, false
		}
		v := p.Packaging()
		return v.Value, v.Pos, v.Found()
	}
	return kind.Check(req)
}
