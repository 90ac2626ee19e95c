package document

import (
	"bytes"
	"sort"
)

// lines are the offsets of a text's line breaks.
type lines []int

func newLines(text []byte) lines {
	ls := make(lines, 0, bytes.Count(text, []byte("\n")))
	for i, c := range text {
		if c == '\n' {
			ls = append(ls, i)
		}
	}
	return ls
}

// at is the line of an offset, from 1.
func (ls lines) at(off int) int { return 1 + sort.SearchInts(ls, off) }
