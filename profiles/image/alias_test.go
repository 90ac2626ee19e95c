package image

import (
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
)

// TestRootAlias: a volume of the own image that is a folder of its source in the root is kept, by a link.
func TestRootAlias(t *testing.T) {
	in := beside(t, "python", map[string]string{"Dockerfile": "FROM python:3.13\nCOPY . /\nVOLUME /config /other\nENTRYPOINT [\"python\", \"kometa.py\"]\n"}, nil)
	r := WritesRequest{Workdir: "/app", Writes: []Write{{Dir: "config", Pos: fact.At("kometa.py", 1)}}}
	if dir, ok := placedBy(in, r, "/config/logs"); !ok || dir != "/app/config/logs" {
		t.Errorf("got %q, %v", dir, ok)
	}
	if _, ok := placedBy(in, r, "/other"); ok {
		t.Error("a folder that the app does not find has a link")
	}
	app := &plan.App{Run: &plan.Run{Writes: []plan.Path{plan.MustPath("config")}, Dir: plan.MustPath("/app")}}
	for dir, want := range map[string]bool{"/config": true, "/other": false} {
		if keeps(in, app, contractOf(in).Own.Image, dir) != want {
			t.Errorf("%s: kept %v", dir, !want)
		}
	}
}

// TestPublishedAlias: without an own Dockerfile, a mount tells where the published image has the app's folder, if the repository keeps that
// folder with a placeholder.
func TestPublishedAlias(t *testing.T) {
	for _, tt := range []struct {
		name, mounts, keeps string
		want                string // the commands of the link, "" for none
	}{
		{"a kept folder", "/opt/notes/data", "data/.gitkeep", "ln -s /app /folders/links/opt/notes"},
		{"one of several", "/opt/notes/data /opt/notes/plugins /srv/x", "data/.gitkeep", "ln -s /app /folders/links/opt/notes"},
		{"a deep one", "/notes/src/data", "src/data/.gitkeep", "ln -s /app /folders/links/notes"},
		{"one with files", "/opt/notes/data", "data/seed.json", ""},
		{"of two images", "/opt/notes/data /srv/notes/data", "data/.gitkeep", ""},
		{"with data above", "/opt/notes/data /opt/notes", "data/.gitkeep", ""},
		{"at the root", "/data", "data/.gitkeep", ""},
		{"a folder of the system", "/usr/local/notes/data", "data/.gitkeep", ""},
		{"this image's", "/app/data", "data/.gitkeep", ""},
	} {
		files := map[string]string{tt.keeps: "", "README.md": "```\ndocker run"}
		for m := range strings.FieldsSeq(tt.mounts) {
			files["README.md"] += " -v a:" + m
		}
		files["README.md"] += " acme/notes\n```\n"
		in := beside(t, "node", files, nil)
		got, err := Writes(in, WritesRequest{Workdir: "/app", Has: func(dir string) bool { return in.Tree.HasDir(dir) }}, plan.Distroless)
		if err != nil {
			t.Fatal(err)
		}
		var runs []string
		for _, s := range got.Stages {
			for _, r := range s.Data.(*plan.Folders).Run {
				if strings.HasPrefix(r.String(), "ln") {
					runs = append(runs, r.String())
				}
			}
		}
		if text := strings.Join(runs, "; "); text != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, text, tt.want)
		}
	}
}

// TestAlias: what is mounted below the working directory of the own image is there in this one, by a link, where
// the app finds it by a path of its own.
func TestAlias(t *testing.T) {
	data := []Write{{Dir: "data", Pos: fact.At("app.js", 1)}}
	for _, tt := range []struct {
		name, workdir, mount string
		writes               []Write
		want                 string // the commands of the link, "" for none
	}{
		{"below the root", "/kutt", "/kutt/data", data, "ln -s /app /folders/links/kutt"},
		{"below /opt", "/opt/notes", "/opt/notes/data", data, "ln -s /app /folders/links/opt/notes"},
		{"below /usr/src", "/usr/src/app", "/usr/src/app/data", data, "ln -s /app /folders/links/usr/src/app"},
		{"below somebody's home", "/home/notes/app", "/home/notes/app/data", data, "ln -s /app /folders/links/home/notes/app"},
		{"below its working directory", "/data", "/data/packages", []Write{{Dir: ".", Unplaced: true}}, "ln -s /app /folders/links/data"},
		{"not found from there", "/kutt", "/kutt/other", data, ""},
		{"a file of configuration", "/opt/notes", "/opt/notes/config.json:ro", nil, "ln -s /app /folders/links/opt/notes"},
		{"one that is named by its path", "/opt/notes", "/opt/notes/config.json\" -e \"CONFIG=/opt/notes/config.json", nil, ""},
		{"one that an argument names", "/opt/notes", "/opt/notes/config.json\" acme/notes \"--config=/opt/notes/config.json", nil, ""},
		{"its working directory", "/opt/notes", "/srv/x\" -w \"/opt/notes", nil, "ln -s /app /folders/links/opt/notes"},
		{"another working directory", "/opt/notes", "/srv/x\" --workdir \"/opt/other", nil, ""},
		{"the source", "/kutt", "/kutt", data, ""},
		{"the same folder", "/app", "/app/data", data, ""},
		{"a folder of the root, where the source is", "/", "/data", data, "ln -s /app/data /folders/links/data"},
		{"another folder of the root", "/", "/other", data, ""},
		{"one of the system", "/", "/etc", []Write{{Dir: "etc", Pos: fact.At("app.js", 1)}}, ""},
		{"one that the image has", "/", "/media", []Write{{Dir: "media", Pos: fact.At("app.js", 1)}}, ""},
		{"below ours", "/app/server", "/app/server/data", data, ""},
		{"a folder that images have", "/srv", "/srv/data", data, ""},
		{"a home that images have", "/home/node", "/home/node/data", data, ""},
		{"a folder of the system", "/usr/local/notes", "/usr/local/notes/data", data, ""},
		{"root's", "/root/app", "/root/app/data", data, ""},
		{"an unknown one", "/$X/notes", "/$X/notes/data", data, ""},
		{"one that needs quotes", "/opt/a b", "/opt/a b/data", data, "ln -s /app '/folders/links/opt/a b'"},
	} {
		for _, language := range []string{"node", "python", "java"} {
			t.Run(tt.name+"/"+language, func(t *testing.T) {
				files := map[string]string{
					"Dockerfile": bases[language] + "WORKDIR \"" + tt.workdir + "\"\nCOPY . .\n",
					"README.md":  "```\ndocker run -v \"notes:" + tt.mount + "\" acme/notes\n```\n",
				}
				in := beside(t, language, files, nil)
				got, err := Writes(in, WritesRequest{Workdir: "/app", Writes: tt.writes}, plan.Distroless)
				if err != nil {
					t.Fatal(err)
				}
				var runs []string
				for _, s := range got.Stages {
					for _, r := range s.Data.(*plan.Folders).Run {
						if strings.HasPrefix(r.String(), "ln") {
							runs = append(runs, r.String())
						}
					}
				}
				if text := strings.Join(runs, "; "); text != tt.want {
					t.Errorf("got %q, want %q", text, tt.want)
				}
				if linked := isAliased(&plan.Run{Copies: got.Copies}); linked != (tt.want != "") {
					t.Errorf("copied: %v", linked)
				}
			})
		}
	}
}
