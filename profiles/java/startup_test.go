package java_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestStartup: prod starts from a cache that a stage of its own makes, in the way that the app ends by itself or has to be ended.
func TestStartup(t *testing.T) {
	const (
		jar    = `java -XX:ArchiveClassesAtExit=app.jsa -jar app.jar`
		use    = `ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError -XX:SharedArchiveFile=/app/app.jsa"`
		plain  = `ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError"`
		copied = "COPY --link --from=cache /app/app.jsa ./\n"
	)
	manifest := plugin(mvn+"maven-jar-plugin", "<configuration><archive><manifest><mainClass>M</mainClass></manifest></archive></configuration>")
	for name, tt := range map[string]optionCase{
		"Spring Boot ends itself, on distroless, too": {
			pom: repackage("3.5.0", ""), files: springMain(),
			want: []string{
				"FROM gcr.io/distroless/java21-debian13:nonroot AS cache\nUSER root\n" + plain + "\nWORKDIR /app\nCOPY --link --from=build /out/dependencies/ ./\n",
				`RUN ["java", "-XX:ArchiveClassesAtExit=app.jsa", "-Dspring.context.exit=onRefresh", "-jar", "`,
				use, copied + "USER 65532:65532\n",
			},
		},
		"Java 25 has the AOT cache": {
			pom: repackage("4.0.0", ""), files: springMain(), set: []string{"version=25"},
			want: []string{`RUN ["java", "-XX:AOTCacheOutput=app.aot", "-Dspring.context.exit=onRefresh", "-jar", "`, "-XX:AOTCache=/app/app.aot\"\n", "COPY --link --from=cache /app/app.aot ./\n"},
		},
		"Spring is told to do without the database": {
			pom: repackage("3.5.0", "org.springframework.boot:spring-boot-starter-data-jpa org.postgresql:postgresql org.flywaydb:flyway-core"), files: springMain(),
			want: []string{`"-Dspring.context.exit=onRefresh", "-Dspring.jpa.hibernate.ddl-auto=none", "-Dspring.jpa.properties.hibernate.boot.allow_jdbc_metadata_access=false", "-Dspring.sql.init.mode=never", ` +
				`"-Dspring.jpa.database-platform=org.hibernate.dialect.PostgreSQLDialect", "-Dspring.flyway.enabled=false", "-jar"`},
			note: "startup: the build starts the app without PostgreSQL",
		},
		"Spring Data's pools do not fill without Redis": {
			pom: repackage("4.0.0", "org.springframework.boot:spring-boot-starter-data-redis org.springframework.boot:spring-boot-starter-kafka"), files: springMain(),
			want: []string{`"-Dspring.data.redis.jedis.pool.enabled=false", "-Dspring.data.redis.lettuce.pool.enabled=false", "-jar"`},
			note: "startup: the build starts the app without Redis and Kafka",
		},
		"a database that R2DBC asks": {
			pom: repackage("3.5.0", "org.springframework.boot:spring-boot-starter-data-r2dbc org.postgresql:r2dbc-postgresql"), files: springMain(),
			want: []string{`"-Dspring.context.exit=onRefresh", "-Dspring.sql.init.mode=never", "-jar"`}, note: "startup: the build starts the app without PostgreSQL",
		},
		"a database within the app is there": {
			pom: repackage("3.5.0", "org.springframework.boot:spring-boot-starter-data-jpa com.h2database:h2"), files: springMain(),
			not: "ddl-auto",
		},
		"a dialect of the app's own stays": {
			pom:   repackage("3.5.0", "org.springframework.boot:spring-boot-starter-data-jpa org.postgresql:postgresql"),
			files: map[string]string{"src/main/java/g/App.java": springMain()["src/main/java/g/App.java"], "src/main/resources/application.properties": "spring.jpa.database-platform=org.hibernate.dialect.CockroachDialect\n"},
			want:  []string{"-Dspring.sql.init.mode=never"}, not: "database-platform", note: "startup: the build starts the app without PostgreSQL",
		},
		"a server is ended when it listens, and its classes are packed": {
			pom: release("21") + dependencies("io.javalin:javalin"), files: javalinMain(),
			want: []string{
				" && mkdir /out \\\n && (echo 'Main-Class: M'; echo 'Class-Path: '; find target/dependency -name '*.jar' -printf '  lib/%f\\n' | sort) >/tmp/manifest \\\n && jar cfm /out/app.jar /tmp/manifest -C target/classes .\n",
				"FROM eclipse-temurin:21-jre-noble AS cache\n" + plain + "\nWORKDIR /app\nCOPY --link --from=build /src/target/dependency/ lib/\nCOPY --link --from=build /out/app.jar ./\n",
				"RUN " + jar + " & app=$!; n=0; \\\n    until grep -qs ':1B9E [0-9A-F:]* 0A' /proc/net/tcp /proc/net/tcp6; do kill -0 $app || exit 1; [ $((n+=1)) -lt 1500 ] || exit 1; sleep 0.2; done; \\\n    kill $app; wait $app; test -s app.jsa\n",
				use, copied, `ENTRYPOINT ["java", "-jar", "app.jar"]`,
			},
			not: "classes/\n",
		},
		"a job runs once": {
			pom: release("17") + manifest, files: map[string]string{mainFile: mainText},
			want: []string{`RUN ["java", "-XX:ArchiveClassesAtExit=app.jsa", "-jar", "app.jar"]`, copied, `CMD ["app.jar"]`},
			note: "startup: the build runs the app once, as prod does",
		},
		"distroless has nothing that ends a server": {
			pom: release("21") + dependencies("io.javalin:javalin"), files: javalinMain(), set: []string{"runtime=distroless"}, err: "distroless has no shell for the run that makes the cache of classes",
		},
		"the port is not known": {
			pom: release("21") + dependencies("io.javalin:javalin"), files: map[string]string{mainFile: javalin("start(load())")}, err: "--set: startup: it is not known on which port the app listens",
		},
		"Jib's folders, which a script names": {
			pom:   release("21") + plugin("com.google.cloud.tools:jib-maven-plugin", "<configuration><container><mainClass>M</mainClass><entrypoint><shell>bash</shell><arg>/start.sh</arg></entrypoint></container></configuration>"),
			files: map[string]string{mainFile: mainText, "src/main/jib/start.sh": "#!/bin/bash\nexec java -cp /app/classes M\n"},
			err:   "--set: startup: the script that starts the app",
		},
		"the jar whose manifest the code asks for stays, among the others": {
			files: map[string]string{
				"settings.gradle": settingsFile, "build.gradle": "plugins { id 'application' }\napplication { mainClass = 'M' }\njar { manifest { attributes 'Implementation-Version': '1.2' } }\ndependencies { implementation 'g:a:1' }\n",
				mainFile: "class M {\n public static void main(String[] a) { System.out.println(M.class.getPackage().getImplementationVersion()); } }",
			},
			want: []string{"find build/image/classes build/image/lib -name '*.jar' -printf '  lib/%f\\n' | sort) >/tmp/manifest \\\n && jar cfm /out/app.jar /tmp/manifest\n", "COPY --link --from=build /src/build/image/classes/ lib/\n"},
			note: "startup: the build runs the app once, as prod does",
		},
		"Java 11":                   {pom: release("11") + manifest, files: map[string]string{mainFile: mainText}, err: "--set: startup: Java 11 has no cache"},
		"jars in a jar":             {pom: repackage("2.7.0", ""), files: springMain(), err: "--set: startup: Spring Boot's jar holds jars"},
		"a layered one before 3.3":  {pom: repackage("3.2.0", ""), files: springMain(), err: "--set: startup: Spring Boot's jar holds jars"},
		"a war":                     {pom: "<packaging>war</packaging>", err: "--set: startup: Tomcat loads"},
		"a start command":           {pom: release("21") + manifest, files: map[string]string{mainFile: mainText}, set: []string{"start=[java, M]"}, err: "--set: startup: start names the command"},
		"the fast-jar of Quarkus":   {pom: dependencies("io.quarkus:quarkus-rest") + plugin("io.quarkus.platform:quarkus-maven-plugin", execution("build", "")), err: "--set: startup: Quarkus' fast-jar"},
		"the uber-jar of Quarkus":   {pom: "<properties><maven.compiler.release>21</maven.compiler.release><quarkus.package.jar.type>uber-jar</quarkus.package.jar.type></properties>" + dependencies("io.quarkus:quarkus-rest") + plugin("io.quarkus.platform:quarkus-maven-plugin", execution("build", "")), want: []string{"COPY --link --from=build /src/target/a-*-runner.jar app.jar\n# The server", jar + " & app=$!", ":1F90 ", `CMD ["mvn", "-B", "-ntp", "quarkus:dev"`}},
		"a hostile name of a class": {pom: release("21") + dependencies("io.javalin:javalin"), files: map[string]string{"src/main/java/M.java": strings.ReplaceAll(javalin("start(7070)"), "class M", "class M$1")}, want: []string{"echo 'Main-Class: M$1'"}},
	} {
		t.Run(name, func(t *testing.T) {
			app := tt.check(t, "startup=cache")
			if app == nil {
				return
			}
			i := slices.IndexFunc(app.Notes, func(n plan.Note) bool { return strings.HasPrefix(n.Text, "startup") })
			if got := i >= 0; got != (tt.note != "") || got && app.Notes[i].Text != tt.note {
				t.Errorf("notes: %v", app.Notes)
			}
		})
	}
}
