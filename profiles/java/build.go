package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// sources is the COPY of what the build reads beside the POMs: src, if there is
// no more.
func sources(in record.Input, f *java.Facts, m *module) (plan.Copy, error) {
	if len(f.Projects) > 1 || len(f.Extra) > 0 || !in.Tree.HasDir(path.Join(in.Dir, "src")) || m.POM.Outside() {
		return plan.NewCopy("./", ".")
	}
	return plan.NewCopy("src/", "src/")
}

// sourceStage is a stage that runs commands over the source.
func sourceStage(in record.Input, name string, b tool, source plan.Copy, run ...plan.Shell) *Build {
	return &Build{
		Head:   plan.Head{Name: in.Stage(name), From: plan.FromStage(in.Stage("deps")), Uses: plan.StagesOf(in.Taken())},
		Copies: append(slices.Clip(b.near()), in.Taken()...), Source: source, Deps: in.Stage("deps"), Cache: b.cache(), Locked: b.locked(), Mounts: b.secrets(), Run: run,
	}
}

// buildStage packages the module.
func buildStage(in record.Input, m *module, b tool, source plan.Copy) (plan.Stage, error) {
	if m.native != nil {
		return m.native.buildStage(in, b, source)
	}
	pack, err := plan.NewShell(b.pack(m)...)
	if err != nil {
		return plan.Stage{}, err
	}
	run := []plan.Shell{pack}
	if m.made.kind == Layers {
		extract, err := m.extract()
		if err != nil {
			return plan.Stage{}, err
		}
		run = append(run, extract)
	}
	if m.jibFiles(in) {
		files, err := m.writeJibFiles()
		if err != nil {
			return plan.Stage{}, err
		}
		run = append(run, files...)
	}
	out := sourceStage(in, "build", b, source, run...)
	if m.made.packed {
		if out.Pack, err = m.pack(); err != nil {
			return plan.Stage{}, err
		}
	}
	return plan.Stage{Block: "java/build", Data: out}, nil
}

// packedJar is the jar into which the classes are packed.
const packedJar = "app.jar"

// pack has the classes packed into a jar, whose manifest names what stands beside it. A line that begins with a space goes on with the
// one before it: https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html#manifest-specification
func (m *module) pack() (*Pack, error) {
	var found Pack
	var err error
	if found.Main, err = plan.NewShell("echo", "Main-Class: "+m.main); err != nil {
		return nil, err
	}
	if folders := m.jars(); len(folders) > 0 {
		words := []string{"find"}
		for _, dir := range folders {
			words = append(words, m.in(dir))
		}
		if found.List, err = plan.NewShell(append(words, "-name", "*.jar", "-printf", "  "+m.made.libraries()+`/%f\n`)...); err != nil {
			return nil, err
		}
	}
	words := []string{"jar", "cfm", out + "/" + packedJar, "/tmp/manifest"}
	if !m.made.jarred {
		words = append(words, "-C", m.in(m.made.file), ".")
	}
	found.Jar, err = plan.NewShell(words...)
	return &found, err
}

// jars are the folders of the build with the jars that the classes need.
func (m *module) jars() []string {
	var list []string
	if m.made.packed && m.made.jarred {
		list = append(list, m.made.file)
	}
	if m.made.libs != "" {
		list = append(list, m.made.libs)
	}
	if m.ownJars() {
		list = append(list, path.Join(m.BuildDir(), imageOwn))
	}
	return list
}

// made are the files that the build stage leaves for prod, each with its place
// below prod's folder.
func made(in record.Input, m *module) ([]plan.Artifact, error) {
	if m.native != nil {
		return m.native.output(in, m)
	}
	type file struct {
		to, name string
		but      []plan.Token // what of a folder another COPY brings
	}
	var list []file
	a := m.made
	theirs, ours, err := m.ownModules(in)
	if err != nil {
		return nil, err
	}
	switch a.kind {
	case Layers:
		for _, layer := range []string{"dependencies/", "spring-boot-loader/", "snapshot-dependencies/", "application/"} {
			list = append(list, file{to: "./", name: out + "/" + layer})
		}
	case Libs:
		list = []file{{a.in + "/", a.libs + "/", theirs}}
	case Jar: // below
	case Classes:
		for _, dir := range m.jars() {
			list = append(list, file{a.libraries() + "/", dir + "/", theirs})
		}
		if a.packed {
			list = append(list, file{to: "./", name: out + "/" + packedJar})
			break
		}
		list = append(list, file{to: a.classes() + "/", name: a.file + "/"})
		if m.jibFiles(in) {
			list = append(list, file{to: "./", name: out + "/" + jibClasspath}, file{to: "./", name: out + "/" + jibMain})
		}
	case Quarkus:
		list = []file{{"lib/", a.file + "/lib/", theirs}, {to: "./", name: a.file + "/quarkus-run.jar"}, {to: "app/", name: a.file + "/app/"}, {to: "quarkus/", name: a.file + "/quarkus/"}}
	case Runner:
		list = []file{{to: "./", name: a.runner}}
	case War:
		app := file{to: "webapps/" + m.context + "/", name: a.file + "/"}
		if m.webLibs(in) {
			list = append(list, file{app.to + webLibs + "/", app.name + webLibs + "/", theirs})
			app.but = []plan.Token{plan.MustToken(webLibs)}
		}
		list = append(list, app)
	}
	var out []plan.Artifact
	for i, x := range list {
		from := x.name
		if !path.IsAbs(from) {
			from = path.Join(workdir(in), m.in(from))
			if strings.HasSuffix(x.name, "/") {
				from += "/"
			}
		}
		c, err := plan.NewCopy(x.to, from)
		if err != nil {
			return nil, err
		}
		out = append(out, plan.Artifact{Stage: in.Stage("build"), Copy: c, Exclude: x.but})
		if i == 0 && len(ours) > 0 {
			if a.kind == Quarkus {
				if c, err = plan.NewCopy(x.to+quarkusMain+"/", from); err != nil {
					return nil, err
				}
			}
			out = append(out, plan.Artifact{Stage: in.Stage("build"), Copy: plan.Copy{Any: ours, To: c.To}})
		}
	}
	if a.kind == Jar || a.kind == Libs || a.kind == Runner {
		c, err := m.copyJar(in)
		if err != nil {
			return nil, err
		}
		out = append(out, plan.Artifact{Stage: in.Stage("build"), Copy: c})
	}
	return out, nil
}

// webLibs is the folder of the jars in a war: https://jakarta.ee/specifications/servlet/6.0/jakarta-servlet-spec-6.0#directory-structure
const webLibs = "WEB-INF/lib"

// webLibs reports whether the build puts jars into the war, which lie in a layer of their own where COPY has --exclude.
func (m *module) webLibs(in record.Input) bool {
	return m.made.kind == War && image.Syntax(in) && slices.ContainsFunc(m.Dependencies(), func(d pom.Dependency) bool {
		return d.AtRuntime() && (d.Type == "" || d.Type == "jar")
	})
}

// ownModules are the jars of the other modules of Maven's reactor in the folder of libraries: as patterns of names, and as the files of
// the build. They change more often than those of elsewhere, and have a layer of their own. The plugins that copy them name them by
// artifact and version: https://maven.apache.org/plugins/maven-dependency-plugin/copy-dependencies-mojo.html,
// https://maven.apache.org/plugins/maven-war-plugin/examples/file-name-mapping.html
func (m *module) ownModules(in record.Input) (names []plan.Token, files []plan.Match, err error) {
	folder := m.made.libs
	switch {
	case m.Gradle != nil, !image.Syntax(in):
		return nil, nil, nil
	case m.made.kind == Quarkus:
		folder = path.Join(m.made.file, "lib", quarkusMain)
		if m.setting("quarkus.class-loading.removed-artifacts").Found() || m.setting("quarkus.class-loading.parent-first-artifacts").Found() {
			return nil, nil, nil
		}
	case m.made.kind != War && !m.made.named:
		return nil, nil, nil
	case m.made.kind == War:
		folder = m.made.file + "/" + webLibs
		if !m.webLibs(in) || m.POM.PluginNamed("maven-war-plugin").Find("outputFileNameMapping").Found() {
			return nil, nil, nil
		}
	}
	for _, q := range m.parts[1:] {
		name, below := q.Artifact().Value+"-", ""
		switch {
		case q.Packaging().Value != "jar":
			continue
		case m.made.kind == Quarkus:
			if !strings.HasPrefix(q.FinalName().Value, name) || q.POM.PluginNamed("quarkus-extension-maven-plugin").Active || m.optionally(q) {
				continue
			}
			name, below = q.Group().Value+"."+name, quarkusMain+"/"
		}
		before, err := plan.NewToken(below + name)
		if err != nil {
			return nil, nil, err
		}
		file, err := plan.NewMatch(path.Join(workdir(in), m.in(folder)), name, ".jar")
		if err != nil {
			return nil, nil, err
		}
		names, files = append(names, before.Any(plan.MustToken(".jar"))), append(files, file)
	}
	return names, files, nil
}

// quarkusMain is the folder, below that of its libraries, in which Quarkus has those of the app by group and file: com.example.core-1.0.jar.
// https://quarkus.io/guides/maven-tooling#fast-jar, https://github.com/quarkusio/quarkus/blob/main/core/deployment/src/main/java/io/quarkus/deployment/pkg/jar/FastJarFormat.java
const quarkusMain = "main"

// optionally reports whether the app may be packed without a module that it depends on.
func (m *module) optionally(q *java.Project) bool {
	return slices.ContainsFunc(m.Dependencies(), func(d pom.Dependency) bool {
		return d.Optional && d.Artifact == q.Artifact().Value && d.Group == q.Group().Value
	})
}

// The files in which an image of Jib has the class path and the main class of its app.
const (
	jibClasspath = "jib-classpath-file"
	jibMain      = "jib-main-class-file"
)

// jibFiles reports whether a script of the image that Jib makes reads them.
func (m *module) jibFiles(in record.Input) bool {
	if m.Image == nil || !m.Image.Laid || m.made.kind != Classes {
		return false
	}
	return slices.ContainsFunc(m.Image.Image.Copies, func(c buildfile.Copy) bool {
		f := in.Builds.File(c.Source)
		return f != nil && (strings.Contains(f.Text, jibClasspath) || strings.Contains(f.Text, jibMain))
	})
}

// writeJibFiles writes them.
func (m *module) writeJibFiles() ([]plan.Shell, error) {
	classes := "/app/classes"
	if m.made.libs != "" {
		classes += ":/app/" + m.made.libraries() + "/*"
	}
	text := `echo "` + classes + `" > ` + out + "/" + jibClasspath + ` && echo "` + strings.ReplaceAll(m.main, "$", `\$`) + `" > ` + out + "/" + jibMain
	write, err := plan.NewShell("sh", "-c", text)
	return []plan.Shell{plan.MustShell("mkdir", out), write}, err
}
