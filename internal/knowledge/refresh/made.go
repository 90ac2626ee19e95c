package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/profiles/knowledge"
)

// make makes the tables of the facts and of what is ours, and says what changed.
func (d data) make() error {
	own, err := load[ours](d, oursFile)
	if err != nil {
		return err
	}
	facts, err := load[published](d, publishedFile)
	if err != nil {
		return err
	}
	late, err := load[newer](d, newerFile)
	if err != nil {
		return err
	}
	before, _ := load[knowledge.Published](d, imagesFile)
	after, unneeded, err := merged(own, facts, late)
	if err != nil {
		return err
	}
	for _, line := range changes(before, after) {
		fmt.Fprintln(d.out, line)
	}
	for _, line := range unneeded {
		fmt.Fprintln(d.out, line)
	}
	if err := d.write(imagesFile, imagesText(after)); err != nil {
		return err
	}
	return d.makeTools()
}

// makeTools makes tools.yaml.
func (d data) makeTools() error {
	own, err := load[tools](d, ourTools)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // images alone are made
	}
	if err != nil {
		return err
	}
	facts, err := load[pins](d, pinsFile)
	if err != nil {
		return err
	}
	before, _ := load[[]knowledge.Tool](d, toolsFile)
	after, err := toolRows(own, facts)
	if err != nil {
		return err
	}
	for _, line := range toolChanges(before, after) {
		fmt.Fprintln(d.out, line)
	}
	return d.write(toolsFile, toolsText(after))
}

// merged are the images of dockgen, and which rows of what is newer the sources have by now.
func merged(own ours, facts published, late newer) (out knowledge.Published, unneeded []string, err error) {
	out.Decided = own.Decided
	defaults := map[string]string{}
	for _, i := range own.Images {
		list, said := i.lines(facts, late)
		unneeded = append(unneeded, said...)
		img := knowledge.Image{Name: i.Image, Repository: i.Repository, Tag: i.Tag, Source: i.Source}
		for _, l := range list {
			r, ok := i.release(l, own.Decided)
			if n := len(img.Releases); !ok || i.Newest && n > 0 && major(img.Releases[n-1].Version) == major(l.Line) {
				img.Unused = append(img.Unused, l.Line)
				continue
			}
			img.Releases = append(img.Releases, r)
		}
		if len(img.Releases) == 0 {
			return out, nil, fmt.Errorf("%s: %s has no line that is published", oursFile, i.Image)
		}
		var bound []string
		if i.Bound != "" {
			b := slices.IndexFunc(own.Images, func(o image) bool { return o.Image == i.Bound })
			if b < 0 {
				return out, nil, fmt.Errorf("%s: %s: bound: no image %s", oursFile, i.Image, i.Bound)
			}
			list, _ := own.Images[b].lines(facts, late)
			for _, l := range list {
				if _, ok := own.Images[b].release(l, own.Decided); ok {
					bound = append(bound, l.Line)
				}
			}
		}
		if img.Default = prefer(img.Releases, own.Decided, bound); img.Default == "" {
			return out, nil, fmt.Errorf("%s: %s has no line that %s has", oursFile, i.Image, i.Bound)
		}
		if like := defaults[i.Like]; like != "" {
			if _, ok := img.Release(like); !ok {
				return out, nil, fmt.Errorf("%s: %s has no %s, which is the default of %s", oursFile, i.Image, like, i.Like)
			}
			img.Default = like
		}
		if k := i.Keep; k != nil && k.Line == img.Default {
			unneeded = append(unneeded, fmt.Sprintf("%s: %s: keep is unneeded: the rule has %s", oursFile, i.Image, k.Line))
		} else if k != nil {
			if _, ok := img.Release(k.Line); !ok {
				return out, nil, fmt.Errorf("%s: %s: keep: no line %s", oursFile, i.Image, k.Line)
			}
			img.Preferred, img.Default, img.Kept = img.Default, k.Line, k.Because
		}
		defaults[i.Image] = img.Default
		out.Images = append(out.Images, img)
	}
	return out, unneeded, nil
}

// lines are those of the sources, with what is newer, the newest first.
func (i image) lines(facts published, late newer) (list []line, unneeded []string) {
	list = slices.Clone(i.Lines)
	for _, f := range facts.Images {
		if f.Image == i.Image {
			list = append(list, f.Lines...)
		}
	}
	for _, n := range late.Images {
		if n.Image != i.Image {
			continue
		}
		at := slices.IndexFunc(list, func(l line) bool { return l.Line == n.Line })
		if at < 0 {
			list = append(list, n.line)
			continue
		}
		was := list[at]
		now := was
		now.Since, now.LTS, now.Fixes, now.Until = cmp.Or(n.Since, was.Since), cmp.Or(n.LTS, was.LTS), cmp.Or(n.Fixes, was.Fixes), cmp.Or(n.Until, was.Until)
		now.Patch = max(n.Patch, was.Patch)
		if len(n.Variants) > 0 {
			now.Variants = maps.Clone(was.Variants)
			if !n.Add {
				now.Variants = map[string][]string{}
			}
			maps.Copy(now.Variants, n.Variants)
		}
		list[at] = now
		if same(was, now) {
			unneeded = append(unneeded, fmt.Sprintf("%s: %s %s is unneeded: the sources have it", newerFile, n.Image, n.Line))
		}
	}
	slices.SortStableFunc(list, func(a, b line) int { return -compare(a.Line, b.Line) })
	return list, unneeded
}

func major(version string) string {
	m, _, _ := strings.Cut(version, ".")
	return m
}

func same(a, b line) bool {
	return a.Since == b.Since && a.LTS == b.LTS && a.Fixes == b.Fixes && a.Until == b.Until && a.Patch == b.Patch &&
		maps.EqualFunc(a.Variants, b.Variants, slices.Equal)
}

// alpine matches variants that are not on Debian or Ubuntu.
var alpine = regexp.MustCompile(`(^|-)alpine(-|$)`)

// release is a line as dockgen names it; ok is false for one that it does not.
func (i image) release(l line, decided string) (r knowledge.Release, ok bool) {
	if i.From != "" && compare(l.Line, i.From) < 0 || of(i.Skip, l.Line) != nil {
		return r, false
	}
	r = knowledge.Release{
		Version: l.Line, Number: l.Number, Since: l.Since, Fixes: l.Fixes, Until: l.Until,
		LTS: l.LTS != "" && l.LTS <= decided, Ended: l.Until != "" && l.Until <= decided,
	}
	if i.Patch && !r.Ended {
		r.Patch = l.Patch
	}
	if r.Early = l.Since != "" && decided < weeks(l.Since, 6) || of(i.Early, l.Line) != nil; r.Ended {
		r.Early = false
	}
	have := maps.Clone(l.Variants)
	if o := of(i.Once, l.Line); o != nil {
		for _, v := range o.Variants {
			if p, ok := l.Once[v]; ok {
				have[v] = p
			}
		}
	}
	r.Platforms = map[string][]string{}
	if i.Debian != "" {
		p, ok := have["debian"+i.Debian]
		r.Platforms[""] = p
		return r, ok
	}
	names := i.Variants
	if len(i.Else) > 0 && !slices.ContainsFunc(names, func(v string) bool { return have[v] != nil && !alpine.MatchString(v) }) {
		names = slices.Concat(i.Else, names)
	}
	if len(names) == 0 {
		p, ok := have[""]
		r.Platforms[""] = p
		return r, ok
	}
	for _, v := range names {
		if p, ok := have[v]; ok {
			r.Variants = append(r.Variants, v)
			r.Platforms[v] = p
		}
	}
	return r, len(r.Variants) > 0
}

// of is the exception of a line.
func of(list []skip, line string) *skip {
	if i := slices.IndexFunc(list, func(s skip) bool { return s.Line == line }); i >= 0 {
		return &list[i]
	}
	return nil
}

// text is the file of what the sources say.
func (p published) text() string {
	var b strings.Builder
	b.WriteString("# Made by `go run ./internal/knowledge/refresh images DIR`: what the repositories say, at these commits. Do not edit it.\nsources:\n")
	for _, s := range p.Sources {
		fmt.Fprintf(&b, "- {repository: %s, commit: %q, date: %q}\n", s.Repository, s.Commit, s.Date)
	}
	b.WriteString("images:\n")
	for _, i := range p.Images {
		fmt.Fprintf(&b, "- image: %s\n  lines:\n", i.Image)
		for _, l := range i.Lines {
			fmt.Fprintf(&b, "  - %s\n", l.text())
		}
	}
	return b.String()
}

func (l line) text() string {
	f := []string{fmt.Sprintf("line: %q", l.Line)}
	for _, x := range [][2]string{{"number", l.Number}, {"listed", l.Listed}, {"since", l.Since}, {"lts", l.LTS}, {"fixes", l.Fixes}, {"until", l.Until}} {
		if x[1] != "" {
			f = append(f, fmt.Sprintf("%s: %q", x[0], x[1]))
		}
	}
	if l.Patch > 0 {
		f = append(f, fmt.Sprintf("patch: %d", l.Patch))
	}
	if len(l.Variants) > 0 {
		f = append(f, "variants: "+listsText(l.Variants))
	}
	if len(l.Once) > 0 {
		f = append(f, "once: "+listsText(l.Once))
	}
	return "{" + strings.Join(f, ", ") + "}"
}

func listsText(m map[string][]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		key := k
		if k == "" {
			key = `""`
		}
		out = append(out, key+": ["+strings.Join(m[k], ", ")+"]")
	}
	return "{" + strings.Join(out, ", ") + "}"
}

// imagesText is images.yaml.
func imagesText(p knowledge.Published) string {
	var b strings.Builder
	b.WriteString("# Published images. Made by `go run ./internal/knowledge/refresh make` of the files in from/, which say where each fact is from: edit those.\n")
	b.WriteString("# A release that is not listed has no image that dockgen names. The variants of a release are in order:\n" +
		"# the first on Debian (or Ubuntu) is taken for slim, the first on Alpine for alpine.\n")
	fmt.Fprintf(&b, "decided: %q\nimages:\n", p.Decided)
	for _, i := range p.Images {
		fmt.Fprintf(&b, "- image: %s\n", i.Name)
		for _, x := range [][2]string{{"repository", i.Repository}, {"tag", i.Tag}, {"source", i.Source}} {
			if x[1] != "" {
				fmt.Fprintf(&b, "  %s: %s\n", x[0], x[1])
			}
		}
		fmt.Fprintf(&b, "  default: %q\n", i.Default)
		if i.Preferred != "" {
			fmt.Fprintf(&b, "  preferred: %q\n  kept: %q\n", i.Preferred, i.Kept)
		}
		if len(i.Unused) > 0 {
			fmt.Fprintf(&b, "  unused: [%s]\n", `"`+strings.Join(i.Unused, `", "`)+`"`)
		}
		b.WriteString("  releases:\n")
		for _, r := range i.Releases {
			fmt.Fprintf(&b, "  - %s\n", releaseText(r))
		}
	}
	return b.String()
}

func releaseText(r knowledge.Release) string {
	f := []string{fmt.Sprintf("version: %q", r.Version)}
	if r.Number != "" {
		f = append(f, fmt.Sprintf("number: %q", r.Number))
	}
	if len(r.Variants) > 0 {
		f = append(f, "variants: ["+strings.Join(r.Variants, ", ")+"]")
	}
	for _, x := range []struct {
		key string
		on  bool
	}{{"lts", r.LTS}, {"ended", r.Ended}, {"early", r.Early}} {
		if x.on {
			f = append(f, x.key+": true")
		}
	}
	for _, x := range [][2]string{{"since", r.Since}, {"fixes", r.Fixes}, {"until", r.Until}} {
		if x[1] != "" {
			f = append(f, fmt.Sprintf("%s: %q", x[0], x[1]))
		}
	}
	if r.Patch > 0 {
		f = append(f, fmt.Sprintf("patch: %d", r.Patch))
	}
	return "{" + strings.Join(append(f, "platforms: "+listsText(r.Platforms)), ", ") + "}"
}
