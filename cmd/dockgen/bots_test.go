package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"
	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/templates"
)

// TestPreCommit wants the hooks to run commands that there are, on the whole repository, and docs/ci.md to name each.
func TestPreCommit(t *testing.T) {
	t.Parallel()
	var hooks []struct {
		ID, Entry, Language string
		Pass                *bool `yaml:"pass_filenames"`
		Always              bool  `yaml:"always_run"`
	}
	if err := yaml.Unmarshal([]byte(page(t, ".pre-commit-hooks.yaml")), &hooks); err != nil || len(hooks) != 2 {
		t.Fatalf("%d hooks, %v", len(hooks), err)
	}
	for _, h := range hooks {
		line, ours := strings.CutPrefix(h.Entry, "dockgen ")
		if err := commandLine(line); !ours || err != nil {
			t.Errorf("%s: %s: %v", h.ID, h.Entry, err)
		}
		// pre-commit builds the module's commands, and passes the names of changed files if nobody forbids it, which are no folders.
		if h.Language != "golang" || h.Pass == nil || *h.Pass || !h.Always {
			t.Errorf("%s: %+v", h.ID, h)
		}
		if !strings.Contains(page(t, "docs/ci.md"), h.ID) {
			t.Errorf("docs/ci.md does not have %s", h.ID)
		}
	}
}

// TestRenovatePreset wants the preset to run a command that docs/ci.md has Renovate allow, and to commit each file that it writes.
func TestRenovatePreset(t *testing.T) {
	t.Parallel()
	var preset struct {
		Tasks struct{ Commands, FileFilters []string } `json:"postUpgradeTasks"`
	}
	if err := json.Unmarshal([]byte(page(t, ".github/renovate/update.json")), &preset); err != nil {
		t.Fatal(err)
	}
	var allowed struct{ AllowedCommands []string }
	line := regexp.MustCompile(`(?m)^    \{"allowedCommands".*$`).FindString(page(t, "docs/ci.md"))
	if err := json.Unmarshal([]byte(line), &allowed); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	if len(preset.Tasks.Commands) == 0 {
		t.Error("no command")
	}
	for _, c := range preset.Tasks.Commands {
		line, ours := strings.CutPrefix(c, "dockgen ")
		if err := commandLine(line); !ours || err != nil {
			t.Errorf("%s: %v", c, err)
		}
		if !slices.ContainsFunc(allowed.AllowedCommands, func(a string) bool { return regexp.MustCompile(a).MatchString(c) }) {
			t.Errorf("docs/ci.md does not allow %s", c)
		}
	}
	for _, name := range []string{templates.Dockerfile, templates.Dockerignore, templates.Dockerfile + templates.Dockerignore, templates.Bake, templates.Compose, templates.ComposeDev, lock.Name} {
		for _, dir := range []string{"", "services/api/"} {
			if !slices.ContainsFunc(preset.Tasks.FileFilters, func(f string) bool { return doublestar.MatchUnvalidated(f, dir+name) }) {
				t.Errorf("%s%s is not committed", dir, name)
			}
		}
	}
}
