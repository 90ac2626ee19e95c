// Package plan is the value between deciding and rendering: everything a
// template needs, already chosen, in types that quote or refuse.
//
// A language has its own plan struct in its folder under profiles; it embeds
// Base and implements Stack. Nobody changes a plan after it was decided.
package plan

import "slices"

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

// Stack is a whole Dockerfile as one language's template writes it: the way of
// a language whose stages are not yet a list. Until the last one has moved, an
// Image of such a language has it as its only stage.
type Stack interface {
	// Template names the folder under templates.
	Template() string
}

// Whole is the one stage of an Image that a language's own template writes.
type Whole struct {
	Head
	Language Stack
}

// WholeImage is the image of a language whose stages are not yet a list.
func WholeImage(s Stack) Image { return Image{Stages: []Stage{{Data: Whole{Language: s}}}} }

// Stack is what WholeImage was given, nil where the stages are a list.
func (i Image) Stack() Stack {
	if len(i.Stages) == 1 {
		if w, ok := i.Stages[0].Data.(Whole); ok {
			return w.Language
		}
	}
	return nil
}

// Base is what every stack's prod has; language plans embed it.
type Base struct {
	Syntax  bool // the "# syntax=docker/dockerfile:1" line
	Runtime Runtime
	User    User
	Ports   []Port
	Env     []Env    // prod's own variables, in order
	Health  Exec     // nil: none
	Debian  []System // apt packages in prod, with the dependency that needs each
	Alpine  []System
}
