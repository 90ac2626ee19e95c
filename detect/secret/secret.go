// Package secret is the one list of names that mean a secret, for all languages.
//
// There are three questions, because a wrong answer costs something else in each:
// whether a value must not be kept (Possible), whether BuildKit warns of a name
// (Linted), and whether a name means a secret although it says that it is public
// (Certain).
package secret

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/internal/lazy"
)

// word is a part of names that mean a secret.
type word struct {
	text    string
	linted  bool // BuildKit's: the word stands alone, or between _ and -
	part    bool // anywhere in a name it is reason enough not to keep the value
	certain bool // anywhere in a name it means a secret, whatever else is there
}

// words is the list. Those that BuildKit knows:
// https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/.
var words = []word{ //nolint:gochecknoglobals // a constant table
	{text: "apikey", linted: true},
	{text: "auth", linted: true, part: true},
	{text: "credential", linted: true},
	{text: "credentials", linted: true},
	{text: "key", linted: true, part: true},
	{text: "passwd", linted: true, certain: true},
	{text: "password", linted: true, certain: true},
	{text: "pword", linted: true, part: true},
	{text: "secret", linted: true, part: true, certain: true},
	{text: "token", linted: true, part: true},
	{text: "cred", part: true},
	{text: "dsn", part: true},
	{text: "pass", part: true},
	{text: "private", certain: true},
	{text: "pwd", part: true},
	{text: "salt", part: true},
	// Their URLs have a password in them.
	{text: "database_uri", part: true},
	{text: "database_url", part: true},
}

// public are the words that make a name one of no secret for BuildKit.
var public = []string{"public", "file", "version"} //nolint:gochecknoglobals // a constant table

// measures are the last words of names that say something about a secret, and have none: KEY_TYPE, TOKEN_TTL.
var measures = []string{"length", "len", "size", "type", "ttl", "expiry", "expires", "expiration", "lifetime", "timeout", "interval", "algorithm", "alg", "format", "enabled", "count", "rounds", "mode", "method", "header", "strategy"} //nolint:gochecknoglobals // a constant table

// Possible reports whether the value of a variable may be a secret, so that it
// is not kept and no image gets it. It is generous.
func Possible(name string) bool {
	name = strings.ToLower(name)
	if slices.Contains(measures, name[strings.LastIndexAny(name, "_-")+1:]) && !Certain(name) {
		return false
	}
	return slices.ContainsFunc(words, func(w word) bool { return w.part && strings.Contains(name, w.text) })
}

// Linted reports whether BuildKit warns of a build argument or a variable with
// that name.
func Linted(name string) bool {
	parts := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '_' || r == '-' })
	return slices.ContainsFunc(words, func(w word) bool { return w.linted && slices.Contains(parts, w.text) }) &&
		!slices.ContainsFunc(public, func(p string) bool { return slices.Contains(parts, p) })
}

// Certain reports whether a name means a secret even if a prefix says that
// everybody may see the value, as that of a publishable key or token does.
func Certain(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(words, func(w word) bool { return w.certain && strings.Contains(name, w.text) })
}

// values matches the user's part of a URL, a password among the settings of one or of a
// command, a JSON web token, a key, what providers' tokens begin with, and what nobody
// could read.
var values = lazy.MustCompile(`://[^/\s]*@|` +
	`(?i:(^|[^a-z])(password|passwd|pwd|secret|token|credentials?|(api|access|secret|account|shared[_-]?access)[_-]?key)=[^\s&;$"'])|` +
	`^[A-Za-z0-9+_=-]{32,}$|^eyJ|-----BEGIN|^A[KS]IA[A-Z0-9]{16}$|^(gh[a-z]_|github_pat_|glpat-|sk_|sk-|xox[a-z]-|hf_)[A-Za-z0-9_-]{10,}$`)

// Value reports whether a value looks like a secret, whatever its name is.
func Value(value string) bool { return values.MatchString(value) }
