package image

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestProcesses: what the repository runs with the app's image beside the app is said, with the command that does it
// in this image.
func TestProcesses(t *testing.T) {
	worker := func(command string) map[string]string {
		return map[string]string{"compose.yaml": "services:\n  web:\n    build: .\n    ports: ['80:8000']\n    command: gunicorn x.wsgi\n  worker:\n    build: .\n    command: " + command + "\n  db: {image: postgres, command: postgres -c x=1}\n"}
	}
	python := func(files map[string]string) map[string]string {
		files["requirements.txt"] = "celery\ngunicorn\ndjango\n"
		return files
	}
	gunicorn := plan.Run{Runtime: plan.Slim, Cmd: plan.Exec{"gunicorn", "--bind", "0.0.0.0:8000", "x.wsgi"}}
	bare := plan.Run{Runtime: plan.Distroless, NoEntry: true, Cmd: gunicorn.Cmd}
	server := plan.Run{Runtime: plan.Distroless, Cmd: plan.Exec{"dist/main.js"}}
	full := plan.Run{Runtime: plan.Slim, Init: true, Entry: plan.Exec{"tini", "--"}, Cmd: plan.Exec{"node", "dist/main.js"}}
	program := plan.Run{Runtime: plan.Distroless, Entry: plan.Exec{"notes"}}
	jar := plan.Run{Runtime: plan.Distroless, Cmd: plan.Exec{"app.jar"}}
	for _, tt := range []struct {
		name, language string
		files          map[string]string
		run            plan.Run
		text, hint     string // of the only note
	}{
		{name: "nothing", language: "python", run: bare},
		{name: "a service", language: "python", files: python(worker("celery -A x worker -l info")), run: bare, text: "runs worker beside the app, and", hint: "docker run notes celery -A x worker -l info"},
		{name: "a package of a short name", language: "python", files: map[string]string{"Procfile": "worker: rq worker mail\n", "requirements.txt": "flask-rq2==18.3\nrq==1.15.1\n"}, run: bare, text: "runs worker beside the app", hint: "docker run notes rq worker mail"},
		{name: "a part of another's name", language: "python", files: map[string]string{"Procfile": "worker: rq worker mail\n", "requirements.txt": "flask-rq==0.2\nrq-scheduler==0.13\n"}, run: bare, text: "runs worker beside the app", hint: "the command of worker is not known to be in this image: rq worker mail"},
		{name: "services and what ends", language: "python", run: bare, text: "runs worker and beat beside the app and migrate before it, and", hint: "docker run notes celery -A x worker; docker run notes celery -A x beat; docker run notes python manage.py migrate", files: python(map[string]string{
			"compose.yaml": "services:\n  a: {build: ., ports: ['80:80']}\n  worker: {build: ., command: celery -A x worker}\n  beat: {build: ., command: [celery, -A, x, beat]}\n  migrate: {build: ., command: python manage.py migrate}\n",
		})},
		{name: "Procfile", language: "python", run: bare, text: "runs worker beside the app and release before it", hint: "docker run notes python manage.py migrate", files: python(map[string]string{"Procfile": "web: gunicorn x.wsgi\nworker: celery -A x worker\nrelease: python manage.py migrate\nassets: npm run dev\n"})},
		{name: "for a shell", language: "python", run: gunicorn, text: "runs release before the app", hint: "docker run notes sh -c 'a && b'", files: map[string]string{"Procfile": "release: a && b\n"}},
		{name: "for a shell that is not there", language: "python", run: bare, text: "runs release before the app", hint: "the command of release is not known to be in this image: a && b", files: map[string]string{"Procfile": "release: a && b\n"}},
		{name: "a program of every system", language: "python", run: gunicorn, text: "runs worker", hint: "docker run notes echo x", files: map[string]string{"Procfile": "worker: echo x\n"}},
		{name: "beside a script that starts the app", language: "python", run: plan.Run{Runtime: plan.Slim, Entry: plan.Exec{"sh", "/run.sh"}}, text: "runs worker", hint: "docker run --entrypoint celery notes -A x worker", files: func() map[string]string {
			files := python(worker("celery -A x worker"))
			files["Dockerfile"] = "BASECOPY . .\nCOPY run.sh /run.sh\nENTRYPOINT [\"/run.sh\"]\n"
			files["run.sh"] = "#!/bin/sh\nexec gunicorn -b :8000 x.wsgi\n"
			return files
		}()},
		{name: "a chart", language: "python", run: bare, text: "runs scheduler beside the app", hint: "docker run notes python -m x.run", files: map[string]string{"k8s/a.yaml": "kind: Deployment\nspec: {template: {spec: {containers: [{name: scheduler, image: acme/notes, command: [python, -m, x.run]}]}}}\n"}},
		{name: "the command that prod starts", language: "python", run: plan.Run{Runtime: plan.Distroless, Cmd: plan.Exec{"python", "worker.py"}}, files: worker("python3 worker.py")},
		{name: "for development", language: "python", run: bare, files: map[string]string{"compose.yaml": "services: {worker: {build: ., command: celery worker, volumes: ['.:/app']}}", "compose.dev.yaml": "services: {worker: {build: ., command: celery worker}}"}},
		{name: "options speak of nothing", language: "python", run: bare, files: map[string]string{"compose.yaml": "services: {a: {build: ., command: gunicorn x.wsgi --workers 3}}"}},
		{name: "node's own entry point", language: "node", run: server, files: worker("node dist/worker.js --all"), text: "runs worker", hint: "docker run notes dist/worker.js --all"},
		{name: "a package script", language: "node", run: full, text: "runs worker", hint: "docker run notes node dist/worker.js", files: func() map[string]string {
			files := worker("npm run queue")
			files["package.json"] = `{"scripts": {"queue": "npm run start:queue", "start:queue": "node dist/worker.js"}}`
			return files
		}()},
		{name: "a program that is not there", language: "node", run: server, files: worker("tsx src/worker.ts"), text: "runs worker", hint: "the command of worker is not known to be in this image: tsx src/worker.ts"},
		{name: "a subcommand of the entry point", language: "go", run: program, text: "runs worker", hint: "docker run notes work --n 2", files: func() map[string]string {
			files := worker("[work, --n, '2']")
			files["Dockerfile"] = "BASEENTRYPOINT [\"/srv/box\"]\n"
			return files
		}()},
		{name: "the program by its name", language: "go", run: program, files: worker("/bin/notes work"), text: "runs worker", hint: "docker run notes work"},
		{name: "another program", language: "go", run: program, files: worker("/bin/other"), text: "runs worker", hint: "not known to be in this image: /bin/other"},
		{name: "a jar", language: "java", run: jar, files: worker("java -Xmx1g -jar /srv/x.jar --worker"), text: "runs worker", hint: "docker run notes app.jar --worker"},
		{name: "hostile", language: "python", run: gunicorn, files: worker(`["python", "a\nb", "'; rm"]`), text: "runs worker", hint: "not known to be in this image: python a b '; rm"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{}
			for name, text := range tt.files {
				files[name] = strings.ReplaceAll(text, "BASE", bases[tt.language])
			}
			in := beside(t, tt.language, files, nil)
			run := tt.run
			processes(in, &plan.App{Language: tt.language, Name: "notes", Run: &run})
			notes := in.Log.Notes()
			if tt.text == "" {
				if len(notes) > 0 {
					t.Errorf("got %+v", notes)
				}
				return
			}
			if len(notes) != 1 || !strings.Contains(notes[0].Text, tt.text) || !strings.Contains(notes[0].Hint, tt.hint) {
				t.Errorf("got %+v, want %q %q", notes, tt.text, tt.hint)
			}
		})
	}
}

// TestDevFolders: the documented folders are in dev, too, in every language alike.
func TestDevFolders(t *testing.T) {
	for language := range bases {
		in := beside(t, language, nil, nil)
		in.Log.Choose(plan.Choice{Key: "data", Value: "/data /app/uploads " + NonRootHome + "/x relative"})
		dev, prod := &plan.Run{Head: plan.Head{Name: plan.MustStageName("dev")}}, &plan.Run{Head: plan.Head{Name: plan.MustStageName("prod")}, Workdir: plan.MustPath("/app")}
		app := &plan.App{Language: language, Run: prod, Image: plan.Image{Stages: []plan.Stage{{Block: "prod", Data: dev}, {Block: "prod", Data: prod}}}}
		if err := Fulfil(in, app); err != nil {
			t.Fatal(err)
		}
		if len(dev.Makes) != 1 || dev.Makes[0].Raw() != "/data" || len(prod.Makes) > 0 {
			t.Errorf("%s: got %v and %v", language, dev.Makes, prod.Makes)
		}
	}
}
