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
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
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
	// Release names this dockgen in the lock and in reasons.
	Release string
}

// App is what was made for one app.
type App struct {
	Plan  *plan.App
	Files []templates.File // the Dockerfile first; names within Plan.Dir
	Notes []plan.Note      // on the user's own files; the others are the plan's

	repo       *detect.Repo
	flags      settings.Settings     // to remember
	overridden settings.Settings     // what dockgen.yaml had for them
	bases      map[string]merge.Base // what to remember of files that were merged
}

// Refused is an app that no files were made for.
type Refused struct {
	Dir string
	Err error // of profiles.Decide
}

// Result is what was made of a repository.
type Result struct {
	Apps    []*App    // never empty, by folder
	Refused []Refused // apps beside them
	shared  *App      // the files of the opened folder that are for several apps; nil for none
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
	config, err := f.config(root)
	if err != nil {
		return nil, err
	}
	var kept []detect.Replaced
	for _, dir := range slices.Sorted(maps.Keys(l.Apps)) {
		kept = append(kept, detect.Replaced{Dir: dir, Text: l.Apps[dir].Replaced})
	}
	repo, err := detect.Scan(ctx, f.FS(), profiles.Languages(), kept...)
	if err != nil {
		return nil, err
	}
	folders, err := req.folders(repo)
	if err != nil {
		return nil, err
	}
	out := &Result{}
	several := len(folders) > 1
	for len(folders) > 0 {
		dir := folders[0]
		folders = folders[1:]
		own := config
		if dir != root && dir != "" {
			beside, err := f.config(dir)
			if err != nil {
				return nil, err
			}
			own = config.Override(beside)
		}
		app, err := f.app(ctx, req, l, repo, place{dir: dir}, own)
		places := []place{{dir: dir}}
		switch parts := record.Among(err); {
		case several && dir == root && !repo.Own(dir) && err == nil && replaced(repo, root) != "":
			folders = nil // the repository's own Dockerfile makes one image of it
		case several && dir == root && !repo.Own(dir) && err == nil: // one app below: in its own folder, if that is enough
			at := app.below(folders)
			folders = slices.DeleteFunc(folders, func(d string) bool { return d != at && ofLanguage(repo, d, app.Plan.Language) })
			if at != "" && l.Apps[root].Files[templates.Dockerfile] == nil {
				continue
			}
			folders = slices.DeleteFunc(folders, func(d string) bool { return d == at })
		case several && dir == root && !repo.Own(dir) && slices.ContainsFunc(folders, func(d string) bool { return ofLanguage(repo, d, repo.In(dir)[0].Facts.Language()) }):
			continue // each of these has its own folder
		case len(parts) > 0 && l.Apps[dir].Files[templates.Dockerfile] == nil:
			if places, err = among(req, dir, parts); err != nil {
				return nil, err
			}
			several = true
		case err == nil && !req.means(dir):
			return nil, req.unknown([]string{dir})
		}
		for _, at := range places {
			if at.one.Main != "" {
				app, err = f.app(ctx, req, l, repo, at, own)
			}
			switch {
			case err == nil:
				out.Apps = append(out.Apps, app)
			case !several || !refusal(err):
				return nil, err
			default:
				out.Refused = append(out.Refused, Refused{at.folder(), err})
			}
		}
	}
	if len(out.Apps) == 0 {
		return nil, out.Refused[0].Err
	}
	out.tellApart()
	out.sayNone()
	out.saidOnce()
	return out, ctx.Err()
}

// below is the folder that holds the program of an app of the root, "" for none.
func (a *App) below(folders []string) string {
	main, _ := a.choice("go.main")
	main.Value = strings.TrimPrefix(main.Value, "./")
	i := slices.IndexFunc(folders, func(d string) bool { return d == main.Value || strings.HasPrefix(main.Value, d+"/") })
	if i < 0 {
		return ""
	}
	return folders[i]
}

// ofLanguage reports whether a folder's apps are of one language.
func ofLanguage(repo *detect.Repo, dir, language string) bool {
	apps := repo.In(dir)
	return len(apps) > 0 && !slices.ContainsFunc(apps, func(a detect.App) bool { return a.Facts.Language() != language })
}

// sayNone takes the folders that hold no app out of what was refused: a note of the first app says so.
func (r *Result) sayNone() {
	var dirs []string
	r.Refused = slices.DeleteFunc(r.Refused, func(x Refused) bool {
		none := record.IsNoApp(x.Err)
		if none {
			dirs = append(dirs, plan.Printable(x.Dir, 60))
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

// place is where an app is: its folder, and the part of it that is meant if it holds several.
type place struct {
	dir string // "" for the root of a repository that has none
	one record.Part
}

func (p place) folder() string { return path.Join(cmp.Or(p.dir, root), p.one.Dir) }

// among are the places of the several apps of a folder, or of the one that is asked for.
func among(req Request, dir string, parts []record.Part) ([]place, error) {
	var out []place
	var all []string
	for _, p := range parts {
		at := place{dir, p}
		all = append(all, at.folder())
		if req.means(at.folder()) {
			out = append(out, at)
		}
	}
	if len(out) == 0 {
		return nil, req.unknown(all)
	}
	return out, nil
}

// folders are those of the apps that are asked for, or that of the folder which may hold the one that is asked for among several.
func (req Request) folders(repo *detect.Repo) ([]string, error) {
	all := repo.Folders()
	if len(all) == 0 {
		return []string{""}, nil // profiles.Decide says what it found
	}
	if req.App == "" {
		return all, nil
	}
	var named []string
	for _, dir := range all {
		if req.means(dir) {
			named = append(named, dir)
		}
	}
	if len(named) == 1 {
		return named, nil
	}
	for _, dir := range slices.Backward(all) {
		if repo.Own(dir) && (dir == root || strings.HasPrefix(req.app(), dir+"/")) {
			return []string{dir}, nil
		}
	}
	return nil, req.unknown(slices.DeleteFunc(all, func(d string) bool { return !repo.Own(d) }))
}

// app is the name of the app that is asked for, as a folder is written.
func (req Request) app() string { return path.Clean(filepath.ToSlash(req.App)) }

// means reports whether a folder is the one that is asked for.
func (req Request) means(folder string) bool {
	return req.App == "" || folder == req.app() || path.Base(folder) == req.app()
}

// unknown says that no app has that name.
func (req Request) unknown(all []string) error {
	return &NoAppError{plan.Printable(req.App, 60), plan.Printable(strings.Join(all, ", "), 200)}
}

// NoAppError says that no app has the name that a Request asks for.
type NoAppError struct{ name, all string }

func (e *NoAppError) Error() string { return "no app is named " + e.name }

// Hint names those that there are.
func (e *NoAppError) Hint() string { return "the apps are: " + e.all }

// refusal reports whether an error is about one app, and not about the run.
func refusal(err error) bool {
	var unsupported *record.UnsupportedError
	var impossible *record.ImpossibleError
	var fault *fact.Error
	return errors.As(err, &unsupported) || errors.As(err, &impossible) || errors.As(err, &fault)
}

// app makes the files of one app.
func (f *Folder) app(ctx context.Context, req Request, l *lock.File, repo *detect.Repo, at place, config settings.Settings) (*App, error) {
	old := l.Apps[at.folder()]
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
	decide := profiles.Request{Name: filepath.Base(f.path), Dir: at.dir, One: at.one, Profile: profile, Settings: asked, Locked: old.Choices}
	if req.Upgrade {
		decide.Locked = nil
	}
	project, err := profiles.Decide(repo, decide)
	if err == nil && slices.Contains(repo.Kept, at.dir) && otherLanguage(project, old) { // the Dockerfile was another app's
		if repo, err = detect.Scan(ctx, f.FS(), profiles.Languages()); err != nil {
			return nil, err
		}
		project, err = profiles.Decide(repo, decide)
	}
	if err != nil {
		return nil, err
	}
	p := project.Apps[0]
	if slices.Contains(repo.Kept, p.Dir) {
		inLock(p)
	}
	app := &App{Plan: p, repo: repo}
	if app.Files, err = templates.Render(p); err != nil {
		return nil, err
	}
	if err := app.verify(repo); err != nil {
		return nil, err
	}
	app.flags = f.remember(flags)
	app.overridden = old.Overridden.Only(remembered).Less(settings.Settings{}, req.Flags).Override(config.Only(req.Flags))
	app.outranked(old.Settings, flags, config, req.Forget)
	if l.Version == 1 {
		app.hidden(remembered, config)
	}
	return app, nil
}

// saidOnce drops notes of the whole repository that an app before has.
func (r *Result) saidOnce() {
	said := map[plan.Note]bool{}
	for _, app := range r.Apps {
		app.Plan.Notes = slices.DeleteFunc(app.Plan.Notes, func(n plan.Note) bool {
			before := said[n]
			said[n] = true
			return before
		})
	}
}

// otherLanguage reports whether the folder's app is of another language than the one that the lock remembers.
func otherLanguage(project *plan.Project, old lock.App) bool {
	was := old.Choices["language"].Value
	return was != "" && len(project.Apps) > 0 && slices.ContainsFunc(project.Apps[0].Choices, func(c plan.Choice) bool { return c.Key == "language" && c.Value != was })
}

// inLock gives what was read of the Dockerfile that the lock keeps its place, which is the lock.
func inLock(p *plan.App) {
	place := func(pos *fact.Pos) {
		if pos != nil && pos.File == path.Join(p.Dir, detect.KeptAs) {
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
