package node

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/internal/table"
)

// shown prints what a set says.
func shown(s effect.Set) string {
	var out []string
	value := func(v effect.Value) string {
		text := v.Text
		if v.Env != "" {
			text = "$" + v.Env + "|" + text
		}
		if !v.Known() {
			text = "?"
		}
		return text
	}
	for _, l := range s.Listens {
		text := "listen " + value(l.Addr.Port)
		if l.Named {
			text = "named " + value(l.Addr.Port)
		} else if h := l.Addr.Host; h.Text != "" || h.Env != "" {
			text += " at " + value(h)
		}
		out = append(out, text)
	}
	for _, f := range s.Files {
		text := string(f.Use) + " "
		if f.Base != effect.WorkDir {
			text += string(f.Base) + ":"
		}
		text += value(f.Path)
		if f.Dir {
			text += "/"
		}
		out = append(out, text)
	}
	for _, e := range s.Execs {
		out = append(out, "run "+e.Program.Text)
	}
	for _, r := range s.Routes {
		out = append(out, r.Method+" "+r.Path)
	}
	for _, x := range s.Signals {
		out = append(out, x.Name)
	}
	return strings.Join(out, ", ")
}

func TestEffects(t *testing.T) {
	files := map[string]string{
		"package.json": "{}", "config.js": "exports.port = 7007", "config.json": `{"port": 7008, "http": {"port": "7009"}}`,
		"settings.ts":         "export default { http: { port: Number(process.env.HTTP_PORT) || 7010 } }",
		"config/default.json": `{"server": {"port": 7011, "host": "localhost"}}`, "config/production.yaml": "server:\n  host: 0.0.0.0\n",
		"config/custom-environment-variables.json": `{"server": {"port": "APP_PORT"}}`,
		"server.ts": "import express from 'express'; export const app = express()",
	}
	for _, c := range []struct{ code, want string }{
		// names have scope
		{"const app = require('express')(); const port = process.env.PORT || 8080; app.listen(port); function connect() { const port = 5432 }", "listen $PORT|8080"},
		{"const app = require('express')(); app.listen(3001); { const app = require('postgres')(); app.listen('news') }", "listen 3001"},
		// the last write before the use counts
		{"let port = 3000; port = 3002; require('http').createServer().listen(port)", "listen 3002"},
		{"let port = 3000; if (x) port = 3002; require('http').createServer().listen(port)", "listen ?"},
		{"const config = {port: 1}; config.port = 3003; require('http').createServer().listen(config.port)", "listen 3003"},
		// conversions keep the variable
		{"const port = process.env.PORT || 8083; app.listen(parseInt(port, 10))", "listen $PORT|8083"},
		{"const port = process.env.PORT || 8083; app.listen(+port)", "listen $PORT|8083"},
		{"app.listen(Number(process.env.PORT || 8083))", "listen $PORT|8083"},
		{"const n = (p) => parseInt(p, 10); app.listen(n(process.env.PORT || 8083))", "listen $PORT|8083"},
		{"import {toPort} from './none'; app.listen(toPort(process.env.PORT || 8083))", "listen $PORT|8083"},
		{"app.listen(argv.port || process.env.PORT || 8083)", "listen $PORT|8083"},
		// objects, destructuring, modules
		{"const config = {http: {port: 8086}}; app.listen(config.http.port)", "listen 8086"},
		{"import {serve} from '@hono/node-server'; const opts = {fetch, port: 8087}; serve(opts)", "listen 8087"},
		{"import Vite from 'vite-express'; import express from 'express'; Vite.listen(express(), 8090)", "listen 8090"},
		{"const {env} = process; app.listen(env.PORT || 8091)", "listen $PORT|8091"},
		{"const {port} = require('../config'); app.listen(port)", "listen 7007"},
		{"const c = require('../config.json'); app.listen(c.http.port)", "listen 7009"},
		{"import c from '../settings'; app.listen(c.http.port)", "listen $HTTP_PORT|7010"},
		{"const config = require('config'); app.listen(config.get('server.port'), config.server.host)", "listen $APP_PORT|7011 at 0.0.0.0"},
		{"import {app} from '../server'; app.listen(7012)", "listen 7012"},
		{"import {ConfigService} from '@nestjs/config'; const app = await NestFactory.create(M); app.listen(app.get(ConfigService).getOrThrow<number>('PORT'))", "listen $PORT|"},
		{"import {NestFactory} from '@nestjs/core'; import {ConfigService} from '@nestjs/config'; const app = await NestFactory.create<X>(M); const port = app.get(ConfigService).get('PORT', 7013); await app.listen(port)", "listen $PORT|7013"},
		{"class Server { private app: Application; constructor(private port = 7014) { this.app = express() } run() { this.app.listen(this.port) } }", "listen 7014"},
		{"function start(port) { app.listen(port) }\nstart(process.env.PORT || 7015)", "listen $PORT|7015"},
		// calls that listen, of servers of a known kind
		{"require('http').createServer((q, s) => s.end()).listen(1025, '127.0.0.1')", "listen 1025 at 127.0.0.1"},
		{"import * as http from 'node:http'; new http.Server(app).listen({port: 1026, host: process.env.HOST || 'localhost'})", "listen 1026 at $HOST|localhost"},
		{"import Fastify from 'fastify'; Fastify({logger: true}).listen({port: 1027})", "listen 1027 at localhost"},
		{"import {Elysia} from 'elysia'; new Elysia().get('/', () => 1).listen(1028)", "listen 1028, GET /"},
		{"Bun.serve({fetch})", "listen $PORT|3000"},
		{"Deno.serve(() => 1)", "listen 8000"},
		{"Deno.serve({port: 1029}, h)", "listen 1029"},
		{"import {WebSocketServer} from 'ws'; new WebSocketServer({port: 1030}); new WebSocketServer({server})", "listen 1030"},
		{"import {Server} from 'socket.io'; const s = require('http').createServer(); new Server(s); s.listen(1031)", "listen 1031"},
		{"import grpc from '@grpc/grpc-js'; const s = new grpc.Server(); s.bindAsync('0.0.0.0:50051', c, () => {})", "listen 50051 at 0.0.0.0"},
		{"export default {port: 1032, fetch: app.fetch}", "listen 1032"},
		{"const sql = require('postgres')(); sql.listen('news', f)", ""},
		{"import createSubscriber from 'pg-listen'; createSubscriber({}).listen(1033)", ""},
		{"import Redis from 'ioredis'; const r = new Redis(6379); r.listen(6379)", ""},
		{"emitter.listen('event')", ""},
		{"history.listen(() => {})", ""},
		{"app.listen('/run/x.sock')", ""},
		{"const s = require('net').createServer(); s.listen(process.env.CONTROL_SOCKET)", ""},
		{"const s = require('net').createServer(); s.listen(process.env.SOCKET_PATH, f)", ""},
		{"const s = require('net').createServer(); s.listen(process.env.SOCKET_PORT, f)", "listen $SOCKET_PORT|"},
		{"const s = require('net').createServer(); s.listen(process.env.SOCKET || 1036, f)", "listen $SOCKET|1036"},
		{"const o = {listen(p) {}}; o.listen(1034)", ""},
		{"interface S { listen(port: number): void }\ndeclare function listen(p: 1)", ""},
		{"log(process.env.PORT || 1035)", "named $PORT|1035"},
		// programs
		{"import {exec} from 'child_process'; exec(`git log ${x}`)", "run git"},
		{"const cp = require('node:child_process'); cp.spawnSync(ok ? '/usr/bin/dot' : 'neato', [])", "run dot, run neato"},
		{"require('child_process').spawn(process.platform === 'win32' ? 'pm2.cmd' : 'pm2')", "run pm2"},
		{"const run = require('util').promisify(require('child_process').execFile); run('ffmpeg')", "run ffmpeg"},
		{"import {$} from 'zx'; $`convert a b`", "run convert"},
		{"require('child_process').exec(`cd /tmp && ffmpeg -i ${x}`)", "run ffmpeg"},
		{"require('child_process').exec('cd /tmp && zip -r a.zip . | tee log; true')", "run zip, run tee"},
		{"require('child_process').spawn('sh', ['-c', 'pandoc x | gs -o y'])", "run sh, run pandoc, run gs"},
		{"require('child_process').spawn('/bin/bash', ['-lc', `test -f /a && convert ${x} b`])", "run bash, run convert"},
		{"require('child_process').exec(`cd /x && pre${name}`)", ""},
		{"require('child_process').exec(`cd ${dir} && ffmpeg`)", ""},
		{"require('child_process').exec('\"unclosed && rm x')", ""},
		{"require('child_process').spawn('git', ['-c', 'x && y'])", "run git"},
		{"import {$} from 'bun'; await $`git log`.text()", "run git"},
		{"Bun.spawn(['git', 'log'])", "run git"},
		{"const $ = cheerio.load(''); $('git'); $`git`", ""},
		{"const $ = require('jquery'); $('convert')", ""},
		{"import {$} from 'zx'; $('git')", ""},
		{"$`git`", ""},
		{"/a/.exec('git'); re.exec('git'); db.exec('select 1')", ""},
		{"exec('git')", ""},
		// signals
		{"process.on('SIGTERM', f)", "SIGTERM"},
		{"import process from 'node:process'; process.once('SIGINT', f)", "SIGINT"},
		{"['SIGINT', 'SIGTERM'].forEach(s => process.on(s, f))", "SIGINT, SIGTERM"},
		{"const l = ['SIGTERM']; for (const s of l) process.on(s, f)", "SIGTERM"},
		{"function on(s) { process.on(s, f) } on('SIGTERM'); on('SIGINT')", "SIGTERM, SIGINT"},
		{"require('close-with-grace')(f)", "SIGTERM"},
		{"import {createLightship} from 'lightship'; createLightship()", "SIGTERM"},
		{"emitter.on('SIGTERM', f)", ""},
		// routes
		{"const app = require('express')(); app.get('/health', f); app.get('name'); router.get('/x', f); app.get('/u/:id', f)", "GET /health"},
		{"import {Hono} from 'hono'; const app = new Hono(); const users = new Hono(); users.get('/', f); app.get('/up', f)", "GET /up"},
		{"let tool = null; require('child_process').spawn(tool, ['-v'])", ""},
		// files
		{"const fs = require('fs'), p = require('path'); fs.mkdirSync(p.join(__dirname, 'data'), {recursive: true}); fs.writeFileSync(p.join(__dirname, 'data/db.json'), '[]')", "write code:data/, write code:data/db.json"},
		{"import {promises as fs} from 'fs'; const dir = process.env.DATA_DIR || './data/'; await fs.mkdir(dir)", "write $DATA_DIR|data/"},
		{"import {writeFile, readFile} from 'node:fs/promises'; import path from 'path'; writeFile(path.resolve('out', name)); readFile('prompts/system.md')", "write out/, read prompts/system.md"},
		{"require('fs').writeFileSync(name, x); require('fs').readFileSync(name)", "write ?"},
		{"require('fs').createWriteStream(require('path').join(require('os').tmpdir(), 'a'))", "write temp:a"},
		{"const multer = require('multer'); multer({dest: 'uploads/'}); multer.diskStorage({destination: (q, f, cb) => cb(null, './files')})", "write uploads/, write files/"},
		{"const express = require('express'); express.static('public'); res.sendFile('index.html', {root: 'views'})", "read public/, read views/index.html"},
		{"const app = require('express')(); app.set('views', __dirname + '/views'); app.set('port', 3)", "read code:views/"},
		{"import D from 'better-sqlite3'; new D('data/app.db'); new D(':memory:')", "write data/app.db"},
		{"import {Sequelize} from 'sequelize'; new Sequelize({dialect: 'sqlite', storage: './db.sqlite'}); new Sequelize('postgres://x')", "write db.sqlite"},
		{"import {DataSource} from 'typeorm'; new DataSource({type: 'sqlite', database: 'a.db'}); new DataSource({type: 'postgres', database: 'b'})", "write a.db"},
		{"import {createClient} from '@libsql/client'; createClient({url: process.env.DB || 'file:local.db'}); createClient({url: 'libsql://x'})", "write $DB|local.db"},
		{"import winston from 'winston'; new winston.transports.File({filename: 'error.log', dirname: 'logs'})", "write logs/error.log"},
		{"const session = require('express-session'); const Store = require('session-file-store')(session); new Store({path: './s'})", "write s/"},
		{"import fastify from 'fastify'; import st from '@fastify/static'; const app = fastify(); app.register(st, {root: import.meta.dirname + '/public'})", "read code:public/"},
		{"import st from '@fastify/static'; export const mount = (host) => host.getInstance().register(st, {root: import.meta.dirname + '/public'})", "read code:public/"},
		{"import st from './static'; export const mount = (host) => host.getInstance().register(st, {root: import.meta.dirname + '/public'})", ""},
		{"import {JSONFilePreset} from 'lowdb/node'; JSONFilePreset('db.json', {})", "write db.json"},
	} {
		files["src/a.ts"] = c.code
		code := mustRead(t, files).Code
		set := code.Set
		// The other files say nothing but what they export.
		if got := shown(set); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.code, got, c.want)
		}
	}
}

// A module that the code imports is the app's, whatever the name of its folder; of what nothing imports, and of tests, nothing is read.
func TestImportedCode(t *testing.T) {
	for name, c := range map[string]struct{ code, file, want string }{
		"static":           {"import './static/static.module'", "src/static/static.module.ts", "run git"},
		"docs":             {"import './docs'", "src/docs/index.ts", "run git"},
		"tools":            {"require('../scripts/lib')", "scripts/lib.js", "run git"},
		"not imported":     {"", "src/static/static.module.ts", ""},
		"tests":            {"import './spec/helper'", "src/spec/helper.ts", ""},
		"a test":           {"import './a.test'", "src/a.test.ts", ""},
		"for the compiler": {"import './types'", "src/types.d.ts", ""},
	} {
		f := mustRead(t, map[string]string{"package.json": `{"scripts": {"start": "node dist/main.js"}}`, "src/main.ts": c.code, c.file: "require('child_process').exec('git')"})
		if got := shown(f.Code.Set); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// What a start script runs is read wherever it lies.
func TestStartedCode(t *testing.T) {
	const server = "require('./lib'); require('http').createServer().listen(8081); process.on('SIGTERM', f)"
	for start, file := range map[string]string{
		`"start": "node scripts/server.js"`:                            "scripts/server.js",
		`"start": "NODE_ENV=production node --watch docs/server"`:      "docs/server.js",
		`"start": "npm run web", "web": "node ./test/index.js"`:        "test/index.js",
		`"start:prod": "cross-env A=1 node public"`:                    "public/index.js",
		`"serve": "npm run build && node examples/basic/server.mjs"`:   "examples/basic/server.mjs",
		`"prestart": "tsc", "start": "tsx static/server.ts --port=80"`: "static/server.ts",
	} {
		dir := file[:strings.LastIndex(file, "/")]
		f := mustRead(t, map[string]string{"package.json": "{\"scripts\": {" + start + "}}", file: server, dir + "/lib.js": "require('child_process').exec('git')", "test/other.js": "x.listen(1)"})
		if got := shown(f.Code.Set); got != "listen 8081, run git, SIGTERM" {
			t.Errorf("%s: got %s", start, got)
		}
	}
	for _, scripts := range []string{`"test": "node test/run.js"`, `"build": "node scripts/build.js"`, `"start": "node index.js", "test": "npm start && node test/run.js"`} {
		f := mustRead(t, map[string]string{"package.json": "{\"scripts\": {" + scripts + "}}", "test/run.js": "x.listen(1)", "scripts/build.js": "x.listen(1)"})
		if got := shown(f.Code.Set); got != "" {
			t.Errorf("%s: got %s", scripts, got)
		}
	}
}

// The facts of a folder are the same wherever the folder lies.
func TestEffectsBelow(t *testing.T) {
	files := map[string]string{
		"package.json": `{"scripts": {"start": "node scripts/a.js"}}`, "src/a.ts": "import fs from 'fs'; fs.writeFileSync(__dirname + '/../data/x', ''); require('config').get('port')\napp.listen(require('config').port)",
		"config/default.json": `{"port": 1}`, "scripts/a.js": "app.listen(2)", "vite.config.ts": "import path from 'path'; export default {build: {outDir: path.resolve(__dirname, '../out')}}",
	}
	below := map[string]string{}
	for name, text := range files {
		below["apps/web/"+name] = text
	}
	root := mustRead(t, files)
	sub, err := readAt(t, below, "apps/web")
	if err != nil {
		t.Fatal(err)
	}
	if a, b := shown(root.Code.Set), shown(sub.Code.Set); a != b || a != "listen 1, listen 2, write code:../data/x" {
		t.Errorf("got %s and %s", a, b)
	}
	for i, l := range sub.Code.Listens {
		if want := "apps/web/" + root.Code.Listens[i].Pos.String(); l.Pos.String() != want {
			t.Errorf("got %v, want %s", l.Pos, want)
		}
	}
	a, _ := root.Config.Of("vite").Get("build", "outDir")
	b, _ := sub.Config.Of("vite").Get("build", "outDir")
	if a.Value != "../out" || a.Value != b.Value {
		t.Errorf("outDir: got %s and %s", a.Value, b.Value)
	}
}

func TestRows(t *testing.T) {
	seen := map[string]bool{}
	rows, err := table.Read[[]row]("calls.yaml", callsCompiled)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range rows {
		if !strings.HasPrefix(v.Source, "https://") || len(v.Call) == 0 && v.Program == "" {
			t.Errorf("%v %v: no source or no call", v.Module, v.Call)
		}
		if key := fmt.Sprint(v); seen[key] {
			t.Errorf("twice: %s", key)
		} else {
			seen[key] = true
		}
	}
	for _, v := range tools() {
		if !strings.HasPrefix(v.Source, "https://") || len(v.Files) == 0 {
			t.Errorf("%v is not whole", v)
		}
	}
}

// Reading takes time linear in the source, whatever it holds.
func TestLinearSource(t *testing.T) {
	for _, part := range []string{
		"'../',", "app.listen(", "fs.writeFileSync('a'+", "process.env.PORT||", "x.y(", "a.b.c.d.e.listen(1);", "exec(`", ".get().on()", "f()(", "class A{constructor(private a:B,",
		"import{$}from'zx';$`git`;", "[a,b].forEach(x=>process.on(x))", "const {A}=process.env;", "const a=require('./b');a.listen(1);", "export default {",
		"if(!process.env.A)throw 1;", "if(a){b=1}else ", "app.use('/a',r);", "switch(a){case 1:return 1;", "z.object({A:z.string()}).parse(process.env);", "@Controller('a')class A{@Get()b(){}}", "s.start(1);",
		"convict({a:{default:1}}).get('a');", "nconf.get('a');", "program.option('--a <b>','',1).opts().a;", "let a=1;if(a)a=2;", "a.filter(x=>!process.env[x]);", "app.set('port',1);app.get('port');", "req.url==='/a';", "enum A{a=1}",
	} {
		mustRead(t, map[string]string{"package.json": "{}", "a.ts": strings.Repeat(part, 60_000/len(part)), "b.js": "module.exports = {listen: require('./a')}"})
	}
}
