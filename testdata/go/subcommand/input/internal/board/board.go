// Package board holds the notes.
package board

import "fmt"

var notes = []string{"milk", "bread"}

// Title says how many notes there are.
func Title() string { return fmt.Sprintf("%d notes", len(notes)) }
