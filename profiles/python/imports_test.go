package python

import (
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestImported: without a manifest, what the program imports is installed by the table, what another file imports is not, and
// what the table does not know is refused: its name may be anybody's.
func TestImported(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string // of what is installed, or the error
	}{
		{"names of their own", map[string]string{"main.py": "import yaml, cv2\nfrom PIL import Image\nfrom bs4 import BeautifulSoup as B\nprint(1)\n"}, "beautifulsoup4 opencv-python-headless pillow pyyaml"},
		{"the standard library", map[string]string{"main.py": "import os, json, xml.etree\nprint(1)\n"}, ""},
		{"a module beside it", map[string]string{"main.py": "import yaml, redis\nprint(1)\n", "redis.py": ""}, "pyyaml"},
		{"by way of a module", map[string]string{"main.py": "import store\nprint(1)\n", "store.py": "import redis\n"}, "redis"},
		{"another file's", map[string]string{"main.py": "import yaml\nprint(1)\n", "lib/x.py": "import redis\n"}, "pyyaml"},
		{"in a try", map[string]string{"main.py": "try:\n  import redis\nexcept ImportError:\n  redis = None\nprint(1)\n"}, ""},
		{"a web app, and its server", map[string]string{"app.py": flask}, "flask gunicorn==27.0.1"},
		{"an extra", map[string]string{"main.py": "import psycopg\nprint(1)\n"}, "psycopg[binary]"},
		{"unknown", map[string]string{"main.py": "import yamll\nprint(1)\n"}, "imports yamll, which no manifest names"},
		{"unknown, with a manifest", map[string]string{"main.py": "import yamll\nprint(1)\n", "requirements.txt": ""}, ""},
	} {
		app, log, err := decide(t, tt.files, settings.Settings{})
		if err != nil {
			if !strings.Contains(err.Error(), tt.want) || tt.want == "" {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		got := []string{}
		if app.deps != nil {
			_, list, _ := strings.Cut(dockerfile(t, app.App), "/opt/venv install ")
			list, _, _ = strings.Cut(list, "\n")
			got = strings.Fields(strings.ReplaceAll(list, "'", ""))
			slices.Sort(got)
		}
		if text := strings.Join(got, " "); text != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, text, tt.want)
		}
		said := false
		for _, n := range log.Notes() {
			said = said || strings.HasPrefix(n.Text, "no manifest names what the code imports")
		}
		if said != (tt.want != "") {
			t.Errorf("%s: got notes %v", tt.name, log.Notes())
		}
	}
}

// TestImportRows: each row has what is needed, once.
func TestImportRows(t *testing.T) {
	rows, err := imports()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range rows {
		name, _, _ := strings.Cut(r.Package, "[")
		if seen[r.Import] || name == "" || r.Source != "https://pypi.org/project/"+name+"/" || stdlib(r.Import) {
			t.Errorf("%+v", r)
		}
		seen[r.Import] = true
	}
}

// TestFrameworkAdded: a framework that no manifest names, because the hosts of such apps have it, is installed, and that is said.
func TestFrameworkAdded(t *testing.T) {
	const app = "import streamlit as st\nst.title('x')\n"
	for name, tt := range map[string]struct {
		requirements string
		added        bool
	}{
		"named":            {"streamlit==1.51.0\n", false},
		"by another":       {"streamlit-webrtc==0.63.0\n", true},
		"of no dependency": {"pandas==2.3.3\n", true},
	} {
		out, log, err := decideIn(t, ".", map[string]string{"app.py": app, "requirements.txt": tt.requirements}, settings.Settings{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		said := slices.ContainsFunc(log.Notes(), func(n plan.Note) bool { return strings.Contains(n.Text, "imports streamlit, which no manifest names") })
		if said != tt.added || strings.HasSuffix(strings.TrimSpace(runs(out.deps.Install)), " streamlit") != tt.added {
			t.Errorf("%s: said %t, %s", name, said, runs(out.deps.Install))
		}
		if out.Run.Cmd[0] != "streamlit" {
			t.Errorf("%s: starts %q", name, out.Run.Cmd)
		}
	}
}
