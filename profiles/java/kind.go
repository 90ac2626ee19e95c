package java

import (
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/kind"
	"github.com/dockgen/dockgen/profiles/record"
)

// checkKind refuses a module that another program loads or calls, where no code of it
// listens. What the user says of the start counts more.
func checkKind(in record.Input, f *java.Facts) error {
	if len(in.Settings.Start) > 0 || in.Settings.Main != "" || len(f.Projects) != 1 {
		return nil
	}
	p := f.Projects[0]
	rows, err := frameworks()
	if err != nil {
		return err
	}
	req := kind.Request{Tree: in.Tree, Dir: in.Dir, Language: "java", At: fact.At(path.Join(in.Dir, "pom.xml"), 0), Deps: map[string]fact.Pos{}, Listens: len(p.Sources.Listens) > 0}
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
	req.Field = func(name string) (string, fact.Pos, bool) {
		if name != "packaging" {
			return "", fact.Pos{}, false
		}
		v := p.Packaging()
		return v.Value, v.Pos, v.Found()
	}
	return kind.Check(req)
}
