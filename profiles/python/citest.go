package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
)

// ciTests is how the repository's CI runs pytest, by itself or by its Makefile: which tests, and with which variables.
type ciTests struct {
	args, env []string
	pos       fact.Pos
}

// ciTests finds the command of CI that runs the unit tests, else the first that says which tests it runs. It is zero where CI runs all, or
// what is not known.
func (p project) ciTests() ciTests {
	var best ciTests
	for _, f := range p.in.Builds.Builds(".") {
		if f.Kind != buildfile.CI {
			continue
		}
		for _, c := range p.in.Builds.Recipe(f) {
			x, ok := p.pytest(c)
			unit := slices.ContainsFunc(x.args, func(a string) bool { return strings.Contains(a, "unit") && !strings.HasPrefix(a, "--ignore") })
			wide := slices.ContainsFunc(x.args, func(a string) bool {
				return beyondBuild.MatchString(a) && !strings.HasPrefix(a, "--ignore") && !strings.Contains(a, "not ")
			})
			if ok && !wide && !(x.marked() && p.marksDefault()) && (best.pos.IsZero() || unit) {
				if best = x; unit {
					return best
				}
			}
		}
	}
	return best
}

// marked reports whether the command runs the tests of a marker.
func (x ciTests) marked() bool {
	for i, a := range x.args {
		if value, ok := strings.CutPrefix(a, "-m="); ok && !strings.Contains(value, "not ") || a == "-m" && i+1 < len(x.args) && !strings.Contains(x.args[i+1], "not ") {
			return true
		}
	}
	return false
}

// marksDefault reports whether the settings of pytest choose by a marker: a command with another one runs what they leave out, such as tests that
// ask other people's servers (https://docs.pytest.org/en/stable/reference/customize.html#adding-default-options).
func (p project) marksDefault() bool {
	return slices.ContainsFunc([]string{"pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"}, func(name string) bool {
		f := p.in.Builds.File(name)
		return f != nil && defaultMarker.MatchString(f.Text)
	})
}

// defaultMarker matches the option -m among those that pytest always has.
var defaultMarker = lazy.MustCompile(`(?m)^\s*addopts\s*=(?:[^\n]|\n[ \t"'\]])*?[\s"']-m[\s"'=]`)

// What of a command of pytest chooses tests: options that take a word, and those that have it joined. The rest is for reports and speed:
// https://docs.pytest.org/en/stable/reference/reference.html#command-line-flags.
var (
	choosing = []string{"-m", "-k", "--ignore", "--ignore-glob", "--deselect", "-p", "--ds", "-c", "--rootdir", "--confcutdir"}                                                                                                                                                        //nolint:gochecknoglobals // a constant table
	other    = []string{"-n", "--numprocesses", "--dist", "--maxfail", "--durations", "--tb", "--junitxml", "--junit-xml", "--cov", "--cov-report", "--cov-config", "--cov-fail-under", "-r", "--color", "--timeout", "--reruns", "-o", "-W", "--html", "--md", "--splits", "--group"} //nolint:gochecknoglobals // a constant table
	chosen   = lazy.MustCompile(`^[A-Za-z0-9_./:*=\[\] ()-]+$`)
)

// beyondBuild are words for tests of a deployed app.
var beyondBuild = lazy.MustCompile(`(?i)(^|[^a-z])(integration|e2e|functional|end[_-]to[_-]end|acceptance|system|browser|selenium|playwright|smoke|live|load|perf|benchmarks?|docker|regtest)([^a-z]|$)`)

// pytest reads a command that runs pytest on tests of the repository; ok is false for any other, and for all tests.
func (p project) pytest(c buildfile.Command) (out ciTests, ok bool) {
	words := unmanaged(c.Words)
	if len(words) > 2 && (strings.HasPrefix(path.Base(words[0]), "python") && words[1] == "-m") {
		words = words[2:]
	}
	if len(words) > 1 && words[0] == "-m" {
		words = words[1:]
	}
	if len(words) < 2 || !slices.Contains([]string{"pytest", "py.test"}, path.Base(words[0])) || c.Dir != "." || c.Loop {
		return out, false
	}
	says := false
	for i := 1; i < len(words); i++ {
		w := words[i]
		name, _, joined := strings.Cut(w, "=")
		value := i+1 < len(words) && !joined && !strings.HasPrefix(words[i+1], "-")
		switch {
		case strings.Contains(w, buildfile.Unknown) || !chosen.MatchString(w) && !slices.Contains(other, name):
			return out, false
		case slices.Contains(choosing, name):
			out.args = append(out.args, w)
			if says = says || name != "-p" && name != "-c"; !joined && value {
				if i++; !chosen.MatchString(words[i]) {
					return out, false
				}
				out.args = append(out.args, words[i])
			}
		case strings.HasPrefix(w, "-"):
			if slices.Contains(other, name) && value && name != "-r" {
				i++
			}
		default:
			file, _, _ := strings.Cut(w, "::")
			file = path.Clean(file)
			at := path.Join(p.in.Dir, file)
			if file == ".." || strings.HasPrefix(file, "../") || path.IsAbs(file) || !p.in.Tree.Has(at) && !p.in.Tree.HasDir(at) {
				return out, false
			}
			out.args, says = append(out.args, w), true
		}
	}
	for _, v := range slices.Concat(c.Job, c.Env) {
		if v.Secret || secret.Linted(v.Name) || secret.Certain(v.Name) || ofRunner.MatchString(v.Name) || !plainValue.MatchString(v.Value) || strings.Contains(v.Value, "://") || len(out.env) == maxSteps {
			continue
		}
		if e, err := plan.NewEnv(v.Name, v.Value); err == nil {
			out.env = assigned(out.env, e.String())
		}
	}
	out.pos = c.Pos
	return out, says
}
