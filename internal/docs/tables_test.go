package docs

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
)

// nodeFramework is what the pages show of a row of profiles/node/framework/frameworks.yaml.
type nodeFramework struct {
	Name     string
	Source   string
	Packages []string
	Dev      struct{ Port int }
	Server   map[string]any
	Static   map[string]any
	Modes    []struct {
		Server, Static map[string]any
		Refuse         string
	}
}

// makes is what prod of the framework is: a server, a site, or either of them by its settings.
func (f nodeFramework) makes() string {
	server, site := f.Server != nil, f.Static != nil
	for _, m := range f.Modes {
		server, site = server || m.Server != nil, site || m.Static != nil
	}
	switch {
	case server && site:
		return "a server or a site"
	case server:
		return "a server"
	case site:
		return "a site"
	}
	return startScript
}

// startScript is what prod of a framework is that says neither.
const startScript = "what its start script runs"

// pythonFramework is what the pages show of a row of detect/python/frameworks.yaml.
type pythonFramework struct {
	Framework, Source, Dependency, Interface, Health string
	Run                                              []string
	Port                                             int
	Worker                                           bool
}

func (f pythonFramework) servedBy() string {
	switch {
	case len(f.Run) > 0:
		return "`" + f.Run[0] + "`"
	case f.Interface != "":
		return "a server of " + strings.ToUpper(f.Interface)
	}
	return "itself"
}

// javaFramework is what the pages show of a row of profiles/java/frameworks.yaml.
type javaFramework struct {
	Framework, Source, Env, Refuse string
	Dependencies, Keys             []string
	Port                           int
}

type manager struct {
	Manager, Source string
	Install         any
}

// tables are the rows that the pages show.
type tables struct {
	node    []nodeFramework
	python  []pythonFramework
	java    []javaFramework
	npm, py []manager
	servers []struct {
		Server, Source string
		Interfaces     []string
		Default        int
	}
	listeners []struct{ Package, Source string }
	golang    []goCall
}

// goCall is what the pages show of a row of detect/golang/analysis/calls.yaml.
type goCall struct {
	Package, Source string
	Listen          any
}

func load(t *testing.T) tables {
	t.Helper()
	var out tables
	out.node = slices.DeleteFunc(decode[[]nodeFramework](t, "profiles/node/framework/frameworks.yaml"), func(f nodeFramework) bool {
		return len(f.Modes) == 1 && f.Modes[0].Refuse != "" && f.makes() == startScript
	})
	out.python = decode[[]pythonFramework](t, "detect/python/frameworks.yaml")
	out.java = decode[[]javaFramework](t, "profiles/java/frameworks.yaml")
	out.npm = decode[struct{ Managers []manager }](t, "profiles/node/manager/managers.yaml").Managers
	out.py = decode[[]manager](t, "profiles/python/managers.yaml")
	out.servers = slices.Clip(decode[[]struct {
		Server, Source string
		Interfaces     []string
		Default        int
	}](t, "profiles/python/servers.yaml"))
	out.listeners = decode[struct {
		Listeners []struct{ Package, Source string }
	}](t, "profiles/node/start.yaml").Listeners
	out.golang = decode[[]goCall](t, "detect/golang/analysis/calls.yaml")
	return out
}

// goServers are the modules of Go whose calls listen, beside the standard library, by project: one that moved has a row for each of its paths.
func (x tables) goServers() [][]goCall {
	var out [][]goCall
	for _, r := range x.golang {
		host, _, _ := strings.Cut(r.Package, "/")
		if r.Listen == nil || !strings.Contains(host, ".") {
			continue
		}
		at := slices.IndexFunc(out, func(p []goCall) bool { return p[0].project() == r.project() })
		switch {
		case at < 0:
			out = append(out, []goCall{r})
		case !slices.ContainsFunc(out[at], func(o goCall) bool { return o.module() == r.module() }):
			out[at] = append(out[at], r)
		}
	}
	return out
}

// module is the path that a row's packages are below.
func (r goCall) module() string { return strings.TrimSuffix(r.Package, "/...") }

// project is what people call the module.
func (r goCall) project() string { return path.Base(r.module()) }

// names are those of the managers.
func names(list []manager) string {
	var out []string
	for _, m := range list {
		out = append(out, m.title())
	}
	return strings.Join(out, ", ")
}

// title is what people call a manager that the table knows by another name.
func (m manager) title() string {
	switch m.Manager {
	case "yarn":
		return "Yarn 1"
	case "berry":
		return "Yarn 2 and later"
	case "pyproject":
		return "pip with pyproject.toml"
	case "script":
		return "scripts with inline metadata"
	case "setup.py":
		return "pip with setup.py"
	}
	return title(m.Manager)
}

// title is a name as its project writes it.
func title(name string) string {
	switch name {
	case "npm", "pnpm", "pip", "uv":
		return name
	case "pdm":
		return "PDM"
	case "grpc":
		return "gRPC"
	case "vertx":
		return "Vert.x"
	case "jdk":
		return "the JDK's own server"
	case "javafx":
		return "JavaFX"
	}
	words := strings.Split(name, "-")
	for i, w := range words {
		if len(w) < 3 {
			words[i] = strings.ToUpper(w)
		} else {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, " ")
}

func linked(text, url string) string {
	if url == "" {
		return text
	}
	return "[" + text + "](" + strings.ReplaceAll(strings.ReplaceAll(url, "(", "%28"), ")", "%29") + ")"
}

func quoted(list []string) string {
	var out []string
	for _, x := range list {
		out = append(out, "`"+strings.ReplaceAll(x, "|", `\|`)+"`")
	}
	return strings.Join(out, ", ")
}

// table is one of Markdown.
func table(head []string, rows [][]string) string {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(head)
	line(slices.Repeat([]string{"---"}, len(head)))
	for _, r := range rows {
		line(r)
	}
	return b.String()
}

func port(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// generatedParts are the parts of pages that people write otherwise, by page and name.
func generatedParts(t *testing.T) map[string]map[string]string {
	t.Helper()
	x := load(t)
	return map[string]map[string]string{
		"README.md": {
			"dockerfile": "```dockerfile\n" + read(t, dockerfileOf(t, "testdata/node/hono-typescript")) + "```",
			"read":       x.read(),
			"refused":    refused(t),
		},
		"docs/profiles.md":         {"profiles": profileTable(t)},
		"docs/compose.md":          {"services": services(t)},
		"docs/languages/go.md":     {"libraries": x.goTable(), "versions": releases(t, "golang")},
		"docs/languages/node.md":   {"frameworks": x.nodeTable(), "managers": managerTable(x.npm), "libraries": x.listenerTable(), "versions": releases(t, "node")},
		"docs/languages/python.md": {"frameworks": x.pythonTable(), "managers": managerTable(x.py), "servers": x.serverTable(), "versions": releases(t, "python")},
		"docs/languages/java.md":   {"frameworks": x.javaTable(), "versions": releases(t, "eclipse-temurin")},
	}
}

// shown is how many names of a kind README has; the language's page has all.
const shown = 24

func (x tables) read() string {
	var node, python, java, golang []string
	for _, f := range x.node {
		node = append(node, f.Name)
	}
	var listeners []string
	for _, l := range x.listeners {
		listeners = append(listeners, "`"+l.Package+"`")
	}
	node = slices.Concat(listeners[:8], node, listeners[8:])
	for _, f := range x.python {
		if f.Dependency != "" && f.Dependency != "django" && !slices.Contains(python, "`"+f.Dependency+"`") {
			python = append(python, "`"+f.Dependency+"`")
		}
	}
	for _, f := range x.java {
		if f.Refuse == "" {
			java = append(java, title(f.Framework))
		}
	}
	for _, p := range x.goServers() {
		golang = append(golang, "`"+p[0].project()+"`")
	}
	row := func(name, page, managers, first string, names []string) []string {
		known := first + strings.Join(names[:min(len(names), shown)], ", ")
		if more := len(names) - shown; more > 0 {
			known += fmt.Sprintf(" and [%d more](%s)", more, page)
		}
		return []string{linked(name, page), managers, known}
	}
	return table([]string{"language", "installs with", "frameworks and libraries that it knows"}, [][]string{
		row("Go", "docs/languages/go.md", "modules, workspaces, `vendor`", "the standard library, ", golang),
		row("Node", "docs/languages/node.md", names(x.npm), "", node),
		row("Python", "docs/languages/python.md", names(x.py), "Django, ", python),
		row("Java and Kotlin", "docs/languages/java.md", "Maven, Gradle, their wrappers", "", java),
	})
}

// refused are the stacks that dockgen knows by their manifests and does not build.
func refused(t *testing.T) string {
	t.Helper()
	var stacks []string
	for _, m := range decode[struct {
		Manifests []struct{ Language, Of string }
	}](t, "detect/aside/asides.yaml").Manifests {
		if m.Language == "" && m.Of != "" && !slices.Contains(stacks, m.Of) {
			stacks = append(stacks, m.Of)
		}
	}
	return "It names what it does not build by the file that says so: " + strings.Join(stacks, ", ") + "."
}

func (x tables) nodeTable() string {
	var rows [][]string
	for _, f := range x.node {
		rows = append(rows, []string{linked(f.Name, f.Source), quoted(f.Packages), f.makes(), port(f.Dev.Port)})
	}
	return table([]string{"framework", "found by", "prod is", "port of dev"}, rows)
}

func (x tables) listenerTable() string {
	var out []string
	for _, l := range x.listeners {
		out = append(out, linked("`"+l.Package+"`", l.Source))
	}
	return strings.Join(out, ", ") + "."
}

func (x tables) pythonTable() string {
	var rows [][]string
	for _, f := range x.python {
		kind := "a server"
		if f.Worker {
			kind = "a worker"
		}
		dependency := "the standard library"
		if f.Dependency != "" {
			dependency = "`" + f.Dependency + "`"
		}
		rows = append(rows, []string{linked(f.Framework, f.Source), dependency, kind, f.servedBy(), port(f.Port)})
	}
	return table([]string{"framework", "found by", "is", "started by", "port"}, rows)
}

func (x tables) serverTable() string {
	var rows [][]string
	for _, s := range x.servers {
		rows = append(rows, []string{linked(s.Server, s.Source), strings.ToUpper(strings.Join(s.Interfaces, ", ")), port(s.Default)})
	}
	return table([]string{"server", "serves", "port"}, rows)
}

func (x tables) javaTable() string {
	var rows [][]string
	for _, f := range x.java {
		found := quoted(f.Dependencies[:min(len(f.Dependencies), 3)])
		if len(f.Dependencies) > 3 {
			found += fmt.Sprintf(" and %d more", len(f.Dependencies)-3)
		}
		if len(f.Dependencies) == 0 {
			found = "calls of the JDK's own classes"
		}
		said := quoted(f.Keys)
		if f.Env != "" {
			said = strings.TrimPrefix(said+", `"+f.Env+"`", ", ")
		}
		if f.Refuse != "" {
			said = "refused: " + f.Refuse
		}
		rows = append(rows, []string{linked(title(f.Framework), f.Source), found, port(f.Port), said})
	}
	return table([]string{"framework", "found by", "port", "what moves the port"}, rows)
}

func (x tables) goTable() string {
	var out []string
	for _, p := range x.goServers() {
		var paths []string
		for _, r := range p {
			paths = append(paths, linked("`"+r.module()+"`", r.Source))
		}
		out = append(out, strings.Join(paths, " or "))
	}
	return strings.Join(out, ", ") + "."
}

func managerTable(list []manager) string {
	var rows [][]string
	for _, m := range list {
		var words []string
		command := m.Install
		if lines, ok := command.([]any); ok && len(lines) > 0 {
			if first, nested := lines[0].([]any); nested {
				lines = first
			}
			for _, w := range lines {
				words = append(words, fmt.Sprint(w))
			}
		}
		shown := "with the project itself"
		if len(words) > 0 {
			shown = quoted([]string{strings.Join(words, " ")})
		}
		rows = append(rows, []string{linked(m.title(), m.Source), shown})
	}
	return table([]string{"manager", "installs with"}, rows)
}

// releases are those of an image that can be asked for.
func releases(t *testing.T, name string) string {
	t.Helper()
	for _, img := range decode[struct {
		Images []struct {
			Image, Source, Default string
			Releases               []struct {
				Version, Until string
				Ended, Early   bool
			}
		}
	}](t, "profiles/knowledge/images.yaml").Images {
		if img.Image != name {
			continue
		}
		var rows [][]string
		for _, r := range img.Releases {
			var notes []string
			if r.Version == img.Default {
				notes = append(notes, "taken where nothing names one")
			}
			if r.Early {
				notes = append(notes, "not released yet")
			}
			if r.Ended {
				notes = append(notes, "ended; a note says so")
			}
			rows = append(rows, []string{r.Version, r.Until, strings.Join(notes, ", ")})
		}
		return "Releases of [" + name + "](" + img.Source + "):\n\n" + table([]string{"release", "supported until", ""}, rows)
	}
	t.Fatalf("images.yaml has no %s", name)
	return ""
}

func profileTable(t *testing.T) string {
	t.Helper()
	var rows [][]string
	for _, name := range []string{"default", "minimal", "slim", "alpine"} {
		p := decode[struct {
			Description     string
			Runtimes, Sites []string
		}](t, path.Join("profiles/builtin", name+".yaml"))
		sites := p.Sites
		if len(sites) == 0 {
			sites = p.Runtimes
		}
		rows = append(rows, []string{"`" + name + "`", p.Description, strings.Join(p.Runtimes, ", "), strings.Join(sites, ", ")})
	}
	return table([]string{"profile", "for", "apps, in order", "sites, in order"}, rows)
}

func services(t *testing.T) string {
	t.Helper()
	var rows [][]string
	for _, s := range decode[struct {
		Services []struct {
			Name, Title, Source, Image, Tag string
			Port                            int
		}
	}](t, "profiles/backing/services.yaml").Services {
		rows = append(rows, []string{linked(s.Title, s.Source), "`" + s.Image + ":" + s.Tag + "`", port(s.Port)})
	}
	return table([]string{"server", "image", "port"}, rows)
}
