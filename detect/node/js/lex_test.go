package js

import (
	"strings"
	"testing"
)

func TestLex(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a.js", "#!/usr/bin/env node\nlet a = 1 // b\n/* c\n*/ d", "let a = 1 d"},
		{"a.js", "a = b / c; d = /x[/]'y/g.test(e) / 2", "a = b / c ; d = /x[/]'y/g . test ( e ) / 2"},
		{"a.js", "if (a) /'/.test(b)\n}\n/`/.test(c)", "if ( a ) /'/ . test ( b ) } /`/ . test ( c )"},
		{"a.js", "x = {a: 1} / 2; f(y) / 3; z[0] / 4; i++ / 5", "x = { a : 1 } / 2 ; f ( y ) / 3 ; z [ 0 ] / 4 ; i ++ / 5"},
		{"a.js", "`a${b + `c${d}e`}f${g}h`", "`a${ b + `c${ d }e` }f${ g }h`"},
		{"a.js", "`a\\`b` + 'it\\'s' + \"c\\\nd\"", "`a\\`b` + 'it\\'s' + \"c\\\nd\""},
		{"a.js", "a ?? b?.c ||= d ? .5 : e", "a ?? b ?. c ||= d ? .5 : e"},
		{"a.js", "it's no string\nlisten(1)", "it s no string listen ( 1 )"},
		{"a.js", "`never ends\nlisten(1)", "never ends listen ( 1 )"},
		{"a.jsx", "x = <p>it's a ` // and /* here</p>; listen(1)", "x = <p></p> ; listen ( 1 )"},
		{"a.jsx", "return <A b=\"c'd\" e={f(`g`)} {...h}>i {j ? <k>`</k> : null} l<M/>'</A>\nlisten(1)", "return <A b = \"c'd\" e = { f ( `g` ) } { ... h }> { j ? <k></k> : null }<M/></A> listen ( 1 )"},
		{"a.jsx", "f(<>a ' b</>, 1)", "f ( <></> , 1 )"},
		{"a.jsx", "x = <A b={<c>'</c>}>`</A>; y", "x = <A b = { <c></c> }></A> ; y"},
		{"a.js", "for (i = 0; i < n; i++) { a(`b`) } x = i <y; z > 1", "for ( i = 0 ; i < n ; i ++ ) { a ( `b` ) } x = i < y ; z > 1"},
		{"a.tsx", "const f = <T,>(x: T) => 'a'; const g = <T extends B>(x: T) => <p>'</p>; h", "const f = < T , > ( x : T ) => 'a' ; const g = < T extends B > ( x : T ) => <p></p> ; h"},
		{"a.tsx", "x = <Select<Option> a='b'>it's</Select>; y", "x = <Select<Option> a = 'b'></Select> ; y"},
		{"a.ts", "const a = <T>b; c<d>('e')", "const a = < T > b ; c < d > ( 'e' )"},
		{"a.js", "x = <p>never closed; listen(1)", "x = < p > never closed ; listen ( 1 )"},
	} {
		var list []string
		for _, tok := range lex(c.text, dialectOf(c.name)) {
			list = append(list, tok.Text)
		}
		// Tags are compared without their blanks.
		squeeze := func(s string) string {
			return strings.Join(strings.Fields(strings.NewReplacer("<", " < ", ">", " > ", "/", " / ").Replace(s)), " ")
		}
		if got := squeeze(strings.Join(list, " ")); got != squeeze(c.want) {
			t.Errorf("%s\ngot  %s\nwant %s", c.text, got, squeeze(c.want))
		}
	}
}

func TestLines(t *testing.T) {
	f := Parse("a.tsx", []byte("/* a\n*/ b\n`c\n${d}\n` + e\nx = <p>\n`\n</p>\n'f\\\ng' + h\n"))
	want := map[string]int{"b": 2, "d": 4, "e": 5, "x": 6, "h": 10}
	for _, tok := range f.Tokens {
		if n, ok := want[tok.Text]; ok && n != int(tok.Line) {
			t.Errorf("%s: got line %d, want %d", tok.Text, tok.Line, n)
		}
	}
}

func TestTokenValue(t *testing.T) {
	for text, want := range map[string]string{
		`'a\'b'`: "a'b", `"\x41\u{1F600}\u0042\n"`: "A😀B\n", "'a\\\nb'": "ab", `'\xZZ'`: "xZZ", "`a\\`b`": "a`b",
	} {
		if got := Parse("a.js", []byte(text)).Tokens[0].Value(); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// hostile are texts that a reader could take more than linear time for.
func hostile(n int) map[string]string {
	out := map[string]string{}
	for _, part := range []string{
		"/** a */ ", "'", "\"\\\"", "`", "`${", "\\`", "/", "/[", "<a ", "<a>{", "x=<a b={", "(", "{", "[", ")", "}", "((a)=>", "a=>", "a.b", "a.b().", "f(", "f(a,", "f(x=>",
		"a?b:", "a||", "a=", "let a=", "const {a=", "const {a:{", "let a=b;a=", "a++;", "if(a)", "for(;;)", "class A{", "class A extends ", "function f(a){", "function f(a){return f(a)}f(1);",
		"x:", "(a):", "<T>", "a<b,", "import{a as b}from'c';", "export{a};", "const a={...b,...b};const b={...a,...a};", "process.env.A||", "process.env.A;", "a.listen(", "${", "x as ", "<<", "@a", "async ", "new ", "await ", "return ", "...",
		"this.a=1;", "exports.a=1;", "module.exports=", "require(", "`${a}`+", "fs.writeFile(a,", "[a].forEach(b=>", "const a=x.map(y=>",
		"use(p);let p=", "function g(){p=1}", "let q;", "a['b']",
	} {
		out[part] = strings.Repeat(part, n/len(part))
	}
	return out
}

// TestLinear reads them to the end, which the test's own deadline bounds.
func TestLinear(t *testing.T) {
	for part, text := range hostile(60_000) {
		t.Run(part, func(*testing.T) {
			f := Parse("a.tsx", []byte(text))
			f.Config()
			f.Variables()
			for i := range f.Tokens {
				if f.is(i, "(") && !f.Head(i) {
					if _, ok := f.Callee(i); ok {
						f.Arguments(i)
					}
				}
			}
		})
	}
}

func FuzzLex(f *testing.F) {
	for _, seed := range []string{"`a${`b${c}`}` /re[/]/ 'x\n' /* ", "<a b={`${<c>'</c>}`}>d</a>", "a = b / c / d", "if (x) /y/", "<A<B>>", "\\", "'\\", "#!"} {
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, text string, types bool) {
		last, end := 0, 0
		for _, tok := range lex(text, dialect{markup: true, types: types}) {
			if tok.Text == "" || int(tok.Line) < last || int(tok.Offset) < end || text[tok.Offset:int(tok.Offset)+len(tok.Text)] != tok.Text {
				t.Fatalf("token %+v after line %d", tok, last)
			}
			last, end = int(tok.Line), int(tok.Offset)+len(tok.Text)
			_ = tok.Value()
		}
	})
}

func FuzzEval(f *testing.F) {
	for _, seed := range []string{
		"const {a: {b = 1}} = process.env; use(b)", "function f(a, {b}) { return a ? b : f(b) } f(1, {b: 2})", "class A { constructor(private b: C) { this.b = b } c() { return this.b.d() } }",
		"export default defineConfig(({a}) => ({b: a}))", "import a, {b as c} from './a'; a.b.c`d${e}`", "let a; a ??= a; a.b.c = a; module.exports = a", "for (const a of [1, 2]) b(a)",
		"x as y < z", "new URL('a', import.meta.url)", "`${a}${b}`", "a?.[b]?.(c)!", "({...a, [b]: c, get d() { return e }, async *f() {}})",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"a.ts", "a.jsx"} {
			p := NewProgram(files{"a.js": text, name: text})
			p.Build = name == "a.ts"
			f := p.Add(name, []byte(text))
			f.Config()
			f.Variables()
			for i := range f.Tokens {
				v, end := f.Eval(i)
				if end < i || end > len(f.Tokens) {
					t.Fatalf("token %d of %d: the expression ends at %d", i, len(f.Tokens), end)
				}
				_ = show(v)
				if f.is(i, "(") && !f.Head(i) {
					if _, ok := f.Callee(i); ok {
						f.Arguments(i)
					}
				}
			}
			if p.depth != 0 {
				t.Fatalf("depth %d", p.depth)
			}
		}
	})
}
