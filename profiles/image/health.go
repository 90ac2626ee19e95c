package image

// The health check that the repository's people made. Their words are for the programs of their image (curl,
// wget, a script); what they mean is one of three:
//
//	a page, which answers while the app is well   asked with what this image has (Asker)
//	the program itself, with arguments            the same arguments
//	a script of the app's language                the same script, if prod has it
//
// The own Dockerfile's comes first, with its times, and stays in the lock once dockgen's has taken its place;
// then those of compose files, manifests and READMEs. A page that the own image asks decides on the
// runtime, too (Runtime): Node and Python ask by themselves on each, Java and Go need wget of Alpine or curl.
// A connection to the port alone is no check: it is taken before the app is ready, and when it hangs.

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// checks is the verb of the evidence for a health check.
const checks Verb = " checks "

// check is one that the repository's people make. Of page, args and script one is set.
type check struct {
	page    *page
	program string   // that checks itself, "" for the image's own
	args    []string // of it
	script  []string // a file of the app's folder, and its arguments
	timing  buildfile.Timing
	pos     fact.Pos
	by      string // who makes it, for a sentence
	// own says that the image makes it, and not who runs it; inside that it runs in the container.
	own, inside bool
	evidence    string
}

// page is an address that a check asks.
type page struct {
	tls  bool
	host string // "localhost" or "127.0.0.1"
	port part   // its text is "" if it is the scheme's, or only the variable says it
	path []part // together one that begins with a slash
}

// part is a piece of an address: a text, or a variable with that text as its default.
type part struct{ text, variable string }

var (
	// reference is a variable in a text of a shell, with its default.
	reference = lazy.MustCompile(`\$(?:\{([A-Za-z_][A-Za-z0-9_]{0,60})(?::?-([A-Za-z0-9_./-]{0,80}))?\}|([A-Za-z_][A-Za-z0-9_]{0,60}))`)
	// address finds what is asked. Quotes are taken away before.
	address = lazy.MustCompile(`(https?)://(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|\$\{?HOST(?:NAME)?(?::?-[\w.]*)?\}?|\$\(hostname\))(?::([0-9]{1,5}|` +
		`\$\{[^}$\s]*\}|\$[A-Za-z_][A-Za-z0-9_]*))?((?:[/$?][^\s;|()<>]*)?)`)
	// schemeless finds an address of HTTP without its scheme: curl -sf localhost:80/x.
	schemeless = lazy.MustCompile(`\b((?:curl|wget)\s(?:[^;|&()]*\s)?)((?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?:[:/]|\s|$))`)
	// literal is a piece of a path that needs no quotes anywhere.
	literal = lazy.MustCompile(`^[A-Za-z0-9/_.~%:@!,=?&+*-]*$`)
)

// maxCheck is the longest text of a check that is read.
const maxCheck = 1000

// pageOf is the page that a text asks; nil if it asks none, or more than a GET tells. env are the variables of the image.
func pageOf(text string, env map[string]string) *page {
	if len(text) > maxCheck || strings.Contains(text, buildfile.Unknown) || methods.MatchString(text) || strings.Contains(text, "--unix-socket") || strings.Contains(text, "`") {
		return nil
	}
	text = strings.NewReplacer(`",`, " ,", `',`, " ,", `"`, "", `'`, "").Replace(text) // urlopen('http://localhost/x', timeout=3)
	m := address.FindStringSubmatch(text)
	if m == nil {
		m = address.FindStringSubmatch(schemeless.ReplaceAllString(text, "${1}http://${2}"))
	}
	if m == nil {
		return nil
	}
	out := &page{tls: m[1] == "https", host: "127.0.0.1"}
	if m[2] == "localhost" {
		out.host = m[2]
	}
	if port := parts(m[3], env); len(port) == 1 {
		out.port = port[0]
	} else if m[3] != "" {
		return nil
	}
	if n, err := strconv.Atoi(out.port.text); out.port.text != "" && (err != nil || n < 1 || n > 65535) {
		return nil
	}
	if out.path = parts(m[4], env); len(out.path) == 0 {
		if m[4] != "" {
			return nil
		}
		out.path = []part{{text: "/"}}
	}
	if !strings.HasPrefix(out.path[0].text, "/") {
		if out.path[0].variable == "" || out.path[0].text != "" || len(out.path) > 1 && !strings.HasPrefix(out.path[1].text, "/") {
			out.path = append([]part{{text: "/"}}, out.path...)
		}
	}
	return out
}

// parts are the pieces of a text; nil if one cannot be told.
func parts(text string, env map[string]string) []part {
	var out []part
	for text != "" {
		at := reference.FindStringSubmatchIndex(text)
		end := len(text)
		if at != nil {
			end = at[0]
		}
		if before := text[:end]; before != "" {
			if !literal.MatchString(before) {
				return nil
			}
			out = append(out, part{text: before})
		}
		if at == nil {
			return out
		}
		m := reference.FindStringSubmatch(text[end:])
		p := part{text: m[2], variable: m[1] + m[3]}
		if p.text == "" {
			p.text = env[p.variable]
		}
		if !literal.MatchString(p.text) || len(out) > 8 {
			return nil
		}
		out = append(out, p)
		text = text[at[1]:]
	}
	return out
}

// String is the address as a shell has it.
func (p page) String() string {
	scheme := "http"
	if p.tls {
		scheme = "https"
	}
	var b strings.Builder
	b.WriteString(scheme + "://" + p.host)
	if p.port != (part{}) {
		b.WriteString(":" + p.port.String())
	}
	for _, x := range p.path {
		b.WriteString(x.String())
	}
	return b.String()
}

func (p part) String() string {
	switch {
	case p.variable == "":
		return p.text
	case p.text == "":
		return "${" + p.variable + "}"
	}
	return "${" + p.variable + ":-" + p.text + "}"
}

// String is the check as the lock keeps it, which remembered reads.
func (c check) String() string {
	words := c.timing.Options()
	switch {
	case c.page != nil:
		words = append(words, "GET", c.page.String())
	case c.script != nil:
		words = append(append(words, "script"), c.script...)
	default:
		words = append(append(words, "itself"), c.args...)
	}
	return strings.Join(words, " ")
}

// remembered is the check of a Dockerfile whose place dockgen's took.
func remembered(in record.Input) (c check, ok bool) {
	old, ok := Remembered(in, "healthcheck", checks)
	text, of := strings.CutSuffix(strings.TrimPrefix(old.Evidence, ownDockerfile+string(checks)), ofApp(in))
	if !ok || !of || len(text) > 2*maxCheck {
		return c, false
	}
	c = check{pos: fact.At(record.LockFile, 0), by: Former, own: true, inside: true, evidence: old.Evidence}
	words := strings.Fields(text)
	for len(words) > 0 && strings.HasPrefix(words[0], "--") {
		name, value, _ := strings.Cut(words[0], "=")
		c.timing.Set(strings.TrimPrefix(name, "--"), value)
		words = words[1:]
	}
	if len(words) < 2 {
		return c, false
	}
	switch words[0] {
	case "GET":
		c.page = pageOf(words[1], nil)
		return c, c.page != nil
	case "script":
		c.script = words[1:]
	default:
		c.args = words[1:]
	}
	return c, simple(words[1:])
}

// plainWord is a word that needs no quotes anywhere.
var plainWord = lazy.MustCompile(`^[A-Za-z0-9_./:=@%+,-]{1,200}$`)

func simple(words []string) bool {
	return len(words) < 20 && !slices.ContainsFunc(words, func(w string) bool { return !plainWord.MatchString(w) })
}

// promisedChecks are those of the repository's people, those first that count more.
func promisedChecks(in record.Input) []check {
	c := contractOf(in)
	var out []check
	env := known(c)
	add := func(p buildfile.Probe, at fact.Pos, own bool) {
		k := check{timing: p.Timing, pos: at, by: DisplayName(in, at), own: own, inside: len(p.Command) > 0}
		if p.Path != "" {
			scheme := "http"
			if p.TLS {
				scheme = "https"
			}
			port := ":" + p.Port
			if _, err := strconv.Atoi(p.Port); err != nil {
				port = "" // a name: the app's own
			}
			k.page = pageOf(scheme+"://127.0.0.1"+port+p.Path, env)
		} else {
			k.command(in, c, p.Command, env)
		}
		if k.page != nil || k.args != nil || k.script != nil {
			if own {
				k.evidence = Adopted(in, at, checks, k.String()) + ofApp(in)
			}
			out = append(out, k)
		}
	}
	if c.Own == nil {
		if k, ok := remembered(in); ok {
			out = append(out, k)
		}
	} else if h := c.Own.Image.Health; h.Found() {
		words := h.Value.Words
		if h.Value.Shell != "" {
			words = []string{h.Value.Shell}
		}
		add(buildfile.Probe{Command: words, Timing: c.Own.Image.Timing}, h.Pos, true)
	}
	for _, run := range c.Runs {
		if run.Health.Found() && len(out) < maxKept {
			add(run.Health.Value, run.Health.Pos, false)
		}
	}
	return out
}

// command reads what a check runs.
func (c *check) command(in record.Input, of buildfile.Contract, words []string, env map[string]string) {
	if c.page = pageOf(strings.Join(words, " "), env); c.page != nil || len(words) == 0 {
		return
	}
	if len(words) == 3 && shell.IsShell(words[0]) && strings.HasSuffix(words[1], "c") {
		words = words[2:]
	}
	if len(words) == 1 && strings.ContainsAny(words[0], " \t;|&$") {
		s, err := shell.Read(words[0], shell.Start{Vars: env})
		if err != nil || len(words[0]) > maxCheck || len(s.Commands) == 0 {
			return
		}
		words = shell.Texts(s.Commands[0].Words)
	}
	if len(words) == 0 || !simple(words) {
		return
	}
	if c.page = pageBehind(in, of, words); c.page != nil {
		return
	}
	if file, rest, ok := languageScript(in, of, words); ok {
		c.script = append([]string{file}, rest...)
	} else if len(words) > 1 {
		c.args = words[1:]
		if c.program = path.Base(words[0]); slices.Contains(startedBy(of), c.program) {
			c.program = ""
		}
	}
}

// known are the variables of the own image.
func known(c buildfile.Contract) map[string]string {
	out := map[string]string{}
	if c.Own != nil {
		for _, e := range c.Own.Image.Env {
			if out[e.Value.Name] = e.Value.Value; strings.ContainsAny(e.Value.Value, buildfile.Unknown+"$") {
				delete(out, e.Value.Name)
			}
		}
	}
	return out
}

// interpreters are the programs that run a script of a language, and how its name ends.
var interpreters = map[string]struct { //nolint:gochecknoglobals // a constant table
	programs []string
	ends     []string
}{
	"node":   {[]string{"node", "nodejs", "bun"}, []string{".js", ".mjs", ".cjs"}},
	"python": {[]string{"python", "python3"}, []string{".py"}},
}

// languageScript is the script of the app's language that a command runs, from the app's folder on.
func languageScript(in record.Input, c buildfile.Contract, words []string) (file string, args []string, ok bool) {
	by, known := interpreters[language(in)]
	if !known {
		return "", nil, false
	}
	if slices.Contains(by.programs, path.Base(words[0])) && len(words) > 1 {
		words = words[1:]
	} else if !slices.Contains(by.ends, path.Ext(words[0])) {
		return "", nil, false
	}
	file = words[0]
	if strings.HasPrefix(file, "-") {
		return "", nil, false
	}
	place := path.Join(workdirOf(c), file)
	if path.IsAbs(file) {
		place = path.Clean(file)
	}
	file = strings.TrimPrefix(strings.TrimPrefix(place, workdirOf(c)), "/")
	if c.Own != nil {
		if from, found := c.Own.Image.Repo(place); found {
			file = from
		}
		if in.Tree != nil { // a file that is there comes before what a build may make
			file = cmp.Or(copiedTo(in, c.Own.Image, place), file)
		}
	}
	if path.Ext(file) == "" && by.ends[0] == ".js" {
		file += ".js"
	}
	return file, words[1:], file != "" && simple([]string{file})
}

// startedBy are the names of the program that the own image starts.
func startedBy(c buildfile.Contract) []string {
	if c.Own == nil {
		return nil
	}
	for _, start := range []fact.Fact[buildfile.Start]{c.Own.Image.Entrypoint, c.Own.Image.Cmd} {
		for _, w := range start.Value.Words {
			base := path.Base(w)
			if shell.IsShell(base) || strings.HasSuffix(base, ".sh") || strings.HasPrefix(base, "-") || shell.IsInit(base) || slices.Contains([]string{"su-exec", "gosu", "entrypoint", "docker-entrypoint"}, base) {
				continue
			}
			return []string{base}
		}
	}
	return nil
}

// asks makes of a page's address the one that this image asks; ok is false if it is of another listener.
func (r ProbeRequest) asks(in record.Input, k check) (u url, ok bool) {
	p := k.page
	var main plan.Port
	if len(r.Ports.List) > 0 {
		main = r.Ports.List[0]
	}
	n, _ := strconv.ParseUint(p.port.text, 10, 16)
	port := plan.Port(n)
	if port == 0 && p.port.variable == "" && main == 0 {
		if port = 80; p.tls {
			port = 443
		}
	}
	u = url{tls: p.tls, host: p.host, path: p.escaped(), port: main, variable: r.Ports.Var, whole: r.Ports.VarHostPort}
	if !k.own {
		u.host = "127.0.0.1"
	}
	switch {
	case r.TLS != p.tls && !k.own: // who runs it may configure it so; the own image's check is of what that starts
		return u, false
	case main > 0 && (port == main || port == 0 || p.port.variable != "" && p.port.variable == r.Ports.Var):
		if u.variable == "" && port == main && language(in) == "go" {
			u.variable = p.port.variable // which the program reads itself, or the configuration that it reads
		}
		return u, true
	case slices.Contains(r.Ports.List, port), main == 0 && port > 0 && k.own: // who runs it may start it otherwise
		u.port, u.variable, u.whole = port, "", false
		return u, true
	}
	return u, main > 0 && (mainPort.MatchString(p.port.variable) || k.own && soleOwn(in, port))
}

// mainPort matches the variables of the port that an app is reached on.
var mainPort = lazy.MustCompile(`(?i)^([a-z0-9]+_)?((http|server|app|web|listen|expose)_?)?port$`)

// soleOwn reports whether the own image opens no other port, so that it is the app's, wherever that listens here.
func soleOwn(in record.Input, port plan.Port) bool {
	c := contractOf(in)
	if c.Own == nil {
		return true // it was, when the lock was written
	}
	open := tcp(c.Own.Image.Ports)
	return len(open) == 1 && open[0].Value == int(port)
}

// escaped is the path as a command has it.
func (p page) escaped() []part {
	out := slices.Clone(p.path)
	for i := range out {
		out[i].text = escapePath(out[i].text)
	}
	return out
}

// shown is the path with the defaults of its variables.
func (p page) shown() string {
	var b strings.Builder
	for _, x := range p.path {
		b.WriteString(x.text)
	}
	return b.String()
}

// promisedProbe is the first check of the repository's people that this image can make: the command of the
// program or the script, or the page that is asked.
func promisedProbe(in record.Input, r ProbeRequest) (plan.Exec, HealthRoute) {
	for _, k := range promisedChecks(in) {
		route := HealthRoute{Pos: k.pos, Rule: k.by + " asks it", Rooted: true, timing: k.timing, evidence: k.evidence}
		switch {
		case k.page != nil:
			u, good := r.asks(in, k)
			if !good {
				noteLost(in, k, fmt.Sprintf("it asks port %s, and this image listens on %s", plan.Printable(k.page.port.text, 20), listed(r.Ports.List)))
				continue
			}
			route.Path, route.address = k.page.shown(), &u
			return nil, route
		case k.script != nil && r.Script != nil:
			if run := r.Script(k.script[0]); run != nil {
				return append(run, k.script[1:]...), route
			}
			noteLost(in, k, "prod does not have "+plan.Printable(k.script[0], 80))
		case k.args != nil && r.Program != "" && (k.program == "" || k.program == path.Base(r.Program)):
			route.Rule = k.by + " asks the program itself"
			return append(plan.Exec{r.Program}, k.args...), route
		default:
			noteLost(in, k, "prod does not have what it starts")
		}
	}
	return nil, HealthRoute{}
}

// noteLost says that the own image's check is not kept.
func noteLost(in record.Input, k check, why string) {
	if k.own {
		in.Log.Note(k.pos, "has a HEALTHCHECK that is not kept: "+why, "--set healthcheck=/PATH names a page that answers while the app is well")
	}
}

func listed(ports []plan.Port) string {
	var out []string
	for _, p := range ports {
		out = append(out, p.String())
	}
	if len(out) == 0 {
		return "none that is known"
	}
	return Enumerate(out)
}

// times are the options of HEALTHCHECK: those of the check, or dockgen's own.
func times(in record.Input, t buildfile.Timing) []plan.Token {
	if t == (buildfile.Timing{}) {
		t = buildfile.Timing{Interval: "30s", Timeout: "5s"}
	}
	if t.StartPeriod == "" {
		t.StartPeriod = "30s"
	}
	switch {
	case !Syntax(in):
		t.StartInterval = ""
	case t.StartInterval == "":
		t.StartInterval = "1s"
	}
	var out []plan.Token
	for _, o := range t.Options() {
		if w, err := plan.NewToken(strings.TrimPrefix(o, "--")); err == nil {
			out = append(out, w)
		}
	}
	return out
}

// factCheck is the fact of a check that asks for a page.
const factCheck = "a health check"

// promisedPage is a page that the repository's people ask from within the container, the first of their
// checks; ok is false if they ask none, or the runtime is none that has programs.
func promisedPage(in record.Input) (k check, ok bool) {
	if bare(in) {
		return k, false
	}
	return pageInside(in)
}

// pageInside is that page, whatever the runtime.
func pageInside(in record.Input) (k check, ok bool) {
	if in.Settings.Healthcheck != "" {
		return k, false
	}
	for _, k = range promisedChecks(in) {
		if k.inside {
			return k, k.page != nil
		}
	}
	return k, false
}

// askable says why a runtime has nothing that can make the promised check. Debian's slim image can be given
// curl; Alpine has wget, so it is taken where it can run the app, unless the own image is of Debian's kind.
func (q RuntimeRequest) askable(in record.Input, r plan.Runtime) error {
	if q.Ask == nil || !q.Ask(r).IsZero() || in.Log.LockedDespite(factCheck) == r {
		return nil
	}
	k, ok := promisedPage(in)
	switch {
	case !ok:
	case r != plan.Slim:
		return Because(factCheck, "%s has no program for the health check of %s", r, k.by)
	case in.Log.Asked == "" && slices.Contains(in.Log.Preferred, plan.Alpine) && !glibc(in) && q.can(in, plan.Alpine) == nil:
		return Because(factCheck, "slim has no program for the health check of %s, and alpine has", k.by)
	}
	return nil
}

// glibcs match images with the C library of Debian and its kin.
var glibcs = lazy.MustCompile(`debian|ubuntu|slim|sid|bookworm|trixie|bullseye|buster|noble|jammy|focal|fedora|centos|rockylinux|almalinux|/ubi|amazonlinux`)

// glibc reports whether the own image's last stage is one of them.
func glibc(in record.Input) bool {
	c := contractOf(in)
	if c.Own == nil {
		return false
	}
	return glibcs.MatchString(strings.ToLower(FromLast(c.Own.Image.Stages)[0].Base))
}

// asking is the need of curl, on a system that has no program for the promised check.
func asking(in record.Input) (n Need, ok bool) {
	k, ok := promisedPage(in)
	row, known := in.Know.Package(programs, "curl")
	has := slices.ContainsFunc(promisedPrograms(contractOf(in)), func(x checking) bool { return x.program == "curl" || x.program == "wget" })
	if !ok || !known || has || language(in) != "go" {
		return n, false
	}
	row.Debian, row.Alpine = knowledge.Need{Runtime: []string{"curl"}}, knowledge.Need{} // Alpine has wget
	return Need{Name: "curl", Pos: k.pos, Row: row, Why: "HEALTHCHECK runs {}"}, true
}
