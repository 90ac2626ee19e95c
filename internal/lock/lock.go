// Package lock is dockgen.lock: what update has to remember between two runs.
//
// It holds, for each app of the repository, its choices (those with evidence
// bind the next run), the settings that were given as flags, and a row of
// hashes for each unit of the files that dockgen wrote, which is all that a
// three-way merge needs of the old text. It is committed, so it is
// small, the same for the same content, and one row a line, which lets git
// merge it.
package lock

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

// Name is the name of the file, in the folder that dockgen was given.
const Name = record.LockFile

// Version is the newest schema that Parse reads. Marshal writes the oldest that holds
// the content.
//
// Version 1 knew one app, whose keys stood at the top, and called the evidence
// of a choice its input. Version 2 had no replaced Dockerfile, version 3 had the files of all apps, and version 4 forgot conflicts.
const Version = 5

// The most bytes and rows that are read, and rows of one file. The lock of one app has
// some 100 rows in 5 KB, and a repository may have some hundred apps; what the merge
// does with a file's rows takes time that grows with their square.
const (
	maxBytes = 4 << 20
	maxRows  = 100_000
	maxBase  = 5000
)

// maxReplaced is the size in bytes of a Dockerfile that is remembered, at most; no real one is near it.
const maxReplaced = 64 << 10

// Holds reports whether a lock can remember a Dockerfile that was replaced.
func Holds(dockerfile []byte) bool {
	return len(dockerfile) <= maxReplaced && utf8.Valid(dockerfile) && rows(dockerfile, maxBase/2) == 0
}

// File is the content of a dockgen.lock. Two with equal content marshal to
// equal bytes.
type File struct {
	// Version is the schema that the file was read from. Marshal does not ask it.
	Version int
	Dockgen string // the release that wrote it, for people; nothing depends on it
	// Chosen says that the user chose among the apps of the repository (init --app), so that an update leaves the others alone.
	Chosen bool
	// Apps are what is remembered of each app, by its folder: slash-separated,
	// "." for the folder of the lock itself.
	Apps map[string]App
}

// App is what is remembered of one app.
type App struct {
	// Settings are those given as flags (--profile, --runtime, --set), so that
	// a plain update repeats them. Their positions say dockgen.lock.
	Settings settings.Settings
	// Overridden is what dockgen.yaml had for the keys of Settings when they
	// were given. If it has something else later, that counts and not the flag.
	// Version 1 did not keep it.
	Overridden settings.Settings
	// Choices are profiles.LockedChoices's, for profiles.Request.Locked.
	Choices map[string]record.Locked
	// Files are the fingerprints of what dockgen wrote, by file name within the
	// app's folder.
	Files map[string]merge.Base
	// Replaced is the user's Dockerfile that dockgen's took the place of, "" for none: what it
	// says of the app counts, also when the file that it was kept as is gone.
	Replaced string
	// Conflicts are those of the files that nobody has settled, by file name as Files.
	Conflicts map[string][]merge.Open
}

//go:embed lock.schema.json
var schema []byte

// Schema is the JSON Schema of the file, as Marshal writes it.
func Schema() []byte { return slices.Clone(schema) }

// header is written above every lock.
const header = "# Written by dockgen. Commit it: update needs it to tell your edits from its own lines.\n"

// shape is the order and the names of the keys.
type shape struct {
	Version int                 `yaml:"version"`
	Dockgen string              `yaml:"dockgen,omitempty"`
	Chosen  bool                `yaml:"chosen,omitempty"`
	Apps    map[string]shapeApp `yaml:"apps"`
}

type shapeApp struct {
	Settings   yaml.Node                `yaml:"settings,omitempty"`
	Overridden yaml.Node                `yaml:"overridden,omitempty"`
	Choices    map[string]record.Locked `yaml:"choices,omitempty"`
	Files      map[string]yaml.Node     `yaml:"files,omitempty"`
	Conflicts  map[string][]merge.Open  `yaml:"conflicts,omitempty"`
	Replaced   string                   `yaml:"replaced,omitempty"`
}

// shape1 is version 1.
type shape1 struct {
	Version  int       `yaml:"version"`
	Dockgen  string    `yaml:"dockgen"`
	Settings yaml.Node `yaml:"settings"`
	Choices  map[string]struct {
		Value string `yaml:"value"`
		Input string `yaml:"input"`
	} `yaml:"choices"`
	Files map[string]yaml.Node `yaml:"files"`
}

// Marshal returns the file's bytes, which Parse reads: it refuses more than that takes.
func (f *File) Marshal() ([]byte, error) {
	s := shape{Version: 2, Dockgen: f.Dockgen, Chosen: f.Chosen, Apps: map[string]shapeApp{}}
	if f.Chosen {
		s.Version = 4
	}
	for dir, app := range f.Apps {
		if app.Replaced != "" {
			s.Version = max(s.Version, 3)
		}
		if len(app.Conflicts) > 0 {
			s.Version = max(s.Version, 5)
		}
		out, err := app.shape()
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", Name, dir, err)
		}
		s.Apps[dir] = out
	}
	var b bytes.Buffer
	b.WriteString(header)
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(s); err != nil {
		return nil, err
	}
	if err := enc.Close(); err != nil {
		return nil, err
	}
	if b.Len() > maxBytes || rows(b.Bytes(), maxRows) > 0 {
		return nil, fact.Errorf(fact.At(Name, 0), "would be larger than dockgen reads, with %d apps", len(f.Apps)).
			WithHint("run dockgen in the folders of the apps, or in a part of them")
	}
	return b.Bytes(), nil
}

func (a App) shape() (shapeApp, error) {
	out := shapeApp{Choices: a.Choices, Replaced: a.Replaced, Conflicts: a.Conflicts}
	for _, s := range []struct {
		to   *yaml.Node
		from settings.Settings
	}{{&out.Settings, a.Settings}, {&out.Overridden, a.Overridden}} {
		if s.from.IsZero() {
			continue
		}
		if err := s.to.Encode(s.from); err != nil {
			return out, err
		}
	}
	for name, base := range a.Files {
		if at, err := base.Check(); err != nil {
			return out, fmt.Errorf("%s, row %d: %w", name, at+1, err)
		}
		if out.Files == nil {
			out.Files = map[string]yaml.Node{}
		}
		rows := yaml.Node{Kind: yaml.SequenceNode} // Encode would write the text and read it again
		for _, row := range base {
			rows.Content = append(rows.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: row})
		}
		out.Files[name] = rows
	}
	return out, nil
}

// Parse decodes a lock strictly, one of an older version too. It takes time in
// proportion to the text, and refuses one that is larger than any lock is.
// Errors are *fact.Error with the line in name.
func Parse(name string, text []byte) (*File, error) {
	if len(text) > maxBytes {
		return nil, damaged(fact.Errorf(fact.At(name, 0), "is larger than %d MiB", maxBytes>>20))
	}
	if line := marker(text); line > 0 {
		return nil, fact.Errorf(fact.At(name, line), "has a git conflict in it").
			WithHint("take either side of it whole (git checkout --ours %s), then run dockgen update", name)
	}
	if line := rows(text, maxRows); line > 0 {
		return nil, damaged(fact.Errorf(fact.At(name, line), "has more than %d rows", maxRows))
	}
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(text))
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF), err == nil && len(doc.Content) == 0:
		return nil, damaged(fact.Errorf(fact.At(name, 0), "is empty"))
	case err != nil:
		return nil, damage(name, err)
	}
	if err := dec.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, damaged(fact.Errorf(fact.At(name, 0), "holds more than one document"))
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, damaged(fact.Errorf(fact.At(name, root.Line), "want keys and values"))
	}
	if line := alias(root); line > 0 {
		return nil, damaged(fact.Errorf(fact.At(name, line), "refers to another line, which dockgen never writes"))
	}
	// The version first: a newer schema may have keys that this one does not know.
	version, at := 0, root
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == "version" {
			at = root.Content[i+1]
			if err := at.Decode(&version); err != nil {
				return nil, damage(name, err)
			}
		}
	}
	switch {
	case version > Version:
		return nil, fact.Errorf(fact.At(name, at.Line), "has schema version %d, this dockgen reads up to %d", version, Version).
			WithHint("a newer dockgen wrote it: use that one")
	case version < 1:
		return nil, damaged(fact.Errorf(fact.At(name, at.Line), "wants a version of 1 or more"))
	}
	s, err := decode(text, version)
	if err != nil {
		return nil, damage(name, err)
	}
	f := &File{Version: version, Dockgen: s.Dockgen, Chosen: s.Chosen, Apps: map[string]App{}}
	for _, dir := range slices.Sorted(maps.Keys(s.Apps)) {
		if !fs.ValidPath(dir) {
			return nil, damaged(fact.Errorf(fact.At(name, 0), "apps: %s is not a folder within this one", plan.Printable(dir, 60)))
		}
		if f.Apps[dir], err = s.Apps[dir].app(name); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// ReplacedAt is the line of a lock from which on it has the Dockerfile that was replaced of the app in the folder, one line for one; 0 where it has it
// in another form, or has none.
func ReplacedAt(text []byte, folder string) int {
	var file struct {
		Apps map[string]struct {
			Replaced yaml.Node `yaml:"replaced"`
		} `yaml:"apps"`
	}
	if len(text) > maxBytes || marker(text) > 0 || rows(text, maxRows) > 0 || yaml.Unmarshal(text, &file) != nil {
		return 0
	}
	if n := file.Apps[folder].Replaced; n.Style&yaml.LiteralStyle != 0 {
		return n.Line + 1
	}
	return 0
}

// decode reads the keys of the version; what an older one has is put where
// this one has it.
func decode(text []byte, version int) (shape, error) {
	strict := yaml.NewDecoder(bytes.NewReader(text))
	strict.KnownFields(true)
	if version > 1 {
		var s shape
		return s, strict.Decode(&s)
	}
	var old shape1
	if err := strict.Decode(&old); err != nil {
		return shape{}, err
	}
	app := shapeApp{Settings: old.Settings, Files: old.Files}
	for key, c := range old.Choices {
		if app.Choices == nil {
			app.Choices = map[string]record.Locked{}
		}
		app.Choices[key] = record.Locked{Value: c.Value, Evidence: c.Input}
	}
	return shape{Version: old.Version, Dockgen: old.Dockgen, Apps: map[string]shapeApp{".": app}}, nil
}

func (s shapeApp) app(name string) (App, error) {
	out := App{Choices: s.Choices, Replaced: s.Replaced, Conflicts: s.Conflicts}
	for _, file := range slices.Sorted(maps.Keys(s.Conflicts)) {
		for _, open := range s.Conflicts[file] {
			if err := open.Check(); err != nil {
				return App{}, damaged(fact.Errorf(fact.At(name, 0), "conflicts: %s: %w", plan.Printable(file, 60), err))
			}
		}
	}
	for _, x := range []struct {
		to   *settings.Settings
		from yaml.Node
	}{{&out.Settings, s.Settings}, {&out.Overridden, s.Overridden}} {
		if x.from.Kind == 0 {
			continue
		}
		var err error
		if *x.to, err = settings.Decode(name, &x.from); err != nil {
			return App{}, err
		}
	}
	for _, file := range slices.Sorted(maps.Keys(s.Files)) {
		node := s.Files[file]
		var rows []string
		if err := node.Decode(&rows); err != nil {
			return App{}, damage(name, err)
		}
		if len(rows) > maxBase {
			return App{}, damaged(fact.Errorf(fact.At(name, node.Content[maxBase].Line), "%s has more than %d rows", plan.Printable(file, 60), maxBase))
		}
		base := merge.Base(rows)
		if at, err := base.Check(); err != nil {
			line := node.Line
			if at < len(node.Content) {
				line = node.Content[at].Line
			}
			return App{}, damaged(fact.Errorf(fact.At(name, line), "%s: %w", plan.Printable(file, 60), err))
		}
		if out.Files == nil {
			out.Files = map[string]merge.Base{}
		}
		out.Files[file] = base
	}
	return out, nil
}

// alias is the line of the first YAML alias, or 0. A few of them could stand
// for any number of rows.
func alias(n *yaml.Node) int {
	if n.Kind == yaml.AliasNode {
		return n.Line
	}
	for _, c := range n.Content {
		if line := alias(c); line > 0 {
			return line
		}
	}
	return 0
}

// rows is the line of the row after the first n, or 0 if there are fewer. It
// counts items of lists, as Marshal writes them and as YAML allows them.
func rows(text []byte, n int) int {
	at := 1
	for line := range bytes.Lines(text) {
		n -= bytes.Count(line, []byte(","))
		if bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("-")) {
			n--
		}
		if n < 0 {
			return at
		}
		at++
	}
	return 0
}

// marker is the line of the first git conflict marker, or 0.
func marker(text []byte) int {
	lines := strings.Split(string(text), "\n")
	return 1 + slices.IndexFunc(lines, func(l string) bool {
		return strings.HasPrefix(l, "<<<<<<< ") || strings.HasPrefix(l, ">>>>>>> ") || strings.TrimSuffix(l, "\r") == "======="
	})
}

func damage(name string, err error) error {
	err = settings.Error(name, err)
	if fe := (*fact.Error)(nil); errors.As(err, &fe) {
		return damaged(fe)
	}
	return err
}

func damaged(err *fact.Error) error {
	return err.WithHint("restore it from git, or delete it and run dockgen init --force, which starts over")
}
