package node

import (
	"errors"
	"path"

	"github.com/dockgen/dockgen/profiles/node/framework"
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

// siteRuns says why a runtime cannot serve a site, for record.Log.Runtime.
func siteRuns(r plan.Runtime) error {
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

// newSite is the web server of a site.
func newSite(in record.Input, fw framework.Framework) (*Site, error) {
	img, ok := in.Know.Image(nginxImage)
	if !ok {
		return nil, errors.New("knowledge: no image " + nginxImage)
	}
	version, err := plan.NewToken(in.Log.Choose(plan.Choice{
		Key: "nginx.version", Value: img.Default, Rule: "the stable release", Link: img.Source, Evidence: "default",
	}))
	if err != nil {
		return nil, err
	}
	f := fw.Site
	files, err := plan.NewCopy(nginxRoot+f.Base.String(), path.Join(workdir, fw.Build.Output)+"/")
	return &Site{
		Version: version, Files: files, Base: f.Base, Below: f.Base != plan.MustToken("/"), Hashed: f.Hashed, Suffix: f.Suffix,
		Names: f.Names, HasNames: f.Names != plan.Pattern{}, Index: f.Index, Single: f.Index != plan.Token{},
		Shell: f.Shell, HasShell: f.Shell != plan.Token{}, NotFound: f.NotFound, Pages: f.NotFound != plan.Token{},
	}, err
}
