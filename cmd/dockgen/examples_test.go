package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestExamples runs the commands on every example, which hold for all of them:
// what init wrote, check agrees with and update leaves alone; and there and
// back again to another runtime is the file that was there.
func TestExamples(t *testing.T) {
	t.Parallel()
	inputs, err := filepath.Glob(filepath.Join("..", "..", "testdata", "*", "*", "input"))
	if err != nil || len(inputs) == 0 {
		t.Fatal("no examples", err)
	}
	for _, input := range inputs {
		t.Run(filepath.ToSlash(input), func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), filepath.Base(filepath.Dir(input)))
			if err := os.CopyFS(dir, os.DirFS(input)); err != nil {
				t.Fatal(err)
			}
			must := func(want int, args ...string) {
				t.Helper()
				if code, out, errs := command(args...); code != want {
					t.Fatalf("%v: exit %d, want %d\n%s%s", args, code, want, out, errs)
				}
			}
			generated := func() map[string]string {
				t.Helper()
				out := map[string]string{}
				for _, name := range []string{"Dockerfile", ".dockerignore", "Dockerfile.dockerignore"} {
					text, err := os.ReadFile(filepath.Join(dir, name))
					if err == nil {
						out[name] = string(text)
					}
				}
				return out
			}
			must(exitDone, "init", dir)
			first := generated()
			own, err := os.ReadFile(filepath.Join(dir, "dockgen.yaml"))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			must(exitDone, "check", dir)
			must(exitDone, "update", dir)
			must(exitDone, "update", "--upgrade", dir)
			must(exitDone, "explain", dir)
			if diff := cmp.Diff(first, generated()); diff != "" {
				t.Errorf("update after init: %s", diff)
			}
			for _, r := range plan.Runtimes() {
				code, _, _ := command("explain", "--runtime", string(r), dir)
				if part, _, _ := command("update", "-n", "--runtime", string(r), dir); code == exitDone && part == exitUnsupported {
					continue // of several apps, one cannot run on it
				}
				if code != exitDone {
					must(exitFailure, "update", "--runtime", string(r), dir)
					if diff := cmp.Diff(first, generated()); diff != "" {
						t.Errorf("%s is impossible, and yet: %s", r, diff)
					}
					continue
				}
				lock, err := os.ReadFile(filepath.Join(dir, "dockgen.lock"))
				if err != nil {
					t.Fatal(err)
				}
				must(exitDone, "update", "--runtime", string(r), dir)
				must(exitDone, "check", dir)
				there := generated()
				must(exitDone, "init", "--force", "--runtime", string(r), dir)
				if diff := cmp.Diff(there, generated()); diff != "" {
					t.Errorf("update --runtime %s differs from init: %s", r, diff)
				}
				// Back.
				if err := os.WriteFile(filepath.Join(dir, "dockgen.yaml"), own, 0o644); err != nil {
					t.Fatal(err)
				}
				must(exitDone, "init", "--force", dir)
				if diff := cmp.Diff(first, generated()); diff != "" {
					t.Errorf("back from %s: %s", r, diff)
				}
				if now, err := os.ReadFile(filepath.Join(dir, "dockgen.lock")); err != nil || string(now) != string(lock) {
					t.Errorf("back from %s: the lock differs, %v: %s", r, err, cmp.Diff(string(lock), string(now)))
				}
			}
		})
	}
}
