package java

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/htmlindex"

	"github.com/dockgen/dockgen/detect/fact"
)

// element is one element of a POM, with the line on which it starts. The
// model of https://maven.apache.org/ref/current/maven-model/maven.html is
// read from it by name, because a plugin's configuration has no fixed model.
type element struct {
	name string
	text string // the character data, trimmed
	line int
	kids []*element
}

// maxDepth bounds nesting, maxElements the size of one POM.
const (
	maxDepth    = 64
	maxElements = 100_000
)

// parseXML reads a document. Errors are *fact.Error with the file's line.
func parseXML(file string, text []byte) (*element, error) {
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
	root := &element{}
	stack := []*element{root}
	count := 0
	for {
		line, _ := d.InputPos()
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if se := (*xml.SyntaxError)(nil); errors.As(err, &se) {
				return nil, fact.Errorf(fact.At(file, se.Line), "not well-formed XML: %s", se.Msg).
					WithHint("mvn validate shows the same fault")
			}
			return nil, fact.Errorf(fact.At(file, line), "not well-formed XML: %v", err)
		}
		top := stack[len(stack)-1]
		switch t := tok.(type) {
		case xml.StartElement:
			if count++; count > maxElements || len(stack) > maxDepth {
				return nil, fact.Errorf(fact.At(file, line), "is larger or nested deeper than any POM")
			}
			line, _ := d.InputPos()
			e := &element{name: t.Name.Local, line: line}
			top.kids = append(top.kids, e)
			stack = append(stack, e)
		case xml.EndElement:
			top.text = strings.TrimSpace(top.text)
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if top != root && len(top.text)+len(t) < 1<<16 {
				top.text += string(t)
			}
		}
	}
	if len(root.kids) == 0 {
		return nil, fact.Errorf(fact.At(file, 0), "holds no XML element")
	}
	return root.kids[0], nil
}

// at follows the names down, taking the first child of each; nil where there
// is none. A nil element has no children.
func (e *element) at(names ...string) *element {
	for _, name := range names {
		if e == nil {
			return nil
		}
		var next *element
		for _, k := range e.kids {
			if k.name == name {
				next = k
				break
			}
		}
		e = next
	}
	return e
}

// all returns the children of that name.
func (e *element) all(name string) []*element {
	if e == nil {
		return nil
	}
	var out []*element
	for _, k := range e.kids {
		if k.name == name {
			out = append(out, k)
		}
	}
	return out
}

// find returns the first element of that name below e, at any depth.
func (e *element) find(name string) *element {
	if e == nil {
		return nil
	}
	for _, k := range e.kids {
		if k.name == name {
			return k
		}
		if f := k.find(name); f != nil {
			return f
		}
	}
	return nil
}
