package project

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/backing"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/local"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/ignore"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/templates"
)

// specific is the ignore file that BuildKit takes in place of .dockerignore
// for the Dockerfile that it is named after:
// https://docs.docker.com/build/concepts/context/#filename-and-location.
const specific = templates.Dockerfile + templates.Dockerignore

// placeIgnore decides where the rendered ignore file goes if the user has their
// own. dockgen never edits that one. If the build can use it, it stays in use,
// and dockgen writes none. Otherwise dockgen writes Dockerfile.dockerignore,
// with those of the user's patterns that do not break the build. A file that an
// earlier run wrote keeps its name. One of several apps of a folder has its file
// beside its Dockerfile, under that name, and the folder's own counts for it.
func (f *Folder) placeIgnore(repo *detect.Repo, app *App, old lock.App, replace bool) error {
	generated := app.file(templates.Dockerignore)
	if _, ok := old.Files[templates.Dockerignore]; ok {
		return nil
	}
	apart := app.Plan.Place != "" // beside its Dockerfile, which the root's is not
	_, ours := old.Files[specific]
	name := path.Join(app.Plan.Dir, templates.Dockerignore)
	if !ours && f.exists(app.path(specific)) {
		if ours = replace; !ours {
			name = app.path(specific)
		}
	}
	text, err := f.read(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && (apart || ours), apart && name == app.path(specific) && string(text) == string(generated.Data):
		app.rename(templates.Dockerignore, specific)
		return nil
	case errors.Is(err, fs.ErrNotExist), err == nil && string(text) == string(generated.Data) && !apart && !ours:
		return nil
	case replace && !ours && !apart:
		return nil
	}
	own, err := ignore.Parse(generated.Data)
	if err != nil {
		return fmt.Errorf("the generated %s: %w", templates.Dockerignore, err)
	}
	sure := map[string]bool{}
	for _, p := range app.Plan.Reads {
		sure[p.Raw()] = true
	}
	files := app.concerns(app.files(repo))
	reads, err := ignore.Reads(app.file(templates.Dockerfile).Data, files, sure, own)
	if err != nil {
		return err
	}
	theirs, harm := judge(text, repo, app, files, own, reads)
	if harm == "" && !ours {
		app.drop(templates.Dockerignore)
		app.note(fact.At(name, 0), "stays in use: the build can read all that it needs", "")
		return nil
	}
	if theirs != nil {
		if err := app.ignoreToo(theirs.Sparing(reads, own), strings.TrimPrefix(name, app.Plan.Dir+"/")); err != nil {
			return err
		}
	}
	app.rename(templates.Dockerignore, specific)
	if harm != "" {
		app.note(fact.At(name, 0), harm+"; it stays as it is, but docker build reads "+path.Join(app.Plan.Place, specific)+" instead", "")
	}
	return nil
}

// judge says what harm an ignore file of the user's would do, "" for none. The
// list is nil if it cannot be used: BuildKit could not read it either, or it is
// too large.
func judge(text []byte, repo *detect.Repo, app *App, files []string, own *ignore.List, reads []string) (theirs *ignore.List, harm string) {
	theirs, err := ignore.Parse(text)
	if err != nil {
		return nil, "cannot be read: " + err.Error()
	}
	if !theirs.Fits(len(reads)) {
		return nil, fmt.Sprintf("has too many patterns to check against %d files", len(reads))
	}
	if hidden := theirs.Hidden(reads); len(hidden) > 0 {
		more := ""
		if n := len(hidden) - 1; n > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		return theirs, "hides " + hidden[0] + more + ", which the build reads"
	}
	// What the user's machine holds must not replace what the image installs,
	// nor may a secret enter the image. Of secrets that are not committed,
	// .gitignore tells; whether they are here must make no difference.
	probes := []string{"node_modules/x", ".venv/x", "venv/x"}
	for _, name := range []string{".env", ".env.local", "*.pem", "*.key"} {
		for _, at := range []string{name, path.Join(app.Plan.Place, name)} {
			if repo.Tree.Ignores(path.Join(app.Plan.Dir, at)) {
				probes = append(probes, at)
			}
		}
	}
	for _, name := range files {
		if base := path.Base(name); strings.HasPrefix(base, ".env") || path.Ext(base) == ".pem" || path.Ext(base) == ".key" {
			probes = append(probes, name)
		}
	}
	named := credentials(repo, app.Plan.Dir)
	probes = append(probes, slices.Sorted(maps.Keys(named))...)
	if app.compose && app.Plan.Dir == root {
		probes = append(probes, backing.SecretsFolder(repo.Tree)+"/x")
	}
	for _, p := range probes {
		if own.Hides(p) && !theirs.Hides(p) {
			return theirs, "does not hide " + cmp.Or(named[p], strings.TrimSuffix(p, "/x"))
		}
	}
	return theirs, ""
}

// maxCredentials bounds the patterns of credentials that an ignore file is asked for.
const maxCredentials = 30

// credentials are the files of a folder that hold one, and an example of each pattern of a .gitignore that names some, with what they
// are called: these are on the machine that builds.
func credentials(repo *detect.Repo, dir string) map[string]string {
	out := map[string]string{}
	for _, name := range local.Credentials(repo.Tree, dir) {
		if dir != root {
			name = strings.TrimPrefix(name, dir+"/")
		}
		out[name] = plan.Printable(name, 80)
	}
	count := 0
	for _, p := range local.IgnoredIn(repo.Tree, dir) {
		if p.Kind != local.Credential {
			continue
		}
		if count++; count > maxCredentials {
			break
		}
		if name := example(p.Pattern); name != "" {
			out[name+"/x"] = plan.Printable(strings.TrimPrefix(p.Pattern, "**/"), 80)
		}
	}
	return out
}

// example is a path that a pattern of an ignore file matches, "" for one that leaves out letters or is no path.
func example(pattern string) string {
	name := strings.NewReplacer("**/", "", "/**", "", "*", "x", "?", "x").Replace(strings.Trim(pattern, "/"))
	for {
		before, rest, ok := strings.Cut(name, "[")
		if !ok {
			break
		}
		set, after, closed := strings.Cut(rest, "]")
		set = strings.TrimPrefix(set, `\`)
		if !closed || set == "" || set[0] == '!' || set[0] == '^' {
			return ""
		}
		name = before + set[:1] + after
	}
	if strings.ContainsAny(name, `\!`) || !fs.ValidPath(name) {
		return ""
	}
	return name
}

// path is where a file of the app stands in the opened folder.
func (a *App) path(name string) string { return path.Join(a.Plan.Folder(), name) }

// files are the repository's files in the app's folder, sorted, by their paths
// within it.
func (a *App) files(repo *detect.Repo) []string {
	all := repo.Tree.Files(a.Plan.Dir)
	if a.Plan.Dir == root {
		return all
	}
	out := make([]string, len(all))
	for i, name := range all {
		out[i] = strings.TrimPrefix(name, a.Plan.Dir+"/")
	}
	return out
}

// concerns leaves out of the context's files those deep in the folders of the other apps that share it: their manifests are read, their
// code is theirs, and to look at all of it for each app would take time that grows with the square of the apps.
func (a *App) concerns(files []string) []string {
	if a.Plan.Place == "" {
		return files
	}
	return slices.DeleteFunc(slices.Clone(files), func(name string) bool {
		for dir := range tree.Above(path.Dir(path.Dir(name))) {
			if dir != a.Plan.Place && a.beside[dir] {
				return !strings.HasPrefix(name, a.Plan.Place+"/")
			}
		}
		return false
	})
}

// file returns the rendered file of that name.
func (a *App) file(name string) templates.File {
	i := slices.IndexFunc(a.Files, func(f templates.File) bool { return f.Name == name })
	if i < 0 {
		return templates.File{Name: name}
	}
	return a.Files[i]
}

// ignoreToo renders the ignore file again with more patterns.
func (a *App) ignoreToo(patterns []string, from string) error {
	group := plan.IgnoreGroup{Heading: plan.NewComment("From " + from)}
	for _, s := range patterns {
		if p, err := plan.NewPattern(s); err == nil {
			group.Patterns = append(group.Patterns, p)
		}
	}
	if len(group.Patterns) == 0 {
		return nil
	}
	p := *a.Plan
	p.Ignore = append(slices.Clip(p.Ignore), group)
	files, err := templates.Render(&p)
	if err != nil {
		return err
	}
	a.Plan, a.Files = &p, files
	return nil
}

func (a *App) rename(from, to string) {
	for i := range a.Files {
		if a.Files[i].Name == from {
			a.Files[i].Name = to
		}
	}
}

func (a *App) drop(name string) {
	a.Files = slices.DeleteFunc(a.Files, func(f templates.File) bool { return f.Name == name })
}

// note tells the user something about their own files.
func (a *App) note(pos fact.Pos, text, hint string) {
	a.Notes = append(a.Notes, plan.Note{Pos: pos, Text: text, Hint: hint})
}
