package buildfile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestContract sorts out how the app's own image is run and built.
func TestContract(t *testing.T) {
	const own = "FROM golang AS build\nFROM alpine\n"
	for name, tt := range map[string]struct {
		files map[string]string
		want  []string // "file:line ports mounts health", "build file:line target args"
	}{
		"the README runs the image that is called like the module": {
			map[string]string{"go.mod": "module example.com/acme/notes/v2\n", "README.md": "# X\n\n    docker run -p 8080:80 -v notes:/data ghcr.io/acme/notes:latest\n    docker run -p 5432:5432 -v pg:/var/lib/postgresql/data postgres\n"},
			[]string{"README.md:3 80 /data"},
		},
		"and not one that only begins with its name": {
			map[string]string{"go.mod": "module example.com/acme/notes\n", "compose.yaml": "services:\n  a: {image: acme/notes, volumes: ['x:/data']}\n  b: {image: acme/notes-agent, ports: ['9000:9000']}\n"},
			[]string{"compose.yaml:2  /data"},
		},
		"one that begins with its name, where none is called so": {
			map[string]string{"go.mod": "module example.com/acme/notes\n", "compose.yaml": "services:\n  b: {image: acme/notes-server, ports: ['9000:9000']}\n"},
			[]string{"compose.yaml:2 9000"},
		},
		"not the second of two that are built": {
			map[string]string{"go.mod": "module example.com/acme/notes\n", "Dockerfile": own, "release.sh": "docker build -t acme/notes .\ndocker build -f agent.Dockerfile -t acme/notes-agent .\n", "k8s/agent.yaml": "kind: Deployment\nspec: {template: {spec: {containers: [{image: acme/notes-agent, ports: [{containerPort: 9000}]}]}}}\n"},
			[]string{"build release.sh:1 "},
		},
		"like package.json, in a compose file of the README": {
			map[string]string{"package.json": "{\n  \"name\": \"@acme/notes\"\n}", "README.md": "# X\n\n```yaml\nservices:\n  app:\n    image: acme/notes:2\n    ports: ['80:3000']\n    volumes: ['./data:/data', './conf.yml:/conf.yml:ro']\n  db:\n    image: mariadb\n    volumes: ['db:/var/lib/mysql']\n```\n"},
			[]string{"README.md:5 3000 /data /conf.yml(ro)"},
		},
		"like the README's title": {
			map[string]string{"README.md": "# <img src=\"x.png\"> Note Box\n`docker run -p 80:80 acme/note-box`\n"},
			[]string{"README.md:2 80"},
		},
		"the only image with a namespace": {
			map[string]string{"README.md": "docker run -v x:/cfg acme/thing\ndocker run redis\n"}, []string{"README.md:1  /cfg"},
		},
		"the README of a folder with an image of its own": {
			map[string]string{"go.mod": "module example.com/acme/notes\n", "Dockerfile": own, "README.md": "docker run -v x:/data acme/notes\n", "notes-importer/Dockerfile": own, "notes-importer/README.md": "docker run -v y:/import acme/notes-importer\n"},
			[]string{"README.md:1  /data"},
		},
		"the README of a folder without one": {
			map[string]string{"go.mod": "module example.com/acme/notes\n", "Dockerfile": own, "notes-server/README.md": "docker run -v y:/import acme/notes-server\n"},
			[]string{"notes-server/README.md:1  /import"},
		},
		"a page of the manual": {
			map[string]string{"go.mod": "module example.com/acme/notes\n", "docs/setup/install/container.md": "docker run -v x:/data --health-cmd 'CMD notes health' acme/notes:<VERSION>\n", "docs/a/b/c/podman.mdx": "podman run -v y:/more acme/notes\n", "site/blog/post.md": "docker run -v z:/no acme/notes\n", "pkg/a/b/docker.md": "docker run -v z:/no acme/notes\n"},
			[]string{"docs/setup/install/container.md:1  /data GET ", "docs/a/b/c/podman.mdx:1  /more"},
		},
		"a folder of Windows": {
			map[string]string{"go.mod": "module example.com/acme/notes\n", "README.md": "docker run -v C:/Temp:/data acme/notes\n"}, []string{"README.md:1  /data"},
		},
		"what a program prints": {
			map[string]string{"go.mod": "module example.com/acme/notes\n", "README.md": "# X\n\n    $ tool init\n    next  docker build -t hello .\n    next  docker run -p 8080:8080 hello\n\n" +
				"```console\nme@host:~/notes$ docker build -t notes .\n => done\n\n$ docker run \\\n  -p 81:81 notes\nrun it with docker run -p 9000:9000 notes\n```\n\n- then\n\n    docker run -p 82:82 notes\n"},
			[]string{"README.md:11 81", "README.md:18 82", "build README.md:8 "},
		},
		"commands with and without a prompt": {
			map[string]string{"Dockerfile": "FROM scratch\n", "README.md": "```\n# build and run\ndocker build -t x .\n$ docker run -p 80:80 x\n```\n"}, []string{"README.md:4 80", "build README.md:3 "},
		},
		"an image of another name, where there is no Dockerfile": {
			map[string]string{"go.mod": "module example.com/acme/notes\n", "README.md": "In your app:\n\n    docker build -t hello .\n    docker run -p 80:80 hello\n"}, []string{"build README.md:3 "},
		},
		"another's image": {map[string]string{"README.md": "docker run -v x:/bitnami bitnami/postgresql\n"}, nil},
		"a tool for a database": {
			map[string]string{"README.md": "docker run --rm --mount type=volume,source=pg,target=/var/lib/postgresql/data upgrades/pgauto:16\ndocker run -v x:/srv/data acme/thing\n"}, []string{"README.md:2  /srv/data"},
		},
		"one that others make of the app": {
			map[string]string{"go.mod": "module example.com/acme/notes\n", "docs/setup.md": "docker run -p 80:8000 -v x:/config lscr.io/linuxserver/notes\n"}, nil,
		},
		"one that they make, and whose repository is this": {
			map[string]string{"go.mod": "module example.com/acme/notes\n", "Dockerfile": "FROM ghcr.io/linuxserver/baseimage-alpine:3.22\n", "README.md": "docker run -p 80:8000 -v x:/config lscr.io/linuxserver/notes\n"}, []string{"README.md:1 8000 /config"},
		},
		"two others": {map[string]string{"README.md": "docker run -v x:/a acme/a\ndocker run -v x:/b acme/b\n"}, nil},
		"a service built here, one built elsewhere, one of another Dockerfile, one for development": {
			map[string]string{"Dockerfile": own, "compose.yaml": "services:\n  app:\n    build: .\n    ports: ['80:80']\n  web:\n    build: ./web\n    ports: ['81:81']\n  cron:\n    build: {context: ., dockerfile: Dockerfile.cron}\n    ports: ['82:82']\n  hot:\n    build: {context: ., target: dev}\n    ports: ['83:83', '9229:9229']\n    volumes: ['.:/app', 'x:/data']\n"},
			[]string{"compose.yaml:2 80", "compose.yaml:11 83 dev"},
		},
		"compose files below, and those for development": {
			map[string]string{
				"deploy/compose.yml": "services:\n  app:\n    build: ..\n    volumes: ['d:/data']\n", "docker-compose.dev.yml": "services: {app: {build: ., ports: ['1:1']}}\n",
				".devcontainer/docker-compose.yml": "services: {app: {build: .., ports: ['2:2']}}\n", "docker-compose.override.yml": "services: {app: {build: ., ports: ['3:3']}}\n",
			},
			[]string{"deploy/compose.yml:2  /data"},
		},
		"inputs of tests are other repositories": {
			map[string]string{
				"go.mod": "module example.com/acme/notes\n",
				"testdata/python/app/charts/app/templates/deployment.yaml": "kind: Deployment\nspec: {template: {spec: {containers: [{name: a, image: acme/notes, volumeMounts: [{name: d, mountPath: /a}]}]}}}\n",
				"pkg/fixtures/k8s/deployment.yaml":                         "kind: Deployment\nspec: {template: {spec: {containers: [{name: a, image: acme/notes, volumeMounts: [{name: d, mountPath: /b}]}]}}}\n",
				"testdata/README.md":                                       "docker run -v x:/c acme/notes\n", "fixtures/compose.yaml": "services: {app: {image: acme/notes, volumes: ['x:/d']}}\n",
				"deploy/deployment.yaml": "kind: Deployment\nspec: {template: {spec: {containers: [{name: a, image: acme/notes, volumeMounts: [{name: d, mountPath: /e}]}]}}}\n",
			},
			[]string{"deploy/deployment.yaml:2  /e"},
		},
		"a chart whose image is a value": {
			map[string]string{
				"charts/notes/values.yaml":                  "image: {repository: acme/notes}\n",
				"charts/notes/templates/deployment.yaml":    "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: {{ .Chart.Name }}\n          image: \"{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}\"\n          ports: [{containerPort: 9000, name: http}]\n          livenessProbe: {httpGet: {path: /live, port: http}}\n          volumeMounts:\n            - {name: data, mountPath: /data}\n            - {name: cfg, mountPath: /cfg}\n            {{- with .Values.more }}\n            {{- toYaml . | nindent 12 }}\n            {{- end }}\n      volumes:\n        - name: data\n          emptyDir: {}\n        - name: cfg\n          configMap: {name: x}\n",
				"pyproject.toml":                            "[project]\nname = \"notes\"\n",
				"charts/notes/templates/tests/test-db.yaml": "kind: Pod\nspec:\n  containers:\n    - {name: t, image: busybox}\n",
			},
			[]string{"charts/notes/templates/deployment.yaml:6 9000 /data /cfg(ro) GET /live"},
		},
		"builds": {
			map[string]string{
				"Dockerfile":                     own,
				"Makefile":                       "image:\n\tdocker build --target jvm --build-arg VERSION=$(V) -t x .\nother:\n\tdocker build -f other/Dockerfile --build-arg NO=1 .\n",
				".github/workflows/release.yml":  "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          target: run\n          build-args: |\n            REVISION=${{ github.sha }}\n            MODE=full\n",
				"docker-bake.hcl":                "variable \"V\" {\n  default = \"1\"\n}\ntarget \"app\" {\n  target = \"slim\"\n  args = {\n    COMMIT = \"${V}\"\n    GOFLAGS = V\n  }\n  tags = [\"acme/x:1\"]\n}\ntarget \"dev\" {\n  target = \"dev\"\n}\n",
				"compose.yaml":                   "services:\n  app:\n    build: {context: ., args: {API_URL: /api}}\n",
				"sub/Dockerfile":                 own,
				".github/workflows/other.yml":    "jobs: {a: {steps: [{uses: docker/build-push-action@v6, with: {context: sub, target: no}}]}}\n",
				".github/workflows/no-image.yml": "jobs: {a: {steps: [{uses: actions/checkout@v4, with: {target: no}}]}}\n",
			},
			[]string{
				"compose.yaml:2 ", "build docker-bake.hcl:4 slim COMMIT=? GOFLAGS=?", "build Makefile:2 jvm VERSION=?",
				"build .github/workflows/release.yml:6 run REVISION=? MODE=full",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			c := Of(scan(t, tt.files), ".").Contract("folder", Of(scan(t, tt.files), ".").Image())
			for _, r := range c.Runs {
				var words []string
				for _, p := range r.Ports {
					words = append(words, fmt.Sprint(p.Value.Number))
				}
				var line strings.Builder
				line.WriteString(r.Pos.String() + " " + strings.Join(words, ","))
				for _, m := range r.Mounts {
					line.WriteString(" " + m.Value.Target)
					if m.Value.ReadOnly {
						line.WriteString("(ro)")
					}
				}
				if r.Health.Found() {
					line.WriteString(" GET " + r.Health.Value.Path)
				}
				if r.Dev {
					line.WriteString(" dev")
				}
				got = append(got, line.String())
			}
			for _, b := range c.Builds {
				var line strings.Builder
				line.WriteString("build " + b.Pos.String() + " " + b.Target)
				for _, a := range b.Args {
					line.WriteString(" " + a.Value.Name + "=" + strings.ReplaceAll(a.Value.Value, Unknown, "?"))
				}
				got = append(got, line.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

// TestImageContract reads of a Dockerfile what else those who run the image rely on.
func TestImageContract(t *testing.T) {
	i := readText("Dockerfile", "FROM a AS build\nRUN mkdir /build\nFROM b\nARG REVISION\nENV REV=$REVISION X=1\nLABEL org.opencontainers.image.revision=${REVISION}\nWORKDIR /srv\nRUN mkdir -p data /cfg && chown -R app:app /data $X && chown app /a*\nCOPY docker/run.sh /usr/bin/\nCOPY conf /etc/conf\nSTOPSIGNAL SIGQUIT\n").Image
	if diff := cmp.Diff([]string{"8 {/srv/data false}", "8 {/cfg false}", "8 {/data true}"}, facts(i.Folders)); diff != "" {
		t.Error(diff)
	}
	var taken []string
	for _, x := range i.Taken {
		taken = append(taken, fmt.Sprint(x.Name, x.Arg, x.Label))
	}
	if diff := cmp.Diff([]string{"REVREVISIONfalse", "org.opencontainers.image.revisionREVISIONtrue"}, taken); diff != "" {
		t.Error(diff)
	}
	if i.Stop.Value != "SIGQUIT" {
		t.Error(i.Stop)
	}
	for p, want := range map[string]string{"run.sh": "docker/run.sh", "/usr/bin/run.sh": "docker/run.sh", "/etc/conf/x": "conf/x", "/opt/other": ""} {
		if got, _ := i.Repo(p); got != want {
			t.Errorf("%s: got %q, want %q", p, got, want)
		}
	}
}
