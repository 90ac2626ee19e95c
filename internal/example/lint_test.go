package example_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/command"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"github.com/dockgen/dockgen/internal/example"
	"github.com/dockgen/dockgen/profiles/plan"
)

// TestLint holds every wanted Dockerfile against BuildKit's parser and linter
// and against what a generated file promises. The linter's rules that need
// a resolved build are in the end-to-end test, as docker build --check.
func TestLint(t *testing.T) {
	for _, e := range examples(t) {
		for _, r := range plan.Runtimes() {
			dir := filepath.Join(e.Want(), string(r))
			text, err := os.ReadFile(filepath.Join(dir, "Dockerfile"))
			if err != nil {
				continue // TestGolden says what is missing
			}
			t.Run(e.String()+"/"+string(r), func(t *testing.T) {
				ignore, err := os.ReadFile(filepath.Join(dir, ".dockerignore"))
				if err != nil {
					t.Fatal(err)
				}
				file := parseDockerfile(t, text)
				if afterHeredoc.Match(text) {
					t.Error("no empty line stands behind a here-document, without which hadolint cannot parse the file")
				}
				checkStages(t, file)
				checkContext(t, file.Stages, buildContext(t, e.Input(), ignore))
			})
		}
	}
}

// parseDockerfile fails the test for every warning.
func parseDockerfile(t testing.TB, text []byte) *example.Dockerfile {
	t.Helper()
	lint := linter.New(&linter.Config{Warn: func(rule, _, url, msg string, at []parser.Range) {
		t.Errorf("line %d: %s: %s (%s)", at[0].Start.Line, rule, msg, url)
	}})
	d, err := example.ParseDockerfile(text, lint)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range d.Warnings {
		t.Errorf("parser: %s", w.Short)
	}
	return d
}

// afterHeredoc is a line that follows a here-document at once.
var afterHeredoc = regexp.MustCompile(`(?m)^EOF\n.`)

var numericUser = regexp.MustCompile(`^[1-9][0-9]*(:[0-9]+)?$`)

func checkStages(t *testing.T, file *example.Dockerfile) {
	t.Helper()
	stages := file.Stages
	byName := map[string]instructions.Stage{}
	var names []string
	for _, s := range stages {
		if s.Name == "" {
			t.Errorf("FROM %s has no name", s.BaseName)
		}
		if byName[s.Name].Name != "" {
			t.Errorf("two stages are named %s", s.Name)
		}
		if strings.Contains(s.BaseName, "$") {
			t.Errorf("%s is FROM %s: what updates images reads literal tags alone", s.Name, s.BaseName)
		}
		if s.Name == "build" && !slices.ContainsFunc(s.Commands, func(c instructions.Command) bool { return strings.EqualFold(c.Name(), command.Run) }) {
			t.Error("build runs nothing")
		}
		byName[s.Name] = s
		names = append(names, s.Name)
		noShell := s.BaseName == "scratch" || strings.HasPrefix(s.BaseName, "gcr.io/distroless/")
		for _, c := range s.Commands {
			switch c := c.(type) {
			case *instructions.RunCommand:
				if noShell && c.PrependShell {
					t.Errorf("%s runs a command on %s, which has no shell", s.Name, s.BaseName)
				}
			case *instructions.CmdCommand:
				if c.PrependShell {
					t.Errorf("%s: CMD is not in exec form", s.Name)
				}
			case *instructions.EntrypointCommand:
				if c.PrependShell {
					t.Errorf("%s: ENTRYPOINT is not in exec form", s.Name)
				}
			case *instructions.HealthCheckCommand:
				if noShell && len(c.Health.Test) > 0 && c.Health.Test[0] == "CMD-SHELL" {
					t.Errorf("%s: HEALTHCHECK needs a shell", s.Name)
				}
				if c.Health.StartPeriod == 0 || c.Health.StartInterval == 0 {
					t.Errorf("%s: HEALTHCHECK needs --start-period and --start-interval, or it says nothing for its first interval", s.Name)
				}
			case *instructions.EnvCommand:
				if len(c.Env) != 1 {
					t.Errorf("%s: ENV sets %d variables: each has a line of its own", s.Name, len(c.Env))
				}
			case *instructions.AddCommand:
				t.Errorf("%s: ADD, where COPY says what it does", s.Name)
			}
		}
	}
	usual := []string{"base", "deps", "dev", "test", "build", "prod"}
	order := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !slices.Contains(usual, n) })
	if !slices.IsSortedFunc(order, func(a, b string) int { return slices.Index(usual, a) - slices.Index(usual, b) }) {
		t.Errorf("stages are in the order %v, want %v", order, usual)
	}
	for _, n := range []string{"dev", "test", "prod"} {
		if !slices.Contains(names, n) {
			t.Errorf("no stage %s", n)
		}
	}
	last := len(names)
	for last > 0 && file.Stages[last-1].BaseName == "prod" { // prod by a further name
		last--
	}
	if last == 0 || names[last-1] != "prod" {
		t.Errorf("prod is not the last of the stages %v", names)
		return
	}
	if slices.Contains(file.Needs("prod"), "test") {
		t.Error("prod is built from test")
	}
	// A web server's image brings the command that runs it.
	user, start := "", false
	for _, n := range lineage(byName, "prod") {
		start = start || strings.HasPrefix(byName[n].BaseName, "nginxinc/")
		for _, c := range byName[n].Commands {
			switch c := c.(type) {
			case *instructions.UserCommand:
				user = c.User
			case *instructions.CmdCommand, *instructions.EntrypointCommand:
				start = true
			}
		}
	}
	if !numericUser.MatchString(user) {
		t.Errorf("prod runs as USER %q, want a number other than 0", user)
	}
	if !start {
		t.Error("prod has neither CMD nor ENTRYPOINT")
	}
}

// lineage is the stage and those it is FROM, the oldest first.
func lineage(stages map[string]instructions.Stage, name string) []string {
	s, ok := stages[name]
	if !ok {
		return nil
	}
	return append(lineage(stages, s.BaseName), name)
}

// buildContext is what the builder sees of dir: files and folders by slash-separated
// path, "." among them, without what the .dockerignore hides.
func buildContext(t *testing.T, dir string, ignore []byte) map[string]bool {
	t.Helper()
	patterns, err := ignorefile.ReadAll(bytes.NewReader(ignore))
	if err != nil {
		t.Fatal(err)
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	err = fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		hidden, err := matcher.MatchesOrParentMatches(p)
		if err != nil || hidden {
			return err
		}
		for ; !seen[p]; p = path.Dir(p) {
			seen[p] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// checkContext wants every source that a stage takes from the build context
// to be there.
func checkContext(t *testing.T, stages []instructions.Stage, context map[string]bool) {
	t.Helper()
	for _, s := range stages {
		for _, c := range s.Commands {
			switch c := c.(type) {
			case *instructions.CopyCommand:
				for _, src := range c.SourcePaths {
					if c.From == "" && !present(t, context, src) {
						t.Errorf("%s: %s: %s is not in the build context", s.Name, c, src)
					}
				}
			case *instructions.RunCommand:
				for _, m := range instructions.GetMounts(c) {
					if m.Type == instructions.MountTypeBind && m.From == "" && !present(t, context, m.Source) {
						t.Errorf("%s: %s: the mount's source %q is not in the build context", s.Name, c, m.Source)
					}
				}
			}
		}
	}
}

func present(t *testing.T, context map[string]bool, src string) bool {
	t.Helper()
	src = path.Clean(strings.TrimPrefix(strings.ReplaceAll(src, `\$`, "$"), "/"))
	if context[src] {
		return true
	}
	one, err := patternmatcher.New([]string{src})
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", src, err))
	}
	for p := range context {
		if ok, err := one.MatchesOrParentMatches(p); err == nil && ok {
			return true
		}
	}
	return false
}
