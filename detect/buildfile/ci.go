package buildfile

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// stepKeys are the keys below which CI and task runners have their commands, a
// text for the shell or a list of them:
//   - run: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax, https://circleci.com/docs/configuration-reference/#run
//   - script, before_script, after_script: https://docs.gitlab.com/ci/yaml/#script
//   - install, before_install, before_deploy: https://docs.travis-ci.com/user/job-lifecycle/
//   - command, commands: https://circleci.com/docs/configuration-reference/#run, https://docs.drone.io/pipeline/docker/syntax/steps/
//   - bash: https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/steps-bash
//   - cmd, cmds: https://taskfile.dev/docs/reference/schema#command
var stepKeys = map[string]bool{ //nolint:gochecknoglobals // a constant table
	"run": true, "script": true, "before_script": true, "after_script": true, "install": true, "before_install": true, "before_deploy": true,
	"command": true, "commands": true, "bash": true, "cmd": true, "cmds": true,
}

// Keys of variables and of working directories.
var (
	variableKeys = []string{"env", "environment", "variables", "vars"}               //nolint:gochecknoglobals // a constant table
	folderKeys   = []string{"working-directory", "working_directory", "dir"}         //nolint:gochecknoglobals // a constant table
	template     = lazy.MustCompile(`\$\{\{[^{}\n]*\}\}|\{\{[^{}\n]*\}\}|\$\(\w+\)`) // of a workflow, of a Taskfile, of Azure
	templateName = lazy.MustCompile(`^[${( ]*(?:env\.|vars\.|variables\.|\.)?([A-Za-z_]\w*)[ })]*$`)
)

// ci reads the steps of a workflow or the tasks of a Taskfile, in the order of
// the file.
func (f *File) ci(text string) bool {
	doc, err := document.Parse(f.Name, []byte(text))
	if err != nil {
		f.Loose = true
		return true
	}
	f.steps(doc, nil, ".", 0)
	return true
}

// maxSteps is how deep the steps of CI lie at the most.
const maxSteps = 12

func (f *File) steps(v document.Value, vars map[string]string, dir string, depth int) {
	if depth > maxSteps || len(f.Commands) >= maxCommands {
		return
	}
	for _, key := range folderKeys {
		if d := v.Get(key); d.Kind == document.String {
			dir = path.Join(dir, template.ReplaceAllString(d.Text, Unknown))
		}
	}
	for _, key := range variableKeys {
		if m := v.Get(key); m.Kind == document.Object && len(m.Members) > 0 {
			if vars = maps.Clone(vars); vars == nil {
				vars = map[string]string{}
			}
			for _, x := range m.Members[:min(len(m.Members), maxListed)] {
				if x.Value.IsScalar() {
					vars[x.Key] = fill(x.Value.Text, vars)
				}
			}
		}
	}
	f.action(v, vars)
	for _, m := range v.Members {
		switch {
		case stepKeys[m.Key] && m.Value.IsScalar():
			f.step(m.Value, vars, dir)
		case stepKeys[m.Key] && m.Value.Kind == document.List:
			for _, item := range m.Value.Items {
				if item.IsScalar() {
					f.step(item, vars, dir)
				} else {
					f.steps(item, vars, dir, depth+1)
				}
			}
		default:
			f.steps(m.Value, vars, dir, depth+1)
		}
	}
	for _, item := range v.Items {
		f.steps(item, vars, dir, depth+1)
	}
}

// fill puts values in the place of templates.
func fill(text string, vars map[string]string) string {
	left := maxText
	return template.ReplaceAllStringFunc(text, func(ref string) string {
		v, ok := "", false
		if m := templateName.FindStringSubmatch(ref); m != nil {
			v, ok = vars[m[1]]
		}
		if left -= len(v); !ok || left < 0 {
			if strings.HasPrefix(ref, "$(") {
				return ref // what the shell knows as well
			}
			return Unknown
		}
		return v
	})
}

// step adds the commands of one text.
func (f *File) step(v document.Value, vars map[string]string, dir string) {
	at := f.at(v.Line)
	at.dir = dir
	if strings.HasSuffix(v.Text, "\n") { // a block: | or >
		at.pos.Line++
	}
	text := fill(v.Text, vars)
	before := len(f.Commands)
	if !f.shell(text, vars, at) {
		f.broken(text, at)
	}
	var job []Var
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		job = listed(job, variable(name, vars[name]))
	}
	for i := range f.Commands[min(before, len(f.Commands)):] {
		f.Commands[before+i].Job = job
	}
}

// action adds the build of a step that builds an image:
// https://github.com/docker/build-push-action#inputs.
func (f *File) action(v document.Value, vars map[string]string) {
	name, _, _ := strings.Cut(v.Get("uses").Text, "@")
	with := v.Get("with")
	if name != "docker/build-push-action" || with.Kind != document.Object {
		return
	}
	b := Build{Pos: with.Pos(), Context: fill(with.Get("context").Text, vars), Dockerfile: fill(with.Get("file").Text, vars), Target: fill(with.Get("target").Text, vars)}
	b.Context = strings.TrimSuffix(b.Context, "/")
	args := with.Get("build-args")
	n := args.Line
	if strings.HasSuffix(args.Text, "\n") { // a block: | or >
		n++
	}
	for l := range strings.Lines(args.Text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(l), "="); ok && argName.MatchString(name) {
			b.Args = listed(b.Args, fact.New(variable(name, fill(value, vars)), f.Name, n))
		}
		n++
	}
	for l := range strings.Lines(with.Get("tags").Text) {
		for tag := range strings.SplitSeq(l, ",") {
			b.Tags = listed(b.Tags, fill(strings.TrimSpace(tag), vars))
		}
	}
	f.Builds = listed(f.Builds, b)
}
