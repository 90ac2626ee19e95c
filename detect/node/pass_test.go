package node_test

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/tree/treetest"
)

// TestPasses: what a front end's files say of the paths that another server answers.
func TestPasses(t *testing.T) {
	const manifest = `{"devDependencies": {"vite": "8.0.0"}}`
	vite := func(proxy string) map[string]string {
		return map[string]string{"package.json": manifest, "vite.config.ts": "import { defineConfig } from 'vite'\nexport default defineConfig({server: {proxy: " + proxy + "}})\n"}
	}
	nginx := func(server string) map[string]string {
		return map[string]string{"package.json": manifest, "nginx/default.conf": server, "vite.config.ts": "export default {server: {proxy: {'/dev': 'http://localhost:1'}}}"}
	}
	tests := map[string]struct {
		files map[string]string
		want  string
	}{
		"vite":            {vite(`{'/api': 'http://localhost:8000'}`), "/api http://localhost:8000"},
		"an object":       {vite(`{'/api': {target: 'http://127.0.0.1:5000/', changeOrigin: true, ws: true}}`), "/api http://127.0.0.1:5000 socket"},
		"stripped":        {vite(`{'/api': {target: 'http://localhost:8000', rewrite: (p) => p.replace(/^\/api/, '')}}`), "/api http://localhost:8000 strip"},
		"stripped, slash": {vite(`{'/api/': {target: 'http://localhost:8000', rewrite: p => p.replace(/^\/api\//, "/")}}`), "/api/ http://localhost:8000 strip"},
		"another path":    {vite(`{'/api': {target: 'http://localhost:8000', rewrite: p => '/v1' + p}}`), ""},
		"two":             {vite(`{'/api': 'http://localhost:8000', '^/auth/.*': 'http://localhost:9000'}`), "/api http://localhost:8000; /auth http://localhost:9000"},
		"alternatives":    {vite(`{'^/(auth|api)/.*': 'http://localhost:8000'}`), "/auth http://localhost:8000; /api http://localhost:8000"},
		"a pattern":       {vite(`{'^/[a-z]+/.*': 'http://localhost:8000'}`), ""},
		"of a socket":     {vite(`{'/ws': {target: 'ws://localhost:8000', ws: true}}`), "/ws http://localhost:8000 socket"},
		"computed":        {vite(`{'/api': {target: process.env.API}}`), "/api "},
		"hostile":         {vite(`{'/a; return 200 x': 'http://localhost:8000', '/b': 'http://x;y/', '/c$uri': 'http://z'}`), "/b "},
		"no proxy":        {vite(`{}`), ""},
		"create react app": {map[string]string{
			"package.json": `{"dependencies": {"react-scripts": "5.0.1"}, "proxy": "http://localhost:5000"}`,
		}, "/ http://localhost:5000"},
		"its middleware": {map[string]string{
			"package.json":      `{"dependencies": {"react-scripts": "5.0.1"}}`,
			"src/setupProxy.js": "module.exports = function(app) { app.use('/api', createProxyMiddleware({ target: 'http://localhost:5000', changeOrigin: true })); app.use('/x', createProxyMiddleware({target: 'http://localhost:6000', pathRewrite: {'^/x': ''}})) }",
		}, "/api http://localhost:5000; /x http://localhost:6000 strip"},
		"its middleware, made before": {map[string]string{
			"package.json":      `{"dependencies": {"react-scripts": "5.0.1"}}`,
			"src/setupProxy.js": "module.exports = function(app) { const api = createProxyMiddleware('/api', {\n  target: 'http://localhost:5005'\n }); app.use(api) }",
		}, "/api http://localhost:5005"},
		"vue": {map[string]string{
			"package.json": `{"devDependencies": {"@vue/cli-service": "5.0.0"}}`, "vue.config.js": "module.exports = {devServer: {proxy: 'http://localhost:4000'}}",
		}, "/ http://localhost:4000"},
		"webpack": {map[string]string{
			"package.json": `{"devDependencies": {"webpack": "5.0.0"}}`, "webpack.config.js": "module.exports = {devServer: {proxy: [{context: ['/api', '/auth'], target: 'http://localhost:3000'}]}}",
		}, "/api http://localhost:3000; /auth http://localhost:3000"},
		"angular": {map[string]string{
			"package.json": `{"dependencies": {"@angular/core": "20.0.0"}}`, "angular.json": `{"projects": {"x": {"architect": {"serve": {"options": {"proxyConfig": "src/proxy.conf.json"}}}}}}`,
			"src/proxy.conf.json": `{"/api/**": {"target": "http://localhost:3000", "secure": false}}`,
		}, "/api http://localhost:3000"},
		"a path out of the folder": {map[string]string{"package.json": manifest, "angular.json": `{"proxyConfig": "../../etc/x.json"}`}, ""},
		"nginx":                    {nginx("server {\n location / { try_files $uri /index.html; }\n location /api { proxy_pass http://backend:8000; }\n}"), "/api http://backend:8000 own"},
		"nginx strips":             {nginx("location /api/ { proxy_pass http://backend:8000/; }"), "/api/ http://backend:8000 strip own"},
		"nginx rewrites":           {nginx("location /api/ { rewrite ^/api/(.*)$ /$1 break; proxy_pass http://backend:8000; }"), "/api/ http://backend:8000 strip own"},
		"nginx, upstream":          {nginx("upstream api { server app:3000; }\nserver { location ^~ /api { proxy_set_header Upgrade $http_upgrade; proxy_pass http://api; } }"), "/api http://app:3000 socket own"},
		"nginx, a comment":         {nginx("location /api { # proxy_pass http://backend:8000;\n}"), "/dev http://localhost:1"},
		"nginx, a variable":        {nginx("location /api { proxy_pass http://${BACKEND}; }"), "/api  own"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			index := treetest.Of(t, tt.files)
			f, err := node.Detect(index, ".")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range f.Passes {
				words := []string{p.Path, p.Target}
				for i, is := range []bool{p.Strip, p.Socket, p.Own} {
					if is {
						words = append(words, []string{"strip", "socket", "own"}[i])
					}
				}
				got = append(got, strings.Join(words, " "))
			}
			if s := strings.Join(got, "; "); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}
