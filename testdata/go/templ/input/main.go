// Command templ serves a page that is a templ component.
package main

import (
	"log"
	"net/http"

	"github.com/a-h/templ"

	"example.com/templ/views"
)

func main() {
	log.Fatal(http.ListenAndServe(":8080", handler()))
}

func handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", templ.Handler(views.Hello("<world>")))
	return mux
}
