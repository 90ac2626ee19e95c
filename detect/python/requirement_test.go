package python

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/detect/tree/treetest"
)

func scan(t testing.TB, files map[string]string) *tree.Tree {
	t.Helper()
	return treetest.Of(t, files)
}

func TestRequirements(t *testing.T) {
	tests := []struct {
		name, text, want string
	}{
		{"pinned", "Flask==3.1.0", "flask==3.1.0:1"},
		{"name only", "flask", "flask:1"},
		{"normalised", "Flask_SQLAlchemy >= 3, < 4", "flask-sqlalchemy>=3,<4:1"},
		{"extras", "psycopg[binary, pool]>=3.2", "psycopg[binary,pool]>=3.2:1"},
		{"marker", `Django==6.0.5; python_version >= "3.12"`, `django==6.0.5{python_version >= "3.12"}:1`},
		{"comments", "# no\nflask # yes\n\n  \nclick#not a comment", "error 5"},
		{"continued", "flask \\\n  ==3.0\nclick", "flask==3.0:1 click:3"},
		{"hashes", "flask==3.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nclick==8 --hash=sha256:cc", "flask==3.0:1 click==8:4 hashes"},
		{"byte order mark and crlf", "\ufeffflask==3\r\nclick==8\r\n", "flask==3:1 click==8:2"},
		{"options", "--index-url https://example.org/simple\n-i https://example.org/2\n--no-binary :all:\n--pre\nflask", "flask:5"},
		{"git", "fastapi-ipware @ git+https://github.com/x/y.git@v1", "fastapi-ipware(git):1"},
		{"git egg", "git+https://github.com/x/y.git#egg=Y_Z", "y-z(git):1"},
		{"editable git", "-e git+ssh://git@github.com/x/y.git#egg=y", "y(git):1"},
		{"editable folder", "-e ./libs/thing", "(local):1"},
		{"itself", "-e .\nflask", "flask:2 self"},
		{"itself, with extras", "-e .[web]", "self [web]"},
		{"itself, not editable", ".[web, Db_Async]", "self [web db-async]"},
		{"itself, by a slash", "-e ./", "self"},
		{"itself, as an option with =", "--editable=.[a,b]", "self [a b]"},
		{"itself, by a URL", "-e file:.[web]", "self [web]"},
		{"itself, twice", ".[a]\n-e ./[b]", "self [a b]"},
		{"itself, of the folder that pip runs in", "-r deep/own.txt", "self [x]"},
		{"another one with extras", "-e ./libs/thing[web]", "[web](local):1"},
		{"what pip freeze writes for conda", "click\nflask @ file:///croot/flask_1698770/work", "error 2"},
		{"a file URL with a host", "flask @ file://localhost/tmp/flask.whl", "error 1"},
		{"a file URL with one slash", "flask[async] @ file:/tmp/flask.whl ; python_version > '3'", "error 1"},
		{"a file URL of Windows", "flask @ file:///C:/ci/flask/work", "error 1"},
		{"a file URL without a name", "file:///tmp/flask.whl", "error 1"},
		{"an absolute path", "/home/me/flask", "error 1"},
		{"an absolute wheel", "click\n\n/tmp/flask-3-py3-none-any.whl", "error 3"},
		{"a path of Windows", `-e c:\users\me\flask`, "error 1"},
		{"editable and absolute", "-e /home/me/flask", "error 1"},
		{"above the repository", "-e ../flask", "error 1"},
		{"above the repository by a detour", "./x/../../flask", "error 1"},
		{"a constraint of conda", "-c conda.txt", "error 1"},
		{"a relative file URL", "x @ file:./libs/x", "x(local):1"},
		{"a path by name", "x @ ./libs/x", "x(local):1"},
		{"a variable in a file URL", "x @ file://${PWD}/libs/x", "x(local):1 $PWD"},
		{"wheel", "https://example.org/x-1-py3-none-any.whl", "(url):1"},
		{"direct URL with a marker", "x @ https://example.org/x.zip ; sys_platform == 'linux'", "x(url){sys_platform == 'linux'}:1"},
		{"variable", "--extra-index-url https://${TOKEN}@example.org/simple\nflask", "flask:2 $TOKEN"},
		{"include", "-r more.txt\nflask", "click==8.1.0:1 flask:2"},
		{"include without a blank", "-rmore.txt", "click==8.1.0:1"},
		{"constraints name nothing", "--constraint=more.txt\nclick", "click:2"},
		{"not there", "-r nowhere.txt", "error 1"},
		{"outside", "-r ../secret.txt", "error 1"},
		{"includes itself", "-r requirements.txt\nflask", "flask:2"},
		{"nonsense", "flask\n===", "error 2"},
		{"conflict markers", "<<<<<<< HEAD\nflask", "error 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := readRequirements(scan(t, map[string]string{"requirements.txt": tt.text, "more.txt": "click==8.1.0\n", "deep/own.txt": "-e .[x]", "conda.txt": "flask @ file:///croot/x"}), ".", "requirements.txt")
			if diff := cmp.Diff(tt.want, describe(r, err)); diff != "" {
				t.Error(diff, err)
			}
		})
	}
}

func describe(r *Requirements, err error) string {
	var fe *fact.Error
	switch {
	case errors.As(err, &fe):
		return fmt.Sprintf("error %d", fe.Pos.Line)
	case err != nil:
		return err.Error()
	}
	var out []string
	for _, q := range r.List {
		s := q.Name
		if len(q.Extras) > 0 {
			s += "[" + strings.Join(q.Extras, ",") + "]"
		}
		s += strings.ReplaceAll(q.Constraint, " ", "")
		if q.Source != Index {
			s += "(" + string(q.Source) + ")"
		}
		if q.Marker != "" {
			s += "{" + q.Marker + "}"
		}
		out = append(out, fmt.Sprintf("%s:%d", s, q.Pos.Line))
	}
	if r.Hashes {
		out = append(out, "hashes")
	}
	for _, v := range r.Variables {
		out = append(out, "$"+v.Value)
	}
	if !r.Self.IsZero() {
		out = append(out, "self")
		if len(r.Extras) > 0 {
			out = append(out, fmt.Sprint(r.Extras))
		}
	}
	return strings.Join(out, " ")
}

func FuzzRequirements(f *testing.F) {
	for _, s := range []string{"flask==3", "-r x", "-e .", "a @ git+https://x/y", "a[b,c]>=1;python_version<'3'", "a \\\n --hash=x", "\\", "-", "--", "-r", "a@", "[", "a[", "a;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := &Requirements{}
		err := r.parse("requirements.txt", text, func(string, bool, fact.Pos) error { return nil }, false)
		var fe *fact.Error
		if err != nil && (!errors.As(err, &fe) || fe.Pos.Line < 1 || fe.Pos.Line > strings.Count(text, "\n")+1) {
			t.Fatalf("%v is no error with a line of the file", err)
		}
		for _, q := range r.List {
			if q.Pos.Line < 1 || strings.ContainsAny(q.Name, " \n;[") {
				t.Fatalf("%+v", q)
			}
		}
	})
}

func FuzzManifests(f *testing.F) {
	f.Add("[project]\nname='x'\ndependencies=['flask']\nrequires-python='>=3.9'\n[build-system]\nrequires=[]", "version=1\n[[package]]\nname='flask'\nversion='1'\nwheels=[{url='x'}]", "web: gunicorn a:b --bind :$PORT && x")
	f.Add("[tool.poetry.dependencies]\npython='^3.9'\nflask={version='1',extras=['x']}\n", "[[package]]\nname='x'\nfiles=[{file='y'}]", "web: A=b python x.py")
	f.Add("[tool.uv]\n[tool.uv.sources]\nx={git='y'}\n[dependency-groups]\ndev=['pytest',{include-group='x'}]", "", "web: ${PORT:-1}")
	f.Fuzz(func(t *testing.T, project, lock, procfile string) {
		for _, name := range []string{"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock"} {
			files := map[string]string{"pyproject.toml": project, name: lock, "Procfile": procfile, "app.yaml": procfile, "Pipfile": project, "runtime.txt": lock, "mise.toml": project}
			if _, err := Detect(scan(t, files), "."); err != nil {
				var fe *fact.Error
				if !errors.As(err, &fe) || fe.Pos.File == "" {
					t.Fatalf("%v names no file", err)
				}
			}
		}
	})
}
