package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node/js"
	"github.com/dockgen/dockgen/internal/lazy"
)

// SvelteKit's modules of variables, whose values its build writes into the code:
// https://svelte.dev/docs/kit/$env-static-public.
const (
	envPublic  = "$env/static/public"
	envPrivate = "$env/static/private"
)

// pages are the HTML files in which bundlers replace %NAME%:
// https://vite.dev/guide/env-and-mode#html-constant-replacement,
// https://create-react-app.dev/docs/adding-custom-environment-variables/#referencing-environment-variables-in-the-html.
var pages = []string{"index.html", "public/index.html", "src/index.html"} //nolint:gochecknoglobals // a constant table

var pageVariable = lazy.MustCompile(`%([A-Z][A-Z0-9_]*)%`)

// componentFile is code in a language of components, or the configuration of
// a tool: it runs nothing in production, but the build reads its variables.
var componentFile = lazy.MustCompile(`\.(vue|svelte|astro)$|^[^/]+\.config\.[cm]?[jt]s$`)

// script is a part of a component that is code; group 1 is its text.
var script = lazy.MustCompile(`(?is)<script\b[^>]*>(.*?)</script\s*>|\A\s*---\r?\n(.*?)\r?\n---`)

// maxScripts bounds the scripts of one component.
const maxScripts = 8

// markupVariable is a variable that the markup of a component reads.
var markupVariable = lazy.MustCompile(`\b(?:process|import\.meta)\.env(?:\?)?\.([A-Za-z_$][\w$]*)`)

// variables takes over the variables that the file reads from the environment.
func (s *source) variables() {
	for _, v := range s.Variables() {
		s.Env = append(s.Env, effect.Env{Pos: fact.At(s.Name, v.Line), Name: v.Text, Default: textOf(v.Default), Parsed: v.Parsed})
	}
	for _, m := range s.Imports {
		if m.Specifier != envPublic && m.Specifier != envPrivate || !s.is(m.Token-2, "}", "from") {
			continue
		}
		list := &s.Public
		if m.Specifier == envPrivate {
			list = &s.Private
		}
		// {A, B as b}
		for k := m.Token - 3; k >= 0 && !s.is(k, "{"); k-- {
			if s.identifier(k) && (s.is(k-1, "{") || s.is(k-1, ",")) {
				*list = append(*list, fact.New(s.text(k), s.Name, s.Line(k)))
			}
		}
	}
}

// textOf is a default as far as the source says it.
func textOf(v *js.Value) effect.Value {
	for v != nil && v.Kind == js.Env {
		v = v.Default
	}
	if v == nil || !v.Known() || v.Base != js.None {
		return effect.Value{}
	}
	return effect.Value{Text: v.Text, Sure: effect.Literal}
}

// component reads the variables of a file that is no code of Node's.
func (r *codeReader) component(file string) {
	text, err := r.modules.tree.ReadHead(file, maxSourceBytes)
	if err != nil {
		return
	}
	r.size += len(text)
	if !strings.HasSuffix(file, ".vue") && !strings.HasSuffix(file, ".svelte") && !strings.HasSuffix(file, ".astro") {
		s := source{codeReader: r, File: r.program.Add(file, text)}
		s.variables()
		return
	}
	at, ls := 0, document.NewLines(text)
	markup := func(part []byte) {
		for _, m := range markupVariable.FindAllSubmatchIndex(part, -1) {
			r.Env = append(r.Env, effect.Env{Pos: fact.At(file, ls.At(at+m[2])), Name: string(part[m[2]:m[3]])})
		}
	}
	for _, m := range script.FindAllSubmatchIndex(text, maxScripts) {
		from, to := m[2], m[3]
		if from < 0 {
			from, to = m[4], m[5]
		}
		markup(text[at:m[0]])
		// The lines before the script keep the numbers of those in it.
		code := strings.Repeat("\n", ls.At(from)-1) + string(text[from:to])
		s := source{codeReader: r, File: js.Parse(file+".ts", []byte(code))}
		s.Name = file
		s.variables()
		at = m[1]
	}
	markup(text[at:])
}

// pages reads the variables that HTML files name.
func (r *codeReader) pages(dir string) {
	for _, name := range pages {
		file := path.Join(dir, name)
		text, err := r.modules.tree.Read(file)
		if err != nil || len(text) > maxConfig {
			continue
		}
		ls := document.NewLines(text)
		for _, at := range pageVariable.FindAllSubmatchIndex(text, -1) {
			r.Env = append(r.Env, effect.Env{Pos: fact.At(file, ls.At(at[2])), Name: string(text[at[2]:at[3]])})
		}
	}
}

// required takes over the variables that a library of settings reads.
func (s *source) required(c js.Called, i int) {
	if name := c.Name; !settingsRead().names[name] && !strings.HasPrefix(name, "as") && c.Ref.Module != "convict" && c.Ref.Module != "env-schema" {
		return
	}
	v := js.Value{Kind: js.Call, Values: s.Arguments(i)}
	switch c.Kind {
	case js.Method:
		v.Text, v.Recv = c.Text, c.Recv
	case js.Reference:
		v.Ref = c.Ref
	default:
		return
	}
	if out, ok := s.modules.Call(s.Name, v); ok {
		s.variablesOf(out, s.pos(c.At), 0)
	}
}

// variablesOf takes over the variables that an object is made of.
func (s *source) variablesOf(v js.Value, pos fact.Pos, depth int) {
	switch {
	case v.Kind == js.Env && envName.MatchString(v.Text):
		s.Env = append(s.Env, effect.Env{Pos: pos, Name: v.Text, Default: textOf(v.Default), Required: v.Needed, Parsed: v.Parsed})
	case v.Kind == js.Object && depth < 8:
		for _, x := range v.Values {
			s.variablesOf(x, pos, depth+1)
		}
	}
}

// maxDemand bounds the tokens of a condition, and of what it guards.
const maxDemand = 60

// demanded takes over the variables without which the statement of an if ends the program:
// if (!process.env.A || !process.env.B) throw …
func (s *source) demanded(paren int) {
	end := s.Close(paren)
	if end >= len(s.Tokens) || end > paren+maxDemand || !s.ends(end+1) {
		return
	}
	if v, _ := s.Eval(paren + 1); v.Kind == js.Scalar && !v.Known() || v.Text == "false" && v.Kind == js.Scalar {
		return // NODE_ENV !== 'production' && …
	}
	for i := paren + 1; i < end; i++ {
		if !s.is(i-1, "(") && !s.is(i-1, "||") && !(s.is(i-1, "&&") && s.mode(paren, i)) {
			continue
		}
		negated, at := s.is(i, "!"), i
		if negated {
			at++
		}
		v, next := s.operand(at)
		last := s.is(next, ")") || s.is(next, "||") || s.is(next, "&&")
		compared := false
		for _, op := range []string{"===", "=="} {
			compared = compared || s.is(next, op) && (s.is(next+1, "undefined") || s.is(next+1, "null") || s.is(next+1, `""`) || s.is(next+1, "''"))
		}
		if negated != last || !negated && !compared {
			continue
		}
		list := []js.Value{v}
		if v.Kind == js.Either {
			list = v.Values
		}
		for _, x := range list {
			if x.Kind == js.Env && x.Default == nil && envName.MatchString(x.Text) {
				s.Env = append(s.Env, effect.Env{Pos: s.pos(paren), Name: x.Text, Required: true})
			}
		}
	}
}

// mode reports whether the condition from the parenthesis to i asks for NODE_ENV.
func (s *source) mode(paren, i int) bool {
	for k := paren; k < i; k++ {
		if s.is(k, "NODE_ENV") {
			return true
		}
	}
	return false
}

// missing takes over the variables of a list from which those are left that are not set,
// where the program then ends: ['A', 'B'].filter(name => !process.env[name]).
func (s *source) missing(paren int) {
	end := s.Close(paren)
	for i := paren + 1; i < end && i < paren+maxDemand; i++ {
		if !s.is(i, "!") || !s.is(i-1, "=>") && !s.is(i-1, "return") {
			continue
		}
		v, _ := s.operand(i + 1)
		ends := false
		for k := end; k < min(end+2*maxDemand, len(s.Tokens)); k++ {
			ends = ends || s.is(k, "throw") || s.is(k, "process", ".", "exit", "(")
		}
		if v.Kind == js.Env {
			v = js.Value{Values: []js.Value{v}}
		}
		for _, x := range v.Values {
			if ends && x.Kind == js.Env && x.Default == nil && envName.MatchString(x.Text) {
				s.Env = append(s.Env, effect.Env{Pos: s.pos(i), Name: x.Text, Required: true})
			}
		}
		return
	}
}

// wanted takes over a variable without which the call of the parenthesis throws, if each start of the program makes the call, and nothing of
// the file asks for the variable before. anywhere says that such a call is made of all programs that have it, in whichever function.
func (s *source) wanted(v js.Value, paren int, anywhere bool) {
	if v.Kind != js.Env || v.Default != nil || !envName.MatchString(v.Text) {
		return
	}
	if always := s.unconditional(); s.texts[v.Text] <= 1 && (anywhere || always[paren]) {
		s.Env = append(s.Env, effect.Env{Pos: s.pos(paren), Name: v.Text, Required: true})
	}
}

// dereferenced takes over a variable of which a method is called: process.env.HOSTS.split(','), which throws for undefined.
func (s *source) dereferenced(i int) {
	end := i + 5
	if s.is(end, "!") {
		end++
	}
	if s.identifier(i+4) && s.is(end, ".") && s.identifier(end+1) && s.is(end+2, "(") {
		s.wanted(js.Value{Kind: js.Env, Text: s.text(i + 4)}, end+2, false)
	}
}

// unconditional says of each token whether it is in a statement that runs whenever the file is loaded: not in a function or a class, and behind
// no condition. It is worked out for the whole file at once, because a file may ask for thousands of variables.
func (s *source) unconditional() []bool {
	if s.always != nil {
		return s.always
	}
	type level struct {
		outer bool // what it is in may not run
		block bool // of a function, a class or a condition
		maybe bool // what follows in the statement may not run
	}
	s.always, s.texts = make([]bool, len(s.Tokens)), map[string]int{}
	levels := []level{{}}
	asks := -1 // the last parenthesis of an if, for or while
	var opens []int
	for i, t := range s.Tokens {
		s.texts[t.Text]++
		now := &levels[len(levels)-1]
		s.always[i] = !now.outer && !now.block && !now.maybe
		if t.Kind == js.Ident && i > 0 && s.Line(i) != s.Line(i-1) && i-1 != asks && (s.identifier(i-1) && !s.is(i-1, "else") || s.is(i-1, ")") || s.is(i-1, "]") || s.is(i-1, "}")) {
			now.maybe = false // no semicolon
		}
		switch t.Text {
		case ";", "const", "let", "var", "export", "import":
			now.maybe = false
		case "if", "else", "for", "while", "switch", "function", "?", "&&", "||", "??", "=>":
			now.maybe = now.maybe || t.Kind == js.Ident || t.Kind == js.Punct
		case "(", "[", "{":
			if t.Kind != js.Punct {
				continue
			}
			opens = append(opens, i)
			before := s.text(i - 1)
			own := t.Text == "{" && (before == ")" || before == "=>" || s.identifier(i-1) && !slices.Contains([]string{"try", "return", "import", "export", "const", "let", "var", "default"}, before))
			levels = append(levels, level{outer: !s.always[i], block: own})
		case ")", "]", "}":
			if t.Kind != js.Punct || len(opens) == 0 {
				continue
			}
			open := opens[len(opens)-1]
			if t.Text == ")" && (s.is(open-1, "if") || s.is(open-1, "for") || s.is(open-1, "while")) {
				asks = i
			}
			block := levels[len(levels)-1].block
			opens, levels = opens[:len(opens)-1], levels[:len(levels)-1]
			if block {
				levels[len(levels)-1].maybe = false
			}
		}
	}
	return s.always
}

// operand is the value before the next operator.
func (s *source) operand(i int) (js.Value, int) {
	end := i + 1
	for s.is(end, ".") || s.is(end, "?.") || s.is(end, "[") {
		if s.is(end, "[") {
			end = s.Close(end) + 1
			continue
		}
		end += 2
	}
	return s.Member(i, end), end
}

// ends reports whether the statement at i ends the program, or the import of the file.
func (s *source) ends(i int) bool {
	to := i + maxDemand
	if s.is(i, "{") {
		to = min(to, s.Close(i))
	}
	for k := i; k < to && k < len(s.Tokens); k++ {
		switch {
		case s.is(k, "throw") && !s.is(k-1, "."), s.is(k, "process", ".", "exit", "("):
			return true
		case s.is(k, ";") && !s.is(i, "{"), s.is(k, "return"):
			return false
		}
	}
	return false
}
