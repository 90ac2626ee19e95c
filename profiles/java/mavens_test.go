package java_test

import (
	"strings"
	"testing"
)

// TestOldWrapper: a wrapper whose Maven cannot read the rules of the POM's parent gives way to the image of Maven.
func TestOldWrapper(t *testing.T) {
	const enforced = "<plugin><artifactId>maven-enforcer-plugin</artifactId></plugin>"
	for name, tt := range map[string]struct {
		parent, version, plugin, maven string
		image                          bool
	}{
		"too old for 5":            {"micronaut-parent", "5.0.2", enforced, "3.9.9", true},
		"the first for 5":          {"micronaut-parent", "5.0.2", enforced, "3.9.10", false},
		"Maven 4":                  {"micronaut-parent", "5.0.2", enforced, "4.0.0-rc-4", false},
		"too old for 4.8.2":        {"micronaut-parent", "4.8.2", enforced, "3.9.5", true},
		"the first for 4.10":       {"micronaut-parent", "4.10.12", enforced, "3.9.6", false},
		"before its rules were so": {"micronaut-parent", "4.8.0", enforced, "3.9.5", false},
		"no rules":                 {"micronaut-parent", "5.0.2", "", "3.9.9", false},
		"another parent":           {"other-parent", "5.0.2", enforced, "3.9.9", false},
	} {
		t.Run(name, func(t *testing.T) {
			text := "<parent><groupId>io.micronaut.platform</groupId><artifactId>" + tt.parent + "</artifactId><version>" + tt.version + "</version></parent>" +
				"<properties><maven.compiler.release>25</maven.compiler.release></properties><build><plugins>" + tt.plugin + "</plugins></build>"
			app, err := decide(t, map[string]string{
				"pom.xml": pom(text), mainFile: mainText, "mvnw": "#!/bin/sh\n",
				".mvn/wrapper/maven-wrapper.properties": "distributionUrl=https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/" + tt.maven + "/apache-maven-" + tt.maven + "-bin.zip\n",
			})
			if err != nil {
				t.Fatal(err)
			}
			build, said := "", false
			for _, c := range app.Choices {
				if c.Key == "java.build" {
					build = c.Value
				}
			}
			for _, n := range app.Notes {
				said = said || strings.Contains(n.Text+n.Hint, "starts Maven "+tt.maven+", which cannot read the rules")
			}
			if got := build != "mvnw"; got != tt.image || said != tt.image {
				t.Errorf("built by %s, said %v; want the image: %v", build, said, tt.image)
			}
		})
	}
}
