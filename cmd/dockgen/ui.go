package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/term"

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
	// terminal reports whether a person reads w as it is written.
	terminal func(w io.Writer) bool
	// width is the number of columns that w has; 0 if it has no end, as nil has none.
	width func(w io.Writer) int
	// env is the environment; nil for none.
	env func(name string) string
}

// system returns the streams of this process.
func system() streams {
	return streams{
		out: os.Stdout, err: os.Stderr, env: os.Getenv,
		terminal: func(w io.Writer) bool {
			f, ok := w.(*os.File)
			return ok && term.IsTerminal(int(f.Fd())) && understandsColors(f)
		},
		width: func(w io.Writer) int {
			f, ok := w.(*os.File)
			if !ok || !term.IsTerminal(int(f.Fd())) {
				return 0
			}
			if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
				return n
			}
			n, _, err := term.GetSize(int(f.Fd()))
			if err != nil {
				return 0
			}
			return n
		},
	}
}

// columns is the number of columns that w has; 0 if it has no end.
func (s streams) columns(w io.Writer) int {
	if s.width == nil {
		return 0
	}
	return s.width(w)
}

// getenv is a variable of the environment.
func (s streams) getenv(name string) string {
	if s.env == nil {
		return ""
	}
	return s.env(name)
}

// colored reports whether w gets colours when nobody says: a terminal does, and what CLICOLOR_FORCE or FORCE_COLOR is set for, unless NO_COLOR
// or CLICOLOR=0 forbids it: https://no-color.org, https://bixense.com/clicolors, https://force-color.org.
func (s streams) colored(w io.Writer) bool {
	on := func(name string) bool { v := s.getenv(name); return v != "" && v != "0" && v != "false" }
	switch {
	case s.getenv("NO_COLOR") != "":
		return false
	case on("CLICOLOR_FORCE"), on("FORCE_COLOR"):
		return true
	case s.getenv("CLICOLOR") == "0", s.getenv("TERM") == "dumb":
		return false
	}
	return s.terminal(w)
}

// ui writes by the rules above.
type ui struct {
	streams
	color colorMode
	quiet bool
	life  life
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

// colors reports whether w gets colours.
func (u *ui) colors(w io.Writer) bool {
	return u.color == colorAlways || u.color != colorNever && u.colored(w)
}

func (u *ui) paint(w io.Writer, p paint, s string) string {
	if u.colors(w) {
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
	u.life.clear()
	text = safe(text)
	if word := strings.TrimSpace(label); word == "hint:" || word == "next" || word == "usage:" { // commands, to be copied as they are
		fmt.Fprintln(u.err, u.paint(u.err, p, label), text)
		return
	}
	indent := utf8.RuneCountInString(label) + 1
	if at := strings.Index(text, "  "); at > 0 { // behind the key of a choice
		for at < len(text) && text[at] == ' ' {
			at++
		}
		if indent+at <= maxIndent {
			indent += at
		}
	}
	fmt.Fprintln(u.err, u.paint(u.err, p, label), u.wrapped(u.err, text, utf8.RuneCountInString(label)+1, indent))
}

// maxIndent is how far a line is indented that goes on, at most, and minText what the text has beside that.
const (
	maxIndent = 32
	minText   = 24
)

// wrapped is a text that begins in a column, broken between words where the lines of w end; those that go on are indented.
func (u *ui) wrapped(w io.Writer, text string, column, indent int) string {
	return wrap(text, column, indent, u.columns(w))
}

// reflowed is a text whose paragraphs are broken where the lines end. A paragraph with an indented line stays as it is.
func reflowed(text string, wide int) string {
	var out []string
	for p := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		if !strings.Contains(p, "\n ") {
			p = wrap(strings.ReplaceAll(p, "\n", " "), 0, 0, wide)
		}
		out = append(out, p)
	}
	return strings.Join(out, "\n\n")
}

// wrap breaks a text that begins in a column so that no line has more columns than that, 0 for any number.
func wrap(text string, column, indent, wide int) string {
	if wide == 0 || column+utf8.RuneCountInString(text) <= wide {
		return text
	}
	indent = max(0, min(indent, wide-minText))
	var b strings.Builder
	for len(text) > 0 {
		end := len(text) - len(strings.TrimLeft(text, " "))
		if next := strings.IndexByte(text[end:], ' '); next > 0 {
			end += next
		} else {
			end = len(text)
		}
		word := text[:end]
		text = text[end:]
		if n := utf8.RuneCountInString(word); column+n > wide && column > indent {
			word = strings.TrimLeft(word, " ")
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		}
		b.WriteString(word)
		column += utf8.RuneCountInString(word)
	}
	return b.String()
}

// table prints rows on standard output, the first column in bold. The last column is wrapped where the lines end.
func (u *ui) table(rows [][]string) {
	wide := map[int]int{} // by column
	for _, r := range rows {
		for i, cell := range r[:len(r)-1] {
			wide[i] = max(wide[i], utf8.RuneCountInString(safe(cell)))
		}
	}
	for _, r := range rows {
		column := 0
		for i, cell := range r {
			cell = safe(cell)
			if i == len(r)-1 {
				fmt.Fprintln(u.out, u.wrapped(u.out, cell, column, column))
				break
			}
			pad := strings.Repeat(" ", wide[i]-utf8.RuneCountInString(cell)+2)
			if column += wide[i] + 2; i == 0 {
				cell = u.paint(u.out, bold, cell)
			}
			fmt.Fprint(u.out, cell+pad)
		}
	}
}

// print prints one line of a result on standard output, wrapped where the lines end.
func (u *ui) print(text string, indent int) {
	fmt.Fprintln(u.out, u.wrapped(u.out, text, 0, indent))
}

// safe is s on one line that a terminal can be shown.
func safe(s string) string { return plan.Printable(s, math.MaxInt32) }

// diff prints a unified diff on standard output. A terminal gets no control
// character out of it; a pipe gets every byte, so that the diff applies.
func (u *ui) diff(text string) {
	if !u.terminal(u.out) && !u.colors(u.out) {
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
