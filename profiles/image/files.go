package image

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/moby/patternmatcher"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// copies is the verb of the evidence for a file.
const copies Verb = " copies "

// placing is a file or a folder of the repository that the own Dockerfile copies into its last stage.
type placing struct {
	from    string // of the app's folder
	to      string // in this image: rooted, or from the working directory on
	folder  bool
	program bool       // it is to be run
	owned   bool       // it is the user's
	edits   [][]string // the commands that change it, without the file
	pos     fact.Pos
}

// fate is what becomes of something that the own Dockerfile has.
type fate struct {
	held bool   // this image has it, or something in its place, or nobody would miss it
	why  string // why it does not have it
}

// held is the fate of most things.
var held = fate{held: true} //nolint:gochecknoglobals // a constant

// lost is that of what is missed.
func lost(why string) fate { return fate{why: why} }

// maxPlaced is the most files and folders that are taken over.
const maxPlaced = 30

// ownFiles adds the files that the own Dockerfile copies from the repository to a place or a name of
// their own, and those that its image has and prod would not: configuration, scripts, assets. They are recorded as "files".
func ownFiles(in record.Input, app *plan.App) {
	list := placings(in, app)
	if len(list) == 0 {
		return
	}
	var items []string
	for _, p := range list {
		items = append(items, p.String())
	}
	pos, first := list[0].pos, true
	for _, item := range recorded(in, "files", copies, items, rule(in, pos, "copies the first there"), pos) {
		p, ok := placingOf(item)
		at := path.Join(in.Dir, p.from)
		if !ok || in.Tree == nil || Withheld(in, p.from) || p.folder && !in.Tree.HasDir(at) || !p.folder && !in.Tree.Has(at) {
			continue
		}
		row, err := p.artifact(app.Run)
		if err != nil {
			continue
		}
		if first {
			row.Why, first = plan.NewComment("As in "+DisplayName(in, pos)+"."), false
		}
		if app.Run.Workdir.Raw() == "" && language(in) == "go" { // the other languages' base stages have one
			switch {
			case !path.IsAbs(p.to):
				app.Run.Workdir = plan.MustPath(ourWorkdir)
			case cmp.Or(contractOf(in).Own.Image.Workdir.Value, "/") == "/":
				app.Run.Workdir = plan.MustPath("/") // from where the program may name it
			}
		}
		if n := slices.IndexFunc(list, func(o placing) bool { return o.to == p.to && o.from == p.from }); n >= 0 {
			p.edits, p.pos = list[n].edits, list[n].pos
		}
		p.edit(in, app.Run)
		app.Run.Copies = append(slices.Clip(app.Run.Copies), row)
		app.Ignore = admit(in, app.Ignore, []Reading{{Path: p.from}}, false)
	}
}

// blanks adds the files that the own image has with nothing in them.
func blanks(in record.Input, app *plan.App) {
	c := contractOf(in)
	if c.Own == nil {
		return
	}
	for _, x := range c.Own.Image.Copies {
		f := blank(app, c.Own.Image, x)
		if !x.Blank || f.Path.Raw() == "" || len(app.Run.Texts) >= maxKept {
			continue
		}
		f.Why = plan.NewComment("Empty, as in " + DisplayName(in, x.Pos) + ".")
		in.Log.Choose(plan.Choice{Key: "file." + path.Base(f.Path.Raw()), Value: f.Path.Raw(), Rule: DisplayName(in, x.Pos) + " has an empty file there", Pos: record.At(x.Pos)})
		app.Run.Texts = append(slices.Clip(app.Run.Texts), f)
	}
}

// blank is an empty file of the own image in this one; zero where it is the user's, and where no file can be.
func blank(app *plan.App, i *buildfile.Image, x buildfile.Copy) (f plan.File) {
	at := x.At()
	if root := appRoot(i, at); root != "" {
		at = path.Join(workdirIn(app), strings.TrimPrefix(at, root))
	}
	p, err := plan.NewPath(at)
	if _, gone := outsideFate(app, at); err != nil || gone || at == "/" || !buildfile.IsRoot(x.Owner) {
		return f
	}
	return plan.File{Path: p}
}

// String is the placing as the lock has it: "config.sample.yml:config.yml:user".
func (p placing) String() string {
	s := p.from
	if p.folder {
		s += "/"
	}
	s += ":" + p.to
	if p.program {
		s += ":program"
	}
	if p.owned {
		s += ":user"
	}
	return s
}

// placingOf reads what String wrote; ok is false for what is none, which a lock may hold.
func placingOf(text string) (p placing, ok bool) {
	parts := strings.Split(text, ":")
	if len(parts) < 2 || len(parts) > 4 {
		return p, false
	}
	p.from, p.folder = strings.CutSuffix(parts[0], "/")
	p.to = parts[1]
	p.program, p.owned = slices.Contains(parts[2:], "program"), slices.Contains(parts[2:], "user")
	from, to := path.Clean(p.from), path.Clean(p.to)
	return p, p.from == from && from != "." && from != ".." && !path.IsAbs(from) && !strings.HasPrefix(from, "../") &&
		p.to == to && to != "/" && to != ".." && !strings.HasPrefix(to, "../")
}

// artifact is the COPY of a placing.
func (p placing) artifact(run *plan.Run) (plan.Artifact, error) {
	from, to := p.from, p.to
	switch {
	case p.folder:
		from, to = from+"/", strings.TrimSuffix(to, "/")+"/"
	case to == path.Base(from):
		to = "./"
	case path.Base(to) == path.Base(from):
		to = path.Dir(to) + "/"
	}
	c, err := plan.NewCopy(to, from)
	a := plan.Artifact{Copy: c, Program: p.program}
	if p.owned {
		a.Owner = NonRoot()
	}
	// A linked layer brings the folders above along, as root's.
	a.NoLink = slices.ContainsFunc(run.Writes, func(w plan.Path) bool { return within(path.Clean(w.Raw()), path.Clean(p.to)) })
	return a, err
}

// edit changes a file in prod as the own Dockerfile does, where prod has a shell; else it says so.
func (p placing) edit(in record.Input, run *plan.Run) {
	if len(p.edits) == 0 {
		return
	}
	if run.Runtime == plan.Distroless || run.Runtime == plan.Scratch {
		in.Log.Note(p.pos, "changes "+plan.Printable(p.from, 60)+" with "+plan.Printable(told(p.edits[0]), 80)+", and this image has it as the repository has it", "change it there, or mount yours")
		return
	}
	step := plan.Step{Why: plan.NewComment("As " + DisplayName(in, p.pos) + " changes it.")}
	for _, words := range p.edits {
		run, err := plan.NewShell(append(slices.Clone(words), p.to)...)
		if err != nil {
			return
		}
		step.Run = append(step.Run, run)
	}
	run.Steps = append(slices.Clip(run.Steps), step)
}

// ofStaged is the COPY that would bring a staged file.
func ofStaged(x buildfile.Staged) buildfile.Copy {
	return buildfile.Copy{Path: x.Source, Source: x.Source, To: x.To, Owner: x.Owner, Pos: x.Pos}
}

// placings are those of the own Dockerfile that prod does not have.
func placings(in record.Input, app *plan.App) []placing {
	c := contractOf(in)
	if c.Own == nil || in.Tree == nil {
		return nil
	}
	var out []placing
	for _, x := range overlaid(in, c.Own.Image.Copies) {
		p, f := place(in, app, c.Own.Image, x)
		if !f.held && f.why == "" && len(out) < maxPlaced {
			out = slices.DeleteFunc(out, func(o placing) bool { return o.to == p.to })
			out = append(out, p)
		}
	}
	for _, x := range c.Own.Image.Staged {
		p, f := place(in, app, c.Own.Image, ofStaged(x))
		if !f.held && f.why == "" && len(out) < maxPlaced && !strings.HasPrefix(path.Base(p.to), ".env") && !slices.Contains(interpreted[language(in)], path.Ext(p.to)) {
			p.edits = x.Edits
			out = slices.DeleteFunc(out, func(o placing) bool { return o.to == p.to })
			out = append(out, p)
		}
	}
	return out
}

// overlaid are the copies, with the files of a folder that is laid over the root of the image one by one: COPY rootfs/ /.
func overlaid(in record.Input, list []buildfile.Copy) []buildfile.Copy {
	var out []buildfile.Copy
	for _, x := range list {
		at := path.Join(in.Dir, x.Source)
		if in.Tree == nil || x.To != "/" || x.Source == "" || x.Source == "." || !in.Tree.HasDir(at) {
			out = append(out, x)
			continue
		}
		files := in.Tree.Files(at)
		if slices.ContainsFunc(files[:min(len(files), maxPlaced)], func(f string) bool {
			return slices.Contains(compiled, path.Ext(f)) || slices.Contains([]string{".js", ".mjs", ".py"}, path.Ext(f))
		}) {
			out = append(out, x) // it is code, and the language's
			continue
		}
		for _, f := range files[:min(len(files), maxPlaced)] {
			rest := strings.TrimPrefix(f, path.Clean(at)+"/")
			one := x
			one.Path, one.Source, one.To, one.Into = path.Join(x.Path, rest), path.Join(x.Source, rest), path.Join("/", rest), false
			out = append(out, one)
		}
	}
	return out
}

// manifests are files that say how an app is built, which nothing reads when it runs.
var manifests = lazy.MustCompile(`(?i)^(package(-lock)?\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|bun\.lockb?|\.npmrc|\.yarnrc(\.yml)?|\.yarn|\.nvmrc|tsconfig.*\.json|jsconfig\.json|\.babelrc.*|babel\.config\.\w+|\.eslint.*|\.prettier.*|turbo\.json|nx\.json|lerna\.json|vite\.config\.\w+|webpack.*\.js|go\.(mod|sum|work|work\.sum)|requirements.*\.(txt|in)|constraints.*\.txt|requirements|pyproject\.toml|poetry\.lock|uv\.lock|pdm\.lock|pipfile(\.lock)?|setup\.(py|cfg)|manifest\.in|pom\.xml|.*\.gradle(\.kts)?|gradle(w|\.properties)?|mvnw|\.mvn|gradlew\.bat|makefile|dockerfile.*|\.dockerignore|readme.*|changelog.*|\.git.*|procfile)$`)

// isManifest reports whether a file says how an app is built: a list in the folder "requirements" has a name of its own.
func isManifest(name string) bool {
	return manifests.MatchString(path.Base(name)) || path.Base(path.Dir(name)) == "requirements" && slices.Contains([]string{".txt", ".in"}, path.Ext(name))
}

// madeByBuilds are the names of what a build makes; maven is what the Docker plugin of Maven puts its files in: https://dmp.fabric8.io/#build-assembly.
var madeByBuilds = lazy.MustCompile(`(^|/)(node_modules|maven|dist|build|out|target|\.next|\.output|\.nuxt|\.venv|venv|env|site-packages|wheels?|bin|release|standalone|dependencies|pysetup|install|libs?|staticfiles|\.build|publish)(/|$)|\.(jar|war|whl|tar|tgz|gz)$`)

// compiled are the ends of names of what a compiler reads, interpreted those of what a language's image runs as it is.
var (
	compiled    = []string{".go", ".java", ".kt", ".scala", ".ts", ".tsx", ".vue", ".svelte"}                            //nolint:gochecknoglobals // a constant table
	interpreted = map[string][]string{"node": {".js", ".mjs", ".cjs", ".json"}, "python": {".py"}, "java": {}, "go": {}} //nolint:gochecknoglobals // a constant table
)

// elsewhere are the places of the settings of programs that run beside an app, and that this image does not start.
var elsewhere = lazy.MustCompile(`^/(etc/(nginx|apache2|httpd|supervisor|supervisord|supervisord\.conf|cron\.d|cron\.\w+|crontab|crontabs|init\.d|systemd|services\.d|service|cont-init\.d|s6-overlay|logrotate\.d|sudoers(\.d)?|pam\.d|ssh|redis|postgresql|mysql|caddy|haproxy|tor|apt|apk|yum\.repos\.d|php|sv|runit)|var/spool/cron|lib/systemd|usr/lib/systemd|usr/local/tomcat|opt/jetty|usr/share/nginx|var/www)(/|\.|$)`)

// folders of the system in which a file lands although the destination has no slash.
var existing = []string{"/usr/local/bin", "/usr/bin", "/bin", "/sbin", "/usr/sbin", "/usr/local/sbin", "/etc", "/opt", "/srv", "/usr/local/share", "/usr/share", "/var/lib", "/tmp", "/root", "/home"} //nolint:gochecknoglobals // a constant table

// place finds where in this image something belongs that the own Dockerfile copies from the repository, or its
// fate, if it is not to be copied.
func place(in record.Input, app *plan.App, i *buildfile.Image, x buildfile.Copy) (placing, fate) {
	p := placing{from: x.Source, pos: x.Pos}
	if x.Source == "" {
		return p, madeFate(in, app, i, x)
	}
	if strings.ContainsAny(x.Source+x.To, buildfile.Unknown+"*?[$\\:\n\t") {
		if patternHeld(in, x.Source) || x.From != "" {
			return p, held
		}
		return p, lost("its name is known only in the build")
	}
	if x.Source == "." || strings.HasPrefix(x.Source, "..") || isManifest(x.Source) {
		return p, held
	}
	at := path.Join(in.Dir, x.Source)
	p.folder = in.Tree.HasDir(at)
	switch {
	case !p.folder && !in.Tree.Has(at) && x.From != "":
		return p, madeFate(in, app, i, x)
	case !p.folder && !in.Tree.Has(at):
		if madeByBuilds.MatchString(x.Source) || startsOf(i, x) || in.Tree.Ignores(at) {
			return p, held // what the own build made outside of its Dockerfile, this one's makes
		}
		return p, lost("the repository does not have it")
	case !p.folder && Withheld(in, x.Source):
		return p, lost("it is a secret, which no image should have")
	case !p.folder && path.Ext(at) == ".xml" && strings.Contains(x.To, "/webapps/") && ofJetty(in, at):
		return p, lost("this image does not start what reads it")
	}
	to, root := x.To, appRoot(i, x.To)
	if app.Run.Dir.Raw() == root && root != "" {
		root = "" // the folder of the data, which lies there in this image, too
	}
	if !p.folder && (x.Into || to == root || slices.Contains(existing, to)) {
		to = path.Join(to, path.Base(x.Source))
	}
	p.to = to
	if root != "" {
		if p.to = strings.TrimPrefix(strings.TrimPrefix(to, root), "/"); p.to == "" {
			return p, held // the app itself, which the language decides
		}
		if f, ok := codeFate(in, app, i, p); ok {
			return p, f
		}
	} else if f, ok := outsideFate(app, to); ok {
		return p, f
	}
	if f, ok := scriptFate(in, app, i, &p, x); ok {
		return p, f
	}
	p.owned = ownedBy(i, x, to, root)
	if _, ok := placingOf(p.String()); !ok {
		return p, lost("its name is known only in the build")
	}
	if _, err := p.artifact(app.Run); err != nil {
		return p, lost("no COPY can have its name")
	}
	return p, fate{}
}

// ofJetty reports whether a file deploys a web app on Jetty, which no image here is of:
// https://jetty.org/docs/jetty/12/operations-guide/deploy/index.html
func ofJetty(in record.Input, at string) bool {
	text, err := in.Tree.ReadHead(at, 4<<10)
	return err == nil && strings.Contains(string(text), "org.eclipse.jetty.")
}

// patternHeld reports whether a pattern of sources is one of manifests alone, or of what a build makes.
func patternHeld(in record.Input, source string) bool {
	base := strings.NewReplacer("*", "", "?", "", buildfile.Unknown, "").Replace(path.Base(source))
	return isManifest(path.Join(path.Dir(source), base)) || strings.HasPrefix(base, "package") || strings.HasPrefix(base, "requirements") || strings.HasPrefix(base, "tsconfig") ||
		strings.HasPrefix(base, "yarn.lock") || strings.HasPrefix(base, "go.") || madeByBuilds.MatchString(source) || strings.HasPrefix(base, ".env") ||
		language(in) == "python" && strings.HasSuffix(base, ".py") || language(in) == "node" && strings.HasSuffix(base, ".js") || base == ""
}

// appRoot is the folder of the own image that a place lies in and that is this image's working directory, "" for none: the own
// working directory, and where the whole repository is copied to.
func appRoot(i *buildfile.Image, to string) string {
	roots := []string{cmp.Or(i.Workdir.Value, "/"), ourWorkdir}
	for _, c := range i.Copies {
		if c.Source == "." {
			roots = append(roots, c.To)
		}
	}
	best := ""
	for _, r := range roots {
		if r != "/" && !strings.Contains(r, buildfile.Unknown) && within(r, to) && len(r) > len(best) {
			best = r
		}
	}
	return best
}

// codeFate is that of what lies in the app's own folder: the language decides on its code, and prod has most of
// the rest. ok is false for what is to be copied.
func codeFate(in record.Input, app *plan.App, i *buildfile.Image, p placing) (f fate, ok bool) {
	same := p.to == p.from
	if same && (len(i.Stages) < 2 && !packed(in, i) || hasIn(app, p)) {
		return held, true
	}
	if !p.folder {
		ext := path.Ext(p.from)
		return held, slices.Contains(compiled, ext) || same && slices.Contains(interpreted[language(in)], ext)
	}
	code := false
	for n, f := range in.Tree.Files(path.Join(in.Dir, p.from)) {
		if n > 2000 {
			break
		}
		ext := path.Ext(f)
		code = code || slices.Contains(compiled, ext) || !same && slices.Contains(interpreted[language(in)], ext) && ext != ".json"
	}
	return held, code
}

// packed reports whether the own image is made of the jar that was built before it, and so has nothing else of the
// repository than what it copies.
func packed(in record.Input, i *buildfile.Image) bool {
	return language(in) == "java" && slices.ContainsFunc(i.Copies, func(c buildfile.Copy) bool {
		ext := path.Ext(c.Source)
		return ext == ".jar" || ext == ".war"
	})
}

// outsideFate is that of what lies beside the app.
func outsideFate(app *plan.App, to string) (f fate, ok bool) {
	switch {
	case elsewhere.MatchString(to):
		return lost("this image does not start what reads it"), true
	case within("/tmp", to), within("/proc", to), within("/sys", to), within("/dev", to), within("/var/tmp", to):
		return held, true
	}
	for _, a := range app.Run.Copies {
		for _, f := range a.Copy.From {
			if dest(a, f) == to && a.Stage.IsZero() {
				return held, true // the entry point
			}
		}
	}
	return fate{}, false
}

// scriptFate is that of a script that the image cannot run, and of the entry point, which has its own rule (entry.go).
func scriptFate(in record.Input, app *plan.App, i *buildfile.Image, p *placing, x buildfile.Copy) (f fate, ok bool) {
	if p.folder {
		return fate{}, false
	}
	if e, _, ok := entryFile(in); ok && e.file == p.from || app.Run.Probe != nil && asksHealth(i, path.Base(p.to)) && !strings.Contains(app.Run.Probe.Cmd.String(), path.Base(p.to)) {
		return held, true
	}
	interpreter := in.Builds.Shebang(p.from)
	if interpreter == "" && path.Ext(p.from) == ".sh" {
		interpreter = "sh"
	}
	at := path.Join(in.Dir, p.from)
	p.program = !in.Tree.Executable(at) && (interpreter != "" || path.Dir(p.to) == "/usr/local/bin") && madeExecutable(i, x)
	switch {
	case interpreter == "":
		return fate{}, false
	case shell.IsShell(interpreter):
		if r := app.Run.Runtime; r == plan.Distroless || r == plan.Scratch {
			return lost("this image has no shell"), true
		}
		if interpreter == "bash" && app.Run.Runtime == plan.Alpine && !packaged(in, "bash") {
			return lost("this image has no bash"), true
		}
	case !strings.HasPrefix(interpreter, language(in)):
		return lost("this image has no " + plan.Printable(interpreter, 20)), true
	}
	return fate{}, false
}

// packaged reports whether prod installs a package.
func packaged(in record.Input, name string) bool {
	return slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool {
		return c.Key == "packages" && slices.Contains(strings.Fields(c.Value), name)
	})
}

// madeExecutable reports whether the own Dockerfile makes a file one that can be run.
func madeExecutable(i *buildfile.Image, x buildfile.Copy) bool {
	if executes(x.Mode) {
		return true
	}
	to := x.At()
	for _, c := range i.Commands() {
		words := shell.Texts(c.Unwrap().Words)
		if len(words) < 3 || path.Base(words[0]) != "chmod" {
			continue
		}
		mode := ""
		for _, w := range words[1:] {
			switch {
			case strings.HasPrefix(w, "-") && w != "-x":
			case mode == "":
				mode = w
			default:
				name := w
				if !path.IsAbs(name) {
					name = path.Join("/", c.Dir, name)
				}
				ok, err := path.Match(name, to)
				if executes(mode) && (within(name, to) || err == nil && ok) {
					return true
				}
			}
		}
	}
	return false
}

// modes are those of chmod that let everybody run a file, or its owner.
var modes = lazy.MustCompile(`^(0?[0-7]?[157][0-7][0-7]|[ugoa]*[+=][rwX]*x[rwx]*)$`)

func executes(mode string) bool { return modes.MatchString(mode) }

// ownedBy reports whether the own Dockerfile gives a file to the user of its image, by itself or with a folder that
// is not the whole app.
func ownedBy(i *buildfile.Image, x buildfile.Copy, to, root string) bool {
	if x.Owner != "" {
		return !buildfile.IsRoot(x.Owner)
	}
	return slices.ContainsFunc(i.Folders, func(f fact.Fact[buildfile.Folder]) bool {
		return f.Value.Given && f.Value.Path != "/" && f.Value.Path != root && within(f.Value.Path, to)
	})
}

// dest is where a source of a COPY lands.
func dest(a plan.Artifact, f plan.Path) string {
	to := a.Copy.To.Raw()
	if strings.HasSuffix(f.Raw(), "/") || f.Raw() == "." {
		return path.Clean(to)
	}
	if strings.HasSuffix(to, "/") || to == "." {
		return path.Join(to, path.Base(f.Raw()))
	}
	return path.Clean(to)
}

// hasIn reports whether prod has a file or folder of the repository at the place that it has there.
func hasIn(app *plan.App, p placing) bool {
	hidden := hides(app.Ignore, p.from)
	for _, a := range app.Run.Copies {
		if strings.HasPrefix(a.Stage.String(), "folders") || len(a.Exclude) > 0 && hidden {
			continue
		}
		for _, f := range a.Copy.From {
			d := dest(a, f)
			whole := strings.HasSuffix(f.Raw(), "/") || f.Raw() == "." || path.Ext(f.Raw()) == ""
			switch base := path.Base(path.Clean(f.Raw())); {
			case d == p.to:
				return true
			case d == ".":
				if whole && !hidden && !madeByBuilds.MatchString(base) {
					return true
				}
			case whole && within(d, p.to) && !hidden:
				return true
			}
		}
	}
	return false
}

// hides reports whether the ignore file keeps a path out of the build context.
func hides(i plan.Ignore, name string) bool {
	var patterns []string
	for _, g := range i {
		for _, p := range g.Patterns {
			patterns = append(patterns, p.String())
		}
	}
	m, err := patternmatcher.New(patterns)
	if err != nil {
		return false
	}
	hidden, err := m.MatchesOrParentMatches(name)
	return err == nil && hidden
}

// startsOf reports whether something that is copied is the program that the own image starts.
func startsOf(i *buildfile.Image, x buildfile.Copy) bool {
	words := slices.Concat(i.Entrypoint.Value.Words, i.Cmd.Value.Words, strings.Fields(i.Entrypoint.Value.Shell), strings.Fields(i.Cmd.Value.Shell))
	return slices.ContainsFunc(words, func(w string) bool {
		b := path.Base(w)
		return b == path.Base(x.To) || b == path.Base(x.Path) || w != "" && path.Clean(w) == x.To
	})
}
