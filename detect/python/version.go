package python

import (
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// Version is what one file says of Python's version: a pin or a range.
type Version struct {
	Pin   string // "3.12", "3.12.4", "latest"
	Range string // ">=3.11", "^3.10"
	From  string // what it stands in, for people
	Pos   fact.Pos
}

// readVersions reads the files that version managers read.
func (f *Facts) readVersions(t *tree.Tree, join func(string) string) error {
	lines := func(file string, each func(line string, no int) bool) error {
		if !t.Has(join(file)) {
			return nil
		}
		text, err := t.Read(join(file))
		if err != nil {
			return err
		}
		no := 0
		for l := range strings.Lines(string(text)) {
			no++
			l, _, _ = strings.Cut(l, "#")
			if l = strings.TrimSpace(l); l != "" && each(l, no) {
				return nil
			}
		}
		return nil
	}
	add := func(file, from, pin string, no int) {
		f.Versions = append(f.Versions, Version{Pin: pin, From: from, Pos: fact.At(join(file), no)})
	}
	// https://github.com/pyenv/pyenv#understanding-python-version-selection
	if err := lines(".python-version", func(l string, no int) bool {
		add(".python-version", ".python-version", strings.TrimPrefix(strings.TrimPrefix(l, "cpython-"), "python-"), no)
		return true
	}); err != nil {
		return err
	}
	// https://devcenter.heroku.com/articles/python-runtimes
	if err := lines("runtime.txt", func(l string, no int) bool {
		if v, ok := strings.CutPrefix(l, "python-"); ok {
			add("runtime.txt", "runtime.txt", v, no)
		}
		return true
	}); err != nil {
		return err
	}
	// https://asdf-vm.com/manage/configuration.html
	if err := lines(".tool-versions", func(l string, no int) bool {
		fields := strings.Fields(l)
		if len(fields) > 1 && fields[0] == "python" {
			add(".tool-versions", ".tool-versions", fields[1], no)
			return true
		}
		return false
	}); err != nil {
		return err
	}
	return f.readMise(t, join)
}

// readMise reads https://mise.jdx.dev/configuration.html.
func (f *Facts) readMise(t *tree.Tree, join func(string) string) error {
	for _, name := range []string{"mise.toml", ".mise.toml"} {
		file := join(name)
		if !t.Has(file) {
			continue
		}
		text, err := t.Read(file)
		if err != nil {
			return err
		}
		var m struct {
			Tools map[string]any `toml:"tools"`
			Env   map[string]any `toml:"env"`
		}
		if err := toml.Unmarshal(text, &m); err != nil {
			return tomlError(file, err)
		}
		pin := ""
		switch v := m.Tools["python"].(type) {
		case string:
			pin = v
		case map[string]any:
			pin, _ = v["version"].(string)
		}
		if pin != "" {
			f.Versions = append(f.Versions, Version{Pin: pin, From: name, Pos: fact.At(file, lineOf(text, "python"))})
		}
		if _, ok := m.Env["PYTHON_BUILD_FREE_THREADING"]; ok {
			f.FreeThreaded = fact.At(file, lineOf(text, "PYTHON_BUILD_FREE_THREADING"))
		}
	}
	return nil
}

var freeThreaded = regexp.MustCompile(`^3\.\d+(\.\d+)?t$`)
