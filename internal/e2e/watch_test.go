package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// watch runs dev under docker compose watch, which copies edited files into
// the container: https://docs.docker.com/compose/how-tos/file-watch/.
func (run *e2e) watch(t *testing.T, a app) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if _, err := docker(ctx, "", "compose", "version"); err != nil {
		t.Skip("no docker compose on this machine")
	}
	// The app's own folder holds what dev wrote into its mount.
	a.dir = repository(t, a.Example, a.runtime)
	d, _ := buildDev(t, a)
	var env strings.Builder
	if len(a.Prod.Env) > 0 {
		env.WriteString("    environment:\n")
	}
	for name, v := range a.Prod.Env {
		fmt.Fprintf(&env, "      %s: %q\n", name, v)
	}
	file := filepath.Join(a.dir, "compose.yaml")
	text := fmt.Sprintf(`services:
  app:
    image: %q
    build:
      context: .
      target: dev
%s    develop:
      watch:
        - action: sync
          path: .
          target: %q
`, d.tag, env.String(), d.workdir)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	project := []string{"compose", "--file", file, "--project-name", a.tag}
	compose := func(ctx context.Context, args ...string) (string, error) {
		return docker(ctx, a.dir, slices.Concat(project, args)...)
	}
	t.Cleanup(func() {
		if _, err := compose(context.Background(), "down", "--volumes", "--timeout", "1"); err != nil {
			t.Log(err)
		}
		if err := os.Remove(file); err != nil {
			t.Error(err)
		}
	})
	if _, err := compose(ctx, "up", "--detach", "--no-build"); err != nil {
		t.Fatal(err)
	}
	id, err := compose(ctx, "ps", "--quiet", "app")
	if err != nil {
		t.Fatal(err)
	}
	var watcher buffer
	_, run.devRow(a).watch = reload(t, a.Example, a.dir, d.port, &container{id: strings.TrimSpace(id)}, func() {
		cmd := exec.CommandContext(ctx, "docker", slices.Concat(project, []string{"watch", "--no-up"})...)
		cmd.Dir, cmd.Stdout, cmd.Stderr = a.dir, &watcher, &watcher
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		cmd.WaitDelay = 5 * time.Second
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Wait() }) // it ended with ctx
		for begin := time.Now(); !strings.Contains(watcher.String(), "Watch enabled"); time.Sleep(poll) {
			if time.Since(begin) > 30*time.Second {
				t.Fatalf("docker compose watch does not start:\n%s", watcher.String())
			}
		}
		// It begins with a copy of every file; an edit during that is not seen.
		for before := ""; watcher.String() != before; {
			before = watcher.String()
			time.Sleep(3 * time.Second)
		}
	})
}

// buffer is a bytes.Buffer that one goroutine may write while another reads.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
