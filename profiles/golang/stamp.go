package golang

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed stamps.table
var stampsCompiled string

// stampRow is a row of stamps.yaml.
type stampRow struct {
	Arg    string   `yaml:"arg,omitempty"`
	Value  string   `yaml:"value,omitempty"`
	Skip   string   `yaml:"skip,omitempty"`
	Names  []string `yaml:"names"`
	Alone  []string `yaml:"alone,omitempty"`
	Source string   `yaml:"source"`
}

var stampRows = table.Lazy[[]stampRow]("stamps.yaml", stampsCompiled) //nolint:gochecknoglobals // decoded once

// stamping is one variable on its way into the plan.
type stamping struct {
	golang.LinkVar
	pos fact.Pos // of the build that sets it, else of the variable
	arg string
	row stampRow
	lit string // the constant that every build of the repository gives it
}

// stamps is what the linker sets.
type stamps struct {
	set       []Stamp // from build arguments
	guarded   []Stamp // from build arguments, if these are given
	constants []Stamp
	args      []plan.Env // with their defaults
	help      string     // the command that passes them
}

// decideStamps takes over what the repository's own builds set with -X, and the
// version variables that only a build can set. What a build sets from git or the
// clock becomes a build argument: .git is not in the build context, and an image
// that holds the time of its build is never built alike twice.
func decideStamps(s *source, m golang.Main) (stamps, error) {
	rows, err := stampRows()
	if err != nil {
		return stamps{}, err
	}
	var list []stamping
	var rejected []plan.Rejected
	for _, f := range m.LinkVars {
		x, why := stampingOf(f, rows)
		switch {
		case why != "":
			rejected = append(rejected, plan.Rejected{Value: printable(f.Value.Package + "." + f.Value.Name), Pos: record.At(f.Pos), Why: why})
		case x.arg != "" || x.lit != "":
			list = append(list, x)
		}
	}
	list = companions(list)
	if len(list) == 0 {
		return stamps{}, nil
	}
	slices.SortStableFunc(list, func(a, b stamping) int { return stampOrder(a, rows) - stampOrder(b, rows) })
	out, err := newStamps(s.Input, list)
	if err != nil {
		return stamps{}, err
	}
	stampChoice(s, list, rejected, out.help)
	return out, nil
}

// plan is what the build stage declares, nil for nothing. The comment begins
// with the name of an argument, as BuildKit wants it.
func (x stamps) plan() *Stamps {
	if len(x.args) == 0 {
		return nil
	}
	help := x.args[0].Name.String() + " is compiled into the program: " + x.help
	if parts := strings.SplitN(x.help, " --build-arg ", 3); len(help) > 200 && len(parts) == 3 { // more than a comment holds
		help = x.args[0].Name.String() + " is compiled into the program, and so are the others: " + strings.Join(parts[:2], " --build-arg ") + " … ."
	}
	return &Stamps{Help: plan.NewComment(help), Args: x.args}
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
		if i >= 0 && slices.Contains(rows[i].Alone, key) && !s.Written && isPlaceholder(s.Value) {
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
	return ownStamp(s)
}

// ownStamp gives a variable that no row knows the constant that the repository's
// builds agree on, or the argument of the name that they take its value from.
func ownStamp(s stamping) (stamping, string) {
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
	if _, err := plan.NewToken(v); err != nil || secret.Possible(s.Name) {
		return s, "its value is not a plain string"
	}
	s.lit = v
	return s, ""
}

// referencePattern is a value that is one variable of make, sh, task, just or
// GoReleaser.
var referencePattern = lazy.MustCompile(`^(?:\$\(|\$\{|\$|\{\{\s*\.?(?:Env\.)?)([A-Za-z][A-Za-z0-9_]*)(?:\)|\}|\s*\}\})?$`)

var argWord = lazy.MustCompile(`^(VERSION|COMMIT|SHA|REVISION|REV|TAG|DATE|TIME|TIMESTAMP|BRANCH|HASH|NUMBER|ID)$`)

// argName reports whether a build argument of that name says what is built,
// and steers neither the build nor a tool.
func argName(name string) bool {
	words := strings.Split(name, "_")
	return len(name) <= 40 && !secret.Possible(name) && !strings.HasPrefix(name, "GO") && !strings.HasPrefix(name, "TARGET") &&
		!strings.HasPrefix(name, "BUILDKIT_") && !strings.HasPrefix(name, "LD_") && argWord.MatchString(words[len(words)-1])
}

// isPlaceholder reports whether a declared value stands for a missing one.
func isPlaceholder(v string) bool {
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

// stampOrder orders by the table, then what it does not name, then constants.
func stampOrder(s stamping, rows []stampRow) int {
	i := slices.IndexFunc(rows, func(r stampRow) bool { return s.arg != "" && r.Arg == s.arg })
	switch {
	case i >= 0:
		return i
	case s.arg != "":
		return len(rows)
	}
	return len(rows) + 1
}

// newStamps sorts the variables by how they are set. An argument's default is
// what the source declares, so that a build without arguments makes what go
// build makes. If the source declares something else than the default, that
// stands unless the argument is given.
func newStamps(in record.Input, list []stamping) (stamps, error) {
	var out stamps
	var pass []string
	for _, s := range list {
		v, err := plan.NewToken(s.Package + "." + s.Name)
		if err != nil {
			return out, err
		}
		if s.arg == "" {
			value, err := plan.NewToken(s.lit)
			if err != nil {
				return out, err
			}
			out.constants = append(out.constants, Stamp{Var: v, Value: value})
			continue
		}
		def, plain := common(list, s.arg)
		arg, err := plan.NewEnv(s.arg, def)
		if err != nil {
			return out, err
		}
		if !plain && (!s.Known || s.Value != "") {
			out.guarded = append(out.guarded, Stamp{Var: v, Arg: arg.Name})
		} else {
			out.set = append(out.set, Stamp{Var: v, Arg: arg.Name})
		}
		if !slices.Contains(out.args, arg) {
			out.args = append(out.args, arg)
		}
		value := s.row.Value
		if value == "" {
			value = "…"
		}
		if flag := "--build-arg " + s.arg + "=" + value; !slices.Contains(pass, flag) {
			pass = append(pass, flag)
		}
	}
	out.help = in.DockerBuild(pass...)
	return out, nil
}

// common is the placeholder that all variables of an argument are declared
// with; plain is false where they have none in common.
func common(list []stamping, arg string) (def string, plain bool) {
	first := true
	for _, s := range list {
		if s.arg != arg {
			continue
		}
		if !s.Known || !isPlaceholder(s.Value) || !first && s.Value != def {
			return "", false
		}
		def, first = s.Value, false
	}
	return def, true
}

// stampChoice writes down what is stamped, and tells how to pass it.
func stampChoice(s *source, list []stamping, rejected []plan.Rejected, help string) {
	var values []string
	c := plan.Choice{Key: "go.stamp", Pos: record.At(list[0].pos), Link: "https://pkg.go.dev/cmd/link", Rejected: rejected}
	c.Rule = "a variable that only a build can set"
	for _, x := range list {
		if len(x.Set) > 0 {
			c.Rule, c.Pos = "what the repository's own build sets with -X", record.At(x.pos)
		}
		if x.lit != "" {
			values = append(values, fmt.Sprintf("%s.%s=%s", x.Package, x.Name, x.lit))
		} else {
			values = append(values, fmt.Sprintf("%s.%s=$%s", x.Package, x.Name, x.arg))
		}
	}
	c.Value = strings.Join(values, " ")
	s.Log.Choose(c)
	if strings.Contains(help, "--build-arg") {
		s.Log.Note(list[0].pos, "pass the version to the build, so that the program can report it", help)
	}
}
