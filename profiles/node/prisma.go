package node

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
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

// generateClients are the commands that generate Prisma's clients where nothing else does, of the root or of the
// members that the app uses, and the variables that they need.
func generateClients(app workspace.App, pm manager.Manager) (run [][]string, env []plan.Env) {
	if needsPrismaGenerate(app.Root, pm) {
		run = append(run, pm.Program("prisma", "generate"))
	}
	env = prismaEnv(app.Root)
	if app.Member == nil {
		return run, env
	}
	build, _, _ := script.Build(app.Root)
	if strings.Contains(app.Root.Scripts[build].Value, "generate") || generatesPrisma(app.Root, pm.InstallScripts()) {
		return run, env
	}
	for _, u := range app.Closure(app.Member, false) {
		f := u.Facts
		client := f.Has("@prisma/client") || app.Root.Has("@prisma/client")
		if !client || !f.Has("prisma") || f.Prisma.Schema == "" || generatesPrisma(f, slices.Concat([]string{"build", "prebuild"}, pm.InstallScripts())) {
			continue
		}
		run = append(run, pm.MemberProgram(u.Dir, "prisma", "generate"))
		env = image.SetEnv(env, prismaEnv(f)...)
	}
	return run, env
}

// databaseURL is the variable that has the address of the app's database, by its schema: zero where code may
// hand another address to the client.
func databaseURL(p project, c code) effect.Env {
	own := p.app.Own
	clients := withPrismaClient(p.app)
	i := slices.IndexFunc(clients, func(f *node.Facts) bool { return f.Prisma.URL.Value != "" })
	if i < 0 {
		return effect.Env{}
	}
	url := clients[i].Prisma.URL
	read := 0
	for file, uses := range own.Code.Uses {
		if !slices.ContainsFunc(uses, func(u fact.Fact[string]) bool { return u.Value == "@prisma/client" }) {
			continue
		}
		text, err := p.in.Tree.ReadHead(file, 64<<10)
		if read++; err != nil || read > maxClients || strings.Contains(string(text), "datasource") || strings.Contains(string(text), "adapter") {
			return effect.Env{}
		}
	}
	defaulted := slices.ContainsFunc(own.Code.Env, func(e effect.Env) bool { return e.Name == url.Value && e.Default.Text != "" })
	if defaulted || setsVariable(p, c, "process.env."+url.Value) {
		return effect.Env{}
	}
	return effect.Env{Name: url.Value, Required: true, Pos: url.Pos}
}

// withPrismaClient are the packages that prod runs which have a schema of Prisma's and its client: the root, or
// the app with the members that it uses.
func withPrismaClient(app workspace.App) []*node.Facts {
	list := []*node.Facts{app.Root}
	if app.Member != nil {
		list = nil
		for _, u := range app.Closure(app.Member, true) {
			list = append(list, u.Facts)
		}
	}
	return slices.DeleteFunc(list, func(f *node.Facts) bool {
		return f.Prisma.Schema == "" || !f.Has("@prisma/client") && !app.Root.Has("@prisma/client")
	})
}

// setsVariable reports whether the program gives the variable a value itself.
func setsVariable(p project, c code, name string) bool {
	read := 0
	for _, file := range slices.Sorted(maps.Keys(c.files)) {
		text, err := p.in.Tree.ReadHead(file, 64<<10)
		if read++; read > maxClients {
			return false
		}
		if err == nil && assigned.MatchString(string(text)) && strings.Contains(string(text), name+" =") {
			return true
		}
	}
	return false
}

// maxClients bounds the files that are read for one question.
const maxClients = 200

// assigned matches an assignment to a variable of the environment.
var assigned = lazy.MustCompile(`process\.env\.[A-Za-z_]\w* =[^=]`)

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
func devPrisma(app workspace.App, pm manager.Manager, cmd []string) []string {
	f := app.Root
	d, _ := f.Dep("prisma")
	old := release.Major(cmp.Or(d.Locked, d.Range)) < 7
	run, env := generateClients(app, pm.ForDev(f))
	if needsPrismaGenerate(f, pm) && old && !pm.Isolated && pm.Name != "bun" {
		run = run[1:]
	}
	if len(run) == 0 {
		return cmd
	}
	var set []string
	for _, e := range env {
		set = append(set, fmt.Sprintf(`%s="${%s:-%s}"`, e.Name, e.Name, e.Value.Raw()))
	}
	var all []string
	for _, argv := range run {
		all = append(all, strings.Join(slices.Concat(set, argv), " "))
	}
	rest := quoted(cmd)
	if len(cmd) == 3 && cmd[0] == "sh" && cmd[1] == "-c" {
		rest = cmd[2]
	}
	return shellCommand(strings.Join(append(all, rest), " && "))
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
