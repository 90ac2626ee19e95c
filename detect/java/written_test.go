package java

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/tree"
)

// module reads the one module of a small Spring project, whose POM has the body.
func module(t *testing.T, body string, files map[string]string) *Project {
	t.Helper()
	fsys := fstest.MapFS{"pom.xml": &fstest.MapFile{Data: []byte("<project><groupId>g</groupId><artifactId>a</artifactId><version>1</version>" + body + "</project>")}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tr, err := tree.Scan(t.Context(), fsys, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := Detect(tr, ".")
	if err != nil {
		t.Fatal(err)
	}
	return f.Projects[0]
}

// opened are the files that a module opens, "write logs/app.log".
func opened(p *Project) []string {
	var out []string
	for _, f := range p.Sources.Files {
		s := string(f.Use) + " " + f.Path.Text
		if f.Base == effect.Home {
			s = string(f.Use) + " ~/" + f.Path.Text
		}
		if f.Dir {
			s += "/"
		}
		out = append(out, s)
	}
	return out
}

const (
	props     = "src/main/resources/application.properties"
	yml       = "src/main/resources/application.yml"
	logback   = "src/main/resources/logback-spring.xml"
	springWeb = "<dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies>"
)

// TestConfiguredFiles: what the configuration has the app write to.
func TestConfiguredFiles(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"H2 in a file", map[string]string{props: "spring.datasource.url=jdbc:h2:file:./db/shop;MODE=MySQL"}, []string{"write db/shop"}},
		{"served", map[string]string{props: "spring.web.resources.static-locations=classpath:/static/, file:../frontend/,file:/srv/x"}, []string{"read ../frontend/"}},
		{"H2 below the home", map[string]string{props: "spring.datasource.url=jdbc:h2:~/shop"}, []string{"write ~/shop"}},
		{"H2 in memory", map[string]string{props: "spring.datasource.url=jdbc:h2:mem:shop"}, nil},
		{"a server", map[string]string{props: "spring.datasource.url=jdbc:h2:tcp://db/shop\na.b=jdbc:postgresql://db/x"}, nil},
		{"the default of a variable", map[string]string{yml: "spring:\n  datasource:\n    url: ${DB_URL:jdbc:sqlite:${DATA_DIR:./data}/app.db?cache=shared}\n"}, []string{"write data/app.db"}},
		{"a variable without a default", map[string]string{props: "spring.datasource.url=jdbc:sqlite:data/${NAME}.db"}, []string{"write data/"}},
		{"a variable alone", map[string]string{props: "spring.datasource.url=${DB_URL}"}, nil},
		{"SQLite in memory", map[string]string{props: "spring.datasource.url=jdbc:sqlite::memory:"}, nil},
		{"HSQLDB, Derby", map[string]string{props: "a.url=jdbc:hsqldb:file:hsql/x\nb.url=jdbc:derby:derby/x;create=true"}, []string{"write hsql/x", "write derby/x"}},
		{"Quarkus", map[string]string{props: "quarkus.datasource.jdbc.url=jdbc:h2:/var/lib/app/h2"}, []string{"write /var/lib/app/h2"}},
		{"a log file", map[string]string{props: "logging.file.name=${LOG_DIR:logs}/app.log"}, []string{"write logs/app.log"}},
		{"a log folder", map[string]string{yml: "logging.file.path: /data/applogs"}, []string{"write /data/applogs/"}},
		{"another setting in a log file's", map[string]string{props: "app.home=/srv/app\nlogging.file.name=${app.home}/x.log"}, []string{"write /srv/app/x.log"}},
		{"a property of the POM", map[string]string{props: "logging.file.name=@logs@/x.log"}, []string{"write var/logs/x.log"}},
		{"Quarkus' log", map[string]string{props: "quarkus.log.file.enable=true"}, []string{"write quarkus.log"}},
		{"uploads", map[string]string{props: "file.upload-dir=./uploads"}, []string{"write uploads/"}},
		{"uploads, in camel case", map[string]string{yml: "app:\n  uploadDir: ${UPLOADS:/data/up}/\n"}, []string{"write /data/up/"}},
		{"uploads with a scheme", map[string]string{yml: "app.storage.location: file:./store"}, []string{"write store/"}},
		{"a path of addresses", map[string]string{props: "app.upload.path=/files\nserver.servlet.context-path=/data\nfiles.url=http://x/data\nspring.mvc.static-path-pattern=/uploads/**"}, nil},
		{"a word that is of no folder", map[string]string{props: "app.store.region=us-east-1\napp.file.format=csv\napp.log.level=INFO\napp.data.home-page=x"}, nil},
		{"the class path", map[string]string{props: "app.data-file=classpath:data/x.json"}, nil},
		{"a folder for temporary files", map[string]string{props: "app.cache-dir=${java.io.tmpdir}/cache"}, []string{"write /tmp/cache/"}},
		{"a folder that the repository has", map[string]string{props: "app.data-dir=data", "data/x.json": "{}"}, []string{"write data/", "read data/"}},
		{"Windows", map[string]string{props: `app.upload-dir=D:\\up`}, nil},
		{"references that go round", map[string]string{props: "a=${b}${b}\nb=${a}${a}\napp.data-dir=${a}/x"}, []string{"write ./"}},
		{"a profile that is not active", map[string]string{props: "a=b", "src/main/resources/application-dev.properties": "logging.file.name=dev.log"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := module(t, "<properties><logs>var/logs</logs></properties>"+springWeb, tt.files)
			if diff := cmp.Diff(tt.want, opened(p)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLogs: the files of Logback and Log4j.
func TestLogs(t *testing.T) {
	rolling := func(inside string) string {
		return `<configuration><appender name="F" class="ch.qos.logback.core.rolling.RollingFileAppender">` + inside + `</appender></configuration>`
	}
	log4j := "<dependencies><dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId></dependency></dependencies>"
	for _, tt := range []struct {
		name, body string
		files      map[string]string
		want       []string
	}{
		{"relative", "", map[string]string{logback: rolling("<file>logs/app.log</file>")}, []string{"write logs/app.log"}},
		{"a variable", "", map[string]string{logback: rolling("<file>${LOG_PATH:-./logs}/app.log</file>")}, []string{"write logs/app.log"}},
		{"a property", "", map[string]string{"src/main/resources/logback.xml": `<configuration><property name="HOME" value="/data/applogs"/><property name="D"><!-- --></property><appender class="a.FileAppender"><file>${HOME}/x/app.log</file></appender></configuration>`}, []string{"write /data/applogs/x/app.log"}},
		{"Spring's setting", "", map[string]string{props: "my.logs=/var/x", logback: `<configuration><springProperty name="D" source="my.logs" defaultValue="y"/><appender class="a.FileAppender"><file>${D}/app.log</file></appender></configuration>`}, []string{"write /var/x/app.log"}},
		{"Spring's setting that nothing sets", "", map[string]string{logback: `<configuration><springProperty name="D" source="my.logs" defaultValue="y"/><appender class="a.FileAppender"><file>${D}/app.log</file></appender></configuration>`}, []string{"write y/app.log"}},
		{"a pattern alone", "", map[string]string{logback: rolling("<rollingPolicy><fileNamePattern>logs/%d{yyyy-MM}/app.%i.log</fileNamePattern></rollingPolicy>")}, []string{"write logs/"}},
		{"nothing known", "", map[string]string{logback: rolling("<file>${LOGS}/app.log</file>")}, []string{"write ./"}},
		{"the home", "", map[string]string{logback: rolling("<file>${user.home}/logs/app.log</file>")}, []string{"write ~/logs/app.log"}},
		{"Spring's path", "", map[string]string{props: "logging.file.path=/var/log/app", logback: rolling("<file>${LOG_PATH}/app.log</file>")}, []string{"write /var/log/app/", "write /var/log/app/app.log"}},
		{"Spring's file, by both of its names", "", map[string]string{props: "logging.file=/old/a.log\nlogging.file.name=/new/a.log\nlogging.path=/old\nlogging.file.path=/new", logback: rolling("<file>${LOG_FILE}</file>") + rolling("<file>${LOG_PATH}/b.log</file>")}, []string{"write /old/a.log", "write /new/a.log", "write /old/", "write /new/", "write /new/a.log", "write /new/b.log"}},
		{"the console", "", map[string]string{logback: `<configuration><appender class="ch.qos.logback.core.ConsoleAppender"><file>x</file></appender></configuration>`}, nil},
		{"a developer's profile", "", map[string]string{logback: `<configuration><springProfile name="dev"><appender class="a.FileAppender"><file>dev/app.log</file></appender></springProfile><springProfile name="!dev"><appender class="a.FileAppender"><file>real/app.log</file></appender></springProfile></configuration>`}, []string{"write real/app.log"}},
		{"an included file", "", map[string]string{logback: `<configuration><include resource="logs/files.xml"/></configuration>`, "src/main/resources/logs/files.xml": `<included><appender class="a.FileAppender"><file>in/app.log</file></appender></included>`}, []string{"write in/app.log"}},
		{"a file that includes itself", "", map[string]string{logback: `<configuration><include resource="logback-spring.xml"/></configuration>`}, nil},
		{"another file", "", map[string]string{props: "logging.config=classpath:my.xml", "src/main/resources/my.xml": rolling("<file>my/app.log</file>"), logback: rolling("<file>other/app.log</file>")}, []string{"write my/app.log"}},
		{"Log4j", log4j, map[string]string{"src/main/resources/log4j2.xml": `<Configuration><Properties><Property name="D">${sys:logs:-logs}</Property></Properties><Appenders><RollingFile name="F" fileName="${D}/app.log" filePattern="${D}/$${date:yyyy}/app-%d.log.gz"/></Appenders></Configuration>`}, []string{"write logs/app.log", "write logs/"}},
		{"Log4j's properties", log4j, map[string]string{"src/main/resources/log4j2.properties": "property.d = out\nappender.f.fileName = ${d}/app.log\n"}, []string{"write out/app.log"}},
		{"Log4j 1", log4j, map[string]string{"src/main/resources/log4j.properties": "log4j.appender.f.File=${catalina.base}/logs/app.log\n"}, []string{"write logs/app.log"}},
		{"Log4j without Log4j", "", map[string]string{"src/main/resources/log4j2.xml": `<Configuration><Appenders><File fileName="x/app.log"/></Appenders></Configuration>`}, nil},
		{"not XML", "", map[string]string{logback: "<configuration"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, opened(module(t, tt.body, tt.files))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestInjected: paths that a framework hands to the code.
func TestInjected(t *testing.T) {
	spring := "import java.nio.file.*; import java.io.*; import org.springframework.web.multipart.MultipartFile;\nclass A { "
	for _, tt := range []struct {
		name, code string
		files      map[string]string
		want       []string
	}{
		{"a field", `@Value("${file.dir:uploads}") private String dir; void f() { Files.createDirectories(Paths.get(dir)); } }`, nil, []string{"write uploads/"}},
		{"a field that the configuration sets", `@Value("${file.dir:uploads}") private String dir; void f() { new File(dir).mkdirs(); } }`, map[string]string{props: "file.dir=/srv/files"}, []string{"write /srv/files/"}},
		{"a parameter", `final Path root; A(@Value("${file.dir:up}") String dir, int n) { this.root = Paths.get(dir).toAbsolutePath().normalize(); } void f() { Files.createDirectories(root); } }`, nil, []string{"write up/"}},
		{"MicroProfile", `@ConfigProperty(name = "file.dir", defaultValue = "mp") String dir; void f(MultipartFile x, String n) { x.transferTo(Path.of(dir).resolve(n)); } }`, nil, []string{"write mp/"}},
		{"no default", `@Value("${file.dir}") private String dir; void f() { new File(dir).mkdirs(); } }`, nil, nil},
		{"an expression", `@Value("#{x.y}") private String dir = "z"; void f() { new File(dir).mkdirs(); } }`, nil, nil},
		{"properties of a class", `void f(P p) { Files.createDirectories(Paths.get(p.getLocation())); } }` + "\n" + `@ConfigurationProperties("storage") class P { private String location = "upload-dir"; String getLocation() { return location; } }`, nil, nil},
		{"a file whose name is computed", `void f(String n) { new FileOutputStream("uploads/" + n + ".png"); Files.copy(in(), Path.of("data", "x").resolve(n)); new FileWriter(new File("out", n)); } }`, nil, []string{"write uploads/", "write data/x/", "write out/"}},
		{"a name with a folder in front", `static final String D = "store"; void f(String n) { new FileWriter(D + "/" + n); new FileWriter(D + File.separator + "a" + n); new FileWriter(n); } }`, nil, []string{"write store/", "write store/"}},
		{"the home", `void f() { new File(System.getProperty("user.home"), ".app").mkdirs(); new File(System.getProperty("user.home") + "/.b").mkdirs(); } }`, nil, []string{"write ~/.app/", "write ~/.b/"}},
		{"the temporary folder", `void f() { new File(System.getProperty("java.io.tmpdir"), "x").mkdirs(); } }`, nil, []string{"write /tmp/x/"}},
		{"a local variable", `void f(String n) { Path target = Paths.get("pics").resolve(n); Files.write(target, b); } }`, nil, []string{"write pics/"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"src/main/java/A.java": spring + tt.code}
			maps.Copy(files, tt.files)
			var got []string
			for _, s := range opened(module(t, springWeb, files)) {
				if !strings.HasPrefix(s, "read ") {
					got = append(got, s)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestActive: the configuration that counts when the app runs.
func TestActive(t *testing.T) {
	main := func(body string) string {
		return "import org.springframework.boot.*; import org.springframework.boot.builder.*;\n@SpringBootApplication\nclass A { public static void main(String[] a) { " + body + " } }"
	}
	pack := "<build><plugins><plugin><groupId>io.quarkus</groupId><artifactId>quarkus-maven-plugin</artifactId></plugin></plugins></build>"
	for _, tt := range []struct {
		name, body, key string
		files           map[string]string
		want            string
	}{
		{"bootstrap", "", "server.port", map[string]string{"src/main/resources/bootstrap.yml": "server: {port: 8888}"}, "8888"},
		{"a property of Maven is no YAML yet", "", "server.port", map[string]string{"src/main/resources/application.yml": "info:\n  version: @project.version@\n  tags:\n  - @a@-@b@ \nserver: {port: 9111}\n"}, "9111"},
		{"it stays what it is", "", "info.version", map[string]string{"src/main/resources/application.yml": "info:\n  version: @project.version@\n"}, "@project.version@"},
		{"nor is what Gradle does not expand", "", "server.port", map[string]string{"src/main/resources/application.yml": "import:\n  - \"\\${dir}/a.yml\"\nserver: {port: 9112}\n"}, "9112"},
		{"the application before bootstrap", "", "server.port", map[string]string{"src/main/resources/bootstrap.yml": "server: {port: 8888}", props: "server.port=1234"}, "1234"},
		{"the name of the configuration", "", "server.port", map[string]string{"src/main/java/A.java": main(`new SpringApplicationBuilder(A.class).properties("spring.config.name=my-server").run(a);`), "src/main/resources/my-server.yml": "server: {port: 9411}", props: "server.port=1"}, "9411"},
		{"the name as a system property", "", "server.port", map[string]string{"src/main/java/A.java": main(`System.setProperty("spring.config.name", "x, y"); SpringApplication.run(A.class, a);`), "src/main/resources/y.properties": "server.port=77"}, "77"},
		{"the place of the configuration", "", "server.port", map[string]string{"src/main/java/A.java": main(`System.setProperty("spring.config.location", "classpath:/conf/"); SpringApplication.run(A.class, a);`), "src/main/resources/conf/application.yml": "server: {port: 79}"}, "79"},
		{"a default in the code", "", "server.port", map[string]string{"src/main/java/A.java": main(`SpringApplication s = new SpringApplication(A.class); s.setDefaultProperties(java.util.Collections.singletonMap("server.port", "8083")); s.run(a);`)}, "8083"},
		{"the configuration before that default", "", "server.port", map[string]string{"src/main/java/A.java": main(`SpringApplication s = new SpringApplication(A.class); s.setDefaultProperties(java.util.Map.of("server.port", "8083")); s.run(a);`), props: "server.port=1"}, "1"},
		{"a system property in the code", "", "server.port", map[string]string{"src/main/java/A.java": main(`System.setProperty("server.port", "8084"); SpringApplication.run(A.class, a);`), props: "server.port=1"}, "8084"},
		{"a file that the code names", "", "server.port", map[string]string{"src/main/java/A.java": "@PropertySource(\"classpath:own.properties\") " + main(""), "src/main/resources/own.properties": "server.port=81"}, "81"},
		{"a profile of the POM", "<profiles><profile><id>dev</id><activation><activeByDefault>true</activeByDefault></activation><properties><p>dev</p></properties></profile></profiles>", "server.port", map[string]string{props: "server.port=1\nspring.profiles.active=@p@", "src/main/resources/application-dev.properties": "server.port=2"}, "2"},
		{"two profiles, the last counts", "", "server.port", map[string]string{props: "spring.profiles.active=a,b", "src/main/resources/application-a.properties": "server.port=1", "src/main/resources/application-b.properties": "server.port=2"}, "2"},
		{"a list of profiles", "", "server.port", map[string]string{yml: "spring:\n  profiles:\n    active: [a]\n", "src/main/resources/application-a.yml": "server.port: 5"}, "5"},
		{"a variable with a default", "", "server.port", map[string]string{props: "spring.profiles.active=${P:prod}\nserver.port=1", "src/main/resources/application-prod.yml": "server: {port: 6}"}, "6"},
		{"a document of an active profile", "", "server.port", map[string]string{yml: "server.port: 1\nspring.profiles.active: prod\n---\nspring.config.activate.on-profile: prod\nserver.port: 2\n---\nspring.config.activate.on-profile: dev\nserver.port: 3\n"}, "2"},
		{"a profile that is not active", "", "server.port", map[string]string{props: "server.port=1", "src/main/resources/application-prod.yml": "server.port: 2"}, "1"},
		{"a group of profiles", "", "server.port", map[string]string{props: "spring.profiles.active=prod\nspring.profiles.group.prod=net", "src/main/resources/application-net.properties": "server.port=8"}, "8"},
		{"a profile of the code", "", "server.port", map[string]string{"src/main/java/A.java": main(`new SpringApplicationBuilder(A.class).profiles("web").run(a);`), "src/main/resources/application-web.yml": "server.port: 12"}, "12"},
		{"a file beside the POM", "", "server.port", map[string]string{"config/application.yml": "server.port: 13", props: "server.port=1"}, "13"},
		{"an imported file", "", "server.port", map[string]string{props: "spring.config.import=optional:classpath:net.properties\nserver.port=1", "src/main/resources/net.properties": "server.port=14"}, "14"},
		{"Quarkus' prod", pack, "quarkus.http.port", map[string]string{props: "quarkus.http.port=8081\n%dev.quarkus.http.port=1\n%prod.quarkus.http.port=9000"}, "9000"},
		{"Quarkus' prod in YAML", pack, "quarkus.http.port", map[string]string{yml: "quarkus: {http: {port: 8081}}\n\"%prod\":\n  quarkus: {http: {port: 9001}}\n"}, "9001"},
		{"Quarkus' file of prod", pack, "quarkus.http.port", map[string]string{props: "quarkus.http.port=8081", "src/main/resources/application-prod.properties": "quarkus.http.port=9002"}, "9002"},
		{"resources in a folder of their own", "<build><resources><resource><directory>conf</directory></resource></resources></build>", "server.port", map[string]string{"conf/application.properties": "server.port=15"}, "15"},
		{"a place outside of the repository", "", "server.port", map[string]string{"src/main/java/A.java": main(`System.setProperty("spring.config.location", "file:../../etc/,/etc/x.yml"); SpringApplication.run(A.class, a);`), props: "server.port=1"}, "1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := module(t, tt.body+springWeb, tt.files)
			got, _ := p.Value(tt.key)
			if got.Value != tt.want {
				t.Errorf("%s, want %s: %v", got.Value, tt.want, p.Settings)
			}
		})
	}
}
