package java_test

import (
	"strings"
	"testing"
)

// TestDebug: dev waits for a debugger in each way that it starts the app.
func TestDebug(t *testing.T) {
	const agent = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address="
	with := func(pom string) map[string]string {
		return map[string]string{"pom.xml": pom, "src/main/java/g/App.java": "package g;\npublic class App { public static void main(String[] a) throws Exception { com.sun.net.httpserver.HttpServer.create(new java.net.InetSocketAddress(5005), 0); } }\n"}
	}
	quarkus := dependencies("io.quarkus:quarkus-rest") + plugin("io.quarkus.platform:quarkus-maven-plugin", "<version>3.15.1</version>"+execution("build", ""))
	for name, tt := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"compile and restart, and the app has the port": {with(pom("<properties><maven.compiler.release>21</maven.compiler.release></properties>")), []string{
			"java -XX:TieredStopAtLevel=1 '" + agent + "*:5006' -cp target/classes g.App &", "EXPOSE 5005\nEXPOSE 5006\nCMD", "-p 5005:5005 -p 127.0.0.1:5006:5006",
		}},
		"before Java 9 a port is one of all addresses": {with(pom("<properties><maven.compiler.target>8</maven.compiler.target></properties>")), []string{agent + "5006 -cp"}},
		"Quarkus": {map[string]string{"pom.xml": pom(quarkus)}, []string{
			`"-Dquarkus.http.host=0.0.0.0", "-Ddebug=5005", "-DdebugHost=0.0.0.0"]`, "EXPOSE 8080\nEXPOSE 5005\nCMD", "-p 127.0.0.1:5005:5005",
		}},
		"Tomcat": {map[string]string{"pom.xml": pom("<packaging>war</packaging>")}, []string{
			"ENV JPDA_ADDRESS=\"*:5005\"\n", "    /usr/local/tomcat/bin/catalina.sh jpda run &", "EXPOSE 8080\nEXPOSE 5005\nCMD",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			text := dockerfile(t, tt.files, "debug=true")
			for _, w := range tt.want {
				if !strings.Contains(text, w) {
					t.Errorf("no %q in\n%s", w, text)
				}
			}
			if plain := dockerfile(t, tt.files); strings.Contains(plain, "jdwp") || strings.Contains(plain, "jpda") || strings.Contains(plain, "Ddebug") {
				t.Error("a debugger that nobody asked for")
			}
		})
	}
}
