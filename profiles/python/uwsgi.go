package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// uwsgiSource says what the settings of uWSGI mean.
const uwsgiSource = "https://uwsgi-docs.readthedocs.io/en/latest/Options.html"

// uwsgi reads a command line of uWSGI that names its settings, and those: where it
// listens, and that it ends on SIGTERM, on which it would start again otherwise.
func (p project) uwsgi(words []shell.Word, pos fact.Pos) (launch, bool) {
	args := shell.Texts(words)
	l := launch{cmd: append([]string{"uwsgi"}, args...), pos: pos, ends: endsBy("uwsgi", uwsgiSource)}
	if p.f.Django != nil {
		l.django, l.root = true, p.f.Django.Dir
		l.dev = []string{"python", p.manage(), "runserver", "0.0.0.0:{port}"}
	}
	file := ""
	for i, a := range args {
		switch value, ok := strings.CutPrefix(a, "--ini="); {
		case ok:
			file = value
		case a == "--ini" && i+1 < len(args):
			file = args[i+1]
		case file == "" && strings.HasSuffix(a, ".ini") && !strings.HasPrefix(a, "-"):
			file = a
		}
	}
	text, err := p.in.Tree.ReadHead(path.Join(p.in.Dir, file), 64<<10)
	if file == "" || err != nil || strings.Contains(strings.Join(args, " "), shell.Unknown) {
		return l, false
	}
	dies, section := false, ""
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = line
		}
		key, value, ok := strings.Cut(line, "=")
		if key, value = strings.TrimSpace(key), strings.TrimSpace(value); !ok || section != "[uwsgi]" || strings.HasPrefix(key, "#") || strings.HasPrefix(key, ";") {
			continue
		}
		at := fact.At(path.Join(p.in.Dir, file), i+1)
		switch key {
		case "die-on-term":
			dies = value != "false" && value != "0"
		case "http", "http-socket", "http11-socket":
			host, port := "", value
			if j := strings.LastIndexByte(value, ':'); j >= 0 {
				host, port = value[:j], value[j+1:]
			}
			a := image.Address{Port: portNumber(effect.Value{Text: port}), Host: host, Pos: at, Rule: "the port that " + path.Base(file) + " gives"}
			if strings.HasPrefix(port, "$(") && plan.IsEnvName(strings.TrimSuffix(port[2:], ")")) {
				name := strings.TrimSuffix(port[2:], ")")
				a.Port, a.Move, a.Rule = 8000, image.Move{Env: name}, "the usual port, for $"+name+" of "+path.Base(file)
				a.NoDefault = true
			}
			if a.Port > 0 {
				l.listen.addresses = []image.Address{a}
			}
		}
	}
	if !dies && !slices.Contains(args, "--die-on-term") {
		l.cmd = append(l.cmd, "--die-on-term")
	}
	if len(l.listen.addresses) == 0 {
		l.listen.unknown, l.listen.text = fact.At(path.Join(p.in.Dir, file), 1), "gives uwsgi no address to answer HTTP on"
	}
	return l, true
}
