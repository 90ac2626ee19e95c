package syntax

import "strings"

// File is a source file as tokens.
type File struct {
	Name   string // relative to the scanned root
	Kotlin bool
	Tokens []Token

	pair   []int32 // of a bracket: the index of the other one, else -1
	blocks []block // the first is the file itself
	inside []int32 // of a token: the index of its innermost block
	// decls and writes are the declarations and assignments by name.
	decls  map[string][]decl
	writes map[string][]write
	funcs  map[string][]int // bodies of methods by name: indexes of blocks, or of "=" in Kotlin, negated
}

// block is what stands between braces.
type block struct {
	open, close int
	parent      int
	kind        blockKind
	name        string // of a type or a function
}

type blockKind uint8

const (
	codeBlock blockKind = iota // statements, lambdas, initializers
	typeBlock
	funcBlock
)

// Parse reads the text of a file.
func Parse(name string, text []byte, kotlin bool) *File {
	f := &File{Name: name, Kotlin: kotlin, Tokens: lex(text, kotlin)}
	f.match()
	f.declare()
	return f
}

// Is reports whether the tokens from i on read so. Strings never do.
func (f *File) Is(i int, texts ...string) bool {
	for k, want := range texts {
		if j := i + k; j < 0 || j >= len(f.Tokens) || f.Tokens[j].Text != want || f.Tokens[j].Kind == Str {
			return false
		}
	}
	return true
}

// Kind is the kind of token i. ok is false if there is no such token.
func (f *File) Kind(i int) (k Kind, ok bool) {
	if i < 0 || i >= len(f.Tokens) {
		return 0, false
	}
	return f.Tokens[i].Kind, true
}

// Ident reports whether token i is a name or a keyword.
func (f *File) Ident(i int) bool {
	k, ok := f.Kind(i)
	return ok && k == Ident
}

// Close is the index of the bracket that closes the one at i, or -1.
func (f *File) Close(i int) int {
	if i < 0 || i >= len(f.pair) || int(f.pair[i]) < i {
		return -1
	}
	return int(f.pair[i])
}

// Dotted reads a.b.c from token i on; next is the index after it.
func (f *File) Dotted(i int) (name string, next int) {
	var parts []string
	for f.Ident(i) {
		parts = append(parts, f.Tokens[i].Text)
		i++
		if !f.Is(i, ".") {
			break
		}
		if f.Is(i+1, "*") {
			parts = append(parts, "*")
			i += 2
			break
		}
		if !f.Ident(i + 1) {
			break
		}
		i++
	}
	return strings.Join(parts, "."), i
}

// Package is the name of the file's package, or "".
func (f *File) Package() string {
	for i := range f.Tokens {
		if f.Is(i, "package") && !f.Is(i-1, ".") {
			name, _ := f.Dotted(i + 1)
			return name
		}
		if f.Is(i, "{") {
			break
		}
	}
	return ""
}

// Imports lists what the file imports, each at the index of its token.
func (f *File) Imports(yield func(name string, at int) bool) {
	for i := range f.Tokens {
		if !f.Is(i, "import") || f.Is(i-1, ".") {
			continue
		}
		j := i + 1
		if f.Is(j, "static") {
			j++
		}
		if name, _ := f.Dotted(j); name != "" && !yield(name, i) {
			return
		}
	}
}

// match pairs the brackets and finds the blocks. A bracket of the wrong kind
// closes what is open up to its own.
func (f *File) match() {
	f.pair = make([]int32, len(f.Tokens))
	f.inside = make([]int32, len(f.Tokens))
	f.blocks = []block{{open: -1, close: len(f.Tokens), parent: -1, kind: typeBlock}}
	var stack []int
	cur, depth := 0, 0
	for i, t := range f.Tokens {
		f.pair[i] = -1
		f.inside[i] = int32(cur)
		if t.Kind != Punct {
			continue
		}
		switch t.Text {
		case "(", "[", "{":
			stack = append(stack, i)
			if t.Text == "{" && depth < maxNesting {
				depth++
				kind, name := f.header(i, f.blocks[cur].kind)
				f.blocks = append(f.blocks, block{open: i, close: len(f.Tokens), parent: cur, kind: kind, name: name})
				cur = len(f.blocks) - 1
			}
		case ")", "]", "}":
			want := map[string]string{")": "(", "]": "[", "}": "{"}[t.Text]
			k := len(stack) - 1
			for k >= 0 && k > len(stack)-64 && f.Tokens[stack[k]].Text != want {
				k--
			}
			if k < 0 || f.Tokens[stack[k]].Text != want {
				continue
			}
			for j := len(stack) - 1; j >= k; j-- { // those above k were left open
				if f.blocks[cur].open == stack[j] {
					f.blocks[cur].close = i
					cur = f.blocks[cur].parent
					depth--
				}
			}
			f.inside[i] = int32(cur)
			f.pair[stack[k]], f.pair[i] = int32(i), int32(stack[k])
			stack = stack[:k]
		}
	}
}

// maxNesting bounds the depth of blocks; deeper ones count as part of the last.
const maxNesting = 200

// maxHeader bounds how far back the header of a block is looked for, in tokens.
const maxHeader = 200

// header says what the block is that opens at i, by what stands before it.
func (f *File) header(i int, parent blockKind) (kind blockKind, name string) {
	depth := 0
	for j := i - 1; j >= 0 && j > i-maxHeader; j-- {
		t := f.Tokens[j]
		switch {
		case t.Kind == Punct && (t.Text == ")" || t.Text == "]"):
			if p := int(f.pair[j]); p >= 0 {
				// A function's name stands before its parameters.
				if t.Text == ")" && name == "" && f.Ident(p-1) && !control[f.Tokens[p-1].Text] && !f.Is(p-2, "new") && !f.Is(p-2, ".") && !f.Is(p-2, "@") {
					name = f.Tokens[p-1].Text
				}
				j = p
				continue
			}
			depth++
		case t.Kind == Punct && (t.Text == "(" || t.Text == "["):
			if depth--; depth < 0 {
				return codeBlock, "" // within an expression: a lambda
			}
		case t.Kind == Punct && (t.Text == ";" || t.Text == "{" || t.Text == "}" || t.Text == "=" || t.Text == ">" && f.Is(j-1, "-")):
			if t.Text != "=" && parent == typeBlock && name != "" {
				return funcBlock, name
			}
			return codeBlock, ""
		case t.Kind == Ident && control[t.Text]:
			return codeBlock, ""
		case t.Kind == Ident && typeWord[t.Text] && !f.Is(j-1, "."):
			if f.Ident(j + 1) {
				return typeBlock, f.Tokens[j+1].Text
			}
			return typeBlock, "" // companion object, an anonymous object
		case t.Kind == Ident && t.Text == "fun" && f.Kotlin:
			return funcBlock, name
		case t.Kind == Ident && t.Text == "new" && name == "":
			return typeBlock, "" // an anonymous class
		}
	}
	if parent == typeBlock && name != "" {
		return funcBlock, name
	}
	return codeBlock, ""
}

var (
	control  = map[string]bool{"if": true, "for": true, "while": true, "switch": true, "try": true, "catch": true, "else": true, "do": true, "synchronized": true, "when": true, "finally": true, "return": true} //nolint:gochecknoglobals // a constant table
	typeWord = map[string]bool{"class": true, "interface": true, "enum": true, "record": true, "object": true}                                                                                                    //nolint:gochecknoglobals // a constant table
)
