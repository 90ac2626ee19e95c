package java_test

import (
	"strings"
	"testing"
)

// TestOptional: what is optional of a library is not of the program that has the library.
func TestOptional(t *testing.T) {
	const group = "<groupId>x</groupId><version>1</version>"
	pom := func(name, more string) string {
		return "<project><modelVersion>4.0.0</modelVersion><parent><groupId>x</groupId><artifactId>root</artifactId><version>1</version></parent><artifactId>" + name + "</artifactId>" + more + "</project>"
	}
	dep := func(group, name, more string) string {
		return "<dependency><groupId>" + group + "</groupId><artifactId>" + name + "</artifactId>" + more + "</dependency>"
	}
	for more, want := range map[string]string{"": "GET /actuator/health", "<optional>true</optional>": "none", "<optional>false</optional>": "GET /actuator/health", "<scope>test</scope>": "none"} {
		files := map[string]string{
			"pom.xml": "<project><modelVersion>4.0.0</modelVersion><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.5.7</version></parent>" + group +
				"<artifactId>root</artifactId><packaging>pom</packaging><modules><module>core</module><module>app</module></modules></project>",
			"core/pom.xml": pom("core", "<dependencies>"+dep("org.springframework.boot", "spring-boot-starter-actuator", more)+"</dependencies>"),
			"app/pom.xml": pom("app", "<dependencies>"+dep("x", "core", "<version>1</version>")+dep("org.springframework.boot", "spring-boot-starter-web", "")+"</dependencies>"+
				"<build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build>"),
			"app/src/main/java/x/App.java": "package x;\n@org.springframework.boot.autoconfigure.SpringBootApplication\npublic class App { public static void main(String[] a) { } }\n",
		}
		p, err := decide(t, files, "runtime=slim")
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, c := range p.Choices {
			if c.Key == "healthcheck" {
				got = c.Value
			}
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%q: got %s, want %s", more, got, want)
		}
	}
}
