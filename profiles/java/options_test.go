package java_test

import (
	"strings"
	"testing"
)

// TestOptions keeps the options with which the repository's own image runs java, where they
// mean the same in this one.
func TestOptions(t *testing.T) {
	const plain = "-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError"
	const script = "#!/bin/sh\nARGS=\"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED -Xss256K $HEAP\"\nexec java $ARGS -jar /app.jar \"$@\"\n"
	for name, tt := range map[string]struct{ own, script, want string }{
		"none":                {`ENTRYPOINT ["java", "-jar", "/app.jar"]`, "", plain},
		"access":              {`ENTRYPOINT ["java", "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-jar", "/app.jar"]`, "", plain + " --add-opens=java.base/java.lang=ALL-UNNAMED"},
		"a profile":           {`CMD ["java", "-Dspring.profiles.active=docker", "-Xss512k", "-jar", "/app.jar", "-Dnot=mine"]`, "", plain + " -Dspring.profiles.active=docker -Xss512k"},
		"a heap":              {"ENV JAVA_OPTS=\"-Xmx1g -Dfile.encoding=UTF-8\"\nCMD java $JAVA_OPTS -jar /app.jar", "", "-XX:+ExitOnOutOfMemoryError -Xmx1g -Dfile.encoding=UTF-8"},
		"a share":             {`ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=50"`, "", "-XX:+ExitOnOutOfMemoryError -XX:MaxRAMPercentage=50"},
		"removed from Java":   {`CMD ["java", "-XX:+UseConcMarkSweepGC", "-XX:MaxPermSize=128m", "-XX:+UseCGroupMemoryLimitForHeap", "-jar", "/app.jar"]`, "", plain},
		"the image's own":     {`CMD ["java", "-javaagent:/otel.jar", "-Dlogging.config=/etc/x.xml", "-Dserver.port=9", "-Dcom.sun.management.jmxremote=true", "-jar", "/app.jar"]`, "", plain},
		"a secret":            {`CMD ["java", "-Ddb.password=hunter2", "-jar", "/app.jar"]`, "", plain},
		"a start script":      {"COPY run.sh /\nENTRYPOINT [\"/run.sh\"]", script, plain + " --add-opens=java.base/sun.nio.ch=ALL-UNNAMED -Xss256K"},
		"a script of no use":  {`ENTRYPOINT ["java", "-jar", "/app.jar"]`, script, plain},
		"another program":     {`CMD ["sh", "-c", "-Xmx1g"]`, "", plain},
		"hostile":             {"CMD [\"java\", \"-Dx=\\\"\\nRUN id\", \"-Dy=$(id)\", \"-Dz=a b\", \"-jar\", \"/app.jar\"]", "", plain},
		"when it is compiled": {"RUN java -Xmx2g -jar tool.jar\nCMD [\"java\", \"-jar\", \"/app.jar\"]", "", plain},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(""), mainFile: mainText, "Dockerfile": "FROM eclipse-temurin:21\n" + tt.own + "\n"}
			if tt.script != "" {
				files["run.sh"] = tt.script
			}
			app, err := decide(t, files)
			if err != nil {
				t.Fatal(err)
			}
			if got := render(t, app); !strings.Contains(got, "ENV JAVA_TOOL_OPTIONS=\""+tt.want+"\"\n") && !strings.Contains(got, "ENV JAVA_TOOL_OPTIONS="+tt.want+"\n") {
				t.Errorf("no %q in\n%s", tt.want, after(got, "AS prod"))
			}
		})
	}
}

// after is what stands from a mark on, "" if it is not there.
func after(text, mark string) string {
	_, rest, ok := strings.Cut(text, mark)
	if !ok {
		return ""
	}
	return mark + rest
}
