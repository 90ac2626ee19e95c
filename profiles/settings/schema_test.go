package settings_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"

	"github.com/dockgen/dockgen/internal/schematest"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestSchema keeps dockgen.schema.json, which editors complete dockgen.yaml
// with, equal to what Settings says: go test ./profiles/settings -update.
func TestSchema(t *testing.T) {
	r := jsonschema.Reflector{FieldNameTag: "yaml", ExpandedStruct: true, Anonymous: true}
	s := r.Reflect(&settings.Settings{})
	s.Title = "dockgen.yaml"
	s.Description = "What the user asks of dockgen. Every key can be left out."
	language, _ := s.Properties.Get("language")
	for _, l := range profiles.Languages() {
		language.Enum = append(language.Enum, l.Name)
	}
	got := schematest.InStep(t, s, "profiles/settings", "dockgen.schema.json")

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
