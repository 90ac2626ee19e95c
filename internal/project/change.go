package project

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// Change is all that a run would write, and why.
type Change struct {
	*Result
	Edits     []Edit // of the generated files; the lock's is the last
	Conflicts []Conflict
	Reasons   []Reason // of Update: the choices that moved
	Why       string   // of Update, in words, if no choice moved
	InTheWay  []string // of Init without force: files that dockgen did not write, which Write refuses to replace

	targets  []*target // the conflicts to settle
	targeted []string  // those that there were, as FILE:LINE
}

// Edit is what would become of one file.
type Edit struct {
	Path   string // slash-separated, within the opened folder
	Old    []byte
	Exists bool
	New    []byte
	Backup string // the name under which Old is kept; "" for none
	// Local says that the file is of this machine alone: it is no reason for check, and its text is not shown.
	Local bool
	// Settled says that the lock only forgets conflicts that the user has settled, which is no reason for check either.
	Settled bool
	Mode    fs.FileMode // 0 for that of any file
}

// Conflict is a place where the user and dockgen changed the same lines, in this run or in one before, or an image of the user's that the repository
// or another stage speaks against. The file has them as the user wants them; the conflict is there until it is settled.
type Conflict struct {
	Path string
	merge.Conflict
	Pos  fact.Pos // of the line of the repository that speaks against it, zero for none
	Hint string   // what to do, "" for what to do about any
}

// Reason says which choice moved since the last run, and by which line of the
// repository.
type Reason struct {
	Dir           string // of the app
	Key           string
	Before, After string // "" if it was, or is, not made
	Rule          string
	Pos           *fact.Pos
	// BeforeUntil and AfterUntil are the last days of their support, of releases of an image that have one.
	BeforeUntil, AfterUntil string
}

// Changes reports whether the file would be written.
func (e Edit) Changes() bool { return !e.Exists || string(e.Old) != string(e.New) }

// Diff is the unified diff of the edit, "" for none.
func (e Edit) Diff() string {
	if e.Local {
		return ""
	}
	from, to := "a/"+e.Path, "b/"+e.Path
	if !e.Exists {
		from = "/dev/null"
	}
	return udiff.Unified(from, to, string(e.Old), string(e.New))
}

// Moved reports whether any file would be written.
func (c *Change) Moved() bool {
	return len(c.Shown()) > 0
}

// Keeps reports whether a file, by its path, is among the edits, be it changed or not.
func (c *Change) Keeps(name string) bool {
	return slices.ContainsFunc(c.Edits, func(e Edit) bool { return e.Path == name })
}

func (r Reason) String() string {
	at := ""
	if r.Pos != nil {
		at = r.Pos.String() + ": "
	}
	switch {
	case r.Rule == "":
		return fmt.Sprintf("%s is no longer chosen; it was %s", r.Key, r.Before)
	case r.Before == "":
		return fmt.Sprintf("%s%s is now %s (%s)", at, r.Key, r.After, r.Rule)
	case r.Before == r.After:
		return fmt.Sprintf("%s%s is still %s, for another reason (%s)", at, r.Key, r.After, r.Rule)
	}
	return fmt.Sprintf("%s%s is now %s, was %s (%s)", at, r.Key, supported(r.After, r.AfterUntil), supported(r.Before, r.BeforeUntil), r.Rule)
}

// supported is a release with the last day of its support, if that is known.
func supported(value, until string) string {
	if until == "" {
		return value
	}
	return value + " (in support until " + until + ")"
}

// ExistsError says that files in the way are not dockgen's.
type ExistsError struct{ Files []string }

func (e *ExistsError) Error() string {
	if len(e.Files) == 1 {
		return some(e.Files) + " already exists and was not written by dockgen"
	}
	return some(e.Files) + " already exist and were not written by dockgen"
}

// some names the first few of several.
func some(names []string) string {
	if n := len(names) - maxShown; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:maxShown], ", "), n)
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " and " + names[last]
	}
	return names[0]
}

// maxShown is how many of several names are told.
const maxShown = 3

// Init is what to write in a folder that dockgen has not written in. With
// force it starts over, and keeps what it replaces under another name.
func (f *Folder) Init(ctx context.Context, req Request, force bool) (*Change, error) {
	// It starts over, but for what the user's own Dockerfiles said before dockgen's took their place.
	old, fresh := &lock.File{Version: lock.Version}, &lock.File{Version: lock.Version, Apps: map[string]lock.App{}}
	switch l, err := f.Lock(); {
	case err != nil && !force:
		return nil, err
	case err == nil && l != nil:
		old = l
		if !force && req.App == "" {
			if err := f.unwritten(l, slices.Sorted(maps.Keys(l.Apps))...); err != nil {
				return nil, err
			}
		}
	}
	for dir, app := range old.Apps {
		fresh.Apps[dir] = lock.App{Replaced: app.Replaced}
	}
	req.leaving = !force && req.App == ""
	made, err := f.generate(ctx, req, fresh)
	if err != nil {
		return nil, err
	}
	if err := made.share(req, nil); err != nil {
		return nil, err
	}
	made.chosen = req.App != "" && (made.several || old.Chosen) && (old.Chosen || !wrote(old))
	c := &Change{Result: made}
	for _, app := range made.all() {
		if !force && req.App != "" {
			if err := f.unwritten(old, app.Plan.Folder()); err != nil {
				return nil, err
			}
		}
		if app != made.shared {
			if err := f.placeIgnore(app.repo, app, lock.App{}, force); err != nil {
				return nil, err
			}
		}
		for _, file := range slices.Clone(app.Files) {
			e := Edit{Path: app.path(file.Name), New: file.Data}
			if e.Old, err = f.replaceable(e.Path); err != nil {
				return nil, err
			}
			e.Exists = e.Old != nil
			if e.Exists && e.Changes() {
				if file.Name == templates.Bake && !force || strings.HasPrefix(file.Name, "compose.") && (!force || old.Apps[root].Files[file.Name] == nil) {
					made.leave(file.Name)
					continue
				}
				if !force {
					c.InTheWay = append(c.InTheWay, e.Path)
				}
				if e.Backup, err = f.backup(e.Path, e.Old); err != nil {
					return nil, err
				}
			}
			c.Edits = append(c.Edits, e)
		}
	}
	made.saidOnce()
	if c.Edits, err = f.withSecrets(c); err != nil {
		return nil, err
	}
	return c, f.relock(c, nil, old, req)
}

// unwritten refuses to start over if an update is what the user wants.
func (f *Folder) unwritten(l *lock.File, dirs ...string) error {
	for _, dir := range dirs {
		if name := path.Join(dir, templates.Dockerfile); l.Apps[dir].Files[templates.Dockerfile] != nil && f.exists(name) {
			return fact.Errorf(fact.Pos{}, "dockgen already wrote %s: %s lists it", name, lock.Name).
				WithHint("dockgen update keeps your edits; dockgen init --force starts over")
		}
	}
	return nil
}

// Update generates again, with what the lock remembers, and combines the
// result with the user's edits.
func (f *Folder) Update(ctx context.Context, req Request) (*Change, error) {
	l, err := f.Lock()
	if err != nil {
		return nil, err
	}
	if l == nil || !wrote(l) {
		return nil, f.neverWritten()
	}
	if l, err = f.moved(ctx, l); err != nil {
		return nil, err
	}
	req.leaving = req.App == ""
	made, err := f.generate(ctx, req, l)
	if err != nil {
		return nil, err
	}
	if err := made.share(req, l); err != nil {
		return nil, err
	}
	made.chosen = l.Chosen
	c := &Change{Result: made, targets: targetsOf(req)}
	for _, app := range made.all() {
		old := l.Apps[app.Plan.Folder()]
		if app != made.shared {
			if err := f.placeIgnore(app.repo, app, old, false); err != nil {
				return nil, err
			}
		}
		for _, file := range slices.Clone(app.Files) {
			if err := f.combine(c, app, old, file); err != nil {
				return nil, err
			}
		}
	}
	if err := c.unsettled(); err != nil {
		return nil, err
	}
	f.gone(c, l, req)
	f.unasked(c, l, req)
	if c.Edits, err = f.withSecrets(c); err != nil {
		return nil, err
	}
	if err := f.relock(c, l, l, req); err != nil {
		return nil, err
	}
	made.saidOnce()
	know, err := knowledge.Load()
	if err != nil {
		return nil, err
	}
	c.explain(l, req.Release, know)
	return c, nil
}

// gone says of which apps dockgen's files stay although the app is no longer there.
func (f *Folder) gone(c *Change, l *lock.File, req Request) {
	for _, dir := range slices.Sorted(maps.Keys(l.Apps)) {
		name := path.Join(dir, templates.Dockerfile)
		if req.App != "" || c.has(dir) || l.Apps[dir].Files[templates.Dockerfile] == nil || !f.exists(name) {
			continue
		}
		why := "its app is no longer there"
		for _, a := range c.Apps {
			if slices.Contains(a.Plan.Holds, dir) {
				why = "the image of " + plan.Printable(a.Plan.Name, 60) + " holds this front end"
			}
		}
		c.Apps[0].note(fact.At(name, 0), why+"; the file stays, and dockgen no longer keeps it", "")
	}
}

// unasked says that compose.yaml stays although nobody asks for it any more.
func (f *Folder) unasked(c *Change, l *lock.File, req Request) {
	asked := slices.ContainsFunc(c.Apps, func(a *App) bool { return a.compose })
	if asked || req.App != "" || l.Apps[root].Files[templates.Compose] == nil || !f.exists(templates.Compose) {
		return
	}
	c.Apps[0].note(fact.At(templates.Compose, 0), "is no longer asked for; it stays, and dockgen no longer keeps it", "")
}

// withSecrets are the edits with those of the files that hold passwords.
func (f *Folder) withSecrets(c *Change) ([]Edit, error) {
	if !c.Keeps(templates.Compose) { // the user's own, or deleted
		return c.Edits, nil
	}
	local, err := f.secretEdits(c.Result)
	return append(c.Edits, local...), err
}

// has reports whether the folder is that of an app of the result, or of one that was refused.
func (r *Result) has(dir string) bool {
	return slices.ContainsFunc(r.Apps, func(a *App) bool { return a.Plan.Folder() == dir }) || slices.Contains(r.lost, dir) ||
		slices.ContainsFunc(r.Refused, func(x Refused) bool { return x.Dir == dir })
}

// leaveKept takes out of several apps those whose Dockerfile is the user's own, which keep it, and those whose Dockerfile the user
// deleted, unless that is all of them.
func (f *Folder) leaveKept(r *Result, l *lock.File) error {
	if len(r.Apps) < 2 {
		return nil
	}
	var own, lost []string
	var rest []*App
	for _, app := range r.Apps {
		name := app.path(templates.Dockerfile)
		_, known := l.Apps[app.Plan.Folder()].Files[templates.Dockerfile]
		text, err := f.replaceable(name)
		switch {
		case err != nil:
			return err
		case known && text == nil:
			lost = append(lost, app.Plan.Folder())
		case !known && text != nil && string(text) != string(app.file(templates.Dockerfile).Data):
			own = append(own, name)
		default:
			rest = append(rest, app)
		}
	}
	if len(rest) == 0 {
		return nil
	}
	r.Apps, r.lost = rest, lost
	if len(own) > 0 {
		says := " is yours and stays as it is: its app gets no files"
		if len(own) > 1 {
			says = " are yours and stay as they are: their apps get no files"
		}
		rest[0].note(fact.Pos{}, plan.Printable(some(own), 200)+says, "dockgen init --force --app "+plan.ShellQuote(plan.Printable(path.Dir(own[0]), 60))+" writes them, and keeps yours as Dockerfile.bak")
	}
	for _, dir := range lost[:min(len(lost), maxNamed)] {
		rest[0].note(fact.At(path.Join(dir, templates.Dockerfile), 0), "is gone, and its app is left alone", "dockgen init --app "+plan.ShellQuote(plan.Printable(dir, 60))+" writes it again")
	}
	return nil
}

// wrote reports whether any app's Dockerfile is dockgen's.
func wrote(l *lock.File) bool {
	for _, app := range l.Apps {
		if app.Files[templates.Dockerfile] != nil {
			return true
		}
	}
	return false
}

// neverWritten says what to do if no lock tells the user's lines from
// dockgen's own.
func (f *Folder) neverWritten() error {
	if !f.exists(templates.Dockerfile) {
		return fact.Errorf(fact.Pos{}, "dockgen has not written a Dockerfile here").WithHint("dockgen init writes one")
	}
	return fact.Errorf(fact.Pos{}, "%s is missing, which tells your edits of %s from dockgen's own lines", lock.Name, templates.Dockerfile).
		WithHint("restore it from version control, or start over: dockgen init --force keeps your file as %s.bak", templates.Dockerfile)
}

// combine merges one generated file with what the user made of the last one.
func (f *Folder) combine(c *Change, app *App, old lock.App, file templates.File) error {
	name := app.path(file.Name)
	base, known := old.Files[file.Name]
	text, err := f.replaceable(name)
	if err != nil {
		return err
	}
	switch {
	case text == nil && known && file.Name == templates.Dockerfile:
		return fact.Errorf(fact.Pos{}, "%s is gone", name).WithHint("dockgen init%s writes it again", app.only())
	case text == nil && known:
		app.note(fact.At(name, 0), "you deleted it, and it stays deleted", "dockgen init --force writes it again")
	case text == nil:
		c.Edits = append(c.Edits, Edit{Path: name, New: file.Data})
	case !known && string(text) != string(file.Data):
		app.drop(file.Name)
		app.note(fact.At(name, 0), "is yours and stays as it is; dockgen would write another", "")
	default:
		merged, err := merge.Merge(kind(file.Name), base, text, file.Data)
		if err != nil {
			return err
		}
		open, err := c.settle(kind(file.Name), name, old.Conflicts[file.Name], &merged, file.Data)
		if err != nil {
			return err
		}
		c.Edits = append(c.Edits, Edit{Path: name, Old: text, Exists: true, New: merged.Text})
		if app.bases == nil {
			app.bases, app.open = map[string]merge.Base{}, map[string][]merge.Open{}
		}
		app.bases[file.Name] = merged.Base
		for _, m := range open {
			c.Conflicts = append(c.Conflicts, Conflict{Path: name, Conflict: m})
			app.open[file.Name] = append(app.open[file.Name], m.Open())
		}
		if file.Name == templates.Dockerfile {
			return c.misfits(app, name, merged.Text, file.Data)
		}
	}
	return nil
}

// only is the flag that means this app among others, "" for that of the opened folder.
func (a *App) only() string {
	if a.Plan.Folder() == root {
		return ""
	}
	return " --app " + plan.ShellQuote(plan.Printable(a.Plan.Folder(), 100))
}

func kind(name string) merge.Kind {
	switch name {
	case templates.Dockerfile:
		return merge.Dockerfile
	case templates.Bake:
		return merge.Bake
	case templates.Compose, templates.ComposeDev:
		return merge.Compose
	}
	return merge.Ignore
}

// relock adds the edit of the lock. The release that wrote it, and the version
// of its schema, are no reasons to write it again. What kept says of apps that this run is not about stays.
func (f *Folder) relock(c *Change, old, kept *lock.File, req Request) error {
	next, err := c.lock(req.Release)
	if err != nil {
		return err
	}
	next.Chosen = c.chosen
	for dir := range apps(kept) {
		refused := slices.Contains(c.lost, dir) || slices.ContainsFunc(c.Refused, func(x Refused) bool { return x.Dir == dir })
		if refused || req.App != "" && !c.has(dir) {
			next.Apps[dir] = kept.Apps[dir]
		}
	}
	if is, ok := next.Apps[root]; ok && req.App != "" { // the files that are for all apps are not this run's
		for name, base := range apps(kept)[root].Files {
			if _, ok := is.Files[name]; !ok && slices.Contains(common, name) {
				is.Files[name] = base
				if open := kept.Apps[root].Conflicts[name]; open != nil {
					is.Conflicts[name] = open
				}
			}
		}
	}
	text, err := f.replaceable(lock.Name)
	if err != nil {
		return err
	}
	e := Edit{Path: lock.Name, Old: text, Exists: text != nil, New: text}
	same := old != nil && equal(old, next)
	if open, is := conflictsOf(old), conflictsOf(next); !same || !maps.EqualFunc(open, is, slices.Equal[[]merge.Open]) {
		e.Settled = same && len(req.Ours) == 0 && fewer(open, is)
		if e.New, err = next.Marshal(); err != nil {
			return err
		}
	}
	c.Edits = append(c.Edits, e)
	return nil
}

// conflictsOf are the open conflicts that a lock has, by app and file.
func conflictsOf(l *lock.File) map[[2]string][]merge.Open {
	out := map[[2]string][]merge.Open{}
	for dir, app := range apps(l) {
		for file, open := range app.Conflicts {
			out[[2]string{dir, file}] = open
		}
	}
	return out
}

// fewer reports whether conflicts only went.
func fewer(was, is map[[2]string][]merge.Open) bool {
	for at, open := range is {
		for _, o := range open {
			if !slices.Contains(was[at], o) {
				return false
			}
		}
	}
	return true
}

// common are the files that are for all apps.
var common = []string{templates.Bake, templates.Compose, templates.ComposeDev} //nolint:gochecknoglobals // a constant table

// apps are those that a lock has, which may be nil.
func apps(l *lock.File) map[string]lock.App {
	if l == nil {
		return nil
	}
	return l.Apps
}

// equal reports whether two locks remember the same. One of version 1 has the
// evidence in words of its release and does not know what dockgen.yaml had, so
// that these do not count.
func equal(old, next *lock.File) bool {
	first := old.Version == 1
	return old.Chosen == next.Chosen && maps.EqualFunc(old.Apps, next.Apps, func(was, is lock.App) bool {
		return text(was.Settings) == text(is.Settings) && (first || text(was.Overridden) == text(is.Overridden)) &&
			maps.EqualFunc(was.Choices, is.Choices, func(a, b record.Locked) bool { return a == b || first && a.Value == b.Value }) &&
			maps.EqualFunc(was.Files, is.Files, slices.Equal[merge.Base]) && was.Replaced == is.Replaced
	})
}

// lock is what to remember of the result.
func (r *Result) lock(release string) (*lock.File, error) {
	l := &lock.File{Dockgen: release, Apps: map[string]lock.App{}}
	for _, app := range r.all() {
		out := lock.App{Settings: app.flags, Overridden: app.overridden, Choices: profiles.LockedChoices(app.Plan), Files: map[string]merge.Base{}, Conflicts: map[string][]merge.Open{}}
		maps.Copy(out.Conflicts, app.open)
		if app != r.shared {
			out.Replaced = replaced(app.repo, app.Plan.Folder())
		}
		for _, file := range app.Files {
			if base, ok := app.bases[file.Name]; ok {
				out.Files[file.Name] = base
				continue
			}
			base, err := merge.Fingerprint(kind(file.Name), file.Data)
			if err != nil {
				return nil, err
			}
			out.Files[file.Name] = base
		}
		if app != r.shared || len(out.Files) > 0 {
			l.Apps[app.Plan.Folder()] = out
		}
	}
	return l, nil
}

// replaced is the user's own Dockerfile in the place of dockgen's, or what is kept of it, without secrets.
func replaced(repo *detect.Repo, dir string) string {
	own := buildfile.Of(repo.Tree, dir).Image()
	if own == nil || own.Name != path.Join(dir, templates.Dockerfile) && own.Name != path.Join(dir, detect.KeptAs) {
		return ""
	}
	text, err := repo.Tree.Read(own.Name)
	if err != nil || !lock.Holds(text) {
		return ""
	}
	redacted, _ := buildfile.Redacted(string(text))
	return redacted
}

// explain fills in why something changes: the choices that are not what the
// lock remembers.
func (c *Change) explain(l *lock.File, release string, know *knowledge.Base) {
	if !c.Moved() {
		return
	}
	otherFlags := false
	for _, app := range c.Apps {
		old := l.Apps[app.Plan.Folder()]
		otherFlags = otherFlags || text(old.Settings) != text(app.flags)
		gone := maps.Clone(old.Choices)
		for _, now := range app.Plan.Choices {
			was, ok := old.Choices[now.Key]
			delete(gone, now.Key)
			if !ok || was.Value != now.Value || was.Evidence != now.Evidence && l.Version > 1 {
				c.Reasons = append(c.Reasons, Reason{
					Dir: app.Plan.Folder(), Key: now.Key, Before: was.Value, After: now.Value, Rule: now.Rule, Pos: now.Pos,
					BeforeUntil: know.Until(now.Image, was.Value), AfterUntil: now.Until,
				})
			}
		}
		for _, key := range slices.Sorted(maps.Keys(gone)) {
			c.Reasons = append(c.Reasons, Reason{Dir: app.Plan.Folder(), Key: key, Before: gone[key].Value})
		}
	}
	switch {
	case len(c.Reasons) > 0:
	case len(c.targets) > 0:
		c.Why = "the conflicts are settled as --ours and --theirs say"
	case otherFlags:
		c.Why = "the flags differ from those that " + lock.Name + " remembers"
	case l.Dockgen != release:
		c.Why = fmt.Sprintf("dockgen %s wrote these files, and this is %s", l.Dockgen, release)
	default:
		c.Why = "no recorded choice changed; see the diff"
	}
}

// text is the settings without where they were set.
func text(s settings.Settings) string {
	var b strings.Builder
	if err := s.Write(&b); err != nil {
		return err.Error()
	}
	return b.String()
}

// Shown are the edits whose diff a person wants to see: the lock is hashes,
// and counts only if nothing else moves.
func (c *Change) Shown() []Edit {
	var out []Edit
	for _, e := range c.Edits {
		if e.Changes() && !e.Local && !e.Settled {
			out = append(out, e)
		}
	}
	if n := len(out); n > 1 && out[n-1].Path == lock.Name {
		out = out[:n-1]
	}
	return out
}
