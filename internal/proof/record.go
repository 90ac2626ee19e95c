// Package proof keeps what the end-to-end test proved, so that it need not
// build again what nothing has changed since: the Record, a committed file with
// a line for each Unit that passed, and the hash of all that a unit's result
// depends on. The test itself is in internal/e2e; CONTRIBUTING.md says how to
// use it.
package proof

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Record is what passed: entries by the name of a Unit.
type Record struct {
	entries map[string]entry
}

// entry is what a unit passed with.
type entry struct {
	hash   string // of the Unit
	engine string // of Engine, or unknown
}

// unknown stands for an engine that no one described.
const unknown = "-"

const header = `# What the end-to-end test proved, which writes this file itself. CONTRIBUTING.md says how.
# example runtime target, what the result depends on, engine
`

// line is an entry as the file has it: three words that name the unit, two hashes.
var line = regexp.MustCompile(`^(\S+ \S+ \S+) ([0-9a-f]{32}) ([0-9a-f]{32}|-)$`)

// Load reads a record. A file that does not exist is an empty one; a line that
// Bytes would not write is an error with its place.
func Load(file string) (*Record, error) {
	text, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	r := &Record{entries: map[string]entry{}}
	n := 0
	for s := range strings.Lines(string(text)) {
		n++
		s = strings.TrimSuffix(s, "\n")
		if strings.HasPrefix(s, "#") {
			continue
		}
		m := line.FindStringSubmatch(s)
		if m == nil {
			return nil, fmt.Errorf("%s:%d: %q: want EXAMPLE RUNTIME TARGET HASH ENGINE; take the line out and run the end-to-end test", file, n, s)
		}
		if _, ok := r.entries[m[1]]; ok {
			return nil, fmt.Errorf("%s:%d: a second line for %s; take both out and run the end-to-end test", file, n, m[1])
		}
		r.entries[m[1]] = entry{hash: m[2], engine: m[3]}
	}
	return r, nil
}

// Bytes is the file, its lines sorted.
func (r *Record) Bytes() []byte {
	var b bytes.Buffer
	b.WriteString(header)
	for _, name := range slices.Sorted(maps.Keys(r.entries)) {
		fmt.Fprintf(&b, "%s %s %s\n", name, r.entries[name].hash, r.entries[name].engine)
	}
	return b.Bytes()
}

// Proved reports whether u passed as it is now, with that engine. An empty
// engine is one that nobody knows, for which a pass with any counts.
func (r *Record) Proved(u Unit, engine string) bool {
	e := r.entries[u.String()]
	return e.hash == u.Hash && (engine == "" || e.engine == engine)
}

// Pass records that u passed with that engine.
func (r *Record) Pass(u Unit, engine string) {
	if engine == "" {
		engine = unknown
	}
	r.entries[u.String()] = entry{hash: u.Hash, engine: engine}
}

// Fail takes back that u ever passed as it is now.
func (r *Record) Fail(u Unit) {
	if r.entries[u.String()].hash == u.Hash {
		delete(r.entries, u.String())
	}
}

// Keep drops the lines of all units but these, which are all that there are.
func (r *Record) Keep(units []Unit) {
	names := map[string]bool{}
	for _, u := range units {
		names[u.String()] = true
	}
	maps.DeleteFunc(r.entries, func(name string, _ entry) bool { return !names[name] })
}

// Update reads the record, changes it, and puts it in the place of the file in
// one step, so that an end in the midst leaves the old one. It reports whether
// the file is another than before. Two runs at once may take a line from each
// other, which is then proved again.
func Update(file string, change func(*Record)) (changed bool, err error) {
	r, err := Load(file)
	if err != nil {
		return false, err
	}
	change(r)
	text := r.Bytes()
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, text) {
		return false, nil
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".record-*")
	if err != nil {
		return false, err
	}
	_, err = tmp.Write(text)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		return false, errors.Join(err, os.Remove(tmp.Name()))
	}
	return true, nil
}
