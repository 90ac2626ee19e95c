package golang

import (
	"strings"
	"testing"
)

// TestPackages holds packages.yaml to its form.
func TestPackages(t *testing.T) {
	rows, err := packageRows()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if (r.Package == "") == (r.Name == "") || !strings.HasPrefix(r.Source, "https://") || r.Means != startsContainers && r.Means != saysVersion {
			t.Errorf("%+v: want a package or a name, a meaning, and a link", r)
		}
	}
	if !importsOne([]byte("import (\n\ttc \"github.com/testcontainers/testcontainers-go/modules/redis\"\n)"), startsContainers) || importsOne([]byte(`import "testing"`), startsContainers) {
		t.Error("importsOne")
	}
	if !isNamed("internal/version", saysVersion) || isNamed("internal/versions", saysVersion) {
		t.Error("isNamed")
	}
}
