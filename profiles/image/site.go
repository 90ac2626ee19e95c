package image

import (
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Site is how a web server answers for files that a build wrote. Every path in it
// is one of a URL, with Base.
type Site struct {
	Base     plan.Token   // "/" or "/docs/": what the site is served below
	Hashed   []plan.Token // "/docs/assets/": folders of files whose names carry a hash of the content
	Names    plan.Pattern // such names elsewhere, a regular expression; zero for none
	Index    plan.Token   // "/docs/index.html" answers paths that are no file; zero if nothing does
	Shell    plan.Token   // comes before Index if the build wrote it; zero for none
	Suffix   bool         // other pages are PATH.html
	NotFound plan.Token   // "/404.html", the page for what is not there; zero for none
	Root     plan.Token   // "/public": the folder of the site below SiteRoot; zero for that itself
	Hidden   bool         // the folder may hold files whose names begin with a dot, which are nobody's business
}

// Single reports whether Index answers every path that is no file.
func (s Site) Single() bool { return s.Index != plan.Token{} }

// SiteRequest is what a language knows of its static site.
type SiteRequest struct {
	Site
	Passes []Pass
	// Checked says that SiteStart takes options of nginx: -t checks the configuration.
	Checked bool
	Stage   plan.StageName // that built it; zero for a site that lies in the repository as it is served
	Folder  plan.Path      // in that stage or in the build context, with a slash at its end
	Rule    string         // why a web server serves it
	About   string         // what prod is, the comment above it
	Pos     fact.Pos       // what makes it a site
	Link    string
}

// The port, the user and the root of the image that serves sites, whose entry
// point needs no write access: https://github.com/nginxinc/docker-nginx-unprivileged#readme.
const (
	nginxPort   = 8080
	nginxUID    = 101
	nginxRoot   = "/usr/share/nginx/html"
	nginxConfig = "/etc/nginx/conf.d/default.conf"
	nginxSource = "https://github.com/nginxinc/docker-nginx-unprivileged#readme"
)

// SiteStart is the script that starts the web server where paths are passed on.
const SiteStart = "/etc/nginx/start.sh"

// SiteRoot is the folder from which the web server serves files.
func SiteRoot() plan.Path { return plan.MustPath(nginxRoot) }

// healthRoute is the route that the web server itself answers.
const healthRoute = "/healthz"

// ServeSite decides the prod stage of a static site: nginx with the files that
// another stage built, or that the repository has. It records "start", "port", "runtime", "nginx.version",
// "packages" and "healthcheck".
func ServeSite(in record.Input, q SiteRequest) (*plan.Run, error) {
	routes, err := decideRoutes(in, q.Passes)
	if err != nil {
		return nil, err
	}
	images := ImagesOf("nginx")
	version, err := Current(in, "nginx.version", images, plan.Choice{Rule: "the stable release", Evidence: "default"})
	if err != nil {
		return nil, err
	}
	start := plan.Choice{Key: "start", Value: "nginx", Rule: q.Rule, Pos: record.At(q.Pos), Link: q.Link}
	if len(in.Settings.Start) > 0 {
		start = plan.Choice{Key: "start", Value: strings.Join(in.Settings.Start, " "), Rule: asked, Pos: record.At(in.Settings.Pos("start"))}
	}
	in.Log.Choose(start)
	ports, err := Port(in, PortRequest{Addresses: []Address{{Port: nginxPort, Rule: "the web server's own", Link: nginxSource, Move: Move{Free: true}}}})
	if err != nil {
		return nil, err
	}
	in.Log.ForSite()
	runtime, err := Runtime(in, RuntimeRequest{Images: images, Release: version})
	if err != nil {
		return nil, err
	}
	ref, err := images.Ref(in.Know, version, runtime, "")
	if err != nil {
		return nil, err
	}
	packages, err := Install(in, runtime, System{})
	if err != nil {
		return nil, err
	}
	// Alpine's image has wget in BusyBox. Debian's had curl up to 1.28, and its maintainers
	// were asked to remove it (https://github.com/nginx/docker-nginx/issues/681): a check
	// with a program that is gone would call every container unhealthy.
	probe, err := Probe(in, ProbeRequest{
		Ports: ports, Runtime: runtime, Framework: HealthRoute{Path: healthRoute, Rule: "a route of the web server's own configuration"},
		Ask: func(r plan.Runtime) Asker {
			if r == plan.Alpine {
				return AskWget()
			}
			return Asker{}
		},
	})
	if err != nil {
		return nil, err
	}
	env, err := Env(in, routes.env...)
	if err != nil {
		return nil, err
	}
	lines, err := q.config(ports.List, routes)
	if err != nil {
		return nil, err
	}
	to, err := plan.NewPath(nginxRoot + q.Root.String() + q.Base.String())
	if err != nil {
		return nil, err
	}
	var uses []plan.StageName
	if q.Stage != (plan.StageName{}) {
		uses = append(uses, q.Stage)
	}
	run := &plan.Run{
		Head: plan.Head{
			Name: in.Stage("prod"), From: plan.FromImage(ref), Uses: uses,
			About: []plan.Comment{plan.NewComment(q.About)},
		},
		Runtime: runtime, Root: len(packages) > 0, Env: env, User: plan.User{UID: nginxUID, GID: nginxUID},
		Texts:  []plan.File{{Path: plan.MustPath(nginxConfig), Lines: lines}},
		Copies: []plan.Artifact{{Stage: q.Stage, Copy: plan.Copy{From: []plan.Path{q.Folder}, To: to}}},
		Ports:  ports.List, Probe: probe, Entry: in.Settings.Start,
	}
	run.Debian, run.Alpine = OfSystem(runtime, packages)
	return run, routes.start(run, q.Checked)
}

// config is the web server's configuration: https://nginx.org/en/docs/http/ngx_http_core_module.html.
// Whatever comes from the repository is a token, which holds nothing that ends a word of it.
func (s Site) config(ports []plan.Port, routes routes) ([]plan.Line, error) {
	lines := []string{"server {"}
	add := func(list ...string) {
		for _, l := range list {
			if l != "" {
				l = "    " + l
			}
			lines = append(lines, l)
		}
	}
	for _, p := range ports {
		add("listen "+p.String()+";", "listen [::]:"+p.String()+";")
	}
	add("server_tokens off;", "root "+nginxRoot+s.Root.String()+";")
	below := s.Base.String() != "/"
	if below || !s.Single() {
		add("absolute_redirect off;") // it would name the port of the container
	}
	add("gzip on;", "gzip_vary on;",
		"gzip_types text/css text/javascript application/javascript application/json image/svg+xml;",
		"", "location = "+healthRoute+" {",
		"    access_log off;",
		"    default_type text/plain;",
		`    return 200 "ok\n";`,
		"}")
	if below {
		add("", "# The links of the build begin with "+s.Base.String()+".", "location = / {", "    return 302 "+s.Base.String()+";", "}")
	}
	if s.Hidden { // https://www.rfc-editor.org/rfc/rfc8615 has the one that is public
		add("", "# Files whose names begin with a dot are not part of the site.", `location ~ /\.(?!well-known/) {`, "    return 404;", "}")
	}
	add(routes.locations()...)
	hashed := func(location string) {
		add("location "+location+" {",
			`    add_header Cache-Control "public, max-age=31536000, immutable";`,
			"    try_files $uri =404;",
			"}")
	}
	if len(s.Hashed) > 0 {
		add("", "# A new build gives these files new names.")
	}
	for _, h := range s.Hashed {
		hashed(h.String())
	}
	if s.Names != (plan.Pattern{}) {
		add("", "# A new build gives these files new names.")
		hashed(`~ "` + s.Names.String() + `"`)
	}
	add("")
	if s.Single() {
		files := []string{"$uri"}
		if s.Suffix {
			files = append(files, "$uri.html")
		}
		files = append(files, "$uri/index.html")
		if s.Shell != (plan.Token{}) {
			files = append(files, s.Shell.String())
		}
		if files = append(files, s.Index.String()); routes.other() != nil {
			files[len(files)-1] = other
		}
		add("# The app routes in the browser: every other path is its page.",
			"location / {", "    add_header Cache-Control no-cache;", "    try_files "+strings.Join(files, " ")+";", "}")
	} else {
		last := "=404"
		if routes.other() != nil {
			last = other
		}
		add("location / {", "    add_header Cache-Control no-cache;", "    try_files $uri $uri.html $uri/ "+last+";", "}")
	}
	add(routes.rest(s)...)
	if s.NotFound != (plan.Token{}) {
		add("error_page 404 " + s.NotFound.String() + ";")
	}
	return plan.Lines(append(lines, "}")...)
}
