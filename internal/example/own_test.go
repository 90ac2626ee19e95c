package example_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/profiles/plan"
)

// ownRow is what a Dockerfile that was written by hand gives for an example,
// beside what dockgen's gives.
type ownRow struct {
	example      string
	ours         prodRow
	size, added  int64
	build, again time.Duration
}

// sameBytes is how many bytes of an image count as none: it is what the
// images of one web server, as root and as another user, differ by.
const sameBytes = 100_000

// own builds the example's hand-written Dockerfile twice, with an edit in
// between, after prod and its rebuild: dockgen's image must not be the larger
// one, and its rebuild must not fetch what the other's does not.
func (run *e2e) own(t *testing.T, e *example.Example, r plan.Runtime, tag string) {
	ctx := t.Context()
	dir := repository(t, e, r)
	for _, name := range []string{".dockerignore", "Dockerfile"} { // its own, or none
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(dir, os.DirFS(e.Own())); err != nil {
		t.Fatal(err)
	}
	row := ownRow{example: e.String()}
	for _, p := range run.prods {
		if p.example == e.String() && p.runtime == r {
			row.ours = p
		}
	}
	stages, _ := stagesOf(t, dir)
	last := stages[len(stages)-1].Name
	var err error
	if _, row.build, err = build(ctx, dir, last, tag); err != nil {
		t.Fatal(err)
	}
	row.size = inspectImage(ctx, t, tag).Size
	row.added = row.size - run.baseSize(t, dir)
	undo := edit(t, dir, e.Dev.Edit)
	defer undo()
	if _, row.again, err = build(ctx, dir, last, tag); err != nil {
		t.Fatal(err)
	}
	if row.ours.size > row.size+sameBytes {
		t.Errorf("prod is %s MB, and %s MB with the hand-written Dockerfile", mb(row.ours.size), mb(row.size))
	}
	run.owns = append(run.owns, row)
}

// reportOwn prints the comparison.
func (run *e2e) reportOwn(w interface {
	io.Writer
	Flush() error
},
) {
	if len(run.owns) == 0 {
		return
	}
	fmt.Fprintln(w)
	fmt.Fprintln(w, "by hand\tadded MB\tours\timage MB\tours\tbuild s\tours\trebuild s\tours\t")
	for _, o := range run.owns {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", o.example, mb(o.added), mb(o.ours.added), mb(o.size), mb(o.ours.size),
			seconds(o.build), seconds(o.ours.build), seconds(o.again), seconds(o.ours.rebuild))
	}
	_ = w.Flush()
}
