package pom

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/table"
)

// maxModules bounds a reactor, maxParents a chain of parents.
const (
	maxModules = 300
	maxParents = 20
)

// mavenConfig is the file of options for every run of Maven:
// https://maven.apache.org/configure.html#mvn-maven-config-file
const mavenConfig = ".mvn/maven.config"

// userProperties reads -Dname=value of .mvn/maven.config, one argument a line
// or several on one: https://maven.apache.org/configure.html#mvn-maven-config-file
func userProperties(t *tree.Tree, dir string) map[string]fact.Fact[string] {
	file := path.Join(dir, mavenConfig)
	lines, err := t.Lines(file)
	if err != nil {
		return nil
	}
	out := map[string]fact.Fact[string]{}
	for no, line := range lines {
		for arg := range strings.FieldsSeq(line) {
			if name, value, ok := strings.Cut(strings.TrimPrefix(arg, "-D"), "="); strings.HasPrefix(arg, "-D") && name != "" {
				if !ok {
					value = "true" // as Maven has it
				}
				out[name] = fact.New(value, file, no)
			}
		}
	}
	return out
}

// reactor reads POMs of one tree, each once.
type reactor struct {
	t    *tree.Tree
	root string // the folder of the root POM
	poms map[string]document.Value
	user map[string]fact.Fact[string]
	on   []string // profiles that are asked for, as -P does
}

// Read reads the POM of a folder and those of its modules, the folder's own
// first. The list is empty if the folder has no pom.xml. files are all POMs below the
// folder that Maven may read before it builds anything, in the order in which they are met: those of the modules and their
// parents, and of the modules that a profile adds. The profiles of those names are active.
func Read(t *tree.Tree, dir string, profiles ...string) (projects []*Project, files []string, err error) {
	r := &reactor{t: t, root: dir, poms: map[string]document.Value{}, user: userProperties(t, dir), on: profiles}
	if projects, err = r.all(); err != nil {
		return nil, nil, err
	}
	return projects, r.files(projects), nil
}

// files are the POMs that the projects are made of, and those of the modules
// that only a profile names.
func (r *reactor) files(projects []*Project) []string {
	var out []string
	seen := map[string]bool{}
	add := func(file string) {
		if name := r.rel(file); !seen[file] && !strings.HasPrefix(name, "../") {
			out = append(out, name)
		}
		seen[file] = true
	}
	queue := slices.Clone(projects)
	for _, p := range projects {
		add(p.self.file)
	}
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		for _, l := range p.layers {
			if l.file != "" && l.pos.IsZero() {
				add(l.file)
			}
		}
		for _, m := range append(p.own().Get("modules").All("module"), profileModules(p.own())...) {
			file := path.Join(path.Dir(p.self.file), strings.ReplaceAll(p.fill(m.Text), `\`, "/"))
			if !r.t.Has(file) {
				file = path.Join(file, "pom.xml")
			}
			if !r.t.Has(file) || seen[file] || len(seen) > maxModules {
				continue
			}
			add(file)
			if q, err := r.project(file); err == nil && q != nil { // Maven says what is wrong with it
				queue = append(queue, q)
			}
		}
	}
	return out
}

func profileModules(pom document.Value) []document.Value {
	var out []document.Value
	for _, prof := range pom.Get("profiles").All("profile") {
		out = append(out, prof.Get("modules").All("module")...)
	}
	return out
}

// rel makes a path of the tree one that is relative to the root's folder.
func (r *reactor) rel(name string) string { return tree.Relative(r.root, name) }

// readPom returns the project of a POM; the zero Value if the file is absent.
// The model of https://maven.apache.org/ref/current/maven-model/maven.html is
// read from it by name, because a plugin's configuration has no fixed model.
func (r *reactor) readPom(file string) (document.Value, error) {
	if e, ok := r.poms[file]; ok {
		return e, nil
	}
	doc, err := document.Read(r.t, file)
	if errors.Is(err, fs.ErrNotExist) {
		return document.Value{}, nil
	}
	if err != nil {
		return document.Value{}, err
	}
	e := doc.Get("project")
	if !e.Found() {
		root := doc.Members[0]
		return e, fact.Errorf(root.Value.Pos(), "want <project>, found <%s>", printable(root.Key))
	}
	if !e.Get("artifactId").Found() {
		return e, fact.Errorf(e.Pos(), "the project has no artifactId").
			WithHint("every POM needs one: https://maven.apache.org/pom.html#Maven_Coordinates")
	}
	r.poms[file] = e
	return e, nil
}

func printable(s string) string {
	if len(s) > 60 {
		s = s[:60]
	}
	return strings.Trim(strconv.QuoteToGraphic(s), `"`)
}

// project reads one POM and its parents. nil means that there is no file.
func (r *reactor) project(file string) (*Project, error) {
	el, err := r.readPom(file)
	if !el.Found() || err != nil {
		return nil, err
	}
	p := &Project{File: r.rel(file), Dir: r.rel(path.Dir(file)), t: r.t, user: r.user, on: r.on, self: layer{el: el, file: file}}
	p.add(p.self)
	for range maxParents {
		parent := el.Get("parent")
		if !parent.Found() {
			return p, nil
		}
		next, nextFile, err := r.parent(p, el, path.Dir(file))
		if err != nil {
			return nil, err
		}
		if !next.Found() {
			get := func(name string) string { return p.fill(parent.Get(name).Text) }
			p.External = &External{Group: get("groupId"), Artifact: get("artifactId"), Version: get("version"), Pos: fact.At(file, parent.Line)}
			rel := parent.Get("relativePath")
			p.External.Published = rel.Found() && rel.Text == ""
			return p, p.inherit()
		}
		el, file = next, nextFile
		p.add(layer{el: el, file: file})
	}
	return nil, fact.Errorf(fact.At(p.self.file, el.Line), "has more than %d parents, or they form a circle", maxParents)
}

// parent finds the parent POM within the repository, where its coordinates
// are those that are asked for.
// https://maven.apache.org/ref/current/maven-model/maven.html#parent
func (r *reactor) parent(p *Project, el document.Value, dir string) (document.Value, string, error) {
	parent := el.Get("parent")
	rel := "../pom.xml"
	if e := parent.Get("relativePath"); e.Found() {
		rel = strings.ReplaceAll(e.Text, `\`, "/")
	}
	if rel == "" {
		return document.Value{}, "", nil
	}
	file := path.Join(dir, rel)
	if !strings.HasSuffix(file, ".xml") || !r.t.Has(file) {
		file = path.Join(file, "pom.xml")
	}
	if !fs.ValidPath(file) || file == p.self.file {
		return document.Value{}, "", nil
	}
	found, err := r.readPom(file)
	if !found.Found() || err != nil {
		return document.Value{}, "", err
	}
	if want, got := parent.Get("artifactId"), found.Get("artifactId"); !want.Found() || p.fill(want.Text) != p.fill(got.Text) {
		return document.Value{}, "", nil
	}
	if want, got := parent.Get("version"), found.Get("version"); want.Found() && got.Found() {
		a, b := p.fill(want.Text), p.fill(got.Text)
		if Resolved(a) && Resolved(b) && a != b && !strings.ContainsAny(a, "[(") {
			return document.Value{}, "", nil // another release of it: Maven looks in the repositories
		}
	}
	return found, file, nil
}

// add appends a POM's layers: its profiles that are active, whose values count
// before the POM's own, and the POM. One that is asked for turns those off that
// are active by default:
// https://maven.apache.org/guides/introduction/introduction-to-profiles.html#details-on-profile-activation
func (p *Project) add(l layer) {
	all := l.el.Get("profiles").All("profile")
	asked := func(prof document.Value) bool {
		return slices.Contains(p.on, p.fill(prof.Get("id").Text)) || p.activates(prof.Get("activation"))
	}
	some := slices.ContainsFunc(all, asked)
	for _, prof := range all {
		if asked(prof) || !some && prof.Get("activation", "activeByDefault").Text == "true" {
			p.layers = append(p.layers, layer{el: prof, file: l.file, pos: l.pos})
		}
	}
	p.poms = append(p.poms, l)
	p.layers = append(p.layers, l)
}

// activates reports whether a profile is active in each build of the image: what it asks for is a property that nobody sets, or that
// the command line of the repository sets, a system like Linux, and a file that the module has among its sources, or that the repository lacks. A
// condition of another kind is not known to be met.
func (p *Project) activates(a document.Value) bool {
	met := false
	for _, m := range a.Members {
		ok := false
		switch m.Key {
		case "property":
			name, absent := strings.CutPrefix(p.fill(m.Value.Get("name").Text), "!")
			value, set := p.user[name]
			want := m.Value.Get("value")
			ok = name != "" && Resolved(name) && !slices.Contains(hidden, strings.SplitN(name, ".", 2)[0]) && (absent && !set || !absent && set && (!want.Found() || want.Text == value.Value))
		case "os":
			family := m.Value.Get("family").Text
			ok = len(m.Value.Members) == 1 && (family == "unix" || family == "linux" || family == "!windows")
		case "file":
			ok = p.activatedBy(m.Value)
		case "activeByDefault":
			continue
		}
		if !ok {
			return false
		}
		met = true
	}
	return met
}

// activatedBy reports whether the condition of a file is met in the build of the image. A parent's is about the folder of the module that
// inherits it. What lies outside of src may not be in the build context: that it is there says nothing.
// https://maven.apache.org/ref/3.9.11/maven-model/maven.html#class_file
func (p *Project) activatedBy(file document.Value) bool {
	if len(file.Members) != 1 {
		return false // Maven looks at one of them
	}
	name := Relative(file.Members[0].Value.Text)
	if !Resolved(name) || !fs.ValidPath(name) {
		return false
	}
	at := path.Join(path.Dir(p.self.file), name)
	has := p.t.Has(at) || p.t.HasDir(at)
	switch file.Members[0].Key {
	case "exists":
		return has && strings.HasPrefix(name, "src/")
	case "missing":
		return !has
	}
	return false
}

// hidden are the first parts of the names of properties that the machine has, not the repository.
var hidden = []string{"env", "java", "os", "user", "file", "sun"} //nolint:gochecknoglobals // a constant table

// Profile is one of the profiles of a project and its parents.
type Profile struct {
	ID      string
	Default bool // it is active unless another one is asked for
	Pos     fact.Pos
	l       layer
	p       *Project
}

// Profiles lists those of the project's own POM, and of the parents that the
// repository holds.
func (p *Project) Profiles() []Profile {
	var out []Profile
	for _, l := range p.poms {
		for _, prof := range l.el.Get("profiles").All("profile") {
			out = append(out, Profile{
				ID: p.fill(prof.Get("id").Text), Default: prof.Get("activation", "activeByDefault").Text == "true", Pos: prof.Pos(),
				l: layer{el: prof, file: l.file, pos: l.pos}, p: p,
			})
		}
	}
	return out
}

// Sets reports whether the profile gives the property a value.
func (f Profile) Sets(property string) bool { return f.l.el.Get("properties", property).Found() }

// Runs reports whether the profile has an execution of a plugin's goal.
func (f Profile) Runs(artifact, goal string) bool {
	q := *f.p
	q.layers = []layer{f.l}
	return len(q.PluginNamed(artifact).Goal(goal)) > 0
}

// PluginNamed looks a plugin up as it is where the profile is active.
func (f Profile) PluginNamed(artifact string) *Plugin {
	q := *f.p
	q.layers = append([]layer{f.l}, f.p.layers...)
	return q.PluginNamed(artifact)
}

// modules lists the POMs of the modules that p names.
// https://maven.apache.org/pom.html#aggregation-or-multi-module
func (r *reactor) modules(p *Project) ([]string, error) {
	var out []string
	for _, l := range p.layers {
		if l.file != p.self.file || !l.pos.IsZero() {
			continue
		}
		for _, m := range l.el.Get("modules").All("module") {
			name := strings.ReplaceAll(p.fill(m.Text), `\`, "/")
			file := path.Join(path.Dir(p.self.file), name)
			if !r.t.Has(file) {
				file = path.Join(file, "pom.xml")
			}
			if !r.t.Has(file) && !l.el.Get("artifactId").Found() && len(r.on) == 0 {
				continue // of a profile that may well be left out
			}
			if !r.t.Has(file) {
				return nil, fact.Errorf(fact.At(l.file, m.Line), "module %s has no pom.xml", printable(name)).
					WithHint("git submodule update --init, if it is a submodule; else take it out of .gitignore")
			}
			out = append(out, file)
		}
	}
	return out, nil
}

// all reads the root POM and every module below it, the root first.
func (r *reactor) all() ([]*Project, error) {
	var out []*Project
	seen := map[string]bool{}
	queue := []string{path.Join(r.root, "pom.xml")}
	for len(queue) > 0 {
		file := queue[0]
		queue = queue[1:]
		if seen[file] {
			continue
		}
		seen[file] = true
		p, err := r.project(file)
		if err != nil {
			return nil, err
		}
		if p == nil {
			continue
		}
		if out = append(out, p); len(out) > maxModules {
			return nil, fact.Errorf(out[0].Pos(), "names more than %d modules", maxModules)
		}
		mods, err := r.modules(p)
		if err != nil {
			return nil, err
		}
		queue = append(queue, mods...)
	}
	return out, nil
}

//go:embed parents.table
var parentsCompiled string

// knownParent is a row of parents.yaml: what a published parent POM gives
// its children, as far as it matters here.
type knownParent struct {
	Group    string `yaml:"group"`
	Artifact string `yaml:"artifact"`
	From     int    `yaml:"from"` // the first major version that the row is of
	Source   string `yaml:"source"`
	Pom      string `yaml:"pom"`

	el document.Value
}

var knownParents = sync.OnceValues(func() ([]knownParent, error) { //nolint:gochecknoglobals // decoded once
	rows, err := table.Read[[]knownParent]("parents.yaml", parentsCompiled)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		doc, err := document.Parse("parents.xml", []byte("<project>"+rows[i].Pom+"</project>"))
		if err != nil {
			return nil, fmt.Errorf("parents.yaml: %s: %w", rows[i].Artifact, err)
		}
		rows[i].el = doc.Get("project")
	}
	return rows, nil
})

// inherit adds what is known of the external parent.
func (p *Project) inherit() error {
	rows, err := knownParents()
	if err != nil {
		return err
	}
	x := p.External
	major, _, _ := strings.Cut(x.Version, ".")
	n, err := strconv.Atoi(major)
	if err != nil {
		return nil //nolint:nilerr // a version that is no number is of no known release
	}
	var best *knownParent
	for i, row := range rows {
		if row.Group == x.Group && row.Artifact == x.Artifact && n >= row.From && (best == nil || row.From > best.From) {
			best = &rows[i]
		}
	}
	if best != nil {
		x.Known = true
		p.layers = append(p.layers, layer{el: best.el, file: x.Pos.File, pos: x.Pos})
	}
	return nil
}
