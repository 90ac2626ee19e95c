package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	made "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/internal/schematest"
	"github.com/dockgen/dockgen/profiles"
)

// printed are the types that the commands print, by the name of their schema.
func printed() map[string]struct {
	of    any
	about string
} {
	return map[string]struct {
		of    any
		about string
	}{
		"report":   {reportJSON{}, "What init, update and check print with --json."},
		"folders":  {foldersJSON{}, "What update and check of several folders print with --json."},
		"explain":  {explainJSON{}, "What explain prints with --json."},
		"profiles": {[]profileJSON{}, "What profiles prints with --json; with a name, one element of it."},
		"version":  {build{}, "What version prints with --json."},
		"error":    {errorJSON{}, "What any command prints with --json when it ends with an error."},
	}
}

// TestSchemas keeps the schemas of what is printed equal to the types that are printed.
func TestSchemas(t *testing.T) {
	for name, p := range printed() {
		r := made.Reflector{Anonymous: true, AllowAdditionalProperties: true}
		for _, dir := range []string{"cmd/dockgen", "profiles/plan", "detect/fact"} {
			if err := r.AddGoComments("github.com/dockgen/dockgen/"+dir, filepath.Join("..", "..", filepath.FromSlash(dir))); err != nil {
				t.Fatal(err)
			}
		}
		comments := map[string]string{}
		for key, text := range r.CommentMap { // the folder that was read is part of the key
			for _, dir := range []string{"cmd/dockgen", "profiles/plan", "detect/fact"} {
				if _, rest, ok := strings.Cut(key, dir+"."); ok {
					comments["github.com/dockgen/dockgen/"+dir+"."+rest] = text
				}
			}
		}
		r.CommentMap = comments
		s := r.Reflect(p.of)
		s.Title, s.Description = "dockgen "+name, p.about
		schematest.InStep(t, s, "cmd/dockgen", "schema/"+name+".schema.json")
	}
	for _, name := range schemaNames() {
		if _, err := compiled(name, false); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// compiled is a schema that values can be held against, or that of its elements.
func compiled(name string, element bool) (*jsonschema.Schema, error) {
	text, err := schemaOf(name)
	if err != nil {
		return nil, err
	}
	pointer := ""
	if element {
		pointer = "#/items"
	}
	return schematest.Compile(text, pointer)
}

// fits holds what a command line printed against its schema.
func fits(args []string, out []byte, code int) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
	if err != nil {
		return fmt.Errorf("is not JSON: %w", err)
	}
	name, element := "error", false
	if m, ok := doc.(map[string]any); !ok || m["error"] == nil {
		words := slices.DeleteFunc(slices.Clone(args), func(a string) bool { return strings.HasPrefix(a, "-") })
		switch name = words[0]; {
		case ok && m["folders"] != nil:
			name = "folders"
		case slices.Contains([]string{"init", "update", "check"}, name):
			name = "report"
		case name == "profiles":
			_, list := doc.([]any)
			element = !list
		}
	}
	s, err := compiled(name, element)
	if err != nil {
		return err
	}
	if code == exitUsage && name != "error" {
		return fmt.Errorf("exit code %d with a %s", code, name)
	}
	return s.Validate(doc)
}

// TestFileSchemas holds the built-in profiles against the schema of profiles; what the lock's and that of dockgen.yaml say is tested beside their types.
func TestFileSchemas(t *testing.T) {
	all, err := profiles.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s, err := compiled("profile", false)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		text, err := yaml.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(schematest.Value(t, text)); err != nil {
			t.Error(err)
		}
	}
	if err := s.Validate(map[string]any{"name": "x", "runtimes": []any{"fat"}}); err == nil {
		t.Error("a profile with a runtime that is none fits")
	}
}
