package buildfile

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/internal/lazy"
)

// row is a kind of file.
type row struct {
	kind Kind
	// starts are the files of the folder itself that build and start its programs,
	// those that count more first; all count, or the first that is there.
	starts []string
	all    bool
	match  *lazy.Regexp // base names of others, in lower case
	path   *lazy.Regexp // paths of others, relative to the folder, with the base name in lower case
	// builds says that such a file, in the folder of a build or in one for build
	// files, may say how programs are built.
	builds bool
	// read takes in the text of a file, and reports whether it says anything.
	read func(f *File, text string) bool
}

// kinds returns all kinds of files, those that count more for what is started
// first.
func kinds() []row {
	return []row{
		{kind: Procfile, starts: []string{"Procfile"}, read: (*File).procfile},
		{kind: Heroku, starts: []string{"go.mod"}, read: (*File).heroku},
		{kind: Platform, starts: platformFiles(""), all: true, read: (*File).platform},
		{kind: Dockerfile, starts: imageNames, match: base(`dockerfile(\..+)?|.+\.dockerfile|containerfile`), builds: true, read: (*File).dockerfile},
		{
			kind: Compose, starts: []string{"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"},
			match: base(`(.+[.-])?compose([.-].+)?\.ya?ml`), read: (*File).compose,
		},
		{
			kind: Goreleaser, starts: []string{".goreleaser.yaml", ".goreleaser.yml", "goreleaser.yaml", "goreleaser.yml"},
			match: base(`\.?goreleaser\.(.+\.)?ya?ml`), builds: true, read: (*File).goreleaser,
		},
		{kind: Promu, starts: []string{".promu.yml"}, builds: true, read: (*File).promu},
		{kind: Makefile, starts: []string{"GNUmakefile", "makefile", "Makefile"}, match: base(`.*makefile|.+\.mk`), builds: true, read: (*File).makefile},
		{kind: Reloader, starts: platformFiles("reloader"), read: (*File).platform},
		{
			kind: Readme, starts: []string{"README.md", "Readme.md", "readme.md", "README", "README.rst"}, all: true,
			match: base(`(readme|install|installation|installing|docker|docker-compose|podman|containers?|container-image|deploy|deployment|deploying|self-?host(ing|ed)?|quick-?start|getting-?started|usage)\.(mdx?|rst|adoc)`), read: (*File).readme,
		},
		{kind: Bake, match: base(`docker-bake(\.override)?\.(hcl|json)`), read: (*File).bake},
		{kind: Script, match: base(`.+\.(sh|bash)|entrypoint|docker-entrypoint`), builds: true, read: (*File).script},
		{
			kind: CI, path: lazy.MustCompile(`(^|/)\.(github|circleci|buildkite|forgejo|gitea)/(.+/)?[^/]+\.ya?ml$|` +
				`(^|/)(\.gitlab-ci|\.travis|\.drone|azure-pipelines|bitbucket-pipelines)\.ya?ml$`), builds: true, read: (*File).ci,
		},
		{kind: Task, match: base(`taskfile\.(dist\.)?ya?ml`), builds: true, read: (*File).ci},
		{kind: Task, match: base(`\.?justfile|.+\.just|magefile\.go|earthfile`), builds: true, read: (*File).loose},
		{kind: Dotenv, match: base(`\.env(\..+)?|.*env\.example|(example|sample)\.env`), read: (*File).dotenv},
		{kind: Manifest, path: manifestName, read: (*File).manifest},
	}
}

// base matches base names.
func base(pattern string) *lazy.Regexp { return lazy.MustCompile(`^(` + pattern + `)$`) }

// matches reports whether a file, whose name is relative to the folder, is of the kind by its name. It is asked of every file of the repository.
func (k row) matches(name string) bool {
	dir, file := path.Split(name)
	file = strings.ToLower(file)
	return k.match != nil && k.match.MatchString(file) || k.path != nil && k.path.MatchString(dir+file)
}

// made are the kinds. A value of sync.OnceValue would be an initialization cycle: what reads a file asks for the kinds of others.
var made struct { //nolint:gochecknoglobals // a constant table
	sync.Once
	rows []row
}

// rows are the kinds, with their patterns compiled, when they are first asked
// for: most scans of other languages never do.
func rows() []row {
	made.Do(func() { made.rows = kinds() })
	return made.rows
}

// rowOf is the row of a file, whose name is relative to the folder.
func rowOf(name string) row {
	for _, k := range rows() {
		if slices.Contains(k.starts, name) {
			return k
		}
	}
	for _, k := range rows() {
		if k.matches(name) {
			return k
		}
	}
	return row{kind: Task, read: (*File).loose}
}
