package image

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// maxVariables is the most variables that are taken over.
const maxVariables = 40

// ownVariables adds to prod the variables of the own Dockerfile's last stage that its app, its tools or its entry point
// read: all but those that this image sets for itself, those of builds, secrets, and those whose value this image makes
// untrue. They are recorded as "variables".
func ownVariables(in record.Input, app *plan.App) {
	own := contractOf(in).Own
	if own == nil {
		return
	}
	last := map[string]int{}
	for n, v := range own.Image.Env {
		last[v.Value.Name] = n
	}
	var items []string
	var pos fact.Pos
	for n, v := range own.Image.Env {
		value, f := variableFate(in, app, own.Image, v)
		if f.held || f.why != "" || last[v.Value.Name] != n || len(items) == maxVariables {
			continue
		}
		if items = append(items, v.Value.Name+"="+value); pos.IsZero() {
			pos = v.Pos
		}
	}
	for _, item := range recorded(in, "variables", Sets, items, rule(in, pos, "sets them"), pos) {
		name, value, ok := strings.Cut(item, "=")
		if _, asked := in.Settings.Env[name]; asked || !ok || slices.Contains(ourVariables, name) || secret.Linted(name) || hasVariable(app, name) {
			continue
		}
		if e, err := plan.NewEnv(name, value); err == nil {
			app.Run.Env = append(slices.Clip(app.Run.Env), e)
		}
	}
}

// hasVariable reports whether prod has a variable, by itself or by a build argument.
func hasVariable(app *plan.App, name string) bool {
	return slices.ContainsFunc(app.Run.Env, func(e plan.Env) bool { return e.Name.String() == name }) ||
		slices.ContainsFunc(app.Run.Given, func(g plan.Given) bool { return !g.Label && g.Name.String() == name })
}

// buildVariables are those of tools that build and install, of the system, and of languages' images: either nothing
// reads them when the app runs, or this image sets its own.
var buildVariables = lazy.MustCompile(`(?i)^(npm_config_.*|npm_.*|yarn_.*|pnpm_.*|pip_.*|uv_.*|poetry_.*|pdm_.*|pipenv_.*|virtual_env|(c|cxx|cpp|f|ld|make)flags|cypress_.*|puppeteer_skip.*|playwright_skip.*|husky.*|cgo_.*|go(path|root|proxy|os|arch|flags|toolchain|private|111module|111modules|cache|modcache)|go111module|maven_.*|mvn_.*|gradle_.*|corepack_.*|debian_frontend|apt_.*|cargo_.*|rust.*|ci|term|lang|language|lc_.*|user|username|shell|pwd|home|path|node_env|node_version|node_path|python(unbuffered|dontwritebytecode|faulthandler|hashseed|ioencoding|home|optimize)|python_.*|java_home|java_version|catalina_home|catalina_base|jetty_home|jetty_base|ld_library_path|ld_preload|flask_debug|flask_env|debug|build_.*|target.*|s6_.*|ps1|histfile|sharp_.*|prisma_skip.*|prisma_cli_.*|prisma_client_engine_type|browserslist.*|generate_sourcemap|p?[ug]id|.*_[ug]id|umask|.*venv.*|pysetup.*)$`)

// pinned are variables that name what a RUN line fetches.
var pinned = lazy.MustCompile(`(?i)(_VERSION|_SHA(SUM|256|512)?|_CHECKSUM|_URL|_MIRROR|_USER|_GROUP|_COMMIT|_ARCH|_PACKAGES?|_DEPS)$`)

// javaOptions are variables that no Java reads, but scripts hand to it.
var javaOptions = lazy.MustCompile(`^(JAVA_OPTS|JVM_OPTS|JAVA_OPTIONS|JVM_OPTIONS|EXTRA_JAVA_OPT(ION)?S|EXTRA_OPTS|JAVA_ARGS|JVM_ARGS|CATALINA_OPTS|JETTY_OPTS)$`)

// rootedValue is a value that is a path, or the address of a file.
var rootedValue = lazy.MustCompile(`^([a-z][a-z0-9+.:]{0,30}:(?://)?)?(/[A-Za-z0-9_@.+/-]{1,200})$`)

// variableFate is the value that a variable of the own Dockerfile has in this image, or its fate, if it has none.
func variableFate(in record.Input, app *plan.App, i *buildfile.Image, v fact.Fact[buildfile.Var]) (string, fate) {
	name, value := v.Value.Name, v.Value.Value
	asked := func() bool { _, ok := in.Settings.Env[name]; return ok }
	switch {
	case foreignLocale(name, value) && !hasVariable(app, name) && !asked():
		return localized(in, value)
	case hasVariable(app, name), asked(), !plan.IsEnvName(name), buildVariables.MatchString(name), pinned.MatchString(name) && usedInBuild(i, name):
		return "", held
	case v.Value.Secret || secret.Linted(name):
		if value == "" && emptyIn(i, v) {
			return "", held
		}
		return "", lost("it may be a secret: docker run -e " + plan.Printable(name, 40) + "=…")
	case value == "":
		return "", held
	case strings.Contains(value, buildfile.Unknown):
		return "", lost("its value is known only in the build")
	case name == "TZ" && (strings.EqualFold(value, "UTC") || strings.EqualFold(value, "Etc/UTC")):
		return "", held
	case javaOptions.MatchString(name) && !readsVariable(in, app, name):
		return "", lost("nothing in this image reads it: Java itself reads JDK_JAVA_OPTIONS")
	}
	if _, err := plan.NewEnv(name, value); err != nil {
		return "", lost("no ENV can hold its value")
	}
	if strings.HasSuffix(strings.ToUpper(name), "PORT") || strings.HasSuffix(strings.ToUpper(name), "ADDR") || strings.HasSuffix(strings.ToUpper(name), "ADDRESS") {
		n, err := strconv.Atoi(value[strings.LastIndexByte(value, ':')+1:])
		if err == nil && len(app.Run.Ports) > 0 && !slices.Contains(app.Run.Ports, plan.Port(n)) && published(i, n) { //nolint:gosec // compared alone
			return "", lost("this image listens on another port")
		}
	}
	return locate(in, app, i, name, value)
}

// localized is what a variable with a locale that is not English comes to: Node reads it by itself (https://nodejs.org/api/intl.html), Python's C
// library has the locale (Locales), and Java and Go read none.
func localized(in record.Input, value string) (string, fate) {
	switch language(in) {
	case "node", "python":
		return value, fate{}
	case "java":
		l, _ := localeOf(value)
		name, _, _ := strings.Cut(l.definition, "@")
		return "", lost("Java takes it from options: -Duser.language=" + strings.Replace(name, "_", " -Duser.country=", 1))
	}
	return "", held
}

// published reports whether the own Dockerfile exposes a port.
func published(i *buildfile.Image, n int) bool {
	return slices.ContainsFunc(i.Ports, func(p fact.Fact[buildfile.Port]) bool { return p.Value.Number == n })
}

// usedInBuild reports whether a RUN, COPY or ADD of the own Dockerfile refers to a variable.
func usedInBuild(i *buildfile.Image, name string) bool {
	return slices.ContainsFunc(i.Lines, func(l buildfile.Instruction) bool {
		return slices.Contains([]string{"run", "copy", "add", "user", "workdir"}, l.Name) && (strings.Contains(l.Text, "$"+name) || strings.Contains(l.Text, "${"+name))
	})
}

// emptyIn reports whether the line of a variable gives it no value.
func emptyIn(i *buildfile.Image, v fact.Fact[buildfile.Var]) bool {
	for _, l := range i.Lines {
		if l.Pos == v.Pos {
			_, rest, ok := strings.Cut(l.Text, v.Value.Name+"=")
			return ok && (rest == "" || rest[0] == ' ' || strings.HasPrefix(rest, `""`) || strings.HasPrefix(rest, "''"))
		}
	}
	return false
}

// readsVariable reports whether what prod starts refers to a variable: its command, or the entry point's script.
func readsVariable(in record.Input, app *plan.App, name string) bool {
	refers := func(text string) bool { return strings.Contains(text, "$"+name) || strings.Contains(text, "${"+name) }
	if slices.ContainsFunc(slices.Concat(app.Run.Entry, app.Run.Cmd), refers) {
		return true
	}
	e, _, ok := entryFile(in)
	if !ok || !slices.ContainsFunc(app.Run.Entry, func(w string) bool { return w == e.to }) {
		return false
	}
	f := in.Builds.File(e.file)
	return f != nil && refers(f.Text)
}

// locate is a value as it is in this image: a path below the own working directory is below this one's, and a path that this image
// does not have makes the value untrue.
func locate(in record.Input, app *plan.App, i *buildfile.Image, name, value string) (string, fate) {
	m := rootedValue.FindStringSubmatch(value)
	if m == nil && name != "PYTHONPATH" {
		return value, fate{}
	}
	at, root := "", ""
	if m != nil {
		at = path.Clean(m[2])
		root = appRoot(i, at)
	}
	if root != "" {
		rel := strings.TrimPrefix(strings.TrimPrefix(at, root), "/")
		if name != "PYTHONPATH" || rel != "" && in.Tree != nil && in.Tree.HasDir(path.Join(in.Dir, rel)) {
			return m[1] + path.Join(workdirIn(app), rel), fate{}
		}
	}
	if name == "PYTHONPATH" {
		return "", held // the language's
	}
	if route(name, at) {
		return value, fate{}
	}
	for _, c := range in.Log.Choices() {
		switch c.Key {
		case "data":
			for dir := range strings.FieldsSeq(c.Value) {
				if within(dir, at) {
					return value, fate{}
				}
			}
		case "files":
			for _, item := range listItems(c.Value) {
				if p, ok := placingOf(item); ok && path.IsAbs(p.to) && (within(p.to, at) || within(at, p.to)) {
					return value, fate{}
				}
			}
		}
	}
	if IsMade(in, at) {
		return value, fate{}
	}
	if packaged(in, path.Base(at)) && strings.Contains(at, "/bin/") {
		return value, fate{}
	}
	for _, x := range []string{"/tmp", "/dev", "/proc", "/sys", "/run/secrets", "/var/run", "/etc/ssl", "/etc/hosts", "/etc/passwd", "/var/tmp", "/bin/sh", "/etc/localtime"} {
		if within(x, at) {
			return value, fate{}
		}
	}
	return "", lost("this image has no " + plan.Printable(at, 60))
}

// ourWorkdir is the working directory of every image, unless it says another.
const ourWorkdir = record.Workdir

// workdirIn is that of prod.
func workdirIn(app *plan.App) string {
	if d := app.Run.Workdir.Raw(); path.IsAbs(d) {
		return path.Clean(d)
	}
	return ourWorkdir
}

// addresses are the words in the names of variables that hold the path of an address, and not that of a file.
var addresses = lazy.MustCompile(`(?i)(url|uri|prefix|base_?path|sub_?path|context|route|endpoint|health|basename|script_name|mount_?point|api)`)

// route reports whether a value is the path of an address: /, /api.
func route(name, at string) bool { return at == "/" || addresses.MatchString(name) }
