package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// engine is what runs JavaScript in every stage.
type engine struct {
	Node    string // the major version of Node, "" in the image of Bun, which has none
	Bun     bool   // Bun runs the app
	Version string // of the image that the stages start from
}

// images are the published images of the engine.
func (e engine) images() image.Images {
	if e.Node == "" {
		return image.ImagesOf("bun")
	}
	return image.ImagesOf("node")
}

// major is the major version of Node, 0 for none.
func (e engine) major() int { return release.Major(e.Node) }

// program is what runs a line of JavaScript in a stage.
func (e engine) program() string {
	if e.Node == "" {
		return "bun"
	}
	return "node"
}

// decideEngine chooses between Node and Bun, and the version. The package manager
// comes back as it is there.
func decideEngine(in record.Input, app workspace.App, pm manager.Manager, fw framework.Framework) (engine, manager.Manager, error) {
	var eng engine
	var alone bool
	name := ""
	if app.Member != nil {
		name = app.Member.Name
	}
	pm = pm.For(name)
	eng.Bun, alone = usesBun(app, pm, fw)
	if alone {
		rel, err := bunVersion(in, app.Root, pm)
		eng.Version = rel.Version
		return eng, pm, err
	}
	rel, err := nodeVersion(in, app.Root, pm)
	if err != nil {
		return eng, pm, err
	}
	eng.Node, eng.Version = rel.Version, rel.Version
	return eng, pm.On(in, app.Root, eng.Node), nil
}

// usesBun reports whether Bun runs the app, and whether its own image can:
// where nothing asks for Node beside it.
func usesBun(app workspace.App, pm manager.Manager, fw framework.Framework) (runs, alone bool) {
	text := ""
	if s, ok := script.Production(app.Root); ok && fw.Server == nil {
		text = s.Value
	} else if s, ok := app.Own.Script("start"); ok && fw.Server == nil {
		text = s.Value
	}
	runs = script.RunsBun(text) || text == "" && pm.Name == "bun" && !fw.Used()
	alone = runs && pm.Name == "bun" && !slices.ContainsFunc(script.RoughPrograms(text), func(w string) bool { return w == "node" || w == "npm" || w == "npx" })
	for _, s := range app.Own.Code.Execs {
		if slices.Contains([]string{"node", "npm", "npx", "pnpm", "yarn"}, s.Program.Text) {
			alone = false
		}
	}
	return runs, alone && !app.Root.Has("prisma")
}

// nodeCandidates are the lines of the repository that ask for a version of Node, the
// one that counts first: what is exact comes before a range.
func nodeCandidates(in record.Input, f *node.Facts) []record.Option {
	var cand []record.Option
	add := func(value string, pos fact.Pos, rule string) {
		if value != "" {
			cand = append(cand, record.Option{Value: value, Pos: pos, Rule: rule})
		}
	}
	byManager := func(pos fact.Pos) bool { return !strings.HasPrefix(path.Base(pos.File), ".n") }
	for _, v := range f.Versions {
		if v.Tool == "node" && !byManager(v.Pos) {
			add(v.Value, v.Pos, path.Base(v.Pos.File))
		}
	}
	if v, ok := f.Volta["node"]; ok {
		add(v.Value, v.Pos, "volta of "+f.Manifest)
	}
	for _, e := range f.DevEngines {
		if e.Runtime && e.Name == "node" {
			add(e.Version.Value, e.Version.Pos, "devEngines of "+f.Manifest)
		}
	}
	for _, v := range f.Versions {
		if v.Tool == "node" && byManager(v.Pos) {
			add(v.Value, v.Pos, path.Base(v.Pos.File))
		}
	}
	e := f.Engines["node"]
	img, _ := in.Know.Image(image.ImagesOf("node").System)
	r := in.Front.Release
	both := func(x knowledge.Release) bool {
		return release.Satisfies(img, x.Version, r.Value) && release.Satisfies(img, x.Version, e.Value)
	}
	if r.Value != "" && (e.Value == "" || slices.ContainsFunc(img.Releases, both)) {
		cand = append(cand, r)
	}
	named := "engines.node of "
	if f.Rush != nil {
		named = "nodeSupportedVersionRange of "
	}
	add(e.Value, e.Pos, named+f.Manifest)
	return cand
}

// runsOnAsked reports whether something that needs a range of Node versions
// runs on one that the user or the repository asks for.
func runsOnAsked(in record.Input, f *node.Facts, needs string) bool {
	img, _ := in.Know.Image(image.ImagesOf("node").System)
	for _, c := range append([]record.Option{{Value: in.Settings.Version}}, nodeCandidates(in, f)...) {
		asks := func(r knowledge.Release) bool { return release.Satisfies(img, r.Version, c.Value) }
		if slices.ContainsFunc(img.Releases, asks) {
			return slices.ContainsFunc(img.Releases, func(r knowledge.Release) bool { return asks(r) && release.Matches(needs, r.Version) })
		}
	}
	return true
}

// nodeVersion decides the major version of Node. The image of a major is patched, so
// patch and minor versions of the repository choose their major.
func nodeVersion(in record.Input, f *node.Facts, pm manager.Manager) (image.Release, error) {
	images := image.ImagesOf("node")
	img, _ := in.Know.Image(images.System)
	limits, err := nodeLimits(f, pm)
	if err != nil {
		return image.Release{}, err
	}
	return image.Version(in, image.VersionRequest{
		Key: "node.version", Images: images, Candidates: nodeCandidates(in, f), Limits: limits,
		Satisfies: func(r, want string) bool { return release.Satisfies(img, r, want) },
		Lowest: func(want string) (string, bool) {
			asked := release.Aliased(img, want)
			major, ok := release.Lowest(asked)
			return major, ok && asked != ""
		},
	})
}

// nodeLimits are the ranges of Node that what is installed and the package manager need.
func nodeLimits(f *node.Facts, pm manager.Manager) ([]image.Limit, error) {
	var limits []image.Limit
	within := func(rng string) func(string) bool {
		return func(r string) bool { return release.Matches(rng, r) }
	}
	bounds, err := release.Bounds(f, pm.Lock)
	if err != nil {
		return nil, err
	}
	for _, b := range bounds {
		limits = append(limits, image.Limit{
			Fits: within(b.Node), Text: b.By.Name + " of this version runs on Node " + b.Node, Pos: b.By.Pos, Evidence: b.Node,
			Hint: "move " + b.By.Name + " to a newer version, or ask for that Node in engines",
		})
	}
	flags, err := release.FlagBounds(f)
	if err != nil {
		return nil, err
	}
	for _, b := range flags {
		limits = append(limits, image.Limit{
			Fits: within(b.Node), Text: b.Flag + " is a flag of Node " + b.Node, Pos: b.Pos, Evidence: b.Node,
			Hint: "take the flag out of the script, or ask for that Node in engines",
		})
	}
	if rng := f.Engines["node"]; f.Rush != nil && rng.Value != "" {
		limits = append(limits, image.Limit{Fits: within(rng.Value), Text: "Rush runs on the Node that rush.json asks for alone: " + plan.Printable(rng.Value, 40), Pos: rng.Pos, Evidence: rng.Value, Must: true})
	}
	if needs := pm.Needs(); needs != "" {
		text := strings.TrimSpace(pm.Command() + " " + pm.Version)
		limits = append(limits, image.Limit{Fits: within(needs), Text: text + " needs Node " + needs, Pos: pm.Pos, Evidence: text, Must: true, Refuse: true})
	}
	return limits, nil
}

// bunVersion decides the version of Bun; only one major has an image.
func bunVersion(in record.Input, f *node.Facts, pm manager.Manager) (image.Release, error) {
	return image.Version(in, image.VersionRequest{
		Key: "bun.version", Images: image.ImagesOf("bun"), Candidates: pm.Asked(f),
		Satisfies: func(r, want string) bool { return release.Matches(want, r) },
		Lowest:    release.Lowest,
		Evidence:  func(record.Option) string { return "bun" },
	})
}
