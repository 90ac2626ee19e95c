package main

import (
	"context"

	"github.com/spf13/cobra"
)

type updateOptions struct {
	dir string
	wishes
	output outputOptions
}

func newUpdate(u *ui) *cobra.Command {
	var o updateOptions
	cmd := &cobra.Command{
		Use:   "update [DIR]",
		Short: "Generate again after the repository changed, and keep your edits",
		Long: `Generate again after the repository, or dockgen, changed. What you added,
changed, moved or deleted in the generated files stays; what cannot be combined
is left as you have it and listed, and the exit code is then 3. Flags given to
init are remembered. Versions and other choices that depend on what a release
of dockgen knows stay as they are until --upgrade.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = dirOf(args)
			return runUpdate(cmd.Context(), u, o)
		},
		ValidArgsFunction: completeDir,
	}
	o.flags(cmd)
	o.output.flags(cmd, true)
	cmd.Flags().BoolVar(&o.upgrade, "upgrade", false, "take this release's choices instead of those in dockgen.lock")
	return cmd
}

func runUpdate(ctx context.Context, u *ui, o updateOptions) error {
	a, err := open(o.dir)
	if err != nil {
		return err
	}
	defer a.Close()
	c, err := a.compare(ctx, o.wishes)
	if err != nil {
		return err
	}
	if !o.output.dryRun {
		if err := a.write(outputs(c.edits)); err != nil {
			return err
		}
	}
	if err := u.report(a, c, o.output, false); err != nil {
		return err
	}
	if len(c.conflicts) > 0 {
		return errDrift
	}
	return nil
}
