package node

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/js"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
)

// literalKind says how much of a value can be read without running code.
type settingKind int

const (
	kindComputed settingKind = iota // anything that only running it would tell
	kindScalar                      // a string, a number, true, false or null
	kindObject
	kindArray
	kindCall // of an imported function, with its arguments
)

// literal is a value of a configuration file, read and not run.
type setting struct {
	kind   settingKind
	text   string // of a scalar; of a call the module that the function is imported from
	line   int
	keys   []string // of an object, in order; the last of equal keys counts
	values []setting
	// anchored says that a scalar is a path relative to the folder of the app,
	// whatever the tool takes other paths to be relative to.
	anchored bool
	// open says that an object holds more than what could be read: a spread
	// of something that is not in this file, or a computed key.
	open bool
}

// field returns the value of an object's key.
func (l *setting) field(key string) (*setting, bool) {
	for i, v := range slices.Backward(l.keys) {
		if v == key {
			return &l.values[i], true
		}
	}
	return nil, false
}

// literalOf gives a JSON value the form that configuration written in
// JavaScript has.
func settingOf(v document.Value) setting {
	out := setting{line: v.Line}
	switch v.Kind {
	case document.Object, document.Absent:
		out.kind = kindObject
		for _, m := range v.Members {
			out.keys = append(out.keys, m.Key)
			out.values = append(out.values, settingOf(m.Value))
		}
	case document.List:
		out.kind = kindArray
		for _, e := range v.Items {
			out.values = append(out.values, settingOf(e))
		}
	default:
		out.kind, out.text = kindScalar, v.Text
	}
	return out
}

// jsToken is a token of JavaScript or TypeScript that means something.
type configToken struct {
	kind js.TokenType
	text string
	line int
}

// script is the tokens of a configuration file. TypeScript has no other
// tokens than JavaScript, and its types are skipped where they may stand.
type configScript struct {
	toks      []configToken
	closes    []int             // the closing bracket of each opening one, 0 for none
	opens     []int             // and the other way around
	imports   map[string]string // local name -> module
	constants map[string]int    // where the value of a constant starts, -1 for two of one name
	depth     int
	steps     int
	modules   []string // all that it imports, in order
	dir       string   // of the file, relative to the folder of the app
}

// jsLiteral reads the object that a JavaScript or TypeScript configuration
// file exports. It follows names to the one constant of that name in the
// file, functions that take a configuration and return it (defineConfig,
// withMDX), and functions, of which what every return says is read. What else stands there is a
// computed literal, and so is the whole where the file cannot be read. dir is
// the folder of the file, relative to the folder of the app.
func jsLiteral(text []byte, dir string) (root setting, modules []string) {
	s, ok := newConfigScript(text)
	if !ok {
		return setting{}, []string{"."} // it may import anything
	}
	s.dir = dir
	if len(s.toks) == 0 {
		return setting{kind: kindObject, line: 1}, nil // what such a module exports
	}
	named := -1 // export const config = …
	for i := range s.toks {
		switch {
		case s.is(i, js.ExportToken) && s.is(i+1, js.DefaultToken):
			return s.config(i + 2), s.modules
		case s.word(i) == "module" && s.is(i+1, js.DotToken) && s.word(i+2) == "exports" && s.is(i+3, js.EqToken) && !s.is(i-1, js.DotToken):
			return s.config(i + 4), s.modules
		case s.is(i, js.ExportToken) && s.is(i+1, js.ConstToken) && s.word(i+2) == "config":
			named = s.constant("config")
		}
	}
	if named < 0 {
		return setting{}, s.modules
	}
	return s.config(named), s.modules
}

// newConfigScript reads the tokens. ok is false where the text has one that is none.
func newConfigScript(text []byte) (*configScript, bool) {
	lines := document.NewLines(text)
	// The lexer appends a zero byte to what it is given.
	lexer := js.NewLexer(parse.NewInputBytes(bytes.Clone(text)))
	s := &configScript{imports: map[string]string{}}
	off := 0
	for {
		kind, lexeme := lexer.Next()
		if kind == js.ErrorToken {
			if off < len(text) {
				return nil, false
			}
			break
		}
		at := off
		if (kind == js.DivToken || kind == js.DivEqToken) && !s.endsValue() {
			if kind, lexeme = lexer.RegExp(); kind == js.ErrorToken {
				return nil, false
			}
		}
		off += len(lexeme)
		switch kind { //nolint:exhaustive // what has no meaning is left out
		case js.WhitespaceToken, js.LineTerminatorToken, js.CommentToken, js.CommentLineTerminatorToken:
			continue
		}
		s.toks = append(s.toks, configToken{kind, string(lexeme), lines.At(at)})
	}
	s.pair()
	s.readImports()
	return s, true
}

// endsValue reports whether the last token can end a value, so that a slash
// after it divides.
func (s *configScript) endsValue() bool {
	if len(s.toks) == 0 {
		return false
	}
	switch t := s.toks[len(s.toks)-1]; t.kind {
	case js.CloseParenToken, js.CloseBracketToken, js.CloseBraceToken, js.StringToken, js.TemplateToken, js.TemplateEndToken,
		js.RegExpToken, js.ThisToken, js.TrueToken, js.FalseToken, js.NullToken, js.SuperToken:
		return true
	default:
		return js.IsNumeric(t.kind) || js.IsIdentifier(t.kind)
	}
}

func (s *configScript) is(i int, kind js.TokenType) bool {
	return i >= 0 && i < len(s.toks) && s.toks[i].kind == kind
}

// word returns the name at i, "" where there is none.
func (s *configScript) word(i int) string {
	if i >= 0 && i < len(s.toks) && js.IsIdentifierName(s.toks[i].kind) {
		return s.toks[i].text
	}
	return ""
}

// readImports fills imports from import declarations and from constants that
// require a module.
func (s *configScript) readImports() {
	for i := range s.toks {
		switch {
		case s.is(i, js.ImportToken):
			var names []string
			j := i + 1
			for ; j < len(s.toks) && !s.is(j, js.FromToken) && !s.is(j, js.StringToken) && !s.is(j, js.SemicolonToken) && !s.is(j, js.OpenParenToken); j++ {
				if w := s.word(j); w != "" && !s.is(j+1, js.AsToken) {
					names = append(names, w)
				}
			}
			if s.is(j, js.FromToken) {
				j++
			} else {
				names = nil
			}
			if s.is(j, js.OpenParenToken) { // import("x")
				j++
			}
			if s.is(j, js.StringToken) {
				s.loads(jsText(s.toks[j].text))
				for _, n := range names {
					s.imports[n] = jsText(s.toks[j].text)
				}
			}
		case s.word(i) == "require" && s.is(i+1, js.OpenParenToken) && s.is(i+2, js.StringToken):
			module := jsText(s.toks[i+2].text)
			s.loads(module)
			if !s.is(i+3, js.CloseParenToken) || !s.is(i-1, js.EqToken) {
				continue
			}
			if s.is(i-2, js.CloseBraceToken) {
				for j := i - 3; j >= 0 && !s.is(j, js.OpenBraceToken); j-- {
					if w := s.word(j); w != "" && !s.is(j+1, js.ColonToken) {
						s.imports[w] = module
					}
				}
			} else if w := s.word(i - 2); w != "" {
				s.imports[w] = module
			}
		}
	}
}

func (s *configScript) loads(module string) { s.modules = append(s.modules, module) }

// config reads the configuration that the expression at i stands for.
func (s *configScript) config(i int) setting {
	if !s.enter() {
		return setting{}
	}
	defer s.leave()
	if s.is(i, js.AsyncToken) {
		i++
	}
	switch {
	case s.is(i, js.FunctionToken):
		j := i + 1
		for j < len(s.toks) && !s.is(j, js.OpenParenToken) {
			j++
		}
		return s.returned(s.skipType(s.closing(j) + 1))
	case s.is(i, js.OpenParenToken):
		end := s.closing(i)
		if a := s.skipType(end + 1); s.is(a, js.ArrowToken) {
			return s.returned(a + 1)
		}
		return s.config(i + 1)
	case s.word(i) != "" && s.is(i+1, js.ArrowToken):
		return s.returned(i + 2)
	case s.is(i, js.OpenBraceToken):
		l, _ := s.object(i)
		return l
	}
	name := s.word(i)
	if name == "" {
		return setting{}
	}
	open, end := s.calls(i + 1)
	if open < 0 {
		if end != i+1 { // a.b
			return setting{}
		}
		if at := s.constant(name); at >= 0 {
			return s.config(at)
		}
		return setting{}
	}
	if !passes(name) {
		return setting{}
	}
	// The first argument that is a configuration.
	for a := open + 1; a < len(s.toks) && !s.is(a, js.CloseParenToken); a = s.next(a) + 1 {
		if l := s.config(a); l.kind == kindObject {
			l.open = l.open || name == "mergeConfig"
			return l
		}
	}
	return setting{}
}

// maxSteps bounds the expressions that are read, because constants that name
// each other twice could multiply without end.
const maxSteps = 10_000

// maxDepth bounds how deep they nest, for a reader that recurses.
const maxDepth = 200

func (s *configScript) enter() bool {
	s.depth++
	s.steps++
	if s.depth > maxDepth || s.steps > maxSteps {
		s.depth--
		return false
	}
	return true
}

func (s *configScript) leave() { s.depth-- }

// passes reports whether a function of that name hands its configuration
// through: by the convention of all the frameworks' define functions and of
// Next's plugins (https://nextjs.org/docs/app/guides/mdx#configure-nextconfigmjs).
func passes(name string) bool {
	for _, p := range []string{"define", "with", "compose", "mergeConfig"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// calls skips member accesses, type arguments and calls from i on. open is
// the parenthesis of the last call, or -1.
func (s *configScript) calls(i int) (open, end int) {
	open = -1
	for {
		switch {
		case s.is(i, js.OpenParenToken):
			open, i = i, s.closing(i)+1
		case s.is(i, js.DotToken) && s.word(i+1) != "":
			i += 2
		case s.is(i, js.LtToken):
			j, depth := i, 0
			for ; j < len(s.toks); j++ {
				if s.is(j, js.LtToken) { //nolint:gocritic // a switch would take the break
					depth++
				} else if s.is(j, js.GtToken) {
					if depth--; depth == 0 {
						break
					}
				} else if s.is(j, js.SemicolonToken) || s.is(j, js.CommaToken) && depth == 0 {
					return open, i
				}
			}
			if !s.is(j+1, js.OpenParenToken) {
				return open, i
			}
			i = j + 1
		default:
			return open, i
		}
	}
}

// constant returns where the value of the one constant or function of that
// name starts, or -1.
func (s *configScript) constant(name string) int {
	if at, ok := s.constants[name]; ok {
		return at
	}
	return -1
}

// skipType skips the type that follows a colon at i.
func (s *configScript) skipType(i int) int {
	if !s.is(i, js.ColonToken) {
		return i
	}
	angle := 0
	for i++; i < len(s.toks); i++ {
		switch s.toks[i].kind { //nolint:exhaustive // the rest belongs to the type
		case js.LtToken:
			angle++
		case js.GtToken:
			angle--
		case js.GtGtToken:
			angle -= 2
		case js.EqToken, js.ArrowToken, js.SemicolonToken:
			return i
		case js.CommaToken:
			if angle <= 0 {
				return i
			}
		case js.OpenBraceToken:
			// The body of a function, unless the type itself starts with it.
			if !s.is(i-1, js.ColonToken) && !s.is(i-1, js.LtToken) {
				return i
			}
			i = s.closing(i)
		case js.OpenParenToken, js.OpenBracketToken:
			i = s.closing(i)
		}
	}
	return i
}

// returned reads what the function whose body starts at i returns. Where it
// returns in several places, what differs between them is computed.
func (s *configScript) returned(i int) setting {
	if !s.is(i, js.OpenBraceToken) {
		return s.config(i)
	}
	end, out, found := s.closing(i), setting{}, false
	for j := i + 1; j < end; j++ {
		switch {
		case s.opensFunction(j):
			j = s.closing(j) // what it returns is its own
		case s.is(j, js.ReturnToken):
			l := s.config(j + 1)
			if found {
				l = agreed(out, l)
			}
			out, found = l, true
		}
	}
	return out
}

// opensFunction reports whether the brace at i starts the body of a function
// or a method.
func (s *configScript) opensFunction(i int) bool {
	if !s.is(i, js.OpenBraceToken) || i == 0 {
		return false
	}
	if s.is(i-1, js.ArrowToken) {
		return true
	}
	open := s.opens[i-1] // of the parentheses before it
	if !s.is(i-1, js.CloseParenToken) || open < 1 {
		return false
	}
	switch s.toks[open-1].kind { //nolint:exhaustive // the statements with parentheses
	case js.IfToken, js.ForToken, js.WhileToken, js.SwitchToken, js.CatchToken, js.WithToken, js.AwaitToken:
		return false
	}
	return true
}

// agreed is what two values have in common; the rest is computed.
func agreed(a, b setting) setting {
	if a.kind == kindScalar && b.kind == kindScalar && a.text == b.text && a.anchored == b.anchored {
		return a
	}
	if a.kind != kindObject || b.kind != kindObject {
		return setting{line: a.line}
	}
	out := setting{kind: kindObject, line: a.line, open: a.open || b.open}
	for _, key := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(a.keys, b.keys)))) {
		x, _ := a.field(key)
		y, _ := b.field(key)
		var v setting
		switch {
		case x != nil && y != nil:
			v = agreed(*x, *y)
		case x != nil:
			v = agreed(*x, setting{kind: kindObject}) // what an object lacks, one that is not there lacks too
		default:
			v = agreed(*y, setting{kind: kindObject})
		}
		out.keys, out.values = append(out.keys, key), append(out.values, v)
	}
	return out
}

// closing returns the token that closes the bracket at i.
func (s *configScript) closing(i int) int {
	if i >= len(s.toks) || s.closes[i] == 0 {
		return len(s.toks)
	}
	return s.closes[i]
}

// pair fills closes, opens and constants.
func (s *configScript) pair() {
	s.closes, s.opens = make([]int, len(s.toks)), make([]int, len(s.toks))
	s.constants = map[string]int{}
	var open []int
	for i, t := range s.toks {
		switch t.kind { //nolint:exhaustive // only brackets and declarations count
		case js.OpenBraceToken, js.OpenParenToken, js.OpenBracketToken, js.TemplateStartToken:
			open = append(open, i)
		case js.CloseBraceToken, js.CloseParenToken, js.CloseBracketToken, js.TemplateEndToken:
			if n := len(open); n > 0 {
				s.closes[open[n-1]], s.opens[i] = i, open[n-1]
				open = open[:n-1]
			}
		}
	}
	declare := func(name string, at int) {
		if _, twice := s.constants[name]; twice {
			at = -1
		}
		s.constants[name] = at
	}
	for i := range s.toks {
		name := s.word(i + 1)
		switch {
		case name == "":
		case s.is(i, js.ConstToken) || s.is(i, js.LetToken) || s.is(i, js.VarToken):
			if j := s.skipType(i + 2); s.is(j, js.EqToken) {
				declare(name, j+1)
			}
		case s.is(i, js.FunctionToken):
			declare(name, i)
		}
	}
}

// next returns the comma, semicolon or closing bracket that ends the
// expression at i.
func (s *configScript) next(i int) int {
	for ; i < len(s.toks); i++ {
		switch s.toks[i].kind { //nolint:exhaustive // the rest belongs to the expression
		case js.CommaToken, js.SemicolonToken, js.CloseBraceToken, js.CloseParenToken, js.CloseBracketToken:
			return i
		case js.OpenBraceToken, js.OpenParenToken, js.OpenBracketToken, js.TemplateStartToken:
			i = s.closing(i)
		}
	}
	return i
}

// value reads the expression at i; end is the token after it.
func (s *configScript) value(i int) (l setting, end int) {
	end = s.next(i)
	if i >= len(s.toks) {
		return setting{}, end
	}
	if !s.enter() {
		return setting{}, end
	}
	defer s.leave()
	t := s.toks[i]
	l.line = t.line
	after := i + 1
	switch {
	case t.kind == js.StringToken, t.kind == js.TemplateToken:
		l.kind, l.text = kindScalar, jsText(t.text)
	case js.IsNumeric(t.kind):
		l.kind, l.text = kindScalar, strings.ReplaceAll(t.text, "_", "")
	case t.kind == js.TrueToken, t.kind == js.FalseToken, t.kind == js.NullToken, t.text == "undefined":
		l.kind, l.text = kindScalar, t.text
	case t.kind == js.OpenBraceToken:
		l, after = s.object(i)
	case t.kind == js.OpenBracketToken:
		l.kind = kindArray
		after = s.closing(i) + 1
		for j := i + 1; j < after-1; {
			v, end := s.value(j)
			l.values = append(l.values, v)
			j = end + 1
		}
	case t.kind == js.OpenParenToken && s.closing(i) == end-1:
		return s.value(i + 1)
	case s.word(i) != "":
		if file, ok := s.anchored(i, end); ok {
			l.kind, l.text, l.anchored = kindScalar, file, true
			return l, end
		}
		if computes[s.imports[t.text]] {
			return setting{line: t.line}, end
		}
		open, stop := s.calls(i + 1)
		after = stop
		switch module := s.imports[t.text]; {
		case open >= 0 && module != "":
			l.kind, l.text = kindCall, module
			for j := open + 1; j < s.closing(open); {
				v, end := s.value(j)
				l.values = append(l.values, v)
				j = end + 1
			}
		case open < 0 && stop == i+1:
			if at := s.constant(t.text); at >= 0 {
				l, _ = s.value(at)
				l.line = t.line
			}
		}
	}
	// as const, satisfies T; a name on the next line starts a statement.
	if after < end && !s.is(after, js.AsToken) && s.word(after) != "satisfies" &&
		(s.word(after) == "" || s.toks[after].line == s.toks[after-1].line) {
		return setting{line: t.line}, end
	}
	return l, end
}

// object reads the braces at i.
func (s *configScript) object(i int) (setting, int) {
	l := setting{kind: kindObject, line: s.toks[i].line}
	end := s.closing(i)
	for j := i + 1; j < end; {
		stop := s.next(j)
		t := s.toks[j]
		switch {
		case t.kind == js.EllipsisToken:
			if v := s.config(j + 1); v.kind == kindObject {
				l.keys, l.values, l.open = append(l.keys, v.keys...), append(l.values, v.values...), l.open || v.open
			} else {
				l.open = true
			}
		case s.is(j+1, js.ColonToken) && (t.kind == js.StringToken || js.IsIdentifierName(t.kind) || js.IsNumeric(t.kind)):
			v, _ := s.value(j + 2)
			key := t.text
			if t.kind == js.StringToken {
				key = jsText(key)
			}
			l.keys, l.values = append(l.keys, key), append(l.values, v)
		case js.IsIdentifierName(t.kind) && stop == j+1: // shorthand
			v, _ := s.value(j)
			l.keys, l.values = append(l.keys, t.text), append(l.values, v)
		case js.IsIdentifierName(t.kind): // a method
			k := j
			for s.is(k, js.AsyncToken) || s.is(k, js.GetToken) {
				k++
			}
			if s.word(k) == "" {
				k = j
			}
			l.keys, l.values = append(l.keys, s.word(k)), append(l.values, setting{line: t.line})
		default:
			l.open = true
		}
		j = stop + 1
	}
	return l, end + 1
}

// jsText returns the text of a string token. Escapes that Go does not share
// with JavaScript leave the text as it stands.
func jsText(s string) string {
	if len(s) < 2 {
		return s
	}
	body := s[1 : len(s)-1]
	if !strings.Contains(body, `\`) {
		return body
	}
	q := `"` + strings.NewReplacer(`\'`, `'`, "\\`", "`", `"`, `\"`, `\"`, `\"`, "\n", `\n`).Replace(body) + `"`
	if u, err := strconv.Unquote(q); err == nil {
		return u
	}
	return body
}

// posOf is the place of a literal in file.
func posOf(file string, l *setting) fact.Pos { return fact.At(file, l.line) }
