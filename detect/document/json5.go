package document

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/internal/lazy"
)

// maxJSON5 bounds JSON5, which people write by hand, in bytes.
const maxJSON5 = 256 << 10

// json5Token is a token of JSON5 that JSON writes in another way, or one in
// which such a token could seem to stand: a comment, a string, white space, a
// key, a number (https://spec.json5.org).
var json5Token = lazy.MustCompile(
	`//[^\n]*|/\*(?s:.*?)\*/` +
		`|"(?:\\(?s:.)|[^"\\\n])*"|'(?:\\(?s:.)|[^'\\\n])*'` +
		`|[\v\f\x{a0}\x{feff}\x{2028}\x{2029}]+` +
		`|[\pL_$][\pL\pN_$]*(?:\s|//[^\n]*|/\*(?s:.*?)\*/)*:` +
		`|[+-]?(?:0[xX][0-9A-Fa-f]+|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|Infinity|NaN)`)

// json5Escape is what is written in another way inside of a JSON5 string.
var json5Escape = lazy.MustCompile(`\\x[0-9A-Fa-f]{2}|\\(?:\r\n|(?s:.))|["\t]`)

// parseJSON5 reads JSON5, which pnpm takes as package.json5. It writes each
// token as JSON has it, keeping every line break, and reads that.
func parseJSON5(file string, text []byte) (Value, error) {
	if len(text) > maxJSON5 {
		return Value{}, larger(file, maxJSON5, "JSON5")
	}
	return parseJWCC(file, json5Token.ReplaceAllFunc(text, json5toJSON), "JSON5")
}

func json5toJSON(token []byte) []byte {
	switch c := token[0]; {
	case c == '/':
		return token
	case c == '"' || c == '\'':
		body := json5Escape.ReplaceAllFunc(token[1:len(token)-1], unescapeJSON5)
		return fmt.Appendf(nil, `"%s"%s`, body, strings.Repeat("\n", bytes.Count(token, []byte("\n"))))
	case token[len(token)-1] == ':':
		end := bytes.IndexAny(token, " \t\r\n\v\f/:")
		return fmt.Appendf(nil, "%q%s", token[:end], token[end:])
	case c == '+' || c == '-' || c == '.' || c >= '0' && c <= '9':
		if n, err := strconv.ParseInt(string(token), 0, 64); err == nil {
			return strconv.AppendInt(nil, n, 10)
		}
		if n, err := strconv.ParseFloat(string(token), 64); err == nil && n-n == 0 {
			return strconv.AppendFloat(nil, n, 'g', -1, 64)
		}
		return []byte("null") // not finite, as JSON writes it
	case bytes.Equal(token, []byte("Infinity")) || bytes.Equal(token, []byte("NaN")):
		return []byte("null")
	}
	return []byte(" ")
}

func unescapeJSON5(s []byte) []byte {
	if len(s) == 1 { // a quote or a tab
		return append([]byte(`\`), map[byte]byte{'"': '"', '\t': 't'}[s[0]])
	}
	switch c := s[1]; c {
	case '\r', '\n':
		return nil // the string goes on in the next line
	case 'x':
		return append([]byte(`\u00`), s[2:]...)
	case 'v':
		return []byte(`\u000b`)
	case '0':
		return []byte(`\u0000`)
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't', 'u':
		return s
	}
	return s[1:]
}
