package java_test

import (
	"maps"
	"regexp"
	"strings"
	"testing"
)

var secretMount = regexp.MustCompile(`--mount=type=secret,(\S+) `)

// TestGradleLogins: what a build of Gradle gets for its repositories, in each call that downloads.
func TestGradleLogins(t *testing.T) {
	repository := func(body string) string {
		return bootApp + "repositories { mavenCentral()\n maven { url 'https://nexus.example.com/x'\n " + body + " } }\n"
	}
	login := func(user, password string) string {
		return repository("credentials { username = " + user + "\n password = " + password + " }")
	}
	const from = "packages come from nexus.example.com, which asks for a login: the build takes it as a secret"
	for _, tt := range []struct {
		name, script string
		files        map[string]string
		want         []string // the secrets of one call
		note         string
	}{
		{"none", repository(""), nil, nil, ""},
		{"variables", login("System.getenv('NEXUS_USER')", "System.getenv('NEXUS_PASSWORD') ?: ''"), nil, []string{"id=NEXUS_USER,env=NEXUS_USER", "id=NEXUS_PASSWORD,env=NEXUS_PASSWORD"}, from},
		{"either", login("project.findProperty('gpr.user') ?: System.getenv('USERNAME')", "project.findProperty('gpr.key') ?: System.getenv('TOKEN')"), nil, []string{"id=USERNAME,env=USERNAME", "id=TOKEN,env=TOKEN"}, from},
		{"properties", login("nexusUser", "providers.gradleProperty('nexusPassword').get()"), nil, []string{"id=ORG_GRADLE_PROJECT_nexusUser,env=ORG_GRADLE_PROJECT_nexusUser", "id=ORG_GRADLE_PROJECT_nexusPassword,env=ORG_GRADLE_PROJECT_nexusPassword"}, from},
		{"a property that no variable can be", login("nexusUser", "findProperty('nexus.password')"), nil, []string{"id=gradle.properties,target=/root/.gradle/gradle.properties"}, from},
		{"both come with the file", login("findProperty('user') ?: System.getenv('USERNAME')", "findProperty('nexus.password')"), nil, []string{"id=gradle.properties,target=/root/.gradle/gradle.properties"}, from},
		{"by the name of the repository", repository("name = 'own'\n credentials(PasswordCredentials)"), nil, []string{"id=ORG_GRADLE_PROJECT_ownUsername,env=ORG_GRADLE_PROJECT_ownUsername", "id=ORG_GRADLE_PROJECT_ownPassword,env=ORG_GRADLE_PROJECT_ownPassword"}, from},
		{"under a condition", strings.Replace(strings.Replace(login("nexusUser", "nexusPassword"), "maven {", "if (project.hasProperty('nexusUser')) { maven {", 1), "} }", "} } }", 1), nil, []string{"id=ORG_GRADLE_PROJECT_nexusUser,env=ORG_GRADLE_PROJECT_nexusUser", "id=ORG_GRADLE_PROJECT_nexusPassword,env=ORG_GRADLE_PROJECT_nexusPassword"}, from},
		{"twice", login("System.getenv('A')", "System.getenv('A')"), nil, []string{"id=A,env=A"}, from},
		{"an address", bootApp + "repositories { maven { url System.getenv('REPOSITORY') } }", nil, []string{"id=REPOSITORY,env=REPOSITORY"}, "packages come from a repository, which asks for a login: the build takes it as a secret"},
		{"of the machine alone", bootApp + "repositories { maven { url \"file://${System.getenv('HOME')}/.m2\" } }", nil, nil, ""},
		{"of the settings", bootApp, map[string]string{"settings.gradle": "pluginManagement { repositories { maven { url 'https://nexus.example.com/x'\n credentials { password = System.getenv('P') } } } }\n" + settingsFile}, []string{"id=P,env=P"}, from},
		{"to publish", bootApp + "publishing { repositories { maven { credentials { password = System.getenv('P') } } } }", nil, nil, ""},
		{"of a file", login("'me'", "props.getProperty('p')"), nil, nil, `wants a login for nexus.example.com from outside of the repository, which no build of an image has`},
		{"written", login("'me'", "'guest'"), nil, nil, ""},
		{"a token that is written", login("'me'", "'ghp_0123456789abcdef0123456789abcdef0123'"), nil, nil, "the login for nexus.example.com is in the repository: anyone who reads it has it"},
		{"in the address", bootApp + "repositories { maven { url 'https://me:word@nexus.example.com/x' } }", nil, nil, "the login for nexus.example.com is in the repository: anyone who reads it has it"},
		{"a name that is none", login("System.getenv('A B,target=/etc')", "findProperty('x y,target=/etc\\nRUN id')"), nil, []string{"id=gradle.properties,target=/root/.gradle/gradle.properties"}, from},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := wrapper("8.14.3")
			maps.Copy(files, map[string]string{"build.gradle": tt.script, "settings.gradle": settingsFile, mainFile: bootMain})
			maps.Copy(files, tt.files)
			checkLogins(t, files, tt.want, tt.note)
		})
	}
}

// TestMavenLogins: what a build of Maven gets for its repositories, where something shows that they want a login.
func TestMavenLogins(t *testing.T) {
	repository := func(id, host string) string {
		return "<repositories><repository><id>" + id + "</id><url>https://" + host + "/x</url></repository></repositories>"
	}
	settings := func(id, password string) string {
		return "<settings><servers><server><id>" + id + "</id><password>" + password + "</password></server></servers></settings>"
	}
	mirror := strings.Replace(settings("corp", "${env.CI_TOKEN}"), "<servers>", "<mirrors><mirror><id>corp</id><mirrorOf>*</mirrorOf><url>https://nexus.example.com/all</url></mirror></mirrors><servers>", 1)
	own := repository("own", "nexus.example.com")
	from := func(host string) string {
		return "packages come from " + host + ", which asks for a login: the build takes it as a secret"
	}
	const (
		file     = "id=maven-settings,target=/root/.m2/settings.xml"
		workflow = ".github/workflows/x.yml"
		nexus    = "nexus.example.com"
	)
	token := []string{"id=CI_TOKEN,env=CI_TOKEN"}
	for _, tt := range []struct {
		name, pom string
		files     map[string]string
		want      []string
		note      string
	}{
		{"nothing shows it", own, nil, nil, ""},
		{"a host that always asks", repository("github", "maven.pkg.github.com"), nil, []string{file}, from("maven.pkg.github.com")},
		{"a host that always asks, for plugins", "<pluginRepositories><pluginRepository><id>x</id><url>https://a-1.d.codeartifact.eu-west-1.amazonaws.com/maven/x/</url></pluginRepository></pluginRepositories>", nil, []string{file}, from("a-1.d.codeartifact.eu-west-1.amazonaws.com")},
		{"to publish", "<distributionManagement><repository><id>own</id><url>https://maven.pkg.github.com/x</url></repository></distributionManagement>", map[string]string{workflow: "jobs: {a: {steps: [{uses: actions/setup-java@v4, with: {\nserver-id: own\n}}]}}\n"}, nil, ""},
		{"CI's settings", own, map[string]string{workflow: "jobs:\n  a:\n    steps:\n      - uses: actions/setup-java@v4\n        with:\n          server-id: own\n"}, []string{file}, from(nexus)},
		{"CI's settings to publish on Central", repository("ossrh", "s01.oss.sonatype.org"), map[string]string{workflow: "jobs:\n  a:\n    steps:\n      - uses: actions/setup-java@v4\n        with:\n          server-id: ossrh\n"}, nil, ""},
		{"CI's settings for another", own, map[string]string{workflow: "jobs:\n  a:\n    steps:\n      - uses: actions/setup-java@v4\n        with:\n          server-id: ossrh\n"}, nil, ""},
		{"CI's settings by an action", own, map[string]string{workflow: "jobs:\n  a:\n    steps:\n      - uses: s4u/maven-settings-action@v3\n        with:\n          servers: |\n            [{\"id\": \"own\", \"username\": \"x\"}]\n"}, []string{file}, from(nexus)},
		{"CI's file", own, map[string]string{".gitlab-ci.yml": "build:\n  script:\n    - mvn -B package -s ci_settings.xml\n", "ci_settings.xml": settings("own", "${env.CI_TOKEN}")}, append(token, file), from(nexus)},
		{"CI's file, of a mirror", "", map[string]string{".gitlab-ci.yml": "build:\n  script:\n    - mvn --settings=ci/settings.xml verify\n", "ci/settings.xml": mirror}, append(token, file), from(nexus)},
		{"CI's file to publish", own, map[string]string{".gitlab-ci.yml": "build:\n  script:\n    - mvn -B deploy -s ci_settings.xml\n", "ci_settings.xml": settings("own", "${env.CI_TOKEN}")}, nil, ""},
		{"CI's file without a login", own, map[string]string{".gitlab-ci.yml": "build:\n  script:\n    - mvn -B package -s ci_settings.xml\n", "ci_settings.xml": "<settings/>"}, nil, ""},
		{"maven.config", own, map[string]string{".mvn/maven.config": "--settings\n./.mvn/settings.xml\n", ".mvn/settings.xml": settings("own", "${env.CI_TOKEN}")}, token, from(nexus)},
		{"maven.config without a login", repository("x", "maven.pkg.github.com"), map[string]string{".mvn/maven.config": "-s .mvn/settings.xml", ".mvn/settings.xml": settings("other", "${env.CI_TOKEN}")}, nil, ""},
		{"the Dockerfile mounts it", "", map[string]string{"Dockerfile": "FROM maven AS b\nCOPY . .\nRUN --mount=type=secret,id=s,target=/root/.m2/settings.xml mvn package\n"}, []string{file}, from("a repository")},
		{"the Dockerfile copies one that is not there", "", map[string]string{"Dockerfile": "FROM maven AS b\nCOPY settings.xml /root/.m2/\nRUN mvn package\n"}, []string{file}, from("a repository")},
		{"the Dockerfile copies a mirror without a login", "", map[string]string{"Dockerfile": "FROM maven AS b\nCOPY settings.xml /root/.m2/settings.xml\nRUN mvn package\n", "settings.xml": "<settings><mirrors><mirror><id>a</id><url>https://a</url></mirror></mirrors></settings>"}, nil, ""},
		{"the Dockerfile names it", "", map[string]string{"Dockerfile": "FROM maven AS b\nWORKDIR /x\nCOPY . .\nRUN mvn -s settings.xml package\n", "settings.xml": mirror}, append(token, file), from(nexus)},
		{"a name that is none", own, map[string]string{".mvn/maven.config": "-s .mvn/settings.xml", ".mvn/settings.xml": settings("own", "${env.A B,target=/etc} ${env.A\nRUN id}")}, nil, ""},
		{"outside of the repository", own, map[string]string{".mvn/maven.config": "-s ../../etc/settings.xml"}, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"pom.xml": pom(tt.pom), mainFile: mainText}
			maps.Copy(files, tt.files)
			checkLogins(t, files, tt.want, tt.note)
		})
	}
}

// checkLogins wants the secrets in the stages deps, test and build, and one note.
func checkLogins(t *testing.T, files map[string]string, want []string, note string) {
	t.Helper()
	app, err := decide(t, files)
	if err != nil {
		t.Fatal(err)
	}
	text := render(t, app)
	var got []string
	for _, m := range secretMount.FindAllStringSubmatch(text, -1) {
		got = append(got, m[1])
	}
	all := strings.Join([]string{strings.Join(want, " "), strings.Join(want, " "), strings.Join(want, " ")}, " ")
	if got := strings.Join(got, " "); got != strings.TrimSpace(all) {
		t.Errorf("got %s, want %s in\n%s", got, all, text)
	}
	var notes []string
	for _, n := range app.Notes {
		if !strings.Contains(n.Text, "no tests") && !strings.Contains(n.Text, " has what this one does not") {
			notes = append(notes, n.Text)
		}
		for _, w := range want {
			id, _, _ := strings.Cut(w, ",")
			if n.Text == note && !strings.Contains(n.Hint, "--secret "+id) {
				t.Errorf("no %s in %q", id, n.Hint)
			}
		}
	}
	if got := strings.Join(notes, "; "); got != note {
		t.Errorf("notes %q, want %q", got, note)
	}
}
