package tree

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/fact"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func scan(t *testing.T, fsys fs.FS, l Limits) *Tree {
	t.Helper()
	tr, err := Scan(t.Context(), fsys, l)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestScanLeavesOutWhatIsNotTheRepositorys(t *testing.T) {
	tr := scan(t, fstest.MapFS{
		"go.mod":                          file("module m\n"),
		"cmd/app/main.go":                 file("package main\n"),
		"node_modules/x/package.json":     file("{}"),
		"web/node_modules/x/package.json": file("{}"),
		".git/config":                     file(""),
		"vendor/modules.txt":              file("# m\n"),
		"vendor/m/m.go":                   file("package m\n"),
		"env/pyvenv.cfg":                  file("home = /usr\n"),
		"env/lib/x.py":                    file(""),
		".gitignore":                      file("/out/\n*.log\n!keep/\n"),
		"out/gen.go":                      file("package out\n"),
		"dockgen.yaml":                    file("port: 1\n"),
		"dockgen.lock":                    file("version: 1\n"),
		"sub/.gitignore":                  file("cache/\n"),
		"sub/cache/a.go":                  file("package a\n"),
		"sub/out/a.go":                    file("package a\n"),
		"cache/a.go":                      file("package a\n"),
		"link":                            &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte("/etc/passwd")},
		"bad\nname/x":                     file(""),
	}, Limits{})
	want := []string{".gitignore", "cache/a.go", "cmd/app/main.go", "go.mod", "sub/.gitignore", "sub/out/a.go", "vendor/modules.txt"}
	if diff := cmp.Diff(want, tr.Files(".")); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if !tr.IsLink("link") {
		t.Error("link is not known as a symbolic link")
	}
	if _, err := tr.Read("link"); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading a link: got %v, want an error that says so", err)
	}
	if len(tr.Skipped()) != 1 || strings.ContainsRune(tr.Skipped()[0].Path, '\n') {
		t.Errorf("skipped: got %q, want the one bad name, escaped", tr.Skipped())
	}
}

func TestScanBounds(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, d := range []string{"a", "b", "c"} {
		for _, f := range []string{"1", "2", "3"} {
			fsys[d+"/"+f] = file("")
		}
	}
	if got := len(scan(t, fsys, Limits{Entries: 6}).Files(".")); got >= 9 || got == 0 {
		t.Errorf("entry limit: got %d files", got)
	}
	deep := fstest.MapFS{strings.Repeat("d/", 9) + "f": file(""), "top": file("")}
	tr := scan(t, deep, Limits{Depth: 3})
	if diff := cmp.Diff([]string{"top"}, tr.Files(".")); diff != "" {
		t.Errorf("depth limit (-want +got):\n%s", diff)
	}
	if len(tr.Skipped()) != 1 {
		t.Errorf("skipped: got %v", tr.Skipped())
	}
}

// At the entry limit the files of every folder that was entered are known, and
// the limit is said once.
func TestScanLimitIsRootFirst(t *testing.T) {
	fsys := fstest.MapFS{"a/b/1": file(""), "a/b/2": file(""), "a/z": file(""), "b/1": file(""), "go.mod": file(""), "z.txt": file("")}
	for entries, want := range map[int][]string{
		2:   {"go.mod", "z.txt"}, // the root alone is over the limit: its files
		1:   {"go.mod"},
		4:   {"go.mod", "z.txt"},
		7:   {"a/z", "go.mod", "z.txt"},
		8:   {"a/b/1", "a/b/2", "a/z", "go.mod", "z.txt"},
		9:   {"a/b/1", "a/b/2", "a/z", "b/1", "go.mod", "z.txt"},
		100: {"a/b/1", "a/b/2", "a/z", "b/1", "go.mod", "z.txt"},
	} {
		tr := scan(t, fsys, Limits{Entries: entries})
		if diff := cmp.Diff(want, tr.Files(".")); diff != "" {
			t.Errorf("%d entries (-want +got):\n%s", entries, diff)
		}
		if said := len(tr.Skipped()) == 1; said != (entries < 9) {
			t.Errorf("%d entries: skipped %v", entries, tr.Skipped())
		}
	}
}

func TestScanStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Scan(ctx, fstest.MapFS{"a": file("")}, Limits{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestReadDecodes(t *testing.T) {
	units := utf16.Encode([]rune("módulo\n"))
	var le, be bytes.Buffer
	le.Write([]byte{0xff, 0xfe})
	be.Write([]byte{0xfe, 0xff})
	for _, u := range units {
		le.Write([]byte{byte(u), byte(u >> 8)})
		be.Write([]byte{byte(u >> 8), byte(u)})
	}
	fsys := fstest.MapFS{
		"utf8":    file("módulo\n"),
		"bom":     file("\ufeffmódulo\n"),
		"utf16le": {Data: le.Bytes()},
		"utf16be": {Data: be.Bytes()},
	}
	tr := scan(t, fsys, Limits{})
	for name := range fsys {
		got, err := tr.Read(name)
		if err != nil || string(got) != "módulo\n" {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	tr := scan(t, fstest.MapFS{
		"binary": file("a\nb\x00c"),
		"large":  file(strings.Repeat("x", 2<<20)),
	}, Limits{Bytes: 1 << 20})
	for name, want := range map[string]string{
		"binary": "binary:2: is not a text file: it holds a zero byte",
		"large":  "large: is larger than 1 MiB, the most that dockgen reads of such a file",
	} {
		_, err := tr.Read(name)
		var fe *fact.Error
		if !errors.As(err, &fe) || err.Error() != want {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
	if _, err := tr.Read("absent"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent: got %v, want fs.ErrNotExist", err)
	}
	if head, err := tr.ReadHead("large", 10); err != nil || len(head) != 10 {
		t.Errorf("head of a large file: got %d bytes, %v", len(head), err)
	}
}

// TestNothingOutsideTheRootIsRead walks a real folder with links that lead out
// of it and in circles.
func TestNothingOutsideTheRootIsRead(t *testing.T) {
	base := t.TempDir()
	root := filepath.Join(base, "repo")
	for _, err := range []error{
		os.MkdirAll(filepath.Join(root, "d"), 0o755),
		os.WriteFile(filepath.Join(base, "go.mod"), []byte("module outside\n"), 0o600),
		os.Symlink("../go.mod", filepath.Join(root, "go.mod")),
		os.Symlink(".", filepath.Join(root, "loop")),
		os.Symlink("..", filepath.Join(root, "d", "up")),
		os.WriteFile(filepath.Join(root, "d", "f"), nil, 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r, err := os.OpenRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	tr := scan(t, r.FS(), Limits{})
	if diff := cmp.Diff([]string{"d/f"}, tr.Files(".")); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if _, err := tr.Read("go.mod"); err == nil {
		t.Error("read a file outside of the root")
	}
}

func TestListings(t *testing.T) {
	tr := scan(t, fstest.MapFS{"a/b/c": file(""), "a/b-c": file(""), "a.txt": file(""), "ab/x": file("")}, Limits{})
	if diff := cmp.Diff([]string{"a/b-c", "a/b/c"}, tr.Files("a")); diff != "" {
		t.Errorf("Files(a) (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a", "ab"}, tr.Dirs(".")); diff != "" {
		t.Errorf("Dirs(.) (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"b-c"}, tr.Names("a")); diff != "" {
		t.Errorf("Names(a) (-want +got):\n%s", diff)
	}
	for dir, want := range map[string]string{".": "a.txt a/b-c a/b/c", "a": "a/b-c a/b/c", "a/b": "a/b/c", "ab": "", "z": ""} {
		if got := strings.Join(tr.Named(dir, "c", "b-c", "a.txt", "b"), " "); got != want {
			t.Errorf("Named(%s): got %s, want %s", dir, got, want)
		}
	}
	for dir, want := range map[string]bool{".": true, "a": true, "a/b": true, "a/b/c": false, "z": false} {
		if got := tr.HasDir(dir); got != want {
			t.Errorf("HasDir(%s): got %v", dir, got)
		}
	}
}

func TestLines(t *testing.T) {
	tr := scan(t, fstest.MapFS{"a": file("one\n\n two \r\nthree"), "b": file(""), "c": file("x\x00")}, Limits{})
	for name, want := range map[string]string{"a": `1"one" 2"" 3" two " 4"three"`, "b": "", "gone": ""} {
		lines, err := tr.Lines(name)
		var list []string
		for n, line := range lines {
			list = append(list, fmt.Sprintf("%d%q", n, line))
		}
		if got := strings.Join(list, " "); got != want || err != nil {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, want)
		}
	}
	if _, err := tr.Lines("c"); err == nil {
		t.Error("a binary file has lines")
	}
}

func TestReadLimits(t *testing.T) {
	for name, want := range map[string]string{
		".nvmrc": "64 KiB", "a/.python-version": "64 KiB", "a/Procfile": "16 KiB", "go.mod": "1 MiB", "a/package.json": "1 MiB", ".env": "1 MiB", "pom.xml": "1 MiB",
		"package-lock.json": "16 MiB", "pnpm-lock.yaml": "8 MiB", "dev-requirements.txt": "4 MiB", "a.go": "4 MiB", "Makefile": "16 MiB",
	} {
		tr := scan(t, fstest.MapFS{name: {Data: bytes.Repeat([]byte("x"), 16<<20+1)}}, Limits{})
		_, err := tr.Read(name)
		if fe := (*fact.Error)(nil); !errors.As(err, &fe) || fe.Msg != "is larger than "+want+", the most that dockgen reads of such a file" {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
}

// TestManaged: the Dockerfile beside a lock is dockgen's where the lock has it.
func TestManaged(t *testing.T) {
	const unit = "        - from 0a1b2c 0a1b2c3d4e5f\n"
	for name, tt := range map[string]struct {
		lock string
		want bool
	}{
		"one app":             {"version: 2\napps:\n  .:\n    files:\n      .dockerignore:\n" + unit + "      Dockerfile:\n" + unit, true},
		"apps below":          {"version: 2\napps:\n  .:\n    files:\n      docker-bake.hcl:\n" + unit + "  api:\n    files:\n      Dockerfile:\n" + unit, false},
		"both":                {"version: 2\napps:\n  .:\n    choices:\n      go.main:\n        value: Dockerfile\n    files:\n      Dockerfile:\n" + unit + "  api:\n    files:\n      Dockerfile:\n" + unit, true},
		"a value of its name": {"version: 2\napps:\n  .:\n    choices:\n      x:\n        value: 'Dockerfile:'\n", false},
		"the first version":   {"version: 1\nfiles:\n  Dockerfile:\n    - x\n", true},
		"Windows' lines":      {"version: 2\r\napps:\r\n  .:\r\n    files:\r\n      Dockerfile:\r\n", true},
	} {
		index, err := Scan(t.Context(), fstest.MapFS{"Dockerfile": {Data: []byte("FROM a\n")}, "dockgen.lock": {Data: []byte(tt.lock)}}, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got := index.Managed("."); got != tt.want || index.Managed("api") {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestAbove(t *testing.T) {
	for _, tt := range []struct {
		name string
		want []string
	}{
		{".", nil},
		{"a", []string{"a"}},
		{"a/b/c.go", []string{"a/b/c.go", "a/b", "a"}},
		{"/", nil},
		{"/a/b", []string{"/a/b", "/a"}},
		{"../a", []string{"../a", ".."}},
		{"", []string{""}},
	} {
		if got := slices.Collect(Above(tt.name)); !slices.Equal(got, tt.want) {
			t.Errorf("Above(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}
