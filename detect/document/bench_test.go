package document

import (
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// repeat writes each part n times, between a head and a tail. "%d" is the number
// of the part.
func repeat(head string, n int, part, tail string) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range n {
		b.WriteString(strings.ReplaceAll(part, "%d", strconv.Itoa(i)))
	}
	return b.String() + tail
}

var hash = strings.Repeat("x", 86) //nolint:gochecknoglobals // a constant

// npmLock is a package-lock.json of n packages.
func npmLock(n int) string {
	return repeat("{\n  \"lockfileVersion\": 3,\n  \"packages\": {\n", n, `    "node_modules/package-%d": {
      "version": "1.2.%d",
      "resolved": "https://registry.example.com/package-%d/-/package-%d-1.2.3.tgz",
      "integrity": "sha512-`+hash+`==",
      "license": "MIT",
      "dependencies": {
        "other-%d": "^1.0.0",
        "third-%d": "~2.0"
      },
      "engines": {
        "node": ">=18"
      }
    },
`, "  }\n}\n")
}

func pnpmLock(n int) string {
	return repeat("lockfileVersion: '9.0'\n\npackages:\n", n, `
  '@scope/package-%d@1.2.3':
    resolution: {integrity: sha512-`+hash+`==}
    engines: {node: '>=18'}
    dependencies:
      other-%d: 1.0.0
      third-%d: 2.0.0
`, "")
}

func uvLock(n int) string {
	wheel := `    { url = "https://files.pythonhosted.org/packages/` + hash + `/package_%d-1.2.3-cp39-manylinux.whl",` +
		` hash = "sha256:` + hash + `", size = 12345 },` + "\n"
	return repeat("version = 1\n", n, `
[[package]]
name = "package-%d"
version = "1.2.3"
source = { registry = "https://pypi.org/simple" }
dependencies = [
    { name = "other-%d" },
]
wheels = [
`+strings.Repeat(wheel, 10)+"]\n", "")
}

func pom(n int) string {
	return repeat("<project>\n  <dependencies>\n", n, `    <dependency>
      <groupId>org.example</groupId>
      <artifactId>a-%d</artifactId>
      <version>1.0</version>
    </dependency>
`, "  </dependencies>\n</project>\n")
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
	out := map[string]string{}
	fill := func(file, head, s, tail string) {
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
		times := (n - len(head) - len(tail)) / len(s)
		out[file+" "+head+s] = head + strings.Repeat(s, times) + tail
		out[file+" few "+head+s] = head + strings.Repeat(s, min(times, maxValues/2-10)) + tail // what is not refused at once
	}
	for _, c := range [][4]string{
		{"a.json", "[", "0,", "0]"},
		{"a.json", "[", "[],", "0]"},
		{"a.json", "", "[", ""},
		{"a.json", "", `/*"*/[`, ""},
		{"a.json", "", "/*", ""},
		{"a.json", "{", `"a":0,`, "}"},
		{"a.json", "[", `"\u0000",`, "0]"},
		{"a.json", "", "\n", "1"},
		{"a.json", "", "//\n", "1"},
		{"a.json", `"`, "x", `"`},
		{"a.json5", "[", "0,", "0]"},
		{"a.json5", "", "'", ""},
		{"a.json5", "", "/*", ""},
		{"a.json5", "[", "0x1,", "]"},
		{"a.json5", "'", `\x41`, "'"},
		{"a.json5", "", "[", ""},
		{"a.json5", "", "a", ""},
		{"a.yaml", "", "- \n", ""},
		{"a.yaml", "[", "a,", "a]"},
		{"a.yaml", "", "[", ""},
		{"a.yaml", "", "- ", ""},
		{"a.yaml", "", "a:\n", ""},
		{"a.yaml", "", "# a\n", ""},
		{"a.yaml", "", "---\n", ""},
		{"a.yaml", "", "? ", ""},
		{"a.yaml", "", "a ", ""},
		{"a.yaml", "", "a\n", ""},
		{"a.yaml", "- |\n", " a\n", ""},
		{"a.yaml", "", "\n", ""},
		{"a.yaml", "a: \"", "x", "\""},
		{"a.yaml", "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: [", "*a,", "*a]"},
		{"a.yaml", "", "!a ", ""},
		{"a.yaml", "", "&a ", ""},
		{"a.yaml", "", "'", ""},
		{"a.yaml", "", "\t", ""},
		{"a.yaml", "", "- #a\n", ""},
		{"a.yaml", "", "- a #a\n  #b\n", ""},
		{"a.toml", "", "[[a]]\n", ""},
		{"a.toml", "a=[", "0,", "0]"},
		{"a.toml", "a=[", "{a=1},", "0]"},
		{"a.toml", "a=", "[", ""},
		{"a.toml", "a=", "{a=", ""},
		{"a.toml", "", "a.", "a=1"},
		{"a.toml", "[", "a.", "a]"},
		{"a.toml", "a='''", "a\n", "'''"},
		{"a.toml", "", "#\n", ""},
		{"a.toml", `a="""`, `\n`, `"""`},
		{"a.xml", "<a>", "<a/>", "</a>"},
		{"a.xml", "", "<a>", ""},
		{"a.xml", "<a>", "&lt;", "</a>"},
		{"a.xml", "<a>", "x<!---->", "</a>"},
		{"a.xml", "<a ", "a='' ", "/>"},
		{"a.xml", "<a>", "<![CDATA[x]]>", "</a>"},
		{"a.properties", "", "a\\\n", ""},
		{"a.properties", "", "a\n", ""},
		{"a.properties", "", "\\", ""},
		{"a.properties", "a=", `\u0041`, ""},
		{"a.ini", "", "a=\n", ""},
		{"a.ini", "a=\n", " a\n", ""},
		{"a.ini", "", "[a]\n", ""},
	} {
		fill(c[0], c[1], c[2], c[3])
	}
	out["a.toml keys"] = repeat("", 200_000, "k%d = 1\n", "")
	out["a.yaml keys"] = repeat("", 200_000, "k%d: 1\n", "")
	out["a.json keys"] = repeat("{", 400_000, `"k%d":1,`, "}")
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
			mib := (after.TotalAlloc - before.TotalAlloc) >> 20
			t.Logf("%q of %d KiB: %d MiB", name, len(text)>>10, mib)
			if mib > 600 {
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
