// Command api serves a greeting.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	"example.com/greet"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, greet.From("the workspace"))
	})
	addr := net.JoinHostPort(env("HOST", "127.0.0.1"), env("PORT", "9000"))
	log.Fatal(http.ListenAndServe(addr, nil))
}

func env(name, fallback string) string {
	if v, ok := os.LookupEnv(name); ok {
		return v
	}
	return fallback
}
