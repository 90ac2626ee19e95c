package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// dump writes a value in one line: each key with its line, each scalar with
// its own.
func dump(v Value) string {
	switch v.Kind {
	case Absent:
		return "absent"
	case Object:
		var list []string
		for _, m := range v.Members {
			list = append(list, fmt.Sprintf("%s@%d: %s", m.Key, m.Line, dump(m.Value)))
		}
		return strings.TrimSpace(v.Text+" {") + strings.Join(list, ", ") + "}"
	case List:
		var list []string
		for _, e := range v.Items {
			list = append(list, dump(e))
		}
		return "[" + strings.Join(list, ", ") + "]"
	case String:
		return fmt.Sprintf("%q@%d", v.Text, v.Line)
	case Null, Bool, Number, Other:
	}
	return fmt.Sprintf("%s@%d", v.Text, v.Line)
}

func TestParse(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"json": {
			"a.json",
			"{\n \"a\": [1,\n true, null],\n \"b\": {\"c\":\n \"\\u0041\"}\n}",
			`{a@2: [1@2, true@3, null@3], b@4: {c@4: "A"@5}}`,
		},
		"json comments":        {"tsconfig.json", "// one\n{ /* two\n*/ \"a\": 1, // three\n}", `{a@3: 1@3}`},
		"json twice":           {"a.json", "{\"a\": 1,\n\"b\": 2,\n\"a\": 3}", `{a@3: 3@3, b@2: 2@2}`},
		"json CRLF":            {"a.json", "{\r\n\"a\":\r\n1}", `{a@2: 1@3}`},
		"json of another name": {".babelrc", "{}", `{}`},
		"json many twice": {
			"a.json",
			`{"0":0,"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7,"8":8,"9":9,"0":10}`,
			`{0@1: 10@1, 1@1: 1@1, 2@1: 2@1, 3@1: 3@1, 4@1: 4@1, 5@1: 5@1, 6@1: 6@1, 7@1: 7@1, 8@1: 8@1, 9@1: 9@1}`,
		},
		"json quote in comment": {"a.json", "/*\"*/[1] // \"", `[1@1]`},
		"json5": {
			"a.json5",
			"{a: 'b\\\nc', // it's\n'd': +1, $e: [0x10, .5, 5., -Infinity,], f: \"\\x41\\v\\'\", true: true}",
			`{a@1: "bc"@1, d@3: 1@3, $e@3: [16@3, 0.5@3, 5@3, null@3], f@3: "A\v'"@3, true@3: true@3}`,
		},
		"json5 comments": {"a.json5", "/* ' */ {/*\n*/\na /*:*/ : // b:\n'\"' }", `{a@3: "\""@4}`},
		"json5 key":      {"a.json5", "{'it\\'s': 1, é: 2}", `{it's@1: 1@1, é@1: 2@1}`},
		"yaml block": {
			"a.yaml",
			"a: b\nc:\n- 1\n- ~\n- 'x'\n- 2020-01-01\nd:\n  e: |\n    f\n  g: true\n",
			`{a@1: "b"@1, c@2: [1@3, ~@4, "x"@5, 2020-01-01@6], d@7: {e@8: "f\n"@8, g@10: true@10}}`,
		},
		"yaml anchors": {
			"a.yaml",
			"x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\nz: *x\nl: [&s s, *s]\n",
			`{x@1: {a@1: 1@1, b@1: 2@1}, y@2: {b@4: 3@4, a@1: 1@1}, z@5: {a@1: 1@1, b@1: 2@1}, l@6: ["s"@6, "s"@6]}`,
		},
		"yaml merge of several": {
			"a.yaml",
			"x: &x {a: 1}\ny: &y {a: 2, b: 2}\nz:\n  <<: [*x, *y]\n",
			`{x@1: {a@1: 1@1}, y@2: {a@2: 2@2, b@2: 2@2}, z@3: {a@1: 1@1, b@2: 2@2}}`,
		},
		"yaml tag":          {"a.yaml", "a: !reference [b, c]\nd: !secret e\n", `{a@1: ["b"@1, "c"@1], d@2: e@2}`},
		"yaml alias as key": {"a.yaml", "a: &k b\n*k : c\n", `{a@1: "b"@1, b@2: "c"@2}`},
		"yaml empty":        {"a.yaml", "# nothing\n", "absent"},
		"yaml first of two": {"a.yaml", "a: 1\n---\na: 2\n", `{a@1: 1@1}`},
		"yaml CRLF":         {"a.yaml", "a: 1\r\nb:\r\n  - c\r\n", `{a@1: 1@1, b@2: ["c"@3]}`},
		"toml": {
			"a.toml",
			"a = 1\n[b]\nc.d = [\n  'x', # one\n  \"y\"]\n[[e.f]]\ng = {h = true, i.j = 2020-01-01}\n[[e.f]]\n[e.f.k]\nl = 0x1_0\n[b.c.m]\n",
			`{a@1: 1@1, b@2: {c@3: {d@3: ["x"@4, "y"@5], m@11: {}}}, e@6: {f@6: [{g@7: {h@7: true@7, i@7: {j@7: 2020-01-01@7}}}, {k@9: {l@10: 16@10}}]}}`,
		},
		"toml super table": {"a.toml", "[a.b]\nc = 1\n[a]\nd = '''\nx'''\n", `{a@1: {b@1: {c@2: 1@2}, d@4: "x"@4}}`},
		"toml of Poetry": {
			"pyproject.toml",
			"[tool.poe.tasks]\npython = 'x'\n\n[tool.poetry.dependencies]\npython = \"^3.12\"\n",
			`{tool@1: {poe@1: {tasks@1: {python@2: "x"@2}}, poetry@4: {dependencies@4: {python@5: "^3.12"@5}}}}`,
		},
		"toml empty": {"uv.lock", "", `{}`},
		"toml CRLF":  {"Pipfile", "[a]\r\nb = [\r\n1,\r\n'c']\r\n", `{a@1: {b@2: [1@3, "c"@4]}}`},
		"xml": {
			"pom.xml",
			"<?xml version=\"1.0\"?>\n<!-- c -->\n<m:project\n xmlns:m='x'>\n t <a>1</a>\n<a>2<!-- --></a><b/>\n<c id='i'>&eacute;<![CDATA[<]]></c></m:project>",
			`{project@3: t {@m@3: "x"@3, a@5: "1"@5, a@6: "2"@6, b@6: ""@6, c@7: "é<"@7}}`,
		},
		"xml latin": {"a.xml", "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>", `{a@1: "é"@1}`},
		"properties": {
			"a.properties",
			"# c\n! d\na=b\nc : d\\\n   e\n\nf g\nh\\:i\\u0041=\\tj\nk\na=z \n",
			`{a@10: "z "@10, c@4: "de"@4, f@7: "g"@7, h:iA@8: "\tj"@8, k@9: ""@9}`,
		},
		"properties latin": {"a.properties", "a=\xe9", `{a@1: "é"@1}`},
		"properties CRLF":  {"a.properties", "a=b\r\nc=d\\\r\n e", `{a@1: "b"@1, c@2: "de"@2}`},
		"properties end":   {"a.properties", "a=b\\", `{a@1: "b"@1}`},
		"ini": {
			"setup.cfg",
			"[metadata]\nname = x\n\n[options]\ninstall_requires =\n    a>=1\n    # c\n\n    b\npython_requires: >=3\n[metadata]\nVersion=1\n",
			`{metadata@1: {name@2: "x"@2, version@12: "1"@12}, options@4: {install_requires@5: ["a>=1"@6, "b"@9], python_requires@10: ">=3"@10}}`,
		},
		"ini first line too": {"tox.ini", "a = b\n  c\na = d\n", `{a@3: "d"@3}`},
		"ini goes on":        {"tox.ini", "a = b\r\n  c\r\n", `{a@1: ["b"@1, "c"@2]}`},
	} {
		v, err := Parse(c.file, []byte(c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := dump(v); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
	}
}

func TestMalformed(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"a.json", "{\n  \"name\": \"x\"\n  \"main\": 1\n}", "a.json:3: is not valid JSON: "},
		{"a.json", "", "a.json:1: is not valid JSON: "},
		{"a.json", strings.Repeat("[", 1000), "a.json:1: nests deeper than 200 levels"},
		{"a.json", "{\"a\":\n" + strings.Repeat("{\"a\":", 200), "a.json:2: nests deeper"},
		{"a.json", strings.Repeat("/*\"*/[", 100_000), "a.json:1: nests deeper"},
		{"a.json", "[" + strings.Repeat("0,\n", maxValues), "a.json:500000: holds more than 500000 values"},
		{"a.json5", "{name: 'x',,}", "a.json5:1: is not valid JSON5: "},
		{"a.json5", "{name: 'x\\\ny',\n,}", "a.json5:3: is not valid JSON5: "},
		{"a.json5", strings.Repeat(" ", maxJSON5+1), "a.json5: is larger than 256 KiB"},
		{"a.yaml", "a: b\nc: [", "a.yaml:2: is not valid YAML: "},
		{"a.yaml", "a: 1\nb: 2\na: 3\n", "a.yaml:3: is not valid YAML: the key a stands on line 1 already"},
		{"a.yaml", "a: &a [*a]", "a.yaml:1: the alias *a stands for what it is in"},
		{"a.yaml", "a: *b", "a.yaml: is not valid YAML: unknown anchor"},
		{"a.yaml", strings.Repeat("[", 300) + strings.Repeat("]", 300), "a.yaml:1: nests deeper"},
		{
			"a.yaml",
			"a: &a " + strings.Repeat("[", 150) + strings.Repeat("]", 150) + "\nb: " + strings.Repeat("[", 100) + "*a" + strings.Repeat("]", 100),
			"a.yaml:2: nests deeper",
		},
		{"a.yaml", laughs(), "a.yaml:9: holds more than 500000 values"},
		{"a.toml", "[tools\n", "a.toml:1: is not valid TOML: "},
		{"a.toml", "a = 1\n[b]\na = 1\na = 2\n", "a.toml:4: is not valid TOML: the key a is set on line 3 already"},
		{"a.toml", "[a]\n[b]\n[a]\n", "a.toml:3: is not valid TOML: the key a is set on line 1 already"},
		{"a.toml", "[a]\nb.c = 1\n[a.b]\n", "a.toml:3: is not valid TOML: the key a.b is set"},
		{"a.toml", "[a.b.c]\n[a]\nb.c.d = 1\n", "a.toml:3: is not valid TOML: the key b is set on line 1 already"},
		{"a.toml", "a = {b = 1}\n[a.c]\n", "a.toml:2: is not valid TOML: "},
		{"a.toml", "a = [{b = 1}]\n[[a]]\n", "a.toml:2: is not valid TOML: "},
		{"a.toml", "[[a]]\n[a]\n", "a.toml:2: is not valid TOML: "},
		{"a.toml", "a = {b = 1, b = 2}", "a.toml:1: is not valid TOML: "},
		{"a.toml", "a = 99999999999999999999", "a.toml:1: is not valid TOML: "},
		{"a.toml", "a = 1\nb = ", "a.toml:2: is not valid TOML: "},
		{"a.toml", "[" + strings.Repeat("a.", 200) + "a]", "a.toml:1: nests deeper"},
		{"a.toml", "[" + strings.Repeat("a.", 150) + "a]\n" + strings.Repeat("a.", 50) + "a=1", "a.toml:2: nests deeper"},
		{"a.toml", "a=" + strings.Repeat("[", 201) + strings.Repeat("]", 201), "a.toml:1: nests deeper"},
		{"a.xml", "<project>\n<artifactId>a</artifactId>\n", "a.xml:3: is not valid XML: "},
		{"a.xml", "<!-- -->", "a.xml: holds no XML element"},
		{"a.xml", `<?xml version="1.0" encoding="klingon"?><project/>`, "a.xml:1: is not valid XML: "},
		{"a.xml", strings.Repeat("<a>\n", 300), "a.xml:201: nests deeper"},
		{"setup.cfg", "[a]\nb\n", "setup.cfg:2: is not valid INI: "},
	} {
		_, err := Parse(c.file, []byte(c.text))
		if fe := (*fact.Error)(nil); !errors.As(err, &fe) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%.60q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func laughs() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := range 100 {
		fmt.Fprintf(&b, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d]\n", i+1, i+1, i, i, i, i)
	}
	return b.String()
}

func TestParseAll(t *testing.T) {
	list, err := ParseAll("a.yaml", []byte("a: &x 1\n---\n---\nb: 2\n"))
	var got []string
	for _, v := range list {
		got = append(got, dump(v))
	}
	if err != nil || len(got) != 3 || got[0] != "{a@1: 1@1}" || got[2] != "{b@4: 2@4}" {
		t.Errorf("got %q, %v", got, err)
	}
	if list, _ := ParseAll("a.yaml", []byte(strings.Repeat("--- a\n", 1000))); len(list) != maxDocuments {
		t.Errorf("%d documents", len(list))
	}
}

func TestValue(t *testing.T) {
	v, err := Parse("a.json", []byte(`{"s": "x",
"l": ["y",
1, "z"], "o": {"s": {"s": "deep"}, "t": true, "f": false, "n": 1},
"m": {"a":
"b", "c": 1}}`))
	if err != nil {
		t.Fatal(err)
	}
	equal := func(name string, got, want any) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	str := func(s string, line int) fact.Fact[string] { return fact.New(s, "a.json", line) }
	equal("fact", v.Get("s").Fact(), str("x", 1))
	equal("fact of a list", v.Get("l").Fact(), fact.Fact[string]{})
	equal("facts", v.Get("m").Facts(), map[string]fact.Fact[string]{"a": str("b", 4)})
	equal("strings", v.Get("l").Strings(), []fact.Fact[string]{str("y", 2), str("z", 3)})
	equal("strings of one", v.Get("s").Strings(), []fact.Fact[string]{str("x", 1)})
	equal("absent", v.Get("o", "x", "y").Found(), false)
	equal("true", []bool{v.Get("o", "t").IsTrue(), v.Get("o", "f").IsTrue(), v.Get("o", "f").IsFalse(), v.Get("x").IsFalse()}, []bool{true, false, true, false})
	equal("find", v.Get("o").Find("t").Pos(), fact.At("a.json", 3))
	equal("find within", v.Find("n").Text, "1")
	equal("select", len(v.Select("*", "*")), 3+4+2)
	equal("select a key", v.Select("m", "a")[0].Text, "b")
	equal("select nothing", v.Select("m", "x"), []Value(nil))
	x, err := Parse("a.xml", []byte("<a><b>1</b><b>2</b>"+strings.Repeat("<c/>", 20)+"<b>3</b></a>"))
	if err != nil {
		t.Fatal(err)
	}
	x = x.Get("a")
	equal("first element", x.Get("b").Text, "1")
	equal("all elements", len(x.All("b")), 3)
}

func TestRead(t *testing.T) {
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune("{\n\"a\": \"é\"}")) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	tr, err := tree.Scan(t.Context(), fstest.MapFS{
		"bom.json": {Data: []byte("\xef\xbb\xbf{\"a\": 1}")}, "wide.json": {Data: wide}, "uv.lock": {Data: []byte("a = 1\na = 2\n")},
	}, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"bom.json": "{a@1: 1@1}", "wide.json": `{a@2: "é"@2}`, "./bom.json": "{a@1: 1@1}",
		"uv.lock": "uv.lock:2: is not valid TOML: the key a is set on line 1 already",
	} {
		v, err := Read(tr, file)
		if got := dump(v); got != want && (err == nil || err.Error() != want) {
			t.Errorf("%s: got %s, %v; want %s", file, got, err, want)
		}
	}
}

// check walks a value and reports what no reader may make.
func check(t *testing.T, file string, text []byte, v Value) {
	t.Helper()
	count, last := 0, 1+strings.Count(string(text), "\n")
	var walk func(v Value, depth int)
	walk = func(v Value, depth int) {
		if count++; count > 2*maxValues || depth > maxDepth+1 {
			t.Fatalf("%d values, depth %d", count, depth)
		}
		if v.Line < 1 || v.Line > last || v.File != file || v.Kind == Absent {
			t.Fatalf("%s:%d of %d lines: kind %d", v.File, v.Line, last, v.Kind)
		}
		if !utf8.ValidString(v.Text) {
			t.Fatalf("%q is not UTF-8", v.Text)
		}
		for _, m := range v.Members {
			if m.Line < 1 || m.Line > last {
				t.Fatalf("key %q on line %d of %d", m.Key, m.Line, last)
			}
			if _, ok := v.Member(m.Key); !ok {
				t.Fatalf("key %q is not found", m.Key)
			}
			walk(m.Value, depth+1)
		}
		for _, e := range v.Items {
			walk(e, depth+1)
		}
	}
	if v.Found() {
		walk(v, 0)
	}
}

// plain is a value as encoding/json and go-toml decode it; numbers and dates
// stand as nil.
func plain(v Value) any {
	switch v.Kind {
	case Object:
		out := map[string]any{}
		for _, m := range v.Members {
			out[m.Key] = plain(m.Value)
		}
		return out
	case List:
		out := []any{}
		for _, e := range v.Items {
			out = append(out, plain(e))
		}
		return out
	case String:
		return v.Text
	case Bool:
		return v.IsTrue()
	case Absent, Null, Number, Other:
	}
	return nil
}

// simple makes nil of numbers and dates.
func simple(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = simple(v[k])
		}
		return v
	case []any:
		for i := range v {
			v[i] = simple(v[i])
		}
		return v
	case string, bool:
		return v
	}
	return nil
}

func fuzz(f *testing.F, file string, seeds []string, other func([]byte) (any, error)) {
	f.Helper()
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<16 || strings.ContainsRune(string(text), 0) {
			return
		}
		v, err := Parse(file, text)
		if err != nil {
			if fe := (*fact.Error)(nil); !errors.As(err, &fe) || fe.Pos.File != file {
				t.Fatalf("error without its file: %v", err)
			}
		} else {
			check(t, file, text, v)
		}
		if other == nil {
			return
		}
		want, otherErr := other(text)
		switch {
		case otherErr == nil && err != nil && !strings.Contains(err.Error(), "nests deeper"):
			t.Fatalf("%q is refused: %v", text, err)
		case otherErr == nil && err == nil:
			if diff := cmp.Diff(simple(want), plain(v)); diff != "" {
				t.Fatalf("%q is read in another way: %s", text, diff)
			}
		}
	})
}

func TestParseJSONLess(t *testing.T) {
	text := "{\"x\": 1, \"a\": {\"x\": {\"x\": [1, {\"b\": 2}],\n\"c\": 3}, \"b\": {\"x\": 4}, \"y\": 5, \"c\":\n[{\"x\": 6}]}}"
	skip := func(depth int, parent, key string) bool {
		return depth == 1 && parent == "a" && (key == "x" || key == "y")
	}
	v, err := ParseJSONLess("a.json", []byte(text), skip)
	if got, want := dump(v), "{x@1: 1@1, a@1: {b@2: {x@2: 4@2}, c@2: [{x@3: 6@3}]}}"; err != nil || got != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	if _, err := ParseJSONLess("a.json", []byte("{\"a\": {\"x\": [1,\n}}"), skip); err == nil || !strings.HasPrefix(err.Error(), "a.json:2: ") {
		t.Errorf("got %v, want an error with its line", err)
	}
}

func FuzzJSON(f *testing.F) {
	fuzz(f, "a.json", []string{
		"",
		"{}",
		`{"a": [1, true, null, "\u0041\ud800"], "a": {}}`,
		"// a\n[1,/* b */]",
		"[[[[",
		`{"a":`,
	}, func(text []byte) (any, error) {
		var v any
		return v, json.Unmarshal(text, &v)
	})
}

func FuzzJSON5(f *testing.F) {
	fuzz(f, "a.json5", []string{
		"{a: 'b', \"c\": +1, d: [0x1, .5, NaN,], e: '\\x41\\\n\\'\"'}",
		"// a\n{}",
		"'\\u",
		"{true: true}",
	}, nil)
}

func FuzzYAML(f *testing.F) {
	fuzz(f, "a.yaml", []string{
		"a: b\nc:\n- 1\n- {d: e}\n",
		"a: &x {b: 1}\nc:\n  <<: *x\nd: [*x, *x]\n",
		"a: &a [*a]",
		"? [a]\n: b\n",
		"a: |\n  b\n--- c\n",
		"!t a", laughs(),
	}, nil)
}

func FuzzTOML(f *testing.F) {
	fuzz(f, "a.toml", []string{
		"a = 1\n[b.c]\nd.e = 'f'\n[[g]]\nh = {i = [1, 2020-01-01]}\n[[g]]\n",
		"a.b = 1\n[a]\n",
		"a = \"\"\"\nb\"\"\"\n",
		"a = 0x1_0\nb = +1\nc = 1e5\nd = inf\n",
		"[a]\r\nb = 1\r\n",
		"[[a.b]]\n[a.b.c]\n[a.d]\n",
	}, func(text []byte) (any, error) {
		v := map[string]any{}
		err := toml.Unmarshal(text, &v)
		return v, err
	})
}

func FuzzXML(f *testing.F) {
	fuzz(f, "a.xml", []string{
		"<a b='c'>d<e/>\n<e>f</e></a>",
		"<?xml version='1.0' encoding='latin1'?><a>\xe9</a>",
		"<a/><b/>",
		"<a>&lt;<![CDATA[x]]></a>",
		"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
	}, nil)
}

func FuzzProperties(f *testing.F) {
	fuzz(f, "a.properties", []string{
		"a=b\n# c\nd : e\\\n  f\n",
		"a\\",
		"\\u004",
		"\\:=\\",
		"a\\\r\n=b",
		"a\\\n",
	}, nil)
}

func FuzzINI(f *testing.F) {
	fuzz(f, "a.ini", []string{
		"[a]\nb = c\n  d\n; e\n[a]\nb: f\n",
		"a",
		"[",
		"=",
		" a\n",
		"a=\n\tb",
	}, nil)
}
