package page

import "testing"

func TestGreeting(t *testing.T) {
	if got, want := Greeting("world"), "Hello, world"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
