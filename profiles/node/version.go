package node

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// codenames are the names of Node's LTS lines:
// https://github.com/nodejs/Release/blob/main/CODENAMES.md.
var codenames = map[string]string{ //nolint:gochecknoglobals // a constant table
	"argon": "4", "boron": "6", "carbon": "8", "dubnium": "10", "erbium": "12", "fermium": "14",
	"gallium": "16", "hydrogen": "18", "iron": "20", "jod": "22", "krypton": "24",
}

// nodeCandidates are the lines that ask for a version of Node, the one that
// counts first.
func nodeCandidates(in record.Input, f *node.Facts) []record.Option {
	var cand []record.Option
	add := func(value string, pos fact.Pos, rule string) {
		if value != "" {
			cand = append(cand, record.Option{Value: value, Pos: pos, Rule: rule})
		}
	}
	add(in.Settings.Version, in.Settings.Pos("version"), "asked for")
	byManager := func(pos fact.Pos) bool { return !strings.HasPrefix(path.Base(pos.File), ".n") }
	for _, v := range f.Versions {
		if v.Tool == "node" && !byManager(v.Pos) {
			add(v.Value, v.Pos, path.Base(v.Pos.File))
		}
	}
	if v, ok := f.Volta["node"]; ok {
		add(v.Value, v.Pos, "volta of "+f.Manifest)
	}
	for _, e := range f.DevEngines {
		if e.Runtime && e.Name == "node" {
			add(e.Version.Value, e.Version.Pos, "devEngines of "+f.Manifest)
		}
	}
	for _, v := range f.Versions {
		if v.Tool == "node" && byManager(v.Pos) {
			add(v.Value, v.Pos, path.Base(v.Pos.File))
		}
	}
	if e, ok := f.Engines["node"]; ok {
		add(e.Value, e.Pos, "engines.node of "+f.Manifest)
	}
	return cand
}

// runsOnAsked reports whether something that needs a range of Node versions
// runs on one that the repository asks for.
func runsOnAsked(in record.Input, f *node.Facts, needs string) bool {
	img, _ := in.Know.Image("node")
	for _, c := range nodeCandidates(in, f) {
		if r, ok := resolveNode(img, c.Value, needs); ok {
			return matches(needs, r.Version)
		}
	}
	return true
}

// decideVersion chooses the major version of Node: what is exact comes before
// a range. The image of a major is patched, so patch and minor versions of
// the repository choose their major. minimum is a range that something else
// needs, and why says what; both may be "".
func decideVersion(in record.Input, f *node.Facts, minimum, why string) (knowledge.Release, error) {
	img, ok := in.Know.Image("node")
	if !ok {
		return knowledge.Release{}, fmt.Errorf("knowledge: no image node")
	}
	cand := nodeCandidates(in, f)
	limit, dep, err := nodeBound(f)
	if err != nil {
		return knowledge.Release{}, err
	}
	var win record.Option
	var rel knowledge.Release
	var rejected []plan.Rejected
	for _, c := range cand {
		if rel.Version != "" {
			pos := c.Pos
			rejected = append(rejected, plan.Rejected{Value: c.Value, Pos: record.At(pos), Why: win.Rule + " comes before " + c.Rule})
			continue
		}
		r, ok := resolveNode(img, c.Value, minimum, limit)
		if !ok {
			if c.Rule == "asked for" || newer(img, c.Value) {
				return rel, record.Refuse(c.Pos, "dockgen knows "+versionsOf(img), "no image of Node %s", plan.Printable(c.Value, 40))
			}
			if next, ok := nextNode(img, c.Value, minimum); ok {
				in.Log.Note(c.Pos, fmt.Sprintf("there is no image of Node %s with packages to install; Node %s is the next one that has", plan.Printable(c.Value, 40), next.Version), "dockgen knows "+versionsOf(img))
				rel, win = next, c
				continue
			}
			in.Log.Note(c.Pos, fmt.Sprintf("%q names no version of Node that has an image", plan.Printable(c.Value, 40)), "dockgen knows "+versionsOf(img))
			rejected = append(rejected, plan.Rejected{Value: plan.Printable(c.Value, 40), Pos: record.At(c.Pos), Why: "names no version that has an image"})
			continue
		}
		rel, win = r, c
	}
	ch := plan.Choice{Key: "node.version", Value: rel.Version, Rule: win.Rule, Pos: record.At(win.Pos), Rejected: rejected, Link: img.Source}
	switch {
	case rel.Version == "":
		rel, _ = resolveNode(img, "*", minimum, limit)
		ch.Value, ch.Rule, ch.Evidence = rel.Version, "the repository names none; this is the LTS line that dockgen prefers", "none"
		if limit != "" && rel.Version != img.Default {
			win.Pos = dep.Pos
			ch.Rule, ch.Pos, ch.Evidence = dep.Name+" of this version runs on Node "+limit, record.At(dep.Pos), "none; "+limit
		}
	case rel.Version != strings.TrimLeft(win.Value, "v"):
		ch.Rule, ch.Evidence = win.Rule+" asks for "+plan.Printable(win.Value, 60), win.Value
	}
	if minimum != "" {
		ch.Evidence += "; " + why
	}
	value := in.Log.Choose(ch)
	rel, ok = img.Release(value)
	if !ok {
		return rel, record.Refuse(fact.At("dockgen.lock", 0), "dockgen update --upgrade chooses anew", "dockgen.lock holds Node %s, which has no image", plan.Printable(value, 20))
	}
	if minimum != "" && !matches(minimum, rel.Version) {
		return rel, record.Refuse(win.Pos, "raise the version of Node", "%s needs Node %s, and the repository asks for %s", why, minimum, rel.Version)
	}
	if limit != "" && !matches(limit, rel.Version) {
		in.Log.Note(dep.Pos, fmt.Sprintf("%s of this version runs on Node %s, and the image has Node %s", dep.Name, limit, rel.Version), "move "+dep.Name+" to a newer version, or ask for that Node in engines")
	}
	if rel.Ended {
		in.Log.Note(win.Pos, "Node "+rel.Version+" is out of support: its image gets no security fixes", "move to Node "+img.Default)
	}
	return rel, nil
}

// nodeBound is the range of Node versions that a dependency is made for, ""
// where no row bounds one, and that dependency.
func nodeBound(f *node.Facts) (limit string, by node.Dep, err error) {
	rows, err := releaseRows()
	if err != nil {
		return "", by, err
	}
	for _, r := range rows.Bounds {
		d, ok := f.Dep(r.Package)
		if !ok || d.Kind == node.Peer {
			continue
		}
		// Without a lockfile the newest of the range is installed.
		version := cmp.Or(d.Locked, strconv.Itoa(depMajor(d))+".999.0")
		if c, err := semver.NPM.ParseConstraint(r.Versions); err == nil && c.Match(version) {
			return r.Node, d, nil
		}
	}
	return "", by, nil
}

// aliased turns the names that nvm and others give versions of Node into
// versions: https://github.com/nvm-sh/nvm#usage. "" is none that is known.
func aliased(img knowledge.Image, asked string) string {
	asked = strings.ToLower(strings.TrimSpace(asked))
	name, isLTS := strings.CutPrefix(asked, "lts")
	name = strings.TrimPrefix(name, "/")
	switch {
	case isLTS && (name == "" || name == "*"):
		return img.Default
	case isLTS && strings.HasPrefix(name, "-"):
		// lts/-1 is the LTS line before the current one.
		back, err := strconv.Atoi(name[1:])
		if err != nil {
			return ""
		}
		for _, r := range img.Releases {
			if n := majorOf(r.Version); n%2 == 0 && n <= majorOf(img.Default) {
				if back == 0 {
					return r.Version
				}
				back--
			}
		}
		return ""
	case isLTS:
		return codenames[name]
	case codenames[asked] != "":
		return codenames[asked]
	case asked == "node" || asked == "latest" || asked == "current" || asked == "stable":
		for _, r := range img.Releases {
			if !r.Ended {
				return r.Version
			}
		}
	}
	return asked
}

// resolveNode turns what the repository asks for into a published release:
// the preferred one where it fits, else the newest LTS in support, else the
// newest in support, else the newest. Of those that fit, what is in the ranges of
// prefer too comes first; "" is no range.
func resolveNode(img knowledge.Image, asked string, prefer ...string) (knowledge.Release, bool) {
	asked = aliased(img, asked)
	if asked == "" {
		return knowledge.Release{}, false
	}
	var fits []knowledge.Release
	for _, r := range img.Releases {
		if matches(asked, r.Version) {
			fits = append(fits, r)
		}
	}
	for _, p := range prefer {
		both := slices.DeleteFunc(slices.Clone(fits), func(r knowledge.Release) bool { return !matches(p, r.Version) })
		if p != "" && len(both) > 0 {
			fits = both
		}
	}
	for _, want := range []func(knowledge.Release) bool{
		func(r knowledge.Release) bool { return r.Version == img.Default },
		func(r knowledge.Release) bool { return r.LTS && !r.Ended },
		func(r knowledge.Release) bool { return !r.Ended },
		func(r knowledge.Release) bool { return majorOf(r.Version)%2 == 0 }, // was an LTS line
		func(knowledge.Release) bool { return true },
	} {
		if i := slices.IndexFunc(fits, want); i >= 0 {
			return fits[i], true
		}
	}
	return knowledge.Release{}, false
}

// nextNode is the oldest release that is newer than what is asked for, where
// that is a version or range without an image of its own: it breaks the least.
func nextNode(img knowledge.Image, asked, minimum string) (knowledge.Release, bool) {
	asked = aliased(img, asked)
	n, ok := lowest(asked)
	if !ok || asked == "" {
		return knowledge.Release{}, false
	}
	for _, r := range slices.Backward(img.Releases) {
		if majorOf(r.Version) >= n && (minimum == "" || matches(minimum, r.Version)) {
			return r, true
		}
	}
	return knowledge.Release{}, false
}

// matches reports whether some version of the major is in the range of npm.
func matches(rng, majorVersion string) bool {
	c, err := semver.NPM.ParseConstraint(rng)
	if err != nil {
		return false
	}
	n := majorOf(majorVersion)
	line, err := semver.NPM.ParseConstraint(fmt.Sprintf(">=%d.0.0 <%d.0.0", n, n+1))
	if err != nil {
		return false
	}
	return intersect(c, line)
}

// intersect reports whether two ranges share a version. The library takes an
// open end for shared where it meets another range's closed one, so a single
// version that is left must be in both.
func intersect(a, b *semver.Constraint) bool {
	set := a.Set()
	if set.Intersect(b.Set()) != nil || set.Empty() {
		return false
	}
	one := strings.Trim(set.String(), "{}")
	if strings.ContainsAny(one, "[(:,") {
		return true
	}
	return a.Match(one) && b.Match(one)
}

// overlaps reports whether a version or range of npm shares a version with
// another range. What is no range (a tag, a URL) may be any version.
func overlaps(version, rng string) bool {
	a, err := semver.NPM.ParseConstraint(version)
	if err != nil {
		return true
	}
	b, err := semver.NPM.ParseConstraint(rng)
	if err != nil {
		return true
	}
	return intersect(a, b)
}

// newer reports whether a range lies above every release of the image.
func newer(img knowledge.Image, rng string) bool {
	n, ok := lowest(rng)
	return ok && n > majorOf(img.Releases[0].Version)
}

// lowest is the major version that a range of npm begins with.
func lowest(rng string) (int, bool) {
	c, err := semver.NPM.ParseConstraint(rng)
	if err != nil {
		return 0, false
	}
	low, err := c.CalculateMinVersion()
	if err != nil || low == nil {
		return 0, false
	}
	n, ok := low.Major()
	return int(n), ok
}

func versionsOf(img knowledge.Image) string {
	var list []string
	for _, r := range img.Releases {
		list = append(list, r.Version)
	}
	return strings.Join(list, ", ")
}
