package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/dockgen/dockgen/internal/project"
)

// updateOptions are those of update, and of check, which never writes.
type updateOptions struct {
	dir string
	requestOptions
	output outputOptions
}

func newUpdate(u *ui) *cobra.Command {
	var o updateOptions
	cmd := &cobra.Command{
		Use:   "update [DIR]",
		Short: "Regenerate the files after the repository changed, and keep your edits",
		Long: `Regenerate the files after the repository or dockgen changed, and merge your
edits into them. A conflict keeps your version and is listed, and the exit code
is then 3. Flags given to init are remembered. Versions and other choices stay
as dockgen.lock records them until you run update --upgrade or edit the line
that they came from.`,
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
	_, err := update(ctx, u, o)
	return err
}

// update writes what changed, unless it is a dry run, and reports it. What
// cannot be combined with the user's edits is errDrift.
func update(ctx context.Context, u *ui, o updateOptions) (*project.Change, error) {
	req, err := o.request()
	if err != nil {
		return nil, err
	}
	folder, err := openFolder(o.dir)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	c, err := folder.Update(ctx, req)
	if err != nil {
		return nil, err
	}
	if !o.output.dryRun {
		if err := folder.Write(c); err != nil {
			return nil, err
		}
	}
	if err := u.report(folder, c, o.output, false); err != nil {
		return nil, err
	}
	if len(c.Conflicts) > 0 {
		return nil, errDrift
	}
	return c, nil
}
