package manager

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Brought is the major version of the manager in the image of a major version of
// Node, "" where images have none.
func (m Manager) Brought(major string) string {
	for _, b := range m.Brings {
		if release.Matches(b.Node, major) {
			return b.Version
		}
	}
	return ""
}

// On is the manager in the image of a major version of Node: in another version
// than the image brings, where that one cannot read the lockfile, the
// repository names another, or has every install with it fail.
func (m Manager) On(in record.Input, f *node.Facts, major string) Manager {
	brought := m.Brought(major)
	if brought == "" {
		return m
	}
	return m.reading(in, f, major, brought).lacking(in, major, brought).allowing(in, f, brought)
}

// reading is the manager in a version that reads the lockfile, and that the repository
// lets install.
func (m Manager) reading(in record.Input, f *node.Facts, major, brought string) Manager {
	from := ""
	ch := plan.Choice{Key: "node.manager.version", Link: m.Source}
	format := m.format()
	if c, ok := m.enforced(f); ok && !release.TakesNewest(c.Value, brought) {
		ch.Rule, ch.Pos, ch.Evidence = c.Rule, record.At(c.Pos), m.Name+" "+c.Value
		ch.Value = m.resolve(c.Value, func(needs string) bool { return release.Matches(needs, major) })
		from = c.Pos.File
	} else if c, value := m.named(in, f, major, brought); value != "" {
		ch.Value, ch.Rule, ch.Pos = value, c.Rule, record.At(c.Pos)
		if value != c.Value {
			ch.Rule, ch.Evidence = c.Rule+" allows it", m.Name+" "+c.Value
		}
		from = c.Pos.File
	} else if format != "" {
		for _, v := range m.Versions {
			if reads := slices.Contains(v.Lockfiles, format); reads && release.Major(v.Version) == release.Major(brought) {
				return m
			} else if reads && ch.Value == "" && release.Matches(v.Node, major) {
				ch.Value = v.Version
			}
		}
		ch.Rule, ch.Pos = m.Name+" "+brought+" of the image does not read lockfile version "+format, record.At(m.Lock.Pos)
		from = m.Lock.Pos.File
		ch.Evidence = m.Name + " lockfile " + format + ", Node " + major
	}
	if ch.Value != "" {
		m.Version, m.From = in.Log.Choose(ch), from
	}
	return m
}

// named is the version that a line of the repository names outright, and that line: "" where the one of the image is in its range. What only
// warns of another one (https://docs.npmjs.com/cli/configuring-npm/package-json#engines) counts where it asks for a newer one.
func (m Manager) named(in record.Input, f *node.Facts, major, brought string) (c record.Option, value string) {
	runs := func(needs string) bool { return release.Matches(needs, major) }
	for _, c := range m.Asked(f) {
		low, ok := release.Lowest(c.Value)
		value := m.resolve(c.Value, runs)
		exact := value == strings.TrimPrefix(c.Value, "v")
		if !ok || value == "" || !exact && (release.Matches(c.Value, brought) || release.Major(low) < release.Major(brought)) {
			continue
		}
		i := slices.IndexFunc(m.Versions, func(v version) bool { return release.Major(v.Version) == release.Major(value) })
		if i >= 0 && m.format() != "" && !slices.Contains(m.Versions[i].Lockfiles, m.format()) {
			continue // the lockfile is from a newer one
		}
		if i >= 0 && !runs(m.Versions[i].Node) {
			in.Log.Note(c.Pos, fmt.Sprintf("asks for %s %s, which needs Node %s, and the image has Node %s: the image's own %s installs", m.Name, plan.Printable(c.Value, 40), m.Versions[i].Node, major, m.Name), "make the two agree")
			continue
		}
		return c, value
	}
	return record.Option{}, ""
}

// completes is the first major version of npm that finds what a lockfile lacks: npm ci
// fails then, and npm install adds it. Before, both go on without it, so that what needs
// it fails: https://github.com/npm/cli/issues/4828.
const completes = 11

// lacking is the manager for a lockfile that lacks optional dependencies of what it lists:
// one that adds them, if one of them is for Linux.
func (m Manager) lacking(in record.Input, major, brought string) Manager {
	l := m.Lock
	if l == nil || l.Missing == "" || m.Stale != "" {
		return m
	}
	if release.Major(cmp.Or(m.Version, brought)) < completes {
		if !l.Native {
			return m
		}
		i := slices.IndexFunc(m.Versions, func(v version) bool {
			return release.Major(v.Version) >= completes && release.Matches(v.Node, major)
		})
		if i >= 0 && m.Version == "" {
			m.Version = in.Log.Choose(plan.Choice{
				Key: "node.manager.version", Value: m.Versions[i].Version, Link: m.Source, Pos: record.At(l.MissingPos),
				Rule:     m.Name + " " + brought + " of the image does not add what " + l.File + " lacks",
				Evidence: m.Name + " incomplete lockfile, Node " + major,
			})
		}
	}
	missing, asker := plan.Printable(l.Missing, 60), plan.Printable(l.Asker, 60)
	m.Stale = fmt.Sprintf("%s lacks %s, an optional dependency of %s", l.File, missing, asker)
	if l.Native {
		m.Stale = fmt.Sprintf("%s was made on another system: it lacks %s, which %s needs on Linux", l.File, missing, asker)
	}
	m.StalePos, m.Mend = l.MissingPos, "delete node_modules and "+l.File+", run npm install, and commit the lockfile"
	return m
}

// packageName matches what npm's registry takes as a name: https://docs.npmjs.com/cli/configuring-npm/package-json#name.
var packageName = lazy.MustCompile(`^(@[A-Za-z0-9~][A-Za-z0-9._~-]*/)?[A-Za-z0-9~][A-Za-z0-9._~-]*$`)

// allowing is the manager for what its version does not install unless it is told to, and the repository's configuration says nothing of.
func (m Manager) allowing(in record.Input, f *node.Facts, brought string) Manager {
	if m.Blocks.From == 0 || release.Major(cmp.Or(m.Version, brought)) < m.Blocks.From {
		return m
	}
	set := func(keys ...string) bool {
		return slices.ContainsFunc(f.Npmrc, func(l fact.Fact[string]) bool {
			key, value, _ := strings.Cut(l.Value, "=")
			return slices.Contains(keys, key) && value != "false"
		})
	}
	lock := cmp.Or(m.Lock, &node.Lockfile{})
	if !set("allow-git") {
		m.allow(m.Blocks.Git, f, lock.Git, node.Dep.FromGit)
	}
	if !set("allow-remote") {
		var remote []string
		for _, name := range slices.Sorted(maps.Keys(lock.Remote)) {
			if host := lock.Remote[name]; !m.fromRegistry(f, host) {
				remote = append(remote, name)
			}
		}
		m.allow(m.Blocks.Remote, f, remote, node.Dep.FromURL)
	}
	if f.AllowScripts || set("allow-scripts", "ignore-scripts", "dangerously-allow-all-scripts") {
		return m
	}
	names := slices.Sorted(slices.Values(lock.Scripted))
	names = slices.DeleteFunc(names, func(n string) bool { return !packageName.MatchString(n) })
	program := m.Name + " " + cmp.Or(m.Version, brought)
	if known := m.Lock != nil && m.format() != "1"; !known {
		in.Log.Note(m.Pos, program+" runs the install scripts of no package that allowScripts of "+f.Manifest+" does not name", "npm install-scripts approve PACKAGE where one needs them, and commit "+f.Manifest)
	}
	if len(names) == 0 {
		return m
	}
	list := strings.Join(names, ",")
	for _, w := range m.Blocks.Scripts {
		m.Allow = append(m.Allow, strings.ReplaceAll(w, "{names}", list))
	}
	in.Log.Note(lock.Pos, fmt.Sprintf("%s runs the install scripts of packages that allowScripts of %s names, and it names none: the image lets those of %s run, of %s", program, f.Manifest, lock.File, plan.Printable(strings.Join(names, ", "), 200)),
		"npm install-scripts approve PACKAGE or deny PACKAGE, and commit "+f.Manifest)
	return m
}

// allow adds a flag to the installs for packages of a kind: for those of the app's own manifests alone, if these are all.
func (m *Manager) allow(flag string, f *node.Facts, locked []string, is func(node.Dep) bool) {
	own := map[string]bool{}
	for _, d := range f.All() {
		if is(d) {
			own[d.Name] = true
		}
	}
	switch {
	case slices.ContainsFunc(locked, func(name string) bool { return !own[name] }):
		flag += "=all"
	case len(own) > 0:
		flag += "=root"
	default:
		return
	}
	m.flagInstalls(flag)
}

// fromRegistry reports whether a host is a registry that .npmrc names, or one whose packages come from npm's own.
func (m Manager) fromRegistry(f *node.Facts, host string) bool {
	if slices.Contains(m.Install, m.FromMirror+"="+host) {
		return true
	}
	return slices.ContainsFunc(f.Registries, func(h fact.Fact[string]) bool { return h.Value == host && path.Base(h.Pos.File) == ".npmrc" })
}

// enforced is the line that has an install with another version of npm fail:
// https://docs.npmjs.com/cli/configuring-npm/package-json#devengines,
// https://docs.npmjs.com/cli/using-npm/config#engine-strict.
func (m Manager) enforced(f *node.Facts) (record.Option, bool) {
	for _, e := range f.DevEngines {
		if !e.Runtime && e.Name == m.Name && fails(e) && e.Version.Found() {
			return record.Option{Value: e.Version.Value, Pos: e.Version.Pos, Rule: "devEngines of " + f.Manifest}, true
		}
	}
	e, ok := f.Engines[m.Name]
	_, strict := Strict(f)
	return record.Option{Value: e.Value, Pos: e.Pos, Rule: "engines." + m.Name + " of " + f.Manifest}, ok && strict
}

// Strict is the line of .npmrc that has npm fail where engines is not met.
func Strict(f *node.Facts) (fact.Fact[string], bool) {
	i := slices.IndexFunc(f.Npmrc, func(l fact.Fact[string]) bool { return l.Value == "engine-strict=true" })
	if i < 0 {
		return fact.Fact[string]{}, false
	}
	return f.Npmrc[i], true
}

// fails reports whether npm fails where it does not find the engine.
func fails(e node.Engine) bool { return e.OnFail != "ignore" && e.OnFail != "warn" }

// Unmet is the entry of devEngines.runtime that has npm fail on every image of
// a major version of Node: of several one must be met, and the last one says
// what happens.
func Unmet(f *node.Facts, major string) (last node.Engine, ok bool) {
	for _, e := range f.DevEngines {
		if !e.Runtime {
			continue
		}
		if e.Name == "node" && release.TakesNewest(e.Version.Value, major) {
			return e, false
		}
		last, ok = e, fails(e)
	}
	return last, ok && strings.TrimSpace(last.Name) != ""
}

// replaces reports whether the image of a major version of Node has a program of
// the manager's name that is another one, or another version.
func (m Manager) replaces(major string) bool {
	return m.InImage != "" && release.Matches(m.InImage, major)
}
