package main

import "testing"

func TestTitles(t *testing.T) {
	if got := titles(); len(got) != 2 || got[1] != "Solaris" {
		t.Error(got)
	}
}
