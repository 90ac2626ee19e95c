package java

import (
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// The bounds of a file of HOCON.
const (
	maxHOCON      = 256 << 10 // bytes
	maxHOCONDepth = 40
	maxHOCONKeys  = 2000
)

// hoconFile reads the settings of a file of HOCON: its keys with texts and numbers, each with its last value. Lists, what it includes and
// what is put together of several parts are passed over. A variable that may take a value's place is written as Spring writes it: ${PORT:8080}.
// https://github.com/lightbend/config/blob/main/HOCON.md
func hoconFile(name, text string) []Setting {
	h := hocon{text: text[:min(len(text), maxHOCON)], line: 1, name: name, at: map[string]int{}}
	for h.i < len(h.text) {
		h.object("", 0)
		h.i++ // a bracket too many
	}
	return h.out
}

type hocon struct {
	text string
	i    int
	line int
	name string
	out  []Setting
	at   map[string]int // of a key in out
}

// space passes over spaces, comments and, if lines says so, over ends of lines and commas.
func (h *hocon) space(lines bool) {
	for h.i < len(h.text) {
		switch c := h.text[h.i]; {
		case c == '\n' && lines:
			h.line++
			h.i++
		case c == ' ', c == '\t', c == '\r', c == ',' && lines:
			h.i++
		case c == '#', strings.HasPrefix(h.text[h.i:], "//"):
			for h.i < len(h.text) && h.text[h.i] != '\n' {
				h.i++
			}
		default:
			return
		}
	}
}

// object reads the fields up to the bracket that closes them.
func (h *hocon) object(prefix string, depth int) {
	for h.i < len(h.text) && depth < maxHOCONDepth {
		h.space(true)
		if h.i >= len(h.text) || h.text[h.i] == '}' {
			return
		}
		if prefix == "" && h.text[h.i] == '{' { // those around the whole
			h.i++
			continue
		}
		line := h.line
		key := strings.TrimSpace(h.until("=:{\n}", true))
		if h.i < len(h.text) && (h.text[h.i] == '=' || h.text[h.i] == ':') {
			h.i++
		}
		h.space(false)
		if key = strings.TrimSuffix(strings.ReplaceAll(key, `"`, ""), "+"); prefix != "" {
			key = prefix + "." + key
		}
		switch {
		case h.i >= len(h.text):
		case h.text[h.i] == '{':
			h.i++
			h.object(strings.TrimSpace(key), depth+1)
			h.i++
		case h.text[h.i] == '[':
			h.list()
		default:
			h.set(strings.TrimSpace(key), strings.TrimSpace(h.until(",\n}", false)), line)
		}
	}
}

// until reads up to one of some signs that stands in no quotes and in no ${…}, or to a comment.
func (h *hocon) until(stop string, key bool) string {
	from, quoted := h.i, false
	for ; h.i < len(h.text); h.i++ {
		c := h.text[h.i]
		switch {
		case c == '"':
			quoted = !quoted
		case c == '\n':
			return h.text[from:h.i]
		case quoted:
		case c == '$' && !key && strings.HasPrefix(h.text[h.i:], "${"):
			if end := strings.IndexAny(h.text[h.i:], "}\n"); end > 0 && h.text[h.i+end] == '}' {
				h.i += end
			}
		case c == '#', strings.HasPrefix(h.text[h.i:], "//"), strings.IndexByte(stop, c) >= 0:
			return h.text[from:h.i]
		}
	}
	return h.text[from:]
}

// list passes over one.
func (h *hocon) list() {
	depth := 0
	for ; h.i < len(h.text); h.i++ {
		switch h.text[h.i] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				h.i++
				return
			}
		case '\n':
			h.line++
		}
	}
}

var (
	hoconText     = lazy.MustCompile(`^(?:"([^"\\]*)"|([^"$\[{]+))$`)
	hoconVariable = lazy.MustCompile(`^\$\{(\?)?([A-Z_][A-Z0-9_]*)\}$`)
)

// set records a value of a key.
func (h *hocon) set(key, value string, line int) {
	i, there := h.at[key]
	if m := hoconText.FindStringSubmatch(value); m != nil {
		value = m[1] + m[2]
	} else if m := hoconVariable.FindStringSubmatch(value); m != nil && (m[1] == "" || there) {
		value = "${" + m[2] + "}"
		if m[1] != "" {
			old := h.out[i].Value
			value = "${" + m[2] + ":" + old + "}"
			line = h.out[i].Pos.Line
		}
	} else {
		return
	}
	s := Setting{Key: key, Value: value, Pos: fact.At(h.name, line)}
	switch {
	case there:
		h.out[i] = s
	case len(h.out) < maxHOCONKeys && key != "" && !strings.HasPrefix(key, "include "):
		h.at[key] = len(h.out)
		h.out = append(h.out, s)
	}
}

// ktorVariable matches a variable in a YAML file of Ktor: https://ktor.io/docs/server-configuration-file.html#environment-variables
var ktorVariable = lazy.MustCompile(`^\$(\?)?([A-Z_][A-Z0-9_]*)(?::(.*))?$`)

// ofKtor writes the variables of Ktor's own keys as Spring writes them.
func ofKtor(list []Setting) []Setting {
	for i, s := range list {
		m := ktorVariable.FindStringSubmatch(s.Value)
		if m == nil || !strings.HasPrefix(s.Key, "ktor.") {
			continue
		}
		if list[i].Value = "${" + m[2] + "}"; m[3] != "" {
			list[i].Value = "${" + m[2] + ":" + m[3] + "}"
		}
	}
	return list
}
