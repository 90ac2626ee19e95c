package main

import (
	"context"

	"github.com/spf13/cobra"
)

// updateOptions are those of update, and of check, which never writes.
type updateOptions struct {
	dir string
	requestOptions
	output outputOptions
	check  bool // whether anything would change is the question
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

// runUpdate writes what changed, unless it is a dry run, and reports it. What
// cannot be combined with the user's edits is errDrift; to check, whatever would change is.
func runUpdate(ctx context.Context, u *ui, o updateOptions) error {
	req, err := o.request()
	if err != nil {
		return err
	}
	folder, err := openFolder(o.dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	c, err := folder.Update(ctx, req)
	if err != nil {
		return err
	}
	if !o.output.dryRun {
		if err := folder.Write(c); err != nil {
			return err
		}
	}
	if err := u.report(folder, c, o.output, false); err != nil {
		return err
	}
	switch {
	case len(c.Conflicts) > 0, o.check && c.Moved():
		return errDrift
	case len(c.Refused) > 0:
		return errRefused
	}
	return nil
}
