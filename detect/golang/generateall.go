package golang

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// maxGenerator is how much of a generator's text is read, and maxWholes how many outputs are looked for.
const (
	maxGenerator = 256 << 10
	maxWholes    = 20
)

// wholes are what a program embeds and the repository does not have, where its own builds run go generate before
// they compile, and a program of the repository that this starts names the file. go generate runs as there, if each of
// its lines starts a program that Go brings or fetches at one version.
func (b *build) wholes(m *Main) []fact.Fact[Generation] {
	var missing []string
	for _, e := range m.Embeds {
		if !e.Value.Matches && len(missing) < maxWholes {
			missing = append(missing, e.Value.Pattern)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	for _, f := range b.builds.Builds(b.home) {
		for _, c := range f.Commands {
			words := buildfile.Sure(c.Words)
			if c.Program() != "go" || len(words) != len(c.Words) || len(words) < 2 || words[1] != "generate" || strings.Contains(c.Dir, buildfile.Unknown) || module.Outside(path.Clean(c.Dir)) ||
				slices.ContainsFunc(words[2:], func(w string) bool { return !packagePattern.MatchString(w) }) {
				continue
			}
			lines := b.generated(path.Clean(c.Dir), words[2:])
			if len(lines) == 0 || slices.ContainsFunc(lines, func(d directive) bool { return !b.starts(d) }) {
				continue
			}
			var out []fact.Fact[Generation]
			for _, name := range missing {
				if slices.ContainsFunc(lines, func(d directive) bool { return b.mentions(d, path.Base(name)) }) {
					out = append(out, fact.Fact[Generation]{Pos: c.Pos, Value: Generation{
						Tool: "go generate", Output: name, Dir: path.Clean(c.Dir), Args: words[2:], Pinned: OwnPackage, Needed: true, Whole: true,
					}})
				}
			}
			if len(out) > 0 {
				return out
			}
		}
	}
	return nil
}

// packagePattern is an argument of go generate that names packages of the repository.
var packagePattern = lazy.MustCompile(`^\.(/[A-Za-z0-9_.-]+)*$`)

// generated are the go:generate lines that go generate runs in a folder: https://pkg.go.dev/cmd/go#hdr-Package_lists_and_patterns.
func (b *build) generated(dir string, patterns []string) []directive {
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	var out []directive
	for _, d := range b.marks().directives {
		if slices.ContainsFunc(patterns, func(p string) bool {
			below, all := strings.CutSuffix(p, "...")
			at := path.Join(dir, below)
			return at == d.dir || all && tree.Within(d.dir, at)
		}) {
			out = append(out, d)
		}
	}
	return out
}

// starts reports whether the build can start the program of a go:generate line.
func (b *build) starts(d directive) bool {
	if d.words[0] != "go" || len(d.words) < 3 || slices.ContainsFunc(d.words, func(w string) bool { return strings.Contains(w, "$") }) {
		return false
	}
	tool, version, _ := commandOf(d.words)
	switch {
	case d.words[1] == "tool" || d.words[1] == "build":
		return true
	case d.words[1] != "run":
		return false
	case version != "":
		return true
	case len(b.texts(d)) > 0:
		return true
	}
	return slices.ContainsFunc(b.facts.Modules, func(m module.Module) bool { return m.Provides(tool) != "" })
}

// texts are the Go files of the repository that a go:generate line runs.
func (b *build) texts(d directive) []string {
	tool, _, _ := commandOf(d.words)
	at := path.Join(d.dir, tool)
	switch {
	case d.words[0] != "go" || d.words[1] != "run" || module.Outside(at):
		return nil
	case strings.HasSuffix(tool, ".go"):
		if b.Has(at) {
			return []string{at}
		}
	case strings.HasPrefix(tool, "."):
		var out []string
		for _, f := range b.Tree.Files(b.At(at)) {
			if f = b.Rel(f); path.Dir(f) == at && module.IsSource(path.Base(f)) && len(out) < maxWholes {
				out = append(out, f)
			}
		}
		return out
	}
	return nil
}

// mentions reports whether the program of a go:generate line has a name in its text, or is given it.
func (b *build) mentions(d directive, name string) bool {
	for _, f := range b.texts(d) {
		if text, err := b.Tree.ReadHead(b.At(f), maxGenerator); err == nil && bytes.Contains(text, []byte(name)) {
			return true
		}
	}
	return slices.ContainsFunc(d.words, func(w string) bool { return strings.HasSuffix(w, name) })
}
