package project

import "testing"

// TestExample: a path that stands for a pattern is one that the pattern matches, or none.
func TestExample(t *testing.T) {
	for pattern, want := range map[string]string{
		"**/credentials.json":  "credentials.json",
		"/config/*.p12":        "config/x.p12",
		"**/.aws/":             ".aws",
		"**/.ssh/**":           ".ssh",
		"**/id_[rde]*":         "id_rx",
		`**/*service[_\-]a*`:   "xservice_ax",
		"id_[!a]":              "",
		"a[":                   "",
		"a[]":                  "",
		"../x":                 "",
		`a\*b`:                 "",
		"!x":                   "",
		"":                     "",
		"a//b":                 "",
		"**/client_secret?.js": "client_secretx.js",
	} {
		if got := example(pattern); got != want {
			t.Errorf("%q: got %q, want %q", pattern, got, want)
		}
	}
}
