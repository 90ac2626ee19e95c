package node

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/choice"
	"github.com/dockgen/dockgen/profiles/node/scripts"
	"github.com/dockgen/dockgen/profiles/plan"
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
	if sc, ok := a.f.Script(a.fw.BuildScript); ok {
		ch.Rule, ch.Pos = "the "+a.fw.BuildScript+" script of "+a.f.Manifest, choice.At(sc.Pos)
		return a.pm.script(a.fw.BuildScript)
	}
	ch.Rule, ch.Pos, ch.Link = "how "+a.fw.Name+" is built; there is no build script", choice.At(a.fw.Pos), a.fw.Link
	return a.pm.program(a.fw.Build...)
}

// build decides what the build stage runs and what prod takes of it.
func (a *app) build(p *Plan, s start, n needs) (built, error) {
	var b built
	var run [][]string
	name, script, hasBuild := buildScript(a.f)
	ch := plan.Choice{Key: "build"}
	if a.needsPrismaGenerate() {
		run = append(run, a.pm.program("prisma", "generate"))
	}
	env := slices.Concat(a.fw.BuildEnv, a.prismaEnv())
	nx := a.nxBuild()
	switch {
	case nx != nil:
		run = append(run, nx)
		ch.Rule, ch.Pos = "what prod runs is written by the build of "+plan.Printable(a.nx.Name, 40), choice.At(a.nx.Executor.Pos)
	case hasBuild && (a.fw.Build == nil || !a.isFW || a.member != nil) && !scripts.Placeholder(script.Value):
		run = append(run, a.rootBuild(name, script.Value))
		ch.Rule, ch.Pos = "the "+name+" script of "+a.f.Manifest, choice.At(script.Pos)
	case a.member != nil && len(a.buildMember()) > 0:
		run = append(run, a.buildMember()...)
		ch.Rule, ch.Pos = "how "+a.member.Dir+" is built, after what it uses", choice.At(fact.At(path.Join(a.own.Dir, a.own.Manifest), 0))
	case a.isFW && len(a.fw.Build) > 0:
		run = append(run, a.frameworkBuild(&ch))
	case len(a.before) > 0:
		for _, c := range a.before {
			run = append(run, pick(fileTools[c.Argv[0]], c.Argv, a.pm.program(c.Argv...)))
		}
		ch.Rule, ch.Pos = "there is no build script, and the start command compiles first", choice.At(s.Pos)
	case a.compile.Name != "":
		run = append(run, a.pm.program(a.compile.Argv...))
		ch.Rule, ch.Pos = "there is no build script, and Node cannot run the TypeScript by dropping the types", choice.At(a.f.Code.Untyped)
	case a.source(s.file()) != "" && !a.has(s.file()):
		run = append(run, a.pm.program("tsc"))
		ch.Rule, ch.Pos = "there is no build script, and what is run is compiled from TypeScript", choice.At(a.at(a.f.TSConfig.File))
	}
	if len(run) > 0 {
		b.steps = true
		ch.Value = join(run)
		a.in.Book.Choose(ch)
	}
	if a.isFW && a.fw.Output != "" {
		b.outputs = append(b.outputs, a.fw.Output)
	}
	if a.f.TSConfig != nil && a.f.TSConfig.OutDir.Found() && !strings.HasPrefix(a.f.TSConfig.OutDir.Value, "..") {
		b.outputs = append(b.outputs, a.f.TSConfig.OutDir.Value)
	}
	if top, _, ok := strings.Cut(s.file(), "/"); ok && b.steps && top != "node_modules" && !a.hasDir(top) {
		b.outputs = append(b.outputs, top)
	}
	slices.Sort(b.outputs)
	b.outputs = slices.Compact(b.outputs)

	b.modules = !a.fw.Static && p.Deps != nil && (!a.isFW || !a.fw.Bundled)
	keep, keepWhy := a.keepsDev(s)
	hasProd := slices.ContainsFunc(a.f.Deps, func(d node.Dep) bool { return d.Kind == node.Prod || d.Kind == node.Optional || d.Kind == node.Peer })
	if len(a.f.Packages) == 0 && !hasProd && keep.Name == "" {
		b.modules = false
	}
	if b.modules && hasDev(a.every()) {
		switch pos, why, hint := a.keepsAll(); {
		case keep.Name != "":
			a.in.Book.Note(keep.Pos, keepWhy, "make "+keep.Name+" one of the dependencies: then prod leaves the rest of devDependencies out")
		case why != "":
			a.in.Book.Note(pos, why, hint)
		default:
			b.prune = true
		}
	}
	if b.prune {
		run = append(run, a.pruneCommands(len(a.parts(s, n)) > 0 && a.member.Name != "")...)
	}
	if b.steps && len(a.fw.Writes) > 0 && a.fw.Over {
		run = append(run, append([]string{"mkdir", "-p"}, a.fw.Writes...))
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
		out.Caches = append(out.Caches, plan.MustWord(a.pm.Cache))
	}
	for _, c := range a.fw.Caches {
		if dir, err := plan.NewWord(path.Join(workdir, c)); err == nil && !strings.Contains(join(run), "rm -rf node_modules") {
			out.Caches = append(out.Caches, dir)
		}
	}
	if b.prune && !b.steps {
		out.Why = plan.NewRemark("takes devDependencies out again; it changes only with the manifests.")
	}
	if len(a.fw.BuildEnv) > 0 && a.fw.BuildWhy != "" {
		out.Why = plan.NewRemark(a.fw.BuildWhy)
	}
	if b.steps {
		out.Args = a.fw.Args
		p.KeyArgs = a.fw.KeyArgs
	}
	var err error
	if len(env) > len(a.fw.BuildEnv) && out.Why.String() == "" {
		out.Why = plan.NewRemark("has a value for what Prisma's configuration asks for: generating the client uses none.")
	}
	if out.Env, err = envs(env); err != nil {
		return b, err
	}
	p.Build = out
	return b, nil
}

// buildScript returns the script that builds the app: build, or where there is
// none, what a platform runs in its place
// (https://devcenter.heroku.com/articles/nodejs-support#customizing-the-build-process,
// https://cloud.google.com/docs/buildpacks/nodejs#executing_custom_build_steps_during_deployment),
// or what the app runs to be built before it starts (prestart: npm run compile).
func buildScript(f *node.Facts) (name string, script fact.Fact[string], ok bool) {
	for _, name := range []string{"build", "heroku-postbuild", "gcp-build"} {
		if s, ok := f.Script(name); ok {
			return name, s, true
		}
	}
	for _, before := range []string{"prestart", "start"} {
		list, _ := scripts.Parse(f.Scripts[before].Value)
		for _, c := range list {
			name, rest, ok := scripts.Script(f, c.Argv)
			parts := nameParts(name)
			if ok && len(rest) == 0 && (slices.Contains(parts, "build") || slices.Contains(parts, "compile")) {
				return name, f.Scripts[name], true
			}
		}
	}
	return "", fact.Fact[string]{}, false
}

// keepsAll says why devDependencies cannot be taken out of what is installed,
// "" where they can.
func (a *app) keepsAll() (pos fact.Pos, why, hint string) {
	patcher, patches := a.f.Dep("patch-package")
	if a.pm.Unpatches && patches && patcher.Kind == node.Dev && a.patched() {
		return patcher.Pos, "prod keeps devDependencies: taking them out would undo what patch-package patches", "make patch-package one of the dependencies"
	}
	for _, v := range a.pm.Versions {
		if majorOf(v.Version) == majorOf(a.pm.version) && v.Plugin != "" && !slices.Contains(a.f.Yarn.Plugins, v.Plugin) {
			return a.pm.pos, "prod keeps devDependencies: Yarn " + a.pm.version + " takes them out with its plugin workspace-tools alone",
				"yarn plugin import workspace-tools, or move to Yarn 4, which has it"
		}
	}
	return fact.Pos{}, "", ""
}

// patched reports whether an install script runs patch-package.
func (a *app) patched() bool {
	return slices.ContainsFunc(a.installCommands(), func(c scripts.Command) bool { return len(c.Argv) > 0 && c.Argv[0] == "patch-package" })
}

// pruneCommands take devDependencies out of what is installed; alone says that
// prod has one member of the workspace with what it uses.
func (a *app) pruneCommands(alone bool) [][]string {
	prune := a.pm.Prune
	switch {
	case len(a.f.Packages) > 0 && alone && len(a.pm.PruneMember) > 0:
		prune = nil
		for _, w := range a.pm.PruneMember {
			prune = append(prune, strings.ReplaceAll(w, "{name}", a.member.Name))
		}
	case len(a.f.Packages) > 0 && len(a.pm.PruneAll) > 0:
		prune = slices.Clone(a.pm.PruneAll)
		if stale, _ := a.pm.stale(a.f); a.pm.PruneLoose != "" && (a.pm.lock == nil || stale != "") {
			prune = append(prune, a.pm.PruneLoose)
		}
	case a.pm.Older.Node != "" && a.pm.version == "" && a.node != "" && matches(a.pm.Older.Node, a.node):
		prune = a.pm.Older.Prune
	}
	var run [][]string
	if a.pm.Anew {
		rm := []string{"rm", "-rf", "node_modules"}
		for _, u := range a.f.Packages {
			if len(u.Deps) > 0 {
				rm = append(rm, path.Join(u.Dir, "node_modules"))
			}
		}
		run = append(run, rm)
	}
	if a.pm.Name == "berry" {
		// It runs the install scripts again, whose programs it has taken out.
		var scripts []string
		for _, name := range a.pm.Lifecycle {
			if _, ok := a.f.Script(name); ok {
				scripts = append(scripts, "scripts."+name)
			}
		}
		if len(scripts) > 0 {
			run = append(run, append([]string{"npm", "pkg", "delete"}, scripts...))
		}
	}
	run = append(run, prune)
	if a.pm.Unpatches && a.patched() {
		run = append(run, a.pm.program("patch-package"))
	}
	return run
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
	if d, ok := a.devOnly(a.fw.NeedsDev); ok && a.isFW {
		return d, a.fw.NeedsDevWhy + ", and " + d.Name + " is among devDependencies: prod keeps them all"
	}
	if a.fw.Static || a.isFW && a.fw.Over || len(a.f.Packages) > 0 || !a.translates() && !a.rendersOutside() {
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
	var out []fact.Fact[string]
	for file, uses := range a.f.Code.Uses {
		switch {
		case outside && !files[file] && !notShippedConfig.MatchString(path.Base(file)):
			out = append(out, slices.DeleteFunc(slices.Clone(uses), func(u fact.Fact[string]) bool { return u.Value == "vite" })...)
		case outside:
		case known && !files[file]:
		case !known && (a.f.TSConfig != nil || notShippedFile.MatchString(path.Base(file))):
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
	_, build, ok := buildScript(a.f)
	if !ok || scripts.Placeholder(build.Value) {
		return a.compile.Name != "tsup" // which bundles devDependencies
	}
	list, ok := scripts.Expanded(a.f, build.Value)
	if a.f.TSConfig == nil {
		return !slices.ContainsFunc(list, func(c scripts.Command) bool { return bundlers[path.Base(c.Argv[0])] })
	}
	return ok && !slices.ContainsFunc(list, func(c scripts.Command) bool { return !translators[path.Base(c.Argv[0])] })
}

// rendersOutside reports whether the build makes code for a server that imports
// its packages when it runs: https://vite.dev/guide/ssr#ssr-externals.
func (a *app) rendersOutside() bool {
	_, build, _ := buildScript(a.f)
	list, _ := scripts.Expanded(a.f, build.Value)
	return slices.ContainsFunc(list, func(c scripts.Command) bool { return c.Argv[0] == "vite" && slices.Contains(c.Argv, "--ssr") })
}

// notShippedConfig matches the configuration of tools.
var notShippedConfig = regexp.MustCompile(`\.config\.[cm]?[jt]s$`)

// notShipped matches what at the root of a compiled app only its developers
// use: tools' configuration, documents, tests.
var (
	notShippedDir  = regexp.MustCompile(`^(\..*|tests?|__tests__|__mocks__|spec|e2e|cypress|docs?|documentation|coverage|scripts|examples?|node_modules|patches)$`)
	notShippedFile = regexp.MustCompile(`(?i)^(\..*|.*\.md|.*\.lock|.*lock\.(json|yaml)|license.*|licence.*|changelog.*|makefile|procfile|staticfile|caddyfile|dockerfile.*|.*compose.*\.ya?ml|tsconfig.*\.json|jsconfig.*\.json|tslint\.json|nest-cli\.json|nodemon\.json|turbo\.json|nx\.json|lerna\.json|vercel\.json|renovate\.json|biome\.jsonc?|typedoc\.json|cspell\.json|components\.json|railway\.(json|toml)|fly\.toml|railpack.*\.json|nixpacks\.toml|mise\.toml|bunfig\.toml|bun\.lockb?|pnpm-workspace\.yaml|npm-shrinkwrap\.json|package\.json|test\.json|((jest|vitest|vite|babel|webpack|rollup|tsup|esbuild|eslint|prettier|commitlint|lint-staged|tailwind|postcss|playwright|cypress|stylelint|swc|karma|mocha|ava|gulpfile|gruntfile|release|tsdown|drizzle)(\.config)?)\.[cm]?[jt]sx?|.*\.d\.ts|.*\.tsx?|.*\.sh)$`)
)

// shipped lists what prod takes of a compiled app beside the compiler's
// output: what the code may read when it runs.
func (a *app) shipped(out string) []string {
	var list []string
	for _, dir := range a.tree().Dirs(a.f.Dir) {
		if dir == out || notShippedDir.MatchString(dir) || !a.hasDir(dir) {
			continue
		}
		for _, file := range a.tree().Files(path.Join(a.f.Dir, dir)) {
			switch path.Ext(file) {
			case ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json", ".md", ".css", ".scss", ".snap", ".map":
				if dir != "public" && dir != "static" && dir != "views" && dir != "migrations" && dir != "locales" && dir != "config" {
					continue
				}
			}
			list = append(list, dir+"/")
			break
		}
	}
	for _, file := range a.f.Files {
		if !notShippedFile.MatchString(file) && (a.f.TSConfig == nil || !slices.Contains(a.f.TSConfig.Chain, file)) {
			list = append(list, file)
		}
	}
	return list
}

// prod decides what the image holds and runs.
func (a *app) prod(p *Plan, s start, l listen, b built, n needs) error {
	if a.fw.Static {
		p.Site = a.fw.Site
		p.User = a.fw.Site.user()
		p.Ports = []plan.Port{nginxPort}
		if a.in.Settings.Port > 0 {
			p.Ports = []plan.Port{plan.Port(a.in.Settings.Port)}
		}
		p.Health = a.fw.Site.health(a.in, p.Runtime, p.Ports[0])
		return nil
	}
	pr := &p.Prod
	pr.FromBase = pr.FromBase || n.manager && a.pm.Name != "npm" && !a.bunImage
	pr.Bun = a.bun || slices.ContainsFunc(n.spawns, func(p fact.Fact[string]) bool { return p.Value == "bun" || p.Value == "bunx" })
	from := func(stage string, to string, paths ...string) error {
		c, err := plan.NewCopy(to, paths...)
		if err != nil {
			return err
		}
		row := Copy{Copy: c, From: stage != ""}
		if all := len(paths) == 1 && (paths[0] == "." || paths[0] == workdir+"/"); all && !n.manager && (a.hasDir(".yarn") || row.From && a.pm.Name == "berry") {
			row.Exclude = mustWords(".yarn") // Yarn itself, its state, and the archives that it installs from
		}
		if stage != "" {
			row.Stage = plan.MustWord(stage)
		}
		pr.Copies = append(pr.Copies, row)
		return nil
	}
	stage := ""
	switch {
	case p.Build != nil:
		stage = "build"
	case p.Deps != nil:
		stage = "deps"
	}
	modules := func() error {
		if !b.modules {
			return nil
		}
		for _, dir := range a.localFolders() {
			if err := from(stage, dir+"/", path.Join(workdir, dir)+"/"); err != nil {
				return err
			}
		}
		return from(stage, "node_modules/", workdir+"/node_modules/")
	}
	var err error
	file := s.file()
	parts := a.parts(s, n)
	switch {
	case a.isFW && a.fw.Ship != nil && stage == "build" && a.fw.Over && (a.fw.Bundled || a.member == nil):
		all := slices.ContainsFunc(a.fw.Ship, func(x ship) bool { return x.From == "./" })
		if !a.fw.Bundled {
			// A build that is the app's whole folder has a manifest of its own.
			whole := all || slices.ContainsFunc(a.fw.Ship, func(x ship) bool { return x.To == "./" && strings.HasSuffix(x.From, "/") })
			if !whole {
				if err := from(stage, "./", path.Join(workdir, a.f.Manifest)); err != nil {
					return err
				}
			}
			if !all {
				if err := modules(); err != nil {
					return err
				}
			}
		}
		for _, x := range a.fw.Ship {
			if err := from(stage, x.To, workdir+"/"+strings.TrimPrefix(x.From, "./")); err != nil {
				return err
			}
			if err := x.describe(&pr.Copies[len(pr.Copies)-1]); err != nil {
				return err
			}
		}
		absent := pick(p.Runtime == plan.Distroless, "; no npm, no source.", "; no source.")
		if all {
			pr.Why = plan.NewRemark("has the built app" + pick(b.prune, " with its production dependencies.", "."))
			break
		}
		pr.Why = plan.NewRemark("is what the build of " + a.fw.Name + " wrote" + pick(a.fw.Bundled, ", with the packages it uses"+absent, pick(b.modules, ", and its production dependencies.", absent)))
	case len(parts) > 0 && stage != "":
		source := stage == "build" && b.steps || p.Deps.All
		err = a.copyParts(pr, parts, source, stage, from)
		pr.Why = plan.NewRemark("has " + plan.Printable(a.member.Dir, 60) + pick(len(parts) > 1, ", the packages of the workspace that it uses,", "") + " and " + pick(b.prune, "production ", "its ") + "dependencies.")
	case len(a.f.Packages) > 0 && stage != "":
		// Members are linked from node_modules to their folders.
		all := stage == "build" && b.steps || p.Deps.All
		if all {
			err = from(stage, "./", workdir+"/")
		} else if err = from(stage, "./", workdir+"/"); err == nil {
			err = from("", ".", ".")
		}
		pr.Why = plan.NewRemark("is the whole workspace: its packages are linked to one another.")
	case b.steps && a.outDir(file, b) != "":
		out := a.outDir(file, b)
		extra := a.shipped(out)
		if a.nx.Name != "" {
			out, extra = path.Dir(file), nil // the build copies what the program reads
		}
		if err := from(stage, "./", path.Join(workdir, a.f.Manifest)); err != nil {
			return err
		}
		if err := modules(); err != nil {
			return err
		}
		if err := from(stage, out+"/", path.Join(workdir, out)+"/"); err != nil {
			return err
		}
		for _, x := range extra {
			to := x
			if !strings.HasSuffix(x, "/") {
				to = "./"
			}
			if err := from("", to, x); err != nil {
				return err
			}
		}
		pr.Why = plan.NewRemark("has the compiled code" + pick(b.modules, " and its production dependencies", "") + "; no " + pick(p.Runtime == plan.Distroless, "npm, no shell, no ", "") + "compiler.")
	case b.steps || p.Deps != nil && p.Deps.All:
		err = from(stage, "./", workdir+"/")
		pr.Why = plan.NewRemark("has the built app" + pick(b.prune, " with its production dependencies.", "."))
	default:
		if err = modules(); err == nil {
			err = from("", ".", ".")
		}
		pr.Why = plan.NewRemark("has the code" + pick(b.modules, " and its "+pick(b.prune || !hasDev(a.f.Deps), "production ", "")+"dependencies.", "."))
	}
	if err != nil {
		return err
	}
	if stage == "build" && b.steps && a.fw.Over {
		for i, dir := range a.fw.Writes {
			if err := from(stage, dir, workdir+"/"+dir); err != nil {
				return err
			}
			row := &pr.Copies[len(pr.Copies)-1]
			row.Own = true
			if i == 0 {
				row.Why = plan.NewRemark("The server writes here; a volume keeps it.")
			}
		}
	}
	return a.command(p, s, l)
}

// describe takes over what is beside the path in a ship.
func (x ship) describe(c *Copy) error {
	c.Own = x.Own
	if x.Why != "" {
		c.Why = plan.NewRemark(x.Why)
	}
	if x.Except == "" {
		return nil
	}
	except, err := plan.NewWord(x.Except)
	c.Exclude = append(c.Exclude, except)
	return err
}

func hasDev(deps []node.Dep) bool {
	return slices.ContainsFunc(deps, func(d node.Dep) bool { return d.Kind == node.Dev })
}

func pick[T any](cond bool, yes, no T) T {
	if cond {
		return yes
	}
	return no
}

// outDir is the folder of compiled code that the app is run from, "" where
// the build writes beside its sources or elsewhere.
func (a *app) outDir(file string, b built) string {
	for _, dir := range b.outputs {
		if dir != "." && (strings.HasPrefix(file, dir+"/") || file == dir) && !a.hasDir(dir) {
			return dir
		}
	}
	return ""
}

// command decides CMD, ENTRYPOINT and HEALTHCHECK.
func (a *app) command(p *Plan, s start, l listen) error {
	pr := &p.Prod
	if s.Dir != "" {
		dir, err := plan.NewPath(path.Join(workdir, s.Dir))
		if err != nil {
			return err
		}
		pr.Member, pr.HasMember = dir, true
	}
	distroless := p.Runtime == plan.Distroless
	switch {
	case s.Shell != "":
		pr.Cmd = plan.Exec{"sh", "-c", s.Shell}
		pr.Bin = len(s.Programs) > 0 && p.Deps != nil
	default:
		pr.Cmd = plan.Exec(slices.Clone(s.Argv))
		if s.Argv[0] != "node" && s.Argv[0] != "bun" && !strings.Contains(s.Argv[0], "/") && p.Deps != nil {
			pr.Bin = true
		}
	}
	// As PID 1, a program without a handler of its own ignores SIGTERM:
	// https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#handling-kernel-signals
	init := plan.Choice{Key: "init", Value: "tini", Rule: "as PID 1, node ignores SIGTERM unless the code handles it: tini passes it on", Link: "https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#handling-kernel-signals"}
	pr.Init = true
	if pos, handled := a.handlesSignals(s); handled {
		pr.Init = false
		init.Value, init.Rule, init.Pos = "none", "the code handles SIGTERM itself", choice.At(pos)
	} else if a.isFW && a.fw.Over && a.fw.Signals {
		pr.Init = false
		init.Value, init.Rule, init.Pos = "none", "the server of "+a.fw.Name+" handles SIGTERM itself", choice.At(a.fw.Pos)
	}
	a.in.Book.Choose(init)
	const tini = "node as PID 1 ignores SIGTERM; tini passes it on."
	row := plan.System{For: plan.NewRemark(pick(a.bun, strings.Replace(tini, "node", "bun", 1), tini)), Packages: mustWords("tini")}
	switch {
	case distroless && pr.Init:
		pr.Entrypoint = plan.Exec{"/usr/bin/tini", "--", "/nodejs/bin/node"}
		pr.Cmd = pr.Cmd[1:]
	case distroless:
		pr.Cmd = pr.Cmd[1:]
	case pr.Init && len(p.System) > 0:
		p.System = append(p.System, row)
		pr.Entrypoint = plan.Exec{"tini", "--"}
	case pr.Init && p.Runtime == plan.Alpine:
		p.Alpine = append(p.Alpine, row)
		pr.Entrypoint = plan.Exec{"tini", "--"}
	case pr.Init:
		p.Debian = append(p.Debian, row)
		pr.Entrypoint = plan.Exec{"tini", "--"}
	}
	return a.health(p, s, l)
}

// handlesSignals reports whether the code that runs has a handler of SIGTERM.
func (a *app) handlesSignals(s start) (fact.Pos, bool) {
	if s.Shell != "" || len(a.f.Packages) > 0 && a.member == nil {
		return fact.Pos{}, false
	}
	reached, _ := a.reach(s)
	for _, pos := range a.f.Code.Signals {
		if reached[pos.File] {
			return pos, true
		}
	}
	return fact.Pos{}, false
}

// healthRoutes are paths that exist to say that all is well.
var healthRoutes = []string{"/healthz", "/health", "/api/health", "/api/healthz", "/livez", "/health/live", "/ping", "/status", "/"} //nolint:gochecknoglobals // a constant table

// health decides the HEALTHCHECK: only where a route is known to answer.
func (a *app) health(p *Plan, s start, l listen) error {
	if l.Port == 0 || a.in.Settings.Healthcheck == "none" || !a.bun && majorOf(a.node) < 18 {
		return nil // fetch is from Node 18 on
	}
	ch := plan.Choice{Key: "healthcheck"}
	route := a.in.Settings.Healthcheck
	switch {
	case route != "":
		ch.Rule, ch.Pos = "asked for", choice.At(a.in.Settings.Pos("healthcheck"))
	case a.isFW && a.fw.Over && a.fw.Health != "":
		route = a.fw.Health
		ch.Rule, ch.Pos, ch.Link = "a route that an app of "+a.fw.Name+" answers", choice.At(a.fw.Pos), a.fw.Link
	case len(a.f.Packages) == 0 || a.member != nil:
		reached, _ := a.reach(s)
		for _, want := range healthRoutes {
			i := slices.IndexFunc(a.f.Code.Routes, func(r fact.Fact[string]) bool { return r.Value == want && reached[r.Pos.File] })
			if i >= 0 {
				route = want
				ch.Rule, ch.Pos = "the code has this route", choice.At(a.f.Code.Routes[i].Pos)
				break
			}
		}
	}
	if route == "" {
		return nil
	}
	ch.Value = route
	route = a.in.Book.Choose(ch)
	runtime := pick(p.Runtime == plan.Distroless, "/nodejs/bin/node", pick(a.bunImage, "bun", "node"))
	port := plan.Port(l.Port).String()
	if code, ok := a.codePort(s); ok && code.Env != "" && scripts.IsVariable(code.Env) && (!a.isFW || !a.fw.Over) {
		port = "' + (process.env." + code.Env + " || " + port + ") + '"
	}
	if strings.ContainsAny(route, `'\`) || strings.ContainsFunc(route, func(r rune) bool { return r < ' ' }) {
		return nil
	}
	p.Health = plan.Exec{runtime, "-e", "fetch('http://127.0.0.1:" + port + route + "').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"}
	return nil
}
