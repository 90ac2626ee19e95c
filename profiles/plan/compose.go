package plan

import (
	"path"
	"reflect"
	"slices"
	"strings"
)

// Compose puts the stages that make files of another app before an app's own
// stages, and returns the image of both: a front end that is built in a back
// end's Dockerfile. front was decided with a prefix for its stages, app with
// front's Outputs among its imports. dir is the folder of front as app's sees it:
// front's COPY lines and ignore patterns are moved there, because a Dockerfile
// has one build context. Of a front end beside the app ("../web"), Raise has to put the context above both.
// Neither app is to be used on its own afterwards.
func Compose(app, front *App, dir string) (*App, error) {
	var want []StageName
	for _, o := range front.Outputs {
		want = append(want, o.Stage)
	}
	if front.Dev != nil {
		want = append(want, front.Dev.Stage)
	}
	stages := front.Image.Closure(want...)
	for _, s := range stages {
		if err := within(reflect.ValueOf(s.Data), dir); err != nil {
			return nil, err
		}
	}
	out := *app
	out.Image.Stages = slices.Concat(stages, app.Image.Stages)
	for _, c := range front.Image.Checks {
		if !slices.Contains(out.Image.Checks, c) {
			out.Image.Checks = append(slices.Clip(out.Image.Checks), c)
		}
	}
	out.Ignore = slices.Clone(app.Ignore)
	for _, g := range front.Ignore {
		moved := IgnoreGroup{Heading: g.Heading}
		for _, p := range g.Patterns {
			if p = p.within(dir); !out.Ignore.has(p) {
				moved.Patterns = append(moved.Patterns, p)
			}
		}
		same := func(o IgnoreGroup) bool { return o.Heading == g.Heading && !o.Whole }
		if i := slices.IndexFunc(out.Ignore, same); i >= 0 {
			out.Ignore[i].Patterns = append(slices.Clip(out.Ignore[i].Patterns), moved.Patterns...)
		} else if len(moved.Patterns) > 0 {
			out.Ignore = append(out.Ignore, moved)
		}
	}
	return &out, nil
}

// within moves what a stage copies from the build context below dir. A COPY of
// another stage or of an image is an Artifact that says so.
func within(v reflect.Value, dir string) error {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return within(v.Elem(), dir)
		}
	case reflect.Slice:
		if v.CanSet() && v.Len() > 0 { // another stage may have the same one, which moves by itself
			own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(own, v)
			v.Set(own)
		}
		for i := range v.Len() {
			if err := within(v.Index(i), dir); err != nil {
				return err
			}
		}
	case reflect.Struct:
		if a, ok := v.Interface().(Artifact); ok && !(a.Stage.IsZero() && a.Image.IsZero()) {
			return nil
		}
		if c, ok := v.Interface().(Copy); ok {
			if len(c.From)+len(c.Each)+len(c.Any) == 0 {
				return nil
			}
			moved, err := c.within(dir)
			if err != nil {
				return err
			}
			v.Set(reflect.ValueOf(moved))
			return nil
		}
		for _, f := range reflect.VisibleFields(v.Type()) {
			if len(f.Index) == 1 && f.IsExported() {
				if err := within(v.FieldByIndex(f.Index), dir); err != nil {
					return err
				}
			}
		}
	default: // holds no COPY
	}
	return nil
}

// within is the COPY with its sources below dir.
func (c Copy) within(dir string) (Copy, error) {
	out := Copy{To: c.To, below: path.Join(dir, c.below)}
	for _, p := range c.From {
		moved, err := p.within(dir)
		if err != nil {
			return Copy{}, err
		}
		out.From = append(out.From, moved)
	}
	for _, g := range c.Each {
		moved, err := g.Folder.within(dir)
		if err != nil {
			return Copy{}, err
		}
		out.Each = append(out.Each, Glob{moved, g.Name})
	}
	for _, m := range c.Any {
		moved, err := m.Before.within(dir)
		if err != nil {
			return Copy{}, err
		}
		out.Any = append(out.Any, Match{moved, m.After})
	}
	return out, nil
}

// within is the path below dir. It may lead out of the repository only where dir does, from where Raise brings it back.
func (p Path) within(dir string) (Path, error) {
	moved := path.Join(dir, p.s)
	if strings.HasSuffix(p.s, "/") || p.s == "." {
		moved += "/"
	}
	up := ""
	if dir == ".." || strings.HasPrefix(dir, "../") {
		for strings.HasPrefix(moved, "../") {
			up, moved = up+"../", moved[len("../"):]
		}
	}
	out, err := NewPath(moved)
	out.s = up + out.s
	return out, err
}

// Above is the COPY of what lies beside the folder of a part, whose files have to be there when Compose
// moves the part below another app: from is "../NAME", and a folder ends with a slash.
func Above(to, from string) (Copy, error) {
	if name := strings.TrimPrefix(from, "../"); path.Clean(name) == "." || strings.HasPrefix(path.Clean(name), "..") {
		return Copy{}, &RefusedError{"path", from, "does not lie beside the folder"}
	}
	return Beyond(to, from)
}

// Beyond is the COPY of what lies beside an app's folder, "../web/dist/", from where Raise finds it.
func Beyond(to string, from ...string) (Copy, error) {
	rest, up := make([]string, len(from)), make([]string, len(from))
	for i, name := range from {
		rest[i] = name
		for strings.HasPrefix(rest[i], "../") {
			rest[i] = rest[i][len("../"):]
		}
		if up[i] = name[:len(name)-len(rest[i])]; up[i] == "" {
			return Copy{}, &RefusedError{"path", name, "does not lie beside the folder"}
		}
	}
	c, err := NewCopy(to, rest...)
	if err != nil {
		return Copy{}, err
	}
	for i := range c.From {
		c.From[i].s = up[i] + c.From[i].s
	}
	return c, nil
}

// within is the pattern below dir. One for every folder, and one that dockgen
// writes for its own files, stays as it is.
func (p Pattern) within(dir string) Pattern {
	not, s := "", p.s
	if rest, ok := strings.CutPrefix(s, "!"); ok {
		not, s = "!", rest
	}
	if strings.HasPrefix(s, "**/") {
		return p
	}
	return Pattern{not + path.Join(dir, s)}
}

// has reports whether a group holds the pattern.
func (i Ignore) has(p Pattern) bool {
	return slices.ContainsFunc(i, func(g IgnoreGroup) bool { return slices.Contains(g.Patterns, p) })
}
