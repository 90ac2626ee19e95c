package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/java"
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
	type file struct{ to, name string }
	var list []file
	a := m.made
	switch a.kind {
	case Layers:
		for _, layer := range []string{"dependencies/", "spring-boot-loader/", "snapshot-dependencies/", "application/"} {
			list = append(list, file{"./", out + "/" + layer})
		}
	case Libs:
		list = []file{{a.in + "/", a.libs + "/"}}
	case Jar: // below
	case Classes:
		for _, dir := range m.jars() {
			list = append(list, file{a.libraries() + "/", dir + "/"})
		}
		if a.packed {
			list = append(list, file{"./", out + "/" + packedJar})
			break
		}
		list = append(list, file{"classes/", a.file + "/"})
		if m.jibFiles(in) {
			list = append(list, file{"./", out + "/" + jibClasspath}, file{"./", out + "/" + jibMain})
		}
	case Quarkus:
		list = []file{{"lib/", a.file + "/lib/"}, {"./", a.file + "/quarkus-run.jar"}, {"app/", a.file + "/app/"}, {"quarkus/", a.file + "/quarkus/"}}
	case Runner:
		list = []file{{"./", a.runner}}
	case War:
		list = []file{{"webapps/" + m.context + "/", a.file + "/"}}
	}
	var out []plan.Artifact
	for _, x := range list {
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
		out = append(out, plan.Artifact{Stage: in.Stage("build"), Copy: c})
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
