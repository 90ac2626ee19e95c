package document

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"github.com/dockgen/dockgen/detect/fact"
)

// maxXML bounds XML, in bytes.
const maxXML = 4 << 20

// parseXML reads XML (https://www.w3.org/TR/xml/) into an object that holds the
// root element. Names are without their namespace.
func parseXML(file string, text []byte) (Value, error) {
	if len(text) > maxXML {
		return Value{}, larger(file, maxXML, "XML")
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToLower(label), "utf-16") {
			return r, nil // the tree has converted it
		}
		enc, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return enc.NewDecoder().Reader(r), nil
	}
	count := limit{file: file}
	stack := make([]xmlElement, 1, maxDepth+1)
	for {
		line, _ := d.InputPos()
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			msg := err.Error()
			if se := (*xml.SyntaxError)(nil); errors.As(err, &se) {
				line, msg = se.Line, se.Msg
			}
			return Value{}, malformed(file, line, "XML", msg)
		}
		top := &stack[len(stack)-1]
		switch t := tok.(type) {
		case xml.StartElement:
			if err := count.more(1+len(t.Attr), line, len(stack)); err != nil {
				return Value{}, err
			}
			stack = stack[:len(stack)+1]
			e := &stack[len(stack)-1]
			*e = xmlElement{name: t.Name.Local, line: line, text: e.text[:0]}
			for _, a := range t.Attr {
				e.members.add(Member{"@" + a.Name.Local, line, Value{File: file, Line: line, Kind: String, Text: a.Value}}, true)
			}
		case xml.EndElement:
			m := Member{top.name, top.line, top.value(file)}
			stack = stack[:len(stack)-1]
			parent := &stack[len(stack)-1]
			parent.members.add(m, true)
			parent.parent = true
		case xml.CharData:
			if len(stack) > 1 {
				top.text = append(top.text, t...)
			}
		}
	}
	if !stack[0].parent {
		return Value{}, fact.Errorf(fact.At(file, 0), "holds no XML element")
	}
	stack[0].line = 1
	return stack[0].value(file), nil
}

// xmlElement is an element that is being read.
type xmlElement struct {
	name    string
	line    int
	text    []byte
	members object
	parent  bool // it holds elements
}

func (e *xmlElement) value(file string) Value {
	v := Value{File: file, Line: e.line, Text: string(bytes.TrimSpace(e.text))}
	e.members.into(&v)
	if !e.parent {
		v.Kind = String
	}
	return v
}
