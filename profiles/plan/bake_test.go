package plan

import "testing"

func TestHCL(t *testing.T) {
	for in, want := range map[string]string{
		"apps/web":       `"apps/web"`,
		`a"b\c`:          `"a\"b\\c"`,
		"${HOME}":        `"$${HOME}"`,
		"%{if true}":     `"%%{if true}"`,
		"$%{x":           `"$%%{x"`,
		"a\nb":           "",
		"a\u2028b":       "",
		"a\u202eb":       "",
		"\xff":           "",
		`"]} target "x"`: `"\"]} target \"x\""`,
	} {
		got, err := NewHCL(in)
		if got.String() != want || (err != nil) != (want == "") {
			t.Errorf("%q: got %s, %v", in, got, err)
		}
	}
}

func TestTargetName(t *testing.T) {
	for in, want := range map[string]string{"api": "api", "services/a b": "services-a-b", "é": "app", "../x": "x", "a_b-1": "a_b-1", `"]`: "app", "": "app"} {
		if got := TargetName(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
