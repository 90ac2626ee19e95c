package profiles_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestOwnEntry: where the script of the own Dockerfile starts the server, prod leaves that to it: the choices and the
// lines say the script's command and port.
func TestOwnEntry(t *testing.T) {
	app, got, err := write(t, map[string]string{
		"requirements.txt": "flask\ngunicorn\n", "main.py": "from flask import Flask\napp = Flask(__name__)\n",
		"start.sh":   "#!/bin/sh\nset -e\npython -c 'print(1)'\nexec gunicorn main:app -b 0.0.0.0:9001 -w 2\n",
		"Dockerfile": "FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nENTRYPOINT [\"./start.sh\"]\n",
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"start": "gunicorn main:app -b 0.0.0.0:9001 -w 2", "port": "9001", "entrypoint": "start.sh"} {
		i := slices.IndexFunc(app.Choices, func(c plan.Choice) bool { return c.Key == key })
		if i < 0 || app.Choices[i].Value != want {
			t.Errorf("%s is not %q: %+v", key, want, app.Choices)
		}
	}
	if !strings.Contains(got, "EXPOSE 9001\n") || !strings.HasSuffix(strings.TrimSpace(got), `ENTRYPOINT ["sh", "/app/start.sh"]`) {
		t.Errorf("got\n%s", got)
	}
}
