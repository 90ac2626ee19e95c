package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dockgen/dockgen/profiles/knowledge"
)

// TestPackages reads the indexes of small archives.
func TestPackages(t *testing.T) {
	dir, root := t.TempDir(), t.TempDir()
	write(t, root, `
-- profiles/knowledge/packages/node.yaml --
- {ecosystem: node, name: a, source: "https://example.com", debian: {build: [libcurl4-openssl-dev], runtime: [libcurl4t64]}, alpine: {runtime: [libcurl, gone]}, unbuilt: [{versions: "1", node: "2", source: "https://example.com", runtime: [libgone1]}]}
-- profiles/knowledge/debian.yaml --
source: https://example.com
packages:
- {name: libcurl4t64, bookworm: libcurl4}
-- profiles/knowledge/from/ours.yaml --
`)
	write(t, dir, `
-- trixie/Release --
Origin: Debian
Date: Sat, 21 Nov 2026 09:15:44 UTC
-- trixie/main --
Package: libcurl4t64
Provides: libcurl4 (= 8.14), other
Version: 8

-- alpine3.24/APKINDEX --
C:Q1
P:curl
p:libcurl=8.1 so:libcurl.so.4=4.8.0
`)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte("Package: libcurl4-openssl-dev\n")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "trixie", "universe.gz"), packed.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	made := func() string {
		t.Helper()
		var out bytes.Buffer
		if err := run([]string{"-root", root, "packages", dir}, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	made()
	got, err := os.ReadFile(filepath.Join(root, "profiles/knowledge/from/suites.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(got), "\n")
	want := `suites:
- suite: alpine3.24
  date: ""
  has: [libcurl]
  lacks: [gone]
- suite: trixie
  date: "Sat, 21 Nov 2026 09:15:44 UTC"
  has: [libcurl4, libcurl4-openssl-dev, libcurl4t64]
  lacks: [libgone1]
`
	if d := cmp.Diff(want, text); d != "" {
		t.Error(d)
	}
	write(t, dir, "-- trixie/main --\nPackage: libgone1\n\nPackage: libcurl4t64\n")
	want = "trixie: libcurl4: there -> not there\ntrixie: libgone1: not there -> there\n"
	if d := cmp.Diff(want, made()); d != "" {
		t.Error(d)
	}
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{"-root", root, "packages", dir}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "no package is in its files") {
		t.Errorf("got %v", err)
	}
}

// TestSuites: every package of Debian that the tables name is in the suites that the images of its language are made of, by the name that it has
// there.
func TestSuites(t *testing.T) {
	d := data{dir: filepath.Join("../../..", filepath.FromSlash(folder))}
	made, err := load[suites](d, suitesFile)
	if err != nil {
		t.Fatal(err)
	}
	know, err := knowledge.Load()
	if err != nil {
		t.Fatal(err)
	}
	has := map[string][]string{}
	for _, s := range made.Suites {
		has[s.Suite] = s.Has
	}
	debian, _ := know.Image("debian")
	// The suites that libraries of an ecosystem, and what is compiled with them, are installed in.
	run, build := map[string][]string{}, map[string][]string{}
	for ecosystem, name := range map[string]string{"node": "node", "python": "python", "java": "eclipse-temurin", "go": "golang", "c": "golang"} {
		img, ok := know.Image(name)
		if !ok {
			t.Fatal(name)
		}
		for _, r := range img.Releases {
			suite := r.Suite()
			if suite == "" {
				t.Errorf("%s %s: no variant says of which suite it is", name, r.Version)
			}
			build[ecosystem] = append(build[ecosystem], suite)
			if name == "golang" {
				suite = debian.Default // of which prod is
			}
			run[ecosystem], run["program"] = append(run[ecosystem], suite), append(run["program"], suite)
		}
	}
	checked := 0
	for _, p := range know.System {
		check := func(in, names []string) {
			for _, suite := range slices.Compact(slices.Sorted(slices.Values(in))) {
				for _, n := range names {
					checked++
					if there := know.Debian.In(suite, n); !slices.Contains(has[suite], there) {
						t.Errorf("%s: %s has no package %s", p.Name, suite, there)
					}
				}
			}
		}
		check(build[p.Ecosystem], p.Debian.Build)
		check(run[p.Ecosystem], p.Debian.Runtime)
		for _, u := range p.Unbuilt {
			check(run[p.Ecosystem], u.Runtime)
		}
	}
	if checked < 500 {
		t.Errorf("checked %d names", checked)
	}
	// The names in other suites are names there.
	for _, p := range know.Debian.Packages {
		for suite, name := range map[string]string{debian.Default: p.Name, "bookworm": p.Bookworm, "bullseye": p.Bullseye, "noble": p.Ubuntu} {
			if name != "" && !slices.Contains(has[suite], name) {
				t.Errorf("debian.yaml: %s has no package %s", suite, name)
			}
		}
	}
	// The refresher saw every name of the tables.
	names, _, err := d.tabled()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range made.Suites {
		for _, n := range names {
			if !s.onAlpine() && !slices.Contains(s.Has, n) && !slices.Contains(s.Lacks, n) {
				t.Errorf("suites.yaml does not say whether %s has %s: run go run ./internal/knowledge/refresh packages DIR", s.Suite, n)
			}
		}
	}
}
