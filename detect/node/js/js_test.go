package js

import (
	"fmt"
	"path"
	"strings"
	"testing"
)

// show prints a value for a test.
func show(v Value) string {
	switch v.Kind {
	case Scalar:
		s := v.Text
		if v.Base != None {
			s = [...]string{"", "root:", "cwd:", "tmp:", "home:"}[v.Base] + s
		}
		return s
	case Env:
		if v.Default == nil {
			return "$" + v.Text
		}
		return "$" + v.Text + "|" + show(*v.Default)
	case Parts:
		return [...]string{"", "root:", "cwd:", "tmp:", "home:"}[v.Base] + v.Text + "…"
	case Reference:
		return "<" + v.Ref.Module + ":" + v.Ref.Name + ">"
	case Call:
		if v.Recv != nil {
			return show(*v.Recv) + "." + v.Text + "()"
		}
		return "<" + v.Ref.Module + ":" + v.Ref.Name + ">()"
	case Object:
		var list []string
		for i, k := range v.Keys {
			list = append(list, k+"="+show(v.Values[i]))
		}
		return "{" + strings.Join(list, " ") + "}"
	case Array, Either:
		var list []string
		for _, x := range v.Values {
			list = append(list, show(x))
		}
		if v.Kind == Either {
			return "(" + strings.Join(list, " or ") + ")"
		}
		return "[" + strings.Join(list, " ") + "]"
	case Function:
		return "function"
	case Method:
		return show(*v.Recv) + "." + v.Text
	default:
		return "?"
	}
}

type files map[string]string

func (f files) Resolve(from, specifier string) (string, bool) {
	name := path.Join(path.Dir(from), specifier)
	for _, ext := range []string{"", ".js", ".ts", "/index.js"} {
		if _, ok := f[name+ext]; ok {
			return name + ext, true
		}
	}
	return "", false
}

func (f files) Read(name string) ([]byte, bool) {
	s, ok := f[name]
	return []byte(s), ok
}

func (f files) Call(string, Value) (Value, bool) { return Value{}, false }

func (f files) Data(_, specifier string) (Value, bool) {
	if path.Ext(specifier) == ".json" {
		return Value{Kind: Object, Keys: []string{"port"}, Values: []Value{Of("7008", specifier, 1)}}, true
	}
	return Value{}, false
}

// used evaluates the argument of use(…) in a file.
func used(t *testing.T, fs files, name string) string {
	t.Helper()
	f := NewProgram(fs).Add(name, []byte(fs[name]))
	for i := range f.Tokens {
		if f.is(i, "use", "(") && !f.is(i-1, ".") {
			v, end := f.Eval(i + 2)
			if end != f.Close(i+1) {
				return fmt.Sprintf("%s, and then %q", show(v), f.text(end))
			}
			return show(v)
		}
	}
	return "no use: " + fmt.Sprint(f.Tokens)
}

func TestEval(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		// scope
		{"const port = process.env.PORT || 8080; use(port); function connect() { const port = 5432 }", "$PORT|8080"},
		{"function connect() { const port = 5432 } const port = 8080; use(port)", "8080"},
		{"const f = () => { let port = 1 }; const port = 2; use(port)", "2"},
		{"const port = 1; { const port = 2; use(port) }", "2"},
		{"const port = 1; { const port = 2 } use(port)", "1"},
		{"if (x) { var port = 2 } use(port)", "2"},
		{"class A { connect() { const port = 1 } }\nconst port = 2\nuse(port)", "2"},
		{"const port = 1; function f(port) { use(port) } f(3)", "3"},
		{"for (const port of [1]) {} const port = 2; use(port)", "2"},
		{"try {} catch (port) {} const port = 2; use(port)", "2"},
		// writes
		{"let port = 1; port = 2; use(port)", "2"},
		{"let port = 1; use(port); port = 2", "1"},
		{"let port = 1; if (x) { port = 2 } use(port)", "(1 or 2)"},
		{"let port = 1; if (x) port = 2\nuse(port)", "(1 or 2)"},
		{"let port = 1; if (x) { port = 2; use(port) }", "2"},
		{"let port = 1; function f() { port = 2 } use(port)", "(1 or 2)"},
		{"let port = 1; port++; use(port)", "?"},
		{"let port = 1; port += 1; use(port)", "?"},
		{"let port = 1; x && (port = 2); use(port)", "(1 or 2)"},
		{"let port; port ??= 3; use(port)", "3"},
		{"let port = process.env.PORT; port ||= 3; use(port)", "$PORT|3"},
		{"let app; app = 4; use(app)", "4"},
		{"let app; function use1() { use(app) } function init() { app = 5 }", "5"},
		{"let a = 1; for (;;) { use(a); a = 2 }", "(1 or 2)"},
		{"const c = {a: {b: 1}}; c.a.b = 2; use(c.a.b)", "2"},
		{"const c = {a: 1}; if (x) c.a = 2; use(c.a)", "(1 or 2)"},
		{"const c = {}; c.d = 3; use(c.d)", "3"},
		{"var a = 1; var a = 2; use(a)", "2"},
		{"let a = 1; [a] = f(); use(a)", "?"},
		// objects
		{"const config = {http: {port: 8086}}; use(config.http.port)", "8086"},
		{"const opts = {port: 8087, 'x-y': 1}; use(opts)", "{port=8087 x-y=1}"},
		{"const {env} = process; use(env.PORT || 8091)", "$PORT|8091"},
		{"const {PORT = 3000} = process.env; use(PORT)", "$PORT|3000"},
		{"const {PORT: p, ...rest} = process.env; use(p)", "$PORT"},
		{"const {env: {PORT = 4}} = process; use(PORT)", "$PORT|4"},
		{"import {env} from 'node:process'; use(env.PORT)", "$PORT"},
		{"const [a, , b = 3] = [1, 2]; use(b)", "3"},
		{"use({...{a: 1}, a: 2, ['b']: 3, f() {}, get x() { return 4 }})", "{a=1 a=2 b=3 f=function x=4}"},
		{"const o = Object.freeze({port: 5}); use(o['port'])", "5"},
		{"const o = {a: 1}; use(o.b)", "undefined"},
		// conversions
		{"const port = process.env.PORT || 8083; use(parseInt(port, 10))", "$PORT|8083"},
		{"const port = process.env.PORT || 8083; use(+port)", "$PORT|8083"},
		{"const port = process.env.PORT; use(Number(port || 80))", "$PORT|80"},
		{"use(Number(process.env.PORT) || 81)", "$PORT|81"},
		{"use(parseInt(process.env.PORT as string, 10) || 82)", "$PORT|82"},
		{"use(process.env.PORT! || '83')", "$PORT|83"},
		{"use((process.env.PORT as unknown as number) ?? 84)", "$PORT|84"},
		{"use(process.env.PORT | 0 || 85)", "$PORT|85"},
		{"use(process.env['PORT'] ? Number(process.env['PORT']) : 86)", "$PORT|86"},
		{"use(process.env.A || process.env.B || 87)", "$A|$B|87"},
		{"use(`${process.env.PORT || 88}`)", "$PORT|88"},
		{"use(String(89))", "89"},
		{"use(0x1F90)", "8080"},
		{"use(8_080)", "8080"},
		{"use(parseInt('80a'))", "80"},
		{"use(3000 + 1)", "3001"},
		{"use(-1)", "-1"},
		{"use(!isNaN(Number(process.env.PORT)) ? +process.env.PORT : 90)", "$PORT|90"},
		{"use(x ? 1 : 2)", "(1 or 2)"},
		{"use(true ? 1 : 2)", "1"},
		{"use(x || 3)", "(<:x> or 3)"},
		{"use(f() || 3)", "(<:f>() or 3)"},
		{"use('a' + 'b')", "ab"},
		{"use(`a${'b'}c${1}`)", "abc1"},
		{"use('a/' + x)", "a/…"},
		{"use(`data/${id}.json`)", "data/…"},
		// functions
		{"function port() { return process.env.PORT || 7 } use(port())", "$PORT|7"},
		{"const get = (n, d) => process.env[n] || d; use(get('PORT', 8))", "$PORT|8"},
		{"function normalizePort(val) { var port = parseInt(val, 10); if (isNaN(port)) { return val } if (port >= 0) { return port } return false }\nvar port = normalizePort(process.env.PORT || '9'); use(port)", "$PORT|9"},
		{"function start(port = 10) { use(port) } start()", "10"},
		{"const start = async (port) => { use(port) }; start(process.env.PORT || 11)", "$PORT|11"},
		{"function start(port) { use(port) } start(1); start(2)", "(1 or 2)"},
		{"function start({port}) { use(port) } start({port: 12})", "12"},
		{"function f() { return f() } use(f())", "<:>()"},
		{"class S { constructor(port) { this.port = port } run() { use(this.port) } } new S(13)", "13"},
		{"class S { port = 14\n run() { use(this.port) } }", "14"},
		{"class S { private app: express.Application; constructor() { this.app = express() } run() { use(this.app) } }", "<:express>()"},
		{"import {Express} from 'express'; function run(app: Express) { use(app) }", "<express:Express>()"},
		{"import {C} from 'c'; class S { constructor(private readonly c: C) {} run() { use(this.c) } }", "<c:C>()"},
		{"['a', 'b'].forEach(x => use(x))", "(a or b)"},
		{"const l = ['a', 'b']; for (const x of l) { use(x) }", "(a or b)"},
		// paths
		{"const path = require('path'); use(path.join(__dirname, '..', 'data'))", "root:data"},
		{"import {resolve} from 'node:path'; use(resolve('a', 'b'))", "cwd:a/b"},
		{"use(__dirname + '/a')", "root:src/a"},
		{"use(`${__dirname}/../a/${x}`)", "root:a/…"},
		{"import path from 'path'; import {fileURLToPath} from 'url'; const __dirname = path.dirname(fileURLToPath(import.meta.url)); use(path.join(__dirname, 'a'))", "root:src/a"},
		{"use(new URL('./a', import.meta.url))", "root:src/a"},
		{"use(import.meta.dirname)", "root:src"},
		{"import p from 'path'; use(p.join(process.cwd(), 'a'))", "cwd:a"},
		{"import p from 'path'; use(p.join(process.env.DATA_DIR || './data', 'db'))", "$DATA_DIR|data/db"},
		{"import p from 'path'; use(p.join('a', x))", "a/…"},
		{"import {join} from 'path'; import os from 'os'; use(join(os.tmpdir(), 'a'))", "tmp:a"},
		// modules
		{"const e = require('express'); use(e.Router())", "<express:Router>()"},
		{"import e, {json as j} from 'express'; use(j)", "<express:json>"},
		{"import * as fs from 'node:fs'; use(fs.promises.readFile)", "<fs:promises.readFile>"},
		{"const {exec} = require('child_process'); const run = require('util').promisify(exec); use(run)", "<child_process:exec>"},
		{"use(require('http').createServer(app).listen(1))", "<http:createServer>().listen()"},
		{"const {port} = require('./config'); use(port)", "7007"},
		{"import c from './default'; use(c.http.port)", "7001"},
		{"import {http} from './named'; use(http.port)", "7002"},
		{"import * as c from './named'; use(c.http.port)", "7002"},
		{"const c = require('./object'); use(c.a.port)", "$PORT|7003"},
		{"import {port} from './again'; use(port)", "7002"},
		{"const c = require('./c.json'); use(c.port)", "7008"},
		{"import {a} from './cycle'; use(a)", "?.a"},
		{"const s = require('./none'); use(s.x)", "<./none:x>"},
	} {
		fs := files{
			"src/a.ts": c.text, "src/config.js": "exports.port = 7007", "src/default.ts": "export default { http: { port: 7001 } }",
			"src/named.ts": "export const http = { port: 7002 }\nexport const {port} = http", "src/object.js": "const port = process.env.PORT || 7003\nmodule.exports = { a: { port } }",
			"src/again.ts": "export { port } from './named'", "src/cycle.js": "const {b} = require('./cycle2'); exports.a = b", "src/cycle2.js": "const {a} = require('./cycle'); exports.b = a",
		}
		if got := used(t, fs, "src/a.ts"); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.text, got, c.want)
		}
	}
}
