package node

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// brought is the major version of the manager in the image of Node, "" where
// images have none.
func (a *app) brought() string {
	for _, b := range a.pm.Brings {
		if release.Matches(b.Node, a.node) {
			return b.Version
		}
	}
	return ""
}

// replaceBrought chooses another version of the manager than the image brings,
// where that one cannot read the lockfile, or the repository has every install
// with it fail.
func (a *app) replaceBrought() {
	m, brought := &a.pm, a.brought()
	if brought == "" {
		return
	}
	ch := plan.Choice{Key: "node.manager.version", Link: m.Source}
	format := m.format()
	if c, ok := a.enforced(); ok && !release.TakesNewest(c.Value, brought) {
		ch.Rule, ch.Pos, ch.Evidence = c.Rule, record.At(c.Pos), m.Name+" "+c.Value
		ch.Value = m.resolve(c.Value, func(needs string) bool { return release.Matches(needs, a.node) })
	} else if format != "" {
		for _, v := range m.Versions {
			if reads := slices.Contains(v.Lockfiles, format); reads && release.Major(v.Version) == release.Major(brought) {
				return
			} else if reads && ch.Value == "" && release.Matches(v.Node, a.node) {
				ch.Value = v.Version
			}
		}
		ch.Rule, ch.Pos = m.Name+" "+brought+" of the image does not read lockfile version "+format, record.At(m.lock.Pos)
		ch.Evidence = m.Name + " lockfile " + format + ", Node " + a.node
	}
	if ch.Value != "" {
		m.version = a.in.Log.Choose(ch)
	}
}

// enforced is the line that has an install with another version of npm fail:
// https://docs.npmjs.com/cli/configuring-npm/package-json#devengines,
// https://docs.npmjs.com/cli/using-npm/config#engine-strict.
func (a *app) enforced() (record.Option, bool) {
	for _, e := range a.f.DevEngines {
		if !e.Runtime && e.Name == a.pm.Name && fails(e) && e.Version.Found() {
			return record.Option{Value: e.Version.Value, Pos: e.Version.Pos, Rule: "devEngines of " + a.f.Manifest}, true
		}
	}
	e, ok := a.f.Engines[a.pm.Name]
	_, strict := a.strict()
	return record.Option{Value: e.Value, Pos: e.Pos, Rule: "engines." + a.pm.Name + " of " + a.f.Manifest}, ok && strict
}

// strict is the line of .npmrc that has npm end where engines is not met.
func (a *app) strict() (fact.Fact[string], bool) {
	i := slices.IndexFunc(a.f.Npmrc, func(l fact.Fact[string]) bool { return l.Value == "engine-strict=true" })
	if i < 0 {
		return fact.Fact[string]{}, false
	}
	return a.f.Npmrc[i], true
}

// fails reports whether npm ends where it does not find the engine.
func fails(e node.Engine) bool { return e.OnFail != "ignore" && e.OnFail != "warn" }

// unmet is the entry of devEngines.runtime that has npm end on every image of
// the Node that was chosen: of several one must be met, and the last one says
// what happens.
func (a *app) unmet() (last node.Engine, ok bool) {
	for _, e := range a.f.DevEngines {
		if !e.Runtime {
			continue
		}
		if e.Name == "node" && release.TakesNewest(e.Version.Value, a.node) {
			return e, false
		}
		last, ok = e, fails(e)
	}
	return last, ok && strings.TrimSpace(last.Name) != ""
}
