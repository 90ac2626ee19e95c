package main

import (
	"cmp"
	"context"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/internal/project"
)

// updateOptions are those of update, and of check, which never writes.
type updateOptions struct {
	dir string
	requestOptions
	output outputOptions
	check  bool // whether anything would change is the question
	age    age
	// The conflicts to settle, as FILE or FILE:LINE.
	ours, theirs []string
}

func newUpdate(u *ui) *cobra.Command {
	var o updateOptions
	cmd := &cobra.Command{
		Use:   "update [DIR]",
		Short: "Regenerate the files after the repository changed, and keep your edits",
		Long: `Regenerate the files after the repository or dockgen changed, and merge your
edits into them. A conflict keeps your version and is listed, and the exit code
is 3, until you settle it: edit the line, or keep your side of it with --ours,
or take dockgen's with --theirs. Flags given to init are remembered. Versions and other choices stay
as dockgen.lock records them until you run update --upgrade or edit the line
that they came from.`,
		Example: `  dockgen update
  dockgen update --theirs Dockerfile:46
  dockgen update --ours Dockerfile
  dockgen update --upgrade --dry-run`,
		Args: atMost(1, "one folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = dirOf(args)
			return runUpdate(cmd.Context(), u, o)
		},
		ValidArgsFunction: completeDir,
	}
	o.flags(cmd)
	o.output.flags(cmd, true)
	cmd.Flags().StringArrayVar(&o.ours, "ours", nil, "settle the conflicts of a `FILE[:LINE]` by your side; can be repeated")
	cmd.Flags().StringArrayVar(&o.theirs, "theirs", nil, "settle the conflicts of a `FILE[:LINE]` by dockgen's side; can be repeated")
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
	req.Ours, req.Theirs = o.ours, o.theirs
	if above, app, ok := lockedAbove(o.dir); ok && req.App == "" {
		o.dir, req.App = above, app
		req.Ours, req.Theirs = below(app, o.ours), below(app, o.theirs)
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
	for _, app := range c.Apps {
		app.Notes = append(app.Notes, o.age.notes(app.Plan.Choices)...)
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

// below are files of an app as the folder above it names them; those that it names already stay.
func below(app string, files []string) []string {
	var out []string
	for _, f := range files {
		if !strings.HasPrefix(f, app+"/") {
			f = path.Join(app, f)
		}
		out = append(out, f)
	}
	return out
}

// lockedAbove is the folder above whose dockgen.lock has the app of a folder that has no lock of its own, and the app's path there.
func lockedAbove(dir string) (above, app string, ok bool) {
	if exists(filepath.Join(dir, lock.Name)) || !isFolder(dir) {
		return "", "", false
	}
	full, err := filepath.Abs(dir)
	if err != nil {
		return "", "", false
	}
	for range maxAbove {
		up := filepath.Dir(full)
		if up == full {
			break
		}
		app, above, full = path.Join(filepath.Base(full), app), filepath.Join(cmp.Or(above, dir), ".."), up
		if exists(filepath.Join(full, lock.Name)) {
			return above, app, hasApp(full, app)
		}
	}
	return "", "", false
}

// maxAbove is how far above an app's folder a lock is looked for.
const maxAbove = 8

// hasApp reports whether the lock of a folder has files of an app.
func hasApp(dir, app string) bool {
	folder, err := project.Open(dir)
	if err != nil {
		return false
	}
	defer folder.Close()
	l, err := folder.Lock()
	return err == nil && l != nil && len(l.Apps[app].Files) > 0
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}
