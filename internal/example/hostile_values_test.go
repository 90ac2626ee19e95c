package example_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// valued are files beside an app, by their kind, that say how it is run: each place of
// them that may hold a value holds this one.
func valued(v string) map[string]map[string]string {
	q := func(v any) string { b, _ := json.Marshal(v); return string(b) }
	type object = map[string]any
	container := object{
		"name": "app", "image": v, "command": []string{v}, "args": []string{v, "--x=" + v}, "workingDir": v, "ports": []object{{"containerPort": v}},
		"env": []object{{"name": "X", "value": v}, {"name": v, "value": "x"}}, "livenessProbe": object{"httpGet": object{"path": v, "port": v}},
		"readinessProbe": object{"exec": object{"command": []string{v}}}, "volumeMounts": []object{{"name": "d", "mountPath": v}, {"name": "e", "mountPath": "/data/" + v}},
	}
	service := func(change object) string {
		out := object{
			"build": ".", "ports": []string{v, "8080:" + v}, "volumes": []string{"./x:" + v, "x:/data/" + v, v + ":/data"},
			"environment": object{"X": v, v: "x", "DATA_DIR": v, "PORT": v}, "stop_signal": v, "user": v, "working_dir": v,
			"labels": object{"a": v}, "tmpfs": v, "healthcheck": object{"test": []string{"CMD", v}},
		}
		maps.Copy(out, change)
		return q(object{"services": object{"app": out}})
	}
	return map[string]map[string]string{
		"README":                          {"README.md": "# App\n\n```sh\ndocker run -d -p 8080:" + v + " -v ./x:" + v + " -v d:/data/" + v + " -e X=" + v + " -e PORT=" + v + " --stop-signal " + v + " img " + v + "\n```\n"},
		"README, quoted":                  {"README.md": "# App\n\n```sh\ndocker run -d -p 8080:" + q(v) + " -v ./x:" + q(v) + " -v d:/data/" + q(v) + " -e X=" + q(v) + " -e PORT=" + q(v) + " img " + q(v) + "\n```\n"},
		"compose":                         {"compose.yaml": service(object{"command": []string{v}})},
		"compose, words":                  {"compose.yaml": service(object{"command": v, "entrypoint": v, "healthcheck": object{"test": v}})},
		"compose, a command with options": {"compose.yaml": service(object{"command": "serve --port 9000 --dir " + v, "healthcheck": object{"test": "curl -f http://localhost:8080/" + v}})},
		"chart": {
			"charts/app/Chart.yaml": "name: app\n", "charts/app/values.yaml": q(object{"image": v, "service": object{"port": v}, "env": object{"X": v}, "persistence": object{"mountPath": v}}),
			"k8s/deployment.yaml": q(object{"apiVersion": "apps/v1", "kind": "Deployment", "spec": object{"template": object{"spec": object{"containers": []object{container}}}}}),
		},
		"own Dockerfile": {
			"Dockerfile":           "FROM debian\nENV X=" + q(v) + " DATA_DIR=" + q(v) + " PORT=" + q(v) + "\nLABEL a=" + q(v) + "\nARG A=" + q(v) + "\nRUN apt-get install -y " + q(v) + "\nEXPOSE " + q(v) + "\nWORKDIR " + q(v) + "\nVOLUME [" + q(v) + "]\nUSER " + q(v) + "\nCOPY docker-entrypoint.sh /\nSTOPSIGNAL " + q(v) + "\nHEALTHCHECK CMD [" + q(v) + "]\nENTRYPOINT [\"/docker-entrypoint.sh\"]\nCMD [\"x\", " + q(v) + "]\n",
			"docker-entrypoint.sh": "#!/bin/sh\nset -e\nexport X=" + v + "\nmkdir -p " + v + " /data/" + v + "\nexec \"$@\" " + v + "\n",
		},
		"own Dockerfile, words": {"Dockerfile": "FROM debian\nENV X=" + v + "\nENV Y " + v + "\nLABEL a=" + v + "\nARG A=" + v + "\nEXPOSE " + v + "\nVOLUME " + v + "\nSTOPSIGNAL " + v + "\nHEALTHCHECK --interval=" + v + " CMD " + v + "\nCMD " + v + "\n"},
		"bake":                  {"docker-bake.json": q(object{"target": object{"app": object{"context": ".", "target": v, "dockerfile": v, "tags": []string{v}, "args": object{"A": v, v: "x"}, "labels": object{"a": v}}}})},
		"bake, HCL":             {"docker-bake.hcl": "target \"app\" {\n  context = \".\"\n  tags = [" + q(v) + "]\n  args = {\n    A = " + q(v) + "\n  }\n  target = \"" + v + "\"\n}\n"},
		"Procfile":              {"Procfile": "web: " + v + "\nrelease: " + v + "\nworker: x " + v + "\n"},
		"an example of .env":    {".env.example": "X=" + v + "\nPORT=" + v + "\nDATA_DIR=" + q(v) + "\n"},
		"platforms":             {"fly.toml": "kill_signal = " + q(v) + "\n[env]\nX = " + q(v) + "\n[processes]\napp = " + q(v) + "\n[mounts]\ndestination = " + q(v) + "\n", "app.json": q(object{"scripts": object{"postdeploy": v}, "env": object{"X": object{"value": v}}}), "render.yaml": q(object{"services": []object{{"type": "web", "startCommand": v, "buildCommand": v, "healthCheckPath": v}}})},
	}
}

// TestHostileValues puts every hostile value into what runs the app of one example of each
// language.
func TestHostileValues(t *testing.T) {
	for _, e := range examples(t) {
		if !e.Always {
			continue
		}
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			files := input(t, e)
			written := map[string]bool{}
			for i, v := range append(hostile(), "'\\''", "EOF\nevil\n", "$${EVIL}", "/data\nUSER 0", "/data/$(evil)", "/data/`evil`", "/data/'; evil; '", `/data/"; evil; "`, "/data;evil", strings.Repeat("x", 100_000)) {
				kinds := valued(v)
				for j, kind := range slices.Sorted(maps.Keys(kinds)) {
					if (i+j)%3 != 0 && os.Getenv("CI") != "true" {
						continue
					}
					all := fstest.MapFS{}
					maps.Copy(all, files)
					for name, text := range kinds[kind] {
						all[name] = &fstest.MapFile{Data: []byte(text)}
					}
					dockerfile, err := write(t, all)
					if err != nil {
						continue
					}
					written[kind] = true
					if err := commandsNothing(dockerfile); err != nil {
						t.Errorf("%s: %.80q: %v\n%s", kind, v, err, dockerfile)
					}
				}
			}
			// With files of Kubernetes, or an image of another program, a folder is no site that needs no build.
			none := map[string][]string{"html": {"chart", "own Dockerfile", "platforms"}}[e.Stack]
			for kind := range valued("") {
				if !written[kind] && !slices.Contains(none, kind) {
					t.Errorf("%s: every value was refused: the test compares nothing", kind)
				}
			}
		})
	}
}
