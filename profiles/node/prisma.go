package node

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
)

// needsPrismaGenerate reports whether the Prisma client has to be generated
// and nothing does it: https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/generating-prisma-client.
func (a *app) needsPrismaGenerate() bool {
	if !a.f.Has("@prisma/client") || !a.f.Has("prisma") || a.f.Prisma.Schema == "" {
		return false
	}
	build, _, _ := script.Build(a.f)
	return !a.generatesPrisma(slices.Concat([]string{build, "pre" + build}, a.pm.InstallScripts()))
}

// generatesPrisma reports whether one of the scripts generates the client.
func (a *app) generatesPrisma(scripts []string) bool {
	return slices.ContainsFunc(scripts, func(name string) bool { return strings.Contains(a.f.Scripts[name].Value, "prisma generate") })
}

// unusedValue stands for variables that must be set and that nothing reads.
const unusedValue = "unused"

// prismaEnv are the variables that reading Prisma's configuration needs, in a
// build that has none of them: https://github.com/prisma/orm/issues/28590.
func (a *app) prismaEnv() [][2]string {
	var out [][2]string
	for _, v := range a.f.Prisma.Env {
		row := [2]string{v.Value, unusedValue}
		if a.f.Has("prisma") && !secret.Linted(v.Value) && !slices.Contains(out, row) {
			out = append(out, row)
		}
	}
	return out
}

// withPrisma puts those variables before an install whose scripts generate the
// client, and for that command alone: dev is made of the same stage.
func (a *app) withPrisma(install []string) []string {
	env := a.prismaEnv()
	if len(env) == 0 || !a.generatesPrisma(a.pm.InstallScripts()) {
		return install
	}
	out := []string{"env"}
	for _, e := range env {
		out = append(out, e[0]+"="+e[1])
	}
	return append(out, install...)
}

// devPrisma has dev generate the client before it starts: the install does not
// where the package manager runs no scripts of packages, nor from Prisma 7 on.
func (a *app) devPrisma(cmd []string) []string {
	d, _ := a.f.Dep("prisma")
	old := d.Locked != "" && release.Major(d.Locked) < 7 || d.Locked == "" && release.Major(d.Range) < 7
	if !a.needsPrismaGenerate() || old && a.pm.Name != "pnpm" && a.pm.Name != "bun" {
		return cmd
	}
	var words []string
	for _, e := range a.prismaEnv() {
		words = append(words, e[0]+`="${`+e[0]+`:-`+e[1]+`}"`)
	}
	before := strings.Join(append(words, a.pm.ForDev(a.f).Program("prisma", "generate")...), " ")
	rest := script.Quote([]script.Command{{Argv: cmd}}, true)
	if len(cmd) == 3 && cmd[0] == "sh" && cmd[1] == "-c" {
		rest = cmd[2]
	}
	return []string{"sh", "-c", before + " && " + rest}
}

// prismaPaths are what the install reads of Prisma's.
func (a *app) prismaPaths() []string {
	if !a.f.Has("@prisma/client") {
		return nil
	}
	out := []string{"prisma", a.f.Prisma.Schema}
	if c := a.f.Config.Of("prisma"); c != nil && a.generatesPrisma(a.pm.InstallScripts()) {
		out = append(out, c.File)
	}
	return slices.DeleteFunc(out, func(p string) bool { return p == "" })
}
