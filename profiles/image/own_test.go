package image

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// prodBeside is an app of a language beside files, when Fulfil has done its part: prod has what the stage build
// has in /app but for Go and Java, whose prod has a program alone.
func prodBeside(t *testing.T, in record.Input, run plan.Run) *plan.App {
	t.Helper()
	if run.Runtime == "" {
		run.Runtime = plan.Slim
	}
	run.User = NonRoot()
	build := plan.MustStageName("build")
	switch language(in) {
	case "node", "python":
		run.Copies = append(run.Copies, plan.Artifact{Stage: build, Copy: plan.MustCopy("./", "/app/")})
	default:
		run.Copies = append(run.Copies, plan.Artifact{Stage: build, Copy: plan.MustCopy("/usr/local/bin/notes", "/out/notes")})
	}
	app := &plan.App{Language: language(in), Run: &run, Ignore: append(ignored(in), plan.IgnoreGroup{Heading: plan.NewComment("More"), Patterns: plan.MustPatterns("docs")})}
	if err := Fulfil(in, app); err != nil {
		t.Fatal(err)
	}
	return app
}

// placesOf are the COPY lines of prod beside those that prodBeside gives it.
func placesOf(app *plan.App) string {
	var out []string
	for _, a := range app.Run.Copies[1:] {
		out = append(out, strings.TrimPrefix(a.String(), "--link "))
	}
	return strings.Join(out, "; ")
}

// TestOwnFiles: what the own Dockerfile copies from the repository to a place of its own is there in prod, and stays when that
// Dockerfile is kept under another name.
func TestOwnFiles(t *testing.T) {
	files := map[string]string{
		"notes.yml": "a: b", "config.sample.yml": "a: b", "docs/site.css": "", "docker/proxy.js": "", "scripts/backup.sh": "#!/bin/sh\n", "scripts/report": "#!/usr/bin/env ruby\n", "assets/fonts/a.ttf": "",
		"src/main.js": "", "src/main.py": "", "src/main.go": "", "src/Main.java": "", "package.json": "{}", "requirements.txt": "", "requirements/prod.txt": "", "LICENSE": "", "tls.key": "-----BEGIN PRIVATE KEY-----", "nginx.conf": "", "a b.yml": "", "go.mod": "module x",
		"rootfs/etc/notes/a.yml": "", "rootfs/etc/nginx/x.conf": "", "rootfs/bin/tool.sh": "#!/bin/sh\n",
	}
	for _, tt := range []struct {
		name, own, want string
		only            string // the language
	}{
		{name: "an absolute place", own: "COPY notes.yml /etc/notes/notes.yml\n", want: "notes.yml /etc/notes/"},
		{name: "another name", own: "WORKDIR /srv\nCOPY config.sample.yml ./config.yml\n", want: "config.sample.yml config.yml"},
		{name: "below the own working directory", own: "WORKDIR /opt/notes\nCOPY config.sample.yml /opt/notes/conf/config.yml\n", want: "config.sample.yml conf/config.yml"},
		{name: "below another one", own: "WORKDIR /opt/notes\nCOPY . /srv/x\nCOPY config.sample.yml /srv/x/config.yml\n", want: "config.sample.yml config.yml"},
		{name: "a folder", own: "WORKDIR /srv\nCOPY assets/fonts /usr/share/fonts/notes\n", want: "assets/fonts/ /usr/share/fonts/notes/"},
		{name: "several", own: "COPY notes.yml config.sample.yml /etc/notes/\n", want: "notes.yml /etc/notes/; config.sample.yml /etc/notes/"},
		{name: "laid over the root", own: "COPY rootfs/ /\n", want: "rootfs/bin/tool.sh /bin/; rootfs/etc/notes/a.yml /etc/notes/"},
		{name: "by way of a stage", own: "WORKDIR /srv\nCOPY --from=source /src/notes.yml /notes.yml\n", want: "notes.yml /"},
		{name: "of its user", own: "COPY --chown=app:app notes.yml /etc/notes/notes.yml\n", want: "--chown=65532:65532 notes.yml /etc/notes/"},
		{name: "of root", own: "COPY --chown=root:root notes.yml /etc/notes/notes.yml\n", want: "notes.yml /etc/notes/"},
		{name: "given later", own: "COPY notes.yml /etc/notes/notes.yml\nRUN chown -R app /etc/notes\n", want: "--chown=65532:65532 notes.yml /etc/notes/"},
		{name: "made executable", own: "COPY scripts/backup.sh /usr/local/bin/backup\nRUN chmod +x /usr/local/bin/*\n", want: "--chmod=755 scripts/backup.sh /usr/local/bin/backup"},
		{name: "by a flag", own: "COPY --chmod=0755 scripts/backup.sh /backup\n", want: "--chmod=755 scripts/backup.sh /backup"},
		{name: "an existing folder", own: "COPY scripts/backup.sh /usr/local/bin\n", want: "scripts/backup.sh /usr/local/bin/"},
		{name: "a space", own: "COPY [\"a b.yml\", \"/etc/notes/a b.yml\"]\n", want: `["a b.yml", "/etc/notes/"]`},
		{name: "hidden", own: "WORKDIR /srv\nCOPY docs/site.css public/site.css\n", want: "docs/site.css public/"},
		{name: "manifests and code", own: "WORKDIR /srv\nCOPY package.json requirements.txt go.mod ./\nCOPY src src\nCOPY src/ .\nCOPY . .\n"},
		{name: "manifests elsewhere", own: "COPY requirements.txt /etc/requirements.txt\nCOPY requirements/prod.txt /srv/prod.txt\nCOPY requirements/*.txt /srv/\nCOPY notes.yml /tmp/notes.yml\n"},
		{name: "the same place", own: "WORKDIR /srv\nCOPY notes.yml ./\n", only: "node"},
		{name: "the same place beside a program", own: "WORKDIR /srv\nCOPY notes.yml ./\n", want: "notes.yml ./", only: "go"},
		{name: "a file beside compiled code", own: "WORKDIR /srv\nCOPY docker/proxy.js server.js\n", want: "docker/proxy.js server.js", only: "node"},
		{name: "not of the repository", own: "COPY absent.yml /etc/absent.yml\nCOPY --from=alpine /etc/motd /etc/motd\n"},
		{name: "a secret", own: "COPY tls.key /etc/notes/tls.key\n"},
		{name: "of another program", own: "COPY nginx.conf /etc/nginx/nginx.conf\nCOPY notes.yml /etc/supervisor/conf.d/notes.conf\n"},
		{name: "no interpreter", own: "COPY scripts/report /usr/local/bin/report\n"},
		{name: "hostile", own: "COPY [\"notes.yml\", \"/etc/a\\nUSER root\"]\nCOPY notes.yml /etc/$UNSET/x\nCOPY notes.yml /etc/a:b\nCOPY ../notes.yml /etc/x\nCOPY notes.yml /proc/x\nCOPY src /\n"},
	} {
		for language, base := range bases {
			if tt.only != "" && tt.only != language {
				continue
			}
			beforeIt := map[string]string{"Dockerfile": "FROM alpine AS source\nWORKDIR /src\nCOPY . .\n" + base + tt.own}
			maps.Copy(beforeIt, files)
			in := beside(t, language, beforeIt, nil)
			app := prodBeside(t, in, plan.Run{})
			if got := placesOf(app); got != tt.want {
				t.Errorf("%s, %s: got %q, want %q", tt.name, language, got, tt.want)
			}
			for _, from := range []string{"docs/site.css"} {
				if strings.Contains(tt.want, from) && hides(app.Ignore, from) {
					t.Errorf("%s, %s: %s is kept out of the build context", tt.name, language, from)
				}
			}
			replaced(beforeIt)
			if again := placesOf(prodBeside(t, beside(t, language, beforeIt, in.Log.Choices()), plan.Run{})); again != tt.want {
				t.Errorf("%s, %s: then %q, want %q", tt.name, language, again, tt.want)
			}
		}
	}
}

// TestStagedFiles: what the own build copies and changes before it comes into the image, prod has, too.
func TestStagedFiles(t *testing.T) {
	files := map[string]string{"config.default.yml": "a: b", ".env.example": "A=b", "src/main.js": ""}
	for name, tt := range map[string]struct {
		own, copies, steps, note string
		runtime                  plan.Runtime
	}{
		"another name": {own: "WORKDIR /srv\nCOPY --from=source /out/config.yml ./\n", copies: "config.default.yml config.yml", steps: "sed -i s/a/c/ config.yml", runtime: plan.Alpine},
		"a folder":     {own: "WORKDIR /srv\nCOPY --from=source --chown=app /out /etc/notes\n", copies: "--chown=65532:65532 config.default.yml /etc/notes/config.yml", steps: "sed -i s/a/c/ /etc/notes/config.yml", runtime: plan.Slim},
		"no shell": {
			own: "COPY --from=source /out/config.yml /etc/notes.yml\n", copies: "config.default.yml /etc/notes.yml", runtime: plan.Distroless,
			note: "changes config.default.yml with sed -i s/a/c/, and this image has it as the repository has it",
		},
		"in the last stage": {own: "COPY config.default.yml /etc/a.default.yml\nRUN cp /etc/a.default.yml /etc/a.yml\n", copies: "config.default.yml /etc/a.default.yml; config.default.yml /etc/a.yml", runtime: plan.Slim},
		"variables":         {own: "WORKDIR /srv\nCOPY . .\nRUN cp .env.example .env\n", note: "RUN cp .env.example .env", runtime: plan.Slim},
		"not brought":       {own: "COPY --from=source /other /other\n", runtime: plan.Slim},
	} {
		for language, base := range bases {
			all := map[string]string{"Dockerfile": "FROM alpine AS source\nWORKDIR /src\nCOPY . .\nRUN cp config.default.yml /out/config.yml && sed -i s/a/c/ /out/config.yml\n" + base + tt.own}
			maps.Copy(all, files)
			in := beside(t, language, all, nil)
			app := prodBeside(t, in, plan.Run{Runtime: tt.runtime})
			if got := placesOf(app); got != tt.copies {
				t.Errorf("%s, %s: got %q, want %q", name, language, got, tt.copies)
			}
			var steps []string
			for _, s := range app.Run.Steps {
				for _, r := range s.Run {
					steps = append(steps, r.String())
				}
			}
			if got := strings.Join(steps, "; "); got != tt.steps {
				t.Errorf("%s, %s: runs %q, want %q", name, language, got, tt.steps)
			}
			notes := ""
			if list := in.Log.Notes(); len(list) > 0 {
				notes = list[0].Text
			}
			if tt.note != "" && !strings.Contains(notes, tt.note) || tt.note == "" && strings.Contains(notes, "RUN cp") {
				t.Errorf("%s, %s: note %q", name, language, notes)
			}
		}
	}
}

// TestBlanks: files that the own image has empty are in prod, unless they are the user's.
func TestBlanks(t *testing.T) {
	for name, tt := range map[string]struct{ copy, want, note string }{
		"a key":           {"/k.pem /etc/ssl/private/", "/etc/ssl/private/k.pem", ""},
		"below the app":   {"/k.pem /srv/keys/k.pem", "/app/keys/k.pem", ""},
		"the user's":      {"--chown=app /k.pem /data/k.pem", "", "COPY /k.pem (an empty file of the user's)"},
		"of no file":      {"/k.pem /proc/k.pem", "", ""},
		"hostile":         {"[\"/k.pem\", \"/a\\nUSER root\"]", "", ""},
		"a file that has": {"/l.pem /l.pem", "", ""},
	} {
		for language, base := range bases {
			in := beside(t, language, map[string]string{"Dockerfile": "FROM alpine AS made\nRUN touch /k.pem && date > /l.pem\n" + base + "WORKDIR /srv\nCOPY --from=made " + tt.copy + "\n"}, nil)
			app := prodBeside(t, in, plan.Run{})
			var got []string
			for _, f := range app.Run.Texts {
				got = append(got, f.Path.Raw())
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("%s, %s: got %q, want %q", name, language, got, tt.want)
			}
			notes := ""
			if list := in.Log.Notes(); len(list) > 0 {
				notes = list[0].Text
			}
			if !strings.Contains(notes, tt.note) {
				t.Errorf("%s, %s: note %q", name, language, notes)
			}
		}
	}
}

// TestOwnFilesOfBareRuntimes: a script is of no use where there is no shell.
func TestOwnFilesOfBareRuntimes(t *testing.T) {
	in := beside(t, "go", map[string]string{"Dockerfile": bases["go"] + "COPY backup.sh notes.yml /opt/\n", "backup.sh": "#!/bin/sh\n", "notes.yml": ""}, nil)
	if got := placesOf(prodBeside(t, in, plan.Run{Runtime: plan.Distroless})); got != "notes.yml /opt/" {
		t.Errorf("got %q", got)
	}
	if n := in.Log.Notes(); len(n) != 1 || !strings.Contains(n[0].Text, "line 3 COPY backup.sh (this image has no shell)") {
		t.Errorf("got notes %v", n)
	}
}

// TestOwnFilesFromWorkdir: a program of Go starts where its files lie as it names them.
func TestOwnFilesFromWorkdir(t *testing.T) {
	for _, tt := range []struct{ own, places, workdir string }{
		{"COPY notes.yml ./conf/notes.yml\n", "notes.yml /conf/", "/"},
		{"WORKDIR /srv\nCOPY notes.yml ./conf/notes.yml\n", "notes.yml conf/", ourWorkdir},
		{"WORKDIR /srv\nCOPY notes.yml /etc/notes.yml\n", "notes.yml /etc/", ""},
	} {
		in := beside(t, "go", map[string]string{"Dockerfile": bases["go"] + tt.own, "notes.yml": ""}, nil)
		app := prodBeside(t, in, plan.Run{Runtime: plan.Distroless})
		if got := placesOf(app); got != tt.places || app.Run.Workdir.Raw() != tt.workdir {
			t.Errorf("%q: got %q in %q, want %q in %q", tt.own, got, app.Run.Workdir.Raw(), tt.places, tt.workdir)
		}
	}
}

// TestKeptWorkdir: the own image's working directory is a folder of data where nothing is copied to it and a variable tells the app of it.
func TestKeptWorkdir(t *testing.T) {
	for _, tt := range []struct{ language, own, want string }{
		{"go", "ENV NOTES_DIR=/notes\nWORKDIR ${NOTES_DIR}\nCOPY --from=build /out/notes /usr/bin/notes\n", "/notes"},
		{"go", "ENV NOTES_DIR=/notes\nWORKDIR /notes\nCOPY notes.yml ./\n", ""},
		{"go", "ENV NOTES_DIR=/elsewhere\nWORKDIR /notes\n", ""},
		{"node", "ENV NOTES_DIR=/notes\nWORKDIR /notes\n", ""}, // nothing is copied at all: it may be fetched
		{"node", "WORKDIR /usr/app\nCOPY . .\nENV NOTES_DIR=/notes\nWORKDIR /notes\n", "/notes"},
		{"node", "WORKDIR /usr/app\nCOPY . .\nENV NOTES_DIR=/usr/app\n", ""},
		{"node", "COPY . /usr/app/\nVOLUME /notes\nWORKDIR /notes\n", "/notes"},
		{"python", "COPY . /srv/\nENV NOTES_DIR=/notes\nWORKDIR /notes\n", "/notes"},
		{"java", "COPY x.jar /x.jar\nENV NOTES_DIR=/notes\nWORKDIR /notes\n", "/notes"},
	} {
		in := beside(t, tt.language, map[string]string{"Dockerfile": bases[tt.language] + tt.own, "notes.yml": ""}, nil)
		if got := KeptWorkdir(in); got != tt.want {
			t.Errorf("%s, %q: got %q, want %q", tt.language, tt.own, got, tt.want)
		}
		is := func(k kept) bool { return k.dir == tt.want }
		if tt.want != "" && !slices.ContainsFunc(keptFolders(in, WritesRequest{Workdir: tt.want, Data: true}), is) {
			t.Errorf("%q: the folder is not kept", tt.own)
		}
	}
}

// TestLockedFiles: what a lock holds reaches no place that no Dockerfile could name.
func TestLockedFiles(t *testing.T) {
	const own = "notes.yml:/etc/q.yml"
	for _, tt := range []struct{ value, want string }{
		{own, "notes.yml /etc/q.yml"},
		{"notes.yml:/etc/notes.yml", "notes.yml /etc/"},
		{"notes.yml:conf/x.yml:user", "--chown=65532:65532 notes.yml conf/x.yml"},
		{"conf/:/etc/conf", "conf/ /etc/conf/"},
		{"../notes.yml:/etc/x", ""},
		{"/etc/passwd:/etc/x", ""},
		{"notes.yml:../x", ""},
		{"notes.yml", ""},
		{"absent:/etc/x", ""},
		{"conf:/etc/x", ""},
		{"notes.yml:/", ""},
		{"tls.key:/etc/tls.key", ""},
		{`"notes.yml:/etc/a\nUSER root"`, ""},
		{`"notes.yml`, ""},
	} {
		files := map[string]string{"Dockerfile": bases["node"] + "COPY notes.yml /etc/q.yml\n", "notes.yml": "", "conf/a": "", "tls.key": ""}
		in := beside(t, "node", files, []plan.Choice{{Key: "files", Value: tt.value, Evidence: ownDockerfile + string(copies) + own}})
		if got := placesOf(prodBeside(t, in, plan.Run{})); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.value, got, tt.want)
		}
	}
}

// TestOwnVariables: the variables of the own Dockerfile's last stage are prod's, but for those that this image sets or makes untrue.
func TestOwnVariables(t *testing.T) {
	for _, tt := range []struct{ name, own, want, note string }{
		{name: "plain", own: "ENV NOTES_IN_CONTAINER=1 USE_GZIP=True\nENV NOTES_MODE full mode\n", want: `NOTES_IN_CONTAINER=1 USE_GZIP=True NOTES_MODE="full mode"`},
		{name: "the last counts", own: "ENV A=1\nENV A=2\n", want: "A=2"},
		{name: "the language's and the system's", own: "ENV PATH=/x:$PATH NODE_ENV=production PYTHONUNBUFFERED=1 PYTHONPATH=/srv LANG=C.UTF-8 HOME=/home/x JAVA_HOME=/opt/java TZ=UTC DEBIAN_FRONTEND=noninteractive PUID=1000 UID=1\n"},
		{name: "of builds", own: "ENV PIP_NO_CACHE_DIR=1 NPM_CONFIG_LOGLEVEL=warn GOFLAGS=-mod=mod CFLAGS=-O2 LDFLAGS=-s MAKEFLAGS=-j4 CGO_ENABLED=0 JETTY_VERSION=11\nRUN echo $JETTY_VERSION\n"},
		{name: "already set", own: "ENV GIVEN=theirs\n"},
		{name: "empty", own: "ENV A= B=\"\" API_KEY=\n"},
		{name: "a secret", own: "ENV SECRET_KEY=changeme\n", note: "line 0 ENV SECRET_KEY (it may be a secret: docker run -e SECRET_KEY=…)"},
		{name: "unknown", own: "ENV A=$NOWHERE\n", note: "ENV A (its value is known only in the build)"},
		{name: "a place of the app", own: "WORKDIR /opt/notes\nENV NOTES_STATIC=/opt/notes/static\n", want: "NOTES_STATIC=/app/static"},
		{name: "a place that is not there", own: "ENV NOTES_LIB=/usr/lib/libnotes.so\n", note: "ENV NOTES_LIB (this image has no /usr/lib/libnotes.so)"},
		{name: "a file that is taken", own: "COPY notes.yml /etc/notes/notes.yml\nENV NOTES_CONFIG=/etc/notes/notes.yml\n", want: "NOTES_CONFIG=/etc/notes/notes.yml"},
		{name: "an address", own: "ENV NOTES_BASE_PATH=/notes NOTES_URL=http://localhost:8080/notes\n", want: "NOTES_BASE_PATH=/notes NOTES_URL=http://localhost:8080/notes"},
		{name: "its port", own: "EXPOSE 8080\nENV NOTES_PORT=8080\n", want: "NOTES_PORT=8080"},
		{name: "another port", own: "EXPOSE 9000\nENV NOTES_PORT=9000\n", note: "ENV NOTES_PORT (this image listens on another port)"},
		{name: "a port elsewhere", own: "ENV DB_PORT=5432\n", want: "DB_PORT=5432"},
		{name: "options of scripts", own: "ENV JAVA_OPTS=-Xmx1g\n", note: "ENV JAVA_OPTS (nothing in this image reads it"},
		{name: "hostile", own: "ENV A=\"x\\\" \\nUSER root\" B=`id` C='$(id)'\n", want: `A="x\" \\nUSER root" B="` + "`id`" + `" C="\$(id)"`},
	} {
		for language, base := range bases {
			files := map[string]string{"Dockerfile": base + tt.own, "notes.yml": ""}
			in := beside(t, language, files, nil)
			run := plan.Run{Env: []plan.Env{plan.MustEnv("GIVEN", "ours")}, Ports: []plan.Port{8080}}
			variables := func(app *plan.App) string {
				var out []string
				for _, e := range app.Run.Env[1:] {
					out = append(out, e.String())
				}
				return strings.Join(out, " ")
			}
			if got := variables(prodBeside(t, in, run)); got != tt.want {
				t.Errorf("%s, %s: got %q, want %q", tt.name, language, got, tt.want)
			}
			note := strings.ReplaceAll(tt.note, "line 0 ", "")
			if n := in.Log.Notes(); note != "" && (len(n) == 0 || !strings.Contains(n[0].Text, note)) {
				t.Errorf("%s, %s: got notes %v", tt.name, language, n)
			}
			replaced(files)
			if again := variables(prodBeside(t, beside(t, language, files, in.Log.Choices()), run)); again != tt.want {
				t.Errorf("%s, %s: then %q, want %q", tt.name, language, again, tt.want)
			}
		}
	}
}

// TestOwnUser: data on the volumes of those who run the app belongs to the user of the own image.
func TestOwnUser(t *testing.T) {
	for _, tt := range []struct{ name, own, writes, env, want string }{
		{name: "a number", own: "USER 1000\n", want: "1000:1000"},
		{name: "with a group", own: "USER 1001:5\n", want: "1001:5"},
		{name: "useradd", own: "RUN groupadd -g 7 notes && useradd --no-log-init -u 927 -g 7 notes\nUSER notes:notes\n", want: "927:927"},
		{name: "adduser", own: "ARG ID=977\nRUN adduser -D --uid=$ID notes\nUSER notes\n", want: "977:977"},
		{name: "no number", own: "RUN adduser -S notes\nUSER notes\n", want: "65532:65532"},
		{name: "another's", own: "RUN adduser -u 5 other\nUSER notes\n", want: "65532:65532"},
		{name: "root", own: "USER 0\n", want: "65532:65532"},
		{name: "none", want: "65532:65532"},
		{name: "huge", own: "USER 99999999999\n", want: "65532:65532"},
		{name: "a home", own: "USER 1000\n", env: NonRootHome, want: "65532:65532"},
	} {
		for language, base := range bases {
			want := tt.want
			if tt.env != "" && language == "go" {
				want = "1000:1000" // its image has no users of its own, and the home becomes that user's
			}
			files := map[string]string{"Dockerfile": base + tt.own, "README.md": "docker run -v data:/data acme/notes\n"}
			run := func() plan.Run {
				r := plan.Run{Writes: []plan.Path{plan.MustPath("/data")}}
				if tt.env != "" {
					r.Env = []plan.Env{plan.MustEnv("HOME", tt.env)}
				}
				return r
			}
			in := beside(t, language, files, nil)
			in.Log.Choose(plan.Choice{Key: "data", Value: "/data"})
			if got := prodBeside(t, in, run()).Run.User.String(); got != want {
				t.Errorf("%s, %s: got %s, want %s", tt.name, language, got, want)
			}
			replaced(files)
			again := beside(t, language, files, in.Log.Choices())
			again.Log.Choose(plan.Choice{Key: "data", Value: "/data"})
			if got := prodBeside(t, again, run()).Run.User.String(); got != want {
				t.Errorf("%s, %s: then %s, want %s", tt.name, language, got, want)
			}
		}
	}
	for script, want := range map[string]string{
		"exec gosu 1000:100 \"$@\"": "1000:100",
		"if [ \"$(id -u)\" = 0 ]; then chown -R notes /data; exec su-exec notes \"$0\" \"$@\"; fi\nexec \"$@\"":  "911:911",
		"PUID=${PUID:-1001}\nPGID=${PGID:-1002}\nexec setpriv --reuid=$PUID --regid $PGID --clear-groups \"$@\"": "1001:1002",
		"usermod -o -u ${PUID:-99} notes\nchown notes: /data\nexec \"$@\"":                                       "99:99",
		"adduser -D -H -u \"${UID_:=1234}\" app\nexec su app -s /bin/sh -c \"$*\"":                               "1234:1234",
		"chown -R 1000:1000 /data\nexec \"$@\"":                                                                  "1000:1000",
		"[ \"$(id -u)\" = 0 ] && exec chroot --userspec=5000:5001 / \"$@\"\nexec \"$@\"":                         "5000:5001",
		"exec runuser -u notes -- \"$@\"":                                                                        "911:911",
		"exec gosu nobody \"$@\"":                                                                                "65534:65534",
		"exec gosu \"$WHO\" \"$@\"":                                                                              "65532:65532",
		"exec gosu root \"$@\"":                                                                                  "65532:65532",
		"exec gosu '1;RUN id' \"$@\"":                                                                            "65532:65532",
		"chown root:root /data\nexec \"$@\"":                                                                     "65532:65532",
	} {
		files := map[string]string{"run.sh": "#!/bin/sh\n" + script + "\n", "Dockerfile": bases["node"] + "RUN useradd -ou 911 notes\nCOPY run.sh /run.sh\nENTRYPOINT [\"/run.sh\"]\nCMD [\"node\", \"a.js\"]\n"}
		in := beside(t, "node", files, nil)
		in.Log.Choose(plan.Choice{Key: "data", Value: "/data"})
		if u, _, ok := numbered(in, contractOf(in).Own.Image); u.String() != want && (ok || want != NonRoot().String()) {
			t.Errorf("%s: got %s, want %s", script, u, want)
		}
	}
	in := beside(t, "node", map[string]string{"Dockerfile": bases["node"] + "USER 1000\n"}, nil)
	if got := prodBeside(t, in, plan.Run{}).Run.User.String(); got != "1000:1000" {
		t.Errorf("without data: got %v", got)
	}
}

// TestDroppedUser: the user as whom a script starts the app is the own image's, and has its name where the script looks that up. Of
// Python, what is installed starts in a working directory of data.
func TestDroppedUser(t *testing.T) {
	const script = "#!/bin/sh\nif [ \"$(id -u)\" = 0 ]; then\n  exec %s \"$0\" \"$@\"\nfi\n%s\nexec notes \"$@\"\n"
	const project = "[project]\nname='notes'\n[project.scripts]\nnotes = 'notes:main'\n"
	const copies = "COPY --from=deps /install /usr/local\nCOPY docker/conf.py /data/\nCOPY entrypoint.sh /entrypoint.sh\n"
	for name, tt := range map[string]struct{ drop, asks, own, user, step, dir string }{
		"gosu":                   {"gosu notes", "", "WORKDIR /data\n" + copies + "RUN adduser -S -u 9898 notes\n", "9898:9898", "", "/data"},
		"su-exec, a busybox":     {"su-exec notes", "", copies + "RUN adduser -D -u 101 -h /data notes\nWORKDIR /data\n", "101:101", "", "/data"},
		"it looks the user up":   {"gosu notes", "test $(id -u notes) = 5 || echo other", copies + "RUN useradd -u 5 notes\n", "5:5", "groupadd --gid 5 notes useradd --uid 5 --gid notes --no-create-home notes", ""},
		"a user without number":  {"gosu notes", "", copies + "RUN useradd notes\n", "65532:65532", "", ""},
		"another user":           {"gosu notes", "", copies + "RUN useradd -u 7 other\n", "65532:65532", "", ""},
		"root":                   {"gosu root", "id -u root", copies + "RUN useradd -u 7 other\n", "65532:65532", "", ""},
		"the code is there, too": {"gosu notes", "", "WORKDIR /data\nCOPY . .\n" + copies + "RUN adduser -S -u 9898 notes\n", "9898:9898", "", ""},
	} {
		files := map[string]string{
			"Dockerfile": bases["python"] + tt.own + "ENTRYPOINT [\"/entrypoint.sh\"]\n", "entrypoint.sh": fmt.Sprintf(script, tt.drop, tt.asks),
			"docker/conf.py": "", "pyproject.toml": project, "README.md": "docker run -v x:/data/packages acme/notes\n",
		}
		in := beside(t, "python", files, nil)
		in.Log.Choose(plan.Choice{Key: "data", Value: "/data/packages"})
		in.Log.Choose(plan.Choice{Key: "entrypoint", Value: "entrypoint.sh"})
		run := prodBeside(t, in, plan.Run{Runtime: plan.Slim, Cmd: plan.Exec{"notes"}}).Run
		var step []string
		for _, s := range run.Prepare {
			for _, c := range s.Run {
				step = append(step, c.String())
			}
		}
		if got := []string{run.User.String(), strings.Join(step, " "), run.Dir.Raw()}; !slices.Equal(got, []string{tt.user, tt.step, tt.dir}) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// TestLosses: of each kind of instruction, what this image has is not said, and what it has not is, by its line.
func TestLosses(t *testing.T) {
	const two = "FROM node:24 AS build\nWORKDIR /src\nCOPY . .\nFROM alpine\n" // of four lines
	for _, tt := range []struct {
		name, own string
		run       plan.Run
		want      string
	}{
		{name: "nothing"},
		{name: "FROM", own: "FROM jwilder/nginx-base\n", want: "line 5 FROM jwilder/nginx-base (what that image brings)"},
		{name: "FROM of a system", own: "FROM gcr.io/distroless/static-debian12:nonroot\n"},
		{name: "FROM of a stage", own: "FROM build\n"},
		{name: "EXPOSE", own: "EXPOSE 8080 9090 5005 53/udp\n", run: plan.Run{Ports: []plan.Port{8080}}, want: "line 5 EXPOSE 5005"},
		{name: "VOLUME", own: "VOLUME /data /cache /tmp/x\n", run: plan.Run{Writes: []plan.Path{plan.MustPath("/data")}}, want: "line 5 VOLUME /cache"},
		{name: "VOLUME below the app", own: "WORKDIR /srv\nVOLUME /srv/data\n", run: plan.Run{Writes: []plan.Path{plan.MustPath("data")}}},
		{name: "HEALTHCHECK", own: "HEALTHCHECK CMD curl -f http://localhost/\n", want: "line 5 HEALTHCHECK"},
		{name: "HEALTHCHECK kept", own: "HEALTHCHECK CMD curl -f http://localhost/\n", run: plan.Run{Probe: &plan.Probe{}}},
		{name: "HEALTHCHECK NONE", own: "HEALTHCHECK NONE\n"},
		{name: "STOPSIGNAL", own: "STOPSIGNAL $UNSET\n", want: "line 5 STOPSIGNAL …"},
		{name: "STOPSIGNAL kept", own: "STOPSIGNAL SIGINT\n"},
		{name: "LABEL", own: "LABEL a=b version=$UNSET\n", want: "line 5 LABEL version"},
		{name: "ENV kept", own: "ENV A=b\n"},
		{name: "ENV", own: "ENV A=$UNSET\n", want: "line 5 ENV A (its value is known only in the build)"},
		{name: "ARG", own: "ARG VERSION=dev\n"},
		{name: "ARG of a condition", own: "ARG WITH_TOR=false\nRUN if [ \"$WITH_TOR\" = \"true\" ]; then echo tor; fi\n", want: "line 5 ARG WITH_TOR (what it switches on)"},
		{name: "ARG that is asked for", own: "ARG EXTRAS\nARG PLUGINS=a\nRUN [ -n \"${EXTRAS}\" ] && echo; if [[ $PLUGINS != a ]]; then b; fi\n", want: "line 5 ARG EXTRAS (what it switches on); line 6 ARG PLUGINS (what it switches on)"},
		{name: "ARG of the platform", own: "ARG TARGETARCH\nARG APP_VERSION\nARG RUN_TESTS\nRUN [ \"$RUN_TESTS\" = 1 ] && c; if [ \"$TARGETARCH\" = arm64 ]; then a; fi; [ -z \"$APP_VERSION\" ] || b\n"},
		{name: "USER without data", own: "USER 1000\n"},
		{name: "SHELL, WORKDIR, ONBUILD, MAINTAINER", own: "SHELL [\"/bin/sh\"]\nWORKDIR /srv\nMAINTAINER a\n"},
		{name: "COPY of another program", own: "COPY nginx.conf /etc/nginx/nginx.conf\n", want: "line 5 COPY nginx.conf (this image does not start what reads it)"},
		{name: "COPY kept", own: "COPY nginx.conf /etc/notes/x.conf\nCOPY --from=build /out/notes /usr/bin/notes\n"},
		{name: "COPY of an image", own: "COPY --from=acme/tools /usr/bin/tool /usr/bin/tool\nCOPY --from=ghcr.io/astral-sh/uv /uv /bin/uv\n", want: "line 5 COPY /usr/bin/tool (from acme/tools)"},
		{name: "ADD", own: "ADD absent.conf /etc/absent.conf\n", want: "line 5 ADD absent.conf (the repository does not have it)"},
		{name: "packages", own: "RUN apk update && apk add --no-cache ca-certificates tzdata git tor openrc && rm -rf /var/cache/apk/*\n", want: "line 5 RUN apk install tor openrc"},
		{name: "RUN of no use here", own: "RUN addgroup -S a && adduser -S a && mkdir -p /data && chown a /data && chmod +x /x && rm -rf /tmp/* && apt-get clean\n"},
		{name: "RUN that fetches", own: "RUN curl -fsSL https://example.com/tool -o /usr/bin/tool && tar xf /x\n", want: "line 5 RUN curl https://example.com/tool"},
		{name: "RUN that changes", own: "RUN sed -i s/a/b/ /etc/x.conf\nRUN cp /a /b\n", want: "line 5 RUN sed -i s/a/b/ /etc/x.conf; line 6 RUN cp /a /b"},
		{name: "RUN ln", own: "RUN ln -s /srv/tool /usr/bin/tool && ln -sf /dev/stdout /var/log/x\n", want: "line 5 RUN ln -s /srv/tool /usr/bin/tool"},
		{name: "RUN mv", own: "RUN mv /usr/bin/chromedriver chromedriver && mv /tmp/x /srv/x\n", want: "line 5 RUN mv /usr/bin/chromedriver chromedriver"},
		{name: "RUN npm -g", own: "RUN npm install -g bull-board && npm i -g npm@latest pnpm\n", want: "line 5 RUN npm install -g bull-board"},
		{name: "CMD of several programs", own: "CMD [\"sh\", \"-c\", \"tor & ./notes\"]\n", want: "line 5 CMD (this image does not start tor)"},
		{name: "CMD of a supervisor", own: "CMD [\"/usr/bin/supervisord\", \"-n\"]\n", want: "line 5 CMD (this image does not start supervisord)"},
		{name: "CMD of the app", own: "ENTRYPOINT [\"tini\", \"--\"]\nCMD [\"npm\", \"start\"]\n"},
		{name: "hostile", own: "LABEL a=$UNSET\nRUN sed -i \"s/\x1b[31m/x/\" /etc/x\n", want: "line 5 LABEL a; line 6 RUN sed -i s/[31m/x/ /etc/x"},
	} {
		in := beside(t, "node", map[string]string{"Dockerfile": two + tt.own, "nginx.conf": "", "package.json": "{}"}, nil)
		app := prodBeside(t, in, tt.run)
		var lists []string
		for _, n := range in.Log.Notes() {
			if _, list, ok := strings.Cut(n.Text, " has what this one does not: "); ok {
				lists = append(lists, list)
			}
		}
		got := strings.Join(lists, "")
		if got != tt.want {
			t.Errorf("%s: got %q, want %q (%v)", tt.name, got, tt.want, app.Run.Copies)
		}
	}
	var many strings.Builder
	for n := range 20 {
		many.WriteString("LABEL a" + string(rune('a'+n)) + "=$UNSET\n")
	}
	in := beside(t, "node", map[string]string{"Dockerfile": bases["node"] + many.String()}, nil)
	prodBeside(t, in, plan.Run{})
	if n := in.Log.Notes(); len(n) != 1 || !strings.HasSuffix(n[0].Text, "; 12 more") {
		t.Errorf("got notes %v", n)
	}
}

// TestLostFrontEnd: what a stage of Node builds is missed, however it gets into the image of another language, unless a front end of this image makes it.
func TestLostFrontEnd(t *testing.T) {
	const ui = "FROM node:24 AS ui\nWORKDIR /ui\nCOPY . .\nRUN npm ci && make js\n"
	for name, tt := range map[string]struct {
		own, want string
		made      bool
	}{
		"into the last stage":     {own: ui + "FROM python:3.13\nWORKDIR /srv\nCOPY . .\nCOPY --from=ui /ui/web/dist ./web/dist\n", want: "line 8 COPY --from=ui /ui/web/dist (what its stage of Node builds)"},
		"a folder that is there":  {own: ui + "FROM python:3.13\nCOPY --from=ui /ui/web /srv/web\n", want: "line 6 COPY --from=ui /ui/web (what its stage of Node builds)"},
		"through another":         {own: ui + "FROM python:3.13 AS app\nWORKDIR /srv\nCOPY . .\nCOPY --from=ui /ui/web/dist ./web/dist\nFROM python:3.13\nCOPY --from=app /srv /srv\n", want: "line 8 COPY --from=ui /ui/web/dist (what its stage of Node builds)"},
		"from a stage on another": {own: "FROM node:24 AS tools\n" + strings.Replace(ui, "node:24", "tools", 1) + "FROM python:3.13\nCOPY --from=ui /ui/web/dist /srv/web\n", want: "line 7 COPY --from=ui /ui/web/dist (what its stage of Node builds)"},
		"made here":               {own: ui + "FROM python:3.13\nCOPY --from=ui /ui/web/dist /srv/web/dist\n", made: true},
		"a file of the source":    {own: ui + "FROM python:3.13\nWORKDIR /srv\nCOPY --from=ui /ui/web/page.html ./\n"},
		"Node itself":             {own: ui + "FROM python:3.13\nCOPY --from=ui /usr/local/bin/node /usr/local/bin/node\nCOPY --from=ui /usr/local/lib/node_modules /usr/local/lib/node_modules\n"},
		"not on its way":          {own: ui + "FROM python:3.13 AS docs\nCOPY --from=ui /ui/web/dist /docs\nFROM python:3.13\nCOPY . .\n"},
	} {
		in := beside(t, "python", map[string]string{"Dockerfile": tt.own, "web/page.html": "", "requirements.txt": "", "package.json": "{}"}, nil)
		if tt.made {
			in.Log.Choose(plan.Choice{Key: "frontend", Value: "."})
		}
		prodBeside(t, in, plan.Run{})
		var lists []string
		for _, n := range in.Log.Notes() {
			if _, list, ok := strings.Cut(n.Text, " has what this one does not: "); ok {
				lists = append(lists, list)
			}
		}
		if got := strings.Join(lists, ""); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

// TestCarried: a list that is written down is read again as it was, and what holds anything else is read as far as it goes.
func TestCarried(t *testing.T) {
	for _, list := range [][]string{{"a"}, {"a=b c", "d\"e", "f\\g", ""}, {"a\nUSER root", "é", "\x00"}, {"x=\"y\""}} {
		if got := listItems(listText(list)); !slices.Equal(got, list) {
			t.Errorf("got %q, want %q", got, list)
		}
	}
	for text, want := range map[string]string{"": "", " a  b ": "a|b", `a "b`: "a", `"a"b`: "a|b"} {
		if got := strings.Join(listItems(text), "|"); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestOwnPackages: the programs that the own Dockerfile installs are installed when dockgen's has taken its place, too.
func TestOwnPackages(t *testing.T) {
	files := map[string]string{"Dockerfile": bases["go"] + "RUN apk add --no-cache git ffmpeg\n"}
	in := beside(t, "go", files, nil)
	names := func(in record.Input) string {
		var out []string
		for _, n := range promisedNeeds(in) {
			out = append(out, n.Name)
		}
		return strings.Join(out, " ")
	}
	if got := names(in); got != "git ffmpeg" {
		t.Errorf("got %q", got)
	}
	replaced(files)
	again := beside(t, "go", files, in.Log.Choices())
	if got := names(again); got != "git ffmpeg" || !slices.Contains(promisedFacts(again), "ffmpeg") {
		t.Errorf("then %q, %q", got, promisedFacts(again))
	}
}

// TestOwnWorkdir: a documented folder below the own working directory stays where it is when dockgen's has taken the own Dockerfile's place.
func TestOwnWorkdir(t *testing.T) {
	for language, base := range bases {
		files := map[string]string{"Dockerfile": base + "WORKDIR /opt/notes\n", "compose.yaml": "services:\n  notes:\n    build: .\n    volumes: [\"x:/opt/notes/data\"]\n"}
		folders := func(in record.Input) string {
			var out []string
			for _, w := range documentedFolders(in, WritesRequest{Workdir: "/app", Writes: []Write{{Dir: "data"}}}) {
				out = append(out, w.Dir)
			}
			return strings.Join(out, " ")
		}
		in := beside(t, language, files, nil)
		if got := folders(in); got != "/app/data" {
			t.Errorf("%s: got %q", language, got)
		}
		replaced(files)
		if got := folders(beside(t, language, files, in.Log.Choices())); got != "/app/data" {
			t.Errorf("%s: then %q", language, got)
		}
		delete(files, "Dockerfile.bak")
		if got := folders(beside(t, language, files, in.Log.Choices())); got != "/opt/notes/data" {
			t.Errorf("%s, nothing kept: got %q", language, got)
		}
	}
}

// TestOwnHome: the home of the own image's user is prod's where it holds data, and then data lies where it is documented although the
// own working directory is there, which has no source.
func TestOwnHome(t *testing.T) {
	const source = "COPY --from=deps /install /usr/local\nCOPY docker/gunicorn.conf.py /data\n"
	for name, tt := range map[string]struct{ own, data, home string }{
		"a home of data":          {"WORKDIR /data\n" + source + "RUN adduser -S -u 9898 notes --home /data\n", "/data/packages", "/data"},
		"busybox":                 {source + "WORKDIR /data\nRUN adduser -D -h /data notes\n", "/data/packages", "/data"},
		"useradd":                 {source + "RUN useradd -u 5 -d /data notes\n", "/data/packages", "/data"},
		"another folder":          {source + "RUN useradd -d /srv/notes notes\n", "/data/packages", ""},
		"the source is there":     {"WORKDIR /data\nCOPY . .\nRUN useradd -d /data notes\n", "/app/packages", ""},
		"a home of people's":      {source + "RUN useradd --home-dir=/home/notes notes\n", "/data/packages", ""},
		"hostile":                 {source + "RUN useradd -d '/data\\n$(id)' notes\n", "/data/packages", ""},
		"no user":                 {source, "/data/packages", ""},
		"by a variable":           {source + "ENV HOME=/data\n", "/data/packages", "/data"},
		"the app's own folder":    {"WORKDIR /data\nCOPY . .\nENV HOME=/data\n", "/app/packages", "/app"},
		"below the app's folder":  {"WORKDIR /data\nCOPY . .\nENV HOME=/data/home\n", "/app/packages", "/app/home"},
		"a home beside it":        {"WORKDIR /data\nCOPY . .\nENV HOME=/datastore\n", "/app/packages", ""},
		"one that is not written": {source + "RUN useradd -d $HOME notes\n", "/data/packages", ""},
	} {
		files := map[string]string{"Dockerfile": bases["python"] + tt.own, "docker/gunicorn.conf.py": "", "README.md": "docker run -v x:/data/packages acme/notes\n"}
		var old []plan.Choice
		for range 2 { // then it is replaced
			in := beside(t, "python", files, old)
			var dirs []string
			for _, w := range documentedFolders(in, WritesRequest{Workdir: "/app", Writes: []Write{{Dir: "packages"}}}) {
				dirs = append(dirs, w.Dir)
			}
			app := prodBeside(t, in, plan.Run{})
			home := ""
			for _, e := range app.Run.Env {
				if e.Name.String() == "HOME" {
					home = e.Value.Raw()
				}
			}
			if got := strings.Join(dirs, " "); got != tt.data || home != tt.home {
				t.Errorf("%s: got %s, home %q", name, got, home)
			}
			replaced(files)
			old = in.Log.Choices()
		}
	}
}

// TestOwnBuildNeeds: compilers and headers of the own Dockerfile's stages are those of this image's build.
func TestOwnBuildNeeds(t *testing.T) {
	for name, tt := range map[string]struct{ own, debian, alpine string }{
		"of Debian":           {"RUN apt-get update && apt-get install -y python3 make g++ curl git\n", "g++ make python3", ""},
		"of another stage":    {"FROM debian AS b\nRUN apt-get install -y --no-install-recommends build-essential=12.9 libcairo2-dev\nFROM debian\n", "build-essential libcairo2-dev", ""},
		"of Alpine":           {"RUN apk add --no-cache python3 make g++\n", "", "g++ make python3"},
		"headers of Alpine":   {"RUN apk add --no-cache build-base vips-dev\n", "g++ libvips-dev make pkg-config python3", "build-base vips-dev"},
		"virtual packages":    {"RUN apk add --no-cache --virtual .build-deps make && npm ci && apk del .build-deps\n", "", "make"},
		"programs":            {"RUN apt-get install -y curl git ffmpeg tini nano\n", "", ""},
		"of an older release": {"RUN apt-get install -y python-dev libssl1.0-dev\n", "", ""},
		"hostile":             {"RUN apt-get install -y 'make;id' \"libx$(id)-dev\" -o=x-dev\n", "", ""},
		"nothing":             {"", "", ""},
	} {
		in := beside(t, "node", map[string]string{"Dockerfile": bases["node"] + tt.own}, nil)
		if len(OwnBuildNeeds(in)) > 0 && tt.debian == "" {
			t.Errorf("%s: of Alpine on Debian", name)
		}
		in.Log.Asked = plan.Alpine
		var debian, alpine []string
		for _, n := range OwnBuildNeeds(in) {
			debian, alpine = append(debian, n.Row.Debian.Build...), append(alpine, n.Row.Alpine.Build...)
		}
		if d, a := strings.Join(debian, " "), strings.Join(alpine, " "); d != tt.debian || a != tt.alpine {
			t.Errorf("%s: got %q and %q", name, d, a)
		}
	}
}

// TestMoveHome: the home that is made for prod's user lies where the own image has that of its user.
func TestMoveHome(t *testing.T) {
	for name, tt := range map[string]struct{ own, want string }{
		"busybox":               {"RUN adduser -h /home/download -s /sbin/nologin --disabled-password download\nUSER download\n", "/home/download"},
		"useradd":               {"RUN useradd -m --home-dir=/home/me me\nUSER me\n", "/home/me"},
		"a variable":            {"ENV HOME=/home/me\nUSER 1001\n", "/home/me"},
		"of another user":       {"RUN adduser -h /home/me me && adduser -h /home/you you\nUSER you\n", "/home/you"},
		"one that images have":  {"ENV HOME=/home/node\nUSER node\n", NonRootHome},
		"elsewhere":             {"RUN adduser -h /opt/me me\nUSER me\n", NonRootHome},
		"none":                  {"USER me\n", NonRootHome},
		"hostile":               {"RUN adduser -h '/home/x y' me\nENV HOME=/home/../etc\nUSER me\n", NonRootHome},
		"one that is not known": {"ENV HOME=/home/$X\nUSER me\n", NonRootHome},
	} {
		in := beside(t, "node", map[string]string{"Dockerfile": bases["node"] + tt.own}, nil)
		app := prodBeside(t, in, plan.Run{
			Env:    []plan.Env{plan.MustEnv("HOME", NonRootHome)},
			Copies: []plan.Artifact{{Copy: plan.MustCopy(NonRootHome+"/", "/folders/home/nonroot/")}, {Copy: plan.MustCopy("./", "/app/")}},
		})
		home := ""
		for _, e := range app.Run.Env {
			if e.Name.String() == "HOME" {
				home = e.Value.Raw()
			}
		}
		if home != tt.want || app.Run.Copies[0].Copy.String() != "/folders/home/nonroot/ "+tt.want+"/" {
			t.Errorf("%s: got %s, %s", name, home, app.Run.Copies[0].Copy)
		}
	}
}

// TestNamedUser: a compose file or the docs that run the image as a user of the own image find that user.
func TestNamedUser(t *testing.T) {
	const makes = "RUN useradd -u 911 notes\nUSER notes\n"
	for _, tt := range []struct {
		name, own, compose, readme string
		runtime                    plan.Runtime
		want, note                 string
	}{
		{name: "compose", own: makes, compose: "user: notes", runtime: plan.Slim, want: "notes"},
		{name: "with a group", own: makes, compose: "user: notes:notes", runtime: plan.Alpine, want: "notes"},
		{name: "the docs", own: makes, readme: "docker run --user notes acme/notes\n", runtime: plan.Slim, want: "notes"},
		{name: "an image without programs", own: makes, compose: "user: notes", runtime: plan.Distroless, note: "runs the image as the user notes, which this image does not know"},
		{name: "a number", own: makes, compose: "user: \"911\"", runtime: plan.Slim},
		{name: "root", own: makes, compose: "user: root", runtime: plan.Slim},
		{name: "one that nothing makes", own: makes, compose: "user: other", runtime: plan.Slim},
		{name: "a variable", own: makes, compose: "user: \"${WHO}\"", runtime: plan.Slim},
		{name: "hostile", own: "RUN useradd 'x;id'\n", compose: "user: 'x;id'", runtime: plan.Slim},
		{name: "nobody asks", own: makes, runtime: plan.Slim},
	} {
		files := map[string]string{"Dockerfile": bases["node"] + tt.own, "README.md": "# notes\n\n    " + tt.readme}
		if tt.compose != "" {
			files["compose.yaml"] = "services:\n  notes:\n    build: .\n    " + tt.compose + "\n"
		}
		in := beside(t, "node", files, nil)
		got := prodBeside(t, in, plan.Run{Runtime: tt.runtime})
		name := ""
		for _, c := range in.Log.Choices() {
			if c.Key == "account" {
				name = c.Value
			}
		}
		steps := 0
		for _, s := range got.Run.Prepare {
			steps += len(s.Run)
		}
		if name != tt.want || (steps == 2) != (tt.want != "") {
			t.Errorf("%s: got %q in %d steps, want %q", tt.name, name, steps, tt.want)
		}
		said := slices.ContainsFunc(in.Log.Notes(), func(n plan.Note) bool { return tt.note != "" && strings.Contains(n.Text, tt.note) })
		if said != (tt.note != "") {
			t.Errorf("%s: said: %v", tt.name, in.Log.Notes())
		}
	}
}

// TestRootsVolumes: what an image that ran as root has on volumes is said to be root's, once.
func TestRootsVolumes(t *testing.T) {
	for _, tt := range []struct {
		name, own, volume string
		want              bool
	}{
		{"no user", "", "data:/var/data", true},
		{"root", "USER root\n", "./data:/var/data", true},
		{"root and its group", "USER 0:0\n", "data:/var/data", true},
		{"a number", "USER 1000\n", "data:/var/data", false},
		{"a name without a number", "RUN adduser -S notes\nUSER notes\n", "data:/var/data", false},
		{"for reading", "", "./conf:/etc/notes:ro", false},
		{"a file", "", "./notes.yml:/etc/notes.yml", false},
		{"the engine's socket", "", "/var/run/docker.sock:/var/run/docker.sock", false},
		{"the source", "", ".:/app", false},
	} {
		files := map[string]string{
			"Dockerfile":   bases["node"] + tt.own,
			"compose.yaml": "services:\n  notes:\n    build: .\n    volumes: [\"" + tt.volume + "\", \"more:/var/more:ro\"]\n",
		}
		in := beside(t, "node", files, nil)
		prodBeside(t, in, plan.Run{})
		n := 0
		for _, x := range in.Log.Notes() {
			if strings.Contains(x.Text, "belongs to root where the image before this one wrote it") {
				n++
			}
		}
		if (n == 1) != tt.want || n > 1 {
			t.Errorf("%s: said %d times", tt.name, n)
		}
	}
}

// TestWorksInSource: where Python's own image installs the project, a working directory to which nothing is copied is one of data.
func TestWorksInSource(t *testing.T) {
	for name, tt := range map[string]struct {
		own  string
		want bool
	}{
		"the source":                   {"WORKDIR /app\nCOPY . .\n", true},
		"the source, elsewhere":        {"COPY . /src\nRUN pip install /src\nVOLUME /data\nWORKDIR /data\n", false},
		"below the source":             {"COPY . /app\nWORKDIR /app/src\n", true},
		"what a stage made, elsewhere": {"COPY --from=build /venv /venv\nWORKDIR /data\n", true}, // the source may be in it
		"single files beside a stage":  {"COPY --from=build /venv /venv\nWORKDIR /data\nCOPY notes.ini ./\n", false},
		"a folder of it":               {"COPY . /src\nWORKDIR /data\nCOPY notes ./notes\n", true},
		"no working directory":         {"COPY . /src\n", true},
	} {
		in := beside(t, "python", map[string]string{"Dockerfile": "FROM python:3.13 AS build\nFROM python:3.13\n" + tt.own + "CMD [\"notes\"]\n", "notes.ini": "", "notes/__init__.py": "", "pyproject.toml": "[project]\nname='notes'\n"}, nil)
		if got := worksInSource(in, contractOf(in).Own.Image); got != tt.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// TestOwnName: a comment calls the own Dockerfile by its name, unless dockgen's takes its place.
func TestOwnName(t *testing.T) {
	for file, want := range map[string]string{"Dockerfile": Former, "Dockerfile.bak": Former, "docker/Dockerfile": "docker/Dockerfile"} {
		if got := OwnName(beside(t, "node", map[string]string{file: bases["node"]}, nil)); got != want {
			t.Errorf("%s: got %s", file, got)
		}
	}
	if got := OwnName(beside(t, "node", nil, nil)); got != Former {
		t.Errorf("none: got %s", got)
	}
}
