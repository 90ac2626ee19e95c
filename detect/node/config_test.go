package node

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node/js"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/detect/tree/treetest"
)

func readFiles(t *testing.T, files map[string]string) Config {
	t.Helper()
	index := treetest.Of(t, files)
	c, err := readConfig(index, &Facts{Dir: "."})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestGet(t *testing.T) {
	tests := []struct {
		name, file, text, tool, keys string
		want                         string // "value:line", "computed" or "absent"
	}{
		{"plain", "next.config.js", "module.exports = {output: 'export'}", "next", "output", "export:1"},
		{"typed constant", "next.config.ts", "import type { NextConfig } from \"next\";\n\nconst nextConfig: NextConfig = {\n  output: \"standalone\",\n};\n\nexport default nextConfig;\n", "next", "output", "standalone:4"},
		{"generic type", "next.config.ts", "const c: Partial<Record<string, Foo<Bar>>> = {output: `export`}; export default c", "next", "output", "export:1"},
		{"satisfies", "react-router.config.ts", "export default {\n // comment, with 'quotes'\n  ssr: false,\n} satisfies Config;", "react-router", "ssr", "false:3"},
		{"as const", "next.config.ts", "export default { output: 'export' as const }", "next", "output", "export:1"},
		{"define", "vite.config.ts", "export default defineConfig({build: {outDir: \"theoutput\"}, plugins: [svelte()]});", "vite", "build outDir", "theoutput:1"},
		{"define with type", "vite.config.ts", "export default defineConfig<UserConfig>({base: '/a/'})", "vite", "base", "/a/:1"},
		{"arrow", "vite.config.js", "export default defineConfig(({ mode }) => ({ base: '/a/' }))", "vite", "base", "/a/:1"},
		{"typed arrow", "vite.config.ts", "export default defineConfig(({ mode }: Env): UserConfig => ({ base: '/a/' }))", "vite", "base", "/a/:1"},
		{"async function", "vite.config.js", "export default defineConfig(async function (env) { const x = await y();\n return { base: '/a/' } })", "vite", "base", "/a/:2"},
		{"one return", "vite.config.js", "export default defineConfig(({mode}) => { process.env = {...process.env, ...loadEnv(mode, '.')};\n return { server: { port: 3000 } } })", "vite", "server port", "3000:2"},
		{"two returns", "vite.config.js", "export default defineConfig(({command}) => { if (command === 'serve') { return {base: '/'} } return {base: '/b/'} })", "vite", "base", "/b/:1"},
		{"two returns by code", "vite.config.js", "export default defineConfig(() => { if (f()) { return {base: '/'} } return {base: '/b/'} })", "vite", "base", "computed"},
		{"return of a build", "vite.config.js", "export default defineConfig(({command}) => { if (command === 'build') return {base: '/a/'}\n return {base: '/b/'} })", "vite", "base", "/a/:1"},
		{"else of a build", "vite.config.js", "export default defineConfig(({command, mode}) => { if (command === 'serve') { return {base: '/'} } else if (mode === 'test') { return {base: '/t/'} } else { return {base: '/b/'} } })", "vite", "base", "/b/:1"},
		{"written for a build", "vite.config.js", "export default defineConfig(({command}) => { const c = {base: '/'}; if (command !== 'serve') { c.base = '/repo/' }\n return c })", "vite", "base", "/repo/:1"},
		{"chosen by a function", "vite.config.js", "function base() { if (process.env.PAGES) return '/repo/'; return '/' }\nexport default { base: base() }", "vite", "base", "/:2"},
		{"chosen by a switch", "vite.config.js", "function base() { switch (process.env.TARGET) { case 'pages': return '/repo/'; case undefined: return '/a/'; default: return '/' } }\nexport default { base: base() }", "vite", "base", "/a/:2"},
		{"the default of a switch", "vite.config.js", "function base() { switch (process.env.TARGET) { case 'pages': return '/repo/'; default: return '/' } }\nexport default { base: base() }", "vite", "base", "/:2"},
		{"a switch by code", "vite.config.js", "function base() { switch (f()) { case 'pages': return '/repo/'; default: return '/' } }\nexport default { base: base() }", "vite", "base", "computed"},
		{"a loop's return", "vite.config.js", "function base() { for (const x of list) return '/repo/'\n return '/' }\nexport default { base: base() }", "vite", "base", "computed"},
		{"a text with a variable", "vite.config.js", "const sub = process.env.SUB || 'x'\nexport default { base: `/${sub}/` }", "vite", "base", "/x/:2"},
		{"a text with a variable without default", "vite.config.js", "export default { base: `/${process.env.SUB}/` }", "vite", "base", "computed"},
		{"a text and a variable", "vite.config.js", "export default { base: '/' + (process.env.SUB || 'x') }", "vite", "base", "/x:1"},
		{"by a table", "vite.config.js", "const bases = {pages: '/repo/', docker: '/'}\nexport default { base: bases[process.env.TARGET || 'docker'] }", "vite", "base", "/:1"},
		{"by the arguments", "svelte.config.js", "const dev = process.argv.includes('dev')\nexport default { kit: { paths: { base: dev ? '' : '/repo' } } }", "svelte", "kit paths base", "/repo:2"},
		{"one of two functions", "astro.config.mjs", "import node from '@astrojs/node'; import vercel from '@astrojs/vercel'\nexport default { adapter: (process.env.VERCEL ? vercel : node)() }", "astro", "adapter", "@astrojs/node:2"},
		{"one of two calls", "astro.config.mjs", "import node from '@astrojs/node'; import vercel from '@astrojs/vercel'\nlet a = vercel(); if (!process.env.VERCEL) a = node({mode: 'standalone'})\nexport default { adapter: a }", "astro", "adapter mode", "standalone:2"},
		{"merged", "vite.config.js", "import { mergeConfig } from 'vite'; const b = {base: '/x/', build: {outDir: 'o'}}\nexport default mergeConfig(b, {build: {outDir: 'p'}})", "vite", "build outDir", "p:2"},
		{"the phase of a build", "next.config.mjs", "import { PHASE_DEVELOPMENT_SERVER } from 'next/constants'\nexport default (phase) => { const dev = phase === PHASE_DEVELOPMENT_SERVER; return { output: dev ? undefined : 'export' } }", "next", "output", "export:2"},
		{"merged with code", "vite.config.js", "import { mergeConfig } from 'vite'\nexport default mergeConfig(f(), {build: {}})", "vite", "base", "computed"},
		{"assigned together", "next.config.js", "module.exports = Object.assign({output: 'export'}, {distDir: 'o'})", "next", "output", "export:1"},
		{"two returns that agree", "vite.config.js", "export default defineConfig(({mode}) => { if (f()) return {base: '/b/', build: {outDir: 'x'}}\n return {base: '/b/', build: {}} })", "vite", "base", "/b/:1"},
		{"two returns that differ", "vite.config.js", "export default defineConfig(({mode}) => { if (f()) return {build: {outDir: 'x'}}\n return {build: {}} })", "vite", "build outDir", "computed"},
		{"absent from two returns", "vite.config.js", "export default defineConfig(({mode}) => { if (mode === 'client') { return {build: {}} } else { return {plugins: []} } })", "vite", "root", "absent"},
		{"absent beside what one return has", "vite.config.js", "export default defineConfig(({mode}) => { if (mode === 'client') return {build: {rollupOptions: {}}}\n return {plugins: []} })", "vite", "build outDir", "absent"},
		{"in one return alone", "vite.config.js", "export default defineConfig(({mode}) => { if (f()) return {base: '/a/'}\n return {plugins: []} })", "vite", "base", "computed"},
		{"what functions inside return", ".eleventy.js", "module.exports = function(c) { c.addFilter('head', (a, n) => { if (!a) { return []; } return a; });\n function f() { return 1 }\n c.set({ ready: function(err) { return err }, go(x) { return x } });\n return { dir: { output: 'out' } }; }", "eleventy", "dir output", "out:4"},
		{"wrapped", "next.config.mjs", "const withMDX = createMDX({})\nconst nextConfig = { output: 'export' }\nexport default withMDX(nextConfig)", "next", "output", "export:2"},
		{"wrapped twice", "next.config.js", "const nextConfig = { output: 'export' }\nmodule.exports = withBundleAnalyzer({enabled: process.env.A === 'true'})(nextConfig)", "next", "output", "export:1"},
		{"function by name", "next.config.js", "async function config(phase) { return { output: 'export' } }\nmodule.exports = config", "next", "output", "export:1"},
		{"condition", "next.config.js", "module.exports = { output: process.env.X ? 'export' : undefined }", "next", "output", "absent"},
		{"condition of code", "next.config.js", "module.exports = { output: f() ? 'export' : undefined }", "next", "output", "computed"},
		{"condition without a value", "next.config.js", "module.exports = { output: process.env.X ? undefined : 'export' }", "next", "output", "export:1"},
		{"condition that is turned round", "next.config.js", "module.exports = { output: !process.env.X ? 'export' : undefined }", "next", "output", "export:1"},
		{"condition by comparison", "next.config.js", "const is = process.env.X === 'true'\nmodule.exports = { output: is ? 'export' : 'standalone' }", "next", "output", "standalone:2"},
		{"condition by another comparison", "next.config.js", "module.exports = { output: process.env.X !== 'true' ? 'export' : 'standalone' }", "next", "output", "export:1"},
		{"the variable of the mode", "next.config.js", "module.exports = { basePath: process.env.NODE_ENV === 'production' ? '/a' : '' }", "next", "basePath", "/a:1"},
		{"the variable of the mode by name", "next.config.js", "const isProd = 'development' !== process.env.NODE_ENV\nmodule.exports = { basePath: isProd && '/a' }", "next", "basePath", "/a:2"},
		{"a chain of conditions", "vite.config.js", "export default { base: process.env.A ? '/a/' : process.env.B ? '/b/' : '/c/' }", "vite", "base", "/c/:1"},
		{"and", "next.config.js", "module.exports = { output: process.env.X && 'export' }", "next", "output", "absent"},
		{"spread by condition", "next.config.js", "module.exports = { ...(process.env.X ? { output: 'export' } : {}), ...(process.env.NODE_ENV === 'production' && { basePath: '/a' }) }", "next", "basePath", "/a:1"},
		{"a spread of nothing", "next.config.js", "module.exports = { output: 'export', ...(process.env.X && { output: 'standalone' }) }", "next", "output", "export:1"},
		{"a plugin by condition", "vite.config.js", "import a from 'a'; import b from 'b'\nexport default { plugins: [process.env.X ? a() : b({x: 1}), ...(process.env.Y ? [a()] : [])] }", "vite", "plugins b x", "1:2"},
		{"no plugin by condition", "vite.config.js", "import a from 'a'\nexport default { plugins: [process.env.X && a()] }", "vite", "plugins a", "absent"},
		{"adapter by condition", "astro.config.mjs", "import v from '@astrojs/vercel'; import n from '@astrojs/node'\nexport default { adapter: process.env.VERCEL ? v() : n({mode: 'standalone'}) }", "astro", "adapter mode", "standalone:2"},
		{"nullish", "vite.config.js", "export default { base: process.env.BASE ?? '/a/' }", "vite", "base", "/a/:1"},
		{"a destructured variable", "vite.config.js", "const { BASE = '/a/', REST } = process.env\nexport default { base: BASE, root: REST }", "vite", "base", "/a/:1"},
		{"without a default", "vite.config.js", "export default { base: process.env.BASE }", "vite", "base", "absent"},
		{"with a part without a default", "vite.config.js", "export default { base: process.env.BASE + '/a/' }", "vite", "base", "computed"},
		{"with a part in a template", "vite.config.js", "export default { base: `${process.env.BASE}/a/` }", "vite", "base", "computed"},
		{"with a part with a default", "vite.config.js", "export default { base: (process.env.BASE || '') + '/a/' }", "vite", "base", "/a/:1"},
		{"loadEnv", "vite.config.js", "import { defineConfig, loadEnv } from 'vite'\nexport default defineConfig(({ mode }) => { const env = loadEnv(mode, process.cwd(), '')\n return { base: env.VITE_BASE || '/a/' } })", "vite", "base", "/a/:3"},
		{"the mode", "vite.config.js", "export default defineConfig(({ mode }) => ({ base: mode === 'production' ? '/a/' : '/' }))", "vite", "base", "/a/:1"},
		{"the command", "vite.config.js", "export default defineConfig((env) => ({ base: env.command === 'serve' ? '/' : '/a/' }))", "vite", "base", "/a/:1"},
		{"something else of the build", "vite.config.js", "export default defineConfig(({ isSsrBuild }) => ({ base: isSsrBuild ? '/' : '/a/' }))", "vite", "base", "computed"},
		{"a number", "vite.config.js", "export default { server: { port: Number(process.env.PORT) || 3000 } }", "vite", "server port", "3000:1"},
		{"or", "vite.config.js", "export default { build: { outDir: process.env.OUT || 'dist' } }", "vite", "build outDir", "dist:1"},
		{"beside a kindComputed one", "vite.config.js", "export default { define: { a: x ? 1 : 2 }, base: '/a/' }", "vite", "base", "/a/:1"},
		{"spread of a constant", "next.config.js", "const base = { output: 'export' };\nmodule.exports = { ...base, images: {} }", "next", "output", "export:1"},
		{"spread of an import", "next.config.js", "const base = require('./base');\nmodule.exports = { ...base, images: {} }", "next", "output", "computed"},
		{"over a spread", "next.config.js", "const base = require('./base');\nmodule.exports = { ...base, output: 'export' }", "next", "output", "export:2"},
		{"shorthand", "vite.config.js", "const base = '/a/';\nexport default { base }", "vite", "base", "/a/:2"},
		{"methods", "next.config.js", "module.exports = { async rewrites() { return [{source: '/', destination: '/a'}] }, output: 'export' }", "next", "output", "export:1"},
		{"regexp", "next.config.js", "module.exports = { webpack: (c) => { c.rules.push({test: /\\.(a|b)'{/}); return c }, output: 'export' }", "next", "output", "export:1"},
		{"resolved", "vite.config.js", "import path from 'node:path';\nexport default { build: { outDir: path.resolve(__dirname, '..', 'out'), x: 1 } }", "vite", "build outDir", "../out:2"},
		{"joined", "vite.config.js", "const { join } = require('path');\nmodule.exports = { base: join(import.meta.dirname, 'a', 'b',) }", "vite", "base", "a/b:2"},
		{"from where it is started", "vite.config.js", "import {resolve} from 'path';\nexport default { base: resolve('a'), root: resolve(process.cwd()) }", "vite", "base", "a:2"},
		{"added", "vite.config.js", "export default { base: __dirname + '/a' }", "vite", "base", "a:1"},
		{"by its URL", "vite.config.js", "import { fileURLToPath } from 'url'; export default { base: fileURLToPath(new URL('./a', import.meta.url)) }", "vite", "base", "a:1"},
		{"below", "docs/.vuepress/config.js", "const path = require('path'); module.exports = { dest: path.resolve(__dirname, '../../out') }", "vuepress", "dest", "out:1"},
		{"resolved from something", "vite.config.js", "import path from 'path'; export default { base: path.resolve(x, 'a') }", "vite", "base", "computed"},
		{"resolved to the root", "vite.config.js", "import path from 'path'; export default { base: path.resolve(__dirname, '/a') }", "vite", "base", "computed"},
		{"resolved with something", "vite.config.js", "import path from 'path'; export default { base: path.resolve(__dirname, 'a', b) }", "vite", "base", "computed"},
		{"another resolve", "vite.config.js", "import { resolve } from './x'; export default { base: resolve(__dirname, 'a') }", "vite", "base", "./x:1"},
		{"SvelteKit in Vite", "vite.config.js", "import a from '@sveltejs/adapter-node'; import { sveltekit } from '@sveltejs/kit/vite';\nexport default { plugins: [x(), sveltekit({ adapter: a({ out: 'o' }) })] }", "svelte", "kit adapter out", "o:2"},
		{"SvelteKit in Vite, no options", "vite.config.js", "import { sveltekit } from '@sveltejs/kit/vite'; export default { plugins: [sveltekit()] }", "svelte", "kit adapter", "absent"},
		{"absent", "next.config.js", "module.exports = { images: {} }", "next", "output", "absent"},
		{"undefined", "next.config.js", "module.exports = { output: undefined }", "next", "output", "absent"},
		{"through a scalar", "vite.config.js", "export default { build: 3 }", "vite", "build outDir", "absent"},
		{"empty", "next.config.js", "// nothing yet\n", "next", "output", "absent"},
		{"no export", "next.config.js", "const output = 'export'", "next", "output", "computed"},
		{"not JavaScript", "next.config.js", "module.exports = { output: 'export", "next", "output", "computed"},
		{"adapter", "svelte.config.js", "import adapter from '@sveltejs/adapter-auto';\nconst config = {\n\tpreprocess: vitePreprocess(),\n\n\tkit: {\n\t\tadapter: adapter()\n\t}\n};\nexport default config;", "svelte", "kit adapter", "@sveltejs/adapter-auto:6"},
		{"adapter's mode", "astro.config.mjs", "import node from \"@astrojs/node\";\nexport default defineConfig({output: \"server\", adapter: node({mode: \"standalone\"})})", "astro", "adapter mode", "standalone:2"},
		{"plugin", "vite.config.ts", "import { vitePlugin as remix } from \"@remix-run/dev\";\nexport default defineConfig({ plugins: [a(), remix({ ssr: false }), b()] })", "vite", "plugins @remix-run/dev ssr", "false:2"},
		{"no such plugin", "vite.config.ts", "export default defineConfig({ plugins: [a()] })", "vite", "plugins @remix-run/dev ssr", "absent"},
		{"element by what it holds", "stencil.config.ts", "export const config: Config = {\n outputTargets: [{type: 'dist'}, { type: 'www', dir: 'out' }] };", "stencil", "outputTargets type=www dir", "out:2"},
		{"no such element", "stencil.config.ts", "export const config: Config = { outputTargets: [{type: 'dist'}, x] };", "stencil", "outputTargets type=www dir", "absent"},
		{"named export of another thing", "stencil.config.ts", "export const other = { outputTargets: [] };", "stencil", "outputTargets", "computed"},
		{"require", "svelte.config.js", "const { default: x, adapter } = require('@sveltejs/adapter-node');\nmodule.exports = { kit: { adapter: adapter({out: 'o'}) } }", "svelte", "kit adapter", "@sveltejs/adapter-node:2"},
		{"JSON", "angular.json", "{\n \"projects\": {\"a.b\": {\"architect\": {\"build\": {\"options\": {\"outputPath\": \"dist/x\"}}}}}}", "angular", "projects a.b architect build options outputPath", "dist/x:2"},
		{"empty object", "app.json", "{\"expo\": {}}", "expo", "expo web output", "absent"},
		{"assigned afterwards", "next.config.js", "const nextConfig = { images: {} }\nnextConfig.output = 'export'\nmodule.exports = nextConfig", "next", "output", "export:2"},
		{"assigned afterwards, deep", "vite.config.js", "const config = { build: {} };\nconfig.build.outDir = 'public_html';\nexport default defineConfig(config)", "vite", "build outDir", "public_html:2"},
		{"assigned to the exports", "next.config.js", "module.exports = { images: {} }\nmodule.exports.output = 'export'", "next", "output", "export:2"},
		{"written over", "next.config.js", "let output = 'export'\noutput = 'standalone'\nmodule.exports = { output }", "next", "output", "standalone:3"},
		{"written in a branch not taken", "next.config.js", "let output = 'standalone'; if (process.env.X) output = 'export'\nmodule.exports = { output }", "next", "output", "standalone:2"},
		{"a member written in a branch not taken", "next.config.js", "const c = {}; if (process.env.X) { c.output = 'export' }\nmodule.exports = c", "next", "output", "absent"},
		{"written in a branch", "next.config.js", "let output = 'standalone'; if (f()) output = 'export'\nmodule.exports = { output }", "next", "output", "computed"},
		{"written in a branch with braces", "next.config.js", "let output = 'standalone'; if (f()) { output = 'export' }\nmodule.exports = { output }", "next", "output", "computed"},
		{"a member written in a branch", "next.config.js", "const c = {}; if (f()) { c.output = 'export' }\nmodule.exports = c", "next", "output", "computed"},
		{"written in another function", "next.config.js", "let output = 'standalone'; function f() { output = 'export' }\nmodule.exports = { output }", "next", "output", "computed"},
		{"added to", "vite.config.js", "let base = '/a/'; base += 'b/'\nexport default { base }", "vite", "base", "computed"},
		{"counted", "vite.config.js", "let port = 1; port++\nexport default { server: { port } }", "vite", "server port", "computed"},
		{"another name of another function", "vite.config.js", "const base = '/a/'; function f() { const base = '/b/'; return base }\nexport default { base }", "vite", "base", "/a/:2"},
		{"a member of an object", "vite.config.js", "const paths = { out: { web: 'x' } }\nexport default { build: { outDir: paths.out.web } }", "vite", "build outDir", "x:1"},
		{"put together", "vite.config.js", "const dir = 'x'\nexport default { build: { outDir: `${dir}/web`, assetsDir: dir + '/y' } }", "vite", "build outDir", "x/web:2"},
		{"what a function of the file returns", "vite.config.js", "const out = () => 'x'\nexport default { build: { outDir: out() } }", "vite", "build outDir", "x:2"},
		{"nuxt", "nuxt.config.ts", "export default defineNuxtConfig({\n  nitro: { preset: 'node-cluster' },\n})", "nuxt", "nitro preset", "node-cluster:2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := readFiles(t, map[string]string{tt.file: tt.text})
			f := c.Of(tt.tool)
			if f == nil {
				t.Fatalf("no %s file", tt.tool)
			}
			v, state := f.Get(strings.Fields(tt.keys)...)
			got := map[State]string{Absent: "absent", Computed: "computed"}[state]
			if state == Literal {
				if v.Pos.File != tt.file {
					t.Errorf("position %v is in another file", v.Pos)
				}
				got = v.Value + strings.TrimPrefix(v.Pos.String(), tt.file)
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestLoadedEnv: what Vite's loadEnv reads has the value of the file .env that counts, unless that may be a secret.
func TestLoadedEnv(t *testing.T) {
	const text = "import { defineConfig, loadEnv } from 'vite'\nexport default defineConfig(({ mode }) => {\n const env = loadEnv(mode, process.cwd(), '')\n const { OUT: out = 'dist' } = env\n" +
		" return { base: env.BASE || '/a/', root: env.API_KEY, build: { outDir: out, assetsDir: env.MADE } } })"
	c := readFiles(t, map[string]string{"vite.config.js": text, ".env": "BASE=/env/\nOUT=web\n", ".env.production": "BASE=/b/\nAPI_KEY=x\nMADE=${BASE}x\n"})
	for keys, want := range map[string]string{"base": "/b/ .env.production:1", "build outDir": "web .env:2"} {
		if v, state := c.Of("vite").Get(strings.Fields(keys)...); state != Literal || v.Value+" "+v.Pos.String() != want {
			t.Errorf("%s: got %v, %v", keys, v, state)
		}
	}
	for _, keys := range []string{"root", "build assetsDir"} {
		if v, state := c.Of("vite").Get(strings.Fields(keys)...); state != Computed {
			t.Errorf("%s: got %v, %v", keys, v, state)
		}
	}
}

// TestGetEnv holds what depends on a variable of a file that the build reads to
// be computed: its value is not kept.
func TestGetEnv(t *testing.T) {
	const text = "export default { base: process.env.BASE || '/a/', root: process.env.OTHER || 'x' }"
	c := readFiles(t, map[string]string{"vite.config.js": text, ".env.production": "BASE=/b/\n"})
	if v, state := c.Of("vite").Get("base"); state != Computed {
		t.Errorf("base: got %v, %v", v, state)
	}
	if v, state := c.Of("vite").Get("root"); state != Literal || v.Value != "x" {
		t.Errorf("root: got %v, %v", v, state)
	}
	if got := c.Of("vite").Variable("base") + c.Of("vite").Variable("build", "outDir"); got != "BASE" {
		t.Errorf("the variable of base: got %q", got)
	}
	f := Facts{Dir: ".", Scripts: map[string]fact.Fact[string]{"build": {Value: "vite build --mode staging"}}}
	if got := buildArguments(&f, "vite"); len(got) != 1 || len(got[0].Values) != 2 || got[0].Values[1].Text != "staging" {
		t.Errorf("a mode that a script names: got %v", got)
	}
}

// What a configuration takes from other files of the repository is read there.
func TestConfigModules(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"const base = require('./base')\nmodule.exports = { ...base, images: {} }", "export base.js:1"},
		{"import base from './base.js'\nexport default base", "export base.js:1"},
		{"import { output } from './named'\nexport default { output }", "standalone next.config.js:2"},
		{"import settings from './settings.json' with { type: 'json' }\nexport default { output: settings.output }", "export settings.json:2"},
		{"import { output } from './none'\nexport default { output }", "computed next.config.js:2"},
	} {
		c := readFiles(t, map[string]string{"next.config.js": tt.text, "base.js": "module.exports = { output: 'export' }", "named.ts": "export const output = 'standalone'", "settings.json": "{\n\"output\": \"export\"}"})
		v, state := c.Of("next").Get("output")
		got := v.Value + " " + v.Pos.String()
		if state == Computed {
			got = "computed " + v.Pos.String()
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestConfigFiles(t *testing.T) {
	c := readFiles(t, map[string]string{"vite.config.mts": "export default {}", "docs/.vitepress/config.ts": "export default {base: '/d/'}"})
	if f := c.Of("vite"); f == nil || f.File != "vite.config.mts" {
		t.Errorf("vite: got %+v", f)
	}
	if v, _ := c.Of("vitepress").Get("base"); v.Value != "/d/" || v.Pos.File != "docs/.vitepress/config.ts" {
		t.Errorf("vitepress: got %+v", v)
	}
	c = readFiles(t, map[string]string{"vite.config.ts": "import a from '@x/a'; const b = require('b'); export default {}", "next.config.js": "require('./c')"})
	if f := c.Of("vite"); !f.Imports("@x/a") || !f.Imports("b") || f.Imports("c") || f.Local() || !c.Of("next").Local() {
		t.Errorf("imports: got %+v", c.Files)
	}
	if _, state := c.Of("astro").Get("output"); state != Absent {
		t.Errorf("a file that is not there says %v", state)
	}
}

func FuzzConfig(f *testing.F) {
	for _, seed := range []string{
		"export default defineConfig(({ mode }: Env): UserConfig => ({ base: '/a/', plugins: [a({b: 1})] }))",
		"module.exports = withA({b: `${c}`})(d)", "const a: B<C<D>> = {...a, ['x']: 1, get y() {}};export default a",
		"import p from 'path'; export default {a: p.resolve(), b: p.join(__dirname, 'x',, 'y'), c: p.resolve(__dirname", "export default {a: __dirname +",
		"export default {a: /[/]/, b: 1_0, c: a?.b, d: <T>(x) => x}", "((((((((((", "export default " + strings.Repeat("{a:", 500),
		"export default ({mode}) => ({build: {outDir: mode === 'production' && !process.env.A ? process.env.B || `${process.env.C}` : process.env.D + 1}, ...(process.env.E && {plugins: [process.env.F ? a() : b()]})})",
		"export default {build: {outDir: " + strings.Repeat("process.env.A ? 1 : ", 300) + "2}}", "export default {build: {outDir: " + strings.Repeat("!process.env.A && ", 300) + "2}}",
		"const a = a; export default a", "const a = {...a}; export default a", "export default `${`${`", "module.exports = function () { return",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(_ *testing.T, text []byte) {
		c := ConfigFile{pos: "f", env: []EnvFile{{Names: []fact.Fact[string]{{Value: "B"}}}}}
		program := js.NewProgram(nil)
		program.Build = true
		c.read(program.Add("f.ts", text), buildArguments(&Facts{}, "vite")...)
		c.Variable("build", "outDir")
		c.Get("build", "outDir")
		c.Get("plugins", "a", "b")
	})
}

// The mode is that of the build script, wherever it stands.
func TestBuildMode(t *testing.T) {
	for _, c := range []struct{ scripts, want string }{
		{"build: vite build", "production"},
		{"build: vite build --mode staging", "staging"},
		{"build: vite build --mode=staging", "staging"},
		{"build: vite build; build:staging: vite build --mode staging", "production"},
		{"build: npm run build:docker; build:docker: tsc && vite build --mode docker", "docker"},
		{"build: vite build --mode a && vite build --mode b", ""},
		{"build:a: vite build --mode a; build:b: vite build --mode b", ""},
		{"build: build", "production"},
		{"", "production"},
	} {
		f := &Facts{Scripts: map[string]fact.Fact[string]{}}
		for s := range strings.SplitSeq(c.scripts, "; ") {
			if name, text, ok := strings.Cut(s, ": "); ok {
				f.Scripts[name] = fact.Fact[string]{Value: text}
			}
		}
		if got, ok := buildMode(f, "build", 0); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: got %q, %v, want %q", c.scripts, got, ok, c.want)
		}
	}
}

// TestNamedConfig: the configuration that scripts name to a tool is read where it has none at its usual place.
func TestNamedConfig(t *testing.T) {
	const front = "front/vite.config.ts"
	for name, tt := range map[string]struct {
		scripts, more, want string
	}{
		"by a word":               {"vite build --config front/vite.config.ts", "", front},
		"joined":                  {"vite build --config=./front/vite.config.ts", "", front},
		"short, behind another":   {"tsc && cross-env A=b vite build -c front/vite.config.ts", "", front},
		"two scripts":             {"vite build -c front/vite.config.ts;vite -c front/vite.config.ts", "", front},
		"two files":               {"vite build -c front/vite.config.ts;vite -c b.ts", "b.ts", ""},
		"one at its usual place":  {"vite build -c front/vite.config.ts", "vite.config.js", "vite.config.js"},
		"another tool's":          {"vitest -c front/vite.config.ts", "", ""},
		"one that is not there":   {"vite build -c b.ts", "", ""},
		"outside":                 {"vite build -c ../b.ts", "", ""},
		"none":                    {"vite build -c", "", ""},
		"what no shell can run":   {"vite build -c 'front/vite.config.ts", "", ""},
		"a file that is not code": {"vite build -c a.json", "a.json", ""},
	} {
		fsys := fstest.MapFS{front: {Data: []byte("export default {}")}}
		if tt.more != "" {
			fsys[tt.more] = &fstest.MapFile{Data: []byte("export default {}")}
		}
		index, err := tree.Scan(t.Context(), fsys, tree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		f := &Facts{Dir: ".", Scripts: map[string]fact.Fact[string]{}}
		for n, s := range strings.Split(tt.scripts, ";") {
			f.Scripts[string(rune('a'+n))] = fact.Fact[string]{Value: s}
		}
		c, err := readConfig(index, f)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if x := c.Of("vite"); x != nil {
			got = x.File
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
