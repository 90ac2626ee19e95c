package image

// The app's own contract. What an app promises to those who run it stands in many
// places of its repository beside the manifest, and an image that breaks it is of no
// use to them, however well it is made. Evidence has an order: what the repository's
// people wrote to run the app (its own Dockerfile and entry point, compose files,
// charts and manifests, CI, bake files, the docker run lines of the README) comes
// before what a manifest lets one guess.
//
// The facts are a buildfile.Contract, sorted out there: what serves development, and
// what runs another image, is none. The decisions are here, once for all languages,
// each called by the one function of this package that a language calls anyway:
//
//	fact                                        becomes                              asked by
//	mounts, VOLUME, folders that are chowned    folders of the user, choice "data"   Writes
//	ENV that names such a folder                ENV, choice "data.variables"         Writes
//	published ports, EXPOSE, ENV PORT           the port, if the app can listen there Port
//	health checks, httpGet probes               HEALTHCHECK (health.go)              Probe, Runtime
//	run-time packages, programs of exec probes  packages, and with them the runtime  Started
//	the entry point's script                    ENTRYPOINT, choice "entrypoint"      Runtime, Fulfil
//	the server that the script execs            the start, and the port that it says Port, OwnStart
//	the program's arguments, in docs too       ENTRYPOINT, CMD, choice "start.arguments" Fulfil
//	arguments and targets that builds name      ARG, FROM prod AS NAME               Fulfil
//	labels, STOPSIGNAL                          the same lines                       Fulfil
//	files at a place of their own, ENV, USER    COPY, ENV, USER; "files", "variables", "user" Fulfil
//	release and worker processes                one note with the commands           Fulfil
//
// What cannot be kept is said in one note (losses.go). A value that holds something unknown is
// not used at all.

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// contractOf is the contract of the app that in is about. A Dockerfile that builds
// another language is another app's, and with it all that runs its image.
func contractOf(in record.Input) buildfile.Contract {
	c := in.Builds.Contract(in.Name, appImage(in))
	if c.Own != nil && !OfModule(in) && !builtFor(c.Own, language(in)) {
		if !c.Own.Default {
			c.Own = nil
			return c
		}
		return buildfile.Contract{}
	}
	if c.Own != nil && !c.Own.Default && !c.Own.Variant() && buildsBeside(in, c.Own) {
		c.Own = nil
	}
	if c.Own != nil && OwnImage(in) == nil {
		c.Own = nil // dockgen's has taken the place of another one
	}
	if in.File != "" {
		c.Runs = slices.DeleteFunc(slices.Clone(c.Runs), func(x buildfile.Container) bool { return ofOther(x, in.Name) })
	}
	return c
}

// gpuBases match the base images that are made for GPUs of Nvidia.
var gpuBases = lazy.MustCompile(`(^|[/:_-])(nvidia|cuda[0-9.]*|cudnn[0-9]*|tritonserver)([/:_-]|$)|-gpu([:-]|$)`)

// GPU is where the repository gives the app's container a GPU of Nvidia, or builds its image on one that is made for these; zero for nowhere.
func GPU(in record.Input) fact.Pos {
	if own := in.Builds.Image(); own != nil && own.Image != nil {
		for _, s := range own.Image.Stages {
			if gpuBases.MatchString(s.Base) {
				return s.Pos
			}
		}
	}
	for _, c := range in.Builds.Contract(in.Name, in.Builds.Image()).Runs {
		if !c.GPU.IsZero() {
			return c.GPU
		}
	}
	return fact.Pos{}
}

// ofOther reports whether a container runs the image of another one of the several apps of a folder than the one of that name: what is
// called like the project and that other app (shop-api) is called like the project, too.
func ofOther(c buildfile.Container, name string) bool {
	if c.Image == "" || c.Build.Context != "" {
		return false
	}
	image, _, _ := strings.Cut(path.Base(c.Image), "@")
	image, _, _ = strings.Cut(strings.ToLower(image), ":")
	name = strings.ToLower(name)
	return image != name && !strings.HasSuffix(image, "-"+name) && !strings.HasSuffix(image, "_"+name)
}

// language is the one that in decides for, "" where it is not recorded.
func language(in record.Input) string {
	if in.Log == nil {
		return ""
	}
	for _, c := range in.Log.Choices() {
		if c.Key == "language" {
			return c.Value
		}
	}
	return ""
}

// toolchains match the base images that build or run a language.
var toolchains = map[string]*lazy.Regexp{ //nolint:gochecknoglobals // a constant table
	"go":     lazy.MustCompile(`(^|[/_-])(golang|go)([:@/_-]|$)`),
	"node":   lazy.MustCompile(`(^|[/_-])(node|nodejs|bun|deno)([:@/_-]|$)`),
	"python": lazy.MustCompile(`(^|[/_-])(python|python3|uv|pypy|miniconda3|micromamba)([:@/_-]|$)`),
	"java":   lazy.MustCompile(`(^|[/_-])(java|openjdk|jdk|jre|temurin|eclipse-temurin|maven|gradle|corretto|amazoncorretto|zulu-openjdk|zulu|liberica|semeru|graalvm|tomcat|jetty)([:@/_-]|$)`),
	"other":  lazy.MustCompile(`(^|[/_-])(php|ruby|rust|elixir|erlang|perl|swift|haskell|sdk|aspnet|composer)([:@/_-]|$)`),
}

// builtFor reports whether a Dockerfile may be of an app in a language: one of its
// stages starts from an image of it. The one that docker build takes may also start from none
// of any language. A tag may say that an image has the language; one of another
// language it does not make of it (acme/app:builder-go).
func builtFor(f *buildfile.File, language string) bool {
	known := false
	if f.Default && slices.ContainsFunc(f.Commands, func(c buildfile.Command) bool { return builds(c.Words) == language && language != "" }) {
		return true
	}
	for name, pattern := range toolchains {
		for _, s := range f.Image.Stages {
			base := strings.ToLower(s.Base)
			if name == language && pattern.MatchString(base) {
				return true
			}
			known = known || pattern.MatchString(untagged(base))
		}
	}
	return known && language == "" || !known && f.Default
}

// buildsBeside reports whether a Dockerfile builds packages of Go, and the app's is none of them.
func buildsBeside(in record.Input, f *buildfile.File) bool {
	main, other := "", false
	if in.Log != nil {
		for _, c := range in.Log.Choices() {
			if c.Key == "go.main" {
				main = path.Clean(c.Value)
			}
		}
	}
	for _, c := range f.Commands {
		if main == "" || builds(c.Words) != "go" {
			continue
		}
		for _, w := range c.Words[2:] {
			dir, all := strings.CutSuffix(path.Join(c.Dir, w), "/...")
			switch {
			case !strings.HasPrefix(w, "."):
			case dir == main || all && within(dir, main) || strings.Contains(dir, buildfile.Unknown):
				return false
			default:
				other = true
			}
		}
	}
	return other
}

// builds is the language that a command builds a program of, or whose dependencies of the repository it installs; "" for none. Images that an organisation makes for
// itself have names that say nothing.
func builds(words []string) string {
	if len(words) < 2 {
		return ""
	}
	switch path.Base(words[0]) {
	case "go":
		if words[1] == "build" || words[1] == "install" {
			return "go"
		}
	case "mvn", "mvnw", "gradle", "gradlew":
		return "java"
	case "pip", "pip3", "python", "python3": // of the system's Python: apk add python3
		listed := func(w string) bool { return w == "-r" || w == "--requirement" || w == "-e" || w == "." }
		if i := slices.Index(words, "install"); i > 0 && i < 4 && slices.ContainsFunc(words[i:], listed) {
			return "python"
		}
	}
	return ""
}

// untagged is an image's name without its tag and digest.
func untagged(image string) string {
	image, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		image = image[:i]
	}
	return image
}

// The verbs of a contract's evidence.
const (
	mounts      Verb = " mounts "
	declares    Verb = " declares "
	makes       Verb = " makes "
	namesFolder Verb = " names "
)

// kept is a folder that the contract names.
type kept struct {
	dir  string // in this image
	from string // as it is documented
	verb Verb
	pos  fact.Pos
}

// maxKept is the most folders of a contract.
const maxKept = 12

// keptFolders are the folders that those who run the app's image mount, and those that
// the own Dockerfile keeps for the user, in the order of the evidence.
func keptFolders(in record.Input, r WritesRequest) []kept {
	c := contractOf(in)
	own := sourceWorkdir(in, c)
	r.alias = aliasOf(in, c, r)
	var out []kept
	add := func(target string, verb Verb, pos fact.Pos) {
		dir, ok := placed(own, r, target)
		if ok && len(out) < maxKept && !slices.ContainsFunc(out, func(k kept) bool { return k.dir == dir }) {
			out = append(out, kept{dir, path.Clean(target), verb, pos})
		}
	}
	for _, run := range c.Runs {
		for _, m := range run.Mounts {
			if m.Value.ReadOnly || holdsSource(in, m) {
				continue
			}
			if dir := path.Clean(m.Value.Target); isSettings(in, c, dir) && len(out) < maxKept && !slices.ContainsFunc(out, func(k kept) bool { return k.dir == dir }) {
				out = append(out, kept{dir, dir, mounts, m.Pos})
				continue
			}
			add(m.Value.Target, mounts, m.Pos)
		}
	}
	if c.Own == nil {
		return out
	}
	for _, v := range c.Own.Image.Volumes {
		add(v.Value, declares, v.Pos)
	}
	for _, f := range c.Own.Image.Folders {
		if (f.Value.Given || slices.Contains(dataFolders, path.Base(f.Value.Path))) && !copied(c.Own.Image, f.Value.Path) {
			add(f.Value.Path, makes, f.Pos)
		}
	}
	work := KeptWorkdir(in)
	for _, v := range c.Own.Image.Env {
		if buildVariables.MatchString(v.Value.Name) {
			continue // the cache of a tool that installs
		}
		if at := v.Value.Value; at == work && work != "" || folderVariable.MatchString(v.Value.Name) && !addresses.MatchString(v.Value.Name) && appRoot(c.Own.Image, at) == "" && !copied(c.Own.Image, at) && !elsewhere.MatchString(at) {
			add(at, namesFolder, v.Pos)
		}
	}
	return out
}

// isSettings reports whether a folder that is mounted is one of the app's own below /etc, into which it writes its first settings: nothing of
// the own image lies there.
func isSettings(in record.Input, c buildfile.Contract, dir string) bool {
	name, ok := strings.CutPrefix(dir, "/etc/")
	return ok && c.Own != nil && !strings.ContainsAny(name, "/"+buildfile.Unknown) && settingsName.MatchString(name) && !elsewhere.MatchString(dir) && !fileNames.MatchString(dir) &&
		(strings.Contains(strings.ToLower(in.Builds.ManifestName()), name) || name == strings.ToLower(in.Name)) &&
		!slices.ContainsFunc(c.Own.Image.Copies, func(x buildfile.Copy) bool { return within(dir, x.To) }) && language(in) == "python"
}

var settingsName = lazy.MustCompile(`^[a-z][a-z0-9_-]{2,40}$`)

// IsKept reports whether those who run the app's image, or its own Dockerfile, keep data in a folder of that name.
func IsKept(in record.Input, dir string) bool {
	return path.IsAbs(dir) && slices.ContainsFunc(keptFolders(in, WritesRequest{Workdir: "/app"}), func(k kept) bool { return k.dir == path.Clean(dir) })
}

// folderVariable is the name of a variable by which an app is told a folder of its own.
var folderVariable = lazy.MustCompile(`(?i)(DATA|CONFIG|CONF|STORAGE|UPLOADS?|MEDIA|CACHE|LOGS?|STATE|DB|DATABASE|METADATA|BACKUPS?|PLUGINS?|ATTACH|WORK)_?(DIR|DIRECTORY|PATH|FOLDER|HOME|ROOT|VOLUME)S?$|^DATA_?DIR$`)

// dataFolders are what folders of data are called by custom.
var dataFolders = []string{"data", "db", "database", "uploads", "upload", "media", "storage", "config", "logs", "log", "cache", "files", "backups", "backup"} //nolint:gochecknoglobals // a constant table

// copied reports whether a Dockerfile copies something to that path or to a file of that name.
func copied(i *buildfile.Image, p string) bool {
	return slices.ContainsFunc(i.Copies, func(c buildfile.Copy) bool { return !c.Empty && (c.To == p || path.Join(c.To, path.Base(c.Path)) == p) })
}

// fileNames are the ends of names that a file has and no folder of data.
var fileNames = lazy.MustCompile(`(?i)\.(ya?ml|json|toml|conf|cfg|ini|env|properties|xml|pem|crt|cer|key|sock|db|sqlite3?|txt|md|js|mjs|cjs|ts|py|sh|html|jar|war|log|pid|lock)$|(^|/)\.(htpasswd|netrc|pgpass|my\.cnf|pypirc|npmrc|gitconfig|git-credentials|env|token|secret|password)$`)

// notKept are folders that a tool fills, and those of every system.
var notKept = lazy.MustCompile(`(^|/)(node_modules|\.venv|venv|\.git|\.m2|\.gradle|\.npm|\.next|target|\.cargo|__pycache__|\.ssh|\.aws|\.kube|\.docker)(/|$)`)

// placed is where a documented folder is in this image: where it is documented, unless
// that is below the home of another user, or below another working directory and the app
// finds it from there. ok is false for what is no folder of data.
func placed(own string, r WritesRequest, target string) (dir string, ok bool) {
	if !path.IsAbs(target) || strings.ContainsAny(target, buildfile.Unknown+"$ \t\"'\\") || len(target) > 200 {
		return "", false
	}
	if target = path.Clean(target); r.Data {
		own = "/" // the app works there in this image, too
	}
	if fileNames.MatchString(target) || notKept.MatchString(target) {
		return "", false
	}
	for _, home := range []string{"/root", "/home"} {
		rest, below := strings.CutPrefix(target, home+"/")
		if !below {
			continue
		}
		if home == "/home" && !within(NonRootHome, target) {
			_, rest, below = strings.Cut(rest, "/")
		}
		if within(own, target) && within(home, own) {
			break // it is the app's folder
		}
		if below && rest != "" && !within(NonRootHome, target) {
			return path.Join(NonRootHome, rest), true
		}
		return target, below && rest != ""
	}
	workdir := path.Clean(r.Workdir)
	if own == "/" && r.alias.own != "" && within(r.alias.own, target) {
		target = path.Join(r.alias.to, target[len(r.alias.own):])
	}
	if own != "/" && own != workdir && within(own, target) {
		rel := strings.TrimPrefix(strings.TrimPrefix(target, own), "/")
		if rel == "" {
			return "", false // the source
		}
		if r.finds(rel) || own == r.alias.own || !writable(target) {
			target = path.Join(workdir, rel)
		}
	}
	return target, (target != workdir || r.Data) && writable(target)
}

// finds reports whether the app finds a folder, relative to its working directory, by a path from there.
func (r WritesRequest) finds(rel string) bool {
	return r.Has != nil && r.Has(rel) || slices.ContainsFunc(r.Writes, func(w Write) bool {
		dir := path.Clean(w.Dir)
		return !w.Home && !path.IsAbs(dir) && (dir == "." || within(rel, dir) || within(dir, rel))
	})
}

// sourceWorkdir is the working directory of the own image if it may hold the app's source, "/" for none.
func sourceWorkdir(in record.Input, c buildfile.Contract) string {
	if c.Own == nil {
		return mountedWorkdir(in, c)
	}
	if KeptWorkdir(in) != "" || !worksInSource(in, c.Own.Image) {
		return "/"
	}
	return workdirOf(c)
}

// mountedWorkdir is the working directory of a published image of the app whose Dockerfile is not here, as what is mounted tells it: below it
// lies a folder that the repository keeps with a placeholder, by the same path. "/" where nothing or more than one thing is told.
func mountedWorkdir(in record.Input, c buildfile.Contract) string {
	if in.Tree == nil {
		return "/"
	}
	work := "/"
	for _, run := range c.Runs {
		for _, m := range run.Mounts {
			target := path.Clean(m.Value.Target)
			for dir := range tree.Above(path.Dir(target)) {
				if !path.IsAbs(dir) || !isPlaceholder(in, strings.TrimPrefix(target, dir+"/")) {
					continue
				}
				if work != "/" && work != dir {
					return "/"
				}
				work = dir
			}
		}
	}
	if !canLink(work, in.Workdir()) || slices.ContainsFunc(c.Runs, func(r buildfile.Container) bool {
		return slices.ContainsFunc(r.Mounts, func(m fact.Fact[buildfile.Mount]) bool { return within(path.Clean(m.Value.Target), work) })
	}) {
		return "/" // data lies there
	}
	return work
}

// isPlaceholder reports whether the repository has a folder only for what the app writes into it: it holds a placeholder alone.
func isPlaceholder(in record.Input, dir string) bool {
	dir = path.Join(in.Dir, dir)
	files := in.Tree.Files(dir)
	return len(files) == 1 && path.Dir(files[0]) == dir && slices.Contains(placeholders, path.Base(files[0]))
}

// KeptWorkdir is the own image's working directory, if that is a folder of data: nothing of what is copied goes there, and a volume is declared or mounted
// there, or it belongs to the user, or a variable tells the app that it is there. What the app writes to a relative path lies there. "" for any other.
func KeptWorkdir(in record.Input) string {
	c := contractOf(in)
	work := path.Clean(workdirOf(c))
	if c.Own == nil || work == "/" || !writable(work) {
		return ""
	}
	i := c.Own.Image
	if len(i.Copies) == 0 || slices.ContainsFunc(i.Copies, func(c buildfile.Copy) bool { return within(work, c.To) || within(c.To, work) && c.To != "/" }) {
		return ""
	}
	if slices.ContainsFunc(i.Volumes, func(v fact.Fact[string]) bool { return path.Clean(v.Value) == work }) ||
		slices.ContainsFunc(i.Env, func(v fact.Fact[buildfile.Var]) bool { return v.Value.Value == work }) ||
		slices.ContainsFunc(i.Folders, func(f fact.Fact[buildfile.Folder]) bool { return f.Value.Given && f.Value.Path == work }) ||
		slices.ContainsFunc(c.Runs, func(r buildfile.Container) bool {
			return slices.ContainsFunc(r.Mounts, func(m fact.Fact[buildfile.Mount]) bool {
				return !m.Value.ReadOnly && path.Clean(m.Value.Target) == work && !holdsSource(in, m)
			})
		}) {
		return work
	}
	return ""
}

// worksInSource reports whether the own working directory may hold the app's source. It does not where Python's own image installs the
// project, and its working directory has nothing but single files of it, or nothing at all.
func worksInSource(in record.Input, i *buildfile.Image) bool {
	work, files, beside, whole := path.Join("/", i.Workdir.Value), false, false, false
	if language(in) != "python" || work == "/" {
		return true
	}
	for _, c := range i.Copies {
		switch {
		case within(c.To, work) && c.To != work:
			return true // below a folder that is copied
		case !within(work, c.To):
			beside, whole = beside || c.From != "", whole || c.Source == "."
		case c.From == "" && in.Tree != nil && in.Tree.Has(path.Join(in.Dir, c.Path)):
			files = true
		default:
			return true
		}
	}
	return !(files && beside || !files && whole)
}

// workdirOf is the working directory of the own Dockerfile, "/" for none.
func workdirOf(c buildfile.Contract) string {
	if c.Own == nil || c.Own.Image.Workdir.Value == "" || strings.Contains(c.Own.Image.Workdir.Value, buildfile.Unknown) {
		return "/"
	}
	return c.Own.Image.Workdir.Value
}

// holdsSource reports whether what is mounted is a file or a folder of files of the repository.
func holdsSource(in record.Input, m fact.Fact[buildfile.Mount]) bool {
	source := strings.TrimPrefix(m.Value.Source, buildfile.Unknown+"/") // $PWD/data
	if in.Tree == nil || source == "" || path.IsAbs(source) || strings.Contains(source, buildfile.Unknown) || strings.HasPrefix(source, "~") {
		return false
	}
	if source == m.Value.Source && !strings.HasPrefix(source, ".") {
		return false // the name of a volume
	}
	at := path.Join(path.Dir(m.Pos.File), source)
	if in.Tree.Has(at) {
		return true
	}
	return in.Tree.HasDir(at) && slices.ContainsFunc(in.Tree.Files(at), func(f string) bool {
		base := path.Base(f)
		return !strings.HasPrefix(base, ".") && !strings.HasPrefix(strings.ToLower(base), "readme")
	})
}

// documentedFolders decides which folders of the contract the image has, and records them as
// "data". The lock keeps those of a Dockerfile whose place dockgen's took.
func documentedFolders(in record.Input, r WritesRequest) []Write {
	list := keptFolders(in, r)
	var dirs []string
	evidence, first := "", fact.Pos{}
	for _, k := range list {
		dirs = append(dirs, k.dir)
	}
	for _, k := range list {
		if IsReplaced(k.pos) || evidence == "" {
			evidence, first = Adopted(in, k.pos, k.verb, strings.Join(dirs, " ")), k.pos
		}
		if IsReplaced(k.pos) {
			break
		}
	}
	rule := ""
	if len(list) > 0 {
		first = list[0].pos
		rule = strings.TrimSpace(DisplayName(in, first)+string(list[0].verb)) + " it: prod's user owns what is written there"
		if len(list) > 1 {
			rule = strings.TrimSpace(DisplayName(in, first)+string(list[0].verb)) + " the first: prod's user owns what is written there"
		}
	}
	by := "a volume"
	for _, verb := range []Verb{declares, makes, namesFolder} {
		old, ok := Remembered(in, "data", verb)
		if !ok || contractOf(in).Own != nil {
			continue
		}
		for dir := range strings.FieldsSeq(old.Value) {
			if path.IsAbs(dir) && !slices.Contains(dirs, dir) && len(dirs) < maxKept {
				dirs = append(dirs, path.Clean(dir))
			}
		}
		evidence, by = old.Evidence, Former+string(verb)
		if rule == "" {
			first, rule = fact.At(record.LockFile, 0), old.Evidence
		}
	}
	if len(dirs) == 0 {
		return nil
	}
	chosen := in.Log.Choose(plan.Choice{Key: "data", Value: strings.Join(dirs, " "), Rule: rule, Pos: record.At(first), Evidence: evidence})
	var out []Write
	for dir := range strings.FieldsSeq(chosen) {
		w := Write{Dir: dir, Pos: first, By: by}
		for _, k := range list {
			if k.dir == dir {
				w.Pos, w.By = k.pos, DisplayName(in, k.pos)+string(k.verb)
				if _, linked := placedBy(in, r, k.from); k.from != dir && !linked {
					in.Log.Note(k.pos, strings.TrimSpace(string(k.verb))+" "+plan.Printable(k.from, 80)+", which is "+plan.Printable(dir, 80)+" in this image",
						"docker run -v data:"+plan.Printable(dir, 80)+" …")
				}
			}
		}
		out = append(out, w)
	}
	return out
}

// documentedVariables are those by which the own Dockerfile names a folder of the contract to the
// app: without them it would keep its data elsewhere. They are recorded as "data.variables", and
// the lock keeps them when dockgen's Dockerfile takes the place of the own one.
func documentedVariables(in record.Input, r WritesRequest) []plan.Env {
	text, rule, pos, evidence := "", "", fact.Pos{}, ""
	if c := contractOf(in); c.Own != nil {
		var list []string
		folders := keptFolders(in, r)
		for _, v := range c.Own.Image.Env {
			if value, ok := renamed(v.Value.Value, folders); ok && nameable(c.Own.Image, v.Value.Name) && len(list) < maxKept {
				list = append(list, v.Value.Name+"="+value)
				if pos.IsZero() {
					pos = v.Pos
				}
			}
		}
		if len(list) == 0 {
			return nil
		}
		text = strings.Join(list, " ")
		evidence = Adopted(in, pos, Sets, text)
		rule = DisplayName(in, pos) + " names the folders of its data to the app by them"
	} else if old, ok := Remembered(in, "data.variables", Sets); ok {
		text, rule, pos, evidence = old.Value, old.Evidence, fact.At(record.LockFile, 0), old.Evidence
	}
	if text == "" {
		return nil
	}
	var out []plan.Env
	for word := range strings.FieldsSeq(in.Log.Choose(plan.Choice{Key: "data.variables", Value: text, Rule: rule, Pos: record.At(pos), Evidence: evidence})) {
		name, value, _ := strings.Cut(word, "=")
		_, asked := in.Settings.Env[name]
		if e, err := plan.NewEnv(name, value); err == nil && !asked && naming.MatchString(value) && len(out) < maxKept {
			out = append(out, e)
		}
	}
	return out
}

// naming is a value that is a path, or the address of a file: sqlite:////data/x.db.
var naming = lazy.MustCompile(`^([a-z][a-z0-9+.:]{0,30}:(?:///?)?)?(/[A-Za-z0-9_.+-][A-Za-z0-9_./+-]{0,150})([?;][A-Za-z0-9_=&;.-]{0,60})?$`)

// ourVariables are those of the system and of languages, which this image sets for itself.
var ourVariables = []string{"PATH", "HOME", "PWD", "SHELL", "PYTHONPATH", "NODE_PATH", "GOPATH", "JAVA_HOME", "LD_LIBRARY_PATH", "VIRTUAL_ENV"} //nolint:gochecknoglobals // a constant table

// nameable reports whether a variable may name a folder of the contract: it is the app's, BuildKit does not
// take it for a secret, and no build argument gives it, which is Fulfil's to keep.
func nameable(i *buildfile.Image, name string) bool {
	return plan.IsEnvName(name) && !buildVariables.MatchString(name) && !slices.Contains(ourVariables, name) && !secret.Linted(name) &&
		!slices.ContainsFunc(i.Taken, func(t buildfile.Taken) bool { return !t.Label && t.Name == name && argument.MatchString(t.Arg) })
}

// renamed is a path in a folder of the contract, or the address of a file there, as it is in this image.
func renamed(value string, folders []kept) (string, bool) {
	m := naming.FindStringSubmatch(value)
	if m == nil {
		return "", false
	}
	at := path.Clean(m[2])
	for _, k := range folders {
		if within(k.from, at) {
			return m[1] + path.Join(k.dir, strings.TrimPrefix(at, k.from)) + m[3], true
		}
	}
	return "", false
}

// promised are the ports on which those who run the app's image reach it, those first
// that count more, each with its evidence. variable is the one that moves the app, "" for none.
func promised(in record.Input, variable string) []promise {
	c := contractOf(in)
	var out []promise
	add := func(p promise) {
		if p.port > 0 && p.port < 65536 && !slices.ContainsFunc(out, func(o promise) bool { return o.port == p.port }) {
			out = append(out, p)
		}
	}
	if e, ok := ownStart(in); ok && e.port > 0 {
		file := path.Join(in.Dir, e.file)
		add(promise{port: e.port, pos: fact.At(file, e.line), rule: file + " listens on " + strconv.Itoa(e.port), moves: true, gives: true, set: true})
	}
	if c.Own != nil && variable != "" {
		for _, e := range c.Own.Image.Env {
			n, err := strconv.Atoi(e.Value.Value[strings.LastIndexByte(e.Value.Value, ':')+1:])
			if e.Value.Name == variable && err == nil {
				add(promise{port: n, pos: e.Pos, rule: Adopted(in, e.Pos, Sets, variable+"="+e.Value.Value), moves: true, gives: true, set: true})
			}
		}
	}
	for _, run := range c.Runs {
		ports := tcp(run.Ports)
		for _, p := range ports {
			one := promise{port: p.Value, pos: p.Pos, rule: Adopted(in, p.Pos, publishes, strconv.Itoa(p.Value)), moves: !run.Dev, gives: !run.Dev}
			if len(ports) > 1 && !run.Dev {
				one.all, one.rules = ports, Adopted(in, p.Pos, publishes, numbers(ports))
			}
			add(one)
		}
	}
	if c.Own == nil && variable != "" {
		old, _ := Remembered(in, "port", Sets)
		if text, ok := strings.CutPrefix(old.Evidence, ownDockerfile+string(Sets)+variable+"="); ok {
			if n, err := strconv.Atoi(text[strings.LastIndexByte(text, ':')+1:]); err == nil {
				add(promise{port: n, pos: fact.At(record.LockFile, 0), rule: old.Evidence, moves: true, gives: true, set: true})
			}
		}
	}
	if list, rule := ExposedBy(in, c.Own); len(list) > 0 {
		for _, p := range list {
			add(promise{port: p.Value, pos: p.Pos, rule: rule, gives: len(list) == 1})
		}
	}
	return out
}

// promise is one port of a contract.
type promise struct {
	port int
	pos  fact.Pos
	rule string
	// all are the ports of a container that publishes several, this one among them, and rules says so.
	all   []fact.Fact[int]
	rules string
	// moves says that the app is moved there from where its code listens by default.
	moves bool
	// gives says that the app is moved there if its code says no port.
	gives bool
	// set says that the own image sets the variable that the app reads it from.
	set bool
}

// methods match requests that are more than a GET.
var methods = lazy.MustCompile(`(?i)(-X\s*|--request[= ])(POST|PUT|DELETE|PATCH)|--post-|--data|\s-d\s|(\s-H\s|--header)|\bheaders\s*[=:]`)

// packageOf are the programs by whose rows knowledge has a package of another name.
var packageOf = map[string]string{ //nolint:gochecknoglobals // a constant table
	"imagemagick": "convert", "graphviz": "dot", "poppler-utils": "pdftotext", "ghostscript": "gs", "postgresql-client": "psql", "tesseract-ocr": "tesseract",
	"iputils-ping": "ping", "iputils": "ping", "openssh-client": "ssh", "sqlite": "sqlite3", "mysql-client": "mysqldump", "default-mysql-client": "mysqldump",
	"redis-tools": "redis-cli", "pandoc-cli": "pandoc", "libimage-exiftool-perl": "exiftool", "procps": "ps", "chromium": "chromium", "ffmpeg": "ffmpeg",
	"git": "git", "rsync": "rsync", "sqlite3": "sqlite3", "pandoc": "pandoc", "exiftool": "exiftool", "jq": "jq",
	"mediainfo": "mediainfo", "sshpass": "sshpass", "perl": "perl", "p7zip": "7z", "p7zip-full": "7z", "7zip": "7z",
}

// forBuilds are packages that serve the build as often, where one stage does both.
var forBuilds = []string{"git", "rsync", "openssh-client", "jq", "procps"} //nolint:gochecknoglobals // a constant table

// installing is the verb of the evidence for a package.
const installing Verb = " installs "

// ownPrograms are the programs whose packages the own Dockerfile's image has, as far as knowledge may have a row for them.
func ownPrograms(c buildfile.Contract) []fact.Fact[string] {
	if c.Own == nil {
		return nil
	}
	var out []fact.Fact[string]
	for _, p := range c.Own.Image.Packages {
		program, ok := packageOf[p.Value.Name]
		if !ok || len(c.Own.Image.Stages) == 1 && slices.Contains(forBuilds, p.Value.Name) || slices.ContainsFunc(out, func(o fact.Fact[string]) bool { return o.Value == program }) {
			continue
		}
		out = append(out, fact.Fact[string]{Value: program, Pos: p.Pos})
	}
	return out
}

// promisedNeeds are the packages that the image of the own Dockerfile has when it runs, as far as
// knowledge has a row for them, those of the entry point's script, and those of the programs that
// compose files and manifests start in the container for their checks.
func promisedNeeds(in record.Input) []Need {
	if bare(in) || in.Know == nil {
		return nil
	}
	c := contractOf(in)
	var out []Need
	var names []string
	own := ownPrograms(c)
	for _, p := range own {
		names = append(names, p.Value)
		if row, ok := in.Know.Package(programs, p.Value); ok {
			out = append(out, Need{Name: p.Value, Pos: p.Pos, Row: row, Why: DisplayName(in, p.Pos) + " installs {}"})
		}
	}
	if len(own) > 0 {
		recorded(in, "programs", installing, names, rule(in, own[0].Pos, "installs them"), own[0].Pos)
	}
	if e, ok := startable(in); ok {
		out = append(out, e.needs...)
	}
	if n, ok := asking(in); ok {
		out = append(out, n)
	}
	out = append(out, Listed(in, in.Builds.Installed())...)
	for _, x := range promisedPrograms(c) {
		if slices.Contains(ofLanguage[language(in)], x.program) {
			continue // the image is made of one that has it
		}
		row, ok := in.Know.Package(programs, x.program)
		if x.program == "wget" {
			row.Alpine = knowledge.Need{} // BusyBox has one
		}
		if ok && len(row.Debian.Runtime)+len(row.Alpine.Runtime) > 0 {
			out = append(out, Need{Name: x.program, Pos: x.pos, Row: row, Why: DisplayName(in, x.pos) + " checks the container with {}"})
		}
	}
	return out
}

// ofLanguage are the programs that the official image of a language has, in another release than
// the system's package of the same name.
var ofLanguage = map[string][]string{ //nolint:gochecknoglobals // a constant table
	"node":   {"node", "nodejs", "npm", "npx", "yarn"},
	"python": {"python", "python3", "pip", "pip3"},
	"java":   {"java"},
}

// checking is a program that a check starts in the container.
type checking struct {
	program string
	shell   bool
	pos     fact.Pos
}

// promisedPrograms are those of the checks that compose files and manifests make.
func promisedPrograms(c buildfile.Contract) []checking {
	var out []checking
	for _, run := range c.Runs {
		words := run.Health.Value.Command
		if len(words) == 0 || strings.Contains(words[0], buildfile.Unknown) {
			continue
		}
		x := checking{program: path.Base(words[0]), pos: run.Health.Pos}
		if len(words) == 1 || shell.IsShell(words[0]) {
			x.shell = true
			text := words[len(words)-1]
			if s, err := shell.Read(text, shell.Start{}); err == nil && len(s.Commands) > 0 {
				x.program = path.Base(s.Commands[0].Words[0].Text)
			}
		}
		out = append(out, x)
	}
	return out
}

// promisedFacts are the names of what the contract needs that a runtime without programs does
// not have. A repository has them, whichever runtime its lock holds.
func promisedFacts(in record.Input) []string {
	c := contractOf(in)
	var out []string
	if _, ok := entryOf(in); ok {
		out = append(out, factShell)
	}
	for _, x := range promisedPrograms(c) {
		out = append(out, factShell, x.program)
	}
	if _, ok := pageInside(in); ok {
		out = append(out, factCheck)
	}
	if c.Own != nil {
		for _, p := range c.Own.Image.Packages {
			if program, ok := packageOf[p.Value.Name]; ok {
				out = append(out, program)
			}
		}
	}
	return out
}

// promisedShell is what of the contract needs a shell, or a program that every system has; "" for nothing.
func promisedShell(in record.Input) string {
	if bare(in) {
		return ""
	}
	for _, x := range promisedPrograms(contractOf(in)) {
		if x.shell || slices.Contains(everywhere, x.program) || slices.Contains(ofLanguage[language(in)], x.program) || x.program == "cat" || x.program == "ls" {
			return "the check of " + x.pos.String()
		}
	}
	return ""
}
