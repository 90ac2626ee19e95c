// Package shared is what the shop's programs have in common.
package shared

// Greet greets from a place.
func Greet(place string) string { return "Hello from " + place }
