// Package aside is the one list of what is in a repository and is not its
// app: tests, examples, documentation, tools; and of the manifests that make
// a folder another stack's. The rows are asides.yaml, each with its reason.
//
// A name only suggests. A file that the app is started from is the app, and
// so is what lies beside and below it, whatever the name of the folder.
package aside

import (
	_ "embed" // the table
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/internal/table"
)

// A Row is one kind of folders and files that are not the app.
type Row struct {
	Language string   `yaml:"language,omitempty"` // "" for all
	Role     Role     `yaml:"role"`
	Why      string   `yaml:"why"` // continues "the folder …"
	Folders  []string `yaml:"folders,omitempty"`
	Files    []string `yaml:"files,omitempty"` // patterns of path.Match
	Source   string   `yaml:"source,omitempty"`
}

// Role is what a row is for.
type Role string

// The roles.
const (
	Tests       Role = "tests"
	Examples    Role = "examples"
	Docs        Role = "docs"
	Benchmarks  Role = "benchmarks"
	Tools       Role = "tools"
	Assets      Role = "assets"
	Types       Role = "types"
	Migrations  Role = "migrations"
	Output      Role = "output"
	Environment Role = "environment"
)

type rows struct {
	Rows      []Row      `yaml:"rows"`
	Images    []string   `yaml:"images"`
	Others    []string   `yaml:"others"`
	Manifests []manifest `yaml:"manifests"`
}

type manifest struct {
	File     string   `yaml:"file"`
	Language string   `yaml:"language,omitempty"`
	Of       string   `yaml:"of,omitempty"`    // the stack, as a sentence names it
	Tells    string   `yaml:"tells,omitempty"` // tellsFolder, tellsAlone, or "" for a manifest whose folder is a whole
	Beside   []string `yaml:"beside,omitempty"`
	Source   string   `yaml:"source,omitempty"`
}

// What a manifest tells that makes no folder its stack's.
const (
	tellsFolder = "folder"
	tellsAlone  = "alone"
)

//go:embed asides.table
var asidesCompiled string

var load = sync.OnceValue(func() rows { return table.Must[rows]("asides.yaml", asidesCompiled) }) //nolint:gochecknoglobals // decoded once

// index finds a row by language and the name of a folder.
var index = sync.OnceValue(func() map[[2]string]*Row { //nolint:gochecknoglobals // a constant table
	out := map[[2]string]*Row{}
	all := load().Rows
	for i := range all {
		for _, name := range all[i].Folders {
			out[[2]string{all[i].Language, name}] = &all[i]
		}
	}
	return out
})

// Folder returns the row of the outermost folder of dir that is not the app
// in that language, or nil. dir is relative to the folder of the app.
func Folder(language, dir string) *Row {
	names := index()
	for name := range strings.SplitSeq(dir, "/") {
		if r := names[[2]string{language, name}]; r != nil {
			return r
		}
		if r := names[[2]string{"", name}]; r != nil {
			return r
		}
	}
	return nil
}

// File returns the row of a file that is not the app in that language, by one
// of its folders or by its own name, or nil. Folders that hold a started file
// are the app's. All paths are relative to the folder of the app.
func File(language, file string, started ...string) *Row {
	dir := path.Dir(file)
	for _, s := range started {
		if s == file {
			return nil
		}
		if in := path.Dir(s); dir == in || strings.HasPrefix(dir, in+"/") {
			dir = strings.TrimPrefix(dir[len(in):], "/")
		}
	}
	if r := Folder(language, dir); r != nil {
		return r
	}
	return Named(language, path.Base(file))
}

// Named returns the row of a file that its base name alone makes no part of
// the app in that language, or nil.
func Named(language, base string) *Row {
	all := load().Rows
	for i, r := range all {
		if r.Language != language {
			continue
		}
		for _, pattern := range r.Files {
			if ok, err := path.Match(pattern, base); ok && err == nil {
				return &all[i]
			}
		}
	}
	return nil
}

// Image reports whether the path of a Dockerfile has a word for an image that
// is not the one to deploy.
func Image(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune("./_-", r) })
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(load().Images, w) })
}

// OfOthers reports whether a file, relative to the folder of the app, lies in a folder whose files are those of other repositories.
func OfOthers(file string) bool {
	for name := range strings.SplitSeq(path.Dir(file), "/") {
		if slices.Contains(load().Others, name) {
			return true
		}
	}
	return false
}

// Foreign are the names of manifests of stacks that dockgen does not build. A
// folder with one is theirs, and what lies below it is a part: a binding, a
// plugin, a test.
func Foreign() []string {
	return files(func(m manifest) bool { return m.Language == "" && m.Tells == "" })
}

// Unread is the stack that dockgen does not build of a folder that has these files and
// folders, and the file that says so; "" for none. alone is for the folder of the repository itself, of which more tells.
func Unread(names, folders []string, alone bool) (file, stack string) {
	for _, m := range load().Manifests {
		if m.Language != "" || m.Tells == tellsAlone && !alone {
			continue
		}
		there := func(b string) bool { return slices.Contains(folders, b) || first(names, b) != "" }
		if file := first(names, m.File); file != "" && (len(m.Beside) == 0 || slices.ContainsFunc(m.Beside, there)) {
			return file, m.Of
		}
	}
	return "", ""
}

// first is the first name that fits a pattern, which may begin or end with a *.
func first(names []string, pattern string) string {
	end, begins := strings.CutPrefix(pattern, "*")
	begin, ends := strings.CutSuffix(pattern, "*")
	for _, n := range names {
		if n == pattern || begins && strings.HasSuffix(n, end) || ends && strings.HasPrefix(n, begin) {
			return n
		}
	}
	return ""
}

// Manifests are the names of manifests of the stacks that dockgen builds, less
// those of the language, if one is given.
func Manifests(less string) []string {
	return files(func(m manifest) bool { return m.Language != "" && m.Language != less })
}

// ManifestsOf are the names of the language's own manifests.
func ManifestsOf(language string) []string {
	return files(func(m manifest) bool { return m.Language == language })
}

func files(want func(manifest) bool) []string {
	var out []string
	for _, m := range load().Manifests {
		if want(m) {
			out = append(out, m.File)
		}
	}
	return out
}
