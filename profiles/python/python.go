// Package python decides how a Python project is installed and started, and
// what its image holds.
package python

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Plan is what the templates of templates/python see.
type Plan struct {
	plan.Base
	Version    plan.Token // "3.13"
	Variant    plan.Token // "slim-trixie", "alpine"
	Distroless bool
	Deps       bool // there is something to install
	Tini       bool // prod needs an init, because the app ignores SIGTERM as PID 1

	// deps
	Manifest    plan.Comment // what the stage is, and what it changes with
	Compiled    plan.Comment // what is compiled in it
	Why         []plan.Comment
	DepsEnv     []plan.Env
	BuildDebian []plan.System
	BuildAlpine []plan.System
	Copies      []plan.Copy
	Install     *Run

	Dev   Dev
	Test  Test
	Build *Build

	VenvFrom  plan.Token // stage that prod takes the virtual environment from
	UV        plan.Token // version of uv that the app itself runs; none: ""
	Own       *Run       // gives the folders that the app writes to to the user
	WriteNote plan.Comment
	Cmd       plan.Exec
}

// Template implements plan.Stack.
func (*Plan) Template() string { return "python" }

// BuildApp reports whether prod takes the source from the build stage.
func (p *Plan) BuildApp() bool { return p.Build != nil && p.Build.App }

// Run is one RUN: caches and commands.
type Run struct {
	Cache []plan.Token
	UV    plan.Token // version of the uv that is mounted; none: ""
	Lines []plan.Shell
}

// Dev is the dev stage.
type Dev struct {
	Install *Run // what only development needs
	Project *Run // the project itself, editable
	Ports   []plan.Port
	Cmd     plan.Exec
}

// Test is the test stage.
type Test struct {
	Remark  plan.Comment
	Copies  []plan.Copy
	Install *Run
	Project *Run
	Command plan.Shell
}

// Build is the build stage.
type Build struct {
	Remark plan.Comment
	Run    *Run
	App    bool // prod takes the source from here: the build adds files
}

type decider struct {
	in  record.Input
	log *record.Log
	f   *facts.Facts
	m   facts.Manifest
	man manager

	names      map[string]facts.Requirement
	fromSource map[string]bool
	add        []string // packages that dockgen adds
	addWhy     []string
	git        []string
	debBuild   []plan.System
	debRun     []plan.System
	apkBuild   []plan.System
	apkRun     []plan.System
	sysFor     []string // the dependencies and programs that need packages when they run
	debNames   []string // what is compiled on Debian
	apkNames   []string
	noAlpine   string
	dynamic    fact.Pos
	uv         bool
	project    bool // the project itself is installed
	tools      map[string]string
	start      start
}

// Decide makes the plan of a Python project.
func Decide(in record.Input, f *facts.Facts) (*plan.App, error) {
	d := &decider{in: in, log: in.Log, f: f, fromSource: map[string]bool{}, tools: map[string]string{}}
	if err := d.manifest(); err != nil {
		return nil, err
	}
	version, err := d.version()
	if err != nil {
		return nil, err
	}
	d.resolve(version)
	if d.has("playwright") && !d.testOnly("playwright") {
		return nil, record.Refuse(d.names["playwright"].Pos, "start from mcr.microsoft.com/playwright/python of the same version", "playwright brings browsers of its own, which dockgen does not install yet")
	}
	if err := d.begin(); err != nil {
		return nil, err
	}
	if err := d.checkStart(); err != nil {
		return nil, err
	}
	if err := d.system(version); err != nil {
		return nil, err
	}
	runtime, err := d.log.Runtime(d.can(version))
	if err != nil {
		return nil, err
	}
	p, err := d.plan(version, runtime)
	if err != nil {
		return nil, err
	}
	out := &plan.App{Name: f.Name, Image: plan.WholeImage(p), Run: &plan.Run{Ports: p.Ports}, Ignore: d.ignore()}
	return out, nil
}

func (d *decider) testOnly(string) bool { return false }

// checkStart refuses what would fail at once.
func (d *decider) checkStart() error {
	m := d.start.module
	required := []effect.Env{}
	if m != nil {
		required = m.Required()
	} else if d.f.Django != nil {
		required = d.f.Django.Required
	}
	for _, v := range required {
		d.log.Note(v.Pos, "needs the variable "+plan.Printable(v.Name, 40)+" to start", "docker run -e "+plan.Printable(v.Name, 40)+"=…")
	}
	if m == nil {
		return nil
	}
	if !m.Python2.IsZero() {
		return record.Refuse(m.Python2, "port it to Python 3", "is Python 2: a print statement")
	}
	if len(d.f.Manifests) > 0 || m.Imports == nil {
		return nil
	}
	root := d.importRoot(m)
	for _, i := range m.Imports {
		top, _, _ := strings.Cut(i.Value, ".")
		local := false
		for _, dir := range []string{".", root} {
			local = local || d.in.Tree.Has(joinDir(d.in.Dir, dir, top+".py")) || d.in.Tree.HasDir(joinDir(d.in.Dir, dir, top))
		}
		if top != "" && !stdlib(top) && !local {
			return record.Refuse(i.Pos, "write a requirements.txt that names it", "imports %s, which no manifest names", plan.Printable(top, 40))
		}
	}
	return nil
}

func joinDir(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "." && p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "/")
}

func (d *decider) plan(version string, runtime plan.Runtime) (*Plan, error) {
	v, err := plan.NewToken(version)
	if err != nil {
		return nil, err
	}
	d.log.Choose(plan.Choice{Key: "start", Value: strings.Join(d.start.cmd, " "), Rule: d.start.rule, Pos: record.At(d.start.pos), Rejected: d.start.rejected})
	var env []plan.Env
	p := &Plan{
		Version: v, Variant: plan.MustToken(suite), Distroless: runtime == plan.Distroless,
		Cmd: d.start.cmd, Tini: !d.start.signals && len(d.start.cmd) > 0,
	}
	if err := d.install(p); err != nil {
		return nil, err
	}
	if d.start.portEnv {
		env = append(env, plan.MustEnv("PORT", strconv.Itoa(d.start.port)))
	}
	env = append(env, d.start.env...)
	if p.Base, err = image.Base(d.in, runtime, env...); err != nil {
		return nil, err
	}
	if p.Own, p.WriteNote, err = d.own(p.User); err != nil {
		return nil, err
	}
	switch runtime {
	case plan.Alpine:
		p.Variant = plan.MustToken("alpine")
		p.Alpine = append(slices.Clone(d.apkRun), p.Alpine...)
		p.BuildAlpine = d.apkBuild
	default:
		p.Debian = append(slices.Clone(d.debRun), p.Debian...)
		p.BuildDebian = d.debBuild
	}
	if p.Tini {
		d.sysFor = append(d.sysFor, "an init")
		row := plan.System{For: plan.NewComment("python as PID 1 ignores SIGTERM: tini passes it on, so that the container stops at once."), Packages: []plan.Token{plan.MustToken("tini")}}
		if runtime == plan.Alpine {
			p.Alpine = append(p.Alpine, row)
		} else {
			p.Debian = append(p.Debian, row)
		}
	}
	if err := d.choosePackages(p); err != nil {
		return nil, err
	}
	if d.uv {
		if p.UV, err = plan.NewToken(d.tool("uv")); err != nil {
			return nil, err
		}
	}
	if d.start.port > 0 {
		p.Ports = []plan.Port{plan.Port(d.start.port)} //nolint:gosec // checked to be a port
		if d.start.port < 1024 {
			d.log.Note(d.start.pos, fmt.Sprintf("listens on port %d, which needs a runtime that lets everybody bind it, as Docker does", d.start.port), "take the port from the environment, with a default from 1024")
		}
	}
	d.health(p)
	p.Compiled = plan.NewComment(d.compiledRemark(runtime))
	switch {
	case len(p.Copies) == 0:
		p.Manifest = plan.NewComment("is an empty virtual environment: only a build knows what " + d.where() + " depends on.")
	case !d.m.Self.IsZero():
		p.Manifest = plan.NewComment("changes with every edit: " + d.where() + " installs the project itself.")
	default:
		p.Manifest = plan.NewComment("changes only with " + listed(append(slices.Clone(d.m.Files), d.localSources()...)) + ".")
	}
	for _, w := range d.addWhy {
		p.Why = append(p.Why, plan.NewComment(w))
	}
	if err := d.build(p); err != nil {
		return nil, err
	}
	if err := d.test(p); err != nil {
		return nil, err
	}
	return p, d.devStage(p)
}

// compiledRemark says why the stage installs compilers and Git.
func (d *decider) compiledRemark(runtime plan.Runtime) string {
	names, text := d.debNames, ""
	if runtime == plan.Alpine {
		names = d.apkNames
	}
	if len(names) > 0 {
		text = listed(names) + " " + isAre(len(names)) + " compiled here: the compiler stays behind in this stage."
	}
	if len(d.git) > 0 {
		text = strings.TrimSpace(text + " " + listed(d.git) + " " + isAre(len(d.git)) + " fetched with Git.")
	}
	return text
}

// listed joins names for a sentence.
func listed(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func (d *decider) choosePackages(p *Plan) error {
	rows := p.Debian
	if p.Runtime == plan.Alpine {
		rows = p.Alpine
	}
	var names, why []string
	for _, w := range plan.Packages(rows) {
		names = append(names, w.String())
	}
	for _, r := range rows {
		why = append(why, r.For.String())
	}
	if len(names) == 0 {
		return nil
	}
	value := strings.Join(names, " ")
	kept := d.log.Choose(plan.Choice{Key: "packages", Value: value, Rule: strings.Join(why, " "), Evidence: strings.Join(d.sysFor, ", ") + " on " + string(p.Runtime)})
	if kept == value {
		return nil
	}
	words, err := plan.Tokens(strings.Fields(kept)...)
	if err != nil {
		return err
	}
	rows = []plan.System{{For: plan.NewComment("kept as dockgen.lock has them"), Packages: words}}
	if p.Runtime == plan.Alpine {
		p.Alpine = rows
	} else {
		p.Debian = rows
	}
	return nil
}

// health checks a route that is known to answer, with Python itself.
func (d *decider) health(p *Plan) {
	route, rule, pos := d.start.health, "a route that answers without conditions", fact.Pos{}
	if s := d.in.Settings.Healthcheck; s != "" {
		route, rule, pos = s, "asked for", d.in.Settings.Pos("healthcheck")
	}
	if route == "" || route == "none" || len(p.Ports) == 0 {
		if route != "none" {
			rule = "no route is known to answer"
		}
		d.log.Choose(plan.Choice{Key: "healthcheck", Value: "none", Rule: rule, Pos: record.At(pos)})
		return
	}
	d.log.Choose(plan.Choice{Key: "healthcheck", Value: route, Rule: rule, Pos: record.At(pos)})
	p.Health = plan.Exec{"python", "-c", fmt.Sprintf("import urllib.request as u; u.urlopen('http://127.0.0.1:%d%s')", p.Ports[0], strings.ReplaceAll(strings.ReplaceAll(route, `\`, `\\`), "'", `\'`))}
}

// build installs the project itself and collects static files.
func (d *decider) build(p *Plan) error {
	var commands [][]string
	var why []string
	if d.project {
		if r := d.f.Readme; r.Found() {
			return record.Refuse(r.Pos, "add the file, or take the line out", "names %s, which is not in the repository: the package does not build without it", plan.Printable(r.Value, 60))
		}
		name := d.f.Name
		if name == "" {
			name = "."
		}
		for _, c := range d.man.Project {
			commands = append(commands, fill(d.unlocked(c), map[string]string{"name": name}))
		}
		why = append(why, "installs the project itself")
		p.VenvFrom = plan.MustToken("build")
	}
	collect, err := d.collectstatic()
	if err != nil {
		return err
	}
	if collect != nil {
		commands = append(commands, collect)
		why = append(why, "collects the static files below STATIC_ROOT, with values that only this command sees")
	}
	if len(commands) == 0 {
		return nil
	}
	run, err := d.run(commands...)
	if err != nil {
		return err
	}
	if !d.project {
		run.Cache, run.UV = nil, plan.Token{}
	}
	text := strings.Join(why, " and ") + "."
	if collect == nil || !slices.ContainsFunc(collect, func(a string) bool { return strings.Contains(a, "=") }) {
		text = strings.ReplaceAll(text, ", with values that only this command sees", "")
	}
	p.Build = &Build{Remark: plan.NewComment(text), Run: run, App: collect != nil}
	return nil
}

// secretLike are the names of variables for which any text will do.
func secretLike(n string) bool {
	n = strings.ToUpper(n)
	return strings.Contains(n, "SECRET") || strings.HasSuffix(n, "_KEY") || strings.Contains(n, "PASSWORD") || strings.Contains(n, "TOKEN")
}

// collectstatic is the command, or nil where there is nothing to collect or
// it would need what a build does not have.
func (d *decider) collectstatic() ([]string, error) {
	dj := d.f.Django
	if dj == nil || dj.Static.IsZero() || !d.start.django && !slices.ContainsFunc(d.start.cmd, func(a string) bool { return strings.Contains(a, "wsgi") || strings.Contains(a, "asgi") }) {
		return nil, nil
	}
	skip := func(pos fact.Pos, why string) ([]string, error) {
		d.log.Choose(plan.Choice{Key: "collectstatic", Value: "no", Rule: why, Pos: record.At(pos)})
		d.log.Note(pos, "static files are not collected in the build: "+why, "run python manage.py collectstatic when you release")
		return nil, nil
	}
	env, pos, ok := d.djangoEnv()
	switch {
	case !dj.Remote.IsZero():
		return skip(dj.Remote, "they are stored by another service")
	case !ok:
		return skip(pos, "the settings need values that only a deployment has")
	case strings.HasPrefix(dj.StaticDir.Value, "/") && !strings.HasPrefix(dj.StaticDir.Value, "/app/"):
		return skip(dj.Static, "STATIC_ROOT is outside of the app's folder")
	}
	d.log.Choose(plan.Choice{Key: "collectstatic", Value: "yes", Rule: "the settings have STATIC_ROOT", Pos: record.At(dj.Static), Link: "https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/#collectstatic"})
	if !dj.Serves {
		d.log.Note(dj.Static, "static files are collected, and nothing in the image serves them", "add WhiteNoise, or serve STATIC_ROOT from a web server")
	}
	return append(env, "python", d.manage(), "collectstatic", "--noinput"), nil
}

// djangoEnv are the variables with which the settings import in a build; ok
// is false where they need more than a text.
func (d *decider) djangoEnv() (env []string, pos fact.Pos, ok bool) {
	dj := d.f.Django
	if !dj.Known {
		return nil, dj.Settings.Pos, false
	}
	if !dj.Raises.IsZero() {
		return nil, dj.Raises, false
	}
	for _, v := range dj.Required {
		if v.Parsed && !secretLike(v.Name) {
			return nil, v.Pos, false
		}
		e, err := plan.NewEnv(v.Name, "only-for-this-build")
		if err != nil {
			return nil, v.Pos, false
		}
		if s := e.String(); !slices.Contains(env, s) {
			env = append(env, s)
		}
	}
	return env, fact.Pos{}, true
}

func (d *decider) devStage(p *Plan) error {
	p.Dev.Ports, p.Dev.Cmd = p.Ports, d.start.dev
	if len(d.start.dev) == 0 {
		p.Dev.Cmd = p.Cmd
	}
	rule := "reloads on every save"
	d.log.Choose(plan.Choice{Key: "dev", Value: strings.Join(p.Dev.Cmd, " "), Rule: rule})
	var commands [][]string
	if len(d.start.devAdd) > 0 {
		if !p.Deps {
			commands = append(commands, []string{"pip", "install", "--root-user-action", "ignore"})
			commands[0] = append(commands[0], d.start.devAdd...)
		} else {
			commands = append(commands, append(slices.Clone(d.man.Add), d.start.devAdd...))
		}
	}
	var err error
	if len(commands) > 0 {
		if p.Dev.Install, err = d.run(commands...); err != nil {
			return err
		}
		p.Dev.Install.Cache = p.Dev.Install.Cache[:1]
	}
	p.Dev.Project, err = d.editable()
	return err
}

// unlocked leaves out the options that a project without a lockfile, or
// without dependencies that stand written, cannot take.
func (d *decider) unlocked(c []string) []string {
	return slices.DeleteFunc(slices.Clone(c), func(a string) bool {
		return a == "--locked" && d.m.Lock == "" || a == "--no-deps" && !d.m.Dynamic.IsZero() && d.m.Lock == ""
	})
}

// editable installs the project so that its source is read in place.
func (d *decider) editable() (*Run, error) {
	if !d.project {
		return nil, nil
	}
	var commands [][]string
	for _, c := range d.man.Editable {
		commands = append(commands, d.unlocked(c))
	}
	return d.run(commands...)
}

func (d *decider) ignore() plan.Ignore {
	list := []string{"**/__pycache__", "**/*.pyc", "**/*.egg-info", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".nox", ".coverage", "htmlcov"}
	for _, dir := range []string{".venv", "venv", "env"} {
		if !d.in.Tree.HasDir(joinDir(d.in.Dir, dir)) {
			list = append(list, dir)
		}
	}
	return image.Ignore(plan.IgnoreGroup{Heading: plan.NewComment("What Python and its tools make again"), Patterns: plan.MustPatterns(list...)})
}
