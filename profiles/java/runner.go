package java

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/java/pom"
	"github.com/dockgen/dockgen/detect/shell"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// A runner is a program in one jar that runs a war, which the build puts beside it:
// https://github.com/jetty/jetty.project/tree/jetty-9.4.x/jetty-runner, https://github.com/heroku/webapp-runner.

// runnerJar matches what they are called.
var runnerJar = lazy.MustCompile(`(?i)^(jetty-runner|webapp-runner(-main)?|payara-micro)(-[0-9][A-Za-z0-9.-]*)?\.jar$`)

// takeRunner makes the war one that the runner of the own image starts, where the build makes both.
func (m *module) takeRunner(in record.Input) {
	own := m.ownImage(in)
	if m.made.kind != War || own == nil || len(in.Settings.Start) > 0 {
		return
	}
	words, pos := ownWords(own)
	i := slices.Index(words, "-jar") + 1
	for i > 0 && i < len(words) && strings.HasPrefix(words[i], "-") {
		i++ // more options may come before the jar
	}
	if i <= 0 || i >= len(words) {
		return
	}
	jar := copied(own.Image, words[i])
	if !runnerJar.MatchString(path.Base(jar)) {
		return
	}
	x, ok := m.copies(path.Base(jar))
	if !ok {
		return
	}
	name, args := "", slices.Clone(words[i+1:])
	for n, w := range args {
		if strings.ContainsAny(w, "$"+buildfile.Unknown) {
			return
		}
		if strings.HasSuffix(w, ".war") {
			name = path.Base(w)
			args[n] = name
		}
	}
	if _, err := plan.NewPath(name); name == "" || err != nil {
		return
	}
	a := m.made
	a.kind, a.file = Jar, a.file+".war"
	a = a.unversioned(in, m.Project)
	a.kind, a.release, a.runner, a.pos = Runner, name, x, pos
	a.rule = path.Base(x) + " of the repository's own image runs the war"
	m.made, m.args = a, args
}

// ownWords are the words of what an image starts, with variables as they are written.
func ownWords(own *buildfile.File) ([]string, fact.Pos) {
	entry, cmd := own.Image.Entrypoint, own.Image.Cmd
	switch {
	case entry.Value.Shell != "":
		return shell.Raw(entry.Value.Shell), entry.Pos
	case len(entry.Value.Words) == 0 && cmd.Value.Shell != "":
		return shell.Raw(cmd.Value.Shell), cmd.Pos
	}
	words := slices.Concat(entry.Value.Words, cmd.Value.Words)
	if len(words) > 2 && shell.IsShell(words[0]) && words[1] == "-c" {
		words = shell.Raw(words[2])
	}
	return words, cmd.Pos
}

// copied is the path from which an image has a file.
func copied(i *buildfile.Image, to string) string {
	if !path.IsAbs(to) {
		to = path.Join("/", i.Workdir.Value, to)
	}
	for _, c := range slices.Backward(i.Copies) {
		if c.To == to && !c.Into || path.Join(c.To, path.Base(c.Path)) == to {
			return c.Path
		}
	}
	return ""
}

// copies is where the build of the module puts a jar of that name, which the dependency plugin copies; ok is false if it does not.
// https://maven.apache.org/plugins/maven-dependency-plugin/copy-mojo.html
func (m *module) copies(jar string) (file string, ok bool) {
	for _, x := range m.POM.PluginNamed("maven-dependency-plugin").Goal("copy") {
		dir := m.BuildDir() + "/dependency"
		if o := x.Config("outputDirectory"); o.Found() {
			dir = pom.Relative(o.Value)
		}
		for _, item := range x.Each("artifactItems") {
			dest := cmp.Or(item.Text("destFileName"), item.Text("artifactId")+"-"+item.Text("version")+".jar")
			if dest == jar && pom.Resolved(dir+dest) && !path.IsAbs(dir) && !strings.HasPrefix(path.Clean(dir), "..") {
				return path.Join(dir, dest), true
			}
		}
	}
	return "", false
}

// runnerLogs are the folders of the logs that a runner is told to write:
// https://github.com/jetty/jetty.project/blob/jetty-9.4.x/jetty-runner/src/main/java/org/eclipse/jetty/runner/Runner.java
func (m *module) runnerLogs() []image.Write {
	var out []image.Write
	for i, w := range m.args {
		if m.made.kind == Runner && (w == "--log" || w == "--out") && i+1 < len(m.args) {
			out = append(out, image.Write{Dir: path.Dir(m.args[i+1]), Configured: true, Quiet: true, Pos: m.made.pos})
		}
	}
	return out
}

// runnerAddress is where a runner listens.
func (m *module) runnerAddress() image.Address {
	a := image.Address{Port: unprivileged, Pos: m.made.pos, Rule: "the default of " + path.Base(m.made.runner)}
	for i, w := range m.args {
		if n, err := strconv.Atoi(strings.Join(m.args[min(i+1, len(m.args)):min(i+2, len(m.args))], "")); w == "--port" && err == nil && n > 0 && n < 65536 {
			a.Port, a.Rule = n, "what "+path.Base(m.made.runner)+" is told"
		}
	}
	return a
}
