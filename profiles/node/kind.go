package node

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/kind"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/record"
)

// checkKind refuses what no image runs. What the user says of the start counts more.
func checkKind(in record.Input, app workspace.App, fw framework.Framework) error {
	if len(in.Settings.Start) > 0 || in.Settings.Main != "" && app.Member == nil {
		return nil
	}
	return kind.Check(kindOf(in, app, fw, code{}))
}

// kindOf is what the rows of kinds.yaml are asked of; of is the code that is started, where that is known.
func kindOf(in record.Input, app workspace.App, fw framework.Framework, of code) kind.Request {
	f := app.Root
	if app.Member != nil {
		f = app.Member.Facts
	}
	dir := app.Path(app.Dir())
	req := kind.Request{
		Tree: app.Tree, Dir: dir, Language: "node", At: fact.At(path.Join(dir, f.Manifest), 0),
		Site: fw.Site != nil, Deps: map[string]fact.Pos{}, Imports: map[string]fact.Pos{},
		Listens: fw.Used() && fw.Site == nil && !headless(app, of) || slices.ContainsFunc(app.Own.Code.Listens, func(l effect.Listen) bool { return !l.Named }),
	}
	if app.Member != nil {
		if _, runs := runsOwn(app, app.Member); runs {
			req.Listens = true // it is no package for others
		}
	}
	if list := written(f); len(list) > 0 {
		req.Says, req.At = true, list[0].text.Pos
		req.Start = script.Followed(f, list[0].text.Value)
	}
	req.Says = req.Says || fw.Server != nil
	if _, build, ok := script.Build(f); ok {
		req.Builds = script.Followed(f, build.Value)
	}
	for _, d := range f.Deps {
		if _, ok := req.Deps[d.Name]; !ok {
			req.Deps[d.Name] = d.Pos
		}
	}
	maps.Copy(req.Imports, app.Own.Code.Imports)
	l := library{app: app, f: f, of: of}
	req.Field = func(name string) (string, fact.Pos, bool) {
		if name == "tools" {
			return "", fact.Pos{}, app.Member == nil && len(f.Deps) > 0 && OnlyTools(in, f)
		}
		return l.field(name)
	}
	return req
}

// library asks whether a package is made for others to import.
type library struct {
	app workspace.App
	f   *node.Facts
	of  code // that is started, as far as it is known
}

// imported reports whether a package is started only as any can be whose file exports something: nothing says how.
func imported(app workspace.App) bool {
	if app.Member != nil || len(written(app.Root)) > 0 {
		return false
	}
	_, exports := library{app: app, f: app.Root}.exports()
	return exports
}

// ends is where the code that is started says that its work is done; ok is false where it waits for a signal.
func (l library) ends() (at fact.Pos, ok bool) {
	all := l.app.Root.Code
	i := slices.IndexFunc(all.Ends, l.of.has)
	if i < 0 || slices.ContainsFunc(all.Signals, func(s effect.Signal) bool { return l.of.has(s.Pos) }) {
		return at, false
	}
	return all.Ends[i], true
}

// field answers what the rows of kinds.yaml ask of package.json: a field
// of it, a script, an engine, and questions of their own. "ends" is whether the code that is started says that its work is done; "headless" is whether what it starts answers nobody; "exporting" is whether the file that
// importing the package gives exports something, and no program is named beside it;
// "published" whether, moreover, the package says what it publishes.
func (l library) field(name string) (value string, pos fact.Pos, ok bool) {
	switch name {
	case "ends":
		pos, ok = l.ends()
	case "headless":
		ok = headless(l.app, l.of)
	case "headless.ends":
		if pos, ok = l.ends(); ok {
			ok = headless(l.app, l.of)
		}
	case "exporting":
		pos, ok = l.exports()
	case "published":
		if pos, ok = l.exports(); ok {
			ok = l.publishes()
		}
	default:
		if script, is := strings.CutPrefix(name, "scripts."); is {
			v, ok := l.f.Script(script)
			return v.Value, v.Pos, ok
		}
		if engine, is := strings.CutPrefix(name, "engines."); is {
			v, ok := l.f.Engines[engine]
			return v.Value, v.Pos, ok
		}
		pos, ok = l.f.Fields[name]
	}
	return "", pos, ok
}

// publishes reports whether package.json has what only a package for others needs:
// https://docs.npmjs.com/cli/configuring-npm/package-json.
func (l library) publishes() bool {
	if _, private := l.f.Fields["private"]; private {
		return false
	}
	return slices.ContainsFunc([]string{"exports", "types", "typings", "files", "module", "unpkg", "jsdelivr", "peerDependencies", "publishConfig", "sideEffects"}, func(key string) bool {
		_, ok := l.f.Fields[key]
		return ok
	})
}

// exports is where package.json names the file that others import, if that file, or
// the source that it is built of, exports something. A file that is not there, and of
// which no source is known, counts if there is a build.
func (l library) exports() (fact.Pos, bool) {
	if len(l.f.Bin) > 0 {
		return fact.Pos{}, false
	}
	for _, e := range []fact.Fact[string]{l.f.Exports, l.f.Module, l.f.Main} {
		if e.Value == "" || !runnable(e.Value) {
			continue
		}
		file := path.Join(l.app.Dir(), e.Value)
		if found, ok := entry(l.app, file); ok {
			file = found
		}
		if !l.app.Has(file) {
			if file = source(l.app, file); file == "" {
				_, _, builds := script.Build(l.f)
				return e.Pos, builds
			}
		}
		return e.Pos, l.app.Root.Code.Exporting[l.app.Path(file)]
	}
	return fact.Pos{}, false
}
