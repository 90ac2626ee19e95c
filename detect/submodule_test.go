package detect

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/tree"
)

func TestAbsentSubmodules(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"none":           {"", ""},
		"absent":         {"[submodule \"x\"]\n\tpath = lib/x\n\turl = https://a/x\n", "lib/x .gitmodules:2"},
		"two":            {"[submodule \"x\"]\npath=x\n[submodule \"y\"]\n\tpath = \"y z\"\n", "x .gitmodules:2, y z .gitmodules:4"},
		"there":          {"[submodule \"there\"]\n\tpath = there\n", ""},
		"outside":        {"[submodule \"x\"]\n\tpath = ../x\n", ""},
		"absolute":       {"[submodule \"x\"]\n\tpath = /etc\n", ""},
		"another key":    {"[submodule \"x\"]\n\tpathology = x\n\turl = path = y\n", ""},
		"carriage":       {"[submodule \"x\"]\r\n\tpath = x\r\n", "x .gitmodules:2"},
		"not of a value": {"path\npath =\n=\n", ""},
	} {
		tr, err := tree.Scan(t.Context(), fstest.MapFS{".gitmodules": {Data: []byte(c.text)}, "there/a": {}}, tree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range absentSubmodules(tr) {
			got = append(got, s.Value+" "+s.Pos.String())
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
