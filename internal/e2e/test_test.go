package e2e_test

import (
	"strings"
	"testing"
)

// test builds the test target, which must pass, and must fail in the test
// stage when the repository's tests do.
func (run *e2e) test(t *testing.T, a app) {
	_, took, err := build(t.Context(), a.dir, "test", "")
	if err != nil {
		t.Fatal(err)
	}
	run.devRow(a).test = took
	if a.Test == nil {
		return
	}
	undo := edit(t, a.dir, a.Test.Breaks)
	defer undo()
	out, _, err := build(t.Context(), a.dir, "test", "")
	switch {
	case err == nil:
		t.Errorf("with %q in %s the target test still builds", a.Test.Breaks.New, a.Test.Breaks.File)
	case !strings.Contains(out, "> [test "):
		t.Errorf("the build fails elsewhere than in the stage test:\n%s", tail(out, 40))
	}
}
