// Package catalog answers what the shop sells.
package catalog

import (
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"

	"example.com/shop/shared/money"
)

// Handler serves the catalog.
func Handler() http.Handler {
	r := chi.NewRouter()
	r.Get("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	r.Get("/books/{id}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "book %s costs %s\n", chi.URLParam(r, "id"), money.Euros(1799))
	})
	return r
}
