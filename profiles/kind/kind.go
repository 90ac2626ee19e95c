// Package kind tells what a repository makes that no image runs: programs with
// windows, apps of phones, extensions of browsers and editors, libraries,
// functions that a platform calls. The rows of kinds.yaml say by which evidence
// each is known, and what to do instead.
package kind

import (
	_ "embed" // the table
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/marker"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed kinds.table
var kindsCompiled string

var rows = table.Lazy[[]row]("kinds.yaml", kindsCompiled) //nolint:gochecknoglobals // decoded once

// row is a kind of repository that is no app for an image. It applies if one of
// its cases holds.
type row struct {
	Kind     string `yaml:"kind"` // "an Electron app"
	Why      string `yaml:"why"`  // what it does, and why no image can: the rest of the sentence
	Hint     string `yaml:"hint"`
	Language string `yaml:"language,omitempty"` // "" for a folder without a manifest of any language
	// Sites says that files for a browser which it builds too do not work alone.
	Sites bool `yaml:"sites,omitempty"`
	// Silent says that code which listens makes it an app.
	Silent bool `yaml:"silent,omitempty"`
	// Beside says that it is an app by itself, and none where others serve.
	Beside bool       `yaml:"beside,omitempty"`
	When   []evidence `yaml:"when"`
	Source string     `yaml:"source"`
}

// evidence holds if each of its fields that is set holds, and a list holds if one of
// its entries does.
type evidence struct {
	Starts   []string `yaml:"starts,omitempty"`   // the command that starts it in production begins with these words
	Builds   []string `yaml:"builds,omitempty"`   // so does a command that builds it
	Packages []string `yaml:"packages,omitempty"` // dependencies, as path.Match reads them
	Imports  []string `yaml:"imports,omitempty"`  // what its code imports
	Files    []string `yaml:"files,omitempty"`    // of the folder, as path.Match reads them
	Folders  []string `yaml:"folders,omitempty"`
	Fields   []string `yaml:"fields,omitempty"`  // of its manifest, a path joined with dots; NAME=VALUE has the value
	Marker   string   `yaml:"marker,omitempty"`  // of detect/marker/markers.yaml
	Without  []string `yaml:"without,omitempty"` // no file below the folder has one of these extensions
	Lacks    []string `yaml:"lacks,omitempty"`   // dependencies and imports that it has none of, as path.Match reads them
}

// Request is what a language knows of an app.
type Request struct {
	Tree     *tree.Tree
	Dir      string // of the app, from the root of the tree on
	Language string // "" if no language has a manifest there
	At       fact.Pos
	// Says is set if the repository says how it runs in production, so that what
	// else is in it does not count. Start are the words of that command.
	Says  bool
	Start [][]string
	// Listens is set if something in its code listens on a port.
	Listens bool
	// Builds are the commands that build it.
	Builds [][]string
	Site   bool // its build makes files for browsers
	// Deps are its dependencies, and Imports what its code imports.
	Deps, Imports map[string]fact.Pos
	// Field is a field of its manifest, "" for one that has no text of its own; ok is
	// false if it is not there.
	Field func(name string) (value string, pos fact.Pos, ok bool)
}

// Check refuses what is no app for an image, by the name of its kind.
func Check(r Request) error { return r.check(false) }

// Beside refuses what is no app where others of the repository serve.
func Beside(r Request) error { return r.check(true) }

func (r Request) check(beside bool) error {
	all, err := rows()
	if err != nil {
		return err
	}
	for _, row := range all {
		if row.Language != r.Language || row.Beside != beside {
			continue
		}
		for _, e := range row.When {
			if len(e.Starts) == 0 && (r.Says || r.Site && !row.Sites || r.Listens && row.Silent) {
				continue
			}
			if pos, ok := r.holds(e); ok {
				return record.NoApp(record.Refuse(pos, row.Hint, "%s %s", row.Kind, row.Why))
			}
		}
	}
	return nil
}

// holds reports whether evidence holds, and where the first of it stands.
func (r Request) holds(e evidence) (at fact.Pos, ok bool) {
	ok = true
	need := func(pos fact.Pos, found bool) {
		ok = ok && found
		if at.IsZero() {
			at = pos
		}
	}
	if len(e.Starts) > 0 {
		need(r.At, runs(r.Start, e.Starts))
	}
	if len(e.Builds) > 0 {
		need(r.At, runs(r.Builds, e.Builds))
	}
	if len(e.Fields) > 0 {
		need(r.field(e.Fields))
	}
	if len(e.Packages) > 0 {
		need(first(r.Deps, e.Packages))
	}
	if len(e.Imports) > 0 {
		need(first(r.Imports, e.Imports))
	}
	if len(e.Files) > 0 {
		need(r.file(e.Files))
	}
	if len(e.Folders) > 0 {
		i := slices.IndexFunc(e.Folders, func(dir string) bool { return r.Tree.HasDir(path.Join(r.Dir, dir)) })
		if i >= 0 {
			need(fact.At(path.Join(r.Dir, e.Folders[i]), 0), true)
		}
		ok = ok && i >= 0
	}
	if e.Marker != "" {
		pos, found := marker.Of(r.Tree, r.Dir)[e.Marker]
		need(pos, found)
	}
	ok = ok && !(len(e.Without) > 0 && r.has(e.Without))
	for _, names := range []map[string]fact.Pos{r.Deps, r.Imports} {
		_, has := first(names, e.Lacks)
		ok = ok && !has
	}
	if at.IsZero() {
		at = r.At
	}
	return at, ok
}

// runs reports whether one of the commands begins with the words.
func runs(commands [][]string, texts []string) bool {
	return slices.ContainsFunc(texts, func(text string) bool {
		want := strings.Fields(text)
		return slices.ContainsFunc(commands, func(words []string) bool {
			return len(words) >= len(want) && slices.Equal(words[:len(want)], want)
		})
	})
}

// first is the first name, by the alphabet, that one of the patterns matches.
func first(names map[string]fact.Pos, patterns []string) (fact.Pos, bool) {
	for _, p := range patterns {
		if !strings.ContainsAny(p, "*?[") {
			if pos, ok := names[p]; ok {
				return pos, true
			}
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if ok, err := path.Match(p, name); ok && err == nil {
				return names[name], true
			}
		}
	}
	return fact.Pos{}, false
}

func (r Request) file(patterns []string) (fact.Pos, bool) {
	for _, p := range patterns {
		dir := path.Join(r.Dir, path.Dir(p))
		for _, name := range r.Tree.Names(dir) {
			if ok, err := path.Match(path.Base(p), name); ok && err == nil {
				return fact.At(path.Join(dir, name), 0), true
			}
		}
	}
	return fact.Pos{}, false
}

func (r Request) field(names []string) (fact.Pos, bool) {
	if r.Field == nil {
		return fact.Pos{}, false
	}
	for _, name := range names {
		name, want, equal := strings.Cut(name, "=")
		if got, pos, ok := r.Field(name); ok && (!equal || got == want) {
			return pos, true
		}
	}
	return fact.Pos{}, false
}

// has reports whether a file below the folder has one of the extensions.
func (r Request) has(extensions []string) bool {
	return slices.ContainsFunc(r.Tree.Files(r.Dir), func(file string) bool { return slices.Contains(extensions, path.Ext(file)) })
}
