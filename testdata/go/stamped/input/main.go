// Command stamped answers with the version that it was built as.
package main

import (
	"fmt"
	"log"
	"net/http"
)

// The Makefile sets these.
var (
	version = "dev"
	commit  = "none"
)

func main() {
	http.HandleFunc("GET /version", say)
	log.Fatal(http.ListenAndServe(":8080", nil))
}

func say(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintf(w, "%s %s\n", version, commit)
}
