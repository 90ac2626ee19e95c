package image

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestRoutes: a site's web server passes on what the repository says, to an address that a variable of the image has.
func TestRoutes(t *testing.T) {
	pass := func(path, target string) Pass {
		return Pass{Path: path, Target: target, Pos: fact.At("vite.config.ts", 3)}
	}
	strip := pass("/api/", "http://localhost:8000")
	strip.Strip, strip.Socket = true, true
	for _, tt := range []struct {
		name   string
		passes []Pass
		beside string
		yaml   string
		want   []string
		not    []string
		note   string
	}{
		{"none", nil, "api", "", []string{"USER 101:101\nEXPOSE 8080\n"}, []string{"backend", "CMD"}, ""},
		{
			"one",
			[]Pass{pass("/api", "http://localhost:8000")},
			"server", "",
			[]string{"ENV BACKEND_URL=http://server:8000\n", "    include /tmp/backend.conf;\n    location ^~ /api {\n        proxy_pass $backend_url;\n", "Host $http_host;", `echo "set \$backend_url \"${BACKEND_URL%/}\";"`, `CMD ["sh", "/etc/nginx/start.sh"]`},
			[]string{"rewrite", "Upgrade", "@other"},
			"the site's web server passes /api on to http://server:8000, as the development server does",
		},
		{"of several", []Pass{pass("/api", "http://localhost:8000")}, "api worker", "", []string{"ENV BACKEND_URL=http://api:8000\n"}, nil, "http://api:8000"},
		{"of unknown ones", []Pass{pass("/api", "http://127.0.0.1:8000")}, "x y", "", []string{"ENV BACKEND_URL=http://backend:8000\n"}, nil, "http://backend:8000"},
		{"no target", []Pass{pass("/api", "")}, "api", "", []string{"ENV BACKEND_URL=http://api\n"}, nil, ""},
		{"a container's name", []Pass{pass("/api", "http://app:3000")}, "api", "", []string{"ENV BACKEND_URL=http://app:3000\n"}, []string{"proxy_ssl"}, ""},
		{"another's host", []Pass{pass("/api", "https://api.example.com")}, "api", "", []string{"ENV BACKEND_URL=https://api.example.com\n", "Host $proxy_host;", "proxy_ssl_server_name on;"}, nil, ""},
		{"stripped", []Pass{strip}, "api", "", []string{"location ^~ /api/ {\n        rewrite ^/api/?(.*)$ /$1 break;\n", "Upgrade $http_upgrade;"}, nil, ""},
		{
			"two servers",
			[]Pass{pass("/api", "http://localhost:8000"), pass("/auth", "http://localhost:9000"), pass("/v2", "http://localhost:8000")},
			"api", "",
			[]string{"ENV API_URL=http://api:8000\n", "ENV AUTH_URL=http://api:9000\n", "location ^~ /auth {\n        proxy_pass $auth_url;", "location ^~ /v2 {\n        proxy_pass $api_url;"},
			nil, "",
		},
		{
			"apps by their names",
			[]Pass{pass("/api/catalog", "http://localhost:8080"), pass("/api/orders", "http://localhost:8000")},
			"web-api catalog orders", "",
			[]string{"ENV CATALOG_URL=http://catalog:8080\n", "ENV ORDERS_URL=http://orders:8000\n", "location ^~ /api/orders {\n        proxy_pass $orders_url;"},
			nil, "",
		},
		{
			"all but pages",
			[]Pass{pass("/", "http://localhost:5000")},
			"api", "",
			[]string{"try_files $uri $uri/index.html @other;", "location @other {\n        if ($http_accept ~ text/html) {\n            rewrite ^ /index.html last;\n        }\n        proxy_pass $backend_url;"},
			[]string{"location ^~"},
			"",
		},
		{"asked for an address", []Pass{pass("/api", "http://localhost:8000")}, "api", `env: {BACKEND_URL: "http://x:1"}`, []string{"ENV BACKEND_URL=http://x:1\n"}, []string{"http://api:8000\n"}, ""},
		{"asked for a command", []Pass{pass("/api", "http://localhost:8000")}, "api", "start: [nginx, -g, daemon off;]", nil, []string{"backend", "start.sh"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := lockedInput(t, nil)
			in.Beside = strings.Fields(tt.beside)
			var err error
			if in.Settings, err = settings.Parse("dockgen.yaml", []byte(tt.yaml)); err != nil {
				t.Fatal(err)
			}
			in.Log.Asked, in.Log.Preferred = plan.Slim, []plan.Runtime{plan.Slim}
			q := single()
			q.Passes = tt.passes
			run, err := ServeSite(in, q)
			if err != nil {
				t.Fatal(err)
			}
			text := prod(t, run)
			for _, s := range tt.want {
				if !strings.Contains(text, s) {
					t.Errorf("no %q in:\n%s", s, text)
				}
			}
			for _, s := range tt.not {
				if strings.Contains(text, s) {
					t.Errorf("%q is in:\n%s", s, text)
				}
			}
			notes := in.Log.Notes()
			if tt.note != "" && (len(notes) != 1 || !strings.Contains(notes[0].Text, tt.note)) {
				t.Errorf("notes: %v", notes)
			}
		})
	}
}

// TestRoutesRefuse: what no configuration should hold is refused.
func TestRoutesRefuse(t *testing.T) {
	in := lockedInput(t, nil)
	in.Log.Asked, in.Log.Preferred = plan.Slim, []plan.Runtime{plan.Slim}
	q := single()
	q.Passes = []Pass{{Path: "/a {}", Target: "http://localhost"}}
	if run, err := ServeSite(in, q); err == nil {
		t.Error(prod(t, run))
	}
}
