package manager

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
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
// than the image brings, where that one cannot read the lockfile, or the
// repository has every install with it fail.
func (m Manager) On(in record.Input, f *node.Facts, major string) Manager {
	brought := m.Brought(major)
	if brought == "" {
		return m
	}
	return m.reading(in, f, major, brought).lacking(in, major, brought)
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
