package buildfile

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
)

// compose reads the services of a compose file:
// https://docs.docker.com/reference/compose-file/services/. If one alone is built
// in the folder of the file, its arguments are commands too.
func (f *File) compose(text string) bool {
	doc, err := document.Parse(f.Name, []byte(text))
	if err != nil {
		return true
	}
	var here []Container
	for _, c := range f.services(doc) {
		if strings.TrimSuffix(c.Build.Context, "/") == "." {
			here = append(here, c)
		}
	}
	if len(here) != 1 || len(here[0].Entrypoint)+len(here[0].Args) == 0 {
		return true
	}
	c := here[0]
	at := f.at(doc.Get("services", c.Name, "command").Line)
	if at.pos.Line == 0 {
		at.pos.Line = doc.Get("services", c.Name, "entrypoint").Line
	}
	f.vector(slices.Concat(c.Entrypoint, c.Args), at)
	if len(c.Entrypoint) == 0 { // the arguments of the image's own entry point
		f.add(Command{Pos: at.pos, Dir: ".", Words: append([]string{""}, c.Args...)})
	}
	return true
}

// services adds the containers of a compose file's services, and returns them.
func (f *File) services(doc document.Value) []Container {
	n := len(f.Containers)
	for _, m := range doc.Get("services").Members {
		if m.Value.Kind == document.Object && len(f.Containers) < maxListed {
			f.Containers = append(f.Containers, f.service(m))
		}
	}
	return f.Containers[n:]
}

func (f *File) service(m document.Member) Container {
	s := m.Value
	c := Container{
		Pos: fact.At(f.Name, m.Line), Name: m.Key, Image: defaults(s.Get("image").Text), User: s.Get("user").Text,
		Entrypoint: vector(s.Get("entrypoint")), Args: vector(s.Get("command")), Env: environment(s.Get("environment")),
		Workdir: s.Get("working_dir").Fact(), GPU: gpu(s),
	}
	b := s.Get("build")
	c.Own = b.Found()
	if c.Build.Context = b.Text; b.Kind == document.Object {
		c.Build = Build{Pos: b.Pos(), Context: defaults(b.Get("context").Text), Dockerfile: defaults(b.Get("dockerfile").Text), Target: defaults(b.Get("target").Text), Args: environment(b.Get("args"))}
		if c.Build.Context == "" {
			c.Build.Context = "."
		}
	}
	for _, p := range s.Get("ports").Items {
		text := p.Text
		if p.Kind == document.Object {
			text = p.Get("published").Text + ":" + p.Get("target").Text + "/" + p.Get("protocol").Text
		}
		if x, ok := port(defaults(text)); ok {
			c.Ports = listed(c.Ports, fact.Fact[Port]{Value: x, Pos: p.Pos()})
		}
	}
	for _, v := range s.Get("volumes").Items {
		x := mount(defaults(v.Text))
		if v.Kind == document.Object {
			x = Mount{Source: v.Get("source").Text, Target: v.Get("target").Text, ReadOnly: v.Get("read_only").IsTrue()}
		}
		c.Mounts = listed(c.Mounts, fact.Fact[Mount]{Value: x, Pos: v.Pos()})
	}
	for _, v := range append([]document.Value{s.Get("tmpfs")}, s.Get("tmpfs").Items...) {
		if target, _, _ := strings.Cut(defaults(v.Text), ":"); v.IsScalar() && target != "" {
			c.Mounts = listed(c.Mounts, fact.Fact[Mount]{Value: Mount{Target: target}, Pos: v.Pos()})
		}
	}
	for _, v := range append([]document.Value{s.Get("env_file")}, s.Get("env_file").Items...) {
		if v.Kind == document.Object {
			v = v.Get("path")
		}
		if v.IsScalar() {
			c.EnvFiles = listed(c.EnvFiles, v.Text)
		}
	}
	if test := s.Get("healthcheck", "test"); test.Found() {
		words := vector(test)
		if test.IsScalar() { // a shell's: https://docs.docker.com/reference/compose-file/services/#healthcheck
			words = []string{defaults(test.Text)}
		}
		if len(words) > 0 && (words[0] == "CMD" || words[0] == "CMD-SHELL") {
			words = words[1:]
		}
		if len(words) > 0 && words[0] != "NONE" {
			x := Probe{Command: words}
			for _, o := range x.Timing.options() {
				x.Timing.Set(o.name, defaults(s.Get("healthcheck", strings.ReplaceAll(o.name, "-", "_")).Text))
			}
			c.Health = fact.Fact[Probe]{Value: x, Pos: test.Pos()}
		}
	}
	return c
}

// defaults puts the defaults of variables in their place, and Unknown for those
// without: https://docs.docker.com/reference/compose-file/interpolation/.
func defaults(s string) string { return newScope(nil, Unknown).expand(s) }

// vector is a command in either form, as far as it is known.
func vector(v document.Value) []string {
	if v.Kind == document.List {
		var out []string
		for _, item := range v.Items {
			if item.IsScalar() {
				out = append(out, defaults(item.Text))
			}
		}
		return out
	}
	if s, err := shell.Read(defaults(v.Text), shell.Start{}); err == nil && len(s.Commands) > 0 {
		return Sure(shell.Texts(s.Commands[0].Words))
	}
	return nil
}

// environment is a mapping of variables, or a list of NAME=value and NAME.
func environment(v document.Value) []fact.Fact[Var] {
	var out []fact.Fact[Var]
	for _, m := range v.Members {
		if m.Value.Kind != document.Object && m.Value.Kind != document.List {
			out = listed(out, fact.New(variable(m.Key, defaults(m.Value.Text)), v.File, m.Line))
		}
	}
	for _, s := range v.Items {
		name, value, _ := strings.Cut(s.Text, "=")
		if s.IsScalar() {
			out = listed(out, fact.Fact[Var]{Value: variable(name, defaults(value)), Pos: s.Pos()})
		}
	}
	return out
}

// gpu is where a service is given a GPU: https://docs.docker.com/compose/how-tos/gpu-support/.
func gpu(s document.Value) fact.Pos {
	if v := s.Get("gpus"); v.Found() {
		return v.Pos()
	}
	if v := s.Get("runtime"); v.Text == "nvidia" {
		return v.Pos()
	}
	for _, v := range s.Select("deploy", "resources", "reservations", "devices", "*", "capabilities", "*") {
		if v.Text == "gpu" {
			return v.Pos()
		}
	}
	return fact.Pos{}
}
