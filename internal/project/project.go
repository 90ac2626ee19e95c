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
// Request's flags say of it. The apps are those of profiles.Decide; today that
// is one, of the folder itself.
package project

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
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
	// Release names this dockgen in the lock and in reasons.
	Release string
}

// App is what was made for one app.
type App struct {
	Plan  *plan.App
	Files []templates.File // the Dockerfile first; names within Plan.Dir
	Notes []plan.Note      // on the user's own files; the others are the plan's

	flags      settings.Settings     // to remember
	overridden settings.Settings     // what dockgen.yaml had for them
	bases      map[string]merge.Base // what to remember of files that were merged
}

// Result is what was made of a repository.
type Result struct {
	Repo *detect.Repo
	Apps []*App // never empty; that of the folder itself is the first
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
	config, err := f.config()
	if err != nil {
		return nil, err
	}
	old := l.Apps[root]
	if l.Version == 1 { // which does not say; nothing moves by reading it
		old.Overridden = config.Only(old.Settings)
	}
	remembered := old.Settings.Less(old.Overridden, config).Without(req.Forget...)
	flags := remembered.Override(req.Flags)
	asked := config.Override(flags)
	profile, err := f.profile(asked, req.Flags.Profile != "")
	if err != nil {
		return nil, err
	}
	decide := profiles.Request{Name: filepath.Base(f.path), Profile: profile, Settings: asked, Locked: old.Choices}
	if req.Upgrade {
		decide.Locked = nil
	}
	repo, project, err := f.decide(ctx, decide, old.Replaced)
	if err == nil && repo.Kept && otherLanguage(project, old) { // the Dockerfile was another app's
		repo, project, err = f.decide(ctx, decide, "")
	}
	if err != nil {
		return nil, err
	}
	out := &Result{Repo: repo}
	for _, p := range project.Apps {
		app := &App{Plan: p}
		if repo.Kept {
			inLock(p)
		}
		if app.Files, err = templates.Render(p); err != nil {
			return nil, err
		}
		if err := app.verify(repo); err != nil {
			return nil, err
		}
		if p.Dir == root {
			app.flags = f.remember(flags)
			app.overridden = old.Overridden.Only(remembered).Less(settings.Settings{}, req.Flags).Override(config.Only(req.Flags))
			app.outranked(old.Settings, flags, config, req.Forget)
			if l.Version == 1 {
				app.hidden(remembered, config)
			}
		}
		out.Apps = append(out.Apps, app)
	}
	return out, ctx.Err()
}

// decide scans the folder, beside a Dockerfile that the lock keeps, and decides.
func (f *Folder) decide(ctx context.Context, req profiles.Request, replaced string) (*detect.Repo, *plan.Project, error) {
	repo, err := detect.Scan(ctx, f.FS(), profiles.Languages(), detect.Replaced(replaced))
	if err != nil {
		return nil, nil, err
	}
	project, err := profiles.Decide(repo, req)
	return repo, project, err
}

// otherLanguage reports whether the folder's app is of another language than the one that the lock remembers.
func otherLanguage(project *plan.Project, old lock.App) bool {
	was := old.Choices["language"].Value
	return was != "" && len(project.Apps) > 0 && slices.ContainsFunc(project.Apps[0].Choices, func(c plan.Choice) bool { return c.Key == "language" && c.Value != was })
}

// inLock gives what was read of the Dockerfile that the lock keeps its place, which is the lock.
func inLock(p *plan.App) {
	place := func(pos *fact.Pos) {
		if pos != nil && pos.File == detect.KeptAs {
			*pos = fact.At(lock.Name, 0)
		}
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

// config is dockgen.yaml, which need not exist.
func (f *Folder) config() (settings.Settings, error) {
	text, err := f.read(settings.File)
	if errors.Is(err, fs.ErrNotExist) {
		return settings.Settings{}, nil
	}
	if err != nil {
		return settings.Settings{}, err
	}
	return settings.Parse(settings.File, text)
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
		if err != nil {
			return nil, fact.Errorf(pos, "%w", err)
		}
		return &p, nil
	}
	var text []byte
	var err error
	if !byFlag {
		text, err = f.read(filepath.ToSlash(name))
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
