// Command zlib says how small a text gets.
package main

// #cgo LDFLAGS: -lz
// #include <zlib.h>
import "C"

import (
	"fmt"
	"log"
	"net/http"
	"unsafe"
)

// compressed is the size of text after deflate, or -1.
func compressed(text string) int {
	size := C.compressBound(C.uLong(len(text)))
	from, to := append([]byte(text), 0), make([]byte, size)
	if C.compress((*C.Bytef)(unsafe.Pointer(&to[0])), &size, (*C.Bytef)(unsafe.Pointer(&from[0])), C.uLong(len(text))) != C.Z_OK {
		return -1
	}
	return int(size)
}

func main() {
	http.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		text := r.FormValue("text")
		fmt.Fprintf(w, "%d bytes, %d compressed\n", len(text), compressed(text))
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
