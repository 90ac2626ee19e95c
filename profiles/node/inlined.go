package node

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
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

// leaks matches names that are no publishable key but a secret, whatever
// their prefix says.
var leaks = regexp.MustCompile(`SECRET|PASSWORD|PASSWD|PRIVATE`)

// keyPublic matches the names that BuildKit takes for no secret whatever else
// they hold: https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/.
var keyPublic = regexp.MustCompile(`(?i)(_|^)(public|file|version)(_|$)`)

// prefixes are those of the variables that the build inlines: the row's, or
// what the app's own configuration says instead, and the mode's.
func (m *matcher) prefixes(mode mode) []string {
	list := m.row.Inlined
	if s := m.row.InlinedSetting; len(s) > 0 {
		if v, state := m.f.Config.Of(s[0]).Get(s[1:]...); state == node.Literal && v.Value != "" {
			list = []string{v.Value}
		}
	}
	return slices.Concat(list, mode.Inlined)
}

// inlined decides the build's arguments: the variables that the build writes
// into what browsers load, as the code reads them and as the repository's
// example of an .env lists them; and which committed files of them it gets.
func (m *matcher) inlined(out *framework, mode mode) error {
	prefixes := m.prefixes(mode)
	var list []inlinedVar
	add := func(v fact.Fact[string], needed bool) {
		if !slices.ContainsFunc(list, func(o inlinedVar) bool { return o.Value == v.Value }) {
			list = append(list, inlinedVar{v, needed})
		}
	}
	for _, v := range m.f.Code.Public {
		add(v, true)
	}
	var known []fact.Fact[string]
	for _, e := range m.f.Code.Env {
		known = append(known, fact.Fact[string]{Value: e.Name, Pos: e.Pos})
	}
	for _, e := range m.f.Config.Examples {
		known = slices.Concat(known, e.Names)
	}
	for _, v := range known {
		if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(v.Value, p) && v.Value != p }) {
			add(v, false)
		}
	}
	if s := m.row.InlinedSchema; len(s) > 0 {
		c := m.f.Config.Of(s[0])
		for _, name := range c.Keys(s[1:]...) {
			if v, _ := c.Get(slices.Concat(s[1:], []string{name, "access"})...); v.Value == "public" {
				add(fact.Fact[string]{Value: name, Pos: v.Pos}, false)
			}
		}
	}
	slices.SortFunc(list, func(a, b inlinedVar) int { return strings.Compare(a.Value, b.Value) })
	if private := m.f.Code.Private; len(private) > 0 {
		m.in.Log.Note(private[0].Pos, fmt.Sprintf("the build needs %s (it would be baked into the image), so it will fail", plan.Printable(private[0].Value, 40)),
			"import it from $env/dynamic/private, which reads it when the app runs")
	}
	m.env(out, slices.Concat(prefixes, m.row.Public))
	return m.args(out, list, prefixes)
}

// args fills in the build arguments.
func (m *matcher) args(out *framework, list []inlinedVar, prefixes []string) error {
	var names []string
	for _, v := range list {
		if len(names) == maxArgs || !plan.IsEnvName(v.Value) {
			continue
		}
		if leaks.MatchString(v.Value) {
			m.in.Log.Note(v.Pos, fmt.Sprintf("%s is no build argument: its name says that it is a secret, and the build would write it into files that every browser downloads", plan.Printable(v.Value, 40)),
				"read it in code of the server, under a name without "+strings.Join(prefixes, " or "))
			continue
		}
		e, err := plan.NewEnv(v.Value, "")
		if err != nil {
			return err
		}
		out.KeyArgs = out.KeyArgs || secret(v.Value) && !keyPublic.MatchString(v.Value)
		out.Args = append(out.Args, Arg{Env: e, HasDefault: v.needed && !m.inEnvFile(v.Value)})
		names = append(names, v.Value)
	}
	if len(names) > 0 {
		i := slices.IndexFunc(list, func(v inlinedVar) bool { return v.Value == names[0] })
		m.in.Log.Choose(plan.Choice{
			Key: "build.args", Value: strings.Join(names, " "), Pos: record.At(list[i].Pos), Link: m.row.InlinedSource,
			Rule: "the build of " + m.row.Name + " writes the values of these variables into the code, so they are set when it runs",
		})
	}
	return nil
}

// inEnvFile reports whether a file that the build reads sets the variable.
func (m *matcher) inEnvFile(name string) bool {
	return slices.ContainsFunc(m.f.Config.Env, func(e node.EnvFile) bool {
		return slices.ContainsFunc(e.Names, func(n fact.Fact[string]) bool { return n.Value == name })
	})
}

// unchecked sets in the build the variable by which the code leaves out the
// check of what the app needs when it runs.
func (a *app) unchecked() error {
	rows, err := buildRows()
	if err != nil {
		return err
	}
	for _, r := range rows.Unchecked {
		i := slices.IndexFunc(a.f.Code.Env, func(v effect.Env) bool { return v.Name == r.Variable })
		if i < 0 {
			continue
		}
		a.in.Log.Choose(plan.Choice{
			Key: "build.unchecked", Value: r.Variable + "=" + r.Value, Pos: record.At(a.f.Code.Env[i].Pos), Link: r.Source,
			Rule: "with it the code does not ask in the build for the variables that the app needs when it runs",
		})
		a.fw.BuildEnv = append(a.fw.BuildEnv, [2]string{r.Variable, r.Value})
		if a.fw.BuildWhy == "" {
			a.fw.BuildWhy = "does not ask for the variables that the app needs when it runs."
		}
	}
	return nil
}
