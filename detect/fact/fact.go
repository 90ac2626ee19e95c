// Package fact holds what every parser says: a value together with the place
// in the repository where it stands, and errors that name that place.
//
// Nothing in it reads a file. A fact whose position is zero was not found;
// dockgen never invents one.
package fact

import (
	"errors"
	"fmt"
	"strings"
)

// Pos is a place in the repository: a slash-separated path relative to the
// scanned root, and a line counted from 1 (0 where the whole file is meant).
type Pos struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
}

// At is shorthand for Pos{file, line}.
func At(file string, line int) Pos { return Pos{File: file, Line: line} }

// IsZero reports whether p names no place.
func (p Pos) IsZero() bool { return p.File == "" }

// String formats p as "file:line", "file" or "".
func (p Pos) String() string {
	if p.File == "" || p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Fact is a value read from the repository and where it stands.
type Fact[T any] struct {
	Value T   `json:"value"`
	Pos   Pos `json:"pos"`
}

// New returns the fact that v stands at file:line.
func New[T any](v T, file string, line int) Fact[T] {
	return Fact[T]{Value: v, Pos: Pos{File: file, Line: line}}
}

// Found reports whether the fact was read from a file at all.
func (f Fact[T]) Found() bool { return !f.Pos.IsZero() }

// Error is a fault of a file in the user's repository. It prints as
// "file:line: message"; the hint, if any, says what to do about it and is
// printed on a line of its own by whoever shows the error.
type Error struct {
	Pos  Pos
	Msg  string
	Hint string
	Err  error // the cause, or nil; not repeated in the text when Msg is set
}

// Errorf returns an *Error at pos. A %w verb makes it unwrap.
func Errorf(pos Pos, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Pos: pos, Msg: err.Error(), Err: errors.Unwrap(err)}
}

// WithHint sets the hint and returns e.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

func (e *Error) Error() string {
	msg := e.Msg
	if msg == "" && e.Err != nil {
		msg = e.Err.Error()
	}
	if e.Pos.IsZero() {
		return msg
	}
	return e.Pos.String() + ": " + msg
}

func (e *Error) Unwrap() error { return e.Err }

// Clip keeps a message that quotes the user's file on one short line.
func Clip(msg string) string {
	msg = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, msg)
	if len(msg) > 200 {
		msg = strings.ToValidUTF8(msg[:200], "") + "…"
	}
	return msg
}
