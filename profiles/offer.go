package profiles

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/frontend"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// The most folders that are offered, and paths that are looked at for it.
const (
	maxOffers = 50
	maxSeen   = 1000
)

// offers implements record.Input's Offers.
func (x *frontends) offers() []record.Missing {
	var out []record.Missing
	offer := func(folder string, m record.Missing) {
		if len(out) >= maxOffers || folder == x.in.Dir || !tree.Within(folder, x.in.Dir) || installed(folder) {
			return
		}
		m.Folder, m.Loose = x.in.Rel(folder), true
		if m.Folder != "." && !slices.ContainsFunc(out, func(o record.Missing) bool { return o.Folder == m.Folder }) {
			out = append(out, m)
		}
	}
	for _, c := range x.shipped() {
		if c.Variable == "" && !c.Found {
			offer(c.To, record.Missing{Pos: c.Pos, Shipped: true})
		}
	}
	seen := 0
	for _, m := range frontend.Makers(x.repo.Tree, x.in.Dir) {
		if slices.ContainsFunc(m.Named, func(n frontend.Name) bool { return path.Base(n.Path) == "dist" && x.here(n.Path) }) {
			continue // it is committed ready to be served, and what Git ignores is for those who work on it
		}
		for _, n := range m.Named {
			if seen++; seen > maxSeen {
				return out
			}
			if !m.Builds && !m.Only(n.Script) || !x.repo.Tree.IgnoresFolder(n.Path) || x.here(n.Path) {
				continue
			}
			folder := n.Path
			if path.Ext(folder) != "" {
				folder = path.Dir(folder)
			}
			offer(folder, record.Missing{Pos: n.Pos})
		}
	}
	return out
}

// ships is the evidence of what a Dockerfile takes from the stage that builds a front end.
const ships image.Verb = " ships "

// shipped is what the repository's own Dockerfile takes of front ends; the lock keeps that of one whose place
// dockgen's took.
func shipped(in record.Input) []frontend.Copied {
	own, context := in.Builds.Whole()
	if own == nil || aside.Image(own.Name) {
		old, _ := image.Remembered(in, shippedKey, ships)
		return append(decodeShipped(old.Value), shippedAbove(in)...)
	}
	list := frontend.Shipped(own, in.Tree, context)
	if context != "." {
		list = append(list, shippedAbove(in)...)
	}
	return list
}

// shippedAbove is what the root's own Dockerfile, which makes one image of several folders, puts into the app's.
func shippedAbove(in record.Input) []frontend.Copied {
	if in.Dir == "." {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(frontend.Shipped(buildfile.Of(in.Tree, ".").Image(), in.Tree, ".")), func(c frontend.Copied) bool {
		return c.Variable != "" || c.To == in.Dir || !tree.Within(c.To, in.Dir) || tree.Within(c.From, in.Dir)
	})
}

// shippedKey is the choice that keeps it.
const shippedKey = "frontend.shipped"

// ownRelease is the release of Node that the own Dockerfile builds a front end with.
func ownRelease(s frontend.Copied) record.Option {
	return record.Option{Value: s.Node, Pos: s.Pos, Rule: "the stage of the repository's own Dockerfile that builds it"}
}

// found marks one in it that the app finds from its working directory.
const found = " in place"

// recordShipped writes down what counted of it, if dockgen's Dockerfile takes the place of the own one.
func (x *frontends) recordShipped() {
	var words []string
	var at fact.Pos
	for _, c := range x.shipped() {
		text := c.From + " > " + c.To
		if c.Script != "" {
			text += " by " + c.Script
		}
		if c.Node != "" {
			text += " on " + c.Node
		}
		if c.Variable != "" {
			text += " as " + c.Variable
		}
		if c.Found {
			text += found
		}
		used := slices.ContainsFunc(x.made, func(b built) bool { return tree.Within(c.From, b.dir) || c.Script != "" && c.Script == b.script })
		replaced := c.Pos.IsZero() || image.IsReplaced(c.Pos)
		if !used || !replaced || strings.ContainsAny(text, ";\n") || strings.Contains(c.From+c.To, " ") {
			continue
		}
		words = append(words, text)
		if at.IsZero() {
			at = c.Pos
		}
	}
	if len(words) == 0 {
		return
	}
	value := strings.Join(words, "; ")
	evidence := image.Adopted(x.in, at, ships, value)
	if at.IsZero() {
		old, _ := image.Remembered(x.in, shippedKey, ships)
		at, evidence = fact.At(record.LockFile, 0), old.Evidence
	}
	x.in.Log.Choose(plan.Choice{Key: shippedKey, Value: value, Rule: "the repository's own Dockerfile has it in the image", Pos: record.At(at), Evidence: evidence})
}

// decodeShipped reads the value of that choice.
func decodeShipped(value string) []frontend.Copied {
	var out []frontend.Copied
	for item := range strings.SplitSeq(value, "; ") {
		var c frontend.Copied
		item, c.Found = strings.CutSuffix(item, found)
		item, c.Variable, _ = strings.Cut(item, " as ")
		item, c.Node, _ = strings.Cut(item, " on ")
		item, c.Script, _ = strings.Cut(item, " by ")
		c.From, c.To, _ = strings.Cut(item, " > ")
		if !local(c.From) || (c.Variable == "") != local(c.To) || c.Variable != "" && !path.IsAbs(c.To) || len(out) >= maxOffers {
			continue
		}
		out = append(out, c)
	}
	return out
}

// local reports whether a path is clean and leads below the folder that it starts from.
func local(name string) bool {
	return name != "" && name != "." && path.Clean(name) == name && !path.IsAbs(name) && name != ".." && !strings.HasPrefix(name, "../")
}

// place gives prod what the own Dockerfile has at a rooted path of the image, which it tells the app by a variable.
func (x *frontends) place(run *plan.Run) error {
	if run == nil {
		return nil
	}
	for _, s := range x.shipped() {
		if s.Variable == "" {
			continue
		}
		c := candidate{output: s.From, rule: "the own Dockerfile has it in the image", pos: s.Pos}
		for _, m := range frontend.Makers(x.repo.Tree, x.in.Dir) {
			if tree.Within(s.From, m.Dir) && len(m.Dir) > len(c.maker.Dir) && m.Dir != "." && m.Builds {
				c.maker = m
			}
		}
		if c.maker.Dir == "" || x.facts(c.maker.Dir) == nil || x.here(s.From) {
			continue
		}
		c = x.ownScript(c)
		made, err := x.build(c, fact.At(c.maker.Pos.File, 0), s.From)
		if err != nil {
			if err = x.in.Log.Without(err); err != nil {
				return err
			}
			continue
		}
		if made.Copy.To, err = plan.NewPath(path.Clean(s.To) + "/"); err != nil {
			return err
		}
		env, err := plan.NewEnv(s.Variable, path.Clean(s.To))
		if err != nil {
			return err
		}
		run.Copies = append(run.Copies, made.Artifact)
		run.Uses = append(slices.Clip(run.Uses), plan.StagesOf([]plan.Artifact{made.Artifact})...)
		if !slices.ContainsFunc(run.Env, func(e plan.Env) bool { return e.Name.String() == s.Variable }) {
			run.Env = append(slices.Clip(run.Env), env)
		}
	}
	return nil
}

// installed reports whether a path is of packages that a manager installs.
func installed(name string) bool { return strings.Contains("/"+name+"/", "/node_modules/") }
