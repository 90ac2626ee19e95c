// Command api says how much there is to do.
package main

import (
	"fmt"
	"log"
	"net/http"
)

func main() {
	http.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "%d jobs wait\n", 2)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
