package project_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/dockgen/dockgen/internal/project"
	"github.com/dockgen/dockgen/profiles/settings"
)

// What init, check and update do, as calls.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			panic(err)
		}
	}
	write("go.mod", "module example.com/hello\n\ngo 1.26\n")
	write("main.go", "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":8080\", nil) }\n")

	folder, err := project.Open(dir)
	if err != nil {
		panic(err)
	}
	defer folder.Close()

	// init
	change, err := folder.Init(ctx, project.Request{}, false)
	if err != nil {
		panic(err)
	}
	if err := folder.Write(change); err != nil {
		panic(err)
	}
	for _, e := range change.Edits {
		fmt.Println("wrote", e.Path)
	}

	// check
	if change, err = folder.Update(ctx, project.Request{}); err != nil {
		panic(err)
	}
	fmt.Println("in sync:", !change.Moved())

	// update, after the code changed and with a flag
	write("main.go", "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":9000\", nil) }\n")
	flags, err := settings.Settings{}.Set("runtime=slim")
	if err != nil {
		panic(err)
	}
	if change, err = folder.Update(ctx, project.Request{Flags: flags}); err != nil {
		panic(err)
	}
	for _, r := range change.Reasons {
		fmt.Println(r.Key, r.Before, "->", r.After)
	}
	if err := folder.Write(change); err != nil {
		panic(err)
	}
	// Output:
	// wrote Dockerfile
	// wrote .dockerignore
	// wrote dockgen.lock
	// in sync: true
	// port 8080 -> 9000
	// runtime distroless -> slim
	// go.debian  -> trixie
	// packages  -> ca-certificates
}
