package python

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/python/syntax"
)

// held evaluates X where the statement USE X stands in m.py.
func held(t *testing.T, files map[string]string) string {
	t.Helper()
	w, err := newWorld()
	if err != nil {
		t.Fatal(err)
	}
	var main *Module
	for _, name := range slices.Sorted(maps.Keys(files)) {
		m := newModule(".", name, files[name])
		w.add(m)
		if strings.Contains(files[name], "USE(") {
			main = m
		}
	}
	out := "no use"
	main.each(func(s *syntax.Stmt) {
		if c, ok := syntax.CallAt(s.Tokens, 0); ok && c.Name == "USE" {
			v := w.eval(expr{main, s, c.In})
			switch {
			case v.form == none:
				out = "None"
			case !v.known():
				out = "?"
			default:
				out = show(v.Value)
				if v.base != "" {
					out = string(v.base) + ":" + out
				}
			}
		}
	})
	return out
}

func TestValue(t *testing.T) {
	const port = "import os\n"
	tests := []struct{ name, source, want string }{
		{"literal", "USE(8000)", "8000"},
		{"underscores", "USE(8_000)", "8000"},
		{"text", "USE('a' \"b\")", "ab"},
		{"a name", "x = 8000\nUSE(x)", "8000"},
		{"a name of a name", "x = 8000\ny = x\nUSE(y)", "8000"},
		{"another function's name", "def connect():\n  x = 5432\nx = 8000\nUSE(x)", "8000"},
		{"in a function", "x = 8000\ndef main():\n  USE(x)", "8000"},
		{"overwritten", "x = 1\nx = 2\nUSE(x)", "2"},
		{"two branches that differ", "x = 1\nif c: x = 2\nUSE(x)", "?"},
		{"two branches that agree", "if c: x = 2\nelse: x = 2\nUSE(x)", "2"},
		{"of a loop", "for x in y:\n  USE(x)", "?"},
		{"variable", port + "USE(os.environ['P'])", "=$P"},
		{"getenv", port + "USE(os.getenv('P'))", "=$P"},
		{"getenv with a default", port + "USE(os.getenv('P', '80'))", "80=$P"},
		{"imported getenv", "from os import getenv as g\nUSE(g('P', 80))", "80=$P"},
		{"imported environ", "from os import environ\nUSE(environ.get('P', default=80))", "80=$P"},
		{"int", port + "USE(int(os.environ.get('P', '80')))", "80=$P"},
		{"or", port + "USE(int(os.environ.get('P') or 80))", "80=$P"},
		{"two variables", port + "USE(os.getenv('A') or os.getenv('B') or '80')", "80=$A"},
		{"conditional", port + "USE(int(os.environ['P']) if 'P' in os.environ else 80)", "80=$P"},
		{"conditional, the other way", port + "USE(80 if not os.getenv('P') else os.getenv('P'))", "80=$P"},
		{"guarded", port + "p = 80\nif os.environ.get('P'):\n  p = int(os.environ['P'])\nUSE(p)", "80=$P"},
		{"caught", port + "try:\n  p = int(os.environ['P'])\nexcept KeyError:\n  p = 80\nUSE(p)", "80=$P"},
		{"walrus", port + "if (p := os.getenv('P', '80')):\n  pass\nUSE(p)", "80=$P"},
		{"argument", "import sys\nUSE(sys.argv[1])", "?"},
		{"argument or else", "import sys\nUSE(int(sys.argv[1]) if len(sys.argv) > 1 else 80)", "80"},
		{"argument in a branch", "import sys\np = 80\nif len(sys.argv) > 1:\n  p = int(sys.argv[1])\nUSE(p)", "80"},
		{"argument, caught", "import sys\ntry:\n  p = int(sys.argv[1])\nexcept IndexError:\n  p = 80\nUSE(p)", "80"},
		{"argparse", "import argparse\np = argparse.ArgumentParser()\np.add_argument('-p', '--http-port', type=int, default=80)\na = p.parse_args()\nUSE(a.http_port)", "80=--http-port"},
		{"argparse with a variable", "import argparse, os\np = argparse.ArgumentParser()\np.add_argument('--port', default=os.getenv('P', 80))\na = p.parse_args()\nUSE(a.port)", "80=$P=--port"},
		{"argparse without a default", "import argparse\np = argparse.ArgumentParser()\np.add_argument('--port')\nUSE(p.parse_args().port)", "=--port"},
		{"click", "import click\n@click.command()\n@click.option('--port', default=80, envvar='P')\ndef main(port):\n  USE(port)", "80=$P=--port"},
		{"typer", "import typer\ndef main(port: int = typer.Option(80, envvar='P')):\n  USE(port)", "80=$P"},
		{"parameter", "def main(port=80):\n  USE(port)", "80"},
		{"parameter that a call gives", "def main(port):\n  USE(port)\nmain(80)", "80"},
		{"parameter that a call gives by name", "def main(host, port=70):\n  USE(port)\nmain('x', port=80)", "80"},
		{"parameter of calls that differ", "def main(port):\n  USE(port)\nmain(80)\nmain(90)", "?"},
		{"parameter that nothing gives", "def main(port):\n  USE(port)", "?"},
		{"what a function returns", port + "def port():\n  return int(os.getenv('P', 80))\nUSE(port())", "80=$P"},
		{"what a function returns, two ways", "def port(x):\n  if x:\n    return 1\n  return 2\nUSE(port(x))", "?"},
		{"recursion", "def f():\n  return f()\nUSE(f())", "?"},
		{"a name of itself", "x = x\nUSE(x)", "?"},
		{"f-string", "p = 80\nUSE(f'a:{p}/{p!s:>2}')", "a:80/80"},
		{"f-string of a variable alone", port + "USE(f\"{os.getenv('P', '80')}\")", "80=$P"},
		{"f-string with a variable", port + "USE(f\"sqlite:///{os.getenv('D', 'data')}/a.db\")", "sqlite:///data/a.db=$D"},
		{"f-string of what is not known", "USE(f'a{b}')", "?"},
		{"concatenation", "a = 'x'\nUSE(a + '/' + 'y')", "x/y"},
		{"sum", "a = 8000\nUSE(a + 80)", "8080"},
		{"percent", "USE('a/%s.db' % 'x')", "a/x.db"},
		{"format", "USE('a/{}.db'.format('x'))", "a/x.db"},
		{"a pair", "host, port = 'h', 80\nUSE(port)", "80"},
		{"item of a tuple", "a = ('h', 80)\nUSE(a[1])", "80"},
		{"item of a dictionary", "c = {'port': 80}\nUSE(c['port'])", "80"},
		{"item of a dictionary within", "c = {'http': {'port': 80}}\nUSE(c['http']['port'])", "80"},
		{"get of a dictionary", "c = dict(port=80)\nUSE(c.get('port'))", "80"},
		{"an item that is written", "c = {}\nc['port'] = 80\nUSE(c['port'])", "80"},
		{"attribute of a class", "class C:\n  PORT = 80\nUSE(C.PORT)", "80"},
		{"attribute of an instance", "class C:\n  port = 80\nc = C()\nUSE(c.port)", "80"},
		{"attribute that the call gives", "class C:\n  port = 80\nc = C(port=90)\nUSE(c.port)", "90"},
		{"attribute of a base", "class B:\n  port = 80\nclass C(B):\n  pass\nUSE(C().port)", "80"},
		{"attribute that __init__ sets", "class C:\n  def __init__(self, port=80):\n    self.port = port\n  def run(self):\n    USE(self.port)", "80"},
		{"dataclass", "from dataclasses import dataclass, field\n@dataclass\nclass C:\n  port: int = field(default=80)\nUSE(C().port)", "80"},
		{"settings", "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n  port: int = 80\ns = S()\nUSE(s.port)", "80=$PORT"},
		{"settings without a default", "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n  port: int\nUSE(S().port)", "=$PORT"},
		{"settings with a prefix", "from pydantic_settings import BaseSettings, SettingsConfigDict\nclass S(BaseSettings):\n  model_config = SettingsConfigDict(env_prefix='app_')\n  port: int = 80\nUSE(S().port)", "80=$APP_PORT"},
		{"settings with a prefix in the class's line", "from pydantic_settings import BaseSettings\nclass Base(BaseSettings, extra='ignore'):\n  pass\nclass S(Base, env_prefix='app_'):\n  port: int = 80\nUSE(S().port)", "80=$APP_PORT"},
		{"settings with an old prefix", "from pydantic import BaseSettings\nclass S(BaseSettings):\n  port: int = 80\n  class Config:\n    env_prefix = 'APP_'\nUSE(S().port)", "80=$APP_PORT"},
		{"a field with a name of its own", "from pydantic import BaseSettings, Field\nclass S(BaseSettings):\n  port: int = Field(80, env='APP_PORT')\nUSE(S().port)", "80=$APP_PORT"},
		{"a field", "from pydantic import BaseModel, Field\nclass S(BaseModel):\n  port: int = Field(80, ge=1)\nUSE(S().port)", "80"},
		{"settings within settings", "from pydantic import BaseModel, Field\nfrom pydantic_settings import BaseSettings\nclass H(BaseModel):\n  port: int = Field(80)\nclass S(BaseSettings):\n  http: H = H()\nUSE(S().http.port)", "80"},
		{"decouple", "from decouple import config\nUSE(config('P', default=80, cast=int))", "80=$P"},
		{"environ", "import environ\nenv = environ.Env()\nUSE(env.int('P', 80))", "80=$P"},
		{"path", "from pathlib import Path\nUSE(Path('a') / 'b')", "a/b"},
		{"path of the file", "from pathlib import Path\nUSE(Path(__file__).resolve().parent / 'b')", "code:b"},
		{"path of the file, joined", "import os\nBASE = os.path.dirname(os.path.abspath(__file__))\nUSE(os.path.join(BASE, 'data', 'a.db'))", "code:data/a.db"},
		{"address of a path", "import os\nBASE = os.path.dirname(__file__)\nUSE('sqlite:///' + os.path.join(BASE, 'a.db'))", "code:sqlite:///a.db"},
		{"temporary", "import tempfile, os\nUSE(os.path.join(tempfile.gettempdir(), 'x'))", "temp:x"},
		{"home", "from pathlib import Path\nUSE(Path.home() / '.cache')", "home:.cache"},
		{"expanded home", "import os\nUSE(os.path.expanduser('~/x'))", "home:x"},
		{"None", "x = None\nUSE(x)", "None"},
		{"comparison", "USE(a == b)", "?"},
		{"comprehension", "USE([x for x in y][0])", "?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, held(t, map[string]string{"m.py": tt.source})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestValueOfAnotherModule(t *testing.T) {
	const settings = "import os\nfrom pydantic_settings import BaseSettings\nPORT = int(os.getenv('PORT', 80))\nclass S(BaseSettings):\n  port: int = 81\nsettings = S()\n"
	tests := []struct{ name, source, want string }{
		{"name", "from config import PORT\nUSE(PORT)", "80=$PORT"},
		{"renamed", "from config import PORT as P\nUSE(P)", "80=$PORT"},
		{"module", "import config\nUSE(config.PORT)", "80=$PORT"},
		{"instance", "from config import settings\nUSE(settings.port)", "81=$PORT"},
		{"instance by the module", "import config as c\nUSE(c.settings.port)", "81=$PORT"},
		{"class", "from config import S\nUSE(S().port)", "81=$PORT"},
		{"star", "from config import *\nUSE(PORT)", "80=$PORT"},
		{"passed on", "from other import PORT\nUSE(PORT)", "80=$PORT"},
		{"overwritten here", "from config import PORT\nPORT = 9\nUSE(PORT)", "9"},
		{"in a package", "from .conf import PORT\nUSE(PORT)", "80=$PORT"},
		{"beside a script", "from conf import PORT\nUSE(PORT)", "80=$PORT"},
		{"no such name", "from config import HOST\nUSE(HOST)", "?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := "m.py"
			if strings.Contains(tt.source, "conf ") {
				file = "app/m.py"
			}
			files := map[string]string{file: tt.source, "config.py": settings, "app/conf.py": settings, "other.py": "from config import PORT\n"}
			if diff := cmp.Diff(tt.want, held(t, files)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestFlaskConfig: app.config["KEY"] has what a module wrote to it.
func TestFlaskConfig(t *testing.T) {
	for _, set := range []string{"app.config['K'] = 'v'", "app.config.update(K='v', L=1)", "app.config.from_mapping(K='v')"} {
		for _, use := range []string{"USE(app.config['K'])", "from flask import current_app\nUSE(current_app.config['K'])"} {
			if got := held(t, map[string]string{"m.py": use, "a.py": "app = 1\n" + set}); got != "v" {
				t.Errorf("%s, %s: got %s", set, use, got)
			}
		}
	}
}

// TestScopes is fault 15: a name of another scope is another name.
func TestScopes(t *testing.T) {
	const head = "import os\nfrom flask import Flask\n"
	tests := []struct{ name, source, want string }{
		{"p1", head + "def connect():\n  port = 5432\n  return port\napp = Flask('x')\nport = int(os.environ.get('PORT', 8000))\nif __name__ == '__main__':\n  app.run(host='0.0.0.0', port=port)", "0.0.0.0 8000=$PORT"},
		{"p8", head + "def cache():\n  host = 'localhost'\n  return host\napp = Flask('x')\nhost = '0.0.0.0'\nif __name__ == '__main__':\n  app.run(host=host, port=8000)", "0.0.0.0 8000"},
		{"a method", head + "class DB:\n  def open(self):\n    port = 5432\nport = 8000\napp = Flask('x')\napp.run('0.0.0.0', port)", "0.0.0.0 8000"},
		{"a class", head + "class DB:\n  port = 5432\nport = 8000\napp = Flask('x')\napp.run('0.0.0.0', port)", "0.0.0.0 8000"},
		{"a nested function", head + "app = Flask('x')\ndef main():\n  port = 8000\n  def db():\n    port = 5432\n  app.run('0.0.0.0', port)", "0.0.0.0 8000"},
		{"overwritten", head + "app = Flask('x')\nport = 5000\nport = 8000\napp.run('0.0.0.0', port)", "0.0.0.0 8000"},
		{"overwritten afterwards", head + "app = Flask('x')\nport = 8000\napp.run('0.0.0.0', port)\nport = 5000", "0.0.0.0 8000"},
		{"global", head + "app = Flask('x')\nport = 5000\ndef main():\n  global port\n  port = 8000\n  app.run('0.0.0.0', port)", "0.0.0.0 8000"},
		{"an import in another function", head + "def db():\n  from config import port\napp = Flask('x')\nport = 8000\napp.run('0.0.0.0', port)", "0.0.0.0 8000"},
		{"a text of a variable", head + "app = Flask('x')\nport = f\"{os.getenv('PORT', 8000)}\"\napp.run('0.0.0.0', port)", "0.0.0.0 8000=$PORT"},
		{"a part of a text is a variable's", head + "app = Flask('x')\nport = f\"80{os.getenv('N', '00')}\"\napp.run('0.0.0.0', port)", "0.0.0.0 ?"},
		{"in one branch", head + "app = Flask('x')\nhost = '127.0.0.1'\nif os.getenv('DOCKER'):\n  host = '0.0.0.0'\napp.run(host, 8000)", "? 8000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range read(t, tt.source).Servers {
				got = append(got, show(s.Addr.Host)+" "+show(s.Addr.Port))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestRequired is fault 16: what is asked for first is not required.
func TestRequired(t *testing.T) {
	const head = "import os\n"
	tests := []struct{ name, source, want string }{
		{"read", "x = os.environ['P']", "P"},
		{"getenv", "x = os.getenv('P')", ""},
		{"p5", "if os.environ.get('P'):\n  x = int(os.environ['P'])", ""},
		{"in", "if 'P' in os.environ:\n  x = os.environ['P']", ""},
		{"not in", "if 'P' not in os.environ:\n  x = 1\nelse:\n  x = os.environ['P']", ""},
		{"elif", "if a:\n  pass\nelif os.getenv('P'):\n  x = os.environ['P']", ""},
		{"conditional", "x = os.environ['P'] if 'P' in os.environ else 1", ""},
		{"and", "x = os.environ.get('P') and os.environ['P']", ""},
		{"caught", "try:\n  x = os.environ['P']\nexcept KeyError:\n  x = 1", ""},
		{"all caught", "try:\n  x = os.environ['P']\nexcept:\n  x = 1", ""},
		{"something else caught", "try:\n  x = os.environ['P']\nexcept ImportError:\n  x = 1", "P"},
		{"set by default", "os.environ.setdefault('P', '1')\nx = os.environ['P']", ""},
		{"set", "os.environ['P'] = '1'\nx = os.environ['P']", ""},
		{"set later", "x = os.environ['P']\nos.environ['P'] = '1'", "P"},
		{"another one is asked for", "if os.environ.get('Q'):\n  x = os.environ['P']", ""},
		{"asked for and ended", "if 'P' not in os.environ:\n  raise X\nx = os.environ['P']", "P"},
		{"deleted", "del os.environ['P']", ""},
		{"in a function", "def f():\n  return os.environ['P']", "(P)"},
		{"in a function, asked for", "def f():\n  if 'P' in os.environ:\n    return os.environ['P']", ""},
		{"renamed", "from os import environ as e\nx = e['P']", "P"},
		{"decouple", "from decouple import config\nx = config('P')", "P"},
		{"decouple with a default", "from decouple import config\nx = config('P', default=1)", ""},
		{"environ", "import environ\nenv = environ.Env()\nx = env('P')\ny = env.int('Q')", "P Q"},
		{"a name that must not be empty", "k = os.getenv('P')\nif not k:\n  raise ValueError('x')", "P"},
		{"a name that must not be None", "k = os.environ.get('P')\nif k is None:\n  raise ValueError('x')", "P"},
		{"a function that is called, and insists", "def f():\n  \"\"\"Read it.\"\"\"\n  if not os.environ.get('P'):\n    raise ValueError('x')\nf()", "P"},
		{"a function that insists on a name's", "def f():\n  k = os.environ.get('P')\n  if k is None:\n    raise ValueError('x')\nC = f()", "P"},
		{"a function that nothing calls", "def f():\n  if not os.environ.get('P'):\n    raise ValueError('x')", ""},
		{"a function that insists at times", "def f(a):\n  if a:\n    if not os.environ.get('P'):\n      raise ValueError('x')\nf(1)", ""},
		{"a function that insists in its own try", "def f(a):\n  try:\n    if not os.environ.get('P'):\n      raise ValueError('x')\n  except ValueError:\n    pass\nf(1)", ""},
		{"a name with a default that must not be empty", "k = os.getenv('P', 'x')\nif not k:\n  raise ValueError('x')", ""},
		{"what every container has", "x = os.environ['PATH'] + os.environ['HOME']", ""},
		{"environ with a scheme", "import environ\nenv = environ.Env(P=(bool, False))\nx = env('P')\ny = env('Q')", "Q"},
		{"environ with a default", "import environ\nenv = environ.Env()\nx = env('P', default='')", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := read(t, head+tt.source)
			var got []string
			for _, v := range m.Required() {
				got = append(got, v.Name)
			}
			for _, v := range m.Needed {
				got = append(got, "("+v.Name+")")
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFiles(t *testing.T) {
	tests := []struct{ name, source, want string }{
		{"open", "open('data/x.txt', 'w')", "write data/x.txt"},
		{"open to read", "open('data/x.txt')", "read data/x.txt"},
		{"open by keyword", "open(file='x', mode='ab')", "write x"},
		{"an open of its own", "def open(x, y): pass\nopen('x', 'w')", ""},
		{"with", "with open('x', 'w') as f: pass", "write x"},
		{"folder", "import os\nos.makedirs('data/a', exist_ok=True)", "write data/a/"},
		{"path", "from pathlib import Path\nPath('data').mkdir(exist_ok=True)", "write data/"},
		{"text of a path", "from pathlib import Path\nD = Path('data')\n(D / 'x').write_text('')", "write data/x"},
		{"open of a path", "from pathlib import Path\nwith (Path('data') / 'x').open('wb') as f: pass", "write data/x"},
		{"open of a path to read", "from pathlib import Path\nPath('x').open()", "read x"},
		{"below the file", "import os\nB = os.path.abspath(os.path.dirname(__file__))\nopen(os.path.join(B, 'log', 'x'), 'a')", "write code:log/x"},
		{"a default of a variable", "import os\nos.makedirs(os.getenv('D', 'data'))", "write data=$D/"},
		{"sqlite3", "import sqlite3\nsqlite3.connect('a.db')", "write a.db"},
		{"sqlite3 in memory", "import sqlite3\nsqlite3.connect(':memory:')", ""},
		{"SQLAlchemy", "from sqlalchemy import create_engine\ne = create_engine('sqlite:///data/a.db')", "write data/a.db"},
		{"SQLAlchemy, absolute", "from sqlalchemy import create_engine\ne = create_engine('sqlite:////data/a.db')", "write /data/a.db"},
		{"SQLAlchemy, in memory", "from sqlalchemy import create_engine\ne = create_engine('sqlite:///:memory:')", ""},
		{"SQLAlchemy, another database", "from sqlalchemy import create_engine\ne = create_engine('postgresql:///a')", ""},
		{"SQLAlchemy, a variable", "import os\nfrom sqlalchemy import create_engine\ne = create_engine(os.getenv('U', 'sqlite:///./data/a.db'))", "write data/a.db=$U"},
		{"SQLAlchemy, joined", "import os\nB = os.path.dirname(__file__)\nclass C:\n  SQLALCHEMY_DATABASE_URI = os.environ.get('U') or 'sqlite:///' + os.path.join(B, 'a.db')", "write code:a.db"},
		{"SQLAlchemy, f-string", "n = 'a.db'\nu = f'sqlite:///{n}'", "write a.db"},
		{"SQLAlchemy, asynchronous", "u = 'sqlite+aiosqlite:///a.db'", "write a.db"},
		{"Flask-SQLAlchemy", "import flask_sqlalchemy\napp.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///a.db'", "write code:instance/a.db"},
		{"logging", "import logging\nlogging.basicConfig(filename='logs/x.log')", "write logs/x.log"},
		{"a handler", "from logging.handlers import RotatingFileHandler as R\nR('logs/x.log', maxBytes=1)", "write logs/x.log"},
		{"dictConfig", "L = {'handlers': {'f': {'class': 'logging.FileHandler', 'filename': 'logs/x.log'}}}", "write logs/x.log"},
		{"another filename", "x = {'filename': 'x'}", ""},
		{"Flask's uploads", "app.config['UPLOAD_FOLDER'] = 'uploads'", "write uploads/"},
		{"Django's media", "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent\nMEDIA_ROOT = BASE_DIR / 'media'", "write code:media/"},
		{"Django's database", "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'x.sqlite3'}}", "write x.sqlite3"},
		{"Django's database of a server", "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'x'}}", ""},
		{"pandas", "df.to_csv('out/x.csv')", "write out/x.csv"},
		{"pandas to text", "df.to_csv()", ""},
		{"temporary", "import tempfile\nopen(tempfile.gettempdir() + '/x', 'w')", "write temp:x"},
		{"p1b", "import os\napp.config['C'] = os.getenv('V', os.path.join(os.path.dirname(__file__), 'static/config'))\nos.makedirs(app.config['C'])", "write code:static/config=$V/"},
		{"a name that only running tells", "open(f'uploads/{name}.txt', 'w')", "write uploads/"},
		{"a name that only running tells, joined", "import os\nD = os.path.join(os.path.dirname(__file__), 'up')\nopen(os.path.join(D, f.filename), 'wb')", "write code:up/"},
		{"a name that only running tells, of a path", "from pathlib import Path\nD = Path('a') / 'b'\n(D / name / 'c').write_text('')", "write a/b/"},
		{"a name that only running tells, added", "p = 'a/b/' + name\nopen(p, 'w')", "write a/b/"},
		{"a name that only running tells, percent", "open('a/%s/%d' % (x, y), 'w')", "write a/"},
		{"a name that only running tells, format", "open('a/{}/{}'.format(x, y), 'w')", "write a/"},
		{"a file that only running tells", "open(f'{x}.txt', 'w')\nopen(f'a{x}/b', 'w')", ""},
		{"reading a name that only running tells", "open(f'uploads/{name}.txt')", ""},
		{"Flask's upload", "from flask import request\nimport os\napp.config['UPLOAD_FOLDER'] = 'up'\ndef u():\n  f.save(os.path.join(app.config['UPLOAD_FOLDER'], f.filename))", "write up/, write up/"},
		{"Flask's instance folder", "import os\nfrom flask import Flask\napp = Flask(__name__)\nos.makedirs(app.instance_path)", "write code:instance/"},
		{"Flask's root", "import os\nfrom flask import Flask\ndef create_app():\n  app = Flask(__name__)\n  os.makedirs(os.path.join(app.root_path, 'static', 'x'))", "write code:static/x/"},
		{"an instance path of its own", "import os\nos.makedirs(app.instance_path)", ""},
		{"Flask-Session", "app.config['SESSION_TYPE'] = 'filesystem'", "write flask_session/"},
		{"Flask-Session elsewhere", "app.config['SESSION_TYPE'] = 'redis'", ""},
		{"Flask-Session in a class", "class Config:\n  SESSION_TYPE = 'filesystem'\n  SESSION_FILE_DIR = 's'", "write flask_session/, write s/"},
		{"peewee by a star", "from peewee import *\ndb = SqliteDatabase('d/a.db')", "write d/a.db"},
		{"Tortoise", "from tortoise.contrib.fastapi import register_tortoise\nregister_tortoise(app, db_url='sqlite://d/a.db')", "write d/a.db"},
		{"Tortoise, absolute", "from tortoise import Tortoise\nTortoise.init(db_url='sqlite:///d/a.db')", "write /d/a.db"},
		{"Tortoise, in memory", "from tortoise import Tortoise\nTortoise.init(db_url='sqlite://:memory:')", ""},
		{"a session of Telegram", "from pyrogram import Client\nClient('a')\nClient('b', workdir='s')\nClient('c', in_memory=True)", "write ./, write s/"},
		{"Chroma", "import chromadb\nchromadb.PersistentClient()", "write chroma/"},
		{"an image", "from PIL import Image\nimg.save('out/a.png')", "write out/a.png"},
		{"another save", "form.save('x')", ""},
		{"an archive", "import zipfile\nzipfile.ZipFile('a/b.zip', 'w')\nzipfile.ZipFile('c.zip')", "write a/b.zip, read c.zip"},
		{"a text to a buffer", "from io import BytesIO\nb = BytesIO()\ndf.to_csv(b)", ""},
		{"certificates of a context", "import ssl\nc = ssl.create_default_context(cafile='a.pem')\nc.load_cert_chain('b.pem', keyfile='b.key')\nc.load_verify_locations('c.crt')", "read a.pem, read b.pem, read b.key, read c.crt"},
		{"certificates of a client", "import requests\nrequests.get(u, verify='a.pem', cert=('b.pem', 'b.key'))", "read b.pem, read b.key, read a.pem"},
		{"certificates of a database", "import os\nconnect(u, sslrootcert=os.path.join(os.path.dirname(__file__), 'a.pem'), sslkey=k)", "read code:a.pem"},
		{"certificates of a server", "import uvicorn\nuvicorn.run(app, ssl_certfile='a.pem', ssl_keyfile='a.key')", "read a.pem, read a.key"},
		{"no certificate", "f(verify=False, cert='x', keyfile=None)", ""},
		{"unknown", "open(x, 'w')", ""},
		{"unknown mode", "open('x', mode)", ""},
		{"a server", "open('http://x/y', 'w')", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range read(t, tt.source).Files {
				p := show(f.Path)
				if f.Base != "" {
					p = string(f.Base) + ":" + p
				}
				if f.Dir {
					p += "/"
				}
				got = append(got, string(f.Use)+" "+p)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestUnplaced: a write whose place is not read is noted, but for temporary files,
// what the command names and what goes into memory.
func TestUnplaced(t *testing.T) {
	for source, want := range map[string]int{
		"def f(p):\n  open(p, 'w')":              2,
		"import os\nos.makedirs(path())":         2,
		"def f(p):\n  open(p)":                   0,
		"def f(p):\n  open(p, 'w')\nf('data/x')": 0,
		"import tempfile\nwith tempfile.TemporaryDirectory() as d:\n  open(d, 'w')": 0,
		"import sys\nopen(sys.argv[1], 'w')":                                        0,
		"import os\nopen(os.environ['OUT'], 'w')":                                   0,
		"from pathlib import Path\nPath(x).write_text('')":                          2,
		"df.to_csv(x)": 0,
	} {
		var got int
		if list := read(t, source).Unplaced; len(list) > 0 {
			got = list[0].Line
		}
		if got != want {
			t.Errorf("%s: line %d, want %d", source, got, want)
		}
	}
}

// TestCodePaths: a path by __file__ is relative to the folder of the file that
// names it, wherever that is, and to the app's folder by Module.Path.
func TestCodePaths(t *testing.T) {
	const base = "from pathlib import Path\nBASE = Path(__file__).resolve().parent.parent\n"
	mods := readAll(t, map[string]string{
		"pkg/config.py":     base + "(BASE / 'a').mkdir()\n(BASE / 'pkg' / 'b').mkdir()\n",
		"pkg/deep/store.py": "from pkg.config import BASE\n(BASE / 'c').mkdir()\n",
	})
	var got []string
	for _, n := range []string{"pkg/config.py", "pkg/deep/store.py"} {
		for _, f := range mods[n].Files {
			p, _ := mods[n].Path(f)
			got = append(got, f.Path.Text+" "+p)
		}
	}
	if diff := cmp.Diff([]string{"../a a", "b pkg/b", "../../c c"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSignals(t *testing.T) {
	for source, want := range map[string]string{
		"import signal\nsignal.signal(signal.SIGTERM, f)":                                           "SIGTERM",
		"from signal import signal, SIGINT\nsignal(SIGINT, f)":                                      "SIGINT",
		"loop.add_signal_handler(signal.SIGTERM, f)":                                                "SIGTERM",
		"import signal\nfor s in (signal.SIGINT, signal.SIGTERM):\n  loop.add_signal_handler(s, f)": "SIGINT SIGTERM",
		"import signal\nsignal.signal(x, f)":                                                        "",
	} {
		var got []string
		for _, s := range read(t, source).Signals {
			got = append(got, s.Name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", source, got, want)
		}
	}
}

// FuzzModule holds the readers to three promises: they end, they do not panic,
// and no line is outside of the file.
func FuzzModule(f *testing.F) {
	for _, s := range []string{
		"from flask import Flask\napp = Flask(__name__)\n@app.get('/')\ndef i(): return ''\n",
		"f'{f\"{f'{1}'}\"}'", "if x:if y:z\n\t\n x", "\\", "'''", "f'{", "((((", "))))", "def f(\n", "@", "from . import (", "import", "a=b=c=f(",
		"if __name__=='__main__':app.run(port=int(os.environ.get('PORT',8080)))", "class A(", "x: int = ", "os.environ[", "print 'x'", "class A(A): pass\nA().x", "x = f'{x}'\nopen(x,'w')",
		"from m import *\nfrom .m import x\nopen(x, 'w')", "u = 'sqlite:///' + x", "app.config['X'] = app.config['X']\nopen(app.config['X'], 'w')", "from pathlib import Path\nPath(__file__).parents[3] / '..'",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		last := strings.Count(source, "\n") + 1
		m := readAll(t, map[string]string{"pkg/m.py": source, "x.py": "from pkg.m import *\nopen(x, 'w')"})["pkg/m.py"]
		for _, o := range m.Objects {
			if o.Name == "" || o.Pos.Line < 1 || o.Pos.Line > last {
				t.Fatalf("object %+v", o)
			}
		}
		for _, x := range m.Files {
			if x.Path.Text == "" || x.Pos.Line < 1 || x.Pos.Line > last {
				t.Fatalf("file %+v", x)
			}
		}
		for _, x := range m.Servers {
			if x.Pos.Line < 1 || x.Pos.Line > last || x.Addr.Port.Text != "" && strings.Trim(x.Addr.Port.Text, "0123456789") != "" {
				t.Fatalf("server %+v", x)
			}
		}
	})
}

// TestLinear: what would make a careless evaluator slow does not.
func TestLinear(t *testing.T) {
	const n = 4_000
	for name, source := range map[string]string{
		"brackets":     "open(" + strings.Repeat("(", 10*n) + "'x'" + strings.Repeat(")", 10*n) + ", 'w')",
		"nested calls": strings.Repeat("open(", 10*n) + "'x'" + strings.Repeat(")", 10*n),
		"calls":        strings.Repeat("open(x + 'y', 'w')\n", n) + "x = 'z'\n",
		"a long sum":   "x = 'a'" + strings.Repeat(" + 'a'", 10*n) + "\n" + strings.Repeat("open(x, 'w')\n", n),
		"a long list":  "import subprocess\nx = [" + strings.Repeat("'a',", 20*n) + "]\n" + strings.Repeat("subprocess.run(x)\n", n),
		"names": "x0 = 'a'\n" + func() (s string) {
			var b strings.Builder
			for i := range n {
				b.WriteString("x" + string(rune('a'+i%26)) + " = x0 + x0\nopen(x" + string(rune('a'+i%26)) + ", 'w')\n")
			}
			return b.String()
		}(),
		"doubling":         "a0 = 'a'\n" + strings.Repeat("a0 = a0 + a0\n", 100) + strings.Repeat("open(a0, 'w')\n", n),
		"recursion":        "def f(x):\n  return f(f(x)) + f(x)\n" + strings.Repeat("open(f('a'), 'w')\n", n),
		"variables":        strings.Repeat("os.environ['X']\n", 2*n),
		"environ":          "import os\n" + strings.Repeat("x = os.environ['X']\n", 2*n),
		"environ, at once": "import os\nx = [" + strings.Repeat("os.environ['X'], ", 2*n) + "]",
		"objects":          strings.Repeat("x = f()\n", n),
		"addresses":        "x = [" + strings.Repeat("'sqlite:///a', ", 5*n) + "]",
		"handlers":         "x = {'a': 'FileHandler', " + strings.Repeat("'filename': 'a', ", 5*n) + "}",
		"options":          "import argparse\np = argparse.ArgumentParser()\n" + strings.Repeat("p.add_argument('--x', default=1)\n", n) + "a = p.parse_args()\n" + strings.Repeat("open(a.x, 'w')\n", n),
		"parameters":       "def f(" + strings.Repeat("x,", 5*n) + "y='a'):\n  open(y, 'w')\n",
		"f-strings":        "x = 'a'\n" + strings.Repeat("open(f'{x}{x}{x}', 'w')\n", n),
		"bases":            strings.Repeat("class A(A): pass\n", n) + strings.Repeat("open(A().x, 'w')\n", n),
		"configuration":    strings.Repeat("app.config['X'] = app.config['X']\n", n) + strings.Repeat("open(app.config['X'], 'w')\n", n),
	} {
		t.Run(name, func(t *testing.T) { read(t, source) })
	}
}

func BenchmarkModule(b *testing.B) {
	source := strings.Repeat("def f(x, y=1):\n    return g(x)[y] + 'text' # why\n", 2000)
	b.SetBytes(int64(len(source)))
	for b.Loop() {
		read(b, source)
	}
}
