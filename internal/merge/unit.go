package merge

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Kind is the grammar of a file.
type Kind int

// The files that dockgen writes.
const (
	// Dockerfile's units are whole instructions with their continuation lines
	// and here-documents, and single comment lines.
	Dockerfile Kind = iota
	// Ignore is a .dockerignore; its units are lines.
	Ignore
	// Bake is a docker-bake.hcl; its units are blocks and comment lines.
	Bake
	// Compose is a compose.yaml; its units are services, volumes and the like, and comment lines, its sections the keys that they stand
	// below, which are merged as the stages of a Dockerfile are.
	Compose
)

// File is the usual name of a file of kind k.
func (k Kind) File() string {
	switch k {
	case Ignore:
		return ".dockerignore"
	case Bake:
		return "docker-bake.hcl"
	case Compose:
		return "compose.yaml"
	case Dockerfile:
	}
	return "Dockerfile"
}

// unit is an instruction, a comment line or a pattern, with the blank lines
// above it. Blank lines are no units of their own: nothing could tell one from
// another.
type unit struct {
	word  string   // keyword in lower case, "comment", "directive" or "pattern"
	id    string   // what stays when its value changes: "arg GO_VERSION", "from prod"
	hash  string   // of text
	text  string   // its lines with LF and no final newline
	raw   string   // its lines as they stand, each with its line ending
	blank []string // the lines above it, as they stand
	line  int      // where it starts, counted from 1
}

// parsed is a file taken apart.
type parsed struct {
	units  []unit
	end    []string // blank lines at the end
	bom    string
	crlf   bool // most lines end in CRLF
	open   bool // the last line has no newline
	escape rune
	kind   Kind
	ast    *parser.Node // of a Dockerfile
}

// directive is a parser directive, which counts only at the very top:
// https://docs.docker.com/reference/dockerfile/#parser-directives.
var directive = lazy.MustCompile(`^#\s*(?i:syntax|escape|check)\s*=`)

var returns = lazy.MustCompile(`\r+\n`)

const bom = "\xef\xbb\xbf"

// parse takes text apart. A Dockerfile that BuildKit cannot parse is a
// *fact.Error.
func parse(kind Kind, text []byte) (*parsed, error) {
	p := &parsed{escape: parser.DefaultEscapeToken, kind: kind}
	s := string(text)
	if rest, ok := strings.CutPrefix(s, bom); ok {
		p.bom, s = bom, rest
	}
	p.crlf = strings.Count(s, "\r\n")*2 > strings.Count(s, "\n")
	p.open = s != "" && !strings.HasSuffix(s, "\n")
	lines := strings.SplitAfter(s, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	nodes := map[int]*parser.Node{} // by the line they start at
	if kind == Dockerfile {
		res, err := parser.Parse(bytes.NewReader([]byte(s)))
		if err != nil {
			return nil, broken(err)
		}
		p.escape, p.ast = res.EscapeToken, res.AST
		for _, n := range res.AST.Children {
			nodes[n.StartLine] = n
		}
	}
	var blank []string
	section := ""
	top := true
	for i := 0; i < len(lines); {
		n := nodes[i+1]
		to := i + 1
		switch {
		case n != nil:
			to = max(to, min(n.EndLine, len(lines)))
		case strings.TrimSpace(lines[i]) == "":
			blank = append(blank, lines[i])
			i++
			continue
		case kind == Bake:
			to = block(lines, i)
		case kind == Compose && indentOf(lines[i]) > 0:
			to = below(lines, i)
		}
		u := unit{raw: strings.Join(lines[i:to], ""), blank: blank, line: i + 1}
		u.text = strings.TrimRight(returns.ReplaceAllString(u.raw, "\n"), "\r\n")
		u.hash = short(u.text, 12)
		identify(&u, n)
		if kind == Compose && u.word != "comment" {
			name, _, _ := strings.Cut(strings.TrimSpace(u.text), ":")
			if indentOf(lines[i]) == 0 {
				section = name
				u.word, u.id = "from", "from "+name // as a stage begins
			} else {
				u.word, u.id = "entry", section+" "+name
			}
		}
		if top = top && kind == Dockerfile && n == nil && directive.MatchString(u.text); top {
			u.word = "directive"
		}
		p.units = append(p.units, u)
		blank = nil
		i = to
	}
	p.end = blank
	if len(p.units) > maxUnits {
		return nil, fact.Errorf(fact.At(kind.File(), p.units[maxUnits].line), "has more than %d instructions and comment lines", maxUnits)
	}
	return p, nil
}

// block is the number of the line after the block of HCL that begins at line i, or after that line if it begins none: a block ends
// with the line that closes it at its own depth.
func block(lines []string, i int) int {
	if !strings.HasSuffix(strings.TrimSpace(lines[i]), "{") {
		return i + 1
	}
	indent := lines[i][:len(lines[i])-len(strings.TrimLeft(lines[i], " \t"))]
	for n := i + 1; n < len(lines); n++ {
		if strings.TrimRight(lines[n], " \t\r\n") == indent+"}" {
			return n + 1
		}
	}
	return i + 1
}

// indentOf is the number of spaces that a line begins with.
func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// below is the number of the line after line i of YAML and all that is deeper than it; a comment above another key is that key's.
func below(lines []string, i int) int {
	if strings.HasPrefix(strings.TrimSpace(lines[i]), "#") {
		return i + 1
	}
	end := i + 1
	for n := i + 1; n < len(lines); n++ {
		if strings.TrimSpace(lines[n]) == "" {
			continue
		}
		if indentOf(lines[n]) <= indentOf(lines[i]) {
			break
		}
		end = n + 1
	}
	return end
}

// maxUnits is the most units of a file that are merged, which takes time and
// memory that grow with their square. A long Dockerfile has 200.
const maxUnits = 5000

// broken gives BuildKit's parse error the form of every other error.
func broken(err error) error {
	pos := fact.At(Dockerfile.File(), 0)
	var at *parser.LocationError
	if errors.As(err, &at) && len(at.Locations) > 0 && len(at.Locations[0]) > 0 {
		pos.Line = at.Locations[0][0].Start.Line
	}
	return (&fact.Error{Pos: pos, Msg: err.Error(), Err: err}).WithHint("fix the line, then run dockgen update again; nothing was changed")
}

// short is the first n hexadecimal digits of the SHA-256 of s. Twelve of them
// tell the few hundred units of a file apart: two of 1,000 collide once in half
// a billion files, and an accident costs one line's edit, never the build.
func short(s string, n int) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])[:n]
}

// identify sets the unit's word and id: what a reader would call it when its
// value changes. Where nothing better is known it is the keyword alone.
func identify(u *unit, n *parser.Node) {
	trimmed := strings.TrimSpace(u.text)
	if n == nil {
		u.word, u.id = "pattern", trimmed
		if first, _, several := strings.Cut(trimmed, "\n"); several {
			u.word, u.id = "block", strings.TrimSpace(first)
		}
		if strings.HasPrefix(trimmed, "#") {
			u.word = "comment"
			first := ""
			if words := strings.Fields(strings.TrimLeft(trimmed, "#")); len(words) > 0 {
				first, _, _ = strings.Cut(words[0], "=")
			}
			u.id = "comment " + first
		}
		return
	}
	u.word = strings.ToLower(n.Value)
	var words []string
	for w := n.Next; w != nil; w = w.Next {
		words = append(words, w.Value)
	}
	key := ""
	switch u.word {
	case "from":
		if len(words) >= 3 && strings.EqualFold(words[1], "as") {
			key = strings.ToLower(words[2])
		}
	case "arg", "label", "env":
		if len(words) > 0 {
			key, _, _ = strings.Cut(words[0], "=")
		}
	case "copy", "add":
		key = strings.Join(n.Flags, " ")
		if i := strings.Index(key, "--from="); i >= 0 {
			key, _, _ = strings.Cut(key[i:], " ")
		} else {
			key = ""
		}
		if len(words) > 0 {
			key += " " + words[len(words)-1]
		}
	case "run":
		if len(words) > 0 {
			key, _, _ = strings.Cut(strings.TrimSpace(words[0]), " ")
		}
	}
	u.id = u.word + " " + key
}
