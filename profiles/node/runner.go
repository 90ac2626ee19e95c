package node

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/node"
	"github.com/dockgen/dockgen/profiles/node/script"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// pm2 is the one program that pm2 keeps running, run by Node alone: a container
// is restarted, logged and copied from outside. env are its variables.
func (a *app) pm2(argv []string, pos fact.Pos) (out []string, env [][2]string, ok bool) {
	target, rest, plain := script.PM2(argv[1:])
	if plain && slices.Contains([]string{".js", ".mjs", ".cjs"}, path.Ext(target)) && !strings.Contains(target, ".config.") {
		return append([]string{"node", target}, rest...), nil, true
	}
	if eco := a.f.Config.Of("pm2"); eco != nil && path.Clean(target) == eco.File {
		if out, env, ok = a.pm2Only(eco); ok {
			a.in.Log.Note(pos, "pm2 is left out: the image runs the one program of "+eco.File+" itself", "")
			return out, env, true
		}
	}
	// pm2 itself leaves its programs in the background and ends.
	if argv[0] == "pm2" && len(argv) > 1 && argv[1] == "start" && a.f.Has("pm2") && !slices.Contains(argv, "--no-daemon") {
		return append([]string{"pm2-runtime"}, argv[1:]...), nil, true
	}
	return nil, nil, false
}

// pm2Only is the one program of a configuration of pm2, where all of it can
// be read: https://pm2.keymetrics.io/docs/usage/application-declaration/.
func (a *app) pm2Only(eco *node.ConfigFile) (argv []string, env [][2]string, ok bool) {
	at := []string{"apps", "0"}
	if _, several := eco.Get("apps", "1"); several != node.Absent {
		return nil, nil, false
	}
	script, state := eco.Get(append(at, "script")...)
	if state != node.Literal || !slices.Contains([]string{".js", ".mjs", ".cjs"}, path.Ext(script.Value)) {
		return nil, nil, false
	}
	for _, key := range eco.Keys(at...) {
		switch key {
		case "args", "interpreter", "interpreter_args", "cwd", "exec_interpreter":
			return nil, nil, false
		case "node_args":
			return nil, nil, false
		}
	}
	for _, table := range []string{"env", "env_production"} {
		for _, name := range eco.Keys(append(at, table)...) {
			v, state := eco.Get(append(at, table, name)...)
			if state != node.Literal || !plan.IsEnvName(name) {
				return nil, nil, false
			}
			env = append(env, [2]string{name, v.Value})
		}
	}
	return []string{"node", path.Clean(script.Value)}, env, true
}

// nodemon is what nodemon starts where it is given no file: the exec of its
// configuration, else main: https://github.com/remy/nodemon#config-files.
func (a *app) nodemon() []string {
	if exec, state := a.f.Config.Of("nodemon").Get("exec"); state == node.Literal && exec.Value != "" {
		list, ok := script.Parse(exec.Value)
		if !ok || len(list) != 1 {
			return nil
		}
		c := script.Unwrap(list[0])
		if name, _, is := script.Script(a.f, c.Argv); is {
			list, ok = script.Parse(a.f.Scripts[name].Value)
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
	for _, name := range []string{a.f.Main.Value, "index.js"} {
		if file, ok := a.entry(name); ok && name != "" {
			return []string{"node", file}
		}
	}
	return nil
}

// resolve turns what a supervisor starts, and a folder that node finds the
// file of, into that file. env are variables that come with it.
func (a *app) resolve(argv []string, pos fact.Pos) (out []string, env [][2]string) {
	switch argv[0] {
	case "pm2", "pm2-runtime":
		if out, env, ok := a.pm2(argv, pos); ok {
			return out, env
		}
	case "nodemon":
		if rest := script.SkipOptions(argv[1:]); len(rest) == 0 {
			if out := a.nodemon(); out != nil {
				argv = out
			}
		}
	}
	if i := script.FileIndex(argv); argv[0] == "node" && i > 0 {
		argv = slices.Clone(argv)
		argv[i] = a.folderFile(argv[i])
	}
	return argv, nil
}

// folderFile is the file that node runs for a folder: its main, else its index:
// https://nodejs.org/api/modules.html#folders-as-modules.
func (a *app) folderFile(dir string) string {
	name := path.Clean(dir)
	switch {
	case name == "." && a.f.Main.Value != "":
		if file, ok := a.entry(a.f.Main.Value); ok && !isTypeScript(file) {
			return file
		} else if ok && a.source(strings.TrimPrefix(path.Clean(a.f.Main.Value), "./")) != "" {
			return path.Clean(a.f.Main.Value)
		}
	case a.has(path.Join(name, "index.js")) && !a.has(name) && !a.has(path.Join(name, "package.json")):
		return path.Join(name, "index.js")
	case !a.has(name) && !a.hasDir(name) && a.source(path.Join(name, "index.js")) != "":
		return path.Join(name, "index.js")
	}
	return dir
}

// elsewhere refuses a command that runs in a folder with packages of its own that
// nothing installs: then that folder is the app.
func (a *app) elsewhere(list []script.Command, pos fact.Pos) error {
	dir := ""
	for _, c := range list {
		for i, w := range c.Argv[:max(len(c.Argv)-1, 0)] {
			if next := c.Argv[i+1]; strings.HasPrefix(next, "..") || path.IsAbs(next) {
				continue
			}
			if w == "--prefix" && c.Argv[0] == "npm" || w == "--cwd" && c.Argv[0] == "yarn" || w == "cd" && i == 0 || w == "-C" && (c.Argv[0] == "npm" || c.Argv[0] == "pnpm") {
				dir = path.Clean(c.Argv[i+1])
			}
		}
	}
	if dir == "" || dir == "." {
		return nil
	}
	text, err := a.in.Tree.Read(path.Join(a.f.Dir, dir, "package.json"))
	if err != nil || !bytes.Contains(text, []byte(`"dependencies"`)) || slices.ContainsFunc(a.f.Packages, func(u node.WorkspaceUnit) bool { return u.Dir == dir }) {
		return nil
	}
	for name, s := range a.f.Scripts {
		if strings.Contains(s.Value, dir) && name != "start" && strings.Contains(s.Value, "install") || name == "heroku-postbuild" {
			return nil
		}
	}
	return record.Refuse(pos, "dockgen init "+plan.Printable(dir, 60)+", or make "+plan.Printable(dir, 60)+" a member of a workspace",
		"the app is started in %s, which has a package.json of its own that nothing here installs", plan.Printable(dir, 60))
}

// missing refuses a command that runs a script which is not there.
func (a *app) missing(list []script.Command, pos fact.Pos) error {
	for _, c := range list {
		if len(c.Argv) != 3 || c.Argv[0] != "npm" && c.Argv[0] != "pnpm" || c.Argv[1] != "run" || a.member != nil {
			continue
		}
		if _, ok := a.f.Script(c.Argv[2]); !ok && !strings.HasPrefix(c.Argv[2], "-") {
			return record.Refuse(pos, "add the script, or take the line out", "it runs the script %s, which %s does not have", fmt.Sprintf("%q", plan.Printable(c.Argv[2], 40)), a.f.Manifest)
		}
	}
	return nil
}

// foreign refuses a command that starts an app of another language: this
// folder's packages are for that app's pages.
func (a *app) foreign(list []script.Command, pos fact.Pos) error {
	rows, err := startRows()
	argv := list[len(list)-1].Argv
	if err != nil || len(argv) == 0 || a.f.Has(argv[0]) {
		return err
	}
	for _, r := range rows.Foreign {
		if slices.Contains(r.Programs, strings.TrimPrefix(argv[0], "./")) {
			return record.Refuse(pos, "add a start script that runs Node, or say --set start=…", "the app is started by %s, which is %s and in no image of Node", plan.Printable(argv[0], 40), r.Language)
		}
	}
	return nil
}

// unserved refuses a program that makes an app and waits for a platform to
// import it: in a container it would end at once. What cannot be followed to
// the end is left alone.
func (a *app) unserved(s start) error {
	rows, err := startRows()
	files, all := a.reach(s)
	if err != nil || !all || a.bun || slices.Contains(s.Argv, "-r") || slices.Contains(s.Argv, "--import") && !a.f.Has("tsx") {
		return err
	}
	uses := map[string]fact.Pos{}
	for file := range files {
		if a.f.Code.Serving[file] {
			return nil
		}
		for _, use := range a.f.Code.Uses[file] {
			uses[use.Value] = use.Pos
		}
	}
	for _, r := range rows.Handlers {
		if pos, ok := uses[r.Package]; ok {
			return record.Refuse(pos, r.Hint, "%s makes %s, and nothing that it runs listens on a port", plan.Printable(s.file(), 60), r.Name)
		}
	}
	return nil
}
