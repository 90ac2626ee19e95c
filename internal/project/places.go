package project

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/internal/parallel"
	"github.com/dockgen/dockgen/internal/similar"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// place is where an app is: its folder, and the part of it that is meant if it holds several.
type place struct {
	dir string // "" for the root of a repository that has none
	one record.Part
	// top says that the files lie in the root, which is the build context of an app of a folder below.
	top bool
}

// code is the folder of the app's code, and folder that of its files.
func (p place) code() string { return path.Join(cmp.Or(p.dir, root), p.one.Dir) }

func (p place) folder() string {
	if p.top {
		return root
	}
	return p.code()
}

// attempt is what became of one place: an app, or an error; neither before it was tried.
type attempt struct {
	at  place
	app *App
	err error
}

// run is what the places of one run are tried with.
type run struct {
	folder *Folder
	req    Request
	lock   *lock.File
	repo   *detect.Repo
	config settings.Settings // of the root
	bare   func() (*detect.Repo, error)
	// composed is what compose made, which the scan does not see.
	composed []string
	above    *attempt            // of the root, where that has an app of its own; nil before it was tried
	made     atomic.Int32        // how often an app was decided
	parts    map[string][]string // by the folder of which they are parts: the folders of all of its apps, whether they are meant or not

	ports    map[string]string // of servers, by their targets' names; nil before a site asks
	several  bool              // there are more apps than those that are meant
	unchosen []string          // the folders that may hold apps beside those that the user chose
}

// run scans the folder.
func (f *Folder) run(ctx context.Context, req Request, l *lock.File) (*run, error) {
	config, err := f.config(root)
	if err != nil {
		return nil, err
	}
	var replaced []detect.Replaced
	for _, dir := range slices.Sorted(maps.Keys(l.Apps)) {
		replaced = append(replaced, detect.Replaced{Dir: dir, Text: l.Apps[dir].Replaced})
	}
	composed := f.composed()
	files := f.without(composed)
	repo, err := detect.Scan(ctx, files, profiles.Languages(), replaced...)
	if err != nil {
		return nil, err
	}
	bare := sync.OnceValues(func() (*detect.Repo, error) { return detect.Scan(ctx, files, profiles.Languages()) })
	return &run{folder: f, req: req, lock: l, repo: repo, config: config, composed: composed, bare: bare, parts: map[string][]string{}}, nil
}

// apps tries the places that the run is about.
func (r *run) apps(ctx context.Context) ([]attempt, error) {
	idle := r.idle(ctx)
	all := r.repo.Folders()
	if len(all) == 0 { // the error says what was found
		return []attempt{r.try(ctx, place{})}, nil
	}
	var tried []attempt
	if one := r.req.chosen(all); len(one) == 1 {
		all = one
	} else {
		tried, all = r.aboveOthers(ctx, all)
	}
	all = r.chosenFolders(all)
	for _, dir := range all {
		tried = append(tried, attempt{at: place{dir: dir, top: dir == r.top()}})
	}
	r.tryRest(ctx, tried)
	parts := r.chosenPlaces(r.divide(ctx, tried))
	tried, err := r.req.meant(parts)
	if err != nil {
		return nil, r.whyNone(err)
	}
	if err := r.collection(tried); err != nil {
		return []attempt{{at: place{dir: root}, err: err}}, nil
	}
	r.several = len(r.repo.Folders()) > len(all) || len(parts) > len(tried)
	r.tryRest(ctx, tried)
	tried = withoutHeld(tried)
	r.passOn(ctx, tried)
	return sayIdle(r.toTop(ctx, r.withoutLesser(tried)), idle), nil
}

// passOn tells the sites whose web server passes paths on the ports of the servers beside them, whether these are meant or not.
func (r *run) passOn(ctx context.Context, tried []attempt) {
	passes := func(t attempt) bool {
		if t.app == nil || t.app.Plan.Language != "html" {
			return false
		}
		_, ok := t.app.choice("backend")
		return ok
	}
	if !slices.ContainsFunc(tried, passes) {
		return
	}
	ports := map[string]string{}
	for _, dir := range r.repo.Folders() {
		i := slices.IndexFunc(tried, func(t attempt) bool { return t.at.dir == dir && t.app != nil })
		t := attempt{}
		switch {
		case i >= 0:
			t = tried[i]
		case !ofLanguage(r.repo, dir, "html"):
			t = r.try(ctx, place{dir: dir})
		}
		if t.app != nil && t.app.Plan.Kind == plan.Server && len(t.app.Plan.Run.Ports) > 0 {
			ports[plan.TargetName(path.Base(dir))] = t.app.Plan.Run.Ports[0].String()
		}
	}
	r.ports = ports
	for i, t := range tried {
		if passes(t) {
			tried[i] = r.try(ctx, t.at)
		}
	}
}

// top is the folder of the app whose files the lock has in the root, "" for none but the root's own.
func (r *run) top() string {
	was := r.lock.Apps[root].Choices
	dir := was[profiles.FolderKey].Value
	if dir == "" || len(r.repo.In(dir)) > 0 {
		return dir
	}
	var renamed []string // the one app of its language that is new
	for _, d := range r.repo.Folders() {
		if d != root && !r.written(d) && ofLanguage(r.repo, d, was["language"].Value) {
			renamed = append(renamed, d)
		}
	}
	if len(renamed) == 1 {
		return renamed[0]
	}
	return dir
}

// withoutHeld drops the front ends that another app's image holds, the pages among them, and the folders of packages that one needs, unless they have more.
func withoutHeld(tried []attempt) []attempt {
	held, needed := map[string]bool{}, map[string]bool{}
	for _, t := range tried {
		if t.app == nil {
			continue
		}
		for _, dir := range t.app.Plan.Holds {
			held[dir] = held[dir] || dir != t.at.code()
		}
		for _, dir := range t.app.Plan.Needs {
			dir = path.Join(t.app.Plan.Dir, dir)
			needed[dir] = needed[dir] || dir != t.at.code()
		}
	}
	return slices.DeleteFunc(tried, func(t attempt) bool {
		none := record.IsNoApp(t.err) || t.app != nil && t.app.Plan.Kind == plan.Job
		if t.app != nil && t.app.Plan.Language == "html" && slices.ContainsFunc(tried, func(o attempt) bool { return o.at != t.at && o.app.takes(t.at.code()) }) {
			return true
		}
		return held[t.at.code()] || needed[t.at.code()] && none && t.at.one.Main == ""
	})
}

// takes reports whether an app's image has the files of a folder, or of one that it holds, by a line of its own.
func (a *App) takes(dir string) bool {
	if a == nil {
		return false
	}
	if slices.ContainsFunc(a.Plan.Holds, func(held string) bool { return tree.Within(held, dir) || tree.Within(dir, held) }) {
		return true
	}
	below, ok := tree.Below(dir, a.Plan.Dir)
	return ok && strings.Contains(string(a.file(templates.Dockerfile).Data), " "+below+"/")
}

// withoutLesser refuses what is no app where others serve. What the user asks for, what has its files already, and what the repository makes
// an image of, are apps.
func (r *run) withoutLesser(tried []attempt) []attempt {
	serves := func(t attempt) bool {
		return t.app != nil && t.app.Plan.Lesser == nil && (t.app.Plan.Kind == plan.Server || t.app.Plan.Kind == plan.Site)
	}
	if r.req.App != "" || !slices.ContainsFunc(tried, serves) {
		return tried
	}
	for i, t := range tried {
		if t.app != nil && t.app.Plan.Lesser != nil && !r.written(t.at.folder()) && !r.ownFolder(t.at.dir) {
			tried[i] = attempt{at: t.at, err: record.NoApp(t.app.Plan.Lesser)}
		}
	}
	return tried
}

// ofApps are the attempts that are of apps, also of those that are refused.
func ofApps(tried []attempt) []attempt {
	return slices.DeleteFunc(slices.Clone(tried), func(t attempt) bool { return record.IsNoApp(t.err) })
}

// toTop puts the files of the one app that a repository has below its root into the root, so that docker build . makes it. An app that the
// repository's own builds make from its folder stays there, unless a Dockerfile of the repository's own is in the root; and so does one whose
// files are there already.
func (r *run) toTop(ctx context.Context, tried []attempt) []attempt {
	apps := ofApps(tried)
	if len(apps) != 1 || apps[0].app == nil || r.req.App != "" {
		return tried
	}
	at := apps[0].at
	whole := buildfile.Of(r.repo.Tree, root).Image()
	if at.top || at.one.Main != "" || at.dir == root || r.written(at.folder()) || (whole == nil || !whole.Default) && r.ownFolder(at.dir) {
		return tried
	}
	at.top = true
	if t := r.try(ctx, at); t.err == nil {
		i := slices.IndexFunc(tried, func(t attempt) bool { return t.app == apps[0].app })
		tried[i] = t
	}
	return tried
}

// ownFolder reports whether the repository's own files build an image from a folder.
func (r *run) ownFolder(dir string) bool {
	for _, a := range r.repo.In(dir) {
		if a.Builds.Image() != nil || len(a.Builds.Contract(path.Base(dir), nil).Builds) > 0 {
			return true
		}
	}
	return false
}

// aboveOthers tries the root, where it has no app of its own but what a language found below it, and others have folders of theirs. It
// counts only where none of these is its app. What is left are the folders to try beside it.
func (r *run) aboveOthers(ctx context.Context, all []string) (above []attempt, rest []string) {
	rest = slices.DeleteFunc(slices.Clone(all), func(d string) bool { return d == root })
	if len(rest) == 0 || len(rest) == len(all) || r.repo.Own(root) {
		return nil, all
	}
	t := r.try(ctx, place{dir: root})
	if t.err != nil {
		language := r.repo.In(root)[0].Facts.Language()
		if slices.ContainsFunc(rest, func(d string) bool { return ofLanguage(r.repo, d, language) }) {
			return nil, rest
		}
		return []attempt{t}, rest
	}
	if replaced(r.repo, root) != "" { // the repository's own Dockerfile makes one image of it
		return []attempt{t}, nil
	}
	at := t.app.below(rest)
	rest = slices.DeleteFunc(slices.Clone(rest), func(d string) bool { return d != at && ofLanguage(r.repo, d, t.app.Plan.Language) })
	if at != "" && (!r.written(root) || r.top() == at) {
		return nil, rest
	}
	return []attempt{t}, slices.DeleteFunc(rest, func(d string) bool { return d == at })
}

// below is the folder that holds the program of an app of the root, "" for none.
func (a *App) below(folders []string) string {
	main, _ := a.choice("go.main")
	main.Value = strings.TrimPrefix(main.Value, "./")
	i := slices.IndexFunc(folders, func(d string) bool { return tree.Within(main.Value, d) })
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

// written reports whether the lock has a Dockerfile of dockgen's in that folder.
func (r *run) written(folder string) bool {
	return r.lock.Apps[folder].Files[templates.Dockerfile] != nil
}

// divide puts the several apps of a folder in its place: those among which nothing chooses, which are not tried yet, or those that have
// their files already. A folder that has a Dockerfile itself keeps it.
func (r *run) divide(ctx context.Context, tried []attempt) []attempt {
	var out []attempt
	for _, t := range tried {
		several := record.Among(t.err)
		switch {
		case t.at.dir == "" || t.at.top || r.written(t.at.dir):
			out = append(append(out, t), r.further(t)...)
		case len(several) > 0:
			for _, p := range several[:min(len(several), maxParts)] {
				out = append(out, attempt{at: place{dir: t.at.dir, one: p}})
				r.parts[t.at.dir] = append(r.parts[t.at.dir], p.Dir)
			}
		case t.app != nil && len(t.app.further) > 0:
			out = append(append(out, t), r.further(t)...)
		default:
			out = append(out, r.kept(ctx, t)...)
		}
	}
	return out
}

// further are the apps beside the one that was made, which are not tried yet.
func (r *run) further(t attempt) []attempt {
	if t.app == nil {
		return nil
	}
	var out []attempt
	for _, p := range t.app.further[:min(len(t.app.further), maxParts)] {
		out = append(out, attempt{at: place{dir: t.at.dir, one: p}})
		r.parts[t.at.dir] = append(r.parts[t.at.dir], p.Dir)
	}
	return out
}

// maxParts is how many parts of one folder are tried.
const maxParts = 500

// kept are the apps of a folder's parts that the lock has and that still are there, in the place of the folder's app: they stay where they
// are, also when there is one left. If the folder's app is refused, they are what is refused.
func (r *run) kept(ctx context.Context, whole attempt) []attempt {
	dir, folders := whole.at.dir, r.repo.Folders()
	var out []attempt
	var parts []string
	for _, at := range slices.Sorted(maps.Keys(r.lock.Apps)) {
		part, ok := tree.Below(at, dir)
		if ok && r.written(at) && !slices.Contains(folders, at) && r.repo.Tree.HasDir(at) && len(parts) < maxParts {
			parts = append(parts, part)
		}
	}
	try := func(part string) attempt { return r.try(ctx, place{dir: dir, one: record.Part{Main: part, Dir: part}}) }
	r.parts[dir] = slices.DeleteFunc(slices.Clone(parts), func(part string) bool { return record.IsNoApp(try(part).err) })
	for _, part := range parts {
		if t := try(part); t.err == nil || whole.err != nil {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return []attempt{whole}
	}
	return out
}

// try makes the app of one place.
func (r *run) try(ctx context.Context, at place) attempt {
	if r.above != nil && r.above.at == at {
		return *r.above
	}
	config, err := r.configOf(at)
	if err != nil {
		return attempt{at: at, err: &configError{err}}
	}
	app, err := r.make(at, config)
	return attempt{at, app, cmp.Or(err, ctx.Err())}
}

// tryRest tries the places that were not tried yet.
func (r *run) tryRest(ctx context.Context, tried []attempt) {
	parallel.Each(len(tried), func(i int) {
		if t := tried[i]; t.app == nil && t.err == nil {
			tried[i] = r.try(ctx, t.at)
		}
	})
}

// configError is a fault of a dockgen.yaml: the run's, and no app's alone.
type configError struct{ error }

func (e *configError) Unwrap() error { return e.error }

// configOf is what the dockgen.yaml of the root, of the app's folder and of its part say, the later before the earlier.
func (r *run) configOf(at place) (settings.Settings, error) {
	out, last := r.config, root
	for _, dir := range []string{cmp.Or(at.dir, root), at.folder()} {
		if dir == last {
			continue
		}
		beside, err := r.folder.config(dir)
		if err != nil {
			return settings.Settings{}, err
		}
		out, last = out.Override(beside), dir
	}
	return out, nil
}

// builtinProfile is the name of a profile of dockgen's own, which is decoded once for all apps.
type builtinProfile string

// profile is Folder.profile of one of the apps.
func (r *run) profile(asked settings.Settings) (*profiles.Profile, error) {
	byFlag := r.req.Flags.Profile != ""
	if !IsProfileFile(asked.Profile) {
		p, _ := r.repo.Tree.Once(builtinProfile(asked.Profile), func() any {
			p, _ := r.folder.profile(asked, byFlag) // what is wrong with the name is said to each, by its line
			return p
		}).(*profiles.Profile)
		if p != nil {
			return p, nil
		}
	}
	return r.folder.profile(asked, byFlag)
}

// make makes the files of one app.
func (r *run) make(at place, config settings.Settings) (*App, error) {
	f, req, l, repo := r.folder, r.req, r.lock, r.repo
	r.made.Add(1)
	old := l.Apps[at.folder()]
	if l.Version == 1 { // which does not say; nothing moves by reading it
		old.Overridden = config.Only(old.Settings)
	}
	remembered := old.Settings.Less(old.Overridden, config).Without(req.Forget...)
	flags := r.alsoCompose(remembered).Override(req.Flags)
	asked := config.Override(flags)
	profile, err := r.profile(asked)
	if err != nil {
		return nil, err
	}
	decide := profiles.Request{Name: r.name(at), Dir: at.dir, One: at.one, Beside: r.beside(at), Ports: r.ports, Profile: profile, Settings: asked, Locked: old.Choices}
	if at.top {
		decide.Context, decide.AtTop = root, true
	}
	if req.Upgrade {
		decide.Locked = nil
	}
	project, err := profiles.Decide(repo, decide)
	if err == nil && slices.Contains(repo.Kept, at.dir) && otherLanguage(project, old) { // the Dockerfile was another app's
		if repo, err = r.bare(); err != nil {
			return nil, err
		}
		decide.Locked = nil // what it said of that app stands in the choices, too
		project, err = profiles.Decide(repo, decide)
	}
	if err != nil {
		return nil, err
	}
	p := project.Apps[0]
	if slices.Contains(repo.Kept, p.Dir) {
		text, err := f.read(lock.Name)
		if err != nil {
			text = nil // a place without a line will do
		}
		inLock(p, lock.ReplacedAt(text, at.folder()))
	}
	app := &App{Plan: p, repo: repo, further: project.Beside, compose: asked.Compose != nil && *asked.Compose}
	if app.Files, err = templates.Render(p); err != nil {
		return nil, err
	}
	if err := app.hideOthers(r.parts[at.dir]); err != nil {
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

// name names the image of an app where nothing else does: its folder, or the repository's, which says more where that is called as a part
// of any repository and is the only one.
func (r *run) name(at place) string {
	whole, folder := filepath.Base(r.folder.path), at.folder()
	switch {
	case folder == root:
		return whole
	case at.one.Main == "" && len(r.repo.Folders()) == 1:
		return image.Name(path.Base(folder), whole)
	}
	return path.Base(folder)
}

// beside are the names of the targets of the other apps, as far as their folders say.
func (r *run) beside(at place) []string {
	var folders, out []string
	for _, part := range r.parts[at.dir] {
		folders = append(folders, path.Join(at.dir, part))
	}
	for _, folder := range append(folders, r.repo.Folders()...) {
		if folder != at.folder() && folder != at.dir && folder != root {
			out = append(out, plan.TargetName(path.Base(folder)))
		}
	}
	return out
}

// alsoCompose are an app's flags with the one for compose.yaml, which is for all apps: one that comes later is in it, too.
func (r *run) alsoCompose(flags settings.Settings) settings.Settings {
	asks := func(app lock.App) bool { return app.Settings.Compose != nil && *app.Settings.Compose }
	if flags.Compose != nil || r.config.Compose != nil || slices.Contains(r.req.Forget, "compose") || !slices.ContainsFunc(slices.Collect(maps.Values(r.lock.Apps)), asks) {
		return flags
	}
	return flags.Override(settings.Composed())
}

// otherLanguage reports whether the folder's app is of another language than the one that the lock remembers.
func otherLanguage(project *plan.Project, old lock.App) bool {
	was := old.Choices["language"].Value
	return was != "" && was != project.Apps[0].Language
}

// refusal reports whether an error is about one app, and not about the run.
func refusal(err error) bool {
	var config *configError
	if errors.As(err, &config) {
		return false
	}
	var unsupported *record.UnsupportedError
	var impossible *record.ImpossibleError
	var fault *fact.Error
	return errors.As(err, &unsupported) || errors.As(err, &impossible) || errors.As(err, &fault)
}

// name is the name of the app that is asked for, as a folder is written.
func (req Request) name() string { return path.Clean(filepath.ToSlash(req.App)) }

// chosen are those of the folders that are asked for: all, the one of that path, or those of that name.
func (req Request) chosen(folders []string) []string {
	switch {
	case req.App == "":
		return folders
	case slices.Contains(folders, req.name()):
		return []string{req.name()}
	}
	return slices.DeleteFunc(slices.Clone(folders), func(d string) bool { return path.Base(d) != req.name() })
}

// meant are those of the attempts that are asked for: all, or one.
func (req Request) meant(tried []attempt) ([]attempt, error) {
	if req.App == "" {
		return tried, nil
	}
	var all []string
	for _, t := range tried {
		all = append(all, t.at.code())
	}
	named := req.chosen(all)
	if len(named) != 1 {
		if len(named) > 1 {
			all = named
		}
		return nil, &NoAppError{name: plan.Printable(req.App, 60), all: plan.Printable(strings.Join(all, ", "), 200), names: slices.Concat(all, last(all)), several: len(named) > 1}
	}
	return slices.DeleteFunc(tried, func(t attempt) bool { return t.at.code() != named[0] }), nil
}

// last are the last elements of paths.
func last(paths []string) (out []string) {
	for _, p := range paths {
		out = append(out, path.Base(p))
	}
	return out
}

// whyNone has the error about a name that no app has say why, if it is that of a folder that holds none.
func (r *run) whyNone(err error) error {
	var e *NoAppError
	if !errors.As(err, &e) || e.several {
		return err
	}
	none, fault := profiles.NoApps(r.repo)
	if fault != nil {
		return fault
	}
	for _, n := range none {
		if n.Dir == r.req.name() || path.Base(n.Dir) == r.req.name() {
			e.none = n
		}
	}
	return e
}

// NoAppError says that no app, or more than one, has the name that a Request asks for.
type NoAppError struct {
	name, all string
	names     []string // of all, and their folders
	several   bool
	none      plan.None // of that name, with the reason; zero if no such folder is known
}

func (e *NoAppError) Error() string {
	if e.several {
		return "several apps are named " + e.name
	}
	if e.none.Why != "" {
		return "no app is named " + e.name + ": " + plan.Printable(e.none.String(), 300)
	}
	return "no app is named " + e.name
}

// Hint names those that there are.
func (e *NoAppError) Hint() string {
	if e.several {
		return "say which, by its folder: " + e.all
	}
	return similar.Hint(e.name, e.names) + "the apps are: " + e.all
}
