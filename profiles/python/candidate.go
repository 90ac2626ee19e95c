package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// candidate is one thing that could be run.
type candidate struct {
	object *facts.Object
	row    *facts.Framework // for scripts that a framework's own command runs
	module *facts.Module
	name   string // what --set main= takes
	depth  int
	rank   int
	pos    fact.Pos
}

// Order of file names; what is not in them comes last.
var (
	objectNames = []string{"app", "main", "wsgi", "asgi", "server", "application", "run", "api", "index", "web", "__init__"} //nolint:gochecknoglobals // a constant table
	scriptNames = []string{"main", "app", "run", "bot", "server", "start", "index", "job", "worker", "__main__"}             //nolint:gochecknoglobals // a constant table
	entryObject = []string{"app", "application", "api", "server", "asgi", "wsgi"}                                            //nolint:gochecknoglobals // a constant table
)

func (d *decider) depth(file string) int {
	rel := strings.TrimPrefix(file, "src/")
	n := strings.Count(rel, "/")
	if path.Base(rel) == "__init__.py" || path.Base(rel) == "__main__.py" {
		// A package counts as the file of its name.
		n = max(n-1, 0)
	}
	return n
}

func stem(file string) string { return strings.TrimSuffix(path.Base(file), ".py") }

func rank(list []string, name string) int {
	if i := slices.Index(list, name); i >= 0 {
		return i
	}
	return len(list)
}

// objects lists the application objects, the best first.
func (d *decider) objects() []candidate {
	var out []candidate
	rows, err := facts.Frameworks()
	if err != nil {
		return nil
	}
	for _, m := range d.f.Modules {
		best := -1
		for i, o := range m.Objects {
			if o.Interface == "" {
				continue
			}
			if best < 0 || better(o, m.Objects[best]) {
				best = i
			}
		}
		if best >= 0 {
			o := &m.Objects[best]
			c := candidate{object: o, module: m, name: o.Module + ":" + o.Name, depth: d.depth(m.File), rank: rank(objectNames, stem(m.File)), pos: o.Pos}
			if o.Factory { // what somebody else has already called comes first
				c.rank += len(objectNames) + 1
			}
			out = append(out, c)
		}
		for i := range rows {
			row := &rows[i]
			if row.Run == nil {
				continue
			}
			for j, o := range m.Objects {
				if o.Framework == row.Name {
					out = append(out, candidate{object: &m.Objects[j], row: row, module: m, name: o.Module + ":" + o.Name, depth: d.depth(m.File), rank: rank(objectNames, stem(m.File)), pos: o.Pos})
					break
				}
			}
			if len(row.Imports) > 0 && slices.ContainsFunc(m.Imports, func(f fact.Fact[string]) bool { return slices.Contains(row.Imports, f.Value) }) {
				r := rank(objectNames, stem(m.File))
				if strings.HasPrefix(stem(m.File), row.Name) {
					r = -1
				}
				if strings.Contains(m.File, "pages/") {
					continue
				}
				out = append(out, candidate{row: row, module: m, name: m.File, depth: d.depth(m.File), rank: r, pos: d.at(m.File)})
			}
		}
	}
	sortCandidates(out)
	return out
}

func sortCandidates(list []candidate) {
	slices.SortStableFunc(list, func(a, b candidate) int {
		if a.depth != b.depth {
			return a.depth - b.depth
		}
		if a.rank != b.rank {
			return a.rank - b.rank
		}
		return strings.Compare(a.name, b.name)
	})
}

// better prefers an object to a factory, a well-known name, and the one that
// has routes.
func better(a, b facts.Object) bool {
	switch {
	case a.Factory != b.Factory:
		return !a.Factory
	case rank(entryObject, a.Name) != rank(entryObject, b.Name):
		return rank(entryObject, a.Name) < rank(entryObject, b.Name)
	}
	return len(a.Routes) > len(b.Routes)
}

// scripts lists the files that can be run, the best first.
func (d *decider) scripts() []candidate {
	var out []candidate
	root := 0
	for _, m := range d.f.Modules {
		rel := strings.TrimPrefix(m.File, "src/")
		if !strings.Contains(rel, "/") {
			root++
		}
	}
	for _, m := range d.f.Modules {
		rel := strings.TrimPrefix(m.File, "src/")
		base := stem(m.File)
		top := !strings.Contains(rel, "/")
		if base == "__init__" && top {
			continue
		}
		switch {
		case top && (root == 1 || slices.Contains(scriptNames, base) || !m.Guard.IsZero() || len(m.Servers) > 0):
		case base == "__main__" && strings.Count(rel, "/") == 1:
		default:
			continue
		}
		out = append(out, candidate{module: m, name: m.File, depth: d.depth(m.File), rank: rank(scriptNames, base), pos: d.at(m.File)})
	}
	sortCandidates(out)
	return out
}

// hint tells how to choose.
const mainHint = "choose with --set main=FILE or --set main=module:object"

func (d *decider) pick(objects, scripts []candidate) (candidate, string, []plan.Rejected, error) {
	var none candidate
	loser := func(list []candidate, why string) []plan.Rejected {
		var out []plan.Rejected
		for _, c := range list {
			out = append(out, plan.Rejected{Value: c.name, Pos: record.At(c.pos), Why: why})
		}
		return out
	}
	all := append(slices.Clone(objects), scripts...)
	if want := d.in.Settings.Main; want != "" {
		c, err := d.named(want, all)
		return c, "asked for", nil, err
	}
	if len(d.in.Settings.Start) > 0 {
		d.start.cmd, d.start.rule, d.start.pos = d.in.Settings.Start, "asked for", d.in.Settings.Pos("start")
		d.start.port = d.in.Settings.Port
		return none, "", nil, nil
	}
	if c, rule, ok := d.process(all); ok {
		return c, rule, loser(others(all, c), rule+" says what runs"), nil
	}
	if d.f.Django != nil && (d.has("django") || d.f.Django.Settings.Found()) {
		d.start.django = true
		return none, "manage.py makes it a Django project", loser(all, "a Django project is served by its own application"), nil
	}
	if s := d.console(); s != nil && len(objects) == 0 && (len(scripts) == 0 || scripts[0].depth > 0 || !slices.Contains([]string{"main", "app"}, stem(scripts[0].module.File))) {
		d.start.console = true
		return candidate{name: s.Name, pos: s.Pos}, "the project's only console script", loser(scripts, "the project declares what it runs"), nil
	}
	if len(objects) > 0 && (len(scripts) == 0 || objects[0].depth <= scripts[0].depth || scripts[0].rank >= len(scriptNames)) {
		win := objects[0]
		var tie []candidate
		for _, c := range objects[1:] {
			same := c.object != nil && win.object != nil && origin(c.object) == origin(win.object)
			if c.depth == win.depth && c.rank == win.rank && !same && c.module != win.module {
				tie = append(tie, c)
			}
		}
		if len(tie) > 0 {
			// One of them is started by its own file.
			return none, "", nil, d.several(append([]candidate{win}, tie...))
		}
		rule := "the only application object"
		if len(objects) > 1 {
			rule = "the application object nearest to the root, by its file's name"
		}
		return win, rule, append(loser(others(objects, win), win.name+" comes before it"), loser(others(scripts, win), "an application object comes before a script")...), nil
	}
	if len(scripts) == 0 {
		var list []string
		for _, m := range d.f.Modules {
			list = append(list, m.File)
		}
		return none, "", nil, record.Refuse(d.whereAt(), mainHint, "found no app to start: no WSGI or ASGI object, and no script that is clearly the main one%s", among(list))
	}
	win := scripts[0]
	if len(scripts) > 1 && scripts[1].rank == win.rank && scripts[1].depth == win.depth {
		return none, "", nil, d.several(scripts)
	}
	rule := "the only script"
	if len(scripts) > 1 {
		rule = "the script to start, by its name"
	}
	return win, rule, loser(scripts[1:], win.name+" comes before it"), nil
}

func (d *decider) where() string {
	if len(d.f.Manifests) > 0 {
		return d.m.File
	}
	return d.in.Dir
}

func (d *decider) whereAt() fact.Pos {
	if len(d.f.Manifests) > 0 {
		return fact.At(path.Join(d.in.Dir, d.m.File), 0)
	}
	return fact.At(d.in.Dir, 0)
}

func among(list []string) string {
	if len(list) == 0 {
		return "; there is no Python source"
	}
	if len(list) > 8 {
		list = append(slices.Clone(list[:8]), "…")
	}
	return " among " + plan.Printable(strings.Join(list, ", "), 300)
}

func (d *decider) several(list []candidate) error {
	var names []string
	for _, c := range list {
		names = append(names, c.name)
	}
	return record.Refuse(list[0].pos, mainHint, "there are several to run: %s", plan.Printable(strings.Join(names, ", "), 300))
}

func origin(o *facts.Object) string {
	if o.Alias != "" {
		return o.Alias
	}
	return o.File + ":" + o.Name
}

func others(list []candidate, win candidate) []candidate {
	var out []candidate
	for _, c := range list {
		if c.name != win.name {
			out = append(out, c)
		}
	}
	return out
}

// named finds what the user means by --set main=.
func (d *decider) named(want string, all []candidate) (candidate, error) {
	clean := strings.TrimPrefix(want, "./")
	for _, c := range all {
		if c.name == clean || d.relName(c) == clean || c.object != nil && c.object.Module == clean {
			return c, nil
		}
	}
	for _, m := range d.f.Modules {
		for i, o := range m.Objects {
			if o.Module+":"+o.Name == clean {
				return candidate{object: &m.Objects[i], module: m, name: clean, pos: o.Pos}, nil
			}
		}
		if m.File == clean {
			return candidate{module: m, name: clean, pos: d.at(m.File)}, nil
		}
	}
	var names []string
	for _, c := range all {
		names = append(names, c.name)
	}
	return candidate{}, record.Refuse(d.in.Settings.Pos("main"), "these can be run: "+plan.Printable(strings.Join(names, ", "), 200), "there is no %s", plan.Printable(want, 60))
}

func (d *decider) relName(c candidate) string {
	if c.module == nil {
		return ""
	}
	return c.module.File
}

func (d *decider) console() *facts.Script {
	if len(d.m.Scripts) != 1 || d.m.Package.IsZero() || d.man.Project == nil {
		return nil
	}
	return &d.m.Scripts[0]
}
