package buildfile

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/table"
)

//go:embed platforms.table
var platformsCompiled string

// platform is a row of platforms.yaml, which says what its keys are.
type platform struct {
	File     string   `yaml:"file"`
	Kind     string   `yaml:"kind,omitempty"`
	Starts   []string `yaml:"starts,omitempty"`
	Commands []string `yaml:"commands,omitempty"`
	Packages []string `yaml:"packages,omitempty"`
	Installs []string `yaml:"installs,omitempty"`
	Runtime  []string `yaml:"runtime,omitempty"`
	Builds   bool     `yaml:"builds,omitempty"`
	Source   string   `yaml:"source"`
}

var platforms = table.Lazy[[]platform]("platforms.yaml", platformsCompiled) //nolint:gochecknoglobals // a constant table

// platformFiles are the files of the hosting platforms, or of the reloaders.
func platformFiles(kind string) []string {
	rows, err := platforms()
	if err != nil {
		return nil // a test reads the table
	}
	var out []string
	for _, p := range rows {
		if p.Kind == kind {
			out = append(out, p.File)
		}
	}
	return out
}

// platformBuilds reports whether a file, whose name is relative to the folder,
// is one that platforms.yaml says builds programs.
func platformBuilds(name string) bool {
	rows, _ := platforms()
	return slices.ContainsFunc(rows, func(p platform) bool { return p.Builds && p.File == name })
}

// platform reads a file that platforms.yaml has a row for.
func (f *File) platform(text string) bool {
	rows, _ := platforms()
	i := slices.IndexFunc(rows, func(p platform) bool { return p.File == f.rel })
	doc, err := document.Parse(f.Name, []byte(text))
	if err != nil || i < 0 {
		return true
	}
	row := rows[i]
	for _, v := range selected(doc, row.Commands) {
		f.shell(v.Text, nil, f.at(v.Line))
	}
	for _, key := range row.Starts {
		for _, m := range named(doc, strings.Split(key, ".")) {
			if strings.TrimSpace(m.Value.Text) != "" {
				f.process(m.Key, m.Value.Text, m.Value.Line)
			}
		}
	}
	for _, v := range selected(doc, row.Packages) {
		f.vector([]string{"go", "build", local(v.Text)}, f.at(v.Line))
	}
	for _, v := range selected(doc, row.Installs) {
		if debianName.MatchString(v.Text) {
			f.Installs = listed(f.Installs, fact.New(v.Text, f.Name, v.Line))
		}
	}
	for _, v := range selected(doc, row.Runtime) {
		f.Runtime = fact.New(v.Text, f.Name, v.Line)
	}
	return true
}

// selected are the scalars that keys lead to.
func selected(doc document.Value, keys []string) []document.Value {
	var out []document.Value
	for _, key := range keys {
		for _, m := range named(doc, strings.Split(key, ".")) {
			out = append(out, m.Value)
		}
	}
	return out
}

// named are the scalars that a key leads to, each with the last key on the way.
func named(v document.Value, keys []string) []document.Member {
	last := keys[len(keys)-1]
	var out []document.Member
	for _, parent := range v.Select(keys[:len(keys)-1]...) {
		list := []document.Member{{Key: last, Value: parent.Get(last)}}
		if last == "*" {
			list = slices.Clone(parent.Members)
			for _, item := range parent.Items {
				list = append(list, document.Member{Value: item})
			}
		}
		for _, m := range list {
			if m.Value.IsScalar() && len(out) < maxListed {
				out = append(out, m)
			}
		}
	}
	return out
}

// local makes of a folder what the go command takes as one. A path whose first
// element has a dot is an import path.
func local(dir string) string {
	if first, _, _ := strings.Cut(dir, "/"); strings.Contains(strings.TrimLeft(first, "."), ".") && !strings.HasSuffix(first, ".go") {
		return dir
	}
	return "./" + dir
}
