package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"deps.dev/util/semver"
	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
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

func (l *Lockfile) stale(d Dep) {
	if l.Stale == "" {
		l.Stale, l.StalePos = d.Name, d.Pos
	}
}

// npmLock is package-lock.json:
// https://docs.npmjs.com/cli/configuring-npm/package-lock-json.
type npmLock struct {
	LockfileVersion int                   `json:"lockfileVersion"`
	Packages        map[string]npmPackage `json:"packages"`
	Dependencies    map[string]npmPackage `json:"dependencies"` // version 1
}

type npmPackage struct {
	Version              string            `json:"version"`
	Resolved             string            `json:"resolved"`
	Dev                  bool              `json:"dev"`
	DevOptional          bool              `json:"devOptional"`
	Dependencies         json.RawMessage   `json:"dependencies"`
	DevDependencies      map[string]string `json:"devDependencies"`
	OptionalDependencies map[string]string `json:"optionalDependencies"`
}

func readNpmLock(f *Facts, t *tree.Tree, l *Lockfile) error {
	text, err := t.Read(l.Pos.File)
	if err != nil {
		return err
	}
	if line := tooDeep(text); line > 0 {
		return fact.Errorf(fact.At(l.Pos.File, line), "nests deeper than %d levels", maxDepth)
	}
	var lock npmLock
	if err := json.Unmarshal(text, &lock); err != nil {
		line := 0
		if se := (*json.SyntaxError)(nil); errors.As(err, &se) {
			line = fact.LineAt(text, int(se.Offset))
		} else if te := (*json.UnmarshalTypeError)(nil); errors.As(err, &te) {
			line = fact.LineAt(text, int(te.Offset))
		}
		return fact.Errorf(fact.At(l.Pos.File, line), "is not a lockfile of npm: %w", err).
			WithHint("npm install writes it anew; a merge conflict may be left in it")
	}
	l.Version = fmt.Sprint(max(lock.LockfileVersion, 1))
	f.Hoisted = map[string]string{}
	if lock.Packages == nil {
		for _, d := range installed(f.Deps) {
			if p, ok := lock.Dependencies[d.Name]; ok {
				f.locked(d.Name, p.Version)
			} else if d.Kind != Optional {
				l.stale(d)
			}
		}
		return nil
	}
	names := make([]string, 0, len(lock.Packages))
	for name := range lock.Packages {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p := lock.Packages[name]
		if strings.HasPrefix(p.Resolved, "git") && l.Git == "" {
			l.Git = path.Base(name)
		} else if strings.HasPrefix(p.Resolved, "http") {
			f.registry(p.Resolved, l.Pos.File, 0)
		}
		if name, ok := strings.CutPrefix(name, "node_modules/"); ok && !p.Dev && !p.DevOptional && !strings.Contains(name, "/node_modules/") {
			f.Hoisted[name] = p.Version
		}
	}
	for _, d := range f.Deps {
		if p, ok := lock.Packages["node_modules/"+d.Name]; ok {
			f.locked(d.Name, p.Version)
		}
	}
	// npm ci compares each manifest with its entry, and so do we.
	for _, u := range f.units() {
		key := u.dir
		if key == "." {
			key = ""
		}
		if err := l.npmStale(lock.Packages, key, u.deps); err != nil {
			return err
		}
	}
	return nil
}

// npmStale compares the dependencies of one manifest with its entry, the
// folder's name of packages.
func (l *Lockfile) npmStale(packages map[string]npmPackage, key string, deps []Dep) error {
	entry := packages[key]
	prod := map[string]string{}
	if len(entry.Dependencies) > 0 {
		if err := json.Unmarshal(entry.Dependencies, &prod); err != nil {
			return fact.Errorf(l.Pos, "is not a lockfile of npm: %w", err)
		}
	}
	for _, d := range deps {
		var want string
		var ok bool
		for _, table := range []map[string]string{prod, entry.DevDependencies, entry.OptionalDependencies} {
			if v, in := table[d.Name]; in {
				want, ok = v, true
				if v == d.Range {
					break
				}
			}
		}
		installed := packages[path.Join(key, "node_modules", d.Name)]
		if installed.Version == "" {
			installed = packages["node_modules/"+d.Name]
		}
		// npm ci accepts another range that the locked version satisfies.
		if !ok || want != d.Range && !satisfies(installed.Version, d.Range) {
			l.stale(d)
		}
	}
	return nil
}

// satisfies reports whether an npm version is in a range; what is not a
// range (a tag, a URL) no version satisfies.
func satisfies(version, rng string) bool {
	c, err := semver.NPM.ParseConstraint(rng)
	return err == nil && version != "" && c.Match(version)
}

// yarnMeta is the version line of the lockfile of Yarn 2 and later.
var yarnMeta = regexp.MustCompile(`(?m)^__metadata:\r?\n\s+version: "?(\d+)`)

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
	} else if l.Git == "" {
		name, _, _ := strings.Cut(path.Base(raw), "#")
		l.Git = strings.TrimSuffix(name, ".git")
	}
}

// pnpmLock is the head of pnpm-lock.yaml, before the packages:
// https://github.com/pnpm/spec/tree/master/lockfile.
type pnpmLock struct {
	Version   yaml.Node            `yaml:"lockfileVersion"`
	Importers map[string]pnpmTable `yaml:"importers"`
	pnpmTable `yaml:",inline"`
	Overrides yaml.Node `yaml:"overrides"`
}

type pnpmTable struct {
	Specifiers map[string]string    `yaml:"specifiers"` // before 6
	Dependency map[string]yaml.Node `yaml:"dependencies"`
	Dev        map[string]yaml.Node `yaml:"devDependencies"`
	Optional   map[string]yaml.Node `yaml:"optionalDependencies"`
}

// pnpmProgram reads the document that pnpm from 11 on may put before the
// dependencies: which version of itself the repository takes.
func (l *Lockfile) pnpmProgram(text []byte) {
	head, _, two := bytes.Cut(text, []byte("\n---\n"))
	head, _, _ = bytes.Cut(head, []byte("\npackages:"))
	var doc struct {
		Importers map[string]struct {
			Programs map[string]struct{ Version string } `yaml:"packageManagerDependencies"`
		}
	}
	if two && yaml.Unmarshal(head, &doc) == nil {
		l.Program = doc.Importers["."].Programs["pnpm"].Version
	}
}

func readPnpmLock(f *Facts, t *tree.Tree, l *Lockfile) error {
	text, err := t.Read(l.Pos.File)
	if err != nil {
		return err
	}
	if rest, ok := bytes.CutPrefix(text, []byte("---\n")); ok {
		l.pnpmProgram(rest)
		text = rest[bytes.LastIndex(rest, []byte("\n---\n"))+1:]
	}
	for _, section := range []string{"\npackages:", "\nsnapshots:"} {
		if i := bytes.Index(text, []byte(section)); i >= 0 {
			text = text[:i+1]
		}
	}
	var lock pnpmLock
	if err := yaml.Unmarshal(text, &lock); err != nil {
		return fact.Errorf(l.Pos, "is not a lockfile of pnpm: %w", err).WithHint("pnpm install writes it anew; a merge conflict may be left in it")
	}
	l.Version = lock.Version.Value
	for _, u := range f.units() {
		table, in := lock.Importers[u.dir]
		if !in && u.dir == "." {
			table = lock.pnpmTable
		}
		if table.Specifiers == nil {
			table.Specifiers = map[string]string{}
		}
		for _, d := range u.deps {
			spec, ok := table.Specifiers[d.Name]
			for _, deps := range []map[string]yaml.Node{table.Dependency, table.Dev, table.Optional} {
				entry, in := deps[d.Name]
				if !in {
					continue
				}
				var e struct{ Specifier, Version string }
				if entry.Decode(&e) != nil {
					e.Version = entry.Value
				} else {
					spec, ok = e.Specifier, true
				}
				version, _, _ := strings.Cut(e.Version, "(")
				version, _, _ = strings.Cut(version, "_")
				if u.dir == "." {
					f.locked(d.Name, version)
				}
			}
			// Overrides and catalogs rewrite what the manifest says.
			if !ok || spec != d.Range && lock.Overrides.IsZero() && !strings.HasPrefix(d.Range, "catalog:") {
				l.stale(d)
			}
		}
	}
	return nil
}

// readBunLock reads bun.lock: https://bun.com/docs/pm/lockfile.
func readBunLock(f *Facts, t *tree.Tree, l *Lockfile) error {
	v, err := readValue(t, l.Pos.File)
	if err != nil {
		return err
	}
	l.Version = v.get("lockfileVersion").text
	for _, u := range f.units() {
		key := u.dir
		if key == "." {
			key = ""
		}
		entry := v.get("workspaces", key)
		for _, d := range u.deps {
			if entry.get(string(d.Kind), d.Name).text != d.Range {
				l.stale(d)
			}
		}
	}
	for _, d := range f.Deps {
		if p := v.get("packages", d.Name); len(p.items) > 0 {
			name := p.items[0].text
			f.locked(d.Name, name[strings.LastIndexByte(name, '@')+1:])
		}
	}
	return nil
}
