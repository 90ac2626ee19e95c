package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	made "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/profiles"
)

var update = flag.Bool("update", false, "write the schemas again") //nolint:gochecknoglobals // a flag

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
		s.ID = made.ID("https://raw.githubusercontent.com/dockgen/dockgen/main/cmd/dockgen/schema/" + name + ".schema.json")
		s.Title, s.Description = "dockgen "+name, p.about
		got, err := json.MarshalIndent(s, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, '\n')
		file := filepath.Join("schema", name+".schema.json")
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("run go test ./cmd/dockgen -run TestSchemas -update:\n%s", diff)
		}
	}
	for _, name := range schemaNames() {
		if _, err := compiled(name, false); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// compiled is a schema that values can be held against, strict about keys that it does not have.
func compiled(name string, element bool) (*jsonschema.Schema, error) {
	text, err := schemaOf(name)
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	tighten(doc)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	root, ok := doc.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s is no object", name)
	}
	id, _ := root["$id"].(string)
	if err := c.AddResource(id, doc); err != nil {
		return nil, err
	}
	if element {
		id += "#/items"
	}
	return c.Compile(id)
}

// tighten forbids the keys that an object of a schema does not have.
func tighten(node any) {
	switch n := node.(type) {
	case map[string]any:
		if _, ok := n["properties"].(map[string]any); ok && n["additionalProperties"] == nil {
			n["additionalProperties"] = false
		}
		for _, v := range n {
			tighten(v)
		}
	case []any:
		for _, v := range n {
			tighten(v)
		}
	}
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
		if err := s.Validate(asJSON(t, p)); err != nil {
			t.Error(err)
		}
	}
	if err := s.Validate(map[string]any{"name": "x", "runtimes": []any{"fat"}}); err == nil {
		t.Error("a profile with a runtime that is none fits")
	}
}

// asJSON is a value of YAML as a validator takes it.
func asJSON(t *testing.T, v any) any {
	t.Helper()
	text, err := yaml.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := yaml.Unmarshal(text, &plain); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(plain)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
