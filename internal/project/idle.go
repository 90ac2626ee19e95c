package project

import (
	"context"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/templates"
)

// idleRoot is what was tried of such a root, and its manifest.
type idleRoot struct {
	attempt
	manifest fact.Pos
}

// idle looks into the folders below a root whose own manifest is of no app: of tools that developers use, of scripts that run
// what is in folders, of a library. It returns what was tried of such a root where there is something below it, else nil.
func (r *run) idle(ctx context.Context) *idleRoot {
	if !r.repo.Own(root) || r.asksForRoot() {
		return nil
	}
	t := r.try(ctx, place{dir: root})
	if r.written(root) && r.top() == "" || !record.IsIdle(t.err) && !r.standsIn(t) {
		r.above = &t
		if len(record.Among(t.err)) > 0 { // it has none itself, and what lies below is an app of its own whatever its language is
			r.repo = r.repo.Beside(profiles.Languages(), func(string) bool { return true })
		}
		r.besideRoot(t)
		return nil
	}
	below := r.repo.Beneath(profiles.Languages())
	if !slices.ContainsFunc(below.Folders(), func(dir string) bool { return dir != root }) {
		r.above = &t
		return nil
	}
	out := &idleRoot{attempt: t, manifest: fact.At(root, 0)}
	for _, a := range r.repo.In(root) {
		for _, name := range aside.ManifestsOf(a.Facts.Language()) {
			if !a.Below() && r.repo.Tree.Has(name) {
				out.manifest = fact.At(name, 0)
			}
		}
	}
	r.repo = below
	return out
}

// besideRoot adds the folders below an app of the root of which the repository makes images of their own, unless the root's holds what is
// in them. An own Dockerfile in the root alone is of one image: then there are none.
func (r *run) besideRoot(t attempt) {
	if t.app == nil {
		return
	}
	builds := buildfile.Of(r.repo.Tree, root)
	dockerfile := string(t.app.file(templates.Dockerfile).Data)
	held := func(dir string) bool {
		return slices.ContainsFunc(t.app.Plan.Choices, func(c plan.Choice) bool { return c.Key == "frontend" && tree.Within(c.Value, dir) }) ||
			strings.Contains(dockerfile, " "+dir+"/") || t.app.Plan.Language == "go" && t.app.below([]string{dir}) != ""
	}
	r.repo = r.repo.Beside(profiles.Languages(), func(dir string) bool {
		_, makes := builds.Makes(dir)
		return (makes || r.written(dir)) && !aside.Image(dir) && !held(dir)
	})
}

// asksForRoot reports whether the user says what the root's app is.
func (r *run) asksForRoot() bool {
	asked := r.config.Override(r.req.Flags)
	return asked.Main != "" || len(asked.Start) > 0
}

// standsIn reports whether the app that was made for the root is of a folder below, in the place of an own one that was refused.
func (r *run) standsIn(t attempt) bool {
	return t.app != nil && !slices.ContainsFunc(r.repo.In(root), func(a detect.App) bool {
		return a.Facts.Language() == t.app.Plan.Language && !a.Below()
	})
}

// sayIdle has the first app say that the root is none, where the apps are those below it; if there is none, the root says why.
func sayIdle(tried []attempt, idle *idleRoot) []attempt {
	if idle == nil {
		return tried
	}
	i := slices.IndexFunc(tried, func(t attempt) bool { return t.err == nil })
	if i < 0 {
		if slices.ContainsFunc(tried, func(t attempt) bool { return !record.IsNoApp(t.err) }) {
			return tried
		}
		return []attempt{idle.attempt}
	}
	if tried[i].at.code() == root {
		return tried
	}
	tried[i].app.note(idle.manifest, "is of no app: it starts none by itself, and the apps are those of the folders below", "")
	return tried
}
