package golang

import (
	"path"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/profiles/record"
)

// takeFrontEnds has the front ends built whose files a program embeds or serves, and
// that the repository does not have.
func (s *source) takeFrontEnds(m golang.Main) error {
	for _, want := range missing(s, m) {
		if len(s.imported(want.Folder)) > 0 {
			continue
		}
		made, err := s.Import(want)
		if err != nil {
			return err
		}
		if made != nil {
			s.fronts = append(s.fronts, made.Dir)
		}
	}
	return nil
}

// maxMissing is how many folders are looked for.
const maxMissing = 100

// missing are the folders that a program embeds, has packed by a generator or serves, first those that it cannot
// do without. Of one that is here, a front end may write a part.
func missing(s *source, m golang.Main) []record.Missing {
	var all []record.Missing
	for _, e := range m.Embeds {
		all = append(all, record.Missing{Folder: s.folderOf(e.Value.Pattern), Pos: e.Pos, Loose: e.Value.Matches && e.Value.Only == "", Needed: !e.Value.Matches, Placeholder: e.Value.Only != ""})
	}
	for _, g := range m.Generations {
		for _, dir := range g.Value.Packs {
			there := s.Tree.HasDir(path.Join(s.Dir, dir))
			all = append(all, record.Missing{Folder: dir, Pos: g.Pos, Loose: there, Needed: !there})
		}
	}
	dir := workdir(s, m)
	for _, p := range m.Files {
		if p.Use == effect.Read {
			name := s.folderOf(path.Join(dir, p.Path.Text))
			all = append(all, record.Missing{Folder: name, Pos: p.Pos, Loose: p.Loose || len(s.find(dir, p)) > 0 || !p.Dir && !p.Glob})
		}
	}
	var out []record.Missing
	seen := map[string]bool{}
	for _, loose := range []bool{false, true} {
		for _, x := range all {
			if x.Loose != loose || seen[x.Folder] || x.Folder == "." || x.Folder == ".." || path.IsAbs(x.Folder) || len(out) >= maxMissing {
				continue
			}
			seen[x.Folder] = true
			out = append(out, x)
		}
	}
	return out
}

// folderOf is the folder that a path or a pattern leads to, or into.
func (s *source) folderOf(pattern string) string {
	if i := strings.IndexAny(pattern, `*?[`); i >= 0 {
		return path.Dir(pattern[:i] + "x")
	}
	if path.Ext(pattern) != "" && !s.Tree.HasDir(path.Join(s.Dir, pattern)) {
		return path.Dir(pattern)
	}
	return pattern
}
