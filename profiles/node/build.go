package node

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// built is what the build stage leaves behind.
type built struct {
	steps   bool     // something is built
	prune   bool     // devDependencies are taken out again
	modules bool     // prod ships node_modules
	outputs []string // folders that the build writes
}

// binPackages are the packages of programs that are not named after theirs.
var binPackages = map[string]string{ //nolint:gochecknoglobals // a constant table
	"tsc": "typescript", "nest": "@nestjs/cli", "remix-serve": "@remix-run/serve", "react-router-serve": "@react-router/serve",
	"sequelize": "sequelize-cli", "mikro-orm": "@mikro-orm/cli", "run-s": "npm-run-all", "run-p": "npm-run-all", "dotenv": "dotenv-cli",
	"pm2-runtime": "pm2", "fastify": "fastify-cli", "moleculer-runner": "moleculer", "strapi": "@strapi/strapi", "medusa": "@medusajs/cli",
	"ng": "@angular/cli", "cap": "@capacitor/cli", "babel-node": "@babel/node", "babel": "@babel/cli", "swc": "@swc/cli", "swc-node": "@swc-node/register",
	"redwood": "@redwoodjs/cli", "wait-on": "wait-on", "typeorm-ts-node-commonjs": "typeorm", "srvx": "srvx", "cross-env-shell": "cross-env",
}

// devOnly returns the dependency of development that provides a program.
func (a *app) devOnly(program string) (node.Dep, bool) {
	name := program
	if p, ok := binPackages[program]; ok {
		name = p
	}
	d, ok := a.own.Dep(name)
	return d, ok && d.Kind == node.Dev
}

// frameworkBuild is the build of a repository without a build script: a
// script of another name, with all that it runs, or the framework's command.
func (a *app) frameworkBuild(ch *plan.Choice) []string {
	if sc, ok := a.f.Script(a.fw.Build.Script); ok {
		ch.Rule, ch.Pos = "the "+a.fw.Build.Script+" script of "+a.f.Manifest, record.At(sc.Pos)
		return a.pm.Script(a.fw.Build.Script)
	}
	ch.Rule, ch.Pos, ch.Link = "how "+a.fw.Name+" is built; there is no build script", record.At(a.fw.Pos), a.fw.Link
	return a.pm.Program(a.fw.Build.Command...)
}

// build decides what the build stage runs and what prod takes of it.
func (a *app) build(p *Plan, s start, n needs) (built, error) {
	var b built
	var run [][]string
	name, builds, hasBuild := script.Build(a.f)
	ch := plan.Choice{Key: "build"}
	if a.needsPrismaGenerate() {
		run = append(run, a.pm.Program("prisma", "generate"))
	}
	env := slices.Concat(pairs(a.buildEnv), a.prismaEnv())
	nx := a.nxBuild()
	switch {
	case nx != nil:
		run = append(run, nx)
		ch.Rule, ch.Pos = "what prod runs is written by the build of "+plan.Printable(a.nx.Name, 40), record.At(a.nx.Executor.Pos)
	case hasBuild && (a.fw.Build.Command == nil || !a.fw.Used() || a.member != nil) && !script.Placeholder(builds.Value):
		run = append(run, a.rootBuild(name, builds.Value))
		ch.Rule, ch.Pos = "the "+name+" script of "+a.f.Manifest, record.At(builds.Pos)
	case a.member != nil && len(a.buildMember()) > 0:
		run = append(run, a.buildMember()...)
		ch.Rule, ch.Pos = "how "+a.member.Dir+" is built, after what it uses", record.At(fact.At(path.Join(a.own.Dir, a.own.Manifest), 0))
	case a.fw.Used() && len(a.fw.Build.Command) > 0:
		run = append(run, a.frameworkBuild(&ch))
	case len(a.before) > 0:
		for _, c := range a.before {
			run = append(run, pick(fileTools[c.Argv[0]], c.Argv, a.pm.Program(c.Argv...)))
		}
		ch.Rule, ch.Pos = "there is no build script, and the start command compiles first", record.At(s.Pos)
	case a.compile.Name != "":
		run = append(run, a.pm.Program(a.compile.Argv...))
		ch.Rule, ch.Pos = "there is no build script, and Node cannot run the TypeScript by dropping the types", record.At(a.f.Code.Untyped)
	case a.source(s.file()) != "" && !a.has(s.file()):
		run = append(run, a.pm.Program("tsc"))
		ch.Rule, ch.Pos = "there is no build script, and what is run is compiled from TypeScript", record.At(a.at(a.f.TSConfig.File))
	}
	if len(run) > 0 {
		b.steps = true
		ch.Value = join(run)
		a.in.Log.Choose(ch)
	}
	if a.fw.Used() && a.fw.Build.Output != "" {
		b.outputs = append(b.outputs, a.fw.Build.Output)
	}
	if a.f.TSConfig != nil && a.f.TSConfig.OutDir.Found() && !strings.HasPrefix(a.f.TSConfig.OutDir.Value, "..") {
		b.outputs = append(b.outputs, a.f.TSConfig.OutDir.Value)
	}
	if top, _, ok := strings.Cut(s.file(), "/"); ok && b.steps && top != "node_modules" && !a.hasDir(top) {
		b.outputs = append(b.outputs, top)
	}
	slices.Sort(b.outputs)
	b.outputs = slices.Compact(b.outputs)

	b.modules = a.fw.Site == nil && p.Deps != nil && (a.fw.Server == nil || !a.fw.Server.Standalone)
	keep, keepWhy := a.keepsDev(s)
	hasProd := slices.ContainsFunc(a.f.Deps, func(d node.Dep) bool { return d.Kind == node.Prod || d.Kind == node.Optional || d.Kind == node.Peer })
	if len(a.f.Packages) == 0 && !hasProd && keep.Name == "" {
		b.modules = false
	}
	if b.modules && hasDev(a.every()) {
		switch pos, why, hint := a.pm.KeepsAll(a.f); {
		case keep.Name != "":
			a.in.Log.Note(keep.Pos, keepWhy, "make "+keep.Name+" one of the dependencies: then prod leaves the rest of devDependencies out")
		case why != "":
			a.in.Log.Note(pos, why, hint)
		default:
			b.prune = true
		}
	}
	if b.prune {
		run = append(run, a.pm.PruneCommands(a.f, a.node, a.only(s, n), a.moduleFolders())...)
	}
	if b.steps && a.fw.Server != nil && len(a.fw.Server.Writes) > 0 {
		run = append(run, append([]string{"mkdir", "-p"}, a.fw.Server.Writes...))
	}
	if len(run) == 0 {
		return b, nil
	}
	out := &Build{Copy: b.steps && (p.Deps == nil || !p.Deps.All)}
	for _, r := range run {
		sh, err := plan.NewShell(r...)
		if err != nil {
			return b, err
		}
		out.Run = append(out.Run, sh)
	}
	if b.prune && a.pm.Name != "npm" && (a.pm.Name != "pnpm" || len(a.f.Packages) > 0) {
		out.Caches = append(out.Caches, plan.MustToken(a.pm.Cache))
	}
	for _, c := range a.fw.Build.Caches {
		if dir, err := plan.NewToken(path.Join(workdir, c)); err == nil && !strings.Contains(join(run), "rm -rf node_modules") {
			out.Caches = append(out.Caches, dir)
		}
	}
	if b.prune && !b.steps {
		out.Why = plan.NewComment("takes devDependencies out again; it changes only with the manifests.")
	}
	if len(a.buildEnv) > 0 && a.buildWhy != "" {
		out.Why = plan.NewComment(a.buildWhy)
	}
	if b.steps {
		out.Args = a.fw.Build.Args
		p.KeyArgs = a.fw.Build.LooksSecret
	}
	var err error
	if len(env) > len(a.buildEnv) && out.Why.String() == "" {
		out.Why = plan.NewComment("has a value for what Prisma's configuration asks for: generating the client uses none.")
	}
	if out.Env, err = envs(env); err != nil {
		return b, err
	}
	p.Build = out
	return b, nil
}

// only is the name of the one member of the workspace that prod has, with what
// it uses; "" for all of them.
func (a *app) only(s start, n needs) string {
	if len(a.parts(s, n)) == 0 {
		return ""
	}
	return a.member.Name
}

func join(run [][]string) string {
	var parts []string
	for _, r := range run {
		parts = append(parts, strings.Join(r, " "))
	}
	return strings.Join(parts, " && ")
}

// keepsDev returns the devDependency that prod cannot do without, and why.
func (a *app) keepsDev(s start) (node.Dep, string) {
	for _, name := range s.Programs {
		if d, ok := a.devOnly(pick(strings.HasPrefix(name, "@"), name, path.Base(name))); ok {
			return d, "the start command needs " + d.Name + ", which is among devDependencies: prod keeps them all"
		}
	}
	if d, ok := a.devOnly(a.fw.NeedsDev.Name); ok && a.fw.Used() {
		return d, a.fw.NeedsDev.Why + ", and " + d.Name + " is among devDependencies: prod keeps them all"
	}
	if a.fw.Site != nil || a.fw.Server != nil || len(a.f.Packages) > 0 || !a.translates() && !a.rendersOutside() {
		return node.Dep{}, ""
	}
	for _, use := range a.running(s) {
		if d, ok := a.f.Dep(use.Value); ok && d.Kind == node.Dev && !strings.HasPrefix(d.Name, "@types/") {
			return d, "the code imports " + d.Name + " (" + use.Pos.String() + "), which is among devDependencies: prod keeps them all"
		}
	}
	return node.Dep{}, ""
}

// running are the packages that the code imports when it runs: what the entry
// leads to, or where that cannot be told, all but the tools' configuration.
func (a *app) running(s start) []fact.Fact[string] {
	files, _ := a.reach(s)
	known := files != nil && a.f.Code.Computed.IsZero()
	outside := !a.translates() && a.rendersOutside()
	rows, _ := shippedRows() // a table that cannot be decoded is an error of prod
	var out []fact.Fact[string]
	for file, uses := range a.f.Code.Uses {
		switch {
		case outside && !files[file] && !configFile.MatchString(path.Base(file)):
			out = append(out, slices.DeleteFunc(slices.Clone(uses), func(u fact.Fact[string]) bool { return u.Value == "vite" })...)
		case outside:
		case known && !files[file]:
		case !known && (a.f.TSConfig != nil || rows.file(path.Base(file))):
		default:
			out = append(out, uses...)
		}
	}
	slices.SortFunc(out, func(x, y fact.Fact[string]) int {
		return cmp.Or(strings.Compare(x.Value, y.Value), strings.Compare(x.Pos.File, y.Pos.File), x.Pos.Line-y.Pos.Line)
	})
	return out
}

// translators are programs of a build that leave imports of packages as they
// are; bundlers take what is imported into their output.
var translators = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"tsc": true, "ttsc": true, "tspc": true, "tsc-alias": true, "resolve-tspaths": true, "swc": true, "babel": true, "nest": true, "prisma": true,
	"sass": true, "node-sass": true, "lessc": true, "stylus": true, "postcss": true, "tailwindcss": true,
	"rm": true, "rimraf": true, "del-cli": true, "mkdir": true, "mkdirp": true, "cp": true, "cpx": true, "cpy": true, "copyfiles": true, "ncp": true, "shx": true,
	"echo": true, "eslint": true, "chmod": true,
}

// bundlers are programs of a build that take what is imported into their output.
var bundlers = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"esbuild": true, "tsup": true, "tsdown": true, "rollup": true, "webpack": true, "vite": true, "parcel": true, "ncc": true, "unbuild": true, "rspack": true, "rsbuild": true, "pkgroll": true,
}

// translates reports whether what runs imports the same packages as the source.
// Where the build cannot be told, JavaScript is taken to be what runs, and
// TypeScript to be bundled.
func (a *app) translates() bool {
	_, build, ok := script.Build(a.f)
	if !ok || script.Placeholder(build.Value) {
		return a.compile.Name != "tsup" // which bundles devDependencies
	}
	list, ok := script.Expanded(a.f, build.Value)
	if a.f.TSConfig == nil {
		return !slices.ContainsFunc(list, func(c script.Command) bool { return bundlers[path.Base(c.Argv[0])] })
	}
	return ok && !slices.ContainsFunc(list, func(c script.Command) bool { return !translators[path.Base(c.Argv[0])] })
}

// rendersOutside reports whether the build makes code for a server that imports
// its packages when it runs: https://vite.dev/guide/ssr#ssr-externals.
func (a *app) rendersOutside() bool {
	_, build, _ := script.Build(a.f)
	list, _ := script.Expanded(a.f, build.Value)
	return slices.ContainsFunc(list, func(c script.Command) bool { return c.Argv[0] == "vite" && slices.Contains(c.Argv, "--ssr") })
}

// configFile matches the configuration of tools.
var configFile = regexp.MustCompile(`\.config\.[cm]?[jt]s$`)

func hasDev(deps []node.Dep) bool {
	return slices.ContainsFunc(deps, func(d node.Dep) bool { return d.Kind == node.Dev })
}

func pick[T any](cond bool, yes, no T) T {
	if cond {
		return yes
	}
	return no
}
