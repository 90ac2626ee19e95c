package document

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// npmLock is a package-lock.json of n packages.
func npmLock(n int) string {
	var b strings.Builder
	b.WriteString("{\n  \"lockfileVersion\": 3,\n  \"packages\": {\n")
	for i := range n {
		fmt.Fprintf(&b, "    \"node_modules/package-%d\": {\n      \"version\": \"1.2.%d\",\n      \"resolved\": \"https://registry.npmjs.org/package-%d/-/package-%d-1.2.3.tgz\",\n", i, i, i, i)
		fmt.Fprintf(&b, "      \"integrity\": \"sha512-%s==\",\n      \"license\": \"MIT\",\n      \"dependencies\": {\n        \"other-%d\": \"^1.0.0\",\n        \"third-%d\": \"~2.0\"\n      },\n      \"engines\": {\n        \"node\": \">=18\"\n      }\n    }%s\n", strings.Repeat("x", 86), i, i, map[bool]string{true: ",", false: ""}[i < n-1])
	}
	return b.String() + "  }\n}\n"
}

func pnpmLock(n int) string {
	var b strings.Builder
	b.WriteString("lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n        version: 1.0.0\n\npackages:\n")
	for i := range n {
		fmt.Fprintf(&b, "\n  '@scope/package-%d@1.2.3':\n    resolution: {integrity: sha512-%s==}\n    engines: {node: '>=18'}\n    dependencies:\n      other-%d: 1.0.0\n      third-%d: 2.0.0\n", i, strings.Repeat("x", 86), i, i)
	}
	return b.String()
}

func uvLock(n int) string {
	var b strings.Builder
	b.WriteString("version = 1\nrequires-python = \">=3.12\"\n")
	for i := range n {
		fmt.Fprintf(&b, "\n[[package]]\nname = \"package-%d\"\nversion = \"1.2.3\"\nsource = { registry = \"https://pypi.org/simple\" }\ndependencies = [\n    { name = \"other-%d\" },\n]\nwheels = [\n", i, i)
		for j := range 10 {
			fmt.Fprintf(&b, "    { url = \"https://files.pythonhosted.org/packages/%s/package_%d-1.2.3-cp3%d-manylinux.whl\", hash = \"sha256:%s\", size = 12345 },\n", strings.Repeat("a", 60), i, j, strings.Repeat("f", 64))
		}
		b.WriteString("]\n")
	}
	return b.String()
}

func pom(n int) string {
	var b strings.Builder
	b.WriteString("<project>\n  <dependencies>\n")
	for i := range n {
		fmt.Fprintf(&b, "    <dependency>\n      <groupId>org.example</groupId>\n      <artifactId>a-%d</artifactId>\n      <version>1.0</version>\n    </dependency>\n", i)
	}
	return b.String() + "  </dependencies>\n</project>\n"
}

// large are inputs of real forms, as large as they come.
func large() map[string]string {
	return map[string]string{
		"package-lock.json":      npmLock(14_000),
		"pnpm-lock.yaml":         pnpmLock(13_000),
		"uv.lock":                uvLock(1500),
		"pom.xml":                pom(10_000),
		"package.json5":          "{" + strings.Repeat("key: 'value', // text\n", 10_000) + "}",
		"application.properties": strings.Repeat("server.port = 8080\n", 13_000),
		"setup.cfg":              "[options]\ninstall_requires =\n" + strings.Repeat("  flask>=3\n", 20_000),
	}
}

// hostile are inputs that cost a reader the most for their size.
func hostile() map[string]string {
	const size = 16 << 20
	fill := func(file, head, s, tail string) (string, string) {
		n := size
		switch formatName(file) {
		case "yaml":
			n = maxYAML
		case "toml":
			n = maxTOML
		case "xml":
			n = maxXML
		case "json5", "properties", "ini":
			n = maxLines
		}
		return file + " " + head + s, head + strings.Repeat(s, (n-len(head)-len(tail))/len(s)) + tail
	}
	out := map[string]string{}
	for _, c := range [][4]string{
		{"a.json", "[", "0,", "0]"}, {"a.json", "[", "[],", "0]"}, {"a.json", "", "[", ""}, {"a.json", "", `/*"*/[`, ""}, {"a.json", "", "/*", ""}, {"a.json", "{", `"a":0,`, "}"}, {"a.json", "[", `"\u0000",`, "0]"}, {"a.json", "", "\n", "1"}, {"a.json", "", "//\n", "1"}, {"a.json", `"`, "x", `"`},
		{"a.json5", "[", "0,", "0]"}, {"a.json5", "", "'", ""}, {"a.json5", "", "/*", ""}, {"a.json5", "[", "0x1,", "]"}, {"a.json5", "'", `\x41`, "'"}, {"a.json5", "", "[", ""}, {"a.json5", "", "a", ""},
		{"a.yaml", "", "- \n", ""}, {"a.yaml", "[", "a,", "a]"}, {"a.yaml", "", "[", ""}, {"a.yaml", "", "- ", ""}, {"a.yaml", "", "a:\n", ""}, {"a.yaml", "", "# a\n", ""}, {"a.yaml", "", "---\n", ""}, {"a.yaml", "", "? ", ""}, {"a.yaml", "", "a ", ""}, {"a.yaml", "", "a\n", ""}, {"a.yaml", "- |\n", " a\n", ""}, {"a.yaml", "", "\n", ""}, {"a.yaml", "a: \"", "x", "\""}, {"a.yaml", "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: [", "*a,", "*a]"}, {"a.yaml", "", "!a ", ""}, {"a.yaml", "", "&a ", ""}, {"a.yaml", "", "'", ""}, {"a.yaml", "", "\t", ""}, {"a.yaml", "", "- #a\n", ""}, {"a.yaml", "", "- a #a\n  #b\n", ""},
		{"a.toml", "", "[[a]]\n", ""}, {"a.toml", "a=[", "0,", "0]"}, {"a.toml", "a=[", "{a=1},", "0]"}, {"a.toml", "a=", "[", ""}, {"a.toml", "a=", "{a=", ""}, {"a.toml", "", "a.", "a=1"}, {"a.toml", "[", "a.", "a]"}, {"a.toml", "a='''", "a\n", "'''"}, {"a.toml", "", "#\n", ""}, {"a.toml", `a="""`, `\n`, `"""`},
		{"a.xml", "<a>", "<a/>", "</a>"}, {"a.xml", "", "<a>", ""}, {"a.xml", "<a>", "&lt;", "</a>"}, {"a.xml", "<a>", "x<!---->", "</a>"}, {"a.xml", "<a ", "a='' ", "/>"}, {"a.xml", "<a>", "<![CDATA[x]]>", "</a>"},
		{"a.properties", "", "a\\\n", ""}, {"a.properties", "", "a\n", ""}, {"a.properties", "", "\\", ""}, {"a.properties", "a=", `\u0041`, ""},
		{"a.ini", "", "a=\n", ""}, {"a.ini", "a=\n", " a\n", ""}, {"a.ini", "", "[a]\n", ""},
	} {
		name, text := fill(c[0], c[1], c[2], c[3])
		out[name] = text
	}
	var keys strings.Builder
	for i := range 400_000 {
		fmt.Fprintf(&keys, "k%d = 1\n", i)
	}
	out["a.toml keys"] = keys.String()
	out["a.yaml keys"] = strings.ReplaceAll(keys.String(), " =", ":")[:maxYAML-2]
	out["a.json keys"] = `{"` + strings.ReplaceAll(strings.ReplaceAll(keys.String(), " = ", `":`), "\n", `,"`) + `":1}`
	out["a.yaml laughs"] = laughs()
	return out
}

func formatName(file string) string {
	file, _, _ = strings.Cut(file, " ")
	return file[strings.LastIndexByte(file, '.')+1:]
}

// TestHostile bounds what a reader allocates, which does not depend on the
// machine as its time does.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, inputs := range []map[string]string{large(), hostile()} {
		for name, text := range inputs {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			file, _, _ := strings.Cut(name, " ")
			_, _ = Parse(file, []byte(text))
			runtime.ReadMemStats(&after)
			if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib > 600 {
				t.Errorf("%q of %d KiB: allocates %d MiB", name, len(text)>>10, mib)
			}
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for name, text := range large() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(name, []byte(text)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
