package java

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// startup is the cache of classes that prod starts from: what one run of the app has loaded.
type startup struct {
	cacheKind
	options []string  // further ones of java in the run that makes it
	wait    plan.Port // where the server listens that has to be ended then; 0: the run ends by itself
}

// cacheKind is what a release of Java has.
type cacheKind struct {
	from   string // the first release
	file   string // its name, beside the app
	output string // the option of java that writes it when the app ends
	use    string // the one that starts from it; java starts without a cache that it cannot use
	name   string
	link   string
}

// caches are what the releases of Java have, the newest first. What is before 13 takes a list of classes that somebody has to make.
var caches = []cacheKind{ //nolint:gochecknoglobals // a constant table
	{"25", "app.aot", "-XX:AOTCacheOutput=app.aot", "-XX:AOTCache=/app/app.aot", "AOT cache", "https://openjdk.org/jeps/514"},
	{"13", "app.jsa", "-XX:ArchiveClassesAtExit=app.jsa", "-XX:SharedArchiveFile=/app/app.jsa", "class data sharing", "https://openjdk.org/jeps/350"},
}

// decideStartup decides on the cache, nil if nobody asks for one. A program of classes in folders is packed into a jar for it: no cache
// takes a folder or a pattern of the class path (https://docs.oracle.com/en/java/javase/21/vm/class-data-sharing.html).
// ports says where prod listens.
func decideStartup(in record.Input, m *module, v versions, ports func() (image.Ports, error)) (*startup, error) {
	if in.Settings.Startup != "cache" {
		return nil, nil //nolint:nilnil // nobody asks
	}
	at := in.Settings.Pos("startup")
	if why, hint := m.uncached(in); why != "" {
		return nil, fact.Errorf(at, "startup: %s", why).WithHint("%s", hint)
	}
	i := slices.IndexFunc(caches, func(c cacheKind) bool { return atoi(v.java) >= atoi(c.from) })
	if i < 0 {
		return nil, fact.Errorf(at, "startup: Java %s has no cache of an app's classes; 17 and later have one", v.java).WithHint("--set version=17")
	}
	out := &startup{cacheKind: caches[i]}
	rule := "asked for; the app runs once in the build, and ends by itself"
	if m.springs() {
		out.options = append(out.options, endsOnRefresh)
		rule = "asked for; the app starts once in the build, and Spring ends it when its context is there"
	} else {
		p, err := ports()
		if err != nil {
			return nil, err
		}
		serves, err := m.serves()
		switch {
		case err != nil:
			return nil, err
		case len(p.List) > 0:
			out.wait = p.List[0]
			rule = "asked for; the app starts once in the build, and is ended when it listens on " + out.wait.String()
		case serves:
			return nil, fact.Errorf(at, "startup: it is not known on which port the app listens, so that nothing says when its run in the build is done").WithHint("--set port=8080 names it")
		default:
			in.Log.Note(at, "startup: the build runs the app once, as prod does", "leave the key out if a run does more than the build may do")
		}
	}
	told, err := m.training(in)
	if err != nil {
		return nil, err
	}
	out.options = append(out.options, told...)
	in.Log.Choose(plan.Choice{Key: "startup", Value: out.name, Rule: rule, Pos: record.At(at), Link: out.link})
	m.made.packed = m.made.kind == Classes
	return out, nil
}

// uncached is why no cache holds the classes of the app, and what to do; "" if one does.
func (m *module) uncached(in record.Input) (why, hint string) {
	const leave = "leave the key out"
	switch a := m.made; {
	case len(in.Settings.Start) > 0:
		return "start names the command, and the cache is of the one that dockgen chooses", "leave one of the two out"
	case a.kind == War:
		return "Tomcat loads the classes of a war by loaders of its own, which no cache takes from", leave
	case a.kind == Runner:
		return "the program that runs the war loads its classes by loaders of its own, which no cache takes from", leave
	case a.kind == Quarkus:
		return "Quarkus' fast-jar loads the app's classes by a loader of its own, which no cache takes from", "quarkus.package.jar.type=uber-jar in the app's configuration (quarkus.package.type before Quarkus 3.9) makes a jar that has a cache"
	case a.nested && a.tool != toolsMode:
		return "Spring Boot's jar holds jars, which no cache takes from; from Spring Boot 3.3 on it can be taken apart", "name Spring Boot 3.3 or later, and let its plugin make the layers that it makes by default"
	case a.placed != "":
		return "the app's own server looks for servlets in the folder of its classes, and no cache takes from one", leave
	case a.config.to != "":
		return "the start script has a folder of configuration on its class path, and no cache takes from one", leave
	case a.kind == Classes && m.Image != nil && m.Image.Laid:
		return "the script that starts the app wants its classes in a folder, and no cache takes from one", leave
	}
	return "", ""
}

// toolsMode is the jarmode that takes a Boot jar apart so that a cache holds it.
const toolsMode = "tools"

// endsOnRefresh has Spring end the program when its context is there:
// https://docs.spring.io/spring-framework/reference/integration/aot-cache.html
const endsOnRefresh = "-Dspring.context.exit=onRefresh"

// springs reports whether the app is Spring Boot's of a version that ends so. Spring Framework does from 6.1 on, which Spring Boot has from 3.2 on:
// https://github.com/spring-projects/spring-framework/blob/main/spring-context/src/main/java/org/springframework/context/support/DefaultLifecycleProcessor.java
func (m *module) springs() bool {
	v := cmp.Or(m.made.boot, bootVersion(m.Project))
	return v != "" && atLeast(v, "3.2") && slices.ContainsFunc(m.dependencies(), func(d pom.Dependency) bool { return d.Group == bootGroup && d.AtRuntime() })
}

//go:embed training.table
var trainingCompiled string

// trained is a row of training.yaml.
type trained struct {
	Source       string            `yaml:"source"`
	Dependencies []string          `yaml:"dependencies"`
	With         []string          `yaml:"with,omitempty"`
	Server       string            `yaml:"server,omitempty"`
	Set          map[string]string `yaml:"set,omitempty"`
	Own          bool              `yaml:"own,omitempty"`
}

var trainings = table.Lazy[[]trained]("training.yaml", trainingCompiled) //nolint:gochecknoglobals // decoded once

// training are the options of the run for the servers that the app needs and the build does not have, which are said. What the app itself
// sets of the dialect stays.
func (m *module) training(in record.Input) ([]string, error) {
	rows, err := trainings()
	if err != nil {
		return nil, err
	}
	deps := m.dependencies()
	var servers, out []string
	var at fact.Pos
	for _, row := range rows {
		i := runtimeIndex(deps, row.Dependencies...)
		if i < 0 || len(row.With) > 0 && runtimeIndex(deps, row.With...) < 0 || len(servers) == 0 && row.Server == "" {
			continue
		}
		if row.Server != "" {
			servers = append(servers, row.Server)
			if at.IsZero() {
				at = deps[i].Pos
			}
		}
		for _, key := range slices.Sorted(maps.Keys(row.Set)) {
			if !row.Own || !m.setting(key).Found() {
				out = append(out, "-D"+key+"="+row.Set[key])
			}
		}
	}
	if len(servers) == 0 {
		return nil, nil
	}
	hint := "let it start without, or leave the key startup out"
	if !m.springs() {
		out = nil
	} else if len(out) > 0 {
		hint = "the run in the build is told not to ask for it (" + strings.Join(out, " ") + "); let code that asks for it at the start do without, too"
	}
	in.Log.Note(at, "startup: the build starts the app without "+image.Enumerate(servers), hint)
	return out, nil
}

// why is what the run needs a shell for, "" for nothing.
func (s *startup) why() string {
	if s == nil || s.wait == 0 {
		return ""
	}
	return "the run that makes the cache of classes, which ends the server when it listens"
}

// cacheStage starts the app once, with prod's own java, files and variables, and keeps the cache. It is a stage of its own, so that what
// the app writes meanwhile does not get into prod.
func (s *startup) cacheStage(in record.Input, m *module, run *plan.Run, ports image.Ports) (plan.Stage, error) {
	about := []plan.Comment{plan.NewComment("cache starts the app once, with the java and the files of prod, and keeps the classes that it loads: " + s.link)}
	out := &Cache{
		Head:   plan.Head{Name: in.Stage("cache"), From: run.From, Uses: run.Uses, About: about},
		Root:   run.Runtime == plan.Distroless, // whose user may not write beside the app
		Debian: run.Debian, Alpine: run.Alpine, Env: run.Env, Workdir: run.Workdir, Prepare: run.Prepare, Copies: run.Copies, Wait: s.wait,
	}
	jar, program := m.made.launch(m.main)
	if jar != "" {
		program = []string{"-jar", jar}
	}
	command := slices.Concat(plan.Exec{"java", s.output}, s.options, ports.Args, program, m.args)
	if s.wait == 0 {
		out.Train = command
		return plan.Stage{Block: "java/cache", Data: out}, nil
	}
	var err error
	if out.Start, err = plan.NewShell(command...); err != nil {
		return plan.Stage{}, err
	}
	if out.File, err = plan.NewPath(s.file); err != nil {
		return plan.Stage{}, err
	}
	// https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
	out.Listens, err = plan.NewToken(fmt.Sprintf("%04X", uint16(s.wait)))
	return plan.Stage{Block: "java/cache", Data: out}, err
}

// apply gives prod the cache, and has java start from it.
func (s *startup) apply(in record.Input, run *plan.Run) error {
	c, err := plan.NewCopy("./", "/app/"+s.file)
	if err != nil {
		return err
	}
	run.Copies = append(slices.Clip(run.Copies), plan.Artifact{Stage: in.Stage("cache"), Copy: c})
	run.Uses = append(slices.Clip(run.Uses), in.Stage("cache"))
	for i, e := range run.Env {
		if e.Name.String() == toolOptionsName {
			with, err := plan.NewEnv(toolOptionsName, strings.TrimSpace(e.Value.Raw()+" "+s.use))
			if err != nil {
				return err
			}
			with.Why = e.Why
			run.Env = slices.Clone(run.Env)
			run.Env[i] = with
		}
	}
	return nil
}
