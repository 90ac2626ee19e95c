package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// The context of a war is the path below which a servlet container answers for it, which is its name among the container's
// apps: https://tomcat.apache.org/tomcat-10.1-doc/config/context.html#Naming.

// rootContext is the name of the app that answers at the root.
const rootContext = "ROOT"

var (
	// deployed matches where a servlet container finds its apps: Tomcat and Jetty, WildFly, GlassFish and Payara, Open Liberty.
	deployed = lazy.MustCompile(`/(?:webapps|deployments|autodeploy|dropins)/([^/\s"']+?)(?:\.war)?/?$`)
	deploys  = lazy.MustCompile(`/(?:webapps|deployments|autodeploy|dropins)/?$`)
	// contextName matches a name without the signs of a version or of a path with several parts.
	contextName = lazy.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,60}$`)
)

// decideContext finds the name that the war has in prod: the one of the own image, of the plugin that runs it for developers, or
// of the address at which the README says that it answers; else it is at the root.
func decideContext(in record.Input, m *module) string {
	if m.made.kind != War {
		return ""
	}
	for _, find := range []func(record.Input) (name, rule string, at fact.Pos){m.ownContext, m.pluginContext, m.readmeContext} {
		name, rule, at := find(in)
		if name = strings.Trim(name, "/"); at.IsZero() || name != "" && !contextName.MatchString(name) {
			continue
		}
		if name == "" || strings.EqualFold(name, rootContext) {
			return rootContext
		}
		in.Log.Choose(plan.Choice{Key: "java.context", Value: "/" + name, Rule: rule, Pos: record.At(at)})
		return name
	}
	return rootContext
}

// ownContext is the name that the own Dockerfile gives the war.
func (m *module) ownContext(in record.Input) (name, rule string, at fact.Pos) {
	own := m.ownImage(in)
	if own == nil {
		return "", "", fact.Pos{}
	}
	rule = "where the repository's own image has the war"
	if x := m.Image; x != nil && image.OfModule(in) {
		if g := deployed.FindStringSubmatch(x.Root.Value); g != nil {
			return g[1], rule, x.Root.Pos
		}
	}
	for _, c := range own.Image.Copies {
		if path.Ext(c.To) == ".xml" && deployed.MatchString(c.To) {
			return rootContext, rule, c.Pos // the file has the context: https://jetty.org/docs/jetty/12/operations-guide/xml/index.html
		}
	}
	for _, c := range slices.Backward(own.Image.Copies) {
		if g := deployed.FindStringSubmatch(c.To); g != nil && (strings.HasSuffix(c.To, ".war") || path.Ext(c.To) == "") {
			return g[1], rule, c.Pos
		}
		if base := path.Base(c.Path); deploys.MatchString(c.To) && strings.HasSuffix(base, ".war") {
			return strings.TrimSuffix(base, ".war"), rule, c.Pos
		}
	}
	for _, l := range slices.Backward(own.Image.Lines) {
		for _, c := range l.Commands {
			if n := len(c.Words); n > 2 && slices.Contains([]string{"cp", "mv", "ln", "unzip"}, path.Base(c.Words[0].Text)) {
				if g := deployed.FindStringSubmatch(c.Words[n-1].Text); g != nil {
					return g[1], rule, l.Pos
				}
			}
		}
	}
	return "", "", fact.Pos{}
}

// pluginContext is the context that a plugin of the build serves the war at:
// https://jetty.org/docs/jetty/12/programming-guide/maven-jetty/jetty-maven-plugin.html,
// https://tomcat.apache.org/maven-plugin-2.2/tomcat7-maven-plugin/run-mojo.html,
// https://codehaus-cargo.github.io/cargo/Maven+3+Plugin+Reference+Guide.html
func (m *module) pluginContext(record.Input) (name, rule string, at fact.Pos) {
	for _, x := range []struct {
		plugin string
		keys   []string
	}{
		{"jetty-maven-plugin", []string{"webApp", "contextPath"}},
		{"jetty-ee10-maven-plugin", []string{"webApp", "contextPath"}},
		{"jetty-ee9-maven-plugin", []string{"webApp", "contextPath"}},
		{"jetty-ee8-maven-plugin", []string{"webApp", "contextPath"}},
		{"tomcat7-maven-plugin", []string{"path"}},
		{"cargo-maven3-plugin", []string{"deployables", "deployable", "properties", "context"}},
		{"cargo-maven2-plugin", []string{"deployables", "deployable", "properties", "context"}},
	} {
		if f := m.POM.PluginNamed(x.plugin).Config(x.keys...); f.Found() && f.Value != "" {
			return f.Value, "the context of " + x.plugin, f.Pos
		}
	}
	return "", "", fact.Pos{}
}

// readmeContext is the name of the build's war, where the README has an address of this machine that begins so.
func (m *module) readmeContext(in record.Input) (name, rule string, at fact.Pos) {
	name, at, _ = in.Builds.Visited(m.FinalName().Value, m.Artifact().Value)
	return name, "the address at which the README says that it answers", at
}
