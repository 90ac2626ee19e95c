package golang

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

// program is a main package that has an image: the app, or a further target.
type program struct {
	golang.Main                // Listens are those that its command reaches
	name        string         // of the binary
	place       string         // its path in prod, where it is the own image's
	stage       plan.StageName // its final stage
	further     bool           // it is one beside the app
	command     []string       // the subcommand that it is started with
	args        []string       // what it is started with, the command first
	env         []plan.Env     // what prod and dev need
	ports       image.Ports
	generators  []generator
	cgo         []reason
	started     []image.Need // the programs that it starts
	files       files
}

// decideProgram decides what is of one program alone.
func decideProgram(s *source, m golang.Main, name string, stage plan.StageName) (program, error) {
	if err := s.takeFrontEnds(m); err != nil {
		return program{}, err
	}
	command := decideCommand(s, m, name)
	m.Listens = reached(m, command)
	p := program{Main: m, name: name, stage: stage, further: stage != s.Stage("prod"), command: command}
	if !p.further {
		p.place = decidePlace(s, name)
	}
	var err error
	if p.generators, err = decideGenerators(s, m); err != nil {
		return p, err
	}
	if err := buildable(s, m); err != nil {
		return p, err
	}
	if p.cgo, err = cReasons(s, m); err != nil {
		return p, err
	}
	p.started = image.Started(s.Input, m.Execs)
	if p.files, err = decideFiles(s, m); err != nil {
		return p, err
	}
	port, err := decidePort(s, m)
	if err != nil {
		return p, err
	}
	p.ports, p.args = port, slices.Concat(command, port.Args)
	p.env = adoptEnv(s, m, port.Env)
	image.Require(s.Input, m.Env, p.env)
	if !p.further {
		noteMigrations(s, m)
	}
	return p, nil
}

// alone is what a further program is decided from. The user's settings for the
// app do not apply to it; its choices are recorded as one line.
func (s *source) alone() *source {
	out := *s
	out.Log, out.Settings = &record.Log{}, settings.Settings{}
	return &out
}

// take says what was noted of a further program.
func (s *source) take(own *source) {
	for _, n := range own.Log.Notes() {
		if !slices.Contains(s.Log.Notes(), n) {
			s.Log.Note(n.Pos, n.Text, n.Hint)
		}
	}
}

// decideFurther decides for the programs that are to be targets of their own.
func decideFurther(s *source, app program) ([]program, error) {
	list, err := wanted(s, app.Main)
	if err != nil {
		return nil, err
	}
	var out []program
	taken := append(slices.Clone(stages), app.name)
	for _, m := range list {
		own := s.alone()
		name := own.binary(m)
		stage := stageName(name, m.Dir, taken)
		p, err := decideProgram(own, m, name, s.Stage(stage))
		switch {
		case err == nil:
			taken = append(taken, stage)
			out = append(out, p)
			s.take(own)
		case !slices.ContainsFunc(s.Settings.Targets, func(t string) bool { return path.Clean(t) == m.Dir }): // one of all
			s.Log.Note(m.Pos, printable(target(m))+" is no target: "+err.Error(), "")
		default:
			return nil, err
		}
	}
	return out, nil
}

// everything stands for every further main package in the setting targets.
const everything = "all"

// wanted are the main packages that the user wants beside the app, in their
// order.
func wanted(s *source, app golang.Main) ([]golang.Main, error) {
	var out []golang.Main
	add := func(m golang.Main) {
		if m.Dir != app.Dir && !slices.ContainsFunc(out, func(o golang.Main) bool { return o.Dir == m.Dir }) {
			out = append(out, m)
		}
	}
	for _, asked := range s.Settings.Targets {
		if asked == everything {
			for _, m := range s.f.Mains {
				if m.App() {
					add(m)
				}
			}
			continue
		}
		i := slices.IndexFunc(s.f.Mains, func(m golang.Main) bool { return m.Dir == path.Clean(asked) })
		if i < 0 {
			why := "is not a main package of this repository"
			if slices.ContainsFunc(s.mains(), func(m golang.Main) bool { return m.Dir == path.Clean(asked) }) {
				why = "is a main package of another module, which another build makes"
			}
			return nil, record.Refuse(s.Settings.Pos("targets"), "there are "+listed(s.f.Mains), "targets: %s %s", printable(asked), why)
		}
		add(s.f.Mains[i])
	}
	return out, nil
}

// stages are the names that a further program's cannot have: the app's own,
// and those with a meaning to BuildKit
// (https://docs.docker.com/reference/build-checks/reserved-stage-name/).
var stages = []string{"base", "deps", "generate", "dev", "test", "build", "init", "folders", "prod", "scratch", "context"} //nolint:gochecknoglobals // a constant table

var notStageName = lazy.MustCompile(`[^a-z0-9_.-]+`)

// stageName is a program's name, else its folder, as a stage may be called:
// https://docs.docker.com/reference/dockerfile/#from.
func stageName(name, dir string, taken []string) string {
	for n, c := range []string{name, strings.ReplaceAll(dir, "/", "-"), name} {
		c = strings.Trim(notStageName.ReplaceAllString(strings.ToLower(c), "-"), "-._")
		if c == "" || c[0] < 'a' || c[0] > 'z' {
			c = strings.TrimSuffix("app-"+c, "-")
		}
		for i := 2; n == 2 && slices.Contains(taken, c); i++ {
			c = fmt.Sprintf("%s-%d", strings.TrimSuffix(c, fmt.Sprintf("-%d", i-1)), i)
		}
		if !slices.Contains(taken, c) {
			if _, err := plan.NewStageName(c); err == nil {
				return c
			}
		}
	}
	return "app" // not reached: the last candidate is made to be free
}

// targetChoice writes down a further program.
func targetChoice(s *source, p program) {
	c := plan.Choice{Key: "target." + p.stage.String(), Value: target(p.Main), Rule: "asked for; docker build --target " + p.stage.String() + " makes its image", Pos: record.At(s.Settings.Pos("targets"))}
	for i, port := range p.ports.List {
		if i == 0 {
			c.Value += " on"
		}
		c.Value += " " + port.String()
	}
	s.Log.Choose(c)
}

// fileName is what the go command calls the program's file by itself.
func (p program) fileName(s *source) string {
	if mod := s.module(p.Main); mod != nil {
		return moduleName(mod.ImportPath(p.Dir))
	}
	return p.name
}
