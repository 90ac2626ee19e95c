package example_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/internal/example"
)

const good = `about: a server
prod: {port: 8080, http: {path: /, status: 200, contains: Hello}}
test: {breaks: {file: main.go, old: Hello, new: Bye}}
dev: {edit: {file: main.go, old: Hello, new: Howdy}, http: {path: /, status: 200, contains: Howdy}}
`

func TestLoad(t *testing.T) {
	tests := []struct {
		name, old, new string // an edit of good
		want           string // in the error; "" for none
	}{
		{"good", "", "", ""},
		{"job", good, "about: a job\nprod: {stdout: [done]}\n", ""},
		{"unknown key", "about", "abuot", "line 1: field abuot not found"},
		{"no about", "about: a server\n", "", "about: want one line"},
		{"neither server nor job", "port: 8080, http: {path: /, status: 200, contains: Hello}", "", "prod: want http"},
		{"both", "prod: {", "prod: {stdout: [x], ", "exclude each other"},
		{"no port", "port: 8080, ", "", "a server needs its port"},
		{"path", "path: /,", "path: x,", "path: want /"},
		{"status", "status: 200", "status: 20", "status: want 100 to 599"},
		{"edit that does not apply", "old: Hello, new: Bye", "old: Hallo, new: Bye", `main.go has "Hallo" 0 times`},
		{"edit that applies twice", "old: Hello, new: Bye", "old: l, new: Bye", `main.go has "l" 2 times`},
		{"edit that changes nothing", "new: Bye", "new: Hello", "old and new are the same"},
		{"edit outside", "file: main.go, old: Hello, new: Bye", "file: ../example.yaml, old: about, new: Bye", "want a path within input"},
		{"no dev", "dev:", "#", "dev: a server needs an edit"},
		{"dev that proves nothing", "contains: Howdy", "contains: Hello", "proves nothing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "go", "hello")
			if err := os.MkdirAll(filepath.Join(dir, "input"), 0o755); err != nil {
				t.Fatal(err)
			}
			text := strings.Replace(good, tt.old, tt.new, 1)
			for name, data := range map[string]string{"example.yaml": text, "input/main.go": "// Hello\n"} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			e, err := example.Load(dir)
			switch {
			case err == nil && tt.want != "":
				t.Errorf("no error, want %q", tt.want)
			case err != nil && (tt.want == "" || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("%v, want %q", err, tt.want)
			case err == nil && e.String() != "go/hello":
				t.Errorf("loaded as %s", e)
			}
		})
	}
}

func TestApply(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a")
	if err := os.WriteFile(file, []byte("one two"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := (example.Edit{File: "a", Old: "two", New: "three"}).Apply(dir); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "one three" {
		t.Errorf("%q, %v", got, err)
	}
}

// One example of each stack is built and run whatever was proved of it before.
func TestAlways(t *testing.T) {
	always := map[string]int{}
	for _, e := range examples(t) {
		always[e.Stack] += 0
		if e.Always {
			always[e.Stack]++
		}
	}
	for stack, n := range always {
		if n != 1 {
			t.Errorf("%d examples of %s have always: true, want one", n, stack)
		}
	}
}
