package html_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/html"
	"github.com/dockgen/dockgen/detect/tree"
)

const page = "<!doctype html>\n<html><head><title>T</title>HEAD</head><body></body></html>\n"

// with is a page whose head has more.
func with(head string) string { return strings.Replace(page, "HEAD", head, 1) }

func detect(t *testing.T, files map[string]string, dir string) *html.Facts {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	scanned, err := tree.Scan(t.Context(), fsys, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := html.Detect(scanned, dir)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestWithoutTags: what is all of a repository is a page also without the tags that one may leave out; below it is as often a part of one.
func TestWithoutTags(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"<h1>Hello</h1>": true, "\n<title>a</title>\n<p>b": true, "Hello <b>you</b>": false, "<%= a %><p>": false, "<x-a>": false} {
		if f := detect(t, map[string]string{"index.html": text}, "."); (f != nil) != want {
			t.Errorf("%q: a site: %v", text, f != nil)
		}
		if f := detect(t, map[string]string{"a/index.html": text}, "a"); f != nil {
			t.Errorf("%q below: a site", text)
		}
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	type files = map[string]string
	for name, c := range map[string]struct {
		files files
		want  []string // nil: no site
	}{
		"a page":                       {files{"index.html": page}, []string{"."}},
		"with all that it loads":       {files{"index.html": with(`<link rel="stylesheet" href="a.css?v=1"><script src=/js/a.js></script><script src="https://cdn.example.com/x.js"></script>`), "a.css": "", "js/a.js": ""}, []string{"."}},
		"in public":                    {files{"public/index.html": with(`<script src="/a.js"></script>`), "public/a.js": "", "README.md": ""}, []string{"public"}},
		"in two folders":               {files{"public/index.html": page, "docs/index.html": page}, []string{"public", "docs"}},
		"at the top and below":         {files{"index.html": page, "docs/index.html": page}, []string{"."}},
		"beside tools":                 {files{"index.html": page, "package.json": `{"private": true, "scripts": {"lint": "eslint ."}, "devDependencies": {"eslint": "9"}}`, "eslint.config.js": "export default []"}, []string{"."}},
		"after an app, kept beside it": {files{"index.html": page, "Dockerfile.bak": "FROM golang:1.27\nCOPY . .\nRUN go build -o /app .\n"}, []string{"."}},
		"with its own web server":      {files{"index.html": page, "Dockerfile": "FROM nginx:alpine\nCOPY . /usr/share/nginx/html\n"}, []string{"."}},
		"with CI":                      {files{"index.html": page, ".github/workflows/pages.yml": "on: push\n", ".nojekyll": ""}, []string{"."}},
		"that a framework fills":       {files{"index.html": strings.Replace(page, "<body>", "<body>{{ message }}", 1)}, []string{"."}},
		"no page":                      {files{"app.js": ""}, nil},
		"in a folder of another name":  {files{"templates/index.html": page}, nil},
		"a fragment":                   {files{"public/index.html": "<p>hello</p>"}, nil},
		"text":                         {files{"index.html": "hello"}, nil},
		"a script that a build writes": {files{"index.html": with(`<script type="module" src="/src/main.ts"></script>`), "src/main.ts": ""}, nil},
		"a script that is not there":   {files{"index.html": with(`<script src="/static/app.js"></script>`)}, nil},
		"a style that is not there":    {files{"index.html": with(`<link href="/style.css" rel="stylesheet">`)}, nil},
		"Jekyll's front matter":        {files{"index.html": "---\nlayout: default\n---\n" + page}, nil},
		"a template of Go":             {files{"index.html": strings.Replace(page, "<body>", "<body>{{ .Name }}", 1)}, nil},
		"a template of Jinja":          {files{"index.html": strings.Replace(page, "<body>", "<body>{% block a %}", 1)}, nil},
		"PHP":                          {files{"index.html": page, "mail.php": "<?php"}, nil},
		"Python":                       {files{"index.html": page, "app.py": ""}, nil},
		"Rust":                         {files{"index.html": page, "Cargo.toml": "[package]\n"}, nil},
		"Ruby":                         {files{"index.html": page, "Gemfile": ""}, nil},
		"a manifest below":             {files{"index.html": page, "api/go.mod": "module m\n"}, nil},
		"a package below":              {files{"index.html": page, "app/package.json": "{}"}, nil},
		"a Makefile":                   {files{"index.html": page, "Makefile": "build:\n"}, nil},
		"Jekyll":                       {files{"index.html": page, "_config.yml": "title: T\n"}, nil},
		"Hugo":                         {files{"public/index.html": page, "hugo.toml": "title = 'T'\n"}, nil},
		"a bundler":                    {files{"index.html": page, "vite.config.js": ""}, nil},
		"a task runner":                {files{"index.html": page, "gulpfile.js": ""}, nil},
		"a package of others":          {files{"index.html": page, "package.json": `{"main": "a.js"}`, "a.js": ""}, nil},
		"a build script":               {files{"index.html": page, "package.json": `{"scripts": {"build:css": "sass a b"}, "devDependencies": {"sass": "1"}}`}, nil},
		"a dependency":                 {files{"index.html": page, "package.json": `{"dependencies": {"vue": "3"}}`}, nil},
		"a server of Node":             {files{"index.html": page, "serve.js": "const http = require('http')\nhttp.createServer(f).listen(80)\n"}, nil},
		"the source beside public":     {files{"public/index.html": page, "lib/a.js": ""}, nil},
		"a browser extension":          {files{"index.html": page, "manifest.json": `{"manifest_version": 3}`}, nil},
		"an image of another program":  {files{"index.html": page, "Dockerfile": "FROM php:8-apache\nCOPY . /var/www/html\n"}, nil},
		"a build in the own image":     {files{"index.html": page, "Dockerfile": "FROM node:24 AS build\nRUN make\nFROM nginx\nCOPY --from=build /x /usr/share/nginx/html\n"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, dir := range []string{".", "a/b"} {
				files := files{}
				for name, text := range c.files {
					files[strings.TrimPrefix(dir+"/"+name, "./")] = text
				}
				var got []string
				if f := detect(t, files, dir); f != nil {
					got = f.Folders
				}
				if dir != "." && c.files["Dockerfile"] != "" {
					continue // which the folder's own reader reads as well
				}
				if d := cmp.Diff(c.want, got); d != "" {
					t.Errorf("in %s: %s", dir, d)
				}
			}
		})
	}
}

// TestRules: of the files of hosts, the one rule that sends all paths to a page is read, and each other file is named.
func TestRules(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files    map[string]string
		fallback string
		line     int
		ignored  string
	}{
		"none":          {map[string]string{"index.html": page}, "", 0, ""},
		"the one":       {map[string]string{"index.html": page, "_redirects": "# all\n/*  /index.html  200\n"}, "/index.html", 2, ""},
		"and others":    {map[string]string{"index.html": page, "_redirects": "/a /b 301\n/* /index.html 200\n"}, "/index.html", 2, "_redirects"},
		"another page":  {map[string]string{"index.html": page, "_redirects": "/* https://example.com/:splat 200\n"}, "", 0, "_redirects"},
		"other servers": {map[string]string{"index.html": page, ".htaccess": "", "_headers": "", "nginx.conf": ""}, "", 0, ".htaccess _headers nginx.conf"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := detect(t, c.files, ".")
			if f == nil {
				t.Fatal("no site")
			}
			var ignored []string
			for _, i := range f.Ignored {
				ignored = append(ignored, i.Value)
			}
			if got := strings.Join(ignored, " "); f.Fallback.Value != c.fallback || f.Fallback.Pos.Line != c.line || got != c.ignored {
				t.Errorf("got %v and %q, want %s at %d and %q", f.Fallback, got, c.fallback, c.line, c.ignored)
			}
		})
	}
}

// TestPasses: what pages and scripts ask the site's own server for and is no file, and what they ask the visitor's machine.
func TestPasses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ script, want string }{
		"fetch":                  {`fetch("/api/notes?x=1").then(f)`, "/api"},
		"a template":             {"fetch(`/api/notes/${id}`)", "/api"},
		"several":                {"fetch('/api/a'); fetch('/api/b'); axios.post('/auth/login', x)", "/api /auth"},
		"XMLHttpRequest":         {`x.open("POST", "/rpc")`, "/rpc"},
		"jQuery":                 {`$.getJSON('/api/a', f); $.ajax({url: "/old/b"})`, "/api /old"},
		"a constant":             {`const API_URL = "/api/v1"; fetch(API_URL + "/notes")`, "/api"},
		"events":                 {`new EventSource("/events")`, "/events"},
		"a socket":               {"new WebSocket(`wss://${location.host}/ws`); new WebSocket('ws://' + location.host + '/live')", "/ws socket /live socket"},
		"both":                   {"fetch('/hub/negotiate'); new WebSocket(`wss://${location.host}/hub`)", "/hub socket"},
		"a file":                 {`fetch("/data/a.json"); fetch("/about"); fetch("/missing.json")`, ""},
		"in a folder of a name":  {`fetch("/data/live")`, "/data/live"},
		"relative":               {`fetch("api/notes"); fetch("./x")`, ""},
		"another host":           {`fetch("https://api.example.com/x"); fetch("//cdn.example.com/x")`, ""},
		"the visitor's machine":  {`const base = "http://localhost:8000/api"; fetch(base)`, ""},
		"it, by a name":          {`const API_BASE = "http://localhost:8000/api"; fetch(API_BASE)`, "machine http://localhost:8000"},
		"it, by its address":     {`fetch("http://127.0.0.1:5000/x")`, "machine http://127.0.0.1:5000"},
		"no call":                {`location.href = "/login"; const path = "/x"`, ""},
		"what nginx would read":  {`fetch("/a;b/c"); fetch("/a{b"); fetch("/$host/x")`, ""},
		"a form and htmx (page)": {"", "/subscribe /rows"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := with("")
			if c.script == "" {
				body = strings.Replace(body, "<body>", `<body><form method="post" action="/subscribe"></form><table hx-get="/rows"></table>`, 1)
			}
			f := detect(t, map[string]string{"index.html": body, "about.html": page, "data/a.json": "{}", "js/app.js": c.script}, ".")
			if f == nil {
				t.Fatal("no site")
			}
			var got []string
			for _, p := range f.Passes {
				got = append(got, p.Path)
				if p.Socket {
					got = append(got, "socket")
				}
			}
			if f.Machine.Found() {
				got = append(got, "machine", f.Machine.Value)
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("got %q, want %q", s, c.want)
			}
		})
	}
}
