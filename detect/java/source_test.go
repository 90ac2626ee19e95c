package java

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMains(t *testing.T) {
	tests := []struct {
		name, file, text string
		want             []string
	}{
		{"plain", "A.java", "package a.b;\npublic class A { public static void main(String[] args) {} }", []string{"a.b.A"}},
		{"no package, varargs, final", "A.java", "class A { static public void main(final String... args) {} }", []string{"A"}},
		{"array after the name", "A.java", "class A { public static void main(String args[]) {} }", []string{"A"}},
		{"nested class", "A.java", "package p; class A { static class B { public static void main(String[] a) {} } }", []string{"p.A$B"}},
		{"interface", "A.java", "interface A { static void main(String[] a) {} }", []string{"A"}},
		{"enum and record", "A.java", "enum A { X; public static void main(String[] a) {} }\nrecord B(int x) { public static void main(String[] a) {} }", []string{"A", "B"}},
		{"throws and annotations", "A.java", "abstract class A {\n @SuppressWarnings(\"x\") public static void main(@Nonnull String[] a) throws Exception {} }", []string{"A"}},
		{"in a comment", "A.java", "class A { /* public static void main(String[] a) {} */ // public static void main(String[] a) {}\n }", nil},
		{"in a string", "A.java", `class A { String s = "public static void main(String[] a) {}"; }`, nil},
		{"in a text block", "A.java", "class A { String s = \"\"\"\n \\\"\"\" public static void main(String[] a) {} \"\"\"; }", nil},
		{"quote characters", "A.java", `class A { char c = '"', d = '\'', e = '{'; public static void main(String[] a) {} }`, []string{"A"}},
		{"not public", "A.java", "class A { static void main(String[] a) {} }", nil},
		{"not static", "A.java", "class A { public void main(String[] a) {} }", nil},
		{"two parameters", "A.java", "class A { public static void main(String[] a, int b) {} }", nil},
		{"within a method", "A.java", "class A { void f() { class L { public static void main(String[] a) {} } } }", nil},
		{"class literals", "A.java", "class A { Object o = B.class; public static void main(String[] a) {} }", []string{"A"}},
		{"a variable called record", "A.java", "class A { void f() { record = 1; } public static void main(String[] a) {} }", []string{"A"}},
		{"Spring Boot", "A.java", "@SpringBootApplication(scanBasePackages = \"x\")\npublic class A { public static void main(String[] a) {} }", []string{"A boot"}},
		{"Kotlin file", "src/main/kotlin/app/main.kt", "package app\n/* /* nested */ */\nfun main() { }", []string{"app.MainKt"}},
		{"Kotlin file with a hyphen", "my-app.kt", "fun main(args: Array<String>) = run { }", []string{"My_appKt"}},
		{"Kotlin file class by annotation", "x.kt", "@file:JvmName(\"Start\")\npackage p\nsuspend fun main() {}", []string{"p.Start"}},
		{"Kotlin object", "x.kt", "object App { @JvmStatic fun main(args: Array<String>) {} }", []string{"App"}},
		{"Kotlin companion", "x.kt", "class App { companion object { @JvmStatic fun main(args: Array<String>) {} } }", []string{"App"}},
		{"Kotlin object without the annotation", "x.kt", "object App { fun main(args: Array<String>) {} }", nil},
		{"Kotlin class without a body", "x.kt", "class P(val f: () -> Unit = { })\nfun main() {}", []string{"XKt"}},
		{"Kotlin template with a string", "x.kt", "val s = \"${f(\"}\")}\"\nfun main() {}", []string{"XKt"}},
		{"Kotlin Boot", "App.kt", "@SpringBootApplication\nclass App\nfun main(args: Array<String>) { runApplication<App>(*args) }", []string{"AppKt boot"}},
		{"compact source file", "src/main/java/Hello.java", "void main() { IO.println(\"hi\"); }", []string{"Hello"}},
		{"nothing", "A.java", "", nil},
		{"open ends", "A.java", "class A { public static void main(String[", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			kotlin := tt.file[len(tt.file)-3:] == ".kt"
			f := sourceFile{file: tt.file, kotlin: kotlin, toks: lexSource([]byte(tt.text), kotlin)}
			var got []string
			for _, m := range f.mains() {
				s := m.Class
				if m.Boot {
					s += " boot"
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestListens(t *testing.T) {
	type call struct {
		Call string
		Port int
		Env  string
	}
	tests := []struct {
		name, text string
		want       []call
	}{
		{"literal", "class A { void f() { Javalin.create().start(7_070); } }", []call{{"start", 7070, ""}}},
		{"of the environment", `class A { int p = Integer.parseInt(System.getenv().getOrDefault("PORT", "8081")); void f() { port(p); } }`, []call{{"port", 8081, "PORT"}, {"", 8081, "PORT"}}},
		{"of a method", `class A { void f() { app.start(myPort()); } int myPort() { String s = System.getenv("PORT"); if (s != null) { return Integer.parseInt(s); } return 7171; } }`, []call{{"start", 7171, "PORT"}, {"", 7171, "PORT"}}},
		{"of a constant", "class A { static final int PORT = 8086; void f() { HttpServer.create(new InetSocketAddress(PORT), 0); } }", []call{{"InetSocketAddress", 8086, ""}}},
		{"a declaration", "class A { void port(int x) { } int start(int y) { return 8080; } }", nil},
		{"nothing known", "class A { void f(int x) { server.start(x); app.start(); } }", nil},
		{"no port", "class A { void f() { executor.start(5); } }", nil},
		{"a comment", "class A { /* start(7070) */ }", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := sourceFile{file: "A.java", toks: lexSource([]byte(tt.text), false)}
			var got []call
			for _, l := range f.listens() {
				got = append(got, call{l.Call, l.Port, l.Env})
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPrograms(t *testing.T) {
	text := `import java.awt.Font; class A { void f() { new ProcessBuilder("/usr/bin/dot", "-T"); Runtime.getRuntime().exec("ls -l /"); db.exec("select"); x.setUrl("/usr/bin/git"); } }`
	f := sourceFile{file: "A.java", toks: lexSource([]byte(text), false)}
	var got []string
	for _, p := range append(f.programs(), f.desktop()...) {
		got = append(got, p.Value)
	}
	if diff := cmp.Diff([]string{"/usr/bin/dot", "ls", "/usr/bin/dot", "/usr/bin/git", "java.awt.Font"}, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzSource(f *testing.F) {
	f.Add("class A { public static void main(String[] a) {} }", false)
	f.Add("@file:JvmName(\"X\")\nfun main() { val s = \"${x{}\" }", true)
	f.Add(`"""`, true)
	f.Add("import static java.awt.", false)
	f.Add(`getenv("PORT`, false)
	f.Fuzz(func(_ *testing.T, text string, kotlin bool) {
		s := sourceFile{file: "x.kt", kotlin: kotlin, toks: lexSource([]byte(text), kotlin)}
		s.mains()
		s.listens()
		s.programs()
		s.desktop()
		parseProperties("x", []byte(text))
		parseYAML("x", []byte(text))
	})
}
