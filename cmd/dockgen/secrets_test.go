package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pw is in each value of secretVars.
const pw = "hunter2"

// secretVars are variables with values that nobody may see, and one that anybody may.
func secretVars() map[string]string {
	return map[string]string{
		"DB_PASSWORD": pw, "API_TOKEN": pw, "SECRET_KEY": pw, "APP_PWD": pw, "DATABASE_URL": "postgres://app:" + pw + "@db/app",
		"CACHE": "redis://:" + pw + "@cache:6379/0", "PIP_INDEX_URL": "https://me:" + pw + "@pypi.example.com/simple", "NPM_CONFIG_REGISTRY": "https://me:" + pw + "@npm.example.com/",
		"GOPROXY": "https://me:" + pw + "@proxy.example.com", "MAVEN_REPO": "https://me:" + pw + "@maven.example.com", "SPRING_DATASOURCE": "jdbc:mysql://db/app?user=app&password=" + pw,
		"CONNECTION": "Server=db;User Id=sa;Password=" + pw + ";", "HOOK": "https://hooks.example.com/x?token=" + pw, "JAVA_TOOL_OPTIONS": "-Dspring.datasource.password=" + pw, "NODE_OPTIONS": "--title=x --password=" + pw,
		"APP_OPTS": "password=" + pw, "VITE_API": "https://me:" + pw + "@api.example.com", "NEXT_PUBLIC_API": "https://api.example.com/?api_key=" + pw,
		"APP_MODE":          "fast",
		"GUNICORN_CMD_ARGS": "--env=SECRET_KEY=" + pw,
	}
}

// beside are files beside an app, by their kind, that set variables. pw is a password.
func beside(vars map[string]string, pw string) map[string]map[string]string {
	q := func(v any) string { b, _ := json.Marshal(v); return string(b) }
	var env, arg, taken, label, run, export, example strings.Builder
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		v := vars[name]
		env.WriteString("ENV " + name + "=" + q(v) + "\n")
		arg.WriteString("ARG " + name + "=" + q(v) + "\n")
		taken.WriteString("ENV " + name + "=$" + name + "\nLABEL a." + strings.ToLower(name) + "=$" + name + "\n")
		label.WriteString("LABEL b." + strings.ToLower(name) + "=" + q(v) + "\n")
		run.WriteString(" -e " + name + "=" + q(v))
		export.WriteString("export " + name + "=" + q(v) + "\n")
		example.WriteString(name + "=" + v + "\n")
	}
	service := map[string]any{"build": map[string]any{"context": ".", "args": vars}, "environment": vars}
	return map[string]map[string]string{
		"README":           {"README.md": "# x\n\n    docker run -p 8080:8080" + run.String() + " x\n\n```sh\n" + export.String() + "docker build --build-arg API_TOKEN=" + pw + " --build-arg X=" + pw + " .\n```\n"},
		"compose":          {"compose.yaml": q(map[string]any{"services": map[string]any{"app": service}})},
		"compose, a probe": {"compose.yaml": q(map[string]any{"services": map[string]any{"app": map[string]any{"build": ".", "healthcheck": map[string]any{"test": "curl -fu admin:" + pw + " http://admin:" + pw + "@localhost:8080/healthz?token=" + pw}}}})},
		"own ENV":          {"Dockerfile": "FROM debian\nWORKDIR /app\n" + env.String() + "COPY . .\nCMD [\"./x\"]\n"},
		"own ARG":          {"Dockerfile": "FROM debian\nWORKDIR /app\n" + arg.String() + taken.String() + "COPY . .\nRUN API_TOKEN=" + pw + " make\nCMD [\"./x\"]\n"},
		"a .env":           {".env": example.String(), ".env.production": example.String()},
		"code":             {},
		"own LABEL":        {"Dockerfile": "FROM debian\n" + label.String() + "HEALTHCHECK CMD curl -f http://admin:" + pw + "@localhost:8080/healthz\nCMD [\"./x\"]\n"},
		"bake":             {"docker-bake.json": q(map[string]any{"target": map[string]any{"app": map[string]any{"context": ".", "args": vars}}})},
		"chart":            {"k8s/app.yaml": q(map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "spec": map[string]any{"template": map[string]any{"spec": map[string]any{"containers": []any{map[string]any{"name": "app", "image": "x", "env": pairs(vars)}}}}}})},
		"an example":       {".env.example": example.String()},
		"an entrypoint":    {"Dockerfile": "FROM debian\nCOPY docker-entrypoint.sh /\nENTRYPOINT [\"/docker-entrypoint.sh\"]\nCMD [\"./x\"]\n", "docker-entrypoint.sh": "#!/bin/sh\n" + export.String() + "exec \"$@\"\n"},
	}
}

func pairs(vars map[string]string) (out []any) {
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		out = append(out, map[string]any{"name": name, "value": vars[name]})
	}
	return out
}

// asks are lines of code, by the manifest of their app, that ask for a variable.
func asks(manifest, name, value string) (file, line string) {
	q, _ := json.Marshal(value)
	switch manifest {
	case "go.mod":
		return "env.go", "package main\n\nimport (\n\t\"cmp\"\n\t\"os\"\n)\n\nvar _" + name + " = cmp.Or(os.Getenv(\"" + name + "\"), " + string(q) + ")\n"
	case "package.json":
		return "index.js", "\nif (!process.env." + name + ") throw new Error('no')\nconst _" + name + " = process.env." + name + " || " + string(q) + "\n"
	case "pom.xml":
		return "src/main/java/E.java", "class E { static String x = System.getenv().getOrDefault(\"" + name + "\", " + string(q) + "); }\n"
	}
	return "main.py", "\nimport os\nos.environ[\"" + name + "\"]\n_" + name + " = os.environ.get(\"" + name + "\", " + string(q) + ")\n"
}

// TestSecrets: what the files beside an app hold of secrets is in no file that dockgen writes, and
// is not shown.
func TestSecrets(t *testing.T) {
	t.Parallel()
	for manifest, app := range manifests() {
		app = maps.Clone(app)
		for name, value := range secretVars() {
			file, line := asks(manifest, name, value)
			if strings.HasPrefix(line, "\n") {
				app[file] += line
			} else {
				app[strings.ReplaceAll(file, ".", "_"+strings.ToLower(name)+".")] = line
			}
		}
		for kind, files := range beside(secretVars(), pw) {
			t.Run(manifest+"/"+kind, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				for _, files := range []map[string]string{app, files} {
					for name, text := range files {
						file := filepath.Join(dir, name)
						if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
							t.Fatal(err)
						}
						if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
							t.Fatal(err)
						}
					}
				}
				code, out, errs := command("init", "--force", dir)
				if code != exitDone {
					t.Fatalf("exit %d: %s", code, errs)
				}
				seen := map[string]string{"the output": out + errs}
				for _, args := range [][]string{{"explain", dir}, {"explain", "--json", dir}} {
					_, out, errs := command(args...)
					seen[strings.Join(args[:len(args)-1], " ")] = out + errs
				}
				for _, name := range []string{"Dockerfile", ".dockerignore", "dockgen.lock"} {
					text, err := os.ReadFile(filepath.Join(dir, name))
					if err != nil {
						t.Error(err)
					}
					seen[name] = string(text)
				}
				if kind == "own LABEL" && !strings.Contains(seen["Dockerfile"], "app_mode=fast") {
					t.Error("what is no secret is not taken over: the test compares nothing")
				}
				for what, text := range seen {
					for line := range strings.Lines(text) {
						if strings.Contains(line, pw) {
							t.Errorf("%s: %s", what, line)
						}
					}
				}
			})
		}
	}
}

// TestHostileVariables: what sets variables, and what starts an app, shows no control character, and
// what is written is what check wants.
func TestHostileVariables(t *testing.T) {
	t.Parallel()
	for manifest, app := range manifests() {
		for i, v := range []string{
			"\x1b[31m\u009b2J\u202e", "a\nRUN evil\n", "'\"`$(evil)\\", "${EVIL", "EOF\nRUN evil\nEOF", "/data\x1b]0;evil\a", strings.Repeat("/data/x", 20_000),
		} {
			vars := map[string]string{"PORT": v, "APP_MODE": v, "DATA_DIR": v, "APP_" + v: "x"}
			kinds := beside(vars, v)
			kinds["a Procfile"] = map[string]string{"Procfile": "web: X=" + v + " ./x " + v + "\nrelease: ./x " + v + "\nworker: " + v + "\n"}
			kinds["an own command"] = map[string]string{"docker/Dockerfile": "FROM debian\nSTOPSIGNAL " + v + "\nHEALTHCHECK CMD curl -f http://localhost:8080/" + v + "\nVOLUME /data/" + v + "\nCMD ./x " + v + "\n"}
			kinds["places"] = map[string]string{"README.md": "# x\n\n```sh\ndocker run -v x:/data/" + v + " -p 80:" + v + " --stop-signal " + v + " x serve " + v + "\n```\n"}
			for j, kind := range slices.Sorted(maps.Keys(kinds)) {
				if (i+j)%3 != 0 && os.Getenv("CI") != "true" {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%.20q", manifest, kind, v), func(t *testing.T) {
					t.Parallel()
					all := maps.Clone(app)
					file, line := asks(manifest, "APP_MODE", v)
					all[file] += line
					for name, text := range kinds[kind] {
						if name == "Dockerfile" {
							name = "docker/Dockerfile"
						}
						all[name] = text
					}
					endure(t, all, nil)
				})
			}
		}
	}
}
