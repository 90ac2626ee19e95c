package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/profiles/knowledge"
)

// changes says what another table says of the same images, a line for each fact.
func changes(before, after knowledge.Published) []string {
	var out []string
	say := func(what, was, is string) {
		switch {
		case was == is:
		case was == "":
			out = append(out, fmt.Sprintf("%s: %s is new", what, is))
		case is == "":
			out = append(out, fmt.Sprintf("%s: %s is gone", what, was))
		default:
			out = append(out, fmt.Sprintf("%s: %s -> %s", what, was, is))
		}
	}
	say("decided", before.Decided, after.Decided)
	names := map[string]bool{}
	of := func(p knowledge.Published) map[string]knowledge.Image {
		m := map[string]knowledge.Image{}
		for _, i := range p.Images {
			m[i.Name], names[i.Name] = i, true
		}
		return m
	}
	was, is := of(before), of(after)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		a, b := was[name], is[name]
		say(name+": default", a.Default, b.Default)
		say(name+": preferred by the rule", a.Preferred, b.Preferred)
		say(name+": why another is kept", a.Kept, b.Kept)
		say(name+": unused", strings.Join(a.Unused, " "), strings.Join(b.Unused, " "))
		releases := map[string]bool{}
		for _, r := range slices.Concat(a.Releases, b.Releases) {
			releases[r.Version] = true
		}
		for _, v := range slices.SortedFunc(maps.Keys(releases), func(x, y string) int { return -compare(x, y) }) {
			x, had := a.Release(v)
			y, has := b.Release(v)
			row := name + " " + v
			if !had || !has {
				say(row, shown(x, had), shown(y, has))
				continue
			}
			say(row+": variants", strings.Join(x.Variants, " "), strings.Join(y.Variants, " "))
			say(row+": long-term support", mark(x.LTS), mark(y.LTS))
			say(row+": out of support", mark(x.Ended), mark(y.Ended))
			say(row+": early", mark(x.Early), mark(y.Early))
			say(row+": since", x.Since, y.Since)
			say(row+": bug fixes until", x.Fixes, y.Fixes)
			say(row+": support until", x.Until, y.Until)
			say(row+": patch", number(x.Patch), number(y.Patch))
			for _, variant := range slices.Sorted(maps.Keys(y.Platforms)) {
				if p, ok := x.Platforms[variant]; ok {
					say(strings.TrimRight(row+" "+variant, " ")+": platforms", strings.Join(p, " "), strings.Join(y.Platforms[variant], " "))
				}
			}
		}
	}
	return out
}

// shown is a whole release in a line.
func shown(r knowledge.Release, there bool) string {
	if !there {
		return ""
	}
	return releaseText(r)
}

func mark(on bool) string {
	if on {
		return "yes"
	}
	return "no"
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}
