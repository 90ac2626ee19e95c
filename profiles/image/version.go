package image

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// VersionRequest is what a language knows of the release that its app asks for.
type VersionRequest struct {
	Key    string // of the choice: "node.version"
	Images Images
	// Candidates are the lines that ask for a release, the one that counts first.
	// What the user asks for comes before all of them.
	Candidates []record.Option
	// Satisfies reports whether a release is what a candidate's value asks for, in the
	// language's own syntax: "24" is for ">=20", and "3.13" for "3.13.2".
	Satisfies func(release, want string) bool
	// Lowest is the oldest release that a value can mean: "20" for ">=20.1"; ok is false
	// for a value that names no version.
	Lowest func(want string) (release string, ok bool)
	// Limits are ranges that something else needs.
	Limits []Limit
	// Raise is for a language whose newer releases run what was made for older ones: the
	// oldest release in support is taken that is at least the one asked for.
	Raise bool
	// Strict is for a language whose releases break what older ones ran: a version without
	// an image is refused, unless it is older than all that have one: the oldest of these is
	// the nearest to it. If it is false, the next release that has one is taken.
	Strict bool
	// Exact is what the tag names if that is more exact than the release: "1.27.3". It may be nil.
	Exact func(rel knowledge.Release, win record.Option) string
	// Published reports whether the image of a release is one that the app can use. It may be nil.
	Published func(knowledge.Release) bool
	// Evidence is what the release was derived from, for the lock; win is zero if
	// nothing asks for one. Nil: the winning value and the limits.
	Evidence func(win record.Option) string
	// Hint is what to do about a raised or unsupported release, "" for the general one.
	Hint string
}

// Limit is a range of releases that something other than the version's own lines needs.
type Limit struct {
	Fits func(release string) bool
	Text string // "pnpm 10 needs Node >=18.12"
	Pos  fact.Pos
	// Evidence is the limit in the lock, "" for Text: what does not change with what
	// a release of dockgen knows of it.
	Evidence string
	Hint     string // what to do about a release outside of it, "" for the general one
	// Must: a release outside of it does not work. A candidate outside is passed
	// over with a note, or refused if Refuse is set. Without Must, it is only preferred.
	Must, Refuse bool
	// Quiet: the language itself says what a release outside of a preferred range means.
	Quiet bool
}

// Release is the release of a language that was decided.
type Release struct {
	knowledge.Release
	Tag string        // what the image's tag begins with: Release.Version, or more exact
	By  record.Option // what asks for it, zero if nothing does
}

// asked is the rule of what the user asks for.
const asked = "asked for"

// Kept is the release that the rule of all languages prefers to the default of an image, where a reason of today's keeps that: a
// choice of the default says so.
func Kept(img knowledge.Image, chosen string) []plan.Rejected {
	if chosen != img.Default || img.Preferred == "" {
		return nil
	}
	return []plan.Rejected{{Value: img.Preferred, Why: "the rule for versions prefers it, but " + img.Kept}}
}

// Version chooses the release of a language: what the user asks for, or the
// first candidate that names one, or the default. A value that has no image leads to the
// nearest release that has (see Strict), a release that is raised or is out of
// support is said in a note, and the choice is recorded once, with what was
// rejected. A value of the lock counts only if it has an image.
func Version(in record.Input, q VersionRequest) (Release, error) {
	img, ok := in.Know.Image(q.Images.System)
	if !ok {
		return Release{}, fmt.Errorf("knowledge: no image %s", q.Images.System)
	}
	d := &versions{in: in, q: q, img: img}
	for _, r := range img.Releases {
		if q.Published == nil || q.Published(r) {
			d.published = append(d.published, r)
		}
	}
	list := q.Candidates
	if v := in.Settings.Version; v != "" {
		list = append([]record.Option{{Value: v, Pos: in.Settings.Pos("version"), Rule: asked}}, list...)
	}
	var win record.Option
	var rel knowledge.Release
	d.list = list
	for _, c := range list {
		switch {
		case c.Value == "":
		case rel.Version != "":
			d.reject(c, win.Rule+" comes before "+c.Rule)
		default:
			r, err := d.resolve(c)
			if err != nil {
				return Release{}, err
			}
			if r.Version != "" {
				rel, win = r, c
			}
		}
	}
	return d.choose(rel, win)
}

// versions is one call of Version.
type versions struct {
	in        record.Input
	q         VersionRequest
	img       knowledge.Image
	list      []record.Option     // what asks for a release
	published []knowledge.Release // newest first
	rejected  []plan.Rejected
	raised    string // why another release than the one asked for was taken
	bound     bool   // a limit that is only preferred decided between releases that fit
}

func (d *versions) reject(c record.Option, why string) {
	d.rejected = append(d.rejected, plan.Rejected{Value: plan.Printable(c.Value, 60), Pos: record.At(c.Pos), Why: why})
}

// name is a release in a sentence: "Node 24".
func (d *versions) name(v string) string { return d.q.Images.Language + " " + plan.Printable(v, 40) }

// known is the hint that names what has an image.
func (d *versions) known() string {
	var list []string
	for _, r := range d.published {
		list = append(list, r.Version)
	}
	return "these have images: " + strings.Join(list, ", ")
}

// resolve is the release that a candidate leads to; a zero one passes it over.
func (d *versions) resolve(c record.Option) (knowledge.Release, error) {
	lowest, names := d.q.Lowest(c.Value)
	var fits []knowledge.Release
	for _, r := range d.published {
		// What the user asks for is taken as it is, not raised.
		named := names && r.Version == lowest
		if d.q.Satisfies(r.Version, c.Value) && (named || c.Rule != asked || !d.q.Raise) {
			fits = append(fits, r)
		}
	}
	if len(fits) > 0 {
		required, limit := d.must(fits)
		if limit != nil && (limit.Refuse || c.Rule == asked) {
			return knowledge.Release{}, record.Refuse(cmp.Or(c.Pos, limit.Pos), "raise the version of "+d.q.Images.Language, "%s, and %s", limit.Text, asks(c))
		}
		if limit != nil {
			d.passOver(c, *limit)
			return knowledge.Release{}, nil
		}
		r := d.best(d.prefer(required))
		d.bound = r.Version != d.best(required).Version
		if d.q.Raise && names && compareReleases(r.Version, lowest) > 0 {
			d.raised = d.whyRaised(lowest)
		}
		return r, nil
	}
	if i := slices.IndexFunc(d.q.Limits, func(l Limit) bool { return l.Must && !l.Refuse && names && !l.Fits(lowest) }); i >= 0 && c.Rule != asked {
		d.passOver(c, d.q.Limits[i])
		return knowledge.Release{}, nil
	}
	switch {
	case names && compareReleases(lowest, d.img.Releases[0].Version) > 0, c.Rule == asked, names && d.q.Strict && compareReleases(lowest, d.published[len(d.published)-1].Version) > 0:
		if names && slices.Contains(d.img.Unused, lowest) {
			return knowledge.Release{}, record.Refuse(c.Pos, d.known(), "the image of %s is none that dockgen can use", d.name(c.Value))
		}
		return knowledge.Release{}, record.Refuse(c.Pos, d.known(), "there is no image of %s", d.name(c.Value))
	case names:
		within, _ := d.within(d.published)
		for _, r := range slices.Backward(within) {
			if compareReleases(r.Version, lowest) >= 0 {
				d.raised = d.without(lowest)
				return r, nil
			}
		}
	}
	d.in.Log.Note(c.Pos, fmt.Sprintf("%q names no version of %s that has an image", plan.Printable(c.Value, 40), d.q.Images.Language), d.known())
	d.reject(c, "names no version that has an image")
	return knowledge.Release{}, nil
}

// asks is what a candidate asks for, in a sentence.
func asks(c record.Option) string {
	if c.Rule == asked {
		return plan.Printable(c.Value, 40) + " is asked for"
	}
	return c.Rule + " asks for " + plan.Printable(c.Value, 40)
}

// passOver says that a candidate is outside of a limit.
func (d *versions) passOver(c record.Option, l Limit) {
	d.in.Log.Note(c.Pos, fmt.Sprintf("%s says %s, and %s", c.Rule, plan.Printable(c.Value, 40), l.Text), "make the two agree")
	d.reject(c, l.Text)
}

// within are the releases that must takes, as far as prefer does.
func (d *versions) within(list []knowledge.Release) (in []knowledge.Release, limit *Limit) {
	list, limit = d.must(list)
	return d.prefer(list), limit
}

// must are the releases in all limits without which the app does not work. limit
// is one that leaves none.
func (d *versions) must(list []knowledge.Release) (in []knowledge.Release, limit *Limit) {
	for i, l := range d.q.Limits {
		if !l.Must {
			continue
		}
		if list = l.fitting(list); len(list) == 0 {
			return nil, &d.q.Limits[i]
		}
	}
	return list, nil
}

// prefer are the releases in as many of the other limits as leave one.
func (d *versions) prefer(list []knowledge.Release) []knowledge.Release {
	for _, l := range d.q.Limits {
		if both := l.fitting(list); !l.Must && len(both) > 0 {
			list = both
		}
	}
	return list
}

func (l Limit) fitting(list []knowledge.Release) []knowledge.Release {
	return slices.DeleteFunc(slices.Clone(list), func(r knowledge.Release) bool { return !l.Fits(r.Version) })
}

// best is the release to take of those that fit, which are newest first.
func (d *versions) best(fits []knowledge.Release) knowledge.Release {
	order := []func(knowledge.Release) bool{
		func(r knowledge.Release) bool { return r.Version == d.img.Default },
		func(r knowledge.Release) bool { return r.LTS && !r.Ended && !r.Early },
		func(r knowledge.Release) bool { return !r.Ended && !r.Early },
		func(r knowledge.Release) bool { return !r.Ended },
		func(r knowledge.Release) bool { return r.LTS },
	}
	if d.q.Raise {
		fits = slices.Clone(fits)
		slices.Reverse(fits)
		order = order[1:4]
	}
	for _, want := range order {
		if i := slices.IndexFunc(fits, want); i >= 0 {
			return fits[i]
		}
	}
	return fits[0]
}

// without says that a release has no image, or none that dockgen uses.
func (d *versions) without(release string) string {
	if slices.Contains(d.img.Unused, release) {
		return "has no image that dockgen can use"
	}
	return "has no image"
}

// whyRaised says why the release that is asked for is not taken.
func (d *versions) whyRaised(lowest string) string {
	r, ok := d.img.Release(lowest)
	switch {
	case !ok:
		return d.without(lowest)
	case r.Ended:
		return "is out of support"
	case !r.LTS && slices.ContainsFunc(d.img.Releases, func(r knowledge.Release) bool { return r.LTS }):
		return "has no long-term support"
	}
	return "is too old"
}

// choose records the release and says what the user should know of it.
func (d *versions) choose(rel knowledge.Release, win record.Option) (Release, error) {
	img, q := d.img, d.q
	c := plan.Choice{Key: q.Key, Rule: win.Rule, Pos: record.At(win.Pos), Link: img.Source, Image: img.Name}
	evidence := win.Value
	var text string // of the limit that decides
	if rel.Version == "" {
		within, limit := d.within(d.published)
		if limit != nil {
			return Release{}, record.Refuse(limit.Pos, d.known(), "no image fits: %s", limit.Text)
		}
		rel = d.best(within)
		if i := slices.IndexFunc(within, func(r knowledge.Release) bool { return r.Version == img.Default }); i >= 0 {
			rel = within[i]
		}
		c.Rule, evidence = "the repository names none; this is the one that dockgen prefers", "none"
		for _, l := range q.Limits {
			if rel.Version != img.Default && !l.Fits(img.Default) && text == "" {
				text, c.Rule, c.Pos = l.Text, l.Text, record.At(l.Pos)
			}
		}
	}
	c.Value = rel.Version
	if q.Exact != nil {
		c.Value = cmp.Or(q.Exact(rel, win), c.Value)
	}
	if win.Value != "" && c.Value != strings.TrimPrefix(win.Value, "v") {
		c.Rule = win.Rule + " asks for " + plan.Printable(win.Value, 60)
	}
	if d.raised != "" {
		d.rejected = append([]plan.Rejected{{Value: plan.Printable(win.Value, 60), Pos: record.At(win.Pos), Why: d.raised}}, d.rejected...)
	}
	c.Rejected = d.rejected
	for _, l := range q.Limits {
		if l.Must || d.bound || l.Text == text {
			evidence += "; " + cmp.Or(l.Evidence, l.Text)
		}
	}
	if strings.TrimPrefix(win.Value, "v") != c.Value || q.Raise {
		c.Evidence = evidence
		if q.Evidence != nil {
			c.Evidence = q.Evidence(win)
		}
	}
	if own, at, because := d.takeOwn(rel, win, c.Evidence); because != "" {
		c.Value, c.Rule, c.Pos, c.Evidence = own.Version, because, record.At(at), because+"; "+c.Evidence
	}
	value := d.in.Log.Choose(c)
	if value != c.Value {
		d.raised = "" // it is the lock's, which was said then
	}
	out := Release{Tag: value, By: win}
	var ok bool
	if out.Release, ok = img.ReleaseOf(value); !ok || !isRelease(value) || q.Published != nil && !q.Published(out.Release) {
		return out, record.RefuseLocked(fact.At(record.LockFile, 0), "%s, which has no image that dockgen can use", d.name(value))
	}
	for _, l := range q.Limits {
		if l.Fits(out.Version) {
			continue
		}
		if l.Must {
			return out, record.RefuseLocked(l.Pos, "%s, and %s", d.name(value), l.Text)
		}
		if l.Quiet {
			continue
		}
		d.in.Log.Note(l.Pos, fmt.Sprintf("%s, and the image has %s", l.Text, d.name(out.Version)), cmp.Or(l.Hint, "make the two agree"))
	}
	d.say(out)
	d.in.Log.Bound(plan.Bound{Prefix: d.in.Prefix, Image: img.Name, Release: out.Tag, Against: func(release string) (plan.Objection, bool) { return d.against(out.Tag, release) }})
	return out, nil
}

// against is the line that the chosen release agrees with and another one does not: of those that ask for a release the first, or else that of a limit.
func (d *versions) against(chosen, release string) (plan.Objection, bool) {
	for _, c := range d.list {
		if c.Value != "" && d.q.Satisfies(chosen, c.Value) && !d.q.Satisfies(release, c.Value) {
			return plan.Objection{Text: asks(c), Pos: c.Pos}, true
		}
	}
	for _, l := range d.q.Limits {
		if !l.Pos.IsZero() && l.Fits(chosen) && !l.Fits(release) {
			return plan.Objection{Text: l.Text, Pos: l.Pos}, true
		}
	}
	return plan.Objection{}, false
}

// say notes that a release was raised, or is out of support.
func (d *versions) say(v Release) {
	if d.raised != "" {
		d.in.Log.Note(v.By.Pos, fmt.Sprintf("%s %s: %s is taken", d.name(v.By.Value), d.raised, d.name(v.Version)), cmp.Or(d.q.Hint, d.known()))
	}
	if v.Ended {
		d.in.Log.Note(v.By.Pos, d.name(v.Version)+" is out of support: its image gets no security fixes", "move to "+d.name(d.img.Default))
	}
}

// isRelease reports whether s is numbers between dots.
func isRelease(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if _, err := strconv.ParseUint(part, 10, 16); err != nil {
			return false
		}
	}
	return true
}

// compareReleases compares numbers between dots, "3.9" before "3.10". What is
// missing is 0, what is no number, too.
func compareReleases(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(x), len(y)) {
		if c := cmp.Compare(number(x, i), number(y, i)); c != 0 {
			return c
		}
	}
	return 0
}

func number(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, _ := strconv.Atoi(parts[i])
	return n
}
