package main

import (
	"fmt"
	"log"
	"net/http"

	"example.com/bookshelf/ui"
)

func books(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintln(w, `["Invisible Cities", "Solaris"]`)
}

func main() {
	http.HandleFunc("GET /api/books", books)
	http.Handle("/", http.FileServerFS(ui.Files()))
	log.Fatal(http.ListenAndServe(":8080", nil))
}
