package plan

import (
	"path"
	"strings"
)

// Ignore is the .dockerignore: groups of patterns, each with a heading.
type Ignore []IgnoreGroup

// IgnoreGroup is a few patterns under one comment. A pattern is in the syntax
// of https://docs.docker.com/build/concepts/context/#dockerignore-files.
type IgnoreGroup struct {
	Heading  Comment
	Patterns []Pattern
	Whole    bool // of an app whose folder lies below the build context: they are the context's, not the folder's
}

// Pattern is one line of .dockerignore.
type Pattern struct{ s string }

// NewPattern refuses what would not be one pattern on one line, and what is none: BuildKit would not read the whole file.
func NewPattern(s string) (Pattern, error) {
	if _, err := path.Match(s, ""); err != nil {
		return Pattern{}, &RefusedError{"pattern", s, "is no pattern of a .dockerignore"}
	}
	return NewExpression(s)
}

// NewExpression refuses what would not be one regular expression on one line; a web server reads it.
func NewExpression(s string) (Pattern, error) {
	t, err := NewText(s)
	if err != nil || s == "" || s == "!" || s[0] == '#' || strings.TrimSpace(s) != s {
		return Pattern{}, &RefusedError{"pattern", s, "is not one line of a .dockerignore"}
	}
	return Pattern{t.s}, nil
}

// MustPatterns makes patterns of dockgen's own constants.
func MustPatterns(list ...string) []Pattern {
	var out []Pattern
	for _, s := range list {
		p, err := NewPattern(s)
		if err != nil {
			panic(err)
		}
		out = append(out, p)
	}
	return out
}

func (p Pattern) String() string { return p.s }
