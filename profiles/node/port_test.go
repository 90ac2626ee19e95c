package node

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/node/nodetest"
)

// What the code says of its port is followed to where it is listened on.
func TestPortOfCode(t *testing.T) {
	for name, c := range map[string]struct {
		file, code, deps string
		set              []string
		want             string // the port, the variables that set it, and whether a note says that it cannot be moved
	}{
		"a name of another function":      {code: "const port = process.env.PORT || 8080; app.listen(port); function connect() { const port = 5432 }", want: "8080"},
		"a name of another block":         {code: "const port = 8080; { const port = 5432; db.connect(port) }\napp.listen(port)", want: "8080"},
		"moved through parseInt":          {code: "const port = process.env.PORT || 8083; app.listen(parseInt(port, 10))", set: []string{"port=9000"}, want: "9000 PORT=9000"},
		"moved through a plus":            {code: "const port = process.env.PORT || 8083; app.listen(+port)", set: []string{"port=9000"}, want: "9000 PORT=9000"},
		"moved through Number":            {code: "const port = process.env.PORT; app.listen(Number(port || 80))", set: []string{"port=9000"}, want: "9000 PORT=9000"},
		"moved through a function":        {code: "app.listen(normalize(process.env.PORT || '8083')); function normalize(v) { const n = parseInt(v, 10); if (isNaN(n)) return v; return n }", set: []string{"port=9000"}, want: "9000 PORT=9000"},
		"of an object":                    {code: "const config = {http: {port: 8086}}; app.listen(config.http.port)", want: "8086"},
		"of an object, not moved":         {code: "const config = {http: {port: 8086}}; app.listen(config.http.port)", set: []string{"port=9000"}, want: "--set: port: the app always listens on 8086 (a.js:1)"},
		"options by name":                 {code: "const {serve} = require('@hono/node-server'); const opts = {fetch: app.fetch, port: 8087}; serve(opts)", deps: "hono @hono/node-server", want: "8087"},
		"process.env by name":             {code: "const {env} = process; app.listen(env.PORT || 8091)", want: "8091"},
		"a backtick in JSX":               {file: "a.jsx", code: "const page = <p>Press the ` key</p>\napp.listen(8092)", want: "8092"},
		"an apostrophe and // in JSX":     {file: "a.jsx", code: "const page = <a href=\"//x\">it's // here, isn't it</a>\napp.listen(8093)", want: "8093"},
		"an event of a database":          {code: "const sql = require('postgres')(); sql.listen('news', f)", deps: "postgres", want: "0"},
		"the address of another server":   {code: "const r = require('ioredis').createClient(6379); r.listen(6379)", deps: "ioredis", want: "0"},
		"jQuery":                          {code: "const $ = require('cheerio').load(''); $('git'); $('convert'); app.listen(8094)", deps: "cheerio express", want: "8094"},
		"a file in a folder of tools":     {file: "scripts/a.js", code: "require('http').createServer().listen(8081)", want: "8081"},
		"a file in a folder of documents": {file: "docs/a.js", code: "require('http').createServer().listen(8082)", want: "8082"},
	} {
		file := c.file
		if file == "" {
			file = "a.js"
		}
		start := "start: node " + file
		if strings.HasSuffix(file, "x") {
			start, c.deps = "start: tsx "+file, c.deps+" tsx"
		}
		p, _, err := decide(t, map[string]string{"package.json": nodetest.Manifest(strings.TrimSpace(c.deps), start), file: c.code}, c.set...)
		if err != nil {
			if err.Error() != c.want {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		words := []string{"0"}
		for _, port := range p.Run.Ports {
			words = []string{fmt.Sprint(port)}
		}
		for _, e := range p.Run.Env {
			if strings.HasSuffix(e.Name.String(), "PORT") {
				words = append(words, e.String())
			}
		}
		got := strings.Join(words, " ")
		if got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
		if p.Run.Runtime != "distroless" {
			t.Errorf("%s: got %s, as if programs were started: %v", name, p.Run.Runtime, of[*Base](p).Debian)
		}
	}
}

// A host that the start command names is where its server listens: the loopback is
// moved, as the code's own is.
func TestHostOfCommand(t *testing.T) {
	for name, c := range map[string]struct {
		start, deps, code string
		set               []string
		want              string // CMD and HOST, or the error
	}{
		"a flag of one letter":      {start: "http-server -a 127.0.0.1 public", deps: "http-server", want: "http-server -a 0.0.0.0 public"},
		"a long flag":               {start: "next start --hostname localhost", deps: "next", want: "start --hostname 0.0.0.0"},
		"with =":                    {start: "next start --hostname=127.0.0.1 -p 4000", deps: "next", want: "start --hostname=0.0.0.0 -p 4000"},
		"an address":                {start: "serve -l tcp://localhost:5000 public", deps: "serve", want: "serve -l tcp://0.0.0.0:5000 public"},
		"of a program's variable":   {start: "fastify start app.js", deps: "fastify fastify-cli", want: "node_modules/fastify-cli/cli.js start app.js FASTIFY_ADDRESS=0.0.0.0"},
		"once":                      {start: "json-server --host 127.0.0.1 db.json", deps: "json-server", want: "json-server --host 0.0.0.0 db.json"},
		"every address":             {start: "next start -H ::", deps: "next", want: "start -H ::"},
		"of the variable":           {start: "HOST=127.0.0.1 node a.js", code: "require('http').createServer().listen(3000, process.env.HOST || '0.0.0.0')", want: "a.js HOST=0.0.0.0"},
		"of a variable of its own":  {start: "HOST=127.0.0.1 node a.js", code: "require('http').createServer().listen(3000)", want: "a.js HOST=127.0.0.1"},
		"another program's":         {start: "node a.js -H 127.0.0.1", code: "require('http').createServer().listen(3000)", want: "a.js -H 127.0.0.1"},
		"a variable with a dot":     {start: "node a.js", code: "require('http').createServer().listen(3000, process.env['app.host'] || '127.0.0.1')", want: "a.js:1: listens on 127.0.0.1 only, which nothing outside of the container reaches"},
		"of the user's own command": {start: "next start", deps: "next", set: []string{"start=[next, start, -H, 127.0.0.1]"}, want: "--set: listens on 127.0.0.1 only, which nothing outside of the container reaches"},
	} {
		p, _, err := decide(t, map[string]string{"package.json": nodetest.Manifest(c.deps, "build: next build", "start: "+c.start), "a.js": c.code, "public/index.html": "x", "db.json": "{}"}, c.set...)
		if err != nil {
			if err.Error() != c.want {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		words := slices.Clone([]string(p.Run.Cmd))
		for _, e := range p.Run.Env {
			if n := e.Name.String(); n == "HOST" || n == "FASTIFY_ADDRESS" {
				words = append(words, e.String())
			}
		}
		got := strings.Join(words, " ")
		if !strings.HasSuffix(got, c.want) {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// Every port on which the program listens is the image's, its own first.
func TestPorts(t *testing.T) {
	for name, c := range map[string]struct{ code, more, want string }{
		"two in a file":         {code: "listen(3000); listen(9090)", want: "[3000 9090]"},
		"one in another module": {code: "require('./b'); listen(process.env.PORT || 3000)", more: "listen(9090)", want: "[3000 9090]"},
		"in a file not run":     {code: "listen(3000)", more: "listen(9090)", want: "[3000]"},
		"inside":                {code: "listen(3000); listen(9090, '127.0.0.1')", want: "[3000]"},
		"the same twice":        {code: "if (a) listen(3000); else listen(3000)", want: "[3000]"},
		"of one variable":       {code: "if (a) listen(process.env.PORT || 3000); else listen(process.env.PORT || 3001)", want: "[3000]"},
		"with a dot":            {code: "listen(process.env['app.port'] || 3000); listen(9090)", want: "[3000 9090]"},
	} {
		code := func(s string) string {
			return strings.ReplaceAll(s, "listen(", "require('http').createServer().listen(")
		}
		p, _, err := decide(t, map[string]string{"package.json": nodetest.Manifest("", "start: node a.js"), "a.js": code(c.code), "b.js": code(c.more)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := fmt.Sprint(p.Run.Ports); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}
