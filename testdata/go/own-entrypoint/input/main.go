// Command notes keeps notes in a folder.
package main

import (
	"cmp"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
)

func main() {
	dir := cmp.Or(os.Getenv("NOTES_DIR"), "/data")
	if len(os.Args) > 1 && os.Args[1] == "migrate" {
		if err := migrate(dir); err != nil {
			log.Fatal(err)
		}
		return
	}
	http.Handle("GET /", page(dir))
	log.Fatal(http.ListenAndServe(":"+cmp.Or(os.Getenv("PORT"), "80"), nil))
}

// migrate brings the folder to the layout of this version.
func migrate(dir string) error {
	return os.WriteFile(filepath.Join(dir, "layout"), []byte("2"), 0o644)
}

func page(dir string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		layout, err := os.ReadFile(filepath.Join(dir, "layout"))
		if err != nil {
			layout = []byte("none")
		}
		fmt.Fprintf(w, "Hello from notes, layout %s\n", layout)
	}
}
