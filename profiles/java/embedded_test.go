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

// TestFilled: a folder of another module that the code serves, and that the module's build fills, is what the build makes of it, or refused.
func TestFilled(t *testing.T) {
	const (
		head   = "<project><modelVersion>4.0.0</modelVersion><parent><groupId>g</groupId><artifactId>root</artifactId><version>1</version></parent>"
		serves = "import java.io.File; import org.eclipse.jetty.webapp.WebAppContext; class M { public static void main(String[] a) { new WebAppContext(new File(\"main/webapp\").getAbsolutePath(), \"/\"); } }"
		own    = "COPY --link main/webapp/ main/webapp/\n"
		made   = "COPY --link --from=build /src/main/webapp/ main/webapp/\n"
	)
	jetty := "<dependency><groupId>org.eclipse.jetty</groupId><artifactId>jetty-webapp</artifactId><version>9.4.57.v20241219</version></dependency>"
	libs := plugin(mvn+"maven-dependency-plugin", execution("copy-dependencies", "<outputDirectory>webapp/WEB-INF/lib</outputDirectory>"))
	for name, tt := range map[string]struct{ main, depends, want, err string }{
		"its libraries":        {libs, "main", made, ""},
		"its classes":          {"<build><outputDirectory>${basedir}/webapp/WEB-INF/classes</outputDirectory></build>", "main", made, ""},
		"nothing":              {"", "main", own, ""},
		"another folder":       {strings.ReplaceAll(libs, "webapp/", "target/"), "", own, ""},
		"no dependency":        {libs, "", "", "reads main/webapp, which the build of the module main fills, and no dependency of this module has that built"},
		"when it is published": {strings.Replace(libs, "<goals>", "<phase>deploy</phase><goals>", 1), "", own, ""},
	} {
		t.Run(name, func(t *testing.T) {
			depends := jetty
			if tt.depends != "" {
				depends += "<dependency><groupId>g</groupId><artifactId>" + tt.depends + "</artifactId><version>1</version></dependency>"
			}
			app, err := decide(t, map[string]string{
				"pom.xml":                     "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>root</artifactId><version>1</version><packaging>pom</packaging><modules><module>main</module><module>server</module></modules></project>",
				"main/pom.xml":                head + "<artifactId>main</artifactId>" + tt.main + "</project>",
				"main/webapp/WEB-INF/web.xml": "<web-app/>",
				"main/src/main/java/A.java":   "class A {}",
				"server/pom.xml":              head + "<artifactId>server</artifactId><dependencies>" + depends + "</dependencies></project>",
				"server/src/main/java/M.java": serves,
			})
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("got %v, want %s", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := after(render(t, app), "AS prod"); !strings.Contains(got, tt.want) {
				t.Errorf("no %q in\n%s", tt.want, got)
			}
		})
	}
}
