package node

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/node/workspace"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// pm2 is the one program that pm2 keeps running, run by Node alone: a container
// is restarted, logged and copied from outside. env are its variables.
func (w starter) pm2(argv []string, pos fact.Pos) (out resolved, ok bool) {
	f := w.app.Root
	target, rest, plain := script.PM2(argv[1:])
	if plain && slices.Contains([]string{".js", ".mjs", ".cjs"}, path.Ext(target)) && !strings.Contains(target, ".config.") {
		return resolved{argv: append([]string{"node", target}, rest...)}, true
	}
	if eco := f.Config.Of("pm2"); eco != nil && path.Clean(target) == eco.File {
		if argv, env, ok := pm2Only(eco); ok {
			return resolved{argv, env, []plan.Note{{Pos: pos, Text: "pm2 is left out: the image runs the one program of " + eco.File + " itself"}}}, true
		}
	}
	// pm2 itself leaves its programs in the background and ends.
	if argv[0] == "pm2" && len(argv) > 1 && argv[1] == "start" && f.Has("pm2") && !slices.Contains(argv, "--no-daemon") {
		return resolved{argv: append([]string{"pm2-runtime"}, argv[1:]...)}, true
	}
	return resolved{}, false
}

// pm2Only is the one program of a configuration of pm2, where all of it can
// be read: https://pm2.keymetrics.io/docs/usage/application-declaration/.
func pm2Only(eco *node.ConfigFile) (argv []string, env []plan.Env, ok bool) {
	at := []string{"apps", "0"}
	if _, several := eco.Get("apps", "1"); several != node.Absent {
		return nil, nil, false
	}
	script, state := eco.Get(append(at, "script")...)
	if state != node.Literal || !slices.Contains([]string{".js", ".mjs", ".cjs"}, path.Ext(script.Value)) {
		return nil, nil, false
	}
	if slices.ContainsFunc(eco.Keys(at...), func(key string) bool {
		return slices.Contains([]string{"args", "interpreter", "interpreter_args", "cwd", "exec_interpreter", "node_args"}, key)
	}) {
		return nil, nil, false
	}
	for _, table := range []string{"env", "env_production"} {
		for _, name := range eco.Keys(append(at, table)...) {
			v, state := eco.Get(append(at, table, name)...)
			e, err := plan.NewEnv(name, v.Value)
			if state != node.Literal || err != nil {
				return nil, nil, false
			}
			env = append(env, e)
		}
	}
	return []string{"node", path.Clean(script.Value)}, env, true
}

// nodemon is what nodemon starts where it is given no file: the exec of its
// configuration, else main: https://github.com/remy/nodemon#config-files.
func nodemon(app workspace.App, f *node.Facts) []string {
	if exec, state := f.Config.Of("nodemon").Get("exec"); state == node.Literal && exec.Value != "" {
		list, ok := script.Parse(exec.Value)
		if !ok || len(list) != 1 {
			return nil
		}
		c := script.Unwrap(list[0])
		if name, _, is := script.Script(f, c.Argv); is {
			list, ok = script.Parse(f.Scripts[name].Value)
			if !ok || len(list) != 1 {
				return nil
			}
			c = script.Unwrap(list[0])
		}
		if len(c.Env) > 0 {
			return nil
		}
		return c.Argv
	}
	dir := app.Rel(f.Dir)
	if f == app.Root {
		dir = "."
	}
	for _, name := range []string{f.Main.Value, "index.js"} {
		if file, ok := entry(app, path.Join(dir, name)); ok && name != "" {
			return []string{"node", strings.TrimPrefix(file, dir+"/")}
		}
	}
	return nil
}

// resolved is what a command runs in the end.
type resolved struct {
	argv  []string
	env   []plan.Env // variables that come with it
	notes []plan.Note
}

// resolve turns what a supervisor starts, and a folder that node finds the
// file of, into that file; of is the package in whose folder it runs.
func (w starter) resolve(of *node.Facts, argv []string, pos fact.Pos) resolved {
	switch argv[0] {
	case "prisma":
		if len(argv) > 2 && argv[1] == "migrate" && argv[2] == "dev" {
			return resolved{argv: append([]string{"prisma", "migrate", "deploy"}, schemaFlag(argv)...), notes: []plan.Note{{
				Pos:  pos,
				Text: "prod applies the migrations with prisma migrate deploy: prisma migrate dev makes new ones, and may reset the database",
			}}}
		}
	case "egg-scripts":
		// With it, the program that the container waits for ends at once:
		// https://www.eggjs.org/core/deployment
		return resolved{argv: slices.DeleteFunc(slices.Clone(argv), func(w string) bool { return w == "--daemon" || w == "-d" })}
	case "pm2", "pm2-runtime":
		if out, ok := w.pm2(argv, pos); ok {
			return out
		}
	case "nodemon":
		if rest := script.SkipOptions(argv[1:]); len(rest) == 0 {
			if out := nodemon(w.app, of); out != nil {
				argv = out
			}
		}
	}
	if i := script.FileIndex(argv); argv[0] == "node" && i > 0 {
		argv = slices.Clone(argv)
		argv[i] = folderFile(w.app, argv[i])
	}
	return resolved{argv: argv}
}

// schemaFlag is the option of a command of Prisma's that names the schema.
func schemaFlag(argv []string) []string {
	if schema, ok := script.Flag(argv, []string{"--schema"}); ok {
		return []string{"--schema", schema}
	}
	return nil
}

// folderFile is the file that node runs for a folder: its main, else its index:
// https://nodejs.org/api/modules.html#folders-as-modules.
func folderFile(app workspace.App, dir string) string {
	f := app.Root
	name := path.Clean(dir)
	switch {
	case name == "." && f.Main.Value != "":
		if file, ok := entry(app, f.Main.Value); ok && !isTypeScript(file) {
			return file
		} else if ok && source(app, strings.TrimPrefix(path.Clean(f.Main.Value), "./")) != "" {
			return path.Clean(f.Main.Value)
		}
	case app.Has(path.Join(name, "index.js")) && !app.Has(name) && !app.Has(path.Join(name, "package.json")):
		return path.Join(name, "index.js")
	case !app.Has(name) && !app.HasDir(name) && source(app, path.Join(name, "index.js")) != "":
		return path.Join(name, "index.js")
	}
	return dir
}

// refuse says what of commands no image can run. member says that they run in a
// member of the workspace.
func (w starter) refuse(list []script.Command, pos fact.Pos, member bool) error {
	f := w.app.Root
	if err := foreignProgram(f, list, pos); err != nil {
		return err
	}
	if member {
		return nil
	}
	return refuseMissingScript(f, list, pos)
}

// refuseMissingScript refuses a command that runs a script which is not there.
func refuseMissingScript(f *node.Facts, list []script.Command, pos fact.Pos) error {
	for _, c := range list {
		if len(c.Argv) != 3 || c.Argv[0] != "npm" && c.Argv[0] != "pnpm" || c.Argv[1] != "run" {
			continue
		}
		if _, ok := f.Script(c.Argv[2]); !ok && !strings.HasPrefix(c.Argv[2], "-") {
			return record.Refuse(pos, "add the script, or take the line out", "it runs the script %s, which %s does not have", fmt.Sprintf("%q", plan.Printable(c.Argv[2], 40)), f.Manifest)
		}
	}
	return nil
}

// foreignProgram refuses a command that starts an app of another language: this
// folder's packages are for that app's pages.
func foreignProgram(f *node.Facts, list []script.Command, pos fact.Pos) error {
	rows, err := startRows()
	argv := list[len(list)-1].Argv
	if err != nil || len(argv) == 0 || f.Has(argv[0]) {
		return err
	}
	for _, r := range rows.Foreign {
		if slices.Contains(r.Programs, strings.TrimPrefix(argv[0], "./")) {
			return record.Refuse(pos, "add a start script that runs Node, or say --set start=…", "the app is started by %s, which is %s, and Node's image does not have it", plan.Printable(argv[0], 40), r.Language)
		}
	}
	return nil
}

// uninstalled says which packages the running code imports and nothing installs: without a
// manifest the app must fail, and it is refused.
func uninstalled(p project, s start, c code) error {
	f := p.app.Root
	known := f.Bare != "" || len(f.Packages) == 0 && p.app.Member == nil && !p.eng.Bun && !f.Has("tsconfig-paths") && (f.TSConfig == nil || !f.TSConfig.Paths) && translates(f, s)
	if !known || f.Bare == "" && (p.pm.Lock != nil && f.Hoisted == nil || len(f.Local) > 0) {
		return nil
	}
	missing := map[string]fact.Pos{}
	more := ownExtra(p)
	for file := range c.files {
		if f.Bare == "" && len(runFolders(p, code{files: map[string]bool{file: true}})) > 0 {
			continue // that folder has packages of its own
		}
		for _, use := range f.Code.Uses[file] {
			name := use.Value
			_, hoisted := f.Hoisted[name]
			if builtin[name] || hoisted || f.Has(name) || more.has(name) || strings.ContainsAny(name, ":#~") || name == "" || name == "bun" || name == "electron" || name == f.Name.Value || strings.HasPrefix(name, "@/") {
				continue
			}
			if at, seen := missing[name]; !seen || use.Pos.String() < at.String() {
				missing[name] = use.Pos
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		shown := plan.Printable(name, 60)
		if f.Bare != "" {
			return record.Refuse(missing[name], "npm init -y && npm install "+shown+", and commit package.json and its lockfile",
				"the program imports %s, and there is no package.json that would install it", shown)
		}
		p.in.Log.Note(missing[name], "the code imports "+shown+", which "+f.Manifest+" does not list", "npm install "+shown)
	}
	return nil
}

// unserved refuses a program that makes an app and waits for a platform to
// import it: in a container it would end at once. What cannot be followed to
// the end is left alone.
func unserved(app workspace.App, eng engine, s start) error {
	f := app.Root
	rows, err := startRows()
	c := codeFrom(app, s.file())
	if err != nil || !c.all || eng.Bun || slices.Contains(s.Argv, "-r") || slices.Contains(s.Argv, "--import") && !f.Has("tsx") {
		return err
	}
	uses := map[string]fact.Pos{}
	for file := range c.files {
		if f.Code.Serving[file] {
			return nil
		}
		for _, use := range f.Code.Uses[file] {
			uses[use.Value] = use.Pos
		}
	}
	for _, r := range rows.Handlers {
		if pos, ok := uses[r.Package]; ok {
			return record.Refuse(pos, r.Hint, "%s creates %s, but nothing that it runs listens on a port", plan.Printable(s.file(), 60), r.Name)
		}
	}
	return nil
}
