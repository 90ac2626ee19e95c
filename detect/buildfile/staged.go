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
func (s *stage) stages(c shell.Command, pos fact.Pos) {
	u := c.Unwrap()
	if len(u.Words) < 3 || c.Conditional || c.Captured || !u.Known() {
		return
	}
	words := shell.Texts(u.Words)
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
		to := at(c.Dir, last)
		into := len(files) > 2 || strings.HasSuffix(last, "/") || path.Base(last) == "." ||
			slices.ContainsFunc(s.Folders, func(f fact.Fact[Folder]) bool { return f.Value.Path == to }) || to == s.workdir
		for _, file := range files[:len(files)-1] {
			x := Staged{Source: s.source(at(c.Dir, file)), To: to, Pos: pos}
			if of := s.stagedAt(at(c.Dir, file)); of >= 0 {
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
		file := at(c.Dir, words[len(words)-1])
		if !slices.ContainsFunc(words[1:], func(w string) bool {
			return w == "-i" || w == "-ie" || w == "--in-place" || w == "-Ei" || w == "-i.bak"
		}) {
			return
		}
		x := Staged{Source: s.source(file), To: file, Pos: pos}
		n := s.stagedAt(file)
		if n < 0 && (x.Source == "" || !namesFile(path.Base(x.Source))) {
			return
		}
		if n < 0 {
			n, s.Staged = len(s.Staged), listed(s.Staged, x)
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
		if rest == "" {
			x.To = c.At()
		}
		s.Staged = listed(s.Staged, x)
	}
}

// makers are the commands that make a folder or an empty file, or say whose it is.
var makers = []string{"mkdir", "touch", "chown", "chmod", "chgrp", "ls", "rm", "rmdir", "useradd", "adduser", "cd"} //nolint:gochecknoglobals // a constant table

// names takes in the paths that a command names.
func (s *stage) names(c shell.Command) {
	u := c.Unwrap()
	if len(u.Words) == 0 {
		return
	}
	name := path.Base(u.Words[0].Text)
	list := slices.Concat(u.Words[1:], c.Outputs)
	if slices.Contains(makers, name) {
		if list = c.Outputs; name == "touch" {
			for _, w := range u.Words[1:] {
				if w.Known() && !strings.HasPrefix(w.Text, "-") {
					s.touched = listed(s.touched[:len(s.touched):len(s.touched)], at(c.Dir, w.Text))
				}
			}
		}
	}
	for _, w := range list {
		_, value, ok := strings.Cut(w.Text, "=")
		if !ok {
			value = w.Text
		}
		if strings.Contains(value, "/") && !strings.Contains(value, Unknown) {
			s.named = listed(s.named[:len(s.named):len(s.named)], at(c.Dir, value))
		}
	}
}

// at is a path as a command in dir writes it, rooted.
func at(dir, p string) string {
	if path.IsAbs(p) {
		return path.Clean(p)
	}
	return path.Join("/", dir, p)
}

// takeEmpty takes over a folder that a command of another stage makes, and a COPY brings with nothing in it: it is there for what the app
// keeps. It reports whether the COPY brings such a folder.
func (s *stage) takeEmpty(of *stage, c Copy, file string, line int) bool {
	from := path.Join("/", c.Path)
	if slices.ContainsFunc(of.Copies, func(o Copy) bool { return under(from, o.To) }) || slices.ContainsFunc(of.named, func(p string) bool { return under(from, p) }) ||
		strings.Contains(from, Unknown) || len(of.named) >= maxListed {
		return false
	}
	empty := false
	for _, f := range of.Folders {
		if !under(from, f.Value.Path) || strings.Contains(f.Value.Path, Unknown) {
			continue
		}
		made := Folder{Path: path.Join(c.To, strings.TrimPrefix(f.Value.Path, from)), Given: f.Value.Given || !IsRoot(c.Owner)}
		s.Folders = listed(s.Folders, fact.New(made, file, line))
		empty = true
	}
	return empty
}

// blank reports whether what a COPY takes is a file that a command of the stage makes, and that nothing else names.
func (s *stage) blank(c Copy) bool {
	from := path.Join("/", c.Path)
	fits := func(p string) bool {
		_, end, unknown := cutLast(p, Unknown)
		return p == from || unknown && strings.HasSuffix(from, end)
	}
	return slices.ContainsFunc(s.touched, fits) && !slices.ContainsFunc(s.named, fits)
}

// cutLast cuts a text at the last place of a mark.
func cutLast(text, mark string) (before, after string, found bool) {
	if i := strings.LastIndex(text, mark); i >= 0 {
		return text[:i], text[i+len(mark):], true
	}
	return text, "", false
}

// At is where a single file of a COPY lies.
func (c Copy) At() string {
	if c.Into {
		return path.Join(c.To, path.Base(c.Path))
	}
	return c.To
}
