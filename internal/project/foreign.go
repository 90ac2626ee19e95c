package project

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/plan"
)

// dotnet are the extensions of the projects of .NET: https://learn.microsoft.com/en-us/dotnet/core/project-sdk/overview.
var dotnet = []string{".csproj", ".fsproj", ".vbproj"} //nolint:gochecknoglobals // a constant table

// maxForeignDepth is the depth of a folder that is named, at most.
const maxForeignDepth = 4

// sayForeign names the folders beside the apps that are of a stack which dockgen does not build, with what says so. An app of the root holds
// what is below it.
func (r *Result) sayForeign(repo *detect.Repo) {
	if slices.ContainsFunc(r.Apps, func(a *App) bool { return a.Plan.Of == root }) {
		return
	}
	foreign := map[string]bool{}
	for _, name := range aside.Foreign() {
		foreign[name] = true
	}
	var dirs, names []string
	for _, file := range repo.Tree.Files(root) {
		dir, base := path.Dir(file), path.Base(file)
		if !foreign[base] && !slices.Contains(dotnet, path.Ext(base)) || dir == root || strings.Count(dir, "/") >= maxForeignDepth || strings.Contains("/"+dir, "/.") {
			continue
		}
		inside := func(other string) bool { return tree.Within(dir, other) }
		held := slices.ContainsFunc(r.Apps, func(a *App) bool { return inside(a.Plan.Of) || tree.Within(a.Plan.Of, dir) }) ||
			slices.ContainsFunc(r.Refused, func(x Refused) bool { return inside(x.Dir) })
		if held || len(dirs) > maxNamed || slices.ContainsFunc(dirs, inside) || aside.Folder("", dir) != nil {
			continue
		}
		dirs, names = append(dirs, dir), append(names, plan.Printable(dir, 60)+" ("+plan.Printable(base, 40)+")")
	}
	if len(names) == 0 {
		return
	}
	if len(names) > maxNamed {
		names[maxNamed] = "…"
	}
	first := r.Apps[0].Plan
	first.Notes = append(slices.Clip(first.Notes), plan.Note{Pos: fact.Pos{}, Text: "folders of languages that dockgen does not build get no files: " + strings.Join(names, ", ")})
}
