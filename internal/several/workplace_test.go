package several_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/internal/several"
)

// workplace is a copy of a repository with the files that dockgen wrote.
type workplace struct {
	*several.Repository
	dir     string
	targets map[string]string // of the bake file, by the app's folder
}

func newWorkplace(t *testing.T, r *several.Repository) *workplace {
	t.Helper()
	w := &workplace{Repository: r, dir: t.TempDir(), targets: map[string]string{}}
	for _, from := range []string{r.Input(), r.Want()} {
		if err := os.CopyFS(w.dir, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(path.Join(w.dir, "docker-bake.hcl")); err != nil { // docker build . makes the one app
		w.targets["."] = single
		t.Cleanup(func() { _, _ = docker(context.Background(), "", "rmi", "--force", w.image(single)) })
		return w
	}
	var file struct {
		Group  map[string]struct{ Targets []string }
		Target map[string]struct{ Context, Dockerfile string }
	}
	must(t, w.dir, &file, "buildx", "bake", "--file", "docker-bake.hcl", "--print")
	for name, target := range file.Target {
		w.targets[path.Join(target.Context, path.Dir(target.Dockerfile))] = name
	}
	var folders []string
	for _, at := range slices.Sorted(maps.Keys(r.Apps)) {
		if !slices.Contains(file.Group["default"].Targets, w.targets[at]) {
			t.Errorf("bake builds no %s", at)
		}
		folders = append(folders, w.targets[at])
	}
	t.Cleanup(func() {
		for _, name := range folders {
			_, _ = docker(context.Background(), "", "rmi", "--force", w.image(name))
		}
	})
	return w
}

// single stands for the target of the one app that docker build makes.
const single = "one"

// image is the name of the image of a target.
func (w *workplace) image(target string) string {
	return fmt.Sprintf("dockgen-several-%d-%s-%s", os.Getpid(), w.Name, target)
}

// build bakes targets, or all, and returns the log.
func (w *workplace) build(t *testing.T, targets []string, options ...string) string {
	t.Helper()
	return must(t, w.dir, nil, w.line(targets, options...)...)
}

// line are the words that do so, or that build the one app.
func (w *workplace) line(targets []string, options ...string) []string {
	if w.targets["."] == single {
		out := []string{"buildx", "build", "--progress", "plain"}
		if slices.Contains(options, "*.target=test") {
			return append(out, "--target", "test", "--output", "type=cacheonly", ".")
		}
		return append(out, "--tag", w.image(single), ".")
	}
	out := []string{"buildx", "bake", "--file", "docker-bake.hcl", "--progress", "plain"}
	for _, name := range w.targets {
		out = append(out, "--set", name+".tags="+w.image(name))
	}
	return slices.Concat(out, options, targets)
}

// bake makes an image of each app and runs them together.
func (w *workplace) bake(t *testing.T) {
	w.build(t, nil)
	network := fmt.Sprintf("dockgen-several-%d-%s", os.Getpid(), w.Name)
	must(t, "", nil, "network", "create", network)
	t.Cleanup(func() { _, _ = docker(context.Background(), "", "network", "rm", network) })
	running := map[string]string{}
	folders := slices.Sorted(maps.Keys(w.Apps))
	for _, at := range folders {
		running[at] = start(t, w.image(w.targets[at]), w.Apps[at].Env, "--network", network, "--network-alias", w.targets[at])
	}
	t.Cleanup(func() { // before the network's
		for _, id := range running {
			_, _ = docker(context.Background(), "", "rm", "--force", "--volumes", id)
		}
	})
	for _, at := range folders {
		t.Run(strings.ReplaceAll(at, "/", "-"), func(t *testing.T) { w.behaves(t, at, running[at]) })
	}
	for _, at := range folders {
		if w.Apps[at].HTTP != nil {
			stops(t, running[at])
		}
	}
}

// behaves holds a container to what repository.yaml says of its app.
func (w *workplace) behaves(t *testing.T, at, id string) {
	img := inspect[image](t, "image", w.image(w.targets[at]))
	user, _, _ := strings.Cut(img.Config.User, ":")
	if n, err := strconv.Atoi(user); err != nil || n == 0 {
		t.Errorf("the image runs as user %q, want a number other than 0", img.Config.User)
	}
	app := w.Apps[at]
	if app.HTTP == nil {
		if code := ended(t, id); code != "0" {
			t.Errorf("it ended with code %s", code)
		}
		text := logs(t.Context(), id)
		for _, s := range app.Stdout {
			if !strings.Contains(text, s) {
				t.Errorf("it did not print %q:\n%s", s, text)
			}
		}
		return
	}
	if _, ok := img.Config.ExposedPorts[strconv.Itoa(app.Port)+"/tcp"]; !ok {
		t.Errorf("the image exposes %v, want %d", img.Config.ExposedPorts, app.Port)
	}
	for _, h := range append([]example.HTTP{*app.HTTP}, app.Also...) {
		answers(t, id, app.Port, h)
	}
	if all := users(t, id); slices.Contains(all, "0") || slices.Contains(all, "root") {
		t.Errorf("the processes run as %v", all)
	}
	if h := img.Config.Healthcheck; h != nil && len(h.Test) > 1 && h.Test[0] == "CMD" {
		must(t, "", nil, append([]string{"exec", id}, h.Test[1:]...)...)
	}
}

// step is a command of a stage in BuildKit's plain log, with its number.
var step = regexp.MustCompile(`(?m)^#(\d+) \[[^\]]*\b\d+/\d+\] (RUN|COPY) .*$`)

// ran are the steps of a build that were not taken from the cache.
func ran(log string) (out []string) {
	for _, m := range step.FindAllStringSubmatch(log, -1) {
		if !strings.Contains(log, "\n#"+m[1]+" CACHED\n") && !slices.Contains(out, m[0]) {
			out = append(out, m[0])
		}
	}
	return out
}

// cached edits one app after the other. An engine that is short of room forgets layers whenever it likes
// (https://docs.docker.com/build/cache/garbage-collection/): what runs again must do so three times.
func (w *workplace) cached(t *testing.T) {
	w.build(t, nil)
	for _, at := range slices.Sorted(maps.Keys(w.Apps)) {
		others := slices.Sorted(maps.Values(w.targets))
		others = slices.DeleteFunc(others, func(name string) bool { return name == w.targets[at] })
		var again []string
		for attempt := range 3 {
			undo := w.edit(t, w.Apps[at].Edit, strings.Repeat("\n", attempt)) // which no build has seen
			before := inspect[image](t, "image", w.image(w.targets[at])).ID
			if len(others) > 0 {
				again = ran(w.build(t, others, "--set", "*.output=type=cacheonly"))
			}
			log := w.build(t, []string{w.targets[at]})
			again = append(again, slices.DeleteFunc(ran(log), func(s string) bool { return !strings.Contains(s, "[frontend-") })...)
			if inspect[image](t, "image", w.image(w.targets[at])).ID == before {
				t.Errorf("after an edit of %s the image of %s is the same", w.Apps[at].Edit.File, at)
			}
			undo()
			if len(again) == 0 {
				break
			}
			t.Logf("after an edit of %s in %s:\n%s", w.Apps[at].Edit.File, at, strings.Join(again, "\n"))
			w.build(t, nil)
		}
		if len(again) > 0 {
			t.Errorf("after an edit of %s, which is of %s, steps of other apps run again:\n%s", w.Apps[at].Edit.File, at, strings.Join(again, "\n"))
		}
	}
}

// tests builds the test target of an app, and again after the edit that breaks it.
func (w *workplace) tests(t *testing.T, at string) {
	only := []string{"--set", "*.target=test", "--set", "*.output=type=cacheonly"}
	w.build(t, []string{w.targets[at]}, only...)
	if e := w.Apps[at].Breaks; e != nil {
		defer w.edit(t, *e, "")()
		if log, err := docker(t.Context(), w.dir, w.line([]string{w.targets[at]}, only...)...); err == nil {
			t.Errorf("the tests pass after an edit of %s\n%s", e.File, tail(log, 30))
		}
	}
}

// edit makes an edit, with more at the end of the file, and returns how to undo it.
func (w *workplace) edit(t *testing.T, e example.Edit, more string) func() {
	t.Helper()
	file := path.Join(w.dir, e.File)
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Apply(w.dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, append(text, more...), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.WriteFile(file, old, 0o644); err != nil {
			t.Error(err)
		}
	}
}
