package python

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed managers.yaml
var managersYAML []byte

// manager is a row of managers.yaml.
type manager struct {
	Name     string            `yaml:"manager"`
	Source   string            `yaml:"source"`
	UV       bool              `yaml:"uv,omitempty"`   // its commands need the uv binary
	Tool     string            `yaml:"tool,omitempty"` // installed into /opt/NAME
	Cache    []string          `yaml:"cache"`
	Env      map[string]string `yaml:"env,omitempty"`
	Install  [][]string        `yaml:"install,omitempty"`
	Unlocked [][]string        `yaml:"unlocked,omitempty"` // in place of install without a lockfile
	Project  [][]string        `yaml:"project,omitempty"`
	Editable [][]string        `yaml:"editable,omitempty"`
	With     []string          `yaml:"with,omitempty"` // what Tool needs beside it
	Group    [][]string        `yaml:"group,omitempty"`
	Extra    [][]string        `yaml:"extra,omitempty"`
	// UnlockedGroup is in place of Group without a lockfile.
	UnlockedGroup [][]string `yaml:"unlocked-group,omitempty"`
	File          []string   `yaml:"file"`
	Add           []string   `yaml:"add"`
}

var managers = table.Lazy[[]manager]("managers.yaml", managersYAML) //nolint:gochecknoglobals // decoded once

// fill puts values in the place of {name}s.
func fill(args []string, values map[string]string) []string {
	out := make([]string, len(args))
	for i, a := range args {
		for k, v := range values {
			a = strings.ReplaceAll(a, "{"+k+"}", v)
		}
		out[i] = a
	}
	return out
}

// manifest chooses among the ways in which the repository names its
// dependencies.
func (d *decider) manifest() error {
	rows, err := managers()
	if err != nil {
		return err
	}
	if len(d.f.Manifests) == 0 {
		if !d.f.Conda.IsZero() {
			return record.Refuse(d.f.Conda, "write a requirements.txt of what pip can install", "names Conda packages, which dockgen does not install")
		}
		d.man = rows[0]
		return nil
	}
	d.m = d.f.Manifests[0]
	var rejected []plan.Rejected
	for _, m := range d.f.Manifests[1:] {
		rejected = append(rejected, plan.Rejected{Value: m.Manager, Pos: record.At(m.Pos), Why: d.m.File + " comes first: a lockfile, then a tool's own manifest, then requirements.txt, then pyproject.toml"})
	}
	i := slices.IndexFunc(rows, func(r manager) bool { return r.Name == d.m.Manager })
	if i < 0 {
		return fmt.Errorf("no row for the package manager %s", d.m.Manager)
	}
	d.man = rows[i]
	rule := "what " + d.m.File + " is written for"
	if d.m.Lock != "" {
		rule = d.m.Lock + " is its lockfile"
	}
	d.log.Choose(plan.Choice{Key: "python.manager", Value: d.man.Name, Rule: rule, Pos: record.At(d.m.Pos), Link: d.man.Source, Rejected: rejected})
	if d.m.Lock == "" && d.man.Name != "pip" && len(d.m.List) > 0 {
		d.log.Note(d.m.Pos, "there is no lockfile: every build takes the newest versions", "lock with "+lockHint(d.man.Name)+" and commit the lockfile")
	}
	if !d.m.Variable.IsZero() {
		return record.Refuse(d.m.Variable, "name the index in pip.conf, which a build takes as a secret", "takes a variable of the environment, so a build would need its value, most likely a secret")
	}
	return nil
}

func lockHint(manager string) string {
	switch manager {
	case "poetry", "pdm", "pipenv":
		return manager + " lock"
	}
	return "uv lock"
}

// run makes one RUN of commands.
func (d *decider) run(commands ...[]string) (*Run, error) {
	r := &Run{}
	for _, c := range d.man.Cache {
		r.Cache = append(r.Cache, plan.MustToken(c))
	}
	for _, c := range commands {
		s, err := plan.NewShell(c...)
		if err != nil {
			return nil, err
		}
		r.Lines = append(r.Lines, s)
		if c[0] == "uv" {
			if r.UV, err = plan.NewToken(d.tool("uv")); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

// install fills in the deps stage.
func (d *decider) install(p *Plan) error {
	p.VenvFrom = plan.MustToken("deps")
	if !d.m.Dynamic.IsZero() && d.man.Project != nil {
		d.project = true // only a build knows the dependencies
	}
	need := !d.m.Self.IsZero() || len(d.m.List) > 0 || len(d.m.Locked) > 0 || len(d.add) > 0 || !d.m.Dynamic.IsZero()
	p.Deps = need || d.project
	if !p.Deps {
		return nil
	}
	python := "python"
	if p.Distroless {
		python = "/usr/bin/python" + p.Version.String()
	}
	commands := [][]string{{python, "-m", "venv", "--without-pip", "/opt/venv"}}
	if d.man.Tool != "" {
		bin := "/opt/" + d.man.Tool
		commands = append(commands, []string{"python", "-m", "venv", bin}, append([]string{bin + "/bin/pip", "install", d.pinned(d.man.Tool)}, d.man.With...))
	}
	files := slices.Clone(d.m.Files)
	install := d.man.Install
	switch {
	case len(d.m.List) == 0 && len(d.m.Locked) == 0 && d.m.Self.IsZero() || d.man.Name == "setup.py", !d.m.Dynamic.IsZero() && d.m.Lock == "":
		install, files = nil, nil
	case d.m.Lock == "" && d.man.Unlocked != nil:
		install = d.man.Unlocked
	}
	for _, c := range install {
		commands = append(commands, d.export(fill(c, map[string]string{"file": d.m.File})))
	}
	switch {
	case len(d.add) == 0:
	case d.man.Name == "pip" && install != nil && !d.m.Hashes:
		// One resolution for all; with hashes, every requirement would need one.
		commands[len(commands)-1] = append(commands[len(commands)-1], d.add...)
	default:
		commands = append(commands, append(slices.Clone(d.man.Add), d.add...))
	}
	var err error
	if p.Install, err = d.run(commands...); err != nil {
		return err
	}
	for _, k := range slices.Sorted(maps.Keys(d.man.Env)) {
		p.DepsEnv = append(p.DepsEnv, plan.MustEnv(k, d.man.Env[k]))
	}
	if !d.m.Self.IsZero() {
		// The requirements install the project itself, which needs its source.
		all, err := plan.NewCopy(".", ".")
		p.Copies = []plan.Copy{all}
		d.log.Note(d.m.Self, "installs the project itself with the dependencies, so that every edit installs all again", "leave the line out where the code does not need it")
		return err
	}
	p.Copies, err = copies(append(files, d.localSources()...))
	return err
}

// export leaves hashes out of an export where a package has none, because it
// does not come from an index.
func (d *decider) export(c []string) []string {
	if !slices.Contains(c, "export") {
		return c
	}
	for _, k := range d.m.Locked {
		if k.Source != facts.Index {
			return append(slices.Clone(c), "--without-hashes")
		}
	}
	return c
}

// copies makes COPYs that keep every file in its folder.
func copies(files []string) ([]plan.Copy, error) {
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
		c, err := plan.NewCopy(to, byDir[dir]...)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// localSources are folders of the repository that the installation reads.
func (d *decider) localSources() []string {
	var out []string
	if !d.m.Workspace.IsZero() {
		for _, dir := range d.members() {
			out = append(out, dir+"/")
		}
	}
	for _, r := range d.m.List {
		if r.Source != facts.Local || r.URL == "" {
			continue
		}
		p := strings.TrimPrefix(strings.TrimPrefix(r.URL, "file:"), "./")
		if i := strings.IndexByte(p, '['); i >= 0 {
			p = p[:i]
		}
		switch p = strings.TrimSuffix(p, "/"); {
		case d.in.Tree.HasDir(joinDir(d.in.Dir, p)):
			out = append(out, p+"/")
		case d.in.Tree.Has(joinDir(d.in.Dir, p)):
			out = append(out, p)
		}
	}
	return out
}

// members are the folders with a pyproject.toml of their own, below the root.
func (d *decider) members() []string {
	var out []string
	for _, f := range d.in.Tree.Files(d.in.Dir) {
		if dir, ok := strings.CutSuffix(f, "/pyproject.toml"); ok && dir != d.in.Dir {
			out = append(out, d.rel(dir))
		}
	}
	return out
}
