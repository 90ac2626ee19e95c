package python

import (
	"maps"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/profiles/settings"
)

// TestModels: models that Git ignores stay out of the context, unless the code or the own Dockerfile names one; notebooks stay out unless the
// start serves them.
func TestModels(t *testing.T) {
	const own = "FROM python:3.13\nWORKDIR /app\nCOPY weights/best.pt weights/\nCOPY app.py .\nCMD [\"python\", \"app.py\"]\n"
	for _, tt := range []struct {
		name  string
		files map[string]string
		has   string
		not   string
	}{
		{"models", map[string]string{".gitignore": "*.pt\n/models/*.gguf\ncheckpoints/\nwandb\n"}, "**/*.pt models/*.gguf **/checkpoints **/wandb", ""},
		{"with one in the repository", map[string]string{".gitignore": "*.pt\n!tiny.pt\n", "tiny.pt": "x"}, "**/*.pt !tiny.pt", ""},
		{"one that the code reads", map[string]string{".gitignore": "*.pt\n*.onnx\n", "app.py": flask + "m = open('weights/best.pt')\n"}, "**/*.onnx", "**/*.pt"},
		{"one that the code makes a path of", map[string]string{".gitignore": "*.pt\n", "app.py": flask + "import os\nm = load(os.path.join(root, 'best.pt'))\n"}, "", "**/*.pt"},
		{"one of another folder", map[string]string{".gitignore": "/runs/*.pt\n", "app.py": flask + "m = open('weights/best.pt')\n"}, "runs/*.pt", ""},
		{"one that the own Dockerfile copies", map[string]string{".gitignore": "*.pt\n", "Dockerfile": own}, "", "**/*.pt"},
		{"no models of Python's", map[string]string{".gitignore": "*.pt\ncheckpoints\n", "requirements.txt": "flask\ngunicorn\n"}, "", "**/*.pt"},
		{"models that Git has", map[string]string{"best.pt": "x"}, "", "*.pt"},
		{"notebooks", map[string]string{"a.ipynb": "{}"}, "**/*.ipynb", ""},
		{"notebooks that are served", map[string]string{"a.ipynb": "{}", "requirements.txt": "voila\n", "app.py": ""}, "", "**/*.ipynb"},
		{"hostile names", map[string]string{".gitignore": "*.pt\n$(id)*.onnx\n", "app.py": flask + "x = 'a\\nUSER root.pt'\n"}, "**/*.pt", ""},
	} {
		files := map[string]string{"requirements.txt": "flask\ngunicorn\ntorch==2.5.0\n", "app.py": flask}
		maps.Copy(files, tt.files)
		s := settings.Settings{}
		if tt.files["requirements.txt"] == "voila\n" {
			s.Start = []string{"voila", "a.ipynb", "--Voila.ip=0.0.0.0"}
		}
		p, _, err := decide(t, files, s)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var list []string
		for _, g := range p.Ignore {
			for _, x := range g.Patterns {
				list = append(list, x.String())
			}
		}
		got := " " + strings.Join(list, " ") + " "
		if tt.has != "" && !strings.Contains(got, " "+tt.has+" ") || tt.not != "" && strings.Contains(got, " "+tt.not+" ") {
			t.Errorf("%s: got %s", tt.name, got)
		}
	}
}
