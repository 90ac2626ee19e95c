package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect"
	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// wishes are the shared flags: what the user asks for beside dockgen.yaml.
type wishes struct {
	profile string
	runtime plan.Runtime
	set     []string
	upgrade bool // update only: this release's choices instead of the lock's
}

// settings are the flags as settings, which say of each key which flag set it.
func (w wishes) settings() (settings.Settings, error) {
	var out settings.Settings
	for _, s := range w.set {
		var err error
		if out, err = out.Set(s); err != nil {
			return out, &usageError{err: err, hint: hintOf(err)}
		}
	}
	for _, flag := range []struct{ key, value string }{{"profile", w.profile}, {"runtime", string(w.runtime)}} {
		if flag.value == "" {
			continue
		}
		one, err := settings.Decode("--"+flag.key, &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{
			{Kind: yaml.ScalarNode, Tag: "!!str", Value: flag.key},
			{Kind: yaml.ScalarNode, Tag: "!!str", Value: flag.value},
		}})
		if err != nil {
			return out, &usageError{err: err, hint: hintOf(err)}
		}
		out = out.Over(one)
	}
	if err := profiles.CheckLanguage(out); err != nil {
		return out, &usageError{err: err}
	}
	return out, nil
}

// app is the folder that a command works on. Everything is read and written
// through root, which no symbolic link leads out of.
type app struct {
	dir  string // as the user gave it
	path string // absolute
	root *os.Root
	last struct { // the folder of the file that was opened last
		sync.Mutex
		dir  string
		root *os.Root
	}
}

func open(dir string) (*app, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("%s: no such folder", dir)
	}
	if err != nil {
		return nil, err
	}
	return &app{dir: dir, path: abs, root: root}, nil
}

func (a *app) Close() error {
	if a.last.root != nil {
		_ = a.last.root.Close()
	}
	return a.root.Close()
}

// fs is the folder as detect.Scan reads it.
func (a *app) fs() fs.FS {
	return folder{a.root.FS().(fs.ReadLinkFS), a} // os.Root.FS documents that interface
}

// folder lists by path, and opens only through an os.Root. An os.Root's own
// listing asks the system about each entry, which takes four times as long;
// the walk enters no symbolic link, and a name is not yet a file's text. It
// also goes down the whole path for each file, of which many are read one
// after the other in one folder.
type folder struct {
	fs.ReadLinkFS
	app *app
}

// Open implements fs.FS.
func (f folder) Open(name string) (fs.File, error) {
	dir, base := path.Split(name)
	if dir == "" || !fs.ValidPath(name) {
		return f.ReadLinkFS.Open(name)
	}
	last := &f.app.last
	last.Lock()
	defer last.Unlock()
	if last.dir != dir {
		root, err := f.app.root.OpenRoot(filepath.FromSlash(dir))
		if err != nil {
			return nil, err
		}
		if last.root != nil {
			_ = last.root.Close()
		}
		last.dir, last.root = dir, root
	}
	return last.root.Open(base)
}

// ReadDir implements fs.ReadDirFS.
func (f folder) ReadDir(name string) ([]fs.DirEntry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	return os.ReadDir(filepath.Join(f.app.path, filepath.FromSlash(name)))
}

// result is what the pipeline made of the repository.
type result struct {
	repo  *detect.Repo
	plan  *plan.App
	files []templates.File      // the Dockerfile first
	flags settings.Settings     // to remember
	notes []plan.Note           // on the user's own files
	bases map[string]merge.Base // what to remember of files that were merged, by name
}

// generate reads the repository and makes the files that dockgen would write
// for it: scan → decide → render, then the place of the ignore file. l is what
// an earlier run left, or nil. Nothing is written.
func (a *app) generate(ctx context.Context, w wishes, l *lock.File) (*result, error) {
	if l == nil {
		l = &lock.File{}
	}
	flags, err := w.settings()
	if err != nil {
		return nil, err
	}
	asked, err := a.config()
	if err != nil {
		return nil, err
	}
	asked = asked.Over(l.Settings).Over(flags)
	profile, err := a.profile(asked, flags.Profile != "")
	if err != nil {
		return nil, err
	}
	req := profiles.Request{Name: filepath.Base(a.path), Profile: profile, Settings: asked, Locked: l.Choices}
	if w.upgrade {
		req.Locked = nil
	}
	made := &result{flags: a.remember(l.Settings.Over(flags))}
	if made.repo, err = detect.Scan(ctx, a.fs(), profiles.Languages()); err != nil {
		return nil, err
	}
	project, err := profiles.Decide(made.repo, req)
	if err != nil {
		return nil, err
	}
	made.plan = project.Apps[0]
	if made.files, err = templates.Render(made.plan); err != nil {
		return nil, err
	}
	return made, ctx.Err()
}

// config is dockgen.yaml, which need not exist.
func (a *app) config() (settings.Settings, error) {
	text, err := a.read(settings.File)
	if errors.Is(err, fs.ErrNotExist) {
		return settings.Settings{}, nil
	}
	if err != nil {
		return settings.Settings{}, err
	}
	return settings.Parse(settings.File, text)
}

// profile finds the profile that the settings name. A file that a flag of this
// run names is read from wherever it is; one that dockgen.yaml or dockgen.lock
// names is the repository's word, and is read from the app's folder only.
func (a *app) profile(asked settings.Settings, byFlag bool) (*profiles.Profile, error) {
	name, pos := asked.Profile, asked.Pos("profile")
	if !isFile(name) {
		p, err := profiles.FindProfile(name)
		switch {
		case err == nil:
			return &p, nil
		case byFlag:
			return nil, &usageError{err: err}
		}
		return nil, fact.Errorf(pos, "%w", err)
	}
	var text []byte
	var err error
	if byFlag {
		text, err = os.ReadFile(name)
	} else {
		text, err = a.read(filepath.ToSlash(name))
	}
	if err != nil {
		if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
			err = named(name, err)
		}
		fault := fact.Errorf(pos, "profile %w", err)
		if !byFlag {
			fault = fault.WithHint("a profile outside of the app's folder has to be given each time: --profile FILE")
		}
		return nil, fault
	}
	p, err := profiles.ParseProfile(name, text)
	if err != nil {
		return nil, err
	}
	return &p, nil
}

// isFile reports whether a profile's name means a file.
func isFile(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// remember makes the flags fit for the lock: the path of a profile is relative
// to the app's folder there, for a lock names no folder of this machine.
func (a *app) remember(flags settings.Settings) settings.Settings {
	if !isFile(flags.Profile) || flags.Pos("profile").File == lock.Name {
		return flags
	}
	abs, err := filepath.Abs(flags.Profile)
	if err != nil {
		return flags
	}
	if rel, err := filepath.Rel(a.path, abs); err == nil {
		flags.Profile = filepath.ToSlash(rel)
	}
	return flags
}

// lock reads dockgen.lock; without one it returns nil.
func (a *app) lock() (*lock.File, error) {
	text, err := a.read(lock.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // no lock is no fault
	}
	if err != nil {
		return nil, err
	}
	return lock.Parse(lock.Name, text)
}

// maxFile bounds what is read of dockgen's own files.
const maxFile = 4 << 20

// read returns a file of the app's folder. An error names the file.
func (a *app) read(name string) ([]byte, error) {
	info, err := a.root.Stat(name)
	if err != nil {
		return nil, named(name, err)
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return nil, fact.Errorf(fact.At(name, 0), "is not a regular file")
	}
	f, err := a.root.Open(name)
	if err != nil {
		return nil, named(name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, named(name, err)
	}
	if len(text) > maxFile {
		return nil, fact.Errorf(fact.At(name, 0), "is larger than %d MiB", maxFile>>20)
	}
	return text, nil
}

// named is err as the fault of a file, without the name of the system call.
func named(name string, err error) error {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	return fact.Errorf(fact.At(name, 0), "%w", err)
}

// exists reports whether anything stands under that name.
func (a *app) exists(name string) bool {
	_, err := a.root.Lstat(name)
	return !errors.Is(err, fs.ErrNotExist)
}

// file returns the rendered file of that name.
func (r *result) file(name string) templates.File {
	i := slices.IndexFunc(r.files, func(f templates.File) bool { return f.Name == name })
	if i < 0 {
		return templates.File{Name: name}
	}
	return r.files[i]
}
