package image

import (
	"path"
	"slices"
	"strconv"
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
		if app.Run != nil {
			describe(in, app)
		}
		return targets(in, app)
	}
	if err := enter(in, app); err != nil {
		return err
	}
	if err := arguments(in, app); err != nil {
		return err
	}
	if err := lines(in, app); err != nil {
		return err
	}
	ownWorkdir(in, app)
	ownFiles(in, app)
	blanks(in, app)
	ownVariables(in, app)
	describe(in, app)
	ownUser(in, app)
	ownHome(in, app)
	if err := moveHome(in, app); err != nil {
		return err
	}
	namedUser(in, app)
	processes(in, app)
	devFolders(in, app)
	if err := targets(in, app); err != nil {
		return err
	}
	losses(in, app)
	return nil
}

// stopSignal is the name or the number of a signal: https://docs.docker.com/reference/dockerfile/#stopsignal.
var stopSignal = lazy.MustCompile(`^(SIG)?[A-Z]{2,8}[0-9]{0,2}$|^[0-9]{1,2}$`)

// labelName is a key as Docker wants it: https://docs.docker.com/engine/manage-resources/labels/.
var labelName = lazy.MustCompile(`^[a-z0-9][a-z0-9._/-]{0,120}$`)

var argument = lazy.MustCompile(`^[A-Z][A-Z0-9_]{0,60}$`)

// The verbs of the evidence for what no language decides.
const (
	stops  Verb = " stops with "
	opens  Verb = " opens "
	labels Verb = " labels "
	takes  Verb = " takes "
)

// pair is a name and what it is given.
type pair struct{ name, value string }

// lines adds STOPSIGNAL, the labels, and the arguments that a label or a variable of prod takes its
// value from.
func lines(in record.Input, app *plan.App) error {
	run := app.Run
	own := contractOf(in).Own
	if text := take(in, "stopsignal", stops, stopOf(own)); text != "" {
		t, err := plan.NewToken(text)
		if err != nil {
			return err
		}
		run.Stop = t
	}
	for _, p := range portsIn(take(in, "port.udp", opens, datagrams(in))) {
		if !slices.Contains(run.UDP, p) && len(run.UDP) < maxKept {
			run.UDP = append(run.UDP, p)
		}
	}
	for _, p := range portsIn(take(in, "port.more", opens, furtherPorts(in, run))) {
		if !slices.Contains(run.Ports, p) && len(run.Ports) < maxKept {
			run.Ports = append(slices.Clip(run.Ports), p)
		}
	}
	if err := give(run, pairs(take(in, "arguments", takes, argumentsOf(own, run)))); err != nil {
		return err
	}
	for _, l := range pairs(take(in, "labels", labels, labelsOf(own))) {
		name, bad := plan.NewToken(l.name)
		value, worse := plan.NewText(l.value)
		if bad != nil || worse != nil || !labelName.MatchString(l.name) || len(run.Labels) >= maxKept {
			continue
		}
		run.Labels = slices.DeleteFunc(run.Labels, func(o plan.Label) bool { return o.Name == name })
		run.Labels = append(run.Labels, plan.Label{Name: name, Value: value})
	}
	return nil
}

// take records what the own Dockerfile says as the choice of a key, and returns it; "" records nothing.
func take(in record.Input, key string, verb Verb, said fact.Fact[string]) string {
	if said.Value == "" {
		return ""
	}
	return in.Log.Choose(plan.Choice{Key: key, Value: said.Value, Rule: DisplayName(in, said.Pos) + " says so", Pos: record.At(said.Pos), Evidence: Adopted(in, said.Pos, verb, said.Value)})
}

// ofApp ends the evidence of what no code of the app confirms, so that the lock does not keep it for another app.
func ofApp(in record.Input) string {
	words := []string{language(in)}
	if name := in.Builds.ManifestName(); name != "" {
		words = append(words, plan.Printable(name, 100))
	}
	for _, c := range in.Log.Choices() {
		if c.Key == "go.main" {
			words = append(words, plan.Printable(c.Value, 100))
		}
	}
	return " (" + strings.Join(words, " ") + ")"
}

// stopOf is the signal of STOPSIGNAL, if it is another than Docker's own.
func stopOf(own *buildfile.File) fact.Fact[string] {
	if own == nil || !stopSignal.MatchString(own.Image.Stop.Value) || own.Image.Stop.Value == "SIGTERM" || own.Image.Stop.Value == "15" {
		return fact.Fact[string]{}
	}
	return own.Image.Stop
}

// furtherPorts are those that the own Dockerfile exposes beside one that is the app's: it has more than one listener.
func furtherPorts(in record.Input, run *plan.Run) (out fact.Fact[string]) {
	own := contractOf(in).Own
	if own == nil {
		return out
	}
	list := tcp(own.Image.Ports)
	if !slices.ContainsFunc(list, func(p fact.Fact[int]) bool { return slices.Contains(run.Ports, plan.Port(p.Value)) }) { //nolint:gosec // it is one
		return out
	}
	var words []string
	for _, p := range list {
		if p.Value < 65536 && !slices.Contains(run.Ports, plan.Port(p.Value)) && !buildfile.Debugs(p.Value) { //nolint:gosec // it is one
			if words = append(words, strconv.Itoa(p.Value)); out.Pos.IsZero() {
				out.Pos = p.Pos
			}
		}
	}
	out.Value = strings.Join(words, " ")
	return out
}

// datagrams are the ports for UDP, of which no code is read: those of the own Dockerfile, then those that are published.
func datagrams(in record.Input) (out fact.Fact[string]) {
	c := contractOf(in)
	var list []fact.Fact[buildfile.Port]
	if c.Own != nil {
		list = slices.Clone(c.Own.Image.Ports)
	}
	for _, run := range c.Runs {
		if !run.Dev {
			list = append(list, run.Ports...)
		}
	}
	var words []string
	for _, p := range list {
		if n := strconv.Itoa(p.Value.Number); p.Value.UDP && p.Value.Number > 0 && p.Value.Number < 65536 && !slices.Contains(words, n) && len(words) < maxKept {
			if words = append(words, n); out.Pos.IsZero() {
				out.Pos = p.Pos
			}
		}
	}
	out.Value = strings.Join(words, " ")
	return out
}

// labelsOf are the labels whose values are known.
func labelsOf(own *buildfile.File) (out fact.Fact[string]) {
	if own == nil {
		return out
	}
	taken := map[string]bool{}
	for _, t := range own.Image.Taken {
		taken[t.Name] = true // what the argument gives by default is no fact
	}
	var list []pair
	for _, l := range own.Image.Labels {
		if taken[l.Value.Name] || l.Value.Secret || !labelName.MatchString(l.Value.Name) || strings.ContainsAny(l.Value.Value, buildfile.Unknown+"$") || l.Value.Value == "" || len(list) >= maxKept {
			continue
		}
		if _, err := plan.NewText(l.Value.Value); err != nil {
			continue
		}
		list = append(list, pair{l.Value.Name, l.Value.Value})
		if out.Pos.IsZero() {
			out.Pos = l.Pos
		}
	}
	out.Value = paired(list)
	return out
}

// argumentsOf are the variables and labels that an argument gives: "ENV REV" or "LABEL rev", and the argument with its default.
func argumentsOf(own *buildfile.File, run *plan.Run) (out fact.Fact[string]) {
	if own == nil {
		return out
	}
	var list []pair
	for _, t := range own.Image.Taken {
		kind := "ENV "
		if t.Label {
			kind = "LABEL "
		}
		if !argument.MatchString(t.Arg) || t.Label && !labelName.MatchString(t.Name) || !t.Label && !plan.IsEnvName(t.Name) || t.Name == "PATH" || len(list) >= maxKept ||
			!t.Label && slices.ContainsFunc(run.Env, func(e plan.Env) bool { return e.Name.String() == t.Name }) {
			continue
		}
		value, known := "", false
		for _, a := range own.Image.Args {
			if a.Value.Name != t.Arg || a.Value.Secret {
				continue
			}
			if _, err := plan.NewEnv(t.Arg, a.Value.Value); err == nil && !strings.ContainsAny(a.Value.Value, "$"+buildfile.Unknown) {
				value, known = a.Value.Value, true
			}
		}
		if !known {
			continue
		}
		list = append(list, pair{kind + t.Name, t.Arg + "=" + value})
		if out.Pos.IsZero() {
			out.Pos = t.Pos
		}
	}
	out.Value = paired(list)
	return out
}

// give adds the arguments to prod.
func give(run *plan.Run, list []pair) error {
	for _, p := range list {
		kind, to, _ := strings.Cut(p.name, " ")
		arg, value, _ := strings.Cut(p.value, "=")
		label := kind == "LABEL"
		if !argument.MatchString(arg) || label && !labelName.MatchString(to) || !label && !plan.IsEnvName(to) || len(run.Given) >= maxKept {
			continue
		}
		name, err := plan.NewToken(to)
		if err != nil {
			continue
		}
		from, err := plan.NewToken(arg)
		if err != nil {
			continue
		}
		given := plan.Given{Name: name, From: from, Label: label}
		if !slices.ContainsFunc(run.Given, func(o plan.Given) bool { return o.From == from }) {
			if given.Arg, err = plan.NewEnv(arg, value); err != nil {
				continue
			}
		}
		run.Given = append(run.Given, given)
	}
	return nil
}

// paired is a list of names and values as a choice has it, and pairs reads it again.
func paired(list []pair) string {
	var words []string
	for _, p := range list {
		words = append(words, p.name+"="+strconv.Quote(p.value))
	}
	return strings.Join(words, " ")
}

func pairs(text string) []pair {
	var out []pair
	for text != "" && len(out) < 2*maxKept {
		name, rest, ok := strings.Cut(text, "=")
		quoted, err := strconv.QuotedPrefix(rest)
		if !ok || err != nil {
			return out
		}
		if value, err := strconv.Unquote(quoted); err == nil {
			out = append(out, pair{name, value})
		}
		text = strings.TrimPrefix(rest[len(quoted):], " ")
	}
	return out
}

// rule is what a line of the own Dockerfile is the reason for.
func rule(in record.Input, at fact.Pos, does string) string { return DisplayName(in, at) + " " + does }

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
