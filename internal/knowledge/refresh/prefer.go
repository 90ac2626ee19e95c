package main

import (
	"slices"
	"time"

	"github.com/dockgen/dockgen/profiles/knowledge"
)

// prefer is the line that an app gets whose repository names none. One rule for all languages: of the lines that are in support,
// six weeks old, and published for the image that bounds them (bound, if it is not nil), the newest that
//
//   - has long-term support, if any line of the product has it, and
//   - still gets bug fixes, if the product says when these end;
//
// and if there is none, one that has the first of the two alone, and then one that is in support. A line six weeks old is one
// whose first faults are mended and that the packages of its language have come to. Where all are newer, the newest is taken. It
// is "" where no line is one of those that bound it.
func prefer(list []knowledge.Release, decided string, bound []string) string {
	if bound != nil {
		list = slices.DeleteFunc(slices.Clone(list), func(r knowledge.Release) bool { return !slices.Contains(bound, r.Version) })
	}
	var fits []knowledge.Release
	for _, r := range list {
		if !r.Ended && !r.Early {
			fits = append(fits, r)
		}
	}
	long := slices.ContainsFunc(list, func(r knowledge.Release) bool { return r.LTS })
	lts := func(r knowledge.Release) bool { return r.LTS || !long }
	fixed := func(r knowledge.Release) bool { return r.Fixes == "" || r.Fixes > decided }
	for _, want := range []func(knowledge.Release) bool{
		func(r knowledge.Release) bool { return lts(r) && fixed(r) },
		lts,
		func(knowledge.Release) bool { return true },
	} {
		if i := slices.IndexFunc(fits, want); i >= 0 {
			return fits[i].Version
		}
	}
	if len(list) == 0 {
		return ""
	}
	return list[0].Version
}

// weeks is the day that many weeks after another, "" for what is no day.
func weeks(from string, n int) string {
	t, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, 7*n).Format(time.DateOnly)
}
