package java_test

import (
	"maps"
	"strings"
	"testing"
)

// TestSeveral: of several modules, or classes with a main method, the one that is clearly
// the app is taken, and said; where nothing says which, none is.
func TestSeveral(t *testing.T) {
	class := func(name string) string {
		pkg, simple := name[:strings.LastIndexByte(name, '.')], name[strings.LastIndexByte(name, '.')+1:]
		return "package " + pkg + "; public class " + simple + " { public static void main(String[] a) {} }"
	}
	classes := func(names ...string) map[string]string {
		files := map[string]string{"pom.xml": pom("")}
		for _, n := range names {
			files["src/main/java/"+strings.ReplaceAll(n, ".", "/")+".java"] = class(n)
		}
		return files
	}
	modules := func(names ...string) map[string]string {
		files := map[string]string{"pom.xml": "<project><groupId>g</groupId><artifactId>shop-parent</artifactId><version>1</version><packaging>pom</packaging><modules><module>" + strings.Join(names, "</module><module>") + "</module></modules></project>"}
		for _, n := range names {
			files[n+"/pom.xml"] = "<project><groupId>g</groupId>" + boot("3.5.7") + "<artifactId>" + n + "</artifactId><version>1</version>" + plugin("org.springframework.boot:spring-boot-maven-plugin", "") + "</project>"
			files[n+"/src/main/java/M.java"] = mainText
		}
		return files
	}
	for _, tt := range []struct {
		name  string
		files map[string]string
		more  map[string]string
		want  string // a choice, or the end of the error
		note  string
	}{
		{"classes that nothing sets apart", classes("x.Load", "x.Dump"), nil, "2 classes have a main method and nothing says which to start: x.Dump, x.Load", ""},
		{"a class that is called a program", classes("x.MailServer", "x.Dump"), nil, "x.MailServer", "--set main=x.Dump takes another"},
		{"two of them", classes("x.MailServer", "x.WebServer"), nil, "2 classes have a main method", ""},
		{"the other shows how it is used", classes("x.MailServer", "x.examples.WebServer"), nil, "x.MailServer", "it is the only one that is called a program"},
		{"the project's name", classes("x.A", "x.Dump", "x.Load"), nil, "x.A", "the one with the project's name"},
		{"the README names one", classes("x.Load", "x.Dump"), map[string]string{"README.md": "Run `java -cp a.jar x.Load`"}, "x.Load", "the one that the README names"},
		{"the README names both", classes("x.Load", "x.Dump"), map[string]string{"README.md": "x.Load and x.Dump"}, "2 classes have a main method", ""},
		{"modules that nothing sets apart", modules("one", "two"), nil, "2 modules build a program: one, two", ""},
		{"a module with the project's name", modules("shop", "two"), nil, "shop", "the one with the project's name"},
		{"with what says that it is the server", modules("shop-server", "shop-cli"), nil, "shop-server", "the one with the project's name"},
		{"the README names a module", modules("one", "two"), map[string]string{"README.md": "java -jar two/target/two-1.jar"}, "two", "the README names"},
		{"a Dockerfile names a module", modules("one", "two"), map[string]string{"README.md": "java -jar two/target/two-1.jar", "Dockerfile": "FROM x\nCOPY one/target/one-1.jar /\n"}, "one", "names"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			maps.Copy(tt.files, tt.more)
			app, err := decide(t, tt.files)
			if err != nil {
				if !strings.Contains(err.Error(), tt.want) {
					t.Errorf("got %v, want %s", err, tt.want)
				}
				return
			}
			chosen, said := "", ""
			for _, c := range app.Choices {
				if c.Key == "java.main" || c.Key == "java.module" {
					chosen += c.Value + "\n"
				}
			}
			for _, n := range app.Notes {
				said += n.Text + "; " + n.Hint + "\n"
			}
			if !strings.Contains(chosen, tt.want+"\n") {
				t.Errorf("got %s, want %s", chosen, tt.want)
			}
			if !strings.Contains(said, tt.note) {
				t.Errorf("no %q in\n%s", tt.note, said)
			}
		})
	}
}
