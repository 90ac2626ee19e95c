package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lock"
	"github.com/dockgen/dockgen/internal/merge"
	"github.com/dockgen/dockgen/profiles"
	"github.com/dockgen/dockgen/profiles/settings"
	"github.com/dockgen/dockgen/templates"
)

// edit is what a command would do to one file.
type edit struct {
	name   string
	old    []byte
	exists bool
	new    []byte
	backup string // the name under which old is kept; "" for none
}

func (e edit) changes() bool { return !e.exists || string(e.old) != string(e.new) }

// diff is the unified diff of the edit, "" for none.
func (e edit) diff() string {
	from, to := "a/"+e.name, "b/"+e.name
	if !e.exists {
		from = "/dev/null"
	}
	return udiff.Unified(from, to, string(e.old), string(e.new))
}

// conflict is a place where the user and dockgen changed the same lines. The
// file has them as the user wants them.
type conflict struct {
	file string
	merge.Conflict
}

// reason says which choice moved since the last run, and by which line of the
// repository.
type reason struct {
	key, before, after string // "" where it was, or is, not made
	rule               string
	pos                *fact.Pos
}

// change is all that update would do; check computes the same and stops there.
type change struct {
	made      *result
	edits     []edit // of the generated files; the lock's is the last
	conflicts []conflict
	reasons   []reason
	why       string // in words, where no choice moved
}

// moved reports whether any file would be written.
func (c *change) moved() bool { return slices.ContainsFunc(c.edits, edit.changes) }

// compare generates anew, with what the lock remembers, and combines the
// result with the user's edits.
func (a *app) compare(ctx context.Context, w wishes) (*change, error) {
	l, err := a.lock()
	if err != nil {
		return nil, err
	}
	if l == nil || l.Files[templates.Dockerfile] == nil {
		return nil, a.neverWritten()
	}
	made, err := a.generate(ctx, w, l)
	if err != nil {
		return nil, err
	}
	if err := a.placeIgnore(made, l, false); err != nil {
		return nil, err
	}
	c := &change{made: made}
	for _, f := range made.files {
		if err := a.combine(c, l, f); err != nil {
			return nil, err
		}
	}
	if err := a.relock(c, l); err != nil {
		return nil, err
	}
	c.explain(l)
	return c, nil
}

// neverWritten says what to do where no lock tells the user's lines from
// dockgen's own.
func (a *app) neverWritten() error {
	if !a.exists(templates.Dockerfile) {
		return &hintError{errors.New("dockgen has not written a Dockerfile here"), "dockgen init writes one"}
	}
	return &hintError{
		fmt.Errorf("%s is missing, which tells your edits of %s from dockgen's own lines", lock.Name, templates.Dockerfile),
		"restore it from version control, or start anew: dockgen init --force keeps your file as " + templates.Dockerfile + ".bak",
	}
}

// combine merges one generated file with what the user made of the last one.
func (a *app) combine(c *change, l *lock.File, f templates.File) error {
	base, known := l.Files[f.Name]
	text, err := a.replaceable(f.Name)
	if err != nil {
		return err
	}
	switch {
	case text == nil && known && f.Name == templates.Dockerfile:
		return &hintError{fmt.Errorf("%s is gone", f.Name), "dockgen init writes it anew"}
	case text == nil && known:
		c.made.note(fact.At(f.Name, 0), "you deleted it, and it stays deleted", "dockgen init --force writes it again")
	case text == nil:
		c.edits = append(c.edits, edit{name: f.Name, new: f.Data})
	case !known && string(text) != string(f.Data):
		c.made.drop(f.Name)
		c.made.note(fact.At(f.Name, 0), "is yours and stays as it is; dockgen would write another", "")
	default:
		merged, err := merge.Merge(kind(f.Name), base, text, f.Data)
		if err != nil {
			return err
		}
		c.edits = append(c.edits, edit{name: f.Name, old: text, exists: true, new: merged.Text})
		c.made.remember(f.Name, merged.Base)
		for _, m := range merged.Conflicts {
			c.conflicts = append(c.conflicts, conflict{f.Name, m})
		}
	}
	return nil
}

func kind(name string) merge.Kind {
	if name == templates.Dockerfile {
		return merge.Dockerfile
	}
	return merge.Ignore
}

// relock adds the edit of the lock. The release that wrote it is not a reason
// to write it again.
func (a *app) relock(c *change, old *lock.File) error {
	next, err := c.made.lock()
	if err != nil {
		return err
	}
	text, err := a.replaceable(lock.Name)
	if err != nil {
		return err
	}
	e := edit{name: lock.Name, old: text, exists: text != nil, new: text}
	same := *next
	if old != nil {
		same.Dockgen, same.Version = old.Dockgen, old.Version
		before, err := old.Marshal()
		if err != nil {
			return err
		}
		after, err := same.Marshal()
		if err != nil {
			return err
		}
		if string(before) == string(after) {
			c.edits = append(c.edits, e)
			return nil
		}
	}
	if e.new, err = next.Marshal(); err != nil {
		return err
	}
	c.edits = append(c.edits, e)
	return nil
}

// remember sets what a merge wants the lock to hold of a file.
func (r *result) remember(name string, base merge.Base) {
	if r.bases == nil {
		r.bases = map[string]merge.Base{}
	}
	r.bases[name] = base
}

// lock is what to remember of the result.
func (r *result) lock() (*lock.File, error) {
	l := &lock.File{Dockgen: release().Version, Settings: r.flags, Choices: profiles.Keep(r.plan), Files: map[string]merge.Base{}}
	for _, f := range r.files {
		if base, ok := r.bases[f.Name]; ok {
			l.Files[f.Name] = base
			continue
		}
		base, err := merge.Fingerprint(kind(f.Name), f.Data)
		if err != nil {
			return nil, err
		}
		l.Files[f.Name] = base
	}
	return l, nil
}

// explain fills in why something changes: the choices that are not what the
// lock remembers.
func (c *change) explain(l *lock.File) {
	if !c.moved() && len(c.conflicts) == 0 {
		return
	}
	gone := maps.Clone(l.Choices)
	for _, now := range c.made.plan.Choices {
		old, ok := l.Choices[now.Key]
		delete(gone, now.Key)
		if !ok || old.Value != now.Value || old.Evidence != now.Evidence {
			c.reasons = append(c.reasons, reason{now.Key, old.Value, now.Value, now.Rule, now.Pos})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(gone)) {
		c.reasons = append(c.reasons, reason{key: key, before: gone[key].Value})
	}
	if len(c.reasons) > 0 {
		return
	}
	now := release().Version
	switch {
	case keys(l.Settings) != keys(c.made.flags):
		c.why = "the flags are not those that " + lock.Name + " remembers"
	case l.Dockgen != now:
		c.why = fmt.Sprintf("dockgen %s wrote these files, and this is %s", l.Dockgen, now)
	default:
		c.why = "no recorded choice changed; see the diff"
	}
}

// keys are the settings without where they were set.
func keys(s settings.Settings) string {
	var b strings.Builder
	if err := s.Write(&b); err != nil {
		return err.Error()
	}
	return b.String()
}

func (r reason) String() string {
	at := ""
	if r.pos != nil {
		at = r.pos.String() + ": "
	}
	switch {
	case r.rule == "":
		return fmt.Sprintf("%s is chosen no more; it was %s", r.key, r.before)
	case r.before == "":
		return fmt.Sprintf("%s%s is now %s (%s)", at, r.key, r.after, r.rule)
	case r.before == r.after:
		return fmt.Sprintf("%s%s is still %s, for another reason (%s)", at, r.key, r.after, r.rule)
	}
	return fmt.Sprintf("%s%s is now %s, was %s (%s)", at, r.key, r.after, r.before, r.rule)
}

// outputs are the files that change, in the order in which they are put in
// place: what is kept of the old, the generated files, the lock.
func outputs(edits []edit) []output {
	var keep, out []output
	for _, e := range edits {
		if !e.changes() {
			continue
		}
		if e.backup != "" {
			keep = append(keep, output{e.backup, e.old})
		}
		out = append(out, output{e.name, e.new})
	}
	return append(keep, out...)
}

// backup returns a free name for the old text of a file: one that an earlier
// run kept is not lost, unless it is the same text.
func (a *app) backup(name string, text []byte) (string, error) {
	for i := range 1000 {
		bak := name + ".bak"
		if i > 0 {
			bak = fmt.Sprintf("%s.bak.%d", name, i)
		}
		there, err := a.replaceable(bak)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if there == nil || string(there) == string(text) {
			return bak, nil
		}
	}
	return "", fmt.Errorf("%s.bak and 999 more exist", name)
}

// shown are the edits whose diff a person wants to see: the lock is hashes,
// and counts only where nothing else moves.
func shown(edits []edit) []edit {
	var out []edit
	for _, e := range edits {
		if e.changes() {
			out = append(out, e)
		}
	}
	if n := len(out); n > 1 && out[n-1].name == lock.Name {
		out = out[:n-1]
	}
	return out
}
