package lock

import (
	"reflect"
	"testing"

	"github.com/invopop/jsonschema"
	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/internal/schematest"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestSchema keeps lock.schema.json equal to what is written, which fits it: go test ./internal/lock -run TestSchema -update.
func TestSchema(t *testing.T) {
	keys := schematest.Settings(t)
	keys.Description = ""
	rows := &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "string"}}
	r := jsonschema.Reflector{FieldNameTag: "yaml", ExpandedStruct: true, Anonymous: true, DoNotReference: true, Mapper: func(of reflect.Type) *jsonschema.Schema {
		switch of {
		case reflect.TypeFor[yaml.Node]():
			return keys
		case reflect.TypeFor[map[string]yaml.Node]():
			return &jsonschema.Schema{Type: "object", AdditionalProperties: rows}
		}
		return nil
	}}
	s := r.Reflect(&shape{})
	s.Title = Name
	s.Description = "What update has to remember. dockgen writes it, and nobody else."
	compiled, err := schematest.Compile(schematest.InStep(t, s, "internal/lock", "lock.schema.json"), "")
	if err != nil {
		t.Fatal(err)
	}

	set, err := settings.Settings{}.Set("start=[node, a.js]")
	if err != nil {
		t.Fatal(err)
	}
	f := File{Dockgen: "v1", Chosen: true, Apps: map[string]App{".": {
		Settings: set, Overridden: set, Choices: map[string]record.Locked{"a": {Value: "b", Evidence: "c"}}, Replaced: "FROM a\n",
		Files:     map[string]merge.Base{"Dockerfile": {"+run 5b847d dd1bb30f6b81"}},
		Conflicts: map[string][]merge.Open{"Dockerfile": {{Yours: "0123456789ab", Dockgen: "CMD x", Was: "0123456789ab", Stage: "012345", Why: "y"}}},
	}}}
	text, err := f.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(schematest.Value(t, text)); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}
