// Package money writes prices.
package money

import "fmt"

// Euros writes an amount of cents.
func Euros(cents int) string { return fmt.Sprintf("%d.%02d EUR", cents/100, cents%100) }
