package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/python/syntax"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// stdio is the transport of a server of the Model Context Protocol that talks over its standard input and output, as its clients start it:
// https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#stdio.
const stdio = "stdio"

// overStreams reports whether the file talks over its standard streams unless it is told another transport: it reads standard input, and
// what chooses the transport, in the file or in one of the repository's that it imports, is stdio by default. The calls in it that listen
// are then those of the other transports.
func (w *world) overStreams(m *Module) bool {
	if w.told || m.Stdin.Pos.IsZero() || m.Stdin.Terminal {
		return false
	}
	return m.defaultsToStdio() || slices.ContainsFunc(m.uses, (*Module).defaultsToStdio)
}

// defaultsToStdio reports whether a statement of the file makes stdio the default of an option, a variable, a setting or a parameter.
func (m *Module) defaultsToStdio() bool {
	found := false
	m.each(func(s *syntax.Stmt) {
		for i, t := range s.Tokens {
			found = found || i >= 2 && t.Kind == syntax.String && !t.Dynamic && t.Text == stdio && isDefault(s, i)
		}
	})
	return found
}

// isDefault reports whether the text that is a token of a statement is the default of what is named after the transport.
func isDefault(s *syntax.Stmt, i int) bool {
	before, toks := s.Tokens[i-1], s.Tokens
	switch {
	case before.Is("or"), before.Is(","): // os.getenv("TRANSPORT", "stdio"), os.getenv("TRANSPORT") or "stdio"
		j := i - 2
		if before.Is("or") && toks[j].Is(")") {
			j--
		}
		return toks[j].Kind == syntax.String && namesTransport(toks[j].Text)
	case !before.Is("="):
		return false
	case toks[i-2].Is("default"): // add_argument("--transport", default="stdio"), transport: str = Field(default="stdio")
		return slices.ContainsFunc(toks[:i], func(t syntax.Token) bool {
			return (t.Kind == syntax.Name || t.Kind == syntax.String) && namesTransport(t.Text)
		})
	}
	// transport: str = "stdio", and def main(transport="stdio"); a call's argument is what is chosen there, and no default.
	parameter := slices.ContainsFunc(toks[:min(2, len(toks))], func(t syntax.Token) bool { return t.Is("def") })
	from := 0
	for j := i - 2; j >= 0; j-- {
		if t := toks[j]; t.Partner < 0 {
			j += t.Partner
		} else if t.Is("(") || t.Is(",") {
			from = j + 1
			break
		}
	}
	return (parameter || from == 0) && toks[from].Kind == syntax.Name && namesTransport(toks[from].Text) && !strings.HasSuffix(strings.ToLower(toks[from].Text), stdio)
}

func namesTransport(name string) bool { return strings.Contains(strings.ToLower(name), "transport") }

// starters are the files that tell how the app is started in a container.
var starters = lazy.MustCompile(`(?i)^((.*[.-])?dockerfile([.-].*)?|(docker-)?compose([.-].*)?\.ya?ml|procfile|fly\.toml|render\.ya?ml)$`)

// otherTransport matches what tells a program to listen: --transport sse, MCP_TRANSPORT=http, "--http".
var otherTransport = lazy.MustCompile(`(?i)transport\W{1,8}(sse|http|streamable)|--(sse|http)\b`)

// tellsTransport reports whether a file that tells how the app is started has it listen.
func (f *Facts) tellsTransport(t *tree.Tree) bool {
	n := 0
	for _, file := range t.Files(".") {
		if !starters.MatchString(path.Base(file)) {
			continue
		}
		if n++; n > maxItems {
			break
		}
		if text, err := t.ReadHead(file, maxSource); err == nil && otherTransport.Match(text) {
			return true
		}
	}
	return false
}
