package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
)

var books = []string{"Invisible Cities", "Solaris"}

func list(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(books); err != nil {
		log.Print(err)
	}
}

func health(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusNoContent)
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8000"
	}
	http.HandleFunc("GET /api/books", list)
	http.HandleFunc("GET /healthz", health)
	log.Fatal(http.ListenAndServe(":"+port, nil))
}
