package java

import (
	"net/url"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/gradle"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// logins are the secrets that a build gets for its repositories. None is required: a build without them says itself what it could not fetch.
type logins struct {
	mounts []plan.Mount
	ask    []string // the options of docker build
}

// secrets implements tool.
func (l *logins) secrets() []plan.Mount { return l.mounts }

// add has the build get a secret, once.
func (l *logins) add(option string, m plan.Mount) {
	if !slices.Contains(l.ask, option) {
		l.ask, l.mounts = append(l.ask, option), append(l.mounts, m)
	}
}

// addVariable has the build get a variable of whoever calls docker build.
func (l *logins) addVariable(name string) error {
	id, err := plan.NewToken(name)
	if err == nil {
		l.add("--secret id="+name, plan.SecretEnvMount(id))
	}
	return err
}

// addFile has the build get a file of whoever calls docker build.
func (l *logins) addFile(id, from, to string) error {
	name, err := plan.NewToken(id)
	if err != nil {
		return err
	}
	file, err := plan.NewToken(to)
	if err == nil {
		l.add("--secret id="+id+",src="+from, plan.SecretMount(name, file))
	}
	return err
}

// say says how the build is given them.
func (l *logins) say(in record.Input, at fact.Pos, host string) {
	if len(l.ask) > 0 {
		in.Log.Note(at, "packages come from "+said(host)+", which asks for a login: the build takes it as a secret", in.DockerBuild(l.ask...))
	}
}

// ofMachine matches variables that say where a build runs, not who calls it.
var ofMachine = lazy.MustCompile(`^(CI|HOME|USERPROFILE|PATH|PWD|SHELL|TMPDIR|JAVA_HOME|BUILD_NUMBER|[A-Z]+_CI|GITHUB_ACTIONS|TRAVIS|CIRCLECI|JENKINS_(HOME|URL))$`)

// propertyPrefix begins the variables of the environment that Gradle takes as properties of the build:
// https://docs.gradle.org/current/userguide/build_environment.html#setting_a_project_property
const propertyPrefix = "ORG_GRADLE_PROJECT_"

// login decides what the build gets for the repositories that want a login.
func (b *gradleTool) login(in record.Input) error {
	var properties, variables []string // of each value, "" for none
	at, host := fact.Pos{}, ""
	for _, r := range b.build.Repositories(b.needs) {
		sayWritten(in, r)
		known := len(r.Asks) == 0 && !r.Elsewhere
		for _, asked := range r.Asks {
			variable, property := takes(asked)
			if variable == "" && property == "" {
				continue
			}
			variables, properties = append(variables, variable), append(properties, property)
			if known = true; at.IsZero() {
				at, host = r.Pos, hostOf(r.URL.Value)
			}
		}
		if r.Private && !known {
			in.Log.Note(r.Pos, "wants a login for "+said(hostOf(r.URL.Value))+" from outside of the repository, which no build of an image has", readVariable)
		}
	}
	file := false // holds all properties, where one of them has to come with it
	for i, p := range properties {
		file = file || variables[i] == "" && !plan.IsEnvName(p)
	}
	for i, p := range properties {
		var err error
		switch {
		case p != "" && file:
			err = b.addFile("gradle.properties", "$HOME/.gradle/gradle.properties", b.cache().String()+"/gradle.properties")
		case variables[i] != "":
			err = b.addVariable(variables[i])
		default:
			err = b.addVariable(propertyPrefix + p)
		}
		if err != nil {
			return err
		}
	}
	b.say(in, at, host)
	return nil
}

// readVariable is the advice for a login that the build cannot get, or should not hold.
const readVariable = "read it by System.getenv(\"NAME\"): the build then takes it as a secret"

// login decides what the build gets for the repositories that want a login. The settings.xml lies beside the downloads, not among them.
func (b *maven) login(in record.Input) error {
	l := b.facts.Login
	for _, v := range l.Variables {
		if err := b.addVariable(v.Value); err != nil {
			return err
		}
	}
	if l.Settings {
		from := "$HOME/.m2/settings.xml"
		if l.File != "" {
			from = plan.ShellQuote(l.File)
		}
		if err := b.addFile("maven-settings", from, "/root/.m2/settings.xml"); err != nil {
			return err
		}
	}
	b.say(in, l.Pos, l.Host)
	return nil
}

// takes is what sets a value in a build: a variable of the environment, else a property. It is neither where only the machine could.
func takes(asked []gradle.Variable) (variable, property string) {
	for _, v := range asked {
		switch {
		case v.Env && variable == "" && plan.IsEnvName(v.Name) && !ofMachine.MatchString(v.Name):
			variable = v.Name
		case !v.Env && property == "":
			property = v.Name
		}
	}
	return variable, property
}

// sayWritten says where the repository holds a login.
func sayWritten(in record.Input, r gradle.Repository) {
	for _, w := range append([]fact.Fact[string]{r.URL}, r.Written...) {
		if secret.Value(w.Value) {
			in.Log.Note(w.Pos, "the login for "+said(hostOf(r.URL.Value))+" is in the repository: anyone who reads it has it", "revoke it, and "+readVariable)
			return
		}
	}
}

// hostOf is the host of a URL, "" for none.
func hostOf(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// said is a host as a note says it.
func said(host string) string {
	if host == "" {
		return "a repository"
	}
	return plan.Printable(host, 60)
}
