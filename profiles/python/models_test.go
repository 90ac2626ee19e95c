package python

import (
	"maps"
	"slices"
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

// TestData: what a library finds by its name, and no manifest names, is fetched into the environment: what the own Dockerfile fetches, and what the code loads.
func TestData(t *testing.T) {
	t.Parallel()
	const (
		from  = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n"
		load  = "import os, spacy\nnlp = spacy.load(os.environ.get('MODEL', 'en_core_web_sm'))\n"
		spacy = "PYTHONPATH=/usr/local/lib/python3.12/site-packages /opt/venv/bin/python -m spacy download "
		nltk  = "/opt/venv/bin/python -m nltk.downloader -d /opt/venv/nltk_data "
		needs = "flask==3.1.0\ngunicorn==23.0.0\nspacy==3.7.5\nnltk==3.9.1\n"
	)
	for name, tt := range map[string]struct {
		code, own, needs string
		want             []string
	}{
		"what the code loads":               {load, "", needs, []string{spacy + "en_core_web_sm"}},
		"that the requirements name":        {load, "", needs + "en-core-web-sm @ https://example.com/en_core_web_sm-3.7.1-py3-none-any.whl\n", nil},
		"without the library":               {load, "", "flask==3.1.0\ngunicorn==23.0.0\n", nil},
		"a folder of the repository":        {"import spacy\nnlp = spacy.load('en_local_model')\n", "", needs, nil},
		"a path":                            {"import spacy\nnlp = spacy.load('./out/model-best')\n", "", needs, nil},
		"of the own Dockerfile":             {"", from + "RUN python -m spacy download de_core_news_sm && python -m nltk.downloader -d /usr/share/nltk_data punkt_tab stopwords\n", needs, []string{spacy + "de_core_news_sm", nltk + "punkt_tab stopwords"}},
		"by its program":                    {"", from + "RUN spacy download de_core_news_sm\n", needs, []string{spacy + "de_core_news_sm"}},
		"by a manager":                      {"", from + "RUN uv run python -m nltk.downloader punkt_tab\n", needs, []string{nltk + "punkt_tab"}},
		"by a line of code":                 {"", from + "RUN python -c \"import nltk; nltk.download('punkt_tab'); nltk.download('wordnet')\"\n", needs, []string{nltk + "punkt_tab wordnet"}},
		"by both":                           {load, from + "RUN python -m spacy download en_core_web_sm\n", needs, []string{spacy + "en_core_web_sm"}},
		"what is no name of such data":      {"", from + "RUN python -m nltk.downloader '../x' '$(id)' \"a;b\" && python -m spacy download '-h' 'x y'\n", needs, nil},
		"what only somebody's command does": {"", from + "RUN if [ -n \"$X\" ]; then python -m spacy download en_core_web_sm; fi\n", needs, nil},
	} {
		files := map[string]string{"app.py": tt.code + flask, "requirements.txt": tt.needs, "en_local_model/meta.json": "{}", ".python-version": "3.12\n"}
		if tt.own != "" {
			files["Dockerfile"] = tt.own
		}
		p, _, err := decide(t, files, settings.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		var got []string
		for _, step := range p.deps.Install {
			for _, run := range step.Run {
				if text := run.String(); strings.Contains(text, "download") {
					got = append(got, text)
				}
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q", name, got)
		}
	}
	// An installation of the project keeps it.
	project := "[project]\nname = 'shop'\nversion = '1'\nrequires-python = '>=3.11'\ndependencies = ['flask', 'gunicorn', 'spacy']\n[build-system]\nrequires = ['hatchling']\nbuild-backend = 'hatchling.build'\n"
	lock := "version = 1\n[[package]]\nname = 'shop'\nversion = '1'\nsource = { editable = '.' }\ndependencies = [{ name = 'flask' }, { name = 'gunicorn' }, { name = 'spacy' }]\n[[package]]\nname = 'flask'\nversion = '3.1.0'\n[[package]]\nname = 'gunicorn'\nversion = '23.0.0'\n[[package]]\nname = 'spacy'\nversion = '3.8.7'\n"
	p, _, err := decide(t, map[string]string{"pyproject.toml": project, "uv.lock": lock, "src/shop/__init__.py": "", "src/shop/app.py": load + flask}, settings.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if file := dockerfile(t, p.App); !strings.Contains(file, "--no-editable --inexact") || !strings.Contains(file, "spacy download en_core_web_sm") {
		t.Errorf("the data does not stay:\n%s", file)
	}
}
