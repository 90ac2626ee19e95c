package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/dockgen/dockgen/internal/project"
)

type initOptions struct {
	dir string
	requestOptions
	output outputOptions
	force  bool
}

func newInit(u *ui) *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a Dockerfile and a .dockerignore for the app in DIR, or for each of its apps",
		Long: `Write a Dockerfile and a .dockerignore for the app in DIR, and dockgen.lock,
which update needs. Files that dockgen did not write stay as they are.
Where DIR itself is no app and several folders below it are, each of these gets
its own files, and docker-bake.hcl builds them all; --app chooses one.`,
		Example: `  dockgen init
  dockgen init --runtime alpine --set port=9000 services/api
  dockgen init --dry-run`,
		Args: atMost(1, "one folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = dirOf(args)
			return runInit(cmd.Context(), u, o)
		},
		ValidArgsFunction: completeDir,
	}
	o.flags(cmd)
	o.output.flags(cmd, true)
	cmd.Flags().BoolVar(&o.force, "force", false, "overwrite existing files, and keep them as *.bak")
	return cmd
}

func runInit(ctx context.Context, u *ui, o initOptions) error {
	req, err := o.request()
	if err != nil {
		return err
	}
	folder, err := openFolder(o.dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	c, err := folder.Init(ctx, req, o.force)
	if err != nil {
		return err
	}
	if len(c.InTheWay) > 0 {
		exists := &project.ExistsError{Files: c.InTheWay}
		hint := "dockgen init --force overwrites it, and keeps the old file as " + c.InTheWay[0] + ".bak"
		if len(c.InTheWay) > 1 {
			hint = "dockgen init --force overwrites them, and keeps the old ones, as " + c.InTheWay[0] + ".bak"
		}
		if !o.output.dryRun {
			return &hintError{exists, hint + "; --dry-run shows the difference"}
		}
		u.note(exists.Error(), hint)
	}
	if !o.output.dryRun {
		if err := folder.Write(c); err != nil {
			return err
		}
	}
	if err := u.report(folder, c, o.output, true); err != nil {
		return err
	}
	if len(c.Refused) > 0 {
		return errRefused
	}
	return nil
}
