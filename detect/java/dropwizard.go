package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/detect/tree"
)

// ServerConfig is a file of YAML that Dropwizard's command server can be given:
// https://www.dropwizard.io/en/stable/manual/configuration.html
type ServerConfig struct {
	File  string              // relative to the folder of the reactor
	Ports []fact.Fact[string] // of the app, then of its administration, as far as the file names them
	Admin fact.Fact[string]   // the port of the administration
	Pos   fact.Pos
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
			for _, connector := range append(server.Get("applicationConnectors").Items, server.Get("connector")) {
				if port := connector.Get("port"); port.IsScalar() {
					c.Ports = append(c.Ports, fact.Fact[string]{Value: port.Text, Pos: port.Pos()})
				}
			}
			for _, connector := range server.Get("adminConnectors").Items {
				if port := connector.Get("port"); port.IsScalar() && !c.Admin.Found() {
					c.Admin = fact.Fact[string]{Value: port.Text, Pos: port.Pos()}
				}
			}
			out = append(out, c)
		}
	}
	return out
}
