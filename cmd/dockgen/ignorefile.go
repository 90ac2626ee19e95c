package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/ignore"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/templates"
)

// specific is the ignore file that BuildKit takes in place of .dockerignore
// for the Dockerfile that it is named after:
// https://docs.docker.com/build/concepts/context/#filename-and-location.
const specific = templates.Dockerfile + templates.Dockerignore

// placeIgnore decides what becomes of the rendered ignore file where the user
// has one of their own. It is not touched. Where it does no harm to what was
// generated, it serves, and dockgen writes none; else dockgen writes
// Dockerfile.dockerignore, with those of the user's patterns in it that do no
// harm. What an earlier run wrote keeps its name.
func (a *app) placeIgnore(made *result, l *lock.File, replace bool) error {
	generated := made.file(templates.Dockerignore)
	if l == nil {
		l = &lock.File{}
	}
	if _, ok := l.Files[templates.Dockerignore]; ok {
		return nil
	}
	name := templates.Dockerignore
	_, ours := l.Files[specific]
	if !ours && a.exists(specific) {
		name = specific
	}
	text, err := a.read(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !ours, err == nil && string(text) == string(generated.Data):
		return nil
	case replace && !ours:
		made.rename(templates.Dockerignore, name)
		return nil
	}
	dockerfile := made.file(templates.Dockerfile)
	own, err := ignore.Parse(generated.Data)
	if err != nil {
		return fmt.Errorf("the generated %s: %w", templates.Dockerignore, err)
	}
	sure := map[string]bool{}
	for _, p := range made.plan.Reads {
		sure[p.Raw()] = true
	}
	reads, err := ignore.Reads(dockerfile.Data, made.repo.Tree.Files("."), sure, own)
	if err != nil {
		return err
	}
	theirs, harm := judge(text, made, own, reads)
	if harm == "" && !ours {
		made.drop(templates.Dockerignore)
		made.note(fact.At(name, 0), "stays as it is; it hides nothing that the build reads", "")
		return nil
	}
	if theirs != nil {
		if err := made.ignoreToo(theirs.Sparing(reads, own), name); err != nil {
			return err
		}
	}
	made.rename(templates.Dockerignore, specific)
	if harm != "" {
		made.note(fact.At(name, 0), harm+"; it stays as it is, and docker build reads "+specific+" in its place", "")
	}
	return nil
}

// judge says what harm an ignore file of the user's would do, "" for none. The
// list is nil if it cannot be used: BuildKit could not read it either, or it is
// too large.
func judge(text []byte, made *result, own *ignore.List, reads []string) (theirs *ignore.List, harm string) {
	theirs, err := ignore.Parse(text)
	if err != nil {
		return nil, "cannot be read: " + err.Error()
	}
	if !theirs.Fits(len(reads)) {
		return nil, fmt.Sprintf("has too many patterns to be held against %d files", len(reads))
	}
	if hidden := theirs.Hidden(reads); len(hidden) > 0 {
		more := ""
		if n := len(hidden) - 1; n > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		return theirs, "hides " + hidden[0] + more + ", which the build reads"
	}
	// What the user's machine holds must not replace what the image installs,
	// nor may a secret enter the image. Of secrets that are not committed,
	// .gitignore tells; whether they are here must make no difference.
	probes := []string{"node_modules/x", ".venv/x", "venv/x"}
	for _, f := range []string{".env", ".env.local", "*.pem", "*.key"} {
		if made.repo.Tree.Ignores(f) {
			probes = append(probes, f)
		}
	}
	for _, f := range made.repo.Tree.Files(".") {
		if base := path.Base(f); strings.HasPrefix(base, ".env") || path.Ext(base) == ".pem" || path.Ext(base) == ".key" {
			probes = append(probes, f)
		}
	}
	for _, p := range probes {
		if own.Hides(p) && !theirs.Hides(p) {
			return theirs, "does not hide " + strings.TrimSuffix(p, "/x")
		}
	}
	return theirs, ""
}

// ignoreToo renders the ignore file again with more patterns.
func (r *result) ignoreToo(patterns []string, from string) error {
	group := plan.IgnoreGroup{Heading: plan.NewComment("As " + from + " has it")}
	for _, s := range patterns {
		if p, err := plan.NewPattern(s); err == nil {
			group.Patterns = append(group.Patterns, p)
		}
	}
	if len(group.Patterns) == 0 {
		return nil
	}
	p := *r.plan
	p.Ignore = append(slices.Clip(p.Ignore), group)
	files, err := templates.Render(&p)
	if err != nil {
		return err
	}
	r.plan, r.files = &p, files
	return nil
}

func (r *result) rename(from, to string) {
	for i := range r.files {
		if r.files[i].Name == from {
			r.files[i].Name = to
		}
	}
}

func (r *result) drop(name string) {
	r.files = slices.DeleteFunc(r.files, func(f templates.File) bool { return f.Name == name })
}

// note tells the user something about their own files.
func (r *result) note(pos fact.Pos, text, hint string) {
	r.notes = append(r.notes, plan.Note{Pos: pos, Text: text, Hint: hint})
}
