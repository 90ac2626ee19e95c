package java_test

import (
	"strings"
	"testing"
)

// TestBootFolder: the jar of Spring Boot's plugin lies where its settings say, and is taken apart unless it has another layout.
func TestBootFolder(t *testing.T) {
	for name, tt := range map[string]struct{ config, want string }{
		"by default":                    {"", "java -Djarmode=tools -jar target/a-*.jar extract"},
		"a folder of its own":           {"<outputDirectory>${project.basedir}/dist</outputDirectory>", "-jar dist/a-*.jar extract"},
		"the module's folder":           {"<outputDirectory>${basedir}</outputDirectory>", "-jar a-*.jar extract"},
		"below the build's":             {"<outputDirectory>${project.build.directory}/boot</outputDirectory>", "-jar target/boot/a-*.jar extract"},
		"a property that nobody sets":   {"<outputDirectory>${baseDir}</outputDirectory>", "-jar target/a-*.jar extract"},
		"the layout of a jar":           {"<layout>JAR</layout>", "-jar target/a-*.jar extract"},
		"the layout of another program": {"<layout>ZIP</layout>", "/src/target/a-*.jar app.jar"},
	} {
		t.Run(name, func(t *testing.T) {
			body := boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web") + plugin("org.springframework.boot:spring-boot-maven-plugin", execution("repackage", tt.config))
			app, err := decide(t, map[string]string{"pom.xml": pom(body), mainFile: mainText})
			if err != nil {
				t.Fatal(err)
			}
			if text := render(t, app); !strings.Contains(text, tt.want) {
				t.Errorf("no %q in\n%s", tt.want, text)
			}
		})
	}
}

// TestOfflineParent: a plugin of a parent that nobody can see from here does not end the stage of the dependencies.
func TestOfflineParent(t *testing.T) {
	for name, tt := range map[string]struct {
		parent string
		fails  bool // at the end
	}{
		"none":         {"", false},
		"a known one":  {boot("3.5.7"), false},
		"an other one": {"<parent><groupId>x</groupId><artifactId>x-parent</artifactId><version>9</version><relativePath/></parent>", true},
	} {
		text := dockerfile(t, map[string]string{"pom.xml": pom(tt.parent), mainFile: mainText})
		if strings.Contains(text, "-fn dependency:go-offline") != tt.fails {
			t.Errorf("%s:\n%s", name, text)
		}
	}
}
