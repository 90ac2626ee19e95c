package buildfile

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect/tree"
)

// TestTop: the root's own Dockerfile as an app of a folder below sees it.
func TestTop(t *testing.T) {
	const first = "FROM node:22\nWORKDIR /srv\n"
	for name, tt := range map[string]struct{ text, want string }{
		"files of the folder":      {"COPY api/package.json api/package-lock.json ./\nCOPY api/src ./src\n", "package.json>/srv package-lock.json>/srv src>/srv/src"},
		"the folder itself":        {"COPY api/ .\n", ".>/srv"},
		"all of the repository":    {"COPY . .\n", ".>/srv/api"},
		"what lies beside it":      {"COPY conf/app.json /etc/\nCOPY apis/x ./\nCOPY api/x ./\n", "x>/srv"},
		"another stage's":          {"COPY api/x ./\nFROM node:22\nCOPY --from=0 /srv/x /y\n", "x>/y"},
		"another stage's, beside":  {"COPY conf/x ./\nFROM node:22\nCOPY --from=0 /srv/x /y\n", ">/y"},
		"another stage's, of all":  {"COPY api/package.json ./api/\nCOPY api/x ./api/\nCOPY . .\nFROM node:22\nCOPY --from=0 /srv/api .\n", ".>/"},
		"what another image has":   {"COPY --from=busybox /bin/x /y\n", ">/y"},
		"nothing of the context":   {"RUN true\n", ""},
		"a folder called likewise": {"COPY api2/x ./\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{"Dockerfile": {Data: []byte(first + tt.text)}, "compose.yaml": {Data: []byte("services:\n  web:\n    build: .\n    ports: ['8081:3000']\n  worker:\n    build: ./worker\n    ports: ['9:9']\n")}}
			for _, f := range []string{"api/package.json", "api/package-lock.json", "api/src/a.js", "api/x", "conf/app.json", "conf/x", "apis/x", "api2/x"} {
				files[f] = &fstest.MapFile{Data: []byte("{}")}
			}
			tr, err := tree.Scan(t.Context(), files, tree.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			r := Of(tr, "api")
			if r.Image() != nil {
				t.Fatal("the folder has no Dockerfile of its own")
			}
			top := r.Top()
			own := top.Image()
			if own == nil || own.Name != "Dockerfile" || top != r.Top() {
				t.Fatalf("got %+v", own)
			}
			var got []string
			for _, c := range own.Image.Copies {
				got = append(got, c.Source+">"+c.To)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %s, want %s", s, tt.want)
			}
			if whole, dir := top.Whole(); dir != "." || len(whole.Image.Lines) != len(own.Image.Lines) || whole == own {
				t.Errorf("the whole file is that of the root")
			}
			if c := top.Contract("api", own); len(c.Runs) != 1 || c.Runs[0].Name != "web" || c.Own != own {
				t.Errorf("containers: %+v", c.Runs)
			}
		})
	}
}

// TestElsewhere: the Dockerfile of a folder may lie in the root, if it takes all from there.
func TestElsewhere(t *testing.T) {
	const api = "FROM node:22\nCOPY api/package.json api/x ./\nEXPOSE 5000\n"
	for name, tt := range map[string]struct {
		files map[string]string
		want  string // its name, "" for none
	}{
		"in the root":              {map[string]string{"Dockerfile.api": api, "Dockerfile.web": "FROM node:22\nCOPY web ./\n"}, "Dockerfile.api"},
		"in a folder for them":     {map[string]string{"docker/Dockerfile": api}, "docker/Dockerfile"},
		"beside one in the folder": {map[string]string{"Dockerfile.api": api, "api/Dockerfile": "FROM node:22\nCOPY . .\n"}, "api/Dockerfile"},
		"for development":          {map[string]string{"Dockerfile.dev": api}, ""},
		"two":                      {map[string]string{"Dockerfile.a": api, "Dockerfile.b": api}, ""},
		"of both":                  {map[string]string{"Dockerfile.all": api + "COPY web ./web\n"}, ""},
	} {
		files := map[string]string{"api/package.json": "{}", "api/x": "", "web/x": ""}
		maps.Copy(files, tt.files)
		own := Of(scan(t, files), "api").Image()
		got := ""
		if own != nil {
			got = own.Name
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
		if strings.HasPrefix(got, "D") && own.Image.Copies[0].Source != "package.json" {
			t.Errorf("%s: %+v", name, own.Image.Copies)
		}
	}
}
