package java_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// optionCase is a repository with settings that ask for something more, and what comes of it.
type optionCase struct {
	pom   string // "" for no pom.xml
	files map[string]string
	set   []string
	want  []string // texts of the Dockerfile
	not   string   // one that it must not have
	err   string   // a part of the error, "" for none
	note  string
}

// check decides on the repository, with some settings more, and compares the error or the Dockerfile. It returns nil if there is the error that was wanted.
func (c optionCase) check(t *testing.T, more ...string) *plan.App {
	t.Helper()
	files := map[string]string{}
	if c.pom != "" {
		files["pom.xml"] = pom(c.pom)
	}
	maps.Copy(files, c.files)
	app, err := decide(t, files, append(c.set, more...)...)
	if c.err != "" {
		if err == nil || !strings.Contains(err.Error(), c.err) {
			t.Fatalf("got %v, want %s", err, c.err)
		}
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	text := render(t, app)
	for _, w := range c.want {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
	if c.not != "" && strings.Contains(text, c.not) {
		t.Errorf("%q in\n%s", c.not, text)
	}
	return app
}

// release has the compiler make classes for a release of Java.
func release(n string) string {
	return "<properties><maven.compiler.release>" + n + "</maven.compiler.release></properties>"
}

// repackage is a server of that Spring Boot, whose plugin makes the jar, with dependencies more.
func repackage(version, more string) string {
	return boot(version) + "<properties><java.version>21</java.version></properties>" +
		dependencies(append([]string{"org.springframework.boot:spring-boot-starter-web"}, strings.Fields(more)...)...) +
		plugin("org.springframework.boot:spring-boot-maven-plugin", "")
}

// springMain is the source of a program of Spring, and javalinMain that of a server of Javalin.
func springMain() map[string]string {
	return map[string]string{"src/main/java/g/App.java": "package g;\n@SpringBootApplication\npublic class App { public static void main(String[] a) {} }\n"}
}

func javalinMain() map[string]string {
	return map[string]string{mainFile: javalin("start(7070)")}
}
