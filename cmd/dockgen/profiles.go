package main

import (
	"io"
	"os"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/internal/project"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
)

type profilesOptions struct {
	name string
	json bool
}

// profileJSON is the result of profiles; see report.go for what it promises.
type profileJSON struct {
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Sources     []string       `json:"sources,omitempty"`
	Runtimes    []plan.Runtime `json:"runtimes"` // the preferred first
}

func newProfiles(u *ui) *cobra.Command {
	var o profilesOptions
	cmd := &cobra.Command{
		Use:   "profiles [NAME]",
		Short: "List the profiles, or print one as YAML",
		Long: `List the profiles, or print one as YAML with its sources. A profile is an
ordered preference of runtimes: the first that can run the app is taken. The
path of a file checks and prints a profile of your own.`,
		Example: `  dockgen profiles
  dockgen profiles minimal
  dockgen profiles ./company.yaml`,
		Args: atMost(1, "one name"),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.name = args[0]
			}
			return runProfiles(u, o)
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return profileNames(), cobra.ShellCompDirectiveDefault
		},
	}
	cmd.Flags().BoolVar(&o.json, "json", false, "print JSON")
	return cmd
}

func runProfiles(u *ui, o profilesOptions) error {
	if o.name != "" {
		return u.profile(o)
	}
	all, err := profiles.Builtin()
	if err != nil {
		return err
	}
	if o.json {
		list := []profileJSON{}
		for _, p := range all {
			list = append(list, profileJSON{p.Name, p.Description, p.Sources, p.Runtimes})
		}
		return u.json(list)
	}
	var rows [][]string
	for _, p := range all {
		rows = append(rows, []string{p.Name, p.Description})
	}
	u.table(rows)
	return nil
}

func (u *ui) profile(o profilesOptions) error {
	p, err := findProfile(o.name)
	if err != nil {
		return err
	}
	if o.json {
		return u.json(profileJSON{p.Name, p.Description, p.Sources, p.Runtimes})
	}
	return writeYAML(u.out, p)
}

func findProfile(name string) (profiles.Profile, error) {
	if !project.IsProfileFile(name) {
		p, err := profiles.FindProfile(name)
		if err != nil {
			return p, &usageError{err: err}
		}
		return p, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return profiles.Profile{}, err
	}
	return profiles.ParseProfile(name, text)
}

func writeYAML(w io.Writer, v any) error {
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	if err := enc.Encode(v); err != nil {
		return err
	}
	return enc.Close()
}
