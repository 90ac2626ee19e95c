package node

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/tree"
)

func TestOthers(t *testing.T) {
	const own = `{"dependencies": {"a": "1"}}`
	for _, c := range []struct{ scripts, procfile, want string }{
		{`"build": "npm install --prefix client && npm run build --prefix ./client"`, "", "client"},
		{`"a": "cd web/app && yarn", "b": "yarn --cwd=server start", "c": "pnpm -C client x"`, "", "web/app server client"},
		{`"a": "cd member && x", "b": "cd .. && x", "c": "cd nowhere && x", "d": "cd broken && x", "e": "cd . && x"`, "", ""},
		{"", "web: cd server && npm start", "server"},
	} {
		fsys := fstest.MapFS{
			"package.json":         {Data: []byte(`{"workspaces": ["member"], "scripts": {` + c.scripts + `}}`)},
			"client/package.json":  {Data: []byte(own)},
			"server/package.json":  {Data: []byte(own)},
			"web/app/package.json": {Data: []byte(own)},
			"member/package.json":  {Data: []byte(own)},
			"broken/package.json":  {Data: []byte(`[`)},
		}
		if c.procfile != "" {
			fsys["Procfile"] = &fstest.MapFile{Data: []byte(c.procfile)}
		}
		index, err := tree.Scan(t.Context(), fsys, tree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		f, err := Detect(index, ".")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, u := range f.Others {
			got = append(got, u.Dir)
			if len(u.Deps) != 1 {
				t.Errorf("%s: got dependencies %v", u.Dir, u.Deps)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s %s: got %q, want %q", c.scripts, c.procfile, got, c.want)
		}
	}
}
