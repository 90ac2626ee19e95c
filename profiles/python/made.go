package python

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	facts "github.com/dockgen/dockgen/detect/python"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// made is a command of the project's own that the own Dockerfile runs while it builds its image, and the files that it makes there:
// notes init --config /etc/notes/notes.ini.
type made struct {
	argv  []string
	files []string // rooted, which prod takes from the build; nil for what it makes below the code
	why   string
	pos   fact.Pos
}

// makingVerbs are the commands of a project's own program that make something, and need nothing but the project.
var makingVerbs = []string{"init", "init-config", "config", "configure", "generate", "gen", "build", "compile", "assets", "bundle", "setup", "make-config", "create-config", "prepare", "collect", "collectstatic", "download"} //nolint:gochecknoglobals // a constant table

// makesOwn are the commands of the recipe that a console script of the project runs, as far as they are known. The files are recorded, so that
// what names them finds them.
func (p project) makesOwn() []made {
	if !p.packaged() {
		return nil
	}
	var out []made
	for _, c := range p.f.Recipe.Commands {
		words := c.Words
		if len(words) < 2 || len(out) == maxSteps || !p.ownScript(words[0]) || !slices.Contains(makingVerbs, strings.ToLower(words[1])) {
			continue
		}
		if slices.ContainsFunc(words, func(w string) bool { return strings.ContainsAny(w, buildfile.Unknown+"$*~`\n") }) || len(c.Env) > maxSteps {
			continue
		}
		m := made{argv: append([]string{path.Base(words[0])}, words[1:]...), pos: c.Pos}
		m.why = "runs " + m.argv[0] + " " + m.argv[1] + ", as " + image.DisplayName(p.in, c.Pos) + " does"
		if flag := p.loopbackOption(m.argv); flag != "" {
			m.argv = append(m.argv, flag, "0.0.0.0")
			m.why += ", for every interface"
		}
		ok := true
		for _, w := range words[2:] {
			_, value := joined(w)
			if !path.IsAbs(value) {
				continue
			}
			file := path.Clean(value)
			if !image.Makeable(file) {
				ok = false
				break
			}
			m.files = append(m.files, file)
		}
		if _, err := plan.NewShell(m.argv...); ok && err == nil {
			out = append(out, m)
		}
	}
	var files []string
	for _, m := range out {
		files = append(files, m.files...)
	}
	if len(files) > 0 {
		image.RecordMade(p.in, files, out[0].pos)
	}
	return out
}

var (
	hostOption = lazy.MustCompile(`add_argument\(\s*(?:["']-\w["'],\s*)?["'](--(?:host|bind|listen|address))["'](?s:.{0,300}?)default\s*=\s*["'](?:127\.0\.0\.1|localhost)["']`)
	subcommand = lazy.MustCompile(`(?:==\s*|add_parser\(\s*)["']([\w-]+)["']`)
)

// loopbackOption is the option of a command that says on which host a server is to listen, by default this machine alone, where the command
// makes its settings and is not given it: nothing outside of the container would reach the server.
func (p project) loopbackOption(argv []string) string {
	m := p.moduleOf(argv[0])
	if m == nil {
		return ""
	}
	f := p.in.Builds.File(m.File)
	if f == nil {
		return ""
	}
	found := hostOption.FindAllStringSubmatchIndex(f.Text, 2)
	if len(found) != 1 || strings.Count(f.Text[found[0][0]:found[0][1]], "add_argument") != 1 {
		return ""
	}
	flag := f.Text[found[0][2]:found[0][3]]
	before := f.Text[max(0, found[0][0]-3000):found[0][0]]
	list := subcommand.FindAllStringSubmatch(before, -1)
	if len(list) == 0 || list[len(list)-1][1] != argv[1] || slices.ContainsFunc(argv, func(w string) bool { return w == flag || strings.HasPrefix(w, flag+"=") }) {
		return ""
	}
	return flag
}

// ownScript reports whether a program is a console script of the project.
func (p project) ownScript(program string) bool {
	name := path.Base(program)
	return slices.ContainsFunc(p.m.Scripts, func(s facts.Script) bool { return s.Name == name })
}

// commands are what a made needs in the build stage: the folders of its files, and itself.
func (m made) commands() [][]string {
	var dirs []string
	for _, f := range m.files {
		if d := path.Dir(f); d != "/" && !slices.Contains(dirs, d) {
			dirs = append(dirs, d)
		}
	}
	if len(dirs) == 0 {
		return [][]string{m.argv}
	}
	return [][]string{append([]string{"mkdir", "-p"}, dirs...), m.argv}
}

// copies are what prod takes of it.
func (m made) copies(build plan.StageName) ([]plan.Artifact, error) {
	var out []plan.Artifact
	for _, f := range m.files {
		c, err := plan.NewCopy(f, f)
		if err != nil {
			return nil, err
		}
		out = append(out, plan.Artifact{Stage: build, Copy: c})
	}
	return out, nil
}
