package golang

import (
	"path"
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/polyglot"
)

// procfile reads the processes of the Procfile.
func (m *mentioner) procfile() {
	list, err := polyglot.Procfile(m.r.t, m.r.dir)
	if err != nil {
		return
	}
	for _, x := range list {
		m.script(x.Command, nil, place{x.Pos, ByProcfile, x.Name, "."})
	}
}

var herokuLine = regexp.MustCompile(`^//\s*\+heroku\s+install\s+(.+)$`)

// heroku reads what Heroku's build takes from go.mod:
// https://devcenter.heroku.com/articles/go-modules#build-configuration.
func (m *mentioner) heroku() {
	n := 0
	for line := range strings.Lines(m.read("go.mod")) {
		n++
		if g := herokuLine.FindStringSubmatch(strings.TrimSpace(line)); g != nil {
			m.goCommand("install", strings.Fields(g[1]), place{pos: fact.At(m.r.at("go.mod"), n), by: ByHeroku, dir: "."})
		}
	}
}

// A platform is a file of a hosting platform and where in it commands and
// packages stand: keys, with * for each element.
type platform struct {
	file     string
	commands []string
	packages []string
	source   string
}

var platforms = []platform{ //nolint:gochecknoglobals // a constant table
	{"app.yaml", []string{"entrypoint"}, []string{"main"}, "https://cloud.google.com/appengine/docs/standard/reference/app-yaml"},
	{"render.yaml", []string{"services.*.buildCommand", "services.*.startCommand"}, nil, "https://render.com/docs/blueprint-spec"},
	{"fly.toml", []string{"processes.*"}, nil, "https://fly.io/docs/reference/configuration/"},
	{"railway.json", []string{"build.buildCommand", "deploy.startCommand"}, nil, "https://docs.railway.com/reference/config-as-code"},
	{"railway.toml", []string{"build.buildCommand", "deploy.startCommand"}, nil, "https://docs.railway.com/reference/config-as-code"},
	{"nixpacks.toml", []string{"phases.build.cmds.*", "start.cmd"}, nil, "https://nixpacks.com/docs/configuration/file"},
	{".do/app.yaml", []string{"services.*.build_command", "services.*.run_command"}, nil, "https://docs.digitalocean.com/products/app-platform/reference/app-spec/"},
	{".ko.yaml", nil, []string{"builds.*.main"}, "https://ko.build/configuration/"},
}

// platforms reads the files of hosting platforms. A command that only holds a
// program's name counts where such a program is built.
func (m *mentioner) platforms() {
	for _, p := range platforms {
		doc := m.document(p.file)
		if doc == nil {
			continue
		}
		at := place{by: ByPlatform, dir: "."}
		for _, key := range p.commands {
			for _, n := range find(doc, strings.Split(key, ".")) {
				at.pos = fact.At(m.r.at(p.file), n.Line)
				m.script(n.Value, nil, at)
			}
		}
		for _, key := range p.packages {
			for _, n := range find(doc, strings.Split(key, ".")) {
				at.pos = fact.At(m.r.at(p.file), n.Line)
				m.goCommand("build", []string{local(n.Value)}, at)
			}
		}
	}
}

// local makes of a folder what the go command takes as one. A path whose first
// element has a dot is an import path.
func local(dir string) string {
	if first, _, _ := strings.Cut(dir, "/"); strings.Contains(strings.TrimLeft(first, "."), ".") && !strings.HasSuffix(first, ".go") {
		return dir
	}
	return "./" + dir
}

// document reads a YAML, JSON or TOML file; nil where there is none that
// parses. Of a TOML file the lines are found by their values.
func (m *mentioner) document(name string) *yaml.Node {
	text := m.read(name)
	if text == "" {
		return nil
	}
	var doc yaml.Node
	if path.Ext(name) != ".toml" {
		if yaml.Unmarshal([]byte(text), &doc) != nil || len(doc.Content) == 0 {
			return nil
		}
		return doc.Content[0]
	}
	var values map[string]any
	if toml.Unmarshal([]byte(text), &values) != nil || doc.Encode(values) != nil {
		return nil
	}
	number(&doc, text, 0)
	return &doc
}

// number gives each scalar the line of text that holds it.
func number(n *yaml.Node, text string, depth int) {
	if n.Kind == yaml.ScalarNode && n.Value != "" {
		n.Line = lineWith(text, n.Value)
	}
	for _, c := range n.Content {
		if depth < 20 {
			number(c, text, depth+1)
		}
	}
}

// find lists the scalars that a key leads to.
func find(n *yaml.Node, key []string) []*yaml.Node {
	if len(key) == 0 {
		if n.Kind == yaml.ScalarNode {
			return []*yaml.Node{n}
		}
		return nil
	}
	var out []*yaml.Node
	switch n.Kind { //nolint:exhaustive // the others hold nothing
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if key[0] == "*" || n.Content[i].Value == key[0] {
				out = append(out, find(n.Content[i+1], key[1:])...)
			}
		}
	case yaml.SequenceNode:
		if key[0] == "*" {
			for _, c := range n.Content {
				out = append(out, find(c, key[1:])...)
			}
		}
	}
	return out
}

// scalar is the one scalar at a key, "" for none.
func scalar(n *yaml.Node, key string) string {
	if list := find(n, []string{key}); len(list) == 1 {
		return list[0].Value
	}
	return ""
}

// vector is the value of a key that holds one word or a list of words.
func vector(n *yaml.Node, key string) (out []string, line int) {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != key {
			continue
		}
		v := n.Content[i+1]
		if v.Kind == yaml.ScalarNode {
			for _, c := range shellCommands(v.Value, nil) {
				return known(c.words), v.Line
			}
		}
		for _, w := range find(v, []string{"*"}) {
			out = append(out, w.Value)
		}
		return out, v.Line
	}
	return nil, 0
}

// compose reads the arguments that a compose file gives to the one service
// that is built here: https://docs.docker.com/reference/compose-file/services/.
func (m *mentioner) compose() {
	for _, name := range []string{"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"} {
		doc := m.document(name)
		if doc == nil {
			continue
		}
		var own []*yaml.Node
		for _, s := range children(doc, "services") {
			b := scalar(s, "build")
			if inner := child(s, "build"); inner != nil && inner.Kind == yaml.MappingNode {
				b = scalar(inner, "context")
			}
			if b == "." || b == "./" {
				own = append(own, s)
			}
		}
		if len(own) != 1 {
			return
		}
		entry, _ := vector(own[0], "entrypoint")
		cmd, line := vector(own[0], "command")
		if len(entry)+len(cmd) > 0 {
			at := place{pos: fact.At(m.r.at(name), line), by: ByCompose, dir: "."}
			m.command(append(entry, cmd...), at)
			if len(entry) == 0 { // the arguments of the image's own entry point
				m.add(Mention{Pos: at.pos, By: ByCompose, Starts: true, Args: cmd})
			}
		}
		return
	}
}

// child is the value of a key of a mapping, or nil.
func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// children lists the values of the mapping at a key.
func children(n *yaml.Node, key string) []*yaml.Node {
	c := child(n, key)
	if c == nil || c.Kind != yaml.MappingNode {
		return nil
	}
	var out []*yaml.Node
	for i := 1; i < len(c.Content); i += 2 {
		out = append(out, c.Content[i])
	}
	return out
}

// goreleaser reads what is released: https://goreleaser.com/customization/builds/go/.
func (m *mentioner) goreleaser() {
	for _, name := range []string{".goreleaser.yaml", ".goreleaser.yml", "goreleaser.yaml", "goreleaser.yml"} {
		doc := m.document(name)
		if doc == nil {
			continue
		}
		project := scalar(doc, "project_name")
		builds := child(doc, "builds")
		if builds == nil || builds.Kind != yaml.SequenceNode {
			return
		}
		for _, b := range builds.Content {
			if s := scalar(b, "skip"); s == "true" || scalar(b, "builder") != "" && scalar(b, "builder") != "go" {
				continue
			}
			binary := scalar(b, "binary")
			if binary == "" || strings.Contains(binary, "ProjectName") {
				binary = project
			}
			dir, ok := m.dir(local(scalar(b, "main")), path.Join(".", scalar(b, "dir")))
			if !ok || outside(dir) {
				continue
			}
			m.build(dir, path.Base(binary), place{pos: fact.At(m.r.at(name), b.Line), by: ByGoreleaser})
		}
		return
	}
}

// build records that a main package is built; a name with a template in it is
// none.
func (m *mentioner) build(dir, binary string, at place) {
	if strings.ContainsAny(binary, "{}$ \t") || binary == "." {
		binary = ""
	}
	if m.isMain(dir) {
		m.add(Mention{Pos: at.pos, By: at.by, Rule: at.rule, Dir: dir, Binary: binary})
	}
}

// reloader reads the build of air: https://github.com/air-verse/air/blob/master/air_example.toml.
func (m *mentioner) reloader() {
	for _, name := range []string{".air.toml", "air.toml"} {
		doc := m.document(name)
		if doc == nil {
			continue
		}
		for _, n := range find(doc, []string{"build", "cmd"}) {
			m.script(n.Value, nil, place{pos: fact.At(m.r.at(name), n.Line), by: ByReloader, dir: "."})
		}
		return
	}
}

var readmeCommand = regexp.MustCompile("go (?:run|install|build) [^`\\n|<>()]*")

// readme reads the commands of the README.
func (m *mentioner) readme() {
	for _, name := range []string{"README.md", "Readme.md", "readme.md", "README", "README.rst"} {
		n := 0
		for line := range strings.Lines(m.read(name)) {
			n++
			for _, c := range readmeCommand.FindAllString(line, 4) {
				m.script(c, nil, place{pos: fact.At(m.r.at(name), n), by: ByReadme, dir: "."})
			}
		}
	}
}

// lineWith is the first line that holds a word, or 0.
func lineWith(text, word string) int {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if strings.Contains(line, word) {
			return n
		}
	}
	return 0
}
