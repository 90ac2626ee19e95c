package java

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/detect/tree"
)

// An image may be what a plugin of Maven makes. What its settings say of it is what a Dockerfile of the repository says
// otherwise: buildfile.Described.

// MadeImage is what a module's POM says of the image that a plugin makes of it.
type MadeImage struct {
	By    string // the plugin
	Image *buildfile.Image
	Tag   fact.Fact[string]
	Main  fact.Fact[string] // the main class that it starts
	Root  fact.Fact[string] // the folder of the app in it, if the POM names one
	// Laid says that what it starts is a program of the repository's own, which finds the app in the folders of Jib.
	Laid bool
	Pos  fact.Pos
}

// JibRoot is the folder in which Jib's image has the app, unless the settings name another: its classes, resources and libs, and two
// files with the class path and the main class. https://github.com/GoogleContainerTools/jib/tree/master/jib-maven-plugin#extended-usage
const JibRoot = "/app"

// maxPlaced is the most files of extra directories that are read.
const maxPlaced = 50

// madeImage reads what the plugins of the module's POM say; nil where none makes an image.
func (p *Project) madeImage(t *tree.Tree, dir string) *MadeImage {
	if p.Packaging().Value == "pom" {
		return nil
	}
	for _, read := range []func(*tree.Tree, string) *MadeImage{p.jib, p.jibByGradle, p.fabric8, p.buildpack} {
		if m := read(t, dir); m != nil {
			return m
		}
	}
	return nil
}

// jib reads the settings of Jib, which a property of the POM overrides.
func (p *Project) jib(t *tree.Tree, dir string) *MadeImage {
	g := p.POM.PluginNamed("jib-maven-plugin")
	if !g.Active || g.Config("skip").Value == "true" || p.POM.Property("jib.skip").Value == "true" {
		return nil
	}
	s := jibSettings{pos: g.Pos, env: g.Fields("container", "environment"), labels: g.Fields("container", "labels"), modes: map[string]string{}}
	s.one = func(property string, names ...string) fact.Fact[string] {
		if f := p.POM.Property(property); f.Found() {
			return f
		}
		f := g.Config(names...)
		f.Value = strings.TrimSpace(f.Value)
		return f
	}
	s.list = func(property string, names ...string) []fact.Fact[string] {
		if f := p.POM.Property(property); f.Found() {
			return parted(f)
		}
		return g.Values(names...)
	}
	for _, x := range g.Each("extraDirectories", "permissions") {
		s.modes[path.Clean(x.Text("file"))] = x.Text("mode")
	}
	for _, x := range g.Each("extraDirectories", "paths") {
		if from := x.Get("from"); from.Value != "" {
			s.extras = append(s.extras, jibExtra{from.Value, path.Join("/", x.Text("into")), from.Pos})
		}
	}
	if len(s.extras) == 0 {
		s.plainExtras(g.Values("extraDirectories", "paths"))
	}
	return p.made(t, dir, s)
}

// jibByGradle reads the settings of Jib's plugin for Gradle, where the scripts make some:
// https://github.com/GoogleContainerTools/jib/tree/master/jib-gradle-plugin#extended-usage
func (p *Project) jibByGradle(t *tree.Tree, dir string) *MadeImage {
	if p.Gradle == nil || !p.Gradle.Plugin("com.google.cloud.tools.jib").Applied() {
		return nil
	}
	g := p.Gradle.Extension("jib")
	if !g.Found() {
		return nil
	}
	fields := func(names ...string) []pom.Field {
		in := g.In(names...)
		var out []pom.Field
		for _, name := range in.Names() {
			if v := in.Get(name); !v.Computed {
				out = append(out, pom.Field{Name: name, Fact: v.Fact})
			}
		}
		return out
	}
	s := jibSettings{pos: g.Pos(), env: fields("container", "environment"), labels: fields("container", "labels")}
	s.one = func(_ string, names ...string) fact.Fact[string] { return g.Get(names...).Fact }
	s.list = func(_ string, names ...string) []fact.Fact[string] {
		var out []fact.Fact[string]
		for _, v := range g.Values(names...) {
			if v.Computed {
				v.Value = "${computed}"
			}
			out = append(out, v.Fact)
		}
		return out
	}
	s.plainExtras(s.list("", "extraDirectories", "paths"))
	return p.made(t, dir, s)
}

// jibSettings are what a build says of the image that Jib makes: one value or a list, by the property that overrides it and its place, and two maps.
type jibSettings struct {
	pos         fact.Pos
	one         func(property string, names ...string) fact.Fact[string]
	list        func(property string, names ...string) []fact.Fact[string]
	env, labels []pom.Field
	extras      []jibExtra
	modes       map[string]string // of files in the image, where one is given
}

// jibExtra is a folder whose files Jib puts into a folder of the image.
type jibExtra struct {
	from, into string
	pos        fact.Pos
}

// plainExtras adds folders whose files go to the root of the image.
func (s *jibSettings) plainExtras(dirs []fact.Fact[string]) {
	for _, f := range dirs {
		s.extras = append(s.extras, jibExtra{f.Value, "/", f.Pos})
	}
}

// made is the image that Jib makes by these settings.
func (p *Project) made(t *tree.Tree, dir string, s jibSettings) *MadeImage {
	one, list := s.one, s.list
	m := &MadeImage{By: "Jib's plugin", Image: &buildfile.Image{}, Pos: s.pos, Tag: plainTag(one("jib.to.image", "to", "image")), Main: one("jib.container.mainClass", "container", "mainClass")}
	i := m.Image
	from := one("jib.from.image", "from", "image")
	i.Stages = []buildfile.Stage{{Base: cmp.Or(known(from.Value), "eclipse-temurin"), Pos: cmp.Or(from.Pos, s.pos)}}
	i.Workdir = rootedFact(one("jib.container.workingDirectory", "container", "workingDirectory"))
	i.User = sure(one("jib.container.user", "container", "user"))
	describe(i, list("jib.container.ports", "container", "ports"), list("jib.container.volumes", "container", "volumes"), s.env, s.labels)
	entry, args := list("jib.container.entrypoint", "container", "entrypoint"), list("jib.container.args", "container", "args")
	if len(entry) == 1 && entry[0].Value == "INHERIT" {
		return nil // the base image starts, and what that is is not known
	}
	if len(entry) > 0 {
		i.Entrypoint = started(entry)
		m.Laid = path.Base(entry[0].Value) != "java"
	} else {
		flags := list("jib.container.jvmFlags", "container", "jvmFlags")
		words := append([]string{"java"}, texts(flags)...)
		i.Entrypoint = fact.Fact[buildfile.Start]{Value: buildfile.Start{Words: append(words, "-cp", JibRoot+"/libs/*", cmp.Or(m.Main.Value, "Main"))}, Pos: s.pos}
		if len(flags) > 0 {
			i.Entrypoint.Pos = flags[0].Pos
		}
	}
	i.Cmd = started(args)
	p.extras(t, dir, s, i)
	m.Root = rootedFact(one("jib.container.appRoot", "container", "appRoot"))
	m.Laid = m.Laid && len(i.Copies) > 0 && (m.Root.Value == "" || m.Root.Value == JibRoot)
	return m
}

// extras are the files of Jib's extra directories: those of src/main/jib, where the settings name none.
func (p *Project) extras(t *tree.Tree, dir string, s jibSettings, i *buildfile.Image) {
	if len(s.extras) == 0 {
		s.extras = []jibExtra{{"src/main/jib", "/", s.pos}}
	}
	for _, e := range s.extras {
		from := path.Join(p.Dir, pom.Relative(e.from))
		if !pom.Resolved(from) || path.IsAbs(e.from) || strings.HasPrefix(from, "..") {
			continue
		}
		for _, name := range t.Files(path.Join(dir, from)) {
			rel := strings.TrimPrefix(name, path.Join(dir, from)+"/")
			if to := path.Join(e.into, rel); len(i.Copies) < maxPlaced {
				source := path.Join(from, rel)
				i.Copies = append(i.Copies, buildfile.Copy{Path: source, Source: source, To: to, Mode: s.modes[to], Pos: e.pos})
			}
		}
	}
}

// fabric8 reads the settings of the Docker plugin for the image of the module, unless these name a Dockerfile:
// https://dmp.fabric8.io/#build-configuration
func (p *Project) fabric8(*tree.Tree, string) *MadeImage {
	g := p.POM.PluginNamed("docker-maven-plugin")
	if !g.Active || g.Config("skip").Value == "true" {
		return nil
	}
	at, tag, exposes := []string{"images", "image", "build"}, []string{"images", "image", "name"}, "ports"
	in := func(names ...string) []string { return append(slices.Clone(at), names...) }
	from := g.Config(in("from")...)
	if !from.Found() { // Spotify's: https://github.com/spotify/docker-maven-plugin#specify-build-info-in-the-pom
		if from = g.Config("baseImage"); !from.Found() {
			return nil
		}
		at, tag, exposes = nil, []string{"imageName"}, "exposes"
	}
	m := &MadeImage{By: "the Docker plugin", Image: &buildfile.Image{Stages: []buildfile.Stage{{Base: cmp.Or(known(from.Value), "eclipse-temurin"), Pos: from.Pos}}}, Pos: g.Pos, Tag: plainTag(g.Config(tag...))}
	i := m.Image
	describe(i, g.Values(in(exposes)...), g.Values(in("volumes")...), g.Fields(in("env")...), g.Fields(in("labels")...))
	i.Workdir, i.User = rootedFact(g.Config(in("workdir")...)), sure(g.Config(in("user")...))
	start := func(name string) fact.Fact[buildfile.Start] {
		if list := g.Values(in(name, "exec")...); len(list) > 0 {
			return started(list)
		}
		text := g.Config(in(name, "shell")...)
		if !text.Found() {
			text = g.Config(in(name)...)
		}
		text.Value = strings.TrimSpace(text.Value)
		switch {
		case text.Value == "" || !pom.Resolved(strings.ReplaceAll(text.Value, "${env", "")):
			return fact.Fact[buildfile.Start]{}
		case strings.HasPrefix(text.Value, "["):
			var words []fact.Fact[string]
			for _, w := range parted(fact.Fact[string]{Value: strings.Trim(text.Value, "[]"), Pos: text.Pos}) {
				w.Value = strings.Trim(w.Value, `"' `)
				words = append(words, w)
			}
			return started(words)
		}
		return fact.Fact[buildfile.Start]{Value: buildfile.Start{Shell: text.Value}, Pos: text.Pos}
	}
	i.Entrypoint, i.Cmd = start("entryPoint"), start("cmd")
	return m
}

// buildpack reads what Spring Boot's plugin tells the buildpacks that make its image: the release of Java, and variables of the
// image. https://docs.spring.io/spring-boot/maven-plugin/build-image.html, https://paketo.io/docs/howto/configuration/
func (p *Project) buildpack(*tree.Tree, string) *MadeImage {
	g := p.POM.Plugin("org.springframework.boot", "spring-boot-maven-plugin")
	if !g.Active {
		return nil
	}
	i := &buildfile.Image{}
	for _, f := range g.Fields("image", "env") {
		if !pom.Resolved(f.Value) {
			continue
		}
		if f.Name == "BP_JVM_VERSION" {
			i.Stages = []buildfile.Stage{{Base: "eclipse-temurin:" + f.Value + "-jre", Pos: f.Pos}}
			continue
		}
		for _, prefix := range []string{"BPE_DEFAULT_", "BPE_OVERRIDE_", "BPE_APPEND_", "BPE_PREPEND_", "BPE_DELIM_", "BPE_"} {
			name, ok := strings.CutPrefix(f.Name, prefix)
			if !ok {
				continue
			}
			// The options of java alone are kept where one is added to what the buildpacks set. Their own launcher reads BPL_.
			if added := prefix == "BPE_APPEND_" || prefix == "BPE_PREPEND_"; prefix != "BPE_DELIM_" && !strings.HasPrefix(name, "BPL_") && (!added || name == "JAVA_TOOL_OPTIONS") {
				i.Env = append(i.Env, fact.Fact[buildfile.Var]{Value: buildfile.Variable(name, f.Value), Pos: f.Pos})
			}
			break
		}
	}
	if len(i.Stages)+len(i.Env) == 0 {
		return nil
	}
	if len(i.Stages) == 0 {
		i.Stages = []buildfile.Stage{{Base: "eclipse-temurin", Pos: g.Pos}}
	}
	return &MadeImage{By: "Spring Boot's plugin", Image: i, Pos: g.Pos, Tag: plainTag(g.Config("image", "name"))}
}

// describe adds what all plugins say in lists.
func describe(i *buildfile.Image, ports, volumes []fact.Fact[string], env, labels []pom.Field) {
	for _, f := range ports {
		if n, ok := buildfile.OpenPort(f.Value); ok {
			i.Ports = append(i.Ports, fact.Fact[buildfile.Port]{Value: n, Pos: f.Pos})
		}
	}
	for _, f := range volumes {
		if f = rootedFact(f); f.Found() {
			i.Volumes = append(i.Volumes, f)
		}
	}
	i.Env, i.Labels = named(env), named(labels)
}

// named are the elements of a map whose values are known.
func named(list []pom.Field) []fact.Fact[buildfile.Var] {
	var out []fact.Fact[buildfile.Var]
	for _, f := range list {
		if pom.Resolved(f.Value) {
			out = append(out, fact.Fact[buildfile.Var]{Value: buildfile.Variable(f.Name, f.Value), Pos: f.Pos})
		}
	}
	return out
}

// started is a list of words, with Unknown for what the repository does not say.
func started(list []fact.Fact[string]) fact.Fact[buildfile.Start] {
	if len(list) == 0 {
		return fact.Fact[buildfile.Start]{}
	}
	return fact.Fact[buildfile.Start]{Value: buildfile.Start{Words: texts(list)}, Pos: list[0].Pos}
}

func texts(list []fact.Fact[string]) []string {
	var out []string
	for _, f := range list {
		if !pom.Resolved(f.Value) {
			f.Value = buildfile.Unknown
		}
		out = append(out, f.Value)
	}
	return out
}

// parted are the parts of a text between commas.
func parted(f fact.Fact[string]) []fact.Fact[string] {
	var out []fact.Fact[string]
	for text := range strings.SplitSeq(f.Value, ",") {
		if text = strings.TrimSpace(text); text != "" && len(out) < maxPlaced {
			out = append(out, fact.Fact[string]{Value: text, Pos: f.Pos})
		}
	}
	return out
}

// known is a value without references that are left, else "".
func known(s string) string {
	if !pom.Resolved(s) {
		return ""
	}
	return strings.TrimSpace(s)
}

// sure is a value of that kind, else none.
func sure(f fact.Fact[string]) fact.Fact[string] {
	if f.Value = known(f.Value); f.Value == "" {
		return fact.Fact[string]{}
	}
	return f
}

// plainTag is the name of an image, as far as the POM says it.
func plainTag(f fact.Fact[string]) fact.Fact[string] {
	if f = sure(f); strings.ContainsAny(f.Value, " %") {
		return fact.Fact[string]{}
	}
	return f
}

// rootedFact is a rooted path, else none.
func rootedFact(f fact.Fact[string]) fact.Fact[string] {
	if f = sure(f); !path.IsAbs(f.Value) {
		return fact.Fact[string]{}
	}
	f.Value = path.Clean(f.Value)
	return f
}
