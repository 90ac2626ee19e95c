package document

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// parseJSON reads JSON, with the comments and trailing commas that
// tsconfig.json has (https://www.rfc-editor.org/rfc/rfc8259,
// https://code.visualstudio.com/docs/languages/json#_json-with-comments).
//
// It is a parser of its own because lockfiles are most of what a scan reads:
// in one pass, without a syntax tree between, it takes a tenth of the time
// that hujson and encoding/json need for a value that knows its line.
func parseJSON(file string, text []byte) (Value, error) { return parseJWCC(file, text, "JSON") }

// ParseJSONLess reads JSON, less the members that skip names: most of a
// lockfile is of no use here. parent is the key of the object that holds the
// member, "" for the root and for what is in a list; depth is 0 in the root.
func ParseJSONLess(file string, text []byte, skip func(depth int, parent, key string) bool) (Value, error) {
	return parseLess(file, text, "JSON", skip)
}

func parseJWCC(file string, text []byte, format string) (Value, error) {
	return parseLess(file, text, format, nil)
}

func parseLess(file string, text []byte, format string, skip func(int, string, string) bool) (Value, error) {
	r := jsonReader{limit: limit{file: file}, format: format, text: string(text), line: 1, skipped: skip}
	r.members = make([]Member, 0, min(len(text)/256, 1<<12))
	v, err := r.value(0, "")
	if err != nil {
		return Value{}, err
	}
	if err := r.space(); err != nil {
		return Value{}, err
	}
	if r.at < len(r.text) {
		return Value{}, r.unexpected("the end")
	}
	return v, nil
}

// jsonReader is a recursive descent parser. Strings of its values are parts of
// its text. Members and items wait on two stacks until their object or list
// ends, so that each list is made once, of the right length.
type jsonReader struct {
	limit
	format  string
	text    string
	at      int // offset of the next byte
	line    int // of that byte
	members []Member
	items   []Value
	skipped func(depth int, parent, key string) bool // nil for none
	void    int                                      // how many skipped members the reader is in
}

func (r *jsonReader) malformed(msg string) error {
	return malformed(r.file, r.line, r.format, msg)
}

// unexpected is the error for the next byte.
func (r *jsonReader) unexpected(want string) error {
	if r.at >= len(r.text) {
		return r.malformed("it ends where " + want + " should be")
	}
	c, _ := utf8.DecodeRuneInString(r.text[r.at:])
	return r.malformed("has " + strconv.QuoteRune(c) + " where " + want + " should be")
}

// space skips white space and comments.
func (r *jsonReader) space() error {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case '\n':
			r.line++
			r.at++
		case ' ', '\t', '\r':
			r.at++
		case '/':
			rest := r.text[r.at:]
			switch {
			case strings.HasPrefix(rest, "//"):
				n := strings.IndexByte(rest, '\n')
				if n < 0 {
					n = len(rest)
				}
				r.at += n
			case strings.HasPrefix(rest, "/*"):
				n := strings.Index(rest[2:], "*/")
				if n < 0 {
					return r.malformed("a comment does not end")
				}
				n += len("/**/")
				r.line += strings.Count(rest[:n], "\n")
				r.at += n
			default:
				return r.unexpected("a comment")
			}
		default:
			return nil
		}
	}
	return nil
}

// next skips space, and returns the byte behind it, 0 at the end.
func (r *jsonReader) next() (byte, error) {
	if err := r.space(); err != nil || r.at >= len(r.text) {
		return 0, err
	}
	return r.text[r.at], nil
}

func (r *jsonReader) value(depth int, key string) (v Value, err error) {
	c, err := r.next()
	if err != nil {
		return v, err
	}
	if err := r.more(1, r.line, depth); err != nil {
		return v, err
	}
	v.File, v.Line = r.file, r.line
	switch {
	case c == '{':
		err = r.object(&v, depth+1, key)
	case c == '[':
		err = r.list(&v, depth+1)
	case c == '"':
		v.Kind = String
		v.Text, err = r.string()
	case c == '-' || c >= '0' && c <= '9':
		v.Kind = Number
		v.Text, err = r.number()
	default:
		for _, word := range []struct {
			text string
			kind Kind
		}{{"true", Bool}, {"false", Bool}, {"null", Null}} {
			if strings.HasPrefix(r.text[r.at:], word.text) {
				v.Kind, v.Text = word.kind, word.text
				r.at += len(word.text)
				return v, nil
			}
		}
		err = r.unexpected("a value")
	}
	return v, err
}

func (r *jsonReader) object(v *Value, depth int, parent string) error {
	if err := r.more(0, r.line, depth); err != nil {
		return err
	}
	start := len(r.members)
	var index map[string]int
	for r.at++; ; {
		c, err := r.next()
		if err != nil {
			return err
		}
		if c == '}' {
			break
		}
		if c != '"' {
			return r.unexpected("a key")
		}
		m := Member{Line: r.line}
		if m.Key, err = r.string(); err != nil {
			return err
		}
		if c, err = r.next(); err != nil {
			return err
		}
		if c != ':' {
			return r.unexpected("a colon")
		}
		r.at++
		if r.skipped != nil && r.skipped(depth-1, parent, m.Key) {
			r.void++
			_, err = r.value(depth, m.Key)
			r.void--
		} else if m.Value, err = r.value(depth, m.Key); err == nil && r.void == 0 {
			index = r.add(start, index, m)
		}
		if err != nil {
			return err
		}
		if c, err = r.next(); err != nil {
			return err
		}
		if c == ',' {
			r.at++
		} else if c != '}' {
			return r.unexpected("a comma or the end of the object")
		}
	}
	r.at++
	if r.void > 0 {
		return nil
	}
	v.Kind, v.Members, v.index = Object, slices.Clone(r.members[start:]), index
	r.members = r.members[:start]
	return nil
}

// add puts a member on the stack, in the place of one with its key if there is
// one behind start. It returns the numbers of keys, which it keeps for objects
// with many.
func (r *jsonReader) add(start int, index map[string]int, m Member) map[string]int {
	own := r.members[start:]
	i, ok := index[m.Key]
	if index == nil {
		i = slices.IndexFunc(own, func(o Member) bool { return o.Key == m.Key })
		ok = i >= 0
	}
	if ok {
		own[i] = m
		return index
	}
	r.members = append(r.members, m)
	switch {
	case index != nil:
		index[m.Key] = len(own)
	case len(own) == fewMembers:
		index = make(map[string]int, 4*fewMembers)
		for i, m := range r.members[start:] {
			index[m.Key] = i
		}
	}
	return index
}

func (r *jsonReader) list(v *Value, depth int) error {
	if err := r.more(0, r.line, depth); err != nil {
		return err
	}
	start := len(r.items)
	for r.at++; ; {
		c, err := r.next()
		if err != nil {
			return err
		}
		if c == ']' {
			break
		}
		item, err := r.value(depth, "")
		if err != nil {
			return err
		}
		if r.void == 0 {
			r.items = append(r.items, item)
		}
		if c, err = r.next(); err != nil {
			return err
		}
		if c == ',' {
			r.at++
		} else if c != ']' {
			return r.unexpected("a comma or the end of the list")
		}
	}
	r.at++
	if r.void > 0 {
		return nil
	}
	v.Kind, v.Items = List, append([]Value{}, r.items[start:]...)
	r.items = r.items[:start]
	return nil
}

// string reads a string at its quote. What is not UTF-8 becomes the
// replacement character, as encoding/json has it.
func (r *jsonReader) string() (string, error) {
	rest := r.text[r.at+1:]
	escapes, ascii := false, true
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '"':
			r.at += i + len(`""`)
			if !escapes && (ascii || utf8.ValidString(rest[:i])) {
				return rest[:i], nil
			}
			var s string
			if err := json.Unmarshal([]byte(r.text[r.at-i-2:r.at]), &s); err != nil {
				return "", r.malformed(err.Error())
			}
			return s, nil
		case c == '\\':
			escapes = true
			i++
		case c < ' ':
			r.at += 1 + i
			return "", r.unexpected("the end of a string")
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	r.at = len(r.text)
	return "", r.unexpected("the end of a string")
}

// number reads a number, and leaves it as it is written.
func (r *jsonReader) number() (string, error) {
	start := r.at
	r.skip("-")
	digits := func() bool {
		from := r.at
		for r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
			r.at++
		}
		return r.at > from
	}
	if !r.skip("0") && !digits() || r.skip(".") && !digits() {
		return "", r.unexpected("a digit")
	}
	if r.skip("eE") {
		if r.skip("+-"); !digits() {
			return "", r.unexpected("a digit")
		}
	}
	return r.text[start:r.at], nil
}

// skip skips the next byte if it is one of these.
func (r *jsonReader) skip(these string) bool {
	if r.at < len(r.text) && strings.IndexByte(these, r.text[r.at]) >= 0 {
		r.at++
		return true
	}
	return false
}
