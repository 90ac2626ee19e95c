package document

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"

	"github.com/tailscale/hujson"
)

// jsonPosition is how hujson begins its errors.
var jsonPosition = regexp.MustCompile(`^(?:hujson: )?line (\d+), column \d+: `)

// parseJSON reads JSON, with the comments and trailing commas that
// tsconfig.json has (https://www.rfc-editor.org/rfc/rfc8259,
// https://code.visualstudio.com/docs/languages/json#_json-with-comments).
func parseJSON(file string, text []byte) (Value, error) { return parseJWCC(file, text, "JSON") }

func parseJWCC(file string, text []byte, format string) (Value, error) {
	if err := boundJSON(file, text); err != nil {
		return Value{}, err
	}
	if bytes.Contains(text[bytes.LastIndexByte(text, '\n')+1:], []byte("//")) {
		text = append(slices.Clip(text), '\n') // hujson wants an end of a last line that is a comment
	}
	root, err := hujson.Parse(text)
	if err != nil {
		msg, line := err.Error(), 0
		if m := jsonPosition.FindStringSubmatch(msg); m != nil {
			line, _ = strconv.Atoi(m[1])
			msg = msg[len(m[0]):]
		}
		return Value{}, malformed(file, line, format, msg)
	}
	return fromJSON(file, NewLines(text), root), nil
}

// boundJSON refuses what nests too deep for a parser that recurses, and what
// holds too many values, before it is parsed.
func boundJSON(file string, text []byte) error {
	count := limit{file: file}
	depth, line := 0, 1
	var state byte // '"' in a string, '/' and '*' in a comment, 0 elsewhere
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '\n' {
			line++
		}
		n := 0
		switch state {
		case '"':
			if c == '\\' {
				i++
			}
			if c == '"' {
				state = 0
			}
			continue
		case '/':
			if c == '\n' {
				state = 0
			}
			continue
		case '*':
			if c == '*' && i+1 < len(text) && text[i+1] == '/' {
				state = 0
				i++
			}
			continue
		}
		switch c {
		case '"':
			state = '"'
		case '/':
			if i+1 < len(text) && (text[i+1] == '/' || text[i+1] == '*') {
				i++
				state = text[i]
			}
		case '[', '{':
			depth++
			n = 1
		case ']', '}':
			depth--
		case ',':
			n = 1
		}
		if err := count.more(n, line, depth); err != nil {
			return err
		}
	}
	return nil
}

func fromJSON(file string, ls Lines, v hujson.Value) Value {
	out := Value{File: file, Line: ls.At(v.StartOffset)}
	switch x := v.Value.(type) {
	case hujson.Literal:
		switch x.Kind() {
		case '"':
			out.Kind, out.Text = String, x.String()
		case 't', 'f':
			out.Kind, out.Text = Bool, string(x)
		case 'n':
			out.Kind, out.Text = Null, string(x)
		default:
			out.Kind, out.Text = Number, string(x)
		}
	case *hujson.Object:
		o := newObject(len(x.Members))
		for _, m := range x.Members {
			key, _ := m.Name.Value.(hujson.Literal)
			o.add(Member{key.String(), ls.At(m.Name.StartOffset), fromJSON(file, ls, m.Value)}, false)
		}
		o.into(&out)
	case *hujson.Array:
		out.Kind, out.Items = List, make([]Value, 0, len(x.Elements))
		for _, e := range x.Elements {
			out.Items = append(out.Items, fromJSON(file, ls, e))
		}
	}
	return out
}
