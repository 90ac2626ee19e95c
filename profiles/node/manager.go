package node

import (
	"cmp"
	_ "embed"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/record"

	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
)

//go:embed managers.yaml
var managersYAML []byte

// managerTable is managers.yaml.
type managerTable struct {
	Registries []registry `yaml:"registries"`
	Managers   []manager  `yaml:"managers"`
}

// registry is a host of packages that anybody may read.
type registry struct {
	Host   string `yaml:"host"`
	Source string `yaml:"source"`
}

// manager is a row of managers.yaml, and the version of it that was chosen.
type manager struct {
	Name    string   `yaml:"manager"`
	Program string   `yaml:"program"` // its command, where that is not Name
	Source  string   `yaml:"source"`
	Install []string `yaml:"install"` // with a lockfile
	Loose   []string `yaml:"loose"`   // without, or where it is out of step
	Prune   []string `yaml:"prune"`   // leaves production dependencies only
	// PruneAll is Prune in a workspace where it is another, and PruneMember where
	// one member is kept; PruneLoose is the flag of PruneAll without a lockfile that
	// is in step.
	PruneAll    []string `yaml:"prune-all"`
	PruneMember []string `yaml:"prune-member"`
	PruneLoose  string   `yaml:"prune-loose"`
	// Older is Prune on Node versions whose image has an old one of it.
	Older struct {
		Node  string   `yaml:"node"`
		Prune []string `yaml:"prune"`
	} `yaml:"older"`
	FirstLockfile string   `yaml:"first-lockfile"` // the flag that a lockfile of version 1 needs
	Anew          bool     `yaml:"anew"`           // node_modules is removed before Prune
	Unpatches     bool     `yaml:"unpatches"`      // Prune undoes what patch-package did
	Cache         string   `yaml:"cache"`
	Run           []string `yaml:"run"`  // a script
	Args          bool     `yaml:"args"` // a script's arguments stand behind --
	Test          []string `yaml:"test"`
	Member        []string `yaml:"member"`     // a script of a workspace's member
	MemberBin     []string `yaml:"member-bin"` // a program in its folder
	Uses          []string `yaml:"uses"`       // a script of it, after those of the members that it uses
	Bin           []string `yaml:"bin"`        // a program of node_modules/.bin
	Files         []string `yaml:"files"`      // its configuration, read at install
	Folders       []string `yaml:"folders"`    // the same
	Lifecycle     []string `yaml:"lifecycle"`  // scripts that its install runs, where not all of lifecycle
	// Login is the file of its user's own that authenticates.
	Login struct {
		ID     string `yaml:"id"`
		Target string `yaml:"target"`
	} `yaml:"login"`
	Strict  bool   `yaml:"strict"`  // every command fails where its configuration asks for a variable that is not set
	Package string `yaml:"package"` // of npm's registry, that installs it
	Over    string `yaml:"over"`    // Node versions whose image has a program of its name
	Bundled string `yaml:"bundled"` // the version of it that they have, where it is the same program
	// Brings are the major versions of it that the images of Node have, where
	// all of them have one.
	Brings []struct {
		Node    string `yaml:"node"`
		Version string `yaml:"version"`
	} `yaml:"brings"`
	Versions []struct {
		Version   string   `yaml:"version"`
		Node      string   `yaml:"node"`
		Lockfiles []string `yaml:"lockfiles"`
		Prune     []string `yaml:"prune"`  // where it is another for this major
		Plugin    string   `yaml:"plugin"` // that Prune needs
	} `yaml:"versions"`

	version string // "" where the image's own serves
	pos     fact.Pos
	lock    *node.Lockfile // nil: none of this manager's
	release string         // the committed program that its command runs, "" for none
}

var managers = table.Lazy[managerTable]("managers.yaml", managersYAML) //nolint:gochecknoglobals // decoded once

// command is the name of its program.
func (m manager) command() string { return cmp.Or(m.Program, m.Name) }

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

// inMember fills in a command of the row's, such as Member, with more
// arguments for the script.
func (m manager) inMember(row []string, member, script string, args ...string) []string {
	var out []string
	for _, w := range row {
		out = append(out, strings.NewReplacer("{member}", member, "{script}", script).Replace(w))
	}
	if len(args) > 0 && m.Args {
		out = append(out, "--")
	}
	return append(out, args...)
}

// memberProgram is the command that runs a program of node_modules/.bin in a
// member's folder.
func (m manager) memberProgram(member string, argv ...string) []string {
	return append(m.inMember(m.MemberBin, member, ""), argv...)
}

// program is the command that runs a program of node_modules/.bin.
func (m manager) program(argv ...string) []string {
	return append(slices.Clone(m.Bin), argv...)
}

// needs is the range of Node versions that the manager runs on, "" for all.
func (m manager) needs() string {
	for _, v := range m.Versions {
		if release.Major(v.Version) == release.Major(m.version) {
			return v.Node
		}
	}
	return ""
}

// decideManager chooses who installs the dependencies. What names a manager
// outright comes before the lockfiles, as Corepack and npm have it
// (https://nodejs.org/api/packages.html#packagemanager).
func decideManager(in record.Input, f *node.Facts) (manager, error) {
	cand := managerCandidates(in, f)
	win, rejected, _ := record.First(cand...)
	rejected = slices.DeleteFunc(rejected, func(l plan.Rejected) bool { return l.Value == win.Value })
	name := in.Log.Choose(plan.Choice{Key: "node.manager", Value: win.Value, Rule: win.Rule, Pos: record.At(win.Pos), Rejected: rejected})
	table, err := managers()
	if err != nil {
		return manager{}, err
	}
	i := slices.IndexFunc(table.Managers, func(m manager) bool { return m.Name == name })
	if i < 0 {
		return manager{}, record.Refuse(win.Pos, "", "package manager %q is not supported", plan.Printable(name, 40))
	}
	m := table.Managers[i]
	m.pos = win.Pos
	m.takeLockfile(in, f)
	m.takeRelease(in, f)
	if err := m.decideVersion(in, f); err != nil {
		return m, err
	}
	for _, v := range m.Versions {
		if release.Major(v.Version) == release.Major(m.version) && len(v.Prune) > 0 {
			m.Prune = v.Prune
		}
	}
	if m.FirstLockfile != "" && m.lock != nil && m.lock.Version == "1" {
		for _, argv := range []*[]string{&m.Install, &m.Loose, &m.Prune} {
			*argv = append(slices.Clone(*argv), m.FirstLockfile)
		}
	}
	return m, nil
}

// takeLockfile notes the manager's lockfile, and tells of others beside it.
func (m *manager) takeLockfile(in record.Input, f *node.Facts) {
	var others []string
	for k := range f.Lockfiles {
		l := &f.Lockfiles[k]
		// Yarn from version 2 on reads the lockfile of Yarn 1 and converts it.
		mine := l.Manager == m.Name || m.Name == "berry" && l.Manager == "yarn"
		if mine && m.lock == nil {
			m.lock = l
		} else if !mine {
			others = append(others, l.File)
		}
	}
	if m.lock != nil && len(others) > 0 {
		in.Log.Note(m.lock.Pos, fmt.Sprintf("there is more than one lockfile: %s counts, and %s does not", m.lock.File, strings.Join(others, ", ")),
			"delete what nobody keeps up to date")
	}
}

// managerCandidates are the lines that name a package manager, those that
// count more first.
func managerCandidates(in record.Input, f *node.Facts) []record.Option {
	var cand []record.Option
	named, exact := splitVersion(f.PackageManager.Value)
	switch named {
	case "npm", "yarn", "pnpm", "bun":
		cand = append(cand, record.Option{Value: which(f, named, exact), Pos: f.PackageManager.Pos, Rule: "packageManager of " + f.Manifest})
	case "":
	default:
		in.Log.Note(f.PackageManager.Pos, fmt.Sprintf("packageManager names %q, which dockgen does not know", plan.Printable(named, 40)), "")
	}
	for _, e := range f.DevEngines {
		if !e.Runtime && slices.Contains([]string{"npm", "yarn", "pnpm", "bun"}, e.Name) {
			cand = append(cand, record.Option{Value: which(f, e.Name, e.Version.Value), Pos: e.Version.Pos, Rule: "devEngines of " + f.Manifest})
		}
	}
	if f.Manifest != "package.json" {
		cand = append(cand, record.Option{Value: "pnpm", Pos: fact.At(path.Join(f.Dir, f.Manifest), 0), Rule: "pnpm alone reads " + f.Manifest})
	}
	marks, scripts := managerMarks(f), managerScripts(f)
	has := map[string]bool{}
	for _, l := range f.Lockfiles {
		has[l.Manager] = true
	}
	if len(has) > 1 {
		// Between lockfiles, what else names a manager decides.
		for _, c := range append(slices.Clone(marks), scripts...) {
			if has[c.Value] {
				c.Rule += ", which decides between the lockfiles"
				cand = append(cand, c)
			}
		}
	}
	for _, l := range orderLockfiles(f) {
		cand = append(cand, record.Option{Value: l.Manager, Pos: l.Pos, Rule: "the lockfile " + l.File})
	}
	cand = append(cand, marks...)
	for _, name := range []string{"start", "dev"} {
		s, ok := f.Script(name)
		if ok && script.RunsBun(s.Value) {
			cand = append(cand, record.Option{Value: "bun", Pos: s.Pos, Rule: "the " + name + " script runs bun"})
		}
		if ok {
			break // how it is developed says no more than how it is started
		}
	}
	return append(append(cand, scripts...),
		record.Option{Value: "npm", Pos: fact.At(path.Join(f.Dir, f.Manifest), 0), Rule: "the package manager that comes with Node"})
}

// managerMarks are what beside a lockfile only one manager reads, or names one.
func managerMarks(f *node.Facts) []record.Option {
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
var onlyAllow = regexp.MustCompile(`\bonly-allow\s+(npm|yarn|pnpm|bun)\b`)

// managerScripts is the manager that the scripts run one another with, where
// they run no other.
func managerScripts(f *node.Facts) []record.Option {
	names := make([]string, 0, len(f.Scripts))
	for name := range f.Scripts {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []record.Option
	for _, name := range names {
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
var releaseName = regexp.MustCompile(`yarn-(\d+\.\d+\.\d+[0-9A-Za-z.-]*?)\.c?js$`)

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
		return pick(modern || version == "berry" || version == "stable" || version == "canary", "berry", "yarn")
	}
	low, err := c.CalculateMinVersion()
	if err != nil || low == nil {
		return pick(modern, "berry", "yarn")
	}
	if n, ok := low.Major(); ok && n > 1 {
		return "berry"
	}
	if above, err := semver.NPM.ParseConstraint(">=2"); modern && err == nil && release.Intersect(c, above) {
		return "berry"
	}
	return "yarn"
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

// takeRelease notes the committed program that Yarn hands over to.
func (m *manager) takeRelease(in record.Input, f *node.Facts) {
	if m.command() != "yarn" || f.Yarn.Path.Value == "" {
		return
	}
	if in.Tree.Has(path.Join(f.Dir, f.Yarn.Path.Value)) {
		m.release = f.Yarn.Path.Value
		return
	}
	in.Log.Note(f.Yarn.Path.Pos, "names a release of Yarn that is not in the repository: "+plan.Printable(f.Yarn.Path.Value, 60), "commit it, or take the line out")
}

// decideVersion chooses the manager's own version, where the image does not
// bring it: the exact one that the repository names, else a pinned one that
// reads the lockfile.
func (m *manager) decideVersion(in record.Input, f *node.Facts) error {
	if m.Package == "" || len(m.Brings) > 0 {
		return nil
	}
	runs := func(needs string) bool { return runsOnAsked(in, f, needs) }
	for _, c := range m.asked(f) {
		if v := m.resolve(c.Value, runs); v != "" {
			ch := plan.Choice{Key: "node.manager.version", Value: v, Rule: c.Rule, Pos: record.At(c.Pos), Link: m.Source}
			if v != c.Value {
				ch.Rule, ch.Evidence = c.Rule+" allows it", m.Name+" "+c.Value
			}
			m.version = in.Log.Choose(ch)
			return nil
		}
		in.Log.Note(c.Pos, fmt.Sprintf("asks for %s %s, which dockgen has no version for", m.command(), plan.Printable(c.Value, 40)), "")
	}
	ch := plan.Choice{Key: "node.manager.version", Link: m.Source, Evidence: m.Name}
	format := m.format()
	if format != "" {
		ch.Evidence += " lockfile " + m.lock.Version
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
		return record.Refuse(m.lock.Pos, "run "+m.command()+" install with a current version", "no %s that dockgen knows reads lockfile version %s", m.command(), plan.Printable(m.lock.Version, 20))
	}
	if format != "" && len(m.Versions[0].Lockfiles) > 0 {
		ch.Rule, ch.Pos = "the pinned version that reads lockfile version "+m.lock.Version, record.At(m.lock.Pos)
	}
	m.version = in.Log.Choose(ch)
	return nil
}

// asked are the lines that ask for a version of the manager, the one that
// counts first.
func (m *manager) asked(f *node.Facts) []record.Option {
	var cand []record.Option
	add := func(value string, pos fact.Pos, rule string) {
		if value != "" {
			cand = append(cand, record.Option{Value: value, Pos: pos, Rule: rule})
		}
	}
	own := func(name, version string) bool { return which(f, name, version) == m.Name }
	if v := releaseName.FindStringSubmatch(f.Yarn.Path.Value); v != nil && own("yarn", v[1]) {
		add(v[1], f.Yarn.Path.Pos, "the release that "+f.Yarn.Config+" names")
	}
	// pnpm from 11 on writes down which version of itself it takes, and takes
	// no other: https://pnpm.io/package_json#devenginespackagemanager.
	if l := m.lock; l != nil && l.Program != "" {
		add(l.Program, l.Pos, "what "+l.File+" says of "+m.Name+" itself")
	}
	if name, v := splitVersion(f.PackageManager.Value); own(name, v) {
		add(v, f.PackageManager.Pos, "packageManager of "+f.Manifest)
	}
	if v, ok := f.Volta[m.command()]; ok && own(m.command(), v.Value) {
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
	if e, ok := f.Engines[m.command()]; ok && own(m.command(), e.Value) {
		add(e.Value, e.Pos, "engines."+m.command()+" of "+f.Manifest)
	}
	return cand
}

// format is the major version of the lockfile's format, "" where there is no
// lockfile of the manager's own.
func (m *manager) format() string {
	if m.lock == nil || m.lock.Manager != m.Name {
		return ""
	}
	format, _, _ := strings.Cut(m.lock.Version, ".")
	return format
}

// resolve makes an exact version of what the repository asks for: itself
// where it is exact, else a pinned one in range, of those one that reads the
// lockfile and runs on the Node that is asked for, else the newest of a pinned
// one's major.
func (m *manager) resolve(asked string, runs func(needs string) bool) string {
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
func (m *manager) writes() string {
	format := ""
	for _, v := range m.Versions { // newest first
		if release.Major(v.Version) == release.Major(m.version) && len(v.Lockfiles) > 0 && semver.NPM.Compare(m.version, v.Version) <= 0 {
			format = v.Lockfiles[0]
		}
	}
	return format
}

// reads reports whether the chosen version is known to read the lockfile, or
// nothing is known of it.
func (m *manager) reads() bool {
	known := false
	for _, v := range m.Versions {
		if release.Major(v.Version) == release.Major(m.version) && len(v.Lockfiles) > 0 {
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
func (m *manager) stale(f *node.Facts) (why string, pos fact.Pos) {
	switch l := m.lock; {
	case l == nil:
		return "", fact.Pos{}
	case l.Manager != m.Name:
		return l.File + " is of Yarn 1, and Yarn " + m.version + " converts it", l.Pos
	case l.Stale != "":
		return l.File + " is out of step with " + f.Manifest + ": " + plan.Printable(l.Stale, 60) + " differs", l.StalePos
	case m.Name == "pnpm" && !m.reads():
		return fmt.Sprintf("%s has format %s, which pnpm %s does not read", l.File, plan.Printable(l.Version, 10), plan.Printable(m.version, 20)), l.Pos
	// Yarn from version 2 on writes its format anew; --immutable forbids it.
	case m.Name == "berry" && m.writes() != "" && m.writes() != l.Version:
		return fmt.Sprintf("%s has format %s, and Yarn %s writes format %s", l.File, plan.Printable(l.Version, 10), plan.Printable(m.version, 20), m.writes()), l.Pos
	}
	return "", fact.Pos{}
}
