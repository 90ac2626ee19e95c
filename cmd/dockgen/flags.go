package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

func (w *wishes) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&w.profile, "profile", "", "a profile's `NAME|FILE`; dockgen profiles lists them")
	f.Var(enum(&w.runtime, plan.Runtimes()...), "runtime", "kind of image that prod runs on")
	f.StringArrayVar(&w.set, "set", nil, "one `KEY=VALUE` of dockgen.yaml; can be repeated")
	must(cmd.RegisterFlagCompletionFunc("runtime", cobra.FixedCompletions(names(plan.Runtimes()), cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("set", completeSet))
	must(cmd.RegisterFlagCompletionFunc("profile", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return profileNames(), cobra.ShellCompDirectiveDefault
	}))
}

// outputOptions are the flags that say in which form a result comes.
type outputOptions struct {
	dryRun, json bool
}

func (o *outputOptions) flags(cmd *cobra.Command, writes bool) {
	if writes {
		cmd.Flags().BoolVarP(&o.dryRun, "dry-run", "n", false, "print the unified diff and write nothing")
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON")
}

func dirOf(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

// must stops at a completion for a flag that is not defined.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// completeDir offers folders for the one DIR.
func completeDir(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// completeChoice offers the choices that are made for the folder.
func completeChoice(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 1 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ctx := cmd.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	p, err := planOf(ctx, dirOf(args), wishes{})
	if err != nil {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	return keysOf(p), cobra.ShellCompDirectiveDefault
}

// completeSet offers the keys, and after one the values that it can have.
func completeSet(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	key, _, hasValue := strings.Cut(typed, "=")
	var out []string
	if !hasValue {
		for _, k := range settings.Keys() {
			out = append(out, k+"=")
		}
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	var values []string
	switch key {
	case "runtime":
		values = names(plan.Runtimes())
	case "language":
		for _, l := range profiles.Languages() {
			values = append(values, l.Name)
		}
	case "profile":
		values = profileNames()
	case "syntax", "debug":
		values = []string{"true", "false"}
	case "healthcheck", "reloader":
		values = []string{"none"}
	}
	for _, v := range values {
		out = append(out, key+"="+v)
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// profileNames are the profiles' names with what the shell shows beside them.
func profileNames() []string {
	all, err := profiles.Builtin()
	if err != nil {
		return nil
	}
	var out []string
	for _, p := range all {
		out = append(out, p.Name+"\t"+p.Description)
	}
	return out
}

// enumFlag is a flag that takes one of a few values.
type enumFlag[T ~string] struct {
	to     *T
	values []T
}

func enum[T ~string](to *T, values ...T) *enumFlag[T] { return &enumFlag[T]{to, values} }

func (f *enumFlag[T]) String() string { return string(*f.to) }

// Type is what the help shows in the value's place.
func (f *enumFlag[T]) Type() string { return strings.Join(names(f.values), "|") }

func (f *enumFlag[T]) Set(s string) error {
	for _, v := range f.values {
		if string(v) == s {
			*f.to = v
			return nil
		}
	}
	return usagef("want one of %s", strings.Join(names(f.values), ", "))
}

func names[T ~string](values []T) []string {
	var out []string
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}
