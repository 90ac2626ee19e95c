package node

import (
	"maps"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/node/nodetest"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// chosen are the values of the choices of a repository, with the lock of an earlier run.
func chosen(t *testing.T, files map[string]string, old []plan.Choice) (map[string]string, []plan.Choice, error) {
	t.Helper()
	index, f := nodetest.Facts(t, files)
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	locked := map[string]record.Locked{}
	for _, c := range old {
		locked[c.Key] = record.Locked{Value: c.Value, Evidence: c.Evidence}
	}
	log := &record.Log{Preferred: []plan.Runtime{plan.Distroless, plan.Slim, plan.Alpine}, Locked: locked}
	_, err = Decide(record.Input{Log: log, Know: know, Tree: index, Dir: ".", Builds: buildfile.Of(index, ".")}, f)
	out := map[string]string{}
	for _, c := range log.Choices() {
		out[c.Key] = c.Value
	}
	return out, log.Choices(), err
}

// TestOwnStart: what the repository's own Dockerfile starts comes before the Procfile and the scripts, and
// stays when dockgen's has taken its place.
func TestOwnStart(t *testing.T) {
	const listen = "require('express')().listen(3000)"
	app := map[string]string{
		"package.json": `{"scripts": {"start": "node index.js", "prod": "node server.js --prod", "dev": "nodemon index.js"}, "dependencies": {"express": "5"}}`,
		"Procfile":     "web: node index.js --web\n", "index.js": listen, "server.js": listen,
	}
	const head = "FROM node:22\nWORKDIR /srv/app\nCOPY . .\n"
	for name, c := range map[string]struct{ dockerfile, want string }{
		"none":                       {"", "node index.js --web"},
		"a file":                     {head + `CMD ["node", "server.js"]`, "node server.js"},
		"an absolute file":           {head + `CMD ["node", "/srv/app/server.js", "-v"]`, "node server.js -v"},
		"without its end":            {head + `CMD ["node", "server"]`, "node server"},
		"a script":                   {head + `CMD ["npm", "run", "prod"]`, "node server.js --prod"},
		"in a shell":                 {head + `CMD node server.js`, "node server.js"},
		"behind an entry point":      {head + `ENTRYPOINT ["./docker-entrypoint.sh"]` + "\n" + `CMD ["node", "server.js"]`, "node server.js"},
		"behind tini":                {head + `ENTRYPOINT ["tini", "--", "node"]` + "\n" + `CMD ["server.js"]`, "node server.js"},
		"a script for development":   {head + `CMD ["npx", "vite"]`, "node index.js --web"},
		"a file that is not there":   {head + `CMD ["node", "gone.js"]`, "node index.js --web"},
		"a file of the other image":  {head + `CMD ["node", "/usr/lib/x.js"]`, "node index.js --web"},
		"a file above":               {head + `CMD ["node", "../server.js"]`, "node index.js --web"},
		"a value that is not known":  {head + `CMD node $FILE`, "node index.js --web"},
		"another program":            {head + `CMD ["nginx"]`, "node index.js --web"},
		"a script that is not there": {head + `CMD ["npm", "run", "x\"; rm -rf /"]`, "node index.js --web"},
	} {
		files := maps.Clone(app)
		if c.dockerfile != "" {
			files["Dockerfile"] = c.dockerfile
		}
		got, choices, err := chosen(t, files, nil)
		if err != nil || got["start"] != c.want {
			t.Errorf("%s: got %q, %v, want %q", name, got["start"], err, c.want)
		}
		delete(files, "Dockerfile")
		if got, _, err := chosen(t, files, choices); err != nil || got["start"] != c.want {
			t.Errorf("%s, replaced: got %q, %v, want %q", name, got["start"], err, c.want)
		}
	}
}

// TestOwnMember: which app of a workspace the image is for, the repository's own Dockerfile says.
func TestOwnMember(t *testing.T) {
	app := map[string]string{
		"package.json":          `{"workspaces": ["apps/*"], "scripts": {"prod": "npm start -w web"}}`,
		"apps/api/package.json": `{"name": "api", "dependencies": {"express": "5"}, "scripts": {"start": "node a.js"}}`,
		"apps/api/a.js":         "require('express')().listen(3000)",
		"apps/web/package.json": `{"name": "web", "dependencies": {"express": "5"}, "scripts": {"start": "node w.js", "build": "tsc"}}`,
		"apps/web/w.js":         "require('express')().listen(4000)",
	}
	const head = "FROM node:22\nWORKDIR /app\nCOPY . .\n"
	for name, c := range map[string]struct{ dockerfile, want string }{
		"none":                      {"", "several apps"},
		"a file":                    {head + `CMD ["node", "apps/web/w.js", "--x"]`, "node apps/web/w.js --x"},
		"a script of the root":      {head + `CMD ["npm", "run", "prod"]`, "node w.js"},
		"by its name":               {head + `CMD ["npm", "start", "-w", "web"]`, "node w.js"},
		"in its folder":             {head + "WORKDIR /app/apps/web\n" + `CMD ["node", "w.js"]`, "node w.js"},
		"in its folder, by start":   {head + "WORKDIR /app/apps/web\n" + `CMD ["npm", "start"]`, "node w.js"},
		"what is built":             {head + "RUN npx turbo run build --filter=web...\n" + `CMD ["./run"]`, "node w.js"},
		"what is copied":            {"FROM node:22\nCOPY apps/web/dist ./dist\n" + `CMD ["./run"]`, "node w.js"},
		"what is deployed alone":    {"FROM node:22 AS b\nCOPY . .\nFROM node:22\nWORKDIR /srv\nCOPY --from=b /out .\n" + `CMD ["node", "w.js"]`, "node w.js"},
		"a file that no member has": {head + `CMD ["node", "dist/x.js"]`, "several apps"},
		"both are built":            {head + "RUN npx turbo run build --filter=web --filter=api\n" + `CMD ["./run"]`, "several apps"},
	} {
		files := maps.Clone(app)
		if c.dockerfile != "" {
			files["Dockerfile"] = c.dockerfile
		}
		got, _, err := chosen(t, files, nil)
		if got["start"] != c.want && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %q, %v, want %q", name, got["start"], err, c.want)
		}
	}
}

// TestServingMember: of several apps of a workspace the one that serves is its app, where the root starts none.
func TestServingMember(t *testing.T) {
	const root = `{"workspaces": ["apps/*"]}`
	server := map[string]string{"apps/api/package.json": `{"name": "api", "dependencies": {"express": "5"}, "scripts": {"start": "node a.js"}}`, "apps/api/a.js": "require('express')().listen(3000)"}
	for name, c := range map[string]struct {
		other, code string
		want        string
	}{
		"a worker":                   {`{"name": "w", "scripts": {"start": "node a.js"}}`, "setInterval(work, 1000)", "node a.js"},
		"one with a port for itself": {`{"name": "w", "scripts": {"start": "node a.js"}}`, "require('http').createServer().listen(0, '127.0.0.1')", "node a.js"},
		"an app of phones":           {`{"name": "m", "dependencies": {"expo": "51"}, "scripts": {"start": "expo start"}}`, "", "node a.js"},
		"another server":             {`{"name": "w", "scripts": {"start": "node a.js"}}`, "require('http').createServer().listen(8080)", "several apps"},
		"a site that browsers load":  {`{"name": "s", "dependencies": {"vite": "6", "react": "19"}, "scripts": {"start": "vite", "build": "vite build"}}`, "", "several apps"},
	} {
		files := maps.Clone(server)
		files["package.json"], files["apps/zother/package.json"], files["apps/zother/a.js"] = root, c.other, c.code
		if strings.Contains(c.other, "vite") {
			files["apps/zother/index.html"] = "<div id=app></div>"
		}
		got, _, err := chosen(t, files, nil)
		if got["start"] != c.want && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %q, %v, want %q", name, got["start"], err, c.want)
		}
	}
}
