package python

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/effect"
)

func read(t testing.TB, source string) *Module {
	t.Helper()
	return readAll(t, map[string]string{"m.py": source})["m.py"]
}

// readAll reads the modules of a repository.
func readAll(t testing.TB, files map[string]string) map[string]*Module {
	t.Helper()
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	f := &Facts{Dir: "."}
	out := map[string]*Module{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		out[name] = newModule(".", name, files[name])
		f.Modules = append(f.Modules, out[name])
		w.add(out[name])
	}
	for _, m := range f.Modules {
		w.read(m)
	}
	f.link(w)
	return out
}

// linked reads one module as those of a repository are.
func linked(t *testing.T, source string) *Module {
	t.Helper()
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	m := newModule(".", "m.py", source)
	w.add(m)
	w.read(m)
	(&Facts{Dir: ".", Modules: []*Module{m}}).link(w)
	return m
}

func TestObjects(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"plain", "from flask import Flask\napp = Flask(__name__)", "app flask:2"},
		{"renamed class", "from flask import Flask as F\nserver = F(__name__)", "server flask:2"},
		{"module", "import flask\nx = flask.Flask('x')", "x flask:2"},
		{"renamed module", "import fastapi as fa\nx = fa.FastAPI()", "x fastapi:2"},
		{"annotated", "from fastapi import FastAPI\napi: FastAPI = FastAPI()", "api fastapi:2"},
		{"two names", "from flask import Flask\napp = application = Flask(__name__)", "app flask:2"},
		{"star", "from fasthtml.common import *\napp = FastHTML()", "app fasthtml:2"},
		{"pair", "from fasthtml.common import *\napp, rt = fast_app()", "app fasthtml:2"},
		{"in a condition", "from flask import Flask\nif True:\n  app = Flask('x')", "app flask:3"},
		{"in brackets over lines", "from starlette.applications import (\n  Starlette,\n)\napp = Starlette(\n  debug=True,\n)", "app starlette:4"},
		{"factory", "from flask import Flask\ndef create_app(config=None, *, debug=False):\n  app = Flask('x')\n  return app", "create_app() flask:2"},
		{"factory that returns the call", "import fastapi\ndef build():\n  return fastapi.FastAPI()", "build() fastapi:2"},
		{"a factory with a required parameter", "from flask import Flask\ndef create_app(config):\n  app = Flask('x')\n  return app", "create_app(config) flask:2"},
		{"a factory of a factory", "from flask import Flask\ndef build():\n  return Flask('x')\ndef create_app():\n  app = build()\n  return app", "build() flask:2, create_app() flask:4"},
		{"a factory by what it is said to return", "from flask import Flask\ndef create_app(a, b=1) -> Flask:\n  return make(a)", "create_app(a) flask:2"},
		{"what a factory with an argument made", "from flask import Flask\ndef create_app(config):\n  return Flask('x')\napp = create_app('x')", "create_app(config) flask:2, app flask:4"},
		{"a factory of itself", "def f():\n  return f()\ndef g():\n  return h()\ndef h():\n  return g()", ""},
		{"an inner function does not return it", "from flask import Flask\ndef f():\n  def g():\n    return Flask('x')\n  return g", ""},
		{"local variable", "from flask import Flask\ndef f():\n  app = Flask('x')\n  app.run()", ""},
		{"attribute of a class", "from flask import Flask\nclass A:\n  app = Flask('x')", ""},
		{"in a comment and in a string", "from flask import Flask\n# app = Flask(__name__)\n'''\napp = Flask(__name__)\n'''", ""},
		{"another class of that name", "from mine import Flask\napp = Flask()", ""},
		{"never imported", "app = Flask(__name__)", ""},
		{"django", "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()", "application django-wsgi:2"},
		{"cloud function", "import functions_framework\n@functions_framework.http\ndef hello(request):\n  return ''", "hello functions-framework:3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, o := range linked(t, tt.source).Objects {
				name := o.Name
				if o.Factory {
					name += "(" + o.Asks + ")"
				}
				got = append(got, fmt.Sprintf("%s %s:%d", name, o.Framework, o.Pos.Line))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// show writes a value: 8000, 8000=$PORT, 8000=--port, ?.
func show(v effect.Value) string {
	if !v.Known() {
		return "?"
	}
	out := v.Text
	if out == "" && !v.Decided() {
		out = "*"
	}
	if v.Env != "" {
		out += "=$" + v.Env
	}
	if v.Flag != "" {
		out += "=" + v.Flag
	}
	return out
}

func TestServers(t *testing.T) {
	const flask = "from flask import Flask\nimport os\napp = Flask('x')\n"
	tests := []struct{ name, source, want string }{
		{"literal", flask + "if __name__ == '__main__':\n  app.run(host='0.0.0.0', port=8080)", "app 0.0.0.0 8080 guarded"},
		{"default host", flask + "app.run(port=5000)", "app 127.0.0.1 5000"},
		{"environment", flask + "app.run('0.0.0.0', port=int(os.environ.get('PORT', 8080)))", "app 0.0.0.0 8080=$PORT"},
		{"text default", flask + "app.run(port=int(os.getenv('PORT', '9000')))", "app 127.0.0.1 9000=$PORT"},
		{"or", flask + "app.run(port=int(os.environ.get('PORT') or 7000))", "app 127.0.0.1 7000=$PORT"},
		{"conditional", flask + "PORT = int(os.getenv('PORT')) if os.getenv('PORT') else 8080\napp.run(port=PORT)", "app 127.0.0.1 8080=$PORT"},
		{"a name", flask + "PORT = 8123\napp.run('0.0.0.0', PORT)", "app 0.0.0.0 8123"},
		{"a computed port is not guessed", flask + "app.run('0.0.0.0', find_port(1))", "app 0.0.0.0 ?"},
		{"uvicorn", "import uvicorn\nuvicorn.run('main:app', host='0.0.0.0', port=8001)", " 0.0.0.0 8001 -> main:app"},
		{"http.server", "from http.server import HTTPServer, BaseHTTPRequestHandler as B\nHTTPServer(('', 8000), B).serve_forever()", " * 8000"},
		{"a server of its own", "import socketserver as s, http.server as h\nclass S(s.ThreadingMixIn, h.HTTPServer):\n  pass\naddress = ('', 80)\nS(address, X)", " * 80"},
		{"another object's run", "import thing\nthing.go().run(port=1)\nx = thing.X()\nx.run(port=2)", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range read(t, tt.source).Servers {
				text := s.Object + " " + show(s.Addr.Host) + " " + show(s.Addr.Port)
				if s.Target != "" && strings.Contains(s.Target, ":") {
					text += " -> " + s.Target
				}
				if s.Guarded {
					text += " guarded"
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRoutes(t *testing.T) {
	const flask = "from flask import Flask\nimport db, os\napp = Flask('x')\n"
	tests := []struct{ name, source, want string }{
		{"plain", "@app.route('/')\ndef i():\n  return 'x'", "/"},
		{"a file that may not be there", "@app.route('/')\ndef i():\n  return app.send_static_file('index.html')", "/?"},
		{"with a docstring and an assignment", "@app.get('/')\ndef i():\n  '''Says.'''\n  x = 1\n  return {'x': x}", "/"},
		{"post", "@app.route('/', methods=['POST'])\ndef i():\n  return 'x'", ""},
		{"a parameter in the path", "@app.route('/<name>')\ndef i(name):\n  return name", ""},
		{"guarded by another decorator", "@app.route('/')\n@login_required\ndef i():\n  return 'x'", "/?"},
		{"may fail", "@app.route('/')\ndef i():\n  if x: return 'x', 500\n  return 'y'", "/?"},
		{"asks a database", "@app.route('/')\ndef i():\n  return str(db.query(1))", "/?"},
		{"wants a variable", "@app.route('/')\ndef i():\n  return os.environ['X']", "/?"},
		{"injected", "@app.get('/')\ndef i(user=Depends(auth)):\n  return 'x'", "/?"},
		{"of a factory", "def create():\n  a = Flask('x')\n  @a.route('/f')\n  def i():\n    return 'x'\n  return a", "/f"},
		{"of a factory, as app", "def create():\n  app = Flask('x')\n  @app.get('/f')\n  def i():\n    return 'x'\n  return app", "/f"},
		{"of a factory, guarded", "def create():\n  a = Flask('x')\n  @a.route('/f')\n  @auth\n  def i():\n    return 'x'\n  return a", "/f?"},
		{"of another object in a factory", "def create():\n  a = Flask('x')\n  b = Blueprint('b')\n  @b.route('/f')\n  def i():\n    return 'x'\n  return a", ""},
		{"of the module's app in a function", "def add():\n  @app.route('/f')\n  def i():\n    return 'x'\n", ""},
		{"of a function that returns none", "def run():\n  a = Flask('x')\n  @a.route('/f')\n  def i():\n    return 'x'\n  a.run()", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, o := range read(t, flask+tt.source).Objects {
				for _, r := range o.Routes {
					p := r.Path
					if !r.Plain {
						p += "?"
					}
					got = append(got, p)
				}
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPrograms(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"list", "import subprocess\nsubprocess.run(['dot', '-Tpng'])", "dot"},
		{"list and more", "import subprocess as sp\nsp.check_output(['/usr/bin/dot'] + args, stdout=sp.PIPE)", "dot"},
		{"line", "import os\nos.system('ffmpeg -i x')", "ffmpeg"},
		{"a name", "from subprocess import Popen\ncmd = ['git', 'log']\nPopen(cmd)", "git"},
		{"itself", "import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'x'])", "python"},
		{"unknown", "import subprocess\nsubprocess.run(args)", "?"},
		{"handed to a function that splits it", "import subprocess, shlex\ndef sh(args, **kw):\n    if isinstance(args, str):\n        args = shlex.split(args)\n    return subprocess.run(args)\nsh('git show -s')\nsh(['ffmpeg', '-i'])\nsh(args=x)\n", "git, ffmpeg, ?"},
		{"and not what others get", "import subprocess, shlex\ndef sh(args):\n    args = shlex.split(args)\n    subprocess.run(args)\ndef say(args):\n    print(args)\nsay('git show')\n", "?"},
		{"another run", "import mine\nmine.run(['dot'])", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := read(t, tt.source)
			var got []string
			for _, p := range m.Execs {
				if !p.Program.Known() {
					got = append(got, "?")
					continue
				}
				got = append(got, p.Program.Text)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
