package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/project"
	"github.com/dockgen/dockgen/internal/similar"
	"github.com/dockgen/dockgen/profiles/plan"
)

type explainOptions struct {
	args []string
	requestOptions
	output outputOptions
	age    age
}

// explainJSON is the result of explain; see report.go for what it promises.
type explainJSON struct {
	Name     string        `json:"name"`
	Language string        `json:"language"`
	Kind     plan.Kind     `json:"kind"`
	Needs    []string      `json:"needs,omitempty"` // of the repository
	Choices  []plan.Choice `json:"choices"`
	Notes    []noteJSON    `json:"notes,omitempty"`
	// Of several apps, the above are the first's, and these are all of them.
	Dir  string        `json:"dir,omitempty"`
	Apps []explainJSON `json:"apps,omitempty"`
	None []noneJSON    `json:"none,omitempty"`
}

// noneJSON is a folder that holds no app.
type noneJSON struct {
	Dir    string    `json:"dir"`
	Why    string    `json:"why"`
	Source *fact.Pos `json:"source,omitempty"`
}

// survey is what a folder holds: its apps, what each needs of the others, and what is none.
type survey struct {
	apps  []*plan.App
	needs [][]string // by app
	none  []plan.None
}

// only is the survey of one of the apps.
func (s survey) only(i int) survey { return survey{apps: s.apps[i : i+1], needs: s.needs[i : i+1]} }

func newExplain(u *ui) *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use:   "explain [DIR] [CHOICE]",
		Short: "Explain each choice: its rule, its source, the rejected values",
		Long: `Print every choice, or one: its value, the rule that made it, the line of the
repository that it comes from, and the rejected values with the reasons.

A single argument is a choice if there is one of that name, else a folder; write
./test for a folder that has the name of a choice.

Exit codes: 0 done, 1 failure, 2 usage, also where no choice has the name, 4
nothing detected, or nothing that dockgen supports.`,
		Example: `  dockgen explain
  dockgen explain go.version
  dockgen explain services/api runtime`,
		Args: atMost(2, "a folder and a choice"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.args = args
			return runExplain(cmd.Context(), u, o)
		},
		ValidArgsFunction: completeChoice,
	}
	o.flags(cmd)
	o.output.flags(cmd, false)
	o.age.flags(cmd)
	return cmd
}

// explained are the apps that the arguments mean, and the choice of them, "" for
// all. A single argument that is a choice of this folder's app is that choice,
// also if a folder has the name: dev, test and build are names of both. One that is the folder of one of
// several apps is that app.
func explained(ctx context.Context, o explainOptions) (survey, string, error) {
	here := sync.OnceValues(func() (survey, error) { return surveyOf(ctx, ".", o.requestOptions) })
	if len(o.args) == 2 {
		s, err := surveyIn(ctx, o.args[0], o.requestOptions, here)
		return s, o.args[1], err
	}
	dir := dirOf(o.args)
	if !isFolder(dir) {
		s, err := here()
		return s, dir, err
	}
	if filepath.Base(dir) == dir && dir != "." && dir != ".." {
		if s, err := here(); err == nil && len(matching(s.apps[0].Choices, dir)) > 0 {
			return s, dir, nil
		}
	}
	s, err := surveyIn(ctx, dir, o.requestOptions, here)
	return s, "", err
}

// surveyIn is the survey of a folder; for that of one of several apps of this folder, whose survey is here, that one as it is there.
func surveyIn(ctx context.Context, dir string, o requestOptions, here func() (survey, error)) (survey, error) {
	if clean := filepath.ToSlash(filepath.Clean(dir)); clean != "." && filepath.IsLocal(dir) && o.app == "" {
		if found, err := here(); err == nil {
			if i := slices.IndexFunc(found.apps, func(p *plan.App) bool { return p.Folder() == clean }); i >= 0 {
				return found.only(i), nil
			}
		}
	}
	return surveyOf(ctx, dir, o)
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

func runExplain(ctx context.Context, u *ui, o explainOptions) error {
	found, key, err := explained(ctx, o)
	if err != nil {
		return err
	}
	apps := found.apps
	if key != "" && !slices.ContainsFunc(apps, func(p *plan.App) bool { return len(matching(p.Choices, key)) > 0 }) {
		return &usageError{
			err:  fmt.Errorf("no folder and no choice is named %q", plan.Printable(key, 60)),
			hint: similar.Hint(key, keysOf(apps)) + "dockgen explain prints them all",
		}
	}
	if o.output.json {
		return u.json(explanation(found, key, o.age))
	}
	if key == "" {
		u.survey(found)
	}
	for i, p := range apps {
		choices, notes := said(p, key, o.age)
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
			if key != "" && c.Link == "" {
				c.Link = entryOf(c.Key)
			}
			u.choice(c)
		}
		u.notes(notes)
	}
	return nil
}

// said are an app's choices of that key, or with "" all, with its notes, and those of what ends soon.
func said(p *plan.App, key string, old age) ([]plan.Choice, []plan.Note) {
	if key == "" {
		return p.Choices, slices.Concat(p.Notes, old.notes(p.Choices))
	}
	choices := matching(p.Choices, key)
	return choices, old.notes(choices)
}

// explanation is what is said of the apps, as JSON has it.
func explanation(found survey, key string, old age) explainJSON {
	var all []explainJSON
	for i, p := range found.apps {
		choices, notes := said(p, key, old)
		all = append(all, explainJSON{Name: p.Name, Language: p.Language, Kind: p.Kind, Needs: found.needs[i], Choices: choices, Notes: notesJSON(notes), Dir: p.Folder()})
	}
	out := all[0]
	if out.Dir = ""; len(all) > 1 {
		out.Apps = all
	}
	for _, n := range found.none {
		j := noneJSON{Dir: n.Dir, Why: n.Why}
		if !n.Pos.IsZero() {
			j.Source = &n.Pos
		}
		out.None = append(out.None, j)
	}
	return out
}

// decided decides for a folder as update would, without writing anything. What was made is for use, which may read the folder.
func decided(ctx context.Context, dir string, o requestOptions, use func(*project.Result) error) error {
	req, err := o.request()
	if err != nil {
		return err
	}
	folder, err := openFolder(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	made, err := folder.Generate(ctx, req)
	if err != nil {
		return err
	}
	return use(made)
}

// appsOf are the apps of a folder.
func appsOf(ctx context.Context, dir string) (out []*plan.App, err error) {
	err = decided(ctx, dir, requestOptions{}, func(made *project.Result) error {
		for _, app := range made.Apps {
			out = append(out, app.Plan)
		}
		return nil
	})
	return out, err
}

// surveyOf is what a folder holds; where one app is asked for, that alone.
func surveyOf(ctx context.Context, dir string, o requestOptions) (out survey, err error) {
	err = decided(ctx, dir, o, func(made *project.Result) error {
		for _, app := range made.Apps {
			out.apps, out.needs = append(out.apps, app.Plan), append(out.needs, made.Needs(app))
		}
		if o.app != "" {
			return nil
		}
		var err error
		out.none, err = made.NoApps()
		return err
	})
	return out, err
}

// survey prints the apps in a line each, and what is no app with the reason, of a folder that is not itself the one app.
func (u *ui) survey(s survey) {
	if len(s.apps) < 2 && (len(s.none) == 0 || s.apps[0].Of == ".") {
		return
	}
	rows := [][]string{{"APP", "LANGUAGE", "KIND", "IMAGE", "NEEDS"}}
	for i, p := range s.apps {
		rows = append(rows, []string{plan.Printable(p.Of, 100), p.Language, string(p.Kind), p.Name, listed(s.needs[i])})
	}
	u.table(rows)
	if len(s.none) > 0 {
		fmt.Fprintln(u.out)
		rows = [][]string{{"NO APP", "WHY"}}
		for _, n := range s.none {
			rows = append(rows, []string{plan.Printable(n.Dir, 100), n.Reason()})
		}
		u.table(rows)
	}
	fmt.Fprintln(u.out)
}

// maxNeeds is how many folders a line names.
const maxNeeds = 6

// listed are the first few of a list.
func listed(list []string) string {
	if len(list) > maxNeeds {
		list = append(slices.Clone(list[:maxNeeds]), "…")
	}
	return plan.Printable(orNone(strings.Join(list, ", ")), 300)
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

// entryOf is the address of what docs/choices.md says of a key. An entry with NAME or LANGUAGE is that of all keys which differ in it.
func entryOf(key string) string {
	for _, family := range []string{"compose", "file", "frontend", "go.beside", "labels", "python.data", "python.tool", "target"} {
		if strings.HasPrefix(key, family+".") && key != "frontend.shipped" {
			key = family + ".NAME"
		}
	}
	for _, end := range []string{".alpine", ".debian"} {
		if strings.HasSuffix(key, end) && strings.Count(key, ".") == 1 {
			key = "LANGUAGE" + end
		}
	}
	return "https://github.com/dockgen/dockgen/blob/main/docs/choices.md#" + strings.ToLower(strings.ReplaceAll(key, ".", ""))
}

// choice prints one choice on standard output.
func (u *ui) choice(c plan.Choice) {
	fmt.Fprintf(u.out, "%s = %s\n", u.paint(u.out, bold, safe(c.Key)), u.wrapped(u.out, safe(orNone(c.Value)), len(c.Key)+3, 4))
	why := c.Rule
	if c.Pos != nil {
		why += " (" + c.Pos.String() + ")"
	}
	u.print("  "+safe(why), 2)
	if c.Until != "" {
		fmt.Fprintf(u.out, "  in support until %s\n", safe(c.Until))
	}
	if c.Link != "" {
		fmt.Fprintf(u.out, "  see %s\n", safe(c.Link))
	}
	for _, l := range c.Rejected {
		why := l.Why
		if l.Pos != nil {
			why += " (" + l.Pos.String() + ")"
		}
		u.print("  not "+safe(orNone(l.Value))+": "+safe(why), 4)
	}
}
