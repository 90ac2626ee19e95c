package python

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// readme makes an empty file of the description that the metadata names and the repository does not have: the package does not build without it.
// https://packaging.python.org/en/latest/specifications/pyproject-toml/#readme
func (p project) readme() [][]string {
	name := p.f.Readme.Value
	switch {
	case name == "" || outside(name):
		return nil
	case path.Dir(name) == ".":
		return [][]string{{"touch", name}}
	}
	return [][]string{{"mkdir", "-p", path.Dir(name)}, {"touch", name}}
}

// outside reports whether a path leads out of the app's folder.
func outside(name string) bool {
	clean := path.Clean(name)
	return path.IsAbs(name) || clean == ".." || strings.HasPrefix(clean, "../") || strings.HasPrefix(name, "-")
}

// hooked reports whether the project has to be installed because its build makes something that lies in no repository, such as compiled catalogs of
// translations, by a script of its own. One that starts another tool would need that in the image: it is said.
func (p project) hooked() bool {
	h := p.m.Hook
	if !h.Found() || !p.packaged() {
		return false
	}
	f := p.in.Builds.File(p.in.Rel(h.Value))
	if f == nil {
		return false
	}
	if tool := otherTools.FindString(f.Text); tool != "" {
		p.in.Log.Note(h.Pos, "the build of the project runs "+p.in.Rel(h.Value)+", which starts "+tool+", and this image does not run it", "commit what it makes, or run it below COPY in the stage "+p.in.Stage("build").String()+", if the app needs that")
		return false
	}
	return true
}

// otherTools matches programs that are not of Python.
var otherTools = lazy.MustCompile(`\b(npm|npx|yarn|pnpm|bun|node|cargo|rustc|cmake|make|gcc|git|docker|protoc)\b`)

// build makes the stage that installs the project itself, collects static files
// and compiles the code.
func (p project) build(s Start, d *Deps, runtime plan.Runtime) (*Build, error) {
	var commands [][]string
	var why []string
	var caches []string
	if s.Install {
		if r := p.f.Readme; r.Found() && outside(r.Value) {
			return nil, record.Refuse(r.Pos, "add the file, or take the line out", "names %s, which is not in the repository: the package does not build without it", plan.Printable(r.Value, 60))
		} else if r.Found() {
			p.in.Log.Note(r.Pos, "names "+plan.Printable(r.Value, 60)+", which is not in the repository: the image builds the package with an empty one", "add the file, or take the line out")
		}
		commands = append(commands, p.itself(p.man.Project, len(s.Added)+len(p.data) > 0)...)
		what := "the project itself"
		if p.of != nil && p.m.Package.IsZero() {
			what = "the members that it uses"
		}
		why, caches = append(why, "installs "+what), p.man.Cache
	}
	if s.Install {
		for _, m := range p.made {
			commands, why = append(commands, m.commands()...), append(why, m.why)
		}
	}
	own := p.steps()
	commands = append(commands, own.before...)
	copies := p.in.Imports
	if collect := p.collectstatic(s); collect != nil {
		copies = p.in.Taken()
		commands = append(commands, collect)
		text := "collects the static files below STATIC_ROOT"
		if slices.ContainsFunc(collect, func(a string) bool { return strings.Contains(a, "=") }) {
			text += ", with values that only this command sees"
		}
		why = append(why, text)
	}
	why = append(why, own.why...)
	commands = append(commands, own.after...)
	// A file that is no Python, such as a template with that name, fails no build.
	commands = append(commands, []string{"python", "-c", `import compileall; compileall.compile_dir(".", quiet=1)`})
	out := &Build{Head: p.head("build", d), Source: whole(), Copies: copies}
	if own.gettext {
		gettext := []plan.System{image.Packages("compilemessages needs {}", plan.MustToken("gettext"))}
		out.Debian, out.Alpine = image.OfSystem(runtime, gettext)
	}
	out.Uses = plan.StagesOf(out.Copies)
	const compiles = "compiles the code to bytecode: prod's user cannot write it, so every start would compile again."
	if len(why) == 0 {
		out.About = sentences("build " + compiles)
	} else {
		out.About = sentences("build "+strings.Join(why, " and ")+".", "It also "+compiles)
	}
	var err error
	if out.Parts, err = p.parts(s.Install); err != nil {
		return nil, err
	}
	out.Steps, err = p.step(caches, commands...)
	return out, err
}

// itself are the commands that install the project itself. More says that the stage has packages that they would not install.
func (p project) itself(rows [][]string, more bool) [][]string {
	out := p.readme()
	for _, c := range rows {
		if c = p.unlocked(fill(c, "name", cmp.Or(p.f.Name, "."))); more {
			c = keeping(c)
		}
		out = append(out, c)
	}
	return out
}

// unlocked leaves out the options that a project without a lockfile, or
// without dependencies that stand written, cannot take.
func (p project) unlocked(c []string) []string {
	return slices.DeleteFunc(slices.Clone(c), func(a string) bool {
		return a == "--locked" && p.m.Lock == "" || a == "--no-deps" && !p.m.Dynamic.IsZero() && p.m.Lock == ""
	})
}
