package html_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

const page = "<!doctype html><html></html>\n"

// decide is the Dockerfile and the .dockerignore of a repository, with the notes, or the error.
func decide(t *testing.T, files map[string]string, set ...string) (text string, err error) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	repo, err := detect.Scan(t.Context(), fsys, profiles.Languages())
	if err != nil {
		t.Fatal(err)
	}
	var s settings.Settings
	for _, a := range set {
		if s, err = s.Set(a); err != nil {
			t.Fatal(err)
		}
	}
	p, err := profiles.Decide(repo, profiles.Request{Name: "tides", Settings: s})
	if err != nil {
		return "", err
	}
	made, err := templates.Render(p.Apps[0])
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range made {
		b.Write(f.Data)
	}
	for _, n := range p.Apps[0].Notes {
		b.WriteString("note: " + n.Text + "\n")
	}
	return b.String(), nil
}

// TestSettings: a setting does to a site what it does to a site of Node's, or is refused with its place.
func TestSettings(t *testing.T) {
	t.Parallel()
	two := map[string]string{"public/index.html": page, "docs/index.html": page}
	for name, c := range map[string]struct {
		files map[string]string
		set   []string
		want  []string // lines, those that begin with - are not there
		err   string
	}{
		"nothing":               {nil, nil, []string{"EXPOSE 8080", "USER 101:101", "COPY --link . /usr/share/nginx/html/", "try_files $uri $uri.html $uri/ =404;", "-error_page 404 /404.html;"}, ""},
		"port":                  {nil, []string{"port=9000"}, []string{"EXPOSE 9000", "listen 9000;", "-listen 8080;"}, ""},
		"runtime":               {nil, []string{"runtime=slim"}, []string{"-HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --start-interval=1s \\"}, ""},
		"runtime, none":         {nil, []string{"runtime=distroless"}, nil, "distroless cannot run this app: there is no distroless image of nginx"},
		"packages":              {nil, []string{"packages=[brotli]"}, []string{"RUN apk add --no-cache brotli", "USER root", "USER 101:101"}, ""},
		"env":                   {nil, []string{"env={TZ: UTC}"}, []string{"ENV TZ=UTC"}, ""},
		"healthcheck":           {nil, []string{"healthcheck=none"}, []string{"-HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --start-interval=1s \\"}, ""},
		"start":                 {nil, []string{"start=[nginx, -g, daemon off;]"}, []string{`ENTRYPOINT ["nginx", "-g", "daemon off;"]`}, ""},
		"link":                  {nil, []string{"link=false"}, []string{"COPY . /usr/share/nginx/html/"}, ""},
		"version":               {nil, []string{"version=5"}, nil, "--set: version: 5 is of a language, and a site of HTML has none"},
		"debug":                 {nil, []string{"debug=true"}, []string{"note: debug is for Go and Java programs alone"}, ""},
		"language":              {nil, []string{"language=html"}, []string{"EXPOSE 8080"}, ""},
		"main":                  {two, []string{"main=docs"}, []string{"root /usr/share/nginx/html/docs;", "COPY --link docs/ /usr/share/nginx/html/docs/"}, ""},
		"main, none":            {nil, []string{"main=nothing/here"}, nil, "--set: main: nothing/here is no folder with an index.html"},
		"main, outside":         {nil, []string{"main=../x"}, nil, "--set: main: ../x is no folder with an index.html"},
		"two folders":           {two, nil, nil, "public/index.html: public and docs hold a site each, and nothing says which one is served"},
		"a page for the rest":   {map[string]string{"index.html": page, "404.html": page}, nil, []string{"error_page 404 /404.html;"}, ""},
		"a rule for the rest":   {map[string]string{"index.html": page, "_redirects": "/* /index.html 200\n"}, nil, []string{"try_files $uri $uri/index.html /index.html;", "**/_redirects"}, ""},
		"rules of another host": {map[string]string{"index.html": page, "_headers": "/*\n  X-A: b\n"}, nil, []string{"**/_headers", "note: nginx does not read _headers: its rules do not hold in this image"}, ""},
		"the texts":             {map[string]string{"index.html": page, "README.md": ""}, nil, []string{"README*", "**/.*"}, ""},
		"texts that are pages":  {map[string]string{"index.html": strings.Replace(page, "<html>", "<html><script>window.$docsify = {}</script>", 1), "README.md": ""}, nil, []string{"-README*", "**/.*"}, ""},
		"well-known":            {map[string]string{"index.html": page, ".well-known/a.txt": "", ".well-known/b.key": "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"}, nil, []string{"!.well-known/a.txt", "-!.well-known/b.key"}, ""},
		"beside a back end":     {map[string]string{"index.html": page, "Cargo.toml": "[package]\n"}, nil, nil, "Cargo.toml"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := c.files
			if files == nil {
				files = map[string]string{"index.html": page}
			}
			text, err := decide(t, files, c.set...)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("got %v, want %s", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			lines := map[string]bool{}
			for l := range strings.Lines(text) {
				lines[strings.TrimSpace(l)] = true
			}
			for _, w := range c.want {
				if not := strings.TrimPrefix(w, "-"); lines[not] != (not == w) {
					t.Errorf("%s: got\n%s", w, text)
				}
			}
		})
	}
}
