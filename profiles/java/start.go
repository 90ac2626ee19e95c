package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// prodStage is what runs.
func prodStage(in record.Input, m *module, from plan.Ref, r plan.Runtime, system image.System, fw framework, ports image.Ports, copies []plan.Artifact) (*plan.Run, []plan.Stage, error) {
	var options []plan.Env
	if m.native == nil {
		e, err := plan.NewEnv(toolOptionsName, toolOptions(ownOptions(in, m)))
		if err != nil {
			return nil, nil, err
		}
		options = append(options, e)
	}
	env, err := image.Env(in, slices.Concat(options, ports.Env, m.moved, system.Env)...)
	if err != nil {
		return nil, nil, err
	}
	image.Require(in, m.required(), env)
	run := &plan.Run{
		Head:    plan.Head{Name: in.Stage("prod"), From: plan.FromImage(from), Uses: plan.StagesOf(copies)},
		Runtime: r, User: image.NonRoot(), Env: env, Ports: ports.List, Copies: copies,
	}
	if m.made.kind == War {
		run.Prepare = tomcatFolders()
	} else {
		run.Workdir = plan.MustPath("/app")
	}
	packages, err := image.Install(in, r, system)
	if err != nil {
		return nil, nil, err
	}
	run.Debian, run.Alpine = image.OfSystem(r, packages)
	if run.Probe, err = image.Probe(in, health(m, fw, r, ports)); err != nil {
		return nil, nil, err
	}
	if why := layersWhy(in, m); why != "" {
		run.About = []plan.Comment{plan.NewComment(why)}
	}
	if list := m.compilers(); len(list) > 0 && m.made.kind != War && m.linked == nil {
		run.About = append(run.About, plan.NewComment("The code compiles Java when it runs, which takes the JDK: "+path.Base(list[0].Pos.File)+"."))
	}
	run.Entry, run.Cmd = decideStart(in, m, r == plan.Distroless && m.linked == nil, ports.Args)
	if m.native != nil {
		stages, err := m.native.init(in, run)
		return run, stages, err
	}
	// A start command that is a shell's is no distroless image's, so that no stage has to bring tini.
	command := run.Entry
	if !m.variables.empty() {
		command = plan.Exec{"java"} // which the shell becomes
	}
	image.Init(in, image.InitRequest{
		Program: "java", Command: command, Handled: "the virtual machine exits on SIGTERM", Evidence: "java",
		Link: "https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Runtime.html#shutdown",
	}).Apply(in, run, run.From, nil)
	return run, nil, nil
}

// prodImages are the images of prod: Tomcat's if there is a release of it, those without Java if prod brings what it runs on.
func prodImages(m *module, v versions, tomcat string) (images image.Images, release, kind string) {
	if tomcat != "" {
		return image.ImagesOf("tomcat"), tomcat, "jre" + v.java
	}
	images, kind = image.ImagesOf("java"), "jre"
	if m.bare() {
		images = image.ImagesOf("java-base")
	}
	if len(m.compilers()) > 0 {
		kind = jdk
	}
	return images, v.java, kind
}

const (
	jdk          = "jdk"
	factCompiler = "the JDK's compiler"
)

// compilers are where the program uses what the JDK alone has.
func (m *module) compilers() []fact.Fact[string] {
	return of(m, func(s java.Sources) []fact.Fact[string] { return s.Compilers })
}

// compilerFacts names that for the lock.
func compilerFacts(kind string) []string {
	if kind == jdk {
		return []string{factCompiler}
	}
	return nil
}

// layersWhy says why prod has more than one layer of files.
func layersWhy(in record.Input, m *module) string {
	switch {
	case m.native != nil:
	case m.made.kind == Layers:
		return "prod's layers are split by how often they change: a code edit ships a few kilobytes."
	case m.made.kind == Quarkus, m.made.libs != "", m.webLibs(in):
		return "prod has the dependencies in a layer of their own: a code edit ships a few kilobytes."
	}
	return ""
}

// decideStart picks the command, as the ENTRYPOINT and the CMD of prod. options
// are those of java that move the port. starts says that the image itself starts java -jar.
func decideStart(in record.Input, m *module, starts bool, options []string) (entry, cmd plan.Exec) {
	a := m.made
	jar, args := a.launch(m.main)
	rule := a.rule
	if a.kind == War {
		cmd = plan.Exec{"catalina.sh", "run"}
	}
	switch {
	case m.native != nil:
		jar, entry, rule = "", m.native.start(options, m.args), "the native program"
	case len(in.Settings.Start) > 0:
		entry, cmd, rule = in.Settings.Start, nil, "asked for"
	case jar != "" && starts && len(options) == 0:
		cmd = append(plan.Exec{jar}, m.args...)
	case jar != "":
		entry = slices.Concat(plan.Exec{"java"}, options, plan.Exec{"-jar", jar}, m.args)
	case len(args) > 0:
		entry = slices.Concat(plan.Exec{"java"}, options, args, m.args)
	}
	if v := m.variables; !v.empty() {
		if jar != "" {
			args = []string{"-jar", jar}
		}
		if a.kind == War {
			cmd = plan.Exec{"sh", "-c", `export CATALINA_OPTS="$CATALINA_OPTS ` + strings.Join(v.options, " ") + `"; exec catalina.sh run`}
		} else {
			command := slices.Concat([]string{"java"}, options, args)
			entry, cmd = v.start(slices.Concat(command, m.args), len(command)), nil
		}
	}
	what := strings.Join(slices.Concat(entry, cmd), " ")
	if jar != "" && entry == nil {
		what = "java -jar " + strings.Join(cmd, " ")
	}
	in.Log.Choose(plan.Choice{Key: "start", Value: what, Rule: rule, Pos: record.At(a.pos)})
	return entry, cmd
}

// launch is what starts the main class: the jar that java -jar, which is distroless' own entry point, is given, or other arguments of java.
// Both are zero for a war.
func (a artifact) launch(main string) (jar string, args []string) {
	switch a.kind {
	case Layers, Jar:
		switch {
		case a.launcher != "":
			return "", []string{a.launcher}
		case a.kind == Jar && !a.main.Found() && !a.finds:
			return "", []string{"-cp", a.jar(), main}
		}
		return a.jar(), nil
	case Libs:
		return a.jar(), nil
	case Classes:
		if a.packed {
			return packedJar, nil
		}
		return "", []string{"-cp", strings.Join(a.folders(), ":"), main}
	case Quarkus:
		return "quarkus-run.jar", nil
	case Runner:
		return path.Base(a.runner), nil
	case War:
	}
	return "", nil
}

// folders are where prod has classes that are not packed, and the jars that they need, for a class path.
func (a artifact) folders() []string {
	out := []string{a.classes()}
	if a.jarred {
		out[0] += "/*"
	}
	if a.config.to != "" {
		out = append([]string{a.config.to}, out...)
	}
	if a.libs != "" {
		out = append(out, a.libraries()+"/*")
	}
	return out
}

// otherStart is a start command of the user's whose program is not Java's, for
// which an image without programs is none; "" for any other.
func otherStart(in record.Input) string {
	if len(in.Settings.Start) == 0 || path.Base(in.Settings.Start[0]) == "java" {
		return ""
	}
	return "the start command: " + strings.Join(in.Settings.Start, " ")
}
