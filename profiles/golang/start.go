package golang

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/golang/analysis"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// runStage is what the final stage of a program holds and does, and the stages
// before it that it takes tini and its folders from.
func runStage(s *source, t toolchain, p program, m machine, binaries []plan.Artifact) (run *plan.Run, before []plan.Stage, err error) {
	out := &plan.Run{
		Head:    plan.Head{Name: p.stage, From: plan.FromImage(m.from), About: about(s.Input, t, p, m)},
		Runtime: t.runtime, Env: m.env, User: image.NonRoot(), Ports: p.ports.List, Workdir: p.files.workdir,
	}
	out.Debian, out.Alpine = image.OfSystem(t.runtime, m.packages)
	if t.runtime == plan.Scratch {
		out.Copies = append(out.Copies, plan.Artifact{Stage: s.Stage("build"), Copy: plan.MustCopy("/", "/rootfs/")})
	}
	out.Copies = slices.Concat(out.Copies, binaries, p.files.copies)
	out.Uses = plan.StagesOf(out.Copies)
	out.Entry, out.Cmd = decideStart(s, p, t.runtime)
	if out.Probe, err = decideProbe(s, t, p, m); err != nil {
		return nil, nil, err
	}
	img, _ := s.Know.Image("debian") // a test keeps images.yaml right
	debian, err := image.Images{Language: "Debian", System: img.Name}.Ref(s.Know, img.Default, plan.Slim, "")
	if err != nil {
		return nil, nil, err
	}
	writes, err := decideWrites(s, p, t.runtime)
	if err != nil {
		return nil, nil, err
	}
	before = append(decideInit(s, p).Apply(s.Input, out, plan.FromImage(debian), nil), writes.Apply(out)...)
	if out.Workdir.Raw() == "" && slices.ContainsFunc(out.Copies, func(a plan.Artifact) bool { return !path.IsAbs(a.Copy.To.Raw()) }) {
		// A documented folder lies below the working directory.
		if out.Workdir, err = plan.NewPath(p.files.works(p.Main)); err != nil {
			return nil, nil, err
		}
	}
	return out, before, nil
}

// decideInit decides what PID 1 is. The runtime of Go has a handler for SIGTERM of
// its own, which ends the program, also as PID 1.
func decideInit(s *source, p program) image.InitPlan {
	request := image.InitRequest{
		Program: p.name, Command: s.Settings.Start,
		Handled: "Go's runtime exits on SIGTERM", Link: "https://pkg.go.dev/os/signal#hdr-Default_behavior_of_signals_in_Go_programs",
	}
	if i := slices.IndexFunc(p.Signals, func(x effect.Signal) bool { return x.Name == "SIGTERM" }); i >= 0 {
		request.Handled, request.Pos, request.Link = "the code handles SIGTERM", p.Signals[i].Pos, ""
	}
	return image.Init(s.Input, request)
}

// binariesOf are the programs in the stage that builds them.
func binariesOf(s *source, programs []program, outputs []string) ([]plan.Artifact, error) {
	var out []plan.Artifact
	for i, p := range programs {
		a, err := binaryOf(s, p, outputs[i])
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// binaryOf is the program in the stage that builds it.
func binaryOf(s *source, p program, output string) (plan.Artifact, error) {
	c, err := plan.NewCopy(p.path(), output)
	return plan.Artifact{Stage: s.Stage("build"), Copy: c, NoLink: slices.Contains(linked, path.Dir(p.path()))}, err
}

// about is the comment above the final stage of a program.
func about(in record.Input, t toolchain, p program, m machine) []plan.Comment {
	if p.further {
		return []plan.Comment{plan.NewComment(p.stage.String() + " is a further program: " + in.DockerBuild("--target "+p.stage.String()))}
	}
	switch t.runtime {
	case plan.Distroless:
		what := "CA certificates and time zones."
		if t.cgo {
			what = "CA certificates, time zones and the C library."
		}
		return []plan.Comment{plan.NewComment(path.Base(m.from.Repository()) + " has " + what)}
	case plan.Scratch:
		return []plan.Comment{plan.NewComment("Time zones are in the binary.")}
	case plan.Alpine, plan.Slim:
	}
	return nil
}

// decideStart is prod's entry point and its arguments.
func decideStart(s *source, p program, r plan.Runtime) (entry, cmd plan.Exec) {
	if start := s.Settings.Start; len(start) > 0 {
		s.Log.Choose(plan.Choice{Key: "start", Value: strings.Join(start, " "), Rule: "asked for", Pos: record.At(s.Settings.Pos("start"))})
		return nil, start
	}
	c := plan.Choice{Key: "start", Value: p.name, Rule: "the binary itself: PID 1 gets the signals", Pos: record.At(p.Pos)}
	if len(p.args) > 0 {
		c.Value += " " + strings.Join(p.args, " ")
		c.Rule = "the binary, with a flag that makes it listen on every interface"
		if len(p.command) == len(p.args) {
			c.Rule = "the binary, with its sub command"
		}
	}
	s.Log.Choose(c)
	furtherArguments(s, p)
	return plan.Exec{p.file(r)}, p.args
}

// path is where the program is in prod.
func (p program) path() string { return cmp.Or(p.place, binaries+p.name) }

// file is how prod starts the program: by its path on scratch, where nothing sets PATH, and
// where the own image has it.
func (p program) file(r plan.Runtime) string {
	if r == plan.Scratch || p.place != "" {
		return p.path()
	}
	return p.name
}

// placeKey is the choice of the program's path, where it is the own image's.
const placeKey = "go.path"

// placePattern matches the paths that are taken over.
var placePattern = lazy.MustCompile(`^/(?:[a-z0-9._-]+/(?:[A-Za-z0-9._-]+/)*)?[A-Za-z0-9._-]+$`)

// decidePlace is the path at which the repository's own image has the program and starts it, "" for the usual
// one: health checks of compose files, docker exec and other images' COPY name it. /app is the working directory.
func decidePlace(s *source, name string) string {
	if len(s.Settings.Start) > 0 {
		return ""
	}
	text, pos, _ := image.OwnCommand(s.Input)
	place, _, _ := strings.Cut(text, " ")
	if place = ownPlace(place); place == "" || path.Base(place) != name {
		return ""
	}
	s.Log.Choose(plan.Choice{
		Key: placeKey, Value: place, Rule: "the repository's own image has the program there", Pos: record.At(pos),
		Evidence: image.Adopted(s.Input, pos, image.Sets, place),
	})
	return place
}

// ownPlace is a program's path in the own image, if prod can have it there, and that is not where prod has programs.
func ownPlace(place string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(place, "/"), "/")
	if !placePattern.MatchString(place) || path.Clean(place) != place || path.Dir(place)+"/" == binaries || place == "/app" || slices.Contains(linked, place) ||
		slices.Contains([]string{"lib", "lib64", "etc", "dev", "proc", "sys", "run", "tmp", "root", "boot", "usr", "var"}, first) && !strings.HasPrefix(place, "/usr/") && !strings.HasPrefix(place, "/var/lib/") {
		return ""
	}
	return place
}

// linked are folders that are links on most images: a layer of COPY --link would take their place.
var linked = []string{"/bin", "/sbin"} //nolint:gochecknoglobals // a constant table

// serveVerbs are what the subcommand that serves is called by custom, the
// likeliest first.
var serveVerbs = []string{"serve", "server", "start", "run", "web", "daemon", "api", "http"} //nolint:gochecknoglobals // a constant table

// decideCommand decides with which subcommand the program starts, nil for none.
// The words that the repository itself starts it with count if they are one of
// its subcommands; else, if it opens a port only with one, the one that does.
func decideCommand(s *source, m golang.Main, name string) []string {
	if len(m.Commands) == 0 || len(s.Settings.Start) > 0 {
		return nil
	}
	v, rule, pos := toldCommand(s, m)
	if v == nil {
		v, rule, pos = servingCommand(s, m, name)
	}
	if v == nil {
		return nil
	}
	c := plan.Choice{Key: "go.command", Value: strings.Join(v.Words, " "), Rule: rule, Pos: record.At(pos), Evidence: "the sub commands " + strings.Join(commands(m), ", ") + "; " + s.signed()}
	for _, o := range m.Commands {
		if o.Listens && !slices.Equal(o.Words, v.Words) && len(c.Rejected) < 10 {
			c.Rejected = append(c.Rejected, plan.Rejected{Value: strings.Join(o.Words, " "), Pos: record.At(o.Pos), Why: "listens too; --set start=[" + strings.Join(append([]string{name}, o.Words...), ", ") + "] takes it"})
		}
	}
	if kept := s.Log.Choose(c); slices.Contains(commands(m), kept) {
		return strings.Fields(kept)
	}
	return v.Words
}

// commands are the subcommands, their words joined.
func commands(m golang.Main) []string {
	var out []string
	for _, v := range m.Commands {
		out = append(out, strings.Join(v.Words, " "))
	}
	return out
}

// reached is what listens with the chosen subcommand.
func reached(m golang.Main, command []string) []effect.Listen {
	if len(m.Commands) == 0 {
		return m.Listens
	}
	key := strings.Join(command, " ")
	listens := slices.DeleteFunc(slices.Clone(m.Listens), func(l effect.Listen) bool {
		return len(l.Commands) > 0 && !slices.Contains(l.Commands, key)
	})
	// What other subcommands open as well is not what this one is for.
	if own := slices.DeleteFunc(slices.Clone(listens), func(l effect.Listen) bool { return len(l.Commands) > 1 }); slices.ContainsFunc(own, func(l effect.Listen) bool { return l.Addr.Known() }) {
		listens = own
	}
	if len(listens) == 0 && key != "" {
		i := slices.IndexFunc(m.Commands, func(v analysis.Command) bool { return v.Name() == key })
		if i >= 0 && m.Commands[i].Listens {
			listens = []effect.Listen{{Pos: m.Commands[i].Pos}}
		}
	}
	return listens
}

// toldCommand is the subcommand that the repository itself starts the program
// with.
func toldCommand(s *source, m golang.Main) (*analysis.Command, string, fact.Pos) {
	for _, by := range slices.Concat(starting, developing, []buildfile.Kind{buildfile.Readme}) {
		for _, x := range starts(s, m, by) {
			v := startsWith(m, x.Args)
			if v == nil || !v.Listens && (m.ServesByDefault || slices.ContainsFunc(m.Commands, func(o analysis.Command) bool { return o.Listens })) {
				continue
			}
			return v, "started with it by " + string(by), x.Pos
		}
	}
	return nil, "", fact.Pos{}
}

// starts lists the lines of a kind of file that start the program.
func starts(s *source, app golang.Main, by buildfile.Kind) []golang.Evidence {
	var out []golang.Evidence
	for _, x := range s.all.Evidence {
		if x.By != by || !x.Starts || by == buildfile.Procfile && x.Rule != "web" {
			continue
		}
		if m, ok := s.mentioned(x); ok && m.Dir == app.Dir || !ok && onlyThis(x) {
			out = append(out, x)
		}
	}
	return out
}

// furtherArguments says which arguments the repository itself starts the
// program with that this image does not.
func furtherArguments(s *source, p program) {
	for _, by := range starting {
		for _, x := range starts(s, p.Main, by) {
			rest := x.Args
			if v := startsWith(p.Main, rest); v != nil {
				rest = rest[len(v.Words):]
			}
			if own := image.OwnImage(s.Input); by == buildfile.Dockerfile && (image.IsReplaced(x.Pos) || s.besideApp(x.Pos.File) && (own == nil || own.Name != x.Pos.File || !own.Variant())) {
				continue // image.Fulfil gives the program those, and what is beside the app has its own
			}
			if _, known := s.mentioned(x); !known || len(rest) == 0 || !strings.HasPrefix(rest[0], "-") && len(rest) == len(x.Args) || p.passes(rest) {
				continue
			}
			s.Log.Note(x.Pos, "starts it with arguments that this image does not pass: "+printable(strings.Join(rest, " ")),
				"if the image needs them: --set 'start=["+printable(strings.Join(append([]string{p.name}, x.Args...), ", "))+"]'")
			return
		}
	}
}

// passes reports whether every flag among the arguments is one that the image
// passes too, or sets by its variable, or that only asks for help.
func (p program) passes(args []string) bool {
	own := []string{"-h", "-help", "--help", "help"}
	for _, a := range p.args {
		own = append(own, a, "-"+a, strings.TrimPrefix(a, "-"))
	}
	for i, a := range args {
		name, value, assigned := strings.Cut(a, "=")
		if !assigned && i+1 < len(args) {
			value = args[i+1]
		}
		byEnv := slices.ContainsFunc(p.ports.Env, func(e plan.Env) bool { return value != "" && e.Value.Raw() == value })
		if strings.HasPrefix(name, "-") && !slices.Contains(own, name) && !byEnv {
			return false
		}
	}
	return true
}

// onlyThis reports whether a mention that names no known binary can only mean
// this program: the entry point of an image, or the arguments for it.
func onlyThis(x golang.Evidence) bool {
	return x.By == buildfile.Compose && x.Binary == "" || x.By == buildfile.Dockerfile
}

// startsWith is the longest subcommand that the arguments start with.
func startsWith(m golang.Main, args []string) *analysis.Command {
	var best *analysis.Command
	for i := range m.Commands {
		v := &m.Commands[i]
		if len(args) >= len(v.Words) && slices.Equal(args[:len(v.Words)], v.Words) && (best == nil || len(v.Words) > len(best.Words)) {
			best = v
		}
	}
	return best
}

// forDevelopers matches sub commands, and groups of them, for those who work on a program or with it, and not for who runs it as a service.
var forDevelopers = lazy.MustCompile(`^(dev|develop|development|debug|tests?|testing|bench|benchmarks?|docs?|gen|generate|completion|login)$`)

// servingCommand is the subcommand without which the program opens no port.
func servingCommand(s *source, m golang.Main, name string) (*analysis.Command, string, fact.Pos) {
	if m.ServesByDefault {
		return nil, "", fact.Pos{}
	}
	var found []*analysis.Command
	for i := range m.Commands {
		if v := &m.Commands[i]; v.Listens && !v.Hidden && !forDevelopers.MatchString(v.Words[0]) {
			found = append(found, v)
		}
	}
	if len(found) == 1 {
		return found[0], "the only sub command that listens; without one the program does not", found[0].Pos
	}
	for _, word := range serveVerbs {
		for _, v := range found {
			if v.Words[0] == word && len(v.Words) == 1 {
				return v, "the sub command that serves, by its name; without one the program does not listen", v.Pos
			}
		}
	}
	if len(found) > 0 {
		var names []string
		for _, v := range found {
			names = append(names, strings.Join(v.Words, " "))
		}
		s.Log.Note(found[0].Pos, fmt.Sprintf("the program listens only with one of its sub commands (%s), and nothing says which", printable(strings.Join(names, ", "))),
			"choose one with --set start=["+name+", "+strings.Join(found[0].Words, ", ")+"]")
	}
	return nil, "", fact.Pos{}
}
