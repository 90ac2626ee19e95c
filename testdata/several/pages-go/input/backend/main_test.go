package main

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestList(t *testing.T) {
	w := httptest.NewRecorder()
	list(w, nil)
	if !strings.Contains(w.Body.String(), "Invisible Cities") {
		t.Error(w.Body)
	}
}
