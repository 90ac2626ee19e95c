package example_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
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

// TestE2E builds and runs every target of every wanted Dockerfile with a real
// Docker engine, when DOCKGEN_E2E=1. It needs more than go test's ten
// minutes: give -timeout=60m. A table of what it measured goes to the file that
// DOCKGEN_E2E_REPORT names, else to the log.
func TestE2E(t *testing.T) {
	if os.Getenv("DOCKGEN_E2E") != "1" {
		t.Skip("DOCKGEN_E2E=1 runs the examples' images with Docker")
	}
	engine(t)
	run := &e2e{bases: map[string]int64{}, recipes: map[string]bool{}, watched: map[string]bool{}, begin: time.Now()}
	t.Cleanup(func() { run.report(t) })
	for _, e := range examples(t) {
		if end, ok := t.Deadline(); ok && time.Until(end) < 5*time.Minute {
			t.Fatalf("too little time is left before %v: run go test with -timeout=60m", e)
		}
		t.Run(e.String(), func(t *testing.T) { run.example(t, e) })
	}
}

// e2e is one run over the examples.
type e2e struct {
	begin   time.Time
	bases   map[string]int64 // sizes of base images
	recipes map[string]bool  // what was tried already, by example, target and text
	watched map[string]bool  // stacks whose dev ran under docker compose watch
	prods   []prodRow
	devs    []devRow
	owns    []ownRow
}

type prodRow struct {
	example             string
	runtime             plan.Runtime
	build, answer, stop time.Duration
	size, added, uid    int64
	rebuild             time.Duration
}

type devRow struct {
	example               string
	runtime               plan.Runtime
	build, answer, reload time.Duration
	watch                 time.Duration
	test                  time.Duration
}

// example tries the default's runtime first, so that the times of its builds
// are those of a user, then the others.
func (run *e2e) example(t *testing.T, e *example.Example) {
	first := defaultRuntime(t, e)
	runtimes := slices.DeleteFunc(plan.Runtimes(), func(r plan.Runtime) bool { return r == first })
	for _, r := range append([]plan.Runtime{first}, runtimes...) {
		want := filepath.Join(e.Want(), string(r))
		if _, err := os.Stat(filepath.Join(want, "Dockerfile")); err != nil {
			continue // it cannot be, as TestGolden has it
		}
		t.Run(string(r), func(t *testing.T) {
			dir := repository(t, e, r)
			tag := fmt.Sprintf("dockgen-e2e-%d-%s-%s-%s", os.Getpid(), e.Stack, strings.ToLower(e.Name), r)
			t.Cleanup(func() {
				_, _ = docker(context.Background(), "", "rmi", "--force", tag, tag+"-dev", tag+"-again", tag+"-own")
			})
			out, err := docker(t.Context(), dir, "build", "--check", "--progress", "plain", ".")
			if err != nil || strings.Contains(out, "WARNING") {
				t.Errorf("docker build --check: %v\n%s", err, out)
			}
			t.Run("prod", func(t *testing.T) { run.prod(t, e, r, dir, tag) })
			for _, name := range slices.Sorted(maps.Keys(e.Targets)) {
				t.Run("target "+name, func(t *testing.T) { run.target(t, e, name, dir, tag+"-"+name) })
			}
			if r == first && e.Dev != nil {
				t.Run("rebuild", func(t *testing.T) { run.rebuild(t, e, dir, tag+"-again") })
			}
			if r == first && e.Own() != "" {
				t.Run("own", func(t *testing.T) { run.own(t, e, r, tag+"-own") })
			}
			row := devRow{example: e.String(), runtime: r}
			if run.fresh(t, e, dir, "test") {
				t.Run("test", func(t *testing.T) { run.test(t, e, dir, &row) })
			}
			if run.fresh(t, e, dir, "dev") {
				t.Run("dev", func(t *testing.T) { run.dev(t, e, dir, tag+"-dev", &row) })
			}
			if row != (devRow{example: e.String(), runtime: r}) {
				run.devs = append(run.devs, row)
			}
		})
	}
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

// defaultRuntime is what the default profile chooses for the example.
func defaultRuntime(t *testing.T, e *example.Example) plan.Runtime {
	t.Helper()
	p, _, err := generate(t.Context(), e, "")
	if err != nil {
		t.Fatal(err)
	}
	return chosen(t, p)
}

// variant is what the tags of two runtimes' base images differ in.
var variant = regexp.MustCompile(`-(trixie-slim|bookworm-slim|slim-trixie|slim-bookworm|slim|trixie|bookworm|alpine)\b`)

// fresh reports whether the text of a target, with all that it builds on, was
// not yet tried: runtimes often differ in prod alone, or in the base image too.
func (run *e2e) fresh(t *testing.T, e *example.Example, dir, target string) bool {
	t.Helper()
	stages, args := stagesOf(t, dir)
	byName := map[string]instructions.Stage{}
	for _, s := range stages {
		byName[s.Name] = s
	}
	var b strings.Builder
	fmt.Fprintln(&b, e, target)
	for _, a := range args {
		fmt.Fprintln(&b, a.String())
	}
	for _, n := range ancestors(byName, target) {
		fmt.Fprintln(&b, byName[n].SourceCode)
		for _, c := range byName[n].Commands {
			fmt.Fprintf(&b, "%s\n", c)
		}
	}
	ignore, err := os.ReadFile(filepath.Join(dir, ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	key := b.String() + string(ignore)
	if !e.AllBases {
		key = variant.ReplaceAllString(key, "")
	}
	if run.recipes[key] {
		return false
	}
	run.recipes[key] = true
	return true
}

func stagesOf(t *testing.T, dir string) ([]instructions.Stage, []instructions.ArgCommand) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	stages := parseDockerfile(t, text)
	result, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	_, args, err := instructions.Parse(result.AST, nil)
	if err != nil {
		t.Fatal(err)
	}
	return stages, args
}

// prod builds prod and holds it to what example.yaml says.
func (run *e2e) prod(t *testing.T, e *example.Example, r plan.Runtime, dir, tag string) {
	ctx := t.Context()
	row := prodRow{example: e.String(), runtime: r}
	var err error
	if _, row.build, err = build(ctx, dir, "prod", tag, buildArgs(e)...); err != nil {
		t.Fatal(err)
	}
	img := inspectImage(ctx, t, tag)
	user, _, _ := strings.Cut(img.Config.User, ":")
	if row.uid, err = strconv.ParseInt(user, 10, 64); err != nil || row.uid == 0 {
		t.Errorf("the image runs as user %q, want a number other than 0", img.Config.User)
	}
	row.size = img.Size
	row.added = img.Size - run.baseSize(t, dir)
	if m := e.Prod.MaxAddedMB; m > 0 && (r == plan.Scratch || r == plan.Distroless) && row.added > int64(m)<<20 {
		t.Errorf("prod adds %s MB to its base, want at most %d", mb(row.added), m)
	}
	row.answer, row.stop = behaves(t, tag, img, e.Prod)
	run.prods = append(run.prods, row)
}

// target builds a final stage beside prod, and holds it to what example.yaml
// says.
func (run *e2e) target(t *testing.T, e *example.Example, name, dir, tag string) {
	t.Cleanup(func() { _, _ = docker(context.Background(), "", "rmi", "--force", tag) })
	if _, _, err := build(t.Context(), dir, name, tag, buildArgs(e)...); err != nil {
		t.Fatal(err)
	}
	img := inspectImage(t.Context(), t, tag)
	if user := img.Config.User; user == "" || user[0] == '0' || user[0] > '9' {
		t.Errorf("the image runs as user %q, want a number other than 0", user)
	}
	behaves(t, tag, img, e.Targets[name])
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
	stages, args := stagesOf(t, dir)
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

// test builds the test target, which must pass, and must fail in the test
// stage when the repository's tests do.
func (run *e2e) test(t *testing.T, e *example.Example, dir string, row *devRow) {
	_, took, err := build(t.Context(), dir, "test", "")
	if err != nil {
		t.Fatal(err)
	}
	row.test = took
	if e.Test == nil {
		return
	}
	undo := edit(t, dir, e.Test.Breaks)
	defer undo()
	out, _, err := build(t.Context(), dir, "test", "")
	switch {
	case err == nil:
		t.Errorf("with %q in %s the target test still builds", e.Test.Breaks.New, e.Test.Breaks.File)
	case !strings.Contains(out, "> [test "):
		t.Errorf("the build fails elsewhere than in the stage test:\n%s", tail(out, 40))
	}
}

// dev runs the dev target with the source mounted over its working directory,
// and wants an edit to show without a rebuild.
func (run *e2e) dev(t *testing.T, e *example.Example, dir, tag string, row *devRow) {
	ctx := t.Context()
	if e.Dev == nil {
		if _, took, err := build(ctx, dir, "dev", ""); err != nil {
			t.Fatal(err)
		} else {
			row.build = took
		}
		return
	}
	var err error
	if _, row.build, err = build(ctx, dir, "dev", tag); err != nil {
		t.Fatal(err)
	}
	img := inspectImage(ctx, t, tag)
	port := e.Prod.Port
	if ports := img.ports(); len(ports) == 0 {
		t.Fatal("dev exposes no port")
	} else if !slices.Contains(ports, port) {
		port = ports[0] // a dev server of its own, as Vite's
	}
	if img.Config.WorkingDir == "" || img.Config.WorkingDir == "/" {
		t.Fatalf("dev has the working directory %q", img.Config.WorkingDir)
	}
	t.Run("mount", func(t *testing.T) {
		c := start(ctx, t, tag, e.Prod.Env, "--volume", dir+":"+img.Config.WorkingDir)
		row.answer, row.reload = reload(t, e, dir, port, c, func() {})
	})
	if run.watched[e.Stack] {
		return
	}
	run.watched[e.Stack] = true
	t.Run("watch", func(t *testing.T) {
		if _, err := docker(ctx, "", "compose", "version"); err != nil {
			t.Skip("no docker compose on this machine")
		}
		row.watch = watch(t, e, dir, tag, port, img.Config.WorkingDir)
	})
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

// watch runs dev under docker compose watch, which copies edited files into
// the container: https://docs.docker.com/compose/how-tos/file-watch/.
func watch(t *testing.T, e *example.Example, dir, tag string, port int, workdir string) time.Duration {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var env strings.Builder
	if len(e.Prod.Env) > 0 {
		env.WriteString("    environment:\n")
	}
	for name, v := range e.Prod.Env {
		fmt.Fprintf(&env, "      %s: %q\n", name, v)
	}
	file := filepath.Join(dir, "compose.yaml")
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
`, tag, env.String(), workdir)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	project := []string{"compose", "--file", file, "--project-name", tag}
	compose := func(ctx context.Context, args ...string) (string, error) {
		return docker(ctx, dir, slices.Concat(project, args)...)
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
	_, took := reload(t, e, dir, port, &container{id: strings.TrimSpace(id)}, func() {
		cmd := exec.CommandContext(ctx, "docker", slices.Concat(project, []string{"watch", "--no-up"})...)
		cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &watcher, &watcher
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
	return took
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

func mb(n int64) string { return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) }

func seconds(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return strconv.FormatFloat(d.Seconds(), 'f', 1, 64)
}

// report prints what was measured.
func (run *e2e) report(t *testing.T) {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "prod\truntime\tuid\tadded MB\timage MB\tbuild s\tanswer s\tstop s\trebuild s\t")
	for _, p := range run.prods {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t\n", p.example, p.runtime, p.uid, mb(p.added), mb(p.size),
			seconds(p.build), seconds(p.answer), seconds(p.stop), seconds(p.rebuild))
	}
	_ = w.Flush()
	fmt.Fprintln(w)
	fmt.Fprintln(w, "dev, test\truntime\ttest s\tdev build s\tanswer s\treload s\tunder watch s\t")
	for _, d := range run.devs {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", d.example, d.runtime,
			seconds(d.test), seconds(d.build), seconds(d.answer), seconds(d.reload), seconds(d.watch))
	}
	_ = w.Flush()
	run.reportOwn(w)
	fmt.Fprintf(&b, "\n%d images of prod, %d of dev and test, in %v\n", len(run.prods), len(run.devs), time.Since(run.begin).Round(time.Second))
	file := os.Getenv("DOCKGEN_E2E_REPORT")
	if file == "" {
		t.Log("\n" + b.String())
		return
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Error(err)
	}
}
