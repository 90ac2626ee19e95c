package main

import "testing"

func TestTotal(t *testing.T) {
	if got := total(100, 250); got != "3.50 EUR" {
		t.Error(got)
	}
}
