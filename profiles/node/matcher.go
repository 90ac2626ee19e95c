package node

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// matcher applies one row to one repository.
type matcher struct {
	in   record.Input
	f    *node.Facts
	app  string // the way to it from the root of the workspace, "" or "apps/web/"
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

// framework evaluates the row's modes. ok is false where the repository has
// a server of its own, to which the row has no more to say than what its build
// inlines.
func (m *matcher) framework() (framework, bool, error) {
	r, f := m.row, m.f
	out := framework{
		Name: r.Name, Pos: m.dep.Pos, Link: r.Source, Made: r.Made,
		Rule: m.dep.Name + " is among the dependencies",
	}
	if name, words, ok := script.BuildCommand(f, r.Commands); ok {
		out.Rule = fmt.Sprintf("%s is among the dependencies and the %s script runs %s", m.dep.Name, name, strings.Join(words[:min(2, len(words))], " "))
		if _, isBuild := f.Script("build"); !isBuild {
			out.Build, out.BuildScript = words, name
		}
	} else {
		out.Build = r.Build
	}
	m.dev(&out)
	m.programs(&out)

	start, hasStart := script.Production(f)
	asked := len(m.in.Settings.Start) > 0
	own := asked || hasStart && !m.known(start.Value)

	for _, mode := range r.Modes {
		holds, pos, why, err := m.when(mode.When)
		if err != nil {
			return framework{}, false, err
		}
		if !holds {
			continue
		}
		if why != "" {
			out.Rule += " and " + why
			out.Pos = pos
		}
		if mode.Source != "" {
			out.Link = mode.Source
		}
		if mode.Refuse != "" && !own {
			at := m.dep.Pos
			if !pos.IsZero() {
				at = pos
			}
			return framework{}, false, record.Refuse(at, mode.Hint, "this is %s app, but %s", r.article(), mode.Refuse)
		}
		if own && (mode.Static != nil || mode.Refuse != "") {
			// A server of the repository's own serves what is built.
			var built framework
			err := m.inlined(&built, mode)
			return built, false, err
		}
		o := r.Output
		if mode.Output != nil {
			o = *mode.Output
		}
		at, err := m.output(o)
		if err != nil {
			return framework{}, false, err
		}
		out.Output = at.Value
		if len(r.Caches) > 0 {
			work, err := m.output(r.Output)
			if err != nil {
				return framework{}, false, err
			}
			for _, c := range r.Caches {
				out.Caches = append(out.Caches, m.fill(c, work.Value))
			}
		}
		m.in.Log.Choose(plan.Choice{Key: "node.framework", Value: r.Name, Rule: out.Rule, Pos: record.At(out.Pos), Link: out.Link})
		for _, k := range sortedKeys(mode.BuildEnv) {
			out.BuildEnv = append(out.BuildEnv, [2]string{k, mode.BuildEnv[k]})
		}
		out.BuildWhy = mode.BuildWhy
		for _, k := range sortedKeys(mode.DevEnv) {
			out.DevEnv = append(out.DevEnv, [2]string{k, mode.DevEnv[k]})
		}
		if err := m.inlined(&out, mode); err != nil {
			return framework{}, false, err
		}
		if mode.Note != "" {
			out.Notes = append(out.Notes, mode.Note)
		}
		switch {
		case mode.Static != nil:
			err = m.static(&out, mode.Static, at)
		case own:
			// The framework inside a server of the repository's own.
			out.Notes = nil
			m.needs(&out, &serverRow{Configs: mode.Server.Configs})
		default:
			m.server(&out, mode.Server, start)
		}
		return out, true, err
	}
	return framework{}, false, nil
}

// programs finds what the build starts. A setting that is computed may ask
// for it, and then it is there.
func (m *matcher) programs(out *framework) {
	for _, p := range m.row.Programs {
		v, state := m.f.Config.Of(p.Setting[0]).Get(p.Setting[1:]...)
		if state == node.Absent || state == node.Literal && v.Value == "false" {
			continue
		}
		out.Programs = append(out.Programs, program{Name: p.Program, For: p.For, Pos: v.Pos})
		if p.Note != "" {
			m.in.Log.Note(v.Pos, p.Note, "")
		}
	}
}

// known reports whether the command is the framework's own way to run, in
// development or in production, or a plain server of static files; it may
// build first.
func (m *matcher) known(command string) bool {
	words, ok := m.last(command)
	if !ok {
		return false
	}
	if script.Runs(words, m.row.Starts) || script.Runs(words, m.row.Dev.Commands) {
		return true
	}
	for _, mode := range m.row.Modes {
		if mode.Server != nil && mode.Server.Program != "" && words[0] == mode.Server.Program {
			return true
		}
	}
	return slices.ContainsFunc(m.site.Servers, func(s staticServer) bool { return s.Program == words[0] })
}

// last returns the words of a command's last simple command, where the others
// do no more than build; scripts that it runs are followed.
func (m *matcher) last(command string) ([]string, bool) {
	words := script.Followed(m.f, command)
	if _, plain := script.Expanded(m.f, command); len(words) == 0 || !plain && len(words) != 1 {
		return nil, false
	}
	for i, w := range words {
		if len(w) == 0 || i < len(words)-1 && !script.Runs(w, m.row.Commands) {
			return nil, false
		}
	}
	return words[len(words)-1], true
}

// when reports whether every condition holds, where that stands, and why in
// words. A condition on a setting that is computed is an error: either answer
// could be wrong.
func (m *matcher) when(list []condition) (holds bool, pos fact.Pos, why string, err error) {
	var whys []string
	for _, c := range list {
		ok, at, text, err := m.holds(c)
		if err != nil || !ok {
			return false, fact.Pos{}, "", err
		}
		if !at.IsZero() {
			pos = at
		}
		if text != "" {
			whys = append(whys, text)
		}
	}
	return true, pos, strings.Join(whys, " and "), nil
}

func (m *matcher) holds(c condition) (ok bool, pos fact.Pos, why string, err error) {
	switch {
	case len(c.Setting) > 0:
		v, state := m.f.Config.Of(c.Setting[0]).Get(c.Setting[1:]...)
		key := strings.Join(c.Setting[1:], ".")
		if c.Perhaps {
			return state == node.Computed || state == node.Literal && v.Value != "false", v.Pos, "its config has " + key, nil
		}
		if state == node.Computed {
			return false, v.Pos, "", record.Refuse(v.Pos, "write "+key+" as a plain value",
				"%s of this %s app is computed, and dockgen runs no code to learn it", key, m.row.Name)
		}
		is := plan.Printable(v.Value, 60)
		switch {
		case state == node.Absent:
			return false, fact.Pos{}, "", nil
		case c.Set:
			return true, v.Pos, "its config has " + key, nil
		case len(c.Other) > 0:
			return !slices.Contains(c.Other, v.Value), v.Pos, "its config says " + key + ": " + is, nil
		}
		return v.Value == c.Is, v.Pos, "its config says " + key + ": " + is, nil
	case c.Script != "":
		s, found := m.f.Script(c.Script)
		if !found {
			return false, fact.Pos{}, "", nil
		}
		ok := slices.ContainsFunc(script.Commands(s.Value), func(words []string) bool { return script.Runs(words, c.Runs) })
		return ok, s.Pos, "the " + c.Script + " script runs " + c.Runs[0], nil
	case len(c.Imports) > 0:
		file := m.f.Config.Of(c.Imports[0])
		i := slices.IndexFunc(c.Imports[1:], file.Imports)
		if i < 0 {
			return false, fact.Pos{}, "", nil
		}
		return true, file.Pos(), "its config imports " + c.Imports[1+i], nil
	case c.Package != "":
		dep, found := m.f.Dep(c.Package)
		if !found || dep.Kind == node.Peer || release.DepMajor(dep) < c.From {
			return false, fact.Pos{}, "", nil
		}
		return true, fact.Pos{}, "", nil
	case c.Flat:
		return !slices.ContainsFunc(m.f.Lockfiles, func(l node.Lockfile) bool { return l.Manager == "pnpm" }), fact.Pos{}, "", nil
	case c.Hoisted != "":
		version, found := m.f.Hoisted[c.Hoisted]
		return found, fact.Pos{}, "the lockfile installs " + c.Hoisted + " " + plan.Printable(version, 20), nil
	case c.Angular != "":
		a, err := readAngular(m.f)
		if err != nil {
			return false, fact.Pos{}, "", err
		}
		return a.is(c.Angular), a.output.Pos, pick(a.server, "its build makes a server", "its build renders the pages"), nil
	}
	return false, fact.Pos{}, "", nil
}

// output is the folder that the build writes.
func (m *matcher) output(o outputRow) (fact.Fact[string], error) {
	if o.Angular {
		a, err := readAngular(m.f)
		return a.output, err
	}
	if o.Default == "" {
		return fact.Fact[string]{}, nil
	}
	name, words, built := script.BuildCommand(m.f, m.row.Commands)
	if !built {
		words = m.row.Build
	}
	base := ""
	if len(o.Root) > 0 {
		v, state := m.f.Config.Of(o.Root[0]).Get(o.Root[1:]...)
		if state == node.Computed {
			return v, m.computed(v.Pos, o.Root)
		}
		base = v.Value
	}
	if o.Argument {
		if arg := script.Argument(words, m.row.Commands); arg != "" {
			base = arg
		}
	}
	out := fact.Fact[string]{Value: o.Default}
	if v, ok := script.Flag(words, o.Flags); ok {
		out = fact.Fact[string]{Value: v, Pos: m.f.Scripts[name].Pos}
		base = pick(o.Cwd, "", base)
	} else if len(o.Setting) > 0 {
		c := m.f.Config.Of(o.Setting[0])
		v, state := c.Get(o.Setting[1:]...)
		switch {
		case state == node.Computed:
			return v, m.computed(v.Pos, o.Setting)
		case state == node.Literal && v.Value != "":
			out = v
			base = pick(o.Cwd || c.Anchored(o.Setting[1:]...), "", base)
		}
	}
	out.Value = path.Join(base, out.Value, o.Below)
	if path.IsAbs(out.Value) || out.Value == ".." || strings.HasPrefix(out.Value, "../") {
		return out, record.Refuse(out.Pos, "build into a folder of the repository",
			"the build of this %s app writes to %s, which is outside of the repository", m.row.Name, plan.Printable(out.Value, 60))
	}
	if out.Value == "." {
		return out, record.Refuse(out.Pos, "build into a folder of its own", "the build of this %s app writes among its source", m.row.Name)
	}
	return out, nil
}

func (m *matcher) computed(pos fact.Pos, setting []string) error {
	key := strings.Join(setting[1:], ".")
	return record.Refuse(pos, "write "+key+" as a plain value",
		"%s of this %s app is computed, and dockgen runs no code to learn it", key, m.row.Name)
}

// fill replaces {output} in a value of the table, and {app}, the way from the
// root of the workspace to the app ("" or "apps/web/").
func (m *matcher) fill(s, output string) string {
	return strings.NewReplacer("{output}", output, "{app}", m.app).Replace(s)
}

// everything is the app's whole folder; the folders of list that the server
// writes stay apart.
func everything(list []ship) []ship {
	own := slices.DeleteFunc(slices.Clone(list), func(x ship) bool { return !x.Own })
	if len(own) != 1 {
		return nil
	}
	return []ship{{From: "./", To: "./", Except: strings.TrimSuffix(own[0].From, "/")}, own[0]}
}

// server fills in how a server mode runs.
func (m *matcher) server(out *framework, s *serverRow, start fact.Fact[string]) {
	out.Over, out.Program = true, s.Program
	for _, w := range s.Start {
		out.Start = append(out.Start, m.fill(w, out.Output))
	}
	out.Port, out.Signals, out.Health, out.Bundled = s.Port, s.Signals, s.Health, s.Bundled
	if a, err := readAngular(m.f); m.row.Output.Angular && err == nil && a.outside {
		out.Bundled = false
	}
	out.EnvWhy = s.EnvWhy
	for _, k := range sortedKeys(s.Env) {
		out.Env = append(out.Env, [2]string{k, s.Env[k]})
	}
	// The arguments of the repository's own start script hold.
	if words, ok := m.last(start.Value); ok && s.Program != "" && words[0] == s.Program && !script.Runs(words, m.row.Dev.Commands) && !slices.Contains(words, "") {
		out.Start = append(out.Start[:2:2], words[1:]...)
		out.Pos = start.Pos
		if v, ok := script.Flag(words, s.PortFlags); ok {
			if n, err := strconv.Atoi(v); err == nil {
				out.Port = n
			}
		}
	}
	if len(s.PortSetting) > 0 {
		if v, state := m.f.Config.Of(s.PortSetting[0]).Get(s.PortSetting[1:]...); state == node.Literal {
			if n, err := strconv.Atoi(v.Value); err == nil && n > 0 && n < 1<<16 {
				out.Port = n
			}
		}
	}
	for _, name := range s.Scripts {
		own, ok := m.f.Script(name)
		if list := script.Commands(own.Value); ok && len(list) == 1 && list[0][0] == "node" && len(list[0]) > 1 && !slices.Contains(list[0], "") {
			out.Start, out.Pos = list[0], own.Pos
			break
		}
	}
	for _, x := range s.Ship {
		from := m.fill(x.From, out.Output)
		if x.Source && !m.in.Tree.HasDir(path.Join(m.f.Dir, from)) {
			continue
		}
		out.Ship = append(out.Ship, ship{From: from, To: m.fill(x.To, out.Output), Own: x.Own, Whole: x.Whole, Except: m.fill(x.Except, out.Output), Why: x.Why})
	}
	out.Writes = s.Writes
	m.needs(out, s)
	for _, tool := range s.Configs {
		c := m.f.Config.Of(tool)
		if c == nil {
			continue
		}
		if c.Local() {
			out.Ship = everything(out.Ship) // the config needs files of the repository, nobody knows which
			break
		}
		out.Ship = append(out.Ship, ship{From: c.File, To: c.File})
	}
}

// needs finds a package that runs in production although it is among
// devDependencies: the server itself, one that what is built imports, or
// TypeScript for a configuration file that is read at run time.
func (m *matcher) needs(out *framework, s *serverRow) {
	dev := func(name string) bool {
		dep, ok := m.f.Dep(name)
		return ok && dep.Kind == node.Dev
	}
	if len(s.Start) > 1 && !s.Bundled {
		if rest, ok := strings.CutPrefix(s.Start[1], "node_modules/"); ok {
			parts := strings.SplitN(rest, "/", 3)
			name := parts[0]
			if strings.HasPrefix(name, "@") && len(parts) > 1 {
				name += "/" + parts[1]
			}
			if dev(name) {
				out.NeedsDev, out.NeedsDevWhy = name, "it is the server"
				return
			}
		}
	}
	if i := slices.IndexFunc(s.Imports, dev); i >= 0 {
		out.NeedsDev, out.NeedsDevWhy = s.Imports[i], "every build of "+m.row.Name+" imports it"
		return
	}
	for _, tool := range s.Configs {
		c := m.f.Config.Of(tool)
		if c != nil && strings.HasSuffix(c.File, "ts") && dev("typescript") {
			// https://nextjs.org/docs/app/api-reference/config/typescript#type-checking-nextconfigts
			out.NeedsDev, out.NeedsDevWhy = "typescript", "the server reads "+c.File+" with it"
			return
		}
	}
}

// dev fills in how the dev server is started.
func (m *matcher) dev(out *framework) {
	d := m.row.Dev
	out.DevPort = d.Port
	out.DevDebian, out.DevDebianFor = d.Debian, d.DebianFor
	for _, p := range d.Ports {
		if _, state := m.f.Config.Of(p.Setting[0]).Get(p.Setting[1:]...); state == node.Literal {
			out.DevPort = p.Port
		}
	}
	if len(d.PortSetting) > 0 {
		if v, state := m.f.Config.Of(d.PortSetting[0]).Get(d.PortSetting[1:]...); state == node.Literal {
			if n, err := strconv.Atoi(v.Value); err == nil && n > 0 && n < 1<<16 {
				out.DevPort = n
			}
		}
	}
	for _, k := range sortedKeys(d.Env) {
		out.DevEnv = append(out.DevEnv, [2]string{k, d.Env[k]})
	}
	if len(d.Run) > 0 {
		out.Dev = append(slices.Clone(d.Run), missing(d.Run, d.Flags)...)
	}
	names := []string{"dev", "develop", "serve", "start", "start:dev"}
	for _, name := range slices.Sorted(maps.Keys(m.f.Scripts)) {
		if slices.Contains(script.NameParts(name), "dev") && !slices.Contains(names, name) {
			names = append(names, name) // docs:dev
		}
	}
	for _, name := range append(names, "storybook") {
		s, ok := m.f.Script(name)
		list := script.Commands(s.Value)
		if len(list) == 1 && (list[0][0] != "npm" || len(d.Flags) == 0) {
			list = script.Followed(m.f, s.Value) // npm would keep the flags to itself
		}
		if !ok || len(list) != 1 || !script.Runs(list[0], d.Commands) {
			continue
		}
		out.DevScript = name
		out.DevFlags = missing(list[0], d.Flags)
		if v, ok := script.Flag(list[0], d.PortFlags); ok {
			if n, err := strconv.Atoi(v); err == nil && n > 0 && n < 1<<16 {
				out.DevPort = n
			}
		}
		return
	}
}

// plainVariables are variables of a build that are no secrets, beside those
// with one of the framework's prefixes.
var plainVariables = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"NODE_ENV": true, "MODE": true, "PORT": true, "HOST": true, "PUBLIC_URL": true, "BASE_URL": true, "BROWSER": true, "CI": true,
	"GENERATE_SOURCEMAP": true, "INLINE_RUNTIME_CHUNK": true, "ESLINT_NO_DEV_ERRORS": true, "DISABLE_ESLINT_PLUGIN": true,
	"TSC_COMPILE_ON_ERROR": true, "FAST_REFRESH": true, "SKIP_PREFLIGHT_CHECK": true, "IMAGE_INLINE_SIZE_LIMIT": true,
}

// env decides which committed files of variables the build gets: those that
// hold nothing but what has one of the prefixes.
func (m *matcher) env(out *framework, public []string) {
	if len(public) == 0 {
		return
	}
	for _, e := range m.f.Config.Env {
		i := slices.IndexFunc(e.Names, func(n fact.Fact[string]) bool {
			return !plainVariables[n.Value] && !slices.ContainsFunc(public, func(p string) bool { return strings.HasPrefix(n.Value, p) })
		})
		if i < 0 {
			out.Keep = append(out.Keep, e.File)
			continue
		}
		m.in.Log.Note(e.Names[i].Pos, fmt.Sprintf("the build does not see %s: %s may be a secret, and secrets stay out of images", e.File, plan.Printable(e.Names[i].Value, 40)),
			"keep what the site shows ("+public[0]+"…) in a file of its own")
	}
}

// missing returns flags without those, and the values after them, that words
// already have.
func missing(words, flags []string) []string {
	var out []string
	for i := 0; i < len(flags); i++ {
		hasValue := i+1 < len(flags) && !strings.HasPrefix(flags[i+1], "-")
		if v, ok := script.Flag(words, flags[i:i+1]); ok && (!hasValue || v == flags[i+1]) || !hasValue && slices.Contains(words, flags[i]) {
			if hasValue {
				i++
			}
			continue
		}
		out = append(out, flags[i])
	}
	return out
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
