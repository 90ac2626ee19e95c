// Command server greets from the place that place.txt names.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"

	"example.com/shop/shared"
)

func greeting() (string, error) {
	place, err := os.ReadFile("place.txt")
	return shared.Greet(strings.TrimSpace(string(place))), err
}

func main() {
	http.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) {
		text, err := greeting()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, text)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
