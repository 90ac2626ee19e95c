// Package schematest holds the JSON Schemas of the repository to the types that they describe, and values to a schema.
package schematest

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	made "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/profiles/settings"
)

var update = flag.Bool("update", false, "write the schemas again") //nolint:gochecknoglobals // a test flag

// InStep holds the file NAME of the package DIR to a schema that was made of its type, and returns its text; with -update it writes the file.
// The schema's $id is where the file is on the web.
func InStep(t *testing.T, s *made.Schema, dir, name string) []byte {
	t.Helper()
	s.ID = made.ID("https://raw.githubusercontent.com/dockgen/dockgen/main/" + path.Join(dir, name))
	got, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	file := filepath.FromSlash(name)
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
		t.Errorf("run go test ./%s -run %s -update:\n%s", dir, t.Name(), diff)
	}
	return got
}

// Settings is the schema of dockgen.yaml as a part of another.
func Settings(t *testing.T) *made.Schema {
	t.Helper()
	s := &made.Schema{}
	if err := json.Unmarshal(settings.Schema(), s); err != nil {
		t.Fatal(err)
	}
	s.Version, s.ID, s.Title = "", "", ""
	return s
}

// Compile is a schema that values can be held against, strict about keys that it does not have; with a pointer (#/items), a part of it.
func Compile(text []byte, pointer string) (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	tighten(doc)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("schema", doc); err != nil {
		return nil, err
	}
	return c.Compile("schema" + pointer)
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

// Value is a text of YAML as a schema takes it.
func Value(t *testing.T, text []byte) any {
	t.Helper()
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
