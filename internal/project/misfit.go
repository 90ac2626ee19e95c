package project

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
)

// misfits adds the images of a Dockerfile that cannot be right to the conflicts: a bot may raise a tag without a word from dockgen, as long as the repository
// allows it. Written is dockgen's own file.
func (c *Change) misfits(app *App, name string, text, written []byte) error {
	file, ours, err := imagesIn(text)
	if err != nil {
		return err
	}
	own, _, err := imagesIn(written)
	if err != nil {
		return err
	}
	know, err := knowledge.Load()
	if err != nil {
		return err
	}
	for _, m := range image.Misfits(know, app.Plan, file, own) {
		if i := slices.IndexFunc(c.Conflicts, func(x Conflict) bool { return x.Path == name && x.Line == m.Line }); i >= 0 {
			c.Conflicts[i].Pos, c.Conflicts[i].Why = m.Pos, m.Why // this reason is the stronger one
			continue
		}
		c.Conflicts = append(c.Conflicts, Conflict{
			Path: name, Pos: m.Pos, Hint: m.Hint,
			Conflict: merge.Conflict{Line: m.Line, Ours: plan.Printable(cmp.Or(ours[m.Line], m.Taken+m.Image), 200), Theirs: m.Wanted, Why: m.Why},
		})
	}
	return nil
}

// imagesIn are the images that a Dockerfile starts from and takes files of, and its FROM lines by their numbers.
func imagesIn(text []byte) (out []image.Base, from map[int]string, err error) {
	file, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, nil, err
	}
	stages, _, err := instructions.Parse(file.AST, linter.New(&linter.Config{}))
	if err != nil {
		return nil, nil, err
	}
	from = map[int]string{}
	var names []string // of the stages so far
	for _, s := range stages {
		if len(s.Location) > 0 {
			line := s.Location[0].Start.Line
			out, from[line] = append(out, image.Base{Stage: s.Name, Image: s.BaseName, Line: line}), s.SourceCode
		}
		add := func(at []parser.Range, taken, of string) {
			if of != "" && len(at) > 0 && !slices.Contains(names, of) {
				out = append(out, image.Base{Stage: s.Name, Image: of, Line: at[0].Start.Line, Taken: taken})
			}
		}
		for _, command := range s.Commands {
			switch x := command.(type) {
			case *instructions.CopyCommand:
				add(x.Location(), "COPY --from=", x.From)
			case *instructions.RunCommand:
				for _, m := range instructions.GetMounts(x) {
					add(x.Location(), "RUN --mount=from=", m.From)
				}
			}
		}
		names = append(names, s.Name)
	}
	return out, from, nil
}
