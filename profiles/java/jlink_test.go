package java_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestJlink: prod has a runtime of the modules that jdeps finds in its files, and of those that no class names.
func TestJlink(t *testing.T) {
	const jdeps = "RUN jdeps --ignore-missing-deps --multi-release 21 --print-module-deps -include '.*' --class-path "
	for name, tt := range map[string]optionCase{
		"on distroless": {
			pom: release("21") + dependencies("io.javalin:javalin"), files: javalinMain(), set: []string{"jlink=true"},
			want: []string{
				"FROM base AS modules\nWORKDIR /app\nCOPY --link --from=build /src/target/dependency/ lib/\nCOPY --link --from=build /src/target/classes/ classes/\n" + jdeps + "'classes:lib/*' >/modules\n",
				"FROM eclipse-temurin:21-jdk-noble AS jre\nCOPY --link --from=modules /modules /\n" +
					"RUN jlink --no-man-pages --no-header-files --compress=zip-6 --output /opt/jre --add-modules \"$(cat /modules)\",jdk.crypto.ec,jdk.zipfs,jdk.unsupported \\\n && /opt/jre/bin/java -Xshare:dump\n",
				"FROM gcr.io/distroless/java-base-debian13:nonroot AS prod\nENV JAVA_HOME=/opt/jre\nENV PATH=/opt/jre/bin:$PATH\nENV JAVA_TOOL_OPTIONS=",
				"COPY --link --from=jre /opt/jre/ /opt/jre/\nCOPY --link --from=build /src/target/dependency/ lib/\n", `ENTRYPOINT ["java", "-cp", "classes:lib/*", "M"]`,
			},
		},
		"on Alpine, with a module more": {
			pom: release("17") + dependencies("io.javalin:javalin"), files: javalinMain(), set: []string{"jlink=[jdk.localedata]", "runtime=alpine"},
			note: "eclipse-temurin:17-jdk-alpine is not published for linux/arm64",
			want: []string{"FROM eclipse-temurin:17-jdk-alpine AS jre\n", "--compress=2 ", "jdk.unsupported,jdk.localedata \\\n", "FROM alpine:3.24 AS prod\n", "ENV LANG=C.UTF-8\n"},
		},
		"on Debian, which has no fonts": {
			pom: release("25") + dependencies("io.javalin:javalin", "org.apache.poi:poi-ooxml", "org.eclipse.angus:angus-mail"), files: javalinMain(), set: []string{"jlink=true", "runtime=slim"},
			want: []string{"FROM debian:trixie-slim AS prod\n", "apt-get install -y --no-install-recommends fontconfig fonts-dejavu-core", ",jdk.zipfs,jdk.unsupported,jdk.charsets \\\n"}, not: "jdk.crypto.ec",
		},
		"distroless has the fonts": {
			pom: release("21") + dependencies("io.javalin:javalin", "org.apache.poi:poi-ooxml"), files: javalinMain(), set: []string{"jlink=true"},
			want: []string{"FROM gcr.io/distroless/java-base-debian13:nonroot AS prod\n"}, not: "apt-get",
		},
		"Spring Boot's layers": {
			pom: repackage("3.5.0", "org.springframework.boot:spring-boot-starter-actuator"), files: springMain(), set: []string{"jlink=true"},
			want: []string{jdeps + "'app.jar:lib/*' >/modules", "jdk.management"},
		},
		"Spring Boot's old layers": {pom: repackage("2.7.0", ""), files: springMain(), set: []string{"jlink=true"}, want: []string{jdeps + "'BOOT-INF/classes:BOOT-INF/lib/*' >/modules"}},
		"a jar of jars":            {pom: repackage("2.2.0", ""), files: springMain(), set: []string{"jlink=true"}, want: []string{"RUN jar xf app.jar \\\n && jdeps "}},
		"the fast-jar of Quarkus": {
			pom: release("21") + dependencies("io.quarkus:quarkus-rest") + plugin("io.quarkus.platform:quarkus-maven-plugin", execution("build", "")), set: []string{"jlink=true"},
			want: []string{jdeps + "'app/*:lib/boot/*:lib/main/*:quarkus/*:quarkus-run.jar' >/modules"},
		},
		"the jar of Quarkus with a folder of libraries": {
			pom: "<properties><maven.compiler.release>21</maven.compiler.release><quarkus.package.jar.type>legacy-jar</quarkus.package.jar.type></properties>" + dependencies("io.quarkus:quarkus-rest") + plugin("io.quarkus.platform:quarkus-maven-plugin", execution("build", "")), files: map[string]string{mainFile: mainText}, set: []string{"jlink=true"},
			want: []string{jdeps + "'app.jar:lib/*' >/modules"},
		},
		"classes that are packed for the cache": {
			pom: release("21") + dependencies("io.javalin:javalin"), files: javalinMain(), set: []string{"jlink=true", "startup=cache"},
			want: []string{jdeps + "'app.jar:lib/*' >/modules"},
		},
		"nothing but classes": {pom: release("21"), files: map[string]string{mainFile: mainText}, set: []string{"jlink=true"}, want: []string{jdeps + "classes >/modules"}},
		"with the cache of classes": {
			pom: repackage("3.5.0", ""), files: springMain(), set: []string{"jlink=true", "startup=cache"},
			want: []string{"FROM gcr.io/distroless/java-base-debian13:nonroot AS cache\nUSER root\nENV JAVA_HOME=/opt/jre\n", "COPY --link --from=jre /opt/jre/ /opt/jre/\nCOPY --link --from=build /out/dependencies/ ./\n", `RUN ["java", "-XX:ArchiveClassesAtExit=app.jsa"`},
		},
		"the code compiles Java": {
			pom:   release("21") + dependencies("io.javalin:javalin"),
			files: map[string]string{mainFile: strings.Replace(javalin("start(7070)"), "import ", "import javax.tools.ToolProvider; import ", 1) + "class C { Object c = ToolProvider.getSystemJavaCompiler(); }"}, set: []string{"jlink=true"},
			want: []string{",jdk.compiler \\\n", "FROM gcr.io/distroless/java-base-debian13:nonroot AS prod\n"}, not: "takes the JDK",
		},
		"Java 8":             {pom: release("8") + dependencies("io.javalin:javalin"), files: javalinMain(), set: []string{"jlink=true"}, err: "--set: jlink: Java 8 has no modules"},
		"a war":              {pom: "<packaging>war</packaging>", set: []string{"jlink=true"}, err: "--set: jlink: what runs the war is not the app's"},
		"scratch":            {pom: release("21") + dependencies("io.javalin:javalin"), files: javalinMain(), set: []string{"jlink=true", "runtime=scratch"}, err: "Java needs a C library, and scratch is empty"},
		"what can ask there": {pom: release("21") + dependencies("io.javalin:javalin"), files: javalinMain(), set: []string{"jlink=true", "runtime=slim", "healthcheck=/x"}, err: "healthcheck: the image of runtime slim has no program that can probe /x"},
	} {
		t.Run(name, func(t *testing.T) {
			app := tt.check(t)
			if app != nil && tt.note != "" && !slices.ContainsFunc(app.Notes, func(n plan.Note) bool { return n.Text == tt.note }) {
				t.Errorf("notes: %v", app.Notes)
			}
		})
	}
}
