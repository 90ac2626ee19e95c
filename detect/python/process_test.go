package python

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/shell"
)

// TestFollowed: a process is what it starts in the end, by way of a script, a rule of a Makefile, env or a package manager.
func TestFollowed(t *testing.T) {
	const script = "#!/bin/sh\nset -e\nexport A=1\nflask db upgrade\nexec gunicorn -b :$PORT shop:app\n"
	for _, tt := range []struct{ name, process, file, text, want string }{
		{"a script of a shell", "bash run.sh", "run.sh", script, "A=1 flask db upgrade; A=1 gunicorn -b :$PORT shop:app"},
		{"a script by its path", "./bin/run.sh", "bin/run.sh", script, "A=1 flask db upgrade; A=1 gunicorn -b :$PORT shop:app"},
		{"behind a command", "flask x && sh run.sh", "run.sh", "gunicorn shop:app\n", "flask x; gunicorn shop:app"},
		{"a script with an argument", "bash run.sh web", "run.sh", script, "bash run.sh web"},
		{"a script with a condition", "bash run.sh", "run.sh", "if [ -n \"$X\" ]; then\n  gunicorn a:app\nfi\n", "bash run.sh"},
		{"a script that asks the environment", "bash run.sh", "run.sh", "gunicorn -w $WORKERS shop:app\n", "bash run.sh"},
		{"a script that is not there", "bash start.sh", "run.sh", script, "bash start.sh"},
		{"a script of the system", "/etc/run.sh", "etc/run.sh", script, "/etc/run.sh"},
		{"a script outside", "../run.sh", "run.sh", script, "../run.sh"},
		{"a script that starts itself", "sh run.sh", "run.sh", "sh run.sh\n", "sh run.sh"},
		{"a rule of a Makefile", "make serve", "Makefile", "other:\n\tflask run\nserve:\n\tA=1 gunicorn shop:app\n", "A=1 gunicorn shop:app"},
		{"a rule that is not known", "make serve", "Makefile", "serve:\n\tgunicorn $(ARGS) shop:app $(shell x)\n", "make serve"},
		{"no Makefile", "make serve", "x", "", "make serve"},
		{"env", "env A=1 B=2 gunicorn shop:app", "x", "", "A=1 B=2 gunicorn shop:app"},
		{"env with an option", "env -i gunicorn shop:app", "x", "", "env -i gunicorn shop:app"},
		{"a package manager", "poetry run gunicorn shop:app", "x", "", "gunicorn shop:app"},
		{"a package manager with an option", "uv run --no-sync gunicorn shop:app", "x", "", "uv run --no-sync gunicorn shop:app"},
		{"both", "env A=1 pipenv run gunicorn shop:app", "x", "", "A=1 gunicorn shop:app"},
	} {
		f, err := Detect(scan(t, map[string]string{"requirements.txt": "", "Procfile": "web: " + tt.process + "\n", tt.file: tt.text}), ".")
		if err != nil || len(f.Processes) != 1 {
			t.Fatal(tt.name, err)
		}
		var got []string
		for _, c := range f.Processes[0].Commands {
			var words []string
			for _, e := range c.Env {
				words = append(words, e.Name+"="+e.Value.Text)
			}
			got = append(got, strings.ReplaceAll(strings.Join(append(words, shell.Texts(c.Words)...), " "), shell.Unknown, "$PORT"))
		}
		if text := strings.Join(got, "; "); text != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, text, tt.want)
		}
	}
}
