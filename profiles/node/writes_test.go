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
		"elsewhere":                         {code: fs + "fs.mkdirSync('/var/x'); fs.mkdirSync('../x'); fs.mkdirSync(require('os').tmpdir() + '/x'); fs.mkdirSync(process.env.DIR)"},
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
			if made && dir != "." && !slices.ContainsFunc(p.Ignore, func(g plan.IgnoreGroup) bool {
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
