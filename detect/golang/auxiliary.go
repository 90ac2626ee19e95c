package golang

import "strings"

// Auxiliary reports whether dir is, or is in, a folder whose programs show, test
// or build something and are not what the repository is for.
func Auxiliary(dir string) bool {
	for w := range strings.SplitSeq(dir, "/") {
		if auxiliaries[w] {
			return true
		}
	}
	return false
}

// auxiliaries are folders whose programs show, test or build the module and are
// not what it is for.
var auxiliaries = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"example": true, "examples": true, "sample": true, "samples": true, "demo": true, "demos": true,
	"tool": true, "tools": true, "hack": true, "script": true, "scripts": true, "build": true, "ci": true,
	"test": true, "tests": true, "testing": true, "testutil": true, "fixtures": true, "e2e": true, "integration": true, "bench": true, "benchmark": true, "benchmarks": true,
	"doc": true, "docs": true, "contrib": true, "misc": true, "mocks": true, "gen": true, "generate": true, "codegen": true,
}
