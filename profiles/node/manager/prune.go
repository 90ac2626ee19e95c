package manager

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
)

// PruneCommands take devDependencies out of what is installed, on a major version
// of Node ("" for none). only is the name of the one member of the workspace that
// prod has with what it uses, "" for all; folders are those in which something
// may be installed for a member alone.
func (m Manager) PruneCommands(f *node.Facts, major, only string, folders []string) [][]string {
	prune := m.Prune
	switch {
	case len(f.Packages) > 0 && only != "" && len(m.PruneMember) > 0:
		prune = nil
		for _, w := range m.PruneMember {
			prune = append(prune, strings.ReplaceAll(w, "{name}", only))
		}
	case len(f.Packages) > 0 && len(m.PruneAll) > 0:
		prune = slices.Clone(m.PruneAll)
		if m.PruneUnlocked != "" && (m.Lock == nil || m.Stale != "") {
			prune = append(prune, m.PruneUnlocked)
		}
	case m.Older.Node != "" && m.Version == "" && major != "" && release.Matches(m.Older.Node, major):
		prune = m.Older.Prune
	}
	var run [][]string
	if m.CleanFirst {
		run = append(run, append([]string{"rm", "-rf", "node_modules"}, folders...))
	}
	if m.Name == "berry" {
		// It runs the install scripts again, whose programs it has taken out.
		var names []string
		for _, name := range m.Lifecycle {
			if _, ok := f.Script(name); ok {
				names = append(names, "scripts."+name)
			}
		}
		if len(names) > 0 {
			run = append(run, append([]string{"npm", "pkg", "delete"}, names...))
		}
	}
	run = append(run, prune)
	if m.UndoesPatches && m.patched(f) {
		run = append(run, m.Program("patch-package"))
	}
	return run
}

// Links reports whether node_modules has only a link to the folder that a range names, so that what that depends on is to be installed there.
func (m Manager) Links(f *node.Facts, rng string) bool {
	// https://docs.npmjs.com/cli/using-npm/config#install-links
	copies := m.Name == "npm" && slices.ContainsFunc(f.Npmrc, func(l fact.Fact[string]) bool { return l.Value == "install-links=true" })
	return !copies && slices.ContainsFunc(m.LinkedBy, func(prefix string) bool { return strings.HasPrefix(rng, prefix) })
}

// ProductionInstall is the command that installs production dependencies alone,
// beside an install of all of them, on a major version of Node. It is nil where
// both may differ, because no lockfile holds them to the same versions, and where
// what is installed depends on more than the manifests: on install scripts of the
// repository, on its own folders, on a plugin of the manager, or on a build that
// generates code into packages.
func (m Manager) ProductionInstall(f *node.Facts, major string) []string {
	p := m.Production
	if m.Lock == nil || m.Stale != "" || len(f.Packages) > 0 || len(f.Local) > 0 || f.Has("@prisma/client") || p.Node != "" && !release.Matches(p.Node, major) || m.plugin() != "" {
		return nil
	}
	for _, name := range m.InstallScripts() {
		if _, ok := f.Script(name); ok {
			return nil
		}
	}
	return p.Install
}

// patched reports whether an install script runs patch-package.
func (m Manager) patched(f *node.Facts) bool {
	return slices.ContainsFunc(m.InstallCommands(f), func(c script.Command) bool {
		words := program(c)
		return len(words) > 0 && words[0] == "patch-package"
	})
}

// KeepsAll says why devDependencies cannot be taken out of what is installed,
// "" where they can.
func (m Manager) KeepsAll(f *node.Facts) (pos fact.Pos, why, hint string) {
	patcher, patches := f.Dep("patch-package")
	if m.UndoesPatches && patches && patcher.Kind == node.Dev && m.patched(f) {
		return patcher.Pos, "prod keeps devDependencies: removing them would undo patch-package's patches", "make patch-package one of the dependencies"
	}
	if p := m.plugin(); p != "" && !slices.Contains(f.Yarn.Plugins, p) {
		return m.Pos, "prod keeps devDependencies: Yarn " + m.Version + " removes them only with its plugin workspace-tools",
			"yarn plugin import workspace-tools, or move to Yarn 4, which has it"
	}
	return fact.Pos{}, "", ""
}

// plugin is the plugin that Prune needs, "" for none.
func (m Manager) plugin() string {
	for _, v := range m.ofMajor() {
		if v.Plugin != "" {
			return v.Plugin
		}
	}
	return ""
}
