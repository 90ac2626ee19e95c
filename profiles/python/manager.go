package python

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"deps.dev/util/pypi"

	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed managers.table
var managersCompiled string

// manager is a row of managers.yaml.
type manager struct {
	Name     string            `yaml:"manager"`
	Source   string            `yaml:"source"`
	UV       bool              `yaml:"uv,omitempty"`   // its commands need the uv binary
	Tool     string            `yaml:"tool,omitempty"` // installed into /opt/NAME
	Cache    []string          `yaml:"cache"`
	Env      map[string]string `yaml:"env,omitempty"`
	CPU      map[string]string `yaml:"cpu,omitempty"`
	CPULock  string            `yaml:"cpu-lock,omitempty"`
	Install  [][]string        `yaml:"install,omitempty"`
	Export   [][]string        `yaml:"export,omitempty"`   // writes the file of the lock's requirements
	Unlocked [][]string        `yaml:"unlocked,omitempty"` // in place of install without a lockfile
	Project  [][]string        `yaml:"project,omitempty"`
	Editable [][]string        `yaml:"editable,omitempty"`
	Group    [][]string        `yaml:"group,omitempty"`
	Extra    [][]string        `yaml:"extra,omitempty"`
	// Workspace is a group of the workspace of which the app is a member.
	Workspace [][]string `yaml:"workspace,omitempty"`
	// UnlockedGroup is in place of Group without a lockfile.
	UnlockedGroup [][]string `yaml:"unlocked-group,omitempty"`
	File          []string   `yaml:"file"`
	Add           []string   `yaml:"add"`
}

// program is the tool of tools.yaml that installs, "" for pip.
func (m manager) program() string {
	if m.UV {
		return "uv"
	}
	return m.Tool
}

var managers = table.Lazy[[]manager]("managers.yaml", managersCompiled) //nolint:gochecknoglobals // decoded once

// fill puts values in the place of {name}s: name, value, name, value, ….
func fill(args []string, values ...string) []string {
	pairs := slices.Clone(values)
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	r := strings.NewReplacer(pairs...)
	out := make([]string, len(args))
	for i, a := range args {
		out[i] = r.Replace(a)
	}
	return out
}

// chooseManager chooses among the ways in which the repository names its
// dependencies. The manifest is zero if it does not.
func chooseManager(in record.Input, f *facts.Facts) (facts.Manifest, manager, error) {
	rows, err := managers()
	if err != nil {
		return facts.Manifest{}, manager{}, err
	}
	if len(f.Manifests) == 0 {
		if !f.Conda.IsZero() {
			return facts.Manifest{}, manager{}, record.Refuse(f.Conda, "write a requirements.txt of what pip can install", "names Conda packages, which dockgen does not install")
		}
		return facts.Manifest{}, rows[0], nil
	}
	m := f.Manifests[0]
	own, has := projectAlone(in, f)
	if has {
		m = own
	}
	var lost []plan.Rejected
	for _, x := range f.Manifests {
		switch {
		case x.File == m.File:
		case has && x.File == f.Manifests[0].File:
			lost = append(lost, plan.Rejected{Value: x.Manager, Pos: record.At(x.Pos), Why: "it names the project itself and nothing else"})
		default:
			lost = append(lost, plan.Rejected{Value: x.Manager, Pos: record.At(x.Pos), Why: m.File + " comes first: a lockfile, then a tool's own manifest, then requirements.txt, then pyproject.toml"})
		}
	}
	i := slices.IndexFunc(rows, func(r manager) bool { return r.Name == m.Manager })
	if i < 0 {
		return m, manager{}, fmt.Errorf("no row for the package manager %s", m.Manager)
	}
	man := rows[i]
	rule := m.File + " is its manifest"
	if m.Lock != "" {
		rule = m.Lock + " is its lockfile"
	}
	in.Log.Choose(plan.Choice{Key: "python.manager", Value: man.Name, Rule: rule, Pos: record.At(m.Pos), Link: man.Source, Rejected: lost})
	if r := m.Stale; r.Name != "" && m.Lock != "" {
		in.Log.Note(r.Pos, plan.Printable(r.Name, 60)+" is not so in "+m.Lock+", which is older: the build resolves the versions again", lockHint(man.Name)+", and commit the lockfile")
		m.Files = slices.DeleteFunc(slices.Clone(m.Files), func(f string) bool { return f == m.Lock })
		m.Lock = ""
	} else if m.Lock == "" && man.Name != "pip" && man.Name != "script" && len(m.List) > 0 {
		in.Log.Note(m.Pos, "there is no lockfile: every build takes the newest versions", "lock with "+lockHint(man.Name)+" and commit the lockfile")
	}
	if r := m.Renumbered; r.Found() && m.Lock != "" {
		in.Log.Note(r.Pos, "is another version of the project than "+plan.Printable(r.Value, 40)+", which "+m.Lock+" has: the build takes the dependencies of the lockfile as they are", "uv lock, and commit the lockfile")
		man = man.frozen()
	}
	if m.Manager == "uv" && m.Lock == "" && !m.DynamicVersion.IsZero() && !m.Package.IsZero() && m.Workspace.IsZero() {
		// uv sync would ask the project's build for the version, before its source is there. uv pip reads the list alone.
		man = rows[slices.IndexFunc(rows, func(r manager) bool { return r.Name == "pyproject" })]
	}
	return m, man, nil
}

// frozen is uv with a lockfile that it does not hold to the manifest: https://docs.astral.sh/uv/reference/cli/#uv-sync--frozen.
func (m manager) frozen() manager {
	for _, rows := range []*[][]string{&m.Install, &m.Project, &m.Editable, &m.Group, &m.Extra, &m.Workspace} {
		*rows = each(*rows, func(c []string) []string {
			if i := slices.Index(c, "--locked"); i >= 0 {
				c[i] = "--frozen"
			}
			return c
		})
	}
	return m
}

// projectAlone is the manifest of the project itself, where requirements.txt names that and nothing else: . or -e .[extra].
func projectAlone(in record.Input, f *facts.Facts) (facts.Manifest, bool) {
	first := f.Manifests[0]
	if first.Manager != "pip" || first.Self.IsZero() || len(first.List) > 0 || len(first.Constrained) > 0 || len(first.More) > 0 {
		return facts.Manifest{}, false
	}
	if text := in.Builds.File(first.File); text == nil || otherIndex(text.Text) {
		return facts.Manifest{}, false
	}
	i := slices.IndexFunc(f.Manifests, func(x facts.Manifest) bool {
		return (x.Manager == "pyproject" || x.Manager == "setup.py") && !x.Package.IsZero()
	})
	if i < 0 {
		return facts.Manifest{}, false
	}
	m := f.Manifests[i]
	m.Picked = slices.Clone(m.Picked)
	for _, g := range m.Groups {
		if g.Kind == "extra" && slices.Contains(first.Extras, pypi.CanonPackageName(g.Name)) && !slices.ContainsFunc(m.Picked, func(o facts.Group) bool { return o.Name == g.Name }) && !facts.Developing(g.Name) {
			m.Picked = append(m.Picked, g)
		}
	}
	return m, true
}

// otherIndex reports whether a requirements file names an index that is not PyPI.
func otherIndex(text string) bool {
	for line := range strings.Lines(text) {
		m := indexOption.FindStringSubmatch(line)
		if m != nil && !publicIndex.MatchString(m[1]) {
			return true
		}
	}
	return false
}

var (
	indexOption = lazy.MustCompile(`^\s*(?:-i|--index-url|--extra-index-url|-f|--find-links)[ =]+(\S+)`)
	publicIndex = lazy.MustCompile(`^https?://pypi(?:\.python)?\.org/simple/?$`)
)

func lockHint(manager string) string {
	switch manager {
	case "poetry", "pdm", "pipenv":
		return manager + " lock"
	}
	return "uv lock"
}

// install makes one RUN of commands that install something, with what the
// package manager keeps from one build to the next.
func (p project) install(commands ...[]string) ([]plan.Step, error) {
	steps, err := p.step(p.man.Cache, commands...)
	if err == nil && p.ssh {
		steps[0].Mounts = append(steps[0].Mounts, plan.SSHMount())
	}
	if err == nil {
		steps[0].Mounts = append(steps[0].Mounts, p.login...)
	}
	return steps, err
}

// bySSH is the manager for an installation that fetches something with SSH, and whether it does: by the agent of who builds the image.
func (p project) bySSH() (man manager, ssh bool) {
	i := slices.IndexFunc(p.m.List, facts.Requirement.SSH)
	if i < 0 {
		return p.man, false
	}
	r := p.m.List[i]
	p.in.Log.Note(r.Pos, plan.Printable(cmp.Or(r.Name, r.URL), 60)+" comes from a Git repository by SSH", p.in.DockerBuild("--ssh default"))
	// Nobody answers ssh's question about a host that it does not know.
	return p.man.under(map[string]string{"GIT_SSH_COMMAND": "ssh -o StrictHostKeyChecking=accept-new"}), true
}

// under is the manager with more variables.
func (m manager) under(env map[string]string) manager {
	all := map[string]string{}
	maps.Copy(all, m.Env)
	maps.Copy(all, env)
	m.Env = all
	return m
}

// step makes one RUN of commands, with folders that are kept.
func (p project) step(caches []string, commands ...[]string) ([]plan.Step, error) {
	var out plan.Step
	folders, err := plan.Tokens(caches...)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(commands, func(c []string) bool { return c[0] == "uv" }) {
		uv, err := p.uv()
		if err != nil {
			return nil, err
		}
		// It comes first: Renovate finds the image of no other mount.
		out.Mounts = append(out.Mounts, plan.ImageMount(uv, plan.MustToken("/uv"), plan.MustToken("/usr/local/bin/uv")))
	}
	for _, f := range folders {
		out.Mounts = append(out.Mounts, plan.CacheMount(f))
	}
	for _, c := range commands {
		s, err := plan.NewShell(p.of.command(c)...)
		if err != nil {
			return nil, err
		}
		out.Run = append(out.Run, s)
	}
	return []plan.Step{out}, nil
}

// uv is the image that has uv.
func (p project) uv() (plan.Ref, error) { return plan.NewRef("ghcr.io/astral-sh/uv", p.tool("uv")) }

// spec is the requirement for a tool of tools.yaml.
func (p project) spec(tool string) string {
	if !slices.ContainsFunc(p.in.Know.Tooling, func(t knowledge.Tool) bool { return t.Name == tool }) {
		return tool
	}
	return tool + "==" + p.tool(tool)
}

// toolWith is what a tool in its version needs beside it.
func (p project) toolWith(tool string) []string {
	version := p.tool(tool)
	for _, t := range p.in.Know.Tools(tool) {
		if t.Version == version {
			return t.With
		}
	}
	for _, t := range p.in.Know.Tools(tool) {
		if major, _, _ := strings.Cut(version, "."); strings.HasPrefix(t.Version, major+".") {
			return t.With
		}
	}
	return nil
}

// tool is the version that dockgen puts into the image; once in a lock, it
// stays. recordTool writes it down.
func (p project) tool(name string) string { return p.in.Log.Value(p.toolChoice(name)) }

func (p project) toolChoice(name string) plan.Choice {
	rows := p.in.Know.Tools(name)
	if c, ok := p.askedTool(name, rows); ok {
		return c
	}
	return preferredTool(name, rows[max(slices.IndexFunc(rows, p.suits), 0)]) // a tool of its own interpreter needs none
}

// suits reports whether a release of a tool runs on the image's Python.
func (p project) suits(t knowledge.Tool) bool {
	return t.Needs == "" || minorNumber(p.version) >= minorNumber(t.Needs)
}

func preferredTool(name string, t knowledge.Tool) plan.Choice {
	return plan.Choice{Key: "python.tool." + name, Value: t.Version, Rule: "the version that dockgen puts into the image", Link: t.Source, Evidence: name}
}

// recordTool writes down the version of a tool that the image has. What
// tools.yaml does not have comes in the version that the index has.
func (p project) recordTool(name string) {
	if p.spec(name) != name {
		p.in.Log.Choose(p.toolChoice(name))
	}
}
