package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// devStage runs the mounted source.
func devStage(in record.Input, f *java.Facts, m *module, v versions, mvn maven, source plan.Copy, tomcat string, ports image.Ports) (plan.Stage, error) {
	name := m.imageName(in, f)
	head := plan.Head{Name: in.Stage("dev"), From: plan.FromStage(in.Stage("deps")), Uses: plan.StagesOf(in.Taken())}
	kept, about := image.KeptInDev(in, src)
	if m.made.kind == Quarkus {
		head.About = append(image.DevUsage(in, "dev reloads on every save", name, head.Name, src, ports.List), about...)
		cmd := mvn.command("quarkus:dev")
		if len(ports.List) > 0 {
			cmd = append(cmd, "-Dquarkus.http.host=0.0.0.0")
		}
		in.Log.Choose(plan.Choice{Key: "dev", Value: "quarkus:dev", Rule: "Quarkus' own live reload", Link: "https://quarkus.io/guides/maven-tooling#dev-mode"})
		return plan.Stage{Block: "java/live", Data: &Live{Head: head, Source: source, Copies: in.Taken(), Kept: kept, Env: ports.Env, Ports: ports.List, Cmd: cmd}}, nil
	}
	head.About = append(image.DevUsage(in, "dev compiles and restarts on every save", name, head.Name, src, ports.List), about...)
	d := &Dev{Head: head, Source: source, Copies: in.Taken(), Kept: kept, Env: ports.Env, Ports: ports.List}
	goals := []string{"-q", "compile"}
	start := ""
	switch m.made.kind {
	case War:
		goals = append(goals, "war:exploded")
		from, err := tomcatImage(in, tomcat, v)
		if err != nil {
			return plan.Stage{}, err
		}
		if err := d.tomcat(m, from); err != nil {
			return plan.Stage{}, err
		}
		start = tomcatHome + "/bin/catalina.sh run"
		in.Log.Choose(plan.Choice{Key: "dev", Value: "war:exploded", Rule: "a save builds the exploded war and restarts Tomcat"})
	case Runner:
		goals = []string{"-q", "package", "-DskipTests"}
		line := []string{"java", "-XX:TieredStopAtLevel=1", "-jar", m.in(m.made.runner)}
		for _, w := range m.args {
			if w == m.made.release {
				w = m.in(m.made.file)
			}
			line = append(line, w)
		}
		command, err := plan.NewShell(line...)
		if err != nil {
			return plan.Stage{}, err
		}
		start = command.String()
		in.Log.Choose(plan.Choice{Key: "dev", Value: "package", Rule: "a save builds the war and restarts " + path.Base(m.made.runner)})
	default:
		classes, err := plan.NewShell(m.in(m.ClassesDir()))
		if err != nil {
			return plan.Stage{}, err
		}
		main, err := plan.NewShell(m.main)
		if err != nil {
			return plan.Stage{}, err
		}
		start = "java -XX:TieredStopAtLevel=1 "
		if len(ports.Args) > 0 {
			options, err := plan.NewShell(ports.Args...)
			if err != nil {
				return plan.Stage{}, err
			}
			start += options.String() + " "
		}
		start += "-cp " + classes.String()
		if m.made.kind == Libs || hasLibs(m.Project) {
			start += `:"$(cat /tmp/classpath)"`
			goals = append(goals, "dependency:build-classpath", "-Dmdep.outputFile=/tmp/classpath")
			if m.Packaging().Value != "war" {
				goals = append(goals, "-DincludeScope=runtime")
			}
		}
		start += " " + main.String()
		if len(m.args) > 0 {
			args, err := plan.NewShell(m.args...)
			if err != nil {
				return plan.Stage{}, err
			}
			start += " " + args.String()
		}
		in.Log.Choose(plan.Choice{Key: "dev", Value: "compile and restart", Rule: "a save compiles what changed and restarts " + m.main})
	}
	var err error
	if d.Start, err = plan.NewLine(start); err != nil {
		return plan.Stage{}, err
	}
	if d.Compile, err = mvn.call(goals...); err != nil {
		return plan.Stage{}, err
	}
	d.Watch, err = plan.NewShell(watched(in, f, m)...)
	return plan.Stage{Block: "java/dev", Data: d}, err
}

// watched are the POMs and the folders of sources: of one of several apps, those of the modules that it is built of.
func watched(in record.Input, f *java.Facts, m *module) []string {
	var out []string
	needs := m.needs(f)
	for _, q := range f.Projects {
		if in.File != "" && q.Dir != "." && !slices.Contains(needs, q.Dir) {
			continue
		}
		out = append(out, q.File)
		for _, dir := range []string{path.Join(q.Dir, "src"), path.Join(q.Dir, q.SourceDir())} {
			if in.Tree.HasDir(path.Join(in.Dir, dir)) && !slices.ContainsFunc(out, func(w string) bool { return strings.HasPrefix(dir+"/", w+"/") }) {
				out = append(out, dir)
			}
		}
	}
	return out
}

// tomcatHome is the folder of Tomcat in its own image.
const tomcatHome = "/usr/local/tomcat"

// tomcat adds a Tomcat whose only app is the exploded war.
func (d *Dev) tomcat(m *module, from plan.Ref) error {
	home, err := plan.NewCopy(tomcatHome+"/", tomcatHome+"/")
	if err != nil {
		return err
	}
	app := tomcatHome + "/webapps/" + m.context
	empty, err := plan.NewShell("rm", "-rf", app)
	if err != nil {
		return err
	}
	link, err := plan.NewShell("ln", "-s", path.Join(src, m.in(m.made.file)), app)
	if err != nil {
		return err
	}
	d.Copies = append(slices.Clip(d.Copies), plan.Artifact{Image: from, Copy: home})
	d.Steps = []plan.Step{{Run: []plan.Shell{empty, link}}}
	return nil
}
