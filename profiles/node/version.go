package node

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// engine is what runs JavaScript in every stage.
type engine struct {
	Node    string // the major version of Node, "" in the image of Bun, which has none
	Bun     bool   // Bun runs the app
	Version string // of the image that the stages start from
}

// images are the published images of the engine.
func (e engine) images() image.Images {
	if e.Node == "" {
		return image.ImagesOf("bun")
	}
	return image.ImagesOf("node")
}

// major is the major version of Node, 0 for none.
func (e engine) major() int { return release.Major(e.Node) }

// program is what runs a line of JavaScript in a stage.
func (e engine) program() string {
	if e.Node == "" {
		return "bun"
	}
	return "node"
}

// decideEngine chooses between Node and Bun, and the version. The package manager
// comes back as it is there.
func decideEngine(in record.Input, app workspace.App, pm manager.Manager, fw framework.Framework) (engine, manager.Manager, error) {
	var eng engine
	var alone bool
	eng.Bun, alone = usesBun(app, pm, fw)
	if alone {
		img, ok := in.Know.Image("oven/bun")
		if !ok {
			return eng, pm, errors.New("knowledge: no image oven/bun")
		}
		v := in.Log.Choose(plan.Choice{Key: "bun.version", Value: img.Default, Rule: "the app runs on Bun, whose image of this major is kept up to date", Pos: record.At(pm.Pos), Link: img.Source, Evidence: "bun"})
		if _, ok = img.Release(v); !ok {
			return eng, pm, record.Refuse(fact.At("dockgen.lock", 0), "dockgen update --upgrade chooses anew", "dockgen.lock holds Bun %s, which has no image", plan.Printable(v, 20))
		}
		eng.Version = v
		return eng, pm, nil
	}
	why := ""
	if pm.Version != "" {
		why = pm.Command() + " " + pm.Version
	}
	rel, err := decideVersion(in, app.Root, pm.Needs(), why)
	if err != nil {
		return eng, pm, err
	}
	eng.Node, eng.Version = rel.Version, rel.Version
	return eng, pm.On(in, app.Root, eng.Node), nil
}

// usesBun reports whether Bun runs the app, and whether its own image can:
// where nothing asks for Node beside it.
func usesBun(app workspace.App, pm manager.Manager, fw framework.Framework) (runs, alone bool) {
	text := ""
	if s, ok := script.Production(app.Root); ok && fw.Server == nil {
		text = s.Value
	} else if s, ok := app.Own.Script("start"); ok && fw.Server == nil {
		text = s.Value
	}
	runs = script.RunsBun(text) || text == "" && pm.Name == "bun" && !fw.Used()
	alone = runs && pm.Name == "bun" && !slices.ContainsFunc(script.RoughPrograms(text), func(w string) bool { return w == "node" || w == "npm" || w == "npx" })
	for _, s := range app.Own.Code.Execs {
		if slices.Contains([]string{"node", "npm", "npx", "pnpm", "yarn"}, s.Program.Text) {
			alone = false
		}
	}
	return runs, alone && !app.Root.Has("prisma")
}

// nodeCandidates are the lines that ask for a version of Node, the one that
// counts first.
func nodeCandidates(in record.Input, f *node.Facts) []record.Option {
	var cand []record.Option
	add := func(value string, pos fact.Pos, rule string) {
		if value != "" {
			cand = append(cand, record.Option{Value: value, Pos: pos, Rule: rule})
		}
	}
	add(in.Settings.Version, in.Settings.Pos("version"), "asked for")
	byManager := func(pos fact.Pos) bool { return !strings.HasPrefix(path.Base(pos.File), ".n") }
	for _, v := range f.Versions {
		if v.Tool == "node" && !byManager(v.Pos) {
			add(v.Value, v.Pos, path.Base(v.Pos.File))
		}
	}
	if v, ok := f.Volta["node"]; ok {
		add(v.Value, v.Pos, "volta of "+f.Manifest)
	}
	for _, e := range f.DevEngines {
		if e.Runtime && e.Name == "node" {
			add(e.Version.Value, e.Version.Pos, "devEngines of "+f.Manifest)
		}
	}
	for _, v := range f.Versions {
		if v.Tool == "node" && byManager(v.Pos) {
			add(v.Value, v.Pos, path.Base(v.Pos.File))
		}
	}
	if e, ok := f.Engines["node"]; ok {
		add(e.Value, e.Pos, "engines.node of "+f.Manifest)
	}
	return cand
}

// runsOnAsked reports whether something that needs a range of Node versions
// runs on one that the repository asks for.
func runsOnAsked(in record.Input, f *node.Facts, needs string) bool {
	img, _ := in.Know.Image("node")
	for _, c := range nodeCandidates(in, f) {
		if r, ok := release.Resolve(img, c.Value, needs); ok {
			return release.Matches(needs, r.Version)
		}
	}
	return true
}

// decideVersion chooses the major version of Node: what is exact comes before
// a range. The image of a major is patched, so patch and minor versions of
// the repository choose their major. minimum is a range that something else
// needs, and why says what; both may be "".
func decideVersion(in record.Input, f *node.Facts, minimum, why string) (knowledge.Release, error) {
	img, ok := in.Know.Image("node")
	if !ok {
		return knowledge.Release{}, fmt.Errorf("knowledge: no image node")
	}
	cand := nodeCandidates(in, f)
	limit, dep, err := release.Bound(f)
	if err != nil {
		return knowledge.Release{}, err
	}
	var win record.Option
	var rel knowledge.Release
	var rejected []plan.Rejected
	for _, c := range cand {
		if rel.Version != "" {
			pos := c.Pos
			rejected = append(rejected, plan.Rejected{Value: c.Value, Pos: record.At(pos), Why: win.Rule + " comes before " + c.Rule})
			continue
		}
		r, ok := release.Resolve(img, c.Value, minimum, limit)
		if !ok {
			if c.Rule == "asked for" || release.Newer(img, c.Value) {
				return rel, record.Refuse(c.Pos, "dockgen knows "+release.Versions(img), "no image of Node %s", plan.Printable(c.Value, 40))
			}
			if next, ok := release.Next(img, c.Value, minimum); ok {
				in.Log.Note(c.Pos, fmt.Sprintf("there is no image of Node %s with packages to install; Node %s is the next one that has", plan.Printable(c.Value, 40), next.Version), "dockgen knows "+release.Versions(img))
				rel, win = next, c
				continue
			}
			in.Log.Note(c.Pos, fmt.Sprintf("%q names no version of Node that has an image", plan.Printable(c.Value, 40)), "dockgen knows "+release.Versions(img))
			rejected = append(rejected, plan.Rejected{Value: plan.Printable(c.Value, 40), Pos: record.At(c.Pos), Why: "names no version that has an image"})
			continue
		}
		rel, win = r, c
	}
	ch := plan.Choice{Key: "node.version", Value: rel.Version, Rule: win.Rule, Pos: record.At(win.Pos), Rejected: rejected, Link: img.Source}
	switch {
	case rel.Version == "":
		rel, _ = release.Resolve(img, "*", minimum, limit)
		ch.Value, ch.Rule, ch.Evidence = rel.Version, "the repository names none; this is the LTS line that dockgen prefers", "none"
		if limit != "" && rel.Version != img.Default {
			win.Pos = dep.Pos
			ch.Rule, ch.Pos, ch.Evidence = dep.Name+" of this version runs on Node "+limit, record.At(dep.Pos), "none; "+limit
		}
	case rel.Version != strings.TrimLeft(win.Value, "v"):
		ch.Rule, ch.Evidence = win.Rule+" asks for "+plan.Printable(win.Value, 60), win.Value
		if free, ok := release.Resolve(img, win.Value, minimum, ""); ok && free.Version != rel.Version {
			ch.Evidence += "; " + limit // without the dependency it is another release
		}
	}
	if minimum != "" {
		ch.Evidence += "; " + why
	}
	value := in.Log.Choose(ch)
	rel, ok = img.Release(value)
	if !ok {
		return rel, record.Refuse(fact.At("dockgen.lock", 0), "dockgen update --upgrade chooses anew", "dockgen.lock holds Node %s, which has no image", plan.Printable(value, 20))
	}
	if minimum != "" && !release.Matches(minimum, rel.Version) {
		return rel, record.Refuse(win.Pos, "raise the version of Node", "%s needs Node %s, and the repository asks for %s", why, minimum, rel.Version)
	}
	if limit != "" && !release.Matches(limit, rel.Version) {
		in.Log.Note(dep.Pos, fmt.Sprintf("%s of this version runs on Node %s, and the image has Node %s", dep.Name, limit, rel.Version), "move "+dep.Name+" to a newer version, or ask for that Node in engines")
	}
	if rel.Ended {
		in.Log.Note(win.Pos, "Node "+rel.Version+" is out of support: its image gets no security fixes", "move to Node "+img.Default)
	}
	return rel, nil
}
