package golang_test

import (
	"strings"
	"testing"
)

// TestBeside: programs that the own image has beside the app lie where that has them; what this build does not make is said.
func TestBeside(t *testing.T) {
	repository := mod("go 1.26") + at("cmd/app", server) + at("cmd/appctl", hello) + at("cmd/other", hello) + at("tools/gen", hello)
	docker := func(build, last string) string {
		return "-- Dockerfile --\nFROM golang AS build\nWORKDIR /src\nCOPY . .\nRUN " + build + "\nFROM alpine\n" + last + "\nENTRYPOINT [\"/usr/bin/app\"]\n"
	}
	for name, tt := range map[string]struct {
		own  string
		has  []string // of the Dockerfile
		not  []string
		note string
	}{
		"none": {docker("go build -o app ./cmd/app", "COPY --from=build /src/app /usr/bin/"), []string{"-o /out/app ./cmd/app\n"}, []string{"appctl"}, ""},
		"one COPY": {
			docker("go build ./cmd/app && go build ./cmd/appctl", "COPY --from=build /src/app /src/appctl /usr/bin/"),
			[]string{"-o /out/ ./cmd/app ./cmd/appctl\n", "COPY --link --from=build /out/app /usr/bin/app\nCOPY --link --from=build /out/appctl /usr/bin/appctl\n", `ENTRYPOINT ["/usr/bin/app"]`},
			[]string{"cmd/other"},
			"",
		},
		"another name": {
			docker("go build -o /out/app ./cmd/app && go build -o /out/admin ./cmd/appctl", "COPY --from=build /out/app /usr/bin/app\nCOPY --from=build /out/admin /bin/app-admin"),
			[]string{"COPY --from=build /out/appctl /bin/app-admin\n"},
			nil,
			"",
		},
		"a folder": {
			docker("go build -o /out/ ./cmd/app ./cmd/other", "COPY --from=build /out/ /usr/bin/"),
			[]string{"COPY --link --from=build /out/other /usr/bin/other\n"},
			[]string{"appctl"},
			"",
		},
		"a pattern, and a folder of packages": {
			docker("go install ./cmd/...", "COPY --from=0 /go/bin/* /usr/bin/"),
			[]string{"COPY --link --from=build /out/other /usr/bin/other\n", "COPY --link --from=build /out/appctl /usr/bin/appctl\n"},
			[]string{"tools/gen"},
			"",
		},
		"built before": {
			"-- Dockerfile --\nFROM alpine\nCOPY dist/app dist/appctl /usr/bin/\nENTRYPOINT [\"/usr/bin/app\"]\n",
			[]string{"COPY --link --from=build /out/appctl /usr/bin/appctl\n"},
			nil,
			"",
		},
		"an image's":                {docker("go build ./cmd/app", "COPY --from=build /src/app /usr/bin/\nCOPY --from=acme/appctl /appctl /usr/bin/appctl"), nil, []string{"./cmd/appctl"}, "COPY /appctl (from acme/appctl)"},
		"another module's":          {docker("go build ./cmd/app && go install github.com/acme/migrate/cmd/migrate@v4", "COPY --from=build /src/app /go/bin/migrate /usr/bin/"), nil, []string{"migrate"}, "COPY /go/bin/migrate (this build does not make that program)"},
		"that asks for the health":  {docker("go build ./cmd/app && go build -o check github.com/acme/check", "COPY --from=build /src/app /src/check /usr/bin/\nHEALTHCHECK CMD [\"/usr/bin/check\"]"), nil, []string{"check /usr"}, "line 6 COPY /src/check (this build does not make that program); line 7 HEALTHCHECK"},
		"a place that is no path":   {docker("go build ./cmd/app ./cmd/appctl", "COPY --from=build /src/app /usr/bin/\nCOPY --from=build /src/appctl \"/a b/$(id)\""), nil, []string{"$(id)"}, ""},
		"one that does not compile": {docker("go build ./cmd/app ./cmd/bad", "COPY --from=build /src/app /src/bad /usr/bin/") + at("cmd/bad", "-- main.go --\npackage main\nimport _ \"example.com/none\"\nfunc main() {}\n"), nil, []string{"./cmd/bad"}, "its image has bad beside the app, and this one has not"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, repository+tt.own)
			if err != nil {
				t.Fatal(err)
			}
			got := dockerfile(t, p)
			for _, s := range tt.has {
				if !strings.Contains(got, s) {
					t.Errorf("no %q in\n%s", s, after(got, "AS build"))
				}
			}
			for _, s := range tt.not {
				if strings.Contains(after(got, "AS build"), s) {
					t.Errorf("%q in\n%s", s, after(got, "AS build"))
				}
			}
			var list []string
			for _, n := range p.Notes {
				list = append(list, n.Text)
			}
			notes := strings.Join(list, "\n")
			if !strings.Contains(notes, tt.note) || tt.note == "" && strings.Contains(notes, "its image has") {
				t.Errorf("notes %s", notes)
			}
		})
	}
}

// TestKeptWorkdir: where the own image works in a folder of data, this one does so, too.
func TestKeptWorkdir(t *testing.T) {
	writes := mod("go 1.26") + "-- main.go --\npackage main\nimport (\n\t\"net/http\"\n\t\"os\"\n)\nfunc main() {\n\tos.Create(\"app.db\")\n\thttp.ListenAndServe(\":8080\", nil)\n}\n"
	own := func(lines string) string {
		return "-- Dockerfile --\nFROM golang AS b\nCOPY . .\nRUN go build -o /app .\nFROM alpine\nCOPY --from=b /app /usr/bin/app\n" + lines + "\nENTRYPOINT [\"/usr/bin/app\"]\n"
	}
	for name, tt := range map[string]struct{ repository, want string }{
		"a volume":               {writes + own("WORKDIR /data\nVOLUME /data"), "WORKDIR /data\nCOPY --link --from=build /out/app /usr/bin/app\n# The app writes here; a volume keeps the data.\nCOPY --link --chown=65532:65532 --from=folders /folders/data/ ./\nUSER 65532"},
		"that is given away":     {mod("go 1.26") + server + own("WORKDIR /store\nRUN chown -R 1000:1000 /store\nUSER 1000"), "--chown=1000:1000 --from=folders /folders/store/ ./\nUSER 1000:1000\n"},
		"that is mounted":        {writes + own("WORKDIR /var/lib/app") + "-- README.md --\ndocker run -v app:/var/lib/app acme/app\n", "WORKDIR /var/lib/app\n"},
		"only a folder below":    {writes + own("WORKDIR /data\nVOLUME /data/x"), "WORKDIR /app\n"},
		"with files of the app":  {writes + own("WORKDIR /data\nVOLUME /data\nCOPY main.go ./"), "WORKDIR /app\n"},
		"a folder of the system": {writes + own("WORKDIR /etc/app\nVOLUME /etc/app"), "WORKDIR /app\n"},
		"nothing said":           {writes + own("WORKDIR /data"), "WORKDIR /app\n"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.repository)
			if err != nil {
				t.Fatal(err)
			}
			if got := after(dockerfile(t, p), "AS prod"); !strings.Contains(got, tt.want) {
				t.Errorf("no %q in\n%s", tt.want, got)
			}
		})
	}
}

// TestBesideDockerfiles: a Dockerfile by another name counts where its name, or what it builds, says that it is the app's.
func TestBesideDockerfiles(t *testing.T) {
	repository := mod("go 1.26") + at("cmd/app", server) + at("cmd/agent", hello) + at("integration/probe", hello)
	file := func(name, build, rest string) string {
		return "-- " + name + " --\nFROM golang AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/x " + build + "\nFROM debian\nRUN apt-get install -y git\nCOPY --from=b /out/x /usr/bin/x\n" + rest + "\n"
	}
	for name, tt := range map[string]struct {
		own       string
		main, git string
	}{
		"the app's by what it builds": {file("Dockerfile.cloud", "./cmd/app", "USER 1234"), "./cmd/app", "git"},
		"by its name":                 {file("Dockerfile.alpine", "./cmd/app", "") + file("Dockerfile.worker", "./cmd/agent", ""), "./cmd/app", "git"},
		"another program's":           {file("Dockerfile.agent", "./cmd/agent", "ENTRYPOINT [\"/usr/bin/other\"]") + "-- Procfile --\nweb: app\n", "./cmd/app", ""},
		"a test's":                    {file("Dockerfile.probe", "./integration/probe", "CMD [\"/usr/bin/x\"]"), "./cmd/app", ""},
		"for integration tests":       {file("Dockerfile.integration", "./cmd/app", ""), "./cmd/app", ""},
	} {
		p, err := decide(t, repository+tt.own)
		if err != nil {
			t.Fatal(name, err)
		}
		if got := chosen(p, "go.main"); got != tt.main {
			t.Errorf("%s: main %q, want %q", name, got, tt.main)
		}
		if got := strings.Contains(after(dockerfile(t, p), "AS prod"), "git"); got != (tt.git != "") {
			t.Errorf("%s: git is %t in\n%s", name, got, after(dockerfile(t, p), "AS prod"))
		}
		if strings.Contains(dockerfile(t, p), "integration/probe") {
			t.Errorf("%s: a program of the tests in\n%s", name, dockerfile(t, p))
		}
	}
}

// TestConfigured: where the script of the own image brings a file that says where the app listens, no flag counts before that.
func TestConfigured(t *testing.T) {
	repository := mod("go 1.26") + "-- main.go --\npackage main\nimport (\n\t\"flag\"\n\t\"net/http\"\n)\nfunc main() {\n\taddr := flag.String(\"addr\", \"127.0.0.1:8080\", \"\")\n\tflag.Parse()\n\thttp.ListenAndServe(*addr, nil)\n}\n" +
		"-- run.sh --\n#!/bin/sh\n[ -f /config/a.json ] || cp /defaults/a.json /config/a.json\nexec app \"$@\"\n"
	own := func(rest string) string {
		return "-- Dockerfile --\nFROM golang AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\nFROM alpine\nCOPY --from=b /out/app /usr/local/bin/app\nCOPY run.sh /run.sh\nCOPY a.json /defaults/a.json\nVOLUME /config\nEXPOSE 8080\nENTRYPOINT [\"/run.sh\"]\n" + rest
	}
	for name, tt := range map[string]struct {
		own  string
		flag bool
	}{
		"the file says it":             {own("") + "-- a.json --\n{\"port\": 8080, \"address\": \"\"}\n", false},
		"it says another":              {own("") + "-- a.json --\n{\"port\": 9090}\n", true},
		"within the container only":    {own("") + "-- a.json --\n{\"address\": \"127.0.0.1\", \"port\": 8080}\n", true},
		"the own image gives it words": {own("CMD [\"-addr\", \":8080\"]\n") + "-- a.json --\n{\"port\": 8080}\n", true},
	} {
		p, err := decide(t, repository+tt.own)
		if err != nil {
			t.Fatal(name, err)
		}
		if got := after(dockerfile(t, p), "ENTRYPOINT"); strings.Contains(got, "CMD") != tt.flag || !strings.Contains(got, "/run.sh") {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
}

// TestOwnAccount: the entry in /etc/passwd is that of the own image's user, where data belongs to that.
func TestOwnAccount(t *testing.T) {
	asks := mod("go 1.26") + "-- main.go --\npackage main\nimport (\n\t\"net/http\"\n\t\"os/exec\"\n\t\"os/user\"\n)\nfunc main() {\n\tuser.Current()\n\texec.Command(\"git\").Run()\n\thttp.ListenAndServe(\":8080\", nil)\n}\n"
	script := "-- run.sh --\n#!/bin/sh\nif [ \"$(id -u)\" = 0 ]; then\n  chown -R \"${PUID:-1000}:${PGID:-1000}\" /data\n  exec su-exec \"${PUID:-1000}:${PGID:-1000}\" app \"$@\"\nfi\nexec app \"$@\"\n"
	for name, tt := range map[string]struct{ own, want string }{
		"a USER":            {"RUN adduser -D -u 1234 app\nVOLUME /data\nUSER app\nENTRYPOINT [\"/usr/bin/app\"]\n", "RUN groupadd --gid 1234 nonroot \\\n && useradd --uid 1234 --gid nonroot --create-home nonroot\n"},
		"of a script":       {"COPY run.sh /run.sh\nVOLUME /data\nENTRYPOINT [\"/run.sh\"]\n", "USER 1000:1000\n"},
		"which owns a home": {"COPY run.sh /run.sh\nVOLUME /data\nENTRYPOINT [\"/run.sh\"]\n", "useradd --uid 1000 --gid nonroot --create-home nonroot\n"},
		"without data":      {"RUN adduser -D -u 1234 app\nUSER app\nENTRYPOINT [\"/usr/bin/app\"]\n", "useradd --uid 1234 --gid nonroot --create-home nonroot\n"},
	} {
		p, err := decide(t, asks+script+"-- Dockerfile --\nFROM golang AS b\nCOPY . .\nRUN go build -o /app .\nFROM alpine\nCOPY --from=b /app /usr/bin/app\n"+tt.own)
		if err != nil {
			t.Fatal(err)
		}
		if got := after(dockerfile(t, p), "AS prod"); !strings.Contains(got, tt.want) {
			t.Errorf("%s: no %q in\n%s", name, tt.want, got)
		}
	}
}
