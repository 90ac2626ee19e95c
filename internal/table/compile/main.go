// Command compile compiles the tables below a folder: for each FILE.table that
// a go:embed line names, from FILE.yaml beside it.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/dockgen/dockgen/internal/table"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: compile FOLDER")
	}
	files, err := table.Embedded(os.DirFS(args[0]))
	if err != nil {
		return err
	}
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join(args[0], filepath.FromSlash(table.Text(name))))
		if err != nil {
			return err
		}
		compiled, err := table.Compile(table.Text(name), text)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(args[0], filepath.FromSlash(name)), compiled, 0o644); err != nil {
			return err
		}
	}
	return nil
}
