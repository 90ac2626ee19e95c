package ignore

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func parse(t *testing.T, text string) *List {
	t.Helper()
	l, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestReads(t *testing.T) {
	own := parse(t, ".git\ndist\n*.local\n")
	for _, tt := range []struct {
		name, dockerfile string
		files, want      []string
	}{
		{
			"whole tree, without what own hides and prose", "FROM scratch\nCOPY . .\n",
			[]string{".git/config", "CONTRIBUTING.md", "README.md", "dist/x.js", "src/a.js"},
			[]string{"src/a.js"},
		},
		{
			"the README of a Python package", "FROM scratch\nCOPY . .\n",
			[]string{"README.md", "lib/README.md", "lib/setup.py", "src/a.py"},
			[]string{"lib/README.md", "lib/setup.py", "src/a.py"},
		},
		{
			"a named file always", "FROM scratch\nCOPY NOTES.md dist /\n",
			[]string{"NOTES.md", "dist/x.js", "src/a.js"},
			[]string{"NOTES.md"},
		},
		{
			"lint options", "# check=skip=all\nFROM scratch\n# check=skip=all\nCOPY src /\n",
			[]string{"dist/x.js", "src/a.js"},
			[]string{"src/a.js"},
		},
		{
			"mounts and folders", "FROM scratch\nRUN --mount=type=bind,source=go.mod,target=go.mod --mount=type=cache,target=/x true\nCOPY --link templates/ ./templates/\n",
			[]string{"go.mod", "main.go", "templates/a/b.html"},
			[]string{"go.mod", "templates/a/b.html"},
		},
		{
			"a mount of everything", "FROM scratch\nRUN --mount=target=. true\n",
			[]string{"main.go"},
			[]string{"main.go"},
		},
		{
			"other stages do not count", "FROM scratch AS a\nFROM scratch\nCOPY --from=a . .\n",
			[]string{"main.go"},
			nil,
		},
		{
			"wildcards and escapes", "FROM scratch\nCOPY package*.json [[]id].js ./\n",
			[]string{"[id].js", "package-lock.json", "package.json", "x.js"},
			[]string{"[id].js", "package-lock.json", "package.json"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Reads([]byte(tt.dockerfile), tt.files, nil, own)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadsForSure(t *testing.T) {
	files := []string{"HELP.md", "about.md", "x.go"}
	for _, tt := range []struct {
		sure map[string]bool
		want []string
	}{
		{nil, []string{"about.md", "x.go"}},
		{map[string]bool{"HELP.md": true, "gone.md": true}, files},
	} {
		got, err := Reads([]byte("FROM scratch\nCOPY . .\n"), files, tt.sure, parse(t, ".git\n"))
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%v: %v, %s", tt.sure, err, diff)
		}
	}
}

func TestSparing(t *testing.T) {
	reads := []string{"src/a.js", "target/quarkus-app/run.jar"}
	// Quarkus puts this into every new project; it hides all but one build's output.
	theirs := parse(t, "# comment\n*\n!target/*-runner\n!target/quarkus-app/*\nnotes\n/secrets.json\n*.mp4\n.git\n")
	if diff := cmp.Diff([]string{"src/a.js"}, theirs.Hidden(reads)); diff != "" {
		t.Error(diff)
	}
	got := theirs.Sparing(reads, parse(t, ".git\n"))
	if diff := cmp.Diff([]string{"notes", "secrets.json", "*.mp4"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseRefuses(t *testing.T) {
	if _, err := Parse([]byte("a[\n")); err == nil {
		t.Error("an unfinished class is accepted")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("*\n!target/*-runner\n"), "target/x-runner")
	f.Add([]byte("**/[a-\\]x\n"), "a/b")
	f.Fuzz(func(_ *testing.T, text []byte, file string) {
		l, err := Parse(text)
		if err != nil {
			return
		}
		l.Sparing(l.Hidden([]string{file}), l)
	})
}

func TestFits(t *testing.T) {
	l := parse(t, "a\nb\n")
	for n, want := range map[int]bool{0: true, 1000: true, maxMatches / 2: true, maxMatches/2 + 1: false} {
		if l.Fits(n) != want {
			t.Errorf("%d files: got %v", n, !want)
		}
	}
	for patterns, want := range map[int]bool{maxPatterns: true, maxPatterns + 1: false} {
		if parse(t, strings.Repeat("a\n", patterns)).Fits(1) != want {
			t.Errorf("%d patterns: got %v", patterns, !want)
		}
	}
}
