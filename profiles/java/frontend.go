package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/record"
)

// frontPlugins are the plugins of Maven that build a front end themselves: they download Node, or bundle for their framework.
// https://github.com/eirslett/frontend-maven-plugin, https://vaadin.com/docs/latest/flow/production/production-build
var frontPlugins = []string{"frontend-maven-plugin", "vaadin-maven-plugin", "flow-maven-plugin", "hilla-maven-plugin"} //nolint:gochecknoglobals // a constant table

// builtByMaven reports whether the build of the reactor makes the front end.
func builtByMaven(f *java.Facts) bool {
	for _, p := range f.Projects {
		if slices.ContainsFunc(frontPlugins, func(a string) bool { return p.PluginNamed(a).Active }) || quinoa(p).Found() {
			return true
		}
	}
	return slices.ContainsFunc(executed(f), func(x fact.Fact[string]) bool {
		return slices.Contains(ofNode, strings.TrimSuffix(path.Base(x.Value), ".cmd"))
	})
}

// quinoa is the dependency by which Quarkus builds a front end with the Node that is installed, not found where it
// installs one itself: https://docs.quarkiverse.io/quarkus-quinoa/dev/advanced-guides.html#package-manager.
func quinoa(p *java.Project) fact.Fact[string] {
	for _, d := range p.Dependencies() {
		if d.Artifact == "quarkus-quinoa" {
			return fact.Fact[string]{Value: "npm", Pos: d.Pos}
		}
	}
	return fact.Fact[string]{}
}

// takeFrontEnds has the front ends built that the build packs into the program and the repository does not have. It returns
// the input with what they make. The app starts without one that cannot be built, which a note says.
func takeFrontEnds(in record.Input, f *java.Facts, m *module) (record.Input, error) {
	if builtByMaven(f) {
		return in, nil
	}
	list := missingFolders(in, m)
	for i := range list {
		list[i].Say = true
	}
	err := in.ImportSome(list)
	return in, err
}

// staticFolders are those below the resources that servers serve by themselves.
// https://docs.spring.io/spring-boot/reference/web/servlet.html#web.servlet.spring-mvc.static-content
var staticFolders = []string{"static", "public", "resources", "META-INF/resources"} //nolint:gochecknoglobals // a constant table

// missingFolders are the folders of the module and its parts that a front end may make: those of resources that the POM
// names or that Git ignores, and what front ends offer below the resources, the web app and the classes.
func missingFolders(in record.Input, m *module) []record.Missing {
	var out []record.Missing
	add := func(x record.Missing) {
		x.Folder = path.Clean(x.Folder)
		if x.Folder != "." && x.Folder != ".." && !path.IsAbs(x.Folder) && !strings.Contains(x.Folder, "$") && len(out) < 100 &&
			!slices.ContainsFunc(out, func(o record.Missing) bool { return o.Folder == x.Folder }) {
			out = append(out, x)
		}
	}
	var packed []string
	for _, q := range m.parts {
		for _, dir := range q.Resources() {
			packed = append(packed, path.Join(q.Dir, dir))
			if at := path.Join(in.Dir, q.Dir, dir); !in.Tree.HasDir(at) && dir != "src/main/resources" {
				add(record.Missing{Folder: path.Join(q.Dir, dir), Pos: q.Pos()})
			}
		}
		for _, dir := range q.ResourcesBeside() {
			if at := path.Join(q.Dir, dir); !in.Tree.HasDir(path.Join(in.Dir, at)) {
				add(record.Missing{Folder: at, Pos: q.Pos(), Packed: true})
			}
		}
		for _, x := range q.PluginNamed("maven-resources-plugin").Goal("copy-resources") {
			if dir := x.Find("directory"); dir.Found() && !slices.Contains(later, x.Phase) {
				at := path.Join(q.Dir, strings.TrimLeft(strings.NewReplacer("${project.basedir}", "", "${basedir}", "").Replace(dir.Value), "/"))
				if !in.Tree.HasDir(path.Join(in.Dir, at)) {
					add(record.Missing{Folder: at, Pos: dir.Pos, Packed: true})
				}
			}
		}
		for _, dir := range staticFolders {
			at := path.Join(q.Dir, "src/main/resources", dir)
			if full := path.Join(in.Dir, at); in.Tree.IgnoresFolder(full) && len(in.Tree.Files(full)) <= 1 {
				add(record.Missing{Folder: at, Pos: q.Pos()})
			}
		}
		packed = append(packed, path.Join(q.Dir, "src/main/webapp"), path.Join(q.Dir, q.ClassesDir()))
	}
	if in.Offers != nil {
		for _, x := range in.Offers() {
			if x.Shipped || slices.ContainsFunc(packed, func(dir string) bool { return tree.Within(x.Folder, dir) }) {
				add(x)
			}
		}
	}
	return out
}
