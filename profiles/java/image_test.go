package java_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestMadeImage: what the plugins of Maven say of the image that they make is the contract of prod, as a Dockerfile's would be.
func TestMadeImage(t *testing.T) {
	jib := func(config string) string {
		return plugin("com.google.cloud.tools:jib-maven-plugin", "<configuration>"+config+"</configuration>")
	}
	dmp := func(config string) string {
		return plugin("io.fabric8:docker-maven-plugin", "<configuration>"+config+"</configuration>")
	}
	const script = "#!/bin/bash\nexec java $JAVA_OPTS -cp @/app/jib-classpath-file @/app/jib-main-class-file \"$@\"\n"
	const entry = "<container><mainClass>M</mainClass><entrypoint>/start.sh</entrypoint></container>"
	for _, tt := range []struct {
		name   string
		pom    string
		files  map[string]string
		lines  []string
		absent []string
	}{
		{
			"Jib: ports, volumes, variables, labels, options and arguments",
			jib("<container><mainClass>M</mainClass><jvmFlags><jvmFlag>-Xss512k</jvmFlag><jvmFlag>-Dmode=live</jvmFlag></jvmFlags><args><arg>serve</arg></args><ports><port>9000</port><port>53/udp</port></ports>" +
				"<volumes><volume>\n/var/lib/shop/\n</volume></volumes><environment><MODE>live</MODE><DB_PASSWORD>hunter2hunter2</DB_PASSWORD></environment><labels><org.opencontainers.image.vendor>Acme</org.opencontainers.image.vendor></labels></container>"),
			nil,
			[]string{"-Xss512k -Dmode=live", "EXPOSE 9000", "EXPOSE 53/udp", "/folders/var/lib/shop/ /var/lib/shop/", "ENV MODE=live", `LABEL org.opencontainers.image.vendor=Acme`, `"serve"`},
			[]string{"hunter2"},
		},
		{
			"Jib: properties, with commas",
			"<properties><jib.container.ports>9000,9001</jib.container.ports><jib.container.jvmFlags>-Xmx256m, -Xss1m</jib.container.jvmFlags></properties>" + jib(""),
			nil,
			[]string{"EXPOSE 9000", "EXPOSE 9001", "-Xmx256m -Xss1m"},
			nil,
		},
		{
			"Jib: a script that reads Jib's files",
			jib(entry),
			map[string]string{"src/main/jib/start.sh": script},
			[]string{"/src/target/classes/ classes/", "/out/jib-classpath-file ./", `echo "/app/classes" > /out/jib-classpath-file && echo "M" > /out/jib-main-class-file`, "COPY --link src/main/jib/start.sh /start.sh", `ENTRYPOINT ["bash", "/start.sh"]`},
			nil,
		},
		{
			"Jib: a script that names its folders", dependencies("g:b") + jib("<container><mainClass>M</mainClass><entrypoint><shell>sh</shell><option>-c</option><arg>/run/start.sh</arg></entrypoint></container><extraDirectories><paths><path><from>src/main/docker</from><into>/run</into></path></paths></extraDirectories>"),
			map[string]string{"src/main/docker/start.sh": "#!/bin/sh\nexec java -cp /app/resources/:/app/classes/:/app/libs/* M \"$@\"\n"},
			[]string{"/src/target/dependency/ libs/", "src/main/docker/start.sh /run/start.sh", `ENTRYPOINT ["sh", "/run/start.sh"]`},
			[]string{"jib-classpath-file"},
		},
		{
			"Jib: other files", jib("<extraDirectories><paths><path>files</path></paths></extraDirectories>"),
			map[string]string{"files/etc/shop/shop.conf": "a=b\n"},
			[]string{"COPY --link files/etc/shop/shop.conf /etc/shop/"},
			nil,
		},
		{
			"Jib: a mode and a folder of the module's", jib("<container><mainClass>M</mainClass><entrypoint>/opt/start.sh</entrypoint></container><extraDirectories><paths><path><from>${project.basedir}/files</from><into>/opt</into></path></paths><permissions><permission><file>/opt/check.sh</file><mode>755</mode></permission></permissions></extraDirectories>"),
			map[string]string{"files/start.sh": script, "files/check.sh": "#!/bin/sh\n"},
			[]string{"files/start.sh /opt/start.sh", "COPY --link --chmod=755 files/check.sh /opt/"},
			nil,
		},
		{"Jib: skipped", jib("<skip>true</skip><container><ports><port>9000</port></ports></container>"), nil, nil, []string{"EXPOSE 9000"}},
		{"Jib: what the base image starts", jib("<container><entrypoint>INHERIT</entrypoint><ports><port>9000</port></ports></container>"), nil, nil, []string{"EXPOSE 9000"}},
		{
			"Jib beside a Dockerfile", jib("<container><ports><port>9000</port></ports></container>"),
			map[string]string{"Dockerfile": "FROM eclipse-temurin:21\nCOPY target/a-1.jar /a.jar\nEXPOSE 9100\n"},
			[]string{"EXPOSE 9100"},
			[]string{"EXPOSE 9000"},
		},
		{
			"Jib: values that are none", jib("<container><ports><port>1;RUN x</port></ports><volumes><volume>relative</volume></volumes><environment><A>${env.SECRET}</A></environment><workingDirectory>x\ny</workingDirectory></container><extraDirectories><paths><path>../..</path></paths></extraDirectories>"),
			nil, nil,
			[]string{"RUN x", "relative", "env.SECRET", "ENV A"},
		},
		{
			"the Docker plugin", dmp("<images><image><name>acme/shop</name><build><from>eclipse-temurin:21-jre</from><ports><port>9000</port></ports><volumes><volume>/data</volume></volumes><env><MODE>live</MODE></env>" +
				"<entryPoint><exec><arg>java</arg><arg>-Xss1m</arg><arg>-jar</arg><arg>/maven/a.jar</arg></exec></entryPoint></build></image></images>"),
			nil,
			[]string{"EXPOSE 9000", "/folders/data/ /data/", "ENV MODE=live", "-Xss1m"},
			nil,
		},
		{
			"the Docker plugin: a line for the shell", dmp("<images><image><build><from>eclipse-temurin:21-jre</from><entryPoint><shell>java $JAVA_OPTS -jar /maven/a.jar</shell></entryPoint></build></image></images>"),
			nil,
			[]string{"exec java $JAVA_OPTS "},
			nil,
		},
		{
			"Spotify's", plugin("com.spotify:docker-maven-plugin", "<configuration><imageName>shop</imageName><baseImage>java:8</baseImage><entryPoint>[\"java\", \"-Xss1m\", \"-jar\", \"/a.jar\"]</entryPoint><exposes><expose>9000</expose></exposes></configuration>"),
			nil,
			[]string{"EXPOSE 9000", "-Xss1m"},
			nil,
		},
		{
			"Spring Boot's buildpacks",
			plugin("org.springframework.boot:spring-boot-maven-plugin", "<configuration><image><name>acme/shop</name><env><BP_JVM_VERSION>17</BP_JVM_VERSION><BPE_APPEND_JAVA_TOOL_OPTIONS>-Xss1m -Dmode=live</BPE_APPEND_JAVA_TOOL_OPTIONS><BPE_DELIM_JAVA_TOOL_OPTIONS> </BPE_DELIM_JAVA_TOOL_OPTIONS><BPE_SPRING_PROFILES_ACTIVE>prod</BPE_SPRING_PROFILES_ACTIVE><BPE_BPL_JVM_THREAD_COUNT>50</BPE_BPL_JVM_THREAD_COUNT><BPE_DEFAULT_MODE>live</BPE_DEFAULT_MODE><BP_NATIVE_IMAGE>false</BP_NATIVE_IMAGE></env></image></configuration>"),
			nil,
			[]string{"java17", "-Xss1m -Dmode=live", "ENV SPRING_PROFILES_ACTIVE=prod", "ENV MODE=live"},
			[]string{"BPE_", "BP_", "BPL_", "DELIM"},
		},
		{"the Docker plugin with a Dockerfile", dmp("<images><image><build><dockerFile>x</dockerFile><ports><port>9000</port></ports></build></image></images>"), nil, nil, []string{"EXPOSE 9000"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(tt.pom), mainFile: mainText}
			maps.Copy(files, tt.files)
			app, err := decide(t, files)
			if err != nil {
				t.Fatal(err)
			}
			text := render(t, app)
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

// TestMadeModule: of several programs, the one of which Jib makes an image is run.
func TestMadeModule(t *testing.T) {
	jib := plugin("com.google.cloud.tools:jib-maven-plugin", "<configuration><container><mainClass>app.M</mainClass></container></configuration>")
	skipped := plugin("com.google.cloud.tools:jib-maven-plugin", "<configuration><skip>true</skip></configuration>")
	child := func(name, more string) string {
		return "<project><parent><groupId>g</groupId><artifactId>a</artifactId><version>1</version></parent><artifactId>" + name + "</artifactId>" + more + "</project>"
	}
	main := func(p string) string {
		return "package " + p + ";\npublic class M { public static void main(String[] a) {} }\n"
	}
	app, err := decide(t, map[string]string{
		"pom.xml":                        pom("<packaging>pom</packaging><modules><module>app</module><module>tool</module></modules>" + jib),
		"app/pom.xml":                    child("app", ""),
		"app/src/main/java/app/M.java":   main("app"),
		"tool/pom.xml":                   child("tool", skipped),
		"tool/src/main/java/tool/M.java": main("tool"),
	})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(app.Choices, func(c plan.Choice) bool { return c.Key == "java.module" })
	if i < 0 || app.Choices[i].Value != "app" {
		t.Errorf("%v", app.Choices)
	}
	if app.Name != "a" {
		t.Errorf("the image is called %s like its module, as that of any project", app.Name)
	}
}
