package python

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"deps.dev/util/pypi"
	"deps.dev/util/semver"

	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed wheels.table
var wheelsCompiled string

// wheelRow is a row of wheels.yaml.
type wheelRow struct {
	Package  string `yaml:"package"`
	Source   string `yaml:"source"`
	Optional bool   `yaml:"optional,omitempty"` // its compiled part is optional: it installs everywhere
	Until    []struct {
		Below  string `yaml:"below"`
		Python string `yaml:"python"`
	} `yaml:"until"`
}

var wheelRows = table.Lazy[[]wheelRow]("wheels.yaml", wheelsCompiled) //nolint:gochecknoglobals // decoded once

// newestPython is the newest Python that an exact release is prebuilt for, or
// "" where nothing is known.
func newestPython(name, version string) string {
	rows, err := wheelRows()
	if err != nil {
		return ""
	}
	i := slices.IndexFunc(rows, func(r wheelRow) bool { return r.Package == name && !r.Optional })
	if i < 0 || version == "" {
		return ""
	}
	for _, u := range rows[i].Until {
		if semver.PyPI.Compare(version, u.Below) < 0 {
			return u.Python
		}
	}
	return ""
}

// optionalBuild reports whether the compiled part of a package is optional.
func optionalBuild(name string) bool {
	rows, err := wheelRows()
	return err == nil && slices.ContainsFunc(rows, func(r wheelRow) bool { return r.Package == name && r.Optional })
}

// exact is the version of a requirement that is pinned.
func exact(r facts.Requirement) string {
	if v, ok := strings.CutPrefix(strings.TrimSpace(r.Constraint), "=="); ok && !strings.ContainsAny(v, ",*") {
		return strings.TrimSpace(strings.TrimPrefix(v, "="))
	}
	return ""
}

// pins are the exact versions that will be installed: the lock's, or those of
// pinned requirements.
func pins(m facts.Manifest) []facts.Requirement {
	var out []facts.Requirement
	for _, r := range m.List {
		if v := exact(r); v != "" && m.Locked == nil {
			r.Constraint = v
			out = append(out, r)
		}
	}
	for name, k := range m.Locked {
		out = append(out, facts.Requirement{Name: name, Constraint: k.Version, Pos: m.Pos})
	}
	slices.SortFunc(out, func(a, b facts.Requirement) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// newestWithWheels is the newest of the versions (newest first) on which
// every pin is prebuilt, with the requirement that decides.
func newestWithWheels(m facts.Manifest, fits []string) (string, *facts.Requirement) {
	limit := 1 << 30
	var because *facts.Requirement
	list := pins(m)
	for i := range list {
		// One that stands several times, with a marker for each Python, fits by itself.
		if list[i].Marker != "" {
			continue
		}
		if v := newestPython(list[i].Name, list[i].Constraint); v != "" && minorNumber(v) < limit {
			limit, because = minorNumber(v), &list[i]
		}
	}
	// A lockfile lists the wheels itself.
	for _, name := range slices.Sorted(maps.Keys(m.Locked)) {
		k := m.Locked[name]
		if len(k.Wheels) == 0 || optionalBuild(name) {
			continue
		}
		i := slices.IndexFunc(fits, func(v string) bool { return hasWheel(k.Wheels, v, false) })
		if i >= 0 && minorNumber(fits[i]) < limit && i > 0 {
			limit, because = minorNumber(fits[i]), &facts.Requirement{Name: name, Constraint: k.Version, Pos: m.Pos}
		}
	}
	if because == nil {
		return "", nil
	}
	for _, v := range fits {
		if minorNumber(v) <= limit {
			return v, because
		}
	}
	return "", nil
}

// compiledPins are the pins that the index has no wheel of for the version that
// was chosen. It notes each.
func compiledPins(in record.Input, m facts.Manifest, version string) map[string]bool {
	out := map[string]bool{}
	for _, r := range pins(m) {
		if r.Marker != "" {
			continue
		}
		if v := newestPython(r.Name, r.Constraint); v != "" && minorNumber(v) < minorNumber(version) {
			out[r.Name] = true
			in.Log.Note(r.Pos, fmt.Sprintf("%s %s is prebuilt for Python %s at most and will be compiled", r.Name, r.Constraint, v), "raise "+r.Name+", or pin Python "+v)
		}
	}
	return out
}

// hasWheel reports whether one of the wheels installs on the platform: glibc
// or musl, on amd64.
func hasWheel(wheels []string, version string, musl bool) bool {
	want := "manylinux"
	if musl {
		want = "musllinux"
	}
	tag := "cp" + strings.ReplaceAll(version, ".", "")
	for _, w := range wheels {
		info, err := pypi.ParseWheelName(w)
		if err != nil {
			continue
		}
		for _, p := range info.Platforms {
			python := strings.HasPrefix(p.Python, "py3") || p.Python == tag || p.ABI == "abi3"
			if python && (p.Platform == "any" || strings.HasPrefix(p.Platform, want) && strings.HasSuffix(p.Platform, "x86_64")) {
				return true
			}
		}
	}
	return false
}
