package profiles

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/record"
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
	_, err := Decide(scan(t, map[string]string{"README": "", "examples/api/go.mod": "module x\n", "docs/web/package.json": "{}"}), Request{})
	var nothing *Nothing
	if !errors.As(err, &nothing) {
		t.Fatalf("got %v, want Nothing", err)
	}
	if !strings.HasSuffix(nothing.Hint(), ": docs/web, examples/api") {
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
		if found, err := FindProfile(p.Name); err != nil || found.Name != p.Name {
			t.Errorf("the file of profile %s has another name: %v", p.Name, err)
		}
	}
	if _, err := FindProfile(""); err != nil {
		t.Errorf("the default profile: %v", err)
	}
	if _, err := FindProfile("huge"); !strings.Contains(hintOf(err), "default") {
		t.Errorf("an unknown profile: got %v, want the list", err)
	}
}

// hintOf is the hint of an error that has one.
func hintOf(err error) string {
	var fault *fact.Error
	if !errors.As(err, &fault) {
		return ""
	}
	return fault.Hint
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

// A submodule that is not checked out is said, and what fails for it says how to fetch it.
func TestSubmodules(t *testing.T) {
	const modules = "[submodule \"x\"]\n\tpath = lib/x\n\turl = https://a/x\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string // of a note or of the hint
	}{
		"node":    {map[string]string{"package.json": `{"scripts": {"start": "node a.js"}}`, "a.js": ""}, "lib/x is a Git submodule that is not checked out: the image goes without it"},
		"python":  {map[string]string{"requirements.txt": "", "main.py": "print(1)\n"}, "lib/x is a Git submodule that is not checked out: the image goes without it"},
		"go":      {map[string]string{"go.mod": "module a\n\nreplace b => ./lib/x\n\nrequire b v0.0.0\n", "main.go": "package main\n\nfunc main() {}\n"}, "lib/x is a Git submodule that is not checked out: git submodule update --init"},
		"go.work": {map[string]string{"go.work": "go 1.26\nuse .\nuse ./lib/x\n", "go.mod": "module a\n", "main.go": "package main\n\nfunc main() {}\n"}, "lib/x is a Git submodule that is not checked out: git submodule update --init"},
		"nothing": {map[string]string{"README": ""}, "lib/x is a Git submodule that is not checked out: git submodule update --init"},
	} {
		c.files[".gitmodules"] = modules
		p, err := Decide(scan(t, c.files), Request{})
		got := ""
		if err != nil {
			var hinted interface{ Hint() string }
			var refused *record.UnsupportedError
			if errors.As(err, &hinted) {
				got = hinted.Hint()
			} else if errors.As(err, &refused) {
				got = refused.Hint
			}
		} else {
			for _, n := range p.Apps[0].Notes {
				if n.Pos.File == ".gitmodules" {
					got = n.Text
				}
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q (%v)", name, got, err)
		}
	}
}

// A version in dockgen.lock that no image has is an error that says what to do.
func TestLockedVersions(t *testing.T) {
	java := map[string]string{
		"pom.xml": `<project><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId><version>1</version>
<properties><maven.compiler.release>21</maven.compiler.release></properties><build><plugins><plugin><artifactId>maven-jar-plugin</artifactId>
<configuration><archive><manifest><mainClass>a.A</mainClass></manifest></archive></configuration></plugin></plugins></build></project>`,
		"src/main/java/a/A.java": "package a;\npublic class A { public static void main(String[] args) {} }\n",
	}
	for key, files := range map[string]map[string]string{
		"go.version":     {"go.mod": "module a\n", "main.go": "package main\n\nfunc main() {}\n"},
		"node.version":   {"package.json": `{"scripts": {"start": "node a.js"}}`, "a.js": ""},
		"python.version": {"requirements.txt": "", "main.py": "print(1)\n"},
		"java.version":   java,
		"java.build":     java,
	} {
		p, err := Decide(scan(t, files), Request{})
		if err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}
		locked := LockedChoices(p.Apps[0])
		of, ok := locked[key]
		if !ok || of.Evidence == "" {
			t.Errorf("%s: the lock keeps none: %v", key, locked)
			continue
		}
		of.Value = "0.7"
		locked[key] = of
		_, err = Decide(scan(t, files), Request{Locked: locked})
		var refused *record.UnsupportedError
		if !errors.As(err, &refused) || !strings.HasPrefix(err.Error(), "dockgen.lock: dockgen.lock holds ") || refused.Hint != "dockgen update --upgrade chooses a new one" {
			t.Errorf("%s: got %v", key, err)
		}
	}
}

// TestNothing: where nothing is found, the stack that is not read is named, and the file that says so.
func TestNothing(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"build.xml": "build.xml: Ant,", "build.sbt": "build.sbt: Scala with sbt,", "MODULE.bazel": "MODULE.bazel: Bazel,", "Shop.Api.csproj": "Shop.Api.csproj: .NET,",
		"Cargo.toml": "Cargo.toml: Rust, which dockgen does not read yet", "README.md": "found no go.mod", "sub/build.xml": "found no go.mod",
	} {
		repo := scan(t, map[string]string{name: "x", "src/main/js/package.json": "{}"})
		err := &Nothing{Repo: repo}
		if !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %s", name, err)
		}
		if n := strings.Count(err.Error(), "gradle"); n > 1 {
			t.Errorf("%s: %d times in %s", name, n, err)
		}
		if hint := err.Hint(); !strings.Contains(hint, "src/main/js") || strings.Contains(hint, "by itself") == strings.HasPrefix(want, "found") {
			t.Errorf("%s: %s", name, hint)
		}
	}
	if hint := (&Nothing{Repo: scan(t, map[string]string{"Cargo.toml": "x"})}).Hint(); !strings.Contains(hint, "Go, Java, ") {
		t.Error(hint)
	}
}
