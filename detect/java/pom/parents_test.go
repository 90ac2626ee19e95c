package pom

import (
	"strings"
	"testing"
)

func TestParentRows(t *testing.T) {
	rows, err := knownParents()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[3]any]bool{}
	for _, r := range rows {
		key := [3]any{r.Group, r.Artifact, r.From}
		if seen[key] {
			t.Errorf("%v: twice", key)
		}
		seen[key] = true
		if !strings.HasPrefix(r.Source, "https://repo.maven.apache.org/maven2/"+strings.ReplaceAll(r.Group, ".", "/")) {
			t.Errorf("%s: source %q is not the parent's own POM", r.Artifact, r.Source)
		}
		for _, k := range r.el.Members {
			if k.Key != "properties" && k.Key != "build" {
				t.Errorf("%s: %s", r.Artifact, k.Key)
			}
		}
	}
}
