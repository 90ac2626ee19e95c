package python

import (
	"maps"
	"path"
	"slices"
	"strings"

	"deps.dev/util/pypi"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// pserveSource says what Pyramid's own command starts.
const pserveSource = "https://docs.pylonsproject.org/projects/pyramid/en/latest/narr/startup.html"

// pasteFile are the settings of Paste Deployment, by section: https://docs.pylonsproject.org/projects/pastedeploy/en/latest/.
type pasteFile struct {
	file     string // from the app's folder on
	at       fact.Pos
	sections map[string]map[string]fact.Fact[string]
}

// pasteName is a name that stands in a start command as it is.
var pasteName = lazy.MustCompile(`^[A-Za-z0-9_./-]+\.ini$`)

// paste reads a file of settings; ok is false for one that starts no application with a server.
func (p project) paste(file string) (out pasteFile, ok bool) {
	at := path.Join(p.in.Dir, file)
	text, err := p.in.Tree.ReadHead(at, 64<<10)
	if err != nil || outside(file) || !pasteName.MatchString(file) {
		return pasteFile{}, false
	}
	out = pasteFile{file: file, at: fact.At(at, 1), sections: map[string]map[string]fact.Fact[string]{}}
	section := ""
	for i, line := range strings.Split(string(text), "\n") {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "["); ok {
			section, _, _ = strings.Cut(name, "]")
			if out.sections[section] = (map[string]fact.Fact[string]{}); section == "server:main" {
				out.at = fact.At(at, i+1)
			}
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		if !ok || section == "" || key == "" || strings.ContainsAny(key[:1], "#;") || line[0] == ' ' || line[0] == '\t' {
			continue
		}
		out.sections[section][key] = fact.New(strings.TrimSpace(value), at, i+1)
	}
	_, app := out.sections["app:main"]
	_, pipeline := out.sections["pipeline:main"]
	_, composite := out.sections["composite:main"]
	return out, out.sections["server:main"]["use"].Value != "" && (app || pipeline || composite)
}

var pasteReference = lazy.MustCompile(`%\(([\w.]+)\)s`)

// get is a value of a section, with what [DEFAULT] gives its references.
func (f pasteFile) get(section, key string) string {
	return pasteReference.ReplaceAllStringFunc(f.sections[section][key].Value, func(m string) string {
		name := pasteReference.FindStringSubmatch(m)[1]
		for _, s := range []string{section, "DEFAULT"} {
			if v, ok := f.sections[s][name]; ok && !strings.Contains(v.Value, "%(") {
				return v.Value
			}
		}
		return m
	})
}

// pasteFileOf is the file with which the project is started: the one that its own Dockerfile or Procfile gives pserve, or
// production.ini, or the only one that is not for development or tests.
func (p project) pasteFileOf() (pasteFile, bool) {
	var named []string
	text, at, _ := image.OwnCommand(p.in)
	list := append(slices.Clone(p.f.Processes), facts.CommandLine("web", text, at))
	for _, x := range list {
		for _, c := range x.Commands {
			for i, w := range c.Words {
				if i > 0 && path.Base(c.Words[0].Text) == "pserve" && path.Ext(w.Text) == ".ini" {
					named = append(named, iniFile(p.in, w.Text))
				}
			}
		}
	}
	for _, name := range append(named, "production.ini") {
		if f, ok := p.paste(name); ok {
			return f, true
		}
	}
	var found []pasteFile
	for _, file := range p.in.Tree.Files(p.in.Dir) {
		rel := p.in.Rel(file)
		if path.Ext(rel) != ".ini" || strings.Count(rel, "/") > 1 || otherPaste.MatchString(rel) || len(found) > 1 {
			continue
		}
		if f, ok := p.paste(rel); ok {
			found = append(found, f)
		}
	}
	if len(found) != 1 {
		return pasteFile{}, false
	}
	return found[0], true
}

// otherPaste are the files that nobody deploys.
var otherPaste = lazy.MustCompile(`(?i)(^|[^a-z])(dev|devel|development|test|testing|tests|local|debug|staging|example|sample)([^a-z]|$)`)

// pserves starts a project of Pyramid with its own settings, which say what is served, and where it listens.
func (p project) pserves() (program, bool, error) {
	if !p.has("pyramid") {
		return program{}, false, nil
	}
	f, ok := p.pasteFileOf()
	if !ok {
		return program{}, false, nil
	}
	l := launch{cmd: []string{"pserve", f.file}, pos: f.at, ends: image.InitRequest{Evidence: "pserve"}, module: p.pasteModule(f)}
	if strings.Contains(f.get("server:main", "use"), "gunicorn") {
		l.ends = endsBy("gunicorn", pserveSource)
	}
	if err := p.pasteInstall(f, &l); err != nil {
		return program{}, false, err
	}
	p.pasteListen(f, &l)
	for _, section := range slices.Sorted(maps.Keys(f.sections)) {
		v := f.sections[section]["sqlalchemy.url"]
		if file, ok := strings.CutPrefix(v.Value, "sqlite:///%(here)s/"); ok && strings.HasPrefix(section, "app:") && !outside(file) {
			l.writes = append(l.writes, image.Write{Dir: path.Join(path.Dir(f.file), path.Dir(file)), Pos: v.Pos})
		}
	}
	return program{
		way: byProcess, candidate: candidate{name: "pserve", pos: f.at, module: l.module}, command: command{ini: &l}, pos: f.at,
		rule: "Pyramid's own command starts what " + f.file + " describes",
	}, true, nil
}

// pasteModule is the package whose application the settings name, nil if it is not the repository's.
func (p project) pasteModule(f pasteFile) *facts.Module {
	for _, name := range []string{p.pasteEgg(f), p.f.Name} {
		name = strings.ReplaceAll(strings.ReplaceAll(name, "-", "_"), ".", "/")
		for _, file := range []string{name + "/__init__.py", "src/" + name + "/__init__.py"} {
			if m := p.f.Module(file); m != nil && name != "" {
				return m
			}
		}
	}
	return nil
}

// pasteEgg is the distribution or the module that [app:main] uses.
func (p project) pasteEgg(f pasteFile) string {
	for _, section := range append([]string{"app:main"}, slices.Sorted(maps.Keys(f.sections))...) {
		if !strings.HasPrefix(section, "app:") {
			continue
		}
		_, name, _ := strings.Cut(f.get(section, "use"), ":")
		if name, _, _ = strings.Cut(name, "#"); name != "" {
			name, _, _ = strings.Cut(name, ":")
			return name
		}
	}
	return ""
}

// pasteInstall installs the project, by whose entry points the settings find the application.
func (p project) pasteInstall(f pasteFile, l *launch) error {
	at := slices.IndexFunc(p.f.Manifests, func(m facts.Manifest) bool { return !m.Package.IsZero() })
	switch own := !p.has(pypi.CanonPackageName(p.pasteEgg(f))); {
	case !p.m.Self.IsZero():
	case at >= 0 && p.man.Project != nil:
		l.install = true
	case own && strings.HasPrefix(f.get("app:main", "use"), "egg:"):
		return record.Refuse(f.sections["app:main"]["use"].Pos, "give the project a setup.py or a pyproject.toml with a [build-system]", "finds the application by an entry point, which only an installed project has")
	default:
		e, err := plan.NewEnv("PYTHONPATH", p.home())
		l.env = append(l.env, e)
		return err
	}
	return nil
}

// pasteListen is where the settings say that the server listens. Where they say this machine alone, or a port that is asked for is
// another one, waitress serves the same application without that section.
func (p project) pasteListen(f pasteFile, l *launch) {
	host, port := f.get("server:main", "host"), f.get("server:main", "port")
	for _, key := range []string{"listen", "bind"} {
		if v, _, _ := strings.Cut(f.get("server:main", key), " "); v != "" {
			i := strings.LastIndexByte(v, ':')
			host, port = v[:max(i, 0)], v[i+1:]
		}
	}
	a := image.Address{Port: portNumber(effect.Value{Text: port}), Pos: f.at, Rule: "the port of [server:main]", Link: pserveSource}
	if m := pasteReference.FindStringSubmatch(port); m != nil && m[0] == port && !strings.Contains(m[1], ".") {
		l.cmd = append(l.cmd, m[1]+"={port}") // an argument of pserve that the settings refer to
		a.Port, a.Rule, a.Move = 6543, "the usual port of Pyramid", image.Move{Free: true}
	}
	gunicorn := strings.Contains(f.get("server:main", "use"), "gunicorn")
	loopback := image.Loopback(strings.Trim(host, "[]")) || gunicorn && host == ""
	if a.Port == 0 && port == "" {
		a.Port, a.Rule = 8080, "the usual port of waitress"
	}
	if loopback || a.Port == 0 || p.in.Settings.Port != 0 && p.in.Settings.Port != a.Port && !a.Move.Free {
		if a.Port == 0 {
			a.Port, a.Rule = 6543, "the usual port of Pyramid"
		}
		a.Move = image.Move{Free: true}
		l.cmd = []string{"python", "-c", "from pyramid.paster import get_app, setup_logging; from waitress import serve; setup_logging('" + f.file + "'); serve(get_app('" + f.file + "'), host='0.0.0.0', port={port})"}
		l.ends = image.InitRequest{Evidence: "waitress"}
		if !p.brought("waitress") {
			p.add(l, "waitress", f.at, "it serves what "+f.file+" lets only this machine reach")
		}
	}
	l.listen = listen{addresses: []image.Address{a}}
}
