package manager

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/node/script"
)

// gitHook matches commands of install scripts that set up Git hooks or check
// who installs: they read nothing of the repository and do nothing in an image.
var gitHook = lazy.MustCompile(`^((npx\s+(-y\s+|--yes\s+)?)|yarn\s+|pnpm\s+(exec\s+)?)?(husky|lefthook|simple-git-hooks|only-allow|is-ci|check-node-version|pinst|git\s+config)\b|^(true|:|exit\s+0|echo\b[^$` + "`" + `]*|cd\s+\.\.(/\.\.)*)$`)

// sourceless matches commands of install scripts that do as well without the
// source: they rebuild packages, fetch a browser, or write types of the app, which its build
// and its dev server do too. With nothing but the manifests there these
// succeed: https://github.com/sveltejs/kit/issues/4366,
// https://nuxt.com/docs/api/commands/prepare, which is Nitro's too.
var sourceless = lazy.MustCompile(`^((npm|pnpm|yarn)\s+rebuild\b.*|((npx|yarn|pnpm\s+exec)\s+)?(playwright(-core)?|puppeteer)\s+(browsers\s+)?install\b.*|svelte-kit\s+sync|(nuxt|nuxi|nitropack)\s+prepare)$`)

// needsGit matches those of them that fail where there is no Git, as in an
// image; husky and simple-git-hooks go on.
var needsGit = lazy.MustCompile(`(^|[&|;]\s*)((npx\s+(-y\s+|--yes\s+)?)|yarn\s+|pnpm\s+(exec\s+)?)?(lefthook\s+install|git\s+config)\b[^|]*$`)

// joined matches what stands between the commands of a script.
var joined = lazy.MustCompile(`&&|\|\||;`)

// onlyHooks reports whether a script does nothing that reads the source: it
// sets up Git hooks, checks who installs, or does as well without.
func onlyHooks(text string) bool {
	for part := range slices.Values(joined.Split(text, -1)) {
		command := strings.TrimSpace(part)
		if !gitHook.MatchString(command) && !sourceless.MatchString(command) || strings.ContainsAny(part, "&|<>") {
			return false
		}
	}
	return true
}

// lifecycle are the scripts that an install runs for the root package:
// https://docs.npmjs.com/cli/using-npm/scripts#npm-ci.
var lifecycle = []string{"preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"} //nolint:gochecknoglobals // a constant table

// InstallScripts are the install scripts that this manager runs, in order.
func (m Manager) InstallScripts() []string {
	if len(m.Lifecycle) > 0 {
		return m.Lifecycle
	}
	return lifecycle
}

// Reads says what the install scripts read of the repository: everything, or
// some folders.
func (m Manager) Reads(f *node.Facts) (all bool, folders []string) {
	for _, u := range f.Packages {
		for _, name := range m.InstallScripts() {
			if v, ok := u.Scripts[name]; ok && v.Value != "" && !onlyHooks(v.Value) {
				return true, nil
			}
		}
	}
	for _, c := range m.InstallCommands(f) {
		switch c.Argv = program(c); {
		case len(c.Argv) == 0:
			return true, nil
		case onlyHooks(strings.Join(c.Argv, " ")):
		case c.Argv[0] == "patch-package":
			dir := "patches"
			if v, ok := script.Flag(c.Argv, []string{"--patch-dir"}); ok {
				dir = v
			}
			folders = append(folders, path.Clean(dir))
		case c.Argv[0] == "prisma" && len(c.Argv) == 2 && c.Argv[1] == "generate" && f.Prisma.Schema != "":
			folders = append(folders, f.Prisma.Schema)
		case c.Argv[0] == "echo":
		default:
			return true, nil
		}
	}
	return false, folders
}

// program are the words of a command without what runs a program of a package: yarn patch-package.
func program(c script.Command) []string {
	words := script.Binary(script.Unwrap(c).Argv)
	if len(words) > 1 && (words[0] == "yarn" || words[0] == "pnpm") {
		rest := words[1:]
		if rest[0] == "run" && len(rest) > 1 {
			rest = rest[1:]
		}
		if rest[0] == "patch-package" || rest[0] == "prisma" {
			return rest
		}
	}
	return words
}

// InstallCommands are the commands that an install runs for the root package;
// one without words is a script that only a shell can tell.
func (m Manager) InstallCommands(f *node.Facts) []script.Command {
	var out []script.Command
	for _, name := range m.InstallScripts() {
		s, ok := f.Script(name)
		if !ok || onlyHooks(s.Value) {
			continue
		}
		list, ok := script.Expanded(f, s.Value)
		if !ok {
			return append(out, script.Command{})
		}
		out = append(out, list...)
	}
	return out
}

// GitHooks are the install scripts that fail where there is no Git, and that do
// nothing but set up its hooks.
func (m Manager) GitHooks(f *node.Facts) []string {
	var names []string
	for _, name := range m.InstallScripts() {
		if s, ok := f.Script(name); ok && onlyHooks(s.Value) && needsGit.MatchString(s.Value) {
			names = append(names, name)
		}
	}
	return names
}

// InstallCommand installs from the lockfile alone, if it is in sync.
func (m Manager) InstallCommand() []string {
	if m.Lock == nil || m.Stale != "" {
		return m.Unlocked
	}
	return m.Install
}

// Bootstrap is the command that installs the manager itself in the image of a
// major version of Node ("" for an image without Node), nil where the image's own
// serves; why is what a comment says of it. A committed release needs only some
// Yarn that hands over to it, which the image's does from 1.22 on.
func (m Manager) Bootstrap(major string) (argv []string, why string) {
	replaces := m.replaces(major)
	if m.Package == "" || m.Version == "" || replaces && (m.Release != "" || majorMinor(m.Version) == majorMinor(m.Bundled)) {
		return nil, ""
	}
	argv = []string{"npm", "install", "-g", m.Package + "@" + m.Version}
	why = m.Command() + " is not in the image"
	if m.With != "" {
		argv = append(argv, "pnpm@"+m.With)
		why = "Rush and the pnpm with which it installs are not in the image"
	}
	switch {
	case m.Brought(major) != "":
		why = m.Command() + " " + m.Version + " takes the place of the image's own"
	case replaces:
		argv = slices.Insert(argv, 3, "--force") // over the image's own
		why = m.Command() + " " + m.Version + " takes the place of the image's Yarn 1"
	}
	if m.From != "" {
		their := "its version is"
		if m.With != "" {
			their = "their versions are"
		}
		why += "; " + their + " from " + path.Base(m.From)
	}
	return argv, why + "."
}

func majorMinor(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// PnP reports whether Yarn would install without node_modules, as it does
// from version 2 on where nothing else is said:
// https://yarnpkg.com/configuration/yarnrc#nodeLinker.
func (m Manager) PnP(f *node.Facts) bool {
	return m.Name == "berry" && (f.Yarn.Linker.Value == "" || f.Yarn.Linker.Value == "pnp")
}

// ForDev is the manager as dev runs scripts and programs with it: Yarn itself
// would follow the .pnp.cjs of a source that is mounted, and runs nothing beside a
// lockfile that is out of step.
func (m Manager) ForDev(f *node.Facts) Manager {
	if m.PnP(f) || m.Name == "berry" && m.Stale != "" {
		m.Run, m.Args, m.Bin = []string{"npm", "run"}, true, []string{"npx"}
		m.Member, m.MemberBin = []string{"npm", "run", "{script}", "-w", "{member}"}, []string{"npm", "exec", "-w", "{member}", "--"}
	}
	return m
}
