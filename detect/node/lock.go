package node

import (
	"bytes"
	"cmp"
	"errors"
	"path"
	"slices"
	"strings"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// lockReaders are the lockfiles by name, in the order of Facts.Lockfiles.
var lockReaders = []struct { //nolint:gochecknoglobals // a constant table
	name, manager string
	read          func(*Facts, *tree.Tree, *Lockfile) error
}{
	{"npm-shrinkwrap.json", "npm", readNpmLock},
	{"package-lock.json", "npm", readNpmLock},
	{"yarn.lock", "yarn", readYarnLock},
	{"pnpm-lock.yaml", "pnpm", readPnpmLock},
	{"bun.lock", "bun", readBunLock},
	{"bun.lockb", "bun", nil}, // binary
}

// lockfiles finds the lockfiles beside the manifest and compares each with
// it: a package manager refuses to install from one that is out of step.
func (f *Facts) lockfiles(t *tree.Tree) error {
	for _, r := range lockReaders {
		file := path.Join(f.Dir, r.name)
		if !t.Has(file) {
			continue
		}
		l := Lockfile{Manager: r.manager, File: r.name, Pos: fact.At(file, 0)}
		if r.read != nil {
			if err := r.read(f, t, &l); err != nil {
				return err
			}
		}
		f.Lockfiles = append(f.Lockfiles, l)
	}
	return nil
}

// unit is a package whose dependencies a lockfile lists: the root, whose
// folder is ".", or a member of the workspace.
type unit struct {
	dir, name string
	deps      []Dep
}

// units lists what a lockfile must know: every dependency of the root and of
// the members but the peers, which the lockfile of a library may leave out.
func (f *Facts) units() []unit {
	out := []unit{{".", f.Name.Value, installed(f.Deps)}}
	for _, u := range f.Packages {
		out = append(out, unit{u.Dir, u.Name, installed(u.Deps)})
	}
	return out
}

func installed(deps []Dep) []Dep {
	return slices.DeleteFunc(slices.Clone(deps), func(d Dep) bool { return d.Kind == Peer })
}

// locked notes the exact version of a dependency.
func (f *Facts) locked(name, version string) {
	for i := range f.Deps {
		if f.Deps[i].Name == name && f.Deps[i].Locked == "" {
			f.Deps[i].Locked = version
		}
	}
}

// installs notes a version of a package of the lockfile.
func (l *Lockfile) installs(name, version string) {
	if name == "" || version == "" || slices.Contains(l.Versions[name], version) {
		return
	}
	if l.Versions == nil {
		l.Versions = map[string][]string{}
	}
	l.Versions[name] = append(l.Versions[name], version)
}

func (l *Lockfile) stale(d Dep) {
	if l.Stale == "" {
		l.Stale, l.StalePos = d.Name, d.Pos
	}
}

// notLockfile is the error for a lockfile that its manager does not write so.
func notLockfile(err error, manager string) error {
	fault := (*fact.Error)(nil)
	if !errors.As(err, &fault) {
		return err
	}
	return fact.Errorf(fault.Pos, "is not a lockfile of %s: %s", manager, fault.Msg).
		WithHint("%s install writes it again; a merge conflict may be left in it", manager)
}

// npmUnused reports whether nobody here asks for a member of package-lock.json:
// of an installed package only what is kept below.
func npmUnused(depth int, parent, key string) bool {
	if depth != 2 {
		return false
	}
	switch key {
	case "version", "resolved", "dev", "devOptional", "optional", "name", "hasInstallScript", "inBundle", "os":
		return false
	case "optionalDependencies":
		return false
	case "dependencies", "devDependencies":
		return strings.HasPrefix(parent, "node_modules/") || strings.Contains(parent, "/node_modules/")
	}
	return true
}

// readNpmLock reads package-lock.json:
// https://docs.npmjs.com/cli/configuring-npm/package-lock-json.
func readNpmLock(f *Facts, t *tree.Tree, l *Lockfile) error {
	text, err := t.Read(l.Pos.File)
	if err != nil {
		return err
	}
	unused := npmUnused
	if firstFormat.Match(text[:min(len(text), 1<<10)]) {
		unused = func(depth int, parent, key string) bool { return key != "requires" && npmUnused(depth, parent, key) }
	}
	lock, err := document.ParseJSONLess(l.Pos.File, text, unused)
	if err != nil {
		return notLockfile(err, "npm")
	}
	if l.Version = lock.Get("lockfileVersion").Text; l.Version == "" {
		l.Version = "1"
	}
	f.Hoisted = map[string]string{}
	packages := lock.Get("packages")
	if packages.Kind != document.Object { // version 1
		l.npmMissingFirst(lock.Get("dependencies"))
		for _, d := range installed(f.Deps) {
			if p := lock.Get("dependencies", d.Name); p.Found() {
				f.locked(d.Name, p.Get("version").Text)
			} else if d.Kind != Optional {
				l.stale(d)
			}
		}
		return nil
	}
	origin := "-" // of the package before: nearly all are the same
	for _, m := range packages.Members {
		resolved := m.Value.Get("resolved").Text
		l.npmPackage(m, resolved)
		if strings.HasPrefix(resolved, "http") && !strings.HasPrefix(resolved, origin) {
			f.registry(resolved, l.Pos.File, 0)
			scheme, rest, _ := strings.Cut(resolved, "//")
			host, _, _ := strings.Cut(rest, "/")
			if l.Host = host; origin != "-" {
				l.Host = ""
			}
			origin = scheme + "//" + host + "/"
		}
		if strings.HasPrefix(resolved, "http") && !strings.Contains(resolved, "/-/") {
			l.Host = ""
		}
		name, ok := strings.CutPrefix(m.Key, "node_modules/")
		if ok && !m.Value.Get("dev").IsTrue() && !m.Value.Get("devOptional").IsTrue() && !strings.Contains(name, "/node_modules/") {
			f.Hoisted[name] = m.Value.Get("version").Text
		}
	}
	for _, d := range f.Deps {
		if p := packages.Get("node_modules/" + d.Name); p.Found() {
			f.locked(d.Name, p.Get("version").Text)
		}
	}
	l.npmMissing(packages)
	// npm ci compares each manifest with its entry, and so do we.
	for _, u := range f.units() {
		key := u.dir
		if key == "." {
			key = ""
		}
		l.npmStale(packages, key, u.deps)
	}
	return nil
}

// npmPackage notes what the entry of an installed package says of it.
func (l *Lockfile) npmPackage(m document.Member, resolved string) {
	i := strings.LastIndex(m.Key, inModules)
	if i < 0 {
		return
	}
	installed := m.Key[i+len(inModules):]
	name := cmp.Or(m.Value.Get("name").Text, installed)
	if !m.Value.Get("optional").IsTrue() {
		l.installs(name, m.Value.Get("version").Text)
	}
	scheme, rest, _ := strings.Cut(resolved, "://")
	host, _, _ := strings.Cut(rest, "/")
	if scheme != "https" && scheme != "http" {
		host = ""
	}
	systems := m.Value.Get("os").Items
	elsewhere := len(systems) > 0 && !slices.ContainsFunc(systems, func(v document.Value) bool { return v.Text == "linux" || strings.HasPrefix(v.Text, "!") })
	switch {
	case strings.HasPrefix(resolved, "git"):
		l.Git = append(l.Git, installed)
	case host != "" && (host != "registry.npmjs.org" || !strings.Contains(resolved, "/-/")):
		if l.Remote == nil {
			l.Remote = map[string]string{}
		}
		l.Remote[installed] = host
	}
	if m.Value.Get("hasInstallScript").IsTrue() && !m.Value.Get("inBundle").IsTrue() && !elsewhere &&
		(host == "" || strings.Contains(resolved, "/-/")) && !slices.Contains(l.Scripted, name) {
		l.Scripted = append(l.Scripted, name)
	}
}

// nativeOfLinux matches packages that hold a program or library for the machines that
// images are built on.
var nativeOfLinux = lazy.MustCompile(`(^|[/_-])linux[_-](x64|64|amd64|x86_64|arm64|aarch64)($|[_-])`)

// inModules stands before the name of an installed package.
const inModules = "node_modules/"

// npmMissing finds the first optional dependency of an installed package that the lockfile
// has no entry of, one for Linux before all others. npm leaves those of other systems out
// if node_modules was there: https://github.com/npm/cli/issues/4828.
func (l *Lockfile) npmMissing(packages document.Value) {
	for _, m := range packages.Members {
		for _, d := range m.Value.Get("optionalDependencies").Members {
			if l.Native || l.Missing != "" && !nativeOfLinux.MatchString(d.Key) || npmHas(packages, m.Key, d.Key) {
				continue
			}
			l.Missing, l.Native = d.Key, nativeOfLinux.MatchString(d.Key)
			l.MissingPos = fact.At(l.Pos.File, m.Line)
			l.Asker = m.Key[max(0, strings.LastIndex(m.Key, inModules)):]
			l.Asker = strings.TrimPrefix(l.Asker, inModules)
		}
	}
}

// firstFormat matches the head of a lockfile of version 1, in which requires has the
// optional dependencies of a package with the others.
var firstFormat = lazy.MustCompile(`"lockfileVersion":\s*1\b`)

// npmMissingFirst is npmMissing for a lockfile of version 1.
func (l *Lockfile) npmMissingFirst(dependencies document.Value) {
	names := map[string]bool{}
	var list []document.Member
	queue := []document.Value{dependencies}
	for len(queue) > 0 {
		members := queue[0].Members
		queue = queue[1:]
		for _, m := range members {
			names[m.Key] = true
			list = append(list, m)
			if nested := m.Value.Get("dependencies"); len(nested.Members) > 0 {
				queue = append(queue, nested)
			}
		}
	}
	for _, m := range list {
		if !m.Value.Get("optional").IsTrue() {
			l.installs(m.Key, m.Value.Get("version").Text)
		}
		for _, d := range m.Value.Get("requires").Members {
			if native := nativeOfLinux.MatchString(d.Key); !names[d.Key] && !l.Native && (native || l.Missing == "") {
				l.Missing, l.Native, l.Asker, l.MissingPos = d.Key, native, m.Key, fact.At(l.Pos.File, m.Line)
			}
		}
	}
}

// npmHas reports whether the package at a place of the lockfile finds another, as Node
// does: in its own node_modules, or in those of the folders above.
func npmHas(packages document.Value, at, name string) bool {
	for {
		if packages.Get(path.Join(at, "node_modules", name)).Found() {
			return true
		}
		if at == "" || at == "." {
			return false
		}
		if i := strings.LastIndex(at, inModules); i >= 0 {
			at = strings.TrimSuffix(at[:i], "/")
		} else {
			at = ""
		}
	}
}

// npmStale compares the dependencies of one manifest with its entry, the
// folder's name of packages.
func (l *Lockfile) npmStale(packages document.Value, key string, deps []Dep) {
	entry := packages.Get(key)
	for _, d := range deps {
		var want document.Value
		for _, table := range []string{"dependencies", "devDependencies", "optionalDependencies"} {
			if v := entry.Get(table, d.Name); v.Found() {
				if want = v; v.Text == d.Range {
					break
				}
			}
		}
		version := packages.Get(path.Join(key, "node_modules", d.Name), "version").Text
		if version == "" {
			version = packages.Get("node_modules/"+d.Name, "version").Text
		}
		// npm ci accepts another range that the locked version satisfies.
		if !want.Found() || want.Text != d.Range && !satisfies(version, d.Range) {
			l.stale(d)
		}
	}
}

// satisfies reports whether an npm version is in a range; what is not a
// range (a tag, a URL) no version satisfies.
func satisfies(version, rng string) bool {
	c, err := semver.NPM.ParseConstraint(rng)
	return err == nil && version != "" && c.Match(version)
}

// yarnMeta is the version line of the lockfile of Yarn 2 and later.
var yarnMeta = lazy.MustCompile(`(?m)^__metadata:\r?\n\s+version: "?(\d+)`)

// readYarnLock reads yarn.lock; its entries are named after the ranges they
// satisfy: https://classic.yarnpkg.com/lang/en/docs/yarn-lock/.
func readYarnLock(f *Facts, t *tree.Tree, l *Lockfile) error {
	text, err := t.Read(l.Pos.File)
	if err != nil {
		return err
	}
	l.Version = "1"
	if m := yarnMeta.FindSubmatch(text); m != nil {
		l.Manager, l.Version = "berry", string(m[1])
		f.berryLock(l, string(text))
		return nil
	}
	entries := map[string]string{} // the version of each "name@range"
	var keys []string
	for line := range bytes.Lines(text) {
		if version, ok := bytes.CutPrefix(line, []byte("  version ")); ok {
			for _, key := range keys {
				entries[key] = strings.Trim(strings.TrimSpace(string(version)), `"`)
				name, rng, _ := cutName(key)
				if alias, ok := strings.CutPrefix(rng, "npm:"); ok {
					name, _, _ = cutName(alias)
				}
				l.installs(name, entries[key])
			}
		}
		if len(line) == 0 || line[0] == ' ' || line[0] == '#' {
			f.yarnResolved(l, string(line))
			continue
		}
		keys = nil
		for key := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(string(line)), ":"), ",") {
			keys = append(keys, strings.Trim(strings.TrimSpace(key), `"`))
			entries[keys[len(keys)-1]] = ""
		}
	}
	members := map[string]bool{}
	for _, u := range f.Packages {
		members[u.Name] = true
	}
	for _, u := range f.units() {
		for _, d := range u.deps {
			version, ok := entries[d.Name+"@"+d.Range]
			if version != "" && u.dir == "." {
				f.locked(d.Name, version)
			}
			if !ok && !members[d.Name] && !strings.HasPrefix(d.Range, "link:") && !strings.HasPrefix(d.Range, "file:") {
				l.stale(d)
			}
		}
	}
	return nil
}

// yarnResolved notes where an entry of Yarn 1's lockfile comes from.
func (f *Facts) yarnResolved(l *Lockfile, line string) {
	raw, ok := strings.CutPrefix(line, "  resolved ")
	if !ok {
		return
	}
	raw = strings.Trim(strings.TrimSpace(raw), `"`)
	if strings.HasPrefix(raw, "http") && !strings.Contains(raw, ".git#") {
		f.registry(raw, l.Pos.File, 0)
	} else {
		name, _, _ := strings.Cut(path.Base(raw), "#")
		l.Git = append(l.Git, strings.TrimSuffix(name, ".git"))
	}
}

// pnpmProgram reads the document that pnpm from 11 on may put before the
// dependencies: which version of itself the repository takes.
func (l *Lockfile) pnpmProgram(text []byte) {
	head, _, two := bytes.Cut(text, []byte("\n---\n"))
	head, _, _ = bytes.Cut(head, []byte("\npackages:"))
	if doc, err := document.Parse(l.Pos.File, head); two && err == nil {
		l.Program = doc.Get("importers", ".", "packageManagerDependencies", "pnpm", "version").Text
	}
}

// readPnpmLock reads the head of pnpm-lock.yaml, before the packages:
// https://github.com/pnpm/spec/tree/master/lockfile.
func readPnpmLock(f *Facts, t *tree.Tree, l *Lockfile) error {
	text, err := t.Read(l.Pos.File)
	if err != nil {
		return err
	}
	if rest, ok := bytes.CutPrefix(text, []byte("---\n")); ok {
		l.pnpmProgram(rest)
		text = rest[bytes.LastIndex(rest, []byte("\n---\n"))+1:]
	}
	rest := text
	for _, section := range []string{"\npackages:", "\nsnapshots:"} {
		if i := bytes.Index(text, []byte(section)); i >= 0 {
			text = text[:i+1]
		}
	}
	l.pnpmInstalls(rest[len(text):])
	lock, err := document.Parse(l.Pos.File, text)
	if err != nil {
		return notLockfile(err, "pnpm")
	}
	l.Version = lock.Get("lockfileVersion").Text
	above, mine := "", func(string) bool { return true }
	if f.Rush != nil {
		above, mine = f.Rush.importers(l.Pos.File)
	}
	unpublished := map[string]bool{}
	for _, u := range f.Packages {
		// One that asks for its own name means the other's: an app of Storybook that is called storybook.
		unpublished[u.Name] = u.Facts.Private && u.Name != "" && !slices.ContainsFunc(u.Deps, func(d Dep) bool { return d.Name == u.Name })
	}
	for _, u := range f.units() {
		if !mine(u.dir) {
			continue
		}
		table := lock.Get("importers", above+u.dir)
		if !table.Found() && u.dir == "." {
			table = lock
		}
		for _, d := range u.deps {
			spec := table.Get("specifiers", d.Name) // before version 6
			for _, kind := range []string{"dependencies", "devDependencies", "optionalDependencies"} {
				entry := table.Get(kind, d.Name)
				if !entry.Found() {
					continue
				}
				version := entry.Text
				if entry.Kind == document.Object {
					spec, version = entry.Get("specifier"), entry.Get("version").Text
				}
				version, _, _ = strings.Cut(version, "(")
				version, _, _ = strings.Cut(version, "_")
				if u.dir == "." {
					f.locked(d.Name, version)
				}
				if unpublished[d.Name] && numbered.MatchString(version) && !strings.HasPrefix(d.Range, "npm:") {
					l.Foreign = append(l.Foreign, d)
				}
			}
			// Overrides and catalogs rewrite what the manifest says.
			if !spec.Found() || spec.Text != d.Range && !lock.Get("overrides").Found() && !strings.HasPrefix(d.Range, "catalog:") {
				l.stale(d)
			}
		}
	}
	return nil
}

// pnpmInstalls reads the packages of pnpm-lock.yaml: the lines that name one, "name@1.2.3", before format 9 after a slash and before 6 with one
// before the version, and those that say that the install goes on without it: https://github.com/pnpm/spec/tree/master/lockfile.
func (l *Lockfile) pnpmInstalls(text []byte) {
	type locked struct{ name, version string }
	var all []locked
	optional := map[locked]bool{}
	for line := range bytes.Lines(text) {
		line = bytes.TrimRight(line, "\r\n")
		if string(line) == "    optional: true" && len(all) > 0 {
			optional[all[len(all)-1]] = true
		}
		if m := pnpmPackage.FindSubmatch(line); m != nil {
			all = append(all, locked{string(m[1]), string(m[2])})
		}
	}
	for _, p := range all {
		if !optional[p] {
			l.installs(p.name, p.version)
		}
	}
}

// pnpmPackage matches the key of a package of the registry, up to the peers that it found.
var pnpmPackage = lazy.MustCompile(`^  ['"]?/?((?:@[^/@ ]+/)?[^/@ ]+)[/@](\d[^_('":]*)`)

// numbered matches the version of a package of the registry.
var numbered = lazy.MustCompile(`^[0-9]`)

// readBunLock reads bun.lock: https://bun.com/docs/pm/lockfile.
func readBunLock(f *Facts, t *tree.Tree, l *Lockfile) error {
	v, err := document.Read(t, l.Pos.File)
	if err != nil {
		return err
	}
	l.Version = v.Get("lockfileVersion").Text
	for _, u := range f.units() {
		key := u.dir
		if key == "." {
			key = ""
		}
		entry := v.Get("workspaces", key)
		for _, d := range u.deps {
			if entry.Get(string(d.Kind), d.Name).Text != d.Range {
				l.stale(d)
			}
		}
	}
	for _, p := range v.Get("packages").Members {
		if len(p.Value.Items) > 0 {
			name, version, _ := cutName(p.Value.Items[0].Text)
			l.installs(name, version)
		}
	}
	for _, d := range f.Deps {
		if p := v.Get("packages", d.Name); len(p.Items) > 0 {
			name := p.Items[0].Text
			f.locked(d.Name, name[strings.LastIndexByte(name, '@')+1:])
		}
	}
	return nil
}
