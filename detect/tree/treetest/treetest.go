// Package treetest makes the trees that tests read.
package treetest

import (
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/tree"
)

// Of is the tree of files; a value is a file's text.
func Of(t testing.TB, files map[string]string) *tree.Tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	out, err := tree.Scan(t.Context(), fsys, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
