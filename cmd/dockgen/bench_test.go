package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
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

// BenchmarkSeveral is init, and an update of one app, in a repository of 200 apps and 100,000 files, beside a walk of them that does
// nothing. The memory of init is to grow with the apps, and not with the files: "few" has the same apps with a tenth of them. A file that is no code
// costs what the walk of it costs, and 90 bytes of the index; a file of code is opened once more, and read; to decide an app takes some 3 ms of a processor, which is
// as much as the walk of 3,000 files: so init takes several times the walk wherever an app has fewer.
func BenchmarkSeveral(b *testing.B) {
	quiet := streams{out: io.Discard, err: io.Discard, terminal: func(io.Writer) bool { return false }}
	for _, size := range []struct {
		name  string
		files int // of each app
	}{{"few", 50}, {"many", 500}} {
		dir := b.TempDir()
		several(b, dir, size.files)
		b.Run(size.name+"/WalkDir", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := fs.WalkDir(os.DirFS(dir), ".", func(string, fs.DirEntry, error) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
		for _, args := range [][]string{{"init", "--dry-run"}, {"update", "--dry-run"}, {"update", "--dry-run", "--app", "services/s007"}} {
			if args[0] == "update" && args[len(args)-1] == "--dry-run" {
				if code := run(context.Background(), []string{"init", "--quiet", dir}, quiet); code != exitDone {
					b.Fatal(code)
				}
			}
			b.Run(size.name+"/"+strings.Join(args, " "), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if code := run(context.Background(), append(slices.Clone(args), "--quiet", dir), quiet); code != exitDone {
						b.Fatal(code)
					}
				}
			})
		}
	}
}

// several writes 200 apps in three languages below services, with so many files each; a tenth of these are code.
func several(b *testing.B, dir string, files int) {
	b.Helper()
	kinds := []map[string]string{
		{"go.mod": "module example.com/x\n\ngo 1.26\n", "main.go": "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n", "pkg%d/x.go": "package x\n\n// X is a number.\nconst X = 1\n"},
		{"package.json": `{"name": "x", "scripts": {"start": "node index.js"}}`, "index.js": "require('http').createServer((q, s) => s.end('hi')).listen(3000)\n", "lib/x%d.js": "exports.x = 1\n"},
		{"requirements.txt": "fastapi==0.121.0\nuvicorn==0.38.0\n", "main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n", "lib/x%d.py": "X = 1\n"},
	}
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	for i := range 200 {
		app := filepath.Join(dir, "services", fmt.Sprintf("s%03d", i))
		for name, text := range kinds[i%len(kinds)] {
			if !strings.Contains(name, "%d") {
				write(filepath.Join(app, name), text)
				continue
			}
			for j := range files / 10 {
				write(filepath.Join(app, fmt.Sprintf(name, j)), text)
			}
		}
		for j := range files - files/10 {
			write(filepath.Join(app, fmt.Sprintf("assets/part%02d/file%02d.txt", j/50, j%50)), "")
		}
	}
}
