package image

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestEntryStarts: a script that starts the app's own program is the entry point as it is in the own image, with what it names
// in its place, also when dockgen's Dockerfile has come into the place of the own one.
func TestEntryStarts(t *testing.T) {
	const built = "COPY --from=build /out/notes /srv/bin/notes\n"
	for _, tt := range []struct {
		name, language string
		own, script    string
		files          map[string]string
		start          plan.Exec // of the language
		want           string    // entry point, command, copies and steps
		note           string
	}{
		{
			name: "go: a flag of the docs goes to the program", language: "go", own: built + "COPY run.sh /run.sh\nENTRYPOINT [\"/run.sh\"]\n", script: "exec /srv/bin/notes \"$@\"",
			start: plan.Exec{"--port", "80"}, want: `["sh", "/run.sh"] ["--port", "80"] run.sh /run.sh; mkdir -p /srv/bin ln -s /usr/local/bin/notes /srv/bin/notes`,
		},
		{
			name: "go: the own command", language: "go", own: built + "COPY run.sh /run.sh\nENTRYPOINT [\"/run.sh\"]\nCMD [\"serve\", \"--all\"]\n", script: "case $1 in\n  shell) exec sh ;;\n  *) exec /srv/bin/notes \"$@\" ;;\nesac",
			start: plan.Exec{"serve"}, want: `["sh", "/run.sh"] ["serve", "--all"] run.sh /run.sh; mkdir -p /srv/bin ln -s /usr/local/bin/notes /srv/bin/notes`,
		},
		{
			name: "go: its arguments stand in the script", language: "go", own: built + "COPY docker/ /docker/\nENTRYPOINT [\"tini\", \"--\", \"/docker/run.sh\"]\n", files: map[string]string{"docker/run.sh": "#!/bin/sh\nexec /srv/bin/notes serve --config /docker/c.yml\n", "docker/c.yml": "a: 1\n"},
			start: plan.Exec{"serve"}, want: `["sh", "/docker/run.sh"] [] docker/run.sh /docker/run.sh docker/c.yml /docker/c.yml docker/ /docker/; mkdir -p /srv/bin ln -s /usr/local/bin/notes /srv/bin/notes`,
		},
		{
			name: "go: below the working directory", language: "go", own: "WORKDIR /srv\n" + built + "COPY run.sh .\nENTRYPOINT [\"./run.sh\"]\n", script: "exec ./bin/notes",
			want: `["sh", "/srv/run.sh"] [] run.sh /srv/run.sh; mkdir -p /srv/bin ln -s /usr/local/bin/notes /srv/bin/notes`,
		},
		{
			name: "go: the program is what the script is given first", language: "go", own: built + "COPY --from=build /src/run.sh /srv/run.sh\nENTRYPOINT [\"/srv/run.sh\", \"/srv/bin/notes\"]\n", script: "exec \"$@\"",
			start: plan.Exec{"serve"}, want: `["sh", "/srv/run.sh", "notes"] ["serve"] run.sh /srv/run.sh;`,
		},
		{
			name: "go: it is the own command", language: "go", own: built + "COPY run.sh /run.sh\nENTRYPOINT [\"tini\", \"--\"]\nCMD [\"/run.sh\"]\n", script: "if [ \"$AS\" = root ]; then exec su-exec a /srv/bin/notes \"$@\"; else exec /srv/bin/notes \"$@\"; fi",
			want: `[] ["sh", "/run.sh"] run.sh /run.sh; mkdir -p /srv/bin ln -s /usr/local/bin/notes /srv/bin/notes`,
		},
		{
			name: "node: a file", language: "node", own: "WORKDIR /code\nCOPY . .\nENTRYPOINT [\"./run.sh\"]\n", script: "cd /code\nexec node --title=x server/index.js",
			start: plan.Exec{"node", "server"}, want: `["sh", "/app/run.sh"] [] run.sh /app/run.sh; ln -s /app /code`,
		},
		{
			name: "node: another file", language: "node", own: "COPY run.sh /run.sh\nCMD /run.sh\n", script: "exec node other.js",
			start: plan.Exec{"node", "server.js"}, want: `[] ["node", "server.js"] ;`, note: "it starts node other.js, and this image node server.js",
		},
		{
			name: "python: a file", language: "python", own: "WORKDIR /code\nCOPY . .\nENTRYPOINT [\"./run.sh\"]\n", script: "cd \"$(dirname \"$0\")\"\nexec python -u main.py \"$@\"", files: map[string]string{"main.py": "print()\n"},
			start: plan.Exec{"python", "main.py"}, want: `["sh", "/app/run.sh"] [] run.sh /app/run.sh;`,
		},
		{
			name: "python: the project's own command", language: "python", own: "COPY run.sh /run.sh\nENTRYPOINT [\"/run.sh\"]\nCMD [\"-p\", \"8080\"]\n", script: "exec notes-server run \"$@\"", files: map[string]string{"pyproject.toml": "[project.scripts]\nnotes-server = \"notes.cli:main\"\n"},
			start: plan.Exec{"notes-server"}, want: `["sh", "/run.sh"] ["-p", "8080"] run.sh /run.sh;`,
		},
		{
			name: "node: a file beside the script, of another folder", language: "node", own: "WORKDIR /code\nCOPY . .\nENTRYPOINT [\"docker/run.sh\"]\n",
			files: map[string]string{"docker/run.sh": "#!/bin/sh\nsed -f \"$(dirname \"$0\")/x.sed\" a > b\nexec \"$(command -v node)\" server.js\n", "docker/x.sed": "s/a/b/\n"},
			start: plan.Exec{"node", "server.js"}, want: `["sh", "/app/docker/run.sh"] [] docker/run.sh /app/docker/run.sh docker/x.sed /app/docker/x.sed;`,
		},
		{
			name: "node: it is sourced from beside the script", language: "node", own: "COPY docker/ /docker/\nENTRYPOINT [\"/docker/run.sh\"]\n",
			files: map[string]string{"docker/run.sh": "#!/bin/bash\nDIR=\"$( cd \"$( dirname \"${BASH_SOURCE[0]}\" )\" && pwd )\"\n. \"$DIR/lib.sh\"\nexec node server.js\n", "docker/lib.sh": "export A=1\n"},
			start: plan.Exec{"node", "server.js"}, want: `["bash", "/docker/run.sh"] [] docker/run.sh /docker/run.sh docker/lib.sh /docker/lib.sh docker/ /docker/;`,
		},
		{
			name: "node: the folder above the script", language: "node", own: "WORKDIR /code\nCOPY . .\nCMD [\"docker/run.sh\"]\n",
			files: map[string]string{"docker/run.sh": "#!/bin/sh\ncd \"$(dirname \"$0\")/..\"\nexec node server.js\n"},
			start: plan.Exec{"node", "server.js"}, want: `[] ["sh", "/app/docker/run.sh"] docker/run.sh /app/docker/run.sh;`,
		},
		{
			name: "node: another folder than the app's", language: "node", own: "WORKDIR /code\nCOPY . .\nCMD [\"docker/run.sh\"]\n",
			files: map[string]string{"docker/run.sh": "#!/bin/sh\ncd \"$(dirname \"$0\")\"\nexec node server.js\n"},
			start: plan.Exec{"node", "server.js"}, want: `[] ["node", "server.js"] ;`, note: "it starts the app in /code/docker",
		},
		{
			name: "node: a place that is not known", language: "node", own: "WORKDIR /code\nCOPY . .\nCMD [\"docker/run.sh\"]\n",
			files: map[string]string{"docker/run.sh": "#!/bin/sh\ncp \"$(dirname \"$CONF\")/a\" b\nexec node server.js\n"},
			start: plan.Exec{"node", "server.js"}, want: `[] ["node", "server.js"] ;`, note: "it looks for files beside itself",
		},
		{
			name: "node: a further script", language: "node", own: "WORKDIR /code\nCOPY . .\nENTRYPOINT [\"./run.sh\"]\n", script: "./scripts/wait.sh db 5432\nsh scripts/migrate.sh\nexec node server.js",
			files: map[string]string{"scripts/wait.sh": "#!/bin/bash\nuntil sleep 1; do echo; done\n", "scripts/migrate.sh": "#!/bin/sh\nset -e\nnpm run migrate\n"},
			start: plan.Exec{"node", "server.js"}, want: `["sh", "/app/run.sh"] [] run.sh /app/run.sh scripts/wait.sh /app/scripts/wait.sh scripts/migrate.sh /app/scripts/migrate.sh;`,
		},
		{
			name: "node: a further script that starts the app", language: "node", own: "WORKDIR /code\nCOPY . .\nENTRYPOINT [\"./run.sh\"]\n", script: "exec /code/scripts/start.sh \"$@\"",
			files: map[string]string{"scripts/start.sh": "#!/bin/sh\nexec node server.js\n"},
			start: plan.Exec{"node", "server.js"}, want: `["sh", "/app/run.sh"] [] run.sh /app/run.sh scripts/start.sh /app/scripts/start.sh; ln -s /app /code`,
		},
		{
			name: "node: a further script with a program that is not there", language: "node", own: "WORKDIR /code\nCOPY . .\nENTRYPOINT [\"./run.sh\"]\n", script: "sh scripts/x.sh\nexec node server.js",
			files: map[string]string{"scripts/x.sh": "#!/bin/sh\nvault read x\n"},
			start: plan.Exec{"node", "server.js"}, want: `[] ["node", "server.js"] ;`, note: "it runs vault, which this image does not have",
		},
		{
			name: "node: scripts that start one another", language: "node", own: "WORKDIR /code\nCOPY . .\nENTRYPOINT [\"./run.sh\"]\n", script: "sh a.sh\nexec node server.js",
			files: map[string]string{"a.sh": "#!/bin/sh\nsh b.sh\n", "b.sh": "#!/bin/sh\nsh a.sh\n"},
			start: plan.Exec{"node", "server.js"}, want: `["sh", "/app/run.sh"] [] run.sh /app/run.sh a.sh /app/a.sh b.sh /app/b.sh;`,
		},
		{
			name: "node: a program that the own image installs for every folder", language: "node", own: "WORKDIR /code\nRUN npm install -g prisma@5.1.0 && npm cache clean --force\nCOPY . .\nENTRYPOINT [\"./run.sh\"]\n", script: "prisma migrate deploy\nexec node server.js",
			start: plan.Exec{"node", "server.js"}, want: `["sh", "/app/run.sh"] [] run.sh /app/run.sh; npm install -g prisma@5.1.0`,
		},
		{
			name: "node: by yarn, a program of another name", language: "node", own: "WORKDIR /code\nRUN yarn global add sequelize-cli@6\nCOPY . .\nENTRYPOINT [\"./run.sh\"]\n", script: "sequelize db:migrate\nexec node server.js",
			start: plan.Exec{"node", "server.js"}, want: `["sh", "/app/run.sh"] [] run.sh /app/run.sh; npm install -g sequelize-cli@6`,
		},
		{
			name: "node: by pnpm, and npx", language: "node", own: "WORKDIR /code\nRUN pnpm i --global knex\nCOPY . .\nENTRYPOINT [\"./run.sh\"]\n", script: "npx knex migrate:latest\nexec node server.js",
			start: plan.Exec{"node", "server.js"}, want: `["sh", "/app/run.sh"] [] run.sh /app/run.sh; npm install -g knex`,
		},
		{
			name: "node: a program of its own packages", language: "node", own: "WORKDIR /code\nENV PATH=/code/node_modules/.bin:$PATH\nCOPY . .\nENTRYPOINT [\"./run.sh\"]\n", script: "knex migrate:latest\nexec node server.js",
			files: map[string]string{"package.json": `{"dependencies": {"knex": "3"}}`},
			start: plan.Exec{"node", "server.js"}, want: `["sh", "/app/run.sh"] [] run.sh /app/run.sh;`,
		},
		{
			name: "node: a program that nothing brings", language: "node", own: "WORKDIR /code\nCOPY . .\nENTRYPOINT [\"./run.sh\"]\n", script: "prisma migrate deploy\nexec node server.js",
			start: plan.Exec{"node", "server.js"}, want: `[] ["node", "server.js"] ;`, note: "it runs prisma, which this image does not have",
		},
		{
			name: "node: one that is installed if it is asked for", language: "node", own: "WORKDIR /code\nARG X\nRUN if [ -n \"$X\" ]; then npm i -g knex; fi\nCOPY . .\nENTRYPOINT [\"./run.sh\"]\n", script: "knex migrate:latest\nexec node server.js",
			start: plan.Exec{"node", "server.js"}, want: `[] ["node", "server.js"] ;`, note: "it runs knex, which this image does not have",
		},
		{
			name: "java: options of a variable, a jar elsewhere", language: "java", own: "COPY --from=build /x/target/a.jar /opt/a.jar\nCOPY run.sh /run.sh\nENTRYPOINT [\"/run.sh\"]\n", script: "exec java $JAVA_OPTS -jar /opt/a.jar \"$@\"",
			start: plan.Exec{"java", "-jar", "notes-1.jar"}, want: `["sh", "/run.sh"] [] run.sh /run.sh; mkdir -p /opt ln -s /app/notes-1.jar /opt/a.jar`,
		},
		{
			name: "java: classes of its own", language: "java", own: "COPY run.sh /run.sh\nENTRYPOINT [\"/run.sh\"]\n", script: "exec java -cp /x/classes:/x/lib/* a.Main",
			start: plan.Exec{"java", "-jar", "notes-1.jar"}, want: `[] ["java", "-jar", "notes-1.jar"] ;`, note: "it starts java -cp",
		},
		{
			name: "java: a class of a jar", language: "java", own: "COPY --from=build /x/target/a.jar /opt/a.jar\nCOPY run.sh /run.sh\nENTRYPOINT [\"/run.sh\"]\n", script: "exec java -cp /opt/a.jar a.Main \"$@\"",
			start: plan.Exec{"java", "-jar", "notes-1.jar"}, want: `["sh", "/run.sh"] [] run.sh /run.sh; mkdir -p /opt ln -s /app/notes-1.jar /opt/a.jar`,
		},
		{
			name: "java: the launcher of a jar", language: "java", own: "COPY run.sh /run.sh\nENTRYPOINT [\"/run.sh\"]\n", script: "exec java -cp /opt/a.jar org.springframework.boot.loader.launch.PropertiesLauncher",
			start: plan.Exec{"java", "-jar", "notes-1.jar"}, want: `[] ["java", "-jar", "notes-1.jar"] ;`, note: "it starts java -cp",
		},
		{
			name: "java: the folders of Jib, which this image does not have", language: "java", own: "COPY run.sh /run.sh\nENTRYPOINT [\"/run.sh\"]\n", script: "exec java -cp /app/classes:/app/libs/* a.Main",
			start: plan.Exec{"java", "-jar", "notes-1.jar"}, want: `[] ["java", "-jar", "notes-1.jar"] ;`, note: "this image has no such folders",
		},
		{
			name: "another port", language: "java", own: "COPY run.sh /run.sh\nENTRYPOINT [\"/run.sh\"]\n", script: "exec java -Dserver.port=9999 -jar a.jar",
			start: plan.Exec{"java", "-jar", "a.jar"}, want: `[] ["java", "-jar", "a.jar"] ;`, note: "it listens on 9999, and the image's port is 8080",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"Dockerfile": bases[tt.language] + tt.own}
			if tt.script != "" {
				files["run.sh"] = "#!/bin/sh\nset -e\n" + tt.script + "\n"
			}
			maps.Copy(files, tt.files)
			plans := func(locked []plan.Choice) (string, []plan.Choice, []plan.Note) {
				in := beside(t, tt.language, files, locked)
				decideEntry(in, tt.language)
				run := &plan.Run{Runtime: plan.Slim, Cmd: tt.start, Ports: []plan.Port{8080}}
				app := &plan.App{Language: tt.language, Run: run, Image: plan.Image{Stages: []plan.Stage{{Block: "prod", Data: &plan.Run{Head: plan.Head{Name: plan.MustStageName("prod")}}}}}}
				if tt.language == "go" {
					run.Entry = plan.Exec{"notes"}
					app.Outputs = []plan.Artifact{{Copy: plan.MustCopy("/usr/local/bin/notes", "/out/notes")}}
				}
				if err := Fulfil(in, app); err != nil {
					t.Fatal(err)
				}
				words := []string{run.Entry.String(), run.Cmd.String()}
				for _, c := range run.Copies {
					words = append(words, c.Copy.String())
				}
				words[len(words)-1] += ";"
				if len(run.Copies) == 0 {
					words[1] = strings.TrimSuffix(words[1], ";") + " ;"
				}
				for _, s := range slices.Concat(run.Prepare, run.Steps) {
					for _, c := range s.Run {
						words = append(words, c.String())
					}
				}
				return strings.Join(words, " "), in.Log.Choices(), in.Log.Notes()
			}
			got, choices, notes := plans(nil)
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if tt.note == "" && len(notes) > 0 || tt.note != "" && (len(notes) != 1 || !strings.Contains(notes[0].Text, tt.note)) {
				t.Errorf("got notes %+v", notes)
			}
			if replaced(files); tt.note == "" {
				if again, _, _ := plans(choices); again != got {
					t.Errorf("once the own Dockerfile is replaced: %s", again)
				}
			}
		})
	}
}

// TestEntryHostile: what a script or the lock says of one adds nothing to the Dockerfile.
func TestEntryHostile(t *testing.T) {
	for _, evidence := range []string{"", "\n", "/x\nUSER root", "/run.sh given 9 a", "/run.sh given -1 a", "/run.sh given 99999999999999999999", "/run.sh with 1 a", "/run.sh in", "/run.sh in ../..", "'", "/run.sh $(id)", "/run.sh with 2 ../../etc/passwd /etc/passwd"} {
		in := beside(t, "node", map[string]string{"run.sh": "#!/bin/sh\nexec \"$@\"\n"}, []plan.Choice{{Key: "entrypoint", Value: "run.sh", Evidence: ownDockerfile + string(starts) + evidence}})
		decideEntry(in, "node")
		app := &plan.App{Language: "node", Run: &plan.Run{Runtime: plan.Slim, Cmd: plan.Exec{"node", "a.js"}}, Image: plan.Image{Stages: []plan.Stage{{Block: "prod", Data: &plan.Run{Head: plan.Head{Name: plan.MustStageName("prod")}}}}}}
		if err := Fulfil(in, app); err != nil {
			t.Fatal(err)
		}
		if s := app.Run.Entry.String(); strings.Contains(s, "\n") || len(app.Run.Copies) > 1 {
			t.Errorf("%q: got %s %v", evidence, s, app.Run.Copies)
		}
	}
}

// TestScriptWrites: what the entry point's script writes before the app starts belongs to prod's user.
func TestScriptWrites(t *testing.T) {
	const own = "FROM node:24\nWORKDIR /srv\nCOPY . .\nENTRYPOINT [\"sh\", \"run.sh\"]\nCMD [\"node\", \"a.js\"]\n"
	for name, tt := range map[string]struct{ script, want string }{
		"a new file":         {"node conf.js > conf/app.json", "conf/"},
		"one that is there":  {"node conf.js > ./config.js", "./config.js"},
		"by its whole path":  {"node conf.js >> /srv/config.js", "./config.js"},
		"elsewhere":          {"echo 1 > /var/lib/app/ready", "/var/lib/app/"},
		"of a name it knows": {"OUT=conf\necho 1 > $OUT/x", "conf/"},
		"nothing":            {"echo 1 > /dev/null 2>&1", ""},
		"above":              {"echo 1 > ../x", ""},
		"known when it runs": {"echo 1 > $OUT/x", ""},
		"read alone":         {"read x < config.js", ""},
	} {
		t.Run(name, func(t *testing.T) {
			in := beside(t, "node", map[string]string{"Dockerfile": own, "run.sh": "#!/bin/sh\n" + tt.script + "\nexec \"$@\"\n", "config.js": ""}, nil)
			var got []string
			for _, w := range scriptWrites(in) {
				got = append(got, w.Dir+"/"+w.File)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}
