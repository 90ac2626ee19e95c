package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/workspace"
)

func isTypeScript(file string) bool {
	return slices.Contains([]string{".ts", ".mts", ".cts", ".tsx"}, path.Ext(file))
}

// compiled is where tsc writes a source file:
// https://www.typescriptlang.org/tsconfig/#rootDir.
func compiled(app workspace.App, file string) string {
	ext := path.Ext(file)
	out := strings.TrimSuffix(file, ext) + strings.Replace(strings.Replace(ext, "tsx", "ts", 1), "ts", "js", 1)
	c := app.Root.TSConfig
	if c == nil || !c.OutDir.Found() {
		return out
	}
	if root := rootDir(app); root != "." {
		out = strings.TrimPrefix(out, root+"/")
	}
	return path.Join(c.OutDir.Value, out)
}

// rootDir is tsc's rootDir: as set, else the folder that all inputs share.
func rootDir(app workspace.App) string {
	c := app.Root.TSConfig
	if c.RootDir.Found() {
		return c.RootDir.Value
	}
	common, first := ".", true
	for _, full := range app.Tree.Files(app.Root.Dir) {
		file := app.Rel(full)
		if !isTypeScript(file) || strings.HasSuffix(file, ".d.ts") || !compiles(app, file) {
			continue
		}
		dir := path.Dir(file)
		if first {
			common, first = dir, false
			continue
		}
		for !tree.Within(dir, common) && common != "/" {
			common = path.Dir(common)
		}
	}
	return common
}

// rootFlag names the rootDir to a tsc that takes the folder of tsconfig.json for it and ends with an error where the sources share another one:
// https://github.com/andrewbranch/ts5to6#overview.
func rootFlag(app workspace.App) []string {
	ts, ok := app.Root.Dep("typescript")
	root := rootDir(app)
	if !ok || release.DepMajor(ts) < 6 || app.Root.TSConfig.RootDir.Found() || root == "." {
		return nil
	}
	return []string{"--rootDir", root}
}

// compiles reports whether tsc's files and include take the file.
func compiles(app workspace.App, file string) bool {
	c := app.Root.TSConfig
	if c.OutDir.Found() && strings.HasPrefix(file, c.OutDir.Value+"/") {
		return false
	}
	if c.Files == nil && c.Include == nil {
		return true
	}
	if slices.Contains(c.Files, file) {
		return true
	}
	for _, p := range c.Include {
		prefix, _, glob := strings.Cut(p, "*")
		prefix = strings.TrimSuffix(prefix, "/")
		if prefix == "" || prefix == "." || file == p || strings.HasPrefix(file, prefix+"/") || glob && strings.HasPrefix(file, prefix) {
			return true
		}
	}
	return false
}

// source is the TypeScript file that tsc makes file of, "" where none is.
func source(app workspace.App, file string) string {
	c, dir, roots, member := app.Root.TSConfig, "", []string{".", "src"}, false
	if rest, ok := strings.CutPrefix(file, app.Dir()+"/"); ok && app.Own.TSConfig != nil && app.Member != nil {
		c, dir, file = app.Own.TSConfig, app.Member.Dir, rest
		roots, member = append(roots, path.Clean(c.RootDir.Value)), true
	}
	if c == nil {
		return ""
	}
	if ext := path.Ext(file); ext == "" {
		file += ".js"
	}
	rel := file
	if c.OutDir.Found() {
		var ok bool
		if rel, ok = strings.CutPrefix(file, c.OutDir.Value+"/"); !ok {
			return ""
		}
	}
	if !member { // it looks at every file, and so comes last
		roots = append([]string{rootDir(app)}, roots...)
	}
	for _, root := range roots {
		for _, pair := range [][2]string{{".js", ".ts"}, {".mjs", ".mts"}, {".cjs", ".cts"}, {".js", ".tsx"}} {
			if base, ok := strings.CutSuffix(path.Join(dir, root, rel), pair[0]); ok && app.Has(base+pair[1]) {
				return base + pair[1]
			}
		}
	}
	return ""
}

// compiler is a program that makes JavaScript of TypeScript if nothing of the
// repository does. The zero value is none.
type compiler struct {
	Name  string
	Argv  []string // of node_modules/.bin
	Watch string   // its option to go on
	Out   string   // the file that it makes of the entry
}

// compilerOf finds a bundler among the dependencies that makes JavaScript of a
// file, else tsc, where its configuration only checks types. What is imported
// from node_modules stays there.
func compilerOf(app workspace.App, file string) compiler {
	f := app.Root
	base := strings.TrimSuffix(path.Base(file), path.Ext(file))
	if ext := path.Ext(file); ext != ".ts" || app.HasDir("dist") {
		return compiler{}
	}
	format := "cjs"
	if f.Type.Value == "module" {
		format = "esm"
	}
	switch c := f.TSConfig; {
	case f.Has("esbuild"):
		// https://esbuild.github.io/getting-started/#bundling-for-node
		return compiler{
			Name: "esbuild", Watch: "--watch=forever", Out: "dist/" + base + ".js",
			Argv: []string{"esbuild", file, "--bundle", "--platform=node", "--packages=external", "--format=" + format, "--outdir=dist"},
		}
	case f.Has("tsup"):
		// https://tsup.egoist.dev/#usage
		return compiler{Name: "tsup", Watch: "--watch", Out: "dist/" + base + ".js", Argv: []string{"tsup", file, "--format", format, "--out-dir", "dist"}}
	case c != nil && c.NoEmit && f.Has("typescript"):
		// https://www.typescriptlang.org/tsconfig/#noEmit
		out := strings.TrimSuffix(file, ".ts") + ".js"
		if root := rootDir(app); root != "." {
			out = strings.TrimPrefix(out, root+"/")
		}
		return compiler{Name: "tsc", Watch: "--watch", Out: path.Join("dist", out), Argv: append([]string{"tsc", "--noEmit", "false", "--outDir", "dist"}, rootFlag(app)...)}
	}
	return compiler{}
}
