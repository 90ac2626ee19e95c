// Package page holds what the page says.
package page

// Greeting greets name.
func Greeting(name string) string { return "Hello, " + name }
