package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/profiles/knowledge"
)

// suites is which of the packages that the tables name a release of a system has.
type suites struct {
	Suites []suite `yaml:"suites"`
}

// suite is a release of Debian, Ubuntu or Alpine.
type suite struct {
	Suite string   `yaml:"suite"` // "trixie", "alpine3.24"
	Date  string   `yaml:"date"`  // of its index, as the index has it
	Has   []string `yaml:"has"`
	Lacks []string `yaml:"lacks,omitempty"`
}

// onAlpine reports whether the names of a suite are those of Alpine.
func (s suite) onAlpine() bool { return strings.HasPrefix(s.Suite, "alpine") }

// tabled are the names of packages in the tables, and in the other releases of Debian and Ubuntu.
func (d data) tabled() (debian, alpine []string, err error) {
	files, err := filepath.Glob(d.path("packages/*.yaml"))
	if err != nil {
		return nil, nil, err
	}
	for _, f := range files {
		rows, err := load[[]knowledge.Package](d, "packages/"+filepath.Base(f))
		if err != nil {
			return nil, nil, err
		}
		for _, p := range rows {
			debian = slices.Concat(debian, p.Debian.Build, p.Debian.Runtime)
			alpine = slices.Concat(alpine, p.Alpine.Build, p.Alpine.Runtime)
			for _, u := range p.Unbuilt {
				debian = append(debian, u.Runtime...)
			}
			if p.Static != nil {
				alpine = append(alpine, p.Static.Packages...)
			}
		}
	}
	names, err := load[knowledge.Names](d, "debian.yaml")
	if err != nil {
		return nil, nil, err
	}
	for _, p := range names.Packages {
		debian = append(debian, p.Name)
		for _, in := range []string{p.Bookworm, p.Bullseye, p.Ubuntu} {
			if in != "" {
				debian = append(debian, in)
			}
		}
	}
	slices.Sort(debian)
	slices.Sort(alpine)
	return slices.Compact(debian), slices.Compact(alpine), nil
}

// readPackages reads the indexes below a folder, of which each folder has the name of a suite: Release, and any number of Packages or
// APKINDEX files, compressed by gzip or not.
func (d data) readPackages(dir string) error {
	debian, alpine, err := d.tabled()
	if err != nil {
		return err
	}
	folders, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var out suites
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		s := suite{Suite: f.Name()}
		published, date, err := index(filepath.Join(dir, f.Name()))
		if err != nil {
			return err
		}
		if len(published) == 0 {
			return fmt.Errorf("%s: no package is in its files", filepath.Join(dir, f.Name()))
		}
		s.Date = date
		names := debian
		if s.onAlpine() {
			names = alpine
		}
		for _, n := range names {
			if published[n] {
				s.Has = append(s.Has, n)
			} else {
				s.Lacks = append(s.Lacks, n)
			}
		}
		out.Suites = append(out.Suites, s)
	}
	old, err := load[suites](d, suitesFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, line := range packageChanges(old, out) {
		fmt.Fprintln(d.out, line)
	}
	return d.write(suitesFile, out.text())
}

// date matches the day of a Release file.
var date = regexp.MustCompile(`(?m)^Date: (.+)$`)

// index are the packages of a suite, with the names that they provide: https://www.debian.org/doc/debian-policy/ch-controlfields.html#binary-package-control-files-debian-control,
// https://wiki.alpinelinux.org/wiki/Apk_spec
func index(dir string) (names map[string]bool, day string, err error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, "", err
	}
	names = map[string]bool{}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, "", err
		}
		if f.Name() == "Release" {
			if m := date.FindSubmatch(text); m != nil {
				day = string(m[1])
			}
			continue
		}
		var in io.Reader = bytes.NewReader(text)
		if strings.HasSuffix(f.Name(), ".gz") {
			if in, err = gzip.NewReader(in); err != nil {
				return nil, "", fmt.Errorf("%s: %w", filepath.Join(dir, f.Name()), err)
			}
		}
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, 4<<20)
		for lines.Scan() {
			key, value, _ := strings.Cut(lines.Text(), ":")
			switch key {
			case "Package", "P":
				names[strings.TrimSpace(value)] = true
			case "Provides":
				for p := range strings.SplitSeq(value, ",") {
					name, _, _ := strings.Cut(strings.TrimSpace(p), " ")
					names[name] = true
				}
			case "p":
				for p := range strings.FieldsSeq(value) {
					name, _, _ := strings.Cut(p, "=")
					names[name] = true
				}
			}
		}
		if err := lines.Err(); err != nil {
			return nil, "", fmt.Errorf("%s: %w", filepath.Join(dir, f.Name()), err)
		}
	}
	return names, day, nil
}

// packageChanges says what a suite has that it had not, and the other way round.
func packageChanges(before, after suites) []string {
	state := func(s suites) map[string]string {
		out := map[string]string{}
		for _, x := range s.Suites {
			out[x.Suite] = "index of " + x.Date
			for _, n := range x.Has {
				out[x.Suite+": "+n] = "there"
			}
			for _, n := range x.Lacks {
				out[x.Suite+": "+n] = "not there"
			}
		}
		return out
	}
	was, is := state(before), state(after)
	var out []string
	for _, k := range slices.Sorted(maps.Keys(is)) {
		of, name, _ := strings.Cut(k, ": ")
		switch {
		case was[k] == is[k], name != "" && was[of] == "", was[k] == "" && is[k] == "there":
		case was[k] == "":
			out = append(out, fmt.Sprintf("%s: %s", k, is[k]))
		default:
			out = append(out, fmt.Sprintf("%s: %s -> %s", k, was[k], is[k]))
		}
	}
	return out
}

func (s suites) text() string {
	var b strings.Builder
	b.WriteString("# Made by `go run ./internal/knowledge/refresh packages DIR`: which of the packages that the tables name each suite has. Do not edit it.\nsuites:\n")
	for _, x := range s.Suites {
		fmt.Fprintf(&b, "- suite: %s\n  date: %q\n", x.Suite, x.Date)
		for _, list := range []struct {
			key   string
			names []string
		}{{"has", x.Has}, {"lacks", x.Lacks}} {
			if len(list.names) > 0 {
				fmt.Fprintf(&b, "  %s: [%s]\n", list.key, strings.Join(list.names, ", "))
			}
		}
	}
	return b.String()
}
