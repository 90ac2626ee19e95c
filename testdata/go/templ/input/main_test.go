package main

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHello(t *testing.T) {
	rec := httptest.NewRecorder()
	handler().ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	if got, want := rec.Body.String(), "Hello, &lt;world&gt;"; !strings.Contains(got, want) {
		t.Errorf("got %q, want %q in it", got, want)
	}
}
