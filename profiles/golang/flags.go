package golang

import (
	_ "embed"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed experiments.table
var experimentsCompiled string

// experiments are those that a release knows. Another one ends every command
// of the compiler: https://pkg.go.dev/internal/goexperiment.
type experiments struct {
	Release string   `yaml:"release"`
	Names   []string `yaml:"names"`
	Source  string   `yaml:"source"`
}

var experimentTable = table.Lazy[[]experiments]("experiments.yaml", experimentsCompiled) //nolint:gochecknoglobals // decoded once

// flags is what the repository's own builds ask of the go command.
type flags struct {
	env  []goEnv
	tags []string
}

// decideFlags takes them over for all stages: what is tested is what is built.
func decideFlags(s *source, t toolchain) (flags, error) {
	var out flags
	c := s.f.BuildFlags
	if c.NoWork.Value && s.f.Work == nil && inWorkspace(s) {
		out.env = append(out.env, goEnv{"GOWORK", "off", "As in " + image.DisplayName(s.Input, c.NoWork.Pos) + ": builds ignore go.work."})
	}
	experiments, err := decideExperiments(s, t)
	if err != nil {
		return flags{}, err
	}
	out.env = append(out.env, experiments...)
	for _, tag := range c.Tags {
		if t.cgo || !slices.Contains(pure, tag.Value) {
			out.tags = append(out.tags, tag.Value)
		}
	}
	if len(out.tags) > 0 {
		keepOwn(s, c.Tags[0].Pos, "which build tags the program has")
		s.Log.Choose(plan.Choice{Key: "go.tags", Value: strings.Join(out.tags, ","), Rule: "the tags of the repository's own builds", Pos: record.At(c.Tags[0].Pos), Link: "https://pkg.go.dev/cmd/go#hdr-Build_constraints"})
	}
	some := slices.DeleteFunc(slices.Clone(c.PartialTags), func(t fact.Fact[string]) bool { return slices.Contains(pure, t.Value) })
	if len(some) > 0 {
		s.Log.Note(some[0].Pos, "only some of the repository's own builds have the tag "+some[0].Value+", so the image is built without it", "")
	}
	if c.Debug.Found() {
		s.Log.Note(c.Debug.Pos, "sets GODEBUG="+printable(c.Debug.Value)+", which is not in the image", "a godebug line in go.mod is compiled into the program: https://go.dev/doc/godebug")
	}
	return out, nil
}

// inWorkspace reports whether the go command would find a go.work: it looks in
// the folders above as well.
func inWorkspace(s *source) bool {
	for dir := range tree.Above(s.f.Home) {
		if s.Tree.Has(path.Join(s.Dir, dir, "go.work")) {
			return true
		}
	}
	return s.Tree.Has(path.Join(s.Dir, "go.work"))
}

// pure are tags that choose Go code over the C library's. Without cgo there is
// nothing to choose: https://pkg.go.dev/net#hdr-Name_Resolution.
var pure = []string{"netgo", "osusergo"} //nolint:gochecknoglobals // a constant table

// decideExperiments are those that the image's release knows.
func decideExperiments(s *source, t toolchain) ([]goEnv, error) {
	list := s.f.BuildFlags.Experiments
	if len(list) == 0 {
		return nil, nil
	}
	rows, err := experimentTable()
	if err != nil {
		return nil, err
	}
	line := mustRelease(t.Tag).line()
	row := slices.IndexFunc(rows, func(r experiments) bool { return r.Release == line })
	var names []string
	for _, x := range list {
		if row >= 0 && !slices.Contains(rows[row].Names, strings.TrimPrefix(x.Value, "no")) {
			s.Log.Note(x.Pos, "asks for the experiment "+printable(x.Value)+", which Go "+line+" does not have: it was dropped, or is now part of Go", rows[row].Source)
			continue
		}
		names = append(names, x.Value)
	}
	if len(names) == 0 {
		return nil, nil
	}
	value := strings.Join(names, ",")
	s.Log.Choose(plan.Choice{Key: "go.experiment", Value: value, Rule: "the experiments of the repository's own builds", Pos: record.At(list[0].Pos), Link: "https://pkg.go.dev/internal/goexperiment"})
	return []goEnv{{"GOEXPERIMENT", value, "As in " + image.DisplayName(s.Input, list[0].Pos) + "."}}, nil
}

// goEnv is a variable of the go command:
// https://pkg.go.dev/cmd/go#hdr-Environment_variables.
type goEnv struct{ name, value, why string }

// goflag is a flag for every command of the go command.
func goflag(flag, why string) goEnv { return goEnv{"GOFLAGS", flag, why} }

// joinEnv makes the variables of a list, each once. The flags of GOFLAGS, which
// is a list, are put together.
func joinEnv(list []goEnv) ([]Setting, error) {
	var out []Setting
	for _, x := range list {
		i := slices.IndexFunc(out, func(s Setting) bool { return s.Env.Name.String() == x.name })
		value := x.value
		switch {
		case i < 0:
			i = len(out)
			out = append(out, Setting{})
		case x.name != "GOFLAGS" || slices.Contains(strings.Fields(out[i].Env.Value.Raw()), value):
			continue
		default:
			value = out[i].Env.Value.Raw() + " " + value
		}
		e, err := plan.NewEnv(x.name, value)
		if err != nil {
			return nil, err
		}
		out[i].Env, out[i].Why = e, append(out[i].Why, plan.NewComment(x.why))
	}
	return out, nil
}

// sets reports whether a variable is among them.
func sets(list []Setting, name string) bool {
	return slices.ContainsFunc(list, func(s Setting) bool { return s.Env.Name.String() == name })
}
