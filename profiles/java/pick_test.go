package java_test

import (
	"path"
	"strings"
	"testing"
)

// TestPick: the module that is most surely the program is taken, and the others
// are said.
func TestPick(t *testing.T) {
	const (
		library = "" // nothing to start
		tool    = "tool"
		server  = "server"
		made    = "made" // a jar with a main class in its manifest
		war     = "war"
	)
	manifest := plugin(mvn+"maven-jar-plugin", "<configuration><archive><manifest><mainClass>x.Y</mainClass></manifest></archive></configuration>")
	web := dependencies("io.javalin:javalin")
	for _, tt := range []struct {
		name    string
		root    string
		modules [][3]string // folder, kind, what it depends on
		want    string      // the module, "" if it is refused
		said    string      // the others in the note, "" for no note
	}{
		{"the one that listens", "shop", [][3]string{{"migrator", tool}, {"api", server}}, "api", "migrator"},
		{"a war", "shop", [][3]string{{"tools", tool}, {"portal", war}}, "portal", ""},
		{"a server that nothing packs", "shop", [][3]string{{"migrator", made}, {"api", server}}, "api", "migrator"},
		{"a library that listens", "shop", [][3]string{{"run", made, "web"}, {"web", server}}, "run", ""},
		{"a tool with a better jar", "shop", [][3]string{{"migrator", made}, {"portal", war}}, "portal", "migrator"},
		{"two servers", "shop", [][3]string{{"orders", server}, {"users", server}}, "", ""},
		{"the one with the project's name", "shop", [][3]string{{"profiles/shop", war}, {"profiles/pay", war}}, "profiles/shop", "profiles/pay"},
		{"the name of the project without its parent", "shop-parent", [][3]string{{"shop", server}, {"pay", server}}, "shop", "pay"},
		{"a war takes another's classes", "shop", [][3]string{{"shop", war}, {"pay", war, "shop"}}, "shop", "pay"},
		{"a library with a main class", "shop", [][3]string{{"catalog", tool}, {"run", tool, "catalog"}}, "run", ""},
		{"a usual name", "shop", [][3]string{{"shop-gateway", server}, {"shop-server", server}}, "shop-server", "shop-gateway"},
		{"two tools", "shop", [][3]string{{"one", tool}, {"two", tool}}, "", ""},
		{"a benchmark with a better jar", "shop", [][3]string{{"benchmark", made}, {"backend", server}}, "backend", ""},
		{"a benchmark beside a library", "shop", [][3]string{{"benchmark", made}, {"core", library}}, "benchmark", ""},
		{"the only one", "shop", [][3]string{{"core", library}, {"cli", tool}}, "cli", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{}
			var list strings.Builder
			for _, m := range tt.modules {
				dir, kind := m[0], m[1]
				list.WriteString("<module>" + dir + "</module>")
				text := "<groupId>g</groupId><artifactId>" + path.Base(dir) + "</artifactId><version>1</version>"
				switch kind {
				case server:
					text += web
				case made:
					text += manifest
				case war:
					text += "<packaging>war</packaging>"
				}
				if m[2] != "" {
					text += "<dependencies>" + dependency("g:"+m[2], "compile") + "</dependencies>"
				}
				files[dir+"/pom.xml"] = "<project>" + text + "</project>"
				switch kind {
				case library:
				case server:
					files[dir+"/src/main/java/M.java"] = javalin("start(7000)")
				default:
					files[dir+"/src/main/java/M.java"] = mainText
				}
			}
			files["pom.xml"] = "<project><groupId>g</groupId><artifactId>" + tt.root + "</artifactId><version>1</version><packaging>pom</packaging><modules>" + list.String() + "</modules></project>"
			app, err := decide(t, files)
			if (err == nil) != (tt.want != "") {
				t.Fatal(err)
			}
			if err != nil {
				return
			}
			for _, c := range app.Choices {
				if c.Key == "java.module" && c.Value != tt.want {
					t.Errorf("%s, want %s", c.Value, tt.want)
				}
			}
			said := ""
			for _, n := range app.Notes {
				if _, text, ok := strings.Cut(n.Text, "the image is of "+tt.want+"; "); ok {
					said, _, _ = strings.Cut(text, " build")
				}
			}
			if said != tt.said {
				t.Errorf("said %q, want %q", said, tt.said)
			}
		})
	}
}

// TestPickByName: a module whose own name says that it is an example or a test is none, but where that is the project's name.
func TestPickByName(t *testing.T) {
	for name, tt := range map[string]struct{ root, other, want string }{
		"a test":                   {"broker-parent", "embedded_test", "core"},
		"a sample":                 {"broker", "broker-sample", "core"},
		"of a project of samples":  {"sample-parent", "sample-web", "web"},
		"a word that is part of a": {"broker", "latest", "web"},
	} {
		module := func(artifact, uses string) string {
			return "<project><groupId>g</groupId><artifactId>" + artifact + "</artifactId><version>1</version>" + uses + "</project>"
		}
		app, err := decide(t, map[string]string{
			"pom.xml":      "<project><groupId>g</groupId><artifactId>" + tt.root + "</artifactId><version>1</version><packaging>pom</packaging><modules><module>core</module><module>web</module></modules></project>",
			"core/pom.xml": module("core", dependencies("io.javalin:javalin")), "core/src/main/java/M.java": javalin("start(7000)"),
			"web/pom.xml": module(tt.other, dependencies("g:core", "io.javalin:javalin")), "web/src/main/java/N.java": strings.Replace(javalin("start(7001)"), "class M", "class N", 1),
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := picked(app, "java.module"); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// TestPickByManifests: what the manifests of Kubernetes run is told of all of them, of which each may be for one service.
func TestPickByManifests(t *testing.T) {
	deployment := func(name string) string {
		return "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: " + name + "\nspec:\n  template:\n    spec:\n      containers:\n      - name: x\n        image: eu.example.com/shop/" + name + ":v1\n"
	}
	for name, tt := range map[string]struct {
		manifests []string
		picked    bool
	}{
		"one":         {[]string{"orders"}, true},
		"one, twice":  {[]string{"orders", "orders"}, true},
		"one of each": {[]string{"orders", "users"}, false},
	} {
		files := map[string]string{"pom.xml": "<project><groupId>g</groupId><artifactId>shop</artifactId><version>1</version><packaging>pom</packaging><modules><module>orders</module><module>users</module></modules></project>"}
		for _, dir := range []string{"orders", "users"} {
			files[dir+"/pom.xml"] = "<project><groupId>g</groupId><artifactId>" + dir + "</artifactId><version>1</version>" + dependencies("io.javalin:javalin") + "</project>"
			files[dir+"/src/main/java/M.java"] = javalin("start(7000)")
		}
		for i, of := range tt.manifests {
			files["k8s/"+string(rune('a'+i))+".yaml"] = deployment(of)
		}
		if _, err := decide(t, files); (err == nil) != tt.picked {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
