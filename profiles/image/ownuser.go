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

// ownUser gives prod the number of the own image's user where that image keeps data: it belongs to that user on the volumes of those
// who run it. Where the app needs a home or an entry in /etc/passwd, which are of dockgen's own user, that one stays. It is
// recorded as "user".
func ownUser(in record.Input, app *plan.App) {
	run := app.Run
	data := slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "data" })
	account := slices.ContainsFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "account" })
	home := slices.ContainsFunc(run.Writes, func(w plan.Path) bool { return within(NonRootHome, path.Clean(w.Raw())) }) ||
		slices.ContainsFunc(run.Env, func(e plan.Env) bool { return strings.HasPrefix(e.Value.Raw(), NonRootHome) })
	own := contractOf(in).Own
	if !data || account || home || run.User != NonRoot() || run.Runtime == plan.Scratch || own == nil {
		return
	}
	u, ok := numbered(own.Image)
	if !ok || u == NonRoot() {
		return
	}
	at := own.Image.User.Pos
	for _, text := range recorded(in, "user", runs, []string{u.String()}, rule(in, at, "runs as this user, whose the data on volumes is"), at) {
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
// user of that name.
func numbered(i *buildfile.Image) (plan.User, bool) {
	if u, ok := userOf(i.User.Value); ok {
		return u, u.UID != 0
	}
	name, _, _ := strings.Cut(i.User.Value, ":")
	if name == "" || strings.Contains(name, buildfile.Unknown) {
		return plan.User{}, false
	}
	for _, l := range i.Lines {
		for _, c := range l.Commands {
			words := buildfile.Sure(shell.Texts(c.Unwrap().Words))
			if len(words) < 2 || !slices.Contains(userMakers, path.Base(words[0])) || !slices.Contains(words, name) {
				continue
			}
			if m := uids.FindStringSubmatch(strings.Join(words, " ")); m != nil {
				u, ok := userOf(m[1])
				return u, ok && u.UID != 0
			}
		}
	}
	return plan.User{}, false
}
