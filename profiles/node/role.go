package node

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/framework"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/record"
)

// Serves reports whether the package is a server or another program of Node's, and not
// only what browsers load or what developers run.
func Serves(in record.Input, f *node.Facts) bool {
	root := workspace.New(in.Tree, f)
	fw, err := framework.Find(ask(in, root))
	if err == nil && fw.Used() {
		return fw.Site == nil
	}
	for _, c := range written(f) {
		if isNodeProgram(f, c.text.Value) {
			return true
		}
	}
	return slices.ContainsFunc(f.Code.Listens, func(l effect.Listen) bool { return !l.Named })
}

// isNodeProgram reports whether the last program of a command is Node with a file of the
// repository that is there or that a build may write, or one of its packages that serves.
func isNodeProgram(f *node.Facts, text string) bool {
	list := script.Followed(f, text)
	if len(list) == 0 {
		return false
	}
	words := list[len(list)-1]
	if words[0] == "node" || words[0] == "bun" || words[0] == "tsx" || words[0] == "ts-node" {
		return true
	}
	rows, err := startRows()
	return err == nil && slices.ContainsFunc(rows.Programs, func(p server) bool {
		return p.Program == words[0] && (p.Command == "" || len(words) > 1 && words[1] == p.Command)
	})
}

// OnlyTools reports whether package.json lists what developers run, and nothing else:
// there is no program to start, nothing to build, no package for others and no framework.
func OnlyTools(in record.Input, f *node.Facts) bool {
	if len(f.Packages) > 0 || !onlyTools(f) || slices.ContainsFunc(f.Procfile, func(p buildfile.Process) bool { return Language(f, p.Text) == "node" }) {
		return false
	}
	root := workspace.New(in.Tree, f)
	fw, err := framework.Find(ask(in, root))
	return err == nil && !fw.Used() && len(usualEntries(root)) == 0 && !slices.ContainsFunc(f.Code.Listens, func(l effect.Listen) bool { return !l.Named })
}

// onlyTools is OnlyTools by package.json alone.
func onlyTools(f *node.Facts) bool {
	if slices.ContainsFunc(f.Deps, func(d node.Dep) bool { return d.Kind != node.Dev && d.Kind != node.Peer }) {
		return false
	}
	for _, e := range append([]fact.Fact[string]{f.Main, f.Exports, f.Module}, f.Bin...) {
		if e.Value != "" {
			return false
		}
	}
	for _, name := range []string{"start", "build", "dev", "serve", "start:prod"} {
		if _, ok := f.Script(name); ok {
			return false
		}
	}
	return true
}

// Language is the language whose program a command line starts, by the name that it
// has as a profile, "" if its program does not say: what f's package.json lists is
// Node's.
func Language(f *node.Facts, text string) string {
	list, ok := script.Parse(text)
	if !ok || len(list) == 0 {
		return ""
	}
	argv := script.Unwrap(list[len(list)-1]).Argv
	if len(argv) == 0 {
		return ""
	}
	program := strings.TrimPrefix(argv[0], "./")
	rows, err := startRows()
	if err != nil {
		return ""
	}
	for _, r := range rows.Foreign {
		if slices.Contains(r.Programs, program) || slices.Contains(r.Programs, path.Base(program)) && strings.Contains(program, "/") {
			return strings.ToLower(r.Language)
		}
	}
	if slices.Contains([]string{"node", "npm", "npx", "yarn", "pnpm", "bun", "bunx", "tsx", "ts-node", "pm2", "pm2-runtime"}, program) || f != nil && f.Has(program) {
		return "node"
	}
	return ""
}
