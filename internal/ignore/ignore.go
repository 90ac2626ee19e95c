// Package ignore tells what a .dockerignore that is not dockgen's own does to
// a generated Dockerfile: which files that the build reads it would hide.
// Patterns: https://docs.docker.com/build/concepts/context/#dockerignore-files.
package ignore

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"github.com/dockgen/dockgen/detect/tree"
)

// List is the patterns of one ignore file.
type List struct {
	patterns []string
	match    *patternmatcher.PatternMatcher
	folders  map[string]patternmatcher.MatchInfo // of those that were asked for
}

// The most patterns, and the most pairs of a pattern and a file, that are
// looked at. An ignore file by hand has 20 patterns, GitHub's longest template
// 400.
const (
	maxPatterns = 4000
	maxMatches  = 4_000_000
)

// Fits reports whether the patterns are few enough to be held against n files.
func (l *List) Fits(n int) bool {
	return len(l.patterns) <= maxPatterns && len(l.patterns)*n <= maxMatches
}

// Parse reads an ignore file as BuildKit does.
func Parse(text []byte) (*List, error) {
	patterns, err := ignorefile.ReadAll(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	return compile(patterns)
}

func compile(patterns []string) (*List, error) {
	m, err := patternmatcher.New(patterns)
	if err != nil {
		return nil, err
	}
	// A pattern's regular expression is made at its first use.
	if _, err := m.MatchesOrParentMatches("x"); err != nil {
		return nil, err
	}
	return &List{patterns, m, map[string]patternmatcher.MatchInfo{}}, nil
}

// Hides reports whether the file at a slash-separated path stays out of the
// build context.
func (l *List) Hides(file string) bool {
	hidden, _, err := l.match.MatchesUsingParentResults(file, l.folder(path.Dir(file)))
	return err == nil && hidden
}

// folder is what the patterns say of a folder. It is asked once, as BuildKit does, and not for each file in it.
func (l *List) folder(dir string) patternmatcher.MatchInfo {
	if dir == "." || dir == "/" {
		return patternmatcher.MatchInfo{}
	}
	if info, ok := l.folders[dir]; ok {
		return info
	}
	_, info, err := l.match.MatchesUsingParentResults(dir, l.folder(path.Dir(dir)))
	if err != nil {
		info = patternmatcher.MatchInfo{}
	}
	l.folders[dir] = info
	return info
}

// Hidden returns those of files that l hides.
func (l *List) Hidden(files []string) []string {
	return slices.DeleteFunc(slices.Clone(files), func(f string) bool { return !l.Hides(f) })
}

// Sparing returns the patterns of l that hide none of files, each taken by
// itself and without exceptions, and that other does not have.
func (l *List) Sparing(files []string, other *List) []string {
	var out []string
	for _, p := range l.patterns {
		if strings.HasPrefix(p, "!") || slices.Contains(other.patterns, p) || slices.Contains(out, p) {
			continue
		}
		one, err := compile([]string{p})
		if err == nil && !slices.ContainsFunc(files, one.Hides) {
			out = append(out, p)
		}
	}
	return out
}

// Reads returns those of files, which are sorted, that the Dockerfile reads of
// its build context.
// A file that it names counts always; where a whole folder is copied, what own
// hides does not, nor, unless it is sure to be read, does what no build reads:
// prose, and the settings of tools that run outside of it.
func Reads(dockerfile []byte, files []string, sure map[string]bool, own *List) ([]string, error) {
	sources, err := Sources(dockerfile)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, f := range files {
		if slices.ContainsFunc(sources, func(s string) bool { return names(s, f) }) ||
			!own.Hides(f) && (sure[f] || !aside(f, files)) && slices.ContainsFunc(sources, func(s string) bool { return holds(s, f) }) {
			out = append(out, f)
		}
	}
	return out, nil
}

// Stages parses a Dockerfile as BuildKit does.
func Stages(dockerfile []byte) ([]instructions.Stage, error) {
	ast, err := parser.Parse(bytes.NewReader(dockerfile))
	if err != nil {
		return nil, fmt.Errorf("the Dockerfile: %w", err)
	}
	stages, _, err := instructions.Parse(ast.AST, linter.New(&linter.Config{}))
	if err != nil {
		return nil, fmt.Errorf("the Dockerfile: %w", err)
	}
	return stages, nil
}

// Sources are the operands of every COPY, ADD and bind mount that read the
// build context, clean and without a leading slash; "" is all of it.
func Sources(dockerfile []byte) ([]string, error) {
	stages, err := Stages(dockerfile)
	if err != nil {
		return nil, err
	}
	var out []string
	add := func(list ...string) {
		for _, s := range list {
			out = append(out, strings.TrimPrefix(path.Clean("/"+s), "/"))
		}
	}
	for _, stage := range stages {
		for _, cmd := range stage.Commands {
			switch c := cmd.(type) {
			case *instructions.CopyCommand:
				if c.From == "" {
					add(c.SourcePaths...)
				}
			case *instructions.AddCommand:
				add(c.SourcePaths...)
			case *instructions.RunCommand:
				// Until its words are expanded, a mount has no fields.
				if err := c.Expand(func(word string) (string, error) { return word, nil }); err != nil {
					return nil, fmt.Errorf("the Dockerfile: %w", err)
				}
				for _, m := range instructions.GetMounts(c) {
					if m.Type == instructions.MountTypeBind && m.From == "" {
						add(m.Source)
					}
				}
			}
		}
	}
	return out, nil
}

// names reports whether source, which may hold the wildcards of path.Match,
// means the file itself.
func names(source, file string) bool {
	ok, err := path.Match(source, file)
	return source == file || err == nil && ok
}

// holds reports whether source means a folder that file is in.
func holds(source, file string) bool {
	if source == "" {
		return true
	}
	for dir := range tree.Above(path.Dir(file)) {
		if names(source, dir) {
			return true
		}
	}
	return false
}

// aside reports whether a file has no part in a build. The README of a Python
// package has: what builds it reads the description from there
// (https://packaging.python.org/en/latest/specifications/pyproject-toml/#readme).
func aside(file string, files []string) bool {
	top, _, deep := strings.Cut(file, "/")
	base := path.Base(file)
	upper := strings.ToUpper(base)
	switch {
	case strings.HasPrefix(upper, "README"):
		return !slices.ContainsFunc([]string{"pyproject.toml", "setup.py", "setup.cfg"}, func(manifest string) bool {
			_, ok := slices.BinarySearch(files, path.Join(path.Dir(file), manifest))
			return ok
		})
	case strings.HasPrefix(upper, "LICENSE"), strings.HasPrefix(upper, "CHANGELOG"):
		return true
	case deep && (top == ".github" || top == ".circleci" || top == ".devcontainer" || top == "docs" || top == "k8s"):
		return true
	case strings.HasPrefix(base, "Dockerfile"), strings.HasPrefix(base, "docker-compose"), strings.HasPrefix(base, "compose."):
		return true
	case strings.HasPrefix(base, ".env") && !strings.HasPrefix(base, ".env.example"):
		return true
	}
	switch base {
	case ".gitignore", ".gcloudignore", ".gitattributes", ".editorconfig", ".dockerignore", ".DS_Store", ".gitlab-ci.yml", ".travis.yml",
		"Makefile", "Jenkinsfile", "Procfile", "fly.toml", "dockgen.yaml", "dockgen.lock":
		return true
	}
	switch path.Ext(base) {
	case ".md": // CONTRIBUTING.md, unlike a page of a site
		return base == strings.ToUpper(strings.TrimSuffix(base, ".md"))+".md"
	case ".pem", ".key", ".log":
		return true
	}
	return false
}
