package project

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/ignore"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/templates"
)

// hideOthers keeps the folders of the other apps of a shared context out of the build, but for what it names of them: their manifests.
// So a change of another app rebuilds nothing of this one. It does nothing where the language does not know what the build reads.
func (a *App) hideOthers(parts []string) error {
	if a.Plan.Place == "" || a.Plan.Needs == nil {
		return nil
	}
	sources, err := ignore.Sources(a.file(templates.Dockerfile).Data)
	if err != nil {
		return err
	}
	needs := append(slices.Clone(a.Plan.Needs), a.Plan.Place)
	needs = append(needs, a.named(needs)...)
	var hidden []string
	for _, dir := range parts {
		whole := func(s string) bool { return s != "" && tree.Within(dir, s) }
		needed := slices.ContainsFunc(needs, func(n string) bool { return tree.Within(n, dir) }) || slices.ContainsFunc(sources, whole)
		if !needed && !strings.ContainsAny(dir, `*?[\`) {
			hidden = append(hidden, dir)
		}
	}
	group := plan.IgnoreGroup{Heading: plan.NewComment("The other apps: a change there rebuilds nothing here")}
	lines := a.folded(hidden, needs)
	for _, s := range sources {
		if slices.ContainsFunc(hidden, func(dir string) bool { return within(s, dir) }) {
			lines = append(lines, "!"+s)
		}
	}
	for _, line := range lines {
		p, err := plan.NewPattern(line)
		if err != nil {
			return nil //nolint:nilerr // a name that no line can hold: nothing is hidden
		}
		if !slices.Contains(group.Patterns, p) {
			group.Patterns = append(group.Patterns, p)
		}
	}
	if len(group.Patterns) == 0 {
		return nil
	}
	p := *a.Plan
	p.Ignore = append(plan.Ignore{group}, p.Ignore...) // what the others hide stays hidden
	files, err := templates.Render(&p)
	if err != nil {
		return err
	}
	a.Plan, a.Files = &p, files
	return nil
}

// folded are the patterns that hide folders. Where most of those in one folder are hidden, and there is nothing else, all of them are,
// but for those that are needed: a further app changes no line then.
func (a *App) folded(hidden, needs []string) []string {
	var out []string
	done := map[string]bool{}
	for _, dir := range hidden {
		above := path.Dir(dir)
		if done[above] {
			continue
		}
		var kept []string
		count, other := 0, above == root || len(a.repo.Tree.Names(path.Join(a.Plan.Dir, above))) > 0
		for _, name := range a.repo.Tree.Dirs(path.Join(a.Plan.Dir, above)) {
			at := path.Join(above, name)
			switch {
			case slices.Contains(hidden, at):
				count++
			case slices.ContainsFunc(needs, func(n string) bool { return tree.Within(n, at) }):
				kept = append(kept, "!"+at)
			default:
				other = true
			}
		}
		if other || count <= len(kept) {
			out = append(out, dir)
			continue
		}
		done[above] = true
		out = append(append(out, above+"/*"), kept...)
	}
	return out
}

// within reports whether a source of a COPY, which may be a pattern, can mean something in a folder.
func within(source, dir string) bool {
	words, folder := strings.Split(source, "/"), strings.Split(dir, "/")
	if len(words) <= len(folder) {
		return false
	}
	ok, err := path.Match(strings.Join(words[:len(folder)], "/"), dir)
	return err == nil && ok
}

// upward matches a path that leads up from a folder.
var upward = lazy.MustCompile(`(?:\.\./)+[A-Za-z0-9@._-]+(?:/[A-Za-z0-9@._-]+)*`)

// Bounds of what is looked at for such paths.
const (
	maxManifests     = 40 // of a folder
	maxManifestBytes = 64 << 10
)

// named are the paths outside of folders that their own files name, which are the manifests and the settings of tools, by a path that leads up.
func (a *App) named(folders []string) []string {
	var out []string
	for _, dir := range folders {
		at := path.Join(a.Plan.Dir, dir)
		names := a.repo.Tree.Names(at)
		for _, name := range names[:min(len(names), maxManifests)] {
			if path.Ext(name) == ".md" || strings.Contains(name, "lock") {
				continue
			}
			text, err := a.repo.Tree.ReadHead(path.Join(at, name), maxManifestBytes)
			if err != nil {
				continue
			}
			for _, m := range upward.FindAllString(string(text), -1) {
				if rel := path.Join(dir, m); !strings.HasPrefix(rel, "..") {
					out = append(out, rel)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
