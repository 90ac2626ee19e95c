package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/shell"

	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/profiles/plan"
)

// How long the images may take.
const (
	answerWithin = 60 * time.Second
	devWithin    = 150 * time.Second // dev may compile first
	reloadWithin = 90 * time.Second
	stopWithin   = 2 * time.Second
)

// app is an example with what dockgen wrote for one runtime.
type app struct {
	*example.Example
	runtime plan.Runtime
	dir     string // a copy of all of it
	tag     string // for prod; those of other images begin with it
}

// dockerfile is the one of an app.
func dockerfile(t *testing.T, dir string) *example.Dockerfile {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := example.ParseDockerfile(text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// repository is a copy of the input with the files that dockgen wrote.
func repository(t *testing.T, e *example.Example, r plan.Runtime) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "dockgen-e2e-") //nolint:usetesting // see the clean-up
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// dev may have written to its mount as root, which this user cannot remove.
		if err := os.RemoveAll(dir); err != nil {
			t.Logf("left behind: %v", err)
		}
	})
	for _, from := range []string{e.Input(), filepath.Join(e.Want(), string(r))} {
		if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil { // another user's dev must be able to read it
		t.Fatal(err)
	}
	return dir
}

// built builds prod, unless this run has, and returns what is known of it.
func (run *e2e) built(t *testing.T, a app) *prodRow {
	t.Helper()
	row := run.prodRow(a)
	if row.size > 0 {
		return row
	}
	var err error
	if _, row.build, err = build(t.Context(), a.dir, "prod", a.tag, buildArgs(a.Example)...); err != nil {
		t.Fatal(err)
	}
	row.size = inspectImage(t.Context(), t, a.tag).Size
	return row
}

// devImage is what is known of an image of dev.
type devImage struct {
	tag, workdir string
	port         int
}

// buildDev builds dev and returns the time that it took.
func buildDev(t *testing.T, a app) (devImage, time.Duration) {
	t.Helper()
	d := devImage{tag: a.tag + "-dev", port: a.Prod.Port}
	_, took, err := build(t.Context(), a.dir, "dev", d.tag)
	if err != nil {
		t.Fatal(err)
	}
	img := inspectImage(t.Context(), t, d.tag)
	if ports := img.ports(); len(ports) == 0 {
		t.Fatal("dev exposes no port")
	} else if !slices.Contains(ports, d.port) {
		d.port = ports[0] // a dev server of its own, as Vite's
	}
	d.workdir = img.Config.WorkingDir
	if d.workdir == "" || d.workdir == "/" {
		t.Fatalf("dev has the working directory %q", d.workdir)
	}
	return d, took
}

// behaves runs an image with a read-only root: a job must end well and print
// what it should, a server answer, without root, and stop when it is told.
func behaves(t *testing.T, tag string, img image, want example.Prod) (answer, stop time.Duration) {
	t.Helper()
	ctx := t.Context()
	c := start(ctx, t, tag, want.Env, "--read-only", "--tmpfs", "/tmp")
	if want.HTTP == nil {
		begin := time.Now()
		code := c.wait(ctx, t, answerWithin)
		answer = time.Since(begin)
		logs := c.logs(ctx)
		if code != 0 {
			t.Errorf("the job ended with code %d\n%s", code, logs)
		}
		for _, s := range want.Stdout {
			if !strings.Contains(logs, s) {
				t.Errorf("the job did not print %q:\n%s", s, logs)
			}
		}
		return answer, 0
	}
	if !slices.Contains(img.ports(), want.Port) {
		t.Errorf("the image exposes %v, want %d", img.ports(), want.Port)
	}
	text, ok := like(*want.HTTP)
	answer = c.answer(ctx, t, want.Port, answerWithin, text, ok, want.HTTP.Path)
	for _, uid := range c.uids(ctx, t) {
		if uid == "0" || uid == "root" {
			t.Error("a process runs as root")
		}
	}
	if h := img.Config.Healthcheck; h != nil && len(h.Test) > 1 && h.Test[0] == "CMD" {
		if _, err := docker(ctx, "", append([]string{"exec", c.id}, h.Test[1:]...)...); err != nil {
			t.Errorf("the health check of a server that answers: %v", err)
		}
	}
	stop, code := c.stop(ctx, t)
	if stop > stopWithin || code == 137 {
		t.Errorf("stopped in %v with code %d, want SIGTERM to end it within %v", stop, code, stopWithin)
	}
	return answer, stop
}

// buildArgs are the example's build arguments as flags, sorted.
func buildArgs(e *example.Example) []string {
	var flags []string
	for name, value := range e.Prod.Args {
		flags = append(flags, "--build-arg="+name+"="+value)
	}
	slices.Sort(flags)
	return flags
}

// baseSize is the size of the image that prod is FROM.
func (run *e2e) baseSize(t *testing.T, dir string) int64 {
	t.Helper()
	file := dockerfile(t, dir)
	stages, args := file.Stages, file.Args
	base := stages[len(stages)-1].BaseName
	for _, s := range slices.Backward(stages) {
		if s.Name == base {
			base = s.BaseName
		}
	}
	var env []string
	for _, a := range args {
		for _, kv := range a.Args {
			env = append(env, kv.Key+"="+kv.ValueString())
		}
	}
	base, _, err := shell.NewLex('\\').ProcessWord(base, shell.EnvsFromSlice(env))
	if err != nil {
		t.Fatal(err)
	}
	if base == "scratch" {
		return 0
	}
	if size, ok := run.bases[base]; ok {
		return size
	}
	empty := t.TempDir()
	if err := os.WriteFile(filepath.Join(empty, "Dockerfile"), []byte("FROM "+base+" AS base\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	tag := fmt.Sprintf("dockgen-e2e-%d-base", os.Getpid())
	if _, _, err := build(t.Context(), empty, "base", tag); err != nil {
		t.Fatal(err)
	}
	run.bases[base] = inspectImage(t.Context(), t, tag).Size
	if _, err := docker(t.Context(), "", "rmi", "--force", tag); err != nil {
		t.Log(err)
	}
	return run.bases[base]
}

// edit makes an edit in dir and returns how to undo it.
func edit(t *testing.T, dir string, e example.Edit) func() {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(e.File))
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Apply(dir); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.WriteFile(file, old, 0o644); err != nil {
			t.Error(err)
		}
	}
}

// reload waits for the first answer, edits the source, and waits for the new
// answer. ready is called in between, when what carries the edit must start.
func reload(t *testing.T, e *example.Example, dir string, port int, c *container, ready func()) (answer, took time.Duration) {
	t.Helper()
	ctx := t.Context()
	want, ok := like(e.Dev.HTTP)
	answer = c.answer(ctx, t, port, devWithin, "an answer on "+e.Dev.HTTP.Path, func(status int, body string) bool {
		if ok(status, body) {
			t.Fatalf("dev answers before the edit as it should after it: %q", body)
		}
		return status < http500
	}, e.Dev.HTTP.Path)
	ready()
	// A person looks at the answer first; air can miss a save in the first
	// instants after it has started the program.
	time.Sleep(3 * time.Second)
	undo := edit(t, dir, e.Dev.Edit)
	defer undo()
	return answer, c.answer(ctx, t, port, reloadWithin, want+" after the edit", ok, e.Dev.HTTP.Path)
}

// http500 is where the statuses of a server that is not well begin.
const http500 = 500
