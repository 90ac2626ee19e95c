package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// decideIgnore is the .dockerignore. reads are what the code reads when it runs, written folders that the app writes to.
func decideIgnore(p project, reads []image.Reading, b build, written []string) plan.Ignore {
	made := []string{"**/node_modules", "**/*.tsbuildinfo"}
	if p.pm.Name == "rush" { // https://github.com/microsoft/rushstack/blob/main/libraries/rush-lib/assets/rush-init/%5Bdot%5Dgitignore
		made = append(made, p.pm.Modules, "common/deploy", "**/.rush/temp", "**/rush-logs")
	}
	if p.pm.Name == "berry" {
		// .pnp.cjs is not asked for, but some tools follow it where it lies.
		made = append(made, ".pnp.*", ".yarn/install-state.gz", ".yarn/unplugged")
		if !p.app.HasDir(".yarn/cache") {
			made = append(made, ".yarn/cache")
		}
	}
	// Names that may be the repository's own are left out only where none is.
	coverage, logs := false, false
	for _, file := range p.app.Tree.Files(p.app.Root.Dir) {
		coverage = coverage || strings.Contains("/"+file, "/coverage/")
		logs = logs || strings.HasSuffix(file, ".log")
	}
	if !coverage {
		made = append(made, "**/coverage")
	}
	if !logs {
		made = append(made, "**/*.log")
	}
	for _, dir := range slices.Concat(b.outputs, p.fw.Build.Caches, p.fw.Build.Generated, written) {
		below := slices.ContainsFunc(made, func(m string) bool { return strings.HasPrefix(dir+"/", m+"/") })
		if dir != "." && !p.app.HasDir(dir) && !below {
			made = append(made, dir)
		}
	}
	for _, l := range linked(p.app.Root, p.pm) {
		u, built := builtLocal(p.app, l)
		if top, _, below := strings.Cut(path.Clean(u.Facts.Main.Value), "/"); built && below && !p.app.HasDir(path.Join(l.Path, top)) {
			made = append(made, path.Join(l.Path, top))
		}
	}
	groups := []plan.IgnoreGroup{{Heading: plan.NewComment("Dependencies and build output, which the image makes itself"), Patterns: patterns("", made)}}
	if hidesNpmrc(p.app.Root, p.pm) {
		groups = append(groups, plan.IgnoreGroup{Heading: plan.NewComment("It holds a credential: the build gets it as a secret"), Patterns: patterns("", []string{p.app.Root.NpmrcFile()})})
	}
	if keep := patterns("!", p.fw.Build.EnvFiles); len(keep) > 0 {
		groups = append(groups, plan.IgnoreGroup{Heading: plan.NewComment("The build writes these into the site, where anyone can read them"), Patterns: keep})
	}
	return image.IgnoreFile(p.in, groups, reads...)
}

// patterns are names of files behind a prefix; one that no pattern can hold
// is left out, so that the file stays as it is without it.
func patterns(prefix string, names []string) []plan.Pattern {
	var out []plan.Pattern
	for _, name := range names {
		if p, err := plan.NewPattern(prefix + name); err == nil {
			out = append(out, p)
		}
	}
	return out
}
