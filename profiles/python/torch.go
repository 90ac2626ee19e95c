package python

import (
	"cmp"
	_ "embed"
	"maps"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed torch.table
var torchCompiled string

// torchTable is torch.yaml, which says what its fields are.
type torchTable struct {
	Source string   `yaml:"source"`
	Brings []string `yaml:"brings"`
	CUDA   []string `yaml:"cuda"`
}

var torch = table.Lazy[torchTable]("torch.yaml", torchCompiled) //nolint:gochecknoglobals // decoded once

// withoutCUDA is the way to install PyTorch that leaves CUDA out, which is several GB, where nothing asks for a GPU: the manager with the
// variables for it. Of a lockfile, and of the index that the repository names itself, it stays as it is.
func (p project) withoutCUDA() (man manager, cpu bool) {
	t, err := torch()
	if err != nil {
		return p.man, false
	}
	i := slices.IndexFunc(t.Brings, p.has)
	if i < 0 || p.ownIndex() {
		return p.man, false
	}
	at := p.names[t.Brings[i]].Pos
	c := plan.Choice{Key: "python.torch", Value: "cpu", Rule: "nothing here asks for a GPU", Pos: record.At(at), Link: t.Source}
	why, pos := p.asksForGPU(t)
	switch {
	case why != "":
		c.Value, c.Rule, c.Pos = "cuda", why, record.At(pos)
	case p.m.Lock == "" && p.man.CPU != nil && !p.m.Hashes:
	default:
		if p.m.Locked == nil || slices.ContainsFunc(slices.Collect(maps.Keys(p.m.Locked)), func(n string) bool { return strings.HasPrefix(n, "nvidia-") }) {
			p.in.Log.Note(at, "PyTorch comes with CUDA, which is several GB, and nothing here asks for a GPU", cmp.Or(p.man.CPULock, "take torch from https://download.pytorch.org/whl/cpu"))
		}
		return p.man, false
	}
	if p.in.Log.Choose(c) != "cpu" || p.man.CPU == nil {
		return p.man, false
	}
	p.in.Log.Note(at, "PyTorch is installed without CUDA, which is several GB: nothing here asks for a GPU", "for one, name PyTorch's index of your CUDA in "+p.where()+": https://pytorch.org/get-started/locally/")
	return p.man.under(p.man.CPU), true
}

// ownIndex reports whether a requirements file names an index other than PyPI, from which its packages come.
func (p project) ownIndex() bool {
	return slices.ContainsFunc(p.m.Files, func(name string) bool {
		f := p.in.Builds.File(name)
		return f != nil && otherIndex(f.Text)
	})
}

// asksForGPU says what needs a GPU of Nvidia, "" for nothing.
func (p project) asksForGPU(t torchTable) (why string, at fact.Pos) {
	for _, n := range slices.Sorted(maps.Keys(p.names)) {
		r := p.names[n]
		switch {
		case slices.Contains(t.CUDA, n), strings.HasPrefix(n, "nvidia-") && p.lists(n), strings.Contains(r.Constraint, "+cu"):
			return "the dependencies have " + plan.Printable(strings.TrimSpace(n+" "+r.Constraint), 60), r.Pos
		}
	}
	for _, m := range p.f.Modules {
		if pos := m.GPU(); !pos.IsZero() {
			return "the code needs a GPU", pos
		}
	}
	if pos := image.GPU(p.in); !pos.IsZero() {
		return "the app's container is given one", pos
	}
	return "", fact.Pos{}
}
