package node

import "strings"

// berryLock reads the lockfile of Yarn from version 2 on. Each entry is named
// after the descriptors that it answers, and each package of the repository
// has one whose dependencies are those of its manifest:
// https://github.com/yarnpkg/berry/blob/master/packages/yarnpkg-core/sources/Project.ts.
func (f *Facts) berryLock(l *Lockfile, text string) {
	versions := map[string]string{} // by descriptor
	asked := map[string]map[string]string{}
	for entry := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		e := berryEntry(entry)
		for _, d := range e.descriptors {
			versions[d] = e.version
		}
		name, at, ok := strings.Cut(e.resolution, "@workspace:")
		if ok && name != "" {
			asked[at] = e.dependencies
		}
		if name, at, _ := cutName(e.resolution); strings.HasPrefix(at, "npm:") {
			l.installs(name, e.version)
		}
		if strings.Contains(e.resolution, "#commit=") {
			name, _, _ := cutName(e.resolution)
			l.Git = append(l.Git, name)
		}
	}
	for _, d := range f.Deps {
		f.locked(d.Name, versions[d.Name+"@"+plainRange(d.Range)])
	}
	for _, u := range f.units() {
		for _, d := range u.deps {
			locked, ok := asked[u.dir][d.Name]
			// A protocol's range may be written in another way than it was asked.
			if !ok || plainRange(locked) != plainRange(d.Range) && !strings.Contains(plainRange(d.Range), ":") {
				l.stale(d)
			}
		}
	}
}

// plainRange is a range without the protocol that Yarn adds to it.
func plainRange(rng string) string { return strings.TrimPrefix(rng, "npm:") }

// cutName splits a descriptor or locator after the package's name, which may
// begin with @.
func cutName(s string) (name, rest string, ok bool) {
	if s == "" {
		return "", "", false
	}
	i := strings.IndexByte(s[1:], '@')
	if i < 0 {
		return s, "", false
	}
	return s[:i+1], s[i+2:], true
}

type berryPackage struct {
	descriptors         []string // without npm:
	version, resolution string
	dependencies        map[string]string
}

// berryEntry reads one entry: a line of descriptors, then fields indented by
// two spaces, and dependencies by four.
func berryEntry(text string) berryPackage {
	e := berryPackage{dependencies: map[string]string{}}
	field := ""
	for line := range strings.SplitSeq(text, "\n") {
		key, value, ok := berryField(line)
		switch {
		case !ok:
		case line[0] != ' ':
			for d := range strings.SplitSeq(key, ", ") {
				if name, rng, ok := cutName(d); ok {
					e.descriptors = append(e.descriptors, name+"@"+plainRange(rng))
				}
			}
		case strings.HasPrefix(line, "    "):
			if field == "dependencies" {
				e.dependencies[key] = value
			}
		default:
			field = key
			switch key {
			case "version":
				e.version = value
			case "resolution":
				e.resolution = value
			}
		}
	}
	return e
}

// berryField splits "key: value", each of them in quotes or not.
func berryField(line string) (key, value string, ok bool) {
	s := strings.TrimSpace(line)
	if s == "" || s[0] == '#' {
		return "", "", false
	}
	if s[0] == '"' {
		end := strings.IndexByte(s[1:], '"')
		if end < 0 {
			return "", "", false
		}
		key, s = s[1:end+1], s[end+2:]
		if s == "" || s[0] != ':' {
			return "", "", false
		}
		s = s[1:]
	} else if key, s, ok = strings.Cut(s, ":"); !ok {
		return "", "", false
	}
	return key, strings.Trim(strings.TrimSpace(s), `"`), true
}
