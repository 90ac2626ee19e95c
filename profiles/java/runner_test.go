package java_test

import (
	"maps"
	"strings"
	"testing"
)

// TestRunner: a war that the own image starts with a program in one jar is started so, if the build makes that.
func TestRunner(t *testing.T) {
	copying := func(item, more string) string {
		return "<packaging>war</packaging>" + plugin(mvn+"maven-dependency-plugin", "<executions><execution><id>x</id><phase>package</phase><goals><goal>copy</goal></goals><configuration><artifactItems><artifactItem>"+item+"</artifactItem></artifactItems>"+more+"</configuration></execution></executions>")
	}
	jetty := copying("<groupId>org.eclipse.jetty</groupId><artifactId>jetty-runner</artifactId><version>9.4.56</version><destFileName>jetty-runner.jar</destFileName>", "<outputDirectory>${project.build.directory}/lib</outputDirectory>")
	heroku := copying("<groupId>com.heroku</groupId><artifactId>webapp-runner</artifactId><version>10.1.42.0</version>", "")
	own := func(text string) map[string]string {
		return map[string]string{"Dockerfile": "FROM eclipse-temurin:17-jre\nWORKDIR /shop\n" + text + "\n"}
	}
	for _, tt := range []struct {
		name  string
		pom   string
		files map[string]string
		want  []string
	}{
		{
			"Jetty's, by a shell", jetty, own("COPY target/lib/jetty-runner.jar /shop/jetty-runner.jar\nCOPY target/*.war /shop/server.war\nENV MODE=live\nCMD java -jar -Dmode=${MODE} /shop/jetty-runner.jar /shop/server.war"),
			[]string{"/src/target/lib/jetty-runner.jar ./", "/src/target/a-*.war server.war", "exec java -Dmode=${MODE:-live} -jar jetty-runner.jar server.war", "EXPOSE 8080", "java -XX:TieredStopAtLevel=1 -jar target/lib/jetty-runner.jar target/a-1.war"},
		},
		{
			"Jetty's, in exec form, with a port", jetty, own("COPY target/lib/jetty-runner.jar target/a-1.war ./\nENTRYPOINT [\"java\", \"-jar\", \"jetty-runner.jar\", \"--port\", \"9000\", \"a-1.war\"]"),
			[]string{`CMD ["--port", "9000", "a-1.war"]`, "EXPOSE 9000"},
		},
		{
			"Heroku's, by its version", heroku, own("COPY target/dependency/webapp-runner-10.1.42.0.jar /shop/\nCOPY target/a-1.war /shop/a.war\nCMD [\"java\", \"-jar\", \"webapp-runner-10.1.42.0.jar\", \"a.war\"]"),
			[]string{"/src/target/dependency/webapp-runner-10.1.42.0.jar ./", "a.war"},
		},
		{
			"its logs", jetty, own("COPY target/lib/jetty-runner.jar target/a-1.war ./\nENTRYPOINT [\"java\", \"-jar\", \"jetty-runner.jar\", \"--log\", \"/var/log/web/yyyy_mm_dd.log\", \"--out\", \"log/out.log\", \"a-1.war\"]"),
			[]string{"COPY --chown=65532:65532 --from=folders /folders/var/log/web/ /var/log/web/\n", "/folders/app/log/ log/\n"},
		},
		{"one that the build does not make", "<packaging>war</packaging>", own("COPY jetty-runner.jar target/a-1.war ./\nCMD java -jar jetty-runner.jar a-1.war"), []string{"FROM tomcat:"}},
		{"a port that is not known", jetty, own("COPY target/lib/jetty-runner.jar target/a-1.war ./\nCMD java -jar jetty-runner.jar --port $PORT a-1.war"), []string{"FROM tomcat:"}},
		{"no own image", jetty, nil, []string{"FROM tomcat:"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(tt.pom)}
			maps.Copy(files, tt.files)
			app, err := decide(t, files)
			if err != nil {
				t.Fatal(err)
			}
			text := render(t, app)
			for _, line := range tt.want {
				if !strings.Contains(text, line) {
					t.Errorf("no %q in\n%s", line, text)
				}
			}
		})
	}
}
