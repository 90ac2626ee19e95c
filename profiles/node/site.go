package node

import (
	"errors"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Site is a static site behind a web server, as templates/shared/static.tmpl
// sees it.
type Site struct {
	Version  plan.Token   // of nginx
	Files    plan.Copy    // from the build stage to the server's root
	Base     plan.Token   // "/docs/": what the site is served below
	Below    bool         // Base is not the root
	Hashed   []plan.Token // "/assets/": names that carry a hash
	Names    plan.Pattern // such names elsewhere, a regular expression
	HasNames bool
	Single   bool       // unknown paths answer with Index
	Index    plan.Token // "/index.html"
	Shell    plan.Token // "/__spa-fallback.html": comes before Index where it is there
	HasShell bool
	Suffix   bool       // other pages are PATH.html
	NotFound plan.Token // "/404.html"
	Pages    bool       // NotFound is set
}

const (
	nginxImage = "nginxinc/nginx-unprivileged"
	// https://github.com/nginxinc/docker-nginx-unprivileged#readme: the port
	// and the user of the image.
	nginxPort = 8080
	nginxUID  = 101
	nginxRoot = "/usr/share/nginx/html"

	nginxSource = "https://github.com/nginxinc/docker-nginx-unprivileged#readme"
)

// can says why a runtime cannot serve a site, for record.Log.Runtime.
func (s *Site) can(r plan.Runtime) error {
	switch r {
	case plan.Scratch, plan.Distroless:
		return errors.New("a static site needs a web server, and nginx needs the libraries and folders of a whole image")
	case plan.Alpine, plan.Slim:
	}
	return nil
}

// user is the user of the web server's image.
func (s *Site) user() plan.User { return plan.User{UID: nginxUID, GID: nginxUID} }

// health asks a path of the web server, its own route unless the user named
// another. The Debian image has no program to ask with.
func (s *Site) health(in record.Input, r plan.Runtime, port plan.Port) plan.Exec {
	asked := in.Settings.Healthcheck
	ch := plan.Choice{Key: "healthcheck", Value: asked, Rule: "asked for", Pos: record.At(in.Settings.Pos("healthcheck"))}
	switch {
	case asked == "none":
	case r != plan.Alpine:
		ch.Value, ch.Rule, ch.Pos = "none", "nothing in the image could ask", nil
	case asked == "":
		ch.Value, ch.Rule = "/healthz", "a route of the web server's own configuration"
	}
	if in.Log.Choose(ch) == "none" {
		return nil
	}
	return plan.Exec{"wget", "-q", "-O", "/dev/null", "http://127.0.0.1:" + port.String() + ch.Value}
}

// static fills in the web server of a site.
func (m *matcher) static(out *framework, s *staticRow, output fact.Fact[string]) error {
	out.Static, out.Port = true, nginxPort
	log := m.in.Log
	rule := "the default of " + m.row.Name
	if output.Found() {
		rule = "written in " + path.Base(output.Pos.File)
	}
	log.Choose(plan.Choice{Key: "node.output", Value: output.Value, Rule: rule, Pos: record.At(output.Pos), Link: out.Link})

	img, ok := m.in.Know.Image(nginxImage)
	if !ok {
		return errors.New("knowledge: no image " + nginxImage)
	}
	version, err := plan.NewToken(log.Choose(plan.Choice{
		Key: "nginx.version", Value: img.Default, Rule: "the stable release", Link: img.Source, Evidence: "default",
	}))
	if err != nil {
		return err
	}
	site := &Site{Version: version, Index: plan.MustToken("/index.html"), Suffix: s.Suffix}
	base, err := m.base(s.Base)
	if err != nil {
		return err
	}
	site.Below = base != "/"
	if site.Base, err = plan.NewToken(base); err != nil {
		return err
	}
	if site.Files, err = plan.NewCopy(nginxRoot+base, path.Join(workdir, m.app, output.Value)+"/"); err != nil {
		return m.unusable(output.Pos, "folder", err)
	}
	below := func(p string) (plan.Token, error) { return plan.NewToken(path.Join(base, p) + slash(p)) }
	for _, h := range s.Hashed {
		// A folder of that name under public is copied as it is, without hashes.
		if m.in.Tree.HasDir(path.Join(m.f.Dir, "public", h)) || m.in.Tree.HasDir(path.Join(m.f.Dir, "static", h)) {
			continue
		}
		w, err := below(h)
		if err != nil {
			return err
		}
		site.Hashed = append(site.Hashed, w)
	}
	if s.Names != "" {
		if site.Names, err = plan.NewPattern(s.Names); err != nil {
			return err
		}
		site.HasNames = true
	}
	index, err := m.fallback(s)
	if err != nil {
		return err
	}
	if index != "" {
		out.Fallback, site.Single = true, true
		if site.Index, err = below(index); err != nil {
			return m.unusable(m.dep.Pos, "page", err)
		}
	}
	if s.Shell != "" && site.Single {
		site.HasShell = true
		if site.Shell, err = below(s.Shell); err != nil {
			return err
		}
	}
	if s.NotFound != "" && !site.Single {
		site.Pages = true
		if site.NotFound, err = below(s.NotFound); err != nil {
			return err
		}
	}
	out.Site = site
	return nil
}

// unusable refuses a name of the repository's that no web server's
// configuration should hold.
func (m *matcher) unusable(pos fact.Pos, what string, err error) error {
	return record.Refuse(pos, "use letters, digits, dots and hyphens", "the %s of this %s app cannot be served: %v", what, m.row.Name, err)
}

func slash(p string) string {
	if strings.HasSuffix(p, "/") {
		return "/"
	}
	return ""
}

// base is the path below which the site is served, "/" or "/docs/".
func (m *matcher) base(b baseRow) (string, error) {
	raw := fact.Fact[string]{}
	_, words, _ := script.BuildCommand(m.f, m.row.Commands)
	if v, ok := script.Flag(words, b.Flags); ok {
		raw.Value = v
	} else if len(b.Setting) > 0 {
		v, state := m.f.Config.Of(b.Setting[0]).Get(b.Setting[1:]...)
		if state == node.Computed {
			return "", m.computed(v.Pos, b.Setting)
		}
		raw = v
	}
	u, err := url.Parse(raw.Value)
	if err != nil || !strings.HasPrefix(u.Path, "/") || path.Clean(u.Path) == "/" {
		return "/", nil // relative, or none
	}
	base := path.Clean(u.Path) + "/"
	if _, err := plan.NewToken(base); err != nil {
		return "", m.unusable(raw.Pos, "base path", err)
	}
	m.in.Log.Choose(plan.Choice{Key: "node.base", Value: base, Rule: "the build writes links below it", Pos: record.At(raw.Pos)})
	return base, nil
}

// fallback returns the file that answers unknown paths, "" for none.
func (m *matcher) fallback(s *staticRow) (string, error) {
	index := "/index.html"
	if s.Index != "" {
		index = s.Index
	}
	say := func(value, rule string, pos fact.Pos, link string) {
		m.in.Log.Choose(plan.Choice{Key: "node.routing", Value: value, Rule: rule, Pos: record.At(pos), Link: link})
	}
	if single, pos, ok := m.single(); ok {
		say("browser", "a script serves the site as a single page: "+single, pos, "")
		return index, nil
	}
	switch s.Fallback {
	case "always":
		say("browser", "this kind of build has one page for every path", m.dep.Pos, m.row.Source)
		return index, nil
	case "setting":
		v, state := m.f.Config.Of(s.FallbackSetting[0]).Get(s.FallbackSetting[1:]...)
		switch {
		case state == node.Computed:
			return "", m.computed(v.Pos, s.FallbackSetting)
		case state == node.Literal && v.Value != "" && v.Value != "false":
			say("browser", "the config names a page for every path", v.Pos, m.row.Source)
			return "/" + strings.TrimPrefix(v.Value, "/"), nil
		}
	case "router":
		for _, r := range m.site.Routers {
			if dep, ok := m.f.Dep(r.Package); ok {
				say("browser", r.Package+" routes in the browser: unknown paths answer with index.html", dep.Pos, r.Source)
				return index, nil
			}
		}
	}
	say("files", "no router among the dependencies: a path that is no file is not found", m.dep.Pos, "")
	return "", nil
}

// single reports whether a script serves the site by a program that answers
// every path with index.html.
func (m *matcher) single() (string, fact.Pos, bool) {
	for _, name := range []string{"start", "preview", "serve"} {
		s, ok := m.f.Script(name)
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
