package java

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// devStage runs the mounted source.
func devStage(in record.Input, f *java.Facts, m *module, v versions, b tool, source plan.Copy, tomcat string, ports image.Ports) (plan.Stage, error) {
	name := m.imageName(in, f)
	head := plan.Head{Name: in.Stage("dev"), From: plan.FromStage(in.Stage("deps")), Uses: plan.StagesOf(in.Taken())}
	works := workdir(in)
	kept, about := image.KeptInDev(in, works)
	mount := image.Mounted(in, works)
	copies := append(slices.Clip(b.near()), in.Taken()...)
	debug := debugged(in, ports.List)
	open := slices.Concat(ports.List, debug)
	if l, ok := b.live(m); ok {
		head.About = append(image.DevUsage(in, "dev reloads on every save", name, head.Name, mount, ports.List, debug...), about...)
		cmd := l.command
		if len(ports.List) > 0 {
			cmd = append(cmd, "-Dquarkus.http.host=0.0.0.0")
		}
		for _, p := range debug { // https://quarkus.io/guides/maven-tooling#debugging
			cmd = append(cmd, "-Ddebug="+p.String(), "-DdebugHost=0.0.0.0")
		}
		in.Log.Choose(plan.Choice{Key: "dev", Value: l.name, Rule: "Quarkus' own live reload", Link: l.link})
		return plan.Stage{Block: "java/live", Data: &Live{Head: head, Source: source, Copies: copies, Kept: kept, Env: ports.Env, Ports: open, Cmd: cmd}}, nil
	}
	head.About = append(image.DevUsage(in, "dev compiles and restarts on every save", name, head.Name, mount, ports.List, debug...), about...)
	d := &Dev{Head: head, Source: source, Copies: copies, Kept: kept, Env: append(slices.Clip(ports.Env), m.noCompose()...), Ports: open}
	c := b.compile(m)
	options := append([]string{"-XX:TieredStopAtLevel=1"}, listening(debug, cmp.Or(c.release, v.jdk))...)
	start, rule := tomcatHome+"/bin/catalina.sh run", "a save builds the exploded war and restarts Tomcat"
	switch m.made.kind {
	case War:
		from, err := tomcatImage(in, tomcat, v)
		if err != nil {
			return plan.Stage{}, err
		}
		if err := d.tomcat(in, m, from); err != nil {
			return plan.Stage{}, err
		}
		for _, p := range debug { // https://github.com/apache/tomcat/blob/main/bin/catalina.sh
			start = tomcatHome + "/bin/catalina.sh jpda run"
			e, err := plan.NewEnv("JPDA_ADDRESS", debugAddress(p, v.jdk))
			if err != nil {
				return plan.Stage{}, err
			}
			d.Env = append(d.Env, e)
		}
	case Runner:
		line := slices.Concat([]string{"java"}, options, []string{"-jar", m.in(m.made.runner)})
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
		start, rule = command.String(), "a save builds the war and restarts "+path.Base(m.made.runner)
	default:
		var err error
		if start, err = m.started(c, slices.Concat(options, m.developed(), ports.Args)); err != nil {
			return plan.Stage{}, err
		}
		rule = "a save compiles what changed and restarts " + m.main
	}
	in.Log.Choose(plan.Choice{Key: "dev", Value: c.name, Rule: rule})
	var err error
	if d.Start, err = plan.NewLine(start); err != nil {
		return plan.Stage{}, err
	}
	if d.Compile, err = plan.NewShell(c.command...); err != nil {
		return plan.Stage{}, err
	}
	d.Watch, err = plan.NewShell(watched(in, f, m)...)
	return plan.Stage{Block: "java/dev", Data: d}, err
}

// debugPort is what IntelliJ IDEA and Quarkus take by default: https://www.jetbrains.com/help/idea/attach-to-process.html,
// https://quarkus.io/guides/maven-tooling#debugging.
const debugPort = 5005

// debugged is the port on which dev waits for a debugger, none if nobody asks for one.
func debugged(in record.Input, taken []plan.Port) []plan.Port {
	out := image.DebugPort(in, debugPort, taken)
	for _, p := range out {
		in.Log.Choose(plan.Choice{Key: "debugger", Value: "JDWP on " + p.String(), Rule: "asked for", Pos: record.At(in.Settings.Pos("debug")), Link: "https://docs.oracle.com/en/java/javase/21/docs/specs/jpda/conninv.html"})
	}
	return out
}

// listening are the options with which java waits for a debugger and runs meanwhile.
func listening(debug []plan.Port, release string) []string {
	var out []string
	for _, p := range debug {
		out = append(out, "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address="+debugAddress(p, release))
	}
	return out
}

// debugAddress is a port of all addresses, for the debugger's agent. From Java 9 on a port alone is one of the loopback:
// https://www.oracle.com/technetwork/java/javase/9-notes-3745703.html#JDK-8041435
func debugAddress(p plan.Port, release string) string {
	if atoi(release) < 9 {
		return p.String()
	}
	return "*:" + p.String()
}

// noCompose turns off Spring Boot's own start of Compose, whose program no container has:
// https://docs.spring.io/spring-boot/reference/features/dev-services.html#features.dev-services.docker-compose
func (m *module) noCompose() []plan.Env {
	if !slices.ContainsFunc(m.Dependencies(), func(d pom.Dependency) bool {
		return d.Group == bootGroup && d.Artifact == "spring-boot-docker-compose" && d.Scope != "test"
	}) {
		return nil
	}
	return []plan.Env{plan.MustEnv("SPRING_DOCKER_COMPOSE_ENABLED", "false")}
}

// started is the command, for sh, that starts the main class from what was compiled, with options of java.
func (m *module) started(c compiled, options []string) (string, error) {
	words, err := plan.NewShell(append([]string{cmp.Or(c.java, "java")}, options...)...)
	if err != nil {
		return "", err
	}
	classes, err := plan.NewShell(strings.Join(c.classes, ":"))
	if err != nil {
		return "", err
	}
	main, err := plan.NewShell(slices.Concat([]string{m.main}, m.made.launched(m.main), m.args)...)
	if err != nil {
		return "", err
	}
	out := words.String() + " -cp " + classes.String()
	if c.file != "" {
		out += `:"$(cat ` + c.file + `)"`
	}
	return out + " " + main.String(), nil
}

// watched are the build files and the folders of sources of the modules that the app is built of.
func watched(in record.Input, f *java.Facts, m *module) []string {
	var out []string
	needs := m.needs(f)
	for _, q := range f.Projects {
		if q.Dir != "." && !slices.Contains(needs, q.Dir) {
			continue
		}
		if q.File != "" {
			out = append(out, q.File)
		}
		for _, dir := range append([]string{"src"}, q.Roots...) {
			dir = path.Join(q.Dir, dir)
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
func (d *Dev) tomcat(in record.Input, m *module, from plan.Ref) error {
	home, err := plan.NewCopy(tomcatHome+"/", tomcatHome+"/")
	if err != nil {
		return err
	}
	app := tomcatHome + "/webapps/" + m.context
	empty, err := plan.NewShell("rm", "-rf", app)
	if err != nil {
		return err
	}
	link, err := plan.NewShell("ln", "-s", path.Join(workdir(in), m.in(m.made.file)), app)
	if err != nil {
		return err
	}
	d.Copies = append(slices.Clip(d.Copies), plan.Artifact{Image: from, Copy: home})
	d.Steps = []plan.Step{{Run: []plan.Shell{empty, link}}}
	return nil
}
