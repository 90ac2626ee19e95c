package e2e_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/modfile"
)

// downloads is what package managers print when they fetch a dependency.
var downloads = regexp.MustCompile(`(?m)^#\d+ .*(go: downloading |Downloading |Downloaded from |Collecting \S+(?: \(|$)|npm http fetch|added \d+ packages).*$`)

// depsRun is a step of the deps stage in BuildKit's plain log, with its number.
var depsRun = regexp.MustCompile(`(?m)^#(\d+) \[deps [0-9/]+\] RUN .*$`)

// rebuild builds prod after an edit, which must not fetch dependencies, nor
// compile them: what does, must do so three times. An engine that is short of
// room forgets layers and cache mounts whenever it likes
// (https://docs.docker.com/build/cache/garbage-collection/).
func (run *e2e) rebuild(t *testing.T, a app) {
	row := run.built(t, a)
	var faults []string
	for attempt := range 3 {
		if faults, row.rebuild = buildAgain(t, a, attempt); len(faults) == 0 {
			return
		}
		t.Logf("after an edit of %s:\n%s", a.Dev.Edit.File, strings.Join(faults, "\n"))
	}
	t.Errorf("each rebuild after an edit of %s repeats what the edit has nothing to do with:\n%s", a.Dev.Edit.File, strings.Join(faults, "\n"))
}

// buildAgain rebuilds once, with an edit that no build has seen, and returns what
// that repeats, and how long it took.
func buildAgain(t *testing.T, a app, attempt int) (faults []string, took time.Duration) {
	undo := edit(t, a.dir, a.Dev.Edit)
	defer undo()
	f, err := os.OpenFile(filepath.Join(a.dir, filepath.FromSlash(a.Dev.Edit.File)), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(strings.Repeat("\n", attempt)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	log, took, err := build(t.Context(), a.dir, "prod", a.tag+"-again", buildArgs(a.Example)...)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range downloads.FindAllString(log, 10) {
		faults = append(faults, "fetches dependencies: "+line)
	}
	for _, m := range depsRun.FindAllStringSubmatch(log, -1) {
		if !strings.Contains(log, "\n#"+m[1]+" CACHED\n") {
			faults = append(faults, "runs again: "+m[0])
		}
	}
	if a.Stack == "go" {
		faults = append(faults, compiled(t, a.dir)...)
	}
	return faults, took
}

// compiledPackage is a line of go build -v in BuildKit's plain log.
var compiledPackage = regexp.MustCompile(`(?m)^#\d+ [0-9.]+ ([A-Za-z0-9._~/-]+)$`)

// compiled builds once more with go build -v, which names each package that
// the compiler's cache does not have, and lists those that are not the
// repository's own.
func compiled(t *testing.T, dir string) (faults []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte(strings.ReplaceAll(string(text), " build -trimpath", " build -v -trimpath")), 0o644); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), text, 0o644); err != nil {
			t.Error(err)
		}
	}()
	log, _, err := build(context.WithoutCancel(t.Context()), dir, "build", "")
	if err != nil {
		t.Fatal(err)
	}
	own := modules(t, dir)
	for _, m := range compiledPackage.FindAllStringSubmatch(log, -1) {
		isOwn := false
		for _, mod := range own {
			isOwn = isOwn || m[1] == mod || strings.HasPrefix(m[1], mod+"/")
		}
		if !isOwn && m[1] != "command-line-arguments" {
			faults = append(faults, "compiles "+m[1])
		}
	}
	return faults
}

// modules are the paths of the modules in dir.
func modules(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.Name() != "go.mod" {
			return err
		}
		text, err := os.ReadFile(name)
		if err == nil {
			out = append(out, modfile.ModulePath(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
