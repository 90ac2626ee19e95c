package java

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// withWeak adds to the modules whose build makes something to start those that
// only have a main class, where they may well be the program: there are no
// others, the others are examples and tests, or these alone are servers.
func withWeak(strong, weak []module) ([]module, error) {
	own := func(c module) bool { return !c.example }
	if !slices.ContainsFunc(strong, own) && (len(strong) == 0 || slices.ContainsFunc(weak, own)) {
		return append(strong, weak...), nil
	}
	out := slices.Clone(strong)
	for i, c := range slices.Concat(strong, weak) {
		switch ok, err := c.serves(); {
		case err != nil:
			return nil, err
		case ok && i < len(strong):
			return strong, nil
		case ok:
			out = append(out, c)
		}
	}
	return out, nil
}

// narrow leaves of the modules that build a program those that are most surely
// the one to run. rule says what told them from the others, "" where that is only
// that the others are examples or tests, and aside has what was left out.
func narrow(in record.Input, f *java.Facts, list []module) (rest []module, rule string, aside []plan.Rejected, err error) {
	serves := make([]bool, len(list))
	for i := range list {
		if serves[i], err = list[i].serves(); err != nil {
			return nil, "", nil, err
		}
	}
	project := projectName(f)
	all := list
	mods := make([]buildfile.Module, len(list))
	for i, c := range list {
		mods[i] = c.asModule()
	}
	one := func(i int, ok bool) *java.Project {
		if !ok {
			return nil
		}
		return all[i].Project
	}
	released := sync.OnceValue(func() *java.Project {
		i, _, ok := in.Builds.Released(mods, project)
		return one(i, ok)
	})
	documented := sync.OnceValue(func() *java.Project {
		i, _, ok := in.Builds.Documented(mods)
		return one(i, ok)
	})
	for _, step := range []struct {
		keep      func(c module) bool
		rule, why string
	}{
		{func(c module) bool { return !c.example }, "", "shows how something is used, or tests it"},
		{func(c module) bool { return c.Project == released() }, "of the modules that build a program, the one whose image the repository publishes by the project's name", "its image has another name"},
		{func(c module) bool { return c.imaged() }, "of the modules that build a program, the one of which a plugin makes the image", "no plugin makes an image of it"},
		{func(c module) bool {
			// A war is made to be run, though another may take its classes.
			return c.made.kind == War || !slices.ContainsFunc(all, func(o module) bool { return !o.example && slices.Contains(o.parts[1:], c.Project) })
		}, "of the modules that build a program, the one that has the others as libraries", "a library of another module"},
		{func(c module) bool {
			return serves[slices.IndexFunc(all, func(o module) bool { return o.Project == c.Project })]
		}, "of the modules that build a program, the one that listens", "listens on no port"},
		{func(c module) bool {
			return project != "" && slices.Contains([]string{path.Base(c.Dir), c.Artifact().Value}, project)
		}, "of the modules that build a program, the one with the project's name", "not the one with the project's name"},
		{func(c module) bool {
			name := strings.TrimPrefix(path.Base(c.Dir), project+"-")
			return slices.Contains([]string{"server", "app", "application", "main"}, name)
		}, "of the modules that build a program, the one with a usual name for it", "no usual name for the program"},
		{func(c module) bool { return c.Project == documented() }, "of the modules that build a program, the one that the repository's files run", "none of the files that run a program names it alone"},
		{func(c module) bool {
			return in.Builds.ImageIn(c.Dir) != nil
		}, "of the modules that build a program, the one with a Dockerfile", "it has no Dockerfile"},
	} {
		var kept []module
		var lost []plan.Rejected
		for _, c := range list {
			if step.keep(c) {
				kept = append(kept, c)
			} else {
				lost = append(lost, plan.Rejected{Value: c.Dir, Pos: record.At(c.Pos()), Why: step.why})
			}
		}
		if len(kept) == 0 || len(lost) == 0 {
			continue
		}
		list, aside = kept, append(aside, lost...)
		if step.rule != "" {
			rule = step.rule
		}
	}
	if len(list) == 1 && rule != "" && in.Settings.Main == "" {
		sayOthers(in, list[0], all)
	}
	return list, rule, aside, nil
}

// imageName is what the image is called: like the module, or the project where that is called as modules of any project are.
func (m *module) imageName(in record.Input, f *java.Facts) string {
	return image.Name(m.Artifact().Value, projectName(f), in.Name)
}

// asModule is the module as the files that build and run it name it.
func (m *module) asModule() buildfile.Module {
	return buildfile.Module{Dir: m.Dir, Name: m.Artifact().Value}
}

// imaged reports whether a plugin makes an image that starts a class of the module's own sources.
func (m *module) imaged() bool {
	return m.Image != nil && slices.ContainsFunc(m.Sources.Mains, func(c java.Main) bool { return c.Class == m.Image.Main.Value })
}

// described is the POM whose settings have a plugin make an image of the module, "" for none.
func (m *module) described() string {
	if m.Image == nil {
		return ""
	}
	return m.File
}

// sayOthers says which other modules could have been meant.
func sayOthers(in record.Input, won module, all []module) {
	var dirs []string
	for _, c := range all {
		if c.Project != won.Project && (!c.example || won.example) && !slices.Contains(won.parts, c.Project) {
			dirs = append(dirs, c.Dir)
		}
	}
	if len(dirs) == 0 {
		return
	}
	verb := " builds a program, too"
	if len(dirs) > 1 {
		verb = " build programs, too"
	}
	in.Log.Note(won.Pos(), "the image is of "+plan.Printable(won.Dir, 80)+"; "+plan.Printable(strings.Join(dirs, ", "), 300)+verb,
		"--set main=CLASS names the main class of another one, or run dockgen in its folder")
}

// serves reports whether the module is a server: a war, or a program with a
// framework that listens.
func (m *module) serves() (bool, error) {
	fw, err := frameworkOf(m)
	return m.made.kind == War || fw.Name != "" && fw.Refuse == "" && !fw.off(m), err
}

// projectName is the root's artifact without the words that say that it is the
// root.
func projectName(f *java.Facts) string {
	name := f.Projects[0].Artifact().Value
	for _, word := range []string{"-parent", "-root", "-aggregator", "-reactor", "-project", "-pom", "-all"} {
		name = strings.TrimSuffix(name, word)
	}
	return strings.TrimPrefix(name, "parent-")
}

// beyond is what the name of a module has beside the words of the root's: of shop-demo and shop-demo-web it is web.
func beyond(name, root string) string {
	of := strings.FieldsFunc(strings.ToLower(root), joins)
	return strings.Join(slices.DeleteFunc(strings.FieldsFunc(strings.ToLower(name), joins), func(w string) bool { return slices.Contains(of, w) }), "-")
}

// joins reports whether a character joins the words of a name.
func joins(r rune) bool { return r == '/' || r == '-' || r == '_' || r == '.' }

// shows reports whether the folder of a module, or its own name, says that the module
// is an example or a test: "app-samples", "examples/web".
func shows(dir string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(strings.ToLower(dir), joins), func(w string) bool {
		return slices.Contains([]string{"sample", "samples", "example", "examples", "demo", "demos", "test", "tests", "it", "e2e", "benchmark", "benchmarks", "jmh", "playground"}, w)
	})
}
