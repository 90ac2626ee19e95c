package main

import (
	"fmt"
	"log"
	"net/http"
	"os"

	"example.com/shop/shared/money"
)

func total(cents ...int) string {
	sum := 0
	for _, c := range cents {
		sum += c
	}
	return money.Euros(sum)
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8081"
	}
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "the stock is worth %s\n", total(1799, 1250))
	})
	log.Fatal(http.ListenAndServe(":"+port, nil))
}
