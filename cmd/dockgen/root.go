package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"text/template"
	"time"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/dockgen/dockgen/profiles/settings"
)

// run executes one command line and returns the exit code.
func run(ctx context.Context, args []string, s streams) int {
	u := &ui{color: colorAuto}
	out := &strictWriter{w: s.out, before: u.life.clear}
	u.streams = s.through(out)
	root := newRoot(u)
	root.SetArgs(args)
	root.SetOut(s.out)
	root.SetErr(s.err)
	if s.terminal(s.err) && s.getenv("TERM") != "dumb" {
		defer u.life.start(s.err, time.Second)()
	}
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
	w      io.Writer
	before func()
	err    error
}

func (s *strictWriter) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	s.before()
	n, err := s.w.Write(p)
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	s.err = err
	return n, err
}

// through are the streams with another writer before standard output, which is what it was to those who ask for a terminal.
func (s streams) through(out *strictWriter) streams {
	of := func(w io.Writer) io.Writer {
		if w == io.Writer(out) {
			return s.out
		}
		return w
	}
	through := s
	through.out = out
	through.terminal = func(w io.Writer) bool { return s.terminal(of(w)) }
	through.width = func(w io.Writer) int { return s.columns(of(w)) }
	return through
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
		Example: `  dockgen init --dry-run
  dockgen init
  dockgen explain runtime
  dockgen check`,
		Args:    commandsOnly,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		Version: release().Version,

		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true,
	}
	f := root.PersistentFlags()
	f.Var(enum(&u.color, colorAuto, colorAlways, colorNever), "color", "when to colour; auto heeds NO_COLOR, CLICOLOR and FORCE_COLOR")
	f.BoolVarP(&u.quiet, "quiet", "q", false, "print results and errors only")
	must(root.RegisterFlagCompletionFunc("color", cobra.FixedCompletions(names([]colorMode{colorAuto, colorAlways, colorNever}), cobra.ShellCompDirectiveNoFileComp)))
	root.AddCommand(newInit(u), newUpdate(u), newCheck(u), newExplain(u), newProfiles(u), newSchema(u), newVersion(u), newMan(u))
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
	root.SetUsageFunc(func(cmd *cobra.Command) error { return usage(cmd, helpWidth(u)) })
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		text := cmp.Or(cmd.Long, cmd.Short)
		fmt.Fprintf(cmd.OutOrStdout(), "%s\n\n%s", reflowed(text, helpWidth(u)), cmd.UsageString())
		if _, ok := cmd.Annotations[helpKeys]; ok {
			fmt.Fprintf(cmd.OutOrStdout(), "\nKeys of --set and dockgen.yaml (more: dockgen schema):\n%s", keyTable(helpWidth(u)))
		}
	})
	usageErrors(root)
	return root
}

// usage prints cobra's usage in lines of that width.
func usage(cmd *cobra.Command, wide int) error {
	text := strings.NewReplacer(
		".LocalFlags.FlagUsages | trimTrailingWhitespaces", "flagUsages .LocalFlags",
		".InheritedFlags.FlagUsages | trimTrailingWhitespaces", "flagUsages .InheritedFlags",
		"{{rpad .Name .NamePadding }} {{.Short}}", "{{command .Name .NamePadding .Short}}",
		`Use "{{.CommandPath}} [command] --help" for more information about a command.`, `{{.CommandPath}} COMMAND --help tells more about one.`,
	).Replace(cmd.UsageTemplate())
	pad := func(name string, to int) string { return name + strings.Repeat(" ", max(0, to-len(name))) }
	t, err := template.New("usage").Funcs(template.FuncMap{
		"flagUsages": func(f *pflag.FlagSet) string { return strings.TrimRight(f.FlagUsagesWrapped(wide), " \n") },
		"command": func(name string, to int, short string) string {
			name = pad(name, to)
			return name + " " + wrap(short, len(name)+3, len(name)+3, wide)
		},
		"rpad":                    pad,
		"trimTrailingWhitespaces": func(s string) string { return strings.TrimRightFunc(s, unicode.IsSpace) },
	}).Parse(text)
	if err != nil {
		return err
	}
	return t.Execute(cmd.OutOrStderr(), cmd)
}

// helpKeys marks the command whose help lists the keys of the settings.
const helpKeys = "keys"

// keyTable are the keys with an example of each and what it is for.
func keyTable(wide int) string {
	var b strings.Builder
	const column = 29
	for _, d := range settings.Docs() {
		example := "  " + d.Key + "=" + d.Example
		b.WriteString(example + strings.Repeat(" ", max(2, column-len(example))) + wrap(d.Text, column, column, wide) + "\n")
	}
	return b.String()
}

// helpWidth is the width of help: that of the terminal, but no wider than one reads.
func helpWidth(u *ui) int {
	const readable = 80
	if wide := u.columns(u.out); wide > 0 {
		return min(wide, readable)
	}
	return readable
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
