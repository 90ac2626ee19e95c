package node

import (
	"path"
	"strings"
)

// compiler is a program that makes JavaScript of TypeScript.
type compiler struct {
	Argv  []string // of node_modules/.bin
	Watch string   // its option to go on
	Out   string   // the file that it makes of the entry
	Name  string
}

// compiler finds a bundler among the dependencies that makes JavaScript of a
// file, else tsc, where its configuration only checks types. What is imported
// from node_modules stays there.
func (a *app) compiler(file string) bool {
	base := strings.TrimSuffix(path.Base(file), path.Ext(file))
	if ext := path.Ext(file); ext != ".ts" || a.hasDir("dist") {
		return false
	}
	format := pick(a.f.Type.Value == "module", "esm", "cjs")
	switch c := a.f.TSConfig; {
	case a.f.Has("esbuild"):
		// https://esbuild.github.io/getting-started/#bundling-for-node
		a.compile = compiler{
			Name: "esbuild", Watch: "--watch=forever", Out: "dist/" + base + ".js",
			Argv: []string{"esbuild", file, "--bundle", "--platform=node", "--packages=external", "--format=" + format, "--outdir=dist"},
		}
	case a.f.Has("tsup"):
		// https://tsup.egoist.dev/#usage
		a.compile = compiler{Name: "tsup", Watch: "--watch", Out: "dist/" + base + ".js", Argv: []string{"tsup", file, "--format", format, "--out-dir", "dist"}}
	case c != nil && c.NoEmit && a.f.Has("typescript"):
		// https://www.typescriptlang.org/tsconfig/#noEmit
		out := strings.TrimSuffix(file, ".ts") + ".js"
		if root := a.rootDir(); root != "." {
			out = strings.TrimPrefix(out, root+"/")
		}
		a.compile = compiler{Name: "tsc", Watch: "--watch", Out: path.Join("dist", out), Argv: []string{"tsc", "--noEmit", "false", "--outDir", "dist"}}
	}
	return a.compile.Name != ""
}
