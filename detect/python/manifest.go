package python

import (
	"encoding/json"
	"errors"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"deps.dev/util/pypi"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// Manifest is one way in which the repository names its dependencies.
type Manifest struct {
	Manager string // row of the table of managers: "pip", "uv", "poetry", "pdm", "pipenv", "pyproject", "setup.py"
	File    string
	Lock    string   // the lockfile, "" where there is none
	Files   []string // everything that an installation reads, File and Lock included
	List    []Requirement
	Groups  []Group // development dependencies, in order
	Scripts []Script
	Package fact.Pos // the project is a package of its own: it has a build system
	Dynamic fact.Pos // its dependencies are computed by the build
	Hashes  bool
	// Variable, Self and Extras are those of Requirements.
	Variable fact.Pos
	Self     fact.Pos
	Extras   []string
	// Workspace is where members are declared: their sources are needed to install.
	Workspace fact.Pos
	Locked    map[string]Locked // every package that production needs, by name; nil without a lock that says it
	Pos       fact.Pos
}

// Group is a set of development dependencies.
type Group struct {
	Name  string // "dev"; the file's name for requirements files
	Kind  string // "file", "group", "extra"
	Files []string
	List  []Requirement
	Pos   fact.Pos
}

// Script is a console script that installing the project makes.
type Script struct {
	Name   string
	Target string // "package.module:function"
	Pos    fact.Pos
}

// Locked is a package of a lockfile.
type Locked struct {
	Version string
	Wheels  []string // file names; nil where the lock does not list them
	Source  Source
}

// lineOf is the line on which key is set, or 0.
func lineOf(text []byte, key string) int {
	re, err := regexp.Compile(`(?m)^[ \t]*"?` + regexp.QuoteMeta(key) + `"?[ \t]*=`)
	if err != nil {
		return 0
	}
	if loc := re.FindIndex(text); loc != nil {
		return fact.LineAt(text, loc[0]+strings.IndexFunc(string(text[loc[0]:]), func(r rune) bool { return r != '\n' && r != ' ' && r != '\t' }))
	}
	return 0
}

// lineOfText is the line on which s stands in quotes, or fallback.
func lineOfText(text []byte, s string, fallback int) int {
	for _, q := range []string{`"`, `'`} {
		if i := strings.Index(string(text), q+s+q); i >= 0 {
			return fact.LineAt(text, i)
		}
	}
	return fallback
}

// pyproject is what matters of https://packaging.python.org/en/latest/specifications/pyproject-toml/.
type pyproject struct {
	Build *struct {
		Backend  string   `toml:"build-backend"`
		Requires []string `toml:"requires"`
	} `toml:"build-system"`
	Project *struct {
		Name         string              `toml:"name"`
		Version      string              `toml:"version"`
		Python       string              `toml:"requires-python"`
		Dependencies []string            `toml:"dependencies"`
		Optional     map[string][]string `toml:"optional-dependencies"`
		Scripts      map[string]string   `toml:"scripts"`
		Dynamic      []string            `toml:"dynamic"`
		Readme       any                 `toml:"readme"`
	} `toml:"project"`
	Groups map[string][]any `toml:"dependency-groups"`
	Tool   struct {
		Poetry *struct {
			Name         string         `toml:"name"`
			PackageMode  *bool          `toml:"package-mode"`
			Dependencies map[string]any `toml:"dependencies"`
			Dev          map[string]any `toml:"dev-dependencies"`
			Groups       map[string]struct {
				Optional     bool           `toml:"optional"`
				Dependencies map[string]any `toml:"dependencies"`
			} `toml:"group"`
			Scripts map[string]any `toml:"scripts"`
		} `toml:"poetry"`
		UV *struct {
			Package   *bool          `toml:"package"`
			Dev       []string       `toml:"dev-dependencies"`
			Workspace map[string]any `toml:"workspace"`
			Sources   map[string]any `toml:"sources"`
			Index     any            `toml:"index"`
		} `toml:"uv"`
		PDM *struct {
			Distribution *bool               `toml:"distribution"`
			Dev          map[string][]string `toml:"dev-dependencies"`
		} `toml:"pdm"`
		Pytest map[string]any `toml:"pytest"`
	} `toml:"tool"`
}

func (f *Facts) readPyproject(t *tree.Tree, file string) error {
	var p pyproject
	text, err := t.ReadTOML(file, &p)
	if err != nil {
		return err
	}
	if p.Tool.Pytest != nil {
		f.PytestConfig = fact.At(file, fact.LineAt(text, max(strings.Index(string(text), "[tool.pytest"), 0)))
	}
	dir := path.Dir(file)
	if p.Project == nil && p.Tool.Poetry == nil && p.Tool.UV == nil && p.Tool.PDM == nil {
		return nil // settings of tools alone
	}
	m := Manifest{File: file, Files: []string{file}, Pos: fact.At(file, 1)}
	at := func(key string) fact.Pos { return fact.At(file, lineOf(text, key)) }
	parse := func(list []string) ([]Requirement, error) {
		var out []Requirement
		for _, s := range list {
			r, err := parseRequirement(strings.TrimSpace(s), fact.At(file, lineOfText(text, s, lineOf(text, "dependencies"))))
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		return out, nil
	}
	if p.Project != nil {
		f.Name = p.Project.Name
		if p.Project.Python != "" {
			f.Versions = append(f.Versions, Version{Range: p.Project.Python, From: "requires-python", Pos: at("requires-python")})
		}
		if m.List, err = parse(p.Project.Dependencies); err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(p.Project.Optional)) {
			list, err := parse(p.Project.Optional[name])
			if err != nil {
				return err
			}
			m.Groups = append(m.Groups, Group{Name: name, Kind: "extra", List: list, Pos: at(name)})
		}
		for _, name := range slices.Sorted(maps.Keys(p.Project.Scripts)) {
			m.Scripts = append(m.Scripts, Script{Name: name, Target: p.Project.Scripts[name], Pos: at(name)})
		}
		if slices.Contains(p.Project.Dynamic, "dependencies") {
			m.Dynamic = at("dynamic")
		}
		if readme, ok := p.Project.Readme.(string); ok {
			f.Readme = fact.Fact[string]{Value: path.Join(dir, readme), Pos: at("readme")}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.Groups)) {
		var list []string
		for _, e := range p.Groups[name] {
			if s, ok := e.(string); ok {
				list = append(list, s)
			}
		}
		reqs, err := parse(list)
		if err != nil {
			return err
		}
		m.Groups = append(m.Groups, Group{Name: name, Kind: "group", List: reqs, Pos: at(name)})
	}
	if p.Build != nil {
		m.Package = fact.At(file, fact.LineAt(text, max(strings.Index(string(text), "[build-system"), 0)))
	}
	has := func(n string) string {
		if n = path.Join(dir, n); t.Has(n) {
			return n
		}
		return ""
	}
	switch {
	case has("uv.lock") != "":
		m.Manager, m.Lock = "uv", has("uv.lock")
	case has("poetry.lock") != "":
		m.Manager, m.Lock = "poetry", has("poetry.lock")
	case has("pdm.lock") != "":
		m.Manager, m.Lock = "pdm", has("pdm.lock")
	case p.Tool.Poetry != nil:
		m.Manager = "poetry"
	case p.Tool.PDM != nil:
		m.Manager = "pdm"
	case p.Tool.UV != nil:
		m.Manager = "uv"
	default:
		m.Manager = "pyproject"
	}
	if m.Lock != "" {
		m.Files = append(m.Files, m.Lock)
	}
	if po := p.Tool.Poetry; po != nil {
		f.poetry(&m, text, po.Dependencies, po.Dev, at)
		for _, name := range slices.Sorted(maps.Keys(po.Groups)) {
			m.Groups = append(m.Groups, Group{Name: name, Kind: "group", List: poetryList(file, text, po.Groups[name].Dependencies), Pos: at(name)})
		}
		for _, name := range slices.Sorted(maps.Keys(po.Scripts)) {
			if s, ok := po.Scripts[name].(string); ok {
				m.Scripts = append(m.Scripts, Script{Name: name, Target: s, Pos: at(name)})
			}
		}
		if f.Name == "" {
			f.Name = po.Name
		}
		if po.PackageMode != nil && !*po.PackageMode {
			m.Package = fact.Pos{}
		}
	}
	if uv := p.Tool.UV; uv != nil {
		list, err := parse(uv.Dev)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			m.Groups = append(m.Groups, Group{Name: "dev", Kind: "group", List: list, Pos: at("dev-dependencies")})
		}
		if uv.Workspace != nil {
			m.Workspace = fact.At(file, fact.LineAt(text, max(strings.Index(string(text), "[tool.uv.workspace"), 0)))
		}
		for _, name := range slices.Sorted(maps.Keys(uv.Sources)) {
			src, _ := uv.Sources[name].(map[string]any)
			for i := range m.List {
				if m.List[i].Name != pypi.CanonPackageName(name) {
					continue
				}
				switch {
				case src["git"] != nil:
					m.List[i].Source = Git
				case src["path"] != nil, src["workspace"] != nil:
					m.List[i].Source = Local
				}
			}
		}
		if uv.Package != nil && !*uv.Package {
			m.Package = fact.Pos{}
		}
	}
	if pdm := p.Tool.PDM; pdm != nil {
		for _, name := range slices.Sorted(maps.Keys(pdm.Dev)) {
			list, err := parse(pdm.Dev[name])
			if err != nil {
				return err
			}
			m.Groups = append(m.Groups, Group{Name: name, Kind: "group", List: list, Pos: at(name)})
		}
		if pdm.Distribution != nil && !*pdm.Distribution {
			m.Package = fact.Pos{}
		}
	}
	if m.Lock != "" {
		if err := m.readLock(t, f.Name); err != nil {
			return err
		}
	}
	f.Manifests = append(f.Manifests, m)
	return nil
}

func (f *Facts) poetry(m *Manifest, text []byte, deps, dev map[string]any, at func(string) fact.Pos) {
	if v, ok := deps["python"].(string); ok {
		f.Versions = append(f.Versions, Version{Range: v, From: "poetry's python", Pos: at("python")})
	}
	have := map[string]bool{}
	for _, r := range m.List {
		have[r.Name] = true
	}
	for _, r := range poetryList(m.File, text, deps) {
		if !have[r.Name] {
			m.List = append(m.List, r)
		}
	}
	if len(dev) > 0 {
		m.Groups = append(m.Groups, Group{Name: "dev", Kind: "group", List: poetryList(m.File, text, dev), Pos: at("pytest")})
	}
}

// poetryList reads a table of https://python-poetry.org/docs/dependency-specification/.
func poetryList(file string, text []byte, deps map[string]any) []Requirement {
	var out []Requirement
	for _, name := range slices.Sorted(maps.Keys(deps)) {
		if name == "python" {
			continue
		}
		r := Requirement{Name: pypi.CanonPackageName(name), Pos: fact.At(file, lineOf(text, name))}
		switch v := deps[name].(type) {
		case string:
			r.Constraint = v
		case map[string]any:
			r.table(v)
			if o, ok := v["optional"].(bool); ok && o {
				continue
			}
		case []any:
			for _, e := range v {
				if t, ok := e.(map[string]any); ok {
					r.table(t)
					break
				}
			}
		}
		out = append(out, r)
	}
	return out
}

// table reads a dependency that is a table, as Poetry and Pipenv write it.
func (r *Requirement) table(v map[string]any) {
	r.Constraint, _ = v["version"].(string)
	r.Marker, _ = v["markers"].(string)
	if list, ok := v["extras"].([]any); ok {
		for _, e := range list {
			if s, ok := e.(string); ok {
				r.Extras = append(r.Extras, pypi.CanonPackageName(s))
			}
		}
	}
	switch {
	case v["git"] != nil:
		r.Source = Git
	case v["path"] != nil, v["file"] != nil:
		r.Source = Local
	case v["url"] != nil:
		r.Source = URL
	}
}

// readPipfile reads https://github.com/pypa/pipfile.
func (f *Facts) readPipfile(t *tree.Tree, file string) error {
	var p struct {
		Packages map[string]any    `toml:"packages"`
		Dev      map[string]any    `toml:"dev-packages"`
		Requires map[string]string `toml:"requires"`
		Scripts  map[string]any    `toml:"scripts"`
	}
	text, err := t.ReadTOML(file, &p)
	if err != nil {
		return err
	}
	m := Manifest{Manager: "pipenv", File: file, Files: []string{file}, Pos: fact.At(file, 1), List: poetryList(file, text, p.Packages)}
	if len(p.Dev) > 0 {
		m.Groups = append(m.Groups, Group{Name: "dev-packages", Kind: "group", List: poetryList(file, text, p.Dev), Pos: fact.At(file, lineOf(text, "pytest"))})
	}
	for _, key := range []string{"python_full_version", "python_version"} {
		if v := p.Requires[key]; v != "" {
			f.Versions = append(f.Versions, Version{Pin: v, From: "the Pipfile", Pos: fact.At(file, lineOf(text, key))})
			break
		}
	}
	if lock := path.Join(path.Dir(file), "Pipfile.lock"); t.Has(lock) {
		m.Lock = lock
		m.Files = append(m.Files, lock)
		if err := m.readLock(t, ""); err != nil {
			return err
		}
	}
	f.Manifests = append(f.Manifests, m)
	return nil
}

// lockfile is the union of what uv.lock, poetry.lock and pdm.lock have.
type lockfile struct {
	Package  []lockPackage `toml:"package"`
	Metadata struct {
		Files map[string][]map[string]string `toml:"files"`
	} `toml:"metadata"`
}

type lockPackage struct {
	Name         string                 `toml:"name"`
	Version      string                 `toml:"version"`
	Category     string                 `toml:"category"`
	Groups       []string               `toml:"groups"`
	Source       map[string]any         `toml:"source"`
	Dependencies any                    `toml:"dependencies"`
	Optional     map[string][]uvRequire `toml:"optional-dependencies"`
	Wheels       []struct {
		URL  string `toml:"url"`
		Path string `toml:"path"`
	} `toml:"wheels"`
	Files []struct {
		File string `toml:"file"`
		URL  string `toml:"url"`
	} `toml:"files"`
	Git string `toml:"git"`
}

type uvRequire struct {
	Name   string   `toml:"name"`
	Extra  []string `toml:"extra"`
	Marker string   `toml:"marker"`
}

func (m *Manifest) readLock(t *tree.Tree, project string) error {
	if strings.HasSuffix(m.Lock, "Pipfile.lock") {
		return m.readPipfileLock(t)
	}
	var l lockfile
	if _, err := t.ReadTOML(m.Lock, &l); err != nil {
		return err
	}
	m.Locked = map[string]Locked{}
	var needed func(lockPackage) bool
	if strings.HasSuffix(m.Lock, "uv.lock") {
		reach := uvReach(l.Package, pypi.CanonPackageName(project))
		needed = func(p lockPackage) bool { return reach[p.Name] }
	} else {
		needed = func(p lockPackage) bool {
			return p.Category != "dev" && (len(p.Groups) == 0 || slices.Contains(p.Groups, "main") || slices.Contains(p.Groups, "default"))
		}
	}
	for _, p := range l.Package {
		if !needed(p) {
			continue
		}
		k := Locked{Version: p.Version}
		kind, _ := p.Source["type"].(string)
		switch {
		case p.Source["git"] != nil || kind == "git" || p.Git != "":
			k.Source = Git
		case p.Source["virtual"] != nil || p.Source["editable"] != nil || p.Source["directory"] != nil || p.Source["path"] != nil || kind == "directory" || kind == "file":
			k.Source = Local
		}
		for _, w := range p.Wheels {
			k.Wheels = append(k.Wheels, path.Base(w.URL+w.Path))
		}
		for _, w := range p.Files {
			k.Wheels = append(k.Wheels, path.Base(w.File+w.URL))
		}
		for _, w := range l.Metadata.Files[p.Name] {
			k.Wheels = append(k.Wheels, w["file"])
		}
		k.Wheels = slices.DeleteFunc(k.Wheels, func(s string) bool { return !strings.HasSuffix(s, ".whl") })
		m.Locked[pypi.CanonPackageName(p.Name)] = k
	}
	return nil
}

// uvReach walks uv.lock from the project through its dependencies.
func uvReach(list []lockPackage, project string) map[string]bool {
	byName := map[string][]lockPackage{}
	for _, p := range list {
		byName[p.Name] = append(byName[p.Name], p)
	}
	reach := map[string]bool{}
	seen := map[string]bool{}
	var visit func(string, []string)
	visit = func(n string, extra []string) {
		key := n + "[" + strings.Join(extra, ",") + "]"
		if seen[key] {
			return
		}
		seen[key], reach[n] = true, true
		for _, p := range byName[n] {
			var next []uvRequire
			if deps, ok := p.Dependencies.([]any); ok {
				for _, d := range deps {
					t, ok := d.(map[string]any)
					if !ok {
						continue
					}
					r := uvRequire{}
					r.Name, _ = t["name"].(string)
					if es, ok := t["extra"].([]any); ok {
						for _, e := range es {
							if s, ok := e.(string); ok {
								r.Extra = append(r.Extra, s)
							}
						}
					}
					next = append(next, r)
				}
			}
			for _, e := range extra {
				next = append(next, p.Optional[e]...)
			}
			for _, r := range next {
				visit(r.Name, r.Extra)
			}
		}
	}
	for _, p := range list {
		root := p.Source["virtual"] == "." || p.Source["editable"] == "."
		if root || p.Name == project {
			visit(p.Name, nil)
		}
	}
	return reach
}

func (m *Manifest) readPipfileLock(t *tree.Tree) error {
	text, err := t.Read(m.Lock)
	if err != nil {
		return err
	}
	var l struct {
		Default map[string]struct {
			Version string `json:"version"`
			Git     string `json:"git"`
			Path    string `json:"path"`
		} `json:"default"`
	}
	if err := json.Unmarshal(text, &l); err != nil {
		at := fact.At(m.Lock, 0)
		if se := (*json.SyntaxError)(nil); errors.As(err, &se) {
			at.Line = fact.LineAt(text, int(se.Offset))
		}
		return fact.Errorf(at, "%w", err)
	}
	m.Locked = map[string]Locked{}
	for n, p := range l.Default {
		k := Locked{Version: strings.TrimLeft(p.Version, "=")}
		switch {
		case p.Git != "":
			k.Source = Git
		case p.Path != "":
			k.Source = Local
		}
		m.Locked[pypi.CanonPackageName(n)] = k
	}
	return nil
}
