package templates_test

import (
	"context"
	"fmt"
	"log"
	"regexp"
	"testing/fstest"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// The whole way from a repository to its files: scan, decide, render. For a
// folder on disk, give detect.Scan the FS of an os.Root.
func Example() {
	repo, err := detect.Scan(context.Background(), fstest.MapFS{
		"go.mod": {Data: []byte("module example.com/hello\n\ngo 1.26\n")},
		"main.go": {Data: []byte(`package main

import "net/http"

func main() { http.ListenAndServe(":8080", nil) }
`)},
	}, profiles.Languages())
	if err != nil {
		log.Fatal(err)
	}
	wishes, err := settings.Parse("dockgen.yaml", []byte("runtime: alpine\n"))
	if err != nil {
		log.Fatal(err)
	}
	project, err := profiles.Decide(repo, profiles.Request{Name: "hello", Settings: wishes})
	if err != nil {
		log.Fatal(err)
	}
	plan := project.Apps[0]
	files, err := templates.Render(plan)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range plan.Choices {
		if c.Pos != nil {
			fmt.Printf("%s = %s (%s)\n", c.Key, c.Value, c.Pos)
		}
	}
	for _, f := range files {
		fmt.Println(f.Name)
	}
	for _, stage := range regexp.MustCompile(`(?m) AS (\w+)$`).FindAllSubmatch(files[0].Data, -1) {
		fmt.Printf("stage %s\n", stage[1])
	}
	// Output:
	// go.version = 1.26 (go.mod:3)
	// go.main = . (main.go:5)
	// port = 8080 (main.go:5)
	// runtime = alpine (dockgen.yaml:1)
	// start = hello (main.go:5)
	// Dockerfile
	// .dockerignore
	// stage base
	// stage dev
	// stage test
	// stage build
	// stage prod
}
