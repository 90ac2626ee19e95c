package python

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/settings"
)

// TestGuarded: a file of a folder below is the app where it alone starts a server, or does something when it is started.
func TestGuarded(t *testing.T) {
	const (
		server = "from aiohttp import web\nimport tasks\ndef make():\n  return web.Application()\nif __name__ == '__main__':\n  web.run_app(make(), port=8081)\n"
		tool   = "def go():\n  print(1)\nif __name__ == '__main__':\n  go()\n"
		lib    = "X = 1\ndef f():\n  return X\n"
	)
	for name, tt := range map[string]struct {
		files map[string]string
		want  string // "" for a refusal
	}{
		"a server":                {map[string]string{"app/main.py": server, "app/tasks.py": lib}, "app/main.py"},
		"of another name":         {map[string]string{"metrics/exporter.py": server, "metrics/tasks.py": lib}, "metrics/exporter.py"},
		"beside a tool":           {map[string]string{"app/serve.py": server, "app/tool.py": tool, "app/tasks.py": lib}, "app/serve.py"},
		"two, one nearer":         {map[string]string{"app/main.py": server, "app/tasks.py": lib, "app/admin/main.py": server}, "app/main.py"},
		"further down":            {map[string]string{"apps/one/main.py": server}, ""},
		"two":                     {map[string]string{"one/main.py": server, "two/main.py": server}, ""},
		"a program":               {map[string]string{"bot/main.py": tool, "bot/lib.py": lib}, "bot/main.py"},
		"a program of no name":    {map[string]string{"bot/dedupe.py": tool, "bot/lib.py": lib}, ""},
		"nothing that is started": {map[string]string{"app/main.py": lib}, ""},
	} {
		tt.files["requirements.txt"] = "aiohttp==3.13.2\n"
		out, _, err := decideIn(t, ".", tt.files, settings.Settings{})
		switch {
		case err != nil && tt.want != "":
			t.Errorf("%s: %v", name, err)
		case err == nil && tt.want == "":
			t.Errorf("%s: starts %q", name, out.Run.Cmd)
		case err == nil && out.Run.Cmd[len(out.Run.Cmd)-1] != tt.want:
			t.Errorf("%s: starts %q, want %s", name, out.Run.Cmd, tt.want)
		}
	}
}

// TestServingVerb: a console script with several commands is started with the one that listens.
func TestServingVerb(t *testing.T) {
	const head = "import click, uvicorn\nfrom starlette.applications import Starlette\n@click.group()\ndef cli():\n  pass\n"
	const serve = "@cli.command()\n@click.option('--host', default='127.0.0.1')\ndef serve(host):\n  options = dict(host=host, port=8001)\n  uvicorn.run(Starlette(), **options)\n"
	for name, tt := range map[string]struct {
		code, readme string
		want         string
	}{
		"one":              {head + serve + "@cli.command()\ndef check():\n  print(1)\n", "", "lister serve --host 0.0.0.0"},
		"the README's":     {head + serve + "@cli.command()\ndef check():\n  print(1)\n", "Run it:\n\n    lister up\n", "lister up --host 0.0.0.0"},
		"no word":          {head + "@cli.command('a b')\ndef serve():\n  uvicorn.run(Starlette(), host='0.0.0.0', port=8001)\n", "", "lister"},
		"without commands": {"import uvicorn\nfrom starlette.applications import Starlette\ndef cli():\n  uvicorn.run(Starlette(), host='0.0.0.0', port=8001)\n", "", "lister"},
	} {
		out, _, err := decideIn(t, ".", map[string]string{
			"pyproject.toml":     "[project]\nname = \"lister\"\nversion = \"1\"\ndependencies = [\"click==8.3.0\", \"uvicorn==0.38.0\", \"starlette==0.50.0\"]\n[project.scripts]\nlister = \"lister.cli:cli\"\n[build-system]\nrequires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n",
			"lister/__init__.py": "", "lister/cli.py": tt.code, "README.md": tt.readme,
		}, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := strings.Join(slices.Concat(out.Run.Entry, out.Run.Cmd), " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
