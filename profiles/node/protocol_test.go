package node

import (
	"strings"
	"testing"
)

// A dependency that only a workspace answers needs one.
func TestProtocols(t *testing.T) {
	const start = `"scripts": {"start": "node a.js"}`
	app := func(dep, more string) map[string]string {
		return map[string]string{"a.js": "", "package.json": `{` + more + start + `, "dependencies": {` + dep + `}}`}
	}
	with := func(files map[string]string, more ...string) map[string]string {
		for i := 0; i < len(more); i += 2 {
			files[more[i]] = more[i+1]
		}
		return files
	}
	const pnpm, berry = `"packageManager": "pnpm@10.1.0", `, `"packageManager": "yarn@4.9.0", `
	for name, c := range map[string]struct {
		files map[string]string
		want  string // of the refusal, "" for none
	}{
		"workspace, and none":                {app(`"@m/ui": "workspace:*"`, pnpm), "package.json:1: @m/ui is asked for as a package of a workspace (workspace:*), and this folder is the root of none"},
		"workspace, none and no manager":     {app(`"@m/ui": "workspace:^"`, ""), "this folder is the root of none"},
		"workspace without the member":       {with(app(`"@m/ui": "workspace:*"`, berry+`"workspaces": ["p/*"], `), "p/x/package.json", `{"name": "@m/x"}`), "no member of it has that name"},
		"workspace with the member":          {with(app(`"@m/x": "workspace:*"`, berry+`"workspaces": ["p/*"], `), "p/x/package.json", `{"name": "@m/x"}`), ""},
		"workspace by another name":          {with(app(`"y": "workspace:@m/x@*"`, pnpm), "pnpm-workspace.yaml", "packages: ['p/*']\n", "p/x/package.json", `{"name": "@m/x"}`), ""},
		"workspace by the folder":            {with(app(`"y": "workspace:p/x"`, berry+`"workspaces": ["p/*"], `), "p/x/package.json", `{"name": "@m/x"}`), ""},
		"workspace that npm cannot read":     {with(app(`"@m/x": "workspace:*"`, `"workspaces": ["p/*"], `), "p/x/package.json", `{"name": "@m/x"}`), "which npm does not read"},
		"member's workspace dependency":      {with(app(``, berry+`"workspaces": ["p/*"], `), "p/x/package.json", `{"name": "@m/x", "dependencies": {"@m/y": "workspace:*"}}`), "p/x/package.json:1: @m/y"},
		"catalog, and none":                  {app(`"a": "catalog:"`, pnpm), "takes its version from a catalog (catalog:), and none here has it"},
		"catalog of pnpm":                    {with(app(`"a": "catalog:"`, pnpm), "pnpm-workspace.yaml", "catalog:\n  a: ^1\n"), ""},
		"catalog of that name":               {with(app(`"a": "catalog:web"`, pnpm), "pnpm-workspace.yaml", "catalogs:\n  web:\n    a: ^1\n"), ""},
		"catalog of another name":            {with(app(`"a": "catalog:web"`, pnpm), "pnpm-workspace.yaml", "catalog:\n  a: ^1\n"), "none here has it"},
		"catalog of Bun":                     {with(app(`"a": "catalog:"`, `"workspaces": {"packages": [], "catalog": {"a": "1"}}, `), "bun.lock", "{}"), ""},
		"catalog of Yarn":                    {with(app(`"a": "catalog:"`, berry), ".yarnrc.yml", "catalog:\n  a: ^1\n"), ""},
		"catalog that npm cannot read":       {app(`"a": "catalog:"`, ""), "which npm does not read"},
		"a peer that nobody installs":        {with(app(``, ""), "package.json", `{`+start+`, "peerDependencies": {"a": "workspace:*"}}`), ""},
		"a private member of the registry":   {with(privateMember("7.0.0", "*"), "x", ""), "a/package.json:1: pnpm-lock.yaml takes tsc from the registry"},
		"a private member that is linked":    {privateMember("link:../tsc", "*"), ""},
		"a package of the registry by alias": {privateMember("7.0.0", "npm:tsc@7.0.0"), ""},
		"a member that asks for its name":    {with(privateMember("7.0.0", "*"), "tsc/package.json", `{"name": "tsc", "private": true, "devDependencies": {"tsc": "7.0.0"}}`), ""},
		"a member that is published":         {with(privateMember("7.0.0", "*"), "tsc/package.json", `{"name": "tsc"}`), ""},
		"a folder outside, by a protocol":    {app(`"a": "link:../a"`, pnpm), "outside of the build context"},
	} {
		_, _, err := decide(t, c.files)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

// A lockfile that lacks packages for Linux, or that npm 11 does not install from, is
// completed by the install.
func TestIncompleteLockfile(t *testing.T) {
	lock := func(optional, there string) string {
		return `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"version": "1.0.0", "optionalDependencies": {` + optional + `}}` + there + `}}`
	}
	const manifest = `{"scripts": {"start": "node a.js"}, "dependencies": {"a": "1"}}`
	const mac = `"@a/darwin-arm64": "1", "@a/linux-x64-gnu": "1"`
	for name, c := range map[string]struct {
		lock, node string
		want       []string // of the Dockerfile and the notes
	}{
		"a Mac's, npm 11":     {lock(mac, ""), "24", []string{"    npm install\n", "package-lock.json was made on another system: it lacks @a/linux-x64-gnu, which a needs on Linux (delete node_modules and package-lock.json", "!npm install -g"}},
		"a Mac's, npm 10":     {lock(mac, ""), "22", []string{"npm install -g npm@11", "    npm install\n", "it lacks @a/linux-x64-gnu"}},
		"no fsevents, npm 11": {lock(`"fsevents": "2"`, ""), "24", []string{"    npm install\n", "package-lock.json lacks fsevents, an optional dependency of a"}},
		"no fsevents, npm 10": {lock(`"fsevents": "2"`, ""), "22", []string{"    npm ci\n", "!lacks"}},
		"complete":            {lock(`"fsevents": "2"`, `, "node_modules/fsevents": {"version": "2.0.0"}`), "24", []string{"    npm ci\n", "!lacks"}},
	} {
		dockerfile, _, notes := render(t, map[string]string{"package.json": manifest, "a.js": "", "package-lock.json": c.lock, ".nvmrc": c.node})
		for _, w := range c.want {
			not, absent := strings.CutPrefix(w, "!")
			if strings.Contains(dockerfile+notes, not) == absent {
				t.Errorf("%s: want %q in\n%s%s", name, w, dockerfile, notes)
			}
		}
	}
}

// privateMember is a workspace whose lockfile has a version of the private member tsc for the app.
func privateMember(version, rng string) map[string]string {
	return map[string]string{
		"package.json": `{"packageManager": "pnpm@9.5.0"}`, "pnpm-workspace.yaml": "packages: [a, tsc]\n",
		"a/package.json": `{"name": "a", "scripts": {"start": "node a.js"}, "devDependencies": {"tsc": "` + rng + `"}}`, "a/a.js": "",
		"tsc/package.json": `{"name": "tsc", "private": true}`,
		"pnpm-lock.yaml":   "lockfileVersion: '9.0'\nimporters:\n  .: {}\n  a:\n    devDependencies:\n      tsc:\n        specifier: '" + rng + "'\n        version: " + version + "\n  tsc: {}\n",
	}
}
