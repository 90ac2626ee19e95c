// Command bare serves a folder that it embeds.
package main

import (
	"embed"
	"io/fs"
	"log"
	"net/http"
)

//go:embed public
var files embed.FS

func public() fs.FS {
	sub, err := fs.Sub(files, "public")
	if err != nil {
		log.Fatal(err)
	}
	return sub
}

func main() {
	log.Fatal(http.ListenAndServe(":8080", http.FileServerFS(public())))
}
