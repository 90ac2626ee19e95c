package java

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// module is the module that prod runs, with what its build makes and starts.
type module struct {
	*java.Project
	made    artifact
	main    string             // the main class, if java or dev has to be told it
	args    []string           // what the main class is given
	argsAt  fact.Pos           // what gives it that
	config  *java.ServerConfig // the file among them, nil for none
	named   []effect.File      // files among those of the Procfile
	script  *script            // what the build writes to start it, nil for none
	profile string             // of Maven, that builds for production; "" for none
	context string             // the name of a war among the apps of its container
	// variables are the words of the start command in which variables stand.
	variables variables
	// moved are the variables that name prod's folders in the place of those of Windows, movedTo these.
	moved   []plan.Env
	movedTo []image.Write
	// native is the program that prod runs instead of Java.
	native *native
	// linked is the runtime that the build makes for prod.
	linked *linked
	// parts are the module and those of the reactor that it depends on.
	parts []*java.Project
	// example is set if the module shows how something is used, or tests it.
	example bool
}

// withParts finds the modules of the reactor that p runs with.
func withParts(f *java.Facts, p *java.Project) []*java.Project {
	return reached(f, p, func(of *java.Project, d pom.Dependency) bool { return d.AtRuntime() && (of == p || !d.Optional) })
}

// reached are a module and those of the reactor that it depends on, by dependencies that count.
func reached(f *java.Facts, p *java.Project, counts func(of *java.Project, d pom.Dependency) bool) []*java.Project {
	out := []*java.Project{p}
	for i := 0; i < len(out); i++ {
		for _, d := range out[i].Dependencies() {
			j := slices.IndexFunc(f.Projects, func(q *java.Project) bool {
				if d.Dir != "" {
					return q.Dir == d.Dir
				}
				return q.Artifact().Value == d.Artifact && q.Group().Value == d.Group
			})
			if j >= 0 && counts(out[i], d) && !slices.Contains(out, f.Projects[j]) {
				out = append(out, f.Projects[j])
			}
		}
	}
	return out
}

// needs are the folders of the modules that the build makes for this one: those that it depends on in any scope
// (https://maven.apache.org/guides/mini/guide-multiple-modules.html).
func (m *module) needs(f *java.Facts) []string {
	var out []string
	for _, q := range reached(f, m.Project, func(*java.Project, pom.Dependency) bool { return true }) {
		out = append(out, q.Dir)
	}
	slices.Sort(out)
	return out
}

// dependencies are the module's own and those of its parts that it runs with: what is optional of a part is not handed on
// (https://maven.apache.org/guides/introduction/introduction-to-optional-and-excludes-dependencies.html).
func (m *module) dependencies() []pom.Dependency {
	out := slices.Concat(m.Dependencies(), brought(m.Project))
	for _, q := range m.parts[1:] {
		for _, d := range q.Dependencies() {
			if d.AtRuntime() && !d.Optional {
				out = append(out, d)
			}
		}
	}
	return out
}

// setting is the value of a key of the configuration files, the module's own
// first.
func (m *module) setting(key string) fact.Fact[string] {
	for _, q := range m.parts {
		if s := setting(q, key); s.Found() {
			return s
		}
	}
	return fact.Fact[string]{}
}

// of joins what the sources of the parts say.
func of[T any](m *module, get func(java.Sources) []T) []T {
	var out []T
	for _, q := range m.parts {
		out = append(out, get(q.Sources)...)
	}
	return out
}

func (m *module) listens() []effect.Listen {
	return of(m, func(s java.Sources) []effect.Listen { return s.Listens })
}

// pickModule picks the module to run: the only one whose build makes
// something to start, else the only one with a main class, else the one among
// them that narrow leaves.
func pickModule(in record.Input, f *java.Facts) (module, error) {
	root := f.Projects[0]
	var strong, weak []module
	var failed error
	for _, p := range f.Projects {
		if p.Packaging().Value == "pom" || len(f.Projects) > 1 && ofAnotherKind(in, p) != nil {
			continue
		}
		a, err := artifactOf(p)
		if err != nil {
			failed = cmp.Or(failed, err)
			continue
		}
		c := module{Project: p, made: a.unversioned(in, p), parts: withParts(f, p), example: shows(p.Dir) || shows(beyond(p.Artifact().Value, root.Artifact().Value))}
		switch {
		case in.Settings.Main != "" && len(f.Projects) > 1:
			if asked(in, p) {
				strong = append(strong, c)
			}
		case c.built():
			strong = append(strong, c)
		case len(p.Sources.Mains) > 0, len(f.Projects) == 1:
			weak = append(weak, c)
		}
	}
	list, err := withWeak(strong, weak)
	if err != nil {
		return module{}, err
	}
	rule := "the only module that builds a program"
	if in.Settings.Main != "" {
		rule = "the module that was asked for"
	}
	all := list
	list, why, aside, err := narrow(in, f, list)
	if err != nil {
		return module{}, err
	}
	switch {
	case len(list) == 0 && failed != nil:
		return module{}, failed
	case len(list) == 0 && in.Settings.Main != "":
		return module{}, record.Refuse(in.Settings.Pos("main"), "", "no module's sources have the main class %s", plan.Printable(in.Settings.Main, 80))
	case len(list) == 0 && slices.ContainsFunc(f.Projects, serves):
		return module{}, multiplatform(f.Projects[slices.IndexFunc(f.Projects, serves)])
	case len(list) == 0:
		return module{}, record.NoApp(record.Refuse(root.Pos(), "dockgen builds images of programs, not of libraries", "no module builds a program: no main class, no Spring Boot or Quarkus plugin"))
	case len(list) > 1:
		var names []string
		for _, c := range list {
			names = append(names, c.Dir)
		}
		apps, err := separate(all)
		if err != nil {
			return module{}, err
		}
		return module{}, record.OneOf(apps, record.Refuse(root.Pos(), "--set main=CLASS names the main class of the one to run, or run dockgen in its folder",
			"%d modules build a program: %s", len(list), plan.Printable(strings.Join(names, ", "), 300)))
	}
	m := list[0]
	if err := m.refuse(in); err != nil {
		return m, err
	}
	if len(f.Projects) > 1 {
		in.Log.Choose(plan.Choice{Key: "java.module", Value: m.Dir, Rule: cmp.Or(why, rule), Pos: record.At(m.Pos()), Rejected: aside})
	}
	return m, m.pickMain(in)
}

// built reports whether the module's build makes something to start.
func (m *module) built() bool {
	return m.made.finds || m.made.main.Found() || len(m.made.scripts) > 0 || m.made.kind == War || m.imaged()
}

// asked reports whether the module is the one that is asked for: by the main class, or by the module's folder.
func asked(in record.Input, p *java.Project) bool {
	main := in.Settings.Main
	return slices.ContainsFunc(p.Sources.Mains, func(m java.Main) bool { return m.Class == main }) || p.Dir != "." && p.Dir == path.Clean(main)
}

// separate are the modules each of which is an app of its own: no example, no test, and no library of another one. Where some are
// servers, a program that is none and that no framework starts is what one types.
func separate(list []module) ([]record.Part, error) {
	var apps, servers []record.Part
	for _, c := range list {
		library := c.made.kind != War && slices.ContainsFunc(list, func(o module) bool { return !o.example && slices.Contains(o.parts[1:], c.Project) })
		if c.Dir == "." || c.example || library {
			continue
		}
		part := record.Part{Main: c.Dir, Dir: c.Dir}
		apps = append(apps, part)
		switch ok, err := c.serves(); {
		case err != nil:
			return nil, err
		case ok, c.made.finds, slices.ContainsFunc(c.Sources.Mains, func(m java.Main) bool { return m.Boot }):
			servers = append(servers, part)
		}
	}
	if len(servers) > 0 {
		return servers, nil
	}
	return apps, nil
}

// only is the index of the one element that fits.
func only[T any](list []T, fits func(T) bool) (int, bool) {
	i := slices.IndexFunc(list, fits)
	return i, i >= 0 && !slices.ContainsFunc(list[i+1:], fits)
}

// plain is a name without what only joins its words.
func plain(s string) string {
	return strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(s))
}

// mainClass is the one of several main classes that is clearly the app's: the one that a
// file which starts the programs names, the one with the project's name, or the only one
// that is called a program and no example. by says which.
func (m *module) mainClass(in record.Input, all []java.Main) (found java.Main, by string) {
	own := slices.DeleteFunc(slices.Clone(all), func(c java.Main) bool { return shows(c.Class) || strings.Contains(c.Class, "$") })
	if len(own) == 0 {
		return java.Main{}, ""
	}
	for _, file := range in.Builds.Starts() {
		if i, ok := only(own, func(c java.Main) bool {
			return strings.Contains(c.Class, ".") && slices.Contains(strings.FieldsFunc(file.Text, notInClass), c.Class)
		}); ok {
			return own[i], "the one that " + string(file.Kind) + " names"
		}
	}
	names := []string{plain(m.Artifact().Value), plain(in.Name)}
	if i, ok := only(own, func(c java.Main) bool {
		return slices.ContainsFunc(names, func(n string) bool {
			end, ok := strings.CutPrefix(plain(simple(c.Class)), n)
			return ok && n != "" && slices.Contains([]string{"", "app", "application", "main", "server", "launcher", "starter", "bootstrap"}, end)
		})
	}); ok {
		return own[i], "the one with the project's name"
	}
	if i, ok := only(own, func(c java.Main) bool { return programName.MatchString(simple(c.Class)) }); ok {
		return own[i], "the only one that is called a program"
	}
	return java.Main{}, ""
}

// programName matches the simple names that say that a class is a whole program.
var programName = lazy.MustCompile(`(Application|Main|Server|Launcher|Bootstrap)(Kt)?$`)

// notInClass reports whether no name of a class has the character.
func notInClass(r rune) bool { return r <= ' ' || strings.ContainsRune("\"'`,;:=()[]{}<>/|&", r) }

// simple is the name of a class without its package.
func simple(class string) string { return class[strings.LastIndexAny(class, ".$")+1:] }

// refuse says why the module cannot be built or run in a container as it is.
func (m *module) refuse(in record.Input) error {
	if m.Gradle == nil && (strings.HasPrefix(m.Dir, "-") || strings.ContainsAny(m.Dir, ",!+?")) {
		return record.Refuse(m.Pos(), "rename the folder", "Maven's -pl cannot name the module %s", plan.Printable(m.Dir, 80))
	}
	if x := m.POM.External; x != nil && strings.HasSuffix(x.Version, "-SNAPSHOT") && !m.POM.Repositories() {
		return record.Refuse(x.Pos, "run dockgen in the folder that holds the parent's pom.xml",
			"the parent %s %s is not in this folder, and a snapshot is in no public repository", plan.Printable(x.Artifact, 80), plan.Printable(x.Version, 40))
	}
	for _, x := range m.POM.PluginNamed("maven-toolchains-plugin").Goal("toolchain") {
		return record.Refuse(x.Pos, "the goal select-jdk-toolchain of plugin 3.2 finds the image's JDK by itself",
			"the toolchains plugin asks for a toolchains.xml in the home folder of the user, which no image has")
	}
	rows, err := frameworks()
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Refuse == "" || row.Name == dropwizard && len(m.Servers)+len(in.Settings.Start) > 0 {
			continue
		}
		for _, d := range m.dependencies() {
			if row.comesWith(d) {
				return record.Refuse(d.Pos, row.Hint, "%s", row.Refuse)
			}
		}
	}
	return nil
}

// pickMain picks the main class, if java or dev has to be told one.
func (m *module) pickMain(in record.Input) error {
	if m.made.kind == Quarkus || m.made.kind == War || m.made.kind == Jar && m.made.finds && m.made.boot == "" && m.made.main.Value == "" && len(m.Sources.Mains) == 0 {
		return nil
	}
	exec := m.POM.PluginNamed("exec-maven-plugin")
	list := []record.Option{}
	if s := in.Settings.Main; s != "" && (m.Dir == "." || m.Dir != path.Clean(s)) {
		list = append(list, record.Option{Value: s, Pos: in.Settings.Pos("main"), Rule: "asked for"})
	}
	picked, rule := m.pickScript(in)
	if picked != nil && rule != "" {
		m.made.main, m.made.names = picked.main, rule
	}
	for _, c := range []struct {
		f    fact.Fact[string]
		rule string
	}{
		{m.made.main, cmp.Or(m.made.names, "the main class that the build puts into the manifest")},
		{m.POM.Property("start-class"), "the property start-class"},
		{m.POM.Property("exec.mainClass"), "the property exec.mainClass"},
		{exec.Find("mainClass"), "the exec plugin's mainClass"},
		{m.POM.PluginNamed("maven-assembly-plugin").Find("mainClass"), "the assembly plugin's mainClass"},
		{m.POM.PluginNamed("maven-shade-plugin").Find("mainClass"), "the shade plugin's mainClass"},
		{m.ofJib(), "the Jib plugin's mainClass"},
		{m.POM.Property("mainClass"), "the property mainClass"},
		{m.POM.Property("main.class"), "the property main.class"},
	} {
		if v := resolved(c.f); v.Found() && className(v.Value) {
			list = append(list, record.Option{Value: v.Value, Pos: v.Pos, Rule: c.rule})
		}
	}
	found, all := conventional(m.Sources.Mains)
	by := ""
	if found.Class == "" && len(list) == 0 {
		if found, by = m.mainClass(in, all); by != "" {
			other, _ := only(all, func(c java.Main) bool { return c.Class != found.Class })
			in.Log.Note(found.Pos, plan.Printable(found.Class, 80)+" is what the image starts: of "+strconv.Itoa(len(all))+" classes with a main method it is "+by,
				"--set main="+plan.Printable(all[max(other, 0)].Class, 80)+" takes another")
		}
	}
	if len(list) == 0 && found.Class == "" {
		hint := "--set main=CLASS names it"
		if len(all) == 0 {
			return record.NoApp(record.Refuse(m.Pos(), hint, "the sources of this module have no main class"))
		}
		return record.Refuse(all[0].Pos, hint, "%d classes have a main method and nothing says which to start: %s", len(all), names(all))
	}
	if found.Class != "" {
		rule := "the only class with a main method"
		if len(all) > 1 {
			rule = "of the classes with a main method, the one with a usual name for it"
			if found.Boot {
				rule = "of the classes with a main method, the Spring Boot application"
			}
			if by != "" {
				rule = "of the classes with a main method, " + by
			}
		}
		list = append(list, record.Option{Value: found.Class, Pos: found.Pos, Rule: rule})
	}
	win, rejected, _ := record.First(list...)
	if !className(win.Value) {
		return fact.Errorf(win.Pos, "main: %q is not the name of a class", plan.Printable(win.Value, 80))
	}
	for _, o := range all {
		rejected = append(rejected, plan.Rejected{Value: o.Class, Pos: record.At(o.Pos), Why: "another main method"})
	}
	m.main = in.Log.Choose(plan.Choice{Key: "java.main", Value: win.Value, Rule: win.Rule, Pos: record.At(win.Pos), Rejected: dedupe(rejected, win.Value)})
	if picked != nil && picked.main.Value == m.main {
		m.script = picked
	}
	return nil
}

// ofJib is the main class that Jib's plugin is told.
func (m *module) ofJib() fact.Fact[string] {
	if m.Image == nil {
		return fact.Fact[string]{}
	}
	return m.Image.Main
}

// className reports whether s can be a class's binary name.
func className(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || strings.ContainsRune(`/\"'`+"`(){}<>;:*?!&|#=,@-", r)
	}) && !strings.HasPrefix(s, ".") && !strings.HasSuffix(s, ".")
}

// conventional is the main class if the sources leave no doubt: the only
// one, the only Spring Boot application, or the only one that is named Main,
// App or Application.
func conventional(all []java.Main) (java.Main, []java.Main) {
	if classic := slices.DeleteFunc(slices.Clone(all), func(m java.Main) bool { return m.Instance }); len(classic) > 0 {
		all = classic // any Java starts these; the others may be methods that only have that name
	}
	for _, keep := range []func(java.Main) bool{
		func(java.Main) bool { return true },
		func(m java.Main) bool { return m.Boot },
		func(m java.Main) bool {
			return slices.Contains([]string{"Main", "App", "Application", "MainKt", "AppKt", "ApplicationKt"}, simple(m.Class))
		},
	} {
		if i, ok := only(all, keep); ok {
			return all[i], all
		}
	}
	return java.Main{}, all
}

func names(all []java.Main) string {
	var out []string
	for _, m := range all {
		out = append(out, m.Class)
	}
	if len(out) > 12 {
		out = append(out[:12], fmt.Sprintf("and %d more", len(all)-12))
	}
	return plan.Printable(strings.Join(out, ", "), 600)
}

// in is a path of the module below the reactor's root.
func (m *module) in(name string) string { return path.Join(m.Dir, name) }

// dedupe drops rejected that say what won, and all but the first of each value.
func dedupe(list []plan.Rejected, won string) []plan.Rejected {
	var out []plan.Rejected
	for _, c := range list {
		if c.Value != won && !slices.ContainsFunc(out, func(o plan.Rejected) bool { return o.Value == c.Value }) {
			out = append(out, c)
		}
	}
	return out
}

// sayDevelopment says that the image runs with a profile for development.
func (m *module) sayDevelopment(in record.Input) {
	s := m.setting("spring.profiles.active")
	if !s.Found() {
		return
	}
	v, _ := expandPlaceholders(m, s.Value, 0)
	for name := range strings.SplitSeq(v, ",") {
		if name = strings.TrimSpace(name); slices.Contains([]string{"dev", "development", "local"}, name) {
			in.Log.Note(s.Pos, "makes Spring's profile "+name+" active in the image, too", "docker run -e SPRING_PROFILES_ACTIVE=prod … runs it with another one")
			return
		}
	}
}

// windowsPath matches a path of Windows.
var windowsPath = lazy.MustCompile(`^[A-Za-z]:[/\\][^:]*$`)

// boundKey matches a key whose variable is the same however the code reads it:
// https://docs.spring.io/spring-boot/reference/features/external-config.html#features.external-config.typesafe-configuration-properties.relaxed-binding.environment-variables
var boundKey = lazy.MustCompile(`^[A-Za-z0-9]+(\.[A-Za-z0-9]+)+$`)

// maxMoved is the most folders that are moved.
const maxMoved = 5

// moveWindows gives prod a folder of its own for each setting that is a folder of Windows, and the variable that names it. What no
// variable moves is said.
func (m *module) moveWindows(in record.Input) {
	spring := slices.ContainsFunc(m.dependencies(), func(d pom.Dependency) bool { return d.Group == bootGroup })
	seen := map[string]bool{}
	for _, q := range m.parts {
		for _, s := range q.Settings {
			name := strings.ToUpper(strings.NewReplacer(".", "_", "-", "").Replace(s.Key))
			if !windowsPath.MatchString(s.Value) || !plan.IsEnvName(name) || seen[s.Key] {
				continue
			}
			seen[s.Key] = true
			base := path.Base(strings.ReplaceAll(s.Value, `\`, "/"))
			env, err := plan.NewEnv(name, "/app/"+base)
			_, set := in.Settings.Env[name]
			switch {
			case set:
			case err != nil || !spring || !boundKey.MatchString(s.Key) || !contextName.MatchString(base) || path.Ext(base) != "" || m.made.kind == War || len(m.moved) == maxMoved:
				in.Log.Note(s.Pos, plan.Printable(s.Key, 80)+" is a path of Windows, which the image does not have", "docker run -v data:/data -e "+name+"=/data … keeps it in a volume")
				return
			default:
				m.moved = append(m.moved, env)
				in.Log.Choose(plan.Choice{Key: "java.folders", Value: movedText(m.moved), Rule: "a folder of Windows, which the image does not have", Pos: record.At(s.Pos)})
				m.movedTo = append(m.movedTo, image.Write{Dir: base, Configured: true, Pos: s.Pos})
			}
		}
	}
}

// movedText is what explain has of the variables.
func movedText(list []plan.Env) string {
	var out []string
	for _, e := range list {
		out = append(out, e.Name.String()+"="+e.Value.Raw())
	}
	return strings.Join(out, " ")
}

// sayMigrations says which migrations of the database the app does not run
// itself: those that a plugin of Maven alone runs.
// https://documentation.red-gate.com/flyway/reference/usage/maven-goal, https://docs.liquibase.com/tools-integrations/maven/home.html
func (m *module) sayMigrations(in record.Input) {
	for _, x := range []struct{ plugin, library, goal string }{
		{"flyway-maven-plugin", "flyway-core", "flyway:migrate"},
		{"liquibase-maven-plugin", "liquibase-core", "liquibase:update"},
	} {
		g := m.POM.PluginNamed(x.plugin)
		runs := slices.ContainsFunc(m.dependencies(), func(d pom.Dependency) bool {
			return d.AtRuntime() && (d.Artifact == x.library || strings.HasSuffix(d.Artifact, strings.TrimSuffix(x.library, "-core")))
		})
		if g.Active && !runs {
			in.Log.Note(g.Pos, "migrates the database, which the image does not do when it starts", "mvn "+x.goal+" with the address of the database, before a release starts")
		}
	}
}

// sayParent says that the build needs a parent which nobody can see from here,
// though it is of the same project.
func (m *module) sayParent(in record.Input) {
	if x := m.POM.External; x != nil && !x.Known && !x.Published && !m.POM.Repositories() && m.Group().Value == x.Group {
		in.Log.Note(x.Pos, "the parent "+plan.Printable(x.Artifact, 80)+" "+plan.Printable(x.Version, 40)+" is not in this folder: Maven has to find it in a repository",
			"run dockgen in the folder that holds the parent's pom.xml, if it is published nowhere")
	}
}
