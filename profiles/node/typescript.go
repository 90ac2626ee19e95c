package node

import (
	"path"
	"slices"
	"strings"
)

func isTypeScript(file string) bool {
	return slices.Contains([]string{".ts", ".mts", ".cts", ".tsx"}, path.Ext(file))
}

// compiled is where tsc writes a source file:
// https://www.typescriptlang.org/tsconfig/#rootDir.
func (a *app) compiled(file string) string {
	ext := path.Ext(file)
	out := strings.TrimSuffix(file, ext) + strings.Replace(strings.Replace(ext, "tsx", "ts", 1), "ts", "js", 1)
	c := a.f.TSConfig
	if c == nil || !c.OutDir.Found() {
		return out
	}
	root := a.rootDir()
	if root != "." {
		out = strings.TrimPrefix(out, root+"/")
	}
	return path.Join(c.OutDir.Value, out)
}

// rootDir is tsc's rootDir: as set, else the folder that all inputs share.
func (a *app) rootDir() string {
	c := a.f.TSConfig
	if c.RootDir.Found() {
		return c.RootDir.Value
	}
	common, first := ".", true
	for _, full := range a.tree().Files(a.f.Dir) {
		file := strings.TrimPrefix(full, strings.TrimPrefix(a.f.Dir+"/", "./"))
		if !isTypeScript(file) || strings.HasSuffix(file, ".d.ts") || !a.compiles(file) {
			continue
		}
		dir := path.Dir(file)
		if first {
			common, first = dir, false
			continue
		}
		for common != "." && dir != common && !strings.HasPrefix(dir, common+"/") {
			common = path.Dir(common)
		}
	}
	return common
}

// compiles reports whether tsc's files and include take the file.
func (a *app) compiles(file string) bool {
	c := a.f.TSConfig
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
func (a *app) source(file string) string {
	c, dir, roots := a.f.TSConfig, "", []string{".", "src"}
	if rest, ok := strings.CutPrefix(file, a.dir()+"/"); ok && a.own.TSConfig != nil && a.member != nil {
		c, dir, file = a.own.TSConfig, a.member.Dir, rest
		roots = append(roots, path.Clean(c.RootDir.Value))
	} else if c != nil {
		roots = append([]string{a.rootDir()}, roots...)
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
	for _, root := range roots {
		for _, pair := range [][2]string{{".js", ".ts"}, {".mjs", ".mts"}, {".cjs", ".cts"}, {".js", ".tsx"}} {
			if base, ok := strings.CutSuffix(path.Join(dir, root, rel), pair[0]); ok && a.has(base+pair[1]) {
				return base + pair[1]
			}
		}
	}
	return ""
}
