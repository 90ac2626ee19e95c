package python

import (
	"strings"

	"deps.dev/util/semver"
)

// holds evaluates a PEP 508 marker as far as its comparisons are with Python's
// version or the platform; what it cannot know counts as true.
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers
func holds(marker, version string) bool {
	marker = strings.TrimSpace(marker)
	if marker == "" || strings.ContainsAny(marker, "()") {
		return true
	}
	for alt := range strings.SplitSeq(marker, " or ") {
		all := true
		for part := range strings.SplitSeq(alt, " and ") {
			all = all && compare(strings.TrimSpace(part), version)
		}
		if all {
			return true
		}
	}
	return false
}

func compare(part, version string) bool {
	for _, o := range []string{"===", "~=", "==", "!=", "<=", ">=", "<", ">"} {
		left, right, ok := strings.Cut(part, o)
		if !ok {
			continue
		}
		left, right = strings.Trim(left, ` "'`), strings.Trim(right, ` "'`)
		known := map[string]string{"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "implementation_name": "cpython", "platform_python_implementation": "CPython"}
		if v, ok := known[left]; ok && (o == "==" || o == "!=") {
			return (v == right) == (o == "==")
		}
		if left != "python_version" && left != "python_full_version" {
			return true
		}
		c, err := semver.PyPI.ParseConstraint(o + right)
		if err != nil {
			return true
		}
		if left == "python_full_version" {
			version += ".99"
		}
		return c.Match(version)
	}
	return true
}
