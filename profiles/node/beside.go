package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
)

// beside reports whether the app is one of several members of a workspace, whose own scripts build and test it: those of the root do
// so for all of them. Yarn from version 2 on finds the root's programs for scripts of the root alone.
func (p project) beside() bool {
	return p.in.File != "" && p.app.Member != nil && p.pm.Name != "berry"
}

// forAll matches what runs a script in members of the workspace: https://docs.npmjs.com/cli/using-npm/workspaces,
// https://pnpm.io/cli/recursive, https://classic.yarnpkg.com/en/docs/cli/workspaces, https://bun.com/docs/cli/filter.
func forAll(words []string) bool {
	rest := words[1:]
	switch words[0] {
	case "npm", "pnpm", "yarn", "bun":
		return slices.ContainsFunc(rest, func(w string) bool {
			name, _, _ := strings.Cut(w, "=")
			return slices.Contains([]string{"-w", "--workspace", "-ws", "--workspaces", "-r", "--recursive", "--filter", "-F", "workspaces", "workspace"}, name)
		})
	case "lerna", "nx":
		return len(rest) > 0 && slices.Contains([]string{"run", "run-many"}, rest[0])
	case "turbo":
		return true
	case "moon": // https://moonrepo.dev/docs/concepts/target
		return slices.ContainsFunc(rest, func(w string) bool { return strings.HasPrefix(w, ":") })
	}
	return false
}

// onlyMembers reports whether a script of the root does nothing but run scripts of members.
func onlyMembers(text string) bool {
	list := script.Commands(text)
	return len(list) > 0 && !slices.ContainsFunc(list, func(words []string) bool { return !forAll(words) })
}

// ownBuild reports whether the member's own script is what builds it, though the root has one.
func (p project) ownBuild(text string) bool {
	return p.beside() && p.app.Member.Scripts["build"].Value != "" && onlyMembers(text) && !turbo(text)
}

// turbo reports whether a script is one of Turborepo's tasks, which can be run for one member: a filter that it has is another's.
func turbo(text string) bool {
	list := script.Commands(text)
	return len(list) == 1 && list[0][0] == "turbo" && !slices.ContainsFunc(list[0], func(w string) bool { return w == "" || strings.HasPrefix(w, "--filter") || w == "-F" })
}

// ownTests are the commands that test the member, and what it uses; nil if none of these has tests.
func (p project) ownTests() [][]string {
	tested := p.tested()
	if len(tested) == 0 {
		return nil
	}
	if s, ok := p.app.Root.Script("test"); ok && turbo(s.Value) && tests(p.app, p.app.Root) {
		// https://turborepo.com/docs/reference/run#--filter-string
		return [][]string{append(p.pm.Program(script.Commands(s.Value)[0]...), "--filter=./"+p.app.Member.Dir+"...")}
	}
	run := usesBuild(p.app, p.pm, p.pm)
	for _, u := range tested {
		run = append(run, p.pm.MemberScript(u.Dir, "test"))
	}
	return run
}

// tested are those of the members that the app is made of that have tests, itself last; none if it is not one of several.
func (p project) tested() []*workspace.Unit {
	if !p.beside() {
		return nil
	}
	return slices.DeleteFunc(p.app.Closure(p.app.Member, false), func(u *workspace.Unit) bool { return !tests(p.app, u.Facts) })
}

// alone reports whether the builds of one of several members, and its tests, are of that member and of what it uses.
func (p project) alone() bool {
	f := p.app.Root
	if !p.beside() || f.Code.Cut {
		return false
	}
	if _, build, ok := script.Build(f); ok && buildsAll(p.app, build.Value) && !p.ownBuild(build.Value) && !turbo(build.Value) {
		return false
	}
	return len(p.tested()) > 0 || !tests(p.app, f) && (len(memberBuild(p)) > 0 || f.TSConfig == nil)
}

// needs are the folders that the builds of one of several members read, or of an app with packages beside it; nil if those may be all.
func (p project) needs(s start, i install) []string {
	if p.in.Nested {
		return append([]string{"."}, i.near.dirs...)
	}
	if !p.alone() || i.all || s.Project.Name != "" {
		return nil
	}
	return p.reached()
}

// reached are the folders of the member, of those that it uses, and of the files elsewhere that their code names.
func (p project) reached() []string {
	f := p.app.Root
	out := []string{}
	for _, u := range p.app.Closure(p.app.Member, false) {
		out = append(out, u.Dir)
	}
	code := f.Code.Below(p.paths(out)...)
	for _, files := range []map[string][]string{code.Local, code.Unbuilt} {
		for _, list := range files {
			for _, file := range list {
				out = append(out, path.Dir(p.app.Rel(file)))
			}
		}
	}
	for _, c := range code.Climbs {
		out = append(out, path.Join(path.Dir(p.app.Rel(c.Pos.File)), c.Value), path.Join(p.app.Dir(), c.Value))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// paths are folders as the scanned tree names them.
func (p project) paths(dirs []string) []string {
	out := make([]string, len(dirs))
	for i, dir := range dirs {
		out[i] = p.app.Path(dir)
	}
	return out
}
