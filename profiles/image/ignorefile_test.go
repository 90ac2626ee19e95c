package image

import (
	"slices"
	"strings"
	"testing"

	"github.com/moby/patternmatcher"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/detect/tree/treetest"
	"github.com/dockgen/dockgen/profiles/plan"
)

// scan is the tree of files; a value is a file's text.
func scan(t *testing.T, files map[string]string) *tree.Tree {
	t.Helper()
	return treetest.Of(t, files)
}

const (
	cert = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n"
	pub  = "-----BEGIN PUBLIC KEY-----\nMII\n-----END PUBLIC KEY-----\n"
	key  = "-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\n"
)

func TestIgnoreFile(t *testing.T) {
	for _, tt := range []struct {
		name, file, text string
		read             Reading
		own              []string
		in               bool   // the file is in the build context
		note             string // "" for none
	}{
		{"a bundle of certificates", "certs/global-bundle.pem", cert, Reading{Path: "certs/global-bundle.pem"}, nil, true, ""},
		{"with ./", "certs/global-bundle.pem", cert, Reading{Path: "./certs/global-bundle.pem"}, nil, true, ""},
		{"a public key", "src/main/resources/jwt-public.pem", pub, Reading{Path: "src/main/resources"}, nil, true, ""},
		{"a public key named .key", "pub.key", pub, Reading{Path: "pub.key"}, nil, true, ""},
		{"a name with a star", "a*[b].pem", cert, Reading{Path: "a*[b].pem"}, nil, true, ""},
		{"one that nobody reads", "certs/global-bundle.pem", cert, Reading{Path: "other"}, nil, false, ""},
		{"a private key", "certs/server.key", key, Reading{Path: "certs/server.key"}, nil, false, "the app reads certs/server.key, a private key, which stays out of the image"},
		{"a private key behind its certificate", "certs/all.pem", cert + key, Reading{Path: "certs"}, nil, false, "the app reads certs/all.pem, a private key, which stays out of the image"},
		{"a key without a label", "app.key", "c2VjcmV0", Reading{Path: "app.key"}, nil, false, "the app reads app.key, a private key, which stays out of the image"},
		{"variables", ".env", "A=b", Reading{Path: ".env"}, nil, false, "the app reads .env, a file of secrets, which stays out of the image"},
		{"variables of production", "config/.env.production", "A=b", Reading{Path: "config"}, nil, false, "the app reads config/.env.production, a file of secrets, which stays out of the image"},
		{"public variables", ".env.production", "VITE_A=b", Reading{Path: ".env.production", Use: InSite}, nil, true, ""},
		{"an embedded certificate", "ca.pem", cert, Reading{Path: "ca.pem", Use: InBuild}, nil, true, ""},
		{"an embedded key", "server.key", key, Reading{Path: "server.key", Use: InBuild}, nil, true, "the build puts server.key, a private key, into the program: anyone who has the image can read it"},
		{"a key of tests", "testdata/server.key", key, Reading{Path: "testdata", Use: InTests}, nil, true, ""},
		{"variables of tests", "testdata/.env", "A=b", Reading{Path: "testdata", Use: InTests}, nil, false, ""},
		{"credentials", "client_secret.json", `{"client_secret": "x"}`, Reading{Path: "client_secret.json"}, nil, false, "the app reads client_secret.json, a file of credentials, which stays out of the image"},
		{"credentials that nobody is seen to read", "keys/service-account.json", `{"private_key": "x"}`, Reading{Path: "other"}, nil, false, ""},
		{"credentials of tests", "testdata/service-account.json", `{"private_key": "x"}`, Reading{Path: "testdata", Use: InTests}, nil, true, ""},
		{"another file with the name of credentials", "credentials.json", `{"title": "x"}`, Reading{Path: "other"}, nil, true, ""},
		{"what a group of the language hides", "data/x.log", "x", Reading{Path: "data/x.log"}, []string{"**/*.log"}, true, ""},
		{"a file of a hidden folder", "coverage/index.html", "x", Reading{Path: "coverage/index.html"}, []string{"coverage"}, true, ""},
		{"the whole folder", "compose.yaml", "x", Reading{Path: "."}, nil, false, ""},
		{"an example", ".env.example", "A=", Reading{Path: "other"}, nil, true, ""},
	} {
		for _, dir := range []string{".", "sub"} {
			in := lockedInput(t, nil)
			in.Dir = dir
			prefix := ""
			if dir != "." {
				prefix = dir + "/"
			}
			in.Tree = scan(t, map[string]string{prefix + tt.file: tt.text})
			tt.read.Pos = fact.At("main.js", 1)
			var own []plan.IgnoreGroup
			if tt.own != nil {
				own = []plan.IgnoreGroup{{Heading: plan.NewComment("Own"), Patterns: plan.MustPatterns(tt.own...)}}
			}
			var patterns []string
			for _, g := range IgnoreFile(in, own, tt.read) {
				for _, p := range g.Patterns {
					patterns = append(patterns, p.String())
				}
			}
			m, err := patternmatcher.New(patterns)
			if err != nil {
				t.Fatal(err)
			}
			hidden, err := m.MatchesOrParentMatches(tt.file)
			if err != nil || hidden == tt.in {
				t.Errorf("%s (in %s): hidden is %v, %v: %q", tt.name, dir, hidden, err, patterns)
			}
			var notes []string
			for _, n := range in.Log.Notes() {
				notes = append(notes, n.Text)
			}
			if got := strings.Join(notes, "; "); got != tt.note {
				t.Errorf("%s (in %s): notes %q, want %q", tt.name, dir, got, tt.note)
			}
		}
	}
}

func TestIgnoreFileSaysFewSecrets(t *testing.T) {
	files := map[string]string{}
	for n := range strings.SplitSeq("abcdefghijkl", "") {
		files["keys/"+n+".pem"] = key
	}
	in := lockedInput(t, nil)
	in.Dir, in.Tree = ".", scan(t, files)
	out := IgnoreFile(in, nil, Reading{Path: "keys"})
	if n := len(in.Log.Notes()); n != maxSecretNotes {
		t.Errorf("got %d notes", n)
	}
	if slices.ContainsFunc(out, func(g plan.IgnoreGroup) bool { return strings.HasPrefix(g.Heading.String(), "Needed") }) {
		t.Error("a secret is let in")
	}
	if !Withheld(in, "keys/a.pem") || Withheld(in, "keys/none") {
		t.Error("Withheld is wrong")
	}
}

func TestLocalFiles(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  []string // patterns beside those of every app
	}{
		{"nothing", map[string]string{".gitignore": "node_modules\n"}, nil},
		{"what Git ignores", map[string]string{".gitignore": "/credentials.json\n*.db\n"}, []string{"credentials.json", "**/*.db"}},
		{"but for a file of the repository", map[string]string{".gitignore": "uploads/*\n!uploads/.gitkeep\n", "uploads/.gitkeep": ""}, []string{"uploads/*", "!uploads/.gitkeep"}},
		{"a name that a pattern would expand", map[string]string{"a*/token.json": `{"access_token": "x"}`}, []string{`a\*/token.json`}},
		{"one deep in the folders", map[string]string{".gitignore": "*.db\n!seed.db\n", "x/y/seed.db": "", "z.txt": ""}, []string{"**/*.db", "!x/y/seed.db"}},
		{"more files than anybody names", map[string]string{".gitignore": "*.db\n!*.db\n*.rdb\n", "1.db": "", "2.db": "", "3.db": "", "4.db": "", "5.db": "", "6.db": ""}, []string{"**/*.rdb"}},
		{"twice", map[string]string{".gitignore": "*.db\n*.db\n"}, []string{"**/*.db"}},
	} {
		in, empty := lockedInput(t, nil), lockedInput(t, nil)
		in.Tree, empty.Tree = scan(t, tt.files), scan(t, nil)
		plain := IgnoreFile(empty, nil)
		var got []string
		for _, g := range IgnoreFile(in, nil) {
			for _, p := range g.Patterns {
				if !slices.ContainsFunc(plain, func(g plan.IgnoreGroup) bool { return slices.Contains(g.Patterns, p) }) {
					got = append(got, p.String())
				}
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestLongestWord(t *testing.T) {
	for pattern, want := range map[string]string{"**/*.db": ".db", "**/credentials.json": "credentials.json", "a/**/uploads/*": "uploads", "**/*": "", "x[ab]c": "", `a\ b`: "", "ab?cde": "cde"} {
		if got := longestWord(pattern); got != want {
			t.Errorf("%s: got %q, want %q", pattern, got, want)
		}
	}
}
