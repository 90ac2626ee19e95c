// Package python decides how a Python project is installed and started, and
// what its image holds.
package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// project is what the decisions start from. Decide makes it once, and nothing
// changes it.
type project struct {
	in      record.Input
	f       *facts.Facts
	m       facts.Manifest // the one that is installed from, zero if there is none
	man     manager
	version string // of Python: "3.13"
	tag     string // of its image: version, or the patch that the manager insists on
	// names are the packages that prod will have, by their normalised names. An
	// extra stands as NAME-EXTRA.
	names map[string]facts.Requirement
	// source are the packages that the index has no wheel of for this Python.
	source map[string]bool
	// settings is the choice of Django's settings, zero if the code's own are used.
	settings plan.Choice
	// beyond are the packages that the own Dockerfile installs and no manifest names.
	beyond []facts.Requirement
	// made are the commands of the project's own that the own Dockerfile runs in its build.
	made []made
	// ssh says that the installation fetches something with SSH.
	ssh bool
	// login are the secrets with which the installation reaches its indexes.
	login []plan.Mount
	// data is what libraries find by its name, and no manifest names.
	data []fetched
	// cpu says that PyTorch is installed without CUDA.
	cpu bool
	// of is the member of a workspace that the app is, nil for none. The build's context is the workspace then.
	of *member
}

// Decide makes the plan of a Python project.
func Decide(in record.Input, f *facts.Facts) (*plan.App, error) {
	if len(f.Workspace) > 0 {
		return decideWorkspace(in, f)
	}
	return decideProject(in, f, nil)
}

// decideProject makes the plan of a project, which may be a member of a workspace.
func decideProject(in record.Input, f *facts.Facts, of *member) (*plan.App, error) {
	m, man, err := chooseManager(in, f)
	if err != nil {
		return nil, err
	}
	m, man = pick(in, f, m, man)
	version, tag, err := decideVersion(in, f, m)
	if err != nil {
		return nil, err
	}
	noteUnpinned(in, m, version)
	f, settings := withSettings(in, f)
	p := project{in: in, f: f, settings: settings, m: m, man: man, version: version, tag: tag, names: resolve(f, m, version), source: compiledPins(in, m, version), of: of}
	p.assume()
	p.beyond = beyond(f, m, p.names)
	for _, r := range p.beyond {
		include(p.names, r)
	}
	p.man, p.cpu = p.withoutCUDA()
	p.man, p.ssh = p.bySSH()
	if p.login, err = p.logins(); err != nil {
		return nil, err
	}
	if err := p.checkTool(); err != nil {
		return nil, err
	}
	p.made = p.makesOwn()
	p.data = p.models()
	if err := p.checkLocal(); err != nil {
		return nil, err
	}
	if err := p.checkBrowsers(); err != nil {
		return nil, err
	}
	app, err := p.chooseProgram()
	if other := p.checkKind(app, err == nil); other != nil {
		return nil, other
	}
	if err != nil {
		return nil, err
	}
	s, err := p.start(app)
	if err != nil {
		return nil, err
	}
	if p.in, err = p.takeFrontEnds(s); err != nil {
		return nil, err
	}
	sys, err := p.system(app.module)
	if err != nil {
		return nil, err
	}
	runtime, err := p.runtime(sys, s)
	if err != nil {
		return nil, err
	}
	return p.assemble(s, sys, runtime)
}

// assemble makes the stages of an app whose start and runtime are decided.
func (p project) assemble(s Start, sys system, runtime plan.Runtime) (*plan.App, error) {
	var err error
	if s.Env, err = image.Env(p.in, s.Env...); err != nil {
		return nil, err
	}
	deps, err := p.deps(s, sys, runtime)
	if err != nil {
		return nil, err
	}
	big, err := p.apart(deps, runtime)
	if err != nil {
		return nil, err
	}
	run, err := p.prod(s, runtime)
	if err != nil {
		return nil, err
	}
	if sys.uv || deps != nil && p.man.UV {
		p.recordTool("uv")
	}
	if deps != nil && p.man.Tool != "" {
		p.recordTool(p.man.Tool)
	}
	base, err := p.base(sys, runtime)
	if err != nil {
		return nil, err
	}
	tini := image.Init(p.in, s.Ends)
	if tini.Needed && runtime != plan.Distroless {
		// base installs it, with the app's other packages.
		tini.Installed = true
		into := &base.Debian
		if runtime == plan.Alpine {
			into = &base.Alpine
		}
		*into = append(*into, tini.System())
	}
	build, err := p.build(s, deps, runtime)
	if err != nil {
		return nil, err
	}
	test, err := p.test(s, deps, sys, runtime)
	if err != nil {
		return nil, err
	}
	dev, err := p.dev(s, deps)
	if err != nil {
		return nil, err
	}
	env := []plan.Env{plan.MustEnv("PYTHONUNBUFFERED", "1")}
	if base.Env = env; deps != nil || test.Install != nil {
		if s.Venv {
			base.Env = append(base.Env, plan.MustEnv(virtualEnv, venv))
		}
		base.Env = append(base.Env, plan.PathEnv(plan.MustPath(venv+"/bin")))
	}
	if runtime == plan.Distroless {
		if deps != nil {
			link, err := p.linkPython()
			if err != nil {
				return nil, err
			}
			base.Steps = append(base.Steps, link...)
			env = base.Env
		}
		run.Env = append(env, run.Env...)
	}
	folders, err := p.folders(s, sys, runtime)
	if err != nil {
		return nil, err
	}
	if err := p.take(run, s, deps, build, folders, big); err != nil {
		return nil, err
	}
	if err := p.browsers(run, dev, deps); err != nil {
		return nil, err
	}
	stages := []plan.Stage{{Block: "python/base", Data: base}}
	init := append(tini.Apply(p.in, run, base.From, nil), folders.Apply(run)...)
	if deps != nil {
		for _, d := range append(big.stages, deps) {
			stages = append(stages, plan.Stage{Block: "python/deps", Data: d})
		}
	}
	stages = append(stages, plan.Stage{Block: "python/dev", Data: dev}, plan.Stage{Block: "python/test", Data: test},
		plan.Stage{Block: "python/build", Data: build})
	stages = append(append(stages, init...), plan.Stage{Block: "prod", Data: run})
	return &plan.App{
		Name: p.f.Name, Kind: s.Kind, Takes: s.Takes, Stdin: s.Stdin, Run: run, Ignore: p.ignore(s.Dir, s.Cmd), Beside: before(run, s.Migrate), Needs: p.needs(),
		Image: plan.Image{Syntax: image.Syntax(p.in), Stages: stages},
	}, nil
}

// linkPython puts Python where distroless has it.
func (p project) linkPython() ([]plan.Step, error) {
	link, err := plan.NewShell("ln", "-s", "/usr/local/bin/python"+p.version, "/usr/bin/")
	return []plan.Step{{
		Why: plan.NewComment("Distroless has its Python in /usr/bin: a virtual environment made with this path works in both."),
		Run: []plan.Shell{link},
	}}, err
}

// head is that of a stage that starts from the dependencies, if there are any.
func (p project) head(name string, d *Deps) plan.Head {
	from := p.in.Stage("base")
	if d != nil {
		from = d.Name
	}
	return plan.Head{Name: p.in.Stage(name), From: plan.FromStage(from)}
}

// base makes the stage of the toolchain.
func (p project) base(sys system, runtime plan.Runtime) (*Base, error) {
	on := plan.Slim
	if runtime == plan.Alpine {
		on = plan.Alpine
	}
	ref, err := images().Ref(p.in.Know, p.version, on, "")
	if err == nil && p.patched() {
		// It has no image of a Debian or an Alpine that came later.
		ref, err = plan.NewRef(images().System, p.tag+"-"+string(on))
	}
	if err != nil {
		return nil, err
	}
	out := &Base{Head: plan.Head{Name: p.in.Stage("base"), From: plan.FromImage(ref)}}
	if out.Workdir, err = plan.NewPath(p.works()); err != nil {
		return nil, err
	}
	packages, err := image.Install(p.in, runtime, sys.System)
	if err != nil {
		return nil, err
	}
	out.Debian, out.Alpine = image.OfSystem(on, packages)
	if out.Steps, err = image.MakeLocales(sys.locales); err != nil {
		return nil, err
	}
	if sys.uv {
		uv, err := p.uv()
		if err != nil {
			return nil, err
		}
		binary, err := plan.NewCopy("/usr/local/bin/uv", "/uv")
		if err != nil {
			return nil, err
		}
		out.Copies = []plan.Artifact{{Why: plan.NewComment("The code itself starts uv."), Image: uv, Copy: binary}}
	}
	return out, nil
}

// patched reports whether the image is that of one patch.
func (p project) patched() bool { return p.tag != p.version }

// prod makes the stage that runs the app, but for its files.
func (p project) prod(s Start, runtime plan.Runtime) (*plan.Run, error) {
	cmd := s.Cmd
	if s.Expands {
		cmd = expanding(cmd, runtime, s.Before...)
	}
	out := &plan.Run{
		Head:    plan.Head{Name: p.in.Stage("prod"), From: plan.FromStage(p.in.Stage("base"))},
		Runtime: runtime, Env: s.Env, User: image.NonRoot(), Ports: s.Ports.List, Cmd: cmd,
	}
	if runtime == plan.Distroless {
		ref, err := images().Ref(p.in.Know, p.version, runtime, "")
		if err != nil {
			return nil, err
		}
		out.From, out.NoEntry = plan.FromImage(ref), true
	}
	if runtime == plan.Distroless || p.of != nil {
		var err error
		if out.Workdir, err = plan.NewPath(p.home()); err != nil {
			return nil, err
		}
	}
	if s.Dir != "" {
		dir, err := plan.NewPath(path.Join(p.home(), s.Dir))
		if err != nil {
			return nil, err
		}
		out.Dir = dir
	}
	start := s.choice
	start.Value = strings.Join(cmd, " ")
	if command, at, ok := image.OwnStart(p.in); ok {
		start = plan.Choice{Key: "start", Value: plan.Printable(strings.Join(command, " "), 200), Rule: "the entry point " + p.in.Rel(at.File) + " starts it", Pos: record.At(at)}
	}
	p.in.Log.Choose(start)
	var err error
	out.Probe, err = image.Probe(p.in, image.ProbeRequest{
		Ports: s.Ports, Runtime: runtime, Ask: func(plan.Runtime) image.Asker { return image.AskPython("python") },
		Framework: s.Framework, Routes: s.Routes,
		Script: func(file string) plan.Exec {
			if !p.in.Tree.Has(path.Join(p.in.Dir, file)) {
				return nil
			}
			if s.Dir != "" {
				file = path.Join(p.home(), file)
			}
			return plan.Exec{"python", file}
		},
	})
	return out, err
}

// expanding is a command in which a variable counts when the container runs: by
// a shell, or by Python if there is none, which runs nothing before it.
func expanding(cmd []string, runtime plan.Runtime, before ...[]string) []string {
	if runtime == plan.Distroless {
		return append([]string{"python", "-c", "import os, sys; os.execvp(sys.argv[1], [os.path.expandvars(a) for a in sys.argv[1:]])"}, cmd...)
	}
	var lines []string
	for _, c := range before {
		lines = append(lines, spell(c))
	}
	return []string{"sh", "-c", strings.Join(append(lines, "exec "+spell(cmd)), " && ")}
}

// spell is a command as a shell reads it, in which $NAME at the end of a word is a variable.
func spell(cmd []string) string {
	words := make([]string, len(cmd))
	for i, w := range cmd {
		before, variable, ok := strings.Cut(w, "$")
		if words[i] = plan.ShellQuote(w); ok && plan.IsEnvName(variable) {
			if words[i] = "$" + variable; before != "" {
				words[i] = plan.ShellQuote(before) + words[i]
			}
		}
	}
	return strings.Join(words, " ")
}

// take gives prod its files: the virtual environment, and the source with what
// the build makes of it.
func (p project) take(run *plan.Run, s Start, deps *Deps, build *Build, folders image.WritesPlan, big large) error {
	about := "prod is the code"
	if deps != nil {
		about = "prod is the virtual environment and the code"
		files, err := plan.NewCopy(venv+"/", venv+"/")
		if err != nil {
			return err
		}
		from := deps.Name
		if s.Install {
			from = build.Name
		}
		run.Copies = append(append(run.Copies, big.copies...), plan.Artifact{Stage: from, Copy: files, Exclude: big.folders})
		near, err := p.inPlace(deps.Name)
		if err != nil {
			return err
		}
		run.Copies = append(run.Copies, near...)
	}
	code, err := plan.NewCopy("./", p.home()+"/")
	if err != nil {
		return err
	}
	run.Copies = append(run.Copies, plan.Artifact{Stage: build.Name, Copy: code})
	if len(folders.Copies) == 0 {
		about += ", owned by root: the app cannot change itself"
	}
	run.About = []plan.Comment{plan.NewComment(about + ".")}
	if s.Install {
		for _, m := range p.made {
			list, err := m.copies(build.Name)
			if err != nil {
				return err
			}
			run.Copies = append(run.Copies, list...)
		}
	}
	run.Uses = plan.StagesOf(run.Copies)
	return nil
}

// has reports whether prod will have a package.
func (p project) has(name string) bool { _, ok := p.names[name]; return ok }

// packaged reports whether the project is a package that its manager installs.
func (p project) packaged() bool { return !p.m.Package.IsZero() && p.man.Project != nil }

// at is the place of a file of the facts.
func (p project) at(file string) fact.Pos { return fact.At(path.Join(p.in.Dir, file), 1) }

// where names what the dependencies stand in, and whereAt is its place.
func (p project) where() string {
	if len(p.f.Manifests) > 0 {
		return p.m.File
	}
	return "a requirements.txt"
}

func (p project) whereAt() fact.Pos {
	if len(p.f.Manifests) > 0 {
		return fact.At(path.Join(p.in.Dir, p.m.File), 0)
	}
	return fact.At(p.in.Dir, 0)
}

// ignore makes the .dockerignore, with exceptions for what the code reads.
func (p project) ignore(workdir string, cmd []string) plan.Ignore {
	list := plan.MustPatterns("**/__pycache__", "**/*.pyc", "**/*.egg-info", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".nox", ".coverage", "htmlcov")
	for _, dir := range plan.MustPatterns(".venv", "venv", "env") {
		if !p.in.Tree.HasDir(path.Join(p.in.Dir, dir.String())) {
			list = append(list, dir)
		}
	}
	for _, dir := range image.Venvs(p.in) {
		if !slices.Contains(list, dir) {
			list = append(list, dir)
		}
	}
	if p.of != nil || p.in.Nested {
		list = everywhere(list)
	}
	if slices.ContainsFunc(p.in.Tree.Files(p.in.Dir), func(f string) bool { return path.Ext(f) == ".ipynb" }) && !servesNotebooks(cmd) {
		list = append(list, plan.MustPatterns("**/*.ipynb")...) // those that the code reads stay
	}
	var reads []image.Reading
	add := func(modules []*facts.Module, use image.ReadingUse) {
		for _, m := range modules {
			for _, f := range m.Files {
				if file, ok := m.Path(f); ok && f.Use == effect.Read && !f.Glob {
					if f.Base == effect.WorkDir && use == image.AtRun && !path.IsAbs(file) {
						file = path.Join(workdir, file)
					}
					reads = append(reads, image.Reading{Path: file, Pos: f.Pos, Use: use})
				}
			}
		}
	}
	add(p.f.Modules, image.AtRun)
	add(p.f.TestFiles, image.InTests)
	reads = append(reads, p.modelNames()...)
	if p.of != nil {
		return p.of.ignore(p.in, list, reads)
	}
	return image.IgnoreFile(p.in, []plan.IgnoreGroup{{Heading: plan.NewComment("Files that Python and its tools generate"), Patterns: list}}, reads...)
}

// servesNotebooks reports whether a start serves or runs notebooks.
func servesNotebooks(cmd []string) bool {
	return slices.ContainsFunc(cmd, func(w string) bool {
		return strings.Contains(w, ".ipynb") || strings.HasPrefix(path.Base(w), "jupyter") || slices.Contains([]string{"voila", "papermill", "mercury"}, path.Base(w))
	})
}

// modelName is the name of a model in a string of code.
var modelName = lazy.MustCompile(`["'/\\]([A-Za-z0-9_.-]{1,80}\.(?:pt|pth|onnx|safetensors|gguf|h5|keras|ckpt|tflite))["']`)

// maxModelNames bounds the files that are looked through, and the names.
const maxModelNames = 500

// modelNames are the models that the code names, in whatever way it makes their paths, where a .gitignore names models.
func (p project) modelNames() []image.Reading {
	if len(image.Models(p.in)) == 0 {
		return nil
	}
	var out []image.Reading
	for i, m := range p.f.Modules {
		if i == maxModelNames {
			break
		}
		text, err := p.in.Tree.ReadHead(path.Join(p.in.Dir, m.File), 256<<10)
		if err != nil {
			continue
		}
		for _, found := range modelName.FindAllStringSubmatch(string(text), maxModelNames) {
			if len(out) < maxModelNames && !slices.ContainsFunc(out, func(r image.Reading) bool { return r.Path == found[1] }) {
				out = append(out, image.Reading{Path: found[1], Pos: fact.At(path.Join(p.in.Dir, m.File), 1)})
			}
		}
	}
	return out
}
