package python

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
		{"f-string", `f"a{x!r:>{w}}b{{c}}"`, "0: f'ab{c'"},
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
			case t.kind == str && t.dynamic:
				words = append(words, "f'"+t.text+"'")
			case t.kind == str:
				words = append(words, "'"+t.text+"'")
			default:
				words = append(words, t.text)
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
		got = append(got, l.tokens[0].line)
	}
	if diff := cmp.Diff([]int{1, 3, 7}, got); diff != "" {
		t.Error(diff)
	}
}

// FuzzModule holds the tokenizer and what reads its tokens to three promises:
// they end, they do not panic, and no line is outside of the file.
func FuzzModule(f *testing.F) {
	for _, s := range []string{
		"from flask import Flask\napp = Flask(__name__)\n@app.get('/')\ndef i(): return ''\n",
		"f'{f\"{f'{1}'}\"}'", "if x:if y:z\n\t\n x", "\\", "'''", "f'{", "((((", "))))", "def f(\n", "@", "from . import (", "import", "a=b=c=f(",
		"if __name__=='__main__':app.run(port=int(os.environ.get('PORT',8080)))", "class A(", "x: int = ", "os.environ[", "print 'x'",
	} {
		f.Add(s)
	}
	rows, err := Frameworks()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, source string) {
		last := strings.Count(source, "\n") + 1
		for _, l := range tokenize(source) {
			for _, tok := range l.tokens {
				if tok.line < 1 || tok.line > last || tok.kind != str && tok.text == "" {
					t.Fatalf("token %+v of a file of %d lines", tok, last)
				}
			}
		}
		m := readModule("pkg/m.py", source, rows)
		for _, o := range m.Objects {
			if o.Name == "" || o.Pos.Line < 1 || o.Pos.Line > last {
				t.Fatalf("object %+v", o)
			}
		}
	})
}

func BenchmarkModule(b *testing.B) {
	rows, err := Frameworks()
	if err != nil {
		b.Fatal(err)
	}
	source := strings.Repeat("def f(x, y=1):\n    return g(x)[y] + 'text' # why\n", 2000)
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		readModule("m.py", source, rows)
	}
}
