package main

import "testing"

func TestNotices(t *testing.T) {
	if got := notices(); len(got) != 1 || got[0] != "The lift is out of order" {
		t.Errorf("got %q", got)
	}
}
