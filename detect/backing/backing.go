// Package backing reads what an app says of the servers that it needs beside it: the client libraries that its manifests name, what of
// them its code imports, the addresses in its code and configuration, the variables that it reads, and the images of servers that the
// repository runs elsewhere (in CI, in compose files for development).
//
// It is read when somebody asks for it, for one app at a time, because no Dockerfile depends on it. Every app of every language is read
// in the same way, by the text of its lines: a variable that is taken for one that the app reads is of no harm, and one that is computed
// is not found. A line that is a comment says nothing. Which library is a client of what, and which variable means what, is for the
// caller to say.
//
// Its files, each of which uses only those after it: backing.go; folder.go (which folders are the app's), manifest.go (its libraries),
// line.go (what a line says).
package backing

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// App is where an app is.
type App struct {
	Dir      string // the folder that its image is built in, "." for the root
	Place    string // the folder below it that is the app's own, "" for Dir itself; a module of Maven's, too
	Language string // "go", "java", "node", "python"
	Main     string // the folder of a Go program within Dir, "" for Dir itself
	// Libraries are what the build takes for production, where the facts of its language say it; nil where the manifests do.
	Libraries []Library
}

// Library is one that a manifest names for production.
type Library struct {
	Name  string // as the ecosystem has it: "pg", "psycopg2-binary", "github.com/jackc/pgx/v5", "org.postgresql:postgresql"
	Range string // as it is written, "" where it is said elsewhere
	Pos   fact.Pos
}

// Var is a variable that the app reads, or that an example of its environment names.
type Var struct {
	Name  string
	Value string // its default in the code, or its value in the example; "" if there is none
	Pos   fact.Pos
	// Example says that an example of the environment names it, and Code that the code or a configuration file does.
	Example, Code bool
	// Beside is the variable of the address that a property of Spring's stands beside, which this one is the variable of, and Key that
	// property's last word.
	Beside, Key string
}

// Facts are what was read.
type Facts struct {
	Libraries []Library
	Imports   map[string]fact.Pos // what the code imports, as it is written
	Vars      []Var               // each once
	URLs      []fact.Fact[string] // addresses of other schemes than HTTP's
	Images    []fact.Fact[string] // of containers that CI, and compose files beside the usual, run
	Spring    bool                // Spring Boot's variables set its properties
	Quarkus   bool

	texts []text
}

// text is a file that was read.
type text struct{ name, text string }

// The most that is read of one app.
const (
	maxFiles = 3000
	maxFile  = 256 << 10
	maxTotal = 16 << 20
	maxLine  = 4000
	maxURLs  = 500
	maxVars  = 1000
)

// Read reads an app of the tree. It fails on nothing: what cannot be read says nothing.
func Read(t *tree.Tree, app App) *Facts {
	f := &Facts{Imports: map[string]fact.Pos{}}
	r := &reader{t: t, app: app, f: f, vars: map[string]int{}, seen: map[string]bool{}, on: map[string][]string{}}
	own := path.Join(app.Dir, app.Place)
	r.examples(own)
	if app.Place != "" {
		r.examples(app.Dir)
	}
	if app.Language == "go" {
		r.goPackages()
		r.folder(own, true)
	} else {
		for _, dir := range r.folders(own) {
			r.folder(dir, false)
		}
	}
	r.images()
	return f
}

// SecretsFolder is the folder of the files that hold the passwords of compose.yaml: it is not one of the repository's own.
func SecretsFolder(t *tree.Tree) string {
	all := SecretsFolders()
	for _, name := range all[:len(all)-1] {
		if t == nil || !slices.ContainsFunc(t.Files(name), func(f string) bool { return f != name+"/.gitignore" }) && !t.Has(name) {
			return name
		}
	}
	return all[len(all)-1]
}

// SecretsFolders are the names that it may have.
func SecretsFolders() []string { return []string{"secrets", "compose.secrets", "dockgen.secrets"} }

// Find is the first place where one of the texts stands.
func (f *Facts) Find(texts ...string) fact.Pos {
	for _, x := range f.texts {
		for _, want := range texts {
			for from := 0; want != ""; {
				i := strings.Index(x.text[from:], want)
				if i < 0 {
					break
				}
				at := from + i
				start := strings.LastIndexByte(x.text[:at], '\n') + 1
				if !comment(x.text[start:at]) {
					return fact.At(x.name, 1+strings.Count(x.text[:at], "\n"))
				}
				from = at + len(want)
			}
		}
	}
	return fact.Pos{}
}

// reader holds what is read of an app while it is read.
type reader struct {
	t     *tree.Tree
	app   App
	f     *Facts
	vars  map[string]int // index of Facts.Vars
	seen  map[string]bool
	on    map[string][]string // the profiles of Spring's that a folder's settings take by themselves
	files int
	bytes int
}

// read is a file's text, "" if it is not to be read any more.
func (r *reader) read(name string) string {
	if r.seen[name] || r.files >= maxFiles || r.bytes >= maxTotal || !r.t.Has(name) {
		return ""
	}
	r.seen[name] = true
	b, err := r.t.ReadHead(name, maxFile)
	if err != nil || strings.IndexByte(string(b[:min(len(b), 512)]), 0) >= 0 {
		return ""
	}
	r.files++
	r.bytes += len(b)
	return string(b)
}

// code are the files of programs, by the language that reads them; settings those that configure them.
var (
	code = map[string][]string{ //nolint:gochecknoglobals // a constant table
		"go":     {".go"},
		"java":   {".java", ".kt"},
		"node":   {".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx", ".prisma", ".vue", ".svelte"},
		"python": {".py"},
	}
	settings = []string{".yaml", ".yml", ".toml", ".properties", ".ini", ".cfg", ".conf", ".json", ".json5"} //nolint:gochecknoglobals // a constant table
)

// notSettings are files of these ends that configure no app: manifests, lockfiles, other tools'.
var notSettings = lazy.MustCompile(`(?i)^(package(-lock)?\.json|.*lock.*|tsconfig.*\.json|jsconfig\.json|pyproject\.toml|pipfile|pnpm-workspace\.yaml|\.pre-commit-config\.yaml|mkdocs\.yml|renovate\.json5?|turbo\.json|nx\.json|openapi.*|swagger.*|(docker-)?compose.*\.ya?ml|dockgen\.yaml|composer\.json|tox\.ini|setup\.cfg)$`)

// profiled is a configuration file of a profile of Spring's, shipped one of a profile that a container runs with.
var (
	profiled = lazy.MustCompile(`^(?:application|bootstrap)-([A-Za-z0-9_-]+)\.(?:properties|ya?ml)$`)
	shipped  = lazy.MustCompile(`(?i)^(prod|production|docker|container|compose|cloud)$`)
)

// folder reads the files of a folder, of Go's the settings alone.
func (r *reader) folder(dir string, settingsOnly bool) {
	for _, name := range r.t.Files(dir) {
		rel := strings.TrimPrefix(name, dir+"/")
		base, ext := path.Base(name), path.Ext(name)
		isCode := slices.Contains(code[r.app.Language], ext)
		isSettings := slices.Contains(settings, ext) && !notSettings.MatchString(base) && strings.Count(rel, "/") < 5
		if settingsOnly && isCode || !isCode && !isSettings || strings.HasPrefix(rel, ".") || aside.File(r.app.Language, rel) != nil {
			continue
		}
		if m := profiled.FindStringSubmatch(base); m != nil && !shipped.MatchString(m[1]) && !slices.Contains(r.active(path.Dir(name)), m[1]) {
			continue
		}
		r.file(name, isCode)
		if r.app.Language == "java" && springName.MatchString(base) {
			r.properties(name)
		}
	}
}

// file reads what the lines of a file say.
func (r *reader) file(name string, isCode bool) {
	content := r.read(name)
	if content == "" {
		return
	}
	if path.Ext(name) == ".prisma" { // prisma format lines the values up
		content = blanks.ReplaceAllString(content, " ")
	}
	r.f.texts = append(r.f.texts, text{name, content})
	n := 0
	l := lineReader{r: r, file: name}
	for line := range strings.Lines(content) {
		n++
		if len(line) > maxLine || comment(line) {
			continue
		}
		l.read(strings.TrimRight(line, "\r\n"), n, isCode)
	}
}

var blanks = lazy.MustCompile(`[ \t]+`)

// comment reports whether a line, or the beginning of one, is a comment.
func comment(line string) bool {
	s := strings.TrimSpace(line)
	return strings.HasPrefix(s, "#") || strings.HasPrefix(s, "//") || strings.HasPrefix(s, "* ") || s == "*" || strings.HasPrefix(s, "/*") || strings.HasPrefix(s, "--")
}

// add keeps a variable. The value of an example counts before that of the code.
func (r *reader) add(v Var) {
	if v.Name == "" || len(v.Name) > 100 {
		return
	}
	i, ok := r.vars[v.Name]
	if !ok {
		if len(r.f.Vars) < maxVars {
			r.vars[v.Name] = len(r.f.Vars)
			r.f.Vars = append(r.f.Vars, v)
		}
		return
	}
	old := &r.f.Vars[i]
	if v.Value != "" && (old.Value == "" || v.Example && !old.Example) {
		old.Value, old.Pos = v.Value, v.Pos
	}
	old.Example, old.Code = old.Example || v.Example, old.Code || v.Code
}

// examples reads the examples of the environment, and the files of it that are committed.
func (r *reader) examples(dir string) {
	for _, base := range r.t.Names(dir) {
		lower := strings.ToLower(base)
		if !strings.HasPrefix(lower, ".env") && !strings.HasSuffix(lower, ".env") && lower != "env.example" || exampleOfTests.MatchString(lower) {
			continue
		}
		name := path.Join(dir, base)
		n := 0
		for line := range strings.Lines(r.read(name)) {
			n++
			if key, value, ok := buildfile.EnvLine(line); ok && envName.MatchString(key) && len(line) <= maxLine {
				r.add(Var{Name: key, Value: value, Pos: fact.At(name, n), Example: true})
				r.url(value, name, n)
			}
		}
	}
}

var (
	exampleOfTests = lazy.MustCompile(`test|e2e|\bci\b|vault`)
	envName        = lazy.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// composeName are compose files, workflow those of GitHub that run servers beside a job.
var (
	composeName = lazy.MustCompile(`(?i)^(docker-)?compose[^/]*\.ya?ml$`)
	workflow    = lazy.MustCompile(`^\.(github|forgejo|gitea)/workflows/[^/]+\.ya?ml$`)
)

// images reads the images of the servers that compose files and CI run.
func (r *reader) images() {
	read := 0
	for _, name := range r.t.Files(".") {
		isCompose := composeName.MatchString(path.Base(name)) && strings.Count(name, "/") < 3 && aside.Folder(r.app.Language, path.Dir(name)) == nil
		if !isCompose && !workflow.MatchString(name) || read >= 40 {
			continue
		}
		read++
		b, err := r.t.ReadHead(name, maxFile)
		if err != nil {
			continue
		}
		doc, err := document.Parse(name, b)
		if err != nil {
			continue
		}
		add := func(services document.Value) {
			for _, m := range services.Members {
				if image := m.Value.Get("image"); image.IsScalar() && len(r.f.Images) < maxURLs {
					r.f.Images = append(r.f.Images, image.Fact())
				}
			}
		}
		if isCompose {
			add(doc.Get("services"))
			continue
		}
		for _, job := range doc.Get("jobs").Members {
			add(job.Value.Get("services"))
		}
	}
}
