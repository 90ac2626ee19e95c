// Package manager knows the package managers of JavaScript: which one a
// repository means and in which version, how it installs, runs scripts and takes
// devDependencies out again, and what its install reads. Each answer is a
// function of the manager, the facts of the repository and the major version of
// Node. The rows of managers.yaml say what differs between them.
package manager

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/node/release"
)

//go:embed managers.table
var managersCompiled string

// managerTable is managers.yaml.
type managerTable struct {
	Registries []registry `yaml:"registries"`
	Managers   []Manager  `yaml:"managers"`
}

// registry is a host of packages that anybody may read.
type registry struct {
	Host   string `yaml:"host"`
	Mirror bool   `yaml:"mirror,omitempty"` // of npm's own
	Source string `yaml:"source"`
}

// Manager is a row of managers.yaml, and what was decided of it. Its zero value
// is no manager; Decide makes one, and nothing changes it afterwards.
type Manager struct {
	Name       string   `yaml:"manager"`
	Executable string   `yaml:"program"` // its command, where that is not Name
	Source     string   `yaml:"source"`
	Install    []string `yaml:"install"`  // with a lockfile
	Unlocked   []string `yaml:"unlocked"` // without one, or if it is out of sync
	LinkedBy   []string `yaml:"links"`    // how a range begins of which it only links the folder, and does not install what that depends on
	Prune      []string `yaml:"prune"`    // leaves production dependencies only
	// PruneAll replaces Prune in a workspace, and PruneMember if
	// one member is kept; PruneUnlocked is the flag of PruneAll without a lockfile that
	// is in sync.
	PruneAll      []string `yaml:"prune-all"`
	PruneMember   []string `yaml:"prune-member"`
	PruneUnlocked string   `yaml:"prune-unlocked"`
	// Older is Prune on Node versions whose image has an old one of it.
	Older struct {
		Node  string   `yaml:"node"`
		Prune []string `yaml:"prune"`
	} `yaml:"older"`
	// Production installs production dependencies alone, on these Node versions.
	Production struct {
		Node    string   `yaml:"node"`
		Install []string `yaml:"install"`
	} `yaml:"production"`
	FirstLockfile string `yaml:"first-lockfile"` // the flag that a lockfile of version 1 needs
	FromMirror    string `yaml:"from-mirror"`    // the flag, with its host, that a lockfile of a mirror needs not to be installed from that
	CleanFirst    bool   `yaml:"clean-first"`    // node_modules is removed before Prune
	UndoesPatches bool   `yaml:"undoes-patches"` // Prune undoes what patch-package did
	// Present says that Install takes the members of a workspace whose manifests are there, and no others, whatever the lockfile has;
	// PresentLocked, that it does so with a lockfile, and fails without one.
	Present       bool `yaml:"present"`
	PresentLocked bool `yaml:"present-locked"`
	// Deploy makes a folder, its last word, of a project with what it needs in production, which prod is a copy of. In it and in Install and Uses
	// "{project}" is the name of the app's package.
	Deploy []string `yaml:"deploy"`
	// Env are variables of each stage that has dependencies, and Modules is the folder in which they are, if not node_modules. Isolated says
	// that each package of a workspace finds in its own node_modules what it depends on, and nothing else.
	Env []struct {
		Name  string `yaml:"name"`
		Value string `yaml:"value"`
		Why   string `yaml:"why"`
	} `yaml:"env"`
	Modules  string `yaml:"modules"`
	Isolated bool   `yaml:"isolated"`

	Cache     string   `yaml:"cache"`
	Run       []string `yaml:"run"`  // a script
	Args      bool     `yaml:"args"` // a script's arguments stand behind --
	Test      []string `yaml:"test"`
	Member    []string `yaml:"member"`     // a script of a workspace's member
	MemberBin []string `yaml:"member-bin"` // a program in its folder
	Uses      []string `yaml:"uses"`       // a script of it, after those of the members that it uses
	Bin       []string `yaml:"bin"`        // a program of node_modules/.bin
	Files     []string `yaml:"files"`      // its configuration, read at install
	Folders   []string `yaml:"folders"`    // the same
	Lifecycle []string `yaml:"lifecycle"`  // scripts that its install runs, where not all of lifecycle
	// Login is the file of its user's own that authenticates.
	Login struct {
		ID     string `yaml:"id"`
		Target string `yaml:"target"`
	} `yaml:"login"`
	Strict  bool   `yaml:"strict"`   // every command fails where its configuration asks for a variable that is not set
	Package string `yaml:"package"`  // of npm's registry, that installs it
	InImage string `yaml:"in-image"` // Node versions whose image has a program of its name
	Bundled string `yaml:"bundled"`  // the version of it that they have, where it is the same program
	// Brings are the major versions of it that the images of Node have, where
	// all of them have one.
	Brings []struct {
		Node    string `yaml:"node"`
		Version string `yaml:"version"`
	} `yaml:"brings"`
	Versions []version `yaml:"versions"` // newest first of each major
	// Blocks is what the manager does not install from a major version on unless it is told to: the flags for packages of Git and of URLs, and
	// the command that names those whose install scripts run.
	Blocks struct {
		From    int      `yaml:"from"`
		Git     string   `yaml:"git"`
		Remote  string   `yaml:"remote"`
		Scripts []string `yaml:"scripts"`
	} `yaml:"blocks"`

	Version string         `yaml:"-"` // "" where the image's own serves
	With    string         `yaml:"-"` // the version of pnpm that it installs with, "" for the other managers
	From    string         `yaml:"-"` // the file that Version follows from, "" for dockgen's own choice
	Pos     fact.Pos       `yaml:"-"` // the line that names the manager
	Lock    *node.Lockfile `yaml:"-"` // nil: none of this manager's
	Release string         `yaml:"-"` // the committed program that its command runs, "" for none
	// Stale says why the install cannot take the lockfile as it is, at StalePos;
	// "" where it can, or where there is none.
	Stale    string   `yaml:"-"`
	StalePos fact.Pos `yaml:"-"`
	Mend     string   `yaml:"-"` // how the lockfile is made right, if not by an install alone
	Allow    []string `yaml:"-"` // the command that lets install scripts run, nil for none
	needs    string   // the Node versions that With runs on
	// tasks are those that stand for scripts which package.json does not have, by the folder of the package and the name.
	tasks map[[2]string]node.Task
}

// TakesPresent reports whether the install takes the members whose manifests are there, and no others.
func (m Manager) TakesPresent() bool {
	return m.Present || m.PresentLocked && m.Lock != nil && m.Stale == ""
}

// version is a version that dockgen installs.
type version struct {
	Version   string   `yaml:"version"`
	Node      string   `yaml:"node"`
	Lockfiles []string `yaml:"lockfiles"`
	Prune     []string `yaml:"prune"`  // where it is another for this major
	Plugin    string   `yaml:"plugin"` // that Prune needs
}

// ofMajor are the listed versions of the major that was chosen.
func (m Manager) ofMajor() []version {
	return slices.DeleteFunc(slices.Clone(m.Versions), func(v version) bool { return release.Major(v.Version) != release.Major(m.Version) })
}

var managers = table.Lazy[managerTable]("managers.yaml", managersCompiled) //nolint:gochecknoglobals // decoded once

// Command is the name of its program.
func (m Manager) Command() string { return cmp.Or(m.Executable, m.Name) }

// Locks is the command that writes the lockfile.
func (m Manager) Locks() string {
	if m.Name == "rush" {
		return "rush update"
	}
	return m.Command() + " install"
}

// tasksOf are the tasks of the root and of the members of its workspace.
func tasksOf(f *node.Facts) map[[2]string]node.Task {
	out := map[[2]string]node.Task{}
	for name, t := range f.Tasks {
		out[[2]string{".", name}] = t
	}
	for _, u := range f.Packages {
		for name, t := range u.Facts.Tasks {
			out[[2]string{u.Dir, name}] = t
		}
	}
	return out
}

// task is the command of a task that stands for a script, with more arguments for it.
func (m Manager) task(member, name string, args []string) ([]string, bool) {
	t, ok := m.tasks[[2]string{member, name}]
	argv := append(slices.Clone(t.Argv), args...)
	switch {
	case !ok:
		return nil, false
	case t.Top || member == ".":
		if argv[0] == "node" || argv[0] == "env" {
			return argv, true
		}
		return m.Program(argv...), true
	}
	return m.MemberProgram(member, argv...), true
}

// Script is the command that runs a script with more arguments.
func (m Manager) Script(name string, args ...string) []string {
	if argv, ok := m.task(".", name, args); ok {
		return argv
	}
	out := append(slices.Clone(m.Run), name)
	if name == "test" && len(args) == 0 {
		out = slices.Clone(m.Test)
	}
	if len(args) > 0 && m.Args {
		out = append(out, "--")
	}
	return append(out, args...)
}

// MemberScript is the command that runs a script of a workspace's member with
// more arguments.
func (m Manager) MemberScript(member, name string, args ...string) []string {
	if argv, ok := m.task(member, name, args); ok {
		return argv
	}
	return m.inMember(m.Member, member, name, args...)
}

// BuildWithUses is the command that runs a script of a member after those of the
// members that it uses; ok is false where the manager has none, and where tasks stand for scripts, which it does not know.
func (m Manager) BuildWithUses(member, name string) (argv []string, ok bool) {
	return m.inMember(m.Uses, member, name), m.Uses != nil && len(m.tasks) == 0
}

// inMember fills in a command of the row, with more arguments for the script.
func (m Manager) inMember(row []string, member, name string, args ...string) []string {
	var out []string
	for _, w := range row {
		out = append(out, strings.NewReplacer("{member}", member, "{script}", name).Replace(w))
	}
	if len(args) > 0 && m.Args {
		out = append(out, "--")
	}
	return append(out, args...)
}

// MemberProgram is the command that runs a program of node_modules/.bin in a
// member's folder.
func (m Manager) MemberProgram(member string, argv ...string) []string {
	return append(m.inMember(m.MemberBin, member, ""), argv...)
}

// Program is the command that runs a program of node_modules/.bin.
func (m Manager) Program(argv ...string) []string {
	return append(slices.Clone(m.Bin), argv...)
}

// For is the manager where it installs and builds one package of the workspace, "" for all.
func (m Manager) For(project string) Manager {
	for _, argv := range []*[]string{&m.Install, &m.Uses, &m.Deploy} {
		*argv = slices.Clone(*argv)
		for i, w := range *argv {
			if w != "{project}" {
				continue
			}
			if (*argv)[i] = project; project == "" {
				*argv = slices.Delete(*argv, i-1, i+1) // and its flag
				break
			}
		}
	}
	return m
}

// Needs is the range of Node versions that the manager runs on, "" for all.
func (m Manager) Needs() string {
	if m.With != "" {
		return m.needs
	}
	if list := m.ofMajor(); len(list) > 0 {
		return list[0].Node
	}
	return ""
}
