package golang

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// release is a version of Go: https://go.dev/doc/toolchain#version.
type release struct {
	major, minor, patch int
	exact               bool // the patch was given
}

func parseRelease(s string) (release, bool) {
	s = strings.TrimPrefix(s, "go")
	if i := strings.IndexAny(s, "rb"); i > 0 { // 1.27rc1: the release it becomes
		s = s[:i]
	}
	parts := strings.Split(s, ".")
	var n [3]int
	if len(parts) > 3 {
		return release{}, false
	}
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || v < 0 || v > 9999 {
			return release{}, false
		}
		n[i] = v
	}
	return release{n[0], n[1], n[2], len(parts) == 3}, n[0] > 0
}

// line is the release line, which images are tagged with: "1.27".
func (r release) line() string { return fmt.Sprintf("%d.%d", r.major, r.minor) }

func (r release) String() string {
	if r.exact {
		return fmt.Sprintf("%s.%d", r.line(), r.patch)
	}
	return r.line()
}

func compare(a, b release) int {
	return cmp.Or(cmp.Compare(a.major, b.major), cmp.Compare(a.minor, b.minor), cmp.Compare(a.patch, b.patch))
}

func sameLine(a, b release) bool { return a.major == b.major && a.minor == b.minor }

// version is a release of Go as its image has it.
type version struct {
	tag   string // "1.27", or with the patch
	suite string // of Debian, that the image is for
}

func (v version) release() release { return mustRelease(v.tag) }

// decideVersion chooses the image's tag. The image sets GOTOOLCHAIN=local, so its
// Go must be as new as every go line, patch included
// (https://go.dev/doc/toolchain#select); a newer one builds the same program,
// because the go line also sets the language and GODEBUG defaults
// (https://go.dev/doc/godebug).
func decideVersion(s *source) (version, error) {
	none := version{}
	img, ok := s.Know.Image("golang")
	if !ok {
		return none, fmt.Errorf("knowledge: no golang image")
	}
	floor, floorAt := floorOf(s)
	asked := s.Settings.Version
	win, rejected, found := record.First(versionCandidates(s)...)
	c := plan.Choice{Key: "go.version", Rejected: rejected, Rule: win.Rule, Pos: record.At(win.Pos), Link: img.Source}
	want, err := want(win, found, img)
	if err != nil {
		return none, err
	}
	if !found {
		c.Rule = "nothing here asks for a version; the newest release"
	}
	switch {
	case compare(want, floor) < 0 && asked != "" && !(sameLine(want, floor) && !want.exact):
		return none, fact.Errorf(s.Settings.Pos("version"), "version: Go %s is older than the go line of %s asks for (%s)", plan.Printable(asked, 20), floorAt, floor).
			WithHint("ask for %s or newer, or lower the go line", floor)
	case want.minor < floor.minor || want.major < floor.major:
		c.Rule = fmt.Sprintf("the go line, which is newer than %s asks for", win.Rule)
		c.Pos = record.At(floorAt)
		want = floor
	}
	newest, _ := parseRelease(img.Releases[0].Version)
	rel, published := img.Release(want.line())
	switch {
	case compare(release{major: want.major, minor: want.minor}, newest) > 0:
		at := win.Pos
		if c.Pos != nil {
			at = *c.Pos
		}
		return none, record.Refuse(at, fmt.Sprintf("the newest that dockgen knows is %s; a newer dockgen may know more", img.Releases[0].Version),
			"no golang image of %s is known", want.line())
	case (!published || rel.Ended) && asked == "":
		oldest := oldestSupported(img)
		if found {
			c.Rejected = append(c.Rejected, plan.Rejected{Value: want.String(), Pos: c.Pos, Why: "is no longer supported (https://go.dev/doc/devel/release#policy)"})
			c.Rule = fmt.Sprintf("the oldest release that is still supported; a newer Go compiles programs for %s unchanged", want.line())
		}
		rel, want = oldest, mustRelease(oldest.Version)
	case !published:
		return none, fact.Errorf(s.Settings.Pos("version"), "version: no golang image of %s is known", want.line()).
			WithHint("the oldest is %s", img.Releases[len(img.Releases)-1].Version)
	}
	c.Value = rel.Version
	if asked != "" && want.exact {
		c.Value = want.String()
	} else {
		if sameLine(floor, mustRelease(rel.Version)) && floor.patch > rel.Patch {
			c.Value = floor.String() // the line's tag may be older where it was pulled before
			c.Rule += "; its patch is newer than dockgen knows"
		}
		c.Evidence = versionEvidence(s)
	}
	v := version{tag: s.Log.Choose(c), suite: "trixie"}
	locked, ok := parseRelease(v.tag)
	if ok {
		rel, _ = img.Release(locked.line())
	}
	if !rel.Has("trixie") && rel.Has("bookworm") {
		v.suite = "bookworm"
	}
	if s.f.Home != "." && ok && compare(locked, changeDir) < 0 {
		return none, record.Refuse(s.Settings.Pos("version"), "ask for "+changeDir.String()+" or newer", "the module is in %s, and the go command of %s has no flag -C for that", printable(s.f.Home), locked)
	}
	return v, nil
}

// changeDir is the oldest Go whose go command has the flag -C:
// https://go.dev/doc/go1.20#go-command.
var changeDir = release{major: 1, minor: 20} //nolint:gochecknoglobals // a constant

// want is the release that the winning candidate asks for, or the default.
func want(win record.Option, found bool, img knowledge.Image) (release, error) {
	if !found {
		return mustRelease(img.Default), nil
	}
	r, ok := parseRelease(win.Value)
	if !ok {
		return r, fact.Errorf(win.Pos, "%q is no version of Go", plan.Printable(win.Value, 40)).WithHint("versions look like 1.27 or 1.27.3")
	}
	return r, nil
}

func mustRelease(s string) release {
	r, _ := parseRelease(s) // a test keeps images.yaml right
	return r
}

// floorOf is the newest go line: what the toolchain has to be at least.
func floorOf(s *source) (floor release, at fact.Pos) {
	for _, v := range s.f.Version {
		if r, ok := parseRelease(v.Value.Version); ok && v.Value.Source == module.GoLine && (at.IsZero() || compare(r, floor) > 0) {
			floor, at = r, v.Pos
		}
	}
	return floor, at
}

func versionCandidates(s *source) []record.Option {
	list := []record.Option{{Value: s.Settings.Version, Pos: s.Settings.Pos("version"), Rule: "asked for"}}
	for _, kind := range []struct {
		source module.Source
		rule   string
	}{
		{module.GoVersionFile, ".go-version"},
		{module.ToolVersions, ".tool-versions"},
		{module.Mise, "the go tool of mise.toml"},
		{module.ToolchainLine, "the toolchain line"},
		{module.GoLine, "the go line"},
	} {
		var of []fact.Fact[module.Pin]
		for _, v := range s.f.Version {
			if v.Value.Source == kind.source {
				of = append(of, v)
			}
		}
		// Of several modules the newest counts.
		sort.SliceStable(of, func(i, j int) bool {
			a, _ := parseRelease(of[i].Value.Version)
			b, _ := parseRelease(of[j].Value.Version)
			return compare(a, b) > 0
		})
		for _, v := range of {
			list = append(list, record.Option{Value: v.Value.Version, Pos: v.Pos, Rule: kind.rule})
		}
	}
	list = append(list, record.Option{})
	return list
}

func versionEvidence(s *source) string {
	var parts []string
	for _, v := range s.f.Version {
		parts = append(parts, string(v.Value.Source)+" "+v.Value.Version)
	}
	slices.Sort(parts)
	return "golang image for " + cmp.Or(strings.Join(slices.Compact(parts), ", "), "no version")
}

func oldestSupported(img knowledge.Image) knowledge.Release {
	rel := img.Releases[0]
	for _, r := range img.Releases {
		if !r.Ended {
			rel = r
		}
	}
	return rel
}
