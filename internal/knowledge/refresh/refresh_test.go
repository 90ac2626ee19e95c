package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dockgen/dockgen/profiles/knowledge"
)

// write puts the files of an archive into a folder.
func write(t *testing.T, dir, archive string) {
	t.Helper()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// commit commits all of a work tree on a day.
func commit(t *testing.T, dir, day string) {
	t.Helper()
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "a"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_AUTHOR_DATE="+day+"T12:00:00Z", "GIT_COMMITTER_DATE="+day+"T12:00:00Z")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v %s", args, err, out)
		}
	}
}

const sources = `
-- endoflife.date/products/python.md --
---
title: Python
releases:
  - releaseCycle: "3.14"
    releaseDate: 2025-10-07
    eoas: 2027-10-01
    eol: 2030-10-31
  - releaseCycle: "3.8"
    releaseDate: 2019-10-14
    eol: 2024-10-07
---
Text.
-- endoflife.date/products/nodejs.md --
---
releases:
  - releaseCycle: "26"
    releaseDate: 2026-05-05
    lts: 2026-10-28
    eoas: 2027-10-27
    eol: 2029-04-30
  - releaseCycle: "24"
    releaseDate: 2025-05-06
    lts: true
    eoas: 2026-10-20
    eol: 2028-04-30
---
-- endoflife.date/products/debian.md --
---
releases:
  - releaseCycle: "13"
    codename: "Trixie"
    releaseDate: 2025-08-09
    eol: 2028-08-09
---
-- distroless/README.md --
| Image                                | Tags            | Architecture Suffixes |
| gcr.io/distroless/static-debian13    | latest, nonroot | amd64, arm64, arm     |
| gcr.io/distroless/nodejs24-debian13  | latest, nonroot | amd64, arm64          |
| gcr.io/distroless/nodejs26-debian13  | latest          | amd64                 |
| gcr.io/distroless/python3-debian13   | latest, nonroot | amd64, arm64          |
-- distroless/python3/config.bzl --
PYTHON_PACKAGES = {
    "debian13": [
        "libpython3.13-minimal",
    ],
}
-- docker-nginx-unprivileged/update.sh --
declare -A nginx=(
    [mainline]='1.31.3'
    [stable]='1.30.4'
)
declare -A alpine=(
    [stable]='3.24'
)
declare -A debian=(
    [stable]='trixie'
)
-- docker-nginx-unprivileged/.github/workflows/alpine-stable.yml --
jobs:
  slim:
    steps:
      - with:
          tags: |
            type=raw,value=${{ needs.version.outputs.major }}.${{ needs.version.outputs.minor }}-alpine-slim
      - with:
          platforms: linux/amd64, linux/arm/v7
-- docker-nginx-unprivileged/.github/workflows/debian-stable.yml --
jobs:
  core:
    steps:
      - with:
          tags: |
            type=raw,value=${{ needs.version.outputs.major }}.${{ needs.version.outputs.minor }}-${{ needs.version.outputs.distro }}
          platforms: linux/amd64
`

const older = `
-- library/node --
Maintainers: A <a@example.com> (@a)

Tags: 24-bookworm-slim, 24.1-bookworm-slim, 24.1.0-bookworm-slim
Architectures: amd64, arm64v8, s390x

Tags: 24-stretch-slim
Architectures: amd64

Tags: 22-alpine, 18-alpine
Architectures: amd64

Tags: 20-bookworm-slim, 20.1.0-bookworm-slim, 20-slim
Architectures: amd64, arm32v7
-- library/python --
Tags: 3.8.20-slim-bookworm, 3.8-slim-bookworm
Architectures: amd64
-- library/debian --
`

const newest = `
-- library/node --
# a comment
Maintainers: A <a@example.com> (@a),
             B <b@example.com> (@b)

Tags: 26-trixie-slim, 26.7.0-trixie-slim, 26-slim
Architectures: amd64, arm64v8

Tags: 26-alpine, 26-alpine3.24
Architectures: amd64

Tags: 24-trixie-slim, 24.19.0-trixie-slim
Architectures: amd64, arm64v8

Tags: 24-windowsservercore
Architectures: windows-amd64
-- library/python --
Tags: 3.15.0rc1-slim-trixie, 3.15-rc-slim-trixie
Architectures: amd64

Tags: 3.14.7-slim-trixie, 3.14-slim-trixie, 3-slim-trixie
SharedTags: 3.14-slim
Architectures: amd64, arm32v5, i386
-- library/debian --
Tags: trixie-slim, trixie-20260803-slim, 13.6-slim, 13-slim
Architectures: amd64
`

const tables = `
-- profiles/knowledge/from/newer.yaml --
images:
- {image: python, line: "3.15", source: "https://example.com", since: "2026-11-20", variants: {slim-trixie: [amd64]}}
-- profiles/knowledge/from/ours.yaml --
decided: "2026-01-01"
images:
- {image: node, source: "https://example.com", library: node, product: nodejs, depth: 1, unused: ^slim$, from: "20", skip: [{line: "22", because: "a test"}], variants: [trixie-slim, alpine], else: [bookworm-slim], keep: {line: "24", because: "not yet"}}
- {image: python, source: "https://example.com", library: python, product: python, depth: 2, from: "3.7", variants: [slim-trixie, slim-bookworm], patch: true}
- {image: nginx, source: "https://example.com", nginx: true, variants: [alpine-slim, trixie]}
- {image: gcr.io/distroless/nodejs, repository: "gcr.io/distroless/nodejs{release}-debian{debian}", tag: nonroot, source: "https://example.com", distroless: nodejs, debian: "13", like: node}
- {image: gcr.io/distroless/python3, source: "https://example.com", distroless: python3, debian: "13"}
- {image: gcr.io/distroless/static, source: "https://example.com", distroless: static, debian: "13"}
- {image: debian, source: "https://example.com", library: debian, product: debian, names: [trixie], unused: ^2, variants: [slim]}
`

// TestRefresh makes the tables of small copies of the sources.
func TestRefresh(t *testing.T) {
	dir, root := t.TempDir(), t.TempDir()
	write(t, dir, sources)
	official := filepath.Join(dir, "docker-library", "official-images")
	write(t, official, older)
	commit(t, official, "2025-06-01")
	write(t, official, newest)
	commit(t, official, "2026-08-01")
	write(t, root, tables)

	made := func(args ...string) (printed string, images string) {
		t.Helper()
		var out bytes.Buffer
		if err := run(append([]string{"-root", root}, args...), &out); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(root, "profiles/knowledge/images.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		return out.String(), string(text)
	}
	_, got := made("-date", "2026-11-30", "images", dir)
	_, got, _ = strings.Cut(got, "decided: ")
	want := `"2026-11-30"
images:
- image: node
  source: https://example.com
  default: "24"
  preferred: "26"
  kept: "not yet"
  unused: ["22", "18"]
  releases:
  - {version: "26", variants: [trixie-slim, alpine], lts: true, since: "2026-05-05", fixes: "2027-10-27", until: "2029-04-30", platforms: {alpine: [amd64], trixie-slim: [amd64, arm64]}}
  - {version: "24", variants: [trixie-slim], lts: true, since: "2025-05-06", fixes: "2026-10-20", until: "2028-04-30", platforms: {trixie-slim: [amd64, arm64]}}
  - {version: "20", variants: [bookworm-slim], platforms: {bookworm-slim: [amd64, arm/v7]}}
- image: python
  source: https://example.com
  default: "3.14"
  releases:
  - {version: "3.15", variants: [slim-trixie], early: true, since: "2026-11-20", platforms: {slim-trixie: [amd64]}}
  - {version: "3.14", variants: [slim-trixie], since: "2025-10-07", fixes: "2027-10-01", until: "2030-10-31", patch: 7, platforms: {slim-trixie: [386, amd64, arm/v5]}}
  - {version: "3.8", variants: [slim-bookworm], ended: true, since: "2019-10-14", until: "2024-10-07", platforms: {slim-bookworm: [amd64]}}
- image: nginx
  source: https://example.com
  default: "1.30"
  releases:
  - {version: "1.30", variants: [alpine-slim, trixie], platforms: {alpine-slim: [amd64, arm/v7], trixie: [amd64]}}
- image: gcr.io/distroless/nodejs
  repository: gcr.io/distroless/nodejs{release}-debian{debian}
  tag: nonroot
  source: https://example.com
  default: "24"
  releases:
  - {version: "24", platforms: {"": [amd64, arm64]}}
- image: gcr.io/distroless/python3
  source: https://example.com
  default: "3.13"
  releases:
  - {version: "3.13", platforms: {"": [amd64, arm64]}}
- image: gcr.io/distroless/static
  source: https://example.com
  default: "nonroot"
  releases:
  - {version: "nonroot", platforms: {"": [amd64, arm/v7, arm64]}}
- image: debian
  source: https://example.com
  default: "trixie"
  releases:
  - {version: "trixie", number: "13", variants: [slim], since: "2025-08-09", until: "2028-08-09", platforms: {slim: [amd64]}}
`
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	facts, err := os.ReadFile(filepath.Join(root, "profiles/knowledge/from/published.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`{repository: docker-library/official-images, commit: "`, `, date: "2026-08-01"}`,
		`{line: "24", since: "2025-05-06", lts: "2025-05-06", fixes: "2026-10-20", until: "2028-04-30", variants: {trixie-slim: [amd64, arm64]}, once: {bookworm-slim: [amd64, arm64, s390x], stretch-slim: [amd64]}}`,
		`{line: "20", listed: "2025-06-01", variants: `,
		`{line: "3.8", listed: "2025-06-01", since: "2019-10-14", until: "2024-10-07", patch: 20, `,
	} {
		if !strings.Contains(string(facts), want) {
			t.Errorf("published.yaml lacks %s:\n%s", want, facts)
		}
	}

	// The same input makes the same bytes, and nothing has changed.
	if said, again := made("images", dir); said != "" || !strings.HasSuffix(again, got) {
		t.Errorf("the second run says %q", said)
	}

	// What ends is said of a day that is given.
	for date, want := range map[string]string{
		"2026-11-29": "",
		"2028-01-31": "node 24 is in support until 2028-04-30, for 90 days more\nthe copy of docker-library/official-images is of 2026-08-01\n",
		"2028-05-12": "node 24 is out of support since 2028-04-30, and the table does not say so\n" +
			"debian trixie is in support until 2028-08-09, for 89 days more\nthe copy of docker-library/official-images is of 2026-08-01\n",
	} {
		var out bytes.Buffer
		if err := run([]string{"-root", root, "age", date}, &out); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, out.String()); d != "" {
			t.Errorf("%s: %s", date, d)
		}
	}

	// What the sources have by now needs no row of ours.
	write(t, official, strings.ReplaceAll(newest, "3.15.0rc1-slim-trixie, 3.15-rc-slim-trixie", "3.15.0-slim-trixie, 3.15-slim-trixie")+
		"\nTags: 24-alpine\nArchitectures: amd64\n")
	commit(t, official, "2026-12-01")
	write(t, dir, `
-- endoflife.date/products/python.md --
---
releases:
  - releaseCycle: "3.15"
    releaseDate: 2026-11-20
  - releaseCycle: "3.14"
    releaseDate: 2025-10-07
    eol: 2030-11-01
---
`)
	said, _ := made("-date", "2027-01-05", "images", dir)
	want = `decided: 2026-11-30 -> 2027-01-05
python: default: 3.14 -> 3.15
python 3.15: early: yes -> no
python 3.14: bug fixes until: 2027-10-01 is gone
python 3.14: support until: 2030-10-31 -> 2030-11-01
python 3.8: out of support: yes -> no
python 3.8: since: 2019-10-14 is gone
python 3.8: support until: 2024-10-07 is gone
python 3.8: patch: 20 is new
from/newer.yaml: python 3.15 is unneeded: the sources have it
`
	if d := cmp.Diff(want, said); d != "" {
		t.Error(d)
	}
}

// TestPrefer has a case for each part of the rule.
func TestPrefer(t *testing.T) {
	r := func(version string, set ...func(*knowledge.Release)) knowledge.Release {
		out := knowledge.Release{Version: version}
		for _, f := range set {
			f(&out)
		}
		return out
	}
	lts := func(r *knowledge.Release) { r.LTS = true }
	early := func(r *knowledge.Release) { r.Early = true }
	ended := func(r *knowledge.Release) { r.Ended = true }
	fixes := func(day string) func(*knowledge.Release) {
		return func(r *knowledge.Release) { r.Fixes = day }
	}
	for name, c := range map[string]struct {
		list  []knowledge.Release
		bound []string
		want  string
	}{
		"the newest":                         {list: []knowledge.Release{r("3"), r("2")}, want: "3"},
		"long-term support":                  {list: []knowledge.Release{r("4"), r("3", lts), r("2", lts)}, want: "3"},
		"six weeks":                          {list: []knowledge.Release{r("3", early), r("2")}, want: "2"},
		"in support":                         {list: []knowledge.Release{r("3", ended), r("2")}, want: "2"},
		"bug fixes":                          {list: []knowledge.Release{r("3", lts, fixes("2027-01-01")), r("2", lts, fixes("2026-11-30"))}, want: "3"},
		"the last bug fix was on that day":   {list: []knowledge.Release{r("3", fixes("2026-11-30")), r("2", fixes("2026-12-01"))}, want: "2"},
		"without bug fixes if none has them": {list: []knowledge.Release{r("3", fixes("2026-10-01")), r("2", fixes("2025-10-01"))}, want: "3"},
		"the old one until the new is old":   {list: []knowledge.Release{r("3", lts, early), r("2", lts, fixes("2026-10-20"))}, want: "2"},
		"bound":                              {list: []knowledge.Release{r("3", fixes("2027-10-01")), r("2", fixes("2026-10-01"))}, bound: []string{"2"}, want: "2"},
		"bound by none":                      {list: []knowledge.Release{r("3")}, bound: []string{"2"}, want: ""},
		"one that is new":                    {list: []knowledge.Release{r("3", early)}, want: "3"},
	} {
		if got := prefer(c.list, "2026-11-30", c.bound); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestSources names what a copy lacks.
func TestSources(t *testing.T) {
	for name, archive := range map[string]string{
		"has no copy of docker-library/official-images": "",
		"names no stable nginx":                         strings.ReplaceAll(sources, "[stable]='1.30.4'", ""),
		"python3/config.bzl names no Python":            strings.ReplaceAll(sources, "libpython3.13", "libruby3"),
		"README.md has no image static":                 strings.ReplaceAll(sources, "static", "rubbish"),
		"has no front matter":                           strings.ReplaceAll(sources, "---\ntitle", "title"),
	} {
		dir, root := t.TempDir(), t.TempDir()
		write(t, dir, archive)
		write(t, root, tables)
		if archive != "" {
			write(t, filepath.Join(dir, "official-images"), newest)
		}
		err := run([]string{"-root", root, "images", dir}, &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got %v, want %s", err, name)
		}
	}
	for _, args := range [][]string{{}, {"images"}, {"make", "x"}, {"-date", "tomorrow", "make"}, {"age", "tomorrow"}, {"-x"}} {
		if err := run(args, &bytes.Buffer{}); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}

// TestInStep holds the tables of this repository to the files that they are made of.
func TestInStep(t *testing.T) {
	d := data{dir: filepath.Join("../../..", filepath.FromSlash(folder))}
	own, err := load[ours](d, oursFile)
	if err != nil {
		t.Fatal(err)
	}
	facts, err := load[published](d, publishedFile)
	if err != nil {
		t.Fatal(err)
	}
	late, err := load[newer](d, newerFile)
	if err != nil {
		t.Fatal(err)
	}
	made, unneeded, err := merged(own, facts, late)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(d.path(imagesFile))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(imagesText(made), string(text)); diff != "" {
		t.Errorf("images.yaml is not what from/ makes: run go run ./internal/knowledge/refresh make\n%s", diff)
	}
	for _, line := range unneeded {
		t.Error(line)
	}
	pinned, err := load[pins](d, pinsFile)
	if err != nil {
		t.Fatal(err)
	}
	programs, err := load[tools](d, ourTools)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := toolRows(programs, pinned)
	if err != nil {
		t.Fatal(err)
	}
	if text, err = os.ReadFile(d.path(toolsFile)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(toolsText(rows), string(text)); diff != "" {
		t.Errorf("tools.yaml is not what from/ makes: run go run ./internal/knowledge/refresh make\n%s", diff)
	}
	for _, p := range programs.Tools {
		if (p.Below == "") != (p.Because == "") {
			t.Errorf("from/tools.yaml: %s: below and because go together", p.Tool)
		}
	}
	for _, s := range facts.Sources {
		if len(s.Commit) != 40 || s.Date == "" {
			t.Errorf("published.yaml does not say at which commit %s was read", s.Repository)
		}
	}
	for _, n := range late.Images {
		if !strings.HasPrefix(n.Source, "https://") {
			t.Errorf("newer.yaml: %s %s has no source", n.Image, n.Line)
		}
	}
	for _, i := range own.Images {
		for _, s := range slices.Concat(i.Skip, i.Once, i.Early) {
			if s.Because == "" {
				t.Errorf("ours.yaml: %s %s: an exception has no reason", i.Image, s.Line)
			}
		}
		if i.Keep != nil && i.Keep.Because == "" {
			t.Errorf("ours.yaml: %s: keep has no reason", i.Image)
		}
	}
}
