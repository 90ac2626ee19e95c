package plan

import (
	"slices"
	"strings"
)

// Run is what prod holds and does, in any language: the data of the block
// "prod", and all that a tool needs to know to start the image and to ask it.
type Run struct {
	Head
	Runtime Runtime
	Root    bool     // the image runs as another user than root: become root for packages and steps
	Debian  []System // apt packages, with what needs each
	Alpine  []System
	Env     []Env // in order
	Workdir Path  // zero: that of the image
	Prepare []Step
	Texts   []File // files that dockgen writes
	Copies  []Artifact
	Steps   []Step // after the copies
	Dir     Path   // where the command starts, zero: Workdir
	User    User
	Ports   []Port
	UDP     []Port
	Probe   *Probe // nil: no HEALTHCHECK
	Entry   Exec   // nil: that of the image
	NoEntry bool   // the image's own entry point is taken away
	Cmd     Exec   // nil: none
	Init    bool   // tini is PID 1
	Writes  []Path // folders that belong to the user, below Workdir or absolute
	Stop    Token  // the signal that ends it, zero for SIGTERM
	Labels  []Label
	Given   []Given // variables and labels whose value a build argument gives
}

// Label is one LABEL.
type Label struct {
	Name  Token
	Value Text
}

// Given is a variable or a label with the value of a build argument: https://docs.docker.com/reference/dockerfile/#arg.
type Given struct {
	Why   Comment
	Name  Token
	From  Token // the argument
	Arg   Env   // with its default, zero if a row before has declared it
	Label bool
}

// Step is one RUN line, with the comment above it.
type Step struct {
	Why    Comment
	Mounts []Mount
	Run    []Shell
}

// Mount is one --mount of a RUN line:
// https://docs.docker.com/reference/dockerfile/#run---mount.
type Mount struct{ s string }

// CacheMount keeps a folder from one build to the next.
func CacheMount(folder Token) Mount { return Mount{"type=cache,target=" + folder.s} }

// ImageMount shows a file or folder of an image at target.
func ImageMount(r Ref, source, target Token) Mount {
	return Mount{"from=" + r.String() + ",source=" + source.s + ",target=" + target.s}
}

// StageMount shows a folder of another stage at target.
func StageMount(stage StageName, source, target Token) Mount {
	return Mount{"from=" + stage.String() + ",source=" + source.s + ",target=" + target.s}
}

// SecretMount shows the secret of that id as a file.
func SecretMount(id, file Token) Mount { return Mount{"type=secret,id=" + id.s + ",target=" + file.s} }

// SecretEnvMount shows the secret of that id as the variable of that name.
func SecretEnvMount(id Token) Mount { return Mount{"type=secret,id=" + id.s + ",env=" + id.s} }

// SSHMount lets the step use the ssh agent of whoever builds.
func SSHMount() Mount { return Mount{"type=ssh"} }

func (m Mount) String() string { return m.s }

// File is a file of the image whose text stands in the Dockerfile.
type File struct {
	Why   Comment
	Path  Path
	Lines []Line
	// NoLink builds its layer on those before it, see Artifact.
	NoLink bool
}

// Probe asks whether the app is well.
type Probe struct {
	Path    Text // "/healthz"
	Port    Port
	Options []Token // "interval=30s"
	Cmd     Exec    // what the image runs to ask
}

// System is system packages and the dependency that needs them.
type System struct {
	For      Comment
	Packages []Token
}

// Packages lists the packages of all rows once, sorted.
func Packages(rows []System) []Token {
	var out []Token
	for _, r := range rows {
		out = append(out, r.Packages...)
	}
	slices.SortFunc(out, func(a, b Token) int { return strings.Compare(a.s, b.s) })
	return slices.Compact(out)
}
