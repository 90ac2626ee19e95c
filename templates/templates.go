// Package templates turns a plan into bytes. A template looks like the stage
// that it makes and decides nothing beyond if and range; every value in it is
// of a type of profiles/plan that quotes or refuses.
//
// A stage is a block with a name: "golang/build" in the folder of its language,
// or one of those in shared that serve every language, such as "prod". An
// organisation's profile can replace one block and keep the rest.
package templates

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"text/template"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/plan"
)

//go:embed */*.tmpl
var files embed.FS

// File is a rendered file.
type File struct {
	Name string // slash-separated, below the app's folder
	Data []byte
}

// The names of the rendered files, in the order in which Render returns them.
const (
	Dockerfile   = "Dockerfile"
	Dockerignore = ".dockerignore"
)

// Bake is the name of the file that builds several apps.
const Bake = "docker-bake.hcl"

// RenderBake makes that file. The same plan gives the same bytes.
func RenderBake(b plan.Bake) (File, error) {
	t, err := parse(nil, nil)
	if err != nil {
		return File{}, err
	}
	data, err := execute(t, "shared/bake.tmpl", b)
	return File{Bake, data}, err
}

// The names of the files that run the apps with what they need, and of the one that puts their dev targets over it.
const (
	Compose    = "compose.yaml"
	ComposeDev = "compose.dev.yaml"
)

// RenderStack makes those two files, the second where an app has a dev target. The same plan gives the same bytes.
func RenderStack(s plan.Stack) ([]File, error) {
	t, err := parse(nil, nil)
	if err != nil {
		return nil, err
	}
	data, err := execute(t, "shared/compose.tmpl", s)
	if err != nil || len(s.Dev) == 0 {
		return []File{{Compose, data}}, err
	}
	dev, err := execute(t, "shared/compose-dev.tmpl", s)
	return []File{{Compose, data}, {ComposeDev, dev}}, err
}

// Render makes the app's files. The same plan gives the same bytes. It fails
// if a block of the user's profile does not execute, or if the result would
// not parse as a Dockerfile.
func Render(app *plan.App) ([]File, error) {
	t, err := parse(folders(app.Image), app.Image.Blocks)
	if err != nil {
		return nil, err
	}
	dockerfile, err := image(t, app.Image)
	if err != nil {
		return nil, err
	}
	if err := fits(dockerfile); err != nil {
		return nil, err
	}
	if _, err := parser.Parse(bytes.NewReader(dockerfile)); err != nil {
		return nil, fmt.Errorf("the rendered Dockerfile does not parse: %w", err)
	}
	ignore, err := execute(t, "shared/dockerignore.tmpl", app.Ignore)
	if err != nil {
		return nil, err
	}
	return []File{{Dockerfile, dockerfile}, {Dockerignore, ignore}}, nil
}

// image writes the stages one after the other, an empty line between them.
func image(t *template.Template, i plan.Image) ([]byte, error) {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "directives", i); err != nil {
		return nil, err
	}
	for _, s := range i.Stages {
		b.WriteString("\n\n")
		if err := t.ExecuteTemplate(&b, s.Block, s.Data); err != nil {
			return nil, err
		}
	}
	for _, a := range i.Aliases {
		b.WriteString("\n\n")
		if err := t.ExecuteTemplate(&b, "alias", a); err != nil {
			return nil, err
		}
	}
	return tidy(b.Bytes()), nil
}

// folders are those whose templates write the image, sorted.
func folders(i plan.Image) []string {
	var out []string
	for _, s := range i.Stages {
		if folder, _, ok := strings.Cut(s.Block, "/"); ok {
			out = append(out, folder)
		}
	}
	sort.Strings(out)
	return slices.Compact(out)
}

// maxLine is the most bytes of one line that BuildKit reads.
const maxLine = 65_535

// fits refuses a Dockerfile that has a longer line, and says which.
func fits(dockerfile []byte) error {
	n := 0
	for line := range bytes.Lines(dockerfile) {
		if n++; len(line) > maxLine {
			return fmt.Errorf("%s:%d: would have a line of %d bytes, and BuildKit reads no more than %d; shorten what the repository gives for it: %s",
				Dockerfile, n, len(line), maxLine, plan.Printable(string(line), 200))
		}
	}
	return nil
}

func execute(t *template.Template, name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return nil, err
	}
	return tidy(b.Bytes()), nil
}

// ours are the shared blocks and those of some languages, by their folders.
var ours sync.Map //nolint:gochecknoglobals // embedded files, each parsed once

// parseOurs returns what no profile has changed, for reading alone.
func parseOurs(languages []string) (*template.Template, error) {
	key := strings.Join(languages, " ")
	if t, ok := ours.Load(key); ok {
		return t.(*template.Template), nil
	}
	t := template.New("").Option("missingkey=error").Funcs(template.FuncMap{
		"words":    words,
		"packages": plan.Packages,
	})
	for _, folder := range append([]string{"shared"}, languages...) {
		if err := parseFiles(t, folder); err != nil {
			return nil, err
		}
	}
	ours.Store(key, t)
	return t, nil
}

// parse returns the shared blocks, those of the languages and the user's
// blocks over them.
func parse(languages []string, blocks map[string]string) (*template.Template, error) {
	t, err := parseOurs(languages)
	if err != nil || len(blocks) == 0 {
		return t, err
	}
	if t, err = t.Clone(); err != nil {
		return nil, err
	}
	names := make([]string, 0, len(blocks))
	for name := range blocks {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		// A profile may carry blocks for several languages.
		if folder, _, ok := strings.Cut(name, "/"); ok && !slices.Contains(languages, folder) {
			continue
		}
		if t.Lookup(name) == nil {
			return nil, fmt.Errorf("the profile replaces block %q, which the templates do not have; they have %s", plan.Printable(name, 40), strings.Join(blockNames(t), ", "))
		}
		if _, err := t.New(name).Parse(lines(name, blocks[name])); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// lines gives a block that a user wrote the line ends that the templates' own
// have: one that stands within a stage begins on a new line, and a stage, which
// has its language in its name, also ends with one.
func lines(name, text string) string {
	text = "\n" + strings.Trim(text, "\n")
	if strings.Contains(name, "/") {
		text += "\n"
	}
	return text
}

func blockNames(t *template.Template) []string {
	var names []string
	for _, x := range t.Templates() {
		if n := x.Name(); n != "" && !strings.HasSuffix(n, ".tmpl") {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	return names
}

func parseFiles(t *template.Template, dir string) error {
	entries, err := files.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := dir + "/" + e.Name()
		text, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := t.New(name).Parse(string(text)); err != nil {
			return err
		}
	}
	return nil
}

func words(list []plan.Token) string {
	var out []string
	for _, w := range list {
		out = append(out, w.String())
	}
	return strings.Join(out, " ")
}

var (
	trailingBlanks = lazy.MustCompile(`(?m)[ \t]+$`)
	manyLines      = lazy.MustCompile(`\n{3,}`)
)

// tidy takes out what conditions leave behind: trailing blanks, runs of empty
// lines, and empty lines at both ends.
func tidy(text []byte) []byte {
	text = trailingBlanks.ReplaceAll(text, nil)
	text = manyLines.ReplaceAll(text, []byte("\n\n"))
	text = bytes.Trim(text, "\n")
	return append(text, '\n')
}
