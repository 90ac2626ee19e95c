package node

import (
	"regexp"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/dockgen/dockgen/internal/lazy"
)

// glob is a pattern of a workspace.
type glob struct {
	text     string
	extended *extglob // nil for a pattern without @(a|b) and the like
}

// newGlob reads a pattern; extended says that lists in parentheses have a meaning.
func newGlob(text string, extended bool) (g glob, valid bool) {
	g.text = text
	if extended && extglobs.MatchString(text) {
		g.extended = newExtglob(text)
		return g, g.extended != nil
	}
	return g, doublestar.ValidatePattern(text)
}

// match reports whether a folder matches.
func (g glob) match(dir string) bool {
	if g.extended != nil {
		return g.extended.match(dir)
	}
	return doublestar.MatchUnvalidated(g.text, dir)
}

// extglobs matches the beginning of a list of alternatives, as npm, pnpm and Yarn read
// them: https://github.com/isaacs/minimatch#features, https://github.com/micromatch/picomatch#extglobs.
// Bun does not: https://bun.com/docs/runtime/glob#supported-glob-patterns.
var extglobs = lazy.MustCompile(`[!@+*?]\(`)

// maxExtglob is the most bytes of a pattern with such a list.
const maxExtglob = 500

// extglob is a pattern with lists of alternatives. What stands for a negated list is a
// group of match; no match of the list in not, by the group's number, may be there.
type extglob struct {
	re  *regexp.Regexp
	not map[int]*regexp.Regexp
}

func (e *extglob) match(dir string) bool {
	groups := e.re.FindStringSubmatch(dir)
	for i, not := range e.not {
		if groups != nil && not.MatchString(groups[i]) {
			return false
		}
	}
	return groups != nil
}

// newExtglob compiles a pattern, nil for one that is none. An expression of this kind
// takes time that grows with the pattern and the name alone.
func newExtglob(text string) *extglob {
	if len(text) > maxExtglob {
		return nil
	}
	r := globReader{rest: text, not: map[int]string{}}
	out := &extglob{not: map[int]*regexp.Regexp{}}
	expression, ok := r.read("", 0)
	if !ok || r.rest != "" {
		return nil
	}
	var err error
	if out.re, err = regexp.Compile("^" + expression + "$"); err != nil {
		return nil
	}
	for i, list := range r.not {
		if out.not[i], err = regexp.Compile("^(?:" + list + ")$"); err != nil {
			return nil
		}
	}
	return out
}

// globReader makes a regular expression of what is left of a pattern.
type globReader struct {
	rest   string
	groups int            // that the expression has
	not    map[int]string // the lists that may not match, by the group that they stand for
}

// read reads to the end of the pattern, or to one of the characters of stop, which it
// leaves. Without a list to read, a comma or a bar is itself.
func (r *globReader) read(stop string, depth int) (expression string, ok bool) {
	var b strings.Builder
	for r.rest != "" {
		c := r.rest[0]
		if strings.IndexByte(stop, c) >= 0 {
			return b.String(), true
		}
		switch {
		case depth > maxBraces:
			return "", false
		case len(r.rest) > 1 && r.rest[1] == '(' && strings.IndexByte("!@+*?", c) >= 0:
			r.rest = r.rest[2:]
			at := 0
			if c == '!' {
				r.groups++
				at = r.groups
			}
			list, ok := r.list('|', ')', depth)
			if !ok {
				return "", false
			}
			switch c {
			case '!':
				r.not[at] = list
				b.WriteString("([^/]*)")
			case '@':
				b.WriteString("(?:" + list + ")")
			default:
				b.WriteString("(?:" + list + ")" + string(c))
			}
		case c == '{':
			r.rest = r.rest[1:]
			list, ok := r.list(',', '}', depth)
			if !ok {
				return "", false
			}
			b.WriteString("(?:" + list + ")")
		case r.rest == "/**":
			r.rest = ""
			b.WriteString("(?:/.*)?")
		case strings.HasPrefix(r.rest, "**/"):
			r.rest = r.rest[3:]
			b.WriteString("(?:.*/)?")
		case strings.HasPrefix(r.rest, "**"):
			r.rest = r.rest[2:]
			b.WriteString(".*")
		case c == '*':
			r.rest = r.rest[1:]
			b.WriteString("[^/]*")
		case c == '?':
			r.rest = r.rest[1:]
			b.WriteString("[^/]")
		default:
			n := 1
			for n < len(r.rest) && r.rest[n]&0xC0 == 0x80 { // the rest of a character
				n++
			}
			b.WriteString(regexp.QuoteMeta(r.rest[:n]))
			r.rest = r.rest[n:]
		}
	}
	return b.String(), stop == ""
}

// list reads alternatives with the separator, and their end. A negated list within a
// list is not read.
func (r *globReader) list(separator, end byte, depth int) (expression string, ok bool) {
	groups := r.groups
	var parts []string
	for {
		part, ok := r.read(string([]byte{separator, end}), depth+1)
		if !ok || r.rest == "" {
			return "", false
		}
		parts = append(parts, part)
		c := r.rest[0]
		if r.rest = r.rest[1:]; c == end {
			return strings.Join(parts, "|"), r.groups == groups
		}
	}
}
