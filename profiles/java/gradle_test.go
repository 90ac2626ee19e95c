package java_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// wrapper are the files of Gradle's wrapper.
func wrapper(version string) map[string]string {
	return map[string]string{
		"gradlew": "#!/bin/sh\n", "gradle/wrapper/gradle-wrapper.jar": "jar",
		"gradle/wrapper/gradle-wrapper.properties": "distributionUrl=https\\://services.gradle.org/distributions/gradle-" + version + "-bin.zip\n",
	}
}

const (
	bootApp      = "plugins {\n  id 'java'\n  id 'org.springframework.boot' version '3.5.7'\n}\nversion = '1.0'\n"
	bootMain     = "import org.springframework.boot.autoconfigure.SpringBootApplication; @SpringBootApplication public class M { public static void main(String[] a) {} }"
	webDeps      = "dependencies { implementation 'org.springframework.boot:spring-boot-starter-web' }\n"
	settingsFile = "rootProject.name = 'shop'\n"
)

// TestGradle looks at the choices and at lines of the Dockerfile of builds of Gradle.
func TestGradle(t *testing.T) {
	for _, tt := range []struct {
		name    string
		wrapper string // its Gradle, "" for none
		files   map[string]string
		want    map[string]string // choices
		notes   string            // all of them
		lines   []string
		absent  []string
	}{
		{
			name: "Spring Boot in layers", wrapper: "8.14.3", files: map[string]string{"build.gradle": bootApp + webDeps, "settings.gradle": settingsFile, mainFile: bootMain},
			want: map[string]string{"java.build": "gradlew", "java.version": "21", "java.main": "M", "port": "8080", "test": "gradle testClasses"},
			lines: []string{
				"FROM --platform=$BUILDPLATFORM eclipse-temurin:21-jdk-noble AS base", "COPY gradlew ./", "COPY gradle/wrapper/ gradle/wrapper/", "RUN sh gradlew --no-daemon --version",
				"COPY settings.gradle build.gradle ./", "RUN sh gradlew --no-daemon -I /opt/image.gradle fetchImage", "COPY src/ src/",
				"RUN --mount=type=cache,sharing=locked,from=deps,source=/root/.gradle,target=/root/.gradle", "    sh gradlew --no-daemon bootJar", " && java -Djarmode=tools -jar build/libs/shop-*.jar extract --layers --application-filename app.jar --destination /out",
				"  if sh gradlew -I /opt/image.gradle -q imageClasses imageLibs; then", "    java -XX:TieredStopAtLevel=1 -cp 'build/image/classes:build/image/lib/*' M &", `CMD ["app.jar"]`,
			},
			absent: []string{"imageWar"},
		},
		{
			name: "a newer Java by the toolchain", wrapper: "9.1.0", files: map[string]string{
				"build.gradle.kts":    "plugins {\n  java\n  id(\"org.springframework.boot\") version \"4.0.0\"\n}\njava { toolchain { languageVersion = JavaLanguageVersion.of(25) } }\n",
				"settings.gradle.kts": "rootProject.name = \"shop\"\n", mainFile: bootMain,
			},
			want:  map[string]string{"java.version": "25"},
			lines: []string{"eclipse-temurin:25-jdk-noble AS base", "build/libs/shop.jar extract"},
		},
		{
			name: "a toolchain that Gradle does not run on", wrapper: "8.5", files: map[string]string{
				"build.gradle": "plugins { id 'application' }\njava { toolchain { languageVersion = JavaLanguageVersion.of(25) } }\napplication { mainClass = 'M' }\n", mainFile: mainText,
			},
			want: map[string]string{"java.version": "25", "java.jdk": "21", "java.main": "M"},
			lines: []string{
				"eclipse-temurin:21-jdk-noble AS base", "FROM --platform=$BUILDPLATFORM eclipse-temurin:25-jdk-noble AS toolchain", "COPY --link --from=toolchain /opt/java/openjdk/ /opt/jdk-25/",
				"    /opt/jdk-25/bin/java -XX:TieredStopAtLevel=1 -cp build/image/classes M &", "sh gradlew --no-daemon -I /opt/image.gradle imageClasses -Porg.gradle.java.installations.paths=/opt/jdk-25", "COPY --link --from=build /src/build/image/classes/ classes/",
				`ENTRYPOINT ["java", "-cp", "classes", "M"]`,
			},
			absent: []string{"imageLibs\n", "/src/build/image/lib/"},
		},
		{
			name: "the Java that Gradle runs on compiles", wrapper: "9.1.0", files: map[string]string{"build.gradle": "plugins { id 'application' }\napplication { mainClass = 'M' }\n", "gradle/gradle-daemon-jvm.properties": "#x\ntoolchainVersion=21\n", ".java-version": "17\n", mainFile: mainText},
			want: map[string]string{"java.version": "21"}, lines: []string{"eclipse-temurin:21-jdk-noble AS base"},
		},
		{
			name: "a folder for jars", wrapper: "8.14.3", files: map[string]string{"build.gradle": strings.Replace(bootApp, "version = '1.0'", "base { libsDirectory = layout.buildDirectory.dir('out') }\nbootJar { destinationDirectory = file('dist') }\n", 1), "settings.gradle": settingsFile, mainFile: bootMain},
			lines: []string{"-jar dist/shop.jar extract"},
		},
		{
			name: "a folder of the build for jars", wrapper: "8.14.3", files: map[string]string{"build.gradle": strings.Replace(bootApp, "version = '1.0'", "libsDirName = 'jars'\n", 1), "settings.gradle": settingsFile, mainFile: bootMain},
			lines: []string{"-jar build/jars/shop.jar extract"},
		},
		{
			name: "an old Gradle", wrapper: "6.7.1", files: map[string]string{"build.gradle": "plugins { id 'application' }\nsourceCompatibility = '1.8'\nmainClassName = 'M'\n", mainFile: mainText},
			want: map[string]string{"java.version": "8", "java.main": "M"}, lines: []string{"eclipse-temurin:8-jdk-noble AS base"},
		},
		{
			name: "no Java is named, and Gradle bounds it", wrapper: "7.5", files: map[string]string{"build.gradle": "plugins { id 'application' }\nmainClassName = 'M'\n", mainFile: mainText},
			want: map[string]string{"java.version": "17"}, lines: []string{"eclipse-temurin:17-jdk-noble AS base"},
		},
		{
			name: "no Java is named, and Spring Boot bounds it", wrapper: "6.7.1", files: map[string]string{
				"build.gradle": "buildscript {\n  repositories { mavenCentral() }\n  dependencies { classpath('org.springframework.boot:spring-boot-gradle-plugin:1.5.9.RELEASE') }\n}\napply plugin: 'java'\napply plugin: 'org.springframework.boot'\ndependencies { compile('org.springframework.boot:spring-boot-starter-web') }\n",
				mainFile:       bootMain,
			},
			want: map[string]string{"java.version": "8", "port": "8080"}, lines: []string{"gradlew --no-daemon assemble"},
		},
		{
			name: "no wrapper", files: map[string]string{"build.gradle": bootApp + webDeps, "settings.gradle": settingsFile, mainFile: bootMain},
			want:  map[string]string{"java.build": "8.14"},
			lines: []string{"FROM --platform=$BUILDPLATFORM gradle:8.14-jdk21 AS base", "sharing=locked,from=deps,source=/home/gradle/.gradle,target=/home/gradle/.gradle", "    gradle --no-daemon bootJar"}, absent: []string{"gradlew"},
		},
		{
			name: "no wrapper, and an old plugin", files: map[string]string{"build.gradle": strings.ReplaceAll(bootApp, "3.5.7", "2.3.4.RELEASE"), "settings.gradle": settingsFile, mainFile: bootMain},
			want: map[string]string{"java.build": "6.9", "java.version": "11"},
		},
		{
			name: "the configuration cache", wrapper: "8.14.3", files: map[string]string{"build.gradle": bootApp, "settings.gradle": settingsFile, "gradle.properties": "org.gradle.configuration-cache=true\n", mainFile: bootMain},
			lines: []string{"gradlew --no-daemon bootJar \\\n", "fetchImage --no-configuration-cache"},
		},
		{
			name: "the version is computed", wrapper: "8.14.3", files: map[string]string{"build.gradle": strings.Replace(bootApp, "'1.0'", "file('VERSION').text.trim()", 1), "settings.gradle": settingsFile, mainFile: bootMain, "VERSION": "1"},
			lines: []string{"build/libs/shop-*.jar extract"},
		},
		{
			name: "the name and the version are computed", wrapper: "8.14.3", files: map[string]string{"build.gradle": strings.Replace(bootApp, "'1.0'", "file('VERSION').text.trim()", 1), mainFile: bootMain, "VERSION": "1"},
			lines: []string{"-jar build/libs/*.jar extract"},
		},
		{
			name: "the name is that of the folder", wrapper: "8.14.3", files: map[string]string{"build.gradle": strings.Replace(bootApp, "3.5.7", "2.6.3", 1) + "bootJar { layered { enabled = false } }\n", mainFile: bootMain},
			lines: []string{"COPY --link --from=build /src/build/libs/*-1.0.jar app.jar"},
		},
		{
			name: "modules", wrapper: "8.14.3", files: map[string]string{
				"settings.gradle": settingsFile + "include 'app', 'core', 'tools'\n", "build.gradle": "subprojects { apply plugin: 'java' }\n",
				"app/build.gradle":  "apply plugin: 'application'\napplication { mainClass = 'M' }\ndependencies { implementation project(':core')\n implementation 'io.javalin:javalin:6.1.0' }\n",
				"core/build.gradle": "dependencies { api 'com.google.guava:guava:33.0.0-jre' }\n", "tools/build.gradle": "",
				"app/" + mainFile: javalin("start(7000)"), "core/src/main/java/C.java": "class C {}", "tools/src/main/java/T.java": "class T {}", "core/src/test/java/T.java": "class T {}",
			},
			want: map[string]string{"java.module": "app", "port": "7000", "java.main": "M", "test": "gradle test"},
			lines: []string{
				"COPY settings.gradle build.gradle ./", "COPY app/build.gradle app/", "COPY . .", ":app:fetchImage :core:fetchImage", ":app:imageClasses :app:imageLibs",
				"COPY --link --from=build /src/app/build/image/lib/ lib/", "gradlew --no-daemon :app:test :core:test",
				"files() { ls -lR --full-time build.gradle app/build.gradle app/src core/build.gradle core/src; }",
			},
			absent: []string{":tools:"},
		},
		{
			name: "a module of other code", wrapper: "8.14.3", files: map[string]string{
				"settings.gradle": settingsFile + "include 'app', 'ui', 'more'\n", "app/build.gradle": bootApp + webDeps + "dependencies { runtimeOnly project(path: ':ui', configuration: 'dist') }\n", "app/" + mainFile: bootMain,
				"ui/build.gradle": "configurations { dist }\n", "more/build.gradle": "apply plugin: 'java'\n", "more/src/main/java/X.java": "class X {}",
			},
			lines: []string{" :app:fetchImage :ui:fetchImage\n", "gradlew --no-daemon :app:testClasses\n"},
		},
		{
			name: "a folder of one machine, and isolated projects", wrapper: "8.14.3", files: map[string]string{
				"build.gradle": bootApp + webDeps, "settings.gradle": settingsFile, mainFile: bootMain, "gradle.properties": "org.gradle.java.home=/Users/me/jdk\norg.gradle.unsafe.isolated-projects=true\n",
			},
			want:  map[string]string{"java.home": "/opt/java/openjdk"},
			lines: []string{"fetchImage -Dorg.gradle.java.home=/opt/java/openjdk --no-configuration-cache -Dorg.gradle.unsafe.isolated-projects=false\n", "gradlew --no-daemon bootJar -Dorg.gradle.java.home=/opt/java/openjdk \\\n"},
		},
		{
			name: "a JDK of another vendor", wrapper: "8.14.3", files: map[string]string{"build.gradle": bootApp + "java { toolchain {\n languageVersion = JavaLanguageVersion.of(21)\n vendor = JvmVendorSpec.AZUL\n} }\n", "settings.gradle": settingsFile, mainFile: bootMain, "src/test/java/T.java": "class T {}"},
			want: map[string]string{"java.toolchain": "azul/zulu-openjdk:21"},
			lines: []string{
				"FROM --platform=$BUILDPLATFORM azul/zulu-openjdk:21 AS toolchain\nRUN javac=", "eclipse-temurin:21-jdk-noble AS base", "COPY --link --from=toolchain /opt/jdk/ /opt/jdk-21/",
				"bootJar -Porg.gradle.java.installations.paths=/opt/jdk-21 ", "    /opt/jdk-21/bin/java -XX", "java21-debian13:nonroot AS prod",
			},
		},
		{
			name: "a JDK of another vendor, and of a Java that Gradle does not run on", wrapper: "8.5", files: map[string]string{"build.gradle.kts": "plugins { application }\nkotlin { jvmToolchain {\n languageVersion.set(JavaLanguageVersion.of(25))\n vendor.set(JvmVendorSpec.matching(\"IBM\"))\n} }\napplication { mainClass = \"M\" }\n", mainFile: mainText},
			want:  map[string]string{"java.toolchain": "ibm-semeru-runtimes:open-25-jdk-noble", "java.jdk": "21"},
			lines: []string{"FROM --platform=$BUILDPLATFORM ibm-semeru-runtimes:open-25-jdk-noble AS toolchain\n", "/opt/jdk-25/"},
		},
		{
			name: "a vendor whose JDK is downloaded", wrapper: "8.14.3", files: map[string]string{
				"build.gradle": bootApp + "java { toolchain {\n languageVersion = JavaLanguageVersion.of(21)\n vendor = JvmVendorSpec.JETBRAINS\n} }\n", mainFile: bootMain,
				"settings.gradle": "plugins { id 'org.gradle.toolchains.foojay-resolver-convention' version '1.0.0' }\n" + settingsFile,
			},
			absent: []string{"AS toolchain", "installations.paths"},
		},
		{
			name: "the images' own vendor", wrapper: "8.14.3", files: map[string]string{"build.gradle": bootApp + "java { toolchain {\n languageVersion = JavaLanguageVersion.of(21)\n vendor = JvmVendorSpec.ADOPTIUM\n} }\n", "settings.gradle": settingsFile, mainFile: bootMain},
			absent: []string{"AS toolchain", "installations.paths"},
		},
		{
			name: "an Android app beside the server", wrapper: "8.14.3", files: map[string]string{
				"settings.gradle": settingsFile + "include 'server', 'android', 'shared'\n", "server/build.gradle": bootApp + webDeps + "dependencies { implementation project(':shared') }\n", "server/" + mainFile: bootMain, "server/src/test/java/T.java": "class T {}",
				"android/build.gradle": "plugins { id 'com.android.application' version '8.7.3' }\n", "shared/build.gradle": "plugins { id 'org.jetbrains.kotlin.multiplatform' version '2.1.21' }\nkotlin { jvm() }\n",
			},
			want:  map[string]string{"java.module": "server", "java.android": "--configure-on-demand"},
			lines: []string{" :server:fetchImage :shared:fetchImage --configure-on-demand\n", "gradlew --no-daemon :server:test --configure-on-demand\n"},
		},
		{
			name: "a module of Android", wrapper: "8.14.3", files: map[string]string{
				"settings.gradle": settingsFile + "include 'server', 'shared'\n", "server/build.gradle": bootApp + webDeps + "dependencies { implementation project(':shared') }\n", "server/" + mainFile: bootMain, "server/src/test/java/T.java": "class T {}",
				"shared/build.gradle": "plugins { id 'com.android.library' version '8.7.3' }\n",
			},
			notes: "shared/build.gradle:1: asks for the Android SDK, which an image's build does not have",
		},
		{
			name: "modules of one name", wrapper: "8.14.3", files: map[string]string{
				"settings.gradle": settingsFile + "include 'a:core', 'b:core'\n", "build.gradle": "subprojects { if (name == 'core') apply plugin: 'java' }\napply plugin: 'application'\napplication { mainClass = 'M' }\ndependencies { implementation project(':a:core')\n implementation project(':b:core') }\n",
				mainFile: mainText, "a/core/src/main/java/A.java": "class A {}", "b/core/src/main/java/B.java": "class B {}",
			},
			lines: []string{`if (it.name in names) it.name = "${names.size()}-${it.name}"`},
		},
		{
			name: "a project without a script", wrapper: "9.1.0", files: map[string]string{
				"settings.gradle": settingsFile + "include 'app', 'core'\n", "build.gradle": "subprojects { apply plugin: 'java' }\n", "app/build.gradle": "apply plugin: 'application'\napplication { mainClass = 'M' }\n",
				"app/" + mainFile: mainText, "core/src/main/java/C.java": "class C {}",
			},
			lines: []string{"RUN mkdir -p core \\\n && sh gradlew"},
		},
		{
			name: "npm by the installed Node", wrapper: "8.14.3", files: map[string]string{
				"build.gradle": strings.Replace(bootApp, "}", "  id 'com.moowork.node' version '1.3.1'\n}", 1), "settings.gradle": settingsFile, mainFile: bootMain,
			},
			lines: []string{"FROM --platform=$BUILDPLATFORM node:", "COPY --link --from=node /usr/local/ /usr/local/"},
		},
		{
			name: "npm by a Node that is downloaded", wrapper: "8.14.3", files: map[string]string{
				"build.gradle": strings.Replace(bootApp, "}", "  id 'com.github.node-gradle.node' version '7.1.0'\n}\nnode { download = true }", 1), "settings.gradle": settingsFile, mainFile: bootMain,
			},
			absent: []string{"--from=node"},
		},
		{
			name: "Gradle before tasks.register", wrapper: "4.8", files: map[string]string{"build.gradle": "apply plugin: 'application'\nsourceCompatibility = '1.8'\nmainClassName = 'M'\n", mainFile: mainText},
			lines: []string{"tasks.create('imageClasses', Sync) {", `into "$buildDir/image/classes"`}, absent: []string{"tasks.register", "layout.buildDirectory"},
		},
		{
			name: "no wrapper, and a Java that the usual Gradle does not run on", files: map[string]string{
				"build.gradle": "plugins { id 'application' }\njava { sourceCompatibility = JavaVersion.VERSION_25 }\napplication { mainClass = 'M' }\n", mainFile: mainText,
			},
			want: map[string]string{"java.build": "9.7", "java.version": "25"}, lines: []string{"gradle:9.7-jdk25 AS base"},
		},
		{
			name: "a folder that Maven could not name", wrapper: "8.14.3", files: map[string]string{
				"settings.gradle": settingsFile + "include 'a+b'\n", "a+b/build.gradle": "plugins { id 'application' }\napplication { mainClass = 'M' }\n", "a+b/" + mainFile: mainText,
			},
			lines: []string{":a+b:imageClasses"},
		},
		{
			name: "a library is no program", wrapper: "8.14.3", files: map[string]string{
				"settings.gradle.kts": "rootProject.name = \"shop\"\ninclude(\"api\", \"web\")\n", "gradle/libs.versions.toml": "[plugins]\nboot = { id = \"org.springframework.boot\", version = \"3.5.7\" }\n",
				"api/build.gradle.kts": "plugins {\n  `java-library`\n}\n", "web/build.gradle.kts": "plugins {\n  java\n  alias(libs.plugins.boot)\n}\ndependencies { implementation(project(\":api\"))\n implementation(\"org.springframework.boot:spring-boot-starter-web\") }\n",
				"api/src/main/java/A.java": "class A {}", "web/" + mainFile: bootMain,
			},
			want: map[string]string{"java.module": "web", "port": "8080"}, lines: []string{":web:bootJar", "web/build/libs/web.jar extract --layers"},
		},
		{
			name: "Shadow", wrapper: "8.14.3", files: map[string]string{"build.gradle": "plugins {\n id 'application'\n id 'com.gradleup.shadow' version '9.0.0'\n}\nversion = '2'\napplication { mainClass = 'M' }\ndependencies { implementation 'io.javalin:javalin:6.1.0' }\n", "settings.gradle": settingsFile, mainFile: javalin("start(7000)")},
			lines: []string{"gradlew --no-daemon shadowJar", "COPY --link --from=build /src/build/libs/shop-*-all.jar app.jar"},
		},
		{
			name: "Quarkus", wrapper: "8.14.3", files: map[string]string{"build.gradle": "plugins {\n id 'java'\n id 'io.quarkus' version '3.28.4'\n}\ndependencies { implementation 'io.quarkus:quarkus-rest' }\n", mainFile: "class M {}"},
			want:  map[string]string{"port": "8080", "dev": "quarkusDev"},
			lines: []string{"gradlew --no-daemon quarkusBuild", "COPY --link --from=build /src/build/quarkus-app/lib/ lib/", `CMD ["sh", "gradlew", "--no-daemon", "quarkusDev", "-Dquarkus.http.host=0.0.0.0"]`},
		},
		{
			name: "Quarkus' one jar", wrapper: "8.14.3", files: map[string]string{
				"build.gradle": "plugins {\n id 'java'\n id 'io.quarkus' version '3.28.4'\n}\nversion = '1'\nquarkus { quarkusBuildProperties.put('quarkus.package.jar.type', 'uber-jar') }\n", "settings.gradle": settingsFile, mainFile: "class M {}",
				"src/main/resources/application.properties": "quarkus.native.enabled=true\n",
			},
			lines: []string{"gradlew --no-daemon quarkusBuild -Dquarkus.native.enabled=false -Dquarkus.package.jar.enabled=true", "COPY --link --from=build /src/build/shop-*-runner.jar app.jar"},
		},
		{
			name: "Quarkus' jar by set", wrapper: "8.14.3", files: map[string]string{"build.gradle": "plugins {\n id 'java'\n id 'io.quarkus' version '3.28.4'\n}\nquarkus { set('package.jar.type', 'uber-jar') }\n", "settings.gradle": settingsFile, mainFile: "class M {}"},
			lines: []string{"COPY --link --from=build /src/build/shop-runner.jar"},
		},
		{
			name: "Micronaut's plugin brings the server", wrapper: "8.14.3", files: map[string]string{"build.gradle": "plugins { id 'io.micronaut.application' version '4.5.4' }\nmicronaut { runtime('netty') }\napplication { mainClass = 'M' }\n", mainFile: mainText},
			want: map[string]string{"port": "8080"},
		},
		{
			name: "a war", files: map[string]string{"build.gradle": "plugins { id 'war' }\ndependencies { compileOnly 'jakarta.servlet:jakarta.servlet-api:6.0.0' }\n", "src/main/java/S.java": "class S {}"},
			want: map[string]string{"java.tomcat": "10.1"}, lines: []string{"gradle --no-daemon -I /opt/image.gradle imageWar", "COPY --link --from=build /src/build/image/webapp/ webapps/ROOT/", "    tasks.register('imageWar', Sync) {"},
		},
		{
			name: "Spring Boot's plugin makes no jar", wrapper: "8.14.3", files: map[string]string{
				"build.gradle": bootApp + webDeps + "bootJar { enabled = false }\ndependencies { developmentOnly 'org.springframework.boot:spring-boot-docker-compose' }\n", "settings.gradle": settingsFile, mainFile: bootMain,
			},
			lines: []string{"from(configurations.findByName('productionRuntimeClasspath') ?: configurations.runtimeClasspath)\n", "ENV SPRING_DOCKER_COMPOSE_ENABLED=false\nCOPY --chmod=755"},
		},
		{
			name: "files of the distribution", wrapper: "8.14.3", files: map[string]string{"build.gradle": "plugins { id 'application' }\napplication { mainClass = 'M' }\n", mainFile: mainText, "src/dist/conf/app.yml": "a: 1\n"},
			lines: []string{"COPY --link src/dist/ ./\n"},
		},
		{
			name: "options of the start scripts", wrapper: "8.14.3", files: map[string]string{"build.gradle": "plugins { id 'application' }\napplication {\n mainClass = 'M'\n applicationDefaultJvmArgs = ['-Xss2m', '-Dx=$(id)']\n}\n", mainFile: mainText},
			want: map[string]string{"java.options": "-Xss2m"},
		},
		{
			name: "Jib's settings", wrapper: "8.14.3", files: map[string]string{
				"build.gradle": "plugins {\n id 'java'\n id 'com.google.cloud.tools.jib' version '3.4.4'\n}\njib {\n to { image = 'ghcr.io/x/shop' }\n container {\n  mainClass = 'M'\n  ports = ['9091']\n  jvmFlags = ['-Xss2m']\n  environment = [SHOP_MODE: 'fast']\n  user = '1000'\n }\n}\n", "settings.gradle": settingsFile, mainFile: mainText,
			},
			want: map[string]string{"java.main": "M", "java.options": "-Xss2m"}, lines: []string{"EXPOSE 9091", "ENV SHOP_MODE=fast"},
		},
		{
			name: "production's property", wrapper: "8.14.3", files: map[string]string{
				"build.gradle": bootApp + webDeps + "if (project.hasProperty('prod')) { apply from: 'gradle/prod.gradle' } else { apply from: 'gradle/dev.gradle' }\n", "gradle/prod.gradle": "dependencies { runtimeOnly 'org.postgresql:postgresql' }\n", "gradle/dev.gradle": "",
				"settings.gradle": settingsFile, mainFile: bootMain,
			},
			want: map[string]string{"java.properties": "-Pprod"}, lines: []string{
				"COPY gradle/prod.gradle gradle/dev.gradle gradle/", "gradlew --no-daemon bootJar -Pprod \\\n", "fetchImage \\\n && sh gradlew --no-daemon -I /opt/image.gradle fetchImage -Pprod\n",
				"gradlew --no-daemon testClasses\n", "imageClasses imageLibs; then",
			},
		},
		{
			name: "jars of the repository's own projects", wrapper: "8.14.3", files: map[string]string{
				"settings.gradle": settingsFile + "include 'app', 'core', 'bom'\n", "app/build.gradle": "plugins { id 'application' }\napplication { mainClass = 'M' }\ndependencies { implementation project(':core') }\n",
				"core/build.gradle": "plugins { id 'java-library' }\n", "core/src/main/java/C.java": "class C {}", "app/" + mainFile: mainText,
			},
			lines: []string{
				"    // Those of the repository's own projects change more often.\n", "gradlew --no-daemon -I /opt/image.gradle :app:imageClasses :app:imageLibs :app:imageOwn\n",
				"COPY --link --from=build /src/app/build/image/lib/ lib/\nCOPY --link --from=build /src/app/build/image/own/ lib/\nCOPY --link --from=build /src/app/build/image/classes/ classes/\n",
				"-cp 'app/build/image/classes:app/build/image/lib/*:app/build/image/own/*' M",
			},
		},
		{
			name: "a platform of the repository's own has no jar", wrapper: "8.14.3", files: map[string]string{
				"settings.gradle": settingsFile + "include 'app', 'bom'\n", "app/build.gradle": "plugins { id 'application' }\napplication { mainClass = 'M' }\ndependencies { implementation platform(project(':bom'))\n implementation 'g:a:1' }\n",
				"bom/build.gradle": "plugins { id 'java-platform' }\n", "app/" + mainFile: mainText,
			},
			lines: []string{"gradlew --no-daemon -I /opt/image.gradle :app:imageClasses :app:imageLibs\n", "      from(configurations.runtimeClasspath)\n"}, absent: []string{"imageOwn", "image/own"},
		},
		{
			name: "the manifest that the code asks for", wrapper: "8.14.3", files: map[string]string{
				"settings.gradle": settingsFile, "build.gradle": "plugins { id 'application' }\napplication { mainClass = 'M' }\njar { manifest { attributes 'Implementation-Version': '1.2' } }\ndependencies { implementation 'g:a:1' }\n",
				mainFile: "class M {\n public static void main(String[] a) { System.out.println(M.class.getPackage().getImplementationVersion()); } }",
			},
			want:  map[string]string{"java.jar": "jar"},
			lines: []string{"      from(tasks.jar)\n", `ENTRYPOINT ["java", "-cp", "classes/*:lib/*", "M"]`, "-cp 'build/image/classes/*:build/image/lib/*' M"}, absent: []string{"sourceSets.main.output"},
		},
		{
			name: "a manifest that nobody writes", wrapper: "8.14.3", files: map[string]string{
				"settings.gradle": settingsFile, "build.gradle": "plugins { id 'application' }\napplication { mainClass = 'M' }\njar { manifest { attributes 'Main-Class': 'M' } }\ndependencies { implementation 'g:a:1' }\n",
				mainFile: "class M { public static void main(String[] a) { M.class.getPackage().getImplementationVersion(); } }",
			},
			lines: []string{`"classes:lib/*"`}, absent: []string{"tasks.jar"},
		},
		{
			name: "CI's property", wrapper: "8.14.3", files: map[string]string{
				"build.gradle": bootApp + webDeps + "if (project.hasProperty('include-ui')) { println 'x' }\n", "settings.gradle": settingsFile, mainFile: bootMain,
				".github/workflows/build.yml": "jobs: {b: {steps: [{run: ./gradlew build -Pinclude-ui=true -Pversion=3 -PapiToken=x -Pother}]}}\n",
			},
			want: map[string]string{"java.properties": "-Pinclude-ui=true"},
		},
		{
			name: "a program with windows beside the server", wrapper: "8.14.3", files: map[string]string{
				"settings.gradle": settingsFile + "include 'server', 'tray'\n", "server/build.gradle": bootApp + webDeps, "server/" + mainFile: bootMain,
				"tray/build.gradle": "plugins {\n id 'application'\n id 'org.jetbrains.compose' version '1.7.0'\n}\napplication { mainClass = 'T' }\ndependencies { implementation project(':server') }\n", "tray/src/main/java/T.java": "class T { public static void main(String[] a) {} }",
			},
			want: map[string]string{"java.module": "server"},
		},
		{
			name: "the commit's id", wrapper: "8.14.3", files: map[string]string{"build.gradle": strings.Replace(bootApp, "}", "  id 'com.gorylenko.gradle-git-properties' version '2.4.1'\n}", 1), "settings.gradle": settingsFile, mainFile: bootMain},
			want: map[string]string{"java.skip": "-x generateGitProperties"},
		},
		{
			name: "the jar of a library stays the same", wrapper: "8.14.3", files: map[string]string{"settings.gradle": settingsFile + "include 'app', 'core'\n", "app/build.gradle": "apply plugin: 'application'\napplication { mainClass = 'M' }\ndependencies { implementation project(':core') }\n", "app/" + mainFile: mainText, "core/build.gradle": "apply plugin: 'java'\n"},
			want: map[string]string{"java.module": "app"}, lines: []string{"  tasks.withType(AbstractArchiveTask).configureEach {\n    preserveFileTimestamps = false"},
		},
		{
			name: "the jar of a library in an old Gradle", wrapper: "4.8", files: map[string]string{"settings.gradle": settingsFile + "include 'app', 'core'\n", "app/build.gradle": "apply plugin: 'application'\nmainClassName = 'M'\ndependencies { compile project(':core') }\n", "app/" + mainFile: mainText, "core/build.gradle": "apply plugin: 'java'\n"},
			want: map[string]string{"java.module": "app"}, lines: []string{"  tasks.withType(AbstractArchiveTask) {\n"},
		},
		{
			name: "Gradle 9 does so itself", wrapper: "9.1.0", files: map[string]string{"settings.gradle": settingsFile + "include 'app', 'core'\n", "app/build.gradle": "apply plugin: 'application'\napplication { mainClass = 'M' }\ndependencies { implementation project(':core') }\n", "app/" + mainFile: mainText, "core/build.gradle": "apply plugin: 'java'\n"},
			want: map[string]string{"java.module": "app"}, absent: []string{"AbstractArchiveTask"},
		},
		{
			name: "Gradle is to run on another Java than the toolchain's", wrapper: "8.14.3", files: map[string]string{"build.gradle": "plugins { id 'application' }\njava { toolchain { languageVersion = JavaLanguageVersion.of(21) } }\napplication { mainClass = 'M' }\n", mainFile: mainText, "gradle/gradle-daemon-jvm.properties": "toolchainVersion=17\n"},
			want: map[string]string{"java.version": "21", "java.jdk": "17"}, lines: []string{"eclipse-temurin:17-jdk-noble AS base", "eclipse-temurin:21-jdk-noble AS toolchain", "-Porg.gradle.java.installations.paths=/opt/jdk-21"},
		},
		{
			name: "Gradle is to run on a newer Java", wrapper: "8.14.3", files: map[string]string{"build.gradle": "plugins { id 'application' }\njava { sourceCompatibility = JavaVersion.VERSION_17 }\napplication { mainClass = 'M' }\n", mainFile: mainText, "gradle/gradle-daemon-jvm.properties": "toolchainVersion=21\n"},
			want: map[string]string{"java.version": "17", "java.jdk": "21"}, lines: []string{"eclipse-temurin:21-jdk-noble AS base"},
		},
		{
			name: "Gradle is to run on a Java, and nothing else names one", wrapper: "9.1.0", files: map[string]string{"build.gradle": "plugins { id 'application' }\napplication { mainClass = 'M' }\n", mainFile: mainText, "gradle/gradle-daemon-jvm.properties": "toolchainVersion=25\n"},
			want: map[string]string{"java.version": "25", "java.jdk": ""}, lines: []string{"eclipse-temurin:25-jdk-noble AS base"},
		},
		{
			name: "the Gradle before 8.8 does not read that", wrapper: "8.5", files: map[string]string{"build.gradle": "plugins { id 'application' }\njava { toolchain { languageVersion = JavaLanguageVersion.of(21) } }\napplication { mainClass = 'M' }\n", mainFile: mainText, "gradle/gradle-daemon-jvm.properties": "toolchainVersion=17\n"},
			want: map[string]string{"java.version": "21", "java.jdk": ""}, lines: []string{"eclipse-temurin:21-jdk-noble AS base"},
		},
		{
			name: "a Java that has no image", wrapper: "8.14.3", files: map[string]string{"build.gradle": "plugins { id 'application' }\njava { toolchain { languageVersion = JavaLanguageVersion.of(21) } }\napplication { mainClass = 'M' }\n", mainFile: mainText, "gradle/gradle-daemon-jvm.properties": "toolchainVersion=x\n"},
			want: map[string]string{"java.version": "21", "java.jdk": ""}, lines: []string{"eclipse-temurin:21-jdk-noble AS base"},
		},
		{
			name: "git", wrapper: "8.14.3", files: map[string]string{"build.gradle": bootApp + webDeps + "version = 'git describe'.execute().text\n", "settings.gradle": settingsFile, mainFile: bootMain, "src/test/java/T.java": "class T {}"},
			notes: "build.gradle:7: runs git while Gradle configures the build, for which an image's build has no history: it fails unless the script goes on without",
		},
		{
			name: "the wrapper's jar is missing", wrapper: "8.5", files: map[string]string{"build.gradle": bootApp, "settings.gradle": settingsFile, mainFile: bootMain, "gradle/wrapper/gradle-wrapper.jar": ""},
			want: map[string]string{"java.build": "8.14"},
		},
		{
			name: "Maven beside it", wrapper: "8.14.3", files: map[string]string{"build.gradle": bootApp, "settings.gradle": settingsFile, "pom.xml": pom(boot("3.5.7")), mainFile: bootMain},
			want: map[string]string{"java.tool": "maven"},
		},
		{
			name: "CI builds with both", wrapper: "8.14.3", files: map[string]string{
				"build.gradle": bootApp, "settings.gradle": settingsFile, "pom.xml": pom(boot("3.5.7")), mainFile: bootMain,
				".github/workflows/gradle.yml": "jobs: {b: {steps: [{run: ./gradlew build}]}}\n", ".github/workflows/maven.yml": "jobs: {b: {steps: [{run: ./mvnw -B verify}]}}\n",
			},
			want: map[string]string{"java.tool": "maven"},
		},
		{
			name: "CI builds with Gradle alone", wrapper: "8.14.3", files: map[string]string{
				"build.gradle": bootApp, "settings.gradle": settingsFile, "pom.xml": pom(boot("3.5.7")), mainFile: bootMain,
				".github/workflows/gradle.yml": "jobs: {b: {steps: [{run: ./gradlew build}]}}\n", ".github/workflows/maven.yml": "jobs: {b: {steps: [{run: ./mvnw -v}]}}\n",
			},
			want: map[string]string{"java.tool": "gradle"},
		},
		{
			name: "Maven beside it, and the Dockerfile calls Gradle", wrapper: "8.14.3", files: map[string]string{"build.gradle": bootApp, "settings.gradle": settingsFile, "pom.xml": pom(boot("3.5.7")), mainFile: bootMain, "Dockerfile": "FROM gradle:8 AS build\nWORKDIR /x\nCOPY . .\nRUN gradle bootJar -Pprod -Pui=1\n"},
			want: map[string]string{"java.tool": "gradle"}, lines: []string{"gradlew --no-daemon bootJar -Pui=1 -Pprod", "testClasses -Pui=1\n"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{}
			if tt.wrapper != "" {
				maps.Copy(files, wrapper(tt.wrapper))
			}
			maps.Copy(files, tt.files)
			if files["gradle/wrapper/gradle-wrapper.jar"] == "" {
				delete(files, "gradle/wrapper/gradle-wrapper.jar")
			}
			app, err := decide(t, files)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for _, c := range app.Choices {
				got[c.Key] = c.Value
			}
			for key, value := range tt.want {
				if got[key] != value {
					t.Errorf("%s is %q, want %q", key, got[key], value)
				}
			}
			if tt.notes != "" {
				var notes []string
				for _, n := range app.Notes {
					notes = append(notes, n.Pos.String()+": "+n.Text)
				}
				if d := strings.Join(notes, "\n"); d != tt.notes {
					t.Errorf("the notes are %s", d)
				}
			}
			text := render(t, app)
			for _, line := range tt.lines {
				if !strings.Contains(text, line) {
					t.Errorf("no line has %q in\n%s", line, text)
				}
			}
			for _, line := range tt.absent {
				if strings.Contains(text, line) {
					t.Errorf("%q is in\n%s", line, text)
				}
			}
		})
	}
}

// TestHostileGradle holds that no value of a script adds an instruction.
func TestHostileGradle(t *testing.T) {
	files := func(value string) map[string]string {
		out := wrapper("8.14.3")
		maps.Copy(out, map[string]string{
			"settings.gradle": "rootProject.name = 'shop'\ninclude 'app', 'core'\nproject(':core').name = '" + value + "'\n", "gradle.properties": "org.gradle.java.home=" + value + "\n",
			"app/build.gradle":  "apply plugin: 'application'\nversion = '" + value + "'\nbuildDir = '" + value + "'\napplication { mainClass = '" + value + "'\n applicationDefaultJvmArgs = ['-D" + value + "'] }\ndependencies { implementation 'g:a:1' }\n",
			"core/build.gradle": "apply plugin: 'java'\narchivesBaseName = '" + value + "'\n", "app/" + mainFile: mainText, "core/src/main/java/C.java": "class C {}",
		})
		return out
	}
	want := count(t, files("x"))
	if want == nil {
		t.Fatal("the plain one is refused")
	}
	for _, value := range []string{"$(id)", "`id`", "a b", `a"b`, "a\\'b", `a\nRUN id`, "${x}", "$X", "a;id", "<<EOF", "EOF", "../../x", "--x", "a,b", "#x", "é", "*", "\x1b[31m"} {
		if got := count(t, files(value)); got != nil && !slices.Equal(got, want) {
			t.Errorf("%q: got %v, want %v", value, got, want)
		}
	}
}
