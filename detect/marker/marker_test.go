package marker

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/tree"
)

func TestMarkers(t *testing.T) {
	for text, c := range map[string]struct{ file, want string }{
		`{"name": "x", "manifest_version": 3}`:                      {"src/manifest.json", "browser extension"},
		`{"name": "x", "start_url": "/"}`:                           {"public/manifest.json", ""}, // of a web app
		"runs:\n  using: 'node24'\n":                                {"action.yml", "node action"},
		"runs:\n  using: docker\n":                                  {"action.yml", ""},
		"exports.handler = async () => ({})\n":                      {"index.js", "node lambda"},
		"export const handler = async () => ({})\n":                 {"src/index.ts", "node lambda"},
		"export const handle = async () => ({})\n":                  {"index.ts", ""},
		"import x from \"npm:hono\"\n":                              {"main.ts", "deno"},
		"Deno.serve(() => new Response())\n":                        {"server.ts", "deno"},
		"def lambda_handler(event, context):\n    pass\n":           {"app.py", "python lambda"},
		"def handler(request):\n    pass\n":                         {"app.py", ""},
		"Transform: AWS::Serverless-2016-10-31\n":                   {"template.yaml", "sam template"},
		"x: 1\n" + strings.Repeat(" ", maxText) + "AWS::Serverless": {"template.yml", ""},
	} {
		index, err := tree.Scan(t.Context(), fstest.MapFS{c.file: {Data: []byte(text)}}, tree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got := Of(index, ".")
		if _, ok := got[c.want]; c.want != "" && !ok || c.want == "" && len(got) > 0 {
			t.Errorf("%s %.60q: got %v, want %q", c.file, text, got, c.want)
		}
	}
}
