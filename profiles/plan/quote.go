package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dockgen/dockgen/internal/lazy"
)

// The types below are the only ones through which a value that comes from a
// repository reaches a template. Each either quotes what it holds for the
// place where it may stand or refuses it when it is made, so that no value
// can add an instruction, end a quote or reach another path.
// The rules of the language: https://docs.docker.com/reference/dockerfile/

// RefusedError says that a value cannot stand in a Dockerfile.
type RefusedError struct {
	What  string // the kind of value: "path", "word"
	Value string
	Why   string
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s %q: %s", e.What, e.Value, e.Why)
}

// hasControl reports whether s holds what could end a line, drive a terminal
// or show a line in another order than it is run, or is not UTF-8.
func hasControl(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || misleads(r) })
}

// misleads reports whether a rune ends a line for some readers, or changes the
// direction of those around it: https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters.
func misleads(r rune) bool {
	return r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
}

// must returns v, and panics when the constant that it is made of is refused.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// each makes one of every string, refusing the first that cannot be.
func each[T any](list []string, one func(string) (T, error)) ([]T, error) {
	out := make([]T, 0, len(list))
	for _, s := range list {
		v, err := one(s)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// Token is a bare token: a version, an image reference, a stage name, a
// package or module name. It holds only letters, digits and . _ - + / : @ ~ ^
// and never starts with a hyphen.
type Token struct{ s string }

var wordPattern = lazy.MustCompile(`^[A-Za-z0-9._/:@~^+][A-Za-z0-9._/:@~^+=-]*$`)

// NewToken returns s as a Token or refuses it.
func NewToken(s string) (Token, error) {
	if !wordPattern.MatchString(s) {
		return Token{}, &RefusedError{"word", s, "holds characters other than letters, digits and . _ - + / : @ ~ ^ ="}
	}
	return Token{s}, nil
}

// MustToken is NewToken for dockgen's own constants; it panics when s is refused.
func MustToken(s string) Token { return must(NewToken(s)) }

// Any is the pattern of words that begin with w and end with after.
func (w Token) Any(after Token) Token { return Token{w.s + "*" + after.s} }

func (w Token) String() string { return w.s }

// Tokens makes a list of words, refusing the first that is none.
func Tokens(list ...string) ([]Token, error) { return each(list, NewToken) }

// Path is a slash-separated path inside the repository or the image, clean
// and without "..". A path that ends in a slash is a folder.
type Path struct{ s string }

// NewPath returns p as a Path. It refuses a path that is empty, leaves its
// root or holds control characters.
func NewPath(p string) (Path, error) {
	switch {
	case p == "":
		return Path{}, &RefusedError{"path", p, "is empty"}
	case hasControl(p) || strings.ContainsFunc(p, func(r rune) bool { return !unicode.IsPrint(r) }):
		return Path{}, &RefusedError{"path", p, "holds control characters"}
	case strings.Contains(p, `\`):
		return Path{}, &RefusedError{"path", p, "holds a backslash"}
	}
	clean := path.Clean(p)
	if clean == ".." || strings.HasPrefix(clean, "../") {
		return Path{}, &RefusedError{"path", p, "leads outside of the repository"}
	}
	if strings.HasSuffix(p, "/") && clean != "/" {
		clean += "/"
	}
	if clean == "./" {
		clean = "."
	}
	return Path{clean}, nil
}

// MustPath is NewPath for dockgen's own constants; it panics when p is refused.
func MustPath(p string) Path { return must(NewPath(p)) }

// Paths makes a list of paths, refusing the first that is none.
func Paths(list ...string) ([]Path, error) { return each(list, NewPath) }

// Raw is the path as it is on disk.
func (p Path) Raw() string { return p.s }

// String is the path as one word of a RUN line: quoted for the shell where it
// needs to be, and no flag.
func (p Path) String() string {
	if strings.HasPrefix(p.s, "-") {
		return ShellQuote("./" + p.s)
	}
	return ShellQuote(p.s)
}

// Copy is the operands of one COPY: what to copy, and where to. It prints the
// plain form, or the JSON form where a path holds anything unusual, with $ and
// the wildcards of the sources escaped.
type Copy struct {
	From []Path
	Each []Glob
	Any  []Match
	To   Path

	below string // the folder that Compose moved the sources to, which --parents does not keep
}

// Glob is a file of that name in each folder of a folder: packages/*/package.json.
type Glob struct{ Folder, Name Path }

func (g Glob) String() string {
	return path.Join(escapeSource(g.Folder.s), "*", escapeSource(g.Name.s))
}

// Match is the one file whose name begins and ends so: target/app-*.jar.
type Match struct{ Before, After Path }

func (m Match) String() string { return escapeSource(m.Before.s) + "*" + escapeSource(m.After.s) }

// NewMatch is the file in a folder whose base name has something between before
// and after.
func NewMatch(folder, before, after string) (Match, error) {
	list, err := Paths(path.Clean(folder)+"/"+before, after)
	if err != nil {
		return Match{}, err
	}
	return Match{list[0], list[1]}, nil
}

// NewCopy copies the given repository paths to a destination. A destination
// of several sources must end in a slash.
func NewCopy(to string, from ...string) (Copy, error) {
	dst, err := NewPath(to)
	if err != nil {
		return Copy{}, err
	}
	src, err := Paths(from...)
	if err != nil {
		return Copy{}, err
	}
	return Copy{From: src, To: dst}, nil
}

// MustCopy is NewCopy for dockgen's own constants.
func MustCopy(to string, from ...string) Copy { return must(NewCopy(to, from...)) }

func (c Copy) String() string { return c.operands(false) }

// operands are those of a COPY, of one with --parents if parents is set.
func (c Copy) operands(parents bool) string {
	root := ""
	if parents && c.below != "" {
		root = escapeSource(c.below) + "/"
	}
	var words []string
	quote := false
	for _, p := range c.From {
		words = append(words, pivot(root, escapeSource(p.s)))
		quote = quote || !copySafe.MatchString(p.s)
	}
	for _, g := range c.Each {
		words = append(words, pivot(root, g.String()))
		quote = quote || !copySafe.MatchString(g.Folder.s) || !copySafe.MatchString(g.Name.s)
	}
	for _, m := range c.Any {
		words = append(words, pivot(root, m.String()))
		quote = quote || !copySafe.MatchString(m.Before.s+m.After.s)
	}
	to := escapeVariables(c.To.s)
	if to == "." && (len(c.From) != 1 || c.From[0].s != ".") {
		to = "./"
	}
	words = append(words, to)
	quote = quote || !copySafe.MatchString(c.To.s)
	if quote {
		return jsonArray(words)
	}
	return strings.Join(words, " ")
}

// pivot is a source below root that --parents copies without the folders before
// /./: https://docs.docker.com/reference/dockerfile/#copy---parents.
func pivot(root, source string) string {
	if rest, ok := strings.CutPrefix(source, root); ok && root != "" {
		return root + "./" + rest
	}
	return source
}

// copySafe are the paths of the plain form. A leading hyphen would be a flag,
// and << the start of a heredoc.
var copySafe = lazy.MustCompile(`^[A-Za-z0-9_@%+=:,./][A-Za-z0-9_@%+=:,./~-]*$`)

// escapeVariables escapes the variables that the builder would expand: https://docs.docker.com/reference/dockerfile/#environment-replacement.
func escapeVariables(p string) string { return strings.ReplaceAll(p, "$", `\$`) }

// escapeSource escapes what COPY would expand in a source: variables, and the
// wildcards of https://pkg.go.dev/path/filepath#Match.
func escapeSource(p string) string {
	return strings.NewReplacer("$", `\$`, "*", "[*]", "?", "[?]", "[", "[[]").Replace(p)
}

// Exec is a command in exec form: a JSON array, run without a shell.
type Exec []string

// String is the JSON array. A command that holds a zero byte cannot run, and
// prints as the empty array.
func (e Exec) String() string { return jsonArray(e) }

func jsonArray(words []string) string {
	var parts []string
	for _, w := range words {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(w) // a string always encodes
		var word strings.Builder
		for _, r := range strings.TrimSuffix(b.String(), "\n") {
			if misleads(r) {
				fmt.Fprintf(&word, `\u%04x`, r)
			} else {
				word.WriteRune(r)
			}
		}
		parts = append(parts, word.String())
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// Shell is one command of a RUN line, made of arguments that are quoted each.
type Shell struct{ s string }

// NewShell quotes the arguments for sh. It refuses control characters, which
// could end the line.
func NewShell(args ...string) (Shell, error) {
	var parts []string
	for _, a := range args {
		if hasControl(a) {
			return Shell{}, &RefusedError{"argument", a, "holds control characters"}
		}
		parts = append(parts, ShellQuote(a))
	}
	return Shell{strings.Join(parts, " ")}, nil
}

// With is the command with one more word, the name of the file that a pattern
// finds, and further words after it.
func (s Shell) With(m Match, args ...string) (Shell, error) {
	rest, err := NewShell(args...)
	if err != nil {
		return Shell{}, err
	}
	return Shell{strings.TrimSpace(s.s + " " + m.Before.String() + "*" + ShellQuote(m.After.s) + " " + rest.s)}, nil
}

// MustShell is NewShell for dockgen's own constants.
func MustShell(args ...string) Shell { return must(NewShell(args...)) }

// IsZero reports whether there is no command.
func (s Shell) IsZero() bool { return s.s == "" }

func (s Shell) String() string { return s.s }

var shellSafe = lazy.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// ShellQuote quotes s as one word of a POSIX shell; a word that needs no
// quotes is left bare.
func ShellQuote(s string) string {
	if shellSafe.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Text is the value of an ENV, ARG or LABEL. It prints bare where that is
// plain, else in double quotes with $, " and \ escaped.
type Text struct {
	s    string
	rest string // what follows as it is: a variable that Docker expands
}

// NewText refuses control characters and invalid UTF-8.
func NewText(s string) (Text, error) {
	if hasControl(s) {
		return Text{}, &RefusedError{"value", s, "holds control characters"}
	}
	return Text{s: s}, nil
}

// Raw is the value itself.
func (t Text) Raw() string { return t.s }

var textSafe = lazy.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

func (t Text) String() string {
	if textSafe.MatchString(t.s) {
		return t.s + t.rest
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`).Replace(t.s) + t.rest + `"`
}

// Env is one variable with its value.
type Env struct {
	Name  Token
	Value Text
	Why   Comment // the comment above it, empty for none
}

// IsEnvName reports whether a name can be that of an environment variable.
func IsEnvName(name string) bool { return envName.MatchString(name) }

var envName = lazy.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// NewEnv makes a variable; its name must be one that every shell accepts.
func NewEnv(name, value string) (Env, error) {
	if !IsEnvName(name) {
		return Env{}, &RefusedError{"variable name", name, "is not letters, digits and underscores"}
	}
	v, err := NewText(value)
	return Env{Name: Token{name}, Value: v}, err
}

// PathEnv is PATH with folders of the image before those that it has already.
func PathEnv(folders ...Path) Env {
	var list []string
	for _, p := range folders {
		list = append(list, strings.TrimSuffix(p.s, "/"))
	}
	return Env{Name: Token{"PATH"}, Value: Text{s: strings.Join(list, ":"), rest: ":$PATH"}}
}

// MustEnv is NewEnv for dockgen's own constants.
func MustEnv(name, value string) Env { return must(NewEnv(name, value)) }

func (e Env) String() string { return e.Name.s + "=" + e.Value.String() }

// Comment is text within a comment: what could end the line or drive a
// terminal is dropped.
type Comment struct{ s string }

// NewComment returns s as one line of at most 200 characters.
func NewComment(s string) Comment { return Comment{Printable(s, 200)} }

// NewCommand returns a command as one line: the whole of it, because half a command is none.
func NewCommand(s string) Comment { return Comment{Printable(s, len(s)+1)} }

func (r Comment) String() string { return r.s }

// Printable returns s on one line without control characters, cut to limit
// runes: for comments and for messages on a terminal.
func Printable(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if r := []rune(s); len(r) > limit {
		s = string(r[:limit-1]) + "…"
	}
	return strings.TrimSpace(s)
}

// Port is a TCP port.
type Port uint16

func (p Port) String() string { return strconv.Itoa(int(p)) }

// User is a numeric user and group: kubelet's runAsNonRoot cannot check names
// (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
type User struct{ UID, GID uint32 }

func (u User) String() string { return fmt.Sprintf("%d:%d", u.UID, u.GID) }

// Line is one line of a file whose text stands in a Dockerfile as a
// here-document that nothing expands.
type Line struct{ s string }

// NewLine refuses what would end the line, and the word that ends the
// here-document.
func NewLine(s string) (Line, error) {
	if hasControl(strings.ReplaceAll(s, "\t", " ")) || strings.TrimSpace(s) == "EOF" {
		return Line{}, &RefusedError{"line", s, "cannot stand in a here-document"}
	}
	return Line{s}, nil
}

// Lines makes lines of a list, refusing the first that is none.
func Lines(list ...string) ([]Line, error) { return each(list, NewLine) }

func (l Line) String() string { return l.s }
