package framework

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
)

// Arg is a build argument: a variable that the build writes into what it
// makes. One without a default is not set where docker build is not told it,
// so that the files of variables, and the code's own defaults, count.
type Arg struct {
	Env        plan.Env
	HasDefault bool
}

// inlinedVar is a variable that the build inlines.
type inlinedVar struct {
	fact.Fact[string]
	needed bool // the build fails where it is not set
}

// maxArgs is the number of build arguments above which the rest is left out.
const maxArgs = 60

// prefixes are those of the variables that the build inlines: the row's, or
// what the app's own configuration says instead, and the mode's.
func (m matcher) prefixes(mode mode) []string {
	list := m.row.Inlined
	if v, state := m.row.InlinedSetting.of(m.Facts); state == node.Literal && v.Value != "" {
		list = []string{v.Value}
	}
	return slices.Concat(list, mode.Inlined)
}

// inlined decides the build's arguments: the variables that the build writes
// into what browsers load, as the code reads them and as the repository's
// example of an .env lists them; and which committed files of them it gets.
func (m matcher) inlined(out *Framework, mode mode) error {
	prefixes := m.prefixes(mode)
	var list []inlinedVar
	add := func(v fact.Fact[string], needed bool) {
		if !slices.ContainsFunc(list, func(o inlinedVar) bool { return o.Value == v.Value }) {
			list = append(list, inlinedVar{v, needed})
		}
	}
	for _, v := range m.Facts.Code.Public {
		add(v, true)
	}
	var known []fact.Fact[string]
	for _, e := range m.Facts.Code.Env {
		known = append(known, fact.Fact[string]{Value: e.Name, Pos: e.Pos})
	}
	for _, e := range m.Facts.Config.Examples {
		known = slices.Concat(known, e.Names)
	}
	for _, v := range known {
		if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(v.Value, p) && v.Value != p }) {
			add(v, false)
		}
	}
	if s := m.row.InlinedSchema; len(s) > 0 {
		c := m.Facts.Config.Of(s[0])
		for _, name := range c.Keys(s[1:]...) {
			if v, _ := c.Get(slices.Concat(s[1:], []string{name, "access"})...); v.Value == "public" {
				add(fact.Fact[string]{Value: name, Pos: v.Pos}, false)
			}
		}
	}
	slices.SortFunc(list, func(a, b inlinedVar) int { return strings.Compare(a.Value, b.Value) })
	if private := m.Facts.Code.Private; len(private) > 0 {
		out.note(private[0].Pos, fmt.Sprintf("the build needs %s (it would be baked into the image), so it will fail", plan.Printable(private[0].Value, 40)),
			"import it from $env/dynamic/private, which reads it when the app runs")
	}
	m.envFiles(out, slices.Concat(prefixes, m.row.Public))
	return m.args(out, list, prefixes)
}

// args fills in the build arguments.
func (m matcher) args(out *Framework, list []inlinedVar, prefixes []string) error {
	var names []string
	for _, v := range list {
		if len(names) == maxArgs || !plan.IsEnvName(v.Value) {
			continue
		}
		if secret.Certain(v.Value) {
			out.note(v.Pos, fmt.Sprintf("%s is not a build argument: its name says that it is a secret, and the build would write it into files that every browser downloads", plan.Printable(v.Value, 40)),
				"read it in server code, under a name that does not start with "+strings.Join(prefixes, " or "))
			continue
		}
		e, err := plan.NewEnv(v.Value, "")
		if err != nil {
			return err
		}
		out.Build.LooksSecret = out.Build.LooksSecret || secret.Linted(v.Value)
		out.Build.Args = append(out.Build.Args, Arg{Env: e, HasDefault: v.needed && !m.inEnvFile(v.Value)})
		names = append(names, v.Value)
	}
	if len(names) > 0 {
		i := slices.IndexFunc(list, func(v inlinedVar) bool { return v.Value == names[0] })
		out.choose("build.args", strings.Join(names, " "),
			"the build of "+m.row.Name+" writes the values of these variables into the code, so they are build arguments", list[i].Pos, m.row.InlinedSource)
	}
	return nil
}

// inEnvFile reports whether a file that the build reads sets the variable.
func (m matcher) inEnvFile(name string) bool {
	return slices.ContainsFunc(m.Facts.Config.Env, func(e node.EnvFile) bool {
		return slices.ContainsFunc(e.Names, func(n fact.Fact[string]) bool { return n.Value == name })
	})
}

// plainVariables are variables of a build that are no secrets, beside those
// with one of the framework's prefixes.
var plainVariables = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"NODE_ENV": true, "MODE": true, "PORT": true, "HOST": true, "PUBLIC_URL": true, "BASE_URL": true, "BROWSER": true, "CI": true,
	"GENERATE_SOURCEMAP": true, "INLINE_RUNTIME_CHUNK": true, "ESLINT_NO_DEV_ERRORS": true, "DISABLE_ESLINT_PLUGIN": true,
	"TSC_COMPILE_ON_ERROR": true, "FAST_REFRESH": true, "SKIP_PREFLIGHT_CHECK": true, "IMAGE_INLINE_SIZE_LIMIT": true,
}

// envFiles decides which committed files of variables the build gets: those
// that hold nothing but what has one of the prefixes.
func (m matcher) envFiles(out *Framework, public []string) {
	if len(public) == 0 {
		return
	}
	for _, e := range m.Facts.Config.Env {
		i := slices.IndexFunc(e.Names, func(n fact.Fact[string]) bool {
			return !plainVariables[n.Value] && !slices.ContainsFunc(public, func(p string) bool { return strings.HasPrefix(n.Value, p) })
		})
		if i < 0 {
			out.Build.EnvFiles = append(out.Build.EnvFiles, e.File)
			continue
		}
		out.note(e.Names[i].Pos, fmt.Sprintf("the build does not see %s: %s may be a secret, so .dockerignore hides the file", e.File, plan.Printable(e.Names[i].Value, 40)),
			"keep what the site shows ("+public[0]+"…) in a file of its own")
	}
}

// platform matches variables that say where a build runs, which is nobody's to choose.
var platform = lazy.MustCompile(`^(CI|NODE_ENV|MODE|GITHUB_\w+|GITLAB_\w+|VERCEL\w*|NETLIFY\w*|CF_\w+|RENDER\w*|GITPOD\w*|TAURI_\w+|npm_\w+)$`)

// offer makes a build argument of a variable that decides a setting, and reports whether
// it is one.
func (m matcher) offer(out *Framework, variable string) bool {
	if slices.ContainsFunc(out.Build.Args, func(a Arg) bool { return a.Env.Name.String() == variable }) {
		return true
	}
	if !plan.IsEnvName(variable) || platform.MatchString(variable) || secret.Linted(variable) || secret.Certain(variable) || m.inEnvFile(variable) {
		return false
	}
	e, err := plan.NewEnv(variable, "")
	if err != nil {
		return false
	}
	out.Build.Args = append(out.Build.Args, Arg{Env: e})
	return true
}
