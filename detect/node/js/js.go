// Package js reads JavaScript and TypeScript without running it: what a name
// holds, what a module exports, and what a call is given.
//
// A file becomes tokens with matched brackets (lex.go), its names get their
// scopes and everything that is written to them (scope.go, import.go), and one
// reader turns an expression into a Value (value.go, expr.go, eval.go). Tools'
// configuration and the source of an app are asked the same way.
//
// A name belongs to the scope that declares it, and the last write before the
// use counts. Whatever only running the code would tell is a Value of the kind
// Computed, never a guess. No text is an error. Every step is bounded: time and
// memory grow with the size of the text, whatever it holds.
//
// A parser is not used: none in pure Go reads TypeScript and keeps its
// positions, and a reader that knows where expressions end does not need the
// statements between them.
package js

import (
	"path"
)

// Source gives a Program the files that modules name.
type Source interface {
	// Resolve returns the file that a module named by specifier is, seen from a
	// file, both relative to the same root.
	Resolve(from, specifier string) (string, bool)
	// Read returns the text of a file.
	Read(file string) ([]byte, bool)
	// Data returns the value of a module that is data: a JSON file, or what a
	// package reads for the app. It is asked before Resolve.
	Data(from, specifier string) (Value, bool)
	// Call returns what a call of a package's function gives, if that is known, or
	// what a member of it holds: v is that Call or Method, and from the file that holds it.
	Call(from string, v Value) (Value, bool)
}

// Program reads files that import one another. It is not safe for concurrent
// use.
type Program struct {
	// Build says that the files are run by a production build: NODE_ENV is
	// production, and no other variable is set.
	Build bool
	// Production says that NODE_ENV is production, as it is in an image.
	Production bool

	source  Source
	files   map[string]*File
	modules map[string]module // by the folder of the files that name them, a NUL, and the specifier
	// globals are the writes to members of the global object, by their names, and whether one
	// is being read.
	globals map[string][]globalWrite
	reading map[string]bool
	depth   int // of nested expressions, across files
	size    int // of the texts that are kept
}

// What is kept of files, because others may import them: modules of this size,
// and so much of them in all.
const (
	maxModule  = 64 << 10
	maxModules = 8 << 20
)

// NewProgram makes a program; source may be nil for files that stand alone.
func NewProgram(source Source) *Program {
	return &Program{source: source, files: map[string]*File{}, modules: map[string]module{}, globals: map[string][]globalWrite{}, reading: map[string]bool{}}
}

// Add reads a file of that name and text.
func (p *Program) Add(name string, text []byte) *File {
	if f := p.files[name]; f != nil {
		return f
	}
	f := &File{Name: name, program: p, values: map[int]Value{}, exported: map[string]Value{}}
	f.Tokens = lex(string(text), dialectOf(name))
	f.match()
	f.scopes()
	for _, w := range f.globals {
		if name := w.path[0]; len(p.globals[name]) <= maxCallers {
			p.globals[name] = append(p.globals[name], globalWrite{f, w})
		}
	}
	if len(text) <= maxModule && p.size+len(text) <= maxModules {
		p.size += len(text)
		p.files[name] = f
	}
	return f
}

// File is a file that was read before and is kept; nil if there is none.
func (p *Program) File(name string) *File { return p.files[name] }

// Hand says that another file calls a function, or makes an object of a class, of the
// program with arguments. It returns the name of the function's file, whose values say more
// once it is forgotten, and "" if there is nothing new.
func (p *Program) Hand(fn Value, args func() []Value) (file string) {
	if fn.Kind != Function || fn.file == nil || p.files[fn.file.Name] != fn.file {
		return ""
	}
	f := fn.file
	if f.handed == nil {
		f.handed = map[int32][][]Value{}
	}
	switch n := len(f.handed[fn.scope]); {
	case n > maxCallers:
		return ""
	case n == maxCallers:
		f.handed[fn.scope] = append(f.handed[fn.scope], nil) // more than are read
	default:
		f.handed[fn.scope] = append(f.handed[fn.scope], args())
	}
	return f.Name
}

// Forget drops what was read of a file's values, so that they are read anew.
func (p *Program) Forget(name string) {
	if f := p.files[name]; f != nil {
		f.values, f.exported, f.steps = map[int]Value{}, map[string]Value{}, 0
	}
}

// Parse reads a file that stands alone.
func Parse(name string, text []byte) *File { return NewProgram(nil).Add(name, text) }

// module is what a specifier stands for in the files of one folder: data, or a file of the source.
type module struct {
	data   Value
	isData bool
	file   string // "" for none
}

// module asks the source once.
func (p *Program) module(from, specifier string) module {
	key := path.Dir(from) + "\x00" + specifier
	m, ok := p.modules[key]
	if ok {
		return m
	}
	if m.data, m.isData = p.source.Data(from, specifier); !m.isData {
		m.file, _ = p.source.Resolve(from, specifier)
	}
	p.modules[key] = m
	return m
}

// load returns the file or the data that a module names.
func (p *Program) load(from, specifier string) (*File, Value, bool) {
	if p.source == nil {
		return nil, Value{}, false
	}
	m := p.module(from, specifier)
	switch {
	case m.isData:
		return nil, m.data, true
	case m.file == "":
		return nil, Value{}, false
	}
	if f := p.files[m.file]; f != nil {
		return f, Value{}, true
	}
	if p.size+maxModule > maxModules || !isSource(m.file) {
		return nil, Value{}, false
	}
	text, ok := p.source.Read(m.file)
	if !ok || len(text) > maxModule {
		return nil, Value{}, false
	}
	return p.Add(m.file, text), Value{}, true
}

func isSource(name string) bool {
	switch path.Ext(name) {
	case ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx":
		return true
	}
	return false
}

// File is a file that was read.
type File struct {
	Name    string // relative to the root of the Source
	Tokens  []Token
	Imports []Import // in order

	program   *Program
	matches   []int32 // the other bracket of each bracket, -1 for none
	stops     []int32 // the token that ends the expression at each token
	starts    []bool  // whether an automatic semicolon stands before the token
	inside    []int32 // the scope of each token
	scope     []scope
	bindings  []binding
	exports   map[string]export
	results   map[int32][]int            // what functions return, by their scopes
	functions map[int]int32              // the scopes of functions and classes, by their first token
	stars     []string                   // export * from
	commonJS  []write                    // to module.exports and exports
	fields    map[field][]write          // this.name = …
	calls     map[string][]int           // the parentheses of the calls of each plain name, and of ".forEach" and the like
	methods   map[int32]map[string]int32 // the scopes of the methods, by those of the classes
	globals   []write                    // to members of the global object
	handed    map[int32][][]Value        // the arguments of calls in other files, by the scope of the function or class

	values   map[int]Value // of expressions without parameters, by their first token
	exported map[string]Value
	steps    int
}
