package java_test

import (
	"strings"
	"testing"
)

// TestRequire says once which variables docker run has to set: those of the settings that a
// server needs when it starts, and that have no default.
func TestRequire(t *testing.T) {
	web := boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web") + plugin("org.springframework.boot:spring-boot-maven-plugin", "")
	for name, tt := range map[string]struct{ properties, want string }{
		"a database":         {"spring.datasource.url=jdbc:postgresql://${DB_HOST}/x\nspring.datasource.username=${DB_USER}\nspring.datasource.password=${DB_PASSWORD}\n", "needs the variables DB_HOST, DB_USER and DB_PASSWORD to start"},
		"one":                {"spring.datasource.url=${DATABASE_URL}\n", "needs the variable DATABASE_URL to start"},
		"a default":          {"spring.datasource.url=${DATABASE_URL:jdbc:h2:mem:x}\n", ""},
		"an empty default":   {"spring.datasource.password=${DB_PASSWORD:}\n", ""},
		"set in the file":    {"DB=jdbc:h2:mem:x\nspring.datasource.url=${DB}\n", ""},
		"what may stay open": {"app.greeting=${GREETING}\n", ""},
		"a property":         {"spring.datasource.url=${db.url}\n", ""},
		"hostile":            {"spring.datasource.url=${A\\u000aRUN}${}${" + strings.Repeat("{", 50) + "\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			app, err := decide(t, map[string]string{"pom.xml": pom(web), mainFile: mainText, "src/main/resources/application.properties": tt.properties})
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, n := range app.Notes {
				if strings.Contains(n.Text, "to start") {
					got.WriteString(n.Text)
				}
			}
			if got.String() != tt.want {
				t.Errorf("got %q, want %q", got.String(), tt.want)
			}
		})
	}
}

// TestRequireInjected says once which variables what the code has injected needs.
func TestRequireInjected(t *testing.T) {
	web := boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web") + plugin("org.springframework.boot:spring-boot-maven-plugin", "")
	spring := "package a; import org.springframework.beans.factory.annotation.Value; import org.springframework.context.annotation.*; "
	micro := "package a; import org.eclipse.microprofile.config.inject.ConfigProperty; import java.util.Optional; "
	for name, tt := range map[string]struct{ file, text, properties, want string }{
		"a key that a variable fills in": {"A.java", spring + `class A { @Value("${jwt.secret}") String s; }`, "jwt.secret=${JWT_SECRET}\n", "needs the variable JWT_SECRET to start"},
		"a variable":                     {"A.java", spring + `class A { A(@Value("${TOKEN}") String s) {} }`, "", "needs the variable TOKEN to start"},
		"several in a text":              {"A.java", spring + `class A { @Value("http://${A_HOST}:${A_PORT}/") String s; }`, "", "needs the variables A_HOST and A_PORT to start"},
		"Kotlin":                         {"A.kt", strings.ReplaceAll(spring, ";", "\n") + `class A(@Value("\${jwt.secret}") val s: String)`, "jwt.secret=${JWT_SECRET}\n", "needs the variable JWT_SECRET to start"},
		"MicroProfile":                   {"A.java", micro + `class A { @ConfigProperty(name = "KEY") String s; @ConfigProperty(name = "jwt") String j; }`, "jwt=${JWT}\n", "needs the variables KEY and JWT to start"},
		"defaults":                       {"A.java", spring + `class A { @Value("${A_KEY:x}") String s; @Value("${b}") String b; @Value("${c:}") String c; }`, "b=${B_KEY:y}\nc=1\n", ""},
		"one of MicroProfile":            {"A.java", micro + `class A { @ConfigProperty(name = "KEY", defaultValue = "x") String s; @ConfigProperty(name = "B") Optional<String> b; }`, "", ""},
		"a key that nothing names":       {"A.java", spring + `class A { @Value("${some.key}") String s; }`, "", ""}, // a server of configuration may
		"a variable that a file sets":    {"A.java", spring + `class A { @Value("${TOKEN}") String s; }`, "TOKEN=x\n", ""},
		"an expression":                  {"A.java", spring + `class A { @Value("#{environment['A'] ?: '${B_KEY}'}") String s; }`, "", ""},
		"of a profile":                   {"A.java", spring + `@Profile("dev") class A { @Value("${TOKEN}") String s; }`, "", ""},
		"on a condition":                 {"A.java", spring + `@ConditionalOnProperty("x") class A { @Value("${TOKEN}") String s; }`, "", ""},
		"of another library":             {"A.java", `package a; import lombok.Value; class A { @Value("${TOKEN}") String s; }`, "", ""},
		"hostile":                        {"A.java", spring + `class A { @Value("${A\nRUN}${}${") String s; @Value( }`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			body := web
			if strings.HasSuffix(tt.file, ".kt") {
				body = strings.Replace(web, "<plugins>", "<plugins><plugin><groupId>org.jetbrains.kotlin</groupId><artifactId>kotlin-maven-plugin</artifactId><version>2.3.0</version></plugin>", 1)
			}
			app, err := decide(t, map[string]string{
				"pom.xml": pom(body), mainFile: mainText, "src/main/java/a/" + tt.file: tt.text, "src/main/resources/application.properties": tt.properties,
			})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range app.Notes {
				if strings.Contains(n.Text, "to start") {
					got = append(got, n.Text)
				}
			}
			if strings.Join(got, "\n") != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
