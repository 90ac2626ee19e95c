package python

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestEntries: what starts, on which ports, with which variables, for the forms in which people write the same thing.
func TestEntries(t *testing.T) {
	const (
		gunicorn = "gunicorn --bind 0.0.0.0:8000 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket "
		expand   = "python -c import os, sys; os.execvp(sys.argv[1], [os.path.expandvars(a) for a in sys.argv[1:]]) "
		fastapi  = "from fastapi import FastAPI\napp = FastAPI()\n"
		fastmcp  = "from fastmcp import FastMCP\nmcp = FastMCP('x')\n"
		mcp      = "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\n"
		guard    = "if __name__ == '__main__':\n  "
		factory  = "from flask import Flask\ndef create_app(config):\n  app = Flask(__name__)\n  return app\n"
		scripts  = "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['aiohttp']\n[build-system]\nrequires = ['hatchling']\n[project.scripts]\n"
	)
	for _, tt := range []struct {
		name  string
		needs string
		files map[string]string
		want  string // variables, CMD, in brackets if it takes arguments, the folder, ports
		fails string
	}{
		// A server that importing the file starts.
		{"app.run without a guard", "flask", map[string]string{"app.py": flask + "app.run(debug=True)\n"}, "FLASK_RUN_FROM_CLI=true " + gunicorn + "app:app on 8000", ""},
		{"app.run without a guard, in what wsgi.py imports", "flask", map[string]string{"wsgi.py": "from main import app\n", "main.py": flask + "app.run('0.0.0.0', 9000)\n"}, "FLASK_RUN_FROM_CLI=true gunicorn --bind 0.0.0.0:9000 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket main:app on 9000", ""},
		{"Quart without a guard", "quart", map[string]string{"app.py": "from quart import Quart\napp = Quart(__name__)\napp.run(host='0.0.0.0', port=5000)\n"}, "python app.py on 5000", ""},
		{"Quart without a guard, on the loopback", "quart", map[string]string{"app.py": "from quart import Quart\napp = Quart(__name__)\napp.run()\n"}, "", "whenever the file is imported"},
		{"uvicorn without a guard", "fastapi uvicorn", map[string]string{"main.py": fastapi + "import uvicorn\nuvicorn.run(app, host='0.0.0.0', port=8100)\n"}, "python main.py on 8100", ""},
		{"uvicorn in a function that only the guard calls", "fastapi uvicorn", map[string]string{"main.py": fastapi + "import uvicorn\ndef main():\n  uvicorn.run(app, host='127.0.0.1', port=8100)\n" + guard + "main()\n"}, "uvicorn main:app --host 0.0.0.0 --port 8100 on 8100", ""},
		{"an object below the guard", "flask", map[string]string{"run.py": "from shop import create_app\n" + guard + "app = create_app('prod')\n  app.run('0.0.0.0', 5005)\n", "shop/__init__.py": factory}, "gunicorn --bind 0.0.0.0:5005 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket shop:create_app('prod') on 5005", ""},
		{"a factory that is called with what is not known", "flask", map[string]string{"run.py": "import os\nfrom shop import create_app\n" + guard + "app = create_app(os.getenv('X'))\n  app.run('0.0.0.0', 5005)\n", "shop/__init__.py": factory}, "python run.py on 5005", ""},
		{"a factory that is called in two ways", "flask", map[string]string{"run.py": "from shop import create_app\n" + guard + "create_app('prod').run('0.0.0.0', 5005)\n", "tool.py": "from shop import create_app\ndef f():\n  create_app('test')\n", "shop/__init__.py": factory}, "python run.py", ""},
		{"an object that the guard makes", "flask", map[string]string{"run.py": "from flask import Flask\n" + guard + "app = Flask('x')\n  app.run('0.0.0.0', 5006)\n"}, "python run.py on 5006", ""},
		// The loopback, where the library has a command.
		{"Bottle on the loopback", "bottle", map[string]string{"hello.py": "from bottle import route, run\n@route('/x')\ndef i(): return 'x'\nrun(host='localhost', port=8080)\n"}, "python -m bottle --bind 0.0.0.0:8080 --server waitress hello on 8080", ""},
		{"an application of Bottle on the loopback", "bottle waitress", map[string]string{"app.py": "import bottle\napp = bottle.Bottle()\nbottle.run(app, host='127.0.0.1', port=8085)\n"}, "python -m bottle --bind 0.0.0.0:8085 --server waitress app:app on 8085", ""},
		{"fastmcp on the loopback", "fastmcp", map[string]string{"server.py": fastmcp + guard + "mcp.run(transport='http', host='127.0.0.1', port=9001)\n"}, "fastmcp run server.py:mcp --transport http --host 0.0.0.0 --port 9001 on 9001", ""},
		{"fastmcp's own address", "fastmcp", map[string]string{"server.py": fastmcp + guard + "mcp.run('sse')\n"}, "FASTMCP_HOST=0.0.0.0 python server.py on 8000", ""},
		{"mcp on the loopback", "mcp", map[string]string{"server.py": mcp + guard + "mcp.run(transport='streamable-http')\n"}, "uvicorn --factory server:mcp.streamable_http_app --host 0.0.0.0 --port 8000 on 8000", ""},
		{"mcp on the loopback, whenever it is imported", "mcp", map[string]string{"server.py": mcp + "mcp.run(transport='sse')\n"}, "", "listens on 127.0.0.1 only"},
		{"mcp 2", "mcp", map[string]string{"server.py": "from mcp.server import MCPServer\nmcp = MCPServer('x')\n" + guard + "mcp.run('streamable-http', host='0.0.0.0', port=8123)\n"}, "python server.py on 8123", ""},
		// Objects of methods, and objects within others.
		{"an application of fastmcp", "fastmcp", map[string]string{"server.py": fastmcp + "app = mcp.http_app()\n"}, "uvicorn server:app --host 0.0.0.0 --port 8000 on 8000", ""},
		{"an object that nothing starts", "fastmcp", map[string]string{"server.py": fastmcp}, "fastmcp run server.py:mcp", ""},
		{"a socket around an application", "fastapi uvicorn python-socketio", map[string]string{"main.py": fastapi + "import socketio\nsio = socketio.AsyncServer()\nasgi_sio = socketio.ASGIApp(sio, other_asgi_app=app)\n"}, "uvicorn main:asgi_sio --host 0.0.0.0 --port 8000 on 8000", ""},
		{"a middleware around an application", "fastapi uvicorn", map[string]string{"main.py": "from fastapi import FastAPI\nfrom starlette.middleware.cors import CORSMiddleware\napi = FastAPI()\nwith_cors = CORSMiddleware(app=api)\n"}, "uvicorn main:with_cors --host 0.0.0.0 --port 8000 on 8000", ""},
		{"WSGI within ASGI", "flask uvicorn asgiref", map[string]string{"app.py": flask + "from asgiref.wsgi import WsgiToAsgi\nasgi = WsgiToAsgi(app)\n"}, "uvicorn app:asgi --host 0.0.0.0 --port 8000 on 8000", ""},
		{"an extension of an application", "flask gunicorn", map[string]string{"app.py": flask + "from flask_restful import Api\napi = Api(app)\n"}, gunicorn + "app:app on 8000", ""},
		{"Dash", "dash", map[string]string{"app.py": "from dash import Dash\napp = Dash(__name__)\napp.layout = 1\n" + guard + "app.run(debug=True)\n"}, "PORT=8050 " + expand + "waitress-serve --listen=0.0.0.0:$PORT app:app.server on 8050", ""},
		{"Dash with a server", "dash gunicorn", map[string]string{"app.py": "from dash import Dash\napp = Dash(__name__)\nserver = app.server\napp.layout = 1\n"}, gunicorn + "app:server on 8000", ""},
		{"a function of WSGI", "requests", map[string]string{"app.py": "def application(environ, start_response):\n  return []\n"}, gunicorn + "app:application on 8000", ""},
		{"a function of ASGI", "requests", map[string]string{"main.py": "async def app(scope, receive, send):\n  pass\n"}, "uvicorn main:app --host 0.0.0.0 --port 8000 on 8000", ""},
		{"a function of WSGI that the file serves", "requests", map[string]string{"app.py": "from wsgiref.simple_server import make_server\ndef app(environ, start_response):\n  return []\nmake_server('', 8001, app).serve_forever()\n"}, "python app.py on 8001", ""},
		{"Streamlit beside what only defines", "streamlit", map[string]string{"Home.py": "import streamlit as st\nst.title('x')\n", "parts.py": "import streamlit as st\ndef x(): st.write('x')\n"}, "streamlit run Home.py --server.address=0.0.0.0 --server.port=8501 --server.headless=true --browser.gatherUsageStats=false on 8501", ""},
		// uWSGI, as its own server.
		{"uwsgi without settings", "flask uwsgi", map[string]string{"app.py": flask}, "uwsgi --master --die-on-term --need-app --http 0.0.0.0:8000 --module=app:app on 8000", ""},
		{"pyuwsgi and a factory", "flask pyuwsgi", map[string]string{"app.py": "from flask import Flask\ndef create_app():\n  return Flask('x')\n"}, "uwsgi --master --die-on-term --need-app --http 0.0.0.0:8000 --module=app:create_app() on 8000", ""},
		{"uwsgi of a Procfile", "flask uwsgi", map[string]string{"app.py": flask, "Procfile": "web: uwsgi --http :$PORT --master --module app:app --processes 4\n"}, "PORT=8080 sh -c exec uwsgi --master --die-on-term --need-app --http 0.0.0.0:$PORT --module=app:app --processes 4 on 8080", ""},
		// Start commands.
		{"workers and a port with defaults", "flask gunicorn", map[string]string{"app.py": flask, "Procfile": "web: gunicorn app:app -w ${WEB_CONCURRENCY:-3} -b 0.0.0.0:${PORT:-5000}\n"}, "PORT=5000 WEB_CONCURRENCY=3 gunicorn --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket app:app on 5000", ""},
		{"workers of the platform", "fastapi uvicorn", map[string]string{"main.py": fastapi, "Procfile": "web: uvicorn main:app --host 0.0.0.0 --port 8100 --workers $WEB_CONCURRENCY\n"}, "uvicorn --host 0.0.0.0 --port 8100 main:app on 8100", ""},
		{"another variable with a default", "flask gunicorn", map[string]string{"app.py": flask, "Procfile": "web: gunicorn --timeout ${WAIT:-120} -b :8200 app:app\n"}, "WAIT=120 " + expand + "gunicorn --bind 0.0.0.0:8200 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket --timeout $WAIT app:app on 8200", ""},
		{"in a folder", "fastapi uvicorn", map[string]string{"backend/main.py": "from fastapi import FastAPI\nimport db\napp = FastAPI()\n", "backend/db.py": "", "Procfile": "web: cd backend && uvicorn main:app --host 0.0.0.0 --port 8300\n"}, "uvicorn --host 0.0.0.0 --port 8300 main:app in /app/backend on 8300", ""},
		{"in the folder of a flag", "flask gunicorn", map[string]string{"web/app.py": flask, "Procfile": "web: gunicorn --chdir web -b :8400 app:app\n"}, "gunicorn --bind 0.0.0.0:8400 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket app:app in /app/web on 8400", ""},
		{"Django in the folder of a flag", "django gunicorn", map[string]string{"site/manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'conf.settings')\n", "site/conf/settings.py": "SECRET_KEY = 'x'\nINSTALLED_APPS = []\nALLOWED_HOSTS = ['*']\nWSGI_APPLICATION = 'conf.wsgi.application'\n", "site/conf/wsgi.py": "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'conf.settings')\napplication = get_wsgi_application()\n", "Procfile": "web: gunicorn --chdir site conf.wsgi --timeout 90\n"}, "PORT=8000 PYTHONPATH=/app/site gunicorn --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket --timeout 90 conf.wsgi:application on 8000", ""},
		{"Django in a folder", "django gunicorn", map[string]string{"site/manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'conf.settings')\n", "site/conf/settings.py": "SECRET_KEY = 'x'\nINSTALLED_APPS = []\nALLOWED_HOSTS = ['*']\nWSGI_APPLICATION = 'conf.wsgi.application'\n", "site/conf/wsgi.py": "import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'conf.settings')\napplication = get_wsgi_application()\n", "Procfile": "web: cd site && gunicorn conf.wsgi:application --timeout 90\n"}, "PORT=8000 PYTHONPATH=/app/site gunicorn --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket --timeout 90 conf.wsgi:application on 8000", ""},
		{"in a folder above", "flask gunicorn", map[string]string{"app.py": flask, "Procfile": "web: gunicorn --chdir ../x -b :8400 app:app\n"}, "gunicorn --bind 0.0.0.0:8400 --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket --chdir ../x app:app on 8400", ""},
		{"flask run", "flask gunicorn", map[string]string{"app.py": flask, "Procfile": "web: flask run --host 0.0.0.0 --port $PORT\n"}, "PORT=8000 gunicorn --worker-tmp-dir /dev/shm --access-logfile - --no-control-socket app:app on 8000", ""},
		{"fastapi run", "fastapi[standard]", map[string]string{"app/main.py": fastapi, "Procfile": "web: fastapi run app/main.py --port 8500\n"}, "uvicorn app.main:app --host 0.0.0.0 --port 8500 on 8500", ""},
		{"the entrypoint of FastAPI's settings", "fastapi[standard]", map[string]string{"main.py": fastapi, "backend/__init__.py": "", "backend/web.py": "from fastapi import FastAPI\napp = FastAPI()\nadmin = FastAPI()\n", "pyproject.toml": "[tool.fastapi]\nentrypoint = \"backend.web:admin\"\n"}, "uvicorn backend.web:admin --host 0.0.0.0 --port 8000 on 8000", ""},
		{"an entrypoint that is not there", "fastapi[standard]", map[string]string{"main.py": fastapi, "pyproject.toml": "[tool.fastapi]\nentrypoint = \"gone:app\"\n"}, "uvicorn main:app --host 0.0.0.0 --port 8000 on 8000", ""},
		{"the object of FLASK_APP", "flask gunicorn", map[string]string{"app.py": flask, "site.py": "from flask import Flask\napp = Flask('x')\nshop = Flask('y')\n", ".flaskenv": "FLASK_APP=site:shop\n"}, gunicorn + "site:shop on 8000", ""},
		{"streamlit run", "streamlit", map[string]string{"app.py": "import streamlit as st\nst.title('x')\n", "Procfile": "web: streamlit run app.py --server.port $PORT\n"}, "PORT=8501 " + expand + "streamlit run app.py --server.address=0.0.0.0 --server.port=$PORT --server.headless=true --browser.gatherUsageStats=false on 8501", ""},
		{"a platform's file", "fastapi uvicorn", map[string]string{"main.py": fastapi, "railway.json": `{"deploy": {"startCommand": "uvicorn main:app --host 0.0.0.0 --port $PORT"}}`}, "PORT=8080 " + expand + "uvicorn --host 0.0.0.0 --port $PORT main:app on 8080", ""},
		{"two services of a platform", "fastapi uvicorn", map[string]string{"main.py": fastapi, "render.yaml": "services:\n- startCommand: python worker.py\n- startCommand: uvicorn main:app --port 8600\n"}, "uvicorn main:app --host 0.0.0.0 --port 8000 on 8000", ""},
		// Workers.
		{"celery's worker of a Procfile", "celery", map[string]string{"tasks.py": "from celery import Celery\napp = Celery('x')\n", "Procfile": "worker: celery -A tasks worker -Q high\n"}, "celery -A tasks worker -Q high", ""},
		{"rq's worker of a Procfile", "rq", map[string]string{"jobs.py": "def f(): pass\n", "Procfile": "worker: rq worker -u $REDIS_URL high\n"}, expand + "rq worker -u $REDIS_URL high", ""},
		{"dramatiq", "dramatiq", map[string]string{"tasks.py": "import dramatiq\ndramatiq.set_broker(1)\n@dramatiq.actor\ndef f(): pass\n"}, "dramatiq tasks", ""},
		{"huey", "huey", map[string]string{"demo.py": "from huey import RedisHuey\nhuey = RedisHuey('x')\n"}, "python -m huey.bin.huey_consumer demo.huey", ""},
		{"arq", "arq", map[string]string{"worker.py": "import arq\nclass WorkerSettings:\n  functions = []\n"}, "arq worker.WorkerSettings", ""},
		// Console scripts, and programs of the command line.
		{"the script with the project's name", "", map[string]string{"pyproject.toml": scripts + "shop = 'shop.a:main'\nshop-admin = 'shop.b:main'\n", "shop/__init__.py": "", "shop/a.py": "def main(): pass\n", "shop/b.py": "def main(): pass\n"}, "shop", ""},
		{"the script that listens", "", map[string]string{"pyproject.toml": scripts + "serve = 'shop.a:main'\nadmin = 'shop.b:main'\n", "shop/__init__.py": "", "shop/a.py": "from aiohttp import web\ndef main():\n  web.run_app(web.Application(), port=9090)\n", "shop/b.py": "def main(): pass\n"}, "serve on 9090", ""},
		{"a script that reads arguments", "", map[string]string{"pyproject.toml": scripts + "shop = 'shop.a:main'\n", "shop/__init__.py": "", "shop/a.py": "import click\n@click.command()\ndef main(): pass\n"}, "[shop]", ""},
		{"a file that reads arguments", "requests", map[string]string{"main.py": "import sys\nprint(sys.argv[1])\n"}, "[python main.py]", ""},
		{"a file that reads none", "requests", map[string]string{"main.py": "print(1)\n"}, "python main.py", ""},
		{"a server that reads arguments", "requests", map[string]string{"main.py": "import argparse\nfrom http.server import HTTPServer\np = argparse.ArgumentParser()\np.parse_args()\nHTTPServer(('', 8080), H).serve_forever()\n"}, "python main.py on 8080", ""},
		// Ports.
		{"FastHTML", "python-fasthtml", map[string]string{"main.py": "from fasthtml.common import *\napp, rt = fast_app(secret_key='x')\nserve()\n"}, "PORT=5001 " + expand + "uvicorn main:app --host 0.0.0.0 --port $PORT on 5001", ""},
		{"slack-bolt", "slack-bolt", map[string]string{"app.py": "import os\nfrom slack_bolt import App\napp = App()\n" + guard + "app.start(port=int(os.environ.get('PORT', 3000)))\n"}, "python app.py on 3000", ""},
		{"tornado's bind", "tornado", map[string]string{"app.py": "import tornado.web\nfrom tornado.httpserver import HTTPServer\ns = HTTPServer(tornado.web.Application([]))\ns.bind(8890)\ns.start(0)\n"}, "python app.py on 8890", ""},
		{"panel.serve", "panel", map[string]string{"app.py": "import panel as pn\npn.serve(1, port=5010)\n"}, "python app.py on 5010", ""},
		{"a port that is free", "requests", map[string]string{"main.py": "import socket\nsocket.create_server(('', 0))\n"}, "python main.py", ""},
		// Folders.
		{"files below src", "flask gunicorn", map[string]string{"src/app.py": flask + "import db\nopen('data/x.json')\n", "src/db.py": "", "src/data/x.json": "{}"}, gunicorn + "app:app in /app/src on 8000", ""},
		{"files above src", "flask gunicorn", map[string]string{"src/app.py": flask + "import db\nopen('data/x.json')\n", "src/db.py": "", "data/x.json": "{}"}, "PYTHONPATH=/app/src " + gunicorn + "app:app on 8000", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.needs != "" {
				tt.files["requirements.txt"] = strings.ReplaceAll(tt.needs, " ", "\n") + "\n"
			}
			app, _, err := decide(t, tt.files, settings.Settings{})
			if err != nil || tt.fails != "" {
				if err == nil || tt.fails == "" || !strings.Contains(err.Error(), tt.fails) {
					t.Errorf("got %v, want %q", err, tt.fails)
				}
				return
			}
			var parts []string
			for _, e := range app.Run.Env {
				if n := e.Name.String(); n != "PATH" && n != "PYTHONUNBUFFERED" {
					parts = append(parts, e.String())
				}
			}
			if cmd := strings.Join(app.Run.Cmd, " "); app.Takes {
				parts = append(parts, "["+cmd+"]")
			} else {
				parts = append(parts, cmd)
			}
			if dir := app.Run.Dir.Raw(); dir != "" {
				parts = append(parts, "in", dir)
			}
			for i, p := range app.Run.Ports {
				if i == 0 {
					parts = append(parts, "on")
				}
				parts = append(parts, p.String())
			}
			if got := strings.Join(parts, " "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestNeeds: the variables without which the program does not start, wherever they are read, and what the tests get for them.
func TestNeeds(t *testing.T) {
	const fields = "from typing import Optional, Annotated, Literal, ClassVar\nfrom pydantic import Field, AliasChoices, PostgresDsn, SecretStr\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n"
	for _, tt := range []struct{ name, config, main, want, test string }{
		{"in what is imported", "import os\nX = os.environ['TOKEN']\n", "import config\n", "TOKEN", "TOKEN=only-for-this-build python -m pytest"},
		{"below the guard of what is imported", "import os\nif __name__ == '__main__':\n  X = os.environ['TOKEN']\n", "import config\n", "", ""},
		{"where nothing imports it", "import os\nX = os.environ['TOKEN']\n", "", "", ""},
		{"in a function that importing calls", "import os\ndef get():\n  return os.environ['TOKEN']\n", "from config import get\nX = get()\n", "TOKEN", ""},
		{"in a function that a request calls", "import os\ndef get():\n  return os.environ['TOKEN']\n", "from config import get\n@app.get('/')\ndef i():\n  return get()\n", "", ""},
		{"settings", fields + "class S(BaseSettings):\n  db: PostgresDsn\n  key: SecretStr\n  n: int\n  on: bool\n  name: str = 'x'\n  kind: ClassVar[str]\n  _x: str\n", "from config import S\ns = S()\n", "DB, KEY, N and ON", "DB=postgresql://localhost/x KEY=only-for-this-build N=1 ON=0 python -m pytest"},
		{"settings with a prefix, that are derived", fields + "class B(BaseSettings):\n  model_config = SettingsConfigDict(env_prefix='app_')\n  a: str\n  b: str\nclass S(B):\n  b: str = 'x'\n  c: Optional[int]\n", "from config import S\ns = S()\n", "APP_C and APP_A", "APP_A=only-for-this-build APP_C=1 python -m pytest"},
		{"settings with fields", fields + "class S(BaseSettings):\n  a: str = Field(alias='THE_A')\n  b: str = Field(validation_alias=AliasChoices('B1', 'B2'))\n  c: Annotated[str, Field(alias='C1')]\n  d: Literal['dev', 'prod']\n  e: str = Field('x')\n  f: list = Field(default_factory=list)\n  g: str = ...\n", "from config import S\ns = S()\n", "THE_A, B1, C1, D and G", "B1=only-for-this-build C1=only-for-this-build D=dev G=only-for-this-build THE_A=only-for-this-build python -m pytest"},
		{"settings that are given", fields + "class S(BaseSettings):\n  a: str\n  b: str\n", "from config import S\ns = S(a='x')\n", "B", ""},
		{"settings that a function keeps", fields + "from functools import lru_cache\nclass S(BaseSettings):\n  a: str\n@lru_cache\ndef get():\n  return S()\n", "from config import get\ns = get()\n", "A", ""},
		{"settings of pydantic 1", "from typing import Optional\nfrom pydantic import BaseSettings, Field\nclass S(BaseSettings):\n  a: str\n  b: Optional[str]\n  c: str = Field(..., env='THE_C')\n  class Config:\n    env_prefix = 'x_'\n", "from config import S\ns = S()\n", "X_A and THE_C", ""},
		{"settings that hold a model", fields + "from pydantic import BaseModel\nclass M(BaseModel):\n  x: int\nclass S(BaseSettings):\n  m: M\n", "from config import S\ns = S()\n", "", ""},
		{"what a reader makes of it", "import os, redis\nfrom sqlalchemy import create_engine\ndb = create_engine(os.environ['STORE'])\nr = redis.from_url(os.environ['BUS'])\nn = int(os.environ['N'])\nu = os.environ['APP_DATABASE_URL']\n", "import config\n", "STORE, BUS, N and APP_DATABASE_URL", "APP_DATABASE_URL=sqlite:// BUS=redis://localhost N=1 STORE=sqlite:// python -m pytest"},
		{"settings that are given what is not known", fields + "class S(BaseSettings):\n  a: str\n", "from config import S\ns = S(**{'a': 'x'})\n", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app, log, err := decide(t, map[string]string{
				"requirements.txt": "fastapi\nuvicorn\npydantic-settings\npytest\n", "config.py": tt.config, "tests/test_a.py": "def test_a(): pass\n",
				"main.py": "from fastapi import FastAPI\napp = FastAPI()\n" + tt.main,
			}, settings.Settings{})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, n := range log.Notes() {
				if rest, ok := strings.CutPrefix(n.Text, "needs the variable"); ok {
					got = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(rest, "s"), " "), " to start")
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if text := dockerfile(t, app.App); !strings.Contains(text, "RUN "+tt.test) {
				t.Errorf("want %q in %s", tt.test, text)
			}
		})
	}
}

// TestStdin: how docker run gives a program standard input.
func TestStdin(t *testing.T) {
	for _, tt := range []struct{ name, needs, main, want string }{
		{"mcp", "mcp", "from mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\nmcp.run()\n", "-i"},
		{"mcp by its low level", "mcp", "import mcp.server.stdio\nasync def main():\n  async with mcp.server.stdio.stdio_server() as (r, w):\n    pass\nmain()\n", "-i"},
		{"by a variable", "fastmcp", "import os\nfrom fastmcp import FastMCP\nmcp = FastMCP('x')\nmcp.run(transport=os.getenv('T', 'stdio'))\n", "-i"},
		{"mcp, told by a variable with branches", "mcp uvicorn starlette pydantic-settings", "import os, argparse\nfrom mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x')\nt = os.getenv('TRANSPORT', 'stdio')\nif t == 'stdio':\n  mcp.run()\nelse:\n  mcp.run(transport='sse')\n", "-i"},
		{"mcp, told by an option with branches", "mcp uvicorn starlette pydantic-settings", "import os, asyncio, uvicorn\nfrom mcp.server.stdio import stdio_server\nfrom starlette.applications import Starlette\nasync def streams():\n  async with stdio_server() as (r, w):\n    pass\ndef http():\n  uvicorn.run(Starlette(), host='0.0.0.0', port=8000)\np = __import__('argparse').ArgumentParser()\np.add_argument('--transport', default='stdio')\nif p.parse_args().transport == 'http':\n  http()\nelse:\n  asyncio.run(streams())\n", "-i"},
		{"mcp, told by a setting", "mcp uvicorn starlette pydantic-settings", "import os, asyncio, uvicorn\nfrom mcp.server.stdio import stdio_server\nfrom starlette.applications import Starlette\nasync def streams():\n  async with stdio_server() as (r, w):\n    pass\ndef http():\n  uvicorn.run(Starlette(), host='0.0.0.0', port=8000)\nfrom pydantic_settings import BaseSettings\nclass S(BaseSettings):\n  TRANSPORT: str = 'stdio'\nif S().TRANSPORT == 'stdio':\n  asyncio.run(streams())\nelse:\n  http()\n", "-i"},
		{"mcp, told by a parameter", "mcp uvicorn starlette pydantic-settings", "import os, asyncio, uvicorn\nfrom mcp.server.stdio import stdio_server\nfrom starlette.applications import Starlette\nasync def streams():\n  async with stdio_server() as (r, w):\n    pass\ndef http():\n  uvicorn.run(Starlette(), host='0.0.0.0', port=8000)\ndef main(transport: str = 'stdio'):\n  if transport == 'stdio':\n    asyncio.run(streams())\n  else:\n    http()\nmain()\n", "-i"},
		{"mcp that listens by default", "mcp uvicorn starlette pydantic-settings", "import os, asyncio, uvicorn\nfrom mcp.server.stdio import stdio_server\nfrom starlette.applications import Starlette\nasync def streams():\n  async with stdio_server() as (r, w):\n    pass\ndef http():\n  uvicorn.run(Starlette(), host='0.0.0.0', port=8000)\nif os.getenv('TRANSPORT', 'http') == 'stdio':\n  asyncio.run(streams())\nelse:\n  http()\n", ""},
		{"mcp with a name for the transport", "mcp uvicorn starlette pydantic-settings", "import os, asyncio, uvicorn\nfrom mcp.server.stdio import stdio_server\nfrom starlette.applications import Starlette\nasync def streams():\n  async with stdio_server() as (r, w):\n    pass\ndef http():\n  uvicorn.run(Starlette(), host='0.0.0.0', port=8000)\nTRANSPORT_STDIO = 'stdio'\nif os.getenv('TRANSPORT') == TRANSPORT_STDIO:\n  asyncio.run(streams())\nelse:\n  http()\n", ""},
		{"by nothing of its own", "fastmcp", "from fastmcp import FastMCP\nmcp = FastMCP('x')\n", "-i"},
		{"somebody who types", "requests", "name = input('Name: ')\n", "-it"},
		{"a server", "fastapi uvicorn", "from fastapi import FastAPI\napp = FastAPI()\ndef ask():\n  return input()\n", ""},
		{"nothing", "requests", "print(1)\n", ""},
	} {
		app, _, err := decide(t, map[string]string{"requirements.txt": strings.ReplaceAll(tt.needs, " ", "\n") + "\n", "main.py": tt.main}, settings.Settings{})
		if err != nil || app.Stdin != tt.want {
			t.Errorf("%s: got %v, %v, want %q", tt.name, app, err, tt.want)
		}
	}
}

// TestTransport: what talks over its standard streams by default listens where the repository starts it with another transport.
func TestTransport(t *testing.T) {
	const main = "import os\nfrom mcp.server.fastmcp import FastMCP\nmcp = FastMCP('x', host='0.0.0.0')\nif os.getenv('TRANSPORT', 'stdio') == 'stdio':\n  mcp.run()\nelse:\n  mcp.run(transport='sse')\n"
	for name, tt := range map[string]struct {
		file, text string
		listens    bool
	}{
		"nothing":        {"README.md", "TRANSPORT=sse python main.py\n", false},
		"an address":     {"README.md", "Connect clients to http://127.0.0.1:8080/mcp\n", false},
		"a Dockerfile":   {"Dockerfile", "FROM python:3.13\nENV TRANSPORT=sse\nCOPY . .\nCMD [\"python\", \"main.py\"]\n", true},
		"another's":      {"Dockerfile", "FROM python:3.13\nENV TRANSPORT=stdio\nCOPY . .\nCMD [\"python\", \"main.py\"]\n", false},
		"a compose file": {"compose.yaml", "services:\n  app:\n    build: .\n    environment:\n      TRANSPORT: sse\n", true},
	} {
		app, _, err := decide(t, map[string]string{"requirements.txt": "mcp\nuvicorn\nstarlette\n", "main.py": main, tt.file: tt.text}, settings.Settings{})
		if err != nil || len(app.Run.Ports) > 0 != tt.listens {
			t.Errorf("%s: got %v, %v, want it to listen: %v", name, app, err, tt.listens)
		}
	}
}

// TestFolderItself: a command that goes into the folder where it is, or back to it, starts the module that it starts without that.
func TestFolderItself(t *testing.T) {
	for _, start := range []string{"", "cd . && ", "cd web && cd .. && "} {
		app, log, err := decide(t, map[string]string{
			"requirements.txt": "flask\ngunicorn\n", "app.py": flask + "import os\nX = os.environ['TOKEN']\n", "web/index.html": "",
			"Procfile": "web: " + start + "gunicorn app:app -b :8000\n",
		}, settings.Settings{})
		if err != nil || !strings.HasSuffix(strings.Join(app.Run.Cmd, " "), " app:app") || app.Run.Dir.Raw() != "" {
			t.Errorf("%q: got %v, %v", start, app, err)
		}
		if !slices.ContainsFunc(log.Notes(), func(n plan.Note) bool { return n.Text == "needs the variable TOKEN to start" }) {
			t.Errorf("%q: nothing says what it needs", start)
		}
	}
}
