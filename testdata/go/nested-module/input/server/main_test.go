package main

import "testing"

func TestGreeting(t *testing.T) {
	if got, err := greeting(); err != nil || got != "Hello from below" {
		t.Errorf("got %q, %v", got, err)
	}
}
