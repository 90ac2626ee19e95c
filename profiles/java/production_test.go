package java_test

import (
	"maps"
	"strings"
	"testing"
)

// TestProduction: the profile of Maven that builds what production runs.
func TestProduction(t *testing.T) {
	const props = "src/main/resources/application.properties"
	vaadin := func(goal string) string {
		return "<build><plugins><plugin><groupId>com.vaadin</groupId><artifactId>vaadin-maven-plugin</artifactId><version>25.2.6</version>" + execution(goal, "") + "</plugin></plugins></build>"
	}
	profile := func(id, body string) string { return "<profile><id>" + id + "</id>" + body + "</profile>" }
	active := "<activation><activeByDefault>true</activeByDefault></activation>"
	web := boot("3.5.7") + dependencies("org.springframework.boot:spring-boot-starter-web")
	front := "<build><plugins><plugin><groupId>com.github.eirslett</groupId><artifactId>frontend-maven-plugin</artifactId><version>1.15.1</version>" + execution("npm", "") + "</plugin></plugins></build>"
	env := func(name string) string { return "<properties><env>" + name + "</env></properties>" }
	for _, tt := range []struct {
		name, pom string
		files     map[string]string
		want      []string
		notes     string
	}{
		{"Vaadin", web + vaadin("prepare-frontend") + "<profiles>" + profile("production", vaadin("build-frontend")) + "</profiles>", nil, []string{"mvn -B -ntp package -DskipTests -Pproduction", "RUN mvn -B -ntp dependency:go-offline\n"}, ""},
		{"Vaadin by another name", web + vaadin("prepare-frontend") + "<profiles>" + profile("it", "") + profile("live", vaadin("build-frontend")) + "</profiles>", nil, []string{"package -DskipTests -Plive"}, ""},
		{"Vaadin that is always bundled", web + vaadin("build-frontend") + "<profiles>" + profile("production", vaadin("build-frontend")) + "</profiles>", nil, []string{"package -DskipTests\n"}, ""},
		{"the front end", web + "<profiles>" + profile("it", "") + profile("prod", front) + "</profiles>", nil, []string{"package -DskipTests -Pprod"}, ""},
		{"the front end by another name", web + "<profiles>" + profile("frontend", front) + "</profiles>", nil, []string{"package -DskipTests -Pfrontend"}, ""},
		{"the front end in every build", web + front + "<profiles>" + profile("prod", front) + "</profiles>", nil, []string{"package -DskipTests\n"}, ""},
		{"the front end for development", web + "<profiles>" + profile("webapp-dev", front) + "</profiles>", nil, []string{"package -DskipTests\n"}, ""},
		{"two that build it", web + "<profiles>" + profile("web", front) + profile("client", front) + "</profiles>", nil, []string{"package -DskipTests\n"}, ""},
		{"Spring's profile", web + "<profiles>" + profile("dev", active+env("dev")) + profile("prod", env("prod")) + "</profiles>", map[string]string{props: "spring.profiles.active=@env@\nserver.port=1111", "src/main/resources/application-dev.yml": "server.port: 2222", "src/main/resources/application-prod.yml": "server.port: 3333"}, []string{"package -DskipTests -Pprod", "EXPOSE 3333"}, ""},
		{"Spring's profile, with another sign", web + "<profiles>" + profile("dev", active+env("dev")) + profile("prod", env("prod")) + "</profiles>", map[string]string{props: "spring.profiles.active='#env#'"}, []string{"package -DskipTests -Pprod"}, ""},
		{"a profile of another purpose", web + "<profiles>" + profile("prod", "<properties><x>y</x></properties>") + "</profiles>", map[string]string{props: "spring.profiles.active=@env@"}, []string{"package -DskipTests\n"}, ""},
		{"development alone", web + "<profiles>" + profile("dev", active+env("dev")) + "</profiles>", map[string]string{props: "spring.profiles.active=@env@", "src/main/resources/application-dev.yml": "server.port: 2222"}, []string{"package -DskipTests\n", "EXPOSE 2222"}, "makes Spring's profile dev active in the image, too"},
		{"a name that is none", web + vaadin("prepare-frontend") + "<profiles>" + profile("a b;$(id)", vaadin("build-frontend")) + "</profiles>", nil, []string{"package -DskipTests\n"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(tt.pom), mainFile: mainText, "src/test/java/T.java": ""}
			maps.Copy(files, tt.files)
			app, err := decide(t, files)
			if err != nil {
				t.Fatal(err)
			}
			text := render(t, app)
			text = strings.ReplaceAll(text, " dependency:copy-dependencies -DincludeScope=runtime", "")
			for _, line := range tt.want {
				if !strings.Contains(text, line) {
					t.Errorf("no %q in\n%s", line, text)
				}
			}
			var notes []string
			for _, n := range app.Notes {
				notes = append(notes, n.Text)
			}
			if got := strings.Join(notes, "; "); got != tt.notes {
				t.Errorf("notes %q, want %q", got, tt.notes)
			}
		})
	}
}

// TestQuarkusPackage: what Quarkus' plugin makes, by its settings.
func TestQuarkusPackage(t *testing.T) {
	for _, tt := range []struct{ name, settings, want string }{
		{"nothing", "", "COPY --link --from=build /src/target/quarkus-app/lib/ lib/"},
		{"one jar", "quarkus.package.jar.type=uber-jar", "COPY --link --from=build /src/target/a-*-runner.jar app.jar"},
		{"one jar of another name", "quarkus.package.type=uber-jar\nquarkus.package.output-name=x\nquarkus.package.runner-suffix=-all", "COPY --link --from=build /src/target/x-all.jar ./"},
		{"one jar without a suffix", "quarkus.package.jar.type=uber-jar\nquarkus.package.jar.add-runner-suffix=false", "COPY --link --from=build /src/target/a-*.jar app.jar"},
		{"a jar and its libraries", "quarkus.package.type=legacy-jar", "COPY --link --from=build /src/target/lib/ lib/\nCOPY --link --from=build /src/target/a-*-runner.jar app.jar"},
		{"another folder", "quarkus.package.output-directory=out", "COPY --link --from=build /src/target/out/quarkus-run.jar ./"},
		{"a native program", "quarkus.native.enabled=true", "package -DskipTests -Dquarkus.native.enabled=false -Dquarkus.package.jar.enabled=true\n"},
		{"a native program, as it was", "quarkus.package.type=native", "package -DskipTests -Dquarkus.package.type=fast-jar\n"},
		{"a native program of a profile that is not active", "%native.quarkus.native.enabled=true", "package -DskipTests\n"},
		{"a folder outside", "quarkus.package.output-directory=../../etc", "refused"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app, err := decide(t, map[string]string{
				"pom.xml": pom("<packaging>quarkus</packaging>" + plugin("io.quarkus:quarkus-maven-plugin", "<extensions>true</extensions>")), mainFile: mainText,
				"src/main/resources/application.properties": tt.settings,
			})
			if err != nil && tt.want == "refused" {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if text := render(t, app); !strings.Contains(text, tt.want) {
				t.Errorf("no %q in\n%s", tt.want, text)
			}
		})
	}
}

// TestMigrations: a plugin that alone migrates the database is said.
func TestMigrations(t *testing.T) {
	for _, tt := range []struct {
		name, pom string
		want      bool
	}{
		{"the plugin alone", plugin("org.flywaydb:flyway-maven-plugin", ""), true},
		{"Liquibase's", plugin("org.liquibase:liquibase-maven-plugin", ""), true},
		{"the plugin and the library", dependencies("org.flywaydb:flyway-core") + plugin("org.flywaydb:flyway-maven-plugin", ""), false},
		{"Spring Boot's starter", dependencies("org.springframework.boot:spring-boot-starter-flyway") + plugin("org.flywaydb:flyway-maven-plugin", ""), false},
		{"the library alone", dependencies("org.flywaydb:flyway-core"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app, err := decide(t, map[string]string{"pom.xml": pom(tt.pom), mainFile: mainText})
			if err != nil {
				t.Fatal(err)
			}
			got := false
			for _, n := range app.Notes {
				got = got || strings.HasPrefix(n.Text, "migrates the database")
			}
			if got != tt.want {
				t.Error(app.Notes)
			}
		})
	}
}

// TestParent: a parent that is not in the folder is said, if it is of the same project.
func TestParent(t *testing.T) {
	parent := func(group, more string) string {
		return "<project><parent><groupId>" + group + "</groupId><artifactId>par</artifactId><version>7.3.2</version>" + more + "</parent><groupId>g</groupId><artifactId>a</artifactId><version>1</version></project>"
	}
	const above = "<project><groupId>g</groupId><artifactId>par</artifactId><version>7.3.2</version><packaging>pom</packaging><modules><module>app</module></modules></project>"
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  bool
		lines string
	}{
		{"of the same project", map[string]string{"pom.xml": parent("g", ""), mainFile: mainText}, true, ""},
		{"of another project", map[string]string{"pom.xml": parent("org.other", ""), mainFile: mainText}, false, ""},
		{"published", map[string]string{"pom.xml": parent("g", "<relativePath/>"), mainFile: mainText}, false, ""},
		{"in the folder", map[string]string{"pom.xml": parent("g", "<relativePath>pom.parent.xml</relativePath>"), "pom.parent.xml": above[:len(above)-len("<modules><module>app</module></modules></project>")] + "</project>", mainFile: mainText}, false, "COPY pom.parent.xml pom.parent.xml\nRUN mvn -B -ntp dependency:go-offline"},
		{"above a module", map[string]string{"pom.xml": above, "app/pom.xml": parent("g", ""), "app/" + mainFile: mainText}, false, "COPY pom.xml ./\nCOPY app/pom.xml app/\nRUN mvn -B -ntp -pl app -am"},
		{"of another version above a module", map[string]string{"pom.xml": strings.Replace(above, "7.3.2", "8", 1), "app/pom.xml": parent("g", ""), "app/" + mainFile: mainText}, true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app, err := decide(t, tt.files)
			if err != nil {
				t.Fatal(err)
			}
			got := false
			for _, n := range app.Notes {
				got = got || strings.HasPrefix(n.Text, "the parent par 7.3.2")
			}
			if got != tt.want {
				t.Error(app.Notes)
			}
			if text := render(t, app); !strings.Contains(text, tt.lines) {
				t.Errorf("no %q in\n%s", tt.lines, text)
			}
		})
	}
}

// TestOtherStart: a command that is not Java's gets an image with programs.
func TestOtherStart(t *testing.T) {
	for start, want := range map[string]string{"[java, -cp, classes, M]": "distroless", "[/usr/bin/java, -cp, classes, M]": "distroless", "[env, A=b, java, -cp, classes, M]": "slim", "[./run.sh]": "slim", "[make, run]": "slim"} {
		app, err := decide(t, map[string]string{"pom.xml": pom(""), mainFile: mainText}, "start="+start)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(app.Run.Runtime); got != want {
			t.Errorf("%s: %s, want %s", start, got, want)
		}
	}
}
