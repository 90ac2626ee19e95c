package java

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/detect/tree"
)

// ServerConfig is a file of YAML that Dropwizard's command server can be given:
// https://www.dropwizard.io/en/stable/manual/configuration.html
type ServerConfig struct {
	File       string      // relative to the folder of the reactor
	Connectors []Connector // of the app, as far as the file names their ports
	Admin      Connector   // of the administration
	Logs       []fact.Fact[string]
	Pos        fact.Pos
}

// Connector is where the server listens. Move is the key of the configuration that has its address:
// "server.applicationConnectors[0].bindHost".
type Connector struct {
	Port, Host fact.Fact[string]
	Move       string
}

// maxConfigs bounds the files that are read.
const maxConfigs = 20

// readServerConfigs reads the files beside the module's POM and the root's, if
// the module has Dropwizard.
func (p *Project) readServerConfigs(t *tree.Tree, dir string) []ServerConfig {
	if !slices.ContainsFunc(p.Dependencies(), func(d pom.Dependency) bool { return d.Name() == "io.dropwizard:dropwizard-core" }) {
		return nil
	}
	var out []ServerConfig
	seen := map[string]bool{}
	for _, in := range []string{".", "config", "conf", p.Dir, path.Join(p.Dir, "config"), path.Join(p.Dir, "conf")} {
		for _, base := range t.Names(path.Join(dir, in)) {
			name := path.Join(in, base)
			if ext := path.Ext(base); ext != ".yml" && ext != ".yaml" || strings.HasPrefix(base, ".") || seen[name] || len(seen) > maxConfigs {
				continue
			}
			seen[name] = true
			doc, err := document.Read(t, path.Join(dir, name))
			if err != nil {
				continue
			}
			server := doc.Get("server")
			known := server.Found() || doc.Get("database").Found() && doc.Get("logging").Found() || base == "config.yml"
			if !known || doc.Get("services").Found() || doc.Get("version").Found() {
				continue
			}
			c := ServerConfig{File: name, Pos: fact.At(path.Join(dir, name), 0)}
			c.Connectors = connectors(server, "applicationConnectors")
			if list := connectors(server, "adminConnectors"); len(list) > 0 {
				c.Admin = list[0]
			}
			if one, ok := connector(server.Get("connector"), "server.connector"); ok {
				c.Connectors = append(c.Connectors, one)
			}
			for _, appender := range doc.Get("logging").Get("appenders").Items {
				if file := appender.Get(spelled(appender, "currentLogFilename")); file.IsScalar() && len(c.Logs) < maxConfigs {
					c.Logs = append(c.Logs, fact.Fact[string]{Value: file.Text, Pos: file.Pos()})
				}
			}
			out = append(out, c)
		}
	}
	return out
}

// spelled is a name as the file has it: in the spelling of Dropwizard or, as an app may have its mapper read them, in words joined by
// underscores.
func spelled(v document.Value, name string) string {
	if v.Get(name).Found() {
		return name
	}
	return snake(name)
}

// snake is a name in words joined by underscores.
func snake(name string) string {
	var out strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}

// connectors are those of a list of the server's that name a port.
func connectors(server document.Value, name string) []Connector {
	name = spelled(server, name)
	var out []Connector
	for i, v := range server.Get(name).Items {
		if c, ok := connector(v, "server."+name+"["+strconv.Itoa(i)+"]"); ok && len(out) < maxConfigs {
			out = append(out, c)
		}
	}
	return out
}

// connector is the one at a key; ok is false for one without a port.
func connector(v document.Value, key string) (c Connector, ok bool) {
	port := v.Get("port")
	if !port.IsScalar() {
		return c, false
	}
	c.Port = fact.Fact[string]{Value: port.Text, Pos: port.Pos()}
	name := spelled(v, "bindHost")
	if host := v.Get(name); host.IsScalar() {
		c.Host, c.Move = fact.Fact[string]{Value: host.Text, Pos: host.Pos()}, key+"."+name
	}
	return c, true
}
