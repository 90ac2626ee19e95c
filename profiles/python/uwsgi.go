package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// uwsgiSource says what the settings of uWSGI mean.
const uwsgiSource = "https://uwsgi-docs.readthedocs.io/en/latest/Options.html"

// uwsgiSetting is a line KEY = VALUE.
type uwsgiSetting struct {
	Key, Value string
	Maybe      bool // it counts only where a condition holds
}

// uwsgiSettings are the lines of a file's section of uWSGI, which is FILE:SECTION or [uwsgi]; nil if there is no such file.
func uwsgiSettings(in record.Input, file string) []fact.Fact[uwsgiSetting] {
	file, asked, ok := strings.Cut(file, ":")
	if !ok || asked == "" {
		asked = "uwsgi"
	}
	at := path.Join(in.Dir, file)
	text, err := in.Tree.ReadHead(at, 64<<10)
	if err != nil {
		return nil
	}
	out := []fact.Fact[uwsgiSetting]{}
	section, depth := "", 0
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = line
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok || section != "["+asked+"]" || strings.HasPrefix(key, "#") || strings.HasPrefix(key, ";") {
			continue
		}
		s := uwsgiSetting{Key: strings.TrimSpace(key), Value: strings.TrimSpace(value), Maybe: depth > 0}
		switch {
		case strings.HasPrefix(s.Key, "if-"), strings.HasPrefix(s.Key, "ifnot-"), strings.HasPrefix(s.Key, "for"):
			depth++
		case s.Key == "endif", s.Key == "endfor":
			depth = max(depth-1, 0)
		}
		out = append(out, fact.New(s, at, i+1))
	}
	return out
}

var (
	// uwsgiMagic is what stands for the place of the file and for the working directory:
	// https://uwsgi-docs.readthedocs.io/en/latest/Configuration.html#magic-variables
	uwsgiMagic = lazy.MustCompile(`%([a-zA-Z0-9])`)
	// uwsgiOption is the value of an option before it, and uwsgiVariable that of a variable, which may have a default:
	// https://uwsgi-docs.readthedocs.io/en/latest/Configuration.html#placeholders
	uwsgiOption   = lazy.MustCompile(`%\(([\w-]+)\)`)
	uwsgiVariable = lazy.MustCompile(`\$\((\w+)(?::?-([^()]*))?\)`)
)

// uwsgiAddress is a host and a port, each of which may be a variable.
var uwsgiAddress = lazy.MustCompile(`^(.*):([^:()]*|\$\([^()]*\))$`)

// maxUwsgi is the longest value that is worked out.
const maxUwsgi = 500

// uwsgiValues are the settings of a file as uWSGI has them in this image. A variable that the image cannot know, and what else
// cannot be worked out, stays as it is written.
func (p project) uwsgiValues(file string) []fact.Fact[uwsgiSetting] {
	list := uwsgiSettings(p.in, file)
	file, _, _ = strings.Cut(file, ":")
	at := path.Join(p.home(), file)
	base := path.Base(file)
	magic := map[string]string{
		"d": path.Dir(at) + "/", "p": at, "v": p.home(), "s": base, "n": strings.TrimSuffix(base, path.Ext(base)),
		"e": strings.TrimPrefix(path.Ext(base), "."), "c": path.Base(path.Dir(at)), "o": file,
	}
	first := map[string]string{}
	for i := range list {
		s := &list[i].Value
		v := uwsgiMagic.ReplaceAllStringFunc(s.Value, func(m string) string {
			if text, ok := magic[m[1:]]; ok {
				return text
			}
			return m
		})
		v = strings.ReplaceAll(v, "$(VIRTUAL_ENV)", venv)
		v = uwsgiOption.ReplaceAllStringFunc(v, func(m string) string {
			if text, ok := first[m[2:len(m)-1]]; ok {
				return text
			}
			return m
		})
		if len(v) <= maxUwsgi {
			s.Value = v
		}
		if _, ok := first[s.Key]; !ok && !s.Maybe {
			first[s.Key] = s.Value
		}
	}
	return list
}

// uwsgiPlace is where in the app's folder a setting's path lies; here is false for another system's, and for one that is not known.
func (p project) uwsgiPlace(value string) (rel string, here bool) {
	value = strings.TrimPrefix(value, "unix:")
	if strings.ContainsAny(value, "%$@") {
		return "", false
	}
	if path.IsAbs(value) {
		below, ok := strings.CutPrefix(path.Clean(value)+"/", p.home()+"/")
		if own := image.Linkable(p.in, p.home()); !ok && own != "" {
			below, ok = strings.CutPrefix(path.Clean(value)+"/", own+"/")
		}
		value = strings.TrimSuffix(below, "/")
		return path.Join(".", value), ok
	}
	rel = path.Join(".", value)
	return rel, !outside(rel)
}

// uwsgiApps are the settings that name an application.
var uwsgiApps = []string{"module", "wsgi", "wsgi-file", "file", "mount"} //nolint:gochecknoglobals // a constant table

// uwsgiWrites are the folders that the settings write to; misfit is the first setting that names a place that is not in this image,
// zero if there is none.
func (p project) uwsgiWrites(list []fact.Fact[uwsgiSetting]) (writes []image.Write, misfit fact.Fact[uwsgiSetting]) {
	for _, s := range list {
		key, value := s.Value.Key, s.Value.Value
		rel, here := p.uwsgiPlace(value)
		if slices.Contains(uwsgiApps, key) && (path.IsAbs(value) && !here && !s.Value.Maybe || strings.Contains(value, "%")) {
			return nil, s
		}
		switch key {
		case "daemonize", "daemonize2", "emperor", "master-as-root":
			return nil, s
		case "home", "virtualenv", "venv", "pyhome":
			if path.Clean(value) != venv && !s.Value.Maybe {
				return nil, s
			}
		case "chdir", "chdir2", "pythonpath", "pp", "chroot":
			if !s.Value.Maybe && (!here || !p.in.Tree.HasDir(path.Join(p.in.Dir, rel))) {
				return nil, s
			}
		case "socket", "uwsgi-socket", "http-socket", "http", "pidfile", "pidfile2", "safe-pidfile", "logto", "logto2", "stats", "master-fifo":
			if !strings.Contains(value, "/") && (strings.Contains(value, ":") || portNumber(effect.Value{Text: value}) > 0 || uwsgiVariable.MatchString(value)) || shared(value) {
				continue // an address
			}
			if !here && !s.Value.Maybe {
				return nil, s
			}
			if here {
				writes = append(writes, image.Write{Dir: path.Dir(rel), Quiet: true, Pos: s.Pos})
			}
		}
	}
	return writes, misfit
}

// shared reports whether a path is in a folder that every image has, and where everybody may write.
func shared(value string) bool {
	return strings.HasPrefix(value, "/tmp/") || strings.HasPrefix(value, "/dev/")
}

// uwsgiNeeds are the variables that the settings take, and for which they have no default and this image no value.
func (p project) uwsgiNeeds(list []fact.Fact[uwsgiSetting], l launch) []effect.Env {
	var out []effect.Env
	for _, s := range list {
		if strings.HasPrefix(s.Value.Key, "if-env") {
			continue
		}
		for _, m := range uwsgiVariable.FindAllStringSubmatch(s.Value.Value, 10) {
			name := m[1]
			_, own := image.OwnValue(p.in, name)
			set := slices.ContainsFunc(l.env, func(e plan.Env) bool { return e.Name.String() == name })
			port := slices.ContainsFunc(l.listen.addresses, func(a image.Address) bool { return a.Move.Env == name })
			if !s.Value.Maybe && m[2] == "" && !own && !set && !port {
				out = append(out, effect.Env{Name: name, Required: true, Pos: s.Pos})
			}
		}
	}
	return out
}

// uwsgiFile is the file of the repository with settings of uWSGI, from the app's folder on: the one that the own Dockerfile names, or
// the only one by its name; "" for none and for several.
func uwsgiFile(in record.Input) string {
	if text, at, _ := image.OwnCommand(in); strings.Contains(text, "uwsgi") {
		for _, c := range facts.CommandLine("web", text, at).Commands {
			for _, w := range shell.Texts(c.Words) {
				if _, w = joined(w); path.Ext(w) == ".ini" {
					if file := iniFile(in, w); file != "" {
						return file
					}
				}
			}
		}
	}
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

// iniFile is the file of the app's folder that an argument names as the own image has it, "" for none.
func iniFile(in record.Input, arg string) string {
	if path.IsAbs(arg) {
		rel, ok := strings.CutPrefix(path.Clean(arg), strings.TrimSuffix(image.OwnWorkdir(in), "/")+"/")
		if !ok {
			return ""
		}
		arg = rel
	}
	if arg = path.Clean(arg); outside(arg) || !in.Tree.Has(path.Join(in.Dir, arg)) {
		return ""
	}
	return arg
}

// appIni is the file whose settings of uWSGI name an application, if that is the server among the dependencies, "" for none.
func (p project) appIni() string {
	file := uwsgiFile(p.in)
	names := func(s fact.Fact[uwsgiSetting]) bool { return slices.Contains(uwsgiApps, s.Value.Key) }
	if file == "" || !p.brought("uwsgi") || p.bringsServer("uwsgi") || !slices.ContainsFunc(uwsgiSettings(p.in, file), names) {
		return ""
	}
	return file
}

// ownIni starts uWSGI with the repository's own settings, if it is the server among the dependencies; ok is false where they name
// places of another system.
func (p project) ownIni() (l launch, ok bool) {
	file := p.appIni()
	if file == "" {
		return launch{}, false
	}
	at := fact.At(path.Join(p.in.Dir, file), 1)
	l, ok = p.uwsgi([]shell.Word{shell.Literal("--ini"), shell.Literal(file)}, at)
	if ok && !l.listen.unknown.IsZero() { // a script gives it the address
		l.listen = p.orUsual(listen{}, 8000, "the usual port of Python's servers").moved(image.Move{Free: true}, false)
		l.cmd = append(l.cmd, "--http", "0.0.0.0:{port}")
	}
	return l, ok
}

// unusedIni says of settings of uWSGI that prod does not start with why that is, and how they would fit.
func (p project) unusedIni() []plan.Note {
	file := p.appIni()
	if file == "" {
		return nil
	}
	_, misfit := p.uwsgiWrites(p.uwsgiValues(file))
	if misfit.Pos.IsZero() {
		return nil
	}
	return []plan.Note{{
		Pos: misfit.Pos, Text: plan.Printable(misfit.Value.Key+" = "+misfit.Value.Value, 120) + " does not fit this image, so that prod starts without these settings and what they start",
		Hint: "write paths from the app's folder, as in chdir = ., and run dockgen update",
	}}
}

// migrating matches a command that creates and migrates the tables: https://uwsgi-docs.readthedocs.io/en/latest/Hooks.html.
var migrating = lazy.MustCompile(`(manage\.py|django-admin|flask\s+db|alembic)\s.*(migrate|upgrade)\b|(manage\.py|django-admin)\s+migrate\b`)

// uwsgiMigrates reports whether the settings of uWSGI that prod starts with have such a command run.
func (p project) uwsgiMigrates() bool {
	file := p.appIni()
	if file == "" {
		return false
	}
	list := p.uwsgiValues(file)
	_, misfit := p.uwsgiWrites(list)
	return misfit.Pos.IsZero() && slices.ContainsFunc(list, func(s fact.Fact[uwsgiSetting]) bool {
		return !s.Value.Maybe && (strings.HasPrefix(s.Value.Key, "hook-") || strings.HasPrefix(s.Value.Key, "exec-")) && migrating.MatchString(s.Value.Value)
	})
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
	list := p.uwsgiValues(file)
	if file == "" || list == nil || strings.Contains(strings.Join(args, " "), shell.Unknown) {
		return l, false
	}
	writes, misfit := p.uwsgiWrites(list)
	if !misfit.Pos.IsZero() {
		return l, false
	}
	l.writes = writes
	dies := false
	for _, s := range list {
		if v := strings.TrimPrefix(s.Value.Value, "unix:"); path.IsAbs(v) && l.ownDir.IsZero() && !strings.HasPrefix(path.Clean(v)+"/", p.home()+"/") {
			if _, here := p.uwsgiPlace(v); here { // by the link
				l.ownDir = s.Pos
			}
		}
		key, value, at := s.Value.Key, s.Value.Value, s.Pos
		switch key {
		case "static-map", "static-map2", "check-static":
			l.static = true
		case "die-on-term":
			dies = value != "false" && value != "0"
		case "http", "http-socket", "http11-socket":
			host, port := "", value
			if m := uwsgiAddress.FindStringSubmatch(value); m != nil {
				host, port = m[1], m[2]
			}
			a := image.Address{Port: portNumber(effect.Value{Text: port}), Host: host, Pos: at, Rule: "the port that " + path.Base(file) + " gives"}
			if m := uwsgiVariable.FindStringSubmatch(port); m != nil && m[0] == port && plan.IsEnvName(m[1]) {
				a.Port, a.Move, a.Rule = portNumber(effect.Value{Text: m[2]}), image.Move{Env: m[1]}, "the default of $"+m[1]+" in "+path.Base(file)
				if a.Port == 0 {
					a.Port, a.Rule, a.NoDefault = 8000, "the usual port, for $"+m[1]+" of "+path.Base(file), true
				}
			}
			if m := uwsgiVariable.FindStringSubmatch(host); m != nil {
				a.Host = m[2]
				if e, err := plan.NewEnv(m[1], "0.0.0.0"); err == nil && m[0] == host {
					a.Host, l.env = "", append(l.env, e)
				}
			}
			if a.Port > 0 {
				l.listen.addresses = []image.Address{a}
			}
		}
	}
	if !dies && !slices.Contains(args, "--die-on-term") {
		l.cmd = append(l.cmd, "--die-on-term")
	}
	l.needs = p.uwsgiNeeds(list, l)
	if i := slices.IndexFunc(list, func(s fact.Fact[uwsgiSetting]) bool { return strings.Contains(s.Value.Value, "$(HOME)") }); i >= 0 {
		l.writes = append(l.writes, image.Write{Dir: ".", Home: true, Quiet: true, Pos: list[i].Pos})
	}
	if len(l.listen.addresses) == 0 {
		l.listen.unknown, l.listen.text = fact.At(path.Join(p.in.Dir, file), 1), "gives uwsgi no address to answer HTTP on"
	}
	return l, true
}
