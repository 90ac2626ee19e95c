package profiles

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect"
)

func scan(t *testing.T, files map[string]string) *detect.Repo {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	repo, err := detect.Scan(t.Context(), fsys, Languages())
	if err != nil {
		t.Fatal(err)
	}
	return repo
}

func TestNothingNamesTheFoldersThatHaveAManifest(t *testing.T) {
	_, err := Decide(scan(t, map[string]string{"README": "", "api/go.mod": "module x\n", "web/package.json": "{}"}), Request{})
	var nothing *Nothing
	if !errors.As(err, &nothing) {
		t.Fatalf("got %v, want Nothing", err)
	}
	if !strings.HasSuffix(nothing.Hint(), ": api, web") {
		t.Errorf("hint: %s", nothing.Hint())
	}
}

func TestNothingNamesWhatWasNotRead(t *testing.T) {
	_, err := Decide(scan(t, map[string]string{"README": "", strings.Repeat("d/", 50) + "go.mod": "module x\n"}), Request{})
	var nothing *Nothing
	if !errors.As(err, &nothing) {
		t.Fatalf("got %v, want Nothing", err)
	}
	if !strings.Contains(nothing.Hint(), "d was not read: deeper than 40 folders") {
		t.Errorf("hint: %s", nothing.Hint())
	}
}

func TestBuiltinProfiles(t *testing.T) {
	all, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.Description == "" || len(p.Sources) == 0 {
			t.Errorf("profile %s: wants a description and a source", p.Name)
		}
	}
	if _, err := FindProfile(""); err != nil {
		t.Errorf("the default profile: %v", err)
	}
	if _, err := FindProfile("huge"); err == nil || !strings.Contains(err.Error(), "default") {
		t.Errorf("an unknown profile: got %v, want the list", err)
	}
}

func TestParseProfileRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"name: x\n":                                        "p.yaml: a profile needs runtimes",
		"runtimes: [slim]\n":                               "p.yaml: a profile needs a name",
		"name: x\nruntimes: [tiny]\n":                      `"tiny" is not one of`,
		"name: x\nruntimes: [slim]\nfoo: 1\n":              `p.yaml:3: unknown key "foo"`,
		"name: x\nruntimes: [slim]\nsettings: {prt: 1}\n":  `p.yaml:3: unknown key "prt"`,
		"name: x\nruntimes: [slim]\nblocks: {a: '{{if}}'}": `block "a"`,
	} {
		if _, err := ParseProfile("p.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}
