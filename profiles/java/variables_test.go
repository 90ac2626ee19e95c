package java_test

import (
	"maps"
	"strings"
	"testing"
)

// TestVariables: the words of the own start command in which a variable stands are in prod's.
func TestVariables(t *testing.T) {
	shaded := pom(dependencies("x:y") + plugin(mvn+"maven-shade-plugin", execution("shade", "<transformers><transformer><mainClass>M</mainClass></transformer></transformers>")))
	for name, tt := range map[string]struct {
		own  string
		want string // lines of the Dockerfile
		not  string
	}{
		"options and arguments":         {`ENTRYPOINT ["sh", "-c", "java $JAVA_OPTS -jar /app.jar $PARAMS"]`, `ENTRYPOINT ["sh", "-c", "exec java $JAVA_OPTS -jar app.jar $PARAMS"]`, "tini"},
		"in shell form":                 {`ENTRYPOINT exec java ${JAVA_OPTS} -Djava.security.egd=file:/dev/./urandom -jar app.jar`, `["sh", "-c", "exec java ${JAVA_OPTS} -jar app.jar"]`, ""},
		"after an option of two words":  {`CMD java --add-opens java.rmi/javax.rmi.ssl=ALL-UNNAMED $JAVA_OPTS -jar app.jar`, `"exec java $JAVA_OPTS -jar app.jar"`, "app.jar $JAVA_OPTS"},
		"the command":                   {`CMD java $JAVA_OPTS -jar app.jar ${ARGS:-}`, `["sh", "-c", "exec java $JAVA_OPTS -jar app.jar ${ARGS:-}"]`, ""},
		"after -jar":                    {`CMD ["/bin/sh", "-c", "sleep 1 && java -jar $JAVA_OPTS /app.jar"]`, `"exec java $JAVA_OPTS -jar app.jar"`, "sleep"},
		"one that may be unset":         {`CMD java ${LOG_HOME:+-DLOG_HOME=$LOG_HOME} -jar app.jar`, `"exec java ${LOG_HOME:+-DLOG_HOME=$LOG_HOME} -jar app.jar"`, ""},
		"one that the image has":        {"ENV MODE=fast\n" + `CMD java -Dmode=${MODE} -jar app.jar`, `"exec java -Dmode=${MODE:-fast} -jar app.jar"`, ""},
		"within a word":                 {"ENV GC=G1\n" + `CMD java -XX:+Use${GC}GC -jar app.jar`, `"exec java -XX:+Use${GC:-G1}GC -jar app.jar"`, ""},
		"one that nothing has":          {`CMD java -Dmode=${MODE} -jar app.jar`, `CMD ["app.jar"]`, "MODE"},
		"what the image is given":       {`ENTRYPOINT ["sh", "-c", "java ${JAVA_OPTS} -jar /app.jar ${0} ${@}"]`, `ENTRYPOINT ["sh", "-c", "exec java ${JAVA_OPTS} -jar app.jar \"$@\"", "sh"]`, "${0}"},
		"that, quoted, and no variable": {`ENTRYPOINT ["sh", "-c", "exec java -jar /app.jar \"$@\"", "--"]`, `CMD ["app.jar"]`, "$@"},
		"that of java":                  {`ENTRYPOINT ["sh", "-c", "java $@ $JAVA_OPTS -jar /app.jar"]`, `["sh", "-c", "exec java $JAVA_OPTS -jar app.jar"]`, "$@"},
		"the port":                      {`CMD java -Dserver.port=${PORT:-80} -jar app.jar`, `CMD ["app.jar"]`, "$"},
		"the program":                   {`CMD java -jar $JAR`, `CMD ["app.jar"]`, "$"},
		"a command in one":              {`CMD java $(id) ${A:-$(id)} "${B:-x';id'}" -jar app.jar`, `CMD ["app.jar"]`, "id"},
		"without a shell":               {`CMD ["java", "$JAVA_OPTS", "-jar", "app.jar"]`, `CMD ["app.jar"]`, "$JAVA"},
	} {
		t.Run(name, func(t *testing.T) {
			text := dockerfile(t, map[string]string{"pom.xml": shaded, mainFile: mainText, "Dockerfile": "FROM eclipse-temurin:21\nCOPY target/a.jar /app.jar\n" + tt.own + "\n"})
			prod := after(text, " AS prod")
			if !strings.Contains(prod, tt.want) || tt.not != "" && strings.Contains(prod, tt.not) {
				t.Errorf("no %s, or %q in\n%s", tt.want, tt.not, prod)
			}
		})
	}
}

// TestModuleImage: the Dockerfile of the module that prod runs is the own one, and its files lie below the folder that
// it is built in.
func TestModuleImage(t *testing.T) {
	parent := "<project><groupId>g</groupId><artifactId>shop</artifactId><version>1</version><packaging>pom</packaging><modules><module>core</module><module>web</module></modules></project>"
	module := func(name, body string) string {
		return "<project><parent><groupId>g</groupId><artifactId>shop</artifactId><version>1</version></parent><artifactId>" + name + "</artifactId>" + body + "</project>"
	}
	manifest := plugin(mvn+"maven-jar-plugin", "<configuration><archive><manifest><mainClass>M</mainClass></manifest></archive></configuration>")
	const own = "FROM eclipse-temurin:21\nCOPY target/*.jar /app.jar\nCOPY conf/a.xml /conf/a.xml\nEXPOSE 7070\nLABEL a=b\nCMD [\"java\", \"-jar\", \"/app.jar\"]\n"
	const copied = "web/conf/a.xml /conf/"
	for name, tt := range map[string]struct{ file, text, want, not string }{
		"in its folder":                {"web/Dockerfile", own, copied, ""},
		"beside the sources":           {"web/src/main/docker/Dockerfile", own, copied, ""},
		"built in the folder of all":   {"web/Dockerfile", strings.ReplaceAll(strings.ReplaceAll(own, "conf/a.xml /", "web/conf/a.xml /"), "target/", "web/target/"), copied, ""},
		"of another module":            {"core/Dockerfile", own, "", "LABEL"},
		"of what Quarkus generates":    {"web/src/main/docker/Dockerfile.jvm", own, "", "LABEL"},
		"one that docker build takes":  {"Dockerfile", own, "LABEL", "web/conf"},
		"one for tests":                {"web/src/main/docker/test/Dockerfile", own, "", "LABEL"},
		"elsewhere, but it is named":   {"docker/build/Dockerfile", "FROM eclipse-temurin:21\nARG APP=web\nRUN wget https://example.com/$APP.jar\nLABEL a=b\n", "LABEL a=b", ""},
		"a file above the repository":  {"web/Dockerfile", strings.ReplaceAll(own, "conf/a.xml /", "../../../etc/passwd /"), "LABEL", "passwd"},
		"a file of a Dockerfile there": {"web/src/main/docker/Dockerfile", strings.ReplaceAll(own, "COPY conf/a.xml /conf/a.xml", "COPY run.properties /etc/run.properties"), "web/src/main/docker/run.properties", ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := dockerfile(t, map[string]string{
				"pom.xml": parent, "core/pom.xml": module("core", ""), "web/pom.xml": module("web", manifest), "web/" + mainFile: mainText,
				"web/conf/a.xml": "<a/>", "web/src/main/docker/run.properties": "a=b", tt.file: tt.text,
			})
			prod := after(text, " AS prod")
			if !strings.Contains(prod, tt.want) || tt.not != "" && strings.Contains(prod, tt.not) {
				t.Errorf("no %s, or %q in\n%s", tt.want, tt.not, prod)
			}
		})
	}
}

// TestPickByFiles: of several programs, the one that the repository's own files build or run.
func TestPickByFiles(t *testing.T) {
	parent := "<project><groupId>g</groupId><artifactId>shop-parent</artifactId><version>1</version><packaging>pom</packaging><modules><module>a</module><module>b</module></modules></project>"
	module := func(name string) string {
		return "<project><parent><groupId>g</groupId><artifactId>shop-parent</artifactId><version>1</version></parent><artifactId>" + name + "</artifactId>" +
			plugin(mvn+"maven-jar-plugin", "<configuration><archive><manifest><mainClass>M</mainClass></manifest></archive></configuration>") + "</project>"
	}
	const from = "FROM eclipse-temurin:21\n"
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"nothing says it":         {nil, "2 modules build a program"},
		"the README runs its jar": {map[string]string{"README.md": "java -jar shop-b-1.0.jar server\n"}, "b"},
		"by a pattern":            {map[string]string{"README.md": "`java -jar b/target/shop-b-*.jar`\n"}, "b"},
		"the README runs both":    {map[string]string{"README.md": "java -jar shop-b-1.0.jar; java -jar shop-a.jar\n"}, "2 modules build a program"},
		"a jar of another name":   {map[string]string{"README.md": "java -jar shop-bundle-1.0.jar\n"}, "2 modules build a program"},
		"its image":               {map[string]string{"README.md": "docker run -p 80:80 acme/shop-b:latest\n"}, "b"},
		"an argument":             {map[string]string{"docker/Dockerfile": from + "ARG APP=shop-b\nCOPY $APP.jar /\n"}, "b"},
		"its Dockerfile":          {map[string]string{"b/Dockerfile": from + "COPY target/*.jar /\n"}, "b"},
		"that of each":            {map[string]string{"a/Dockerfile": from, "b/Dockerfile": from}, "2 modules build a program"},
		"the image with the project's name": {map[string]string{
			"a/Dockerfile": from, "b/Dockerfile": from,
			".github/workflows/r.yml": "jobs:\n  x:\n    steps:\n    - uses: docker/build-push-action@v6\n      with: {context: ./a, tags: 'acme/shop-other:1'}\n    - uses: docker/build-push-action@v6\n      with: {context: ./b, tags: 'acme/shop:1'}\n",
		}, "b"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"pom.xml": parent, "a/pom.xml": module("shop-a"), "b/pom.xml": module("shop-b"), "a/" + mainFile: mainText, "b/" + mainFile: mainText}
			maps.Copy(files, tt.files)
			app, err := decide(t, files)
			got := ""
			if err != nil {
				got = err.Error()
			} else {
				for _, c := range app.Choices {
					if c.Key == "java.module" {
						got = c.Value
					}
				}
			}
			if err == nil && got != tt.want || !strings.Contains(got, tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// dockerfile is the one that is decided for files, with settings.
func dockerfile(t *testing.T, files map[string]string, set ...string) string {
	t.Helper()
	app, err := decide(t, files, set...)
	if err != nil {
		t.Fatal(err)
	}
	return render(t, app)
}
