// Package plan is the value between deciding and rendering: everything a
// template needs, already chosen, in types that quote or refuse.
//
// A language has a struct for each of its stages in its folder under profiles,
// which embeds Head. Nobody changes a plan after it was decided.
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
