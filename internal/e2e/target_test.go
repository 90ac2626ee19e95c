package e2e_test

import (
	"context"
	"testing"
)

// target builds a final stage beside prod, and holds it to what example.yaml
// says.
func (run *e2e) target(t *testing.T, a app, name string) {
	tag := a.tag + "-" + name
	t.Cleanup(func() { _, _ = docker(context.Background(), "", "rmi", "--force", tag) })
	if _, _, err := build(t.Context(), a.dir, name, tag, buildArgs(a.Example)...); err != nil {
		t.Fatal(err)
	}
	img := inspectImage(t.Context(), t, tag)
	if user := img.Config.User; user == "" || user[0] == '0' || user[0] > '9' {
		t.Errorf("the image runs as user %q, want a number other than 0", user)
	}
	behaves(t, tag, img, a.Targets[name])
}
