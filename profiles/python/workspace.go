package python

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// member is a member of uv's workspace as the app: the build's context is the folder of the workspace, and so is /app.
// Nothing changes it; nil is an app that is no member.
type member struct {
	facts.Member

	root record.Input
	used []*facts.Module // the code of the members that it uses, without its own
}

// libraries are the modules of the members that it uses.
func (m *member) libraries() []*facts.Module {
	if m == nil {
		return nil
	}
	return m.used
}

// decideWorkspace decides which member of a workspace is the app, or each of several. A root that has a program of its own is the app;
// a member is one beside it where the repository makes an image of it.
func decideWorkspace(in record.Input, f *facts.Facts) (*plan.App, error) {
	whole := func(in record.Input) (*plan.App, error) { return decideProject(in, f, nil) }
	if main := in.Settings.Main; main != "" {
		if u := f.Member(main); u != nil {
			return decideMember(in, f, u)
		}
		if in.File != "" {
			return nil, record.NoApp(record.Refuse(workspaceAt(f), "", "%s is no member of this workspace", plan.Printable(main, 60)))
		}
		return whole(in)
	}
	if len(in.Settings.Start) > 0 {
		return whole(in)
	}
	installs := installsRoot(f)
	if in.HasDockerfile() && installs {
		if _, err := whole(in.Trying()); err == nil {
			return whole(in)
		}
	}
	var apps []*facts.Member
	for i := range f.Workspace {
		u := &f.Workspace[i]
		var refused *record.UnsupportedError
		if _, err := decideMember(in.Trying(), f, u); err == nil || errors.As(err, &refused) && !refused.None {
			apps = append(apps, u)
		}
	}
	rooted := *f
	rooted.Modules = slices.DeleteFunc(slices.Clone(f.Modules), func(m *facts.Module) bool { return f.MemberOf(m.File) != nil })
	if len(rooted.Modules) > 0 {
		if _, err := decideProject(in.Trying(), &rooted, nil); err == nil {
			besideMembers(in, apps)
			return decideProject(in, &rooted, nil)
		}
	}
	switch len(apps) {
	case 0:
		return whole(in)
	case 1:
		if installs {
			if _, err := whole(in.Trying()); err == nil {
				return whole(in)
			}
		}
		return decideMember(in, f, apps[0])
	}
	var parts []record.Part
	var dirs []string
	for _, u := range apps {
		parts, dirs = append(parts, record.Part{Main: u.Dir, Dir: u.Dir}), append(dirs, plan.Printable(u.Dir, 60))
	}
	return nil, record.OneOf(parts, record.Refuse(workspaceAt(f), "say --set main="+dirs[0], "this workspace has several apps and its root does not say which to start: %s", strings.Join(dirs, ", ")))
}

// installsRoot reports whether the root is a project, which an installation of the root is about. The root of a virtual workspace is none: it
// installs no member, so that the code of one has nothing of what it imports there
// (https://docs.astral.sh/uv/concepts/projects/workspaces/#workspace-roots).
func installsRoot(f *facts.Facts) bool {
	return f.Name != "" || slices.ContainsFunc(f.Manifests, func(m facts.Manifest) bool { return m.Workspace.IsZero() || len(m.List) > 0 })
}

// workspaceAt is where the workspace is declared.
func workspaceAt(f *facts.Facts) fact.Pos {
	for _, m := range f.Manifests {
		if !m.Workspace.IsZero() {
			return m.Workspace
		}
	}
	return fact.Pos{}
}

// besideMembers writes down the members of which the repository makes images.
func besideMembers(in record.Input, apps []*facts.Member) {
	for _, u := range apps {
		if pos, ok := in.Builds.Makes(u.Dir); ok && in.File == "" {
			in.Log.Beside([]record.Part{{Main: u.Dir, Dir: u.Dir}})
			in.Log.Choose(plan.Choice{Key: "apps", Value: u.Dir, Rule: "an app of its own beside this one: the repository makes an image of it", Pos: record.At(pos)})
		}
	}
}

// decideMember decides for a member, whose paths are those of its own folder.
func decideMember(in record.Input, f *facts.Facts, u *facts.Member) (*plan.App, error) {
	of := &member{Member: *u, root: in}
	for _, dir := range u.Uses {
		if x := f.Member(dir); x != nil && dir != u.Dir {
			of.used = append(of.used, x.Facts.Modules...)
		}
	}
	own := in
	own.Dir, own.Settings.Main = path.Join(in.Dir, u.Dir), ""
	own.Builds = buildfile.Of(in.Tree, own.Dir)
	of.fronts(&own)
	app, err := decideProject(own, u.Facts, of)
	if err == nil && in.File != "" {
		app.Name = image.Name(u.Facts.Name, in.Name)
	}
	return app, err
}

// fronts has the input of a member find the front ends of the workspace that fill its own folder, by paths from there.
func (m *member) fronts(own *record.Input) {
	find, offers := own.FrontEnd, own.Offers
	own.FrontEnd, own.Offers = nil, nil
	if find == nil {
		return
	}
	own.FrontEnd = func(want record.Missing) (*record.Made, error) {
		want.Folder = path.Join(m.Dir, want.Folder)
		if !tree.Within(want.Folder, m.Dir) {
			return nil, nil //nolint:nilnil // none
		}
		made, err := find(want)
		if made == nil || err != nil {
			return nil, err
		}
		var from []string
		for _, f := range made.Copy.From {
			from = append(from, f.Raw())
		}
		out := *made
		out.Copy, err = plan.NewCopy(strings.TrimPrefix(made.Copy.To.Raw(), m.Dir+"/"), from...)
		return &out, err
	}
	own.Offers = func() []record.Missing {
		var out []record.Missing
		for _, x := range offers() {
			if below, ok := strings.CutPrefix(x.Folder, m.Dir+"/"); ok {
				x.Folder = below
				out = append(out, x)
			}
		}
		return out
	}
}

// works is the folder in the image that the first stages work in: the app's own, or that of the workspace.
func (p project) works() string {
	if p.of == nil {
		return p.in.Workdir()
	}
	return record.Workdir
}

// home is the folder of the app in the image.
func (p project) home() string {
	if p.of == nil {
		return p.works()
	}
	return path.Join(p.works(), p.of.Dir)
}

// parts are what a stage copies of a member, its folder and those of the members that it uses, and the argument that is the version of the project if
// the stage installs that.
func (p project) parts(installs bool) (Parts, error) {
	var out Parts
	var err error
	if installs {
		if out.Version, err = p.versionArg(); err != nil {
			return out, err
		}
	}
	if p.of == nil {
		return out, nil
	}
	if out.Sources, err = p.copies(slashed(p.of.Uses)); err != nil {
		return out, err
	}
	out.Home, err = plan.NewPath(p.home())
	return out, err
}

func slashed(dirs []string) []string {
	out := make([]string, len(dirs))
	for i, dir := range dirs {
		out[i] = dir + "/"
	}
	return out
}

// manifests are what the installation of the dependencies reads.
func (m *member) manifests() []string {
	out := []string{"pyproject.toml"}
	if lock := m.Facts.Manifests[0].Lock; lock != "" { // of the workspace
		out = append(out, lock)
	}
	for _, dir := range m.Uses {
		out = append(out, dir+"/pyproject.toml")
	}
	return out
}

// groups are those of the workspace.
func (m *member) groups() []facts.Group {
	if m == nil {
		return nil
	}
	return m.Groups
}

// needs are the folders that the build reads.
func (m *member) needs() []string {
	if m == nil {
		return nil
	}
	return slices.Clone(m.Uses)
}

// command is a command of uv for the member alone. The lockfile is of all members, of which the build has those that it needs:
// uv does not compare it with them then (https://docs.astral.sh/uv/reference/cli/#uv-sync--frozen).
func (m *member) command(c []string) []string {
	if m == nil || len(c) < 2 || c[0] != "uv" || c[1] != "sync" {
		return c
	}
	out := slices.Clone(c)
	for i, w := range out {
		switch w {
		case "--locked":
			out[i] = "--frozen"
		case "--no-install-project":
			out[i] = "--no-install-workspace"
		}
	}
	if slices.Contains(out, "--only-group") { // of the workspace, and of no member
		return out
	}
	return append(out, "--package", m.Name)
}

// everywhere are patterns for a build context with further folders: those of tools, which no code is in, hold in each.
func everywhere(patterns []plan.Pattern) []plan.Pattern {
	out := slices.Clone(patterns)
	for i, p := range out {
		if text := p.String(); strings.HasPrefix(text, ".") {
			out[i] = plan.MustPatterns("**/" + text)[0]
		}
	}
	return out
}

// ignore is the ignore file of the workspace as the context.
func (m *member) ignore(in record.Input, patterns []plan.Pattern, reads []image.Reading) plan.Ignore {
	var list []plan.Pattern
	for _, p := range patterns {
		text := p.String()
		if !strings.HasPrefix(text, "**/") {
			text = m.Dir + "/" + text
		}
		if p, err := plan.NewPattern(text); err == nil {
			list = append(list, p)
		}
	}
	var of []image.Reading
	for _, r := range reads {
		if !path.IsAbs(r.Path) {
			r.Path = path.Join(m.Dir, r.Path)
			of = append(of, r)
		}
	}
	root := in
	root.Dir, root.Builds = m.root.Dir, m.root.Builds
	return image.IgnoreFile(root, []plan.IgnoreGroup{{Heading: plan.NewComment("Files that Python and its tools generate"), Patterns: list}}, of...)
}

// installs reports whether the build installs the app or a member that it uses: their code is found so.
func (m *member) installs() bool { return m != nil && m.Packages }
