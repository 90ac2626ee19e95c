package buildfile

import (
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree/treetest"
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
		scanned := treetest.Of(t, tt.files)
		if got := Of(scanned, ".").Title(); got != tt.want {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
}
