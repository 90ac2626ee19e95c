package framework

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// matcher applies one row to one app. Nothing changes it.
type matcher struct {
	Request
	row  row
	dep  node.Dep
	site siteTable
}

// uses reports whether f is an app of this framework: it is among the
// dependencies, and the build script, if there is one, runs its build; or
// else another script runs it or one of its files is there.
func (r row) uses(t *tree.Tree, f *node.Facts) (node.Dep, bool) {
	for _, name := range r.Also {
		if !f.Has(name) {
			return node.Dep{}, false
		}
	}
	for _, name := range r.Packages {
		dep, ok := f.Dep(name)
		if !ok || dep.Kind == node.Peer || r.Below > 0 && release.DepMajor(dep) >= r.Below {
			continue
		}
		if _, _, builds := script.BuildCommand(f, r.Commands); builds {
			return dep, true
		}
		if _, ok := f.Script("build"); ok {
			return dep, false
		}
		for _, name := range []string{"dev", "start", "serve", "docs:dev", "storybook"} {
			s, _ := f.Script(name)
			for _, words := range script.Followed(f, s.Value) {
				if script.Runs(words, r.Dev.Commands) || script.Runs(words, r.Starts) {
					return dep, true
				}
			}
		}
		return dep, slices.ContainsFunc(r.Entry, func(e string) bool {
			return f.Config.Of(e) != nil || t.Has(path.Join(f.Dir, e)) || t.HasDir(path.Join(f.Dir, e))
		})
	}
	return node.Dep{}, false
}

// framework evaluates the row's modes; the result is none if the repository
// has a server of its own, and the row has no more to say than what its build
// inlines.
func (m matcher) framework() (Framework, error) {
	start, hasStart := script.Production(m.Facts)
	custom := m.Asked || hasStart && !m.known(start.Value)
	for _, mode := range m.row.Modes {
		found, err := m.all(mode.When)
		if err != nil {
			return Framework{}, err
		}
		if !found.ok {
			continue
		}
		switch {
		case mode.Refuse != "" && !custom:
			at := m.dep.Pos
			if !found.pos.IsZero() {
				at = found.pos
			}
			return Framework{}, record.Refuse(at, mode.Hint, "this is %s app, but %s", m.row.article(), mode.Refuse)
		case custom && (mode.Static != nil || mode.Refuse != ""):
			// A server of the repository's own serves what is built.
			var out Framework
			err := m.inlined(&out, mode)
			return out, err
		}
		return m.deployed(mode, found, start, custom)
	}
	return Framework{}, nil
}

// deployed is the framework as a mode deploys it. found is why the mode holds,
// start the command that the repository runs in production.
func (m matcher) deployed(mode mode, found answer, start fact.Fact[string], custom bool) (Framework, error) {
	r := m.row
	out := Framework{Name: r.Name, Pos: m.dep.Pos, Link: r.Source, Dev: m.dev()}
	out.Build.Generated, out.Build.Loads = r.Generated, r.Loads
	out.Rule = m.dep.Name + " is among the dependencies"
	if name, words, ok := script.BuildCommand(m.Facts, r.Commands); ok {
		out.Rule = fmt.Sprintf("%s is among the dependencies and the %s script runs %s", m.dep.Name, name, strings.Join(words[:min(2, len(words))], " "))
		if _, isBuild := m.Facts.Script("build"); !isBuild {
			out.Build.Command, out.Build.Script = words, name
		}
	} else {
		out.Build.Command = r.Build
	}
	if found.why != "" {
		out.Rule += " and " + found.why
		out.Pos = found.pos
	}
	if mode.Source != "" {
		out.Link = mode.Source
	}
	m.programs(&out)
	out.Tests = m.tests()
	o := r.Output
	if mode.Output != nil {
		o = *mode.Output
	}
	output, err := m.output(o)
	if err != nil {
		return Framework{}, err
	}
	out.Build.Output = output.Value
	if out.Build.Caches, err = m.caches(); err != nil {
		return Framework{}, err
	}
	out.choose("node.framework", r.Name, out.Rule, out.Pos, out.Link)
	out.Build.Why = mode.BuildWhy
	if out.Build.Env, err = envs(mode.BuildEnv, nil); err != nil {
		return Framework{}, err
	}
	more, err := envs(mode.DevEnv, nil)
	if err != nil {
		return Framework{}, err
	}
	if out.Dev.Env, err = envs(r.Dev.Env, nil); err != nil {
		return Framework{}, err
	}
	out.Dev.Env = append(out.Dev.Env, more...)
	if err := m.inlined(&out, mode); err != nil {
		return Framework{}, err
	}
	switch {
	case mode.Static != nil:
		err = m.static(&out, mode.Static, output)
	case custom:
		out.Build.Writable = slices.ContainsFunc(mode.Server.Copies, func(x copyRow) bool { return x.Writable })
		out.NeedsDev = m.needsDev(&serverRow{Configs: mode.Server.Configs, ReadsTypeScript: mode.Server.ReadsTypeScript})
		return out, nil // what the note says is of the framework's own server
	default:
		err = m.server(&out, mode.Server, start)
	}
	if mode.Note != "" {
		out.note(out.Pos, mode.Note, "")
	}
	if f := mode.Forms; f != nil && !m.Facts.Code.Actions.IsZero() {
		if _, state := f.Unless.of(m.Facts); state == node.Absent {
			out.note(m.Facts.Code.Actions, f.Note, f.Hint)
		}
	}
	return out, err
}

func (f *Framework) choose(key, value, rule string, pos fact.Pos, link string) {
	f.Choices = append(f.Choices, plan.Choice{Key: key, Value: value, Rule: rule, Pos: record.At(pos), Link: link})
}

func (f *Framework) note(pos fact.Pos, text, hint string) {
	f.Notes = append(f.Notes, plan.Note{Pos: pos, Text: text, Hint: hint})
}

// caches are the folders that a build may keep; {output} in them is that of
// the row, whatever the mode writes.
func (m matcher) caches() ([]string, error) {
	if len(m.row.Caches) == 0 {
		return nil, nil
	}
	work, err := m.output(m.row.Output)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, c := range m.row.Caches {
		out = append(out, m.fill(c, work.Value))
	}
	return out, nil
}

// programs finds what the build starts. A setting that is computed may ask
// for it, and then it is there.
func (m matcher) programs(out *Framework) {
	for _, p := range m.row.Programs {
		v, state := p.Setting.of(m.Facts)
		if state == node.Absent || state == node.Literal && v.Value == "false" {
			continue
		}
		out.Build.Programs = append(out.Build.Programs, Program{Name: p.Program, For: p.For, Pos: v.Pos})
		if p.Note != "" {
			out.note(v.Pos, p.Note, "")
		}
	}
}

// known reports whether the command is the framework's own way to run, in
// development or in production, or a plain server of static files; it may
// build first.
func (m matcher) known(command string) bool {
	words, ok := m.last(command)
	if !ok {
		return false
	}
	if script.Runs(words, m.row.Starts) || script.Runs(words, m.row.Dev.Commands) {
		return true
	}
	if branches, ok := script.Parallel(m.Facts, words); ok {
		return m.develops(branches)
	}
	for _, mode := range m.row.Modes {
		if mode.Server != nil && mode.Server.Program != "" && words[0] == mode.Server.Program {
			return true
		}
	}
	return slices.ContainsFunc(m.site.Servers, func(s staticServer) bool { return s.Program == words[0] })
}

// develops reports whether one of several that run side by side is the framework's own way
// to run, and the others make files for it as they are edited.
func (m matcher) develops(branches []script.Branch) bool {
	serves := false
	for _, b := range branches {
		steps := script.StepsOf(m.Facts, b.List)
		if len(steps) == 0 {
			return false
		}
		last := steps[len(steps)-1]
		switch {
		case last.Dir == "" && script.Runs(last.Argv, m.row.Dev.Commands):
			serves = true
		case !script.WatchesBuild(last.Argv):
			return false
		}
	}
	return serves
}

// last returns the words of a command's last simple command, if the others do
// no more than install and build, or if it is a development server; scripts that it runs
// are followed.
func (m matcher) last(command string) ([]string, bool) {
	words := script.Followed(m.Facts, command)
	if _, plain := script.Expanded(m.Facts, command); len(words) == 0 || !plain && len(words) != 1 {
		return nil, false
	}
	last := words[len(words)-1]
	for _, w := range words {
		if len(w) == 0 {
			return nil, false
		}
	}
	if script.Runs(last, m.row.Dev.Commands) {
		return last, true
	}
	for _, w := range words[:len(words)-1] {
		if !script.Runs(w, m.row.Commands) && !script.Installs(w) && !script.IsBuild(m.Facts, w) {
			return nil, false
		}
	}
	return last, true
}

// output is the folder that the build writes, relative to the app.
func (m matcher) output(o outputRow) (fact.Fact[string], error) {
	if o.Angular {
		a, err := readAngular(m.Facts)
		return a.output, err
	}
	if o.Default == "" {
		return fact.Fact[string]{}, nil
	}
	name, words, built := script.BuildCommand(m.Facts, m.row.Commands)
	if !built {
		words = m.row.Build
	}
	out, err := m.written(o, words, m.Facts.Scripts[name].Pos)
	if err != nil {
		return out, err
	}
	if path.IsAbs(out.Value) || node.Outside(out.Value) {
		return out, record.Refuse(out.Pos, "build into a folder of the repository",
			"the build of this %s app writes to %s, which is outside of the repository", m.row.Name, plan.Printable(out.Value, 60))
	}
	if out.Value == "." {
		return out, record.Refuse(out.Pos, "build into a folder of its own", "the build of this %s app writes into its source folder", m.row.Name)
	}
	return out, nil
}

// written is the folder that a build command writes, wherever that is. pos is its line.
func (m matcher) written(o outputRow, words []string, pos fact.Pos) (fact.Fact[string], error) {
	root, _, err := m.literal(o.Root)
	if err != nil {
		return root, err
	}
	base := root.Value
	if o.Argument {
		if arg := script.Argument(words, m.row.Commands); arg != "" {
			base = arg
		}
	}
	out := fact.Fact[string]{Value: o.Default}
	if v, ok := script.Flag(words, o.Flags); ok {
		out = fact.Fact[string]{Value: v, Pos: pos}
		if o.Cwd {
			base = ""
		}
	} else if v, _, err := m.literal(o.Setting); err != nil {
		return v, err
	} else if v.Value != "" {
		out = v
		if o.Cwd || m.Facts.Config.Of(o.Setting[0]).Anchored(o.Setting[1:]...) {
			base = ""
		}
	}
	out.Value = path.Join(base, out.Value, o.Below)
	return out, nil
}

// Written is the folder that a command writes if it is the build of a framework among the
// app's dependencies: from the app's own folder on, and maybe outside of it. known is false
// for other commands, and if the configuration does not say.
func Written(req Request, words []string) (folder string, known bool) {
	rows, err := frameworkRows()
	if err != nil {
		return "", false
	}
	for _, r := range rows {
		if !script.Runs(words, r.Commands) || !slices.ContainsFunc(r.Packages, func(name string) bool {
			dep, ok := req.Facts.Dep(name)
			return ok && (r.Below == 0 || release.DepMajor(dep) < r.Below)
		}) {
			continue
		}
		m := matcher{Request: req, row: r}
		o := r.Output
		if o.Default == "" && !o.Angular {
			i := slices.IndexFunc(r.Modes, func(mode mode) bool {
				return m.madeBy(mode, words)
			})
			if i < 0 || r.Modes[i].Output == nil {
				continue
			}
			o = *r.Modes[i].Output
		}
		if o.Angular {
			a, err := readAngular(m.Facts)
			return a.output.Value, err == nil && a.output.Value != ""
		}
		out, err := m.written(o, words, fact.Pos{})
		return out.Value, err == nil && out.Value != "" && out.Value != "."
	}
	return "", false
}

// madeBy reports whether a command's build is of a mode: what the mode says of the build script
// is asked of the command.
func (m matcher) madeBy(x mode, words []string) bool {
	rest := make([]condition, 0, len(x.When))
	for _, c := range x.When {
		if c.Runs == nil {
			rest = append(rest, c)
		} else if !script.Runs(words, c.Runs.Commands) {
			return false
		}
	}
	found, err := m.all(rest)
	return err == nil && found.ok
}

// fill replaces {output} in a value of the table, and {app}.
func (m matcher) fill(s, output string) string {
	app := m.Dir
	if app != "" {
		app += "/"
	}
	return strings.NewReplacer("{output}", output, "{app}", app).Replace(s)
}

// everything is the app's whole folder; the folder of the list that the
// server writes stays apart.
func everything(list []Copy) []Copy {
	own := slices.DeleteFunc(slices.Clone(list), func(x Copy) bool { return !x.Writable })
	if len(own) != 1 {
		return nil
	}
	return []Copy{{From: "./", To: "./", Except: strings.TrimSuffix(own[0].From, "/")}, own[0]}
}

// given are the variables that the repository's own start command sets for the framework's server, but for those that the server needs
// to be another in a container.
func (m matcher) given(command string, needs []plan.Env) []plan.Env {
	words, ok := m.last(command)
	list, plain := script.Expanded(m.Facts, command)
	if !ok || !plain || len(list) == 0 || script.Runs(words, m.row.Dev.Commands) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(script.Unwrap(list[len(list)-1]).Env), func(e plan.Env) bool {
		name := e.Name.String()
		return name == "NODE_ENV" || image.Loopback(e.Value.Raw()) || secret.Linted(name) || slices.ContainsFunc(needs, func(n plan.Env) bool { return n.Name == e.Name })
	})
}

// tests are the commands that come before the tests.
func (m matcher) tests() [][]string {
	row := m.row.Tests
	has := func(name string) bool { return m.Tree.Has(path.Join(m.Facts.Dir, name)) }
	if row.With == "" || !has(row.With) || slices.ContainsFunc(row.Without, has) {
		return nil
	}
	var out [][]string
	for _, command := range row.Run {
		var words []string
		for _, w := range command {
			words = append(words, m.fill(w, ""))
		}
		out = append(out, words)
	}
	return out
}

// server fills in a server mode. start is the command that the repository
// itself runs in production.
func (m matcher) server(out *Framework, r *serverRow, start fact.Fact[string]) error {
	s := &Server{Program: r.Program, Port: r.Port, Signals: r.Signals, Standalone: r.Standalone, Writes: r.Writes}
	out.Server = s
	for _, w := range r.Start {
		s.Command = append(s.Command, m.fill(w, out.Build.Output))
	}
	if m.row.Output.Angular {
		a, err := readAngular(m.Facts)
		if err != nil {
			return err
		}
		s.Standalone = s.Standalone && !a.outside
	}
	var err error
	if s.Env, err = envs(r.Env, r.EnvWhy); err != nil {
		return err
	}
	if s.Health, err = m.health(out, r); err != nil {
		return err
	}
	s.Given = m.given(start.Value, s.Env)
	// The arguments of the repository's own start script hold.
	if words, ok := m.last(start.Value); ok && r.Program != "" && words[0] == r.Program && !script.Runs(words, m.row.Dev.Commands) && !slices.Contains(words, "") {
		s.Command = append(s.Command[:2:2], words[1:]...)
		out.Pos = start.Pos
		if v, ok := script.Flag(words, r.PortFlags); ok {
			if n, err := strconv.Atoi(v); err == nil {
				s.Port = n
			}
		}
	}
	if n, ok := r.PortSetting.port(m.Facts); ok {
		s.Port = n
	}
	for _, name := range r.Scripts {
		sc, ok := m.Facts.Script(name)
		if list := script.Commands(sc.Value); ok && len(list) == 1 && list[0][0] == "node" && len(list[0]) > 1 && !slices.Contains(list[0], "") {
			s.Command, out.Pos = list[0], sc.Pos
			break
		}
	}
	s.Copies = m.copies(r, out.Build.Output)
	out.NeedsDev = m.needsDev(r)
	return nil
}

// copies are what prod takes of the build; nil is all.
func (m matcher) copies(r *serverRow, output string) []Copy {
	var out []Copy
	for _, x := range r.Copies {
		from := m.fill(x.From, output)
		if x.Source && !m.Tree.HasDir(path.Join(m.Facts.Dir, from)) {
			continue
		}
		out = append(out, Copy{
			From: from, To: m.fill(x.To, output), Except: m.fill(x.Except, output),
			Writable: x.Writable, Workspace: x.Workspace, Why: x.Why,
		})
	}
	for _, tool := range r.Configs {
		c := m.Facts.Config.Of(tool)
		if c == nil {
			continue
		}
		if c.Local() {
			return everything(out) // the config needs files of the repository, nobody knows which
		}
		out = append(out, Copy{From: c.File, To: c.File})
	}
	return out
}

// needsDev finds a package that runs in production although it is among
// devDependencies: the server itself, one that what is built imports, or
// TypeScript for a configuration file that is read at run time.
func (m matcher) needsDev(s *serverRow) DevPackage {
	dev := func(name string) bool {
		dep, ok := m.Facts.Dep(name)
		return ok && dep.Kind == node.Dev
	}
	if len(s.Start) > 1 && !s.Standalone {
		if rest, ok := strings.CutPrefix(s.Start[1], "node_modules/"); ok {
			if name := node.PackageOf(rest); dev(name) {
				return DevPackage{name, "it is the server"}
			}
		}
	}
	if i := slices.IndexFunc(s.Imports, dev); i >= 0 {
		return DevPackage{s.Imports[i], "every build of " + m.row.Name + " imports it"}
	}
	for _, tool := range s.Configs {
		c := m.Facts.Config.Of(tool)
		if c != nil && strings.HasSuffix(c.File, "ts") && dev("typescript") && !m.readsTypeScript(s) {
			// https://nextjs.org/docs/app/api-reference/config/typescript#type-checking-nextconfigts
			return DevPackage{"typescript", "the server reads " + c.File + " with it"}
		}
		if c == nil {
			continue
		}
		// What the configuration imports has to be there whenever the server reads it.
		for _, name := range c.Modules {
			if name = node.PackageOf(name); dev(name) && name != "typescript" && !strings.HasPrefix(name, "@types/") {
				return DevPackage{name, "the server reads " + c.File + ", which imports it"}
			}
		}
	}
	return DevPackage{}
}

// readsTypeScript reports whether the installed version of the framework reads a configuration in TypeScript by itself.
func (m matcher) readsTypeScript(s *serverRow) bool {
	return slices.ContainsFunc(m.row.Packages, func(name string) bool {
		dep, ok := m.Facts.Dep(name)
		return ok && release.InRange(release.Version(dep), s.ReadsTypeScript)
	})
}

// dev is how the development server is started, without its variables.
func (m matcher) dev() Dev {
	d := m.row.Dev
	out := Dev{Port: d.Port, Debian: d.Debian, DebianFor: d.DebianFor}
	for _, p := range d.Ports {
		if _, state := p.Setting.of(m.Facts); state == node.Literal {
			out.Port = p.Port
		}
	}
	if n, ok := d.PortSetting.port(m.Facts); ok {
		out.Port = n
	}
	if len(d.Run) > 0 {
		out.Command = append(slices.Clone(d.Run), script.Missing(d.Run, d.Flags)...)
	}
	names := []string{"dev", "develop", "serve", "start", "start:dev"}
	for _, name := range slices.Sorted(maps.Keys(m.Facts.Scripts)) {
		if slices.Contains(script.NameParts(name), "dev") && !slices.Contains(names, name) {
			names = append(names, name) // docs:dev
		}
	}
	for _, name := range append(names, "storybook") {
		s, ok := m.Facts.Script(name)
		list := script.Commands(s.Value)
		if len(list) == 1 && (list[0][0] != "npm" || len(d.Flags) == 0) {
			list = script.Followed(m.Facts, s.Value) // npm would keep the flags to itself
		}
		if !ok || len(list) != 1 || !script.Runs(list[0], d.Commands) {
			continue
		}
		out.Script, out.Flags = name, script.Missing(list[0], d.Flags)
		if v, ok := script.Flag(list[0], d.PortFlags); ok {
			if n, err := strconv.Atoi(v); err == nil && n > 0 && n < 1<<16 {
				out.Port = n
			}
		}
		break
	}
	return out
}

// envs makes variables of a table's, sorted by name, with the comments of why.
func envs(values, why map[string]string) ([]plan.Env, error) {
	var out []plan.Env
	for _, name := range slices.Sorted(maps.Keys(values)) {
		e, err := plan.NewEnv(name, values[name])
		if err != nil {
			return nil, err
		}
		e.Why = plan.NewComment(why[name])
		out = append(out, e)
	}
	return out, nil
}
