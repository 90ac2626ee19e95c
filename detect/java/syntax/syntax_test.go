package syntax

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/effect"
)

// evaluator knows the few conversions that the tests use.
func evaluator() *Evaluator {
	return &Evaluator{
		Class: func(string) []*File { return nil },
		Convert: func(class, method string, _ int) Conversion {
			return map[string]Conversion{
				"System.getenv": Env, "Integer.parseInt": Arg, "*.trim": Self, "*.orElse": OrElse, "System.getProperty": Property, "Path.of": Join, "*.resolve": Child,
			}[class+"."+method]
		},
	}
}

func TestName(t *testing.T) {
	tests := []struct {
		name, text string
		kotlin     bool
		want       effect.Value // of x in use(x)
	}{
		{"literal", `class A { void f() { int x = 1; use(x); } }`, false, effect.Value{Text: "1", Sure: effect.Literal}},
		{"field", `class A { static final String x = "a"; void f() { use(x); } }`, false, effect.Value{Text: "a", Sure: effect.Literal}},
		{"joined texts", `class A { String d = "a"; void f() { String x = d + "/" + "b"; use(x); } }`, false, effect.Value{Text: "a/b", Sure: effect.Literal}},
		{"arithmetic", `class A { void f() { int x = 8000 * 2; use(x); } }`, false, effect.Value{}},
		{"environment", `class A { void f() { int x = Integer.parseInt(System.getenv("X").trim()); use(x); } }`, false, effect.Value{Env: "X", Sure: effect.Default}},
		{"property", `class A { void f() { String x = System.getProperty("x", "5"); use(x); } }`, false, effect.Value{Text: "5", Sure: effect.Default, Flag: "-Dx="}},
		{"cast", `class A { void f() { short x = (short) 7; use(x); } }`, false, effect.Value{Text: "7", Sure: effect.Literal}},
		{"shadowed", `class A { int x = 1; void f() { int x = 2; use(x); } }`, false, effect.Value{Text: "2", Sure: effect.Literal}},
		{"in a block that has ended", `class A { int x = 1; void f() { { int x = 2; } use(x); } }`, false, effect.Value{Text: "1", Sure: effect.Literal}},
		{"caught", `class A { void f() { int x = 1; try { x = Integer.parseInt(System.getenv("X")); } catch (E e) { } use(x); } }`, false, effect.Value{Env: "X", Text: "1", Sure: effect.Default}},
		{"two writes in a branch", `class A { void f() { int x = 1; if (c) { x = 2; x = Integer.parseInt(System.getenv("X")); } use(x); } }`, false, effect.Value{}},
		{"a loop's variable", `class A { void f() { for (int x : all) { use(x); } } }`, false, effect.Value{}},
		{"itself", `class A { int x = x; void f() { use(x); } }`, false, effect.Value{}},
		{"in a circle", `class A { int x = y; int y = x; void f() { use(x); } }`, false, effect.Value{}},
		{"a path", `class A { Path d = Path.of("a", "b"); void f() { var x = d.resolve("c"); use(x); } }`, false, effect.Value{Text: "a/b/c", Sure: effect.Literal}},
		{"Kotlin", `fun f() { val x: Int = System.getenv("X")?.trim() ?: 9; use(x) }`, true, effect.Value{Env: "X", Text: "9", Sure: effect.Default}},
		{"Kotlin's if", `fun f() { val p = System.getenv("X")
 val x = if (p != null) p else "3"
 use(x) }`, true, effect.Value{Env: "X", Text: "3", Sure: effect.Default}},
		{"Kotlin's template", `fun f() { val x = "a$b"; use(x) }`, true, effect.Value{}},
		{"Kotlin, a body that is an expression", `fun port(): Int = 12
fun f() { val x = port()
 use(x) }`, true, effect.Value{Text: "12", Sure: effect.Literal}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := Parse("A", []byte(tt.text), tt.kotlin)
			for c := range f.Calls {
				if c.Name == "use" {
					if got := evaluator().Of(f, c.Open+1, c.Open+2); got != tt.want {
						t.Errorf("got %+v, want %+v", got, tt.want)
					}
					return
				}
			}
			t.Error("no use(x)")
		})
	}
}

// hostile are inputs that would cost much if the work grew faster than the text.
func hostile() map[string]string {
	const n = 60_000
	return map[string]string{
		"braces":      strings.Repeat("{", n),
		"parentheses": strings.Repeat("(", n) + strings.Repeat(")", n),
		"calls":       strings.Repeat("f(", n) + "1" + strings.Repeat(")", n),
		"chain":       "a" + strings.Repeat(".b()", n),
		"one name":    "class A { void f() {" + strings.Repeat("int x = x; x = y; y = x;", n/6) + "use(x); } }",
		"many names":  "class A {" + strings.Repeat("int a = b; int b = c; int c = a;", n/6) + "}",
		"arguments":   "use(" + strings.Repeat("1,", n) + "1)",
		"sum":         "int x = " + strings.Repeat("1+", n) + "1; use(x)",
		"conditional": "int x = " + strings.Repeat("a ? b : ", n/4) + "1; use(x)",
		"headers":     strings.Repeat("a a a a a a a a a a {", n/11),
		"mixed":       strings.Repeat("({[", n/3) + strings.Repeat(")}]", n/3),
		"methods":     strings.Repeat("int a() { return b(); } int b() { return a(); }", n/24),
	}
}

// TestHostile reads them to the end; BenchmarkHostile says what each costs.
func TestHostile(_ *testing.T) {
	for _, text := range hostile() {
		for _, kotlin := range []bool{false, true} {
			all("class P {"+text+"}", kotlin)
		}
	}
}

// all works out whatever can be asked of a file.
func all(text string, kotlin bool) {
	f, e := Parse("A", []byte(text), kotlin), evaluator()
	for c := range f.Calls {
		for _, a := range f.Args(c.Open)[:min(len(f.Args(c.Open)), 2)] {
			e.Of(f, a[0], a[1])
		}
	}
	e.Variables(f)(func(int, effect.Value) bool { return true })
}

func BenchmarkHostile(b *testing.B) {
	for name, text := range hostile() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				all(text, false)
			}
		})
	}
}
