package python

import (
	"context"
	"io/fs"
	"os"
	"path"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// TestDir: a project in a folder has the facts that it has alone. The paths are
// relative to the folder, the places to the root.
func TestDir(t *testing.T) {
	const examples = "../../testdata/python"
	list, err := os.ReadDir(examples)
	if err != nil {
		t.Fatal(err)
	}
	projects := map[string]fs.FS{
		"made up": fstest.MapFS{
			"pyproject.toml":             {Data: []byte("[project]\nname='x'\nversion='1'\nreadme='README.md'\ndependencies=['flask']\n[build-system]\nrequires=['hatchling']\n[tool.uv.workspace]\nmembers=['libs/*']\n")},
			"uv.lock":                    {Data: []byte("version = 1\n")},
			"requirements.txt":           {Data: []byte("-e .[web]\n-r deep/more.txt\n-e ./libs/a\n")},
			"deep/more.txt":              {Data: []byte("flask\n")},
			"requirements-dev.txt":       {Data: []byte("-r deep/more.txt\npytest\n")},
			"setup.py":                   {Data: []byte("from setuptools import setup\nsetup(install_requires=['x'])\n")},
			"libs/a/setup.py":            {Data: []byte("")},
			"Procfile":                   {Data: []byte("web: gunicorn shop.web:app\n")},
			"shop/__init__.py":           {Data: []byte("")},
			"shop/web.py":                {Data: []byte("from .core import make\nfrom shop.conf import DATA, PORT\napp = make()\n(DATA / 'x').mkdir()\nopen('logs/x', 'w')\nif __name__ == '__main__':\n  app.run('0.0.0.0', PORT)\n")},
			"shop/core.py":               {Data: []byte("from flask import Flask\ndef make():\n  app = Flask(__name__)\n  return app\n")},
			"shop/conf.py":               {Data: []byte("import os\nfrom pathlib import Path\nDATA = Path(__file__).parent.parent / 'data'\nPORT = int(os.getenv('PORT', 8000))\n")},
			"site/manage.py":             {Data: []byte("import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.settings.dev')\n")},
			"site/proj/wsgi.py":          {Data: []byte("")},
			"site/proj/settings/base.py": {Data: []byte("from pathlib import Path\nSTATIC_ROOT = Path(__file__).resolve().parents[2] / 'static'\n")},
			"site/proj/settings/dev.py":  {Data: []byte("from .base import *\nDEBUG = True\n")},
			"tests/test_a.py":            {Data: []byte("def test_a(): pass\n")},
			"pytest.ini":                 {Data: []byte("")},
			"environment.yml":            {Data: []byte("name: x\n")},
		},
	}
	for _, e := range list {
		projects[e.Name()] = os.DirFS(path.Join(examples, e.Name(), "input"))
	}
	const dir = "apps/one"
	for name, project := range projects {
		t.Run(name, func(t *testing.T) {
			alone, below := fstest.MapFS{}, fstest.MapFS{}
			err := fs.WalkDir(project, ".", func(p string, e fs.DirEntry, err error) error {
				if err != nil || e.IsDir() {
					return err
				}
				text, err := fs.ReadFile(project, p)
				alone[p], below[dir+"/"+p] = &fstest.MapFile{Data: text}, &fstest.MapFile{Data: text}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			want, got := detected(t, alone, "."), detected(t, below, dir)
			want.Dir, got.Dir = "", ""
			// Every place of the second begins with the folder.
			place := cmp.Comparer(func(a, b fact.Pos) bool {
				if a.IsZero() || b.IsZero() {
					return a == b
				}
				return a.Line == b.Line && (b.File == dir+"/"+a.File || a.File == dir+"/"+b.File)
			})
			if diff := cmp.Diff(want, got, place, cmpopts.IgnoreUnexported(Module{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func detected(t *testing.T, files fs.FS, dir string) *Facts {
	t.Helper()
	tr, err := tree.Scan(context.Background(), files, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := Detect(tr, dir)
	if err != nil || f == nil {
		t.Fatalf("got %v, %v", f, err)
	}
	return f
}
