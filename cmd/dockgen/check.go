package main

import (
	"context"

	"github.com/spf13/cobra"
)

type checkOptions struct {
	dir string
	wishes
	output outputOptions
}

func newCheck(u *ui) *cobra.Command {
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Tell whether update would change anything; for CI",
		Long: `Write nothing. Exit with 0 when update would change nothing, and with 3, a
unified diff and the reason when it would.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = dirOf(args)
			return runCheck(cmd.Context(), u, o)
		},
		ValidArgsFunction: completeDir,
	}
	o.flags(cmd)
	o.output.flags(cmd, false)
	return cmd
}

func runCheck(ctx context.Context, u *ui, o checkOptions) error {
	a, err := open(o.dir)
	if err != nil {
		return err
	}
	defer a.Close()
	c, err := a.compare(ctx, o.wishes)
	if err != nil {
		return err
	}
	o.output.dryRun = true
	if err := u.report(a, c, o.output, false); err != nil {
		return err
	}
	if c.moved() || len(c.conflicts) > 0 {
		return errDrift
	}
	return nil
}
