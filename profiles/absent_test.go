package profiles

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect"
)

// Files that are there by name alone are said, if the app may need them.
func TestAbsentFiles(t *testing.T) {
	pointer := &fstest.MapFile{Data: []byte("version https://git-lfs.github.com/spec/v1\noid sha256:" + strings.Repeat("a", 64) + "\nsize 12345\n")}
	link := func(to string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(to), Mode: fs.ModeSymlink | 0o777}
	}
	text := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string // of a note, "" for none
	}{
		"a model":                    {fstest.MapFS{"model.onnx": pointer}, "model.onnx: is only a pointer: Git LFS has not fetched the file"},
		"pictures of a site":         {fstest.MapFS{"public/a.png": pointer, "public/b.png": pointer}, "public/a.png: this file and 1 more are only pointers"},
		"by .gitattributes":          {fstest.MapFS{".gitattributes": text("*.dat filter=lfs diff=lfs merge=lfs -text\n"), "a/b.dat": pointer}, "a/b.dat: is only a pointer"},
		"a folder of .gitattributes": {fstest.MapFS{".gitattributes": text("/data/** filter=lfs\n"), "data/x/y": pointer}, "data/x/y: is only a pointer"},
		"fetched":                    {fstest.MapFS{"model.onnx": text("x"), ".gitattributes": text("*.onnx filter=lfs\n")}, ""},
		"of the tests alone":         {fstest.MapFS{"test/a.png": pointer}, ""},
		"a link that climbs":         {fstest.MapFS{"lib/shared": link("../../shared")}, "lib/shared: is a link that leads out of this folder"},
		"an absolute link":           {fstest.MapFS{"cert.pem": link("/etc/ssl/cert.pem"), "x": link("../y")}, "cert.pem: this file and 1 more are links"},
		"a link within":              {fstest.MapFS{"lib/x": link("../a.js"), "y": link("lib")}, ""},
		"a link of the docs":         {fstest.MapFS{"docs/x": link("../../y"), "README.md": link("../README.md")}, ""},
	} {
		c.files["package.json"], c.files["a.js"] = text(`{"scripts": {"start": "node a.js"}}`), text("")
		repo, err := detect.Scan(t.Context(), c.files, Languages())
		if err != nil {
			t.Fatal(err)
		}
		p, err := Decide(repo, Request{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, n := range p.Apps[0].Notes {
			if n.Pos.File != "package.json" {
				got = append(got, n.Pos.String()+": "+n.Text)
			}
		}
		if all := strings.Join(got, "; "); c.want == "" && all != "" || !strings.HasPrefix(all, c.want) {
			t.Errorf("%s: got %q, want %q", name, all, c.want)
		}
	}
}
