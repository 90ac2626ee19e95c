package node

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
)

// needsPrismaGenerate reports whether the Prisma client has to be generated
// and nothing does it: https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/generating-prisma-client.
func needsPrismaGenerate(f *node.Facts, pm manager.Manager) bool {
	if !f.Has("@prisma/client") || !f.Has("prisma") || f.Prisma.Schema == "" {
		return false
	}
	build, _, _ := script.Build(f)
	return !generatesPrisma(f, slices.Concat([]string{build, "pre" + build}, pm.InstallScripts()))
}

// generatesPrisma reports whether one of the scripts generates the client.
func generatesPrisma(f *node.Facts, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return strings.Contains(f.Scripts[name].Value, "prisma generate") })
}

// unusedValue stands for variables that must be set and that nothing reads.
const unusedValue = "unused"

// prismaEnv are the variables that reading Prisma's configuration needs, in a
// build that has none of them: https://github.com/prisma/orm/issues/28590.
func prismaEnv(f *node.Facts) []plan.Env {
	var out []plan.Env
	for _, v := range f.Prisma.Env {
		e, err := plan.NewEnv(v.Value, unusedValue)
		if err == nil && f.Has("prisma") && !secret.Linted(v.Value) && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

// withPrisma puts those variables before an install whose scripts generate the
// client, and for that command alone: dev is made of the same stage.
func withPrisma(f *node.Facts, pm manager.Manager, install []string) []string {
	env := prismaEnv(f)
	if len(env) == 0 || !generatesPrisma(f, pm.InstallScripts()) {
		return install
	}
	out := []string{"env"}
	for _, e := range env {
		out = append(out, e.Name.String()+"="+e.Value.Raw())
	}
	return append(out, install...)
}

// devPrisma has dev generate the client before it starts: the install does not
// where the package manager runs no scripts of packages, nor from Prisma 7 on.
func devPrisma(f *node.Facts, pm manager.Manager, cmd []string) []string {
	d, _ := f.Dep("prisma")
	old := release.Major(cmp.Or(d.Locked, d.Range)) < 7
	if !needsPrismaGenerate(f, pm) || old && pm.Name != "pnpm" && pm.Name != "bun" {
		return cmd
	}
	var words []string
	for _, e := range prismaEnv(f) {
		words = append(words, fmt.Sprintf(`%s="${%s:-%s}"`, e.Name, e.Name, e.Value.Raw()))
	}
	before := strings.Join(append(words, pm.ForDev(f).Program("prisma", "generate")...), " ")
	rest := quoted(cmd)
	if len(cmd) == 3 && cmd[0] == "sh" && cmd[1] == "-c" {
		rest = cmd[2]
	}
	return shellCommand(before + " && " + rest)
}

// prismaPaths are what the install reads of Prisma's.
func prismaPaths(f *node.Facts, pm manager.Manager) []string {
	if !f.Has("@prisma/client") {
		return nil
	}
	out := []string{"prisma", f.Prisma.Schema}
	if c := f.Config.Of("prisma"); c != nil && generatesPrisma(f, pm.InstallScripts()) {
		out = append(out, c.File)
	}
	return slices.DeleteFunc(out, func(p string) bool { return p == "" })
}
