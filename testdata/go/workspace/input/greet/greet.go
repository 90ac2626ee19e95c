// Package greet greets.
package greet

// From greets from a place.
func From(place string) string { return "Hello from " + place }
