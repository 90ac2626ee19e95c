package tree

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// universe are the files that TestIgnoreAsGit asks about.
var universe = []string{ //nolint:gochecknoglobals // a constant table
	"a", "b.log", "c.tar.gz", "d e", "[x]", "x-", "#h", "!n", "ab", "aab", "z~", "a.b.c", "D",
	"dir/a", "dir/b.log", "dir/sub/a", "dir/sub/ab", "dir/sub/deep/a", "dir/sub/deep/b.log", "dir/x1", "dir/x2", "dir/xy", "dir/.hidden",
	"sub/dir/a", "sub/dir/sub/a", "sub/a.b.c", "sub/keep", "lib/web/a", "lib/keep", "lib/lib/a", "deep/a/b/c/d/e", "deep/a/x/c", "deep/b", "a.d/a",
}

// TestIgnoreAsGit holds what the tree leaves out against git's own word. Not
// the same are two oddities of git: for it a ? is one byte, and "a**/b" has a
// star that stands for folders too, if no wildcard is before it.
func TestIgnoreAsGit(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	dir := t.TempDir()
	git := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir, "-c", "core.quotePath=false", "-c", "core.excludesFile="}, args...)...)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(args, err)
		}
		return string(out)
	}
	write := func(name, text string) {
		t.Helper()
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "--quiet")
	for _, name := range universe {
		write(name, "")
	}
	compare := func(root, below, exclude string) {
		t.Helper()
		write(".gitignore", root)
		write("dir/.gitignore", below)
		write(".git/info/exclude", exclude)
		var want []string
		for name := range strings.SplitSeq(git("ls-files", "-z", "--others", "--exclude-standard"), "\x00") {
			if name != "" {
				want = append(want, name)
			}
		}
		got := scan(t, os.DirFS(dir), Limits{}).Files(".")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("root %q, dir %q, exclude %q (-git +tree):\n%s", root, below, exclude, diff)
		}
	}
	for _, text := range []string{
		"a\n", "/a\n", "dir/\n", "/dir\n", "*.log\n!b.log\n", "dir/*\n!dir/a\n", "dir/**\n!dir/a\n", "dir\n!dir/a\n", "**/a\n", "**/dir/a\n",
		"dir/**/a\n", "deep/**\n!deep/b\n", "/**\n!/a\n",
		"a/**/c\n", "**\n", "*\n!*/\n!*.log\n", "**/\n", "a**b\n", "#h\n", "\\#h\n", "!n\n", "\\!n\n", "d e \n", "d e\\ \n", "d\\ e\n",
		"a \n", "[x]\n", "\\[x]\n", "[[]x]\n", "[]x]-\n", "x[]-]\n",
		"x[!1]\n", "x[^1]\n", "dir/x[0-9]\n", "x[[:digit:]]\n", "x[[:nope:]]\n", "x[[:alpha:][:digit:]]\n", "x[1\n", "x[a-]\n", "x[--1]\n",
		"x[1-\n", "?\n", "??\n", "*~\n", "*.b.c\n", "*.gz\n", "*.*\n", ".*\n", "a\r\nb.log\r\n",
		"dir//a\n", "//a\n", "/\n", "//\n", "!\n", "\\\n", "a\\\n", "dir/sub\n!dir/sub/a\n", "lib/\n!lib/keep\n", "lib/*\n!lib/web/\n",
		"dir/a/\n", "D\n", "a.d\n", "/*\n!/dir\n/dir/*\n!/dir/sub\n", "\ufeffa\n", "**/**/a\n", "dir/**/**/a\n", "sub/**/\n", "*/a\n",
		"*/*/a\n", "deep/*/b\n", "x[1-2-9]\n", "x[[:digit:]-y]\n",
	} {
		compare(text, "", "")
		compare("", text, "")
		compare("!a\n*.log\n", text, "")
		compare("", "!b.log\n!sub/\n", text)
	}
	words := []string{
		"a", "b", "dir", "sub", "lib", "*", "**", "?", "/", "/", "/", "!", "x", "[0-9]", "[!a]", ".log", "*.log", "deep", "\n", "\n", "\n",
		"keep", "\\*", "\\a", " ",
	}
	rounds := 300
	if testing.Short() {
		rounds = 30
	}
	r := rand.New(rand.NewPCG(1, 2))
	some := func() string {
		var b strings.Builder
		for range r.IntN(20) {
			b.WriteString(words[r.IntN(len(words))])
		}
		return b.String()
	}
	for range rounds {
		compare(some(), some(), some())
	}
}

// TestIgnoreIsLinear has patterns that take exponential time where each star
// is tried with all that follow.
func TestIgnoreIsLinear(t *testing.T) {
	deep := strings.Repeat("a/", 39)
	for name, text := range map[string]string{
		"stars":    strings.Repeat("*a", 2000) + "b\n",
		"folders":  strings.Repeat("**/a/", 200) + "nope\n",
		"patterns": strings.Repeat("**/a*/b?\n", 20_000),
		"names":    strings.Repeat("/a/a/a/a\n", 20_000),
		"brackets": strings.Repeat("["+strings.Repeat("a", 100)+"]x\n", 2000),
	} {
		fsys := fstest.MapFS{".gitignore": file(text)}
		for i := range 50 {
			fsys[fmt.Sprintf("%s%s%d", deep, strings.Repeat("a", 100), i)] = file("")
		}
		t.Run(name, func(t *testing.T) { scan(t, fsys, Limits{}) })
	}
}

func FuzzIgnore(f *testing.F) {
	f.Add("a\n!b\n/c\nd/\n*.e\n", "a")
	f.Add("**/a/**/b[!c]\n\\#\n", "a/x/b")
	f.Add(strings.Repeat("**/a", 50), strings.Repeat("a/", 30)+"b")
	f.Fuzz(func(t *testing.T, text, name string) {
		levels := []level{{rules: parseRules(text)}}
		levels[0].paths = levels[0].rules.paths
		parts := strings.Split(name, "/")
		for _, p := range parts[:min(len(parts)-1, 40)] {
			ignored(levels, p, true)
			levels = enter(levels, p)
			if n := len(levels[0].paths); n > maxRooted+maxSlow {
				t.Errorf("%d places", n)
			}
		}
		ignored(levels, parts[len(parts)-1], false)
	})
}

func TestIgnored(t *testing.T) {
	fsys := fstest.MapFS{
		".gitignore":              {Data: []byte("# local\n*.log\n/config.json\ndocs/build/\n!keep.log\napps/web/data.db\n**/x/y\nodd\\ name\nab[!c]\n")},
		"apps/.gitignore":         {Data: []byte("secrets\n/web/uploads/\n")},
		"apps/web/main.py":        {},
		"apps/web/.gitignore":     {Data: []byte("/instance\n")},
		"apps/web/tmp/.gitignore": {Data: []byte("*\n!.gitignore\n")},
	}
	tr, err := Scan(t.Context(), fsys, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string][]Ignored{
		".": {
			{"**/*.log", false},
			{"config.json", false},
			{"docs/build", false},
			{"**/keep.log", true},
			{"apps/web/data.db", false},
			{"**/x/y", false},
			{"apps/**/secrets", false},
			{"apps/web/uploads", false},
			{"apps/web/instance", false},
			{"apps/web/tmp/**/*", false},
			{"apps/web/tmp/**/.gitignore", true},
		},
		"apps/web": {{"**/*.log", false}, {"**/keep.log", true}, {"data.db", false}, {"**/x/y", false}, {"**/secrets", false}, {"uploads", false}, {"instance", false}, {"tmp/**/*", false}, {"tmp/**/.gitignore", true}},
		"docs":     {{"**/*.log", false}, {"build", false}, {"**/keep.log", true}, {"**/x/y", false}},
		"app":      {{"**/*.log", false}, {"**/keep.log", true}, {"**/x/y", false}},
	} {
		if diff := cmp.Diff(want, tr.Ignored(dir)); diff != "" {
			t.Errorf("%s: %s", dir, diff)
		}
	}
}
