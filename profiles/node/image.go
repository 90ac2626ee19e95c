package node

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/node/manager"
	"github.com/dockgen/dockgen/profiles/node/release"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// decideImage chooses the image of base and its version.
func (a *app) decideImage(p *Plan) (rel knowledge.Release, err error) {
	if a.bunImage {
		img, ok := a.in.Know.Image("oven/bun")
		if !ok {
			return rel, errors.New("knowledge: no image oven/bun")
		}
		v := a.in.Log.Choose(plan.Choice{Key: "bun.version", Value: img.Default, Rule: "the app runs on Bun, whose image of this major is kept up to date", Pos: record.At(a.pm.Pos), Link: img.Source, Evidence: "bun"})
		rel, ok = img.Release(v)
		if !ok {
			return rel, record.Refuse(fact.At("dockgen.lock", 0), "dockgen update --upgrade chooses anew", "dockgen.lock holds Bun %s, which has no image", plan.Printable(v, 20))
		}
		p.Image, p.Arg = plan.MustToken("oven/bun"), plan.MustToken("BUN_VERSION")
	} else {
		why := ""
		if a.pm.Version != "" {
			why = a.pm.Command() + " " + a.pm.Version
		}
		if rel, err = decideVersion(a.in, a.f, a.pm.Needs(), why); err != nil {
			return rel, err
		}
		a.node = rel.Version
		p.Image, p.Arg = plan.MustToken("node"), plan.MustToken("NODE_VERSION")
		if a.bun || a.pm.Name == "bun" {
			p.HasBun = true
		}
		a.pm = a.pm.On(a.in, a.f, a.node)
		if err = a.tool(p); err != nil {
			return rel, err
		}
	}
	p.Version, err = plan.NewToken(rel.Version)
	return rel, err
}

// tool installs the package manager, where the image does not have it.
func (a *app) tool(p *Plan) (err error) {
	install, why := a.pm.Bootstrap(a.node)
	if install == nil {
		return nil
	}
	p.ToolFor = plan.NewComment(why)
	p.Tool, err = plan.NewShell(install...)
	p.HasTool = err == nil
	return err
}

// setup decides the variables that the package manager needs in every stage.
func (a *app) setup(p *Plan) error {
	add := func(name, value, why string) error {
		e, err := plan.NewEnv(name, value)
		p.Setup = append(p.Setup, Setup{plan.NewComment(why), e})
		return err
	}
	if a.pm.Command() == "yarn" && a.f.Yarn.Path.Value != "" && a.pm.Release == "" {
		if err := add("YARN_IGNORE_PATH", "1", a.f.Yarn.Config+" names a release that is not in the repository."); err != nil {
			return err
		}
	}
	if err := a.md4(add); err != nil {
		return err
	}
	if e, ok := manager.Unmet(a.f, a.node); ok && (a.pm.Name == "npm" || a.pm.PnP(a.f)) {
		a.in.Log.Note(e.Version.Pos, "npm ends where devEngines is not met, and the image has the newest patch of Node "+a.node, `make it a range, or add "onFail": "warn"`)
		if err := add("npm_config_force", "true", "devEngines asks for "+e.Name+" "+plan.Printable(e.Version.Value, 40)+", without which npm ends: it only warns this way."); err != nil {
			return err
		}
	}
	return a.linker(add)
}

// linker puts the packages of Plug'n'Play into node_modules.
func (a *app) linker(add func(name, value, why string) error) error {
	ch := plan.Choice{
		Key: "node.linker", Value: "node-modules", Link: "https://yarnpkg.com/features/linkers",
		Rule: "with Plug'n'Play what is installed lies beside the source, where a mounted source hides it, and prod would need Yarn's experimental loader",
		Pos:  record.At(cmp.Or(a.f.Yarn.Linker.Pos, a.pm.Pos)),
	}
	name := "YARN_NODE_LINKER"
	i := slices.IndexFunc(a.f.Npmrc, func(l fact.Fact[string]) bool { return l.Value == "node-linker=pnp" })
	switch {
	case a.pm.PnP(a.f):
	case a.pm.Name == "pnpm" && i >= 0:
		name = "npm_config_node_linker"
		ch.Value, ch.Link, ch.Pos = "hoisted", "https://pnpm.io/settings#nodelinker", record.At(a.f.Npmrc[i].Pos)
		ch.Rule = "with Plug'n'Play prod would need a loader, which the start command does not name"
	default:
		return nil
	}
	if value := ch.Value; a.in.Log.Choose(ch) != value {
		return nil
	}
	return add(name, ch.Value, "Plug'n'Play would put the packages beside the source, where a mounted source hides them.")
}

// md4 lets an old webpack hash as it does.
func (a *app) md4(add func(name, value, why string) error) error {
	rows, err := buildRows()
	if err != nil || a.bunImage || release.Major(a.node) < 17 {
		return err
	}
	for _, s := range a.f.Scripts {
		if strings.Contains(s.Value, "openssl-legacy-provider") {
			return nil // the repository does it itself
		}
	}
	deps := a.every()
	for _, f := range a.nested() {
		deps = append(deps, f.Deps...)
	}
	for _, r := range rows.MD4 {
		i := slices.IndexFunc(deps, func(d node.Dep) bool {
			return d.Name == r.Package && d.Kind != node.Peer && release.DepMajor(d) < r.Below
		})
		if i < 0 {
			continue
		}
		a.in.Log.Note(deps[i].Pos, fmt.Sprintf("%s of this version bundles with a webpack that hashes with MD4, which Node refuses from 17 on: the build allows it", r.Package),
			fmt.Sprintf("move to %s %d", r.Package, r.Below))
		return add("NODE_OPTIONS", "--openssl-legacy-provider", "The webpack of this "+r.Package+" hashes with MD4, which OpenSSL 3 has among its legacy algorithms.")
	}
	return nil
}

// otherFolder is a folder that a script leaves its own for.
var otherFolder = regexp.MustCompile(`(?:--prefix|--cwd|-C|\bcd)[ =]+(?:\./)?([A-Za-z0-9_][A-Za-z0-9_./-]*)`)

// nested are the apps below that the build script installs and builds, such as
// a client with a package.json of its own.
func (a *app) nested() []*node.Facts {
	name, build, ok := script.Build(a.f)
	if !ok {
		return nil
	}
	texts := []string{build.Value}
	for _, other := range slices.Sorted(maps.Keys(a.f.Scripts)) {
		if other != name && script.Mentions(build.Value, other) {
			texts = append(texts, a.f.Scripts[other].Value)
		}
	}
	var out []*node.Facts
	for _, m := range otherFolder.FindAllStringSubmatch(strings.Join(texts, "\n"), maxNested) {
		dir := path.Join(a.f.Dir, m[1])
		if dir == a.f.Dir || slices.ContainsFunc(out, func(f *node.Facts) bool { return f.Dir == dir }) {
			continue
		}
		// One that cannot be read says nothing here: its install will.
		if f, err := node.Detect(a.in.Tree, dir); err == nil && f != nil {
			out = append(out, f)
		}
	}
	return out
}

// maxNested is more apps than anybody builds with one script.
const maxNested = 5

// suite names the variant of the image: the newest Debian that is published,
// or Alpine where prod runs on it, since what is installed on one C library
// does not run on the other.
func (a *app) suite(p *Plan, rel knowledge.Release, r plan.Runtime) error {
	variants := []string{"trixie-slim", "bookworm-slim", "bullseye-slim", "slim"}
	if r == plan.Alpine && p.Site == nil && a.fw.Site == nil {
		variants = []string{"alpine"}
	}
	for _, v := range variants {
		if rel.Has(v) {
			p.Suite = plan.MustToken(v)
			// Bun's program is linked against the image's C library.
			p.BunFrom = plan.MustToken("oven/bun:1" + pick(v == "alpine", "-alpine", ""))
			return nil
		}
	}
	return fmt.Errorf("knowledge: %s %s has no variant for %s", p.Image, rel.Version, r)
}
