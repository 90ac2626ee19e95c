package node

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/node/nodetest"
	"github.com/dockgen/dockgen/profiles/plan"
)

func TestWrites(t *testing.T) {
	const fs = "const fs = require('fs'), path = require('path'); "
	for name, c := range map[string]struct {
		code  string
		files map[string]string
		want  string // the folders, those that are made with a plus
		note  string
	}{
		"a folder of the working directory": {code: fs + "fs.mkdirSync('./data', {recursive: true}); fs.writeFileSync('./data/db.json', '{}')", want: "+data", note: "a.js:1: writes to data"},
		"beside the code":                   {code: fs + "fs.writeFileSync(path.join(__dirname, 'data/db.json'), '[]')", want: "+data"},
		"a default":                         {code: fs + "fs.mkdirSync(process.env.DATA_DIR || './data/')", want: "+data"},
		"several":                           {code: fs + "fs.mkdirSync('logs'); fs.createWriteStream('data/tmp/' + name); fs.mkdirSync('data')", want: "+data +logs"},
		"one that is there":                 {code: "require('multer')({dest: 'uploads'})", files: map[string]string{"uploads/.gitkeep": ""}, want: "uploads"},
		"of an imported file":               {code: "require('./lib/db')", files: map[string]string{"lib/db.js": "const D = require('better-sqlite3'); module.exports = new D(__dirname + '/../data/app.db')"}, want: "+data"},
		"of a file that does not run":       {code: "", files: map[string]string{"migrate.js": fs + "fs.mkdirSync('backup')"}},
		"elsewhere":                         {code: fs + "fs.mkdirSync('/etc/x'); fs.mkdirSync('../x'); fs.mkdirSync(require('os').tmpdir() + '/x'); fs.mkdirSync(process.env.DIR)"},
		"an absolute one":                   {code: fs + "fs.mkdirSync('/var/lib/x')", want: "+/var/lib/x", note: "writes to /var/lib/x"},
		"below the home":                    {code: fs + "fs.mkdirSync(path.join(require('os').homedir(), '.x'))", want: "+/home/nonroot/.x", note: "writes to /home/nonroot/.x"},
		"the folder of the entry":           {code: fs + "fs.mkdirSync(path.join(path.dirname(require.main.filename), 'data'))", want: "+data"},
		"through an alias":                  {code: "require('@/db')", files: map[string]string{"jsconfig.json": `{"compilerOptions": {"paths": {"@/*": ["./lib/*"]}}}`, "lib/db.js": fs + "fs.mkdirSync('data')"}, want: "+data"},
		"through an import of the package":  {code: "require('#db')", files: map[string]string{"package.json": `{"imports": {"#db": {"node": "./lib/db.js"}}, "dependencies": {"express": "1"}, "scripts": {"start": "node a.js"}}`, "lib/db.js": fs + "fs.mkdirSync('data')"}, want: "+data"},
		"of code that is loaded by folder":  {code: fs + "for (const f of fs.readdirSync('./routes')) require('./routes/' + f)", files: map[string]string{"routes/up.js": fs + "fs.mkdirSync('data')"}, want: "+data"},
		"below a global":                    {code: "global.appRoot = __dirname; require('./lib/db')", files: map[string]string{"lib/db.js": fs + "fs.mkdirSync(path.join(global.appRoot, 'data'))"}, want: "+data"},
		"a global of a file read later":     {code: "require('./z'); require('./lib/db')", files: map[string]string{"z.js": "globalThis.root = require('path').resolve('.')", "lib/db.js": fs + "fs.mkdirSync(path.join(root, 'data'))"}, want: "+data"},
		"a global object":                   {code: "require('./z'); require('./lib/db')", files: map[string]string{"z.js": "let APP = {ROOT: process.cwd(), dir: 'data'}; global.APP = APP", "lib/db.js": fs + "fs.mkdirSync(path.resolve(APP.ROOT, APP.dir)); fs.mkdirSync(APP.other)"}, want: "+data"},
		"a global of two values":            {code: "global.dir = 'logs'; require('./z'); require('./lib/db')", files: map[string]string{"z.js": "global.dir = 'data'", "lib/db.js": fs + "fs.mkdirSync(global.dir)"}, want: "+data +logs"},
		"a global made of itself":           {code: "global.dir = global.dir || 'data'; global.a = global.b; global.b = global.a; require('fs').mkdirSync(global.dir); require('fs').mkdirSync(global.a)", want: "+data"},
		"a name of the file's own":          {code: "global.dir = '/opt/x'; require('./lib/db')", files: map[string]string{"lib/db.js": fs + "const dir = 'data'; fs.mkdirSync(dir)"}, want: "+data"},
		"of a worker":                       {code: "const {Worker} = require('worker_threads'); new Worker(__dirname + '/w.js')", files: map[string]string{"w.js": fs + "fs.mkdirSync('data')"}, want: "+data"},
		"computed":                          {code: fs + "module.exports = name => fs.writeFileSync(name, '')", want: "+.", note: "a.js:1: writes to a place that is only known when it runs"},
		"computed, with a folder for it":    {code: fs + "module.exports = name => fs.writeFileSync(name, '')", files: map[string]string{"uploads/.gitkeep": "", ".gitignore": "/logs\ndata/*\nnode_modules"}, want: "+. +data +logs uploads"},
		"computed beside one that is read":  {code: fs + "fs.mkdirSync('data'); module.exports = name => fs.writeFileSync(name, '')", want: "+data"},
		"named by a variable alone":         {code: "const D = require('better-sqlite3'); new D(process.env.DB_PATH)", want: ""},
		"a library's own folder":            {code: "const S = require('session-file-store')(require('express-session')); new S({})", want: "+sessions"},
		"a script that starts several":      {files: map[string]string{"package.json": nodetest.Manifest("express", "start: node b.js & node a.js"), "b.js": fs + "fs.mkdirSync('data')"}, want: "+data"},
		"made before the app":               {files: map[string]string{"package.json": nodetest.Manifest("express apidoc", "start: apidoc -i src -o public/api && node a.js")}, want: "+public"},
		"made before, without a flag":       {files: map[string]string{"package.json": nodetest.Manifest("express apidoc", "start: apidoc && node a.js")}, want: "+doc"},
		"made before, elsewhere":            {files: map[string]string{"package.json": nodetest.Manifest("express apidoc", "start: apidoc -o ../x && node a.js")}, want: ""},
		"for a browser, with a script":      {code: fs + "fs.writeFileSync('./static/app.min.js', '')", files: map[string]string{"static/app.js": "", "static/app.min.js": ""}, want: "static"},
		"beside the app":                    {code: "require('better-sqlite3')('app.db')", want: "+.", note: "writes"},
	} {
		files := map[string]string{"package.json": nodetest.Manifest("express", "start: node a.js"), "a.js": c.code + "\nrequire('express')().listen(3000)"}
		maps.Copy(files, c.files)
		p, log, err := decide(t, files)
		if err != nil {
			t.Fatal(name, err)
		}
		var got []string
		for _, row := range p.Run.Copies {
			if row.Owner != (plan.User{}) {
				dir := strings.TrimSuffix(strings.Fields(strings.Trim(row.Copy.String(), "[]"))[1], "/")
				if !row.Stage.IsZero() {
					dir = "+" + dir
				}
				got = append(got, dir)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, want %s", name, got, c.want)
		}
		if made := of[*plan.Folders](p); (made != nil) != strings.Contains(c.want, "+") {
			t.Errorf("%s: mkdir: got %v", name, made)
		}
		for _, dir := range got {
			dir, made := strings.CutPrefix(dir, "+")
			if made && dir != "." && !strings.HasPrefix(name, "made before") && !strings.HasPrefix(dir, "/") && !slices.ContainsFunc(p.Ignore, func(g plan.IgnoreGroup) bool {
				return slices.ContainsFunc(g.Patterns, func(p plan.Pattern) bool { return strings.Trim(p.String(), "/") == dir })
			}) {
				t.Errorf("%s: %s of a laptop would be copied", name, dir)
			}
		}
		var said strings.Builder
		for _, n := range log.Notes() {
			said.WriteString(n.Pos.String() + ": " + n.Text + "\n")
		}
		if !strings.Contains(said.String(), c.note) || c.note == "" && c.want == "" && strings.Contains(said.String(), "writes") {
			t.Errorf("%s: notes %s", name, said.String())
		}
	}
}
