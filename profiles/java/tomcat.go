package java

import (
	"strings"

	"github.com/dockgen/dockgen/detect/java/pom"
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
	line, rule, pos := "10.1", "no servlet API is named; this is Jakarta EE's", m.Packaging().Pos
	for _, d := range m.Dependencies() {
		switch {
		case d.Group == "javax.servlet" || d.Name() == "javax:javaee-api" || d.Name() == "javax:javaee-web-api":
			line, rule, pos = "9.0", "the javax.servlet API", d.Pos
		case d.Group == "jakarta.servlet" || strings.HasPrefix(d.Group, "jakarta.platform"):
			line, rule, pos = "10.1", "the jakarta.servlet API", d.Pos
			if d.Group == "jakarta.servlet" && pom.Resolved(d.Version) && atLeast(d.Version, "6.1") {
				in.Log.Note(d.Pos, "is compiled against Servlet "+plan.Printable(d.Version, 20)+"; Tomcat 10.1 has 6.0", "what is new in 6.1 is missing at run time")
			}
		}
	}
	if _, err := tomcatImage(in, line, v); err != nil {
		return "", record.Refuse(pos, "--set version=21 takes another", "there is no image of Tomcat %s with Java %s", line, v.java)
	}
	return in.Log.Choose(plan.Choice{Key: "java.tomcat", Value: line, Rule: rule, Pos: record.At(pos), Link: "https://tomcat.apache.org/whichversion.html", Evidence: rule}), nil
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
