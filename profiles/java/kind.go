package java

import (
	"slices"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/kind"
	"github.com/dockgen/dockgen/profiles/record"
)

// otherPlugins are those of Gradle by which kinds.yaml knows what another program loads, or a person looks at.
var otherPlugins = []string{ //nolint:gochecknoglobals // a constant table
	"com.android.application", "com.android.library", "org.jetbrains.intellij", "org.jetbrains.intellij.platform", "java-gradle-plugin", "com.gradle.plugin-publish",
	"fabric-loom", "net.fabricmc.fabric-loom", "net.minecraftforge.gradle", "net.neoforged.gradle.userdev", "net.neoforged.moddev", "org.quiltmc.loom",
	"org.openjfx.javafxplugin", "org.jetbrains.compose", "org.playframework.play", "org.gradle.playframework", "org.gradle.playframework-application", "play", "play-application",
}

// lone is the module that is the whole project: the only one, or of Gradle's the one with such a plugin where no module is built to a jar; nil for none.
func lone(f *java.Facts) *java.Project {
	if len(f.Projects) == 1 {
		return f.Projects[0]
	}
	var found *java.Project
	for _, p := range f.Projects {
		switch {
		case p.Gradle == nil, p.Packaging().Value != "pom":
			return nil
		case found == nil && p.Gradle.Plugin(otherPlugins...).Applied():
			found = p
		}
	}
	return found
}

// checkKind refuses a module that another program loads or calls, where no code of it
// listens. What the user says of the start counts more.
func checkKind(in record.Input, f *java.Facts) error {
	p := lone(f)
	if len(in.Settings.Start) > 0 || in.Settings.Main != "" || p == nil {
		return nil
	}
	rows, err := frameworks()
	if err != nil {
		return err
	}
	req := kind.Request{Tree: in.Tree, Dir: in.Dir, Language: "java", At: p.Pos(), Deps: map[string]fact.Pos{}, Listens: len(p.Sources.Listens) > 0}
	for _, d := range p.Dependencies() {
		req.Listens = req.Listens || slices.ContainsFunc(rows, func(fw framework) bool { return fw.Port != 0 && fw.comesWith(d) })
		name := d.Name()
		if d.Scope == "provided" { // by what runs the jar
			name = "provided " + name
		}
		if _, ok := req.Deps[name]; !ok {
			req.Deps[name] = d.Pos
		}
	}
	if p.Gradle != nil {
		for _, id := range otherPlugins {
			if x := p.Gradle.Plugin(id); x.Applied() {
				req.Deps["plugin "+id] = x.Pos
			}
		}
	}
	req.Field = func(name string) (string, fact.Pos, bool) {
		if name != "packaging" {
			return "", fact.Pos{}, false
		}
		v := p.Packaging()
		return v.Value, v.Pos, v.Found()
	}
	return kind.Check(req)
}
