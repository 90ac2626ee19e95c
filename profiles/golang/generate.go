package golang

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/golang/module"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// generator writes code that is not committed.
type generator struct {
	golang.Generation
	why     plan.Comment
	run     plan.Shell
	install []plan.Token // none or one: module@version, fetched before the source is there
}

// decideGenerators has the build write the code that is not committed, with
// generators that the repository holds to one version: another may write code
// that does not fit. What else would be needed is refused. A generator that
// runs once for several outputs is there once.
func decideGenerators(s *source, m golang.Main) ([]generator, error) {
	var list []fact.Fact[golang.Generation]
	for _, x := range m.Generations {
		why := ungenerated(x.Value)
		lacks := slices.IndexFunc(x.Value.Packs, func(dir string) bool {
			return !s.Tree.HasDir(path.Join(s.Dir, dir)) && !s.Tree.Has(path.Join(s.Dir, dir)) && len(s.imported(dir)) == 0
		})
		switch {
		case why == "" && lacks >= 0 && x.Value.Needed:
			return nil, record.Refuse(x.Pos, "commit it, or a front end whose build writes it", "%s packs %s into the code, which is not in the repository, and nothing of it is seen to make it",
				printable(x.Value.Tool), printable(x.Value.Packs[lacks]))
		case why == "":
			list = append(list, x)
		case x.Value.Needed:
			return nil, record.Refuse(x.Pos, ungeneratedHint(x.Value), "%s writes %s, which is not committed: %s", printable(x.Value.Tool), printable(x.Value.Output), why)
		default:
			s.Log.Note(x.Pos, printable(x.Value.Tool)+" writes "+printable(x.Value.Output)+", which is not committed, and the build does not generate it: "+why, ungeneratedHint(x.Value))
		}
	}
	var out []generator
	var values []string
	for i, x := range list {
		run, err := plan.NewShell(generatorCommand(x.Value)...)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(g generator) bool { return g.run == run }) {
			continue
		}
		same := 0
		for _, o := range list[i+1:] {
			if slices.Equal(generatorCommand(o.Value), generatorCommand(x.Value)) {
				same++
			}
		}
		install, err := preinstalled(x.Value)
		if err != nil {
			return nil, err
		}
		out = append(out, generator{x.Value, generatorWhy(x.Value, same), run, install})
		values = append(values, run.String())
	}
	if len(values) > 0 {
		s.Log.Choose(plan.Choice{
			Key: "go.generate", Value: strings.Join(values, " && "), Link: "https://pkg.go.dev/cmd/go#hdr-Generate_Go_files_by_processing_source",
			Rule: "writes " + printable(list[0].Value.Output) + ", which is not committed; pinned by " + string(list[0].Value.Pinned), Pos: record.At(list[0].Pos),
		})
	}
	return out, nil
}

// generators are those of all programs, each once.
func generators(programs []program) []generator {
	var out []generator
	for _, p := range programs {
		for _, g := range p.generators {
			if !slices.ContainsFunc(out, func(o generator) bool { return o.run == g.run }) {
				out = append(out, g)
			}
		}
	}
	return out
}

// packed are the imports that generators put into the code: the stage that runs these has them, and those that start from it.
func packed(s *source, list []generator) []plan.Artifact {
	return slices.DeleteFunc(slices.Clone(s.Imports), func(x plan.Artifact) bool {
		to := strings.TrimSuffix(x.Copy.To.Raw(), "/")
		return !slices.ContainsFunc(list, func(g generator) bool {
			return slices.ContainsFunc(g.Packs, func(dir string) bool { return meets(dir, to) })
		})
	})
}

// without are artifacts less some of them.
func without(all, some []plan.Artifact) []plan.Artifact {
	return slices.DeleteFunc(slices.Clone(all), func(x plan.Artifact) bool {
		return slices.ContainsFunc(some, func(o plan.Artifact) bool { return o.String() == x.String() })
	})
}

// generateStage runs the generators before test and build.
func generateStage(s *source, from plan.StageName, list []generator) (*Generate, error) {
	imports := packed(s, list)
	out := &Generate{
		Head: plan.Head{
			Name: s.Stage("generate"), From: plan.FromStage(from), Uses: plan.StagesOf(imports),
			About: []plan.Comment{plan.NewComment("generate runs the generators whose output is not committed. test and build start from it.")},
		},
		Copies: append(wholeContext(), imports...),
	}
	for _, g := range list {
		out.Run = append(out.Run, plan.Step{Why: g.why, Mounts: []plan.Mount{compilerCache()}, Run: []plan.Shell{g.run}})
		for _, tool := range g.install {
			install, err := plan.NewShell("go", "install", tool.String())
			if err != nil {
				return nil, err
			}
			step := plan.Step{Mounts: []plan.Mount{compilerCache()}, Run: []plan.Shell{install}}
			if !slices.ContainsFunc(out.Install, func(o plan.Step) bool { return o.Run[0] == install }) {
				out.Install = append(out.Install, step)
			}
		}
	}
	return out, nil
}

// ungenerated says why a generator cannot run in the build, "" if it can.
func ungenerated(g golang.Generation) string {
	switch {
	case g.Outside != "":
		return g.Outside
	case g.Pinned == golang.NotPinned:
		return "nothing in go.mod says which version of it to run"
	case slices.ContainsFunc(g.Args, func(a string) bool { return strings.Contains(a, "$") }):
		return "its go:generate line has variables that go generate alone knows"
	}
	return ""
}

func ungeneratedHint(g golang.Generation) string {
	if g.Outside != "" || g.Package == "" || g.Pinned != golang.NotPinned {
		return "commit what it writes"
	}
	return "commit what it writes, or pin it: go get -tool " + printable(g.Package)
}

// generatorCommand runs a generator in its folder, at its pinned version.
func generatorCommand(g golang.Generation) []string {
	cmd := []string{"go"}
	if g.Dir != "." {
		cmd = append(cmd, "-C", g.Dir)
	}
	if g.Whole {
		return append(append(cmd, "generate"), g.Args...)
	}
	switch g.Pinned {
	case golang.ToolLine:
		cmd = append(cmd, "tool", moduleName(g.Package))
	case golang.RequireLine, golang.ExactVersion:
		cmd = append(cmd, "run", g.Package+"@"+g.Version)
	case golang.BlankImport, golang.OwnPackage, golang.NotPinned:
		cmd = append(cmd, "run", g.Package)
	}
	return append(cmd, g.Args...)
}

func generatorWhy(g golang.Generation, same int) plan.Comment {
	more := ""
	if same > 0 {
		more = " and " + strconv.Itoa(same) + " more"
	}
	if g.Whole {
		return plan.NewComment(g.Tool + " writes " + g.Output + more + ".")
	}
	return plan.NewComment(g.Tool + " writes " + g.Output + more + ", pinned by " + string(g.Pinned) + ".")
}

// preinstalled is a generator that go.mod does not list, fetched before the
// source is copied, so that an edit of the source fetches nothing.
func preinstalled(g golang.Generation) ([]plan.Token, error) {
	if g.Pinned != golang.RequireLine && g.Pinned != golang.ExactVersion {
		return nil, nil
	}
	w, err := plan.NewToken(g.Package + "@" + g.Version)
	return []plan.Token{w}, err
}

// embedded reports whether the build writes what a pattern embeds.
func embedded(m golang.Main, pattern string) bool {
	return slices.ContainsFunc(m.Generations, func(x fact.Fact[golang.Generation]) bool { return x.Value.Whole && x.Value.Output == pattern })
}

// generates reports whether the build writes the package of an import path.
func generates(s *source, m golang.Main, imp string) bool {
	return slices.ContainsFunc(m.Generations, func(x fact.Fact[golang.Generation]) bool {
		return slices.ContainsFunc(s.f.Modules, func(mod module.Module) bool {
			rest, ok := strings.CutPrefix(imp, mod.Path.Value+"/")
			dir := path.Join(mod.Dir, rest)
			return ok && (x.Value.Output == dir || path.Dir(x.Value.Output) == dir)
		})
	})
}
