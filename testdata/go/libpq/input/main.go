// Command libpq takes a connection string of PostgreSQL apart.
package main

// #cgo CFLAGS: -I/usr/include/postgresql
// #cgo LDFLAGS: -lpq
// #include <stdlib.h>
// #include <libpq-fe.h>
import "C"

import (
	"fmt"
	"log"
	"net/http"
	"unsafe"
)

// describe names what a connection string leads to, "" where it is none.
func describe(url string) string {
	text := C.CString(url)
	defer C.free(unsafe.Pointer(text))
	first := C.PQconninfoParse(text, nil)
	if first == nil {
		return ""
	}
	defer C.PQconninfoFree(first)
	found := map[string]string{}
	for o := first; o.keyword != nil; o = (*C.PQconninfoOption)(unsafe.Add(unsafe.Pointer(o), C.sizeof_PQconninfoOption)) {
		if o.val != nil {
			found[C.GoString(o.keyword)] = C.GoString(o.val)
		}
	}
	return "host " + found["host"] + ", database " + found["dbname"]
}

func main() {
	http.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, describe(r.FormValue("url")))
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
