package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// cycle is a row of a product of endoflife.date: https://github.com/endoflife-date/endoflife.date/blob/master/CONTRIBUTING.md
type cycle struct {
	Cycle    yaml.Node `yaml:"releaseCycle"`
	Codename string    `yaml:"codename"`
	Since    yaml.Node `yaml:"releaseDate"`
	LTS      yaml.Node `yaml:"lts"`
	Fixes    yaml.Node `yaml:"eoas"`
	Until    yaml.Node `yaml:"eol"`
}

// cycles are the rows of a product.
func cycles(s *source, product string) ([]cycle, error) {
	name := "products/" + product + ".md"
	text, err := s.read(name)
	if err != nil {
		return nil, err
	}
	_, text, _ = bytes.Cut(text, []byte("---\n"))
	head, _, ok := bytes.Cut(text, []byte("\n---"))
	if !ok {
		return nil, fmt.Errorf("%s: %s has no front matter", s.repository, name)
	}
	var doc struct {
		Releases []cycle `yaml:"releases"`
	}
	if err := yaml.Unmarshal(head, &doc); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", s.repository, name, err)
	}
	return doc.Releases, nil
}

var day = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// dayOf is a day, "" for what is a yes or a no.
func dayOf(n yaml.Node) string {
	if day.MatchString(n.Value) {
		return n.Value
	}
	return ""
}

// dates puts what a product's rows say of a line into it: the row of the line, or the one of its name or of its major version.
func (l *line) dates(rows []cycle) {
	for _, r := range rows {
		switch {
		case r.Cycle.Value == l.Line:
			l.Since = dayOf(r.Since)
		case strings.EqualFold(r.Codename, l.Line):
			l.Since, l.Number = dayOf(r.Since), r.Cycle.Value
		case r.Cycle.Value != major(l.Line):
			continue
		}
		l.Fixes, l.Until, l.LTS = dayOf(r.Fixes), dayOf(r.Until), dayOf(r.LTS)
		if r.LTS.Value == "true" {
			l.LTS = dayOf(r.Since)
		}
		return
	}
}
