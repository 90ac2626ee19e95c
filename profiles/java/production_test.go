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
