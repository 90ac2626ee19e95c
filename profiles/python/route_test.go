package python

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/settings"
)

// TestHandlers: the health check asks the route that a framework's own way of writing routes gives the app, and none whose path or handler
// is not sure.
func TestHandlers(t *testing.T) {
	const (
		litestar = "from litestar import Litestar, Router, Controller, get, post\n@get('/health')\nasync def health() -> dict:\n  return {'ok': True}\n"
		aiohttp  = "from aiohttp import web\nasync def health(request):\n  return web.json_response({'ok': True})\n"
		falcon   = "import falcon\nclass Health:\n  def on_get(self, req, resp):\n    resp.media = {'ok': True}\nclass Post:\n  def on_post(self, req, resp):\n    pass\n"
		tornado  = "import asyncio, tornado.web\nclass Health(tornado.web.RequestHandler):\n  def get(self):\n    self.write({'ok': True})\n"
		serve    = "\nasync def main():\n  make().listen(8888)\n  await asyncio.Event().wait()\nif __name__ == '__main__':\n  asyncio.run(main())\n"
		fast     = "from fastapi import FastAPI\napi = FastAPI()\n@api.get('/health')\ndef health():\n  return {}\n"
		star     = "from starlette.applications import Starlette\nfrom starlette.routing import Route, Mount\nasync def health(request):\n  return JSONResponse({})\n"
	)
	for _, tt := range []struct{ name, needs, app, more, want string }{
		{name: "litestar", needs: "litestar uvicorn", app: litestar + "app = Litestar([health])\n", want: "/health"},
		{name: "litestar by name", needs: "litestar uvicorn", app: litestar + "handlers = [health]\napp = Litestar(route_handlers=handlers)\n", want: "/health"},
		{name: "litestar below a path", needs: "litestar uvicorn", app: litestar + "app = Litestar([health], path='/api')\n", want: "/api/health"},
		{name: "litestar's router", needs: "litestar uvicorn", app: litestar + "api = Router(path='/v1', route_handlers=[health])\napp = Litestar([api])\n", want: "/v1/health"},
		{name: "litestar's controller", needs: "litestar uvicorn", app: litestar + "class C(Controller):\n  path = '/healthz'\n  @get()\n  async def check(self) -> str:\n    return 'ok'\napp = Litestar([C])\n", want: "/healthz"},
		{name: "litestar in another file", needs: "litestar uvicorn", app: "from litestar import Litestar\nfrom views import health\napp = Litestar(route_handlers=[health])\n", more: litestar, want: "/health"},
		{name: "litestar, not given to the app", needs: "litestar uvicorn", app: litestar + "app = Litestar([])\n"},
		{name: "litestar with a guard", needs: "litestar uvicorn", app: litestar + "app = Litestar([health], guards=[who])\n"},
		{name: "litestar, a guarded controller", needs: "litestar uvicorn", app: litestar + "class C(Controller):\n  guards = [who]\n  @get('/healthz')\n  async def check(self) -> str:\n    return 'ok'\napp = Litestar([C])\n"},
		{name: "litestar's POST", needs: "litestar uvicorn", app: "from litestar import Litestar, post\n@post('/health')\nasync def health() -> str:\n  return 'x'\napp = Litestar([health])\n"},
		{name: "aiohttp", needs: "aiohttp", app: aiohttp + "app = web.Application()\napp.add_routes([web.get('/health', health)])\nweb.run_app(app)\n", want: "/health"},
		{name: "aiohttp's table", needs: "aiohttp", app: "from aiohttp import web\nroutes = web.RouteTableDef()\n@routes.get('/health')\nasync def health(_):\n  return web.Response()\napp = web.Application()\napp.add_routes(routes)\nweb.run_app(app)\n", want: "/health"},
		{name: "aiohttp, another file's handler", needs: "aiohttp", app: "from aiohttp import web\nfrom views import health\napp = web.Application()\napp.router.add_get('/health', health)\nweb.run_app(app)\n", more: aiohttp, want: "/health"},
		{name: "aiohttp, another file's table", needs: "aiohttp", app: "from aiohttp import web\nimport views\napp = web.Application()\napp.add_routes(views.routes)\nweb.run_app(app)\n", more: "from aiohttp import web\nroutes = web.RouteTableDef()\n@routes.get('/health')\nasync def health(request):\n  return web.Response()\n", want: "/health"},
		{name: "aiohttp's application below another", needs: "aiohttp", app: aiohttp + "sub = web.Application()\nsub.add_routes([web.get('/health', health)])\napp = web.Application()\napp.add_subapp('/api/', sub)\nweb.run_app(app)\n", want: "/api/health"},
		{name: "falcon", needs: "falcon gunicorn", app: falcon + "app = falcon.App()\napp.add_route('/health', Health())\n", want: "/health"},
		{name: "falcon's object by name", needs: "falcon gunicorn", app: falcon + "app = falcon.App()\nx = Health()\napp.add_route('/healthz', x)\n", want: "/healthz"},
		{name: "falcon, another file's class", needs: "falcon gunicorn", app: "import falcon\nfrom views import Health\napp = falcon.App()\napp.add_route('/health', Health())\n", more: falcon, want: "/health"},
		{name: "falcon without GET", needs: "falcon gunicorn", app: falcon + "app = falcon.App()\napp.add_route('/health', Post())\n"},
		{name: "falcon, a decorated class", needs: "falcon gunicorn", app: "import falcon\n@falcon.before(who)\n" + falcon[len("import falcon\n"):] + "app = falcon.App()\napp.add_route('/health', Health())\n"},
		{name: "bottle", needs: "bottle gunicorn", app: "from bottle import default_app, route\n@route('/health')\ndef health():\n  return 'ok'\napp = default_app()\n", want: "/health"},
		{name: "bottle's POST", needs: "bottle gunicorn", app: "from bottle import default_app, route\n@route('/health', method='POST')\ndef health():\n  return 'ok'\napp = default_app()\n"},
		{name: "bottle, another application", needs: "bottle gunicorn", app: "from bottle import Bottle, route\n@route('/health')\ndef health():\n  return 'ok'\napp = Bottle()\n"},
		{name: "tornado", needs: "tornado", app: tornado + "def make():\n  return tornado.web.Application([(r'/health', Health)])" + serve, want: "/health"},
		{name: "tornado's url", needs: "tornado", app: tornado + "from tornado.web import url\ndef make():\n  return tornado.web.Application([url(r'/healthz/?', Health, name='x')])" + serve, want: "/healthz"},
		{name: "tornado's own application", needs: "tornado", app: tornado + "class App(tornado.web.Application):\n  def __init__(self):\n    handlers = [(r'/ping', Health)]\n    super().__init__(handlers)\ndef make():\n  return App()" + serve, want: "/ping"},
		{name: "tornado, an expression", needs: "tornado", app: tornado + "def make():\n  return tornado.web.Application([(r'/(.*)', Health)])" + serve},
		{name: "tornado for who is logged in", needs: "tornado", app: strings.Replace(tornado, "  def get", "  @tornado.web.authenticated\n  def get", 1) + "def make():\n  return tornado.web.Application([(r'/health', Health)])" + serve},
		{name: "tornado, prepared", needs: "tornado", app: tornado + "  def prepare(self):\n    self.who()\ndef make():\n  return tornado.web.Application([(r'/health', Health)])" + serve},
		{name: "fasthtml", needs: "python-fasthtml", app: "from fasthtml.common import *\napp, rt = fast_app()\n@rt('/health')\ndef get():\n  return 'ok'\nserve()\n", want: "/health"},
		{name: "fasthtml's POST", needs: "python-fasthtml", app: "from fasthtml.common import *\napp, rt = fast_app()\n@rt('/health')\ndef post():\n  return 'ok'\nserve()\n"},
		{name: "starlette's mount", needs: "starlette uvicorn", app: star + "app = Starlette(routes=[Mount('/api', routes=[Route('/health', health)])])\n", want: "/api/health"},
		{name: "starlette's mount of a mount", needs: "starlette uvicorn", app: star + "app = Starlette(routes=[Mount('/a', routes=[Mount('/b', routes=[Route('/health', health)])])])\n", want: "/a/b/health"},
		{name: "starlette's mount by name", needs: "starlette uvicorn", app: star + "api = [Route('/health', health)]\napp = Starlette(routes=[Mount('/api', routes=api)])\n", want: "/api/health"},
		{name: "starlette's mount that only running tells", needs: "starlette uvicorn", app: star + "app = Starlette(routes=[Mount(P, routes=[Route('/health', health)])])\n"},
		{name: "starlette's mount of a mount by name", needs: "starlette uvicorn", app: star + "api = [Route('/health', health)]\napp = Starlette(routes=[Mount('/a', routes=[Mount('/b', routes=api)])])\n", want: "/a/b/health"},
		{name: "starlette's routes that two mounts have", needs: "starlette uvicorn", app: star + "api = [Route('/health', health)]\napp = Starlette(routes=[Mount('/a', routes=api), Mount('/b', routes=api)])\n"},
		{name: "fastapi below another", needs: "fastapi uvicorn", app: fast + "app = FastAPI()\napp.mount('/api', api)\n", want: "/api/health"},
		{name: "fastapi below another that is below a third", needs: "fastapi uvicorn", app: fast + "v1 = FastAPI()\nv1.mount('/sub', api)\napp = FastAPI()\napp.mount(path='/v1', app=v1)\n", want: "/v1/sub/health"},
		{name: "fastapi below itself", needs: "fastapi uvicorn", app: fast + "app = FastAPI()\napp.mount('/api', api)\napi.mount('/app', app)\n"},
		{name: "fastapi below a path that only running tells", needs: "fastapi uvicorn", app: fast + "app = FastAPI()\napp.mount(P, api)\n"},
		{name: "fastapi beside another", needs: "fastapi uvicorn", app: fast + "app = FastAPI()\n@app.get('/healthz')\ndef ok():\n  return {}\napp.mount('/api', api)\n", want: "/healthz"},
		{name: "sanic", needs: "sanic", app: "from sanic import Sanic, json\napp = Sanic('x')\n@app.get('/health')\nasync def health(request):\n  return json({})\n", want: "/health"},
		{name: "quart", needs: "quart hypercorn", app: "from quart import Quart\napp = Quart(__name__)\n@app.get('/health')\nasync def health():\n  return {}\n", want: "/health"},
		{name: "a default that asks", needs: "fastapi uvicorn", app: "from fastapi import FastAPI, Depends\napp = FastAPI()\n@app.get('/health')\ndef health(_=Depends(who)):\n  return {}\n"},
	} {
		files := map[string]string{"requirements.txt": strings.ReplaceAll(tt.needs, " ", "\n") + "\n", "app.py": tt.app}
		if tt.more != "" {
			files["views.py"] = tt.more
		}
		p, _, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := ""
		if p.Run.Probe != nil {
			got = p.Run.Probe.Path.Raw()
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
