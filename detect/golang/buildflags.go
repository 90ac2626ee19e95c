package golang

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/aside"
	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang/load"
	"github.com/dockgen/dockgen/internal/lazy"
)

// BuildFlags is what the repository's own builds ask of the go command, where all
// of them that count agree: the releases, else its Dockerfiles, else the task
// runners, else scripts, else CI. What mise.toml and .envrc set for whoever
// works in the folder counts beside them.
type BuildFlags struct {
	Tags        []fact.Fact[string] // build tags, sorted
	PartialTags []fact.Fact[string] // tags of some of these builds only
	Experiments []fact.Fact[string] // of GOEXPERIMENT
	Debug       fact.Fact[string]   // GODEBUG
	NoCgo       fact.Fact[bool]     // CGO_ENABLED=0
	NoWork      fact.Fact[bool]     // GOWORK=off
	NoModules   fact.Fact[bool]     // GO111MODULE=off
}

// config is how the go command is called with these flags.
func (x BuildFlags) config() load.Config {
	c := load.Config{NoCgo: x.NoCgo.Value}
	for _, tag := range x.Tags {
		c.Tags = append(c.Tags, tag.Value)
	}
	for _, e := range x.Experiments {
		c.Experiments = append(c.Experiments, e.Value)
	}
	return c
}

// The most builds whose flags are held against each other, and the most
// variables for private modules.
const (
	maxBuilds  = 1000
	maxPrivate = 200
)

// BuildSettings are what the repository's own files say of building it.
type BuildSettings struct {
	BuildFlags BuildFlags        // how its builds call the go command
	Vet        fact.Fact[string] // where it runs go vet
	// Short is where it runs the tests of every package in short mode, and nowhere in full.
	Short fact.Fact[string]
	// Env are the variables that its files set for where modules come from:
	// GOPRIVATE, GONOPROXY, GONOSUMDB, GOINSECURE, GOPROXY.
	Env      []fact.Fact[Var]
	Rewrites []fact.Fact[Rewrite]
}

// buildSettings reads what the repository's own builds ask of the go command,
// and what mise.toml and .envrc set.
func (r *reader) buildSettings() (BuildSettings, error) {
	var out BuildSettings
	here, err := r.surroundings()
	if err != nil {
		return out, err
	}
	files := r.builds.Builds(r.home)
	all, inFull := slices.Clone(here), false
	for _, file := range files {
		x := r.goFile(file)
		out.Rewrites = append(out.Rewrites, x.rewrites...)
		if all = append(all, x.env...); !out.Vet.Found() {
			out.Vet = x.vet
		}
		short, full := testedIn(file)
		if inFull = inFull || full; short.Found() && !out.Short.Found() {
			out.Short = short
		}
		for _, c := range r.ownBuilds(file) {
			for _, name := range privates {
				if v := c.set[name]; v != "" {
					all = append(all, fact.Fact[Var]{Value: Var{Name: name, Value: v}, Pos: c.Pos})
				}
			}
		}
	}
	if inFull {
		out.Short = fact.Fact[string]{}
	}
	for _, v := range all {
		if slices.Contains(privates, v.Value.Name) && len(out.Env) < maxPrivate && !slices.Contains(out.Env, v) {
			out.Env = append(out.Env, v)
		}
	}
	out.BuildFlags = r.agree(files, here)
	return out, nil
}

// testedIn is where a file runs the tests of all packages in short mode, and whether it runs them in full:
// https://pkg.go.dev/cmd/go#hdr-Testing_flags.
func testedIn(f *buildfile.File) (short fact.Fact[string], full bool) {
	for _, c := range f.Commands {
		if c.Program() != "go" || len(c.Words) < 3 || c.Words[1] != "test" || !slices.Contains(c.Words, "./...") {
			continue
		}
		if !slices.Contains(c.Words, "-short") && !slices.Contains(c.Words, "--short") && !slices.Contains(c.Words, "-short=true") {
			full = true
		} else if !short.Found() {
			short = fact.Fact[string]{Value: strings.Join(c.Words, " "), Pos: c.Pos}
		}
	}
	return short, full
}

// ownBuilds lists the builds of a file that are of the repository's own
// program: not of a tool, not of a program of the side, and not for tests.
func (r *reader) ownBuilds(f *buildfile.File) []goCommand {
	if out, ok := r.own[f]; ok {
		return out
	}
	out := slices.DeleteFunc(slices.Clone(r.goFile(f).commands), func(c goCommand) bool {
		return c.verb == "" || c.verb == "run" || unlike(c) || !own(c)
	})
	slices.SortStableFunc(out, func(a, b goCommand) int { return a.Pos.Line - b.Pos.Line })
	r.own[f] = out
	return out
}

// unlike reports whether a build makes something else than the program that runs.
func unlike(c goCommand) bool {
	for name, v := range c.flags {
		switch name {
		case "race", "cover", "msan", "asan":
			return true
		case "buildmode":
			return strings.HasPrefix(v, "c-") || v == "plugin" || v == "shared"
		case "gcflags":
			return strings.Contains(v, "-N")
		case "o":
			return strings.HasSuffix(v, ".test")
		}
	}
	return false
}

// own reports whether one of the packages may be the repository's program.
func own(c goCommand) bool {
	named, ours := 0, 0
	for _, w := range c.packages {
		if strings.Contains(w, "@") {
			return false
		}
		if w == "." || strings.HasPrefix(w, "./") {
			named++
			if aside.Folder("go", path.Dir(path.Join(c.Dir, w, "x"))) == nil {
				ours++
			}
		}
	}
	return named == 0 || ours > 0
}

var experiment = lazy.MustCompile(`^[A-Za-z0-9_.]+$`)

// agree takes what the files of the first rank that build anything agree on.
func (r *reader) agree(files []*buildfile.File, here []fact.Fact[Var]) BuildFlags {
	rank := buildfile.Nowhere
	for _, x := range files {
		if len(r.ownBuilds(x)) > 0 {
			rank = min(rank, x.Kind.Rank())
		}
	}
	var builds []goCommand
	for _, x := range files {
		if rank == buildfile.Nowhere || x.Kind.Rank() != rank {
			continue
		}
		for _, c := range r.ownBuilds(x) {
			if len(builds) == maxBuilds {
				break
			}
			c = over(over(c, r.goFile(x).env), here)
			if goos := c.set["GOOS"]; goos == "" || goos == "linux" {
				builds = append(builds, c)
			}
		}
	}
	if rank == buildfile.Nowhere {
		builds = r.runs(files, here)
	}
	if len(builds) == 0 && len(here) > 0 {
		builds = append(builds, over(goCommand{Command: buildfile.Command{Pos: here[0].Pos}}, here))
	}
	var out BuildFlags
	out.tags(builds)
	for _, v := range strings.FieldsFunc(common(builds, "GOEXPERIMENT"), func(r rune) bool { return r == ',' || r == ' ' }) {
		if experiment.MatchString(v) {
			out.Experiments = append(out.Experiments, fact.Fact[string]{Value: v, Pos: whence(builds[0], here, "GOEXPERIMENT")})
		}
	}
	if v := common(builds, "GODEBUG"); v != "" {
		out.Debug = fact.Fact[string]{Value: v, Pos: whence(builds[0], here, "GODEBUG")}
	}
	for _, off := range []struct {
		to          *fact.Fact[bool]
		name, value string
	}{{&out.NoCgo, "CGO_ENABLED", "0"}, {&out.NoWork, "GOWORK", "off"}, {&out.NoModules, "GO111MODULE", "off"}} {
		if common(builds, off.name) == off.value {
			*off.to = fact.Fact[bool]{Value: true, Pos: whence(builds[0], here, off.name)}
		}
	}
	return out
}

// developers matches build tags of those who work on a program.
var developers = lazy.MustCompile(`(?i)^(dev|develop|development|debug|local|e2e|integration|mocks?|tests?|testing)$`)

// runs are the commands that run the repository's program: where nothing builds it,
// they say how it is compiled.
func (r *reader) runs(files []*buildfile.File, here []fact.Fact[Var]) []goCommand {
	var out []goCommand
	for _, x := range files {
		for _, c := range r.goFile(x).commands {
			if c.verb == "run" && !unlike(c) && len(c.packages) > 0 && own(c) && len(out) < maxBuilds && strings.HasPrefix(c.packages[0], ".") && !slices.ContainsFunc(c.tags, developers.MatchString) {
				out = append(out, over(over(c, r.goFile(x).env), here))
			}
		}
	}
	return out
}

// over gives a command the variables of its surroundings that it does not set
// itself.
func over(c goCommand, env []fact.Fact[Var]) goCommand {
	c.set = maps.Clone(c.set)
	for _, v := range env {
		if _, ok := c.set[v.Value.Name]; !ok {
			if c.set == nil {
				c.set = map[string]string{}
			}
			c.set[v.Value.Name] = v.Value.Value
		}
	}
	return c
}

// common is the value that all builds give a variable, or "".
func common(builds []goCommand, name string) string {
	for _, c := range builds {
		if c.set[name] != builds[0].set[name] {
			return ""
		}
	}
	if len(builds) == 0 {
		return ""
	}
	return builds[0].set[name]
}

// whence is where a variable of a command is set.
func whence(c goCommand, here []fact.Fact[Var], name string) fact.Pos {
	for _, v := range here {
		if v.Value.Name == name && v.Value.Value == c.set[name] {
			return v.Pos
		}
	}
	return c.Pos
}

// tags fills in the tags of all builds, and of some.
func (x *BuildFlags) tags(builds []goCommand) {
	count, at := map[string]int{}, map[string]fact.Pos{}
	for _, c := range builds {
		list := slices.Concat(c.tags, tagsIn(c.set["GOFLAGS"]))
		slices.Sort(list)
		for _, tag := range slices.Compact(list) {
			if count[tag]++; count[tag] == 1 {
				at[tag] = c.Pos
			}
		}
	}
	for tag, n := range count {
		f := fact.Fact[string]{Value: tag, Pos: at[tag]}
		if n == len(builds) {
			x.Tags = append(x.Tags, f)
		} else {
			x.PartialTags = append(x.PartialTags, f)
		}
	}
	order := func(a, b fact.Fact[string]) int { return strings.Compare(a.Value, b.Value) }
	slices.SortFunc(x.Tags, order)
	slices.SortFunc(x.PartialTags, order)
}
