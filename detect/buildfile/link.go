package buildfile

import (
	"go/token"
	"regexp"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// Link is one -X of the linker: https://pkg.go.dev/cmd/link.
type Link struct {
	Package, Name string
	Module        string // the variable that Package begins with, where it could not be followed: "$(MODULE)"
	Value         string // as written
	Pos           fact.Pos
}

// Sets reports whether the link means a variable.
func (l Link) Sets(pkg, name string) bool {
	if name != l.Name {
		return false
	}
	if l.Module == "" {
		return pkg == l.Package
	}
	return l.Package == "" && pkg != "main" || l.Package != "" && strings.HasSuffix(pkg, l.Package)
}

var (
	linkPattern    = regexp.MustCompile(`(?:^|[\s"'=(,\[])-{1,2}X(?:=|["']?,?\s+)(\\?["'])?((?:[\w./~@%-]|` + reference + `)+)=`)
	referenceStart = regexp.MustCompile(`^(?:` + reference + `)`)
)

// links reads the -X flags, wherever in the file they stand: most are put
// together from variables. vars leaves what it does not know.
func (f *File) links(text string, vars *scope) {
	n := 0
	for l := range strings.Lines(text) {
		n++
		if comment(l) || len(f.Links) >= maxCommands {
			continue
		}
		for _, at := range linkPattern.FindAllStringSubmatchIndex(l, 50) {
			quote := ""
			if at[2] >= 0 {
				quote = l[at[2]:at[3]]
			}
			if x, ok := parseLink(vars.expand(l[at[4]:at[5]])); ok {
				x.Value, x.Pos = linkValue(l[at[1]:], quote), fact.At(f.Name, n)
				f.Links = append(f.Links, x)
			}
		}
	}
}

// parseLink takes "PACKAGE.NAME" apart.
func parseLink(target string) (Link, bool) {
	var l Link
	if ref := referenceStart.FindString(target); ref != "" {
		l.Module, target = ref, target[len(ref):]
	}
	i := strings.LastIndexByte(target, '.')
	if i < 0 || strings.ContainsAny(target, "${}()") {
		return l, false
	}
	l.Package, l.Name = target[:i], target[i+1:]
	return l, token.IsIdentifier(l.Name) && (l.Package != "" || l.Module != "")
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
