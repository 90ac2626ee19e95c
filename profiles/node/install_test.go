package node

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/node/nodetest"
	"github.com/dockgen/dockgen/templates"
)

// render makes the Dockerfile and the .dockerignore of a repository, with its
// notes behind them.
func render(t *testing.T, files map[string]string, set ...string) (dockerfile, ignore, notes string) {
	t.Helper()
	p, log, err := decide(t, files, set...)
	if err != nil {
		t.Fatal(err)
	}
	out, err := templates.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range log.Notes() {
		notes += n.Pos.String() + ": " + n.Text + " (" + n.Hint + ")\n"
	}
	return string(out[0].Data), string(out[1].Data), notes
}

// TestInstall holds the Dockerfile to what an install needs beside the
// manifest and the lockfile.
func TestInstall(t *testing.T) {
	const lock9 = "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: '1'\n        version: 1.0.0\n"
	for name, c := range map[string]struct {
		files  map[string]string
		set    []string
		want   []string // of the Dockerfile, the .dockerignore and the notes; "!" before what must not be there
		ignore []string
		notes  []string
	}{
		"a variable of .npmrc": {
			files:  map[string]string{".npmrc": "//npm.x.example/:_authToken=${NPM_TOKEN}\n"},
			want:   []string{"COPY package.json .npmrc ./\n", "RUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN \\\n    --mount=type=cache,target=/root/.npm \\\n    npm install\n"},
			ignore: []string{"!\n.npmrc\n"},
			notes:  []string{"docker build --secret id=NPM_TOKEN ."},
		},
		"a token in .npmrc": {
			files:  map[string]string{".npmrc": "//npm.x.example/:_authToken=abc\n"},
			want:   []string{"COPY package.json ./\n", "RUN --mount=type=secret,id=npmrc,target=/app/.npmrc \\\n", "!abc"},
			ignore: []string{"\n.npmrc\n"},
			notes:  []string{".npmrc:1: .npmrc holds a token as plain text", "docker build --secret id=npmrc,src=.npmrc .", "!abc"},
		},
		"Yarn 1 fails without the variable": {
			files:  map[string]string{".npmrc": "//npm.x.example/:_authToken=${NPM_TOKEN}\n", "yarn.lock": "a@1:\n  version \"1.0.0\"\n"},
			want:   []string{"COPY package.json yarn.lock ./\n", "--mount=type=secret,id=npmrc,target=/app/.npmrc", "--mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN"},
			ignore: []string{"\n.npmrc\n"},
		},
		"Yarn 4 ends without the variable": {
			files: map[string]string{".yarnrc.yml": "npmAuthToken: ${NPM_TOKEN}\n", "yarn.lock": berryLock(8), "package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "scripts": {"test": "node --test", "build": "x"}}`},
			want:  []string{"RUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN \\\n    yarn test\n", "RUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN \\\n    yarn run build\n"},
			notes: []string{"write ${NPM_TOKEN:-}"},
		},
		"a private registry that says no more": {
			files: map[string]string{".npmrc": "registry=https://npm.x.example/\n"},
			want:  []string{"COPY package.json .npmrc ./\n", "--mount=type=secret,id=npmrc,target=/root/.npmrc"},
			notes: []string{".npmrc:1: packages come from npm.x.example", "--secret id=npmrc,src=$HOME/.npmrc"},
		},
		"a public registry": {
			files: map[string]string{".npmrc": "registry=https://registry.npmmirror.com/\n@jsr:registry=https://npm.jsr.io\n"},
			want:  []string{"!secret"},
			notes: []string{"!packages come from"},
		},
		"a lockfile of a mirror": {
			files: map[string]string{"package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"version": "1.0.0", "resolved": "https://registry.npmmirror.com/a/-/a-1.0.0.tgz"}}}`},
			want:  []string{"npm ci --replace-registry-host=registry.npmmirror.com\n"},
		},
		"a lockfile of a mirror with other paths": {
			files: map[string]string{"package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"version": "1.0.0", "resolved": "https://registry.npmmirror.com/a/download/a-1.0.0.tgz"}}}`},
			want:  []string{"npm ci\n"},
		},
		"a lockfile of a mirror and another registry": {
			files: map[string]string{"package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"version": "1.0.0", "resolved": "https://registry.npmmirror.com/a/-/a-1.0.0.tgz"}, "node_modules/b": {"version": "1.0.0", "resolved": "https://npm.x.example/b/-/b-1.0.0.tgz"}}}`},
			want:  []string{"npm ci\n"},
		},
		"Git by SSH": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "git+ssh://git@github.com/x/a.git"}}`},
			want:  []string{"--mount=type=ssh \\\n", "git openssh-client", `ENV GIT_SSH_COMMAND="ssh -o StrictHostKeyChecking=accept-new"`},
			notes: []string{"docker build --ssh default ."},
		},
		"Git of a dependency's dependency": {
			files: map[string]string{"package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/b": {"resolved": "git+ssh://git@github.com/x/b.git#abc"}}}`},
			want:  []string{"# git and ca-certificates: b comes from a Git repository.\n", "ca-certificates git", "!type=ssh"},
		},
		"patch-package": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "scripts": {"postinstall": "patch-package --patch-dir fixes"}}`, "fixes/a.patch": "", "patches/b.patch": ""},
			want:  []string{"COPY fixes/ fixes/\nRUN", "!COPY patches/"},
		},
		"patch-package by Yarn, and a browser": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "scripts": {"postinstall": "yarn patch-package --error-on-fail && npx playwright install --with-deps chromium", "prepare": "yarn husky install"}}`, "yarn.lock": "a@1:\n", "patches/b.patch": ""},
			want:  []string{"COPY package.json yarn.lock ./\nCOPY patches/ patches/\nRUN"},
		},
		"a program of Yarn that reads the source": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "scripts": {"postinstall": "yarn gulp"}}`, "yarn.lock": "a@1:\n"},
			want:  []string{"COPY . .\nRUN"},
		},
		"patch-package as Yarn 1 prunes": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1", "patch-package": "8"}, "devDependencies": {"b": "1"}, "scripts": {"postinstall": "patch-package"}}`, "yarn.lock": "a@1:\n\nb@1:\n\npatch-package@8:\n", "patches/a.patch": ""},
			want:  []string{"yarn install --production --ignore-scripts --prefer-offline \\\n && yarn run patch-package\n"},
		},
		"patch-package that Yarn 1 would take out": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "devDependencies": {"patch-package": "8"}, "scripts": {"postinstall": "patch-package"}}`, "yarn.lock": "a@1:\n\npatch-package@8:\n", "patches/a.patch": ""},
			want:  []string{"!--production"},
			notes: []string{"would undo patch-package's patches"},
		},
		"pnpm's patches": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "pnpm": {"patchedDependencies": {"a@1": "p/a.patch"}}}`, "p/a.patch": "", "pnpm-lock.yaml": lock9},
			want:  []string{"COPY p/ p/\n"},
		},
		"Yarn's folders": {
			files: map[string]string{
				"package.json": `{"main": "a.js", "dependencies": {"a": "patch:a@npm%3A1#~/.yarn/patches/a.patch"}, "devDependencies": {"b": "1"}, "scripts": {"postinstall": "husky"}}`,
				"yarn.lock":    berryLock(8), ".yarn/patches/a.patch": "", ".yarn/cache/a.zip": "", ".yarn/releases/yarn-4.13.0.cjs": "", ".yarnrc.yml": "yarnPath: ./.yarn/releases/yarn-4.13.0.cjs\nenableGlobalCache: false\n", ".nvmrc": "24\n",
			},
			want: []string{
				"COPY .yarn/cache/ .yarn/cache/\nCOPY .yarn/patches/ .yarn/patches/\nCOPY .yarn/releases/ .yarn/releases/\nRUN", "!npm install -g", "ENV YARN_NODE_LINKER=node-modules\n",
				"npm pkg delete scripts.postinstall \\\n && yarn workspaces focus --production\n", "COPY --link --exclude=.yarn . .\n",
			},
			ignore: []string{"!\n.yarn/cache\n", "\n.pnp.*\n"},
		},
		"a release where the image has no Yarn": {
			files: map[string]string{"yarn.lock": berryLock(8), ".yarn/releases/yarn-4.13.0.cjs": "", ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-4.13.0.cjs\n", ".nvmrc": "26\n"},
			want:  []string{"npm install -g @yarnpkg/cli-dist@4.13.0\n"},
		},
		"a release that is not committed": {
			files: map[string]string{"yarn.lock": berryLock(8), ".yarnrc.yml": "yarnPath: .yarn/releases/yarn-4.12.0.cjs\nnodeLinker: node-modules\n"},
			want:  []string{"ENV YARN_IGNORE_PATH=1\n", "npm install -g @yarnpkg/cli-dist@4.12.0\n", "!YARN_NODE_LINKER"},
		},
		"Yarn 1 that the image does not have": {
			files: map[string]string{"package.json": `{"packageManager": "yarn@1.19.2", "main": "a.js", "dependencies": {"a": "1"}}`, "yarn.lock": "a@1:\n"},
			want:  []string{"npm install -g yarn@1.19.2\n"},
		},
		"Yarn 1 offline": {
			files: map[string]string{"yarn.lock": "a@1:\n", ".yarnrc": "yarn-offline-mirror \"./offline\"\nyarn-path .yarn/releases/yarn-1.22.4.js\n", "offline/a-1.tgz": "", ".yarn/releases/yarn-1.22.4.js": ""},
			want:  []string{"COPY package.json yarn.lock .yarnrc ./\nCOPY .yarn/releases/ .yarn/releases/\nCOPY offline/ offline/\n"},
		},
		"Yarn 2 without the plugin that prunes": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "devDependencies": {"b": "1"}}`, "yarn.lock": berryLock(6)},
			want:  []string{"!focus"},
			notes: []string{"yarn plugin import workspace-tools"},
		},
		"Yarn 3 with the plugin that prunes": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "devDependencies": {"b": "1"}}`, "yarn.lock": berryLock(6), ".yarnrc.yml": "plugins:\n- path: .yarn/plugins/x.cjs\n  spec: \"@yarnpkg/plugin-workspace-tools\"\n", ".yarn/plugins/x.cjs": ""},
			want:  []string{"COPY .yarn/plugins/ .yarn/plugins/\n", "yarn workspaces focus --production"},
		},
		"Yarn 4 in a workspace": {
			files: map[string]string{"package.json": `{"main": "a.js", "workspaces": ["w"], "dependencies": {"a": "1"}, "devDependencies": {"b": "1"}}`, "w/package.json": "{}", "yarn.lock": berryLock(8)},
			want:  []string{"yarn workspaces focus --all --production", "COPY --link --from=modules --exclude=.yarn /app/ ./\n"},
		},
		"Bun of the same C library": {
			files: map[string]string{"package.json": nodetest.Manifest("a", "start: node a.js"), "bun.lock": "{}"},
			set:   []string{"runtime=alpine"},
			want:  []string{"COPY --link --from=oven/bun:1-alpine /usr/local/bin/bun"},
		},
		"local packages": {
			files: map[string]string{"package.json": `{"main": "dist/a.js", "scripts": {"build": "tsc"}, "dependencies": {"x": "file:libs/x", "y": "file:vendored/y-1.tgz"}}`, "tsconfig.json": `{"compilerOptions": {"outDir": "dist"}}`, "a.ts": "", "libs/x/package.json": "{}", "vendored/y-1.tgz": ""},
			want:  []string{"COPY package.json ./\nCOPY libs/x/ libs/x/\nCOPY vendored/y-1.tgz vendored/\nRUN", "COPY --link --from=build /app/libs/x/ libs/x/\nCOPY --link --from=build /app/node_modules/"},
		},
		"a script that reads the source": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "scripts": {"postinstall": "node setup.js"}}`, "setup.js": ""},
			want:  []string{"COPY . .\nRUN --mount=type=cache,target=/root/.npm \\\n    npm install\n"},
		},
		"prepare, which Yarn 4 does not run": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "scripts": {"prepare": "node setup.js"}}`, "yarn.lock": berryLock(8)},
			want:  []string{"COPY package.json yarn.lock ./\n"},
		},
		"npm 6 has no --omit": {
			files: map[string]string{"package.json": `{"main": "a.js", "engines": {"node": "14"}, "dependencies": {"a": "1"}, "devDependencies": {"b": "1"}}`},
			want:  []string{"npm prune --production\n", "!--omit"},
		},
		"npm 6 does not read lockfiles of version 3": {
			files: map[string]string{"package.json": `{"main": "a.js", "engines": {"node": "14"}, "dependencies": {"a": "1"}, "devDependencies": {"b": "1"}}`, "package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}, "devDependencies": {"b": "1"}}}}`},
			want:  []string{"# npm 9.9.4 takes the place of the image's own; its version is from package-lock.json.\n", "npm install -g npm@9.9.4\n", "npm prune --omit=dev"},
		},
		"npm 6 reads lockfiles of version 2": {
			files: map[string]string{"package.json": `{"main": "a.js", "engines": {"node": "14"}, "dependencies": {"a": "1"}}`, "package-lock.json": `{"lockfileVersion": 2, "packages": {"": {"dependencies": {"a": "1"}}}}`},
			want:  []string{"!npm install -g"},
		},
		"engine-strict and another npm": {
			files: map[string]string{"package.json": `{"main": "a.js", "engines": {"npm": "10.x"}, "dependencies": {"a": "1"}}`, ".npmrc": "engine-strict=true\n"},
			want:  []string{"npm install -g npm@10.9.9\n"},
		},
		"another npm that nothing enforces": {
			files: map[string]string{"package.json": `{"main": "a.js", "engines": {"npm": "10.x"}, "dependencies": {"a": "1"}}`},
			want:  []string{"!npm install -g"},
		},
		"a range that the image's npm is in": {
			files: map[string]string{"package.json": `{"main": "a.js", "engines": {"npm": ">=9"}, "dependencies": {"a": "1"}}`},
			want:  []string{"!npm install -g"},
		},
		"a range of newer npms": {
			files: map[string]string{"package.json": `{"main": "a.js", "engines": {"npm": "^12.0.0"}, "dependencies": {"a": "1"}}`},
			want:  []string{"npm install -g npm@12.2.2\n", "    npm install\n", "!allow-"},
			notes: []string{"npm 12.2.2 runs the install scripts of no package that allowScripts of package.json does not name"},
		},
		"the npm that packageManager names": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "npm@11.6.0+sha512.abc", "dependencies": {"a": "1"}}`},
			want:  []string{"# npm 11.6.0 takes the place of the image's own; its version is from package.json.\n", "npm install -g npm@11.6.0\n", "!allow-"},
		},
		"the npm of a tool's pin": {
			files: map[string]string{"package.json": `{"main": "a.js", "engines": {"npm": ">=8"}, "volta": {"npm": "9.1.0"}, "dependencies": {"a": "1"}}`},
			want:  []string{"npm install -g npm@9.1.0\n"},
		},
		"an npm that does not run on the Node": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "npm@12.2.2", "engines": {"node": "20"}, "dependencies": {"a": "1"}}`},
			want:  []string{"!npm install -g"},
			notes: []string{"asks for npm 12.2.2, which needs Node ^22.22.2 || ^24.15.0 || >=26.0.0, and the image has Node 20"},
		},
		"an npm that does not read the lockfile": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "npm@6.14.18", "engines": {"node": "14"}, "dependencies": {"a": "1"}}`, "package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}}}`},
			want:  []string{"npm install -g npm@9.9.4\n"},
		},
		"npm 12 and packages of the app's own from Git and a URL": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "npm@12.2.2", "dependencies": {"a": "github:x/a", "b": "https://h.example/b.tgz"}}`, "package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "github:x/a", "b": "https://h.example/b.tgz"}},
				"node_modules/a": {"version": "1.0.0", "resolved": "git+ssh://git@github.com/x/a.git#0123"}, "node_modules/b": {"version": "1.0.0", "resolved": "https://h.example/b.tgz"}}}`},
			want: []string{"npm ci --allow-git=root --allow-remote=root", "!allow-scripts"},
		},
		"npm 12 and the page of a repository": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "npm@12.2.2", "dependencies": {"a": "https://github.com/x/a#v1", "g": "https://gist.github.com/x/0123"}}`},
			want:  []string{"npm install --allow-git=root\n", "git ", "!allow-remote"},
		},
		"npm 12 and the archive of a repository": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "npm@12.2.2", "dependencies": {"a": "https://github.com/x/a/archive/v1.tar.gz"}}`},
			want:  []string{"npm install --allow-remote=root\n", "!allow-git"},
		},
		"npm 12 and packages that others have from Git and a URL": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "npm@12.2.2", "dependencies": {"c": "1"}}`, "package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"c": "1"}}, "node_modules/c": {"version": "1.0.0", "resolved": "https://registry.npmjs.org/c/-/c-1.0.0.tgz"},
				"node_modules/a": {"version": "1.0.0", "resolved": "git+ssh://git@github.com/x/a.git#0123"}, "node_modules/b": {"version": "1.0.0", "resolved": "https://h.example/b.tgz"}}}`},
			want: []string{"npm ci --allow-git=all --allow-remote=all"},
		},
		"npm 12 and registries that .npmrc names": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "npm@12.2.2", "dependencies": {"@o/c": "1"}}`, ".npmrc": "@o:registry=https://npm.pkg.github.com\nallow-git=none\n", "package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"@o/c": "1"}},
				"node_modules/@o/c": {"version": "1.0.0", "resolved": "https://npm.pkg.github.com/download/@o/c/1.0.0/0123"}, "node_modules/a": {"version": "1.0.0", "resolved": "git+ssh://git@github.com/x/a.git#0123"}}}`},
			want: []string{"!--allow-"},
		},
		"npm 12 and a lockfile of a mirror": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "npm@12.2.2", "dependencies": {"a": "1"}}`, "package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"version": "1.0.0", "resolved": "https://registry.npmmirror.com/a/-/a-1.0.0.tgz"}}}`},
			want:  []string{"npm ci --replace-registry-host=registry.npmmirror.com\n", "!allow-"},
		},
		"npm 12 and install scripts": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "npm@12.2.2", "dependencies": {"b": "1"}}`, "package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"b": "1"}}, "node_modules/b": {"version": "1.0.0", "hasInstallScript": true},
				"node_modules/@s/a": {"version": "1.0.0", "hasInstallScript": true}, "node_modules/fsevents": {"version": "2.0.0", "hasInstallScript": true, "optional": true, "os": ["darwin"]}, "node_modules/x,y; rm": {"version": "1.0.0", "hasInstallScript": true},
				"node_modules/b/node_modules/d": {"version": "1.0.0", "hasInstallScript": true, "inBundle": true}}}`},
			want:  []string{"# This npm runs the install scripts of packages that are named, and the app names none.\nRUN npm config set --location=global allow-scripts=@s/a,b\n"},
			notes: []string{"npm 12.2.2 runs the install scripts of packages that allowScripts of package.json names, and it names none: the image lets those of package-lock.json run, of @s/a, b"},
		},
		"npm 12 and install scripts that the app names": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "npm@12.2.2", "allowScripts": {"b": false}, "dependencies": {"b": "1"}}`, "package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"b": "1"}}, "node_modules/b": {"version": "1.0.0", "hasInstallScript": true}}}`},
			want:  []string{"!allow-scripts"},
		},
		"npm 12 and install scripts that its configuration names": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "npm@12.2.2", "dependencies": {"b": "1"}}`, ".npmrc": "allow-scripts=b\n", "package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"b": "1"}}, "node_modules/b": {"version": "1.0.0", "hasInstallScript": true}}}`},
			want:  []string{"!allow-scripts"},
		},
		"npm 11 runs install scripts": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"b": "github:x/b"}}`, "package-lock.json": `{"lockfileVersion": 3, "packages": {"": {"dependencies": {"b": "github:x/b"}}, "node_modules/b": {"version": "1.0.0", "resolved": "git+ssh://git@github.com/x/b.git#0123"}, "node_modules/c": {"version": "1.0.0", "hasInstallScript": true}}}`},
			want:  []string{"!allow-"},
		},
		"devEngines of npm": {
			files: map[string]string{"package.json": `{"main": "a.js", "devEngines": {"packageManager": {"name": "npm", "version": "11.2.0"}}, "dependencies": {"a": "1"}}`},
			want:  []string{"npm install -g npm@11.2.0\n"},
		},
		"devEngines of one patch": {
			files: map[string]string{"package.json": `{"main": "a.js", "devEngines": {"runtime": {"name": "node", "version": "24.1.0"}}, "dependencies": {"a": "1"}}`},
			want:  []string{"ENV npm_config_force=true\n"},
			notes: []string{"npm fails if devEngines is not met"},
		},
		"devEngines that is met": {
			files: map[string]string{"package.json": `{"main": "a.js", "devEngines": {"runtime": [{"name": "bun", "version": "1"}, {"name": "node", "version": ">=24.1"}]}, "dependencies": {"a": "1"}}`},
			want:  []string{"!npm_config_force"},
		},
		"devEngines that only warns": {
			files: map[string]string{"package.json": `{"main": "a.js", "devEngines": {"runtime": {"name": "node", "version": "24.1.0", "onFail": "warn"}}, "dependencies": {"a": "1"}}`},
			want:  []string{"!npm_config_force"},
		},
		"Yarn 1 and one patch of Node": {
			files: map[string]string{"package.json": `{"main": "a.js", "engines": {"node": "24.1.0"}, "dependencies": {"a": "1"}}`, "yarn.lock": "a@1:\n"},
			want:  []string{"ENV YARN_IGNORE_ENGINES=true\n"},
			notes: []string{"Yarn 1 fails if engines.node is not met"},
		},
		"Yarn 1 and a range of Node": {
			files: map[string]string{"package.json": `{"main": "a.js", "engines": {"node": "^24.1.0"}, "dependencies": {"a": "1"}}`, "yarn.lock": "a@1:\n"},
			want:  []string{"!YARN_IGNORE_ENGINES"},
		},
		"Yarn 1 and a package that lists its Nodes": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"@vue/cli-service": "~5.0.0"}}`, "yarn.lock": "\"@vue/cli-service@~5.0.0\":\n  version \"5.0.8\"\n", "a.js": ""},
			want:  []string{"ENV YARN_IGNORE_ENGINES=true\n"},
			notes: []string{"a dependency of @vue/cli-service lists single versions"},
		},
		"npm and a package that lists its Nodes": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"@vue/cli-service": "~5.0.0"}}`, "a.js": ""},
			want:  []string{"!YARN_IGNORE_ENGINES"},
		},
		"pnpm for the Node that is asked for": {
			files: map[string]string{"package.json": `{"main": "a.js", "engines": {"node": "16"}, "dependencies": {"a": "1"}}`, "pnpm-workspace.yaml": "packages: []\n"},
			want:  []string{"FROM node:16-", "pnpm@8.15.9\n"},
		},
		"pnpm that does not read the lockfile": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "pnpm@8.6.0", "dependencies": {"a": "1"}}`, "pnpm-lock.yaml": lock9},
			want:  []string{"pnpm install --no-frozen-lockfile\n"},
			notes: []string{"pnpm-lock.yaml has format 9.0, which pnpm 8.6.0 does not read"},
		},
		"a range of pnpm and the lockfile": {
			files: map[string]string{"package.json": `{"main": "a.js", "engines": {"pnpm": ">=8"}, "dependencies": {"a": "1"}}`, "pnpm-lock.yaml": "lockfileVersion: '6.1'\ndependencies:\n  a:\n    specifier: '1'\n    version: 1.0.0\n"},
			want:  []string{"pnpm@9.15.9\n", "--frozen-lockfile"},
		},
		"pnpm in its own lockfile": {
			files: map[string]string{"package.json": `{"main": "a.js", "devEngines": {"packageManager": {"name": "pnpm", "version": "^11"}}, "dependencies": {"a": "1"}}`, "pnpm-lock.yaml": "---\nlockfileVersion: '9.0'\nimporters:\n  .:\n    packageManagerDependencies:\n      pnpm:\n        specifier: ^11\n        version: 11.28.11\npackages: {}\n---\n" + lock9},
			want:  []string{"pnpm@11.28.11\n", "pnpm install --frozen-lockfile"},
		},
		"hooks that need Git": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "scripts": {"prepare": "git config core.hooksPath .githooks"}}`},
			want:  []string{"COPY package.json ./\n", "npm pkg delete scripts.prepare \\\n && npm install\n"},
			notes: []string{"which needs Git"},
		},
		"hooks that do without": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "scripts": {"prepare": "is-ci || husky install", "postinstall": "lefthook install || true"}}`},
			want:  []string{"COPY package.json ./\n", "!pkg delete"},
		},
		"types that the build writes again": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "scripts": {"prepare": "svelte-kit sync || echo ''", "postinstall": "npm rebuild sharp --force && nuxt prepare"}}`},
			want:  []string{"COPY package.json ./\nRUN"},
		},
		"types of another tool": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "scripts": {"prepare": "svelte-kit sync && panda codegen"}}`},
			want:  []string{"COPY . .\nRUN --mount=type=cache,target=/root/.npm \\\n    npm install\n"},
		},
		"hooks and a build": {
			files: map[string]string{"package.json": `{"main": "a.js", "dependencies": {"a": "1"}, "scripts": {"prepare": "husky install && npm run build", "build": "tsc"}}`},
			want:  []string{"COPY . .\nRUN --mount=type=cache,target=/root/.npm \\\n    npm install\n"},
		},
		"Prisma 7's configuration": {
			files: map[string]string{
				"package.json":     `{"main": "a.js", "dependencies": {"@prisma/client": "^7.0.0"}, "devDependencies": {"prisma": "^7.0.0"}}`,
				"prisma.config.ts": `export default defineConfig({schema: "db/schema.prisma", datasource: {url: env("DATABASE_URL")}, x: {y: a.env("NOT"), z: env("DB_PASSWORD")}})`, "db/schema.prisma": "",
			},
			want: []string{
				"COPY db/schema.prisma db/\n", "ENV DATABASE_URL=unused\nCOPY . .\nRUN npx prisma generate", "!ENV NOT", "!DB_PASSWORD", "!env DATABASE_URL=unused npm install",
				`CMD ["sh", "-c", "DATABASE_URL=\"${DATABASE_URL:-unused}\" npx prisma generate && exec node --watch a.js"]`,
			},
		},
		"Prisma 7 that the install generates": {
			files: map[string]string{
				"package.json":     `{"main": "a.js", "scripts": {"postinstall": "prisma generate"}, "dependencies": {"@prisma/client": "^7.0.0", "prisma": "^7.0.0"}}`,
				"prisma.config.ts": `export default defineConfig({datasource: {url: env("DATABASE_URL")}})`, "prisma/schema.prisma": "",
			},
			want: []string{"COPY package.json prisma.config.ts ./\nCOPY prisma/ prisma/\n", "env DATABASE_URL=unused npm install\n", "!npx prisma generate"},
		},
		"Prisma 5": {
			files: map[string]string{"package.json": `{"main": "a.js", "prisma": {"schema": "./data/s.prisma"}, "dependencies": {"@prisma/client": "^5.0.0"}, "devDependencies": {"prisma": "^5.0.0"}}`, "data/s.prisma": ""},
			want:  []string{"COPY data/s.prisma data/\n", "openssl", "RUN npx prisma generate", `CMD ["node", "--watch", "a.js"]`},
		},
		"Prisma 5 whose scripts pnpm does not run": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "pnpm@10.1.0", "dependencies": {"@prisma/client": "^5.0.0"}, "devDependencies": {"prisma": "^5.0.0"}}`, "prisma/schema.prisma": ""},
			want:  []string{`CMD ["sh", "-c", "pnpm exec prisma generate && exec node --watch a.js"]`},
		},
		"migrations at start": {
			files: map[string]string{"package.json": `{"scripts": {"start": "prisma migrate deploy && node a.js"}, "dependencies": {"@prisma/client": "^7.0.0", "prisma": "^7.0.0"}}`, "prisma/schema.prisma": ""},
			want:  []string{"# openssl: the start command runs prisma.\n", "openssl"},
		},
		"Yarn 4 beside a lockfile of Yarn 1": {
			files: map[string]string{"package.json": `{"main": "a.js", "packageManager": "yarn@4.18.1", "dependencies": {"a": "1"}, "scripts": {"build": "x", "dev": "y"}}`, "yarn.lock": "a@1:\n\n"},
			want:  []string{"# The lockfile is the one that deps wrote.\nCOPY --exclude=yarn.lock . .\nRUN yarn run build\n", `CMD ["npm", "run", "dev"]`},
		},
		"two lockfiles": {
			files: map[string]string{"package-lock.json": lock(""), "pnpm-lock.yaml": lock9},
			notes: []string{"there is more than one lockfile: pnpm-lock.yaml is used, and package-lock.json is not"},
		},
	} {
		if _, ok := c.files["package.json"]; !ok {
			c.files["package.json"] = `{"main": "a.js", "dependencies": {"a": "1"}}`
		}
		c.files["a.js"] = ""
		dockerfile, ignore, notes := render(t, c.files, c.set...)
		for _, x := range []struct {
			text string
			want []string
		}{{dockerfile, c.want}, {ignore, c.ignore}, {notes, c.notes}} {
			for _, want := range x.want {
				want, not := strings.CutPrefix(want, "!")
				if strings.Contains(x.text, want) == not {
					t.Errorf("%s: %q: want %v, got\n%s", name, want, !not, x.text)
				}
			}
		}
	}
}
