package node

import (
	_ "embed"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/choice"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
)

//go:embed managers.yaml
var managersYAML []byte

// manager is a row of managers.yaml, and the version of it that was chosen.
type manager struct {
	Name    string   `yaml:"manager"`
	Source  string   `yaml:"source"`
	Install []string `yaml:"install"` // with a lockfile
	Loose   []string `yaml:"loose"`   // without, or where it is out of step
	Prune   []string `yaml:"prune"`   // leaves production dependencies only
	// NoWorkspacePrune says that Prune is wrong in a workspace.
	WorkspacePrune *bool    `yaml:"workspace-prune"`
	Anew           bool     `yaml:"anew"` // node_modules is removed before Prune
	Cache          string   `yaml:"cache"`
	Run            []string `yaml:"run"`  // a script
	Args           bool     `yaml:"args"` // a script's arguments stand behind --
	Test           []string `yaml:"test"`
	Member         []string `yaml:"member"`  // a script of a workspace's member
	Bin            []string `yaml:"bin"`     // a program of node_modules/.bin
	Files          []string `yaml:"files"`   // its configuration, read at install
	Package        string   `yaml:"package"` // of npm's registry, that installs it
	Bundled        string   `yaml:"bundled"` // Node versions whose image brings it
	Image          string   `yaml:"image"`   // that has its program
	Versions       []struct {
		Version   string   `yaml:"version"`
		Node      string   `yaml:"node"`
		Lockfiles []string `yaml:"lockfiles"`
		Prune     []string `yaml:"prune"` // where it is another for this major
	} `yaml:"versions"`

	version string // "" where the image's own serves
	pos     fact.Pos
	lock    *node.Lockfile // nil: none of this manager's
}

func managers() ([]manager, error) {
	var rows []manager
	if err := knowledge.Decode(managersYAML, &rows); err != nil {
		return nil, fmt.Errorf("managers.yaml: %w", err)
	}
	return rows, nil
}

// script is the command that runs a script with more arguments.
func (m manager) script(name string, args ...string) []string {
	out := append(slices.Clone(m.Run), name)
	if name == "test" && len(args) == 0 {
		out = slices.Clone(m.Test)
	}
	if len(args) > 0 && m.Args {
		out = append(out, "--")
	}
	return append(out, args...)
}

// inMember is the command that runs a script of a workspace's member, after
// those of the members that it uses where the manager knows how.
func (m manager) inMember(member, script string) []string {
	var out []string
	for _, w := range m.Member {
		out = append(out, strings.NewReplacer("{member}", member, "{script}", script).Replace(w))
	}
	return out
}

// program is the command that runs a program of node_modules/.bin.
func (m manager) program(argv ...string) []string {
	return append(slices.Clone(m.Bin), argv...)
}

// needs is the range of Node versions that the manager runs on, "" for all.
func (m manager) needs() string {
	for _, v := range m.Versions {
		if majorOf(v.Version) == majorOf(m.version) {
			return v.Node
		}
	}
	return ""
}

func majorOf(version string) int {
	head, _, _ := strings.Cut(strings.TrimLeft(version, "v^~>= "), ".")
	n, err := strconv.Atoi(head)
	if err != nil {
		return 0
	}
	return n
}

// decideManager chooses who installs the dependencies. What names a manager
// outright comes before the lockfiles, as Corepack and npm have it
// (https://nodejs.org/api/packages.html#packagemanager).
func decideManager(in choice.Input, f *node.Facts) (manager, error) {
	var cand []choice.Candidate
	add := func(name string, pos fact.Pos, rule string) {
		cand = append(cand, choice.Candidate{Value: name, Pos: pos, Rule: rule})
	}
	named, exact := splitVersion(f.PackageManager.Value)
	switch named {
	case "npm", "yarn", "pnpm", "bun":
		if named == "yarn" && majorOf(exact) > 1 {
			named = "berry"
		}
		add(named, f.PackageManager.Pos, "packageManager of "+f.Manifest)
	case "":
	default:
		in.Book.Note(f.PackageManager.Pos, fmt.Sprintf("packageManager names %q, which dockgen does not know", plan.Printable(named, 40)), "")
	}
	for _, e := range f.DevEngines {
		if !e.Runtime && slices.Contains([]string{"npm", "yarn", "pnpm", "bun"}, e.Name) {
			add(e.Name, e.Version.Pos, "devEngines of "+f.Manifest)
		}
	}
	for _, l := range orderLockfiles(f) {
		add(l.Manager, l.Pos, "the lockfile "+l.File)
	}
	for _, name := range []string{"pnpm", "yarn", "bun"} {
		if e, ok := f.Engines[name]; ok {
			add(name, e.Pos, "engines."+name+" of "+f.Manifest)
		}
		if v, ok := f.Volta[name]; ok {
			add(name, v.Pos, "volta of "+f.Manifest)
		}
	}
	for _, v := range f.Versions {
		if v.Tool == "pnpm" || v.Tool == "yarn" || v.Tool == "bun" {
			add(v.Tool, v.Pos, path.Base(v.Pos.File))
		}
	}
	if f.Manifest != "package.json" {
		add("pnpm", fact.At(path.Join(f.Dir, f.Manifest), 0), "pnpm alone reads "+f.Manifest)
	}
	for _, mark := range []struct{ file, name string }{{"pnpm-workspace.yaml", "pnpm"}, {"bunfig.toml", "bun"}} {
		if f.HasFile(mark.file) {
			add(mark.name, fact.At(path.Join(f.Dir, mark.file), 0), mark.file)
		}
	}
	if s, ok := f.Script("start"); ok && bunScript.MatchString(s.Value) {
		add("bun", s.Pos, "the start script runs bun")
	}
	add("npm", fact.At(path.Join(f.Dir, f.Manifest), 0), "the package manager that comes with Node")

	win, losers, _ := choice.First(cand...)
	losers = slices.DeleteFunc(losers, func(l plan.Candidate) bool { return l.Value == win.Value })
	name := in.Book.Choose(plan.Choice{Key: "node.manager", Value: win.Value, Rule: win.Rule, Pos: choice.At(win.Pos), Losers: losers})
	if name == "berry" {
		return manager{}, choice.Refuse(win.Pos, "use the node-modules linker of npm, pnpm or Yarn 1, or write the Dockerfile by hand",
			"Yarn from version 2 is not supported yet")
	}
	rows, err := managers()
	if err != nil {
		return manager{}, err
	}
	i := slices.IndexFunc(rows, func(m manager) bool { return m.Name == name })
	if i < 0 {
		return manager{}, choice.Refuse(win.Pos, "", "package manager %q is not supported", plan.Printable(name, 40))
	}
	m := rows[i]
	m.pos = win.Pos
	for k := range f.Lockfiles {
		if f.Lockfiles[k].Manager == name && m.lock == nil {
			m.lock = &f.Lockfiles[k]
		}
	}
	if err := m.decideVersion(in, f); err != nil {
		return m, err
	}
	for _, v := range m.Versions {
		if majorOf(v.Version) == majorOf(m.version) && len(v.Prune) > 0 {
			m.Prune = v.Prune
		}
	}
	return m, nil
}

// orderLockfiles puts the lockfile that counts first: one that is in step
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

// decideVersion chooses the manager's own version, where the image does not
// bring it: the exact one that the repository names, else a pinned one that
// reads the lockfile.
func (m *manager) decideVersion(in choice.Input, f *node.Facts) error {
	if m.Package == "" {
		return nil
	}
	var cand []choice.Candidate
	add := func(value string, pos fact.Pos, rule string) {
		cand = append(cand, choice.Candidate{Value: value, Pos: pos, Rule: rule})
	}
	if name, v := splitVersion(f.PackageManager.Value); name == m.Name {
		add(v, f.PackageManager.Pos, "packageManager of "+f.Manifest)
	}
	if v, ok := f.Volta[m.Name]; ok {
		add(v.Value, v.Pos, "volta of "+f.Manifest)
	}
	for _, e := range f.DevEngines {
		if !e.Runtime && e.Name == m.Name {
			add(e.Version.Value, e.Version.Pos, "devEngines of "+f.Manifest)
		}
	}
	for _, v := range f.Versions {
		if v.Tool == m.Name {
			add(v.Value, v.Pos, path.Base(v.Pos.File))
		}
	}
	if e, ok := f.Engines[m.Name]; ok {
		add(e.Value, e.Pos, "engines."+m.Name+" of "+f.Manifest)
	}
	for _, c := range cand {
		if v := m.resolve(c.Value); v != "" {
			ch := plan.Choice{Key: "node.manager.version", Value: v, Rule: c.Rule, Pos: choice.At(c.Pos), Link: m.Source}
			if v != c.Value {
				ch.Rule, ch.Input = c.Rule+" allows it", m.Name+" "+c.Value
			}
			m.version = in.Book.Choose(ch)
			return nil
		}
		in.Book.Note(c.Pos, fmt.Sprintf("asks for %s %s, which dockgen has no version for", m.Name, plan.Printable(c.Value, 40)), "")
	}
	ch := plan.Choice{Key: "node.manager.version", Link: m.Source, Input: m.Name}
	format := ""
	if m.lock != nil {
		format, _, _ = strings.Cut(m.lock.Version, ".")
		ch.Input += " lockfile " + m.lock.Version
	}
	for _, v := range m.Versions {
		if format == "" || len(v.Lockfiles) == 0 || slices.Contains(v.Lockfiles, format) && v.Lockfiles[0] == format {
			ch.Value, ch.Rule = v.Version, "the version that dockgen pins"
			break
		}
	}
	if ch.Value == "" {
		return choice.Refuse(m.lock.Pos, "run "+m.Name+" install with a current version", "no %s that dockgen knows reads lockfile version %s", m.Name, plan.Printable(m.lock.Version, 20))
	}
	if format != "" && len(m.Versions[0].Lockfiles) > 0 {
		ch.Rule, ch.Pos = "the pinned version that reads lockfile version "+m.lock.Version, choice.At(m.lock.Pos)
	}
	m.version = in.Book.Choose(ch)
	return nil
}

// resolve makes an exact version of what the repository asks for: itself
// where it is exact, else a pinned one in range, else the newest of a pinned
// one's major.
func (m *manager) resolve(asked string) string {
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
	for _, v := range m.Versions {
		if c.Match(v.Version) {
			return v.Version
		}
	}
	if low, err := c.CalculateMinVersion(); err == nil && low != nil {
		return low.Canon(false)
	}
	return ""
}
