package node

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// A script that does not fit into a Dockerfile is an error at its line, before
// anything reads it as shell text.
func TestScriptsBounded(t *testing.T) {
	for name, script := range map[string]string{
		"substitutions": strings.Repeat("$(", 50_000) + "node index.js" + strings.Repeat(")", 50_000),
		"subshells":     strings.Repeat("(", 50_000) + "node index.js" + strings.Repeat(")", 50_000),
		"list":          strings.Repeat("a && ", 50_000) + "node index.js",
		"defaults":      strings.Repeat("${a:-", 50_000) + "node index.js" + strings.Repeat("}", 50_000),
		"one word":      "node " + strings.Repeat("a", 20_000),
		"short":         "",
	} {
		t.Run(name, func(t *testing.T) {
			tr, err := tree.Scan(t.Context(), fstest.MapFS{"package.json": {Data: []byte("{\n\"scripts\": {\n\"build\": \"tsc\",\n\"start\": \"" + script + "\"}}")}}, tree.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			_, err = Detect(tr, ".")
			if script == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var at *fact.Error
			if !errors.As(err, &at) || at.Pos != fact.At("package.json", 4) || at.Hint == "" || !strings.Contains(at.Msg, "the script start has") {
				t.Errorf("got %v", err)
			}
		})
	}
}
