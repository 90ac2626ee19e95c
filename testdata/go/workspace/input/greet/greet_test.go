package greet

import "testing"

func TestFrom(t *testing.T) {
	if got, want := From("here"), "Hello from here"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
