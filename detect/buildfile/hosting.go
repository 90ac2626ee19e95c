package buildfile

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/toolversion"
)

// procfile reads the processes of the Procfile.
func (r *Reader) procfile(f *File) {
	list, err := toolversion.Procfile(r.t, r.dir)
	if err != nil {
		return
	}
	for _, x := range list {
		f.script(x.Command, nil, place{x.Pos, x.Name, "."})
	}
}

var herokuLine = regexp.MustCompile(`^//\s*\+heroku\s+install\s+(.+)$`)

// heroku reads what Heroku's build takes from go.mod:
// https://devcenter.heroku.com/articles/go-modules#build-configuration.
func (f *File) heroku(text string) {
	n := 0
	for l := range strings.Lines(text) {
		n++
		if g := herokuLine.FindStringSubmatch(strings.TrimSpace(l)); g != nil {
			f.command(append([]string{"go", "install"}, strings.Fields(g[1])...), nil, f.at(n))
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

func platformNames() []string {
	var out []string
	for _, p := range platforms {
		out = append(out, p.file)
	}
	return out
}

// platform reads the file of a hosting platform.
func (f *File) platform(text string) {
	i := slices.IndexFunc(platforms, func(p platform) bool { return p.file == f.rel })
	doc := parseDocument(f.Name, text)
	if doc == nil || i < 0 {
		return
	}
	for _, key := range platforms[i].commands {
		for _, n := range doc.find(strings.Split(key, ".")...) {
			f.script(n.Value, nil, f.at(n.Line))
		}
	}
	for _, key := range platforms[i].packages {
		for _, n := range doc.find(strings.Split(key, ".")...) {
			f.command([]string{"go", "build", local(n.Value)}, nil, f.at(n.Line))
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

// service is a service of a compose file:
// https://docs.docker.com/reference/compose-file/services/.
type service struct {
	Build      yaml.Node `yaml:"build"`
	Entrypoint yaml.Node `yaml:"entrypoint"`
	Command    yaml.Node `yaml:"command"`
}

// here reports whether it is built from the folder of the compose file.
func (s service) here() bool {
	var long struct {
		Context string `yaml:"context"`
	}
	if s.Build.Kind == yaml.ScalarNode {
		long.Context = s.Build.Value
	} else if s.Build.Decode(&long) != nil {
		return false
	}
	return long.Context == "." || long.Context == "./"
}

// compose reads the arguments that a compose file gives to the one service
// that is built here.
func (f *File) compose(text string) {
	var doc struct {
		Services map[string]service `yaml:"services"`
	}
	if yaml.Unmarshal([]byte(text), &doc) != nil {
		return
	}
	own := slices.DeleteFunc(slices.Collect(maps.Values(doc.Services)), func(s service) bool { return !s.here() })
	if len(own) != 1 {
		return
	}
	entry, cmd := vector(&own[0].Entrypoint), vector(&own[0].Command)
	if len(entry)+len(cmd) == 0 {
		return
	}
	at := f.at(own[0].Command.Line)
	f.command(slices.Concat(entry, cmd), nil, at)
	if len(entry) == 0 { // the arguments of the image's own entry point
		f.add(Command{Pos: at.pos, Dir: ".", Words: append([]string{""}, cmd...)})
	}
}

// vector is a node that holds a command, or the words of one.
func vector(n *yaml.Node) []string {
	if n.Kind != yaml.ScalarNode {
		return scalars(n)
	}
	if calls, err := shell(n.Value, nil); err == nil && len(calls) > 0 {
		return Sure(calls[0].words)
	}
	return nil
}

// reloader reads the build of air: https://github.com/air-verse/air/blob/master/air_example.toml.
func (f *File) reloader(text string) {
	if doc := parseDocument(f.Name, text); doc != nil {
		for _, n := range doc.find("build", "cmd") {
			f.script(n.Value, nil, f.at(n.Line))
		}
	}
}

// readme reads the commands of the README, which stand between other words.
func (f *File) readme(text string) {
	n := 0
	for l := range strings.Lines(text) {
		n++
		for part := range strings.FieldsFuncSeq(l, func(r rune) bool { return strings.ContainsRune("`|<>()\n", r) }) {
			f.search(part, f.at(n))
		}
	}
}
