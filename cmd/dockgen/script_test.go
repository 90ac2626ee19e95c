package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"dockgen": func() {
		// What is printed as JSON has to fit its schema.
		if !slices.Contains(os.Args, "--json") {
			main()
			return
		}
		var out bytes.Buffer
		s := system()
		s.out = io.MultiWriter(os.Stdout, &out)
		code := run(context.Background(), os.Args[1:], s)
		if err := fits(os.Args[1:], out.Bytes(), code); err != nil {
			fmt.Fprintf(os.Stderr, "%q does not fit its schema: %v\n%s", os.Args, err, out.String())
			code = 99
		}
		os.Exit(code) //nolint:forbidigo // as main ends
	}})
}

// TestScript runs testdata/script: one behaviour a file, as a user types it.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "root": // permissions do not bind root
				return os.Geteuid() == 0, nil
			case "compose": // the command that reads compose files; it needs no engine for that
				return exec.Command("docker", "compose", "version").Run() == nil, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
	})
}
