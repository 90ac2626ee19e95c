package buildfile

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Contract is what the repository's own files say to those who build and run the
// image of the app in the Reader's folder: every value stands there, with its
// place, and nothing is inferred. What is for development (compose.dev.yaml, a
// service that mounts the source, a target dev) and what runs another image (a
// database, another app of the repository) is sorted out here, once for all
// languages; profiles/image decides what of the rest an image keeps.
type Contract struct {
	// Own is the Dockerfile of the app, nil for none.
	Own *File
	// Runs are the containers of the app's image, those first that count more: the
	// README's, the compose files', the manifests', those of scripts. A container
	// for development has its ports alone.
	Runs []Container
	// Builds are how the app's image is built: by compose files, CI, bake files,
	// scripts and Makefiles.
	Builds []Build
}

// contractOf is a key of tree.Once.
type contractOf struct {
	dir, name, own, app string
	top                 bool
}

// Contract reads it. name is what the folder is called, own the app's Dockerfile, nil for none. It is read once.
func (r *Reader) Contract(name string, own *File) Contract {
	if r == nil || r.t == nil {
		return Contract{}
	}
	key := contractOf{dir: r.dir, name: name, app: r.app, top: r.top}
	if own != nil {
		key.own = own.rel
	}
	c, _ := r.t.Once(key, func() any { return r.contract(name, own) }).(Contract)
	return c
}

// Preload reads all that Contract is made of, so that nobody reads the repository after the scan: the
// files themselves, the manifests' heads, and the scripts that the own Dockerfile copies.
func (r *Reader) Preload() {
	r.names("", r.speaking())
	r.Processes()
	r.Recipes()
	for _, name := range packageFiles {
		r.File(name)
	}
	r.preloadImage(r.Image())
	r.preloadMakes()
	for _, dir := range r.moduleDirs() {
		r.preloadImage(r.ImageIn(dir))
	}
}

// preloadImage reads what a Dockerfile copies of files that say something.
func (r *Reader) preloadImage(own *File) {
	if own == nil {
		return
	}
	for _, c := range own.Image.Copies {
		if c.Source != "" && r.t.Has(r.at(c.Source)) {
			r.File(c.Source)
		}
	}
	for _, w := range own.Image.Entrypoint.Value.Words {
		r.File(path.Base(w))
	}
}

// packageFiles are the manifests that say which programs a package brings.
var packageFiles = []string{"package.json", "requirements.txt", "pyproject.toml", "Pipfile", "requirements/prod.txt", "requirements/production.txt", "requirements/base.txt"} //nolint:gochecknoglobals // a constant table

// head is the first part of a file, read once.
func (r *Reader) head(name string) []byte {
	if r.base != nil {
		return r.base.head(name)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if text, ok := r.heads[name]; ok {
		return text
	}
	if r.heads == nil {
		r.heads = map[string][]byte{}
	}
	r.heads[name] = nil
	if r.t.Has(r.at(name)) {
		if text, err := r.t.ReadHead(r.at(name), maxHead); err == nil {
			r.heads[name] = text
		}
	}
	return r.heads[name]
}

func (r *Reader) contract(name string, own *File) Contract {
	if r.top {
		return r.topContract(name, own)
	}
	out := Contract{Own: own}
	files := r.speaking()
	names := r.names(name, files)
	exact := hasNamed(files, names)
	unsure, sure := map[Kind][]Container{}, map[Kind]bool{}
	for _, f := range files {
		if developing(f.rel) {
			continue
		}
		var others []string // images that the file builds and that are another's
		for _, b := range f.Builds {
			if r.builds(f, b, out.Own) && !developing(b.Target) {
				out.Builds = listed(out.Builds, b)
			} else {
				others = append(others, b.Tags...)
			}
		}
		for _, c := range f.Containers {
			if slices.Contains(others, c.Image) || slices.Contains(strings.FieldsFunc(path.Base(repository(c.Image)), func(x rune) bool { return x == '-' || x == '_' }), "builder") || developing(path.Base(repository(c.Image))) || repackaged(c.Image, own) {
				continue
			}
			if f.Kind == Readme && r.another(f, c.Image, own) {
				continue
			}
			if c.Build.Context != "" {
				if r.builds(f, c.Build, out.Own) {
					sure[f.Kind] = true
					out.Runs = listed(out.Runs, c.sorted())
				}
				continue
			}
			switch {
			case !c.Own && c.keepsDatabase():
			case exact && !c.Own && isNamed(c.Image, names) && !isExactly(c.Image, names): // one beside the app's: notes-worker
			case c.Own && f.Kind == Readme && own == nil && !isNamed(c.Image, names): // built of a Dockerfile that is not here: another folder's
			case c.Own, isNamed(c.Image, names):
				out.Runs = listed(out.Runs, c.sorted())
				sure[f.Kind] = true
			case strings.Contains(repository(c.Image), "/") && !slices.Contains(foreign, path.Base(repository(c.Image))) || f.Kind == Manifest && strings.Contains(repository(c.Image), Unknown):
				unsure[f.Kind] = listed(unsure[f.Kind], c)
			}
		}
	}
	r.above(&out, names)
	// The only image that files of a kind run is the app's, whatever its name.
	for _, kind := range []Kind{Readme, Compose, Manifest} {
		if !sure[kind] && alike(unsure[kind]) {
			for _, c := range unsure[kind] {
				out.Runs = listed(out.Runs, c.sorted())
			}
		}
	}
	return out
}

// repackagers are those who make images of other people's apps, with folders, users and variables of their own:
// https://docs.linuxserver.io/general/running-our-containers/, https://github.com/bitnami/containers, https://hotio.dev/.
var repackagers = []string{"linuxserver", "bitnami", "bitnamilegacy", "hotio", "binhex"} //nolint:gochecknoglobals // a constant table

// repackaged reports whether an image is one of theirs, and the repository is not.
func repackaged(image string, own *File) bool {
	return slices.ContainsFunc(strings.Split(path.Dir(repository(image)), "/"), func(by string) bool {
		return slices.Contains(repackagers, by) && (own == nil || !strings.Contains(own.Text, by+"/"))
	})
}

// speakingOf is a key of tree.Once.
type speakingOf string

// speaking are the files in which a contract may stand, those that count more
// first. They are looked for once.
func (r *Reader) speaking() []*File {
	list, _ := r.t.Once(speakingOf(r.dir), func() any { return r.speakers() }).([]*File)
	return list
}

func (r *Reader) speakers() []*File {
	var out []*File
	add := func(list ...*File) {
		for _, f := range list {
			if f != nil && !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	var readmes, composes []string
	for _, row := range rows() {
		if row.kind == Readme {
			readmes = append(readmes, row.starts...)
		}
	}
	readmes = append(readmes, r.named(Readme, 2)...)
	composes = r.named(Compose, 3)
	for _, name := range slices.Concat(readmes, composes) {
		add(r.file(name))
	}
	add(r.Manifests()...)
	for _, name := range r.named(Bake, 2) {
		add(r.file(name))
	}
	add(r.Builds(".")...)
	r.mu.Lock()
	described := slices.Clone(r.described)
	r.mu.Unlock()
	for _, name := range described {
		add(r.file(name))
	}
	return out
}

// maxNamed is the most files of a kind that are read for a contract.
const maxNamed = 20

// manuals are the folders at the root in which the pages on how to install an app lie deeper than a README.
var manuals = []string{"doc", "docs", "documentation", "manual", "website", "site"} //nolint:gochecknoglobals // a constant table

// manual reports whether a file lies there. It is asked of every file of the repository.
func manual(name string) bool {
	top, _, below := strings.Cut(name, "/")
	return below && slices.Contains(manuals, top) && strings.Count(name, "/") <= 5
}

// named lists the files of a kind, at most that many folders deep, the nearest first.
func (r *Reader) named(kind Kind, depth int) []string {
	of := slices.DeleteFunc(slices.Clone(rows()), func(k row) bool { return k.kind != kind })
	out := r.find(func(name string) bool {
		return (strings.Count(name, "/") < depth || kind == Readme && manual(name)) && slices.ContainsFunc(of, func(k row) bool { return k.matches(name) })
	})
	slices.SortStableFunc(out, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	return out[:min(len(out), maxNamed)]
}

// developingWords are the words in the name of a file, of its folder or of a target
// that say that it is for those who work on the app.
var developingWords = []string{ //nolint:gochecknoglobals // a constant table
	"dev", "devel", "develop", "development", "devcontainer", "local", "override", "test", "tests", "testing", "e2e", "ci", "debug", "bench", "benchmark", "integration",
}

// developing reports whether a name has such a word. Workflows, which lie in folders
// with such names, build what is released.
func developing(name string) bool {
	if strings.HasPrefix(name, ".github/") || strings.HasPrefix(name, ".circleci/") {
		return false
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(c rune) bool { return strings.ContainsRune("./_-", c) })
	if path.Base(name) == ".gitlab-ci.yml" {
		return false
	}
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(developingWords, w) })
}

// debuggers are the ports on which debuggers wait:
// https://nodejs.org/en/learn/getting-started/debugging,
// https://docs.oracle.com/en/java/javase/21/docs/specs/jpda/conninv.html,
// https://github.com/go-delve/delve, https://github.com/microsoft/debugpy.
var debuggers = []int{9229, 9230, 5005, 2345, 40000, 5678} //nolint:gochecknoglobals // a constant table

// Debugs reports whether debuggers wait on a port.
func Debugs(port int) bool { return slices.Contains(debuggers, port) }

// sorted is the container without what serves development.
func (c Container) sorted() Container {
	source := slices.ContainsFunc(c.Mounts, func(m fact.Fact[Mount]) bool { return path.Clean(m.Value.Source) == "." && m.Value.Source != "" })
	if source || developing(c.Build.Target) || developing(c.Name) {
		ports := slices.DeleteFunc(slices.Clone(c.Ports), func(p fact.Fact[Port]) bool { return slices.Contains(debuggers, p.Value.Number) })
		return Container{Pos: c.Pos, Name: c.Name, Image: c.Image, Own: c.Own, Ports: ports, Dev: true}
	}
	return c
}

// contextOf is the folder that a build which the file names has as its context, as the file's Reader sees it; ok is false for one that is
// not known, or is no folder. A compose file's is relative to the file: https://docs.docker.com/reference/compose-file/build/#context.
func (f *File) contextOf(b Build) (dir string, ok bool) {
	if strings.Contains(b.Context, Unknown) || strings.Contains(b.Context, "://") {
		return "", false
	}
	if f.Kind == Compose {
		return path.Join(path.Dir(f.rel), b.Context), true
	}
	return path.Clean(b.Context), true
}

// builds reports whether a build makes the app's image: its context is the Reader's
// folder, and its Dockerfile is the app's.
func (r *Reader) builds(f *File, b Build, own *File) bool {
	context, ok := f.contextOf(b)
	if !ok {
		return false
	}
	if r.app != "" {
		if dir := r.chosen(f, b, r.app); dir != "" && !concerns(dir, r.app) {
			return false
		}
	}
	if context == "." {
		if b.Dockerfile == "" {
			return true
		}
		at := path.Join(context, b.Dockerfile)
		if slices.Contains(imageNames, at) {
			return true
		}
		return own != nil && at == own.rel
	}
	// Any other Dockerfile in a folder of its own, built in that folder, is of another app.
	return own != nil && own.context != "" && context == own.context &&
		(path.Clean(b.Dockerfile) == own.rel || path.Join(context, cmp.Or(b.Dockerfile, "Dockerfile")) == own.rel)
}

// foreign are the images that READMEs start beside an app, or build with.
var foreign = []string{ //nolint:gochecknoglobals // a constant table
	"postgres", "postgresql", "postgis", "mysql", "mysql-server", "mariadb", "redis", "valkey", "mongo", "mongodb", "rabbitmq", "nats", "kafka", "zookeeper", "elasticsearch",
	"opensearch", "minio", "memcached", "traefik", "nginx", "caddy", "adminer", "pgadmin4", "mailhog", "mailpit", "prometheus", "grafana", "jaeger", "all-in-one", "keycloak",
	"localstack", "node", "python", "golang", "alpine", "ubuntu", "debian", "maven", "gradle", "eclipse-temurin", "openjdk", "busybox", "watchtower", "chrome", "browserless",
	"openapi-generator-cli", "swagger-ui", "selenium", "standalone-chrome", "sqlc", "golangci-lint", "migrate", "protoc", "clickhouse-server", "vault", "consul", "etcd",
}

// databases are the folders in which servers of databases keep their data in their images.
var databases = []string{"/var/lib/postgresql", "/var/lib/mysql", "/var/lib/mongodb", "/var/lib/redis", "/var/lib/rabbitmq", "/var/lib/clickhouse", "/var/lib/cassandra"} //nolint:gochecknoglobals // a constant table

// keepsDatabase reports whether the container is a database's, or a tool's for one, by the folder that it is given.
func (c Container) keepsDatabase() bool {
	return slices.ContainsFunc(c.Mounts, func(m fact.Fact[Mount]) bool {
		return slices.ContainsFunc(databases, func(dir string) bool { return tree.Within(path.Clean(m.Value.Target), dir) })
	})
}

// another reports whether an image that a README below the folder runs is of that README's own folder, which has a Dockerfile and gives it its name.
func (r *Reader) another(f *File, image string, own *File) bool {
	dir := path.Dir(f.rel)
	if dir == "." || path.Base(repository(image)) != strings.ToLower(path.Base(dir)) {
		return false
	}
	at := path.Join(dir, "Dockerfile")
	return (own == nil || path.Dir(own.rel) != dir) && (r.t.Has(r.at(at)) || r.t.Has(r.at(at+".bak")))
}

// alike reports whether the containers are all of one image.
func alike(list []Container) bool {
	for _, c := range list {
		if repository(c.Image) != repository(list[0].Image) {
			return false
		}
	}
	return len(list) > 0
}

// repository is the name of an image without its tag and digest.
func repository(image string) string {
	image, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		image = image[:i]
	}
	return strings.ToLower(image)
}

// hasNamed reports whether one of the files runs or builds an image whose name is the app's own.
func hasNamed(files []*File, names []string) bool {
	return slices.ContainsFunc(files, func(f *File) bool {
		return !developing(f.rel) && (slices.ContainsFunc(f.Containers, func(c Container) bool { return c.Build.Context == "" && isExactly(c.Image, names) }) ||
			slices.ContainsFunc(f.Builds, func(b Build) bool {
				return slices.ContainsFunc(b.Tags, func(tag string) bool { return isExactly(tag, names) })
			}))
	})
}

// isExactly reports whether the last word of an image's name is the app's.
func isExactly(image string, names []string) bool {
	base := slug(path.Base(repository(image)))
	return base != "" && !strings.Contains(base, Unknown) && slices.Contains(names, base)
}

// isNamed reports whether an image is called like the app: by its last word or, if
// that names a part of it, by the one before.
func isNamed(image string, names []string) bool {
	words := strings.Split(repository(image), "/")
	base := slug(words[len(words)-1])
	if base == "" || strings.Contains(base, Unknown) || slices.Contains(foreign, base) && !slices.Contains(names, base) {
		return false
	}
	if len(words) > 2 && slices.Contains(names, slug(words[len(words)-2])) && !strings.Contains(words[0], Unknown) {
		return true
	}
	return slices.ContainsFunc(names, func(n string) bool {
		return base == n || len(n) > 3 && strings.HasPrefix(base, n+"-") || len(n) > 3 && strings.HasSuffix(base, "-"+n)
	})
}

var (
	notSlug   = lazy.MustCompile(`[^a-z0-9` + Unknown + `]+`)
	titleLine = lazy.MustCompile(`(?m)^#[ \t]+(?:<[^>\n]*>[ \t]*|!\[[^\]\n]*\]\([^)\n]*\)[ \t]*)*\[?([A-Za-z][\w .-]{1,40})`)
	goModule  = lazy.MustCompile(`(?m)^module[ \t]+"?([^\s"]+)`)
	jsonName  = lazy.MustCompile(`(?m)^[ \t]*"name"[ \t]*:[ \t]*"([^"\n]{1,200})"`)
	tomlName  = lazy.MustCompile(`(?m)^name[ \t]*=[ \t]*"([^"\n]{1,200})"`)
	pomParent = lazy.MustCompile(`(?s)<parent>.*?</parent>`)
	pomName   = lazy.MustCompile(`<artifactId>\s*([^<\s]{1,200})\s*</artifactId>`)
	// https://docs.gradle.org/current/userguide/settings_file_basics.html
	gradleName = lazy.MustCompile(`(?m)^[ \t]*rootProject\.name\s*=\s*['"]([A-Za-z0-9][A-Za-z0-9._-]{0,200})['"]`)
	major      = lazy.MustCompile(`/v[0-9]+$`)
)

// slug is a name as images have it: lower case, with hyphens.
func slug(s string) string {
	return strings.Trim(notSlug.ReplaceAllString(strings.ToLower(s), "-"), "-")
}

// ManifestName is what the first manifest of the folder calls the app, "" if none names it.
func (r *Reader) ManifestName() string {
	if r == nil || r.t == nil {
		return ""
	}
	if names := r.manifestNames(); len(names) > 0 {
		return names[0]
	}
	return ""
}

func (r *Reader) manifestNames() []string {
	var out []string
	for _, m := range []struct {
		file string
		name *lazy.Regexp
	}{{"go.mod", goModule}, {"package.json", jsonName}, {"pyproject.toml", tomlName}, {"pom.xml", pomName}, {"settings.gradle", gradleName}, {"settings.gradle.kts", gradleName}} {
		text := r.head(m.file)
		if m.file == "pom.xml" {
			text = pomParent.ReplaceAll(text, nil)
		}
		if g := m.name.FindSubmatch(text); g != nil {
			out = append(out, major.ReplaceAllString(string(g[1]), ""))
		}
	}
	return out
}

// names are what the app is called: the folder, the names of its manifests, the title of the
// README, and what its own builds call the image.
func (r *Reader) names(folder string, files []*File) []string {
	var out []string
	add := func(s string) {
		if s = slug(path.Base(s)); s != "" && !strings.Contains(s, Unknown) && len(out) < maxListed && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	add(folder)
	if r.dir != "." {
		add(r.dir)
	}
	for _, name := range r.manifestNames() {
		add(name)
	}
	var built []string
	for _, f := range files {
		if g := titleLine.FindStringSubmatch(f.Text); f.Kind == Readme && g != nil && strings.HasPrefix(strings.ToLower(f.rel), "readme") {
			add(strings.TrimSpace(g[1]))
		}
		for _, c := range f.Containers {
			if f.Kind == Compose && c.Image != "" && c.Build.Context != "" && r.builds(f, c.Build, nil) {
				built = append(built, repository(c.Image))
			}
		}
		for _, b := range f.Builds {
			for _, tag := range b.Tags {
				if f.Kind != Readme && r.builds(f, b, nil) {
					built = append(built, repository(tag))
				}
			}
		}
	}
	known := slices.Clone(out)
	beside := slices.ContainsFunc(built, func(image string) bool { return isExactly(image, known) })
	for _, image := range built {
		if !beside || isExactly(image, known) || !isNamed(image, known) { // else it is one beside the app's: notes-worker
			add(image)
		}
	}
	return out
}

// maxHead is how much of a manifest is read for the app's name.
const maxHead = 16 << 10

// Repo is the file of the repository that lies at p in the last stage, relative to the
// Reader's folder; ok is false if none of the build context is copied there. A name
// without folders is looked for by that name.
func (i *Image) Repo(p string) (name string, ok bool) {
	for _, c := range slices.Backward(i.Copies) {
		if c.Source == "" || strings.Contains(c.Source+c.To, Unknown) {
			continue
		}
		base := path.Base(c.Source)
		switch {
		case p == c.To, p == path.Join(c.To, base), !strings.Contains(p, "/") && (p == path.Base(c.To) || p == base):
			return c.Source, true
		case under(c.To, p):
			return path.Join(c.Source, strings.TrimPrefix(p, c.To)), true
		}
	}
	return "", false
}
