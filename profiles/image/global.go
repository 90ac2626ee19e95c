package image

// Programs of Node that an entry point's script calls by their names: the own image has them because it installs their package for
// every folder (npm install -g), or because node_modules/.bin is in its PATH.

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// nodePrograms are those that knowledge has a row for, because they need packages of the system.
var nodePrograms = []string{"prisma", "pm2", "pm2-runtime"} //nolint:gochecknoglobals // a constant table

// programPackages are the packages of programs that are not named after theirs.
var programPackages = map[string]string{ //nolint:gochecknoglobals // a constant table
	"pm2-runtime": "pm2", "nest": "@nestjs/cli", "sequelize": "sequelize-cli", "mikro-orm": "@mikro-orm/cli", "dotenv": "dotenv-cli", "tsc": "typescript", "babel-node": "@babel/node",
	"sls": "serverless", "strapi": "@strapi/strapi",
}

// globalPackage matches a package of the registry by its name, with a version or a range.
var globalPackage = lazy.MustCompile(`^(@[a-z0-9~-][a-z0-9._~-]{0,60}/)?[a-z0-9~-][a-z0-9._~-]{0,100}(@[A-Za-z0-9^~.*+-]{1,40})?$`)

// globalPackages are the packages that the last stage of a Dockerfile installs for every folder, as they are written.
func globalPackages(i *buildfile.Image) []string {
	var out []string
	for _, c := range i.Commands() {
		if c.Conditional || c.Captured {
			continue
		}
		for _, w := range installsGlobally(shell.Texts(c.Unwrap().Words)) {
			if globalPackage.MatchString(w) && len(out) < maxKept {
				out = append(out, w)
			}
		}
	}
	return out
}

// globally are the words that tell that a package manager of Node installs something for every folder.
var globally = map[string][]string{ //nolint:gochecknoglobals // a constant table
	"npm": {"-g", "--global", "--location=global"}, "pnpm": {"-g", "--global"}, "yarn": {"global"},
}

// installsGlobally are the packages that a command installs so, with what else it is given; nil for any other command.
func installsGlobally(words []string) []string {
	if len(words) == 0 {
		return nil
	}
	flags := globally[path.Base(words[0])]
	if !slices.ContainsFunc(words[1:], func(w string) bool { return slices.Contains(flags, w) }) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(words[1:]), func(w string) bool {
		return strings.HasPrefix(w, "-") || slices.Contains([]string{"install", "i", "add", "global"}, w)
	})
}

// unversioned is a package's name.
func unversioned(spec string) string {
	if at := strings.LastIndexByte(spec, '@'); at > 0 {
		return spec[:at]
	}
	return spec
}

// ofPackage reports whether a command is a program of a package of Node that the own image has in its PATH, and notes how this image
// gets it.
func (e *entry) ofPackage(in record.Input, i *buildfile.Image, words []string) bool {
	name := words[0]
	if name == "npx" && len(words) > 1 {
		name = words[1]
	}
	if strings.Contains(name, "/") || slices.Contains([]string{"npm", "pnpm", "yarn", "corepack"}, name) {
		return false
	}
	of := cmp.Or(programPackages[name], name)
	for _, spec := range globalPackages(i) {
		if unversioned(spec) == of {
			if !slices.Contains(e.globals, spec) {
				e.globals = append(e.globals, spec)
			}
			e.need(in, name, e.pos)
			return true
		}
	}
	inPath := slices.ContainsFunc(i.Lines, func(l buildfile.Instruction) bool {
		return l.Name == "env" && strings.Contains(l.Text, "PATH") && strings.Contains(l.Text, "node_modules/.bin")
	})
	if inPath && dependsOn(in, of) {
		e.bins = true
		e.need(in, name, e.pos)
		return true
	}
	return false
}

// dependsOn reports whether the app's manifest has a package of Node among those that it runs with.
func dependsOn(in record.Input, name string) bool {
	f := in.Builds.File("package.json")
	if f == nil {
		return false
	}
	_, list, _ := strings.Cut(f.Text, `"dependencies"`)
	list, _, _ = strings.Cut(list, "}")
	return strings.Contains(list, `"`+name+`"`)
}

// installed adds to prod what ofPackage noted.
func (e *entry) installed(in record.Input, run *plan.Run) error {
	if len(e.globals) > 0 {
		command, err := plan.NewShell(slices.Concat([]string{"npm", "install", "-g"}, e.globals)...)
		if err != nil {
			return err
		}
		run.Prepare = append(slices.Clip(run.Prepare), plan.Step{
			Why:    plan.NewComment(path.Base(e.file) + " calls the programs of these packages, which " + OwnName(in) + " installs."),
			Mounts: []plan.Mount{plan.CacheMount(plan.MustToken("/root/.npm"))}, Run: []plan.Shell{command},
		})
	}
	if e.bins && !slices.ContainsFunc(run.Env, func(v plan.Env) bool { return v.Name.String() == "PATH" }) {
		run.Env = append(slices.Clip(run.Env), plan.PathEnv(plan.MustPath(ourWorkdir+"/node_modules/.bin")))
	}
	return nil
}
