package merge

import (
	"slices"
	"strings"
)

// node is one unit in up to three files: its row in the base, in the user's
// file and in dockgen's; -1 where it is not.
type node struct{ b, o, t int }

// stage is one section in up to three files.
type stage struct {
	b, o, t int
	fate    stageFate
}

type stageFate int

const (
	merged  stageFate = iota // in both, or in one and new there
	dropped                  // dockgen writes it no more, and the user left it alone
	kept                     // dockgen writes it no more, but the user changed it
	removed                  // the user took it out
	rivals                   // both added a stage of this name: the user's counts
)

// combiner holds a merge while it is made.
type combiner struct {
	b, o, t *side
	bo, bt  *match
	ours    *parsed
	theirs  *parsed
	old     known

	nodes   []node
	ofOurs  []int // row -> node
	ofTheir []int
	stages  []stage
	stOurs  []int // section -> stage
	stTheir []int
	stBase  []int
	pinned  map[int]bool   // nodes that stay as the user has them without a word
	worded  map[int]string // nodes that were merged by words; "" for those that cannot be

	order []int         // the stages of the result
	lists map[int][]int // stage -> its nodes, in order
	where map[int]int   // node -> the stage it is placed in
}

func newCombiner(old known, ours, theirs *parsed) *combiner {
	c := &combiner{
		b: newSide(old.rows), o: newSide(ours.rows()), t: newSide(theirs.rows()), ours: ours, theirs: theirs, old: old,
		pinned: map[int]bool{}, worded: map[int]string{}, lists: map[int][]int{}, where: map[int]int{},
	}
	c.bo, c.bt = newMatch(c.b, c.o), newMatch(c.b, c.t)
	c.identifyStages()
	c.identifyUnits()
	c.joinTwins()
	c.decideStages()
	c.order = c.arrange()
	return c
}

func (c *combiner) identifyStages() {
	c.stBase, c.stOurs, c.stTheir = fill(len(c.b.secs)), fill(len(c.o.secs)), fill(len(c.t.secs))
	add := func(s stage) {
		n := len(c.stages)
		c.stages = append(c.stages, s)
		if s.b >= 0 {
			c.stBase[s.b] = n
		}
		if s.o >= 0 {
			c.stOurs[s.o] = n
		}
		if s.t >= 0 {
			c.stTheir[s.t] = n
		}
	}
	for i := range c.b.secs {
		add(stage{b: i, o: c.bo.sec[i], t: c.bt.sec[i]})
	}
	for i := range c.o.secs {
		if c.stOurs[i] < 0 {
			t := slices.IndexFunc(c.t.secs, func(s section) bool { return s.key == c.o.secs[i].key })
			if t >= 0 && c.stTheir[t] >= 0 {
				t = -1
			}
			add(stage{b: -1, o: i, t: t})
		}
	}
	for i := range c.t.secs {
		if c.stTheir[i] < 0 {
			add(stage{b: -1, o: -1, t: i})
		}
	}
}

func (c *combiner) identifyUnits() {
	c.ofOurs, c.ofTheir = fill(len(c.o.rows)), fill(len(c.t.rows))
	for i := range c.b.rows {
		c.add(node{i, c.bo.to[i], c.bt.to[i]})
	}
	for i := range c.o.rows {
		if c.ofOurs[i] < 0 {
			c.add(node{-1, i, -1})
		}
	}
	for i := range c.t.rows {
		if c.ofTheir[i] < 0 {
			c.add(node{-1, -1, i})
		}
	}
}

func (c *combiner) add(n node) {
	if n.o >= 0 {
		c.ofOurs[n.o] = len(c.nodes)
	}
	if n.t >= 0 {
		c.ofTheir[n.t] = len(c.nodes)
	}
	c.nodes = append(c.nodes, n)
}

// once are the instructions that a stage has at most once, or once for each name.
func once(word string) bool {
	return slices.Contains([]string{"from", "cmd", "entrypoint", "healthcheck", "stopsignal", "arg", "env", "label", "directive"}, word)
}

// joinTwins finds what the user added and dockgen now adds as well.
func (c *combiner) joinTwins() {
	for _, s := range c.stages {
		if s.o < 0 || s.t < 0 {
			continue
		}
		for _, want := range []grade{exact, named} {
			for _, i := range c.o.span(s.o) {
				n := c.ofOurs[i]
				if c.nodes[n].b >= 0 || c.nodes[n].t >= 0 {
					continue
				}
				for _, j := range c.t.span(s.t) {
					other := c.ofTheir[j]
					x := c.nodes[other]
					if x.o >= 0 || compare(c.o.rows[i], c.t.rows[j]) < want || want < exact && (x.b >= 0 || !once(c.o.rows[i].word)) {
						continue
					}
					c.nodes[other].t, c.nodes[n].t, c.ofTheir[j] = -1, j, n
					break
				}
			}
		}
	}
}

// decideStages sets what becomes of each stage.
func (c *combiner) decideStages() {
	for i := range c.stages {
		s := &c.stages[i]
		switch {
		case s.b < 0 && s.o >= 0 && s.t >= 0:
			s.fate = rivals
		case s.b < 0 && s.o < 0 && c.buried(c.t.secs[s.t].head) != none:
			s.fate = removed
		case s.b >= 0 && s.o < 0:
			s.fate = removed
		case s.b >= 0 && s.t < 0 && !c.touched(*s):
			s.fate = dropped
		case s.b >= 0 && s.t < 0:
			s.fate = kept
			for n, x := range slices.Clone(c.nodes) {
				if x.b < 0 || x.o < 0 || c.bo.moved[x.b] || c.b.sec[x.b] != s.b {
					continue
				}
				c.pinned[n] = true
				if x.t >= 0 { // dockgen has it in another stage now: two of it
					c.nodes[n].t = -1
					c.add(node{-1, -1, x.t})
				}
			}
		}
	}
}

// touched reports whether the user's stage is anything but what dockgen wrote,
// lines that they took out aside.
func (c *combiner) touched(s stage) bool {
	for r := c.b.secs[s.b].from; r < c.b.secs[s.b].to; r++ {
		if o := c.bo.to[r]; o >= 0 && !c.bo.moved[r] && c.o.sec[o] > s.o { // cut in two
			return true
		}
	}
	return slices.ContainsFunc(c.o.span(s.o), func(r int) bool {
		b := c.nodes[c.ofOurs[r]].b
		return b < 0 || c.b.sec[b] != s.b || c.bo.moved[b] || c.bo.grade[b] != exact
	})
}

// verdict is what becomes of one unit.
type verdict struct {
	emit   bool
	theirs bool   // with dockgen's text
	text   string // or with this one, which has the changes of both
	why    string // set where there is a conflict
}

func (c *combiner) judge(n int) verdict {
	x := c.nodes[n]
	switch {
	case c.pinned[n]:
		return verdict{emit: true}
	case x.o < 0 && x.t < 0:
		return verdict{}
	case x.b < 0 && x.o < 0:
		s := c.stages[c.stTheir[c.t.sec[x.t]]]
		switch {
		case s.fate != merged || c.orphan(x.t):
			return verdict{}
		case c.buried(x.t) == exact:
			return verdict{}
		case c.buried(x.t) == named:
			return verdict{why: "you deleted it, and dockgen changed it"}
		}
		return verdict{emit: true, theirs: true}
	case x.b < 0 && x.t < 0:
		return verdict{emit: true}
	case x.b < 0:
		if c.o.rows[x.o].hash == c.t.rows[x.t].hash || c.stages[c.stOurs[c.o.sec[x.o]]].fate == rivals {
			return verdict{emit: true}
		}
		return verdict{emit: true, why: "you added it, and dockgen adds one too"}
	case x.o < 0:
		s := c.stages[c.stTheir[c.t.sec[x.t]]]
		if c.bt.grade[x.b] == exact || s.fate != merged || c.t.rows[x.t].word == "comment" {
			return verdict{}
		}
		return verdict{why: "you deleted it, and dockgen changed it"}
	}
	changed, moved := c.bo.grade[x.b] != exact, c.bo.moved[x.b]
	switch {
	case x.t < 0 && changed:
		return verdict{emit: true, why: "you changed it, and dockgen no longer writes it"}
	case x.t < 0 && moved:
		return verdict{emit: true, why: "you moved it, and dockgen no longer writes it"}
	case x.t < 0:
		return verdict{}
	case c.bt.grade[x.b] == exact, c.o.rows[x.o].hash == c.t.rows[x.t].hash:
		return verdict{emit: true}
	case changed:
		if text := c.words(n); text != "" {
			return verdict{emit: true, text: text}
		}
		return verdict{emit: true, why: "you changed it, and dockgen changed it too"}
	case moved && c.bt.grade[x.b] == word:
		return verdict{emit: true, why: "you moved it, and dockgen seems to have changed it"}
	}
	return verdict{emit: true, theirs: true}
}

// words is the text of node n with the changes of both sides, if they changed different words of it, else "".
func (c *combiner) words(n int) string {
	if text, ok := c.worded[n]; ok || c.theirs.kind != Dockerfile {
		return text
	}
	x := c.nodes[n]
	ours, theirs := c.ours.units[x.o].text, c.theirs.units[x.t].text
	text, ok := mergeWords(ours, theirs, c.b.rows[x.b].hash)
	if !ok || !sameForm(text, ours) || !sameForm(text, theirs) {
		text = ""
	}
	c.worded[n] = text
	return text
}

// orphan reports whether dockgen's new comment t stands above an instruction
// that the user took out.
func (c *combiner) orphan(t int) bool {
	if c.t.rows[t].word != "comment" {
		return false
	}
	for r := t + 1; r < len(c.t.rows) && c.t.rows[r].blank == 0; r++ {
		switch x := c.nodes[c.ofTheir[r]]; c.t.rows[r].word {
		case "comment":
			continue
		case "pattern":
			return false
		default:
			return x.o < 0 && (x.b >= 0 || c.buried(r) != none)
		}
	}
	return false
}

// buried reports whether the user took dockgen's row t out when it was written
// before, and how sure that is.
func (c *combiner) buried(t int) grade {
	if t < 0 {
		return none
	}
	sure, r := none, c.t.rows[t]
	for _, g := range c.old.graves {
		if g.stage != c.t.secs[c.t.sec[t]].key || g.word != r.word {
			continue
		}
		switch {
		case g.hash == r.hash:
			sure = exact
		case g.id == r.id && (once(r.word) || r.word == "expose"):
			sure = max(sure, named)
		}
	}
	return sure
}

// bury returns the units to remember as taken out: those of before that are
// still in neither file, and those that dockgen dropped now.
func (c *combiner) bury() []grave {
	var out []grave
	add := func(g grave) {
		in := func(s *side) bool {
			for r, x := range s.rows {
				if s.secs[s.sec[r]].key == g.stage && x.word == g.word && (x.hash == g.hash || x.id == g.id && (once(g.word) || g.word == "expose")) {
					return true
				}
			}
			return false
		}
		if !in(c.o) && !in(c.t) && !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	for _, g := range c.old.graves {
		add(g)
	}
	for _, x := range c.nodes {
		if x.b < 0 || x.o >= 0 || x.t >= 0 || c.bt.to[x.b] >= 0 {
			continue
		}
		r, s := c.b.rows[x.b], c.stages[c.stBase[c.b.sec[x.b]]]
		if r.kept || r.word == "comment" || r.word == "directive" || s.o < 0 && r.word != "from" {
			continue
		}
		r.blank = 0
		add(grave{r, c.b.secs[c.b.sec[x.b]].key})
	}
	return out
}

// base is what dockgen wrote now, with the rows of the stages that are kept
// behind those that they stand behind.
func (c *combiner) base(now Base) Base {
	blocks := make([]Base, len(c.t.secs)) // of each section, and of the kept stages behind it
	for r := range c.t.rows {
		blocks[c.t.sec[r]] = append(blocks[c.t.sec[r]], now[r])
	}
	after := 0
	for _, st := range c.order {
		switch s := c.stages[st]; {
		case s.t >= 0:
			after = s.t
		case s.fate == kept:
			for _, r := range c.b.span(s.b) {
				row := c.b.rows[r]
				row.kept = true
				blocks[after] = append(blocks[after], row.String())
			}
		}
	}
	return slices.Concat(append(blocks, now[len(c.t.rows):])...)
}

// byTheirs reports whether unit n stands where dockgen puts it, not where the
// user has it.
func (c *combiner) byTheirs(n int) bool {
	x := c.nodes[n]
	switch {
	case x.o < 0:
		return true
	case x.t < 0 || x.b < 0 || c.bo.moved[x.b]:
		return false
	}
	to := c.stTheir[c.t.sec[x.t]]
	if from := c.stOurs[c.o.sec[x.o]]; from != to && to == c.stBase[c.b.sec[x.b]] {
		// A comment, parted from its FROM by lines of the user's, goes back to
		// it where dockgen puts a stage in between. What is behind the FROM is
		// in a stage that the user cut in two, and stays there.
		if x.b >= c.b.secs[c.b.sec[x.b]].head {
			return false
		}
		i, j := slices.Index(c.order, from), slices.Index(c.order, to)
		return i < 0 || j < i || slices.ContainsFunc(c.order[i:j+1], c.late)
	}
	return (c.bt.moved[x.b] || to != c.stBase[c.b.sec[x.b]]) && c.stages[to].fate == merged
}

// late reports whether dockgen, and not the user, says where among the others
// the stage stands.
func (c *combiner) late(st int) bool {
	s := c.stages[st]
	return s.o < 0 && s.b < 0 && s.fate == merged || s.b >= 0 && s.o >= 0 && s.t >= 0 && c.bt.turned[s.b] && !c.bo.turned[s.b]
}

// arrange returns the stages of the result: the user's order, with what dockgen
// added or moved put in after what stands before it there.
func (c *combiner) arrange() []int {
	var out []int
	for i := range c.o.secs {
		if st := c.stOurs[i]; c.stages[st].fate != dropped && !c.late(st) {
			out = append(out, st)
		}
	}
	for i := range c.t.secs {
		st := c.stTheir[i]
		if !c.late(st) {
			continue
		}
		at := -1
		if i > 0 {
			at = slices.Index(out, c.stTheir[i-1]) + 1
		}
		if at <= 0 && i+1 < len(c.t.secs) {
			at = slices.Index(out, c.stTheir[i+1])
		}
		for p := i - 1; at <= 0 && p >= 0; p-- {
			at = slices.Index(out, c.stTheir[p]) + 1
		}
		out = slices.Insert(out, max(at, 1), st) // the lines before the first stage stay there
	}
	return out
}

// fillStages puts every unit of the result into its stage.
func (c *combiner) fillStages() {
	for i, s := range c.stages {
		if s.o < 0 {
			continue
		}
		for _, r := range c.o.span(s.o) {
			if n := c.ofOurs[r]; c.judge(n).emit && !c.byTheirs(n) {
				c.lists[i] = append(c.lists[i], n)
				c.where[n] = i
			}
		}
	}
	for i, s := range c.stages {
		if s.t < 0 {
			continue
		}
		for _, r := range c.t.span(s.t) {
			if n := c.ofTheir[r]; c.judge(n).emit && c.byTheirs(n) {
				c.place(n, i, r)
			}
		}
	}
}

// place puts dockgen's row r into stage st: behind the unit that is before it
// in dockgen's file, or else before the one that is behind it.
func (c *combiner) place(n, st, r int) {
	span := c.t.secs[c.stages[st].t]
	anchor := func(r int) int { // the node to hold on to, or -1
		if r < span.from || r >= span.to {
			return -1
		}
		n := c.ofTheir[r]
		x := c.nodes[n]
		at, ok := c.where[n]
		if !ok || x.b >= 0 && x.o >= 0 && c.bo.moved[x.b] {
			return -1
		}
		if at != st && (r >= span.head || c.t.rows[r].word != "comment") && slices.Index(c.order, at) < slices.Index(c.order, st) {
			return -1
		}
		return n
	}
	if c.t.rows[r].word == "directive" { // it counts only at the very top, whatever the user has there
		st = c.order[0]
		i := 0
		for i < len(c.lists[st]) && c.isDirective(c.lists[st][i]) {
			i++
		}
		c.lists[st] = slices.Insert(c.lists[st], i, n)
		c.where[n] = st
		return
	}
	put := func(near, off int) {
		at := c.where[near]
		i := slices.Index(c.lists[at], near) + off
		if off == 0 { // the user's comment above it belongs to it
			for i > 0 && c.isNote(c.lists[at][i-1]) {
				i--
			}
		}
		c.lists[at] = slices.Insert(c.lists[at], i, n)
		c.where[n] = at
	}
	if near := anchor(r - 1); near >= 0 {
		put(near, 1)
		return
	}
	if near := anchor(r + 1); near >= 0 {
		put(near, 0)
		return
	}
	for p := r - 2; p >= span.from; p-- {
		if near := anchor(p); near >= 0 {
			put(near, 1)
			return
		}
	}
	for p := r + 2; p < span.to; p++ {
		if near := anchor(p); near >= 0 {
			put(near, 0)
			return
		}
	}
	c.lists[st] = append(c.lists[st], n)
	c.where[n] = st
}

// isDirective reports whether node n is a parser directive in the file that its text is taken from.
func (c *combiner) isDirective(n int) bool {
	if x := c.nodes[n]; x.o >= 0 {
		return c.o.rows[x.o].word == "directive"
	}
	return c.t.rows[c.nodes[n].t].word == "directive"
}

// isNote reports whether node n is a comment of the user's own.
func (c *combiner) isNote(n int) bool {
	x := c.nodes[n]
	return x.b < 0 && x.t < 0 && x.o >= 0 && c.o.rows[x.o].word == "comment"
}

// keepNotes keeps dockgen's comments above an instruction that is kept though
// dockgen dropped both.
func (c *combiner) keepNotes() {
	for n, x := range c.nodes {
		if x.o < 0 || x.t >= 0 || x.b < 0 || !c.judge(n).emit || c.o.rows[x.o].word == "comment" {
			continue
		}
		for r := x.o; r > 0 && c.o.rows[r].blank == 0 && c.o.rows[r-1].word == "comment"; r-- {
			if above := c.ofOurs[r-1]; c.nodes[above].t < 0 {
				c.pinned[above] = true
			}
		}
	}
}

// writer builds the text and knows the line it is in.
type writer struct {
	strings.Builder
	line int
}

func (w *writer) put(s string) {
	w.WriteString(s)
	w.line += strings.Count(s, "\n")
}

// write makes the result. It also returns the hash of each unit in it.
func (c *combiner) write() (Result, []string) {
	c.keepNotes()
	c.fillStages()
	newline := "\n"
	if c.ours.crlf {
		newline = "\r\n"
	}
	w := &writer{line: 1}
	var hashes []string
	var conflicts []Conflict
	lines := map[int]int{} // node -> its line
	after := map[int]int{} // node -> the line below it
	var owed []string      // blank lines of units that went, for what the user put behind them
	last := -1             // the row of ours that was written or passed
	for _, st := range c.order {
		for _, n := range c.lists[st] {
			x, v := c.nodes[n], c.judge(n)
			owed = nil
			if x.b < 0 && x.t < 0 {
				for r := x.o - 1; r >= 0 && r > last; r-- {
					if _, ok := c.where[c.ofOurs[r]]; !ok {
						owed = c.ours.units[r].blank
					}
				}
			}
			blank := c.blank(x, newline)
			if len(blank) == 0 {
				blank = owed
			}
			if w.Len() == 0 && len(c.theirs.units) > 0 && len(c.theirs.units[0].blank) == 0 && (len(c.ours.units) == 0 || len(c.ours.units[0].blank) == 0) {
				blank = nil
			}
			w.put(strings.Join(blank, ""))
			lines[n] = w.line
			if x.o >= 0 {
				last = x.o
			}
			switch {
			case v.theirs || v.text != "":
				text := v.text
				if v.theirs {
					text = c.theirs.units[x.t].text
				}
				w.put(strings.ReplaceAll(text, "\n", newline) + newline)
				hashes = append(hashes, short(text, 12))
			default:
				u := c.ours.units[x.o]
				w.put(u.raw)
				if !strings.HasSuffix(u.raw, "\n") {
					w.put(newline)
				}
				hashes = append(hashes, u.hash)
			}
			after[n] = w.line
		}
	}
	end := c.ours.end
	if len(end) == c.old.end && len(end) != len(c.theirs.end) {
		end = slices.Repeat([]string{newline}, len(c.theirs.end))
	}
	w.put(strings.Join(end, ""))
	text := w.String()
	if c.ours.open {
		text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	}
	total := max(1, strings.Count(strings.TrimSuffix(text, "\n"), "\n")+1)
	near := func(t int) int { // the line where dockgen's row t would stand
		for r := t - 1; r >= 0; r-- {
			if l, ok := after[c.ofTheir[r]]; ok {
				return min(l, total)
			}
		}
		return 1
	}
	for n, x := range c.nodes {
		v := c.judge(n)
		if v.why == "" {
			continue
		}
		con := Conflict{Why: v.why}
		if x.o >= 0 {
			con.Ours, con.Line, con.open.Yours = c.ours.units[x.o].text, lines[n], c.ours.units[x.o].hash
		} else {
			con.Line = near(x.t)
		}
		if x.t >= 0 {
			con.open.Stage = c.t.secs[c.t.sec[x.t]].key
			con.Theirs, con.open.Dockgen = c.theirs.units[x.t].text, c.theirs.units[x.t].text
		}
		if x.b >= 0 {
			con.open.Was = c.b.rows[x.b].hash
		}
		conflicts = append(conflicts, con)
	}
	conflicts = append(conflicts, c.stageConflicts(lines, near)...)
	slices.SortStableFunc(conflicts, func(a, b Conflict) int { return a.Line - b.Line })
	return Result{Text: []byte(c.ours.bom + text), Conflicts: conflicts}, hashes
}

// stageConflicts reports whole stages.
func (c *combiner) stageConflicts(lines map[int]int, near func(int) int) []Conflict {
	var out []Conflict
	for _, s := range c.stages {
		switch s.fate {
		case kept:
			if c.b.kept(s.b) {
				continue // it was reported when dockgen dropped it
			}
			head := c.o.secs[s.o].head
			out = append(out, Conflict{
				section: true, Line: lines[c.ofOurs[head]], Ours: c.ours.units[head].text,
				Why: "dockgen no longer writes this " + c.noun() + "; it stays because you changed it",
			})
		case rivals:
			if !slices.Equal(c.o.hashes(s.o), c.t.hashes(s.t)) {
				head := c.o.secs[s.o].head
				out = append(out, Conflict{
					section: true, Line: lines[c.ofOurs[head]], Ours: c.ours.units[head].text, Theirs: c.text(s.t),
					Why: "you added this " + c.noun() + ", and dockgen adds one of the same name",
				})
			}
		case removed:
			if s.b >= 0 && s.t >= 0 && !slices.Equal(c.b.hashes(s.b), c.t.hashes(s.t)) {
				out = append(out, Conflict{
					section: true, Line: near(c.t.secs[s.t].from), Theirs: c.text(s.t), open: Open{Stage: c.t.secs[s.t].key},
					Why: "you deleted this " + c.noun() + ", and dockgen changed it",
				})
			}
		case merged, dropped:
		}
	}
	return out
}

// noun is what a section of the file is called.
func (c *combiner) noun() string {
	if c.theirs.kind == Compose {
		return "section"
	}
	return "stage"
}

// hashes are those of a section's instructions.
func (s *side) hashes(sec int) []string {
	var out []string
	for _, r := range s.span(sec) {
		if s.rows[r].word != "comment" {
			out = append(out, s.rows[r].hash)
		}
	}
	return out
}

// text is a section of dockgen's file.
func (c *combiner) text(sec int) string {
	var out []string
	for _, r := range c.t.span(sec) {
		out = append(out, c.theirs.units[r].text)
	}
	return strings.Join(out, "\n")
}

// blank returns the blank lines above a unit: the user's where they changed
// their number, else dockgen's.
func (c *combiner) blank(x node, newline string) []string {
	switch {
	case x.o < 0:
		return slices.Repeat([]string{newline}, c.t.rows[x.t].blank)
	case x.t < 0 || x.b < 0 || c.bo.moved[x.b] || c.o.rows[x.o].blank != c.b.rows[x.b].blank || c.o.rows[x.o].blank == c.t.rows[x.t].blank:
		return c.ours.units[x.o].blank
	}
	return slices.Repeat([]string{newline}, c.t.rows[x.t].blank)
}
