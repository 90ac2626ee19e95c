package project_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/internal/project"
)

// TestRenamedStage: the last stage has a name of the user's, and flags change
// much of it at once. What dockgen adds comes into that stage, and a second
// update changes nothing.
func TestRenamedStage(t *testing.T) {
	t.Parallel()
	all, err := example.All(filepath.Join("..", "..", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			r, err := e.Repository()
			if err != nil {
				t.Fatal(err)
			}
			folder, dir := initialized(t, r)
			edit(t, dir, "Dockerfile", func(s string) string { return strings.Replace(s, " AS prod\n", " AS production\n", 1) })
			for _, set := range [][]string{{"runtime=alpine", "packages=[curl]"}, {"runtime=slim", "packages=[curl, git]", "env={A: b}"}, {"runtime=slim", "port=8080"}} {
				next := r.Clone()
				next.Set = set
				if _, ok := initFresh(t, next); !ok {
					continue
				}
				was := read(t, dir, "Dockerfile")
				c, err := folder.Update(t.Context(), project.Request{Flags: flags(t, set...)})
				if err != nil {
					t.Fatal(err)
				}
				if err := folder.Write(c); err != nil {
					t.Fatal(err)
				}
				is := read(t, dir, "Dockerfile")
				if n := strings.Count(is, " AS production\n"); n != 1 || strings.Contains(is, " AS prod\n") {
					t.Errorf("%v: the stage is there %d times\n--- was\n%s\n--- is\n%s", set, n, was, is)
				}
				if fault := unsettled(t, folder); fault != "" {
					t.Errorf("%v: %s", set, fault)
				}
				if t.Failed() {
					t.Logf("--- was\n%s\n--- is\n%s\n%+v", was, is, c.Conflicts)
					return
				}
			}
		})
	}
}
