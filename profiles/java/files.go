package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// reads are the files and folders of the repository that the code opens by a
// path from its working directory, which a developer's is the app's folder.
func (m *module) reads(in record.Input) []effect.File {
	var out []effect.File
	for _, x := range append(m.configRead(), of(m, func(s java.Sources) []effect.File { return s.Files })...) {
		name := x.Path.Text
		if x.Use != effect.Read || x.Base != effect.WorkDir || x.Glob || x.Loose || name == "" || name == "." || path.IsAbs(name) || strings.HasPrefix(name, "..") ||
			slices.ContainsFunc(out, func(o effect.File) bool { return o.Path.Text == name }) {
			continue
		}
		at := path.Join(in.Dir, name)
		if dir := in.Tree.HasDir(at); dir || in.Tree.Has(at) {
			x.Dir = dir
			out = append(out, x)
		}
	}
	return out
}

// place has prod keep the classes where the code looks for them, which is where Maven has them: an own Tomcat looks for servlets there.
func (m *module) place() {
	for _, x := range m.Sources.Files {
		if m.Gradle == nil && m.made.kind == Classes && m.made.in == "" && x.Use == effect.Read && x.Base == effect.WorkDir && x.Path.Text == m.ClassesDir() {
			m.made.placed = x.Path.Text
		}
	}
}

// readFiles are what the code reads beside its jar, for prod. A war has no
// folder of its own to read from.
func readFiles(in record.Input, f *java.Facts, m *module, reads []effect.File) ([]plan.Artifact, error) {
	var out []plan.Artifact
	if m.made.kind == War {
		return nil, nil
	}
	if dist := m.distributed(in); dist != "" {
		c, err := plan.NewCopy("./", dist+"/")
		if err != nil {
			return nil, err
		}
		out = append(out, plan.Artifact{Copy: c})
	}
	config, err := m.configCopy(in)
	if err != nil {
		return nil, err
	}
	out = append(out, config...)
	for _, x := range reads {
		from, to := x.Path.Text, path.Dir(x.Path.Text)+"/"
		if image.Withheld(in, from) {
			continue
		}
		if x.Dir {
			from, to = from+"/", from+"/"
		}
		a := plan.Artifact{}
		if q := m.filled(f, x.Path.Text); x.Dir && q != nil {
			if !slices.Contains(m.needs(f), q.Dir) && m.Dir != "." {
				return nil, record.Refuse(x.Pos, "make "+plan.Printable(q.Artifact().Value, 80)+" a dependency of "+plan.Printable(m.Artifact().Value, 80)+", so that Maven builds it first",
					"reads %s, which the build of the module %s fills, and no dependency of this module has that built", plan.Printable(x.Path.Text, 80), plan.Printable(q.Dir, 80))
			}
			a.Stage, from = in.Stage("build"), path.Join(workdir(in), from)+"/"
		}
		if a.Copy, err = plan.NewCopy(to, from); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// filled is the module of Maven's reactor whose build puts files into a folder that the code reads: a web app that another module's server serves. nil is
// none.
func (m *module) filled(f *java.Facts, dir string) *java.Project {
	for _, q := range f.Projects {
		if m.Gradle != nil || q.Dir == m.Dir || !tree.Within(dir, q.Dir) {
			continue
		}
		into := func(folder string) bool { return tree.Within(path.Join(q.Dir, pom.Relative(folder)), dir) }
		if into(q.ClassesDir()) {
			return q
		}
		for artifact, goals := range map[string][]string{"maven-dependency-plugin": {"copy", "copy-dependencies", "unpack", "unpack-dependencies"}, "maven-jar-plugin": {"jar"}, "maven-resources-plugin": {"copy-resources"}} {
			for _, goal := range goals {
				for _, x := range q.POM.PluginNamed(artifact).Goal(goal) {
					if to := x.Config("outputDirectory"); to.Found() && into(to.Value) && !slices.Contains(later, x.Phase) {
						return q
					}
				}
			}
		}
	}
	return nil
}

// distributed is the folder of files that Gradle's distribution puts beside the folders of the program, "" for none:
// https://docs.gradle.org/current/userguide/distribution_plugin.html#sec:distribution_contents
func (m *module) distributed(in record.Input) string {
	dist := path.Join(m.Dir, "src/dist")
	if m.Gradle == nil || m.made.kind != Classes || !m.Gradle.Plugin("distribution").Applied() || !in.Tree.HasDir(path.Join(in.Dir, dist)) || image.Withheld(in, dist) {
		return ""
	}
	return dist
}

// readings are the files that the build and the program need in the build
// context: the resources of the modules that are built, and what the code reads.
func readings(m *module, reads []effect.File) []image.Reading {
	var out []image.Reading
	for _, p := range m.parts {
		out = append(out,
			image.Reading{Path: path.Join(p.Dir, "src/main/resources"), Pos: p.Pos(), Use: image.InBuild},
			image.Reading{Path: path.Join(p.Dir, "src/main/webapp"), Pos: p.Pos(), Use: image.InBuild},
			image.Reading{Path: path.Join(p.Dir, "src/test/resources"), Pos: p.Pos(), Use: image.InTests})
	}
	for _, x := range reads {
		out = append(out, image.Reading{Path: x.Path.Text, Pos: x.Pos})
	}
	return out
}
