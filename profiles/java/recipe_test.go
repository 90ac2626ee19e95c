package java_test

import (
	"maps"
	"strings"
	"testing"
)

// TestOwnBuild: the profiles and properties with which the repository's own files build the program are those of this image.
func TestOwnBuild(t *testing.T) {
	const from = "FROM maven:3 AS build\nWORKDIR /x\nCOPY . .\n"
	profile := func(id string) string { return "<profile><id>" + id + "</id></profile>" }
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
		lacks string
	}{
		"a profile":                       {map[string]string{"Dockerfile": from + "RUN mvn -B -ntp clean package -Pdocker -DskipTests\n"}, "package -DskipTests -Pdocker\n", ""},
		"several, in another order":       {map[string]string{"Dockerfile": from + "RUN ./mvnw -P docker,prod install\n"}, "package -DskipTests -Pdocker,prod\n", ""},
		"the last call that packages":     {map[string]string{"Dockerfile": from + "RUN mvn install -Pprod && mvn package -Pdocker && mvn help:active-profiles -Pprod\n"}, "-Pdocker\n", "prod"},
		"one that the POM has not":        {map[string]string{"Dockerfile": from + "RUN mvn package -Pnone\n"}, "package -DskipTests\n", "-P"},
		"by a Makefile":                   {map[string]string{"Makefile": "build:\n\tmvn package -Pprod\n", "Dockerfile": from + "RUN make build\n"}, "-Pprod\n", ""},
		"properties":                      {map[string]string{"Dockerfile": from + "RUN mvn --define x.scope=compile -Dfront.skip -DskipTests -Dmaven.repo.local=/x -D java.net.useSystemProxies=true package\n"}, "package -DskipTests -Dx.scope=compile -Dfront.skip\n", "useSystem"},
		"a property that is not known":    {map[string]string{"Dockerfile": from + "ARG V\nRUN mvn package -Drevision=$V -Dx='$(id)' '-Dy=a b' '-Pprod;id'\n"}, "package -DskipTests\n", "id"},
		"CI, production's profile":        {map[string]string{".github/workflows/build.yml": "jobs: {b: {steps: [{run: mvn -B -Pprod clean install -Dx=y}]}}\n"}, "package -DskipTests -Pprod\n", "-Dx"},
		"CI, a profile of another kind":   {map[string]string{".github/workflows/build.yml": "jobs: {b: {steps: [{run: mvn -B verify -Pcoverage}]}}\n"}, "package -DskipTests\n", "coverage"},
		"a command that does not package": {map[string]string{"Dockerfile": from + "RUN mvn -Pprod dependency:go-offline\n"}, "package -DskipTests\n", "-P"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{
				"pom.xml": pom(boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web") + "<profiles>" + profile("docker") + profile("prod") + profile("coverage") + "</profiles>"),
				mainFile:  mainText, "src/test/java/T.java": "",
			}
			maps.Copy(files, tt.files)
			app, err := decide(t, files)
			if err != nil {
				t.Fatal(err)
			}
			text := render(t, app)
			build := after(text, "AS build")
			run := after(build, "mvn -B")
			run, _, _ = strings.Cut(run, "\n")
			run = strings.ReplaceAll(run, " dependency:copy-dependencies -DincludeScope=runtime", "")
			if !strings.Contains(run+"\n", tt.want) || tt.lacks != "" && strings.Contains(run, tt.lacks) {
				t.Errorf("got %s", run)
			}
		})
	}
}
