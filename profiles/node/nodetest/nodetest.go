// Package nodetest makes repositories for the tests of profiles/node and of the packages
// below it.
package nodetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/detect/tree/treetest"
)

// Scan is the tree of a repository of these files, by their names.
func Scan(t testing.TB, files map[string]string) *tree.Tree {
	t.Helper()
	return treetest.Of(t, files)
}

// Facts are what is known of a repository of these files. Without a package at its root
// the test fails.
func Facts(t testing.TB, files map[string]string) (*tree.Tree, *node.Facts) {
	t.Helper()
	index := Scan(t, files)
	f, err := node.Detect(index, ".")
	if err != nil || f == nil {
		t.Fatalf("detect: %v, %v", f, err)
	}
	return index, f
}

// Manifest is a package.json with dependencies ("express typescript@5.0.0", 1.0.0 if no
// version is said) and scripts ("start: node a.js").
func Manifest(deps string, scripts ...string) string {
	var d, s []string
	for name := range strings.FieldsSeq(deps) {
		version := "1.0.0"
		if i := strings.LastIndex(name, "@"); i > 0 {
			name, version = name[:i], name[i+1:]
		}
		d = append(d, fmt.Sprintf("%q: %q", name, version))
	}
	for _, script := range scripts {
		name, command, _ := strings.Cut(script, ": ")
		s = append(s, fmt.Sprintf("%q: %q", name, command))
	}
	return fmt.Sprintf(`{"dependencies": {%s}, "scripts": {%s}}`, strings.Join(d, ", "), strings.Join(s, ", "))
}
