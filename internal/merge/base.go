package merge

import (
	"fmt"
	"strings"

	"github.com/dockgen/dockgen/internal/lazy"
)

// Base is what dockgen wrote last, as one row for each unit and none of its
// text: a "+" for each blank line above it, its keyword, a short hash of what
// names it and a longer one of the whole. With a "=" stand the units of a stage
// that dockgen writes no more and that stays because the user changed it; they
// are as dockgen wrote them, for when it writes the stage again. Behind them
// stand, with a "-" and the stage, units that the user took out and dockgen then
// wrote no more, so that they do not come back when it writes them again. Rows
// are for dockgen.lock; nothing else should look into them.
type Base []string

// row is a unit known only by its hashes.
type row struct {
	word, id, hash string
	blank          int
	kept           bool // of a stage that dockgen writes no more
}

func (r row) String() string {
	s := strings.Repeat("+", r.blank) + r.word + " " + r.id + " " + r.hash
	if r.kept {
		return "=" + s
	}
	return s
}

// grave is a unit that the user took out before dockgen dropped it.
type grave struct {
	row
	stage string // the key of its section
}

func (g grave) String() string {
	stage := g.stage
	if stage == "" {
		stage = "top"
	}
	return "-" + g.word + " " + g.id + " " + g.hash + " " + stage
}

var graveForm = lazy.MustCompile(`^-([a-z]+) ([0-9a-f]{6}) ([0-9a-f]{12}) (top|[0-9a-f]{6}(?:#[0-9]+)?)$`)

var rowForm = lazy.MustCompile(`^(=?)(\+*)([a-z]+) ([0-9a-f]{6}) ([0-9a-f]{12})$`)

const endWord = "end"

// Fingerprint returns the rows of text, a file that dockgen wrote.
func Fingerprint(kind Kind, text []byte) (Base, error) {
	p, err := parse(kind, text)
	if err != nil {
		return nil, err
	}
	return p.fingerprint(), nil
}

func (p *parsed) fingerprint() Base {
	out := Base{}
	for _, r := range p.rows() {
		out = append(out, r.String())
	}
	if len(p.end) > 0 {
		out = append(out, strings.Repeat("+", len(p.end))+endWord)
	}
	return out
}

// rows is what a Base of the file would know of it.
func (p *parsed) rows() []row {
	var out []row
	for _, u := range p.units {
		out = append(out, row{word: keyword(u.word), id: short(u.id, 6), hash: u.hash, blank: len(u.blank)})
	}
	return out
}

var letters = lazy.MustCompile(`^[a-z]+$`)

// keyword keeps a made-up instruction of the user's from breaking a row.
func keyword(word string) string {
	if !letters.MatchString(word) || word == endWord {
		return "other"
	}
	return word
}

// Check reports the first row that Fingerprint would not have written, and
// its index.
func (b Base) Check() (int, error) {
	_, at, err := b.parse()
	return at, err
}

// known is a Base taken apart.
type known struct {
	rows   []row
	end    int  // blank lines after the last unit
	units  Base // the rows that are not kept, and the end
	graves []grave
}

func (b Base) parse() (k known, at int, err error) {
	for i, s := range b {
		if m := graveForm.FindStringSubmatch(s); m != nil {
			g := grave{row: row{word: m[1], id: m[2], hash: m[3]}, stage: m[4]}
			if g.stage == "top" {
				g.stage = ""
			}
			k.graves = append(k.graves, g)
			continue
		}
		m := rowForm.FindStringSubmatch(s)
		switch {
		case len(k.graves) == 0 && k.end == 0 && m != nil:
			k.rows = append(k.rows, row{kept: m[1] != "", blank: len(m[2]), word: m[3], id: m[4], hash: m[5]})
			if m[1] != "" {
				continue
			}
		case len(k.graves) == 0 && k.end == 0 && strings.Trim(s, "+") == endWord && s != endWord:
			k.end = len(s) - len(endWord)
		default:
			return known{}, i, fmt.Errorf("row %d is not one that dockgen wrote", i+1)
		}
		k.units = append(k.units, s)
	}
	return k, 0, nil
}
