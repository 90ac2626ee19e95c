package node

import (
	_ "embed"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/node/script"
)

//go:embed shipped.table
var shippedCompiled string

// shippedTable is shipped.yaml: what at the root of a compiled app only its
// developers use.
type shippedTable struct {
	Folders []string `yaml:"folders"` // globs of names
	Files   []string `yaml:"files"`   // globs of names in lower case
	Tools   []string `yaml:"tools"`   // whose configuration is code
	Kept    []string `yaml:"kept"`    // files that are read at run time all the same
	Read    []string `yaml:"read"`    // folders that the code reads when it runs
	Source  []string `yaml:"source"`  // extensions of what the compiler reads
}

var shippedRows = table.Lazy[shippedTable]("shipped.yaml", shippedCompiled) //nolint:gochecknoglobals // decoded once

// toolConfig matches the configuration of a tool that is code.
var toolConfig = lazy.MustCompile(`^(.*?)(\.config)?\.[cm]?[jt]sx?$`)

// folder reports whether only developers use a folder of that name.
func (s shippedTable) folder(name string) bool { return matchesAny(s.Folders, name) }

// file reports whether only developers use a file of that name.
func (s shippedTable) file(name string) bool {
	name = strings.ToLower(name)
	if m := toolConfig.FindStringSubmatch(name); m != nil && slices.Contains(s.Tools, m[1]) {
		return true
	}
	return matchesAny(s.Files, name)
}

func matchesAny(globs []string, name string) bool {
	return slices.ContainsFunc(globs, func(g string) bool {
		ok, err := path.Match(g, name)
		return ok && err == nil
	})
}

// imageFile matches the files that make images and run them.
var imageFile = lazy.MustCompile(`(?i)^(dockerfile.*|.*\.dockerfile|\.dockerignore|.*compose.*\.ya?ml|.*\.sh)$`)

// ofImages reports whether files are those of images alone: Dockerfiles, and what lies beside them.
func ofImages(files []string) bool {
	some := false
	for _, f := range files {
		base := path.Base(f)
		if !imageFile.MatchString(base) {
			return false
		}
		some = some || strings.Contains(strings.ToLower(base), "dockerfile")
	}
	return some
}

// buildFiles are the files at the root that the build script runs, and that nothing else does: node build.js.
func buildFiles(f *node.Facts) []string {
	name, _, ok := script.Build(f)
	if !ok {
		return nil
	}
	var out []string
	for _, s := range script.StepsOf(f, []script.Command{{Argv: []string{"npm", "run", name}}}) {
		i := script.FileIndex(s.Argv)
		if len(s.Argv) == 0 || s.Argv[0] != "node" || i < 0 || s.Dir != "" && s.Dir != "." {
			continue
		}
		file := path.Clean(s.Argv[i])
		imported := false
		for _, list := range f.Code.Local {
			imported = imported || slices.Contains(list, path.Join(f.Dir, file))
		}
		start, _ := f.Script("start")
		if !imported && !strings.Contains(start.Value, file) && file != path.Clean(f.Main.Value) {
			out = append(out, file)
		}
	}
	return out
}

// shipped lists what prod takes of a compiled app beside the compiler's output
// out: the folders, with a slash at their end, and the files at its root that
// the code may read when it runs.
func shipped(t *tree.Tree, f *node.Facts, out string) ([]string, error) {
	rows, err := shippedRows()
	if err != nil {
		return nil, err
	}
	var list []string
	for _, dir := range t.Dirs(f.Dir) {
		full := path.Join(f.Dir, dir)
		if dir == out || rows.folder(dir) || !t.HasDir(full) || ofImages(t.Files(full)) {
			continue
		}
		if slices.ContainsFunc(t.Files(full), func(file string) bool {
			return slices.Contains(rows.Read, dir) || !slices.Contains(rows.Source, path.Ext(file))
		}) {
			list = append(list, dir+"/")
		}
	}
	builds := buildFiles(f)
	for _, file := range f.Files {
		if slices.Contains(builds, file) {
			continue
		}
		if (!rows.file(file) || slices.Contains(rows.Kept, file)) && (f.TSConfig == nil || !slices.Contains(f.TSConfig.Chain, file)) {
			list = append(list, file)
		}
	}
	return list, nil
}
