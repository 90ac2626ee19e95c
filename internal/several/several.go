// Package several loads the example repositories of several apps, or of one made of several folders, below testdata/several. The tests
// beside it hold what dockgen writes for one to its wanted files, and build and run all of it together: what no example of one app
// in its folder (internal/example) can show.
//
//	testdata/several/NAME/
//	    repository.yaml      a Repository
//	    input/               the repository
//	    want/                each file that init writes but the lock, and notes.txt, what it says of the apps
package several

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/internal/example"
)

// Repository is one folder below testdata/several.
type Repository struct {
	Name string `yaml:"-"`
	Dir  string `yaml:"-"`

	About string         `yaml:"about"` // what it is there to show, in one line
	Apps  map[string]App `yaml:"apps"`  // by folder: all that get files
	// Compose is what docker compose up must do, where a dockgen.yaml of the input has dockgen write compose.yaml.
	Compose *Compose `yaml:"compose,omitempty"`
}

// Compose is a service that is asked from outside, for what only all services together can answer.
type Compose struct {
	Service string         `yaml:"service"`
	Port    int            `yaml:"port"`
	Asks    []example.HTTP `yaml:"asks"`
	// Writes is a path that is posted to; Kept is asked after it, and again after all services were stopped and started.
	Writes string       `yaml:"writes,omitempty"`
	Kept   example.HTTP `yaml:"kept,omitempty"`
}

// App is what the images of one app must do.
type App struct {
	// Prod runs beside those of the other apps, which it reaches by the names of their targets.
	example.Prod `yaml:",inline"`
	Also         []example.HTTP `yaml:"also,omitempty"` // further requests of a server
	// Edit is of the app's own code: its image is built anew then, and no step of another app's, nor of a front end within.
	Edit example.Edit `yaml:"edit"`
	// Breaks is an edit after which its test target fails, where it has tests.
	Breaks *example.Edit `yaml:"breaks,omitempty"`
}

// Input is the folder that dockgen reads.
func (r *Repository) Input() string { return filepath.Join(r.Dir, "input") }

// Want is the folder of the files that dockgen should write.
func (r *Repository) Want() string { return filepath.Join(r.Dir, "want") }

// All loads every repository below testdata/several, sorted by name.
func All(testdata string) ([]*Repository, error) {
	files, err := filepath.Glob(filepath.Join(testdata, "several", "*", "repository.yaml"))
	if err != nil {
		return nil, err
	}
	var out []*Repository
	for _, f := range files {
		r, err := load(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		out = append(out, r)
	}
	return out, nil
}

// load reads one; unknown keys are errors.
func load(file string) (*Repository, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(file)
	r := &Repository{Name: filepath.Base(dir), Dir: dir}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(r); err != nil {
		return nil, err
	}
	if r.About == "" || strings.Contains(r.About, "\n") {
		return nil, fmt.Errorf("about: want one line")
	}
	for at, app := range r.Apps {
		if (app.HTTP == nil) == (len(app.Stdout) == 0) || (app.HTTP == nil) != (app.Port == 0) {
			return nil, fmt.Errorf("%s: want port and http of a server, or stdout of what ends by itself", at)
		}
	}
	return r, nil
}
