package python

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// suite is the variant that every Debian stage is built on; its release is
// the one that distroless' Python is made from.
const suite = "slim-trixie"

var pinPattern = regexp.MustCompile(`^(\d+)(?:\.(\d+))?(?:\.(?:\d+|x|\*))?$`)

// version chooses Python's minor version. A pin wins where it lies in every
// range; the minor is used, because its image gets the security fixes.
func decideVersion(in record.Input, f *facts.Facts, m facts.Manifest) (string, error) {
	img, ok := in.Know.Image("python")
	if !ok {
		return "", fmt.Errorf("no row for the python image")
	}
	var published []string
	for _, r := range img.Releases {
		if r.Has(suite) {
			published = append(published, r.Version)
		}
	}
	if pos := f.FreeThreaded; !pos.IsZero() {
		return "", record.Refuse(pos, "take the line out to run on the usual build", "asks for a free-threaded Python, of which no official image exists")
	}
	var ranges []facts.Version
	var evidence []string
	for _, v := range f.Versions {
		evidence = append(evidence, v.From+" "+v.Pin+v.Range)
		if v.Range != "" {
			ranges = append(ranges, v)
		}
	}
	excludes := func(v string) *facts.Version {
		for i := range ranges {
			if !satisfies(v, ranges[i].Range) {
				return &ranges[i]
			}
		}
		return nil
	}
	var rejected []plan.Rejected
	lose := func(v facts.Version, why string) {
		rejected = append(rejected, plan.Rejected{Value: v.Pin + v.Range, Pos: record.At(v.Pos), Why: why})
	}
	c := plan.Choice{Key: "python.version", Link: img.Source}
	if s := in.Settings.Version; s != "" {
		minor, ok := minorOf(s)
		if !ok || !slices.Contains(published, minor) {
			return "", record.Refuse(in.Settings.Pos("version"), "these have images: "+strings.Join(published, ", "), "no image of Python %s is published", plan.Printable(s, 20))
		}
		c.Value, c.Rule, c.Pos = minor, "asked for", record.At(in.Settings.Pos("version"))
		in.Log.Choose(c)
		return minor, nil
	}
	for _, v := range f.Versions {
		if v.Pin == "" {
			continue
		}
		minor, ok := minorOf(v.Pin)
		switch {
		case v.Pin == "latest" || v.Pin == "3":
			lose(v, "names no version; dockgen's default is taken from its own table")
			continue
		case !ok:
			lose(v, "is no version of CPython that dockgen knows")
			continue
		case c.Value != "":
			lose(v, c.Rule+" comes before "+v.From)
			continue
		}
		if r := excludes(minor); r != nil {
			lose(v, fmt.Sprintf("%s excludes it: %s", r.From, r.Range))
			in.Log.Note(v.Pos, fmt.Sprintf("%s says %s, which %s (%s) excludes", v.From, plan.Printable(v.Pin, 20), r.From, plan.Printable(r.Range, 40)), "make the two agree")
			continue
		}
		if !slices.Contains(published, minor) {
			hint := "these have images: " + strings.Join(published, ", ")
			if strings.HasPrefix(minor, "2.") {
				hint = "Python 2 ended in 2020; port the code to Python 3"
			}
			return "", record.Refuse(v.Pos, hint, "asks for Python %s, of which no image is published any more", plan.Printable(v.Pin, 20))
		}
		c.Value, c.Rule, c.Pos = minor, v.From, record.At(v.Pos)
	}
	if c.Value == "" {
		var fits []string
		for _, v := range published {
			if excludes(v) == nil {
				fits = append(fits, v)
			}
		}
		if len(fits) == 0 {
			return "", record.Refuse(ranges[0].Pos, "these have images: "+strings.Join(published, ", "), "wants Python %s, of which no image is published", plan.Printable(ranges[0].Range, 40))
		}
		limit, because := newestWithWheels(m, fits)
		switch {
		case because != nil && limit != "" && limit != img.Default && minorNumber(limit) < minorNumber(img.Default):
			c.Value, c.Rule, c.Pos = limit, fmt.Sprintf("the newest for which %s is prebuilt", because.Name), record.At(because.Pos)
			evidence = append(evidence, because.Name+because.Constraint)
		case slices.Contains(fits, img.Default):
			c.Value, c.Rule = img.Default, "dockgen's default"
			if len(ranges) > 0 {
				c.Rule, c.Pos = "dockgen's default, which "+ranges[0].From+" "+ranges[0].Range+" allows", record.At(ranges[0].Pos)
			}
		default:
			c.Value, c.Rule = fits[0], "the newest that "+ranges[0].From+" "+ranges[0].Range+" allows"
			c.Pos = record.At(ranges[0].Pos)
		}
		for _, r := range ranges[min(1, len(ranges)):] {
			lose(r, "holds too")
		}
		c.Evidence = "no version is named"
		if len(evidence) > 0 {
			c.Evidence = strings.Join(evidence, ", ")
		}
	}
	c.Rejected = rejected
	value := in.Log.Choose(c)
	if r, ok := img.Release(value); ok && r.Ended {
		pos := fact.Pos{}
		if c.Pos != nil {
			pos = *c.Pos
		}
		in.Log.Note(pos, "Python "+value+" gets no security fixes any more", "move to "+img.Default)
	}
	return value, nil
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
			if part = strings.TrimSpace(part); part != "" && part != "*" && !matches(minor, part) {
				all = false
			}
		}
		if all {
			return true
		}
	}
	return false
}

func matches(minor, part string) bool {
	switch {
	case strings.HasPrefix(part, "^"):
		v := strings.TrimSpace(part[1:])
		major, _, _ := strings.Cut(v, ".")
		n, err := strconv.Atoi(major)
		return err == nil && matches(minor, ">="+v) && matches(minor, fmt.Sprintf("<%d", n+1))
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
