package main

import (
	"fmt"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// nginxVersion matches the release of the stable branch in update.sh.
var nginxVersion = regexp.MustCompile(`(?s)declare -A nginx=\(.*?\[stable\]='((\d+\.\d+)\.\d+)'`)

// nginxDistro matches the release of a distribution of the stable branch there.
func nginxDistro(name string) *regexp.Regexp {
	return regexp.MustCompile(`(?s)declare -A ` + name + `=\(.*?\[stable\]='([^']*)'`)
}

// workflow is what is read of a workflow that builds images.
type workflow struct {
	Jobs map[string]struct {
		Steps []struct {
			With struct {
				Tags      string `yaml:"tags"`
				Platforms string `yaml:"platforms"`
			} `yaml:"with"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

var nginxOutput = regexp.MustCompile(`\$\{\{ *needs\.version\.outputs\.(\w+) *\}\}`)

// nginxLines is the stable line of nginx-unprivileged: update.sh says which release that is, its workflows which tags they push for which platforms.
func nginxLines(s *source, unused *regexp.Regexp) ([]line, error) {
	script, err := s.read("update.sh")
	if err != nil {
		return nil, err
	}
	m := nginxVersion.FindStringSubmatch(string(script))
	if m == nil {
		return nil, fmt.Errorf("%s: update.sh names no stable nginx", s.repository)
	}
	parts := strings.Split(m[1], ".")
	out := line{Line: m[2], Variants: map[string][]string{}}
	for _, distro := range []string{"alpine", "debian"} {
		name := ".github/workflows/" + distro + "-stable.yml"
		text, err := s.read(name)
		if err != nil {
			return nil, err
		}
		values := map[string]string{"major": parts[0], "minor": parts[1], "patch": parts[2]}
		if found := nginxDistro(distro).FindSubmatch(script); found != nil {
			values["distro"] = string(found[1])
		}
		var w workflow
		if err := yaml.Unmarshal(text, &w); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", s.repository, name, err)
		}
		for _, job := range w.Jobs {
			var tags, platforms []string
			for _, step := range job.Steps {
				for l := range strings.Lines(step.With.Tags) {
					if _, value, ok := strings.Cut(strings.TrimSpace(l), "value="); ok {
						tags = append(tags, nginxOutput.ReplaceAllStringFunc(value, func(v string) string { return values[nginxOutput.FindStringSubmatch(v)[1]] }))
					}
				}
				for _, p := range words(step.With.Platforms) {
					platforms = append(platforms, strings.TrimPrefix(p, "linux/"))
				}
			}
			for _, t := range tags {
				if variant, ok := strings.CutPrefix(t, out.Line+"-"); ok && len(platforms) > 0 && (unused == nil || !unused.MatchString(variant)) {
					out.Variants[variant] = platformsOf(platforms)
				}
			}
		}
	}
	if len(out.Variants) == 0 {
		return nil, fmt.Errorf("%s: its workflows push no tag of %s", s.repository, out.Line)
	}
	return []line{out}, nil
}
