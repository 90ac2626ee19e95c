package java

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/detect/java/gradle"
	"github.com/dockgen/dockgen/detect/secret"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// optionsKey is the choice of the options that the repository's own image gives to java.
const optionsKey = "java.options"

// kept matches the options of java that mean the same in this image: what the program may
// reach, stacks and heaps, system properties, and what holds in each release of Java.
// https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html
var kept = lazy.MustCompile(`^(--(add-opens|add-exports|add-reads|add-modules|enable-native-access)=[A-Za-z0-9_.,/=-]+|--enable-preview` +
	`|-X(ss|ms|mx)[0-9]+[kKmMgG]?|-D[A-Za-z0-9_.-]+(=[A-Za-z0-9_.,:/+@-]*)?` +
	`|-XX:(\+Use(G1|Z|Serial|Parallel)GC|\+UseStringDeduplication|\+HeapDumpOnOutOfMemoryError|\+CrashOnOutOfMemoryError|\+AlwaysPreTouch` +
	`|(Initial|Min|Max)RAMPercentage=[0-9.]+|(Max)?MetaspaceSize=[0-9]+[kKmMgG]?|MaxDirectMemorySize=[0-9]+[kKmMgG]?|ReservedCodeCacheSize=[0-9]+[kKmMgG]?` +
	`|TieredStopAtLevel=[0-4]|ActiveProcessorCount=[0-9]+|MaxGCPauseMillis=[0-9]+))$`)

// elsewhere matches system properties that are decided in another place, or that name a file
// of the other image.
var elsewhere = lazy.MustCompile(`^-D([A-Za-z0-9_.-]*\.)?(port|host|address)=|^-D(com\.sun\.management|java\.rmi)\.|=(file:)?/`)

// optionVariables are those in which images keep the options of java. The last two are the
// virtual machine's own, the others are those of start scripts.
var optionVariables = []string{"JAVA_OPTS", "JAVA_OPTIONS", "JVM_OPTS", "JAVA_ARGS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"} //nolint:gochecknoglobals // a constant table

// maxOptions is how many options are kept, and maxOption how long each may be.
const (
	maxOptions = 40
	maxOption  = 200
)

// ofAnother reports whether the own Dockerfile may be that of another module.
func (m *module) ofAnother(in record.Input, own *buildfile.File) bool {
	return !own.Default && m.Dir != "." && !image.OfModule(in)
}

// ownImage is the own Dockerfile, nil for none and where it may be that of another module.
func (m *module) ownImage(in record.Input) *buildfile.File {
	own := image.OwnImage(in)
	if own == nil || m.ofAnother(in, own) {
		return nil
	}
	return own
}

// ownOptions are the options with which the repository's own image, or the script that it
// starts, runs java. What holds for that image alone is not among them.
func ownOptions(in record.Input, m *module) []string {
	own := image.OwnImage(in)
	if own != nil && m.ofAnother(in, own) {
		return nil
	}
	var out []string
	var at fact.Pos
	take := func(pos fact.Pos, options []string) {
		for _, w := range options {
			if !slices.Contains(out, w) && len(out) < maxOptions && !m.variables.have(w) {
				out = append(out, w)
				if at.IsZero() {
					at = pos
				}
			}
		}
	}
	add := func(pos fact.Pos, words []string) { take(pos, optionsOf(words)) }
	old, replaced := image.Remembered(in, optionsKey, image.Sets)
	switch {
	case own == nil && replaced:
		take(fact.At(record.LockFile, 0), slices.DeleteFunc(strings.Fields(old.Value), func(w string) bool { return !safeOption(w) }))
	case own != nil:
		for _, v := range own.Image.Env {
			if slices.Contains(optionVariables, v.Value.Name) && !v.Value.Secret {
				add(v.Pos, strings.Fields(v.Value.Value))
			}
		}
		for _, c := range own.Image.Copies {
			if path.Ext(c.Source) == ".xml" && m.made.kind == War { // which deploys the war, and Tomcat does not read
				for _, v := range java.JettyProperties(in.Tree, path.Join(in.Dir, c.Source)) {
					if w := "-D" + v.Value; safeOption(w) {
						take(v.Pos, []string{w})
					}
				}
			}
		}
		start := slices.Concat(own.Image.Entrypoint.Value.Words, own.Image.Cmd.Value.Words)
		for _, c := range append(slices.Clone(own.Commands), scripts(in, start)...) {
			if c.Program() == "java" && !c.Step {
				add(c.Pos, c.Words[1:])
			}
		}
	}
	if len(out) == 0 {
		if out = processOptions(in, m); len(out) == 0 {
			out = applicationOptions(in, m)
		}
		return out
	}
	value := strings.Join(out, " ")
	evidence := image.Adopted(in, at, image.Sets, value)
	if own == nil {
		evidence = old.Evidence
	}
	in.Log.Choose(plan.Choice{Key: optionsKey, Value: value, Rule: "the options with which the repository's own image runs java", Pos: record.At(at), Evidence: evidence})
	return out
}

// applicationOptions are those that the build writes into its start scripts, which the image does not have.
func applicationOptions(in record.Input, m *module) []string {
	rule := "the application plugin's options for java"
	out, at := m.gradleOptions()
	if m.script != nil {
		rule, out, at = "the options of its start script for java", m.script.own(m.made.config.to, m.made.config.to), m.script.main.Pos
	}
	if len(out) > 0 {
		in.Log.Choose(plan.Choice{Key: optionsKey, Value: strings.Join(out, " "), Rule: rule, Pos: record.At(at)})
	}
	return out
}

// developed are the options of the build's start scripts, for dev.
func (m *module) developed() []string {
	if m.script != nil {
		return m.script.own(m.made.config.to, m.in(m.made.config.source))
	}
	out, _ := m.gradleOptions()
	return out
}

// gradleOptions are those of Gradle's application plugin:
// https://docs.gradle.org/current/userguide/application_plugin.html#sec:application_jvm_arguments
func (m *module) gradleOptions() (out []string, at fact.Pos) {
	if m.Gradle == nil || m.made.kind != Classes {
		return nil, at
	}
	for _, block := range []gradle.Block{m.Gradle.Extension(applyPlugin), m.Gradle.Extension("")} {
		for _, v := range block.Values("applicationDefaultJvmArgs") {
			for _, w := range optionsOf([]string{v.Value}) {
				if !v.Computed && !slices.Contains(out, w) && len(out) < maxOptions {
					out, at = append(out, w), v.Pos
				}
			}
		}
	}
	return out, at
}

// scripts are the commands of the scripts among the words that an image starts.
func scripts(in record.Input, words []string) []buildfile.Command {
	var out []buildfile.Command
	for _, f := range in.Builds.Builds(".") {
		if f.Kind == buildfile.Script && slices.ContainsFunc(words, func(w string) bool { return path.Base(w) == path.Base(f.Name) }) {
			out = append(out, f.Commands...)
		}
	}
	return out
}

// paths are the options of java whose value is the next word, and that lead to its files:
// https://docs.oracle.com/en/java/javase/25/docs/specs/man/java.html
var paths = []string{"-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path"} //nolint:gochecknoglobals // a constant table

// ofModules are the others whose value may be the next word: --add-opens java.base/java.lang=ALL-UNNAMED.
var ofModules = []string{"--add-opens", "--add-exports", "--add-reads", "--add-modules", "--limit-modules", "--patch-module", "--enable-native-access"} //nolint:gochecknoglobals // a constant table

// takesNext reports whether an option of java has its value in the next word.
func takesNext(w string) bool { return slices.Contains(paths, w) || slices.Contains(ofModules, w) }

// optionsOf are the options before the class or the jar that are kept. A word may hold
// several, where a variable of a script has them.
func optionsOf(words []string) []string {
	var flat []string
	for _, w := range words {
		flat = append(flat, strings.Fields(w)...)
	}
	var out []string
	for i := 0; i < len(flat) && i < 200; i++ {
		w := flat[i]
		switch {
		case strings.HasPrefix(w, "@"):
			return out
		case w == "-jar": // more options may come before the jar
			continue
		case slices.Contains(paths, w):
			i++
			continue
		case slices.Contains(ofModules, w) && i+1 < len(flat):
			i++
			w += "=" + flat[i]
		case !strings.HasPrefix(w, "-") && !strings.Contains(w, buildfile.Unknown):
			return out // the class
		}
		if safeOption(w) && !elsewhere.MatchString(w) {
			out = append(out, w)
		}
	}
	return out
}

// toolOptionsName is the variable of the options that each virtual machine takes:
// https://docs.oracle.com/en/java/javase/21/docs/specs/jvmti.html#tooloptions
const toolOptionsName = "JAVA_TOOL_OPTIONS"

// safeOption reports whether an option means the same in each image, and is no secret.
func safeOption(w string) bool {
	name, value, _ := strings.Cut(strings.TrimPrefix(w, "-D"), "=")
	hidden := strings.HasPrefix(w, "-D") && (secret.Possible(strings.ToUpper(strings.ReplaceAll(name, ".", "_"))) || secret.Value(value))
	return len(w) <= maxOption && kept.MatchString(w) && !hidden
}

// toolOptions is the value of JAVA_TOOL_OPTIONS: dockgen's own options, but for those that
// the repository's say otherwise, then these.
func toolOptions(own []string) string {
	out := []string{"-XX:MaxRAMPercentage=75", "-XX:+ExitOnOutOfMemoryError"}
	if slices.ContainsFunc(own, func(o string) bool {
		return strings.HasPrefix(o, "-Xmx") || strings.HasPrefix(o, "-XX:MaxRAMPercentage=")
	}) {
		out = out[1:]
	}
	if slices.Contains(own, "-XX:+CrashOnOutOfMemoryError") {
		out = out[:len(out)-1]
	}
	return strings.Join(append(out, own...), " ")
}
