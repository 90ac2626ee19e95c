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
		if !strings.Contains(n.Text, "no tests") {
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
