package image

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
)

// TestWrites has one case for each cell of the policy.
func TestWrites(t *testing.T) {
	has := func(list ...string) func(string) bool {
		return func(dir string) bool { return slices.Contains(list, dir) }
	}
	build := plan.MustStageName("build")
	const own = "--link --chown=65532:65532 "
	const made = "--chown=65532:65532 --from=folders /folders"
	for _, tt := range []struct {
		name    string
		r       WritesRequest
		runtime plan.Runtime
		copies  string // joined by " | "
		run     string // of the stage "folders"
		env     string
		notes   string // what each says of where
		hint    string // of the last
	}{
		{name: "nothing"},
		{
			name: "a folder that is not there", r: WritesRequest{Writes: []Write{{Dir: "data"}}},
			copies: made + "/app/data/ data/", run: "mkdir -p /folders/app/data", notes: "data", hint: "docker run -v data:/app/data …",
		},
		{
			name: "a folder of the repository", r: WritesRequest{Writes: []Write{{Dir: "data"}}, Has: has("data")},
			copies: own + "data/ data/", notes: "data",
		},
		{
			name: "a folder of the build", r: WritesRequest{Writes: []Write{{Dir: "data"}}, Has: has("data"), Stage: build, StageDir: "/app"},
			copies: own + "--from=build /app/data/ data/", notes: "data",
		},
		{
			name: "a folder in another", r: WritesRequest{Writes: []Write{{Dir: "data/a"}, {Dir: "data"}, {Dir: "./data/b/"}}},
			copies: made + "/app/data/ data/", run: "mkdir -p /folders/app/data/a /folders/app/data/b", notes: "data",
		},
		{
			name: "below a folder that is not there", r: WritesRequest{Writes: []Write{{Dir: "config/logs"}, {Dir: "dist/tmp/x"}}, Has: has("src"), Built: has("dist")},
			copies: made + "/app/config/ config/ | " + made + "/app/dist/tmp/ dist/tmp/", run: "mkdir -p /folders/app/config/logs /folders/app/dist/tmp/x", notes: "config, dist/tmp",
		},
		{
			name: "two folders", r: WritesRequest{Writes: []Write{{Dir: "b c"}, {Dir: "a"}}},
			copies: made + `/app/a/ a/ | --chown=65532:65532 --from=folders ["/folders/app/b c/", "b c/"]`, run: "mkdir -p /folders/app/a '/folders/app/b c'", notes: "a, b c",
		},
		{
			name: "beside the code", r: WritesRequest{Writes: []Write{{Dir: "."}}, Code: has(".")},
			copies: "--link " + made + "/app/ ./", run: "mkdir -p /folders/app", notes: "its working directory", hint: "docker run -v data:/app/data …",
		},
		{
			name: "its working directory, without code", r: WritesRequest{Writes: []Write{{Dir: "."}}},
			copies: "--link " + made + "/app/ ./", run: "mkdir -p /folders/app", notes: "its working directory", hint: "docker run -v data:/app …",
		},
		{
			name: "its working directory, which has other files of the app", r: WritesRequest{Writes: []Write{{Dir: "."}}, Has: has(".")},
			copies: "--link " + made + "/app/ ./", run: "mkdir -p /folders/app", notes: "its working directory", hint: "docker run -v data:/app/data …",
		},
		{
			name: "a file beside the code", r: WritesRequest{Writes: []Write{{Dir: ".", File: "app.db"}, {Dir: "."}}, Has: has("."), Code: has(".")},
			copies: "--link " + made + "/app/ ./ | " + own + "app.db ./", run: "mkdir -p /folders/app", notes: "its working directory",
		},
		{
			name: "a folder of code", r: WritesRequest{Writes: []Write{{Dir: "api", File: "x.json"}, {Dir: "api/cache"}}, Has: has("api"), Code: has("api")},
			copies: "--link " + made + "/app/api/ api/ | " + own + "api/x.json api/ | " + made + "/app/api/cache/ api/cache/", run: "mkdir -p /folders/app/api/cache", notes: "api, api/cache",
		},
		{
			name: "an absolute folder", r: WritesRequest{Writes: []Write{{Dir: "/var/lib/app"}}},
			copies: made + "/var/lib/app/ /var/lib/app/", run: "mkdir -p /folders/var/lib/app", notes: "/var/lib/app",
		},
		{
			name: "the app's folder by its absolute name", r: WritesRequest{Writes: []Write{{Dir: "/app/data"}}},
			copies: made + "/app/data/ data/", run: "mkdir -p /folders/app/data", notes: "data",
		},
		{
			name: "beside the working directory", r: WritesRequest{Writes: []Write{{Dir: "../data"}}, Workdir: "/app/src"},
			copies: made + "/app/data/ /app/data/", run: "mkdir -p /folders/app/data", notes: "/app/data",
		},
		{
			name: "above the working directory", r: WritesRequest{Writes: []Write{{Dir: ".."}}, Workdir: "/app/src"},
			copies: "--link " + made + "/app/ /app/", run: "mkdir -p /folders/app", notes: "/app",
		},
		{name: "folders of the system", r: WritesRequest{Writes: []Write{{Dir: "/tmp/x"}, {Dir: "/"}, {Dir: "/etc"}, {Dir: "/etc/nginx"}, {Dir: "/etc/app/conf.d"}, {Dir: "/dev/shm"}, {Dir: "/home/me"}, {Dir: "../../../../usr"}}}},
		{
			name: "the app's own folder of /etc", r: WritesRequest{Writes: []Write{{Dir: "/etc/app"}}},
			copies: made + "/etc/app/ /etc/app/", run: "mkdir -p /folders/etc/app", notes: "/etc/app",
		},
		{
			name: "the home of the user", r: WritesRequest{Writes: []Write{{Dir: ".", Home: true}}},
			copies: made + "/home/nonroot/ /home/nonroot/", run: "mkdir -p /folders/home/nonroot", env: "HOME=/home/nonroot", notes: "/home/nonroot",
		},
		{
			name: "a folder of the home", r: WritesRequest{Writes: []Write{{Dir: ".cache/app", Home: true}}},
			copies: made + "/home/nonroot/ /home/nonroot/", run: "mkdir -p /folders/home/nonroot/.cache/app", env: "HOME=/home/nonroot", notes: "/home/nonroot/.cache/app",
		},
		{
			name: "a home that is worth no note", r: WritesRequest{Writes: []Write{{Dir: ".", Home: true, Quiet: true}}},
			copies: made + "/home/nonroot/ /home/nonroot/", run: "mkdir -p /folders/home/nonroot", env: "HOME=/home/nonroot",
		},
		{name: "the home that distroless has", runtime: plan.Distroless, r: WritesRequest{Writes: []Write{{Dir: ".", Home: true}}}},
		{
			name: "a folder of the home that distroless has", runtime: plan.Distroless, r: WritesRequest{Writes: []Write{{Dir: ".cache/app", Home: true}}},
			copies: made + "/home/nonroot/.cache/app/ /home/nonroot/.cache/app/", run: "mkdir -p /folders/home/nonroot/.cache/app", notes: "/home/nonroot/.cache/app",
		},
		{
			name: "an empty file", r: WritesRequest{Empty: []string{".env", "../x", "/y", ""}},
			copies: "--from=folders /folders/app/.env ./", run: "mkdir -p /folders/app && touch /folders/app/.env",
		},
		{name: "a name that no image can have", r: WritesRequest{Writes: []Write{{Dir: "a\nb"}, {Dir: `c\d`}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := input(t, "")
			if tt.r.Workdir == "" {
				tt.r.Workdir = "/app"
			}
			if tt.runtime == "" {
				tt.runtime = plan.Slim
			}
			got, err := Writes(in, tt.r, tt.runtime)
			if err != nil {
				t.Fatal(err)
			}
			run := plan.Run{}
			stages := got.Apply(&run)
			var copies, lines, notes []string
			for _, c := range run.Copies {
				copies = append(copies, c.String())
			}
			for _, s := range stages {
				for _, r := range s.Data.(*plan.Folders).Run {
					lines = append(lines, r.String())
				}
			}
			for _, n := range in.Log.Notes() {
				where, _, _ := strings.Cut(strings.TrimPrefix(n.Text, "writes to "), ": ")
				notes = append(notes, where)
				if !strings.Contains(n.Hint, "docker run -v data:") {
					t.Errorf("the hint %q names no volume", n.Hint)
				}
				if tt.hint != "" && !strings.HasSuffix(n.Hint, tt.hint) {
					t.Errorf("hint %q, want %q", n.Hint, tt.hint)
				}
			}
			if s := strings.Join(copies, " | "); s != tt.copies {
				t.Errorf("copies\n%s\nwant\n%s", s, tt.copies)
			}
			if s := strings.Join(lines, " && "); s != tt.run {
				t.Errorf("the stage runs %s, want %s", s, tt.run)
			}
			if s := words(run.Env); s != tt.env {
				t.Errorf("env %s, want %s", s, tt.env)
			}
			if s := strings.Join(notes, ", "); s != tt.notes {
				t.Errorf("notes on %s, want %s", s, tt.notes)
			}
			if len(run.Writes) != len(notes) {
				t.Errorf("%v are the user's, and %v are said", run.Writes, notes)
			}
		})
	}
}

// FuzzWrites: a folder of the source is an image's folder, or nothing.
func FuzzWrites(f *testing.F) {
	for _, s := range []string{"data", "/var/x", "../..", "-p", "a b", "$x", "", "/home/nonroot/../../etc", "a\x00"} {
		f.Add(s, s, s, true)
		f.Add(s, "", s, false)
	}
	f.Fuzz(func(t *testing.T, dir, file, empty string, home bool) {
		in := input(t, "")
		got, err := Writes(in, WritesRequest{Workdir: "/app", Writes: []Write{{Dir: dir, File: file, Home: home}}, Empty: []string{empty}, Code: func(string) bool { return home }}, plan.Slim)
		if err != nil {
			return
		}
		for _, p := range got.Dirs {
			if !writable(p.Raw()) {
				t.Errorf("%q is the user's", p.Raw())
			}
		}
	})
}

// TestEmptyFolders: a folder of data that the repository keeps empty, and that prod has, is the user's.
func TestEmptyFolders(t *testing.T) {
	in := beside(t, "node", map[string]string{
		"db/.gitkeep": "", "uploads/.gitignore": "*\n!.gitignore\n", "logs/.keep": "", "data/.gitkeep": "", "data/seed.json": "[]",
		"media/a/.gitkeep": "", "dist/.gitkeep": "", "files/README.md": "", "a.js": "",
	}, nil)
	var got []string
	for _, w := range emptyFolders(in, WritesRequest{Workdir: "/app", Has: func(dir string) bool { return dir != "logs" }}) {
		got = append(got, w.Dir)
	}
	if text := strings.Join(got, " "); text != "db uploads" {
		t.Errorf("got %s", text)
	}
	if list := emptyFolders(in, WritesRequest{Workdir: "/app"}); len(list) > 0 {
		t.Errorf("of an image without folders: %v", list)
	}
}
