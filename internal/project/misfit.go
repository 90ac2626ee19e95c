package project

import (
	"bytes"
	"slices"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
)

// misfits adds the images of a Dockerfile that cannot be right to the conflicts: a bot may raise a tag without a word from dockgen, as long as the repository allows it.
func (c *Change) misfits(app *App, name string, text []byte) error {
	file, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return err
	}
	stages, _, err := instructions.Parse(file.AST, linter.New(&linter.Config{}))
	if err != nil {
		return err
	}
	know, err := knowledge.Load()
	if err != nil {
		return err
	}
	var bases []image.Base
	ours := map[int]string{}
	for _, s := range stages {
		if len(s.Location) == 0 {
			continue
		}
		line := s.Location[0].Start.Line
		bases, ours[line] = append(bases, image.Base{Stage: s.Name, Image: s.BaseName, Line: line}), s.SourceCode
	}
	for _, m := range image.Misfits(know, app.Plan, bases) {
		if i := slices.IndexFunc(c.Conflicts, func(x Conflict) bool { return x.Path == name && x.Line == m.Line }); i >= 0 {
			c.Conflicts[i].Pos, c.Conflicts[i].Why = m.Pos, m.Why // this reason is the stronger one
			continue
		}
		c.Conflicts = append(c.Conflicts, Conflict{
			Path: name, Pos: m.Pos, Hint: m.Hint,
			Conflict: merge.Conflict{Line: m.Line, Ours: plan.Printable(ours[m.Line], 200), Theirs: m.Wanted, Why: m.Why},
		})
	}
	return nil
}
