package gradle

import (
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
)

// Level is a line that names a version of Java.
type Level struct {
	Value  string // "17", "1.8"; "" if it is computed
	Pos    fact.Pos
	By     string // "toolchain", "release", "target", "source", "kotlin" or "kotlin toolchain"
	Vendor string // of a toolchain
}

// Java lists the lines that name a version of Java, in the order in which they count.
// https://docs.gradle.org/current/userguide/toolchains.html,
// https://docs.gradle.org/current/userguide/building_java_projects.html#sec:java_cross_compilation,
// https://kotlinlang.org/docs/gradle-configure-project.html#gradle-java-toolchains-support
func (p *Project) Java() []Level {
	var out []Level
	level := func(by string, s Setting) {
		if s.Found() {
			out = append(out, Level{Value: s.Value, Pos: s.Pos, By: by})
		}
	}
	vendor := func(at ...string) {
		if v := p.last(at...); len(out) > 0 {
			if s := v.asName(); s != "" {
				out[len(out)-1].Vendor = s
			}
		}
	}
	if s := p.setting("java", "toolchain", "languageVersion"); s.Found() {
		level("toolchain", s)
		vendor("java", "toolchain", "vendor")
	}
	for _, at := range [][]string{{"kotlin", "jvmToolchain", "languageVersion"}, {"kotlin", "jvmToolchain"}, {"kotlin", "toolchain", "languageVersion"}} {
		if s := p.setting(at...); s.Found() {
			level("kotlin toolchain", s)
			vendor("kotlin", "jvmToolchain", "vendor")
		}
	}
	compile := p.Task("compileJava")
	level("release", compile.Get("options", "release"))
	if args := compile.Values("options", "compilerArgs"); len(args) > 1 {
		for i, a := range args[:len(args)-1] {
			if a.Value == "--release" {
				level("release", args[i+1])
			}
		}
	}
	for _, by := range []string{"target", "source"} {
		name := by + "Compatibility"
		for _, s := range []Setting{compile.Get(name), p.setting("java", name), p.setting(name)} {
			if s.Found() {
				level(by, s)
				break
			}
		}
	}
	for _, x := range p.entries {
		if len(x.at) < 2 || x.at[len(x.at)-1] != "jvmTarget" || slices.ContainsFunc(x.at, func(s string) bool { return strings.Contains(strings.ToLower(s), "test") }) {
			continue
		}
		if s := p.settle([]*entry{x}); s.Found() {
			level("kotlin", s)
		}
	}
	return out
}
