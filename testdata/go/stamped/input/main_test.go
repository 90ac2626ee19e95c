package main

import (
	"net/http/httptest"
	"testing"
)

func TestSay(t *testing.T) {
	rec := httptest.NewRecorder()
	say(rec, httptest.NewRequest("GET", "/version", nil))
	if got, want := rec.Body.String(), "dev none\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
