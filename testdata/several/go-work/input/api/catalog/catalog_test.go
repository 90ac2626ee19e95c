package catalog

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHandler(t *testing.T) {
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/books/7", nil))
	if !strings.Contains(w.Body.String(), "book 7 costs 17.99 EUR") {
		t.Error(w.Body.String())
	}
}
