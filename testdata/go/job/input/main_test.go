package main

import "testing"

func TestCount(t *testing.T) {
	for in, want := range map[string]int{"": 0, "one": 1, " a  b\nc ": 3} {
		if got := count(in); got != want {
			t.Errorf("count(%q) = %d, want %d", in, got, want)
		}
	}
}
