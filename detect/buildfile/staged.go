package buildfile

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
)

// Staged is a file of the build context that a RUN line gives another name or place, or another content:
// cp config.default.yml app/config.yml && sed -i s/a/b/ app/config.yml.
type Staged struct {
	Source string // in the build context
	To     string // rooted
	Owner  string // of the COPY that brought it here, as written
	// Edits are the words of the commands that change it where it lies, without the file.
	Edits [][]string
	Pos   fact.Pos
}

// maxEdits is the most commands that change one file.
const maxEdits = 10

// stages takes in a command that places or changes files which the stage got from the build context.
func (s *stage) stages(c shell.Command, at fact.Pos) {
	u := c.Unwrap()
	if len(u.Words) < 3 || c.Conditional || c.Captured || !u.Known() {
		return
	}
	words := shell.Texts(u.Words)
	rooted := func(p string) string {
		if path.IsAbs(p) {
			return path.Clean(p)
		}
		return path.Join("/", c.Dir, p)
	}
	switch path.Base(words[0]) {
	case "cp", "mv":
		var files []string
		for _, w := range words[1:] {
			if strings.HasPrefix(w, "-") && strings.ContainsAny(w, "tT") {
				return // the folder stands elsewhere
			}
			if !strings.HasPrefix(w, "-") {
				files = append(files, w)
			}
		}
		if len(files) < 2 || slices.ContainsFunc(u.Words, func(w shell.Word) bool { return !w.Plain() }) {
			return
		}
		last := files[len(files)-1]
		to := rooted(last)
		into := len(files) > 2 || strings.HasSuffix(last, "/") || path.Base(last) == "." ||
			slices.ContainsFunc(s.Folders, func(f fact.Fact[Folder]) bool { return f.Value.Path == to }) || to == s.workdir
		for _, file := range files[:len(files)-1] {
			x := Staged{Source: s.source(rooted(file)), To: to, Pos: at}
			if of := s.stagedAt(rooted(file)); of >= 0 {
				x.Source, x.Edits = s.Staged[of].Source, slices.Clip(s.Staged[of].Edits)
			}
			if into {
				x.To = path.Join(to, path.Base(file))
			}
			if x.Source != "" && x.Source != "." && namesFile(path.Base(x.Source)) {
				s.Staged = listed(s.Staged, x)
			}
		}
	case "sed":
		file := rooted(words[len(words)-1])
		if !slices.ContainsFunc(words[1:], func(w string) bool {
			return w == "-i" || w == "-ie" || w == "--in-place" || w == "-Ei" || w == "-i.bak"
		}) {
			return
		}
		at := Staged{Source: s.source(file), To: file, Pos: at}
		n := s.stagedAt(file)
		if n < 0 && (at.Source == "" || !namesFile(path.Base(at.Source))) {
			return
		}
		if n < 0 {
			n, s.Staged = len(s.Staged), listed(s.Staged, at)
		}
		if n < len(s.Staged) && len(s.Staged[n].Edits) < maxEdits {
			s.Staged = slices.Clone(s.Staged)
			s.Staged[n].Edits = append(slices.Clip(s.Staged[n].Edits), words[:len(words)-1])
		}
	}
}

// stagedAt is the last file that lies at a path, -1 for none.
func (s *stage) stagedAt(p string) int {
	for n, x := range slices.Backward(s.Staged) {
		if x.To == p {
			return n
		}
	}
	return -1
}

// take takes over what a COPY from another stage brings of the files that were staged there.
func (s *stage) take(of *stage, c Copy) {
	from := path.Join("/", c.Path)
	for _, x := range of.Staged {
		if !under(from, x.To) {
			continue
		}
		rest := strings.TrimPrefix(strings.TrimPrefix(x.To, from), "/")
		x.To, x.Owner = path.Join(c.To, rest), c.Owner
		if rest == "" && c.Into {
			x.To = path.Join(c.To, path.Base(from))
		}
		s.Staged = listed(s.Staged, x)
	}
}
