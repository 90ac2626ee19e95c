package several_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dockgen/dockgen/internal/project"
)

// composed brings up what init writes for the repository, asks through one of its services, and asks again after a restart.
func (w *workplace) composed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	if err := os.CopyFS(dir, os.DirFS(w.Input())); err != nil {
		t.Fatal(err)
	}
	folder, err := project.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	change, err := folder.Init(t.Context(), project.Request{}, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := folder.Write(change); err != nil { // with passwords, which want does not have
		t.Fatal(err)
	}
	databases(t)
	w.build(t, nil) // what compose up --build would, if the engine's buildx is new enough for it
	name := fmt.Sprintf("dockgen-several-%d-%s", os.Getpid(), strings.ToLower(w.Name))
	over := filepath.Join(t.TempDir(), "ports.yaml") // the machine's ports may be taken
	var text strings.Builder
	text.WriteString("services:\n")
	for s := range strings.FieldsSeq(must(t, dir, nil, "compose", "config", "--services")) {
		text.WriteString("  " + s + ":\n    ports: !reset []\n")
		if slices.Contains(slices.Collect(maps.Values(w.targets)), s) {
			text.WriteString("    build: !reset null\n    image: " + w.image(s) + "\n    pull_policy: never\n")
		}
	}
	if err := os.WriteFile(over, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	compose := func(args ...string) []string {
		return append([]string{"compose", "--progress", "plain", "--project-name", name, "--file", "compose.yaml", "--file", over}, args...)
	}
	t.Cleanup(func() {
		_, _ = docker(context.Background(), dir, compose("down", "--volumes", "--timeout", "2")...)
	})
	must(t, dir, nil, compose("up", "--detach", "--quiet-pull")...)
	id := strings.TrimSpace(must(t, dir, nil, compose("ps", "--quiet", w.Compose.Service)...))
	for _, h := range w.Compose.Asks {
		answers(t, id, w.Compose.Port, h)
	}
	if w.Compose.Writes == "" {
		return
	}
	post(t, id, w.Compose.Port, w.Compose.Writes)
	answers(t, id, w.Compose.Port, w.Compose.Kept)
	must(t, dir, nil, compose("down", "--timeout", "10")...)
	must(t, dir, nil, compose("up", "--detach")...)
	id = strings.TrimSpace(must(t, dir, nil, compose("ps", "--quiet", w.Compose.Service)...))
	answers(t, id, w.Compose.Port, w.Compose.Kept)
}

// post sends a request without a body until it is taken.
func post(t *testing.T, id string, port int, path string) {
	t.Helper()
	last := ""
	for begin := time.Now(); time.Since(begin) < answerWithin; time.Sleep(poll) {
		for _, n := range inspect[state](t, "container", id).NetworkSettings.Networks {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+n.IPAddress+":"+strconv.Itoa(port)+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				last = err.Error()
				continue
			}
			res.Body.Close()
			if last = res.Status; res.StatusCode == http.StatusOK {
				return
			}
		}
	}
	t.Fatalf("POST %s: %s\n%s", path, last, logs(t.Context(), id))
}

// databases has an image of PostgreSQL where no registry has one in reach: it is Debian's then.
func databases(t *testing.T) {
	t.Helper()
	const image = "postgres:18"
	if _, err := docker(t.Context(), "", "image", "inspect", image); err == nil {
		return
	}
	if _, err := docker(t.Context(), "", "pull", "--quiet", image); err == nil {
		return
	}
	text, err := os.ReadFile("postgres.Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	must(t, dir, nil, "buildx", "build", "--progress", "plain", "--tag", image, ".")
}
