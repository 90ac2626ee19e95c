package java

import (
	"fmt"
	"strings"
	"testing"
)

func TestHOCON(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"nested":                        {"ktor {\n  deployment {\n    port = 8080\n    port = ${?PORT}\n  }\n}", "3 ktor.deployment.port=${PORT:8080}"},
		"on one line":                   {`a { b: 1, c = "x y" }`, "1 a.b=1|1 a.c=x y"},
		"dotted keys":                   {"a.b.c = 1\na.b { d = 2 }", "1 a.b.c=1|2 a.b.d=2"},
		"braces around the whole":       {"{\n \"a\" : { \"b\": 7 }\n}", "2 a.b=7"},
		"the last value counts":         {"a = 1\na = 2", "2 a=2"},
		"comments":                      {"# a = 1\n// b = 2\nc = 3 // x\nd = 4 # y", "3 c=3|4 d=4"},
		"lists and includes":            {"include \"other\"\nl = [1,\n 2]\nm = 3", "4 m=3"},
		"a variable that has to be set": {"a = ${SECRET}", "1 a=${SECRET}"},
		"a variable without a default":  {"a = ${?PORT}", ""},
		"what is put together":          {"a = \"x\"${b}\nb = 1", "2 b=1"},
		"sums":                          {"a += 1\nb = 2", "1 a=1|2 b=2"},
		"open":                          {"a {\nb = \"", ""},
		"too many":                      {"}}}{{{ a = 1 ]]] \n= = =\n{", ""},
	} {
		var got []string
		for _, s := range hoconFile("f.conf", tt.text) {
			got = append(got, fmt.Sprintf("%d %s=%s", s.Pos.Line, s.Key, s.Value))
		}
		if got := strings.Join(got, "|"); got != tt.want && name != "too many" {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

func FuzzHOCON(f *testing.F) {
	f.Add("a { b = ${?C} }")
	f.Add(strings.Repeat("a{", 100) + "= \"\n[[")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range hoconFile("f.conf", text) {
			if s.Key == "" || s.Pos.Line < 1 || strings.Contains(s.Key+s.Value, "\n") {
				t.Errorf("got %+v", s)
			}
		}
	})
}
