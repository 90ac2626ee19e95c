package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/spf13/cobra"
)

// run executes one command line and returns the exit code.
func run(ctx context.Context, args []string, s streams) int {
	out := &strictWriter{w: s.out, terminal: s.terminal != nil && s.terminal(s.out)}
	terminal := s.terminal
	s.out, s.terminal = out, func(w io.Writer) bool {
		if w == io.Writer(out) {
			return out.terminal
		}
		return terminal(w)
	}
	u := &ui{streams: s, color: colorAuto}
	root := newRoot(u)
	root.SetArgs(args)
	root.SetOut(s.out)
	root.SetErr(s.err)
	cmd, err := root.ExecuteContextC(ctx)
	if out.err != nil { // what a script reads is not whole
		err = fmt.Errorf("standard output: %w", out.err)
	}
	code := exitCode(err)
	var said *saidError
	switch {
	case code == exitDone, errors.Is(err, errDrift), errors.As(err, &said): // it has been said
		return code
	case code == exitUsage:
		u.fail(err)
		u.line(cyan, "usage:", cmd.UseLine())
	default:
		u.fail(err)
	}
	if out.err == nil && asksJSON(args) && !errors.Is(err, errRefused) { // of which the result tells
		if err := u.json(errorOf(err, code)); err != nil {
			u.fail(err)
		}
	}
	return code
}

// strictWriter remembers that writing failed, which those who print do not look at.
type strictWriter struct {
	w        io.Writer
	terminal bool
	err      error
}

func (s *strictWriter) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.w.Write(p)
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	s.err = err
	return n, err
}

// asksJSON reports whether a command line asks for JSON, also one that cannot be understood.
func asksJSON(args []string) bool {
	if i := slices.Index(args, "--"); i >= 0 {
		args = args[:i]
	}
	format := slices.Index(args, "--format")
	return slices.Contains(args, "--json") || slices.Contains(args, "--json=true") || slices.Contains(args, "--format=json") || format >= 0 && format+1 < len(args) && args[format+1] == "json"
}

func newRoot(u *ui) *cobra.Command {
	root := &cobra.Command{
		Use:   "dockgen",
		Short: "Write the Dockerfile that a repository needs, and keep it right",
		Long: `dockgen reads a repository and writes its Dockerfile and .dockerignore: a
multi-stage build with the targets dev, test and prod, and a small image that
does not run as root. It explains every choice, and its updates keep your edits.

Exit codes: 0 done, 1 failure, 2 usage, 3 drift or a conflict, 4 nothing
detected, or nothing that dockgen supports.`,
		Args:    commandsOnly,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		Version: release().Version,

		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true,
	}
	f := root.PersistentFlags()
	f.Var(enum(&u.color, colorAuto, colorAlways, colorNever), "color", "when to colour; auto heeds NO_COLOR")
	f.BoolVarP(&u.quiet, "quiet", "q", false, "print results and errors only")
	must(root.RegisterFlagCompletionFunc("color", cobra.FixedCompletions(names([]colorMode{colorAuto, colorAlways, colorNever}), cobra.ShellCompDirectiveNoFileComp)))
	root.AddCommand(newInit(u), newUpdate(u), newCheck(u), newExplain(u), newProfiles(u), newSchema(u), newVersion(u))
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() == "help" {
			cmd.Args = func(_ *cobra.Command, args []string) error {
				if found, _, err := root.Find(args); err != nil || found == root {
					return commandsOnly(root, args)
				}
				return nil
			}
		}
		if !cmd.Runnable() { // completion: without this, an unknown shell is no error
			cmd.Args = commandsOnly
			cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
	root.SetFlagErrorFunc(flagError)
	usageErrors(root)
	return root
}

// usageErrors makes usage errors of what cobra finds wrong with arguments.
func usageErrors(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			err := check(cmd, args)
			if usage := (*usageError)(nil); err == nil || errors.As(err, &usage) {
				return err
			}
			return &usageError{err: err}
		}
	}
	for _, sub := range cmd.Commands() {
		usageErrors(sub)
	}
}
