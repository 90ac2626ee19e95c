package buildfile

import "strings"

// Line is a line with those that it continues on.
type Line struct {
	Text string
	N    int // of the first, from 1
}

// Lines splits into lines, and joins those that a backslash continues.
func Lines(text string) []Line {
	var out []Line
	var parts []string
	n := 0
	flush := func() {
		if len(parts) > 0 {
			out[len(out)-1].Text = strings.Join(parts, " ")
			parts = nil
		}
	}
	for l := range strings.Lines(text) {
		n++
		l = strings.TrimRight(l, "\r\n")
		l, more := strings.CutSuffix(l, `\`)
		if len(parts) > 0 {
			parts = append(parts, strings.TrimSpace(l))
		} else {
			out, parts = append(out, Line{N: n}), []string{l}
		}
		if !more {
			flush()
		}
	}
	flush()
	return out
}

// Comment reports whether the line is a comment of a shell, of make or of YAML.
func (l Line) Comment() bool { return strings.HasPrefix(strings.TrimSpace(l.Text), "#") }
