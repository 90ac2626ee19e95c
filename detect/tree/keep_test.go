package tree_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/tree"
)

// TestKeep: what is remembered is read like a file that is there, and never in the place of one.
func TestKeep(t *testing.T) {
	files := fstest.MapFS{"app/main.go": {Data: []byte("package main")}, "Zz": {Data: []byte("z")}, "Cc": {Data: []byte("there")}}
	for _, tt := range []struct {
		name string
		kept bool
		text string // that is read then, "" for none
	}{
		{"Dockerfile.bak", true, "FROM node"},
		{"app/Dockerfile.bak", true, "FROM node"},
		{"Cc", false, "there"},
		{"other/Dockerfile.bak", false, ""},
		{"../Dockerfile.bak", false, ""},
	} {
		r, err := tree.Scan(t.Context(), files, tree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Keep(tt.name, []byte("FROM node")); got != tt.kept {
			t.Errorf("%s: kept: %v", tt.name, got)
		}
		text, _ := r.Read(tt.name)
		if string(text) != tt.text || r.Has(tt.name) != (tt.text != "") {
			t.Errorf("%s: read %q, there: %v", tt.name, text, r.Has(tt.name))
		}
		if all := r.Files("."); !slices.IsSorted(all) || slices.Contains(all, tt.name) != (tt.text != "") {
			t.Errorf("%s: the files are %v", tt.name, all)
		}
		if head, err := r.ReadHead(tt.name, 4); tt.text != "" && (err != nil || string(head) != tt.text[:4]) {
			t.Errorf("%s: the first bytes are %q, %v", tt.name, head, err)
		} else if len(head) > 0 {
			head[0] = '!' // which is the reader's own
			if again, _ := r.Read(tt.name); string(again) != tt.text {
				t.Errorf("%s: read %q after a reader changed what it got", tt.name, again)
			}
		}
	}
}
