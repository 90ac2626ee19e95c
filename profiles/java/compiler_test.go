package java_test

import (
	"strings"
	"testing"
)

// TestCompiler: a program that uses the JDK's own tools runs on the JDK.
func TestCompiler(t *testing.T) {
	for name, tt := range map[string]struct {
		code string
		want string
	}{
		"the compiler":           {"import javax.tools.ToolProvider;\n", "FROM eclipse-temurin:21-jdk-noble AS prod"},
		"its own packages":       {"import com.sun.tools.javac.api.JavacTool;\n", "FROM eclipse-temurin:21-jdk-noble AS prod"},
		"JShell":                 {"import jdk.jshell.JShell;\n", "FROM eclipse-temurin:21-jdk-noble AS prod"},
		"what annotations have":  {"import javax.tools.Diagnostic;\n", "java21-debian13"},
		"in a comment":           {"// import javax.tools.ToolProvider;\n", "java21-debian13"},
		"a server of JDK itself": {"import com.sun.net.httpserver.HttpServer;\n", "java21-debian13"},
	} {
		t.Run(name, func(t *testing.T) {
			shaded := pom("<properties><maven.compiler.release>21</maven.compiler.release></properties>" + plugin(mvn+"maven-jar-plugin", "<configuration><archive><manifest><mainClass>M</mainClass></manifest></archive></configuration>"))
			text := dockerfile(t, map[string]string{"pom.xml": shaded, mainFile: tt.code + mainText})
			if !strings.Contains(text, tt.want) {
				t.Errorf("no %s in\n%s", tt.want, text[strings.LastIndex(text, "FROM "):])
			}
		})
	}
}
