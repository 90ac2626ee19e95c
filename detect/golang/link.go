package golang

import (
	"go/token"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// link is one -X of the linker: https://pkg.go.dev/cmd/link.
type link struct {
	pkg, name string
	module    string // the variable that pkg begins with, where it could not be followed: "$(MODULE)"
	value     string // as written
	pos       fact.Pos
}

// sets reports whether the link means a variable.
func (l link) sets(pkg, name string) bool {
	if name != l.name {
		return false
	}
	if l.module == "" {
		return pkg == l.pkg
	}
	return l.pkg == "" && pkg != "main" || l.pkg != "" && strings.HasSuffix(pkg, l.pkg)
}

// linkReference is a variable of make, of sh or of a template.
const linkReference = `\$\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\$\{[^{}\n]*\}|\$\w+|\{\{[^{}\n]*\}\}`

var (
	linkPattern    = lazy.MustCompile(`(?:^|[\s"'=(,\[])-{1,2}X(?:=|["']?,?\s+)(\\?["'])?((?:[\w./~@%-]|` + linkReference + `)+)=`)
	referenceStart = lazy.MustCompile(`^(?:` + linkReference + `)`)
)

// maxSearched is the most commands and the most links that are taken from lines
// of text.
const maxSearched = 500

// linksIn reads the -X flags, wherever in the file they stand: most are put
// together from variables. With defaults, a build has those that goreleaser
// gives to one without the key.
func linksIn(f *buildfile.File, defaults bool) []link {
	var out []link
	n := 0
	for l := range strings.Lines(f.Text) {
		n++
		if (buildfile.Line{Text: l}).Comment() || len(out) >= maxSearched {
			continue
		}
		for _, at := range linkPattern.FindAllStringSubmatchIndex(l, 50) {
			quote := ""
			if at[2] >= 0 {
				quote = l[at[2]:at[3]]
			}
			if x, ok := parseLink(f.Expand(l[at[4]:at[5]], "")); ok {
				x.value, x.pos = linkValue(l[at[1]:], quote), fact.At(f.Name, n)
				out = append(out, x)
			}
		}
	}
	if defaults {
		// What a build without the key gets: https://goreleaser.com/customization/builds/go/.
		for _, d := range []link{{name: "version", value: "{{.Version}}"}, {name: "commit", value: "{{.Commit}}"}, {name: "date", value: "{{.Date}}"}} {
			d.pkg, d.pos = "main", fact.At(f.Name, 0)
			out = append(out, d)
		}
	}
	return out
}

// parseLink takes "PACKAGE.NAME" apart.
func parseLink(target string) (link, bool) {
	var l link
	if ref := referenceStart.FindString(target); ref != "" {
		l.module, target = ref, target[len(ref):]
	}
	i := strings.LastIndexByte(target, '.')
	if i < 0 || strings.ContainsAny(target, "${}()") {
		return l, false
	}
	l.pkg, l.name = target[:i], target[i+1:]
	return l, token.IsIdentifier(l.name) && (l.pkg != "" || l.module != "")
}

// linkValue is the value at the start of rest: up to the quote that closes
// it, or, outside of quotes, up to a space.
func linkValue(rest, quote string) string {
	depth, end := 0, len(rest)
	for i, c := range rest {
		switch {
		case depth == 0 && quote != "" && strings.HasPrefix(rest[i:], quote),
			depth == 0 && quote == "" && strings.ContainsRune(" \t\"'`])},", c), c == '\n':
			end = i
		case strings.ContainsRune("({", c):
			depth++
			continue
		case strings.ContainsRune(")}", c):
			depth--
			continue
		default:
			continue
		}
		break
	}
	return fact.Clip(strings.TrimSpace(strings.TrimRight(rest[:end], `\`)))
}
