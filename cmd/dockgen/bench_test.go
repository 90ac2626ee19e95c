package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/internal/project"
	"github.com/dockgen/dockgen/profiles"
)

// BenchmarkInit is the whole of dockgen init on a small repository, writing
// included: go test -bench Init ./cmd/dockgen.
func BenchmarkInit(b *testing.B) {
	dir := b.TempDir()
	for name, text := range map[string]string{
		"go.mod":         "module example.com/hello\n\ngo 1.26\n",
		"main.go":        "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n",
		"main_test.go":   "package main\n\nimport \"testing\"\n\nfunc TestX(t *testing.T) {}\n",
		"README.md":      "# hello\n",
		"static/app.css": "body {}\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	quiet := streams{out: io.Discard, err: io.Discard, terminal: func(io.Writer) bool { return false }}
	for _, bm := range []struct {
		name string
		args []string
	}{
		{"write", []string{"init", "--quiet", dir}},
		{"dry-run", []string{"init", "--quiet", "--dry-run", dir}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if code := run(context.Background(), bm.args, quiet); code != exitDone {
					b.Fatal(code)
				}
				for _, name := range []string{"Dockerfile", ".dockerignore", "dockgen.lock"} {
					_ = os.Remove(filepath.Join(dir, name))
				}
			}
		})
	}
}

// BenchmarkProcess is what a user waits for, with all that a process does before
// main: init on a Nest app, and version beside it, which does nothing else. cpu-ms
// is the processor's time, which other work on the machine disturbs less. init is
// to take no more than 5 ms above version.
func BenchmarkProcess(b *testing.B) {
	dir := b.TempDir()
	program := filepath.Join(dir, "dockgen")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	app := filepath.Join(dir, "nest")
	if err := os.CopyFS(app, os.DirFS("../../testdata/node/nest/input")); err != nil {
		b.Fatal(err)
	}
	for _, args := range [][]string{{"version"}, {"init", "--quiet"}} {
		b.Run(args[0], func(b *testing.B) {
			var cpu time.Duration
			for b.Loop() {
				for _, name := range []string{"Dockerfile", ".dockerignore", "dockgen.lock"} {
					_ = os.Remove(filepath.Join(app, name))
				}
				cmd := exec.Command(program, args...)
				cmd.Dir = app
				if err := cmd.Run(); err != nil {
					b.Fatal(err)
				}
				cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			}
			b.ReportMetric(float64(cpu.Microseconds())/1000/float64(b.N), "cpu-ms/op")
		})
	}
}

// BenchmarkScanNest is the scan of a Nest app, most of which is its lockfile.
func BenchmarkScanNest(b *testing.B) {
	a, err := project.Open("../../testdata/node/nest/input")
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := detect.Scan(b.Context(), a.FS(), profiles.Languages()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkScan is the scan of 100,000 files as the command does it, beside a
// walk of them that does nothing.
func BenchmarkScan(b *testing.B) {
	dir := b.TempDir()
	for i := range 2000 {
		sub := filepath.Join(dir, fmt.Sprintf("pkg%02d/mod%02d/part%02d", i/400, i/20%20, i%20))
		if err := os.MkdirAll(sub, 0o755); err != nil {
			b.Fatal(err)
		}
		for j := range 50 {
			if err := os.WriteFile(filepath.Join(sub, fmt.Sprintf("file%02d.txt", j)), nil, 0o644); err != nil {
				b.Fatal(err)
			}
		}
	}
	a, err := project.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	b.Run("WalkDir", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := fs.WalkDir(os.DirFS(dir), ".", func(string, fs.DirEntry, error) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Scan", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := detect.Scan(b.Context(), a.FS(), profiles.Languages()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
