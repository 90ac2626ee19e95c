package project

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// contents reads every file of a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(text)
	}
	return out
}

func TestWrite(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		files []output
		fails bool
		want  map[string]string
	}{
		{
			name:  "new and old",
			files: []output{{"Dockerfile", []byte("new"), filesMode, false}, {"empty", nil, filesMode, false}, {".dockerignore", []byte("x"), filesMode, false}},
			want:  map[string]string{"Dockerfile": "new", "empty": "", ".dockerignore": "x"},
		},
		{
			// Staging succeeds, taking the last place does not: what took its
			// place before is put back.
			name:  "one cannot take its place",
			files: []output{{"Dockerfile", []byte("new"), filesMode, false}, {".dockerignore", []byte("x"), filesMode, false}, {"gone/x", []byte("y"), filesMode, false}},
			fails: true,
			want:  map[string]string{"Dockerfile": "old", "empty": ""},
		},
		{
			name:  "outside of the folder",
			files: []output{{"Dockerfile", []byte("new"), filesMode, false}, {"../x", []byte("y"), filesMode, false}},
			fails: true,
			want:  map[string]string{"Dockerfile": "old", "empty": ""},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for name, text := range map[string]string{"Dockerfile": "old", "empty": ""} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			a, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			if err := a.write(tt.files); (err != nil) != tt.fails {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, contents(t, dir)); diff != "" {
				t.Error(diff)
			}
			if tt.fails {
				return
			}
			info, err := os.Stat(filepath.Join(dir, "Dockerfile"))
			if err != nil || info.Mode().Perm() != 0o644 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
		})
	}
}
