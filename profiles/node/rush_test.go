package node

import (
	"maps"
	"strings"
	"testing"
)

// TestRush: what rush.json and the files of Rush beside it change in the image of a project.
func TestRush(t *testing.T) {
	const settings = "common/config/rush/"
	projects := func(more string) string {
		return `{"rushVersion": "5.179.0", "pnpmVersion": "10.34.8", ` + more + ` "projects": [{"packageName": "@m/api", "projectFolder": "apps/api"}, {"packageName": "@m/lib", "projectFolder": "libs/lib"}]}`
	}
	api := func(more string) string {
		return `{"name": "@m/api", "dependencies": {"@m/lib": "workspace:*"}, ` + more + `"scripts": {"build": "tsc", "start": "node index.js"}}`
	}
	for name, c := range map[string]struct {
		change map[string]string
		want   string // of the Dockerfile, or of the refusal
		not    string
	}{
		"the tools":                    {nil, "npm install -g @microsoft/rush@5.179.0 pnpm@10.34.8", "install-run"},
		"what the install reads":       {nil, "COPY rush.json ./\nCOPY common/config/ common/config/\nCOPY --parents apps/api/package.json libs/lib/package.json ./", "COPY package.json"},
		"the install of one project":   {nil, "rush install --to @m/api\n", "rush update"},
		"the build of one project":     {nil, "RUN rush build --to @m/api \\\n && rush deploy --project @m/api --target-folder /deploy --scenario image", "prune"},
		"what is deployed":             {nil, `{"deploymentProjectNames":["@m/api"],"includeNpmIgnoreFiles":true}`, "includeDevDependencies"},
		"prod":                         {nil, "COPY --link --from=build /deploy/ ./\nWORKDIR /app/apps/api\n", "COPY --link --from=build /app/"},
		"dev keeps what is installed":  {nil, "VOLUME /app/common/temp /app/apps/api/node_modules\n", "VOLUME /app/node_modules"},
		"no lockfile":                  {map[string]string{settings + "pnpm-lock.yaml": ""}, "rush update\n", "rush install"},
		"no workspaces":                {map[string]string{settings + "pnpm-config.json": ""}, "    rush install\n", "rush install --to"},
		"a lib without a build script": {map[string]string{"libs/lib/package.json": `{"name": "@m/lib", "main": "index.js"}`}, "RUN pnpm -C apps/api run build \\\n && rush deploy", "rush build"},
		"a build of its own":           {map[string]string{"libs/lib/package.json": `{"name": "@m/lib", "main": "index.js"}`, settings + "command-line.json": `{"commands": [{"name": "build", "commandKind": "bulk", "ignoreMissingScript": true}]}`}, "rush build --to @m/api", "pnpm -C apps/api run build"},
		"a scenario that says more":    {map[string]string{settings + "deploy-api.json": `{"deploymentProjectNames": ["@m/api"], "folderToCopy": "x"}`}, "--target-folder /deploy --scenario api", "deploy-image"},
		"the scenario without a name":  {map[string]string{settings + "deploy.json": `{"deploymentProjectNames": ["@m/api"], "folderToCopy": "x"}`}, "--target-folder /deploy\n", "--scenario"},
		"one of another project":       {map[string]string{settings + "deploy.json": `{"deploymentProjectNames": ["@m/lib"], "folderToCopy": "x"}`}, "--scenario image", ""},
		"a devDependency that starts":  {map[string]string{"apps/api/package.json": `{"name": "@m/api", "devDependencies": {"tsx": "4"}, "scripts": {"start": "tsx index.ts"}}`, "apps/api/index.ts": "require('http').createServer().listen(3000)"}, `"includeDevDependencies":true`, ""},
		"a program of a package":       {map[string]string{"apps/api/package.json": `{"name": "@m/api", "dependencies": {"json-server": "1"}, "scripts": {"start": "json-server db.json"}}`}, "cp -a apps/api/node_modules/.bin /deploy/apps/api/node_modules/", ""},
		"a hook of the source":         {map[string]string{"rush.json": projects(`"eventHooks": {"postRushInstall": ["node tools/x.js"]},`)}, "rush install --to @m/api --ignore-hooks", ""},
		"the range of Node":            {map[string]string{"rush.json": projects(`"nodeSupportedVersionRange": ">=22.1.0 <23.0.0",`), ".nvmrc": "24\n"}, "FROM node:22-", "RUSH_ALLOW_UNSUPPORTED_NODEJS"},
		"one patch of Node":            {map[string]string{"rush.json": projects(`"nodeSupportedVersionRange": "22.11.0",`)}, "ENV RUSH_ALLOW_UNSUPPORTED_NODEJS=1", ""},
		"a private registry":           {map[string]string{settings + ".npmrc": "registry=https://npm.example.com/\n//npm.example.com/:_authToken=${TOKEN}\n"}, "--mount=type=secret,id=TOKEN,env=TOKEN", ""},
		"a token":                      {map[string]string{settings + ".npmrc": "//npm.example.com/:_authToken=s3cr3t\n"}, "--mount=type=secret,id=npmrc,target=/app/common/config/rush/.npmrc", "s3cr3t"},
		"npm":                          {map[string]string{"rush.json": strings.Replace(projects(""), "pnpmVersion", "npmVersion", 1)}, "rush.json:1: has Rush install by another package manager than pnpm", ""},
		"no package manager":           {map[string]string{"rush.json": strings.Replace(projects(""), `"pnpmVersion": "10.34.8",`, "", 1)}, "names no package manager", ""},
		"a project that is missing":    {map[string]string{"libs/lib/package.json": ""}, "rush.json:1: names a project that has no package.json in this repository: libs/lib", ""},
		"a hostile version":            {map[string]string{"rush.json": strings.Replace(projects(""), "10.34.8", "1 && curl evil", 1)}, "pnpm@1 && curl evil'", "pnpm@1 && curl evil\n"},
	} {
		files := map[string]string{
			"rush.json":                   projects(""),
			settings + "pnpm-config.json": `{"useWorkspaces": true}`,
			settings + "pnpm-lock.yaml":   "lockfileVersion: '9.0'\nimporters:\n  ../../apps/api:\n    dependencies:\n      '@m/lib':\n        specifier: workspace:*\n        version: link:../../libs/lib\n",
			"apps/api/package.json":       api(""),
			"apps/api/index.js":           "require('http').createServer().listen(3000)",
			"libs/lib/package.json":       `{"name": "@m/lib", "main": "index.js", "scripts": {"build": ""}}`,
			"libs/lib/index.js":           "",
		}
		maps.Copy(files, c.change)
		for file, text := range c.change {
			if text == "" {
				delete(files, file)
			}
		}
		got := ""
		if _, _, err := decide(t, files); err != nil {
			got = err.Error()
		} else {
			got, _, _ = render(t, files)
		}
		if !strings.Contains(got, c.want) || c.not != "" && strings.Contains(got, c.not) {
			t.Errorf("%s: want %q, and not %q:\n%s", name, c.want, c.not, got)
		}
	}
}
