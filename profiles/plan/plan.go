// Package plan is the value between deciding and rendering: everything a
// template needs, already chosen, in types that quote or refuse.
//
// A language has its own plan struct in its folder under profiles; it embeds
// Base and implements Stack. Nobody changes a plan after it was decided.
package plan

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// Runtime is the kind of image that prod runs on.
type Runtime string

// The runtimes, smallest first.
const (
	Scratch    Runtime = "scratch"
	Distroless Runtime = "distroless"
	Alpine     Runtime = "alpine"
	Slim       Runtime = "slim"
)

// Runtimes lists every runtime, smallest first.
func Runtimes() []Runtime { return []Runtime{Scratch, Distroless, Alpine, Slim} }

// Valid reports whether r is one of Runtimes.
func (r Runtime) Valid() bool { return slices.Contains(Runtimes(), r) }

// Plan is one app's Dockerfile and .dockerignore, decided.
type Plan struct {
	Name     string // what to call the image: the folder's or module's name, [a-z0-9._-]
	Dir      string // the app's folder within the scanned tree, "." for its root
	Language string // "go", "node", "python", "java"
	Stack    Stack
	Ignore   Ignore
	Reads    []Path            // files that the build reads although no COPY names them, for sure
	Blocks   map[string]string // template text that the user's profile puts in place of blocks, by name
	Ports    []Port
	Choices  []Choice
	Notes    []Note
}

// Stack is what a language's templates are executed with.
type Stack interface {
	// Template names the folder under templates.
	Template() string
}

// Base is what every stack's prod has; language plans embed it.
type Base struct {
	Syntax  bool // the "# syntax=docker/dockerfile:1" line
	Runtime Runtime
	User    User
	Ports   []Port
	Env     []Env // prod's own variables, in order
	Labels  []Env
	Health  Exec     // nil: none
	Debian  []System // apt packages in prod, with the dependency that needs each
	Alpine  []System
}

// System is system packages and the dependency that needs them.
type System struct {
	For      Remark
	Packages []Word
}

// Packages lists the packages of all rows once, sorted.
func Packages(rows []System) []Word {
	var out []Word
	for _, r := range rows {
		out = append(out, r.Packages...)
	}
	slices.SortFunc(out, func(a, b Word) int { return compare(a.s, b.s) })
	return slices.Compact(out)
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Ignore is the .dockerignore: groups of patterns, each with a heading.
type Ignore []IgnoreGroup

// IgnoreGroup is a few patterns under one comment. A pattern is in the syntax
// of https://docs.docker.com/build/concepts/context/#dockerignore-files.
type IgnoreGroup struct {
	Heading  Remark
	Patterns []Pattern
}

// Pattern is one line of .dockerignore.
type Pattern struct{ s string }

// NewPattern refuses what would not be one pattern on one line.
func NewPattern(s string) (Pattern, error) {
	t, err := NewText(s)
	if err != nil || s == "" || s == "!" || s[0] == '#' || strings.TrimSpace(s) != s {
		return Pattern{}, &RefusedError{"pattern", s, "is not one line of a .dockerignore"}
	}
	return Pattern(t), nil
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

// Choice is one decision with its reason.
type Choice struct {
	Key    string      `json:"key"`   // "go.version"
	Value  string      `json:"value"` // "1.26"
	Rule   string      `json:"rule"`  // why, one sentence: "the go line of go.mod"
	Pos    *fact.Pos   `json:"source,omitempty"`
	Link   string      `json:"link,omitempty"` // the source of the rule
	Losers []Candidate `json:"losers,omitempty"`
	// Input is the evidence the value was derived from where the derivation
	// depends on what this release of dockgen knows; the lock keeps the value
	// for as long as Input stays the same. "" is not kept.
	Input string `json:"-"`
}

// Candidate is a value that was considered and not taken.
type Candidate struct {
	Value string    `json:"value"`
	Pos   *fact.Pos `json:"source,omitempty"`
	Why   string    `json:"why"`
}

// Note is something the user should know: what dockgen noticed and could not
// mend itself.
type Note struct {
	Pos  fact.Pos `json:"source"`
	Text string   `json:"text"`
	Hint string   `json:"hint,omitempty"`
}
