package python

import (
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
