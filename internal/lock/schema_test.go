package lock

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	made "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

var update = flag.Bool("update", false, "write lock.schema.json again") //nolint:gochecknoglobals // a flag

// TestSchema keeps lock.schema.json equal to what is written, which fits it: go test ./internal/lock -run TestSchema -update.
func TestSchema(t *testing.T) {
	keys := &made.Schema{}
	if err := json.Unmarshal(settings.Schema(), keys); err != nil {
		t.Fatal(err)
	}
	keys.Version, keys.ID, keys.Title, keys.Description = "", "", "", ""
	rows := &made.Schema{Type: "array", Items: &made.Schema{Type: "string"}}
	r := made.Reflector{FieldNameTag: "yaml", ExpandedStruct: true, Anonymous: true, DoNotReference: true, Mapper: func(of reflect.Type) *made.Schema {
		switch of {
		case reflect.TypeFor[yaml.Node]():
			return keys
		case reflect.TypeFor[map[string]yaml.Node]():
			return &made.Schema{Type: "object", AdditionalProperties: rows}
		}
		return nil
	}}
	s := r.Reflect(&shape{})
	s.ID = "https://raw.githubusercontent.com/dockgen/dockgen/main/internal/lock/lock.schema.json"
	s.Title = Name
	s.Description = "What update has to remember. dockgen writes it, and nobody else."
	got, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	const name = "lock.schema.json"
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
		t.Errorf("run go test ./internal/lock -run TestSchema -update:\n%s", diff)
	}

	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("lock", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("lock")
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
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if value, err = jsonschema.UnmarshalJSON(bytes.NewReader(asJSON)); err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(value); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}
