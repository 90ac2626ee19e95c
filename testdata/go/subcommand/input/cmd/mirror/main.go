// Command mirror answers every request with its path.
package main

import (
	"fmt"
	"log"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, r.URL.Path) })
	log.Fatal(http.ListenAndServe(":9090", nil))
}
