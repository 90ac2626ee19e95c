package java

import (
	"path"
	"slices"
	"strings"
	"testing"
)

func TestFrameworkRows(t *testing.T) {
	rows, err := frameworks()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range rows {
		if !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("%s: source %q is no https URL", r.Name, r.Source)
		}
		if slices.Contains(names, r.Name) {
			t.Errorf("%s: twice", r.Name)
		}
		names = append(names, r.Name)
		for _, d := range r.Dependencies {
			if _, err := path.Match(d, ""); err != nil || strings.Count(d, ":") != 1 {
				t.Errorf("%s: %q is no pattern of group:artifact", r.Name, d)
			}
		}
		if (len(r.Health.Path) == 0) != (r.Health.Dependency == "") || len(r.Health.Path) > 0 && !strings.ContainsAny(r.Health.Path[0], "/") {
			t.Errorf("%s: health %+v", r.Name, r.Health)
		}
		if len(r.Health.Also) > 0 && len(r.Also) == 0 {
			t.Errorf("%s: no port of its own for the health page", r.Name)
		}
		if (len(r.Address.Keys) == 0) != (r.Address.Env == "") {
			t.Errorf("%s: address %+v", r.Name, r.Address)
		}
		if r.Refuse == "" && len(r.Keys)+len(r.Calls) == 0 {
			t.Errorf("%s: nothing names its port", r.Name)
		}
	}
	if last := rows[len(rows)-1]; len(last.Dependencies) != 0 {
		t.Errorf("%s: the row of any module comes last", last.Name)
	}
}
