package main

import (
	"strings"
	"testing"
)

func TestCompressed(t *testing.T) {
	if n := compressed(strings.Repeat("a", 1000)); n <= 0 || n > 100 {
		t.Errorf("1000 times a is %d bytes", n)
	}
}
