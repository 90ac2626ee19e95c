package tree

import (
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of one ignore file. GitHub's longest template has 200 rules, 40 of
// them with wildcards (https://github.com/github/gitignore). Rules beyond are
// not read: a rooted one is held against the names of few folders, a slow one
// against every name of the repository.
const (
	maxIgnore = 256 << 10 // bytes
	maxRooted = 4000      // names in patterns such as /docs/build
	maxSlow   = 1000      // names in patterns such as a*b and **/a/b
)

// rules are the lines of one ignore file: https://git-scm.com/docs/gitignore.
// Most lines are a name or *.ext, and are found by one look into a table. The
// last rule that matches counts, so everything is in the order of the file.
type rules struct {
	list  []rule
	names map[string][]int // rules without a slash and wildcards, by their name
	ends  map[string][]int // rules such as *_test.log, by the last dot and what follows
	globs []int            // other rules without a slash
	paths []place          // where the rules with a slash begin
	cut   bool             // rules were left out
}

// A rule with a slash has a segment for each name of a path; one without has
// one segment, which matches at any depth.
type rule struct {
	segments []segment
	slash    bool
	negated  bool // starts with !
	folders  bool // ends with /, and matches folders alone
}

// A place is a rule whose first segments, at of them, match the folders that
// lead here.
type place struct{ rule, at int }

// A segment matches one name, or as any number of names.
type segment struct {
	kind segmentKind
	text string
}

type segmentKind uint8

const (
	literal segmentKind = iota // the text itself
	ending                     // a star, then text
	glob                       // text as path.Match reads it
	anyPath                    // two stars between slashes
)

func (s segment) match(name string) bool {
	switch s.kind {
	case literal:
		return s.text == name
	case ending:
		return strings.HasSuffix(name, s.text)
	case glob:
		ok, err := path.Match(s.text, name)
		return ok && err == nil
	case anyPath:
	}
	return true
}

// parseRules reads an ignore file. As for git, a line that is no pattern
// matches nothing.
func parseRules(text string) *rules {
	r := &rules{names: map[string][]int{}, ends: map[string][]int{}}
	rooted, slow := 0, 0
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if line == "" || line[0] == '#' {
			continue
		}
		one, ok := parseRule(line)
		if !ok {
			continue
		}
		n, first := len(r.list), one.segments[0]
		dot := strings.LastIndexByte(first.text, '.')
		switch {
		case !one.slash && first.kind == literal:
			r.names[first.text] = append(r.names[first.text], n)
		case !one.slash && first.kind == ending && dot >= 0:
			r.ends[first.text[dot:]] = append(r.ends[first.text[dot:]], n)
		case one.slash && first.kind != anyPath:
			if rooted += len(one.segments); rooted > maxRooted {
				r.cut = true
				continue
			}
		default:
			if slow += len(one.segments); slow > maxSlow {
				r.cut = true
				continue
			}
		}
		r.list = append(r.list, one)
		switch {
		case one.slash:
			r.paths = r.add(r.paths, n, 0)
		case first.kind == glob || first.kind == ending && dot < 0:
			r.globs = append(r.globs, n)
		}
	}
	return r
}

// parseRule reads one line that is no comment. ok is false where it matches
// nothing.
func parseRule(line string) (r rule, ok bool) {
	line, r.negated = strings.CutPrefix(line, "!")
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	line, r.folders = strings.CutSuffix(line, "/")
	r.slash = strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	for p := range strings.SplitSeq(line, "/") {
		s := segment{kind: anyPath}
		if len(p) < 2 || strings.Trim(p, "*") != "" || !r.slash {
			if s, ok = parseSegment(p); !ok || p == "" {
				return r, false
			}
		} else if n := len(r.segments); n > 0 && r.segments[n-1].kind == anyPath {
			continue
		}
		r.segments = append(r.segments, s)
	}
	if len(r.segments) == 2 && r.segments[0].kind == anyPath && r.segments[1].kind != anyPath {
		r.segments, r.slash = r.segments[1:], false // **/name is name
	}
	return r, true
}

// parseSegment reads the pattern of one name. Brackets become those of
// path.Match, which has neither [!a] nor []a] nor [[:digit:]].
func parseSegment(p string) (segment, bool) {
	if !strings.ContainsAny(p, `*?[\`) {
		return segment{literal, p}, true
	}
	if rest := strings.TrimLeft(p, "*"); len(rest) < len(p) && !strings.ContainsAny(rest, `*?[\`) {
		return segment{ending, rest}, true
	}
	var b strings.Builder
	star := false
	for i := 0; i < len(p); i++ {
		again := star
		star = p[i] == '*'
		switch {
		case star && again:
		case p[i] == '\\':
			if i++; i == len(p) {
				return segment{}, false
			}
			b.WriteString(`\` + p[i:i+1])
		case p[i] == '[':
			n := bracket(&b, p[i+1:])
			if n < 0 {
				return segment{}, false
			}
			i += n
		default:
			b.WriteByte(p[i])
		}
	}
	_, err := path.Match(b.String(), "")
	return segment{glob, b.String()}, err == nil
}

// classes are the members of POSIX's classes, as path.Match writes them.
var classes = map[string]string{ //nolint:gochecknoglobals // a constant table
	"alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "blank": " \t", "cntrl": "\x01-\x1f\x7f", "digit": "0-9", "graph": "!-~",
	"lower": "a-z", "print": " -~", "punct": "!-/:-@\\[-`{-~", "space": " \t\n\v\f\r", "upper": "A-Z", "xdigit": "0-9a-fA-F",
}

// bracket writes the bracket expression that p continues behind its [ and
// returns the bytes of p that it takes, or -1 where it does not end.
func bracket(b *strings.Builder, p string) int {
	b.WriteByte('[')
	i := 0
	if i < len(p) && (p[i] == '!' || p[i] == '^') {
		b.WriteByte('^')
		i++
	}
	from := false // what stands before may begin a range
	for start := i; i < len(p); {
		switch c := p[i]; {
		case c == ']' && i > start:
			b.WriteByte(']')
			return i + 1
		case c == '[' && strings.HasPrefix(p[i:], "[:"):
			name, _, ok := strings.Cut(p[i+2:], ":]")
			members, known := classes[name]
			if !ok || !known {
				return -1
			}
			b.WriteString(members)
			i, from = i+len("[::]")+len(name), false
			continue
		case c == '-' && from && i+1 < len(p) && p[i+1] != ']':
			b.WriteByte('-')
			i, from = i+1, false
		default:
			from = true
		}
		if i < len(p) && p[i] == '\\' {
			i++
		}
		if i == len(p) {
			return -1
		}
		_, n := utf8.DecodeRuneInString(p[i:])
		b.WriteString(`\` + p[i:i+n])
		i += n
	}
	return -1
}

// add puts a place into the list, and the one behind it where its segment may
// stand for no name.
func (r *rules) add(list []place, n, at int) []place {
	for i := len(list) - 1; i >= 0 && list[i].rule == n; i-- {
		if list[i].at == at {
			return list
		}
	}
	list = append(list, place{n, at})
	if s := r.list[n].segments; s[at].kind == anyPath && at+1 < len(s) {
		list = r.add(list, n, at+1)
	}
	return list
}

// A level is one ignore file as seen from the folder of the walk.
type level struct {
	*rules
	paths []place
	below bool // the folder is below that of the file
}

// enter is the level in a folder below.
func (l level) enter(name string) level {
	var out []place
	for _, p := range l.paths {
		switch s := l.list[p.rule].segments; {
		case s[p.at].kind == anyPath:
			out = l.add(out, p.rule, p.at)
		case p.at+1 < len(s) && s[p.at].match(name):
			out = l.add(out, p.rule, p.at+1)
		}
	}
	return level{l.rules, out, true}
}

// match finds the last rule that matches a name in the folder of the walk, or
// nil.
func (l level) match(name string, folder bool) *rule {
	best := -1
	last := func(list []int) {
		for i := len(list) - 1; i >= 0 && list[i] > best; i-- {
			if r := &l.list[list[i]]; (folder || !r.folders) && r.segments[0].match(name) {
				best = list[i]
				return
			}
		}
	}
	last(l.names[name])
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		last(l.ends[name[dot:]])
	}
	last(l.globs)
	for _, p := range l.paths {
		if r := &l.list[p.rule]; p.rule > best && p.at == len(r.segments)-1 && (folder || !r.folders) && r.segments[p.at].match(name) {
			best = p.rule
		}
	}
	if best < 0 {
		return nil
	}
	return &l.list[best]
}

// ignored reports whether the ignore files of the levels, the nearest last,
// match a name in the folder of the walk. by chance says that the rule is a
// name that stands for whatever has it, and this one is further below.
func ignored(levels []level, name string, folder bool) (matched, byChance bool) {
	for _, v := range slices.Backward(levels) {
		if r := v.match(name, folder); r != nil {
			return !r.negated, v.below && !r.slash
		}
	}
	return false, false
}

// enter is what the levels are in a folder below. Levels without rules for
// paths are the same there.
func enter(levels []level, name string) []level {
	same := true
	for _, l := range levels {
		same = same && l.below && len(l.paths) == 0
	}
	if same {
		return levels[:len(levels):len(levels)]
	}
	out := make([]level, 0, len(levels)+1)
	for _, l := range levels {
		out = append(out, l.enter(name))
	}
	return out
}

// Ignored is a pattern of a .gitignore, from a folder on, as https://docs.docker.com/build/concepts/context/#syntax has it:
// ** stands before a name that may lie at any depth.
type Ignored struct {
	Pattern string
	Negated bool
}

// maxIgnoreFiles bounds the .gitignore files that Ignored reads.
const maxIgnoreFiles = 50

// Ignored returns the patterns of the .gitignore files that count for a folder: of those above it, its own and those of the folders in it,
// in the order in which Git reads them. Those with an escape are left out.
func (t *Tree) Ignored(dir string) []Ignored {
	dir = path.Clean(dir)
	out, _ := t.Once(ignoredIn(dir), func() any { return t.ignoredIn(dir) }).([]Ignored)
	return out
}

// ignoredIn is the folder whose patterns are kept.
type ignoredIn string

func (t *Tree) ignoredIn(dir string) []Ignored {
	var files []string
	for above := dir; above != "."; {
		above = path.Dir(above)
		if file := join(above, ".gitignore"); t.Has(file) {
			files = append(files, file)
		}
	}
	slices.Reverse(files)
	files = append(files, t.Named(dir, ".gitignore")...)
	var out []Ignored
	for _, file := range files[:min(len(files), maxIgnoreFiles)] {
		text, err := t.read(file, maxIgnore)
		if err != nil {
			continue
		}
		for _, r := range parseRules(string(text)).list {
			if p, ok := r.pattern(path.Dir(file), dir); ok {
				out = append(out, Ignored{p, r.negated})
			}
		}
	}
	return out
}

// pattern is a rule of the .gitignore in a folder as a pattern from dir on. ok is false where it can match nothing in there.
func (r rule) pattern(folder, dir string) (text string, ok bool) {
	var names []string
	if !r.slash {
		names = append(names, "**")
	}
	for _, s := range r.segments {
		switch s.kind {
		case literal, glob:
			names = append(names, s.text)
		case ending:
			names = append(names, "*"+s.text)
		case anyPath:
			names = append(names, "**")
		}
	}
	text = strings.Join(names, "/")
	switch above := folder == "." || folder == dir || strings.HasPrefix(dir, folder+"/"); {
	case strings.Contains(text, `\`):
		return "", false
	case dir == "." || above && names[0] == "**" && folder != dir:
		if dir == "." {
			text = join(folder, text)
		}
		return text, true
	}
	return strings.CutPrefix(join(folder, text), dir+"/")
}
