package manager

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Decide chooses who installs the dependencies, and its version. What names a
// manager outright comes before the lockfiles, as Corepack and npm have it
// (https://nodejs.org/api/packages.html#packagemanager). runs reports whether a
// range of Node versions holds one that the repository asks for.
func Decide(in record.Input, f *node.Facts, runs func(needs string) bool) (Manager, error) {
	cand := candidates(in, f)
	if f.Rush != nil {
		cand = []record.Option{{Value: "rush", Pos: f.Rush.Version.Pos, Rule: "rush.json names the projects that it installs and builds"}}
	}
	win, rejected, _ := record.First(cand...)
	rejected = slices.DeleteFunc(rejected, func(l plan.Rejected) bool { return l.Value == win.Value })
	name := in.Log.Choose(plan.Choice{Key: "node.manager", Value: win.Value, Rule: win.Rule, Pos: record.At(win.Pos), Rejected: rejected})
	table, err := managers()
	if err != nil {
		return Manager{}, err
	}
	i := slices.IndexFunc(table.Managers, func(m Manager) bool { return m.Name == name })
	if i < 0 {
		return Manager{}, record.Refuse(win.Pos, "", "package manager %q is not supported", plan.Printable(name, 40))
	}
	m := table.Managers[i]
	m.Pos = win.Pos
	m.Lock = lockfile(in, f, m.Name)
	m.Release = committed(in, f, m.Command())
	if m.Version, m.From, err = decideVersion(in, f, m, runs); err != nil {
		return m, err
	}
	if m.Name == "rush" {
		pnpm := table.Managers[slices.IndexFunc(table.Managers, func(m Manager) bool { return m.Name == "pnpm" })]
		pnpm.Version = f.Rush.Pnpm.Value
		m.With, m.needs = pnpm.Version, pnpm.Needs()
		if !f.Rush.Workspaces {
			m.Install = m.For("").Install
		}
		for _, h := range f.Rush.Hooks {
			in.Log.Note(h.Pos, "the install runs no hooks of Rush: one of them runs more than what lies below common, which alone is there then", "make it a step of a build script if the app needs it")
			m.flagInstalls("--ignore-hooks")
			break
		}
	}
	for _, v := range m.ofMajor() {
		if len(v.Prune) > 0 {
			m.Prune = v.Prune
		}
	}
	if m.FirstLockfile != "" && m.Lock != nil && m.Lock.Version == "1" {
		m.flag(m.FirstLockfile)
	}
	if m.FromMirror != "" && m.Lock != nil && slices.ContainsFunc(table.Registries, func(r registry) bool { return r.Mirror && r.Host == m.Lock.Host }) {
		m.flag(m.FromMirror + "=" + m.Lock.Host)
	}
	m.Stale, m.StalePos = m.stale(f)
	m.tasks = tasksOf(f)
	return m, nil
}

// flag adds a flag to all that installs or prunes.
func (m *Manager) flag(word string) {
	m.flagInstalls(word)
	m.Prune = append(slices.Clone(m.Prune), word)
}

// flagInstalls adds a flag to all that installs.
func (m *Manager) flagInstalls(word string) {
	for _, argv := range []*[]string{&m.Install, &m.Unlocked, &m.Production.Install} {
		*argv = append(slices.Clone(*argv), word)
	}
}

// lockfile is the lockfile of the manager, nil for none; others beside it are
// said.
func lockfile(in record.Input, f *node.Facts, manager string) *node.Lockfile {
	var mine *node.Lockfile
	var others []string
	for k := range f.Lockfiles {
		l := &f.Lockfiles[k]
		// Yarn from version 2 on reads the lockfile of Yarn 1 and converts it.
		its := l.Manager == manager || manager == "berry" && l.Manager == "yarn"
		if its && mine == nil {
			mine = l
		} else if !its {
			others = append(others, l.File)
		}
	}
	if mine != nil && len(others) > 0 {
		in.Log.Note(mine.Pos, fmt.Sprintf("there is more than one lockfile: %s is used, and %s is not", mine.File, strings.Join(others, ", ")),
			"delete the lockfile that nobody keeps up to date")
	}
	if mine == nil && len(others) > 0 {
		in.Log.Note(f.Lockfiles[0].Pos, strings.Join(others, ", ")+" is not used: it is of another package manager than "+strings.Replace(manager, "berry", "yarn", 1), "delete the lockfile, or name its manager in packageManager")
	}
	return mine
}

// committed is the committed program that Yarn hands over to, "" for none.
func committed(in record.Input, f *node.Facts, command string) string {
	if command != "yarn" || f.Yarn.Path.Value == "" {
		return ""
	}
	if in.Tree.Has(path.Join(f.Dir, f.Yarn.Path.Value)) {
		return f.Yarn.Path.Value
	}
	in.Log.Note(f.Yarn.Path.Pos, "names a release of Yarn that is not in the repository: "+plan.Printable(f.Yarn.Path.Value, 60), "commit it, or take the line out")
	return ""
}

// candidates are the lines that name a package manager, those that
// count more first.
func candidates(in record.Input, f *node.Facts) []record.Option {
	var cand []record.Option
	asked, exact := splitVersion(f.PackageManager.Value)
	switch asked {
	case "npm", "yarn", "pnpm", "bun":
		cand = append(cand, record.Option{Value: which(f, asked, exact), Pos: f.PackageManager.Pos, Rule: "packageManager of " + f.Manifest})
	case "":
	default:
		in.Log.Note(f.PackageManager.Pos, fmt.Sprintf("packageManager names %q, which dockgen does not know", plan.Printable(asked, 40)), "")
	}
	for _, e := range f.DevEngines {
		if !e.Runtime && slices.Contains([]string{"npm", "yarn", "pnpm", "bun"}, e.Name) {
			cand = append(cand, record.Option{Value: which(f, e.Name, e.Version.Value), Pos: e.Version.Pos, Rule: "devEngines of " + f.Manifest})
		}
	}
	if f.Manifest != "package.json" && f.Bare == "" {
		cand = append(cand, record.Option{Value: "pnpm", Pos: fact.At(path.Join(f.Dir, f.Manifest), 0), Rule: "pnpm alone reads " + f.Manifest})
	}
	named, run := marks(f), byScripts(f)
	has := map[string]bool{}
	for _, l := range f.Lockfiles {
		has[l.Manager] = true
	}
	if len(has) > 1 {
		// Between lockfiles, what else names a manager decides.
		for _, c := range append(slices.Clone(named), run...) {
			if has[c.Value] {
				c.Rule += ", which decides between the lockfiles"
				cand = append(cand, c)
			}
		}
	}
	for _, l := range orderLockfiles(f) {
		cand = append(cand, record.Option{Value: l.Manager, Pos: l.Pos, Rule: "the lockfile " + l.File})
	}
	cand = append(cand, named...)
	for _, name := range []string{"start", "dev"} {
		s, ok := f.Script(name)
		if ok && script.RunsBun(s.Value) {
			cand = append(cand, record.Option{Value: "bun", Pos: s.Pos, Rule: "the " + name + " script runs bun"})
		}
		if ok {
			break // how it is developed says no more than how it is started
		}
	}
	return append(append(cand, run...),
		record.Option{Value: "npm", Pos: fact.At(path.Join(f.Dir, f.Manifest+f.Bare), 0), Rule: "the package manager that comes with Node"})
}

// marks are what beside a lockfile only one manager reads, or names one.
func marks(f *node.Facts) []record.Option {
	var out []record.Option
	add := func(name, version string, pos fact.Pos, rule string) {
		out = append(out, record.Option{Value: which(f, name, version), Pos: pos, Rule: rule})
	}
	if s, ok := f.Script("preinstall"); ok {
		if m := onlyAllow.FindStringSubmatch(s.Value); m != nil {
			add(m[1], "", s.Pos, "the preinstall script allows only "+m[1])
		}
	}
	for _, name := range []string{"pnpm", "yarn", "bun"} {
		if e, ok := f.Engines[name]; ok {
			add(name, e.Value, e.Pos, "engines."+name+" of "+f.Manifest)
		}
		if v, ok := f.Volta[name]; ok {
			add(name, v.Value, v.Pos, "volta of "+f.Manifest)
		}
	}
	for _, v := range f.Versions {
		if v.Tool == "pnpm" || v.Tool == "yarn" || v.Tool == "bun" {
			add(v.Tool, v.Value, v.Pos, path.Base(v.Pos.File))
		}
	}
	for _, mark := range []struct{ file, name string }{{"pnpm-workspace.yaml", "pnpm"}, {".yarnrc.yml", "yarn"}, {".yarnrc", "yarn"}, {"bunfig.toml", "bun"}} {
		if f.HasFile(mark.file) {
			add(mark.name, "", fact.At(path.Join(f.Dir, mark.file), 0), mark.file)
		}
	}
	return out
}

// onlyAllow matches a script that refuses other package managers:
// https://github.com/pnpm/only-allow#readme.
var onlyAllow = lazy.MustCompile(`\bonly-allow\s+(npm|yarn|pnpm|bun)\b`)

// byScripts is the manager that the scripts run one another with, where
// they run no other.
func byScripts(f *node.Facts) []record.Option {
	var out []record.Option
	for _, name := range slices.Sorted(maps.Keys(f.Scripts)) {
		for _, words := range script.Commands(f.Scripts[name].Value) {
			if !slices.Contains([]string{"npm", "yarn", "pnpm"}, words[0]) {
				continue
			}
			if len(out) > 0 && out[0].Value != which(f, words[0], "") {
				return nil
			}
			if len(out) == 0 {
				out = append(out, record.Option{Value: which(f, words[0], ""), Pos: f.Scripts[name].Pos, Rule: "the scripts run " + words[0]})
			}
		}
	}
	return out
}

// releaseName is the version in the name of a committed release of Yarn.
var releaseName = lazy.MustCompile(`yarn-(\d+\.\d+\.\d+[0-9A-Za-z.-]*?)\.c?js$`)

// which tells Yarn 1 from what came after it, which is another program: by
// the version that is asked for, or where that fits both by what is there.
func which(f *node.Facts, name, version string) string {
	if name != "yarn" {
		return name
	}
	modern := f.Yarn.Config == ".yarnrc.yml"
	for _, l := range f.Lockfiles {
		modern = modern || l.Manager == "berry"
	}
	if m := releaseName.FindStringSubmatch(f.Yarn.Path.Value); m != nil {
		modern = release.Major(m[1]) > 1
	}
	c, err := semver.NPM.ParseConstraint(version)
	if err != nil || version == "" {
		if modern || version == "berry" || version == "stable" || version == "canary" {
			return "berry"
		}
		return "yarn"
	}
	low, err := c.CalculateMinVersion()
	if err != nil || low == nil {
		if modern {
			return "berry"
		}
		return "yarn"
	}
	if n, ok := low.Major(); ok && n > 1 {
		return "berry"
	}
	if above, err := semver.NPM.ParseConstraint(">=2"); modern && err == nil && release.Intersect(c, above) {
		return "berry"
	}
	return "yarn"
}

// orderLockfiles puts the lockfile that counts first: one that is in sync
// before one that is not, then the managers that somebody chose on purpose
// before npm.
func orderLockfiles(f *node.Facts) []node.Lockfile {
	list := slices.Clone(f.Lockfiles)
	rank := func(l node.Lockfile) int {
		n := slices.Index([]string{"pnpm", "yarn", "berry", "bun", "npm"}, l.Manager)
		if l.Stale != "" {
			n += 10
		}
		return n
	}
	slices.SortStableFunc(list, func(a, b node.Lockfile) int { return rank(a) - rank(b) })
	return list
}

// splitVersion splits "pnpm@10.4.1+sha512.…".
func splitVersion(s string) (name, version string) {
	name, version, _ = strings.Cut(s, "@")
	version, _, _ = strings.Cut(version, "+")
	return name, version
}
