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

// ownUser gives prod the number of the own image's user: data on volumes belongs to it, and what runs the image may name it. A home
// and an entry in /etc/passwd become that user's, too, where the image has no users of its own; else dockgen's own user stays. It is
// recorded as "user".
func ownUser(in record.Input, app *plan.App) {
	run := app.Run
	account := slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "account" })
	home := slices.ContainsFunc(run.Writes, func(w plan.Path) bool { return within(NonRootHome, path.Clean(w.Raw())) }) ||
		slices.ContainsFunc(run.Env, func(e plan.Env) bool { return strings.HasPrefix(e.Value.Raw(), NonRootHome) })
	own := contractOf(in).Own
	if run.User != NonRoot() || run.Runtime == plan.Scratch || own == nil {
		return
	}
	u, at, ok := numbered(in, own.Image)
	if !ok {
		rootsVolumes(in, own, run)
	}
	if !ok || u == NonRoot() {
		return
	}
	entry := slices.IndexFunc(run.Prepare, func(s plan.Step) bool {
		return slices.Equal(s.Run, makesUser(NonRoot(), run.Runtime == plan.Alpine, defaultName, true))
	})
	if bare := language(in) == "go" && (run.Runtime == plan.Slim || run.Runtime == plan.Alpine); (account || home) && (!bare || account != (entry >= 0)) {
		if at.File != own.Name { // losses says it of a USER
			in.Log.Note(at, "gives what it keeps to the user "+u.String()+", and this image runs as "+run.User.String(), "chown -R "+run.User.String()+" what volumes have")
		}
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
		if become(run, u); entry >= 0 {
			run.Prepare = slices.Clone(run.Prepare)
			run.Prepare[entry].Run = makesUser(u, run.Runtime == plan.Alpine, defaultName, true)
		}
	}
}

// lives is the verb of the evidence for the home of a user.
const lives Verb = " gives its user the home "

// userMakers are the commands that make a user, or change one.
var userMakers = []string{"useradd", "adduser", "usermod"} //nolint:gochecknoglobals // a constant table

// userCommand are the words of such a command; nil for any other.
func userCommand(c shell.Command) []string {
	words := shell.Texts(c.Unwrap().Words)
	if len(words) < 2 || !slices.Contains(userMakers, path.Base(words[0])) {
		return nil
	}
	return words
}

// homes match how a command that makes a user gives it its home.
var homes = lazy.MustCompile(`(?:^| )(?:-d|-h|--home|--home-dir)[ =](/[A-Za-z0-9_./-]{1,100})( |$)`)

// homeIn is the home that the words of a command give a user, "" for none.
func homeIn(words []string) string {
	if m := homes.FindStringSubmatch(strings.Join(words, " ")); m != nil {
		return path.Clean(m[1])
	}
	return ""
}

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
	for pos, cmd := range own.Image.Commands() {
		if home := homeIn(userCommand(cmd)); home != "" && holds(home) {
			list, at = []string{home}, pos
		}
	}
	for _, home := range recorded(in, "home", lives, list, rule(in, at, "gives its user this home, in which the app looks for files"), at) {
		if e, err := plan.NewEnv("HOME", home); err == nil && (holds(home) || within(workdirIn(app), home)) && !hasVariable(app, "HOME") && in.Settings.Env["HOME"] == "" {
			app.Run.Env = append(slices.Clip(app.Run.Env), e)
		}
	}
}

// people matches the home of a user who is no part of any image.
var people = lazy.MustCompile(`^/home/[a-z_][a-z0-9_-]{0,31}$`)

// moveHome puts the home that this image makes for its user where the own image has that of its user: what people mount below it is
// found. Folders of data that are documented there have their place already.
func moveHome(in record.Input, app *plan.App) error {
	run := app.Run
	own := contractOf(in).Own
	n := slices.IndexFunc(run.Env, func(e plan.Env) bool { return e.Name.String() == "HOME" && e.Value.Raw() == NonRootHome })
	if own == nil || n < 0 || slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool {
		return c.Key == "home" || c.Key == "data" && strings.Contains(c.Value, NonRootHome)
	}) {
		return nil
	}
	home, at := homeOf(own.Image)
	if !people.MatchString(home) || slices.Contains(present, home) {
		return nil
	}
	e, err := plan.NewEnv("HOME", home)
	if err != nil {
		return err
	}
	in.Log.Choose(plan.Choice{Key: "home", Value: home, Rule: DisplayName(in, at) + " gives its user this home", Pos: record.At(at)})
	run.Env = slices.Clone(run.Env)
	run.Env[n] = e
	run.Copies = slices.Clone(run.Copies)
	for i, c := range run.Copies {
		to := c.Copy.To.Raw()
		if !within(NonRootHome, path.Clean(to)) {
			continue
		}
		var from []string
		for _, f := range c.Copy.From {
			from = append(from, f.Raw())
		}
		if run.Copies[i].Copy, err = plan.NewCopy(home+strings.TrimPrefix(to, NonRootHome), from...); err != nil {
			return err
		}
	}
	return nil
}

// homeOf is the home that a Dockerfile gives its user: by ENV, or where it makes the user.
func homeOf(i *buildfile.Image) (home string, at fact.Pos) {
	for pos, cmd := range i.Commands() {
		words := userCommand(cmd)
		if given := homeIn(words); given != "" && slices.Contains(words, i.User.Value) {
			home, at = given, pos
		}
	}
	for _, v := range i.Env {
		if v.Value.Name == "HOME" {
			home, at = path.Clean(v.Value.Value), v.Pos
		}
	}
	return home, at
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

// numbered is the user of a Dockerfile's image, if it says its number and that is not root's: that of its USER, and of an image that
// starts as root the one that its entry point changes to, or gives the data to. A name is that of a user which a command makes, or
// which every system has.
func numbered(in record.Input, i *buildfile.Image) (u plan.User, at fact.Pos, ok bool) {
	var made []shell.Command
	for _, c := range i.Commands() {
		made = append(made, c)
	}
	if !buildfile.IsRoot(i.User.Value) {
		u, ok = whose(i.User.Value, made)
		return u, i.User.Pos, ok
	}
	e, _, ok := entryFile(in)
	f := in.Builds.File(e.file)
	if !ok || f == nil {
		return u, at, false
	}
	vars := map[string]string{}
	for _, m := range defaults.FindAllStringSubmatch(f.Text, 100) {
		vars[m[1]] = "" // what nobody sets
	}
	for _, v := range i.Env {
		if !v.Value.Secret {
			vars[v.Value.Name] = v.Value.Value
		}
	}
	s, err := shell.Read(f.Text, shell.Start{User: "0", Vars: vars})
	if err != nil {
		return u, at, false
	}
	made = append(slices.Clone(s.Commands), made...)
	for _, find := range []func([]string) string{switches, renumbers, gives} {
		for _, cmd := range s.Commands {
			words := shell.Texts(cmd.Words)
			if len(words) > 0 && words[0] == "exec" {
				words = words[1:]
			}
			if len(words) < 2 {
				continue
			}
			if u, ok := whose(find(words), made); ok {
				return u, fact.At(path.Join(in.Dir, e.file), cmd.Line), true
			}
		}
	}
	return u, at, false
}

// defaults match a variable that has a value where nobody sets it.
var defaults = lazy.MustCompile(`\$\{([A-Za-z_]\w*):?[-=]`)

// valueOf is what follows one of the options among words, "" for none.
func valueOf(words []string, options ...string) string {
	for n, w := range words {
		for _, o := range options {
			if v, ok := strings.CutPrefix(w, o+"="); ok && strings.HasPrefix(o, "--") {
				return v
			}
			if w == o && n+1 < len(words) {
				return words[n+1]
			}
		}
	}
	return ""
}

// switches is the user that a command changes to: gosu 1000:1000 app.
func switches(words []string) string {
	switch path.Base(words[0]) {
	case "gosu", "su-exec", "s6-setuidgid":
		return words[1]
	case "setpriv":
		return valueOf(words, "--reuid") + ":" + valueOf(words, "--regid")
	case "chroot":
		return valueOf(words, "--userspec")
	case "runuser", "sudo", "chpst":
		return valueOf(words, "-u", "--user")
	case "su":
		for n, w := range words[1:] {
			if !strings.HasPrefix(w, "-") && !slices.Contains([]string{"-s", "-c", "-g", "-G", "--shell", "--command"}, words[n]) {
				return w
			}
		}
	}
	return ""
}

// renumbers is the number that a command gives to a user that is there: usermod -o -u 911 abc.
func renumbers(words []string) string {
	if path.Base(words[0]) == "usermod" {
		return valueOf(words, "-u", "--uid")
	}
	return ""
}

// gives is the user that a command gives files to, as a number: chown -R 1000:1000 /data.
func gives(words []string) string {
	if path.Base(words[0]) != "chown" {
		return ""
	}
	for _, w := range words[1:] {
		if !strings.HasPrefix(w, "-") {
			return strings.ReplaceAll(w, ".", ":") // as it was once written
		}
	}
	return ""
}

// whose is the user of a text as programs take it: "1000", "1000:100" or the name of one that a command makes. Root is none.
func whose(text string, made []shell.Command) (plan.User, bool) {
	text = strings.TrimSuffix(text, ":")
	if u, ok := userOf(text); ok || text == "" || strings.Contains(text, buildfile.Unknown) {
		return u, ok && u.UID != 0
	}
	name, _, _ := strings.Cut(text, ":")
	return numberOf(name, made)
}

// uids match how a command that makes a user gives it its number, or changes that.
var uids = lazy.MustCompile(`(?:^| )(?:-[a-zA-Z]*u|--uid)[ =]([0-9]{1,9})( |$)`)

// everywhereUsers are users that have one number on every system that images are made of:
// https://salsa.debian.org/debian/base-passwd/-/blob/master/passwd.master, https://git.alpinelinux.org/aports/tree/main/alpine-baselayout/passwd
var everywhereUsers = map[string]uint32{"nobody": 65534} //nolint:gochecknoglobals // a constant table

// numberOf is the number of the user that commands make by that name, or that every system has.
func numberOf(name string, made []shell.Command) (plan.User, bool) {
	for _, c := range made {
		words := buildfile.Sure(userCommand(c))
		if !slices.Contains(words, name) {
			continue
		}
		if m := uids.FindStringSubmatch(strings.Join(words, " ")); m != nil {
			u, ok := userOf(m[1])
			return u, ok && u.UID != 0
		}
	}
	id, ok := everywhereUsers[name]
	return plan.User{UID: id, GID: id}, ok
}

// lookedUp matches how a script looks a user up.
var lookedUp = lazy.MustCompile(`\b(?:id[ \t]+-[ugnr]+|getent[ \t]+(?:passwd|group))[ \t]+"?([a-z_][a-z0-9_-]{0,31})\b`)

// rootsVolumes says that what an image which ran as root has written to volumes is not the user's.
func rootsVolumes(in record.Input, own *buildfile.File, run *plan.Run) {
	if !buildfile.IsRoot(own.Image.User.Value) {
		return
	}
	for _, c := range contractOf(in).Runs {
		for _, m := range c.Mounts {
			if c.Dev || m.Value.ReadOnly || !path.IsAbs(m.Value.Target) || fileNames.MatchString(m.Value.Target) || notKept.MatchString(m.Value.Target) {
				continue
			}
			user := run.User.String()
			in.Log.Note(m.Pos, "what is mounted at "+plan.Printable(m.Value.Target, 60)+" belongs to root where the image before this one wrote it, and this image runs as "+user,
				"once: docker run --rm -v VOLUME:/x alpine chown -R "+user+" /x")
			return
		}
	}
}

// namedUser gives prod's user the name of the own image's, where the script that prod starts looks that up, or where a compose file or
// the docs run the image as that user: a container does not start as one that is not in /etc/passwd.
func namedUser(in record.Input, app *plan.App) {
	run := app.Run
	if slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "account" }) {
		return
	}
	name, does, at := userAsked(in)
	if name == "" {
		return
	}
	who := strings.TrimSuffix(path.Base(at.File), "/")
	if run.Runtime != plan.Slim && run.Runtime != plan.Alpine {
		if does == runsAs {
			in.Log.Note(at, "runs the image as the user "+name+", which this image does not know", "user: "+run.User.String()+", or --runtime slim, whose image gets that user")
		}
		return
	}
	step := plan.Step{Why: plan.NewComment(who + " " + does + "."), Run: makesUser(run.User, run.Runtime == plan.Alpine, name, false)}
	in.Log.Choose(plan.Choice{Key: "account", Value: name, Rule: in.Rel(at.File) + " " + does, Pos: record.At(at)})
	run.Prepare = append(slices.Clone(run.Prepare), step)
}

// What is done with the name of a user.
const (
	looksUp = "looks this user up"
	runsAs  = "runs the image as this user"
)

// userAsked is the user of the own image that somebody asks for by name, "" for none, and what is done with the name where.
func userAsked(in record.Input) (name, does string, at fact.Pos) {
	known := func(name string) bool { return name != "root" && name != "nobody" && made(in, name) }
	scripted := slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "entrypoint" })
	if e, _, ok := entryFile(in); ok && scripted {
		if f := in.Builds.File(e.file); f != nil {
			for _, m := range lookedUp.FindAllStringSubmatch(f.Text, 20) {
				if known(m[1]) {
					return m[1], looksUp, fact.At(f.Name, 0)
				}
			}
		}
	}
	for _, c := range contractOf(in).Runs {
		if name, _, _ := strings.Cut(c.User, ":"); userName.MatchString(name) && known(name) {
			return name, runsAs, c.Pos
		}
	}
	return "", "", at
}

// userName is what useradd and adduser accept:
// https://github.com/shadow-maint/shadow/blob/master/man/useradd.8.xml.
var userName = lazy.MustCompile(`^[a-z_][a-z0-9_-]{0,31}$`)

// made reports whether a command of the own Dockerfile makes a user.
func made(in record.Input, name string) bool {
	own := contractOf(in).Own
	if own == nil {
		return false
	}
	for _, c := range own.Image.Commands() {
		// What only changes a user says that the base image has it.
		if words := userCommand(c); slices.Contains(words, name) && path.Base(words[0]) != "usermod" {
			return true
		}
	}
	return false
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
