package node

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Bounds of what is read for them.
const (
	maxPasses    = 30
	maxPassFiles = 10
	maxPassBytes = 64 << 10
)

// passes are the paths that are passed on: those of the repository's nginx, or else those of the development server.
func (f *Facts) passes(t *tree.Tree, manifestProxy fact.Fact[string]) []buildfile.Pass {
	out := buildfile.NginxPasses(t, f.Dir)
	if len(out) == 0 {
		out = f.devPasses(t, manifestProxy)
	}
	return buildfile.CleanPasses(out)
}

// devPasses are those of the development server.
func (f *Facts) devPasses(t *tree.Tree, manifestProxy fact.Fact[string]) []buildfile.Pass {
	if manifestProxy.Found() { // https://create-react-app.dev/docs/proxying-api-requests-in-development/
		return []buildfile.Pass{{Path: "/", Target: manifestProxy.Value, Pos: manifestProxy.Pos}}
	}
	for _, of := range []struct{ tool, table string }{
		{"vite", "server"},       // https://vite.dev/config/server-options#server-proxy
		{"vue-cli", "devServer"}, // https://cli.vuejs.org/config/#devserver-proxy
		{"rsbuild", "server"},    // https://rsbuild.rs/config/server/proxy
		{"webpack", "devServer"}, // https://webpack.js.org/configuration/dev-server/#devserverproxy
		{"rspack", "devServer"},  // https://rspack.rs/config/dev-server
	} {
		if out := f.configPasses(t, of.tool, of.table, "proxy"); len(out) > 0 {
			return out
		}
	}
	if out := angularPasses(t, f.Dir); len(out) > 0 {
		return out
	}
	return middlewarePasses(t, f.Dir)
}

// configPasses are those of the object, or the list, that a tool's configuration has for its proxy.
func (f *Facts) configPasses(t *tree.Tree, tool string, at ...string) []buildfile.Pass {
	c := f.Config.Of(tool)
	if c == nil {
		return nil
	}
	v, state := c.Get(at...)
	if state == Absent {
		return nil
	}
	if state == Literal && strings.HasPrefix(v.Value, "http") {
		return []buildfile.Pass{{Path: "/", Target: v.Value, Pos: v.Pos}}
	}
	text, err := t.ReadHead(path.Join(f.Dir, c.File), maxPassBytes)
	if err != nil {
		return nil
	}
	stripped := strips(string(text))
	var out []buildfile.Pass
	rows := c.Keys(at...)
	list := len(rows) == 0 // of rows with their paths
	for i := 0; list && i < maxPasses; i++ {
		rows = append(rows, strconv.Itoa(i))
	}
	for _, key := range rows {
		row := func(keys ...string) []string { return slices.Concat(at, []string{key}, keys) }
		paths := []string{key}
		if list {
			paths = c.words(row("context"))
		}
		target, state := c.Get(row()...)
		if state != Literal || target.Value == "" {
			target, _ = c.Get(row("target")...)
		}
		pos := target.Pos
		if pos.IsZero() {
			pos = c.Pos()
		}
		_, rewrite := c.Get(row("rewrite")...)
		_, pathRewrite := c.Get(row("pathRewrite")...)
		rewrites := rewrite != Absent || pathRewrite != Absent || len(c.Keys(row("pathRewrite")...)) > 0
		ws, _ := c.Get(row("ws")...)
		for _, p := range spelledOut(paths) {
			if rewrites && !stripped[strings.TrimSuffix(p, "/")] {
				continue // it becomes another path, which only running the tool would tell
			}
			out = append(out, buildfile.Pass{Path: p, Target: target.Value, Strip: rewrites, Socket: ws.Value == "true", Pos: pos})
		}
	}
	return out
}

// words are the literal strings of a list, or the one that stands in its place.
func (c *ConfigFile) words(at []string) (out []string) {
	if v, state := c.Get(at...); state == Literal && v.Value != "" {
		return []string{v.Value}
	}
	for i := range maxPasses {
		v, state := c.Get(append(slices.Clone(at), strconv.Itoa(i))...)
		if state != Literal {
			break
		}
		out = append(out, v.Value)
	}
	return out
}

// plainPath is a pattern of all below a path as that path: /api/**, /api/*, ^/api.
func plainPath(p string) string {
	p = strings.TrimPrefix(p, "^")
	for _, end := range []string{"/**", "/*", "/.*", "/(.*)"} {
		p = strings.TrimSuffix(p, end)
	}
	return p
}

// firstFolders matches a pattern of several first folders: ^/(api|auth)/.*
var firstFolders = lazy.MustCompile(`^\^?/\(([A-Za-z0-9_~|-]+)\)(/?\.\*|/\*\*|/)?$`)

// spelledOut are the paths that patterns mean.
func spelledOut(patterns []string) (out []string) {
	for _, p := range patterns {
		m := firstFolders.FindStringSubmatch(p)
		if m == nil {
			out = append(out, plainPath(p))
			continue
		}
		for word := range strings.SplitSeq(m[1], "|") {
			out = append(out, "/"+word)
		}
	}
	return out
}

// stripping matches the code and the rows that take a prefix away from a path: replace(/^\/api/, ""), "^/api": "".
var stripping = lazy.MustCompile("replace\\(\\s*/\\^((?:\\\\/[A-Za-z0-9._~-]+)+)(?:\\\\/)?/[a-z]*\\s*,\\s*['\"`]/?['\"`]|['\"]\\^(/[A-Za-z0-9._~/-]+)['\"]\\s*:\\s*['\"]/?['\"]|replace\\(\\s*['\"](/[A-Za-z0-9._~/-]+)['\"]\\s*,\\s*['\"]/?['\"]")

// strips are the prefixes that a text takes away.
func strips(text string) map[string]bool {
	out := map[string]bool{}
	for _, m := range stripping.FindAllStringSubmatch(text, -1) {
		for _, p := range m[1:] {
			if p != "" {
				out[strings.TrimSuffix(strings.ReplaceAll(p, `\/`, "/"), "/")] = true
			}
		}
	}
	return out
}

// proxyConfig matches the file that Angular's development server reads: https://angular.dev/tools/cli/serve#proxying-to-a-backend-server.
var proxyConfig = lazy.MustCompile(`"proxyConfig"\s*:\s*"([^"\\]+)"`)

// angularPasses are those of that file, if it is JSON.
func angularPasses(t *tree.Tree, dir string) []buildfile.Pass {
	text, err := t.ReadHead(path.Join(dir, "angular.json"), 4*maxPassBytes)
	if err != nil {
		return nil
	}
	m := proxyConfig.FindSubmatch(text)
	if m == nil || path.Ext(string(m[1])) != ".json" {
		return nil
	}
	name := path.Join(dir, string(m[1]))
	if !tree.Within(name, dir) {
		return nil
	}
	text, err = t.ReadHead(name, maxPassBytes)
	var table map[string]struct {
		Target      string            `json:"target"`
		Socket      bool              `json:"ws"`
		PathRewrite map[string]string `json:"pathRewrite"`
	}
	if err != nil || json.Unmarshal(text, &table) != nil {
		return nil
	}
	stripped := strips(string(text))
	var out []buildfile.Pass
	for _, key := range slices.Sorted(maps.Keys(table)) {
		row, p := table[key], plainPath(key)
		if len(row.PathRewrite) == 0 || stripped[strings.TrimSuffix(p, "/")] {
			out = append(out, buildfile.Pass{Path: p, Target: row.Target, Strip: len(row.PathRewrite) > 0, Socket: row.Socket, Pos: fact.At(name, 0)})
		}
	}
	return out
}

// middleware matches what src/setupProxy.js of Create React App adds: https://create-react-app.dev/docs/proxying-api-requests-in-development/.
var middleware = lazy.MustCompile(`\.use\(\s*\[?\s*['"](/[A-Za-z0-9._~/*-]+)['"]\s*\]?\s*,\s*(?:\w+\.)?(?:createProxyMiddleware|proxy)\(([^)]{0,600})|(?:createProxyMiddleware|proxy)\(\s*['"](/[A-Za-z0-9._~/*-]+)['"]\s*,([^)]{0,600})`)

var middlewareTarget = lazy.MustCompile(`target\s*:\s*['"]([^'"]+)['"]`)

func middlewarePasses(t *tree.Tree, dir string) []buildfile.Pass {
	name := path.Join(dir, "src/setupProxy.js")
	text, err := t.ReadHead(name, maxPassBytes)
	if err != nil {
		return nil
	}
	var out []buildfile.Pass
	for _, m := range middleware.FindAllSubmatch(text, maxPasses) {
		p := buildfile.Pass{Path: plainPath(string(m[1]) + string(m[3])), Pos: fact.At(name, 0)}
		options := string(m[2]) + string(m[4])
		if target := middlewareTarget.FindStringSubmatch(options); target != nil {
			p.Target = target[1]
		}
		p.Socket = strings.Contains(options, "ws: true")
		if strings.Contains(options, "pathRewrite") {
			if !strips(options)[strings.TrimSuffix(p.Path, "/")] {
				continue
			}
			p.Strip = true
		}
		out = append(out, p)
	}
	return out
}
