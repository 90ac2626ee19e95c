package golang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/effect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/golang"
	"github.com/dockgen/dockgen/detect/golang/analysis"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
)

// serveVerbs are what the sub command that serves is called by custom, the
// likeliest first.
var serveVerbs = []string{"serve", "server", "start", "run", "web", "daemon", "api", "http"} //nolint:gochecknoglobals // a constant table

// verb decides with which sub command the program starts. The words that the
// repository itself starts it with count where they are a sub command of the
// program's; else, where it opens a port only with one, the one that does.
func (d *decider) verb() error {
	if len(d.main.Commands) == 0 || len(d.Settings.Start) > 0 {
		return nil
	}
	v, rule, pos := d.toldVerb()
	if v == nil {
		v, rule, pos = d.servingVerb()
	}
	key := ""
	if v != nil {
		key = strings.Join(v.Words, " ")
		c := plan.Choice{Key: "go.command", Value: key, Rule: rule, Pos: record.At(pos), Evidence: "the sub commands " + strings.Join(d.verbs(), ", ") + "; " + d.signed()}
		for _, o := range d.main.Commands {
			if o.Listens && !slices.Equal(o.Words, v.Words) && len(c.Rejected) < 10 {
				c.Rejected = append(c.Rejected, plan.Rejected{Value: strings.Join(o.Words, " "), Pos: record.At(o.Pos), Why: "listens too; --set start=[" + strings.Join(append([]string{d.name}, o.Words...), ", ") + "] takes it"})
			}
		}
		if kept := d.Log.Choose(c); slices.Contains(d.verbs(), kept) {
			key = kept
		}
		d.args = strings.Fields(key)
	}
	d.under(key)
	return nil
}

// verbs are the sub commands, their words joined.
func (d *decider) verbs() []string {
	var out []string
	for _, v := range d.main.Commands {
		out = append(out, strings.Join(v.Words, " "))
	}
	return out
}

// under leaves of what listens only what the chosen sub command reaches.
func (d *decider) under(key string) {
	listens := slices.DeleteFunc(slices.Clone(d.main.Listens), func(l effect.Listen) bool {
		return len(l.Commands) > 0 && !slices.Contains(l.Commands, key)
	})
	// What other sub commands open as well is not what this one is for.
	if own := slices.DeleteFunc(slices.Clone(listens), func(l effect.Listen) bool { return len(l.Commands) > 1 }); slices.ContainsFunc(own, func(l effect.Listen) bool { return l.Addr.Known() }) {
		listens = own
	}
	if len(listens) == 0 && key != "" {
		i := slices.IndexFunc(d.main.Commands, func(v analysis.Command) bool { return v.Name() == key })
		if v := d.main.Commands[i]; v.Listens {
			listens = []effect.Listen{{Pos: v.Pos}}
		}
	}
	d.main.Listens = listens
}

// toldVerb is the sub command that the repository itself starts the program
// with.
func (d *decider) toldVerb() (*analysis.Command, string, fact.Pos) {
	for _, by := range slices.Concat(starting, developing, []buildfile.Kind{buildfile.Readme}) {
		for _, x := range d.starts(by) {
			v := d.startsWith(x.Args)
			if v == nil || !v.Listens && (d.main.ServesByDefault || slices.ContainsFunc(d.main.Commands, func(o analysis.Command) bool { return o.Listens })) {
				continue
			}
			return v, "started with it by " + string(by), x.Pos
		}
	}
	return nil, "", fact.Pos{}
}

// starts lists the lines of a kind of file that start the program.
func (d *decider) starts(by buildfile.Kind) []golang.Evidence {
	var out []golang.Evidence
	for _, x := range d.all.Evidence {
		if x.By != by || !x.Starts || by == buildfile.Procfile && x.Rule != "web" {
			continue
		}
		if m, ok := d.mentioned(x); ok && m.Dir == d.main.Dir || !ok && d.alone(x) {
			out = append(out, x)
		}
	}
	return out
}

// furtherArguments says which arguments the repository itself starts the
// program with that this image does not.
func (d *decider) furtherArguments() {
	for _, by := range starting {
		for _, x := range d.starts(by) {
			rest := x.Args
			if v := d.startsWith(rest); v != nil {
				rest = rest[len(v.Words):]
			}
			if _, known := d.mentioned(x); !known || len(rest) == 0 || !strings.HasPrefix(rest[0], "-") && len(rest) == len(x.Args) || d.passes(rest) {
				continue
			}
			d.Log.Note(x.Pos, "starts it with arguments that this image does not pass: "+printable(strings.Join(rest, " ")),
				"where it needs them: --set 'start=["+printable(strings.Join(append([]string{d.name}, x.Args...), ", "))+"]'")
			return
		}
	}
}

// passes reports whether every flag among the arguments is one that the image
// passes too, or that only asks for help.
func (d *decider) passes(args []string) bool {
	own := []string{"-h", "-help", "--help", "help"}
	for _, a := range d.args {
		own = append(own, a, "-"+a, strings.TrimPrefix(a, "-"))
	}
	return !slices.ContainsFunc(args, func(a string) bool {
		name, _, _ := strings.Cut(a, "=")
		return strings.HasPrefix(name, "-") && !slices.Contains(own, name)
	})
}

// alone reports whether a mention that names no known binary can only mean
// this program: the entry point of an image, or the arguments for it.
func (d *decider) alone(x golang.Evidence) bool {
	return x.By == buildfile.Compose && x.Binary == "" || x.By == buildfile.Dockerfile
}

// startsWith is the longest sub command that the arguments start with.
func (d *decider) startsWith(args []string) *analysis.Command {
	var best *analysis.Command
	for i := range d.main.Commands {
		v := &d.main.Commands[i]
		if len(args) >= len(v.Words) && slices.Equal(args[:len(v.Words)], v.Words) && (best == nil || len(v.Words) > len(best.Words)) {
			best = v
		}
	}
	return best
}

// servingVerb is the sub command without which the program opens no port.
func (d *decider) servingVerb() (*analysis.Command, string, fact.Pos) {
	if d.main.ServesByDefault {
		return nil, "", fact.Pos{}
	}
	var found []*analysis.Command
	for i := range d.main.Commands {
		if v := &d.main.Commands[i]; v.Listens && !v.Hidden {
			found = append(found, v)
		}
	}
	if len(found) == 1 {
		return found[0], "the only sub command that listens; without one the program does not", found[0].Pos
	}
	for _, name := range serveVerbs {
		for _, v := range found {
			if v.Words[0] == name && len(v.Words) == 1 {
				return v, "the sub command that serves, by its name; without one the program does not listen", v.Pos
			}
		}
	}
	if len(found) > 0 {
		var names []string
		for _, v := range found {
			names = append(names, strings.Join(v.Words, " "))
		}
		d.Log.Note(found[0].Pos, fmt.Sprintf("the program listens only with one of its sub commands (%s), and nothing says which", printable(strings.Join(names, ", "))),
			"say it with --set start=["+d.name+", "+strings.Join(found[0].Words, ", ")+"]")
	}
	return nil, "", fact.Pos{}
}
