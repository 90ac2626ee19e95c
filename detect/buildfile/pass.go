package buildfile

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Pass is a path that who serves a site passes on to another server: the repository's own nginx in production, or
// the development server; or one that its pages ask for.
type Pass struct {
	Path   string // a prefix, "/" for all that is no file and no page
	Target string // a URL, "" if it cannot be read
	Strip  bool   // the other server sees the path without the prefix
	Socket bool   // connections of WebSocket, too
	Own    bool   // nginx of the repository does it
	Asked  bool   // the pages ask the site's own server for it, and no file is there
	Pos    fact.Pos
}

// Bounds of what is read for them.
const (
	maxPasses    = 30
	maxPassFiles = 10
	maxPassBytes = 64 << 10
)

// passPath matches the prefixes that are taken over: no pattern, and nothing that a configuration could take for more than a path.
var passPath = lazy.MustCompile(`^/[A-Za-z0-9_~-][A-Za-z0-9._~-]*(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?$`)

// passTarget matches the servers that they may be passed on to.
var passTarget = lazy.MustCompile(`^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$`)

// CleanPasses are those that can be taken over, each path once. A target that is no address is unknown.
func CleanPasses(out []Pass) []Pass {
	seen := map[string]bool{}
	out = slices.DeleteFunc(out, func(p Pass) bool {
		known := seen[p.Path]
		seen[p.Path] = true
		return known || p.Path != "/" && !passPath.MatchString(p.Path)
	})
	for i := range out {
		out[i].Target = strings.TrimSuffix(out[i].Target, "/")
		if rest, ok := strings.CutPrefix(out[i].Target, "ws"); ok { // the same server, for WebSocket alone
			out[i].Target = "http" + rest
		}
		if !passTarget.MatchString(out[i].Target) {
			out[i].Target = ""
		}
	}
	return out[:min(len(out), maxPasses)]
}

// NginxPasses are those of nginx's files in the front end's folder: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass.
func NginxPasses(t *tree.Tree, dir string) []Pass {
	files := 0
	for _, name := range t.Files(dir) {
		rel, _ := tree.Below(name, dir)
		base := strings.TrimSuffix(path.Base(rel), ".template")
		if path.Ext(base) != ".conf" || strings.Count(rel, "/") > 2 || files == maxPassFiles {
			continue
		}
		files++
		text, err := t.ReadHead(name, maxPassBytes)
		if err != nil || !strings.Contains(string(text), "proxy_pass") {
			continue
		}
		if out := locations(string(text), name); len(out) > 0 {
			return out
		}
	}
	return nil
}

var (
	nginxComment  = lazy.MustCompile(`(?m)#.*$`)
	nginxVariable = lazy.MustCompile(`\$\{(\w+)\}`)
	nginxLocation = lazy.MustCompile(`location\s+(?:\^~\s+)?(/[^\s{]*)\s*\{([^{}]*)\}`)
	nginxPass     = lazy.MustCompile(`(?:^|[\s;])proxy_pass\s+([^\s;]+)\s*;`)
	nginxUpstream = lazy.MustCompile(`upstream\s+(\S+)\s*\{[^{}]*?server\s+([^\s;{}]+)`)
	nginxTarget   = lazy.MustCompile(`^(https?://[^/]+)(/.*)?$`)
)

// locations are the prefixes that a file passes on.
func locations(text, file string) (out []Pass) {
	text = nginxVariable.ReplaceAllString(nginxComment.ReplaceAllString(text, ""), "$$$1")
	upstream := map[string]string{}
	for _, m := range nginxUpstream.FindAllStringSubmatch(text, -1) {
		upstream[m[1]] = m[2]
	}
	for _, m := range nginxLocation.FindAllStringSubmatch(text, maxPasses) {
		pass := nginxPass.FindStringSubmatch(m[2])
		if pass == nil || m[1] == "/" {
			continue
		}
		p := Pass{Path: m[1], Own: true, Socket: strings.Contains(m[2], "$http_upgrade"), Pos: fact.At(file, 0)}
		target := nginxTarget.FindStringSubmatch(pass[1])
		if target == nil {
			continue
		}
		p.Target = target[1]
		if host, ok := upstream[strings.TrimPrefix(strings.TrimPrefix(p.Target, "http://"), "https://")]; ok {
			p.Target = "http://" + host
		}
		switch uri := target[2]; {
		case strings.Contains(m[2], "rewrite"):
			if !strings.Contains(m[2], "rewrite ^"+strings.TrimSuffix(p.Path, "/")+"/(.*)") || uri != "" {
				continue
			}
			p.Strip = strings.Contains(m[2], " /$1 ")
		case uri == "/" && strings.HasSuffix(p.Path, "/"):
			p.Strip = true
		case uri != "" && uri != p.Path:
			continue // another path, which this does not say
		}
		out = append(out, p)
	}
	return out
}
