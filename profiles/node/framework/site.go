package framework

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// static fills in a site that the build writes to output.
func (m matcher) static(out *Framework, r *staticRow, output fact.Fact[string]) error {
	rule := "the default of " + m.row.Name
	if output.Found() {
		rule = "written in " + path.Base(output.Pos.File)
	}
	out.choose("node.output", output.Value, rule, output.Pos, out.Link)
	if _, err := plan.NewPath(path.Join(m.Dir, output.Value) + "/"); err != nil {
		return m.unusable(output.Pos, "folder", err)
	}
	base, err := m.base(out, r.Base)
	if err != nil {
		return err
	}
	site := &image.Site{Suffix: r.Suffix}
	if site.Base, err = plan.NewToken(base); err != nil {
		return err
	}
	below := func(p string) (plan.Token, error) { return plan.NewToken(path.Join(base, p) + slash(p)) }
	for _, h := range r.Hashed {
		// A folder of that name under public is copied as it is, without hashes.
		if m.Tree.HasDir(path.Join(m.Facts.Dir, "public", h)) || m.Tree.HasDir(path.Join(m.Facts.Dir, "static", h)) {
			continue
		}
		w, err := below(h)
		if err != nil {
			return err
		}
		site.Hashed = append(site.Hashed, w)
	}
	if r.Names != "" {
		if site.Names, err = plan.NewExpression(r.Names); err != nil {
			return err
		}
	}
	index, err := m.fallback(out, r)
	if err != nil {
		return err
	}
	if index != "" {
		if site.Index, err = below(index); err != nil {
			return m.unusable(m.dep.Pos, "page", err)
		}
	}
	switch {
	case r.Shell != "" && site.Single():
		site.Shell, err = below(r.Shell)
	case r.NotFound != "" && !site.Single():
		site.NotFound, err = below(r.NotFound)
	}
	out.Site = site
	return err
}

// unusable refuses a name of the repository's that no web server's
// configuration should hold.
func (m matcher) unusable(pos fact.Pos, what string, err error) error {
	return record.Refuse(pos, "use letters, digits, dots and hyphens", "the %s of this %s app cannot be served: %v", what, m.row.Name, err)
}

// base is the path below which the app is served, "/" or "/docs/".
func (m matcher) base(out *Framework, b baseRow) (string, error) {
	raw, err := m.rawBase(b)
	if err != nil {
		return "", err
	}
	base := "/"
	if u, err := url.Parse(raw.Value); err == nil && strings.HasPrefix(u.Path, "/") && path.Clean(u.Path) != "/" {
		base = path.Clean(u.Path) + "/" // else it is relative, or there is none
	}
	if _, err := plan.NewToken(base); err != nil {
		return "", m.unusable(raw.Pos, "base path", err)
	}
	variable := b.Setting.variable(m.Facts)
	switch {
	case variable != "":
		rule := "the config takes it from " + plan.Printable(variable, 40) + ", which the build does not set"
		if m.offer(out, variable) {
			rule = "the config takes it from the build argument " + plan.Printable(variable, 40) + ", which has no value unless docker build gives it one"
		}
		out.choose("node.base", base, rule, raw.Pos, "")
	case base != "/":
		out.choose("node.base", base, "the build writes links below it", raw.Pos, "")
	}
	return base, nil
}

// rawBase is the base path as the repository has it.
func (m matcher) rawBase(b baseRow) (fact.Fact[string], error) {
	name, words, _ := script.BuildCommand(m.Facts, m.row.Commands)
	if v, ok := script.Flag(words, b.Flags); ok {
		return fact.Fact[string]{Value: v, Pos: m.Facts.Scripts[name].Pos}, nil
	}
	if b.Angular {
		a, err := readAngular(m.Facts)
		return a.base, err
	}
	v, _, err := m.literal(b.Setting)
	return v, err
}

// health is a path of a server that answers, below its base path; empty if
// none is known.
func (m matcher) health(out *Framework, r *serverRow) (string, error) {
	base, err := m.base(out, r.Base)
	if err != nil || r.Health == "" || base == "/" {
		return r.Health, err
	}
	if r.Base.NoSlash && r.Health == "/" {
		return strings.TrimSuffix(base, "/"), nil
	}
	return base + strings.TrimPrefix(r.Health, "/"), nil
}

// fallback returns the file that answers unknown paths, "" for none.
func (m matcher) fallback(out *Framework, r *staticRow) (string, error) {
	index := "/index.html"
	if r.Index != "" {
		index = r.Index
	}
	if single, pos, ok := m.single(); ok {
		out.choose("node.routing", "browser", "a script serves the site as a single page: "+single, pos, "")
		return index, nil
	}
	switch r.Fallback {
	case "always":
		out.choose("node.routing", "browser", "this kind of build has one page for every path", m.dep.Pos, m.row.Source)
		return index, nil
	case "setting":
		v, state, err := m.literal(r.FallbackSetting)
		if err != nil {
			return "", err
		}
		if state == node.Literal && v.Value != "" && v.Value != "false" {
			out.choose("node.routing", "browser", "the config names a page for every path", v.Pos, m.row.Source)
			return "/" + strings.TrimPrefix(v.Value, "/"), nil
		}
	case "router":
		for _, router := range m.site.Routers {
			if dep, ok := m.Facts.Dep(router.Package); ok {
				out.choose("node.routing", "browser", router.Package+" routes in the browser: unknown paths answer with index.html", dep.Pos, router.Source)
				return index, nil
			}
		}
	}
	out.choose("node.routing", "files", "no router among the dependencies: a path that is no file is not found", m.dep.Pos, "")
	return "", nil
}

// single reports whether a script serves the site by a program that answers
// every path with index.html.
func (m matcher) single() (string, fact.Pos, bool) {
	for _, name := range []string{"start", "preview", "serve"} {
		s, ok := m.Facts.Script(name)
		if !ok {
			continue
		}
		for _, words := range script.Commands(s.Value) {
			for _, server := range m.site.Servers {
				if words[0] == server.Program && slices.ContainsFunc(words[1:], func(w string) bool { return slices.Contains(server.Single, w) }) {
					return plan.Printable(s.Value, 60), s.Pos, true
				}
			}
		}
	}
	return "", fact.Pos{}, false
}
