package java_test

import (
	"maps"
	"strings"
	"testing"
)

// TestScripts: prod starts what a start script that the build writes starts, as it does.
func TestScripts(t *testing.T) {
	const (
		lib      = "io.javalin:javalin:6.7.0"
		assemble = "<executions><execution><goals><goal>assemble</goal></goals></execution></executions>"
		config   = "src/main/config/app.properties"
	)
	programs := func(list string, more ...string) string {
		return dependencies(lib) + plugin("org.codehaus.mojo:appassembler-maven-plugin", assemble+"<configuration>"+strings.Join(more, "")+"<programs>"+list+"</programs></configuration>")
	}
	program := func(name, class string, more ...string) string {
		return "<program><id>" + name + "</id><mainClass>" + class + "</mainClass>" + strings.Join(more, "") + "</program>"
	}
	arguments := func(list ...string) string {
		return "<commandLineArguments><commandLineArgument>" + strings.Join(list, "</commandLineArgument><commandLineArgument>") + "</commandLineArgument></commandLineArguments>"
	}
	extra := func(list ...string) string {
		return "<jvmSettings><maxMemorySize>300m</maxMemorySize><systemProperties><systemProperty>a.b=c</systemProperty></systemProperties><extraArguments><extraArgument>" +
			strings.Join(list, "</extraArgument><extraArgument>") + "</extraArgument></extraArguments></jvmSettings>"
	}
	const two = "class N { public static void main(String[] a) {} }"
	copied := "<copyConfigurationDirectory>true</copyConfigurationDirectory>"
	for name, tt := range map[string]struct {
		pom   string
		files map[string]string
		set   []string
		want  []string
		not   string
		err   string
	}{
		"the only one": {programs(program("run", "N")), nil, nil, []string{`ENTRYPOINT ["java", "-cp", "classes:lib/*", "N"]`, `target/classes:"$(cat /tmp/classpath)" N &`}, "", ""},
		"of several, the one with the project's name": {
			programs(program("other", "M") + program("app", "N", arguments("serve", "--port", "8123"))), nil, nil,
			[]string{`"N", "serve", "--port", "8123"]`, " N serve --port 8123 &"},
			"", "",
		},
		"of several, the one that the Procfile starts": {
			programs(program("app", "M") + program("web", "N", arguments("serve"))),
			map[string]string{"Procfile": "web: sh target/appassembler/bin/web --fast\n"},
			nil,
			[]string{`"N", "serve", "--fast"]`},
			"", "",
		},
		"the same class with other arguments": {
			programs(program("app", "N", arguments("serve")) + program("migrate", "N", arguments("migrate"))),
			map[string]string{"Procfile": "web: target/appassembler/bin/app\n"},
			nil,
			[]string{`"N", "serve"]`},
			"", "",
		},
		"of several, the one that is asked for": {programs(program("app", "M") + program("x", "N", arguments("on"))), nil, []string{"main=N"}, []string{`"N", "on"]`}, "", ""},
		"for Windows alone":                     {programs(program("app", "N", "<platforms><platform>windows</platform></platforms>") + program("x", "M")), nil, nil, []string{`"M"]`}, "", ""},
		"none of several":                       {programs(program("x", "M") + program("y", "N")), nil, nil, nil, "", "2 classes have a main method"},
		"options": {
			programs(program("app", "N", extra("--enable-preview", "-Dlog=$BASEDIR/etc/log.xml", "-XX:+Nonsense", "-Djdbc.password=hunter2"))), nil, nil,
			[]string{`-XX:+ExitOnOutOfMemoryError -Xmx300m -Da.b=c --enable-preview"`, "java -XX:TieredStopAtLevel=1 -Xmx300m -Da.b=c --enable-preview -cp"},
			"hunter2", "",
		},
		"options of all": {
			programs(program("app", "N"), "<extraJvmArguments>-Xss2m -Dx=y</extraJvmArguments>"), nil, nil,
			[]string{`-XX:+ExitOnOutOfMemoryError -Xss2m -Dx=y"`},
			"", "",
		},
		"configuration": {
			programs(program("app", "N", extra("-Dlog=$BASEDIR/etc/log.xml")), copied),
			map[string]string{config: ""},
			nil,
			[]string{`"-cp", "etc:classes:lib/*", "N"]`, "COPY --link --from=build /src/target/appassembler/etc/ etc/\n", "-Dlog=etc/log.xml\"", "-Dlog=src/main/config/log.xml -cp src/main/config:target/classes:"},
			"", "",
		},
		"configuration, and the plugin runs by hand alone": {
			strings.Replace(programs(program("app", "N"), copied+"<configurationDirectory>conf</configurationDirectory>"), assemble, "", 1),
			map[string]string{config: ""},
			nil,
			[]string{`"-cp", "conf:classes:lib/*", "N"]`, "COPY --link src/main/config/ conf/\n"},
			"target/appassembler", "",
		},
		"configuration that is not there":    {programs(program("app", "N"), copied), nil, nil, []string{`"-cp", "classes:lib/*", "N"]`}, "etc", ""},
		"configuration of elsewhere":         {programs(program("app", "N"), copied+"<configurationDirectory>/etc</configurationDirectory>"), map[string]string{config: ""}, nil, []string{"appassembler/etc/ etc/\n"}, "COPY --link --from=build /src/target/appassembler/etc/ /", ""},
		"configuration, and a cache":         {programs(program("app", "N"), copied), map[string]string{config: ""}, []string{"startup=cache"}, nil, "", "the start script has a folder of configuration on its class path"},
		"arguments with an open reference":   {programs(program("app", "N", arguments("${unknown}"))), nil, nil, []string{`"N"]`}, "unknown", ""},
		"hostile names":                      {programs(program("a\nRUN id", "N", arguments("x'; id #\nUSER root"), extra("-Dx=$(id)"))), nil, nil, []string{`ENTRYPOINT ["java", "-cp", "classes:lib/*", "N"]`}, "\nUSER root", ""},
		"a hostile class":                    {programs(program("app", "N;id") + program("x", "M")), nil, nil, []string{`"M"]`}, "N;id", ""},
		"Vert.x's plugin":                    {dependencies("io.vertx:vertx-core", "io.vertx:vertx-launcher-application") + plugin("io.reactiverse:vertx-maven-plugin", execution("package", "<verticle>v.V</verticle>")), nil, nil, []string{`CMD ["app.jar"]`, "/src/target/a-*.jar app.jar", "io.vertx.launcher.application.VertxApplication v.V &"}, "", ""},
		"Vert.x's plugin before Vert.x 5":    {"<properties><vertx.verticle>v.V</vertx.verticle></properties>" + dependencies("io.vertx:vertx-core") + plugin("io.fabric8:vertx-maven-plugin", execution("package", "")), nil, nil, []string{`CMD ["app.jar"]`, "io.vertx.core.Launcher run v.V &"}, "", ""},
		"Vert.x's plugin with a main class":  {dependencies("io.vertx:vertx-core") + plugin("io.reactiverse:vertx-maven-plugin", execution("package", "<launcher>N</launcher><classifier>fat</classifier>")), nil, nil, []string{`CMD ["app.jar"]`, "/src/target/a-*-fat.jar app.jar", `" N &`}, "", ""},
		"Vert.x's plugin names its jar":      {dependencies("io.vertx:vertx-core") + plugin("io.reactiverse:vertx-maven-plugin", execution("package", "<launcher>N</launcher><archive><outputFileName>all.jar</outputFileName></archive>")), nil, nil, []string{"/src/target/all.jar ./", `CMD ["all.jar"]`}, "", ""},
		"Vert.x's plugin, which is to skip":  {dependencies("io.vertx:vertx-core") + plugin("io.reactiverse:vertx-maven-plugin", execution("package", "<verticle>v.V</verticle><skip>true</skip>")), nil, []string{"main=N"}, []string{`"classes:lib/*", "N"]`}, "", ""},
		"Vert.x's plugin, and a hostile one": {dependencies("io.vertx:vertx-core") + plugin("io.reactiverse:vertx-maven-plugin", execution("package", "<verticle>v.V $(id)</verticle>")), nil, nil, []string{`CMD ["app.jar"]`}, "$(id)", ""},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(tt.pom), mainFile: mainText, "src/main/java/N.java": two}
			maps.Copy(files, tt.files)
			app, err := decide(t, files, tt.set...)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("error %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			text := render(t, app)
			for _, line := range tt.want {
				if !strings.Contains(text, line) {
					t.Errorf("no %q in\n%s", line, text)
				}
			}
			if tt.not != "" && strings.Contains(text, tt.not) {
				t.Errorf("%q in\n%s", tt.not, text)
			}
		})
	}
}
