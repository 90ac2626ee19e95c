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
	"github.com/dockgen/dockgen/profiles/record"
)

// uwsgiSource says what the settings of uWSGI mean.
const uwsgiSource = "https://uwsgi-docs.readthedocs.io/en/latest/Options.html"

// uwsgiSetting is a line KEY = VALUE.
type uwsgiSetting struct{ Key, Value string }

// uwsgiSettings are the lines of a file's section of uWSGI, nil if there is no such file.
func uwsgiSettings(in record.Input, file string) []fact.Fact[uwsgiSetting] {
	at := path.Join(in.Dir, file)
	text, err := in.Tree.ReadHead(at, 64<<10)
	if err != nil {
		return nil
	}
	out := []fact.Fact[uwsgiSetting]{}
	section := ""
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = line
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok || section != "[uwsgi]" || strings.HasPrefix(key, "#") || strings.HasPrefix(key, ";") {
			continue
		}
		out = append(out, fact.New(uwsgiSetting{strings.TrimSpace(key), strings.TrimSpace(value)}, at, i+1))
	}
	return out
}

// uwsgiFile is the one file of the repository with settings of uWSGI, by its name, from the app's folder on; "" for none and for
// several.
func uwsgiFile(in record.Input) string {
	found := ""
	for _, f := range in.Tree.Files(in.Dir) {
		rel := in.Rel(f)
		if base := path.Base(rel); !strings.Contains(base, "uwsgi") || path.Ext(base) != ".ini" || strings.Count(rel, "/") > 2 {
			continue
		}
		if found != "" {
			return ""
		}
		found = rel
	}
	return found
}

// ownIni starts uWSGI with the repository's own settings, if it is the server among the dependencies; ok is false where they name
// places of another system.
func (p project) ownIni() (l launch, ok bool) {
	file := uwsgiFile(p.in)
	if file == "" || !p.brought("uwsgi") || p.bringsServer("uwsgi") {
		return launch{}, false
	}
	app := false
	for _, s := range uwsgiSettings(p.in, file) {
		v := s.Value.Value
		elsewhere := path.IsAbs(v) && !strings.HasPrefix(v, "/tmp/") && !strings.HasPrefix(v, "/dev/")
		switch s.Value.Key {
		case "module", "wsgi", "wsgi-file", "file", "mount":
			app = true
			if elsewhere || strings.Contains(v, "%") {
				return launch{}, false
			}
		case "daemonize", "emperor", "master-as-root":
			return launch{}, false
		case "chdir", "home", "virtualenv", "venv", "pyhome", "pythonpath", "pp", "socket", "uwsgi-socket", "http-socket", "http", "pidfile", "pidfile2", "logto", "logto2", "chroot", "safe-pidfile":
			if elsewhere {
				return launch{}, false
			}
		}
	}
	if !app {
		return launch{}, false
	}
	at := fact.At(path.Join(p.in.Dir, file), 1)
	l, ok = p.uwsgi([]shell.Word{shell.Literal("--ini"), shell.Literal(file)}, at)
	if !l.listen.unknown.IsZero() { // a script gives it the address
		l.listen = p.orUsual(listen{}, 8000, "the usual port of Python's servers").moved(image.Move{Free: true}, false)
		l.cmd = append(l.cmd, "--http", "0.0.0.0:{port}")
	}
	return l, ok
}

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
	list := uwsgiSettings(p.in, file)
	if file == "" || list == nil || strings.Contains(strings.Join(args, " "), shell.Unknown) {
		return l, false
	}
	dies := false
	for _, s := range list {
		key, value, at := s.Value.Key, s.Value.Value, s.Pos
		switch key {
		case "static-map", "static-map2", "check-static":
			l.static = true
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
