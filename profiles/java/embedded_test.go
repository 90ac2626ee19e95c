package java_test

import (
	"strings"
	"testing"
)

// TestEmbedded: prod has the folders that a program hands a server of its own, where it looks for them.
func TestEmbedded(t *testing.T) {
	const (
		tomcat = "org.apache.tomcat.embed:tomcat-embed-core:10.1.4"
		jetty  = "org.eclipse.jetty.ee10:jetty-ee10-webapp:12.1.14"
		begin  = "import org.apache.catalina.startup.Tomcat; class M { public static void main(String[] a) { File root = root(); Tomcat t = new Tomcat(); t.setPort(8081); "
		pages  = "COPY --link src/main/webapp/ src/main/webapp/\n"
	)
	shade := plugin(mvn+"maven-shade-plugin", execution("shade", "<transformers><transformer><mainClass>M</mainClass></transformer></transformers>"))
	_, err := decide(t, map[string]string{"pom.xml": pom(dependencies(tomcat)), mainFile: "import java.io.File; " + begin + `add(new File(root, "target/classes")); } }`}, "startup=cache")
	if err == nil || !strings.Contains(err.Error(), "looks for servlets in the folder of its classes") {
		t.Errorf("a cache of classes in a folder: %v", err)
	}
	for name, tt := range map[string]struct {
		pom, main string
		want      []string
		not       string
	}{
		"by a folder that is worked out": {
			dependencies(tomcat), begin + `t.addWebapp("", new File(root.getAbsolutePath(), "src/main/webapp/").getPath()); } }`,
			[]string{pages, `"classes:lib/*", "M"]`},
			"target/classes/ target/",
		},
		"and its classes": {
			dependencies(tomcat), begin + `add(new File(root, "target/classes")); add(new File(root, "./src/main/webapp")); } }`,
			[]string{pages, "COPY --link --from=build /src/target/classes/ target/classes/\n", `"target/classes:lib/*", "M"]`},
			"",
		},
		"classes in one jar": {dependencies(tomcat) + shade, begin + `add(new File(root, "target/classes")); } }`, []string{`CMD ["app.jar"]`}, "target/classes/ "},
		"Jetty": {
			dependencies(jetty), `import org.eclipse.jetty.ee10.webapp.WebAppContext; class M { public static void main(String[] a) { c.setResourceBase(base() + "/" + "src/main/webapp"); } }`,
			[]string{pages},
			"",
		},
		"no server": {dependencies(tomcat), `class M { public static void main(String[] a) { add(base() + "src/main/webapp"); } }`, []string{`"M"]`}, "src/main/webapp"},
	} {
		t.Run(name, func(t *testing.T) {
			app, err := decide(t, map[string]string{"pom.xml": pom(tt.pom), mainFile: "import java.io.File; " + tt.main, "src/main/webapp/index.html": ""})
			if err != nil {
				t.Fatal(err)
			}
			text := render(t, app)
			for _, line := range tt.want {
				if !strings.Contains(text, line) {
					t.Errorf("no %q in\n%s", line, text)
				}
			}
			if tt.not != "" && strings.Contains(text, tt.not) {
				t.Errorf("%q in\n%s", tt.not, text)
			}
		})
	}
}
