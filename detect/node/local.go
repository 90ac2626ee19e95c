package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// localRange matches dependencies that come from a folder or an archive:
// https://docs.npmjs.com/cli/configuring-npm/package-json#local-paths,
// https://yarnpkg.com/protocols.
var localRange = lazy.MustCompile(`^(?:(?:file|link|portal):|(\.\.?/))`)

// localPath is where a dependency of the package in dir comes from.
func localPath(dir, rng string) (string, bool) {
	m := localRange.FindStringSubmatch(rng)
	if m == nil {
		return "", false
	}
	if m[1] == "" {
		_, rng, _ = strings.Cut(rng, ":")
	}
	rng, _, _ = strings.Cut(rng, "#") // Yarn's ::locator and npm's fragments
	rng, _, _ = strings.Cut(rng, "::")
	rng = strings.TrimPrefix(rng, "//")
	if path.IsAbs(rng) || strings.HasPrefix(rng, "~/") {
		return rng, true
	}
	return path.Join(dir, rng), true
}

// maxLocal is more local packages than any repository chains together.
const maxLocal = 200

// locals follows the dependencies that come by a path, those of the packages
// found there too.
func (f *Facts) locals(t *tree.Tree) error {
	type source struct {
		dir  string
		deps []Dep
	}
	queue := []source{{".", f.Deps}}
	members := map[string]bool{".": true}
	for _, u := range f.Packages {
		queue = append(queue, source{u.Dir, u.Deps})
		members[u.Dir] = true
	}
	for len(queue) > 0 && len(f.Local) < maxLocal {
		from := queue[0]
		queue = queue[1:]
		for _, d := range from.deps {
			to, ok := localPath(from.dir, d.Range)
			if !ok || d.Kind == Peer || members[to] || slices.ContainsFunc(f.Local, func(l Local) bool { return l.Path == to }) {
				continue
			}
			full := path.Join(f.Dir, to)
			l := Local{Path: to, Archive: strings.HasSuffix(to, ".tgz") || strings.HasSuffix(to, ".tar.gz"), Dep: d}
			l.Known = !path.IsAbs(to) && !strings.HasPrefix(to, "~/") && !tree.Within(f.Dir, full) && (t.Has(full) || t.HasDir(full))
			f.Local = append(f.Local, l)
			if manifest := path.Join(full, "package.json"); l.Known && t.Has(manifest) {
				v, err := document.Read(t, manifest)
				if err != nil {
					return err
				}
				queue = append(queue, source{to, deps(v)})
			}
		}
	}
	return nil
}

// Outside reports whether a clean path, relative to the app's folder, leads out of it.
func Outside(dir string) bool { return dir == ".." || strings.HasPrefix(dir, "../") }

// Beside are the folders of the tree outside of the app's own in which what it depends on lies: see detect.Facts.
func (f *Facts) Beside() []string {
	var out []string
	for _, l := range f.Local {
		if !l.Known || !Outside(l.Path) {
			continue
		}
		dir := path.Join(f.Dir, l.Path)
		if l.Archive {
			dir = path.Dir(dir)
		}
		if !tree.Within(f.Dir, dir) {
			out = append(out, dir)
		}
	}
	return out
}

// patches notes the patch files that a manifest names:
// https://pnpm.io/settings#patcheddependencies, https://bun.com/docs/pm/cli/patch,
// https://yarnpkg.com/protocol/patch.
func (f *Facts) patches(v document.Value) {
	f.patched(v.Get("patchedDependencies"))
	f.patched(v.Get("pnpm", "patchedDependencies"))
	for _, d := range f.Deps {
		f.yarnPatch(d.Range, d.Pos)
	}
	for _, m := range v.Get("resolutions").Members {
		f.yarnPatch(m.Value.Text, fact.At(v.File, m.Line))
	}
}

func (f *Facts) patched(v document.Value) {
	for _, m := range v.Members {
		if m.Value.Kind == document.String {
			f.patch(m.Value.Text, fact.At(v.File, m.Line))
		}
	}
}

// yarnPatch takes the files of patch:left-pad@npm%3A1.3.0#~/.yarn/patches/x.patch.
func (f *Facts) yarnPatch(rng string, pos fact.Pos) {
	_, rest, ok := strings.Cut(rng, "patch:")
	_, files, has := strings.Cut(rest, "#")
	if !ok || !has {
		return
	}
	files, _, _ = strings.Cut(files, "::")
	for file := range strings.SplitSeq(files, "&") {
		file = strings.TrimPrefix(strings.TrimPrefix(file, "optional!"), "~/")
		if !strings.Contains(file, "<") { // builtin<compat/fsevents>
			f.patch(file, pos)
		}
	}
}

func (f *Facts) patch(file string, pos fact.Pos) {
	file = path.Clean(file)
	if path.IsAbs(file) || Outside(file) {
		return
	}
	if !slices.ContainsFunc(f.Patches, func(p fact.Fact[string]) bool { return p.Value == file }) {
		f.Patches = append(f.Patches, fact.Fact[string]{Value: file, Pos: pos})
	}
}
