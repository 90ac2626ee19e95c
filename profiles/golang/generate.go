package golang

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Generated is one run of a generator.
type Generated struct {
	Why plan.Comment
	Run plan.Shell
}

// generate has the build write the code that is not committed, with generators
// that the repository holds to one version: another may write code that does
// not fit. What else would be needed is refused.
func (d *decider) generate() error {
	var list []fact.Fact[golang.Generation]
	for _, x := range d.main.Generations {
		why := ungenerated(x.Value)
		switch {
		case why == "":
			list = append(list, x)
		case x.Value.Needed:
			return record.Refuse(x.Pos, ungeneratedHint(x.Value), "%s writes %s, which is not committed: %s", printable(x.Value.Tool), printable(x.Value.Output), why)
		default:
			d.Log.Note(x.Pos, printable(x.Value.Tool)+" writes "+printable(x.Value.Output)+", which is not committed, and the build goes without it: "+why, ungeneratedHint(x.Value))
		}
	}
	c := plan.Choice{Key: "go.generate", Link: "https://pkg.go.dev/cmd/go#hdr-Generate_Go_files_by_processing_source"}
	var values []string
	for i, x := range list {
		run, err := plan.NewShell(generatorCommand(x.Value)...)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(d.p.Generate, func(g Generated) bool { return g.Run == run }) {
			continue
		}
		same := 0
		for _, o := range list[i+1:] {
			if slices.Equal(generatorCommand(o.Value), generatorCommand(x.Value)) {
				same++
			}
		}
		d.p.Generate = append(d.p.Generate, Generated{generatorWhy(x.Value, same), run})
		values = append(values, run.String())
		if err := d.preinstall(x.Value); err != nil {
			return err
		}
	}
	if len(values) == 0 {
		return nil
	}
	c.Value, c.Pos = strings.Join(values, " && "), record.At(list[0].Pos)
	c.Rule = "writes " + printable(list[0].Value.Output) + ", which is not committed; pinned by " + string(list[0].Value.Pinned)
	d.Log.Choose(c)
	return nil
}

// generated takes over what a further program needs written.
func (d *decider) generated(p *Plan) {
	for _, g := range p.Generate {
		if !slices.ContainsFunc(d.p.Generate, func(o Generated) bool { return o.Run == g.Run }) {
			d.p.Generate = append(d.p.Generate, g)
		}
	}
	for _, g := range p.Generators {
		if !slices.Contains(d.p.Generators, g) {
			d.p.Generators = append(d.p.Generators, g)
		}
	}
}

// ungenerated says why a generator cannot run in the build, "" where it can.
func ungenerated(g golang.Generation) string {
	switch {
	case g.Outside != "":
		return g.Outside
	case g.Pinned == golang.NotPinned:
		return "nothing in go.mod says which version of it to run"
	case slices.ContainsFunc(g.Args, func(a string) bool { return strings.Contains(a, "$") }):
		return "its go:generate line has variables that go generate alone knows"
	}
	return ""
}

func ungeneratedHint(g golang.Generation) string {
	if g.Outside != "" || g.Package == "" || g.Pinned != golang.NotPinned {
		return "commit what it writes"
	}
	return "commit what it writes, or pin it: go get -tool " + printable(g.Package)
}

// generatorCommand runs a generator in its folder, at its pinned version.
func generatorCommand(g golang.Generation) []string {
	cmd := []string{"go"}
	if g.Dir != "." {
		cmd = append(cmd, "-C", g.Dir)
	}
	switch g.Pinned {
	case golang.ToolLine:
		cmd = append(cmd, "tool", moduleName(g.Package))
	case golang.RequireLine, golang.ExactVersion:
		cmd = append(cmd, "run", g.Package+"@"+g.Version)
	case golang.BlankImport, golang.OwnPackage, golang.NotPinned:
		cmd = append(cmd, "run", g.Package)
	}
	return append(cmd, g.Args...)
}

func generatorWhy(g golang.Generation, same int) plan.Comment {
	more := ""
	if same > 0 {
		more = " and " + strconv.Itoa(same) + " more"
	}
	return plan.NewComment(g.Tool + " writes " + g.Output + more + ", pinned by " + string(g.Pinned) + ".")
}

// preinstall fetches a generator that go.mod does not list before the source
// is copied, so that an edit of the source fetches nothing.
func (d *decider) preinstall(g golang.Generation) error {
	if g.Pinned != golang.RequireLine && g.Pinned != golang.ExactVersion {
		return nil
	}
	w, err := plan.NewToken(g.Package + "@" + g.Version)
	if err != nil {
		return err
	}
	if slices.Contains(d.p.Tools, w) {
		return nil
	}
	d.p.Tools = append(d.p.Tools, w)
	install, err := plan.NewShell("go", "install", w.String())
	d.p.Generators = append(d.p.Generators, install)
	return err
}

// generates reports whether the build writes the package of an import path.
func (d *decider) generates(imp string) bool {
	return slices.ContainsFunc(d.main.Generations, func(x fact.Fact[golang.Generation]) bool {
		return slices.ContainsFunc(d.f.Modules, func(m module.Module) bool {
			rest, ok := strings.CutPrefix(imp, m.Path.Value+"/")
			dir := path.Join(m.Dir, rest)
			return ok && (x.Value.Output == dir || path.Dir(x.Value.Output) == dir)
		})
	})
}

// inputs are the extensions of what the generators read.
func (d *decider) inputs() []string {
	var out []string
	for _, x := range d.main.Generations {
		if w := x.Value.Watch; len(d.p.Generate) > 0 && w != "" && fileName(w) == w && !slices.Contains(watched, w) && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// unwatched are patterns of what the generators write: a build that writes
// them must not start the next.
func (d *decider) unwatched() []string {
	var out []string
	for _, x := range d.main.Generations {
		g := x.Value
		re := "/" + regexp.QuoteMeta(g.Output) + "/"
		switch {
		case g.Pattern != "":
			re = regexp.QuoteMeta(strings.TrimPrefix(g.Pattern, "*")) + "$"
		case strings.HasSuffix(g.Output, ".go"):
			re = "/" + regexp.QuoteMeta(g.Output) + "$"
		}
		if len(d.p.Generate) > 0 && !strings.Contains(re, ",") && !slices.Contains(out, re) {
			out = append(out, re)
		}
	}
	return out
}
