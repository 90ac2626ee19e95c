package syntax

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// last lists the values that a name may have at the statement USE.
func last(t testing.TB, source, name string) string {
	t.Helper()
	f := Bind(source)
	var use *Stmt
	var look func([]*Stmt)
	look = func(list []*Stmt) {
		for _, s := range list {
			if s.Tokens[0].Is("USE") {
				use = s
			}
			look(s.Body)
		}
	}
	look(f.Body)
	if use == nil {
		t.Fatal("no use")
	}
	w := use.Lookup(name)
	var out []string
	for _, b := range w.List {
		text := ""
		for _, tok := range b.Value {
			text += tok.Text
		}
		switch b.Kind {
		case Imported:
			text = "import " + b.Import
		case Defined:
			text = "def"
		case Parameter:
			text = "parameter " + text
		case Augmented:
			text = "+ " + text
		case Unknown:
			text = "?"
		case Assigned:
			if text == "" {
				text = "declared"
			}
		}
		out = append(out, text)
	}
	if w.Argued {
		out = append(out, "argued")
	}
	return strings.Join(out, " | ")
}

func TestLookup(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"unbound", "USE", ""},
		{"one", "x = 1\nUSE", "1"},
		{"the last write before the use", "x = 1\nx = 2\nUSE\nx = 3", "2"},
		{"a write after the use", "USE\nx = 1", ""},
		{"its own right side is no write", "x = 1\nx = x + 1\nUSE", "x+1"},
		{"annotated", "x: int = 1\nUSE", "1"},
		{"several targets", "x = y = 1\nUSE", "1"},
		{"a pair", "y, x = 1, 2\nUSE", "1,2"},
		{"augmented", "x = 1\nx += 2\nUSE", "+ 2 | 1"},
		{"walrus", "if (x := f(1)) > 2: pass\nUSE", "f(1)"},
		{"another function's name", "def f():\n  x = 1\nx = 2\nUSE", "2"},
		{"another function's name alone", "def f():\n  x = 1\nUSE", ""},
		{"a method's name", "class A:\n  def f(self):\n    x = 1\nx = 2\nUSE", "2"},
		{"a class's name", "class A:\n  x = 1\nUSE", ""},
		{"a class's name in its method", "class A:\n  x = 1\n  def f(self):\n    USE", ""},
		{"a class's name in its body", "x = 1\nclass A:\n  x = 2\n  USE", "2"},
		{"local before global", "x = 1\ndef f():\n  x = 2\n  USE", "2"},
		{"local after the use", "x = 1\ndef f():\n  USE\n  x = 2", ""},
		{"outside of the function, later", "def f():\n  USE\nx = 1", "1"},
		{"outside, the last", "x = 1\ndef f():\n  USE\nx = 2", "2"},
		{"an enclosing function", "x = 1\ndef f():\n  x = 2\n  def g():\n    USE", "2"},
		{"global", "x = 1\ndef f():\n  global x\n  x = 2\n  USE", "2"},
		{"global, written elsewhere", "x = 1\ndef g():\n  global x\n  x = 2\ndef f():\n  USE", "2 | 1"},
		{"nonlocal", "def f():\n  x = 1\n  def g():\n    nonlocal x\n    x = 2\n  USE", "2 | 1"},
		{"parameter", "x = 1\ndef f(x=2):\n  USE", "parameter 2"},
		{"parameter without a default", "x = 1\ndef f(x):\n  USE", "parameter "},
		{"import", "import a.b\nUSE", ""},
		{"import as", "import a.b as x\nUSE", "import a.b"},
		{"from", "from a import b as x\nUSE", "import a.b"},
		{"from, relative", "from ..a import x\nUSE", "import ..a.x"},
		{"import or another", "try:\n  import a as x\nexcept ImportError:\n  import b as x\nUSE", "import b | import a"},
		{"in a branch", "x = 1\nif c:\n  x = 2\nUSE", "2 | 1"},
		{"in a branch alone", "if c:\n  x = 2\nUSE", "2"},
		{"in both branches", "x = 1\nif c:\n  x = 2\nelse:\n  x = 3\nUSE", "3 | 2"},
		{"in three branches", "x = 1\nif c:\n  x = 2\nelif d:\n  x = 3\nelse:\n  x = 4\nUSE", "4 | 3 | 2"},
		{"in two of three branches", "x = 1\nif c:\n  x = 2\nelif d:\n  pass\nelse:\n  x = 4\nUSE", "4 | 2 | 1"},
		{"in both nested", "x = 1\nif c:\n  if d:\n    x = 2\n  else:\n    x = 3\nelse:\n  x = 4\nUSE", "4 | 3 | 2"},
		{"a branch that ends", "x = 1\nif c:\n  x = 2\n  raise X\nUSE", "1"},
		{"the other branch ends", "x = 1\nif c:\n  x = 2\nelse:\n  sys.exit(1)\nUSE", "2"},
		{"in the other branch", "x = 1\nif c:\n  x = 2\nelse:\n  USE", "1"},
		{"in the same branch", "x = 1\nif c:\n  x = 2\n  USE", "2"},
		{"twice in a branch", "x = 1\nif c:\n  x = 2\n  x = 3\nUSE", "3 | 1"},
		{"in a loop", "x = 1\nfor y in z:\n  x = 2\nUSE", "2 | 1"},
		{"later in the same loop", "x = 1\nwhile c:\n  USE\n  x = 2", "2 | 1"},
		{"the variable of a loop", "x = 1\nfor x in z:\n  USE", "?"},
		{"with", "x = 1\nwith a as b:\n  x = 2\nUSE", "2"},
		{"with as", "with a as x:\n  USE", "?"},
		{"try", "x = 1\ntry:\n  x = 2\nexcept E:\n  pass\nUSE", "2 | 1"},
		{"try or another", "x = 1\ntry:\n  x = 2\nexcept E:\n  x = 3\nUSE", "3 | 2"},
		{"try and else", "try:\n  x = 2\nexcept E:\n  x = 3\nelse:\n  y = 1\nUSE", "3 | 2"},
		{"try or end", "x = 1\ntry:\n  x = 2\nexcept E:\n  raise\nUSE", "2"},
		{"finally", "x = 1\ntry:\n  y()\nfinally:\n  x = 2\nUSE", "2"},
		{"match", "x = 1\nmatch c:\n  case 1:\n    x = 2\n  case _:\n    x = 3\nUSE", "3 | 2"},
		{"for arguments alone", "x = 1\nif len(sys.argv) > 1:\n  x = 2\nUSE", "1 | argued"},
		{"for arguments, or else", "if len(sys.argv) > 1:\n  x = 2\nelse:\n  x = 3\nUSE", "3 | argued"},
		{"on one line", "if c: x = 1\nelse: x = 2\nUSE", "2 | 1"},
		{"guard", "x = 1\nif __name__ == '__main__':\n  x = 2\n  USE", "2"},
		{"deleted", "x = 1\ndel x\nUSE", "?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, last(t, tt.source, "x")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLookupParts(t *testing.T) {
	tests := []struct{ name, source, of, want string }{
		{"item", "app.config['A'] = 1\nUSE", `app.config["A"]`, "1"},
		{"item, overwritten", "d['A'] = 1\nd['A'] = 2\nUSE", `d["A"]`, "2"},
		{"attribute", "x.y = 1\nUSE", "x.y", "1"},
		{"attribute of self", "class A:\n  def f(self):\n    self.port = 1\n  def g(self):\n    USE", "self.port", "1"},
		{"attribute of self, here", "class A:\n  def f(self):\n    self.port = 1\n  def g(self):\n    self.port = 2\n    USE", "self.port", "2"},
		{"attribute of self and of the class", "class A:\n  port = 1\n  def f(self):\n    self.port = 2\n  def g(self):\n    USE", "self.port", "2 | 1"},
		{"attribute of the class", "class A:\n  port = 1\n  def g(self):\n    USE", "self.port", "1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, last(t, tt.source, tt.of)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCalls(t *testing.T) {
	tests := []struct{ source, want string }{
		{"f(1)", "f"},
		{"a.b.f(1, g(2))", "a.b.f, g"},
		{"f(x)(y)", "f, ()"},
		{"f(x).go(y)", "f, ().go"},
		{"(a / 'b').open('w')", "().open"},
		{"x[1].go()", "().go"},
		{"'a'.join(b)", "().join"},
		{"return (1)", ""},
		{"if (x): pass", ""},
		{"def f(x): pass", ""},
		{"not (x)", ""},
		{"print('x')", "print"},
		{"a.b(c).d(e).f(g)", "a.b, ().d, ().f"},
	}
	for _, tt := range tests {
		var got []string
		for _, c := range Calls(Tokenize(tt.source)) {
			n := c.Name
			if n == "" {
				n = "()"
				if c.Method != "" {
					n += "." + c.Method
				}
			}
			got = append(got, n)
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s: %s", tt.source, diff)
		}
	}
}

// TestLinear: what would make a careless reader slow does not.
func TestLinear(t *testing.T) {
	const n = 10_000
	for name, source := range map[string]string{
		"brackets":       "x = " + strings.Repeat("(", n) + strings.Repeat(")", n) + "\nUSE",
		"open brackets":  "x = " + strings.Repeat("(", 8*n),
		"calls":          "x = " + strings.Repeat("f(", n) + strings.Repeat(")", n),
		"chained calls":  "x = f" + strings.Repeat("()", 4*n),
		"methods":        "x = f" + strings.Repeat(".g()", 2*n),
		"dotted":         "x = a" + strings.Repeat(".b", 4*n) + "()",
		"writes":         strings.Repeat("x = 1\n", n) + "USE",
		"writes in ifs":  strings.Repeat("if c: x = 1\n", n/2) + "USE",
		"elifs":          "if c: x = 1\n" + strings.Repeat("elif c: x = 1\n", n/2) + "USE",
		"uses":           strings.Repeat("x = x\n", n),
		"elses":          strings.Repeat("else:", n),
		"walrus":         strings.Repeat("x :=", n) + "1",
		"f-strings":      strings.Repeat("f'{'", 2*n),
		"f-string quote": "f'" + strings.Repeat("{'", 2*n),
		"semicolons":     strings.Repeat("x=1;", n),
		"lambdas":        strings.Repeat("lambda:", n),
		"assignments":    strings.Repeat("x=", 2*n) + "1",
		"commas":         strings.Repeat("x,", 2*n) + "=1",
		"decorators":     strings.Repeat("@x\n", n) + "def f(): pass",
		"loop":           "while c:\n" + strings.Repeat(" x = x\n", n),
	} {
		t.Run(name, func(*testing.T) {
			f := Bind(source)
			for _, s := range f.Body {
				Calls(s.Tokens)
				s.Lookup("x")
				for _, b := range s.Body {
					b.Lookup("x")
				}
			}
		})
	}
}

// FuzzBind holds the readers to three promises: they end, they do not panic,
// and no line is outside of the file.
func FuzzBind(f *testing.F) {
	for _, s := range []string{
		"x = 1\ndef f(a, *, b=2):\n  global x\n  x += a\n", "f'{f\"{f'{1}'}\"}'", "if x:if y:z\n\t\n x", "\\", "'''", "f'{", "((((", "))))", "def f(\n", "@", "from . import (",
		"import", "a=b=c=f(", "class A(", "x: int = ", "d['a'] = 1", "match x:\n case _: y = 1", "try: x=1\nexcept: x=2", "f'{a!r:>{w}}}}{{'", "for x, y in z: pass", "with a as b, c as d: pass",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		last := strings.Count(source, "\n") + 1
		for _, l := range tokenize(source) {
			for i, tok := range l.tokens {
				if tok.Line < 1 || tok.Line > last || tok.Kind != String && tok.Text == "" {
					t.Fatalf("token %+v of a file of %d lines", tok, last)
				}
				if p := tok.Partner; p != 0 && l.tokens[i+p].Partner != -p {
					t.Fatalf("token %+v has no such partner", tok)
				}
			}
		}
		file := Bind(source)
		var look func([]*Stmt)
		look = func(list []*Stmt) {
			for _, s := range list {
				Calls(s.Tokens)
				s.Enclosing()
				for n := range s.Scope().Names {
					for _, b := range s.Lookup(n).List {
						if b.Line < 1 || b.Line > last || b.Stmt == nil {
							t.Fatalf("%q: %+v", n, b)
						}
					}
				}
				look(s.Body)
			}
		}
		look(file.Body)
	})
}
