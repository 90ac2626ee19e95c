package gradle

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
)

// Setting is a value that the scripts give. Computed says that they do so by
// something that the repository does not answer; then the value is empty.
type Setting struct {
	fact.Fact[string]
	Computed bool
}

// Block is all that the scripts say of a task or of an extension.
type Block struct {
	p     *Project
	parts []said
}

// said is an entry as it is seen from a block.
type said struct {
	*entry
	rest []string
}

// Found reports whether a script names it at all.
func (k Block) Found() bool { return len(k.parts) > 0 }

// Pos is where it is named first.
func (k Block) Pos() fact.Pos {
	if len(k.parts) == 0 {
		return fact.Pos{}
	}
	return k.parts[0].pos
}

// Get is the setting of that name, or of a name in a block: Get("manifest", "attributes", "Main-Class").
// The last word counts; what only a branch says makes it Computed.
func (k Block) Get(names ...string) Setting {
	var list []*entry
	for _, x := range k.parts {
		if slices.Equal(x.rest, names) {
			list = append(list, x.entry)
		}
	}
	return k.p.settle(list)
}

// Values are the items of a list, or what is given to a method call by call.
func (k Block) Values(names ...string) []Setting {
	var out []Setting
	for _, x := range k.parts {
		if !slices.Equal(x.rest, names) {
			continue
		}
		if x.how == set && !x.maybe {
			out = nil
		}
		for v := range flat(x.vals) {
			if s := k.p.read(v, x.entry); len(out) < maxItems {
				s.Computed = s.Computed || x.maybe
				out = append(out, s)
			}
		}
	}
	return out
}

// In is what the block says below a name: the elements of a map, or what a block in it sets.
func (k Block) In(names ...string) Block {
	out := Block{p: k.p}
	for _, x := range k.parts {
		if len(x.rest) > len(names) && slices.Equal(x.rest[:len(names)], names) {
			out.parts = append(out.parts, said{x.entry, x.rest[len(names):]})
		}
	}
	return out
}

// Names are the names that the block sets or calls directly.
func (k Block) Names() []string {
	var out []string
	for _, x := range k.parts {
		if len(x.rest) > 0 && !slices.Contains(out, x.rest[0]) && len(out) < maxSame {
			out = append(out, x.rest[0])
		}
	}
	return out
}

// settle is what entries of the same place say in the end.
func (p *Project) settle(list []*entry) Setting {
	var now Setting
	for _, x := range list {
		if len(x.vals) == 0 {
			continue
		}
		s := p.read(x.vals[0], x)
		if len(x.vals) > 1 {
			s = Setting{Fact: fact.Fact[string]{Pos: x.pos}, Computed: true}
		}
		if x.maybe && (s.Computed || now.Computed || now.Value != s.Value || !now.Found()) {
			s.Value, s.Computed = "", true
		}
		now = s
	}
	return now
}

// read is one value as a setting.
func (p *Project) read(v value, x *entry) Setting {
	s := Setting{Fact: fact.Fact[string]{Pos: x.pos}}
	if v.kind == list && len(v.items) == 1 {
		v = v.items[0]
	}
	t, sure, ok := v.asText()
	if v.kind == word && isConstant(v.text) {
		t, sure, ok = v.text, true, true
	}
	if !ok || !sure {
		s.Computed = v.kind != null
		return s
	}
	if after, ok0 := strings.CutPrefix(t, top); ok0 {
		t = tree.Relative(p.abs(), path.Clean("."+after))
	}
	s.Value = t
	return s
}

// isConstant reports whether a name is that of a constant of a class: MicronautRuntime.NETTY.
func isConstant(name string) bool {
	i := strings.LastIndexByte(name, '.')
	return i > 0 && name[i+1:] != "" && strings.ToUpper(name[i+1:]) == name[i+1:]
}

// keyOf is a place as one text.
func keyOf(at []string) string { return strings.Join(at, "\x00") }

// entriesAt are the entries of one place.
func (p *Project) entriesAt(at ...string) []*entry { return p.index[keyOf(at)] }

// setting is what the scripts say of one thing of the project.
func (p *Project) setting(names ...string) Setting {
	return p.settle(p.entriesAt(names...))
}

// last is the value that was set last.
func (p *Project) last(names ...string) value {
	list := p.entriesAt(names...)
	if len(list) == 0 || len(list[len(list)-1].vals) == 0 {
		return value{}
	}
	return list[len(list)-1].vals[0]
}

// Extension is all that the scripts say of an extension, or of the project itself for "".
func (p *Project) Extension(name string) Block {
	k := Block{p: p}
	for _, x := range p.entries {
		if name == "" {
			k.parts = append(k.parts, said{x, x.at})
		} else if x.at[0] == name {
			k.parts = append(k.parts, said{x, x.at[1:]})
		}
	}
	return k
}

// types are the classes of the tasks that plugins make, and those that they extend.
var types = map[string][]string{ //nolint:gochecknoglobals // a constant table
	"jar": {"Jar"}, "bootJar": {"BootJar", "Jar"}, "bootWar": {"BootWar", "War", "Jar"}, "war": {"War", "Jar"}, "shadowJar": {"ShadowJar", "Jar"},
	"bootRun": {"BootRun", "JavaExec"}, "run": {"JavaExec"}, "test": {"Test"}, "compileJava": {"JavaCompile"}, "compileKotlin": {"KotlinCompile", "KotlinJvmCompile"},
	"compileGroovy": {"GroovyCompile"}, "compileScala": {"ScalaCompile"}, "startScripts": {"CreateStartScripts"}, "installDist": {"Sync"},
	"processResources": {"ProcessResources"}, "bootBuildImage": {"BootBuildImage"}, "runnerJar": {"Jar"}, "distTar": {"Tar"}, "distZip": {"Zip"},
}

// Task is all that the scripts say of a task: by its name, and of all tasks of its class.
func (p *Project) Task(name string) Block {
	class := types[name]
	for _, x := range p.entries {
		if x.typ != "" && len(x.at) == 2 && x.at[0] == "tasks" && x.at[1] == name && !slices.Contains(class, x.typ) {
			class = append([]string{x.typ}, types[lowerFirst(x.typ)]...)
		}
	}
	if len(class) > 0 && slices.Contains(class, "Jar") {
		class = append(slices.Clip(class), "AbstractArchiveTask", "AbstractCopyTask", "Zip")
	}
	class = append(slices.Clip(class), anyTask)
	k := Block{p: p}
	for _, x := range p.entries {
		switch {
		case x.at[0] == name:
			k.parts = append(k.parts, said{x, x.at[1:]})
		case len(x.at) < 2 || x.at[0] != "tasks":
		case x.at[1] == name:
			k.parts = append(k.parts, said{x, x.at[2:]})
		case strings.HasPrefix(x.at[1], "type:") && slices.Contains(class, x.at[1][len("type:"):]):
			k.parts = append(k.parts, said{x, x.at[2:]})
		}
	}
	return k
}
