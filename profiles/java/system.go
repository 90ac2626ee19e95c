package java

import (
	"path"
	"sort"

	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java"
	"github.com/dockgen/dockgen/profiles/knowledge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// needs are what the app needs of the system.
type needs struct {
	debian, alpine []plan.System
	env            []plan.Env
	noAlpine       string // why it does not run on Alpine
	shell          string // the shell that it starts
}

// shells are programs that every image but distroless has.
var shells = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"sh": true, "bash": true, "ls": true, "cat": true, "cp": true, "mv": true, "rm": true, "echo": true, "env": true, "uname": true, "ps": true, "kill": true, "tar": true, "gzip": true, "java": true,
}

// needsOf looks the dependencies, the programs that the code starts and the
// desktop classes up in the table of system packages.
func needsOf(in record.Input, m *module) needs {
	var out needs
	seen := map[string]bool{}
	add := func(key, remark string, c plan.Choice) bool {
		row, ok := in.Know.Package("java", key)
		if !ok || seen[key] {
			return ok
		}
		seen[key] = true
		out.add(row, remark)
		c.Key, c.Value, c.Link = "packages", key, row.Source
		in.Log.Choose(c)
		return true
	}
	for _, d := range m.dependencies() {
		if d.AtRuntime() {
			add(d.Name(), d.Artifact, plan.Choice{Rule: "a dependency that needs the system's packages", Pos: record.At(d.Pos)})
		}
	}
	for _, i := range of(m, func(s java.Sources) []fact.Fact[string] { return s.Desktop }) {
		add("java.awt", "java.awt draws text with the system's fonts", plan.Choice{Rule: "the code draws with java.awt", Pos: record.At(i.Pos)})
	}
	for _, prog := range of(m, func(s java.Sources) []effect.Exec { return s.Execs }) {
		name := path.Base(prog.Program.Text)
		if add("/usr/bin/"+name, name+", which the code starts", plan.Choice{Rule: "the code starts it as another process", Pos: record.At(prog.Pos)}) || seen[name] {
			continue
		}
		seen[name] = true
		if shells[name] {
			if name != "java" && out.shell == "" {
				out.shell = name
			}
			continue
		}
		in.Log.Note(prog.Pos, "starts "+plan.Printable(name, 40)+", which dockgen knows no package of", "--set packages=[NAME] installs it")
	}
	return out
}

func (n *needs) add(row knowledge.Package, remark string) {
	if row.NoAlpine != "" {
		n.noAlpine = row.NoAlpine
	}
	for _, x := range []struct {
		list *[]plan.System
		need []string
	}{{&n.debian, row.Debian.Runtime}, {&n.alpine, row.Alpine.Runtime}} {
		if words, err := plan.Tokens(x.need...); err == nil && len(words) > 0 {
			*x.list = append(*x.list, plan.System{For: plan.NewComment(remark), Packages: words})
		}
	}
	keys := make([]string, 0, len(row.Env))
	for k := range row.Env {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		n.env = append(n.env, plan.MustEnv(k, row.Env[k]))
	}
}
