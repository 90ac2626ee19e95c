package e2e_test

import (
	"strings"
	"testing"
)

// check wants BuildKit to have nothing to say about the files.
func (run *e2e) check(t *testing.T, a app) {
	out, err := docker(t.Context(), a.dir, "build", "--check", "--progress", "plain", ".")
	if err != nil || strings.Contains(out, "WARNING") {
		t.Errorf("docker build --check: %v\n%s", err, out)
	}
}
