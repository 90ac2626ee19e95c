package golang

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"path"
	"slices"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/profiles/plan"
)

// evidence is one reason to take a main package for the app.
type evidence struct {
	main golang.Main
	rule string
	at   golang.Evidence // where it stands; its position is zero if only names say it
	// weak evidence gives way to a line of the repository's that builds or
	// starts a program that listens, if this one does not.
	weak bool
}

// starting are the kinds of files that say what is deployed, in order: what a
// platform starts, then what an image starts.
var starting = []buildfile.Kind{buildfile.Procfile, buildfile.Heroku, buildfile.Platform, buildfile.Dockerfile, buildfile.Compose} //nolint:gochecknoglobals // a constant table

// developing are the kinds of files that say what is run at home, released
// and built, in order.
var developing = []buildfile.Kind{buildfile.Makefile, buildfile.Reloader, buildfile.Goreleaser, buildfile.Promu} //nolint:gochecknoglobals // a constant table

// evidences lists the reasons to take one of the mains, best first. What is
// deployed comes before names, and names before what is built, because a
// release is often of the tools around a server.
func (s *source) evidences(list []golang.Main) []evidence {
	var out []evidence
	add := func(weak bool, rule string, m golang.Main, at golang.Evidence) {
		out = append(out, evidence{m, rule, at, weak})
	}
	for _, by := range starting {
		if m, at, ok := s.namedBy(by); ok && !(m.Auxiliary && s.besideApp(at.Pos.File)) {
			add(false, verbOf(at)+" by "+string(by), m, at)
		}
	}
	if len(list) == 1 {
		add(true, onlyMain, list[0], golang.Evidence{})
	} else if m, ok := s.mainNamedAsProject(list); ok {
		add(true, "the main package that is named like its module or repository", m, golang.Evidence{})
	}
	for _, by := range developing {
		if m, at, ok := s.namedBy(by); ok && (!m.Auxiliary || by == buildfile.Goreleaser || by == buildfile.Promu) {
			add(false, verbOf(at)+" by "+string(by), m, at)
		}
	}
	var listening []golang.Main
	for _, m := range list {
		if len(m.Listens) > 0 {
			listening = append(listening, m)
		}
	}
	if len(listening) == 1 {
		add(false, "the only main package that listens", listening[0], golang.Evidence{})
	}
	if m, ok := s.serving(list); ok {
		add(false, "the main package that is named as a server", m, golang.Evidence{})
	}
	if m, at, ok := s.namedBy(buildfile.Readme); ok && !m.Auxiliary {
		add(false, verbOf(at)+" by "+string(buildfile.Readme), m, at)
	}
	if apart := slices.DeleteFunc(slices.Clone(list), inLibrary); len(apart) == 1 {
		add(false, "the only main package outside of the folders of libraries", apart[0], golang.Evidence{})
	}
	return out
}

// besideApp reports whether a file is a Dockerfile that docker build does not take by default.
func (s *source) besideApp(file string) bool {
	f := s.Builds.File(s.Rel(file))
	return f != nil && f.Image != nil && !f.Default
}

const onlyMain = "the only main package"

func verbOf(x golang.Evidence) string {
	if x.Starts {
		return "started"
	}
	return "built"
}

// best picks the winner, by the rule "the only main package" if there is nothing
// to choose.
func best(list []evidence) (evidence, bool) {
	win, ok := first(list)
	if i := slices.IndexFunc(list, func(e evidence) bool { return e.rule == onlyMain }); ok && i >= 0 && list[i].main.Dir == win.main.Dir {
		win = list[i] // there is nothing to choose
	}
	return win, ok
}

// first is the first of the evidence. Weak evidence of a program that does not
// listen gives way to a line of the repository that names one that does.
func first(list []evidence) (evidence, bool) {
	if len(list) == 0 {
		return evidence{}, false
	}
	win := list[0]
	if !win.weak || len(win.main.Listens) > 0 {
		return win, true
	}
	for _, o := range list {
		if !o.at.Pos.IsZero() && len(o.main.Listens) > 0 && o.at.By != buildfile.Readme {
			o.rule += ", and it listens"
			return o, true
		}
	}
	return win, true
}

// namedBy finds the one main that the files of a kind name: the one that they
// start, else the one that they build. Where they name several, the rules of a
// Makefile and the processes of a Procfile are asked in the order of their
// names, and a program that is called like the project wins.
func (s *source) namedBy(by buildfile.Kind) (golang.Main, golang.Evidence, bool) {
	groups := [][]golang.Evidence{nil}
	for _, x := range s.all.Evidence {
		if x.By != by {
			continue
		}
		if last := groups[len(groups)-1]; len(last) > 0 && last[0].Rule != x.Rule {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], x)
	}
	if by == buildfile.Procfile {
		// The process that serves: https://devcenter.heroku.com/articles/procfile#the-web-process-type.
		slices.SortStableFunc(groups, func(a, b []golang.Evidence) int { return cmp.Compare(notWeb(a), notWeb(b)) })
	}
	for _, group := range groups {
		for _, starts := range []bool{true, false} {
			if m, at, ok := s.agreedMain(group, starts); ok {
				return m, at, true
			}
		}
	}
	return golang.Main{}, golang.Evidence{}, false
}

func notWeb(group []golang.Evidence) int {
	if len(group) > 0 && group[0].Rule == "web" {
		return 0
	}
	return 1
}

// agreedMain is the main that all of the mentions lead to, or the one of several
// that is called like the project.
func (s *source) agreedMain(group []golang.Evidence, starts bool) (golang.Main, golang.Evidence, bool) {
	var found []golang.Main
	var at []golang.Evidence
	for _, x := range group {
		m, ok := s.mentioned(x)
		if !ok || x.Starts != starts || m.Pos.Line == 0 || slices.ContainsFunc(found, func(o golang.Main) bool { return o.Dir == m.Dir }) {
			continue
		}
		found, at = append(found, m), append(at, x)
	}
	switch len(found) {
	case 0:
		return golang.Main{}, golang.Evidence{}, false
	case 1:
		return found[0], at[0], true
	}
	// An entry point that starts the program in its arguments comes first.
	if starts && at[0].By == buildfile.Dockerfile {
		return found[len(found)-1], at[len(at)-1], true
	}
	for i, m := range found {
		if slices.Contains(s.names(), path.Base(m.Dir)) || at[i].Binary != "" && slices.Contains(s.names(), at[i].Binary) {
			return m, at[i], true
		}
	}
	return golang.Main{}, golang.Evidence{}, false
}

// mentioned is the main that a mention names by its folder or by its binary:
// that of a line which builds such a binary, or a main that is called so.
func (s *source) mentioned(x golang.Evidence) (golang.Main, bool) {
	mains := s.mains()
	dirs := []string{x.Dir}
	if x.Dir == "" {
		dirs = nil
		for _, o := range s.all.Evidence {
			if o.Dir != "" && o.Binary == x.Binary && x.Binary != "" {
				dirs = append(dirs, o.Dir)
			}
		}
		var named []string
		for _, m := range mains {
			if x.Binary != "" && slices.Contains(s.called(m), x.Binary) {
				named = append(named, m.Dir)
			}
		}
		if !slices.ContainsFunc(named, func(dir string) bool { return dir != named[0] }) { // else a name that several have: app/*/cmd/server
			dirs = append(dirs, named...)
		}
	}
	for _, dir := range dirs {
		if i := slices.IndexFunc(mains, func(m golang.Main) bool { return m.Dir == dir }); i >= 0 {
			return mains[i], true
		}
	}
	return golang.Main{}, false
}

// called lists the names that go build or go install give to a main's program.
func (s *source) called(m golang.Main) []string {
	if mods := s.build(m).Modules; m.Module >= 0 && m.Dir == mods[m.Module].Dir {
		out := []string{moduleName(mods[m.Module].Path.Value)}
		if m.Dir == "." {
			out = append(out, s.Name)
		}
		return out
	}
	if m.Dir == "." {
		return []string{s.Name}
	}
	return []string{path.Base(m.Dir)}
}

// names are what the repository is called: its folder and its root module.
func (s *source) names() []string {
	names := []string{s.Name}
	for _, mod := range s.all.Modules {
		if mod.Dir == "." {
			names = append(names, moduleName(mod.Path.Value))
		}
	}
	return slices.DeleteFunc(names, func(s string) bool { return s == "" })
}

// serverNames are what the server among the programs of a project is called.
func serverNames(project string) []string {
	return []string{project + "d", project + "-server", project + "server", project + "-api", "server"}
}

// serving finds the one main that listens and is called as the server of the
// project is: appd, app-server, server.
func (s *source) serving(list []golang.Main) (golang.Main, bool) {
	var found []golang.Main
	for _, m := range list {
		if len(m.Listens) > 0 && slices.ContainsFunc(s.names(), func(n string) bool { return slices.Contains(serverNames(n), path.Base(m.Dir)) }) {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		return golang.Main{}, false
	}
	return found[0], true
}

// passedOver says of each main that lost why, and where the repository names it
// all the same.
func (s *source) passedOver(win evidence, list []evidence, why string) []plan.Rejected {
	out := s.rejected(win.main, why)
	for i := range out {
		for _, e := range list {
			if target(e.main) == out[i].Value && !e.at.Pos.IsZero() {
				out[i].Why = fmt.Sprintf("%s (%s), which counts less than: %s; --set main=%s takes it", e.rule, e.at.Pos, win.rule, out[i].Value)
				break
			}
		}
	}
	return out
}

// signed stands for the evidence that stays when dockgen's Dockerfile takes the
// place of the one that was there: the mains, and every line outside of a
// Dockerfile that names one.
func (s *source) signed() string {
	h := sha256.New()
	n := 0
	mains := s.mains()
	for _, m := range mains {
		fmt.Fprintf(h, "%q", m.Dir)
	}
	for _, x := range s.all.Evidence {
		if m, ok := s.mentioned(x); ok && x.By != buildfile.Dockerfile {
			n++
			fmt.Fprintf(h, "%q", append([]string{verbOf(x), string(x.By), x.Rule, m.Dir}, x.Args...))
		}
	}
	return fmt.Sprintf("%d main packages, mentioned %d times: %x", len(mains), n, h.Sum(nil)[:6])
}
