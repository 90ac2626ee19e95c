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
