package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// moonTasks are the tasks that the projects of moon inherit: https://moonrepo.dev/docs/concepts/task-inheritance.
type moonTasks struct {
	files    []moonFile // those that count less first
	projects *patterns  // the folders that are projects
}

// moonFile is a file of tasks, and who inherits them: a project that fulfils all.
type moonFile struct {
	tasks document.Value
	by    []moonCondition
	order int
}

// moonCondition is one of inheritedBy.
type moonCondition struct {
	kind           string // "language", "layer", "stack", "tag", "toolchain", "file"
	any, all, none []string
}

// moonOrder is how much a condition of a kind makes its tasks count: https://moonrepo.dev/docs/config/tasks#order.
var moonOrder = map[string]int{"language": 50, "toolchain": 50, "stack": 100, "layer": 150, "tag": 500} //nolint:gochecknoglobals // a constant table

// The parts of the names by which files say who inherits them, in version 1: https://moonrepo.dev/docs/v1/concepts/task-inheritance.
var moonNames = map[string]string{ //nolint:gochecknoglobals // a constant table
	"javascript": "language", "typescript": "language", "bash": "language", "go": "language", "php": "language", "python": "language", "ruby": "language", "rust": "language", "batch": "language",
	"node": "toolchain", "bun": "toolchain", "deno": "toolchain",
	"frontend": "stack", "backend": "stack", "infrastructure": "stack", "systems": "stack",
	"application": "layer", "library": "layer", "tool": "layer", "automation": "layer", "configuration": "layer", "scaffolding": "layer",
}

// moonRoot reads the tasks that projects inherit, and which folders are projects: https://moonrepo.dev/docs/config/workspace#projects.
func (f *Facts) moonRoot(t *tree.Tree) error {
	dir := path.Join(f.Dir, ".moon")
	files := []string{path.Join(dir, "tasks.yml")}
	for _, name := range t.Files(path.Join(dir, "tasks")) {
		if path.Ext(name) == ".yml" {
			files = append(files, name)
		}
	}
	if files = slices.DeleteFunc(files, func(name string) bool { return !t.Has(name) }); len(files) == 0 {
		return nil
	}
	out := &moonTasks{}
	if file := path.Join(dir, "workspace.yml"); t.Has(file) {
		v, err := document.Read(t, file)
		if err != nil {
			return err
		}
		list := v.Get("projects").Strings()
		for _, m := range append(v.Get("projects").Members, v.Get("projects", "sources").Members...) {
			list = append(list, m.Value.Strings()...)
		}
		if out.projects, err = newPatterns(list, true, false); err != nil {
			return err
		}
	}
	for _, file := range files {
		v, err := document.Read(t, file)
		if err != nil {
			return err
		}
		out.files = append(out.files, newMoonFile(v, strings.TrimSuffix(path.Base(file), ".yml")))
	}
	slices.SortStableFunc(out.files, func(a, b moonFile) int { return a.order - b.order })
	f.moonTasks = out
	return nil
}

// newMoonFile reads who inherits the tasks of a file: by inheritedBy, or by its name.
func newMoonFile(v document.Value, name string) moonFile {
	out := moonFile{tasks: v.Get("tasks")}
	add := func(c moonCondition) {
		out.by = append(out.by, c)
		out.order += moonOrder[c.kind]
	}
	if by := v.Get("inheritedBy"); by.Found() {
		for _, m := range by.Members {
			if m.Key == "order" {
				continue
			}
			add(moonCondition{
				kind: strings.TrimSuffix(m.Key, "s"),
				any:  words(m.Value, "or"), all: words(m.Value, "and"), none: words(m.Value, "not"),
			})
		}
		return out
	}
	if tag, ok := strings.CutPrefix(name, "tag-"); ok {
		add(moonCondition{kind: "tag", any: []string{tag}})
		return out
	}
	for part := range strings.SplitSeq(name, "-") {
		if kind, ok := moonNames[part]; ok {
			add(moonCondition{kind: kind, any: []string{part}})
		}
	}
	return out
}

// words are the values of a condition, of which one has to hold where no key says otherwise.
func words(v document.Value, key string) []string {
	if v.Kind == document.Object {
		v = v.Get(key)
	} else if key != "or" {
		return nil
	}
	var out []string
	for _, w := range v.Strings() {
		out = append(out, w.Value)
	}
	return out
}

// moonTraits are what a project with a moon.yml, or without one, is, by the kinds of conditions.
func moonTraits(t *tree.Tree, dir string, own document.Value) map[string][]string {
	has := map[string][]string{"language": {"javascript"}, "toolchain": {"javascript", "node"}, "layer": {"unknown"}, "stack": {"unknown"}}
	if t.Has(path.Join(dir, "tsconfig.json")) {
		has["language"] = []string{"typescript"}
		has["toolchain"] = append(has["toolchain"], "typescript")
	}
	for _, key := range []string{"language", "layer", "type", "stack"} {
		if v := own.Get(key); v.Text != "" {
			kind := key
			if key == "type" { // of version 1
				kind = "layer"
			}
			has[kind] = []string{v.Text}
		}
	}
	for _, tag := range own.Get("tags").Strings() {
		has["tag"] = append(has["tag"], tag.Value)
	}
	return has
}

// inherits reports whether the project of a folder, which has the traits, inherits the tasks of the file.
func (m moonFile) inherits(t *tree.Tree, dir string, has map[string][]string) bool {
	for _, c := range m.by {
		holds := func(w string) bool {
			return c.kind == "file" && t.Has(path.Join(dir, w)) || slices.Contains(has[c.kind], w)
		}
		lacks := func(w string) bool { return !holds(w) }
		if len(c.any) > 0 && !slices.ContainsFunc(c.any, holds) || slices.ContainsFunc(c.all, lacks) || slices.ContainsFunc(c.none, holds) || len(c.any)+len(c.all)+len(c.none) == 0 {
			return false
		}
	}
	return true
}

// moonToken is what moon puts something else in the place of: https://moonrepo.dev/docs/concepts/token.
var moonToken = lazy.MustCompile(`@\w+\(|\$\w`)

// moon takes up the tasks of the folder's moon.yml, and those that it inherits, that are one command each. One that needs another of the package is left out,
// but for the build before what runs: https://moonrepo.dev/docs/config/project#tasks.
func (f *Facts) moon(t *tree.Tree, from *moonTasks, dir string) error {
	file := path.Join(f.Dir, "moon.yml")
	var own document.Value
	if t.Has(file) {
		var err error
		if own, err = document.Read(t, file); err != nil {
			return err
		}
	} else if from == nil || from.projects == nil || !from.projects.match(dir) {
		return nil
	}
	inherited := map[string]document.Member{}
	if from != nil {
		has := moonTraits(t, f.Dir, own)
		for _, x := range from.files {
			if !x.inherits(t, f.Dir, has) {
				continue
			}
			for _, m := range x.tasks.Members {
				if name := renamed(own, m.Key); name != "" {
					inherited[name] = m
				}
			}
		}
	}
	for _, m := range own.Get("tasks").Members {
		f.moonTask(m.Key, m, inherited[m.Key].Value)
		delete(inherited, m.Key)
	}
	for _, name := range sortedKeys(inherited) {
		f.moonTask(name, inherited[name], document.Value{})
	}
	return nil
}

// renamed is the name under which a project has an inherited task, "" for none: https://moonrepo.dev/docs/config/project#inheritedtasks.
func renamed(own document.Value, name string) string {
	by := own.Get("workspace", "inheritedTasks")
	in := func(v document.Value) bool {
		return slices.ContainsFunc(v.Strings(), func(w fact.Fact[string]) bool { return w.Value == name })
	}
	if by.Get("include").Found() && !in(by.Get("include")) || in(by.Get("exclude")) {
		return ""
	}
	if to := by.Get("rename", name).Text; to != "" {
		return to
	}
	return name
}

// moonTask takes up one task. One that names no command has that of the task that it inherits, with its own arguments behind that one's.
func (f *Facts) moonTask(name string, m document.Member, base document.Value) {
	v := m.Value
	command := func(v document.Value) document.Value {
		if c := v.Get("command"); c.Found() {
			return c
		}
		return v.Get("script")
	}
	parts := []document.Value{command(v)}
	if !parts[0].Found() {
		parts = []document.Value{command(base), base.Get("args")}
	}
	if args := v.Get("args"); args.Found() {
		parts = append(parts, args)
	}
	var argv []string
	for i, part := range parts {
		words := wordsOf(part)
		if len(words) == 0 && (i == 0 || part.Found()) {
			return
		}
		argv = append(argv, words...)
	}
	needs := func(d document.Value) bool { return needsTask(name, d) }
	if argv[0] == "noop" || slices.ContainsFunc(v.Get("deps").Items, needs) || slices.ContainsFunc(base.Get("deps").Items, needs) {
		return
	}
	if env := append(slices.Clone(base.Get("env").Members), v.Get("env").Members...); len(env) > 0 {
		set := []string{"env"}
		for _, e := range env {
			set = append(set, e.Key+"="+e.Value.Text)
		}
		argv = append(set, argv...)
	}
	if !slices.ContainsFunc(argv, moonToken.MatchString) {
		f.addTask(name, Task{Argv: argv}, fact.At(v.File, m.Line))
	}
}

// needsTask reports whether what a task needs first is another of the package that dockgen does not run before it.
func needsTask(task string, d document.Value) bool {
	target := d.Text
	if d.Kind == document.Object {
		target = d.Get("target").Text
	}
	return !strings.HasPrefix(target, "^:") && (task == "build" || target != "~:build" && target != "build")
}
