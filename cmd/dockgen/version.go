package main

import (
	"cmp"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// build says which dockgen this is; see report.go for what its JSON promises.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Go      string `json:"go"`
}

// version is the release's name, which -ldflags "-X main.version=v1.2.3" sets: in the build of an
// image there is no checkout that Go could take it from.
var version string

// release reads what the Go linker recorded of this binary.
func release() build {
	b := build{Version: cmp.Or(version, "devel")}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Go = info.GoVersion
	if v := info.Main.Version; version == "" && v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			b.Commit = s.Value
		}
	}
	return b
}

func newVersion(u *ui) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Example: `  dockgen version
  dockgen version --json`,
		Args: atMost(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			b := release()
			if asJSON {
				return u.json(b)
			}
			fmt.Fprintf(u.out, "dockgen %s (%s)\n", b.Version, b.Go)
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}
