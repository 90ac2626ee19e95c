package java_test

import (
	"maps"
	"strings"
	"testing"
)

// TestNative: prod is the program that the build makes, under the name that it has there; what makes none is refused with what to add.
func TestNative(t *testing.T) {
	const (
		id       = "org.graalvm.buildtools:native-maven-plugin"
		base     = "FROM ghcr.io/graalvm/native-image-community:21 AS graalvm\nCOPY --link --from=base /usr/share/maven/ /usr/share/maven/\nCOPY --link --from=deps /src/ /src/\nWORKDIR /src\n\n"
		cached   = "RUN --mount=type=cache,from=deps,source=/root/.m2,target=/root/.m2 \\\n    "
		prod     = "FROM gcr.io/distroless/java-base-debian13:nonroot AS prod\nWORKDIR /app\nCOPY --link --from=init /usr/bin/tini-static /usr/bin/tini\n"
		property = "<properties><java.version>21</java.version></properties>"
		spring   = "org.springframework.boot:spring-boot-starter-web"
		gradle   = "plugins { id 'java'; id 'org.springframework.boot' version '3.5.0'; id 'org.graalvm.buildtools.native' version '0.10.6' }\njava { sourceCompatibility = '21' }\ndependencies { implementation 'org.springframework.boot:spring-boot-starter-web' }\n"
		quarkus  = "<properties><maven.compiler.release>21</maven.compiler.release></properties>"
	)
	both := func(config string) string {
		return "<build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin>" +
			"<plugin><groupId>org.graalvm.buildtools</groupId><artifactId>native-maven-plugin</artifactId>" + config + "</plugin></plugins></build>"
	}
	modules := func(config string) map[string]string {
		module := func(name, body string) string {
			return "<project><modelVersion>4.0.0</modelVersion><parent><groupId>g</groupId><artifactId>a</artifactId><version>1</version></parent><artifactId>" + name + "</artifactId>" + body + "</project>"
		}
		return map[string]string{
			"pom.xml":      pom("<packaging>pom</packaging><modules><module>app</module><module>core</module></modules>" + release("21")),
			"app/pom.xml":  module("app", dependencies("g:core")+plugin(id, config)),
			"core/pom.xml": module("core", ""), "app/" + mainFile: mainText, "core/src/main/java/C.java": "class C {}",
		}
	}
	wrapped := func(files map[string]string) map[string]string {
		out := maps.Clone(files)
		maps.Copy(out, map[string]string{"gradlew": "#!/bin/sh\n", "gradle/wrapper/gradle-wrapper.jar": "x", "gradle/wrapper/gradle-wrapper.properties": "distributionUrl=https\\://services.gradle.org/distributions/gradle-8.14-bin.zip\n"})
		return out
	}
	for name, tt := range map[string]optionCase{
		"Spring Boot's parent has the profile": {
			pom: boot("3.5.0") + property + dependencies(spring) + both(""), files: springMain(),
			want: []string{
				base, "FROM graalvm AS build\nCOPY src/ src/\n" + cached + "/usr/share/maven/bin/mvn -B -ntp native:compile -DskipTests -Pnative\n",
				prod + "COPY --link --from=build /src/target/a ./\n", `ENTRYPOINT ["/usr/bin/tini", "--", "/app/a"]`, "FROM debian:trixie-slim AS init\n",
			},
			not: "JAVA_TOOL_OPTIONS",
		},
		"a name of its own, on Debian": {
			pom: boot("3.5.0") + property + dependencies(spring) + both("<configuration><imageName>shop</imageName></configuration>"), files: springMain(), set: []string{"runtime=slim"},
			want: []string{"FROM debian:trixie-slim AS prod\n", "COPY --link --from=build /src/target/shop ./\n", `ENTRYPOINT ["tini", "--", "/app/shop"]`},
			not:  "HEALTHCHECK",
		},
		"the build's own profile": {
			pom:   release("21") + dependencies("io.javalin:javalin") + "<profiles><profile><id>graal</id>" + plugin(id, "<executions><execution><goals><goal>compile-no-fork</goal></goals><phase>package</phase></execution></executions><configuration><imageName>fast</imageName></configuration>") + "</profile></profiles>",
			files: javalinMain(), want: []string{cached + "/usr/share/maven/bin/mvn -B -ntp package -DskipTests -Pgraal\n", "COPY --link --from=build /src/target/fast ./\n", "EXPOSE 7070\n"},
		},
		"Quarkus' own": {
			pom:  quarkus + dependencies("io.quarkus:quarkus-rest") + strings.Replace(plugin("io.quarkus.platform:quarkus-maven-plugin", execution("build", "")), "<executions>", "<version>3.15.1</version><executions>", 1),
			want: []string{cached + "/usr/share/maven/bin/mvn -B -ntp package -Dquarkus.native.enabled=true -Dquarkus.package.jar.enabled=false -Dquarkus.native.container-build=false -DskipTests\n", "COPY --link --from=build /src/target/a-*-runner app\n", `"/app/app"]`, `CMD ["mvn", "-B", "-ntp", "quarkus:dev"`},
		},
		"an older Quarkus whose configuration asks for it": {
			pom:   quarkus + dependencies("io.quarkus:quarkus-resteasy") + plugin("io.quarkus.platform:quarkus-maven-plugin", execution("build", "")),
			files: map[string]string{"src/main/resources/application.properties": "quarkus.package.type=native\nquarkus.package.output-name=shop\n"},
			want:  []string{"package -Dquarkus.package.type=native -Dquarkus.native.container-build=false -DskipTests\n", "COPY --link --from=build /src/target/shop-runner ./\n"}, not: "fast-jar",
		},
		"Micronaut's packaging": {
			pom:   "<packaging>${packaging}</packaging><properties><packaging>jar</packaging><exec.mainClass>M</exec.mainClass><maven.compiler.release>21</maven.compiler.release></properties>" + dependencies("io.micronaut:micronaut-http-server-netty") + plugin("io.micronaut.maven:micronaut-maven-plugin", ""),
			files: map[string]string{mainFile: mainText}, want: []string{"mvn -B -ntp package -Dpackaging=native-image -DskipTests\n", "COPY --link --from=build /src/target/a ./\n"},
		},
		"Gradle's plugin, with the wrapper": {
			files: wrapped(map[string]string{"settings.gradle": "rootProject.name = 'shop'\n", "build.gradle": gradle, "src/main/java/g/App.java": springMain()["src/main/java/g/App.java"]}),
			want: []string{
				"FROM ghcr.io/graalvm/native-image-community:21 AS graalvm\n# Gradle's scripts ask for xargs.\nRUN microdnf install -y findutils \\\n && microdnf clean all\nCOPY --link --from=deps /src/ /src/\nWORKDIR /src\n",
				"target=/root/.gradle \\\n    sh gradlew --no-daemon nativeCompile\n", "COPY --link --from=build /src/build/native/nativeCompile/shop ./\n",
			},
		},
		"a name in the script, with Gradle's image": {
			files: map[string]string{"settings.gradle": "rootProject.name = 'shop'\n", "build.gradle": gradle + "graalvmNative { binaries { main { imageName = 'fast' } } }\n", "src/main/java/g/App.java": springMain()["src/main/java/g/App.java"]},
			want: []string{
				"COPY --link --from=base /opt/gradle/ /opt/gradle/\n", "/opt/gradle/bin/gradle -g /home/gradle/.gradle --no-daemon nativeCompile\n", "nativeCompile/fast ./\n",
			},
		},
		"a named block": {
			files: map[string]string{"settings.gradle.kts": "rootProject.name = \"shop\"\n", "build.gradle.kts": "plugins { java; id(\"org.springframework.boot\") version \"3.5.0\"; id(\"org.graalvm.buildtools.native\") version \"0.10.6\" }\njava { sourceCompatibility = JavaVersion.VERSION_21 }\ngraalvmNative { binaries { named(\"main\") { imageName.set(\"fast\") } } }\ndependencies { implementation(\"org.springframework.boot:spring-boot-starter-web\") }\n", "src/main/java/g/App.java": springMain()["src/main/java/g/App.java"]},
			want:  []string{"nativeCompile/fast ./\n"},
		},
		"a computed name": {
			files: map[string]string{"settings.gradle": "rootProject.name = 'shop'\n", "build.gradle": gradle + "graalvmNative { binaries { main { imageName = compute() } } }\n", "src/main/java/g/App.java": springMain()["src/main/java/g/App.java"]},
			err:   "--set: startup: the name of the program is computed by the build",
		},
		"what java was given is the program's": {
			pom:   boot("3.5.0") + property + dependencies(spring) + both(""),
			files: map[string]string{"src/main/java/g/App.java": springMain()["src/main/java/g/App.java"], "Dockerfile": "FROM eclipse-temurin:21\nCOPY target/a.jar a.jar\nENTRYPOINT [\"java\", \"-XX:+UseG1GC\", \"-Dspring.profiles.active=prod\", \"-jar\", \"a.jar\"]\n"},
			want:  []string{`"/app/a", "-Dspring.profiles.active=prod"]`}, not: "UseG1GC",
		},
		"a module that needs another": {
			files: modules(""), err: "--set: startup: no phase of the build makes the native program",
		},
		"a module whose phase makes it": {
			files: modules("<executions><execution><goals><goal>compile-no-fork</goal></goals></execution></executions>"),
			want:  []string{"mvn -B -ntp -pl app -am package -DskipTests\n", "COPY --link --from=build /src/app/target/app ./\n"},
		},
		"Quarkus' plugin of Gradle": {
			files: map[string]string{"settings.gradle": settingsFile, "build.gradle": "plugins { id 'java'; id 'io.quarkus' version '3.15.1' }\njava { sourceCompatibility = '21' }\ndependencies { implementation 'io.quarkus:quarkus-rest' }\n", "src/main/java/R.java": "class R {}"},
			want:  []string{"--no-daemon quarkusBuild -Dquarkus.native.enabled=true -Dquarkus.package.jar.enabled=false -Dquarkus.native.container-build=false\n"},
		},
		"Spring Boot's goal bound by hand": {
			pom:   property + dependencies(spring) + "<build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId><version>3.5.0</version><executions><execution><goals><goal>repackage</goal><goal>process-aot</goal></goals></execution></executions></plugin><plugin><groupId>org.graalvm.buildtools</groupId><artifactId>native-maven-plugin</artifactId></plugin></plugins></build>",
			files: springMain(), want: []string{"mvn -B -ntp native:compile -DskipTests\n"}, not: "-Pnative",
		},
		"the folder of Gradle's JDK": {
			files: map[string]string{"settings.gradle": settingsFile, "gradle.properties": "org.gradle.java.home=/opt/jdk\n", "build.gradle": gradle, "src/main/java/g/App.java": springMain()["src/main/java/g/App.java"]},
			err:   "--set: startup: the build names the folder of its JDK",
		},
		"a toolchain beside Gradle's JDK": {
			files: map[string]string{"settings.gradle": settingsFile, "build.gradle": strings.Replace(gradle, "sourceCompatibility = '21'", "toolchain { languageVersion = JavaLanguageVersion.of(21); vendor = JvmVendorSpec.AZUL }", 1), "src/main/java/g/App.java": springMain()["src/main/java/g/App.java"]},
			err:   "--set: startup: the build compiles with another JDK",
		},
		"programs of Node in the build": {
			pom:   release("21") + dependencies("io.javalin:javalin") + "<build><plugins><plugin><groupId>org.codehaus.mojo</groupId><artifactId>exec-maven-plugin</artifactId><executions><execution><phase>generate-resources</phase><goals><goal>exec</goal></goals><configuration><executable>npm</executable></configuration></execution></executions></plugin><plugin><groupId>org.graalvm.buildtools</groupId><artifactId>native-maven-plugin</artifactId></plugin></plugins></build>",
			files: javalinMain(), err: "--set: startup: the build starts programs of Node",
		},
		"no plugin":            {pom: release("21") + dependencies("io.javalin:javalin"), files: javalinMain(), err: "--set: startup: the build has no plugin that makes a native program"},
		"no plugin of Gradle":  {files: map[string]string{"settings.gradle": settingsFile, "build.gradle": "plugins { id 'application' }\napplication { mainClass = 'M' }\n", mainFile: mainText}, err: "--set: startup: the build has no plugin that makes a native program"},
		"Spring without AOT":   {pom: boot("2.7.0") + property + dependencies(spring) + both(""), files: springMain(), err: "--set: startup: the build has no goal process-aot"},
		"Java 26":              {pom: release("26") + dependencies("io.javalin:javalin") + plugin(id, ""), files: javalinMain(), err: "--set: startup: there is no image of GraalVM with Java 26"},
		"musl":                 {pom: release("21") + dependencies("io.javalin:javalin") + plugin(id, "<configuration><buildArgs><buildArg>--static</buildArg><buildArg>--libc=musl</buildArg></buildArgs></configuration>"), files: javalinMain(), err: "--set: startup: the build links its program with musl"},
		"an open property":     {pom: release("21") + dependencies("io.javalin:javalin") + plugin(id, "<configuration><imageName>${who}</imageName></configuration>"), files: javalinMain(), err: "--set: startup: the name of the program"},
		"a name above":         {pom: release("21") + dependencies("io.javalin:javalin") + plugin(id, "<configuration><imageName>../../x</imageName></configuration>"), files: javalinMain(), err: "--set: startup: the name of the program"},
		"a hostile name":       {pom: release("21") + dependencies("io.javalin:javalin") + plugin(id, "<configuration><imageName>a $(reboot) \"b</imageName></configuration>"), files: javalinMain(), want: []string{`COPY --link --from=build ["/src/target/a \\$(reboot) \"b", "./"]`}},
		"a war":                {pom: "<packaging>war</packaging>", err: "--set: startup: what runs the war is not the app's"},
		"with jlink":           {pom: boot("3.5.0") + property + dependencies(spring) + both(""), files: springMain(), set: []string{"jlink=true"}, err: "--set: startup: a native program runs without Java"},
		"a start command":      {pom: boot("3.5.0") + property + dependencies(spring) + both(""), files: springMain(), set: []string{"start=[java, M]"}, err: "--set: startup: start names the command"},
		"on Alpine":            {pom: boot("3.5.0") + property + dependencies(spring) + both(""), files: springMain(), set: []string{"runtime=alpine"}, err: "a native program is linked with glibc, and Alpine has musl"},
		"on scratch":           {pom: boot("3.5.0") + property + dependencies(spring) + both(""), files: springMain(), set: []string{"runtime=scratch"}, err: "a native program is linked with a C library, and scratch is empty"},
		"what can ask there":   {pom: release("21") + dependencies("io.javalin:javalin") + plugin(id, ""), files: javalinMain(), set: []string{"runtime=slim", "healthcheck=/x"}, err: "healthcheck: the image of runtime slim has no program that can probe /x"},
		"the code compiles it": {pom: release("21") + dependencies("io.javalin:javalin") + plugin(id, ""), files: map[string]string{mainFile: strings.Replace(javalin("start(7070)"), "import ", "import javax.tools.ToolProvider; import ", 1) + "class C { Object c = ToolProvider.getSystemJavaCompiler(); }"}, err: "--set: startup: the code compiles Java when it runs"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.check(t, "startup=native")
		})
	}
}
