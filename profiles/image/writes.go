package image

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Write is a folder that the app writes to when it runs.
type Write struct {
	// Dir is the folder: relative to the app's working directory ("." for that one),
	// or to the user's home, or absolute.
	Dir  string
	Home bool
	// File is a file of the folder that the app writes to and the repository has,
	// by its name in the folder; "" for none.
	File string
	// Unplaced says that the app writes somewhere that only running it tells: Dir is
	// where relative paths start.
	Unplaced bool
	// Configured says that the app's configuration names the folder, so that one in /home is no trace of a developer's machine.
	Configured bool
	// Quiet says that what is kept there is worth no note.
	Quiet bool
	Pos   fact.Pos
	// By says who keeps data there, if it is the contract and not the code: "README.md mounts ".
	By string
}

// WritesRequest is what a language knows of the folders that its app writes to.
type WritesRequest struct {
	Workdir string // the app's working directory in the image: "/app"
	Data    bool   // it is KeptWorkdir, and holds nothing of the app
	Writes  []Write
	// Empty are files below Workdir that the app does not start without, although
	// they may be empty.
	Empty []string
	// Has reports whether prod has a folder below Workdir already, with what the
	// repository or the build has put there. Code reports whether it holds code,
	// which the app must not change: then that one folder becomes the user's, and
	// nothing in it but the files of Writes.
	Has, Code func(dir string) bool
	// Built reports whether the build makes a folder below Workdir; nil: none.
	Built func(dir string) bool
	// Stage is the stage that prod takes the app from, the zero one for the build
	// context, and StageDir the folder there that is Workdir in prod.
	Stage    plan.StageName
	StageDir string
	// Named is where settings that prod starts with name the own image's working directory, which is Linkable; zero for nowhere.
	Named fact.Pos
	// Accounts are what looks the user up when the app runs.
	Accounts []effect.Account
	// Suffix stands behind the name of the stage "folders", if a Dockerfile has
	// several: "-worker".
	Suffix string
	// Maker is what the stage "folders" starts from: any stage or image with a shell.
	Maker plan.From

	alias aliasLink // aliasOf
}

// WritesPlan is what Writes decided.
type WritesPlan struct {
	Copies []plan.Artifact // to come after all other files
	Env    []plan.Env
	Dirs   []plan.Path  // absolute
	Stages []plan.Stage // "folders", if there is anything to make
	// Account makes the user's entry, nil where the image has one or nobody asks.
	Account *plan.Step
}

// NonRootHome is the home of NonRoot, as distroless has it:
// https://github.com/GoogleContainerTools/distroless/blob/main/common/variables.bzl.
const NonRootHome = "/home/nonroot"

// Made is where the stage "folders" makes the folders of the image, so that they
// stand beside nothing.
const Made = "/folders"

// system are folders of the system's own: either everybody may write there, or
// no app has any business there.
var system = []string{ //nolint:gochecknoglobals // a constant table
	"/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/run", "/sbin", "/sys", "/tmp", "/usr", "/var/run", "/var/tmp", "/home", "/Users",
}

// Writes decides on the folders that the app writes to: in the image each exists,
// belongs to the user and is said in a note, with the volume that keeps it. The
// policy is the same for every language and every runtime, because COPY alone
// does it:
//
//   - A folder that prod has already is copied once more with the user as its owner.
//   - Any other is made in a stage of its own.
//   - If there is code in the folder, the folder becomes the user's and its files do not.
//   - The folders that the repository's people mount are treated likewise (contract.go). Where they
//     name some, what is written to a place that only running the app tells is taken to be there.
//   - A folder below the home makes a home for the user, who has one on distroless and
//     where something looks the user up (account.go).
func Writes(in record.Input, r WritesRequest, runtime plan.Runtime) (WritesPlan, error) {
	d := &writes{in: in, r: r, runtime: runtime}
	if r.Suffix == "" {
		d.r.Writes = slices.Clone(r.Writes)
		if documented := documentedFolders(in, r); len(documented) > 0 {
			d.r.Writes = append(slices.DeleteFunc(d.r.Writes, func(w Write) bool { return w.Unplaced }), documented...)
		}
		d.out.Env = documentedVariables(in, r)
		d.r.Writes = append(d.r.Writes, emptyFolders(in, r)...)
		d.r.Writes = append(d.r.Writes, scriptWrites(in)...)
	}
	d.out.Account = account(in, r.Accounts, runtime)
	d.homed = runtime == plan.Distroless || d.out.Account != nil
	list := d.folders()
	for _, f := range list {
		if err := d.add(f); err != nil {
			return WritesPlan{}, err
		}
	}
	d.noteUnplaced(list)
	if err := d.empty(); err != nil {
		return WritesPlan{}, err
	}
	link, err := d.alias(aliasOf(in, contractOf(in), r))
	if err != nil {
		return WritesPlan{}, err
	}
	if err := d.run(link...); err != nil {
		return WritesPlan{}, err
	}
	return d.out, nil
}

// placeholders are the files by which Git keeps a folder that is empty.
var placeholders = []string{".gitkeep", ".keep", ".gitignore", ".placeholder", ".empty", ".dummy"} //nolint:gochecknoglobals // a constant table

// emptyFolders are the folders of data that the repository keeps although nothing is in them, and that prod has: the app writes there.
func emptyFolders(in record.Input, r WritesRequest) []Write {
	if in.Tree == nil || r.Has == nil {
		return nil
	}
	var out []Write
	for _, name := range in.Tree.Dirs(in.Dir) {
		if isPlaceholder(in, name) && slices.Contains(dataFolders, name) && r.Has(name) {
			out = append(out, Write{Dir: name, Pos: fact.At(path.Join(in.Dir, name), 0)})
		}
	}
	return out
}

// Apply adds to run what Writes decided.
func (p WritesPlan) Apply(run *plan.Run) []plan.Stage {
	run.Copies = append(run.Copies, p.Copies...)
	run.Env = append(run.Env, p.Env...)
	run.Writes = append(run.Writes, p.Dirs...)
	if p.Account != nil {
		run.Prepare = append([]plan.Step{*p.Account}, run.Prepare...)
	}
	for _, name := range plan.StagesOf(p.Copies) {
		if !slices.Contains(run.Uses, name) {
			run.Uses = append(run.Uses, name)
		}
	}
	return p.Stages
}

// written is a folder of the image.
type written struct {
	dir   string // absolute
	below string // relative to the working directory, "" if it is elsewhere
	files []string
	inner []string // absolute: folders of it that are the app's own reason for it
	pos   fact.Pos
	// unplaced says that it is not known to be written to.
	unplaced bool
	quiet    bool
	by       string // see Write
}

// takesAll reports whether the folder becomes the user's with all that is in it.
func (f written) takesAll(r WritesRequest) bool {
	return f.below == "" || f.below != "." && (r.Code == nil || !r.Code(f.below))
}

type writes struct {
	in      record.Input
	r       WritesRequest
	runtime plan.Runtime
	homed   bool // the user has a home, and HOME names it
	out     WritesPlan
	maker   *plan.Folders // the data of the stage "folders", nil if there is nothing to make
	made    []string      // folders of the stage "folders"
	touched []string      // files of it
}

// folders are the folders of the image, sorted, without those that lie in
// another.
func (d *writes) folders() []written {
	var list []written
	home := false
	for _, w := range d.r.Writes {
		dir := path.Clean(w.Dir)
		switch {
		case w.Home:
			dir = path.Join(NonRootHome, dir)
		case !path.IsAbs(dir):
			dir = path.Join(d.r.Workdir, dir)
		}
		if !writable(dir) && !(etcFolder.MatchString(dir) && !elsewhere.MatchString(dir)) && !(w.Configured && within("/home", dir) && strings.Count(dir, "/") > 2) && (dir == "/" || !within(d.r.Workdir, dir)) {
			continue
		}
		inner := dir
		dir = d.top(dir)
		home = home || within(NonRootHome, dir)
		i := slices.IndexFunc(list, func(f written) bool { return f.dir == dir })
		if i < 0 {
			f := written{dir: dir, pos: w.Pos, unplaced: w.Unplaced, quiet: true, by: w.By}
			if within(d.r.Workdir, dir) {
				f.below = strings.TrimPrefix(strings.TrimPrefix(dir, path.Clean(d.r.Workdir)), "/")
				if f.below == "" {
					f.below = "."
				}
			}
			i, list = len(list), append(list, f)
		}
		list[i].quiet = list[i].quiet && w.Quiet
		if inner != dir && !slices.Contains(list[i].inner, inner) {
			list[i].inner = append(list[i].inner, inner)
		}
		list[i].unplaced = list[i].unplaced && w.Unplaced
		if w.File != "" && !slices.Contains(list[i].files, w.File) {
			list[i].files = append(list[i].files, w.File)
		}
	}
	if home && !d.homed {
		d.out.Env = append(d.out.Env, plan.MustEnv("HOME", NonRootHome))
		if !slices.ContainsFunc(list, func(f written) bool { return f.dir == NonRootHome }) {
			i := slices.IndexFunc(list, func(f written) bool { return within(NonRootHome, f.dir) })
			list = append(list, written{dir: NonRootHome, pos: list[i].pos, quiet: true})
		}
	}
	list = slices.DeleteFunc(list, func(f written) bool {
		return f.dir == NonRootHome && d.homed // it is there, and the user's
	})
	slices.SortFunc(list, func(a, b written) int { return strings.Compare(a.dir, b.dir) })
	all := slices.Clone(list)
	list = slices.DeleteFunc(list, func(f written) bool {
		if f.dir != NonRootHome && within(NonRootHome, f.dir) && slices.ContainsFunc(all, func(o written) bool { return o.dir == NonRootHome }) {
			d.inHome(f)
			return true
		}
		return slices.ContainsFunc(all, func(o written) bool { return o.dir != f.dir && within(o.dir, f.dir) && o.takesAll(d.r) })
	})
	for i, o := range list { // what is made has what the app needs in it
		for _, f := range all {
			if f.dir != o.dir && within(o.dir, f.dir) && o.takesAll(d.r) && !slices.Contains(o.inner, f.dir) {
				list[i].inner = append(list[i].inner, f.dir)
			}
		}
		slices.Sort(list[i].inner)
	}
	return list
}

// top is the first folder on the way to dir, below the working directory, that neither
// the repository nor the build makes: if it was root's, the app could make nothing
// beside dir.
func (d *writes) top(dir string) string {
	below, ok := strings.CutPrefix(dir, path.Clean(d.r.Workdir)+"/")
	if !ok || d.r.Has == nil {
		return dir
	}
	for i := range below {
		if above := below[:i]; below[i] == '/' && !d.r.Has(above) && (d.r.Built == nil || !d.r.Built(above)) {
			return path.Join(d.r.Workdir, above)
		}
	}
	return dir
}

// inHome makes a folder of the home that the image gets, which comes with it.
func (d *writes) inHome(f written) {
	p, err := plan.NewPath(f.dir)
	if f.quiet || err != nil {
		return
	}
	d.note(f)
	d.out.Dirs = append(d.out.Dirs, p)
	d.make(Made + f.dir)
}

// etcFolder is a folder of an app's own in /etc.
var etcFolder = lazy.MustCompile(`^/etc/[a-z][a-z0-9_-]{2,40}$`)

// runtimeFolder matches an app's own folder of sockets and the like, and systemRun are those of the system's and of what runs containers:
// https://refspecs.linuxfoundation.org/FHS_3.0/fhs/ch03s15.html.
var (
	runtimeFolder = lazy.MustCompile(`^(?:/var)?/run/([a-z0-9][A-Za-z0-9_-]{0,60})(?:/|$)`)
	systemRun     = []string{"secrets", "lock", "user", "systemd", "docker", "dbus", "udev", "containerd", "crio", "podman", "log", "mount", "shm", "credentials", "host", "libvirt", "nscd", "utmp"} //nolint:gochecknoglobals // a constant table
)

// writable reports whether a folder can be one of the app's.
func writable(dir string) bool {
	if m := runtimeFolder.FindStringSubmatch(dir); m != nil && !slices.Contains(systemRun, m[1]) {
		return true
	}
	return dir != "/" && (within(NonRootHome, dir) || !slices.ContainsFunc(system, func(s string) bool { return within(s, dir) }))
}

// within reports whether dir is top or lies below it.
func within(top, dir string) bool { return dir == top || strings.HasPrefix(dir, path.Clean(top)+"/") }

// add gives one folder to the user.
func (d *writes) add(f written) error {
	p, err := plan.NewPath(f.dir)
	if err != nil {
		return nil //nolint:nilerr // no name that an image could have: the app's source says more than is true
	}
	if !f.quiet {
		d.note(f)
		d.out.Dirs = append(d.out.Dirs, p)
	}
	has := f.below != "" && f.below != "." && d.r.Has != nil && d.r.Has(f.below)
	to := f.dir
	if f.below != "" {
		to = f.below
	}
	row := plan.Artifact{Owner: NonRoot()}
	switch {
	case len(d.out.Copies) > 0:
	case f.dir == NonRootHome && f.quiet:
		row.Why = plan.NewComment("This image has no home for prod's user, in which libraries keep what they write.")
	case f.quiet:
		row.Why = plan.NewComment("What starts the app writes here.")
	default:
		row.Why = plan.NewComment("The app writes here; a volume keeps the data.")
		if f.by != "" {
			row.Why = plan.NewComment(strings.Replace(strings.TrimSpace(f.by), Former, "The"+strings.TrimPrefix(Former, "the"), 1) + " this folder: prod's user owns what is kept there.")
		}
	}
	from := Made + f.dir
	if has && f.takesAll(d.r) {
		row.Stage, from = d.r.Stage, d.source(f.below)
	} else {
		row.Stage = d.stage().Name
		// A linked layer would bring the folders above along, with that owner. A
		// folder that is there already keeps its owner unless the layer is linked.
		row.NoLink = !has && !within(f.dir, path.Clean(d.r.Workdir))
		for _, dir := range append([]string{f.dir}, f.inner...) {
			d.make(Made + dir)
		}
	}
	if row.Copy, err = plan.NewCopy(strings.TrimSuffix(to, "/")+"/", strings.TrimSuffix(from, "/")+"/"); err != nil {
		return err
	}
	d.out.Copies = append(d.out.Copies, row)
	if f.takesAll(d.r) {
		return nil
	}
	for _, name := range f.files {
		c, err := plan.NewCopy(strings.TrimSuffix(to, "/")+"/", d.source(path.Join(f.below, name)))
		if err != nil {
			return err
		}
		d.out.Copies = append(d.out.Copies, plan.Artifact{Owner: NonRoot(), Stage: d.r.Stage, Copy: c})
	}
	return nil
}

// source is where prod takes a file or folder of the app from.
func (d *writes) source(name string) string {
	return path.Join(d.r.StageDir, name)
}

// note says that what is written is lost with the container.
func (d *writes) note(f written) {
	if f.by != "" || f.unplaced {
		return // the contract's are a choice, and what cannot be placed is said at once
	}
	d.in.Log.Note(f.pos, fmt.Sprintf("writes to %s: prod's user owns it, and the data is lost with the container", f.name()), d.hint(f))
}

// maxUnplaced is how many folders a note names: nobody reads more.
const maxUnplaced = 6

// noteUnplaced says the same of the folders that the app may write to.
func (d *writes) noteUnplaced(list []written) {
	list = slices.DeleteFunc(slices.Clone(list), func(f written) bool { return !f.unplaced || f.quiet || f.by != "" })
	if len(list) == 0 {
		return
	}
	var names, volumes []string
	for _, f := range list[:min(len(list), maxUnplaced)] {
		names = append(names, f.name())
		if f.below != "." && !d.filled(f) {
			volumes = append(volumes, "-v "+plan.Printable(path.Base(f.dir), 40)+":"+plan.Printable(f.dir, 80))
		}
	}
	hint := d.hint(list[0])
	if len(volumes) > 0 {
		hint = "keep what it writes in a volume: docker run " + strings.Join(volumes, " ") + " …"
	}
	where, them := Enumerate(names), "it"
	if len(names) > 1 {
		them = "them"
	}
	d.in.Log.Note(list[0].pos, "writes to a place that is only known when it runs, maybe in "+where+": prod's user owns "+them+", and the data is lost with the container", hint)
}

// hint says how to keep what is written to a folder. A volume is only ever of one that holds nothing of the
// app: it would hide that, or keep the one of an older image.
func (d *writes) hint(f written) string {
	if d.filled(f) {
		return "write to a folder of its own, such as data/, and keep that in a volume: docker run -v data:" + plan.Printable(path.Join(d.r.Workdir, "data"), 80) + " …"
	}
	return "keep it in a volume: docker run -v data:" + plan.Printable(f.dir, 80) + " …"
}

// filled reports whether the image has files of the app in a folder. What only keeps a folder in Git is none.
func (d *writes) filled(f written) bool {
	switch {
	case f.below == "":
		return false
	case len(f.files) > 0, d.r.Code != nil && d.r.Code(f.below):
		return true
	case d.r.Has == nil || !d.r.Has(f.below):
		return false
	}
	at := path.Join(d.in.Dir, f.below)
	if !path.IsAbs(d.r.StageDir) {
		at = path.Join(d.in.Dir, d.r.StageDir, f.below)
	}
	if d.in.Tree == nil || !d.in.Tree.HasDir(at) {
		return true // the build makes it
	}
	return slices.ContainsFunc(d.in.Tree.Files(at), func(name string) bool {
		base := strings.ToLower(path.Base(name))
		return !strings.HasPrefix(base, ".") && !strings.HasPrefix(base, "readme")
	})
}

// name is the folder as a note has it.
func (f written) name() string {
	switch f.below {
	case "":
		return plan.Printable(f.dir, 60)
	case ".":
		return "its working directory"
	}
	return plan.Printable(f.below, 60)
}

// stage is the stage that makes the folders.
func (d *writes) stage() *plan.Folders {
	if d.maker == nil {
		name := d.in.Stage("folders" + d.r.Suffix)
		d.maker = &plan.Folders{Head: plan.Head{Name: name, From: d.r.Maker, About: []plan.Comment{
			plan.NewComment(name.String() + " makes the folders that prod's user owns: prod's image cannot."),
		}}}
		d.out.Stages = append(d.out.Stages, plan.Stage{Block: "folders", Data: d.maker})
	}
	return d.maker
}

// make adds a folder to that stage.
func (d *writes) make(dir string) {
	if !slices.Contains(d.made, dir) {
		d.made = append(d.made, dir)
	}
}

// run are the commands of that stage: mkdir -p makes the folders above, too.
func (d *writes) run(last ...plan.Shell) error {
	all := slices.Clone(d.made)
	d.made = slices.DeleteFunc(d.made, func(dir string) bool {
		return slices.ContainsFunc(all, func(o string) bool { return o != dir && within(dir, o) })
	})
	for _, c := range []struct{ command, list []string }{{[]string{"mkdir", "-p"}, d.made}, {[]string{"touch"}, d.touched}} {
		if len(c.list) == 0 {
			continue
		}
		run, err := plan.NewShell(append(c.command, c.list...)...)
		if err != nil {
			return err
		}
		d.stage().Run = append(d.stage().Run, run)
	}
	if len(last) > 0 {
		d.stage().Run = append(d.stage().Run, last...)
	}
	return nil
}

// empty makes the files that the app does not start without.
func (d *writes) empty() error {
	for _, name := range d.r.Empty {
		file := path.Join(Made, d.r.Workdir, name)
		if name == "" || path.IsAbs(name) || !within(path.Join(Made, d.r.Workdir), file) {
			continue
		}
		d.make(path.Dir(file))
		d.touched = append(d.touched, file)
		c, err := plan.NewCopy(path.Dir(name)+"/", file)
		if err != nil {
			return err
		}
		d.out.Copies = append(d.out.Copies, plan.Artifact{
			Why:   plan.NewComment("The app does not start without this file. It may be empty: the variables come from the environment."),
			Stage: d.stage().Name, Copy: c, NoLink: true,
		})
	}
	return nil
}
