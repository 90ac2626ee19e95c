// Package project is the engine behind the commands: it opens the folder of a
// repository, makes the files that dockgen would write for each of its apps,
// combines them with what the user made of the last ones, and puts them in
// place.
//
//	folder, err := project.Open(dir)
//	change, err := folder.Update(ctx, project.Request{}) // or Init
//	if !change.Moved() { … }                             // check: it is in sync
//	err = folder.Write(change)                           // update
//
// Nothing is written but by Write. Everything is by app, which is a folder
// below the opened one: its files, its choices, and what dockgen.lock and a
// Request's flags say of it. The apps are those of detect.Repo's folders: that of
// the opened folder itself, or those below it, and of a folder that holds several
// each; bake.go writes the file that builds them all.
package project

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/backing"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// root is the app whose folder is the opened one. It always is the first.
const root = "."

// Request is what a run asks for, beside what the repository says. Its zero
// value asks for nothing.
type Request struct {
	// Flags are settings that count more than those of dockgen.yaml. The lock
	// remembers them: a later run repeats them, until it gives others or
	// dockgen.yaml has another value than it had.
	Flags settings.Settings
	// Forget are the keys whose flags the lock drops.
	Forget []string
	// Upgrade takes this release's choices in the place of the lock's.
	Upgrade bool
	// App is the folder or the name of the app that is meant, "" for all.
	App string
	// Ours and Theirs settle conflicts of an update, by the user's side and by dockgen's: FILE for all of a file, or FILE:LINE for one.
	Ours, Theirs []string
	// leaving says that apps which have a Dockerfile of their owner's, or whose Dockerfile is gone, are left out of several.
	leaving bool
	// Release names this dockgen in the lock and in reasons.
	Release string
}

// App is what was made for one app.
type App struct {
	Plan  *plan.App
	Files []templates.File // the Dockerfile first; names within Plan.Dir
	Notes []plan.Note      // on the user's own files; the others are the plan's

	repo       *detect.Repo
	beside     map[string]bool         // the places of the apps that share its context
	further    []plan.Part             // apps of its folder that get files of their own
	flags      settings.Settings       // to remember
	overridden settings.Settings       // what dockgen.yaml had for them
	compose    bool                    // compose.yaml is asked for
	bases      map[string]merge.Base   // what to remember of files that were merged
	open       map[string][]merge.Open // and of their conflicts
}

// Refused is an app that no files were made for.
type Refused struct {
	Dir string
	Err error // of profiles.Decide
}

// Result is what was made of a repository.
type Result struct {
	Apps    []*App          // never empty, by folder
	Refused []Refused       // apps beside them
	shared  *App            // the files of the opened folder that are for several apps; nil for none
	stack   *backing.Result // what compose.yaml has; nil for none
	none    []plan.None     // the folders that were tried and hold no app
	lost    []string        // the folders of apps whose Dockerfile the user deleted
	several bool            // there are apps beside those that the run was about
	chosen  bool            // to remember: the user chose among them
}

// all are the apps, and what stands for the files that they share.
func (r *Result) all() []*App {
	if r.shared == nil {
		return r.Apps
	}
	return append(slices.Clone(r.Apps), r.shared)
}

// Generate makes the files as Update would, with what the lock remembers, if
// there is one, but without the user's edits. Errors are those of
// profiles.Decide, and *fact.Error.
func (f *Folder) Generate(ctx context.Context, req Request) (*Result, error) {
	l, err := f.Lock()
	if err != nil {
		return nil, err
	}
	return f.generate(ctx, req, l)
}

// generate is scan → decide → render. l may be nil.
func (f *Folder) generate(ctx context.Context, req Request, l *lock.File) (*Result, error) {
	if l == nil {
		l = &lock.File{Version: lock.Version}
	}
	r, err := f.run(ctx, req, l)
	if err != nil {
		return nil, err
	}
	tried, err := r.apps(ctx)
	if err != nil {
		return nil, err
	}
	out, err := resultOf(tried)
	if err != nil {
		return nil, err
	}
	out.several = r.several
	if req.leaving {
		if err := f.leaveKept(out, l); err != nil {
			return nil, err
		}
	}
	out.sayUnchosen(r.unchosen)
	out.shareContext()
	out.tellApart()
	if err := out.compose(r); err != nil {
		return nil, err
	}
	out.sayNone()
	out.sayForeign(r.repo)
	out.saidOnce()
	return out, ctx.Err()
}

// resultOf sorts what was tried. The error is one that is not about an app alone, or why there is no app.
func resultOf(tried []attempt) (*Result, error) {
	out := &Result{}
	for _, t := range tried {
		switch {
		case t.err == nil:
			out.Apps = append(out.Apps, t.app)
		case !refusal(t.err):
			return nil, t.err
		default:
			out.Refused = append(out.Refused, Refused{t.at.folder(), t.err})
		}
	}
	if len(out.Apps) > 0 {
		return out, nil
	}
	why := out.Refused[0].Err
	if i := slices.IndexFunc(out.Refused, func(x Refused) bool { return !record.IsNoApp(x.Err) }); i >= 0 {
		why = out.Refused[i].Err
	}
	return nil, why
}

// shareContext tells the apps of one folder of one another.
func (r *Result) shareContext() {
	places := map[string]map[string]bool{}
	for _, app := range r.Apps {
		if places[app.Plan.Dir] == nil {
			places[app.Plan.Dir] = map[string]bool{}
		}
		places[app.Plan.Dir][app.Plan.Place] = true
		app.beside = places[app.Plan.Dir]
	}
}

// sayNone takes the folders that hold no app out of what was refused: a note of the first app says so.
func (r *Result) sayNone() {
	var dirs []string
	r.Refused = slices.DeleteFunc(r.Refused, func(x Refused) bool {
		none := record.IsNoApp(x.Err)
		if none {
			dirs = append(dirs, plan.Printable(x.Dir, 60))
			r.none = append(r.none, record.NoneOf(x.Dir, x.Err))
		}
		return none
	})
	if len(dirs) == 0 {
		return
	}
	hint := "dockgen explain " + dirs[0] + " says why"
	if len(dirs) > maxNamed {
		dirs = append(dirs[:maxNamed], "…")
	}
	first := r.Apps[0].Plan
	first.Notes = append(slices.Clip(first.Notes), plan.Note{Text: "no app that an image could be for: " + strings.Join(dirs, ", "), Hint: hint})
}

// maxNamed is how many folders a note names.
const maxNamed = 8

// saidOnce drops notes of the whole repository that an app before has.
func (r *Result) saidOnce() {
	said := map[plan.Note]bool{}
	before := func(n plan.Note) bool {
		was := said[n]
		said[n] = true
		return was
	}
	for _, app := range r.Apps {
		app.Plan.Notes = slices.DeleteFunc(app.Plan.Notes, before)
		app.Notes = slices.DeleteFunc(app.Notes, before)
	}
}

// inLock gives what was read of the Dockerfile that the lock keeps its place in the lock, which has it from the line on; 0 where that is not known.
func inLock(p *plan.App, line int) {
	place := func(pos *fact.Pos) {
		if pos == nil || pos.File != path.Join(p.Dir, detect.KeptAs) {
			return
		}
		at := 0
		if line > 0 {
			at = line + max(pos.Line, 1) - 1
		}
		*pos = fact.At(lock.Name, at)
	}
	for i := range p.Choices {
		place(p.Choices[i].Pos)
		for j := range p.Choices[i].Rejected {
			place(p.Choices[i].Rejected[j].Pos)
		}
	}
	for i := range p.Notes {
		place(&p.Notes[i].Pos)
	}
}

// outranked notes the flags that count no more, because dockgen.yaml was
// edited after they were given.
func (a *App) outranked(old, flags, config settings.Settings, forget []string) {
	for _, key := range settings.Keys() {
		if gone := old.Without(forget...).Pos(key); !gone.IsZero() && flags.Pos(key).IsZero() {
			a.note(config.Pos(key), key+" was edited after a flag had set it, so the flag in "+lock.Name+" no longer counts", "")
		}
	}
}

// hidden notes the keys of dockgen.yaml that a remembered flag overrides, if
// the lock does not say which of the two is the later one.
func (a *App) hidden(remembered, config settings.Settings) {
	for _, key := range settings.Keys() {
		if at := config.Pos(key); !at.IsZero() && !remembered.Pos(key).IsZero() {
			a.note(at, "the flag --set "+key+" in "+lock.Name+" overrides this line", "dockgen update --set "+key+"= forgets the flag")
		}
	}
}

// config is the dockgen.yaml of a folder, which need not exist.
func (f *Folder) config(dir string) (settings.Settings, error) {
	name := path.Join(dir, settings.File)
	text, err := f.read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return settings.Settings{}, nil
	}
	if err != nil {
		return settings.Settings{}, err
	}
	return settings.Parse(name, text)
}

// Lock reads dockgen.lock; without one it returns nil.
func (f *Folder) Lock() (*lock.File, error) {
	text, err := f.read(lock.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // no lock is no fault
	}
	if err != nil {
		return nil, err
	}
	return lock.Parse(lock.Name, text)
}

// profile finds the profile that the settings name. A file that a flag of this
// run names is read from wherever it is; one that dockgen.yaml or dockgen.lock
// names is the repository's word, and is read from the app's folder only.
func (f *Folder) profile(asked settings.Settings, byFlag bool) (*profiles.Profile, error) {
	name, pos := asked.Profile, asked.Pos("profile")
	if !IsProfileFile(name) {
		p, err := profiles.FindProfile(name)
		if fault := (*fact.Error)(nil); errors.As(err, &fault) && fault.Pos.IsZero() {
			fault.Pos = pos
		}
		if err != nil {
			return nil, err
		}
		return &p, nil
	}
	var text []byte
	var err error
	if !byFlag {
		text, err = f.read(besideOf(pos, filepath.ToSlash(name)))
	} else if text, err = os.ReadFile(name); err != nil {
		err = named(name, err)
	}
	if err != nil {
		fault := fact.Errorf(pos, "profile %w", err)
		if !byFlag {
			fault = fault.WithHint("a profile outside of the app's folder has to be given each time: --profile FILE")
		}
		return nil, fault
	}
	p, err := profiles.ParseProfile(name, text)
	if err != nil {
		return nil, err
	}
	return &p, nil
}

// besideOf is a path that stands at pos, as the root sees it: the dockgen.yaml of an app's folder means files below that one, a lock those
// below the root.
func besideOf(pos fact.Pos, name string) string {
	if path.Base(pos.File) != settings.File || path.IsAbs(name) {
		return name
	}
	return path.Join(path.Dir(pos.File), name)
}

// IsProfileFile reports whether a profile's name means a file.
func IsProfileFile(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// remember makes the flags fit for the lock: the path of a profile is relative
// to the app's folder there, for a lock names no folder of this machine.
func (f *Folder) remember(flags settings.Settings) settings.Settings {
	if !IsProfileFile(flags.Profile) || flags.Pos("profile").File == lock.Name {
		return flags
	}
	abs, err := filepath.Abs(flags.Profile)
	if err != nil {
		return flags
	}
	if rel, err := filepath.Rel(f.path, abs); err == nil {
		flags.Profile = filepath.ToSlash(rel)
	}
	return flags
}
