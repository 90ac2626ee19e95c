package framework

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/node/nodetest"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// find finds the framework of a repository of these files.
func find(t *testing.T, files map[string]string) (Framework, error) {
	t.Helper()
	index, f := nodetest.Facts(t, files)
	return Find(Request{Tree: index, Facts: f})
}

// describe is what the tests compare: the server or the site, and dev.
func describe(fw Framework) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", fw.Name)
	switch {
	case fw.Site != nil:
		fmt.Fprintf(&b, " site %s", fw.Build.Output)
		if fw.Site.Base.String() != "/" {
			fmt.Fprintf(&b, " at %s", fw.Site.Base)
		}
		if fw.Site.Single() {
			fmt.Fprintf(&b, " single %s", fw.Site.Index)
			if fw.Site.Suffix {
				b.WriteString(" after .html")
			}
			if fw.Site.Shell != (plan.Token{}) {
				fmt.Fprintf(&b, " after %s", fw.Site.Shell)
			}
		}
	case fw.Server == nil:
		b.WriteString(" own server")
	default:
		fmt.Fprintf(&b, " %s :%d", strings.Join(fw.Server.Command, " "), fw.Server.Port)
		for _, s := range fw.Server.Copies {
			fmt.Fprintf(&b, " %s", s.From)
		}
	}
	if fw.Build.Command != nil {
		fmt.Fprintf(&b, "; build %s", strings.Join(fw.Build.Command, " "))
	}
	if fw.Dev.Script != "" {
		fmt.Fprintf(&b, "; dev script %s", strings.TrimSpace(fw.Dev.Script+" "+strings.Join(fw.Dev.Flags, " ")))
	} else {
		fmt.Fprintf(&b, "; dev %s", strings.Join(fw.Dev.Command, " "))
	}
	fmt.Fprintf(&b, " :%d", fw.Dev.Port)
	return b.String()
}

func TestFindFramework(t *testing.T) {
	const viteDev = "dev script dev --host 0.0.0.0 :5173"
	angular := func(build string) string {
		return `{"projects": {"shop": {"projectType": "application", "architect": {"build": {"builder": "@angular/build:` + build + `}}}}}`
	}
	tests := []struct {
		name  string
		files map[string]string
		want  string // "" for none; "refused: " with a part of the reason
	}{
		{"vite", map[string]string{"package.json": nodetest.Manifest("vite", "dev: vite", "build: tsc -b && vite build"), "index.html": ""}, "Vite site dist; " + viteDev},
		{"vite with a router", map[string]string{"package.json": nodetest.Manifest("vite react-router-dom", "dev: vite", "build: vite build"), "index.html": ""}, "Vite site dist single /index.html; " + viteDev},
		{"vite's outDir", map[string]string{"package.json": nodetest.Manifest("vite", "dev: vite", "build: vite build"), "vite.config.ts": `export default defineConfig({build: {outDir: "theoutput"}})`}, "Vite site theoutput; " + viteDev},
		{"vite ignores a wrong key", map[string]string{"package.json": nodetest.Manifest("vite", "dev: vite", "build: vite build"), "vite.config.ts": `export default defineConfig({outDir: "build"})`}, "Vite site dist; " + viteDev},
		{"vite's flag", map[string]string{"package.json": nodetest.Manifest("vite", "dev: vite", "build: tsc && vite build --outDir out --emptyOutDir")}, "Vite site out; " + viteDev},
		{"vite's root", map[string]string{"package.json": nodetest.Manifest("vite", "dev: vite", "build: vite build"), "vite.config.js": `export default {root: "client", build: {outDir: "../public_html"}, server: {port: 3000}}`}, "Vite site public_html; dev script dev --host 0.0.0.0 :3000"},
		{"vite's base", map[string]string{"package.json": nodetest.Manifest("vite wouter", "dev: vite --host --port 4000", "build: vite build"), "vite.config.js": `export default {base: "/shop/"}`}, "Vite site dist at /shop/ single /shop/index.html; dev script dev --host 0.0.0.0 :4000"},
		{"vite's computed outDir", map[string]string{"package.json": nodetest.Manifest("vite", "build: vite build"), "vite.config.js": `export default {build: {outDir: out()}}`}, "refused: build.outDir of this Vite app is computed"},
		{"vite outside", map[string]string{"package.json": nodetest.Manifest("vite", "build: vite build"), "vite.config.js": `export default {build: {outDir: "../out"}}`}, "refused: outside of the repository"},
		{"vite in place", map[string]string{"package.json": nodetest.Manifest("vite", "build: vite build --outDir .")}, "refused: writes into its source folder"},
		{"vite without scripts", map[string]string{"package.json": nodetest.Manifest("vite"), "index.html": ""}, "Vite site dist; build vite build; dev vite --host 0.0.0.0 :5173"},
		{"vite for tests only", map[string]string{"package.json": nodetest.Manifest("vite express", "start: node server.js")}, ""},
		{"vite beside a server", map[string]string{"package.json": nodetest.Manifest("vite express", "build: vite build", "start: node server.js"), "index.html": ""}, ""},
		{"vite beside a Procfile", map[string]string{"package.json": nodetest.Manifest("vite express", "build: vite build"), "index.html": "", "Procfile": "web: node server.js\n"}, ""},
		{"vite by build-only", map[string]string{"package.json": nodetest.Manifest("vite vue vue-router", "dev: vite", `build: run-p type-check 'build-only {@}' --`, "build-only: vite build")}, "Vite site dist single /index.html; " + viteDev},
		{"a single page by its preview", map[string]string{"package.json": nodetest.Manifest("vite", "dev: vite", "build: vite build", "preview: serve -s dist")}, "Vite site dist single /index.html; " + viteDev},
		{"cra", map[string]string{"package.json": nodetest.Manifest("react-scripts", "start: react-scripts start", "build: react-scripts build")}, "Create React App site build; dev script start :3000"},
		{"cra with homepage", map[string]string{"package.json": strings.Replace(nodetest.Manifest("react-scripts", "start: react-scripts start", "build: react-scripts build"), "{", `{"homepage": "https://me.github.io/app", `, 1)}, "Create React App site build at /app/; dev script start :3000"},
		{"next", map[string]string{"package.json": nodetest.Manifest("next", "dev: next dev --turbopack", "build: next build", "start: next start"), "public/a.svg": "", "next.config.ts": "const c: NextConfig = {};\nexport default c;"}, "Next.js node node_modules/next/dist/bin/next start :3000 .next/ public/ next.config.ts; dev script dev :3000"},
		{"next behind a script of its own", map[string]string{"package.json": nodetest.Manifest("next", "dev: pnpm with-env next dev", "build: pnpm with-env next build", "start: pnpm with-env next start", "with-env: dotenv -e ../../.env --")}, "Next.js node node_modules/next/dist/bin/next start :3000 .next/; dev script dev :3000"},
		{"vite behind a script of its own", map[string]string{"package.json": nodetest.Manifest("vite", "dev: pnpm with-env vite", "build: pnpm with-env vite build", "with-env: dotenv --")}, "Vite site dist; dev script dev --host 0.0.0.0 :5173"},
		{"vite behind npm, which keeps flags to itself", map[string]string{"package.json": nodetest.Manifest("vite", "dev: npm run vite", "vite: vite", "build: vite build")}, "Vite site dist; dev vite --host 0.0.0.0 :5173"},
		{"next with a port", map[string]string{"package.json": nodetest.Manifest("next", "build: next build", "start: next start -p 4000")}, "Next.js node node_modules/next/dist/bin/next start -p 4000 :4000 .next/; dev next dev :3000"},
		{"next with a port of the environment", map[string]string{"package.json": nodetest.Manifest("next", "build: next build", "start: next start -p $PORT")}, "Next.js node node_modules/next/dist/bin/next start :3000 .next/; dev next dev :3000"},
		{"next with a local import", map[string]string{"package.json": nodetest.Manifest("next", "build: next build"), "next.config.mjs": "import './env.mjs'\nexport default {}"}, "Next.js node node_modules/next/dist/bin/next start :3000 ./ .next/; dev next dev :3000"},
		{"next standalone", map[string]string{"package.json": nodetest.Manifest("next", "build: next build", "start: next start"), "next.config.js": "module.exports = {output: 'standalone'}"}, "Next.js node server.js :3000 .next/standalone/ .next/standalone/.next/ .next/static/; dev next dev :3000"},
		{"next export", map[string]string{"package.json": nodetest.Manifest("next", "build: next build", "start: next start"), "next.config.js": "module.exports = {output: 'export', basePath: '/docs'}"}, "Next.js site out at /docs/; dev next dev :3000"},
		{"next with its own server", map[string]string{"package.json": nodetest.Manifest("next express", "build: next build", "start: node server.js"), "server.js": ""}, "Next.js own server; dev next dev :3000"},
		{"next by a Procfile", map[string]string{"package.json": nodetest.Manifest("next", "build: next build", "start: next start -p 5000"), "Procfile": "web: npm start\n"}, "Next.js node node_modules/next/dist/bin/next start -p 5000 :5000 .next/; dev next dev :3000"},
		{"next that builds when it starts", map[string]string{"package.json": nodetest.Manifest("next", "build: next build", "start: npm run build && next start")}, "Next.js node node_modules/next/dist/bin/next start :3000 .next/; dev next dev :3000"},
		{"next after a migration", map[string]string{"package.json": nodetest.Manifest("next prisma", "build: next build", "start: prisma migrate deploy && next start")}, "Next.js own server; dev next dev :3000"},
		{"next started for development", map[string]string{"package.json": nodetest.Manifest("next", "build: next build", "start: next dev -p 4000")}, "Next.js node node_modules/next/dist/bin/next start :3000 .next/; dev script start :4000"},
		{"vite for Laravel", map[string]string{"package.json": nodetest.Manifest("vite laravel-vite-plugin", "dev: vite", "build: vite build")}, "refused: which PHP serves"},
		{"vite for Rails", map[string]string{"package.json": nodetest.Manifest("vite vite-plugin-ruby", "build: vite build"), "vite.config.ts": "import RubyPlugin from 'vite-plugin-ruby'\nexport default {plugins: [RubyPlugin()]}"}, "refused: which Ruby serves"},
		{"vite for Cloudflare", map[string]string{"package.json": nodetest.Manifest("vite", "build: vite build"), "vite.config.ts": "import { cloudflare } from '@cloudflare/vite-plugin'\nexport default defineConfig(({mode}) => ({plugins: x ? [cloudflare()] : []}))"}, "refused: a Worker for Cloudflare"},
		{"vite for a Hono server", map[string]string{"package.json": nodetest.Manifest("vite hono", "dev: vite", "build: vite build --mode client && vite build"), "vite.config.ts": "import build from '@hono/vite-build/node'\nexport default {plugins: [build({entry: 'src/index.tsx', port: 4000})]}"}, "Vite node dist/index.js :4000 dist/; " + viteDev},
		{"vite for a Hono Worker", map[string]string{"package.json": nodetest.Manifest("vite hono", "dev: vite", "build: vite build"), "vite.config.ts": "import build from '@hono/vite-build/cloudflare-pages'\nexport default {plugins: [build()]}"}, "refused: a Worker for Cloudflare"},
		{"ember", map[string]string{"package.json": nodetest.Manifest("ember-cli", "start: ember serve", "build: ember build --environment=production"), "config/environment.js": "module.exports = function (environment) { const ENV = { rootURL: '/app/', locationType: 'history' }; if (environment === 'test') { ENV.locationType = 'none'; } return ENV; };"}, "Ember site dist at /app/ single /app/index.html; dev script start --host 0.0.0.0 :4200"},
		{"umi", map[string]string{"package.json": nodetest.Manifest("umi", "start: umi dev", "build: umi build"), ".umirc.ts": "export default {outputPath: 'out', base: '/a/'}"}, "Umi site out at /a/ single /a/index.html; dev script start :8000"},
		{"stencil", map[string]string{"package.json": nodetest.Manifest("@stencil/core", "start: stencil build --dev --watch --serve", "build: stencil build"), "stencil.config.ts": "export const config: Config = {outputTargets: [{type: 'www', serviceWorker: null, dir: 'site'}]};"}, "Stencil site site; dev script start --address 0.0.0.0 --no-open :3333"},
		{"stencil by default", map[string]string{"package.json": nodetest.Manifest("@stencil/core", "build: stencil build"), "stencil.config.ts": "export const config: Config = {namespace: 'a'};"}, "Stencil site www; dev stencil build --dev --watch --serve --address 0.0.0.0 --no-open :3333"},
		{"stencil library", map[string]string{"package.json": nodetest.Manifest("@stencil/core", "build: stencil build"), "stencil.config.ts": "export const config: Config = {outputTargets: [{type: 'dist'}]};"}, "refused: a library of components"},
		{"sapper", map[string]string{"package.json": nodetest.Manifest("sapper polka", "dev: sapper dev", "build: sapper build --legacy", "start: node __sapper__/build"), "static/a.png": ""}, "Sapper node __sapper__/build :3000 __sapper__/build/ static/; dev script dev :3000"},
		{"sapper export", map[string]string{"package.json": nodetest.Manifest("sapper", "start: sapper dev", "build: sapper export")}, "Sapper site __sapper__/export; dev script start :3000"},
		{"sanity", map[string]string{"package.json": nodetest.Manifest("sanity", "dev: sanity dev", "start: sanity start", "build: sanity build"), "sanity.cli.ts": "import {defineCliConfig} from 'sanity/cli'\nexport default defineCliConfig({project: {basePath: '/studio'}})"}, "Sanity Studio site dist at /studio/ single /studio/index.html; dev script dev --host 0.0.0.0 :3333"},
		{"mastra", map[string]string{"package.json": nodetest.Manifest("mastra", "dev: mastra dev", "build: mastra build", "start: mastra start")}, "Mastra node .mastra/output/index.mjs :4111 .mastra/output/; dev script dev :4111"},
		{"mastra for a platform", map[string]string{"package.json": nodetest.Manifest("mastra @mastra/deployer-cloudflare", "build: mastra build", "start: mastra start")}, "refused: its deployer builds for another platform"},
		{"hydrogen", map[string]string{"package.json": nodetest.Manifest("@shopify/hydrogen @shopify/cli", "build: shopify hydrogen build")}, "refused: Shopify's Oxygen"},
		{"analog", map[string]string{"package.json": nodetest.Manifest("@analogjs/platform @angular/cli vite", "dev: ng serve", "start: npm run dev", "build: ng build")}, "Analog node dist/analog/server/index.mjs :3000 dist/analog/; dev script dev --host 0.0.0.0 :5173"},
		{"react router without a server", map[string]string{"package.json": nodetest.Manifest("@react-router/dev", "build: react-router build")}, "refused: nothing here serves that"},
		{"react router for Cloudflare", map[string]string{"package.json": nodetest.Manifest("@react-router/dev", "build: react-router build"), "vite.config.ts": "import { cloudflare } from '@cloudflare/vite-plugin'\nexport default {plugins: [cloudflare()]}"}, "refused: a Worker for Cloudflare"},
		{"remix without a server", map[string]string{"package.json": nodetest.Manifest("@remix-run/dev", "build: remix vite:build")}, "refused: this is a Remix app, but its build makes a request handler"},
		{"expo without scripts", map[string]string{"package.json": nodetest.Manifest("expo react-native-web"), "App.js": ""}, "Expo site dist single /index.html; build expo export --platform web; dev expo start --web :8081"},
		{"quasar", map[string]string{"package.json": nodetest.Manifest("@quasar/app-vite quasar", "dev: quasar dev", "build: quasar build")}, "Quasar site dist/spa single /index.html; dev script dev --hostname 0.0.0.0 :9000"},
		{"quasar ssr", map[string]string{"package.json": nodetest.Manifest("@quasar/app-vite quasar", "build: quasar build -m ssr")}, "refused: in SSR mode"},
		{"slidev", map[string]string{"package.json": nodetest.Manifest("@slidev/cli", "dev: slidev --open", "build: slidev build --base /talk/")}, "Slidev site dist at /talk/ single /talk/index.html; dev script dev --remote :3030"},
		{"rspress", map[string]string{"package.json": nodetest.Manifest("rspress", "dev: rspress dev", "build: rspress build"), "rspress.config.ts": "export default defineConfig({base: '/d/', outDir: 'out'})"}, "Rspress site out at /d/; dev script dev --host 0.0.0.0 :3000"},
		{"gridsome", map[string]string{"package.json": nodetest.Manifest("gridsome", "develop: gridsome develop", "build: gridsome build")}, "Gridsome site dist; dev script develop -H 0.0.0.0 :8080"},
		{"rspack", map[string]string{"package.json": nodetest.Manifest("@rspack/cli react-router-dom", "dev: rspack serve", "build: rspack build"), "rspack.config.ts": "export default defineConfig({output: {path: path.resolve(__dirname, 'www')}})"}, "refused: output.path of this Rspack app is computed"},
		{"rspack's folder", map[string]string{"package.json": nodetest.Manifest("@rspack/cli react-router-dom", "dev: rspack serve", "build: rspack build"), "rspack.config.js": "const path = require('path');\nmodule.exports = {output: {path: path.resolve(__dirname, 'www')}}"}, "Rspack site www single /index.html; dev script dev --host 0.0.0.0 :8080"},
		{"rspack for node", map[string]string{"package.json": nodetest.Manifest("@rspack/cli", "build: rspack build"), "rspack.config.js": "module.exports = {target: 'node'}"}, "refused: a program for Node"},
		{"gatsby below a path", map[string]string{"package.json": nodetest.Manifest("gatsby", "build: gatsby build --prefix-paths"), "gatsby-config.js": "module.exports = {pathPrefix: '/blog'}"}, "Gatsby site public at /blog/; dev gatsby develop -H 0.0.0.0 :8000"},
		{"gatsby below no path", map[string]string{"package.json": nodetest.Manifest("gatsby", "build: gatsby build"), "gatsby-config.js": "module.exports = {pathPrefix: '/blog'}"}, "Gatsby site public; dev gatsby develop -H 0.0.0.0 :8000"},
		{"expo below a path", map[string]string{"package.json": nodetest.Manifest("expo react-native-web", "build: expo export --platform web"), "app.json": `{"expo": {"experiments": {"baseUrl": "/app"}}}`}, "Expo site dist at /app/ single /app/index.html; dev expo start --web :8081"},
		{"parcel below a path", map[string]string{"package.json": nodetest.Manifest("parcel", "start: parcel index.html", "build: parcel build index.html --public-url /p")}, "Parcel site dist at /p/; dev script start --host 0.0.0.0 :1234"},
		{"next computed", map[string]string{"package.json": nodetest.Manifest("next", "build: next build"), "next.config.js": "module.exports = {output: f() ? 'export' : undefined}"}, "refused: output of this Next.js app is computed"},
		{"nuxt", map[string]string{"package.json": nodetest.Manifest("nuxt@^4.1.0", "dev: nuxt dev", "build: nuxt build")}, "Nuxt node .output/server/index.mjs :3000 .output/; dev script dev --host 0.0.0.0 :3000"},
		{"nuxt generate", map[string]string{"package.json": nodetest.Manifest("nuxt@^4.1.0", "dev: nuxt dev", "build: nuxt generate")}, "Nuxt site .output/public; dev script dev --host 0.0.0.0 :3000"},
		{"nuxt for a platform", map[string]string{"package.json": nodetest.Manifest("nuxt@^4.1.0", "build: nuxt build"), "nuxt.config.ts": "export default defineNuxtConfig({nitro: {preset: 'vercel'}})"}, "refused: another platform"},
		{"sveltekit node", map[string]string{"package.json": nodetest.Manifest("@sveltejs/kit vite", "dev: vite dev", "build: vite build", "start: node build/index.js"), "svelte.config.js": "import a from '@sveltejs/adapter-node';\nexport default {kit: {adapter: a()}}"}, "SvelteKit node build :3000 build/; " + viteDev},
		{"sveltekit static", map[string]string{"package.json": nodetest.Manifest("@sveltejs/kit vite", "dev: vite dev", "build: vite build"), "svelte.config.js": "import a from '@sveltejs/adapter-static';\nexport default {kit: {adapter: a({fallback: '200.html'})}}"}, "SvelteKit site build single /200.html after .html; " + viteDev},
		{"sveltekit auto", map[string]string{"package.json": nodetest.Manifest("@sveltejs/kit vite", "dev: vite dev", "build: vite build"), "svelte.config.js": "import a from '@sveltejs/adapter-auto';\nexport default {kit: {adapter: a()}}"}, "SvelteKit node build :3000 build/; " + viteDev},
		{"sveltekit vercel", map[string]string{"package.json": nodetest.Manifest("@sveltejs/kit vite", "dev: vite dev", "build: vite build"), "svelte.config.js": "import a from '@sveltejs/adapter-vercel';\nexport default {kit: {adapter: a()}}"}, "refused: another platform"},
		{"astro", map[string]string{"package.json": nodetest.Manifest("astro", "dev: astro dev", "build: astro build")}, "Astro site dist; dev script dev --host 0.0.0.0 :4321"},
		{"astro server", map[string]string{"package.json": nodetest.Manifest("astro @astrojs/node", "dev: astro dev", "build: astro build", "start: node dist/server/entry.mjs"), "astro.config.mjs": "import node from '@astrojs/node';\nexport default defineConfig({output: 'server', adapter: node({mode: 'standalone'})})"}, "Astro node dist/server/entry.mjs :4321 dist/; dev script dev --host 0.0.0.0 :4321"},
		{"astro middleware", map[string]string{"package.json": nodetest.Manifest("astro @astrojs/node", "build: astro build"), "astro.config.mjs": "import node from '@astrojs/node';\nexport default {adapter: node({mode: 'middleware'})}"}, "refused: middleware mode"},
		{"remix", map[string]string{"package.json": nodetest.Manifest("@remix-run/dev @remix-run/serve", "dev: remix vite:dev", "build: remix vite:build", "start: remix-serve ./build/server/index.js")}, "Remix node node_modules/@remix-run/serve/dist/cli.js ./build/server/index.js :3000 build/; " + viteDev},
		{"react router", map[string]string{"package.json": nodetest.Manifest("@react-router/dev @react-router/serve@^7.1.0", "dev: react-router dev", "build: react-router build", "start: react-router-serve ./build/server/index.js")}, "React Router node node_modules/@react-router/serve/bin.js ./build/server/index.js :3000 build/; " + viteDev},
		{"react router 8", map[string]string{"package.json": nodetest.Manifest("@react-router/dev @react-router/serve@8.0.0", "dev: react-router dev", "build: react-router build")}, "React Router node node_modules/@react-router/serve/bin.cjs ./build/server/index.js :3000 build/; " + viteDev},
		{"react router spa", map[string]string{"package.json": nodetest.Manifest("@react-router/dev @react-router/serve@8.0.0", "dev: react-router dev", "build: react-router build", "start: react-router-serve ./build/server/index.js"), "react-router.config.ts": "export default { ssr: false } satisfies Config"}, "React Router site build/client single /index.html; " + viteDev},
		{"react router with rendered pages", map[string]string{"package.json": nodetest.Manifest("@react-router/dev@8.0.0", "dev: react-router dev", "build: react-router build"), "react-router.config.ts": "export default { ssr: false, basename: '/a/', async prerender() { return ['/'] } } satisfies Config"}, "React Router site build/client at /a/ single /a/index.html after /a/__spa-fallback.html; " + viteDev},
		{"react router with no rendered pages", map[string]string{"package.json": nodetest.Manifest("@react-router/dev@8.0.0", "dev: react-router dev", "build: react-router build"), "react-router.config.ts": "export default { ssr: false, prerender: false } satisfies Config"}, "React Router site build/client single /index.html; " + viteDev},
		{"tanstack start with nitro", map[string]string{"package.json": nodetest.Manifest("@tanstack/react-start vite", "dev: vite dev", "build: vite build && tsc --noEmit", "start: node .output/server/index.mjs")}, "TanStack Start node .output/server/index.mjs :3000 .output/; " + viteDev},
		{"tanstack start", map[string]string{"package.json": nodetest.Manifest("@tanstack/react-start vite", "dev: vite dev", "build: vite build")}, "refused: no server around it"},
		{"angular", map[string]string{"package.json": nodetest.Manifest("@angular/cli @angular/router", "start: ng serve", "build: ng build"), "angular.json": angular(`application", "options": {"outputPath": "dist/shop"}`)}, "Angular site dist/shop/browser single /index.html; dev script start --host 0.0.0.0 :4200"},
		{"angular without a path", map[string]string{"package.json": nodetest.Manifest("@angular/cli", "start: ng serve", "build: ng build"), "angular.json": angular(`application"`)}, "Angular site dist/shop/browser; dev script start --host 0.0.0.0 :4200"},
		{"angular before 17", map[string]string{"package.json": nodetest.Manifest("@angular/cli", "start: ng serve", "build: ng build"), "angular.json": angular(`browser", "options": {"outputPath": "dist/shop"}`)}, "Angular site dist/shop; dev script start --host 0.0.0.0 :4200"},
		{"angular with parts", map[string]string{"package.json": nodetest.Manifest("@angular/cli", "start: ng serve", "build: ng build"), "angular.json": angular(`application", "options": {"outputPath": {"base": "www", "browser": ""}}`)}, "Angular site www; dev script start --host 0.0.0.0 :4200"},
		{"angular in languages", map[string]string{"package.json": nodetest.Manifest("@angular/cli", "build: ng build"), "angular.json": angular(`application", "options": {"localize": ["de", "fr"]}`)}, "refused: a site for each language"},
		{"angular ssr", map[string]string{"package.json": nodetest.Manifest("@angular/cli", "start: ng serve", "build: ng build"), "angular.json": angular(`application", "options": {"outputPath": "dist/shop", "ssr": {"entry": "src/server.ts"}}`)}, "Angular node dist/shop/server/server.mjs :4000 dist/shop/; dev script start --host 0.0.0.0 :4200"},
		{"angular ssr in languages", map[string]string{"package.json": nodetest.Manifest("@angular/cli @angular/ssr@22.1.0", "start: ng serve", "build: ng build"), "angular.json": angular(`application", "options": {"outputMode": "server", "server": "src/main.server.ts", "ssr": {"entry": "src/server.ts"}, "localize": true}`)}, "Angular node dist/shop/server/server.mjs :4000 dist/shop/; dev script start --host 0.0.0.0 :4200"},
		{"angular ssr without an entry", map[string]string{"package.json": nodetest.Manifest("@angular/cli", "start: ng serve", "build: ng build"), "angular.json": angular(`application", "options": {"ssr": true}`)}, "Angular site dist/shop/browser; dev script start --host 0.0.0.0 :4200"},
		{"angular with rendered pages", map[string]string{"package.json": nodetest.Manifest("@angular/cli @angular/router @angular/ssr", "start: ng serve", "build: ng build"), "angular.json": angular(`application", "options": {"outputMode": "static", "server": "src/main.server.ts", "ssr": {"entry": "src/server.ts"}}`)}, "Angular site dist/shop/browser single /index.csr.html; dev script start --host 0.0.0.0 :4200"},
		{"expo", map[string]string{"package.json": nodetest.Manifest("expo react-native-web", "start: expo start", "build: expo export --platform web"), "app.json": `{"expo": {"web": {"output": "static"}}}`}, "Expo site dist; dev script start --web :8081"},
		{"expo without the web", map[string]string{"package.json": nodetest.Manifest("expo", "start: expo start")}, "refused: without react-native-web"},
		{"expo beside a server", map[string]string{"package.json": nodetest.Manifest("expo express", "start: node server.js")}, ""},
		{"vitepress", map[string]string{"package.json": nodetest.Manifest("vitepress", "docs:dev: vitepress dev docs", "build: vitepress build docs")}, "VitePress site docs/.vitepress/dist; dev script docs:dev --host 0.0.0.0 :5173"},
		{"eleventy", map[string]string{"package.json": nodetest.Manifest("@11ty/eleventy", "build: eleventy", "start: eleventy --serve"), ".eleventy.js": "module.exports = function (c) { c.addPassthroughCopy('css'); return { dir: { output: 'public' } } }"}, "Eleventy site public; dev script start :8080"},
		{"nest", map[string]string{"package.json": nodetest.Manifest("@nestjs/core", "build: nest build", "start: nest start", "start:prod: node dist/src/main")}, "NestJS node dist/src/main :3000; dev nest start --watch :3000"},
		{"nest's folder", map[string]string{"package.json": nodetest.Manifest("@nestjs/core", "build: nest build", "start: nest start")}, "NestJS node dist/main.js :3000; dev nest start --watch :3000"},
		{"vite's resolved folder", map[string]string{"package.json": nodetest.Manifest("vite", "dev: vite", "build: vite build"), "vite.config.ts": "import path from 'path';\nexport default defineConfig({root: path.resolve(__dirname, 'web'), build: {outDir: path.resolve(__dirname, 'public/app')}})"}, "Vite site public/app; " + viteDev},
		{"vite's root", map[string]string{"package.json": nodetest.Manifest("vite", "dev: vite", "build: vite build"), "vite.config.ts": "import { resolve } from 'path';\nexport default {root: resolve(__dirname, 'web'), build: {outDir: '../out'}}"}, "Vite site out; " + viteDev},
		{"another script builds", map[string]string{"package.json": nodetest.Manifest("vitepress tsup", "build: tsup", "docs:build: vitepress build docs")}, ""},
		{"a script of another name", map[string]string{"package.json": nodetest.Manifest("vitepress", "docs:dev: vitepress dev docs", "docs:build: vitepress build docs"), "docs/.vitepress/config.mts": "export default {base: '/guide/'}"}, "VitePress site docs/.vitepress/dist at /guide/; build vitepress build docs; dev script docs:dev --host 0.0.0.0 :5173"},
		{"sveltekit 3", map[string]string{"package.json": nodetest.Manifest("@sveltejs/kit vite", "dev: vite dev", "build: vite build"), "vite.config.js": "import a from '@sveltejs/adapter-node';\nimport { sveltekit } from '@sveltejs/kit/vite';\nexport default {plugins: [sveltekit({adapter: a({out: 'out'})})]}"}, "SvelteKit node out :3000 out/; " + viteDev},
		{"sveltekit 3 static", map[string]string{"package.json": nodetest.Manifest("@sveltejs/kit vite", "dev: vite dev", "build: vite build"), "vite.config.js": "import a from '@sveltejs/adapter-static';\nimport { sveltekit } from '@sveltejs/kit/vite';\nexport default {plugins: [sveltekit({adapter: a({pages: 'dist'}), paths: {base: '/a'}})]}"}, "SvelteKit site dist at /a/; " + viteDev},
		{"sveltekit 3 without an adapter", map[string]string{"package.json": nodetest.Manifest("@sveltejs/kit vite", "build: vite build"), "vite.config.js": "import { sveltekit } from '@sveltejs/kit/vite';\nexport default {plugins: [sveltekit()]}"}, "refused: it has no adapter"},
		{"solid-start 1", map[string]string{"package.json": nodetest.Manifest("@solidjs/start vinxi", "dev: vinxi dev", "build: vinxi build", "start: vinxi start")}, "SolidStart 1 node .output/server/index.mjs :3000 .output/; dev script dev --host 0.0.0.0 :3000"},
		{"solid-start", map[string]string{"package.json": nodetest.Manifest("@solidjs/start vite nitro", "dev: vite dev", "build: vite build", "start: vite preview"), "vite.config.ts": "import { nitro } from 'nitro/vite';\nexport default defineConfig({plugins: [solidStart(), nitro()]})"}, "SolidStart node .output/server/index.mjs :3000 .output/; dev script dev --host 0.0.0.0 :3000"},
		{"solid-start with Nitro 2", map[string]string{"package.json": nodetest.Manifest("@solidjs/start vite", "dev: vite dev", "build: vite build"), "vite.config.ts": "import { nitroV2Plugin } from '@solidjs/vite-plugin-nitro-2';\nexport default defineConfig({plugins: [solidStart(), nitroV2Plugin()]})"}, "SolidStart node .output/server/index.mjs :3000 .output/; " + viteDev},
		{"solid-start 1 for a platform", map[string]string{"package.json": nodetest.Manifest("@solidjs/start vinxi", "build: vinxi build", "start: vinxi start"), "app.config.ts": "import { defineConfig } from '@solidjs/start/config';\nexport default defineConfig({server: {preset: 'vercel'}});"}, "refused: another platform"},
		{"solid-start for a platform", map[string]string{"package.json": nodetest.Manifest("@solidjs/start vite nitro", "build: vite build"), "vite.config.ts": "import { nitro } from 'nitro/vite';\nexport default defineConfig({plugins: [solidStart(), nitro()], nitro: {preset: 'vercel'}})"}, "refused: another platform"},
		{"solid-start alone", map[string]string{"package.json": nodetest.Manifest("@solidjs/start vite", "build: vite build"), "vite.config.ts": "export default defineConfig({plugins: [solidStart()]})"}, "refused: no plugin that makes a server"},
		{"vite with Nitro", map[string]string{"package.json": nodetest.Manifest("vite nitro", "dev: vite", "build: vite build"), "vite.config.ts": "import { nitro } from 'nitro/vite';\nexport default defineConfig({plugins: [nitro()]})"}, "Vite with Nitro node .output/server/index.mjs :3000 .output/; dev script dev --host 0.0.0.0 :3000"},
		{"vite with Nitro's port", map[string]string{"package.json": nodetest.Manifest("vite nitro", "dev: vite", "build: vite build"), "vite.config.ts": "import { nitro } from 'nitro/vite';\nexport default defineConfig({plugins: [nitro()], server: {port: 4000}})"}, "Vite with Nitro node .output/server/index.mjs :3000 .output/; dev script dev --host 0.0.0.0 :4000"},
		{"vite beside Nitro", map[string]string{"package.json": nodetest.Manifest("vite nitro", "dev: vite", "build: vite build"), "vite.config.ts": "export default defineConfig({build: {outDir: 'out'}})"}, "Vite with Nitro site out; " + viteDev},
		{"nitro", map[string]string{"package.json": nodetest.Manifest("nitro", "dev: nitro dev", "build: nitro build")}, "Nitro node .output/server/index.mjs :3000 .output/; dev script dev --host 0.0.0.0 :3000"},
		{"nitro 2", map[string]string{"package.json": nodetest.Manifest("nitropack", "dev: nitropack dev --port 4000", "build: nitropack build", "start: nitropack preview")}, "Nitro node .output/server/index.mjs :3000 .output/; dev script dev --host 0.0.0.0 :4000"},
		{"nitro for a platform", map[string]string{"package.json": nodetest.Manifest("nitro", "build: nitro build"), "nitro.config.ts": "export default defineNitroConfig({preset: 'cloudflare-module'})"}, "refused: another platform"},
		{"gatsby", map[string]string{"package.json": nodetest.Manifest("gatsby", "develop: gatsby develop", "build: gatsby build", "start: gatsby develop")}, "Gatsby site public; dev script develop -H 0.0.0.0 :8000"},
		{"docusaurus", map[string]string{"package.json": nodetest.Manifest("@docusaurus/core", "start: docusaurus start", "build: docusaurus build"), "docusaurus.config.ts": "const c: Config = {baseUrl: '/handbook/'};\nexport default c"}, "Docusaurus site build at /handbook/; dev script start --host 0.0.0.0 --no-open :3000"},
		{"vuepress", map[string]string{"package.json": nodetest.Manifest("vuepress", "docs:dev: vuepress dev docs", "docs:build: vuepress build docs")}, "VuePress site docs/.vuepress/dist; build vuepress build docs; dev script docs:dev --host 0.0.0.0 :8080"},
		{"vuepress's folder", map[string]string{"package.json": nodetest.Manifest("vuepress", "build: vuepress build docs"), "docs/.vuepress/config.js": "const path = require('path');\nmodule.exports = {base: '/a/', dest: path.resolve(__dirname, '../../www')}"}, "VuePress site www at /a/; dev vuepress dev docs --host 0.0.0.0 :8080"},
		{"vuepress's flag", map[string]string{"package.json": nodetest.Manifest("vuepress", "build: vuepress build docs --dest out")}, "VuePress site out; dev vuepress dev docs --host 0.0.0.0 :8080"},
		{"vuepress without a script", map[string]string{"package.json": nodetest.Manifest("vuepress"), "docs/.vuepress/config.js": "module.exports = {}"}, "VuePress site docs/.vuepress/dist; build vuepress build docs; dev vuepress dev docs --host 0.0.0.0 :8080"},
		{"hexo", map[string]string{"package.json": nodetest.Manifest("hexo hexo-server", "build: hexo generate", "server: hexo server"), "_config.yml": "title: Notes\nroot: /notes/\npublic_dir: www\n"}, "Hexo site www at /notes/; dev hexo server :4000"},
		{"hexo's default", map[string]string{"package.json": nodetest.Manifest("hexo hexo-server", "build: hexo g", "dev: hexo s -p 5000")}, "Hexo site public; dev script dev :5000"},
		{"qwik city by Express", map[string]string{"package.json": nodetest.Manifest("@builder.io/qwik-city vite express", "dev: vite --mode ssr", "build: qwik build", "build.client: vite build", "build.server: vite build -c adapters/express/vite.config.ts", "serve: node server/entry.express")}, "Qwik City node server/entry.express :3000 dist/ server/; " + viteDev},
		{"qwik city as a site", map[string]string{"package.json": nodetest.Manifest("@builder.io/qwik-city vite", "dev: vite --mode ssr", "build: qwik build", "build.client: vite build", "build.server: vite build -c adapters/static/vite.config.ts")}, "Qwik City site dist; " + viteDev},
		{"qwik city alone", map[string]string{"package.json": nodetest.Manifest("@builder.io/qwik-city vite", "build: qwik build", "build.client: vite build")}, "refused: no adapter"},
		{"adonis", map[string]string{"package.json": nodetest.Manifest("@adonisjs/core@6.21.0 vite", "dev: node ace serve --hmr", "build: node ace build", "start: node bin/server.js")}, "AdonisJS node bin/server.js :3333 build/; dev script dev :3333"},
		{"adonis 5", map[string]string{"package.json": nodetest.Manifest("@adonisjs/core@5.9.0", "dev: node ace serve --watch", "build: node ace build --production", "start: node server.js")}, "AdonisJS node server.js :3333 build/; dev script dev :3333"},
		{"strapi", map[string]string{"package.json": nodetest.Manifest("@strapi/strapi", "develop: strapi develop", "build: strapi build", "start: strapi start")}, "Strapi node node_modules/@strapi/strapi/bin/strapi.js start :1337; dev script develop :1337"},
		{"webpack", map[string]string{"package.json": nodetest.Manifest("webpack html-webpack-plugin", "start: webpack serve --open", "build: webpack --mode=production"), "webpack.config.js": "const path = require('path');\nmodule.exports = {output: {path: path.resolve(__dirname, 'build'), publicPath: 'auto'}}"}, "webpack site build; dev script start --host 0.0.0.0 :8080"},
		{"webpack for Node", map[string]string{"package.json": nodetest.Manifest("webpack express", "build: webpack", "start: node dist/main.js")}, ""},
		{"rsbuild", map[string]string{"package.json": nodetest.Manifest("@rsbuild/core", "dev: rsbuild dev", "build: rsbuild build"), "rsbuild.config.ts": "export default defineConfig({output: {distPath: {root: 'out'}}})"}, "Rsbuild site out; dev script dev --host 0.0.0.0 :3000"},
		{"storybook", map[string]string{"package.json": nodetest.Manifest("storybook", "storybook: storybook dev -p 7007", "build-storybook: storybook build")}, "Storybook site storybook-static; build storybook build; dev script storybook --host 0.0.0.0 --ci :7007"},
		{"storybook of an app", map[string]string{"package.json": nodetest.Manifest("storybook vite", "dev: vite", "build: vite build", "build-storybook: storybook build")}, "Vite site dist; " + viteDev},
		{"storybook of a library", map[string]string{"package.json": nodetest.Manifest("storybook tsup", "build: tsup", "build-storybook: storybook build")}, ""},
		{"parcel", map[string]string{"package.json": nodetest.Manifest("parcel", "start: parcel index.html", "build: parcel build index.html --dist-dir out")}, "Parcel site out; dev script start --host 0.0.0.0 :1234"},
		{"vue cli", map[string]string{"package.json": nodetest.Manifest("@vue/cli-service vue-router", "serve: vue-cli-service serve", "build: vue-cli-service build"), "vue.config.js": "module.exports = {outputDir: 'www', publicPath: '/a/'}"}, "Vue CLI site www at /a/ single /a/index.html; dev script serve --host 0.0.0.0 :8080"},
		{"preact cli", map[string]string{"package.json": nodetest.Manifest("preact-cli preact-router", "dev: preact watch", "build: preact build")}, "Preact CLI site build single /index.html; dev script dev --host 0.0.0.0 :8080"},
		{"preact", map[string]string{"package.json": nodetest.Manifest("preact preact-iso vite", "dev: vite", "build: vite build")}, "Vite site dist single /index.html; " + viteDev},
		{"lit", map[string]string{"package.json": nodetest.Manifest("lit vite", "dev: vite", "build: vite build")}, "Vite site dist; " + viteDev},
		{"nuxt's preset", map[string]string{"package.json": nodetest.Manifest("nuxt@^4.1.0", "dev: nuxt dev", "build: nuxt build"), "nuxt.config.ts": "export default defineNuxtConfig({nitro: {preset: 'static'}, app: {baseURL: '/a/'}})"}, "Nuxt site .output/public at /a/; dev script dev --host 0.0.0.0 :3000"},
		{"astro's folder", map[string]string{"package.json": nodetest.Manifest("astro", "dev: astro dev", "build: astro check && astro build"), "astro.config.mjs": "export default defineConfig({site: 'https://example.com', base: '/docs', outDir: './site', server: {port: 4000}})"}, "Astro site site at /docs/; dev script dev --host 0.0.0.0 :4000"},
		{"astro for a platform", map[string]string{"package.json": nodetest.Manifest("astro @astrojs/vercel", "build: astro build"), "astro.config.mjs": "import vercel from '@astrojs/vercel';\nexport default defineConfig({adapter: vercel()})"}, "refused: another platform"},
		{"remix as a site", map[string]string{"package.json": nodetest.Manifest("@remix-run/dev vite", "dev: remix vite:dev", "build: remix vite:build"), "vite.config.ts": "import { vitePlugin as remix } from '@remix-run/dev';\nexport default defineConfig({plugins: [remix({ssr: false})]})"}, "Remix site build/client single /index.html; " + viteDev},
		{"remix without Vite", map[string]string{"package.json": nodetest.Manifest("@remix-run/dev @remix-run/serve", "dev: remix dev", "build: remix build", "start: remix-serve ./build/index.js")}, "Remix without Vite node node_modules/@remix-run/serve/dist/cli.js ./build/index.js :3000 build/ public/; dev script dev :3000"},
		{"tanstack start by srvx", map[string]string{"package.json": nodetest.Manifest("@tanstack/react-start vite", "dev: vite dev", "build: vite build", "start: pnpx srvx --prod -s ../client dist/server/server.js"), "vite.config.ts": "export default {plugins: [tanstackStart()]}"}, "TanStack Start node node_modules/srvx/bin/srvx.mjs --prod -s ../client dist/server/server.js :3000 dist/; dev script dev --host 0.0.0.0 :5173"},
		{"tanstack start by srvx, with pnpm", map[string]string{"package.json": nodetest.Manifest("@tanstack/react-start vite", "build: vite build", "start: pnpx srvx --prod dist/server/server.js"), "vite.config.ts": "export default {}", "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, "refused: a handler with no server around it"},
		{"tanstack start as a site", map[string]string{"package.json": nodetest.Manifest("@tanstack/react-start vite", "dev: vite dev", "build: vite build"), "vite.config.ts": "import { tanstackStart } from '@tanstack/react-start/plugin/vite';\nexport default defineConfig({plugins: [tanstackStart({spa: {enabled: true}})]})"}, "TanStack Start site dist/client single /_shell.html; " + viteDev},
		{"tanstack start for Bun", map[string]string{"package.json": nodetest.Manifest("@tanstack/react-start vite nitro", "build: vite build", "start: node .output/server/index.mjs"), "vite.config.ts": "import { nitro } from 'nitro/vite';\nexport default defineConfig({plugins: [tanstackStart(), nitro({preset: 'bun'})]})"}, "refused: another platform"},
		{"tanstack start for Node", map[string]string{"package.json": nodetest.Manifest("@tanstack/react-start vite nitro", "dev: vite dev", "build: vite build"), "vite.config.ts": "import { nitro } from 'nitro/vite';\nexport default defineConfig({plugins: [tanstackStart(), nitro({preset: 'node-server'})]})"}, "TanStack Start node .output/server/index.mjs :3000 .output/; dev script dev --host 0.0.0.0 :3000"},
		{"tanstack start with srvx", map[string]string{"package.json": nodetest.Manifest("@tanstack/react-start vite srvx", "dev: vite dev", "build: vite build")}, "TanStack Start node node_modules/srvx/bin/srvx.mjs --prod -s ../client dist/server/server.js :3000 dist/; " + viteDev},
		{"expo's server", map[string]string{"package.json": nodetest.Manifest("expo react-native-web", "build: expo export --platform web"), "app.json": `{"expo": {"web": {"output": "server"}}}`}, "refused: Expo's own server"},
		{"expo in the browser", map[string]string{"package.json": nodetest.Manifest("expo react-native-web", "start: expo start", "build: expo export --platform web --output-dir web-build"), "app.json": `{"expo": {}}`}, "Expo site web-build single /index.html; dev script start --web :8081"},
		{"nuxt 2", map[string]string{"package.json": nodetest.Manifest("nuxt@^2.15.8", "dev: nuxt", "build: nuxt build", "start: nuxt start"), "nuxt.config.js": "export default {head: {title: 'x'}}"}, "Nuxt 2 node node_modules/nuxt/bin/nuxt.js start :3000; dev script dev :3000"},
		{"nuxt 2 as a site", map[string]string{"package.json": nodetest.Manifest("nuxt@^2.15.8", "dev: nuxt", "build: nuxt generate", "start: nuxt start"), "nuxt.config.js": "export default {target: 'static', router: {base: '/a/'}}"}, "Nuxt 2 site dist at /a/; dev script dev :3000"},
		{"nuxt 2 without pages", map[string]string{"package.json": nodetest.Manifest("nuxt@^2.15.8", "build: nuxt build", "generate: nuxt generate"), "nuxt.config.js": "export default {target: 'static'}"}, "refused: its target is static"},
		{"a hostile folder", map[string]string{"package.json": nodetest.Manifest("vite", "build: vite build"), "vite.config.js": "export default {build: {outDir: \"a\\nRUN rm\"}}"}, "refused: the folder of this Vite app cannot be served"},
		{"a hostile base", map[string]string{"package.json": nodetest.Manifest("vite", "build: vite build"), "vite.config.js": "export default {base: '/a/; return 200 \"x\";'}"}, "refused: the base path of this Vite app cannot be served"},
		{"a hostile page", map[string]string{"package.json": nodetest.Manifest("@sveltejs/kit vite", "build: vite build"), "svelte.config.js": "import a from '@sveltejs/adapter-static';\nexport default {kit: {adapter: a({fallback: '200.html; }'})}}"}, "refused: the page of this SvelteKit app cannot be served"},
		{"express", map[string]string{"package.json": nodetest.Manifest("express", "start: node server.js")}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fw, err := find(t, tt.files)
			if want, refused := strings.CutPrefix(tt.want, "refused: "); refused {
				if e := (*record.UnsupportedError)(nil); !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
					t.Fatalf("got %v, want a refusal with %q", err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if fw.Used() {
				got = describe(fw)
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestAngular looks at what describe leaves out.
func TestAngular(t *testing.T) {
	const test = `"test": {"builder": "@angular/build:unit-test"`
	tests := []struct {
		name, deps, options, tests string
		env, dev                   string // NG_ALLOWED_HOSTS
		bundled, browserless       bool
	}{
		{"22", "@angular/ssr@22.0.0", "", test + `}`, "localhost,127.0.0.1", "*", true, true},
		{"21", "@angular/ssr@21.1.0", "", test + `, "options": {"runner": "vitest"}}`, "", "", true, true},
		{"packages at run time", "@angular/ssr@21.1.0", `, "externalDependencies": ["sharp"]`, test + `, "options": {"runner": "karma"}}`, "", "", false, false},
		{"22 with rendered pages", "@angular/ssr@22.0.0", `, "outputMode": "static", "server": "main.server.ts"`, test + `}`, "", "*", false, true},
		{"a browser", "@angular/ssr@21.1.0", "", test + `, "options": {"browsers": ["chromium"]}}`, "", "", true, false},
		{"karma", "@angular/ssr@17.0.0", "", `"test": {"builder": "@angular-devkit/build-angular:karma"}`, "", "", true, false},
	}
	value := func(env []plan.Env) string {
		for _, e := range env {
			if e.Name.String() == "NG_ALLOWED_HOSTS" {
				return e.Value.Raw()
			}
		}
		return ""
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{
				"package.json": nodetest.Manifest("@angular/cli "+tt.deps, "build: ng build"),
				"angular.json": `{"projects": {"shop": {"architect": {"build": {"builder": "@angular/build:application", "options": {"ssr": {"entry": "server.ts"}` + tt.options + `}}, ` + tt.tests + `}}}}`,
			}
			fw, err := find(t, files)
			if err != nil {
				t.Fatal(err)
			}
			_, f := nodetest.Facts(t, files)
			var server Server
			if fw.Server != nil {
				server = *fw.Server
			}
			if env, dev := value(server.Env), value(fw.Dev.Env); env != tt.env || dev != tt.dev || server.Standalone != tt.bundled {
				t.Errorf("got hosts %q, in dev %q, standalone %v, want %q, %q, %v", env, dev, server.Standalone, tt.env, tt.dev, tt.bundled)
			}
			if got := AngularTestsInNode(f); got != tt.browserless {
				t.Errorf("browserless: got %v, want %v", got, tt.browserless)
			}
		})
	}
}

func TestImports(t *testing.T) {
	for kind, want := range map[string]string{"dependencies": "", "devDependencies": "undici"} {
		fw, err := find(t, map[string]string{
			"package.json": `{"` + kind + `": {"undici": "7", "@builder.io/qwik-city": "1"}, "scripts": {"build": "qwik build", "serve": "node server/entry.express"}}`,
		})
		if err != nil || fw.NeedsDev.Name != want {
			t.Errorf("undici in %s: got %q, %v, want %q", kind, fw.NeedsDev.Name, err, want)
		}
	}
}

func TestPrograms(t *testing.T) {
	for _, tt := range []struct {
		setting string
		want    int
	}{{"lastUpdated: true", 1}, {"lastUpdated: f()", 1}, {"lastUpdated: !!process.env.CI", 0}, {"lastUpdated: false", 0}, {"title: 'x'", 0}} {
		fw, err := find(t, map[string]string{
			"package.json":               nodetest.Manifest("vitepress", "docs:build: vitepress build docs"),
			"docs/.vitepress/config.mts": "export default {" + tt.setting + "}",
		})
		if err != nil || len(fw.Build.Programs) != tt.want {
			t.Errorf("%s: got %v, %v, want %d", tt.setting, fw.Build.Programs, err, tt.want)
		}
	}
}

func TestNeedsDev(t *testing.T) {
	pkg := func(prod, dev string) string {
		return `{"scripts": {"build": "next build"}, "dependencies": {"react": "19"` + prod + `}, "devDependencies": {"x": "1"` + dev + `}}`
	}
	tests := []struct{ name, pkg, config, want string }{
		{"all in production", pkg(`, "next": "15"`, ""), "next.config.js", ""},
		{"TypeScript reads the config", pkg(`, "next": "15"`, `, "typescript": "5"`), "next.config.ts", "typescript"},
		{"Next.js reads it without TypeScript", pkg(`, "next": "^16.1.0"`, `, "typescript": "5"`), "next.config.ts", ""},
		{"and did not yet", pkg(`, "next": "16.1.7"`, `, "typescript": "5"`), "next.config.ts", "typescript"},
		{"TypeScript only checks", pkg(`, "next": "15"`, `, "typescript": "5"`), "next.config.mjs", ""},
		{"TypeScript is there", pkg(`, "next": "15", "typescript": "5"`, ""), "next.config.ts", ""},
		{"the server is a devDependency", pkg("", `, "next": "15"`), "next.config.js", "next"},
		{"the config imports one", pkg(`, "next": "15"`, `, "next-transpile-modules": "9"`), "next.config.js", "next-transpile-modules"},
		{"the config imports none", pkg(`, "next": "15"`, `, "next-pwa": "5"`), "next.config.js", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fw, err := find(t, map[string]string{"package.json": tt.pkg, tt.config: "const a = require('next-transpile-modules')\nexport default {}"})
			if err != nil || !fw.Used() {
				t.Fatal(fw, err)
			}
			if fw.NeedsDev.Name != tt.want {
				t.Errorf("got %q, want %q", fw.NeedsDev.Name, tt.want)
			}
		})
	}
}

func FuzzFramework(f *testing.F) {
	f.Add("vite", "tsc && vite build --outDir out", "vite --port 80", "export default {base: '/a/', build: {outDir: 'x'}}")
	f.Add("next", "next build", "next start -p 4000", "module.exports = withX({output: 'export', distDir: '../x'})")
	f.Add("@angular/cli", "ng build shop", "ng serve", `{"projects": {"shop": {"architect": {"build": {"builder": ":application"}}}}}`)
	f.Add("@sveltejs/kit", "vite build", "node build", "import a from '@sveltejs/adapter-static';export default {kit: {adapter: a({pages: '\x00', fallback: '\n'})}}")
	f.Add("vite", "'", "\"$(x)\" && `y`", "export default {")
	f.Fuzz(func(t *testing.T, dep, build, start, config string) {
		pkg, err := json.Marshal(map[string]map[string]string{"dependencies": {dep: "1"}, "scripts": {"build": build, "start": start}})
		if err != nil {
			t.Skip()
		}
		files := map[string]string{"package.json": string(pkg), "vite.config.js": config, "next.config.js": config, "svelte.config.js": config}
		index := nodetest.Scan(t, files)
		facts, err := node.Detect(index, ".")
		if err != nil || facts == nil {
			t.Skip()
		}
		fw, err := Find(Request{Tree: index, Facts: facts})
		if err == nil && fw.Site != nil && (fw.Build.Output == "" || strings.ContainsAny(fw.Site.Base.String()+fw.Site.Index.String(), "\n;{}\x00")) {
			t.Errorf("the site is %+v", fw.Site)
		}
	})
}

// TestRows checks what the types of frameworks.yaml cannot.
func TestRows(t *testing.T) {
	rows, err := frameworkRows()
	if err != nil {
		t.Fatal(err)
	}
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	tools := map[string]bool{}
	for _, tool := range node.ConfigTools() {
		tools[tool] = true
	}
	setting := func(name string, s []string) {
		if len(s) > 0 && (!tools[s[0]] || len(s) < 2) {
			t.Errorf("%s: setting %q is of no tool whose config is read", name, s)
		}
	}
	seen := map[string]bool{}
	for _, r := range rows {
		if seen[r.Name] {
			t.Errorf("%s stands there twice", r.Name)
		}
		seen[r.Name] = true
		if !strings.HasPrefix(r.Source, "https://") || len(r.Packages) == 0 || len(r.Commands) == 0 || len(r.Modes) == 0 || r.Dev.Port == 0 {
			t.Errorf("%s: a row needs a source, packages, commands, modes and a dev port", r.Name)
		}
		setting(r.Name, r.Output.Setting)
		setting(r.Name, r.Output.Root)
		setting(r.Name, r.Dev.PortSetting)
		setting(r.Name, r.InlinedSetting)
		setting(r.Name, r.InlinedSchema)
		if len(r.Inlined) > 0 && !strings.HasPrefix(r.InlinedSource, "https://") {
			t.Errorf("%s: what it inlines has no source", r.Name)
		}
		for i, m := range r.Modes {
			kinds := 0
			for _, set := range []bool{m.Static != nil, m.Server != nil, m.Refuse != ""} {
				if set {
					kinds++
				}
			}
			if kinds != 1 {
				t.Errorf("%s: mode %d is %d of static, server and refuse", r.Name, i, kinds)
			}
			if m.Static != nil {
				if r.Output.Default == "" && !r.Output.Angular && m.Output == nil {
					t.Errorf("%s: mode %d is static and has no output", r.Name, i)
				}
				setting(r.Name, m.Static.Base.Setting)
				setting(r.Name, m.Static.FallbackSetting)
				for _, h := range m.Static.Hashed {
					if !strings.HasPrefix(h, "/") || !strings.HasSuffix(h, "/") {
						t.Errorf("%s: hashed %q is no folder", r.Name, h)
					}
				}
			}
			if m.Server != nil {
				for name := range m.Server.EnvWhy {
					if m.Server.Env[name] == "" {
						t.Errorf("%s: mode %d says why of %s, which it does not set", r.Name, i, name)
					}
				}
			}
			if m.Server != nil && (len(m.Server.Start) < 2 || m.Server.Start[0] != "node" || m.Server.Port == 0) {
				t.Errorf("%s: mode %d needs node and a file to start, and a port", r.Name, i)
			}
			if m.Server != nil {
				setting(r.Name, m.Server.PortSetting)
				setting(r.Name, m.Server.Base.Setting)
			}
			for _, c := range m.When {
				kind, err := c.test()
				if err != nil {
					t.Errorf("%s: mode %d: %v", r.Name, i, err)
				}
				switch c := kind.(type) {
				case angularMakes:
					if !(&angular{server: true, static: true}).makes(string(c)) {
						t.Errorf("%s: mode %d asks angular.json for %q", r.Name, i, c)
					}
				case *isValue:
					setting(r.Name, c.Setting)
				case *otherValue:
					setting(r.Name, c.Setting)
				case isSet:
					setting(r.Name, c)
				case perhapsSet:
					setting(r.Name, c)
				case *importsOne:
					setting(r.Name, []string{c.Tool, "imports"})
				}
			}
		}
		for _, p := range r.Dev.Ports {
			setting(r.Name, p.Setting)
			if p.Port == 0 || !strings.HasPrefix(p.Source, "https://") {
				t.Errorf("%s: the port of %q has no number or no source", r.Name, p.Setting)
			}
		}
		for _, p := range r.Programs {
			setting(r.Name, p.Setting)
			if _, ok := know.Package("program", p.Program); !ok || p.For == "" || !strings.HasPrefix(p.Source, "https://") {
				t.Errorf("%s: the program %s has no packages, no reason or no source", r.Name, p.Program)
			}
		}
	}
}

func TestSiteRows(t *testing.T) {
	rows, err := siteRows()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows.Routers {
		if !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("router %s has no source", r.Package)
		}
	}
}

func TestEnvFiles(t *testing.T) {
	files := map[string]string{"package.json": nodetest.Manifest("vite", "build: vite build"), ".env": "DATABASE_URL=postgres://x\nVITE_A=1\n", ".env.production": "# public\nVITE_API=https://api.example.com\nexport NODE_ENV=production\n"}
	fw, err := find(t, files)
	if !fw.Used() || err != nil {
		t.Fatal(fw, err)
	}
	if got := strings.Join(fw.Build.EnvFiles, " "); got != ".env.production" {
		t.Errorf("keeps %q", got)
	}
}

func TestInlined(t *testing.T) {
	vite := nodetest.Manifest("vite", "build: vite build")
	tests := []struct {
		name  string
		files map[string]string
		want  string // the arguments, those with a default with "="; "!" where a name looks like a secret's
		note  string
	}{
		{"none", map[string]string{"package.json": vite, "src/a.js": "fetch(import.meta.env.BASE_URL + import.meta.env.MODE + process.env.HOME)"}, "", ""},
		{"the code", map[string]string{"package.json": vite, "src/a.ts": "const {VITE_C, VITE_D: d, VITE_E = 1} = import.meta.env;\nfetch(`${import.meta.env.VITE_B}/x`); // import.meta.env.VITE_X\nimport.meta.env['VITE_A']"}, "VITE_A VITE_B VITE_C VITE_D VITE_E", ""},
		{"pages and components", map[string]string{"package.json": vite, "index.html": "<title>%VITE_A% 5%</title>", "src/b.vue": "<template><p>Don't</p> <i>/</i></template>\n<script setup>const b = import.meta.env.VITE_B</script>", "src/c.tsx": "return <p><b>x</b>{import.meta.env.VITE_C}</p>"}, "VITE_A VITE_B VITE_C", ""},
		{"the example", map[string]string{"package.json": vite, ".env.example": "VITE_API=http://localhost:3000\nDATABASE_URL=x\n"}, "VITE_API", ""},
		{"tests alone", map[string]string{"package.json": vite, "src/a.test.ts": "import.meta.env.VITE_A", "test/b.ts": "import.meta.env.VITE_B"}, "", ""},
		{"publishable keys", map[string]string{"package.json": vite, "src/a.ts": "import.meta.env.VITE_MAPS_API_KEY"}, "VITE_MAPS_API_KEY !", ""},
		{"a name that BuildKit allows", map[string]string{"package.json": nodetest.Manifest("next", "build: next build"), "app/a.ts": "process.env.NEXT_PUBLIC_MAPS_KEY; process.env.DATABASE_PASSWORD"}, "NEXT_PUBLIC_MAPS_KEY", "output: 'standalone'"},
		{"a secret", map[string]string{"package.json": vite, "src/a.ts": "import.meta.env.VITE_STRIPE_SECRET_KEY"}, "", "VITE_STRIPE_SECRET_KEY is not a build argument"},
		{"a schema", map[string]string{"package.json": nodetest.Manifest("astro", "build: astro build"), "astro.config.mjs": "import {defineConfig, envField} from 'astro/config'; export default defineConfig({env: {schema: {API_URL: envField.string({context: 'client', access: 'public'}), API_TOKEN: envField.string({context: 'server', access: 'secret'})}}})", "src/pages/index.astro": "{import.meta.env.PUBLIC_X}"}, "API_URL PUBLIC_X", ""},
		{"another prefix", map[string]string{"package.json": vite, "vite.config.js": "export default {envPrefix: 'APP_'}", "src/a.ts": "import.meta.env.APP_A; import.meta.env.VITE_B"}, "APP_A", ""},
		{"a hostile name", map[string]string{"package.json": vite, "src/a.ts": "import.meta.env['VITE_A\\nRUN id']; import.meta.env['VITE_$(id)']"}, "", ""},
		{"sveltekit", map[string]string{"package.json": nodetest.Manifest("@sveltejs/kit vite", "build: vite build"), "svelte.config.js": "import a from '@sveltejs/adapter-node';export default {kit: {adapter: a()}}", ".env": "PUBLIC_B=1\n", "src/routes/+page.svelte": "<script>import { PUBLIC_A, PUBLIC_B } from '$env/static/public'; import { env } from '$env/dynamic/public'</script>", "src/hooks.ts": "import { DATABASE_URL } from '$env/static/private'"}, "PUBLIC_A= PUBLIC_B", "the build needs DATABASE_URL (it would be baked into the image), so it will fail"},
		{"nuxt's server", map[string]string{"package.json": nodetest.Manifest("nuxt@^4.1.0", "build: nuxt build"), ".env.example": "NUXT_PUBLIC_API=x\n"}, "", ""},
		{"nuxt's site", map[string]string{"package.json": nodetest.Manifest("nuxt@^4.1.0", "build: nuxt generate"), ".env.example": "NUXT_PUBLIC_API=x\n"}, "NUXT_PUBLIC_API", ""},
		{"a server of its own", map[string]string{"package.json": nodetest.Manifest("vite express", "build: vite build", "start: node server.js"), "server.js": "process.env.VITE_PORT", "src/a.ts": "import.meta.env.VITE_A"}, "VITE_A VITE_PORT", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			fw, err := find(t, tt.files)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range fw.Build.Args {
				got = append(got, a.Env.Name.String()+map[bool]string{true: "="}[a.HasDefault])
			}
			if fw.Build.LooksSecret {
				got = append(got, "!")
			}
			if g := strings.Join(got, " "); g != tt.want {
				t.Errorf("got %q, want %q", g, tt.want)
			}
			if notes := fmt.Sprint(fw.Notes); !strings.Contains(notes, tt.note) || tt.note == "" && notes != "[]" {
				t.Errorf("notes: %s", notes)
			}
		})
	}
}

// TestForms: an app of SvelteKit that answers forms has a note on how it is asked over http, as the adapter of its version has it.
func TestForms(t *testing.T) {
	const actions, config = "export const actions = { default: async () => {} } satisfies Actions\n", "import a from '@sveltejs/adapter-node'; import { sveltekit } from '@sveltejs/kit/vite';\nexport default {plugins: [sveltekit({adapter: a()%s})]}"
	for _, tt := range []struct{ name, adapter, more, page, want string }{
		{"version 5", "^5.5.4", "", actions, "src/routes/+page.server.ts:1 ORIGIN="},
		{"version 6", "^6.0.1", "", actions, "src/routes/+page.server.ts:1 paths.origin"},
		{"version 6 with its address", "^6.0.1", ", paths: {origin: 'https://a.example'}", actions, ""},
		{"version 6 with one that the build does not have", "^6.0.1", ", paths: {origin: process.env.A}", actions, "src/routes/+page.server.ts:1 paths.origin"},
		{"remote functions", "^6.0.1", "", "import { form, query } from '$app/server'\nexport const all = query(async () => [])\nexport const add = form(schema, async (x) => {})\n", "src/routes/data.remote.ts:3 paths.origin"},
		{"remote functions that only ask", "^6.0.1", "", "import { query } from '$app/server'\nexport const all = query(async () => [])\n", ""},
		{"no forms", "^6.0.1", "", "export const load = async () => ({actions: 1})\n", ""},
		{"forms that are no export", "^5.0.0", "", "const actions = {}\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := "src/routes/+page.server.ts"
			if strings.Contains(tt.page, "$app/server") {
				file = "src/routes/data.remote.ts"
			}
			fw, err := find(t, map[string]string{
				"package.json": nodetest.Manifest("@sveltejs/kit vite @sveltejs/adapter-node@"+tt.adapter, "dev: vite dev", "build: vite build"), "vite.config.js": fmt.Sprintf(config, tt.more), file: tt.page,
			})
			if err != nil {
				t.Fatal(err)
			}
			at, hint, _ := strings.Cut(tt.want, " ")
			if len(fw.Notes) != min(len(tt.want), 1) {
				t.Fatalf("notes: %v", fw.Notes)
			}
			if len(fw.Notes) > 0 && (fw.Notes[0].Pos.String() != at || !strings.Contains(fw.Notes[0].Hint, hint)) {
				t.Errorf("%v, want %s", fw.Notes[0], tt.want)
			}
		})
	}
}

// TestBase holds the health check of a server, and the folder of a site, to the
// path below which the app is served.
func TestBase(t *testing.T) {
	angular := func(options, builds string) string {
		return `{"projects": {"shop": {"architect": {"build": {"builder": "@angular/build:application", "options": {"ssr": {"entry": "server.ts"}` + options + `}` + builds + `}}}}}`
	}
	site := func(options string) string {
		return strings.Replace(angular(options, ""), `"ssr": {"entry": "server.ts"}`, `"outputPath": "dist/shop"`, 1)
	}
	next, nuxt := nodetest.Manifest("next", "build: next build", "start: next start"), nodetest.Manifest("nuxt@4.0.0", "build: nuxt build")
	kit, astro := nodetest.Manifest("@sveltejs/kit vite", "build: vite build"), nodetest.Manifest("astro", "build: astro build")
	router, ng := nodetest.Manifest("@react-router/dev @react-router/serve@7.0.0", "build: react-router build"), nodetest.Manifest("@angular/cli @angular/ssr@21.0.0", "build: ng build")
	vite := nodetest.Manifest("vite", "build: vite build")
	tests := []struct{ name, pkg, file, config, want string }{
		{"next", next, "next.config.js", "module.exports = {basePath: '/shop'}", "/shop"},
		{"next standalone", next, "next.config.js", "module.exports = {output: 'standalone', basePath: '/shop/eu'}", "/shop/eu"},
		{"next without one", next, "next.config.js", "module.exports = {}", "/"},
		{"next with an empty one", next, "next.config.js", "module.exports = {basePath: ''}", "/"},
		{"next by a variable", next, "next.config.js", "module.exports = {basePath: process.env.BASE_PATH || '/shop'}", "/shop; the config takes it from BASE_PATH"},
		{"next by a variable without a default", next, "next.config.js", "module.exports = {basePath: process.env.BASE_PATH}", "/; the config takes it from BASE_PATH"},
		{"next in production", next, "next.config.js", "const prod = process.env.NODE_ENV === 'production'\nmodule.exports = {basePath: prod ? '/shop' : ''}", "/shop"},
		{"next computed", next, "next.config.js", "module.exports = {basePath: base()}", "basePath of this Next.js app is computed"},
		{"next hostile", next, "next.config.js", "module.exports = {basePath: '/a\"; exit 1 #'}", "the base path of this Next.js app cannot be served"},
		{"nuxt", nuxt, "nuxt.config.ts", "export default defineNuxtConfig({app: {baseURL: '/shop/'}})", "/shop/"},
		{"nuxt without a slash", nuxt, "nuxt.config.ts", "export default defineNuxtConfig({app: {baseURL: '/shop'}})", "/shop/"},
		{"nuxt 2", nodetest.Manifest("nuxt@2.15.0", "build: nuxt build"), "nuxt.config.js", "export default {router: {base: '/shop/'}}", "/shop/"},
		{"sveltekit", kit, "svelte.config.js", "import a from '@sveltejs/adapter-node';export default {kit: {adapter: a(), paths: {base: '/shop'}}}", "/shop/"},
		{"sveltekit by a variable", kit, "svelte.config.js", "import a from '@sveltejs/adapter-node';export default {kit: {adapter: a(), paths: {base: process.env.BASE ?? '/shop'}}}", "/shop/; the config takes it from BASE"},
		{"astro", astro, "astro.config.mjs", "import node from '@astrojs/node';export default defineConfig({base: 'https://x.example/docs', adapter: node({mode: 'standalone'})})", "/docs/"},
		{"react router", router, "react-router.config.ts", "export default {basename: '/shop/'} satisfies Config", "/shop/"},
		{"remix", nodetest.Manifest("@remix-run/dev @remix-run/serve vite", "build: remix vite:build"), "vite.config.ts", "import { vitePlugin as remix } from '@remix-run/dev'\nexport default defineConfig({plugins: [remix({basename: '/shop'})]})", "/shop/"},
		{"tanstack start", nodetest.Manifest("@tanstack/react-start vite srvx", "build: vite build"), "vite.config.ts", "export default defineConfig({base: '/shop'})", "/shop/"},
		{"solidstart 1", nodetest.Manifest("@solidjs/start vinxi", "build: vinxi build"), "app.config.ts", "export default defineConfig({server: {baseURL: '/shop'}})", "/shop/"},
		{"angular", ng, "angular.json", angular(`, "baseHref": "/shop/"`, ""), "/shop/"},
		{"angular in production", ng, "angular.json", angular(`, "baseHref": "/"`, `, "configurations": {"production": {"baseHref": "/eu/"}}`), "/eu/"},
		{"angular by its flag", nodetest.Manifest("@angular/cli @angular/ssr@21.0.0", "build: ng build --base-href=/shop/"), "angular.json", angular("", ""), "/shop/"},
		{"angular's site", ng, "angular.json", site(`, "baseHref": "/shop/"`), "site /shop/"},
		{"vite", vite, "vite.config.js", "export default {base: '/shop/'}", "site /shop/"},
		{"vite by a variable", vite, "vite.config.js", "export default {base: process.env.VITE_BASE || '/'}", "site /; the config takes it from VITE_BASE"},
		{"vite by loadEnv", vite, "vite.config.js", "import {loadEnv} from 'vite'\nexport default defineConfig(({mode}) => ({base: loadEnv(mode, '.').VITE_BASE ?? '/shop/'}))", "site /shop/; the config takes it from VITE_BASE"},
		{"vite by the command", vite, "vite.config.js", "export default defineConfig(({command}) => ({base: command === 'build' ? '/shop/' : '/'}))", "site /shop/"},
		{"vite by the mode", vite, "vite.config.js", "export default defineConfig(({mode}) => ({base: mode === 'production' ? '/shop/' : '/'}))", "site /shop/"},
		{"astro's site", astro, "astro.config.mjs", "export default defineConfig({base: process.env.BASE || '/docs'})", "site /docs/; the config takes it from BASE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fw, err := find(t, map[string]string{"package.json": tt.pkg, tt.file: tt.config})
			if err != nil {
				if !strings.Contains(err.Error(), tt.want) || strings.HasPrefix(tt.want, "/") {
					t.Fatal(err)
				}
				return
			}
			got := ""
			switch {
			case fw.Site != nil:
				got = "site " + fw.Site.Base.String()
			case fw.Server != nil:
				got = fw.Server.Health
			}
			for _, c := range fw.Choices {
				if argument := regexp.MustCompile(`^(the config takes it from )the build argument (\w+),`).FindStringSubmatch(c.Rule); c.Key == "node.base" && argument != nil && fw.Build.Args[len(fw.Build.Args)-1].Env.Name.String() == argument[2] {
					got += "; " + argument[1] + argument[2]
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
