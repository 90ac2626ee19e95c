package python

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/settings"
)

// What lies outside of the folder is in no image.
func TestOutsideDependencies(t *testing.T) {
	const head = "[project]\nname = \"a\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = [\"shared\"]\n"
	for name, c := range map[string]struct{ pyproject, want string }{
		"a path of uv":              {head + "[tool.uv.sources]\nshared = {path = \"../shared\"}\n", "shared comes from ../shared, which is outside"},
		"a list of sources":         {head + "[tool.uv.sources]\nshared = [{path = \"../shared\", marker = \"sys_platform == 'linux'\"}]\n", "outside of the build context"},
		"a path inside":             {head + "[tool.uv.sources]\nshared = {path = \"libs/shared\"}\n", ""},
		"a member of another's":     {head + "[tool.uv.sources]\nshared = {workspace = true}\n", "shared is a member of a workspace of uv"},
		"a member of its workspace": {head + "[tool.uv.sources]\nshared = {workspace = true}\n[tool.uv.workspace]\nmembers = [\"libs/*\"]\n", ""},
		"a path of Poetry":          {"[tool.poetry]\nname = \"a\"\nversion = \"1\"\n[tool.poetry.dependencies]\npython = \"^3.12\"\nshared = {path = \"../shared\", develop = true}\n", "shared comes from ../shared, which is outside"},
		"an absolute path":          {"[tool.poetry]\nname = \"a\"\nversion = \"1\"\n[tool.poetry.dependencies]\npython = \"^3.12\"\nshared = {path = \"/home/me/shared\"}\n", "outside of the build context"},
	} {
		_, _, err := decide(t, map[string]string{"pyproject.toml": c.pyproject, "main.py": "print(1)\n", "libs/shared/pyproject.toml": "[project]\nname = \"shared\"\n", "libs/shared/shared.py": ""}, settings.Settings{})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
