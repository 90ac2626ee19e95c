package js

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// ValueKind says how much of a value can be read without running code.
type ValueKind uint8

// The kinds of values.
const (
	Computed  ValueKind = iota // only running the code would tell
	Scalar                     // a string, a number, true, false, null or undefined
	Object                     // Keys and Values
	Array                      // Values
	Parts                      // a string that starts with Text and goes on with something computed
	Env                        // the environment variable Text, with Default if there is nothing in it
	Reference                  // what Ref names: a module, a part of it, or a global
	Call                       // what a call of Ref, or of the method Text of Recv, gave
	Method                     // the member Text of Recv, which is a Call or Computed
	Function                   // a function or class of a file
	Either                     // one of Values
)

// Type says what a Scalar is.
type Type uint8

// The types of scalars.
const (
	Text Type = iota
	Numeric
	Word // true, false, null, undefined
)

// Base says what a path is relative to.
type Base uint8

// The bases.
const (
	None    Base = iota // the value says nothing of it, or is no path
	Root                // the root of the Source: the code named its own folder
	WorkDir             // the working directory of the process
	Temp
	Home
	Main // the folder of the file that the process was started with
)

// Ref names a part of a module, or a global if Module is "".
type Ref struct {
	Module string // as it was imported, without "node:"
	Name   string // the members, joined by dots; "" for the module or its default
}

// Value is what an expression stands for.
type Value struct {
	Kind ValueKind
	Type Type
	Base Base
	// Open says that an object or an array holds more than what could be read.
	Open   bool
	Text   string
	File   string
	Line   int
	Token  int // the first token of the expression
	Keys   []string
	Values []Value // of a Call, its arguments
	Ref    Ref
	Recv   *Value // of a Call and of a Method, the receiver
	// Default is what an Env stands for if the variable is not set; nil if the
	// source does not say.
	Default *Value
	// Parsed says that a number is made of an Env, and Derived that a text is.
	Parsed, Derived bool
	// Needed says of an Env that the program fails without it.
	Needed bool
	// Named is the name by which a Call calls its function.
	Named string

	// Made is where a Call stands, so that an object is known by every name, or the
	// Code of the function that is handed the object.
	Made Site

	file  *File // of a Function or of a module of the program
	scope int32 // of a Function, or of the class that a Call made an object of
}

// Site is a place in a file of the program; the zero value is none.
type Site struct {
	File  string
	Token int
}

// Code is where a Function is defined.
func (v *Value) Code() Site {
	if v.Kind != Function || v.file == nil {
		return Site{}
	}
	return Site{v.file.Name, int(v.file.scope[v.scope].from)}
}

// TakesNothing reports whether it is a function without parameters.
func (v *Value) TakesNothing() bool {
	if v.Kind != Function || v.file == nil {
		return false
	}
	open := int(v.file.scope[v.scope].open)
	return v.file.is(open, "(") && v.file.is(open+1, ")")
}

// Field returns a member of an object; of equal keys the last counts.
func (v *Value) Field(key string) (*Value, bool) {
	for i, v0 := range slices.Backward(v.Keys) {
		if v0 == key {
			return &v.Values[i], true
		}
	}
	return nil, false
}

// Known reports whether v is a Scalar and not undefined or null.
func (v *Value) Known() bool {
	return v.Kind == Scalar && !v.nothing()
}

func (v *Value) nothing() bool {
	return v.Kind == Scalar && v.Type == Word && (v.Text == "undefined" || v.Text == "null")
}

// IsString reports whether v is a string.
func (v *Value) IsString() bool { return v.Kind == Scalar && v.Type == Text }

// falsy reports whether a Scalar counts as false.
func (v *Value) falsy() bool {
	switch v.Type {
	case Text:
		return v.Text == ""
	case Numeric:
		return v.Text == "0" || v.Text == "NaN"
	default:
		return v.Text != "true"
	}
}

// Of builds values for a Source: a string of a data file.
func Of(text, file string, line int) Value {
	return Value{Kind: Scalar, Text: text, File: file, Line: line}
}

func word(text string) Value { return Value{Kind: Scalar, Type: Word, Text: text} }

func itoa(n int) string { return strconv.Itoa(n) }

// number is the value of a numeric literal: https://tc39.es/ecma262/#sec-literals-numeric-literals.
func number(text string) Value {
	s := strings.ReplaceAll(strings.TrimSuffix(text, "n"), "_", "")
	if n, err := strconv.ParseInt(s, 0, 64); err == nil && !(len(s) > 1 && s[0] == '0' && isDigit(s[1])) {
		return Value{Kind: Scalar, Type: Numeric, Text: strconv.FormatInt(n, 10)}
	}
	if x, err := strconv.ParseFloat(s, 64); err == nil {
		return Value{Kind: Scalar, Type: Numeric, Text: strconv.FormatFloat(x, 'f', -1, 64)}
	}
	return Value{Kind: Scalar, Type: Numeric, Text: s}
}

// Unset is the value if no environment variable is set.
func (v *Value) Unset() Value {
	first := v
	for range maxEither + 1 {
		if v.Kind != Env {
			out := *v
			if out.Line == 0 {
				out.File, out.Line, out.Token = first.File, first.Line, first.Token
			}
			return out
		}
		if v.Default == nil {
			break
		}
		v = v.Default
	}
	switch {
	case v.Kind != Env || v.Default != nil || v.Derived:
		return Value{File: v.File, Line: v.Line, Token: v.Token}
	case v.Parsed:
		return Value{Kind: Scalar, Type: Numeric, Text: "NaN", File: v.File, Line: v.Line, Token: v.Token}
	}
	out := word("undefined")
	out.File, out.Line, out.Token = v.File, v.Line, v.Token
	return out
}

// unset is what f makes of v if no variable is set. It stays an Env, if v is
// one, so that the variable is known; ok is false if f does not say.
func (v Value) unset(f func(Value) (Value, bool)) (Value, bool) {
	out, ok := f(v.Unset())
	if !ok || v.Kind != Env {
		return out, ok
	}
	if out.depth() > maxEither {
		return Value{}, false
	}
	return Value{Kind: Env, Text: v.Text, Ref: v.Ref, Default: &out}, true
}

// equal is a == b, or a === b if strict is true; ok is false if that is not known.
func equal(a, b Value, strict bool) (is, ok bool) {
	if a.Kind != Scalar || b.Kind != Scalar || a.Base != None || b.Base != None {
		return false, false
	}
	if !strict && a.nothing() && b.nothing() {
		return true, true
	}
	if a.Type != b.Type && !strict && !a.nothing() && !b.nothing() {
		return false, false // they are converted
	}
	return a.Type == b.Type && a.Text == b.Text, true
}

// maxText bounds the strings that are put together.
const maxText = 4096

// mapped applies a function of one value to what v may be.
func mapped(v Value, f func(Value) Value) Value {
	switch v.Kind {
	case Env:
		if v.Default != nil {
			d := mapped(*v.Default, f)
			v.Default = &d
		}
		return v
	case Either:
		out := Value{Kind: Either, File: v.File, Line: v.Line}
		for _, x := range v.Values {
			out.Values = append(out.Values, mapped(x, f))
		}
		return out
	default:
		return f(v)
	}
}

// numeric is what Number and parseInt make of a value.
func numeric(v Value, whole bool) Value {
	out := mapped(v, func(v Value) Value {
		if v.Kind != Scalar {
			return Value{}
		}
		s := strings.TrimSpace(v.Text)
		if whole { // parseInt takes the digits that a text starts with
			n := 0
			for n < len(s) && isDigit(s[n]) {
				n++
			}
			s = s[:n]
		}
		if _, err := strconv.ParseFloat(s, 64); err != nil || s == "" {
			return Value{Kind: Scalar, Type: Numeric, Text: "NaN"}
		}
		return number(s)
	})
	if out.Kind == Env {
		out.Parsed = true
	}
	return out
}

// text is what String makes of a value.
func text(v Value) Value {
	return mapped(v, func(v Value) Value {
		if v.Kind == Scalar {
			v.Type = Text
			return v
		}
		if v.Kind == Parts {
			return v
		}
		return Value{}
	})
}

// orElse is a || b, or a ?? b if null is true.
func logicalOr(a, b Value, null bool) Value {
	switch a.Kind {
	case Env:
		if a.depth() > maxEither || b.depth() > maxEither {
			return a
		}
		if a.Default == nil {
			a.Default = &b
			return a
		}
		d := logicalOr(*a.Default, b, null)
		a.Default = &d
		return a
	case Scalar:
		if null && a.nothing() || !null && a.falsy() {
			return b
		}
		return a
	case Reference:
		if a.Ref.Module != "" || a.file != nil {
			return a
		}
	case Object, Array, Function:
		return a
	case Parts:
		if a.Text != "" || null {
			return a
		}
	case Either: // (x || variable) || b is x || (variable || b)
		list, taken := []Value{}, false
		for _, x := range a.Values {
			if x.Kind == Env || x.Kind == Scalar {
				taken = taken || x.Kind == Env
				x = logicalOr(x, b, null)
			}
			list = append(list, x)
		}
		if !taken {
			list = append(list, b)
		}
		return either(list...)
	default:
	}
	return either(a, b)
}

// depth counts the variables that stand for one another.
func (v *Value) depth() int {
	n := 0
	for ; v != nil && v.Kind == Env; v = v.Default {
		n++
	}
	return n
}

// maxEither bounds the alternatives that are kept.
const maxEither = 8

// either is one of the values. Equal ones count once.
func either(list ...Value) Value {
	out := Value{Kind: Either}
	var add func(v Value, depth int)
	add = func(v Value, depth int) {
		if v.Kind == Either && depth < 4 {
			for _, x := range v.Values {
				add(x, depth+1)
			}
			return
		}
		for _, x := range out.Values {
			if same(x, v, 0) {
				return
			}
		}
		out.Values = append(out.Values, v)
	}
	for _, v := range list {
		add(v, 0)
	}
	if len(out.Values) > maxEither {
		return Value{}
	}
	if len(out.Values) == 1 {
		return out.Values[0]
	}
	if len(out.Values) > 0 {
		out.File, out.Line = out.Values[0].File, out.Values[0].Line
	}
	return out
}

// same reports whether two values are surely equal.
func same(a, b Value, depth int) bool {
	if a.Kind != b.Kind || a.Text != b.Text || a.Type != b.Type || a.Base != b.Base || depth > 3 {
		return false
	}
	switch a.Kind {
	case Scalar, Computed:
		return true
	case Env:
		return (a.Default == nil) == (b.Default == nil) && (a.Default == nil || same(*a.Default, *b.Default, depth+1))
	case Reference:
		return a.Ref == b.Ref && a.file == b.file
	case Function:
		return a.file == b.file && a.scope == b.scope
	default:
		return false
	}
}

// plus is a + b.
func plus(a, b Value) Value {
	if a.Kind == Env || a.Kind == Either {
		a = mapped(a, func(a Value) Value { return plus(a, b) })
		a.Derived = a.Kind == Env
		return a
	}
	if b.Kind == Env && a.Kind == Scalar && a.Text == "" {
		return text(b)
	}
	switch {
	case a.Kind == Scalar && b.Kind == Scalar && a.Type == Numeric && b.Type == Numeric:
		x, err := strconv.ParseInt(a.Text, 10, 32)
		y, err2 := strconv.ParseInt(b.Text, 10, 32)
		if err != nil || err2 != nil {
			return Value{}
		}
		a.Text = strconv.FormatInt(x+y, 10)
		return a
	case a.Kind == Scalar && b.Kind == Scalar && (a.Type == Text || b.Type == Text):
		if len(a.Text)+len(b.Text) > maxText {
			return Value{}
		}
		if a.Base != None {
			slash := ""
			if strings.HasSuffix(b.Text, "/") {
				slash = "/" // more may come
			}
			if strings.HasPrefix(b.Text, "/") {
				a.Text = path.Join(a.Text, b.Text) + slash
			} else {
				a.Text = path.Clean(a.Text+b.Text) + slash
			}
			return a
		}
		a.Text, a.Type = a.Text+b.Text, Text
		return a
	case a.Kind == Scalar && a.Type == Text:
		a.Kind = Parts
		return a
	case a.Kind == Parts:
		return a
	}
	return Value{}
}
