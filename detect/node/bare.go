package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/tree"
)

// bareEntries are the usual names of a program's file.
var bareEntries = []string{"server", "index", "app", "main"} //nolint:gochecknoglobals // a constant table

// otherStacks are the manifests, and the extensions of the code, of other languages: what
// a program of Node's lies beside may be its tool.
var otherStacks = []string{ //nolint:gochecknoglobals // a constant table
	"go.mod", "pom.xml", "build.gradle", "build.gradle.kts", "pyproject.toml", "requirements.txt", "Pipfile", "setup.cfg", "Gemfile", "Cargo.toml", "composer.json", "mix.exs", "deno.json", "deno.jsonc",
	".py", ".go", ".java", ".kt", ".rb", ".php", ".rs", ".cs", ".csproj", ".ex",
}

// bare are the facts of a folder without a manifest, in which a file with a usual name
// listens on a port: Node runs it as it is. nil: there is none.
func bare(t *tree.Tree, f *Facts) *Facts {
	var entries []string
	for _, name := range f.Files {
		stem := strings.TrimSuffix(name, path.Ext(name))
		switch {
		case slices.Contains(otherStacks, name) || slices.Contains(otherStacks, path.Ext(name)):
			return nil
		case slices.Contains(sourceExtensions, path.Ext(name)) && slices.Contains(bareEntries, stem):
			entries = append(entries, path.Join(f.Dir, name))
		}
	}
	if len(entries) == 0 {
		return nil
	}
	f.readCode(t)
	i := slices.IndexFunc(entries, func(e string) bool {
		return slices.ContainsFunc(f.Code.Listens, func(l effect.Listen) bool {
			foreign := l.Call == "serve" // Bun's or Deno's
			return !l.Named && l.Call != "" && !foreign && (e == l.Pos.File || f.leads(e, l.Pos.File))
		})
	})
	if i < 0 {
		return nil
	}
	f.Bare = relative(f.Dir, entries[i])
	var err error
	if f.Config, err = readConfig(t, f); err != nil || f.versions(t) != nil || f.procfile(t) != nil {
		return nil
	}
	return f
}

// leads reports whether a file imports another one, directly or by way of others.
func (f *Facts) leads(from, to string) bool {
	seen := map[string]bool{from: true}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		for _, next := range f.Code.Local[queue[0]] {
			if next == to {
				return true
			}
			if !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return false
}
