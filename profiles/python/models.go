package python

import (
	_ "embed"
	"path"
	"regexp"
	"slices"
	"strings"

	"deps.dev/util/pypi"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed models.table
var modelsCompiled string

// modelRow is a row of models.yaml, which says what its fields are.
type modelRow struct {
	Package string   `yaml:"package"`
	Source  string   `yaml:"source"`
	Name    string   `yaml:"name"`
	Run     []string `yaml:"run"`
	Code    []string `yaml:"code"`
	Into    string   `yaml:"into,omitempty"`
}

var modelRows = table.Lazy[[]modelRow]("models.yaml", modelsCompiled) //nolint:gochecknoglobals // decoded once

// fetched is data of a library, by its names.
type fetched struct {
	row   modelRow
	names []string
}

// maxFetched is more data than an image has by name.
const maxFetched = 20

// quoted are the texts of a line of code.
var quoted = lazy.MustCompile(`["']([^"']{1,80})["']`)

// models are the data that the libraries of the app find by its name and that no manifest names: what the own Dockerfile fetches, and the models
// that the code loads.
func (p project) models() []fetched {
	rows, err := modelRows()
	if err != nil {
		return nil
	}
	var out []fetched
	for _, row := range rows {
		if !p.has(row.Package) {
			continue
		}
		named, err := regexp.Compile(row.Name)
		if err != nil {
			continue
		}
		x := fetched{row: row}
		var why string
		var first fact.Pos
		add := func(name, rule string, at fact.Pos) {
			own := p.in.Tree.HasDir(path.Join(p.in.Dir, name)) || p.has(pypi.CanonPackageName(name)) && row.Into == ""
			if !named.MatchString(name) || own || slices.Contains(x.names, name) || len(x.names) == maxFetched {
				return
			}
			if x.names = append(x.names, name); why == "" {
				why, first = rule, at
			}
		}
		for _, c := range p.f.Recipe.Commands {
			for _, name := range row.fetches(c) {
				add(name, image.DisplayName(p.in, c.Pos)+" fetches it", c.Pos)
			}
		}
		for _, m := range p.f.Modules {
			for _, name := range m.Models {
				if row.Into == "" {
					add(name.Value, "the code loads it", name.Pos)
				}
			}
		}
		if len(x.names) > 0 {
			p.in.Log.Choose(plan.Choice{Key: "python.data." + row.Package, Value: strings.Join(x.names, " "), Rule: why, Pos: record.At(first), Link: row.Source})
			out = append(out, x)
		}
	}
	return out
}

// fetches are the names of the data that a command of the own Dockerfile fetches.
func (row modelRow) fetches(c buildfile.Command) []string {
	words := pythonless(c)
	if len(words) > 1 && words[0] == "-c" {
		var out []string
		for _, f := range row.Code {
			for part := range strings.SplitSeq(words[1], f+"(") {
				if found := quoted.FindStringSubmatchIndex(part); found != nil && found[0] == 0 {
					out = append(out, part[found[2]:found[3]])
				}
			}
		}
		return out
	}
	n := len(row.Run)
	if len(words) <= n || path.Base(words[0]) != row.Run[0] || !slices.Equal(words[1:n], row.Run[1:]) {
		return nil
	}
	var out []string
	for i := n; i < len(words); i++ {
		switch {
		case words[i] == "-d" || words[i] == "--dir":
			i++
		case !strings.HasPrefix(words[i], "-"):
			out = append(out, words[i])
		}
	}
	return out
}

// commands fetch the data into the environment. What is a package is installed by the pip of the base image, which the environment does not have.
func (x fetched) commands(version string) [][]string {
	python := []string{venv + "/bin/python", "-m"}
	if x.row.Into != "" {
		return [][]string{slices.Concat(python, x.row.Run, []string{"-d", path.Join(venv, x.row.Into)}, x.names)}
	}
	var out [][]string
	for _, name := range x.names {
		out = append(out, slices.Concat([]string{"PYTHONPATH=/usr/local/lib/python" + version + "/site-packages"}, python, x.row.Run, []string{name}))
	}
	return out
}
