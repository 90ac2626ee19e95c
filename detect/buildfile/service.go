package buildfile

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Service is a program that a supervisor of an image starts: s6, runit or supervisord.
type Service struct {
	Name string
	By   string // the supervisor
	// Start is the command that runs in the end, without what gives it a user. It is zero if it is not known.
	Start Start
	User  string // "" for the supervisor's
	Dir   string // where it starts, "" if nothing says it
	Env   []Var
	Once  bool     // it ends before the others start
	Pos   fact.Pos // of the line of the Dockerfile that brings it
}

// Written is a file that a line of a Dockerfile writes with a text of its own.
type Written struct {
	To, Text string
	Pos      fact.Pos
}

// Where supervisors find what they start: https://github.com/just-containers/s6-overlay,
// https://smarden.org/runit/runsvdir.8, https://github.com/phusion/baseimage-docker,
// https://supervisord.org/configuration.html.
var (
	serviceRun  = lazy.MustCompile(`^/etc/(s6-overlay/s6-rc\.d|services\.d|service|sv|s6)/([^/]+)/(run|up)$`)
	serviceInit = lazy.MustCompile(`^/etc/(cont-init\.d|my_init\.d)/([^/]+)$`)
	serviceConf = lazy.MustCompile(`^/etc/(supervisord?\.conf|supervisor/supervisord\.conf|supervisord?(/conf)?\.d/[^/]+\.(conf|ini)|supervisord?/(conf\.d/)?[^/]+\.(conf|ini))$`)
	// serviceRoots are the folders and files of the three.
	serviceRoots = []string{ //nolint:gochecknoglobals // a constant table
		"/etc/s6-overlay", "/etc/services.d", "/etc/cont-init.d", "/etc/my_init.d", "/etc/service", "/etc/sv", "/etc/s6", "/etc/supervisor", "/etc/supervisord", "/etc/supervisor.d", "/etc/supervisord.d", "/etc/supervisord.conf", "/etc/supervisor.conf",
	}
)

// supervisors are the programs that start services, by what they are called in a message.
var supervisors = map[string]string{ //nolint:gochecknoglobals // a constant table
	"init": "s6", "s6-svscan": "s6", "s6-overlay": "s6", "supervisord": "supervisord",
	"runsvdir": "runit", "runsvdir-start": "runit", "runit": "runit", "runit-init": "runit", "runsvinit": "runit", "my_init": "runit",
}

// maxServices is the most files of services that are read.
const maxServices = 50

// supervised makes the one service that is the app what the image of a Dockerfile starts, where that starts a supervisor: people
// write the app's command there. The others stay in Services.
func (r *Reader) supervised(f *File) {
	i := f.Image
	if i == nil {
		return
	}
	entry, cmd := commandOf(i.Entrypoint.Value), commandOf(i.Cmd.Value)
	for len(entry) > 0 && (shell.IsInit(entry[0]) || entry[0] == "--" || entry[0] == "-g") {
		entry = entry[1:]
	}
	start := slices.Concat(entry, cmd)
	by, conf, before := r.supervisor(i, start)
	if len(start) > 0 && by == "" {
		return
	}
	given := by == "s6" && len(entry) == 1 && len(cmd) > 0
	if given {
		i.Entrypoint = fact.Fact[Start]{} // it starts what it is given
	}
	list := r.services(i, by, conf)
	if len(list) == 0 {
		return
	}
	if before != "" {
		list = append(list, Service{Name: before, By: path.Base(before), Once: true, Pos: i.Entrypoint.Pos})
		if i.Entrypoint.Pos.IsZero() {
			list[len(list)-1].Pos = i.Cmd.Pos
		}
	}
	n := appOf(list)
	if n < 0 || given {
		i.Services = list
		return
	}
	s := list[n]
	i.Services = slices.Delete(list, n, n+1)
	i.Entrypoint, i.Cmd = fact.Fact[Start]{}, fact.New(s.Start, s.Pos.File, s.Pos.Line)
	if s.Dir != "" && path.IsAbs(s.Dir) {
		i.Workdir = fact.New(path.Clean(s.Dir), s.Pos.File, s.Pos.Line)
	}
	if s.User != "" && IsRoot(i.User.Value) {
		i.User = fact.New(s.User, s.Pos.File, s.Pos.Line)
	}
	for _, v := range s.Env {
		i.Env = listed(i.Env, fact.New(v, s.Pos.File, s.Pos.Line))
	}
}

// commandOf are the words of a start, of the only command of one in shell form; one word that is no program for several.
func commandOf(s Start) []string {
	text := s.Text()
	if text == "" {
		return s.Words
	}
	x, err := shell.Read(text, shell.Start{})
	if err != nil || len(x.Commands) != 1 {
		return []string{Unknown}
	}
	return shell.Texts(x.Commands[0].Unwrap().Words)
}

// supervisor is what a start runs as a supervisor, with the file of its settings; before is the script that starts it. It is "" for
// what starts none.
func (r *Reader) supervisor(i *Image, words []string) (by, conf, before string) {
	if len(words) == 0 {
		return "", "", ""
	}
	at := slices.IndexFunc(words, func(w string) bool { return !shell.IsShell(w) && !strings.HasPrefix(w, "-") })
	if at < 0 {
		return "", "", ""
	}
	if by = supervisors[path.Base(words[at])]; by != "" {
		return by, settingsOf(words[at:]), ""
	}
	// ENTRYPOINT ["/entrypoint.sh"], CMD ["supervisord", …], or a script that ends with it.
	if rest := words[at+1:]; len(rest) > 0 && supervisors[path.Base(rest[0])] == "supervisord" {
		return "supervisord", settingsOf(rest), words[at]
	}
	script := words[at]
	if !path.IsAbs(script) {
		script = path.Join("/", i.Workdir.Value, script)
	}
	text, _ := r.inImage(i, script)
	if text == "" {
		return "", "", ""
	}
	s, err := shell.Read(text, shell.Start{})
	if err != nil || len(s.Commands) == 0 {
		return "", "", ""
	}
	last := shell.Texts(s.Commands[len(s.Commands)-1].Unwrap().Words)
	if len(last) > 0 && supervisors[path.Base(last[0])] == "supervisord" {
		return "supervisord", settingsOf(last), words[at]
	}
	return "", "", ""
}

// settingsOf is the file that supervisord is given: https://supervisord.org/running.html#supervisord-command-line-options
func settingsOf(words []string) string {
	for n, w := range words {
		if name, value, ok := strings.Cut(w, "="); ok && name == "--configuration" {
			return value
		}
		if (w == "-c" || w == "--configuration") && n+1 < len(words) {
			return words[n+1]
		}
	}
	return ""
}

// inImage is the text of a file of the image that is the repository's or that a line writes.
func (r *Reader) inImage(i *Image, p string) (text string, at fact.Pos) {
	for _, w := range slices.Backward(i.Written) {
		if w.To == p {
			return w.Text, w.Pos
		}
	}
	for _, c := range slices.Backward(i.Copies) {
		one := Image{Copies: []Copy{c}}
		if name, ok := one.Repo(p); ok && !strings.Contains(name, Unknown) && r.t.Has(r.at(name)) {
			return r.textOf(name), c.Pos
		}
	}
	return "", at
}

func (r *Reader) textOf(name string) string {
	text, err := r.t.ReadHead(r.at(name), maxFile)
	if err != nil {
		return ""
	}
	return string(text)
}

// services are those that the files of supervisors in the image start, in the order of the lines that bring them.
func (r *Reader) services(i *Image, by, conf string) []Service {
	var out []Service
	seen := map[string]bool{}
	if conf != "" && !path.IsAbs(conf) {
		conf = path.Join("/", i.Workdir.Value, conf)
	}
	add := func(p, text string, at fact.Pos) {
		if seen[p] || len(seen) >= maxServices {
			return
		}
		m, ini := serviceRun.FindStringSubmatch(p), serviceInit.FindStringSubmatch(p)
		switch {
		case m != nil && by != "supervisord":
			if strings.HasPrefix(m[2], ".") || m[1] == "s6-overlay/s6-rc.d" && slices.Contains([]string{"user", "user2"}, m[2]) {
				return
			}
			s := runOf(text)
			s.Name, s.By, s.Pos = m[2], "s6", at
			if m[1] == "service" || m[1] == "sv" {
				s.By = "runit"
			}
			if kind, _ := r.inImage(i, path.Join(path.Dir(p), "type")); strings.TrimSpace(kind) == "oneshot" || m[3] == "up" {
				s.Once = true
			}
			if seen[p] = true; m[3] == "up" && slices.ContainsFunc(out, func(o Service) bool { return o.Name == s.Name }) {
				return // it names a script beside it
			}
			out = append(out, s)
		case ini != nil && by != "supervisord":
			seen[p] = true
			s := runOf(text)
			s.Name, s.By, s.Pos, s.Once = ini[2], "s6", at, true
			out = append(out, s)
		case by == "supervisord" && (p == conf || serviceConf.MatchString(p)):
			seen[p] = true
			out = append(out, programs(text, path.Dir(p), at)...)
		}
	}
	for _, w := range i.Written {
		add(w.To, w.Text, w.Pos)
	}
	if by == "supervisord" && conf != "" {
		if text, at := r.inImage(i, conf); text != "" {
			add(conf, text, at)
		}
	}
	for _, c := range i.Copies {
		if c.Source == "" || strings.Contains(c.Source+c.To, Unknown) {
			continue
		}
		if r.t.Has(r.at(c.Source)) {
			to := c.At()
			if slices.ContainsFunc(serviceRoots, func(d string) bool { return under(d, to) }) {
				add(to, r.textOf(c.Source), c.Pos)
			}
			continue
		}
		for _, root := range serviceRoots {
			var below string
			switch {
			case under(c.To, root):
				below = path.Join(c.Source, strings.TrimPrefix(root, strings.TrimSuffix(c.To, "/")))
			case under(root, c.To):
				below = c.Source
			default:
				continue
			}
			for _, name := range r.t.Files(r.at(below)) {
				rel := strings.TrimPrefix(strings.TrimPrefix(name, r.at(c.Source)), "/")
				if p := path.Join(c.To, rel); serviceRun.MatchString(p) || serviceInit.MatchString(p) || serviceConf.MatchString(p) {
					if text, err := r.t.ReadHead(name, maxFile); err == nil {
						add(p, string(text), c.Pos)
					}
				}
			}
		}
	}
	return out
}

// switchers give the command behind them the user that they name, or that an option names.
var switchers = map[string]string{ //nolint:gochecknoglobals // a constant table
	"s6-setuidgid": "", "setuidgid": "", "gosu": "", "su-exec": "", "chpst": "-u", "runuser": "-u", "sudo": "-u",
}

// passing are programs of s6 and runit that start what follows them, with their options that take a word:
// https://skarnet.org/software/s6/, https://skarnet.org/software/execline/, https://smarden.org/runit/chpst.8.
var passing = map[string][]string{ //nolint:gochecknoglobals // a constant table
	"with-contenv": nil, "s6-notifyoncheck": {"-3", "-s", "-T", "-t", "-w", "-n", "-c"}, "s6-softlimit": {"-m", "-n", "-o", "-p"}, "s6-fdholder-daemon": nil,
	"fdmove": {"-c"}, "chpst": {"-u", "-U", "-b", "-e", "-m", "-o", "-n"}, "runuser": {"-u", "-g"}, "foreground": nil,
}

// runOf reads the script of a service: the command that it becomes in the end.
func runOf(text string) Service {
	first, rest, _ := strings.Cut(text, "\n")
	if strings.Contains(first, "execline") { // one command over several lines
		var words []string
		for line := range strings.Lines(rest) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				words = append(words, line)
			}
		}
		if text = strings.Join(words, " "); strings.ContainsAny(text, "{}") {
			return Service{}
		}
		text = "exec " + text
	}
	s, err := shell.Read(text, shell.Start{Vars: map[string]string{}})
	if err != nil || len(s.Commands) == 0 {
		return Service{}
	}
	var found []shell.Command
	for n, c := range s.Commands {
		if c.Captured || c.Words[0].Text != "exec" && n < len(s.Commands)-1 || c.Words[0].Text == "exec" && len(c.Words) == 1 {
			continue
		}
		found = append(found, c)
	}
	if len(found) != 1 || len(found[0].Words) == 0 {
		return Service{}
	}
	return served(found[0])
}

// served is what a command of a service starts.
func served(c shell.Command) Service {
	var out Service
	if path.IsAbs(c.Dir) {
		out.Dir = c.Dir
	}
	for range 10 {
		if len(c.Words) > 0 && c.Words[0].Text == "exec" {
			c.Words = c.Words[1:]
		}
		if len(c.Words) < 2 {
			break
		}
		name := path.Base(c.Words[0].Text)
		option, switches := switchers[name]
		valued, passes := passing[name]
		switch {
		case name == "cd" && len(c.Words) > 2:
			out.Dir, c.Words = c.Words[1].Text, c.Words[2:]
			continue
		case switches && option == "":
			out.User = c.Words[1].Text
		case switches:
			if n := slices.IndexFunc(c.Words, func(w shell.Word) bool { return w.Text == option }); n > 0 && n+1 < len(c.Words) {
				out.User = c.Words[n+1].Text
			}
		}
		if passes {
			rest := c.Words[1:]
			for len(rest) > 0 && strings.HasPrefix(rest[0].Text, "-") {
				n := 1
				if slices.Contains(valued, rest[0].Text) && rest[0].Text != "--" {
					n = 2
				}
				rest = rest[min(n, len(rest)):]
			}
			if name == "fdmove" && len(rest) > 1 {
				rest = rest[2:]
			}
			c.Words = rest
			continue
		}
		u := c.Unwrap()
		if len(u.Words) == len(c.Words) || len(u.Words) == 0 {
			break
		}
		c = u
	}
	if strings.Contains(out.User, Unknown) || strings.HasPrefix(out.User, "$") {
		out.User = ""
	}
	if strings.Contains(out.Dir, Unknown) {
		out.Dir = ""
	}
	for _, e := range c.Env {
		if e.Value.Known() {
			out.Env = append(out.Env, variable(e.Name, e.Value.Text))
		}
	}
	out.Start = spelledOut(c.Words)
	return out
}

// spelledOut are words as a start: in shell form, if a variable stands among them.
func spelledOut(words []shell.Word) Start {
	var list, line []string
	plain := true
	for _, w := range words {
		var b, q strings.Builder
		for _, p := range w.Parts {
			switch {
			case p.Var != "" && p.Var != "@" && p.Var != "*":
				plain = false
				b.WriteString("${" + p.Var)
				if p.Text != Unknown && p.Text != "" && !strings.ContainsAny(p.Text, Unknown+"}$`\"\\") {
					b.WriteString(":-" + p.Text)
				}
				b.WriteString("}")
				continue
			case p.Expands || strings.Contains(p.Text, Unknown) || p.Var != "":
				return Start{}
			}
			q.WriteString(p.Text)
			b.WriteString(p.Text)
		}
		list = append(list, w.Text)
		if quoted := strings.ReplaceAll(b.String(), "'", `'\''`); strings.ContainsAny(q.String(), " \t\n'\"*?[]()<>|&;`\\#~!") {
			if len(q.String()) != len(b.String()) {
				return Start{}
			}
			line = append(line, "'"+quoted+"'")
		} else {
			line = append(line, b.String())
		}
	}
	if len(list) == 0 || tellsSecret(list) {
		return Start{}
	}
	if plain {
		return Start{Words: list}
	}
	return Start{Shell: strings.Join(line, " ")}
}

// written keeps the file that a command of a RUN writes with a text of its own: echo, printf, cat and tee with a here-document.
func (s *stage) written(c shell.Command, at fact.Pos) {
	if len(c.Words) == 0 || len(s.Written) >= maxListed {
		return
	}
	words := shell.Texts(c.Words)
	name, to := path.Base(words[0]), c.Outputs
	var text string
	switch name {
	case "echo":
		words = words[1:]
		for len(words) > 0 && slices.Contains([]string{"-e", "-n", "-ne", "-en", "-E"}, words[0]) {
			words = words[1:]
		}
		text = unprinted.Replace(strings.Join(words, " ")) + "\n"
	case "printf":
		if len(words) < 2 {
			return
		}
		if text = unprinted.Replace(words[1]); strings.Count(text, "%s") == 1 && len(words) > 2 {
			format := text
			text = ""
			for _, w := range words[2:] {
				text += strings.Replace(format, "%s", w, 1)
			}
		} else {
			for _, w := range words[2:] {
				text = strings.Replace(text, "%s", w, 1)
			}
		}
		text = strings.ReplaceAll(text, "%%", "%")
	case "cat", "tee":
		if text = c.Input.Text; name == "tee" && len(c.Words) > 1 {
			to = c.Words[len(c.Words)-1:]
		}
	}
	if text == "" || len(to) != 1 || !to[0].Known() || len(text) > maxFile {
		return
	}
	file := to[0].Text
	if !path.IsAbs(file) {
		file = path.Join(c.Dir, file)
	}
	w := Written{To: path.Clean(file), Text: text, Pos: at}
	// A text that does not begin as a file does goes on: >>.
	if n := len(s.Written) - 1; n >= 0 && s.Written[n].To == w.To && !strings.HasPrefix(text, "#!") && len(s.Written[n].Text) < maxFile {
		s.Written = slices.Clone(s.Written)
		s.Written[n].Text += text
		return
	}
	s.Written = append(slices.Clip(s.Written), w)
}

// unprinted are what echo -e and printf make of a backslash.
var unprinted = strings.NewReplacer(`\\n`, "\n", `\n`, "\n", `\t`, "\t", `\$`, "$", `\"`, `"`, `\\`, `\`) //nolint:gochecknoglobals // a constant

// programEnv is a variable in supervisord's settings, interpolated one that its programs see.
var (
	programEnv   = lazy.MustCompile(`([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|([^,\s"']*))`)
	interpolated = lazy.MustCompile(`%\(ENV_(\w+)\)s`)
)

// programs are those of supervisord's settings: https://supervisord.org/configuration.html#program-x-section-values
func programs(text, dir string, at fact.Pos) []Service {
	text = strings.ReplaceAll(text, "%(here)s", dir)
	doc, err := document.Parse("supervisord.ini", []byte(uncommented(text)))
	if err != nil {
		return nil
	}
	var out []Service
	for _, m := range doc.Members {
		name, ok := strings.CutPrefix(m.Key, "program:")
		command := strings.Join(linesOf(m.Value.Get("command")), " ")
		if !ok || command == "" || len(out) >= maxServices || strings.EqualFold(m.Value.Get("autostart").Text, "false") {
			continue
		}
		s := Service{Name: strings.TrimSpace(name), By: "supervisord", Pos: at}
		command = interpolated.ReplaceAllString(command, "$${$1}")
		if x, err := shell.Read(command, shell.Start{}); err == nil && len(x.Commands) == 1 && !strings.Contains(command, "%(") {
			c := x.Commands[0]
			if text, ok := c.Text(); ok {
				if y, err := shell.Read(text, shell.Start{}); err == nil && len(y.Commands) == 1 {
					c = y.Commands[0]
				}
			}
			got := served(c)
			s.Start, s.User, s.Dir, s.Env = got.Start, got.User, got.Dir, got.Env
		}
		if u := m.Value.Get("user").Text; u != "" {
			s.User = u
		}
		if d := m.Value.Get("directory").Text; path.IsAbs(d) {
			s.Dir = d
		}
		for _, v := range programEnv.FindAllStringSubmatch(strings.Join(linesOf(m.Value.Get("environment")), ","), maxListed) {
			if value := v[2] + v[3] + v[4]; !strings.Contains(value, "%(") {
				s.Env = append(s.Env, variable(v[1], value))
			}
		}
		if strings.EqualFold(m.Value.Get("autorestart").Text, "false") && strings.TrimSpace(m.Value.Get("startsecs").Text) == "0" {
			s.Once = true
		}
		out = append(out, s)
	}
	return out
}

// linesOf are the lines of a value.
func linesOf(v document.Value) []string {
	var out []string
	for _, f := range v.Strings() {
		out = append(out, f.Value)
	}
	return out
}

// uncommented is a text of settings without the comments that supervisord takes at the end of a line.
func uncommented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if i := strings.Index(line, " ;"); i >= 0 {
			line = strings.TrimRight(line[:i], " \t") + "\n"
		}
		b.WriteString(line)
	}
	return b.String()
}

// beside are programs that images start beside an app: servers in front of it, databases, timers, shells.
var beside = lazy.MustCompile(`^(nginx|openresty|caddy|apache2?|apache2ctl|apache2-foreground|apachectl|httpd|lighttpd|haproxy|traefik|varnishd|squid|cron|crond|supercronic|anacron|redis-server|valkey-server|postgres|pg_ctl|mysqld(_safe)?|mariadbd(-safe)?|mongod|memcached|rabbitmq-server|sshd|rsyslogd|syslog-ng|syslogd|dbus-daemon|tor|php-fpm[0-9.]*|dnsmasq|logrotate|tail|sleep|fail2ban.*|stunnel4?|Xvfb|xvfb-run|x11vnc|websockify|avahi-daemon|filebeat|fluent-bit|socat|minio|elasticsearch|rabbitmq.*|clamd|freshclam|postfix|dovecot|opendkim|slapd|inotifywait|watch)$`)

// timed are words in a command that tell a program which works beside the one that serves.
var timed = lazy.MustCompile(`(?i)(^|[^a-z])(worker|workers|beat|scheduler|scheduled|queue|queues|rq|rqworker|rqscheduler|cron|consumer|celery|flower|huey|dramatiq|sidekiq|clock|exporter|listener|qcluster|watcher|cleanup|backup|migrate|init|setup)([^a-z]|$)`)

// serving are names of the service that is the app.
var serving = lazy.MustCompile(`(?i)(^|[^a-z])(web|app|server|api|http|gunicorn|uvicorn|uwsgi|daphne|hypercorn|django|flask|fastapi|node|backend|main|site|wsgi|asgi|java|python|frontend|service)([^a-z]|$)`)

// appOf is the number of the service that is the app: the only one that works neither before the others nor beside an app, or the one
// that is called so; -1 if that is not clear.
func appOf(list []Service) int {
	pick := func(of []int, match func(s Service) bool) []int {
		var out []int
		for _, n := range of {
			if match(list[n]) {
				out = append(out, n)
			}
		}
		return out
	}
	all := make([]int, len(list))
	for n := range list {
		all[n] = n
	}
	program := func(s Service) string {
		words := commandOf(s.Start)
		if len(words) == 0 {
			return ""
		}
		return path.Base(words[0])
	}
	all = pick(all, func(s Service) bool { return !s.Once && program(s) != "" && !beside.MatchString(program(s)) })
	for _, match := range []func(s Service) bool{
		func(Service) bool { return true },
		func(s Service) bool {
			return !timed.MatchString(s.Name) && !timed.MatchString(strings.Join(firstWords(s), " "))
		},
		func(s Service) bool { return serving.MatchString(s.Name) },
	} {
		if found := pick(all, match); len(found) == 1 {
			return found[0]
		} else if len(found) > 1 {
			all = found
		}
	}
	return -1
}

// firstWords are those words of a command that say what it does.
func firstWords(s Service) []string {
	var out []string
	for _, w := range commandOf(s.Start) {
		if !strings.HasPrefix(w, "-") && !path.IsAbs(w) && len(out) < 4 {
			out = append(out, w)
		}
	}
	return out
}
