package e2e_test

import (
	"os"
	"path/filepath"
	"testing"
)

// sameBytes is how many bytes of an image count as none: it is what the
// images of one web server, as root and as another user, differ by.
const sameBytes = 100_000

// own builds the example's hand-written Dockerfile twice, with an edit in
// between, after prod and its rebuild: dockgen's image must not be the larger
// one, and its rebuild must not fetch what the other's does not.
func (run *e2e) own(t *testing.T, a app) {
	ctx := t.Context()
	row := ownRow{example: a.String(), ours: run.built(t, a)}
	dir := repository(t, a.Example, a.runtime)
	for _, name := range []string{".dockerignore", "Dockerfile"} { // its own, or none
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(dir, os.DirFS(a.Own())); err != nil {
		t.Fatal(err)
	}
	stages := dockerfile(t, dir).Stages
	last, tag := stages[len(stages)-1].Name, a.tag+"-own"
	var err error
	if _, row.build, err = build(ctx, dir, last, tag); err != nil {
		t.Fatal(err)
	}
	row.size = inspectImage(ctx, t, tag).Size
	row.added = row.size - run.baseSize(t, dir)
	undo := edit(t, dir, a.Dev.Edit)
	defer undo()
	if _, row.again, err = build(ctx, dir, last, tag); err != nil {
		t.Fatal(err)
	}
	if row.ours.size > row.size+sameBytes {
		t.Errorf("prod is %s MB, and %s MB with the hand-written Dockerfile", mb(row.ours.size), mb(row.size))
	}
	run.owns = append(run.owns, row)
}
