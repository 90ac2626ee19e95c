package golang

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// choose picks the main package.
func (d *decider) choose() error {
	win, rejected, err := d.pick()
	if err != nil {
		return err
	}
	d.main = win.main
	c := plan.Choice{Key: "go.main", Value: target(d.main), Rule: win.rule, Pos: record.At(d.main.Pos), Rejected: rejected}
	if !win.at.Pos.IsZero() {
		c.Pos = record.At(win.at.Pos)
	}
	if d.Settings.Main == "" && len(d.mains()) > 1 {
		c.Evidence = d.signed()
	}
	kept := d.Log.Choose(c)
	for _, m := range d.f.Mains {
		if target(m) == kept {
			d.main = m
		}
	}
	if d.main.Module >= 0 {
		d.mod = &d.f.Modules[d.main.Module]
	}
	d.name = d.binary(d.main)
	return nil
}

// target is the main as the go command wants it.
func target(m golang.Main) string {
	if m.Dir == "." {
		return "."
	}
	return "./" + m.Dir
}

// pick finds the app among the mains.
func (d *decider) pick() (win evidence, rejected []plan.Rejected, err error) {
	none := evidence{}
	if asked := d.Settings.Main; asked != "" {
		for _, m := range d.mains() {
			if m.Dir == path.Clean(asked) {
				return evidence{main: m, rule: "asked for"}, d.rejected(m, "another was asked for"), nil
			}
		}
		return none, nil, record.Refuse(d.Settings.Pos("main"), d.mainHint(d.mains()), "%s is not a main package of this repository", printable(asked))
	}
	var list []golang.Main
	for _, m := range d.mains() {
		if m.App() {
			list = append(list, m)
		}
	}
	list = outer(list)
	reasons := d.evidences(list)
	win, ok := best(reasons)
	kept, locked := d.locked()
	switch {
	case !ok && locked:
		return evidence{main: kept, rule: "as dockgen.lock has it"}, d.rejected(kept, "another is in dockgen.lock"), nil
	case ok:
		return win, d.passedOver(win, reasons, "lost to "+target(win.main)+": "+win.rule), nil
	case len(list) > 0:
		return none, nil, record.Refuse(d.modPos(), d.mainHint(list), "%d main packages, and nothing says which is the app", len(list))
	case len(d.mains()) > 0:
		return none, nil, record.Refuse(d.mains()[0].Pos, d.mainHint(d.mains()),
			"a library: its only main packages are examples, tools and tests")
	}
	return none, nil, record.Refuse(d.modPos(), "an image needs a program; dockgen builds main packages", "a library: no package main here")
}

// locked is the main of dockgen.lock, where the evidence for it has not changed.
func (d *decider) locked() (golang.Main, bool) {
	old := d.Log.Locked["go.main"]
	mains := d.mains()
	i := slices.IndexFunc(mains, func(m golang.Main) bool { return target(m) == old.Value })
	if i < 0 || d.Settings.Main != "" || old.Evidence != d.signed() {
		return golang.Main{}, false
	}
	return mains[i], true
}

// outer leaves out the mains below a folder internal, which nobody can install
// (https://go.dev/doc/go1.4#internalpackages), where there are others.
func outer(list []golang.Main) []golang.Main {
	out := slices.DeleteFunc(slices.Clone(list), func(m golang.Main) bool {
		return len(m.Listens) == 0 && slices.Contains(strings.Split(m.Dir, "/"), "internal")
	})
	if len(out) == 0 {
		return list
	}
	return out
}

// libraries are names of folders that hold what several programs have in
// common.
var libraries = []string{"shared", "common", "lib", "libs"} //nolint:gochecknoglobals // a constant table

func inLibrary(m golang.Main) bool {
	return slices.ContainsFunc(strings.Split(m.Dir, "/"), func(w string) bool { return slices.Contains(libraries, w) })
}

// named finds the main that is called like the module or the repository; the
// main at the root of its module is.
func (d *decider) named(list []golang.Main) (golang.Main, bool) {
	var found []golang.Main
	for _, m := range list {
		if m.Dir == "." {
			found = append(found, m)
		}
	}
	names := d.names()
	for _, m := range list {
		if m.Dir != "." && slices.Contains(names, path.Base(m.Dir)) {
			found = append(found, m)
		}
	}
	// A client with the name, and the server that belongs to it: wtf and wtfd.
	for _, m := range list {
		for _, n := range names {
			if len(found) == 1 && len(found[0].Listens) == 0 && len(m.Listens) > 0 && n != "" &&
				slices.Contains(serverNames(n), path.Base(m.Dir)) {
				return m, true
			}
		}
	}
	switch {
	case len(found) == 1:
		return found[0], true
	case len(found) > 1 && found[0].Dir == ".":
		// A program at the root, and another with its name: the one that listens, else the root's.
		for _, m := range found {
			if len(m.Listens) > 0 {
				return m, true
			}
		}
		return found[0], true
	}
	return golang.Main{}, false
}

func (d *decider) rejected(win golang.Main, why string) []plan.Rejected {
	var out []plan.Rejected
	for _, m := range d.mains() {
		if m.Dir == win.Dir || len(out) >= 20 {
			continue
		}
		w := why
		if m.Auxiliary {
			w = "in a folder of examples, tools or tests"
		}
		out = append(out, plan.Rejected{Value: target(m), Pos: record.At(m.Pos), Why: w + "; --set main=" + target(m) + " takes it"})
	}
	return out
}

// mainHint lists what could be asked for.
func (d *decider) mainHint(list []golang.Main) string {
	if len(list) == 0 {
		return ""
	}
	hint := "choose one with --set main=" + printable(target(list[0])) + "; there are " + listed(list)
	if len(list) > 1 && len(d.all.Nested) == 0 {
		hint += "; --set targets=all makes each of the others a target of its own"
	}
	return hint
}

// listed names the first few.
func listed(list []golang.Main) string {
	var names []string
	for i, m := range list {
		if i == 12 {
			names = append(names, fmt.Sprintf("… %d more", len(list)-i))
			break
		}
		names = append(names, printable(target(m)))
	}
	return strings.Join(names, ", ")
}

// modPos is the place to point at where the whole module is meant.
func (d *decider) modPos() fact.Pos {
	switch {
	case d.f.Work != nil:
		return d.f.Work.Pos
	case len(d.f.Modules) > 0:
		return d.f.Modules[0].Path.Pos
	}
	return fact.Pos{}
}

// binary names the program: as the repository itself releases it, or builds it
// under the project's name; else its folder, or its module where the folder
// says nothing.
func (d *decider) binary(m golang.Main) string {
	for _, x := range d.f.Evidence {
		if x.Dir == m.Dir && x.Binary != "" && (x.By == buildfile.Goreleaser || slices.Contains(d.names(), x.Binary)) {
			return fileName(x.Binary)
		}
	}
	name := path.Base(m.Dir)
	if d.mod != nil && m.Dir == d.mod.Dir {
		name = "."
	}
	switch name {
	case ".", "cmd", "src", "main":
		name = ""
		if d.mod != nil {
			name = moduleName(d.mod.Path.Value)
		}
		if name == "" || name == "main" {
			name = d.Name
		}
		if m.Dir != "." && name == "" {
			name = path.Base(m.Dir)
		}
	}
	return fileName(name)
}

var notFileName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// fileName makes of s a name that needs no quotes anywhere.
func fileName(s string) string {
	s = strings.Trim(notFileName.ReplaceAllString(s, "-"), "-.")
	if s == "" {
		return "app"
	}
	return s[:min(len(s), 60)]
}
