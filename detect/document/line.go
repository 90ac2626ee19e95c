package document

import (
	"bytes"
	"sort"
)

// Lines tells the lines of a text's offsets. It holds those of its line breaks.
type Lines []int

// NewLines takes time linear in the text.
func NewLines(text []byte) Lines {
	ls := make(Lines, 0, bytes.Count(text, []byte("\n")))
	for i, c := range text {
		if c == '\n' {
			ls = append(ls, i)
		}
	}
	return ls
}

// At is the line of an offset, from 1.
func (ls Lines) At(off int) int { return 1 + sort.SearchInts(ls, off) }
