package project

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"

	facts "github.com/dockgen/dockgen/detect/backing"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/detect/tree"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/profiles/backing"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/templates"
)

// composeNames are the files that Compose takes by itself: https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file
var composeNames = []string{templates.Compose, "compose.yml", "docker-compose.yml", "docker-compose.yaml"} //nolint:gochecknoglobals // a constant table

// compose decides what runs the apps with the servers that they need, if it is asked for: the choices of each app, and the files that share
// adds. A compose file of the user's own is left alone.
func (r *Result) compose(of *run) error {
	apps := slices.DeleteFunc(slices.Clone(r.Apps), func(a *App) bool { return !a.compose })
	if len(apps) == 0 {
		return nil
	}
	own := ""
	if !slices.Contains(of.composed, templates.Compose) {
		if i := slices.IndexFunc(composeNames, of.folder.exists); i >= 0 {
			own = composeNames[i]
		}
	}
	names := targetNames(apps)
	secrets := facts.SecretsFolder(apps[0].repo.Tree)
	var list []backing.App
	for i, app := range apps {
		log := &record.Log{}
		if !of.req.Upgrade {
			log.Locked = of.lock.Apps[app.Plan.Folder()].Choices
		}
		list = append(list, backing.App{
			Plan: app.Plan, Name: plan.NewServiceName(names[i]), Log: log, Dev: devOf(app.file(templates.Dockerfile).Data),
			Facts: facts.Read(app.repo.Tree, app.code()),
		})
	}
	made, err := backing.Decide(list, secrets)
	if err != nil {
		return err
	}
	if own != "" {
		text := "is yours and stays as it is: --compose writes nothing beside it"
		if images := imagesOf(made.Stack); len(images) > 0 {
			text += "; the apps need " + plan.Printable(strings.Join(images, ", "), 200)
		}
		apps[0].note(fact.At(own, 0), text, "")
		return nil
	}
	for i, app := range apps {
		app.Plan.Choices = append(slices.Clip(app.Plan.Choices), list[i].Log.Choices()...)
		app.Plan.Notes = append(slices.Clip(app.Plan.Notes), list[i].Log.Notes()...)
	}
	r.stack = made
	return nil
}

// composed are the files and folders of the opened folder that compose made: they say nothing of the repository.
func (f *Folder) composed() []string {
	var out []string
	if l, err := f.Lock(); err == nil && l != nil {
		for _, name := range []string{templates.Compose, templates.ComposeDev} {
			if l.Apps[root].Files[name] != nil {
				out = append(out, name)
			}
		}
	}
	for _, name := range facts.SecretsFolders() {
		if text, err := f.read(path.Join(name, ".gitignore")); err == nil && strings.HasPrefix(string(text), secretsHead) {
			out = append(out, name)
		}
	}
	return out
}

// secretsHead begins the .gitignore of the folder of passwords.
const secretsHead = "# The passwords of compose.yaml"

// imagesOf are the images of the servers of a stack.
func imagesOf(s plan.Stack) []string {
	var out []string
	for _, x := range s.Services {
		if !x.Image.IsZero() {
			out = append(out, x.Image.Raw())
		}
	}
	return out
}

// code is where the code of an app is: its own folder, or the module of a build of Java or the Go program that its image is of. The libraries are
// with it where the facts of its language know them.
func (a *App) code() facts.App {
	of := cmp.Or(a.Plan.Of, a.Plan.Folder())
	place, below := tree.Below(of, a.Plan.Dir)
	if !below {
		place = ""
	}
	out := facts.App{Dir: a.Plan.Dir, Place: place, Language: a.Plan.Language}
	if c, ok := a.choice("java.module"); ok && c.Value != root {
		out.Place = path.Join(place, c.Value)
	}
	if c, ok := a.choice("go.main"); ok {
		out.Main = path.Join(place, c.Value)
	}
	for _, x := range a.repo.Apps {
		if f, ok := x.Facts.(interface {
			Libraries(module string) []facts.Library
		}); ok && x.Dir == a.Plan.Dir && x.Facts.Language() == out.Language {
			out.Libraries = f.Libraries(out.Place)
		}
	}
	return out
}

// composeFiles adds those files to the ones that the apps share. A run about one of several apps leaves them as they are.
func (r *Result) composeFiles(req Request, old *lock.File) error {
	had := old != nil && old.Apps[root].Files[templates.Compose] != nil
	if r.stack == nil || req.App != "" && had {
		r.stack = nil
		return nil
	}
	files, err := templates.RenderStack(r.stack.Stack)
	if err != nil {
		return err
	}
	r.add(files...)
	return nil
}

// add adds files of the opened folder that are for several apps.
func (r *Result) add(files ...templates.File) {
	for _, app := range r.all() {
		if app.Plan.Folder() == root {
			app.Files = append(app.Files, files...)
			return
		}
	}
	r.shared = &App{Plan: &plan.App{Dir: root}, Files: files}
}

// devOf reads the dev target of a Dockerfile: where it works, what it listens on, and which files its dependencies follow from, which are
// those that the stages before it copy. It is nil if there is none.
func devOf(dockerfile []byte) *backing.Dev {
	parsed, err := parser.Parse(bytes.NewReader(dockerfile))
	if err != nil {
		return nil
	}
	type stage struct {
		from    string
		workdir string
		ports   []int
		copies  []string
		source  string // what is copied to the working directory, or below it under its own name
	}
	stages, name := map[string]*stage{}, ""
	for _, n := range parsed.AST.Children {
		var words []string
		for w := n.Next; w != nil; w = w.Next {
			words = append(words, w.Value)
		}
		s := stages[name]
		switch keyword := strings.ToLower(n.Value); {
		case keyword == "from" && len(words) > 0:
			name = words[0]
			if len(words) > 2 {
				name = words[2]
			}
			stages[name] = &stage{from: words[0]}
		case s == nil || len(words) == 0:
		case keyword == "workdir":
			s.workdir = path.Join(s.workdir, words[0])
			if path.IsAbs(words[0]) {
				s.workdir = path.Clean(words[0])
			}
		case keyword == "expose":
			for _, w := range words {
				if p, err := strconv.Atoi(strings.TrimSuffix(w, "/tcp")); err == nil {
					s.ports = append(s.ports, p)
				}
			}
		case keyword == "copy" && !slices.ContainsFunc(n.Flags, func(f string) bool { return strings.HasPrefix(f, "--from=") }):
			s.copies = append(s.copies, words[:len(words)-1]...)
			if at, ok := sourceOf(words); ok && s.source == "" {
				s.source = at
			}
		}
	}
	dev := stages["dev"]
	if dev == nil {
		return nil
	}
	out := &backing.Dev{Source: cmp.Or(dev.source, "."), Workdir: dev.workdir, Ports: dev.ports}
	at := dev
	for range stages {
		next := stages[at.from]
		if next == nil || next == at {
			break
		}
		at = next
		if out.Workdir == "" || !path.IsAbs(out.Workdir) {
			out.Workdir = path.Join(at.workdir, out.Workdir)
		}
		for _, c := range at.copies {
			if c = strings.TrimSuffix(c, "/"); watchable(c) && !slices.Contains(out.Rebuild, c) {
				out.Rebuild = append(out.Rebuild, c)
			}
		}
	}
	slices.Sort(out.Rebuild)
	if !path.IsAbs(out.Workdir) || out.Workdir == "/" {
		return nil
	}
	return out
}

// sourceOf is the folder that lies in the working directory after a COPY: server of "server/ ./" and of "server/src/ src/".
func sourceOf(words []string) (string, bool) {
	to := path.Clean(words[len(words)-1])
	if len(words) != 2 || path.IsAbs(to) || !watchable(strings.TrimSuffix(words[0], "/")) && words[0] != "." {
		return "", false
	}
	from := path.Clean(words[0])
	if to == "." {
		return from, true
	}
	if from == to {
		return ".", true
	}
	return strings.CutSuffix(from, "/"+to)
}

// watchable reports whether what is copied is one path: Compose watches no patterns.
func watchable(s string) bool {
	return s != "." && s != "" && !strings.ContainsAny(s, "*?[$\\<\n") && !path.IsAbs(s) && s != ".." && !strings.HasPrefix(s, "../")
}

// secretsMode and secretsFolderMode keep the passwords from other users of the machine.
const (
	secretsMode       = 0o600
	secretsFolderMode = 0o700
	filesMode         = 0o644
)

// secretEdits are the files that hold passwords, as far as something is missing in them, and the .gitignore that keeps them out of Git.
// What is there stays.
func (f *Folder) secretEdits(r *Result) ([]Edit, error) {
	if r.stack == nil || len(r.stack.Secrets) == 0 {
		return nil, nil
	}
	passwords := map[string]string{} // of the servers, by their files
	texts := map[string][]byte{}
	var out []Edit
	for _, s := range r.stack.Secrets {
		text, err := f.replaceable(s.File)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		texts[s.File] = text
		for _, v := range s.Vars {
			if v.Of == s.File {
				if value, ok := envValue(text, v.Name); ok {
					passwords[s.File] = value
				} else if passwords[s.File] == "" {
					passwords[s.File] = rand.Text()
				}
			}
		}
	}
	folder := path.Dir(r.stack.Secrets[0].File)
	ignore := Edit{Path: path.Join(folder, ".gitignore"), New: []byte(secretsHead + ", which each machine has its own of.\n*\n!.gitignore\n"), Local: true}
	var err error
	if ignore.Old, err = f.replaceable(ignore.Path); err != nil {
		return nil, err
	}
	if ignore.Exists = ignore.Old != nil; ignore.Exists {
		ignore.New = ignore.Old
	}
	out = append(out, ignore)
	for _, s := range r.stack.Secrets {
		e := Edit{Path: s.File, Old: texts[s.File], Exists: texts[s.File] != nil, Local: true, Mode: secretsMode}
		e.New = slices.Clone(e.Old)
		if n := len(e.New); n > 0 && e.New[n-1] != '\n' {
			e.New = append(e.New, '\n')
		}
		for _, v := range s.Vars {
			if _, ok := envValue(e.Old, v.Name); ok {
				continue
			}
			value := v.Before + passwords[v.Of] + v.After
			if v.Of == "" {
				value = longSecret()
			}
			e.New = append(e.New, (v.Name + "=" + envQuote(value) + "\n")...)
		}
		if e.Exists && string(bytes.TrimRight(e.New, "\n")) == string(bytes.TrimRight(e.Old, "\n")) {
			e.New = e.Old
		}
		out = append(out, e)
	}
	return out, nil
}

// longSecret is a random text for a secret of the app's own: 64 hexadecimal digits, since many want that form, or 256 bits at least.
func longSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // which never fails: https://pkg.go.dev/crypto/rand#Read
	return hex.EncodeToString(b)
}

// envValue is what a file of variables gives one.
func envValue(text []byte, name string) (string, bool) {
	for line := range strings.Lines(string(text)) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if ok && strings.TrimSpace(key) == name {
			value = strings.TrimSpace(value)
			if n := len(value); n > 1 && (value[0] == '\'' || value[0] == '"') && value[n-1] == value[0] {
				value = value[1 : n-1]
			}
			return value, true
		}
	}
	return "", false
}

// envQuote is a value in a file of variables: in single quotes nothing is expanded.
// https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
func envQuote(s string) string {
	if plan.ShellQuote(s) == s {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", "") + "'"
}
