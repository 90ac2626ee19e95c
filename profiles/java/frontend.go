package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/frontend"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// frontSkips are the properties that skip the goals of frontend-maven-plugin. Those that install Node come first.
// https://github.com/eirslett/frontend-maven-plugin/tree/master/frontend-maven-plugin/src/main/java/com/github/eirslett/maven/plugins/frontend/mojo
var frontSkips = []struct{ goal, property string }{ //nolint:gochecknoglobals // a constant table
	{"install-node-and-npm", "skip.installnodenpm"},
	{"install-node-and-yarn", "skip.installyarn"},
	{"install-node-and-pnpm", "skip.installnodepnpm"},
	{"install-node-and-corepack", "skip.installnodecorepack"},
	{"install-bun", "skip.installbun"},
	{"npm", "skip.npm"},
	{"yarn", "skip.yarn"},
	{"pnpm", "skip.pnpm"},
	{"bun", "skip.bun"},
	{"npx", "skip.npx"},
	{"corepack", "skip.corepack"},
	{"bower", "skip.bower"},
	{"ember", "skip.ember"},
	{"grunt", "skip.grunt"},
	{"gulp", "skip.gulp"},
	{"jspm", "skip.jspm"},
	{"karma", "skip.karma"},
	{"webpack", "skip.webpack"},
}

// nodeCall is a call of a program of Node that a plugin of Maven makes up to package.
type nodeCall struct {
	goal  string   // of the plugin
	words []string // "npm run build"
	dir   string   // that it runs in, relative to the app's folder
	skip  string   // the property that skips it, "" for none
	x     *pom.Execution
}

// nodeCalls are those of one module.
func nodeCalls(p *java.Project) []nodeCall {
	var out []nodeCall
	add := func(x *pom.Execution, skip string, words ...string) {
		if slices.Contains(later, x.Phase) || x.Config("skip").Value == "true" {
			return
		}
		if asked := x.Unfilled("skip"); asked != "" {
			name, ok := strings.CutPrefix(strings.TrimSuffix(asked, "}"), "${")
			if skip = name; !ok || !propertyName.MatchString(name) {
				skip = "" // nothing turns it off
			}
		}
		dir := path.Join(p.Dir, pom.Relative(x.Config("workingDirectory").Value))
		out = append(out, nodeCall{goal: words[0], words: words, dir: dir, skip: skip, x: x})
	}
	front := p.POM.PluginNamed("frontend-maven-plugin")
	for _, s := range frontSkips {
		for _, x := range front.Goal(s.goal) {
			add(x, s.property, append([]string{s.goal}, strings.Fields(x.Config("arguments").Value)...)...)
		}
	}
	for _, x := range p.POM.PluginNamed("exec-maven-plugin").Goal("exec") {
		if x.Phase != "" && ofNode(x.Config("executable").Value) {
			words := []string{program(x.Config("executable").Value)}
			for _, a := range x.Values("arguments") {
				words = append(words, a.Value)
			}
			add(x, "exec.skip", append(words, strings.Fields(x.Config("commandlineArgs").Value)...)...)
		}
	}
	return out
}

// propertyName is the name of a property that -D can set.
var propertyName = lazy.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

// checks matches the scripts that make nothing.
var checks = lazy.MustCompile(`(?i)^(.*[:-])?(test|lint|audit|format|prettier|eslint|coverage|check|verify|type-?check|e2e|cy|cypress)([:. -].*)?$`)

// frontBuilds are the front ends that Maven builds on the way to the module by a program of Node, and the properties that skip that: ok where a stage
// can do all of it in Maven's place.
func (m *module) frontBuilds(in record.Input, f *java.Facts) (list []record.Missing, skips []string, ok bool) {
	needs := m.needs(f)
	for _, q := range f.Projects {
		if q.Dir != "." && m.Dir != "." && !slices.Contains(needs, q.Dir) {
			continue
		}
		release := record.Option{}
		for _, c := range nodeCalls(q) {
			at := path.Join(in.Dir, c.dir)
			if !in.Tree.Has(path.Join(at, "package.json")) || strings.HasPrefix(at, "..") {
				continue // of a parent, for another module
			}
			if c.skip == "" || c.skip == "exec.skip" && runsOther(f) {
				return nil, nil, false
			}
			if d := "-D" + c.skip; !slices.Contains(skips, d) {
				skips = append(skips, d)
			}
			if v := c.x.Config("nodeVersion"); v.Found() && strings.HasPrefix(c.goal, "install-") {
				release = record.Option{Value: v.Value, Pos: v.Pos, Rule: "the Node that Maven builds it with"}
			}
			call, builds := frontend.Call(c.words)
			if !builds || c.x.Phase == "test" || checks.MatchString(call) {
				continue
			}
			b := record.FrontBuild{Script: call, Release: release}
			for _, v := range c.x.Fields("environmentVariables") {
				e, err := plan.NewEnv(v.Name, v.Value)
				if err != nil || !pom.Resolved(v.Value) {
					return nil, nil, false
				}
				b.Env = append(b.Env, e)
			}
			if i := slices.IndexFunc(list, func(o record.Missing) bool { return o.Maker == c.dir }); i >= 0 {
				return nil, nil, false // in several steps
			}
			list = append(list, record.Missing{Maker: c.dir, Build: b, Pos: c.x.Pos})
		}
	}
	return list, skips, len(list) > 0
}

// runsOther reports whether the exec plugin, which one property skips, also starts what is none of Node's.
func runsOther(f *java.Facts) bool {
	return slices.ContainsFunc(f.Projects, func(p *java.Project) bool {
		g := p.POM.PluginNamed("exec-maven-plugin")
		bound := func(x *pom.Execution) bool { return early(x.Phase) }
		return slices.ContainsFunc(g.Goal("java"), bound) ||
			slices.ContainsFunc(g.Goal("exec"), func(x *pom.Execution) bool { return bound(x) && !ofNode(x.Config("executable").Value) })
	})
}

// builtByMaven reports whether Maven makes the front end on the way to the module.
func (m *module) builtByMaven(f *java.Facts) bool {
	needs := m.needs(f)
	for _, p := range f.Projects {
		if m.Dir != "." && !slices.Contains(needs, p.Dir) {
			continue
		}
		if p.Vaadin().Active || quinoa(p).Found() || len(nodeCalls(p)) > 0 ||
			slices.ContainsFunc(executed(p), func(x fact.Fact[string]) bool { return ofNode(x.Value) }) {
			return true
		}
	}
	return false
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
// the input with what they make. The app starts without one that cannot be built, which a note says. What Maven would build itself by a Node that it
// downloads, stages of their own do where that is clear, and mvn skips it.
func takeFrontEnds(in record.Input, f *java.Facts, m *module, b tool) (record.Input, error) {
	folders, packed := missingFolders(in, m)
	if list, skips, ok := m.frontBuilds(in, f); ok {
		taken := in
		for _, front := range list {
			front.Into = packed
			made, err := taken.Import(front)
			if err = in.Log.Without(err); err != nil {
				return in, err
			}
			ok = ok && made != nil
		}
		if ok {
			b.skip(skips)
			in.Log.Choose(plan.Choice{
				Key: "java.frontend", Value: strings.Join(skips, " "), Rule: "stages of their own build the front end, which Maven then does not", Pos: record.At(list[0].Pos),
			})
			return taken, nil
		}
	}
	if m.builtByMaven(f) {
		return in, nil
	}
	for i := range folders {
		folders[i].Say = true
	}
	err := in.ImportSome(folders)
	return in, err
}

// staticFolders are those below the resources that servers serve by themselves.
// https://docs.spring.io/spring-boot/reference/web/servlet.html#web.servlet.spring-mvc.static-content
var staticFolders = []string{"static", "public", "resources", "META-INF/resources"} //nolint:gochecknoglobals // a constant table

// missingFolders are the folders of the module and its parts that a front end may make: those of resources that the POM
// names or that Git ignores, and what front ends offer below the resources, the web app and the classes. packed are the latter, and all that the POM names.
func missingFolders(in record.Input, m *module) (out []record.Missing, packed []string) {
	add := func(x record.Missing) {
		x.Folder = path.Clean(x.Folder)
		if x.Folder != "." && x.Folder != ".." && !path.IsAbs(x.Folder) && !strings.Contains(x.Folder, "$") && len(out) < 100 &&
			!slices.ContainsFunc(out, func(o record.Missing) bool { return o.Folder == x.Folder }) {
			out = append(out, x)
		}
	}
	for _, q := range m.parts {
		for _, dir := range q.Resources() {
			packed = append(packed, path.Join(q.Dir, dir))
			if at := path.Join(in.Dir, q.Dir, dir); !in.Tree.HasDir(at) && dir != "src/main/resources" {
				add(record.Missing{Folder: path.Join(q.Dir, dir), Pos: q.Pos()})
			}
		}
		for _, dir := range q.POM.ResourcesBeside() {
			if at := path.Join(q.Dir, dir); !in.Tree.HasDir(path.Join(in.Dir, at)) {
				add(record.Missing{Folder: at, Pos: q.Pos(), Packed: true})
			}
		}
		for _, x := range q.POM.PluginNamed("maven-resources-plugin").Goal("copy-resources") {
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
	for _, x := range of(m, func(s java.Sources) []effect.File { return s.Files }) { // served as it lies beside the app
		if name := path.Clean(x.Path.Text); x.Use == effect.Read && x.Base == effect.WorkDir && !x.Glob && !x.Loose && strings.HasPrefix(name, "../") && in.Tree.HasDir(path.Join(in.Dir, name)) && m.made.kind != War {
			add(record.Missing{Folder: name, Pos: x.Pos, Other: true})
		}
	}
	if in.Offers != nil {
		for _, x := range in.Offers() {
			if x.Shipped || slices.ContainsFunc(packed, func(dir string) bool { return tree.Within(x.Folder, dir) }) {
				add(x)
			}
		}
	}
	for _, x := range out {
		packed = append(packed, x.Folder)
	}
	return out, packed
}
