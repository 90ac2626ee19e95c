package e2e_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// prod builds prod and holds it to what example.yaml says.
func (run *e2e) prod(t *testing.T, a app) {
	row := run.built(t, a)
	img := inspectImage(t.Context(), t, a.tag)
	user, _, _ := strings.Cut(img.Config.User, ":")
	var err error
	if row.uid, err = strconv.ParseInt(user, 10, 64); err != nil || row.uid == 0 {
		t.Errorf("the image runs as user %q, want a number other than 0", img.Config.User)
	}
	row.added = row.size - run.baseSize(t, a.dir)
	if m := a.Prod.MaxAddedMB; m > 0 && (a.runtime == plan.Scratch || a.runtime == plan.Distroless) && row.added > int64(m)<<20 {
		t.Errorf("prod adds %s MB to its base, want at most %d", mb(row.added), m)
	}
	row.answer, row.stop = behaves(t, a.tag, img, a.Prod)
}
