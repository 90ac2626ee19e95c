package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dockgen/dockgen/profiles/plan"
)

type explainOptions struct {
	args []string
	requestOptions
	output outputOptions
}

// explainJSON is the result of explain; see report.go for what it promises.
type explainJSON struct {
	Name     string        `json:"name"`
	Language string        `json:"language"`
	Choices  []plan.Choice `json:"choices"`
	Notes    []noteJSON    `json:"notes,omitempty"`
	// Of several apps, the above are the first's, and these are all of them.
	Dir  string        `json:"dir,omitempty"`
	Apps []explainJSON `json:"apps,omitempty"`
}

func newExplain(u *ui) *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use:   "explain [DIR] [CHOICE]",
		Short: "Explain each choice: its rule, its source, the rejected values",
		Long: `Print every choice, or one: its value, the rule that made it, the line of the
repository that it comes from, and the rejected values with the reasons. A
single argument is a choice if there is one of that name, else a folder; write
./test for a folder that has the name of a choice.`,
		Example: `  dockgen explain
  dockgen explain go.version
  dockgen explain services/api runtime`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.args = args
			return runExplain(cmd.Context(), u, o)
		},
		ValidArgsFunction: completeChoice,
	}
	o.flags(cmd)
	o.output.flags(cmd, false)
	return cmd
}

// explained are the apps that the arguments mean, and the choice of them, "" for
// all. A single argument that is a choice of this folder's app is that choice,
// also if a folder has the name: dev, test and build are names of both. One that is the folder of one of
// several apps is that app.
func explained(ctx context.Context, o explainOptions) ([]*plan.App, string, error) {
	if len(o.args) == 2 {
		p, err := appsIn(ctx, o.args[0], o.requestOptions)
		return p, o.args[1], err
	}
	dir := dirOf(o.args)
	if !isFolder(dir) {
		p, err := appsOf(ctx, ".", o.requestOptions)
		return p, dir, err
	}
	if filepath.Base(dir) == dir && dir != "." && dir != ".." {
		if p, err := appsOf(ctx, ".", o.requestOptions); err == nil && len(matching(p[0].Choices, dir)) > 0 {
			return p, dir, nil
		}
	}
	p, err := appsIn(ctx, dir, o.requestOptions)
	return p, "", err
}

// appsIn are the apps of a folder; for that of one of several apps of this folder, that one as it is there.
func appsIn(ctx context.Context, dir string, o requestOptions) ([]*plan.App, error) {
	if clean := filepath.ToSlash(filepath.Clean(dir)); clean != "." && filepath.IsLocal(dir) && o.app == "" {
		if apps, err := appsOf(ctx, ".", o); err == nil {
			if i := slices.IndexFunc(apps, func(p *plan.App) bool { return p.Folder() == clean }); i >= 0 {
				return apps[i : i+1], nil
			}
		}
	}
	return appsOf(ctx, dir, o)
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

func runExplain(ctx context.Context, u *ui, o explainOptions) error {
	apps, key, err := explained(ctx, o)
	if err != nil {
		return err
	}
	if key != "" && !slices.ContainsFunc(apps, func(p *plan.App) bool { return len(matching(p.Choices, key)) > 0 }) {
		return &usageError{
			err:  fmt.Errorf("no folder and no choice is named %q", plan.Printable(key, 60)),
			hint: "the choices are: " + strings.Join(keysOf(apps), ", "),
		}
	}
	if o.output.json {
		return u.json(explanation(apps, key))
	}
	for i, p := range apps {
		choices, notes := said(p, key)
		if key != "" && len(choices) == 0 {
			continue
		}
		if len(apps) > 1 {
			if i > 0 {
				fmt.Fprintln(u.out)
			}
			fmt.Fprintf(u.out, "%s (%s)\n\n", u.paint(u.out, bold, "app "+plan.Printable(p.Folder(), 100)), p.Language)
		}
		for i, c := range choices {
			if i > 0 {
				fmt.Fprintln(u.out)
			}
			u.choice(c)
		}
		u.notes(notes)
	}
	return nil
}

// said are an app's choices of that key, or with "" all, with its notes.
func said(p *plan.App, key string) ([]plan.Choice, []plan.Note) {
	if key == "" {
		return p.Choices, p.Notes
	}
	return matching(p.Choices, key), nil
}

// explanation is what is said of the apps, as JSON has it.
func explanation(apps []*plan.App, key string) explainJSON {
	var all []explainJSON
	for _, p := range apps {
		choices, notes := said(p, key)
		all = append(all, explainJSON{Name: p.Name, Language: p.Language, Choices: choices, Notes: notesJSON(notes), Dir: p.Folder()})
	}
	out := all[0]
	if out.Dir = ""; len(all) > 1 {
		out.Apps = all
	}
	return out
}

// appsOf decides for a folder as update would, without writing anything.
func appsOf(ctx context.Context, dir string, o requestOptions) ([]*plan.App, error) {
	req, err := o.request()
	if err != nil {
		return nil, err
	}
	folder, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	made, err := folder.Generate(ctx, req)
	if err != nil {
		return nil, err
	}
	var out []*plan.App
	for _, app := range made.Apps {
		out = append(out, app.Plan)
	}
	return out, nil
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

func keysOf(apps []*plan.App) []string {
	var keys []string
	for _, p := range apps {
		for _, c := range p.Choices {
			keys = append(keys, c.Key)
		}
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
