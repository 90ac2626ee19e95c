package merge_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/merge"
)

func mustFingerprint(t testing.TB, kind merge.Kind, text string) merge.Base {
	t.Helper()
	base, err := merge.Fingerprint(kind, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// edit replaces parts of a text, each of which must be there, from the last
// one backwards.
func edit(t testing.TB, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		at := strings.LastIndex(text, pairs[i])
		if at < 0 {
			t.Fatalf("no %q in:\n%s", pairs[i], text)
		}
		text = text[:at] + pairs[i+1] + text[at+len(pairs[i]):]
	}
	return text
}

func TestMergeDockerfile(t *testing.T) {
	later := plain()
	later.version, later.port, later.health = "26", 8080, true
	packages := plain()
	packages.packages = []string{"libpq5"}
	more := packages
	more.packages = []string{"libpq5", "openssl"}
	unbuilt := plain()
	unbuilt.build = false
	migrate := plain()
	migrate.migrate = true
	swapped := plain()
	swapped.swapped = true
	alpine := plain()
	alpine.alpine = true
	install := plain()
	install.lockfile = false
	untested := plain()
	untested.test = false

	const extra = "FROM scratch AS mine\nCOPY --from=build /app/dist/ /\n\n"
	for _, test := range []struct {
		name      string
		old, now  sample
		ours      []string // replacements in the old text
		want      []string // the same in the new text
		conflicts []string // "line: why"
	}{
		{name: "nothing of the user's", old: plain(), now: later},
		{
			name: "lint options in a comment", old: plain(), now: later,
			ours: []string{" AS prod\n", " AS prod\n# check=skip=all\nENV TZ=Europe/Lisbon\n"},
			want: []string{" AS prod\n", " AS prod\n# check=skip=all\nENV TZ=Europe/Lisbon\n"},
		},
		{
			name: "a variable beside a FROM whose version changes", old: plain(), now: alpine,
			ours: []string{" AS prod\n", " AS prod\n# ours\nENV TZ=Europe/Lisbon\n"},
			want: []string{" AS prod\n", " AS prod\n# ours\nENV TZ=Europe/Lisbon\n"},
		},
		{
			name: "their own stage, between prod's comment and its FROM", old: plain(), now: alpine,
			ours: []string{"FROM gcr.io", "FROM scratch AS mine\n\nFROM gcr.io"},
			want: []string{"FROM node", "FROM scratch AS mine\n\nFROM node"},
		},
		{
			name: "their own stage before prod, and a new stage", old: plain(), now: migrate,
			ours: []string{"# prod has", extra + "# prod has"},
			want: []string{"# prod has", extra + "# prod has"},
		},
		{
			name: "their own stage before prod, and a stage less", old: plain(), now: unbuilt,
			ours: []string{"# prod has", extra + "# prod has"},
			want: []string{"# prod has", extra + "# prod has"},
		},
		{
			name: "lines at the end", old: plain(), now: unbuilt,
			ours: []string{"server.js\"]\n", "server.js\"]\n\nLABEL owner=platform\n# the end\n"},
			want: []string{"server.js\"]\n", "server.js\"]\n\nLABEL owner=platform\n# the end\n"},
		},
		{
			name: "EXPOSE taken out", old: plain(), now: unbuilt,
			ours: []string{"EXPOSE 3000\n", ""}, want: []string{"EXPOSE 3000\n", ""},
		},
		{
			name: "EXPOSE taken out, and the port changes", old: plain(), now: later,
			ours: []string{"EXPOSE 3000\n", ""}, want: []string{"EXPOSE 8080\n", ""},
			conflicts: []string{"44: you deleted it, and dockgen changed it"},
		},
		{
			name: "lines in another order", old: plain(), now: later,
			ours: []string{"EXPOSE 3000\n", "", "ENV NODE_ENV=production\nWORKDIR /app\n", "WORKDIR /app\nENV NODE_ENV=production\nEXPOSE 3000\n"},
			want: []string{"EXPOSE 8080\n", "", "ENV NODE_ENV=production\nWORKDIR /app\n", "WORKDIR /app\nENV NODE_ENV=production\nEXPOSE 8080\n"},
		},
		{
			name: "a line moved to another stage follows", old: packages, now: more,
			ours: []string{"# libpq5 is loaded at run time.\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends libpq5 \\\n && rm -rf /var/lib/apt/lists/*\n", "", "AS build\n", "AS build\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends libpq5 \\\n && rm -rf /var/lib/apt/lists/*\n"},
			want: []string{"# libpq5 is loaded at run time.\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends libpq5 openssl \\\n && rm -rf /var/lib/apt/lists/*\n", "", "AS build\n", "AS build\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends libpq5 openssl \\\n && rm -rf /var/lib/apt/lists/*\n"},
		},
		{
			name: "the version changed by the user, something else by dockgen", old: plain(), now: packages,
			ours: []string{"VERSION=24", "VERSION=22"}, want: []string{"VERSION=24", "VERSION=22"},
		},
		{
			name: "the version changed by both", old: plain(), now: later,
			ours: []string{"VERSION=24", "VERSION=22"}, want: []string{"VERSION=26", "VERSION=22"},
			conflicts: []string{"3: you changed it, and dockgen changed it too"},
		},
		{
			name: "the version changed by both to the same", old: plain(), now: later,
			ours: []string{"VERSION=24", "VERSION=26"}, want: nil,
		},
		{
			name: "an edit inside a RUN", old: packages, now: later.with(packages.packages),
			ours: []string{" libpq5 \\\n", " libpq5 curl \\\n"}, want: []string{" libpq5 \\\n", " libpq5 curl \\\n"},
		},
		{
			name: "an edit inside a RUN that dockgen changes", old: packages, now: more,
			ours: []string{" libpq5 \\\n", " libpq5 curl \\\n"}, want: []string{" libpq5 openssl \\\n", " libpq5 openssl curl \\\n"},
		},
		{
			name: "an edit inside a RUN that dockgen drops", old: packages, now: later,
			ours:      []string{" libpq5 \\\n", " libpq5 curl \\\n"},
			want:      []string{"base\nWORKDIR /app\n", "base\nWORKDIR /app\n# libpq5 is loaded at run time.\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends libpq5 curl \\\n && rm -rf /var/lib/apt/lists/*\n"},
			conflicts: []string{"8: you changed it, and dockgen no longer writes it"},
		},
		{
			name: "an edit inside a here-document", old: plain(), now: later,
			ours: []string{"set -e\n", "set -ex\n\n# verbose\n"}, want: []string{"set -e\n", "set -ex\n\n# verbose\n"},
		},
		{
			name: "a stage that dockgen drops and the user changed", old: plain(), now: untested,
			ours:      []string{"RUN npm test\n", "RUN npm test\nRUN npm run lint\n"},
			want:      []string{"FROM deps AS build", "# test fails the build when a test fails: docker build --target test .\nFROM deps AS test\nENV CI=true\nCOPY . .\nRUN npm test\nRUN npm run lint\n\nFROM deps AS build"},
			conflicts: []string{"23: dockgen no longer writes this stage; it stays because you changed it"},
		},
		{
			name: "a stage that the user took out", old: plain(), now: later,
			ours: []string{testStage, ""}, want: []string{testStage, ""},
		},
		{
			name: "a stage that the user took out and dockgen changed", old: plain(), now: later,
			ours: []string{devStage(3000), ""}, want: []string{devStage(8080), ""},
			conflicts: []string{"13: you deleted this stage, and dockgen changed it"},
		},
		{
			name: "stages in another order, with lines of the user's in them", old: plain(), now: swapped,
			ours: []string{"VOLUME /app/node_modules\n", "VOLUME /app/node_modules\nENV DEV=1\n", "RUN npm test\n", "ENV TEST=1\nRUN npm test\n"},
			want: []string{"VOLUME /app/node_modules\n", "VOLUME /app/node_modules\nENV DEV=1\n", "RUN npm test\n", "ENV TEST=1\nRUN npm test\n"},
		},
		{
			name: "repeated lines stay in their stage", old: plain(), now: untested,
			ours: []string{"COPY . .\nRUN <<EOF", "COPY . .\n# ours\nCOPY . .\nRUN <<EOF"},
			want: []string{"COPY . .\nRUN <<EOF", "COPY . .\n# ours\nCOPY . .\nRUN <<EOF"},
		},
		{
			name: "a stage renamed by the user", old: plain(), now: later,
			ours: []string{"AS test", "AS unit"}, want: []string{"AS test", "AS unit"},
		},
		{
			name: "a stage that the user cut in two", old: plain(), now: later.with(nil).withEnv("PORT=8080"),
			ours: []string{"\nWORKDIR /app\nCOPY --link", "\n\nFROM base AS mine\nWORKDIR /app\nCOPY --link"},
			want: []string{"\nWORKDIR /app\nCOPY --link", "\n\nFROM base AS mine\nWORKDIR /app\nCOPY --link"},
		},
		{
			name: "a stage that the user cut in two, with less in it", old: plain(), now: unbuilt,
			ours: []string{"ENV NODE_ENV=production\n", "\n# ours\nFROM base AS mine\nENV NODE_ENV=production\n"},
			want: []string{"ENV NODE_ENV=production\n", "\n# ours\nFROM base AS mine\nENV NODE_ENV=production\n"},
		},
		{
			name: "the same line added by both", old: plain(), now: plain().withEnv("PORT=8080"),
			ours: []string{"ENV NODE_ENV=production\n", "ENV NODE_ENV=production\nENV PORT=8080\n"},
		},
		{
			name: "the same variable added by both", old: plain(), now: plain().withEnv("PORT=8080"),
			ours:      []string{"ENV NODE_ENV=production\n", "ENV NODE_ENV=production\nENV PORT=9\n"},
			want:      []string{"PORT=8080", "PORT=9"},
			conflicts: []string{"39: you added it, and dockgen adds one too"},
		},
		{
			name: "a health check added by both", old: plain(), now: later,
			ours:      []string{"CMD [\"dist", "HEALTHCHECK NONE\nCMD [\"dist"},
			want:      []string{"HEALTHCHECK CMD [\"/nodejs/bin/node\", \"-e\", \"fetch('http://127.0.0.1:8080/')\"]\n", "HEALTHCHECK NONE\n"},
			conflicts: []string{"45: you added it, and dockgen adds one too"},
		},
		{
			name: "no lockfile any more", old: plain(), now: install,
			ours: []string{"COPY package.json", "COPY .npmrc ./\nCOPY package.json"}, want: []string{"COPY package.json", "COPY .npmrc ./\nCOPY package.json"},
		},
		{
			name: "comments taken out", old: plain(), now: later,
			ours: []string{"# The volume keeps the image's node_modules when the source is mounted over /app.\n", "", "# dev restarts on every save: docker run --rm -v \"$(pwd):/app\" -p 3000:3000 IMAGE\n", ""},
			want: []string{"# The volume keeps the image's node_modules when the source is mounted over /app.\n", "", "# dev restarts on every save: docker run --rm -v \"$(pwd):/app\" -p 8080:8080 IMAGE\n", ""},
		},
		{
			name: "blank lines", old: plain(), now: later,
			ours: []string{"USER 65532", "\n\nUSER 65532", "\n\nFROM deps AS build", "\nFROM deps AS build"},
			want: []string{"USER 65532", "\n\nUSER 65532", "\n\nFROM deps AS build", "\nFROM deps AS build"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			old, now := test.old.dockerfile(), test.now.dockerfile()
			check(t, merge.Dockerfile, old, edit(t, old, test.ours...), now, edit(t, now, test.want...), test.conflicts)
		})
	}
}

func (s sample) with(packages []string) sample { s.packages = packages; return s }
func (s sample) withEnv(env ...string) sample  { s.env = env; return s }

const testStage = "# test fails the build when a test fails: docker build --target test .\nFROM deps AS test\nENV CI=true\nCOPY . .\nRUN npm test\n\n"

func devStage(port int) string {
	return fmt.Sprintf("# dev restarts on every save: docker run --rm -v \"$(pwd):/app\" -p %d:%d IMAGE\n"+
		"# The volume keeps the image's node_modules when the source is mounted over /app.\n"+
		"FROM deps AS dev\nCOPY . .\nVOLUME /app/node_modules\nEXPOSE %d\nCMD [\"npm\", \"run\", \"dev\"]\n\n", port, port, port)
}

// check merges, with both line endings and without a last newline.
func check(t *testing.T, kind merge.Kind, old, ours, now, want string, conflicts []string) {
	t.Helper()
	base := mustFingerprint(t, kind, old)
	for _, style := range []struct {
		name string
		as   func(string) string
	}{
		{"LF", func(s string) string { return s }},
		{"CRLF", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }},
		{"no newline at the end", func(s string) string { return strings.TrimSuffix(s, "\n") }},
		{"a byte order mark", func(s string) string { return "\xef\xbb\xbf" + s }},
	} {
		got, err := merge.Merge(kind, base, []byte(style.as(ours)), []byte(now))
		if err != nil {
			t.Fatalf("%s: %v", style.name, err)
		}
		if diff := cmp.Diff(style.as(want), string(got.Text)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", style.name, diff)
			return
		}
		var cons []string
		for _, c := range got.Conflicts {
			cons = append(cons, fmt.Sprintf("%d: %s", c.Line, c.Why))
		}
		if diff := cmp.Diff(conflicts, cons); diff != "" {
			t.Errorf("%s: conflicts: -want +got:\n%s\n%+v", style.name, diff, got.Conflicts)
		}
		again, err := merge.Merge(kind, mustFingerprint(t, kind, now), got.Text, []byte(now))
		if err != nil || string(again.Text) != string(got.Text) || again.Conflicts != nil {
			t.Errorf("%s: a second merge changes it, or fails: %v, %v", style.name, err, again.Conflicts)
		}
	}
}

func TestMergeIgnore(t *testing.T) {
	unbuilt := plain()
	unbuilt.build = false
	untested := plain()
	untested.test = false
	migrate := plain()
	migrate.migrate = true
	for _, test := range []struct {
		name       string
		old, now   sample
		ours, want []string
		conflicts  []string
	}{
		{name: "nothing of the user's", old: plain(), now: unbuilt},
		{
			name: "patterns at the end", old: plain(), now: untested,
			ours: []string{"coverage\n", "coverage\n\n# ours\n*.log\n!keep.log\n"},
			want: []string{"node_modules\n", "node_modules\n\n# ours\n*.log\n!keep.log\n"},
		},
		{
			name: "an exception behind a group that grows", old: plain(), now: migrate,
			ours: []string{"dist\n", "dist\n!dist/public\n"}, want: []string{"migrated\n", "migrated\n!dist/public\n"},
		},
		{
			name: "a pattern taken out", old: plain(), now: untested,
			ours: []string{".vscode\n", ""}, want: []string{".vscode\n", ""},
		},
		{
			name: "a group that goes, with a pattern of the user's in it", old: plain(), now: unbuilt,
			ours: []string{"dist\n", "dist\n*.tmp\n"}, want: []string{"\n# Installed", "\n*.tmp\n\n# Installed"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			old, now := test.old.ignore(), test.now.ignore()
			check(t, merge.Ignore, old, edit(t, old, test.ours...), now, edit(t, now, test.want...), test.conflicts)
		})
	}
}

func TestMergeBroken(t *testing.T) {
	old := plain().dockerfile()
	later := plain()
	later.version = "26"
	for _, test := range []struct{ name, ours, want string }{
		{"unfinished here-document", old + "RUN <<EOF\nhello\n", "Dockerfile:46: "},
		{"empty", "", "Dockerfile: "},
		{"bad escape", "# escape=x\nFROM a\n", "Dockerfile"},
		{"ENV without a value", edit(t, old, "ENV CI=true", "ENV CI"), "Dockerfile:24: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := merge.Merge(merge.Dockerfile, mustFingerprint(t, merge.Dockerfile, old), []byte(test.ours), []byte(later.dockerfile()))
			var fe *fact.Error
			if !errors.As(err, &fe) {
				t.Fatalf("got %v, want a *fact.Error", err)
			}
			if !strings.HasPrefix(fe.Error(), test.want) || fe.Hint == "" {
				t.Errorf("got %v (%s), want %s", fe, fe.Hint, test.want)
			}
		})
	}
}

// What the user took out stays out when dockgen drops it and writes it again.
func TestMergeFlap(t *testing.T) {
	healthy := plain()
	healthy.health = true
	const health = "HEALTHCHECK CMD [\"/nodejs/bin/node\", \"-e\", \"fetch('http://127.0.0.1:3000/')\"]\n"
	moved := healthy
	moved.port = 8080
	base := mustFingerprint(t, merge.Dockerfile, healthy.dockerfile())
	text := edit(t, healthy.dockerfile(), health, "", testStage, "")
	for i, step := range []struct {
		now       sample
		want      string
		conflicts int
	}{
		{plain(), edit(t, plain().dockerfile(), testStage, ""), 0},
		{healthy, edit(t, plain().dockerfile(), testStage, ""), 0},
		{plain().without(), plain().without().dockerfile(), 0},
		{plain().without().withEnv("PORT=1"), plain().without().withEnv("PORT=1").dockerfile(), 0},
		{healthy, edit(t, plain().dockerfile(), testStage, ""), 0},
		{plain(), edit(t, plain().dockerfile(), testStage, ""), 0},
		{moved, edit(t, moved.dockerfile(), testStage, "", strings.ReplaceAll(health, "3000", "8080"), ""), 1},
	} {
		got, err := merge.Merge(merge.Dockerfile, base, []byte(text), []byte(step.now.dockerfile()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(step.want, string(got.Text)); diff != "" {
			t.Fatalf("step %d: -want +got:\n%s", i, diff)
		}
		if len(got.Conflicts) != step.conflicts {
			t.Errorf("step %d: conflicts: %v", i, got.Conflicts)
		}
		if at, err := got.Base.Check(); err != nil {
			t.Errorf("step %d: row %d: %v", i, at, err)
		}
		text, base = string(got.Text), got.Base
		again, err := merge.Merge(merge.Dockerfile, base, got.Text, []byte(step.now.dockerfile()))
		if err != nil || string(again.Text) != text || !slices.Equal(again.Base, base) || len(again.Conflicts) > 0 {
			t.Errorf("step %d: merging again changes something: %v", i, err)
		}
	}
}

func (s sample) without() sample { s.test = false; return s }

// A directive that dockgen writes now counts at the very top alone, whatever the user has there.
func TestDirective(t *testing.T) {
	const old, now = "# base has the JDK.\nFROM jdk:21 AS base\n", "# syntax=docker/dockerfile:1\n\n# base has the JDK.\nFROM jdk:25 AS base\n"
	for ours, want := range map[string]string{
		"# base has the JDK.\nFROM jdk:21 AS base\n":                         now,
		"# base has the JDK.\n\nFROM jdk:21 AS base\n":                       "# syntax=docker/dockerfile:1\n\n# base has the JDK.\n\nFROM jdk:25 AS base\n",
		"# mine\n\n# base has the JDK.\n\nFROM jdk:21 AS base\n":             "# syntax=docker/dockerfile:1\n# mine\n\n# base has the JDK.\n\nFROM jdk:25 AS base\n",
		"# check=error=true\n\n# base has the JDK.\n\nFROM jdk:21 AS base\n": "# check=error=true\n# syntax=docker/dockerfile:1\n\n# base has the JDK.\n\nFROM jdk:25 AS base\n",
	} {
		got, err := merge.Merge(merge.Dockerfile, mustFingerprint(t, merge.Dockerfile, old), []byte(ours), []byte(now))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got.Text)); diff != "" || len(got.Conflicts) > 0 {
			t.Errorf("%q, conflicts %v:\n%s", ours, got.Conflicts, diff)
		}
	}
}

// An escape directive of the user's changes what a line of dockgen's means.
func TestMergeEscape(t *testing.T) {
	old := "ARG A=1\n\nFROM a AS prod\nRUN a \\\n b\n"
	ours := "# escape=`\nARG A=1\n\nFROM a AS prod\nRUN a `\n b\n"
	got, err := merge.Merge(merge.Dockerfile, mustFingerprint(t, merge.Dockerfile, old), []byte(ours), []byte(strings.Replace(old, "A=1", "A=2", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if string(got.Text) != ours || len(got.Conflicts) != 1 {
		t.Errorf("got %s\n%v", got.Text, got.Conflicts)
	}
}

// TestTooLong: a file that nobody wrote by hand is refused, not merged for
// minutes.
func TestTooLong(t *testing.T) {
	was := "FROM scratch\n"
	ours := was + strings.Repeat("# x\n", 1_000_000)
	_, err := merge.Merge(merge.Dockerfile, mustFingerprint(t, merge.Dockerfile, was), []byte(ours), []byte(was+"ENV A=b\n"))
	if err == nil || err.Error() != "Dockerfile:5001: has more than 5000 instructions and comment lines" {
		t.Errorf("got %v", err)
	}
	_, err = merge.Merge(merge.Ignore, mustFingerprint(t, merge.Ignore, "a\n"), []byte(strings.Repeat("x\n", 6000)), []byte("b\n"))
	if err == nil || err.Error() != ".dockerignore:5001: has more than 5000 instructions and comment lines" {
		t.Errorf("got %v", err)
	}
}
