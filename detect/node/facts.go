// Package node reads JavaScript and TypeScript repositories: package.json,
// the lockfiles and version files beside it, tsconfig.json, the frameworks'
// own configuration, and what the code says of ports and signals.
package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/toolversion"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Facts are what one folder with a package.json (or with plain static files)
// says of itself. Paths are relative to the folder, positions to the root of
// the repository.
type Facts struct {
	Dir      string // the folder, "." for the root
	Manifest string // "package.json" or package.json5/package.yaml, "" where there is none

	Bare string // the file that listens in a folder without a manifest, "" where there is one

	Name, Description fact.Fact[string]
	Private           bool              // it is never published
	Type              fact.Fact[string] // "module", "commonjs", "" not said
	Main, Module      fact.Fact[string]
	Exports           fact.Fact[string]   // what importing the package by its name gives Node
	Bin               []fact.Fact[string] // the files, in order
	PackageManager    fact.Fact[string]   // "pnpm@10.4.1+sha512.…"
	AllowScripts      bool                // it says whose install scripts npm runs
	Workspaces        []fact.Fact[string] // the patterns
	Empty             []fact.Fact[string] // those that find nothing: a folder that is not there, or all
	Catalogs          map[string]bool     // what catalogs have a range for: "default:react"
	Scripts           map[string]fact.Fact[string]
	Tasks             map[string]Task              // those of Scripts that package.json does not have
	Engines           map[string]fact.Fact[string] // "node", "npm", "pnpm", …: ranges
	Volta             map[string]fact.Fact[string] // "node", "npm", …: exact versions
	DevEngines        []Engine
	Fields            map[string]fact.Pos // every field that is not false
	Deps              []Dep               // sorted by name, then by kind

	Lockfiles []Lockfile            // in the order npm, yarn, pnpm, bun
	Versions  []toolversion.Version // .nvmrc and the like, in the order of precedence
	Procfile  []buildfile.Process   // in the order of the file
	Recipes   []buildfile.Recipe    // how the repository's own files build this folder, those that count more first
	Packages  []WorkspaceUnit       // the members of the workspace, sorted by folder
	Others    []WorkspaceUnit       // other folders with a manifest, in which scripts run commands
	moonTasks *moonTasks            // nil where projects of moon inherit no tasks
	Nx        *Nx                   // nil where there is no nx.json
	Rush      *Rush                 // nil where there is no rush.json, which stands for the manifest
	TSConfig  *TSConfig             // of this folder; nil where there is none
	Passes    []buildfile.Pass      // paths of a front end that another server answers
	Config    Config                // what frameworks' own files say
	Prisma    Prisma                // what Prisma's files say
	Code      Code                  // what the source says

	// Hoisted are the packages that npm installs directly in node_modules in
	// production, dependencies of dependencies too, with their versions.
	Hoisted map[string]string

	Npmrc       []fact.Fact[string] // "key=value" lines of .npmrc, secrets left out
	NpmrcSecret fact.Pos            // the first line of .npmrc that holds a token itself
	// ConfigSecret is the first such line of .yarnrc.yml or bunfig.toml.
	ConfigSecret fact.Pos
	// Variables are those that .npmrc, .yarnrc.yml and bunfig.toml take from
	// the environment and have no default for, in order.
	Variables []fact.Fact[string]
	// Registries are the hosts that packages come from, as these files and the
	// lockfile name them, in order.
	Registries []fact.Fact[string]
	Yarn       Yarn
	// Patches are the patch files that package managers apply at install,
	// relative to the folder, in order.
	Patches []fact.Fact[string]
	// Local are the folders and archives that dependencies come from by a
	// path ("file:libs/x"), those of local packages too, in order.
	Local []Local

	// Files are the names directly in the folder, sorted, for rules that
	// look for one ("vite.config.ts", "server.js").
	Files []string
	// Dirs are the folders directly in the folder.
	Dirs []string
}

// Members are the folders of the workspace's members: see detect.Facts.
func (f *Facts) Members() []string {
	var out []string
	for _, u := range f.Packages {
		out = append(out, path.Join(f.Dir, u.Dir))
	}
	return out
}

// All are the dependencies of the root and of all members of its workspace.
func (f *Facts) All() []Dep {
	out := slices.Clone(f.Deps)
	for _, u := range f.Packages {
		out = append(out, u.Deps...)
	}
	return out
}

// Language implements detect.Facts.
func (*Facts) Language() string { return "node" }

// Kind says which table of package.json a dependency stands in.
type Kind string

// The tables: https://docs.npmjs.com/cli/configuring-npm/package-json.
const (
	Prod     Kind = "dependencies"
	Dev      Kind = "devDependencies"
	Peer     Kind = "peerDependencies"
	Optional Kind = "optionalDependencies"
)

// Dep is one dependency as package.json asks for it.
type Dep struct {
	Name  string
	Range string // "^4.18.0", "file:../x", "workspace:*", "github:a/b"
	Kind  Kind
	Pos   fact.Pos
	// Locked is the exact version in the lockfile, "" where it was not read.
	Locked string
}

// gitRange matches dependencies that Git fetches: https://docs.npmjs.com/cli/configuring-npm/package-json#git-urls-as-dependencies. A page of a
// repository on a host that npm knows is one, an archive on it is not: https://github.com/npm/hosted-git-info/blob/main/lib/hosts.js.
var gitRange = lazy.MustCompile(`^(git(\+\w+)?:|ssh:|git@|github:|gitlab:|bitbucket:|gist:|[A-Za-z0-9_-]+/[A-Za-z0-9_.-]+(#|$)|https?://[^ ]+\.git(#|$)|` +
	`https?://(www\.)?github\.com/[^/# ]+/[^/# ]+(/tree/[^# ]+)?(#|$)|https://(www\.)?(gitlab\.com|bitbucket\.org|codeberg\.org)/[^/# ]+/[^/# ]+(#|$)|https://gist\.github\.com/[^/# ]+(/[^/# ]+)?(#|$))`)

// FromGit reports whether Git fetches the dependency.
func (d Dep) FromGit() bool { return gitRange.MatchString(d.Range) }

// FromURL reports whether the dependency is an archive that is downloaded:
// https://docs.npmjs.com/cli/configuring-npm/package-json#urls-as-dependencies.
func (d Dep) FromURL() bool {
	return !d.FromGit() && (strings.HasPrefix(d.Range, "https://") || strings.HasPrefix(d.Range, "http://"))
}

// Dep returns the dependency of that name; what is installed in production
// comes before devDependencies.
func (f *Facts) Dep(name string) (Dep, bool) {
	for _, kind := range []Kind{Prod, Optional, Dev, Peer} {
		if i := slices.IndexFunc(f.Deps, func(d Dep) bool { return d.Name == name && d.Kind == kind }); i >= 0 {
			return f.Deps[i], true
		}
	}
	return Dep{}, false
}

// Has reports whether name is a dependency of any kind.
func (f *Facts) Has(name string) bool {
	_, ok := f.Dep(name)
	return ok
}

// HasFile reports whether a file of that name is directly in the folder.
func (f *Facts) HasFile(name string) bool {
	_, ok := slices.BinarySearch(f.Files, name)
	return ok
}

// Script returns a script that is not empty.
func (f *Facts) Script(name string) (fact.Fact[string], bool) {
	s, ok := f.Scripts[name]
	return s, ok && s.Value != ""
}

// Engine is one entry of devEngines: https://github.com/openjs-foundation/package-metadata-interoperability-collab-space/issues/15.
type Engine struct {
	Runtime bool   // runtime, else packageManager
	Name    string // "node", "bun", "pnpm"
	Version fact.Fact[string]
	OnFail  string // "ignore", "warn", "error", "download"; "" counts as error
}

// Lockfile is one found lockfile.
type Lockfile struct {
	Manager string // "npm", "yarn", "pnpm", "bun"; yarn from 2 is "berry"
	File    string // "package-lock.json"
	Version string // its format: "1" to "3" for npm, "5.4", "6.0", "9.0" for pnpm
	// Stale is the first dependency that package.json, or the manifest of a
	// member of the workspace, and the lockfile disagree on; "" where they
	// agree or the lockfile was not compared.
	Stale    string
	StalePos fact.Pos
	// Missing is the first optional dependency of a locked package, Asker, that
	// package-lock.json has no entry of, and Native says that it is for Linux: the lockfile
	// was made on another system. "" for none.
	Missing, Asker string
	Native         bool
	MissingPos     fact.Pos
	// Program is the exact version of the package manager that the lockfile
	// says of itself, as pnpm from 11 on writes it.
	Program string
	// Foreign are the dependencies that pnpm-lock.yaml takes from the registry although a package of the workspace that is
	// never published has that name: what the registry has under it is another's.
	Foreign []Dep
	// Git are the packages that Git fetches; Remote are those that come from a URL that is not npm's own registry's, with its host; and
	// Scripted are those of a registry that have install scripts for Linux: the last two of package-lock.json alone.
	Git      []string
	Remote   map[string]string
	Scripted []string
	// Versions are those of each package that the lockfile installs, by name, but for packages without which an install goes on, where the
	// lockfile says so.
	Versions map[string][]string
	// Host is the registry that package-lock.json has all other packages from, where npm's own has them; "" for several.
	Host string
	Pos  fact.Pos
}

// Yarn is what .yarnrc.yml (from Yarn 2 on, https://yarnpkg.com/configuration/yarnrc)
// or .yarnrc (https://classic.yarnpkg.com/en/docs/yarnrc) says.
type Yarn struct {
	Config  string            // the file, "" where there is neither
	Path    fact.Fact[string] // the release that is run, relative to the folder
	Linker  fact.Fact[string] // nodeLinker: "pnp", "pnpm", "node-modules"
	Mirror  fact.Fact[string] // the folder of Yarn 1's offline mirror
	Plugins []string          // by name
}

// Local is a dependency that comes by a path.
type Local struct {
	Path    string // relative to the folder, clean; it may lead outside
	Archive bool   // a .tgz
	Known   bool   // it was found in the repository
	Dep     Dep
}

// WorkspaceUnit is one member of a workspace.
type WorkspaceUnit struct {
	Dir      string // relative to the root of the workspace
	Manifest string // the name of its manifest
	Name     string
	Scripts  map[string]fact.Fact[string]
	Deps     []Dep
	// Facts are what the member says of itself, without lockfiles, code and
	// members of its own.
	Facts *Facts
}

// TSConfig is what tsconfig.json, with what it extends, says of the output.
type TSConfig struct {
	File    string
	OutDir  fact.Fact[string] // relative to the folder
	RootDir fact.Fact[string]
	NoEmit  bool
	Files   []string // "files", relative to the folder
	Include []string // "include"; nil is everything
	// Chain are the files that were read: this one and those it extends.
	Chain []string
	// Module is compilerOptions.module, lower case.
	Module string
	// Paths says that imports may have names that tsc leaves as they are: compilerOptions.paths or baseUrl.
	Paths   bool
	aliases []alias // those names
}
