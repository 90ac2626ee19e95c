package python

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/settings"
)

// TestSpoken: the pages of a repository say on which port the app is found, where no code says it, and with which of its commands it
// serves.
func TestSpoken(t *testing.T) {
	t.Parallel()
	const project = "[build-system]\nrequires=['hatchling']\n[project]\nname='notes'\nversion='1'\ndependencies=['tornado']\n[project.scripts]\nnotes='notes.cli:main'\n"
	const code = "import tornado\nimport click\n@click.group()\ndef main():\n  pass\n"
	for name, tt := range map[string]struct{ readme, cmd, port string }{
		"both":                            {"# Notes\n```\n$ notes serve\n```\nThen open http://localhost:8083 in a browser.\n", "notes serve", "8083"},
		"an address on a line of its own": {"Point your browser to:\n```\n  http://localhost:8083\n```\nand `http://localhost:8083/opds`.\n", "notes", "8083"},
		"without a scheme":                {"Notes is available at `127.0.0.1:9123`. Start it with `notes run --verbose`.\n", "notes run", "9123"},
		"two addresses":                   {"Visit http://localhost:8083 or http://localhost:8084.\n", "notes", ""},
		"one is to be visited":            {"Visit http://localhost:8083.\n\nThe model:\n`NOTES_MODEL=http://localhost:9999`\n", "notes", "8083"},
		"a database's":                    {"Connect to localhost:5432.\n", "notes", ""},
		"a proxy's":                       {"proxy_pass http://localhost:8083;\n", "notes", ""},
		"it starts without a command":     {"```\nnotes\n```\nor `notes serve`\n", "notes", ""},
		"it is only named":                {"`notes` is a server.\n```\n(venv) $ notes start\n```\n", "notes start", ""},
		"no number":                       {"Open http://localhost:99999 and http://localhost:PORT.\n", "notes", ""},
		"another program":                 {"`mynotes serve`, `notes-cli serve`, notes server\n", "notes", ""},
	} {
		app, _, err := decide(t, map[string]string{"pyproject.toml": project, "notes/__init__.py": "", "notes/cli.py": code, "README.md": tt.readme}, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		port := ""
		if len(app.Run.Ports) > 0 {
			port = app.Run.Ports[0].String()
		}
		if cmd := strings.Join(app.Run.Cmd, " "); cmd != tt.cmd || port != tt.port {
			t.Errorf("%s: got %q on %q", name, cmd, port)
		}
	}
}

// TestMainOfPackage: the package that a console script starts is started by that script, and one below src by its own name.
func TestMainOfPackage(t *testing.T) {
	t.Parallel()
	const main = "from notes import app\nif __name__ == '__main__':\n  app.run()\n"
	const object = "from flask import Flask\napp = Flask(__name__)\n"
	project := func(scripts string) string {
		return "[build-system]\nrequires=['hatchling']\n[project]\nname='notes'\nversion='1'\ndependencies=['flask']\n" + scripts
	}
	for name, tt := range map[string]struct{ manifest, cmd, path string }{
		"a console script":     {project("[project.scripts]\nnotes='notes:main'\n"), "notes", ""},
		"of another package":   {project("[project.scripts]\nother='other:main'\n"), "python -m notes", ""},
		"a package without":    {project(""), "python -m notes", ""},
		"no package of itself": {"[project]\nname='notes'\nversion='1'\ndependencies=['flask']\n", "python -m notes", "/app/src"},
	} {
		app, _, err := decide(t, map[string]string{"pyproject.toml": tt.manifest, "src/notes/__init__.py": "", "src/notes/__main__.py": main, "src/notes/server/views/web.py": object}, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		root := ""
		for _, e := range app.Run.Env {
			if e.Name.String() == "PYTHONPATH" {
				root = e.Value.Raw()
			}
		}
		if cmd := strings.Join(app.Run.Cmd, " "); cmd != tt.cmd || root != tt.path {
			t.Errorf("%s: got %q below %q", name, cmd, root)
		}
	}
}
