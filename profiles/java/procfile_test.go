package java_test

import (
	"maps"
	"strings"
	"testing"
)

// TestProcfile: prod starts with the options and the arguments of the Procfile's web, but for what its platform alone has.
func TestProcfile(t *testing.T) {
	shade := plugin(mvn+"maven-shade-plugin", execution("shade", "<transformers><transformer><mainClass>M</mainClass></transformer></transformers>"))
	const listens = "import com.sun.net.httpserver.HttpServer; class M { public static void main(String[] a) { HttpServer.create(new java.net.InetSocketAddress(Integer.parseInt(a[0])), 0); } }"
	const plain = `ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=75 -XX:+ExitOnOutOfMemoryError`
	for name, tt := range map[string]struct {
		line  string
		files map[string]string
		set   []string
		want  []string
		note  string
	}{
		"arguments":                   {"web: java -jar target/a-1.jar --level 2", nil, nil, []string{`CMD ["app.jar", "--level", "2"]`, plain + `"`, " M --level 2 &"}, ""},
		"options":                     {"web: java $JAVA_OPTS -Dx.y=z -Xss512k -Xmx300m -XX:MaxRAMPercentage=80 -jar target/a-1.jar", nil, nil, []string{`CMD ["app.jar"]`, plain + ` -Dx.y=z -Xss512k"`}, ""},
		"a path of the jar":           {"web: java -jar ./target/a-*.jar -q", nil, nil, []string{`CMD ["app.jar", "-q"]`}, ""},
		"a class":                     {"web: java -cp target/classes:target/dependency/* M one", nil, nil, []string{`CMD ["app.jar", "one"]`}, ""},
		"the platform's port":         {"web: java -Dserver.port=$PORT -jar target/a-1.jar --server.port=$PORT", nil, nil, []string{`CMD ["app.jar"]`, plain + `"`}, ""},
		"a variable among them":       {"web: java -jar target/a-1.jar --name x --port $PORT --tail", nil, nil, []string{`CMD ["app.jar", "--name", "x"]`}, "arguments in which variables stand"},
		"the port among them":         {"web: java -jar target/a-1.jar serve --port 7001", map[string]string{mainFile: listens}, nil, []string{"EXPOSE 7001\n"}, ""},
		"the port joined to its name": {"web: java -jar target/a-1.jar --http-port=7001", map[string]string{mainFile: listens}, nil, []string{"EXPOSE 7001\n"}, ""},
		"a port that is none":         {"web: java -jar target/a-1.jar --port 70000", map[string]string{mainFile: listens}, nil, []string{`"--port", "70000"]`}, ""},
		"the port of a start command": {"web: java -jar x.jar", map[string]string{mainFile: listens}, []string{"start=[java, -jar, app.jar, -port, 7002]"}, []string{"EXPOSE 7002\n"}, ""},
		"a file":                      {"web: java -jar target/a-1.jar -conf conf/live.json", map[string]string{"conf/live.json": "{}"}, nil, []string{`CMD ["app.jar", "-conf", "conf/live.json"]`, "COPY --link conf/live.json conf/\n"}, ""},
		"another jar":                 {"web: java -jar target/dependency/webapp-runner.jar --port 80 target/a.war", nil, nil, []string{`CMD ["app.jar"]`}, ""},
		"another class":               {"web: java -cp target/classes N one", nil, nil, []string{`CMD ["app.jar"]`}, ""},
		"another process":             {"worker: java -jar target/a-1.jar --work", nil, nil, []string{`CMD ["app.jar"]`}, "runs worker beside the app"},
		"beside an own image":         {"web: java -jar target/a-1.jar --heroku", map[string]string{"Dockerfile": "FROM eclipse-temurin:21\nCOPY target/a-1.jar /\nENTRYPOINT [\"java\", \"-jar\", \"/a-1.jar\"]\n"}, nil, []string{`"app.jar"]`}, ""},
		"beside an asked for start":   {"web: java -jar target/a-1.jar --heroku", nil, []string{"start=[java, -jar, app.jar, --mine]"}, []string{`"--mine"]`}, ""},
		"a quote and a command":       {"web: java -jar target/a-1.jar 'a\"b' `id` $(id)", nil, nil, []string{`CMD ["app.jar", "a\"b"]`}, "arguments in which variables stand"},
		"a secret among the options":  {"web: java -Ddb.password=hunter2 -jar target/a-1.jar", nil, nil, []string{plain + `"`}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(shade), mainFile: mainText, "Procfile": tt.line + "\n"}
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
			var said []string
			for _, n := range app.Notes {
				if n.Pos.File == "Procfile" {
					said = append(said, n.Text)
				}
			}
			if all := strings.Join(said, "\n"); tt.note == "" && all != "" || !strings.Contains(all, tt.note) {
				t.Errorf("notes %q, want %q", all, tt.note)
			}
		})
	}
}

// TestModuleLayers: the jars of the build's own modules have a layer beside that of the libraries, which a code edit leaves as it is.
func TestModuleLayers(t *testing.T) {
	child := func(name, body string) string {
		return "<project><parent><groupId>g</groupId><artifactId>a</artifactId><version>1</version></parent><artifactId>" + name + "</artifactId>" + body + "</project>"
	}
	core := strings.Replace(dependency("g:core", "compile"), "</dependency>", "</dependency>"+dependency("x:y", "compile"), 1)
	uses := "<dependencies>" + core + "</dependencies>"
	copied := func(more string) string {
		return strings.Replace(plugin(mvn+"maven-jar-plugin", "<configuration><archive><manifest><mainClass>M</mainClass><addClasspath>true</addClasspath><classpathPrefix>lib/</classpathPrefix></manifest></archive></configuration>"),
			"</plugins>", "<plugin><groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId>"+execution("copy-dependencies", "<outputDirectory>${project.build.directory}/lib</outputDirectory>"+more)+"</plugin></plugins>", 1)
	}
	quarkus := plugin("io.quarkus.platform:quarkus-maven-plugin", "<version>3.33.2</version>"+execution("build", ""))
	whole := []string{"COPY --link --from=build /src/web/target/quarkus-app/lib/ lib/\n"}
	for name, tt := range map[string]struct {
		web, core string
		want      []string
		lacks     string
	}{
		"a class path": {uses, "", []string{
			"COPY --link --from=build --exclude=core-*.jar /src/web/target/dependency/ lib/\n",
			"COPY --link --from=build /src/web/target/dependency/core-*.jar lib/\n",
		}, ""},
		"a manifest": {uses + copied(""), "", []string{
			"COPY --link --from=build --exclude=core-*.jar /src/web/target/lib/ lib/\n",
			"COPY --link --from=build /src/web/target/lib/core-*.jar lib/\n",
		}, ""},
		"a manifest, other names": {uses + copied("<stripVersion>true</stripVersion>"), "", []string{"COPY --link --from=build /src/web/target/lib/ lib/\n"}, "core-"},
		"a war": {"<packaging>war</packaging>" + uses, "", []string{
			"COPY --link --from=build --exclude=core-*.jar /src/web/target/web-1/WEB-INF/lib/ webapps/ROOT/WEB-INF/lib/\n",
			"COPY --link --from=build /src/web/target/web-1/WEB-INF/lib/core-*.jar webapps/ROOT/WEB-INF/lib/\n",
			"COPY --link --from=build --exclude=WEB-INF/lib /src/web/target/web-1/ webapps/ROOT/\n",
		}, ""},
		"a war, other names": {"<packaging>war</packaging>" + uses + plugin(mvn+"maven-war-plugin", "<configuration><outputFileNameMapping>@{artifactId}@.jar</outputFileNameMapping></configuration>"), "", []string{
			"COPY --link --from=build /src/web/target/web-1/WEB-INF/lib/ webapps/ROOT/WEB-INF/lib/\n",
		}, "core-"},
		"a war without libraries": {"<packaging>war</packaging><dependencies>" + dependency("jakarta.servlet:jakarta.servlet-api", "provided") + "</dependencies>", "", []string{
			"COPY --link --from=build /src/web/target/web-1/ webapps/ROOT/\n",
		}, "WEB-INF"},
		"Quarkus": {uses + quarkus, "", []string{
			"COPY --link --from=build --exclude=main/g.core-*.jar /src/web/target/quarkus-app/lib/ lib/\n",
			"COPY --link --from=build /src/web/target/quarkus-app/lib/main/g.core-*.jar lib/main/\n",
		}, ""},
		"Quarkus, a module with a name of its own": {uses + quarkus, "<build><finalName>c</finalName></build>", whole, "core-"},
		"Quarkus, a module that is optional":       {strings.Replace(uses, "</dependency>", "<optional>true</optional></dependency>", 1) + quarkus, "", whole, "core-"},
		"Quarkus, an extension":                    {uses + quarkus, plugin("io.quarkus:quarkus-extension-maven-plugin", ""), whole, "core-"},
		"a module of POMs alone":                   {uses, "<packaging>pom</packaging>", []string{"COPY --link --from=build /src/web/target/dependency/ lib/\n"}, "core-*"},
	} {
		t.Run(name, func(t *testing.T) {
			app, err := decide(t, map[string]string{
				"pom.xml":     pom("<packaging>pom</packaging><modules><module>core</module><module>web</module></modules>"),
				"web/pom.xml": child("web", tt.web), "web/" + mainFile: mainText, "core/pom.xml": child("core", tt.core), "core/src/main/java/C.java": "class C {}",
			})
			if err != nil {
				t.Fatal(err)
			}
			text := after(render(t, app), "AS prod")
			for _, line := range tt.want {
				if !strings.Contains(text, line) {
					t.Errorf("no %q in\n%s", line, text)
				}
			}
			if tt.lacks != "" && strings.Contains(text, tt.lacks) {
				t.Errorf("%q in\n%s", tt.lacks, text)
			}
		})
	}
}

// TestVerticle: dev starts what the manifest of Vert.x's jar has its launcher start.
func TestVerticle(t *testing.T) {
	jar := func(launcher string) string {
		return plugin(mvn+"maven-shade-plugin", execution("shade", "<transformers><transformer><manifestEntries><Main-Class>"+launcher+"</Main-Class><Main-Verticle>x.V</Main-Verticle></manifestEntries></transformer></transformers>"))
	}
	for launcher, want := range map[string]string{
		"io.vertx.launcher.application.VertxApplication": "io.vertx.launcher.application.VertxApplication x.V &",
		"io.vertx.core.Launcher":                         "io.vertx.core.Launcher run x.V &",
		"x.Own":                                          " x.Own &",
	} {
		for build, files := range map[string]map[string]string{
			"Maven":  {"pom.xml": pom(jar(launcher))},
			"Gradle": {"build.gradle": "plugins { id 'java'\n application\n id 'com.gradleup.shadow' version '8.3.0' }\nshadowJar { manifest { attributes('Main-Class': '" + launcher + "', 'Main-Verticle': 'x.V') } }\n"},
		} {
			files["src/main/java/x/V.java"] = "package x; class V {}"
			app, err := decide(t, files)
			if err != nil {
				t.Fatal(err)
			}
			if text := render(t, app); !strings.Contains(text, want) {
				t.Errorf("%s, %s: no %q in\n%s", build, launcher, want, text)
			}
		}
	}
}
