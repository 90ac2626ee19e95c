package golang

import (
	"bytes"
	_ "embed" // for generators.yaml
	"go/parser"
	"go/token"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/load"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/table"
)

// generator is a row of generators.yaml.
type generator struct {
	Tool     string   `yaml:"tool"`
	Package  []string `yaml:"package,omitempty"`
	Input    string   `yaml:"input,omitempty"`
	Output   string   `yaml:"output,omitempty"`
	Mark     string   `yaml:"mark,omitempty"`
	Missing  string   `yaml:"missing,omitempty"`
	Config   []string `yaml:"config,omitempty"`
	Keys     []string `yaml:"keys,omitempty"`
	Flags    []string `yaml:"flags,omitempty"`
	Name     string   `yaml:"name,omitempty"`
	Packs    []string `yaml:"packs,omitempty"`
	Switches []string `yaml:"switches,omitempty"`
	Args     []string `yaml:"args,omitempty"`
	Watch    string   `yaml:"watch,omitempty"`
	Command  bool     `yaml:"command,omitempty"`
	Optional bool     `yaml:"optional,omitempty"`
	Tests    bool     `yaml:"tests,omitempty"`
	Outside  string   `yaml:"outside,omitempty"`
	Source   string   `yaml:"source"`
}

//go:embed generators.table
var generatorsCompiled string

var generators = sync.OnceValue(func() []generator { //nolint:gochecknoglobals // decoded once
	return table.Must[[]generator]("generators.yaml", generatorsCompiled)
})

// directive is one go:generate line:
// https://pkg.go.dev/cmd/go#hdr-Generate_Go_files_by_processing_source.
type directive struct {
	words []string // with the variables filled in that are known
	pos   fact.Pos
	dir   string // of its file, relative to Facts.Dir
}

// marks is what the text of the Go files says of generators, whether or not a
// build takes them.
type marks struct {
	directives []directive
	marked     map[string][]string // files by a row's mark, relative to Facts.Dir
	imports    []imported          // blank imports of files that no build takes
	inputs     []input             // files whose output is missing beside them
	configs    map[string][]string // files by base name, of the names that rows have
	keys       map[string][]string // memo of keyed
}

type imported struct{ dir, pkg string }

// input is a file that a row's generator reads, and what it writes for it.
type input struct {
	row       *generator
	file, out string // relative to the folder
}

// The most Go files that are searched for marks of generators, and the most lines
// with go:generate that are read.
const (
	maxMarked     = 20_000
	maxDirectives = 2000
)

// readMarks searches the Go files of a folder.
func readMarks(f module.Folder) *marks {
	out := &marks{marked: map[string][]string{}, configs: map[string][]string{}, keys: map[string][]string{}}
	names := map[string]bool{}
	for _, row := range generators() {
		for _, name := range row.Config {
			names[name] = true
		}
	}
	n := 0
	for _, name := range f.Tree.Files(f.Dir) {
		rel := f.Rel(name)
		if base := path.Base(rel); names[base] {
			out.configs[base] = append(out.configs[base], rel)
		}
		for i := range generators() {
			row := &generators()[i]
			if to, ok := row.beside(rel); ok && !f.Has(to) {
				out.inputs = append(out.inputs, input{row, rel, to})
			}
		}
		if !module.IsSource(path.Base(rel)) || module.Unbuilt(path.Dir(rel)) {
			continue
		}
		if n++; n > maxMarked {
			continue
		}
		if text, err := f.Tree.ReadHead(name, 256<<10); err == nil {
			out.read(name, rel, text)
		}
	}
	return out
}

var (
	directivePattern = lazy.MustCompile(`(?m)^//go:generate[ \t]+([^\r\n]+)`)
	toolsConstraint  = lazy.MustCompile(`(?m)^//(go:build|\s*\+build)\s+tools?\b`)
)

func (m *marks) read(name, rel string, text []byte) {
	for _, row := range generators() {
		if row.Mark != "" && bytes.Contains(text, []byte(row.Mark)) {
			m.marked[row.Mark] = append(m.marked[row.Mark], rel)
		}
	}
	if bytes.Contains(text, []byte("//go:generate")) {
		lines := document.NewLines(text)
		for _, at := range directivePattern.FindAllSubmatchIndex(text, 100) {
			words := split(string(text[at[2]:at[3]]))
			for i, w := range words {
				words[i] = strings.NewReplacer("$GOFILE", path.Base(rel), "${GOFILE}", path.Base(rel), "$GOPACKAGE", packageOf(text), "${GOPACKAGE}", packageOf(text)).Replace(w)
			}
			if len(words) > 0 && words[0] != "-command" && len(m.directives) < maxDirectives {
				m.directives = append(m.directives, directive{words, fact.At(name, lines.At(at[0])), path.Dir(rel)})
			}
		}
	}
	if path.Base(rel) == "tools.go" || toolsConstraint.Match(constraints(text)) {
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return
		}
		for _, spec := range file.Imports {
			if spec.Name != nil && spec.Name.Name == "_" {
				m.imports = append(m.imports, imported{path.Dir(rel), load.ImportPath(spec)})
			}
		}
	}
}

// constraints is the part of a Go file that may hold build constraints: what stands before
// its package clause, https://pkg.go.dev/cmd/go#hdr-Build_constraints.
func constraints(text []byte) []byte {
	head, _, _ := bytes.Cut(text, []byte("\npackage "))
	return head
}

var packageClause = lazy.MustCompile(`(?m)^package[ \t]+(\w+)`)

func packageOf(text []byte) string {
	if m := packageClause.FindSubmatch(text); m != nil {
		return string(m[1])
	}
	return ""
}

// split takes a directive apart as go generate does: words, and strings in
// Go's double quotes.
func split(line string) []string {
	var out []string
	for line = strings.TrimSpace(line); line != "" && len(out) < 100; line = strings.TrimSpace(line) {
		if q, err := strconv.QuotedPrefix(line); err == nil && line[0] == '"' {
			s, err := strconv.Unquote(q)
			if err != nil {
				return out
			}
			out, line = append(out, s), line[len(q):]
			continue
		}
		i := strings.IndexAny(line, " \t")
		if i < 0 {
			i = len(line)
		}
		out, line = append(out, line[:i]), line[i:]
	}
	return out
}

// beside is what a row's generator writes for an input file.
func (row *generator) beside(name string) (string, bool) {
	before, after, ok := strings.Cut(row.Input, "*")
	base := path.Base(name)
	if !ok || len(base) < len(row.Input) || !strings.HasPrefix(base, before) || !strings.HasSuffix(base, after) {
		return "", false
	}
	return path.Join(path.Dir(name), strings.Replace(row.Output, "*", base[len(before):len(base)-len(after)], 1)), true
}
