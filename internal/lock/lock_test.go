package lock_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

func TestMarshal(t *testing.T) {
	base, err := merge.Fingerprint(merge.Dockerfile, []byte("# syntax=docker/dockerfile:1\n\nARG GO_VERSION=1.26\n\n\nFROM golang AS base\n"))
	if err != nil {
		t.Fatal(err)
	}
	base = append(base, "-expose 5b847d dd1bb30f6b81 top", "-run 5b847d dd1bb30f6b81 cfaf01#2")
	f := &lock.File{
		Version: 5,
		Dockgen: "v0.1.0",
		Apps: map[string]lock.App{
			".": {
				Settings: settings.Settings{
					Runtime: plan.Slim, Version: "1.20", Env: map[string]string{"B": "2", "A": "yes"}, Packages: []string{},
				},
				Overridden: settings.Settings{Runtime: plan.Alpine},
				Choices:    map[string]record.Locked{"go.version": {Value: "1.26", Evidence: "no go line"}, "air": {Value: "v1", Evidence: "x: y\n\x01"}},
				Files:      map[string]merge.Base{"Dockerfile": base},
			},
			"services/api": {
				Files: map[string]merge.Base{"Dockerfile": base[:1]}, Replaced: "FROM node\n\n# =======\n- a, b\tc\n",
				Conflicts: map[string][]merge.Open{"Dockerfile": {{Yours: "0123456789ab", Dockgen: "CMD [\"a\", \\\n  \"b\"]", Was: "0123456789ab", Stage: "012345#2", Why: "both"}, {Dockgen: "USER 1", Why: "deleted"}}},
			},
		},
	}
	got, err := f.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	at, lines := lock.ReplacedAt(got, "services/api"), strings.Split(string(got), "\n")
	if at == 0 || strings.TrimSpace(lines[at-1]) != "FROM node" || lock.ReplacedAt(got, ".") != 0 || lock.ReplacedAt([]byte("apps: {.: {replaced: \"FROM x\\n\"}}"), ".") != 0 {
		t.Errorf("the Dockerfile that was replaced is said to be in line %d", at)
	}
	want := `# Written by dockgen. Commit it: update needs it to tell your edits from its own lines.
version: 5
dockgen: v0.1.0
apps:
  .:
    settings:
      runtime: slim
      version: "1.20"
      packages: []
      env:
        A: "yes"
        B: "2"
    overridden:
      runtime: alpine
    choices:
      air:
        value: v1
        evidence: "x: y\n\x01"
      go.version:
        value: "1.26"
        evidence: no go line
    files:
      Dockerfile:
        - directive ec15cc 7d40ad03c873
        - +arg 5b847d dd1bb30f6b81
        - ++from cfaf01 3ac26ec484ab
        - -expose 5b847d dd1bb30f6b81 top
        - -run 5b847d dd1bb30f6b81 cfaf01#2
  services/api:
    files:
      Dockerfile:
        - directive ec15cc 7d40ad03c873
    conflicts:
      Dockerfile:
        - yours: 0123456789ab
          dockgen: |-
            CMD ["a", \
              "b"]
          was: 0123456789ab
          stage: 012345#2
          why: both
        - dockgen: USER 1
          why: deleted
    replaced: |
      FROM node

      # =======
      - a, b	c
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	back, err := lock.Parse("dockgen.lock", got)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(f, back, cmpopts.IgnoreUnexported(settings.Settings{})); diff != "" {
		t.Errorf("parsed again: -want +got:\n%s", diff)
	}
	if got, want := back.Apps["."].Settings.Pos("runtime").String(), "dockgen.lock:7"; got != want {
		t.Errorf("runtime stands at %s, want %s", got, want)
	}
}

// TestParseVersion1 reads a lock of the first schema, which knew one app.
func TestParseVersion1(t *testing.T) {
	f, err := lock.Parse("dockgen.lock", []byte(`version: 1
dockgen: v0.1.0
settings:
  runtime: slim
  env: {A: b}
choices:
  go.version:
    value: "1.26"
    input: no go line
  port: {value: "8080"}
files:
  Dockerfile:
    - from cfaf01 3ac26ec484ab
  .dockerignore: []
`))
	if err != nil {
		t.Fatal(err)
	}
	want := &lock.File{Version: 1, Dockgen: "v0.1.0", Apps: map[string]lock.App{".": {
		Settings: settings.Settings{Runtime: plan.Slim, Env: map[string]string{"A": "b"}},
		Choices:  map[string]record.Locked{"go.version": {Value: "1.26", Evidence: "no go line"}, "port": {Value: "8080"}},
		Files:    map[string]merge.Base{"Dockerfile": {"from cfaf01 3ac26ec484ab"}, ".dockerignore": {}},
	}}}
	if diff := cmp.Diff(want, f, cmpopts.IgnoreUnexported(settings.Settings{})); diff != "" {
		t.Error(diff)
	}
	if got, want := f.Apps["."].Settings.Pos("env").String(), "dockgen.lock:5"; got != want {
		t.Errorf("env stands at %s, want %s", got, want)
	}
}

// TestTexts: a choice is read as it was written, whatever its text; update compares the two. What begins
// with a newline is not among them: yaml.v3 reads what it writes for that without the newline.
func TestTexts(t *testing.T) {
	texts := []string{
		"", " ", " a ", "a\n", "a\n\n", "a\r\nb", "\r", "\t", "~", "null", "yes", "1.20", "1e3", "0o7", "2026-01-01", "- a", "a: b", "# a", "a # b", "*a", "&a", "!!str a", "<<", "=",
		"|", ">", "%", "@a", "`a`", "'", `"`, `\n`, "\x00", "\x01", "\x1b[31m", "\x7f", "\u0085", "\u2028", "\ufeff", "\ufffd", "\xff\xfe", "é", "\U0001f433", "---", "...", "{{a}}", "[a]", "a\n  b\n c", strings.Repeat("a b ", 100),
	}
	choices := map[string]record.Locked{}
	for i, a := range texts {
		choices[fmt.Sprint(i)] = record.Locked{Value: a, Evidence: texts[len(texts)-1-i]}
	}
	text, err := (&lock.File{Apps: map[string]lock.App{".": {Choices: choices}}}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	f, err := lock.Parse("dockgen.lock", text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(choices, f.Apps["."].Choices); diff != "" {
		t.Errorf("-written +read: %s", diff)
	}
}

// TestParseBounds: what no lock is does not take the time of reading it.
func TestParseBounds(t *testing.T) {
	many := func(n int, row string) string {
		return "version: 2\napps:\n  .:\n    files:\n      Dockerfile:\n" + strings.Repeat(row, n)
	}
	for _, test := range []struct{ name, text, want string }{
		{"as many rows as fit", many(5000, "        - run 5b847d dd1bb30f6b81\n"), ""},
		{"too many rows of a file", many(5001, "        - run 5b847d dd1bb30f6b81\n"), "dockgen.lock:5006: Dockerfile has more than 5000 rows"},
		{"too many rows", many(120_000, "      - run 5b847d\n"), "dockgen.lock:100006: has more than 100000 rows"},
		{"too many rows in a line", "version: 2\napps: {.: {files: {Dockerfile: [" + strings.Repeat("run 5b847d dd1bb30f6b81,", 110_000) + "]}}}\n", "dockgen.lock:2: has more than 100000 rows"},
		{"too large", many(50_000, "        - run 5b847d dd1bb30f6b81"+strings.Repeat(" ", 60)+"\n"), "dockgen.lock: is larger than 4 MiB"},
		{"deep", "version: 2\napps: " + strings.Repeat("[", 1<<19), "dockgen.lock:"},
		{
			"aliases", "version: 2\napps:\n  .:\n    files:\n      a: &a [run 5b847d dd1bb30f6b81]\n" + strings.Repeat("      b: *a\n", 3),
			"dockgen.lock:6: refers to another line",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := lock.Parse("dockgen.lock", []byte(test.text))
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// TestMarshalBounds: the lock of some hundred apps is read again, and none is written that is not.
func TestMarshalBounds(t *testing.T) {
	of := func(apps int) *lock.File {
		f := &lock.File{Apps: map[string]lock.App{}}
		for i := range apps {
			f.Apps[fmt.Sprintf("services/app%d", i)] = lock.App{Files: map[string]merge.Base{
				"Dockerfile": slices.Repeat(merge.Base{"run 5b847d dd1bb30f6b81"}, 100),
			}}
		}
		return f
	}
	text, err := of(500).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if f, err := lock.Parse("dockgen.lock", text); err != nil || len(f.Apps) != 500 {
		t.Errorf("500 apps are not read again: %v", err)
	}
	if _, err := of(1500).Marshal(); err == nil || !strings.Contains(err.Error(), "with 1500 apps") {
		t.Errorf("1500 apps: got %v", err)
	}
}

func TestParseFaults(t *testing.T) {
	for _, test := range []struct{ name, text, want, hint string }{
		{"empty", "", "dockgen.lock: is empty", "restore it from git"},
		{"only a comment", "# x\n", "dockgen.lock: is empty", "restore"},
		{"a list", "- a\n", "dockgen.lock:1: want keys and values", "restore"},
		{"no version", "dockgen: v1\n", "dockgen.lock:1: wants a version of 1 or more", "restore"},
		{"newer", "version: 6\nbrand: new\n", "dockgen.lock:1: has schema version 6, this dockgen reads up to 5", "a newer dockgen wrote it"},
		{"a key of another version", "version: 2\nchoices: {}\n", `dockgen.lock:2: unknown key "choices"`, "restore"},
		{"a key of a later version", "version: 1\napps: {}\n", `dockgen.lock:2: unknown key "apps"`, "restore"},
		{"a folder outside", "version: 2\napps: {../x: {}}\n", "dockgen.lock: apps: ../x is not a folder within this one", "restore"},
		{"apps that are a list", "version: 2\napps: [a]\n", "dockgen.lock:2: want keys and values, not a list", "restore"},
		{"a choice that is a word", "version: 2\napps: {.: {choices: {a: b}}}\n", "dockgen.lock:2: want keys and values, not b", "restore"},
		{"a version in words", "version: one\n", "dockgen.lock:1: want a number, not one", "restore"},
		{"unknown key", "version: 1\ncolour: red\n", `dockgen.lock:2: unknown key "colour"`, "restore"},
		{"unknown setting", "version: 1\nsettings:\n  rntime: slim\n", `dockgen.lock:3: unknown key "rntime"`, "lists the keys"},
		{"impossible setting", "version: 1\nsettings:\n  port: 99999\n", "dockgen.lock:3: port: 99999 is not a port", ""},
		{"a row of another kind", "version: 1\nfiles:\n  Dockerfile:\n    - from 123456 123456789abc\n    - FROM golang\n", "dockgen.lock:5: Dockerfile: row 2 is not one that dockgen wrote", "restore"},
		{"rows that are no list", "version: 1\nfiles:\n  Dockerfile: {}\n", "dockgen.lock:3: want a list, not keys and values", "restore"},
		{"broken YAML", "version: 1\nfiles: [\n", "dockgen.lock:2: ", "restore"},
		{"twice the same key", "version: 1\nversion: 1\n", "dockgen.lock:2: ", "restore"},
		{"a second document", "version: 1\n---\nversion: 1\n", "dockgen.lock: holds more than one document", "restore"},
		{
			"a git conflict", "version: 1\nchoices:\n<<<<<<< HEAD\n  port: {value: 1, input: a}\n=======\n  port: {value: 2, input: a}\n>>>>>>> topic\n",
			"dockgen.lock:3: has a git conflict in it", "git checkout --ours dockgen.lock",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := lock.Parse("dockgen.lock", []byte(test.text))
			var fe *fact.Error
			if !errors.As(err, &fe) {
				t.Fatalf("got %v, want a *fact.Error", err)
			}
			if !strings.HasPrefix(fe.Error(), test.want) {
				t.Errorf("got  %s\nwant %s", fe, test.want)
			}
			if !strings.Contains(fe.Hint, test.hint) {
				t.Errorf("hint %q, want one with %q", fe.Hint, test.hint)
			}
		})
	}
}

// FuzzParse: what parses marshals, and what was marshalled parses to the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte("version: 1\n"))
	f.Add([]byte("version: 1\ndockgen: v0.1.0\nsettings:\n  runtime: slim\n  env: {A: \"b\\n\"}\nchoices:\n  a: {value: \"\\x00\", input: ''}\nfiles:\n  Dockerfile:\n    - +from 123456 123456789abc\n    - ++end\n"))
	f.Add([]byte("version: 1\nsettings: ~\nfiles: {.dockerignore: []}\n"))
	f.Add([]byte("version: 1\nchoices: {a: {value: !!binary gIGC, input: x}}\n"))
	f.Add([]byte("version: &a 1\nchoices: *a\n"))
	f.Add([]byte("<<<<<<< x\n"))
	f.Add([]byte("version: 2\napps:\n  .:\n    settings: {runtime: slim, packages: []}\n    overridden: {port: 1}\n    choices: {a: {value: b, evidence: c}}\n    files: {Dockerfile: [+from 123456 123456789abc]}\n  a/b: {}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := lock.Parse("dockgen.lock", text)
		if err != nil {
			var fe *fact.Error
			if !errors.As(err, &fe) {
				t.Fatalf("%v is not a *fact.Error", err)
			}
			return
		}
		one, err := a.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		b, err := lock.Parse("dockgen.lock", one)
		if err != nil {
			t.Fatalf("%v\n%s", err, one)
		}
		two, err := b.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(one), string(two)); diff != "" {
			t.Errorf("not the same again:\n%s", diff)
		}
	})
}

// TestVersions: a lock says the oldest version that can hold what it has.
func TestVersions(t *testing.T) {
	for _, c := range []struct {
		file lock.File
		want string
	}{
		{lock.File{Apps: map[string]lock.App{".": {}}}, "version: 2\n"},
		{lock.File{Apps: map[string]lock.App{".": {Replaced: "FROM x\n"}}}, "version: 3\n"},
		{lock.File{Chosen: true, Apps: map[string]lock.App{"a": {Replaced: "FROM x\n"}}}, "version: 4\nchosen: true\n"},
		{lock.File{Apps: map[string]lock.App{".": {Conflicts: map[string][]merge.Open{"Dockerfile": {{Dockgen: "USER 1", Why: "deleted"}}}}}}, "version: 5\n"},
	} {
		text, err := c.file.Marshal()
		if err != nil || !strings.Contains(string(text), c.want) {
			t.Errorf("got %s, %v, want %q", text, err, c.want)
		}
		back, err := lock.Parse("dockgen.lock", text)
		if err != nil || back.Chosen != c.file.Chosen {
			t.Errorf("%s: read as %+v, %v", text, back, err)
		}
	}
}
