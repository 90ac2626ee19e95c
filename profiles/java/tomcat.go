package java

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// decideTomcat picks the release of Tomcat that the servlet API of a war asks
// for: https://tomcat.apache.org/whichversion.html. It is "" for all but wars.
func decideTomcat(in record.Input, m *module, v versions) (string, error) {
	if m.made.kind != War {
		return "", nil
	}
	own, _, at := m.ownServer(in)
	if err := m.refuseServer(own, at); err != nil {
		return "", err
	}
	if own.name == "jetty" {
		in.Log.Note(at, "runs the war on Jetty, and this image on Tomcat, whose settings are others", "")
	}
	line, rule, pos := m.tomcat(in)
	if line == "" {
		line, rule, pos = "10.1", "no servlet API is named; this is Jakarta EE's", m.Packaging().Pos
		if atoi(v.java) < 11 {
			line, rule = "9.0", "no servlet API is named; Java "+v.java+" runs Java EE's alone"
		}
	}
	if _, err := tomcatImage(in, line, v); err != nil {
		return "", record.Refuse(pos, "--set version=21 takes another", "there is no image of Tomcat %s with Java %s", line, v.java)
	}
	c := plan.Choice{Key: "java.tomcat", Value: line, Rule: rule, Pos: record.At(pos), Link: "https://tomcat.apache.org/whichversion.html", Image: "tomcat", Evidence: rule}
	if own, _, _ := m.ownTomcat(in); own == "" {
		img, _ := in.Know.Image(c.Image)
		c.Rejected = image.Kept(img, line)
	}
	line = in.Log.Choose(c)
	// A newer one runs what is written for an older Jakarta EE. Java EE's has other packages.
	in.Log.Bound(plan.Bound{Prefix: in.Prefix, Image: image.TomcatImage, Release: line, Against: func(release string) (plan.Objection, bool) {
		return plan.Objection{Text: "the war is for Tomcat " + plan.Printable(line, 10) + ": " + rule, Pos: pos}, release != line && (line == "9.0" || !atLeast(release, line))
	}})
	return line, nil
}

// tomcat is the release of Tomcat that the own image starts from, else the one for the servlet API; "" where none of them is named.
func (m *module) tomcat(in record.Input) (line, rule string, pos fact.Pos) {
	if line, rule, pos = m.ownTomcat(in); line != "" {
		return line, rule, pos
	}
	return m.servlets()
}

// serverFloor is the oldest Java that the Tomcat of a war runs with, which later
// than the code's own still runs it; zero if none is known.
// https://tomcat.apache.org/whichversion.html
func (m *module) serverFloor(in record.Input) record.Option {
	if m.made.kind != War {
		return record.Option{}
	}
	line, _, pos := m.tomcat(in)
	oldest := map[string]string{"10.1": "11", "11.0": "17"}[line]
	return record.Option{Value: oldest, Pos: pos, Rule: "the oldest Java that Tomcat " + line + " runs with"}
}

// servlets is the release of Tomcat that has the servlet API that the war is
// written for, by what says so most surely; "" if nothing does.
func (m *module) servlets() (line, rule string, pos fact.Pos) {
	const javax, jakarta = "9.0", "10.1"
	for _, d := range m.dependencies() { // https://github.com/spring-projects/spring-framework/issues/33918
		web := d.Group == "org.springframework" && strings.HasPrefix(d.Artifact, "spring-web") && atLeast(d.Version, "7") || d.Group == "org.springframework.boot" && atLeast(d.Version, "4")
		if web && pom.Resolved(d.Version) {
			return "11.0", d.Artifact + " " + plan.Printable(d.Version, 20) + " is for Servlet 6.1, which Tomcat 11 has", d.Pos
		}
	}
	for _, d := range m.Dependencies() {
		switch {
		case d.Group == "javax.servlet" || d.Name() == "javax:javaee-api" || d.Name() == "javax:javaee-web-api":
			line, rule, pos = javax, "the javax.servlet API", d.Pos
		case jakartaEE8(d):
			line, rule, pos = javax, d.Artifact+" "+plan.Printable(d.Version, 20)+" has the javax.servlet API", d.Pos
		case d.Group == "jakarta.servlet" || strings.HasPrefix(d.Group, "jakarta.platform"):
			line, rule, pos = jakarta, "the jakarta.servlet API", d.Pos
			v := d.Version
			if pom.Resolved(v) && v != "" && (d.Group == "jakarta.servlet" && d.Artifact == "jakarta.servlet-api" && atLeast(v, "6.1") || d.Group != "jakarta.servlet" && atLeast(v, "11")) {
				line, rule = "11.0", "Servlet 6.1, which Tomcat 11 has"
			}
		}
	}
	if line != "" {
		return line, rule, pos
	}
	for _, q := range m.parts {
		switch s := q.Sources; {
		case s.Jakarta.Found():
			return jakarta, "the code imports " + plan.Printable(s.Jakarta.Value, 60), s.Jakarta.Pos
		case s.Javax.Found():
			return javax, "the code imports " + plan.Printable(s.Javax.Value, 60), s.Javax.Pos
		}
	}
	switch ns := m.WebXML; {
	case strings.Contains(ns.Value, "jakarta.ee"):
		return jakarta, "web.xml is Jakarta EE's", ns.Pos
	case strings.Contains(ns.Value, "java.sun.com"), strings.Contains(ns.Value, "xmlns.jcp.org"):
		return javax, "web.xml is Java EE's", ns.Pos
	}
	// The last release of each library for javax:
	// https://github.com/spring-projects/spring-framework/wiki/Spring-Framework-6.0-Release-Notes, https://struts.apache.org/announce-2024,
	// https://eclipse-ee4j.github.io/jersey/, https://vaadin.com/docs/latest/upgrading
	for _, d := range m.dependencies() {
		for _, old := range []struct{ group, below string }{{"org.springframework", "6"}, {"org.springframework.boot", "3"}, {"org.apache.struts", "7"}, {"org.glassfish.jersey.containers", "3"}, {"org.glassfish.jersey.core", "3"}} {
			if d.Group == old.group && d.Version != "" && pom.Resolved(d.Version) {
				if atLeast(d.Version, old.below) {
					return jakarta, d.Artifact + " " + plan.Printable(d.Version, 20) + " is for Jakarta EE", d.Pos
				}
				return javax, d.Artifact + " " + plan.Printable(d.Version, 20) + " is for Java EE", d.Pos
			}
		}
		if d.Name() == "jstl:jstl" || d.Group == "taglibs" || d.Group == "javax.faces" || d.Group == "javax.ws.rs" {
			return javax, d.Name() + " is Java EE's", d.Pos
		}
	}
	return "", "", fact.Pos{}
}

// jakartaEE8 reports whether a dependency has the names of Jakarta EE, and the packages of Java EE still:
// https://jakarta.ee/specifications/servlet/4.0/, https://jakarta.ee/specifications/platform/8/.
func jakartaEE8(d pom.Dependency) bool {
	if d.Version == "" || !pom.Resolved(d.Version) {
		return false
	}
	is := func(major, next string) bool { return atLeast(d.Version, major) && !atLeast(d.Version, next) }
	return d.Group == "jakarta.servlet" && is("4", "5") || strings.HasPrefix(d.Group, "jakarta.platform") && is("8", "9")
}

// otherServers are the plugins that make a war for a server that is no Tomcat,
// with that server's name and image.
var otherServers = []struct{ plugin, name, image string }{ //nolint:gochecknoglobals // a constant table
	{"wildfly-maven-plugin", "WildFly", "quay.io/wildfly/wildfly"},
	{"wildfly-jar-maven-plugin", "WildFly", "quay.io/wildfly/wildfly"},
	{"liberty-maven-plugin", "Open Liberty", "icr.io/appcafe/open-liberty"},
	{"payara-micro-maven-plugin", "Payara Micro", "payara/micro"},
	{"payara-server-maven-plugin", "Payara", "payara/server-full"},
	{"tomee-maven-plugin", "TomEE", "tomee"},
	{"tomee-embedded-maven-plugin", "TomEE", "tomee"},
}

// ownServer is a server by the name of images that have it. Where server is "", it runs what Tomcat does; else image has it, which dockgen
// does not write.
type ownServer struct{ name, server, image string }

var ownServers = []ownServer{ //nolint:gochecknoglobals // a constant table
	{"wildfly", "WildFly", "quay.io/wildfly/wildfly"},
	{"jboss-eap", "WildFly", "quay.io/wildfly/wildfly"},
	{"open-liberty", "Open Liberty", "icr.io/appcafe/open-liberty"},
	{"websphere-liberty", "Open Liberty", "icr.io/appcafe/open-liberty"},
	{"payara", "Payara", "payara/server-full"},
	{"glassfish", "GlassFish", "ghcr.io/eclipse-ee4j/glassfish"},
	{"tomee", "TomEE", "tomee"},
	{"tomcat", "", ""},
	{"jetty", "", ""},
}

// ownServer is the server of the image that the own one starts from, or Jetty that it starts, zero for none of ownServers; base is that image.
func (m *module) ownServer(in record.Input) (server ownServer, base string, at fact.Pos) {
	own := m.ownImage(in)
	if own == nil || len(own.Image.Stages) == 0 {
		return ownServer{}, "", fact.Pos{}
	}
	last := image.FromLast(own.Image.Stages)[0]
	base, _, _ = strings.Cut(strings.ToLower(last.Base), "@")
	for _, x := range ownServers {
		if strings.Contains(base, x.name) {
			return x, base, last.Pos
		}
	}
	for _, start := range []fact.Fact[buildfile.Start]{own.Image.Entrypoint, own.Image.Cmd} { // which the image has from somewhere else
		if slices.ContainsFunc(start.Value.Words, func(w string) bool { return strings.Contains(w, "/jetty/") }) {
			return ownServers[len(ownServers)-1], base, start.Pos
		}
	}
	return ownServer{}, base, fact.Pos{}
}

// tomcatTag matches the release of Tomcat that the tag of its image names.
var tomcatTag = lazy.MustCompile(`(?:^|/)tomcat:(9|10|11)(?:\.[0-9]|[^0-9.]|$)`)

// ownTomcat is the release of Tomcat that the own image starts from, "" where it names none.
func (m *module) ownTomcat(in record.Input) (line, rule string, pos fact.Pos) {
	_, base, at := m.ownServer(in)
	g := tomcatTag.FindStringSubmatch(base)
	if g == nil {
		return "", "", fact.Pos{}
	}
	return map[string]string{"9": "9.0", "10": "10.1", "11": "11.0"}[g[1]], "the repository's own image starts from Tomcat " + g[1], at
}

// refuseServer says why the war runs on no Tomcat. The server of the own image counts before what a plugin or the code says.
func (m *module) refuseServer(own ownServer, at fact.Pos) error {
	switch {
	case own.server != "":
		return record.Refuse(at, "the image "+own.image+" has it", "the repository's own image runs the war on %s, and dockgen writes images of Tomcat alone", own.server)
	case own.name != "":
		return nil
	}
	for _, x := range otherServers {
		if g := m.POM.PluginNamed(x.plugin); g.Active {
			return record.Refuse(g.Pos, "the image "+x.image+" has it", "the war is made for %s, and dockgen writes images of Tomcat alone", x.name)
		}
	}
	for _, q := range m.parts {
		if s := q.Sources.EJB; s.Found() {
			return record.Refuse(s.Pos, "an image of WildFly, Open Liberty or TomEE has them", "the code has enterprise beans (%s), which Tomcat has not", plan.Printable(s.Value, 60))
		}
	}
	return nil
}

// tomcatImage is the image of a release of Tomcat, with the Java that runs.
func tomcatImage(in record.Input, release string, v versions) (plan.Ref, error) {
	return image.ImagesOf("tomcat").Ref(in.Know, release, plan.Slim, "jre"+v.java)
}

// tomcatFolders makes Tomcat write below /tmp.
func tomcatFolders() []plan.Step {
	step := plan.Step{Why: plan.NewComment("What Tomcat writes goes to /tmp, so that the root file system can be read-only.")}
	step.Run = []plan.Shell{
		plan.MustShell("rm", "-r", "logs", "temp", "work"),
		plan.MustShell("ln", "-s", "/tmp", "logs"), plan.MustShell("ln", "-s", "/tmp", "temp"), plan.MustShell("ln", "-s", "/tmp", "work"),
	}
	return []plan.Step{step}
}
