package document

import (
	"github.com/dockgen/dockgen/detect/fact"
)

// The bounds of a document. A lockfile of 10 MiB has some 300,000 values.
const (
	maxDepth  = 200
	maxValues = 500_000
)

// limit counts the values of one document.
type limit struct {
	file  string
	count int
}

// more counts n values at a depth.
func (l *limit) more(n, line, depth int) error {
	if depth > maxDepth {
		return fact.Errorf(fact.At(l.file, line), "nests deeper than %d levels", maxDepth)
	}
	if l.count += n; l.count > maxValues {
		return fact.Errorf(fact.At(l.file, line), "holds more than %d values, the most that dockgen reads of one file", maxValues)
	}
	return nil
}

// larger is the error for a file of more bytes than its reader takes.
func larger(file string, bytes int, format string) error {
	return fact.Errorf(fact.At(file, 0), "is larger than %d KiB, the most that dockgen reads of %s", bytes>>10, format)
}

// malformed is the error for a text that is not of its format.
func malformed(file string, line int, format, msg string) *fact.Error {
	return fact.Errorf(fact.At(file, line), "is not valid %s: %s", format, fact.Clip(msg))
}
