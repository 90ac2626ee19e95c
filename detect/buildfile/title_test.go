package buildfile

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

func TestTitle(t *testing.T) {
	for name, tt := range map[string]struct {
		files map[string]string
		want  fact.Fact[string]
	}{
		"Markdown":     {map[string]string{"README.md": "[badge]\n\n# Web examples \n\n# More\n"}, fact.New("Web examples", "README.md", 3)},
		"AsciiDoc":     {map[string]string{"README.adoc": "= Samples\n"}, fact.New("Samples", "README.adoc", 1)},
		"none":         {map[string]string{"README.md": "## Samples\n#hash\n"}, fact.Fact[string]{}},
		"another file": {map[string]string{"install.md": "# Samples\n", "docs/README.md": "# Samples\n"}, fact.Fact[string]{}},
	} {
		fsys := fstest.MapFS{}
		for file, text := range tt.files {
			fsys[file] = &fstest.MapFile{Data: []byte(text)}
		}
		scanned, err := tree.Scan(context.Background(), fsys, tree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got := Of(scanned, ".").Title(); got != tt.want {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
}
