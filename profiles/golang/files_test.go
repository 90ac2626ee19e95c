package golang_test

import (
	"strings"
	"testing"
)

// TestWrites gives to the user what the program writes to, and nothing else.
func TestWrites(t *testing.T) {
	program := func(body string) string {
		return mod("go 1.26") + "-- main.go --\npackage main\nimport \"os\"\nfunc main() { " + body + " }\n"
	}
	const owner = "--chown=65532:65532 "
	for name, tt := range map[string]struct {
		archive string
		has     []string
		hasNot  []string
	}{
		"a folder": {program(`os.MkdirAll("data", 0o755)`), []string{"RUN mkdir -p /folders/app/data\n", "COPY " + owner + "--from=folders /folders/app/data/ data/\n"}, nil},
		"a folder that it reads": {
			program(`os.MkdirAll("data", 0o755); os.ReadDir("data")`) + "-- data/a.json --\n{}\n",
			[]string{"COPY --link " + owner + "data/ data/\n"},
			[]string{"COPY --link data/ data/\n", "AS folders"},
		},
		"a file that it reads": {
			program(`os.ReadFile("state.json"); os.Create("state.json")`) + "-- state.json --\n{}\n",
			[]string{"COPY --link " + owner + "--from=folders /folders/app/ ./\n", "COPY --link " + owner + "state.json ./\n"},
			[]string{"COPY --link state.json"},
		},
		"a file beside code": {
			program(`os.ReadFile("store/state.json"); os.Create("store/state.json")`) + "-- store/state.json --\n{}\n-- store/store.go --\npackage store\n",
			[]string{"COPY --link " + owner + "store/state.json store/\n"},
			[]string{"COPY --link store/", "COPY --link " + owner + "store/ store/"},
		},
		"another file of a folder": {
			program(`os.ReadFile("a/x"); os.Create("a/y")`) + "-- a/x --\n1\n-- a/z --\n1\n",
			[]string{"COPY --link a/x a/\n", "COPY --link " + owner + "--from=folders /folders/app/a/ a/\n"},
			[]string{"a/ a/\nCOPY --link a/x"},
		},
		"another folder": {program(`os.ReadFile("a/x"); os.Create("b/y")`) + "-- a/x --\n1\n", []string{"COPY --link a/x a/\n", "COPY " + owner + "--from=folders /folders/app/b/ b/\n"}, nil},
		"above":          {program(`os.MkdirAll("../data", 0o755)`), []string{"WORKDIR /app/src\n", "--from=folders /folders/app/data/ /app/data/\n"}, nil},
		"in a module below": {
			in("server", "", "-- main.go --\npackage main\nimport \"os\"\nfunc main() { os.ReadDir(\"data\"); os.MkdirAll(\"data\", 0o755) }\n") + "-- server/data/a.json --\n{}\n",
			[]string{"WORKDIR /app/server\n", "COPY --link " + owner + "server/data/ data/\n"},
			[]string{"AS folders"},
		},
		"nothing": {program(`println()`), nil, []string{"AS folders", owner}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, tt.archive)
			if err != nil {
				t.Fatal(err)
			}
			text := dockerfile(t, p)
			holds(t, text, tt.has, tt.hasNot)
			for line := range strings.Lines(text[strings.LastIndex(text, "FROM "):]) {
				if strings.Count(text, line) > 1 && strings.HasPrefix(line, "COPY") {
					t.Errorf("twice: %s", line)
				}
			}
			if (len(p.Run.Writes) > 0) != (len(tt.has) > 0) {
				t.Errorf("the plan says %v", p.Run.Writes)
			}
			for _, r := range []string{"scratch", "alpine"} {
				if p, err = decide(t, tt.archive, "runtime="+r); err != nil || strings.Contains(dockerfile(t, p), owner) != (len(tt.has) > 0) {
					t.Errorf("%s: %v", r, err)
				}
			}
		})
	}
}

// TestFoldersBelowASetting ships what a program looks for below a folder that it is told.
func TestFoldersBelowASetting(t *testing.T) {
	const (
		head  = "-- main.go --\npackage main\nimport (\"html/template\"; \"net/http\"; \"os\"; \"path/filepath\")\nvar _ = template.New\nvar _ = filepath.Join\ntype config struct { Parent string }\nconst pages = \"pages\"\nfunc main() {\nvar c config\nload(&c)\n"
		tail  = "\nhttp.ListenAndServe(\":8080\", nil)\n}\nfunc load(c *config) { c.Parent = os.Args[1] }\nfunc load2(s *set) { }\ntype set struct { Dir string `ini:\"dir\"` }\n"
		files = "-- templates/a.tmpl --\na\n-- templates/user/b.tmpl --\nb\n-- pages/a.tmpl --\na\n-- static/a.css --\na\n-- docs/a.txt --\na\n"
	)
	for name, tt := range map[string]struct{ body, want string }{
		"a folder":             {`os.ReadDir(filepath.Join(c.Parent, "templates"))`, "templates/"},
		"by a constant":        {`os.ReadDir(filepath.Join(c.Parent, pages))`, "pages/"},
		"a name in it":         {`template.Must(template.New("").ParseFiles(filepath.Join(c.Parent, "templates", os.Args[2]+".tmpl")))`, "templates/"},
		"a folder in it":       {`os.ReadDir(filepath.Join(c.Parent, "templates", "user"))`, "templates/user/"},
		"served":               {`http.Handle("/", http.FileServer(http.Dir(filepath.Join(c.Parent, "static"))))`, "static/"},
		"by a variable":        {`os.ReadDir(filepath.Join(os.Getenv("PARENT"), "templates"))`, "templates/"},
		"a field of a file":    {`var s set; s.Dir = "/usr/share/app"; load2(&s); os.ReadDir(filepath.Join(s.Dir, "templates"))`, "templates/"},
		"by a plus":            {`os.ReadDir(c.Parent + "/static")`, "static/"},
		"a folder of others":   {`os.ReadDir(filepath.Join(c.Parent, "docs"))`, ""},
		"one that is not here": {`os.ReadDir(filepath.Join(c.Parent, "themes"))`, ""},
		"out of the folder":    {`os.ReadDir(filepath.Join(c.Parent, "static/../../docs"))`, ""},
		"a part of a name":     {`os.ReadDir(c.Parent + "static")`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := decide(t, mod("")+head+tt.body+tail+files)
			if err != nil {
				t.Fatal(err)
			}
			if got := chosen(p, "go.files"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
