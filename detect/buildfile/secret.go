package buildfile

import (
	"reflect"
	"strings"

	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/internal/lazy"
)

// An address is no secret, whatever AUTH_ADDR may look like, and neither is that of a file: DATABASE_URL=sqlite:////data/x.db.
var (
	addressName  = lazy.MustCompile(`(?i)(^|_)(port|addr|address|host|listen|bind)$`)
	addressValue = lazy.MustCompile(`^([A-Za-z0-9.\[\]:-]*:)?[0-9]{1,5}$`)
	fileValue    = lazy.MustCompile(`^(sqlite|sqlite3|sqlite\+aiosqlite|file|jdbc:(sqlite|h2:file|hsqldb:file)):/[A-Za-z0-9_./+-]+([?;][A-Za-z0-9_=&;.-]*)?$`)
)

// maxValue is the longest value of a variable that is kept.
const maxValue = 4 << 10

// What may hold a secret in a Dockerfile's text: NAME=value, the older NAME value, and any word.
var (
	setting = lazy.MustCompile(`([A-Za-z_][A-Za-z0-9_.-]*)=("(?:\\.|[^"\\\n])*"|'[^'\n]*'|[^\s"'\\;]+)`)
	spaced  = lazy.MustCompile(`(?im)^([ \t]*(?:ENV|LABEL)[ \t]+)([A-Za-z_][A-Za-z0-9_.-]*)[ \t]+([^\n=]*[^\n\\=])$`)
	header  = lazy.MustCompile(`(?i)((?:authorization|x-[a-z-]*(?:key|token)|private-token):\s*(?:(?:bearer|basic|token)\s+)?)[^"'\s]+`)
	account = lazy.MustCompile(`(\s(?:-u|--user)[ =]?["']?)[A-Za-z][^"'\s:]*:[^"'\s]+`)
	// The name of a variable or an option: words, with something between them.
	plainName = lazy.MustCompile(`^\$?\{?(-{0,2}[A-Za-z]{1,20}([_.-][A-Za-z]{1,20})*|[A-Z][A-Z0-9]{0,20}(_[A-Z0-9]{1,20})*)\}?$`)
	// What providers' tokens begin with.
	issued  = lazy.MustCompile(`^(eyJ|A[KS]IA|gh[a-z]_|github_pat_|glpat-|sk_|sk-|xox[a-z]-|hf_)`)
	anyWord = lazy.MustCompile(`[^\s"']+`)
)

// hidden stands for a value that may be a secret; it still looks like one.
const hidden = "://hidden@"

// Redacted is a Dockerfile's text without the values that may be secrets. What the two say of the image is the
// same; ok is false where that cannot be.
func Redacted(text string) (redacted string, ok bool) {
	out := setting.ReplaceAllStringFunc(text, func(s string) string {
		name, value, _ := strings.Cut(s, "=")
		if !variable(name, strings.Trim(value, `"'`)).Secret {
			return s
		}
		return name + "=" + hidden
	})
	out = spaced.ReplaceAllStringFunc(out, func(s string) string {
		m := spaced.FindStringSubmatch(s)
		if !variable(m[2], strings.Trim(m[3], `"' `)).Secret {
			return s
		}
		return m[1] + m[2] + " " + hidden
	})
	out = account.ReplaceAllString(header.ReplaceAllString(out, "${1}"+hidden), "${1}"+hidden)
	out = anyWord.ReplaceAllStringFunc(out, func(s string) string {
		name, value, ok := strings.Cut(s, "=")
		switch {
		case ok && plainName.MatchString(name): // which may be as long as a key
			if value != hidden && (secret.Value(strings.TrimRight(value, "\\")) || secret.Value(" "+s)) {
				return hidden
			}
		case secret.Value(s) && (issued.MatchString(s) || !plainName.MatchString(s)):
			return hidden
		}
		return s
	})
	was, is := &File{rel: imageNames[0]}, &File{rel: imageNames[0]}
	kept := was.dockerfile(text) == is.dockerfile(out)
	for _, f := range []*File{was, is} {
		if f.Image != nil {
			f.Image.Lines = nil // the words as they are written
		}
	}
	if !kept || !reflect.DeepEqual(was.Image, is.Image) || len(was.Commands) != len(is.Commands) {
		return "", false
	}
	return out, true
}

// tellsSecret reports whether a command line has a secret in it: --password=x, --token x, https://me:x@example.com.
func tellsSecret(words []string) bool {
	for i, w := range words {
		for part := range strings.FieldsSeq(w) {
			name, value, ok := strings.Cut(part, "=")
			switch {
			case ok && !strings.ContainsAny(value, "$/") && secret.Certain(name) && value != "", ok && secret.Value(value):
				return true
			case !ok && !strings.HasPrefix(part, "-") && strings.ContainsAny(part, "0123456789@") && secret.Value(part):
				return true
			}
		}
		if i > 0 && strings.HasPrefix(words[i-1], "--") && secret.Certain(words[i-1]) && !strings.HasPrefix(w, "-") && !strings.ContainsAny(w, "$/") {
			return true
		}
	}
	return false
}

// variable is a variable whose value is dropped if it is a secret.
func variable(name, value string) Var {
	if addressName.MatchString(name) && addressValue.MatchString(value) {
		return Var{Name: name, Value: value}
	}
	if fileValue.MatchString(value) && !secret.Certain(name) {
		return Var{Name: name, Value: value}
	}
	if secret.Possible(name) || secret.Value(value) || len(value) > maxValue {
		return Var{Name: name, Secret: true}
	}
	return Var{Name: name, Value: value}
}
