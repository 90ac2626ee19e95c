package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// prodStage is what runs.
func prodStage(in record.Input, m *module, v versions, r plan.Runtime, tomcat plan.Ref, needs needs, port ports) (*plan.Run, error) {
	env := slices.Concat([]plan.Env{plan.MustEnv("JAVA_TOOL_OPTIONS", "-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError")}, port.env, needs.env)
	base, err := image.Base(in, r, env...)
	if err != nil {
		return nil, err
	}
	run := &plan.Run{
		Head:    plan.Head{Name: in.Stage("prod"), Uses: []plan.StageName{in.Stage("build")}},
		Runtime: r, User: base.User, Labels: base.Labels, Env: base.Env, Ports: port.list,
		Debian: append(needs.debian, base.Debian...), Alpine: append(needs.alpine, base.Alpine...),
	}
	if run.Probe, err = health(in, m, r, port); err != nil {
		return nil, err
	}
	switch {
	case m.made.kind == War:
		run.From = plan.FromImage(tomcat)
		run.Prepare = tomcatFolders()
	default:
		from, err := runtimeImage(v.java, r)
		if err != nil {
			return nil, err
		}
		run.From, run.Workdir = plan.FromImage(from), plan.MustPath("/app")
	}
	if r != plan.Slim {
		run.Debian = nil
	}
	if r != plan.Alpine {
		run.Alpine = nil
	}
	if why := layersWhy(m); why != "" {
		run.About = []plan.Comment{plan.NewComment(why)}
	}
	if run.Copies, err = made(in, m); err != nil {
		return nil, err
	}
	run.Entry, run.Cmd = decideStart(in, m, r)
	return run, nil
}

// layersWhy says why prod has more than one layer of files.
func layersWhy(m *module) string {
	switch {
	case m.made.kind == Layers:
		return "prod has one layer for each rate of change: a code edit ships a few kilobytes."
	case m.made.kind == Quarkus, m.made.libs != "":
		return "prod has the dependencies in a layer of their own: a code edit ships a few kilobytes."
	}
	return ""
}

// runtimeImage is the image of a Java that runs.
func runtimeImage(version string, r plan.Runtime) (plan.Ref, error) {
	switch r {
	case plan.Distroless:
		return plan.NewRef("gcr.io/distroless/java"+version+"-debian13", "nonroot")
	case plan.Alpine:
		return plan.NewRef("eclipse-temurin", version+"-jre-alpine")
	case plan.Slim, plan.Scratch:
	}
	return plan.NewRef("eclipse-temurin", version+"-jre-noble")
}

// decideStart picks the command, as the ENTRYPOINT and the CMD of prod.
func decideStart(in record.Input, m *module, r plan.Runtime) (entry, cmd plan.Exec) {
	a := m.made
	jar := "" // what java -jar, which is distroless' own entry point, is given
	var args []string
	switch a.kind {
	case Layers, Jar:
		jar = path.Base(a.file)
		if a.launcher != "" {
			jar, args = "", []string{a.launcher}
		} else if a.kind == Jar && !a.main.Found() && !a.finds {
			jar, args = "", []string{"-cp", path.Base(a.file), m.main}
		}
	case Libs:
		jar = path.Base(a.file)
	case Classes:
		cp := "classes"
		if a.libs != "" {
			cp += ":lib/*"
		}
		args = []string{"-cp", cp, m.main}
	case Quarkus:
		jar = "quarkus-run.jar"
	case War:
		cmd = plan.Exec{"catalina.sh", "run"}
	}
	rule := a.rule
	switch {
	case len(in.Settings.Start) > 0:
		entry, cmd, rule = in.Settings.Start, nil, "asked for"
	case jar != "" && r == plan.Distroless:
		cmd = plan.Exec{jar}
	case jar != "":
		entry = plan.Exec{"java", "-jar", jar}
	case len(args) > 0:
		entry = append(plan.Exec{"java"}, args...)
	}
	what := strings.Join(slices.Concat(entry, cmd), " ")
	if jar != "" && entry == nil {
		what = "java -jar " + jar
	}
	in.Log.Choose(plan.Choice{Key: "start", Value: what, Rule: rule, Pos: record.At(a.pos)})
	return entry, cmd
}
