package python

import (
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/tree"
)

// readInline reads the metadata that a script of the folder holds in a comment, as uv
// and pipx run it: https://packaging.python.org/en/latest/specifications/inline-script-metadata/.
// Several scripts with dependencies of their own are several programs: none is read.
func (f *Facts) readInline(t *tree.Tree) error {
	var found []Manifest
	var ranges []Version
	for _, name := range t.Names(f.Dir) {
		if !strings.HasSuffix(name, ".py") || len(found) > 1 {
			continue
		}
		head, err := t.ReadHead(f.join(name), 16<<10)
		if err != nil {
			continue
		}
		text, ok := inlineBlock(string(head))
		if !ok {
			continue
		}
		doc, err := document.ParseTOML(f.join(name), []byte(text))
		if err != nil {
			return err
		}
		m := Manifest{Manager: "script", File: name, Files: []string{name}}
		list := doc.Get("dependencies")
		if m.List, err = requirements(list); err != nil {
			return err
		}
		if m.Pos = list.Pos(); len(m.List) == 0 {
			continue
		}
		found = append(found, m)
		if v := doc.Get("requires-python"); v.Text != "" {
			ranges = append(ranges, Version{Range: v.Text, From: "requires-python", Pos: v.Pos()})
		}
	}
	if len(found) == 1 {
		f.Manifests, f.Versions = found, append(f.Versions, ranges...)
	}
	return nil
}

// inlineBlock is the TOML of the block "script", each line where it stands in the file.
func inlineBlock(source string) (text string, ok bool) {
	var out strings.Builder
	inside := false
	for l := range strings.Lines(source) {
		l = strings.TrimRight(l, "\r\n")
		switch {
		case !inside:
			inside = l == "# /// script" // the lines before stay, as empty ones
		case l == "# ///":
			return out.String(), true
		case l == "#":
		case strings.HasPrefix(l, "# "):
			out.WriteString(l[2:])
		default:
			return "", false
		}
		out.WriteByte('\n')
	}
	return "", false
}
