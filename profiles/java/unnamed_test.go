package java_test

import (
	"maps"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// picked is the value of a choice, "" for none.
func picked(app *plan.App, key string) string {
	for _, c := range app.Choices {
		if c.Key == key {
			return c.Value
		}
	}
	return ""
}

// TestUnnamed: where nothing names a Java, the one is taken that compiles what the compiler plugin takes by default.
func TestUnnamed(t *testing.T) {
	compiler := func(version string) string {
		return plugin(mvn+"maven-compiler-plugin", "<version>"+version+"</version>")
	}
	wrapper := func(maven string) map[string]string {
		return map[string]string{
			"mvnw":                                  "#!/bin/sh\n# .mvn/wrapper/maven-wrapper.properties\n",
			".mvn/wrapper/maven-wrapper.properties": "distributionUrl=https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/" + maven + "/apache-maven-" + maven + "-bin.zip\nwrapperUrl=x\n",
		}
	}
	app, err := decide(t, map[string]string{"pom.xml": pom(""), mainFile: mainText})
	if err != nil {
		t.Fatal(err)
	}
	last := picked(app, "java.version")
	for name, tt := range map[string]struct {
		pom   string
		files map[string]string
		want  string
	}{
		"the image's Maven":                {"", nil, last},
		"an old plugin":                    {compiler("3.1"), nil, "8"},
		"one of 3.8":                       {compiler("3.8.1"), nil, "11"},
		"one of 3.10":                      {compiler("3.10.1"), nil, "17"},
		"a new one":                        {compiler("3.13.0"), nil, last},
		"one of a property that is not":    {compiler("${v}"), nil, last},
		"a wrapper's old Maven":            {"", wrapper("3.5.2"), "8"},
		"a wrapper's Maven 3.9.0":          {"", wrapper("3.9.0"), "17"},
		"a wrapper's new Maven":            {"", wrapper("3.9.11"), last},
		"a wrapper's Maven 4":              {"", wrapper("4.0.0-rc-4"), last},
		"an old Maven with a new plugin":   {compiler("3.14.0"), wrapper("3.6.3"), last},
		"a Java that the POM names":        {"<properties><maven.compiler.source>21</maven.compiler.source></properties>" + compiler("3.1"), nil, "21"},
		"a Java that a file names":         {compiler("3.1"), map[string]string{"system.properties": "java.runtime.version=11\n"}, "11"},
		"a Java that a profile may name":   {compiler("3.1") + "<profiles><profile><id>new</id><activation><jdk>[9,)</jdk></activation><properties><maven.compiler.release>17</maven.compiler.release></properties></profile></profiles>", nil, last},
		"a parent that is not read":        {"<parent><groupId>x</groupId><artifactId>y</artifactId><version>1</version></parent>" + compiler("3.1"), nil, last},
		"nothing that the plugin compiles": {"<properties><exec.mainClass>MKt</exec.mainClass></properties><build><sourceDirectory>src/main/kotlin</sourceDirectory><plugins><plugin><artifactId>maven-compiler-plugin</artifactId><version>3.1</version></plugin></plugins></build>", map[string]string{mainFile: "", "src/main/kotlin/M.kt": "fun main() {}"}, last},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(tt.pom), mainFile: mainText}
			maps.Copy(files, tt.files)
			if files[mainFile] == "" {
				delete(files, mainFile)
			}
			app, err := decide(t, files)
			if err != nil {
				t.Fatal(err)
			}
			if got := picked(app, "java.version"); got != tt.want {
				t.Errorf("Java %s, want %s", got, tt.want)
			}
		})
	}
}
