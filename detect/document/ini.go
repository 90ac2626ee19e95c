package document

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// parseINI reads the INI of Python's configparser, which setup.cfg and tox.ini
// are: an object of sections. Keys before the first section are at the top.
// https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
func parseINI(file string, text []byte) (Value, error) {
	if len(text) > maxLines {
		return Value{}, larger(file, maxLines, "INI")
	}
	if !utf8.Valid(text) {
		return Value{}, malformed(file, 0, "INI", "it is not UTF-8")
	}
	var root object
	type section struct {
		name string
		line int
		keys object
	}
	var sections []*section
	at := map[string]*section{}
	keys := &root
	last := -1 // the member that an indented line goes on with
	no := 0
	for l := range strings.Lines(string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))) {
		no++
		line := strings.TrimSpace(l)
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
		case last >= 0 && strings.ContainsRune(" \t", rune(l[0])):
			v := &keys.members[last].Value
			if v.Kind == String && v.Text != "" {
				v.Items = []Value{*v}
			}
			v.Kind, v.Text = List, ""
			v.Items = append(v.Items, Value{File: file, Line: no, Kind: String, Text: line})
		case line[0] == '[' && strings.Contains(line, "]"):
			name := line[1:strings.LastIndexByte(line, ']')]
			s := at[name]
			if s == nil {
				s = &section{name: name, line: no}
				sections, at[name] = append(sections, s), s
			}
			keys, last = &s.keys, -1
		default:
			i := strings.IndexAny(line, "=:")
			if i <= 0 {
				return Value{}, malformed(file, no, "INI", "a line is neither a section nor a key with a value")
			}
			key, v := strings.ToLower(strings.TrimSpace(line[:i])), Value{File: file, Line: no, Kind: String, Text: strings.TrimSpace(line[i+1:])}
			last = keys.add(Member{key, no, v}, false)
		}
	}
	for _, s := range sections {
		v := Value{File: file, Line: s.line}
		s.keys.into(&v)
		root.add(Member{s.name, s.line, v}, false)
	}
	v := Value{File: file, Line: 1}
	root.into(&v)
	return v, nil
}
