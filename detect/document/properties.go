package document

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// maxLines bounds the formats of lines that people write by hand, in bytes.
const maxLines = 256 << 10

// parseProperties reads the properties of Java into one flat object. What is
// not UTF-8 is ISO 8859-1, as the format was before Java 9:
// https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)
func parseProperties(file string, text []byte) (Value, error) {
	if len(text) > maxLines {
		return Value{}, larger(file, maxLines, "properties")
	}
	if !utf8.Valid(text) {
		text, _ = charmap.ISO8859_1.NewDecoder().Bytes(text) // every byte is a character
	}
	var o object
	natural := strings.Split(string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))), "\n")
	for i := 0; i < len(natural); i++ {
		no := i + 1
		line := strings.TrimLeft(natural[i], " \t\f")
		if line == "" || line[0] == '#' || line[0] == '!' {
			continue
		}
		if continued(line) {
			var b strings.Builder
			for continued(line) {
				b.WriteString(line[:len(line)-1])
				if i++; i == len(natural) {
					line = ""
					break
				}
				line = strings.TrimLeft(natural[i], " \t\f")
			}
			b.WriteString(line)
			line = b.String()
		}
		key, value := cutProperty(line)
		o.add(Member{unescapeProperty(key), no, Value{File: file, Line: no, Kind: String, Text: unescapeProperty(value)}}, false)
	}
	v := Value{File: file, Line: 1}
	o.into(&v)
	return v, nil
}

// continued reports whether a line ends in an odd number of backslashes.
func continued(line string) bool {
	return (len(line)-len(strings.TrimRight(line, `\`)))%2 == 1
}

// cutProperty splits a line behind its key: at the first separator that no
// backslash precedes.
func cutProperty(line string) (key, value string) {
	end := 0
	for end < len(line) && !strings.ContainsRune("=: \t\f", rune(line[end])) {
		if line[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end, len(line))
	value = strings.TrimLeft(line[end:], " \t\f")
	if value != "" && (value[0] == '=' || value[0] == ':') {
		value = strings.TrimLeft(value[1:], " \t\f")
	}
	return line[:end], value
}

func unescapeProperty(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 't':
			b.WriteByte('\t')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 'f':
			b.WriteByte('\f')
		case 'u':
			r, err := strconv.ParseUint(s[i+1:min(i+5, len(s))], 16, 16)
			if err != nil {
				b.WriteByte('u')
				continue
			}
			b.WriteRune(rune(r))
			i += 4
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
