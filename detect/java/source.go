package java

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/syntax"
	"github.com/dockgen/dockgen/detect/tree"
)

// Sources are what a module's Java, Kotlin, Groovy and Scala sources say. They are lexed,
// not searched, so that a comment or a string is never taken for code.
type Sources struct {
	effect.Set

	Mains   []Main
	Desktop []fact.Fact[string] // imports of java.awt and javax.swing, which draw text with the system's fonts
	// Compilers are imports of what the JDK alone has: its compiler and its other tools.
	Compilers []fact.Fact[string]
	Manifests []fact.Fact[string] // what asks for entries of the manifest of the jar that a class is in
	Count     int                 // of the source files
	// Javax, Jakarta and EJB are the first imports of Java EE's web API, of Jakarta
	// EE's, and of enterprise beans, which need more than a servlet container.
	Javax, Jakarta, EJB fact.Fact[string]

	// Injected are the placeholders without a default that fields and parameters get their value from: ${app.key}.
	Injected []fact.Fact[string]

	// Given are the settings that the code makes before the configuration is read,
	// Defaults those that the configuration overrides.
	Given, Defaults []Setting
}

// Main is a class that java can start.
type Main struct {
	Class string // as java takes it: a.b.Outer$Inner
	Boot  bool   // annotated as a Spring Boot application
	// Instance says that only Java 25 and later start it: the method is not
	// static, not public, or has no parameter. https://openjdk.org/jeps/512
	Instance bool
	Pos      fact.Pos
}

// sourceExts end the names of sources. Those of Groovy and Scala are read as far as they look like Kotlin's: ends of lines, texts, brackets.
var sourceExts = []string{".java", ".kt", ".groovy", ".scala"} //nolint:gochecknoglobals // a constant table

// Bounds of what is read of a module's sources.
const (
	maxSourceFiles = 4000
	maxSourceBytes = 1 << 20 // of one file
	maxSourceTotal = 8 << 20 // of all, beyond which no other file is read
	maxFound       = 200     // of each kind, in one module
	maxClasses     = 100     // files that are read once more, for what a name in another one holds
)

// readSources reads the sources of the folders of the module in dir. p has the configuration that they
// are started with.
func readSources(t *tree.Tree, dir string, dirs []string, kotlin bool, p *Project) (Sources, error) {
	var out Sources
	table, err := loadRules()
	if err != nil {
		return out, err
	}
	r := &sources{tree: t, byClass: map[string][]string{}, parsed: map[string]*syntax.File{}}
	for _, dir := range dirs {
		for _, file := range t.Files(dir) {
			ext := path.Ext(file)
			if !slices.Contains(sourceExts, ext) || ext == ".kt" && !kotlin || slices.Contains(r.files, file) && len(dirs) > 1 {
				continue
			}
			if len(r.files) == maxSourceFiles {
				break
			}
			r.files = append(r.files, file)
			class := strings.TrimSuffix(path.Base(file), path.Ext(file))
			r.byClass[class] = append(r.byClass[class], file)
		}
	}
	out.Count = len(r.files)
	inject := injector{p.filler()}
	var rest []effect.Route
	base := ""
	for _, key := range []string{"quarkus.rest.path", "quarkus.resteasy.path"} {
		if s, ok := p.Value(key); ok {
			base = s.Value
		}
	}
	eval := &syntax.Evaluator{Class: r.class, Convert: table.convert, Property: systemProperty, Inject: inject.value, Setting: inject.keyed(t, dir, p), Filled: inject.filledBy(r, dir, p)}
	for _, name := range r.files {
		f := r.read(name)
		if f == nil {
			continue // a source that is no text names no main class
		}
		s := sourceFile{f}
		out.Mains = limit(append(out.Mains, s.mains()...))
		out.Desktop = limit(append(out.Desktop, s.desktop()...))
		out.Compilers = limit(append(out.Compilers, s.compilers()...))
		out.Manifests = limit(append(out.Manifests, s.manifests()...))
		s.enterprise(&out)
		e := effects{rules: table, Set: &out.Set, f: f, eval: eval, fill: inject.filler}
		e.read()
		out.Injected = limit(append(out.Injected, e.injected()...))
		out.Given, out.Defaults = limit(append(out.Given, e.given...)), limit(append(out.Defaults, e.defaults...))
		rest = limit(append(rest, e.rest...))
		base = cmp.Or(e.below, base)
	}
	out.Routes = limit(append(out.Routes, under(base, rest)...))
	return out, nil
}

// sources are the files of a module.
type sources struct {
	tree    *tree.Tree
	files   []string
	byClass map[string][]string // by the class that the file is named after
	parsed  map[string]*syntax.File
	size    int // of what was read
}

func (r *sources) read(file string) *syntax.File {
	if f, ok := r.parsed[file]; ok {
		return f
	}
	if r.size > maxSourceTotal {
		return nil
	}
	text, err := r.tree.ReadHead(file, maxSourceBytes)
	if err != nil {
		return nil
	}
	r.size += len(text)
	return syntax.Parse(file, text, path.Ext(file) != ".java")
}

// class reads the files that are named after the class.
func (r *sources) class(name string) []*syntax.File {
	var out []*syntax.File
	for _, file := range r.byClass[name] {
		if _, ok := r.parsed[file]; !ok && len(r.parsed) < maxClasses {
			r.parsed[file] = r.read(file)
		}
		if f := r.parsed[file]; f != nil {
			out = append(out, f)
		}
	}
	return out
}

func limit[T any](list []T) []T { return list[:min(len(list), maxFound)] }

type sourceFile struct{ *syntax.File }

func (f sourceFile) pos(i int) fact.Pos { return fact.At(f.Name, f.Tokens[i].Line) }

type scope struct {
	name      string // of a type, "" for any other block
	kind      string // "class", "interface", "object"
	boot      bool
	companion bool
}

// mains finds the classes with a main method that the launcher accepts:
// https://docs.oracle.com/javase/specs/jls/se21/html/jls-12.html#jls-12.1.4
func (f sourceFile) mains() []Main {
	var out []Main
	var stack []scope
	var pending *scope
	boot, parens := false, 0
	pendingAt := 0
	pkg := f.Package()
	add := func(class string, i int, m Main) {
		if m.Class, m.Pos = class, f.pos(i); pkg != "" {
			m.Class = pkg + "." + class
		}
		out = append(out, m)
	}
	for i := range f.Tokens {
		switch t := f.Tokens[i]; {
		case t.Kind == syntax.Punct && (t.Text == "(" || t.Text == "["):
			parens++
		case t.Kind == syntax.Punct && (t.Text == ")" || t.Text == "]"):
			parens = max(parens-1, 0)
		case t.Kind == syntax.Punct && t.Text == "{":
			s := scope{}
			if pending != nil && parens <= pendingAt {
				s, pending = *pending, nil
			}
			stack = append(stack, s)
		case t.Kind == syntax.Punct && t.Text == "}":
			if len(stack) > 0 {
				stack = stack[:len(stack)-1]
			}
		case t.Kind == syntax.Punct && t.Text == ";":
			if parens == 0 {
				pending = nil
			}
		case t.Kind != syntax.Ident:
		case f.Is(i-1, "@") && (t.Text == "SpringBootApplication" || t.Text == "EnableAutoConfiguration"):
			boot = true
		case f.Is(i-1, "."):
		case slices.Contains([]string{"class", "interface", "enum", "record", "object"}, t.Text) && f.Ident(i+1) &&
			(t.Text != "record" || f.Is(i+2, "(") || f.Is(i+2, "<")):
			kind := t.Text
			pending = &scope{name: f.Tokens[i+1].Text, kind: kind, boot: boot, companion: f.Is(i-1, "companion")}
			pendingAt, boot = parens, false
		case t.Text == "object" && f.Is(i-1, "companion") && f.Is(i+1, "{"):
			pending, pendingAt = &scope{name: "Companion", kind: "object", companion: true}, parens
		case !f.Kotlin && t.Text == "main" && f.Is(i-1, "void") && f.Is(i+1, "("):
			if len(stack) == 0 && pkg == "" && parens == 0 {
				// A compact source file: https://openjdk.org/jeps/512
				add(strings.TrimSuffix(path.Base(f.Name), ".java"), i, Main{Instance: true})
				continue
			}
			name, boot, ok := typeName(stack)
			switch {
			case !ok:
			case f.javaMain(i, stack):
				add(name, i, Main{Boot: boot})
			case f.instanceMain(i, stack):
				add(name, i, Main{Boot: boot, Instance: true})
			}
		case f.ext() == ".scala":
			if class, ok := f.scalaMain(i, stack, pending); ok {
				add(class, i, Main{Boot: boot})
			}
		case f.ext() == ".groovy" && t.Text == "main" && f.Is(i+1, "("):
			if name, boot, ok := typeName(stack); ok && f.groovyMain(i) {
				add(name, i, Main{Boot: boot})
			}
		case f.Kotlin && t.Text == "fun":
			pending = nil // a class without a body has no braces of its own
			if !f.Is(i+1, "main") || !f.Is(i+2, "(") || !f.kotlinMain(i+2) {
				continue
			}
			if len(stack) == 0 {
				add(f.fileClass(), i+1, Main{Boot: boot})
				continue
			}
			if last := stack[len(stack)-1]; last.kind == "object" && f.annotated(i, "JvmStatic") {
				s := stack
				if last.companion {
					s = stack[:len(stack)-1]
				}
				if name, boot, ok := typeName(s); ok {
					add(name, i+1, Main{Boot: boot})
				}
			}
		}
	}
	if f.Kotlin && len(out) > 0 && slices.ContainsFunc(f.Tokens, func(t syntax.Token) bool { return t.Kind == syntax.Ident && t.Text == "SpringBootApplication" }) {
		// In Kotlin the annotated class and the file's main stand beside each other.
		for i := range out {
			out[i].Boot = true
		}
	}
	return out
}

func (f sourceFile) ext() string { return path.Ext(f.Name) }

// groovyMain reports whether the method main at i is static, with one array of texts or one parameter without a type. It is public unless it
// says otherwise: https://docs.groovy-lang.org/latest/html/documentation/#_scripts_versus_classes
func (f sourceFile) groovyMain(i int) bool {
	static := false
	for j := i - 1; j >= 0 && f.Tokens[j].Kind == syntax.Ident; j-- {
		if w := f.Tokens[j].Text; w == "private" || w == "protected" {
			return false
		}
		static = static || f.Tokens[j].Text == "static"
	}
	args := f.Args(i + 1)
	if !static || len(args) != 1 {
		return false
	}
	a, b := args[0][0], args[0][1]
	return b == a+1 || f.Is(a, "String") || f.Is(a, "final")
}

// scalaApps are the traits that have a main method, which an object of them has, too: https://docs.scala-lang.org/scala3/book/methods-main-methods.html,
// https://typelevel.org/cats-effect/docs/tutorial, https://zio.dev/reference/core/zioapp/
var scalaApps = []string{"App", "IOApp", "TaskApp", "ZIOApp", "ZIOAppDefault", "DelayedInit", "ResourceApp"} //nolint:gochecknoglobals // a constant table

// scalaMain is the class of the program that token i of Scala declares: an object with a main method or of such a trait, and what @main marks.
func (f sourceFile) scalaMain(i int, stack []scope, pending *scope) (class string, ok bool) {
	switch f.Tokens[i].Text {
	case "extends", "with":
		if pending != nil && pending.kind == "object" && len(stack) == 0 && f.Ident(i+1) && slices.Contains(scalaApps, f.Tokens[i+1].Text) {
			return pending.name, true
		}
	case "main":
		if f.Is(i-1, "@") && f.Is(i+1, "def") && f.Ident(i+2) && len(stack) == 0 {
			return f.Tokens[i+2].Text, true
		}
		if !f.Is(i-1, "def") || !f.Is(i+1, "(") || len(f.Args(i+1)) != 1 || !f.Is(f.Args(i + 1)[0][0]+2, "Array", "[", "String") {
			return "", false
		}
		if len(stack) > 0 {
			name, _, ok := typeName(stack)
			return name, ok && len(stack) == 1 && stack[0].kind == "object"
		}
		if pending != nil && pending.kind == "object" { // whose body has no braces
			return pending.name, true
		}
	}
	return "", false
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
func (f sourceFile) javaMain(i int, stack []scope) bool {
	static, public := false, len(stack) > 0 && stack[len(stack)-1].kind == "interface"
	for j := i - 2; j >= 0 && f.Tokens[j].Kind == syntax.Ident; j-- {
		static = static || f.Tokens[j].Text == "static"
		public = public || f.Tokens[j].Text == "public"
	}
	if !static || !public {
		return false
	}
	text, array := false, false
	for j := i + 2; j < len(f.Tokens); j++ {
		text = text || f.Is(j, "String")
		array = array || f.Is(j, "[") || f.Is(j, ".") && f.Is(j+1, ".")
		switch {
		case f.Is(j, ")"):
			return text && array
		case f.Is(j, ","), f.Is(j, "{"):
			return false
		}
	}
	return false
}

// instanceMain reports whether the launcher of Java 25 starts the method main
// at i: one of a class that is no part of another, not private, with one String
// array or nothing. https://openjdk.org/jeps/512
func (f sourceFile) instanceMain(i int, stack []scope) bool {
	if len(stack) != 1 || stack[0].kind != "class" && stack[0].kind != "record" {
		return false
	}
	for j := i - 2; j >= 0 && f.Tokens[j].Kind == syntax.Ident; j-- {
		if word := f.Tokens[j].Text; word == "private" || word == "abstract" {
			return false
		}
	}
	args := f.Args(i + 1)
	switch {
	case f.Is(i+1, "(", ")"):
		return true
	case len(args) != 1:
		return false
	}
	for j := args[0][0]; j < args[0][1]; j++ {
		if f.Is(j, "String") && (f.Is(j+1, "[", "]") || f.Is(j+1, ".", ".") || f.Is(j+2, "[", "]")) {
			return true
		}
	}
	return false
}

// kotlinMain reports whether the parameters at the parenthesis i are those of
// a main function: none, or one of Array<String>.
// https://kotlinlang.org/docs/basic-syntax.html#program-entry-point
func (f sourceFile) kotlinMain(i int) bool {
	if f.Is(i+1, ")") {
		return true
	}
	text := false
	for j := i + 1; j < len(f.Tokens) && !f.Is(j, ")"); j++ {
		text = text || f.Is(j, "String")
		if f.Is(j, ",") || f.Is(j, "{") {
			return false
		}
	}
	return text
}

// annotated looks among the modifiers before i for the annotation.
func (f sourceFile) annotated(i int, name string) bool {
	for j := i - 1; j >= 0 && j > i-12; j-- {
		if f.Is(j, name) && f.Is(j-1, "@") {
			return true
		}
		if f.Is(j, "{") || f.Is(j, "}") || f.Is(j, ";") {
			return false
		}
	}
	return false
}

// fileClass is the class of a Kotlin file's top-level functions.
// https://kotlinlang.org/docs/java-to-kotlin-interop.html#package-level-functions
func (f sourceFile) fileClass() string {
	for i := range f.Tokens {
		if f.Is(i, "file") && f.Is(i-1, "@") && f.Is(i+1, ":") && f.Is(i+2, "JvmName") && f.Is(i+3, "(") {
			if k, ok := f.Kind(i + 4); ok && k == syntax.Str {
				return f.Tokens[i+4].Text
			}
		}
	}
	name := strings.TrimSuffix(path.Base(f.Name), ".kt")
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

// webAPIs are the packages of the web that have moved from javax to jakarta:
// https://jakarta.ee/specifications/platform/9/jakarta-platform-spec-9#a1166
var webAPIs = []string{"servlet.", "faces.", "websocket.", "ws.rs.", "enterprise."} //nolint:gochecknoglobals // a constant table

// enterprise notes which of the APIs the file imports.
func (f sourceFile) enterprise(out *Sources) {
	for name, at := range f.Imports {
		found := fact.Fact[string]{Value: name, Pos: f.pos(at)}
		for _, x := range []struct {
			prefix string
			into   *fact.Fact[string]
		}{{"javax.", &out.Javax}, {"jakarta.", &out.Jakarta}} {
			rest, ok := strings.CutPrefix(name, x.prefix)
			if !ok {
				continue
			}
			if strings.HasPrefix(rest, "ejb.") && !out.EJB.Found() {
				out.EJB = found
			}
			if !x.into.Found() && slices.ContainsFunc(webAPIs, func(a string) bool { return strings.HasPrefix(rest, a) }) {
				*x.into = found
			}
		}
	}
}

// desktop lists imports of java.awt and javax.swing, which draw text with the
// system's fonts.
func (f sourceFile) desktop() []fact.Fact[string] {
	for name, at := range f.Imports {
		if strings.HasPrefix(name, "java.awt.") || strings.HasPrefix(name, "javax.swing.") {
			return []fact.Fact[string]{{Value: name, Pos: f.pos(at)}}
		}
	}
	return nil
}

// packageEntries are what a class asks of its package, which the manifest of its jar says:
// https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Package.html
var packageEntries = []string{ //nolint:gochecknoglobals // a constant table
	"getImplementationVersion", "getImplementationTitle", "getImplementationVendor", "getSpecificationVersion", "getSpecificationTitle", "getSpecificationVendor",
	"implementationVersion", "implementationTitle", "implementationVendor", "specificationVersion", "specificationTitle", "specificationVendor",
}

// manifests is what of the file reads the manifest of its jar.
func (f sourceFile) manifests() []fact.Fact[string] {
	for i, t := range f.Tokens {
		if t.Kind == syntax.Str && strings.HasSuffix(t.Text, "META-INF/MANIFEST.MF") || t.Kind == syntax.Ident && f.Is(i-1, ".") && slices.Contains(packageEntries, t.Text) {
			return []fact.Fact[string]{{Value: t.Text, Pos: f.pos(i)}}
		}
	}
	return nil
}

// compilers are the imports of the JDK's own tools, which no JRE has: of javax.tools, what finds the compiler.
// https://docs.oracle.com/en/java/javase/21/docs/api/java.compiler/javax/tools/ToolProvider.html,
// https://docs.oracle.com/en/java/javase/21/docs/api/jdk.jshell/module-summary.html
func (f sourceFile) compilers() []fact.Fact[string] {
	for name, at := range f.Imports {
		if name == "javax.tools.ToolProvider" || strings.HasPrefix(name, "com.sun.tools.") || strings.HasPrefix(name, "com.sun.source.") || strings.HasPrefix(name, "jdk.jshell.") {
			return []fact.Fact[string]{{Value: name, Pos: f.pos(at)}}
		}
	}
	return nil
}
