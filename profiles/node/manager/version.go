package manager

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// decideVersion chooses the manager's own version, where the image does not
// bring it: the exact one that the repository names, else a pinned one that
// reads the lockfile. from is the file that says so, "" for none.
func decideVersion(in record.Input, f *node.Facts, m Manager, runs func(needs string) bool) (version, from string, err error) {
	if m.Package == "" || len(m.Brings) > 0 {
		return "", "", nil
	}
	for _, c := range m.Asked(f) {
		if v := m.resolve(c.Value, runs); v != "" {
			ch := plan.Choice{Key: "node.manager.version", Value: v, Rule: c.Rule, Pos: record.At(c.Pos), Link: m.Source}
			if v != c.Value {
				ch.Rule, ch.Evidence = c.Rule+" allows it", m.Name+" "+c.Value
			}
			return in.Log.Choose(ch), c.Pos.File, nil
		}
		in.Log.Note(c.Pos, fmt.Sprintf("asks for %s %s, which dockgen has no version for", m.Command(), plan.Printable(c.Value, 40)), "")
	}
	ch := plan.Choice{Key: "node.manager.version", Link: m.Source, Evidence: m.Name}
	format := m.format()
	if format != "" {
		ch.Evidence += " lockfile " + m.Lock.Version
	}
	for _, v := range m.Versions {
		writes := format == "" || len(v.Lockfiles) == 0 || v.Lockfiles[0] == format
		if fits := runs(v.Node); writes && (fits || ch.Value == "") {
			ch.Value, ch.Rule = v.Version, "the version that dockgen pins"
			if fits {
				break
			}
		}
	}
	if format == "" && ch.Value != "" && ch.Value != m.Versions[0].Version {
		ch.Rule = "the version that dockgen pins for the Node that is asked for"
	}
	if ch.Value == "" {
		return "", "", record.Refuse(m.Lock.Pos, "run "+m.Command()+" install with a current version", "no %s that dockgen knows reads lockfile version %s", m.Command(), plan.Printable(m.Lock.Version, 20))
	}
	if format != "" && len(m.Versions[0].Lockfiles) > 0 {
		ch.Rule, ch.Pos = "the pinned version that reads lockfile version "+m.Lock.Version, record.At(m.Lock.Pos)
		from = m.Lock.Pos.File
	}
	return in.Log.Choose(ch), from, nil
}

// Asked are the lines that ask for a version of the manager, the one that
// counts first.
func (m Manager) Asked(f *node.Facts) []record.Option {
	var cand []record.Option
	add := func(value string, pos fact.Pos, rule string) {
		if value != "" {
			cand = append(cand, record.Option{Value: value, Pos: pos, Rule: rule})
		}
	}
	if f.Rush != nil && m.Name == "rush" {
		add(f.Rush.Version.Value, f.Rush.Version.Pos, "rushVersion of "+f.Manifest)
	}
	own := func(name, version string) bool { return which(f, name, version) == m.Name }
	if v := releaseName.FindStringSubmatch(f.Yarn.Path.Value); v != nil && own("yarn", v[1]) {
		add(v[1], f.Yarn.Path.Pos, "the release that "+f.Yarn.Config+" names")
	}
	// pnpm from 11 on writes down which version of itself it takes, and takes
	// no other: https://pnpm.io/package_json#devenginespackagemanager.
	if l := m.Lock; l != nil && l.Program != "" {
		add(l.Program, l.Pos, "what "+l.File+" says of "+m.Name+" itself")
	}
	if name, v := splitVersion(f.PackageManager.Value); own(name, v) {
		add(v, f.PackageManager.Pos, "packageManager of "+f.Manifest)
	}
	if v, ok := f.Volta[m.Command()]; ok && own(m.Command(), v.Value) {
		add(v.Value, v.Pos, "volta of "+f.Manifest)
	}
	for _, e := range f.DevEngines {
		if !e.Runtime && own(e.Name, e.Version.Value) {
			add(e.Version.Value, e.Version.Pos, "devEngines of "+f.Manifest)
		}
	}
	for _, v := range f.Versions {
		if own(v.Tool, v.Value) {
			add(v.Value, v.Pos, path.Base(v.Pos.File))
		}
	}
	if e, ok := f.Engines[m.Command()]; ok && own(m.Command(), e.Value) {
		add(e.Value, e.Pos, "engines."+m.Command()+" of "+f.Manifest)
	}
	return cand
}

// format is the major version of the lockfile's format, "" where there is no
// lockfile of the manager's own.
func (m Manager) format() string {
	if m.Lock == nil || m.Lock.Manager != m.Name {
		return ""
	}
	format, _, _ := strings.Cut(m.Lock.Version, ".")
	return format
}

// resolve makes an exact version of what the repository asks for: itself
// where it is exact, else a pinned one in range, of those one that reads the
// lockfile and runs on the Node that is asked for, else the newest of a pinned
// one's major.
func (m Manager) resolve(asked string, runs func(needs string) bool) string {
	if asked == "latest" || asked == "" {
		return ""
	}
	c, err := semver.NPM.ParseConstraint(asked)
	if err != nil {
		return ""
	}
	if v, err := semver.NPM.Parse(asked); err == nil && c.IsSimple() && !v.IsWildcard() && strings.Count(asked, ".") == 2 {
		return strings.TrimPrefix(asked, "v")
	}
	format := m.format()
	best, rank := "", 0
	for _, v := range m.Versions {
		n := 1
		if format == "" || slices.Contains(v.Lockfiles, format) {
			n += 2
		}
		if runs(v.Node) {
			n++
		}
		if c.Match(v.Version) && n > rank {
			best, rank = v.Version, n
		}
	}
	if best != "" {
		return best
	}
	if low, err := c.CalculateMinVersion(); err == nil && low != nil {
		return low.Canon(false)
	}
	return ""
}

// writes is the format that the chosen version writes, "" where dockgen does
// not know: that of the oldest listed version from there on.
func (m Manager) writes() string {
	format := ""
	for _, v := range m.ofMajor() { // newest first
		if len(v.Lockfiles) > 0 && semver.NPM.Compare(m.Version, v.Version) <= 0 {
			format = v.Lockfiles[0]
		}
	}
	return format
}

// reads reports whether the chosen version is known to read the lockfile, or
// nothing is known of it.
func (m Manager) reads() bool {
	known := false
	for _, v := range m.ofMajor() {
		if len(v.Lockfiles) > 0 {
			if slices.Contains(v.Lockfiles, m.format()) {
				return true
			}
			known = true
		}
	}
	return !known
}

// stale says why the install cannot take the lockfile as it is, and where
// that stands; "" where it can.
func (m Manager) stale(f *node.Facts) (why string, pos fact.Pos) {
	switch l := m.Lock; {
	case l == nil:
		return "", fact.Pos{}
	case l.Manager != m.Name:
		return l.File + " was written by Yarn 1, and Yarn " + m.Version + " converts it", l.Pos
	case l.Stale != "":
		return l.File + " is out of sync with " + f.Manifest + ": " + plan.Printable(l.Stale, 60) + " differs", l.StalePos
	case m.Name == "pnpm" && !m.reads():
		return fmt.Sprintf("%s has format %s, which pnpm %s does not read", l.File, plan.Printable(l.Version, 10), plan.Printable(m.Version, 20)), l.Pos
	// Yarn from version 2 on rewrites the lockfile in its own format; --immutable forbids it.
	case m.Name == "berry" && m.writes() != "" && m.writes() != l.Version:
		return fmt.Sprintf("%s has format %s, and Yarn %s writes format %s", l.File, plan.Printable(l.Version, 10), plan.Printable(m.Version, 20), m.writes()), l.Pos
	}
	return "", fact.Pos{}
}
