package java

import (
	_ "embed"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/internal/table"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

//go:embed plugins.table
var pluginsCompiled string

// pluginRow is a row of plugins.yaml.
type pluginRow struct {
	Plugin    string   `yaml:"plugin"`
	Group     string   `yaml:"group,omitempty"`
	Goals     []string `yaml:"goals,omitempty,flow"`
	Phase     string   `yaml:"phase,omitempty"`
	Extension bool     `yaml:"extension,omitempty"`
	With      string   `yaml:"with,omitempty"`
	Skip      string   `yaml:"skip"`
	Needs     string   `yaml:"needs"`
	Source    string   `yaml:"source"`
}

var pluginRows = table.Lazy[[]pluginRow]("plugins.yaml", pluginsCompiled) //nolint:gochecknoglobals // decoded once

// later are the phases after package:
// https://maven.apache.org/guides/introduction/introduction-to-the-lifecycle.html#lifecycle-reference
var later = []string{"pre-integration-test", "integration-test", "post-integration-test", "verify", "install", "deploy", "pre-site", "site", "post-site", "site-deploy", "pre-clean", "clean", "post-clean"} //nolint:gochecknoglobals // a constant table

// early reports whether a phase is one up to package; "" is none.
func early(phase string) bool { return phase != "" && !slices.Contains(later, phase) }

// missing is what a build within an image has not, for a sentence.
var missing = map[string]string{"engine": "a container engine", "git": "the history of Git", "key": "a key to sign with"} //nolint:gochecknoglobals // a constant table

// skipped are the properties that skip what a build within an image cannot run.
// They are recorded as "java.skip".
func skipped(in record.Input, f *java.Facts) ([]string, error) {
	rows, err := pluginRows()
	if err != nil {
		return nil, err
	}
	var out, needs []string
	var at fact.Pos
	var link string
	for _, row := range rows {
		pos, ok := row.found(f)
		if !ok || slices.Contains(out, "-D"+row.Skip) {
			continue
		}
		out = append(out, "-D"+row.Skip)
		if at.IsZero() {
			at, link = pos, row.Source
		}
		if !slices.Contains(needs, missing[row.Needs]) {
			needs = append(needs, missing[row.Needs])
		}
		if strings.HasPrefix(row.Skip, "maven.gitcommitid") || row.Extension {
			text := "the commit id is not in the image: .git is not in the build context"
			if row.Extension {
				text = "the version from Git is not in the image, but the one of pom.xml: .git is not in the build context"
			}
			in.Log.Note(pos, text, "")
		}
	}
	if pos, ok := quarkusImage(f); ok {
		out = append(out, "-Dquarkus.container-image.build=false", "-Dquarkus.container-image.push=false")
		if at.IsZero() {
			at, link = pos, "https://quarkus.io/guides/container-image"
		}
		needs = append(needs, missing["engine"])
	}
	if len(out) > 0 {
		in.Log.Choose(plan.Choice{
			Key: "java.skip", Value: strings.Join(out, " "), Rule: "plugins that need " + image.Enumerate(slices.Compact(needs)) + ", which a build of an image does not have",
			Pos: record.At(at), Link: link,
		})
	}
	return out, nil
}

// quarkusImage is where the configuration has Quarkus build an image of its own.
func quarkusImage(f *java.Facts) (fact.Pos, bool) {
	for _, p := range f.Projects {
		for _, key := range []string{"quarkus.container-image.build", "quarkus.container-image.push"} {
			if v := setting(p, key); v.Value == "true" {
				return v.Pos, true
			}
			if v := p.POM.Property(key); v.Value == "true" {
				return v.Pos, true
			}
		}
	}
	return fact.Pos{}, false
}

// executed are the programs that plugins start up to package, each with its place:
// https://www.mojohaus.org/exec-maven-plugin/exec-mojo.html, https://ant.apache.org/manual/Tasks/exec.html
func executed(p *java.Project) []fact.Fact[string] {
	var out []fact.Fact[string]
	add := func(x *pom.Execution, name fact.Fact[string]) {
		if early(x.Phase) && name.Found() && x.Config("skip").Value != "true" {
			out = append(out, name)
		}
	}
	for _, x := range p.POM.PluginNamed("exec-maven-plugin").Goal("exec") {
		add(x, x.Config("executable"))
	}
	for _, x := range p.POM.PluginNamed("maven-antrun-plugin").Goal("run") {
		add(x, x.Find("@executable"))
	}
	return out
}

// program is the name of a program by its file.
func program(file string) string { return strings.TrimSuffix(path.Base(file), ".cmd") }

// ofNode reports whether a program is one that the image of Node has.
func ofNode(file string) bool {
	return slices.Contains([]string{"node", "npm", "npx", "yarn", "corepack", "pnpm"}, program(file))
}

// nodeForBuild is the image of Node, zero if the build starts none of its programs.
func nodeForBuild(in record.Input, f *java.Facts, b tool) (plan.Ref, error) {
	var starts []fact.Fact[string]
	for _, p := range f.Projects {
		if mvn, ok := b.(*maven); ok && !slices.Contains(mvn.extra, "-Dexec.skip") {
			starts = append(starts, executed(p)...)
		}
		if x := quinoa(p); x.Found() && setting(p, "quarkus.quinoa.package-manager-install").Value != "true" {
			starts = append(starts, x)
		}
	}
	starts = append(starts, nodeByGradle(f)...)
	for _, x := range starts {
		if !ofNode(x.Value) {
			continue
		}
		name := program(x.Value)
		release, err := image.Current(in, "java.node", image.ImagesOf("node"), plan.Choice{Rule: "the build starts " + name, Pos: record.At(x.Pos), Evidence: "exec " + name})
		if err != nil {
			return plan.Ref{}, err
		}
		return image.ImagesOf("node").Ref(in.Know, release, plan.Slim, "")
	}
	return plan.Ref{}, nil
}

// nodeByGradle are the plugins of a build of Gradle that start npm: they run the scripts of a package.json with the Node that is
// installed, unless they are told to download one: https://github.com/node-gradle/gradle-node-plugin/blob/main/docs/usage.md
func nodeByGradle(f *java.Facts) []fact.Fact[string] {
	var out []fact.Fact[string]
	for _, p := range f.Projects {
		if p.Gradle == nil {
			continue
		}
		if x := p.Gradle.Plugin("com.github.node-gradle.node"); x.Applied() && p.Gradle.Extension("node").Get("download").Value != "true" {
			out = append(out, fact.Fact[string]{Value: "npm", Pos: x.Pos})
		}
	}
	return out
}

// found is where a module of the reactor has the plugin in the way.
func (row pluginRow) found(f *java.Facts) (fact.Pos, bool) {
	if row.Extension {
		i := slices.IndexFunc(f.Extensions, func(x fact.Fact[string]) bool { return x.Value == row.Plugin })
		if i < 0 {
			return fact.Pos{}, false
		}
		return f.Extensions[i].Pos, true
	}
	for _, p := range f.Projects {
		g := p.POM.PluginNamed(row.Plugin)
		if row.Group != "" {
			g = p.POM.Plugin(row.Group, row.Plugin)
		}
		if !g.Active || row.With != "" && !g.Find(row.With).Found() {
			continue
		}
		if len(row.Goals) == 0 {
			return g.Pos, true
		}
		for _, goal := range row.Goals {
			for _, x := range g.Goal(goal) {
				phase := x.Phase
				if phase == "" {
					phase = row.Phase
				}
				if early(phase) {
					return x.Pos, true
				}
			}
		}
	}
	return fact.Pos{}, false
}
