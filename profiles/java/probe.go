package java

import (
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// health is how the module says that it is well, for image.Probe.
func health(m *module, fw framework, r plan.Runtime, ports image.Ports) image.ProbeRequest {
	out := image.ProbeRequest{
		Ports: ports, Runtime: r, Ask: ask, Framework: fw.route(m),
		Routes: of(m, func(s java.Sources) []effect.Route { return s.Routes }),
	}
	for _, l := range m.listens() {
		out.TLS = out.TLS || l.TLS
	}
	for _, key := range fw.TLS {
		out.TLS = out.TLS || m.setting(key).Found()
	}
	for _, key := range fw.Base {
		if s := m.setting(key); s.Found() && out.Base == "" {
			out.Base, _ = expandPlaceholders(m, s.Value, 0)
		}
	}
	return out
}

// ask is what the images of Java ask with: eclipse-temurin for glibc, which
// Tomcat's starts from, installs curl
// (https://github.com/adoptium/containers/blob/main/21/jre/ubuntu/noble/Dockerfile).
func ask(r plan.Runtime) image.Asker {
	switch r {
	case plan.Slim:
		return image.AskCurl()
	case plan.Alpine:
		return image.AskWget()
	case plan.Distroless, plan.Scratch:
	}
	return image.Asker{}
}

// route is the health page of the framework, zero if the module has none, or
// if its configuration moves it.
func (fw framework) route(m *module) image.HealthRoute {
	for _, key := range fw.Moves {
		if m.setting(key).Found() {
			return image.HealthRoute{}
		}
	}
	for _, d := range m.dependencies() {
		if fw.Health.Path != "" && d.Name() == fw.Health.Dependency && d.AtRuntime() {
			return image.HealthRoute{Path: fw.Health.Path, Pos: d.Pos, Rule: "the health page of " + d.Artifact, Link: fw.Source}
		}
	}
	return image.HealthRoute{}
}
