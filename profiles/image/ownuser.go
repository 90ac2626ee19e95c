package image

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// runs is the verb of the evidence for a user.
const runs Verb = " runs as "

// ownUser gives prod the number of the own image's user: data on volumes belongs to it, and what runs the image may name it. Where the
// app needs a home or an entry in /etc/passwd, which are of dockgen's own user, that one stays. It is recorded as "user".
func ownUser(in record.Input, app *plan.App) {
	run := app.Run
	account := slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "account" })
	home := slices.ContainsFunc(run.Writes, func(w plan.Path) bool { return within(NonRootHome, path.Clean(w.Raw())) }) ||
		slices.ContainsFunc(run.Env, func(e plan.Env) bool { return strings.HasPrefix(e.Value.Raw(), NonRootHome) })
	own := contractOf(in).Own
	if account || home || run.User != NonRoot() || run.Runtime == plan.Scratch || own == nil {
		return
	}
	u, at, ok := numbered(in, own.Image)
	if !ok || u == NonRoot() {
		return
	}
	for _, text := range recorded(in, "user", runs, []string{u.String()}, rule(in, at, "runs as this user"), at) {
		u, ok := userOf(text)
		if !ok || u.UID == 0 {
			return
		}
		for _, s := range app.Image.Stages {
			if r, ok := s.Data.(*plan.Run); ok && r.User == NonRoot() {
				become(r, u)
			}
		}
		become(run, u)
	}
}

// lives is the verb of the evidence for the home of a user.
const lives Verb = " gives its user the home "

// userMakers are the commands that make a user.
var userMakers = []string{"useradd", "adduser"} //nolint:gochecknoglobals // a constant table

// homes match how a command that makes a user gives it its home.
var homes = lazy.MustCompile(`(?:^| )(?:-d|-h|--home|--home-dir)[ =](/[A-Za-z0-9_./-]{1,100})( |$)`)

// ownHome gives prod the home of the own image's user, where that is a folder of data or holds one, or the app's own folder: the app
// looks for its files there. It is recorded as "home".
func ownHome(in record.Input, app *plan.App) {
	own := contractOf(in).Own
	if own == nil {
		return
	}
	var data, list []string
	var at fact.Pos
	for _, c := range in.Log.Choices() {
		if c.Key == "data" {
			data = strings.Fields(c.Value)
		}
	}
	holds := func(home string) bool {
		return writable(home) && !within("/home", home) && !within("/root", home) && slices.ContainsFunc(data, func(d string) bool { return within(home, d) })
	}
	for _, v := range own.Image.Env {
		home := path.Clean(v.Value.Value)
		root := appRoot(own.Image, home)
		switch {
		case v.Value.Name != "HOME" || strings.Contains(home, buildfile.Unknown):
		case holds(home):
			list, at = []string{home}, v.Pos
		case root != "" && language(in) != "go": // whose program alone is in the image
			list, at = []string{path.Join(workdirIn(app), strings.TrimPrefix(home, root))}, v.Pos
		}
	}
	for _, l := range own.Image.Lines {
		for _, cmd := range l.Commands {
			words := shell.Texts(cmd.Unwrap().Words)
			if len(words) < 2 || !slices.Contains(userMakers, path.Base(words[0])) {
				continue
			}
			if m := homes.FindStringSubmatch(strings.Join(words, " ")); m != nil && holds(path.Clean(m[1])) {
				list, at = []string{path.Clean(m[1])}, l.Pos
			}
		}
	}
	for _, home := range recorded(in, "home", lives, list, rule(in, at, "gives its user this home, in which the app looks for files"), at) {
		if e, err := plan.NewEnv("HOME", home); err == nil && (holds(home) || within(workdirIn(app), home)) && !hasVariable(app, "HOME") && in.Settings.Env["HOME"] == "" {
			app.Run.Env = append(slices.Clip(app.Run.Env), e)
		}
	}
}

// become gives a stage another user, with all that belongs to its user.
func become(run *plan.Run, u plan.User) {
	run.User = u
	run.Copies = slices.Clone(run.Copies)
	for n, a := range run.Copies {
		if a.Owner == NonRoot() {
			run.Copies[n].Owner = u
		}
	}
}

// userOf reads "1000:1000", or "1000", whose group has the same number.
func userOf(text string) (plan.User, bool) {
	name, group, ok := strings.Cut(text, ":")
	uid, err := strconv.ParseUint(name, 10, 31)
	if err != nil {
		return plan.User{}, false
	}
	gid := uid
	if ok {
		if gid, err = strconv.ParseUint(group, 10, 31); err != nil {
			gid = uid
		}
	}
	return plan.User{UID: uint32(uid), GID: uint32(gid)}, true
}

// uids match how a command that makes a user gives it its number.
var uids = lazy.MustCompile(`(?:^| )(?:-u|--uid)[ =]([0-9]{1,9})( |$)`)

// numbered is the user of a Dockerfile's image, if it says its number and that is not root's: by USER, or where a command makes the
// user of that name, whom the entry point or a supervisor starts the app as if USER names none.
func numbered(in record.Input, i *buildfile.Image) (u plan.User, at fact.Pos, ok bool) {
	name, _, _ := strings.Cut(i.User.Value, ":")
	at = i.User.Pos
	if name == "" || name == "root" || name == "0" {
		name = droppedTo(in)
	}
	if u, ok := userOf(i.User.Value); ok && u.UID != 0 {
		return u, at, true
	}
	if name == "" || strings.Contains(name, buildfile.Unknown) {
		return plan.User{}, at, false
	}
	for _, l := range i.Lines {
		for _, c := range l.Commands {
			words := buildfile.Sure(shell.Texts(c.Unwrap().Words))
			if len(words) < 2 || !slices.Contains(userMakers, path.Base(words[0])) || !slices.Contains(words, name) {
				continue
			}
			if m := uids.FindStringSubmatch(strings.Join(words, " ")); m != nil {
				if at.IsZero() || i.User.Value == "root" || i.User.Value == "0" {
					at = l.Pos
				}
				u, ok := userOf(m[1])
				return u, at, ok && u.UID != 0
			}
		}
	}
	return plan.User{}, at, false
}

// drops matches how a script starts the app as another user.
var drops = lazy.MustCompile(`\b(?:gosu|su-exec|s6-setuidgid|setuidgid|runuser(?: -u)?|chpst -u)[ \t]+"?([a-z_][a-z0-9_-]{0,31})\b`)

// droppedTo is the user as whom the script of the own entry point starts the app, "" for none.
func droppedTo(in record.Input) string {
	e, _, ok := entryFile(in)
	if !ok {
		return ""
	}
	f := in.Builds.File(e.file)
	if f == nil {
		return ""
	}
	if m := drops.FindStringSubmatch(f.Text); m != nil {
		return m[1]
	}
	return ""
}

// asked matches how a script looks a user up.
var lookedUp = lazy.MustCompile(`\b(?:id[ \t]+-[ugnr]+|getent[ \t]+(?:passwd|group))[ \t]+"?([a-z_][a-z0-9_-]{0,31})\b`)

// namedUser gives prod's user the name of the own image's, where the script that prod starts looks that up.
func namedUser(in record.Input, app *plan.App) error {
	run := app.Run
	scripted := slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "entrypoint" })
	e, _, ok := entryFile(in)
	account := slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "account" })
	if !scripted || !ok || account || run.Runtime != plan.Slim && run.Runtime != plan.Alpine {
		return nil
	}
	f := in.Builds.File(e.file)
	if f == nil {
		return nil
	}
	for _, m := range lookedUp.FindAllStringSubmatch(f.Text, 20) {
		name := m[1]
		if name == "root" || name == "nobody" || !made(in, name) {
			continue
		}
		uid, gid := strconv.FormatUint(uint64(run.User.UID), 10), strconv.FormatUint(uint64(run.User.GID), 10)
		commands := [][]string{{"groupadd", "--gid", gid, name}, {"useradd", "--uid", uid, "--gid", name, "--no-create-home", name}}
		if run.Runtime == plan.Alpine {
			commands = [][]string{{"addgroup", "-g", gid, name}, {"adduser", "-D", "-H", "-u", uid, "-G", name, name}}
		}
		step := plan.Step{Why: plan.NewComment(path.Base(e.file) + " looks this user up.")}
		for _, words := range commands {
			c, err := plan.NewShell(words...)
			if err != nil {
				return err
			}
			step.Run = append(step.Run, c)
		}
		in.Log.Choose(plan.Choice{Key: "account", Value: name, Rule: in.Rel(f.Name) + " looks this user up", Pos: record.At(fact.At(f.Name, 0))})
		run.Prepare = append(slices.Clone(run.Prepare), step)
		return nil
	}
	return nil
}

// made reports whether a command of the own Dockerfile makes a user.
func made(in record.Input, name string) bool {
	c := contractOf(in)
	return c.Own != nil && slices.ContainsFunc(c.Own.Image.Lines, func(l buildfile.Instruction) bool {
		return slices.ContainsFunc(l.Commands, func(c shell.Command) bool {
			words := shell.Texts(c.Unwrap().Words)
			return len(words) > 1 && slices.Contains([]string{"useradd", "adduser"}, path.Base(words[0])) && slices.Contains(words, name)
		})
	})
}

// ownWorkdir starts prod in the own image's working directory where that holds data and none of the code: the docs name files from there.
// Only a program that is installed does not look for its code where it starts.
func ownWorkdir(in record.Input, app *plan.App) {
	c := contractOf(in)
	if c.Own == nil || app.Language != "python" || app.Run.Dir.Raw() != "" || worksInSource(in, c.Own.Image) {
		return
	}
	work := path.Clean(c.Own.Image.Workdir.Value)
	program := slices.Concat(bareEntry(app.Run.Entry), app.Run.Cmd)
	if e, ok := entryOf(in); ok && e.why == "" && len(e.self) > 0 {
		program = e.self
	}
	holds := slices.ContainsFunc(keptFolders(in, WritesRequest{Workdir: ourWorkdir}), func(k kept) bool { return within(work, k.dir) })
	if dir, err := plan.NewPath(work); err == nil && holds && writable(work) && len(program) > 0 && installs(in, program[0]) {
		app.Run.Dir = dir
	}
}
