package java_test

import (
	"maps"
	"strings"
	"testing"
)

// TestPlugins: what a build within an image cannot run is skipped, and no more.
func TestPlugins(t *testing.T) {
	bound := func(phase, goal, config string) string {
		return "<executions><execution><phase>" + phase + "</phase><goals><goal>" + goal + "</goal></goals></execution></executions><configuration>" + config + "</configuration>"
	}
	goal := func(name string) string {
		return "<executions><execution><goals><goal>" + name + "</goal></goals></execution></executions>"
	}
	web := boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web")
	for _, tt := range []struct {
		name, pom string
		files     map[string]string
		skip      string   // the choice java.skip
		lines     []string // of the Dockerfile
	}{
		{"an image of fabric8", plugin("io.fabric8:docker-maven-plugin", bound("package", "build", "")), nil, "-Ddocker.skip", []string{"package -DskipTests -Ddocker.skip\n"}},
		{"an image of fabric8, when it is installed", plugin("io.fabric8:docker-maven-plugin", goal("build")), nil, "", nil},
		{"an image of Spotify", plugin("com.spotify:docker-maven-plugin", bound("package", "build", "")), nil, "-DskipDocker", nil},
		{"a Dockerfile of Spotify", plugin("com.spotify:dockerfile-maven-plugin", goal("build")), nil, "-Ddockerfile.skip", nil},
		{"Jib", plugin("com.google.cloud.tools:jib-maven-plugin", bound("package", "dockerBuild", "")), nil, "-Djib.skip", nil},
		{"Jib that nothing binds", plugin("com.google.cloud.tools:jib-maven-plugin", goal("build")), nil, "", nil},
		{"Jib after package", plugin("com.google.cloud.tools:jib-maven-plugin", bound("deploy", "build", "")), nil, "", nil},
		{"Spring Boot's image", web + plugin("org.springframework.boot:spring-boot-maven-plugin", goal("build-image-no-fork")), nil, "-Dspring-boot.build-image.skip", nil},
		{"Quarkus' image", "<packaging>quarkus</packaging>" + plugin("io.quarkus:quarkus-maven-plugin", "<extensions>true</extensions>"), map[string]string{"src/main/resources/application.properties": "quarkus.container-image.build=true"}, "-Dquarkus.container-image.build=false -Dquarkus.container-image.push=false", nil},
		{"a number of the build", plugin("org.codehaus.mojo:buildnumber-maven-plugin", bound("validate", "create", "")), nil, "-Dmaven.buildNumber.skip", nil},
		{"the commit", plugin("io.github.git-commit-id:git-commit-id-maven-plugin", ""), nil, "-Dmaven.gitcommitid.skip", nil},
		{"Spotless against a branch", plugin("com.diffplug.spotless:spotless-maven-plugin", bound("compile", "check", "<ratchetFrom>origin/main</ratchetFrom>")), nil, "-Dspotless.check.skip", nil},
		{"Spotless of all files", plugin("com.diffplug.spotless:spotless-maven-plugin", bound("compile", "check", "<java/>")), nil, "", nil},
		{"a version of Git", "", map[string]string{".mvn/extensions.xml": "<extensions><extension><groupId>fr.brouillard.oss</groupId><artifactId>jgitver-maven-plugin</artifactId><version>1.9.0</version></extension></extensions>"}, "-Djgitver.skip", nil},
		{"a plugin that a POM only manages", "<build><pluginManagement>" + strings.TrimSuffix(strings.TrimPrefix(plugin("com.google.cloud.tools:jib-maven-plugin", bound("package", "build", "")), "<build>"), "</build>") + "</pluginManagement></build>", nil, "", nil},
		{"two of them", "<build><plugins><plugin><groupId>io.fabric8</groupId><artifactId>docker-maven-plugin</artifactId>" + bound("package", "build", "") + "</plugin><plugin><groupId>org.codehaus.mojo</groupId><artifactId>buildnumber-maven-plugin</artifactId>" + goal("create") + "</plugin></plugins></build>", nil, "-Ddocker.skip -Dmaven.buildNumber.skip", []string{"dependency:go-offline -Ddocker.skip -Dmaven.buildNumber.skip\n"}},
		{"npm", plugin("org.codehaus.mojo:exec-maven-plugin", bound("generate-resources", "exec", "<executable>npm</executable>")), nil, "", []string{"# node has the programs of Node that the build starts.\nFROM --platform=$BUILDPLATFORM node:", " AS node\n", "COPY --link --from=node /usr/local/ /usr/local/\nCOPY --link --from=node /opt/ /opt/\nWORKDIR /src"}},
		{"a shell", plugin("org.codehaus.mojo:exec-maven-plugin", bound("generate-resources", "exec", "<executable>bash</executable>")), nil, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(tt.pom), mainFile: mainText}
			maps.Copy(files, tt.files)
			app, err := decide(t, files)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, c := range app.Choices {
				if c.Key == "java.skip" {
					got = c.Value
				}
			}
			if got != tt.skip {
				t.Errorf("%q, want %q", got, tt.skip)
			}
			text := render(t, app)
			for _, line := range tt.lines {
				if !strings.Contains(text, line) {
					t.Errorf("no %q in\n%s", line, text)
				}
			}
			if tt.lines == nil && strings.Contains(text, "/opt/") {
				t.Error(text)
			}
		})
	}
}
