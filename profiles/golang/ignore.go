package golang

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// ignoreFile is the .dockerignore.
func ignoreFile(s *source, programs []program, access private) plan.Ignore {
	leftovers := plan.IgnoreGroup{Heading: plan.NewComment("Output of builds and tests outside of Docker")}
	for _, name := range []string{path.Join(s.f.Home, "bin"), path.Join(s.f.Home, "tmp")} {
		if p, err := plan.NewPattern("/" + name); err == nil && !s.Tree.HasDir(path.Join(s.Dir, name)) {
			leftovers.Patterns = append(leftovers.Patterns, p)
		}
	}
	leftovers.Patterns = append(leftovers.Patterns, plan.MustPatterns("*.test", "*.out", "coverage.html")...)
	own := []plan.IgnoreGroup{leftovers}
	if access.found() {
		own = append(own, plan.IgnoreGroup{Heading: plan.NewComment("The build gets the credential for private modules as a secret"), Patterns: plan.MustPatterns("**/.netrc")})
	}
	return image.IgnoreFile(s.Input, own, readings(s, programs)...)
}

// readings are the files that the programs, the build and the tests take.
func readings(s *source, programs []program) []image.Reading {
	var out []image.Reading
	for _, p := range programs {
		out = append(out, p.files.needs...)
		for _, name := range p.files.reads {
			out = append(out, image.Reading{Path: name, Pos: p.Pos})
		}
		for _, e := range p.Embeds {
			for _, f := range s.embedded(e.Value) {
				out = append(out, image.Reading{Path: s.Rel(f), Pos: e.Pos, Use: image.InBuild})
			}
		}
	}
	for _, f := range s.Tree.Files(s.Dir) {
		name := s.Rel(f)
		switch {
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			out = append(out, image.Reading{Path: name, Use: image.InBuild})
		case strings.Contains("/"+name, "/testdata/"):
			out = append(out, image.Reading{Path: name, Use: image.InTests})
		}
	}
	return out
}

// embeds lists the files that the programs embed.
func embeds(s *source, programs []program) []plan.Path {
	seen := map[plan.Path]bool{}
	for _, x := range programs {
		for _, e := range x.Embeds {
			for _, f := range s.embedded(e.Value) {
				if p, err := plan.NewPath(s.Rel(f)); err == nil {
					seen[p] = true
				}
			}
		}
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b plan.Path) int { return strings.Compare(a.Raw(), b.Raw()) })
}

// embedded are the files of the tree that a pattern of go:embed takes.
func (s *source) embedded(e golang.Embed) []string {
	static, _, glob := strings.Cut(e.Pattern, "*")
	if glob {
		static = path.Dir(static + "x")
	}
	if s.Tree.Has(path.Join(s.Dir, static)) {
		return []string{path.Join(s.Dir, static)}
	}
	var out []string
	for _, f := range s.Tree.Files(path.Join(s.Dir, static)) {
		if isEmbedded(e, s.Rel(f)) {
			out = append(out, f)
		}
	}
	return out
}

// isEmbedded reports whether a pattern of go:embed takes a file, or a folder that
// holds it.
func isEmbedded(e golang.Embed, name string) bool {
	for n := range tree.Above(name) {
		if ok, err := path.Match(e.Pattern, n); err == nil && ok {
			return true
		}
	}
	return false
}
