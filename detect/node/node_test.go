package node

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/toolversion"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/detect/tree/treetest"
)

// read detects what is in a few files.
func read(t testing.TB, files map[string]string) (*Facts, error) {
	t.Helper()
	return readAt(t, files, ".")
}

func readAt(t testing.TB, files map[string]string, dir string) (*Facts, error) {
	t.Helper()
	tr := treetest.Of(t, files)
	return Detect(tr, dir)
}

func mustRead(t testing.TB, files map[string]string) *Facts {
	t.Helper()
	f, err := read(t, files)
	if err != nil {
		t.Fatal(err)
	}
	if f == nil {
		t.Fatal("found nothing")
	}
	return f
}

func TestManifest(t *testing.T) {
	f := mustRead(t, map[string]string{"package.json": `{
  "name": "x",
  "main": "lib/x.js",
  "bin": {"b": "b.js", "a": "a.js"},
  "scripts": {"start": "node .", "empty": ""},
  "dependencies": {"express": "^4.0.0"},
  "devDependencies": {
    "tsx": "4", "a": "1"
  },
  "engines": {"node": ">=18"},
  "volta": {"node": "20.1.0"},
  "devEngines": {"runtime": {"name": "node", "version": "22"}, "packageManager": [{"name": "pnpm", "version": "^10"}]},
  "packageManager": "pnpm@10.1.0"
}`})
	if got, want := f.Main, fact.New("lib/x.js", "package.json", 3); got != want {
		t.Errorf("main: got %v, want %v", got, want)
	}
	wantDeps := []Dep{
		{Name: "a", Range: "1", Kind: Dev, Pos: fact.At("package.json", 8)},
		{Name: "express", Range: "^4.0.0", Kind: Prod, Pos: fact.At("package.json", 6)},
		{Name: "tsx", Range: "4", Kind: Dev, Pos: fact.At("package.json", 8)},
	}
	if d := cmp.Diff(wantDeps, f.Deps); d != "" {
		t.Error(d)
	}
	if got := f.Bin[0].Value; got != "b.js" {
		t.Errorf("bin: got %s", got)
	}
	if _, ok := f.Script("empty"); ok {
		t.Error("an empty script was found")
	}
	wantEngines := []Engine{
		{Runtime: true, Name: "node", Version: fact.New("22", "package.json", 12)},
		{Name: "pnpm", Version: fact.New("^10", "package.json", 12)},
	}
	if d := cmp.Diff(wantEngines, f.DevEngines); d != "" {
		t.Error(d)
	}
	if got, want := f.Volta["node"], fact.New("20.1.0", "package.json", 11); got != want {
		t.Errorf("volta: got %v, want %v", got, want)
	}
}

func TestManifestForms(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"json with a byte order mark": {"package.json": "\ufeff{\"name\": \"x\", \"scripts\": {\"start\": \"node .\"}}"},
		"json with comments, of Bun":  {"package.json": "{// c\n\"name\": \"x\", \"scripts\": {\"start\": \"node .\",},}", "bun.lock": "{}"},
		"json5":                       {"package.json5": "{\n // c\n name: 'x',\n scripts: {start: \"node .\"},\n}"},
		"yaml":                        {"package.yaml": "name: x\nscripts:\n  start: node .\n"},
	} {
		f := mustRead(t, files)
		if s, _ := f.Script("start"); f.Name.Value != "x" || s.Value != "node ." {
			t.Errorf("%s: got %v, %v", name, f.Name, f.Scripts)
		}
	}
}

func TestMalformed(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"manifest":          {map[string]string{"package.json": "{\n  \"name\": \"x\"\n  \"main\": 1\n}"}, "package.json:3: is not valid JSON"},
		"a comma":           {map[string]string{"package.json": "{\n  \"name\": \"x\",\n}"}, "package.json:3: is not valid JSON: neither npm nor Node"},
		"a comma in a list": {map[string]string{"package.json": "{\"files\": [\n\"x\",\n]}", "yarn.lock": ""}, "package.json:3: is not valid JSON: neither npm nor Node"},
		"a comment":         {map[string]string{"package.json": "{\n// x\n\"name\": \"x\"}", "pnpm-lock.yaml": ""}, "package.json:2: is not valid JSON: neither npm nor Node"},
		"no object":         {map[string]string{"package.json": "[]\n"}, "package.json:1: is not an object"},
		"a list":            {map[string]string{"package.json": "[1]\n"}, "package.json:1: is not an object"},
		"too deep":          {map[string]string{"package.json": strings.Repeat("[", 1000)}, "package.json:1: nests deeper"},
		"json5":             {map[string]string{"package.json5": "{name: 'x',,}"}, "package.json5:1: is not valid JSON5"},
		"lockfile":          {map[string]string{"package.json": "{}", "package-lock.json": "{\n<<<<<<< HEAD\n"}, "package-lock.json:2: is not a lockfile of npm"},
		"pnpm lock":         {map[string]string{"package.json": "{}", "pnpm-lock.yaml": "a: [\n"}, "pnpm-lock.yaml:1: is not a lockfile of pnpm"},
		"mise":              {map[string]string{"package.json": "{}", "mise.toml": "[tools\n"}, "mise.toml:1: is not valid TOML"},
		"nx":                {map[string]string{"package.json": "{}", "nx.json": "{}", "a/project.json": "{\n\"x\"}"}, "a/project.json:2: is not valid JSON"},
		"workspace":         {map[string]string{"package.json": "{}", "pnpm-workspace.yaml": "packages: [\n"}, "pnpm-workspace.yaml"},
	} {
		_, err := read(t, c.files)
		var fe *fact.Error
		switch {
		case c.want == "":
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case !errors.As(err, &fe) || !strings.HasPrefix(err.Error(), c.want):
			t.Errorf("%s: got %v, want %s…", name, err, c.want)
		}
	}
}

func TestLockfiles(t *testing.T) {
	const manifest = `{"dependencies": {"a": "^1.0.0"}, "devDependencies": {"b": "2"}}`
	for name, c := range map[string]struct {
		file, text             string
		manager, format, stale string
	}{
		"npm 1":            {"package-lock.json", `{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.2.0"}, "b": {"version": "2.0.0"}}}`, "npm", "1", ""},
		"npm 1, stale":     {"package-lock.json", `{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.2.0"}}}`, "npm", "1", "b"},
		"npm 3":            {"package-lock.json", `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "^1.0.0"}, "devDependencies": {"b": "2"}}}}`, "npm", "3", ""},
		"npm 3, missing":   {"package-lock.json", `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "^1.0.0"}}}}`, "npm", "3", "b"},
		"npm 3, satisfied": {"package-lock.json", `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "~1.0.0"}, "devDependencies": {"b": "2"}}, "node_modules/a": {"version": "1.0.4"}}}`, "npm", "3", ""},
		"npm 3, too old":   {"package-lock.json", `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "0.1"}, "devDependencies": {"b": "2"}}, "node_modules/a": {"version": "0.1.0"}}}`, "npm", "3", "a"},
		"yarn 1":           {"yarn.lock", "# yarn lockfile v1\n\na@^1.0.0:\n  version \"1.0.0\"\n\nb@1, b@2:\n  version \"2.0.0\"\n", "yarn", "1", ""},
		"yarn 1, stale":    {"yarn.lock", "# yarn lockfile v1\n\na@^1.0.0:\n  version \"1.0.0\"\n", "yarn", "1", "b"},
		"yarn 4":           {"yarn.lock", berryLock, "berry", "8", ""},
		"yarn 4, stale":    {"yarn.lock", strings.Replace(berryLock, "a: \"npm:^1.0.0\"", "a: \"npm:^0.9.0\"", 1), "berry", "8", "a"},
		"yarn 4, missing":  {"yarn.lock", strings.Replace(berryLock, "    b: 2\n", "", 1), "berry", "8", "b"},
		"pnpm 5":           {"pnpm-lock.yaml", "lockfileVersion: 5.4\nspecifiers:\n  a: ^1.0.0\n  b: '2'\ndependencies:\n  a: 1.0.0\ndevDependencies:\n  b: 2.0.0\n", "pnpm", "5.4", ""},
		"pnpm 6":           {"pnpm-lock.yaml", "lockfileVersion: '6.0'\ndependencies:\n  a:\n    specifier: ^1.0.0\n    version: 1.0.0\ndevDependencies:\n  b:\n    specifier: '2'\n    version: 2.0.0\npackages:\n  x: [\n", "pnpm", "6.0", ""},
		"pnpm 9":           {"pnpm-lock.yaml", "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n        version: 1.0.0\n", "pnpm", "9.0", "b"},
		"bun":              {"bun.lock", "{\"lockfileVersion\": 1, \"workspaces\": {\"\": {\"dependencies\": {\"a\": \"^1.0.0\"}, \"devDependencies\": {\"b\": \"2\",},},},}", "bun", "1", ""},
	} {
		f := mustRead(t, map[string]string{"package.json": manifest, c.file: c.text})
		if len(f.Lockfiles) != 1 {
			t.Errorf("%s: got %v", name, f.Lockfiles)
			continue
		}
		if l := f.Lockfiles[0]; l.Manager != c.manager || l.Version != c.format || l.Stale != c.stale {
			t.Errorf("%s: got %s %s stale %q, want %s %s stale %q", name, l.Manager, l.Version, l.Stale, c.manager, c.format, c.stale)
		}
	}
}

const berryLock = `# This file is generated by running "yarn install" inside your project.

__metadata:
  version: 8
  cacheKey: 10c0

"a@npm:^1.0.0, a@npm:~1.0.0":
  version: 1.0.4
  resolution: "a@npm:1.0.4"
  checksum: 10c0/x
  languageName: node

"root@workspace:.":
  version: 0.0.0-use.local
  resolution: "root@workspace:."
  dependencies:
    a: "npm:^1.0.0"
    b: 2
  languageName: unknown
`

// TestLockedVersions wants the exact version of a dependency from each format.
func TestLockedVersions(t *testing.T) {
	for file, text := range map[string]string{
		"yarn.lock":         berryLock,
		"./yarn.lock":       "# yarn lockfile v1\n\n\n\"a@^1.0.0\", a@^1.0.1:\n  version \"1.0.4\"\n  resolved \"https://registry.yarnpkg.com/a\"\n\nb@1:\n  version \"9.0.0\"\n",
		"package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "^1.0.0"}}, "node_modules/a": {"version": "1.0.4"}}}`,
		"pnpm-lock.yaml":    "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n        version: 1.0.4(b@2.0.0)\n",
		"bun.lock":          `{"workspaces": {"": {"dependencies": {"a": "^1.0.0"}}}, "packages": {"a": ["a@1.0.4"]}}`,
	} {
		f := mustRead(t, map[string]string{"package.json": `{"dependencies": {"a": "^1.0.0"}}`, path.Clean(file): text})
		if d, _ := f.Dep("a"); d.Locked != "1.0.4" {
			t.Errorf("%s: got %q", file, d.Locked)
		}
	}
}

// TestStaleMembers wants a lockfile that does not know what a member of the
// workspace asks for to be out of step, in every format.
func TestStaleMembers(t *testing.T) {
	for name, c := range map[string]struct{ file, in, out string }{
		"npm": {
			"package-lock.json",
			`{"lockfileVersion": 3, "packages": {"": {}, "web": {"dependencies": {"a": "1"}}}}`,
			`{"lockfileVersion": 3, "packages": {"": {}, "web": {}}}`,
		},
		"pnpm": {
			"pnpm-lock.yaml",
			"lockfileVersion: '9.0'\nimporters:\n  .: {}\n  web:\n    dependencies:\n      a:\n        specifier: '1'\n        version: 1.0.0\n",
			"lockfileVersion: '9.0'\nimporters:\n  .: {}\n  web: {}\n",
		},
		"pnpm 5": {
			"pnpm-lock.yaml",
			"lockfileVersion: 5.4\nimporters:\n  .:\n    specifiers: {}\n  web:\n    specifiers:\n      a: '1'\n    dependencies:\n      a: 1.0.0\n",
			"lockfileVersion: 5.4\nimporters:\n  web:\n    specifiers:\n      a: '2'\n",
		},
		"yarn 1": {"yarn.lock", "a@1:\n  version \"1.0.0\"\n", "a@2:\n  version \"2.0.0\"\n"},
		"yarn 4": {
			"yarn.lock",
			"__metadata:\n  version: 8\n\n\"web@workspace:web\":\n  resolution: \"web@workspace:web\"\n  dependencies:\n    a: \"npm:1\"\n",
			"__metadata:\n  version: 8\n\n\"web@workspace:web\":\n  resolution: \"web@workspace:web\"\n  peerDependencies:\n    a: \"npm:1\"\n",
		},
		"bun": {"bun.lock", `{"workspaces": {"": {}, "web": {"dependencies": {"a": "1"}}}}`, `{"workspaces": {"": {}}}`},
	} {
		for text, want := range map[string]string{c.in: "", c.out: "a"} {
			f := mustRead(t, map[string]string{"package.json": `{"workspaces": ["web"]}`, "web/package.json": `{"name": "web", "dependencies": {"a": "1"}}`, c.file: text})
			if got := f.Lockfiles[0].Stale; got != want {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
		}
	}
}

// TestLockfileVersions: a lockfile says what is installed with the dependencies, in each format.
func TestLockfileVersions(t *testing.T) {
	const want = "@s/b 2.0.0; a 1.0.0 1.5.0; c 3.0.0"
	for name, c := range map[string]struct{ file, text, want string }{
		"npm 1": {"package-lock.json", `{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0", "requires": {"a": "1"}, "dependencies": {"a": {"version": "1.5.0"}}}, "@s/b": {"version": "2.0.0"}, "c": {"version": "3.0.0"}, "d": {"version": "4.0.0", "optional": true}}}`, want},
		"npm 3": {"package-lock.json", `{"lockfileVersion": 3, "packages": {"": {"name": "x", "version": "9.0.0"}, "node_modules/a": {"version": "1.0.0"}, "node_modules/@s/b": {"version": "2.0.0", "dev": true}, "node_modules/@s/b/node_modules/a": {"version": "1.5.0"},
			"node_modules/other": {"name": "c", "version": "3.0.0"}, "node_modules/d": {"version": "4.0.0", "optional": true}, "web": {"version": "1.0.0"}, "node_modules/web": {"resolved": "web", "link": true}}}`, want},
		"yarn 1":  {"yarn.lock", "# yarn lockfile v1\n\na@^1.0.0, a@1:\n  version \"1.0.0\"\n\na@~1.5.0:\n  version \"1.5.0\"\n\n\"@s/b@2\":\n  version \"2.0.0\"\n\n\"other@npm:c@3\":\n  version \"3.0.0\"\n", want},
		"yarn 4":  {"yarn.lock", "__metadata:\n  version: 8\n\n\"a@npm:^1.0.0\":\n  version: 1.0.0\n  resolution: \"a@npm:1.0.0\"\n\n\"a@npm:~1.5.0\":\n  version: 1.5.0\n  resolution: \"a@npm:1.5.0\"\n\n\"@s/b@npm:2\":\n  version: 2.0.0\n  resolution: \"@s/b@npm:2.0.0\"\n\n\"other@npm:c@3\":\n  version: 3.0.0\n  resolution: \"c@npm:3.0.0\"\n\n\"x@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"x@workspace:.\"\n", want},
		"pnpm 5":  {"pnpm-lock.yaml", "lockfileVersion: 5.4\npackages:\n\n  /@s/b/2.0.0:\n    dev: true\n\n  /a/1.0.0_react@18.0.0:\n    dev: false\n\n  /a/1.5.0:\n    dev: false\n\n  /c/3.0.0:\n    dev: false\n\n  /d/4.0.0:\n    dev: false\n    optional: true\n", want},
		"pnpm 6":  {"pnpm-lock.yaml", "lockfileVersion: '6.0'\npackages:\n\n  /@s/b@2.0.0:\n    dev: true\n\n  /a@1.0.0(react@18.0.0):\n    dev: false\n\n  /a@1.5.0:\n    dev: false\n\n  /c@3.0.0:\n    dev: false\n\n  /d@4.0.0:\n    optional: true\n", want},
		"pnpm 9":  {"pnpm-lock.yaml", "lockfileVersion: '9.0'\nimporters:\n\n  .: {}\n\npackages:\n\n  '@s/b@2.0.0':\n    resolution: {}\n\n  a@1.0.0:\n    resolution: {}\n\n  a@1.5.0:\n    resolution: {}\n\n  c@3.0.0:\n    resolution: {}\n\n  d@4.0.0:\n    resolution: {}\n\n  e@https://h.example/e.tgz:\n    resolution: {}\n\nsnapshots:\n\n  '@s/b@2.0.0': {}\n\n  a@1.0.0(react@18.0.0):\n    dependencies:\n      c: 3.0.0\n\n  d@4.0.0:\n    optional: true\n", want},
		"bun":     {"bun.lock", `{"lockfileVersion": 1, "packages": {"a": ["a@1.0.0", ""], "@s/b": ["@s/b@2.0.0"], "@s/b/a": ["a@1.5.0"], "other": ["c@3.0.0"]}}`, want},
		"nothing": {"package-lock.json", `{"lockfileVersion": 3, "packages": {}}`, ""},
	} {
		l := mustRead(t, map[string]string{"package.json": "{}", c.file: c.text}).Lockfiles[0]
		var got []string
		for _, name := range slices.Sorted(maps.Keys(l.Versions)) {
			got = append(got, name+" "+strings.Join(l.Versions[name], " "))
		}
		if got := strings.Join(got, "; "); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestRegistries(t *testing.T) {
	for name, c := range map[string]struct {
		files     map[string]string
		secret    string // the line that holds one
		variables string
		hosts     string
	}{
		"a variable":     {map[string]string{".npmrc": "; c\n@x:registry=https://npm.x.example/a\n//npm.x.example/a/:_authToken=${NPM_TOKEN}\n"}, "", "NPM_TOKEN", "npm.x.example"},
		"with a default": {map[string]string{".npmrc": "//npm.x.example/:_authToken=${NPM_TOKEN-}\n"}, "", "", ""},
		"a token":        {map[string]string{".npmrc": "engine-strict=true\n//npm.x.example/:_authToken=abc\n"}, ".npmrc:2", "", ""},
		"a password":     {map[string]string{".npmrc": "//npm.x.example/:_password=\"abc\"\nemail=a@b.example\n"}, ".npmrc:1", "", ""},
		"Yarn":           {map[string]string{".yarnrc.yml": "npmScopes:\n  x:\n    npmRegistryServer: https://npm.x.example\n    npmAuthToken: ${X_TOKEN}\nnpmAuthToken: \"${Y:-}\"\n"}, "", "X_TOKEN", "npm.x.example"},
		"Yarn's token":   {map[string]string{".yarnrc.yml": "npmRegistries:\n  //npm.x.example:\n    npmAuthToken: abc\n"}, ".yarnrc.yml:3", "", ""},
		"Yarn 1":         {map[string]string{".yarnrc": "registry \"https://npm.x.example\"\n"}, "", "", "npm.x.example"},
		"Bun":            {map[string]string{"bunfig.toml": "[install.scopes]\nx = { token = \"$X\", url = \"https://npm.x.example/\" }\n"}, "", "X", "npm.x.example"},
		"Bun's password": {map[string]string{"bunfig.toml": "[install]\nregistry = \"https://me:abc@npm.x.example/\"\n"}, "bunfig.toml:2", "", "npm.x.example"},
		"a lockfile":     {map[string]string{"package-lock.json": `{"packages": {"node_modules/a": {"resolved": "https://npm.x.example/a/-/a-1.0.0.tgz"}}}`}, "", "", "npm.x.example"},
		"a yarn.lock":    {map[string]string{"yarn.lock": "a@1:\n  version \"1\"\n  resolved \"https://npm.x.example/a/-/a-1.0.0.tgz#x\"\n"}, "", "", "npm.x.example"},
	} {
		c.files["package.json"] = "{}"
		f := mustRead(t, c.files)
		var secrets []string
		for _, pos := range []fact.Pos{f.NpmrcSecret, f.ConfigSecret} {
			if !pos.IsZero() {
				secrets = append(secrets, pos.String())
			}
		}
		secret := strings.Join(secrets, "")
		var variables, hosts []string
		for _, v := range f.Variables {
			variables = append(variables, v.Value)
		}
		for _, h := range f.Registries {
			hosts = append(hosts, h.Value)
		}
		if secret != c.secret || strings.Join(variables, " ") != c.variables || strings.Join(hosts, " ") != c.hosts {
			t.Errorf("%s: got %q, %q, %q", name, secret, variables, hosts)
		}
		for _, n := range f.Npmrc {
			if strings.Contains(n.Value, "abc") {
				t.Errorf("%s: a fact holds the secret: %s", name, n.Value)
			}
		}
	}
}

func TestLocalDependencies(t *testing.T) {
	f := mustRead(t, map[string]string{
		"package.json": `{"workspaces": ["web"], "dependencies": {"a": "file:libs/a", "b": "link:./libs/b", "c": "file:c-1.0.0.tgz", "d": "file:../d", "w": "file:web"},
			"resolutions": {"x": "patch:x@npm%3A1.0.0#~/.yarn/patches/x.patch", "y": "patch:y@npm:1#optional!builtin<compat/y>"}, "pnpm": {"patchedDependencies": {"z@1": "fixes/z.patch", "q": "../q.patch"}}}`,
		"web/package.json":    `{"name": "web", "dependencies": {"e": "portal:../libs/e", "p": "patch:p@1#./p.patch"}}`,
		"web/p.patch":         "",
		"libs/a/package.json": `{"dependencies": {"n": "file:../n"}}`,
		"libs/n/package.json": `{"dependencies": {"a": "file:../a"}}`,
		"libs/b/package.json": "{}", "libs/e/package.json": "{}", "c-1.0.0.tgz": "",
	})
	var got []string
	for _, l := range f.Local {
		got = append(got, fmt.Sprint(l.Path, " ", l.Archive, " ", l.Known))
	}
	if d := cmp.Diff([]string{"libs/a false true", "libs/b false true", "c-1.0.0.tgz true true", "../d false false", "libs/e false true", "libs/n false true"}, got); d != "" {
		t.Error(d)
	}
	got = nil
	for _, p := range f.Patches {
		got = append(got, p.Value)
	}
	if d := cmp.Diff([]string{"fixes/z.patch", ".yarn/patches/x.patch", "web/p.patch"}, got); d != "" {
		t.Error(d)
	}
}

func TestVersions(t *testing.T) {
	f := mustRead(t, map[string]string{
		"package.json":   "{}",
		".nvmrc":         "# we like\nlts/iron # this\n",
		".node-version":  "v22.1.0",
		".tool-versions": "ruby 3\nnodejs 20.1.0\npnpm 9.0.0\n",
		"mise.toml":      "[tools]\nnode = \"24\"\nbun = ['1.2', '1.1']\npnpm = {version = \"10\"}\n",
	})
	want := []toolversion.Version{
		{Tool: "node", Value: "lts/iron", Pos: fact.At(".nvmrc", 2)},
		{Tool: "node", Value: "v22.1.0", Pos: fact.At(".node-version", 1)},
		{Tool: "node", Value: "20.1.0", Pos: fact.At(".tool-versions", 2)},
		{Tool: "pnpm", Value: "9.0.0", Pos: fact.At(".tool-versions", 3)},
		{Tool: "node", Value: "24", Pos: fact.At("mise.toml", 2)},
		{Tool: "bun", Value: "1.2", Pos: fact.At("mise.toml", 3)},
		{Tool: "pnpm", Value: "10", Pos: fact.At("mise.toml", 4)},
	}
	if d := cmp.Diff(want, f.Versions); d != "" {
		t.Error(d)
	}
}

func TestTSConfig(t *testing.T) {
	f := mustRead(t, map[string]string{
		"package.json":       "{}",
		"tsconfig.json":      "{\"extends\": [\"@tsconfig/node24\", \"./base\"], // c\n\"include\": [\"src\"], \"compilerOptions\": {\"incremental\": true}}",
		"base.json":          `{"extends": "./config/deep.json", "compilerOptions": {"noEmit": true, "module": "NodeNext"}}`,
		"config/deep.json":   `{"compilerOptions": {"outDir": "../out", "noEmit": false}}`,
		"config/unused.json": `{"compilerOptions": {"outDir": "no"}}`,
	})
	c := f.TSConfig
	if c == nil || c.OutDir.Value != "out" || !c.NoEmit || c.Module != "nodenext" || len(c.Include) != 1 || len(c.Chain) != 3 {
		t.Errorf("got %+v", c)
	}
}

func TestWorkspace(t *testing.T) {
	f := mustRead(t, map[string]string{
		"package.json":                    `{"workspaces": ["packages/*", "!packages/no", "deep/**"]}`,
		"packages/a/package.json":         `{"name": "@x/a", "scripts": {"start": "node a.js"}}`,
		"packages/no/package.json":        `{"name": "no"}`,
		"packages/a/nested/package.json":  `{"name": "nested"}`,
		"deep/one/two/package.json":       `{"name": "two"}`,
		"other/package.json":              `{"name": "other"}`,
		"packages/a/node_modules/package": "",
	})
	var got []string
	for _, u := range f.Packages {
		got = append(got, u.Dir)
	}
	if d := cmp.Diff([]string{"deep/one/two", "packages/a"}, got); d != "" {
		t.Error(d)
	}
}

func TestNx(t *testing.T) {
	f := mustRead(t, map[string]string{
		"package.json":           "{}",
		"nx.json":                `{"defaultProject": "api"}`,
		"workspace.json":         `{"projects": {"old": {"root": "apps/old", "projectType": "library"}, "api": "apps/api"}}`,
		"apps/api/project.json":  "{\"name\": \"api\", \"targets\": {\"build\": {\n\"executor\": \"x:y\", \"options\": {\"outputPath\": \"{workspaceRoot}/dist/{projectRoot}\"}, \"configurations\": {\"production\": {}}}}}",
		"apps/web/project.json":  `{"targets": {"build": {"options": {"outputPath": "{options.x}/dist"}, "defaultConfiguration": "production", "configurations": {"production": {}}}}}`,
		"apps/web/package.json":  "{}",
		"apps/none/package.json": "{}",
	})
	want := &Nx{
		Default: fact.New("api", "nx.json", 1),
		Projects: []NxProject{
			{Name: "api", Dir: "apps/api", Pos: fact.At("apps/api/project.json", 1), Executor: fact.New("x:y", "apps/api/project.json", 2), Output: fact.New("dist/apps/api", "apps/api/project.json", 2), Production: true},
			{Name: "old", Dir: "apps/old", Library: true, Pos: fact.At("workspace.json", 1)},
			{Name: "web", Dir: "apps/web", Pos: fact.At("apps/web/project.json", 1), Manifest: true},
		},
	}
	if d := cmp.Diff(want, f.Nx); d != "" {
		t.Error(d)
	}
}

// What the configuration files of tools say of a build without an executor.
func TestNxInferred(t *testing.T) {
	f := mustRead(t, map[string]string{
		"package.json": "{}", "nx.json": "{}",
		"api/project.json":      `{"name": "api", "targets": {"build": {"executor": "nx:run-commands", "options": {"command": "webpack-cli build"}}, "serve": {}}}`,
		"api/webpack.config.js": "const { NxAppWebpackPlugin } = require('@nx/webpack/app-plugin');\nmodule.exports = {\noutput: { path: require('path').join(__dirname, '../dist/api') },\nplugins: [new NxAppWebpackPlugin({ target: 'node' })] };",
		"job/project.json":      `{"name": "job", "targets": {"build": {"executor": "nx:run-commands", "options": {"command": "make job"}}}}`,
		"job/webpack.config.js": "module.exports = {};",
		"old/project.json":      `{"name": "old"}`,
		"old/webpack.config.js": "const { NxAppWebpackPlugin } = require('@nx/webpack');\nmodule.exports = { plugins: [new NxAppWebpackPlugin({ target: 'web', outputPath: 'dist/old' })] };",
		"lib/project.json":      `{"name": "lib", "projectType": "library"}`,
		"lib/vite.config.ts":    "export default { build: { outDir: '../dist/lib' } };",
		"web/project.json":      `{"name": "web", "targets": {}}`,
		"web/vite.config.ts":    "export default {\nroot: __dirname, server: { port: 4200 },\nbuild: { outDir: '../dist/web' } };",
		"web/index.html":        "",
		"page/project.json":     `{"name": "page"}`,
		"page/vite.config.ts":   "export default { server: { port: 99999999 } };",
		"page/index.html":       "",
	})
	want := []NxProject{
		{Name: "api", Dir: "api", Executor: fact.New("webpack", "api/webpack.config.js", 0), Output: fact.New("dist/api", "api/webpack.config.js", 3), Platform: "node", Serve: true},
		{Name: "job", Dir: "job", Executor: fact.New("nx:run-commands", "job/project.json", 1)},
		{Name: "lib", Dir: "lib", Library: true},
		{Name: "old", Dir: "old", Executor: fact.New("webpack", "old/webpack.config.js", 0), Output: fact.New("dist/old", "old/webpack.config.js", 2), Platform: "web"},
		{Name: "page", Dir: "page", Executor: fact.New("vite", "page/vite.config.ts", 0), Output: fact.New("page/dist", "page/vite.config.ts", 0)},
		{Name: "web", Dir: "web", Executor: fact.New("vite", "web/vite.config.ts", 0), Output: fact.New("dist/web", "web/vite.config.ts", 3), Port: 4200},
	}
	for i := range want {
		want[i].Pos = fact.At(want[i].Dir+"/project.json", 1)
	}
	if d := cmp.Diff(want, f.Nx.Projects); d != "" {
		t.Error(d)
	}
}

func TestPorts(t *testing.T) {
	type port struct {
		Number   int
		Env      string
		Host     string
		HostEnv  string
		Loopback bool
		Weak     bool
	}
	for code, want := range map[string]port{
		"app.listen(4000)":                     {Number: 4000},
		"app.listen(process.env.PORT || 3000)": {Number: 3000, Env: "PORT"},
		"const port = process.env.PORT ?? '3001'\napp.listen(port, () => {})":                                {Number: 3001, Env: "PORT"},
		"const PORT: number = parseInt(process.env.PORT as string, 10) || 3002; server.listen(PORT)":         {Number: 3002, Env: "PORT"},
		"const port = process.env.PORT ? Number(process.env.PORT) : 3003;\nhttp.createServer().listen(port)": {Number: 3003, Env: "PORT"},
		"const { PORT = 3004 } = process.env; app.listen(PORT)":                                              {Number: 3004, Env: "PORT"},
		"const config = { port: process.env.APP_PORT || 3005 }; app.listen(config.port)":                     {Number: 3005, Env: "APP_PORT"},
		"fastify.listen({ port: 3006, host: '0.0.0.0' })":                                                    {Number: 3006, Host: "0.0.0.0"},
		"import Fastify from 'fastify'; const app = Fastify({ logger: true })\napp.listen({ port: 3014 })":   {Number: 3014, Loopback: true},
		"import fastify from 'fastify'; const app = fastify()\nawait app.listen(3015)":                       {Number: 3015, Loopback: true},
		"import fastify from 'fastify'; const app = fastify()\napp.listen({ port: 3016, ...options })":       {Number: 3016},
		"const app = require('express')()\napp.listen(3017)":                                                 {Number: 3017},
		"app.listen(3007, 'localhost')":                                                                      {Number: 3007, Host: "localhost"},
		"app.listen(3008, process.env.HOST || '127.0.0.1')":                                                  {Number: 3008, Host: "127.0.0.1", HostEnv: "HOST"},
		"Bun.serve({ fetch(req) { return new Response() }, port: 3009 })":                                    {Number: 3009},
		"serve({ fetch: app.fetch, port: 3010 })":                                                            {Number: 3010},
		"export default { port: 3011, fetch: app.fetch }":                                                    {Number: 3011},
		"await app.listen(process.env.PORT)":                                                                 {Env: "PORT"},
		"// app.listen(1)\nconst s = 'app.listen(2)'; x = `${app}.listen(3)`":                                {},
		"emitter.listen('event')\nconst DB_PORT = process.env.DB_PORT || 5432":                               {},
		"const re = /listen(1)/; a = b / c; app.listen(3012)":                                                {Number: 3012},
		"if (cluster) { app.set('port', process.env.PORT || 3013) }":                                         {Number: 3013, Env: "PORT", Weak: true},
	} {
		f := mustRead(t, map[string]string{"package.json": "{}", "index.ts": code})
		var got port
		if len(f.Code.Listens) > 0 {
			l := f.Code.Listens[0]
			n, _ := strconv.Atoi(l.Addr.Port.Text)
			got = port{n, l.Addr.Port.Env, l.Addr.Host.Text, l.Addr.Host.Env, l.Addr.Host.Sure == effect.Default && l.Addr.Host.Env == "", l.Named}
			if got.Loopback {
				got.Host = ""
			}
		}
		if got != want {
			t.Errorf("%s\ngot  %+v\nwant %+v", code, got, want)
		}
	}
}

func TestCode(t *testing.T) {
	f := mustRead(t, map[string]string{
		"package.json": "{}",
		"a.ts": `#!/usr/bin/env node
import express from "express";
import { x } from "@scope/pkg/sub";
const fs = require('node:fs');
const app = express();
app.get("/health", (req, res) => res.end()); router.get("/", x);
app.get("/users/:id", handler);
cache.get("/key");
process.once("SIGTERM", () => {});
import { execSync } from "child_process"; execSync("git log"); execSync(` + "`/usr/bin/dot ${flags} -Tpng`" + `); execSync("/opt/x");
const m = /a/.exec("ls -l");
`,
		"b.ts":           "enum Color { Red }\n",
		"test/x.test.js": "app.listen(9)\nrequire('mocha')\n",
	})
	var imports []string
	for name := range f.Code.Imports {
		imports = append(imports, name)
	}
	if len(imports) != 4 {
		t.Errorf("imports: got %v", imports)
	}
	if len(f.Code.Routes) != 1 || f.Code.Routes[0] != (effect.Route{Pos: fact.At("a.ts", 6), Method: "GET", Path: "/health"}) {
		t.Errorf("routes: got %v", f.Code.Routes)
	}
	if d := cmp.Diff([]effect.Signal{{Pos: fact.At("a.ts", 9), Name: "SIGTERM"}}, f.Code.Signals); d != "" {
		t.Error(d)
	}
	var execs []string
	for _, e := range f.Code.Execs {
		execs = append(execs, e.Program.Text+" "+e.Pos.String())
	}
	if d := cmp.Diff([]string{"git a.ts:10", "dot a.ts:10"}, execs); d != "" {
		t.Error(d)
	}
	if f.Code.Untyped != fact.At("b.ts", 1) {
		t.Errorf("untyped: got %v", f.Code.Untyped)
	}
	if len(f.Code.Listens) != 0 {
		t.Errorf("listens: got %v", f.Code.Listens)
	}
}

func FuzzManifest(f *testing.F) {
	f.Add(`{"name": "x", "scripts": {"start": "node ."}}`, "lts/*")
	f.Add("{\"workspaces\": {\"packages\": [\"a\"]}, // c\n}", "")
	f.Add("\xff\xfe{\x00", "v1")
	f.Add(`{"dependencies": {"a": 1, "a": "2"}, "bin": [], "engines": null}`, "\n")
	f.Fuzz(func(t *testing.T, manifest, version string) {
		for _, name := range manifests {
			facts, err := read(t, map[string]string{name: manifest, ".nvmrc": version, ".npmrc": version, "Procfile": version, ".tool-versions": version, "mise.toml": version, "nx.json": manifest, "a/project.json": manifest, ".yarnrc.yml": version, ".yarnrc": version, "bunfig.toml": version})
			if err == nil {
				_ = facts.Language()
				continue
			}
			if fe := (*fact.Error)(nil); !errors.As(err, &fe) || fe.Pos.File == "" {
				t.Fatalf("error without a place: %v", err)
			}
		}
	})
}

func FuzzLockfile(f *testing.F) {
	f.Add(`{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}}}`)
	f.Add("lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: 1\n")
	f.Add("a@1:\n  version \"1\"\n")
	f.Add(berryLock)
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range lockReaders {
			_, err := read(t, map[string]string{"package.json": `{"dependencies": {"a": "1"}}`, l.name: text})
			if fe := (*fact.Error)(nil); err != nil && !errors.As(err, &fe) {
				t.Fatalf("error without a place: %v", err)
			}
		}
	})
}

func FuzzCode(f *testing.F) {
	f.Add("const port = process.env.PORT || 3000; app.listen(port, 'x')")
	f.Add("`a${`b${c}`}` /re[/]/ 'x\n' /* ")
	f.Add("serve({port, fetch}, {) export default { port: ")
	f.Add("const { PORT = 1, } = process.env; import x from './y'; constructor(private a: B) {}")
	f.Fuzz(func(t *testing.T, code string) {
		if _, err := read(t, map[string]string{"package.json": "{}", "a.ts": code, "b.jsx": code}); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkDetect(b *testing.B) {
	tr, err := tree.Scan(b.Context(), os.DirFS("../../testdata/node/nest/input"), tree.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Detect(tr, "."); err != nil {
			b.Fatal(err)
		}
	}
}
