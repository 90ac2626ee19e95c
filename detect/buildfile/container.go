package buildfile

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Container is how a file runs an image: a service of a compose file, a
// container of a manifest, a docker run line.
type Container struct {
	Pos   fact.Pos
	Name  string // of the service or container
	Image string // "" if only Build says what it is
	Own   bool   // the file says that its image is built from the repository
	Dev   bool   // it is for those who work on the app, and has its ports alone; see Contract
	Build Build
	// Entrypoint and Args are nil if the image's own are used.
	Entrypoint []string
	Args       []string
	Ports      []fact.Fact[Port]
	Env        []fact.Fact[Var]
	EnvFiles   []string
	Mounts     []fact.Fact[Mount]
	Health     fact.Fact[Probe]
	User       string
	Workdir    fact.Fact[string]
	GPU        fact.Pos // it is given a GPU
}

// Build is how a file builds an image: a service of a compose file, a docker build
// line, a step of CI, a target of a bake file.
type Build struct {
	Pos        fact.Pos
	Context    string // as written
	Dockerfile string
	Target     string
	Args       []fact.Fact[Var] // the value is what the file passes, Unknown where it is computed
	Tags       []string
}

// Mount is a folder or file that a container is given.
type Mount struct {
	Source   string // a path, the name of a volume, or ""
	Target   string
	ReadOnly bool
}

// Probe is how a container is asked whether it is well.
type Probe struct {
	Path    string // of an HTTP request
	Port    string // a number or the name of a port; "" if Command asks
	TLS     bool
	Command []string
	Timing  Timing
}

// Timing is how often a health check is made, and what counts as a failure, as Docker and compose files write
// it: "" is what they do not say. https://docs.docker.com/reference/dockerfile/#healthcheck.
type Timing struct{ Interval, Timeout, StartPeriod, StartInterval, Retries string }

// timeOption is one option of a Timing by its name in a Dockerfile, with what its value looks like.
type timeOption struct {
	name  string
	value *string
	as    *lazy.Regexp
}

func (t *Timing) options() []timeOption {
	return []timeOption{
		{"interval", &t.Interval, durations},
		{"timeout", &t.Timeout, durations},
		{"start-period", &t.StartPeriod, durations},
		{"start-interval", &t.StartInterval, durations},
		{"retries", &t.Retries, counts},
	}
}

// Set takes one option by its name in a Dockerfile. A value that is no duration or number, and zero, which is the
// default, say nothing.
func (t *Timing) Set(name, value string) {
	for _, o := range t.options() {
		if o.name == name && o.as.MatchString(value) && strings.Trim(value, "0.msh") != "" {
			*o.value = value
		}
	}
}

// Options are those of HEALTHCHECK that say it.
func (t Timing) Options() []string {
	var out []string
	for _, o := range t.options() {
		if *o.value != "" {
			out = append(out, "--"+o.name+"="+*o.value)
		}
	}
	return out
}

var (
	durations = lazy.MustCompile(`^([0-9]{1,6}(\.[0-9]{1,3})?(ms|s|m|h)){1,4}$`)
	counts    = lazy.MustCompile(`^[0-9]{1,4}$`)
)

// switches are the options of docker run that take no value:
// https://docs.docker.com/reference/cli/docker/container/run/#options.
var switches = []string{ //nolint:gochecknoglobals // a constant table
	"--detach", "--interactive", "--tty", "--rm", "--init", "--privileged", "--read-only", "--publish-all", "--no-healthcheck",
	"--oom-kill-disable", "--sig-proxy", "--disable-content-trust", "--quiet", "--help",
}

var shortSwitches = lazy.MustCompile(`^-[ditPq]+$`)

// dockerRun reads a docker run or podman run; ok is false for another command.
func dockerRun(words []string, at fact.Pos) (c Container, ok bool) {
	if len(words) > 2 && words[1] == "container" {
		words = slices.Delete(slices.Clone(words), 1, 2)
	}
	if len(words) < 3 || words[0] != "docker" && words[0] != "podman" || words[1] != "run" {
		return c, false
	}
	c.Pos = at
	rest := words[2:]
	for len(rest) > 0 && strings.HasPrefix(rest[0], "-") {
		name, value, has := strings.Cut(rest[0], "=")
		rest = rest[1:]
		switch {
		case slices.Contains(switches, name), shortSwitches.MatchString(name) && !has:
			continue
		case !strings.HasPrefix(name, "--") && len(name) > 2: // -p8080:80
			value = strings.TrimPrefix(name[2:]+"="+value, "=")
			if !has {
				value = name[2:]
			}
			name, has = name[:2], true
		}
		if !has && len(rest) > 0 {
			value, rest = rest[0], rest[1:]
		}
		c.option(name, value, at)
	}
	if len(rest) == 0 || strings.Contains(rest[0], Unknown) && len(rest[0]) == len(Unknown) {
		return c, false
	}
	if c.Image = rest[0]; len(rest) > 1 {
		c.Args = Sure(rest[1:])
	}
	return c, true
}

func (c *Container) option(name, value string, at fact.Pos) {
	switch name {
	case "-p", "--publish":
		if p, ok := port(value); ok {
			c.Ports = listed(c.Ports, fact.Fact[Port]{Value: p, Pos: at})
		}
	case "-e", "--env":
		name, v, _ := strings.Cut(value, "=")
		c.Env = listed(c.Env, fact.Fact[Var]{Value: variable(name, v), Pos: at})
	case "--env-file":
		c.EnvFiles = listed(c.EnvFiles, value)
	case "-v", "--volume":
		c.Mounts = listed(c.Mounts, fact.Fact[Mount]{Value: mount(value), Pos: at})
	case "--tmpfs":
		target, _, _ := strings.Cut(value, ":")
		c.Mounts = listed(c.Mounts, fact.Fact[Mount]{Value: Mount{Target: target}, Pos: at})
	case "--mount":
		var m Mount
		for part := range strings.SplitSeq(value, ",") {
			switch k, v, _ := strings.Cut(part, "="); k {
			case "source", "src":
				m.Source = v
			case "target", "dst", "destination":
				m.Target = v
			case "readonly", "ro":
				m.ReadOnly = true
			}
		}
		c.Mounts = listed(c.Mounts, fact.Fact[Mount]{Value: m, Pos: at})
	case "--entrypoint":
		c.Entrypoint = []string{value}
	case "--name":
		c.Name = value
	case "-u", "--user":
		c.User = value
	case "--gpus":
		c.GPU = at
	case "-w", "--workdir":
		c.Workdir = fact.Fact[string]{Value: value, Pos: at}
	case "--health-cmd":
		command := []string{value}
		if rest, ok := strings.CutPrefix(value, "CMD "); ok { // meant as in a Dockerfile
			command = strings.Fields(rest)
		}
		c.Health = fact.Fact[Probe]{Value: Probe{Command: command, Timing: c.Health.Value.Timing}, Pos: at}
	case "--health-interval", "--health-timeout", "--health-start-period", "--health-start-interval", "--health-retries":
		c.Health.Value.Timing.Set(strings.TrimPrefix(name, "--health-"), value)
	}
}

// mount reads "SOURCE:TARGET:OPTIONS" and "TARGET".
func mount(s string) Mount {
	drive := ""
	if len(s) > 2 && s[1] == ':' && strings.Contains(s[2:], ":/") { // C:/data:/data
		drive, s = s[:2], s[2:]
	}
	source, rest, ok := strings.Cut(s, ":")
	if !ok {
		return Mount{Target: source}
	}
	source = drive + source
	target, options, _ := strings.Cut(rest, ":")
	return Mount{Source: source, Target: target, ReadOnly: slices.Contains(strings.Split(options, ","), "ro")}
}

// dockerBuild reads a docker build, a docker buildx build or a podman build; ok is false for another command.
func dockerBuild(words []string, at fact.Pos) (b Build, ok bool) {
	i := slices.Index(words, "build")
	if i < 1 || i > 2 || words[0] != "docker" && words[0] != "podman" {
		return b, false
	}
	b.Pos = at
	rest := words[i+1:]
	for len(rest) > 0 {
		name, value, has := strings.Cut(rest[0], "=")
		rest = rest[1:]
		if !strings.HasPrefix(name, "-") {
			if b.Context == "" {
				b.Context = name
			}
			continue
		}
		if !has && len(rest) > 0 && !slices.Contains(buildSwitches, name) {
			value, rest = rest[0], rest[1:]
		}
		switch name {
		case "-t", "--tag":
			b.Tags = listed(b.Tags, value)
		case "-f", "--file":
			b.Dockerfile = value
		case "--target":
			b.Target = value
		case "--build-arg":
			name, v, _ := strings.Cut(value, "=")
			b.Args = listed(b.Args, fact.Fact[Var]{Value: variable(name, v), Pos: at})
		}
	}
	return b, true
}

// buildSwitches are the options of docker build that take no value:
// https://docs.docker.com/reference/cli/docker/buildx/build/#options.
var buildSwitches = []string{"--no-cache", "--pull", "--push", "--load", "--quiet", "-q", "--rm", "--force-rm", "--squash", "--check", "-D", "--debug"} //nolint:gochecknoglobals // a constant table

// runs adds the containers that commands run. An image that the file builds
// is the repository's own.
func (f *File) runs(commands []Command) {
	var built []string
	for _, c := range commands {
		if b, ok := dockerBuild(c.Words, c.Pos); ok {
			built = append(built, b.Tags...)
			f.Builds = listed(f.Builds, b)
		}
	}
	for _, c := range commands {
		if x, ok := dockerRun(c.Words, c.Pos); ok && len(f.Containers) < maxListed {
			x.Own = slices.Contains(built, x.Image)
			f.Containers = append(f.Containers, x)
		}
	}
}
