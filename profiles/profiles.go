// Package profiles decides: facts, a profile and the user's settings become a
// plan, each choice with its reason and what lost. It reads no file and
// writes none.
//
// Decide is the way in. A language's decisions are in a folder of its own;
// what holds for all of them is here.
package profiles

import (
	"cmp"
	"errors"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/frontend"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

// Request is what the user wants of a decision. Its zero value takes the
// default profile and asks for nothing.
type Request struct {
	Name     string // of the app's folder; names the image where nothing else does
	Dir      string // the folder of the app that is meant; "" for the first of the repository's
	Profile  *Profile
	Settings settings.Settings
	// Context is the folder above Dir that is the build context, "" for Dir itself. AtTop puts the files there, and not in the app's folder.
	Context string
	AtTop   bool
	// One is the app that is meant of several that a refusal named.
	One record.Part
	// Beside are the names of the other apps.
	Beside []string
	// Ports are the ports of those that are servers, by name. A site passes paths on to them.
	Ports  map[string]string
	Locked map[string]record.Locked // what dockgen.lock remembers
}

// FolderKey is the choice of the folder of an app whose files lie above it.
const FolderKey = "folder"

// Nothing says that no folder of the repository is an app that dockgen can
// build. It leads to exit code 4.
type Nothing struct{ Repo *detect.Repo }

func (e *Nothing) Error() string {
	if why := e.unread(); why != "" {
		return why
	}
	var names []string
	for _, name := range manifests() {
		// One of Gradle's scripts stands for all.
		if name = strings.Replace(strings.TrimSuffix(name, ".kts"), "settings.gradle", "build.gradle", 1); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	last := len(names) - 1
	return "found no " + strings.Join(names[:last], ", ") + " or " + names[last] + " to start from"
}

// unread names the stack of the folder itself that dockgen does not read, "" for none.
func (e *Nothing) unread() string {
	if e.Repo == nil {
		return ""
	}
	file, stack := aside.Unread(e.Repo.Tree.Names("."), e.Repo.Tree.Dirs("."), true)
	if file == "" {
		return ""
	}
	return plan.Printable(file, 60) + ": " + stack + ", which dockgen does not read yet"
}

// Hint names the folders below that have a manifest, or what was not read.
func (e *Nothing) Hint() string {
	manifests := manifests()
	var dirs []string
	for _, f := range e.Repo.Tree.Files(".") {
		d := path.Dir(f)
		if slices.Contains(manifests, path.Base(f)) && !slices.Contains(dirs, d) && len(dirs) < 5 {
			dirs = append(dirs, d)
		}
	}
	if skipped := e.Repo.Tree.Skipped(); len(dirs) == 0 && len(skipped) > 0 {
		return skipped[0].Path + " was not read: " + skipped[0].Why + "; run dockgen init on the folder of one app"
	}
	if absent := e.Repo.Submodules; len(dirs) == 0 && len(absent) > 0 {
		return submoduleHint(absent[0].Value)
	}
	if len(dirs) == 0 {
		var read []string
		for _, l := range languages() {
			read = append(read, image.ImagesOf(l.Name).Language)
		}
		return "dockgen reads apps in " + image.Enumerate(read)
	}
	if e.unread() != "" {
		return "where a folder is an app by itself, run dockgen init on it: " + strings.Join(dirs, ", ")
	}
	return "run dockgen init on a folder that has one: " + strings.Join(dirs, ", ")
}

// Decide makes the plan of one app. Errors that the user can act
// on are *fact.Error (a file of theirs is at fault), *record.ImpossibleError
// (a runtime that cannot work), *record.UnsupportedError and *Nothing.
func Decide(repo *detect.Repo, req Request) (*plan.Project, error) {
	if req.Profile == nil {
		p, err := FindProfile(req.Settings.Profile)
		if err != nil {
			return nil, err
		}
		req.Profile = &p
	}
	know, err := knowledge.Load()
	if err != nil {
		return nil, err
	}
	s := req.Profile.preset.Override(req.Settings)
	if err := CheckLanguage(s); err != nil {
		return nil, err
	}
	dir := req.Dir
	if dir == "" {
		dir = "."
		if folders := repo.Folders(); len(folders) > 0 {
			dir = folders[0]
		}
	}
	file := ""
	if req.One.Main != "" {
		req.Name = path.Base(path.Join(dir, req.One.Dir))
		s.Main, file = req.One.Main, path.Join(req.One.Dir, "Dockerfile")
	}
	apps, err := candidates(repo, dir, s)
	if err != nil {
		return nil, err
	}
	if req.One.Language != "" {
		apps = slices.DeleteFunc(apps, func(a stack) bool { return a.Facts.Language() != req.One.Language })
		if len(apps) == 0 {
			return nil, record.NoApp(record.Refuse(fact.Pos{}, "", "no %s app found here", req.One.Language))
		}
	}
	// The first stack that can be built wins; one that is refused leaves the
	// folder to the next.
	var refused error
	var rejected []plan.Rejected
	folder := slices.DeleteFunc(slices.Clone(apps), stack.Below) // those of the folder itself
	for i, app := range apps {
		language := app.Facts.Language()
		l, err := find(language)
		if err != nil {
			return nil, err
		}
		rejected = append(rejected, others(apps[i+1:])...)
		rule, pos := languageRule(s, app, i, len(folder))
		beside := app.beside()
		try := func(context string) (*plan.App, *frontends, error) {
			log := &record.Log{
				Locked: req.Locked, Asked: s.Runtime, AskedAt: s.Pos("runtime"),
				Profile: req.Profile.Name, Preferred: req.Profile.Runtimes, Sites: req.Profile.Sites,
			}
			log.Choose(plan.Choice{Key: "language", Value: language, Rule: rule, Pos: record.At(pos), Rejected: rejected})
			in := record.Input{Log: log, Settings: s, Know: know, Tree: repo.Tree, Dir: app.Dir, Builds: app.Builds, Name: req.Name, File: file, Beside: req.Beside, Ports: req.Ports}
			if file != "" {
				in.Builds = in.Builds.For(req.One.Dir)
			}
			if above, ok := tree.Below(app.Dir, context); ok && file == "" {
				in.Above, in.AtTop, in.Nested = above, req.AtTop, len(beside) > 0
				if req.AtTop && context == "." {
					in.Builds = in.Builds.Top()
				}
			}
			out, fronts, err := decide(l, in, repo, app.App)
			if err == nil {
				err = l.unmet(s, log)
			}
			return out, fronts, err
		}
		out, fronts, err := try(cmp.Or(req.Context, enclosing(app.Dir, beside)))
		if context := fronts.context(); err == nil && context != "" {
			out, fronts, err = try(context)
		}
		if err == nil {
			rest, parts := otherStacks(fronts.in, apps[i+1:])
			sayOthers(rest, fronts.in.Log, fronts)
			parts = append(slices.Clone(fronts.in.Log.Others()), parts...)
			return &plan.Project{Apps: []*plan.App{finish(out, req, repo, app.App, fronts)}, Beside: parts}, nil
		}
		var unsupported *record.UnsupportedError
		if !errors.As(err, &unsupported) {
			return nil, err
		}
		for _, m := range repo.Submodules {
			if namesDir(unsupported.Why, m.Value) {
				unsupported.Hint = submoduleHint(m.Value)
			}
		}
		// What is only a part of a program does not stand in for it, nor what lies below a folder for the several apps that it has itself.
		several := len(unsupported.Among) > 0 && i+1 < len(apps) && apps[i+1].Below()
		if unsupported.Final || several || app.role >= program && i+1 < len(apps) && apps[i+1].role <= part && !apps[i+1].Below() {
			return nil, err
		}
		refused = cmp.Or(refused, err)
		rejected = []plan.Rejected{{Value: language, Why: unsupported.Error()}}
	}
	return nil, refused
}

// decide decides one app with the front ends that are built into it.
func decide(l language, in record.Input, repo *detect.Repo, app detect.App) (*plan.App, *frontends, error) {
	fronts := &frontends{
		repo: repo, in: in,
		copies:  sync.OnceValue(func() []frontend.Copied { return copiesOf(in) }),
		shipped: sync.OnceValue(func() []frontend.Copied { return shipped(in) }),
	}
	in.FrontEnd, in.Offers = fronts.find, fronts.offers
	out, err := l.decide(in, app.Facts)
	if err == nil {
		out, err = fronts.compose(out)
	}
	if err == nil {
		out.Language = l.Name
		err = image.Fulfil(in, out)
	}
	if err == nil && in.Above != "" {
		out, err = plan.Raise(out, in.Above)
	}
	if err == nil && !image.Link(in) {
		plan.Unlink(out)
	}
	return out, fronts, err
}

// others gives the stacks that share the folder with the one that is tried as what
// that comes before.
func others(apps []stack) []plan.Rejected {
	var out []plan.Rejected
	for _, app := range apps {
		l := app.Facts.Language()
		switch {
		case app.Below():
		case app.role == tools:
			out = append(out, plan.Rejected{Value: l, Why: "it holds no program, only what developers use"})
		default:
			out = append(out, plan.Rejected{Value: l, Why: "shares the folder; --set language=" + l + " takes it"})
		}
	}
	return out
}

// otherStacks are the apps of other stacks that share the folder: the members of their workspaces of which the repository makes images.
// What is left are the stacks that have none.
func otherStacks(in record.Input, apps []stack) (rest []stack, parts []record.Part) {
	if in.File != "" || in.Settings.Main != "" || in.Settings.Language != "" {
		return apps, nil
	}
	for _, app := range apps {
		n := len(parts)
		if m, ok := app.Facts.(interface{ Members() []string }); ok && !app.Below() {
			for _, dir := range m.Members() {
				dir = in.Rel(dir)
				if pos, made := in.Builds.Makes(dir); made && !aside.Image(dir) && aside.Folder(app.Facts.Language(), dir) == nil {
					parts = append(parts, record.Part{Main: dir, Dir: dir, Language: app.Facts.Language()})
					in.Log.Choose(plan.Choice{Key: "apps", Value: dir, Rule: "an app of its own beside this one: the repository makes an image of it", Pos: record.At(pos)})
				}
			}
		}
		if len(parts) == n {
			rest = append(rest, app)
		}
	}
	return rest, parts
}

// sayOthers says which of them the image goes without.
func sayOthers(apps []stack, log *record.Log, fronts *frontends) {
	for _, app := range apps {
		if l := app.Facts.Language(); !app.Below() && app.role != tools && (l != frontLanguage().Name || !fronts.has(app.Dir)) {
			log.Note(fact.Pos{}, "this folder also holds "+l+", which is not part of this image", "to build that instead: --set language="+l)
		}
	}
}

// finish fills in what no language decides.
func finish(out *plan.App, req Request, repo *detect.Repo, app detect.App, fronts *frontends) *plan.App {
	log := fronts.in.Log
	for _, skip := range repo.Tree.Skipped() {
		log.Note(fact.At(skip.Path, 0), "was not read: "+skip.Why, "")
	}
	for i, m := range repo.Submodules {
		if i < maxSubmoduleNotes {
			log.Note(m.Pos, plan.Printable(m.Value, 60)+" is a Git submodule that is not checked out: the image goes without it", "git submodule update --init")
		}
	}
	absent(repo, app, log)
	out.Dir, out.Of, out.Language = app.Dir, app.Dir, app.Facts.Language()
	if in := fronts.in; in.Above != "" {
		out.Dir = cmp.Or(strings.TrimSuffix(strings.TrimSuffix(app.Dir, in.Above), "/"), ".")
		if !in.AtTop {
			out.Place = in.Above
		}
	}
	if req.AtTop {
		log.Choose(plan.Choice{Key: FolderKey, Value: app.Dir, Rule: "the one app of the repository: with its Dockerfile at the top, docker build . makes it"})
	}
	out.Holds = fronts.holds()
	out.Name = image.Name(out.Name, req.Name)
	out.Image.Blocks = req.Profile.Blocks
	out.Choices, out.Notes, out.Bounds, out.Lesser = log.Choices(), log.Notes(), log.Bounds(), log.WhyLesser()
	for i, c := range out.Choices {
		out.Choices[i].Until = fronts.in.Know.Until(c.Image, c.Value)
	}
	if req.One.Main != "" {
		out.Place, out.Of = req.One.Dir, path.Join(app.Dir, req.One.Dir)
	}
	return out
}

// maxSubmoduleNotes is how many absent submodules are said: the command fetches all.
const maxSubmoduleNotes = 3

func submoduleHint(dir string) string {
	return plan.Printable(dir, 60) + " is a Git submodule that is not checked out: git submodule update --init"
}

// namesDir reports whether a sentence names the folder.
func namesDir(sentence, dir string) bool {
	return slices.ContainsFunc(strings.Fields(sentence), func(w string) bool {
		return strings.TrimPrefix(strings.Trim(w, ",:;"), "./") == dir
	})
}

// stack is one language's app of the folder, with its role there.
type stack struct {
	detect.App

	role role
	says fact.Pos // the line that names its program; zero for none
}

// beside are the folders outside of the app's own that its build finds by their paths.
func (a stack) beside() []string {
	if f, ok := a.Facts.(interface{ Beside() []string }); ok {
		return f.Beside()
	}
	return nil
}

// enclosing is the innermost folder that holds one and others.
func enclosing(dir string, others []string) string {
	for _, d := range others {
		for !tree.Within(d, dir) {
			dir = path.Dir(dir)
		}
	}
	return dir
}

// candidates are the stacks of a folder to try, in order: the one asked for, or all that
// share it, what is started before what is a part of it, and those without
// a manifest of their own last.
func candidates(repo *detect.Repo, dir string, s settings.Settings) ([]stack, error) {
	if i := slices.IndexFunc(repo.Broken, func(b detect.Broken) bool { return b.Dir == dir }); i >= 0 {
		return nil, repo.Broken[i].Err
	}
	found := repo.In(dir)
	if len(found) == 0 {
		return nil, foundNothing(repo)
	}
	if s.Language == "" {
		var apps []stack
		for _, app := range found {
			one := stack{App: app, role: program}
			if len(found) > 1 {
				one.role, one.says = roleOf(repo, s, app)
			}
			apps = append(apps, one)
		}
		slices.SortStableFunc(apps, func(a, b stack) int {
			return cmp.Or(cmp.Compare(priority(a.App), priority(b.App)), cmp.Compare(b.role, a.role))
		})
		return apps, nil
	}
	i := slices.IndexFunc(found, func(a detect.App) bool { return a.Facts.Language() == s.Language })
	if i < 0 {
		return nil, record.Refuse(s.Pos("language"), "", "no %s app found here", s.Language)
	}
	return []stack{{App: found[i], role: program}}, nil
}

// priority is 1 for facts that no manifest stands behind, and 2 for
// those of folders below.
func priority(a detect.App) int {
	switch {
	case a.Bare():
		return 1
	case a.Below():
		return 2
	}
	return 0
}

// languageRule says why a stack is the i-th of n to be tried.
func languageRule(s settings.Settings, app stack, i, n int) (rule string, pos fact.Pos) {
	switch {
	case s.Language != "":
		return "asked for", s.Pos("language")
	case n <= 1 && i == 0:
		return "the only language found", pos
	case app.role == started:
		return "the web process of the Procfile is a program of this language", app.says
	}
	return "the first of the languages found that can be built", pos
}

// LockedChoices returns what the lock records of the plan: every choice, so that a
// later run can say which one moved. Only those with Evidence, which another
// release of dockgen could make otherwise, bind that run.
func LockedChoices(p *plan.App) map[string]record.Locked {
	out := map[string]record.Locked{}
	for _, c := range p.Choices {
		out[c.Key] = record.Locked{Value: c.Value, Evidence: c.Evidence}
	}
	return out
}
