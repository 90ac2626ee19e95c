package main

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestBooks(t *testing.T) {
	w := httptest.NewRecorder()
	books(w, httptest.NewRequest("GET", "/api/books", nil))
	if !strings.Contains(w.Body.String(), "Solaris") {
		t.Error(w.Body.String())
	}
}
