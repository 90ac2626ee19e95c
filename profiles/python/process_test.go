package python

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestMonitor: a command that shows what workers do serves a page, whose port is known and which is asked for its health.
func TestMonitor(t *testing.T) {
	for _, tt := range []struct {
		command string
		want    []string
	}{
		{"celery -A tasks flower", []string{"EXPOSE 5555\n", "'FLOWER_PORT') or '5555') + '/healthcheck'", `CMD ["celery", "-A", "tasks", "flower"]`}},
		{"celery -A tasks flower --port=8888", []string{"EXPOSE 8888\n", "127.0.0.1:8888/healthcheck", `"--port=8888"]`}},
		{"celery -A tasks flower --port 8888", []string{"EXPOSE 8888\n"}},
		{"celery -A tasks flower --port=$PORT", []string{"ENV PORT=5555\n", "EXPOSE 5555\n", "exec celery -A tasks flower --port=$PORT"}},
		{"celery -A tasks worker", nil},
	} {
		p, log, err := decide(t, map[string]string{
			"requirements.txt": "celery==5.5.3\nflower==2.0.1\n", "tasks.py": "from celery import Celery\napp = Celery('tasks')\n", "Procfile": "web: " + tt.command + "\n",
		}, settings.Settings{Runtime: plan.Slim})
		if err != nil {
			t.Fatal(err)
		}
		got := dockerfile(t, p.App)
		for _, w := range tt.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in\n%s", tt.command, w, got)
			}
		}
		if strings.Contains(got, "EXPOSE") != (tt.want != nil) {
			t.Errorf("%s: got\n%s", tt.command, got)
		}
		for _, n := range log.Notes() {
			if strings.Contains(n.Text, "PORT") {
				t.Errorf("%s: note %v", tt.command, n)
			}
		}
	}
}
