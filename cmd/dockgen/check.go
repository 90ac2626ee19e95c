package main

import (
	"context"

	"github.com/spf13/cobra"
)

func newCheck(u *ui) *cobra.Command {
	o := updateOptions{format: formatText}
	cmd := &cobra.Command{
		Use:   "check [DIR]...",
		Short: "Tell whether update would change anything; for CI",
		Long: `Write nothing. If update would change anything, print a unified diff and the
reasons.

A folder without a dockgen.lock stands for all folders below it that have one.

Exit codes: 0 update would change nothing, 1 failure, 2 usage, 3 update would
change something, or a conflict is open, 4 nothing that dockgen supports. Of
several folders the worst counts.`,
		Example: `  dockgen check
  dockgen check --format github
  dockgen check --format sarif > dockgen.sarif
  dockgen check services/api services/web`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dirs = dirsOf(args)
			if o.output.json {
				if cmd.Flags().Changed("format") && o.format != formatJSON {
					return usagef("--json and --format %s ask for two formats", o.format)
				}
				o.format = formatJSON
			}
			return runCheck(cmd.Context(), u, o)
		},
		ValidArgsFunction: completeDirs,
	}
	o.flags(cmd)
	o.output.flags(cmd, false)
	o.age.flags(cmd)
	all := []formatMode{formatText, formatJSON, formatGitHub, formatSARIF}
	cmd.Flags().Var(enum(&o.format, all...), "format", "how to report: a diff and the reasons, JSON, annotations of GitHub, or SARIF")
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(names(all), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// runCheck is an update that is not written; it is drift whatever it would
// change.
func runCheck(ctx context.Context, u *ui, o updateOptions) error {
	o.output.dryRun, o.check = true, true
	return runUpdate(ctx, u, o)
}
