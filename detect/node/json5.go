package node

import (
	"github.com/dockgen/dockgen/detect/fact"
)

// json5Value parses JSON5 (https://spec.json5.org), which pnpm accepts as
// package.json5: JSON with the names, strings and commas of JavaScript. Its
// tokens are JavaScript's.
func json5Value(file string, text []byte) (value, error) {
	p := json5{file: file, tokens: lex(text)}
	v, err := p.value(0)
	if err != nil {
		return value{}, err
	}
	if p.i < len(p.tokens) {
		return value{}, p.fault()
	}
	return v, nil
}

type json5 struct {
	file   string
	tokens []token
	i      int
}

func (p *json5) fault() error {
	line, what := 0, "it ends too early"
	if p.i < len(p.tokens) {
		line, what = p.tokens[p.i].line, "unexpected "+plainText(p.tokens[p.i].text)
	}
	return fact.Errorf(fact.At(p.file, line), "is not valid JSON5: %s", what)
}

func (p *json5) peek() string {
	if p.i < len(p.tokens) {
		return p.tokens[p.i].text
	}
	return ""
}

func (p *json5) value(depth int) (value, error) {
	if depth > maxDepth || p.i >= len(p.tokens) {
		return value{}, p.fault()
	}
	tok := p.tokens[p.i]
	v := value{file: p.file, line: tok.line}
	p.i++
	switch {
	case tok.kind == literal:
		v.text, v.str = unquote(tok.text), true
	case tok.text == "{":
		for p.peek() != "}" {
			if p.i >= len(p.tokens) {
				return v, p.fault()
			}
			key := p.tokens[p.i]
			name := key.text
			if key.kind == literal {
				name = unquote(name)
			} else if key.kind != identifier {
				return v, p.fault()
			}
			p.i++
			if p.peek() != ":" {
				return v, p.fault()
			}
			p.i++
			e, err := p.value(depth + 1)
			if err != nil {
				return v, err
			}
			v.members = append(v.members, member{name, key.line, e})
			if p.peek() == "," {
				p.i++
			} else if p.peek() != "}" {
				return v, p.fault()
			}
		}
		p.i++
	case tok.text == "[":
		for p.peek() != "]" {
			e, err := p.value(depth + 1)
			if err != nil {
				return v, err
			}
			v.items = append(v.items, e)
			if p.peek() == "," {
				p.i++
			} else if p.peek() != "]" {
				return v, p.fault()
			}
		}
		p.i++
	case tok.text == "-" || tok.text == "+":
		e, err := p.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.text = tok.text + e.text
	case tok.kind == number || tok.kind == identifier:
		v.text = tok.text
	default:
		p.i--
		return v, p.fault()
	}
	return v, nil
}
