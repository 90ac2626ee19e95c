package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// health is how the module says that it is well, for image.Probe.
func health(m *module, fw framework, r plan.Runtime, ports image.Ports) image.ProbeRequest {
	out := image.ProbeRequest{
		Ports: ports, Runtime: r, Ask: m.ask, Framework: fw.route(m),
		Routes: of(m, func(s java.Sources) []effect.Route { return s.Routes }),
	}
	if slices.ContainsFunc(m.dependencies(), func(d pom.Dependency) bool {
		return d.AtRuntime() && slices.Contains(guards, d.Name())
	}) {
		out.Routes = nil // they ask for a login, as far as anybody can tell
	}
	for _, l := range m.listens() {
		out.TLS = out.TLS || l.TLS
	}
	out.TLS = out.TLS || fw.encrypts(m)
	if m.context != "" {
		if m.context != rootContext {
			out.Base = "/" + m.context + "/"
			if out.Framework.Path != "" {
				out.Framework.Path = path.Join(out.Base, out.Framework.Path)
			}
		}
		return out
	}
	for _, key := range fw.Base {
		if s := m.setting(key); s.Found() && out.Base == "" {
			out.Base, _ = expandPlaceholders(m, s.Value, 0)
		}
	}
	return out
}

// guards are the libraries that answer nothing without a login, unless the code
// says otherwise:
// https://docs.spring.io/spring-boot/reference/web/spring-security.html,
// https://micronaut-projects.github.io/micronaut-security/latest/guide/
var guards = []string{"org.springframework.boot:spring-boot-starter-security", "org.springframework.boot:spring-boot-starter-oauth2-resource-server", "org.springframework.boot:spring-boot-starter-oauth2-client", "io.micronaut.security:micronaut-security", "io.micronaut.security:micronaut-security-jwt"} //nolint:gochecknoglobals // a constant table

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

// route is the health page of the framework, zero if the module has none.
func (fw framework) route(m *module) image.HealthRoute {
	if m.config != nil {
		list := m.served(fw)
		admin := list[len(list)-1]
		return image.HealthRoute{Path: "/healthcheck", Pos: admin.Pos, Rule: "Dropwizard's health checks", Link: "https://www.dropwizard.io/en/stable/manual/core.html#health-checks", Port: plan.Port(admin.Port), Var: admin.Move.Env} //nolint:gosec // 0 is the app's own
	}
	deps := m.dependencies()
	i := slices.IndexFunc(deps, func(d pom.Dependency) bool { return d.Name() == fw.Health.Dependency && d.AtRuntime() })
	if len(fw.Health.Path) == 0 || i < 0 || fw.hidden(m) {
		return image.HealthRoute{}
	}
	out := image.HealthRoute{Pos: deps[i].Pos, Rule: "the health page of " + deps[i].Artifact, Link: fw.Source}
	out.Path, out.Rooted = segments(m, fw.Health.Path)
	if len(fw.Also) == 0 || len(fw.Health.Also) == 0 {
		return out
	}
	if a, ok := fw.Also[0].address(m, fw.Source); ok {
		out.Port, out.Var = plan.Port(a.Port), a.Move.Env //nolint:gosec // checked to be a port
		out.Path, _ = segments(m, fw.Health.Also)
	}
	return out
}

// encrypts reports whether the configuration makes the framework answer over TLS
// alone. A variable whose default is empty, "${KEY_STORE:}", does not.
func (fw framework) encrypts(m *module) bool {
	if v, _ := expandPlaceholders(m, m.setting(fw.TLS.Off).Value, 0); strings.EqualFold(v, "false") {
		return false
	}
	return slices.ContainsFunc(fw.TLS.Keys, func(key string) bool {
		s := m.setting(key)
		v, env := expandPlaceholders(m, s.Value, 0)
		return v != "" || env != "" && !strings.HasSuffix(strings.TrimSpace(s.Value), ":}")
	})
}

// hidden reports whether the configuration turns the page off, or puts it where nobody sees from here.
func (fw framework) hidden(m *module) bool {
	if slices.ContainsFunc(fw.Health.Off, func(key string) bool { return m.setting(key).Value == "false" }) ||
		slices.ContainsFunc(fw.Health.Moved, func(key string) bool { return m.setting(key).Found() }) {
		return true
	}
	has := func(key string) bool {
		return slices.ContainsFunc(strings.Split(m.setting(key).Value, ","), func(s string) bool { return strings.Trim(s, ` "'`) == "health" || strings.Trim(s, ` "'`) == "*" })
	}
	show := fw.Health.Exposed
	return show != "" && (has(show+".exclude") || m.setting(show+".include").Value != "" && !has(show+".include"))
}

// segments joins the parts of a path, in which {key:default} is the value of a
// key of the configuration. One that begins with a slash in the configuration
// begins at the root, which is said.
func segments(m *module, parts []string) (name string, rooted bool) {
	for i, part := range parts {
		before, rest, ok := strings.Cut(part, "{")
		if ok {
			key, otherwise, _ := strings.Cut(strings.TrimSuffix(rest, "}"), ":")
			value := otherwise
			if s := m.setting(key); s.Found() && s.Value != "" {
				value, _ = expandPlaceholders(m, s.Value, 0)
				if strings.HasPrefix(value, "/") && (before == "/" || i > 0 && strings.HasPrefix(parts[0], "/{")) {
					name, rooted = "", true
				}
			}
			part = before + value
		}
		name = path.Join("/", name, part)
	}
	return name, rooted
}
