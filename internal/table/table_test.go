package table

import (
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
	rows := Lazy[*row]("rows.yaml", []byte("name: a"))
	one, err := rows()
	if err != nil || one.Name != "a" {
		t.Fatalf("got %v, %v", one, err)
	}
	if two, _ := rows(); one != two {
		t.Error("it is decoded twice")
	}
	if _, err := Lazy[row]("bad.yaml", []byte("x: 1"))(); err == nil {
		t.Error("a key that the row does not have is taken")
	}
}

func TestRows(t *testing.T) {
	type listed struct {
		Names  []string `yaml:"names"`
		Source string   `yaml:"source"`
	}
	rows := Rows[listed]("rows.yaml", []byte("# a comment\n\n- {names: [a, \"b c\"], source: d}\n- {source: e}\n- {names: [a], title: f}\n"))
	if len(rows) != 3 {
		t.Fatalf("got %d rows", len(rows))
	}
	if d := cmp.Diff([]string{"a", "b c"}, rows[0].List("names")); d != "" || rows[1].List("names") != nil {
		t.Error(d)
	}
	v, err := rows[0].Value()
	if err != nil || v.Source != "d" || len(v.Names) != 2 {
		t.Errorf("got %v, %v", v, err)
	}
	if again, _ := rows[0].Value(); again != v {
		t.Error("it is decoded twice")
	}
	if _, err := rows[2].Value(); err == nil {
		t.Error("a key that the row does not have is taken")
	}
}
