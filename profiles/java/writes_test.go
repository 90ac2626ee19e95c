package java_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestWrites: the folders that the app writes to exist and belong to the user.
func TestWrites(t *testing.T) {
	for _, tt := range []struct{ name, statement, want string }{
		{"nothing", "", ""},
		{"a folder", `Files.createDirectories(Path.of("data"));`, "--from=folders /folders/app/data/ data/"},
		{"a file of a folder", `Files.writeString(Path.of("data/x.json"), "x");`, "--from=folders /folders/app/data/ data/"},
		{"a file beside the jar", `Files.writeString(Path.of("x.json"), "x");`, "--link --from=folders /folders/app/ ./"},
		{"an absolute folder", `Files.writeString(Path.of("/var/lib/app/x.json"), "x");`, "--from=folders /folders/var/lib/app/ /var/lib/app/"},
		{"a temporary file", `Files.writeString(Path.of("/tmp/x.json"), "x");`, ""},
		{"a database", `DriverManager.getConnection("jdbc:h2:./h2/shop");`, "--from=folders /folders/app/h2/ h2/"},
		{"a file that the repository has", `Files.writeString(Path.of("seed/db.json"), "x");`, "--link seed/ seed/"},
		{"a folder of what is read and written", `Files.readString(Path.of("seed/other.json")); Files.writeString(Path.of("seed/x.json"), "x");`, "--link seed/ seed/"},
		{"a folder of the repository that prod has nothing of", `Files.writeString(Path.of("seed/x.json"), "x");`, "--from=folders /folders/app/seed/ seed/"},
		{"the folder of the classes", `Files.writeString(Path.of("classes/x.json"), "x");`, "--from=folders /folders/app/classes/ classes/"},
		{"what is read alone", `Files.readString(Path.of("conf/app.json"));`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app, err := decide(t, map[string]string{
				"pom.xml": pom(""), "seed/db.json": "{}", "seed/other.json": "{}",
				"src/main/java/A.java": "import java.nio.file.*; import java.sql.*;\nclass A { public static void main(String[] a) throws Exception {\n" +
					tt.statement + "\n} }\n",
			})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range app.Run.Copies {
				if c.Owner != (plan.User{}) {
					got = append(got, strings.ReplaceAll(c.String(), "--chown=65532:65532 ", ""))
				}
			}
			if s := strings.Join(got, "; "); s != tt.want {
				t.Errorf("%s, want %s", s, tt.want)
			}
			if (len(app.Run.Writes) > 0) != (tt.want != "") {
				t.Errorf("%v are the user's", app.Run.Writes)
			}
		})
	}
}

// TestConfiguredWrites: what configuration and loggers have the app write to.
func TestConfiguredWrites(t *testing.T) {
	const props, logback = "src/main/resources/application.properties", "src/main/resources/logback-spring.xml"
	appender := func(file string) string {
		return `<configuration><appender name="F" class="ch.qos.logback.core.rolling.RollingFileAppender"><file>` + file + `</file></appender></configuration>`
	}
	web := boot("3.4.1") + dependencies("org.springframework.boot:spring-boot-starter-web") + plugin("org.springframework.boot:spring-boot-maven-plugin", "")
	for _, tt := range []struct {
		name, pom string
		files     map[string]string
		set       []string
		want      []string // lines of the Dockerfile
	}{
		{"Logback", web, map[string]string{logback: appender("logs/app.log")}, nil, []string{"RUN mkdir -p /folders/app/logs", "COPY --chown=65532:65532 --from=folders /folders/app/logs/ logs/"}},
		{"an absolute folder", web, map[string]string{logback: appender("/data/applogs/app.log")}, nil, []string{"COPY --chown=65532:65532 --from=folders /folders/data/applogs/ /data/applogs/"}},
		{"a database", web, map[string]string{props: "spring.datasource.url=${DB_URL:jdbc:h2:file:./data/db}"}, nil, []string{"COPY --chown=65532:65532 --from=folders /folders/app/data/ data/"}},
		{"the home on slim", web, map[string]string{props: "spring.datasource.url=jdbc:h2:~/db"}, []string{"runtime=slim"}, []string{"ENV HOME=/home/nonroot"}},
		{"a home that the configuration names", web, map[string]string{logback: appender("/home/shop/logs/app.log")}, nil, []string{"COPY --chown=65532:65532 --from=folders /folders/home/shop/logs/ /home/shop/logs/"}},
		{"a folder above the app's", web, map[string]string{logback: appender("../logs/app.log")}, nil, []string{"/folders/logs/ /logs/"}},
		{"a war beside Tomcat", "<packaging>war</packaging>", map[string]string{mainFile: `class M { void f() { new java.io.File("uploads").mkdirs(); } }`}, nil, []string{"--from=folders /folders/usr/local/tomcat/uploads/ uploads/"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(tt.pom), mainFile: mainText}
			maps.Copy(files, tt.files)
			app, err := decide(t, files, tt.set...)
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
