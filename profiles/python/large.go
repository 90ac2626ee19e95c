package python

import (
	_ "embed"
	"path"
	"slices"
	"strings"

	"deps.dev/util/semver"

	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed large.table
var largeCompiled string

// largeRow is a row of large.yaml, which says what its fields are.
type largeRow struct {
	Package string   `yaml:"package"`
	Source  string   `yaml:"source"`
	Folders []string `yaml:"folders"`
	Brings  []string `yaml:"brings,omitempty"`
	With    []string `yaml:"with,omitempty"`
}

var largeRows = table.Lazy[[]largeRow]("large.yaml", largeCompiled) //nolint:gochecknoglobals // decoded once

// large are the stages and folders of packages that are too large to be installed again with each other package.
type large struct {
	stages  []*Deps         // what leads to that of the dependencies
	copies  []plan.Artifact // prod's, of one folder each
	folders []plan.Token    // the same, which its copy of the environment leaves out
}

// Where the lines of the large packages are.
const (
	largeList = "/large.txt"
	largeLock = "/pylock.large.toml"
	exported  = "/tmp/requirements.txt" // of managers.yaml
)

// apart installs the large packages before the others, in a stage that runs again only where their own lines of the requirements or of the lock
// are others: a stage before it writes these, and BuildKit compares what it wrote (https://docs.docker.com/build/cache/invalidation/#general-rules).
// It changes d, the stage of the dependencies, which starts from there. Prod copies their folders by themselves: that layer is the same as long as
// nothing writes in them. pip and uv have a way to install some packages of a list as they stand there, hashes and indexes included; Poetry, PDM and
// pipenv write their lock as such a list, and leave in place what has the lock's version.
func (p project) apart(d *Deps, runtime plan.Runtime) (large, error) {
	rows := p.largeHere(runtime)
	if !image.Syntax(p.in) || d == nil || len(rows) == 0 || len(d.Install) != 1 || len(d.Install[0].Run) < 2 {
		return large{}, nil
	}
	names, brings := []string{}, []string{}
	var folders, with []string
	for _, r := range rows {
		names, folders = append(names, r.Package), append(folders, r.Folders...)
		if !p.cpu {
			brings, with = append(brings, r.Brings...), append(with, r.With...)
		}
	}
	slices.Sort(brings)
	write, install, file := p.largeCommands(slices.Concat(names, slices.Compact(brings)), len(brings) > 0)
	if write == nil {
		return large{}, nil
	}
	c := plan.Choice{Key: "python.large", Value: strings.Join(names, " "), Rule: "hundreds of MB, in layers of their own", Pos: record.At(p.names[names[0]].Pos), Link: rows[0].Source}
	p.in.Log.Choose(c)
	var out large
	pins := &Deps{Head: plan.Head{Name: p.in.Stage("pins"), From: d.From}, Copies: d.Copies}
	pins.About = sentences("pins has the lines of " + image.Enumerate(names) + " alone, so that large changes only with them.")
	var err error
	if pins.Install, err = p.step(nil, write...); err != nil {
		return large{}, err
	}
	first := &Deps{Head: plan.Head{Name: p.in.Stage("large"), From: d.From}, Env: d.Env}
	first.About = sentences("large has what is hundreds of MB, which no other change installs again.")
	if first.Taken, err = taken(pins.Name, file); err != nil {
		return large{}, err
	}
	first.Uses = plan.StagesOf(first.Taken)
	if first.Install, err = p.install(install); err != nil {
		return large{}, err
	}
	environment, rest := d.Install[0].Run[0], d.Install[0].Run[1:]
	first.Install[0].Run = append([]plan.Shell{environment}, first.Install[0].Run...)
	if tool := p.man.Tool; tool != "" {
		// It is installed where it is used first, by the commands that deps has after the one for the environment.
		pins.Env, pins.Install[0].Mounts = d.Env, d.Install[0].Mounts
		pins.Install[0].Run = append(slices.Clone(rest[:toolCommands]), pins.Install[0].Run...)
		rest = rest[toolCommands:]
		if d.Taken, err = taken(pins.Name, toolFolder(tool)+"/"); err != nil {
			return large{}, err
		}
		d.Uses = plan.StagesOf(d.Taken)
	}
	d.From, d.Install[0].Run = plan.FromStage(first.Name), rest
	d.Env = nil
	out.stages = []*Deps{pins, first}
	at := path.Join("lib", "python"+p.version, "site-packages")
	slices.Sort(with)
	for n, folder := range slices.Concat(folders, slices.Compact(with)) {
		in := path.Join(venv, at, folder)
		to, err := plan.NewPath(in + "/")
		if err != nil {
			return large{}, err
		}
		c := plan.Copy{From: []plan.Path{to}, To: to}
		if n >= len(folders) {
			// Another platform may have none of these: a pattern may match nothing.
			found, err := plan.NewMatch(path.Dir(in), folder[:len(folder)-1], folder[len(folder)-1:])
			if err != nil {
				return large{}, err
			}
			c = plan.Copy{Any: []plan.Match{found}, To: to}
		}
		out.copies = append(out.copies, plan.Artifact{Stage: d.Name, Copy: c})
		t, err := plan.NewToken(path.Join(at, folder))
		if err != nil {
			return large{}, err
		}
		out.folders = append(out.folders, t)
	}
	out.copies[0].Why = plan.NewComment("These layers stay as they are while other packages change.")
	return out, nil
}

// taken is what a stage has of another one, at the same place.
func taken(stage plan.StageName, name string) ([]plan.Artifact, error) {
	from, err := plan.NewCopy(name, name)
	return []plan.Artifact{{Stage: stage, Copy: from}}, err
}

// largeHere are the rows of the packages that the image has in one version that stands written. Alpine has wheels of none.
func (p project) largeHere(runtime plan.Runtime) []largeRow {
	rows, err := largeRows()
	if err != nil || runtime == plan.Alpine || !p.m.Self.IsZero() || len(p.elsewhere()) > 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(rows), func(r largeRow) bool {
		req, ok := p.names[r.Package]
		k, locked := p.m.Locked[r.Package]
		switch {
		case !ok:
			return true
		case p.m.Lock != "" && (p.man.Name == "uv" || p.man.Tool != ""):
			return !locked || k.Source != facts.Index
		}
		return p.man.Name != "pip" || req.Source != facts.Index || exact(req) == "" || !slices.Contains(p.requirementFiles(), p.in.Rel(req.Pos.File))
	})
}

// requirementFiles are those that pip installs from.
func (p project) requirementFiles() []string {
	out := slices.Concat(p.m.Files, p.m.More)
	slices.Sort(out)
	return slices.Compact(out)
}

// exportsPylock is the uv that writes and installs from a pylock.toml: https://github.com/astral-sh/uv/blob/main/changelogs/0.7.x.md.
const exportsPylock = "0.8"

// spelling is a pattern of the name of a package, or of all that begin with it, in which separators are one of a set: any of some characters.
func spelling(name, set string) string {
	if begin, ok := strings.CutSuffix(name, "-"); ok {
		return spelling(begin, set) + set + "[a-z0-9" + strings.Trim(set, "[]-") + "-]+"
	}
	return strings.ReplaceAll(name, "-", set)
}

// largeCommands write the lines of packages into a file, and install them from there. write is nil where the manager has no way.
func (p project) largeCommands(names []string, cuda bool) (write [][]string, install []string, file string) {
	if p.man.Name == "uv" {
		if len(p.man.Install) == 0 || semver.PyPI.Compare(p.tool("uv"), exportsPylock) < 0 {
			return nil, nil, ""
		}
		export := []string{"uv", "export", "-q", "--frozen"}
		for _, a := range p.of.command(p.man.Install[0])[2:] {
			if !slices.Contains([]string{"--locked", "--frozen", "--no-install-project", "--no-install-workspace", "--inexact"}, a) {
				export = append(export, a)
			}
		}
		own := "--no-emit-project"
		if !p.m.Workspace.IsZero() || p.of != nil {
			own = "--no-emit-workspace"
		}
		export = append(export, own, "--format", "pylock.toml", "-o", "/tmp/pylock.toml")
		for i, n := range names {
			names[i] = spelling(n, "-")
		}
		program := `NR == 1 || /\nname = "(` + strings.Join(names, "|") + `)"\n/ { print $0 "\n" > "` + largeLock + `" }`
		return [][]string{export, {"awk", "-v", "RS=", program, "/tmp/pylock.toml"}}, []string{"uv", "pip", "install", "--no-deps", "-r", largeLock}, largeLock
	}
	for i, n := range names {
		names[i] = spelling(n, "[-_.]")
	}
	lines := `/^ *(-i|-f|--(extra-)?index-url|--find-links|--pre)([ =]|$)|^ *(` + strings.Join(names, "|") + `)(\[[^]]*\])? *(==|;|@|$)/Iw ` + largeList
	from := p.requirementFiles()
	if p.man.Tool != "" {
		from = []string{exported}
		if write = p.man.Export; write == nil { // it installs what it exports
			write = p.man.Install[:1]
		}
		write = [][]string{p.export(write[0])}
	}
	// A line of hashes continues the one before it.
	write = append(write, append([]string{"sed", "-nE", "-e", ":a", "-e", `/\\$/{N;s/\\\n//;ba`, "-e", "}", "-e", lines}, from...))
	install = fill(p.man.File, "file", largeList)
	if p.m.Hashes || !cuda || p.man.Tool != "" {
		install = append(slices.Clone(install), "--no-deps")
	}
	return write, install, largeList
}
