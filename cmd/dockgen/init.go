package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/templates"
)

type initOptions struct {
	dir string
	wishes
	output outputOptions
	force  bool
}

func newInit(u *ui) *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a Dockerfile and a .dockerignore for the app in DIR",
		Long: `Write a Dockerfile and a .dockerignore for the app in DIR, and dockgen.lock,
which update needs. Files that dockgen did not write are not touched.`,
		Example: `  dockgen init
  dockgen init --runtime alpine --set port=9000 services/api
  dockgen init --dry-run`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = dirOf(args)
			return runInit(cmd.Context(), u, o)
		},
		ValidArgsFunction: completeDir,
	}
	o.flags(cmd)
	o.output.flags(cmd, true)
	cmd.Flags().BoolVar(&o.force, "force", false, "write over what is there, which is kept as *.bak")
	return cmd
}

func runInit(ctx context.Context, u *ui, o initOptions) error {
	a, err := open(o.dir)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.unwritten(o.force); err != nil {
		return err
	}
	made, err := a.generate(ctx, o.wishes, nil)
	if err != nil {
		return err
	}
	if err := a.placeIgnore(made, nil, o.force); err != nil {
		return err
	}
	c := &change{made: made}
	var inTheWay []string
	for _, f := range made.files {
		e := edit{name: f.Name, new: f.Data}
		if e.old, err = a.replaceable(f.Name); err != nil {
			return err
		}
		e.exists = e.old != nil
		if e.exists && e.changes() {
			inTheWay = append(inTheWay, f.Name)
			if e.backup, err = a.backup(f.Name, e.old); err != nil {
				return err
			}
		}
		c.edits = append(c.edits, e)
	}
	if len(inTheWay) > 0 && !o.force {
		verbs := "exists and was"
		if len(inTheWay) > 1 {
			verbs = "exist and were"
		}
		text := fmt.Sprintf("%s already %s not written by dockgen", strings.Join(inTheWay, " and "), verbs)
		hint := "dockgen init --force writes over it, and keeps the old file as " + inTheWay[0] + ".bak"
		if !o.output.dryRun {
			return &hintError{errors.New(text), hint + "; --dry-run shows the difference"}
		}
		u.note(text, hint)
	}
	if err := a.relock(c, nil); err != nil {
		return err
	}
	if !o.output.dryRun {
		if err := a.write(outputs(c.edits)); err != nil {
			return err
		}
	}
	return u.report(a, c, o.output, true)
}

// unwritten refuses to start anew where update is what the user wants.
func (a *app) unwritten(force bool) error {
	if force {
		return nil
	}
	l, err := a.lock()
	if err != nil {
		return err
	}
	if l != nil && l.Files[templates.Dockerfile] != nil && a.exists(templates.Dockerfile) {
		return &hintError{
			fmt.Errorf("dockgen wrote %s before; %s remembers it", templates.Dockerfile, lock.Name),
			"dockgen update keeps your edits; dockgen init --force starts anew",
		}
	}
	return nil
}
