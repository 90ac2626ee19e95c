package node

import (
	"cmp"
	"strings"

	"github.com/dockgen/dockgen/detect/document"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/shell"
)

// Task is one of a runner beside the package manager, which stands for a script that package.json does not have.
type Task struct {
	Argv []string
	Top  bool // it runs in the root of the workspace, and not in the package's folder
}

// maxTasks is more than a package has.
const maxTasks = 100

// addTask takes a task up as a script of its name, unless package.json has one.
func (f *Facts) addTask(name string, task Task, pos fact.Pos) {
	text := strings.Join(task.Argv, " ")
	if _, own := f.Scripts[name]; own || !wireitName.MatchString(name) || len(task.Argv) == 0 || len(text) > maxScript || len(f.Tasks) >= maxTasks {
		return
	}
	if f.Tasks == nil {
		f.Tasks = map[string]Task{}
	}
	if f.Scripts == nil {
		f.Scripts = map[string]fact.Fact[string]{}
	}
	f.Tasks[name], f.Scripts[name] = task, fact.Fact[string]{Value: text, Pos: pos}
}

// wordsOf are the words of a command: of a list, or of a text that is one simple command; nil for more than that.
func wordsOf(v document.Value) []string {
	var out []string
	if v.Kind != document.String {
		for _, w := range v.Strings() {
			out = append(out, w.Value)
		}
		return out
	}
	s, err := shell.Read(v.Text, shell.Start{})
	if err != nil || !s.Complete || s.Statements != 1 || len(s.Commands) != 1 || len(s.Commands[0].Env) > 0 || len(s.Commands[0].Outputs) > 0 {
		return nil
	}
	for _, w := range s.Commands[0].Words {
		if !w.Plain() {
			return nil
		}
		out = append(out, w.Text)
	}
	return out
}

// nxTargets takes up the builds and tests that Nx has for a package by its package.json alone:
// https://nx.dev/docs/reference/project-configuration.
func (f *Facts) nxTargets(v document.Value) {
	name := cmp.Or(v.Get("nx", "name").Text, f.Name.Value)
	for _, m := range v.Get("nx", "targets").Members {
		if runs := m.Value.Get("executor").Found() || m.Value.Get("command").Found(); runs && name != "" && (m.Key == "build" || m.Key == "test") {
			f.addTask(m.Key, Task{Argv: []string{"nx", "run", name + ":" + m.Key}, Top: true}, fact.At(v.File, m.Line))
		}
	}
}
