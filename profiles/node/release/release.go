// Package release answers questions about versions and ranges as npm writes
// them (https://docs.npmjs.com/cli/using-npm/semver), and about the releases of
// Node that have an image. It decides nothing.
package release

import (
	"fmt"
	"strconv"
	"strings"

	"deps.dev/util/semver"

	"github.com/dockgen/dockgen/detect/node"
)

// Major is the first number of a version or of a plain range, 0 for one that
// begins with no number.
func Major(version string) int {
	head, _, _ := strings.Cut(strings.TrimLeft(version, "v^~>= "), ".")
	n, err := strconv.Atoi(head)
	if err != nil {
		return 0
	}
	return n
}

// DepMajor is the major version of a dependency that is installed, else asked
// for. What is no version (a tag, a URL) is the newest, above every major.
func DepMajor(d node.Dep) int {
	v := d.Locked
	if v == "" {
		v = d.Range
	}
	v = v[min(len(v), max(0, strings.IndexAny(v, "0123456789"))):]
	digits := strings.IndexFunc(v, func(r rune) bool { return r < '0' || r > '9' })
	if digits >= 0 {
		v = v[:digits]
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return 1 << 20 // "latest", a tag or a URL: the newest
	}
	return n
}

// InRange reports whether a version is in a range of npm.
func InRange(version, rng string) bool {
	c, err := semver.NPM.ParseConstraint(rng)
	return err == nil && c.Match(version)
}

// TakesNewest reports whether a range takes the newest release of a major
// version, whichever that is on the day of the build.
func TakesNewest(rng, major string) bool { return rng == "" || InRange(major+".999.0", rng) }

// Matches reports whether some version of the major is in the range of npm.
func Matches(rng, majorVersion string) bool {
	c, err := semver.NPM.ParseConstraint(rng)
	if err != nil {
		return false
	}
	n := Major(majorVersion)
	line, err := semver.NPM.ParseConstraint(fmt.Sprintf(">=%d.0.0 <%d.0.0", n, n+1))
	if err != nil {
		return false
	}
	return Intersect(c, line)
}

// Overlaps reports whether a version or range of npm shares a version with
// another range. What is no range (a tag, a URL) may be any version.
func Overlaps(version, rng string) bool {
	a, err := semver.NPM.ParseConstraint(version)
	if err != nil {
		return true
	}
	b, err := semver.NPM.ParseConstraint(rng)
	if err != nil {
		return true
	}
	return Intersect(a, b)
}

// Intersect reports whether two ranges share a version. The library takes an
// open end for shared where it meets another range's closed one, so a single
// version that is left must be in both.
func Intersect(a, b *semver.Constraint) bool {
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

// Lowest is the major version that a range of npm begins with; ok is false for what is
// no range.
func Lowest(rng string) (major string, ok bool) {
	c, err := semver.NPM.ParseConstraint(rng)
	if err != nil {
		return "", false
	}
	low, err := c.CalculateMinVersion()
	if err != nil || low == nil {
		return "", false
	}
	n, ok := low.Major()
	return strconv.Itoa(int(n)), ok
}
