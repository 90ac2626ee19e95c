// Command wrap makes packages of npm and PyPI of what goreleaser built: wrap DIST OUT
// reads DIST, in a folder below that where goreleaser ran, and writes OUT/npm and OUT/pypi.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/dockgen/dockgen/internal/release"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: wrap DIST OUT")
	}
	r, err := release.Read(".", args[0])
	if err != nil {
		return err
	}
	if err := r.NPM(filepath.Join(args[1], "npm")); err != nil {
		return err
	}
	return r.Wheels(filepath.Join(args[1], "pypi"))
}
