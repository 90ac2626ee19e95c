package python

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// What uv installs over the tools of a stage leaves them there; and the tools are those of the member's own group, or of the workspace's.
func TestToolsStay(t *testing.T) {
	const (
		group  = "\n[dependency-groups]\ndev = [\"pytest\"]\n"
		build  = "\n[build-system]\nrequires = [\"uv_build\"]\nbuild-backend = \"uv_build\"\n"
		alone  = "[project]\nname = \"shop\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = [\"flask\", \"gunicorn\"]\n"
		lock   = "version = 1\n[[package]]\nname = \"shop\"\nversion = \"1\"\nsource = { editable = \".\" }\ndependencies = [{ name = \"flask\" }, { name = \"gunicorn\" }]\n[[package]]\nname = \"flask\"\nversion = \"3.1.2\"\n[[package]]\nname = \"gunicorn\"\nversion = \"23.0.0\"\n"
		pytest = "def test_x():\n    assert True\n"
	)
	shop := func(toml string) map[string]string {
		return map[string]string{"pyproject.toml": alone + toml, "uv.lock": lock, "src/shop/__init__.py": "", "src/shop/main.py": flask, "tests/test_main.py": pytest}
	}
	tests := map[string]string{"apps/api/tests/test_main.py": pytest}
	for name, c := range map[string]struct {
		files           map[string]string
		main            string
		install, itself string // of the test stage
	}{
		"a package": {shop(group + build), "", "uv sync --locked --no-install-project --inexact --group dev", "uv sync --locked --no-dev --inexact"},
		"a package whose manifest names no pytest": {shop(build), "", "uv pip install pytest==9.2.0", "uv sync --locked --no-dev --inexact"},
		"a member": {
			uvWorkspace(tests, map[string]string{"apps/api/pyproject.toml": uvAPI + group}), "apps/api",
			"uv sync --frozen --no-install-workspace --inexact --group dev --package api", "uv sync --frozen --no-dev --inexact --package api",
		},
		"a member that has its workspace's": {
			uvWorkspace(tests, map[string]string{"pyproject.toml": uvRoot + group}), "apps/api",
			"uv sync --frozen --no-install-workspace --inexact --only-group dev", "uv sync --frozen --no-dev --inexact --package api",
		},
		"a member before its workspace": {
			uvWorkspace(tests, map[string]string{"pyproject.toml": uvRoot + group, "apps/api/pyproject.toml": uvAPI + group}), "apps/api",
			"uv sync --frozen --no-install-workspace --inexact --group dev --package api", "uv sync --frozen --no-dev --inexact --package api",
		},
		"a workspace without a lockfile": {
			uvWorkspace(tests, map[string]string{"pyproject.toml": uvRoot + group, "uv.lock": ""}), "apps/api",
			"uv sync --no-install-workspace --inexact --only-group dev", "uv sync --no-dev --inexact --package api",
		},
	} {
		file := ""
		if c.main != "" {
			file = c.main + "/Dockerfile"
		}
		p, _, err := decideFiles(t, c.files, c.main, file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, s := range p.Image.Stages {
			if d, ok := s.Data.(*Test); ok {
				if got := runs(d.Install); got != c.install {
					t.Errorf("%s: the tests are installed by %q, want %q", name, got, c.install)
				}
				if got := runs(d.Project); got != c.itself {
					t.Errorf("%s: the project is installed by %q, want %q", name, got, c.itself)
				}
			}
		}
	}
}

// runs are those of steps.
func runs(steps []plan.Step) string {
	var out []string
	for _, s := range steps {
		for _, r := range s.Run {
			out = append(out, r.String())
		}
	}
	return strings.Join(out, "; ")
}
