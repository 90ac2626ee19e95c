package golang

import (
	_ "embed"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed experiments.yaml
var experimentsYAML []byte

// experiments are those that a release knows. Another one ends every command
// of the compiler: https://pkg.go.dev/internal/goexperiment.
type experiments struct {
	Release string   `yaml:"release"`
	Names   []string `yaml:"names"`
	Source  string   `yaml:"source"`
}

var experimentTable = table.Lazy[[]experiments]("experiments.yaml", experimentsYAML) //nolint:gochecknoglobals // decoded once

// custom takes over what the repository's own builds ask of the go command,
// for all stages: what is tested is what is built.
func (d *decider) custom() error {
	c := d.f.BuildFlags
	if c.NoWork.Value && d.f.Work == nil && d.inWorkspace() {
		if err := d.goenv("GOWORK", "off", "As in "+cited(c.NoWork.Pos)+": go.work is not for builds."); err != nil {
			return err
		}
	}
	if err := d.experiments(); err != nil {
		return err
	}
	var names []string
	for _, tag := range c.Tags {
		if d.p.Cgo || !slices.Contains(pure, tag.Value) {
			names = append(names, tag.Value)
		}
	}
	if len(names) > 0 {
		d.built = names
		d.keep(c.Tags[0].Pos, "which build tags the program has")
		d.Log.Choose(plan.Choice{Key: "go.tags", Value: strings.Join(names, ","), Rule: "the tags of the repository's own builds", Pos: record.At(c.Tags[0].Pos), Link: "https://pkg.go.dev/cmd/go#hdr-Build_constraints"})
	}
	some := slices.DeleteFunc(slices.Clone(c.PartialTags), func(t fact.Fact[string]) bool { return slices.Contains(pure, t.Value) })
	if len(some) > 0 {
		d.Log.Note(some[0].Pos, "only some of the repository's own builds have the tag "+some[0].Value+", so the image is built without it", "")
	}
	if c.Debug.Found() {
		d.Log.Note(c.Debug.Pos, "sets GODEBUG="+printable(c.Debug.Value)+", which is not in the image", "a godebug line in go.mod goes with the program: https://go.dev/doc/godebug")
	}
	return nil
}

// inWorkspace reports whether the go command would find a go.work: it looks in
// the folders above as well.
func (d *decider) inWorkspace() bool {
	for dir := d.f.Home; ; dir = path.Dir(dir) {
		if d.Tree.Has(path.Join(d.Dir, dir, "go.work")) {
			return true
		}
		if dir == "." {
			return false
		}
	}
}

// pure are tags that choose Go code over the C library's. Without cgo there is
// nothing to choose: https://pkg.go.dev/net#hdr-Name_Resolution.
var pure = []string{"netgo", "osusergo"} //nolint:gochecknoglobals // a constant table

// experiments gives the compiler those that the image's release knows.
func (d *decider) experiments() error {
	list := d.f.BuildFlags.Experiments
	if len(list) == 0 {
		return nil
	}
	rows, err := experimentTable()
	if err != nil {
		return err
	}
	v, _ := parseRelease(d.p.Version.String())
	row := slices.IndexFunc(rows, func(r experiments) bool { return r.Release == v.line() })
	var names []string
	for _, x := range list {
		if row >= 0 && !slices.Contains(rows[row].Names, strings.TrimPrefix(x.Value, "no")) {
			d.Log.Note(x.Pos, "asks for the experiment "+printable(x.Value)+", which Go "+v.line()+" does not have: it ended, or is a part of Go", rows[row].Source)
			continue
		}
		names = append(names, x.Value)
	}
	if len(names) == 0 {
		return nil
	}
	value := strings.Join(names, ",")
	d.Log.Choose(plan.Choice{Key: "go.experiment", Value: value, Rule: "the experiments of the repository's own builds", Pos: record.At(list[0].Pos), Link: "https://pkg.go.dev/internal/goexperiment"})
	return d.goenv("GOEXPERIMENT", value, "As in "+cited(list[0].Pos)+".")
}
