package profiles_test

import (
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"
	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

var update = flag.Bool("update", false, "write profile.schema.json again") //nolint:gochecknoglobals // a flag

// TestSchema keeps profile.schema.json equal to what Profile says: go test ./profiles -run TestSchema -update.
func TestSchema(t *testing.T) {
	keys := &jsonschema.Schema{}
	if err := json.Unmarshal(settings.Schema(), keys); err != nil {
		t.Fatal(err)
	}
	keys.Version, keys.ID, keys.Title = "", "", ""
	r := jsonschema.Reflector{FieldNameTag: "yaml", ExpandedStruct: true, Anonymous: true, Mapper: func(of reflect.Type) *jsonschema.Schema {
		switch of {
		case reflect.TypeFor[yaml.Node]():
			return keys
		case reflect.TypeFor[plan.Runtime]():
			s := &jsonschema.Schema{Type: "string"}
			for _, r := range plan.Runtimes() {
				s.Enum = append(s.Enum, r)
			}
			return s
		}
		return nil
	}}
	s := r.Reflect(&profiles.Profile{})
	s.ID = "https://raw.githubusercontent.com/dockgen/dockgen/main/profiles/profile.schema.json"
	s.Title = "dockgen profile"
	s.Description = "A profile: an ordered preference of runtimes."
	got, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	const name = "profile.schema.json"
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
		t.Errorf("run go test ./profiles -run TestSchema -update:\n%s", diff)
	}
}
