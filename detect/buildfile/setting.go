package buildfile

import (
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// Privates are the variables that say where modules come from, and which are
// nobody else's business: https://go.dev/ref/mod#private-modules.
var Privates = []string{"GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE", "GOPROXY"} //nolint:gochecknoglobals // a constant table

// variables are those of the go command that are read.
var variables = append([]string{"GOFLAGS", "GOEXPERIMENT", "GODEBUG", "CGO_ENABLED", "GOWORK", "GO111MODULE", "GOOS"}, Privates...) //nolint:gochecknoglobals // a constant table

var (
	// settingLine is a variable that is set for what follows: export X=v and X ?= v
	// of a shell and of make, X: v of YAML, "- X=v" of a list, ENV X=v of a
	// Dockerfile, go env -w X=v.
	settingLine = regexp.MustCompile(`^(export\s+|ENV\s+|\s*(?:-\s+)?|.*\bgo\s+env\s+-w\s+|[\w.-]+:\s*export\s+)["']?(` + strings.Join(variables, "|") + `)["']?\s*(\?=|:{1,3}=|=|:\s|\s)\s*(.*?)\s*$`)
	// exported is a line of make that hands variables to what it runs.
	exported = regexp.MustCompile(`(?m)^(?:export|\.EXPORT_ALL_VARIABLES:)[ \t]*((?:[ \t][A-Za-z_]\w*)*)[ \t]*\r?$`)
	// plain is a value without references, credentials and whatever else could
	// mean something to somebody.
	plain = regexp.MustCompile(`^[A-Za-z0-9._/*,:|?=~+ \[\]-]{1,500}$`)
)

// known reports whether the value of a variable of the go command is taken.
func known(name, value string) bool {
	return slices.Contains(variables, name) && plain.MatchString(value)
}

// settings lists the variables that the file sets for every command in it.
func (f *File) settings(text string) []fact.Fact[Var] {
	// A variable of make is make's own until it is exported; a line that begins
	// with one and goes on is a command.
	isMake := (f.Kind == Makefile || f.Kind == Task) && !isYAML(f.Name)
	var handed []string
	if isMake {
		for _, m := range exported.FindAllStringSubmatch(text, 100) {
			names := strings.Fields(m[1])
			if len(names) == 0 {
				names = variables
			}
			handed = append(handed, names...)
		}
	}
	n := 0
	var out []fact.Fact[Var]
	for l := range strings.Lines(text) {
		n++
		m := settingLine.FindStringSubmatch(strings.TrimRight(l, "\r\n"))
		if m == nil || comment(l) {
			continue
		}
		lead := strings.TrimSpace(m[1])
		if lead == "" && strings.TrimSpace(m[3]) == "" || isMake && lead == "" && (l[0] == '\t' || !slices.Contains(handed, m[2])) {
			continue
		}
		if v, ok := single(m[4]); ok && known(m[2], v) {
			out = append(out, fact.New(Var{m[2], v}, f.Name, n))
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
	insteadOf = regexp.MustCompile(`url\.\\?["']?([^"'\s]{1,300}?)\\?["']?\.insteadOf\\?["']?[\s=]+\\?["']?(https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~/-]*)?)\\?["']?(?:\s|$|[;&|)\]},"'])`)
	sshBase   = regexp.MustCompile(`^(?:ssh://(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~/-]*)?|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:[A-Za-z0-9._~/-]*)$`)
)

// rewrites lists git's url.X.insteadOf lines. What stands in the place of an
// https address may hold a credential, and is not kept.
func (f *File) rewrites(lines []line) {
	for _, l := range lines {
		if comment(l.text) {
			continue
		}
		for _, m := range insteadOf.FindAllStringSubmatch(l.text, 20) {
			x := Rewrite{From: m[2]}
			if sshBase.MatchString(m[1]) {
				x.SSH = m[1]
			} else if !strings.HasPrefix(m[1], "https://") {
				continue
			}
			f.Rewrites = append(f.Rewrites, fact.New(x, f.Name, l.n))
		}
	}
}
