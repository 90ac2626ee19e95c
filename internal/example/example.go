// Package example loads the example repositories below testdata: what each
// one holds, the files that dockgen should write for it, and what the images
// must do. The tests beside it run every example through the whole of
// dockgen; CONTRIBUTING.md says how to add one.
//
// The layout, which Load checks:
//
//	testdata/STACK/NAME/
//	    example.yaml                     an Example
//	    input/                           the repository
//	    want/explain.txt                 every choice of the default profile
//	    want/RUNTIME/Dockerfile          one folder for each plan.Runtime,
//	    want/RUNTIME/.dockerignore       with both files
//	    want/RUNTIME/error.txt           or with the reason why it cannot be
//	    own/Dockerfile                   optional: one as people write it by hand, to compare with
package example

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/profiles/plan"
)

// Example is one folder below testdata/STACK.
type Example struct {
	Stack string `yaml:"-"` // "go", "node", "python", "java"
	Name  string `yaml:"-"` // of its folder, which is also the name that dockgen sees
	Dir   string `yaml:"-"`

	About string `yaml:"about"` // what it is there to show, in one line
	Prod  Prod   `yaml:"prod"`
	// Targets are final stages beside prod, by name, and what their images must do.
	Targets map[string]Prod `yaml:"targets,omitempty"`
	Test    *Test           `yaml:"test,omitempty"` // nil: the repository has no tests
	Dev     *Dev            `yaml:"dev,omitempty"`  // nil: a job, which answers nobody
	// AllBases has dev and test built and run on Alpine's image too, where their
	// instructions are those for Debian's: once for each package manager.
	AllBases bool `yaml:"all_bases,omitempty"`
	// Always has the end-to-end test build and run it whatever was proved of it
	// before: one example of each stack, a quick one.
	Always bool `yaml:"always,omitempty"`
}

// Prod is what the prod image must do when it runs with Env alone. A server
// has Port and HTTP; a job has Stdout.
type Prod struct {
	Args   map[string]string `yaml:"args,omitempty"` // of docker build
	Env    map[string]string `yaml:"env,omitempty"`
	Port   int               `yaml:"port,omitempty"`
	HTTP   *HTTP             `yaml:"http,omitempty"`
	Stdout []string          `yaml:"stdout,omitempty"` // each must be in what the job prints
	// MaxAddedMB bounds the bytes that prod adds to its base image with
	// distroless and scratch; 0 is no bound.
	MaxAddedMB int `yaml:"max_added_mb,omitempty"`
}

// HTTP is a request and its answer.
type HTTP struct {
	Path     string `yaml:"path"`
	Status   int    `yaml:"status"`
	Contains string `yaml:"contains,omitempty"`
}

// Test says how to see that the test target runs the repository's tests.
type Test struct {
	Breaks Edit `yaml:"breaks"` // after this edit the target must fail; before, it must pass
}

// Dev is an edit of the source, and what dev answers after it with no rebuild.
type Dev struct {
	Edit Edit `yaml:"edit"`
	HTTP HTTP `yaml:"http"`
}

// Edit replaces the one place of a file of input that reads Old.
type Edit struct {
	File string `yaml:"file"`
	Old  string `yaml:"old"`
	New  string `yaml:"new"`
}

// Input is the folder that dockgen reads.
func (e *Example) Input() string { return filepath.Join(e.Dir, "input") }

// Want is the folder of the files that dockgen should write.
func (e *Example) Want() string { return filepath.Join(e.Dir, "want") }

// Own is the folder of a hand-written Dockerfile, or "" where there is none.
func (e *Example) Own() string {
	dir := filepath.Join(e.Dir, "own")
	if _, err := os.Stat(filepath.Join(dir, "Dockerfile")); err != nil {
		return ""
	}
	return dir
}

// Runtimes lists those that dockgen writes a Dockerfile for, as want has it,
// the default profile's choice first.
func (e *Example) Runtimes() ([]plan.Runtime, error) {
	file := filepath.Join(e.Want(), "explain.txt")
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%w (go test ./internal/example -update writes it)", err)
	}
	m := runtimeChoice.FindSubmatch(text)
	if m == nil {
		return nil, fmt.Errorf("%s: no choice of a runtime", file)
	}
	first := plan.Runtime(m[1])
	var out []plan.Runtime
	for _, r := range append([]plan.Runtime{first}, plan.Runtimes()...) {
		if _, err := os.Stat(filepath.Join(e.Want(), string(r), "Dockerfile")); err == nil && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	if len(out) == 0 || out[0] != first {
		return nil, fmt.Errorf("%s: there is no Dockerfile for %s, which is chosen", file, first)
	}
	return out, nil
}

// runtimeChoice is the line of explain.txt for the default's choice.
var runtimeChoice = regexp.MustCompile(`(?m)^runtime: (\S+)$`)

// String is "STACK/NAME".
func (e *Example) String() string { return e.Stack + "/" + e.Name }

// Apply makes the edit in a copy of input at root. It writes in place, as an
// editor that keeps the inode, so that a mounted file shows it.
func (e Edit) Apply(root string) error {
	text, err := e.read(root)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, filepath.FromSlash(e.File)), []byte(strings.Replace(text, e.Old, e.New, 1)), 0o644)
}

// read returns the file, in which Old stands once.
func (e Edit) read(root string) (string, error) {
	if !filepath.IsLocal(filepath.FromSlash(e.File)) {
		return "", fmt.Errorf("file %q: want a path within input", e.File)
	}
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(e.File)))
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(text), e.Old); n != 1 || e.Old == "" {
		return "", fmt.Errorf("%s has %q %d times, want once", e.File, e.Old, n)
	}
	return string(text), nil
}

// All loads every example below testdata, sorted by stack and name.
func All(testdata string) ([]*Example, error) {
	files, err := filepath.Glob(filepath.Join(testdata, "*", "*", "example.yaml"))
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
	var out []*Example
	for _, f := range files {
		e, err := Load(filepath.Dir(f))
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// Load reads the example in dir; unknown keys and edits that would not apply
// are errors.
func Load(dir string) (*Example, error) {
	file := filepath.Join(dir, "example.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	e := &Example{Stack: filepath.Base(filepath.Dir(dir)), Name: filepath.Base(dir), Dir: dir}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(e); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if err := e.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return e, nil
}

func (e *Example) check() error {
	if e.About == "" || strings.Contains(e.About, "\n") {
		return fmt.Errorf("about: want one line")
	}
	if info, err := os.Stat(e.Input()); err != nil || !info.IsDir() {
		return fmt.Errorf("no folder input")
	}
	if err := e.Prod.check(); err != nil {
		return fmt.Errorf("prod: %w", err)
	}
	switch job := e.Prod.HTTP == nil; {
	case job && e.Dev != nil:
		return fmt.Errorf("prod: a job has no dev")
	case !job && e.Dev == nil:
		return fmt.Errorf("dev: a server needs an edit and its answer")
	}
	for name, p := range e.Targets {
		if err := p.check(); err != nil {
			return fmt.Errorf("targets: %s: %w", name, err)
		}
	}
	if e.Test != nil {
		if err := e.Test.Breaks.check(e.Input()); err != nil {
			return fmt.Errorf("test: breaks: %w", err)
		}
	}
	if e.Dev != nil {
		if err := e.Dev.Edit.check(e.Input()); err != nil {
			return fmt.Errorf("dev: edit: %w", err)
		}
		if err := e.Dev.HTTP.check(); err != nil {
			return fmt.Errorf("dev: http: %w", err)
		}
		if h := e.Dev.HTTP; e.Prod.HTTP.Path == h.Path && h.Contains == e.Prod.HTTP.Contains {
			return fmt.Errorf("dev: http: the same answer as before the edit proves nothing")
		}
	}
	return nil
}

func (p Prod) check() error {
	switch {
	case p.HTTP == nil && len(p.Stdout) == 0:
		return fmt.Errorf("want http, or stdout of a job")
	case p.HTTP != nil && len(p.Stdout) > 0:
		return fmt.Errorf("http and stdout exclude each other")
	case p.HTTP != nil && (p.Port < 1 || p.Port > 65535):
		return fmt.Errorf("a server needs its port")
	case p.HTTP == nil && p.Port != 0:
		return fmt.Errorf("a job has no port")
	case p.HTTP == nil:
		return nil
	}
	if err := p.HTTP.check(); err != nil {
		return fmt.Errorf("http: %w", err)
	}
	return nil
}

func (h HTTP) check() error {
	switch {
	case !strings.HasPrefix(h.Path, "/"):
		return fmt.Errorf("path: want /…")
	case h.Status < 100 || h.Status > 599:
		return fmt.Errorf("status: want 100 to 599")
	}
	return nil
}

func (e Edit) check(root string) error {
	if e.Old == e.New {
		return fmt.Errorf("old and new are the same")
	}
	_, err := e.read(root)
	return err
}
