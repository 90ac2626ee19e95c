package verify

import (
	"path"
	"slices"
	"strings"
)

// stage is what is known of a stage's files: not a list of them, but how each would have
// come there.
type stage struct {
	image     base
	dir       string   // the working directory
	path      []string // folders of PATH that ENV adds, in front of the image's
	made      []string // files and folders that a step or a text makes
	open      []string // folders in which a step may have made anything
	layers    []layer
	installed []string // system packages

	entry, cmd         []string
	entryLine, cmdLine int // 0: there is none
}

// layer is one source of a COPY.
type layer struct {
	stage   *stage // nil: the build context
	src     string // rooted
	dest    string
	into    bool // dest is a folder that src is put into, unless src is one itself
	parents bool // the folders of src come along
	glob    bool
}

func (s *stage) clone() *stage {
	out := *s
	out.path, out.made, out.open = slices.Clone(s.path), slices.Clone(s.made), slices.Clone(s.open)
	out.layers, out.installed = slices.Clone(s.layers), slices.Clone(s.installed)
	return &out
}

func (s *stage) abs(name string) string { return join(s.dir, name) }

// file is a path of a stage.
type file struct {
	stage *stage
	name  string
}

// complete is may for a stage to which nothing is added any more.
func (c *checker) complete(s *stage, name string) bool {
	key := file{s, path.Clean(name)}
	may, ok := c.known[key]
	if !ok {
		may = c.may(s, name)
		c.known[key] = may
	}
	return may
}

// may reports whether a rooted path may exist in the stage.
func (c *checker) may(s *stage, name string) bool {
	name = path.Clean(name)
	if name == "/" || s.image.holds(name) {
		return true
	}
	for _, m := range s.made {
		if name == m || strings.HasPrefix(m, name+"/") {
			return true
		}
	}
	for _, o := range s.open {
		if within(name, o) || within(o, name) {
			return true
		}
	}
	return slices.ContainsFunc(s.layers, func(l layer) bool { return c.brings(l, name) })
}

// brings reports whether a layer may have put a path there.
func (c *checker) brings(l layer, name string) bool {
	if within(l.dest, name) { // a folder above it, which COPY makes
		return true
	}
	rest, ok := strings.CutPrefix(name, strings.TrimSuffix(l.dest, "/")+"/")
	if !ok {
		return false
	}
	var sources []string
	switch {
	case l.glob:
		// The last part of the pattern may be a folder, whose files lose its name.
		return l.stage != nil || c.globs(l, rest)
	case l.parents:
		if full := "/" + rest; within(full, l.src) || within(l.src, full) {
			sources = append(sources, full)
		}
	default:
		sources = append(sources, path.Join(l.src, rest)) // a folder gives what is in it
		if l.into && (rest == path.Base(l.src)) {
			sources = append(sources, l.src) // a file
		}
	}
	return slices.ContainsFunc(sources, func(src string) bool { return c.holds(l.stage, src) })
}

// globs reports whether a pattern of the context brings a path.
func (c *checker) globs(l layer, rest string) bool {
	if l.parents {
		return c.context.Has(rest)
	}
	pattern := strings.TrimPrefix(l.src, "/")
	dir := path.Dir(pattern)
	return c.context.Has(path.Join(dir, rest)) || c.context.Glob(path.Join(pattern, rest))
}

// within reports whether a path is a folder or something in it.
func within(name, dir string) bool {
	return name == dir || dir == "/" || strings.HasPrefix(name, dir+"/")
}
