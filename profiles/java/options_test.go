package java_test

import (
	"fmt"
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

// TestJettyProperties: what the file sets by which the own image deploys the war on Jetty, Tomcat's Java sets.
func TestJettyProperties(t *testing.T) {
	set := func(name, value string) string {
		return `<Call class="java.lang.System" name="setProperty"><Arg>` + name + "</Arg><Arg>" + value + "</Arg></Call>"
	}
	const jetty = `<Configure class="org.eclipse.jetty.webapp.WebAppContext">`
	const dockerfile = "FROM ubuntu:24.04\nRUN apt-get install -y openjdk-21-jre\nADD a.xml /app/webapps/a.xml\nADD target/a-1.war /app/webapps/a.war\nWORKDIR /app\n"
	const starts = "CMD [\"java\", \"-jar\", \"/opt/jetty/start.jar\"]\n"
	for name, tt := range map[string]struct {
		pom, file, own string
		want, without  string
		noted          bool
	}{
		"a property":        {"<packaging>war</packaging>", jetty + set("docs.home", "/data") + "</Configure>", starts, " -Ddocs.home=/data\"", "a.xml", true},
		"two":               {"<packaging>war</packaging>", jetty + set("a", "1") + set("b", "c:/d") + "</Configure>", starts, " -Da=1 -Db=c:/d\"", "a.xml", true},
		"none":              {"<packaging>war</packaging>", jetty + `<Set name="contextPath">/</Set></Configure>`, starts, "ExitOnOutOfMemoryError\"", "a.xml", true},
		"a secret":          {"<packaging>war</packaging>", jetty + set("db.password", "hunter2") + "</Configure>", starts, "ExitOnOutOfMemoryError\"", "hunter2", true},
		"a computed value":  {"<packaging>war</packaging>", jetty + set("a", "<SystemProperty name='b'/>") + "</Configure>", starts, "ExitOnOutOfMemoryError\"", "-Da", true},
		"a hostile value":   {"<packaging>war</packaging>", jetty + set("a", "&#34;&#10;RUN id") + "</Configure>", starts, "ExitOnOutOfMemoryError\"", "RUN id", true},
		"a file of another": {"<packaging>war</packaging>", "<Configure>" + set("a", "1") + "</Configure>", "", "COPY --link a.xml webapps/", "-Da=1", false},
		"a jar reads it":    {"", jetty + set("a", "1") + "</Configure>", "CMD [\"java\", \"-jar\", \"app.jar\"]\n", "ENTRYPOINT", "-Da=1", false},
	} {
		t.Run(name, func(t *testing.T) {
			app, err := decide(t, map[string]string{"pom.xml": pom(tt.pom), mainFile: mainText, "a.xml": tt.file, "Dockerfile": dockerfile + tt.own})
			if err != nil {
				t.Fatal(err)
			}
			got := after(render(t, app), "AS prod")
			if !strings.Contains(got, tt.want) || strings.Contains(got, tt.without) {
				t.Errorf("want %q and no %q in\n%s", tt.want, tt.without, got)
			}
			if noted := strings.Contains(fmt.Sprint(app.Notes), "runs the war on Jetty"); noted != tt.noted {
				t.Errorf("Jetty is noted: %v, want %v in %v", noted, tt.noted, app.Notes)
			}
		})
	}
}
