package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// dropwizard is the framework that starts with a command and a file.
const dropwizard = "dropwizard"

// argumentsKey is the choice of what the app is started with beside its main class.
const argumentsKey = "java.arguments"

// decideArguments finds what the app is started with beside its main class: of
// Dropwizard, the command server and its configuration, of others what the Procfile has.
//
// https://www.dropwizard.io/en/stable/getting-started.html#running-your-application
func (m *module) decideArguments(in record.Input) {
	switch {
	case len(in.Settings.Start) > 0:
		return
	case len(m.Servers) == 0:
		m.decideProcess(in)
		m.takeScript(in)
		return
	}
	file, rule, pos := "", "", fact.Pos{}
	if list, err := in.Builds.Procfile(); err == nil {
		for _, x := range list {
			words := strings.Fields(x.Text)
			if i := slices.Index(words, "server"); x.Name == "web" && i >= 0 && i+1 < len(words) {
				file, rule, pos = path.Clean(words[i+1]), "the command of the Procfile", x.Pos
			}
		}
	}
	i := slices.IndexFunc(m.Servers, func(c java.ServerConfig) bool { return c.File == file })
	if i < 0 {
		i, rule = preferred(m.Servers), "the configuration of the server that the repository has"
		pos = m.Servers[i].Pos
	}
	c := m.Servers[i]
	var rejected []plan.Rejected
	for k, o := range m.Servers {
		if k != i {
			rejected = append(rejected, plan.Rejected{Value: "server " + o.File, Pos: record.At(o.Pos), Why: "another configuration"})
		}
	}
	m.config, m.args = &c, []string{"server", c.File}
	in.Log.Choose(plan.Choice{Key: argumentsKey, Value: strings.Join(m.args, " "), Rule: rule, Pos: record.At(pos), Rejected: rejected, Link: "https://www.dropwizard.io/en/stable/getting-started.html#running-your-application"})
	if len(m.Servers) > 1 && rule != "the command of the Procfile" {
		in.Log.Note(c.Pos, "prod starts with this configuration; the repository has others", "--set start=[java, -jar, JAR, server, FILE] takes another one")
	}
}

// preferred is the file whose name says most that it is the one: config.yml,
// what is for production, no example.
func preferred(list []java.ServerConfig) int {
	rank := func(c java.ServerConfig) int {
		switch name := strings.ToLower(path.Base(c.File)); {
		case strings.Contains(name, "prod"):
			return 0
		case strings.HasPrefix(name, "config."), strings.HasPrefix(name, "configuration."):
			return 1
		case strings.Contains(name, "test"), strings.Contains(name, "dev"), strings.Contains(name, "local"), strings.Contains(name, "example"):
			return 3
		}
		return 2
	}
	best := 0
	for i := range list {
		if rank(list[i]) < rank(list[best]) {
			best = i
		}
	}
	return best
}

// served are the addresses that the configuration of the server names, else
// those that Dropwizard documents. A property of the virtual machine overrides a key of the file:
// https://www.dropwizard.io/en/stable/manual/core.html#configuration.
func (m *module) served(fw framework) []image.Address {
	port := func(c java.Connector, otherwise int, what string, other bool) image.Address {
		a := image.Address{Port: otherwise, Pos: fw.dep.Pos, Rule: "the default of Dropwizard's " + what, Link: fw.Source, Also: other, Evidence: what + " without a port"}
		if f := c.Port; f.Found() {
			value, env := expandPlaceholders(m, strings.Replace(f.Value, ":-", ":", 1), 0)
			a = image.Address{Port: atoi(value), Pos: f.Pos, Rule: "the " + what + " of the configuration", Link: fw.Source, Also: other}
			if plan.IsEnvName(env) {
				a.Move.Env = env
			}
		}
		if a.Host = c.Host.Value; a.Host != "" && !other { // an administration that only the container reaches is meant so
			a.HostMove = image.Move{Flag: "-Ddw." + c.Move + "="}
		}
		return a
	}
	var out []image.Address
	for i, c := range m.config.Connectors {
		out = append(out, port(c, 8080, "connector", i > 0))
	}
	if len(out) == 0 {
		out = append(out, port(java.Connector{}, 8080, "connector", false))
	}
	return append(out, port(m.config.Admin, 8081, "administration", true))
}

// configRead are the files that the arguments name: the configuration is one that the program reads.
func (m *module) configRead() []effect.File {
	if m.config == nil {
		return m.named
	}
	return []effect.File{{Pos: m.config.Pos, Use: effect.Read, Path: effect.Value{Text: m.config.File, Sure: effect.Literal}}}
}

// logged are the folders of the files that the configuration has the server log to.
func (m *module) logged() []image.Write {
	if m.config == nil {
		return nil
	}
	var out []image.Write
	for _, f := range m.config.Logs {
		if dir := path.Dir(path.Clean(f.Value)); dir != "." && !strings.HasPrefix(dir, "..") && !strings.Contains(f.Value, "$") {
			out = append(out, image.Write{Dir: dir, Configured: true, Pos: f.Pos})
		}
	}
	return out
}
