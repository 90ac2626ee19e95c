package image

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// single is a site whose app routes in the browser.
func single() SiteRequest {
	return SiteRequest{
		Site:  Site{Base: plan.MustToken("/"), Index: plan.MustToken("/index.html"), Hashed: []plan.Token{plan.MustToken("/assets/")}},
		Stage: plan.MustStageName("build"), Folder: plan.MustPath("/app/dist/"),
	}
}

// prod is the text of a prod stage.
func prod(t *testing.T, run *plan.Run) string {
	t.Helper()
	text, err := templates.Render(&plan.App{Image: plan.Image{Stages: []plan.Stage{{Block: "prod", Data: run}}}, Run: run})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range text {
		if f.Name == templates.Dockerfile {
			return string(f.Data)
		}
	}
	t.Fatal("no Dockerfile")
	return ""
}

func TestServeSite(t *testing.T) {
	pages := single()
	pages.Site = Site{Base: plan.MustToken("/docs/"), NotFound: plan.MustToken("/docs/404.html"), Names: func() plan.Pattern { p, _ := plan.NewPattern(`\.[0-9a-f]{8}\.js$`); return p }()}
	shell := single()
	shell.Shell, shell.Suffix = plan.MustToken("/__spa-fallback.html"), true
	for _, tt := range []struct {
		name    string
		q       SiteRequest
		runtime plan.Runtime
		yaml    string
		locked  map[string]record.Locked
		want    []string
		not     []string
		err     string
	}{
		{"slim", single(), plan.Slim, "", nil, []string{
			"FROM nginxinc/nginx-unprivileged:1.30-trixie AS prod\n", "    listen 8080;\n    listen [::]:8080;\n    server_tokens off;\n", "    gzip_vary on;\n",
			"    location /assets/ {\n", "try_files $uri $uri/index.html /index.html;\n", "}\nEOF\n\nCOPY --link --from=build /app/dist/ /usr/share/nginx/html/\nUSER 101:101\nEXPOSE 8080\n",
		}, []string{"absolute_redirect", "USER root", "ENTRYPOINT", "HEALTHCHECK"}, ""},
		{"alpine", single(), plan.Alpine, "", nil, []string{"FROM nginxinc/nginx-unprivileged:1.30-alpine-slim AS prod\n", `CMD ["wget","-q","-O","/dev/null","http://127.0.0.1:8080/healthz"]`}, nil, ""},
		{"asked for a check, slim", single(), plan.Slim, "healthcheck: /ready", nil, nil, nil, "dockgen.yaml:1: healthcheck: the image of runtime slim has no program that can probe /ready"},
		{"asked for a check and its program, slim", single(), plan.Slim, "healthcheck: /ready\npackages: [curl]", nil, []string{`"curl","-fsS","-o","/dev/null","http://127.0.0.1:8080/ready"]`}, nil, ""},
		{"asked for a check, alpine", single(), plan.Alpine, "healthcheck: /ready", nil, []string{`"http://127.0.0.1:8080/ready"]`}, nil, ""},
		{"asked for no check", single(), plan.Slim, "healthcheck: none", nil, nil, []string{"HEALTHCHECK"}, ""},
		{"asked for a port", single(), plan.Slim, "port: 9000", nil, []string{"    listen 9000;\n    listen [::]:9000;\n", "EXPOSE 9000\n"}, []string{"8080"}, ""},
		{"asked for a port, alpine", single(), plan.Alpine, "port: 9000", nil, []string{"http://127.0.0.1:9000/healthz"}, nil, ""},
		{"asked for a command", single(), plan.Slim, "start: [nginx, -g, daemon off;]", nil, []string{`ENTRYPOINT ["nginx", "-g", "daemon off;"]`}, nil, ""},
		{"packages", single(), plan.Slim, "packages: [jq]", nil, []string{"USER root\n# jq: the settings ask for it.\nRUN apt-get update", "USER 101:101"}, nil, ""},
		{"variables", single(), plan.Alpine, "env: {NGINX_ENTRYPOINT_QUIET_LOGS: \"1\"}", nil, []string{"ENV NGINX_ENTRYPOINT_QUIET_LOGS=1\n"}, nil, ""},
		{"pages below a path", pages, plan.Slim, "", nil, []string{
			"    absolute_redirect off;\n", "    # The links of the build begin with /docs/.\n    location = / {\n        return 302 /docs/;\n    }\n",
			"    location ~ \"\\.[0-9a-f]{8}\\.js$\" {\n", "try_files $uri $uri.html $uri/ =404;\n    }\n    error_page 404 /docs/404.html;\n}\n", "/usr/share/nginx/html/docs/\n",
		}, []string{"every other path"}, ""},
		{"a shell and suffixes", shell, plan.Slim, "", nil, []string{"try_files $uri $uri.html $uri/index.html /__spa-fallback.html /index.html;\n"}, nil, ""},
		{"scratch", single(), plan.Scratch, "", nil, nil, nil, "scratch cannot run this app: nginx needs its runtime and a C library, and scratch is empty"},
		{"distroless", single(), plan.Distroless, "", nil, nil, nil, "distroless cannot run this app: there is no distroless image of nginx"},
		{"a lock by hand", single(), plan.Slim, "", map[string]record.Locked{"nginx.version": {Value: "1.2;", Evidence: "default"}}, nil, nil, "dockgen.lock: dockgen.lock holds nginx 1.2;, which has no image"},
	} {
		in := lockedInput(t, tt.locked)
		var err error
		if in.Settings, err = settings.Parse("dockgen.yaml", []byte(tt.yaml)); err != nil {
			t.Fatal(err)
		}
		in.Log.Asked, in.Log.AskedAt = tt.runtime, fact.At("dockgen.yaml", 1)
		run, err := ServeSite(in, tt.q)
		if err != nil || tt.err != "" {
			if err == nil || err.Error() != tt.err {
				t.Errorf("%s: got the error %v, want %s", tt.name, err, tt.err)
			}
			continue
		}
		text := prod(t, run)
		for _, want := range tt.want {
			if !strings.Contains(strings.ReplaceAll(text, `", "`, `","`), strings.ReplaceAll(want, `", "`, `","`)) {
				t.Errorf("%s: want %q in\n%s", tt.name, want, text)
			}
		}
		for _, not := range tt.not {
			if strings.Contains(text, not) {
				t.Errorf("%s: want no %q in\n%s", tt.name, not, text)
			}
		}
		for _, key := range []string{"start", "port", "runtime", "nginx.version", "healthcheck"} {
			if _, times := value(in.Log, key); times != 1 {
				t.Errorf("%s: %s is recorded %d times", tt.name, key, times)
			}
		}
	}
}
