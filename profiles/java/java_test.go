package java_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

func decide(t testing.TB, files map[string]string, set ...string) (*plan.App, error) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	repo, err := detect.Scan(context.Background(), fsys, profiles.Languages())
	if err != nil {
		return nil, err
	}
	var s settings.Settings
	for _, kv := range set {
		if s, err = s.Set(kv); err != nil {
			t.Fatal(err)
		}
	}
	return only(profiles.Decide(repo, profiles.Request{Name: "app", Settings: s}))
}

// pom is a POM whose body starts on its second line.
func pom(body string) string {
	return "<project><groupId>g</groupId><artifactId>a</artifactId><version>1</version>\n" + body + "\n</project>"
}

func dependency(name, scope string) string {
	g, a, _ := strings.Cut(name, ":")
	return "<dependency><groupId>" + g + "</groupId><artifactId>" + a + "</artifactId><version>1</version><scope>" + scope + "</scope></dependency>"
}

func dependencies(names ...string) string {
	var b strings.Builder
	for _, n := range names {
		b.WriteString(dependency(n, "compile"))
	}
	return "<dependencies>" + b.String() + "</dependencies>"
}

func plugin(name, body string) string {
	g, a, _ := strings.Cut(name, ":")
	return "<build><plugins><plugin><groupId>" + g + "</groupId><artifactId>" + a + "</artifactId>" + body + "</plugin></plugins></build>"
}

const (
	mainFile = "src/main/java/M.java"
	mainText = "class M { public static void main(String[] a) {} }"
	mvn      = "org.apache.maven.plugins:"
)

func boot(version string) string {
	return "<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>" + version + "</version><relativePath/></parent>"
}

func execution(goal, config string) string {
	return "<executions><execution><goals><goal>" + goal + "</goal></goals><configuration>" + config + "</configuration></execution></executions>"
}

// javalin is a program whose server is the rest of a chain of calls.
func javalin(server string) string {
	return "import io.javalin.Javalin; class M { public static void main(String[] a) {\n Javalin.create()." + server + "; } }"
}

// TestChoices looks at the choices, and at lines of the Dockerfile.
func TestChoices(t *testing.T) {
	bootPlugin := plugin("org.springframework.boot:spring-boot-maven-plugin", "")
	web := boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web")
	tests := []struct {
		name   string
		pom    string
		files  map[string]string
		set    []string
		want   map[string]string // choices
		lines  []string          // of the Dockerfile
		absent []string
	}{
		{
			name: "Spring Boot 3.3 and later", pom: boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web") + bootPlugin,
			want:  map[string]string{"java.version": "17", "java.main": "M", "port": "8080", "runtime": "distroless", "start": "java -jar app.jar"},
			lines: []string{" && java -Djarmode=tools -jar target/a-*.jar extract --layers --application-filename app.jar --destination /out", `CMD ["app.jar"]`, "COPY --link --from=build /out/application/ ./"},
		},
		{
			name: "a Java out of support that Maven's image has", pom: "<properties><maven.compiler.release>26</maven.compiler.release></properties>",
			want:  map[string]string{"java.version": "26", "runtime": "slim"},
			lines: []string{"maven:3.9-eclipse-temurin-26 AS base", "FROM eclipse-temurin:26-jre-noble AS prod"},
		},
		{
			name: "a Java out of support, built by the wrapper", pom: "<properties><maven.compiler.release>26</maven.compiler.release></properties>",
			files: map[string]string{"mvnw": "#!/bin/sh\n", ".mvn/wrapper/maven-wrapper.properties": "distributionUrl=https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/3.9.16/apache-maven-3.9.16-bin.zip\n"},
			want:  map[string]string{"java.version": "27", "runtime": "slim"},
			lines: []string{"eclipse-temurin:27-jdk-resolute AS base", "FROM eclipse-temurin:27-jre-resolute AS prod"},
		},
		{
			name: "Spring Boot 3.2 moved its loader", pom: boot("3.2.4") + bootPlugin,
			lines: []string{" && java -Djarmode=layertools -jar target/a-*.jar extract --destination /out", `ENTRYPOINT ["java", "org.springframework.boot.loader.launch.JarLauncher"]`},
		},
		{
			name: "Spring Boot 2.7", pom: boot("2.7.18") + bootPlugin,
			want:  map[string]string{"java.version": "8", "runtime": "slim"},
			lines: []string{`ENTRYPOINT ["java", "org.springframework.boot.loader.JarLauncher"]`},
		},
		{
			name: "Spring Boot 2.3 without layers", pom: boot("2.3.0.RELEASE") + bootPlugin,
			lines: []string{"COPY --link --from=build /src/target/a-*.jar app.jar", `ENTRYPOINT ["java", "-jar", "app.jar"]`}, absent: []string{"jarmode"},
		},
		{
			name: "Spring Boot with a classifier and a final name", pom: boot("3.5.7") + "<build><finalName>x</finalName><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId><configuration><classifier>exec</classifier></configuration></plugin></plugins></build>",
			lines: []string{`CMD ["x-exec.jar"]`},
		},
		{
			name: "Spring Boot's plugin that nothing binds", pom: dependencies("org.springframework.boot:spring-boot-starter-web") + bootPlugin,
			want:  map[string]string{"start": "java -cp classes:lib/* M", "port": "8080"},
			lines: []string{"COPY --link --from=build /src/target/dependency/ lib/"},
		},
		{
			name: "Spring Boot's plugin bound by hand", pom: `<properties><v>3.4.0</v></properties>` + plugin("org.springframework.boot:spring-boot-maven-plugin", "<version>${v}</version>"+execution("repackage", "")),
			lines: []string{"jarmode=tools"},
		},
		{
			name: "shade", pom: plugin(mvn+"maven-shade-plugin", execution("shade", "<transformers><transformer><mainClass>x.Y</mainClass></transformer></transformers>")) + dependencies("g:b"),
			want:  map[string]string{"java.main": "x.Y"},
			lines: []string{"COPY --link --from=build /src/target/a-*.jar app.jar", `CMD ["app.jar"]`},
		},
		{
			name: "shade to a file of its own", pom: plugin(mvn+"maven-shade-plugin", execution("shade", "<outputFile>${project.build.directory}/${project.artifactId}-fat.jar</outputFile><transformers><transformer><manifestEntries><Main-Class>x.Y</Main-Class></manifestEntries></transformer></transformers>")),
			lines: []string{"COPY --link --from=build /src/target/a-fat.jar ./"},
		},
		{
			name: "shade that is attached", pom: plugin(mvn+"maven-shade-plugin", execution("shade", "<shadedArtifactAttached>true</shadedArtifactAttached><mainClass>x.Y</mainClass>")),
			lines: []string{`CMD ["app.jar"]`},
		},
		{
			name: "shade without a main class", pom: plugin(mvn+"maven-shade-plugin", execution("shade", "")),
			lines: []string{`ENTRYPOINT ["java", "-cp", "app.jar", "M"]`},
		},
		{
			name: "assembly", pom: plugin(mvn+"maven-assembly-plugin", execution("single", "<descriptorRefs><descriptorRef>jar-with-dependencies</descriptorRef></descriptorRefs><archive><manifest><mainClass>x.Y</mainClass></manifest></archive>")),
			lines: []string{`CMD ["app.jar"]`},
		},
		{
			name: "assembly by hand", pom: plugin(mvn+"maven-assembly-plugin", "<configuration><descriptorRefs><descriptorRef>jar-with-dependencies</descriptorRef></descriptorRefs><archive><manifest><mainClass>x.Y</mainClass></manifest></archive></configuration>"),
			lines: []string{`ENTRYPOINT ["java", "-cp", "classes", "x.Y"]`},
		},
		{
			name: "assembly without its id", pom: plugin(mvn+"maven-assembly-plugin", execution("single", "<appendAssemblyId>false</appendAssemblyId><descriptorRefs><descriptorRef>jar-with-dependencies</descriptorRef></descriptorRefs><archive><manifest><mainClass>x.Y</mainClass></manifest></archive>")),
			lines: []string{`CMD ["app.jar"]`},
		},
		{
			name: "manifest, no dependencies", pom: plugin(mvn+"maven-jar-plugin", "<configuration><archive><manifest><mainClass>x.Y</mainClass></manifest></archive></configuration>") + "<dependencies>" + dependency("junit:junit", "test") + dependency("org.projectlombok:lombok", "provided") + "</dependencies>",
			lines: []string{`CMD ["app.jar"]`}, absent: []string{"copy-dependencies", "build-classpath"},
		},
		{
			name: "manifest with dependencies that nothing copies", pom: plugin(mvn+"maven-jar-plugin", "<configuration><archive><manifest><addClasspath>true</addClasspath><mainClass>x.Y</mainClass></manifest></archive></configuration>") + dependencies("g:b"),
			lines: []string{`ENTRYPOINT ["java", "-cp", "classes:lib/*", "x.Y"]`},
		},
		{
			name: "manifest with a folder of jars", pom: "<build><plugins><plugin><artifactId>maven-jar-plugin</artifactId><configuration><archive><manifest><addClasspath>true</addClasspath><classpathPrefix>jars/</classpathPrefix><mainClass>x.Y</mainClass></manifest></archive></configuration></plugin><plugin><artifactId>maven-dependency-plugin</artifactId>" + execution("copy-dependencies", "<outputDirectory>${project.build.directory}/libs</outputDirectory>") + "</plugin></plugins></build>" + dependencies("g:b"),
			lines: []string{"COPY --link --from=build /src/target/libs/ jars/", `CMD ["app.jar"]`},
		},
		{
			name: "Quarkus", pom: "<packaging>quarkus</packaging>" + plugin("io.quarkus.platform:quarkus-maven-plugin", "") + dependencies("io.quarkus:quarkus-rest"),
			want:  map[string]string{"port": "8080", "dev": "quarkus:dev"},
			lines: []string{"COPY --link --from=build /src/target/quarkus-app/quarkus-run.jar ./", `CMD ["quarkus-run.jar"]`},
		},
		{
			name: "Quarkus without a server", pom: "<packaging>quarkus</packaging>" + plugin("io.quarkus.platform:quarkus-maven-plugin", "") + dependencies("io.quarkus:quarkus-arc"),
			absent: []string{"EXPOSE"},
		},
		{
			name: "Quarkus as one jar", pom: "<packaging>quarkus</packaging>" + plugin("io.quarkus:quarkus-maven-plugin", ""),
			files: map[string]string{"src/main/resources/application.properties": "quarkus.package.jar.type=uber-jar"},
			lines: []string{"RUN mvn -B -ntp quarkus:go-offline\n", `CMD ["app.jar"]`}, absent: []string{"dependency:go-offline"},
		},
		{
			name: "war, jakarta", pom: "<packaging>war</packaging><dependencies>" + dependency("jakarta.servlet:jakarta.servlet-api", "provided") + "</dependencies>",
			want:  map[string]string{"java.tomcat": "10.1", "runtime": "slim", "port": "8080"},
			lines: []string{"FROM tomcat:10.1-jre25-temurin-noble AS prod", "COPY --link --from=build /src/target/a-1/ webapps/ROOT/"},
		},
		{
			name: "war, javax", pom: "<packaging>war</packaging><dependencies>" + dependency("javax.servlet:javax.servlet-api", "provided") + "</dependencies>",
			lines: []string{"FROM tomcat:9.0-jre25-temurin-noble AS prod"},
		},
		{
			name: "versions that the repository says come before the parent's", pom: boot("3.5.7") + "\n<properties><maven.compiler.source>21</maven.compiler.source></properties>",
			want: map[string]string{"java.version": "21"},
		},
		{
			name: "release before java.version before source", pom: "<properties><maven.compiler.source>8</maven.compiler.source><java.version>17</java.version><maven.compiler.release>25</maven.compiler.release></properties>",
			want: map[string]string{"java.version": "25"},
		},
		{name: "a release without long-term support", pom: "<properties><java.version>19</java.version></properties>", want: map[string]string{"java.version": "21"}},
		{name: "an old release", pom: "<properties><java.version>1.7</java.version></properties>", want: map[string]string{"java.version": "8", "runtime": "slim"}},
		{
			name: "javac 8 has no release", pom: "<properties><maven.compiler.release>8</maven.compiler.release></properties>",
			want:  map[string]string{"java.version": "8", "java.jdk": "17"},
			lines: []string{"FROM --platform=$BUILDPLATFORM maven:3.9-eclipse-temurin-17 AS base", "FROM eclipse-temurin:8-jre-noble AS prod"},
		},
		{name: "a floor that the build checks", pom: "<properties><java.version>11</java.version></properties>" + plugin(mvn+"maven-enforcer-plugin", execution("enforce", "<rules><requireJavaVersion><version>[17,)</version></requireJavaVersion></rules>")), want: map[string]string{"java.version": "17"}},
		{name: "a version file", files: map[string]string{".sdkmanrc": "java=17.0.9-tem"}, want: map[string]string{"java.version": "17"}},
		{name: "nothing says a version", want: map[string]string{"java.version": "25"}},
		{name: "Kotlin's compiler, of before Java 25", pom: plugin("org.jetbrains.kotlin:kotlin-maven-plugin", "<version>1.9.10</version>"), want: map[string]string{"java.version": "17"}},
		{name: "Kotlin's compiler, of before Java 25, by a property", pom: "<properties><kotlin.version>2.2.21</kotlin.version></properties>" + plugin("org.jetbrains.kotlin:kotlin-maven-plugin", "<version>${kotlin.version}</version>"), want: map[string]string{"java.version": "21"}},
		{name: "Kotlin's compiler of Java 25", pom: plugin("org.jetbrains.kotlin:kotlin-maven-plugin", "<version>2.3.0</version>"), want: map[string]string{"java.version": "25"}},
		{name: "a version before Kotlin's", pom: "<properties><java.version>11</java.version></properties>" + plugin("org.jetbrains.kotlin:kotlin-maven-plugin", "<version>1.9.10</version>"), want: map[string]string{"java.version": "11"}},
		{name: "a version asked for", set: []string{"version=25"}, want: map[string]string{"java.version": "25"}},
		{name: "a version asked for, older than the one of a property that no compiler is seen to read", pom: "<properties><java.version>25</java.version></properties>", set: []string{"version=21"}, want: map[string]string{"java.version": "21"}},
		{name: "a version asked for, that of the target", pom: "<properties><maven.compiler.source>11</maven.compiler.source><maven.compiler.target>17</maven.compiler.target></properties>", set: []string{"version=17"}, want: map[string]string{"java.version": "17"}},
		{
			name: "a port of the configuration", pom: boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web") + bootPlugin,
			files: map[string]string{"src/main/resources/application.yml": "server:\n  port: ${PORT:9000}\n"}, want: map[string]string{"port": "9000"},
		},
		{
			name: "a starter that has the web's", pom: boot("2.7.18") + dependencies("org.jboss.resteasy:resteasy-spring-boot-starter") + bootPlugin,
			want: map[string]string{"port": "8080"},
		},
		{
			name: "a port without a default", pom: boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web") + bootPlugin,
			files: map[string]string{"src/main/resources/application.properties": "server.port=${PORT}"},
			want:  map[string]string{"port": "8080"}, lines: []string{"ENV PORT=8080"},
		},
		{
			name: "a port for root", pom: boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web") + bootPlugin,
			files: map[string]string{"src/main/resources/application.properties": "server.port=80\nserver.address=127.0.0.1"},
			want:  map[string]string{"port": "8080", "address": "0.0.0.0"}, lines: []string{"ENV SERVER_PORT=8080", "ENV SERVER_ADDRESS=0.0.0.0", "EXPOSE 8080"},
		},
		{
			name: "a port asked for", pom: boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web") + bootPlugin, set: []string{"port=9999"},
			lines: []string{"ENV SERVER_PORT=9999", "EXPOSE 9999"},
		},
		{
			name: "a port asked for, of a variable with a default", pom: dependencies("io.javalin:javalin"), set: []string{"port=9000"},
			files: map[string]string{mainFile: javalin(`start(Integer.parseInt(System.getenv().getOrDefault("PORT", "7070")))`)},
			want:  map[string]string{"port": "9000"}, lines: []string{"ENV PORT=9000", "EXPOSE 9000"},
		},
		{
			name: "a port asked for, of a placeholder", pom: web + bootPlugin, set: []string{"port=9000"},
			files: map[string]string{"src/main/resources/application.properties": "server.port=${app.port:7070}"}, lines: []string{"ENV APP_PORT=9000", "EXPOSE 9000"},
		},
		{
			name: "a port that is any free one", pom: web + bootPlugin,
			files: map[string]string{"src/main/resources/application.properties": "server.port=0"}, lines: []string{"ENV SERVER_PORT=8080", "EXPOSE 8080"},
		},
		{
			name: "a port that the configuration computes", pom: web + bootPlugin,
			files: map[string]string{"src/main/resources/application.yml": "server:\n  port: '#{1 + 2}'\n"}, lines: []string{"ENV SERVER_PORT=8080", "EXPOSE 8080"},
		},
		{
			name: "no port", pom: web + bootPlugin, files: map[string]string{"src/main/resources/application.properties": "server.port=-1"},
			want: map[string]string{"port": "none", "healthcheck": "none"}, absent: []string{"EXPOSE", "HEALTHCHECK"},
		},
		{
			name: "the configuration of a war is not Tomcat's", pom: "<packaging>war</packaging>" + dependencies("org.springframework.boot:spring-boot-starter-web"),
			files: map[string]string{"src/main/resources/application.properties": "server.port=9000"}, lines: []string{"EXPOSE 8080"}, absent: []string{"9000"},
		},
		{
			name: "the loopback, of a variable", pom: dependencies("io.javalin:javalin"),
			files: map[string]string{mainFile: javalin(`start(System.getenv().getOrDefault("HOST", "127.0.0.1"), 7070)`)},
			want:  map[string]string{"port": "7070", "address": "0.0.0.0"}, lines: []string{"ENV HOST=0.0.0.0"},
		},
		{
			name: "a route of the code", pom: dependencies("io.javalin:javalin"), set: []string{"runtime=slim"},
			files: map[string]string{mainFile: javalin(`get("/healthz", c -> {}).start(7070)`)},
			want:  map[string]string{"healthcheck": "GET /healthz"}, lines: []string{`CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:7070/healthz"]`},
		},
		{
			name: "a route and a port of Javalin 7", pom: dependencies("io.javalin:javalin"), set: []string{"runtime=slim"},
			files: map[string]string{mainFile: "package shop; import io.javalin.Javalin; public class Main { public static void main(String[] args) { Javalin.start(config -> { config.jetty.port = 7070; config.routes.get(\"/healthz\", c -> {}); }); } }"},
			want:  map[string]string{"healthcheck": "GET /healthz", "port": "7070"}, lines: []string{"EXPOSE 7070"},
		},
		{
			name: "a health page below the base path", pom: boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web", "org.springframework.boot:spring-boot-starter-actuator") + bootPlugin, set: []string{"runtime=slim"},
			files: map[string]string{"src/main/resources/application.properties": "server.servlet.context-path=/shop"}, want: map[string]string{"healthcheck": "GET /shop/actuator/health"},
		},
		{
			name: "a server over TLS", pom: boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web", "org.springframework.boot:spring-boot-starter-actuator") + bootPlugin, set: []string{"runtime=slim"},
			files: map[string]string{"src/main/resources/application.properties": "server.ssl.key-store=classpath:k.p12"}, want: map[string]string{"healthcheck": "none"}, absent: []string{"HEALTHCHECK"},
		},
		{
			name: "programs and fonts, recorded once", set: []string{"runtime=alpine", "packages=[tzdata]"},
			files: map[string]string{mainFile: `import java.awt.Font; class M { public static void main(String[] a) { new ProcessBuilder("git"); new ProcessBuilder("ffmpeg"); } }`},
			want:  map[string]string{"packages": "ffmpeg fontconfig git ttf-dejavu tzdata"}, lines: []string{"RUN apk add --no-cache ffmpeg fontconfig git ttf-dejavu tzdata", "# git: the code starts it."},
		},
		{
			name: "packages on Tomcat", pom: "<packaging>war</packaging>", set: []string{"packages=[git]"}, lines: []string{" && apt-get install -y --no-install-recommends git \\"},
		},
		{
			name: "files that the code reads", files: map[string]string{
				mainFile:         `import java.nio.file.*; class M { public static void main(String[] a) { Files.readString(Path.of("data/words.txt")); Files.list(Path.of("templates")); Files.readString(Path.of("/etc/hosts")); Files.readString(Path.of("missing.txt")); } }`,
				"data/words.txt": "", "data/other.txt": "", "templates/a.html": "",
			},
			lines: []string{"COPY --link data/words.txt data/\nCOPY --link templates/ templates/\n"}, absent: []string{"missing", "hosts", "other"},
		},
		{
			name: "the port of a client is none of the app's", pom: dependencies("io.javalin:javalin"),
			files: map[string]string{mainFile: "import io.javalin.Javalin; class M { static InetSocketAddress redis() { return new InetSocketAddress(\"redis\", 6379); } public static void main(String[] a) { client.setPort(9200); Javalin.create().start(8080); } }"},
			want:  map[string]string{"port": "8080"}, lines: []string{"EXPOSE 8080"}, absent: []string{"6379", "9200"},
		},
		{
			name: "an instance main of Java 25", pom: "<properties><maven.compiler.release>25</maven.compiler.release></properties>",
			files: map[string]string{mainFile: "class M { void main() { } }"}, want: map[string]string{"java.main": "M", "java.version": "25"},
		},
		{
			name: "a method called main beside the program's", pom: "<properties><maven.compiler.release>25</maven.compiler.release></properties>",
			files: map[string]string{mainFile: mainText, "src/main/java/N.java": "class N { void main() { } }"}, want: map[string]string{"java.main": "M"},
		},
		{
			name: "two ports", pom: dependencies("io.javalin:javalin"), files: map[string]string{mainFile: "import io.javalin.Javalin; class M { public static void main(String[] a) { Javalin.create().start(7071); Javalin.create().start(7070); } }"},
			want: map[string]string{"port": "7071 7070"}, lines: []string{"EXPOSE 7071\nEXPOSE 7070"},
		},
		{
			name: "a health page", pom: boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web", "org.springframework.boot:spring-boot-starter-actuator") + bootPlugin, set: []string{"runtime=alpine"},
			want: map[string]string{"healthcheck": "GET /actuator/health"}, lines: []string{`CMD ["sh", "-c", "exec wget -q -O /dev/null http://127.0.0.1:${SERVER_PORT:-8080}/actuator/health"]`},
		},
		{
			name: "a health page that was moved", pom: boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web", "org.springframework.boot:spring-boot-starter-actuator") + bootPlugin, set: []string{"runtime=alpine"},
			files: map[string]string{"src/main/resources/application.properties": "management.server.port=9090"}, lines: []string{"http://127.0.0.1:${MANAGEMENT_SERVER_PORT:-9090}/actuator/health", "EXPOSE 8080\nEXPOSE 9090"},
		},
		{
			name: "a program that the code starts", files: map[string]string{mainFile: `class M { public static void main(String[] a) { new ProcessBuilder("/usr/bin/dot"); } }`},
			want: map[string]string{"packages": "graphviz", "runtime": "slim"}, lines: []string{"# graphviz: the code starts dot.", " && apt-get install -y --no-install-recommends graphviz \\"},
		},
		{
			name: "a wrapper", files: map[string]string{"mvnw": "#!/bin/sh\n", ".mvn/wrapper/maven-wrapper.properties": "distributionUrl=https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/3.9.9/apache-maven-3.9.9-bin.zip"},
			want: map[string]string{"java.build": "mvnw"}, lines: []string{"COPY mvnw pom.xml ./", "COPY .mvn/ .mvn/", "    sh mvnw -B -ntp package -DskipTests"},
		},
		{
			name: "an old wrapper", files: map[string]string{"mvnw": "#!/bin/sh\n", ".mvn/wrapper/maven-wrapper.properties": "distributionUrl=https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/3.5.4/apache-maven-3.5.4-bin.zip"},
			lines: []string{"    sh mvnw -B package -DskipTests"},
		},
		{
			name: "a wrapper that checks the sum of the zip",
			files: map[string]string{
				"mvnw":                                  "#!/bin/sh\nif ! command -v unzip >/dev/null; then\n  distributionUrl=\"${distributionUrl%.zip}.tar.gz\"\nfi\n",
				".mvn/wrapper/maven-wrapper.properties": "distributionUrl=https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/3.9.16/apache-maven-3.9.16-bin.zip\ndistributionSha256Sum=5af3b743dd8b876b5c45da33b676251e5f1687712644abb4ee519ca56e1d89ce\n",
			},
			want:  map[string]string{"java.build": "mvnw"},
			lines: []string{"WORKDIR /src\n# unzip: without it mvnw downloads a tar, whose sum is not that of its properties.\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends unzip \\\n"},
		},
		{
			name: "a wrapper that checks no sum",
			files: map[string]string{
				"mvnw":                                  "#!/bin/sh\nif ! command -v unzip >/dev/null; then\n  distributionUrl=\"${distributionUrl%.zip}.tar.gz\"\nfi\n",
				".mvn/wrapper/maven-wrapper.properties": "distributionUrl=https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/3.9.16/apache-maven-3.9.16-bin.zip\n",
			},
			absent: []string{"unzip"},
		},
		{
			name: "a wrapper whose jar checks the sum",
			files: map[string]string{
				"mvnw":                                  "#!/bin/sh\n",
				".mvn/wrapper/maven-wrapper.properties": "distributionUrl=https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/3.9.16/apache-maven-3.9.16-bin.zip\ndistributionSha256Sum=5af3b743dd8b876b5c45da33b676251e5f1687712644abb4ee519ca56e1d89ce\n",
			},
			absent: []string{"unzip"},
		},
		{name: "a wrapper with Windows line endings", files: map[string]string{"mvnw": "#!/bin/sh\r\n", ".mvn/wrapper/maven-wrapper.properties": "distributionUrl=x"}, want: map[string]string{"java.build": "3.9"}},
		{name: "a wrapper without its properties", files: map[string]string{"mvnw": "#!/bin/sh\n"}, want: map[string]string{"java.build": "3.9"}},
		{name: "resources beside src", pom: "<build><resources><resource><directory>docs</directory></resource></resources></build>", files: map[string]string{"docs/x.txt": ""}, lines: []string{"COPY . ."}},
		{name: "more than src", files: map[string]string{"lombok.config": "x"}, lines: []string{"COPY . ."}},
		{name: "no tests", want: map[string]string{"test": "mvn test-compile"}},
		{name: "tests", files: map[string]string{"src/test/java/T.java": "class T {}"}, want: map[string]string{"test": "mvn test"}},
		{name: "a main class asked for", set: []string{"main=x.Other"}, want: map[string]string{"java.main": "x.Other"}},
		{name: "two main classes, one named Main", files: map[string]string{"src/main/java/x/Main.java": "package x; class Main { public static void main(String[] a) {} }"}, want: map[string]string{"java.main": "x.Main"}},
		{name: "Gradle beside it", files: map[string]string{"build.gradle": ""}, want: map[string]string{"java.tool": "maven"}},
		{
			name: "a jar beside the POM", pom: "<dependencies><dependency><groupId>g</groupId><artifactId>b</artifactId><version>1</version><scope>system</scope><systemPath>${basedir}/lib/b.jar</systemPath></dependency></dependencies>",
			lines: []string{"RUN mvn -B -ntp -fn dependency:go-offline"},
		},
		{
			name: "a repository beside the POM", pom: "<repositories><repository><id>r</id><url>file://${project.basedir}/repo</url></repository></repositories>",
			lines: []string{"RUN mvn -B -ntp -fn dependency:go-offline"},
		},
		{
			name: "a repository elsewhere", pom: "<repositories><repository><id>r</id><url>https://jitpack.io</url></repository></repositories>",
			lines: []string{"RUN mvn -B -ntp dependency:go-offline"},
		},
		{
			name: "a start command of a shell", set: []string{"start=[sh, -c, java -cp classes M]"}, want: map[string]string{"runtime": "slim", "init": "tini"},
			lines: []string{`ENTRYPOINT ["tini", "--", "sh", "-c", "java -cp classes M"]`, "--no-install-recommends tini"},
		},
		{name: "the virtual machine handles SIGTERM", want: map[string]string{"init": "none"}, absent: []string{"tini"}},
		{name: "a start command", set: []string{"start=[java, -Xmx1g, -cp, classes, M, serve]"}, lines: []string{`ENTRYPOINT ["java", "-Xmx1g", "-cp", "classes", "M", "serve"]`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(tt.pom), mainFile: mainText}
			maps.Copy(files, tt.files)
			p, err := decide(t, files, tt.set...)
			if err != nil {
				t.Fatal(err)
			}
			got, keys := map[string]string{}, map[string]bool{}
			for _, c := range p.Choices {
				if keys[c.Key] {
					t.Errorf("%s is recorded twice", c.Key)
				}
				keys[c.Key] = true
				if _, ok := tt.want[c.Key]; ok {
					got[c.Key] = c.Value
				}
			}
			if tt.want == nil {
				tt.want = map[string]string{}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			text := render(t, p)
			for _, line := range tt.lines {
				if !strings.Contains(text, line) {
					t.Errorf("no %q in\n%s", line, text)
				}
			}
			for _, line := range tt.absent {
				if strings.Contains(text, line) {
					t.Errorf("%q in\n%s", line, text)
				}
			}
		})
	}
}

func render(t testing.TB, p *plan.App) string {
	t.Helper()
	out, err := templates.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(out[0].Data)
}

// TestNotes looks for what the user is told.
func TestNotes(t *testing.T) {
	const key = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"
	for _, tt := range []struct {
		name  string
		pom   string
		files map[string]string
		want  []string
	}{
		{"a release without long-term support", "<properties><java.version>19</java.version></properties>", nil, []string{"pom.xml:2: Java 19 has no image that dockgen can use: Java 21 is taken"}},
		{"a release that is too old", "<properties><java.version>1.6</java.version></properties>", nil, []string{"pom.xml:2: Java 6 has no image: Java 8 is taken"}},
		{"a release that is published", "<properties><java.version>17</java.version></properties>", nil, nil},
		{
			"a private key among the resources", "",
			map[string]string{"src/main/resources/jwt.pem": key},
			[]string{"pom.xml: the build puts src/main/resources/jwt.pem, a private key, into the program: anyone who has the image can read it"},
		},
		{
			"a server whose port nothing says", dependencies("io.vertx:vertx-web"), nil,
			[]string{"pom.xml:2: vertx is a server, and nothing in the repository says on which port it listens"},
		},
		{
			"a server whose port is computed", dependencies("io.javalin:javalin"),
			map[string]string{mainFile: javalin("start(port(a))")},
			[]string{mainFile + ":2: listens, and the source does not say on which port"},
		},
		{
			"a program that nobody knows", "",
			map[string]string{mainFile: "class M { public static void main(String[] a) {\n new ProcessBuilder(\"frobnicate\"); } }"},
			[]string{mainFile + ":2: the code starts frobnicate, and dockgen knows no package that has it"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(tt.pom), mainFile: mainText, "src/test/java/T.java": "class T {}"}
			maps.Copy(files, tt.files)
			p, err := decide(t, files)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range p.Notes {
				got = append(got, n.Pos.String()+": "+n.Text)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestIgnoreFile holds that no file that the build or the program reads is hidden.
func TestIgnoreFile(t *testing.T) {
	const public = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"
	p, err := decide(t, map[string]string{
		"pom.xml": pom(""), mainFile: `import java.nio.file.*; class M { public static void main(String[] a) { Files.readString(Path.of("certs/ca.pem")); } }`,
		"src/main/resources/jwt-public.pem": public, "src/test/resources/t.pem": public, "certs/ca.pem": public, "certs/other.pem": public,
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, g := range p.Ignore {
		for _, x := range g.Patterns {
			if strings.HasPrefix(x.String(), "!") && strings.HasSuffix(x.String(), ".pem") {
				got = append(got, x.String())
			}
		}
	}
	if diff := cmp.Diff([]string{"!certs/ca.pem", "!src/main/resources/jwt-public.pem", "!src/test/resources/t.pem"}, got); diff != "" {
		t.Error(diff)
	}
	if text := render(t, p); !strings.Contains(text, "COPY --link certs/ca.pem certs/\n") {
		t.Errorf("the file is not in prod:\n%s", text)
	}
}

// TestFolder holds that an app in a folder gets the same files as one at the root.
func TestFolder(t *testing.T) {
	app := map[string]string{
		"pom.xml":                  pom("<packaging>pom</packaging><modules><module>web</module><module>app</module></modules>"),
		"web/pom.xml":              "<project><groupId>g</groupId><artifactId>web</artifactId>" + dependencies("io.javalin:javalin") + "</project>",
		"app/pom.xml":              "<project><groupId>g</groupId><artifactId>app</artifactId><version>1</version>" + dependencies("g:web") + "</project>",
		"app/src/main/java/M.java": javalin(`start(7070)`),
		"mvnw":                     "#!/bin/sh\n", ".mvn/wrapper/maven-wrapper.properties": "distributionUrl=https://repo.maven.apache.org/maven2/org/apache/maven/apache-maven/3.9.9/apache-maven-3.9.9-bin.zip",
	}
	plain := map[string]string{"pom.xml": pom("<build><finalName>x</finalName></build>"), mainFile: `import java.nio.file.*; class M { public static void main(String[] a) { Files.readString(Path.of("a.pem")); } }`, "a.pem": "-----BEGIN CERTIFICATE-----\n"}
	for _, files := range []map[string]string{app, plain} {
		var want string
		for _, dir := range []string{".", "sub", "a/b"} {
			fsys := fstest.MapFS{}
			for name, text := range files {
				fsys[path.Join(dir, name)] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
			}
			repo, err := detect.Scan(t.Context(), fsys, profiles.Languages())
			if err != nil {
				t.Fatal(err)
			}
			f, err := java.Detect(repo.Tree, dir)
			if err != nil {
				t.Fatal(err)
			}
			repo.Apps = []detect.App{{Dir: dir, Facts: f}}
			p, err := only(profiles.Decide(repo, profiles.Request{Name: "app"}))
			if err != nil {
				t.Fatal(err)
			}
			out, err := templates.Render(p)
			if err != nil {
				t.Fatal(err)
			}
			got := string(out[0].Data) + string(out[1].Data)
			if want == "" {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-root +folder):\n%s", dir, diff)
			}
		}
	}
}

func TestModules(t *testing.T) {
	files := map[string]string{
		"pom.xml":                    pom("<packaging>pom</packaging><modules><module>lib</module><module>one</module><module>two</module></modules>"),
		"lib/pom.xml":                "<project><artifactId>lib</artifactId></project>",
		"one/pom.xml":                "<project><artifactId>one</artifactId></project>",
		"one/src/main/java/One.java": "class One { public static void main(String[] a) {} }",
		"two/pom.xml":                "<project><artifactId>two</artifactId></project>",
		"two/src/main/java/Two.java": "class Two { public static void main(String[] a) {} }",
	}
	_, err := decide(t, files)
	var unsupported *record.UnsupportedError
	if !errors.As(err, &unsupported) || !strings.Contains(err.Error(), "one, two") {
		t.Errorf("got %v", err)
	}
	p, err := decide(t, files, "main=Two")
	if err != nil {
		t.Fatal(err)
	}
	text := render(t, p)
	for _, line := range []string{"COPY one/pom.xml one/", "mvn -B -ntp -pl two -am package -DskipTests", "COPY --link --from=build /src/two/target/classes/ classes/"} {
		if !strings.Contains(text, line) {
			t.Errorf("no %q in\n%s", line, text)
		}
	}
}

// TestSampleModules: a module that shows how something is used is not the program.
func TestSampleModules(t *testing.T) {
	for _, tt := range []struct{ name, one, two, want string }{
		{"samples below a folder", "admin", "executor-samples/boot", "admin"},
		{"an example", "web-example", "web", "web"},
		{"tests", "server", "server-it", "server"},
		{"two programs", "one", "two", ""},
		{"examples alone", "demo-one", "demo-two", ""},
		{"a name that has the word in it", "latest", "testimonials", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom("<packaging>pom</packaging><modules><module>" + tt.one + "</module><module>" + tt.two + "</module></modules>")}
			for _, dir := range []string{tt.one, tt.two} {
				files[dir+"/pom.xml"] = "<project><artifactId>" + path.Base(dir) + "</artifactId></project>"
				files[dir+"/src/main/java/M.java"] = mainText
			}
			app, err := decide(t, files)
			if (err == nil) != (tt.want != "") {
				t.Fatal(err)
			}
			if err != nil {
				return
			}
			for _, c := range app.Choices {
				if c.Key == "java.module" && (c.Value != tt.want || len(c.Rejected) != 1) {
					t.Errorf("%s, %v", c.Value, c.Rejected)
				}
			}
		})
	}
}

// TestManifests holds that deps has every POM that Maven reads before it builds.
func TestManifests(t *testing.T) {
	p, err := decide(t, map[string]string{
		"pom.xml": "<project><parent><groupId>g</groupId><artifactId>up</artifactId><version>1</version><relativePath>build/up</relativePath></parent><artifactId>a</artifactId><packaging>pom</packaging><modules><module>app</module></modules>" +
			"<profiles><profile><id>p</id><activation><property><name>extras</name></property></activation><modules><module>extra</module><module>gone</module></modules></profile></profiles></project>",
		"build/up/pom.xml":         "<project><groupId>g</groupId><artifactId>up</artifactId><version>1</version><packaging>pom</packaging></project>",
		"app/pom.xml":              "<project><parent><groupId>g</groupId><artifactId>a</artifactId><version>1</version></parent><artifactId>app</artifactId></project>",
		"app/src/main/java/M.java": mainText,
		"extra/pom.xml":            "<project><parent><groupId>g</groupId><artifactId>a</artifactId><version>1</version></parent><artifactId>extra</artifactId><packaging>pom</packaging><modules><module>below</module></modules></project>",
		"extra/below/pom.xml":      "<project><artifactId>below</artifactId>",
		"other/pom.xml":            "<project><artifactId>other</artifactId></project>",
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(render(t, p)) {
		if strings.HasPrefix(line, "COPY ") && strings.Contains(line, "pom.xml") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	want := []string{"COPY pom.xml ./", "COPY app/pom.xml app/", "COPY build/up/pom.xml build/up/", "COPY extra/pom.xml extra/", "COPY extra/below/pom.xml extra/below/"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPartsOfAModule(t *testing.T) {
	p, err := decide(t, map[string]string{
		"pom.xml":                  pom("<packaging>pom</packaging><modules><module>web</module><module>app</module></modules>"),
		"web/pom.xml":              "<project><groupId>g</groupId><artifactId>web</artifactId>" + dependencies("org.springframework.boot:spring-boot-starter-web") + "</project>",
		"app/pom.xml":              "<project><groupId>g</groupId>" + boot("3.5.7") + "<artifactId>app</artifactId><version>1</version>" + dependencies("g:web") + plugin("org.springframework.boot:spring-boot-maven-plugin", "") + "</project>",
		"app/src/main/java/M.java": mainText,
		"web/src/main/resources/application.properties": "server.port=9001",
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]plan.Port{9001}, p.Run.Ports); diff != "" {
		t.Error(diff)
	}
}

func TestRefused(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		set   []string
		want  string
	}{
		{"Gradle", map[string]string{"build.gradle": ""}, nil, "build.gradle: no module builds a program"},
		{"Play", map[string]string{"build.gradle": "plugins { id 'org.playframework.play' version '3.1.0-M7' }\n", "app/controllers/Home.java": "package controllers; class Home {}"}, nil, "build.gradle:1: an app of Play is built and started in Play's own way, by a plugin of Gradle that dockgen does not follow"},
		{
			"an instance main before Java 25",
			map[string]string{"pom.xml": pom("<properties><maven.compiler.release>21</maven.compiler.release></properties>"), mainFile: "class M { void main() {} }"},
			nil,
			mainFile + ":1: Java 21 cannot start this main method: it is not public and static, or takes no arguments, which only Java 25 and later can start",
		},
		{
			"the loopback alone",
			map[string]string{"pom.xml": pom(""), mainFile: "import com.sun.net.httpserver.HttpServer; import java.net.InetSocketAddress; class M { public static void main(String[] a) {\n HttpServer.create(new InetSocketAddress(\"localhost\", 8080), 0); } }"},
			nil,
			mainFile + ":2: listens on localhost only, which nothing outside of the container reaches",
		},
		{
			"Kotlin Multiplatform",
			map[string]string{"build.gradle.kts": "plugins {\n kotlin(\"multiplatform\") version \"2.1.0\"\n application\n}\nkotlin { jvm { withJava() } }\napplication { mainClass.set(\"MKt\") }\n", "src/jvmMain/kotlin/M.kt": "fun main() {}"},
			nil,
			"build.gradle.kts:2: a project of Kotlin Multiplatform builds its server by tasks of its own, which dockgen does not call",
		},
		{
			"an executable of Kotlin Multiplatform",
			map[string]string{"build.gradle.kts": "plugins { kotlin(\"multiplatform\") version \"2.2.0\" }\nkotlin { jvm { binaries { executable { mainClass.set(\"MKt\") } } } }\n", "src/jvmMain/kotlin/M.kt": "fun main() {}"},
			nil,
			"build.gradle.kts:1: a project of Kotlin Multiplatform builds its server",
		},
		{
			"a library of Kotlin Multiplatform",
			map[string]string{"build.gradle.kts": "plugins { kotlin(\"multiplatform\") version \"2.2.0\" }\nkotlin { jvm() }\n"},
			nil,
			"build.gradle.kts: no module builds a program",
		},
		{
			"a JDK that no image has",
			map[string]string{"build.gradle": "plugins { id 'application' }\njava { toolchain { languageVersion = JavaLanguageVersion.of(21)\n vendor = JvmVendorSpec.JETBRAINS } }\napplication { mainClass = 'M' }\n", mainFile: mainText},
			nil,
			"build.gradle:2: the toolchain takes a JDK 21 of JETBRAINS alone, of which there is no image and which nothing downloads",
		},
		{"a library", map[string]string{"pom.xml": pom(""), "src/main/java/A.java": "class A {}"}, nil, "pom.xml: the sources of this module have no main class"},
		{"several main classes", map[string]string{"pom.xml": pom(""), mainFile: mainText, "src/main/java/N.java": strings.Replace(mainText, "M", "N", 1)}, nil, "src/main/java/M.java:1: 2 classes have a main method and nothing says which to start: M, N"},
		{"a name that nothing says", map[string]string{"pom.xml": strings.Replace(pom(plugin(mvn+"maven-shade-plugin", execution("shade", "<mainClass>x.Y</mainClass>"))), "<version>1", "<version>${nothing}", 1)}, nil, "pom.xml:1: the name of the build's artifact"},
		{"a strange packaging", map[string]string{"pom.xml": pom("<packaging>ear</packaging>")}, nil, "pom.xml:2: packaging ear"},
		{"an unpublished Java", map[string]string{"pom.xml": pom("<properties><java.version>40</java.version></properties>"), mainFile: mainText}, nil, "pom.xml:2: there is no image of Java 40"},
		{
			"a Java newer than Maven's image",
			map[string]string{"pom.xml": pom("<properties><java.version>27</java.version></properties>"), mainFile: mainText},
			nil,
			"pom.xml: there is no image of Maven with Java 27",
		},
		{"a snapshot parent elsewhere", map[string]string{"pom.xml": "<project><parent><groupId>g</groupId><artifactId>p</artifactId><version>1-SNAPSHOT</version></parent><artifactId>a</artifactId></project>", mainFile: mainText}, nil, "pom.xml:1: the parent p 1-SNAPSHOT is not in this folder"},
		{"a toolchain", map[string]string{"pom.xml": pom(plugin(mvn+"maven-toolchains-plugin", execution("toolchain", "<toolchains><jdk><version>17</version></jdk></toolchains>"))), mainFile: mainText}, nil, "pom.xml:2: the toolchains plugin asks for a toolchains.xml"},
		{"Dropwizard", map[string]string{"pom.xml": pom(dependencies("io.dropwizard:dropwizard-core")), mainFile: mainText}, nil, "pom.xml:2: a Dropwizard app"},
		{"scratch", map[string]string{"pom.xml": pom(""), mainFile: mainText}, []string{"runtime=scratch"}, "scratch cannot run this app"},
		{"distroless and packages", map[string]string{"pom.xml": pom(""), mainFile: mainText}, []string{"runtime=distroless", "packages=[git]"}, "distroless cannot run this app"},
		{
			"a port asked for that is fixed",
			map[string]string{"pom.xml": pom(dependencies("io.javalin:javalin")), mainFile: javalin("start(7070)")},
			[]string{"port=9000"},
			"--set: port: the app always listens on 7070 (" + mainFile + ":2)",
		},
		{"Tomcat's port", map[string]string{"pom.xml": pom("<packaging>war</packaging>")}, []string{"port=9000"}, "--set: port: the app always listens on 8080 (pom.xml:2)"},
		{
			"a health check that nothing can make",
			map[string]string{"pom.xml": pom(dependencies("io.javalin:javalin")), mainFile: javalin("start(7070)")},
			[]string{"healthcheck=/x"},
			"--set: healthcheck: the image of runtime distroless has no program that can probe /x",
		},
		{
			"a health check of an unknown port",
			map[string]string{"pom.xml": pom(""), mainFile: mainText},
			[]string{"healthcheck=/x", "runtime=slim"},
			"--set: healthcheck: it is not known on which port the app listens",
		},
		{"a main class that is none", map[string]string{"pom.xml": pom(""), mainFile: mainText}, []string{"main=a b"}, "--set:"},
		{"a version that is none", map[string]string{"pom.xml": pom(""), mainFile: mainText}, []string{"version=latest"}, "--set:"},
		{
			"a version older than what is compiled for",
			map[string]string{"pom.xml": pom("<properties><java.version>11</java.version><maven.compiler.release>25</maven.compiler.release></properties>"), mainFile: mainText},
			[]string{"version=21"},
			"--set: version: Java 21 neither compiles nor runs what pom.xml:2 compiles for, Java 25 (maven.compiler.release)",
		},
		{
			"a version older than the release that Gradle's compiler is given",
			map[string]string{"build.gradle": "plugins { id 'application' }\njava { toolchain { languageVersion = JavaLanguageVersion.of(25) } }\ntasks.withType(JavaCompile) { options.release = 21 }\napplication { mainClass = 'com.example.App' }\n", mainFile: mainText},
			[]string{"version=17"},
			"--set: version: Java 17 neither compiles nor runs what build.gradle:3 compiles for, Java 21 (the compiler's release)",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := decide(t, tt.files, tt.set...)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// TestHostile holds that a name from a POM adds no instruction.
func TestHostile(t *testing.T) {
	evil := []string{"$(id)", "`id`", "a b", `a"b`, "a'b", "a\nRUN id", "${x}", "$X", "a;id", "<<EOF", "a\\", "../../x", "\x1b[31m", "--x", "a,b", "#x", "é"}
	want := count(t, map[string]string{"pom.xml": strings.ReplaceAll(hostilePom, "EVIL", "x"), mainFile: mainText})
	for _, e := range evil {
		var b bytes.Buffer
		for _, r := range e {
			switch r {
			case '<':
				b.WriteString("&lt;")
			case '&':
				b.WriteString("&amp;")
			default:
				b.WriteRune(r)
			}
		}
		text := strings.ReplaceAll(hostilePom, "EVIL", b.String())
		if got := count(t, map[string]string{"pom.xml": text, mainFile: mainText}); got != nil && !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", e, got, want)
		}
	}
}

var hostilePom = pom( //nolint:gochecknoglobals // a constant
	"<build><finalName>EVIL</finalName><directory>EVIL</directory><plugins><plugin><artifactId>maven-shade-plugin</artifactId>" +
		execution("shade", "<mainClass>EVIL</mainClass>") + "</plugin></plugins></build><properties><java.version>21</java.version></properties>")

// count is the instructions of the Dockerfile by name; nil where the
// repository is refused with an error that says where.
func count(t testing.TB, files map[string]string) []string {
	t.Helper()
	p, err := decide(t, files)
	if err != nil {
		if !known(err) {
			t.Errorf("an error that nobody can act on: %v", err)
		}
		return nil
	}
	tree, err := parser.Parse(strings.NewReader(render(t, p)))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := instructions.Parse(tree.AST, nil); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, n := range tree.AST.Children {
		out = append(out, strings.ToUpper(n.Value))
	}
	return out
}

func known(err error) bool {
	var fe *fact.Error
	var ue *record.UnsupportedError
	var ie *record.ImpossibleError
	var ne *profiles.Nothing
	return errors.As(err, &fe) || errors.As(err, &ue) || errors.As(err, &ie) || errors.As(err, &ne)
}

func FuzzDecide(f *testing.F) {
	f.Add(hostilePom, mainText, "server.port=1")
	f.Add(pom(boot("3.5.7")+dependencies("org.springframework.boot:spring-boot-starter-web")+plugin("org.springframework.boot:spring-boot-maven-plugin", "")), mainText, "server.port=${PORT:80}")
	f.Add(pom("<packaging>quarkus</packaging>"+plugin("io.quarkus:quarkus-maven-plugin", "")), "", "quarkus.http.port=a")
	f.Add(pom("<packaging>war</packaging>"), "", "")
	f.Add(pom(plugin("com.google.cloud.tools:jib-maven-plugin", "<configuration><container><mainClass>M</mainClass><entrypoint>a,b</entrypoint><ports><port>1</port></ports></container><extraDirectories><paths><path><from>src</from><into>/</into></path></paths></extraDirectories></configuration>")), mainText, "")
	f.Add(pom(plugin("io.fabric8:docker-maven-plugin", "<configuration><images><image><build><from>x</from><entryPoint>[]</entryPoint></build></image></images></configuration>")), mainText, "")
	f.Fuzz(func(t *testing.T, pomText, source, properties string) {
		count(t, map[string]string{"pom.xml": pomText, mainFile: source, "src/main/resources/application.properties": properties})
	})
}

// only is the one app of a project.
func only(p *plan.Project, err error) (*plan.App, error) {
	if err != nil {
		return nil, err
	}
	return p.Apps[0], nil
}
