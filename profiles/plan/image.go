package plan

import (
	"slices"

	"github.com/dockgen/dockgen/internal/lazy"
)

// Image is a Dockerfile: a list of named stages, which may come from several
// languages. The last one is what docker build makes when no target is named.
type Image struct {
	Syntax bool // the "# syntax=docker/dockerfile:1" line
	// Checks are the rules of BuildKit's linter that the file breaks on purpose:
	// https://docs.docker.com/reference/build-checks/.
	Checks []Token
	Stages []Stage
	// Aliases are further names of stages, by which the repository's people build them.
	Aliases []Alias
	Blocks  map[string]string // template text that the user's profile puts in place of blocks, by name
}

// Alias is a stage that is another one by a further name.
type Alias struct {
	Why  Comment
	Name StageName
	From From
}

// Stage is one stage: the template block that writes it, and the data that the
// block is executed with.
type Stage struct {
	Block string // "golang/build", or "prod", which all languages share
	Data  Staged
}

// Staged is the data of a stage: a struct that embeds Head.
type Staged interface{ Stage() Head }

// Head is what every stage has.
type Head struct {
	Name StageName
	From From
	// About is the comment above FROM: why the stage is there, and how to use it.
	About []Comment
	// Uses are the stages that its COPY and RUN lines take files from.
	Uses []StageName
	// Makes are folders that the stage begins with.
	Makes []Path
}

// Stage implements Staged.
func (h Head) Stage() Head { return h }

// Make adds a folder that the stage begins with.
func (h *Head) Make(dir Path) { h.Makes = append(h.Makes, dir) }

// Tell replaces the comment above the stage.
func (h *Head) Tell(about []Comment) { h.About = about }

// StageName names a stage. The zero value names none.
type StageName struct{ s string }

// stageName is what BuildKit accepts as a name and a --target:
// https://docs.docker.com/reference/dockerfile/#from.
var stageName = lazy.MustCompile(`^[a-z][a-z0-9._-]*$`)

// NewStageName returns s as a StageName or refuses it.
func NewStageName(s string) (StageName, error) {
	if !stageName.MatchString(s) || len(s) > 128 {
		return StageName{}, &RefusedError{"stage name", s, "is not lower-case letters, digits and . _ - after a letter"}
	}
	return StageName{s}, nil
}

// MustStageName is NewStageName for dockgen's own constants.
func MustStageName(s string) StageName { return must(NewStageName(s)) }

// IsZero reports whether no stage is named.
func (n StageName) IsZero() bool { return n.s == "" }

func (n StageName) String() string { return n.s }

// From is what a stage starts from: an image, or a stage before it.
type From struct {
	image Ref
	stage StageName
	build bool
}

// FromImage starts a stage from an image.
func FromImage(r Ref) From { return From{image: r} }

// FromStage starts a stage from one before it.
func FromStage(n StageName) From { return From{stage: n} }

// OnBuildPlatform returns f for the platform of the machine that builds, so
// that nothing is emulated:
// https://docs.docker.com/build/building/multi-platform/#cross-compilation.
func (f From) OnBuildPlatform() From {
	f.build = true
	return f
}

// Image is the image that the stage starts from, zero for a stage.
func (f From) Image() Ref { return f.image }

// Stage is the stage that it starts from, zero for an image.
func (f From) Stage() StageName { return f.stage }

func (f From) String() string {
	s := f.stage.s
	if f.stage.IsZero() {
		s = f.image.String()
	}
	if f.build {
		return "--platform=$BUILDPLATFORM " + s
	}
	return s
}

// Closure returns the stages that the named ones need, in their order: what
// they start from and use, and themselves.
func (i Image) Closure(names ...StageName) []Stage {
	need := slices.Clone(names)
	for at := 0; at < len(need); at++ {
		for _, s := range i.Stages {
			h := s.Data.Stage()
			if h.Name != need[at] {
				continue
			}
			for _, n := range append(slices.Clone(h.Uses), h.From.stage) {
				if !n.IsZero() && !slices.Contains(need, n) {
					need = append(need, n)
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(i.Stages), func(s Stage) bool { return !slices.Contains(need, s.Data.Stage().Name) })
}

// Artifact is one COPY: of the repository, of a stage, or of an image.
type Artifact struct {
	Why     Comment   // the comment above it, empty for none
	Stage   StageName // zero: not of a stage
	Image   Ref       // zero: not of an image
	Copy    Copy
	Owner   User // zero: root
	Exclude []Token
	// NoLink builds the layer on those before it, so that the folders above the
	// destination keep their owner:
	// https://docs.docker.com/reference/dockerfile/#copy---link.
	NoLink  bool
	Parents bool // each path keeps the folders that it is in
	Program bool // anybody may run it, whatever the repository's bits say
}

func (a Artifact) String() string {
	s := "--link "
	if a.NoLink {
		s = ""
	}
	if a.Parents {
		s += "--parents "
	}
	if a.Owner != (User{}) {
		s += "--chown=" + a.Owner.String() + " "
	}
	if a.Program {
		s += "--chmod=755 "
	}
	switch {
	case !a.Stage.IsZero():
		s += "--from=" + a.Stage.String() + " "
	case !a.Image.IsZero():
		s += "--from=" + a.Image.String() + " "
	}
	for _, x := range a.Exclude {
		s += "--exclude=" + x.String() + " "
	}
	return s + a.Copy.operands(a.Parents)
}

// StagesOf lists the stages that artifacts come from, each once.
func StagesOf(list []Artifact) []StageName {
	var out []StageName
	for _, a := range list {
		if !a.Stage.IsZero() && !slices.Contains(out, a.Stage) {
			out = append(out, a.Stage)
		}
	}
	return out
}
