package main

import (
	"net/http/httptest"
	"testing"
)

func TestPage(t *testing.T) {
	dir := t.TempDir()
	if err := migrate(dir); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	page(dir)(w, httptest.NewRequest("GET", "/", nil))
	if got := w.Body.String(); got != "Hello from notes, layout 2\n" {
		t.Errorf("got %q", got)
	}
}
