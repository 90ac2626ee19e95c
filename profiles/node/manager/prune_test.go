package manager

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
)

// TestProductionInstall: a manager installs production dependencies alone if the
// manifests and the lockfile say all that it needs.
func TestProductionInstall(t *testing.T) {
	table, err := managers()
	if err != nil {
		t.Fatal(err)
	}
	script := func(name string) *node.Facts {
		return &node.Facts{Scripts: map[string]fact.Fact[string]{name: fact.New("x", "package.json", 3)}}
	}
	for _, c := range []struct {
		manager, version string
		stale            bool
		f                *node.Facts
		want             string
	}{
		{"npm", "", false, &node.Facts{}, "npm ci --omit=dev"},
		{"pnpm", "10.34.9", false, &node.Facts{}, "pnpm install --frozen-lockfile --prod"},
		{"yarn", "1.22.22", false, &node.Facts{}, "yarn install --production --frozen-lockfile"},
		{"bun", "", false, &node.Facts{}, "bun install --production --frozen-lockfile"},
		{"berry", "4.18.1", false, &node.Facts{}, "yarn workspaces focus --production"},
		{"berry", "5.0.0", false, &node.Facts{}, "yarn workspaces focus --production"},
		{"berry", "3.8.7", false, &node.Facts{}, ""},
		{"berry", "2.4.2", false, &node.Facts{}, ""},
		{"yarn", "1.22.22", true, &node.Facts{}, ""},
		{"bun", "", true, &node.Facts{}, ""},
		{"berry", "4.18.1", true, &node.Facts{}, ""},
		{"yarn", "1.22.22", false, script("postinstall"), ""},
		{"yarn", "1.22.22", false, script("test"), "yarn install --production --frozen-lockfile"},
		{"berry", "4.18.1", false, script("postinstall"), ""},
		{"berry", "4.18.1", false, script("prepare"), "yarn workspaces focus --production"}, // which it does not run
		{"bun", "", false, script("prepare"), ""},
		{"bun", "", false, &node.Facts{Local: []node.Local{{Path: "x"}}}, ""},
		{"yarn", "1.22.22", false, &node.Facts{Packages: []node.WorkspaceUnit{{}}}, ""},
	} {
		for _, m := range table.Managers {
			if m.Name != c.manager {
				continue
			}
			m.Version, m.Lock = c.version, &node.Lockfile{}
			if c.stale {
				m.Stale = "it is out of step"
			}
			if got := strings.Join(m.ProductionInstall(c.f, "24"), " "); got != c.want {
				t.Errorf("%s %s, stale %v, %v: got %q, want %q", c.manager, c.version, c.stale, c.f.Scripts, got, c.want)
			}
		}
	}
}
