package main

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
)

// TestTogether: a note that holds of several apps is printed once, with its places, where it was said first.
func TestTogether(t *testing.T) {
	note := func(file, text, hint string) plan.Note {
		n := plan.Note{Text: text, Hint: hint}
		if file != "" {
			n.Pos = fact.At(file, 3)
		}
		return n
	}
	many := []plan.Note{}
	for f := range strings.FieldsSeq("a b c d e f g") {
		many = append(many, note(f, "old", "newer"))
	}
	for _, tt := range []struct {
		name  string
		notes []plan.Note
		want  string
	}{
		{"none", nil, ""},
		{"different ones", []plan.Note{note("a", "x", ""), note("a", "y", ""), note("b", "x", "h")}, "a:3 x|a:3 y|b:3 x"},
		{"two places", []plan.Note{note("a", "x", ""), note("a", "y", ""), note("b", "x", "")}, "a:3 x (also b:3)|a:3 y"},
		{"one place twice", []plan.Note{note("a", "x", ""), note("a", "x", "")}, "a:3 x"},
		{"no place", []plan.Note{note("", "x", ""), note("", "x", "")}, " x"},
		{"many", many, "a:3 old (also b:3, c:3, d:3, e:3 and 2 more)"},
	} {
		var got []string
		for _, n := range together(tt.notes) {
			at := ""
			if !n.Pos.IsZero() {
				at = n.Pos.String()
			}
			got = append(got, at+" "+n.Text)
		}
		if s := strings.Join(got, "|"); s != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, s, tt.want)
		}
	}
}
