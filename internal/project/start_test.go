package project_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/internal/project"
	"github.com/dockgen/dockgen/profiles/plan"
)

// TestVariables: the file that docker run is given, and what Docker reads in it otherwise than who wrote it may think. No value is ever said.
func TestVariables(t *testing.T) {
	for name, tt := range map[string]struct {
		app   plan.App
		files map[string]string
		want  string // file < example: note
	}{
		"none":                       {plan.App{Dir: "."}, nil, ""},
		"a file":                     {plan.App{Dir: "."}, map[string]string{".env": "A=1\n", ".env.example": "A=\n"}, ".env"},
		"an example":                 {plan.App{Dir: "."}, map[string]string{".env.example": "A=\n"}, ".env < .env.example"},
		"a sample":                   {plan.App{Dir: "."}, map[string]string{"sample.env": "A=\n"}, ".env < sample.env"},
		"of several, the usual name": {plan.App{Dir: "."}, map[string]string{".env.dist": "A=\n", ".env.example": "A=\n"}, ".env < .env.example"},
		"a file without variables":   {plan.App{Dir: "."}, map[string]string{".env": "# A=\n", ".env.example": "A=\n"}, ""},
		"an example without":         {plan.App{Dir: "."}, map[string]string{".env.example": "\n", "env.example": "A=\n"}, ".env < env.example"},
		"a folder":                   {plan.App{Dir: "."}, map[string]string{".env/x": "A=1\n"}, ""},
		"the app's own first":        {plan.App{Dir: "a"}, map[string]string{"a/.env.example": "A=\n", ".env": "A=1\n"}, "a/.env < a/.env.example"},
		"that of its code":           {plan.App{Dir: ".", Of: "a"}, map[string]string{"a/.env": "A=\n", ".env": "A=1\n"}, "a/.env"},
		"that of its place":          {plan.App{Dir: ".", Place: "a"}, map[string]string{"a/.env": "A=\n", ".env": "A=1\n"}, "a/.env"},
		"the root's":                 {plan.App{Dir: "a"}, map[string]string{".env": "A=1\n", "b/.env": "B=1\n"}, ".env"},
		"files behind a web server":  {plan.App{Dir: ".", Kind: plan.Site}, map[string]string{".env": "A=1\n"}, ""},
		"quotes":                     {plan.App{Dir: "."}, map[string]string{".env": "A=1\nB='x'\nC=\"hidden\"\n"}, ".env: 2: docker run --env-file takes quotes and comments as part of the value, in the lines of B and C"},
		"a comment":                  {plan.App{Dir: "."}, map[string]string{".env": "# all\nA=1 # hidden\r\n"}, ".env: 2: docker run --env-file takes quotes and comments as part of the value, in the line of A"},
		"many":                       {plan.App{Dir: "."}, map[string]string{".env": "A=''\nB=''\nC=''\nD=''\nE=''\nF=''\nG=''\nH=''\nI=''\nJ=''\n"}, ".env: 1: docker run --env-file takes quotes and comments as part of the value, in the lines of A, B, C, D, E, F, G, H and 2 more"},
		"export":                     {plan.App{Dir: "."}, map[string]string{".env": "A='x'\nexport B=\"hidden\"\n"}, ".env: 2: docker run --env-file refuses the line of B: before the equals sign stands the name alone"},
		"a blank":                    {plan.App{Dir: "."}, map[string]string{".env": "  A=1\nB = 2\n"}, ".env: 2: docker run --env-file refuses the line of B: before the equals sign stands the name alone"},
		"another variable":           {plan.App{Dir: "."}, map[string]string{".env": "HOST=a\nURL=http://${HOST}:1\nKEY=$HOST\n"}, ".env: 2: docker run --env-file puts no variable into the value of another, in the lines of URL and KEY"},
		"another, and a quoted one":  {plan.App{Dir: "."}, map[string]string{".env": "A=a\nB=$A\nC='x'\n"}, ".env: 3: docker run --env-file takes quotes and comments as part of the value, in the line of C"},
		"no variable of the file":    {plan.App{Dir: "."}, map[string]string{".env": "A=pa$$word$x\nB=${C}\n"}, ".env"},
		"what only looks like it":    {plan.App{Dir: "."}, map[string]string{".env": "A=it's\nB=a#b\nC=x=\"y\"\n"}, ".env"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range tt.files {
				name = filepath.Join(dir, filepath.FromSlash(name))
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			f, err := project.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			v := f.Variables(&project.App{Plan: &tt.app})
			got := v.File
			if v.Example != "" {
				got += " < " + v.Example
			}
			if v.Note != nil {
				got = v.Note.Pos.String() + ": " + v.Note.Text
				if file, rest := v.Note.Pos.File, got[len(v.Note.Pos.File)+1:]; file == v.File {
					got = file + ": " + rest
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestVariablesOfTheImage: docker run sets again what the file undoes of the image's variables: the address and the port on which it listens, and
// that it is in production. The others are the user's to change.
func TestVariablesOfTheImage(t *testing.T) {
	run := &plan.Run{
		Ports: []plan.Port{3333},
		Env:   []plan.Env{plan.MustEnv("NODE_ENV", "production"), plan.MustEnv("HOST", "0.0.0.0"), plan.MustEnv("PORT", "3333"), plan.MustEnv("LOG_LEVEL", "info")},
	}
	for name, tt := range map[string]struct{ text, want string }{
		"a file for development":  {"NODE_ENV=development\nHOST=localhost\nPORT=4000\nLOG_LEVEL=debug\nKEY=x\n", "NODE_ENV=production HOST=0.0.0.0 PORT=3333"},
		"the same values":         {"NODE_ENV=production\nHOST=0.0.0.0\nPORT=3333\n", ""},
		"the last line counts":    {"HOST=0.0.0.0\nHOST=localhost\n", "HOST=0.0.0.0"},
		"none of them":            {"KEY=x\nLOG_LEVEL=debug\n", ""},
		"a value that is no line": {"HOST=local$(id)\n", "HOST=0.0.0.0"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, ".env"), []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := project.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			var got []string
			for _, e := range f.Variables(&project.App{Plan: &plan.App{Dir: ".", Run: run}}).Set {
				got = append(got, e.String())
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}
