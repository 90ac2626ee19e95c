package python

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"deps.dev/util/pypi"
	"deps.dev/util/semver"

	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed wheels.table
var wheelsCompiled string

// wheelRow is a row of wheels.yaml, which says what its fields are.
type wheelRow struct {
	Package  string   `yaml:"package"`
	Source   string   `yaml:"source"`
	Optional bool     `yaml:"optional,omitempty"`
	Imports  bool     `yaml:"imports,omitempty"`
	With     []string `yaml:"with,omitempty"`
	Until    []struct {
		Below  string `yaml:"below,omitempty"`
		Python string `yaml:"python"`
	} `yaml:"until"`
}

var wheelRows = table.Lazy[[]wheelRow]("wheels.yaml", wheelsCompiled) //nolint:gochecknoglobals // decoded once

// wheelOf is the row of a package, nil where nothing is known.
func wheelOf(name string) *wheelRow {
	rows, err := wheelRows()
	if err != nil {
		return nil
	}
	if i := slices.IndexFunc(rows, func(r wheelRow) bool { return r.Package == name }); i >= 0 {
		return &rows[i]
	}
	return nil
}

// optionalBuild reports whether the compiled part of a package is optional.
func optionalBuild(name string) bool {
	r := wheelOf(name)
	return r != nil && r.Optional
}

// bound is the newest Python that a requirement works on.
type bound struct {
	facts.Requirement
	python  string
	imports bool // a newer one installs it, and fails to import it
}

// bounds are those of all that will be installed, by name: of the lock's versions, or of requirements whose newest release is known.
func bounds(m facts.Manifest) []bound {
	list := m.List
	if m.Locked != nil {
		list = nil
		for _, name := range slices.Sorted(maps.Keys(m.Locked)) {
			list = append(list, facts.Requirement{Name: name, Constraint: "==" + m.Locked[name].Version, Pos: m.Pos})
		}
	}
	var out []bound
	for _, r := range list {
		row := wheelOf(r.Name)
		if row == nil || row.Optional || r.Source != facts.Index || slices.ContainsFunc(list, func(o facts.Requirement) bool { return slices.Contains(row.With, o.Name) }) {
			continue
		}
		for _, u := range row.Until {
			if under(r.Constraint, u.Below) {
				out = append(out, bound{Requirement: r, python: u.Python, imports: row.Imports})
				break
			}
		}
	}
	slices.SortStableFunc(out, func(a, b bound) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// text says what the bound is: "numpy ==1.26.0 is prebuilt for Python 3.12 at most".
func (b bound) text() string {
	does := "is prebuilt for"
	if b.imports {
		does = "works on"
	}
	return fmt.Sprintf("%s %s Python %s at most", strings.TrimSpace(b.Name+" "+plan.Printable(cmp.Or(exact(b.Requirement), b.Constraint), 40)), does, b.python)
}

// forbids reports whether the bound excludes a Python.
func (b bound) forbids(version string) bool {
	return minorNumber(version) > minorNumber(b.python) && holds(b.Marker, version)
}

// under reports whether every release that a constraint allows is older than one; "" is newer than all.
// The constraint is PEP 440's, or Poetry's (https://python-poetry.org/docs/dependency-specification/).
func under(constraint, below string) bool {
	if below == "" {
		return true
	}
	for part := range strings.SplitSeq(constraint, ",") {
		if part = strings.TrimSpace(part); part == "" || strings.Contains(part, "|") {
			continue
		}
		op := strings.TrimRight(part[:len(part)-len(strings.TrimLeft(part, "<>=!~^"))], " ")
		v := strings.TrimSpace(part[len(op):])
		if v == "" || v[0] < '0' || v[0] > '9' {
			continue
		}
		if base, ok := strings.CutSuffix(v, ".*"); ok && (op == "==" || op == "") {
			op, v = "<", next(base, strings.Count(base, "."))
		}
		switch op {
		case "<":
		case "<=", "==", "===", "":
			if semver.PyPI.Compare(v, below) >= 0 {
				continue
			}
			return true
		case "~=":
			v = next(v, strings.Count(v, ".")-1)
		case "~":
			v = next(v, min(strings.Count(v, "."), 1))
		case "^":
			v = next(v, firstNonZero(v))
		default:
			continue
		}
		if v != "" && semver.PyPI.Compare(v, below) <= 0 {
			return true
		}
	}
	return false
}

// over reports whether every release that a constraint allows is at least one. The constraint is PEP 440's, or Poetry's.
func over(constraint, release string) bool {
	for part := range strings.SplitSeq(constraint, ",") {
		part = strings.TrimSpace(part)
		op := strings.TrimRight(part[:len(part)-len(strings.TrimLeft(part, "<>=!~^"))], " ")
		v := strings.TrimSuffix(strings.TrimSpace(part[len(op):]), ".*")
		if v != "" && !strings.Contains(part, "|") && slices.Contains([]string{"==", "===", "", ">=", ">", "~=", "~", "^"}, op) && semver.PyPI.Compare(v, release) >= 0 {
			return true
		}
	}
	return false
}

// next is the release that follows all of those with the numbers of v up to place: 2.4 for 2.3.2 and 1. It is "" where v has no such number.
func next(v string, place int) string {
	numbers := strings.Split(v, ".")
	if place < 0 || place >= len(numbers) {
		return ""
	}
	n, err := strconv.Atoi(numbers[place])
	if err != nil {
		return ""
	}
	return strings.Join(append(numbers[:place:place], strconv.Itoa(n+1)), ".")
}

// firstNonZero is the place of the number that a caret keeps.
func firstNonZero(v string) int {
	numbers := strings.Split(v, ".")
	if i := slices.IndexFunc(numbers, func(n string) bool { return strings.Trim(n, "0") != "" }); i >= 0 {
		return i
	}
	return len(numbers) - 1
}

// exact is the version of a requirement that is pinned.
func exact(r facts.Requirement) string {
	if v, ok := strings.CutPrefix(strings.TrimSpace(r.Constraint), "=="); ok && !strings.ContainsAny(v, ",*") {
		return strings.TrimSpace(strings.TrimPrefix(v, "="))
	}
	return ""
}

// newestWithWheels is the newest of the versions (newest first) that all works on, with the bound that decides: nil where none does.
func newestWithWheels(m facts.Manifest, fits []string) (string, *bound) {
	if len(fits) == 0 {
		return "", nil
	}
	list := bounds(m)
	// A lockfile lists the wheels itself.
	for _, name := range slices.Sorted(maps.Keys(m.Locked)) {
		k := m.Locked[name]
		if len(k.Wheels) == 0 || optionalBuild(name) {
			continue
		}
		if i := slices.IndexFunc(fits, func(v string) bool { return hasWheel(k.Wheels, v, false) }); i > 0 {
			list = append(list, bound{Requirement: facts.Requirement{Name: name, Constraint: "==" + k.Version, Pos: m.Pos}, python: fits[i]})
		}
	}
	var because *bound
	for i, b := range list {
		if b.forbids(fits[0]) && (because == nil || minorNumber(b.python) < minorNumber(because.python)) {
			because = &list[i]
		}
	}
	if because == nil {
		return "", nil
	}
	for _, v := range fits {
		if !slices.ContainsFunc(list, func(b bound) bool { return b.forbids(v) }) {
			return v, because
		}
	}
	return "", nil
}

// compiledPins are the pins that the index has no wheel of for the version that
// was chosen. It notes each, and those that fail to import.
func compiledPins(in record.Input, m facts.Manifest, version string) map[string]bool {
	out := map[string]bool{}
	for _, b := range bounds(m) {
		switch {
		case !b.forbids(version):
		case b.imports:
			in.Log.Note(b.Pos, b.text(), "raise "+b.Name+", or pin Python "+b.python)
		default:
			out[b.Name] = true
			in.Log.Note(b.Pos, b.text()+" and will be compiled", "raise "+b.Name+", or pin Python "+b.python)
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
