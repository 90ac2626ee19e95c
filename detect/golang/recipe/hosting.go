package recipe

import (
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/polyglot"
)

// procfile reads the processes of the Procfile.
func (r *Reader) procfile(f *File) {
	list, err := polyglot.Procfile(r.t, r.dir)
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

// compose reads the arguments that a compose file gives to the one service
// that is built here: https://docs.docker.com/reference/compose-file/services/.
func (f *File) compose(text string) {
	doc := parseDocument(f.Name, text)
	if doc == nil {
		return
	}
	var own []*yaml.Node
	for _, s := range children(doc.root, "services") {
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
	if len(entry)+len(cmd) == 0 {
		return
	}
	f.command(slices.Concat(entry, cmd), nil, f.at(line))
	if len(entry) == 0 { // the arguments of the image's own entry point
		f.add(Command{Pos: fact.At(f.Name, line), Dir: ".", Words: append([]string{""}, cmd...)})
	}
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
