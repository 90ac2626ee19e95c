package main

import (
	"cmp"
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/internal/project"
)

// updateOptions are those of update, and of check, which never writes.
type updateOptions struct {
	dirs []string
	requestOptions
	output outputOptions
	format formatMode // of update: text or JSON
	check  bool       // whether anything would change is the question
	age    age
	// The conflicts to settle, as FILE or FILE:LINE.
	ours, theirs []string
}

func newUpdate(u *ui) *cobra.Command {
	o := updateOptions{format: formatText}
	cmd := &cobra.Command{
		Use:   "update [DIR]...",
		Short: "Write the files again after a change, and keep your edits",
		Long: `Regenerate the files after the repository or dockgen changed, and merge your
edits into them. The flags that were given to init are remembered.

A conflict keeps your version and is listed until you settle it: edit the line,
or keep your side with --ours, or take dockgen's with --theirs.

Versions and other choices stay as dockgen.lock records them, until you run
update --upgrade or edit the line that they came from.

A folder without a dockgen.lock stands for all folders below it that have one.

Exit codes: 0 done, 1 failure, 2 usage, 3 a conflict is open, 4 nothing that
dockgen supports.`,
		Example: `  dockgen update
  dockgen update --theirs Dockerfile:46
  dockgen update --ours Dockerfile
  dockgen update --upgrade --dry-run`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dirs = dirsOf(args)
			if o.output.json {
				o.format = formatJSON
			}
			return runUpdate(cmd.Context(), u, o)
		},
		ValidArgsFunction: completeDirs,
	}
	o.flags(cmd)
	o.output.flags(cmd, true)
	cmd.Flags().StringArrayVar(&o.ours, "ours", nil, "settle the conflicts of a `FILE[:LINE]` by your side; can be repeated")
	cmd.Flags().StringArrayVar(&o.theirs, "theirs", nil, "settle the conflicts of a `FILE[:LINE]` by dockgen's side; can be repeated")
	must(cmd.RegisterFlagCompletionFunc("ours", completeConflict))
	must(cmd.RegisterFlagCompletionFunc("theirs", completeConflict))
	cmd.Flags().BoolVar(&o.upgrade, "upgrade", false, "take this release's choices instead of those in dockgen.lock")
	return cmd
}

// runUpdate updates or checks each of the folders that are meant, and reports each.
func runUpdate(ctx context.Context, u *ui, o updateOptions) error {
	req, err := o.request()
	if err != nil {
		return err
	}
	dirs, several, err := meant(ctx, o.dirs)
	if err != nil {
		return err
	}
	var results []result
	for _, dir := range dirs {
		if several && o.format == formatText {
			u.say("in", "%s", dir)
		}
		r := result{dir: dir}
		r.folder, r.change, r.err = updated(ctx, dir, req, o)
		if r.folder != nil {
			defer r.folder.Close()
		}
		if results = append(results, r); !several && r.change == nil {
			break
		}
		if o.format == formatText {
			if r.change == nil {
				u.fail(r.err)
				continue
			}
			shown := o.output
			if several {
				shown.prefix = r.folder.Dir() // the folder above, if that has the lock
			}
			if err := u.report(r.folder, r.change, shown, false); err != nil {
				return err
			}
		}
	}
	if err := u.results(results, several, o.format); err != nil {
		return err
	}
	return worst(results, several)
}

// result is what became of one folder.
type result struct {
	dir    string
	folder *project.Folder
	change *project.Change // nil for an error that kept it from being made
	err    error
}

// worst is the error of the results that counts most, with the exit code of which a script learns most.
func worst(results []result, several bool) error {
	rank := []int{exitDone: 0, exitDrift: 1, exitUnsupported: 2, exitUsage: 3, exitFailure: 4}
	var out error
	for _, r := range results {
		if rank[exitCode(r.err)] > rank[exitCode(out)] {
			out = r.err
		}
	}
	if out != nil && several {
		return &saidError{out}
	}
	return out
}

// saidError is an error that has been reported.
type saidError struct{ err error }

func (e *saidError) Error() string { return e.err.Error() }
func (e *saidError) Unwrap() error { return e.err }

// meant are the folders that a command line means: each as it is given, and for one that has no lock, and is no app of one above, those below it that have one.
func meant(ctx context.Context, given []string) (dirs []string, several bool, err error) {
	for _, dir := range given {
		if _, _, above := lockedAbove(dir); exists(filepath.Join(dir, lock.Name)) || above || !isFolder(dir) {
			dirs = append(dirs, dir)
			continue
		}
		folder, err := openFolder(dir)
		if err != nil {
			return nil, false, err
		}
		below, err := folder.Locked(ctx)
		_ = folder.Close()
		if err != nil {
			return nil, false, err
		}
		for _, d := range below {
			dirs = append(dirs, filepath.Join(dir, filepath.FromSlash(d)))
		}
		if len(below) == 0 {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	dirs = slices.Compact(dirs)
	return dirs, len(dirs) > 1 || len(given) > 1 || dirs[0] != given[0], nil
}

// updated writes what changed in one folder, unless it is a dry run. What
// cannot be combined with the user's edits is errDrift; to check, whatever would change is.
func updated(ctx context.Context, dir string, req project.Request, o updateOptions) (*project.Folder, *project.Change, error) {
	req.Ours, req.Theirs = o.ours, o.theirs
	if above, app, ok := lockedAbove(dir); ok && req.App == "" {
		dir, req.App = above, app
		req.Ours, req.Theirs = below(app, o.ours), below(app, o.theirs)
	}
	folder, err := openFolder(dir)
	if err != nil {
		return nil, nil, err
	}
	c, err := folder.Update(ctx, req)
	if err != nil {
		return folder, nil, err
	}
	if !o.output.dryRun {
		if err := folder.Write(c); err != nil {
			return folder, nil, err
		}
	}
	for _, app := range c.Apps {
		app.Notes = append(app.Notes, o.age.notes(app.Plan.Choices)...)
	}
	switch {
	case len(c.Conflicts) > 0, o.check && c.Moved():
		return folder, c, errDrift
	case len(c.Refused) > 0:
		return folder, c, errRefused
	}
	return folder, c, nil
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
