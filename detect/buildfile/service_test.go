package buildfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestServices holds what an image starts by a supervisor: the one service that is the app is the image's start, the others stay.
func TestServices(t *testing.T) {
	t.Parallel()
	const conf = `[supervisord]
nodaemon=true
[program:nginx]
command=/usr/sbin/nginx -g "daemon off;"
[program:web]
command=/venv/bin/gunicorn -b 127.0.0.1:%(ENV_PORT)s app:app ; the app
directory=/srv/app
user=www
environment=LANG="C.UTF-8",MODE='x'
[program:worker]
command=celery -A app worker
[program:off]
command=python off.py
autostart=false
`
	for name, test := range map[string]struct {
		files                              map[string]string
		start, user, workdir, env, besides string
	}{
		"supervisord: the folder of its settings": {
			files: map[string]string{"Dockerfile": "FROM python\nWORKDIR /srv/app\nCOPY . .\nCMD [\"supervisord\", \"-c\", \"conf/supervisord.conf\"]\n", "conf/supervisord.conf": "[program:web]\ncommand=%(here)s/../run.sh --conf %(here)s/web.ini\ndirectory=%(here)s\n"},
			start: "/srv/app/conf/../run.sh --conf /srv/app/conf/web.ini", workdir: "/srv/app/conf",
		},
		"s6: a run file in a tree for the root": {
			files: map[string]string{
				"Dockerfile": "FROM lsiobase/alpine\nCOPY . /app\nCOPY root/ /\n",
				"root/etc/s6-overlay/s6-rc.d/svc-web/run":  "#!/usr/bin/with-contenv bash\nexec \\\n  s6-notifyoncheck -d -n 300 -w 1000 -c \"nc -z localhost 8083\" \\\n    cd /app/x s6-setuidgid abc python3 /app/x/cps.py\n",
				"root/etc/s6-overlay/s6-rc.d/svc-web/type": "longrun\n",
				"root/etc/s6-overlay/s6-rc.d/init-db/run":  "#!/bin/bash\npython3 manage.py migrate\n",
				"root/etc/s6-overlay/s6-rc.d/init-db/type": "oneshot\n",
				"root/etc/s6-overlay/s6-rc.d/init-db/up":   "/etc/s6-overlay/s6-rc.d/init-db/run\n",
			},
			start: "python3 /app/x/cps.py", user: "abc", workdir: "/app/x", besides: "init-db once",
		},
		"s6: written by echo": {
			files: map[string]string{"Dockerfile": "FROM lsiobase/alpine\nRUN mkdir -p /etc/services.d/app && \\\n    echo -e \"#!/usr/bin/with-contenv bash\\n\\n \\\n    export PATH=\\$PATH:/x\\n \\\n    export HOME=/config\\n \\\n    exec s6-setuidgid abc app --userdir /config\" > /etc/services.d/app/run\n"},
			start: "app --userdir /config", user: "abc", env: "HOME=/config",
		},
		"s6: written line by line": {
			files: map[string]string{"Dockerfile": "FROM alpine\nENV PORT=80\nRUN echo '#!/bin/sh' > /etc/services.d/app/run && echo 'exec node /srv/index.js --port $PORT' >> /etc/services.d/app/run\nENTRYPOINT [\"/init\"]\n"},
			start: "node /srv/index.js --port ${PORT}",
		},
		"s6: printf": {
			files: map[string]string{"Dockerfile": "FROM alpine\nRUN printf '%s\\n' '#!/bin/sh' 'exec java -jar /app.jar' > /etc/s6-overlay/s6-rc.d/app/run\nENTRYPOINT [\"/init\"]\n"},
			start: "java -jar /app.jar",
		},
		"s6: a here-document and execline": {
			files: map[string]string{"Dockerfile": "FROM alpine\nCOPY <<EOF /etc/s6-overlay/s6-rc.d/app/run\n#!/command/execlineb -P\nwith-contenv\ns6-setuidgid www\n/usr/local/bin/app serve\nEOF\nENTRYPOINT [\"/init\"]\n"},
			start: "/usr/local/bin/app serve", user: "www",
		},
		"s6: it starts what CMD says": {
			files: map[string]string{"Dockerfile": "FROM alpine\nCOPY root /\nENTRYPOINT [\"/init\"]\nCMD [\"gunicorn\", \"app:app\"]\n", "root/etc/cont-init.d/10-migrate": "#!/bin/sh\npython manage.py migrate\n"},
			start: "gunicorn app:app", besides: "10-migrate once",
		},
		"runit": {
			files: map[string]string{"Dockerfile": "FROM phusion/baseimage\nRUN mkdir /etc/service/app\nADD docker/run.sh /etc/service/app/run\nCMD [\"/sbin/my_init\"]\n", "docker/run.sh": "#!/bin/sh\nexec 2>&1\ncd /srv\nexec chpst -u app python server.py\n"},
			start: "python server.py", user: "app", workdir: "/srv",
		},
		"supervisord, which a script starts": {
			files: map[string]string{"Dockerfile": "FROM python:3.12\nWORKDIR /code\nCOPY . .\nCOPY docker/sv.conf /etc/supervisor/conf.d/app.conf\nCMD [\"./start.sh\"]\n", "start.sh": "#!/bin/sh\npython manage.py migrate\nexec supervisord -n\n", "docker/sv.conf": conf},
			start: "/venv/bin/gunicorn -b 127.0.0.1:${PORT} app:app", user: "www", workdir: "/srv/app", env: "LANG=C.UTF-8 MODE=x", besides: "nginx, worker, ./start.sh once",
		},
		"supervisord with its file": {
			files: map[string]string{"Dockerfile": "FROM python:3.12\nWORKDIR /code\nCOPY . .\nCMD supervisord -n -c /code/conf/sv.ini\n", "conf/sv.ini": conf},
			start: "/venv/bin/gunicorn -b 127.0.0.1:${PORT} app:app", user: "www", workdir: "/srv/app", env: "LANG=C.UTF-8 MODE=x", besides: "nginx, worker",
		},
		"two that may be the app": {
			files: map[string]string{"Dockerfile": "FROM python:3.12\nCOPY sv.ini /etc/supervisord.conf\nCMD [\"supervisord\"]\n", "sv.ini": "[program:a]\ncommand=python a.py\n[program:b]\ncommand=python b.py\n"},
			start: "supervisord", besides: "a, b",
		},
		"no supervisor": {
			files: map[string]string{"Dockerfile": "FROM python:3.12\nCOPY sv.ini /etc/supervisord.conf\nCMD [\"python\", \"a.py\"]\n", "sv.ini": "[program:a]\ncommand=python b.py\n"},
			start: "python a.py",
		},
		"a command with a secret is not taken up": {
			files: map[string]string{"Dockerfile": "FROM python:3.12\nCOPY sv.ini /etc/supervisord.conf\nCMD [\"supervisord\"]\n", "sv.ini": "[program:a]\ncommand=python a.py --password=hunter22\n"},
			start: "supervisord", besides: "a",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := readerOf(t, test.files).Image().Image
			words := func(s Start) string { return strings.Join(s.Words, " ") + s.Shell }
			var env, besides []string
			for _, v := range i.Env {
				if v.Value.Name != "PORT" {
					env = append(env, v.Value.Name+"="+v.Value.Value)
				}
			}
			for _, s := range i.Services {
				text := s.Name
				if s.Once {
					text += " once"
				}
				besides = append(besides, text)
			}
			workdir := test.workdir
			if workdir == "" {
				workdir = i.Workdir.Value
			}
			got := []string{strings.TrimSpace(words(i.Entrypoint.Value) + " " + words(i.Cmd.Value)), i.User.Value, i.Workdir.Value, strings.Join(env, " "), strings.Join(besides, ", ")}
			want := []string{test.start, test.user, workdir, test.env, test.besides}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAddress: a page that names many addresses, or a very long one, costs no more than its length.
func TestAddress(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		files map[string]string
		want  int
	}{
		"the README":                       {map[string]string{"README.md": "Open http://localhost:8083/\n"}, 8083},
		"a page on how to install it":      {map[string]string{"README.md": "# Notes\n", "docs/getting-started.md": "Visit http://127.0.0.1:5050\n"}, 5050},
		"the README first":                 {map[string]string{"README.md": "Running on http://localhost:1234.\n", "docs/install.md": "Visit http://127.0.0.1:5050\n"}, 1234},
		"a page for those who work on it":  {map[string]string{"README.md": "# Notes\n", "docs/dev/usage.md": "Visit http://127.0.0.1:5050\n"}, 0},
		"an address that goes on":          {map[string]string{"README.md": "Open http://localhost:808300/\n"}, 0},
		"a debugger's":                     {map[string]string{"README.md": "Open http://localhost:9229/\n"}, 0},
		"many, of which one is invited to": {map[string]string{"README.md": strings.Repeat("A=http://localhost:7000 ", 1000) + "\n\nOpen http://localhost:8083\n"}, 8083},
		"no page":                          {map[string]string{"main.py": "# http://localhost:8083\n"}, 0},
	} {
		if got := readerOf(t, test.files).Address().Value; got != test.want {
			t.Errorf("%s: got %d", name, got)
		}
	}
}
