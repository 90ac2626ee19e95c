package golang

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Stamp is a variable that the linker sets: https://pkg.go.dev/cmd/link.
type Stamp struct {
	Var plan.Token // "main.version"
	// Value is a constant. Where it is zero, the variable has the value of the
	// build argument Arg.
	Value plan.Token
	Arg   plan.Env
	// Guarded: the source declares something that the argument has not as its
	// default, and that stands where no argument is given.
	Guarded bool
}

//go:embed stamps.yaml
var stampsYAML []byte

// stampRow is a row of stamps.yaml.
type stampRow struct {
	Arg    string   `yaml:"arg,omitempty"`
	Value  string   `yaml:"value,omitempty"`
	Skip   string   `yaml:"skip,omitempty"`
	Names  []string `yaml:"names"`
	Alone  []string `yaml:"alone,omitempty"`
	Source string   `yaml:"source"`
}

var stampRows = table.Lazy[[]stampRow]("stamps.yaml", stampsYAML) //nolint:gochecknoglobals // decoded once

// stamping is one variable on its way into the plan.
type stamping struct {
	golang.LinkVar
	pos fact.Pos // of the build that sets it, else of the variable
	arg string
	row stampRow
	lit string // the constant that every build of the repository gives it
}

// stamp takes over what the repository's own builds set with -X, and the
// version variables that only a build can set. What a build sets from git or
// the clock becomes a build argument: .git is not in the build context, and an
// image that holds the time of its build is never built alike twice.
func (d *decider) stamp() error {
	rows, err := stampRows()
	if err != nil {
		return err
	}
	var list []stamping
	var rejected []plan.Rejected
	for _, f := range d.main.LinkVars {
		s, why := stampingOf(f, rows)
		switch {
		case why != "":
			rejected = append(rejected, plan.Rejected{Value: printable(f.Value.Package + "." + f.Value.Name), Pos: record.At(f.Pos), Why: why})
		case s.arg != "" || s.lit != "":
			list = append(list, s)
		}
	}
	list = companions(list)
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b stamping) int { return rank(a, rows) - rank(b, rows) })
	if err := d.stampPlan(list); err != nil {
		return err
	}
	d.stampChoice(list, rejected)
	return nil
}

// stampingOf decides what becomes of one variable; why says why one that the
// repository's builds set is left out.
func stampingOf(f fact.Fact[golang.LinkVar], rows []stampRow) (s stamping, why string) {
	s = stamping{LinkVar: f.Value, pos: f.Pos}
	if _, err := plan.NewToken(s.Package + "." + s.Name); err != nil || len(s.Package) > 200 {
		return s, ""
	}
	key := strings.ToLower(strings.ReplaceAll(s.Name, "_", ""))
	i := slices.IndexFunc(rows, func(r stampRow) bool { return slices.Contains(r.Names, key) })
	if len(s.Set) == 0 {
		// Only a build can set a variable that nothing in the program does.
		if i >= 0 && slices.Contains(rows[i].Alone, key) && !s.Written && placeholder(s.Value) {
			s.arg, s.row = rows[i].Arg, rows[i]
		}
		return s, ""
	}
	s.pos = s.Set[0].Pos
	switch {
	case i >= 0 && rows[i].Skip != "":
		return s, rows[i].Skip
	case i >= 0:
		s.arg, s.row = rows[i].Arg, rows[i]
		return s, ""
	}
	return named(s)
}

// named gives a variable that no row knows the constant that the repository's
// builds agree on, or the argument of the name that they take its value from.
func named(s stamping) (stamping, string) {
	if slices.ContainsFunc(s.Set, func(v fact.Fact[string]) bool { return v.Value != s.Set[0].Value }) {
		return s, "the repository's builds set it to different things"
	}
	v := s.Set[0].Value
	if m := referencePattern.FindStringSubmatch(v); m != nil {
		if name := strings.ToUpper(m[1]); argName(name) {
			s.arg = name
			return s, ""
		}
		return s, "not a version, a commit or a date"
	}
	if _, err := plan.NewToken(v); err != nil || secretName.MatchString(s.Name) {
		return s, "what sets it is no plain value"
	}
	s.lit = v
	return s, ""
}

// referencePattern is a value that is one variable of make, sh, task, just or
// GoReleaser.
var referencePattern = regexp.MustCompile(`^(?:\$\(|\$\{|\$|\{\{\s*\.?(?:Env\.)?)([A-Za-z][A-Za-z0-9_]*)(?:\)|\}|\s*\}\})?$`)

// secretName are names that BuildKit takes for those of secrets:
// https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/.
var secretName = regexp.MustCompile(`(?i)secret|token|key|passw|credential|auth`)

var argWord = regexp.MustCompile(`^(VERSION|COMMIT|SHA|REVISION|REV|TAG|DATE|TIME|TIMESTAMP|BRANCH|HASH|NUMBER|ID)$`)

// argName reports whether a build argument of that name says what is built,
// and steers neither the build nor a tool.
func argName(name string) bool {
	words := strings.Split(name, "_")
	return len(name) <= 40 && !secretName.MatchString(name) && !strings.HasPrefix(name, "GO") && !strings.HasPrefix(name, "TARGET") &&
		!strings.HasPrefix(name, "BUILDKIT_") && !strings.HasPrefix(name, "LD_") && argWord.MatchString(words[len(words)-1])
}

// placeholder reports whether a declared value stands for a missing one.
func placeholder(v string) bool {
	return slices.Contains([]string{
		"", "dev", "devel", "(devel)", "develop", "development", "unknown", "none", "undefined", "unset", "unspecified", "n/a", "na", "-", "?",
		"local", "snapshot", "head", "main", "master", "latest", "0.0.0", "v0.0.0", "0.0.0-dev", "v0.0.0-dev", "dirty",
	}, strings.ToLower(v))
}

// companions drops a commit and a date that no build of the repository sets
// and that stand beside no version.
func companions(list []stamping) []stamping {
	return slices.DeleteFunc(list, func(s stamping) bool {
		return len(s.Set) == 0 && s.arg != "VERSION" && !slices.ContainsFunc(list, func(o stamping) bool { return o.Package == s.Package && o.arg == "VERSION" })
	})
}

// rank orders by the table, then what it does not name, then constants.
func rank(s stamping, rows []stampRow) int {
	i := slices.IndexFunc(rows, func(r stampRow) bool { return s.arg != "" && r.Arg == s.arg })
	switch {
	case i >= 0:
		return i
	case s.arg != "":
		return len(rows)
	}
	return len(rows) + 1
}

// stampPlan fills in the plan. An argument's default is what the source
// declares, so that a build without arguments makes what go build makes.
func (d *decider) stampPlan(list []stamping) error {
	for _, s := range list {
		v, err := plan.NewToken(s.Package + "." + s.Name)
		if err != nil {
			return err
		}
		out := Stamp{Var: v}
		if s.arg == "" {
			if out.Value, err = plan.NewToken(s.lit); err != nil {
				return err
			}
			d.p.Stamps = append(d.p.Stamps, out)
			continue
		}
		def, plain := common(list, s.arg)
		if out.Arg, err = plan.NewEnv(s.arg, def); err != nil {
			return err
		}
		out.Guarded = !plain && (!s.Known || s.Value != "")
		if !slices.Contains(d.p.StampArgs, out.Arg) {
			d.p.StampArgs = append(d.p.StampArgs, out.Arg)
		}
		d.p.Stamps = append(d.p.Stamps, out)
	}
	return nil
}

// common is the placeholder that all variables of an argument are declared
// with; plain is false where they have none in common.
func common(list []stamping, arg string) (def string, plain bool) {
	first := true
	for _, s := range list {
		if s.arg != arg {
			continue
		}
		if !s.Known || !placeholder(s.Value) || !first && s.Value != def {
			return "", false
		}
		def, first = s.Value, false
	}
	return def, true
}

// stampChoice writes down what is stamped, and tells how to pass it.
func (d *decider) stampChoice(list []stamping, rejected []plan.Rejected) {
	var values, args []string
	c := plan.Choice{Key: "go.stamp", Pos: record.At(list[0].pos), Link: "https://pkg.go.dev/cmd/link", Rejected: rejected}
	c.Rule = "a variable that only a build can set"
	for _, s := range list {
		if len(s.Set) > 0 {
			c.Rule, c.Pos = "what the repository's own build sets with -X", record.At(s.pos)
		}
		if s.lit != "" {
			values = append(values, fmt.Sprintf("%s.%s=%s", s.Package, s.Name, s.lit))
			continue
		}
		values = append(values, fmt.Sprintf("%s.%s=$%s", s.Package, s.Name, s.arg))
		pass := "--build-arg " + s.arg + "=" + s.row.Value
		if s.row.Value == "" {
			pass += "…"
		}
		if !slices.Contains(args, pass) {
			args = append(args, pass)
		}
	}
	c.Value = strings.Join(values, " ")
	d.Log.Choose(c)
	if len(args) > 0 {
		build := "docker build " + strings.Join(args, " ") + " ."
		d.p.StampHelp = plan.NewComment(build)
		d.Log.Note(list[0].pos, "the program knows its version when the build is told", build)
	}
}
