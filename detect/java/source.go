package java

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// Sources are what a module's Java and Kotlin sources say. They are lexed,
// not searched, so that a comment or a string is never taken for code.
type Sources struct {
	Mains    []Main
	Listens  []Listen
	Imports  []fact.Fact[string] // of desktop classes: "java.awt.Font"
	Programs []fact.Fact[string] // that are started by name: "/usr/bin/dot"
	Files    int
}

// Main is a class that java can start.
type Main struct {
	Class string // as java takes it: a.b.Outer$Inner
	Boot  bool   // annotated as a Spring Boot application
	Pos   fact.Pos
}

// Listen is a place where the code names a port.
type Listen struct {
	Call string // the method or class it is handed to: "start", "InetSocketAddress"; "" for a variable of the environment alone
	Port int    // 0 where none stands in the code
	Env  string // the variable that it is read from, or ""
	Pos  fact.Pos
}

// Bounds of what is read of a module's sources.
const (
	maxSourceFiles = 4000
	maxSourceBytes = 1 << 20
	maxTokens      = 400_000
	maxFound       = 200 // of each kind, in one module
)

// readSources lexes the sources of the folders.
func readSources(t *tree.Tree, dirs []string, kotlin bool) Sources {
	var out Sources
	seen := map[string]bool{}
	for _, dir := range dirs {
		for _, file := range t.Files(dir) {
			isKotlin := strings.HasSuffix(file, ".kt")
			isSource := strings.HasSuffix(file, ".java") || isKotlin && kotlin
			if seen[file] || !isSource {
				continue
			}
			seen[file] = true
			if out.Files++; out.Files > maxSourceFiles {
				return out
			}
			text, err := t.ReadHead(file, maxSourceBytes)
			if err != nil {
				continue // a source that is no text names no main class
			}
			s := lexSource(text, isKotlin)
			f := sourceFile{file: file, kotlin: isKotlin, toks: s}
			out.Mains = limit(append(out.Mains, f.mains()...))
			out.Listens = limit(append(out.Listens, f.listens()...))
			out.Imports = limit(append(out.Imports, f.desktop()...))
			out.Programs = limit(append(out.Programs, f.programs()...))
		}
	}
	return out
}

func limit[T any](list []T) []T { return list[:min(len(list), maxFound)] }

type tokenKind uint8

const (
	punct tokenKind = iota
	ident
	str
	number
)

type token struct {
	kind tokenKind
	text string
	line int
}

// lexSource splits Java (https://docs.oracle.com/javase/specs/jls/se21/html/jls-3.html)
// or Kotlin (https://kotlinlang.org/spec/syntax-and-grammar.html) into tokens
// without comments. It never fails; what it does not know is punctuation.
func lexSource(text []byte, kotlin bool) []token {
	var out []token
	line := 1
	n := len(text)
	for i := 0; i < n && len(out) < maxTokens; {
		c := text[i]
		switch {
		case c == '\n':
			line++
			i++
		case c == ' ' || c == '\t' || c == '\r' || c == '\f':
			i++
		case c == '/' && i+1 < n && text[i+1] == '/':
			for i < n && text[i] != '\n' {
				i++
			}
		case c == '/' && i+1 < n && text[i+1] == '*':
			j := skipComment(text, i, kotlin)
			line += bytes.Count(text[i:j], []byte{'\n'})
			i = j
		case c == '"':
			j, val := lexString(text, i, kotlin)
			out = append(out, token{str, val, line})
			line += bytes.Count(text[i:j], []byte{'\n'})
			i = j
		case c == '\'':
			j := i + 1
			for j < n && text[j] != '\'' && text[j] != '\n' {
				if text[j] == '\\' {
					j++
				}
				j++
			}
			i = min(j+1, n)
			if j < n && text[j] == '\n' {
				i = j
			}
		case c == '`' && kotlin:
			j := i + 1
			for j < n && text[j] != '`' && text[j] != '\n' {
				j++
			}
			out = append(out, token{ident, string(text[i+1 : j]), line})
			i = j
			if j < n && text[j] == '`' {
				i++
			}
		case isIdentStart(c):
			j := i
			for j < n && (isIdentStart(text[j]) || text[j] >= '0' && text[j] <= '9') {
				j++
			}
			out = append(out, token{ident, string(text[i:j]), line})
			i = j
		case c >= '0' && c <= '9':
			j := i
			for j < n && (isIdentStart(text[j]) || text[j] >= '0' && text[j] <= '9') {
				j++
			}
			out = append(out, token{number, strings.ReplaceAll(string(text[i:j]), "_", ""), line})
			i = j
		default:
			out = append(out, token{punct, string(c), line})
			i++
		}
	}
	return out
}

func isIdentStart(c byte) bool {
	return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// skipComment returns the index after the comment at i; Kotlin's nest.
func skipComment(text []byte, i int, nest bool) int {
	depth := 1
	for i += 2; i+1 < len(text); i++ {
		switch {
		case text[i] == '*' && text[i+1] == '/':
			if depth--; depth == 0 {
				return i + 2
			}
			i++
		case nest && text[i] == '/' && text[i+1] == '*':
			depth++
			i++
		}
	}
	return len(text)
}

// lexString returns the index after the string at i and its text, escapes
// left as they are.
func lexString(text []byte, i int, kotlin bool) (int, string) {
	n := len(text)
	if bytes.HasPrefix(text[i:], []byte(`"""`)) {
		for j := i + 3; j < n; j++ {
			if text[j] == '\\' && !kotlin {
				j++
				continue
			}
			if bytes.HasPrefix(text[j:], []byte(`"""`)) {
				end := j + 3
				for end < n && text[end] == '"' {
					end++
				}
				return end, string(text[i+3 : j])
			}
		}
		return n, ""
	}
	braces := 0
	for j := i + 1; j < n; j++ {
		switch c := text[j]; {
		case c == '\\':
			j++
		case c == '\n':
			return j, string(text[i+1 : j])
		case kotlin && braces == 0 && c == '$' && j+1 < n && text[j+1] == '{':
			braces = 1
			j++
		case braces > 0 && c == '{':
			braces++
		case braces > 0 && c == '}':
			braces--
		case c == '"' && braces == 0:
			return j + 1, string(text[i+1 : j])
		}
	}
	return n, ""
}

type sourceFile struct {
	file   string
	kotlin bool
	toks   []token
}

func (f *sourceFile) is(i int, text string) bool {
	return i >= 0 && i < len(f.toks) && f.toks[i].text == text && f.toks[i].kind != str
}

func (f *sourceFile) kind(i int) (tokenKind, bool) {
	if i < 0 || i >= len(f.toks) {
		return 0, false
	}
	return f.toks[i].kind, true
}

func (f *sourceFile) isIdent(i int) bool {
	k, ok := f.kind(i)
	return ok && k == ident
}

func (f *sourceFile) pos(i int) fact.Pos { return fact.At(f.file, f.toks[i].line) }

// dotted reads a.b.c from token i on.
func (f *sourceFile) dotted(i int) string {
	var parts []string
	for f.isIdent(i) {
		parts = append(parts, f.toks[i].text)
		if !f.is(i+1, ".") {
			break
		}
		if f.is(i+2, "*") {
			parts = append(parts, "*")
			break
		}
		i += 2
	}
	return strings.Join(parts, ".")
}

func (f *sourceFile) pkg() string {
	for i := range f.toks {
		if f.is(i, "package") && (i == 0 || !f.is(i-1, ".")) {
			return f.dotted(i + 1)
		}
		if f.is(i, "{") {
			break
		}
	}
	return ""
}

type scope struct {
	name      string // of a type, "" for any other block
	kind      string // "class", "interface", "object"
	boot      bool
	companion bool
}

// mains finds the classes with a main method that the launcher accepts:
// https://docs.oracle.com/javase/specs/jls/se21/html/jls-12.html#jls-12.1.4
func (f *sourceFile) mains() []Main {
	var out []Main
	var stack []scope
	var pending *scope
	boot, parens := false, 0
	pendingAt := 0
	pkg := f.pkg()
	add := func(class string, i int, boot bool) {
		if pkg != "" {
			class = pkg + "." + class
		}
		out = append(out, Main{Class: class, Boot: boot, Pos: f.pos(i)})
	}
	for i := range f.toks {
		switch t := f.toks[i]; {
		case t.kind == punct && (t.text == "(" || t.text == "["):
			parens++
		case t.kind == punct && (t.text == ")" || t.text == "]"):
			parens = max(parens-1, 0)
		case t.kind == punct && t.text == "{":
			s := scope{}
			if pending != nil && parens <= pendingAt {
				s, pending = *pending, nil
			}
			stack = append(stack, s)
		case t.kind == punct && t.text == "}":
			if len(stack) > 0 {
				stack = stack[:len(stack)-1]
			}
		case t.kind == punct && t.text == ";":
			if parens == 0 {
				pending = nil
			}
		case t.kind != ident:
		case f.is(i-1, "@") && (t.text == "SpringBootApplication" || t.text == "EnableAutoConfiguration"):
			boot = true
		case f.is(i-1, "."):
		case slices.Contains([]string{"class", "interface", "enum", "record", "object"}, t.text) && f.isIdent(i+1) &&
			(t.text != "record" || f.is(i+2, "(") || f.is(i+2, "<")):
			kind := t.text
			pending = &scope{name: f.toks[i+1].text, kind: kind, boot: boot, companion: f.is(i-1, "companion")}
			pendingAt, boot = parens, false
		case t.text == "object" && f.is(i-1, "companion") && f.is(i+1, "{"):
			pending, pendingAt = &scope{name: "Companion", kind: "object", companion: true}, parens
		case !f.kotlin && t.text == "main" && f.is(i-1, "void") && f.is(i+1, "("):
			if len(stack) == 0 && pkg == "" && parens == 0 {
				// A compact source file: https://openjdk.org/jeps/512
				add(strings.TrimSuffix(path.Base(f.file), ".java"), i, false)
				continue
			}
			if !f.javaMain(i, stack) {
				continue
			}
			if name, boot, ok := typeName(stack); ok {
				add(name, i, boot)
			}
		case f.kotlin && t.text == "fun":
			pending = nil // a class without a body has no braces of its own
			if !f.is(i+1, "main") || !f.is(i+2, "(") || !f.kotlinMain(i+2) {
				continue
			}
			if len(stack) == 0 {
				add(f.fileClass(), i+1, boot)
				continue
			}
			if last := stack[len(stack)-1]; last.kind == "object" && f.annotated(i, "JvmStatic") {
				s := stack
				if last.companion {
					s = stack[:len(stack)-1]
				}
				if name, boot, ok := typeName(s); ok {
					add(name, i+1, boot)
				}
			}
		}
	}
	if f.kotlin && len(out) > 0 && slices.ContainsFunc(f.toks, func(t token) bool { return t.kind == ident && t.text == "SpringBootApplication" }) {
		// In Kotlin the annotated class and the file's main stand beside each other.
		for i := range out {
			out[i].Boot = true
		}
	}
	return out
}

// typeName joins the enclosing types; ok is false where one of the enclosing
// blocks is none.
func typeName(stack []scope) (name string, boot, ok bool) {
	var parts []string
	for _, s := range stack {
		if s.name == "" {
			return "", false, false
		}
		parts = append(parts, s.name)
		boot = boot || s.boot
	}
	return strings.Join(parts, "$"), boot, len(parts) > 0
}

// javaMain reports whether the method main at i is public static with one
// String array.
func (f *sourceFile) javaMain(i int, stack []scope) bool {
	static, public := false, len(stack) > 0 && stack[len(stack)-1].kind == "interface"
	for j := i - 2; j >= 0 && f.toks[j].kind == ident; j-- {
		static = static || f.toks[j].text == "static"
		public = public || f.toks[j].text == "public"
	}
	if !static || !public {
		return false
	}
	text, array := false, false
	for j := i + 2; j < len(f.toks); j++ {
		text = text || f.is(j, "String")
		array = array || f.is(j, "[") || f.is(j, ".") && f.is(j+1, ".")
		switch {
		case f.is(j, ")"):
			return text && array
		case f.is(j, ","), f.is(j, "{"):
			return false
		}
	}
	return false
}

// kotlinMain reports whether the parameters at the parenthesis i are those of
// a main function: none, or one of Array<String>.
// https://kotlinlang.org/docs/basic-syntax.html#program-entry-point
func (f *sourceFile) kotlinMain(i int) bool {
	if f.is(i+1, ")") {
		return true
	}
	text := false
	for j := i + 1; j < len(f.toks) && !f.is(j, ")"); j++ {
		text = text || f.is(j, "String")
		if f.is(j, ",") || f.is(j, "{") {
			return false
		}
	}
	return text
}

// annotated looks among the modifiers before i for the annotation.
func (f *sourceFile) annotated(i int, name string) bool {
	for j := i - 1; j >= 0 && j > i-12; j-- {
		if f.is(j, name) && f.is(j-1, "@") {
			return true
		}
		if f.is(j, "{") || f.is(j, "}") || f.is(j, ";") {
			return false
		}
	}
	return false
}

// fileClass is the class of a Kotlin file's top-level functions.
// https://kotlinlang.org/docs/java-to-kotlin-interop.html#package-level-functions
func (f *sourceFile) fileClass() string {
	for i := range f.toks {
		if f.is(i, "file") && f.is(i-1, "@") && f.is(i+1, ":") && f.is(i+2, "JvmName") && f.is(i+3, "(") {
			if k, ok := f.kind(i + 4); ok && k == str {
				return f.toks[i+4].text
			}
		}
	}
	name := strings.TrimSuffix(path.Base(f.file), ".kt")
	var b strings.Builder
	for i, r := range name {
		ok := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80 || i > 0 && r >= '0' && r <= '9'
		if !ok {
			r = '_'
		}
		b.WriteRune(r)
	}
	name = b.String()
	if name != "" && name[0] >= 'a' && name[0] <= 'z' {
		name = strings.ToUpper(name[:1]) + name[1:]
	}
	return name + "Kt"
}

// calls are the methods and classes that servers are handed their port by.
var calls = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"start": true, "port": true, "listen": true, "setPort": true, "bind": true, "withPort": true, "http": true,
	"InetSocketAddress": true, "ServerSocket": true, "Server": true, "addHttpListener": true, "bindNow": true,
	"localAddress": true, "forPort": true, "HttpServer": true,
}

// ownPort are the variables that name the app's own port, not that of a
// service that it calls.
var ownPort = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"PORT": true, "SERVER_PORT": true, "HTTP_PORT": true, "APP_PORT": true, "WEB_PORT": true, "LISTEN_PORT": true,
}

// listens finds where the code names a port.
func (f *sourceFile) listens() []Listen {
	var out []Listen
	env := f.envPort()
	tried := 0
	for i := range f.toks {
		t := f.toks[i]
		if t.kind != ident || !calls[t.text] || !f.is(i+1, "(") {
			continue
		}
		if len(out) >= maxFound || tried >= maxFound {
			break
		}
		if f.is(i-1, "void") || f.is(i-1, "int") || f.is(i-1, "fun") || f.is(i-1, "class") {
			continue // a declaration
		}
		first, hasEnv, args := 0, false, 0
		depth := 0
		var names []string
		for j := i + 1; j < len(f.toks) && j < i+80; j++ {
			if f.is(j, "(") {
				depth++
			} else if f.is(j, ")") {
				if depth--; depth == 0 {
					break
				}
			}
			args++
			if f.is(j, "{") {
				break
			}
			switch f.toks[j].kind {
			case number, str:
				if n := portOf(f.toks[j].text); n > 0 && first == 0 {
					first = n
				}
			case ident:
				hasEnv = hasEnv || f.is(j, "getenv")
				names = append(names, f.toks[j].text)
			case punct:
			}
		}
		l := Listen{Call: t.text, Port: first, Pos: f.pos(i)}
		switch {
		case hasEnv && env.Env != "":
			l.Env, l.Port = env.Env, env.Port
		case first == 0 && args > 1 && len(names) > 0:
			tried++
			if n, fromEnv := f.assigned(names); fromEnv && env.Env != "" {
				l.Env, l.Port = env.Env, env.Port
			} else {
				l.Port = n
			}
		}
		if l.Port > 0 {
			out = append(out, l)
		}
	}
	if env.Env != "" {
		out = append(out, env)
	}
	return out
}

// portOf reads a port of a number or a string of digits; 0 for none.
func portOf(s string) int {
	s = strings.TrimSuffix(strings.TrimSuffix(s, "L"), "l")
	n, err := strconv.Atoi(s)
	if err != nil || n < 80 || n > 65535 {
		return 0
	}
	return n
}

// envPort finds a read of the environment's PORT and the default beside it.
func (f *sourceFile) envPort() Listen {
	for i := range f.toks {
		if !f.is(i, "getenv") {
			continue
		}
		for j := i + 1; j < len(f.toks) && j < i+12; j++ {
			if f.toks[j].kind != str || !ownPort[f.toks[j].text] {
				continue
			}
			l := Listen{Env: f.toks[j].text, Pos: f.pos(j)}
			for k := j + 1; k < len(f.toks) && k < j+45; k++ {
				if n := portOf(f.toks[k].text); n > 0 && (f.toks[k].kind == number || f.toks[k].kind == str) {
					l.Port = n
					return l
				}
			}
			return l
		}
	}
	return Listen{}
}

// assigned looks for what a variable, constant or method of this file gives.
func (f *sourceFile) assigned(names []string) (port int, env bool) {
	for _, name := range names {
		for i := range f.toks {
			if !f.is(i, name) || f.toks[i].kind != ident {
				continue
			}
			end := 0
			switch {
			case f.is(i+1, "=") && !f.is(i+2, "="), f.kotlin && f.is(i+1, ":") && f.is(i+3, "="):
				end = i + 30
			case f.is(i+1, "(") && f.is(i+2, ")") && f.is(i+3, "{"):
				end = i + 60
			}
			for j := i + 1; j < end && j < len(f.toks); j++ {
				if f.is(j, ";") && end == i+30 {
					break
				}
				if f.is(j, "getenv") {
					return 0, true
				}
				if n := portOf(f.toks[j].text); n > 0 && f.toks[j].kind != ident {
					return n, false
				}
			}
		}
	}
	return 0, false
}

// desktop lists imports of java.awt and javax.swing, which draw text with the
// system's fonts.
func (f *sourceFile) desktop() []fact.Fact[string] {
	for i := range f.toks {
		if !f.is(i, "import") {
			continue
		}
		j := i + 1
		if f.is(j, "static") {
			j++
		}
		name := f.dotted(j)
		if strings.HasPrefix(name, "java.awt.") || strings.HasPrefix(name, "javax.swing.") {
			return []fact.Fact[string]{{Value: name, Pos: f.pos(i)}}
		}
	}
	return nil
}

// programs lists what the code starts as another process, where it names the
// program: the first word of exec("…") and ProcessBuilder("…").
func (f *sourceFile) programs() []fact.Fact[string] {
	var out []fact.Fact[string]
	starts := false
	for i := range f.toks {
		if (f.is(i, "ProcessBuilder") || f.is(i, "exec") && f.is(i-1, ".") && (f.is(i-4, "getRuntime") || f.is(i-2, "runtime"))) && f.isIdent(i) {
			starts = true
			if f.is(i+1, "(") {
				if k, ok := f.kind(i + 2); ok && k == str {
					if w := strings.Fields(f.toks[i+2].text); len(w) > 0 {
						out = append(out, fact.Fact[string]{Value: w[0], Pos: f.pos(i + 2)})
					}
				}
			}
		}
	}
	if starts {
		for i, t := range f.toks {
			if t.kind == str && (strings.HasPrefix(t.text, "/usr/bin/") || strings.HasPrefix(t.text, "/bin/") || strings.HasPrefix(t.text, "/usr/local/bin/")) && !strings.ContainsAny(t.text, " \t") {
				out = append(out, fact.Fact[string]{Value: t.text, Pos: f.pos(i)})
			}
		}
	}
	return out
}
