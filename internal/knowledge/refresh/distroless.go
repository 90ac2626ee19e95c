package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// distrolessRow matches an image in the table of README.md: gcr.io/distroless/nodejs24-debian13, its tags and its platforms.
var distrolessRow = regexp.MustCompile(`(?m)^\| *gcr\.io/distroless/([a-z-]+\d?)(\d\d)?-debian(\d+) *\| *([^|]*?) *\| *([^|]*?) *\|`)

// distrolessPython matches the Python of an image in python3/config.bzl.
var distrolessPython = regexp.MustCompile(`"libpython(3\.\d+)-minimal"`)

// distrolessLines are the lines of an image; the variants are the Debians that it is made from. An image that has one line has the name of its tag.
func distrolessLines(s *source, name string) ([]line, error) {
	readme, err := s.read("README.md")
	if err != nil {
		return nil, err
	}
	var out []line
	for _, m := range distrolessRow.FindAllStringSubmatch(string(readme), -1) {
		image, release, debian, tags, platforms := m[1], m[2], m[3], m[4], m[5]
		if image != name || !slices.Contains(words(tags), "nonroot") {
			continue
		}
		if name == "python3" {
			config, err := s.read("python3/config.bzl")
			if err != nil {
				return nil, err
			}
			_, of, _ := strings.Cut(string(config), "PYTHON_PACKAGES")
			_, of, _ = strings.Cut(of, `"debian`+debian+`": [`)
			of, _, _ = strings.Cut(of, "]")
			found := distrolessPython.FindStringSubmatch(of)
			if found == nil {
				return nil, fmt.Errorf("%s: python3/config.bzl names no Python for debian%s", s.repository, debian)
			}
			release = found[1]
		}
		if release == "" {
			release = "nonroot"
		}
		i := slices.IndexFunc(out, func(l line) bool { return l.Line == release })
		if i < 0 {
			out, i = append(out, line{Line: release, Variants: map[string][]string{}}), len(out)
		}
		list := words(platforms)
		for i, p := range list {
			if p == "arm" {
				list[i] = "arm/v7" // distro.bzl
			}
		}
		out[i].Variants["debian"+debian] = platformsOf(list)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: README.md has no image %s", s.repository, name)
	}
	return out, nil
}
