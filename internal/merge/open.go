package merge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dockgen/dockgen/detect/fact"
	"github.com/dockgen/dockgen/internal/lazy"
)

// Open is a conflict that nobody has settled yet, as dockgen.lock keeps it: the file has the user's side, and the next merge finds nothing to
// say of it. It is settled when the user edits the place, when dockgen writes something else there, or by Take.
type Open struct {
	Yours   string `yaml:"yours,omitempty"`   // the hash of the user's lines; "" where they took them out
	Dockgen string `yaml:"dockgen,omitempty"` // what dockgen would write; "" where it writes nothing any more
	Was     string `yaml:"was,omitempty"`     // the hash of what dockgen wrote before
	Stage   string `yaml:"stage,omitempty"`   // the key of the section
	Nth     int    `yaml:"nth,omitempty"`     // which of the section's places with the user's lines it is, from 0
	Of      int    `yaml:"of,omitempty"`      // how many of these there were; where the user took the lines out, how many there were that could stand for them
	Why     string `yaml:"why"`
}

var (
	hashForm  = lazy.MustCompile(`^(?:[0-9a-f]{12})?$`)
	stageForm = lazy.MustCompile(`^(?:[0-9a-f]{6}(?:#[0-9]+)?)?$`)
)

// Check reports an Open that no merge has made.
func (o Open) Check() error {
	if o.Why == "" || o.Yours == "" && o.Dockgen == "" || !hashForm.MatchString(o.Yours) || !hashForm.MatchString(o.Was) || !stageForm.MatchString(o.Stage) || o.Nth < 0 || o.Of < 0 {
		return fmt.Errorf("a conflict is not one that dockgen wrote")
	}
	return nil
}

// Open is what to remember of the conflict.
func (c Conflict) Open() Open { return c.open }

// Lines reports whether the conflict is about the line.
func (c Conflict) Lines(line int) bool {
	return line >= c.Line && line <= c.Line+strings.Count(c.Ours, "\n")
}

// place is a part of a file that a conflict is about: a unit, a section or the whole.
type place struct {
	from, to int // its units are [from, to)
	head     int // the unit that is shown of it
	text     string
	section  string // the key of the section that it is, or is in
	whole    bool   // it is a section or the file
}

// places are all of them: the units in their order first.
func (p *parsed) places() []place {
	var units, rest []place
	for _, s := range sections(p.rows()) {
		for i := s.from; i < s.to; i++ {
			units = append(units, place{from: i, to: i + 1, head: i, text: p.units[i].text, section: s.key})
		}
		if s.head >= 0 {
			rest = append(rest, place{from: s.from, to: s.to, head: s.head, text: p.text(s.from, s.to), section: s.key, whole: true})
		}
	}
	return append(append(units, rest...), place{to: len(p.units), head: -1, text: p.text(0, len(p.units)), whole: true})
}

// text is that of some units, one after the other.
func (p *parsed) text(from, to int) string {
	var out []string
	for _, u := range p.units[from:to] {
		out = append(out, u.text)
	}
	return strings.Join(out, "\n")
}

// standing finds the places of conflicts in the user's file and in dockgen's.
type standing struct {
	ours, theirs           *parsed
	ourPlaces, theirPlaces []place
	usedTheirs             map[int]bool
	gone                   map[Open]int // how many conflicts about the same lines are settled
	deleted                []Open       // the open conflicts about lines that the user took out
}

func newStanding(ours, theirs *parsed) *standing {
	return &standing{ours: ours, theirs: theirs, ourPlaces: ours.places(), theirPlaces: theirs.places(), usedTheirs: map[int]bool{}, gone: map[Open]int{}}
}

func parseStanding(kind Kind, text, theirs []byte) (*standing, error) {
	o, err := parse(kind, text)
	if err != nil {
		return nil, err
	}
	t, err := parse(kind, theirs)
	if err != nil {
		return nil, err
	}
	return newStanding(o, t), nil
}

// remember completes what is to be remembered of conflicts with the places that they have in the text, which was made of both sides. It returns
// them without those about lines of the user's that dockgen writes there, too.
func (s *standing) remember(conflicts []Conflict) []Conflict {
	var out []Conflict
	for _, c := range conflicts {
		c.open.Why = c.Why
		if c.section {
			c.open.Dockgen = c.Theirs
		}
		if c.Ours == "" {
			if at := s.dockgens(c.open); at >= 0 {
				c.open.Of, _ = s.alike(s.theirPlaces[at], c.open)
			}
			out = append(out, c)
			continue
		}
		at := slices.IndexFunc(s.ourPlaces, func(x place) bool {
			return x.head >= 0 && x.whole == c.section && s.ours.units[x.head].line == c.Line
		})
		if at >= 0 {
			c.open.Yours, c.open.Stage = short(s.ourPlaces[at].text, 12), s.ourPlaces[at].section
			same := s.users(c.open)
			c.open.Nth, c.open.Of = slices.Index(same, at), len(same)
			if c.open.Dockgen == "" && s.written(s.ourPlaces[at]) >= len(same) {
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

// Standing returns the conflicts that are open after a merge: those of the result, and of the open ones those that nothing has settled, with
// their lines in the result. An error is a *fact.Error of the text.
func Standing(kind Kind, open []Open, r Result, theirs []byte) ([]Conflict, error) {
	if len(open) == 0 {
		return r.Conflicts, nil
	}
	s, err := parseStanding(kind, r.Text, theirs)
	if err != nil {
		return nil, err
	}
	s.deleted = slices.DeleteFunc(slices.Clone(open), func(o Open) bool { return o.Yours != "" })
	out := slices.Clone(r.Conflicts)
	for _, o := range open {
		again := slices.IndexFunc(out, func(c Conflict) bool {
			return c.open.Yours == o.Yours && c.open.Stage == o.Stage && (o.Yours != "" || c.open.Dockgen == o.Dockgen || hashOf(c.open.Dockgen) == o.Was)
		})
		if again >= 0 && again < len(r.Conflicts) { // both have changed since: that conflict counts, unless dockgen is back at what the user changed
			if o.Was != "" && hashOf(out[again].open.Dockgen) == o.Was {
				out[again].Why = ""
			}
			continue
		}
		if c, ok := s.find(o); ok {
			out = append(out, c)
		}
	}
	out = slices.DeleteFunc(out, func(c Conflict) bool { return c.Why == "" })
	slices.SortStableFunc(out, func(a, b Conflict) int { return a.Line - b.Line })
	return out, nil
}

func hashOf(text string) string {
	if text == "" {
		return ""
	}
	return short(text, 12)
}

// find is the open conflict as the two files have it, if they still have both of its sides.
func (s *standing) find(o Open) (Conflict, bool) {
	c := Conflict{Why: o.Why, open: o}
	at := -1
	if o.Dockgen != "" {
		if at = s.dockgens(o); at < 0 {
			return c, false
		}
		s.usedTheirs[at] = true
		c.Theirs = s.theirPlaces[at].text
	}
	if o.Yours == "" {
		was := s.theirPlaces[at]
		c.Line = s.line(s.behind(was.from))
		n, others := s.alike(was, o)
		c.open.Of = max(o.Of, n+others) // those that settle another conflict stay when that is forgotten
		return c, n <= o.Of             // else they wrote it again, or something in its place
	}
	same := s.users(o)
	lines := Open{Yours: o.Yours, Stage: o.Stage}
	if o.Of-len(same) > s.gone[lines] || len(same) == 0 { // they edited one of them
		s.gone[lines]++
		return c, false
	}
	mine := s.ourPlaces[same[min(o.Nth, len(same)-1)]]
	if at < 0 && s.written(mine) >= len(same) {
		return c, false
	}
	c.open.Of, c.Line, c.Ours = len(same), 1, mine.text
	if mine.head >= 0 {
		c.Line, c.Ours = s.ours.units[mine.head].line, s.ours.units[mine.head].text
	}
	return c, true
}

// dockgens is the place of dockgen's side that no other conflict has, in the section or else in any; -1 where dockgen writes something else.
func (s *standing) dockgens(o Open) int {
	at := -1
	for i, p := range s.theirPlaces {
		switch {
		case s.usedTheirs[i] || p.text != o.Dockgen:
		case p.section == o.Stage || p.head < 0:
			return i
		case at < 0:
			at = i
		}
	}
	return at
}

// users are the places with the user's lines: those in the section, or if there is none of that name, because the user renamed it, in those that
// dockgen does not know.
func (s *standing) users(o Open) []int {
	renamed := !has(s.ourPlaces, o.Stage)
	var out []int
	for i, p := range s.ourPlaces {
		if short(p.text, 12) == o.Yours && (p.head < 0 || p.section == o.Stage || renamed && !has(s.theirPlaces, p.section)) {
			out = append(out, i)
		}
	}
	return out
}

// has reports whether a place is in the section.
func has(places []place, section string) bool {
	return slices.ContainsFunc(places, func(p place) bool { return p.section == section && p.head >= 0 })
}

// written is how many times dockgen writes the user's lines in their section.
func (s *standing) written(mine place) (n int) {
	for _, p := range s.theirPlaces {
		if p.text == mine.text && p.section == mine.section {
			n++
		}
	}
	return n
}

// alike is how many places of the user's section could stand for dockgen's of a conflict about lines that the user took out: the same lines, or an
// instruction of the same name. Others are those of them that stand for dockgen's of another such conflict.
func (s *standing) alike(was place, o Open) (n, others int) {
	u := s.theirs.units[was.from]
	named := !was.whole && (once(u.word) || slices.Contains([]string{"expose", "user", "workdir", "copy", "add"}, u.word))
	for _, p := range s.ourPlaces {
		if p.section != was.section || p.whole != was.whole {
			continue
		}
		switch {
		case was.whole || p.text == was.text || hashOf(p.text) == o.Was:
			n++
		case !named || s.ours.units[p.from].word != u.word || s.ours.units[p.from].id != u.id:
		case slices.ContainsFunc(s.deleted, func(d Open) bool { return d.Stage == o.Stage && (d.Dockgen == p.text || d.Was == hashOf(p.text)) }):
			others++
		default:
			n++
		}
	}
	return n, others
}

// behind is the unit of ours that a unit of theirs would stand before: the one behind what stands above it there, in the same section if that is there.
func (s *standing) behind(t int) int {
	for _, anywhere := range []bool{false, true} {
		for above := t - 1; above >= 0; above-- {
			i := slices.IndexFunc(s.ourPlaces[:len(s.ours.units)], func(p place) bool {
				return p.text == s.theirPlaces[above].text && (anywhere || p.section == s.theirPlaces[above].section)
			})
			if i >= 0 {
				return i + 1
			}
		}
	}
	return 0
}

// line is the line in which unit i of ours would begin, right behind the one before.
func (s *standing) line(i int) int {
	if i == 0 {
		return 1
	}
	before := s.ours.units[i-1]
	next, last := before.line+strings.Count(before.text, "\n")+1, s.ours.units[len(s.ours.units)-1]
	return min(next, last.line+strings.Count(last.text, "\n")+len(s.ours.end))
}

// Take is the text with dockgen's side of the conflicts, which are of the text as it is. An error is a *fact.Error of what it would become.
func Take(kind Kind, text, theirs []byte, conflicts []Conflict) ([]byte, error) {
	s, err := parseStanding(kind, text, theirs)
	if err != nil {
		return nil, err
	}
	newline := "\n"
	if s.ours.crlf {
		newline = "\r\n"
	}
	lines := func(text string) string {
		if text == "" {
			return ""
		}
		return strings.ReplaceAll(text, "\n", newline) + newline
	}
	instead, gone, before := map[int]string{}, map[int]bool{}, map[int]string{}
	for _, c := range conflicts {
		if c.Ours == "" {
			at := s.dockgens(Open{Dockgen: c.Theirs, Stage: c.open.Stage})
			if at < 0 {
				continue
			}
			s.usedTheirs[at] = true
			i := s.behind(s.theirPlaces[at].from)
			before[i] += strings.Repeat(newline, len(s.theirs.units[s.theirPlaces[at].from].blank)) + lines(c.Theirs)
			continue
		}
		same := s.users(c.open)
		at := slices.IndexFunc(same, func(i int) bool { return s.ourPlaces[i].head < 0 || s.ours.units[s.ourPlaces[i].head].line == c.Line })
		if at < 0 {
			continue
		}
		p := s.ourPlaces[same[at]]
		if p.head < 0 {
			return theirs, nil
		}
		instead[p.from] = lines(c.Theirs)
		for i := p.from; i < p.to; i++ {
			gone[i] = true
		}
	}
	var b strings.Builder
	b.WriteString(s.ours.bom)
	for i, u := range s.ours.units {
		b.WriteString(before[i])
		if text, ok := instead[i]; ok {
			if text != "" && b.Len() > 0 {
				b.WriteString(strings.Join(u.blank, ""))
			}
			b.WriteString(text)
		}
		if gone[i] {
			continue
		}
		b.WriteString(strings.Join(u.blank, "") + u.raw)
		if !strings.HasSuffix(u.raw, "\n") {
			b.WriteString(newline)
		}
	}
	b.WriteString(before[len(s.ours.units)] + strings.Join(s.ours.end, ""))
	out := b.String()
	if s.ours.open {
		out = strings.TrimSuffix(strings.TrimSuffix(out, "\n"), "\r")
	}
	made, err := parse(kind, []byte(out))
	if err == nil && s.ours.builds() && !made.builds() {
		err = fact.Errorf(fact.At(kind.File(), conflicts[0].Line), "dockgen's lines do not fit into the file as it is now").
			WithHint("edit the line; dockgen init --force starts over, and keeps your file")
	}
	return []byte(out), err
}
