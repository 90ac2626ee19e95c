package profiles_test

import (
	"reflect"
	"testing"

	"github.com/invopop/jsonschema"
	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/internal/schematest"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
)

// TestSchema keeps profile.schema.json equal to what Profile says: go test ./profiles -run TestSchema -update.
func TestSchema(t *testing.T) {
	keys := schematest.Settings(t)
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
	s.Title = "dockgen profile"
	s.Description = "A profile: an ordered preference of runtimes."
	schematest.InStep(t, s, "profiles", "profile.schema.json")
}
