// Noticeboard serves notices, and the page that shows them, from one binary.
package main

import (
	"embed"
	"encoding/json"
	"io/fs"
	"log"
	"net/http"
)

// The page is built by Vite into ui/dist, which is not committed.
//
//go:embed all:ui/dist
var page embed.FS

func notices() []string { return []string{"The lift is out of order"} }

func main() {
	site, err := fs.Sub(page, "ui/dist")
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("/", http.FileServerFS(site))
	http.HandleFunc("/api/notices", func(w http.ResponseWriter, _ *http.Request) {
		if err := json.NewEncoder(w).Encode(notices()); err != nil {
			log.Print(err)
		}
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
