package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// privates are the variables that say where modules come from, and which are
// nobody else's business: https://go.dev/ref/mod#private-modules.
var privates = []string{"GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE", "GOPROXY"} //nolint:gochecknoglobals // a constant table

// variables are those of the go command that are read.
var variables = append([]string{"GOFLAGS", "GOEXPERIMENT", "GODEBUG", "CGO_ENABLED", "GOWORK", "GO111MODULE", "GOOS"}, privates...) //nolint:gochecknoglobals // a constant table

var (
	// settingLine is a variable that is set for what follows: export X=v and X ?= v
	// of a shell and of make, X: v of YAML, "- X=v" of a list, ENV X=v of a
	// Dockerfile, go env -w X=v.
	settingLine = lazy.MustCompile(`^(export\s+|ENV\s+|\s*(?:-\s+)?|.*\bgo\s+env\s+-w\s+|[\w.-]+:\s*export\s+)["']?(` + strings.Join(variables, "|") + `)["']?\s*(\?=|:{1,3}=|=|:\s|\s)\s*(.*?)\s*$`)
	// exported is a line of make that hands variables to what it runs.
	exported = lazy.MustCompile(`(?m)^(?:export|\.EXPORT_ALL_VARIABLES:)[ \t]*((?:[ \t][A-Za-z_]\w*)*)[ \t]*\r?$`)
	// plainValue matches values that are safe to copy: no variables, no credentials,
	// no shell syntax.
	plainValue = lazy.MustCompile(`^[A-Za-z0-9._/*,:|?=~+ \[\]-]+$`)
	vetCommand = lazy.MustCompile(`(^|[\s;&|@"'(])go vet\b`)
)

// maxPlain is the most bytes of a value that is taken. In the pattern, such a number
// would be as many states, which every start of the program would compile.
const maxPlain = 500

// known reports whether the value of a variable of the go command is taken.
func known(name, value string) bool {
	return slices.Contains(variables, name) && len(value) <= maxPlain && plainValue.MatchString(value)
}

// goEnv are those of some variables that the go command reads.
func goEnv(list []Var) map[string]string {
	out := map[string]string{}
	for _, v := range list {
		if known(v.Name, v.Value) {
			out[v.Name] = v.Value
		}
	}
	return out
}

// Var is a variable with its value.
type Var = buildfile.Var

// vetIn is where a file runs go vet.
func vetIn(f *buildfile.File) fact.Fact[string] {
	for _, l := range buildfile.Lines(f.Text) {
		if !l.Comment() && vetCommand.MatchString(l.Text) {
			return fact.New("go vet", f.Name, l.N)
		}
	}
	return fact.Fact[string]{}
}

// settingsIn lists the variables that a file sets for every command in it.
func settingsIn(f *buildfile.File) []fact.Fact[Var] {
	if f.Kind == buildfile.Goreleaser {
		return slices.DeleteFunc(slices.Clone(f.Env), func(v fact.Fact[Var]) bool { return !known(v.Value.Name, v.Value.Value) })
	}
	// A variable of make is make's own until it is exported; a line that begins
	// with one and goes on is a command.
	isMake := (f.Kind == buildfile.Makefile || f.Kind == buildfile.Task) && path.Ext(f.Name) != ".yml" && path.Ext(f.Name) != ".yaml"
	var handed []string
	if isMake {
		for _, m := range exported.FindAllStringSubmatch(f.Text, 100) {
			names := strings.Fields(m[1])
			if len(names) == 0 {
				names = variables
			}
			handed = append(handed, names...)
		}
	}
	n := 0
	var out []fact.Fact[Var]
	for l := range strings.Lines(f.Text) {
		n++
		m := settingLine.FindStringSubmatch(strings.TrimRight(l, "\r\n"))
		if m == nil || (buildfile.Line{Text: l}).Comment() {
			continue
		}
		lead := strings.TrimSpace(m[1])
		if lead == "" && strings.TrimSpace(m[3]) == "" || isMake && lead == "" && (l[0] == '\t' || !slices.Contains(handed, m[2])) {
			continue
		}
		if v, ok := buildfile.AssignedValue(m[4]); ok && known(m[2], v) {
			out = append(out, fact.New(Var{Name: m[2], Value: v}, f.Name, n))
		}
	}
	return out
}

// Rewrite is a line of git's configuration that the repository's own files
// write: a clone from one place goes to another, or takes a credential along
// (https://git-scm.com/docs/git-config#Documentation/git-config.txt-urlltbasegtinsteadOf).
type Rewrite struct {
	From string // "https://github.com/acme/"
	SSH  string // what stands for it where that is ssh: "git@github.com:acme/"; "" for https
}

var (
	insteadOf = lazy.MustCompile(`url\.\\?["']?([^"'\s]{1,300}?)\\?["']?\.insteadOf\\?["']?[\s=]+\\?["']?(https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~/-]*)?)\\?["']?(?:\s|$|[;&|)\]},"'])`)
	sshBase   = lazy.MustCompile(`^(?:ssh://(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~/-]*)?|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:[A-Za-z0-9._~/-]*)$`)
)

// rewritesIn lists git's url.X.insteadOf lines. What stands in the place of an
// https address may hold a credential, and is not kept.
func rewritesIn(f *buildfile.File) []fact.Fact[Rewrite] {
	var out []fact.Fact[Rewrite]
	for _, l := range buildfile.Lines(f.Text) {
		if l.Comment() {
			continue
		}
		for _, m := range insteadOf.FindAllStringSubmatch(l.Text, 20) {
			x := Rewrite{From: m[2]}
			if sshBase.MatchString(m[1]) {
				x.SSH = m[1]
			} else if !strings.HasPrefix(m[1], "https://") {
				continue
			}
			out = append(out, fact.New(x, f.Name, l.N))
		}
	}
	return out
}
