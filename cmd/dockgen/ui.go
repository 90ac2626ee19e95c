package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dockgen/dockgen/profiles/plan"
)

// What goes where:
//
//   - Standard output takes results only: a diff, an explanation, JSON. It is
//     what a script reads, and it is empty where a command has no result.
//   - Standard error takes everything else, one line a message. An error is
//     "error: file:line: what", and what to do about it is a line of its own,
//     "hint: ...". --quiet leaves errors and their hints.
//   - A line on standard error never holds a control character: names, scripts
//     and messages come from the repository, which may be hostile to the
//     terminal.
//   - Colour marks only the first word of a line and the sides of a diff, so
//     that nothing is lost without it.

// streams are the process's ends.
type streams struct {
	out, err io.Writer
	// terminal reports whether w shows colours to a person.
	terminal func(w io.Writer) bool
}

// system returns the streams of this process. NO_COLOR: https://no-color.org.
func system() streams {
	return streams{out: os.Stdout, err: os.Stderr, terminal: func(w io.Writer) bool {
		f, ok := w.(*os.File)
		if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
			return false
		}
		info, err := f.Stat()
		return err == nil && info.Mode()&os.ModeCharDevice != 0
	}}
}

// ui writes by the rules above.
type ui struct {
	streams
	color colorMode
	quiet bool
}

type colorMode string

const (
	colorAuto   colorMode = "auto"
	colorAlways colorMode = "always"
	colorNever  colorMode = "never"
)

// paint is an ANSI colour.
type paint string

const (
	red    paint = "31"
	green  paint = "32"
	yellow paint = "33"
	cyan   paint = "36"
	bold   paint = "1"
)

func (u *ui) paint(w io.Writer, p paint, s string) string {
	if u.color == colorAlways || u.color != colorNever && u.terminal(w) {
		return "\x1b[" + string(p) + "m" + s + "\x1b[0m"
	}
	return s
}

// say prints one line about what is done; label says what kind of line it is.
func (u *ui) say(label, format string, args ...any) {
	if !u.quiet {
		u.line(bold, fmt.Sprintf("%-5s", label), fmt.Sprintf(format, args...))
	}
}

// note prints what the user should know, and warn what may go wrong.
func (u *ui) note(text, hint string) {
	if u.quiet {
		return
	}
	u.line(yellow, "note:", text)
	if hint != "" {
		u.line(cyan, "hint:", hint)
	}
}

// fail prints an error and its hint.
func (u *ui) fail(err error) {
	u.line(red, "error:", err.Error())
	if hint := hintOf(err); hint != "" {
		u.line(cyan, "hint:", hint)
	}
}

func (u *ui) line(p paint, label, text string) {
	fmt.Fprintln(u.err, u.paint(u.err, p, label), safe(text))
}

// table prints rows on standard output, the first column in bold.
func (u *ui) table(rows [][]string) {
	var wide int
	for _, r := range rows {
		wide = max(wide, utf8.RuneCountInString(r[0]))
	}
	for _, r := range rows {
		name := safe(r[0]) + strings.Repeat(" ", wide-utf8.RuneCountInString(r[0]))
		fmt.Fprintf(u.out, "%s  %s\n", u.paint(u.out, bold, name), safe(strings.Join(r[1:], "  ")))
	}
}

// safe is s on one line that a terminal can be shown.
func safe(s string) string { return plan.Printable(s, math.MaxInt32) }

// diff prints a unified diff on standard output. A terminal gets no control
// character out of it; a pipe gets every byte, so that the diff applies.
func (u *ui) diff(text string) {
	if !u.terminal(u.out) && u.color != colorAlways {
		fmt.Fprint(u.out, text)
		return
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		clean := unstyled(line)
		switch {
		case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"):
			clean = u.paint(u.out, bold, clean)
		case strings.HasPrefix(line, "+"):
			clean = u.paint(u.out, green, clean)
		case strings.HasPrefix(line, "-"):
			clean = u.paint(u.out, red, clean)
		case strings.HasPrefix(line, "@@"):
			clean = u.paint(u.out, cyan, clean)
		}
		fmt.Fprintln(u.out, clean)
	}
}

// unstyled is a line without what a terminal could take for a command, and with its spaces as they are.
func unstyled(line string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || unicode.IsPrint(r) || unicode.Is(unicode.Zs, r) {
			return r
		}
		return '\uFFFD'
	}, line)
}

// json prints v on standard output, indented. What a terminal could take for a
// command is escaped: encoding/json leaves the upper control characters as
// they are.
func (u *ui) json(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	var out strings.Builder
	for _, r := range b.String() {
		switch {
		case r == '\n' || unicode.IsPrint(r):
			out.WriteRune(r)
		case r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, hi, lo)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	_, err := io.WriteString(u.out, out.String())
	return err
}
