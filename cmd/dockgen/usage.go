package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/dockgen/dockgen/internal/similar"
	"github.com/dockgen/dockgen/profiles/plan"
)

// flagError says in a user's words what pflag found wrong with a flag of a command.
func flagError(cmd *cobra.Command, err error) error {
	var (
		unknown *pflag.NotExistError
		empty   *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
	)
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown)
	case errors.As(err, &empty):
		f := empty.GetFlag()
		return &usageError{err: fmt.Errorf("--%s has no value", f.Name), hint: "write " + written(f)}
	case errors.As(err, &invalid):
		f, value := invalid.GetFlag(), invalid.GetValue()
		var wrong *usageError
		switch {
		case errors.As(invalid, &wrong):
			return &usageError{err: fmt.Errorf("--%s: %w, not %s", f.Name, wrong, plan.Printable(value, 60)), hint: wrong.hint}
		case f.Value.Type() == "bool":
			return &usageError{err: fmt.Errorf("--%s: want true or false, not %s", f.Name, plan.Printable(value, 60)), hint: "--" + f.Name + " alone means true"}
		}
		return &usageError{err: fmt.Errorf("--%s: %w", f.Name, errors.Unwrap(invalid))}
	}
	return &usageError{err: err}
}

// unknownFlag is the error for a flag that the command does not have: the one that was meant, or the commands that have it.
func unknownFlag(cmd *cobra.Command, unknown *pflag.NotExistError) error {
	name, dashes := unknown.GetSpecifiedName(), "--"
	if unknown.GetSpecifiedShortnames() != "" {
		dashes = "-"
	}
	fault := &usageError{err: fmt.Errorf("%s has no flag %s%s", cmd.CommandPath(), dashes, plan.Printable(name, 60))}
	var names, others []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, "--"+f.Name)
		}
	})
	for _, other := range commandsOf(cmd.Root()) {
		if f := other.Flags().Lookup(name); f != nil && !f.Hidden {
			others = append(others, other.Name())
		}
	}
	switch near := similar.Name("--"+name, names); {
	case len(name) > 1 && near != "":
		fault.hint = "did you mean " + near + "?"
	case len(others) > 0:
		fault.hint = "it is a flag of " + strings.Join(others, ", ")
	default:
		fault.hint = cmd.CommandPath() + " --help lists its flags"
	}
	return fault
}

// written is a flag as one writes it: "--set KEY=VALUE".
func written(f *pflag.Flag) string {
	kind, _ := pflag.UnquoteUsage(f)
	return strings.TrimSpace("--" + f.Name + " " + kind)
}

// noSuch is the error for a word that is none of a few.
func noSuch(what, word string, names []string) error {
	return &usageError{
		err:  fmt.Errorf("%s %q is not known", what, plan.Printable(word, 60)),
		hint: similar.Hint(word, names) + "there are " + strings.Join(names, ", "),
	}
}

// commandsOf are the commands below one that are for users, in the order of their names.
func commandsOf(cmd *cobra.Command) (out []*cobra.Command) {
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			out = append(out, sub)
		}
	}
	return out
}

// commandsOnly refuses a word in the place of a command.
func commandsOnly(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range commandsOf(cmd) {
		names = append(names, sub.Name())
	}
	what := "the command"
	if cmd.Name() == "completion" {
		what = "the shell"
	}
	return noSuch(what, args[0], names)
}

// atMost refuses more than so many arguments, which are called that.
func atMost(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) <= n {
			return nil
		}
		var list []string
		for _, a := range args {
			list = append(list, plan.Printable(a, 60))
		}
		return usagef("%s takes %s, and got %d arguments: %s", cmd.CommandPath(), what, len(args), strings.Join(list, ", "))
	}
}

// choices is the error of a flag that takes one of a few values.
func choices(value string, names []string) *usageError {
	fault := usagef("want one of %s", strings.Join(names, ", "))
	fault.hint = strings.TrimSpace(similar.Hint(value, names))
	return fault
}

// noFolder is the error for a folder that is not there, with the one beside it that was meant.
func noFolder(dir string) error {
	fault := usagef("there is no folder %s", plan.Printable(dir, 100))
	above := filepath.Dir(filepath.Clean(dir))
	var names []string
	list, _ := os.ReadDir(above) // what cannot be read has nothing to offer
	for _, e := range list {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	if n := similar.Name(filepath.Base(dir), names); n != "" {
		fault.hint = "did you mean " + filepath.Join(above, n) + "?"
	}
	return fault
}
