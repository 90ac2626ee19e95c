package python

import (
	"path"
	"slices"
	"strings"

	"deps.dev/util/pypi"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Recipe is how the repository's own Dockerfile builds the project.
type Recipe struct {
	Commands []buildfile.Command // that surely run in the project's folder, in order
	// Extras and Groups are those of the project that it installs, Files requirements files, relative to
	// the folder, Packages what it names beside them.
	Extras, Groups []fact.Fact[string]
	Files          []fact.Fact[string]
	Packages       []Requirement
	// All says that it installs every extra.
	All fact.Pos
	// Perhaps are the packages that it installs on a condition which is no processor's.
	Perhaps []fact.Fact[string]
	// Browsers is where it installs the browsers of Playwright. Own says that there is a Dockerfile of which Commands are.
	Browsers fact.Pos
	Own      bool
}

// maxInstalled is more than an image installs by name.
const maxInstalled = 40

// recipe reads the own Dockerfile, that of the folder or of the repository, once.
func (f *Facts) recipe(t *tree.Tree) {
	if f.Recipe.Commands != nil {
		return
	}
	for _, dir := range slices.Compact([]string{".", f.Dir}) {
		for _, r := range buildfile.Of(t, dir).Recipes() {
			if !r.Own {
				continue
			}
			f.Recipe.Own = true
			var own *buildfile.Image
			if file := buildfile.Of(t, dir).Image(); file != nil {
				own = file.Image
			}
			for _, c := range r.Commands {
				if browsers(c.Words) {
					f.Recipe.Browsers = c.Pos
				}
				switch {
				case path.Join(dir, c.Dir) != f.Dir || c.Loop:
				case !c.Conditional:
					f.Recipe.Commands = append(f.Recipe.Commands, c)
					f.Recipe.install(t, f, c)
				case c.Processor:
					f.Recipe.install(t, f, c)
				default:
					var other Recipe
					other.install(t, f, c)
					for _, p := range other.Packages {
						f.Recipe.list(&f.Recipe.Perhaps, p.Name, c.Pos)
					}
				}
			}
			if own != nil && slices.ContainsFunc(own.Stages, func(s buildfile.Stage) bool { return strings.Contains(s.Base, "playwright") }) {
				f.Recipe.Browsers = own.Stages[0].Pos
			}
		}
	}
}

// browsers reports whether a command installs the browsers of Playwright: https://playwright.dev/python/docs/browsers#install-browsers
func browsers(words []string) bool {
	i := slices.IndexFunc(words, func(w string) bool { return path.Base(w) == "playwright" })
	return i >= 0 && i+1 < len(words) && words[i+1] == "install"
}

// valued are options of installers that take the word behind them, and say nothing here:
// https://pip.pypa.io/en/stable/cli/pip_install/#options, https://docs.astral.sh/uv/reference/cli/,
// https://python-poetry.org/docs/cli/.
var valued = []string{ //nolint:gochecknoglobals // a constant table
	"-c", "--constraint", "-t", "--target", "--prefix", "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--cache-dir", "--root", "--trusted-host", "--timeout",
	"--retries", "-w", "--wheel-dir", "--no-binary", "--only-binary", "--platform", "--python", "-p", "--python-version", "--progress-bar", "--log", "--upgrade-strategy", "--src", "--proxy",
	"-C", "--config-settings", "--build-constraint", "--override", "--index", "--default-index", "--link-mode", "--no-group", "--package", "--no-install-package", "-o", "--output-file",
	"--format", "--without", "--directory", "--project", "--index-strategy", "--refresh-package", "--upgrade-package", "-P", "--no-build-package", "--no-build-isolation-package", "--implementation", "--abi",
}

// install reads one command, if it installs something of Python.
func (r *Recipe) install(t *tree.Tree, f *Facts, c buildfile.Command) {
	words := c.Words
	if strings.HasPrefix(c.Program(), "python") && len(words) > 2 && words[1] == "-m" {
		words = words[2:]
	}
	if len(words) < 2 {
		return
	}
	program, args := path.Base(words[0]), words[1:]
	if program == "uv" && args[0] == "pip" {
		program, args = "pip", args[1:]
	}
	for program == "pip" && len(args) > 0 && strings.HasPrefix(args[0], "-") { // its own options stand before the verb
		if slices.Contains(valued, args[0]) && len(args) > 1 {
			args = args[1:]
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return
	}
	verb, args := args[0], args[1:]
	switch {
	case (program == "pip" || strings.HasPrefix(program, "pip3")) && (verb == "install" || verb == "wheel"):
	case program == "uv" && (verb == "sync" || verb == "export"), program == "poetry" && (verb == "install" || verb == "export" || verb == "sync"),
		program == "pdm" && (verb == "install" || verb == "sync" || verb == "export"):
	default:
		return
	}
	for i := 0; i < len(args); i++ {
		name, value, has := strings.Cut(args[i], "=")
		if !strings.HasPrefix(name, "-") {
			if program != "uv" && program != "poetry" && program != "pdm" {
				r.argument(f, args[i], c.Pos)
			}
			continue
		}
		if !strings.HasPrefix(name, "--") && len(name) > 2 && strings.HasPrefix(name, "-r") { // -rFILE
			name, value, has = "-r", args[i][2:], true
		}
		next := func() {
			if !has && i+1 < len(args) {
				i++
				value = args[i]
			}
		}
		switch {
		case name == "-r" || name == "--requirement" || name == "--requirements":
			next()
			r.file(t, f, value, c.Pos)
		case name == "-e" || name == "--editable":
			next()
			r.argument(f, value, c.Pos)
		case name == "--extra" || name == "--extras" || name == "-E":
			next()
			r.list(&r.Extras, value, c.Pos)
		case name == "--group" || name == "-G" || name == "--with" || name == "--only" || name == "--only-group":
			next()
			r.list(&r.Groups, value, c.Pos)
		case name == "--all-extras":
			r.All = c.Pos
		case slices.Contains(valued, name):
			next()
		}
	}
}

// list adds names that commas or spaces separate.
func (r *Recipe) list(to *[]fact.Fact[string], text string, at fact.Pos) {
	for _, n := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' }) {
		if len(*to) < maxInstalled && !strings.Contains(n, buildfile.Unknown) && !slices.ContainsFunc(*to, func(o fact.Fact[string]) bool { return o.Value == n }) {
			*to = append(*to, fact.Fact[string]{Value: n, Pos: at})
		}
	}
}

// file adds a requirements file. The own Dockerfile may have copied it elsewhere.
func (r *Recipe) file(t *tree.Tree, f *Facts, name string, at fact.Pos) {
	name = path.Clean(name)
	for _, c := range []string{name, path.Base(name), path.Join("requirements", path.Base(name)), path.Join("docker", path.Base(name))} {
		if path.IsAbs(c) || strings.HasPrefix(c, "..") || !t.Has(f.join(c)) {
			continue
		}
		if len(r.Files) < maxInstalled && !slices.ContainsFunc(r.Files, func(o fact.Fact[string]) bool { return o.Value == c }) {
			r.Files = append(r.Files, fact.Fact[string]{Value: c, Pos: at})
		}
		return
	}
}

// argument reads a requirement of a command line: the project itself, with extras, or a package.
func (r *Recipe) argument(f *Facts, text string, at fact.Pos) {
	if strings.ContainsAny(text, buildfile.Unknown+"*$\\") || len(text) > 200 {
		return
	}
	if m := bracketed.FindStringSubmatch(text); m != nil && (path.IsAbs(m[1]) || path.Clean(m[1]) == ".") {
		r.list(&r.Extras, m[2], at) // the project, wherever it lies in that image
		return
	}
	req, err := parseRequirement(text, at)
	if err != nil || req.Name == "" {
		return
	}
	if req.Name == pypi.CanonPackageName(f.Name) && f.Name != "" {
		for _, e := range req.Extras {
			r.list(&r.Extras, e, at)
		}
		return
	}
	if req.Source == Index && !installers.MatchString(req.Name) && len(r.Packages) < maxInstalled {
		r.Packages = append(r.Packages, req)
	}
}

// installers are packages with which others are installed.
var installers = lazy.MustCompile(`^(pip|setuptools|wheel|build|uv|poetry|poetry-core|poetry-plugin-export|pdm|pipenv|pip-tools|virtualenv|hatch|hatchling|flit|cython|setuptools-rust|setuptools-scm|certifi)$`)

// picked are the groups of a manifest that the recipe installs beside its main dependencies. Every extra
// leaves out those for development.
func (r Recipe) picked(m Manifest) []Group {
	var out []Group
	for _, g := range m.Groups {
		is := func(o fact.Fact[string]) bool { return pypi.CanonPackageName(o.Value) == pypi.CanonPackageName(g.Name) }
		switch {
		case g.Kind == "extra" && slices.ContainsFunc(r.Extras, is), g.Kind != "file" && slices.ContainsFunc(r.Groups, is),
			g.Kind == "extra" && (!r.All.IsZero() || slices.ContainsFunc(r.Extras, func(o fact.Fact[string]) bool { return o.Value == "all" && m.Manager == "poetry" })) && !developing.MatchString(g.Name):
			out = append(out, g)
		}
	}
	return out
}

// Developing reports whether an extra or a group is, by its name, for those who work on the project.
func Developing(name string) bool { return developing.MatchString(name) }

var developing = lazy.MustCompile(`(?i)^(dev|develop|development|tests?|testing|docs?|documentation|lint|linting|typing|types|ci|style|format|benchmark|build|release)$`)
