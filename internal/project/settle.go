package project

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/merge"
)

// target is a conflict to settle, as Request.Ours and Theirs name it.
type target struct {
	name   string
	file   string
	line   int // 0: all of the file
	theirs bool
	found  bool
}

func targetsOf(req Request) (out []*target) {
	for i, list := range [][]string{req.Ours, req.Theirs} {
		for _, name := range list {
			t := &target{name: name, file: path.Clean(strings.ReplaceAll(name, "\\", "/")), theirs: i == 1}
			if at := strings.LastIndex(t.file, ":"); at > 0 {
				if line, err := strconv.Atoi(t.file[at+1:]); err == nil && line > 0 {
					t.file, t.line = t.file[:at], line
				}
			}
			out = append(out, t)
		}
	}
	return out
}

// NoConflictError says that a conflict to be settled is not there.
type NoConflictError struct {
	Target string
	Open   []string // those that there are, as FILE:LINE
}

func (e *NoConflictError) Error() string { return fmt.Sprintf("no conflict is at %s", e.Target) }

// Hint names the conflicts that there are.
func (e *NoConflictError) Hint() string {
	if len(e.Open) == 0 {
		return "there are no conflicts"
	}
	return "the conflicts are at " + some(e.Open)
}

// settle takes out of the conflicts of a merged file those that are to be settled, with dockgen's side in the text where that is asked for, and
// returns the others.
func (c *Change) settle(kind merge.Kind, name string, open []merge.Open, merged *merge.Result, theirs []byte) ([]merge.Conflict, error) {
	all, err := merge.Standing(kind, open, *merged, theirs)
	if err != nil {
		return nil, err
	}
	var take, rest []merge.Conflict
	for _, x := range all {
		c.targeted = append(c.targeted, fmt.Sprintf("%s:%d", name, x.Line))
		switch t := c.target(name, x); {
		case t == nil:
			rest = append(rest, x)
		case t.theirs:
			take = append(take, x)
		}
	}
	if len(take) == 0 {
		return rest, nil
	}
	text, err := merge.Take(kind, merged.Text, theirs, take)
	if err != nil {
		return nil, err
	}
	// The lines below have moved.
	var left []merge.Open
	for _, x := range rest {
		left = append(left, x.Open())
	}
	merged.Text = text
	return merge.Standing(kind, left, merge.Result{Text: text}, theirs)
}

// target is the one that means the conflict, nil for none: one with its line before that of the whole file.
func (c *Change) target(name string, x merge.Conflict) (found *target) {
	for _, t := range c.targets {
		if t.file != name || t.line > 0 && !x.Lines(t.line) {
			continue
		}
		t.found = true
		if found == nil || t.line > 0 {
			found = t
		}
	}
	return found
}

// unsettled is the error for a conflict to settle that is not there. An image that the repository speaks against is none of two sides, and stays.
func (c *Change) unsettled() error {
	for _, t := range c.targets {
		if t.found {
			continue
		}
		for _, x := range c.Conflicts {
			if x.Hint != "" && x.Path == t.file && (t.line == 0 || x.Lines(t.line)) {
				return fact.Errorf(fact.At(x.Path, x.Line), "%s, which --ours and --theirs do not change", x.Why).WithHint("%s", x.Hint)
			}
		}
		return &NoConflictError{t.name, c.targeted}
	}
	return nil
}
