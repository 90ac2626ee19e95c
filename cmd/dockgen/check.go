package main

import (
	"context"

	"github.com/spf13/cobra"
)

func newCheck(u *ui) *cobra.Command {
	var o updateOptions
	cmd := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Tell whether update would change anything; for CI",
		Long: `Write nothing. Exit with 0 when update would change nothing, and with 3, a
unified diff and the reason when it would.`,
		Args: atMost(1, "one folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = dirOf(args)
			return runCheck(cmd.Context(), u, o)
		},
		ValidArgsFunction: completeDir,
	}
	o.flags(cmd)
	o.output.flags(cmd, false)
	o.age.flags(cmd)
	return cmd
}

// runCheck is an update that is not written; it is drift whatever it would
// change.
func runCheck(ctx context.Context, u *ui, o updateOptions) error {
	o.output.dryRun, o.check = true, true
	return runUpdate(ctx, u, o)
}
