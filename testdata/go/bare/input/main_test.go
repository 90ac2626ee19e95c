package main

import (
	"io/fs"
	"testing"
)

func TestPublic(t *testing.T) {
	if _, err := fs.Stat(public(), "hello.txt"); err != nil {
		t.Error(err)
	}
}
