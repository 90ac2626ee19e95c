package java_test

import (
	"maps"
	"strings"
	"testing"
)

// TestSeveral: of several classes with a main method the one that is clearly the app's is
// taken, and said; where nothing says which, none is.
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
				if c.Key == "java.main" {
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
