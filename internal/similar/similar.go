// Package similar finds what a user meant by a word that is none of those that can stand there.
package similar

import "strings"

// Name is the one of the names that the word most likely is meant to be, "" if none is near: it takes at most one change in three letters of the
// word (a letter more, less or another, or two in the other order), and the first of those that take the fewest is it. Of a long name the beginning is enough, if no other has it.
func Name(word string, names []string) string {
	written, word := word, strings.ToLower(word)
	best, at := max(1, (len(word)+1)/3)+1, ""
	for _, n := range names {
		if n == written {
			return "" // what is wrong is something else
		}
		if d := distance(word, strings.ToLower(n)); d < best && d < len(n) {
			best, at = d, n
		}
	}
	if at == "" && len(word) > 1 {
		for _, n := range names {
			if strings.HasPrefix(strings.ToLower(n), word) {
				if at != "" {
					return ""
				}
				at = n
			}
		}
	}
	return at
}

// Hint is "did you mean NAME?" with a space behind it, or "" if no name is near.
func Hint(word string, names []string) string {
	if n := Name(word, names); n != "" {
		return "did you mean " + n + "? "
	}
	return ""
}

// maxLength is the longest word that is compared.
const maxLength = 60

// distance is the optimal string alignment distance: https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance
func distance(a, b string) int {
	if len(a) > maxLength || len(b) > maxLength {
		return maxLength
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := range len(a) {
		for j := range len(b) {
			other := 1
			if a[i] == b[j] {
				other = 0
			}
			d := min(rows[i][j+1]+1, rows[i+1][j]+1, rows[i][j]+other)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(a)][len(b)]
}
