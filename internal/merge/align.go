package merge

import (
	"slices"
	"strconv"
)

// section is a run of rows: the lines before the first stage, or a stage with
// the comment lines that stand right above its FROM. A .dockerignore is one
// section.
type section struct {
	key      string // of a stage: the id of its FROM, which is its name
	from, to int    // its rows are [from, to)
	head     int    // the row of its FROM; -1 for the lines before the first
}

func sections(rows []row) []section {
	list := []section{{head: -1}}
	seen := map[string]int{}
	for i, r := range rows {
		if r.word != "from" {
			continue
		}
		start := i
		for start > list[len(list)-1].head+1 && rows[start-1].word == "comment" && rows[start].blank == 0 {
			start--
		}
		list[len(list)-1].to = start
		key := r.id
		if seen[r.id]++; seen[r.id] > 1 {
			key += "#" + strconv.Itoa(seen[r.id])
		}
		list = append(list, section{key: key, from: start, head: i})
	}
	list[len(list)-1].to = len(rows)
	return list
}

// side is one of the three files, cut into sections.
type side struct {
	rows []row
	secs []section
	sec  []int // the section of each row
}

func newSide(rows []row) *side {
	s := &side{rows: rows, secs: sections(rows), sec: make([]int, len(rows))}
	for i, sec := range s.secs {
		for r := sec.from; r < sec.to; r++ {
			s.sec[r] = i
		}
	}
	return s
}

// grade says how sure it is that two rows are the same unit.
type grade int

const (
	none  grade = iota
	word        // both are a RUN, in the same place
	named       // both set the same ARG, end in the same COPY destination
	exact       // the same text
)

func compare(a, b row) grade {
	switch {
	case a.word != b.word:
		return none
	case a.hash == b.hash:
		return exact
	case a.word == "from":
		return named // only ever compared within one stage
	case a.id == b.id:
		return named
	case a.word == "pattern" || a.word == "directive" || a.word == "entry":
		return none
	}
	return word
}

// kept reports whether a section is a stage that dockgen writes no more.
func (s *side) kept(sec int) bool {
	head := s.secs[sec].head
	return head >= 0 && s.rows[head].kept
}

// match is how the rows of an older file a are found again in a newer one b.
type match struct {
	sec    []int // section of a -> of b, or -1
	secOf  []int // and back
	to     []int // row of a -> of b, or -1
	back   []int
	grade  []grade // by the row of a
	moved  []bool  // by the row of a: it changed its place, not only its neighbours
	turned []bool  // by the section of a: it changed its place among the stages
}

func newMatch(a, b *side) *match {
	m := &match{
		sec: fill(len(a.secs)), secOf: fill(len(b.secs)), to: fill(len(a.rows)), back: fill(len(b.rows)),
		grade: make([]grade, len(a.rows)), moved: make([]bool, len(a.rows)), turned: make([]bool, len(a.secs)),
	}
	m.matchSections(a, b)
	for i, j := range m.sec {
		if j >= 0 {
			m.align(a, b, i, j)
			m.split(a, b, i, j)
		}
	}
	for i, j := range m.sec {
		if j >= 0 {
			m.leftovers(a, b, a.span(i), b.span(j), exact)
		}
	}
	m.strays(a, b)
	for i, j := range m.sec {
		if j >= 0 {
			m.leftovers(a, b, a.span(i), b.span(j), named)
		}
	}
	m.turn(a)
	return m
}

func fill(n int) []int { return slices.Repeat([]int{-1}, n) }

func (s *side) span(sec int) []int {
	var out []int
	for r := s.secs[sec].from; r < s.secs[sec].to; r++ {
		out = append(out, r)
	}
	return out
}

func (m *match) pair(i, j int, g grade, moved bool) {
	m.to[i], m.back[j], m.grade[i], m.moved[i] = j, i, g, moved
}

// matchSections finds stages again by their names, and those that were renamed
// by what is in them.
func (m *match) matchSections(a, b *side) {
	m.sec[0], m.secOf[0] = 0, 0
	for i := 1; i < len(a.secs); i++ {
		j := slices.IndexFunc(b.secs, func(s section) bool { return s.key == a.secs[i].key && s.head >= 0 })
		if j > 0 {
			m.sec[i], m.secOf[j] = j, i
		}
	}
	for i := 1; i < len(a.secs); i++ {
		best, at := 0, -1
		for j := 1; j < len(b.secs) && m.sec[i] < 0; j++ {
			if m.secOf[j] >= 0 || a.kept(i) {
				continue
			}
			// More than half of both must be alike.
			if n := alike(a, b, i, j); n > best && 4*n > a.secs[i].to-a.secs[i].head+b.secs[j].to-b.secs[j].head-2 {
				best, at = n, j
			}
		}
		if at > 0 {
			m.sec[i], m.secOf[at] = at, i
		}
	}
}

// alike counts the rows that two stages share.
func alike(a, b *side, i, j int) int {
	count := map[string]int{}
	for r := a.secs[i].head + 1; r < a.secs[i].to; r++ {
		count[a.rows[r].hash]++
	}
	n := 0
	for r := b.secs[j].head + 1; r < b.secs[j].to; r++ {
		if count[b.rows[r].hash] > 0 {
			count[b.rows[r].hash]--
			n++
		}
	}
	return n
}

// align pairs the rows of two sections in order, so that the sum of the
// weights is the greatest: equal text counts most, a FROM is always a FROM.
func (m *match) align(a, b *side, i, j int) {
	x, y := a.secs[i], b.secs[j]
	n, k := x.to-x.from, y.to-y.from
	weight := func(p, q int) int {
		r, s := a.rows[x.from+p], b.rows[y.from+q]
		if r.word == "from" || s.word == "from" {
			if r.word == s.word {
				return 10_000
			}
			return 0
		}
		w := []int{none: 0, word: 4, named: 30, exact: 100}[compare(r, s)]
		if r.word == "comment" {
			w /= 2
		}
		return w
	}
	best := make([][]int, n+1) // of the rows from p and q on
	for p := range best {
		best[p] = make([]int, k+1)
	}
	for p := n - 1; p >= 0; p-- {
		for q := k - 1; q >= 0; q-- {
			best[p][q] = max(best[p+1][q], best[p][q+1])
			if w := weight(p, q); w > 0 {
				best[p][q] = max(best[p][q], best[p+1][q+1]+w)
			}
		}
	}
	for p, q := 0, 0; p < n && q < k; {
		w := weight(p, q)
		switch {
		case w > 0 && best[p][q] == best[p+1][q+1]+w:
			m.pair(x.from+p, y.from+q, compare(a.rows[x.from+p], b.rows[y.from+q]), false)
			p++
			q++
		case best[p][q] == best[p+1][q]:
			p++
		default:
			q++
		}
	}
}

// split goes on with what is left of a stage in the new stages right behind its
// counterpart: the user put a FROM of their own into the middle of it. Most of
// what is behind that FROM must be the old stage's.
func (m *match) split(a, b *side, i, j int) {
	rest := a.secs[i].from
	for r := rest; r < a.secs[i].to; r++ {
		if m.to[r] >= 0 {
			rest = r + 1
		}
	}
	for n := j + 1; n < len(b.secs) && m.secOf[n] < 0 && rest < a.secs[i].to; n++ {
		var pairs [][2]int
		at := rest
		for q := b.secs[n].head + 1; q < b.secs[n].to; q++ {
			for p := at; p < a.secs[i].to; p++ {
				if a.rows[p].hash == b.rows[q].hash {
					pairs, at = append(pairs, [2]int{p, q}), p+1
					break
				}
			}
		}
		if len(pairs) == 0 || 2*len(pairs) < b.secs[n].to-b.secs[n].head-1 {
			return
		}
		for _, p := range pairs {
			m.pair(p[0], p[1], exact, false)
		}
		rest = at
	}
}

// leftovers pairs what a section has left and what its counterpart has left,
// where that is unambiguous: units that changed their place.
func (m *match) leftovers(a, b *side, from, to []int, want grade) {
	for _, i := range from {
		if m.to[i] >= 0 || want < exact && a.rows[i].word == "comment" {
			continue
		}
		fit := func(r, s row) bool { return compare(r, s) >= want }
		var here, there []int
		for _, p := range from {
			if m.to[p] < 0 && fit(a.rows[i], a.rows[p]) {
				here = append(here, p)
			}
		}
		for _, q := range to {
			if m.back[q] < 0 && fit(a.rows[i], b.rows[q]) {
				there = append(there, q)
			}
		}
		if len(here) == 1 && len(there) == 1 {
			m.pair(i, there[0], compare(a.rows[i], b.rows[there[0]]), true)
		}
	}
}

// strays pairs units that went to another stage. A text that the older file
// has more than once says nothing about which of them it was.
func (m *match) strays(a, b *side) {
	old, left := map[string]int{}, map[string][]int{}
	for _, r := range a.rows {
		old[r.hash]++
	}
	for j, r := range b.rows {
		if m.back[j] < 0 {
			left[r.hash] = append(left[r.hash], j)
		}
	}
	for i, r := range a.rows {
		if m.to[i] < 0 && r.word != "from" && old[r.hash] == 1 && len(left[r.hash]) == 1 {
			j := left[r.hash][0]
			m.pair(i, j, exact, !m.pushed(a, b, i, j))
		}
	}
}

// pushed reports whether the comment i above a FROM only stands further up
// now because something new came between it and the FROM.
func (m *match) pushed(a, b *side, i, j int) bool {
	s := a.sec[i]
	if i >= a.secs[s].head || m.sec[s] < 0 {
		return false
	}
	head := b.secs[m.sec[s]].head
	for q := j + 1; q < head; q++ {
		if p := m.back[q]; p >= 0 && a.sec[p] != s {
			return false
		}
	}
	return j < head
}

// turn marks the stages outside of the heaviest run that kept its order.
func (m *match) turn(a *side) {
	var common []int
	for i, j := range m.sec {
		if j >= 0 {
			common = append(common, i)
		}
	}
	best, prev := make([]int, len(common)), fill(len(common))
	last := 0
	for p, i := range common {
		best[p] = a.secs[i].to - a.secs[i].from + 1
		for q := range p {
			if w := best[q] + a.secs[i].to - a.secs[i].from + 1; m.sec[common[q]] < m.sec[i] && w > best[p] {
				best[p], prev[p] = w, q
			}
		}
		if best[p] > best[last] {
			last = p
		}
	}
	for _, i := range common {
		m.turned[i] = true
	}
	for p := last; p >= 0; p = prev[p] {
		m.turned[common[p]] = false
	}
}
