package table

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Text is the file whose text a compiled table is made of.
func Text(compiled string) string { return strings.TrimSuffix(compiled, ".table") + ".yaml" }

// Embedded lists the compiled tables that the Go files of a repository embed,
// whether or not they are there.
func Embedded(repo fs.FS) ([]string, error) {
	var out []string
	err := fs.WalkDir(repo, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || len(d.Name()) > 1 && d.Name()[0] == '.'):
			return fs.SkipDir
		case path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(repo, name)
		if err != nil {
			return err
		}
		for line := range bytes.Lines(text) {
			patterns, ok := bytes.CutPrefix(line, []byte("//go:embed "))
			if !ok {
				continue
			}
			for p := range strings.FieldsSeq(string(patterns)) {
				if path.Ext(p) != ".table" {
					continue
				}
				texts, err := fs.Glob(repo, path.Join(path.Dir(name), Text(p)))
				if err != nil {
					return err
				}
				for _, t := range texts {
					out = append(out, strings.TrimSuffix(t, ".yaml")+".table")
				}
			}
		}
		return nil
	})
	slices.Sort(out)
	return slices.Compact(out), err
}
