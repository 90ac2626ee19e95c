package python

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

var pinPattern = lazy.MustCompile(`^(\d+)(?:\.(\d+))?(?:\.(?:\d+|x|\*))?$`)

// decideVersion chooses Python's minor version. A pin wins if it lies in every
// range; the minor is used, because its image gets the security fixes, unless the manager refuses, or skips, what is for another patch than
// the one that is asked for. The tag is the minor or that patch.
func decideVersion(in record.Input, f *facts.Facts, m facts.Manifest) (minor, tag string, err error) {
	if pos := f.FreeThreaded; !pos.IsZero() {
		return "", "", record.Refuse(pos, "take the line out to run on the usual build", "asks for a free-threaded Python, which has no official image")
	}
	var pins, ranges []record.Option
	var limits []image.Limit
	var evidence []string
	for _, v := range f.Versions {
		evidence = append(evidence, v.From+" "+v.Pin+v.Range)
		minor, _ := minorOf(v.Pin)
		switch {
		case strings.HasPrefix(minor, "2."):
			return "", "", record.Refuse(v.Pos, "Python 2 ended in 2020; port the code to Python 3", "asks for Python %s, which no longer has an official image", plan.Printable(v.Pin, 20))
		case v.Pin != "" && v.Pin != "latest" && v.Pin != "3":
			pins = append(pins, record.Option{Value: v.Pin, Pos: v.Pos, Rule: v.From})
		case v.Range != "":
			ranges = append(ranges, record.Option{Value: v.Range, Pos: v.Pos, Rule: v.From})
			limits = append(limits, image.Limit{
				Fits: func(release string) bool { return satisfies(release, v.Range) },
				Text: v.From + " asks for " + plan.Printable(v.Range, 40), Pos: v.Pos, Must: true,
			})
		}
	}
	img, _ := in.Know.Image(images().System)
	suite := debian(in.Know)
	published := func(r knowledge.Release) bool { return r.Has(suite) }
	candidates := slices.Concat(pins, ranges)
	preferred := func(newest, text string, pos fact.Pos) {
		limits = append([]image.Limit{{
			Fits: func(release string) bool { return minorNumber(release) <= minorNumber(newest) }, Text: text, Pos: pos, Quiet: true,
		}}, limits...)
		if minorNumber(newest) < minorNumber(img.Default) {
			candidates = pins // the ranges are limits too, and do not decide
		}
	}
	fits := fitting(img, published, limits)
	if limit, because := newestWithWheels(m, fits); because != nil && minorNumber(limit) < minorNumber(img.Default) {
		evidence = append(evidence, because.Name+because.Constraint)
		preferred(limit, because.text(), because.Pos)
	}
	gone := goneModules(in, f, m)
	for _, g := range gone {
		evidence = append(evidence, "import "+g.module.Value)
		preferred(g.python, g.text(), g.module.Pos)
	}
	rel, err := image.Version(in, image.VersionRequest{
		Key: "python.version", Images: images(), Candidates: candidates, Limits: limits, Strict: true,
		Satisfies: func(release, want string) bool {
			minor, ok := minorOf(want)
			return ok && minor == release || !ok && slices.ContainsFunc(ranges, func(r record.Option) bool { return r.Value == want }) && satisfies(release, want)
		},
		Lowest: lowest,
		Exact: func(rel knowledge.Release, win record.Option) string {
			found := exactPatch.FindStringSubmatch(strings.TrimSpace(win.Value))
			if found == nil || found[2] != rel.Version || !slices.Contains(ranges, win) || !slices.Contains([]string{"uv", "poetry", "pdm"}, m.Manager) {
				return ""
			}
			return found[1]
		},
		Evidence: func(win record.Option) string {
			switch {
			case slices.Contains(pins, win) || win.Value != "" && !slices.Contains(ranges, win):
				return ""
			case len(evidence) == 0:
				return "no version is named"
			}
			return strings.Join(evidence, ", ")
		},
	})
	for _, g := range gone {
		if err == nil && minorNumber(rel.Version) > minorNumber(g.python) {
			in.Log.Note(g.module.Pos, g.text(), g.hint())
		}
	}
	return rel.Version, rel.Tag, err
}

// exactPatch matches a range of one release with its patch.
var exactPatch = lazy.MustCompile(`^={0,3}\s*((3\.\d+)\.\d+)$`)

// debian is the variant that every Debian stage is built on; its release is the
// one that distroless' Python is made from.
func debian(know *knowledge.Base) string {
	img, _ := know.Image("debian") // a test keeps images.yaml right
	return "slim-" + img.Default
}

// fitting are the published releases within the limits, the newest first.
func fitting(img knowledge.Image, published func(knowledge.Release) bool, limits []image.Limit) []string {
	var out []string
	for _, r := range img.Releases {
		if published(r) && !slices.ContainsFunc(limits, func(l image.Limit) bool { return !l.Fits(r.Version) }) {
			out = append(out, r.Version)
		}
	}
	return out
}

var lowerBound = lazy.MustCompile(`^(?:>=?|\^|~=?|={2,3})?\s*v?(\d+\.\d+)`)

// lowest is the oldest release that a pin or a range can mean.
func lowest(want string) (string, bool) {
	first, _, _ := strings.Cut(want, ",")
	found := lowerBound.FindStringSubmatch(strings.TrimSpace(first))
	if found == nil {
		return "", false
	}
	return found[1], true
}

func minorOf(pin string) (string, bool) {
	found := pinPattern.FindStringSubmatch(strings.TrimPrefix(strings.TrimSpace(pin), "v"))
	if found == nil || found[2] == "" {
		return "", false
	}
	return found[1] + "." + found[2], true
}

func minorNumber(v string) int {
	_, minor, _ := strings.Cut(v, ".")
	n, _ := strconv.Atoi(minor)
	return n
}

// satisfies reports whether some release of the minor version lies in the
// range: a PEP 440 specifier, or Poetry's ^ and ~
// (https://python-poetry.org/docs/dependency-specification/).
func satisfies(minor, rng string) bool {
	for alt := range strings.SplitSeq(rng, "||") {
		all := true
		for part := range strings.SplitSeq(alt, ",") {
			if part = strings.TrimSpace(part); part != "" && part != "*" && !inRange(minor, part) {
				all = false
			}
		}
		if all {
			return true
		}
	}
	return false
}

func inRange(minor, part string) bool {
	switch {
	case strings.HasPrefix(part, "^"):
		v := strings.TrimSpace(part[1:])
		major, _, _ := strings.Cut(v, ".")
		n, err := strconv.Atoi(major)
		return err == nil && inRange(minor, ">="+v) && inRange(minor, fmt.Sprintf("<%d", n+1))
	case strings.HasPrefix(part, "~") && !strings.HasPrefix(part, "~="):
		v := strings.TrimSpace(part[1:])
		m, ok := minorOf(v)
		return ok && m == minor
	case part[0] >= '0' && part[0] <= '9':
		part = "==" + part
	}
	c, err := semver.PyPI.ParseConstraint(part)
	if err != nil {
		return true // a specifier that dockgen cannot read excludes nothing
	}
	// A late release of the minor, so that >=3.12.4 allows 3.12; and the first, so that <=3.12 does.
	// An exact release counts by its minor: ==3.12.4.
	if exact, ok := strings.CutPrefix(part, "=="); ok {
		m, _ := minorOf(strings.TrimSpace(exact))
		return m == minor
	}
	return c.Match(minor+".99") || c.Match(minor+".0")
}
