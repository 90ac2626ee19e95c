package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dockgen/dockgen/profiles/plan"
)

type explainOptions struct {
	dir, key string
	wishes
	output outputOptions
}

// explainJSON is the result of explain; see report.go for what it promises.
type explainJSON struct {
	Name     string        `json:"name"`
	Language string        `json:"language"`
	Choices  []plan.Choice `json:"choices"`
	Notes    []noteJSON    `json:"notes,omitempty"`
}

func newExplain(u *ui) *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use:   "explain [DIR] [CHOICE]",
		Short: "Say why each choice was made, and what lost",
		Long: `Say of every choice, or of one, what it is, the rule that chose it, the line of
the repository that it comes from, and the candidates that lost and why. A
single argument that is not a folder is a choice.`,
		Example: `  dockgen explain
  dockgen explain go.version
  dockgen explain services/api runtime`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir, o.key = dirAndChoice(args)
			return runExplain(cmd.Context(), u, o)
		},
		ValidArgsFunction: completeChoice,
	}
	o.flags(cmd)
	o.output.flags(cmd, false)
	return cmd
}

func dirAndChoice(args []string) (dir, key string) {
	switch len(args) {
	case 0:
		return ".", ""
	case 1:
		if info, err := os.Stat(args[0]); err != nil || !info.IsDir() {
			return ".", args[0]
		}
		return args[0], ""
	}
	return args[0], args[1]
}

func runExplain(ctx context.Context, u *ui, o explainOptions) error {
	p, err := planOf(ctx, o.dir, o.wishes)
	if err != nil {
		return err
	}
	choices, notes := p.Choices, p.Notes
	if o.key != "" {
		notes = nil
		choices = matching(p.Choices, o.key)
		if len(choices) == 0 {
			return &usageError{
				err:  fmt.Errorf("%q is neither a folder nor a choice", plan.Printable(o.key, 60)),
				hint: "the choices are: " + strings.Join(keysOf(p), ", "),
			}
		}
	}
	if o.output.json {
		return u.json(explainJSON{p.Name, p.Language, choices, notesJSON(notes)})
	}
	for i, c := range choices {
		if i > 0 {
			fmt.Fprintln(u.out)
		}
		u.choice(c)
	}
	u.notes(notes)
	return nil
}

// planOf decides for a folder as update would, without writing anything.
func planOf(ctx context.Context, dir string, w wishes) (*plan.App, error) {
	a, err := open(dir)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	l, err := a.lock()
	if err != nil {
		return nil, err
	}
	made, err := a.generate(ctx, w, l)
	if err != nil {
		return nil, err
	}
	return made.plan, nil
}

// matching returns the choices of that key. "version" means "go.version" too.
func matching(all []plan.Choice, key string) []plan.Choice {
	var out []plan.Choice
	for _, c := range all {
		if c.Key == key || strings.HasSuffix(c.Key, "."+key) {
			out = append(out, c)
		}
	}
	return out
}

func keysOf(p *plan.App) []string {
	var keys []string
	for _, c := range p.Choices {
		keys = append(keys, c.Key)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// choice prints one choice on standard output.
func (u *ui) choice(c plan.Choice) {
	fmt.Fprintf(u.out, "%s = %s\n", u.paint(u.out, bold, safe(c.Key)), safe(orNone(c.Value)))
	why := c.Rule
	if c.Pos != nil {
		why += " (" + c.Pos.String() + ")"
	}
	fmt.Fprintf(u.out, "  %s\n", safe(why))
	if c.Link != "" {
		fmt.Fprintf(u.out, "  see %s\n", safe(c.Link))
	}
	for _, l := range c.Rejected {
		why := l.Why
		if l.Pos != nil {
			why += " (" + l.Pos.String() + ")"
		}
		fmt.Fprintf(u.out, "  not %s: %s\n", safe(orNone(l.Value)), safe(why))
	}
}
