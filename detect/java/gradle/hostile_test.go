package gradle

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/tree/treetest"
)

// hostile are scripts that would cost much if the work grew faster than the text.
func hostile() map[string]string {
	const n = 8_000
	return map[string]string{
		"braces":                strings.Repeat("{", n),
		"blocks":                strings.Repeat("a{", n),
		"parentheses":           strings.Repeat("(", n) + strings.Repeat(")", n),
		"brackets":              strings.Repeat("([{", n/3) + strings.Repeat(")", n/3),
		"closed":                strings.Repeat("}])", n/3),
		"calls":                 strings.Repeat("f(", n) + "1" + strings.Repeat(")", n),
		"words":                 strings.Repeat("a ", n),
		"chain":                 "a" + strings.Repeat(".b()", n),
		"chained":               "x = " + strings.Repeat("y = ", n) + "1",
		"sum":                   "version = " + strings.Repeat("'a' + ", n) + "'b'",
		"alternatives":          "version = " + strings.Repeat("a ?: ", n) + "'b'",
		"conditions":            "version = " + strings.Repeat("a ? b : ", n) + "'c'",
		"not":                   "version = " + strings.Repeat("!", n) + "a",
		"ifs":                   strings.Repeat("if (a) ", n),
		"else":                  strings.Repeat("if (a) {} else ", n),
		"list":                  "version = " + strings.Repeat("[", n),
		"strings":               strings.Repeat("\"$a${b}\"\n", n/8),
		"in strings":            strings.Repeat("\"${", n),
		"long strings":          strings.Repeat(`"""`, n),
		"slashes":               strings.Repeat("a /", n),
		"generics":              strings.Repeat("a<", n),
		"typed":                 strings.Repeat("a.", n) + "b c = 1",
		"variables":             strings.Repeat("def a = b\n def b = a\n", n/20) + "version = a",
		"doubling":              "def a = 'aaaaaaaaaaaaaaaa'\n" + strings.Repeat("a = \"$a$a\"\n", n/10) + "version = a",
		"lists in lists":        "def a = ['a']\n" + strings.Repeat("a = [a, a]\n", n/10) + "application { x = a }",
		"doubling lists":        "def a = ['a']\n" + strings.Repeat("a = a + a\n", n/10) + "application { x = a }",
		"asking":                "def a = findProperty('x')\n" + strings.Repeat("a = a ?: a\n", n/10) + "repositories { maven { credentials { username = a } } }",
		"asking for much":       "def a = [" + asking(n/10) + "]\nrepositories { maven { credentials { username = a } } }",
		"one setting":           strings.Repeat("version = version\n", n/10),
		"one branch":            strings.Repeat("if (a) { version = '1' }\n", n/20),
		"many settings":         strings.Repeat("x { y { z = version } }\n", n/10),
		"functions":             "def f(x) { f(x)\n f(x) }\nf(1)",
		"a function":            "def f(x) { return f(x) + f(x) }\nversion = f(1)",
		"functions in a circle": "def f() { g()\n g() }\ndef g() { f()\n f() }\nf()",
		"loops":                 "def l = [1,2,3,4,5,6,7,8,9,10]\n" + strings.Repeat("l.each { ", 50) + "apply plugin: \"x$it\"" + strings.Repeat("}", 50),
		"allprojects":           strings.Repeat("allprojects { ", 50) + "version = '1'" + strings.Repeat("}", 50),
		"itself":                "apply from: 'build.gradle'\napply from: 'build.gradle'",
		"later":                 strings.Repeat("afterEvaluate { ", 100) + strings.Repeat("}", 100),
		"a closure":             "def c = { c() }\nc()",
		"backslashes":           strings.Repeat("\\\n", n),
		"quotes":                strings.Repeat("'", n),
		"annotations":           strings.Repeat("@a", n),
		"arrows":                strings.Repeat("a -> ", n),
		"pairs":                 strings.Repeat("a to ", n),
		"infix":                 strings.Repeat("1 a ", n),
		"nul":                   "\x00\xff\xfe" + strings.Repeat("\x00", n),
	}
}

// asking are expressions that each ask for another property.
func asking(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("findProperty('p" + strconv.Itoa(i) + "'), ")
	}
	return b.String()
}

// all asks whatever can be asked of a build.
func all(t testing.TB, files map[string]string) {
	b, err := Read(treetest.Of(t, files), ".")
	if err != nil || b == nil {
		return
	}
	b.Repositories([]string{"."})
	for _, p := range b.Projects[:min(len(b.Projects), 3)] {
		p.Plugins()
		p.Opaque()
		p.Java()
		p.Packaging()
		p.SourceDirs()
		p.TestDirs()
		p.Resources()
		p.Platforms()
		for _, d := range p.Dependencies() {
			if strings.HasPrefix(d.Dir, "..") || strings.HasPrefix(d.Dir, "/") {
				t.Errorf("outside: %q", d.Dir)
			}
		}
		for _, task := range []string{"jar", "bootJar", "buildFatJar", "x"} {
			if name := p.ArchiveName(task).Value; strings.Contains(name, "/") || len(name) > 10*maxValue {
				t.Errorf("a name: %.100q", name)
			}
			p.ArchiveDir(task)
			p.Task(task).Get("enabled")
		}
		p.Extension("application").Values("x")
	}
	for _, f := range append(b.Files, b.Folders...) {
		if strings.HasPrefix(f, "..") || strings.HasPrefix(f, "/") {
			t.Errorf("outside: %q", f)
		}
	}
}

// TestHostile reads them to the end; BenchmarkHostile says what each costs.
func TestHostile(t *testing.T) {
	for _, text := range hostile() {
		all(t, map[string]string{"build.gradle": text})
		all(t, map[string]string{"build.gradle.kts": text, "settings.gradle.kts": text})
	}
}

// TestManyProjects has many projects that a script configures one by one.
func TestManyProjects(t *testing.T) {
	var settings, root strings.Builder
	for range 3000 {
		settings.WriteString("include 'a:" + strings.Repeat("b:", settings.Len()%40) + "c" + strings.Repeat("x", settings.Len()%97) + "'\n")
		root.WriteString("allprojects { version = \"$version\"\n apply plugin: 'java' }\n")
	}
	all(t, map[string]string{"settings.gradle": settings.String(), "build.gradle": root.String(), "a/A": ""})
}

func BenchmarkHostile(b *testing.B) {
	for name, text := range hostile() {
		for _, script := range []string{"build.gradle", "build.gradle.kts"} {
			b.Run(name+"/"+script, func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					all(b, map[string]string{script: text})
				}
			})
		}
	}
}

func FuzzScript(f *testing.F) {
	for _, text := range hostile() {
		if len(text) < 2000 {
			f.Add(text, false)
			f.Add(text, true)
		}
	}
	f.Add("plugins { id 'java' version \"${v}\" apply false }\ndependencies { implementation platform(libs.a), project(':b') }", false)
	f.Add("tasks { named<Jar>(\"jar\") { manifest { attributes(\"a\" to \"b\") } } }\nval x by extra(\"1\")", true)
	f.Add("if (a in ['b']) { ext { c = [d: 'e'] } } else task f(type: Jar) << { }", false)
	f.Fuzz(func(t *testing.T, text string, kotlin bool) {
		script := "build.gradle"
		if kotlin {
			script += ".kts"
		}
		all(t, map[string]string{script: text, "settings.gradle": text, "gradle/libs.versions.toml": "[libraries]\na = 'b:c:1'"})
	})
}

// TestMutated: whatever stands in the place of a word or sign of a script, reading it ends, and finds nothing outside.
func TestMutated(t *testing.T) {
	const examples = "../../../testdata/unbuilt/java"
	dirs, err := filepath.Glob(filepath.Join(examples, "*", "input"))
	if err != nil || len(dirs) == 0 {
		t.Fatal(dirs, err)
	}
	for _, dir := range dirs {
		files := map[string]string{}
		var scripts []string
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) == ".java" {
				return err
			}
			text, err := os.ReadFile(name)
			rel, _ := filepath.Rel(dir, name)
			files[filepath.ToSlash(rel)] = string(text)
			if strings.Contains(filepath.Base(name), ".gradle") {
				scripts = append(scripts, filepath.ToSlash(rel))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range scripts {
			text := files[name]
			for _, at := range regexp.MustCompile(`[\w.-]+|[^\w\s]`).FindAllStringIndex(text, -1) {
				for _, other := range []string{"", `\$EVIL`, "/etc/evil", "(", "}", "by", "=", "->", "..", `"${`, "if"} {
					files[name] = text[:at[0]] + other + text[at[1]:]
					func() {
						defer func() {
							if p := recover(); p != nil {
								t.Errorf("%s/%s[%d:%d] = %q: %v", dir, name, at[0], at[1], other, p)
							}
						}()
						all(t, files)
					}()
				}
			}
			files[name] = text
		}
	}
}
