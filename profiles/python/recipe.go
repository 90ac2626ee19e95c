package python

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"deps.dev/util/pypi"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// pick adds to the manifest and to the commands of its manager the extras and groups that the repository's own
// Dockerfile installs. They are recorded as "python.extras", and stay when that file is gone.
func pick(in record.Input, f *facts.Facts, m facts.Manifest, man manager) (facts.Manifest, manager) {
	if !man.picks() {
		return m, man
	}
	picked := m.Picked
	var names []string
	for _, g := range picked {
		names = append(names, g.Name)
	}
	c := plan.Choice{Key: "python.extras", Rule: "the repository's own Dockerfile installs them", Link: man.Source}
	old, remembered := image.Remembered(in, c.Key, image.Installs)
	switch own := in.Builds.Image(); {
	case len(picked) > 0:
		at := f.Recipe.All
		if list := slices.Concat(f.Recipe.Extras, f.Recipe.Groups); len(list) > 0 {
			at = list[0].Pos
		}
		c.Pos, c.Evidence = record.At(at), image.Adopted(in, at, image.Installs, strings.Join(names, " "))
	case remembered && (own == nil || !own.Default):
		for _, g := range m.Groups {
			if slices.Contains(strings.Fields(old.Value), g.Name) {
				picked, names = append(picked, g), append(names, g.Name)
			}
		}
		c.Pos, c.Evidence = record.At(fact.At(record.LockFile, 0)), old.Evidence
	}
	if len(picked) == 0 {
		return m, man
	}
	c.Value = strings.Join(names, " ")
	in.Log.Choose(c)
	m.List = slices.Clone(m.List)
	for _, g := range picked {
		m.List = append(m.List, g.List...)
	}
	return m, man.with(picked)
}

// picks reports whether the manager installs extras and groups of a project.
func (m manager) picks() bool {
	return slices.Contains([]string{"uv", "pyproject", "poetry", "pdm", "setup.py"}, m.Name)
}

// with is the manager with commands that install extras and groups, too.
func (m manager) with(picked []facts.Group) manager {
	var extras, groups []string
	for _, g := range picked {
		if _, err := plan.NewToken(g.Name); err != nil {
			continue
		}
		if g.Kind == "extra" {
			extras = append(extras, g.Name)
		} else {
			groups = append(groups, g.Name)
		}
	}
	flags := func(flag string, names []string) []string {
		var out []string
		for _, n := range names {
			out = append(out, flag, n)
		}
		return out
	}
	add := func(extra, group string) func(c []string) []string {
		return func(c []string) []string { return slices.Concat(c, flags(extra, extras), flags(group, groups)) }
	}
	switch m.Name {
	case "uv":
		m.Install, m.Unlocked = each(m.Install, add("--extra", "--group")), each(m.Unlocked, add("--extra", "--group"))
		m.Project, m.Editable = each(m.Project, add("--extra", "--group")), each(m.Editable, add("--extra", "--group"))
	case "pyproject":
		m.Install = each(m.Install, add("--extra", "--group"))
	case "pdm":
		groups = nil // --prod leaves them out
		m.Install, m.Unlocked, m.Export = each(m.Install, add("-G", "-G")), each(m.Unlocked, add("-G", "-G")), each(m.Export, add("-G", "-G"))
		m.Project, m.Editable = each(m.Project, add("-G", "-G")), each(m.Editable, add("-G", "-G"))
	case "setup.py":
		self := func(c []string) []string {
			if n := len(c) - 1; len(extras) > 0 && c[n] == "." {
				c[n] = ".[" + strings.Join(extras, ",") + "]"
			}
			return c
		}
		m.Project, m.Editable = each(m.Project, self), each(m.Editable, self)
	case "poetry":
		more := func(c []string) []string {
			i := slices.Index(c, "main")
			if i < 0 || !strings.HasSuffix(c[0], "/poetry") {
				return c
			}
			c[i] = strings.Join(append([]string{"main"}, groups...), ",")
			return slices.Insert(c, i+1, flags("--extras", extras)...)
		}
		m.Install, m.Unlocked, m.Export = each(m.Install, more), each(m.Unlocked, more), each(m.Export, more)
	}
	return m
}

// keeping leaves packages in place that a command does not install, which uv sync takes out:
// https://docs.astral.sh/uv/concepts/projects/sync/#handling-of-extraneous-packages.
func keeping(c []string) []string {
	if len(c) > 1 && c[0] == "uv" && c[1] == "sync" {
		return append(c, "--inexact")
	}
	return c
}

// each are copies of commands that more has gone over.
func each(rows [][]string, more func(c []string) []string) [][]string {
	var out [][]string
	for _, c := range rows {
		out = append(out, more(slices.Clone(c)))
	}
	return out
}

// besides are the packages that the repository's own Dockerfile installs beside what the manifests
// name. With hashes, pip takes none.
func (p project) besides() []added {
	var out []added
	for _, r := range p.beyond {
		spec := withExtras(r)
		switch {
		case r.Constraint != "":
			spec += r.Constraint
		case len(r.Extras) == 0:
			spec = p.spec(r.Name)
		}
		out = append(out, added{spec, ""})
	}
	if len(out) > 0 {
		var names []string
		for _, r := range p.beyond {
			names = append(names, r.Name)
		}
		them := "it"
		if len(out) > 1 {
			them = "them"
		}
		out[0].why = image.Enumerate(names) + ": " + image.OwnName(p.in) + " installs " + them + "."
	}
	return out
}

// beyond are the packages of the recipe that no manifest names.
func beyond(f *facts.Facts, m facts.Manifest, have map[string]facts.Requirement) []facts.Requirement {
	var out []facts.Requirement
	if m.Hashes {
		return nil
	}
	for _, r := range f.Recipe.Packages {
		if f.Name != "" && r.Name == pypi.CanonPackageName(f.Name) {
			continue // a release of the project, in the place of its source
		}
		_, named := have[r.Name]
		for _, e := range r.Extras {
			_, is := have[r.Name+"-"+e]
			named = named && is
		}
		if !named && !slices.ContainsFunc(out, func(o facts.Requirement) bool { return o.Name == r.Name }) {
			out = append(out, r)
		}
	}
	return out
}

// making is a program of the build that makes what the app needs when it runs, with its verbs.
type making struct {
	program string
	verbs   []string
}

// makings are those that the build stage can run: they read and write the source alone.
// https://docs.djangoproject.com/en/stable/ref/django-admin/#compilemessages,
// https://django-compressor.readthedocs.io/en/stable/usage/#offline-compression,
// https://babel.pocoo.org/en/latest/cmdline.html, https://flask-assets.readthedocs.io/en/latest/#management-interface,
// https://github.com/nickjj/flask-static-digest.
var makings = []making{ //nolint:gochecknoglobals // a constant table
	{"manage.py", []string{"compilemessages", "compress", "compilescss", "compilejsi18n", "collectstatic_js_reverse", "thumbnail", "buildcss"}},
	{"django-admin", []string{"compilemessages"}},
	{"pybabel", []string{"compile"}},
	{"flask", []string{"assets", "digest", "translate"}},
}

// packaging reports whether a word is a command of setuptools, which installing the project sees to:
// https://setuptools.pypa.io/en/latest/deprecated/commands.html.
func packaging(word string) bool {
	return slices.Contains([]string{"install", "develop", "build", "build_ext", "build_py", "bdist", "bdist_wheel", "sdist", "egg_info", "test", "clean", "check", "--version", "--name", "upload"}, word)
}

// done are verbs of Django and Flask that the image sees to, or that belong to a release.
var done = []string{"collectstatic", "migrate", "check", "runserver", "createsuperuser", "test", "db", "createcachetable"} //nolint:gochecknoglobals // a constant table

// recipeSteps are the commands of the recipe that make something of the source: those before the static files are
// collected, and those after.
type recipeSteps struct {
	before, after [][]string
	why           []string
	gettext       bool // one needs the programs of GNU gettext
}

// maxSteps is more than an image has.
const maxSteps = 10

// steps are those of the recipe. What else of Python it runs is said in one note.
func (p project) steps() recipeSteps {
	var out recipeSteps
	var lost []string
	var at fact.Pos
	collects := slices.ContainsFunc(p.f.Recipe.Commands, func(c buildfile.Command) bool { return slices.Contains(c.Words, "collectstatic") })
	lose := func(command string, pos fact.Pos) {
		lost, at = append(lost, plan.Printable(command, 80)), cmp.Or(at, pos)
	}
	collected := false
	for _, c := range p.f.Recipe.Commands {
		words := pythonless(c)
		if script, ok := p.ownShell(c); ok && len(lost) < maxSteps {
			lose(script, c.Pos)
			continue
		}
		if len(words) < 2 {
			continue
		}
		collected = collected || words[1] == "collectstatic"
		argv, ok := p.makes(c, words)
		switch {
		case ok && len(out.why) < maxSteps:
			if collected || !collects && words[1] == "compress" {
				out.after = append(out.after, argv)
			} else {
				out.before = append(out.before, argv)
			}
			out.why = append(out.why, "runs "+path.Base(words[0])+" "+words[1]+", as "+image.DisplayName(p.in, c.Pos)+" does")
			out.gettext = out.gettext || words[1] == "compilemessages"
		case p.ownCode(c, words) && !slices.ContainsFunc(p.made, func(m made) bool { return m.pos == c.Pos && m.argv[1] == c.Words[1] }):
			lose(strings.Join(c.Words, " "), c.Pos)
		case words[0] == "-c" && p.prepares(c, words[1]):
			lose("python -c "+words[1], c.Pos)
		}
	}
	if list := p.f.Recipe.Perhaps; len(list) > 0 {
		var names []string
		for _, x := range list {
			if !p.has(x.Value) {
				names = append(names, plan.Printable(x.Value, 40))
			}
		}
		if len(names) > 0 {
			p.in.Log.Note(list[0].Pos, "installs "+image.Enumerate(names[:min(len(names), 5)])+" on a condition, and this image does not", "name it in "+p.where()+" if the app needs it")
		}
	}
	if len(lost) > 0 {
		p.in.Log.Note(at, "runs "+image.Enumerate(lost[:min(len(lost), 3)])+" while it builds its image, and this image does not",
			"commit what it makes, or run it below COPY in the stage "+p.in.Stage("build").String()+", if the app needs that")
	}
	return out
}

// imported is what a line of code imports.
var imported = lazy.MustCompile(`\b(?:import|from)\s+([A-Za-z_]\w*)`)

// prepares reports whether a line of code calls something of the dependencies or of the repository, which may fetch or make what the app needs: a
// model of Hugging Face. What libraries fetch by name is in the image.
func (p project) prepares(c buildfile.Command, code string) bool {
	if !strings.Contains(code, "(") || slices.ContainsFunc(p.data, func(x fetched) bool { return len(x.row.fetches(c)) > 0 }) {
		return false
	}
	return slices.ContainsFunc(imported.FindAllStringSubmatch(code, maxSteps), func(m []string) bool {
		top := m[1]
		return !stdlib(top) && (p.own(".", top) || p.has(pypi.CanonPackageName(top)) || p.has(packageOf(top)))
	})
}

// ownShell is a script of the repository's for a shell that a command runs. One that only installs packages is none.
func (p project) ownShell(c buildfile.Command) (script string, ok bool) {
	words := c.Words
	if shell.IsShell(c.Program()) && len(words) > 1 {
		words = words[1:]
	}
	if len(words) == 0 || path.Ext(words[0]) != ".sh" || strings.Contains(words[0], buildfile.Unknown) {
		return "", false
	}
	base := path.Base(words[0])
	for _, name := range p.in.Tree.Files(p.in.Dir) {
		if path.Base(name) != base {
			continue
		}
		f := p.in.Builds.File(p.in.Rel(name))
		if f == nil {
			return "", false
		}
		installs := slices.ContainsFunc(f.Commands, func(c buildfile.Command) bool {
			return slices.Contains([]string{"apt-get", "apt", "apk", "useradd", "adduser", "pip", "pip3"}, c.Program())
		})
		return strings.Join(c.Words, " "), !installs
	}
	return "", false
}

// unmanaged are the words of a command without the manager that runs it in its environment before them.
func unmanaged(words []string) []string {
	for len(words) > 1 && words[1] == "run" && slices.Contains([]string{"uv", "poetry", "pipenv", "pdm", "rye", "hatch", "coverage"}, path.Base(words[0])) {
		words = words[2:]
		for len(words) > 1 && strings.HasPrefix(words[0], "-") && words[0] != "-m" {
			words = words[1:]
		}
	}
	return words
}

// pythonless are the words of a command without Python, and the manager that runs it, before them.
func pythonless(c buildfile.Command) []string {
	words := unmanaged(c.Words)
	if len(words) > 1 && strings.HasPrefix(path.Base(words[0]), "python") {
		if words = words[1:]; words[0] == "-m" {
			words = words[1:]
		}
	}
	return words
}

// makes is the command in this image, if it is one of makings and its program is there.
func (p project) makes(c buildfile.Command, words []string) (argv []string, ok bool) {
	name := path.Base(words[0])
	if !slices.ContainsFunc(makings, func(m making) bool { return m.program == name && slices.Contains(m.verbs, words[1]) }) {
		return nil, false
	}
	var env []string
	switch name {
	case "manage.py", "django-admin":
		dj := p.f.Django
		set, _, known := settingsEnv(dj)
		if dj == nil || !known {
			return nil, false
		}
		var err error
		if env, err = underProduction(dj, set); err != nil {
			return nil, false
		}
		argv = []string{"python", p.manage()}
	case "pybabel":
		if !p.has("babel") && !p.has("flask-babel") && !p.has("flask-babelplus") && !p.has("flask-babelex") {
			return nil, false
		}
		argv = []string{"pybabel"}
	default:
		if !p.has("flask") {
			return nil, false
		}
		argv = []string{"flask"}
	}
	for _, v := range c.Env {
		value := v.Value
		if secret.Linted(v.Name) || secret.Certain(v.Name) {
			value = "only-for-this-build"
		}
		e, err := plan.NewEnv(v.Name, value)
		if err != nil || strings.ContainsAny(value, buildfile.Unknown+"$/") || len(env) > maxSteps {
			continue
		}
		env = assigned(env, e.String())
	}
	for _, w := range words[1:] {
		w, ok := p.here(w)
		if !ok {
			return nil, false
		}
		argv = append(argv, w)
	}
	return slices.Concat(env, argv), true
}

// here is an argument in this image: a rooted path is that of the repository's file or folder that ends it.
func (p project) here(word string) (string, bool) {
	if strings.ContainsAny(word, buildfile.Unknown+"$*") {
		return "", false
	}
	flag, name, ok := strings.Cut(word, "=")
	if !ok {
		flag, name = "", word
	} else {
		flag += "="
	}
	if !path.IsAbs(name) {
		return word, !strings.HasPrefix(path.Clean(name), "..")
	}
	for rest := strings.Trim(path.Clean(name), "/"); rest != ""; _, rest, _ = strings.Cut(rest, "/") {
		if at := path.Join(p.in.Dir, rest); p.in.Tree.Has(at) || p.in.Tree.HasDir(at) {
			return flag + rest, true
		}
	}
	return "", false
}

// ownCode reports whether a command runs the repository's own code, or makes something by a framework, and neither a
// release nor this image sees to it.
func (p project) ownCode(c buildfile.Command, words []string) bool {
	if slices.Contains(done, words[1]) {
		return false
	}
	name := path.Base(words[0])
	if p.ownScript(words[0]) && p.packaged() || name == "setup.py" && !slices.ContainsFunc(words[1:], packaging) {
		return true
	}
	if name == "manage.py" || name == "flask" || name == "pybabel" || name == "django-admin" {
		return true
	}
	file, ok := p.here(words[0])
	return ok && strings.HasPrefix(c.Program(), "python") && strings.HasSuffix(file, ".py") && file != "setup.py" && p.in.Tree.Has(path.Join(p.in.Dir, file))
}
