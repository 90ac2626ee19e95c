package project

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/ignore"
	"github.com/dockgen/dockgen/internal/verify"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/templates"
)

// verify refuses a Dockerfile that contradicts itself or the repository. Such a file is
// never written.
func (a *App) verify(repo *detect.Repo) error {
	hidden, err := ignore.Parse(a.file(templates.Dockerignore).Data)
	if err != nil {
		return err
	}
	know, err := knowledge.Load()
	if err != nil {
		return err
	}
	in := &buildContext{repo: repo, dir: a.Plan.Dir, files: a.files(repo), hidden: hidden}
	faults, err := verify.Faults(a.file(templates.Dockerfile).Data, in, func(f verify.Family, program string) ([]string, bool) {
		row, ok := know.Package("program", program)
		if f == verify.Alpine {
			return row.Alpine.Runtime, ok
		}
		return row.Debian.Runtime, ok
	})
	if err != nil {
		return err
	}
	if port, ok := a.choice("port"); ok && port.Value == "none" && len(a.Plan.Run.Ports) > 0 {
		return errors.New("a fault of dockgen's: the port is not known, and the Dockerfile exposes one")
	}
	if len(faults) == 0 {
		return nil
	}
	var at fact.Pos
	if start, ok := a.choice("start"); ok && start.Pos != nil {
		at = *start.Pos
	}
	return record.Refuse(at, "commit what is missing, or name another command: --set start=[PROGRAM, ARGUMENT]",
		"the image would fail: it %s", faults[0].Text)
}

// choice is the choice of that key.
func (a *App) choice(key string) (plan.Choice, bool) {
	i := slices.IndexFunc(a.Plan.Choices, func(c plan.Choice) bool { return c.Key == key })
	if i < 0 {
		return plan.Choice{}, false
	}
	return a.Plan.Choices[i], true
}

// buildContext is what docker build sends of the repository.
type buildContext struct {
	repo   *detect.Repo
	dir    string
	files  []string // sorted
	hidden *ignore.List
}

// Has implements verify.Context. A file of which the repository's index says nothing is
// taken to be there: below a symbolic link, or in a folder that the scan does not enter.
func (b *buildContext) Has(name string) bool {
	name = path.Clean(name)
	if name == "." {
		return true
	}
	_, ok := slices.BinarySearch(b.files, name)
	if ok {
		return !b.hidden.Hides(name)
	}
	i, _ := slices.BinarySearch(b.files, name+"/")
	for ; i < len(b.files) && strings.HasPrefix(b.files[i], name+"/"); i++ {
		if !b.hidden.Hides(b.files[i]) {
			return true
		}
	}
	return !b.hidden.Hides(name) && b.unknown(name)
}

// Glob implements verify.Context.
func (b *buildContext) Glob(pattern string) bool {
	depth := strings.Count(pattern, "/")
	return slices.ContainsFunc(b.files, func(f string) bool {
		for strings.Count(f, "/") > depth {
			f = path.Dir(f)
		}
		ok, err := path.Match(pattern, f)
		return ok || err != nil
	})
}

func (b *buildContext) unknown(name string) bool {
	for above := range tree.Above(name) {
		full := path.Join(b.dir, above)
		if b.repo.Tree.IsLink(full) {
			return true
		}
		switch path.Base(above) {
		case "node_modules", "vendor", ".git":
			return true
		}
		if slices.ContainsFunc(b.repo.Tree.Skipped(), func(s tree.Skip) bool { return s.Path == full }) {
			return true
		}
	}
	return false
}
