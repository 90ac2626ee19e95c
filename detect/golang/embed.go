package golang

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/load"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Embed is one pattern of a go:embed line.
type Embed struct {
	Pattern string // relative to Facts.Dir
	Matches bool   // whether a committed file matches
	Only    string // the file that stands in for all that it is meant for: "web/dist/.gitkeep"
}

// embed reads a pattern of a package in dir.
func (r *reader) embed(dir, pattern string) Embed {
	inner, all := strings.CutPrefix(pattern, "all:")
	e := Embed{Pattern: path.Join(dir, inner)}
	list, read := r.embedded(e.Pattern, all)
	if !read {
		e.Matches = true // nothing is known against it
		return e
	}
	if e.Matches = len(list) > 0; len(list) == 1 && r.placeholder(list[0]) {
		e.Only = list[0]
	}
	return e
}

// embedding takes the one tag of some builds with which a program embeds what it lacks without, such as a front end: the
// builds that do not have it compile quickly. It reports whether there is one.
func (b *build) embedding(mains []*load.Package) bool {
	x := &b.facts.BuildFlags
	var with []fact.Fact[string]
	for _, tag := range x.PartialTags {
		if !developers.MatchString(tag.Value) && b.embedsWith(tag.Value, mains) {
			with = append(with, tag)
		}
	}
	if len(with) != 1 {
		return false
	}
	x.Tags = append(x.Tags, with[0])
	x.PartialTags = slices.DeleteFunc(x.PartialTags, func(t fact.Fact[string]) bool { return t == with[0] })
	return true
}

// embedsWith reports whether a program embeds more with a tag: files that are committed, or a folder that Git ignores, which a front end of
// the repository may write.
func (b *build) embedsWith(tag string, mains []*load.Package) bool {
	c := b.facts.BuildFlags.config()
	c.Tags = append(c.Tags, tag)
	with := load.New(b.Folder, &b.facts.Build, c)
	fronts := len(b.Tree.Named(b.Dir, "package.json")) > 0
	for _, k := range mains {
		for _, dep := range b.loader.Reach(k) {
			if !dep.Partial {
				continue
			}
			tagged := with.Load(dep.Dir)
			if tagged == nil || len(tagged.Embeds) <= len(dep.Embeds) {
				continue
			}
			if !slices.ContainsFunc(tagged.Embeds, func(e fact.Fact[string]) bool {
				x := b.embed(dep.Dir, e.Value)
				return !x.Matches && !(fronts && b.Tree.IgnoresFolder(b.At(x.Pattern)))
			}) {
				return true
			}
		}
	}
	return false
}

// maxMatches is how many files are held against patterns in one build.
const maxMatches = 1_000_000

// embedded lists the committed files that a pattern means, the first two of
// them. Of a folder, those that begin with a dot or an underscore are left out:
// https://pkg.go.dev/embed#hdr-Directives.
func (r *reader) embedded(pattern string, all bool) (out []string, read bool) {
	if r.Has(pattern) {
		return []string{pattern}, true
	}
	dir := pattern
	if strings.ContainsAny(pattern, `*?[\\`) {
		dir = globDir(pattern)
	}
	for _, f := range r.Tree.Files(r.At(dir)) {
		if len(out) == 2 {
			break
		}
		if r.matches--; r.matches < 0 {
			return nil, false
		}
		file := r.Rel(f)
		for name := range tree.Above(file) {
			if ok, err := path.Match(pattern, name); name != pattern && (err != nil || !ok) {
				continue
			}
			if inside := strings.TrimPrefix(file, name); all || !strings.Contains(inside, "/.") && !strings.Contains(inside, "/_") {
				out = append(out, file)
			}
			break
		}
	}
	return out, true
}

var placeholderName = lazy.MustCompile(`(?i)^\.(git)?(keep|ignore|empty)$|placeholder|^dummy`)

// placeholder reports whether a file is only there so that its folder is: by its
// name, by what it says of itself, or because it is empty.
func (r *reader) placeholder(name string) bool {
	if placeholderName.MatchString(path.Base(name)) {
		return true
	}
	text, err := r.Tree.ReadHead(r.At(name), 2048)
	return err == nil && (len(bytes.TrimSpace(text)) == 0 || len(text) < 2048 && bytes.Contains(bytes.ToLower(text), []byte("placeholder")))
}

// globDir is the folder of a pattern before its first wildcard.
func globDir(pattern string) string {
	if i := strings.IndexAny(pattern, `*?[\`); i >= 0 {
		pattern = pattern[:i]
		return path.Dir(pattern + "x")
	}
	return path.Dir(pattern)
}
