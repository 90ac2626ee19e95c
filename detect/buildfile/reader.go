package buildfile

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Reader reads each file below one folder once. It is lazy: a file is read when
// one of its methods asks for it. A nil Reader has no files.
type Reader struct {
	mu    sync.Mutex
	t     *tree.Tree
	dir   string
	top   bool   // the app's Dockerfile lies in the root: Top
	app   string // of several in the folder, that it is for; base is the one for all of them then: For
	base  *Reader
	files map[string]*File
	heads map[string][]byte // of manifests

	described []string // the files of Describe
}

// folder is a key of tree.Once.
type folder string

// Of returns the reader of a folder of the tree, which is the same for every
// language.
func Of(t *tree.Tree, dir string) *Reader {
	dir = path.Clean(dir)
	r, _ := t.Once(folder(dir), func() any {
		return &Reader{t: t, dir: dir, files: map[string]*File{}}
	}).(*Reader)
	return r
}

func (r *Reader) at(name string) string { return path.Join(r.dir, name) }

// Folders are the places of files that speak for a build: its home, and the
// folder itself.
func Folders(home string) []string { return slices.Compact([]string{home, "."}) }

// buildFolders are those in which a repository keeps what builds it, beside
// its root.
var buildFolders = []string{ //nolint:gochecknoglobals // a constant table
	"scripts", "script", "hack", "build", "ci", ".ci", "docker", "deploy", "tools", ".github/workflows", ".circleci",
	".buildkite", ".forgejo/workflows", ".gitea/workflows",
}

// Builds lists the files that say how the build in home, a path relative to
// the folder, is made, those of its home first.
func (r *Reader) Builds(home string) []*File {
	if r == nil {
		return nil
	}
	var out []*File
	for _, dir := range slices.Concat(Folders(home), buildFolders) {
		for _, base := range r.t.Names(r.at(dir)) {
			name := path.Join(dir, base)
			if row := rowOf(name); !row.builds && !platformBuilds(name) {
				continue
			}
			if f := r.file(name); f != nil && !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// Starts lists the files that build and start the folder's programs, those that
// count more first.
func (r *Reader) Starts() []*File {
	if r == nil {
		return nil
	}
	var out []*File
	for _, row := range rows() {
		n := len(out)
		add := func(names []string, all bool) {
			for _, name := range names {
				if f := r.file(name); f != nil && (all || len(out) == n) && (f.Image != nil || f.Kind != Dockerfile) {
					out = append(out, f)
				}
			}
		}
		if add(row.starts, row.all); len(out) == n && row.kind == Dockerfile {
			add(r.dockerfiles(), true)
		}
	}
	return out
}

// Image is the Dockerfile that docker build takes in the folder, else the first
// of those with a longer name or in a folder for them; nil if there is none. It is
// never dockgen's own. It is looked for once.
func (r *Reader) Image() *File {
	if r == nil {
		return nil
	}
	f, _ := r.t.Once(imageOf{r.dir, r.top, r.app}, func() any { return r.image() }).(*File)
	return f
}

// imageOf is a key of tree.Once.
type imageOf struct {
	dir string
	top bool
	app string
}

func (r *Reader) image() *File {
	if r.top {
		if f := r.topImage(); f != nil {
			return f
		}
	}
	var empty *File
	for _, name := range slices.Concat(imageNames, r.dockerfiles()) {
		f := r.file(name)
		if f == nil || f.Image == nil {
			continue
		}
		if f.Default || f.takes() {
			return f
		}
		if empty == nil {
			empty = f
		}
	}
	if empty == nil {
		return r.elsewhere()
	}
	return empty
}

// variants are the words by which a Dockerfile's name says that it makes the app's image in another way.
var variants = []string{ //nolint:gochecknoglobals // a constant table
	"dockerfile", "containerfile", "bak", "default", "full", "app", "server", "api", "backend", "web", "main", "service", "prod", "production", "release", "goreleaser", "standalone", "multistage",
	"alpine", "debian", "ubuntu", "slim", "distroless", "scratch", "ubi", "fedora", "centos", "bookworm", "trixie", "bullseye", "jvm", "rootless", "nonroot", "linux", "amd64", "arm64", "multiarch", "docker",
}

// Variant reports whether a Dockerfile's name says that it makes the app's image, and not that of another program beside it.
func (f *File) Variant() bool {
	return !slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(path.Base(f.Name)), func(c rune) bool { return c == '.' || c == '-' || c == '_' }), func(w string) bool {
		return !slices.Contains(variants, w)
	})
}

// takes reports whether a stage of the image takes a file of the repository: an image that takes none, beside others, is
// that of a service which the app needs.
func (f *File) takes() bool {
	return slices.ContainsFunc(f.Image.Lines, func(l Instruction) bool { return binds.MatchString(l.Text) }) ||
		slices.ContainsFunc(f.Image.Copies, ofContext) || slices.ContainsFunc(f.Image.Stages, func(s Stage) bool { return slices.ContainsFunc(s.Copies, ofContext) })
}

func ofContext(c Copy) bool { return c.From == "" }

// binds matches a RUN that sees the repository: https://docs.docker.com/reference/dockerfile/#run---mounttypebind
var binds = lazy.MustCompile(`--mount=\S*type=bind`)

// packagers are folders below packaging whose Dockerfile makes a package of a system.
var packagers = []string{"deb", "debian", "rpm", "arch", "snap", "flatpak", "nix"} //nolint:gochecknoglobals // a constant table

// dockerfilesOf is a key of tree.Once.
type dockerfilesOf string

// dockerfiles lists the Dockerfiles with a longer name and those in folders for
// them, the nearest first. They are looked for once.
func (r *Reader) dockerfiles() []string {
	out, _ := r.t.Once(dockerfilesOf(r.dir), func() any { return r.longDockerfiles() }).([]string)
	return out
}

func (r *Reader) longDockerfiles() []string {
	out := r.find(func(name string) bool {
		base := path.Base(name)
		if base != "Dockerfile" && !strings.HasPrefix(base, "Dockerfile.") && !strings.HasSuffix(base, ".Dockerfile") {
			return false
		}
		dirs := strings.Split(name, "/")
		if len(dirs) == 1 && base == "Dockerfile" || len(dirs) > 4 || aside.Image(name) {
			return false
		}
		return len(dirs) == 1 || slices.Contains(imageFolders, dirs[0]) && !(strings.HasPrefix(dirs[0], "packag") && slices.Contains(packagers, dirs[1]))
	})
	slices.SortStableFunc(out, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	return out[:min(len(out), 20)]
}

// find lists the files below the folder that match, relative to it, but for those of other repositories.
func (r *Reader) find(match func(name string) bool) []string {
	var out []string
	for _, f := range r.t.Files(r.dir) {
		name := f
		if r.dir != "." {
			name = strings.TrimPrefix(f, r.dir+"/")
		}
		if match(name) && !aside.OfOthers(name) {
			out = append(out, name)
		}
	}
	return out
}

// Processes lists what the Procfile starts, then what the files of hosting
// platforms start.
func (r *Reader) Processes() []Process {
	if r == nil {
		return nil
	}
	var out []Process
	for _, row := range rows() {
		if row.kind != Procfile && row.kind != Platform {
			continue
		}
		for _, name := range row.starts {
			if f := r.file(name); f != nil {
				out = append(out, f.Processes...)
			}
		}
	}
	return out
}

// Procfile lists the processes of the folder's Procfile. A Procfile that cannot be
// read, because it is a symbolic link, is an error.
func (r *Reader) Procfile() ([]Process, error) {
	if f := r.File("Procfile"); f != nil {
		return f.Processes, nil
	}
	if r != nil && r.t.IsLink(r.at("Procfile")) {
		_, err := r.t.Read(r.at("Procfile"))
		return nil, err
	}
	return nil, nil
}

// File is one file that says something of building, starting or publishing,
// whose name is relative to the folder; nil if there is none of that name.
func (r *Reader) File(name string) *File {
	if r == nil {
		return nil
	}
	return r.file(path.Clean(name))
}

var shebang = lazy.MustCompile(`^#!\s*(?:/usr)?/bin/(?:env\s+)?([a-z]+)`)

// Shebang is the interpreter that the first line of a script names ("bash"), or "".
func (r *Reader) Shebang(name string) string {
	if r == nil || !r.t.Has(r.at(name)) {
		return ""
	}
	head, err := r.t.ReadHead(r.at(name), 80)
	if m := shebang.FindSubmatch(head); err == nil && m != nil {
		return string(m[1])
	}
	return ""
}

// Dotenvs lists the files of variables in home and in the folder itself.
func (r *Reader) Dotenvs(home string) []*File {
	if r == nil {
		return nil
	}
	var out []*File
	for _, dir := range Folders(home) {
		for _, name := range slices.Concat(envFiles, EnvExamples()) {
			if f := r.file(path.Join(dir, name)); f != nil {
				out = append(out, f)
			}
		}
	}
	return out
}

// maxManifests is the most manifests that are read.
const maxManifests = 100

// Manifests lists the Kubernetes manifests and the templates of charts below the
// folder that have containers.
func (r *Reader) Manifests() []*File {
	if r == nil {
		return nil
	}
	var out []*File
	names := r.find(func(name string) bool { return isYAML(name) && manifestName.MatchString(name) })
	for _, name := range names[:min(len(names), maxManifests)] {
		if f := r.file(name); f != nil && f.Kind == Manifest {
			out = append(out, f)
		}
	}
	return out
}

// Containers lists how the repository's own files run images: compose files,
// the README, manifests.
func (r *Reader) Containers() []Container {
	if r == nil {
		return nil
	}
	var out []Container
	for _, f := range slices.Concat(r.Starts(), r.Manifests()) {
		out = append(out, f.Containers...)
	}
	return out
}

// file reads one; nil if it says nothing. dockgen's own Dockerfile does not:
// what dockgen made of the others must not speak for itself.
func (r *Reader) file(name string) *File {
	r.mu.Lock()
	defer r.mu.Unlock()
	if f, ok := r.files[name]; ok {
		return f
	}
	if r.base != nil {
		return r.base.file(name)
	}
	r.files[name] = nil
	if path.Base(name) == "Dockerfile" && r.t.Managed(r.at(path.Dir(name))) || !r.t.Has(r.at(name)) {
		return nil
	}
	text, err := r.t.ReadHead(r.at(name), maxFile)
	if err != nil || len(text) == 0 {
		return nil
	}
	row := rowOf(name)
	f := &File{Name: r.at(name), Kind: row.kind, Text: string(text), rel: name}
	if row.kind == Dockerfile {
		f.context = r.context(name, f.Text)
	}
	if row.kind == Manifest {
		f.chart = r.values(name)
	}
	if !f.read(row) {
		return nil
	}
	r.supervised(f)
	r.files[name] = f
	return f
}

// read takes in the text. It reports whether it says anything.
func (f *File) read(row row) bool {
	f.vars = assigned(f.Name, f.Text)
	if !row.read(f, f.Text) {
		return false
	}
	f.runs(f.Commands)
	return true
}

// values are those of the chart that a template belongs to.
func (r *Reader) values(name string) document.Value {
	i := strings.LastIndex(name, "templates/")
	if i < 0 {
		return document.Value{}
	}
	v, err := document.Read(r.t, r.at(path.Join(name[:i], "values.yaml")))
	if err != nil {
		return document.Value{}
	}
	return v
}

func isYAML(name string) bool { return path.Ext(name) == ".yml" || path.Ext(name) == ".yaml" }
