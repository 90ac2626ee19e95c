package tree

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// indexOf is an index as git writes it.
func indexOf(version, hash int, extension string, names ...string) []byte {
	out := binary.BigEndian.AppendUint32([]byte("DIRC"), uint32(version))
	out = binary.BigEndian.AppendUint32(out, uint32(len(names)))
	last := ""
	for _, name := range names {
		entry := make([]byte, 40+hash+2)
		binary.BigEndian.PutUint32(entry[24:], 0o100644)
		for i := range hash {
			entry[40+i] = byte(i) + 1
		}
		length := len(name)
		if version == 4 {
			same := 0
			for same < len(name) && same < len(last) && name[same] == last[same] {
				same++
			}
			drop := len(last) - same
			number := []byte{byte(drop & 0x7f)}
			for drop >>= 7; drop > 0; drop >>= 7 {
				drop--
				number = append([]byte{byte(drop&0x7f) | 0x80}, number...)
			}
			binary.BigEndian.PutUint16(entry[40+hash:], uint16(min(length, 0xfff)))
			entry = append(append(append(entry, number...), name[same:]...), 0)
		} else {
			binary.BigEndian.PutUint16(entry[40+hash:], uint16(min(length, 0xfff)))
			entry = append(entry, name...)
			entry = append(entry, make([]byte, 8-len(entry)%8)...)
		}
		out, last = append(out, entry...), name
	}
	if extension != "" {
		out = binary.BigEndian.AppendUint32(append(out, extension...), 3)
		out = append(out, "abc"...)
	}
	return append(out, make([]byte, hash)...)
}

func (t *tracked) all() []string {
	var out []string
	for i := range t.ends {
		out = append(out, t.path(i))
	}
	return out
}

func TestParseIndex(t *testing.T) {
	names := []string{"a", "a.b", "a/b", "a/" + strings.Repeat("c", 300), "b/" + strings.Repeat("d", 4000), "dir/x", "dir0", "é"}
	for _, version := range []int{2, 3, 4} {
		for _, hash := range []int{20, 32} {
			for _, extension := range []string{"", "TREE", "sdir"} {
				got, ok := parseIndex(indexOf(version, hash, extension, names...))
				if !ok {
					t.Fatalf("version %d, hash of %d bytes, %q: not understood", version, hash, extension)
				}
				if diff := cmp.Diff(names, got.all()); diff != "" {
					t.Errorf("version %d, hash of %d bytes (-want +got):\n%s", version, hash, diff)
				}
				for name, want := range map[string]bool{"a": true, "a/b": true, "b": false, "dir": false, "dir0": true, "é": true, "z": false, "": false} {
					if got.has(name) != want {
						t.Errorf("has(%s): got %v", name, !want)
					}
				}
				for dir, want := range map[string]bool{"a": true, "b": true, "dir": true, "dir0": false, "di": false, "z": false} {
					if got.below(dir) != want {
						t.Errorf("below(%s): got %v", dir, !want)
					}
				}
			}
		}
	}
	if got, ok := parseIndex(indexOf(2, 20, "")); !ok || got.has("a") || got.below("a") {
		t.Error("an empty index has files")
	}
	good := indexOf(2, 20, "", names...)
	for name, data := range map[string][]byte{
		"no index":            []byte("hello"),
		"empty":               nil,
		"version 5":           indexOf(5, 20, "", names...),
		"cut":                 good[:len(good)-30],
		"a split index":       indexOf(2, 20, "link", names...),
		"an unknown addition": indexOf(2, 20, "more", names...),
		"not sorted":          indexOf(2, 20, "", "b", "a"),
		"a nameless file":     indexOf(2, 20, "", ""),
		"too many files":      slices.Concat([]byte("DIRC\x00\x00\x00\x02\xff\xff\xff\xff"), good[12:]),
		"a path too long":     indexOf(2, 20, "", strings.Repeat("a", maxPath+1)),
	} {
		if got, ok := parseIndex(data); ok {
			t.Errorf("%s: got %q", name, got.all())
		}
	}
}

// TestTrackedFilesAreIn walks a repository whose .gitignore matches files that
// git has, by each version of the index, by none, and by ones that are broken.
func TestTrackedFilesAreIn(t *testing.T) {
	t.Parallel()
	names := []string{".gitignore", "bower_components/jquery/jquery.js", "build/out.css", "keep/build/deep/a.txt", "main.go"}
	base := func() fstest.MapFS {
		fsys := fstest.MapFS{
			".git/HEAD": file("ref: refs/heads/main\n"), ".git/info/exclude": file("mine.txt\n"),
			".gitignore": file("build/\n*.log\n.env\n"), "mine.txt": file(""), "build/other.css": file(""), "keep/build/deep/b.txt": file(""),
			"keep/build/.gitignore": file("!*\n"), ".env": file(""), "npm.log": file(""), "new.txt": file(""), "empty/x.log": file(""),
			"bower_components/jquery/extra.js": file(""), "jspm_packages/a.js": file(""),
		}
		for _, n := range names[1:] {
			fsys[n] = file("")
		}
		return fsys
	}
	without := []string{".gitignore", "main.go", "new.txt"}
	with := []string{
		".gitignore", "bower_components/jquery/extra.js", "bower_components/jquery/jquery.js", "build/out.css", "keep/build/deep/a.txt",
		"main.go", "new.txt",
	}
	for _, tt := range []struct {
		name  string
		index []byte
		want  []string
		skips int
	}{
		{"version 2", indexOf(2, 20, "", names...), with, 0},
		{"version 4", indexOf(4, 20, "", names...), with, 0},
		{"SHA-256", indexOf(2, 32, "", names...), with, 0},
		{"split", indexOf(2, 20, "link", names...), without, 1},
		{"broken", []byte("DIRC"), without, 1},
		{"none", nil, without, 0},
	} {
		fsys := base()
		if tt.index != nil {
			fsys[".git/index"] = &fstest.MapFile{Data: tt.index}
		}
		tr := scan(t, fsys, Limits{})
		if diff := cmp.Diff(tt.want, tr.Files(".")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if len(tr.Skipped()) != tt.skips {
			t.Errorf("%s: skipped %v", tt.name, tr.Skipped())
		}
		if slices.Contains(tr.Dirs("."), "empty") {
			t.Errorf("%s: a folder without files is listed", tt.name)
		}
	}
}

// TestIndexOfGit reads what git itself writes.
func TestIndexOfGit(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	for _, version := range []string{"2", "3", "4"} {
		for _, format := range []string{"sha1", "sha256"} {
			dir := t.TempDir()
			git := func(args ...string) {
				t.Helper()
				if out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
					t.Fatalf("git %v: %v\n%s", args, err, out)
				}
			}
			git("init", "--quiet", "--object-format="+format)
			for _, name := range universe {
				p := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(p, []byte(name), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			git("add", ".")
			if version == "3" {
				git("update-index", "--skip-worktree", "a")
			}
			git("update-index", "--index-version", version)
			data, err := os.ReadFile(filepath.Join(dir, ".git/index"))
			if err != nil {
				t.Fatal(err)
			}
			got, ok := parseIndex(data)
			if !ok {
				t.Fatalf("version %s, %s: not understood", version, format)
			}
			want := slices.Sorted(slices.Values(universe))
			if diff := cmp.Diff(want, got.all()); diff != "" {
				t.Errorf("version %s, %s (-want +got):\n%s", version, format, diff)
			}
			git("update-index", "--split-index")
			if data, err = os.ReadFile(filepath.Join(dir, ".git/index")); err != nil {
				t.Fatal(err)
			}
			if _, ok := parseIndex(data); ok {
				t.Errorf("version %s, %s: took a split index for a whole one", version, format)
			}
		}
	}
}

func FuzzIndex(f *testing.F) {
	f.Add(indexOf(2, 20, "TREE", "a", "b/c"))
	f.Add(indexOf(4, 20, "", "a/b", "a/c", "d"))
	f.Add(indexOf(3, 32, "link", "a"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, ok := parseIndex(data)
		if !ok {
			return
		}
		names := got.all()
		if !slices.IsSorted(names) {
			t.Errorf("not sorted: %q", names)
		}
		for _, n := range names {
			if !got.has(n) {
				t.Errorf("has not %q", n)
			}
		}
	})
}
