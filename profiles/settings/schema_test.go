package settings_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"

	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/settings"
)

var update = flag.Bool("update", false, "write dockgen.schema.json again") //nolint:gochecknoglobals // a flag

// TestSchema keeps dockgen.schema.json, which editors complete dockgen.yaml
// with, equal to what Settings says: go test ./profiles/settings -update.
func TestSchema(t *testing.T) {
	r := jsonschema.Reflector{FieldNameTag: "yaml", ExpandedStruct: true, Anonymous: true}
	s := r.Reflect(&settings.Settings{})
	s.ID = "https://raw.githubusercontent.com/dockgen/dockgen/main/profiles/settings/dockgen.schema.json"
	s.Title = "dockgen.yaml"
	s.Description = "What the user asks of dockgen. Every key can be left out."
	language, _ := s.Properties.Get("language")
	for _, l := range profiles.Languages() {
		language.Enum = append(language.Enum, l.Name)
	}
	got, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	const name = "dockgen.schema.json"
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("run go test ./profiles/settings -update:\n%s", diff)
	}

	var schema struct {
		Properties map[string]json.RawMessage `json:"properties"`
		Additional *bool                      `json:"additionalProperties"`
	}
	if err := json.Unmarshal(got, &schema); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(settings.Keys())), slices.Sorted(maps.Keys(schema.Properties))); diff != "" {
		t.Errorf("keys: %s", diff)
	}
	if schema.Additional == nil || *schema.Additional {
		t.Error("the schema allows keys that dockgen refuses")
	}
}
