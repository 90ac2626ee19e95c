package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/settings"
)

// The schemas of what the commands print are made of the types: go test ./cmd/dockgen -run TestSchemas -update.
//
//go:embed schema/*.json
var schemas embed.FS

// schemaNames are the formats that have a schema, in the order in which they are listed.
func schemaNames() []string {
	return []string{"report", "folders", "explain", "profiles", "version", "error", settings.File, "profile", lock.Name}
}

// schemaOf is the JSON Schema (https://json-schema.org/draft/2020-12) of a format.
func schemaOf(name string) ([]byte, error) {
	switch name {
	case settings.File:
		return settings.Schema(), nil
	case "profile":
		return profiles.Schema(), nil
	case lock.Name:
		return lock.Schema(), nil
	}
	return schemas.ReadFile("schema/" + name + ".schema.json")
}

func newSchema(u *ui) *cobra.Command {
	return &cobra.Command{
		Use:   "schema [NAME]",
		Short: "List the JSON Schemas, or print one",
		Long: `List the formats that have a JSON Schema (2020-12), or print the schema of one:
what the commands print with --json, and the files dockgen.yaml, dockgen.lock
and a profile.`,
		Example: `  dockgen schema
  dockgen schema report
  dockgen schema dockgen.yaml > dockgen.schema.json`,
		Args: atMost(1, "one name"),
		RunE: func(_ *cobra.Command, args []string) error {
			return runSchema(u, args)
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return schemaNames(), cobra.ShellCompDirectiveNoFileComp
		},
	}
}

func runSchema(u *ui, args []string) error {
	if len(args) == 1 {
		text, err := schemaOf(args[0])
		if err != nil {
			return noSuch("the schema", args[0], schemaNames())
		}
		_, err = u.out.Write(text)
		return err
	}
	var rows [][]string
	for _, name := range schemaNames() {
		text, err := schemaOf(name)
		if err != nil {
			return err
		}
		var head struct{ Description string }
		if err := json.Unmarshal(text, &head); err != nil {
			return fmt.Errorf("schema %s: %w", name, err)
		}
		rows = append(rows, []string{name, strings.TrimSuffix(head.Description, ".")})
	}
	u.table(rows)
	return nil
}
