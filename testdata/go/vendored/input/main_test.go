package main

import (
	"net/http/httptest"
	"testing"
)

func TestGreet(t *testing.T) {
	rec := httptest.NewRecorder()
	handler().ServeHTTP(rec, httptest.NewRequest("GET", "/greet/Ada", nil))
	if got, want := rec.Body.String(), "Hello, Ada\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
