package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dockgen/dockgen/internal/project"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
)

// requestOptions are the flags that ask for something, as dockgen.yaml does.
type requestOptions struct {
	profile, runtime *string // nil: not given; "": the remembered one is forgotten
	set              []string
	app              string
	compose          *bool // nil: not given
	upgrade          bool
}

// request is what the flags ask of the engine.
func (o requestOptions) request() (project.Request, error) {
	req := project.Request{Upgrade: o.upgrade, App: o.app, Release: release().Version}
	assign := func(key, assignment string) error {
		s, err := req.Flags.Set(assignment)
		if err != nil {
			return &usageError{err: err}
		}
		req.Flags = s
		req.Forget = slices.DeleteFunc(req.Forget, func(k string) bool { return k == key })
		if strings.HasSuffix(assignment, "=") {
			req.Forget = append(req.Forget, key)
		}
		return nil
	}
	for _, s := range o.set {
		key, _, _ := strings.Cut(s, "=")
		if err := assign(key, s); err != nil {
			return req, err
		}
	}
	if o.compose != nil {
		if err := assign("compose", "compose="+strconv.FormatBool(*o.compose)); err != nil {
			return req, err
		}
	}
	for key, value := range map[string]*string{"profile": o.profile, "runtime": o.runtime} {
		if value == nil {
			continue
		}
		s, err := settings.Flag(key, *value)
		if err != nil {
			return req, &usageError{err: err}
		}
		req.Flags = req.Flags.Without(key).Override(s)
		if *value == "" {
			req.Forget = append(req.Forget, key)
		}
	}
	if err := profiles.CheckLanguage(req.Flags); err != nil {
		return req, &usageError{err: err}
	}
	if name := req.Flags.Profile; name != "" && !project.IsProfileFile(name) {
		if _, err := profiles.FindProfile(name); err != nil {
			return req, &usageError{err: err}
		}
	}
	return req, nil
}

func (o *requestOptions) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Var(given(&o.profile, "NAME|FILE"), "profile", "`NAME|FILE` of a profile; dockgen profiles lists them; an empty value returns to the default")
	f.Var(given(&o.runtime, strings.Join(names(plan.Runtimes()), "|"), names(plan.Runtimes())...), "runtime", "kind of base image of prod; an empty value leaves the choice to dockgen")
	f.StringArrayVar(&o.set, "set", nil, "set one `KEY=VALUE` of dockgen.yaml; can be repeated; KEY= forgets the value given before")
	f.StringVar(&o.app, "app", "", "one of several apps, by the `NAME` or the path of its folder")
	f.Var(&boolFlag{&o.compose}, "compose", "write compose.yaml too: the apps, and the servers that they need")
	f.Lookup("compose").NoOptDefVal = "true"
	must(cmd.RegisterFlagCompletionFunc("app", completeApp))
	must(cmd.RegisterFlagCompletionFunc("runtime", cobra.FixedCompletions(names(plan.Runtimes()), cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("set", completeSet))
	must(cmd.RegisterFlagCompletionFunc("profile", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return profileNames(), cobra.ShellCompDirectiveDefault
	}))
}

// outputOptions are the flags that say in which form a result comes.
type outputOptions struct {
	dryRun, json bool
	prefix       string // the folder to put in front of the files of a diff, "" for none
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

// dirsOf are the folders that are given, or this one.
func dirsOf(args []string) []string {
	if len(args) == 0 {
		return []string{"."}
	}
	return args
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

// completeDirs offers folders.
func completeDirs(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// completeChoice offers the choices that are made for the folder.
func completeChoice(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 1 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	apps, err := appsOf(contextOf(cmd), dirOf(args))
	if err != nil {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	return keysOf(apps), cobra.ShellCompDirectiveDefault
}

// completeApp offers the folders of the apps.
func completeApp(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var out []string
	if apps, err := appsOf(contextOf(cmd), dirOf(args)); err == nil {
		for _, p := range apps {
			out = append(out, p.Folder())
		}
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

func contextOf(cmd *cobra.Command) context.Context {
	if ctx := cmd.Context(); ctx != nil {
		return ctx
	}
	return context.Background()
}

// completeSet offers the keys, and after one the values that it can have.
func completeSet(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	key, _, hasValue := strings.Cut(typed, "=")
	var out []string
	for _, d := range settings.Docs() {
		switch {
		case !hasValue:
			out = append(out, d.Key+"=\t"+d.Text)
		case d.Key == key && key == "profile":
			for _, p := range profileNames() {
				out = append(out, key+"="+p)
			}
		case d.Key == key:
			for _, v := range d.Values {
				out = append(out, key+"="+v)
			}
		}
	}
	if !hasValue {
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// completeConflict offers the conflicts that are open, by their files and lines.
func completeConflict(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	const directive = cobra.ShellCompDirectiveNoFileComp
	folder, err := openFolder(dirOf(args))
	if err != nil {
		return nil, directive
	}
	defer folder.Close()
	c, err := folder.Update(contextOf(cmd), project.Request{Release: release().Version})
	if err != nil {
		return nil, directive
	}
	var out []string
	for _, x := range c.Conflicts {
		out = append(out, x.Path+"\tall of the file", fmt.Sprintf("%s:%d\t%s", x.Path, x.Line, plan.Printable(x.Why, 100)))
	}
	slices.Sort(out)
	return slices.Compact(out), directive
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

// givenFlag is a flag whose value may be empty, unlike that of one that is not
// given.
type givenFlag struct {
	to     **string
	kind   string
	values []string // "" besides; nil: any
}

func given(to **string, kind string, values ...string) *givenFlag {
	return &givenFlag{to, kind, values}
}

func (f *givenFlag) String() string {
	if f.to == nil || *f.to == nil {
		return ""
	}
	return **f.to
}

// Type is what the help shows in the value's place.
func (f *givenFlag) Type() string { return f.kind }

func (f *givenFlag) Set(s string) error {
	if s != "" && f.values != nil && !slices.Contains(f.values, s) {
		return choices(s, f.values)
	}
	*f.to = &s
	return nil
}

// boolFlag is a switch that knows whether it was given.
type boolFlag struct{ to **bool }

func (f *boolFlag) String() string { return strconv.FormatBool(f.to != nil && *f.to != nil && **f.to) }

// Type is what the help shows in the value's place.
func (f *boolFlag) Type() string { return "bool" }

func (f *boolFlag) Set(s string) error {
	v, err := strconv.ParseBool(s)
	if err != nil {
		return usagef("want true or false")
	}
	*f.to = &v
	return nil
}

// openFolder opens the folder of a command line.
func openFolder(dir string) (*project.Folder, error) {
	f, err := project.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, noFolder(dir)
	}
	return f, err
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
	return choices(s, names(f.values))
}

func names[T ~string](values []T) []string {
	var out []string
	for _, v := range values {
		out = append(out, string(v))
	}
	return out
}
