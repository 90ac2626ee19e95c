package syntax

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTokenize(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"words", "x = 1 + y_2", "0: x = 1 + y_2"},
		{"indent", "if x:\n    y\n\tz\n", "0: if x :|4: y|8: z"},
		{"comments and blanks", "# no\n\n  # no\nx # no\n", "0: x"},
		{"brackets join lines", "f(\n  1,\n  2)\ng", "0: f ( 1 , 2 )|0: g"},
		{"backslash joins lines", "x = \\\n  1\r\n", "0: x = 1"},
		{"backslash before crlf", "x = \\\r\n  1", "0: x = 1"},
		{"operators", "a**=b//c->d:=e!=f...", "0: a **= b // c -> d := e != f ..."},
		{"numbers", "1_000 0x1F 1e-5 .5 3.j", "0: 1_000 0x1F 1e-5 .5 3.j"},
		{"names of other scripts", "größe = 名", "0: größe = 名"},
		{"strings", `'a' "b" '''c''' """d"""`, `0: 'a' 'b' 'c' 'd'`},
		{"escapes", `'a\n\'\\\x41'`, "0: 'a\n'\\\\x41'"},
		{"raw", `r'\n' rb"\""`, `0: '\n' f'\"'`},
		{"multi-line", "x = '''a\n\"b\"\n'''\ny", "0: x = 'a\n\"b\"\n'|0: y"},
		{"quotes that end at the line", "x = 'oops\ny = 1", "0: x = 'oops'|0: y = 1"},
		{"f-string", `f"a{x!r:>{w}}b{{c}}"`, "0: f'ab{c}'"},
		{"f-string within", `f"{x["k"]}" + 'y'`, "0: f'' + 'y'"},
		{"f-string with other quotes", `f"{x['k']}" 'y'`, "0: f'' 'y'"},
		{"prefix is no name", "bar'x'", "0: bar 'x'"},
		{"unclosed bracket", "f(\nx", "0: f ( x"},
		{"closing without opening", ")\nx", "0: )|0: x"},
		{"not Python", "<?php echo 'x'; ?>", "0: < ? php echo 'x' ; ? >"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, show(tokenize(tt.source))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func show(lines []logicalLine) string {
	var out []string
	for _, l := range lines {
		words := []string{}
		for _, t := range l.tokens {
			switch {
			case t.Kind == String && t.Dynamic:
				words = append(words, "f'"+t.Text+"'")
			case t.Kind == String:
				words = append(words, "'"+t.Text+"'")
			default:
				words = append(words, t.Text)
			}
		}
		out = append(out, string(rune('0'+l.indent))+": "+strings.Join(words, " "))
	}
	return strings.Join(out, "|")
}

func TestTokenLines(t *testing.T) {
	lines := tokenize("a = '''x\ny'''\nb = (\n 1\n)\n\nc\n")
	var got []int
	for _, l := range lines {
		got = append(got, l.tokens[0].Line)
	}
	if diff := cmp.Diff([]int{1, 3, 7}, got); diff != "" {
		t.Error(diff)
	}
}
