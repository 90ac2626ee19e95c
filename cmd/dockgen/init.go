package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dockgen/dockgen/internal/project"
	"github.com/dockgen/dockgen/profiles/plan"
)

type initOptions struct {
	dir string
	requestOptions
	output outputOptions
	force  bool
	file   *string // nil: not given; "-": standard output
}

func newInit(u *ui) *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a Dockerfile and a .dockerignore for each app in DIR",
		Long: `Write a Dockerfile and a .dockerignore for the app in DIR, and dockgen.lock,
which update needs. Files that dockgen did not write stay as they are.

If DIR is not an app itself and several folders below it are, each of them gets
its own files, and docker-bake.hcl builds them all; --app chooses one.

Exit codes: 0 done, 1 failure, 2 usage, 4 nothing detected, or nothing that
dockgen supports.`,
		Example: `  dockgen init
  dockgen init --runtime alpine --set port=9000 services/api
  dockgen init --dry-run
  dockgen init -o - | docker build -f - .`,
		Args: atMost(1, "one folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = dirOf(args)
			return runInit(cmd.Context(), u, o)
		},
		ValidArgsFunction: completeDir,
		Annotations:       map[string]string{helpKeys: ""},
	}
	o.flags(cmd)
	o.output.flags(cmd, true)
	cmd.Flags().VarP(given(&o.file, "FILE"), "output", "o", "write the Dockerfile alone, to a `FILE`, or to standard output if that is -")
	cmd.Flags().BoolVar(&o.force, "force", false, "overwrite existing files, and keep them as *.bak")
	return cmd
}

func runInit(ctx context.Context, u *ui, o initOptions) error {
	req, err := o.request()
	if err != nil {
		return err
	}
	folder, err := openFolder(o.dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	if o.file != nil {
		return u.dockerfile(ctx, folder, req, o)
	}
	c, err := folder.Init(ctx, req, o.force)
	if err != nil {
		return err
	}
	if len(c.InTheWay) > 0 {
		exists := &project.ExistsError{Files: c.InTheWay}
		hint := "dockgen init --force overwrites it, and keeps the old file as " + c.InTheWay[0] + ".bak"
		if len(c.InTheWay) > 1 {
			hint = "dockgen init --force overwrites them, and keeps the old ones, as " + c.InTheWay[0] + ".bak"
		}
		if !o.output.dryRun {
			return &hintError{exists, hint + "; --dry-run shows the difference"}
		}
		u.note(exists.Error(), hint)
	}
	if !o.output.dryRun {
		if err := folder.Write(c); err != nil {
			return err
		}
	}
	if err := u.report(folder, c, o.output, true); err != nil {
		return err
	}
	if len(c.Refused) > 0 {
		return errRefused
	}
	return nil
}

// dockerfile writes the Dockerfile that init would write, and nothing else.
func (u *ui) dockerfile(ctx context.Context, folder *project.Folder, req project.Request, o initOptions) error {
	switch {
	case o.output.json || o.output.dryRun:
		return usagef("--output writes the Dockerfile alone, and goes with neither --json nor --dry-run")
	case *o.file == "":
		return &usageError{err: errors.New("--output has no value"), hint: "write --output FILE, or --output - for standard output"}
	}
	c, err := folder.Init(ctx, req, true)
	if err != nil {
		return err
	}
	if len(c.Apps) > 1 {
		var dirs []string
		for _, app := range c.Apps {
			dirs = append(dirs, app.Plan.Folder())
		}
		return &usageError{err: fmt.Errorf("--output writes one Dockerfile, and there are %d apps", len(c.Apps)), hint: "say which with --app: " + plan.Printable(strings.Join(dirs, ", "), 300)}
	}
	app := c.Apps[0]
	u.apps(c.Apps)
	u.notes(together(slices.Concat(app.Plan.Notes, app.Notes)))
	text := app.Files[0].Data
	if *o.file == "-" {
		_, err := u.out.Write(text)
		return err
	}
	if old, err := os.ReadFile(*o.file); err == nil && !bytes.Equal(old, text) && !o.force {
		return &hintError{fmt.Errorf("%s already exists", plan.Printable(*o.file, 100)), "dockgen init --force --output overwrites it"}
	}
	if err := os.WriteFile(*o.file, text, 0o644); err != nil {
		return err
	}
	u.say("wrote", "%s", *o.file)
	return nil
}
