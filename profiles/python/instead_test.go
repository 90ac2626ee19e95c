package python

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/settings"
)

// TestInstead: what a script serves on the loopback alone is served on every interface where importing the file makes all of it; else it is refused.
func TestInstead(t *testing.T) {
	const (
		aiohttp = "from aiohttp import web\ndef make_app():\n  return web.Application()\n"
		object  = "from aiohttp import web\napp = web.Application()\n"
		gradio  = "import gradio as gr\ndemo = gr.Interface(lambda x: x, 'text', 'text')\n"
		guard   = "if __name__ == '__main__':\n  "
		run     = "python -c from aiohttp import web; import main as m; web.run_app(m."
		refused = "listens on 127.0.0.1 only"
	)
	for _, tt := range []struct{ name, needs, file, source, want string }{
		{"a factory", "aiohttp", "", aiohttp + guard + "web.run_app(make_app(), host='127.0.0.1', port=5000)\n", run + "make_app(), host='0.0.0.0', port=5000)"},
		{"an object", "aiohttp", "", object + guard + "web.run_app(app, host='127.0.0.1')\n", run + "app, host='0.0.0.0', port=8080)"},
		{"in a function", "aiohttp", "", aiohttp + "def main():\n  '''Serves.'''\n  app = make_app()\n  web.run_app(app, host='127.0.0.1')\n" + guard + "main()\n", run + "make_app(), host='0.0.0.0', port=8080)"},
		{"in a function that does more", "aiohttp", "", aiohttp + "def main():\n  app = make_app()\n  app['x'] = connect()\n  web.run_app(app, host='127.0.0.1')\n" + guard + "main()\n", refused},
		{"a factory with arguments", "aiohttp", "", aiohttp + guard + "web.run_app(make_app(1), host='127.0.0.1')\n", refused},
		{"a factory that asks for one", "aiohttp", "", "from aiohttp import web\ndef make_app(config):\n  return web.Application()\n" + guard + "web.run_app(make_app(), host='127.0.0.1')\n", refused},
		{"an object of the guard", "aiohttp", "", "from aiohttp import web\n" + guard + "app = web.Application()\n  web.run_app(app, host='127.0.0.1')\n", refused},
		{"TLS", "aiohttp", "", object + guard + "web.run_app(app, host='127.0.0.1', ssl_context=tls)\n", refused},
		{"on import", "aiohttp", "", object + "web.run_app(app, host='127.0.0.1')\n", refused},
		{"a file that nothing can import", "aiohttp", "main-app.py", object + guard + "web.run_app(app, host='127.0.0.1')\n", refused},
		{"gradio", "gradio", "", gradio + guard + "demo.launch(server_name='127.0.0.1', server_port=7861)\n", "python -c import main as m; m.demo.launch(server_name='0.0.0.0', server_port=7861)"},
		{"gradio with a login", "gradio", "", gradio + guard + "demo.launch(server_name='127.0.0.1', auth=('a', 'b'))\n", refused},
		{"Tornado", "tornado", "", "import tornado.ioloop\nimport tornado.web\n" + guard + "app = tornado.web.Application()\n  app.listen(8888, address='127.0.0.1')\n  tornado.ioloop.IOLoop.current().start()\n", refused},
		{"Tornado by a variable", "tornado", "", "import os\nimport tornado.web\n" + guard + "app = tornado.web.Application()\n  app.listen(8888, os.environ.get('HOST', '127.0.0.1'))\n  tornado.ioloop.IOLoop.current().start()\n", "python main.py"},
		{"NiceGUI", "nicegui", "", "from nicegui import ui\n" + guard + "ui.run(host='127.0.0.1', port=9000)\n", refused},
		{"NiceGUI everywhere", "nicegui", "", "from nicegui import ui\n" + guard + "ui.run(port=9000)\n", "python main.py"},
		{"gradio on import", "gradio", "", gradio + "demo.launch(server_name='127.0.0.1')\n", refused},
	} {
		file := tt.file
		if file == "" {
			file = "main.py"
		}
		got := ""
		p, _, err := decide(t, map[string]string{"requirements.txt": tt.needs + "\n", file: tt.source}, settings.Settings{})
		if err != nil {
			got = err.Error()
		} else {
			got = strings.Join(p.Run.Cmd, " ")
		}
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}
