// Command greeter greets whoever the path names.
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"

	"example.com/route"
)

func main() {
	addr := flag.String("addr", "localhost:8000", "address to listen on")
	flag.Parse()
	log.Printf("listening on %s", *addr)
	log.Fatal(http.ListenAndServe(*addr, handler()))
}

func handler() http.Handler {
	return route.Below("/greet/", func(name string) string {
		return fmt.Sprintf("Hello, %s\n", name)
	})
}
