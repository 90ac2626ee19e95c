// Package lock is dockgen.lock: what update has to remember between two runs.
//
// It holds the choices that another release of dockgen could make otherwise,
// the settings that were given as flags, and a row of hashes for each unit of
// the files that dockgen wrote, which is all that a three-way merge needs of
// the old text. It is committed, so it is small, the same for the same
// content, and one row a line, which lets git merge it.
package lock

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/profiles/plan"
	"github.com/dockgen/dockgen/profiles/record"
	"github.com/dockgen/dockgen/profiles/settings"
)

// Name is the name of the file, beside the Dockerfile.
const Name = "dockgen.lock"

// Version is the schema that this package writes, and the newest it reads.
const Version = 1

// File is the content of a dockgen.lock. Two with equal content marshal to
// equal bytes.
type File struct {
	Version int    // of the schema; 0 marshals as Version
	Dockgen string // the release that wrote it, for people; nothing depends on it
	// Settings are those given as flags (--profile, --runtime, --set), so that
	// a plain update repeats them. Their positions say dockgen.lock.
	Settings settings.Settings
	// Choices are profiles.Keep's, for profiles.Request.Locked.
	Choices map[string]record.Locked
	// Files are the fingerprints of what dockgen wrote, by file name.
	Files map[string]merge.Base
}

// header is written above every lock.
const header = "# Written by dockgen. Commit it: update needs it to tell your edits from its own lines.\n"

// shape is the order and the names of the keys.
type shape struct {
	Version  int                      `yaml:"version"`
	Dockgen  string                   `yaml:"dockgen,omitempty"`
	Settings yaml.Node                `yaml:"settings,omitempty"`
	Choices  map[string]record.Locked `yaml:"choices,omitempty"`
	Files    map[string]yaml.Node     `yaml:"files,omitempty"`
}

// Marshal returns the file's bytes.
func (f *File) Marshal() ([]byte, error) {
	s := shape{Version: f.Version, Dockgen: f.Dockgen, Choices: f.Choices}
	if s.Version == 0 {
		s.Version = Version
	}
	if err := s.Settings.Encode(f.Settings); err != nil {
		return nil, err
	}
	if len(s.Settings.Content) == 0 {
		s.Settings = yaml.Node{}
	}
	for name, base := range f.Files {
		if at, err := base.Check(); err != nil {
			return nil, fmt.Errorf("%s: %s, row %d: %w", Name, name, at+1, err)
		}
		if s.Files == nil {
			s.Files = map[string]yaml.Node{}
		}
		var n yaml.Node
		if err := n.Encode([]string(base)); err != nil {
			return nil, err
		}
		s.Files[name] = n
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
	return b.Bytes(), nil
}

// Parse decodes a lock strictly. Errors are *fact.Error with the line in name.
func Parse(name string, text []byte) (*File, error) {
	if line := marker(text); line > 0 {
		return nil, fact.Errorf(fact.At(name, line), "has a git conflict in it").
			WithHint("take either side of it whole (git checkout --ours %s), then run dockgen update", name)
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
	// The version first: a newer schema may have keys that this one has not.
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
	var s shape
	strict := yaml.NewDecoder(bytes.NewReader(text))
	strict.KnownFields(true)
	if err := strict.Decode(&s); err != nil {
		return nil, damage(name, err)
	}
	f := &File{Version: s.Version, Dockgen: s.Dockgen, Choices: s.Choices}
	if s.Settings.Kind != 0 {
		var err error
		if f.Settings, err = settings.Decode(name, &s.Settings); err != nil {
			return nil, err
		}
	}
	for file, node := range s.Files {
		var rows []string
		if err := node.Decode(&rows); err != nil {
			return nil, damage(name, err)
		}
		base := merge.Base(rows)
		if at, err := base.Check(); err != nil {
			return nil, damaged(fact.Errorf(fact.At(name, node.Content[at].Line), "%s: %w", plan.Printable(file, 60), err))
		}
		if f.Files == nil {
			f.Files = map[string]merge.Base{}
		}
		f.Files[file] = base
	}
	return f, nil
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
	return err.WithHint("restore it from git, or delete it and run dockgen init --force, which starts anew")
}
