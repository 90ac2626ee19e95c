package release

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestCopier makes a project by the copier.yml of docs/templates.md, without a terminal.
func TestCopier(t *testing.T) {
	t.Parallel()
	needs(t, "copier")
	text, err := os.ReadFile(filepath.Join(root, "docs/templates.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile(`(?m)^(?:    .*\n)+`).FindAllString(string(text), 2)
	if len(blocks) != 2 {
		t.Fatalf("%d blocks in docs/templates.md", len(blocks))
	}
	unindent := func(s string) string { return strings.ReplaceAll("\n"+s, "\n    ", "\n") }
	bin := t.TempDir()
	command(t, root, nil, "go", "build", "-o", bin, "./cmd/dockgen")
	for name, config := range map[string]string{"once": unindent(blocks[0]), "updated": "_subdirectory: template\n" + unindent(blocks[1])} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to := t.TempDir(), t.TempDir()
			write(t, filepath.Join(from, "copier.yml"), []byte(config))
			write(t, filepath.Join(from, "template/go.mod"), []byte("module example.com/hello\n\ngo 1.26\n"))
			write(t, filepath.Join(from, "template/main.go"), []byte("package main\n\nfunc main() {}\n"))
			env := []string{"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH")}
			command(t, from, env, "copier", "copy", "--quiet", "--trust", "--defaults", from, to)
			for _, file := range []string{"Dockerfile", ".dockerignore", "dockgen.lock"} {
				if _, err := os.Stat(filepath.Join(to, file)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
