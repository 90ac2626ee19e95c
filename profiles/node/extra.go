package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// extra are the packages that the repository's own Dockerfile installs beside those of the manifest, pinned as there: npm install pg@8.
type extra struct {
	list []string
	pos  fact.Pos
}

// command installs them; prod leaves devDependencies out.
func (x extra) command(prod bool, flags []string) []string {
	run := []string{"npm", "install", "--no-save"}
	if prod {
		run = append(run, "--omit=dev")
	}
	return slices.Concat(run, flags, x.list)
}

// has reports whether a package is one of them.
func (x extra) has(name string) bool {
	return slices.ContainsFunc(x.list, func(s string) bool { return packageName(s) == name })
}

// maxExtra bounds the packages of a line of npm install.
const maxExtra = 20

// registryPackage matches a package of the registry by its name, with a version or a range:
// https://docs.npmjs.com/cli/commands/npm-install#description.
var registryPackage = lazy.MustCompile(`^(@[a-z0-9~-][a-z0-9._~-]{0,60}/)?[a-z0-9~-][a-z0-9._~-]{0,100}(@[A-Za-z0-9^~.*+-]{1,40})?$`)

// buildTools are packages that a build alone uses, or that this image has already where it needs them.
var buildTools = []string{"npm", "pnpm", "yarn", "corepack", "node-gyp", "node-pre-gyp", "typescript", "ts-node", "turbo", "nx", "lerna", "webpack", "webpack-cli", "vite", "gulp", "gulp-cli", "grunt-cli", "bower", "nodemon", "rimraf", "npm-check-updates"} //nolint:gochecknoglobals // a constant table

// ownExtra are the extra packages of the image that the own Dockerfile makes. npm alone installs something beside a manifest and changes
// neither that nor its lockfile.
func ownExtra(p project) extra {
	own := image.OwnImage(p.in)
	if own == nil || p.pm.Name != "npm" || p.app.Member != nil || p.part || p.eng.Node == "" || len(p.app.Root.Packages) > 0 {
		return extra{}
	}
	var out extra
	for _, c := range own.Commands {
		if !c.Step || c.Conditional || c.Loop {
			continue
		}
		for _, spec := range added(c.Words) {
			name := packageName(spec)
			d, listed := p.app.Root.Dep(name)
			_, versioned := strings.CutPrefix(spec, name+"@")
			switch {
			case slices.Contains(buildTools, name), out.has(name), len(out.list) == maxExtra:
			case listed && d.Kind != node.Dev && (!versioned || spec == name+"@"+d.Locked || spec == name+"@"+d.Range):
			default:
				if out.list = append(out.list, spec); out.pos.IsZero() {
					out.pos = c.Pos
				}
			}
		}
	}
	return out
}

// record writes them down.
func (x extra) record(log *record.Log) {
	if len(x.list) > 0 {
		log.Choose(plan.Choice{Key: "node.extra", Value: strings.Join(x.list, " "), Pos: record.At(x.pos), Rule: "the repository's own Dockerfile installs them beside the manifest's"})
	}
}

// added are the packages that a command adds to those of the folder for production: npm install a@1, yarn add a, pnpm add a.
func added(words []string) []string {
	if len(words) < 3 {
		return nil
	}
	verbs := map[string][]string{"npm": {"install", "i", "add"}, "yarn": {"add"}, "pnpm": {"add", "install", "i"}}[path.Base(words[0])]
	if !slices.Contains(verbs, words[1]) {
		return nil
	}
	var list []string
	for _, w := range words[2:] {
		switch name, _, _ := strings.Cut(w, "="); {
		case slices.Contains([]string{"-g", "--global", "--location", "-D", "--save-dev", "--dev", "--prefix", "-C", "--package-lock-only"}, name):
			return nil
		case strings.HasPrefix(w, "-"):
		case registryPackage.MatchString(w) && !strings.HasSuffix(w, ".tgz"):
			list = append(list, w)
		default:
			return nil // a folder, an address, or something unknown
		}
	}
	return list
}

// ownProduction reports whether the own Dockerfile installs the dependencies of production alone, or takes the others out.
func ownProduction(in record.Input) bool {
	own := image.OwnImage(in)
	return own != nil && slices.ContainsFunc(own.Commands, func(c buildfile.Command) bool {
		if !c.Step || c.Conditional || len(c.Words) < 2 {
			return false
		}
		flags := c.Words[1:]
		switch path.Base(c.Words[0]) {
		case "npm":
			if !slices.Contains([]string{"ci", "install", "i", "clean-install", "prune"}, flags[0]) {
				return false
			}
			n := slices.Index(flags, "--omit")
			return slices.Contains(flags, "--omit=dev") || n > 0 && n+1 < len(flags) && flags[n+1] == "dev" || slices.ContainsFunc(flags, func(w string) bool {
				return slices.Contains([]string{"--production", "--production=true", "--prod", "--only=prod", "--only=production"}, w)
			})
		case "yarn":
			return (strings.HasPrefix(flags[0], "-") || flags[0] == "install" || flags[0] == "workspaces") && (slices.Contains(flags, "--production") || slices.Contains(flags, "--production=true"))
		case "pnpm":
			return slices.Contains(flags, "--prod") || slices.Contains(flags, "-P") || slices.Contains(flags, "--production")
		}
		return false
	})
}

// packageName is the name of a package without its version.
func packageName(spec string) string {
	if i := strings.LastIndexByte(spec, '@'); i > 0 {
		return spec[:i]
	}
	return spec
}

// npmFlags are the options of the install that another one needs, too.
func npmFlags(argv []string) []string {
	return slices.DeleteFunc(slices.Clone(argv), func(w string) bool {
		return !slices.Contains([]string{"--legacy-peer-deps", "--force", "--ignore-scripts"}, w)
	})
}
