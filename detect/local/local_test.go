package local

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/detect/tree/treetest"
)

func scan(t *testing.T, files map[string]string) *tree.Tree {
	t.Helper()
	return treetest.Of(t, files)
}

func TestHolds(t *testing.T) {
	for _, tt := range []struct {
		name, file, text string
		want             bool
	}{
		{"of a client", "client_secret_42.apps.json", `{"installed": {"client_secret": "x"}}`, true},
		{"credentials", "config/credentials.json", `{"web":{"client_secret":"x"}}`, true},
		{"words of that name", "credentials.json", `{"title": "Your credentials"}`, false},
		{"a service account", "my-service-account.json", `{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----"}`, true},
		{"with an underscore", "service_account_prod.json", `{"private_key" : "x"}`, true},
		{"Firebase's name", "serviceAccountKey.json", `{"private_key": "x"}`, true},
		{"Firebase's download", "app-firebase-adminsdk-x1.json", `{"private_key": "x"}`, true},
		{"a schema of one", "service-account.schema.json", `{"properties": {}}`, false},
		{"a token", "token.json", `{"refresh_token": "x"}`, true},
		{"the ABI of a token", "token.json", `[{"type": "function"}]`, false},
		{"Streamlit's secrets", ".streamlit/secrets.toml", "key = \"x\"", true},
		{"of no Streamlit", "docs/secrets.toml", "key = \"x\"", false},
		{"a key of SSH", "deploy/id_ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----", true},
		{"its public half", "deploy/id_ed25519.pub", "ssh-ed25519 AAAA", false},
		{"a key store, which servers read", "src/main/resources/keystore.p12", "x", false},
		{"a database", "db.sqlite3", "x", false},
	} {
		if got := Holds(scan(t, map[string]string{tt.file: tt.text}), tt.file); got != tt.want {
			t.Errorf("%s: got %t", tt.name, got)
		}
	}
}

// ignoredOf are the patterns of one kind.
func ignoredOf(t *tree.Tree, kind Kind) []string {
	var out []string
	for _, p := range IgnoredIn(t, ".") {
		if p.Kind == kind {
			out = append(out, p.Pattern)
		}
	}
	return out
}

func TestIgnored(t *testing.T) {
	for _, tt := range []struct {
		name              string
		files             map[string]string
		credential, state []string
	}{
		{"what tools make", map[string]string{".gitignore": "Thumbs.db\n.Thumbs.db\nehthumbs_vista.db\nnode_modules\ndist/\n*.pyc\n.venv\n*.log\n"}, nil, nil},
		{"credentials", map[string]string{".gitignore": "credentials.json\n/config/service-account.json\n*.p12\nsecrets.yaml\n.aws/\n"}, []string{"**/credentials.json", "config/service-account.json", "**/*.p12", "**/secrets.yaml", "**/.aws"}, nil},
		{"data", map[string]string{".gitignore": "*.db\nuploads/*\n!uploads/.gitkeep\n/data/app.sqlite3\nbackups\n"}, nil, []string{"**/*.db", "uploads/*", "data/app.sqlite3", "**/backups"}},
		{"Django's, in Django", map[string]string{".gitignore": "db.sqlite3\nlocal_settings.py\nmedia/\n", "manage.py": "import django\n"}, []string{"**/local_settings.py"}, []string{"**/db.sqlite3", "**/media"}},
		{"Django's, elsewhere", map[string]string{".gitignore": "db.sqlite3\nlocal_settings.py\nmedia/\ninstance/\n"}, nil, nil},
		{"Flask's, in Flask", map[string]string{".gitignore": "instance/\n", "requirements.txt": "Flask==3.1.2\n"}, nil, []string{"**/instance"}},
		{"of the folder itself", map[string]string{"api/.gitignore": "token.pickle\n"}, []string{"api/**/token.pickle"}, nil},
		{"environments", map[string]string{".gitignore": "venv\n.venv\nenv/\nENV/\nenv.bak/\nvenv.bak/\n"}, nil, nil},
		{"with an escape", map[string]string{".gitignore": "a\\ secret.json\n"}, nil, nil},
	} {
		tr := scan(t, tt.files)
		if got := ignoredOf(tr, Credential); !slices.Equal(got, tt.credential) {
			t.Errorf("%s: credentials %q, want %q", tt.name, got, tt.credential)
		}
		if got := ignoredOf(tr, State); !slices.Equal(got, tt.state) {
			t.Errorf("%s: state %q, want %q", tt.name, got, tt.state)
		}
	}
}

func TestIgnoredVenv(t *testing.T) {
	tr := scan(t, map[string]string{".gitignore": "venv/\n.venv\nenv\nENV/\nenv.bak/\nvenv.bak/\nmyenv/\n/api_env\nvenv3\nproject-venv/\n"})
	if got, want := ignoredOf(tr, Venv), []string{"**/myenv", "api_env", "**/venv3", "**/project-venv"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestRows: what is found by the extension of a row's name has that extension, and is a credential.
func TestRows(t *testing.T) {
	for _, r := range rows() {
		if r.Source == "" || r.Holds != "" && (strings.ContainsAny(path.Ext(r.Name), "*[") || r.Kind != Credential) {
			t.Errorf("%s", r.Name)
		}
	}
}

// TestCredentials: of many files with such a name, the first are looked into.
func TestCredentials(t *testing.T) {
	files := map[string]string{"other.json": `{"access_token": "x"}`}
	for i := range 3 * maxLooked {
		files[fmt.Sprintf("d%04d/token.json", i)] = `{"access_token": "x"}`
	}
	if got := Credentials(scan(t, files), "."); len(got) != maxLooked || got[0] != "d0000/token.json" {
		t.Errorf("got %d: %q", len(got), got[:1])
	}
	if got := Credentials(scan(t, files), "d0001"); !slices.Equal(got, []string{"d0001/token.json"}) {
		t.Errorf("got %q", got)
	}
}
