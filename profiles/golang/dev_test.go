package golang_test

import (
	"strings"
	"testing"
)

func TestDev(t *testing.T) {
	const below = "-- server/views/x.html --\n-- server/main.go --\npackage main\nimport \"html/template\"\nfunc main() { template.ParseGlob(\"views/*.html\") }\n"
	const flagged = "-- main.go --\npackage main\nimport (\"flag\"; \"net/http\")\nvar addr = flag.String(\"addr\", \"localhost:2345\", \"\")\nfunc main() { flag.Parse(); http.ListenAndServe(*addr, nil) }\n"
	for name, tt := range map[string]struct {
		archive string
		set     []string
		want    []string
		not     string
	}{
		"a debugger": {
			mod("go 1.26") + server,
			[]string{"debug=true"},
			[]string{
				"# dev rebuilds on every save:\n# docker build -t repo:dev --target dev . && docker run --rm -v \"$(pwd):/src\" -p 8080:8080 -p 127.0.0.1:2345:2345 repo:dev\n",
				"    go install github.com/go-delve/delve/cmd/dlv@v1.27.2 \\\n && go install github.com/air-verse/air@v1.67.4\n",
				"RUN go build -buildvcs=false '-gcflags=all=-N -l' -o /tmp/app .\nEXPOSE 8080\nEXPOSE 2345\n",
				`"--build.send_interrupt", "true", "--build.kill_delay", "2s", "--build.full_bin", "exec dlv exec --headless --listen=:2345 --accept-multiclient --continue /tmp/app"]`,
			},
			"",
		},
		"a debugger, in another folder": {
			mod("go 1.26") + below,
			[]string{"debug=true"},
			[]string{`--continue --wd server /tmp/server"]`},
			"/bin/sh",
		},
		"a debugger where the program has its port": {
			mod("go 1.26") + flagged,
			[]string{"debug=true"},
			[]string{"EXPOSE 2345\nEXPOSE 2346\n", `--listen=:2346 --accept-multiclient --continue /tmp/app -- -addr :2345"]`},
			"",
		},
		"what it embeds": {
			mod("go 1.26") + "-- ui/a.css --\n-- ui/b.png --\n-- q/x.sql --\n-- main.go --\npackage main\nimport \"embed\"\n//go:embed ui q/*.sql\nvar f embed.FS\nfunc main() { _ = f }\n",
			nil,
			[]string{`"--build.include_ext", "go,tpl,tmpl,html,css,sql"]`},
			"png",
		},
		"no debugger": {mod("go 1.26") + server, []string{"debug=false"}, nil, "dlv"},
		"no reloader": {
			mod("go 1.26") + server,
			[]string{"reloader=none"},
			[]string{"# dev runs the source that is mounted:\n# docker build -t repo:dev --target dev . && docker run", "FROM base AS dev\nCOPY . .\n", `CMD ["go", "run", "-buildvcs=false", "."]`},
			"go install",
		},
		"no reloader, in another folder": {
			mod("go 1.26") + below,
			[]string{"reloader=none"},
			[]string{`CMD ["/bin/sh", "-c", "go build -buildvcs=false -o /tmp/server ./server && cd server && exec /tmp/server"]`},
			"air",
		},
		"no reloader and a debugger": {
			mod("go 1.26") + server,
			[]string{"reloader=none", "debug=true"},
			[]string{`CMD ["/bin/sh", "-c", "go build -buildvcs=false '-gcflags=all=-N -l' -o /tmp/app . && exec dlv exec --headless --listen=:2345 --accept-multiclient --continue /tmp/app"]`},
			"air",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.archive, tt.set...)
			if err != nil {
				t.Fatal(err)
			}
			text := dockerfile(t, p)
			holds(t, text, tt.want, nil)
			if tt.not != "" && strings.Contains(text, tt.not) {
				t.Errorf("%q in\n%s", tt.not, text)
			}
		})
	}
}
