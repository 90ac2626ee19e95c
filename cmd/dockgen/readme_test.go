package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"mvdan.cc/sh/v3/syntax"

	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/settings"
)

// page is a text of the repository.
func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestReadme wants README.md to name every command, docs/commands.md every command and flag, and docs/settings.md every key; and
// docs/profiles.md to have every built-in profile, and a profile that is one. Links are held by internal/docs.
func TestReadme(t *testing.T) {
	t.Parallel()
	want := func(name, what string) {
		t.Helper()
		if !strings.Contains(page(t, name), what) {
			t.Errorf("%s does not have %s", name, what)
		}
	}
	for _, key := range settings.Keys() {
		want("docs/settings.md", "| `"+key+"` |")
	}
	cmd := newRoot(&ui{})
	flag := func(f *pflag.Flag) {
		if f.Name != "help" && f.Name != "version" {
			want("docs/commands.md", "| `--"+f.Name)
		}
	}
	cmd.PersistentFlags().VisitAll(flag)
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			want("docs/commands.md", "| `dockgen "+sub.Name())
			want("README.md", "| `dockgen "+sub.Name())
		}
		if sub.Name() != "completion" {
			sub.LocalNonPersistentFlags().VisitAll(flag)
		}
	}

	all, err := profiles.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		want("docs/profiles.md", "| `"+p.Name+"` |")
	}
	_, block, _ := strings.Cut(page(t, "docs/profiles.md"), "\n    name: ")
	block, _, _ = strings.Cut("    name: "+block, "\n\n")
	p, err := profiles.ParseProfile("docs/profiles.md", []byte(regexp.MustCompile(`(?m)^    `).ReplaceAllString(block, "")))
	if err != nil || len(p.Blocks) != 1 {
		t.Errorf("the profile: %v\n%s", err, block)
	}
}

// TestEntryOf: the address that explain prints for a key is that of the key's entry in docs/choices.md.
func TestEntryOf(t *testing.T) {
	t.Parallel()
	found := regexp.MustCompile(`(?m)^## (.+)$`).FindAllStringSubmatch(page(t, "docs/choices.md"), -1)
	if len(found) < 80 {
		t.Fatalf("docs/choices.md has %d entries", len(found))
	}
	for _, m := range found {
		key := strings.NewReplacer("NAME", "some.name", "LANGUAGE", "java").Replace(m[1])
		want := "/docs/choices.md#" + strings.ToLower(strings.ReplaceAll(m[1], ".", ""))
		if got := entryOf(key); !strings.HasSuffix(got, want) {
			t.Errorf("%s: got %s, want …%s", key, got, want)
		}
	}
}

// TestReadmeShowsWhatInitPrints wants the sample of README.md to be the output.
func TestReadmeShowsWhatInitPrints(t *testing.T) {
	t.Parallel()
	_, sample, _ := strings.Cut(page(t, "README.md"), "    $ dockgen init\n")
	sample, _, found := strings.Cut(sample, "\n\n")
	if !found {
		t.Fatal("README.md has no sample of dockgen init")
	}
	dir := filepath.Join(t.TempDir(), "hello")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"go.mod":  "module example.com/hello\n\ngo 1.26\n",
		"main.go": "package main\n\nimport \"net/http\"\n\n// main serves.\nfunc main() {\n\thttp.ListenAndServe(\":8080\", nil)\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if code := run(t.Context(), []string{"init", dir}, streams{out: &out, err: &out, terminal: func(io.Writer) bool { return false }}); code != 0 {
		t.Fatalf("exit code %d\n%s", code, out.String())
	}
	// The commands to type name the folder, which is the current one in README.md.
	got := strings.ReplaceAll(strings.TrimSpace(out.String()), " "+dir, " .")
	want := regexp.MustCompile(`(?m)^    `).ReplaceAllString(sample, "")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("README.md (-) and the output (+):\n%s", diff)
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
		if ours := !strings.Contains(cmd.CommandPath(), "completion") && cmd.Name() != "help"; ours && cmd.Example == "" {
			t.Errorf("%s: no example", cmd.CommandPath())
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

// TestDocsCommands wants each command of dockgen that README.md and docs/ show to be one, with flags and keys that there are.
func TestDocsCommands(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	below, err := filepath.Glob(filepath.Join("..", "..", "docs", "*", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Concat(names, below, []string{filepath.Join("..", "..", "README.md")}) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile("(?m)^    (?:\\$ )?dockgen (.*)$|`dockgen ((?:init|update|check|explain|profiles|schema|version)\\b[^`]*)`").FindAllStringSubmatch(string(text), -1) {
			line := m[1]
			if line == "" {
				line = strings.NewReplacer("[", "", "]...", "", "]", "", `\|`, "|").Replace(m[2])
			}
			seen++
			if err := commandLine(line); err != nil {
				t.Errorf("%s: dockgen %s: %v", name, line, err)
			}
		}
	}
	if seen < 40 {
		t.Errorf("only %d commands were read", seen)
	}
}

// commandLine says why a line of a shell, without the name of the program, is no command of dockgen.
func commandLine(line string) error {
	words, err := shellWords(line)
	if err != nil {
		return err
	}
	cmd, args, err := newRoot(&ui{}).Find(words)
	if err != nil {
		return err
	}
	if err := cmd.ParseFlags(args); err != nil {
		return err
	}
	if err := cmd.ValidateArgs(cmd.Flags().Args()); err != nil {
		return err
	}
	for i, w := range args {
		if w != "--set" || i+1 == len(args) {
			continue
		}
		if key, _, _ := strings.Cut(args[i+1], "="); key != "KEY" && !slices.Contains(settings.Keys(), key) {
			return fmt.Errorf("there is no key %s", key)
		}
	}
	return nil
}

// shellWords are the words of a line, without its comment and what quotes them.
func shellWords(line string) ([]string, error) {
	file, err := syntax.NewParser().Parse(strings.NewReader(line), "")
	if err != nil || len(file.Stmts) == 0 {
		return nil, err
	}
	call, ok := file.Stmts[0].Cmd.(*syntax.CallExpr)
	if !ok {
		return nil, errors.New("is no command")
	}
	var out []string
	for _, w := range call.Args {
		var b strings.Builder
		syntax.Walk(w, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.Lit:
				b.WriteString(n.Value)
			case *syntax.SglQuoted:
				b.WriteString(n.Value)
			case *syntax.CmdSubst: // a date
				b.WriteString("2026-11-30")
				return false
			}
			return true
		})
		out = append(out, b.String())
	}
	return out, nil
}
