package main

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// entry is a block of a library file: https://github.com/docker-library/official-images#library-definition-files
type entry struct {
	tags      []string
	platforms []string
}

// entries reads a library file.
func entries(text string) []entry {
	var out []entry
	var common []string // the platforms that the head says for all
	for block := range strings.SplitSeq(text, "\n\n") {
		fields := map[string]string{}
		var last string
		for line := range strings.Lines(block) {
			line = strings.TrimRight(line, "\n")
			if strings.HasPrefix(line, "#") {
				continue
			}
			if key, value, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, " ") {
				last = key
				fields[key] = strings.TrimSpace(value)
			} else if last != "" {
				fields[last] += " " + strings.TrimSpace(line)
			}
		}
		platforms := platformsOf(words(fields["Architectures"]))
		tags := append(words(fields["Tags"]), words(fields["SharedTags"])...)
		switch {
		case len(tags) == 0 && len(platforms) > 0:
			common = platforms
		case len(tags) > 0:
			if len(platforms) == 0 && fields["Architectures"] == "" {
				platforms = common
			}
			if platforms == nil && fields["Architectures"] == "" {
				platforms = []string{"amd64"} // what a file that says none means
			}
			out = append(out, entry{tags, platforms})
		}
	}
	return out
}

func words(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// platformsOf are the architectures of Linux as Docker names them.
func platformsOf(list []string) []string {
	var out []string
	for _, a := range list {
		switch {
		case strings.HasPrefix(a, "windows-"):
			continue
		case a == "arm64v8":
			a = "arm64"
		case strings.HasPrefix(a, "arm32"):
			a = "arm/" + strings.TrimPrefix(a, "arm32")
		case a == "i386":
			a = "386"
		}
		out = append(out, a)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// line is a line of versions of an image, as its sources have it.
type line struct {
	Line string `yaml:"line"`
	// Listed is the day of the last listing, of a line that is listed no more.
	Listed string `yaml:"listed,omitempty"`
	Since  string `yaml:"since,omitempty"`  // first release
	LTS    string `yaml:"lts,omitempty"`    // the day from which it has long-term support
	Fixes  string `yaml:"fixes,omitempty"`  // last day of bug fixes
	Until  string `yaml:"until,omitempty"`  // last day of support
	Number string `yaml:"number,omitempty"` // of a line that has a name
	Patch  int    `yaml:"patch,omitempty"`
	// Variants are those of the last listing with their platforms; Once are those that it had before.
	Variants map[string][]string `yaml:"variants,omitempty"`
	Once     map[string][]string `yaml:"once,omitempty"`
}

// prerelease matches the variants of what is not released yet.
var prerelease = regexp.MustCompile(`^(rc|alpha|beta|ea|[ab]\d)\d*(-|$)`)

// lines are those of a library file, the newest first. depth is how many numbers name a line; names are the lines of a file whose lines have names.
func lines(history []revision, depth int, names []string, unused *regexp.Regexp) []line {
	pattern := `\d+(?:\.\d+){` + strconv.Itoa(max(depth-1, 0)) + `}`
	if len(names) > 0 {
		pattern = strings.Join(names, "|")
	}
	tag := regexp.MustCompile(`^(` + pattern + `)(?:-(.+))?$`)
	patch := regexp.MustCompile(`^(` + pattern + `)\.(\d+)(?:-(.+))?$`)
	found, patches := map[string]*line{}, map[string]int{}
	for i, r := range history {
		here := map[string]map[string][]string{}
		for _, e := range entries(string(r.text)) {
			if len(e.platforms) == 0 {
				continue // Windows alone
			}
			for _, t := range e.tags {
				if m := patch.FindStringSubmatch(t); m != nil && !prerelease.MatchString(m[3]) {
					if n, err := strconv.Atoi(m[2]); err == nil {
						patches[m[1]] = max(patches[m[1]], n)
					}
				}
				m := tag.FindStringSubmatch(t)
				if m == nil || prerelease.MatchString(m[2]) || unused != nil && unused.MatchString(m[2]) {
					continue
				}
				if found[m[1]] == nil {
					found[m[1]] = &line{Line: m[1], Variants: map[string][]string{}, Once: map[string][]string{}}
					if i > 0 {
						found[m[1]].Listed = r.date
					}
				}
				if here[m[1]] == nil {
					here[m[1]] = map[string][]string{}
				}
				here[m[1]][m[2]] = slices.Compact(slices.Sorted(slices.Values(slices.Concat(here[m[1]][m[2]], e.platforms))))
			}
		}
		for name, variants := range here {
			l := found[name]
			if len(l.Variants) == 0 {
				l.Variants = variants
				continue
			}
			for v, platforms := range variants {
				if l.Variants[v] == nil && l.Once[v] == nil {
					l.Once[v] = platforms
				}
			}
		}
	}
	out := make([]line, 0, len(found))
	for _, name := range slices.SortedFunc(maps.Keys(found), func(a, b string) int { return -compare(a, b) }) {
		found[name].Patch = patches[name]
		out = append(out, *found[name])
	}
	return out
}

// compare compares numbers between dots; what is no number is compared as text.
func compare(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(x), len(y)) {
		if i >= len(x) || i >= len(y) {
			return cmp.Compare(len(x), len(y))
		}
		m, errM := strconv.Atoi(x[i])
		n, errN := strconv.Atoi(y[i])
		c := cmp.Compare(m, n)
		if errM != nil || errN != nil {
			c = cmp.Compare(x[i], y[i])
		}
		if c != 0 {
			return c
		}
	}
	return 0
}
