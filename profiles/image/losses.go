package image

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// loss is something that the own Dockerfile's image has, and this one has not.
type loss struct {
	what string // "COPY nginx.conf"
	why  string
	pos  fact.Pos
}

// maxLosses is how many losses the note names.
const maxLosses = 8

// losses says in one note what the image of the own Dockerfile has that its users would miss in this one, by line. It goes over every
// instruction of the last stage; what this image has, or has something else for, is no loss, nor is what only
// that file needs: the cleaning of caches, the making of users.
func losses(in record.Input, app *plan.App) {
	c := contractOf(in)
	if c.Own == nil || !c.Own.Default && !c.Own.Variant() {
		return
	}
	var list []loss
	add := func(pos fact.Pos, what, why string) {
		l := loss{plan.Printable(strings.ReplaceAll(what, buildfile.Unknown, "…"), 60), plan.Printable(why, 80), pos}
		if !slices.ContainsFunc(list, func(o loss) bool { return o.what == l.what }) {
			list = append(list, l)
		}
	}
	i := c.Own.Image
	if n := len(i.Stages); n > 0 {
		if base := i.Stages[n-1].Base; foreignBase(i) {
			add(i.Stages[n-1].Pos, "FROM "+base, "what that image brings")
		}
	}
	for _, l := range i.Lines {
		switch l.Name {
		case "env":
			for _, v := range i.Env {
				if v.Pos == l.Pos {
					if _, f := variableFate(in, app, i, v); !f.held && f.why != "" && !overwritten(i, v) {
						add(l.Pos, "ENV "+v.Value.Name, f.why)
					}
				}
			}
		case "expose":
			for _, p := range i.Ports {
				if p.Pos == l.Pos && !slices.Contains(app.Run.Ports, plan.Port(p.Value.Number)) && !slices.Contains(app.Run.UDP, plan.Port(p.Value.Number)) { //nolint:gosec // it is one
					proto := ""
					if p.Value.UDP {
						proto = "/udp"
					}
					add(l.Pos, "EXPOSE "+strconv.Itoa(p.Value.Number)+proto, "")
				}
			}
		case "volume":
			for _, v := range i.Volumes {
				if v.Pos == l.Pos && !keeps(in, app, i, v.Value) {
					add(l.Pos, "VOLUME "+v.Value, "")
				}
			}
		case "healthcheck":
			if l.Pos == i.Health.Pos && app.Run.Probe == nil {
				add(l.Pos, "HEALTHCHECK", "")
			}
		case "stopsignal":
			if l.Pos == i.Stop.Pos && app.Run.Stop.String() == "" && i.Stop.Value != "SIGTERM" && i.Stop.Value != "15" {
				add(l.Pos, "STOPSIGNAL "+i.Stop.Value, "")
			}
		case "label":
			for _, v := range i.Labels {
				if v.Pos == l.Pos && !v.Value.Secret && v.Value.Value != "" && !hasLabel(app, v.Value.Name) {
					add(l.Pos, "LABEL "+v.Value.Name, "")
				}
			}
		case "user":
			if why := userLoss(in, app, i, l.Pos); why != "" {
				add(l.Pos, "USER "+i.User.Value, why)
			}
		case "entrypoint", "cmd":
			if what := startLoss(in, app, i, l.Pos); what != "" {
				add(l.Pos, strings.ToUpper(l.Name), "this image does not start "+what)
			}
		case "copy", "add":
			for _, x := range i.Copies {
				if x.Pos != l.Pos {
					continue
				}
				for _, y := range overlaid(in, []buildfile.Copy{x}) {
					if _, f := place(in, app, i, y); !f.held && f.why != "" {
						add(l.Pos, strings.ToUpper(l.Name)+" "+x.Path, f.why)
					}
				}
			}
		case "run":
			for _, r := range runLosses(in, app, i, l) {
				add(l.Pos, "RUN "+r.what, r.why)
			}
		}
	}
	for _, x := range i.Services {
		if what, why := serviceLoss(x); what != "" {
			add(x.Pos, what, why)
		}
	}
	for _, x := range frontEndsLost(in, i) {
		add(x.Pos, "COPY --from="+x.From+" "+x.Path, "what its stage of Node builds")
	}
	asked := conditions(c.Own.Text)
	for _, a := range i.Args {
		if slices.Contains(asked, a.Value.Name) && !takesArgument(app, a.Value.Name) {
			add(a.Pos, "ARG "+a.Value.Name, "what it switches on")
		}
	}
	if len(list) == 0 {
		return
	}
	var parts []string
	for _, l := range list[:min(len(list), maxLosses)] {
		text := "line " + strconv.Itoa(l.pos.Line) + " " + l.what
		if l.why != "" {
			text += " (" + l.why + ")"
		}
		parts = append(parts, text)
	}
	if more := len(list) - len(parts); more > 0 {
		parts = append(parts, strconv.Itoa(more)+" more")
	}
	hint := ""
	for _, l := range list {
		if strings.HasPrefix(l.what, "RUN apt install") || strings.HasPrefix(l.what, "RUN apk install") {
			hint = "--set packages=[NAME] installs a package"
		}
	}
	of := "its image"
	if IsReplaced(list[0].pos) {
		of = "the image of " + OwnName(in)
	}
	in.Log.Note(fact.At(list[0].pos.File, 0), of+" has what this one does not: "+strings.Join(parts, "; "), hint)
}

// frontEndsLost are the COPY instructions that bring what a stage of Node builds, on its way into the last stage of an image of another language,
// where no front end was found that this image could have built in its place.
func frontEndsLost(in record.Input, i *buildfile.Image) []buildfile.Copy {
	if language(in) == "node" || slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "frontend" }) {
		return nil
	}
	index := func(name string) int {
		return slices.IndexFunc(i.Stages, func(s buildfile.Stage) bool { return s.Name != "" && strings.EqualFold(s.Name, name) })
	}
	var out []buildfile.Copy
	seen := map[int]bool{}
	var follow func(stage int)
	follow = func(stage int) {
		if stage < 0 || seen[stage] {
			return
		}
		seen[stage] = true
		for _, x := range i.Stages[stage].Copies {
			from := index(x.From)
			if from < 0 || from >= stage {
				continue
			}
			system := slices.ContainsFunc([]string{"/usr", "/opt", "/bin", "/lib"}, func(dir string) bool { return within(dir, path.Join("/", x.Path)) }) // Node itself
			if base := FromLast(i.Stages[:from+1])[0].Base; toolchains["node"].MatchString(untagged(base)) {
				if !system && (x.Source == "" || in.Tree == nil || !in.Tree.Has(path.Join(in.Dir, x.Source))) { // a file of the repository is no work of the stage
					out = append(out, x)
				}
				continue
			}
			follow(from)
		}
	}
	follow(len(i.Stages) - 1)
	return out
}

// overwritten reports whether a later line gives a variable another value.
func overwritten(i *buildfile.Image, v fact.Fact[buildfile.Var]) bool {
	return slices.ContainsFunc(i.Env, func(o fact.Fact[buildfile.Var]) bool { return o.Value.Name == v.Value.Name && o.Pos.Line > v.Pos.Line })
}

// plainBases are images that bring a system or a language, and nothing of an app.
var plainBases = lazy.MustCompile(`(^|/)(scratch|alpine|debian|ubuntu|busybox[a-z0-9-]*|distroless|static|static-debian\d+|base|base-debian\d+|base-nossl.*|cc|cc-debian\d+|wolfi-base|chainguard|centos|fedora|rockylinux|almalinux|amazonlinux|photon|ubi\d*|ubi\d*-minimal|ubi\d*-micro|archlinux|buildpack-deps|minideb|baseimage)$|gcr\.io/distroless/|cgr\.dev/chainguard/`)

// foreignBase reports whether the last stage starts from an image that brings more than a system or a language.
func foreignBase(i *buildfile.Image) bool {
	name := untagged(strings.ToLower(FromLast(i.Stages)[0].Base))
	if name == "" || plainBases.MatchString(name) || strings.Contains(name, buildfile.Unknown) && strings.Trim(name, buildfile.Unknown) == "" {
		return false
	}
	for of, pattern := range toolchains {
		if of != "other" && pattern.MatchString(name) {
			return false
		}
	}
	return true
}

// keeps reports whether a folder of the own image is one of this image's that belong to the user.
func keeps(in record.Input, app *plan.App, i *buildfile.Image, dir string) bool {
	if strings.Contains(dir, buildfile.Unknown) {
		return false
	}
	at := path.Clean(dir)
	rel := at
	if root := appRoot(i, at); root != "" {
		rel = path.Join(workdirIn(app), strings.TrimPrefix(at, root))
	} else if sourceInRoot(i) {
		rel = path.Join(workdirIn(app), at)
	}
	for _, w := range app.Run.Writes {
		have := path.Clean(w.Raw())
		if !path.IsAbs(have) {
			have = path.Join(workdirIn(app), have)
		}
		if within(have, at) || within(have, rel) || within(at, have) || within(rel, have) {
			return true
		}
	}
	for _, c := range in.Log.Choices() {
		for dir := range strings.FieldsSeq(c.Value) {
			if c.Key == "data" && (dir == at || dir == rel || path.Base(dir) == path.Base(at) && within(NonRootHome, dir)) {
				return true
			}
		}
	}
	return notKept.MatchString(at) || within("/tmp", at)
}

// hasLabel reports whether prod has a label, by itself or by a build argument.
func hasLabel(app *plan.App, name string) bool {
	return slices.ContainsFunc(app.Run.Labels, func(l plan.Label) bool { return l.Name.String() == name }) ||
		slices.ContainsFunc(app.Run.Given, func(g plan.Given) bool { return g.Label && g.Name.String() == name })
}

// userLoss says what of the own image's user those notice who run it: its number, where data is kept that belongs to it.
func userLoss(in record.Input, app *plan.App, i *buildfile.Image, pos fact.Pos) string {
	u, _, ok := numbered(in, i)
	if pos != i.User.Pos || !ok || u.UID == app.Run.User.UID || !slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "data" }) {
		return ""
	}
	return "here it is " + app.Run.User.String() + ": chown what volumes have"
}

// packageRunners start what a package's scripts name, and wrappers what they are given.
var packageRunners = []string{ //nolint:gochecknoglobals // a constant table
	"npm", "yarn", "pnpm", "npx", "bun", "node", "python", "python3", "java", "uv", "poetry", "pipenv", "pdm", "sh", "bash", "ash", "gunicorn", "uvicorn", "flask", "hypercorn", "daphne", "fastapi", "waitress-serve", "uwsgi", "granian",
	"go", "air", "nodemon", "pm2", "pm2-runtime", "ts-node", "tsx", "next", "deno", "tini", "dumb-init", "env", "exec", "su-exec", "gosu", "setpriv", "catalina.sh", "mvn", "gradle",
}

// startLoss is a program that the own image starts, beside the app or as an entry point, and this one does not; "" for none.
// What starts the app is the language's matter, and so is a script that is an entry point (entry.go).
func startLoss(in record.Input, app *plan.App, i *buildfile.Image, pos fact.Pos) string {
	start := i.Cmd
	if pos == i.Entrypoint.Pos {
		start = i.Entrypoint
	} else if pos != i.Cmd.Pos {
		return ""
	}
	text := start.Value.Shell
	if w := start.Value.Words; len(w) > 2 && shell.IsShell(w[0]) && strings.HasPrefix(w[1], "-") {
		text = w[2]
	}
	var programs []string
	if text == "" {
		for _, w := range start.Value.Words {
			if !strings.HasPrefix(w, "-") {
				programs = append(programs, w)
				break
			}
		}
	} else if s, err := shell.Read(text, shell.Start{}); err == nil {
		for _, c := range s.Commands {
			if name, ok := c.Program(); ok {
				programs = append(programs, name)
			}
		}
	}
	ours := slices.Concat(app.Run.Entry, app.Run.Cmd)
	for _, p := range programs {
		base := path.Base(p)
		known := slices.Contains(packageRunners, base) || slices.Contains(everywhere, base) || slices.Contains(forRoot, base) || setsUp([]string{p}) ||
			slices.ContainsFunc(ours, func(w string) bool { return strings.Contains(w, base) })
		if e, _, ok := entryFile(in); ok && path.Base(e.file) == base {
			known = true
		}
		if language(in) == "go" && slices.ContainsFunc(i.Copies, func(c buildfile.Copy) bool {
			return c.Source == "" && (path.Base(c.To) == base || path.Base(c.Path) == base)
		}) {
			known = true
		}
		if !known && !strings.Contains(base, buildfile.Unknown) && (len(programs) > 1 || slices.Contains(supervisors, base) || path.Ext(base) == ".sh") {
			return base
		}
	}
	return ""
}

// serviceLoss is what the own image's supervisor starts and this image does not, with when; "" for what only gives files to a user, and for what
// works beside the app, which the note of processes has.
func serviceLoss(x buildfile.Service) (what, why string) {
	if goes, _ := roleOf(x.Name + " " + strings.Join(startWords(x.Start), " ")); goes {
		return "", ""
	}
	when := " starts it beside the app"
	if x.Once {
		if when = " runs it before the app"; rootsOwn.MatchString(x.Name) {
			return "", ""
		}
	}
	return "service " + x.Name, x.By + when
}

// rootsOwn are names of scripts that only give folders to a user, or greet.
var rootsOwn = lazy.MustCompile(`(?i)(^|[^a-z])(perm(ission)?s?|chown|fix-attrs|adduser|usermod|user|branding|banner|timezone|tz|umask|os-end|services|base)([^a-z]|$)`)

// startWords are the words of a start.
func startWords(s buildfile.Start) []string {
	if s.Shell != "" {
		return strings.Fields(s.Shell)
	}
	return s.Words
}

// supervisors start several programs.
var supervisors = []string{"supervisord", "s6-svscan", "init", "runit", "runsvdir", "foreman", "honcho", "circusd", "nginx", "apache2", "cron", "crond", "concurrently"} //nolint:gochecknoglobals // a constant table

// madeFate is that of what a COPY takes from another stage or from an image, and that the repository does not have: prod has what its
// own build makes.
func madeFate(in record.Input, app *plan.App, i *buildfile.Image, x buildfile.Copy) fate {
	from, to := x.Path, x.To
	base := path.Base(from)
	stage := i.IsStage(x.From)
	switch {
	case strings.Contains(from+to, buildfile.Unknown):
		return held
	case x.Empty && keeps(in, app, i, to), x.Blank && blank(app, i, x).Path.Raw() != "":
		return held
	case x.Empty:
		return lost("a folder that nothing here is known to need")
	case x.Blank:
		return lost("an empty file of the user's")
	case !stage:
		if helpers.MatchString(base) || helpers.MatchString(untagged(path.Base(x.From))) {
			return held
		}
		for of, pattern := range toolchains {
			if of != "other" && pattern.MatchString(untagged(x.From)) {
				return held
			}
		}
		return lost("from " + plan.Printable(strings.ReplaceAll(x.From, buildfile.Unknown, "…"), 40))
	}
	if name := programIn(in, x); name != "" && !helpers.MatchString(name) {
		if startsOf(i, x) || slices.ContainsFunc(app.Run.Copies, func(a plan.Artifact) bool { return path.Base(a.Copy.To.Raw()) == name }) || app.Run.Probe != nil && asksHealth(i, name) {
			return held
		}
		return lost("this build does not make that program")
	}
	switch {
	case appRoot(i, to) != "", madeByBuilds.MatchString(from), madeByBuilds.MatchString(to), startsOf(i, x), helpers.MatchString(base), len(i.Stages) < 2:
		return held
	}
	if slices.ContainsFunc([]string{"/etc/ssl", "/etc/passwd", "/etc/group", "/etc/shadow", "/etc/nsswitch.conf", "/usr/share/zoneinfo", "/usr/share/ca-certificates", "/tmp", "/root", "/usr/local/lib/python", "/opt/java", "/usr/lib/jvm", "/install", "/wheels", "/usr/local/go"}, func(p string) bool {
		return strings.HasPrefix(to, p) || strings.HasPrefix(from, p)
	}) {
		return held
	}
	if language(in) == "go" && path.Ext(base) == "" || path.Dir(to) == "/" && path.Ext(base) == "" || within("/", from) && path.Clean(from) == path.Clean(to) {
		return held
	}
	return lost("the build of this file does not make it")
}

// asksHealth reports whether the own health check is made by a program of that name.
func asksHealth(i *buildfile.Image, name string) bool {
	return slices.ContainsFunc(slices.Concat(i.Health.Value.Words, strings.Fields(i.Health.Value.Shell)), func(w string) bool { return path.Base(w) == name })
}

// programIn is the name in the image of a program that a COPY takes from a stage which builds or installs it with the go
// command, beside others: the only one is the app. "" for anything else.
func programIn(in record.Input, x buildfile.Copy) string {
	own := contractOf(in).Own
	if language(in) != "go" || own == nil {
		return ""
	}
	base, made, programs := path.Base(x.Path), false, map[string]bool{}
	for _, c := range own.Commands {
		if len(c.Words) < 3 || c.Program() != "go" || c.Words[1] != "build" && c.Words[1] != "install" {
			continue
		}
		name := path.Base(c.Words[len(c.Words)-1])
		for n, w := range c.Words[2:] {
			to, ok := strings.CutPrefix(w, "-o=")
			if ok || c.Words[n+1] == "-o" {
				name = path.Base(to)
				made = made || !strings.HasSuffix(to, "/") && name == base
			} else if module, _, _ := strings.Cut(w, "@"); c.Words[1] == "install" && !strings.HasPrefix(w, "-") {
				made = made || path.Base(module) == base
			}
		}
		programs[name] = true
	}
	switch {
	case len(programs) < 2 || !made:
		return ""
	case x.Into:
		return base
	}
	return path.Base(x.To)
}

// helpers are programs that this image has where it needs them, or has no use for.
var helpers = lazy.MustCompile(`^(tini.*|dumb-init|su-exec|gosu|uvx?|ca-certificates.*|zoneinfo|mime\.types|passwd|group|shadow|busybox.*|sh|poetry|pdm|pnpm|bun|node|npm|jre|jdk|openjdk|customjre|javaruntime|java-runtime|localtime)$`)

// broughtTools are packages that this image has where it needs them, and those that only build.
var broughtTools = lazy.MustCompile(`^(npm|pnpm|yarn|corepack|node-gyp|typescript|ts-node|turbo|nodemon|@nestjs/cli|@angular/cli|vite|less|sass|serve|pm2|prisma|dotenv-cli|cross-env|rimraf|bun|lerna|nx|gulp|gulp-cli|grunt-cli|bower)(@.*)?$`)

// runLosses are what a RUN line of the last stage installs, fetches, links or changes for the app to run, and this image
// does not have. What a stage does that also builds is mostly for that.
func runLosses(in record.Input, app *plan.App, i *buildfile.Image, l buildfile.Instruction) []loss {
	var out []loss
	add := func(what string) { out = append(out, loss{what: what}) }
	manager, missing := "", []string(nil)
	for _, p := range i.Packages {
		if p.Pos == l.Pos && !hasPackage(in, p.Value.Name) && !slices.Contains(missing, p.Value.Name) {
			manager, missing = p.Value.Manager, append(missing, p.Value.Name)
		}
	}
	if len(missing) > 0 {
		add(manager + " install " + strings.Join(missing, " "))
	}
	for _, c := range l.Commands {
		u := c.Unwrap()
		words := buildfile.Sure(shell.Texts(u.Words))
		if len(words) == 0 || c.Captured || c.Conditional {
			continue
		}
		name := path.Base(words[0])
		packages := installsGlobally(words)
		switch {
		case name == "mv" && slices.ContainsFunc(words[1:len(words)-1], systemProgram.MatchString): // the app looks for it there
			add(told(words))
		case len(i.Stages) < 2 && len(packages) == 0: // mostly for the build
		case name == "ln":
			if !linked(in, app, words) {
				add(told(words))
			}
		case name == "curl", name == "wget":
			add(name + addressIn(words))
		case (name == "cp" || name == "sed") && slices.ContainsFunc(i.Staged, func(x buildfile.Staged) bool {
			_, f := place(in, app, i, ofStaged(x))
			return x.Pos == l.Pos && f.why == ""
		}):
		case name == "cp", name == "sed", name == "update-ca-certificates", name == "locale-gen":
			if !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, "/etc/apt") || strings.Contains(w, "/etc/apk") }) {
				add(told(words))
			}
		case slices.ContainsFunc(packages, func(w string) bool { return !broughtTools.MatchString(w) && !prepared(app, w) }):
			add(told(words))
		}
	}
	return out
}

// systemProgram matches where packages of the system have their programs.
var systemProgram = lazy.MustCompile(`^/(usr/|usr/local/)?s?bin/[^/]+$`)

// ofPlatform are the arguments that BuildKit sets, and the names of versions and places: what tests these switches nothing on.
var ofPlatform = lazy.MustCompile(`^(TARGET|BUILD)[A-Z]+$|VERSION|ARCH|URL|MIRROR|PROXY|SHA|COMMIT|DATE|REGISTRY|TEST|LINT|SKIP|CACHE|^BUILD_|^(UID|GID|PUID|PGID|USER|NODE_ENV|ENV|CI|DEBUG)$`)

// condition finds what a test of a shell asks of a variable: [ "$X" = true ], [ -n "$X" ], [ $X ].
var condition = lazy.MustCompile(`\[\[?\s+(?:-[nz]\s+)?["']?x?\$\{?([A-Z][A-Z0-9_]{1,40})(?::?-[^}]{0,20})?\}?["']?\s+(?:[=!]|\])`)

// conditions are the arguments that have to say so for a RUN of a Dockerfile to do something.
func conditions(text string) []string {
	var out []string
	for _, m := range condition.FindAllStringSubmatch(text, 50) {
		if !ofPlatform.MatchString(m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}

// takesArgument reports whether this image's Dockerfile has an argument of that name.
func takesArgument(app *plan.App, name string) bool {
	return slices.ContainsFunc(app.Run.Given, func(g plan.Given) bool { return g.From.String() == name || g.Arg.Name.String() == name })
}

// prepared reports whether a command that prod runs before all else has a word.
func prepared(app *plan.App, word string) bool {
	return slices.ContainsFunc(app.Run.Prepare, func(s plan.Step) bool {
		return slices.ContainsFunc(s.Run, func(c plan.Shell) bool { return slices.Contains(strings.Fields(c.String()), word) })
	})
}

// told are words as a note quotes them, without what may be a secret.
func told(words []string) string {
	out := slices.Clone(words)
	for i, w := range out {
		if secret.Value(w) {
			out[i] = "…"
		}
	}
	return strings.Join(out, " ")
}

// addressIn is the first address among words, "" for none.
func addressIn(words []string) string {
	for _, w := range words {
		if strings.Contains(w, "://") {
			return " " + told([]string{w})
		}
	}
	return ""
}

// linked reports whether a link of the own image leads to something that this image has at that name, too, or to nothing that it has.
func linked(in record.Input, app *plan.App, words []string) bool {
	var args []string
	for _, w := range words[1:] {
		if !strings.HasPrefix(w, "-") {
			args = append(args, w)
		}
	}
	if len(args) != 2 {
		return true
	}
	to := args[1]
	for _, a := range app.Run.Copies {
		if path.Clean(a.Copy.To.Raw()) == to || path.Base(a.Copy.To.Raw()) == path.Base(to) {
			return true
		}
	}
	return slices.ContainsFunc([]string{"/usr/share/zoneinfo", "/dev", "/proc", "/usr/bin/python", "/usr/local/bin/python", "/usr/local/bin/node", "/lib", "/usr/lib", "/etc/localtime"}, func(p string) bool {
		return strings.HasPrefix(args[0], p)
	}) || slices.Contains(ofLanguage[language(in)], path.Base(to))
}

// ordinary are packages that this image has where it needs them, that serve a build or the repair of a container, or that an entry point uses
// which this image does not have.
var ordinary = lazy.MustCompile(`^(ca-certificates.*|tzdata|tini|dumb-init|su-exec|gosu|shadow|bash|coreutils|libc6-compat|gcompat|libstdc\+\+6?|libgcc|musl.*|build-base|build-essential|gcc|g\+\+|make|cmake|.*-dev|.*-devel|pkg-config|pkgconf|python3?|python3-.*|python3\.\d+.*|py3-.*|nodejs.*|npm|yarn|openjdk.*|.*-jre.*|.*-jdk.*|golang.*|go|pip|apt-transport-https|gnupg2?|lsb-release|software-properties-common|apt-utils|vim.*|nano|less|htop|procps|net-tools|iputils.*|dnsutils|bind-tools|telnet|sudo|locales|busybox.*|mailcap|mime-support|media-types|openssl|libssl.*|libffi\d+|zlib1g|zlib|xz-utils|xz|unzip|zip|tar|gzip|wget|curl|git|jq|icu-libs|icu-data-.*|libicu\d*|gettext.*|file|util-linux|findutils|sed|grep|gawk|patch|autoconf|automake|libtool|nasm|cargo|rustc?|maven|gradle|alpine-sdk|upx|binutils|rsync|linux-headers|dos2unix|libcap.*|setpriv|login|passwd|adduser)$`)

// hasPackage reports whether this image has a package of the own one, or has no need of it.
func hasPackage(in record.Input, name string) bool {
	if packaged(in, name) || ordinary.MatchString(name) {
		return true
	}
	program, ok := packageOf[name]
	if !ok {
		program = name
	}
	row, ok := in.Know.Package(programs, program)
	if !ok {
		return false
	}
	for _, p := range slices.Concat(row.Debian.Runtime, row.Alpine.Runtime) {
		if packaged(in, p) {
			return true
		}
	}
	return len(row.Debian.Runtime)+len(row.Alpine.Runtime) == 0
}
