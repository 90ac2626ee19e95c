package table

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type row struct {
	Name   string `yaml:"name"`
	Source string `yaml:"source"`
}

func TestDecode(t *testing.T) {
	got, err := Decode[[]row]("rows.yaml", []byte("- {name: a, source: b}\n- {name: c}\n"))
	if diff := cmp.Diff([]row{{"a", "b"}, {Name: "c"}}, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	for text, want := range map[string]string{
		"- {name: a}\n- {title: a}\n": "rows.yaml: yaml: unmarshal errors:\n  line 2: field title not found",
		"- name: [\n":                 "rows.yaml: yaml: line ",
		"":                            "rows.yaml: EOF",
	} {
		if _, err := Decode[[]row]("rows.yaml", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func TestLazy(t *testing.T) {
	rows := Lazy[*row]("rows.yaml", compiled(t, "name: a"))
	one, err := rows()
	if err != nil || one.Name != "a" {
		t.Fatalf("got %v, %v", one, err)
	}
	if two, _ := rows(); one != two {
		t.Error("it is read twice")
	}
	if _, err := Lazy[row]("bad.yaml", compiled(t, "x: 1"))(); err == nil {
		t.Error("a key that the row does not have is taken")
	}
}

func TestMust(t *testing.T) {
	if got := Must[row]("rows.yaml", compiled(t, "name: a")); got.Name != "a" {
		t.Errorf("got %v", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("it does not panic for a table that cannot be read")
		}
	}()
	Must[row]("bad.yaml", compiled(t, "x: 1"))
}

func compiled(t testing.TB, text string) string {
	t.Helper()
	out, err := Compile("rows.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// all has a field of each kind that tables have.
type all struct {
	Text   string              `yaml:"text,omitempty"`
	Number int                 `yaml:"number"`
	On     bool                `yaml:"on"`
	Place  *int                `yaml:"place"`
	Part   *row                `yaml:"part"`
	Rows   []row               `yaml:"rows"`
	Places []int               `yaml:"places,flow"`
	Env    map[string]string   `yaml:"env"`
	Lists  map[string][]string `yaml:"lists"`
	Level  level               `yaml:"level"`
	Words  words               `yaml:"words"`
	Own    struct {
		Names []string `yaml:"names"`
	} `yaml:"own"`
}

type words []string

type level int

func (l *level) UnmarshalText(text []byte) error {
	if string(text) != "high" {
		return errors.New("no level")
	}
	*l = 7
	return nil
}

// TestRead holds what is read of the compiled form to what the text says.
func TestRead(t *testing.T) {
	for _, text := range []string{
		"- {text: a, number: 3, on: true, place: 0, level: high}",
		"- {text: \"6006\", number: -1, on: false, words: [a, b], places: [1, 2]}",
		"- {text: 1.30, env: {A: \"1\", B: x}, lists: {a: [b, c], d: []}, own: {names: [n]}}",
		"- &a\n  text: |\n    two\n    lines\n  part: {name: b}\n- {<<: *a, text: c}\n- *a\n",
		"- {rows: [{name: a}, {source: b}]}\n- {text: true, part: ~, env: }\n",
		"- text: &t ümlaut\n- {text: *t}\n",
		"[]",
	} {
		want, err := Decode[[]all]("rows.yaml", []byte(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		got, err := Read[[]all]("rows.yaml", compiled(t, text))
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%s: %v\n%s", text, err, d)
		}
	}
	for text, want := range map[string]string{
		"- {title: a}":         "title",
		"- {part: {title: a}}": "part: table.row has no key title",
		"- {number: a}":        `"a" is no number`,
		"- {on: yes}":          "neither true nor false",
		"- {rows: {name: a}}":  "keys stand in the place",
		"- {text: [a]}":        "a list stands in the place",
		"- {places: a}":        `"a" stands in the place`,
		"- {level: low}":       "no level",
	} {
		if _, err := Read[[]all]("rows.yaml", compiled(t, text)); err == nil || !strings.HasPrefix(err.Error(), "rows.yaml: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
	for _, text := range []string{"", "a: b: c", "- {a: b, a: c}", "? [a]\n: b\n", "a: &x [*x]", "{<<: [a]}"} {
		if out, err := Compile("rows.yaml", []byte(text)); err == nil {
			t.Errorf("%q: got %q", text, out)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{"- {text: a, number: 3, rows: [{name: b}]}", "- {env: {a: b}}"} {
		f.Add(compiled(f, text))
	}
	f.Add("")
	f.Add("\xff\xff\xff\xff\x0f")
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = Read[[]all]("rows.yaml", text) // it ends, and takes memory by the size of the text
	})
}

// TestInStep holds every table that the program embeds to the text beside it.
func TestInStep(t *testing.T) {
	repo := os.DirFS("../..")
	names, err := Embedded(repo)
	if err != nil {
		t.Fatal(err)
	}
	if len(names) < 30 {
		t.Errorf("found %d tables", len(names))
	}
	for _, name := range names {
		text, err := fs.ReadFile(repo, Text(name))
		if err != nil {
			t.Fatal(err)
		}
		want, err := Compile(Text(name), text)
		if err != nil {
			t.Error(err)
			continue
		}
		if got, err := fs.ReadFile(repo, name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what %s says: run go generate ./internal/table (%v)", name, Text(name), err)
		}
	}
}
