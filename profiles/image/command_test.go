package image

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestArguments: the program has the arguments of the own image, in the same place: what stays in the ENTRYPOINT, what a command replaces
// in the CMD, with the files that they name, also when dockgen's Dockerfile has come into the place of the own one.
func TestArguments(t *testing.T) {
	const readme = "# notes\n\n```\ndocker run --rm -p 8080:8080 me/notes --level debug\n```\n"
	for _, tt := range []struct {
		name, language, own string
		run                 plan.Run
		readme              string
		takes               bool
		want, note          string
	}{
		{name: "a flag with a file", language: "go", own: "COPY --from=build /out/notes /bin/notes\nCOPY notes.yml /etc/notes/config.yml\nENTRYPOINT [\"/bin/notes\"]\nCMD [\"--config=/etc/notes/config.yml\"]\n", want: `["notes"] ["--config=/etc/notes/config.yml"] notes.yml /etc/notes/config.yml`},
		{name: "a file to be mounted", language: "go", own: "COPY --from=build /out/notes /bin/notes\nENTRYPOINT [\"/bin/notes\", \"--config\", \"/etc/notes/config.yml\"]\n", want: `["notes", "--config", "/etc/notes/config.yml"] []`, note: "starts it with /etc/notes/config.yml, and the file is not in the image"},
		{name: "a subcommand", language: "go", own: "COPY --from=build /out/notes /app\nENTRYPOINT [\"/app\"]\nCMD [\"serve\"]\n", run: plan.Run{Cmd: plan.Exec{"start"}}, want: `["notes"] ["serve"]`},
		{name: "ours moves it", language: "go", own: "COPY --from=build /out/notes /app\nENTRYPOINT [\"/app\"]\nCMD [\"serve\", \"-v\"]\n", run: plan.Run{Cmd: plan.Exec{"serve", "--host", "0.0.0.0"}}, want: `["notes"] ["serve", "-v", "--host", "0.0.0.0"]`},
		{name: "another port", language: "go", own: "COPY --from=build /out/notes /app\nENTRYPOINT [\"/app\", \"--port\", \"9\", \"--listen\", \":9999\"]\n", want: `["notes"] []`, note: "does not pass: --port 9 --listen :9999"},
		{name: "this machine alone", language: "go", own: "COPY --from=build /out/notes /app\nENTRYPOINT [\"/app\"]\nCMD [\"--bind\", \"127.0.0.1\"]\n", want: `["notes"] []`, note: "does not pass: --bind 127.0.0.1"},
		{name: "a variable", language: "go", own: "COPY --from=build /out/notes /app\nENTRYPOINT [\"/app\"]\nCMD [\"--level\", \"$LEVEL\"]\n", want: `["notes"] []`, note: "does not pass: --level"},
		{name: "another program", language: "go", own: "ENTRYPOINT [\"/bin/other\", \"--x\"]\n", want: `["notes"] []`, note: "does not pass: --x"},
		{name: "no entry point", language: "go", own: "COPY --from=build /out/notes /srv/notes\nCMD [\"/srv/notes\", \"server\"]\n", want: `["notes"] ["server"]`},
		{name: "a console script", language: "python", own: "ENTRYPOINT [\"/opt/bin/python\", \"/opt/bin/notes\"]\nCMD [\"--hosts\", \"0.0.0.0:8080\"]\n", run: plan.Run{Entry: plan.Exec{"tini", "--"}, Init: true, Cmd: plan.Exec{"notes", "--hosts", "0.0.0.0:8080"}}, want: `["tini", "--", "notes"] ["--hosts", "0.0.0.0:8080"]`},
		{name: "a command is the language's to keep", language: "python", own: "CMD [\"notes\", \"--all\"]\n", run: plan.Run{Cmd: plan.Exec{"notes"}}, want: `[] ["notes"]`},
		{name: "a server is the language's to start", language: "python", own: "ENTRYPOINT [\"gunicorn\"]\nCMD [\"-b\", \":8080\", \"x:app\"]\n", run: plan.Run{Cmd: plan.Exec{"gunicorn", "--bind", "0.0.0.0:8080", "x:app"}}, want: `[] ["gunicorn", "--bind", "0.0.0.0:8080", "x:app"]`},
		{name: "the docs give options", language: "python", readme: readme, run: plan.Run{Cmd: plan.Exec{"python", "-m", "notes", "--all"}}, want: `["python", "-m", "notes"] ["--all"]`},
		{name: "it reads arguments", language: "python", takes: true, run: plan.Run{Entry: plan.Exec{"tini", "--"}, Init: true, Cmd: plan.Exec{"python", "-m", "notes"}}, want: `["tini", "--", "python", "-m", "notes"] []`},
		{name: "it reads arguments, and the own image starts it by a command", language: "python", takes: true, own: "CMD [\"notes\", \"--all\"]\n", run: plan.Run{Cmd: plan.Exec{"notes"}}, want: `[] ["notes"]`},
		{name: "node, and the docs", language: "node", readme: readme, run: plan.Run{Cmd: plan.Exec{"node", "--enable-source-maps", "server.js"}}, want: `["node", "--enable-source-maps", "server.js"] []`},
		{name: "node without a shell", language: "node", readme: readme, run: plan.Run{Runtime: plan.Distroless, Cmd: plan.Exec{"server.js"}}, want: `["/nodejs/bin/node", "server.js"] []`},
		{name: "java without a shell", language: "java", readme: readme, run: plan.Run{Runtime: plan.Distroless, Cmd: plan.Exec{"a.jar"}}, want: `["java", "-jar", "a.jar"] []`},
		{name: "a shell's", language: "node", readme: readme, run: plan.Run{Cmd: plan.Exec{"sh", "-c", "a && b"}}, want: `[] ["sh", "-c", "a && b"]`},
		{name: "a shell's that execs the program", language: "node", readme: readme, run: plan.Run{Entry: plan.Exec{"tini", "--"}, Init: true, Cmd: plan.Exec{"sh", "-c", "a && exec node b.js --c=d"}}, want: `["tini", "--", "sh", "-c", "a && exec node b.js --c=d \"$@\"", "sh"] []`},
		{name: "a shell's that execs, and no options", language: "node", run: plan.Run{Cmd: plan.Exec{"sh", "-c", "a && exec node b.js"}}, want: `[] ["sh", "-c", "a && exec node b.js"]`},
		{name: "a shell's whose output goes elsewhere", language: "python", readme: readme, run: plan.Run{Cmd: plan.Exec{"sh", "-c", "a && exec python b.py > c"}}, want: `[] ["sh", "-c", "a && exec python b.py > c"]`},
		{name: "a shell's that only prepares", language: "node", readme: readme, run: plan.Run{Cmd: plan.Exec{"sh", "-c", "exec a; b"}}, want: `[] ["sh", "-c", "exec a; b"]`},
		{name: "an entry point by a script, with arguments", language: "node", own: "WORKDIR /a\nENTRYPOINT [\"npm\", \"--prefix=/a\", \"run\", \"start\", \"--\", \"--host=::\"]\n", run: plan.Run{Entry: plan.Exec{"tini", "--"}, Init: true, Cmd: plan.Exec{"node", "dist/index.js", "--host=::"}}, want: `["tini", "--", "node", "dist/index.js", "--host=::"] []`},
		{name: "by a script, without a shell", language: "node", own: "ENTRYPOINT [\"yarn\", \"start\", \"--\", \"-v\"]\n", run: plan.Run{Runtime: plan.Distroless, Cmd: plan.Exec{"server.js", "-v"}}, want: `["/nodejs/bin/node", "server.js", "-v"] []`},
		{name: "by a script, other arguments", language: "node", own: "ENTRYPOINT [\"npm\", \"start\", \"--\", \"-v\"]\n", run: plan.Run{Cmd: plan.Exec{"node", "server.js", "-w"}}, want: `[] ["node", "server.js", "-w"]`},
		{name: "an entry point without arguments", language: "node", own: "ENTRYPOINT [\"node\", \"server.js\"]\n", run: plan.Run{Cmd: plan.Exec{"node", "server.js"}}, want: `["node", "server.js"] []`},
		{name: "an entry point without a shell", language: "node", own: "ENTRYPOINT [\"node\", \"dist/server\"]\n", run: plan.Run{Runtime: plan.Distroless, Cmd: plan.Exec{"dist/server.js"}}, want: `["/nodejs/bin/node", "dist/server.js"] []`},
		{name: "an entry point of Python", language: "python", own: "ENTRYPOINT [\"python\", \"-m\", \"notes\"]\n", run: plan.Run{Cmd: plan.Exec{"python", "-m", "notes"}}, want: `["python", "-m", "notes"] []`},
		{name: "hostile", language: "go", own: "COPY --from=build /out/notes /app\nENTRYPOINT [\"/app\"]\nCMD [\"--a\\nUSER root\"]\n", want: `["notes"] []`, note: "does not pass"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"notes.yml": "a: 1\n"}
			if tt.own != "" {
				files["Dockerfile"] = bases[tt.language] + tt.own
			}
			if tt.readme != "" {
				files["README.md"] = tt.readme
			}
			plans := func(locked []plan.Choice) (string, []plan.Choice, []plan.Note) {
				in := beside(t, tt.language, files, locked)
				in.Name = "notes"
				run := tt.run
				run.Ports = []plan.Port{8080}
				app := &plan.App{Language: tt.language, Run: &run, Takes: tt.takes}
				if tt.language == "go" {
					run.Entry = plan.Exec{"notes"}
					app.Outputs = []plan.Artifact{{Copy: plan.MustCopy("/usr/local/bin/notes", "/out/notes")}}
				}
				if err := arguments(in, app); err != nil {
					t.Fatal(err)
				}
				words := []string{run.Entry.String(), run.Cmd.String()}
				for _, c := range run.Copies {
					words = append(words, c.Copy.String())
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
			replaced(files)
			if again, _, _ := plans(choices); again != got {
				t.Errorf("once the own Dockerfile is replaced: %s", again)
			}
		})
	}
}
