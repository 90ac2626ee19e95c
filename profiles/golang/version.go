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
	"github.com/dockgen/dockgen/profiles/image"
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

func compareReleases(a, b release) int {
	return cmp.Or(cmp.Compare(a.major, b.major), cmp.Compare(a.minor, b.minor), cmp.Compare(a.patch, b.patch))
}

func sameLine(a, b release) bool { return a.major == b.major && a.minor == b.minor }

// decideVersion chooses the image's tag. The image sets GOTOOLCHAIN=local, so its
// Go must be as new as every go line, patch included
// (https://go.dev/doc/toolchain#select); a newer one builds the same program,
// because the go line also sets the language and GODEBUG defaults
// (https://go.dev/doc/godebug).
func decideVersion(s *source) (image.Release, error) {
	none := image.Release{}
	floor, floorAt := floorOf(s)
	if asked := s.Settings.Version; asked != "" {
		want, ok := parseRelease(asked)
		switch {
		case !ok:
			return none, fact.Errorf(s.Settings.Pos("version"), "%q is not a version of Go", plan.Printable(asked, 40)).WithHint("versions look like 1.27 or 1.27.3")
		case compareReleases(want, floor) < 0 && (want.exact || !sameLine(want, floor)):
			return none, fact.Errorf(s.Settings.Pos("version"), "version: Go %s is older than the go line of %s (%s)", plan.Printable(asked, 20), floorAt, floor).
				WithHint("ask for %s or newer, or lower the go line", floor)
		}
	}
	request := image.VersionRequest{
		Key: "go.version", Images: image.ImagesOf("go"), Candidates: versionCandidates(s), Raise: true,
		Satisfies: func(have, want string) bool {
			r, ok := parseRelease(want)
			return ok && compareReleases(mustRelease(have), release{major: r.major, minor: r.minor}) >= 0
		},
		Lowest: func(want string) (string, bool) {
			r, ok := parseRelease(want)
			return r.line(), ok
		},
		Exact: func(rel knowledge.Release, win record.Option) string {
			want, _ := parseRelease(win.Value)
			switch have := mustRelease(rel.Version); {
			case s.Settings.Version != "" && want.exact:
				return want.String()
			case sameLine(floor, have) && floor.patch > rel.Patch:
				return floor.String() // the line's tag may be older if it was pulled before
			}
			return rel.Version
		},
		Evidence: func(record.Option) string { return versionEvidence(s) },
		Hint:     "a newer Go builds the same program: https://go.dev/doc/devel/release#policy",
	}
	if !floorAt.IsZero() {
		request.Limits = []image.Limit{{
			Fits: func(have string) bool {
				v := mustRelease(have)
				return compareReleases(v, floor) >= 0 || !v.exact && sameLine(v, floor)
			},
			Text: "the go line asks for " + floor.String(), Pos: floorAt, Must: true,
		}}
	}
	v, err := image.Version(s.Input, request)
	if err != nil {
		return none, err
	}
	if have := mustRelease(v.Tag); s.f.Home != "." && compareReleases(have, changeDir) < 0 {
		return none, record.Refuse(s.Settings.Pos("version"), "ask for "+changeDir.String()+" or newer", "the module is in %s, and the go command of %s has no flag -C for that", printable(s.f.Home), have)
	}
	return v, nil
}

// changeDir is the oldest Go whose go command has the flag -C:
// https://go.dev/doc/go1.20#go-command.
var changeDir = release{major: 1, minor: 20} //nolint:gochecknoglobals // a constant

func mustRelease(s string) release {
	r, _ := parseRelease(s) // a test keeps images.yaml right
	return r
}

// floorOf is the newest go line: what the toolchain has to be at least.
func floorOf(s *source) (floor release, at fact.Pos) {
	for _, v := range s.f.Version {
		if r, ok := parseRelease(v.Value.Version); ok && v.Value.Source == module.GoLine && (at.IsZero() || compareReleases(r, floor) > 0) {
			floor, at = r, v.Pos
		}
	}
	return floor, at
}

func versionCandidates(s *source) []record.Option {
	var list []record.Option
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
			return compareReleases(a, b) > 0
		})
		for _, v := range of {
			list = append(list, record.Option{Value: v.Value.Version, Pos: v.Pos, Rule: kind.rule})
		}
	}
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
