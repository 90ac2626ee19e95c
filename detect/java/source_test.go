package java

import (
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/detect/java/syntax"
	"github.com/dockgen/dockgen/detect/tree/treetest"
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
		{"not public", "A.java", "class A { static void main(String[] a) {} }", []string{"A instance"}},
		{"not static", "A.java", "class A { public void main(String[] a) {} }", []string{"A instance"}},
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
		{"compact source file", "src/main/java/Hello.java", "void main() { IO.println(\"hi\"); }", []string{"Hello instance"}},
		{"instance main of a class", "A.java", "package p; class Main { void main() { } }", []string{"p.Main instance"}},
		{"instance main, with arguments", "A.java", "public class A { protected void main(String... args) {} }", []string{"A instance"}},
		{"static main without arguments", "A.java", "final class A { static void main() {} }", []string{"A instance"}},
		{"private instance main", "A.java", "class A { private void main() {} }", nil},
		{"instance main of an abstract method", "A.java", "abstract class A { abstract void main(); }", nil},
		{"instance main of an inner class", "A.java", "class A { class B { void main() {} } }", nil},
		{"main with another parameter", "A.java", "class A { void main(int n) {} }", nil},
		{"main that returns", "A.java", "class A { int main() { return 1; } }", nil},
		{"Scala, a trait", "x.scala", "package a.b\n\nimport c._\n\nobject Server extends App {\n  def main2() = 1\n}", []string{"a.b.Server"}},
		{"Scala, a method", "x.scala", "package a\nobject Server {\n  def main(args: Array[String]): Unit = run()\n}", []string{"a.Server"}},
		{"Scala, no braces", "x.scala", "package a\nobject Server:\n  def main(args: Array[String]): Unit = run()\n", []string{"a.Server"}},
		{"Scala, a trait of cats-effect", "x.scala", "object Main extends IOApp.Simple { val run = IO.unit }", []string{"Main"}},
		{"Scala, another trait first", "x.scala", "object Main extends Logging with App", []string{"Main"}},
		{"Scala, marked", "x.scala", "package p\n@main def serve(port: Int) = run(port)", []string{"p.serve"}},
		{"Scala, of a class", "x.scala", "class Server extends App { def main(args: Array[String]) = 1 }", nil},
		{"Scala, another trait", "x.scala", "object Server extends Application { def main(n: Int) = 1 }", nil},
		{"Groovy", "x.groovy", "package a\n\nclass Server {\n  static void main(String[] args) { run('it') }\n}", []string{"a.Server"}},
		{"Groovy without types", "x.groovy", "class Server { static main(args) { } }", []string{"Server"}},
		{"Groovy, Boot", "x.groovy", "@SpringBootApplication\nclass Server { static void main(String[] args) { } }", []string{"Server boot"}},
		{"Groovy, not static", "x.groovy", "class Server { void main(String[] args) { }\n private static void main(args) {} }", nil},
		{"nothing", "A.java", "", nil},
		{"open ends", "A.java", "class A { public static void main(String[", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := sourceFile{syntax.Parse(tt.file, []byte(tt.text), path.Ext(tt.file) != ".java")}
			var got []string
			for _, m := range f.mains() {
				s := m.Class
				if m.Boot {
					s += " boot"
				}
				if m.Instance {
					s += " instance"
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// read is what the sources of a module say, the files by their names.
func read(t *testing.T, files map[string]string) Sources {
	t.Helper()
	tr := treetest.Of(t, files)
	s, err := readSources(tr, ".", []string{"."}, true, &Project{Module: &pom.Project{}, POM: &pom.Project{}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestListens(t *testing.T) {
	type call struct {
		Call, Host, Port, Env string
	}
	jdk := "import com.sun.net.httpserver.HttpServer; import java.net.InetSocketAddress; "
	javalin := "import io.javalin.Javalin; "
	tests := []struct {
		name, text string
		want       []call
	}{
		{"literal", javalin + "class A { void f() { Javalin.create().start(7_070); } }", []call{{"io.javalin.Javalin.start", "", "7070", ""}}},
		{"host and port", javalin + `class A { void f() { Javalin.create().start("0.0.0.0", 7070); } }`, []call{{"io.javalin.Javalin.start", "0.0.0.0", "7070", ""}}},
		{"a property of the configuration", javalin + "class A { void main() { Javalin.start(config -> { config.jetty.port = 7071; redis.port = 6379; config.redis.port = 6380; }); } }", []call{{"io.javalin.setPort", "", "7071", ""}}},
		{"a variable of the type", javalin + "class A { void f() { Javalin app = Javalin.create(c -> {}); app.get(\"/\", h); app.start(7071); } }", []call{{"io.javalin.Javalin.start", "", "7071", ""}}},
		{"an inferred type", javalin + "class A { void f() { var app = Javalin.create(); app.start(7072); } }", []call{{"io.javalin.Javalin.start", "", "7072", ""}}},
		{"of the environment", `import static spark.Spark.*; class A { int p = Integer.parseInt(System.getenv().getOrDefault("PORT", "8081")); void f() { port(p); } }`, []call{{"spark.Spark.port", "", "8081", "PORT"}, {"", "", "8081", "PORT"}}},
		{"of a method", javalin + `class A { void f() { Javalin.create().start(myPort()); } int myPort() { String s = System.getenv("PORT"); if (s != null) { return Integer.parseInt(s); } return 7171; } }`, []call{{"io.javalin.Javalin.start", "", "7171", "PORT"}, {"", "", "7171", "PORT"}}},
		{"of a constant", jdk + "class A { static final int PORT = 8086; void f() { HttpServer.create(new InetSocketAddress(PORT), 0); } }", []call{{"com.sun.net.httpserver.HttpServer.create", "", "8086", ""}}},
		{"an address in a variable", jdk + `class A { void f() { var a = new InetSocketAddress("127.0.0.1", 8087); HttpServer s = HttpServer.create(a, 0); } }`, []call{{"com.sun.net.httpserver.HttpServer.create", "127.0.0.1", "8087", ""}}},
		{"the loopback by its name", jdk + `class A { void f() { HttpServer.create(new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 8088), 0); } }`, []call{{"com.sun.net.httpserver.HttpServer.create", "127.0.0.1", "8088", ""}}},
		{"bound later", jdk + `class A { void f() { HttpServer s = HttpServer.create(); s.bind(new InetSocketAddress(8089), 0); } }`, []call{{"com.sun.net.httpserver.HttpServer.bind", "", "8089", ""}}},
		{"the address of a client", jdk + `class A { InetSocketAddress redis() { return new InetSocketAddress("redis", 6379); } void f() { HttpServer.create(new InetSocketAddress(8080), 0); } }`, []call{{"com.sun.net.httpserver.HttpServer.create", "", "8080", ""}}},
		{"the port of a client", jdk + `import org.apache.http.client.utils.URIBuilder; class A { void f() { new URIBuilder().setPort(9200); client.withPort(6379); builder.port(5672); Socket s = new Socket(); s.bind(new InetSocketAddress(5000)); } }`, nil},
		{"a client's bootstrap", "import io.netty.bootstrap.*; class A { void f() { Bootstrap b = new Bootstrap(); b.bind(5000); ServerBootstrap s = new ServerBootstrap(); s.group(x).channel(y).bind(8090).sync(); } }", []call{{"io.netty.ServerBootstrap.bind", "", "8090", ""}}},
		{"a local name of another method", javalin + `class A { void db() { int port = 5432; } void f() { int port = 8091; Javalin.create().start(port); } void g() { int port = 6379; } }`, []call{{"io.javalin.Javalin.start", "", "8091", ""}}},
		{"the last write before the use", javalin + `class A { void f() { int port = 1234; port = 8092; Javalin.create().start(port); port = 4321; } }`, []call{{"io.javalin.Javalin.start", "", "8092", ""}}},
		{"a write in a branch", javalin + `class A { void f() { int port = 8093; String s = System.getenv("PORT"); if (s != null) { port = Integer.parseInt(s); } Javalin.create().start(port); } }`, []call{{"io.javalin.Javalin.start", "", "8093", "PORT"}, {"", "", "8093", "PORT"}}},
		{"two literals in branches", javalin + `class A { void f(boolean x) { int port = 8093; if (x) { port = 8094; } Javalin.create().start(port); } }`, []call{{"io.javalin.Javalin.start", "", "", ""}}},
		{"counted", javalin + `class A { void f() { int port = 8093; port++; Javalin.create().start(port); } }`, []call{{"io.javalin.Javalin.start", "", "", ""}}},
		{"a field that the constructor is given", javalin + `class A { int port = 8093; A(int port) { this.port = port; } void f() { Javalin.create().start(port); } }`, []call{{"io.javalin.Javalin.start", "", "", ""}}},
		{"a parameter of the same name", javalin + `class A { static int port = 8095; void f(int port) { Javalin.create().start(port); } }`, []call{{"io.javalin.Javalin.start", "", "", ""}}},
		{"the conditional operator", javalin + `class A { void f() { String p = System.getenv("PORT"); Javalin.create().start(p != null ? Integer.parseInt(p) : 8096); } }`, []call{{"io.javalin.Javalin.start", "", "8096", "PORT"}, {"", "", "", "PORT"}}},
		{"an Optional", javalin + `class A { void f() { int p = Optional.ofNullable(System.getenv("PORT")).map(Integer::parseInt).orElse(8097); Javalin.create().start(p); } }`, []call{{"io.javalin.Javalin.start", "", "8097", "PORT"}, {"", "", "8097", "PORT"}}},
		{"the environment of a ProcessBuilder", javalin + `class A { void f() { Javalin.create().get("/", c -> {}).start(port()); } int port() { ProcessBuilder b = new ProcessBuilder(); if (b.environment().get("PORT") != null) { return Integer.parseInt(b.environment().get("PORT")); } return 7070; } }`, []call{{"io.javalin.Javalin.start", "", "7070", "PORT"}, {"", "", "7070", "PORT"}}},
		{"a declaration", "import static spark.Spark.*; class A { void port(int x) { } int start(int y) { return 8080; } }", nil},
		{"nothing known", javalin + "class A { void f(int x) { server.start(x); app.start(); } }", nil},
		{"no port", javalin + "class A { void f() { executor.start(5); } }", nil},
		{"any free port", "import java.net.*; class A { void f() { new ServerSocket(0); } }", nil},
		{"a comment", javalin + "class A { /* Javalin.create().start(7070) */ }", nil},
		{"vertx", "import io.vertx.core.*; class A extends AbstractVerticle { public void start() { vertx.createHttpServer().requestHandler(r -> {}).listen(8098); client.listen(1); } }", []call{{"io.vertx.HttpServer.listen", "", "8098", ""}}},
		{"grpc", "import io.grpc.*; class A { void f() { Server s = ServerBuilder.forPort(50051).addService(x).build(); ManagedChannelBuilder.forAddress(\"h\", 50052); } }", []call{{"io.grpc.ServerBuilder.forPort", "", "50051", ""}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []call
			for _, l := range read(t, map[string]string{"A.java": tt.text}).Listens {
				got = append(got, call{l.Call, l.Addr.Host.Text, l.Addr.Port.Text, l.Addr.Port.Env})
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestListensAcrossFiles(t *testing.T) {
	files := map[string]string{
		"p/App.java":    `package p; import io.javalin.Javalin; class App { public static void main(String[] a) { Config config = new Config(); Javalin.create().start(Config.HOST, config.getPort()); } }`,
		"p/Config.java": `package p; class Config { static final String HOST = "0.0.0.0"; private final int port = Env.number(); int other = 1; int getPort() { return Integer.parseInt(System.getenv().getOrDefault("APP_PORT", "8099")); } }`,
		"p/two.kt":      `package p; import io.javalin.Javalin; fun two() { Javalin.create { c -> c.router.mount { it.get("/") { } } }.start(7073) }`,
		"p/app.kt":      `package p; import io.ktor.server.engine.*; const val PORT = 8100; fun main() { embeddedServer(Netty, port = System.getenv("PORT")?.toInt() ?: PORT, host = "0.0.0.0") { }.start(wait = true) }`,
	}
	var got []string
	for _, l := range read(t, files).Listens {
		if !l.Named {
			got = append(got, l.Call+" "+l.Addr.Host.Text+":"+l.Addr.Port.Text+" "+l.Addr.Port.Env)
		}
	}
	want := []string{"io.javalin.Javalin.start 0.0.0.0:8099 APP_PORT", "io.ktor.server.embeddedServer 0.0.0.0:8100 PORT", "io.javalin.Javalin.start :7073 "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFilesAndSignals(t *testing.T) {
	text := `package p; import java.io.*; import java.nio.file.*;
class A {
  static final Path DATA = Path.of("data");
  void f() throws Exception {
    Files.createDirectories(DATA);
    Files.writeString(DATA.resolve("state.json"), "x");
    Files.readString(Paths.get("conf", "app.json"));
    new FileOutputStream("/var/lib/app/out.bin");
    new File("logs").mkdirs();
    File f = new File(System.getenv().getOrDefault("UPLOADS", "uploads"));
    f.mkdirs();
    DriverManager.getConnection("jdbc:sqlite:shop.db");
    DriverManager.getConnection("jdbc:h2:./h2/shop;AUTO_SERVER=TRUE");
    DriverManager.getConnection("jdbc:h2:mem:test");
    DriverManager.getConnection("jdbc:sqlite::memory:");
    DriverManager.getConnection("jdbc:h2:tcp://db/x");
    new FileWriter(name);
    new PrintWriter(System.out);
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop));
  }
}`
	s := read(t, map[string]string{"A.java": text})
	var got []string
	for _, f := range s.Files {
		line := string(f.Use) + " " + f.Path.Text
		if f.Path.Env != "" {
			line += " " + f.Path.Env
		}
		if f.Dir {
			line += " dir"
		}
		got = append(got, line)
	}
	for _, x := range s.Signals {
		got = append(got, x.Name)
	}
	want := []string{
		"read data", "write data dir", "write data/state.json", "read conf/app.json", "write /var/lib/app/out.bin",
		"read logs", "write logs dir", "read uploads UPLOADS", "write uploads UPLOADS dir",
		"write shop.db", "write h2/shop", "SIGTERM",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPrograms(t *testing.T) {
	text := `import java.awt.Font; class A { void f() { new ProcessBuilder("/usr/bin/dot", "-T"); Runtime.getRuntime().exec("ls -l /"); db.exec("select"); x.setUrl("/usr/bin/git"); new ProcessBuilder(List.of("convert", "a")); } }`
	s := read(t, map[string]string{"A.java": text})
	var got []string
	for _, p := range s.Execs {
		got = append(got, p.Program.Text)
	}
	for _, x := range s.Desktop {
		got = append(got, x.Value)
	}
	if diff := cmp.Diff([]string{"/usr/bin/dot", "/usr/bin/git", "ls", "convert", "java.awt.Font"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCalls(t *testing.T) {
	r, err := loadRules()
	if err != nil {
		t.Fatal(err)
	}
	for name, rows := range r.calls {
		for _, x := range rows {
			if !strings.HasPrefix(x.Source, "https://") || len(x.Class) == 0 && len(x.Method) == 0 {
				t.Errorf("%s: a row needs a class or a method, and a source", name)
			}
		}
	}
}

func FuzzSource(f *testing.F) {
	f.Add("class A { public static void main(String[] a) {} }", false)
	f.Add("@file:JvmName(\"X\")\nfun main() { val s = \"${x{}\" }", true)
	f.Add(`"""`, true)
	f.Add("import static java.awt.", false)
	f.Add(`getenv("PORT`, false)
	f.Add(`class A { int p = p; int q() { return q(); } void f() { new ServerSocket(q() + (p ? 1 : 2)); } }`, false)
	f.Add("fun a() = b()\nfun b() = a()\nval x: Int = System.getenv(\"PORT\")?.toInt() ?: x", true)
	f.Fuzz(func(t *testing.T, text string, kotlin bool) {
		name := "A.java"
		if kotlin {
			name = "A.kt"
		}
		read(t, map[string]string{name: text})
	})
}
