package project

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/buildfile"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
	"github.com/dockgen/dockgen/profiles/backing"
	"github.com/dockgen/dockgen/profiles/image"
	"github.com/dockgen/dockgen/profiles/plan"
)

// Variables is the file of variables that docker run is to give an app.
type Variables struct {
	File    string     // .env, by its path in the opened folder; "" for none
	Example string     // the file to copy there first, "" if File exists
	Set     []plan.Env // of the image's, which docker run has to set again: what the file has for them is for a machine on which people develop
	Note    *plan.Note // what docker run reads otherwise than who wrote the file may think, nil for nothing
}

// Variables looks for the file in the folder of the app's code, and then in those around it. It asks the disk, not the repository: Git ignores a
// .env, and only who has one needs it. Files behind a web server read no variables.
func (f *Folder) Variables(app *App) Variables {
	if app.Plan.Kind == plan.Site {
		return Variables{}
	}
	var dirs []string
	for _, dir := range []string{app.Plan.Of, app.Plan.Folder(), app.Plan.Dir, root} {
		if dir != "" && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	for _, dir := range dirs {
		file := path.Join(dir, ".env")
		names := append([]string{".env"}, buildfile.EnvExamples()...)
		if f.exists(file) {
			names = names[:1]
		}
		for _, name := range names {
			from := path.Join(dir, name)
			text, err := f.read(from)
			if err != nil {
				continue
			}
			named, note := readByDocker(from, string(text))
			if !named {
				continue
			}
			out := Variables{File: file, Note: note, Set: undone(string(text), app.Plan.Run)}
			if from != file {
				out.Example = from
			}
			return out
		}
	}
	return Variables{}
}

// undone are the variables of the image without which nothing reaches the app, or which say that it is in production, and for which the text has
// another value: HOST=localhost, NODE_ENV=development.
func undone(text string, run *plan.Run) []plan.Env {
	if run == nil {
		return nil
	}
	has := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := buildfile.EnvLine(line); ok {
			has[name] = value
		}
	}
	return slices.DeleteFunc(slices.Clone(run.Env), func(e plan.Env) bool {
		value := e.Value.Raw()
		other, ok := has[e.Name.String()]
		decides := value == "0.0.0.0" || value == "::" || value == "production" || slices.ContainsFunc(run.Ports, func(p plan.Port) bool { return p.String() == value })
		return !ok || other == value || !decides
	})
}

// otherVariable matches what tools of dotenv put another variable of the file in place of.
var otherVariable = lazy.MustCompile(`\$\{?([A-Za-z_][A-Za-z0-9_]*)`)

// readByDocker reports whether the text names a variable, with a note on those that docker run does not read as tools of dotenv do: it takes all
// behind the equals sign as the value, and wants no blank before it. https://docs.docker.com/reference/cli/docker/container/run/#env,
// https://github.com/docker/cli/blob/master/pkg/kvfile/kvfile.go
func readByDocker(file, text string) (named bool, note *plan.Note) {
	var quoted, refused, filled []string
	var at int
	names := map[string]bool{}
	for line := range strings.Lines(text) {
		if name, _, ok := buildfile.EnvLine(line); ok {
			names[name] = true
		}
	}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		name, value, ok := buildfile.EnvLine(line)
		if !ok {
			continue
		}
		named = true
		left, right, _ := strings.Cut(line, "=")
		list := &quoted
		switch {
		case strings.ContainsAny(left, " \t"):
			list = &refused
		case right != value:
		case slices.ContainsFunc(otherVariable.FindAllStringSubmatch(value, -1), func(m []string) bool { return names[m[1]] }):
			list = &filled
		default:
			continue
		}
		if at == 0 || list == &refused && len(refused) == 0 || list == &quoted && len(refused)+len(quoted) == 0 {
			at = n
		}
		*list = append(*list, plan.Printable(name, 40))
	}
	pos := fact.At(file, at)
	switch {
	case len(refused) > 0:
		return named, &plan.Note{
			Pos: pos, Text: "docker run --env-file refuses the " + lines(refused) + ": before the equals sign stands the name alone",
			Hint: "write " + refused[0] + "=…, without export and without blanks",
		}
	case len(quoted) > 0:
		return named, &plan.Note{
			Pos: pos, Text: "docker run --env-file takes quotes and comments as part of the value, in the " + lines(quoted),
			Hint: "write the value alone behind " + quoted[0] + "=, without quotes and comment",
		}
	case len(filled) > 0:
		return named, &plan.Note{
			Pos: pos, Text: "docker run --env-file puts no variable into the value of another, in the " + lines(filled),
			Hint: "write the whole value behind " + filled[0] + "=",
		}
	}
	return named, nil
}

// lines names lines of a file of variables.
func lines(names []string) string {
	if len(names) == 1 {
		return "line of " + names[0]
	}
	if more := len(names) - maxNamed; more > 0 {
		return fmt.Sprintf("lines of %s and %d more", strings.Join(names[:maxNamed], ", "), more)
	}
	return "lines of " + image.Enumerate(names)
}

// Migration is what applies the migrations of the app's database, if nothing does when the app starts: the arguments of docker run behind its options, with
// the name of the image, and whether that is the one of the stage dev. An app that keeps data in folders of its image has none: that may be
// the database, and a container of the migration's own would have another one.
func (a *App) Migration() (args, name string, dev bool) {
	if a.Plan.Run == nil || len(a.Plan.Run.Writes) > 0 {
		return "", "", false
	}
	for _, x := range a.Plan.Beside {
		if !x.Ends || !backing.Migrates(x) {
			continue
		}
		name = a.Plan.Name
		if x.Dev {
			name += ":dev"
		}
		return image.RunOf(x, name), name, x.Dev
	}
	return "", "", false
}
