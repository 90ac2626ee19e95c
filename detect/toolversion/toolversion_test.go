package toolversion

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// scan indexes files below the folder "a".
func scan(t *testing.T, files map[string]string) *tree.Tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys["a/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	tr, err := tree.Scan(t.Context(), fsys, tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestSingle(t *testing.T) {
	for text, want := range map[string]fact.Fact[string]{
		"24":                             fact.New("24", "a/.nvmrc", 1),
		"\ufefflts/iron\r\n":             fact.New("lts/iron", "a/.nvmrc", 1),
		"# why\n\n \tv20.1 # this\n18\n": fact.New("v20.1", "a/.nvmrc", 3),
		"# nothing\n\n":                  {},
		"":                               {},
	} {
		got, err := Single(scan(t, map[string]string{".nvmrc": text}), "a", ".nvmrc")
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: %v %s", text, err, diff)
		}
	}
	if got, err := Single(scan(t, nil), "a", ".nvmrc"); got.Found() || err != nil {
		t.Errorf("without a file: %v, %v", got, err)
	}
}

func TestToolVersions(t *testing.T) {
	got, err := ToolVersions(scan(t, map[string]string{
		".tool-versions": "# why\ngolang 1.26.5 1.25.3 system\r\nruby\nnodejs\t20.1.0 # this\n  java  temurin-21.0.1+12\n#python 3.1\npython prefix:3.13\ngo ref:master\n",
	}), "a")
	want := []Version{
		{"go", "1.26.5", fact.At("a/.tool-versions", 2)},
		{"node", "20.1.0", fact.At("a/.tool-versions", 4)},
		{"java", "temurin-21.0.1+12", fact.At("a/.tool-versions", 5)},
		{"python", "3.13", fact.At("a/.tool-versions", 7)},
		{"go", "ref:master", fact.At("a/.tool-versions", 8)},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if diff := cmp.Diff([]Version{want[0], want[4]}, Pick(got, "go")); diff != "" {
		t.Error(diff)
	}
}

func TestMiseTools(t *testing.T) {
	at := func(line int) fact.Pos { return fact.At("a/mise.toml", line) }
	for name, tt := range map[string]struct {
		text string
		want []Version
	}{
		"a string":           {"[env]\ngo = \"1\"\n\n[tools]\n\"core:go\" = \"1.26\"\n", []Version{{"go", "1.26", at(5)}}},
		"a list":             {"[tools]\ngolang = ['1.26', '1.25']\n", []Version{{"go", "1.26", at(2)}}},
		"a table":            {"[tools]\npnpm = {postinstall = 'x', version = \"10\"}\n", []Version{{"pnpm", "10", at(2)}}},
		"a list of tables":   {"[tools]\nnodejs = [{version = \"24\"}, \"22\"]\n", []Version{{"node", "24", at(2)}}},
		"a table of its own": {"[tools]\nbun = \"1\"\n[tools.java]\nversion = \"temurin-25\"\n", []Version{{"bun", "1", at(2)}, {"java", "temurin-25", at(3)}}},
		"dotted":             {"tools.python = \"3.13\"\ntools.go.version = \"1.26\"", []Version{{"python", "3.13", at(1)}, {"go", "1.26", at(2)}}},
		"inline":             {"\ntools = {python = \"3.13\", node.version = \"24\"}", []Version{{"node", "24", at(2)}, {"python", "3.13", at(2)}}},
		"a prefix":           {"[tools]\ngo = \"prefix:1.26\"\nnode = {prefix = \"22\"}", []Version{{"go", "1.26", at(2)}, {"node", "22", at(3)}}},
		"another scope":      {"[tools]\nnode = \"path:~/node\"", []Version{{"node", "path:~/node", at(2)}}},
		"a template":         {"[tools]\ngo = \"{{ env.GO }}\"\nnode = \"$NODE\"", nil},
		"no version":         {"[tools]\ngo = 1\nnode = []\njava = {os = ['linux']}\npython = [[]]", nil},
		"nothing":            {"", nil},
	} {
		got, err := ReadMise(scan(t, map[string]string{"mise.toml": tt.text}), "a")
		if diff := cmp.Diff(Mise{Tools: tt.want}, got, cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Env" }, cmp.Ignore())); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestMiseEnv(t *testing.T) {
	at := func(line int) fact.Pos { return fact.At("a/mise.toml", line) }
	for name, tt := range map[string]struct {
		text string
		want []Var
	}{
		"literals": {"[env]\nGOFLAGS = '-mod=mod'\nCGO_ENABLED = 0\nE = \"\"\nT = true\n", []Var{{"GOFLAGS", "-mod=mod", at(2)}, {"CGO_ENABLED", "0", at(3)}, {"E", "", at(4)}, {"T", "true", at(5)}}},
		"tables":   {"[env]\nA = {value = \"1\", redact = true}\nB = {default = 2}\n[env.C]\nvalue = 'c'\n", []Var{{"A", "1", at(2)}, {"B", "2", at(3)}, {"C", "c", at(4)}}},
		"an array": {"[[env]]\nA = 'x'\nB = 'b'\n[[env]]\nA = 'y'\n", []Var{{"B", "b", at(3)}, {"A", "y", at(5)}}},
		"dotted":   {"env.A = 'x'\n", []Var{{"A", "x", at(1)}}},
		"not said": {
			"[env]\n_.file = '.env'\n_.path = ['bin']\nA = false\nB = {required = true}\nC = '{{ env.X }}'\nD = \"$X\"\nE = '{% if x %}y{% endif %}'\nF = 1.5\nG = ['x']\n", nil,
		},
		"another type": {"env = 'x'\n", nil},
	} {
		got, err := ReadMise(scan(t, map[string]string{"mise.toml": tt.text}), "a")
		if diff := cmp.Diff(Mise{Env: tt.want}, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestMisePlaces(t *testing.T) {
	files := map[string]string{"mise.local.toml": "[tools]\ngo = 'local'", "x/mise.toml": "[tools]\ngo = 'below'"}
	for _, name := range miseFiles {
		files[name] = "[tools]\ngo = '" + name + "'"
	}
	got, err := ReadMise(scan(t, files), "a")
	if err != nil {
		t.Fatal(err)
	}
	var places []string
	for _, v := range got.Tools {
		places = append(places, v.Value)
		if want := fact.At("a/"+v.Value, 2); v.Pos != want {
			t.Errorf("%s stands at %s", v.Value, v.Pos)
		}
	}
	want := []string{".mise.toml", "mise.toml", ".mise/config.toml", "mise/config.toml", ".config/mise.toml", ".config/mise/config.toml"}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Error(diff)
	}
}

func TestMiseErrors(t *testing.T) {
	for text, want := range map[string]string{
		"[tools\n":                  "a/mise.toml:1: is not valid TOML: ",
		"[env]\nA = '1'\nA = '2'\n": "a/mise.toml:3: is not valid TOML: the key A",
		"\ntools = 'x'":             "a/mise.toml:2: tools is not a table",
		"A = 1\n\x00":               "a/mise.toml:2: is not a text file",
	} {
		_, err := ReadMise(scan(t, map[string]string{"mise.toml": text}), "a")
		if fe := (*fact.Error)(nil); !errors.As(err, &fe) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// FuzzRead holds each parser to its promises: what it returns stands on a
// line of the file, and an error is one line that names it.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"", "24\n", "golang 1.26 # x\nnodejs 20", "web: npm start\nworker: x", "[tools]\ngo = \"1.26\"\nnode = ['24', '22']\n[env]\nA = 'b'\n",
		"[tools.go]\nversion = '1'\n[[env]]\nA = 1\n[[env]]\nA = {value = true}\n", "tools = {go = '1', node.version = '2'}\nenv._.file = 'x'\n",
		"[tools]\n\"core:go\" = {version = \"\"\"\n1\"\"\"}", "[tools\n", "\"\x1b\" = 1", "[[tools]]\n[tools.x]", "env = [{A = '1'}]", "web:\r\n\xff", "web:\r\v\f", "core: 1\nprefix: prefix:", "[tools]\n\"\" = '1'",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tr := scan(t, map[string]string{".go-version": text, ".tool-versions": text, "mise.toml": text})
		lines := strings.Count(text, "\n") + 1
		check := func(err error, from int, places ...fact.Pos) {
			if err != nil && (!strings.HasPrefix(err.Error(), "a/") || strings.ContainsAny(err.Error(), "\x1b\n")) {
				t.Errorf("a bad error: %q", err)
			}
			for _, p := range places {
				if p.File == "" || p.Line < from || p.Line > lines {
					t.Errorf("no line of the file: %v", p)
				}
			}
		}
		single, err := Single(tr, "a", ".go-version")
		if check(err, 1); single.Found() {
			check(nil, 1, single.Pos)
		}
		tools, err := ToolVersions(tr, "a")
		check(err, 1)
		for _, v := range tools {
			check(nil, 1, v.Pos)
			if v.Tool == "" || v.Value == "" || strings.ContainsAny(v.Tool+v.Value, " #\n") {
				t.Errorf("not one word: %q", v)
			}
		}
		mise, err := ReadMise(tr, "a")
		check(err, 1)
		for _, v := range mise.Tools {
			check(nil, 0, v.Pos) // 0 is the whole file
			if v.Tool == "" || v.Value == "" {
				t.Errorf("not a tool and its version: %q", v)
			}
		}
		for _, v := range mise.Env {
			check(nil, 0, v.Pos)
		}
	})
}
