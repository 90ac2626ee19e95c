package python

import (
	"maps"
	"path"
	"slices"
	"strings"

	"deps.dev/util/pypi"

	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// resolve collects the names of what will be installed: requirements whose
// markers hold, their extras as NAME-EXTRA, and what the lock adds.
func resolve(f *facts.Facts, m facts.Manifest, version string) map[string]facts.Requirement {
	out := map[string]facts.Requirement{}
	list := slices.Concat(m.List, selfRequires(f, m))
	for _, n := range m.Near {
		list = append(list, n.List...)
	}
	for _, r := range list {
		if !holds(r.Marker, version) {
			continue
		}
		if r.Name != "" {
			include(out, r)
		}
	}
	for n, k := range m.Locked {
		if _, ok := out[n]; !ok {
			out[n] = facts.Requirement{Name: n, Constraint: "==" + k.Version, Source: k.Source, Pos: m.Pos}
		}
	}
	if f.Django != nil && !f.Django.Geo.IsZero() {
		out["geodjango"] = facts.Requirement{Name: "geodjango", Pos: f.Django.Geo}
	}
	return out
}

// include adds what a requirement installs to those names.
func include(names map[string]facts.Requirement, r facts.Requirement) {
	names[r.Name] = r
	for _, e := range r.Extras {
		names[r.Name+"-"+e] = r
	}
}

// noteUnpinned says of a requirements file that it leaves a version of a package
// index to the day of the build: https://pip.pypa.io/en/stable/topics/repeatable-installs/.
func noteUnpinned(in record.Input, m facts.Manifest, version string) {
	for _, r := range m.List {
		if (m.Manager == "pip" || m.Manager == "script") && r.Source == facts.Index && exact(r) == "" && holds(r.Marker, version) && !slices.Contains(m.Constrained, r.Name) {
			in.Log.Note(r.Pos, plan.Printable(r.Name, 60)+" has no exact version: every build takes the newest in range", "write what pip freeze lists, or lock with uv")
			return
		}
	}
}

// selfRequires is what the project itself, which its requirements file
// installs, depends on: its dependencies and those of the extras that are asked for.
func selfRequires(f *facts.Facts, m facts.Manifest) []facts.Requirement {
	if m.Self.IsZero() {
		return nil
	}
	var out []facts.Requirement
	for _, x := range f.Manifests {
		if x.Manager == "pip" {
			continue
		}
		out = append(out, x.List...)
		for _, g := range x.Groups {
			if g.Kind == "extra" && slices.Contains(m.Extras, pypi.CanonPackageName(g.Name)) {
				out = append(out, g.List...)
			}
		}
	}
	return out
}

// venv is where the dependencies are installed, in every stage.
const venv = image.Venv

// toolFolder is where a tool of managers.yaml is, beside the app's environment; toolCommands are those that install it there.
func toolFolder(tool string) string { return "/opt/" + tool }

const toolCommands = 2

// deps makes the stage that installs the dependencies; nil if there are none.
func (p project) deps(s Start, sys system, runtime plan.Runtime) (*Deps, error) {
	listed := !p.m.Self.IsZero() || len(p.m.List) > 0 || len(p.m.Locked) > 0
	if !listed && len(s.Added) == 0 && p.m.Dynamic.IsZero() && !s.Install {
		return nil, nil
	}
	python := "python"
	if runtime == plan.Distroless {
		python = "/usr/bin/python" + p.version
	}
	commands := [][]string{{python, "-m", "venv", "--without-pip", venv}}
	if p.man.Tool != "" {
		in := toolFolder(p.man.Tool)
		commands = append(commands, []string{"python", "-m", "venv", in}, append([]string{in + "/bin/pip", "install", p.spec(p.man.Tool)}, p.toolWith(p.man.Tool)...))
	}
	files, install := slices.Clone(p.m.Files), p.man.Install
	switch {
	case !listed || p.man.Name == "setup.py" || !p.m.Dynamic.IsZero() && p.m.Lock == "":
		install, files = nil, nil
	case p.m.Lock == "" && p.man.Unlocked != nil:
		install = p.man.Unlocked
	}
	if p.of != nil {
		files = p.of.manifests()
	}
	if out := p.leaveOut(); out != nil && p.m.Self.IsZero() {
		commands = append(commands, out)
	}
	for _, c := range install {
		commands = append(commands, p.export(fill(c, "file", p.m.File)))
	}
	for _, file := range p.m.More {
		if last := len(commands) - 1; p.man.Name == "pip" && install != nil {
			commands[last] = append(commands[last], "-r", file)
		}
	}
	// What setup.py and setup.cfg say in plain text is here before the source; the build adds what they compute.
	var said []string
	if p.man.Name == "setup.py" && listed {
		said = written(p.m.List)
	}
	specs := slices.Clone(said)
	for _, a := range s.Added {
		specs = append(specs, a.spec)
	}
	switch {
	case len(specs) == 0:
	case p.man.Name == "pip" && install != nil && !p.m.Hashes:
		// One resolution for all; with hashes, every requirement would need one.
		commands[len(commands)-1] = append(commands[len(commands)-1], specs...)
	default:
		commands = append(commands, slices.Concat(p.man.Add, specs))
	}
	for _, x := range p.data {
		commands = append(commands, x.commands(p.version)...)
	}
	out := &Deps{Head: plan.Head{Name: p.in.Stage("deps"), From: plan.FromStage(p.in.Stage("base"))}}
	var err error
	if out.Install, err = p.install(commands...); err != nil {
		return nil, err
	}
	for _, k := range slices.Sorted(maps.Keys(p.man.Env)) {
		e, err := plan.NewEnv(k, p.man.Env[k])
		if err != nil {
			return nil, err
		}
		out.Env = append(out.Env, e)
	}
	if runtime == plan.Alpine {
		out.Alpine = plan.Packages(sys.AlpineBuild)
	} else {
		out.Debian = plan.Packages(sys.DebianBuild)
	}
	if p.m.Self.IsZero() {
		files = append(files, p.localSources()...)
	} else {
		// The requirements install the project itself, which needs its source.
		files = []string{"."}
		if out.Version, err = p.versionArg(); err != nil {
			return nil, err
		}
		p.in.Log.Note(p.m.Self, "installs the project itself with the dependencies, so every edit reinstalls all of them", "leave the line out where the code does not need it")
	}
	if out.Copies, err = p.copies(files); err != nil {
		return nil, err
	}
	about := "changes only with " + image.Enumerate(files) + "."
	switch {
	case !p.m.Self.IsZero():
		about = "changes with every edit: " + p.where() + " installs the project itself."
	case len(p.f.Manifests) == 0:
		about = "has what the code needs, which no manifest names."
	case len(said) > 0:
		about = "has what " + p.where() + " names in plain text: the build adds what it computes."
	case len(files) == 0:
		about = "is an empty virtual environment: only a build knows what " + p.where() + " depends on."
	}
	more := sys.compiledHere(runtime)
	if p.cpu {
		more = append(more, "PyTorch comes without CUDA, which is several GB: nothing here asks for a GPU.")
	}
	for _, x := range p.data {
		more = append(more, "It also has the data of "+x.row.Package+": "+image.Enumerate(x.names)+".")
	}
	out.About = append(sentences("deps "+about, more...), whyAdded(s.Added)...)
	return out, nil
}

// whyAdded says of each package that no manifest names why it is installed.
func whyAdded(list []added) []plan.Comment {
	var out []plan.Comment
	for _, a := range list {
		if a.why != "" {
			out = append(out, plan.NewComment(a.why))
		}
	}
	return out
}

// sentences puts sentences into as few comments as hold them.
func sentences(first string, rest ...string) []plan.Comment {
	const most = 120
	lines := []string{first}
	for _, s := range rest {
		if last := &lines[len(lines)-1]; len(*last)+1+len(s) <= most {
			*last += " " + s
		} else {
			lines = append(lines, s)
		}
	}
	var out []plan.Comment
	for _, l := range lines {
		out = append(out, plan.NewComment(l))
	}
	return out
}

// export leaves hashes out of an export where a package has none, because it
// does not come from an index.
func (p project) export(c []string) []string {
	if !slices.Contains(c, "export") {
		return c
	}
	for _, k := range p.m.Locked {
		if k.Source != facts.Index {
			return append(slices.Clone(c), "--without-hashes")
		}
	}
	return c
}

// copies makes COPYs that keep every file in its folder.
func (p project) copies(files []string) ([]plan.Copy, error) {
	var out []plan.Copy
	byDir := map[string][]string{}
	var dirs []string
	for _, f := range files {
		dir := ""
		if i := strings.LastIndexByte(strings.TrimSuffix(f, "/"), '/'); i >= 0 {
			dir = f[:i+1]
		}
		if strings.HasSuffix(f, "/") {
			dir = f // a folder's content goes to a folder of its name
		}
		if byDir[dir] == nil {
			dirs = append(dirs, dir)
		}
		byDir[dir] = append(byDir[dir], f)
	}
	for _, dir := range dirs {
		to := dir
		if to == "" {
			to = "./"
		}
		if strings.HasPrefix(dir, "../") {
			for _, from := range byDir[dir] {
				c, err := plan.Beyond(path.Join(p.works(), dir)+"/", from)
				if err != nil {
					return nil, err
				}
				out = append(out, c)
			}
			continue
		}
		c, err := plan.NewCopy(to, byDir[dir]...)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// localSources are folders of the repository that the installation reads.
func (p project) localSources() []string {
	var out []string
	if !p.m.Workspace.IsZero() && p.of == nil {
		out = slashed(p.members())
	}
	for _, from := range p.near() {
		if !slices.Contains(out, from) {
			out = append(out, from)
		}
	}
	return out
}

// members are the folders with a pyproject.toml of their own, below the root.
func (p project) members() []string {
	var out []string
	for _, f := range p.in.Tree.Files(p.in.Dir) {
		if dir, ok := strings.CutSuffix(f, "/pyproject.toml"); ok && dir != p.in.Dir {
			out = append(out, p.in.Rel(dir))
		}
	}
	return out
}
