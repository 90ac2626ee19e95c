package manager

import (
	"strings"
	"testing"
)

func TestManagers(t *testing.T) {
	table, err := managers()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range table.Registries {
		if r.Host == "" || !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("registry %q has no host or no source", r.Host)
		}
	}
	for _, m := range table.Managers {
		if m.Login.ID == "" || !strings.HasPrefix(m.Login.Target, "/root/") {
			t.Errorf("the row of %s has no login", m.Name)
		}
		if len(m.Install) == 0 || len(m.Unlocked) == 0 || len(m.Prune)+len(m.Deploy) == 0 || len(m.Run) == 0 || len(m.Test) == 0 || len(m.Bin) == 0 || m.Cache == "" || !strings.HasPrefix(m.Source, "https://") {
			t.Errorf("the row of %s is not complete", m.Name)
		}
		for _, v := range m.Versions {
			if strings.Count(v.Version, ".") != 2 || v.Node == "" {
				t.Errorf("%s: version %q is not exact or has no range of Node", m.Name, v.Version)
			}
		}
	}
}
