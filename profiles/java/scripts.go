package java

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// script is a start script that the build writes. The image does not have it, and starts java as it does.
type script struct {
	name    string // "server" of bin/server
	main    fact.Fact[string]
	options []string // of java
	args    []string // of the program
}

// scriptConfig is the folder of configuration that the scripts put before the classes; zero for none.
type scriptConfig struct {
	source string // below the module
	made   string // what the build makes of it, below the module; "" where only source has the files
	to     string // in prod
}

const appassembler = "appassembler-maven-plugin"

// scriptedArtifact is a module for which the appassembler plugin writes start scripts; ok is false for any other. The jars that they name are the
// module's own and those of its dependencies, as of any jar that holds only the project's own classes.
// https://www.mojohaus.org/appassembler/appassembler-maven-plugin/assemble-mojo.html
func scriptedArtifact(p *java.Project) (a artifact, ok bool) {
	g := p.POM.PluginNamed(appassembler)
	if !g.Active {
		return artifact{}, false
	}
	programs, get := g.Each("programs"), g.Config
	bound := ""
	for _, x := range g.Goal("assemble") {
		if x.Phase == "" || early(x.Phase) {
			programs, get = x.Each("programs"), x.Config
			bound = cmp.Or(within(x.Config("assembleDirectory").Value), path.Join(p.BuildDir(), "appassembler"))
			break
		}
	}
	a = artifact{
		kind: Classes, file: p.ClassesDir(), pos: g.Pos, names: "the main class of the start script that the build writes",
		rule: "the start script of the build puts the jar and its dependencies on the class path",
	}
	extra := strings.Fields(get("extraJvmArguments").Value)
	for _, f := range programs {
		if s, ok := scriptOf(f, extra); ok {
			a.scripts = append(a.scripts, s)
		}
	}
	if len(a.scripts) == 0 {
		return artifact{}, false
	}
	if len(a.scripts) == 1 {
		a.main = a.scripts[0].main
	}
	if hasLibs(p) {
		a.libs, a.named = path.Join(p.BuildDir(), "dependency"), true
	}
	if get("copyConfigurationDirectory").Value == "true" && get("includeConfigurationDirectoryInClasspath").Value != "false" {
		a.config.source = cmp.Or(within(get("configurationSourceDirectory").Value), "src/main/config")
		a.config.to = cmp.Or(within(get("configurationDirectory").Value), "etc")
		if bound != "" {
			a.config.made = path.Join(bound, a.config.to)
		}
	}
	return a, true
}

// scriptOf is the script of a program; ok is false where the plugin writes none that a container could run.
// https://www.mojohaus.org/appassembler/appassembler-maven-plugin/usage-program.html, https://www.mojohaus.org/appassembler/appassembler-maven-plugin/usage-jvmsettings.html
func scriptOf(f pom.Fields, extra []string) (s script, ok bool) {
	main := resolved(f.Get("mainClass"))
	platforms := texts(f.In("platforms"))
	if !className(main.Value) || len(platforms) > 0 && !slices.ContainsFunc(platforms, func(p string) bool { return p == "unix" || p == "all" }) {
		return script{}, false
	}
	s = script{name: cmp.Or(f.Text("id"), f.Text("name"), strings.ToLower(simple(main.Value))), main: main, options: extra, args: texts(f.In("commandLineArguments"))}
	if jvm := f.In("jvmSettings"); len(jvm) > 0 {
		s.options = nil
		for _, x := range []struct{ name, option string }{{"initialMemorySize", "-Xms"}, {"maxMemorySize", "-Xmx"}, {"maxStackSize", "-Xss"}} {
			if v := jvm.Text(x.name); v != "" {
				s.options = append(s.options, x.option+v)
			}
		}
		for _, p := range texts(jvm.In("systemProperties")) {
			s.options = append(s.options, "-D"+p)
		}
		s.options = append(s.options, texts(jvm.In("extraArguments"))...)
	}
	return s, true
}

// texts are the values of the elements of a list.
func texts(list pom.Fields) []string {
	var out []string
	for _, f := range list {
		if f.Value != "" {
			out = append(out, f.Value)
		}
	}
	return out
}

// pickScript is the script, of several, that is clearly the app's: the one that a file which starts programs names, the one that is asked for by
// its class, or the one with the project's name; nil for none.
func (m *module) pickScript(in record.Input) (picked *script, rule string) {
	list := m.made.scripts
	if len(list) == 1 {
		return &list[0], m.made.names
	}
	if i, ok := only(list, func(s script) bool { return s.main.Value == in.Settings.Main }); ok {
		return &list[i], ""
	}
	for _, file := range in.Builds.Starts() {
		words := strings.FieldsFunc(file.Text, notInPath)
		if i, ok := only(list, func(s script) bool { return slices.ContainsFunc(words, s.named) }); ok {
			return &list[i], "the main class of the start script that " + string(file.Kind) + " names"
		}
	}
	names := []string{plain(m.Artifact().Value), plain(in.Name)}
	if i, ok := only(list, func(s script) bool { return slices.Contains(names, plain(s.name)) }); ok {
		return &list[i], "the main class of the start script with the project's name"
	}
	return nil, ""
}

// notInPath reports whether no name of a script has the character.
func notInPath(r rune) bool { return r != '/' && notInClass(r) }

// named reports whether a word of a command is the script: target/app/bin/server, ./bin/server.sh.
func (s script) named(word string) bool {
	return strings.Contains(word, "/") && strings.TrimSuffix(path.Base(word), ".sh") == s.name
}

// own are the options of the script that are kept. Its own folder is the one that prod, or dev, has its configuration in.
func (s *script) own(config, at string) []string {
	if s == nil {
		return nil
	}
	var list []string
	for _, w := range s.options {
		for _, base := range []string{"$BASEDIR/", "${BASEDIR}/", "@BASEDIR@/", "%BASEDIR%/", "$app.home/"} {
			if config != "" {
				w = strings.ReplaceAll(w, base+config, at)
			}
		}
		list = append(list, w)
	}
	return optionsOf(list)
}

// takeScript gives the app the arguments of its script.
func (m *module) takeScript(in record.Input) {
	if m.script == nil || len(m.script.args) == 0 || len(m.args) > 0 || len(in.Settings.Start) > 0 {
		return
	}
	if _, err := plan.NewShell(m.script.args...); err != nil || slices.ContainsFunc(m.script.args, func(a string) bool { return !pom.Resolved(a) }) {
		in.Log.Note(m.script.main.Pos, "has arguments in its start script that this image does not pass", "--set 'start=[…]' names a command that does")
		return
	}
	m.args, m.argsAt = m.script.args, m.script.main.Pos
	in.Log.Choose(plan.Choice{Key: argumentsKey, Value: strings.Join(m.args, " "), Rule: "the arguments of its start script", Pos: record.At(m.script.main.Pos)})
}

// within is a folder that a POM names below the module, "" for any other.
func within(text string) string {
	dir := path.Clean(ownFolder(text))
	if dir == "." || dir == ".." || strings.HasPrefix(dir, "../") || path.IsAbs(dir) {
		return ""
	}
	return dir
}

// configured leaves the folder of configuration out that the repository does not have, or keeps from the build.
func (m *module) configured(in record.Input) {
	c := m.made.config
	if dir := m.in(c.source); c.to != "" && (!in.Tree.HasDir(path.Join(in.Dir, dir)) || c.made == "" && image.Withheld(in, dir)) {
		m.made.config = scriptConfig{}
	}
}

// configCopy is what prod has of the configuration of the scripts, none where they have none.
func (m *module) configCopy(in record.Input) ([]plan.Artifact, error) {
	c := m.made.config
	if c.to == "" {
		return nil, nil
	}
	a := plan.Artifact{}
	from := m.in(c.source)
	if c.made != "" {
		a.Stage, from = in.Stage("build"), path.Join(workdir(in), m.in(c.made))
	}
	var err error
	a.Copy, err = plan.NewCopy(c.to+"/", from+"/")
	return []plan.Artifact{a}, err
}

// vertxArtifact is the jar of Vert.x's own plugin; ok is false where that makes none.
// https://reactiverse.io/vertx-maven-plugin/, https://github.com/reactiverse/vertx-maven-plugin/blob/master/src/main/java/io/reactiverse/vertx/maven/plugin/mojos/PackageMojo.java
func vertxArtifact(p *java.Project) (a artifact, ok bool) {
	for _, x := range p.POM.PluginNamed("vertx-maven-plugin").Goal("package") {
		if x.Config("skip").Value == "true" || p.POM.Property("vertx.skip").Value == "true" {
			continue
		}
		a = artifact{kind: Jar, pos: x.Pos, rule: "Vert.x's plugin puts the dependencies into the jar"}
		name := p.FinalName().Value
		if c := x.Config("classifier"); c.Value != "" {
			name += "-" + c.Value
		}
		if o := x.Config("archive", "outputFileName"); o.Value != "" {
			name = o.Value
		}
		a.file = p.BuildDir() + "/" + strings.TrimSuffix(name, ".jar") + ".jar"
		a.main = resolved(x.Config("launcher"), p.POM.Property("vertx.launcher"))
		verticle := resolved(x.Config("verticle"), p.POM.Property("vertx.verticle"))
		a.verticle = verticle.Value
		if a.main.Found() || !verticle.Found() {
			return a, a.main.Found()
		}
		a.main = fact.Fact[string]{Value: legacyLauncher, Pos: verticle.Pos}
		if slices.ContainsFunc(p.Dependencies(), func(d pom.Dependency) bool { return d.Artifact == "vertx-launcher-application" }) {
			a.main.Value = vertxLauncher
		}
		a.names = "the launcher that Vert.x's plugin puts into the manifest"
		return a, true
	}
	return artifact{}, false
}
