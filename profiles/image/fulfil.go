package image

import (
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// Fulfil adds to an app what its contract has and no language decides: the script that its own
// entry point is, STOPSIGNAL, labels, build arguments, the names of targets. It is called once, when the
// language has decided.
func Fulfil(in record.Input, app *plan.App) error {
	if app.Run == nil || app.Kind == plan.Site {
		return targets(in, app)
	}
	if err := enter(in, app); err != nil {
		return err
	}
	if err := lines(in, app); err != nil {
		return err
	}
	processes(in, app)
	devFolders(in, app)
	return targets(in, app)
}

// stopSignal is the name or the number of a signal: https://docs.docker.com/reference/dockerfile/#stopsignal.
var stopSignal = lazy.MustCompile(`^(SIG)?[A-Z]{2,8}[0-9]{0,2}$|^[0-9]{1,2}$`)

// labelName is a key as Docker wants it: https://docs.docker.com/engine/manage-resources/labels/.
var labelName = lazy.MustCompile(`^[a-z0-9][a-z0-9._/-]{0,120}$`)

var argument = lazy.MustCompile(`^[A-Z][A-Z0-9_]{0,60}$`)

// lines adds STOPSIGNAL, the labels, and the arguments that a label or a variable of prod takes its
// value from.
func lines(in record.Input, app *plan.App) error {
	c := contractOf(in)
	if c.Own == nil {
		return nil
	}
	i, run := c.Own.Image, app.Run
	if s := i.Stop; s.Found() && stopSignal.MatchString(s.Value) && s.Value != "SIGTERM" && s.Value != "15" {
		t, err := plan.NewToken(s.Value)
		if err != nil {
			return err
		}
		run.Stop = t
	}
	taken := map[string]bool{}
	for _, t := range i.Taken {
		taken[t.Name] = true // what the argument gives by default is no fact
		if !argument.MatchString(t.Arg) || t.Label && !labelName.MatchString(t.Name) || !t.Label && !plan.IsEnvName(t.Name) || t.Name == "PATH" || len(run.Given) >= maxKept {
			continue
		}
		if !t.Label && slices.ContainsFunc(run.Env, func(e plan.Env) bool { return e.Name.String() == t.Name }) {
			continue
		}
		name, err := plan.NewToken(t.Name)
		if err != nil {
			continue
		}
		from, err := plan.NewToken(t.Arg)
		if err != nil {
			continue
		}
		given := plan.Given{Name: name, From: from, Label: t.Label}
		for _, a := range i.Args {
			if a.Value.Name != t.Arg || a.Value.Secret {
				continue
			}
			if e, err := plan.NewEnv(t.Arg, a.Value.Value); err == nil && !strings.ContainsAny(a.Value.Value, "$"+buildfile.Unknown) {
				given.Arg = e
			}
		}
		if given.Arg == (plan.Env{}) {
			continue
		}
		if slices.ContainsFunc(run.Given, func(o plan.Given) bool { return o.From == from }) {
			given.Arg = plan.Env{}
		}
		run.Given = append(run.Given, given)
	}
	for _, l := range i.Labels {
		if taken[l.Value.Name] || l.Value.Secret || !labelName.MatchString(l.Value.Name) || strings.ContainsAny(l.Value.Value, buildfile.Unknown+"$") || l.Value.Value == "" || len(run.Labels) >= maxKept {
			continue
		}
		name, err := plan.NewToken(l.Value.Name)
		if err != nil {
			continue
		}
		value, err := plan.NewText(l.Value.Value)
		if err != nil {
			continue
		}
		run.Labels = slices.DeleteFunc(run.Labels, func(o plan.Label) bool { return o.Name == name })
		run.Labels = append(run.Labels, plan.Label{Name: name, Value: value})
	}
	return nil
}

// ourStages are stages that every Dockerfile of dockgen's has, by what others call them.
var ourStages = map[string]string{ //nolint:gochecknoglobals // a constant table
	"development": "dev", "develop": "dev", "devel": "dev", "local": "dev", "tests": "test", "testing": "test", "unittest": "test", "unit-test": "test",
}

// targets gives the stages the further names by which compose files, CI and bake files build them. Only
// what is the last stage of the own Dockerfile is prod by another name; what is for development or tests is
// told by its name.
func targets(in record.Input, app *plan.App) error {
	c := contractOf(in)
	if c.Own == nil || len(c.Own.Image.Stages) == 0 {
		return nil
	}
	have := map[string]bool{}
	for _, s := range app.Image.Stages {
		have[s.Data.Stage().Name.String()] = true
	}
	stages := c.Own.Image.Stages
	last := stages[len(stages)-1].Name
	var names []fact.Fact[string]
	add := func(name string, pos fact.Pos) {
		name = strings.ToLower(name)
		if name != "" && !have[name] && len(names) < maxKept {
			have[name] = true
			names = append(names, fact.Fact[string]{Value: name, Pos: pos})
		}
	}
	for _, b := range c.Builds {
		add(b.Target, b.Pos)
	}
	for _, r := range c.Runs {
		add(r.Build.Target, r.Build.Pos)
	}
	for _, n := range names {
		of := ourStages[n.Value]
		if n.Value == last {
			of = app.Image.Stages[len(app.Image.Stages)-1].Data.Stage().Name.String()
		}
		name, err := plan.NewStageName(n.Value)
		if err != nil || of == "" || !have[of] {
			in.Log.Note(n.Pos, "builds the target "+plan.Printable(n.Value, 40)+" of "+DisplayName(in, fact.At(c.Own.Name, 0))+", which this Dockerfile does not have", "build prod, dev or test")
			continue
		}
		from, err := plan.NewStageName(of)
		if err != nil {
			return err
		}
		app.Image.Aliases = append(app.Image.Aliases, plan.Alias{
			Why: plan.NewComment(path.Base(n.Pos.File) + " builds " + of + " by this name."), Name: name, From: plan.FromStage(from),
		})
	}
	return nil
}

// devFolders makes the folders of the contract in dev, too, where the app runs as root and nobody mounts them.
func devFolders(in record.Input, app *plan.App) {
	i := slices.IndexFunc(in.Log.Choices(), func(c plan.Choice) bool { return c.Key == "data" })
	at := slices.IndexFunc(app.Image.Stages, func(s plan.Stage) bool { return s.Data.Stage().Name == in.Stage("dev") })
	if i < 0 || at < 0 {
		return
	}
	dev, ok := app.Image.Stages[at].Data.(interface{ Make(dir plan.Path) })
	if !ok {
		return
	}
	for dir := range strings.FieldsSeq(in.Log.Choices()[i].Value) {
		p, err := plan.NewPath(dir)
		if err != nil || !path.IsAbs(dir) || within(NonRootHome, dir) || within(path.Clean("/"+app.Run.Workdir.Raw()), dir) && app.Run.Workdir.Raw() != "" {
			continue
		}
		dev.Make(p)
	}
}
