// Package html finds a site that needs no build: pages, styles and scripts that a web server hands to browsers as they lie there.
//
// Its evidence is strict, because many repositories have an index.html and are no site: templates of a server, the source of a bundler,
// reports, documentation. A folder is a site if it holds nothing but what browsers load and what describes a repository, no
// manifest of any stack, and an index.html that is whole: no template, and all that it loads from its own server is there.
package html

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Facts are what a folder's files say of its site.
type Facts struct {
	Dir string
	// Folders are those with a whole index.html, relative to Dir: "." alone, or those of folders that are one by their name.
	Folders []string
	Tools   bool // there is a package.json, which lists what developers run
	// Markdown says that a script or a page loads texts of Markdown, as docsify does.
	Markdown bool
	// Ignored are files by which hosts of sites, or another web server, are configured, relative to Dir.
	Ignored []fact.Fact[string]
	// Named says that the folder is for browsers by its name, or by an image that hands its files out. Beside servers, such a one is a site.
	Named bool
	// Passes are the paths that the repository's own nginx passes on to another server, or else those that the pages ask the site's own server for and
	// that are no files.
	Passes []buildfile.Pass
	// Machine is an address of the visitor's own machine that the pages ask: http://localhost:8000.
	Machine fact.Fact[string]
	// Fallback is the page that answers every path that is no file, as a rule of _redirects says: "/index.html".
	Fallback fact.Fact[string]
}

// Language implements detect.Facts.
func (*Facts) Language() string { return "html" }

// Bare reports whether no manifest stands behind the site, which is always so: those of a language in the same folder come first.
func (*Facts) Bare() bool { return true }

// Site reports whether the folder is a site beside the servers of a repository.
func (f *Facts) Site() bool { return f.Named }

// fronts are what the folder of a site is called that has servers beside it.
var fronts = []string{ //nolint:gochecknoglobals // a constant table
	"frontend", "front-end", "front_end", "front", "client", "web", "webapp", "web-app", "web_app", "webui", "web-ui", "ui", "site", "website", "www", "spa", "landing", "landing-page", "homepage",
}

// Published are the folders that hold a site by their names, as generators and hosts have it:
// https://docs.github.com/en/pages/getting-started-with-github-pages/configuring-a-publishing-source-for-your-github-pages-site,
// https://docs.netlify.com/build/configure-builds/overview/, https://jekyllrb.com/docs/configuration/options/.
var published = []string{"public", "site", "docs", "dist", "www", "htdocs", "_site"} //nolint:gochecknoglobals // a constant table

// served are the extensions of files that browsers load, or that a page offers. A file with another one may be the source of something that
// is built or run. The sources of style sheets lie beside these, which the page is seen to load: https://github.com/nginx/nginx/blob/master/conf/mime.types, and beside them those that browsers know.
var served = []string{ //nolint:gochecknoglobals // a constant table
	".html", ".htm", ".xhtml", ".css", ".js", ".mjs", ".map", ".json", ".webmanifest", ".xml", ".xsl", ".rss", ".atom", ".txt", ".md", ".csv", ".pdf",
	".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".bmp", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".wasm",
	".mp3", ".mp4", ".m4a", ".m4v", ".webm", ".ogg", ".ogv", ".wav", ".flac", ".mov", ".vtt", ".srt", ".zip", ".scss", ".sass", ".less", ".gltf", ".glb", ".bin", ".geojson", ".ics", ".vcf",
}

// configured are the files of hosts and of other web servers, whose rules no nginx reads as they are.
var configured = []string{"_redirects", "_headers", ".htaccess", "netlify.toml", "vercel.json", "firebase.json", "staticwebapp.config.json", "nginx.conf", "default.conf", "Caddyfile"} //nolint:gochecknoglobals // a constant table

// described are files of a repository with a name of their own.
var described = lazy.MustCompile(`^(?i:dockerfile.*|(docker-)?compose[^/]*\.ya?ml|docker-bake\.hcl|dockgen\.(yaml|lock)|(un)?licen[sc]e.*|copying|notice|authors|contributors|readme|changelog|cname|security|codeowners|openapi\.ya?ml|swagger\.ya?ml|package-lock\.json|yarn\.lock|pnpm-lock\.yaml)$`)

// bundles are the files of tools that build, and linters those of tools that do not.
var (
	bundles = lazy.MustCompile(`(?i)^((gulpfile|gruntfile)(\.babel)?|[a-z.]+\.config)\.[cm]?js$`)
	linters = lazy.MustCompile(`^(eslint|stylelint|prettier)\.config\.[cm]?js$`)
)

// webServers are images that hand out files.
var webServers = lazy.MustCompile(`(^|/)(nginx|nginx-unprivileged|httpd|caddy|lighttpd|apache|static-web-server|darkhttpd|busybox)([:@]|$)`)

var (
	isPage = lazy.MustCompile(`(?i)<(!doctype html|html|head|body)[\s>]`)
	// starts is how a page begins that goes without these tags: https://html.spec.whatwg.org/multipage/syntax.html#optional-tags.
	starts = lazy.MustCompile(`(?i)\A\s*<(title|meta|link|style|script|h[1-6]|p|div|main|header|nav|section|article|ul|ol|dl|table|form|pre|center|img|svg|canvas|a|b|span)[\s>]`)
	// https://jekyllrb.com/docs/front-matter/, https://pkg.go.dev/text/template, https://jinja.palletsprojects.com/en/stable/templates/ and those that
	// write <% or <?. Other braces are what frameworks read in the browser.
	isTemplate = lazy.MustCompile(`\A\s*---\r?\n|\{%|<%|<\?php|<\?=|\{\{-?\s*(define|template|block|range|with|end|include|partial|if|else|\.|url_for)|%PUBLIC_URL%`)
	// loads are what an element loads before the page works: https://html.spec.whatwg.org/multipage/links.html#link-type-stylesheet.
	loads    = lazy.MustCompile(`(?is)<(?:script\b[^>]*?\ssrc|link\b[^>]*?\srel\s*=\s*["']?stylesheet["']?[^>]*?\shref)\s*=\s*["']?([^"'\s>]+)|<link\b[^>]*?\shref\s*=\s*["']?([^"'\s>]+)["']?[^>]*?\srel\s*=\s*["']?stylesheet`)
	listens  = lazy.MustCompile(`\.listen\(|\bDeno\.serve\(|\bBun\.serve\(`)
	isModule = lazy.MustCompile(`\brequire\(\s*["']|\bfrom\s+["'](node:|npm:|jsr:|express|fastify|koa|hono|http)`)
	markdown = lazy.MustCompile(`docsify|\.md\b`)
)

// Bounds of what is read.
const (
	maxFiles   = 20_000
	maxScripts = 100 // that are looked into
	maxText    = 128 << 10
)

// Detect returns the facts of a folder, nil if it is no such site.
func Detect(t *tree.Tree, dir string) (*Facts, error) {
	dir = path.Clean(dir)
	f := &Facts{Dir: dir}
	if whole(t, dir, ".") {
		f.Folders = []string{"."}
	} else {
		for _, name := range published {
			if whole(t, dir, name) {
				f.Folders = append(f.Folders, name)
			}
		}
	}
	files := t.Files(dir)
	if len(f.Folders) == 0 || len(files) > maxFiles || len(t.Skipped()) > 0 || !byWebServer(t, dir) {
		return nil, nil //nolint:nilnil // no site, as detect.Language has it
	}
	for _, file := range files {
		if !f.add(t, file, rel(dir, file)) {
			return nil, nil //nolint:nilnil // no site, as detect.Language has it
		}
	}
	if !f.scripts(t, files) {
		return nil, nil //nolint:nilnil // no site, as detect.Language has it
	}
	if own := buildfile.NginxPasses(t, dir); len(own) > 0 {
		f.Passes = own
	}
	f.Passes = buildfile.CleanPasses(f.Passes)
	own := buildfile.Of(t, dir).Image()
	f.Named = slices.Contains(fronts, strings.ToLower(path.Base(dir))) || own != nil && own.Image != nil && path.Base(own.Name) != "Dockerfile.bak"
	return f, nil
}

func rel(dir, file string) string { return strings.TrimPrefix(file, dir+"/") }

// add reads what one file says, and reports whether a site may have it.
func (f *Facts) add(t *tree.Tree, file, name string) bool {
	base := path.Base(name)
	switch {
	case slices.Contains(configured, base):
		f.Ignored = append(f.Ignored, fact.New(name, file, 0))
		if base == "_redirects" {
			f.redirects(t, file)
		}
		return true
	case strings.HasPrefix(name, ".") || strings.Contains(name, "/."):
		return true
	case name == "package.json":
		f.Tools = true
		return onlyTools(t, file)
	case slices.Contains(aside.Manifests(""), base) || slices.Contains(aside.Foreign(), base) || base == "manifest.json" && extension(t, file):
		return false
	case bundles.MatchString(name) && !linters.MatchString(name):
		return false
	case described.MatchString(base):
		return true
	}
	return slices.Contains(served, strings.ToLower(path.Ext(base)))
}

// published reports whether a file lies in one of the folders that are served.
func (f *Facts) published(name string) bool {
	return slices.ContainsFunc(f.Folders, func(d string) bool { return d == "." || strings.HasPrefix(name, d+"/") })
}

// extension reports whether a manifest is that of a browser extension: https://developer.chrome.com/docs/extensions/reference/manifest.
func extension(t *tree.Tree, file string) bool {
	v, err := document.Read(t, file)
	return err == nil && v.Get("manifest_version").Found()
}

// redirects reads the one rule of _redirects that this image keeps: https://docs.netlify.com/manage/routing/redirects/rewrites-proxies/.
func (f *Facts) redirects(t *tree.Tree, file string) {
	lines, err := t.Lines(file)
	if err != nil {
		return
	}
	others := false
	for n, line := range lines {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || strings.HasPrefix(words[0], "#"):
		case len(words) == 3 && words[0] == "/*" && words[1] == "/index.html" && words[2] == "200":
			f.Fallback = fact.New(words[1], file, n)
		default:
			others = true
		}
	}
	if f.Fallback.Value != "" && !others {
		f.Ignored = f.Ignored[:len(f.Ignored)-1]
	}
}

// onlyTools reports whether a package.json lists nothing that a page needs, builds nothing, starts nothing, and is published to nobody.
func onlyTools(t *tree.Tree, file string) bool {
	v, err := document.Read(t, file)
	if err != nil {
		return false
	}
	for _, key := range []string{"dependencies", "main", "module", "exports", "bin", "browser", "files", "workspaces", "publishConfig", "peerDependencies"} {
		if v.Get(key).Found() {
			return false
		}
	}
	for _, s := range v.Get("scripts").Members {
		if slices.ContainsFunc([]string{"build", "start", "compile", "generate", "bundle", "sass", "css"}, func(w string) bool { return strings.Contains(s.Key, w) }) {
			return false
		}
	}
	return true
}

// byWebServer reports whether the repository's own image, if it has one, hands out files and runs no program of its own. A Dockerfile whose place
// dockgen's took may be that of an app that stood here before.
func byWebServer(t *tree.Tree, dir string) bool {
	own := buildfile.Of(t, dir).Image()
	if own == nil || own.Image == nil || path.Base(own.Name) == "Dockerfile.bak" {
		return true
	}
	return !slices.ContainsFunc(own.Image.Stages, func(s buildfile.Stage) bool { return !webServers.MatchString(s.Base) })
}

// whole reports whether a folder has an index.html that a browser can show as it is.
func whole(t *tree.Tree, dir, folder string) bool {
	file := path.Join(dir, folder, "index.html")
	if !t.Has(file) {
		return false
	}
	raw, err := t.ReadHead(file, maxText)
	text := string(raw)
	bare := dir == "." && folder == "." && starts.MatchString(text) // below, it is as often a part of a page
	if err != nil || !isPage.MatchString(text) && !bare || isTemplate.MatchString(text) {
		return false
	}
	for _, m := range loads.FindAllStringSubmatch(text, -1) {
		url := m[1] + m[2]
		if i := strings.IndexAny(url, "?#"); i >= 0 {
			url = url[:i]
		}
		if url == "" || strings.Contains(url, ":") || strings.HasPrefix(url, "//") {
			continue
		}
		if !t.Has(path.Join(dir, folder, path.Join("/", url))) {
			return false
		}
	}
	return true
}

// scripts looks into the scripts and pages, and reports whether none of them is a server.
func (f *Facts) scripts(t *tree.Tree, files []string) bool {
	read := 0
	for _, file := range files {
		ext := strings.ToLower(path.Ext(file))
		if ext != ".js" && ext != ".mjs" && ext != ".html" || strings.HasSuffix(file, ".min.js") || linters.MatchString(rel(f.Dir, file)) {
			continue
		}
		if read++; read > maxScripts {
			f.Markdown = true // which nobody has looked for
			break
		}
		text, err := t.ReadHead(file, maxText)
		if err != nil {
			continue
		}
		if ext != ".html" && (listens.Match(text) && isModule.Match(text) || !f.published(rel(f.Dir, file))) {
			return false
		}
		f.Markdown = f.Markdown || markdown.Match(text)
		f.asks(t, file, string(text))
	}
	return true
}

// Where scripts and pages ask a server: https://developer.mozilla.org/en-US/docs/Web/API/Fetch_API,
// https://developer.mozilla.org/en-US/docs/Web/API/XMLHttpRequest/open, https://axios-http.com/docs/api_intro, https://api.jquery.com/category/ajax/,
// https://developer.mozilla.org/en-US/docs/Web/API/EventSource, https://developer.mozilla.org/en-US/docs/Web/API/WebSocket/WebSocket,
// https://developer.mozilla.org/en-US/docs/Web/HTML/Reference/Elements/form, https://htmx.org/reference/; and constants whose names say that they are
// addresses.
var (
	asked = lazy.MustCompile("(?:\\b(?:fetch|axios(?:\\.(?:get|post|put|patch|delete|request))?|getJSON|EventSource|WebSocket)\\s*\\(\\s*|\\$\\.(?:get|post|ajax)\\s*\\(\\s*|\\.open\\(\\s*[\"'`][A-Z]{3,7}[\"'`]\\s*,\\s*" +
		"|\\b(?:const|let|var)\\s+\\w*(?i:api|backend|server|endpoint|base_?ur[il])\\w*\\s*=\\s*|\\b(?:url|baseURL|hx-(?:get|post|put|patch|delete)|action)\\s*[:=]\\s*)[\"'`]([^\"'`\\s]{1,200})")
	socket = lazy.MustCompile("location\\.host(?:\\s*\\+\\s*[\"'`]|\\})(/[A-Za-z0-9._~/-]{1,100})")
	// ownMachine is an address of the visitor's machine.
	ownMachine = lazy.MustCompile(`^(?:https?|wss?)://(?:localhost|127\.0\.0\.1)(?::[0-9]{2,5})?`)
)

// maxAsked is the most paths that are read of one file.
const maxAsked = 100

// asks adds what one script or page asks a server for.
func (f *Facts) asks(t *tree.Tree, file, text string) {
	add := func(at int, url string, live bool) {
		line := 1 + strings.Count(text[:at], "\n")
		if found := ownMachine.FindString(url); found != "" {
			if !f.Machine.Found() {
				f.Machine = fact.New(found, file, line)
			}
			return
		}
		if !strings.HasPrefix(url, "/") || strings.HasPrefix(url, "//") {
			return
		}
		url, _, _ = strings.Cut(url, "?")
		url, _, _ = strings.Cut(url, "#")
		url, _, _ = strings.Cut(url, "${")
		if slices.Contains(served, strings.ToLower(path.Ext(url))) || f.holds(t, url) {
			return
		}
		top, _, below := strings.Cut(strings.Trim(url, "/"), "/")
		if below && f.holds(t, "/"+top) { // a folder of the site has the name
			top = strings.Trim(url, "/")
		}
		if top == "" {
			return
		}
		if i := slices.IndexFunc(f.Passes, func(p buildfile.Pass) bool { return p.Path == "/"+top }); i >= 0 {
			f.Passes[i].Socket = f.Passes[i].Socket || live
			return
		}
		f.Passes = append(f.Passes, buildfile.Pass{Path: "/" + top, Asked: true, Socket: live, Pos: fact.At(file, line)})
	}
	for _, m := range asked.FindAllStringSubmatchIndex(text, maxAsked) {
		add(m[0], text[m[2]:m[3]], false)
	}
	for _, m := range socket.FindAllStringSubmatchIndex(text, maxAsked) {
		add(m[0], text[m[2]:m[3]], true)
	}
}

// holds reports whether a path of an address is a file or a folder of the site, or a page without its extension.
func (f *Facts) holds(t *tree.Tree, url string) bool {
	return slices.ContainsFunc(f.Folders, func(folder string) bool {
		at := path.Join(f.Dir, folder, path.Join("/", url))
		return t.Has(at) || t.HasDir(at) || t.Has(at+".html")
	})
}
