// Package merge combines what dockgen generates now ("theirs") with what the
// user made ("ours") of what it generated last ("base"). Of the base only
// hashes are known, so that dockgen.lock need not carry a second Dockerfile.
//
// A Dockerfile's units are whole instructions and comment lines; those of a
// .dockerignore are lines. Blank lines belong to the unit below them. Stages
// are matched first, by name, or by what is in them where one was renamed;
// then their units in order, by text, by what they name (the ARG, the target of
// a COPY), by keyword. Then:
//
//   - What only one side changed, added or moved is taken from that side; so is
//     what only one side dropped, and the same change by both.
//   - What the user added stays beside its neighbours in its stage, and never
//     conflicts with a change of theirs. New units of dockgen's come right
//     behind the unit that is before them in theirs.
//   - A unit that the user moved stays where they put it, in another stage too,
//     and follows dockgen's change of it if that is unambiguous.
//   - What both changed, but different words of it, has the changes of both.
//   - What both changed otherwise is a conflict: it stays as the user has it, and is
//     reported, until it is settled. So is a unit or a stage that the user changed or moved and
//     dockgen dropped, and one that the user took out and dockgen changed
//     (but a comment that they took out is no matter).
//   - A stage that stays because the user changed it is reported once. If
//     dockgen writes it again, it is merged as if it had never been away.
//   - A unit or a stage that the user took out stays out, also where dockgen
//     drops it for a while and then writes it again.
//   - The result parses. The user's line endings, their byte order mark and a
//     missing newline at the end stay.
package merge

import (
	"slices"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"

	"github.com/dockgen/dockgen/detect/fact"
)

// Conflict is a place where the user and dockgen disagree. The text has it as
// the user wants it.
type Conflict struct {
	Line   int    // in Result.Text, counted from 1
	Ours   string // the user's unit; "" where they took it out
	Theirs string // what dockgen would write; "" where it writes nothing any more
	Why    string

	section bool // it is about a whole section
	open    Open
}

// Result is the merged file.
type Result struct {
	Text      []byte
	Base      Base       // to remember for the next merge
	Conflicts []Conflict // in the order of their lines
}

// Merge combines ours and theirs; base is the Fingerprint of what dockgen
// generated first, then the Base of each Result, whether there were conflicts
// or not: with it, a second Merge returns ours as it is, and Standing has the conflicts that are open. An error is a
// *fact.Error of ours, whose file is kind.File().
func Merge(kind Kind, base Base, ours, theirs []byte) (Result, error) {
	o, err := parse(kind, ours)
	if err != nil {
		return Result{}, err
	}
	t, err := parse(kind, theirs)
	if err != nil {
		return Result{}, err
	}
	old, _, err := base.parse()
	if err != nil {
		return Result{}, fact.Errorf(fact.At("dockgen.lock", 0), "%s: %w", kind.File(), err)
	}
	now := t.fingerprint()
	if slices.Equal(now, old.units) {
		return Result{Text: ours, Base: base}, nil
	}
	if o.escape != t.escape && slices.Equal(o.fingerprint(), old.units) {
		return Result{Text: theirs, Base: now}, nil
	}
	whole := Result{Text: ours, Base: now, Conflicts: []Conflict{{
		Line: 1, Ours: string(ours), Theirs: string(theirs),
		Why: "dockgen changed it, and its lines do not fit into your file as it is now",
	}}}
	whole.Conflicts[0].open = Open{Yours: short(o.text(0, len(o.units)), 12), Dockgen: t.text(0, len(t.units)), Why: whole.Conflicts[0].Why}
	if o.escape != t.escape {
		return whole, nil
	}
	c := newCombiner(old, o, t)
	res, want := c.write()
	made, err := parse(kind, res.Text)
	if err != nil || !slices.Equal(made.hashes(), want) || o.builds() && t.builds() && !made.builds() {
		return whole, nil
	}
	res.Conflicts = newStanding(made, t).remember(res.Conflicts)
	res.Base = c.base(now)
	for _, g := range c.bury() {
		res.Base = append(res.Base, g.String())
	}
	return res, nil
}

// hashes are those of the units.
func (p *parsed) hashes() []string {
	var out []string
	for _, u := range p.units {
		out = append(out, u.hash)
	}
	return out
}

// builds reports whether BuildKit would take every instruction.
func (p *parsed) builds() bool {
	if p.ast == nil {
		return true
	}
	// A comment with lint options needs a linter to be given to.
	_, _, err := instructions.Parse(p.ast, linter.New(&linter.Config{}))
	return err == nil
}
