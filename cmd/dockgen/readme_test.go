package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/settings"
)

// TestReadme wants README.md to name every command, flag and key, its links to
// lead to files, and its profile to be one.
func TestReadme(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	readme := string(text)
	want := func(what string) {
		t.Helper()
		if !strings.Contains(readme, what) {
			t.Errorf("README.md does not have %s", what)
		}
	}
	for _, key := range settings.Keys() {
		want("| `" + key + "` |")
	}
	cmd := newRoot(&ui{})
	flag := func(f *pflag.Flag) {
		if f.Name != "help" && f.Name != "version" {
			want("| `--" + f.Name)
		}
	}
	cmd.PersistentFlags().VisitAll(flag)
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			want("| `dockgen " + sub.Name())
		}
		if sub.Name() != "completion" {
			sub.LocalNonPersistentFlags().VisitAll(flag)
		}
	}
	for _, m := range regexp.MustCompile(`\]\(([^):]+)\)`).FindAllStringSubmatch(readme, -1) {
		if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
			t.Error(err)
		}
	}

	_, block, _ := strings.Cut(readme, "\n    name: ")
	block, _, _ = strings.Cut("    name: "+block, "\n\n")
	p, err := profiles.ParseProfile("README.md", []byte(regexp.MustCompile(`(?m)^    `).ReplaceAllString(block, "")))
	if err != nil || len(p.Blocks) != 1 {
		t.Errorf("the profile: %v\n%s", err, block)
	}
}

// TestHelp wants every command and flag to be described, and the description
// to have the form of the others.
func TestHelp(t *testing.T) {
	t.Parallel()
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: %q", cmd.CommandPath(), cmd.Short)
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" || strings.HasSuffix(f.Usage, ".") {
				t.Errorf("%s --%s: %q", cmd.CommandPath(), f.Name, f.Usage)
			}
		})
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(newRoot(&ui{}))
}
