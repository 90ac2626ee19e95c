package buildfile

import (
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
